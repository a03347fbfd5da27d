//! Draws a picture again, for those who fear more than what stands beside the pixels.
//!
//! Scrubbing keeps every pixel as it was, and with the pixels what is in them: the noise that one sensor gives to all of
//! its photos, marks in the lowest bits, the tables and habits of the program that packed them. Drawing again takes a
//! picture apart to its pixels, turns it upright, makes it a little smaller, and packs it with tables that are the same
//! for everybody:
//!
//! - *To nine tenths, and at most four million pixels.* Noise and marks sit on the grid of the sensor. When each new
//!   pixel is mixed from several old ones at places that shift from pixel to pixel, the grid is gone, and what is left of
//!   a pattern is weaker. Nine tenths can hardly be seen; four million pixels are enough to read a photographed page.
//! - *JPEG of one quality, with the tables of the standard;* PNG when something shows through.
//!
//! What it costs: fine detail, colours beyond eight bits, and the time and memory to hold the picture unpacked: about seven
//! octets for each of its pixels, at most half a gigabyte. A picture of several pages or frames would lose all but one, so
//! it is not drawn again; neither is what is no picture, or one of a kind that cannot be unpacked here. Those are
//! scrubbed as they would be otherwise.
//!
//! It weakens a match with a sensor's noise, and cannot promise to defeat it: who has the camera, or enough of its
//! photos, can search over sizes and positions. Nor does it touch what the picture shows, or a mark that was made to
//! live through printing and scanning.

use std::io::{self, Cursor};

use hamsa_core::ReadAt;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::error::{LimitError, LimitErrorKind};
use image::imageops::FilterType;
use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, ImageResult, Limits,
};
use zeroize::Zeroizing;

use crate::job::{Job, MAX_IN_MEMORY};
use crate::picture::tiff;
use crate::source::Source;
use crate::{Kind, Refusal, Remark, Scrubbed, clean, kind, plan, scrub};

/// Each side becomes this many tenths of what it was.
const TENTHS: f64 = 0.9;
/// Pixels that a picture has afterwards, at most.
const MAX_PIXELS: f64 = 4.0e6;
/// Pixels across and down that are taken apart, at most.
const MAX_SIDE: u32 = 1 << 16;
/// Octets that taking apart may allocate.
const MAX_UNPACKED: u64 = 512 << 20;
/// The quality of the JPEG, from 1 to 100.
const QUALITY: u8 = 85;

/// What [`redraw`] reads a clean file from: the new picture, packed, in memory that is wiped when it goes out of use; or
/// the source, when it was not drawn again.
pub struct Redrawn<S>(Held<S>);

enum Held<S> {
    Memory(Zeroizing<Vec<u8>>),
    Source(S),
}

impl<S: ReadAt> ReadAt for Redrawn<S> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match &self.0 {
            Held::Memory(picture) => picture.as_slice().read_exact_at(buffer, offset),
            Held::Source(source) => source.read_exact_at(buffer, offset),
        }
    }
}

/// Draws a picture of `len` octets again, a little smaller, as a JPEG, or as a PNG where something shows through.
///
/// JPEG, PNG, WebP, GIF, BMP and TIFF can be drawn again when they hold one picture. Whatever else the file is, it is
/// scrubbed as by [`crate::scrub`]; [`Remark::Redrawn`] or [`Remark::NotRedrawn`] tells which it was. The new picture goes
/// through the same scrubbing and the same two checks as any file, and the report tells what the source held.
/// What drawing again does and what it cannot do, the head of this module says; in short: it weakens a match with the
/// noise of a camera's sensor, and cannot promise to defeat it.
///
/// # Errors
/// [`Refusal::Damaged`] when a picture cannot be taken apart, [`Refusal::TooLarge`] when it has too many pixels; as for
/// [`crate::scrub`].
pub fn redraw<S: ReadAt>(source: S, len: u64) -> Result<Scrubbed<Redrawn<S>>, Refusal> {
    let mut job = Job::new();
    let Some(drawn) = drawn(&Source::file(&source, len), &mut job)? else {
        let mut kept = scrub(source, len)?;
        kept.report.remark(Remark::NotRedrawn);
        return Ok(Scrubbed {
            kind: kept.kind,
            plan: kept.plan,
            source: Redrawn(Held::Source(kept.source)),
            report: kept.report,
        });
    };
    let (kind, plan) = clean(&Source::memory(&drawn), &mut job)?;
    job.remark(Remark::Redrawn);
    Ok(Scrubbed {
        kind,
        plan,
        source: Redrawn(Held::Memory(drawn)),
        report: job.into_report(),
    })
}

/// The new picture, or nothing when the file is not one that can be drawn again without losing a part of it.
fn drawn(file: &Source<'_>, job: &mut Job) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
    let kind = kind::recognise(file)?;
    let Some(format) = format(kind) else {
        return Ok(None);
    };
    let bytes = file.read(0..file.len(), MAX_IN_MEMORY)?;
    if kind == Kind::Tiff && tiff::pages(file)? > 1 {
        return Ok(None);
    }
    // For what it finds: the picture is drawn again whether or not the rest could stay. What was found must not
    // come out on the other side either.
    if let Err(Refusal::Io(e)) = plan(kind, file, job) {
        return Err(Refusal::Io(e));
    }
    let drawn = moves(&bytes, format).and_then(|moves| {
        if moves {
            return Ok(None);
        }
        draw(&bytes, format).map(Some)
    });
    match drawn {
        Ok(drawn) => Ok(drawn),
        Err(ImageError::Unsupported(_)) => Ok(None),
        Err(ImageError::Limits(_)) => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::Damaged),
    }
}

/// Whether a picture has more than one frame.
fn moves(bytes: &[u8], format: ImageFormat) -> ImageResult<bool> {
    let bytes = Cursor::new(bytes);
    match format {
        ImageFormat::Png => PngDecoder::with_limits(bytes, limits())?.is_apng(),
        ImageFormat::WebP => Ok(WebPDecoder::new(bytes)?.has_animation()),
        ImageFormat::Gif => {
            let mut decoder = GifDecoder::new(bytes)?;
            decoder.set_limits(limits())?;
            let mut frames = decoder.into_frames().skip(1);
            // Whether a damaged second frame can be shown does not matter here.
            Ok(frames.next().is_some())
        }
        _ => Ok(false),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_UNPACKED);
    limits
}

fn format(kind: Kind) -> Option<ImageFormat> {
    Some(match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        Kind::Bmp => ImageFormat::Bmp,
        Kind::Tiff => ImageFormat::Tiff,
        _ => return None,
    })
}

/// Takes a picture apart and packs it again.
fn draw(bytes: &[u8], format: ImageFormat) -> ImageResult<Zeroizing<Vec<u8>>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder()?;
    decoder.set_limits(limits())?;
    if decoder.total_bytes() > MAX_UNPACKED {
        let why = LimitErrorKind::InsufficientMemory;
        return Err(ImageError::Limits(LimitError::from_kind(why)));
    }
    let orientation = decoder.orientation()?;
    let profile = decoder.icc_profile()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let (width, height) = smaller(picture.width(), picture.height());
    let is_grey = !picture.color().has_color();
    let is_clear = shows_through(&picture);
    // Eight bits first: it is what comes out, and takes less memory.
    let picture = match (is_clear, is_grey) {
        (true, _) => DynamicImage::from(picture.into_rgba8()),
        (false, true) => DynamicImage::from(picture.into_luma8()),
        (false, false) => DynamicImage::from(picture.into_rgb8()),
    };
    let picture = picture.resize_exact(width, height, FilterType::CatmullRom);
    let profile = profile.filter(|profile| fits(profile, is_grey && !is_clear));
    pack(&picture, is_clear, profile)
}

/// Whether a profile is for colours as they come out: an unpacked CMYK picture has others than its file.
fn fits(profile: &[u8], is_grey: bool) -> bool {
    profile.get(16..20) == Some(if is_grey { b"GRAY" } else { b"RGB " })
}

/// The new size. The shape stays, to a pixel.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are between 1 and 2^16"
)]
fn smaller(width: u32, height: u32) -> (u32, u32) {
    let pixels = f64::from(width) * f64::from(height);
    let factor = TENTHS.min((MAX_PIXELS / pixels.max(1.0)).sqrt());
    let side = |n: u32| (f64::from(n) * factor).floor().max(1.0) as u32;
    (side(width), side(height))
}

/// Whether any pixel is not opaque.
fn shows_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha()
        && picture
            .to_rgba8()
            .pixels()
            .any(|pixel| pixel.0.last() != Some(&u8::MAX))
}

fn pack(
    picture: &DynamicImage,
    is_clear: bool,
    profile: Option<Vec<u8>>,
) -> ImageResult<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(Vec::new());
    if is_clear {
        let mut encoder = PngEncoder::new(&mut *out);
        // A profile that cannot be written is left away: colours may shift, nothing leaks.
        let _ = profile.map(|profile| encoder.set_icc_profile(profile));
        picture.write_with_encoder(encoder)?;
    } else {
        let mut encoder = JpegEncoder::new_with_quality(&mut *out, QUALITY);
        let _ = profile.map(|profile| encoder.set_icc_profile(profile));
        picture.write_with_encoder(encoder)?;
    }
    Ok(out)
}
