//! What the clean file is made of: octets that a scrubber made, and ranges that stay where they are in the source.
//!
//! A plan of a two-gigabyte video is small; the video's octets go from the source straight into what reads the clean
//! file, and no clean or dirty copy touches the disk.

use std::io;
use std::ops::Range;

use hamsa_core::ReadAt;
use zeroize::Zeroizing;

use crate::Refusal;

/// The clean file, not yet written down. Built front to back.
#[derive(Default)]
pub(crate) struct Plan {
    made: Zeroizing<Vec<u8>>,
    pieces: Vec<Piece>,
    len: u64,
    rewritten: Vec<Range<u64>>,
}

/// A run of the clean file's octets.
#[derive(Clone, Copy)]
struct Piece {
    /// Where the run begins in the clean file.
    at: u64,
    len: u64,
    from: From,
}

#[derive(Clone, Copy)]
enum From {
    Made(usize),
    Source(u64),
    Zeros,
}

/// Octets of a plan that are filled in later.
#[must_use]
pub(crate) struct Gap {
    at: usize,
    len: usize,
}

impl Plan {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A clean file that was made in memory.
    pub(crate) fn made(bytes: Zeroizing<Vec<u8>>) -> Self {
        let len = bytes.len() as u64;
        Self {
            pieces: vec![Piece {
                at: 0,
                len,
                from: From::Made(0),
            }],
            made: bytes,
            len,
            rewritten: Vec::new(),
        }
    }

    /// Octets so far.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// All octets that the scrubber made.
    pub(crate) fn octets_made(&self) -> &[u8] {
        &self.made
    }

    /// Adds octets that the scrubber made.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let start = self.made.len();
        append(&mut self.made, bytes);
        self.push(bytes.len() as u64, From::Made(start));
    }

    /// Adds `len` zeros, to be filled in by [`Plan::fill`].
    pub(crate) fn gap(&mut self, len: usize) -> Gap {
        let at = self.made.len();
        self.put(&vec![0; len]);
        Gap { at, len }
    }

    /// Fills a gap. `bytes` has the gap's length; of a longer one the front is taken.
    pub(crate) fn fill(&mut self, gap: &Gap, bytes: &[u8]) {
        debug_assert_eq!(gap.len, bytes.len(), "a gap is filled exactly");
        let slots = self.made.get_mut(gap.at..).unwrap_or_default();
        for (slot, byte) in slots.iter_mut().zip(bytes).take(gap.len) {
            *slot = *byte;
        }
    }

    /// Adds zeros that take no memory.
    pub(crate) fn zeros(&mut self, len: u64) {
        self.push(len, From::Zeros);
    }

    /// Adds octets of the source as they are.
    pub(crate) fn copy(&mut self, range: Range<u64>) {
        let len = range.end.saturating_sub(range.start);
        self.push(len, From::Source(range.start));
    }

    /// Adds all of another plan over the same source.
    pub(crate) fn append(&mut self, other: Self) {
        let start = self.made.len();
        append(&mut self.made, &other.made);
        for piece in other.pieces {
            let from = match piece.from {
                From::Made(at) => From::Made(start + at),
                other => other,
            };
            self.push(piece.len, from);
        }
        self.rewritten.extend(other.rewritten);
    }

    /// Says that the content of `range` of the source is in the clean file in another spelling, so that it is not
    /// among what was dropped when the leak check looks for dropped octets in the output.
    ///
    /// Only for numbers and tables that the content needs (palettes, sample tables, curves), never for text.
    pub(crate) fn rewritten(&mut self, range: Range<u64>) {
        self.rewritten.push(range);
    }

    fn push(&mut self, len: u64, from: From) {
        if len == 0 {
            return;
        }
        let at = self.len;
        self.len += len;
        if let Some(last) = self.pieces.last_mut() {
            let follows = match (last.from, from) {
                (From::Made(a), From::Made(b)) => a as u64 + last.len == b as u64,
                (From::Source(a), From::Source(b)) => a.checked_add(last.len) == Some(b),
                (From::Zeros, From::Zeros) => true,
                _ => false,
            };
            if follows {
                last.len += len;
                return;
            }
        }
        self.pieces.push(Piece { at, len, from });
    }

    /// The ranges of a source of `len` octets that are neither copied nor rewritten, in order.
    pub(crate) fn dropped(&self, len: u64) -> Vec<Range<u64>> {
        let copied = self.pieces.iter().filter_map(|piece| match piece.from {
            From::Source(start) => Some(start..start.saturating_add(piece.len)),
            From::Made(_) | From::Zeros => None,
        });
        let mut kept: Vec<Range<u64>> = copied.chain(self.rewritten.iter().cloned()).collect();
        kept.sort_unstable_by_key(|range| range.start);
        let mut dropped = Vec::new();
        let mut at = 0;
        for range in kept {
            if range.start > at {
                dropped.push(at..range.start.min(len));
            }
            at = at.max(range.end);
        }
        if at < len {
            dropped.push(at..len);
        }
        dropped
    }

    /// The clean file, to be read at any position.
    pub(crate) fn over<'a, S: ReadAt + ?Sized>(&'a self, source: &'a S) -> Output<'a, S> {
        Output { plan: self, source }
    }

    /// The clean file in memory.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] above `most` octets; [`Refusal::Io`].
    pub(crate) fn to_vec(
        &self,
        source: &(impl ReadAt + ?Sized),
        most: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let len = usize::try_from(self.len)
            .ok()
            .filter(|&len| len <= most)
            .ok_or(Refusal::TooLarge)?;
        let mut bytes = Zeroizing::new(vec![0; len]);
        self.over(source)
            .read_exact_at(&mut bytes, 0)
            .map_err(Refusal::Io)?;
        Ok(bytes)
    }
}

#[cfg(test)]
impl Plan {
    /// How many pieces it has.
    pub(crate) fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Where the piece of that number begins in the clean file.
    pub(crate) fn begin_of(&self, number: usize) -> usize {
        let piece = self.pieces.get(number);
        piece.map_or(0, |piece| usize::try_from(piece.at).unwrap_or(0))
    }

    /// The plan of a scrubber that has a fault: `extra` stands before the piece of that number, or at the end.
    pub(crate) fn with_fault(&self, before: usize, extra: &[u8]) -> Self {
        let mut broken = Self::new();
        broken.rewritten.clone_from(&self.rewritten);
        for (number, piece) in self.pieces.iter().enumerate() {
            if number == before {
                broken.put(extra);
            }
            match piece.from {
                From::Source(start) => broken.copy(start..start + piece.len),
                From::Zeros => broken.zeros(piece.len),
                From::Made(start) => {
                    let len = usize::try_from(piece.len).unwrap_or(0);
                    broken.put(self.made.get(start..start + len).unwrap_or_default());
                }
            }
        }
        if before >= self.pieces.len() {
            broken.put(extra);
        }
        broken
    }
}

/// Appends without leaving an unwiped copy behind when the buffer grows.
fn append(buffer: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    if buffer.capacity() - buffer.len() < bytes.len() {
        let room = (buffer.len() + bytes.len())
            .max(buffer.capacity() * 2)
            .max(256);
        let mut larger = Zeroizing::new(Vec::with_capacity(room));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(bytes);
}

/// A plan over its source: the clean file.
pub(crate) struct Output<'a, S: ?Sized> {
    plan: &'a Plan,
    source: &'a S,
}

impl<S: ReadAt + ?Sized> ReadAt for Output<'_, S> {
    fn read_exact_at(&self, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
        let pieces = &self.plan.pieces;
        let mut next = pieces.partition_point(|piece| piece.at + piece.len <= offset);
        while !buffer.is_empty() {
            let piece = pieces.get(next).ok_or(io::ErrorKind::UnexpectedEof)?;
            let into = offset - piece.at;
            let len = usize::try_from(piece.len - into)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let (now, later) = std::mem::take(&mut buffer)
                .split_at_mut_checked(len)
                .ok_or(io::ErrorKind::UnexpectedEof)?;
            match piece.from {
                From::Source(start) => self.source.read_exact_at(now, start + into)?,
                From::Made(start) => self.plan.made.read_exact_at(now, start as u64 + into)?,
                From::Zeros => now.fill(0),
            }
            buffer = later;
            offset += len as u64;
            next += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_plan_reads_as_its_pieces_in_order_from_any_position() {
        let source: &[u8] = b"0123456789";
        let mut plan = Plan::new();
        plan.put(b"<");
        let gap = plan.gap(2);
        plan.copy(2..4);
        plan.copy(4..5);
        plan.put(b">");
        plan.copy(9..10);
        plan.zeros(1);
        plan.zeros(2);
        plan.fill(&gap, b"ab");
        let whole = plan.to_vec(source, 100).unwrap();
        assert_eq!(whole.as_slice(), b"<ab234>9\0\0\0");
        for at in 0..11 {
            let mut rest = vec![0; 11 - at];
            plan.over(source)
                .read_exact_at(&mut rest, at as u64)
                .unwrap();
            assert_eq!(rest, whole.get(at..).unwrap());
        }
        assert!(plan.over(source).read_exact_at(&mut [0; 2], 10).is_err());
    }

    #[test]
    fn what_is_neither_copied_nor_rewritten_was_dropped() {
        let mut plan = Plan::new();
        plan.copy(5..7);
        plan.copy(2..3);
        plan.rewritten(3..4);
        assert_eq!(plan.dropped(10), [0..2, 4..5, 7..10]);
        assert_eq!(plan.dropped(7), [0..2, 4..5]);
    }
}
