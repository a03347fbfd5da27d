//! What one scrubbing knows besides the file: what it has found, and how much it may still unpack.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::report::{Finding, Remark, Report, What};
use crate::source::Source;
use crate::{Refusal, clean};

/// Files within files are followed this far: an archive, a document in it, a picture in that.
const MAX_DEPTH: u8 = 3;
/// Octets that one file may unpack to in all, over all its members and theirs.
const MAX_UNPACKED: u64 = 1 << 30;
/// Octets that anything unpacked may have in memory at once.
pub(crate) const MAX_IN_MEMORY: usize = 256 << 20;
/// The shortest text in octets whose return is a leak: shorter ones occur by chance.
const SHORTEST_SECRET: usize = 6;
/// Secrets that are remembered for the leak check.
const MAX_SECRETS: usize = 20_000;

/// Handed to every scrubber.
pub(crate) struct Job {
    report: Report,
    secrets: Vec<Zeroizing<String>>,
    depth: u8,
    left_to_unpack: u64,
}

impl Job {
    pub(crate) fn new() -> Self {
        Self {
            report: Report::default(),
            secrets: Vec::new(),
            depth: 0,
            left_to_unpack: MAX_UNPACKED,
        }
    }

    /// Notes that something was taken out. `place` is in the words of the format; `value` may be empty.
    ///
    /// A value that tells a person, place, device, identifier or path must not occur anywhere in the clean file but
    /// in its visible text: the leak check sees to it.
    pub(crate) fn found(&mut self, what: What, place: impl Into<Cow<'static, str>>, value: &str) {
        let finding = Finding::new(what, place, value);
        let is_secret = matches!(
            what,
            What::Person | What::Place | What::Device | What::Identifier | What::Path
        );
        if is_secret && finding.value().len() >= SHORTEST_SECRET && self.secrets.len() < MAX_SECRETS
        {
            self.secrets
                .push(Zeroizing::new(finding.value().to_owned()));
        }
        self.report.found(finding);
    }

    /// As [`Job::found`], for a value of unknown encoding: it is shown when it reads as text.
    pub(crate) fn found_octets(
        &mut self,
        what: What,
        place: impl Into<Cow<'static, str>>,
        value: &[u8],
    ) {
        let end = value
            .iter()
            .rposition(|&b| b != 0)
            .map_or(0, |last| last + 1);
        let value = value.get(..end).unwrap_or_default();
        let is_text = |text: &&str| text.chars().all(|c| !c.is_control() || c.is_whitespace());
        let text = str::from_utf8(value).ok().filter(is_text);
        self.found(what, place, text.unwrap_or_default());
    }

    /// Notes that `count` of one kind were taken out.
    pub(crate) fn found_many(&mut self, what: What, place: &'static str, count: usize) {
        self.report.found(Finding::counted(what, place, count));
    }

    /// Whether anything of this kind was taken out so far.
    pub(crate) fn has_found(&self, what: What) -> bool {
        self.report.findings().iter().any(|f| f.what == what)
    }

    /// Notes what the person should know about what is left.
    pub(crate) fn remark(&mut self, remark: Remark) {
        self.report.remark(remark);
    }

    /// Counts octets that were unpacked.
    ///
    /// # Errors
    /// [`Refusal::TooDeep`] when a file unpacks to more than any honest one.
    pub(crate) fn unpacked(&mut self, octets: u64) -> Result<(), Refusal> {
        self.left_to_unpack = self
            .left_to_unpack
            .checked_sub(octets)
            .ok_or(Refusal::TooDeep)?;
        Ok(())
    }

    /// Scrubs a file that stands within the file. What is found in it is reported under `place`.
    ///
    /// # Errors
    /// What scrubbing it says; [`Refusal::TooDeep`] too far down.
    pub(crate) fn nested(
        &mut self,
        place: &str,
        bytes: &[u8],
    ) -> Result<(crate::Kind, Zeroizing<Vec<u8>>), Refusal> {
        if self.depth >= MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let mut inner = Self {
            report: Report::default(),
            secrets: Vec::new(),
            depth: self.depth + 1,
            left_to_unpack: self.left_to_unpack,
        };
        let (kind, plan) = clean(&Source::memory(bytes), &mut inner)?;
        self.left_to_unpack = inner.left_to_unpack;
        for finding in inner.report.findings() {
            self.report.found(finding.within(place));
        }
        for remark in inner.report.remarks() {
            self.report.remark(*remark);
        }
        Ok((kind, plan.to_vec(bytes, MAX_IN_MEMORY)?))
    }

    /// Values that must not occur in what is kept.
    pub(crate) fn secrets(&self) -> &[Zeroizing<String>] {
        &self.secrets
    }

    pub(crate) fn into_report(self) -> Report {
        self.report
    }
}
