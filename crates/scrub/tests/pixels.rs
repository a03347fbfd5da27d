//! Drawing a picture again: smaller, upright, and with nothing of its file but what it shows.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::Cursor;

use hamsa_scrub::{Kind, Remark, redraw, scrub};
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture of 100 by 40 pixels whose left end is red.
fn picture() -> DynamicImage {
    let pixel = |x, _| {
        if x < 50 {
            Rgb([250, 10, 10])
        } else {
            Rgb([10, 10, 250])
        }
    };
    RgbImage::from_fn(100, 40, pixel).into()
}

fn packed(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn redrawn(bytes: &[u8]) -> (Kind, Vec<u8>) {
    let clean = redraw(&bytes, bytes.len() as u64).unwrap();
    assert!(clean.report().remarks().contains(&Remark::Redrawn));
    let (kind, out) = (clean.kind(), clean.to_vec(usize::MAX).unwrap().to_vec());
    let again = redraw(&bytes, bytes.len() as u64).unwrap();
    assert!(
        again.to_vec(usize::MAX).unwrap().as_slice() == out,
        "the same every time"
    );
    let scrubbed = scrub(out.as_slice(), out.len() as u64).unwrap();
    assert!(
        scrubbed.report().is_empty(),
        "what was drawn again is clean"
    );
    (kind, out)
}

#[test]
fn every_kind_becomes_a_smaller_jpeg() {
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
    ] {
        let (kind, out) = redrawn(&packed(&picture(), format));
        assert_eq!(kind, Kind::Jpeg, "{format:?}");
        let out = image::load_from_memory(&out).unwrap().into_rgb8();
        assert_eq!(out.dimensions(), (90, 36), "{format:?}");
        assert!(out.get_pixel(5, 5).0[0] > 200 && out.get_pixel(85, 5).0[2] > 200);
    }
}

#[test]
fn what_shows_through_becomes_a_png() {
    let clear = RgbaImage::from_pixel(30, 30, Rgba([1, 2, 3, 100]));
    let (kind, out) = redrawn(&packed(&clear.into(), ImageFormat::Png));
    assert_eq!(kind, Kind::Png);
    assert_eq!(image::load_from_memory(&out).unwrap().width(), 27);
}

#[test]
fn a_turned_photo_comes_out_upright_and_without_its_texts() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    let tags = b"II*\0\x08\0\0\0\x02\0\x0F\x01\x02\0\x09\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0ZQX7MARK\0";
    encoder.set_exif_metadata(tags.to_vec()).unwrap();
    picture().write_with_encoder(encoder).unwrap();
    assert!(bytes.windows(8).any(|w| w == b"ZQX7MARK"));
    let (_, out) = redrawn(&bytes);
    assert!(!out.windows(8).any(|w| w == b"ZQX7MARK"));
    let out = image::load_from_memory(&out).unwrap().into_rgb8();
    assert_eq!(out.dimensions(), (36, 90));
    // Orientation 6: the left end of what is stored is the top.
    assert!(out.get_pixel(5, 5).0[0] > 200 && out.get_pixel(5, 85).0[2] > 200);
}

#[test]
fn a_large_picture_has_four_million_pixels_at_most() {
    let large = DynamicImage::new_luma8(4000, 3000);
    let (_, out) = redrawn(&packed(&large, ImageFormat::Png));
    let out = image::load_from_memory(&out).unwrap();
    assert!(u64::from(out.width()) * u64::from(out.height()) <= 4_000_000);
    assert!(out.width() > 2300);
}

/// Holds that a file comes out as by scrubbing, and that the report says so.
fn is_only_cleaned(bytes: &[u8]) {
    let clean = redraw(&bytes, bytes.len() as u64).unwrap();
    let remarks = clean.report().remarks();
    assert!(remarks.contains(&Remark::NotRedrawn) && !remarks.contains(&Remark::Redrawn));
    let scrubbed = scrub(bytes, bytes.len() as u64).unwrap();
    assert_eq!(clean.kind(), scrubbed.kind());
    assert!(clean.to_vec(usize::MAX).unwrap() == scrubbed.to_vec(usize::MAX).unwrap());
    assert!(!scrubbed.report().remarks().contains(&Remark::NotRedrawn));
}

#[test]
fn other_kinds_are_cleaned() {
    is_only_cleaned(b"only words");
}

#[test]
fn a_picture_of_several_frames_or_pages_keeps_them_all() {
    for moving in [
        include_bytes!("formats/data/animated.gif").as_slice(),
        include_bytes!("formats/data/animated.png"),
        include_bytes!("formats/data/animated.webp"),
        &two_pages(),
    ] {
        is_only_cleaned(moving);
    }
}

/// A TIFF of two grey pages of one pixel each.
fn two_pages() -> Vec<u8> {
    let mut out = b"II*\0\x0A\0\0\0\x10\x20".to_vec();
    for page in 0..2_u32 {
        let fields: [(u16, u32); 8] = [
            (256, 1),
            (257, 1),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8 + page),
            (278, 1),
            (279, 1),
        ];
        out.extend(8_u16.to_le_bytes());
        for (tag, value) in fields {
            out.extend(tag.to_le_bytes());
            out.extend(4_u16.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        let next = out.len() as u32 + 4;
        out.extend(if page == 0 { next } else { 0 }.to_le_bytes());
    }
    out
}

#[test]
fn a_picture_that_is_cut_short_is_refused() {
    let bytes = packed(&picture(), ImageFormat::Png);
    let cut = &bytes[..bytes.len() / 2];
    assert!(redraw(&cut, cut.len() as u64).is_err());
}
