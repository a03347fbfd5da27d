//! Windows bitmaps: each field is what the pixels make it, and the pixels take the rest of the file.

use super::{Fault, Views, icc};
use crate::source::{Cursor, Source};

/// Longer profiles are no profiles of pictures.
const PROFILE: usize = 8 << 20;
const WRONG: Fault = Fault("a bitmap's header is not of the one form");

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let front: [u8; 18] = file.array(0)?;
    let offset = u64::from(word(&front, 10)?);
    let size = word(&front, 14)?;
    if !front.starts_with(b"BM")
        || u64::from(word(&front, 2)?) != file.len()
        || word(&front, 6)? != 0
        || !matches!(size, 12 | 40 | 52 | 56 | 64 | 108 | 124)
    {
        return Err(WRONG);
    }
    let header = file.read(14..14 + u64::from(size), 124)?;
    let is_core = size == 12;
    let (width, height, planes) = if is_core {
        let dimensions = word(&header, 4)?;
        (dimensions & 0xFFFF, dimensions >> 16, word(&header, 8)?)
    } else {
        let height = word(&header, 8)?.cast_signed().unsigned_abs();
        (word(&header, 4)?, height, word(&header, 12)?)
    };
    let depth = planes >> 16;
    if planes & 0xFFFF != 1 {
        return Err(WRONG);
    }
    let mut fixed = 14 + u64::from(size);
    let mut palette_told = None;
    let mut compression = 0;
    let pixels = file.part(0..profile(file, &header)?)?;
    if !is_core {
        compression = word(&header, 16)?;
        let has_profile = pixels.len() < file.len();
        check_fields(
            &header,
            pixels.len() - offset.min(pixels.len()),
            has_profile,
        )?;
        palette_told = Some(u64::from(word(&header, 32)?));
        if size == 40 {
            fixed += match compression {
                3 => 12,
                6 => 16,
                _ => 0,
            };
        }
    }
    let palette = offset.checked_sub(fixed).ok_or(WRONG)?;
    check_palette(file, fixed, palette, depth, palette_told)?;
    if matches!(compression, 1 | 2) {
        return check_codes(&pixels, offset, compression == 2);
    }
    check_rows(&pixels, offset, u64::from(width) * u64::from(depth), height)
}

/// Where the pixels end: a profile, which only a header of version 5 has, takes the rest of the file.
fn profile(file: &Source<'_>, header: &[u8]) -> Result<u64, Fault> {
    if header.len() < 124 || header.get(56..60) != Some(b"DEBM") {
        return Ok(file.len());
    }
    let begin = 14 + u64::from(word(header, 112)?);
    let len = u64::from(word(header, 116)?);
    if begin + len != file.len() {
        return Err(WRONG);
    }
    icc::verify(&file.read(begin..file.len(), PROFILE)?)?;
    Ok(begin)
}

fn word(octets: &[u8], at: usize) -> Result<u32, Fault> {
    let four = octets.get(at..).and_then(<[u8]>::first_chunk);
    four.map(|four| u32::from_le_bytes(*four)).ok_or(WRONG)
}

/// The fields behind the dimensions. Where a profile stands has been held before.
pub(super) fn check_fields(header: &[u8], pixels: u64, has_profile: bool) -> Result<(), Fault> {
    let compression = word(header, 16)?;
    let (x, y) = (word(header, 24)?, word(header, 28)?);
    let (mut a, mut b) = (x, y);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let is_shape = (x, y) == (0, 0) || (a == 1 && x != y && x != 0 && y != 0);
    if compression > 6 || u64::from(word(header, 20)?) != pixels || !is_shape {
        return Err(WRONG);
    }
    if word(header, 36)? != 0 {
        return Err(WRONG);
    }
    let masks = header.get(40..56.min(header.len())).unwrap_or_default();
    let is_os2 = header.len() == 64;
    if (!matches!(compression, 3 | 6) || is_os2) && masks.iter().any(|&octet| octet != 0) {
        return Err(WRONG);
    }
    let Some(space) = header.get(56..).filter(|space| !space.is_empty()) else {
        return Ok(());
    };
    let numbers = space.get(4..52).unwrap_or_default();
    let (intent, behind) = space
        .split_at_checked(52)
        .map_or((&[][..], &[][..]), |(_, b)| {
            b.split_at_checked(4).unwrap_or((b, &[]))
        });
    let name = space.get(..4).unwrap_or_default();
    let is_named = if has_profile {
        name == b"DEBM"
    } else {
        matches!(name, b"BGRs" | b" niW")
    };
    let is_space =
        (name == [0; 4] && !has_profile) || (is_named && numbers.iter().all(|&octet| octet == 0));
    let behind = if has_profile {
        behind.get(8..).unwrap_or_default()
    } else {
        behind
    };
    let is_right = match header.len() {
        64 => space.iter().all(|&octet| octet == 0),
        108 => is_space,
        _ => {
            is_space
                && matches!(intent, [0 | 1 | 2 | 4 | 8, 0, 0, 0])
                && behind.iter().all(|&octet| octet == 0)
        }
    };
    if is_right { Ok(()) } else { Err(WRONG) }
}

pub(super) fn check_palette(
    file: &Source<'_>,
    at: u64,
    len: u64,
    depth: u32,
    told: Option<u64>,
) -> Result<(), Fault> {
    let entry = if told.is_some() { 4 } else { 3 };
    let most = if depth <= 8 { 1_u64 << depth } else { 0 };
    if !len.is_multiple_of(entry)
        || len / entry > most
        || told.is_some_and(|told| told != len / entry)
    {
        return Err(Fault("a palette is not of its length"));
    }
    let octets = file.read(at..at + len, 1024)?;
    let is_spare = |octet: &&u8| **octet != 0;
    if entry == 4 && octets.iter().skip(3).step_by(4).any(|o| is_spare(&o)) {
        return Err(Fault("spare octets of a palette"));
    }
    Ok(())
}

/// Rows that fill the file and are filled up with zeros.
pub(super) fn check_rows(
    file: &Source<'_>,
    offset: u64,
    bits: u64,
    height: u32,
) -> Result<(), Fault> {
    let row = bits.div_ceil(32) * 4;
    let end = row
        .checked_mul(height.into())
        .and_then(|len| len.checked_add(offset));
    if end != Some(file.len()) {
        return Err(Fault("the pixels do not fill the file"));
    }
    let (whole, shared) = (bits / 8, bits % 8);
    if row == whole {
        return Ok(());
    }
    let mut cursor = file.cursor(offset);
    for _ in 0..height {
        cursor.skip(whole)?;
        for place in whole..row {
            let octet = cursor.octet()?.ok_or(WRONG)?;
            let is_shared = place == whole && shared > 0;
            let spare = if is_shared { octet << shared } else { octet };
            if spare != 0 {
                return Err(Fault("a row is filled up with something"));
            }
        }
    }
    Ok(())
}

/// Codes whose end code is the end of the file.
pub(super) fn check_codes(file: &Source<'_>, offset: u64, is_rle4: bool) -> Result<(), Fault> {
    let mut cursor: Cursor<'_> = file.cursor(offset);
    loop {
        match cursor.array::<2>()? {
            [0, 1] => break,
            [0, 2] => cursor.skip(2)?,
            [0, count @ 3..=255] => {
                let octets = u64::from(if is_rle4 { count.div_ceil(2) } else { count });
                cursor.skip(octets + octets % 2)?;
            }
            _ => {}
        }
    }
    if cursor.position() == file.len() {
        Ok(())
    } else {
        Err(Fault("octets behind the pixels"))
    }
}
