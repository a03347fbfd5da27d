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
    for source in data!("indexed.bmp", "true.bmp", "coded.bmp") {
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
