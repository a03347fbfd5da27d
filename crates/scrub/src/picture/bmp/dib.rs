//! Bitmaps without the header of a file, as metafiles hold them: `DeviceIndependentBitmap` of [MS-WMF] 2.2.2.9.

use std::ops::Range;

use super::{Bitmap, FILE_HEADER, rows};
use crate::Refusal;
use crate::plan::Plan;
use crate::source::Source;

/// What the entries of a palette are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::picture) enum Entries {
    Colours,
    /// Numbers of two octets in the palette that is in force.
    Indices,
    /// There are none: pixels are such numbers themselves.
    None,
}

impl Entries {
    /// By the `DIBColors` or `ColorUsage` of the record.
    ///
    /// # Errors
    /// [`Refusal::Damaged`].
    pub(in crate::picture) fn of(usage: u32) -> Result<Self, Refusal> {
        match usage {
            0 => Ok(Self::Colours),
            1 => Ok(Self::Indices),
            2 => Ok(Self::None),
            _ => Err(Refusal::Damaged),
        }
    }
}

/// A header with its masks and palette.
pub(in crate::picture) struct Dib {
    bitmap: Bitmap,
    palette: Vec<u8>,
    entry: u64,
    /// Where header, masks and palette stand in the source.
    head: Range<u64>,
}

impl Dib {
    /// Reads what stands in front of the pixels, within `room`. There are at least 14 octets in front of it.
    pub(in crate::picture) fn read(
        file: &Source<'_>,
        room: Range<u64>,
        entries: Entries,
    ) -> Result<Self, Refusal> {
        let start = room
            .start
            .checked_sub(FILE_HEADER)
            .ok_or(Refusal::Damaged)?;
        let window = file.part(start..room.end)?;
        let mut bitmap = Bitmap::read(&window, window.len())?;
        let masks = if bitmap.size == 40 {
            bitmap.masks.len() as u64
        } else {
            0
        };
        let told = match bitmap.size {
            12 => 0,
            _ => u64::from(u32::from_le_bytes(window.array(FILE_HEADER + 32)?)),
        };
        let entry = match (entries, bitmap.size) {
            (Entries::None, _) => 0,
            (Entries::Indices, _) => 2,
            (Entries::Colours, 12) => 3,
            (Entries::Colours, _) => 4,
        };
        let reach = match bitmap.depth {
            depth @ 1..=8 => 1 << depth,
            _ => 0,
        };
        let stand = if told == 0 { reach } else { told };
        let begin = FILE_HEADER + u64::from(bitmap.size) + masks;
        // Below 2^35.
        let end = begin + stand * entry;
        if end > window.len() {
            return Err(Refusal::Damaged);
        }
        bitmap.palette = begin..begin + stand.min(reach) * entry;
        let palette = if entry == 4 {
            bitmap.clean_palette(&window)?
        } else {
            window.read(bitmap.palette.clone(), 1024)?.to_vec()
        };
        Ok(Self {
            bitmap,
            palette,
            entry,
            head: room.start..start + end,
        })
    }

    /// Where the head ends in the source.
    pub(in crate::picture) fn end(&self) -> u64 {
        self.head.end
    }

    /// Where its pixels stand, when they begin where `room` does. `rows` when the record has only some of them.
    pub(in crate::picture) fn pixels(
        &self,
        file: &Source<'_>,
        room: &Range<u64>,
        rows: Option<u32>,
    ) -> Result<Range<u64>, Refusal> {
        let end = if self.is_coded() {
            rows::coded_end(
                &file.part(0..room.end)?,
                room.start,
                self.bitmap.compression == 2,
            )?
        } else {
            let (row, _) = self.bitmap.row();
            // Below 2^32 octets a row and 2^31 rows.
            row * u64::from(rows.unwrap_or_else(|| self.bitmap.rows())) + room.start
        };
        if end > room.end {
            return Err(Refusal::Damaged);
        }
        Ok(room.start..end)
    }

    fn is_coded(&self) -> bool {
        matches!(self.bitmap.compression, 1 | 2)
    }

    /// The clean head, for so many octets of pixels.
    pub(in crate::picture) fn clean(&self, pixels: &Range<u64>) -> Result<Vec<u8>, Refusal> {
        let len = u32::try_from(pixels.end - pixels.start).map_err(|_| Refusal::TooLarge)?;
        let mut head = self.bitmap.header(len, self.palette.len());
        if self.entry == 2
            && let Some(count) = head.get_mut(32..36)
        {
            let entries = u32::try_from(self.palette.len() / 2).unwrap_or(0);
            count.copy_from_slice(&entries.to_le_bytes());
        }
        if self.bitmap.size == 40 {
            head.extend_from_slice(&self.bitmap.masks);
        }
        head.extend_from_slice(&self.palette);
        Ok(head)
    }

    /// Adds a clean head to the plan.
    pub(in crate::picture) fn write_head(&self, head: &[u8], plan: &mut Plan) {
        plan.put(head);
        plan.rewritten(self.head.clone());
    }

    /// Adds the pixels to the plan; what fills up rows becomes zero.
    pub(in crate::picture) fn write_pixels(
        &self,
        file: &Source<'_>,
        pixels: &Range<u64>,
        plan: &mut Plan,
    ) -> Result<(), Refusal> {
        if self.is_coded() {
            plan.copy(pixels.clone());
            return Ok(());
        }
        let (row, bits) = self.bitmap.row();
        rows::copy(file, pixels, row, bits, plan)
    }
}
