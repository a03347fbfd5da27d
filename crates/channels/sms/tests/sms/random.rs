//! Numbers that look random and are the same in every run, and shapes of envelopes made of them.

use hamsa_core::Envelope;

#[path = "../../../text/tests/made/random.rs"]
mod numbers;

pub(crate) use numbers::Random;

/// Octets of the text in short envelopes of one to ten messages. Format v1, section 6.
pub(crate) const CAPACITIES: [usize; 10] = [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098];

impl Random {
    /// What has the shape of a short envelope whose text needs so many messages, with a last octet that gives the reference.
    pub(crate) fn short(&mut self, messages: usize, last: u8) -> Envelope {
        let mut bytes = vec![1];
        bytes.extend(self.octets(CAPACITIES[messages - 1] + 47));
        bytes.push(last);
        Envelope::parse(&bytes).unwrap()
    }

    /// What has the shape of a full envelope of `len` octets or a few more.
    pub(crate) fn full(&mut self, len: usize) -> Envelope {
        let share = "A".repeat(43);
        let header = format!("age-encryption.org/v1\n-> X25519 {share}\n{share}\n--- {share}\n");
        let mut bytes = header.into_bytes();
        let rest = len.saturating_sub(bytes.len()).max(16 + 17);
        bytes.extend(self.octets(rest));
        Envelope::parse(&bytes).unwrap()
    }
}
