//! AVI: headers with nothing but sizes and times, chunks of the streams that they declare, and indexes that lead to them.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "names of four octets come from the parser as references"
)]

use std::ops::Range;

use super::{Fault, Views};
use crate::source::Source;

/// What is known on the way through the file.
#[derive(Default)]
struct Walk {
    streams: Vec<Stream>,
    /// Place, name and length of each chunk of the first list, as the index has to tell them.
    first: Vec<(u32, [u8; 4], u32)>,
    /// How many lists were walked.
    lists: usize,
}

#[derive(Default)]
struct Stream {
    /// AVC or HEVC: the width of lengths, and which.
    units: Option<(u64, bool)>,
    /// Where the stream's indexes have to stand, and how long they are.
    indexes: Vec<(u64, u32)>,
}

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut walk = Walk::default();
    let mut at = 0;
    while at < file.len() {
        let (id, riff) = chunk(file, at, file.len())?;
        let form = file.array::<4>(riff.start)?;
        let is_first = at == 0;
        if &id != b"RIFF" || &form != if is_first { b"AVI " } else { b"AVIX" } {
            return Err(Fault("a list of the file"));
        }
        let mut next = riff.start + 4;
        if is_first {
            next = walk.headers(file, next, riff.end)?;
        }
        next = walk.movi(file, next, riff.end)?;
        if is_first && next < riff.end {
            next = walk.index(file, next, riff.end)?;
        }
        if next != riff.end {
            return Err(Fault("something behind the index"));
        }
        at = riff.end;
    }
    let is_long = walk.lists > 1;
    let right = |stream: &Stream| stream.indexes.len() == if is_long { walk.lists } else { 0 };
    if walk.streams.is_empty() || !walk.streams.iter().all(right) {
        return Err(Fault("the number of indexes"));
    }
    Ok(())
}

/// A chunk: its name, and where its body is.
fn chunk(file: &Source<'_>, at: u64, end: u64) -> Result<([u8; 4], Range<u64>), Fault> {
    let head = file.array::<8>(at)?;
    let (id, len) = head.split_at(4);
    let body = at + 8..at + 8 + u64::from(le32(len, 0));
    if body.end > end {
        return Err(Fault("a chunk's length"));
    }
    Ok((id.try_into().unwrap_or_default(), body))
}

/// Where the next chunk begins; what fills up an odd length is zero.
fn padded(file: &Source<'_>, body: &Range<u64>) -> Result<u64, Fault> {
    if (body.end - body.start).is_multiple_of(2) {
        return Ok(body.end);
    }
    match file.array(body.end)? {
        [0] => Ok(body.end + 1),
        _ => Err(Fault("padding")),
    }
}

fn le32(octets: &[u8], at: usize) -> u32 {
    let field = octets.get(at..).and_then(|rest| rest.first_chunk());
    field.map_or(0, |&field| u32::from_le_bytes(field))
}

fn zero(octets: &[u8], range: Range<usize>) -> bool {
    octets
        .get(range)
        .is_some_and(|part| part.iter().all(|&b| b == 0))
}

fn list(file: &Source<'_>, at: u64, end: u64, wanted: &[u8; 4]) -> Result<Range<u64>, Fault> {
    let (id, body) = chunk(file, at, end)?;
    if &id != b"LIST" || &file.array::<4>(body.start)? != wanted {
        return Err(Fault("the order of lists"));
    }
    Ok(body.start + 4..body.end)
}

impl Walk {
    fn headers(&mut self, file: &Source<'_>, at: u64, end: u64) -> Result<u64, Fault> {
        let all = list(file, at, end, b"hdrl")?;
        let (id, main) = chunk(file, all.start, all.end)?;
        let octets = file.read(main.clone(), 56)?;
        if &id != b"avih" || octets.len() != 56 {
            return Err(Fault("the main header"));
        }
        let flags = le32(&octets, 12);
        let spare = [4..12, 28..32, 40..56];
        if flags & !0x930 != 0 || spare.into_iter().any(|range| !zero(&octets, range)) {
            return Err(Fault("the main header"));
        }
        let mut at = main.end;
        while at < all.end {
            let stream = list(file, at, all.end, b"strl")?;
            self.streams.push(self::stream(file, &stream)?);
            at = stream.end;
        }
        if le32(&octets, 24) as usize != self.streams.len() {
            return Err(Fault("the number of streams"));
        }
        Ok(all.end)
    }

    fn movi(&mut self, file: &Source<'_>, at: u64, end: u64) -> Result<u64, Fault> {
        let all = list(file, at, end, b"movi")?;
        let base = all.start - 4;
        let mut at = all.start;
        while at < all.end {
            let (id, body) = chunk(file, at, all.end)?;
            let next = padded(file, &body)?;
            if id.starts_with(b"ix") {
                self.standard(file, at, &id, &body, base)?;
            } else {
                self.data(file, &id, &body)?;
                if self.lists == 0 {
                    let place = u32::try_from(at - base).map_err(|_| Fault("a chunk's place"))?;
                    let len = u32::try_from(body.end - body.start).unwrap_or(u32::MAX);
                    self.first.push((place, id, len));
                }
            }
            at = next;
        }
        self.lists += 1;
        Ok(all.end)
    }

    fn data(&self, file: &Source<'_>, id: &[u8; 4], body: &Range<u64>) -> Result<(), Fault> {
        let [tens, ones, kind @ ..] = id;
        let number = |digit: &u8| char::from(*digit).to_digit(10);
        let stream = number(tens)
            .zip(number(ones))
            .map(|(tens, ones)| tens * 10 + ones);
        let stream = stream.and_then(|n| self.streams.get(n as usize));
        let stream = stream.filter(|_| matches!(kind, b"dc" | b"db" | b"wb" | b"pc"));
        let stream = stream.ok_or(Fault("a chunk of no stream"))?;
        if let Some((width, hevc)) = stream.units {
            super::units::verify(file, body, width, hevc)?;
        }
        Ok(())
    }

    /// An index of `OpenDML` over the chunks of its list.
    fn standard(
        &mut self,
        file: &Source<'_>,
        at: u64,
        id: &[u8; 4],
        body: &Range<u64>,
        base: u64,
    ) -> Result<(), Fault> {
        const FAULT: Fault = Fault("an index");
        let head = file.read(body.start..body.start + 24, 24)?;
        let [_, _, tens, ones] = id;
        let number =
            usize::from(tens.wrapping_sub(b'0')) * 10 + usize::from(ones.wrapping_sub(b'0'));
        let stream = self.streams.get(number).ok_or(FAULT)?;
        let len = u32::try_from(body.end - at).map_err(|_| FAULT)?;
        let count = u64::from(le32(&head, 4));
        let place = u64::from(le32(&head, 12)) | u64::from(le32(&head, 16)) << 32;
        let is_whole = body.end - body.start == 24 + 8 * count && zero(&head, 20..24);
        let is_told = stream.indexes.get(self.lists) == Some(&(at, len));
        if !head.starts_with(&[2, 0, 0, 1]) || !is_whole || !is_told || place != base {
            return Err(FAULT);
        }
        for entry in 0..count {
            let entry = file.array::<8>(body.start + 24 + 8 * entry)?;
            let start = base + u64::from(le32(&entry, 0));
            let (name, found) = chunk(file, start - 8, at)?;
            let told = le32(&entry, 4) & 0x7FFF_FFFF;
            if found.end - found.start != u64::from(told) || !name.starts_with(&[*tens, *ones]) {
                return Err(FAULT);
            }
        }
        Ok(())
    }

    /// `idx1`, which tells each chunk of the first list in order.
    fn index(&self, file: &Source<'_>, at: u64, end: u64) -> Result<u64, Fault> {
        const FAULT: Fault = Fault("idx1");
        let (id, body) = chunk(file, at, end)?;
        if &id != b"idx1" || body.end - body.start != 16 * self.first.len() as u64 {
            return Err(FAULT);
        }
        let mut at = body.start;
        for (place, name, len) in &self.first {
            let entry = file.array::<16>(at)?;
            let flags = le32(&entry, 4);
            let is_right =
                entry.starts_with(name) && (le32(&entry, 8), le32(&entry, 12)) == (*place, *len);
            if !is_right || flags & !0x10 != 0 {
                return Err(FAULT);
            }
            at += 16;
        }
        Ok(body.end)
    }
}

fn stream(file: &Source<'_>, all: &Range<u64>) -> Result<Stream, Fault> {
    const FAULT: Fault = Fault("a stream's header");
    let (id, header) = chunk(file, all.start, all.end)?;
    let octets = file.read(header.clone(), 56)?;
    let is_video = octets.starts_with(b"vids");
    let is_known = is_video || octets.starts_with(b"auds");
    if &id != b"strh" || octets.len() != 56 || !is_known {
        return Err(FAULT);
    }
    let flags = le32(&octets, 8);
    if flags & !0x1_0001 != 0
        || !zero(&octets, 12..16)
        || !zero(&octets, 36..40)
        || le32(&octets, 40) != u32::MAX
        || !zero(&octets, 48..52)
    {
        return Err(FAULT);
    }
    let (id, format) = chunk(file, header.end, all.end)?;
    let octets = file.read(format.clone(), 1 << 20)?;
    let mut stream = Stream::default();
    if &id != b"strf" {
        return Err(FAULT);
    }
    if is_video {
        let is_right = le32(&octets, 0) as usize == octets.len()
            && octets.len() >= 40
            && zero(&octets, 24..32)
            && zero(&octets, 36..40);
        if !is_right {
            return Err(Fault("a picture's format"));
        }
        stream.units = units(&octets);
    } else if octets.len() < 16 || octets.len() > 1200 {
        return Err(Fault("a sound's format"));
    }
    let mut at = padded(file, &format)?;
    if at < all.end && &file.array::<4>(at)? == b"indx" {
        let (_, index) = chunk(file, at, all.end)?;
        let octets = file.read(index.clone(), 1 << 17)?;
        let count = le32(&octets, 4) as usize;
        if octets.len() != 24 + 16 * count
            || !octets.starts_with(&[4, 0, 0, 0])
            || !zero(&octets, 12..24)
        {
            return Err(Fault("the list of indexes"));
        }
        let entries = octets.get(24..).unwrap_or_default().chunks_exact(16);
        stream.indexes = entries
            .map(|e| {
                (
                    u64::from(le32(e, 0)) | u64::from(le32(e, 4)) << 32,
                    le32(e, 8),
                )
            })
            .collect();
        at = index.end;
    }
    if at < all.end && &file.array::<4>(at)? == b"vprp" {
        let (_, shape) = chunk(file, at, all.end)?;
        let octets = file.read(shape.clone(), 100)?;
        if octets.len() != 36 + 32 * le32(&octets, 32) as usize {
            return Err(Fault("a picture's shape"));
        }
        at = shape.end;
    }
    if at == all.end {
        Ok(stream)
    } else {
        Err(FAULT)
    }
}

/// Whether pictures are units behind their lengths: the setup is then the record of MP4.
fn units(format: &[u8]) -> Option<(u64, bool)> {
    let name = format.get(16..20)?.to_ascii_uppercase();
    let record = format.get(40..)?;
    let hevc = matches!(name.as_slice(), b"HEVC" | b"H265" | b"HVC1");
    let avc = matches!(
        name.as_slice(),
        b"H264" | b"X264" | b"AVC1" | b"DAVC" | b"VSSH"
    );
    if !(hevc || avc) || record.first() != Some(&1) {
        return None;
    }
    let width = record.get(if hevc { 21 } else { 4 })? & 3;
    Some((u64::from(width) + 1, hevc))
}
