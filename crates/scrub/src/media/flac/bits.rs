//! Bits of a source, forward.

use crate::Refusal;
use crate::media::window::Window;
use crate::source::Source;

/// Octets that are fetched at a time.
const FETCH: usize = 8192;

/// Reads bits, the high ones first, and sums what it reads.
pub(super) struct Bits<'a> {
    window: Window<'a>,
    fetched: Vec<u8>,
    used: usize,
    /// Where the next octet stands that is not in `held`.
    at: u64,
    held: u64,
    count: u32,
    /// CRC-16 of every octet that was taken in.
    pub(super) crc: u16,
    /// Frames that turned out to be none.
    pub(super) broken: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            window: Window::new(source),
            fetched: Vec::new(),
            used: 0,
            at: 0,
            held: 0,
            count: 0,
            crc: 0,
            broken: 0,
        }
    }

    /// Goes to an octet, and begins the sum anew.
    pub(super) fn seek(&mut self, at: u64) {
        self.at = at;
        self.fetched.clear();
        self.used = 0;
        (self.held, self.count, self.crc) = (0, 0, 0);
    }

    /// The octet behind the bits that were read, when they end on one.
    pub(super) fn position(&self) -> u64 {
        self.at - u64::from(self.count / 8)
    }

    /// Up to 32 bits; nothing at the end of the source.
    pub(super) fn take(&mut self, bits: u32) -> Result<Option<u32>, Refusal> {
        while self.count < bits {
            if self.next()?.is_none() {
                return Ok(None);
            }
        }
        self.count -= bits;
        let value = self.held >> self.count & ((1 << bits) - 1);
        Ok(u32::try_from(value).ok())
    }

    /// Reads zeros up to a one, which is read, too. Gives their number.
    pub(super) fn zeros(&mut self) -> Result<Option<u32>, Refusal> {
        let mut zeros = 0_u32;
        loop {
            let rest = self.held & ((1 << self.count) - 1);
            if rest != 0 {
                let first = rest.ilog2();
                zeros = zeros.saturating_add(self.count - 1 - first);
                self.count = first;
                return Ok(Some(zeros));
            }
            zeros = zeros.saturating_add(self.count);
            self.count = 0;
            if self.next()?.is_none() {
                return Ok(None);
            }
        }
    }

    /// Steps over any number of bits.
    pub(super) fn skip(&mut self, mut bits: u64) -> Result<Option<()>, Refusal> {
        while bits > 0 {
            let now = bits.min(32);
            if self.take(u32::try_from(now).unwrap_or(0))?.is_none() {
                return Ok(None);
            }
            bits -= now;
        }
        Ok(Some(()))
    }

    /// Reads up to the next octet's front; the bits have to be zero.
    pub(super) fn align(&mut self) -> Result<Option<()>, Refusal> {
        let rest = self.count % 8;
        Ok(self.take(rest)?.filter(|&bits| bits == 0).map(|_| ()))
    }

    fn next(&mut self) -> Result<Option<()>, Refusal> {
        if self.used == self.fetched.len() {
            self.fetched = self.window.peek(self.at, FETCH)?.to_vec();
            self.used = 0;
        }
        let Some(&octet) = self.fetched.get(self.used) else {
            return Ok(None);
        };
        self.used += 1;
        self.at += 1;
        self.held = self.held << 8 | u64::from(octet);
        self.count += 8;
        let index = usize::from((self.crc >> 8) as u8 ^ octet);
        self.crc = self.crc << 8 ^ CRC16.get(index).copied().unwrap_or(0);
        Ok(Some(()))
    }
}

/// CRC-16 with the polynomial 0x8005, high bits first.
const CRC16: [u16; 256] = {
    let mut table = [0; 256];
    let mut index: u16 = 0;
    while index < 256 {
        let mut crc = index << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 {
                crc << 1 ^ 0x8005
            } else {
                crc << 1
            };
            bit += 1;
        }
        #[allow(clippy::indexing_slicing, reason = "evaluated while compiling")]
        {
            table[index as usize] = crc;
        }
        index += 1;
    }
    table
};
