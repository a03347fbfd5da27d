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
//! What it costs: fine detail, the animation and further pages of a picture, colours beyond eight bits, and the time and
//! memory to hold the picture unpacked: about seven octets for each of its pixels, at most half a gigabyte.
//!
//! It weakens a match with a sensor's noise, and cannot promise to defeat it: who has the camera, or enough of its
//! photos, can search over sizes and positions. Nor does it touch what the picture shows, or a mark that was made to
//! live through printing and scanning.

use std::io::{self, Cursor};

use hamsa_core::ReadAt;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

use crate::job::{Job, MAX_IN_MEMORY};
use crate::source::Source;
use crate::{Kind, Refusal, Remark, Scrubbed, clean, kind, plan};

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

/// A picture that was drawn again, packed, in memory that is wiped when it goes out of use.
pub struct Redrawn(Zeroizing<Vec<u8>>);

impl ReadAt for Redrawn {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.as_slice().read_exact_at(buffer, offset)
    }
}

/// Draws a picture of `len` octets again, a little smaller, as a JPEG, or as a PNG where something shows through.
///
/// JPEG, PNG, WebP, GIF, BMP and TIFF can be drawn again; of an animation or of several pages, the first picture. The
/// result goes through the same scrubbing and the same two checks as any file. The report tells what the source held.
/// What drawing again does and what it cannot do, the head of this module says; in short: it weakens a match with the
/// noise of a camera's sensor, and cannot promise to defeat it.
///
/// # Errors
/// [`Refusal::NoPixels`] for another kind, [`Refusal::Damaged`] when it cannot be taken apart, [`Refusal::TooLarge`]
/// when it has too many pixels; as for [`crate::scrub`].
pub fn redraw(source: &impl ReadAt, len: u64) -> Result<Scrubbed<Redrawn>, Refusal> {
    let file = Source::file(source, len);
    let kind = kind::recognise(&file)?;
    let format = format(kind).ok_or(Refusal::NoPixels)?;
    let mut job = Job::new();
    let bytes = file.read(0..file.len(), MAX_IN_MEMORY)?;
    // For what it finds: the picture is drawn again whether or not the rest could stay. What was found must not
    // come out on the other side either.
    if let Err(Refusal::Io(e)) = plan(kind, &file, &mut job) {
        return Err(Refusal::Io(e));
    }
    let drawn = draw(&bytes, format)?;
    let (kind, plan) = clean(&Source::memory(&drawn), &mut job)?;
    job.remark(Remark::Redrawn);
    Ok(Scrubbed {
        kind,
        plan,
        source: Redrawn(drawn),
        report: job.into_report(),
    })
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
fn draw(bytes: &[u8], format: ImageFormat) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_UNPACKED);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    decoder.set_limits(limits).map_err(refusal)?;
    if decoder.total_bytes() > MAX_UNPACKED {
        return Err(Refusal::TooLarge);
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let profile = decoder.icc_profile().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
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
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut out = Zeroizing::new(Vec::new());
    if is_clear {
        let mut encoder = PngEncoder::new(&mut *out);
        // A profile that cannot be written is left away: colours may shift, nothing leaks.
        let _ = profile.map(|profile| encoder.set_icc_profile(profile));
        picture.write_with_encoder(encoder).map_err(refusal)?;
    } else {
        let mut encoder = JpegEncoder::new_with_quality(&mut *out, QUALITY);
        let _ = profile.map(|profile| encoder.set_icc_profile(profile));
        picture.write_with_encoder(encoder).map_err(refusal)?;
    }
    Ok(out)
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn refusal(error: image::ImageError) -> Refusal {
    use image::ImageError::{Limits, Unsupported};
    match error {
        Limits(_) => Refusal::TooLarge,
        Unsupported(_) => Refusal::NoPixels,
        _ => Refusal::Damaged,
    }
}
