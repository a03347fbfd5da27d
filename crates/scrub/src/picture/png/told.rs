//! What the chunks tell that are left out.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use zeroize::Zeroizing;

use super::MAX_CHUNK;
use super::chunks::Chunk;
use crate::job::Job;
use crate::picture::{exif, xmp};
use crate::source::Source;
use crate::{Refusal, What};

/// The longest text that is read.
const MAX_TEXT: usize = 1 << 20;

/// Keywords of texts that are known.
const KEYWORDS: [(&str, What); 14] = [
    ("Author", What::Person),
    ("Artist", What::Person),
    ("Copyright", What::Person),
    ("Title", What::Description),
    ("Description", What::Description),
    ("Comment", What::Description),
    ("Disclaimer", What::Description),
    ("Warning", What::Description),
    ("Software", What::Software),
    ("Source", What::Device),
    ("Creation Time", What::Time),
    ("create-date", What::Time),
    ("date:create", What::Time),
    ("date:modify", What::Time),
];

/// Reports a chunk of which nothing is kept; returns the orientation when it holds an EXIF block in the way of
/// older programs.
pub(super) fn report(
    chunk: &Chunk,
    file: &Source<'_>,
    job: &mut Job,
) -> Result<Option<u8>, Refusal> {
    let (what, place) = match &chunk.name {
        b"tEXt" | b"zTXt" | b"iTXt" => {
            let Ok(octets) = chunk.read(file, MAX_CHUNK) else {
                job.found(What::Description, "text", "");
                return Ok(None);
            };
            return Ok(text(&chunk.name, &octets, job));
        }
        // How the picture lies on a page or which bits count: it tells nothing.
        b"bKGD" | b"sBIT" | b"hIST" | b"oFFs" | b"sTER" | b"pHYs" | b"acTL" => return Ok(None),
        b"tIME" => {
            let octets = chunk.read(file, 64).unwrap_or_default();
            let date = match octets.as_slice() {
                [y1, y2, month, day, hour, minute, second] => {
                    let year = u16::from_be_bytes([*y1, *y2]);
                    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
                }
                _ => String::new(),
            };
            job.found(What::Time, "tIME", &date);
            return Ok(None);
        }
        b"caBX" => (What::Provenance, "signed record (C2PA)"),
        b"iDOT" => (What::Software, "iDOT of Apple"),
        b"sPLT" => (What::Description, "suggested palette"),
        b"pCAL" | b"sCAL" => (What::Description, "calibration of what is shown"),
        b"iCCP" => (What::ColourProfile, "second ICC profile"),
        b"dSIG" => (What::Identifier, "signature"),
        _ => (What::Unknown, "private chunk"),
    };
    job.found(what, place, "");
    Ok(None)
}

fn text(kind: &[u8; 4], octets: &[u8], job: &mut Job) -> Option<u8> {
    let end = octets.iter().position(|&octet| octet == 0);
    let (keyword, rest) = octets.split_at_checked(end.unwrap_or(octets.len()))?;
    let value = match kind {
        b"tEXt" => Some(Zeroizing::new(rest.get(1..).unwrap_or_default().to_vec())),
        b"zTXt" => unpacked(octets, MAX_TEXT),
        _ => international(rest),
    }
    .unwrap_or_default();
    if keyword == b"XML:com.adobe.xmp" {
        xmp::report(&value, "XMP", job);
        return None;
    }
    if keyword.starts_with(b"Raw profile type ") {
        return raw_profile(keyword, &value, job);
    }
    let known = KEYWORDS
        .iter()
        .find(|(known, _)| known.as_bytes() == keyword);
    let value = str::from_utf8(&value).map_or_else(
        |_| value.iter().copied().map(char::from).collect(),
        str::to_owned,
    );
    match known {
        Some((name, what)) => job.found(*what, format!("text {name}"), &value),
        None => job.found(What::Description, "text", &value),
    }
    None
}

/// The text of an iTXt, from the end of its keyword on.
fn international(rest: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (&[_, packed, _], rest) = rest.split_first_chunk()?;
    let mut parts = rest.splitn(3, |&octet| octet == 0);
    let (_language, _translated, text) = (parts.next()?, parts.next()?, parts.next()?);
    if packed == 0 {
        return Some(Zeroizing::new(text.to_vec()));
    }
    let text = decompress_to_vec_zlib_with_limit(text, MAX_TEXT).ok()?;
    Some(Zeroizing::new(text))
}

/// What ImageMagick writes: a name, a length, and octets as hexadecimal digits.
fn raw_profile(keyword: &[u8], text: &[u8], job: &mut Job) -> Option<u8> {
    let mut lines = text.splitn(4, |&octet| octet == b'\n');
    let digits = lines.nth(3).unwrap_or_default();
    let nibbles: Vec<u8> = digits
        .iter()
        .filter_map(|&digit| char::from(digit).to_digit(16))
        .filter_map(|nibble| u8::try_from(nibble).ok())
        .collect();
    let octets: Vec<u8> = nibbles
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[high, low]| high << 4 | low)
        .collect();
    match keyword.get(17..) {
        Some(b"exif" | b"APP1") if octets.starts_with(b"Exif\0\0") => {
            let block = octets.get(6..).unwrap_or_default();
            exif::report(block, "EXIF in a text", job);
            return exif::orientation(block);
        }
        Some(b"xmp") => xmp::report(&octets, "XMP in a text", job),
        Some(b"iptc" | b"8bim") => job.found(What::Description, "IPTC in a text", ""),
        _ => job.found(What::Unknown, "profile in a text", ""),
    }
    None
}

/// What a packed content unpacks to that stands behind a name and the octet of its method.
pub(super) fn unpacked(octets: &[u8], most: usize) -> Option<Zeroizing<Vec<u8>>> {
    let end = octets.iter().position(|&octet| octet == 0)?;
    let (0, packed) = octets.get(end + 1..)?.split_first()? else {
        return None;
    };
    let content = decompress_to_vec_zlib_with_limit(packed, most).ok()?;
    Some(Zeroizing::new(content))
}

/// Reports what stands behind the end of the picture.
pub(super) fn tail(tail: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    if tail.len() == 0 {
        return Ok(());
    }
    let end = tail.read(tail.len().saturating_sub(4096)..tail.len(), usize::MAX)?;
    if end.windows(4).any(|name| name == b"IEND") {
        job.found(What::Preview, "rest of an older picture behind the end", "");
    } else {
        job.found(What::Unknown, "octets behind the end", "");
    }
    Ok(())
}
