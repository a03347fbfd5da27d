//! Records whose length their own numbers tell.

use super::{FIELD, Fault, LENGTH, Record};
use crate::verify::dib;

impl Record<'_> {
    /// Lists of points: bounds, two counts, a count for each list, points.
    pub(super) fn lists(&self, point: usize) -> Result<(), Fault> {
        let lists = self.product(self.size(24)?, 4)?;
        let mut points = 0_usize;
        for count in self.octets(32, lists)?.as_chunks::<4>().0 {
            let count = usize::try_from(u32::from_le_bytes(*count)).map_err(|_| LENGTH)?;
            points = points.checked_add(count).ok_or(LENGTH)?;
        }
        if points != self.size(28)? {
            return Err(FIELD);
        }
        self.ends(32 + lists + self.product(points, point)?)
    }

    pub(super) fn palette(&self, begin: usize, count: usize) -> Result<(), Fault> {
        let len = self.product(count, 4)?;
        let entries = self.octets(begin, len)?;
        if entries.iter().skip(3).step_by(4).any(|&spare| spare != 0) {
            return Err(FIELD);
        }
        self.ends(begin + len)
    }

    pub(super) fn region(&self, told: usize, at: usize) -> Result<(), Fault> {
        let len = self.size(told)?;
        if len == 0 {
            return self.ends(at);
        }
        let rectangles = self.product(self.size(at + 8)?, 16)?;
        let is_right =
            self.is(at, &[32, 1]) && self.size(at + 12)? == rectangles && len == 32 + rectangles;
        if !is_right {
            return Err(FIELD);
        }
        self.ends(at + len)
    }

    /// A font: numbers, a name that ends with zeros, nothing else.
    pub(super) fn font(&self) -> Result<(), Fault> {
        let (letters, _) = self.octets(40, 64)?.as_chunks::<2>();
        let mut behind = letters.iter().skip_while(|letter| **letter != [0, 0]);
        if behind.any(|letter| *letter != [0, 0]) {
            return Err(Fault("something stands behind the name of a font"));
        }
        self.zeros(104, 332)?;
        self.ends(332)
    }

    pub(super) fn text(&self) -> Result<(), Fault> {
        let letters = self.size(44)?;
        let octets = if self.is(0, &[84]) { 2 } else { 1 };
        let end = 76 + self.product(letters, octets)?;
        let whole = end.next_multiple_of(4);
        if !self.is(48, &[76]) {
            return Err(FIELD);
        }
        match self.size(72)? {
            0 => self.ends(end),
            at if at == whole && letters > 0 => {
                let distance = if self.word(52)? & 0x2000 == 0 { 4 } else { 8 };
                self.zeros(end, whole)?;
                self.ends(whole + self.product(letters, distance)?)
            }
            _ => Err(FIELD),
        }
    }

    pub(super) fn small_text(&self) -> Result<(), Fault> {
        let options = self.word(20)?;
        let begin = if options & 0x100 == 0 { 52 } else { 36 };
        let letter = if options & 0x200 == 0 { 2 } else { 1 };
        self.ends(begin + self.product(self.size(16)?, letter)?)
    }

    pub(super) fn gradient(&self) -> Result<(), Fault> {
        let begin = 36 + self.product(self.size(24)?, 16)?;
        let shapes = self.size(28)?;
        match self.word(32)? {
            0 | 1 => {
                let end = begin + self.product(shapes, 8)?;
                self.zeros(end, end + self.product(shapes, 4)?)?;
                self.ends(end + shapes * 4)
            }
            2 => self.ends(begin + self.product(shapes, 12)?),
            _ => Err(FIELD),
        }
    }

    /// Bitmaps one behind the other, each at a whole word: (where their usage stands, where their four numbers stand).
    pub(super) fn bitmaps(&self, kind: u32) -> Result<(), Fault> {
        let mut end = match kind {
            76 => 100,
            77 | 114 | 116 => 108,
            78 => 128,
            79 => 140,
            80 => 76,
            81 => 80,
            95 => 52 + self.product(self.size(48)?, 4)?,
            _ => 32,
        };
        let places: &[(usize, usize)] = match kind {
            78 => &[(80, 84), (108, 112)],
            79 => &[(92, 96), (120, 124)],
            80 | 81 => &[(64, 48)],
            93 | 94 => &[(12, 16)],
            95 => &[(40, 12)],
            _ => &[(80, 84)],
        };
        if kind == 95 && !self.is(36, &[2]) && !self.is(44, &[0]) {
            return Err(FIELD);
        }
        for &(usage, numbers) in places {
            end = self.bitmap(kind, (usage, numbers), end)?;
        }
        self.ends(end)
    }

    /// Where the bitmap ends that begins at `begin`, if there is one.
    fn bitmap(
        &self,
        kind: u32,
        (usage, numbers): (usize, usize),
        begin: usize,
    ) -> Result<usize, Fault> {
        let pen = kind == 95;
        if self.is(numbers, &[0; 4]) {
            return if pen || self.is(usage, &[0]) {
                Ok(begin)
            } else {
                Err(FIELD)
            };
        }
        let usage = if pen {
            u32::from(self.is(36, &[5]) && self.is(40, &[1]))
        } else {
            self.word(usage)?
        };
        let rows = (kind == 80).then(|| self.word(72)).transpose()?;
        let (head_len, pixels) = (self.size(numbers + 4)?, self.size(numbers + 8)?);
        let end = pixels.checked_add(self.size(numbers + 12)?).ok_or(LENGTH)?;
        let head_end = begin.checked_add(head_len).ok_or(LENGTH)?;
        let head = dib::head(self.0, begin as u64, usage)?;
        if self.size(numbers)? != begin
            || head.end != head_end as u64
            || pixels != head_end.next_multiple_of(4)
        {
            return Err(FIELD);
        }
        self.zeros(head_end, pixels)?;
        head.pixels(self.0, &(pixels as u64..end as u64), rows)?;
        let whole = end.next_multiple_of(4);
        self.zeros(end, whole)?;
        Ok(whole)
    }
}
