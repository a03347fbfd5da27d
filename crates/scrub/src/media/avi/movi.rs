//! The chunks of picture and sound, and the indexes that say where they are.

use std::ops::Range;

use super::streams::Stream;
use super::{Chunk, short};
use crate::Refusal;
use crate::job::Job;
use crate::media::packet::Part;
use crate::media::window::Window;
use crate::plan::Plan;
use crate::report::{Remark, What};

/// Which chunks stand by themselves, as the source's indexes say.
pub(super) struct Keys {
    /// Places of such chunks, in order.
    places: Vec<u64>,
    /// Whether the source has an index at all.
    pub(super) is_known: bool,
}

/// Reads the source's indexes.
pub(super) fn keys(
    window: &mut Window<'_>,
    indexes: &[Range<u64>],
    segments: &[Range<u64>],
) -> Result<Keys, Refusal> {
    let mut places = Vec::new();
    let mut is_known = false;
    if let (Some(index), Some(first)) = (indexes.first(), segments.first()) {
        // Places count from the list's name, in some files from the file's front.
        let base = first.start - 4;
        let mut start = None;
        let mut at = index.start;
        while at + 16 <= index.end {
            let [_, _, _, _, flags, _, _, _, o0, o1, o2, o3, ..] = window.array::<16>(at)?;
            let offset = u64::from(u32::from_le_bytes([o0, o1, o2, o3]));
            let start = *start.get_or_insert(if offset >= base { 0 } else { base });
            if flags & 0x10 != 0 {
                places.push(start + offset);
            }
            is_known = true;
            at += 16;
        }
    }
    for segment in segments {
        let mut at = segment.start;
        while let Some(chunk) = Chunk::read(window, at, segment.end)? {
            at = chunk.next();
            if chunk.id.starts_with(b"ix") {
                is_known |= standard_index(window, &chunk, &mut places)?;
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    Ok(Keys { places, is_known })
}

/// An index of `OpenDML`: places of the chunks' bodies from a base, and lengths whose highest bit says that the chunk
/// needs others.
fn standard_index(
    window: &mut Window<'_>,
    chunk: &Chunk,
    places: &mut Vec<u64>,
) -> Result<bool, Refusal> {
    let head = window.peek(chunk.body.start, 24)?;
    let base = head.get(12..20).and_then(|base| base.first_chunk::<8>());
    let (Some(&base), Some([2, 0, 0, 1])) = (base, head.first_chunk()) else {
        return Ok(false);
    };
    let base = u64::from_le_bytes(base);
    let mut at = chunk.body.start + 24;
    while at + 8 <= chunk.body.end {
        let [o0, o1, o2, o3, _, _, _, size] = window.array(at)?;
        let offset = u64::from(u32::from_le_bytes([o0, o1, o2, o3]));
        if size & 0x80 == 0 {
            places.extend(
                base.checked_add(offset)
                    .and_then(|place| place.checked_sub(8)),
            );
        }
        at += 8;
    }
    Ok(true)
}

/// Octets of the list of a stream's indexes.
pub(super) fn super_index_len(segments: usize) -> usize {
    24 + 16 * segments
}

/// A chunk that was written.
struct Entry {
    stream: usize,
    id: [u8; 4],
    is_key: bool,
    /// From the name of the list that holds it.
    offset: u32,
    len: u32,
}

/// The chunks of one segment.
pub(super) struct Index {
    entries: Vec<Entry>,
    /// Where each stream's index stands, how long it is, and the time that it covers.
    standard: Vec<(u64, u32, u32)>,
}

/// Writes one run of chunks.
pub(super) struct Segment<'a, 'b> {
    pub(super) window: &'a mut Window<'b>,
    pub(super) plan: &'a mut Plan,
    pub(super) job: &'a mut Job,
    pub(super) streams: &'a [Stream],
    pub(super) keys: &'a Keys,
}

impl Segment<'_, '_> {
    /// Writes the list, and gives what is in it.
    pub(super) fn write(&mut self, range: Range<u64>, is_long: bool) -> Result<Index, Refusal> {
        self.plan.put(b"LIST");
        let size = self.plan.gap(4);
        let start = self.plan.len();
        self.plan.put(b"movi");
        let mut index = Index {
            entries: Vec::new(),
            standard: Vec::new(),
        };
        self.chunks(range, start, &mut index)?;
        if is_long {
            for stream in 0..self.streams.len() {
                self.standard_index(stream, start, &mut index)?;
            }
        }
        self.plan.fill(&size, &short(self.plan.len() - start)?);
        Ok(index)
    }

    /// Writes the chunks of a list. Lists of chunks that belong together are laid open.
    fn chunks(&mut self, range: Range<u64>, start: u64, index: &mut Index) -> Result<(), Refusal> {
        let mut at = range.start;
        while let Some(found) = Chunk::read(self.window, at, range.end)? {
            at = found.next();
            if &found.id == b"LIST" && self.window.peek(found.body.start, 4)? == b"rec " {
                at = found.body.start + 4;
                continue;
            }
            let [tens, ones, kind @ ..] = found.id;
            let number = match (tens, ones) {
                (b'0'..=b'9', b'0'..=b'9') => {
                    usize::from(tens - b'0') * 10 + usize::from(ones - b'0')
                }
                (b'i', b'x') => {
                    self.plan.rewritten(found.body.clone());
                    continue;
                }
                _ => {
                    self.stray(&found)?;
                    continue;
                }
            };
            let place = self
                .streams
                .iter()
                .position(|stream| stream.number == number);
            let is_data = matches!(&kind, b"dc" | b"db" | b"wb" | b"pc");
            match place {
                Some(place) if is_data && !found.is_cut => {
                    self.chunk(&found, place, start, index)?;
                }
                Some(_) if found.is_cut => {}
                None if &kind != b"wb" => self.job.remark(Remark::TracksLost),
                _ => self.stray(&found)?,
            }
        }
        Ok(())
    }

    fn stray(&mut self, found: &Chunk) -> Result<(), Refusal> {
        let len = usize::try_from(found.body.end - found.body.start).unwrap_or(usize::MAX);
        let front = self.window.peek(found.body.start, len.min(4096))?;
        if &found.id != b"JUNK" || front.iter().any(|&b| b != 0) {
            self.job
                .found_octets(What::Unknown, "chunk between the frames", front);
        }
        Ok(())
    }

    /// One chunk of picture or sound.
    fn chunk(
        &mut self,
        found: &Chunk,
        place: usize,
        start: u64,
        index: &mut Index,
    ) -> Result<(), Refusal> {
        let Some(stream) = self.streams.get(place) else {
            return Ok(());
        };
        let [_, _, kind @ ..] = found.id;
        let is_palette = &kind == b"pc";
        let parts = if is_palette {
            None
        } else {
            stream
                .filter
                .packet(self.window, found.body.clone(), self.job)?
        };
        let parts = parts.unwrap_or_else(|| vec![Part::Copied(found.body.clone())]);
        let len: u64 = parts.iter().map(Part::len).sum();
        let tens = u8::try_from(place / 10).unwrap_or(0) + b'0';
        let ones = u8::try_from(place % 10).unwrap_or(0) + b'0';
        let [first, second] = kind;
        let id = [tens, ones, first, second];
        index.entries.push(Entry {
            stream: place,
            id,
            // Where nobody says which pictures need others, players may try them all.
            is_key: !self.keys.is_known || self.keys.places.binary_search(&found.start).is_ok(),
            offset: u32::try_from(self.plan.len() - start).map_err(|_| Refusal::TooLarge)?,
            len: u32::try_from(len).map_err(|_| Refusal::TooLarge)?,
        });
        let mut head = id.to_vec();
        head.extend(short(len)?);
        // Where the source has the same octets in the same place they are copied, so that the plan stays small.
        let copied = matches!(parts.as_slice(), [Part::Copied(range)] if *range == found.body);
        if copied && self.window.peek(found.start, 8)? == head {
            self.plan.copy(found.start..found.body.start);
        } else {
            self.plan.put(&head);
        }
        for part in parts {
            match part {
                Part::Made(bytes) => self.plan.put(&bytes),
                Part::Copied(range) => self.plan.copy(range),
                Part::Zeros(len) => self.plan.zeros(len),
            }
        }
        if len % 2 == 1 {
            if copied && self.window.peek(found.body.end, 1)? == [0] {
                self.plan.copy(found.body.end..found.body.end + 1);
            } else {
                self.plan.zeros(1);
            }
        }
        Ok(())
    }

    /// The index of one stream's chunks in this list.
    fn standard_index(
        &mut self,
        stream: usize,
        start: u64,
        index: &mut Index,
    ) -> Result<(), Refusal> {
        let own = index.entries.iter().filter(|entry| entry.stream == stream);
        let count = u32::try_from(own.clone().count()).map_err(|_| Refusal::TooLarge)?;
        let place = self.plan.len();
        let [tens, ones] = [stream / 10, stream % 10].map(|n| u8::try_from(n).unwrap_or(0) + b'0');
        let kind = own.clone().next().map_or([b'd', b'c'], |entry| {
            let [_, _, kind @ ..] = entry.id;
            kind
        });
        let mut chunk = vec![b'i', b'x', tens, ones];
        chunk.extend((24 + 8 * count).to_le_bytes());
        chunk.extend([2, 0, 0, 1]);
        chunk.extend(count.to_le_bytes());
        chunk.extend([tens, ones]);
        chunk.extend(kind);
        chunk.extend(start.to_le_bytes());
        chunk.extend([0; 4]);
        let sample = self.streams.get(stream).map_or(0, |stream| stream.sample);
        let mut time = 0_u64;
        for entry in own {
            chunk.extend((entry.offset + 8).to_le_bytes());
            let flag = if entry.is_key { 0 } else { 0x8000_0000 };
            chunk.extend((entry.len & 0x7FFF_FFFF | flag).to_le_bytes());
            time += entry.len.checked_div(sample).map_or(1, u64::from);
        }
        let len = u32::try_from(chunk.len()).map_err(|_| Refusal::TooLarge)?;
        self.plan.put(&chunk);
        index
            .standard
            .push((place, len, u32::try_from(time).unwrap_or(u32::MAX)));
        Ok(())
    }
}

impl Index {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes `idx1` over the first segment.
    pub(super) fn put_idx1(&self, plan: &mut Plan) -> Result<(), Refusal> {
        plan.put(b"idx1");
        plan.put(&short(self.entries.len() as u64 * 16)?);
        for entry in &self.entries {
            plan.put(&entry.id);
            plan.put(&[if entry.is_key { 0x10 } else { 0 }, 0, 0, 0]);
            plan.put(&entry.offset.to_le_bytes());
            plan.put(&entry.len.to_le_bytes());
        }
        Ok(())
    }

    /// The list of a stream's indexes over all segments.
    pub(super) fn all(segments: &[Self], stream: usize) -> Vec<u8> {
        let id = segments.iter().flat_map(|segment| &segment.entries);
        let id = id
            .filter(|entry| entry.stream == stream)
            .map(|entry| entry.id)
            .next();
        let mut out = vec![4, 0, 0, 0];
        out.extend(u32::try_from(segments.len()).unwrap_or(0).to_le_bytes());
        out.extend(id.unwrap_or_default());
        out.extend([0; 12]);
        for segment in segments {
            let (place, len, time) = segment.standard.get(stream).copied().unwrap_or_default();
            out.extend(place.to_le_bytes());
            out.extend(len.to_le_bytes());
            out.extend(time.to_le_bytes());
        }
        out
    }
}
