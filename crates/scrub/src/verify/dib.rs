//! Bitmaps within metafiles: as those in files, without the file's header.

use std::ops::Range;

use super::{Fault, bmp};
use crate::source::Source;

const WRONG: Fault = Fault("a bitmap in a metafile is not of the one form");

/// What a header says of the pixels.
pub(super) struct Head {
    /// Where header, masks and palette end.
    pub(super) end: u64,
    row: u64,
    height: u32,
    compression: u32,
    told: Option<u32>,
}

/// Reads the header that begins at `at` of `record`, with its palette of colours (0), numbers (1) or nothing (2).
pub(super) fn head(record: &[u8], at: u64, usage: u32) -> Result<Head, Fault> {
    let file = Source::memory(record);
    let word = |place: u64| file.array(at + place).map(u32::from_le_bytes);
    let size = word(0)?;
    if !matches!(size, 12 | 40 | 52 | 56 | 64 | 108 | 124) {
        return Err(WRONG);
    }
    let header = file.read(at..at + u64::from(size), 124)?;
    let is_core = size == 12;
    let (width, height, planes) = if is_core {
        (word(4)? & 0xFFFF, word(4)? >> 16, word(8)?)
    } else {
        let height = word(8)?.cast_signed().unsigned_abs();
        (word(4)?, height, word(12)?)
    };
    let (planes, depth) = (planes & 0xFFFF, planes >> 16);
    let compression = if is_core { 0 } else { word(16)? };
    let told = if is_core { None } else { Some(word(20)?) };
    if planes != 1 || !matches!(depth, 1 | 2 | 4 | 8 | 16 | 24 | 32) {
        return Err(WRONG);
    }
    if let Some(pixels) = told {
        bmp::check_fields(&header, pixels.into(), false)?;
    }
    let masks = match (size, compression) {
        (40, 3) => 12,
        (40, 6) => 16,
        _ => 0,
    };
    let begin = at + u64::from(size) + masks;
    let entries = match (is_core, depth) {
        (true, 1..=8) => 1 << depth,
        (true, _) => 0,
        (false, _) => word(32)?,
    };
    let entry = match (usage, is_core) {
        (0, true) => 3,
        (0, false) => 4,
        (1, _) => 2,
        (2, _) => 0,
        _ => return Err(WRONG),
    };
    let len = u64::from(entries) * entry;
    if usage == 0 {
        let told = (!is_core).then_some(u64::from(entries));
        bmp::check_palette(&file, begin, len, depth, told)?;
    } else if entries > if depth <= 8 { 1 << depth } else { 0 }
        || (entry == 0 && entries > 0 && !is_core)
    {
        return Err(WRONG);
    }
    Ok(Head {
        end: begin + len,
        row: u64::from(width) * u64::from(depth),
        height,
        compression,
        told,
    })
}

impl Head {
    /// Holds that `range` of `record` is the pixels and nothing else.
    pub(super) fn pixels(
        &self,
        record: &[u8],
        range: &Range<u64>,
        rows: Option<u32>,
    ) -> Result<(), Fault> {
        let file = Source::memory(record).part(0..range.end)?;
        let len = range.end.checked_sub(range.start).ok_or(WRONG)?;
        if self.told.is_some_and(|told| u64::from(told) != len) {
            return Err(WRONG);
        }
        if matches!(self.compression, 1 | 2) {
            return bmp::check_codes(&file, range.start, self.compression == 2);
        }
        bmp::check_rows(&file, range.start, self.row, rows.unwrap_or(self.height))
    }

    /// Octets of pixels that are not coded.
    pub(super) fn rows_len(&self, rows: Option<u32>) -> Option<u64> {
        let row = self.row.div_ceil(32) * 4;
        let is_coded = matches!(self.compression, 1 | 2);
        (!is_coded).then(|| row * u64::from(rows.unwrap_or(self.height)))
    }

    /// Octets of pixels, as the header tells.
    pub(super) fn told(&self) -> Option<u64> {
        self.told.map(u64::from)
    }
}
