//! WMF: records that draw stay as they are; escapes, headers' spare fields and what stands behind names go.

use hamsa_scrub::{Kind, What};

use crate::{cleaned, holds, hostile};

const MARKER: &[u8] = b"ZQX7MARK";

fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn record(function: u16, body: &[u8]) -> Vec<u8> {
    let len = (6 + body.len()).next_multiple_of(2);
    let mut octets = u32::try_from(len / 2).unwrap().to_le_bytes().to_vec();
    octets.extend(function.to_le_bytes());
    octets.extend(body);
    octets.resize(len, 0);
    octets
}

fn escape(data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).unwrap();
    record(0x0626, &[&shorts(&[15, len])[..], data].concat())
}

fn font(name: &[u8], behind: &[u8]) -> Vec<u8> {
    let mut body = shorts(&[12, 0, 0, 0, 400]);
    body.extend([0; 8]);
    body.extend(name);
    body.push(0);
    body.extend(behind);
    body.resize(18 + 32, 0);
    record(0x02FB, &body)
}

/// Two by two pixels of 24 bits, so that each row has two spare octets.
fn bitmap(spare: [u8; 2], tail: &[u8]) -> Vec<u8> {
    let mut body = shorts(&[0x20, 0xCC, 0, 2, 2, 0, 0, 9, 9, 0, 0]);
    for number in [40, 2, 2, 0x0018_0001, 0, 0, 0x5A51, 0x5A51, 0, 0_u32] {
        body.extend(number.to_le_bytes());
    }
    for row in [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]] {
        body.extend(row);
        body.extend(spare);
    }
    body.extend(tail);
    record(0x0F43, &body)
}

fn shapes() -> Vec<Vec<u8>> {
    vec![
        record(0x020B, &shorts(&[0, 0])),
        record(0x020C, &shorts(&[80, 100])),
        record(0x02FA, &shorts(&[0, 1, 0, 0xFF, 0])),
        record(0x012D, &shorts(&[0])),
        record(0x0324, &shorts(&[3, 0, 0, 9, 0, 9, 9])),
        record(0x0538, &shorts(&[1, 2, 0, 0, 9, 9])),
        record(0x0418, &shorts(&[9, 9, 0, 0])),
        record(
            0x0521,
            &[&shorts(&[4])[..], b"seen", &shorts(&[5, 5])].concat(),
        ),
        record(
            0x0A32,
            &[&shorts(&[5, 5, 3, 0])[..], b"odd\0", &shorts(&[6, 6, 6])].concat(),
        ),
        record(0x01F0, &shorts(&[0])),
    ]
}

/// Header, records and end, perhaps behind the header that places them, with numbers that are wrong or spare.
fn file(records: &[Vec<u8>], placed: bool, number: u16) -> Vec<u8> {
    let mut octets = Vec::new();
    if placed {
        octets.extend(b"\xD7\xCD\xC6\x9A");
        octets.extend(shorts(&[number, 0, 0, 100, 80, 1440, number, number, 0]));
    }
    octets.extend(shorts(&[
        1 + number % 2,
        9,
        0x0300,
        number,
        number,
        99,
        number,
        0,
        number,
    ]));
    octets.extend(records.concat());
    octets.extend(record(0, &[]));
    octets
}

/// A drawing with a mark wherever one fits.
pub(crate) fn marked() -> Vec<u8> {
    let mut records = shapes();
    records.extend([
        escape(MARKER),
        escape(&[b"WMFC", MARKER].concat()),
        font(b"Arial", MARKER),
        bitmap(*b"ZQ", MARKER),
        record(0x0105, MARKER),
    ]);
    let mut octets = file(&records, true, 0x5A51);
    octets.extend(MARKER);
    octets
}

fn plain(placed: bool) -> Vec<u8> {
    let mut records = shapes();
    records.extend([font(b"Arial", b""), bitmap([0; 2], b"")]);
    file(&records, placed, 0)
}

#[test]
fn what_draws_stays_and_nothing_else() {
    let (kind, clean, report) = cleaned(&marked()).unwrap();
    assert_eq!(kind, Kind::Wmf);
    assert!(!holds(&clean, "ZQX7MARK"));
    for shape in shapes() {
        assert!(clean.windows(shape.len()).any(|window| window == shape));
    }
    let mut findings = report.findings().iter();
    assert!(findings.any(|f| f.what == What::Description && f.value() == "ZQX7MARK"));
    let same = cleaned(&plain(true)).unwrap().1;
    assert!(same == clean, "the same drawing is the same file");
}

#[test]
fn the_headers_are_computed_anew() {
    let (_, clean, _) = cleaned(&plain(true)).unwrap();
    let words: Vec<u16> = clean
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    assert_eq!(words[..11].iter().fold(0, |sum, word| sum ^ word), 0);
    assert_eq!(words[11..14], [1, 9, 0x0300]);
    assert_eq!(usize::from(words[14]), words.len() - 11);
    // One object at a time; the bitmap is the longest record.
    assert_eq!(words[16..20], [1, 42, 0, 0]);
    let (kind, bare, _) = cleaned(&plain(false)).unwrap();
    assert_eq!(kind, Kind::Wmf);
    assert!(clean[22..] == bare);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let code = |record: Vec<u8>| {
        let file = file(&[record], true, 0);
        cleaned(&file).map_or_else(|refusal| refusal.code(), |_| "clean")
    };
    assert_eq!(code(record(0x001E, &[])), "clean");
    assert_eq!(code(record(0x7777, MARKER)), "scrub-unsupported");
    assert_eq!(code(record(0x01F9, &[0; 40])), "scrub-unsupported");
    assert_eq!(code(record(0x0324, &shorts(&[9, 0, 0]))), "scrub-damaged");
    assert_eq!(code(vec![0; 6]), "scrub-damaged");
    let whole = plain(true);
    assert!(cleaned(&whole[..whole.len() - 6]).is_err());
}

#[test]
fn hostile_files_hurt_nobody() {
    hostile(&marked());
    hostile(&plain(false));
}
