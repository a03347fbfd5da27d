//! Ogg with Vorbis, Opus, Speex or FLAC: headers without comments, then the pages of sound under new numbers.
//!
//! A page of sound keeps its packets and its position. Serial numbers count from 1, pages from 0, and checksums are
//! made again.
#![allow(clippy::needless_pass_by_value, reason = "the parts are used up here")]

mod codec;
mod page;

use std::ops::Range;

use self::codec::Codec;
use self::page::{CONTINUED, FIRST, LAST, Page, Part, Place};
use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;

/// Octets that a packet of headers may have: setups of Vorbis stay below, comments with pictures are only read so far.
const MAX_HEADER: u64 = 1 << 20;
/// Streams, one after the other or side by side.
const MAX_STREAMS: usize = 1000;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut ogg = Ogg {
        file: *file,
        window: Window::new(*file),
        plan: Plan::new(),
        streams: Vec::new(),
    };
    let (mut at, mut lost) = (0, 0);
    while at < file.len() {
        if let Some(page) = page::read(&mut ogg.window, at)? {
            report_lost(file, lost..at, job)?;
            at = page.all.end;
            lost = at;
            ogg.page(&page, job)?;
        } else {
            at = next_magic(file, at + 1)?;
        }
    }
    report_lost(file, lost..at, job)?;
    if ogg
        .streams
        .iter()
        .any(|s| s.codec.is_kept() && s.awaits > 0)
        || ogg.plan.len() == 0
    {
        return Err(Refusal::Damaged);
    }
    Ok(ogg.plan)
}

struct Ogg<'a> {
    file: Source<'a>,
    window: Window<'a>,
    plan: Plan,
    streams: Vec<Stream>,
}

/// A logical stream.
struct Stream {
    codec: Codec,
    /// Its number in the source, and in the clean file.
    serial: u32,
    number: u32,
    /// Pages that were written.
    pages: u32,
    /// Packets of headers that are still to come, and how many came.
    awaits: u32,
    headers: u32,
    /// The packet that goes on in the next page: where it stands so far. Sound is only known to go on.
    open: Option<Vec<Range<u64>>>,
    setup: Vec<Range<u64>>,
    has_ended: bool,
}

impl Ogg<'_> {
    fn page(&mut self, page: &Page, job: &mut Job) -> Result<(), Refusal> {
        self.plan.rewritten(page.all.start..page.body);
        if page.flags & FIRST != 0 {
            return self.begin(page, job);
        }
        let live = |s: &&mut Stream| s.serial == page.serial && !s.has_ended;
        let Some(at) = self.streams.iter_mut().rev().find(live).map(|s| s.number) else {
            let front = self
                .file
                .read(page.body..page.all.end.min(page.body + 256), 256)?;
            job.found_octets(What::Unknown, "pages of no stream", &front);
            return Ok(());
        };
        let slot = usize::try_from(at).unwrap_or(0);
        let Some(stream) = self.streams.get_mut(slot) else {
            return Err(Refusal::Damaged);
        };
        if !stream.codec.is_kept() {
            return Ok(());
        }
        // A packet's end without its begin.
        let mut skip = 0;
        if page.flags & CONTINUED != 0 && stream.open.is_none() {
            let end = page.lacing.iter().position(|&l| l < 255);
            skip = end.map_or(page.lacing.len(), |end| end + 1);
        }
        if page.flags & CONTINUED == 0 && stream.awaits > 0 {
            stream.open = None;
        }
        let (used, from) = self.headers(slot, page, skip, job)?;
        self.sound(slot, page, used, from)
    }

    /// The first page of a stream: its first packet alone.
    fn begin(&mut self, page: &Page, job: &mut Job) -> Result<(), Refusal> {
        let packet = self.file.read(page.body..page.all.end, usize::MAX)?;
        let codec = Codec::of(&packet)?;
        if self.streams.len() >= MAX_STREAMS {
            return Err(Refusal::Unsupported("Ogg with a thousand streams"));
        }
        let number = u32::try_from(self.streams.len()).map_err(|_| Refusal::Damaged)?;
        self.streams.push(Stream {
            codec,
            serial: page.serial,
            number,
            pages: 0,
            awaits: codec.headers(&packet),
            headers: 0,
            open: None,
            setup: Vec::new(),
            has_ended: false,
        });
        if !codec.is_kept() {
            if codec == Codec::Text {
                job.remark(Remark::TracksLost);
            }
            job.found(What::Description, "stream without sound", "");
            return Ok(());
        }
        let first = codec.first(&packet)?;
        if codec == Codec::Speex && !codec::speex_version(&packet).iter().all(|&b| b == 0) {
            job.found_octets(
                What::Software,
                "Speex version",
                codec::speex_version(&packet),
            );
        }
        if packet.len() > first.len() {
            let rest = packet.get(first.len()..).unwrap_or_default();
            job.found_octets(What::Unknown, "behind the stream's header", rest);
        }
        let slot = self.streams.len() - 1;
        self.write(slot, FIRST, [0; 8], vec![Part::Made(first)])
    }

    /// Takes packets of headers from a page, from segment `at` on. Gives the segment and the place behind them.
    fn headers(
        &mut self,
        slot: usize,
        page: &Page,
        skip: usize,
        job: &mut Job,
    ) -> Result<(usize, u64), Refusal> {
        let mut from = page.body + octets(page.lacing.iter().take(skip));
        let mut used = skip;
        while used < page.lacing.len() {
            let Some(stream) = self.streams.get_mut(slot).filter(|s| s.awaits > 0) else {
                break;
            };
            let rest = page.lacing.get(used..).unwrap_or_default();
            let end = rest.iter().position(|&l| l < 255);
            let count = end.map_or(rest.len(), |end| end + 1);
            let to = from + octets(rest.iter().take(count));
            let mut packet = stream.open.take().unwrap_or_default();
            packet.push(from..to);
            used += count;
            from = to;
            if end.is_none() {
                stream.open = Some(packet);
                break;
            }
            self.header(slot, packet, job)?;
        }
        Ok((used, from))
    }

    /// One packet of headers behind the first.
    fn header(
        &mut self,
        slot: usize,
        packet: Vec<Range<u64>>,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let front = self.gather(&packet)?;
        let Some(stream) = self.streams.get_mut(slot) else {
            return Ok(());
        };
        stream.headers += 1;
        stream.awaits -= 1;
        let codec = stream.codec;
        if codec == Codec::Vorbis && stream.headers == 2 {
            if !front.starts_with(b"\x05vorbis") {
                return Err(Refusal::Damaged);
            }
            stream.setup = packet;
        } else {
            codec.report(&front, job);
        }
        if codec == Codec::Flac && front.first().is_some_and(|kind| kind & 0x80 != 0) {
            stream.awaits = 0;
        }
        if stream.awaits > 0 {
            return Ok(());
        }
        let setup = std::mem::take(&mut stream.setup);
        let mut packets = vec![vec![Part::Made(codec.comments().to_vec())]];
        if codec == Codec::Vorbis {
            packets.push(setup.into_iter().map(Part::Copied).collect());
        }
        self.write_packets(slot, packets)
    }

    fn gather(&self, packet: &[Range<u64>]) -> Result<zeroize::Zeroizing<Vec<u8>>, Refusal> {
        let len: u64 = packet.iter().map(|r| r.end - r.start).sum();
        let len = usize::try_from(len.min(MAX_HEADER)).unwrap_or(0);
        let mut front = zeroize::Zeroizing::new(Vec::with_capacity(len));
        for range in packet {
            let room = (len - front.len()) as u64;
            let end = range.end.min(range.start + room);
            front.extend_from_slice(&self.file.read(range.start..end, usize::MAX)?);
        }
        Ok(front)
    }

    /// The rest of a page: sound.
    fn sound(&mut self, slot: usize, page: &Page, used: usize, from: u64) -> Result<(), Refusal> {
        let Some(stream) = self.streams.get_mut(slot).filter(|s| s.awaits == 0) else {
            return Ok(());
        };
        let lacing = page.lacing.get(used..).unwrap_or_default();
        stream.has_ended |= page.flags & LAST != 0;
        if lacing.is_empty() && page.flags & LAST == 0 {
            return Ok(());
        }
        let goes_on = stream.open.is_some() && used == 0;
        stream.open = (lacing.last() == Some(&255)).then(Vec::new);
        let flags = page.flags & LAST | if goes_on { page.flags & CONTINUED } else { 0 };
        let place = Place {
            flags,
            granule: page.granule,
            serial: stream.number + 1,
            sequence: stream.pages,
        };
        stream.pages += 1;
        let part = [Part::Copied(from..page.all.end)];
        page::write(&mut self.plan, &mut self.window, &place, lacing, &part)
    }

    /// Writes packets on as few pages as they need.
    fn write_packets(&mut self, slot: usize, packets: Vec<Vec<Part>>) -> Result<(), Refusal> {
        let mut lacing = Vec::new();
        for packet in &packets {
            let mut len: u64 = packet.iter().map(Part::len).sum();
            while len >= 255 {
                lacing.push(255);
                len -= 255;
            }
            lacing.push(u8::try_from(len).unwrap_or(0));
        }
        let mut parts = packets
            .into_iter()
            .flatten()
            .collect::<std::collections::VecDeque<_>>();
        let mut goes_on = false;
        for lacing in lacing.chunks(255) {
            let mut room = octets(lacing.iter());
            let mut page = Vec::new();
            while let Some(part) = parts.pop_front().filter(|_| room > 0) {
                let (now, later) = part.split(room);
                room -= now.len();
                page.push(now);
                if later.len() > 0 {
                    parts.push_front(later);
                    break;
                }
            }
            let flags = if goes_on { CONTINUED } else { 0 };
            goes_on = lacing.last() == Some(&255);
            let is_inner = goes_on && lacing.iter().all(|&l| l == 255);
            let granule = if is_inner { [0xFF; 8] } else { [0; 8] };
            self.write_page(slot, flags, granule, lacing, &page)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        slot: usize,
        flags: u8,
        granule: [u8; 8],
        parts: Vec<Part>,
    ) -> Result<(), Refusal> {
        let len: u64 = parts.iter().map(Part::len).sum();
        let mut lacing = vec![255; usize::try_from(len / 255).unwrap_or(0)];
        lacing.push(u8::try_from(len % 255).unwrap_or(0));
        self.write_page(slot, flags, granule, &lacing, &parts)
    }

    fn write_page(
        &mut self,
        slot: usize,
        flags: u8,
        granule: [u8; 8],
        lacing: &[u8],
        parts: &[Part],
    ) -> Result<(), Refusal> {
        let stream = self.streams.get_mut(slot).ok_or(Refusal::Damaged)?;
        let place = Place {
            flags,
            granule,
            serial: stream.number + 1,
            sequence: stream.pages,
        };
        stream.pages += 1;
        page::write(&mut self.plan, &mut self.window, &place, lacing, parts)
    }
}

fn octets<'a>(lacing: impl Iterator<Item = &'a u8>) -> u64 {
    lacing.map(|&l| u64::from(l)).sum()
}

fn report_lost(file: &Source<'_>, range: Range<u64>, job: &mut Job) -> Result<(), Refusal> {
    if range.is_empty() {
        return Ok(());
    }
    let front = file.read(range.start..range.end.min(range.start + 256), 256)?;
    job.found_octets(What::Unknown, "between pages", &front);
    Ok(())
}

/// The next place from `at` on where a page may begin.
fn next_magic(file: &Source<'_>, at: u64) -> Result<u64, Refusal> {
    let mut cursor = file.cursor(at);
    let mut last = 0_u32;
    while let Some(octet) = cursor.octet()? {
        last = last << 8 | u32::from(octet);
        if last == 0x4F67_6753 && cursor.position() >= at + 4 {
            return Ok(cursor.position() - 4);
        }
    }
    Ok(file.len())
}
