//! WebP. The files in `data` were made for these tests with Pillow.

use crate::{cleaned, holds};
use hamsa_scrub::{What, scrub};

const PHOTO: &[u8] = include_bytes!("data/photo.webp");
const TRANSPARENT: &[u8] = include_bytes!("data/transparent.webp");
const LOSSLESS: &[u8] = include_bytes!("data/lossless.webp");
const ANIMATED: &[u8] = include_bytes!("data/animated.webp");
const MARKER: &[u8] = b"ZQX7MARK";

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let len = u32::try_from(content.len()).unwrap().to_le_bytes();
    let pad = vec![b'Z'; content.len() % 2];
    [name, &len, content, &pad].concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    chunk(b"RIFF", &[b"WEBP", chunks].concat())
}

#[test]
fn what_is_planted_goes_and_is_told() {
    for file in [PHOTO, ANIMATED] {
        let (_, clean, report) = cleaned(file).unwrap();
        assert!(!holds(&clean, "ZQX7MARK"));
        let mut findings = report.findings().iter();
        assert!(findings.any(|f| f.what == What::Place && f.value() == "52.500000, 13.250000"));
        assert!(
            clean.ends_with(&[6, 0, 0, 0, 0, 0, 0, 0]),
            "the orientation"
        );
    }
}

#[test]
fn pictures_stay_octet_by_octet() {
    for (file, name) in [
        (PHOTO, b"VP8 "),
        (TRANSPARENT, b"ALPH"),
        (LOSSLESS, b"VP8L"),
    ] {
        let (_, clean, _) = cleaned(file).unwrap();
        let from = |file: &[u8]| {
            let at = file.windows(4).position(|w| w == name).unwrap();
            let len = u32::from_le_bytes(file[at + 4..at + 8].try_into().unwrap()) as usize;
            file[at..at + 8 + len].to_vec()
        };
        assert_eq!(from(file), from(&clean));
    }
}

#[test]
fn unknown_chunks_and_tails_make_no_difference() {
    for file in [PHOTO, TRANSPARENT, ANIMATED] {
        let (_, clean, _) = cleaned(file).unwrap();
        let more = [
            chunk(b"zzzz", MARKER),
            chunk(b"XMP ", b"ZQX7MARK."),
            chunk(b"C2PA", MARKER),
        ];
        let dirty = [
            riff(&[&file[12..30], &more.concat(), &file[30..]].concat()),
            MARKER.to_vec(),
        ];
        let (_, again, report) = cleaned(&dirty.concat()).unwrap();
        assert!(again == clean);
        assert!(!report.is_empty());
    }
}

#[test]
fn a_header_that_nothing_needs_goes() {
    let extended = [&[0, 0, 0, 0, 23, 0, 0, 15, 0, 0][..]].concat();
    let dirty = riff(&[chunk(b"VP8X", &extended), LOSSLESS[12..].to_vec()].concat());
    assert!(cleaned(&dirty).unwrap().1 == LOSSLESS);
    // With the exception of what it says of transparency, when the picture says it in another way.
    let mut opaque = extended;
    opaque[0] = 0x10;
    let dirty = riff(&[chunk(b"VP8X", &opaque), LOSSLESS[12..].to_vec()].concat());
    assert!(cleaned(&dirty).unwrap().1 == dirty);
}

#[test]
fn an_orientation_that_the_header_does_not_tell_turns_nothing() {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    let (_, clean, _) = cleaned(LOSSLESS).unwrap();
    let canvas = [23, 0, 0, 15, 0, 0];
    let file = |flags: u8, block: &[u8]| {
        let extended = [&[flags, 0, 0, 0][..], &canvas].concat();
        let exif = chunk(b"EXIF", block);
        riff(&[chunk(b"VP8X", &extended), LOSSLESS[12..].to_vec(), exif].concat())
    };
    assert!(cleaned(&file(0, &block)).unwrap().1 == clean);
    let (_, turned, _) = cleaned(&file(8, &block)).unwrap();
    block[18] = 8;
    assert!(turned != clean && cleaned(&file(8, &block)).unwrap().1 != turned);
}

#[test]
fn chunks_within_frames_go() {
    let (_, clean, _) = cleaned(ANIMATED).unwrap();
    let at = ANIMATED.windows(4).position(|w| w == b"ANMF").unwrap();
    let len = u32::from_le_bytes(ANIMATED[at + 4..at + 8].try_into().unwrap()) as usize;
    let frame = [&ANIMATED[at + 8..at + 8 + len], &chunk(b"zzzz", MARKER)].concat();
    let dirty = [
        &ANIMATED[12..at],
        &chunk(b"ANMF", &frame),
        &ANIMATED[at + 8 + len..],
    ]
    .concat();
    assert!(cleaned(&riff(&dirty)).unwrap().1 == clean);
}

#[test]
fn a_file_without_a_picture_is_refused() {
    let file = riff(&chunk(b"EXIF", MARKER));
    let refusal = cleaned(&file).map_or_else(|refusal| refusal.code(), |_| "clean");
    assert_eq!(refusal, "scrub-damaged");
}

#[test]
fn hostile_files_hurt_nobody() {
    for file in [PHOTO, TRANSPARENT, LOSSLESS, ANIMATED] {
        for at in 0..file.len() {
            let cut = &file[..at];
            let _ = scrub(cut, cut.len() as u64).map(|_| cleaned(cut));
            let mut flipped = file.to_vec();
            flipped[at] ^= 0xFF;
            if scrub(&flipped[..], flipped.len() as u64).is_ok() {
                assert!(cleaned(&flipped).is_ok());
            }
        }
    }
}
