//! The octets of a strip: of a known compression, and no more of them than it needs.

use std::io::Read;

use super::{Fault, Page};
use crate::source::Source;

/// Holds a strip against what it can be.
pub(super) fn verify(strip: &Source<'_>, page: &Page, index: u64) -> Result<(), Fault> {
    match page.number(259, 1) {
        1 if strip.len() > unpacked(page, index) => Err(Fault("a strip longer than its pixels")),
        1 | 2..=5 | 32771 | 32809 | 34661 | 34676 | 34677 | 34925 | 50000 => Ok(()),
        7 => jpeg(strip),
        8 | 32946 => deflate(strip),
        32773 => pack_bits(strip, unpacked(page, index)),
        _ => Err(Fault("an unknown compression")),
    }
}

/// Octets that a strip unpacks to, at most.
fn unpacked(page: &Page, index: u64) -> u64 {
    let one = |tag, default| page.number(tag, default);
    let (mut width, length) = (one(256, 0), one(257, 0));
    let samples = one(277, 1);
    let bits = page.numbers.get(&258).cloned().unwrap_or(vec![1]);
    let bit = |at: u64| {
        let first = bits.first().copied().unwrap_or(1);
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        bits.get(at).copied().unwrap_or(first)
    };
    let mut rows = one(278, length).clamp(1, length.max(1));
    let mut down = length.div_ceil(rows);
    if page.numbers.contains_key(&322) {
        let (across, tall) = (one(322, 0).max(1), one(323, 0).max(1));
        down = width.div_ceil(across) * length.div_ceil(tall);
        (width, rows) = (across, tall);
    } else {
        let above = index % down.max(1) * rows;
        rows = rows.min(length.saturating_sub(above));
    }
    let is_planar = one(284, 1) == 2;
    let pixel = if is_planar {
        bit(index / down.max(1))
    } else {
        (0..samples.min(1024)).map(bit).sum()
    };
    if !is_planar && one(262, 0) == 6 && samples == 3 {
        let block = page.numbers.get(&530).map(Vec::as_slice);
        let (h, v) = match block {
            Some(&[h, v]) => (h.max(1), v.max(1)),
            _ => (2, 2),
        };
        let blocks = width.div_ceil(h) * rows.div_ceil(v);
        return (blocks.saturating_mul(h * v + 2))
            .saturating_mul(pixel / 3)
            .div_ceil(8);
    }
    width.saturating_mul(pixel).div_ceil(8).saturating_mul(rows)
}

/// A zlib stream that ends with the strip, if it ends.
fn deflate(strip: &Source<'_>) -> Result<(), Fault> {
    let mut packed = strip.cursor(0);
    let mut state =
        miniz_oxide::inflate::stream::InflateState::new_boxed(miniz_oxide::DataFormat::Zlib);
    let (mut input, mut output) = ([0; 4096], vec![0; 64 << 10]);
    let (mut from, mut to) = (0, 0);
    loop {
        if from == to {
            let read = packed.read(&mut input);
            (from, to) = (0, read.map_err(|_| Fault("a strip ends too early"))?);
            if to == 0 {
                return Ok(());
            }
        }
        let octets = input.get(from..to).unwrap_or_default();
        let flush = miniz_oxide::MZFlush::None;
        let step = miniz_oxide::inflate::stream::inflate(&mut state, octets, &mut output, flush);
        from += step.bytes_consumed;
        match step.status {
            Ok(miniz_oxide::MZStatus::StreamEnd) => break,
            Ok(_) if step.bytes_consumed + step.bytes_written > 0 => {}
            // What is damaged is shown up to there, by some readers, so it was kept.
            _ => return Ok(()),
        }
    }
    if from == to && packed.position() == strip.len() {
        Ok(())
    } else {
        Err(Fault("octets behind a zlib stream"))
    }
}

/// Runs that unpack to the pixels and end with the strip.
fn pack_bits(strip: &Source<'_>, pixels: u64) -> Result<(), Fault> {
    let (mut at, mut unpacked) = (0, 0);
    let mut cursor = strip.cursor(0);
    while at < strip.len() {
        if unpacked >= pixels {
            return Err(Fault("octets behind the last run"));
        }
        let code = u64::from(cursor.octet()?.unwrap_or(0));
        let (literal, run) = match code {
            128 => (0, 0),
            129.. => (1, 257 - code),
            _ => (code + 1, code + 1),
        };
        at += 1 + literal;
        unpacked += run;
        cursor.skip(literal.min(strip.len().saturating_sub(cursor.position())))?;
    }
    Ok(())
}

/// JPEG with no segment but what decodes it (ITU-T T.81, annex B).
fn jpeg(strip: &Source<'_>) -> Result<(), Fault> {
    if strip.array::<2>(0)? != *b"\xFF\xD8" {
        return Err(Fault("a strip that is no JPEG"));
    }
    let mut at = 2;
    while at < strip.len() {
        let [mark, code, high, low] = match strip.len() - at {
            2 => {
                let [mark, code] = strip.array::<2>(at)?;
                [mark, code, 0, 0]
            }
            _ => strip.array::<4>(at)?,
        };
        let len = u64::from(high) << 8 | u64::from(low);
        match (mark, code) {
            (0xFF, 0xD9) if at + 2 == strip.len() => return Ok(()),
            (0xFF, 0xEE) if len == 14 => {
                if strip.array::<5>(at + 4)? != *b"Adobe" {
                    return Err(Fault("a segment of a program"));
                }
            }
            (0xFF, 0xC0..=0xC7 | 0xC9..=0xCF | 0xDA..=0xDE) if len >= 2 => {}
            _ => return Err(Fault("a segment that no decoder needs")),
        }
        at += 2 + len;
        if code == 0xDA {
            at = scan_end(strip, at)?;
        }
    }
    if at == strip.len() {
        Ok(())
    } else {
        Err(Fault("a segment past the end of its strip"))
    }
}

/// Where the next marker is that is not part of coded pixels.
fn scan_end(strip: &Source<'_>, from: u64) -> Result<u64, Fault> {
    let mut cursor = strip.cursor(from);
    let mut marks = 0_u8;
    while let Some(octet) = cursor.octet()? {
        marks = match (marks, octet) {
            (_, 0xFF) => 1,
            (1, 0 | 0xD0..=0xD7) | (0, _) => 0,
            _ => return Ok(cursor.position() - 2),
        };
    }
    Ok(strip.len())
}

/// Tables for the JPEG in all strips.
pub(super) fn tables(octets: &[u8]) -> Result<(), Fault> {
    jpeg(&Source::memory(octets))
}
