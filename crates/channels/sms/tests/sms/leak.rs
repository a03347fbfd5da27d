//! What a message tells beside what is sealed, and what comes out beside it.

use hamsa_channel_sms::{Alphabet, Body, Inbound, Message, from_sms, to_sms, to_text};
use hamsa_core::{Arrived, Envelope, Part, Sealed, Unreadable};

use crate::{
    agency::{ARABIC, Agency, ENGLISH, text_of},
    text, with_header,
};

/// What is not sealed and not random: lengths, kinds, headers without their reference, the numbers of parts.
fn surface(messages: &[Message]) -> Vec<String> {
    let of_one = |message: &Message| {
        let mut header = message.header.clone();
        if let Some(reference) = header.as_mut().and_then(|header| header.get_mut(3)) {
            *reference = 0;
        }
        let (kind, len, part) = match &message.body {
            Body::Text(text) => ("text", text.len(), Part::from_text(text)),
            Body::Octets(octets) => ("octets", octets.len(), Part::parse(octets)),
        };
        // A part is its version, group, count, number, piece and check: these are its octets but group, piece and check.
        let part = part.map(|part| (part.as_bytes()[0], part.count(), part.number()));
        format!("{header:?} {kind} {len} {:?}", part.ok())
    };
    messages.iter().map(of_one).collect()
}

fn all_surfaces(envelope: &Envelope) -> Vec<Vec<String>> {
    let texts: Vec<Message> = to_text(envelope)
        .unwrap()
        .iter()
        .map(|one| text(one))
        .collect();
    vec![
        surface(&to_sms(envelope, Alphabet::Gsm7).unwrap()),
        surface(&to_sms(envelope, Alphabet::Octets).unwrap()),
        surface(&texts),
    ]
}

#[test]
fn messages_of_different_tips_differ_in_sealed_octets_and_references_alone() {
    let agency = Agency::new();
    let (arabic, english) = (text_of(ARABIC, 250), text_of(ENGLISH, 250));
    let short = [agency.short(&arabic), agency.short(&english)];
    assert_eq!(all_surfaces(&short[0]), all_surfaces(&short[1]));
    let full = [agency.full(&arabic, None), agency.full(&english, None)];
    assert_eq!(all_surfaces(&full[0]), all_surfaces(&full[1]));
}

#[test]
fn a_planted_difference_is_found() {
    let agency = Agency::new();
    let plain = to_sms(&agency.short(&text_of(ENGLISH, 250)), Alphabet::Gsm7).unwrap();
    let planted = |change: fn(&mut Message)| {
        let mut messages = plain.clone();
        change(&mut messages[1]);
        surface(&messages) != surface(&plain)
    };
    assert!(!planted(|message| message.header.as_mut().unwrap()[3] ^= 1));
    assert!(planted(|message| message.header.as_mut().unwrap()[4] ^= 1));
    assert!(planted(|message| message.header.as_mut().unwrap().push(0)));
    assert!(planted(|message| message.header = None));
    assert!(planted(|message| message.body = Body::Octets(vec![1; 153])));
    assert!(planted(|message| message.body = Body::Text("a".into())));
}

#[test]
fn references_are_spread_over_all_octets() {
    let agency = Agency::new();
    let mut seen = [false; 256];
    for _ in 0..2000 {
        let messages = to_sms(&agency.short(&text_of(ENGLISH, 100)), Alphabet::Octets).unwrap();
        let header = messages[0].header.as_ref().unwrap();
        seen[usize::from(header[3])] = true;
    }
    assert!(seen.iter().filter(|seen| **seen).count() > 240);
}

/// Names, numbers and dates, as gateways and people put them into every place that there is.
const PLANTED: [&str; 6] = [
    "Omar Hassan",
    "971501234567",
    "2026-11-22",
    "22/11/26 17:34",
    "msg-id 4711",
    "عمر حسن",
];

#[test]
fn nothing_that_names_a_sender_comes_out() {
    let agency = Agency::new();
    let envelope = agency.short(&text_of(ENGLISH, 200));
    let parts = to_sms(&agency.full(ENGLISH, None), Alphabet::Octets).unwrap();
    let alone = agency.short("Yes.").to_text();
    let mut inbound = Vec::new();
    for (at, planted) in (0..).zip(PLANTED) {
        let line = u64::from_be_bytes(*b"97150123") + at;
        let mut take = |message| inbound.push(Inbound { line, message });
        // In texts of their own, and beside what is sealed.
        take(text(planted));
        take(text(&format!("From: {planted}\nDate: {planted}")));
        take(text(&format!("{planted}: {alone}\n-- \n{planted}")));
        // In other elements of the header, before and after the one that counts.
        let name = planted.as_bytes();
        for message in to_sms(&envelope, Alphabet::Gsm7).unwrap() {
            let own = message.header.as_ref().unwrap()[1..].to_vec();
            let mut header = vec![0x70, u8::try_from(name.len()).unwrap()];
            header.extend(name);
            header.extend(own);
            header.extend([0x22, u8::try_from(name.len()).unwrap()]);
            header.extend(name);
            header.insert(0, u8::try_from(header.len()).unwrap());
            take(with_header(&header, &message));
        }
        // In a malformed header, and in the body of a segment that is missing the others.
        take(with_header(name, &parts[0]));
        take(with_header(&[5, 0, 3, 1, 2, 1], &text(planted)));
    }
    inbound.extend(
        parts
            .into_iter()
            .map(|message| Inbound { line: 1, message }),
    );
    // There is no other field.
    let Arrived { sealed, unreadable } = from_sms(inbound);
    assert!(sealed.len() > 2 * PLANTED.len());
    for sealed in sealed {
        let octets = match &sealed {
            Sealed::Envelope(envelope) => envelope.as_bytes(),
            Sealed::Part(part) => part.as_bytes(),
        };
        for planted in PLANTED {
            let planted = planted.as_bytes();
            assert!(!octets.windows(planted.len()).any(|found| found == planted));
        }
    }
    assert!(!unreadable.is_empty());
    // A word of a fixed list each, and nothing else.
    let words: Vec<&str> = unreadable.iter().map(Unreadable::code).collect();
    assert!(words.iter().all(|word| Unreadable::CODES.contains(word)));
    assert_eq!(size_of::<Unreadable>(), 1);
}
