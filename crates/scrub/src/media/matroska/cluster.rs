//! Clusters and the blocks in them.

use std::ops::Range;

use super::ebml::{self, Element, put, put_id, put_number, put_uint, uint};
use super::tracks::{Track, children};
use crate::Refusal;
use crate::job::Job;
use crate::media::packet::Part;
use crate::media::window::Window;
use crate::plan::{Gap, Plan};

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
            if element.is_open && is_of_segment(child.id) {
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
        let rest = octets.get(used..used + 3).and_then(|rest| rest.first_chunk::<3>());
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
        if head.flags & 6 != 0 {
            // Sizes of frames stand before them: a frame cannot change its length. Sound is laced, pictures are not.
            if track.is_video && track.filter != crate::media::packet::Filter::None {
                return Err(Refusal::Unsupported("Matroska with several pictures in a block"));
            }
            return Ok(vec![Part::Copied(whole)]);
        }
        let changed = track.filter.packet(self.window, whole.clone(), self.job)?;
        Ok(changed.unwrap_or_else(|| vec![Part::Copied(whole)]))
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
    fn group(&mut self, group: &Element, time: u64, open: &mut Option<Open>) -> Result<(), Refusal> {
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
                    let octets = self.window.peek(child.body.start, usize::try_from(octets).unwrap_or(0))?;
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
        if !self.tracks.get(head.track).is_some_and(|track| track.has_alpha) {
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
        let Some(open) = open.as_mut().filter(|open| !open.has_cue && head.track == first) else {
            return Ok(());
        };
        open.has_cue = true;
        let offset = i64::from(i16::from_be_bytes(head.time));
        let time = open.time.checked_add_signed(offset).ok_or(Refusal::Damaged)?;
        let (mut place, mut point) = (Vec::new(), Vec::new());
        put_uint(&mut place, 0xF7, head.track as u64 + 1);
        put_uint(&mut place, 0xF1, open.body - 12 - self.base);
        put_uint(&mut point, 0xB3, time);
        put(&mut point, 0xB7, &place);
        put(&mut self.cues, 0xBB, &point);
        Ok(())
    }
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
