//! Numbers that look random and are the same in every run, and shapes of envelopes made of them.

use hamsa_core::Envelope;

#[path = "../../../text/tests/made/random.rs"]
mod numbers;

pub(crate) use numbers::Random;

impl Random {
    /// What has the shape of a short envelope, or of a full one of `len` octets or a few more.
    pub(crate) fn envelope(&mut self, len: usize) -> Envelope {
        if self.below(4) == 0 {
            let mut bytes = vec![1];
            bytes.extend(self.octets(71 + 48));
            return Envelope::parse(&bytes).unwrap();
        }
        let mut bytes = head();
        let rest = len.saturating_sub(bytes.len()).max(16 + 17);
        bytes.extend(self.octets(rest));
        Envelope::parse(&bytes).unwrap()
    }
}

/// The header of an age file.
pub(crate) fn head() -> Vec<u8> {
    let share = "A".repeat(43);
    format!("age-encryption.org/v1\n-> X25519 {share}\n{share}\n--- {share}\n").into_bytes()
}
