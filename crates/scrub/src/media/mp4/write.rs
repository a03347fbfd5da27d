//! The clean file: `ftyp`, `moov`, and one `mdat`.

use super::boxes::{boxed, put};
use super::tables::{Chunk, Runs, Sizes};
use super::track::{Edit, Handler, Track};
use crate::Kind;
use crate::plan::Plan;

/// Language "und".
const UNDETERMINED: [u8; 4] = [0x55, 0xC4, 0, 0];

/// The movie as it is written.
pub(super) struct Movie {
    pub(super) kind: Kind,
    pub(super) timescale: u32,
    pub(super) matrix: [u8; 36],
    pub(super) tracks: Vec<Track>,
}

/// Puts the movie in front of its samples. The places of chunks count from the first octet of `media`.
pub(super) fn plan(movie: &Movie, media: Plan) -> Plan {
    let ftyp = brands(movie.kind);
    let len = media.len();
    let header = if len + 8 > u64::from(u32::MAX) { 16 } else { 8 };
    let is_near = |at: u64| u32::try_from(at + len).is_ok();
    let mut moov = self::moov(movie, 0, false);
    let mut base = (ftyp.len() + moov.len()) as u64 + header;
    let is_wide = !is_near(base);
    if is_wide {
        base = (ftyp.len() + self::moov(movie, 0, true).len()) as u64 + header;
    }
    moov = self::moov(movie, base, is_wide);
    let mut plan = Plan::new();
    plan.put(&ftyp);
    plan.put(&moov);
    drop(moov);
    if header == 16 {
        plan.put(b"\0\0\0\x01mdat");
        plan.put(&(len + 16).to_be_bytes());
    } else {
        plan.put(&u32::try_from(len + 8).unwrap_or(0).to_be_bytes());
        plan.put(b"mdat");
    }
    plan.append(media);
    plan
}

fn brands(kind: Kind) -> Vec<u8> {
    let brands: &[u8] = match kind {
        Kind::Mov => b"qt  \0\0\x02\0qt  ",
        Kind::ThreeGp => b"3gp6\0\0\x01\0isom3gp43gp53gp6",
        Kind::M4a => b"M4A \0\0\x02\0M4A isomiso2",
        _ => b"isom\0\0\x02\0isomiso2mp41mp42",
    };
    boxed(b"ftyp", &[brands])
}

fn moov(movie: &Movie, base: u64, is_wide: bool) -> Vec<u8> {
    let durations = movie.tracks.iter().map(|track| track.header.duration);
    let duration = durations.max().unwrap_or(0);
    let next = u32::try_from(movie.tracks.len() + 1).unwrap_or(u32::MAX);
    let mut inner = Vec::new();
    let (version, duration) = timed(duration, &[&movie.timescale.to_be_bytes()], &[]);
    put(
        &mut inner,
        b"mvhd",
        &[
            &[version, 0, 0, 0],
            &duration,
            &[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &movie.matrix,
            &[0; 24],
            &next.to_be_bytes(),
        ],
    );
    for (id, track) in (1_u32..).zip(&movie.tracks) {
        let trak = trak(track, id, movie.kind, base, is_wide);
        put(&mut inner, b"trak", &[&trak]);
    }
    boxed(b"moov", &[&inner])
}

/// Two times of zero, fields, and a duration, in 32 bits each or in 64.
fn timed(duration: u64, fields: &[&[u8]], between: &[u8]) -> (u8, Vec<u8>) {
    let fields = fields.concat();
    if let Ok(duration) = u32::try_from(duration) {
        let parts: [&[u8]; 4] = [&[0; 8], &fields, between, &duration.to_be_bytes()];
        (0, parts.concat())
    } else {
        let parts: [&[u8]; 4] = [&[0; 16], &fields, between, &duration.to_be_bytes()];
        (1, parts.concat())
    }
}

fn trak(track: &Track, id: u32, kind: Kind, base: u64, is_wide: bool) -> Vec<u8> {
    let mut written = Vec::new();
    let header = &track.header;
    let (version, timed_header) = timed(header.duration, &[&id.to_be_bytes()], &[0; 4]);
    put(
        &mut written,
        b"tkhd",
        &[
            &[version, 0, 0, 2 | u8::from(header.is_enabled)],
            &timed_header,
            &[0; 10],
            &header.alternate_group.to_be_bytes(),
            &header.volume.to_be_bytes(),
            &[0; 2],
            &header.matrix,
            &header.width.to_be_bytes(),
            &header.height.to_be_bytes(),
        ],
    );
    if !track.edits.is_empty() {
        put(&mut written, b"edts", &[&elst(&track.edits)]);
    }
    let mdia = mdia(track, kind, base, is_wide);
    put(&mut written, b"mdia", &[&mdia]);
    written
}

fn elst(edits: &[Edit]) -> Vec<u8> {
    let is_wide = edits
        .iter()
        .any(|edit| u32::try_from(edit.duration).is_err() || i32::try_from(edit.time).is_err());
    let mut rows = Vec::new();
    for edit in edits {
        if is_wide {
            rows.extend_from_slice(&edit.duration.to_be_bytes());
            rows.extend_from_slice(&edit.time.to_be_bytes());
        } else {
            rows.extend_from_slice(&u32::try_from(edit.duration).unwrap_or(0).to_be_bytes());
            rows.extend_from_slice(&i32::try_from(edit.time).unwrap_or(0).to_be_bytes());
        }
        rows.extend_from_slice(&edit.rate.to_be_bytes());
    }
    boxed(
        b"elst",
        &[&[u8::from(is_wide), 0, 0, 0], &count(edits.len()), &rows],
    )
}

fn count(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes()
}

fn mdia(track: &Track, kind: Kind, base: u64, is_wide: bool) -> Vec<u8> {
    let mut written = Vec::new();
    let (version, header) = timed(track.media_duration, &[&track.timescale.to_be_bytes()], &[]);
    put(
        &mut written,
        b"mdhd",
        &[&[version, 0, 0, 0], &header, &UNDETERMINED],
    );
    let handler = match track.handler {
        Handler::Picture => b"vide",
        Handler::Sound => b"soun",
    };
    let is_mov = kind == Kind::Mov;
    if is_mov {
        put(
            &mut written,
            b"hdlr",
            &[&[0; 4], b"mhlr", handler, &[0; 12], &[0]],
        );
    } else {
        put(&mut written, b"hdlr", &[&[0; 8], handler, &[0; 12], &[0]]);
    }
    let mut minf = match track.handler {
        Handler::Picture => boxed(b"vmhd", &[&[0, 0, 0, 1], &[0; 8]]),
        Handler::Sound => boxed(b"smhd", &[&[0; 8]]),
    };
    if is_mov {
        put(&mut minf, b"hdlr", &[&[0; 4], b"dhlrurl ", &[0; 13]]);
    }
    let url = boxed(b"url ", &[&[0, 0, 0, 1]]);
    let dref = boxed(b"dref", &[&[0, 0, 0, 0, 0, 0, 0, 1], &url]);
    put(&mut minf, b"dinf", &[&dref]);
    let stbl = stbl(track, base, is_wide);
    put(&mut minf, b"stbl", &[&stbl]);
    put(&mut written, b"minf", &[&minf]);
    written
}

fn stbl(track: &Track, base: u64, is_wide: bool) -> Vec<u8> {
    let mut written = Vec::new();
    let entries: Vec<u8> = track
        .entries
        .iter()
        .flat_map(|entry| &entry.written)
        .copied()
        .collect();
    put(
        &mut written,
        b"stsd",
        &[&[0; 4], &count(track.entries.len()), &entries],
    );
    put(&mut written, b"stts", &[&runs(&track.times, 0)]);
    if let Some(offsets) = &track.offsets {
        let is_signed = offsets
            .0
            .iter()
            .any(|&(_, offset)| offset.cast_signed() < 0);
        put(
            &mut written,
            b"ctts",
            &[&runs(offsets, u8::from(is_signed))],
        );
    }
    for (name, sync) in [(b"stss", &track.sync), (b"stps", &track.partial_sync)] {
        if let Some(sync) = sync {
            put(
                &mut written,
                name,
                &[&[0; 4], &count(sync.len()), &numbers(sync)],
            );
        }
    }
    put(&mut written, b"stsc", &[&groups(&track.chunks)]);
    let samples = track.samples.to_be_bytes();
    match &track.sizes {
        Sizes::All(size) => put(
            &mut written,
            b"stsz",
            &[&[0; 4], &size.to_be_bytes(), &samples],
        ),
        Sizes::Each(sizes) => {
            put(&mut written, b"stsz", &[&[0; 8], &samples, &numbers(sizes)]);
        }
    }
    let chunks = count(track.chunks.len());
    let places = track.chunks.iter().map(|chunk| base + chunk.at);
    if is_wide {
        let places: Vec<u8> = places.flat_map(u64::to_be_bytes).collect();
        put(&mut written, b"co64", &[&[0; 4], &chunks, &places]);
    } else {
        let places = places.map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        let places: Vec<u8> = places.flat_map(u32::to_be_bytes).collect();
        put(&mut written, b"stco", &[&[0; 4], &chunks, &places]);
    }
    written
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

fn runs(runs: &Runs, version: u8) -> Vec<u8> {
    let mut written = vec![version, 0, 0, 0];
    written.extend_from_slice(&count(runs.0.len()));
    for (samples, value) in &runs.0 {
        written.extend_from_slice(&samples.to_be_bytes());
        written.extend_from_slice(&value.to_be_bytes());
    }
    written
}

/// `stsc`: a row wherever chunks begin to be of another kind.
fn groups(chunks: &[Chunk]) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut last = None;
    for (number, chunk) in (1_u32..).zip(chunks) {
        let now = (chunk.count, chunk.entry);
        if last != Some(now) {
            rows.extend_from_slice(&number.to_be_bytes());
            rows.extend_from_slice(&chunk.count.to_be_bytes());
            rows.extend_from_slice(&(chunk.entry + 1).to_be_bytes());
            last = Some(now);
        }
    }
    [&[0; 4], &count(rows.len() / 12)[..], &rows].concat()
}
