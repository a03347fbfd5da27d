//! The bits of entropy-coded octets, and the codes in them, several at a time (ITU-T T.81, annexes C and F.2.2).

use crate::source::Cursor;
use crate::verify::Fault;

/// As many bits are looked up at once: most codes are shorter, with what stands behind them.
const FRONT: u32 = 10;
const FRONTS: usize = 1 << FRONT;
/// As many bits are at hand before a code is looked up, if no marker comes before: the longest code has 16, and a
/// coefficient 15.
const ENOUGH: u32 = 32;

/// A code table, from the content of its segment.
pub(super) struct Codes {
    /// For each front: the code that it begins with.
    single: Box<[Code; FRONTS]>,
    /// For each front: as many coefficients behind the first one of a block as it tells of.
    several: Box<[Steps; FRONTS]>,
    /// For each length: the number behind its last code, and what to add to a code for the place of its symbol.
    lengths: [(u32, u32); 16],
    symbols: Vec<u8>,
}

/// A code of a symbol. It has no bits where the front is of a longer one.
#[derive(Clone, Copy, Default)]
struct Code {
    bits: u8,
    symbol: u8,
}

/// Codes of coefficients, with the coefficients. They have no bits where the first code is longer than the front.
#[derive(Clone, Copy, Default)]
struct Steps {
    bits: u8,
    /// How far the last one of them stands behind the first.
    before: u8,
    /// How far what follows stands behind the first: 64 or more when it is the next block.
    all: u8,
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
        let mut codes = Self {
            single: Box::new([Code::default(); FRONTS]),
            several: Box::new([Steps::default(); FRONTS]),
            lengths,
            symbols: segment.get(17..)?.to_vec(),
        };
        for front in 0..FRONTS {
            let found = codes.find(u32::try_from(front).ok()? << (16 - FRONT));
            let is_short = found.is_some_and(|code| u32::from(code.bits) <= FRONT);
            *codes.single.get_mut(front)? = found.filter(|_| is_short).unwrap_or_default();
        }
        for front in 0..FRONTS {
            *codes.several.get_mut(front)? = codes.steps(front);
        }
        Some(codes)
    }

    /// The code that sixteen bits begin with.
    fn find(&self, bits: u32) -> Option<Code> {
        for (length, &(end, offset)) in (1_u8..).zip(&self.lengths) {
            let code = bits >> (16 - length);
            if code < end {
                let place = usize::try_from(code.wrapping_add(offset)).ok()?;
                let &symbol = self.symbols.get(place)?;
                return Some(Code {
                    bits: length,
                    symbol,
                });
            }
        }
        None
    }

    /// The first coefficient whose code is whole in a front, and those that are whole behind it.
    fn steps(&self, front: usize) -> Steps {
        let mut steps = Steps::default();
        while steps.all < 64 && u32::from(steps.bits) < FRONT {
            let rest = front << steps.bits & (FRONTS - 1);
            let code = self.single.get(rest).copied().unwrap_or_default();
            let bits = steps.bits + code.bits + size(code.symbol);
            if code.bits == 0 || steps.bits > 0 && u32::from(bits) > FRONT {
                break;
            }
            steps = Steps {
                bits,
                before: steps.all,
                all: steps.all + step(code.symbol),
            };
        }
        steps
    }
}

/// How many bits follow the code of a coefficient behind the first.
fn size(symbol: u8) -> u8 {
    symbol & 15
}

/// How far the next code's coefficient stands behind the one before. The last one's is in the next block.
fn step(symbol: u8) -> u8 {
    match (symbol >> 4, size(symbol)) {
        (zeros, 0) if zeros != 15 => 64,
        (zeros, _) => zeros + 1,
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

/// Bits that were read and not yet used, the next one highest. Below the last one stand the first of those that
/// follow, or zeros: before a marker always zeros.
#[derive(Clone, Copy, Default)]
struct Held {
    bits: u64,
    /// At most 63.
    count: u32,
}

impl Held {
    /// The highest bits, at most 32 of them.
    #[inline]
    fn highest(self, count: u32) -> u32 {
        u32::try_from((self.bits >> 32) >> (32 - count.min(32))).unwrap_or(0)
    }

    #[inline]
    fn front(self) -> usize {
        usize::try_from(self.bits >> (64 - FRONT)).unwrap_or(0)
    }

    /// What is left behind so many bits, when there are as many.
    #[inline]
    fn behind(self, count: u32) -> Option<Self> {
        let left = self.count.checked_sub(count)?;
        let bits = self.bits << count;
        Some(Self { bits, count: left })
    }
}

/// Reads bits up to a marker.
pub(super) struct Bits<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    held: Held,
    /// The marker behind the bits that are held.
    marker: Option<u8>,
}

impl<'c, 'a> Bits<'c, 'a> {
    pub(super) fn new(cursor: &'c mut Cursor<'a>) -> Self {
        Self {
            cursor,
            held: Held::default(),
            marker: None,
        }
    }

    fn next(&mut self) -> Result<u8, Fault> {
        let octet = self.cursor.octet()?;
        octet.ok_or(Fault("the end comes within a scan"))
    }

    /// Enough bits for a code and its coefficient, or all of them before the marker.
    #[inline]
    fn filled(&mut self, held: Held) -> Result<Held, Fault> {
        if held.count >= ENOUGH {
            Ok(held)
        } else {
            self.refilled(held)
        }
    }

    #[inline(never)]
    fn refilled(&mut self, held: Held) -> Result<Held, Fault> {
        self.full(held)
    }

    /// As many bits as can be held, or all of them before the marker.
    #[allow(clippy::inline_always, reason = "half of the time goes into it")]
    #[inline(always)]
    fn full(&mut self, held: Held) -> Result<Held, Fault> {
        let window = self.cursor.window()?;
        if let Some(&octets) = window.first_chunk()
            && let octets = u64::from_be_bytes(octets)
            && !has_full_octet(octets)
            && self.marker.is_none()
        {
            self.cursor.skip(u64::from((63 - held.count) / 8))?;
            return Ok(Held {
                bits: held.bits | octets >> held.count,
                // Up to seven whole octets.
                count: held.count | 0x38,
            });
        }
        self.full_by_octets(held)
    }

    /// As [`Bits::full`], where an octet may be stuffed, or of a marker, or the last one of a window.
    #[cold]
    fn full_by_octets(&mut self, mut held: Held) -> Result<Held, Fault> {
        while held.count < 56 && self.marker.is_none() {
            let octet = self.next()?;
            if octet == 0xFF {
                let code = self.next()?;
                if code != 0 {
                    self.marker = Some(code);
                    return Ok(held);
                }
            }
            held.bits |= u64::from(octet) << (56 - held.count);
            held.count += 8;
        }
        Ok(held)
    }

    /// The next code, and what is held behind it.
    #[inline]
    fn code(&mut self, held: Held, codes: &Codes) -> Result<(u8, Held), End> {
        let held = self.filled(held)?;
        let mut code = codes.single.get(held.front()).copied().unwrap_or_default();
        if code.bits == 0 {
            // Zeros stand for the bits that are missing, so that what is found may be longer than what is there.
            code = codes.find(held.highest(16)).unwrap_or_default();
            if code.bits == 0 {
                return Err(no_code(held));
            }
        }
        let behind = held.behind(code.bits.into()).ok_or(End::Marker)?;
        Ok((code.symbol, behind))
    }

    #[inline]
    fn behind(&mut self, held: Held, bits: u32) -> Result<Held, End> {
        match held.behind(bits) {
            Some(behind) => Ok(behind),
            None => self.far_behind(held, bits),
        }
    }

    #[cold]
    fn far_behind(&mut self, mut held: Held, mut bits: u32) -> Result<Held, End> {
        while bits > held.count {
            bits -= held.count;
            held = self.filled(Held::default())?;
            if held.count == 0 {
                return Err(End::Marker);
            }
        }
        held.behind(bits).ok_or(End::Marker)
    }

    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, End> {
        let (symbol, behind) = self.code(self.held, codes)?;
        self.held = behind;
        Ok(symbol)
    }

    pub(super) fn skip(&mut self, bits: u32) -> Result<(), End> {
        self.held = self.behind(self.held, bits)?;
        Ok(())
    }

    /// The number of so many bits, at most 16.
    pub(super) fn number(&mut self, bits: u32) -> Result<u32, End> {
        let held = self.filled(self.held)?;
        self.held = held.behind(bits).ok_or(End::Marker)?;
        Ok(held.highest(bits))
    }

    /// Steps over the first coefficient of a block.
    #[inline]
    pub(super) fn first(&mut self, codes: &Codes) -> Result<(), End> {
        let (symbol, behind) = self.code(self.held, codes)?;
        self.held = self.behind(behind, symbol.into())?;
        Ok(())
    }

    /// Steps over the coefficients behind the first one of a block.
    #[inline]
    pub(super) fn others(&mut self, codes: &Codes) -> Result<(), End> {
        let mut held = self.held;
        let mut at = 1_u32;
        while at < 64 {
            held = self.full(held)?;
            let steps = codes.several.get(held.front()).copied();
            let steps = steps.unwrap_or_default();
            let bits = u32::from(steps.bits);
            // Behind the last coefficient the next block's codes come, from another table.
            if bits != 0 && bits <= held.count && at + u32::from(steps.before) < 64 {
                held = held.behind(bits).ok_or(End::Marker)?;
                at += u32::from(steps.all);
                continue;
            }
            let (symbol, behind) = self.code(held, codes)?;
            held = self.behind(behind, size(symbol).into())?;
            at += u32::from(step(symbol));
        }
        self.held = held;
        Ok(())
    }

    /// Ends an interval whose codes were all read, or which was cut short: its spare bits are set, and a marker
    /// follows at once. Returns that marker.
    pub(super) fn end(&mut self, is_short: bool) -> Result<u8, Fault> {
        let held = std::mem::take(&mut self.held);
        if !is_short && held.count >= 8 {
            return Err(Fault("octets behind the last code"));
        }
        if !is_short && held.bits.leading_ones() < held.count {
            return Err(Fault("spare bits that are not set"));
        }
        if let Some(code) = self.marker.take() {
            return Ok(code);
        }
        match (self.next()?, self.next()?) {
            (0xFF, code) if code != 0 => Ok(code),
            _ => Err(Fault("octets behind the last code")),
        }
    }
}

/// Why no code is found.
#[cold]
fn no_code(held: Held) -> End {
    if held.count < 16 {
        // They ran out before it showed.
        End::Marker
    } else {
        Fault("a code that no table has").into()
    }
}

/// Whether one of eight octets is 0xFF.
#[inline]
fn has_full_octet(octets: u64) -> bool {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    (!octets).wrapping_sub(LOWEST) & octets & LOWEST << 7 != 0
}
