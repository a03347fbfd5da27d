//! The codes of an image: walked, not drawn, to find where the last pixel's code ends. Nothing rides behind it.
//!
//! How wide a code is depends only on how many codes there were since the table was cleared, and how many pixels it
//! stands for only on the code before: that is all the walk has to remember.

use crate::Refusal;
use crate::plan::Plan;
use crate::source::Cursor;

/// The widest code, in bits.
const WIDEST: u32 = 12;
/// Codes that there can be.
const CODES: usize = 1 << WIDEST;

/// More blocks of odd lengths than this in one image no encoder makes.
const MAX_RUNS: usize = 1 << 17;

/// Walks the codes of one image.
pub(super) struct Codes {
    clear: usize,
    /// The width with an empty table.
    narrow: u32,
    width: u32,
    /// For each code, how many pixels it stands for.
    lengths: Vec<u32>,
    /// The code before, when there was one since the table was cleared.
    before: Option<usize>,
    /// Bits that have been read and not yet used.
    bits: u32,
    held: u32,
    /// Pixels that are still to come.
    left: u64,
    /// Octets that have been read, and the last four of them.
    octets: u64,
    recent: u32,
    has_ended: bool,
}

impl Codes {
    /// For an image of that many pixels, whose codes are at least `width` bits wide.
    pub(super) fn new(width: u8, pixels: u64) -> Result<Self, Refusal> {
        if !(1..=8).contains(&width) {
            return Err(Refusal::Damaged);
        }
        let clear = 1 << width;
        let narrow = u32::from(width) + 1;
        Ok(Self {
            clear,
            narrow,
            width: narrow,
            lengths: vec![1; clear + 2],
            before: None,
            bits: 0,
            held: 0,
            left: pixels,
            octets: 0,
            recent: 0,
            has_ended: false,
        })
    }

    /// Copies the codes from where `cursor` stands, and steps over all of their blocks.
    pub(super) fn copy(mut self, cursor: &mut Cursor<'_>, plan: &mut Plan) -> Result<(), Refusal> {
        let mut blocks = Blocks {
            begin: cursor.position(),
            full: 0,
            runs: Vec::new(),
        };
        loop {
            let len = cursor.octet()?.ok_or(Refusal::Damaged)?;
            if len == 0 {
                break;
            }
            if self.has_ended {
                cursor.skip(len.into())?;
                continue;
            }
            blocks.add(cursor.position(), len)?;
            for _ in 0..len {
                let octet = cursor.octet()?.ok_or(Refusal::Damaged)?;
                self.take(octet)?;
            }
        }
        // Without an end, and with pixels missing, readers disagree on what to show.
        if !self.has_ended && self.left > 0 {
            return Err(Refusal::Damaged);
        }
        let (whole, tail) = self.end();
        blocks.write(whole, &tail, plan);
        Ok(())
    }

    /// Takes the next octet.
    fn take(&mut self, octet: u8) -> Result<(), Refusal> {
        if self.has_ended {
            return Ok(());
        }
        self.octets += 1;
        self.recent = self.recent << 8 | u32::from(octet);
        self.bits |= u32::from(octet) << self.held;
        self.held += 8;
        while self.held >= self.width {
            let code = self.bits & ((1 << self.width) - 1);
            let code = usize::try_from(code).unwrap_or(0);
            // Readers stop at the last pixel, whether the end is marked or not.
            if self.left == 0 || code == self.clear + 1 {
                self.has_ended = true;
                return Ok(());
            }
            self.bits >>= self.width;
            self.held -= self.width;
            self.step(code)?;
        }
        Ok(())
    }

    fn step(&mut self, code: usize) -> Result<(), Refusal> {
        if code == self.clear {
            self.lengths.truncate(self.clear + 2);
            self.width = self.narrow;
            self.before = None;
            return Ok(());
        }
        let next = self.lengths.len();
        let before = self.before.and_then(|code| self.lengths.get(code));
        if let Some(before) = before.copied()
            && next < CODES
        {
            self.lengths.push(before.saturating_add(1));
            if next + 1 == 1 << self.width && self.width < WIDEST {
                self.width += 1;
            }
        }
        let pixels = self.lengths.get(code).ok_or(Refusal::Damaged)?;
        self.left = self.left.saturating_sub((*pixels).into());
        self.before = Some(code);
        Ok(())
    }

    /// How many octets stay as they are, and the last ones: what is left of bits, an end code, and zeros.
    fn end(&self) -> (u64, Vec<u8>) {
        let used = self.octets * 8 - u64::from(self.held);
        let (whole, shared) = (used / 8, used % 8);
        let back = (self.octets - whole).saturating_sub(1).min(3);
        let octet = if shared == 0 {
            0
        } else {
            (self.recent >> (8 * back)) & ((1 << shared) - 1)
        };
        let code = u32::try_from(self.clear + 1).unwrap_or(0);
        let bits = u64::from(octet) | u64::from(code) << shared;
        let len = (shared + u64::from(self.width)).div_ceil(8);
        let octets = bits.to_le_bytes().into_iter();
        (
            whole,
            octets.take(usize::try_from(len).unwrap_or(0)).collect(),
        )
    }
}

/// The blocks in which the codes stand.
struct Blocks {
    begin: u64,
    /// How many full blocks there are at the front.
    full: u64,
    /// The others.
    runs: Vec<(u64, u8)>,
}

impl Blocks {
    fn add(&mut self, at: u64, len: u8) -> Result<(), Refusal> {
        if len == 255 && self.runs.is_empty() {
            self.full += 1;
            return Ok(());
        }
        if self.runs.len() >= MAX_RUNS {
            return Err(Refusal::Unsupported("a GIF in very many small blocks"));
        }
        self.runs.push((at, len));
        Ok(())
    }

    /// Writes the first `whole` octets and a tail in full blocks, but for the last.
    fn write(self, whole: u64, tail: &[u8], plan: &mut Plan) {
        let full = self.full.min(whole / 255);
        plan.copy(self.begin..self.begin + full * 256);
        let mut left = whole - full * 255;
        let mut writer = Writer {
            left: left + tail.len() as u64,
            room: 0,
        };
        let cut = (full..self.full).map(|block| (self.begin + block * 256 + 1, 255));
        for (mut at, len) in cut.chain(self.runs) {
            let mut len = u64::from(len).min(left);
            left -= len;
            while len > 0 {
                let now = writer.room(len, plan);
                plan.copy(at..at + now);
                at += now;
                len -= now;
            }
        }
        for octet in tail {
            writer.room(1, plan);
            plan.put(&[*octet]);
        }
        plan.put(&[0]);
    }
}

/// Begins blocks where they are needed.
struct Writer {
    /// Octets that are still to be written.
    left: u64,
    /// Octets that still fit into the block.
    room: u64,
}

impl Writer {
    /// How many of `wanted` octets come next in one block.
    fn room(&mut self, wanted: u64, plan: &mut Plan) -> u64 {
        if self.room == 0 {
            self.room = self.left.min(255);
            plan.put(&[u8::try_from(self.room).unwrap_or(255)]);
        }
        let now = wanted.min(self.room);
        self.room -= now;
        self.left -= now;
        now
    }
}
