//! Entropy-coded octets, read bit by bit: nothing stands between the last code of an interval and its marker (ITU-T
//! T.81, annexes F and G).

use crate::source::Cursor;
use crate::verify::Fault;

/// A code table, from the content of its segment.
pub(super) struct Codes {
    /// For each length: the number behind its last code, and what to add to a code for the place of its symbol.
    lengths: [(u32, u32); 16],
    symbols: Vec<u8>,
}

impl Codes {
    /// Nothing when there are more codes of a length than there can be.
    pub(super) fn new(segment: &[u8]) -> Option<Self> {
        let counts = segment.get(1..17)?;
        let mut lengths = [(0, 0); 16];
        let (mut code, mut place, mut room) = (0_u32, 0_u32, 2_u32);
        for (length, &count) in lengths.iter_mut().zip(counts) {
            let offset = place.wrapping_sub(code);
            code += u32::from(count);
            place += u32::from(count);
            if code > room {
                return None;
            }
            *length = (code, offset);
            (code, room) = (code << 1, room << 1);
        }
        let symbols = segment.get(17..)?.to_vec();
        Some(Self { lengths, symbols })
    }
}

/// Why the bits end.
pub(super) enum End {
    /// At a marker: the picture is cut short there, which readers show.
    Marker,
    Fault(Fault),
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Reads no octet before a bit of it is needed.
pub(super) struct Bits<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    octet: u8,
    left: u32,
    /// The marker that was come upon.
    marker: Option<u8>,
}

impl<'c, 'a> Bits<'c, 'a> {
    pub(super) fn new(cursor: &'c mut Cursor<'a>) -> Self {
        Self {
            cursor,
            octet: 0,
            left: 0,
            marker: None,
        }
    }

    fn next(&mut self) -> Result<u8, Fault> {
        let octet = self.cursor.octet()?;
        octet.ok_or(Fault("the end comes within a scan"))
    }

    fn load(&mut self) -> Result<(), End> {
        if self.marker.is_some() {
            return Err(End::Marker);
        }
        self.octet = self.next()?;
        if self.octet == 0xFF {
            let code = self.next()?;
            if code != 0 {
                self.marker = Some(code);
                return Err(End::Marker);
            }
        }
        self.left = 8;
        Ok(())
    }

    fn bit(&mut self) -> Result<u32, End> {
        if self.left == 0 {
            self.load()?;
        }
        self.left -= 1;
        Ok(u32::from(self.octet >> self.left & 1))
    }

    pub(super) fn number(&mut self, bits: u32) -> Result<u32, End> {
        let mut number = 0;
        for _ in 0..bits {
            number = number << 1 | self.bit()?;
        }
        Ok(number)
    }

    pub(super) fn skip(&mut self, mut bits: u32) -> Result<(), End> {
        while bits > self.left {
            bits -= self.left;
            self.load()?;
        }
        self.left -= bits;
        Ok(())
    }

    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, End> {
        let mut code = 0;
        for &(end, offset) in &codes.lengths {
            code = code << 1 | self.bit()?;
            if code < end {
                let place = usize::try_from(code.wrapping_add(offset)).unwrap_or(usize::MAX);
                let symbol = codes.symbols.get(place).copied();
                return Ok(symbol.ok_or(Fault("a code without a symbol"))?);
            }
        }
        Err(Fault("a code that no table has").into())
    }

    /// Ends an interval whose codes were all read, or which was cut short: its spare bits are set, and a marker
    /// follows at once. Returns that marker.
    pub(super) fn end(&mut self, is_short: bool) -> Result<u8, Fault> {
        let spare = (1_u16 << self.left) - 1;
        let is_set = u16::from(self.octet) & spare == spare;
        if !is_short && !is_set {
            return Err(Fault("spare bits that are not set"));
        }
        self.left = 0;
        if let Some(code) = self.marker.take() {
            return Ok(code);
        }
        match (self.next()?, self.next()?) {
            (0xFF, code) if code != 0 => Ok(code),
            _ => Err(Fault("octets behind the last code")),
        }
    }
}

/// What is in a scan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Sequential,
    FirstDc,
    RefinedDc,
    FirstAc,
    RefinedAc,
}

/// One scan, with what its codes are followed by.
pub(super) struct Scan<'k> {
    pub(super) coding: Coding,
    /// For each block of a unit: the tables of its first coefficient and of the others.
    pub(super) blocks: Vec<(usize, usize)>,
    pub(super) codes: &'k [Option<Codes>; 8],
    pub(super) band: (u32, u32),
    /// For each block of the one component: its coefficients that are not zero.
    pub(super) told: &'k mut Vec<u64>,
    pub(super) block: usize,
}

impl Scan<'_> {
    fn table(&self, number: usize) -> Result<&Codes, Fault> {
        let table = self.codes.get(number).and_then(Option::as_ref);
        table.ok_or(Fault("a table is missing"))
    }

    /// Reads so many units.
    pub(super) fn read(&mut self, bits: &mut Bits<'_, '_>, units: u64) -> Result<(), End> {
        match self.coding {
            Coding::FirstAc | Coding::RefinedAc => {
                let until = self
                    .block
                    .saturating_add(usize::try_from(units).unwrap_or(usize::MAX));
                let read = self.bands(bits, until);
                self.block = until;
                return read;
            }
            Coding::RefinedDc => {
                for _ in 0..units {
                    bits.skip(u32::try_from(self.blocks.len()).unwrap_or(0))?;
                }
            }
            Coding::Sequential | Coding::FirstDc => {
                for _ in 0..units {
                    for &(dc, ac) in &self.blocks {
                        let size = bits.symbol(self.table(dc)?)?;
                        bits.skip(size.into())?;
                        if self.coding == Coding::Sequential {
                            others(bits, self.table(ac)?)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// One band of the coefficients of each block up to `until`.
    fn bands(&mut self, bits: &mut Bits<'_, '_>, until: usize) -> Result<(), End> {
        let ac = self.blocks.first().map_or(usize::MAX, |&(_, ac)| ac);
        let table = self.codes.get(ac).and_then(Option::as_ref);
        let table = table.ok_or(Fault("a table is missing"))?;
        let (first, last) = self.band;
        let refines = self.coding == Coding::RefinedAc;
        // Blocks that have no new coefficients, this one included.
        let mut empty = 0_u64;
        while self.block < until {
            if self.told.len() <= self.block {
                self.told.resize(self.block + 1, 0);
            }
            let told = self
                .told
                .get_mut(self.block)
                .ok_or(Fault("no such block"))?;
            let mut at = first;
            while empty == 0 && at <= last {
                let symbol = bits.symbol(table)?;
                let (mut zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
                if size == 0 && zeros < 15 {
                    empty = (1 << zeros) + u64::from(bits.number(zeros)?);
                    break;
                }
                bits.skip(size)?;
                while refines && at <= last && (zeros > 0 || *told >> at & 1 == 1) {
                    if *told >> at & 1 == 1 {
                        bits.skip(1)?;
                    } else {
                        zeros -= 1;
                    }
                    at += 1;
                }
                at += zeros;
                if size > 0 && at <= last {
                    *told |= 1 << at;
                }
                at += 1;
            }
            if empty > 0 {
                empty -= 1;
                if refines {
                    let rest = (at..=last).filter(|at| *told >> at & 1 == 1).count();
                    bits.skip(u32::try_from(rest).unwrap_or(0))?;
                }
            }
            self.block += 1;
        }
        Ok(())
    }
}

/// The coefficients behind the first of a block.
fn others(bits: &mut Bits<'_, '_>, codes: &Codes) -> Result<(), End> {
    let mut at = 1;
    while at < 64 {
        let symbol = bits.symbol(codes)?;
        let (zeros, size) = (symbol >> 4, symbol & 15);
        if size == 0 && zeros != 15 {
            break;
        }
        bits.skip(size.into())?;
        at += zeros + 1;
    }
    Ok(())
}
