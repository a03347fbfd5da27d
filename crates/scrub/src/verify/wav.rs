//! WAV: RIFF or, when it is too long for that, RF64; the format, a count of samples where a codec needs it, and sound.

use super::{Fault, Views};
use crate::source::Source;

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let head = file.array::<12>(0)?;
    let (name, rest) = head.split_at(4);
    let size = u64::from(le32(rest));
    let mut at = 12;
    let mut long = None;
    match name {
        b"RIFF" if size + 8 == file.len() => {}
        b"RF64" if size == u64::from(u32::MAX) => {
            let table = file.array::<36>(12)?;
            let (front, body) = table.split_at(8);
            let (riff, body) = body.split_at(8);
            let (data, tail) = body.split_at(8);
            let tail_ends = tail.iter().skip(8).all(|&b| b == 0);
            if front != b"ds64\x1C\0\0\0" || le64(riff) + 8 != file.len() || !tail_ends {
                return Err(Fault("the table of 64-bit lengths"));
            }
            long = Some(le64(data));
            at = 48;
        }
        _ => return Err(Fault("the length of the whole")),
    }
    if head.get(8..) != Some(b"WAVE") {
        return Err(Fault("no WAVE"));
    }
    let (id, len) = chunk(file, at)?;
    if &id != b"fmt " {
        return Err(Fault("no format in front"));
    }
    let format = file
        .read(at + 8..at + 8 + len, 2048)
        .map_err(|_| Fault("the format"))?;
    let is_linear = format_is_known(&format)?;
    at += 8 + len;
    let (mut id, mut len) = chunk(file, at)?;
    if &id == b"fact" && len == 4 && !is_linear {
        at += 12;
        (id, len) = chunk(file, at)?;
    }
    if let Some(long) = long {
        if len != u64::from(u32::MAX) {
            return Err(Fault("two lengths of the sound"));
        }
        len = long;
    }
    let end = at.checked_add(8 + len).ok_or(Fault("the sound's length"))?;
    let pad = len % 2;
    if &id != b"data" || end.checked_add(pad) != Some(file.len()) {
        return Err(Fault("something besides the sound"));
    }
    if pad == 1 && file.array(end)? != [0] {
        return Err(Fault("the last octet"));
    }
    Ok(())
}

fn chunk(file: &Source<'_>, at: u64) -> Result<([u8; 4], u64), Fault> {
    let id = file.array::<4>(at)?;
    let len = file.array::<4>(at + 4)?;
    Ok((id, u64::from(u32::from_le_bytes(len))))
}

/// Whether samples are linear; a format with anything unknown in it is a fault.
fn format_is_known(format: &[u8]) -> Result<bool, Fault> {
    const FAULT: Fault = Fault("the format");
    let (fields, extra) = format.split_at_checked(16).ok_or(FAULT)?;
    let tag = fields.first_chunk::<2>().map(|&t| u16::from_le_bytes(t));
    let tag = tag.ok_or(FAULT)?;
    if tag == 1 {
        return if extra.is_empty() {
            Ok(true)
        } else {
            Err(FAULT)
        };
    }
    let (len, extra) = extra.split_first_chunk::<2>().ok_or(FAULT)?;
    if usize::from(u16::from_le_bytes(*len)) != extra.len() {
        return Err(FAULT);
    }
    let right = match tag {
        3 | 6 | 7 | 0x45 | 0x64 | 0x2000 | 0x2001 => extra.is_empty(),
        2 => extra.len() == 4 + 4 * usize::from(extra.get(2).copied().unwrap_or(0)),
        0x11 | 0x20 | 0x31 => extra.len() <= 2,
        0x50 => extra.len() <= 22,
        0x55 => extra.len() <= 12,
        0xFF | 0x706D => extra.len() <= 5,
        0x160 => extra.len() <= 4,
        0xF1AC => extra.len() <= 34,
        0x161 | 0x162 => extra.len() <= 18,
        0xFFFE => {
            let codec = extra.get(6..22).unwrap_or_default();
            let (number, rest) = codec.split_at_checked(2).ok_or(FAULT)?;
            let is_fixed = rest == [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
                || rest == [0, 0, 33, 7, 211, 17, 134, 68, 200, 193, 202, 0, 0, 0];
            if extra.len() != 22 || !is_fixed || !matches!(number, [1 | 3 | 6 | 7, 0]) {
                return Err(FAULT);
            }
            return Ok(number.first() == Some(&1));
        }
        _ => false,
    };
    if right { Ok(false) } else { Err(FAULT) }
}

fn le32(octets: &[u8]) -> u32 {
    octets.first_chunk().map_or(0, |&o| u32::from_le_bytes(o))
}

fn le64(octets: &[u8]) -> u64 {
    octets.first_chunk().map_or(0, |&o| u64::from_le_bytes(o))
}
