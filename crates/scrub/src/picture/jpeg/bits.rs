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
    /// Bits that have been read and not yet used, the next one highest.
    held: u64,
    count: u32,
    /// For each of the octets read last, lowest first: whether a zero was stuffed behind it.
    stuffed: u64,
    /// The octets read last, lowest first.
    recent: u64,
    /// A marker, or the end of the file, comes next.
    at_marker: bool,
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
            held: 0,
            count: 0,
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
    fn refill(&mut self) -> Result<(), Refusal> {
        while self.count <= 48 && !self.at_marker {
            let stuffed = match self.two()? {
                (Some(0xFF), Some(0)) => true,
                (None, _) | (Some(0xFF), _) => {
                    self.at_marker = true;
                    return Ok(());
                }
                _ => false,
            };
            let octet = self.window.get(self.used).copied().unwrap_or(0);
            self.used += 1 + usize::from(stuffed);
            self.held |= u64::from(octet) << (56 - self.count);
            self.count += 8;
            self.stuffed = self.stuffed << 1 | u64::from(stuffed);
            self.recent = self.recent << 8 | u64::from(octet);
        }
        Ok(())
    }

    /// Steps over bits.
    pub(super) fn skip(&mut self, bits: u32) -> Result<(), Stop> {
        if bits > self.count {
            self.refill()?;
            if bits > self.count {
                return Err(Stop::Short);
            }
        }
        self.held <<= bits;
        self.count -= bits;
        Ok(())
    }

    /// Steps over up to 64 bits.
    pub(super) fn skip_many(&mut self, bits: u32) -> Result<(), Stop> {
        self.skip(bits / 2)?;
        self.skip(bits - bits / 2)
    }

    /// Takes the bits for used that were too few for a code.
    pub(super) fn use_all(&mut self) {
        (self.held, self.count) = (0, 0);
    }

    /// The next bits, at most 15, as a number.
    pub(super) fn number(&mut self, bits: u32) -> Result<u32, Stop> {
        if bits > self.count {
            self.refill()?;
        }
        let number = (self.held >> 48) >> (16 - bits.min(16));
        self.skip(bits)?;
        Ok(u32::try_from(number).unwrap_or(0))
    }

    /// The symbol of the next code.
    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, Stop> {
        if self.count < 32 {
            self.refill()?;
        }
        let front = u16::try_from(self.held >> 48).unwrap_or(0);
        let Some((len, symbol)) = codes.find(front) else {
            let is_short = self.count < 16;
            return Err(if is_short {
                Stop::Short
            } else {
                Refusal::Damaged.into()
            });
        };
        self.skip(len)?;
        Ok(symbol)
    }

    /// Where the used bits end.
    pub(super) fn cut(&self) -> Cut {
        let unused = u64::from(self.count / 8);
        let spare = self.count % 8;
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
        (self.held, self.count, self.at_marker) = (0, 0, false);
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

/// A code table, made for looking codes up (T.81, annex C).
pub(super) struct Codes {
    /// For each front of [`QUICK`] bits: length and symbol, or zero for a longer code.
    quick: Vec<u16>,
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
        Some(Self {
            quick,
            symbols,
            lengths,
        })
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
