//! The clean file: the directories with their values, one after the other, then the strips.
#![allow(
    clippy::single_range_in_vec_init,
    reason = "one range is what is meant"
)]

use std::collections::BTreeMap;
use std::ops::Range;

use crate::job::Job;
use crate::picture::tiff::layout::Layout;
use crate::picture::tiff::page::{
    COMPRESSION, FILL_ORDER, Page, STRIP_COUNTS, STRIPS, TILE_COUNTS, TILES, Value,
};
use crate::picture::tiff::{codes, jpeg};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, What};

/// The strips of all pages, each once.
#[derive(Default)]
pub(super) struct Strips {
    /// Where in the clean file, from the first strip on, and how long.
    known: BTreeMap<(u64, u64), (u64, u64)>,
    /// What is copied.
    parts: Vec<Range<u64>>,
    len: u64,
    /// Octets of the source that were walked through.
    walked: u64,
    pages: Vec<Vec<(u64, u64)>>,
}

impl Strips {
    /// Adds those of a page, each as far as it is shown.
    pub(super) fn add(
        &mut self,
        file: &Source<'_>,
        page: &Page,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let layout = Layout::of(page)?;
        let mut list = Vec::with_capacity(page.strips.len());
        for (index, &(at, len)) in (0..).zip(&page.strips) {
            // A strip that is not there is blank.
            if len == 0 {
                list.push((0, 0));
                continue;
            }
            if let Some(&known) = self.known.get(&(at, len)) {
                list.push(known);
                continue;
            }
            self.walked = self.walked.saturating_add(len);
            if self.walked > file.len() {
                return Err(Refusal::Unsupported("strips that lie over each other"));
            }
            let strip = file.part(at..at + len)?;
            let before = self.len;
            for range in shown(&strip, page, layout.octets(index), job)? {
                self.push(at + range.start..at + range.end);
            }
            let place = (before, self.len - before);
            self.known.insert((at, len), place);
            list.push(place);
        }
        self.pages.push(list);
        Ok(())
    }

    fn push(&mut self, range: Range<u64>) {
        self.len += range.end - range.start;
        match self.parts.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.parts.push(range),
        }
    }

    /// Where the strips stand in the source.
    pub(super) fn sources(&self) -> impl Iterator<Item = Range<u64>> {
        self.known.keys().map(|&(at, len)| at..at + len)
    }
}

/// The ranges of a strip that are shown.
fn shown(
    strip: &Source<'_>,
    page: &Page,
    unpacked: u64,
    job: &mut Job,
) -> Result<Vec<Range<u64>>, Refusal> {
    let len = match page.number(COMPRESSION, 1) {
        1 => unpacked,
        4 => codes::group4(strip, page.number(FILL_ORDER, 1) == 2)?,
        5 => codes::lzw(strip, unpacked)?,
        7 => return jpeg::needed(strip, job),
        8 | 32946 => codes::deflate(strip)?,
        32773 => codes::pack_bits(strip, unpacked)?,
        // Other codes of fax, JBIG, LogLuv, LZMA, Zstandard: with nothing in them but pixels, and taken whole.
        2 | 3 | 32771 | 32809 | 34661 | 34676 | 34677 | 34925 | 50000 => strip.len(),
        6 => return Err(Refusal::Unsupported("JPEG of the old form in a TIFF")),
        _ => return Err(Refusal::Unsupported("the compression of a TIFF")),
    };
    if len < strip.len() {
        let tail = strip.read(len..strip.len().min(len + 200), usize::MAX)?;
        // Filling to whole words is usual.
        if tail.iter().any(|&b| b != 0) {
            job.found_octets(What::Unknown, "octets behind a strip", &tail);
        }
    }
    Ok(Vec::from([0..len.min(strip.len())]))
}

/// Plans the clean file.
pub(super) fn plan(is_little: bool, pages: &[Page], strips: &Strips) -> Result<Plan, Refusal> {
    let writer = Writer { is_little };
    let front = writer.front(pages, strips, 0)?;
    let start = u32::try_from(front.len()).map_err(|_| Refusal::TooLarge)?;
    // Positions have four octets.
    if u32::try_from(u64::from(start) + strips.len).is_err() {
        return Err(Refusal::TooLarge);
    }
    let mut plan = Plan::new();
    plan.put(&writer.front(pages, strips, start)?);
    for part in &strips.parts {
        plan.copy(part.clone());
    }
    Ok(plan)
}

/// Writes numbers in the order of the source: pixels of sixteen bits are in it.
#[derive(Clone, Copy)]
struct Writer {
    is_little: bool,
}

impl Writer {
    fn short(self, n: u16) -> [u8; 2] {
        if self.is_little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    }

    fn long(self, n: u32) -> [u8; 4] {
        if self.is_little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    }

    /// Everything before the strips, which begin at `start`.
    fn front(self, pages: &[Page], strips: &Strips, start: u32) -> Result<Vec<u8>, Refusal> {
        let mut out = if self.is_little { b"II" } else { b"MM" }.to_vec();
        out.extend_from_slice(&self.short(42));
        out.extend_from_slice(&self.long(8));
        for (at, (page, places)) in pages.iter().zip(&strips.pages).enumerate() {
            let is_last = at + 1 == pages.len();
            self.directory(&mut out, page, (places, start), is_last)?;
        }
        Ok(out)
    }

    /// A directory and, behind it, the values that do not fit into it.
    fn directory(
        self,
        out: &mut Vec<u8>,
        page: &Page,
        (places, start): (&[(u64, u64)], u32),
        is_last: bool,
    ) -> Result<(), Refusal> {
        let mut fields: BTreeMap<u16, (u16, u32, Vec<u8>)> = BTreeMap::new();
        for (&tag, value) in &page.fields {
            fields.insert(tag, self.value(value)?);
        }
        let (at, counts) = if page.is_tiled() {
            (TILES, TILE_COUNTS)
        } else {
            (STRIPS, STRIP_COUNTS)
        };
        let fit = |n: u64| u32::try_from(n).map_err(|_| Refusal::TooLarge);
        let (mut offsets, mut lens) = (Vec::new(), Vec::new());
        for &(offset, len) in places {
            let base = if len == 0 { 0 } else { start.into() };
            offsets.push(fit(base + offset)?);
            lens.push(fit(len)?);
        }
        fields.insert(at, self.value(&Value::Longs(offsets))?);
        fields.insert(counts, self.value(&Value::Longs(lens))?);
        let mut behind = Vec::new();
        let frame = 2 + 12 * fields.len() + 4;
        let values = out.len() + frame;
        let number = u16::try_from(fields.len()).map_err(|_| Refusal::TooLarge)?;
        out.extend_from_slice(&self.short(number));
        for (tag, (kind, count, mut octets)) in fields {
            out.extend_from_slice(&self.short(tag));
            out.extend_from_slice(&self.short(kind));
            out.extend_from_slice(&self.long(count));
            if octets.len() <= 4 {
                octets.resize(4, 0);
                out.extend_from_slice(&octets);
            } else {
                out.extend_from_slice(&self.long(fit((values + behind.len()) as u64)?));
                behind.extend_from_slice(&octets);
                // Values begin at even positions.
                if behind.len() % 2 == 1 {
                    behind.push(0);
                }
            }
        }
        let next = if is_last { 0 } else { values + behind.len() };
        out.extend_from_slice(&self.long(fit(next as u64)?));
        out.extend_from_slice(&behind);
        Ok(())
    }

    /// The type, number and octets of a value.
    fn value(self, value: &Value) -> Result<(u16, u32, Vec<u8>), Refusal> {
        let (kind, count, octets) = match value {
            Value::Shorts(list) => {
                let octets = list.iter().flat_map(|&n| self.short(n)).collect();
                (3, list.len(), octets)
            }
            Value::Longs(list) => {
                let octets = list.iter().flat_map(|&n| self.long(n)).collect();
                (4, list.len(), octets)
            }
            Value::Fractions(list) => {
                let octets = list.iter().flatten().flat_map(|&n| self.long(n)).collect();
                (5, list.len(), octets)
            }
            Value::Octets(octets) => (7, octets.len(), octets.clone()),
        };
        let count = u32::try_from(count).map_err(|_| Refusal::TooLarge)?;
        Ok((kind, count, octets))
    }
}
