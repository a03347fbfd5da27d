//! SMS without a gateway: the whole path, the limits, joining, what leaks, and hostile messages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../../text/tests/made/agency.rs"]
mod agency;
mod hostile;
mod joining;
mod leak;
mod limits;
mod path;
mod random;

use hamsa_channel_sms::{Body, Inbound, Message, from_sms};
use hamsa_core::{Arrived, Collected, Collector, Envelope, Sealed, Unreadable};

fn text(text: &str) -> Message {
    Message {
        header: None,
        body: Body::Text(text.to_owned()),
    }
}

fn with_header(header: &[u8], message: &Message) -> Message {
    Message {
        header: Some(header.to_vec()),
        body: message.body.clone(),
    }
}

/// What comes of messages that all have the same line.
fn read(messages: impl IntoIterator<Item = Message>) -> Arrived {
    let on_a_line = |message| Inbound { line: 7, message };
    from_sms(messages.into_iter().map(on_a_line))
}

/// The envelopes that are whole, and the parts that are missing.
fn collect(sealed: Vec<Sealed>) -> (Vec<Envelope>, Vec<u16>) {
    let mut collector = Collector::new();
    let mut whole = Vec::new();
    for sealed in sealed {
        if let Collected::Envelope(envelope) = collector.take(sealed) {
            whole.push(envelope);
        }
    }
    let missing = collector.open_groups().flat_map(|group| group.missing);
    (whole, missing.flatten().collect())
}

/// Fails unless exactly these envelopes came, and nothing was unreadable.
fn assert_only(arrived: &Arrived, envelopes: &[&Envelope]) {
    assert!(arrived.unreadable.is_empty(), "{:?}", arrived.unreadable);
    assert_eq!(arrived.sealed.len(), envelopes.len());
    for envelope in envelopes {
        let envelope = Sealed::Envelope((*envelope).clone());
        assert!(arrived.sealed.contains(&envelope));
    }
}

fn assert_unreadable(arrived: &Arrived, why: &[Unreadable]) {
    assert!(arrived.sealed.is_empty());
    assert_eq!(arrived.unreadable, why);
}

/// In any order, for comparing.
fn sorted(envelopes: impl IntoIterator<Item = Envelope>) -> Vec<Vec<u8>> {
    let mut bytes: Vec<Vec<u8>> = envelopes.into_iter().map(Envelope::into_bytes).collect();
    bytes.sort();
    bytes
}
