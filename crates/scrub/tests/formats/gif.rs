//! GIF. The file in `data` was made for these tests with Pillow.

use crate::{cleaned, holds};
use hamsa_scrub::{What, scrub};

const ANIMATED: &[u8] = include_bytes!("data/animated.gif");
const MARKER: &[u8] = b"ZQX7MARK";

/// One white pixel: clear, 1, end, in codes of three bits.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x01\0\x01\0\0\x02\x02\x4C\x01\0;";

fn with(file: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&file[..at], more, &file[at..]].concat()
}

fn extension(label: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).unwrap();
    [&[0x21, label, len], content, &[0]].concat()
}

#[test]
fn what_is_planted_goes_and_is_told() {
    let (_, clean, report) = cleaned(ANIMATED).unwrap();
    assert!(!holds(&clean, "ZQX7MARK"));
    assert!(holds(&clean, "NETSCAPE2.0"));
    let mut findings = report.findings().iter();
    assert!(findings.any(|f| f.what == What::Description && f.value().starts_with("ZQX7MARK")));
}

#[test]
fn a_clean_picture_stays_as_it_is() {
    let (_, clean, report) = cleaned(PIXEL).unwrap();
    assert!(clean == PIXEL && report.is_empty());
}

#[test]
fn extensions_and_tails_make_no_difference() {
    let more = [
        extension(0xFE, MARKER),
        extension(0x01, &[&[0; 12], MARKER].concat()),
        extension(0xFF, b"XMP DataXMPZQX7MARK"),
        extension(0xFF, b"ICCRGBG1012ZQX7MARK"),
        extension(0x33, MARKER),
        vec![0, 0],
    ];
    let mut dirty = with(PIXEL, PIXEL.len() - 1, &more.concat());
    dirty = with(&dirty, 19, &more.concat());
    dirty.extend(MARKER);
    assert!(cleaned(&dirty).unwrap().1 == PIXEL);
}

#[test]
fn nothing_rides_behind_the_last_pixel() {
    // The block with the codes, and the same codes in other blocks, with and without an end code.
    let at = PIXEL.len() - 5;
    let front = &PIXEL[..at];
    for blocks in [
        &b"\x0A\x4C\x01ZQX7MARK\0"[..],
        b"\x02\x4C\x01\x08ZQX7MARK\0",
        b"\x01\x4C\x01\x01\0",
        b"\x02\x4C\xFF\0",
        b"\x01\x0C\0",
        b"\x05\x0CZQX7\0",
    ] {
        let dirty = [front, blocks, b";"].concat();
        assert!(cleaned(&dirty).unwrap().1 == PIXEL);
    }
}

#[test]
fn a_missing_trailer_is_made() {
    assert!(cleaned(&PIXEL[..PIXEL.len() - 1]).unwrap().1 == PIXEL);
}

#[test]
fn missing_pixels_are_refused() {
    let at = PIXEL.len() - 5;
    let file = [&PIXEL[..at], b"\0;"].concat();
    let refusal = cleaned(&file).map_or_else(|refusal| refusal.code(), |_| "clean");
    assert_eq!(refusal, "scrub-damaged");
}

#[test]
fn hostile_files_hurt_nobody() {
    for file in [PIXEL, ANIMATED] {
        for at in 0..file.len() {
            let cut = &file[..at];
            let _ = scrub(cut, cut.len() as u64).map(|_| cleaned(cut));
            for mask in [0xFF, 1] {
                let mut flipped = file.to_vec();
                flipped[at] ^= mask;
                if scrub(&flipped[..], flipped.len() as u64).is_ok() {
                    assert!(cleaned(&flipped).is_ok());
                }
            }
        }
    }
}
