//! The data of items: where it lies, and what of it a decoder needs.

use std::ops::Range;

use crate::job::Job;
use crate::media::nal::{self, Codec, Nal};
use crate::picture::heif::meta::{Meta, Place};
use crate::picture::heif::obu;
use crate::source::Source;
use crate::{Refusal, What};

/// Runs of octets that the data of one item may be made of.
const MAX_PARTS: usize = 1 << 16;
/// Octets of one message that are read.
const MAX_MESSAGE: u64 = nal::LONGEST as u64;

/// A run of octets of a clean item.
pub(super) enum Part {
    Copy(Range<u64>),
    Put(Vec<u8>),
}

/// An item's data in the source: ranges of the file, one after the other.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Data {
    ranges: Vec<Range<u64>>,
}

impl Data {
    /// Finds the data of an item.
    pub(super) fn find(file: &Source<'_>, meta: &Meta, place: &Place) -> Result<Self, Refusal> {
        let within = match place.method {
            _ if place.is_external => {
                return Err(Refusal::Unsupported("pixels in another file"));
            }
            0 => 0..file.len(),
            1 => meta.idat.clone().ok_or(Refusal::Damaged)?,
            _ => return Err(Refusal::Unsupported("pixels within another item")),
        };
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for &(offset, length) in &place.extents {
            let start = within.start.checked_add(offset).ok_or(Refusal::Damaged)?;
            let end = match length {
                0 => within.end,
                _ => start.checked_add(length).ok_or(Refusal::Damaged)?,
            };
            if start > end || end > within.end {
                return Err(Refusal::Damaged);
            }
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        Ok(Self { ranges })
    }

    pub(super) fn len(&self) -> u64 {
        self.ranges.iter().fold(0, |sum, range| {
            sum.saturating_add(range.end.saturating_sub(range.start))
        })
    }

    pub(super) fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// All of it, in memory.
    pub(super) fn read(&self, file: &Source<'_>, most: u64) -> Result<Vec<u8>, Refusal> {
        let len = self.len();
        if len > most {
            return Err(Refusal::TooLarge);
        }
        Walk::new(file, self).peek(len)
    }

    /// What a decoder needs of HEVC data: the units of pictures, without the messages between them.
    pub(super) fn hevc(
        &self,
        file: &Source<'_>,
        nal_length: u8,
        job: &mut Job,
    ) -> Result<Vec<Part>, Refusal> {
        let mut walk = Walk::new(file, self);
        while walk.left() > 0 {
            let length = walk.peek(u64::from(nal_length))?;
            let length = length.iter().fold(0, |n, &b| n << 8 | u64::from(b));
            walk.drop(u64::from(nal_length))?;
            let head = walk.peek(length.min(2))?;
            let is_message =
                matches!(head.as_slice(), &[a, b] if nal::is_message(Codec::Hevc, [a, b]));
            let unit = if is_message && length <= MAX_MESSAGE {
                walk.peek(length)?
            } else {
                Vec::new()
            };
            let verdict = match head.len() {
                2 if is_message => nal::clean(Codec::Hevc, &unit),
                2 => Nal::Keep,
                _ => Nal::Drop,
            };
            if !matches!(verdict, Nal::Keep) {
                nal::report(Codec::Hevc, &unit, "HEVC message", job);
            }
            match verdict {
                Nal::Keep => {
                    walk.give_back(u64::from(nal_length));
                    walk.keep(u64::from(nal_length) + length)?;
                }
                Nal::Drop => {
                    walk.drop(length)?;
                }
                Nal::Rewrite(unit) => {
                    walk.drop(length)?;
                    walk.put(&unit, nal_length)?;
                }
            }
        }
        Ok(walk.parts)
    }

    /// What a decoder needs of AV1 data.
    pub(super) fn av1(&self, file: &Source<'_>, job: &mut Job) -> Result<Vec<Part>, Refusal> {
        let mut walk = Walk::new(file, self);
        while walk.left() > 0 {
            let head = walk.peek(walk.left().min(obu::MAX_HEADER as u64))?;
            let header = obu::header(&head)?;
            let payload = match header.payload {
                Some(payload) => payload,
                None => walk.left().saturating_sub(header.len),
            };
            let len = header.len.checked_add(payload).ok_or(Refusal::Damaged)?;
            if len > walk.left() {
                return Err(Refusal::Damaged);
            }
            let metadata = if header.is_metadata() && len <= MAX_MESSAGE {
                let mut unit = walk.peek(len)?;
                unit.drain(..usize::try_from(header.len).unwrap_or(0));
                unit
            } else {
                Vec::new()
            };
            if header.is_needed(&metadata) {
                walk.keep(len)?;
            } else {
                job.found_octets(What::Unknown, "AV1 message", &metadata);
                walk.drop(len)?;
            }
        }
        Ok(walk.parts)
    }
}

/// A walk over an item's data that notes what stays.
struct Walk<'a> {
    file: &'a Source<'a>,
    /// What is still ahead, the next range last.
    ahead: Vec<Range<u64>>,
    left: u64,
    parts: Vec<Part>,
    /// Octets that were stepped over and may yet stay.
    behind: Vec<Range<u64>>,
}

impl<'a> Walk<'a> {
    fn new(file: &'a Source<'a>, data: &Data) -> Self {
        Self {
            file,
            ahead: data.ranges.iter().rev().cloned().collect(),
            left: data.len(),
            parts: Vec::new(),
            behind: Vec::new(),
        }
    }

    fn left(&self) -> u64 {
        self.left
    }

    /// The next `len` octets.
    fn peek(&self, len: u64) -> Result<Vec<u8>, Refusal> {
        let mut octets = Vec::new();
        let mut missing = len;
        for range in self.ahead.iter().rev() {
            if missing == 0 {
                break;
            }
            let now = missing.min(range.end - range.start);
            let read = self.file.read(range.start..range.start + now, usize::MAX)?;
            octets.extend_from_slice(&read);
            missing -= now;
        }
        if missing == 0 {
            Ok(octets)
        } else {
            Err(Refusal::Damaged)
        }
    }

    /// Steps over the next `len` octets and gives the ranges they lie in to `each`.
    fn step(&mut self, len: u64) -> Result<Vec<Range<u64>>, Refusal> {
        self.left = self.left.checked_sub(len).ok_or(Refusal::Damaged)?;
        let mut stepped = Vec::new();
        let mut missing = len;
        while missing > 0 {
            let range = self.ahead.pop().ok_or(Refusal::Damaged)?;
            let now = missing.min(range.end - range.start);
            stepped.push(range.start..range.start + now);
            if range.start + now < range.end {
                self.ahead.push(range.start + now..range.end);
            }
            missing -= now;
        }
        Ok(stepped)
    }

    fn drop(&mut self, len: u64) -> Result<(), Refusal> {
        self.behind = self.step(len)?;
        Ok(())
    }

    /// Goes back over what was dropped last.
    fn give_back(&mut self, len: u64) {
        self.left += len;
        while let Some(range) = self.behind.pop() {
            self.ahead.push(range);
        }
    }

    fn keep(&mut self, len: u64) -> Result<(), Refusal> {
        for range in self.step(len)? {
            match self.parts.last_mut() {
                Some(Part::Copy(last)) if last.end == range.start => last.end = range.end,
                _ => self.parts.push(Part::Copy(range)),
            }
        }
        self.check()
    }

    /// Adds a unit with its length in front.
    fn put(&mut self, unit: &[u8], nal_length: u8) -> Result<(), Refusal> {
        let length = (unit.len() as u64).to_be_bytes();
        let length = length.get(8 - usize::from(nal_length)..);
        let mut octets = length.ok_or(Refusal::Damaged)?.to_vec();
        octets.extend_from_slice(unit);
        self.parts.push(Part::Put(octets));
        self.check()
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.parts.len() > MAX_PARTS {
            return Err(Refusal::TooLarge);
        }
        Ok(())
    }
}

/// Octets of the parts together.
pub(super) fn len(parts: &[Part]) -> u64 {
    parts.iter().fold(0, |sum, part| {
        sum + match part {
            Part::Copy(range) => range.end.saturating_sub(range.start),
            Part::Put(octets) => octets.len() as u64,
        }
    })
}
