//! The coded pixels of an item: units of the kinds that a decoder needs.

use std::ops::Range;

use super::{Fault, properties::Properties};
use crate::media::nal::{Codec, Nal, clean};
use crate::source::Source;

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
            // Slices, parameter sets, delimiters.
            0..=9 | 16..=21 | 32..=37 => {}
            39 | 40 => {
                let unit = file.read(body..end, 1 << 20)?;
                if !matches!(clean(Codec::Hevc, &unit), Nal::Keep) {
                    return Err(Fault("a message that tells something"));
                }
            }
            _ => return Err(Fault("a unit that no decoder needs")),
        }
        range.start = end;
    }
    Ok(())
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
