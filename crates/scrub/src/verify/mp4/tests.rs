//! Clean files, and what must not pass for one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::super::Views;
use super::verify;
use crate::job::Job;
use crate::leak::Dropped;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Kind, scrub};

fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes()[..], name, &body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

const UNIT: &[u8] = b"\0\0\0\x08\x65\x88\x84picts";

/// A film of one picture, and one of AAC if there is a second track.
fn clean(brand: &[u8]) -> Vec<u8> {
    let ftyp = boxed(b"ftyp", &[brand, &[0, 0, 0, 0], brand]);
    let film = |at: u32| {
        let head = words(&[
            0,
            0,
            0,
            1000,
            40,
            0x10000,
            0x0100_0000,
            0,
            0,
            0x10000,
            0,
            0,
            0,
            0x10000,
            0,
            0,
            0,
            0x4000_0000,
        ]);
        let mvhd = boxed(b"mvhd", &[&head, &[0; 24], &words(&[2])]);
        let head = words(&[
            3,
            0,
            0,
            1,
            0,
            40,
            0,
            0,
            0,
            0,
            0x10000,
            0,
            0,
            0,
            0x10000,
            0,
            0,
            0,
            0x4000_0000,
            64 << 16,
            48 << 16,
        ]);
        let tkhd = boxed(b"tkhd", &[&head]);
        let edts = boxed(
            b"edts",
            &[&boxed(b"elst", &[&words(&[0, 1, 40, 0, 0x10000])])],
        );
        let mdhd = boxed(b"mdhd", &[&words(&[0, 0, 0, 25, 1, 0x55C4_0000])]);
        let hdlr = boxed(b"hdlr", &[&words(&[0, 0]), b"vide", &[0; 13]]);
        let url = boxed(b"url ", &[&words(&[1])]);
        let dinf = boxed(b"dinf", &[&boxed(b"dref", &[&words(&[0, 1]), &url])]);
        let avcc = boxed(
            b"avcC",
            &[b"\x01\x42\0\x1E\xFF\xE1\0\x04\x67\x42\0\x1E\x01\0\x03\x68\xCE\x38"],
        );
        let pasp = boxed(b"pasp", &[&words(&[1, 1])]);
        let entry = boxed(
            b"avc1",
            &[
                &[0, 0, 0, 0, 0, 0, 0, 1],
                &[0; 16],
                &[0, 64, 0, 48, 0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1],
                &[0; 32],
                &[0, 24, 0xFF, 0xFF],
                &avcc,
                &pasp,
            ],
        );
        let stbl = [
            boxed(b"stsd", &[&words(&[0, 1]), &entry]),
            boxed(b"stts", &[&words(&[0, 1, 1, 1])]),
            boxed(b"ctts", &[&words(&[0, 1, 1, 2])]),
            boxed(b"stsc", &[&words(&[0, 1, 1, 1, 1])]),
            boxed(b"stsz", &[&words(&[0, 0, 1, 12])]),
            boxed(b"stco", &[&words(&[0, 1, at])]),
        ]
        .concat();
        let minf = boxed(b"minf", &[&dinf, &boxed(b"stbl", &[&stbl])]);
        let mdia = boxed(b"mdia", &[&mdhd, &hdlr, &minf]);
        boxed(b"moov", &[&mvhd, &boxed(b"trak", &[&tkhd, &edts, &mdia])])
    };
    let at = ftyp.len() + film(0).len() + 8;
    let film = film(u32::try_from(at).unwrap());
    let file = [ftyp, film, boxed(b"mdat", &[UNIT])].concat();
    let clean = scrub(file.as_slice(), file.len() as u64).unwrap();
    clean.to_vec(1 << 16).unwrap().to_vec()
}

fn passes(octets: &[u8]) -> bool {
    let file = Source::memory(octets);
    let dropped = Dropped::gather(Kind::Text, &file, &Plan::new(), &Job::new()).unwrap();
    verify(&file, &mut Views::new(&dropped)).is_ok()
}

/// Where each box stands that holds boxes or fields, with the boxes around it.
fn boxes(file: &[u8]) -> Vec<Vec<usize>> {
    fn walk(file: &[u8], mut at: usize, end: usize, around: &[usize], found: &mut Vec<Vec<usize>>) {
        while at < end {
            let len = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
            let mut here = around.to_vec();
            here.push(at);
            let skip = match &file[at + 4..at + 8] {
                b"moov" | b"trak" | b"edts" | b"mdia" | b"minf" | b"stbl" => Some(8),
                b"stsd" => Some(16),
                b"avc1" => Some(86),
                _ => None,
            };
            if let Some(skip) = skip {
                walk(file, at + skip, at + len, &here, found);
            }
            found.push(here);
            at += len;
        }
    }
    let mut found = Vec::new();
    walk(file, 0, file.len(), &[], &mut found);
    found
}

/// Puts octets at the end of a box, and makes it and those around it longer by as many.
fn grown(file: &[u8], around: &[usize], more: &[u8]) -> Vec<u8> {
    let mut grown = file.to_vec();
    let len = |grown: &[u8], at: usize| u32::from_be_bytes(grown[at..at + 4].try_into().unwrap());
    let inner = *around.last().unwrap();
    let end = inner + len(&grown, inner) as usize;
    for &at in around {
        let longer = len(&grown, at) + u32::try_from(more.len()).unwrap();
        grown[at..at + 4].copy_from_slice(&longer.to_be_bytes());
    }
    grown.splice(end..end, more.iter().copied());
    // The samples now stand further behind, unless it is they that grew.
    let stco = grown.windows(4).position(|name| name == b"stco").unwrap();
    if file[inner + 4..inner + 8] != *b"mdat" {
        let at = stco + 12;
        let place = len(&grown, at) + u32::try_from(more.len()).unwrap();
        grown[at..at + 4].copy_from_slice(&place.to_be_bytes());
    }
    grown
}

#[test]
fn every_box_has_its_one_length() {
    for brand in [b"isom", b"qt  ", b"3gp4", b"M4A "] {
        let file = clean(brand);
        assert!(passes(&file));
        for around in boxes(&file) {
            for more in [&b"\0"[..], b"marker", b"\0\0\0\x10freemarker!!"] {
                assert!(!passes(&grown(&file, &around, more)), "{around:?}");
            }
        }
        assert!(!passes(&[&file[..], b"\0"].concat()));
        assert!(!passes(&[&file[..], &boxed(b"free", &[])].concat()));
    }
}

/// Numbers that are content and have no one value: with each of these octets changed it is another film, and clean.
/// Ranges count from the front of a box's body.
const NUMBERS: [(&[u8], std::ops::Range<usize>); 15] = [
    // Timescale; matrix.
    (b"mvhd", 12..16),
    (b"mvhd", 36..72),
    // Enabled or not; group and volume; matrix, width and height.
    (b"tkhd", 3..4),
    (b"tkhd", 34..38),
    (b"tkhd", 40..84),
    (b"elst", 8..20),
    (b"mdhd", 12..20),
    (b"stts", 12..16),
    (b"ctts", 12..16),
    (b"avc1", 24..28),
    (b"avc1", 74..76),
    (b"pasp", 0..8),
    // Profile and level, and what is in the parameter sets behind their types.
    (b"avcC", 1..4),
    (b"avcC", 9..12),
    (b"avcC", 16..18),
];

#[test]
fn every_other_field_has_its_one_value() {
    let file = clean(b"isom");
    let samples = file.len() - UNIT.len();
    let may_differ = |at: usize| {
        NUMBERS.iter().any(|(name, range)| {
            let found = file.windows(4).position(|four| four == *name);
            let offset = found.and_then(|start| at.checked_sub(start + 4));
            offset.is_some_and(|offset| range.contains(&offset))
        })
    };
    for at in 0..samples {
        for changed in [file[at] ^ 1, file[at] ^ 0x80, 0x41] {
            let mut film = file.clone();
            film[at] = changed;
            if changed != file[at] && !may_differ(at) {
                assert!(!passes(&film), "octet {at} as {changed:#x}");
            }
        }
    }
}

#[test]
fn messages_of_encoders_are_seen() {
    let file = clean(b"isom");
    let at = file.len() - UNIT.len() + 4;
    for header in [6, 9, 12, 24, 31, 0] {
        let mut film = file.clone();
        film[at] = header;
        assert!(!passes(&film), "{header}");
    }
}
