//! Programs of fonts: their frame, and the places where names and dates would stand.

use super::syntax::Value;
use crate::verify::Fault;

const TABLES: &[&[u8; 4]] = &[
    b"CFF ", b"OS/2", b"VORG", b"cmap", b"cvt ", b"fpgm", b"gasp", b"glyf", b"head", b"hhea",
    b"hmtx", b"loca", b"maxp", b"post", b"prep", b"vhea", b"vmtx",
];

pub(super) fn program(value: &Value, octets: &[u8]) -> Result<(), Fault> {
    match octets {
        [b'%', b'!', ..] => type_1(value, octets),
        [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] | [b'O', b'T', b'T', b'O', ..] => {
            true_type(octets).ok_or(Fault("TrueType program"))
        }
        [1, _, _, _, ..] => compact(octets).ok_or(Fault("CFF program")),
        _ => Err(Fault("font of an unknown kind")),
    }
}

/// The clear part has no comment but its first line, and no string that is not empty.
fn type_1(value: &Value, octets: &[u8]) -> Result<(), Fault> {
    const FAULT: Fault = Fault("Type 1 program");
    let len = |key| match value.get(key) {
        Some(Value::Int(len)) => usize::try_from(*len).ok(),
        _ => None,
    };
    let (clear, encrypted) = len("Length1")
        .and_then(|at| octets.split_at_checked(at))
        .ok_or(FAULT)?;
    if len("Length2") != Some(encrypted.len()) || len("Length3") != Some(0) {
        return Err(FAULT);
    }
    let clear = clear.strip_prefix(b"%!PS-AdobeFont-1.0\n").ok_or(FAULT)?;
    let clear = clear.strip_suffix(b"eexec\n").ok_or(FAULT)?;
    let mut open = false;
    for &octet in clear {
        match octet {
            b'(' => open = true,
            b')' => open = false,
            b'%' => return Err(FAULT),
            _ if open => return Err(FAULT),
            _ => {}
        }
    }
    Ok(())
}

fn word(octets: &[u8], at: usize) -> Option<usize> {
    let (word, _) = octets.get(at..)?.split_first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*word)).ok()
}

fn half(octets: &[u8], at: usize) -> Option<usize> {
    let (half, _) = octets.get(at..)?.split_first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*half)))
}

/// Tables in the order of their tags, one behind the other, with the right sums; no dates, no maker.
fn true_type(octets: &[u8]) -> Option<()> {
    let count = half(octets, 4)?;
    let log = count.checked_ilog2().unwrap_or(0);
    let range = if count == 0 { 0 } else { 16 << log };
    let told = [half(octets, 6)?, half(octets, 8)?, half(octets, 10)?];
    let log = usize::try_from(log).ok()?;
    let mut fits = told == [range, log, (count * 16).saturating_sub(range)];
    let mut at = 12 + 16 * count;
    let mut last: &[u8] = b"";
    let mut total = sum(octets.get(..at)?);
    for index in 0..count {
        let entry = octets.get(12 + 16 * index..28 + 16 * index)?;
        let (tag, _) = entry.split_first_chunk::<4>()?;
        fits &= TABLES.contains(&tag) && last < tag.as_slice() && word(entry, 8)? == at;
        last = tag;
        let len = word(entry, 12)?;
        let end = at.checked_add(len)?;
        let table = octets.get(at..end)?;
        let padded = octets.get(at..end.next_multiple_of(4))?;
        fits &= padded.iter().skip(len).all(|octet| *octet == 0);
        total = total.wrapping_add(sum(padded));
        let mut told = sum(padded);
        match tag {
            b"head" => {
                fits &=
                    table.len() <= 54 && table.iter().skip(20).take(16).all(|octet| *octet == 0);
                let adjustment = table.get(8..12).map_or(0, sum);
                told = told.wrapping_sub(adjustment);
                fits &= octets.len() >= end;
            }
            b"OS/2" => fits &= table.iter().skip(58).take(4).all(|octet| *octet == b' '),
            b"CFF " => fits &= compact(table).is_some(),
            _ => {}
        }
        fits &= u32::try_from(word(entry, 4)?).ok()? == told;
        at = end.next_multiple_of(4);
    }
    let has_head = (0..count).any(|i| octets.get(12 + 16 * i..16 + 16 * i) == Some(b"head"));
    fits &= at == octets.len() && (!has_head || total == 0xb1b0_afba);
    fits.then_some(())
}

fn sum(octets: &[u8]) -> u32 {
    octets.chunks(4).fold(0, |sum: u32, chunk| {
        let mut word = [0; 4];
        word.iter_mut()
            .zip(chunk)
            .for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

/// The names of the fonts in it are filler.
fn compact(octets: &[u8]) -> Option<()> {
    let start = usize::from(*octets.get(2)?);
    let count = half(octets, start)?;
    if count == 0 {
        return Some(());
    }
    let size = usize::from(*octets.get(start + 2)?);
    let offset = |index: usize| {
        let at = start + 3 + index * size;
        let octets = octets.get(at..at + size)?;
        Some(
            octets
                .iter()
                .fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet)),
        )
    };
    let data = (start + 2).checked_add((count + 1).checked_mul(size)?)?;
    let names = octets.get(data.checked_add(offset(0)?)?..data.checked_add(offset(count)?)?)?;
    names.iter().all(|octet| *octet == b'F').then_some(())
}
