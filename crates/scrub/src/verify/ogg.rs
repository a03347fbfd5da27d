//! Ogg: pages without anything between them, in order and with right checksums; streams with numbers from 1 on, whose
//! headers have no comments.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "names of four octets come from the parser as references"
)]

use super::{Fault, Views};
use crate::source::Source;

/// A stream that was seen.
struct Stream {
    serial: u32,
    next: u32,
    codec: Codec,
    /// The header packet that comes next; 0 is the first one, and from `codec.headers()` on it is sound.
    packet: u32,
    /// The front of a header packet that goes on.
    open: Vec<u8>,
    is_open: bool,
    has_ended: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Codec {
    Vorbis,
    Opus,
    Speex,
    Flac,
}

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut streams: Vec<Stream> = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let page = Page::read(file, at)?;
        at += page.len();
        if page.flags & 2 != 0 {
            if page.serial as usize != streams.len() + 1 || page.flags != 2 || page.sequence != 0 {
                return Err(Fault("a stream's number"));
            }
            streams.push(first(&page)?);
            continue;
        }
        let stream = (page.serial as usize)
            .checked_sub(1)
            .and_then(|n| streams.get_mut(n));
        let stream = stream.ok_or(Fault("a page of no stream"))?;
        if stream.has_ended || page.sequence != stream.next {
            return Err(Fault("the order of pages"));
        }
        stream.next += 1;
        stream.has_ended = page.flags & 4 != 0;
        stream.page(&page)?;
    }
    if streams.is_empty() || streams.iter().any(|s| s.packet < s.headers()) {
        return Err(Fault("no whole headers"));
    }
    Ok(())
}

struct Page {
    flags: u8,
    granule: u64,
    serial: u32,
    sequence: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    fn read(file: &Source<'_>, at: u64) -> Result<Self, Fault> {
        let head = file.array::<27>(at)?;
        let number = |from: usize, len: usize| {
            let octets = head.iter().skip(from).take(len);
            octets.rev().fold(0_u64, |n, &b| n << 8 | u64::from(b))
        };
        let low = |from: usize| u32::try_from(number(from, 4)).unwrap_or(0);
        let start = at + 27;
        let lacing = file.read(start..start + number(26, 1), 255)?;
        let len: u64 = lacing.iter().map(|&l| u64::from(l)).sum();
        let start = start + lacing.len() as u64;
        let body = file.read(start..start.saturating_add(len), 1 << 16)?;
        if number(0, 6) & 0xF8FF_FFFF_FFFF != 0x5367_674F {
            return Err(Fault("a page's head"));
        }
        let sum = head.iter().take(22).chain(&[0; 4]).chain(head.get(26));
        if sum
            .chain(lacing.iter())
            .chain(body.iter())
            .fold(0, checksum)
            != low(22)
        {
            return Err(Fault("a page's checksum"));
        }
        Ok(Self {
            flags: head.get(5).copied().unwrap_or(0),
            granule: number(6, 8),
            serial: low(14),
            sequence: low(18),
            lacing: lacing.to_vec(),
            body: body.to_vec(),
        })
    }

    fn len(&self) -> u64 {
        27 + self.lacing.len() as u64 + self.body.len() as u64
    }
}

fn checksum(sum: u32, octet: &u8) -> u32 {
    let octet = u32::from(*octet);
    [octet >> 4, octet & 15]
        .into_iter()
        .fold(sum, |sum, nibble| {
            let carried = NIBBLES.get((sum >> 28 ^ nibble) as usize).copied();
            sum << 4 ^ carried.unwrap_or(0)
        })
}

/// `n * x^32` modulo the polynomial, for each nibble.
const NIBBLES: [u32; 16] = {
    let mut table = [0_u32; 16];
    let mut n = 0;
    while n < 16 {
        let mut r = (n as u64) << 32;
        let mut bit = 36;
        while bit > 32 {
            bit -= 1;
            if r >> bit & 1 == 1 {
                r ^= 0x1_04C1_1DB7 << (bit - 32);
            }
        }
        #[allow(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "evaluated while compiling"
        )]
        {
            table[n] = r as u32;
        }
        n += 1;
    }
    table
};

/// Checks the first page of a stream.
fn first(page: &Page) -> Result<Stream, Fault> {
    const FAULT: Fault = Fault("a stream's header");
    let packet = page.body.as_slice();
    let zero = |from: usize, to: usize| {
        packet
            .get(from..to)
            .is_some_and(|part| part.iter().all(|&b| b == 0))
    };
    let codec = match packet {
        [1, b'v', b'o', b'r', b'b', b'i', b's', 0, 0, 0, 0, .., 1] if packet.len() == 30 => {
            Codec::Vorbis
        }
        [
            b'O',
            b'p',
            b'u',
            b's',
            b'H',
            b'e',
            b'a',
            b'd',
            version,
            channels,
            ..,
        ] if *version < 16 => {
            let map = if packet.get(18) == Some(&0) {
                0
            } else {
                2 + usize::from(*channels)
            };
            if packet.len() != 19 + map {
                return Err(FAULT);
            }
            Codec::Opus
        }
        [b'S', b'p', b'e', b'e', b'x', b' ', b' ', b' ', ..]
            if packet.len() == 80 && zero(8, 28) && zero(68, 80) =>
        {
            Codec::Speex
        }
        _ if packet.starts_with(b"\x7FFLAC\x01\0\0\x01fLaC\0\0\0\x22") && packet.len() == 51 => {
            Codec::Flac
        }
        _ => return Err(FAULT),
    };
    let ends = page.lacing.iter().filter(|&&l| l < 255).count();
    if ends != 1 || page.granule != 0 {
        return Err(FAULT);
    }
    Ok(Stream {
        serial: page.serial,
        next: 1,
        codec,
        packet: 1,
        open: Vec::new(),
        is_open: false,
        has_ended: false,
    })
}

impl Stream {
    fn headers(&self) -> u32 {
        if self.codec == Codec::Vorbis { 3 } else { 2 }
    }

    fn page(&mut self, page: &Page) -> Result<(), Fault> {
        debug_assert_eq!(self.serial, page.serial, "the page's stream");
        if (page.flags & 1 != 0) && !self.is_open {
            return Err(Fault("a packet's end without its begin"));
        }
        let is_header = self.packet < self.headers();
        if is_header && (page.flags & 4 != 0 || !matches!(page.granule, 0 | u64::MAX)) {
            return Err(Fault("a page of headers"));
        }
        if page.lacing.is_empty() && page.flags & 4 == 0 {
            return Err(Fault("an empty page"));
        }
        let mut rest = page.body.as_slice();
        for &lace in &page.lacing {
            let (now, later) = rest
                .split_at_checked(usize::from(lace))
                .ok_or(Fault("lacing"))?;
            rest = later;
            if self.packet < self.headers() {
                self.open.extend_from_slice(now);
            } else if is_header {
                return Err(Fault("sound on a page of headers"));
            }
            self.is_open = lace == 255;
            if lace < 255 {
                if self.packet < self.headers() {
                    let packet = std::mem::take(&mut self.open);
                    self.header(&packet)?;
                }
                self.packet = self.packet.saturating_add(1);
            }
        }
        Ok(())
    }

    fn header(&self, packet: &[u8]) -> Result<(), Fault> {
        let is_right = match (self.codec, self.packet) {
            (Codec::Vorbis, 1) => packet == b"\x03vorbis\0\0\0\0\0\0\0\0\x01",
            (Codec::Vorbis, _) => packet.starts_with(b"\x05vorbis"),
            (Codec::Opus, _) => packet == b"OpusTags\0\0\0\0\0\0\0\0",
            (Codec::Speex, _) => packet == [0; 8],
            (Codec::Flac, _) => packet == b"\x84\0\0\x08\0\0\0\0\0\0\0\0",
        };
        if is_right {
            Ok(())
        } else {
            Err(Fault("a packet of headers"))
        }
    }
}
