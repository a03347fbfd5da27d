//! Walks a ZIP archive from its front to its end and accounts for every octet of it.
//!
//! APPNOTE 4.3: local headers with their data, the central directory, its end. Nothing else is accepted, and every
//! field has the one value that it may have.

use std::ops::Range;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use zeroize::Zeroizing;

use super::Fault;
use crate::source::Source;

/// A member may be unpacked up to this length in octets.
const LARGEST: u64 = 256 << 20;
/// Deflated data is at most so many times as long when it is inflated.
const MOST: u64 = 1032;

/// A member of the archive.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) is_stored: bool,
    pub(super) data: Range<u64>,
    size: u64,
    crc: u32,
}

/// The members in their order.
pub(super) fn walk(file: &Source<'_>) -> Result<Vec<Member>, Fault> {
    let mut members = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    let mut at = 0;
    while file.array::<4>(at)? == *b"PK\x03\x04" {
        let start = u32::try_from(at).map_err(|_| Fault("an archive of four gigabytes"))?;
        let head = file.array::<26>(at + 4)?;
        let member = local(&head, at + 30, file)?;
        at = member.data.end;
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&head);
        directory.extend_from_slice(&[0; 6]);
        let folder = if member.name.ends_with('/') { 0x10 } else { 0 };
        directory.extend_from_slice(&[folder, 0, 0, 0]);
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(member.name.as_bytes());
        members.push(member);
    }
    let count = u16::try_from(members.len()).map_err(|_| Fault("too many members"))?;
    let len = u32::try_from(directory.len()).map_err(|_| Fault("too long a directory"))?;
    let start = u32::try_from(at).map_err(|_| Fault("an archive of four gigabytes"))?;
    directory.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&count.to_le_bytes());
    directory.extend_from_slice(&len.to_le_bytes());
    directory.extend_from_slice(&start.to_le_bytes());
    directory.extend_from_slice(&[0, 0]);
    let rest = file.read(at..file.len(), directory.len())?;
    if *rest != directory {
        return Err(Fault(
            "a directory that says something else than the members",
        ));
    }
    Ok(members)
}

fn number<const N: usize>(head: &[u8], at: usize) -> Result<u64, Fault> {
    let field = head.get(at..at + N).ok_or(Fault("a header"))?;
    Ok(field
        .iter()
        .rev()
        .fold(0, |number, &b| number << 8 | u64::from(b)))
}

fn local(head: &[u8; 26], name_at: u64, file: &Source<'_>) -> Result<Member, Fault> {
    let (version, flags, method) = (
        number::<2>(head, 0)?,
        number::<2>(head, 2)?,
        number::<2>(head, 4)?,
    );
    if version != 20 || !matches!(method, 0 | 8) {
        return Err(Fault("a version or method"));
    }
    if (number::<2>(head, 6)?, number::<2>(head, 8)?) != (0, 0x21) {
        return Err(Fault("a time"));
    }
    let (packed, size) = (number::<4>(head, 14)?, number::<4>(head, 18)?);
    let name_len = number::<2>(head, 22)?;
    if number::<2>(head, 24)? != 0 {
        return Err(Fault("an extra field"));
    }
    let name = file.read(name_at..name_at + name_len, 1 << 16)?;
    let name = str::from_utf8(&name).map_err(|_| Fault("a name"))?;
    if flags != if name.is_ascii() { 0 } else { 1 << 11 } {
        return Err(Fault("flags"));
    }
    let start = name_at + name_len;
    let data = start..start + packed;
    if data.end > file.len() || (method == 0 && packed != size) || size > LARGEST {
        return Err(Fault("a size"));
    }
    let crc = u32::try_from(number::<4>(head, 10)?).map_err(|_| Fault("a checksum"))?;
    Ok(Member {
        name: name.to_owned(),
        is_stored: method == 0,
        data,
        size,
        crc,
    })
}

impl Member {
    /// What the member holds.
    pub(super) fn open(&self, file: &Source<'_>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let len = usize::try_from(self.data.end - self.data.start).map_err(|_| Fault("a size"))?;
        let packed = file.read(self.data.clone(), len)?;
        let octets = if self.is_stored {
            packed
        } else {
            self.inflate(&packed)?
        };
        if crc32fast::hash(&octets) != self.crc {
            return Err(Fault("a checksum"));
        }
        Ok(octets)
    }

    fn inflate(&self, packed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if self.size > (packed.len() as u64).saturating_mul(MOST) {
            return Err(Fault("a size"));
        }
        let size = usize::try_from(self.size).map_err(|_| Fault("a size"))?;
        let mut octets = Zeroizing::new(vec![0; size]);
        let mut state = Box::<DecompressorOxide>::default();
        let (status, read, written) = decompress(
            &mut state,
            packed,
            &mut octets,
            0,
            TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        );
        if status != TINFLStatus::Done || read != packed.len() || written != size {
            return Err(Fault("compressed data"));
        }
        Ok(octets)
    }
}

/// Verifies a file within the archive by its own kind.
pub(super) fn nested(octets: &[u8], views: &mut super::Views<'_>) -> Result<crate::Kind, Fault> {
    let file = Source::memory(octets);
    let kind = crate::kind::recognise(&file)?;
    super::verify(kind, &file, views)?;
    Ok(kind)
}
