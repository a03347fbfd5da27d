//! Entropy-coded octets, followed code by code: nothing stands between the last code of an interval and its marker
//! (ITU-T T.81, annexes F and G).

use super::bits::{Bits, Codes, End};
use crate::verify::Fault;

/// What is in a scan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Sequential,
    FirstDc,
    RefinedDc,
    FirstAc,
    RefinedAc,
}

/// The tables of a block's first coefficient and of the others, where there are such.
#[derive(Clone, Copy)]
pub(super) struct Tables<'k> {
    pub(super) first: Option<&'k Codes>,
    pub(super) others: Option<&'k Codes>,
}

/// One scan, with what its codes are followed by.
pub(super) struct Scan<'k> {
    pub(super) coding: Coding,
    /// For each block of a unit.
    pub(super) blocks: Vec<Tables<'k>>,
    /// At most 63.
    pub(super) band: (u32, u32),
    /// For each block of the one component: its coefficients that are not zero.
    pub(super) told: &'k mut Vec<u64>,
    pub(super) block: usize,
}

const MISSING: Fault = Fault("a table is missing");

impl Scan<'_> {
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
                let blocks = u32::try_from(self.blocks.len()).unwrap_or(0);
                for _ in 0..units {
                    bits.skip(blocks)?;
                }
            }
            Coding::Sequential => {
                for _ in 0..units {
                    for tables in &self.blocks {
                        bits.first(tables.first.ok_or(MISSING)?)?;
                        bits.others(tables.others.ok_or(MISSING)?)?;
                    }
                }
            }
            Coding::FirstDc => {
                for _ in 0..units {
                    for tables in &self.blocks {
                        bits.first(tables.first.ok_or(MISSING)?)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// One band of the coefficients of each block up to `until`.
    fn bands(&mut self, bits: &mut Bits<'_, '_>, until: usize) -> Result<(), End> {
        let codes = self.blocks.first().and_then(|tables| tables.others);
        let codes = codes.ok_or(MISSING)?;
        let refines = self.coding == Coding::RefinedAc;
        // Blocks that have no new coefficients, this one included.
        let mut empty = 0_u64;
        while self.block < until {
            if empty > 0 && !refines {
                let rest = until - self.block;
                let run = usize::try_from(empty).unwrap_or(rest).min(rest);
                self.block += run;
                empty -= run as u64;
                continue;
            }
            if self.told.len() <= self.block {
                self.told.resize(self.block + 1, 0);
            }
            let told = self.told.get_mut(self.block);
            let told = told.ok_or(Fault("no such block"))?;
            let mut at = self.band.0;
            if empty == 0 {
                (at, empty) = band(bits, codes, self.band, refines, told)?;
            }
            if empty > 0 {
                empty -= 1;
                if refines {
                    bits.skip((*told & places(at, self.band.1)).count_ones())?;
                }
            }
            self.block += 1;
        }
        Ok(())
    }
}

/// The codes of one block's band. Returns where they end, and in how many blocks from this one on no code follows.
fn band(
    bits: &mut Bits<'_, '_>,
    codes: &Codes,
    (first, last): (u32, u32),
    refines: bool,
    told: &mut u64,
) -> Result<(u32, u64), End> {
    let mut at = first;
    while at <= last {
        let symbol = bits.symbol(codes)?;
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 && zeros < 15 {
            return Ok((at, (1 << zeros) + u64::from(bits.number(zeros)?)));
        }
        let mut extra = 0;
        if refines {
            // Only those count among the zeros that are not told; the others have one more bit each.
            let rest = places(at, last);
            let mut gaps = !*told & rest;
            for _ in 0..zeros {
                gaps &= gaps.wrapping_sub(1);
            }
            let place = gaps.trailing_zeros().min(last + 1);
            extra = (*told & rest & places(at, place)).count_ones();
            at = place;
        } else {
            at += zeros;
        }
        bits.skip(size + extra)?;
        if size > 0 && at <= last {
            *told |= 1 << at;
        }
        at += 1;
    }
    Ok((at, 0))
}

/// The places `from` to `last`, as bits.
fn places(from: u32, last: u32) -> u64 {
    let behind = u64::MAX.checked_shl(from).unwrap_or(0);
    let before = u64::MAX >> 63_u32.saturating_sub(last);
    behind & before
}
