//! The verifiers of pictures take what the scrubbers write, and nothing that has an octet more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::Kind;
use crate::job::Job;
use crate::leak::{Dropped, Views};
use crate::plan::Plan;
use crate::source::Source;

macro_rules! data {
    ($($name:literal),*) => {
        [$(&include_bytes!(concat!("../../tests/formats/data/", $name))[..]),*]
    };
}

fn accepts(kind: Kind, file: &[u8]) -> bool {
    let file = Source::memory(file);
    let dropped = Dropped::gather(kind, &file, &Plan::new(), &Job::new()).unwrap();
    super::verify(kind, &file, &mut Views::new(&dropped)).is_ok()
}

/// Holds that no octet can be put in or taken away within `structure` octets of the front, nor at the end.
fn holds_strictly(source: &[u8], structure: fn(&[u8]) -> usize) {
    let mut job = Job::new();
    let (kind, plan) = crate::clean(&Source::memory(source), &mut job).unwrap();
    let clean = plan.to_vec(source, usize::MAX).unwrap();
    assert!(accepts(kind, &clean));
    for at in (0..structure(&clean)).chain([clean.len() - 1, clean.len()]) {
        for octet in [0, 1, b'Z', 0xFF] {
            let longer = [&clean[..at], &[octet], &clean[at..]].concat();
            assert!(!accepts(kind, &longer), "{kind:?}: {octet} at {at}");
        }
        assert!(!accepts(kind, &clean[..at.min(clean.len() - 1)]));
    }
    assert!(!accepts(kind, &[&clean[..], b"tail"].concat()));
    // Once more as it was before it was cleaned.
    assert!(source == clean.as_slice() || !accepts(kind, source));
}

#[test]
fn jpeg_holds_strictly() {
    for source in data!("photo.jpg", "progressive.jpg", "restarts.jpg", "cmyk.jpg") {
        // Up to the octets of the first scan. A marker may have more than one 0xFF, but here it has not.
        holds_strictly(source, |clean| {
            let scan = clean.windows(2).position(|pair| pair == [0xFF, 0xDA]);
            scan.unwrap() + 2
        });
    }
}

#[test]
fn png_holds_strictly() {
    for source in data!(
        "picture.png",
        "indexed.png",
        "interlaced.png",
        "animated.png"
    ) {
        holds_strictly(source, <[u8]>::len);
    }
}

#[test]
fn webp_holds_strictly() {
    for source in data!(
        "photo.webp",
        "transparent.webp",
        "lossless.webp",
        "animated.webp"
    ) {
        holds_strictly(source, <[u8]>::len);
    }
}

#[test]
fn gif_holds_strictly() {
    // Up to the first palette's end; behind it, codes can happen to end in the same place.
    let [source] = data!("animated.gif");
    holds_strictly(source, |_| 13);
}

#[test]
fn bmp_holds_strictly() {
    for source in data!("indexed.bmp", "true.bmp", "coded.bmp", "profile.bmp") {
        holds_strictly(source, <[u8]>::len);
    }
}

#[test]
fn no_unknown_part_is_taken() {
    let scrubbed = |source: &[u8]| {
        let (kind, plan) = crate::clean(&Source::memory(source), &mut Job::new()).unwrap();
        (kind, plan.to_vec(source, usize::MAX).unwrap().to_vec())
    };
    let [jpeg, gif, webp] = data!("photo.jpg", "animated.gif", "photo.webp");
    let (kind, clean) = scrubbed(jpeg);
    for (at, more) in [
        (2, &b"\xFF\xFE\0\x04ab"[..]),
        (20, b"\xFF\xE5\0\x04ab"),
        (2, b"\xFF"),
    ] {
        assert!(!accepts(kind, &[&clean[..at], more, &clean[at..]].concat()));
    }
    let (kind, clean) = scrubbed(gif);
    let end = clean.len() - 1;
    let comment = [&clean[..end], b"\x21\xFE\x02ab\0;"].concat();
    assert!(!accepts(kind, &comment));
    let (kind, mut clean) = scrubbed(webp);
    clean.extend(b"abcd\x02\0\0\0xx");
    clean[4] += 10;
    assert!(!accepts(kind, &clean));
}

/// Numbers as the octets of a metafile.
fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// A line, a text, a font and a bitmap of one bit with a mask.
fn enhanced_metafile() -> Vec<u8> {
    let mut octets = longs(&[1, 108, 0, 0, 9, 9, 0, 0, 99, 99]);
    octets.extend(b" EMF\0\0\x01\0");
    octets.extend(longs(&[
        0, 0, 0, 0, 0, 0, 640, 480, 320, 240, 0, 0, 0, 0, 0,
    ]));
    octets.extend(longs(&[54, 16, 9, 9]));
    octets.extend(longs(&[82, 332, 1, 12, 0, 0, 0, 400, 0, 0]));
    octets.extend(b"A\0b\0");
    octets.resize(octets.len() + 332 - 44, 0);
    octets.extend(longs(&[
        84, 84, 0, 0, 9, 9, 1, 0, 0, 1, 1, 1, 76, 0, 0, 0, 0, 0, 80, 65, 7,
    ]));
    octets.extend(longs(&[
        93,
        84,
        2,
        0,
        32,
        48,
        80,
        4,
        40,
        1,
        1,
        0x0001_0001,
        0,
        4,
        0,
        0,
        2,
        0,
    ]));
    octets.extend(longs(&[0, 0x00FF_FFFF, 0x80]));
    octets.extend(longs(&[14, 20, 0, 16, 20]));
    octets
}

#[test]
fn enhanced_metafiles_hold_strictly() {
    holds_strictly(&enhanced_metafile(), <[u8]>::len);
}

#[test]
fn fields_of_enhanced_metafiles_that_draw_nothing_are_fixed() {
    let source = enhanced_metafile();
    let (_, plan) = crate::clean(&Source::memory(&source), &mut Job::new()).unwrap();
    let clean = plan.to_vec(source.as_slice(), usize::MAX).unwrap();
    // Numbers of the header, what is behind a font's name, an unknown record, the end's palette.
    let font = 108 + 16;
    let end = clean.len() - 20;
    for at in [
        44,
        48,
        52,
        56,
        60,
        64,
        68,
        88,
        92,
        96,
        108,
        font + 46,
        font + 104,
        font + 331,
        end + 8,
        end + 12,
    ] {
        let mut changed = clean.to_vec();
        changed[at] ^= 0x5A;
        assert!(!accepts(Kind::Emf, &changed), "{at}");
    }
}

/// A line, a text, a font and a bitmap.
fn metafile() -> Vec<u8> {
    let shorts = |numbers: &[u16]| {
        numbers
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect::<Vec<u8>>()
    };
    let mut octets = shorts(&[0xCDD7, 0x9AC6, 0, 0, 0, 9, 9, 96, 0, 0, 0]);
    octets.extend(shorts(&[1, 9, 0x300, 0, 0, 0, 0, 0, 0]));
    octets.extend(shorts(&[5, 0, 0x213, 9, 9]));
    octets.extend(shorts(&[7, 0, 0x521, 1, 65, 1, 1]));
    octets.extend(shorts(&[
        14, 0, 0x2FB, 12, 0, 0, 0, 400, 0, 0, 0, 0, 0x6241, 0,
    ]));
    octets.extend(shorts(&[37, 0, 0x940, 0x20, 0xCC, 0, 0, 1, 1, 0, 0]));
    octets.extend(longs(&[
        40,
        1,
        1,
        0x0001_0001,
        0,
        4,
        0,
        0,
        2,
        0,
        0,
        0x00FF_FFFF,
        0x80,
    ]));
    octets.extend(shorts(&[3, 0, 0]));
    octets
}

#[test]
fn metafiles_hold_strictly() {
    holds_strictly(&metafile(), <[u8]>::len);
}

#[test]
fn fields_of_metafiles_that_draw_nothing_are_fixed() {
    let source = metafile();
    let (_, plan) = crate::clean(&Source::memory(&source), &mut Job::new()).unwrap();
    let clean = plan.to_vec(source.as_slice(), usize::MAX).unwrap();
    let font = 22 + 18 + 10 + 14;
    for at in [
        4,
        16,
        18,
        20,
        22,
        26,
        28,
        32,
        34,
        38,
        44,
        font + 27,
        font + 55,
    ] {
        let mut changed = clean.to_vec();
        changed[at] ^= 0x5A;
        assert!(!accepts(Kind::Wmf, &changed), "{at}");
    }
}
