//! Predictors of Flate and LZW streams (ISO 32000-1, section 7.4.4.4).

use zeroize::Zeroizing;

use super::filter::Octets;
use crate::Refusal;

/// Undoes the predictor that the parameters name.
///
/// # Errors
/// [`Refusal::Damaged`] for impossible parameters.
pub(super) fn undo(raw: Octets, int: impl Fn(&str) -> Option<i64>) -> Result<Octets, Refusal> {
    let predictor = int("Predictor").unwrap_or(1);
    if predictor <= 1 {
        return Ok(raw);
    }
    let small = |key: &str, default: i64, most: i64| {
        let value = int(key).unwrap_or(default);
        let value = Some(value).filter(|v| (1..=most).contains(v));
        value
            .and_then(|v| usize::try_from(v).ok())
            .ok_or(Refusal::Damaged)
    };
    let colors = small("Colors", 1, 64)?;
    let bits = small("BitsPerComponent", 8, 16)?;
    let columns = small("Columns", 1, 1 << 24)?;
    let row = (colors * bits * columns).div_ceil(8);
    let pixel = (colors * bits).div_ceil(8);
    if predictor == 2 {
        tiff(raw, row, colors, bits)
    } else {
        Ok(png(&raw, row, pixel))
    }
}

fn tiff(mut raw: Octets, row: usize, colors: usize, bits: usize) -> Result<Octets, Refusal> {
    match bits {
        8 => {
            for line in raw.chunks_mut(row) {
                for at in colors..line.len() {
                    let left = line.get(at - colors).copied().unwrap_or(0);
                    if let Some(octet) = line.get_mut(at) {
                        *octet = octet.wrapping_add(left);
                    }
                }
            }
            Ok(raw)
        }
        1 if colors == 1 => {
            for line in raw.chunks_mut(row) {
                let mut left = 0;
                for octet in line {
                    // Each bit is the sum of the ones before it.
                    let mut sum = *octet;
                    sum ^= sum >> 1;
                    sum ^= sum >> 2;
                    sum ^= sum >> 4;
                    *octet = if left == 1 { !sum } else { sum };
                    left = *octet & 1;
                }
            }
            Ok(raw)
        }
        16 => {
            for line in raw.chunks_mut(row) {
                for at in (colors * 2..line.len().saturating_sub(1)).step_by(2) {
                    let word = |at: usize| {
                        let high = line.get(at).copied().unwrap_or(0);
                        u16::from_be_bytes([high, line.get(at + 1).copied().unwrap_or(0)])
                    };
                    let sum = word(at).wrapping_add(word(at - colors * 2));
                    if let Some(to) = line.get_mut(at..at + 2) {
                        to.copy_from_slice(&sum.to_be_bytes());
                    }
                }
            }
            Ok(raw)
        }
        _ => Err(Refusal::Unsupported("TIFF predictor of odd depth")),
    }
}

fn png(raw: &[u8], row: usize, pixel: usize) -> Octets {
    let mut out = Zeroizing::new(Vec::with_capacity(raw.len()));
    let mut above = vec![0_u8; row];
    let mut line = vec![0_u8; row];
    for chunk in raw.chunks(row + 1) {
        let Some((&kind, data)) = chunk.split_first() else {
            break;
        };
        let len = data.len();
        for (to, from) in line.iter_mut().zip(data) {
            *to = *from;
        }
        for at in 0..len {
            let left = at
                .checked_sub(pixel)
                .and_then(|at| line.get(at))
                .copied()
                .unwrap_or(0);
            let up = above.get(at).copied().unwrap_or(0);
            let corner = at
                .checked_sub(pixel)
                .and_then(|at| above.get(at))
                .copied()
                .unwrap_or(0);
            let add = match kind {
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            if let Some(octet) = line.get_mut(at) {
                *octet = octet.wrapping_add(add);
            }
        }
        out.extend(line.iter().take(len));
        std::mem::swap(&mut above, &mut line);
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let (to_a, to_b, to_c) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}

/// Octets that `len` octets of samples are under a predictor.
pub(super) fn packed_len(
    len: usize,
    predictor: Option<i64>,
    int: impl Fn(&str) -> Option<i64>,
) -> Option<usize> {
    let value = |key, default| usize::try_from(int(key).unwrap_or(default)).ok();
    let bits = value("Colors", 1)?.checked_mul(value("BitsPerComponent", 8)?)?;
    let row = bits.checked_mul(value("Columns", 1)?)?.div_ceil(8);
    let rows = len.checked_div(row)?;
    let mark = usize::from(predictor != Some(2));
    (rows * row == len).then_some(len + rows * mark)
}
