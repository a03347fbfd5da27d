//! Envelopes of any length and the same in every run. They do not open.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "no test needs all of it; a test that cannot go on has failed"
)]

use hamsa_core::Envelope;

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit
    }

    pub(crate) fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| u8::try_from(self.below(256)).unwrap())
            .collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

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
