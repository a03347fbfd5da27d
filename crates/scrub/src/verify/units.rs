//! Packets of AVC and HEVC: units behind their lengths, and no message in them that holds what a program likes.

use std::ops::Range;

use super::Fault;
use super::nal::{self, Flavour, Look};
use crate::source::Source;

/// Octets of a unit that is looked at whole.
const LONGEST: usize = 16 << 20;

/// Accounts for a packet whose units stand behind lengths of `width` octets.
pub(super) fn verify(
    file: &Source<'_>,
    packet: &Range<u64>,
    width: u64,
    hevc: bool,
) -> Result<(), Fault> {
    let flavour = if hevc { Flavour::Hevc } else { Flavour::Avc };
    let mut at = packet.start;
    while at < packet.end {
        let start = at + width;
        let head = file.read(at..packet.end.min(start + 1), 16)?;
        let (len, unit) = head
            .split_at_checked(usize::try_from(width).unwrap_or(0))
            .ok_or(Fault("a unit's length"))?;
        let len = len.iter().fold(0_u64, |len, &b| len << 8 | u64::from(b));
        at = start + len;
        if at > packet.end {
            return Err(Fault("a unit's end"));
        }
        let Some(&first) = unit.first().filter(|_| len > 0) else {
            continue;
        };
        if nal::head(flavour, first)? == Look::Whole {
            nal::unit(flavour, &file.read(start..at, LONGEST)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::{Source, verify};

    fn holds(units: &[&[u8]]) -> bool {
        let mut packet = Vec::new();
        for unit in units {
            packet.extend(u16::try_from(unit.len()).unwrap().to_be_bytes());
            packet.extend_from_slice(unit);
        }
        let range = 0..packet.len() as u64;
        verify(&Source::memory(&packet), &range, 2, false).is_ok()
    }

    #[test]
    fn filler_of_one_kind_stays_and_messages_do_not() {
        // Encoders of a constant rate fill up with it.
        assert!(holds(&[
            b"\x65picture",
            b"\x0C\xFF\xFF\x80",
            b"",
            b"\x09\xF0"
        ]));
        assert!(!holds(&[b"\x65picture", b"\x0C\xFFname\x80"]));
        assert!(!holds(&[b"\x06\x05\x04name\x80"]));
        // Behind a message that may stay, too.
        assert!(!holds(&[b"\x06\x93\x01\x01\x04\x04name\x80"]));
        assert!(!holds(&[b"\x1Eprivate"]));
        assert!(!holds(&[b"\x65picture", b"\x09name"]));
    }
}
