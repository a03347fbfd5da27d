//! Chunks: a length, a name, the content and a check sum.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::Refusal;
use crate::plan::Plan;
use crate::source::Source;

/// A chunk, where it stands.
pub(super) struct Chunk {
    pub(super) name: [u8; 4],
    /// Where its content begins.
    pub(super) at: u64,
    pub(super) len: u64,
}

impl Chunk {
    pub(super) fn range(&self) -> Range<u64> {
        self.at..self.at + self.len
    }

    /// With its length, name and check sum.
    pub(super) fn whole(&self) -> Range<u64> {
        self.at - 8..self.at + self.len + 4
    }

    /// Only its length and name.
    pub(super) fn front(&self) -> Range<u64> {
        self.at - 8..self.at
    }

    pub(super) fn read(
        &self,
        file: &Source<'_>,
        most: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        file.read(self.range(), most)
    }
}

/// The chunks of a file, one after another.
pub(super) struct Chunks<'a, 'f> {
    file: &'f Source<'a>,
    /// Where the next chunk begins.
    pub(super) at: u64,
    count: u32,
}

/// More chunks than this no encoder makes.
const MAX_CHUNKS: u32 = 1 << 18;

impl<'a, 'f> Chunks<'a, 'f> {
    pub(super) fn new(file: &'f Source<'a>, at: u64) -> Self {
        Self { file, at, count: 0 }
    }

    /// The next chunk; nothing at the end of the file, even when the end chunk is missing.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, Refusal> {
        if self.at >= self.file.len() {
            return Ok(None);
        }
        self.count += 1;
        if self.count > MAX_CHUNKS {
            return Err(Refusal::Damaged);
        }
        let [l1, l2, l3, l4, name @ ..] = self.file.array::<8>(self.at)?;
        let len = u64::from(u32::from_be_bytes([l1, l2, l3, l4]));
        let at = self.at + 8;
        self.at = at + len + 4;
        if self.at > self.file.len() || !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Refusal::Damaged);
        }
        Ok(Some(Chunk { name, at, len }))
    }
}

/// Writes a chunk.
pub(super) fn put(plan: &mut Plan, name: &[u8; 4], content: &[u8]) {
    let len = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut sum = crc32fast::Hasher::new();
    sum.update(name);
    sum.update(content);
    plan.put(&len.to_be_bytes());
    plan.put(name);
    plan.put(content);
    plan.put(&sum.finalize().to_be_bytes());
}
