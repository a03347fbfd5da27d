//! Pixels: rows, whose padding is made zero, or run-length codes, whose end is found.

use std::ops::Range;

use crate::Refusal;
use crate::plan::Plan;
use crate::source::{Cursor, Source};

/// More rows than this are not cleaned of their padding.
const MAX_ROWS: u64 = 1 << 17;

/// Copies rows of `row` octets each, of which `bits` bits are pixels.
pub(super) fn copy(
    file: &Source<'_>,
    pixels: &Range<u64>,
    row: u64,
    bits: u64,
    plan: &mut Plan,
) -> Result<(), Refusal> {
    if row * 8 == bits || is_padded_with_zeros(file, pixels, row, bits)? {
        plan.copy(pixels.clone());
        return Ok(());
    }
    if (pixels.end - pixels.start) / row > MAX_ROWS {
        return Err(Refusal::Unsupported(
            "a very high bitmap with filled padding",
        ));
    }
    let mut at = pixels.start;
    while at < pixels.end {
        let whole = at + bits / 8;
        plan.copy(at..whole);
        let mut tail = file.read(whole..at + row, 8)?;
        clear(&mut tail, bits % 8);
        plan.put(&tail);
        plan.rewritten(whole..at + row);
        at += row;
    }
    Ok(())
}

/// Sets the octets of a row's end to zero, but for the first `bits` bits.
fn clear(tail: &mut [u8], bits: u64) {
    if let Some((shared, spare)) = tail.split_first_mut() {
        *shared &= !(0xFF_u8 >> bits);
        spare.fill(0);
    }
}

fn is_padded_with_zeros(
    file: &Source<'_>,
    pixels: &Range<u64>,
    row: u64,
    bits: u64,
) -> Result<bool, Refusal> {
    let mut cursor = file.cursor(pixels.start);
    let spare = !(0xFF_u8
        .checked_shl(8 - u32::try_from(bits % 8).unwrap_or(0))
        .unwrap_or(0));
    while cursor.position() < pixels.end {
        cursor.skip(bits / 8)?;
        for place in bits / 8..row {
            let octet = cursor.octet()?.ok_or(Refusal::Damaged)?;
            let mask = if place == bits / 8 { spare } else { 0xFF };
            if octet & mask != 0 {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Where run-length codes end: behind their end code.
pub(super) fn coded_end(file: &Source<'_>, begin: u64, nibbles: bool) -> Result<u64, Refusal> {
    let mut cursor = file.cursor(begin);
    let octet = |cursor: &mut Cursor<'_>| cursor.octet()?.ok_or(Refusal::Damaged);
    loop {
        let count = octet(&mut cursor)?;
        let code = octet(&mut cursor)?;
        if count > 0 {
            continue;
        }
        match code {
            0 => {}
            1 => return Ok(cursor.position()),
            2 => cursor.skip(2)?,
            pixels => {
                let pixels = u64::from(pixels);
                let octets = if nibbles { pixels.div_ceil(2) } else { pixels };
                cursor.skip(octets.next_multiple_of(2))?;
            }
        }
    }
}
