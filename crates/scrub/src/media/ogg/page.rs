//! Ogg pages (RFC 3533, section 6): read from a source, and written with a new number and checksum.

use std::ops::Range;

use crate::Refusal;
use crate::media::window::Window;
use crate::plan::Plan;

/// Octets of a page's header before the lacing.
const HEAD: usize = 27;
pub(super) const CONTINUED: u8 = 1;
pub(super) const FIRST: u8 = 2;
pub(super) const LAST: u8 = 4;

/// A page of the source.
pub(super) struct Page {
    pub(super) flags: u8,
    pub(super) granule: [u8; 8],
    pub(super) serial: u32,
    pub(super) lacing: Vec<u8>,
    /// Where the page stands, and the packets in it.
    pub(super) all: Range<u64>,
    pub(super) body: u64,
}

/// Reads the page at `at`. Nothing when there is none whose checksum is right.
pub(super) fn read(window: &mut Window<'_>, at: u64) -> Result<Option<Page>, Refusal> {
    let head = window.peek(at, HEAD + 255)?;
    let Some((fixed, rest)) = head.split_first_chunk::<HEAD>() else {
        return Ok(None);
    };
    let [
        b'O',
        b'g',
        b'g',
        b'S',
        0,
        flags,
        g0,
        g1,
        g2,
        g3,
        g4,
        g5,
        g6,
        g7,
        s0,
        s1,
        s2,
        s3,
        ..,
    ] = *fixed
    else {
        return Ok(None);
    };
    let [.., c0, c1, c2, c3, segments] = *fixed;
    let Some(lacing) = rest.get(..usize::from(segments)) else {
        return Ok(None);
    };
    let lacing = lacing.to_vec();
    let mut crc = 0;
    let mut quiet = *fixed;
    if let Some(field) = quiet.get_mut(22..26) {
        field.fill(0);
    }
    crc = update(update(crc, &quiet), &lacing);
    let body = at + (HEAD + lacing.len()) as u64;
    let len: u64 = lacing.iter().map(|&l| u64::from(l)).sum();
    if body + len > window.len() {
        return Ok(None);
    }
    window.each(body..body + len, |piece| crc = update(crc, piece))?;
    Ok(
        (crc == u32::from_le_bytes([c0, c1, c2, c3])).then_some(Page {
            flags: flags & 7,
            granule: [g0, g1, g2, g3, g4, g5, g6, g7],
            serial: u32::from_le_bytes([s0, s1, s2, s3]),
            lacing,
            all: at..body + len,
            body,
        }),
    )
}

/// A piece of a page that is written.
#[derive(Clone)]
pub(super) enum Part {
    Made(Vec<u8>),
    Copied(Range<u64>),
}

impl Part {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Made(bytes) => bytes.len() as u64,
            Self::Copied(range) => range.end - range.start,
        }
    }

    /// Splits off the front of `len` octets.
    pub(super) fn split(self, len: u64) -> (Self, Self) {
        match self {
            Self::Made(mut bytes) => {
                let at = usize::try_from(len).unwrap_or(usize::MAX).min(bytes.len());
                let rest = bytes.split_off(at);
                (Self::Made(bytes), Self::Made(rest))
            }
            Self::Copied(range) => {
                let middle = range.start.saturating_add(len).min(range.end);
                (
                    Self::Copied(range.start..middle),
                    Self::Copied(middle..range.end),
                )
            }
        }
    }
}

/// Where a written page belongs.
pub(super) struct Place {
    pub(super) flags: u8,
    pub(super) granule: [u8; 8],
    pub(super) serial: u32,
    pub(super) sequence: u32,
}

/// Writes a page.
pub(super) fn write(
    plan: &mut Plan,
    window: &mut Window<'_>,
    place: &Place,
    lacing: &[u8],
    parts: &[Part],
) -> Result<(), Refusal> {
    let mut head = b"OggS\0".to_vec();
    head.push(place.flags);
    head.extend(place.granule);
    head.extend(place.serial.to_le_bytes());
    head.extend(place.sequence.to_le_bytes());
    head.extend([0; 4]);
    head.push(u8::try_from(lacing.len()).map_err(|_| Refusal::Damaged)?);
    head.extend(lacing);
    let mut crc = update(0, &head);
    for part in parts {
        match part {
            Part::Made(bytes) => crc = update(crc, bytes),
            Part::Copied(range) => {
                window.each(range.clone(), |piece| crc = update(crc, piece))?;
            }
        }
    }
    if let Some(field) = head.get_mut(22..26) {
        field.copy_from_slice(&crc.to_le_bytes());
    }
    plan.put(&head);
    for part in parts {
        match part {
            Part::Made(bytes) => plan.put(bytes),
            Part::Copied(range) => plan.copy(range.clone()),
        }
    }
    Ok(())
}

fn update(crc: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(crc, |crc, &byte| {
        let [high, ..] = crc.to_be_bytes();
        crc << 8 ^ CRC32.get(usize::from(high ^ byte)).copied().unwrap_or(0)
    })
}

/// CRC-32 with the polynomial 0x04C11DB7, high bits first.
const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut index: u32 = 0;
    while index < 256 {
        let mut crc = index << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc >> 31 == 1 {
                crc << 1 ^ 0x04C1_1DB7
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
