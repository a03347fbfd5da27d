//! One FLAC frame, walked bit by bit to find where it ends (RFC 9639, section 9).

use super::bits::Bits;
use crate::Refusal;

/// Frames with a good header and a bad end: a file with more is not searched any longer.
const MAX_BROKEN: u32 = 64;

/// What `STREAMINFO` says that frames depend on.
#[derive(Clone, Copy)]
pub(super) struct Stream {
    pub(super) bits: u32,
    pub(super) channels: u32,
}

/// A frame that was walked to its end.
pub(super) struct Frame {
    pub(super) samples: u32,
    /// Whether blocks differ in length, so that samples are counted.
    pub(super) is_variable: bool,
    pub(super) end: u64,
}

/// Walks the frame that begins at `at`. Nothing when there is none, or a damaged one.
pub(super) fn walk(bits: &mut Bits<'_>, at: u64, stream: Stream) -> Result<Option<Frame>, Refusal> {
    bits.seek(at);
    let mut walker = Walker {
        bits,
        has_header: false,
    };
    let frame = walker.frame(stream)?;
    if frame.is_none() && walker.has_header {
        bits.broken = bits
            .broken
            .checked_add(1)
            .filter(|&n| n < MAX_BROKEN)
            .ok_or(Refusal::Damaged)?;
    }
    Ok(frame)
}

struct Walker<'a, 'b> {
    bits: &'a mut Bits<'b>,
    /// Whether the checksum of a header was right.
    has_header: bool,
}

/// Leaves with nothing when there is nothing.
macro_rules! some {
    ($value:expr) => {
        match $value {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

impl Walker<'_, '_> {
    fn frame(&mut self, stream: Stream) -> Result<Option<Frame>, Refusal> {
        let mut head = Head(Vec::with_capacity(16));
        let first = some!(self.head(&mut head, 4)?);
        let is_variable = match first >> 16 {
            0xFFF8 => false,
            0xFFF9 => true,
            _ => return Ok(None),
        };
        let (size, rate) = (first >> 12 & 15, first >> 8 & 15);
        let (assignment, depth) = (first >> 4 & 15, first >> 1 & 7);
        if first & 1 != 0 || size == 0 || rate == 15 || assignment > 10 || depth == 3 {
            return Ok(None);
        }
        some!(self.number(&mut head)?);
        let samples = match size {
            1 => 192,
            2..=5 => 576 << (size - 2),
            6 => 1 + some!(self.head(&mut head, 1)?),
            7 => 1 + some!(self.head(&mut head, 2)?),
            _ => 256 << (size - 8),
        };
        match rate {
            12 => _ = some!(self.head(&mut head, 1)?),
            13 | 14 => _ = some!(self.head(&mut head, 2)?),
            _ => {}
        }
        if some!(self.bits.take(8)?) != u32::from(head.crc8()) {
            return Ok(None);
        }
        self.has_header = true;
        let depth = match depth {
            0 => stream.bits,
            1 => 8,
            2 => 12,
            4 => 16,
            5 => 20,
            6 => 24,
            _ => 32,
        };
        let channels = if assignment < 8 { assignment + 1 } else { 2 };
        if channels != stream.channels || depth != stream.bits {
            return Ok(None);
        }
        for channel in 0..channels {
            // The channel that holds the difference needs a bit more.
            let is_side = matches!((assignment, channel), (8 | 10, 1) | (9, 0));
            some!(self.subframe(depth + u32::from(is_side), samples)?);
        }
        some!(self.bits.align()?);
        some!(self.bits.take(16)?);
        Ok((self.bits.crc == 0).then(|| Frame {
            samples,
            is_variable,
            end: self.bits.position(),
        }))
    }

    fn head(&mut self, head: &mut Head, octets: u32) -> Result<Option<u32>, Refusal> {
        let value = some!(self.bits.take(octets * 8)?);
        let all = value.to_be_bytes();
        let skip = 4 - usize::try_from(octets).unwrap_or(0);
        head.0.extend(all.iter().skip(skip));
        Ok(Some(value))
    }

    /// Steps over a number of up to 36 bits, coded as UTF-8 once was.
    fn number(&mut self, head: &mut Head) -> Result<Option<()>, Refusal> {
        let first = some!(self.head(head, 1)?);
        let more = match u8::try_from(first).unwrap_or(0).leading_ones() {
            0 => 0,
            1 | 8 => return Ok(None),
            ones => ones - 1,
        };
        for _ in 0..more {
            if some!(self.head(head, 1)?) >> 6 != 2 {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    fn subframe(&mut self, depth: u32, samples: u32) -> Result<Option<()>, Refusal> {
        let head = some!(self.bits.take(8)?);
        if head & 0x80 != 0 {
            return Ok(None);
        }
        let wasted = if head & 1 == 1 {
            1 + some!(self.bits.zeros()?)
        } else {
            0
        };
        let depth = u64::from(some!(depth.checked_sub(wasted).filter(|&depth| depth > 0)));
        match head >> 1 {
            0 => self.bits.skip(depth),
            1 => self.bits.skip(depth * u64::from(samples)),
            kind @ 8..=12 => {
                some!(self.bits.skip(depth * u64::from(kind - 8))?);
                self.residual(samples, kind - 8)
            }
            kind @ 32.. => {
                let order = kind - 31;
                some!(self.bits.skip(depth * u64::from(order))?);
                let precision = some!(self.bits.take(4)?) + 1;
                if precision == 16 {
                    return Ok(None);
                }
                some!(self.bits.skip(5 + u64::from(order * precision))?);
                self.residual(samples, order)
            }
            _ => Ok(None),
        }
    }

    /// Rice-coded numbers in partitions.
    fn residual(&mut self, samples: u32, order: u32) -> Result<Option<()>, Refusal> {
        let width = match some!(self.bits.take(2)?) {
            0 => 4,
            1 => 5,
            _ => return Ok(None),
        };
        let partitions = 1 << some!(self.bits.take(4)?);
        if !samples.is_multiple_of(partitions) {
            return Ok(None);
        }
        for partition in 0..partitions {
            let before = if partition == 0 { order } else { 0 };
            let count = some!((samples / partitions).checked_sub(before));
            let parameter = some!(self.bits.take(width)?);
            if parameter == (1 << width) - 1 {
                let raw = some!(self.bits.take(5)?);
                some!(self.bits.skip(u64::from(raw) * u64::from(count))?);
                continue;
            }
            for _ in 0..count {
                some!(self.bits.zeros()?);
                some!(self.bits.take(parameter)?);
            }
        }
        Ok(Some(()))
    }
}

/// The octets of a frame's header.
struct Head(Vec<u8>);

impl Head {
    fn crc8(&self) -> u8 {
        self.0.iter().fold(0, |crc, octet| {
            (0..8).fold(crc ^ octet, |crc, _| {
                if crc & 0x80 != 0 {
                    crc << 1 ^ 7
                } else {
                    crc << 1
                }
            })
        })
    }
}
