//! Two envelopes with one header and nonce and other contents: whoever knows the file key can make them.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use hamsa_core::{CleanFile, Identity, MediaType, Recipients, Tip};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::place::Place;

const TEXT: &str = "Meet me at the harbour";
const OTHER: &str = "Meet me at the station";
const PHOTO: &[u8] = b"the harbour by night";

/// A place with the identity `key` in it, and the tip `in/1.age` sealed to it.
fn place_with_tip() -> (Place, Identity) {
    let place = Place::new();
    let identity = Identity::generate_x25519().expect("an identity");
    place.write("key", identity.to_text().expect("its text").as_bytes());
    fs::create_dir(place.path("in")).expect("a folder");
    let to = Recipients::danger_bare(identity.recipient().into_iter().collect(), None)
        .expect("recipients");
    let photo =
        CleanFile::danger_unscrubbed(MediaType::parse("image/jpeg"), PHOTO.len() as u64, PHOTO);
    let tip = Tip::new(TEXT.to_owned().into())
        .and_then(|tip| tip.attach(photo))
        .expect("a tip");
    let envelope = hamsa_core::seal(tip, &to).expect("sealed");
    place.write("in/1.age", envelope.as_bytes());
    (place, identity)
}

/// The same envelope with `from` replaced by `to` inside, under the same header, nonce and file key.
fn altered(envelope: &[u8], identity: &Identity, from: &[u8], to: &[u8]) -> Vec<u8> {
    let secret = identity.to_text().expect("its text").to_lowercase();
    let (_, secret) = bech32::decode(&secret).expect("Bech32");
    let secret = x25519_dalek::StaticSecret::from(<[u8; 32]>::try_from(secret).expect("32 octets"));

    let mac = find(envelope, b"\n---") + 1;
    let end = mac + find(&envelope[mac..], b"\n") + 1;
    let header = str::from_utf8(&envelope[..mac]).expect("text");
    let mut lines = header.lines().skip(1);
    let share = lines
        .next()
        .and_then(|line| line.strip_prefix("-> X25519 "));
    let share = BASE64.decode(share.expect("one stanza")).expect("a share");
    let body = BASE64
        .decode(lines.next().expect("a body"))
        .expect("a body");

    let share = <[u8; 32]>::try_from(share).expect("32 octets");
    let shared = secret.diffie_hellman(&share.into());
    let public = x25519_dalek::PublicKey::from(&secret);
    let salt = [share, public.to_bytes()].concat();
    let file_key = aead(&salt, shared.as_bytes(), b"age-encryption.org/v1/X25519")
        .decrypt(&[0; 12].into(), body.as_slice())
        .expect("the file key");

    let (nonce, sealed) = envelope[end..].split_at(16);
    let payload = aead(nonce, &file_key, b"payload");
    let last = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].into();
    let mut plain = payload.decrypt(&last, sealed).expect("one chunk");
    let at = find(&plain, from);
    plain[at..at + to.len()].copy_from_slice(to);
    let sealed = payload.encrypt(&last, plain.as_slice()).expect("sealed");
    [&envelope[..end + 16], &sealed].concat()
}

fn aead(salt: &[u8], secret: &[u8], info: &[u8]) -> ChaCha20Poly1305 {
    let mut key = [0; 32];
    let derived = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut key);
    derived.expect("32 octets");
    ChaCha20Poly1305::new(&key.into())
}

fn find(octets: &[u8], wanted: &[u8]) -> usize {
    let mut windows = octets.windows(wanted.len());
    windows.position(|window| window == wanted).expect("found")
}

/// A place with `in/1.age` and a second envelope `in/2.age` that bears the same mark and has another text.
fn place_with_pair() -> Place {
    let (place, identity) = place_with_tip();
    let second = altered(
        &place.read("in/1.age"),
        &identity,
        TEXT.as_bytes(),
        OTHER.as_bytes(),
    );
    place.write("in/2.age", &second);
    place
}

const OPEN: [&str; 6] = ["open", "-i", "key", "--out", "cases", "in"];

/// The names of the cases, and their texts in order.
fn cases(place: &Place) -> (Vec<String>, Vec<String>) {
    let names = place.names("cases");
    let text = |name: &String| {
        String::from_utf8(place.read(&format!("cases/{name}/tip.txt"))).expect("text")
    };
    let mut texts: Vec<_> = names.iter().map(text).collect();
    texts.sort();
    (names, texts)
}

#[test]
fn two_envelopes_of_one_mark_become_two_cases_in_one_run() {
    let place = place_with_pair();
    let opened = place.run(OPEN, b"");
    assert_eq!(opened.code, 0, "{}", opened.err);
    let (names, texts) = cases(&place);
    assert_eq!(texts, [TEXT, OTHER]);
    assert_eq!(names[1], format!("{}-2", names[0]));
    assert!(opened.err.contains("2 tips opened."), "{}", opened.err);
    assert!(
        opened.err.contains("bears the same mark") && opened.err.contains(&names[1]),
        "{}",
        opened.err
    );

    // Again: both are known, and nothing more comes of it.
    let again = place.run(OPEN, b"");
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("2 were opened before"), "{}", again.err);
    assert!(!again.err.contains("the same"), "{}", again.err);
    assert_eq!(cases(&place).0, names);

    // A copy of the second is the same as the second.
    fs::copy(place.path("in/2.age"), place.path("in/3.age")).expect("a copy");
    let copy = place.run(OPEN, b"");
    assert!(copy.err.contains("1 was the same envelope"), "{}", copy.err);
    assert_eq!(cases(&place).0, names);
}

#[test]
fn two_envelopes_of_one_mark_become_two_cases_in_two_runs_and_arabic_says_so() {
    let place = place_with_pair();
    let open = |path: &str| {
        let arguments = ["--lang", "ar", "open", "-i", "key", "--out", "cases", path];
        let opened = place.run(arguments, b"");
        assert_eq!(opened.code, 0, "{}", opened.err);
        opened.err
    };
    open("in/1.age");
    assert!(open("in/2.age").contains("العلامة نفسها"));
    let (names, texts) = cases(&place);
    assert_eq!(texts, [TEXT, OTHER]);
    for path in ["in/1.age", "in/2.age", "in/1.age"] {
        assert!(open(path).contains("فُتح من قبل"), "{path}");
    }
    assert_eq!(cases(&place).0, names);

    // The first case was archived elsewhere: the second envelope is still the second case.
    fs::rename(
        place.path(&format!("cases/{}", names[0])),
        place.path("archived"),
    )
    .expect("moved");
    assert!(open("in/2.age").contains("فُتح من قبل"));
    assert_eq!(cases(&place).0, [names[1].clone()]);
}

#[test]
fn another_attachment_under_one_mark_is_another_case() {
    let (place, identity) = place_with_tip();
    let other = b"the station by night";
    let second = altered(&place.read("in/1.age"), &identity, PHOTO, other);
    place.write("in/2.age", &second);
    let opened = place.run(OPEN, b"");
    assert_eq!(opened.code, 0, "{}", opened.err);
    let mut photos: Vec<_> = place
        .names("cases")
        .iter()
        .map(|name| place.read(&format!("cases/{name}/attachments/1.jpg")))
        .collect();
    photos.sort();
    assert_eq!(photos, [PHOTO, other]);
}

#[test]
fn what_the_analyst_took_away_is_not_brought_back_and_what_they_changed_is_not_overwritten() {
    let (place, _) = place_with_tip();
    assert_eq!(place.run(OPEN, b"").code, 0);
    let case = format!("cases/{}", place.names("cases")[0]);
    let open = || {
        let opened = place.run(OPEN, b"");
        assert_eq!(opened.code, 0, "{}", opened.err);
        (opened.err, place.names("cases").len())
    };

    // Notes beside the tip, also in `tip.txt`, change nothing.
    place.write(&format!("{case}/tip.txt"), b"read on Monday");
    place.write(&format!("{case}/notes"), b"mine");
    let (said, count) = open();
    assert!(said.contains("1 was opened before") && count == 1, "{said}");
    assert!(!said.contains("could not be compared"), "{said}");

    fs::remove_file(place.path(&format!("{case}/attachments/1.jpg"))).expect("removed");
    let (said, count) = open();
    assert!(
        said.contains("could not be compared") && count == 1,
        "{said}"
    );
    fs::remove_file(place.path(&format!("{case}/tip.json"))).expect("removed");
    let (said, count) = open();
    assert!(
        said.contains("could not be compared") && count == 1,
        "{said}"
    );

    place.write(&format!("{case}/tip.json"), b"{}");
    let (said, count) = open();
    assert!(said.contains("bears the same mark") && count == 2, "{said}");
    assert_eq!(place.read(&format!("{case}/tip.json")), b"{}");
    let (said, count) = open();
    assert!(said.contains("1 was opened before") && count == 2, "{said}");
}

#[test]
fn json_lines_call_two_envelopes_the_same_only_when_they_are() {
    let place = place_with_pair();
    fs::copy(place.path("in/1.age"), place.path("in/3.age")).expect("a copy");
    let read = place.run(["open", "--json", "-i", "key", "in"], b"");
    assert_eq!(read.code, 0, "{}", read.err);
    let lines: Vec<serde_json::Value> = read
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let mut texts: Vec<_> = lines
        .iter()
        .filter_map(|line| line["tip"]["text"].as_str())
        .collect();
    texts.sort_unstable();
    assert_eq!(texts, [TEXT, OTHER]);
    let counts = &lines.last().expect("counts")["summary"];
    assert_eq!((&counts["opened"], &counts["same"]), (&2.into(), &1.into()));
    let noted = lines
        .iter()
        .filter(|line| line["note"] == "differs")
        .count();
    assert_eq!(noted, 1);
}
