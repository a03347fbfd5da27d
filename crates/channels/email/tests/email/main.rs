//! E-mail without a server: the whole path, what a mail shows, the mails of many programs, and hostile ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "mails are written here so that one sees what they look like"
)]

#[path = "../../../text/tests/made/agency.rs"]
mod agency;
mod clients;
mod hostile;
mod leak;
mod mailbox;
mod nesting;
mod out;
mod path;
mod random;

use hamsa_channel_email::{Addresses, to_email};
use hamsa_core::{Arrived, Date, Envelope, Sealed, Unreadable};

const ADDRESSES: Addresses<'static> = Addresses {
    from: "anonymous@example.org",
    to: "tips@agency.example",
    subject: "Tip",
};

fn day() -> Date {
    "2026-11-22".parse().unwrap()
}

fn mail(envelope: &Envelope) -> Vec<u8> {
    to_email(envelope, &ADDRESSES, day()).unwrap()
}

fn octets(sealed: &Sealed) -> &[u8] {
    match sealed {
        Sealed::Envelope(envelope) => envelope.as_bytes(),
        Sealed::Part(part) => part.as_bytes(),
    }
}

/// Fails unless exactly these envelopes came, in this order, and nothing was unreadable.
fn assert_only(arrived: &Arrived, envelopes: &[&Envelope], what: &str) {
    assert!(
        arrived.unreadable.is_empty(),
        "{what}: {:?}",
        arrived.unreadable
    );
    assert_eq!(arrived.sealed.len(), envelopes.len(), "{what}");
    for (came, envelope) in arrived.sealed.iter().zip(envelopes) {
        assert!(octets(came) == envelope.as_bytes(), "{what}");
    }
}

fn assert_unreadable(arrived: &Arrived, why: Unreadable, what: &str) {
    assert!(arrived.sealed.is_empty(), "{what}");
    assert_eq!(arrived.unreadable, [why], "{what}");
}
