//! Enhanced metafiles: a header that says only what the records make it, and records that draw, each exactly as long
//! as its numbers need ([MS-EMF]).

mod longer;

use super::{Fault, Views};
use crate::source::Source;

/// A record is held in memory up to this length.
const LARGEST: usize = 256 << 20;
/// Octets that are shown at a time, and how many of them once more with the next.
const SHOWN: usize = 64 << 10;
const AGAIN: usize = 128;

const LENGTH: Fault = Fault("a record of a metafile is not of its length");
const FIELD: Fault = Fault("a field of a metafile is not of the one form");

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let header = file.read(0..108, 108)?;
    let header = Record(&header);
    let is_fixed = header.is(0, &[1, 108])
        && header.octets(40, 8)? == b" EMF\0\0\x01\0"
        && u64::from(header.word(48)?) == file.len()
        && header.is(60, &[0; 3])
        && header.is(88, &[0; 3]);
    if !is_fixed {
        return Err(Fault("the header of a metafile"));
    }
    let (mut at, mut records, mut handles) = (108, 1_u64, 1);
    loop {
        let head: [u8; 8] = file.array(at)?;
        let len = Record(&head).word(4)?;
        if len < 8 || len % 4 != 0 {
            return Err(LENGTH);
        }
        let octets = file.read(at..at + u64::from(len), LARGEST)?;
        let record = Record(&octets);
        at += u64::from(len);
        records += 1;
        if record.word(0)? == 14 {
            if !record.is(0, &[14, 20, 0, 16, 20]) || len != 20 {
                return Err(FIELD);
            }
            break;
        }
        record.check(&mut handles)?;
        record.show(views)?;
    }
    let told = (u64::from(header.word(52)?), header.word(56)?);
    if at != file.len() || told != (records, handles) {
        return Err(Fault(
            "the records of a metafile are not as many as it says",
        ));
    }
    Ok(())
}

/// The octets of one record.
struct Record<'a>(&'a [u8]);

impl Record<'_> {
    fn word(&self, at: usize) -> Result<u32, Fault> {
        let four = self.0.get(at..).and_then(<[u8]>::first_chunk);
        four.map(|four| u32::from_le_bytes(*four)).ok_or(LENGTH)
    }

    fn size(&self, at: usize) -> Result<usize, Fault> {
        usize::try_from(self.word(at)?).map_err(|_| LENGTH)
    }

    fn octets(&self, at: usize, len: usize) -> Result<&[u8], Fault> {
        let end = at.checked_add(len).ok_or(LENGTH)?;
        self.0.get(at..end).ok_or(LENGTH)
    }

    /// Whether these numbers stand there.
    fn is(&self, at: usize, numbers: &[u32]) -> bool {
        let mut places = (at..).step_by(4);
        numbers
            .iter()
            .all(|&number| places.next().is_some_and(|at| self.word(at) == Ok(number)))
    }

    fn zeros(&self, from: usize, to: usize) -> Result<(), Fault> {
        let octets = self.0.get(from..to).ok_or(LENGTH)?;
        if octets.iter().all(|&octet| octet == 0) {
            Ok(())
        } else {
            Err(FIELD)
        }
    }

    /// Holds that the record is so long, but for zeros up to a whole word.
    fn ends(&self, len: usize) -> Result<(), Fault> {
        if len.next_multiple_of(4) != self.0.len() {
            return Err(LENGTH);
        }
        self.zeros(len, self.0.len())
    }

    fn product(&self, count: usize, each: usize) -> Result<usize, Fault> {
        let product = count.checked_mul(each).ok_or(LENGTH)?;
        if product > self.0.len() {
            return Err(LENGTH);
        }
        Ok(product)
    }

    fn check(&self, handles: &mut u32) -> Result<(), Fault> {
        let kind = self.word(0)?;
        if matches!(kind, 38 | 39 | 49 | 82 | 93 | 94 | 95) {
            let number = self.word(8)?;
            if !(1..0xFFFF).contains(&number) {
                return Err(FIELD);
            }
            *handles = (*handles).max(number + 1);
        }
        match kind {
            2..=6 | 56 | 85..=89 | 92 => {
                let coordinate = if kind < 80 { 8 } else { 4 };
                let point = coordinate + usize::from(matches!(kind, 56 | 92));
                self.ends(28 + self.product(self.size(24)?, point)?)
            }
            7 | 8 | 90 | 91 => self.lists(if kind < 80 { 8 } else { 4 }),
            38 if !self.is(20, &[0]) => Err(FIELD),
            39 if !self.is(12, &[2]) && !self.is(20, &[0]) => Err(FIELD),
            38 => self.ends(28),
            39 => self.ends(24),
            49 => self.palette(16, self.size(12)? >> 16),
            50 => self.palette(20, self.size(16)?),
            71 => self.region(24, 32),
            72 => self.region(24, 40),
            73 | 74 => self.region(24, 28),
            75 => self.region(8, 16),
            76..=81 | 93..=95 | 114 | 116 => self.bitmaps(kind),
            82 => self.font(),
            83 | 84 => self.text(),
            108 => self.small_text(),
            118 => self.gradient(),
            _ => self.ends(fixed(kind).ok_or(Fault("a record that should not be there"))?),
        }
    }

    /// Shows text as text; the name of a font, which is the system's, not at all; and all else as hidden.
    fn show(&self, views: &mut Views<'_>) -> Result<(), Fault> {
        let (from, to) = match self.word(0)? {
            82 => (40, 104),
            83 => (76, 76 + self.size(44)?),
            84 => (76, 76 + 2 * self.size(44)?),
            108 => {
                let begin = if self.word(20)? & 0x100 == 0 { 52 } else { 36 };
                (begin, self.0.len())
            }
            _ => (self.0.len(), self.0.len()),
        };
        let is_small =
            matches!(self.word(0)?, 83) || self.is(0, &[108]) && self.word(20)? & 0x200 != 0;
        let text = self.0.get(from..to).ok_or(LENGTH)?;
        if is_small {
            let text: String = text.iter().map(|&octet| char::from(octet)).collect();
            views.text(&text);
        } else if self.word(0)? != 82 && !text.is_empty() {
            let (pairs, _) = text.as_chunks::<2>();
            let units: Vec<u16> = pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect();
            views.text(&String::from_utf16_lossy(&units));
        }
        hidden(self.0.get(..from).unwrap_or_default(), views);
        hidden(self.0.get(to..).unwrap_or_default(), views);
        Ok(())
    }
}

/// Shows octets, a part at a time.
pub(super) fn hidden(octets: &[u8], views: &mut Views<'_>) {
    let mut at = 0;
    while at < octets.len() {
        let end = (at + SHOWN + AGAIN).min(octets.len());
        views.hidden(octets.get(at..end).unwrap_or_default());
        at += SHOWN;
    }
}

/// The length of a record that is always as long.
fn fixed(kind: u32) -> Option<usize> {
    let words = match kind {
        // SETMETARGN, SAVEDC, REALIZEPALETTE, paths' begin, end, figure, flattening, widening and giving up.
        28 | 33 | 52 | 59..=61 | 65 | 66 | 68 => 0,
        // One mode, colour or number.
        16..=22 | 24 | 25 | 34 | 37 | 40 | 48 | 57 | 58 | 67 | 115 => 1,
        // A point or an extent, or two numbers.
        9..=13 | 26 | 27 | 51 | 54 | 120 => 2,
        // SETPIXELV.
        15 => 3,
        // A box, two fractions, or EXTFLOODFILL.
        29..=32 | 42 | 43 | 53 | 62..=64 => 4,
        // ANGLEARC.
        41 => 5,
        // SETCOLORADJUSTMENT, SETWORLDTRANSFORM, ROUNDRECT.
        23 | 35 | 44 => 6,
        // MODIFYWORLDTRANSFORM.
        36 => 7,
        // ARC, CHORD, PIE, ARCTO.
        45..=47 | 55 => 8,
        _ => return None,
    };
    Some(8 + words * 4)
}
