//! The rows of a picture: packed octets that stay as they are, up to the end of their stream.
//!
//! They are unpacked through a small window only to find that end. What stands behind it, in the same chunk or in
//! further ones, no reader looks at: cropped screenshots were known to hold the old picture there.

use std::ops::Range;

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use zeroize::Zeroizing;

use super::chunks::Chunk;
use crate::Refusal;
use crate::plan::Plan;
use crate::source::Source;

/// Octets of the window that is unpacked through; deflate looks back half as far.
const WINDOW: usize = 64 << 10;
/// The longest chunk that is written.
const MAX_LEN: u64 = (1 << 31) - 1;

/// A stream of packed rows over one or more chunks.
pub(super) struct Rows<'a, 'f> {
    file: &'f Source<'a>,
    /// The sequence number of a further frame.
    number: Option<u32>,
    inflater: Box<DecompressorOxide>,
    window: Zeroizing<Vec<u8>>,
    at: usize,
    /// Octets of rows that are still to come.
    left: u64,
    is_done: bool,
    kept: Vec<Range<u64>>,
    sum: crc32fast::Hasher,
    len: u64,
}

impl<'a, 'f> Rows<'a, 'f> {
    /// Rows that unpack to `octets` octets.
    pub(super) fn new(file: &'f Source<'a>, number: Option<u32>, octets: u64) -> Self {
        let mut sum = crc32fast::Hasher::new();
        match number {
            Some(number) => {
                sum.update(b"fdAT");
                sum.update(&number.to_be_bytes());
            }
            None => sum.update(b"IDAT"),
        }
        Self {
            file,
            number,
            inflater: Box::default(),
            window: Zeroizing::new(vec![0; WINDOW]),
            at: 0,
            left: octets,
            is_done: false,
            kept: Vec::new(),
            sum,
            len: if number.is_some() { 4 } else { 0 },
        }
    }

    /// Takes what the next chunk holds.
    pub(super) fn take(&mut self, chunk: &Chunk) -> Result<(), Refusal> {
        let begin = chunk.at + if self.number.is_some() { 4 } else { 0 };
        let end = chunk.at + chunk.len;
        if begin > end {
            return Err(Refusal::Damaged);
        }
        let mut cursor = self.file.part(0..end)?.cursor(begin);
        while !self.is_done {
            let octets = cursor.window()?;
            if octets.is_empty() {
                break;
            }
            let used = self.inflate(octets)?;
            self.sum.update(octets.get(..used).ok_or(Refusal::Damaged)?);
            cursor.skip(used as u64)?;
        }
        let stop = cursor.position();
        if stop > begin {
            self.len += stop - begin;
            self.kept.push(begin..stop);
        }
        Ok(())
    }

    /// Unpacks as much of `octets` as belongs to the stream. Returns how much that was.
    fn inflate(&mut self, octets: &[u8]) -> Result<usize, Refusal> {
        let mut used = 0;
        loop {
            let rest = octets.get(used..).unwrap_or_default();
            let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_HAS_MORE_INPUT;
            let (status, taken, made) =
                decompress(&mut self.inflater, rest, &mut self.window, self.at, flags);
            used += taken;
            // More than the rows: octets that no reader shows, within the stream.
            self.left = self
                .left
                .checked_sub(made as u64)
                .ok_or(Refusal::Unsupported("octets behind the last row of a PNG"))?;
            self.at = (self.at + made) % WINDOW;
            match status {
                TINFLStatus::Done => {
                    self.is_done = true;
                    return Ok(used);
                }
                TINFLStatus::NeedsMoreInput => return Ok(used),
                TINFLStatus::HasMoreOutput if taken > 0 || made > 0 => {}
                _ => return Err(Refusal::Damaged),
            }
        }
    }

    /// Writes the rows as one chunk.
    pub(super) fn write(self, plan: &mut Plan) -> Result<(), Refusal> {
        if !self.is_done || self.left > 0 {
            return Err(Refusal::Damaged);
        }
        if self.len > MAX_LEN {
            return Err(Refusal::TooLarge);
        }
        plan.put(&u32::try_from(self.len).unwrap_or(0).to_be_bytes());
        match self.number {
            Some(number) => {
                plan.put(b"fdAT");
                plan.put(&number.to_be_bytes());
            }
            None => plan.put(b"IDAT"),
        }
        for range in self.kept {
            plan.copy(range);
        }
        plan.put(&self.sum.finalize().to_be_bytes());
        Ok(())
    }
}
