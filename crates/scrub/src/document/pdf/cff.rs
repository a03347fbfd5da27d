//! CFF programs (Adobe Technical Note 5176): notices and names become filler of the same length, so that no offset
//! moves.

use std::collections::HashSet;
use std::ops::Range;

use zeroize::Zeroizing;

use super::filter::Octets;

/// What names and notices become.
pub(super) const FILLER: u8 = b'F';
/// Strings that every reader knows by number.
const STANDARD_STRINGS: usize = 391;
/// Operators whose operand is a string that only tells about the font: version, notice, full name, family, weight;
/// after an escape: copyright, embedded code, base font's name, font's name.
const TELLING: [u16; 9] = [0, 1, 2, 3, 4, 0x0c00, 0x0c15, 0x0c16, 0x0c26];
/// Operator of a character collection, whose strings mean something.
const COLLECTION: u16 = 0x0c1e;
/// Operator of the fonts of a collection.
const FONTS: u16 = 0x0c24;

/// Nothing for a damaged program.
pub(super) fn scrub(octets: &[u8]) -> Option<Octets> {
    let start = usize::from(*octets.get(2)?);
    let (names, at) = index(octets, start)?;
    let (tops, at) = index(octets, at)?;
    let (strings, _) = index(octets, at)?;
    let mut telling: HashSet<i64> = HashSet::new();
    let mut kept: HashSet<i64> = HashSet::new();
    let mut read = |range: Range<usize>| -> Option<Option<usize>> {
        let mut fonts = None;
        for (operator, operands) in operators(octets.get(range)?) {
            let last = operands.last().copied();
            if TELLING.contains(&operator) {
                telling.extend(last);
            } else if operator == COLLECTION {
                kept.extend(operands.iter().take(2));
            } else if operator == FONTS {
                fonts = last.and_then(|at| usize::try_from(at).ok());
            }
        }
        Some(fonts)
    };
    let mut arrays = Vec::new();
    for top in tops {
        arrays.extend(read(top)?);
    }
    for at in arrays {
        for font in index(octets, at)?.0 {
            read(font)?;
        }
    }
    let mut out = Zeroizing::new(octets.to_vec());
    for name in names {
        fill(&mut out, name);
    }
    for (number, string) in strings.into_iter().enumerate() {
        let id = i64::try_from(number + STANDARD_STRINGS).ok()?;
        if telling.contains(&id) && !kept.contains(&id) {
            fill(&mut out, string);
        }
    }
    Some(out)
}

fn fill(octets: &mut [u8], range: Range<usize>) {
    octets
        .get_mut(range)
        .into_iter()
        .flatten()
        .for_each(|octet| *octet = FILLER);
}

/// The ranges of an index's entries, and where it ends.
fn index(octets: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let (count, rest) = octets.get(at..)?.split_first_chunk::<2>()?;
    let count = usize::from(u16::from_be_bytes(*count));
    if count == 0 {
        return Some((Vec::new(), at + 2));
    }
    let size = usize::from(*rest.first().filter(|size| (1..=4).contains(*size))?);
    let offsets = rest.get(1..1 + (count + 1) * size)?;
    let data = at + 2 + offsets.len();
    let mut ends = offsets.chunks_exact(size).map(|offset| {
        let offset = offset.iter().fold(0_usize, |n, &b| n << 8 | usize::from(b));
        data.checked_add(offset)
    });
    let mut start = ends.next()??;
    let mut ranges = Vec::with_capacity(count);
    for end in ends {
        let end = end.filter(|&end| end >= start && end <= octets.len())?;
        ranges.push(start..end);
        start = end;
    }
    Some((ranges, start))
}

/// The operators of a dictionary with their whole-numbered operands.
fn operators(dict: &[u8]) -> Vec<(u16, Vec<i64>)> {
    let mut out = Vec::new();
    let mut operands = Vec::new();
    let mut octets = dict.iter().copied();
    while let Some(first) = octets.next() {
        match first {
            12 => {
                let second = octets.next().unwrap_or(0);
                out.push((0x0c00 | u16::from(second), std::mem::take(&mut operands)));
            }
            0..=21 => out.push((u16::from(first), std::mem::take(&mut operands))),
            28 => {
                let (Some(a), Some(b)) = (octets.next(), octets.next()) else {
                    break;
                };
                operands.push(i64::from(i16::from_be_bytes([a, b])));
            }
            29 => {
                let word: Vec<u8> = octets.by_ref().take(4).collect();
                let &[a, b, c, d] = word.as_slice() else {
                    break;
                };
                operands.push(i64::from(i32::from_be_bytes([a, b, c, d])));
            }
            30 => {
                for octet in octets.by_ref() {
                    if octet & 15 == 15 || octet >> 4 == 15 {
                        break;
                    }
                }
                operands.push(0);
            }
            32..=246 => operands.push(i64::from(first) - 139),
            247..=250 => {
                let low = i64::from(octets.next().unwrap_or(0));
                operands.push((i64::from(first) - 247) * 256 + low + 108);
            }
            251..=254 => {
                let low = i64::from(octets.next().unwrap_or(0));
                operands.push(-(i64::from(first) - 251) * 256 - low - 108);
            }
            _ => {}
        }
    }
    out
}
