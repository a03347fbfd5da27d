//! Clean MP4, `QuickTime`, 3GP and M4A files: `ftyp`, `moov`, `mdat`, each field of each box, and each octet of the
//! samples in exactly one of them.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::similar_names,
    reason = "boxes have the names of the specification, written as octets"
)]

mod codec;
mod entry;
mod fields;
mod samples;
mod tables;

use self::fields::{Left, version};
use self::tables::Table;
use super::{Fault, Views, nal};
use crate::source::Source;

/// Octets of a movie box.
const LONGEST_MOOV: usize = 64 << 20;

/// What the first box may be.
const BRANDS: [&[u8]; 4] = [
    b"isom\0\0\x02\0isomiso2mp41mp42",
    b"qt  \0\0\x02\0qt  ",
    b"3gp6\0\0\x01\0isom3gp43gp53gp6",
    b"M4A \0\0\x02\0M4A isomiso2",
];

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let (name, ftyp) = top(file, 0)?;
    let brands = file.read(ftyp.clone(), 64)?;
    if &name != b"ftyp" || !BRANDS.contains(&brands.as_slice()) {
        return Err(Fault("another kind of MP4"));
    }
    let is_mov = brands.starts_with(b"qt");
    let (name, moov) = top(file, ftyp.end)?;
    if &name != b"moov" {
        return Err(Fault("no movie box behind the brands"));
    }
    let (name, mdat) = top(file, moov.end)?;
    if &name != b"mdat" || mdat.end != file.len() {
        return Err(Fault("something other than samples behind the movie box"));
    }
    let moov = file.read(moov, LONGEST_MOOV)?;
    let tables = movie(Left(&moov), is_mov)?;
    samples::verify(file, &tables, mdat)
}

/// Name and body of a box beside the movie.
fn top(file: &Source<'_>, at: u64) -> Result<([u8; 4], std::ops::Range<u64>), Fault> {
    let [a, b, c, d, name @ ..] = file.array::<8>(at)?;
    let (len, head) = match u32::from_be_bytes([a, b, c, d]) {
        1 => {
            let len = u64::from_be_bytes(file.array(at + 8)?);
            if len - len.min(8) <= u64::from(u32::MAX) - 8 {
                return Err(Fault("a short length in a wide field"));
            }
            (len, 16)
        }
        len => (u64::from(len), 8),
    };
    let end = at.checked_add(len).filter(|&end| end <= file.len());
    let end = end
        .filter(|&end| end >= at + head)
        .ok_or(Fault("a box of a wrong length"))?;
    Ok((name, at + head..end))
}

fn movie(mut moov: Left<'_>, is_mov: bool) -> Result<Vec<Table<'_>>, Fault> {
    let mut mvhd = moov.open(b"mvhd")?;
    let width = version(&mut mvhd, 1)?;
    mvhd.zeros(2 * width)?;
    if mvhd.u32()? == 0 {
        return Err(Fault("a movie without a timescale"));
    }
    let duration = mvhd.number(width)?;
    narrow(width, duration)?;
    mvhd.exactly(&[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
    mvhd.take(36)?;
    mvhd.zeros(24)?;
    let next = mvhd.u32()?;
    mvhd.end()?;
    let (mut tables, mut longest) = (Vec::new(), 0);
    while !moov.0.is_empty() {
        let id = u32::try_from(tables.len() + 1).map_err(|_| Fault("too many tracks"))?;
        let mut trak = moov.open(b"trak")?;
        longest = longest.max(track_header(&mut trak, id)?);
        if let Some(mut edts) = trak.open_if(b"edts")? {
            edit_list(edts.open(b"elst")?)?;
            edts.end()?;
        }
        let mdia = trak.open(b"mdia")?;
        trak.end()?;
        tables.push(media(mdia, is_mov)?);
    }
    if tables.is_empty() || usize::try_from(next) != Ok(tables.len() + 1) || longest != duration {
        return Err(Fault("tracks that the movie header does not tell of"));
    }
    Ok(tables)
}

/// A field of eight octets is for what does not fit in four.
fn narrow(width: usize, duration: u64) -> Result<(), Fault> {
    if width == 8 && u32::try_from(duration).is_ok() {
        return Err(Fault("a short duration in a wide field"));
    }
    Ok(())
}

fn track_header(trak: &mut Left<'_>, id: u32) -> Result<u64, Fault> {
    let mut tkhd = trak.open(b"tkhd")?;
    let width = match tkhd.number(1)? {
        0 => 4,
        1 => 8,
        _ => return Err(Fault("a track header of another version")),
    };
    if !matches!(tkhd.number(3)?, 2 | 3) {
        return Err(Fault("flags of a track"));
    }
    tkhd.zeros(2 * width)?;
    tkhd.exactly(&id.to_be_bytes())?;
    tkhd.zeros(4)?;
    let duration = tkhd.number(width)?;
    narrow(width, duration)?;
    tkhd.zeros(10)?;
    // The group of tracks to choose from, and the volume.
    tkhd.take(4)?;
    tkhd.zeros(2)?;
    // Matrix, width and height.
    tkhd.take(36 + 8)?;
    tkhd.end()?;
    Ok(duration)
}

fn edit_list(mut elst: Left<'_>) -> Result<(), Fault> {
    let width = version(&mut elst, 1)?;
    let count = elst.u32()?;
    let mut needs_width = false;
    for _ in 0..count {
        let (duration, time) = (elst.number(width)?, elst.number(width)?);
        needs_width |= duration > u64::from(u32::MAX) || i32::try_from(time.cast_signed()).is_err();
        elst.take(4)?;
    }
    if count == 0 || (width == 8 && !needs_width) {
        return Err(Fault("an edit list that is not in its shortest form"));
    }
    elst.end()
}

fn media(mut mdia: Left<'_>, is_mov: bool) -> Result<Table<'_>, Fault> {
    let mut mdhd = mdia.open(b"mdhd")?;
    let width = version(&mut mdhd, 1)?;
    mdhd.zeros(2 * width)?;
    if mdhd.u32()? == 0 {
        return Err(Fault("a track without a timescale"));
    }
    narrow(width, mdhd.number(width)?)?;
    mdhd.exactly(&[0x55, 0xC4, 0, 0])?;
    mdhd.end()?;
    let mut hdlr = mdia.open(b"hdlr")?;
    hdlr.zeros(4)?;
    hdlr.exactly(if is_mov { b"mhlr" } else { &[0; 4] })?;
    let is_picture = match hdlr.take(4)? {
        b"vide" => true,
        b"soun" => false,
        _ => return Err(Fault("a track of another kind")),
    };
    hdlr.zeros(12)?;
    // A name of no letters: its length, or its end.
    hdlr.zeros(1)?;
    hdlr.end()?;
    let mut minf = mdia.open(b"minf")?;
    mdia.end()?;
    let mut head = minf.open(if is_picture { b"vmhd" } else { b"smhd" })?;
    head.exactly(&[0, 0, 0, u8::from(is_picture)])?;
    head.zeros(if is_picture { 8 } else { 4 })?;
    head.end()?;
    if is_mov {
        let mut hdlr = minf.open(b"hdlr")?;
        hdlr.exactly(b"\0\0\0\0dhlrurl \0\0\0\0\0\0\0\0\0\0\0\0\0")?;
        hdlr.end()?;
    }
    let mut dinf = minf.open(b"dinf")?;
    dinf.exactly(b"\0\0\0\x1Cdref\0\0\0\0\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01")?;
    dinf.end()?;
    let stbl = minf.open(b"stbl")?;
    minf.end()?;
    tables::read(stbl, is_picture)
}

#[cfg(test)]
mod tests;
