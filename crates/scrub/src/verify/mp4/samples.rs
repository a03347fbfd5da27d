//! The samples: each octet of `mdat` in exactly one, and nothing in them that encoders sign with.

use std::ops::Range;

use super::Fault;
use super::entry::Samples;
use super::nal::{self, Flavour, Look};
use super::tables::{Chunk, Table};
use crate::source::Source;

/// Octets of a sample or unit that is looked at whole.
const LONGEST: usize = 16 << 20;
/// Octets at which units are looked at through one reading.
const WINDOW: usize = 4096;

pub(super) fn verify(
    file: &Source<'_>,
    tables: &[Table<'_>],
    mdat: Range<u64>,
) -> Result<(), Fault> {
    let mut order = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        for chunk in table.chunks()? {
            let chunk = chunk?;
            order.push((chunk.at, table.len(&chunk)?, number));
        }
    }
    order.sort_unstable();
    let mut at = mdat.start;
    for (start, len, _) in order {
        if start != at {
            return Err(Fault("a gap between samples, or samples over each other"));
        }
        at = at.checked_add(len).ok_or(Fault("a chunk past the end"))?;
    }
    if at != mdat.end {
        return Err(Fault("octets behind the last sample"));
    }
    let mut walk = Walk {
        file,
        window: Vec::new(),
        at: 0,
    };
    for table in tables {
        for chunk in table.chunks()? {
            walk.chunk(table, &chunk?)?;
        }
    }
    Ok(())
}

struct Walk<'a> {
    file: &'a Source<'a>,
    window: Vec<u8>,
    at: u64,
}

impl Walk<'_> {
    fn chunk(&mut self, table: &Table<'_>, chunk: &Chunk) -> Result<(), Fault> {
        if chunk.entry == Samples::Any {
            return Ok(());
        }
        let mut at = chunk.at;
        for sample in chunk.first..chunk.first + chunk.count {
            let end = at + table.size(sample)?;
            match chunk.entry {
                Samples::Any => {}
                Samples::Units(flavour, lengths) => self.units(at, end, flavour, lengths)?,
                Samples::StartCodes => start_codes(&self.file.read(at..end, LONGEST)?)?,
                Samples::Av1 => open_units(&self.file.read(at..end, LONGEST)?, false)?,
                Samples::Jpeg => pictures(&self.file.read(at..end, LONGEST)?)?,
            }
            at = end;
        }
        Ok(())
    }

    fn units(&mut self, at: u64, end: u64, flavour: Flavour, lengths: usize) -> Result<(), Fault> {
        let mut at = at;
        while at < end {
            let front = self.show(at, end, lengths + 1)?;
            let (len, first) = front
                .split_at_checked(lengths)
                .ok_or(Fault("a short unit"))?;
            let len = len
                .iter()
                .fold(0_u64, |len, &octet| len << 8 | u64::from(octet));
            let first = *first.first().ok_or(Fault("an empty unit"))?;
            let start = at + lengths as u64;
            if len == 0 || len > end - start {
                return Err(Fault("units that do not fill their sample"));
            }
            if nal::head(flavour, first)? == Look::Whole {
                nal::unit(flavour, &self.file.read(start..start + len, LONGEST)?)?;
            }
            at = start + len;
        }
        Ok(())
    }

    fn show(&mut self, at: u64, end: u64, len: usize) -> Result<&[u8], Fault> {
        if end - at < len as u64 {
            return Err(Fault("a short unit"));
        }
        let within = |window: &[u8], from: u64| {
            let skip = usize::try_from(at.checked_sub(from)?).ok()?;
            Some(skip).filter(|skip| skip + len <= window.len())
        };
        let skip = if let Some(skip) = within(&self.window, self.at) {
            skip
        } else {
            let left = usize::try_from(self.file.len() - at).unwrap_or(WINDOW);
            self.window.resize(left.min(WINDOW), 0);
            self.file.fill(&mut self.window, at)?;
            self.at = at;
            0
        };
        self.window
            .get(skip..skip + len)
            .ok_or(Fault("a short unit"))
    }
}

/// No user data in MPEG-1, MPEG-2 or MPEG-4 visual.
pub(super) fn start_codes(octets: &[u8]) -> Result<(), Fault> {
    let mut zeros = 0;
    let mut is_code = false;
    for &octet in octets {
        if is_code && octet == 0xB2 {
            return Err(Fault("user data in a picture"));
        }
        is_code = zeros >= 2 && octet == 1;
        zeros = if octet == 0 { zeros + 1 } else { 0 };
    }
    Ok(())
}

/// The units of AV1: headers, tiles, and the two measures of brightness.
pub(super) fn open_units(mut octets: &[u8], in_record: bool) -> Result<(), Fault> {
    while let Some((&head, mut rest)) = octets.split_first() {
        if head & 0x81 != 0 {
            return Err(Fault("reserved bits of a unit of AV1"));
        }
        if head & 4 != 0 {
            rest = rest.get(1..).ok_or(Fault("a short unit"))?;
        }
        let mut len = rest.len();
        if head & 2 != 0 {
            let mut shift = 0;
            len = 0;
            loop {
                let (&octet, after) = rest.split_first().ok_or(Fault("a short unit"))?;
                rest = after;
                len |= usize::from(octet & 0x7F)
                    .checked_shl(shift)
                    .unwrap_or(usize::MAX);
                shift += 7;
                if octet & 0x80 == 0 {
                    break;
                }
            }
        }
        let (payload, after) = rest.split_at_checked(len).ok_or(Fault("a short unit"))?;
        let fine = match (head >> 3, in_record) {
            (1, _) | (3 | 4 | 6 | 7, false) => true,
            (2, false) => payload.is_empty(),
            (5, _) => match payload {
                [1, light @ .., 0x80] => light.len() == 4,
                [2, mastering @ .., 0x80] => mastering.len() == 24,
                _ => false,
            },
            _ => false,
        };
        if !fine {
            return Err(Fault("a unit of AV1 that is no picture"));
        }
        octets = after;
    }
    Ok(())
}

/// Motion JPEG: from marker to marker, and between scans only what a decoder needs.
fn pictures(octets: &[u8]) -> Result<(), Fault> {
    let mut left = octets;
    while !left.is_empty() {
        left = left
            .strip_prefix(&[0xFF, 0xD8])
            .ok_or(Fault("no start of a picture"))?;
        loop {
            if let Some(rest) = left.strip_prefix(&[0xFF, 0xD9]) {
                left = rest;
                break;
            }
            let (&[mark, kind, high, low], _) = left
                .split_first_chunk::<4>()
                .ok_or(Fault("a short segment"))?;
            let len = usize::from(u16::from_be_bytes([high, low]));
            let segment = left.get(4..2 + len).ok_or(Fault("a short segment"))?;
            let is_adobe = kind == 0xEE && segment.len() == 12 && segment.starts_with(b"Adobe");
            let is_table = matches!(kind, 0xC0..=0xC7 | 0xC9..=0xCF | 0xDA..=0xDD);
            if mark != 0xFF || !(is_adobe || is_table) {
                return Err(Fault("a segment that no decoder needs"));
            }
            left = left.get(2 + len..).unwrap_or_default();
            if kind == 0xDA {
                left = behind_scan(left);
                if left.is_empty() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

fn behind_scan(octets: &[u8]) -> &[u8] {
    let mut last = 0;
    for (at, &octet) in octets.iter().enumerate() {
        if last == 0xFF && !matches!(octet, 0 | 0xD0..=0xD7 | 0xFF) {
            return octets.get(at - 1..).unwrap_or_default();
        }
        last = octet;
    }
    &[]
}
