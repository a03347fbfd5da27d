//! MP3: whole frames of one after the other, the first one perhaps with a canonical count of the others, and zeros
//! where no decoder reads.

use super::{Fault, Views};
use crate::source::Source;

const KBITS: [[u16; 16]; 5] = [
    [
        0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0,
    ],
    [
        0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0,
    ],
    [
        0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0,
    ],
    [
        0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0,
    ],
    [
        0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0,
    ],
];

/// One frame's header, field by field.
struct Frame {
    word: u32,
}

impl Frame {
    fn at(file: &Source<'_>, at: u64) -> Result<Self, Fault> {
        let word = u32::from_be_bytes(file.array(at)?);
        let frame = Self { word };
        let valid = word >> 21 == 0x7FF
            && frame.field(19, 3) != 1
            && frame.field(17, 3) != 0
            && frame.field(12, 15) != 15
            && frame.field(10, 3) != 3;
        if valid {
            Ok(frame)
        } else {
            Err(Fault("a frame's header"))
        }
    }

    fn field(&self, shift: u32, mask: u32) -> u32 {
        self.word >> shift & mask
    }

    fn layer(&self) -> u32 {
        4 - self.field(17, 3)
    }

    fn low_rate(&self) -> bool {
        self.field(19, 3) != 3
    }

    /// Octets, or nothing in the free format.
    fn len(&self) -> Option<u64> {
        let row = match (self.low_rate(), self.layer()) {
            (false, layer) => layer - 1,
            (true, 1) => 3,
            (true, _) => 4,
        };
        let row = KBITS.get(usize::try_from(row).ok()?)?;
        let kbits = *row.get(usize::try_from(self.field(12, 15)).ok()?)?;
        if kbits == 0 {
            return None;
        }
        let hertz = match self.field(10, 3) {
            0 => 44_100,
            1 => 48_000,
            _ => 32_000,
        } >> match self.field(19, 3) {
            3 => 0,
            2 => 1,
            _ => 2,
        };
        let samples: u64 = match (self.layer(), self.low_rate()) {
            (1, _) => 384,
            (3, true) => 576,
            _ => 1152,
        };
        let slot = self.slot();
        Some((samples / 8 * 1000 * u64::from(kbits) / hertz / slot + self.padding()) * slot)
    }

    fn slot(&self) -> u64 {
        if self.layer() == 1 { 4 } else { 1 }
    }

    fn padding(&self) -> u64 {
        u64::from(self.field(9, 1))
    }

    fn side(&self) -> u64 {
        let is_mono = self.field(6, 3) == 3;
        match (self.low_rate(), is_mono) {
            (false, false) => 32,
            (true, true) => 9,
            _ => 17,
        }
    }
}

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let (mut at, mut free) = (0, None);
    let mut count: u32 = 0;
    let mut told = None;
    while at < file.len() {
        let frame = Frame::at(file, at)?;
        let len = match frame.len() {
            Some(len) => len,
            None => free_len(file, at, &frame, &mut free)?,
        };
        let all = file.read(at..at.saturating_add(len), 16 << 10)?;
        if at == 0 && frame.layer() == 3 {
            told = counts(&frame, &all, file.len())?;
        }
        if at > 0 || told.is_none() {
            count = count.saturating_add(1);
        }
        at += len;
    }
    match told {
        _ if count == 0 => Err(Fault("no sound")),
        Some(told) if told.abs_diff(count) > 1 => Err(Fault("another number of frames than told")),
        _ => Ok(()),
    }
}

/// The length of a frame of the free format: as the first one's, which the second one's header ends.
fn free_len(
    file: &Source<'_>,
    at: u64,
    frame: &Frame,
    free: &mut Option<u64>,
) -> Result<u64, Fault> {
    let pad = frame.padding() * frame.slot();
    if let Some(len) = *free {
        return Ok(len + pad);
    }
    let skip = 4 + frame.side() + if frame.field(16, 1) == 0 { 2 } else { 0 };
    for next in at + skip..file.len().min(at + 8193) {
        let same = |other: Frame| (other.word ^ frame.word) & 0xFFFE_FC00 == 0;
        if Frame::at(file, next).is_ok_and(same) {
            let len = next - at;
            *free = Some(len - pad);
            return Ok(len);
        }
    }
    Err(Fault("a frame of the free format that has no end"))
}

/// Checks a first frame that tells how many follow. Gives their number.
fn counts(frame: &Frame, all: &[u8], len: u64) -> Result<Option<u32>, Fault> {
    const FAULT: Fault = Fault("the first frame's counts");
    let side = usize::try_from(4 + frame.side()).unwrap_or(0);
    let (front, tag) = all.split_at_checked(side).ok_or(FAULT)?;
    let Some((name, tag)) = tag.split_first_chunk::<4>() else {
        return Ok(None);
    };
    if !matches!(name, b"Xing" | b"Info") {
        return Ok(None);
    }
    let word = |at: usize| {
        let octets = tag.get(at..at + 4).and_then(|o| o.first_chunk::<4>());
        octets.map(|&o| u32::from_be_bytes(o)).ok_or(FAULT)
    };
    let (flags, frames, octets) = (word(0)?, word(4)?, word(8)?);
    let is_quiet = front.iter().skip(4).all(|&b| b == 0) && frame.field(16, 1) == 1;
    if !is_quiet || u64::from(octets) != len.min(u64::from(u32::MAX)) {
        return Err(FAULT);
    }
    let rest = tag.get(12..).unwrap_or_default();
    if flags == 3 {
        return if rest.iter().all(|&b| b == 0) {
            Ok(Some(frames))
        } else {
            Err(FAULT)
        };
    }
    let (table, rest) = rest.split_at_checked(100).ok_or(FAULT)?;
    let (quality, rest) = rest.split_at_checked(4).ok_or(FAULT)?;
    if flags != 15 || !table.is_sorted() || table.first() != Some(&0) || quality != [0; 4] {
        return Err(FAULT);
    }
    if let Some((lame, zeros)) = rest
        .split_first_chunk::<36>()
        .filter(|(lame, _)| lame.iter().any(|&b| b != 0))
    {
        let (body, sum) = lame.split_at_checked(34).ok_or(FAULT)?;
        let quiet = |part: Option<&[u8]>| part.is_some_and(|p| p.iter().all(|&b| b == 0));
        let summed = all.len() - zeros.len() - 2;
        let expected = all.iter().take(summed).fold(0, |sum, &b| checksum(sum, b));
        let is_right = quiet(body.get(..21)) && quiet(body.get(24..)) && quiet(Some(zeros));
        if !is_right || sum != expected.to_be_bytes() {
            return Err(FAULT);
        }
    } else if rest.iter().any(|&b| b != 0) {
        return Err(FAULT);
    }
    Ok(Some(frames))
}

fn checksum(mut sum: u16, octet: u8) -> u16 {
    for bit in 0..8 {
        let odd = (sum ^ u16::from(octet >> bit)) & 1 != 0;
        sum = sum >> 1 ^ if odd { 0xA001 } else { 0 };
    }
    sum
}
