//! What of a TIFF file is left behind, in words.

use std::ops::Range;

use crate::job::Job;
use crate::picture::tiff::page::is_understood;
use crate::picture::tiff::read::{Dialect, Directory, Field};
use crate::picture::tiff::write::Strips;
use crate::picture::{exif, xmp};
use crate::source::Source;
use crate::{Refusal, Remark, What};

/// Octets of one field that are looked into.
const MAX_VALUE: u64 = 1 << 20;
/// Octets of all fields of a page that are looked into as EXIF.
const MAX_EXIF: usize = 4 << 20;

/// Where the directories of EXIF, of positions and of interoperability stand.
const POINTERS: [u16; 3] = [34665, 34853, 40965];

/// Reports the fields of a directory that do not stay.
pub(super) fn report(
    file: &Source<'_>,
    dialect: Dialect,
    directory: &Directory,
    job: &mut Job,
) -> Result<(), Refusal> {
    let mut block = Vec::new();
    collect(file, dialect, directory, &mut block, 0)?;
    if !block.is_empty() {
        exif::report(&block_of(dialect, &block), "TIFF", job);
    }
    for field in &directory.fields {
        named(file, field, job)?;
    }
    Ok(())
}

/// A field with its value.
struct Loose {
    tag: u16,
    kind: u16,
    count: u64,
    octets: Vec<u8>,
    /// For a pointer: the fields of its directory.
    inner: Vec<Loose>,
}

/// Gathers the fields that EXIF has names for.
fn collect(
    file: &Source<'_>,
    dialect: Dialect,
    directory: &Directory,
    out: &mut Vec<Loose>,
    depth: u8,
) -> Result<(), Refusal> {
    let mut room = MAX_EXIF;
    for field in &directory.fields {
        let len = field.value.end - field.value.start;
        let is_own = (depth == 0 && is_understood(field.tag)) || is_named(field.tag);
        let size = usize::try_from(len).unwrap_or(usize::MAX);
        if is_own || len > MAX_VALUE || size > room || field.kind > 12 && field.kind != 13 {
            continue;
        }
        room -= size;
        let mut loose = Loose {
            tag: field.tag,
            kind: field.kind,
            count: field.count,
            octets: file.read(field.value.clone(), usize::MAX)?.to_vec(),
            inner: Vec::new(),
        };
        if POINTERS.contains(&field.tag) && depth < 2 {
            let at = dialect.number(&loose.octets);
            if let Ok(directory) = dialect.directory(file, at) {
                collect(file, dialect, &directory, &mut loose.inner, depth + 1)?;
            }
            (loose.kind, loose.count) = (4, 1);
        }
        out.push(loose);
    }
    Ok(())
}

/// An EXIF block, from its TIFF header on, with these fields: positions in the file mean nothing in it.
fn block_of(dialect: Dialect, fields: &[Loose]) -> Vec<u8> {
    let number = |n: u64, len: usize| {
        let octets = n.to_be_bytes();
        let mut octets = octets.get(8 - len..).unwrap_or_default().to_vec();
        if dialect.is_little {
            octets.reverse();
        }
        octets
    };
    let mut out = if dialect.is_little { b"II" } else { b"MM" }.to_vec();
    out.extend(number(42, 2));
    out.extend(number(8, 4));
    let mut ahead: Vec<(Option<usize>, &[Loose])> = vec![(None, fields)];
    while let Some((pointer, fields)) = ahead.pop() {
        let here = number(out.len() as u64, 4);
        let slot = pointer.and_then(|at| out.get_mut(at..at + 4));
        if let Some(slot) = slot {
            slot.copy_from_slice(&here);
        }
        let behind = out.len() + 2 + 12 * fields.len() + 4;
        let mut values = Vec::new();
        out.extend(number(fields.len() as u64, 2));
        for field in fields {
            out.extend(number(field.tag.into(), 2));
            out.extend(number(field.kind.into(), 2));
            out.extend(number(field.count, 4));
            if !field.inner.is_empty() {
                ahead.push((Some(out.len()), &field.inner));
                out.extend([0; 4]);
            } else if field.octets.len() <= 4 {
                let mut octets = field.octets.clone();
                octets.resize(4, 0);
                out.extend(octets);
            } else {
                out.extend(number((behind + values.len()) as u64, 4));
                values.extend_from_slice(&field.octets);
            }
        }
        out.extend([0; 4]);
        out.extend(values);
    }
    out
}

/// Fields that are reported here, and not as EXIF.
fn is_named(tag: u16) -> bool {
    matches!(
        tag,
        330 | 700 | 33550 | 33723 | 33922 | 34118 | 34264 | 34377 | 34735
            ..=34737 | 37724 | 42112 | 42113
    )
}

fn named(file: &Source<'_>, field: &Field, job: &mut Job) -> Result<(), Refusal> {
    if is_understood(field.tag) || POINTERS.contains(&field.tag) {
        return Ok(());
    }
    let end = field.value.end.min(field.value.start + MAX_VALUE);
    let octets = || file.read(field.value.start..end, usize::MAX);
    match field.tag {
        330 => job.found(What::Preview, "SubIFDs", ""),
        700 => {
            job.found(What::Unknown, "XMP", "");
            xmp::report(&octets()?, "XMP", job);
        }
        33723 => job.found_octets(What::Description, "IPTC", &octets()?),
        33550 | 33922 | 34264 | 34735 | 34736 => job.found(What::Place, "GeoTIFF", ""),
        34737 => job.found_octets(What::Place, "GeoAsciiParams", &octets()?),
        34377 => job.found(What::History, "Photoshop resources", ""),
        37724 => {
            job.found(What::History, "Photoshop layers", "");
            job.remark(Remark::ExtraLayersLost);
        }
        42112 => job.found_octets(What::Description, "GDAL_METADATA", &octets()?),
        // What EXIF names is reported by its name; of the rest, that it was there.
        tag if tag >= 32768 => job.found(What::Unknown, format!("TIFF tag {tag}"), ""),
        _ => {}
    }
    Ok(())
}

/// Reports that the file has octets that belong to nothing.
pub(super) fn report_rest(
    file: &Source<'_>,
    directories: &[Directory],
    strips: &Strips,
    job: &mut Job,
) -> Result<(), Refusal> {
    let mut used: Vec<Range<u64>> = strips.sources().collect();
    for directory in directories {
        used.extend(directory.frame.iter().cloned());
        used.extend(directory.fields.iter().map(|field| field.value.clone()));
    }
    let end = used.iter().map(|range| range.end).max().unwrap_or(0);
    if end < file.len() {
        let tail = file.read(end..file.len().min(end + 200), usize::MAX)?;
        // Values in directories that fields point to may stand at the end.
        let has_more = directories
            .iter()
            .flat_map(|d| &d.fields)
            .any(|field| !is_understood(field.tag));
        if tail.iter().any(|&b| b != 0) && !has_more {
            job.found_octets(What::Unknown, "after the last strip", &tail);
        }
    }
    Ok(())
}
