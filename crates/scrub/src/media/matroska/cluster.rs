//! Clusters and the blocks in them.

use std::ops::Range;

use zeroize::Zeroizing;

use super::CLUSTER;
use super::ebml::{self, Element, put, put_id, put_number, put_uint, uint};
use super::tracks::{Track, children};
use crate::Refusal;
use crate::job::Job;
use crate::media::packet::{Filter, Part};
use crate::media::window::Window;
use crate::plan::{Gap, Plan};
use crate::source::Source;

/// The longest packet that is put together in memory, in octets.
const MAX_PREFIXED: usize = 16 << 20;

/// Writes the clusters of a file one after the other.
pub(super) struct Writer<'a, 'b> {
    pub(super) window: &'a mut Window<'b>,
    pub(super) plan: &'a mut Plan,
    pub(super) job: &'a mut Job,
    pub(super) tracks: &'a [Track],
    /// Where the segment's body begins in the clean file.
    pub(super) base: u64,
    /// The index for seeking.
    pub(super) cues: Vec<u8>,
}

/// A cluster that is being written.
struct Open {
    gap: Gap,
    body: u64,
    time: u64,
    has_cue: bool,
}

/// A block's head.
struct Head {
    track: usize,
    time: [u8; 2],
    flags: u8,
    /// Where the frames begin, with the sizes of lacing.
    data: u64,
}

impl Writer<'_, '_> {
    /// Writes the cluster whose body begins at `at`. Gives where it ends: for one of unknown length at the next
    /// element that is not one of a cluster's.
    pub(super) fn cluster(&mut self, element: &Element) -> Result<u64, Refusal> {
        let mut at = element.body.start;
        let mut time = None;
        let mut open = None;
        while at < element.body.end {
            let Some(child) = ebml::element(self.window, at, element.body.end)? else {
                // Cut short, or what hangs behind a live recording.
                if !element.is_open {
                    at = element.body.end;
                }
                break;
            };
            // Some programs give a length to the first of clusters without one, which takes in the others.
            if child.id == CLUSTER || element.is_open && is_of_segment(child.id) {
                break;
            }
            match child.id {
                0xE7 => time = Some(self.number(&child)?),
                0xA3 | 0xA0 => {
                    let time = time.ok_or(Refusal::Damaged)?;
                    if child.id == 0xA3 {
                        self.simple_block(&child, time, &mut open)?;
                    } else {
                        self.group(&child, time, &mut open)?;
                    }
                }
                0xAF => return Err(Refusal::Encrypted),
                // Position, PrevSize, SilentTracks, CRC-32.
                0xA7 | 0xAB | 0x5854 | 0xBF => {}
                _ => super::report::other(self.window, &child, self.job)?,
            }
            at = child.body.end;
        }
        if let Some(open) = open {
            self.close(&open)?;
        }
        Ok(at)
    }

    fn number(&mut self, element: &Element) -> Result<u64, Refusal> {
        let len = usize::try_from(element.body.end - element.body.start).unwrap_or(usize::MAX);
        if len > 8 {
            return Err(Refusal::Damaged);
        }
        Ok(uint(self.window.peek(element.body.start, len)?))
    }

    /// A cluster is begun with its first block: one of dropped tracks only is not written.
    fn begin(&mut self, time: u64, open: &mut Option<Open>) -> Result<(), Refusal> {
        match open {
            Some(open) if open.time == time => return Ok(()),
            Some(_) => return Err(Refusal::Damaged),
            None => {}
        }
        self.plan.put(&[0x1F, 0x43, 0xB6, 0x75]);
        let gap = self.plan.gap(8);
        let body = self.plan.len();
        let mut stamp = Vec::new();
        put_uint(&mut stamp, 0xE7, time);
        self.plan.put(&stamp);
        *open = Some(Open {
            gap,
            body,
            time,
            has_cue: false,
        });
        Ok(())
    }

    fn close(&mut self, open: &Open) -> Result<(), Refusal> {
        let len = self.plan.len() - open.body;
        self.plan.fill(&open.gap, &super::wide(len)?);
        Ok(())
    }

    /// Reads a block's head. Nothing for one of a track that goes.
    fn head(&mut self, body: &Range<u64>) -> Result<Option<Head>, Refusal> {
        let len = usize::try_from(body.end - body.start).unwrap_or(usize::MAX);
        let octets = self.window.peek(body.start, len.min(16))?;
        let (number, used) = ebml::number(octets).ok_or(Refusal::Damaged)?;
        let rest = octets
            .get(used..used + 3)
            .and_then(|rest| rest.first_chunk::<3>());
        let &[high, low, flags] = rest.ok_or(Refusal::Damaged)?;
        let track = self.tracks.iter().position(|track| track.number == number);
        Ok(track.map(|track| Head {
            track,
            time: [high, low],
            flags,
            data: body.start + used as u64 + 3,
        }))
    }

    /// The pieces of a block's frames.
    fn frames(&mut self, head: &Head, end: u64) -> Result<Vec<Part>, Refusal> {
        let whole = head.data..end;
        let Some(track) = self.tracks.get(head.track) else {
            return Ok(Vec::new());
        };
        if track.filter == Filter::None {
            return Ok(vec![Part::Copied(whole)]);
        }
        if head.flags & 6 != 0 {
            if !track.prefix.is_empty() {
                return Err(Refusal::Unsupported(
                    "Matroska with compressed packets in laces",
                ));
            }
            return self.laced(track.filter, head, end);
        }
        if !track.prefix.is_empty() {
            return self.prefixed(track, whole);
        }
        let changed = track.filter.packet(self.window, whole.clone(), self.job)?;
        Ok(changed.unwrap_or_else(|| vec![Part::Copied(whole)]))
    }

    /// Several frames behind their sizes. A frame that changes keeps its length.
    fn laced(&mut self, filter: Filter, head: &Head, end: u64) -> Result<Vec<Part>, Refusal> {
        let mut parts = Vec::new();
        let sizes = lacing(self.window, head, end)?;
        let frames = sizes.iter().sum::<u64>();
        let mut at = end
            .checked_sub(frames)
            .filter(|&at| at > head.data)
            .ok_or(Refusal::Damaged)?;
        parts.push(Part::Copied(head.data..at));
        for size in sizes {
            let frame = at..at + size;
            at += size;
            match filter.packet(self.window, frame.clone(), self.job)? {
                None => parts.push(Part::Copied(frame)),
                Some(changed) if changed.iter().map(Part::len).sum::<u64>() == size => {
                    parts.extend(changed);
                }
                Some(_) => return Err(Refusal::Unsupported("Matroska with pictures in laces")),
            }
        }
        Ok(parts)
    }

    /// A packet whose first octets the file leaves away.
    fn prefixed(&mut self, track: &Track, range: Range<u64>) -> Result<Vec<Part>, Refusal> {
        let len = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        if len > MAX_PREFIXED {
            return Err(Refusal::TooLarge);
        }
        let mut packet = Zeroizing::new(track.prefix.clone());
        self.window
            .each(range.clone(), |piece| packet.extend_from_slice(piece))?;
        let before = track.prefix.len() as u64;
        let mut window = Window::new(Source::memory(&packet));
        let parts = track
            .filter
            .packet(&mut window, 0..packet.len() as u64, self.job)?;
        let parts = parts.unwrap_or_else(|| vec![Part::Copied(0..packet.len() as u64)]);
        let mut out = Vec::new();
        for part in parts {
            let Part::Copied(copied) = part else {
                out.push(part);
                continue;
            };
            let (from, to) = (copied.start.min(before), copied.end.min(before));
            let front = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            let front = front
                .and_then(|(from, to)| track.prefix.get(from..to))
                .unwrap_or_default();
            if !front.is_empty() {
                out.push(Part::Made(front.to_vec()));
            }
            let place = |at: u64| range.start + at.max(before) - before;
            out.push(Part::Copied(place(copied.start)..place(copied.end)));
        }
        Ok(out)
    }

    fn simple_block(
        &mut self,
        block: &Element,
        time: u64,
        open: &mut Option<Open>,
    ) -> Result<(), Refusal> {
        let Some(head) = self.head(&block.body)? else {
            return Ok(());
        };
        let parts = self.frames(&head, block.body.end)?;
        let len: u64 = parts.iter().map(Part::len).sum();
        if len == 0 {
            return Ok(());
        }
        self.begin(time, open)?;
        if head.flags & 0x80 != 0 {
            self.cue(&head, open)?;
        }
        let head = block_head(0xA3, &head, head.flags & 0x8F, len);
        self.put_head(&head, block.start, &parts)?;
        self.put_parts(parts);
        Ok(())
    }

    /// Writes a block's head; where the source has the same octets in front of the same frames, they are copied, so
    /// that the plan of a long video stays small.
    fn put_head(&mut self, head: &[u8], at: u64, parts: &[Part]) -> Result<(), Refusal> {
        let end = at + head.len() as u64;
        let same = self.window.peek(at, head.len())? == head;
        match parts.first() {
            Some(Part::Copied(range)) if same && range.start == end => self.plan.copy(at..end),
            _ => self.plan.put(head),
        }
        Ok(())
    }

    fn put_parts(&mut self, parts: Vec<Part>) {
        for part in parts {
            match part {
                Part::Made(bytes) => self.plan.put(&bytes),
                Part::Copied(range) => self.plan.copy(range),
                Part::Zeros(len) => self.plan.zeros(len),
            }
        }
    }

    /// A block with its duration and the blocks that it refers to.
    fn group(
        &mut self,
        group: &Element,
        time: u64,
        open: &mut Option<Open>,
    ) -> Result<(), Refusal> {
        let all = children(self.window, &group.body)?;
        if all.iter().any(|child| child.id == 0xAF) {
            return Err(Refusal::Encrypted);
        }
        let Some(block) = all.iter().find(|child| child.id == 0xA1) else {
            return Ok(());
        };
        let Some(head) = self.head(&block.body)? else {
            return Ok(());
        };
        let parts = self.frames(&head, block.body.end)?;
        let len: u64 = parts.iter().map(Part::len).sum();
        if len == 0 {
            return Ok(());
        }
        self.begin(time, open)?;
        if !all.iter().any(|child| child.id == 0xFB) {
            self.cue(&head, open)?;
        }
        let (alpha, layer) = self.alpha(&head, &all)?;
        let mut back = Vec::new();
        for child in &all {
            let octets = child.body.end - child.body.start;
            match child.id {
                0x9B => put_uint(&mut back, 0x9B, self.number(child)?),
                // Signed numbers: the octets count.
                0xFB | 0x75A2 if octets <= 8 => {
                    let octets = self
                        .window
                        .peek(child.body.start, usize::try_from(octets).unwrap_or(0))?;
                    put(&mut back, child.id, signed(octets));
                }
                _ => {}
            }
        }
        let front = block_head(0xA1, &head, head.flags & 0x0F, len);
        let layer_len = layer.as_ref().map_or(0, |range| range.end - range.start);
        let body = front.len() as u64 + len + alpha.len() as u64 + layer_len + back.len() as u64;
        let mut outer = Vec::new();
        put_id(&mut outer, 0xA0);
        put_number(&mut outer, body);
        self.plan.put(&outer);
        self.plan.put(&front);
        self.put_parts(parts);
        self.plan.put(&alpha);
        if let Some(layer) = layer {
            self.plan.copy(layer);
        }
        self.plan.put(&back);
        Ok(())
    }

    /// The layer of a picture that says what is see-through: what stands before it, and where it is.
    fn alpha(
        &mut self,
        head: &Head,
        group: &[Element],
    ) -> Result<(Vec<u8>, Option<Range<u64>>), Refusal> {
        let none = (Vec::new(), None);
        if !self
            .tracks
            .get(head.track)
            .is_some_and(|track| track.has_alpha)
        {
            return Ok(none);
        }
        let Some(additions) = group.iter().find(|child| child.id == 0x75A1) else {
            return Ok(none);
        };
        for more in children(self.window, &additions.body)? {
            if more.id != 0xA6 {
                continue;
            }
            let (mut id, mut data) = (1, None);
            for child in children(self.window, &more.body)? {
                match child.id {
                    0xEE => id = self.number(&child)?,
                    0xA5 => data = Some(child.body),
                    _ => {}
                }
            }
            if let Some(data) = data.filter(|_| id == 1) {
                let len = data.end - data.start;
                let (mut inner, mut middle, mut outer) = (Vec::new(), Vec::new(), Vec::new());
                put_uint(&mut inner, 0xEE, 1);
                put_id(&mut inner, 0xA5);
                put_number(&mut inner, len);
                put_id(&mut middle, 0xA6);
                put_number(&mut middle, inner.len() as u64 + len);
                put_id(&mut outer, 0x75A1);
                put_number(&mut outer, (middle.len() + inner.len()) as u64 + len);
                outer.extend(middle);
                outer.extend(inner);
                return Ok((outer, Some(data)));
            }
        }
        Ok(none)
    }

    /// The first whole picture of a cluster goes into the index; in a file of sound, its first block.
    fn cue(&mut self, head: &Head, open: &mut Option<Open>) -> Result<(), Refusal> {
        let first = self.tracks.iter().position(|t| t.is_video).unwrap_or(0);
        let Some(open) = open
            .as_mut()
            .filter(|open| !open.has_cue && head.track == first)
        else {
            return Ok(());
        };
        open.has_cue = true;
        let offset = i64::from(i16::from_be_bytes(head.time));
        let time = open
            .time
            .checked_add_signed(offset)
            .ok_or(Refusal::Damaged)?;
        let (mut place, mut point) = (Vec::new(), Vec::new());
        put_uint(&mut place, 0xF7, head.track as u64 + 1);
        put_uint(&mut place, 0xF1, open.body - 12 - self.base);
        put_uint(&mut point, 0xB3, time);
        put(&mut point, 0xB7, &place);
        put(&mut self.cues, 0xBB, &point);
        Ok(())
    }
}

/// The sizes of a block's frames (RFC 9559, section 10.3).
fn lacing(window: &mut Window<'_>, head: &Head, end: u64) -> Result<Vec<u64>, Refusal> {
    let len = usize::try_from(end - head.data).unwrap_or(usize::MAX);
    let octets = window.peek(head.data, len)?;
    let (&count, mut rest) = octets.split_first().ok_or(Refusal::Damaged)?;
    let mut sizes = Vec::new();
    let mut left = end - head.data - 1;
    if head.flags & 6 == 4 {
        let frames = u64::from(count) + 1;
        return if left.is_multiple_of(frames) {
            Ok(vec![left / frames; usize::from(count) + 1])
        } else {
            Err(Refusal::Damaged)
        };
    }
    for frame in 0..count {
        let size = if head.flags & 6 == 2 {
            let used = rest.iter().position(|&b| b < 255).ok_or(Refusal::Damaged)? + 1;
            let (now, later) = rest.split_at_checked(used).ok_or(Refusal::Damaged)?;
            rest = later;
            left = left.checked_sub(used as u64).ok_or(Refusal::Damaged)?;
            now.iter().map(|&b| u64::from(b)).sum()
        } else {
            let (value, used) = ebml::number(rest).ok_or(Refusal::Damaged)?;
            rest = rest.get(used..).unwrap_or_default();
            left = left.checked_sub(used as u64).ok_or(Refusal::Damaged)?;
            // Behind the first one stand differences, around the middle of what their octets can say.
            let middle = (1_u64 << (7 * used - 1)) - 1;
            match sizes.last().filter(|_| frame > 0) {
                Some(&last) => u64::checked_add(last, value).and_then(|s| s.checked_sub(middle)),
                None => Some(value),
            }
            .ok_or(Refusal::Damaged)?
        };
        sizes.push(size);
    }
    let sum = sizes
        .iter()
        .try_fold(0_u64, |sum, &size| sum.checked_add(size));
    sizes.push(
        sum.and_then(|sum| left.checked_sub(sum))
            .ok_or(Refusal::Damaged)?,
    );
    Ok(sizes)
}

/// A signed number in as few octets as it needs.
fn signed(mut octets: &[u8]) -> &[u8] {
    while let [0 | 0xFF, rest @ ..] = octets {
        let fill = octets.first().copied().unwrap_or(0);
        if rest.first().is_none_or(|next| next & 0x80 != fill & 0x80) {
            break;
        }
        octets = rest;
    }
    octets
}

fn block_head(id: u32, head: &Head, flags: u8, len: u64) -> Vec<u8> {
    let mut front = Vec::new();
    put_number(&mut front, head.track as u64 + 1);
    front.extend(head.time);
    front.push(flags);
    let mut out = Vec::new();
    put_id(&mut out, id);
    put_number(&mut out, front.len() as u64 + len);
    out.extend(front);
    out
}

/// Whether an element is one of a segment's, so that a cluster of unknown length ends before it.
pub(super) fn is_of_segment(id: u32) -> bool {
    matches!(
        id,
        0x1F43_B675
            | 0x1C53_BB6B
            | 0x1254_C367
            | 0x1941_A469
            | 0x1043_A770
            | 0x114D_9B74
            | 0x1549_A966
            | 0x1654_AE6B
            | 0x1853_8067
            | 0x1A45_DFA3
    )
}
