//! FLAC: `STREAMINFO`, at most a channel mask, and frames: each begins with a header whose checksum is right and ends
//! where the sum over it is zero and the next header stands.
#![allow(clippy::cast_possible_truncation, reason = "the count is below 64")]

use super::{Fault, Views};
use crate::source::{Cursor, Source};

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let head = file.array::<8>(0)?;
    let (magic, block) = head.split_at(4);
    let info = file.array::<34>(8)?;
    let mut at = 42;
    match block {
        [0x80, 0, 0, 34] => {}
        [0, 0, 0, 34] => at = mask(file)?,
        _ => return Err(Fault("the first block")),
    }
    if magic != b"fLaC" {
        return Err(Fault("the magic"));
    }
    let counted = frames(file, at)?;
    let number = |from: usize, len: usize| {
        let octets = info.iter().skip(from).take(len);
        octets.fold(0_u64, |value, &b| value << 8 | u64::from(b))
    };
    let fits = |len: u64| if len < 1 << 24 { len } else { 0 };
    if number(4, 3) != fits(counted.shortest) || number(7, 3) != fits(counted.longest) {
        return Err(Fault("the lengths of frames"));
    }
    if number(13, 5) & 0xF_FFFF_FFFF != counted.samples % (1 << 36) {
        return Err(Fault("the number of samples"));
    }
    Ok(())
}

/// A comment block without a vendor, and with one comment. Gives where it ends.
fn mask(file: &Source<'_>) -> Result<u64, Fault> {
    const FAULT: Fault = Fault("the channel mask");
    let [0x84, 0, 0, len] = file.array::<4>(42)? else {
        return Err(FAULT);
    };
    let end = 46 + u64::from(len);
    let body = file.read(46..end, 255)?;
    let body = body.strip_prefix(b"\0\0\0\0\x01\0\0\0").ok_or(FAULT)?;
    let (size, text) = body.split_first_chunk::<4>().ok_or(FAULT)?;
    let digits = text
        .strip_prefix(b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x")
        .ok_or(FAULT)?;
    let is_hex = |b: &u8| b.is_ascii_digit() || (b'A'..=b'F').contains(b);
    let is_right = u32::from_le_bytes(*size) as usize == text.len()
        && (1..=8).contains(&digits.len())
        && digits.iter().all(is_hex)
        && (digits.len() == 1 || !digits.starts_with(b"0"));
    if is_right { Ok(end) } else { Err(FAULT) }
}

#[derive(Default)]
struct Counted {
    shortest: u64,
    longest: u64,
    samples: u64,
}

fn frames(file: &Source<'_>, at: u64) -> Result<Counted, Fault> {
    let mut counted = Counted::default();
    let mut cursor = file.cursor(at);
    let (mut start, mut sum) = (at, 0_u16);
    counted.samples = header(file, at)?.ok_or(Fault("the first frame's header"))?;
    let mut last_two = [0_u8; 2];
    while let Some(octet) = next(&mut cursor)? {
        // A frame ends where the sum is zero, if a header follows.
        let here = cursor.position() - 1;
        if sum == 0
            && here > start + 8
            && octet == 0xFF
            && let Some(samples) = header(file, here)?
        {
            counted.add(here - start);
            counted.samples += samples;
            start = here;
        }
        let [_, b] = last_two;
        last_two = [b, octet];
        sum = (sum & 0xFF) << 8
            ^ FOLD
                .get(usize::from((sum >> 8) ^ u16::from(octet)))
                .copied()
                .unwrap_or(0);
    }
    if sum != 0 {
        return Err(Fault("something behind the last frame"));
    }
    counted.add(file.len() - start);
    Ok(counted)
}

fn next(cursor: &mut Cursor<'_>) -> Result<Option<u8>, Fault> {
    Ok(cursor.octet()?)
}

impl Counted {
    fn add(&mut self, len: u64) {
        self.shortest = if self.shortest == 0 {
            len
        } else {
            self.shortest.min(len)
        };
        self.longest = self.longest.max(len);
    }
}

/// Samples of the frame whose header stands at `at`; nothing when its checksum is wrong.
fn header(file: &Source<'_>, at: u64) -> Result<Option<u64>, Fault> {
    let octets = file.read(at..file.len().min(at + 16), 16)?;
    let [0xFF, sync, size_rate, _, first, ..] = **octets else {
        return Ok(None);
    };
    if sync & 0xFE != 0xF8 {
        return Ok(None);
    }
    let coded = 1.max(first.leading_ones() as usize);
    let (size_len, rate_len) = match (size_rate >> 4, size_rate & 15) {
        (6, rate) => (1, rate),
        (7, rate) => (2, rate),
        (_, rate) => (0, rate),
    };
    let rate_len = match rate_len {
        12 => 1,
        13 | 14 => 2,
        _ => 0,
    };
    let at_size = 4 + coded;
    let Some(size) = octets.get(at_size..at_size + size_len) else {
        return Ok(None);
    };
    let size = size.iter().fold(0_u64, |size, &b| size << 8 | u64::from(b));
    let samples = match size_rate >> 4 {
        0 => return Ok(None),
        1 => 192,
        n @ 2..=5 => 144 << n,
        6 | 7 => size + 1,
        n => 1 << n,
    };
    let len = at_size + size_len + rate_len;
    let mut crc = 0_u8;
    for octet in octets.iter().take(len) {
        crc ^= octet;
        for _ in 0..8 {
            crc = crc << 1 ^ if crc >> 7 == 1 { 0x07 } else { 0 };
        }
    }
    Ok((octets.get(len) == Some(&crc)).then_some(samples))
}

/// The remainders of the polynomial x^16 + x^15 + x^2 + 1.
const FOLD: [u16; 256] = {
    let mut table = [0_u16; 256];
    let mut n = 0;
    while n < 256 {
        let mut r = 0_u32;
        let mut bit = 24;
        // Long division of n * x^16.
        let mut dividend = (n as u32) << 16;
        while bit > 16 {
            bit -= 1;
            if dividend >> bit & 1 == 1 {
                dividend ^= 0x1_8005 << (bit - 16);
            }
            r = dividend;
        }
        #[allow(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "evaluated while compiling"
        )]
        {
            table[n] = (r & 0xFFFF) as u16;
        }
        n += 1;
    }
    table
};
