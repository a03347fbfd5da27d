//! QR codes out of small pictures: files as they come, and modules that are drawn first.
#![no_main]

use std::io::Cursor;

use hamsa_channel_qr::{code_of_text, from_qr};
use hamsa_core::Sealed;
use image::ImageReader;
use libfuzzer_sys::fuzz_target;

/// Larger pictures take long, and show nothing that small ones do not.
const MAX_SIDE: u32 = 320;

/// A BMP file of 8 bits a pixel, whose side has `side` pixels.
fn bmp(side: usize, dark: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    let stride = side.next_multiple_of(4);
    let mut file = b"BM".to_vec();
    for number in [
        0,
        0,
        1078,
        40,
        side as u32,
        side as u32,
        8 << 16 | 1,
        0,
        0,
        0,
        0,
        256,
        0,
    ] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend((0..=255).flat_map(|shade| [shade, shade, shade, 0]));
    for y in (0..side).rev() {
        file.extend((0..stride).map(|x| if dark(x, y) { 0 } else { 255 }));
    }
    file
}

/// A quiet zone of four, and modules of so many pixels.
fn drawn(bytes: &[u8]) -> Option<Vec<u8>> {
    let (&[modules, pixels], bits) = bytes.split_first_chunk()?;
    let (modules, pixels) = (usize::from(modules % 61) + 1, usize::from(pixels % 4) + 1);
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| (at / pixels).checked_sub(4).filter(|at| *at < modules);
        let (Some(x), Some(y)) = (inside(x), inside(y)) else {
            return false;
        };
        let at = y * modules + x;
        bits.get(at / 8)
            .is_some_and(|octet| octet >> (at % 8) & 1 == 1)
    };
    Some(bmp((modules + 8) * pixels, dark))
}

fn is_small(file: &[u8]) -> bool {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format();
    let size = reader.map(|reader| reader.into_dimensions());
    matches!(size, Ok(Ok((width, height))) if width <= MAX_SIDE && height <= MAX_SIDE)
}

fuzz_target!(|bytes: &[u8]| {
    let file = match bytes.split_first() {
        Some((0, rest)) => Some(rest.to_vec()).filter(|file| is_small(file)),
        Some((_, rest)) => drawn(rest),
        None => None,
    };
    let Some(file) = file else {
        return;
    };
    let arrived = from_qr(&file);
    assert!(!arrived.sealed.is_empty() || !arrived.unreadable.is_empty());
    for sealed in arrived.sealed {
        let text = match &sealed {
            Sealed::Envelope(envelope) => envelope.to_text(),
            Sealed::Part(part) => part.to_text(),
        };
        let Ok(code) = code_of_text(&text) else {
            continue;
        };
        assert!(from_qr(&code.to_png()).sealed == [sealed]);
    }
});
