//! Which records stay, and how long each is.

use super::{HEAD, Metafile, Record};
use crate::job::Job;
use crate::picture::bmp::dib::{Dib, Entries};
use crate::plan::Plan;
use crate::{Refusal, Remark, What};

/// Escape records that say once more what others say: an enhanced metafile, and texts of `LibreOffice`.
const COPIES: [&[u8; 4]; 2] = [b"WMFC", b"OO*,"];
/// Octets in a font's name at most, and where it begins in the record.
const NAME: usize = 32;
const NAME_AT: usize = 24;

impl Metafile {
    /// Writes a record of [MS-WMF] 2.1.1.1 again, or leaves it out. Some may have a spare word at their end.
    #[rustfmt::skip]
    pub(super) fn record(&mut self, record: &Record<'_>, job: &mut Job) -> Result<(), Refusal> {
        match record.function {
            0x001E | 0x0035 => self.keep(record, HEAD),
            0x01F0 => {
                self.delete(record.short(6)?);
                self.keep(record, 8)
            }
            0x0102..=0x0104 | 0x0106..=0x0108 | 0x0127 | 0x012A..=0x012E | 0x0139 | 0x0149 | 0x0234 => self.keep(record, 8),
            0x0201 | 0x0209 | 0x020A..=0x020F | 0x0211 | 0x0213 | 0x0214 | 0x0220 | 0x0228 | 0x0231 => self.keep(record, 10),
            0x0410 | 0x0412 | 0x0415 | 0x0416 | 0x0418 | 0x0419 | 0x041B | 0x041F | 0x0429 => self.keep(record, 14),
            0x0548 => self.keep(record, 16),
            0x061C | 0x061D => self.keep(record, 18),
            0x0817 | 0x081A | 0x0830 => self.keep(record, 22),
            0x0324 | 0x0325 => self.keep(record, 8 + u64::from(record.short(6)?) * 4),
            0x0538 => self.polygons(record),
            0x0037 | 0x00F7 | 0x0436 => self.palette(record),
            0x0521 => self.text(record),
            0x0A32 => self.placed_text(record),
            0x02FA | 0x02FC => self.pen_or_brush(record),
            0x02FB => self.font(record),
            0x06FF => self.region(record),
            0x0142 => self.pattern(record),
            0x0922 | 0x0940 => self.bitmap(record, 22, None),
            0x0B23 | 0x0B41 => self.bitmap(record, 26, None),
            0x0D33 => self.bitmap(record, 24, Some(6)),
            0x0F43 => self.bitmap(record, 28, Some(10)),
            0x0626 => {
                self.escape(record, job)
            }
            // It has no meaning.
            0x0105 => {
                job.found(What::Unknown, "record without a use", "");
                Ok(())
            }
            0x01F9 => Err(Refusal::Unsupported("a device's bitmap in a metafile")),
            _ => Err(Refusal::Unsupported("an unknown record in a metafile")),
        }
    }

    /// `META_POLYPOLYGON`, [MS-WMF] 2.3.3.16.
    fn polygons(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let lists = u64::from(record.short(6)?);
        let counts = record.range(8, lists * 2)?;
        let mut cursor = record.file.cursor(counts.start);
        let mut points = 0;
        for _ in 0..lists {
            points += u64::from(u16::from_le_bytes(cursor.array()?));
        }
        self.keep(record, 8 + lists * 2 + points * 4)
    }

    /// A palette's entries. The fourth octet of each has no meaning.
    fn palette(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        if record.function == 0x00F7 {
            self.create()?;
        }
        let len = 10 + u64::from(record.short(8)?) * 4;
        let mut octets = record.front(len)?;
        let (entries, _) = octets
            .get_mut(10..)
            .unwrap_or_default()
            .as_chunks_mut::<4>();
        for entry in entries {
            entry[3] = 0;
        }
        self.remade(record, len, octets)
    }

    /// Adds a record whose first `len` octets were written over.
    fn remade(&mut self, record: &Record<'_>, len: u64, octets: Vec<u8>) -> Result<(), Refusal> {
        self.body.rewritten(record.range(0, len)?);
        self.put(octets, Plan::new())
    }

    /// `META_TEXTOUT`, [MS-WMF] 2.3.3.20: the text is filled up to a whole word, and behind it is its place.
    fn text(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let len = u64::from(record.short(6)?);
        let whole = len.next_multiple_of(2);
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, 8)?);
        rest.copy(record.range(8, len)?);
        rest.zeros(whole - len);
        rest.copy(record.range(8 + whole, 4)?);
        self.put(record.front(8)?, rest)
    }

    /// `META_EXTTEXTOUT`, [MS-WMF] 2.3.3.5: place, length, options, perhaps a rectangle, text, perhaps distances.
    fn placed_text(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let (len, options) = (u64::from(record.short(10)?), record.short(12)?);
        let begin = if options & 6 == 0 { 14 } else { 22 };
        let whole = len.next_multiple_of(2);
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, begin)?);
        rest.copy(record.range(begin, len)?);
        let each = if options & 0x2000 == 0 { 2 } else { 4 };
        // There may be none, or too few, which nobody reads.
        if let Ok(distances) = record.range(begin + whole, len * each) {
            rest.zeros(whole - len);
            rest.copy(distances);
        }
        self.put(record.front(begin)?, rest)
    }

    /// A pen's second width and the hatch of a brush that is not hatched have no meaning.
    fn pen_or_brush(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.create()?;
        let is_pen = record.function == 0x02FA;
        let (len, spare) = if is_pen { (16, 10) } else { (14, 12) };
        // Patterns stand in records of their own.
        if !is_pen && !matches!(record.short(6)?, 0..=2) {
            return Err(Refusal::Unsupported("a pattern brush without a pattern"));
        }
        if !is_pen && record.short(6)? == 2 {
            return self.keep(record, len);
        }
        let mut octets = record.front(len)?;
        if let Some(spare) = octets.get_mut(spare..spare + 2) {
            spare.fill(0);
        }
        self.remade(record, len, octets)
    }

    /// `META_CREATEFONTINDIRECT`, [MS-WMF] 2.3.4.3: behind the name there are zeros.
    fn font(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.create()?;
        let len = record.len.min((NAME_AT + NAME) as u64);
        let mut octets = record.front(len)?;
        let name = octets.get_mut(NAME_AT..).ok_or(Refusal::Damaged)?;
        let end = name.iter().position(|&octet| octet == 0);
        let end = end.unwrap_or(name.len());
        octets.truncate(NAME_AT + end);
        octets.resize(NAME_AT + NAME, 0);
        // What stood behind the name is mostly the end of another font's name.
        self.remade(record, record.len, octets)
    }

    /// `META_CREATEREGION`, [MS-WMF] 2.2.1.5: a box, and for each band of it where it is filled.
    fn region(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.create()?;
        let mut front = record.front(28)?;
        let scans = record.short(16)?;
        let mut len = 28;
        for _ in 0..scans {
            let count = record.short(len)?;
            if record.short(len + 6 + u64::from(count) * 2)? != count {
                return Err(Refusal::Damaged);
            }
            len += 8 + u64::from(count) * 2;
        }
        // What the system keeps for itself.
        for (at, number) in [(6, 0), (8, 6), (10, 0), (12, 0)] {
            if let Some(field) = front.get_mut(at..at + 2) {
                field.copy_from_slice(&u16::to_le_bytes(number));
            }
        }
        let size = u16::try_from(len - HEAD).map_err(|_| Refusal::Damaged)?;
        if let Some(field) = front.get_mut(14..16) {
            field.copy_from_slice(&size.to_le_bytes());
        }
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, 28)?);
        rest.copy(record.range(28, len - 28)?);
        self.put(front, rest)
    }

    /// `META_DIBCREATEPATTERNBRUSH`, [MS-WMF] 2.3.4.8.
    fn pattern(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.create()?;
        // Of a plain pattern the colours are colours, whatever is said of them.
        let usage = match record.short(6)? {
            3 => 0,
            5 | 6 => record.short(8)?,
            _ => return Err(Refusal::Unsupported("a pattern of another kind")),
        };
        let mut front = record.front(10)?;
        if let Some(told) = front.get_mut(8..) {
            told.copy_from_slice(&usage.to_le_bytes());
        }
        self.dib(record, front, usage, None)
    }

    /// Numbers up to `len`, and then a bitmap, if there is one: a record without has one spare word in the numbers,
    /// and just as many words as its function says.
    fn bitmap(&mut self, record: &Record<'_>, len: u64, usage: Option<u64>) -> Result<(), Refusal> {
        let usage = usage.map(|usage| record.short(usage)).transpose()?;
        let bare = u64::from(record.function >> 8) + 3;
        if usage.is_none() && record.len == bare * 2 {
            return self.without(record);
        }
        if matches!(record.function, 0x0922 | 0x0B23) {
            return Err(Refusal::Unsupported("a device's bitmap in a metafile"));
        }
        let rows = if record.function == 0x0D33 {
            Some(u32::from(record.short(8)?))
        } else {
            None
        };
        self.dib(record, record.front(len)?, usage.unwrap_or(0), rows)
    }

    /// A bitmap record without a bitmap: the spare word is zero.
    fn without(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let spare = if matches!(record.function, 0x0922 | 0x0940) {
            14
        } else {
            18
        };
        let mut octets = record.front(record.len)?;
        if let Some(spare) = octets.get_mut(spare..spare + 2) {
            spare.fill(0);
        }
        self.remade(record, record.len, octets)
    }

    /// Head, palette and pixels of a bitmap, one behind the other.
    fn dib(
        &mut self,
        record: &Record<'_>,
        front: Vec<u8>,
        usage: u16,
        rows: Option<u32>,
    ) -> Result<(), Refusal> {
        let begin = front.len() as u64;
        let room = record.range(begin, record.len.saturating_sub(begin))?;
        let dib = Dib::read(&record.file, room.clone(), Entries::of(usage.into())?)?;
        let pixels = dib.pixels(&record.file, &(dib.end()..room.end), rows)?;
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, begin)?);
        dib.write_head(&dib.clean(&pixels)?, &mut rest);
        dib.write_pixels(&record.file, &pixels, &mut rest)?;
        self.put(front, rest)
    }

    /// `META_ESCAPE`, [MS-WMF] 2.3.6.1. It goes.
    fn escape(&mut self, record: &Record<'_>, job: &mut Job) -> Result<(), Refusal> {
        let len = record.len.saturating_sub(10).min(200);
        let text = record
            .file
            .read(record.range(record.len.min(10), len)?, 200)?;
        if COPIES
            .iter()
            .any(|front| text.starts_with(front.as_slice()))
        {
            job.found(What::Unknown, "copy of the drawing", "");
            job.remark(Remark::RicherDrawingLost);
            // All that it shows is in the other records as well.
            self.body.rewritten(record.range(0, record.len)?);
        } else {
            job.found_octets(What::Description, "escape record", &text);
        }
        Ok(())
    }
}
