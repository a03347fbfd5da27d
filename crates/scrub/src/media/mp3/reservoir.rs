//! Which octets of layer III frames no decoder reads: encoders write their names there.
//!
//! The main data of a frame may begin up to 511 octets before its own payload, in what earlier frames left over (the
//! bit reservoir, ISO/IEC 11172-3 2.4.2.7). What lies between the end of one frame's main data and the begin of the
//! next one's is ancillary.

use std::collections::VecDeque;
use std::ops::Range;

use super::header::{Header, Version};

/// Follows the main data through the payloads of the frames.
#[derive(Default)]
pub(super) struct Reservoir {
    payloads: VecDeque<Payload>,
    /// Octets of payload so far.
    end: i64,
    /// The bit behind the last frame's main data.
    used: i64,
}

struct Payload {
    /// Its first octet's place among all payloads, and in the file.
    at: i64,
    file: u64,
    len: i64,
}

impl Reservoir {
    /// Takes in a frame whose side information is `side` and whose payload stands at `payload`. Gives the ranges of
    /// the file that turn out to be ancillary.
    pub(super) fn frame(
        &mut self,
        header: &Header,
        side: &[u8],
        payload: Range<u64>,
    ) -> Vec<Range<u64>> {
        let (begin, bits) = main_data(header, side);
        let start = self.end - begin;
        let len = i64::try_from(payload.end - payload.start).unwrap_or(0);
        self.payloads.push_back(Payload {
            at: self.end,
            file: payload.start,
            len,
        });
        self.end += len;
        let ancillary = self.ancillary(start);
        self.used = self.used.max(start * 8 + bits);
        let first = self.used / 8;
        while self.payloads.front().is_some_and(|p| p.at + p.len <= first) {
            self.payloads.pop_front();
        }
        ancillary
    }

    /// Ends the stream: what the last frame's main data leaves over is ancillary.
    pub(super) fn finish(&mut self) -> Vec<Range<u64>> {
        self.ancillary(self.end)
    }

    /// Whole octets between the main data so far and `start`, as ranges of the file.
    fn ancillary(&self, start: i64) -> Vec<Range<u64>> {
        let from = (self.used + 7) / 8;
        let each = self.payloads.iter().filter_map(|payload| {
            let a = from.max(payload.at) - payload.at;
            let b = start.min(payload.at + payload.len) - payload.at;
            let (a, b) = (u64::try_from(a).ok()?, u64::try_from(b).ok()?);
            (a < b).then(|| payload.file + a..payload.file + b)
        });
        each.collect()
    }
}

/// Octets before the payload at which the main data begins, and how many bits it has.
fn main_data(header: &Header, side: &[u8]) -> (i64, i64) {
    let channels = if header.is_mono { 1 } else { 2 };
    let is_1 = header.version == Version::Mpeg1;
    let (begin_bits, private, scfsi, granules, each) = match (is_1, header.is_mono) {
        (true, true) => (9, 5, 4, 2, 59),
        (true, false) => (9, 3, 8, 2, 59),
        (false, true) => (8, 1, 0, 1, 63),
        (false, false) => (8, 2, 0, 1, 63),
    };
    let begin = bits(side, 0, begin_bits);
    let first = begin_bits + private + scfsi;
    let parts = (0..granules * channels).map(|n| bits(side, first + n * each, 12));
    (begin, parts.sum())
}

fn bits(octets: &[u8], at: usize, count: usize) -> i64 {
    (at..at + count).fold(0, |value, at| {
        let octet = octets.get(at / 8).copied().unwrap_or(0);
        value << 1 | i64::from(octet >> (7 - at % 8) & 1)
    })
}
