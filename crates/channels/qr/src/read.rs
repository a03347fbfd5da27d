//! Codes out of a picture, photographed at an angle, turned, blurred or badly lit.
//!
//! The picture is tried at several sizes and with two ways to tell dark from light: each finds codes that the others do
//! not. What takes time is bounded by constants: pixels, patterns that look like a corner of a code, triples of them.

use std::io::Cursor;

use hamsa_core::{Arrived, Sealed, Unreadable};
use image::{
    DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, imageops,
};
use rxing::common::{
    BitMatrix, DetectorRXingResult as _, GlobalHistogramBinarizer, HybridBinarizer,
};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};
use rxing::{Binarizer as _, Luma8Source};

/// The largest picture that is unpacked, in pixels: more than a phone's camera of 50 megapixels gives.
pub const MAX_PIXELS: u64 = 64_000_000;
/// The most codes that are taken from one picture.
pub const MAX_CODES: usize = 64;

/// Octets of an unpacked picture: four for each pixel.
const MAX_UNPACKED: u64 = 4 * MAX_PIXELS;
/// Longest sides at which a picture is tried, in pixels, from the one that finds most.
const SIDES: [u32; 3] = [2400, 1200, 3600];
/// A picture that is smaller than this is tried enlarged, too: the reader needs two pixels for a module.
const SMALL: u32 = 600;
/// Corners of codes that are looked at in one try. A page of six codes has eighteen.
const MAX_PATTERNS: usize = 512;
/// Triples of corners that are looked at in one try. What makes a code is among the first.
const MAX_TRIPLES: usize = 2000;

/// Takes what is sealed out of every QR code in a picture: the octets of a PNG, JPEG, WebP, GIF or BMP file.
///
/// Gives [`Unreadable::NotAMessage`] for other files and damaged ones, [`Unreadable::TooLong`] for pictures above
/// [`MAX_PIXELS`], [`Unreadable::NothingSealed`] when no code is found, and for each code that holds nothing sealed. A
/// code that stands in the picture twice comes once.
pub fn from_qr(picture: &[u8]) -> Arrived {
    let mut arrived = Arrived::default();
    let found = match unpack(picture) {
        Ok(picture) => codes(&picture),
        Err(why) => {
            arrived.push(Err(why));
            return arrived;
        }
    };
    if found.is_empty() {
        arrived.push(Err(Unreadable::NothingSealed));
    }
    arrived.extend(found.iter().map(|octets| sealed_in(octets)));
    arrived
}

/// What the octets of a code hold: text, or something sealed as it is.
fn sealed_in(octets: &[u8]) -> Arrived {
    if let Ok(text) = str::from_utf8(octets) {
        return hamsa_channel_text::from_text(text);
    }
    let mut arrived = Arrived::default();
    arrived.push(Sealed::parse(octets));
    arrived
}

/// The picture in shades of grey. Nothing is allocated for one that says that it is too large.
fn unpack(picture: &[u8]) -> Result<GrayImage, Unreadable> {
    let format = image::guess_format(picture).map_err(|_| Unreadable::NotAMessage)?;
    if !matches!(
        format,
        ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::WebP
            | ImageFormat::Gif
            | ImageFormat::Bmp
    ) {
        return Err(Unreadable::NotAMessage);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_UNPACKED);
    let mut reader = ImageReader::with_format(Cursor::new(picture), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| Unreadable::NotAMessage)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_UNPACKED {
        return Err(Unreadable::TooLong);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Unreadable::NotAMessage)?;
    Ok(grey(picture))
}

fn grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    // What is transparent shows the paper, whatever colour it has.
    let picture = picture.into_luma_alpha8();
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [luma, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let mixed = (luma * alpha + 255 * (255 - alpha)) / 255;
        image::Luma([u8::try_from(mixed).unwrap_or(255)])
    })
}

/// What the codes in a picture hold, each once.
fn codes(picture: &GrayImage) -> Vec<Vec<u8>> {
    let longest = picture.width().max(picture.height());
    let mut found = Vec::new();
    if longest < SMALL {
        try_at(&resized(picture, 3, 1), &mut found);
    }
    let smaller = SIDES.into_iter().filter(|&side| side < longest);
    if longest <= *SIDES.iter().max().unwrap_or(&0) {
        try_at(picture, &mut found);
    }
    for side in smaller {
        try_at(&resized(picture, side, longest), &mut found);
    }
    found
}

/// The picture, `numerator / denominator` times as large.
fn resized(picture: &GrayImage, numerator: u32, denominator: u32) -> GrayImage {
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(numerator) / u64::from(denominator);
        u32::try_from(side).unwrap_or(1).max(1)
    };
    imageops::thumbnail(picture, scaled(picture.width()), scaled(picture.height()))
}

fn try_at(picture: &GrayImage, found: &mut Vec<Vec<u8>>) {
    let Ok(source) =
        Luma8Source::new_with_slice(picture.as_raw(), picture.width(), picture.height())
    else {
        return;
    };
    if let Ok(bits) = HybridBinarizer::new(source.clone()).get_black_matrix() {
        take_codes(bits, found);
    }
    if let Ok(bits) = GlobalHistogramBinarizer::new(source).get_black_matrix() {
        take_codes(bits, found);
    }
}

/// Adds what the codes in a picture of dark and light hold.
fn take_codes(bits: &BitMatrix, found: &mut Vec<Vec<u8>>) {
    let mut patterns = FindFinderPatterns(bits, false, 2);
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_PATTERNS);
    let mut used = Vec::new();
    for triple in GenerateFinderPatternSets(&mut patterns)
        .iter()
        .take(MAX_TRIPLES)
    {
        let corners = [triple.bl, triple.tl, triple.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Ok(sampled) = SampleQR(bits, triple) else {
            continue;
        };
        let Ok(decoded) = Decode(sampled.getBits()) else {
            continue;
        };
        if !decoded.isValid() {
            continue;
        }
        used.extend(corners);
        let octets = decoded.content().bytes();
        if found.len() < MAX_CODES && !found.iter().any(|known| known == octets) {
            found.push(octets.to_vec());
        }
    }
}
