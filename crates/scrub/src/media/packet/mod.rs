//! Packets of video and sound within a container: what encoders write about themselves between the coded data.

mod mjpeg;
mod nal_units;
mod start_codes;

use std::ops::Range;

use super::nal::Codec;
use super::window::Window;
use crate::Refusal;
use crate::job::Job;

/// A piece of a packet that is written.
pub(super) enum Part {
    Made(Vec<u8>),
    Copied(Range<u64>),
    Zeros(u64),
}

impl Part {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Made(bytes) => bytes.len() as u64,
            Self::Copied(range) => range.end.saturating_sub(range.start),
            Self::Zeros(len) => *len,
        }
    }
}

/// What has to be looked at in the packets of a track.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filter {
    /// Nothing: the codec has no place for it.
    None,
    /// Units behind their lengths of so many octets.
    Lengths(Codec, u8),
    /// Units behind start codes.
    StartCodes(Codec),
    /// MPEG-4 part 2; whether the decoder guesses from the track's name that there must have been a program's name.
    Mpeg4 {
        guessed: bool,
    },
    /// MPEG-1 and MPEG-2 video.
    Mpeg2,
    Mjpeg,
}

impl Filter {
    /// The pieces of a packet that has to change, nothing for one that stays.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when the packet does not follow its codec; [`Refusal::Io`].
    pub(super) fn packet(
        self,
        window: &mut Window<'_>,
        range: Range<u64>,
        job: &mut Job,
    ) -> Result<Option<Vec<Part>>, Refusal> {
        match self {
            Self::None => Ok(None),
            Self::Lengths(codec, width) => nal_units::lengths(codec, width, window, range, job),
            Self::StartCodes(codec) => nal_units::start_codes(codec, window, range, job),
            Self::Mpeg4 { guessed } => start_codes::mpeg4(guessed, window, range, job),
            Self::Mpeg2 => start_codes::mpeg2(window, range, job),
            Self::Mjpeg => mjpeg::packet(window, range, job),
        }
    }

    /// Octets in memory, such as a codec's setup, by the same rules.
    pub(super) fn octets(self, octets: &[u8], job: &mut Job) -> Result<Vec<u8>, Refusal> {
        let mut window = Window::new(crate::source::Source::memory(octets));
        let range = 0..octets.len() as u64;
        let Some(parts) = self.packet(&mut window, range, job)? else {
            return Ok(octets.to_vec());
        };
        let mut out = Vec::with_capacity(octets.len());
        for part in parts {
            match part {
                Part::Made(bytes) => out.extend(bytes),
                Part::Copied(range) => window.each(range, |piece| out.extend_from_slice(piece))?,
                Part::Zeros(len) => out.resize(out.len() + usize::try_from(len).unwrap_or(0), 0),
            }
        }
        Ok(out)
    }
}

/// Collects the pieces of a packet; what is not cut stays.
struct Edit {
    parts: Vec<Part>,
    kept: u64,
    end: u64,
}

impl Edit {
    fn new(range: Range<u64>) -> Self {
        Self {
            parts: Vec::new(),
            kept: range.start,
            end: range.end,
        }
    }

    /// Puts `part` in the place of `range`.
    fn replace(&mut self, range: Range<u64>, part: Option<Part>) {
        if range.start > self.kept {
            self.parts.push(Part::Copied(self.kept..range.start));
        }
        self.parts.extend(part.filter(|part| part.len() > 0));
        self.kept = range.end;
        // A packet that was not changed has no parts: this one was, even if nothing stands before the cut.
        if self.parts.is_empty() {
            self.parts.push(Part::Zeros(0));
        }
    }

    fn finish(mut self) -> Option<Vec<Part>> {
        if self.parts.is_empty() {
            return None;
        }
        if self.kept < self.end {
            self.parts.push(Part::Copied(self.kept..self.end));
        }
        self.parts.retain(|part| part.len() > 0);
        Some(self.parts)
    }
}

/// The next place from `at` on where 00 00 01 stands, before `end`.
fn next_start_code(window: &mut Window<'_>, at: u64, end: u64) -> Result<Option<u64>, Refusal> {
    let mut from = at;
    while from + 3 < end {
        let count = usize::try_from(end - from).unwrap_or(usize::MAX);
        let octets = window.peek(from, count.min(super::window::WINDOW))?;
        if octets.len() < 3 {
            return Ok(None);
        }
        if let Some(found) = octets.windows(3).position(|w| w == [0, 0, 1]) {
            return Ok(Some(from + found as u64));
        }
        from += octets.len() as u64 - 2;
    }
    Ok(None)
}
