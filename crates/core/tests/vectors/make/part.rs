//! Parts of an envelope: format v1, section 9.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    age_file::sealed,
    archive,
    file::{Vector, hex, sha256},
};

fn check(head: &[u8]) -> Vec<u8> {
    Sha256::digest([b"hamsa part v1", head].concat())[..4].to_vec()
}

/// A part with a check that fits, whatever else it says.
fn part(version: u8, group: &[u8], count: u16, number: u16, piece: &[u8]) -> Vec<u8> {
    let mut part = [&[version], group, &count.to_be_bytes(), &number.to_be_bytes(), piece].concat();
    part.extend(check(&part));
    part
}

/// The parts of an envelope with so many octets in each but the last.
fn parts(envelope: &[u8], room: usize) -> Vec<Vec<u8>> {
    let group = &Sha256::digest(envelope)[..8];
    let count = u16::try_from(envelope.len().div_ceil(room)).unwrap();
    (0..count).zip(envelope.chunks(room)).map(|(number, piece)| part(2, group, count, number, piece)).collect()
}

fn good(name: &str, comment: &str, bytes: Vec<u8>) -> Vector {
    let (group, count, number) = (hex(&bytes[1..9]), u16::from_be_bytes([bytes[9], bytes[10]]), u16::from_be_bytes([bytes[11], bytes[12]]) + 1);
    Vector::new(name, "success", comment, bytes)
        .with("kind", "part")
        .with("group", &group)
        .with("count", &count.to_string())
        .with("number", &number.to_string())
}

fn bad(name: &str, comment: &str, bytes: Vec<u8>) -> Vector {
    Vector::new(name, "not-a-part", comment, bytes).with("kind", "part")
}

fn joined(name: &str, comment: &str, envelope: &[u8], parts: &[Vec<u8>]) -> Vector {
    let lines: String = parts.iter().map(|part| BASE64_URL_SAFE_NO_PAD.encode(part) + "\n").collect();
    Vector::new(name, "success", comment, lines.into_bytes())
        .with("kind", "parts")
        .with("envelope", &sha256(envelope))
}

pub fn vectors() -> Vec<Vector> {
    let json = br#"{"version":1,"text":"A whisper in parts.","language":"en"}"#;
    let envelope = sealed(&archive::frame(json, &[]));
    let whole = parts(&envelope, 600);
    let (first, last) = (whole[0].clone(), whole[whole.len() - 1].clone());
    let group = [7; 8];
    let changed = |at: usize| { let mut part = first.clone(); part[at] ^= 1; part };
    let mut mixed: Vec<_> = whole.iter().rev().flat_map(|part| [part.clone(), part.clone()]).collect();
    mixed.pop();
    let mut forged = whole.clone();
    let number = forged.len() - 1;
    let lie = part(2, &forged[0][1..9], u16::try_from(whole.len()).unwrap(), 1, b"not what was sealed");
    forged.insert(1, lie);
    assert!(number > 2);
    vec![
        good("part-first", "the first of several", first.clone()),
        good("part-last", "the last of several, which is shorter", last),
        good("part-only", "an envelope that is one part", part(2, &group, 1, 0, b"sealed")),
        good("part-one-octet", "the shortest: one octet of the envelope", part(2, &group, 2, 1, b"s")),
        good("part-65535", "the last of the most that there can be", part(2, &group, 65_535, 65_534, b"sealed")),
        good("part-longest", "65,536 octets, the longest", part(2, &group, 2, 0, &vec![1; 65_536 - 17])),
        bad("part-too-long", "65,537 octets", part(2, &group, 2, 0, &vec![1; 65_536 - 16])),
        bad("part-no-piece", "nothing of the envelope in it", part(2, &group, 2, 0, b"")),
        bad("part-no-count", "a count of zero", part(2, &group, 0, 0, b"sealed")),
        bad("part-number-past-count", "a number that is not below the count", part(2, &group, 2, 2, b"sealed")),
        bad("part-version-1", "the version octet of a short envelope", part(1, &group, 2, 0, b"sealed")),
        bad("part-version-3", "a later version", part(3, &group, 2, 0, b"sealed")),
        bad("part-empty", "no octet at all", Vec::new()),
        bad("part-cut", "the last octet is missing", first[..first.len() - 1].to_vec()),
        bad("part-extended", "an octet more at the end", [first.clone(), vec![0]].concat()),
        bad("part-changed-group", "one bit of the group changed", changed(3)),
        bad("part-changed-number", "one bit of the number changed", changed(12)),
        bad("part-changed-piece", "one bit of the piece changed", changed(40)),
        bad("part-changed-check", "one bit of the check changed", changed(first.len() - 1)),
        joined("parts-in-order", "all of them, in order", &envelope, &whole),
        joined("parts-backwards-and-twice", "backwards, each twice but the last", &envelope, &mixed),
        joined("parts-one-forged", "all of them, and a forged one before the true one of its number", &envelope, &forged),
    ]
}
