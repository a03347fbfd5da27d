//! The types of numbers, each brought to its exact length: nothing rides behind or between them.
//!
//! ICC.1:2022, clause 10.

use super::number;

/// Colour channels that a table may have.
const MAX_CHANNELS: u8 = 15;

/// `XYZType`: one colour.
pub(super) fn xyz(data: &[u8]) -> Option<Vec<u8>> {
    typed(data, b"XYZ ", data.get(8..20)?)
}

/// `s15Fixed16ArrayType`: nine numbers.
pub(super) fn matrix(data: &[u8]) -> Option<Vec<u8>> {
    typed(data, b"sf32", data.get(8..44)?)
}

/// `cicpType`.
pub(super) fn code_points(data: &[u8]) -> Option<Vec<u8>> {
    let points = data.get(8..12)?;
    let [_, _, _, 0 | 1] = points else {
        return None;
    };
    typed(data, b"cicp", points)
}

/// `curveType` or `parametricCurveType`, and how many octets of `data` it took, without padding.
pub(super) fn curve(data: &[u8]) -> Option<(Vec<u8>, usize)> {
    let len = match data.get(..4)? {
        b"curv" => number(data, 8)?.checked_mul(2)?.checked_add(12)?,
        b"para" => match data.get(8..10)? {
            [0, 0] => 16,
            [0, 1] => 24,
            [0, 2] => 28,
            [0, 3] => 32,
            [0, 4] => 40,
            _ => return None,
        },
        _ => return None,
    };
    let mut curve = data.get(..len)?.to_vec();
    clear(&mut curve, 4..8);
    if curve.starts_with(b"para") {
        clear(&mut curve, 10..12);
    }
    Some((curve, len))
}

/// A table from `from` channels to `to` channels, of any of the four types.
pub(super) fn table(data: &[u8], from: u8, to: u8) -> Option<Vec<u8>> {
    let [i, o, ..] = *data.get(8..)? else {
        return None;
    };
    if (i, o) != (from, to) || i == 0 || o == 0 || i > MAX_CHANNELS || o > MAX_CHANNELS {
        return None;
    }
    match data.get(..4)? {
        b"mft1" => lut(data, 1),
        b"mft2" => lut(data, 2),
        b"mAB " | b"mBA " => lut_of_curves(data),
        _ => None,
    }
}

/// `lut8Type`, `lut16Type`: the octets of a number are `width`.
fn lut(data: &[u8], width: usize) -> Option<Vec<u8>> {
    let [i, o, grid, ..] = *data.get(8..)? else {
        return None;
    };
    let (inputs, outputs) = (usize::from(i), usize::from(o));
    let (first, input, output) = if width == 1 {
        (48, 256, 256)
    } else {
        let entries = number(data, 48)?;
        (52, entries >> 16, entries & 0xFFFF)
    };
    let numbers = power(grid, i)?
        .checked_mul(outputs)?
        .checked_add(inputs.checked_mul(input)?)?
        .checked_add(outputs.checked_mul(output)?)?;
    let len = numbers.checked_mul(width)?.checked_add(first)?;
    let mut lut = data.get(..len)?.to_vec();
    clear(&mut lut, 4..8);
    clear(&mut lut, 11..12);
    Some(lut)
}

/// `lutAToBType`, `lutBToAType`: up to three sets of curves, a matrix and a grid, each found by its place.
fn lut_of_curves(data: &[u8]) -> Option<Vec<u8>> {
    let from_device = data.starts_with(b"mAB ");
    let [i, o, ..] = *data.get(8..)? else {
        return None;
    };
    let (near, far) = if from_device { (o, i) } else { (i, o) };
    let mut lut = data.get(..12)?.to_vec();
    clear(&mut lut, 4..8);
    clear(&mut lut, 10..12);
    lut.resize(32, 0);
    // In the header's order: B curves, matrix, M curves, grid, A curves.
    for (slot, part) in [12, 16, 20, 24, 28].into_iter().zip(0..) {
        let at = number(data, slot)?;
        if at == 0 {
            continue;
        }
        let from = data.get(at..)?;
        let part = match part {
            0 | 2 => curves(from, near)?,
            1 => from.get(..48)?.to_vec(),
            3 => grid(from, i, o)?,
            _ => curves(from, far)?,
        };
        let place = super::be(lut.len());
        lut.get_mut(slot..slot + 4)?.copy_from_slice(&place);
        lut.extend_from_slice(&part);
        lut.resize(lut.len().next_multiple_of(4), 0);
    }
    Some(lut)
}

/// `count` curves, each padded to four octets.
fn curves(mut data: &[u8], count: u8) -> Option<Vec<u8>> {
    let mut curves = Vec::new();
    for left in (0..count).rev() {
        let (one, len) = curve(data)?;
        curves.extend_from_slice(&one);
        curves.resize(curves.len().next_multiple_of(4), 0);
        let next = data.get(len.next_multiple_of(4)..);
        // Behind the last one, the padding may be missing.
        data = if left == 0 { &[] } else { next? };
    }
    Some(curves)
}

/// The grid of a table: sixteen counts of points, the width of a number, and the numbers.
fn grid(data: &[u8], i: u8, o: u8) -> Option<Vec<u8>> {
    let (points, _) = data.get(..16)?.split_at_checked(usize::from(i))?;
    let width = match data.get(16)? {
        1 => 1,
        2 => 2,
        _ => return None,
    };
    let count = points
        .iter()
        .try_fold(1_usize, |count, &n| count.checked_mul(usize::from(n)))?;
    let len = count
        .checked_mul(usize::from(o))?
        .checked_mul(width)?
        .checked_add(20)?;
    let mut grid = data.get(..len)?.to_vec();
    clear(&mut grid, usize::from(i)..16);
    clear(&mut grid, 17..20);
    Some(grid)
}

fn power(base: u8, exponent: u8) -> Option<usize> {
    usize::from(base).checked_pow(exponent.into())
}

/// A type with a reserved field and its content.
fn typed(data: &[u8], name: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    if !data.starts_with(name) {
        return None;
    }
    Some([name, &[0; 4], content].concat())
}

/// Sets octets that say nothing to zero.
fn clear(octets: &mut [u8], range: std::ops::Range<usize>) {
    octets.get_mut(range).unwrap_or_default().fill(0);
}
