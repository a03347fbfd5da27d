//! The safety net, first half: accounts for every octet of a clean file, or fails.
//!
//! The verifiers share no parser with the scrubbers. Each knows the one form that its scrubber writes and accepts
//! nothing else: an unknown box, a spare octet, a field that could carry something and is not what it has to be.

mod amr;
mod archive;
mod avi;
mod bmp;
mod dib;
mod emf;
mod epub;
mod exif;
mod flac;
mod gif;
mod heif;
mod icc;
mod jpeg;
mod markup;
mod matroska;
mod mp3;
mod mp4;
mod nal;

mod office;
mod ogg;
mod opendocument;
mod pdf;
mod png;
mod svg;
mod text;
mod tiff;
mod units;
mod wav;
mod webp;
mod wmf;
mod zip;

#[cfg(test)]
mod picture_tests;

use crate::leak::Views;
use crate::source::Source;
use crate::{Kind, Refusal};

/// What a verifier does not accept, in words for a developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) &'static str);

impl From<Refusal> for Fault {
    fn from(_: Refusal) -> Self {
        Self("a part ends too early")
    }
}

/// Accounts for every octet of `file`, which should be a clean file of that kind. Shows `views` what a search through
/// the raw octets would not find: unpacked streams, and which of it is text that a reader sees.
///
/// # Errors
/// What is not accounted for.
pub(crate) fn verify(kind: Kind, file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    match kind {
        Kind::Jpeg => jpeg::verify(file, views),
        Kind::Png => png::verify(file, views),
        Kind::WebP => webp::verify(file, views),
        Kind::Gif => gif::verify(file, views),
        Kind::Tiff => tiff::verify(file, views),
        Kind::Bmp => bmp::verify(file, views),
        Kind::Heic | Kind::Avif => heif::verify(file, views),
        Kind::Svg => svg::verify(file, views),
        Kind::Emf => emf::verify(file, views),
        Kind::Wmf => wmf::verify(file, views),
        Kind::Mp4 | Kind::Mov | Kind::ThreeGp | Kind::M4a => mp4::verify(file, views),
        Kind::Mkv | Kind::WebM => matroska::verify(file, views),
        Kind::Avi => avi::verify(file, views),
        Kind::Mp3 => mp3::verify(file, views),
        Kind::Wav => wav::verify(file, views),
        Kind::Flac => flac::verify(file, views),
        Kind::Ogg | Kind::Opus => ogg::verify(file, views),
        Kind::Amr => amr::verify(file, views),
        Kind::Pdf => pdf::verify(file, views),
        Kind::Docx | Kind::Xlsx | Kind::Pptx => office::verify(file, views),
        Kind::Odt | Kind::Ods | Kind::Odp => opendocument::verify(file, views),
        Kind::Epub => epub::verify(file, views),
        Kind::Zip => zip::verify(file, views),
        Kind::Text | Kind::Csv => text::verify(file, views),
    }
}

/// [`icc::verify`], for the tests of what writes profiles.
#[cfg(test)]
pub(crate) fn icc_is_clean(profile: &[u8]) -> Result<(), Fault> {
    icc::verify(profile)
}
