//! JPEG: one order of segments, each of its exact length, no table that its scan does not use, and the end right behind
//! the last scan.

mod bits;
mod entropy;
mod frame;
#[cfg(test)]
mod tests;

use self::bits::{Bits, Codes, End};
use self::frame::{Frame, Header, followed};
use super::{Fault, Views, exif, icc};
use crate::source::{Cursor, Source};

const JFIF: [u8; 9] = *b"\0\x10JFIF\0\x01\x01";
const ADOBE: [u8; 13] = *b"\0\x0EAdobe\0\x64\0\0\0\0";
const EXIF: [u8; 8] = *b"\0\x22Exif\0\0";
const PROFILE: [u8; 12] = *b"ICC_PROFILE\0";

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut walk = Walk {
        cursor: file.cursor(0),
        pending: Vec::new(),
        frame: None,
        interval: 0,
        scans: 0,
        codes: Default::default(),
        told: Vec::new(),
    };
    if walk.marker()? != 0xD8 {
        return Err(Fault("no start of the image"));
    }
    let mut marker = walk.front()?;
    while marker != 0xD9 {
        marker = walk.segment(marker)?;
    }
    if walk.cursor.octet()?.is_some() {
        return Err(Fault("octets behind the end of the image"));
    }
    if walk.scans == 0 || !walk.pending.is_empty() {
        return Err(Fault("no scan behind the last table"));
    }
    Ok(())
}

struct Walk<'a> {
    cursor: Cursor<'a>,
    /// The tables that stand before the next scan: marker and first octet.
    pending: Vec<(u8, u8)>,
    frame: Option<Frame>,
    interval: u16,
    scans: usize,
    /// Four tables for first coefficients, four for the others, as they are now.
    codes: [Option<Codes>; 8],
    /// For each component, for each of its blocks: its coefficients that are not zero so far.
    told: Vec<Vec<u64>>,
}

impl Walk<'_> {
    fn marker(&mut self) -> Result<u8, Fault> {
        match self.cursor.array()? {
            [0xFF, code] => Ok(code),
            _ => Err(Fault("no marker where one has to be")),
        }
    }

    fn octet(&mut self) -> Result<u8, Fault> {
        self.cursor.octet()?.ok_or(Fault("the end comes too early"))
    }

    fn number(&mut self) -> Result<usize, Fault> {
        Ok(u16::from_be_bytes(self.cursor.array()?).into())
    }

    fn octets(&mut self, len: usize) -> Result<Vec<u8>, Fault> {
        (0..len).map(|_| self.octet()).collect()
    }

    fn expect<const N: usize>(&mut self, expected: &[u8; N]) -> Result<(), Fault> {
        if &self.cursor.array::<N>()? == expected {
            Ok(())
        } else {
            Err(Fault("an application segment is not of the one form"))
        }
    }

    /// The application segments, each at most once and in one order. Returns the marker behind them.
    fn front(&mut self) -> Result<u8, Fault> {
        let mut marker = self.marker()?;
        if marker == 0xE0 {
            self.expect(&JFIF)?;
            let [unit, x1, x2, y1, y2, w, h] = self.cursor.array()?;
            let (x, y) = (u16::from_be_bytes([x1, x2]), u16::from_be_bytes([y1, y2]));
            if (unit, w, h) != (0, 0, 0) || common_divisor(x, y) != 1 {
                return Err(Fault("a JFIF segment says more than the shape of a pixel"));
            }
            marker = self.marker()?;
        }
        if marker == 0xEE {
            self.expect(&ADOBE)?;
            if self.octet()? > 2 {
                return Err(Fault("an unknown colour transform"));
            }
            marker = self.marker()?;
        }
        if marker == 0xE1 {
            self.expect(&EXIF)?;
            exif::verify(&self.cursor.array::<26>()?)?;
            marker = self.marker()?;
        }
        if marker == 0xE2 {
            marker = self.profile()?;
        }
        Ok(marker)
    }

    /// A colour profile in parts that are as long as they can be. Returns the marker behind it.
    fn profile(&mut self) -> Result<u8, Fault> {
        let mut profile = Vec::new();
        let mut number = 1;
        let mut last = None;
        loop {
            let len = self.number()?;
            self.expect(&PROFILE)?;
            let [this, count] = self.cursor.array()?;
            if this != number || *last.get_or_insert(count) != count {
                return Err(Fault("parts of a colour profile are not in order"));
            }
            let part = len.checked_sub(16).ok_or(Fault("an empty part"))?;
            if part == 0 || (number < count && part != 65_519) {
                return Err(Fault("a part of a colour profile could be longer"));
            }
            profile.extend(self.octets(part)?);
            let marker = self.marker()?;
            if number == count {
                icc::verify(&profile)?;
                return Ok(marker);
            }
            if marker != 0xE2 {
                return Err(Fault("a part of a colour profile is missing"));
            }
            number += 1;
        }
    }

    /// Checks what `marker` begins. Returns the next marker.
    fn segment(&mut self, marker: u8) -> Result<u8, Fault> {
        if marker == 0xDA {
            let scan = self.scan()?;
            return self.entropy(&scan);
        }
        let len = self.number()?.checked_sub(2).ok_or(Fault("no length"))?;
        let octets = self.octets(len)?;
        let front = *octets.first().ok_or(Fault("an empty segment"))?;
        match marker {
            0xDB => {
                let (precision, number) = (front >> 4, front & 15);
                if precision > 1 || number > 3 || len != 1 + 64 * (1 + usize::from(precision)) {
                    return Err(Fault("a quantiser is not of its length"));
                }
                self.pend(marker, number)?;
            }
            0xC4 => {
                let counts = octets.get(1..17).ok_or(Fault("a code is cut short"))?;
                let symbols = counts.iter().map(|&n| usize::from(n)).sum::<usize>();
                if front & 0xEC != 0 || symbols > 256 || len != 17 + symbols {
                    return Err(Fault("a code is not of its length"));
                }
                self.pend(marker, front)?;
                let place = usize::from(front >> 4) * 4 + usize::from(front & 3);
                if let Some(slot) = self.codes.get_mut(place) {
                    *slot = Codes::new(&octets);
                }
            }
            0xDD => {
                let &[h, l] = octets.as_slice() else {
                    return Err(Fault("a restart interval is not of its length"));
                };
                let interval = u16::from_be_bytes([h, l]);
                if interval == self.interval {
                    return Err(Fault("a restart interval that changes nothing"));
                }
                self.interval = interval;
                self.pend(marker, 0)?;
            }
            0xC0..=0xC3 => self.frame(marker, &octets)?,
            0xDC => {
                let wanted = self.frame.as_ref().is_some_and(|frame| frame.no_height);
                if !wanted || self.scans != 1 || !self.pending.is_empty() || len != 2 {
                    return Err(Fault("a number of lines that is not needed"));
                }
                if let Some(frame) = &mut self.frame {
                    frame.no_height = false;
                    let lines = octets.iter().map(|&octet| u64::from(octet));
                    frame.height = lines.fold(0, |height, octet| height << 8 | octet);
                }
            }
            _ => return Err(Fault("a segment that should not be there")),
        }
        self.marker()
    }

    /// Remembers a table. Before each scan they stand in one order: quantisers, the frame before the first scan, codes,
    /// the restart interval.
    fn pend(&mut self, marker: u8, number: u8) -> Result<(), Fault> {
        let rank = |marker: u8| match marker {
            0xDB => 0,
            0xC4 => 2,
            _ => 3,
        };
        let new = (rank(marker), number);
        let follows = self
            .pending
            .last()
            .is_none_or(|&(marker, number)| (rank(marker), number) < new);
        let has_frame = self.frame.is_some();
        let is_in_place = self.scans > 0 || has_frame == (marker != 0xDB);
        if !follows || !is_in_place {
            return Err(Fault("a table stands in the wrong place"));
        }
        self.pending.push((marker, number));
        Ok(())
    }

    fn frame(&mut self, kind: u8, octets: &[u8]) -> Result<(), Fault> {
        let (&[_, h1, h2, w1, w2, count], rest) = octets
            .split_first_chunk()
            .ok_or(Fault("a frame header is cut short"))?;
        let (components, tail) = rest.as_chunks::<3>();
        if self.frame.is_some() || components.len() != usize::from(count) || !tail.is_empty() {
            return Err(Fault("a frame header is not of its length"));
        }
        self.frame = Some(Frame {
            kind,
            no_height: (h1, h2) == (0, 0),
            width: u16::from_be_bytes([w1, w2]).into(),
            height: u16::from_be_bytes([h1, h2]).into(),
            components: components.to_vec(),
        });
        self.told.resize_with(usize::from(count), Vec::new);
        Ok(())
    }

    /// A scan header, and that each table before it is one that it uses.
    fn scan(&mut self) -> Result<Header, Fault> {
        let len = self.number()?;
        let count = usize::from(self.octet()?);
        if len != 6 + 2 * count {
            return Err(Fault("a scan header is not of its length"));
        }
        let parts = self.octets(2 * count)?;
        let [first, last, approximation] = self.cursor.array()?;
        let frame = self.frame.as_ref().ok_or(Fault("a scan without a frame"))?;
        let (first_used, others_used) = match frame.kind {
            0xC3 => (true, false),
            0xC2 if first > last || last > 63 => {
                return Err(Fault("a band of coefficients that no block has"));
            }
            0xC2 => (first == 0 && approximation < 16, last > 0),
            _ if (first, last, approximation) == (0, 63, 0) => (true, true),
            _ => return Err(Fault("a sequential scan of a part of the coefficients")),
        };
        let mut used = vec![(0xDD, 0)];
        let mut chosen = Vec::new();
        for &[id, tables] in parts.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|known| known[0] == id);
            let index = index.ok_or(Fault("a scan of an unknown component"))?;
            used.extend(frame.components.get(index).map(|known| (0xDB, known[2])));
            chosen.push((index, tables));
            let (dc, ac) = (tables >> 4, tables & 15);
            if (!first_used && dc != 0) || (!others_used && ac != 0) {
                return Err(Fault("a scan names a table that it does not use"));
            }
            used.extend(first_used.then_some((0xC4, dc)));
            used.extend(others_used.then_some((0xC4, 0x10 | ac)));
        }
        if !self.pending.drain(..).all(|table| used.contains(&table)) {
            return Err(Fault("a table that no scan uses"));
        }
        self.scans += 1;
        Ok(Header {
            chosen,
            band: (first, last),
            approximation,
        })
    }

    /// Reads entropy-coded octets. Returns the marker behind them.
    fn entropy(&mut self, header: &Header) -> Result<u8, Fault> {
        let frame = self.frame.as_ref().ok_or(Fault("a scan without a frame"))?;
        let Some((mut left, coding, blocks)) = followed(frame, header, &self.codes) else {
            return self.entropy_as_it_is();
        };
        let index = header.chosen.first().map_or(0, |part| part.0);
        let mut scan = entropy::Scan {
            coding,
            blocks,
            band: (header.band.0.into(), header.band.1.into()),
            told: self.told.get_mut(index).ok_or(Fault("no such component"))?,
            block: 0,
        };
        let mut bits = Bits::new(&mut self.cursor);
        loop {
            let interval = u64::from(self.interval);
            let units = if interval == 0 {
                left
            } else {
                left.min(interval)
            };
            let is_short = match scan.read(&mut bits, units) {
                Ok(()) => false,
                Err(End::Marker) => true,
                Err(End::Fault(fault)) => return Err(fault),
            };
            left -= units;
            match bits.end(is_short)? {
                0xD0..=0xD7 if left > 0 => {}
                0xD0..=0xD7 => return Err(Fault("a restart behind the last interval")),
                marker => return Ok(marker),
            }
        }
    }

    /// Steps over entropy-coded octets whose codes cannot be followed. Returns the marker behind them.
    fn entropy_as_it_is(&mut self) -> Result<u8, Fault> {
        loop {
            let window = self.cursor.window()?;
            let len = window.len();
            if len == 0 {
                return Err(Fault("the end comes within a scan"));
            }
            let found = window.iter().position(|&octet| octet == 0xFF);
            self.cursor.skip(found.unwrap_or(len) as u64)?;
            if found.is_none() {
                continue;
            }
            match self.marker()? {
                0 => {}
                0xD0..=0xD7 if self.interval > 0 => {}
                marker => return Ok(marker),
            }
        }
    }
}

fn common_divisor(x: u16, y: u16) -> u16 {
    let (mut a, mut b) = (x, y);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
