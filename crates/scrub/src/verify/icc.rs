//! Colour profiles.

use super::Fault;

/// Names in the order in which they have to stand, and the form of each.
const ORDER: [(&[u8; 4], Form); 20] = [
    (b"desc", Form::Words),
    (b"cprt", Form::Words),
    (b"wtpt", Form::Colour),
    (b"bkpt", Form::Colour),
    (b"chad", Form::NineNumbers),
    (b"cicp", Form::Codes),
    (b"rXYZ", Form::Colour),
    (b"gXYZ", Form::Colour),
    (b"bXYZ", Form::Colour),
    (b"rTRC", Form::Curve),
    (b"gTRC", Form::Curve),
    (b"bTRC", Form::Curve),
    (b"kTRC", Form::Curve),
    (b"A2B0", Form::Table),
    (b"A2B1", Form::Table),
    (b"A2B2", Form::Table),
    (b"B2A0", Form::Table),
    (b"B2A1", Form::Table),
    (b"B2A2", Form::Table),
    (b"gamt", Form::Table),
];

#[derive(Clone, Copy)]
enum Form {
    Words,
    Colour,
    NineNumbers,
    Codes,
    Curve,
    Table,
}

/// The four tags of words that may occur; behind the first, 79 zeros for the texts in other scripts.
const WORDS: [&[u8]; 4] = [
    b"desc\0\0\0\0\0\0\0\x04ICC",
    b"text\0\0\0\0CC0\0",
    b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS\0\0\0\x06\0\0\0\x1C\0I\0C\0C",
    b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS\0\0\0\x06\0\0\0\x1C\0C\0C\x000",
];

const WRONG: Fault = Fault("a colour profile is not of the one form");

/// Holds a profile against the one form that scrubbing writes.
pub(super) fn verify(profile: &[u8]) -> Result<(), Fault> {
    check(profile).ok_or(WRONG)
}

fn check(profile: &[u8]) -> Option<()> {
    let (header, rest) = profile.split_first_chunk::<128>()?;
    check_header(header, profile.len())?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
    let (table, body) = rest.split_at_checked(count.checked_mul(12)?)?;
    let version_4 = header.get(8) == Some(&4);
    let mut order = ORDER.iter();
    // How far the body is accounted for, and which spans of it.
    let mut end = 0;
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for entry in table.chunks_exact(12) {
        let (name, place) = entry.split_first_chunk::<4>()?;
        let form = order.find(|(known, _)| *known == name)?.1;
        let (at, len) = (word(place, 0)?, word(place, 4)?);
        let at = at.checked_sub(132 + table.len())?;
        let data = body.get(at..at.checked_add(len)?)?;
        if !spans.contains(&(at, len)) {
            let twice = |&(at, len): &(usize, usize)| body.get(at..at + len) == Some(data);
            if at != end || spans.iter().any(twice) {
                return None;
            }
            spans.push((at, len));
            end = at + len.next_multiple_of(4);
            is_zero(body.get(at + len..end)?)?;
        }
        check_tag(data, name, form, version_4)?;
    }
    (end == body.len() && spans.len() >= 2).then_some(())
}

fn check_header(header: &[u8; 128], len: usize) -> Option<()> {
    let is = |at: usize, one_of: &[&[u8]]| {
        let field = header.get(at..)?;
        one_of
            .iter()
            .any(|value| field.starts_with(value))
            .then_some(())
    };
    if word(header, 0)? != len {
        return None;
    }
    is(4, &[&[0; 4]])?;
    is(8, &[&[2, 0x40, 0, 0], &[4, 0x40, 0, 0]])?;
    is(12, &[b"scnr", b"mntr", b"prtr", b"spac"])?;
    let spaces: [&[u8]; 15] = [
        b"GRAY", b"RGB ", b"CMYK", b"Lab ", b"XYZ ", b"YCbr", b"CMY ", b"HSV ", b"2CLR", b"3CLR",
        b"4CLR", b"5CLR", b"6CLR", b"7CLR", b"8CLR",
    ];
    is(16, &spaces)?;
    is(20, &[b"XYZ ", b"Lab "])?;
    is(24, &[&[0; 12]])?;
    is(36, &[b"acsp"])?;
    is(40, &[&[0; 24]])?;
    is(64, &[&[0; 4], &[0, 0, 0, 1], &[0, 0, 0, 2], &[0, 0, 0, 3]])?;
    is(68, &[b"\0\0\xF6\xD6\0\x01\0\0\0\0\xD3\x2D"])?;
    is(80, &[&[0; 48]])
}

fn check_tag(data: &[u8], name: &[u8], form: Form, version_4: bool) -> Option<()> {
    let exactly = |kind: &[u8; 4], len: usize| {
        (data.starts_with(kind) && data.len() == len && data.get(4..8) == Some(&[0; 4]))
            .then_some(())
    };
    match form {
        Form::Words => {
            let which = usize::from(name == b"cprt") + 2 * usize::from(version_4);
            let zeros = data.strip_prefix(*WORDS.get(which)?)?;
            is_zero(zeros)?;
            (zeros.len() == [79, 0, 0, 0].get(which).copied()?).then_some(())
        }
        Form::Colour => exactly(b"XYZ ", 20),
        Form::NineNumbers => exactly(b"sf32", 44),
        Form::Codes => {
            exactly(b"cicp", 12)?;
            (*data.get(11)? <= 1).then_some(())
        }
        Form::Curve => (curve_len(data)? == data.len()).then_some(()),
        Form::Table => check_table(data),
    }
}

/// The length of the curve at the front.
fn curve_len(data: &[u8]) -> Option<usize> {
    let (kind, rest) = data.split_first_chunk::<8>()?;
    match kind {
        b"curv\0\0\0\0" => word(rest, 0)?.checked_mul(2)?.checked_add(12),
        b"para\0\0\0\0" => {
            let [0, function, 0, 0] = *rest.first_chunk::<4>()? else {
                return None;
            };
            let parameters = [1, 3, 4, 5, 7].get(usize::from(function))?;
            Some(12 + 4 * parameters)
        }
        _ => None,
    }
}

fn check_table(data: &[u8]) -> Option<()> {
    let (kind, rest) = data.split_first_chunk::<8>()?;
    let [inputs, outputs, grid, spare] = *rest.first_chunk::<4>()?;
    let (i, o) = (usize::from(inputs), usize::from(outputs));
    if spare != 0 || i == 0 || o == 0 || i > 15 || o > 15 {
        return None;
    }
    let nodes = || usize::from(grid).checked_pow(inputs.into())?.checked_mul(o);
    match kind {
        b"mft1\0\0\0\0" => {
            let len = nodes()?.checked_add(256 * (i + o) + 48)?;
            (data.len() == len).then_some(())
        }
        b"mft2\0\0\0\0" => {
            let entries = |at: usize| {
                let two = data.get(at..)?.first_chunk::<2>()?;
                Some(usize::from(u16::from_be_bytes(*two)))
            };
            let numbers = nodes()?.checked_add(i * entries(48)? + o * entries(50)?)?;
            (data.len() == numbers.checked_mul(2)?.checked_add(52)?).then_some(())
        }
        b"mAB \0\0\0\0" if grid == 0 => check_stages(data, i, o, o, i),
        b"mBA \0\0\0\0" if grid == 0 => check_stages(data, i, o, i, o),
        _ => None,
    }
}

/// The five stages of a table follow each other without a gap, in the order of their places.
fn check_stages(data: &[u8], i: usize, o: usize, b: usize, a: usize) -> Option<()> {
    let mut end = 32;
    for stage in 0..5 {
        let at = word(data, 12 + 4 * stage)?;
        if at == 0 {
            continue;
        }
        if at != end {
            return None;
        }
        let rest = data.get(at..)?;
        end = at
            + match stage {
                0 | 2 => curves_len(rest, b)?,
                1 => 48,
                3 => grid_len(rest, i, o)?,
                _ => curves_len(rest, a)?,
            };
    }
    (end == data.len()).then_some(())
}

fn curves_len(data: &[u8], count: usize) -> Option<usize> {
    let mut end = 0;
    for _ in 0..count {
        let curve = end + curve_len(data.get(end..)?)?;
        end = curve.next_multiple_of(4);
        is_zero(data.get(curve..end)?)?;
    }
    Some(end)
}

fn grid_len(data: &[u8], i: usize, o: usize) -> Option<usize> {
    let (points, spare) = data.get(..16)?.split_at_checked(i)?;
    is_zero(spare)?;
    let [width @ (1 | 2), 0, 0, 0] = *data.get(16..20)? else {
        return None;
    };
    let product = |all: usize, &n: &u8| all.checked_mul(usize::from(n));
    let nodes = points.iter().try_fold(o, product)?;
    let len = nodes.checked_mul(width.into())?.checked_add(20)?;
    let end = len.next_multiple_of(4);
    is_zero(data.get(len..end)?)?;
    Some(end)
}

fn word(octets: &[u8], at: usize) -> Option<usize> {
    let four = octets.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

fn is_zero(octets: &[u8]) -> Option<()> {
    octets.iter().all(|&octet| octet == 0).then_some(())
}
