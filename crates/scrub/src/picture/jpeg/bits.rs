//! The bits of entropy-coded octets, and the Huffman codes in them.

use zeroize::Zeroizing;

use crate::Refusal;
use crate::source::Source;

/// Octets that are read at a time.
const WINDOW: u64 = 64 << 10;
/// Codes up to this length are looked up at once.
const QUICK: u32 = 10;

/// Why a walk through the codes stops early.
pub(super) enum Stop {
    /// There are no more bits before the next marker: readers fill up with grey.
    Short,
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Reads bits between two markers.
pub(super) struct Bits<'a, 'f> {
    file: &'f Source<'a>,
    window: Zeroizing<Vec<u8>>,
    used: usize,
    /// The position behind `window`.
    window_end: u64,
    held: Held,
    /// For each of the octets read last, lowest first: whether a zero was stuffed behind it.
    stuffed: u64,
    /// The octets read last, lowest first.
    recent: u64,
    /// A marker, or the end of the file, comes next.
    at_marker: bool,
}

/// Bits that have been read and not yet used, the next one highest. Below them stand zeros, or what follows.
#[derive(Clone, Copy, Default)]
struct Held {
    bits: u64,
    /// At most 63.
    count: u32,
}

impl Held {
    /// What is left without so many bits, when there are as many.
    #[inline]
    fn without(self, bits: u32) -> Option<Self> {
        let count = self.count.checked_sub(bits)?;
        let bits = self.bits << bits;
        Some(Self { bits, count })
    }
}

/// Where the bits that were used end.
pub(super) struct Cut {
    /// The position behind the last octet of which a bit was used.
    pub(super) end: u64,
    /// That octet with its spare bits set, when they were not, and where it stands.
    pub(super) padded: Option<(u64, u8)>,
}

impl<'a, 'f> Bits<'a, 'f> {
    pub(super) fn new(file: &'f Source<'a>, begin: u64) -> Self {
        Self {
            file,
            window: Zeroizing::new(Vec::new()),
            used: 0,
            window_end: begin,
            held: Held::default(),
            stuffed: 0,
            recent: 0,
            at_marker: false,
        }
    }

    /// The position of the next octet.
    fn position(&self) -> u64 {
        self.window_end - (self.window.len() - self.used) as u64
    }

    /// The next octets without stepping over them: at least two, when the file has them.
    fn two(&mut self) -> Result<(Option<u8>, Option<u8>), Refusal> {
        if self.used + 1 >= self.window.len() {
            let at = self.position();
            let len = WINDOW.min(self.file.len().saturating_sub(at));
            self.window.resize(usize::try_from(len).unwrap_or(0), 0);
            self.file.fill(&mut self.window, at)?;
            self.window_end = at + len;
            self.used = 0;
        }
        let first = self.window.get(self.used).copied();
        Ok((first, self.window.get(self.used + 1).copied()))
    }

    /// Reads octets until there are more than 48 bits, or a marker comes.
    #[inline]
    fn refilled(&mut self, held: Held) -> Result<Held, Refusal> {
        let at_hand = self.window.get(self.used..).unwrap_or_default();
        if let Some(&octets) = at_hand.first_chunk()
            && let octets = u64::from_be_bytes(octets)
            && is_without_full(octets)
            && held.count <= 48
        {
            let count = (63 - held.count) / 8;
            self.used += count as usize;
            self.stuffed <<= count;
            self.recent = self.recent << (8 * count) | octets >> (64 - 8 * count);
            return Ok(Held {
                bits: held.bits | octets >> held.count,
                count: held.count + 8 * count,
            });
        }
        self.refilled_by_octets(held)
    }

    #[cold]
    fn refilled_by_octets(&mut self, mut held: Held) -> Result<Held, Refusal> {
        while held.count <= 48 && !self.at_marker {
            let stuffed = match self.two()? {
                (Some(0xFF), Some(0)) => true,
                (None | Some(0xFF), _) => {
                    self.at_marker = true;
                    return Ok(held);
                }
                _ => false,
            };
            let octet = self.window.get(self.used).copied().unwrap_or(0);
            self.used += 1 + usize::from(stuffed);
            held.bits |= u64::from(octet) << (56 - held.count);
            held.count += 8;
            self.stuffed = self.stuffed << 1 | u64::from(stuffed);
            self.recent = self.recent << 8 | u64::from(octet);
        }
        Ok(held)
    }

    /// Steps over bits, at most 48.
    #[inline]
    fn without(&mut self, held: Held, bits: u32) -> Result<Held, Stop> {
        if let Some(left) = held.without(bits) {
            return Ok(left);
        }
        self.refilled(held)?.without(bits).ok_or(Stop::Short)
    }

    /// Steps over bits, at most 48.
    pub(super) fn skip(&mut self, bits: u32) -> Result<(), Stop> {
        self.held = self.without(self.held, bits)?;
        Ok(())
    }

    /// Steps over up to 64 bits.
    pub(super) fn skip_many(&mut self, bits: u32) -> Result<(), Stop> {
        self.skip(bits / 2)?;
        self.skip(bits - bits / 2)
    }

    /// Takes the bits for used that were too few for a code.
    pub(super) fn use_all(&mut self) {
        self.held = Held::default();
    }

    /// The next bits, at most 15, as a number.
    pub(super) fn number(&mut self, bits: u32) -> Result<u32, Stop> {
        if bits > self.held.count {
            self.held = self.refilled(self.held)?;
        }
        let number = (self.held.bits >> 48) >> (16 - bits.min(16));
        self.skip(bits)?;
        Ok(u32::try_from(number).unwrap_or(0))
    }

    /// The symbol of the next code.
    #[inline]
    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, Stop> {
        let (symbol, left) = self.code(self.held, codes)?;
        self.held = left;
        Ok(symbol)
    }

    #[inline]
    fn code(&mut self, mut held: Held, codes: &Codes) -> Result<(u8, Held), Stop> {
        if held.count < 32 {
            held = self.refilled(held)?;
        }
        let front = u16::try_from(held.bits >> 48).unwrap_or(0);
        let Some((len, symbol)) = codes.find(front) else {
            let is_short = held.count < 16;
            return Err(if is_short {
                Stop::Short
            } else {
                Refusal::Damaged.into()
            });
        };
        Ok((symbol, self.without(held, len)?))
    }

    /// Steps over the coefficients behind the first of a sequential block.
    #[inline]
    pub(super) fn others(&mut self, codes: &Codes) -> Result<(), Stop> {
        let mut held = self.held;
        let mut at = 1;
        while at < 64 {
            if held.count < 32 {
                held = self.refilled(held)?;
            }
            let leap = codes.leap(held.bits);
            // The last code that a leap goes over must be one of this block.
            if at + u32::from(leap.to_last) < 64
                && leap.bits > 0
                && let Some(left) = held.without(leap.bits.into())
            {
                held = left;
                at += u32::from(leap.over);
                continue;
            }
            let (symbol, left) = self.code(held, codes)?;
            held = self.without(left, (symbol & 15).into())?;
            at += u32::from(step(symbol));
        }
        self.held = held;
        Ok(())
    }

    /// Where the used bits end.
    pub(super) fn cut(&self) -> Cut {
        let unused = u64::from(self.held.count / 8);
        let spare = self.held.count % 8;
        let stuffed = (self.stuffed & ((1 << unused) - 1)).count_ones();
        let end = self.position() - unused - u64::from(stuffed);
        let octet = (self.recent >> (8 * unused)) & 0xFF;
        let octet = u8::try_from(octet).unwrap_or(0);
        let full = octet | !(0xFF_u8.checked_shl(spare).unwrap_or(0));
        let padded = (full != octet).then(|| (end - 1, full));
        Cut { end, padded }
    }

    /// Steps to the next marker, over what stands before it. Returns its position and code; no code at the end of the
    /// file.
    pub(super) fn marker(&mut self) -> Result<(u64, Option<u8>), Refusal> {
        (self.held, self.at_marker) = (Held::default(), false);
        loop {
            match self.two()? {
                (None, _) => return Ok((self.position(), None)),
                (Some(0xFF), Some(code)) if code != 0 && code != 0xFF => {
                    return Ok((self.position(), Some(code)));
                }
                _ => self.used += 1,
            }
        }
    }

    /// Steps over the marker that stands here.
    pub(super) fn pass_marker(&mut self) {
        self.used += 2;
    }
}

/// Codes of coefficients, and the bits behind each. It has no bits where the first code is too long.
#[derive(Clone, Copy, Default)]
struct Leap {
    bits: u8,
    /// From the first coefficient to the last one.
    to_last: u8,
    /// From the first coefficient to the one behind the last: 64 or more at the end of the block.
    over: u8,
}

/// How far it is from the coefficient of a symbol to the next one: to the end of the block, or over zeros.
fn step(symbol: u8) -> u8 {
    match (symbol >> 4, symbol & 15) {
        (0..15, 0) => 64,
        (zeros, _) => zeros + 1,
    }
}

/// Whether none of eight octets is 0xFF.
#[inline]
fn is_without_full(octets: u64) -> bool {
    let zeros_for_full = !octets;
    let borrowed = zeros_for_full.wrapping_sub(0x0101_0101_0101_0101);
    borrowed & octets & 0x8080_8080_8080_8080 == 0
}

/// A code table, made for looking codes up (T.81, annex C).
pub(super) struct Codes {
    /// For each front of [`QUICK`] bits: length and symbol, or zero for a longer code.
    quick: Vec<u16>,
    /// For each front of [`QUICK`] bits: how far it goes through a block.
    leaps: Vec<Leap>,
    symbols: Vec<u8>,
    /// For each length: the number behind its last code, and what to add to a code for the place of its symbol.
    lengths: [(u32, i32); 17],
}

impl Codes {
    /// From the content of a DHT segment with one table.
    pub(super) fn new(table: &[u8]) -> Option<Self> {
        let counts = table.get(1..17)?;
        let symbols = table.get(17..)?.to_vec();
        let mut quick = vec![0; 1 << QUICK];
        let mut lengths = [(0, 0); 17];
        let (mut code, mut place) = (0_u32, 0_usize);
        for (len, &count) in (1_u32..).zip(counts) {
            let first = i32::try_from(code).ok()?;
            let offset = i32::try_from(place).ok()? - first;
            for symbol in symbols.get(place..place + usize::from(count))? {
                if len <= QUICK {
                    let from = usize::try_from(code << (QUICK - len)).ok()?;
                    let run = quick.get_mut(from..from + (1 << (QUICK - len)))?;
                    run.fill(u16::try_from(len << 8).ok()? | u16::from(*symbol));
                }
                code += 1;
            }
            if code > 1 << len {
                return None;
            }
            place += usize::from(count);
            *lengths.get_mut(usize::try_from(len).ok()?)? = (code, offset);
            code <<= 1;
        }
        let leaps = (0..1 << QUICK).map(|front| leap(&quick, front)).collect();
        Some(Self {
            quick,
            leaps,
            symbols,
            lengths,
        })
    }

    #[inline]
    fn leap(&self, bits: u64) -> Leap {
        let front = usize::try_from(bits >> (64 - QUICK)).unwrap_or(0);
        self.leaps.get(front).copied().unwrap_or_default()
    }

    fn find(&self, front: u16) -> Option<(u32, u8)> {
        let quick = self.quick.get(usize::from(front >> (16 - QUICK)))?;
        if *quick != 0 {
            let [len, symbol] = quick.to_be_bytes();
            return Some((len.into(), symbol));
        }
        for len in QUICK + 1..=16 {
            let code = u32::from(front) >> (16 - len);
            let &(end, offset) = self.lengths.get(usize::try_from(len).ok()?)?;
            if code < end {
                let place = i32::try_from(code).ok()? + offset;
                let symbol = self.symbols.get(usize::try_from(place).ok()?)?;
                return Some((len, *symbol));
            }
        }
        None
    }
}

/// How far a front goes: the first code with all its bits, and those that are whole in what is left of the front.
fn leap(quick: &[u16], front: usize) -> Leap {
    let mut leap = Leap::default();
    loop {
        let rest = (front << leap.bits) & ((1 << QUICK) - 1);
        let [len, symbol] = quick.get(rest).copied().unwrap_or(0).to_be_bytes();
        let bits = leap.bits + len + (symbol & 15);
        let is_whole = len > 0 && (leap.bits == 0 || u32::from(bits) <= QUICK);
        if !is_whole {
            return leap;
        }
        leap = Leap {
            bits,
            to_last: leap.over,
            over: leap.over + step(symbol),
        };
        if leap.over >= 64 || u32::from(leap.bits) >= QUICK {
            return leap;
        }
    }
}
