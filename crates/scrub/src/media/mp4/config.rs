//! The boxes in a sample entry: what a decoder has to know, in fields that are known one by one.

use super::boxes::{Atom, Fields, boxed};
use super::entries::{Parts, inner};
use super::esds;
use super::packets::obu;
use super::track::Reading;
use crate::Refusal;
use crate::media::nal::{self, Codec};
use crate::picture::icc;
use crate::report::Remark;

/// The boxes that are written, in this order.
pub(super) const ORDER: [&[u8; 4]; 27] = [
    b"avcC", b"hvcC", b"av1C", b"vpcC", b"d263", b"esds", b"dac3", b"dec3", b"alac", b"dOps",
    b"dfLa", b"damr", b"pcmC", b"chan", b"chnl", b"fiel", b"gama", b"colr", b"pasp", b"clap",
    b"mdcv", b"clli", b"SmDm", b"CoLL", b"amve", b"st3d", b"sv3d",
];

/// Reads the boxes of a sample entry behind `skip` octets of fields.
pub(super) fn parts(
    atom: &Atom,
    skip: u64,
    reading: &mut Reading<'_, '_>,
) -> Result<Parts, Refusal> {
    let mut parts = Parts::default();
    let mut left = inner(atom, skip, reading)?;
    left.reverse();
    while let Some(child) = left.pop() {
        if &child.name == b"wave" {
            // What stands in it counts as if it stood beside it; it has no `wave` in itself.
            let mut within = inner(&child, 0, reading)?;
            within.retain(|child| &child.name != b"wave");
            within.reverse();
            left.extend(within);
            continue;
        }
        part(&child, &mut parts, reading)?;
    }
    Ok(parts)
}

fn part(atom: &Atom, parts: &mut Parts, reading: &mut Reading<'_, '_>) -> Result<(), Refusal> {
    let body = atom.front(reading.file, 1 << 20)?;
    let body = body.as_slice();
    let written = match &atom.name {
        b"sinf" => return Err(Refusal::Encrypted),
        b"avcC" | b"hvcC" => record(atom, body, parts)?,
        b"av1C" => Some(av1(body)?),
        b"esds" => {
            let described = esds::clean(body)?;
            parts.object = Some(described.object);
            Some(described.written)
        }
        b"enda" => {
            parts.is_little_endian = body.get(..2) == Some(&[0, 1]);
            reading.rewrites(atom);
            return Ok(());
        }
        b"colr" => colour(atom, body, reading),
        b"alac" | b"dOps" | b"dfLa" | b"dac3" | b"dec3" | b"damr" | b"pcmC" | b"chan" | b"chnl" => {
            sound_part(&atom.name, body)?
        }
        b"frma" | b"mp4a" | b"\0\0\0\0" => {
            reading.rewrites(atom);
            return Ok(());
        }
        b"dvcC" | b"dvvC" | b"dvwC" | b"lhvC" => {
            reading.job.remark(Remark::ExtraLayersLost);
            None
        }
        name => picture_part(name, body),
    };
    match written {
        Some(written) => {
            parts.add(&atom.name, &written);
            if &atom.name != b"colr" {
                reading.rewrites(atom);
            }
        }
        None => super::lost::config(reading.file, atom, reading.job)?,
    }
    Ok(())
}

fn record(atom: &Atom, body: &[u8], parts: &mut Parts) -> Result<Option<Vec<u8>>, Refusal> {
    let (codec, lengths) = match &atom.name {
        b"avcC" => (Codec::Avc, body.get(4)),
        _ => (Codec::Hevc, body.get(21)),
    };
    let lengths = lengths.ok_or(Refusal::Damaged)?;
    parts.lengths = Some(usize::from(lengths & 3) + 1);
    nal::clean_record(codec, body)
        .ok_or(Refusal::Damaged)
        .map(Some)
}

/// `AV1CodecConfigurationRecord`: four octets and the sequence header.
fn av1(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let (front, units) = body.split_first_chunk::<4>().ok_or(Refusal::Damaged)?;
    let mut written = front.to_vec();
    for range in obu::kept(units, true).ok_or(Refusal::Damaged)? {
        written.extend_from_slice(units.get(range).unwrap_or_default());
    }
    Ok(written)
}

fn colour(atom: &Atom, body: &[u8], reading: &mut Reading<'_, '_>) -> Option<Vec<u8>> {
    let (kind, rest) = body.split_first_chunk::<4>()?;
    match kind {
        b"nclx" => {
            reading.rewrites(atom);
            let (codes, rest) = rest.split_first_chunk::<6>()?;
            let range = rest.first().copied().unwrap_or(0) & 0x80;
            Some([kind, &codes[..], &[range]].concat())
        }
        b"nclc" => {
            reading.rewrites(atom);
            Some([kind, &rest.first_chunk::<6>()?[..]].concat())
        }
        b"prof" | b"rICC" => {
            let profile = icc::canonical(rest, "moov/trak colr", reading.job)?;
            reading
                .rewritten
                .push(atom.start..atom.body.start.saturating_add(4));
            Some([&b"prof"[..], &profile].concat())
        }
        _ => None,
    }
}

/// Boxes of pictures that have one size.
fn picture_part(name: &[u8; 4], body: &[u8]) -> Option<Vec<u8>> {
    let exact = |len: usize| body.get(..len).map(<[u8]>::to_vec);
    let full = |len: usize| body.get(4..4 + len).map(|rest| [&[0; 4], rest].concat());
    match name {
        b"pasp" | b"amve" => exact(8),
        b"clap" => exact(32),
        b"fiel" => exact(2),
        b"gama" | b"clli" => exact(4),
        b"mdcv" => exact(24),
        b"SmDm" => full(24),
        b"CoLL" => full(4),
        b"st3d" => full(1),
        b"sv3d" => spherical(body),
        // Vendor and decoder version are empty; level and profile stay.
        b"d263" => body.get(5..7).map(|rest| [&[0; 5], rest].concat()),
        b"vpcC" => {
            let rest = body.get(4..10)?;
            Some([&[1, 0, 0, 0], rest, &[0, 0]].concat())
        }
        _ => None,
    }
}

/// How a picture of all sides is wrapped (Spherical Video V2): the name of the program is left out.
fn spherical(body: &[u8]) -> Option<Vec<u8>> {
    let proj = child(body, b"proj")?;
    let pose = child(proj, b"prhd")?.get(4..16)?;
    let pose = boxed(b"prhd", &[&[0; 4], pose]);
    let wrapping = if let Some(equi) = child(proj, b"equi") {
        boxed(b"equi", &[&[0; 4], equi.get(4..20)?])
    } else {
        boxed(b"cbmp", &[&[0; 4], child(proj, b"cbmp")?.get(4..12)?])
    };
    let head = boxed(b"svhd", &[&[0; 5]]);
    Some([head, boxed(b"proj", &[&pose, &wrapping])].concat())
}

/// The body of a box among boxes in memory.
fn child<'a>(octets: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut fields = Fields(octets);
    loop {
        let len = usize::try_from(fields.u32().ok()?).ok()?;
        let found: [u8; 4] = fields.array().ok()?;
        let body = fields.take(len.checked_sub(8)?).ok()?;
        if &found == name {
            return Some(body);
        }
    }
}

fn sound_part(name: &[u8; 4], body: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let mut fields = Fields(body);
    let written = match name {
        b"dac3" => fields.take(3)?.to_vec(),
        b"dec3" => enhanced_ac3(body)?,
        b"alac" => {
            // Within `wave` it may be wrapped once more; the numbers are the last 24 octets.
            let rest = body.get(4..28).ok_or(Refusal::Damaged)?;
            [&[0; 4], rest].concat()
        }
        b"dOps" => {
            let front = fields.take(11)?;
            let mut written = vec![0];
            written.extend_from_slice(front.get(1..).unwrap_or_default());
            if front.last().is_some_and(|&family| family != 0) {
                let channels = front.get(1).copied().unwrap_or(0);
                written.extend_from_slice(fields.take(2 + usize::from(channels))?);
            }
            written
        }
        b"dfLa" => {
            fields.full()?;
            let head: [u8; 4] = fields.array()?;
            if head[0] & 0x7F != 0 || head[1..] != [0, 0, 34] {
                return Err(Refusal::Damaged);
            }
            [&[0, 0, 0, 0, 0x80, 0, 0, 34], fields.take(34)?].concat()
        }
        b"damr" => {
            fields.take(5)?;
            [&[0; 5], fields.take(4)?].concat()
        }
        b"pcmC" => {
            fields.full()?;
            let [flags, bits] = fields.array()?;
            vec![0, 0, 0, 0, flags & 1, bits]
        }
        b"chan" => {
            fields.full()?;
            let numbers = fields.take(12)?;
            let count = numbers.last().copied().unwrap_or(0);
            let described = fields.take(20 * usize::from(count))?;
            [&[0; 4], numbers, described].concat()
        }
        _ => channel_layout(body)?,
    };
    Ok(Some(written))
}

/// `EC3SpecificBox` (ETSI TS 102 366, F.6).
fn enhanced_ac3(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(body);
    let [_, second]: [u8; 2] = fields.array()?;
    for _ in 0..=second & 7 {
        let [_, _, third]: [u8; 3] = fields.array()?;
        if third >> 1 & 15 != 0 {
            fields.u8()?;
        }
    }
    // Which kind of objects, and how many.
    let objects = fields.take(2).unwrap_or_default().len();
    let len = body.len() - fields.0.len();
    debug_assert!(objects == 0 || objects == 2, "all or nothing");
    Ok(body.get(..len).unwrap_or_default().to_vec())
}

/// `chnl` of version 0 (ISO/IEC 14496-12, 12.2.4).
fn channel_layout(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(body);
    let (version, _) = fields.full()?;
    let structure = fields.u8()?;
    if version != 0 || structure & !3 != 0 {
        return Err(Refusal::Unsupported("a channel layout"));
    }
    if structure & 1 != 0 {
        // A layout that is not defined lists its channels, and how many they are stands elsewhere.
        if fields.u8()? == 0 {
            return Err(Refusal::Unsupported("a channel layout of its own"));
        }
        fields.u64()?;
    }
    if structure & 2 != 0 {
        fields.u8()?;
    }
    let len = body.len() - fields.0.len();
    let rest = body.get(4..len).unwrap_or_default();
    Ok([&[0; 4], rest].concat())
}
