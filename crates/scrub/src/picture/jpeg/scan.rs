//! Entropy-coded octets: walked code by code, to find where the last block ends, and copied up to there.
//!
//! What stands behind the last block of a scan or of a restart interval no reader looks at, and nothing else tells
//! where that is. Nothing is decoded: of each code only its length matters.

use super::bits::{Bits, Codes, Stop};
use super::frame::{Frame, Scan};
use super::tables::Tables;
use crate::Refusal;
use crate::plan::Plan;
use crate::source::Source;

/// More interruptions than this no encoder makes.
const MAX_CUTS: usize = 1 << 17;
/// Blocks of which a progressive picture's earlier scans are remembered: 24 MiB.
const MAX_BLOCKS: u64 = 3 << 20;

/// For each component of a frame, for each of its blocks: which coefficients earlier scans have told of.
pub(super) type Known = Vec<Vec<u64>>;

/// Copies a scan that begins at `begin`. Returns where the marker behind it begins.
pub(super) fn copy(
    file: &Source<'_>,
    begin: u64,
    (frame, scan): (&Frame, &Scan),
    tables: &Tables,
    known: &mut Known,
    plan: &mut Plan,
) -> Result<u64, Refusal> {
    let interval = u64::from(tables.interval());
    let Some(mut walk) = Walk::new(frame, scan, tables, known) else {
        return copy_to_marker(file, begin, interval > 0, plan);
    };
    let mut bits = Bits::new(file, begin);
    let mut from = begin;
    let mut cuts = 0;
    let mut left = walk.units;
    loop {
        let units = if interval == 0 {
            left
        } else {
            left.min(interval)
        };
        match walk.walk(&mut bits, units) {
            Ok(()) => {}
            Err(Stop::Short) => bits.use_all(),
            Err(Stop::Refused(refusal)) => return Err(refusal),
        }
        left -= units;
        let cut = bits.cut();
        let is_padded = cut.padded.is_some() && cut.end > from;
        if let Some((at, octet)) = cut.padded.filter(|_| is_padded) {
            plan.copy(from..at);
            plan.put(if octet == 0xFF {
                &[0xFF, 0]
            } else {
                std::slice::from_ref(&octet)
            });
            plan.rewritten(at..cut.end);
        } else {
            plan.copy(from..cut.end.max(from));
        }
        let (at, code) = bits.marker()?;
        cuts += usize::from(is_padded || at != cut.end);
        if cuts > MAX_CUTS {
            return Err(Refusal::Damaged);
        }
        match code {
            Some(0xD0..=0xD7) if left > 0 => {
                bits.pass_marker();
                from = at;
                if interval == 0 {
                    return Err(Refusal::Damaged);
                }
            }
            // Some encoders end the last interval, too.
            Some(0xD0..=0xD7) => {
                bits.pass_marker();
                let (at, _) = bits.marker()?;
                return Ok(at);
            }
            // Cut short: what is missing is grey.
            _ => return Ok(at),
        }
    }
}

/// Copies a scan whose codes are not followed, up to the next marker.
fn copy_to_marker(
    file: &Source<'_>,
    begin: u64,
    restarts: bool,
    plan: &mut Plan,
) -> Result<u64, Refusal> {
    let mut bits = Bits::new(file, begin);
    loop {
        match bits.marker()? {
            (_, Some(0xD0..=0xD7)) if restarts => bits.pass_marker(),
            (at, _) => {
                plan.copy(begin..at);
                return Ok(at);
            }
        }
    }
}

/// What a walk through a scan needs.
struct Walk<'k> {
    kind: Kind,
    /// For each block of a unit: the places of its tables in `codes`.
    blocks: Vec<(usize, usize)>,
    codes: Vec<Codes>,
    /// Units of one or more blocks, between which a restart may stand.
    units: u64,
    first: u32,
    last: u32,
    /// Which coefficients of the one component earlier scans have told of.
    known: &'k mut Vec<u64>,
    /// The number of the next block.
    block: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sequential,
    FirstDc,
    RefinedDc,
    FirstAc,
    RefinedAc,
}

impl<'k> Walk<'k> {
    /// Nothing for a scan whose codes cannot be followed: without loss, of unknown height, without its tables.
    fn new(frame: &Frame, scan: &Scan, tables: &Tables, known: &'k mut Known) -> Option<Self> {
        if frame.is_lossless() || frame.height == 0 {
            return None;
        }
        let kind = match (frame.is_progressive(), scan.first, scan.approximation >> 4) {
            (false, ..) => Kind::Sequential,
            (true, 0, 0) if scan.last == 0 => Kind::FirstDc,
            (true, 0, _) if scan.last == 0 => Kind::RefinedDc,
            (true, 1.., 0) if scan.parts.len() == 1 => Kind::FirstAc,
            (true, 1.., _) if scan.parts.len() == 1 => Kind::RefinedAc,
            _ => return None,
        };
        let mut codes = Vec::new();
        let mut blocks = Vec::new();
        let is_single = scan.parts.len() == 1;
        for &(index, dc, ac) in &scan.parts {
            let pair = (codes.len(), codes.len() + 1);
            for front in [dc, 0x10 | ac] {
                // A table that is missing and needed has no codes, so that the walk refuses the first one.
                let is_needed = match kind {
                    Kind::Sequential => true,
                    Kind::FirstDc => front < 0x10,
                    Kind::RefinedDc => false,
                    Kind::FirstAc | Kind::RefinedAc => front >= 0x10,
                };
                let table = if is_needed {
                    tables.codes(front)
                } else {
                    &[0; 17]
                };
                codes.push(Codes::new(table)?);
            }
            let (h, v) = frame.components.get(index)?.sampling();
            let count = if is_single { 1 } else { h * v };
            blocks.extend(std::iter::repeat_n(pair, usize::try_from(count).ok()?));
        }
        let units = frame.units(if is_single {
            Some(scan.parts.first()?.0)
        } else {
            None
        });
        let is_remembered = matches!(kind, Kind::FirstAc | Kind::RefinedAc);
        if is_remembered && units > MAX_BLOCKS {
            return None;
        }
        let index = scan.parts.first()?.0;
        known.resize_with(frame.components.len(), Vec::new);
        Some(Self {
            kind,
            blocks,
            codes,
            units,
            first: scan.first.into(),
            last: scan.last.into(),
            known: known.get_mut(index)?,
            block: 0,
        })
    }

    /// Walks through so many units.
    fn walk(&mut self, bits: &mut Bits<'_, '_>, units: u64) -> Result<(), Stop> {
        match self.kind {
            Kind::FirstAc | Kind::RefinedAc => {
                let end = self
                    .block
                    .saturating_add(usize::try_from(units).unwrap_or(0));
                let walked = self.walk_bands(bits, end);
                self.block = end;
                walked
            }
            Kind::RefinedDc => {
                for _ in 0..units {
                    let blocks = u32::try_from(self.blocks.len()).unwrap_or(0);
                    bits.skip(blocks)?;
                }
                Ok(())
            }
            Kind::Sequential | Kind::FirstDc => {
                let has_others = self.kind == Kind::Sequential;
                for _ in 0..units {
                    for &(dc, ac) in &self.blocks {
                        let symbol = bits.symbol(self.codes(dc)?)?;
                        bits.skip(length(symbol)?)?;
                        if has_others {
                            bits.others(self.codes(ac)?)?;
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn codes(&self, place: usize) -> Result<&Codes, Refusal> {
        self.codes.get(place).ok_or(Refusal::Damaged)
    }

    /// A band of a progressive picture's coefficients (T.81, G.1.2.2 and G.1.2.3), up to the block `end`.
    fn walk_bands(&mut self, bits: &mut Bits<'_, '_>, end: usize) -> Result<(), Stop> {
        let refines = self.kind == Kind::RefinedAc;
        let codes = self.codes.get(1).ok_or(Refusal::Damaged)?;
        while self.block < end {
            let mut run = 0;
            let mut at = self.first;
            while at <= self.last {
                let symbol = bits.symbol(codes)?;
                let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
                if size == 0 && zeros < 15 {
                    run = (1 << zeros) + u64::from(bits.number(zeros)?);
                    break;
                }
                bits.skip(size)?;
                at = if refines {
                    refine(bits, self.known.get(self.block), at, self.last, zeros)?
                } else {
                    at + zeros
                };
                if size > 0 && at <= self.last {
                    remember(self.known, self.block, at)?;
                }
                at += 1;
            }
            if run == 0 {
                self.block += 1;
                continue;
            }
            // The run begins in the middle of this block.
            let until = end.min(self.block.saturating_add(usize::try_from(run).unwrap_or(0)));
            if refines {
                let told = until.min(self.known.len()).max(self.block);
                for block in self.block..told {
                    let from = if block == self.block { at } else { self.first };
                    let band = self.known.get(block).copied().unwrap_or(0) & band(from, self.last);
                    bits.skip_many(band.count_ones())?;
                }
            }
            self.block = until;
        }
        Ok(())
    }
}

fn remember(known: &mut Vec<u64>, block: usize, coefficient: u32) -> Result<(), Refusal> {
    if known.len() <= block {
        known.resize(block + 1, 0);
    }
    *known.get_mut(block).ok_or(Refusal::Damaged)? |= 1 << coefficient;
    Ok(())
}

/// Steps over the bits that refine known coefficients, up to the coefficient behind `zeros` unknown ones. Returns its
/// place.
fn refine(
    bits: &mut Bits<'_, '_>,
    known: Option<&u64>,
    mut at: u32,
    last: u32,
    mut zeros: u32,
) -> Result<u32, Stop> {
    let known = known.copied().unwrap_or(0);
    while at <= last {
        if known >> at & 1 == 1 {
            bits.skip(1)?;
        } else if zeros == 0 {
            return Ok(at);
        } else {
            zeros -= 1;
        }
        at += 1;
    }
    Ok(at)
}

/// The coefficients `from` to `last`, as bits.
fn band(from: u32, last: u32) -> u64 {
    let upper = u64::MAX >> (63 - last.min(63));
    if from > last {
        0
    } else {
        upper & u64::MAX << from
    }
}

/// How many bits follow the code of a first coefficient.
fn length(symbol: u8) -> Result<u32, Refusal> {
    if symbol > 16 {
        return Err(Refusal::Damaged);
    }
    Ok(symbol.into())
}
