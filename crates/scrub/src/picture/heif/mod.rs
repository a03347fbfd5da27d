//! HEIF: HEIC, AVIF and their relatives (ISO/IEC 23008-12; AV1 Image File Format).
//!
//! A file holds *items*: the picture, the tiles it is put together from, thumbnails, depth and brightness layers, EXIF
//! and XMP. The clean file holds the primary item, what it is made of, and its alpha plane, in tables that are written
//! new; pixels are copied. How the picture is turned stands in `irot` and `imir`, which stay: readers heed these and
//! not EXIF.

mod boxes;
mod data;
mod items;
mod lost;
mod meta;
mod obu;
mod properties;
mod write;

use self::boxes::boxes;
use self::data::Data;
use self::items::{Kept, Making};
use self::meta::Meta;
use self::properties::Properties;
use self::write::{Body, Payloads, Ready};
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, kind};

/// Octets of a grid or overlay that are read.
const MAX_RECIPE: u64 = 1 << 20;

/// Plans the clean file.
pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let kind = kind::recognise(file)?;
    let (top, end) = boxes(file, 0..file.len())?;
    let meta = top.iter().find(|b| &b.name == b"meta");
    let meta_box = meta.ok_or(Refusal::Unsupported(
        "a sequence of pictures without a still",
    ))?;
    refuse_sequence(file, &top)?;
    let meta = meta::read(file, meta_box)?;
    let kept = items::select(file, &meta)?;
    lost::report(file, &meta, &kept, job)?;
    lost::report_boxes(file, &top, end, &meta, job)?;
    let mut payloads = Payloads::default();
    let mut items = Vec::new();
    for item in kept {
        items.push(ready(file, &meta, item, &mut payloads, job)?);
    }
    let mut plan = write::plan(kind, &items, &payloads)?;
    for range in lost::understood(&top, &meta, &items) {
        plan.rewritten(range);
    }
    Ok(plan)
}

/// Of a sequence, the still is only the first picture: the others are content, too.
fn refuse_sequence(file: &Source<'_>, top: &[boxes::BoxAt]) -> Result<(), Refusal> {
    let mut level: Vec<_> = top.iter().filter(|b| &b.name == b"moov").cloned().collect();
    for name in [b"trak", b"mdia", b"minf", b"stbl", b"stsz"] {
        let mut inner = Vec::new();
        for outer in level {
            inner.extend(boxes(file, outer.body)?.0);
        }
        inner.retain(|b| &b.name == name || (name == b"stsz" && &b.name == b"stz2"));
        level = inner;
    }
    for sizes in level {
        let body = file.part(sizes.body)?;
        if u32::from_be_bytes(body.array(8)?) > 1 {
            return Err(Refusal::Unsupported("an image sequence"));
        }
    }
    Ok(())
}

/// Gathers what is written for an item.
fn ready(
    file: &Source<'_>,
    meta: &Meta,
    item: Kept,
    payloads: &mut Payloads,
    job: &mut Job,
) -> Result<Ready, Refusal> {
    let of_item = meta.properties_of(item.old);
    let properties = Properties::read(file, item.making, of_item, job)?;
    let place = meta.places.get(&item.old);
    let body = match (item.making, place) {
        (Making::Identity, _) => Body::None,
        (_, None) => return Err(Refusal::Damaged),
        (Making::Hevc | Making::Av1, Some(place)) => {
            let data = Data::find(file, meta, place)?;
            let how = (item.making, properties.nal_length);
            Body::Payload(payloads.add(file, data, how, job)?)
        }
        (making, Some(place)) => {
            let data = Data::find(file, meta, place)?;
            let octets = data.read(file, MAX_RECIPE)?;
            Body::Recipe(write::recipe(making, &octets, item.inputs.len())?)
        }
    };
    Ok(Ready {
        item,
        properties,
        body,
    })
}
