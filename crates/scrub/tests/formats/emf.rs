//! EMF: records that draw stay as they are; header, comments and what stands behind names say nothing.

use hamsa_scrub::{Kind, What};

use crate::{cleaned, holds, hostile};

const MARKER: &[u8] = b"ZQX7MARK";

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn record(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut octets = words(&[kind, 0]);
    octets.extend(body);
    octets.resize(octets.len().next_multiple_of(4), 0);
    let len = u32::try_from(octets.len()).unwrap();
    octets[4..8].copy_from_slice(&len.to_le_bytes());
    octets
}

fn comment(data: &[u8]) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap();
    record(70, &[&len.to_le_bytes()[..], data].concat())
}

/// A file with these records, and a description of program and title.
fn file(description: &str, records: &[Vec<u8>]) -> Vec<u8> {
    let text = wide(description);
    let mut header = words(&[0, 0, 100, 80, 0, 0, 2540, 2032]);
    header.extend(b" EMF\0\0\x01\0");
    let letters = u32::try_from(text.len() / 2).unwrap();
    let at = if letters == 0 { 0 } else { 108 };
    header.extend(words(&[9999, 77, 9, letters, at, 0, 1920, 1080, 508, 286]));
    header.extend(words(&[0, 0, 0, 508_000, 286_000]));
    header.extend(text);
    let mut octets = record(1, &header);
    octets.extend(records.concat());
    octets.extend(words(&[14, 20, 0, 16, 20]));
    octets
}

fn font(name: &str, behind: &[u8]) -> Vec<u8> {
    let mut body = words(&[1, 12, 0, 0, 0, 400, 0]);
    body.extend([0; 4]);
    let mut face = wide(name);
    face.extend([0; 2]);
    face.extend(behind);
    face.resize(64, 0);
    body.extend(face);
    body.resize(324, behind.first().copied().unwrap_or(0));
    record(82, &body)
}

fn text(words_of_it: &str, gap: &[u8]) -> Vec<u8> {
    let letters = u32::try_from(words_of_it.encode_utf16().count()).unwrap();
    let at = 76 + u32::try_from(gap.len()).unwrap();
    let distances = (at + letters * 2).next_multiple_of(4);
    let mut body = words(&[
        0, 0, 90, 20, 1, 0, 0, 10, 10, letters, at, 0, 0, 0, 0, 0, distances,
    ]);
    body.extend(gap);
    body.extend(wide(words_of_it));
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend(words(&vec![6; letters as usize]));
    record(84, &body)
}

/// Two by two pixels of 24 bits, so that each row has two spare octets.
fn bitmap(gap: &[u8], spare: [u8; 2], metre: u32) -> Vec<u8> {
    let head = [words(&[40, 2, 2, 0x0018_0001, 0, 0, metre, metre, 0, 0])].concat();
    let mut bits = Vec::new();
    for row in [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]] {
        bits.extend(row);
        bits.extend(spare);
    }
    let begin = 80 + u32::try_from(gap.len()).unwrap();
    let mut body = words(&[0, 0, 9, 9, 0, 0, 0, 0, 2, 2]);
    body.extend(words(&[begin, 40, begin + 40, 16, 0, 0x00CC_0020, 9, 9]));
    body.extend(gap);
    body.extend(head);
    body.extend(bits);
    record(81, &body)
}

fn shapes() -> Vec<Vec<u8>> {
    vec![
        record(17, &words(&[8])),
        record(38, &words(&[2, 0, 3, 0, 0xFF])),
        record(37, &words(&[2])),
        record(86, &words(&[0, 0, 9, 9, 3, 0, 0x0009_0000, 0x0009_0009])),
        record(90, &words(&[0, 0, 9, 9, 1, 2, 2, 0, 0x0009_0009])),
        record(75, &words(&[48, 5, 32, 1, 1, 16, 0, 0, 9, 9, 0, 0, 9, 9])),
        record(40, &words(&[2])),
    ]
}

/// A drawing with a mark wherever one fits.
pub(crate) fn marked() -> Vec<u8> {
    let mut records = shapes();
    records.extend([
        comment(MARKER),
        comment(&[b"GDIC\x02\0\0\0", MARKER].concat()),
        comment(&[b"EMF+\x01\x40\x01\0", MARKER].concat()),
        font("Arial", MARKER),
        text("seen", MARKER),
        bitmap(MARKER, *b"ZQ", 0x5A51_5837),
        record(113, &[&words(&[0, 8, 0])[..], MARKER].concat()),
        record(110, MARKER),
        record(109, MARKER),
        record(104, MARKER),
    ]);
    let mut octets = file("ZQX7MARK\0ZQX7MARK title\0\0", &records);
    octets.extend(MARKER);
    octets
}

fn plain() -> Vec<u8> {
    let mut records = shapes();
    records.extend([
        font("Arial", b""),
        text("seen", b""),
        bitmap(b"", [0; 2], 0),
    ]);
    file("", &records)
}

#[test]
fn what_draws_stays_and_nothing_else() {
    let (kind, clean, report) = cleaned(&marked()).unwrap();
    assert_eq!(kind, Kind::Emf);
    assert!(!holds(&clean, "ZQX7MARK"));
    assert!(holds(&clean, "seen") && holds(&clean, "Arial"));
    for shape in shapes() {
        assert!(clean.windows(shape.len()).any(|window| window == shape));
    }
    let told = |what, value: &str| {
        let mut findings = report.findings().iter();
        findings.any(|f| f.what == what && f.value() == value)
    };
    assert!(told(What::Software, "ZQX7MARK") && told(What::Description, "ZQX7MARK title"));
    assert!(told(What::Description, "ZQX7MARK") && told(What::Identifier, ""));
    assert!(
        cleaned(&plain()).unwrap().1 == clean,
        "the same drawing is the same file"
    );
}

#[test]
fn the_header_is_counted_anew() {
    let (_, clean, _) = cleaned(&plain()).unwrap();
    let word = |at: usize| u32::from_le_bytes(clean[at..at + 4].try_into().unwrap());
    assert_eq!(word(48) as usize, clean.len());
    // Twelve records with header and end; objects 1 and 2, and the one that is always there.
    assert_eq!((word(52), word(56)), (12, 3));
    assert_eq!(&clean[8..40], &plain()[8..40]);
    assert_eq!(&clean[72..88], &plain()[72..88]);
}

#[test]
fn a_short_header_gets_the_same_scale() {
    let long = plain();
    let mut short = long.clone();
    short.drain(88..108);
    short[4] = 88;
    let (_, clean, _) = cleaned(&short).unwrap();
    assert!(clean == cleaned(&long).unwrap().1);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let code = |records: &[Vec<u8>]| {
        cleaned(&file("", records)).map_or_else(|refusal| refusal.code(), |_| "clean")
    };
    assert_eq!(code(&shapes()), "clean");
    // EMF+ without the plain records.
    assert_eq!(
        code(&[comment(b"EMF+\x01\x40\0\0\x1C\0\0\0")]),
        "scrub-unsupported"
    );
    assert_eq!(code(&[record(102, MARKER)]), "scrub-unsupported");
    assert_eq!(code(&[record(4000, MARKER)]), "scrub-unsupported");
    assert_eq!(
        code(&[record(86, &words(&[0, 0, 9, 9, 4, 0]))]),
        "scrub-damaged"
    );
    assert_eq!(
        code(&[record(90, &words(&[0, 0, 9, 9, 1, 2, 1, 0, 0]))]),
        "scrub-damaged"
    );
    let cut = &plain()[..plain().len() - 20];
    assert!(cleaned(cut).is_err());
}

#[test]
fn hostile_files_hurt_nobody() {
    hostile(&marked());
}
