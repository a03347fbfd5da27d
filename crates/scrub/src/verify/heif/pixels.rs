//! The coded pixels of an item: units of the kinds that a decoder needs.

use std::ops::Range;

use super::{Fault, properties::Properties};
use crate::source::Source;

/// Octets of one message.
const MAX_MESSAGE: usize = 1 << 20;

/// Walks the units in `range`.
pub(super) fn verify(
    file: &Source<'_>,
    range: Range<u64>,
    kind: [u8; 4],
    properties: &Properties<'_>,
) -> Result<(), Fault> {
    if &kind == b"av01" {
        return av1(file, range);
    }
    let record = properties.get(*b"hvcC").unwrap_or_default();
    let length = record.get(21).map_or(4, |b| u64::from(b & 3) + 1);
    hevc(file, range, length)
}

/// NAL units with their lengths in front (ISO/IEC 14496-15; H.265, table 7-1).
fn hevc(file: &Source<'_>, mut range: Range<u64>, length: u64) -> Result<(), Fault> {
    while range.start < range.end {
        let body = range.start + length;
        let len = file.read(range.start..body, 4)?;
        let len = len.iter().fold(0, |n, &b| n << 8 | u64::from(b));
        let end = body + len;
        if len < 2 || end > range.end {
            return Err(Fault("a unit past the end of its item"));
        }
        let [head] = file.array(body)?;
        match head >> 1 & 0x3F {
            // Slices and parameter sets; delimiters of a fixed length; filling.
            0..=9 | 16..=21 | 32..=34 => {}
            35 if len == 3 => {}
            36 | 37 if len == 2 => {}
            38 => {
                let filling = file.read(body + 2..end, MAX_MESSAGE)?;
                let (last, rest) = filling.split_last().ok_or(Fault("an empty unit"))?;
                if *last != 0x80 || rest.iter().any(|&b| b != 0xFF) {
                    return Err(Fault("filling that fills with something"));
                }
            }
            39 | 40 => messages(&file.read(body + 2..end, MAX_MESSAGE)?)?,
            _ => return Err(Fault("a unit that no decoder needs")),
        }
        range.start = end;
    }
    Ok(())
}

/// Messages of the kinds that a player needs, each of a length that fits (H.265, annex D).
fn messages(payload: &[u8]) -> Result<(), Fault> {
    const KNOWN: [(usize, usize, usize); 10] = [
        (0, 1, 32),
        (1, 1, 32),
        (6, 1, 6),
        (45, 1, 16),
        (47, 1, 8),
        (137, 24, 24),
        (144, 4, 4),
        (147, 1, 1),
        (148, 8, 8),
        (165, 1, 6),
    ];
    let mut plain = Vec::new();
    let mut zeros = 0;
    for &octet in payload {
        if zeros >= 2 && octet == 3 {
            zeros = 0;
            continue;
        }
        zeros = if octet == 0 { zeros + 1 } else { 0 };
        plain.push(octet);
    }
    let mut rest = super::Rest(&plain);
    loop {
        let kind = rest.number(1)?;
        let len = rest.number(1)?;
        let known = KNOWN.iter().find(|&&(known, ..)| known == kind);
        if !known.is_some_and(|&(_, least, most)| (least..=most).contains(&len)) {
            return Err(Fault("a message that tells something"));
        }
        rest.take(len)?;
        if rest.0 == [0x80] {
            return Ok(());
        }
    }
}

/// OBUs (AV1 specification, section 5.3).
fn av1(file: &Source<'_>, mut range: Range<u64>) -> Result<(), Fault> {
    while range.start < range.end {
        let [head] = file.array(range.start)?;
        let mut at = range.start + 1 + u64::from(head >> 2 & 1);
        if head & 0x81 != 0 {
            return Err(Fault("reserved bits of a unit"));
        }
        let end = if head & 2 == 0 {
            range.end
        } else {
            let mut size = 0;
            for shift in (0..56).step_by(7) {
                let [octet] = file.array(at)?;
                at += 1;
                size |= u64::from(octet & 0x7F) << shift;
                if octet < 0x80 {
                    break;
                }
            }
            at.saturating_add(size)
        };
        if end > range.end {
            return Err(Fault("a unit past the end of its item"));
        }
        match head >> 3 & 0xF {
            1 | 3 | 4 | 6 | 7 => {}
            2 if at == end => {}
            5 => light_levels(&file.read(at..end, 64)?)?,
            _ => return Err(Fault("a unit that no decoder needs")),
        }
        range.start = end;
    }
    Ok(())
}

/// Metadata of HDR: two or twelve numbers, and the bit that ends them.
fn light_levels(unit: &[u8]) -> Result<(), Fault> {
    match (unit.first(), unit.len(), unit.last()) {
        (Some(1), 6, Some(0x80)) | (Some(2), 26, Some(0x80)) => Ok(()),
        _ => Err(Fault("a unit of metadata")),
    }
}
