//! What an envelope tells: nothing but its size class, its kind and its number class of recipients.
//!
//! Thousands of tips are sealed that differ in one property only. Their envelopes must have the same length
//! and shape, and no statistic of their octets may tell which is which. What nobody can see from outside but
//! the analyst could, such as the informant's clock, must not be in the frame either: frames of the same tip
//! are the same octets wherever and whenever they are made.
//!
//! The last tests plant leaks and show that they are found.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::format_collect
)]

mod distinguisher;
mod outside;
mod surroundings;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use hamsa_core::{
    CleanFile, Identity, KeyRing, MediaType, OpenError, Recipient, Recipients, Tip, age, seal,
    seal_short,
};

use self::{
    distinguisher::{Distinguisher, coins, is_even},
    outside::{Once, Outside, Shape, field},
};

/// Envelopes of each comparison; a coin says for each which of the two kinds it is.
const SAMPLES: usize = 4000;

fn tip(text: &str) -> Tip<'static> {
    Tip::new(text.to_owned().into()).unwrap()
}

/// One recipient that nobody opens for, so that the comparison is of nothing else.
fn somebody() -> Recipients {
    everybody(1, Identity::generate)
}

type Generate = fn() -> Result<Identity, hamsa_core::KeyError>;

fn everybody(count: usize, generate: Generate) -> Recipients {
    let full = (0..count).map(|_| recipient(&generate().unwrap()));
    Recipients::danger_bare(full.collect(), None).unwrap()
}

fn recipient(identity: &Identity) -> Recipient {
    identity.recipient().unwrap()
}

/// Seals by two recipes in random order and says what told them apart.
fn compare(a: impl Fn() -> Vec<u8>, b: impl Fn() -> Vec<u8>) -> Result<(), String> {
    compare_samples(coins(SAMPLES).into_iter().map(|coin| {
        let outside = Outside::of(&if coin { b() } else { a() });
        (coin, outside)
    }))
}

fn compare_samples(samples: impl Iterator<Item = (bool, Outside)>) -> Result<(), String> {
    let (mut distinguisher, mut once) = (Distinguisher::default(), Once::default());
    let mut shape: Option<Shape> = None;
    for (kind, outside) in samples {
        let expected = shape.get_or_insert_with(|| outside.shape.clone());
        if *expected != outside.shape {
            return Err(format!("{expected:?} is not {:?}", outside.shape));
        }
        let fields = outside.into_fields();
        once.check(&fields)?;
        distinguisher.add(kind, &fields);
    }
    distinguisher.verdict()
}

fn sealed(tip: Tip<'_>, to: &Recipients) -> Vec<u8> {
    seal(tip, to).unwrap().into_bytes()
}

/// Compares tips to one recipient.
fn compare_tips(a: impl Fn() -> Tip<'static>, b: impl Fn() -> Tip<'static>) -> Result<(), String> {
    let to = somebody();
    compare(|| sealed(a(), &to), || sealed(b(), &to))
}

#[test]
fn the_text_does_not_show() {
    let long = "رأيت الشاحنات قرب الميناء القديم ليلًا. ".repeat(80);
    compare_tips(|| tip("x"), || tip(&long)).unwrap();
}

#[test]
fn the_language_does_not_show() {
    let with = |tag: &str| tip("x").language(tag).unwrap();
    compare_tips(|| tip("x"), || with("ckb-Arab-IQ")).unwrap();
    compare_tips(|| with("ar"), || with("en")).unwrap();
}

#[test]
fn the_category_does_not_show() {
    let with = |id: &str| tip("x").category(id).unwrap();
    compare_tips(|| with("a"), || with("human-trafficking")).unwrap();
}

#[test]
fn the_caller_group_does_not_show() {
    let with = |id: &str| tip("x").caller_group(id).unwrap();
    compare_tips(|| tip("x"), || with("civil-servant")).unwrap();
}

#[test]
fn the_answers_do_not_show() {
    let answered = || {
        (0..40).fold(tip("x"), |tip, n| {
            tip.answer(&format!("q{n}"), "نعم".to_owned().into())
                .unwrap()
        })
    };
    compare_tips(|| tip("x"), answered).unwrap();
}

#[test]
fn that_a_reply_is_wanted_does_not_show() {
    let reply = recipient(&Identity::generate().unwrap());
    compare_tips(|| tip("x"), || tip("x").reply_to(reply.clone())).unwrap();
}

#[test]
fn attachments_within_a_class_do_not_show() {
    let file = |kind: &str, content: &'static [u8]| {
        CleanFile::danger_unscrubbed(MediaType::parse(kind), content.len() as u64, content)
    };
    let two = || {
        let tip = tip("x").attach(file("image/jpeg", &[0xff; 3000])).unwrap();
        tip.attach(file("text/plain", b"")).unwrap()
    };
    compare_tips(|| tip("x"), two).unwrap();
}

#[test]
fn the_text_of_a_short_tip_does_not_show() {
    let short = recipient(&Identity::generate_x25519().unwrap());
    let to = Recipients::danger_bare(vec![recipient(&Identity::generate().unwrap())], Some(short))
        .unwrap();
    let (mut distinguisher, mut once) = (Distinguisher::default(), Once::default());
    for coin in coins(SAMPLES) {
        let text = ["", "الساعة التاسعة عند الجسر"][usize::from(coin)];
        let bytes = seal_short(text, &to).unwrap().into_bytes();
        assert_eq!((bytes.len(), bytes[0]), (71 + 49, 1));
        let fields = [
            field("share", &bytes[1..33], false),
            field("ciphertext", &bytes[33..], true),
        ];
        once.check(&fields).unwrap();
        distinguisher.add(coin, &fields);
    }
    distinguisher.verdict().unwrap();
}

fn compare_numbers(generate: Generate) {
    for (fewer, more) in [(3, 4), (5, 8)] {
        let (fewer, more) = (everybody(fewer, generate), everybody(more, generate));
        compare(|| sealed(tip("x"), &fewer), || sealed(tip("x"), &more)).unwrap();
    }
}

#[test]
fn the_number_of_recipients_within_a_class_does_not_show() {
    compare_numbers(Identity::generate);
}

#[test]
fn the_number_of_classical_recipients_within_a_class_does_not_show() {
    compare_numbers(Identity::generate_x25519);
}

/// For each stanza the number of the identity that opens it: a file with that stanza alone gets as far as its
/// MAC, which covered the others too.
fn owners(envelope: &[u8], outside: &Outside, identities: &[KeyRing]) -> Vec<Option<usize>> {
    let stanzas: usize = outside.stanzas.iter().map(|s| s.text.len()).sum();
    let begin = "age-encryption.org/v1\n";
    let opens = |stanza: &str, keys: &KeyRing| {
        let mut file = begin.as_bytes().to_vec();
        file.extend_from_slice(stanza.as_bytes());
        file.extend_from_slice(&envelope[begin.len() + stanzas..]);
        match age::open(file.as_slice(), keys, &mut std::io::sink()) {
            Err(OpenError::BadMac) => true,
            Err(OpenError::WrongKey) => false,
            _ => panic!("the MAC covers all stanzas"),
        }
    };
    let owner = |stanza: &str| identities.iter().position(|keys| opens(stanza, keys));
    let stanzas = outside.stanzas.iter();
    stanzas.map(|stanza| owner(&stanza.text)).collect()
}

/// Seals to three, and compares the stanza that nobody opens with one of the others, and every place with
/// every other place.
fn compare_dummy(
    generate: Generate,
    seal: impl Fn(&Recipients, &[KeyRing]) -> Vec<u8>,
) -> Result<(), String> {
    let identities: Vec<_> = (0..3).map(|_| generate().unwrap()).collect();
    let full = identities.iter().map(recipient).collect();
    let to = Recipients::danger_bare(full, None).unwrap();
    let rings: Vec<_> = identities
        .into_iter()
        .map(|identity| {
            let mut keys = KeyRing::new();
            keys.add(identity);
            keys
        })
        .collect();
    let (mut distinguisher, mut once) = (Distinguisher::default(), Once::default());
    let mut taken = [[0; 4]; 4];
    for (n, coin) in coins(SAMPLES).into_iter().enumerate() {
        let envelope = seal(&to, &rings);
        let mut outside = Outside::of(&envelope);
        let owners = owners(&envelope, &outside, &rings);
        for (place, owner) in owners.iter().enumerate() {
            taken[owner.unwrap_or(3)][place] += 1;
        }
        // A dummy, or one of the three others in turn.
        let wanted = if coin { None } else { Some(n % 3) };
        let place = owners.iter().position(|owner| *owner == wanted).unwrap();
        let fields = outside.stanzas.swap_remove(place).into_fields();
        once.check(&fields)?;
        distinguisher.add(coin, &fields);
    }
    if !taken.iter().all(|taken| is_even(taken)) {
        return Err(format!("places: {taken:?}"));
    }
    distinguisher.verdict()
}

#[test]
fn a_dummy_is_like_the_others() {
    compare_dummy(Identity::generate, |to, _| sealed(tip("x"), to)).unwrap();
}

#[test]
fn a_classical_dummy_is_like_the_others() {
    compare_dummy(Identity::generate_x25519, |to, _| sealed(tip("x"), to)).unwrap();
}

// From here on: planted leaks.

/// Seals honestly, and then lets `plant` change the envelope.
fn planted(plant: impl Fn(&mut Vec<u8>), to: &Recipients) -> Vec<u8> {
    let mut envelope = sealed(tip("x"), to);
    plant(&mut envelope);
    envelope
}

fn random() -> u8 {
    getrandom::u32().unwrap().to_be_bytes()[0]
}

/// Where the last line of the header ends.
fn after_header(envelope: &[u8]) -> usize {
    let mac = envelope.windows(5).position(|w| w == b"\n--- ").unwrap() + 1;
    mac + 48
}

#[test]
fn planted_another_length_is_found() {
    let to = somebody();
    let longer = |envelope: &mut Vec<u8>| envelope.push(random());
    let found = compare(|| sealed(tip("x"), &to), || planted(longer, &to));
    assert!(found.unwrap_err().contains("len: 9852"));
}

#[test]
fn planted_bias_of_one_bit_is_found() {
    let to = somebody();
    let at = after_header(&sealed(tip("x"), &to)) + 16 + 5000;
    // One bit of the payload is set in three of four envelopes instead of two of four.
    let biased = |envelope: &mut Vec<u8>| envelope[at] |= random() & 0x10;
    let found = compare(|| sealed(tip("x"), &to), || planted(biased, &to)).unwrap_err();
    assert!(found.starts_with("payload, octet 5000"), "{found}");
}

#[test]
fn planted_parity_is_found() {
    let to = somebody();
    let at = after_header(&sealed(tip("x"), &to)) + 16 + 6000;
    // Each bit alone is as it should be, and the octet is not.
    let even = |envelope: &mut Vec<u8>| envelope[at] ^= envelope[at].count_ones() as u8 & 1;
    let found = compare(|| sealed(tip("x"), &to), || planted(even, &to)).unwrap_err();
    assert!(found.starts_with("payload, octet 6000, value"), "{found}");
}

#[test]
fn planted_time_in_the_nonce_is_found() {
    let to = somebody();
    // Both kinds do it, as they would in real life: fairness shows it.
    let dated = |envelope: &mut Vec<u8>| {
        let (at, now) = (after_header(envelope), surroundings::now());
        envelope[at..at + 8].copy_from_slice(&now.to_be_bytes());
    };
    let found = compare(|| planted(dated, &to), || planted(dated, &to)).unwrap_err();
    assert!(found.starts_with("nonce, octet 0, fairness"), "{found}");
}

#[test]
fn planted_constant_nonce_is_found() {
    let to = somebody();
    let constant = |envelope: &mut Vec<u8>| {
        let at = after_header(envelope);
        envelope[at..at + 16].fill(0x5c);
    };
    let found = compare(|| planted(constant, &to), || planted(constant, &to)).unwrap_err();
    assert_eq!(found, "nonce: the same octets twice");
}

/// Seals to three, and lets `plant` change the dummy's stanza; says at which place it is to stand.
fn with_dummy(
    plant: impl Fn(&str) -> String,
    to: &Recipients,
    rings: &[KeyRing],
) -> (Vec<u8>, Vec<String>, usize) {
    let envelope = sealed(tip("x"), to);
    let outside = Outside::of(&envelope);
    let owners = owners(&envelope, &outside, rings);
    let dummy = owners.iter().position(Option::is_none).unwrap();
    let mut stanzas: Vec<_> = outside.stanzas.into_iter().map(|s| s.text).collect();
    stanzas[dummy] = plant(&stanzas[dummy]);
    (envelope, stanzas, dummy)
}

/// Puts the stanzas back.
fn put_back(envelope: &[u8], stanzas: &[String]) -> Vec<u8> {
    let mut changed = envelope.to_vec();
    let stanzas = stanzas.concat();
    changed[22..22 + stanzas.len()].copy_from_slice(stanzas.as_bytes());
    changed
}

#[test]
fn planted_order_of_the_dummy_is_found() {
    let last = |to: &Recipients, rings: &[KeyRing]| {
        let (envelope, mut stanzas, dummy) = with_dummy(str::to_owned, to, rings);
        stanzas[dummy..].rotate_left(1);
        put_back(&envelope, &stanzas)
    };
    let found = compare_dummy(Identity::generate_x25519, last).unwrap_err();
    assert!(found.starts_with("places: "), "{found}");
}

#[test]
fn planted_random_octets_for_a_dummy_are_found() {
    // What is not encapsulated but drawn: the ciphertext's rounding tells.
    let drawn = |stanza: &str| {
        let (tag, rest) = stanza.split_at("-> mlkem768x25519 ".len());
        let (enc, body) = rest.split_once('\n').unwrap();
        let mut enc = BASE64.decode(enc).unwrap();
        getrandom::fill(&mut enc[..1088]).unwrap();
        format!("{tag}{}\n{body}", BASE64.encode(enc))
    };
    let seal = |to: &Recipients, rings: &[KeyRing]| {
        let (envelope, stanzas, _) = with_dummy(drawn, to, rings);
        put_back(&envelope, &stanzas)
    };
    let found = compare_dummy(Identity::generate, seal).unwrap_err();
    assert!(found.starts_with("ML-KEM rounding"), "{found}");
}
