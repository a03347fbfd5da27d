//! Codes out of a picture, photographed at an angle, turned, blurred or badly lit.
//!
//! The picture is tried at several sizes and with two ways to tell dark from light: each finds codes that the others do
//! not. What takes time is bounded by constants: pixels, patterns that look like a corner of a code, triples of them.

use std::cmp::Reverse;
use std::io::Cursor;

use hamsa_core::{Arrived, Sealed, Unreadable};
use image::{
    DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, imageops,
};
use rxing::common::{
    BitMatrix, DetectorRXingResult as _, GlobalHistogramBinarizer, HybridBinarizer,
};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};
use rxing::{Binarizer as _, Luma8Source};

/// The largest picture that is unpacked, in pixels: more than a phone's camera of 50 megapixels gives.
pub const MAX_PIXELS: u64 = 64_000_000;
/// The most codes that are taken from one picture; when it has more, that is told.
pub const MAX_CODES: usize = 64;

/// Octets of an unpacked picture: four for each pixel.
const MAX_UNPACKED: u64 = 4 * MAX_PIXELS;
/// Longest sides at which a picture is tried, in pixels, the one that finds most first.
const SIDES: [u32; 4] = [2400, 1200, 600, 3600];
/// Up to this side, a small picture is enlarged as much as it takes; above, to three times its size at most.
const SMALL: u32 = 1200;
/// When codes were found, and so many tries in a row found no other, the rest of the tries is left out.
const IDLE_TRIES: usize = 3;
/// Patterns that look like a corner of a code, of which so many are looked at in one try, the largest first. A page of six
/// codes has 18, and some that its data happen to make.
const MAX_CORNERS: usize = 512;
/// How often there may be more than that: a picture that is full of them was made so, or is noise.
const MAX_CROWDS: usize = 5;
/// Triples of corners that are looked at in one try.
const MAX_TRIPLES: usize = 2000;
/// Pixels of a module, at least.
const MIN_MODULE: u32 = 2;

/// What is done to a picture before it is looked at.
#[derive(Clone, Copy)]
enum Look {
    Plain,
    /// Against blur.
    Sharpened,
    /// Against noise.
    Smoothed,
}

/// Takes what is sealed out of every QR code in a picture: the octets of a PNG, JPEG, WebP, GIF or BMP file.
///
/// Gives [`Unreadable::NotAMessage`] for other files and damaged ones, [`Unreadable::TooLong`] for pictures above
/// [`MAX_PIXELS`] and for what is left of one with more than [`MAX_CODES`], [`Unreadable::NothingSealed`] when no code is found, and for each code that holds nothing sealed. A
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
    if found.codes.is_empty() {
        arrived.push(Err(Unreadable::NothingSealed));
    }
    arrived.extend(found.codes.iter().map(|octets| sealed_in(octets)));
    if found.has_left_out {
        arrived.push(Err(Unreadable::TooLong));
    }
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

/// Looks for the codes in a picture.
fn codes(picture: &GrayImage) -> Search {
    let longest = picture.width().max(picture.height());
    let fits = |side: &u32| *side <= SMALL || *side <= 3 * longest;
    let mut sides: Vec<u32> = SIDES.into_iter().filter(fits).collect();
    // To enlarge much takes longest, and is needed least often.
    sides.sort_by_key(|side| *side > 2 * longest);
    let mut search = Search::default();
    let mut idle = 0;
    for side in sides {
        for look in [Look::Plain, Look::Sharpened, Look::Smoothed] {
            let before = search.codes.len();
            search.look_at(&look.at(resized(picture, side, longest)));
            idle = if search.codes.len() > before {
                0
            } else {
                idle + 1
            };
            let is_done = idle >= IDLE_TRIES && !search.codes.is_empty();
            if is_done || search.crowds > MAX_CROWDS {
                return search;
            }
        }
    }
    search
}

/// The picture with its `longest` side so many pixels long.
fn resized(picture: &GrayImage, side: u32, longest: u32) -> GrayImage {
    let scaled = |length: u32| {
        let length = u64::from(length) * u64::from(side) / u64::from(longest.max(1));
        u32::try_from(length).unwrap_or(1).max(1)
    };
    imageops::thumbnail(picture, scaled(picture.width()), scaled(picture.height()))
}

impl Look {
    fn at(self, picture: GrayImage) -> GrayImage {
        match self {
            Self::Plain => picture,
            Self::Smoothed => imageops::fast_blur(&picture, 1.0),
            Self::Sharpened => {
                let mut sharp = imageops::fast_blur(&picture, 2.0);
                for (pixel, &before) in sharp.iter_mut().zip(picture.as_raw()) {
                    let edge = i16::from(before) - i16::from(*pixel);
                    let after = (i16::from(before) + 2 * edge).clamp(0, 255);
                    *pixel = u8::try_from(after).unwrap_or(before);
                }
                sharp
            }
        }
    }
}

/// What was found so far.
#[derive(Default)]
struct Search {
    /// What the codes hold, each once.
    codes: Vec<Vec<u8>>,
    /// Whether there were more than are taken.
    has_left_out: bool,
    /// How often there were more corners than are looked at.
    crowds: usize,
}

impl Search {
    fn look_at(&mut self, picture: &GrayImage) {
        let (width, height) = picture.dimensions();
        let Ok(source) = Luma8Source::new_with_slice(picture.as_raw(), width, height) else {
            return;
        };
        if let Ok(bits) = HybridBinarizer::new(source.clone()).get_black_matrix() {
            self.take_codes(bits);
        }
        if let Ok(bits) = GlobalHistogramBinarizer::new(source).get_black_matrix() {
            self.take_codes(bits);
        }
    }

    /// Adds what the codes in a picture of dark and light hold.
    fn take_codes(&mut self, bits: &BitMatrix) {
        let mut corners = FindFinderPatterns(bits, true, MIN_MODULE);
        self.crowds += usize::from(corners.len() > MAX_CORNERS);
        corners.sort_by_key(|corner| Reverse(corner.size));
        corners.truncate(MAX_CORNERS);
        let mut used = Vec::new();
        let triples = GenerateFinderPatternSets(&mut corners);
        for triple in triples.iter().take(MAX_TRIPLES) {
            let corners = [triple.bl, triple.tl, triple.tr];
            if corners.iter().any(|corner| used.contains(corner)) {
                continue;
            }
            if let Some(octets) = octets_at(bits, triple) {
                used.extend(corners);
                let is_new = !self.codes.contains(&octets);
                let is_full = self.codes.len() == MAX_CODES;
                self.has_left_out |= is_new && is_full;
                if is_new && !is_full {
                    self.codes.push(octets);
                }
            }
        }
    }
}

/// The octets of the code with these corners. Its text would be a guess at a character set.
fn octets_at(bits: &BitMatrix, corners: &FinderPatternSet) -> Option<Vec<u8>> {
    let sampled = SampleQR(bits, corners).ok()?;
    let decoded = Decode(sampled.getBits()).ok()?;
    decoded
        .isValid()
        .then(|| decoded.content().bytes().to_vec())
}
