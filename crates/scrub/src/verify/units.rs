//! Packets of AVC and HEVC: units behind their lengths, and no message in them that holds what a program likes.

use std::ops::Range;

use super::Fault;
use crate::source::Source;

/// Accounts for a packet whose units stand behind lengths of `width` octets.
pub(super) fn verify(
    file: &Source<'_>,
    packet: &Range<u64>,
    width: u64,
    hevc: bool,
) -> Result<(), Fault> {
    let mut at = packet.start;
    while at < packet.end {
        let start = at + width;
        let head = file.read(at..packet.end.min(start + 8), 16)?;
        let (len, unit) = head
            .split_at_checked(usize::try_from(width).unwrap_or(0))
            .ok_or(Fault("a unit's length"))?;
        let len = len.iter().fold(0_u64, |len, &b| len << 8 | u64::from(b));
        at = start + len;
        if at > packet.end {
            return Err(Fault("a unit's end"));
        }
        let is_empty = len == 0;
        if !is_empty && tells_something(unit, hevc) {
            return Err(Fault("a message of a program"));
        }
    }
    Ok(())
}

/// Whether a unit is a message of user data (ITU-T H.264 annex D, H.265 annex D), or filler.
pub(super) fn tells_something(unit: &[u8], hevc: bool) -> bool {
    let (kind, skip) = match (unit.first(), hevc) {
        (Some(first), false) => (first & 0x1F, 1),
        (Some(first), true) => (first >> 1 & 0x3F, 2),
        (None, _) => return false,
    };
    let is_message = if hevc {
        matches!(kind, 39 | 40)
    } else {
        kind == 6
    };
    let is_filler = if hevc { kind == 38 } else { kind == 12 };
    is_filler || is_message && matches!(unit.get(skip), Some(4 | 5))
}
