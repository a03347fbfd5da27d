//! The samples: they stay bit for bit, but for what encoders and cameras sign in them.

mod jpeg;
pub(super) mod obu;

use super::entries::Filter;
use super::startcodes;
use super::tables::{Chunk, Sizes};
use crate::Refusal;
use crate::job::Job;
use crate::media::nal::{self, Codec, Nal};
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Octets that are read at a time where only the fronts of units count.
const WINDOW: u64 = 4096;
/// The longest sample that has to be looked at whole.
const LONGEST: usize = 16 << 20;
/// Messages of this many samples are reported one by one; the rest says the same.
const REPORTED: u32 = 4;

/// Gathers the samples that stay.
pub(super) struct Packets<'a, 'j> {
    file: &'a Source<'a>,
    job: &'j mut Job,
    window: Vec<u8>,
    window_at: u64,
    reported: u32,
    pub(super) media: Plan,
}

impl<'a, 'j> Packets<'a, 'j> {
    pub(super) fn new(file: &'a Source<'a>, job: &'j mut Job) -> Self {
        Self {
            file,
            job,
            window: Vec::new(),
            window_at: 0,
            reported: 0,
            media: Plan::new(),
        }
    }

    /// Adds the samples of a chunk, and writes their new sizes over the old ones in `sizes`.
    pub(super) fn chunk(
        &mut self,
        chunk: Chunk,
        filter: Filter,
        sizes: &mut Sizes,
    ) -> Result<(), Refusal> {
        if filter == Filter::None {
            let len = sizes.sum(chunk.first, chunk.count)?;
            self.copy(chunk.at, len);
            return Ok(());
        }
        let mut at = chunk.at;
        for sample in (chunk.first..).take(chunk.count as usize) {
            let size = sizes.of(sample)?;
            let before = self.media.len();
            self.sample(at, u64::from(size), filter)?;
            at += u64::from(size);
            let new = self.media.len() - before;
            if new != u64::from(size) {
                let new = u32::try_from(new).map_err(|_| Refusal::TooLarge)?;
                sizes.set(sample, new)?;
            }
        }
        Ok(())
    }

    fn copy(&mut self, at: u64, len: u64) {
        self.media.copy(at..at + len);
    }

    fn sample(&mut self, at: u64, len: u64, filter: Filter) -> Result<(), Refusal> {
        match filter {
            Filter::None => self.copy(at, len),
            Filter::Nal(codec, lengths) => self.units(at, at + len, codec, lengths)?,
            Filter::UserData | Filter::Av1 | Filter::Jpeg => self.whole(at, len, filter)?,
        }
        Ok(())
    }

    /// NAL units, each behind its length.
    fn units(&mut self, start: u64, end: u64, codec: Codec, lengths: usize) -> Result<(), Refusal> {
        let mut at = start;
        while at < end {
            let behind = at + lengths as u64;
            if behind >= end {
                self.found(What::Unknown, "a sample behind its NAL units");
                return Ok(());
            }
            let front = self.show(at, (end - at).min(lengths as u64 + 2))?;
            let (len, header) = front.split_at_checked(lengths).ok_or(Refusal::Damaged)?;
            let len = len
                .iter()
                .fold(0, |len, &octet| len << 8 | u64::from(octet));
            let header = [0, 1].map(|at| header.get(at).copied().unwrap_or(0));
            if len > end - behind {
                return Err(Refusal::Damaged);
            }
            if len > 0 && !nal::is_message(codec, header) {
                self.copy(at, lengths as u64 + len);
            } else if len > 0 {
                self.message(behind, len, codec, lengths)?;
            }
            at = behind + len;
        }
        Ok(())
    }

    fn message(&mut self, at: u64, len: u64, codec: Codec, lengths: usize) -> Result<(), Refusal> {
        let unit = self.file.read(at..at + len, nal::LONGEST)?;
        let written = match nal::clean(codec, &unit) {
            Nal::Keep => {
                self.copy(at - lengths as u64, lengths as u64 + len);
                return Ok(());
            }
            Nal::Drop => Vec::new(),
            Nal::Rewrite(written) => written,
        };
        if self.reported < REPORTED {
            self.reported += 1;
            nal::report(codec, &unit, "a message in the video", self.job);
        }
        if !written.is_empty() {
            let len = (written.len() as u64).to_be_bytes();
            let (spare, len) = len.split_at_checked(8 - lengths).ok_or(Refusal::Damaged)?;
            if spare.iter().any(|&octet| octet != 0) {
                return Err(Refusal::Damaged);
            }
            self.media.put(len);
            self.media.put(&written);
        }
        Ok(())
    }

    /// A sample that is looked at whole.
    fn whole(&mut self, at: u64, len: u64, filter: Filter) -> Result<(), Refusal> {
        let octets = self.file.read(at..at + len, LONGEST)?;
        let (kept, place) = match filter {
            Filter::UserData => (startcodes::kept(&octets), "user data in the video"),
            Filter::Av1 => (
                obu::kept(&octets, false).ok_or(Refusal::Damaged)?,
                "a message in the video",
            ),
            _ => (
                jpeg::kept(&octets).ok_or(Refusal::Damaged)?,
                "a segment of a picture in the video",
            ),
        };
        let mut total = 0;
        for range in kept {
            total += range.len() as u64;
            self.copy(at + range.start as u64, range.len() as u64);
        }
        if total < len {
            self.found(What::Software, place);
        }
        Ok(())
    }

    fn found(&mut self, what: What, place: &'static str) {
        if self.reported < REPORTED {
            self.reported += 1;
            self.job.found(what, place, "");
        }
    }

    /// `len` octets from `at` on.
    fn show(&mut self, at: u64, len: u64) -> Result<&[u8], Refusal> {
        let window_end = self.window_at + self.window.len() as u64;
        if at < self.window_at || at + len > window_end {
            let left = self.file.len().saturating_sub(at);
            if len > left {
                return Err(Refusal::Damaged);
            }
            let fresh = usize::try_from(left.min(len.max(WINDOW))).unwrap_or(0);
            self.window.resize(fresh, 0);
            self.file.fill(&mut self.window, at)?;
            self.window_at = at;
        }
        let from = usize::try_from(at - self.window_at).unwrap_or(0);
        let shown = self.window.get(from..).unwrap_or_default();
        shown
            .get(..usize::try_from(len).unwrap_or(0))
            .ok_or(Refusal::Damaged)
    }
}
