//! AMR: the magic, and whole frames with spare bits clear up to the end.

use super::{Fault, Views};
use crate::source::Source;

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let is_wide = file
        .array::<9>(0)
        .is_ok_and(|magic| &magic == b"#!AMR-WB\n");
    if !is_wide && &file.array::<6>(0)? != b"#!AMR\n" {
        return Err(Fault("the magic"));
    }
    let mut cursor = file.cursor(if is_wide { 9 } else { 6 });
    let mut frames = 0_u64;
    while let Some(head) = cursor.octet()? {
        if head & 0b1000_0011 != 0 {
            return Err(Fault("spare bits of a frame's head"));
        }
        let (octets, spare) = speech(is_wide, head >> 3).ok_or(Fault("a frame's type"))?;
        if let Some(before) = u64::checked_sub(octets, 1) {
            cursor.skip(before)?;
            let last = cursor.octet()?.ok_or(Fault("a frame is cut short"))?;
            if last.trailing_zeros() < spare {
                return Err(Fault("spare bits of a frame's end"));
            }
        }
        frames += 1;
    }
    if frames == 0 {
        Err(Fault("no frames"))
    } else {
        Ok(())
    }
}

/// Octets of speech, and spare bits at their end, of a frame type (3GPP TS 26.101 annex A, 26.201 annex A).
fn speech(is_wide: bool, kind: u8) -> Option<(u64, u32)> {
    Some(if is_wide {
        match kind {
            0 => (17, 4),
            1 => (23, 7),
            2 => (32, 3),
            3 => (36, 3),
            4 => (40, 3),
            5 => (46, 3),
            6 => (50, 3),
            7 => (58, 3),
            8 => (60, 3),
            9 => (5, 0),
            14 | 15 => (0, 0),
            _ => return None,
        }
    } else {
        match kind {
            0 => (12, 1),
            1 => (13, 1),
            2 => (15, 2),
            3 => (17, 2),
            4 => (19, 4),
            5 => (20, 1),
            6 => (26, 4),
            7 => (31, 4),
            8 => (5, 1),
            9 => (6, 5),
            10 => (5, 2),
            11 => (5, 3),
            15 => (0, 0),
            _ => return None,
        }
    })
}
