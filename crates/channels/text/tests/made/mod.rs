//! Envelopes of any length and the same in every run. They do not open.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "no test needs all of it; a test that cannot go on has failed"
)]

use hamsa_core::Envelope;

mod random;

pub(crate) use random::Random;

/// The header of an age file, and random octets.
pub(crate) fn envelope(random: &mut Random, len: usize) -> Envelope {
    let share: String = (0..42)
        .map(|_| char::from(b"ABCDEFGHIJKLMabcdefghijklm0123456789"[random.below(36)]))
        .chain(['A'])
        .collect();
    let header = format!("age-encryption.org/v1\n-> X25519 {share}\n{share}\n--- {share}\n");
    let mut bytes = header.into_bytes();
    bytes.extend(random.octets(len - bytes.len()));
    Envelope::parse(&bytes).unwrap()
}

/// A short envelope that holds so many octets.
pub(crate) fn short(random: &mut Random, holds: usize) -> Envelope {
    let capacities = [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098];
    let capacity = capacities.into_iter().find(|capacity| holds <= *capacity);
    let mut bytes = vec![1];
    bytes.extend(random.octets(48 + capacity.unwrap()));
    Envelope::parse(&bytes).unwrap()
}
