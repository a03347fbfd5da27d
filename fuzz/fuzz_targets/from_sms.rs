//! SMS: a batch of messages, with whatever headers and bodies.
//!
//! ```text
//! line (1 octet) || kind (1: odd is text) || length of the header (1) || header || length of the body (1) || body || the next message
//! ```
#![no_main]

use hamsa_channel_sms::{
    Alphabet, Body, Inbound, MAX_WAITING, Message, from_sms, from_sms_with, messages_needed, to_sms,
};
use hamsa_core::{Arrived, Collected, Collector, Envelope, Sealed};
use libfuzzer_sys::fuzz_target;

fn messages(mut bytes: &[u8]) -> Vec<(u64, Message)> {
    let mut messages = Vec::new();
    while let Some((&[line, kind, len], rest)) = bytes.split_first_chunk() {
        let (header, rest) = rest.split_at(usize::from(len).min(rest.len()));
        let (len, rest) = rest.split_first().unwrap_or((&0, &[]));
        let (body, rest) = rest.split_at(usize::from(*len).min(rest.len()));
        bytes = rest;
        let body = match kind % 2 {
            1 => Body::Text(String::from_utf8_lossy(body).into_owned()),
            _ => Body::Octets(body.to_vec()),
        };
        let header = (!header.is_empty()).then(|| header.to_vec());
        messages.push((line.into(), Message { header, body }));
    }
    messages
}

fn read(messages: impl IntoIterator<Item = (u64, Message)>) -> Arrived {
    let inbound = messages
        .into_iter()
        .map(|(line, message)| Inbound { line, message });
    from_sms(inbound)
}

/// What was found, sent again backwards and twice, is found again.
fn again(envelope: &Envelope, alphabet: Alphabet) {
    let Ok(mut messages) = to_sms(envelope, alphabet) else {
        return;
    };
    assert_eq!(
        messages_needed(envelope, alphabet).ok(),
        Some(messages.len())
    );
    messages.reverse();
    messages.extend(messages.clone());
    let arrived = read(messages.into_iter().map(|message| (1, message)));
    assert!(arrived.unreadable.is_empty());
    let mut collector = Collector::new();
    let mut found = false;
    for sealed in arrived.sealed {
        if let Collected::Envelope(joined) = collector.take(sealed) {
            assert!(joined == *envelope);
            found = true;
        }
    }
    assert!(found);
}

fuzz_target!(|bytes: &[u8]| {
    let messages = messages(bytes);
    let arrived = read(messages.clone());
    assert!(messages.is_empty() || arrived.sealed.len() + arrived.unreadable.len() > 0);
    // A series is read in at most 16 combinations.
    let octets: usize = arrived.sealed.iter().map(sealed_len).sum();
    assert!(octets <= 16 * bytes.len());
    for sealed in &arrived.sealed {
        if let Sealed::Envelope(envelope) = sealed {
            again(envelope, Alphabet::Gsm7);
            again(envelope, Alphabet::Octets);
        }
    }
    one_by_one(&messages);
    // Whatever comes once more changes nothing for what was joined.
    let has_header = |(_, message): &(u64, Message)| message.header.is_some();
    let twice = messages.iter().flat_map(|message| {
        let times = 1 + usize::from(has_header(message));
        std::iter::repeat_n(message.clone(), times)
    });
    for sealed in read(twice).sealed {
        assert!(arrived.sealed.contains(&sealed));
    }
});

/// Handed over one at a time, what waits stays within its limit, and comes back as it is when nothing else comes.
fn one_by_one(messages: &[(u64, Message)]) {
    let mut waiting = Vec::new();
    for (line, message) in messages.iter().cloned() {
        (_, waiting) = from_sms_with(waiting, [Inbound { line, message }]);
        assert!(waiting.len() <= MAX_WAITING);
    }
    let before: Vec<_> = waiting
        .iter()
        .map(|one| (one.line, one.message.clone()))
        .collect();
    let (arrived, after) = from_sms_with(waiting, []);
    assert!(arrived.sealed.is_empty() && arrived.unreadable.is_empty());
    let after: Vec<_> = after
        .into_iter()
        .map(|one| (one.line, one.message))
        .collect();
    assert!(after == before);
}

fn sealed_len(sealed: &Sealed) -> usize {
    match sealed {
        Sealed::Envelope(envelope) => envelope.as_bytes().len(),
        Sealed::Part(part) => part.as_bytes().len(),
    }
}
