//! Size classes: what the length of an envelope tells an observer.
//!
//! Format v1, section 3.3.

/// The smallest class, in octets of plaintext: every tip without attachments whose `tip.json` has up to
/// 6,656 octets is of this class.
pub(crate) const SMALLEST: u64 = 8 * 1024;

/// Up to here classes are powers of two, above they follow Padmé.
const DOUBLING_UP_TO: u64 = 1024 * 1024;

/// The longest plaintext that is sealed: 2^47 octets.
pub(crate) const LARGEST: u64 = 1 << 47;

/// The class of a plaintext of `len` octets: the length that it is padded to.
///
/// From 8 KiB to 1 MiB the classes are the powers of two. Above, only the upper bits of a length may be set,
/// as in Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
/// PURBs", PETS 2019, section 4): at most 1/32 is added, and the class tells O(log log len) bits.
///
/// Returns `None` when `len` is above 2^47.
///
/// Format v1, section 3.3.
pub(crate) fn class(len: u64) -> Option<u64> {
    if len > LARGEST {
        return None;
    }
    if len <= DOUBLING_UP_TO {
        return Some(len.max(SMALLEST).next_power_of_two());
    }
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1_u64 << (exponent - kept_bits)) - 1;
    Some((len + mask) & !mask)
}

/// Whether `len` is a length that a plaintext can have.
pub(crate) fn is_class(len: u64) -> bool {
    class(len) == Some(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_powers_of_two_up_to_a_mebibyte() {
        for (len, expected) in [
            (0, 8192),
            (8192, 8192),
            (8193, 16384),
            (600_000, 1 << 20),
            (1 << 20, 1 << 20),
        ] {
            assert_eq!(class(len), Some(expected));
        }
    }

    #[test]
    fn above_a_mebibyte_a_class_adds_at_most_a_thirty_second() {
        let mut len = (1 << 20) + 1;
        while len < LARGEST {
            let class = class(len).unwrap();
            assert!(class >= len && class - len <= len / 32, "{len} {class}");
            assert!(is_class(class));
            assert_eq!(class % 512, 0);
            len += len / 7 + 13;
        }
    }

    #[test]
    fn classes_are_monotonous_and_fixed_points() {
        let mut last = 0;
        for len in (0..40_000_000_u64).step_by(4099) {
            let class = class(len).unwrap();
            assert!(class >= last && is_class(class));
            last = class;
        }
    }

    #[test]
    fn a_length_over_the_largest_has_no_class() {
        assert_eq!(class(LARGEST), Some(LARGEST));
        assert_eq!(class(LARGEST + 1), None);
        assert_eq!(class(u64::MAX), None);
    }
}
