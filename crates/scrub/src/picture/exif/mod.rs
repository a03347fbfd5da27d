//! EXIF: what it tells, and the one thing in it that the picture needs.
//!
//! Nothing of an EXIF block is ever kept but the orientation, so reading it is for the report only: what does not
//! parse is not told, and costs nothing else. CIPA DC-008-2023, TIFF 6.0.

mod gps;
mod tags;

use std::borrow::Cow;

use self::tags::Tag;
use super::xmp;
use crate::What;
use crate::job::Job;

/// More directories or entries than this are not read.
const MAX_DIRECTORIES: usize = 32;
const MAX_ENTRIES: usize = 2000;

/// Reports each tag of an EXIF block (from its TIFF header on) that tells something, under `place`.
pub(crate) fn report(exif: &[u8], place: &str, job: &mut Job) {
    let Some(block) = Block::open(exif) else {
        job.found(What::Unknown, place.to_owned(), "");
        return;
    };
    let mut others = false;
    let mut position = gps::Position::default();
    for entry in block.entries() {
        let Some(tag) = tags::known(entry.directory, entry.tag) else {
            others |= !tags::is_structure(entry.tag);
            continue;
        };
        report_tag(&entry, tag, place, &mut position, job);
    }
    if let Some(position) = position.text() {
        job.found(What::Place, format!("{place} GPSPosition"), &position);
    }
    if block.thumbnail() {
        job.found(What::Preview, format!("{place} thumbnail"), "");
    }
    if others {
        job.found(What::Device, format!("{place} settings of the camera"), "");
    }
}

fn report_tag(
    entry: &Entry<'_>,
    tag: &Tag,
    place: &str,
    position: &mut gps::Position,
    job: &mut Job,
) {
    match tag.name {
        "GPSLatitudeRef" | "GPSLatitude" | "GPSLongitudeRef" | "GPSLongitude" => {
            position.take(entry);
        }
        "XMP" => xmp::report(entry.value, &format!("{place} XMP"), job),
        name => {
            let value = entry.text();
            // Many programs write the field and leave it empty.
            let is_blank = value.trim_matches([' ', '\0']).is_empty() && entry.is_text();
            if !is_blank {
                job.found(tag.what, format!("{place} {name}"), &value);
            }
        }
    }
}

/// The orientation, 2 to 8, when it is not upright.
pub(crate) fn orientation(exif: &[u8]) -> Option<u8> {
    let block = Block::open(exif)?;
    let mut entries = block.directory(block.first, Directory::Picture);
    let entry = entries.find(|entry| entry.tag == 0x0112)?;
    let value = entry.numbers().next()?;
    u8::try_from(value).ok().filter(|n| (2..=8).contains(n))
}

/// An EXIF block (from its TIFF header on) that holds an orientation and nothing else.
pub(crate) fn only_orientation(orientation: u8) -> [u8; 26] {
    let mut block = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0";
    block[18] = orientation;
    block
}

/// Which directory of the block a tag stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Directory {
    Picture,
    Thumbnail,
    Exif,
    Gps,
    Interoperability,
}

/// A block whose header was read.
struct Block<'a> {
    octets: &'a [u8],
    little: bool,
    first: u32,
}

/// One tag with its value.
struct Entry<'a> {
    directory: Directory,
    tag: u16,
    kind: u16,
    value: &'a [u8],
    little: bool,
}

impl<'a> Block<'a> {
    fn open(exif: &'a [u8]) -> Option<Self> {
        let little = match exif.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let mut block = Self {
            octets: exif,
            little,
            first: 0,
        };
        block.first = block.long(4)?;
        Some(block)
    }

    fn short(&self, at: usize) -> Option<u16> {
        let two = *self.octets.get(at..)?.first_chunk()?;
        Some(short(two, self.little))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = *self.octets.get(at..)?.first_chunk()?;
        Some(long(four, self.little))
    }

    /// Every entry of every directory that can be reached.
    fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut seen = Vec::new();
        let mut next = vec![(self.first, Directory::Picture)];
        while let Some((at, kind)) = next.pop() {
            if at == 0 || seen.contains(&at) || seen.len() >= MAX_DIRECTORIES {
                continue;
            }
            seen.push(at);
            if let Some(following) = self.following(at) {
                next.push((following, Directory::Thumbnail));
            }
            for entry in self.directory(at, kind) {
                let inner = match entry.tag {
                    0x8769 => Some(Directory::Exif),
                    0x8825 => Some(Directory::Gps),
                    0xA005 => Some(Directory::Interoperability),
                    0x014A => Some(Directory::Thumbnail),
                    _ => None,
                };
                if let Some(inner) = inner {
                    next.extend(entry.numbers().take(4).map(|at| (at, inner)));
                } else if entries.len() < MAX_ENTRIES {
                    entries.push(entry);
                }
            }
        }
        entries
    }

    /// The place of the directory behind the one at `at`.
    fn following(&self, at: u32) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        let count = usize::from(self.short(at)?);
        self.long(at.checked_add(2 + count * 12)?)
    }

    /// The entries of the directory at `at`, as far as they lie within the block.
    fn directory(&self, at: u32, directory: Directory) -> impl Iterator<Item = Entry<'a>> {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let count = self.short(at).unwrap_or(0);
        (0..usize::from(count)).filter_map(move |n| self.entry(at + 2 + n * 12, directory))
    }

    fn entry(&self, at: usize, directory: Directory) -> Option<Entry<'a>> {
        let kind = self.short(at + 2)?;
        let size = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let len = usize::try_from(self.long(at + 4)?)
            .ok()?
            .checked_mul(size)?;
        let from = if len <= 4 {
            at + 8
        } else {
            usize::try_from(self.long(at + 8)?).ok()?
        };
        Some(Entry {
            directory,
            tag: self.short(at)?,
            kind,
            value: self.octets.get(from..from.checked_add(len)?)?,
            little: self.little,
        })
    }

    /// Whether a second directory holds a small picture.
    fn thumbnail(&self) -> bool {
        let is_of_picture = |entry: &Entry<'_>| {
            entry.directory == Directory::Thumbnail && matches!(entry.tag, 0x0201 | 0x0111)
        };
        self.entries().iter().any(is_of_picture)
    }
}

impl Entry<'_> {
    /// The values as whole numbers.
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let size = match self.kind {
            1 | 6 | 7 => 1,
            3 | 8 => 2,
            _ => 4,
        };
        self.value
            .chunks_exact(size)
            .filter_map(|octets| match *octets {
                [one] => Some(u32::from(one)),
                [a, b] => Some(u32::from(short([a, b], self.little))),
                [a, b, c, d] => Some(long([a, b, c, d], self.little)),
                _ => None,
            })
    }

    /// The values as fractions.
    fn fractions(&self) -> impl Iterator<Item = (u32, u32)> {
        let (pairs, _) = self.value.as_chunks::<8>();
        pairs.iter().map(|&[a, b, c, d, e, f, g, h]| {
            let little = self.little;
            (long([a, b, c, d], little), long([e, f, g, h], little))
        })
    }

    fn is_text(&self) -> bool {
        matches!(self.kind, 2 | 129) || tags::is_wide(self.tag)
    }

    /// The value as a person reads it; empty when it is a matter of numbers that say nothing by themselves.
    fn text(&self) -> Cow<'_, str> {
        if tags::is_wide(self.tag) {
            let (units, _) = self.value.as_chunks::<2>();
            let units = units.iter().map(|&unit| short(unit, true));
            let text = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}'));
            return text.collect::<String>().into();
        }
        match self.kind {
            2 | 129 => String::from_utf8_lossy(self.value),
            // UserComment and others of their kind begin with the name of their encoding.
            7 if tags::has_encoding(self.tag) => self.encoded_text(),
            1 | 7 => str::from_utf8(self.value).unwrap_or_default().into(),
            3 | 4 => {
                let numbers: Vec<String> = self.numbers().take(8).map(|n| n.to_string()).collect();
                numbers.join(" ").into()
            }
            5 => {
                let decimal = |(n, d): (u32, u32)| {
                    let value = f64::from(n) / f64::from(d.max(1));
                    format!("{value}")
                };
                let numbers: Vec<String> = self.fractions().take(8).map(decimal).collect();
                numbers.join(" ").into()
            }
            _ => "".into(),
        }
    }

    fn encoded_text(&self) -> Cow<'_, str> {
        let Some((encoding, text)) = self.value.split_first_chunk::<8>() else {
            return "".into();
        };
        if encoding.starts_with(b"UNICODE") {
            let (units, _) = text.as_chunks::<2>();
            let units = units.iter().map(|&unit| short(unit, self.little));
            let text = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}'));
            return text.collect::<String>().into();
        }
        String::from_utf8_lossy(text)
    }
}

fn short(octets: [u8; 2], little: bool) -> u16 {
    if little {
        u16::from_le_bytes(octets)
    } else {
        u16::from_be_bytes(octets)
    }
}

fn long(octets: [u8; 4], little: bool) -> u32 {
    if little {
        u32::from_le_bytes(octets)
    } else {
        u32::from_be_bytes(octets)
    }
}
