//! MP4, `QuickTime`, 3GP and M4A: one family of boxes (ISO/IEC 14496-12, 14496-14, 14496-15; Apple's `QuickTime` File
//! Format). The movie box is written anew with what playing pictures and sound needs; then come the samples, in the order
//! in which they stood, and nothing else.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::similar_names,
    reason = "boxes have the names of the specification, written as octets"
)]

mod boxes;
mod config;
mod cut;
mod entries;
mod esds;
mod fragments;
mod lost;
mod packets;
mod references;
mod startcodes;
mod tables;
mod track;
mod write;

use self::boxes::{Atom, Fields, atoms, find};
use self::entries::Filter;
use self::packets::Packets;
use self::tables::Sizes;
use self::track::{Found, Handler, Reading, Track};
use self::write::Movie;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::Remark;
use crate::source::Source;
use crate::{Kind, Refusal, kind};

/// Tracks of one file.
const MOST_TRACKS: usize = 64;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let kind = kind::recognise(file).unwrap_or(Kind::Mp4);
    let (top, end) = atoms(file, 0..file.len())?;
    let moov = find(&top, b"moov").ok_or(Refusal::Damaged)?;
    lost::beside(file, &top, end, job)?;
    let mut reading = Reading {
        file,
        job,
        rewritten: Vec::new(),
        is_quicktime: kind == Kind::Mov,
    };
    if let Some(ftyp) = find(&top, b"ftyp") {
        reading.rewrites(ftyp);
    }
    reading.heads(&top);
    let mut movie = read(moov, kind, &mut reading)?;
    if let Some(mvex) = fragments::are_in(file, &top, moov)? {
        let read = fragments::add(file, &top, &mvex, &mut movie.tracks)?;
        reading.rewritten.extend(read);
        let pieces = cut::shorten(&mut movie.tracks, file.len())?;
        if !pieces.is_empty() {
            reading.job.remark(Remark::CutShort);
        }
        reading.rewritten.extend(pieces);
    }
    movie.tracks.retain(|track| track.samples > 0);
    if movie.tracks.is_empty() {
        return Err(Refusal::Unsupported("no picture and no sound"));
    }
    for track in &mut movie.tracks {
        track.settle(movie.timescale);
        track.forget_unused_entries()?;
    }
    let rewritten = reading.rewritten;
    let media = media(file, &top, &mut movie.tracks, job)?;
    let mut plan = write::plan(&movie, media);
    for range in rewritten {
        plan.rewritten(range);
    }
    Ok(plan)
}

/// Reads the movie box.
fn read(moov: &Atom, kind: Kind, reading: &mut Reading<'_, '_>) -> Result<Movie, Refusal> {
    let file = reading.file;
    let inner = moov.children(file, 0)?;
    if find(&inner, b"cmov").is_some() {
        return Err(Refusal::Unsupported("a compressed movie box"));
    }
    reading.heads(&inner);
    let header = find(&inner, b"mvhd").ok_or(Refusal::Damaged)?;
    let (timescale, matrix) = movie_header(&header.front(file, 128)?, reading.job)?;
    let traks = || inner.iter().filter(|atom| &atom.name == b"trak");
    if traks().count() > MOST_TRACKS {
        return Err(Refusal::Damaged);
    }
    let mut chapters = Vec::new();
    for trak in traks() {
        chapters.extend(references::chapters(file, trak)?);
    }
    let mut tracks: Vec<Track> = Vec::new();
    let mut lacks_sound = false;
    for trak in traks() {
        match track::read(trak, &chapters, reading)? {
            Found::Track(track) => tracks.push(*track),
            Found::UnknownSound => lacks_sound = true,
            Found::Other => {}
        }
    }
    // A phone adds sound of a new kind beside one that everything plays.
    if lacks_sound && tracks.iter().all(|track| track.handler != Handler::Sound) {
        return Err(Refusal::Unsupported("a codec of sound"));
    }
    for atom in &inner {
        if !matches!(&atom.name, b"mvhd" | b"trak" | b"mvex" | b"iods") {
            lost::tree(file, atom, "moov", 6, reading.job)?;
        }
    }
    Ok(Movie {
        kind,
        timescale,
        matrix,
        tracks,
    })
}

fn movie_header(body: &[u8], job: &mut Job) -> Result<(u32, [u8; 36]), Refusal> {
    let mut fields = Fields(body);
    let (version, _) = fields.full()?;
    let times = [fields.wide(version)?, fields.wide(version)?];
    lost::times(job, "moov/mvhd", times);
    let timescale = fields.u32()?;
    fields.wide(version)?;
    // Rate and volume; and what QuickTime keeps of the last viewing follows the matrix.
    fields.take(16)?;
    let matrix = fields.array()?;
    if timescale == 0 {
        return Err(Refusal::Damaged);
    }
    Ok((timescale, matrix))
}

/// Gathers the samples, chunk by chunk in the order of the file, and notes in the tracks where they are now.
fn media<'a>(
    file: &'a Source<'a>,
    top: &[Atom],
    tracks: &mut [Track],
    job: &mut Job,
) -> Result<Plan, Refusal> {
    let mut order = Vec::new();
    let mut total = 0_u64;
    for (number, track) in tracks.iter_mut().enumerate() {
        let filtered = track
            .entries
            .iter()
            .any(|entry| entry.filter != Filter::None);
        if filtered {
            let sizes = std::mem::replace(&mut track.sizes, Sizes::All(0));
            track.sizes = sizes.spread(track.samples)?;
        }
        for (place, chunk) in track.chunks.iter().enumerate() {
            let len = track.sizes.sum(chunk.first, chunk.count)?;
            holds(top, chunk.at, len)?;
            total = total.saturating_add(len);
            order.push((chunk.at, number, place));
        }
    }
    // Samples that two chunks share would be written twice; more than the file has is no honest file.
    if total > file.len() {
        return Err(Refusal::Damaged);
    }
    order.sort_unstable();
    let mut packets = Packets::new(file, job);
    for (_, number, place) in order {
        let track = tracks.get_mut(number).ok_or(Refusal::Damaged)?;
        let chunk = track.chunks.get_mut(place).ok_or(Refusal::Damaged)?;
        let old = *chunk;
        chunk.at = packets.media.len();
        let entry = track
            .entries
            .get(old.entry as usize)
            .ok_or(Refusal::Damaged)?;
        packets.chunk(old, entry.filter, &mut track.sizes)?;
    }
    let media = packets.media;
    for track in tracks {
        let sizes = std::mem::replace(&mut track.sizes, Sizes::All(0));
        track.sizes = sizes.settle();
    }
    Ok(media)
}

/// Whether samples stand where samples may be.
fn holds(top: &[Atom], at: u64, len: u64) -> Result<(), Refusal> {
    let end = at.checked_add(len).ok_or(Refusal::Damaged)?;
    let behind = top.partition_point(|atom| atom.start <= at);
    let atom = behind.checked_sub(1).and_then(|place| top.get(place));
    let is_held = atom
        .is_some_and(|atom| &atom.name == b"mdat" && atom.body.start <= at && end <= atom.body.end);
    if is_held {
        Ok(())
    } else {
        Err(Refusal::Damaged)
    }
}
