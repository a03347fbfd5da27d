//! Numbers that look random and are the same in every run, and shapes of envelopes made of them.

use hamsa_core::Envelope;

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
