//! E-mail: one message, of any shape.
#![no_main]

use std::collections::HashSet;

use hamsa_channel_email::{Addresses, from_email, to_email};
use hamsa_core::{Sealed, Unreadable};
use libfuzzer_sys::fuzz_target;

const ADDRESSES: Addresses<'static> = Addresses {
    from: "anonymous@example.org",
    to: "tips@agency.example",
    subject: "بلاغ",
};

fn octets(sealed: &Sealed) -> &[u8] {
    match sealed {
        Sealed::Envelope(envelope) => envelope.as_bytes(),
        Sealed::Part(part) => part.as_bytes(),
    }
}

/// Whether the first line is a field, so that a message around this one changes nothing.
fn begins_with_a_field(message: &[u8]) -> bool {
    let name = message.split(|octet| *octet == b':').next();
    name.is_some_and(|name| {
        name.len() < message.len() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
    })
}

fn forwarded(message: &[u8]) -> Vec<u8> {
    let mut outer = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n".to_vec();
    outer.extend_from_slice(message);
    outer
}

fuzz_target!(|bytes: &[u8]| {
    let arrived = from_email(bytes);
    assert!(arrived.unreadable.len() <= 1);
    assert!(arrived.sealed.len() + arrived.unreadable.len() > 0);
    let distinct: HashSet<&[u8]> = arrived.sealed.iter().map(octets).collect();
    assert_eq!(distinct.len(), arrived.sealed.len());
    // An em dash of one octet may have been three hyphens.
    assert!(
        distinct
            .iter()
            .all(|octets| octets.len() <= 3 * bytes.len())
    );
    for sealed in &arrived.sealed {
        let Sealed::Envelope(envelope) = sealed else {
            continue;
        };
        let day = "2026-11-22".parse().expect("a day");
        let mail = to_email(envelope, &ADDRESSES, day).expect("a mail");
        let again = from_email(&mail);
        assert!(again.sealed == [sealed.clone()] && again.unreadable.is_empty());
    }
    if begins_with_a_field(bytes) {
        assert!(!arrived.unreadable.contains(&Unreadable::NotAMessage));
        let again = from_email(&forwarded(bytes));
        assert!(again.sealed == arrived.sealed && again.unreadable == arrived.unreadable);
    }
});
