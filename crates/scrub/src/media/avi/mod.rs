//! AVI: headers, chunks of picture and sound, and an index; the long form of `OpenDML` where the source has it.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "names of four octets come from the parser as references"
)]
#![allow(clippy::unused_self, reason = "it reads as part of the list")]

mod movi;
mod streams;

use std::ops::Range;

use self::movi::{Index, Segment};
use self::streams::Stream;
use super::wav;
use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Runs of chunks that one file may have: one for each gigabyte.
const MAX_SEGMENTS: usize = 4096;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut window = Window::new(*file);
    let mut plan = Plan::new();
    let mut avi = Avi::default();
    avi.read(&mut window, file, &mut plan, job)?;
    if avi.streams.is_empty() || avi.segments.is_empty() {
        return Err(Refusal::Damaged);
    }
    let main = avi.main.take().ok_or(Refusal::Damaged)?;
    let is_long = avi.segments.len() > 1;
    let keys = movi::keys(&mut window, &avi.indexes, &avi.segments)?;
    // A long film gets indexes in any case: its players need them.
    let is_indexed = is_long || keys.is_known;
    let (headers, places) = avi.headers(&main, is_long, is_indexed)?;
    for index in &avi.indexes {
        plan.rewritten(index.clone());
    }
    let mut indexes = Vec::new();
    let mut gaps = Vec::new();
    for (number, segment) in avi.segments.iter().enumerate() {
        plan.put(b"RIFF");
        let size = plan.gap(4);
        let start = plan.len();
        plan.put(if number == 0 { b"AVI " } else { b"AVIX" });
        if number == 0 {
            gaps = put_headers(&mut plan, &headers, &places, avi.segments.len());
        }
        let mut writer = Segment {
            window: &mut window,
            plan: &mut plan,
            job,
            streams: &avi.streams,
            keys: &keys,
        };
        let index = writer.write(segment.clone(), is_long)?;
        if number == 0 && index.is_empty() {
            return Err(Refusal::Damaged);
        }
        if number == 0 && is_indexed {
            index.put_idx1(&mut plan)?;
        }
        plan.fill(&size, &short(plan.len() - start)?);
        indexes.push(index);
    }
    for (stream, gap) in gaps.iter().enumerate() {
        plan.fill(gap, &Index::all(&indexes, stream));
    }
    Ok(plan)
}

/// Puts the headers, with gaps where the places of indexes come.
fn put_headers(
    plan: &mut Plan,
    headers: &[u8],
    places: &[usize],
    segments: usize,
) -> Vec<crate::plan::Gap> {
    let mut done = 0;
    let mut gaps = Vec::new();
    for &place in places {
        plan.put(headers.get(done..place).unwrap_or_default());
        let room = movi::super_index_len(segments);
        gaps.push(plan.gap(room));
        done = place + room;
    }
    plan.put(headers.get(done..).unwrap_or_default());
    gaps
}

/// A length in four octets.
fn short(len: u64) -> Result<[u8; 4], Refusal> {
    u32::try_from(len)
        .map(u32::to_le_bytes)
        .map_err(|_| Refusal::TooLarge)
}

/// A chunk of the source. One that is cut short ends where what holds it ends.
pub(super) struct Chunk {
    id: [u8; 4],
    start: u64,
    body: Range<u64>,
    is_cut: bool,
}

impl Chunk {
    fn read(window: &mut Window<'_>, at: u64, end: u64) -> Result<Option<Self>, Refusal> {
        if at.saturating_add(8) > end {
            return Ok(None);
        }
        let [a, b, c, d, s0, s1, s2, s3] = window.array(at)?;
        let len = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        Ok(Some(Self {
            id: [a, b, c, d],
            start: at,
            body: at + 8..(at + 8 + len).min(end),
            is_cut: at + 8 + len > end,
        }))
    }

    /// Where the next chunk begins: lengths are filled up to even ones.
    fn next(&self) -> u64 {
        self.body.end + (self.body.end - self.body.start) % 2
    }
}

/// Writes a chunk into memory.
fn chunk(to: &mut Vec<u8>, id: &[u8; 4], body: &[u8]) {
    to.extend_from_slice(id);
    to.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    to.extend_from_slice(body);
    if body.len() % 2 == 1 {
        to.push(0);
    }
}

fn report(
    window: &mut Window<'_>,
    chunk: &Chunk,
    what: What,
    place: &'static str,
    job: &mut Job,
) -> Result<(), Refusal> {
    let len = usize::try_from(chunk.body.end - chunk.body.start).unwrap_or(usize::MAX);
    let front = window.peek(chunk.body.start, len.min(1024))?;
    job.found_octets(what, place, front);
    Ok(())
}

/// What the source is made of.
#[derive(Default)]
struct Avi {
    main: Option<[u8; 56]>,
    streams: Vec<Stream>,
    /// Streams of the source, those that go included.
    count: usize,
    segments: Vec<Range<u64>>,
    /// Where `idx1` stands, and the indexes of `OpenDML`.
    indexes: Vec<Range<u64>>,
}

impl Avi {
    /// Walks the file's RIFF lists.
    fn read(
        &mut self,
        window: &mut Window<'_>,
        file: &Source<'_>,
        plan: &mut Plan,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let mut at = 0;
        while let Some(riff) = Chunk::read(window, at, file.len())? {
            let form = window.peek(riff.body.start, 4)?.to_vec();
            let is_known = &riff.id == b"RIFF" && (form == b"AVI " && at == 0 || form == b"AVIX");
            if !is_known {
                break;
            }
            plan.rewritten(riff.start..riff.body.start + 4);
            // Recordings that were broken off tell no length.
            let is_open = at == 0 && riff.body.is_empty() || riff.is_cut;
            let end = if is_open { file.len() } else { riff.body.end };
            at = if is_open { end } else { riff.next() };
            self.riff(window, file, riff.body.start + 4..end, plan, job)?;
        }
        if at < file.len() {
            let rest = file.read(at..file.len().min(at + 256), 256)?;
            job.found_octets(What::Unknown, "behind the lists", &rest);
        }
        Ok(())
    }

    fn riff(
        &mut self,
        window: &mut Window<'_>,
        file: &Source<'_>,
        range: Range<u64>,
        plan: &mut Plan,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let mut at = range.start;
        while let Some(found) = Chunk::read(window, at, range.end)? {
            at = found.next();
            let inner = found.body.start + 4..found.body.end;
            // Names of chunks and lists.
            plan.rewritten(
                found.start..found.body.start + if &found.id == b"LIST" { 4 } else { 0 },
            );
            match (&found.id, window.peek(found.body.start, 4)?) {
                (b"LIST", b"hdrl") if self.main.is_none() => {
                    self.headers_list(window, file, inner, plan, job)?;
                }
                (b"LIST", b"movi") if self.main.is_some() => {
                    if self.segments.len() >= MAX_SEGMENTS {
                        return Err(Refusal::TooLarge);
                    }
                    self.segments.push(inner);
                }
                (b"LIST", b"INFO" | b"exif") => {
                    wav::report_list(&file.part(found.body.clone())?, job)?;
                }
                (b"idx1", _) => self.indexes.push(found.body.clone()),
                (b"IDIT", _) => report(window, &found, What::Time, "IDIT", job)?,
                (b"JUNK", _) => self.junk(window, &found, job)?,
                _ => report(window, &found, What::Unknown, "unknown chunk", job)?,
            }
        }
        if at < range.end {
            let rest = file.read(at..range.end, 16)?;
            job.found_octets(What::Unknown, "behind the chunks", &rest);
        }
        Ok(())
    }

    fn junk(&self, window: &mut Window<'_>, found: &Chunk, job: &mut Job) -> Result<(), Refusal> {
        let len = usize::try_from(found.body.end - found.body.start).unwrap_or(usize::MAX);
        let front = window.peek(found.body.start, len)?;
        let text = front
            .iter()
            .position(|&b| b != 0)
            .and_then(|at| front.get(at..));
        if let Some(text) = text {
            let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
            job.found_octets(
                What::Unknown,
                "JUNK",
                text.get(..end.min(200)).unwrap_or_default(),
            );
        }
        Ok(())
    }

    /// `hdrl`: the main header and the streams.
    fn headers_list(
        &mut self,
        window: &mut Window<'_>,
        file: &Source<'_>,
        range: Range<u64>,
        plan: &mut Plan,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let mut at = range.start;
        while let Some(found) = Chunk::read(window, at, range.end)? {
            at = found.next();
            plan.rewritten(
                found.start..found.body.start + if &found.id == b"LIST" { 4 } else { 0 },
            );
            match (&found.id, window.peek(found.body.start, 4)?) {
                (b"avih", _) => {
                    self.main = Some(window.array(found.body.start)?);
                    plan.rewritten(found.body.start..found.body.start + 40);
                }
                (b"LIST", b"strl") => {
                    let inner = found.body.start + 4..found.body.end;
                    if self.count >= 100 {
                        return Err(Refusal::Unsupported("AVI with a hundred streams"));
                    }
                    let stream = streams::read(window, file, inner, self.count, plan, job)?;
                    self.streams.extend(stream);
                    self.count += 1;
                }
                (b"LIST", b"odml") => {}
                (b"JUNK", _) => self.junk(window, &found, job)?,
                (b"IDIT", _) => report(window, &found, What::Time, "IDIT", job)?,
                (b"ISMP", _) => report(window, &found, What::Time, "ISMP", job)?,
                _ => report(window, &found, What::Unknown, "chunk of the headers", job)?,
            }
        }
        Ok(())
    }

    /// The headers in memory, and where in them the places of indexes come.
    fn headers(
        &self,
        told: &[u8; 56],
        is_long: bool,
        has_index: bool,
    ) -> Result<(Vec<u8>, Vec<usize>), Refusal> {
        let mut main = told.to_vec();
        let mut set = |at: usize, value: u32| {
            if let Some(field) = main.get_mut(at..at + 4) {
                field.copy_from_slice(&value.to_le_bytes());
            }
        };
        let [_, _, _, _, _, _, _, _, _, _, _, _, f0, f1, ..] = *told;
        let has_index = u32::from(has_index) << 4;
        // Of the flags: whether chunks follow the index's order, whether they are interleaved, and can be trusted.
        set(
            12,
            u32::from(f0 & 0x20) | u32::from(f1 & 0x09) << 8 | has_index,
        );
        // Octets in a second and the longest chunk count what encoders wrote into packets, which goes.
        for at in [4, 8, 28] {
            set(at, 0);
        }
        set(
            24,
            u32::try_from(self.streams.len()).map_err(|_| Refusal::Damaged)?,
        );
        for at in [40, 44, 48, 52] {
            set(at, 0);
        }
        let mut list = b"hdrl".to_vec();
        chunk(&mut list, b"avih", &main);
        let room = is_long.then(|| movi::super_index_len(self.segments.len()));
        let mut places = Vec::new();
        for stream in &self.streams {
            places.extend(stream.put(&mut list, room).map(|place| place + 8));
        }
        let mut headers = Vec::new();
        chunk(&mut headers, b"LIST", &list);
        Ok((headers, places))
    }
}
