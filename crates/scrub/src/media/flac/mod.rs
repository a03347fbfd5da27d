//! FLAC: `STREAMINFO` and frames. Nothing else is written, but a channel mask that says which loudspeakers are meant.
#![allow(clippy::unused_self, reason = "it reads as part of the writer")]

mod bits;
mod frame;

use std::ops::Range;

use self::bits::Bits;
use self::frame::Stream;
use super::tags;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Comments longer than this are not read for the report.
const MAX_COMMENTS: usize = 1 << 20;
/// How far a damaged place in the sound is searched for the next frame.
const MAX_GAP: u64 = 16 << 20;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut at = 0;
    while let Some(len) = tags::id3v2_len(&file.read(at..file.len().min(at + 10), 10)?) {
        let end = at.checked_add(len).filter(|&end| end < file.len());
        let end = end.ok_or(Refusal::Damaged)?;
        tags::report_id3v2(&file.part(at..end)?, job)?;
        at = end;
    }
    if &file.array::<4>(at)? != b"fLaC" {
        return Err(Refusal::Damaged);
    }
    let blocks = Blocks::read(file, at + 4, job)?;
    let info = blocks.info.ok_or(Refusal::Damaged)?;
    let [_, _, _, _, _, _, _, _, _, _, _, _, b, c, ..] = info;
    let stream = Stream {
        bits: u32::from((b & 1) << 4 | c >> 4) + 1,
        channels: u32::from(b >> 1 & 7) + 1,
    };
    let sound = Sound::walk(file, blocks.end, stream, job)?;
    let mut plan = Plan::new();
    plan.put(b"fLaC");
    let mask = blocks
        .mask
        .filter(|&mask| mask != usual_mask(stream.channels));
    plan.put(&[if mask.is_some() { 0 } else { 0x80 }, 0, 0, 34]);
    plan.put(&sound.told(info));
    plan.rewritten(blocks.info_at.clone());
    if let Some(mask) = mask {
        plan.put(&comments(mask));
    }
    for run in sound.runs {
        plan.copy(run);
    }
    Ok(plan)
}

/// The mask that players take when none is told (RFC 9639, section 9.1.3).
fn usual_mask(channels: u32) -> u32 {
    match channels {
        1 => 0x4,
        2 => 0x3,
        3 => 0x7,
        4 => 0x33,
        5 => 0x607,
        6 => 0x60F,
        7 => 0x70F,
        _ => 0x63F,
    }
}

/// A comment block with the channel mask alone.
fn comments(mask: u32) -> Vec<u8> {
    let comment = format!("WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x{mask:X}");
    let len = u8::try_from(comment.len()).unwrap_or(0);
    let mut block = vec![0x84, 0, 0, 12 + len, 0, 0, 0, 0, 1, 0, 0, 0, len, 0, 0, 0];
    block.extend_from_slice(comment.as_bytes());
    block
}

/// What the metadata blocks hold.
struct Blocks {
    info: Option<[u8; 34]>,
    info_at: Range<u64>,
    mask: Option<u32>,
    end: u64,
}

impl Blocks {
    fn read(file: &Source<'_>, mut at: u64, job: &mut Job) -> Result<Self, Refusal> {
        let mut blocks = Self {
            info: None,
            info_at: 0..0,
            mask: None,
            end: 0,
        };
        loop {
            let [kind, a, b, c] = file.array(at)?;
            let len = u64::from(u32::from_be_bytes([0, a, b, c]));
            let body = file.part(at + 4..at + 4 + len)?;
            match kind & 0x7F {
                0 if len == 34 && blocks.info.is_none() => {
                    blocks.info = Some(body.array(0)?);
                    blocks.info_at = at + 4..at + 4 + len;
                }
                4 => blocks.comments(&body, job)?,
                other => report(other, &body, job)?,
            }
            at += 4 + len;
            if kind & 0x80 != 0 {
                blocks.end = at;
                return Ok(blocks);
            }
        }
    }

    fn comments(&mut self, body: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
        let len = body.len().min(MAX_COMMENTS as u64);
        let octets = body.read(0..len, MAX_COMMENTS)?;
        self.mask = tags::report_vorbis(&octets, "VORBIS_COMMENT", job).or(self.mask);
        Ok(())
    }
}

fn report(kind: u8, body: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    let front = body.read(0..body.len().min(512), 512)?;
    match kind {
        1 if front.iter().all(|&b| b == 0) => job.found(What::Unknown, "PADDING", ""),
        1 => job.found_octets(What::Unknown, "PADDING", &front),
        2 => job.found_octets(What::Unknown, "APPLICATION", &front),
        // The frames say again where they are.
        3 => {}
        5 => {
            let catalogue = front.get(..128).unwrap_or_default();
            job.found_octets(What::Identifier, "CUESHEET", catalogue);
        }
        6 => job.found(What::Preview, "PICTURE", ""),
        _ => job.found_octets(What::Unknown, "unknown block", &front),
    }
    Ok(())
}

/// The frames, and what was counted over them.
#[derive(Default)]
struct Sound {
    runs: Vec<Range<u64>>,
    samples: u64,
    shortest: u64,
    longest: u64,
}

impl Sound {
    /// Walks frame after frame. What is behind the last one is left out.
    fn walk(
        file: &Source<'_>,
        mut at: u64,
        stream: Stream,
        job: &mut Job,
    ) -> Result<Self, Refusal> {
        let mut sound = Self::default();
        let mut bits = Bits::new(*file);
        let mut lost = at;
        let mut strategy = None;
        while at < file.len() {
            let found = frame::walk(&mut bits, at, stream)?;
            let found = found.filter(|f| strategy.is_none_or(|s| s == f.is_variable));
            let Some(found) = found else {
                if at - lost > MAX_GAP {
                    break;
                }
                at = next_sync(file, at + 1)?;
                continue;
            };
            // What is behind the sound can go; a frame in its midst that nobody can read is a loss.
            if lost != at {
                return Err(Refusal::Damaged);
            }
            strategy = Some(found.is_variable);
            sound.add(at..found.end, &found);
            at = found.end;
            lost = at;
        }
        sound.report_lost(file, lost..file.len(), job)?;
        if sound.runs.is_empty() {
            return Err(Refusal::Damaged);
        }
        Ok(sound)
    }

    fn add(&mut self, range: Range<u64>, frame: &frame::Frame) {
        let len = range.end - range.start;
        self.shortest = if self.samples == 0 {
            len
        } else {
            self.shortest.min(len)
        };
        self.longest = self.longest.max(len);
        self.samples += u64::from(frame.samples);
        match self.runs.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.runs.push(range),
        }
    }

    fn report_lost(
        &self,
        file: &Source<'_>,
        range: Range<u64>,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        if range.is_empty() {
            return Ok(());
        }
        let front = file.read(range.start..range.end.min(range.start + 256), 256)?;
        if front.starts_with(b"TAG") && range.end - range.start == 128 {
            tags::report_id3v1(&front, job);
        } else {
            job.found_octets(What::Unknown, "behind the frames", &front);
        }
        Ok(())
    }

    /// `STREAMINFO` with what was counted: lengths of frames, and samples. The checksum of the sound stays.
    fn told(&self, mut info: [u8; 34]) -> [u8; 34] {
        let bits = info.get(13).copied();
        let (sizes, rest) = info.split_at_mut(10);
        let (_, sizes) = sizes.split_at_mut(4);
        let three = |len: u64| len.to_be_bytes().into_iter().skip(5);
        let known = |len: u64| if len < 1 << 24 { len } else { 0 };
        let both = three(known(self.shortest)).chain(three(known(self.longest)));
        for (field, octet) in sizes.iter_mut().zip(both) {
            *field = octet;
        }
        let samples = if self.samples < 1 << 36 {
            self.samples
        } else {
            0
        };
        if let Some(field) = rest.get_mut(3..8) {
            for (field, octet) in field
                .iter_mut()
                .zip(samples.to_be_bytes().into_iter().skip(3))
            {
                *field = octet;
            }
        }
        // The four high bits of the first octet are the end of another number.
        if let (Some(field), Some(told)) = (rest.get_mut(3), bits) {
            *field |= told & 0xF0;
        }
        info
    }
}

/// The next place from `at` on at which a frame may begin.
fn next_sync(file: &Source<'_>, at: u64) -> Result<u64, Refusal> {
    let mut cursor = file.cursor(at);
    let mut last = 0;
    while let Some(octet) = cursor.octet()? {
        if last == 0xFF && octet & 0xFE == 0xF8 {
            return Ok(cursor.position() - 2);
        }
        last = octet;
    }
    Ok(file.len())
}
