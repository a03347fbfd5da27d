//! Sealed, carried, collected, opened, and equal at the end.

use hamsa_channel_sms::{Alphabet, Message, messages_needed, to_sms, to_text};
use hamsa_core::Envelope;

use crate::{
    agency::{ARABIC, Agency, ENGLISH, text_of},
    collect, read, text,
};

/// Every way in which an envelope goes out.
fn ways(envelope: &Envelope) -> [Vec<Message>; 3] {
    let texts = to_text(envelope).unwrap();
    [
        to_sms(envelope, Alphabet::Gsm7).unwrap(),
        to_sms(envelope, Alphabet::Octets).unwrap(),
        texts.iter().map(|one| text(one)).collect(),
    ]
}

fn arrives_and_opens(agency: &Agency, envelope: &Envelope, text: &str, attachments: &[Vec<u8>]) {
    for mut messages in ways(envelope) {
        messages.reverse();
        let arrived = read(messages);
        assert!(arrived.unreadable.is_empty());
        let (whole, missing) = collect(arrived.sealed);
        assert!(missing.is_empty());
        assert!(whole.as_slice() == std::slice::from_ref(envelope));
        let opened = agency.opens(&whole[0]).unwrap();
        assert_eq!(opened, (text.to_owned(), attachments.to_vec()));
    }
}

#[test]
fn short_envelopes_of_every_length_arrive_and_open() {
    let agency = Agency::new();
    for sentence in [ARABIC, ENGLISH] {
        for characters in [1, 50, 70, 160, 300, 500, 700, 1000] {
            let text = text_of(sentence, characters);
            arrives_and_opens(&agency, &agency.short(&text), &text, &[]);
        }
    }
}

#[test]
fn full_envelopes_arrive_and_open() {
    let agency = Agency::new();
    let picture: Vec<u8> = (0..30_000_u32).map(|at| (at % 251) as u8).collect();
    for sentence in [ARABIC, ENGLISH] {
        let text = text_of(sentence, 2000);
        arrives_and_opens(&agency, &agency.full(&text, None), &text, &[]);
        let envelope = agency.full(&text, Some(&picture));
        arrives_and_opens(&agency, &envelope, &text, std::slice::from_ref(&picture));
    }
}

/// The table of the guide says what is measured here.
#[test]
fn the_guide_says_how_many_messages_it_takes() {
    let agency = Agency::new();
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/channels.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let long = agency.full(&text_of(ENGLISH, 6500), None);
    let least = agency.full("", None);
    assert_eq!(long.as_bytes().len(), least.as_bytes().len());
    for (language, sentence) in [("Arabic", ARABIC), ("English", ENGLISH)] {
        for characters in [70, 160, 300] {
            let text = text_of(sentence, characters);
            let (short, full) = (agency.short(&text), agency.full(&text, None));
            let needed = |envelope, alphabet| messages_needed(envelope, alphabet).unwrap();
            let row = format!(
                "| {characters} characters, {language} | {} | {} | {} | {} |",
                needed(&short, Alphabet::Gsm7),
                needed(&short, Alphabet::Octets),
                needed(&full, Alphabet::Gsm7),
                needed(&full, Alphabet::Octets),
            );
            assert!(guide.contains(&row), "docs/channels.md has to say: {row}");
        }
    }
}
