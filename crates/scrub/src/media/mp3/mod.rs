//! MP3, and MPEG audio of layers I and II: frames only.
//!
//! Tags may stand in front, behind, and between the frames of files that were glued together; they are stepped over by
//! their own length, because pictures in them look like frames. Between tags, frames are found by their headers.

mod header;
mod info;

use std::ops::Range;

use self::header::Header;
use super::tags;
use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Frames of the free format are no longer than this, in octets.
const LONGEST_FREE: usize = 8192;
/// Frames that have to follow each other before any is believed.
const CHAIN: usize = 3;
/// Places of frames that are remembered for the seek table.
const PLACES: usize = 4096;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut walk = Walk::new(file);
    walk.run(job)?;
    if walk.frames == 0 {
        return Err(Refusal::OtherMedia);
    }
    let plan = walk.plan(job);
    if walk.is_doubtful() && !holds_together(&plan, file)? {
        return Err(Refusal::Damaged);
    }
    Ok(plan)
}

/// Whether the frames that are left are found again, all of them and nothing else, when they stand side by side.
fn holds_together(plan: &Plan, file: &Source<'_>) -> Result<bool, Refusal> {
    let clean = plan.over(file);
    let mut walk = Walk::new(&Source::file(&clean, plan.len()));
    walk.run(&mut Job::new())?;
    let head = walk.info.map_or(0, |(_, _, range)| range.end);
    Ok(walk.octets + head == plan.len() && walk.runs.len() == 1)
}

/// The frame that tells about the others: what it tells, its header and length, and where it stands.
type FirstFrame = (info::Info, (Header, [u8; 4], usize), Range<u64>);

/// What was found on the way through the file.
struct Walk<'a> {
    file: Source<'a>,
    window: Window<'a>,
    /// The header that the last frame had.
    header: Option<Header>,
    free: Option<u32>,
    info: Option<FirstFrame>,
    /// Runs of frames.
    runs: Vec<Range<u64>>,
    frames: u32,
    octets: u64,
    /// Where every `stride`th frame begins, counted in octets of sound.
    places: Vec<u64>,
    stride: u32,
}

impl<'a> Walk<'a> {
    fn new(file: &Source<'a>) -> Self {
        Self {
            file: *file,
            window: Window::new(*file),
            header: None,
            free: None,
            info: None,
            runs: Vec::new(),
            frames: 0,
            octets: 0,
            places: Vec::new(),
            stride: 1,
        }
    }

    fn run(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let (mut at, mut in_step, mut lost) = (0, true, 0);
        while at < self.file.len() {
            if let Some(len) = self.frame_len(at, in_step)? {
                self.report_lost(at - lost..at, job)?;
                self.frame(at, len)?;
                at += u64::from(len);
                (in_step, lost) = (true, 0);
                continue;
            }
            if let Some(len) = self.tag(at, job)? {
                self.report_lost(at - lost..at, job)?;
                at += len;
                (in_step, lost) = (true, 0);
                continue;
            }
            at += 1;
            lost += 1;
            in_step = false;
        }
        self.report_lost(at - lost..at, job)?;
        Ok(())
    }

    /// Whether noise may have been taken for frames: in several runs, or with lengths that only their distance told.
    fn is_doubtful(&self) -> bool {
        self.runs.len() > 1 || self.free.is_some()
    }

    /// The length of the frame at `at`, if one is there.
    fn frame_len(&mut self, at: u64, in_step: bool) -> Result<Option<u32>, Refusal> {
        let Some(header) = self.header_at(at)? else {
            return Ok(None);
        };
        let agrees = self.header.is_none_or(|last| last.agrees(&header));
        if header.is_free() && (self.free.is_none() || !agrees) {
            self.free = self.distance(at, &header)?;
        }
        let Some(len) = header.len(self.free) else {
            return Ok(None);
        };
        if at + u64::from(len) > self.file.len() {
            return Ok(None);
        }
        let known = in_step && agrees && self.header.is_some();
        Ok((known || self.chain(at, &header, in_step)?).then_some(len))
    }

    fn header_at(&mut self, at: u64) -> Result<Option<Header>, Refusal> {
        let octets = self.window.peek(at, 4)?.first_chunk::<4>().copied();
        Ok(octets.and_then(Header::parse))
    }

    /// The unpadded length of free-format frames: the next header of the same kind tells it.
    fn distance(&mut self, at: u64, header: &Header) -> Result<Option<u32>, Refusal> {
        let octets = self.window.peek(at, LONGEST_FREE)?;
        let least = header.side_at() + header.side_len();
        let next = octets.windows(4).skip(least).position(|window| {
            let found = window.first_chunk::<4>().copied().and_then(Header::parse);
            found.is_some_and(|found| found.agrees(header))
        });
        let distance = next.and_then(|next| u32::try_from(next + least).ok());
        Ok(distance.and_then(|distance| header.unpadded(distance)))
    }

    /// Whether frames follow each other from `at` on, or the file ends with the first ones.
    fn chain(&mut self, at: u64, header: &Header, in_step: bool) -> Result<bool, Refusal> {
        let (mut next, mut count) = (at, 0);
        while count < CHAIN {
            let found = self.header_at(next)?.filter(|found| found.agrees(header));
            let Some(len) = found.and_then(|found| found.len(self.free)) else {
                let is_end = next == self.file.len() || self.tag_len(next)?.is_some();
                return Ok(is_end && count > usize::from(!in_step));
            };
            next += u64::from(len.max(1));
            count += 1;
        }
        Ok(true)
    }

    /// Takes in a frame of sound, or the first frame that tells about the others.
    fn frame(&mut self, at: u64, len: u32) -> Result<(), Refusal> {
        let end = at + u64::from(len);
        let first: [u8; 4] = self.window.array(at)?;
        let header = Header::parse(first).ok_or(Refusal::Damaged)?;
        self.header = Some(header);
        let size = usize::try_from(len).unwrap_or(0);
        if self.frames == 0 && self.info.is_none() {
            let frame = self.window.peek(at, size)?;
            if let Some(info) = info::read(&header, frame) {
                self.info = Some((info, (header, first, size), at..end));
                return Ok(());
            }
        }
        match self.runs.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => self.runs.push(at..end),
        }
        self.remember_place();
        self.frames = self.frames.saturating_add(1);
        self.octets += u64::from(len);
        Ok(())
    }

    fn remember_place(&mut self) {
        if self.frames.is_multiple_of(self.stride) {
            if self.places.len() == PLACES {
                let mut keep = false;
                self.places.retain(|_| {
                    keep = !keep;
                    keep
                });
                self.stride *= 2;
            }
            self.places.push(self.octets);
        }
    }

    /// The length of the tag at `at`, if one is there.
    fn tag_len(&mut self, at: u64) -> Result<Option<u64>, Refusal> {
        let left = self.file.len() - at;
        let head = self.window.peek(at, 32)?;
        if let Some(len) = tags::id3v2_len(head) {
            // What is longer than the file is no tag, unless the file begins with it.
            return Ok((len <= left).then_some(len));
        }
        if head.starts_with(b"TAG+") && left == 227 + 128 {
            return Ok(Some(227));
        }
        if head.starts_with(b"TAG") && left >= 128 {
            let next = self.window.peek(at + 128, 4)?.first_chunk().copied();
            let is_end = next.is_none_or(|n| Header::parse(n).is_some() || &n == b"APET")
                || next.is_some_and(|n| n.starts_with(b"ID3") || n.starts_with(b"TAG"));
            return Ok(is_end.then_some(128));
        }
        if let Some(len) = tags::ape_len(head) {
            let is_header = head.get(23).is_some_and(|flags| flags & 0x20 != 0);
            let len = if is_header { 32 + len } else { 32 };
            return Ok((len <= left).then_some(len));
        }
        if head.starts_with(b"LYRICSBEGIN") {
            return self.lyrics_len(at);
        }
        Ok(None)
    }

    /// A Lyrics3 tag ends with the word for its version.
    fn lyrics_len(&mut self, at: u64) -> Result<Option<u64>, Refusal> {
        let octets = self.window.peek(at, super::window::WINDOW)?;
        let end = octets
            .windows(9)
            .position(|w| w == b"LYRICSEND" || w == b"LYRICS200");
        Ok(end.map(|end| end as u64 + 9))
    }

    /// Reports the tag at `at`, if one is there, and gives its length.
    fn tag(&mut self, at: u64, job: &mut Job) -> Result<Option<u64>, Refusal> {
        let Some(len) = self.tag_len(at)? else {
            return Ok(None);
        };
        let tag = self.file.part(at..at + len)?;
        let head = tag.array::<3>(0)?;
        match &head {
            b"ID3" | b"3DI" => tags::report_id3v2(&tag, job)?,
            b"TAG" if len == 128 => tags::report_id3v1(&tag.array::<128>(0)?, job),
            b"TAG" => job.found(What::Description, "enhanced ID3v1 tag", ""),
            b"APE" if len > 32 => tags::report_ape(&tag.part(32..len)?, job)?,
            b"APE" => job.found(What::Unknown, "APE tag", ""),
            _ => job.found(What::Description, "Lyrics3 tag", ""),
        }
        Ok(Some(len))
    }

    fn report_lost(&self, range: Range<u64>, job: &mut Job) -> Result<(), Refusal> {
        if range.is_empty() {
            return Ok(());
        }
        let end = range.end.min(range.start + 256);
        let front = self.file.read(range.start..end, 256)?;
        job.found_octets(What::Unknown, "between frames", &front);
        Ok(())
    }

    fn plan(&mut self, job: &mut Job) -> Plan {
        let mut plan = Plan::new();
        if let Some((info, frame, range)) = &self.info {
            if let Some(program) = &info.program {
                job.found_octets(What::Software, "encoder of the first frame", program);
            }
            let head = range.end - range.start;
            for numbers in &info.numbers {
                plan.rewritten(range.start + numbers.start..range.start + numbers.end);
            }
            let octets = self.octets + head;
            let table = self.table(head, octets);
            plan.put(&info::write(info, *frame, self.frames, octets, &table));
        }
        for run in &self.runs {
            plan.copy(run.clone());
        }
        plan
    }

    /// For each hundredth of the playing time its place in the file, in 256ths.
    fn table(&self, head: u64, octets: u64) -> [u8; 100] {
        std::array::from_fn(|percent| {
            let frame = percent as u64 * u64::from(self.frames) / 100;
            let slot = usize::try_from(frame / u64::from(self.stride)).unwrap_or(0);
            let place = self.places.get(slot).copied().unwrap_or(self.octets);
            let place = if percent == 0 { 0 } else { place + head };
            u8::try_from(place * 256 / octets.max(1)).unwrap_or(255)
        })
    }
}
