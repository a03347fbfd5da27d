//! TrueType and OpenType programs: the tables that glyphs are drawn by, without names, dates and signatures.

use zeroize::Zeroizing;

use super::cff;
use super::filter::Octets;

/// Tables that are kept.
pub(super) const TABLES: &[[u8; 4]] = &[
    *b"CFF ", *b"OS/2", *b"VORG", *b"cmap", *b"cvt ", *b"fpgm", *b"gasp", *b"glyf", *b"head",
    *b"hhea", *b"hmtx", *b"loca", *b"maxp", *b"post", *b"prep", *b"vhea", *b"vmtx",
];

/// The sum of all octets of a font, and of what is written in its head so that it comes out.
const MAGIC: u32 = 0xb1b0_afba;

/// Writes a font again. Nothing for one whose table of tables is damaged.
pub(super) fn scrub(octets: &[u8]) -> Option<Octets> {
    let (version, rest) = octets.split_first_chunk::<4>()?;
    let (count, _) = rest.split_first_chunk::<2>()?;
    let entries = octets.get(12..)?;
    let mut tables: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for entry in entries
        .chunks_exact(16)
        .take(usize::from(u16::from_be_bytes(*count)))
    {
        let (tag, entry) = entry.split_first_chunk::<4>()?;
        let (_, entry) = entry.split_first_chunk::<4>()?;
        let (at, entry) = entry.split_first_chunk::<4>()?;
        let (len, _) = entry.split_first_chunk::<4>()?;
        let at = usize::try_from(u32::from_be_bytes(*at)).ok()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let known = TABLES.contains(tag) && !tables.iter().any(|(other, _)| other == tag);
        let Some(table) = octets.get(at..).filter(|_| known) else {
            continue;
        };
        let table = table.get(..len.min(table.len()))?;
        if !table.is_empty() {
            tables.push((*tag, clean(*tag, table)?));
        }
    }
    tables.sort();
    Some(build(*version, &tables))
}

fn clean(tag: [u8; 4], table: &[u8]) -> Option<Vec<u8>> {
    let mut table = match &tag {
        b"CFF " => cff::scrub(table)?.to_vec(),
        _ => table.to_vec(),
    };
    match &tag {
        b"head" => {
            // The sum, and the two dates.
            zero(&mut table, 8, 4);
            zero(&mut table, 20, 16);
            table.truncate(54);
        }
        // The maker's four letters.
        b"OS/2" => {
            for octet in table.iter_mut().skip(58).take(4) {
                *octet = b' ';
            }
        }
        _ => {}
    }
    Some(table)
}

fn zero(table: &mut [u8], from: usize, len: usize) {
    table
        .iter_mut()
        .skip(from)
        .take(len)
        .for_each(|octet| *octet = 0);
}

fn sum(octets: &[u8]) -> u32 {
    let words = octets.chunks(4).map(|chunk| {
        let mut word = [0; 4];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        u32::from_be_bytes(word)
    });
    words.fold(0, u32::wrapping_add)
}

fn build(version: [u8; 4], tables: &[([u8; 4], Vec<u8>)]) -> Octets {
    let count = u16::try_from(tables.len()).unwrap_or(0);
    let log = count
        .checked_ilog2()
        .and_then(|log| u16::try_from(log).ok())
        .unwrap_or(0);
    let range = (16_u16).wrapping_shl(u32::from(log));
    let range = if count == 0 { 0 } else { range };
    let mut out = Zeroizing::new(version.to_vec());
    for number in [count, range, log, (count * 16).saturating_sub(range)] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut head = None;
    for (tag, table) in tables {
        if tag == b"head" {
            head = Some(at);
        }
        out.extend_from_slice(tag);
        for number in [sum(table), word(at), word(table.len())] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        out.extend_from_slice(table);
        let padded = out.len().next_multiple_of(4);
        out.resize(padded, 0);
    }
    let adjustment = MAGIC.wrapping_sub(sum(&out)).to_be_bytes();
    let slots = head.and_then(|at| out.get_mut(at + 8..at + 12));
    for (to, from) in slots.into_iter().flatten().zip(adjustment) {
        *to = from;
    }
    out
}

fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
