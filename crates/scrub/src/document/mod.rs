//! Documents and archives: text and pictures stay; a new file is built around them.

mod container;
pub(crate) mod epub;
mod naming;
pub(crate) mod office;
pub(crate) mod opendocument;
mod package;
pub(crate) mod pdf;
pub(crate) mod text;
mod xml;
pub(crate) mod zip;

pub(crate) use self::text::{is_utf16, text_kind};

use crate::source::Source;
use crate::{Kind, Refusal};

/// Which of the kinds that are ZIP archives it is.
///
/// # Errors
/// [`Refusal::Damaged`], [`Refusal::Encrypted`].
pub(crate) fn package_kind(file: &Source<'_>) -> Result<Kind, Refusal> {
    package::kind(file)
}

/// Pictures, sound and video in a package: their kind, extension and content type.
const MEDIA: &[(Kind, &str, &str)] = &[
    (Kind::Png, "png", "image/png"),
    (Kind::Jpeg, "jpeg", "image/jpeg"),
    (Kind::Gif, "gif", "image/gif"),
    (Kind::Bmp, "bmp", "image/bmp"),
    (Kind::Tiff, "tiff", "image/tiff"),
    (Kind::Svg, "svg", "image/svg+xml"),
    // As office programs call them.
    (Kind::Emf, "emf", "image/x-emf"),
    (Kind::Wmf, "wmf", "image/x-wmf"),
    (Kind::WebP, "webp", "image/webp"),
    (Kind::Heic, "heic", "image/heic"),
    (Kind::Avif, "avif", "image/avif"),
    (Kind::Mp4, "mp4", "video/mp4"),
    (Kind::Mov, "mov", "video/quicktime"),
    (Kind::M4a, "m4a", "audio/mp4"),
    (Kind::Mp3, "mp3", "audio/mpeg"),
    (Kind::Wav, "wav", "audio/wav"),
    (Kind::Avi, "avi", "video/x-msvideo"),
    (Kind::Mkv, "mkv", "video/x-matroska"),
    (Kind::WebM, "webm", "video/webm"),
    (Kind::Flac, "flac", "audio/flac"),
    (Kind::Ogg, "ogg", "audio/ogg"),
];

/// Whether an address leads to the web or to a mailbox: text that a person put in the document.
fn is_link(target: &str) -> bool {
    let scheme = target
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    target.contains(':')
        && matches!(
            scheme.as_str(),
            "http" | "https" | "mailto" | "ftp" | "tel" | "sms"
        )
}
