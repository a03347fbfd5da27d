//! Messages that no phone sends.

use hamsa_channel_sms::{Alphabet, Body, Inbound, Message, from_sms, to_sms};
use hamsa_core::{Collected, Collector, Sealed, Unreadable};

use crate::{assert_only, assert_unreadable, random::Random, read, text, with_header};

/// A short envelope's two messages with headers in place of their own.
fn with_headers(headers: [&[u8]; 2]) -> (hamsa_core::Envelope, Vec<Message>) {
    let envelope = Random(20).short(2, 9);
    let messages = to_sms(&envelope, Alphabet::Gsm7).unwrap();
    let pairs = headers.into_iter().zip(&messages);
    let messages = pairs.map(|(header, message)| with_header(header, message));
    (envelope, messages.collect())
}

#[test]
fn headers_of_every_sound_kind_are_read() {
    let sound: [[&[u8]; 2]; 5] = [
        // A reference of 16 bits.
        [&[6, 8, 4, 1, 2, 2, 1], &[6, 8, 4, 1, 2, 2, 2]],
        // Ports before it, something empty after it.
        [
            &[13, 5, 4, 0x23, 0xF0, 0, 0, 0, 3, 9, 2, 1, 0x70, 0],
            &[13, 5, 4, 0x23, 0xF0, 0, 0, 0, 3, 9, 2, 2, 0x70, 0],
        ],
        // Of two, the last counts.
        [&[11, 8, 4, 0, 1, 9, 7, 0, 3, 9, 2, 1], &[5, 0, 3, 9, 2, 2]],
        // One that cannot be meant is skipped.
        [&[10, 0, 3, 9, 2, 1, 0, 3, 9, 2, 0], &[5, 0, 3, 9, 2, 2]],
        [&[10, 0, 3, 9, 0, 1, 0, 3, 9, 2, 1], &[5, 0, 3, 9, 2, 2]],
    ];
    for headers in sound {
        let (envelope, messages) = with_headers(headers);
        assert_only(&read(messages), &[&envelope]);
    }
    // Narrow and wide references are not the same, whatever their number.
    let (_, messages) = with_headers([&[5, 0, 3, 9, 2, 1], &[6, 8, 4, 0, 9, 2, 2]]);
    assert_unreadable(&read(messages), &[Unreadable::Damaged; 2]);
}

#[test]
fn a_header_without_concatenation_leaves_a_message_alone() {
    let envelope = Random(21).short(1, 9);
    let message = text(&envelope.to_text());
    let headers: [&[u8]; 6] = [
        &[],
        &[0],
        &[6, 5, 4, 1, 2, 3, 4],
        &[5, 0, 3, 9, 0, 0],
        &[5, 0, 3, 9, 2, 3],
        &[5, 0, 3, 9, 1, 1],
    ];
    for header in headers {
        assert_only(&read([with_header(header, &message)]), &[&envelope]);
    }
}

#[test]
fn a_header_that_lies_about_a_length_is_refused() {
    let message = text(&Random(22).short(1, 9).to_text());
    let headers: [&[u8]; 9] = [
        &[1],
        &[4, 0, 3, 9, 2, 1],
        &[6, 0, 3, 9, 2, 1],
        &[255, 0, 3, 9, 2, 1],
        &[5, 0, 4, 9, 2, 1],
        &[5, 0, 255, 9, 2, 1],
        &[5, 0, 2, 9, 2, 1],
        &[6, 8, 3, 9, 2, 1, 0],
        &[6, 0, 3, 9, 2, 1, 0],
    ];
    for header in headers {
        let arrived = read([with_header(header, &message)]);
        assert_unreadable(&arrived, &[Unreadable::NotAMessage]);
    }
}

#[test]
fn empty_messages_are_read_as_nothing() {
    for body in [Body::Text(String::new()), Body::Octets(Vec::new())] {
        let empty = Message { header: None, body };
        assert_unreadable(&read([empty.clone()]), &[Unreadable::NothingSealed]);
        let series = (1..=255).map(|number| with_header(&[5, 0, 3, 1, 255, number], &empty));
        assert_unreadable(&read(series.clone()), &[Unreadable::NothingSealed]);
        assert_unreadable(&read(series.skip(1)), &[Unreadable::Damaged]);
    }
    assert_unreadable(&read([]), &[]);
}

#[test]
fn a_segment_longer_than_a_message_is_refused() {
    let header = [5, 0, 3, 1, 1, 1];
    for (len, why) in [(160, Unreadable::NothingSealed), (161, Unreadable::TooLong)] {
        let long = text(&"ش".repeat(len));
        assert_unreadable(&read([with_header(&header, &long)]), &[why]);
    }
    for (len, why) in [(160, Unreadable::NothingSealed), (161, Unreadable::TooLong)] {
        let body = Body::Octets(vec![7; len]);
        let long = Message { header: None, body };
        assert_unreadable(&read([with_header(&header, &long)]), &[why]);
    }
}

#[test]
fn a_part_that_claims_65535_parts_costs_what_it_holds() {
    let envelope = Random(23).full(65_535 * 123);
    for alphabet in [Alphabet::Octets, Alphabet::Gsm7] {
        // As text, parts are shorter: fewer octets give as many.
        let envelope = match alphabet {
            Alphabet::Octets => envelope.clone(),
            Alphabet::Gsm7 => Random(24).full(65_535 * 103),
        };
        let mut messages = to_sms(&envelope, alphabet).unwrap();
        assert_eq!(messages.len(), 65_535);
        let arrived = read(messages.drain(..1));
        let [Sealed::Part(part)] = arrived.sealed.as_slice() else {
            panic!("one part");
        };
        let mut collector = Collector::with_limits(1, 1000);
        assert!(collector.push(part.clone()) == Collected::Waiting);
        let open: Vec<_> = collector.open_groups().collect();
        assert_eq!(
            (open[0].count, open[0].missing.clone()),
            (65_535, vec![2..=65_535])
        );
    }
}

#[test]
fn changed_messages_give_what_was_sealed_or_a_word() {
    let mut random = Random(25);
    for _ in 0..3000 {
        let (count, last) = (1 + random.below(4), random.below(256));
        let envelope = random.short(count, u8::try_from(last).unwrap());
        let alphabet = [Alphabet::Gsm7, Alphabet::Octets][random.below(2)];
        let mut messages = to_sms(&envelope, alphabet).unwrap();
        let at = random.below(messages.len());
        let octets = match (&mut messages[at].header, random.below(2)) {
            (Some(header), 0) => header,
            (header, _) => header.insert(random.octets(7)),
        };
        let place = random.below(octets.len());
        octets[place] = u8::try_from(random.below(256)).unwrap();
        let total = messages.len();
        let on = |message| Inbound { line: 1, message };
        let arrived = from_sms(messages.into_iter().map(on));
        assert!(arrived.sealed.len() + arrived.unreadable.len() <= total);
        assert!(!arrived.sealed.is_empty() || !arrived.unreadable.is_empty());
        for sealed in arrived.sealed {
            assert!(matches!(sealed, Sealed::Envelope(found) if found == envelope));
        }
    }
}
