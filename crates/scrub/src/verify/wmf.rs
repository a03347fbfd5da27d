//! Windows metafiles: headers that say only what the records make them, and records that draw, each exactly as long as
//! its numbers need ([MS-WMF]).

use super::emf::hidden;
use super::{Fault, Views, dib};
use crate::source::Source;

/// A record is held in memory up to this length.
const LARGEST: usize = 256 << 20;
const LENGTH: Fault = Fault("a record of a metafile is not of its length");
const FIELD: Fault = Fault("a field of a metafile is not of the one form");

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let mut start = 0;
    if file.array(0)? == *b"\xD7\xCD\xC6\x9A" {
        placed(&file.array::<22>(0)?)?;
        start = 22;
    }
    let header: [u8; 18] = file.array(start)?;
    let header = Record(&header);
    let mut at = start + 18;
    let (mut objects, mut longest) = (Objects::default(), 3);
    loop {
        let words = u64::from(u32::from_le_bytes(file.array(at)?));
        let octets = file.read(at..at + words * 2, LARGEST)?;
        let record = Record(&octets);
        at += words * 2;
        longest = longest.max(words);
        if record.number(4)? == 0 {
            if words != 3 {
                return Err(LENGTH);
            }
            break;
        }
        record.check(&mut objects)?;
        record.show(views)?;
    }
    let is_right = header.0.starts_with(&[1, 0, 9, 0, 0, 3])
        && u64::from(header.long(6)?) * 2 == file.len() - start
        && header.number(10)? == objects.most
        && u64::from(header.long(12)?) == longest
        && header.number(16)? == 0;
    if is_right && at == file.len() {
        Ok(())
    } else {
        Err(Fault("the header of a metafile"))
    }
}

/// The header that places the picture: nothing but frame, unit and the sum.
fn placed(header: &[u8; 22]) -> Result<(), Fault> {
    let (words, _) = header.as_chunks::<2>();
    let sum = words
        .iter()
        .fold(0, |sum, word| sum ^ u16::from_le_bytes(*word));
    let is_zero = |at: usize| header.get(at..at + 2) == Some(&[0, 0]);
    // All words with their own sum come to nothing.
    if sum == 0 && is_zero(4) && is_zero(16) && is_zero(18) {
        Ok(())
    } else {
        Err(Fault("the header that places a metafile"))
    }
}

/// How many objects there were at once: a new one takes the lowest number that is free.
#[derive(Default)]
struct Objects {
    free: std::collections::BTreeSet<u16>,
    most: usize,
}

impl Objects {
    fn add(&mut self) {
        if self.free.pop_first().is_none() {
            self.most += 1;
        }
    }

    fn remove(&mut self, number: usize) {
        if number < self.most {
            self.free.extend(u16::try_from(number));
        }
    }
}

/// The octets of one record.
struct Record<'a>(&'a [u8]);

impl Record<'_> {
    fn number(&self, at: usize) -> Result<usize, Fault> {
        let two = self.0.get(at..).and_then(<[u8]>::first_chunk);
        two.map(|two| u16::from_le_bytes(*two).into()).ok_or(LENGTH)
    }

    fn long(&self, at: usize) -> Result<u32, Fault> {
        let four = self.0.get(at..).and_then(<[u8]>::first_chunk);
        four.map(|four| u32::from_le_bytes(*four)).ok_or(LENGTH)
    }

    /// Holds that the record is so long, but for a zero that makes it even.
    fn ends(&self, len: usize) -> Result<(), Fault> {
        if len.next_multiple_of(2) != self.0.len() {
            return Err(LENGTH);
        }
        self.zeros(len, self.0.len())
    }

    fn zeros(&self, from: usize, to: usize) -> Result<(), Fault> {
        let octets = self.0.get(from..to).ok_or(LENGTH)?;
        if octets.iter().all(|&octet| octet == 0) {
            Ok(())
        } else {
            Err(FIELD)
        }
    }

    fn check(&self, objects: &mut Objects) -> Result<(), Fault> {
        let function = self.number(4)?;
        match function {
            0x00F7 | 0x0142 | 0x02FA..=0x02FC | 0x06FF => objects.add(),
            0x01F0 => objects.remove(self.number(6)?),
            _ => {}
        }
        match function {
            0x0037 | 0x00F7 | 0x0436 => self.palette(),
            0x0142 => self.pattern(),
            0x02FA => self.zeros(10, 12).and_then(|()| self.ends(16)),
            0x02FB => self.font(),
            0x02FC => self.brush(),
            0x0324 | 0x0325 => self.ends(8 + self.number(6)? * 4),
            0x0538 => self.polygons(),
            0x0521 => self.text(),
            0x0A32 => self.placed_text(),
            0x06FF => self.region(),
            0x0922 | 0x0B23 => self.bare(),
            0x0940 | 0x0B41 if self.0.len() == (function >> 8) * 2 + 6 => self.bare(),
            0x0940 => self.bitmap(22, 0, None),
            0x0B41 => self.bitmap(26, 0, None),
            0x0D33 => self.bitmap(24, self.number(6)?, Some(self.number(8)?)),
            0x0F43 => self.bitmap(28, self.number(10)?, None),
            _ => self
                .ends(6 + fixed(function).ok_or(Fault("a record that should not be there"))? * 2),
        }
    }

    fn palette(&self) -> Result<(), Fault> {
        let entries = self.0.get(10..).ok_or(LENGTH)?;
        if entries.iter().skip(3).step_by(4).any(|&spare| spare != 0) {
            return Err(FIELD);
        }
        self.ends(10 + self.number(8)? * 4)
    }

    fn brush(&self) -> Result<(), Fault> {
        match self.number(6)? {
            0 | 1 => self.zeros(12, 14)?,
            2 => {}
            _ => return Err(FIELD),
        }
        self.ends(14)
    }

    fn font(&self) -> Result<(), Fault> {
        let name = self.0.get(24..).ok_or(LENGTH)?;
        let mut behind = name.iter().skip_while(|&&octet| octet != 0);
        if behind.any(|&octet| octet != 0) {
            return Err(Fault("something stands behind the name of a font"));
        }
        self.ends(56)
    }

    fn polygons(&self) -> Result<(), Fault> {
        let lists = self.number(6)?;
        let mut points = 0;
        for list in 0..lists {
            points += self.number(8 + list * 2)?;
        }
        self.ends(8 + lists * 2 + points * 4)
    }

    fn text(&self) -> Result<(), Fault> {
        let end = 8 + self.number(6)?;
        self.zeros(end, end.next_multiple_of(2))?;
        self.ends(end.next_multiple_of(2) + 4)
    }

    fn placed_text(&self) -> Result<(), Fault> {
        let (len, options) = (self.number(10)?, self.number(12)?);
        let end = if options & 6 == 0 { 14 } else { 22 } + len;
        let whole = end.next_multiple_of(2);
        self.zeros(end, whole)?;
        if self.0.len() == whole {
            return Ok(());
        }
        self.ends(whole + len * if options & 0x2000 == 0 { 2 } else { 4 })
    }

    fn region(&self) -> Result<(), Fault> {
        let mut end = 28;
        for _ in 0..self.number(16)? {
            let count = self.number(end)?;
            end += 6 + count * 2;
            if self.number(end)? != count {
                return Err(FIELD);
            }
            end += 2;
        }
        if self.number(8)? != 6 || self.number(14)? != end - 6 {
            return Err(FIELD);
        }
        self.zeros(6, 8)?;
        self.zeros(10, 14)?;
        self.ends(end)
    }

    fn pattern(&self) -> Result<(), Fault> {
        let (style, usage) = (self.number(6)?, self.number(8)?);
        if !matches!((style, usage), (3, 0) | (5 | 6, _)) {
            return Err(FIELD);
        }
        self.bitmap(10, usage, None)
    }

    /// A record for bitmaps that has none.
    fn bare(&self) -> Result<(), Fault> {
        let function = self.number(4)?;
        let spare = if function < 0x0B00 { 14 } else { 18 };
        self.zeros(spare, spare + 2)?;
        self.ends((function >> 8) * 2 + 6)
    }

    fn bitmap(&self, begin: usize, usage: usize, rows: Option<usize>) -> Result<(), Fault> {
        let usage = u32::try_from(usage).map_err(|_| FIELD)?;
        let rows = rows.map(u32::try_from).transpose().map_err(|_| FIELD)?;
        let head = dib::head(self.0, begin as u64, usage)?;
        let len = head.rows_len(rows).or(head.told()).ok_or(FIELD)?;
        let end = head.end.checked_add(len).ok_or(LENGTH)?;
        head.pixels(self.0, &(head.end..end), rows)?;
        self.ends(usize::try_from(end).map_err(|_| LENGTH)?)
    }

    /// Shows text as text; the name of a font, which is the system's, not at all; and all else as hidden.
    fn show(&self, views: &mut Views<'_>) -> Result<(), Fault> {
        let (from, len) = match self.number(4)? {
            0x02FB => (24, 32),
            0x0521 => (8, self.number(6)?),
            0x0A32 if self.number(12)? & 6 == 0 => (14, self.number(10)?),
            0x0A32 => (22, self.number(10)?),
            _ => (self.0.len(), 0),
        };
        let text = self.0.get(from..from + len).ok_or(LENGTH)?;
        if self.number(4)? != 0x02FB {
            let text: String = text.iter().map(|&octet| char::from(octet)).collect();
            views.text(&text);
        }
        hidden(self.0.get(..from).unwrap_or_default(), views);
        hidden(self.0.get(from + len..).unwrap_or_default(), views);
        Ok(())
    }
}

/// Words behind the head of a record that is always as long.
fn fixed(function: usize) -> Option<usize> {
    Some(match function {
        0x001E | 0x0035 => 0,
        0x0102..=0x0104
        | 0x0106..=0x0108
        | 0x0127
        | 0x012A..=0x012E
        | 0x0139
        | 0x0149
        | 0x01F0
        | 0x0234 => 1,
        0x0201 | 0x0209..=0x020F | 0x0211 | 0x0213 | 0x0214 | 0x0220 | 0x0228 | 0x0231 => 2,
        0x0410 | 0x0412 | 0x0415 | 0x0416 | 0x0418 | 0x0419 | 0x041B | 0x041F | 0x0429 => 4,
        0x0548 => 5,
        0x061C | 0x061D => 6,
        0x0817 | 0x081A | 0x0830 => 8,
        _ => return None,
    })
}
