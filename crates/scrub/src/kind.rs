//! Which kind of file it is, told by its content. Its name may say anything.
#![allow(clippy::match_same_arms, reason = "one line for each family of brands")]

use hamsa_core::MediaType;

use crate::source::Source;
use crate::{Refusal, document};

/// Octets at the front from which a kind is told.
const FRONT: u64 = 4096;

/// Declares the kinds: variant, media type, neutral name.
macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident = $media:literal, $name:literal;)*) => {
        /// The kinds of files that can be cleaned.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$meta])* $variant,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The media type, as an envelope names it.
            pub fn media_type(self) -> MediaType {
                MediaType::parse(match self { $(Self::$variant => $media,)* })
            }

            /// What a clean file is called before its number: `photo`, `video`.
            pub fn neutral_name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// JPEG.
    Jpeg = "image/jpeg", "photo";
    /// PNG and animated PNG.
    Png = "image/png", "picture";
    /// WebP, still and animated.
    WebP = "image/webp", "picture";
    /// GIF.
    Gif = "image/gif", "picture";
    /// TIFF.
    Tiff = "image/tiff", "picture";
    /// Windows bitmap.
    Bmp = "image/bmp", "picture";
    /// HEIC and other HEIF with HEVC pictures.
    Heic = "image/heic", "photo";
    /// AVIF.
    Avif = "image/avif", "picture";
    /// SVG.
    Svg = "image/svg+xml", "drawing";
    /// Enhanced metafile.
    Emf = "image/emf", "drawing";
    /// Windows metafile.
    Wmf = "image/wmf", "drawing";
    /// MP4 video.
    Mp4 = "video/mp4", "video";
    /// `QuickTime` video.
    Mov = "video/quicktime", "video";
    /// 3GP video of older phones.
    ThreeGp = "video/3gpp", "video";
    /// MP4 with sound only.
    M4a = "audio/mp4", "sound";
    /// Matroska.
    Mkv = "video/x-matroska", "video";
    /// `WebM`.
    WebM = "video/webm", "video";
    /// AVI.
    Avi = "video/x-msvideo", "video";
    /// MP3.
    Mp3 = "audio/mpeg", "sound";
    /// WAV and RF64.
    Wav = "audio/wav", "sound";
    /// FLAC.
    Flac = "audio/flac", "sound";
    /// Ogg with Vorbis or FLAC.
    Ogg = "audio/ogg", "sound";
    /// Ogg with Opus.
    Opus = "audio/opus", "sound";
    /// AMR of phones.
    Amr = "audio/amr", "sound";
    /// PDF.
    Pdf = "application/pdf", "document";
    /// Word.
    Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document";
    /// Excel.
    Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "table";
    /// `PowerPoint`.
    Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "slides";
    /// `OpenDocument` text.
    Odt = "application/vnd.oasis.opendocument.text", "document";
    /// `OpenDocument` table.
    Ods = "application/vnd.oasis.opendocument.spreadsheet", "table";
    /// `OpenDocument` slides.
    Odp = "application/vnd.oasis.opendocument.presentation", "slides";
    /// EPUB.
    Epub = "application/epub+zip", "book";
    /// ZIP archive.
    Zip = "application/zip", "archive";
    /// Plain text.
    Text = "text/plain", "text";
    /// Values separated by commas, semicolons or tabs.
    Csv = "text/csv", "table";
}

/// Tells the kind of a file.
///
/// # Errors
/// A kind that is known and cannot be cleaned has its own refusal; [`Refusal::UnknownKind`]; [`Refusal::Io`].
pub(crate) fn recognise(file: &Source<'_>) -> Result<Kind, Refusal> {
    let front = file.read(0..file.len().min(FRONT), usize::MAX)?;
    match by_magic(file)? {
        Some(kind) => Ok(kind),
        None => document::text_kind(file, &front),
    }
}

/// Tells a kind that is no text, or nothing.
///
/// # Errors
/// As [`recognise`].
pub(crate) fn by_magic(file: &Source<'_>) -> Result<Option<Kind>, Refusal> {
    let front = file.read(0..file.len().min(FRONT), usize::MAX)?;
    let front = front.as_slice();
    // Several magic numbers are words: a text may begin with them.
    if document::is_utf16(front) || is_plain(front) {
        return text_magic(front);
    }
    let at = |at: usize, magic: &[u8]| front.get(at..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"\xFF\xD8\xFF") {
        return Ok(Some(Kind::Jpeg));
    }
    if at(0, b"\x89PNG\r\n\x1A\n") {
        return Ok(Some(Kind::Png));
    }
    if at(0, b"GIF87a") || at(0, b"GIF89a") {
        return Ok(Some(Kind::Gif));
    }
    if at(0, b"RIFF") || at(0, b"RF64") || at(0, b"BW64") {
        return riff(front).map(Some);
    }
    if at(0, b"BM") && front.len() >= 26 {
        return Ok(Some(Kind::Bmp));
    }
    if at(0, b"\x01\0\0\0") && at(40, b" EMF") {
        return Ok(Some(Kind::Emf));
    }
    if at(0, b"\xD7\xCD\xC6\x9A") || is_bare_metafile(front) {
        return Ok(Some(Kind::Wmf));
    }
    if at(8, b"CR\x02") || at(0, b"IIRO") || at(0, b"MMOR") || at(0, b"IIU\0") || at(0, b"FUJIFILM")
    {
        return Err(Refusal::RawPhoto);
    }
    if at(0, b"II*\0") || at(0, b"MM\0*") || at(0, b"II+\0") || at(0, b"MM\0+") {
        return Ok(Some(Kind::Tiff));
    }
    if let Some(kind) = iso_media(front) {
        return kind.map(Some);
    }
    if at(0, b"\x1A\x45\xDF\xA3") {
        return Ok(Some(matroska(front)));
    }
    if at(0, b"fLaC") {
        return Ok(Some(Kind::Flac));
    }
    if at(0, b"OggS") {
        return ogg(front).map(Some);
    }
    if at(0, b"#!AMR") {
        return Ok(Some(Kind::Amr));
    }
    if at(0, b"ID3") {
        return after_id3(file, front).map(Some);
    }
    if front.windows(5).take(1024).any(|w| w == b"%PDF-") {
        return Ok(Some(Kind::Pdf));
    }
    if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        return document::package_kind(file).map(Some);
    }
    if let Some(refusal) = refused(front) {
        return Err(refusal);
    }
    if is_mpeg_audio(front) {
        return Ok(Some(Kind::Mp3));
    }
    Ok(None)
}

/// Whether it is text: UTF-8, which may be cut at the end, and no control characters.
fn is_plain(front: &[u8]) -> bool {
    let valid = match str::from_utf8(front) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && front.len() as u64 == FRONT,
    };
    valid && front.iter().all(|b| *b >= b' ' || matches!(b, 0x09..=0x0D))
}

/// The kinds that can be text in front and are not text.
fn text_magic(front: &[u8]) -> Result<Option<Kind>, Refusal> {
    if front.windows(5).take(1024).any(|w| w == b"%PDF-") {
        return Ok(Some(Kind::Pdf));
    }
    if front.starts_with(b"{\\rtf") {
        return Err(Refusal::RichText);
    }
    Ok(None)
}

/// A Windows metafile without the header that places it.
fn is_bare_metafile(front: &[u8]) -> bool {
    matches!(front, [1 | 2, 0, 9, 0, 0, 1 | 3, ..]) && front.len() >= 24
}

fn riff(front: &[u8]) -> Result<Kind, Refusal> {
    match front.get(8..12) {
        Some(b"WEBP") => Ok(Kind::WebP),
        Some(b"WAVE") => Ok(Kind::Wav),
        Some(b"AVI ") => Ok(Kind::Avi),
        _ => Err(Refusal::OtherMedia),
    }
}

/// MP4 and its relatives, told by the brands of the `ftyp` box. `QuickTime` files may have none.
fn iso_media(front: &[u8]) -> Option<Result<Kind, Refusal>> {
    let name: [u8; 4] = front.get(4..8)?.try_into().ok()?;
    if matches!(&name, b"moov" | b"mdat" | b"wide" | b"pnot") {
        return Some(Ok(Kind::Mov));
    }
    if matches!(&name, b"free" | b"skip") && front.get(..2) == Some(b"\0\0") {
        return Some(Ok(Kind::Mov));
    }
    if &name != b"ftyp" {
        return None;
    }
    let len = u32::from_be_bytes(front.get(..4)?.try_into().ok()?);
    let end = usize::try_from(len).unwrap_or(usize::MAX).min(front.len());
    let brands = front.get(8..end)?;
    let (major, rest) = brands.split_at_checked(4)?;
    let has = |wanted: &[&[u8; 4]]| {
        let compatible = rest.get(4..).unwrap_or_default().chunks_exact(4);
        std::iter::once(major)
            .chain(compatible)
            .any(|brand| wanted.iter().any(|w| w.as_slice() == brand))
    };
    Some(match major {
        b"crx " => Err(Refusal::RawPhoto),
        b"avif" | b"avis" => Ok(Kind::Avif),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Ok(Kind::Heic),
        b"mif1" | b"msf1" | b"mif2" | b"miaf" if has(&[b"avif", b"avis"]) => Ok(Kind::Avif),
        b"mif1" | b"msf1" | b"mif2" | b"miaf" => Ok(Kind::Heic),
        b"jxl " | b"jp2 " | b"jpx " => Err(Refusal::OtherMedia),
        b"qt  " => Ok(Kind::Mov),
        b"M4A " | b"M4B " | b"M4P " => Ok(Kind::M4a),
        [b'3', b'g', _, _] => Ok(Kind::ThreeGp),
        _ => Ok(Kind::Mp4),
    })
}

/// The document type stands near the front; without one that says `webm` it is Matroska.
fn matroska(front: &[u8]) -> Kind {
    let head = front.get(..64.min(front.len())).unwrap_or_default();
    if head.windows(4).any(|w| w == b"webm") {
        Kind::WebM
    } else {
        Kind::Mkv
    }
}

/// The first packet names the codec.
fn ogg(front: &[u8]) -> Result<Kind, Refusal> {
    let segments = usize::from(front.get(26).copied().unwrap_or(0));
    let packet = front.get(27 + segments..).unwrap_or_default();
    if packet.starts_with(b"OpusHead") {
        Ok(Kind::Opus)
    } else if packet.starts_with(b"\x01vorbis")
        || packet.starts_with(b"\x7FFLAC")
        || packet.starts_with(b"Speex   ")
    {
        Ok(Kind::Ogg)
    } else {
        Err(Refusal::OtherMedia)
    }
}

/// FLAC files may carry the tag of MP3 files in front.
fn after_id3(file: &Source<'_>, front: &[u8]) -> Result<Kind, Refusal> {
    let size = front.get(6..10).ok_or(Refusal::Damaged)?;
    let size = size
        .iter()
        .fold(0_u64, |size, &b| size << 7 | u64::from(b & 0x7F));
    let footer = if front.get(5).is_some_and(|flags| flags & 0x10 != 0) {
        10
    } else {
        0
    };
    let is_flac = file
        .array::<4>(10 + size + footer)
        .is_ok_and(|magic| &magic == b"fLaC");
    Ok(if is_flac { Kind::Flac } else { Kind::Mp3 })
}

/// A header of an MPEG audio frame of layer I, II or III.
fn is_mpeg_audio(front: &[u8]) -> bool {
    let Some(&[sync, version, rate, _]) = front.first_chunk::<4>() else {
        return false;
    };
    sync == 0xFF
        && version & 0xE0 == 0xE0
        && version & 0x18 != 0x08
        && version & 0x06 != 0
        && rate & 0xF0 != 0xF0
        && rate & 0x0C != 0x0C
}

/// Kinds that are known and cannot be cleaned.
fn refused(front: &[u8]) -> Option<Refusal> {
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| front.starts_with(magic));
    if starts(&[b"{\\rtf"]) {
        return Some(Refusal::RichText);
    }
    if starts(&[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]) {
        return Some(Refusal::OldOffice);
    }
    if starts(&[
        b"7z\xBC\xAF\x27\x1C",
        b"Rar!\x1A\x07",
        b"\x1F\x8B",
        b"BZh",
        b"\xFD7zXZ\0",
        b"\x28\xB5\x2F\xFD",
    ]) || front.get(257..262) == Some(b"ustar")
    {
        return Some(Refusal::OtherArchive);
    }
    let media: &[&[u8]] = &[
        b"8BPS",
        b"\0\0\0\x0CjP  ",
        b"\0\0\0\x0CJXL ",
        b"\xFF\x0A",
        b"\xFF\x4F\xFF\x51",
        b"FORM",
        b"caff",
        b"MThd",
        b"FLV\x01",
        b".RMF",
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11",
        b"\0\0\x01\xBA",
        b"\0\0\x01\xB3",
        b"DSD ",
        b"wvpk",
        b"MAC ",
        b"\0\0\x01\0",
    ];
    let is_transport_stream = front.first() == Some(&0x47) && front.get(188) == Some(&0x47);
    // AAC in ADTS frames: the layer bits that MPEG audio leaves free.
    let is_adts = front.first() == Some(&0xFF) && front.get(1).is_some_and(|b| b & 0xF6 == 0xF0);
    (starts(media) || is_transport_stream || is_adts).then_some(Refusal::OtherMedia)
}
