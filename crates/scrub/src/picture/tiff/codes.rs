//! Where packed strips really end: what follows their end is not shown.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::Refusal;
use crate::source::Source;

/// Octets of `PackBits` that unpack to `wanted` octets (TIFF 6.0, section 9).
pub(super) fn pack_bits(strip: &Source<'_>, wanted: u64) -> Result<u64, Refusal> {
    let mut cursor = strip.cursor(0);
    let mut unpacked = 0;
    while unpacked < wanted {
        let Some(code) = cursor.octet()? else {
            break;
        };
        let (skip, run) = match code {
            0..=127 => (u64::from(code) + 1, u64::from(code) + 1),
            128 => (0, 0),
            _ => (1, 257 - u64::from(code)),
        };
        let left = strip.len() - cursor.position();
        cursor.skip(skip.min(left))?;
        unpacked += run;
    }
    Ok(cursor.position())
}

/// Octets of a zlib stream, or of all there is when it does not end.
pub(super) fn deflate(strip: &Source<'_>) -> Result<u64, Refusal> {
    const RING: usize = 32 << 10;
    let mut cursor = strip.cursor(0);
    let mut inflater = Box::new(DecompressorOxide::new());
    let mut ring = vec![0; RING];
    let mut at = 0;
    loop {
        let window = cursor.window()?;
        let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_HAS_MORE_INPUT;
        let is_last = window.is_empty();
        let (status, read, written) = decompress(&mut inflater, window, &mut ring, at, flags);
        cursor.skip(read as u64)?;
        at = (at + written) % RING;
        match status {
            TINFLStatus::Done => return Ok(cursor.position()),
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::NeedsMoreInput if !is_last => {}
            _ => return Ok(strip.len()),
        }
    }
}

/// Octets of an LZW stream that unpacks to `wanted` octets, with its end code (TIFF 6.0, section 13). The old form,
/// with its bits the other way round, is taken whole.
pub(super) fn lzw(strip: &Source<'_>, wanted: u64) -> Result<u64, Refusal> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const CODES: usize = 4096;
    if strip.len() >= 2 && matches!(strip.array::<2>(0)?, [0, second] if second & 1 != 0) {
        return Ok(strip.len());
    }
    let mut cursor = strip.cursor(0);
    // How many octets each code stands for.
    let mut runs = vec![1_u64; CODES];
    let (mut next, mut width, mut last) = (END + 1, 9, None::<u64>);
    let (mut bits, mut held) = (0_usize, 0_u32);
    let mut unpacked = 0;
    loop {
        while held < width {
            let Some(octet) = cursor.octet()? else {
                return Ok(strip.len());
            };
            bits = bits << 8 | usize::from(octet);
            held += 8;
        }
        held -= width;
        let code = bits >> held & ((1 << width) - 1);
        bits &= (1 << held) - 1;
        if code == END {
            return Ok(cursor.position());
        }
        if unpacked >= wanted && code != CLEAR {
            // Nothing says that this is the end, but nothing more is shown.
            return Ok(cursor.position());
        }
        if code == CLEAR {
            (next, width, last) = (END + 1, 9, None);
            continue;
        }
        let run = match last {
            Some(last) if code >= next => last + 1,
            _ => runs.get(code).copied().unwrap_or(1),
        };
        if let (Some(last), Some(slot)) = (last, runs.get_mut(next)) {
            *slot = last + 1;
            next += 1;
        }
        // The width grows one code early.
        if next + 1 >= 1 << width && width < 12 {
            width += 1;
        }
        unpacked += run;
        last = Some(run);
    }
}

/// Octets of a page of Group 4 with its end-of-block code (ITU-T T.6), or all there is when it has none.
pub(super) fn group4(strip: &Source<'_>, is_reversed: bool) -> Result<u64, Refusal> {
    let mut cursor = strip.cursor(0);
    let mut bits = 0_u32;
    while let Some(octet) = cursor.octet()? {
        let octet = if is_reversed {
            octet.reverse_bits()
        } else {
            octet
        };
        for at in (0..8).rev() {
            bits = (bits << 1 | u32::from(octet >> at & 1)) & 0x00FF_FFFF;
            if bits == 0x0000_1001 {
                return Ok(cursor.position());
            }
        }
    }
    Ok(strip.len())
}
