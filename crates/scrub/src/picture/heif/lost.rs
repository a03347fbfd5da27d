//! What of a HEIF file is left behind, in words; and what of it was written again.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::job::Job;
use crate::picture::heif::boxes::BoxAt;
use crate::picture::heif::data::Data;
use crate::picture::heif::items::{Kept, auxiliary_type};
use crate::picture::heif::meta::{Item, Meta};
use crate::picture::heif::write::Ready;
use crate::picture::{exif, xmp};
use crate::source::Source;
use crate::{Refusal, Remark, What};

/// Octets of EXIF or XMP that are looked into.
const MAX_TEXT: u64 = 4 << 20;
/// Items that are left behind and named one by one.
const MAX_NAMED: usize = 2000;

/// The user type of the boxes that C2PA records stand in.
const C2PA: [u8; 16] = [
    0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81,
];

/// Reports the items that are left behind, and the names of those that stay.
pub(super) fn report(
    file: &Source<'_>,
    meta: &Meta,
    kept: &[Kept],
    job: &mut Job,
) -> Result<(), Refusal> {
    let kept: BTreeSet<u32> = kept.iter().map(|item| item.old).collect();
    for item in meta.items.iter().take(MAX_NAMED) {
        if !item.name.is_empty() {
            job.found_octets(What::Description, "item name", &item.name);
        }
        if !kept.contains(&item.id) {
            lost_item(file, meta, item, job)?;
        }
    }
    if let Some(name) = &meta.handler_name {
        let name = file.read(name.start..name.end.min(name.start + 200), usize::MAX)?;
        if name.iter().any(|&b| b != 0) {
            job.found_octets(What::Software, "hdlr name", &name);
        }
    }
    for other in &meta.others {
        other_box(file, other, "meta", job)?;
    }
    Ok(())
}

fn lost_item(file: &Source<'_>, meta: &Meta, item: &Item, job: &mut Job) -> Result<(), Refusal> {
    match &item.kind {
        b"Exif" => {
            let data = octets(file, meta, item.id)?;
            // In front stands how many octets to skip before the TIFF header.
            let skip = data.first_chunk().map_or(0, |n| u32::from_be_bytes(*n));
            let skip = usize::try_from(skip).unwrap_or(usize::MAX);
            let block = data.get(4..).and_then(|rest| rest.get(skip..));
            job.found(What::Unknown, "Exif item", "");
            exif::report(block.unwrap_or_default(), "EXIF", job);
        }
        b"mime" if item.content_type.starts_with(b"application/rdf+xml") => {
            job.found(What::Unknown, "XMP item", "");
            xmp::report(&octets(file, meta, item.id)?, "XMP", job);
        }
        b"mime" | b"uri " => {
            job.found_octets(What::Unknown, "item of another kind", &item.content_type);
        }
        _ => lost_picture(file, meta, item, job)?,
    }
    Ok(())
}

/// A picture item that is not part of the primary one.
fn lost_picture(file: &Source<'_>, meta: &Meta, item: &Item, job: &mut Job) -> Result<(), Refusal> {
    let refers = |kind: [u8; 4]| !meta.referred(kind, item.id).is_empty();
    let is_input = !meta.referring(*b"dimg", item.id).is_empty();
    if refers(*b"thmb") {
        job.found(What::Preview, "thumbnail", "");
    } else if refers(*b"auxl") {
        let kind = auxiliary_type(file, meta, item.id)?.unwrap_or_default();
        job.found_octets(What::Unknown, "auxiliary picture", &kind);
        job.remark(Remark::ExtraLayersLost);
    } else if &item.kind == b"tmap" {
        job.found(What::Unknown, "tone map", "");
        job.remark(Remark::ExtraLayersLost);
    } else if !is_input {
        let is_picture = matches!(
            &item.kind,
            b"hvc1" | b"av01" | b"grid" | b"iovl" | b"iden" | b"jpeg" | b"avc1"
        );
        if is_picture {
            job.found(What::Preview, "another picture", "");
            job.remark(Remark::PicturesLost);
        } else {
            job.found(What::Unknown, "item of another kind", "");
        }
    }
    Ok(())
}

fn octets(file: &Source<'_>, meta: &Meta, id: u32) -> Result<Vec<u8>, Refusal> {
    let Some(place) = meta.places.get(&id) else {
        return Ok(Vec::new());
    };
    let data = Data::find(file, meta, place).and_then(|data| data.read(file, MAX_TEXT));
    match data {
        Err(Refusal::Io(e)) => Err(Refusal::Io(e)),
        // What is left behind may be damaged.
        data => Ok(data.unwrap_or_default()),
    }
}

/// Reports what stands beside `meta`.
pub(super) fn report_boxes(
    file: &Source<'_>,
    top: &[BoxAt],
    end: u64,
    meta: &Meta,
    job: &mut Job,
) -> Result<(), Refusal> {
    let mut is_first = [true; 2];
    for (at, other) in top.iter().enumerate() {
        match &other.name {
            b"ftyp" if at == 0 => {}
            b"meta" if std::mem::take(&mut is_first[0]) => {}
            b"mdat" => unused(file, other, meta, job)?,
            b"moov" => {
                job.found(What::Unknown, "moov", "");
                job.remark(Remark::TracksLost);
            }
            _ => other_box(file, other, "file", job)?,
        }
    }
    if end < file.len() {
        let tail = file.read(end..file.len().min(end + 200), usize::MAX)?;
        job.found_octets(What::Unknown, "after the last box", &tail);
    }
    Ok(())
}

/// A box that showing the picture does not need.
fn other_box(
    file: &Source<'_>,
    at: &BoxAt,
    place: &'static str,
    job: &mut Job,
) -> Result<(), Refusal> {
    let body = file.read(
        at.body.start..at.body.end.min(at.body.start + 200),
        usize::MAX,
    )?;
    let is_empty = body.iter().all(|&b| b == 0);
    match &at.name {
        b"uuid" if body.starts_with(&C2PA) => job.found(What::Provenance, "C2PA", ""),
        b"jumb" => job.found(What::Provenance, "JUMBF", ""),
        b"free" | b"skip" if is_empty => {}
        b"grpl" | b"idsc" => {}
        _ => job.found_octets(What::Unknown, format!("{place}: another box"), &body),
    }
    Ok(())
}

/// Reports octets of an `mdat` box that no item has.
fn unused(file: &Source<'_>, mdat: &BoxAt, meta: &Meta, job: &mut Job) -> Result<(), Refusal> {
    let mut used: Vec<Range<u64>> = Vec::new();
    for place in meta.places.values().filter(|place| place.method == 0) {
        match Data::find(file, meta, place) {
            Ok(data) => used.extend_from_slice(data.ranges()),
            Err(Refusal::Io(e)) => return Err(Refusal::Io(e)),
            Err(_) => {}
        }
    }
    used.sort_unstable_by_key(|range| range.start);
    let mut at = mdat.body.start;
    for range in used {
        if range.start > at {
            break;
        }
        at = at.max(range.end);
    }
    if at < mdat.body.end {
        let tail = file.read(at..mdat.body.end.min(at + 200), usize::MAX)?;
        job.found_octets(What::Unknown, "mdat: octets that no item has", &tail);
    }
    Ok(())
}

/// What of the source was written again from its meaning.
pub(super) fn understood(top: &[BoxAt], meta: &Meta, items: &[Ready]) -> Vec<Range<u64>> {
    let mut ranges = meta.understood.clone();
    let headers = top.iter().filter(|b| matches!(&b.name, b"ftyp" | b"mdat"));
    ranges.extend(headers.map(|b| match &b.name {
        b"ftyp" => b.whole.clone(),
        _ => b.whole.start..b.body.start,
    }));
    // Numbers; what a configuration or a profile has besides is not among what its scrubber writes.
    let numbers = |b: &&BoxAt| {
        matches!(
            &b.name,
            b"hvcC"
                | b"av1C"
                | b"colr"
                | b"ispe"
                | b"pixi"
                | b"pasp"
                | b"clli"
                | b"mdcv"
                | b"clap"
                | b"irot"
                | b"imir"
        )
    };
    ranges.extend(
        meta.properties
            .iter()
            .filter(numbers)
            .map(|b| b.whole.clone()),
    );
    // The auxiliary type of an alpha plane stands where another one does in what is left behind.
    let rest = meta.properties.iter().filter(|b| !numbers(b));
    ranges.extend(rest.map(|b| b.whole.start..b.body.start));
    for ready in items {
        let kept = meta.properties_of(ready.item.old);
        let kinds = kept.filter(|(b, _)| &b.name == b"auxC");
        ranges.extend(kinds.map(|(b, _)| b.whole.clone()));
    }
    ranges
}
