//! PNG and animated PNG: the known chunks, each once, in one order; the rows of a picture in one chunk that ends where
//! they end.

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::{Fault, Views, exif, icc};
use crate::source::Source;

/// The chunks before the rows, in their order, and the lengths that they may have.
const FRONT: [(&[u8; 4], u64, u64); 12] = [
    (b"acTL", 8, 8),
    (b"cICP", 4, 4),
    (b"mDCV", 24, 24),
    (b"cLLI", 8, 8),
    (b"sRGB", 1, 1),
    (b"gAMA", 4, 4),
    (b"cHRM", 32, 32),
    (b"iCCP", 6, 8 << 20),
    (b"pHYs", 9, 9),
    (b"eXIf", 26, 26),
    (b"PLTE", 3, 768),
    (b"tRNS", 1, 256),
];

/// The largest profile.
const PROFILE: usize = 8 << 20;

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    if &file.array::<8>(0)? != b"\x89PNG\x0D\x0A\x1A\x0A" {
        return Err(Fault("no PNG signature"));
    }
    let mut walk = Walk {
        file,
        at: 8,
        frames_told: None,
        palette: 0,
    };
    let head = walk.chunk()?;
    if &head.name != b"IHDR" || head.len != 13 {
        return Err(Fault("the header is not first"));
    }
    let shape = Shape::new(file.array(head.at)?)?;
    let mut order = FRONT.iter();
    let mut chunk = walk.chunk()?;
    while !matches!(&chunk.name, b"IDAT" | b"fcTL") {
        let known = order.find(|(name, ..)| **name == chunk.name);
        let &(_, least, most) = known.ok_or(Fault("a chunk that should not be there"))?;
        if chunk.len < least || chunk.len > most {
            return Err(Fault("a chunk is not of its length"));
        }
        walk.front(&chunk, &shape, views)?;
        chunk = walk.chunk()?;
    }
    if shape.colour == 3 && walk.palette == 0 {
        return Err(Fault("no palette"));
    }
    walk.images(chunk, &shape)?;
    if walk.at != file.len() {
        return Err(Fault("octets behind the end"));
    }
    Ok(())
}

struct Chunk {
    name: [u8; 4],
    at: u64,
    len: u64,
}

struct Walk<'a, 'f> {
    file: &'f Source<'a>,
    at: u64,
    frames_told: Option<u32>,
    palette: u64,
}

impl Walk<'_, '_> {
    /// The next chunk, whose check sum is right.
    fn chunk(&mut self) -> Result<Chunk, Fault> {
        let len = u64::from(u32::from_be_bytes(self.file.array(self.at)?));
        let name: [u8; 4] = self.file.array(self.at + 4)?;
        let at = self.at + 8;
        let mut cursor = self.file.part(0..at + len)?.cursor(self.at + 4);
        let mut sum = crc32fast::Hasher::new();
        loop {
            let octets = cursor.window()?;
            let count = octets.len() as u64;
            if count == 0 {
                break;
            }
            sum.update(octets);
            cursor.skip(count)?;
        }
        if sum.finalize() != u32::from_be_bytes(self.file.array(at + len)?) {
            return Err(Fault("a check sum is wrong"));
        }
        self.at = at + len + 4;
        Ok(Chunk { name, at, len })
    }

    fn front(&mut self, chunk: &Chunk, shape: &Shape, views: &mut Views<'_>) -> Result<(), Fault> {
        let octets = self.file.read(chunk.at..chunk.at + chunk.len, PROFILE)?;
        let four = |at: usize| {
            let four = octets.get(at..).and_then(<[u8]>::first_chunk).copied();
            four.map(u32::from_be_bytes).ok_or(Fault("cut short"))
        };
        match &chunk.name {
            b"acTL" => self.frames_told = Some(four(0)?),
            b"iCCP" => {
                let packed = octets.strip_prefix(b"icc\0\0");
                let packed = packed.ok_or(Fault("the profile has another name"))?;
                let profile = decompress_to_vec_zlib_with_limit(packed, PROFILE);
                let profile = profile.map_err(|_| Fault("the profile does not unpack"))?;
                // Packed in the one way, so that nothing hides in how it is packed.
                if compress_to_vec_zlib(&profile, 9) != packed {
                    return Err(Fault("the profile is packed in another way"));
                }
                views.hidden(&profile);
                icc::verify(&profile)?;
            }
            b"pHYs" => {
                let (x, y) = (four(0)?, four(4)?);
                let (mut a, mut b) = (x, y);
                while b != 0 {
                    (a, b) = (b, a % b);
                }
                if x == y || a != 1 || x == 0 || y == 0 || octets.last() != Some(&0) {
                    return Err(Fault("pHYs says more than the shape of a pixel"));
                }
            }
            b"eXIf" => exif::verify(&octets)?,
            b"PLTE" => {
                self.palette = chunk.len / 3;
                let most = 1_u64.checked_shl(shape.depth.into()).unwrap_or(0);
                if shape.colour != 3 || chunk.len % 3 != 0 || self.palette > most {
                    return Err(Fault("a palette that is not needed"));
                }
            }
            b"tRNS" => {
                let is_right = match shape.colour {
                    0 => chunk.len == 2,
                    2 => chunk.len == 6,
                    3 => chunk.len <= self.palette,
                    _ => false,
                };
                if !is_right {
                    return Err(Fault("transparency is not of its length"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The rows of every frame, up to the end chunk.
    fn images(&mut self, mut chunk: Chunk, shape: &Shape) -> Result<(), Fault> {
        let (mut sequence, mut frames) = (0_u32, 0_u32);
        let mut size = Some((shape.width, shape.height));
        let mut is_first = true;
        loop {
            let number = || Ok::<u32, Fault>(u32::from_be_bytes(self.file.array(chunk.at)?));
            match &chunk.name {
                b"fcTL" if chunk.len == 26 && number()? == sequence => {
                    let tail: [u8; 2] = self.file.array(chunk.at + 24)?;
                    // The first frame may stand before the picture; every other one has its own rows.
                    let is_expected = frames == 0 || size.is_none();
                    if !matches!(tail, [0..=2, 0 | 1]) || !is_expected {
                        return Err(Fault("a frame is not of the one form"));
                    }
                    let width = u32::from_be_bytes(self.file.array(chunk.at + 4)?);
                    let height = u32::from_be_bytes(self.file.array(chunk.at + 8)?);
                    size = Some((width, height));
                    sequence += 1;
                    frames += 1;
                }
                b"IDAT" if is_first => {
                    let size = size.take().ok_or(Fault("a picture too many"))?;
                    self.rows(chunk.at, chunk.at + chunk.len, shape.raw(size))?;
                    is_first = false;
                }
                b"fdAT" if !is_first && number()? == sequence => {
                    let size = size.take().ok_or(Fault("a frame without its size"))?;
                    self.rows(chunk.at + 4, chunk.at + chunk.len, shape.raw(size))?;
                    sequence += 1;
                }
                b"IEND" if chunk.len == 0 && !is_first && size.is_none() => break,
                _ => return Err(Fault("a chunk that should not be there")),
            }
            chunk = self.chunk()?;
        }
        if self.frames_told.unwrap_or(0) == frames {
            Ok(())
        } else {
            Err(Fault("not as many frames as are told"))
        }
    }

    /// A stream that takes the whole of its chunk and unpacks to exactly `raw` octets.
    fn rows(&self, begin: u64, end: u64, raw: u64) -> Result<(), Fault> {
        let mut state = InflateState::new_boxed(DataFormat::Zlib);
        let mut cursor = self.file.part(0..end)?.cursor(begin);
        let mut made = 0_u64;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let octets = cursor.window()?;
            let result = inflate(&mut state, octets, &mut buffer, MZFlush::None);
            cursor.skip(result.bytes_consumed as u64)?;
            made = made.saturating_add(result.bytes_written as u64);
            match result.status {
                Ok(MZStatus::StreamEnd) => break,
                Ok(_) if result.bytes_consumed > 0 || result.bytes_written > 0 => {}
                _ => return Err(Fault("rows do not unpack")),
            }
        }
        if cursor.position() == end && made == raw {
            Ok(())
        } else {
            Err(Fault("octets behind the last row"))
        }
    }
}

struct Shape {
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
    interlaced: bool,
}

impl Shape {
    fn new(octets: [u8; 13]) -> Result<Self, Fault> {
        let [
            w1,
            w2,
            w3,
            w4,
            h1,
            h2,
            h3,
            h4,
            depth,
            colour,
            0,
            0,
            interlaced @ 0..=1,
        ] = octets
        else {
            return Err(Fault("a header of another method"));
        };
        Ok(Self {
            width: u32::from_be_bytes([w1, w2, w3, w4]),
            height: u32::from_be_bytes([h1, h2, h3, h4]),
            depth,
            colour,
            interlaced: interlaced == 1,
        })
    }

    /// Octets of all rows, each with one for its filter.
    fn raw(&self, (width, height): (u32, u32)) -> u64 {
        let channels = [1, 0, 3, 1, 2, 0, 4].get(usize::from(self.colour));
        let bits = u64::from(channels.copied().unwrap_or(0) * self.depth);
        let plain = |w: u64, h: u64| {
            if w == 0 {
                return 0;
            }
            h.saturating_mul(1 + (w * bits).div_ceil(8))
        };
        let (w, h) = (u64::from(width), u64::from(height));
        if !self.interlaced {
            return plain(w, h);
        }
        // Each pass halves the steps, first across, then down.
        let mut sum = plain(w.div_ceil(8), h.div_ceil(8));
        for step in [4, 2, 1] {
            let odd = |len: u64| (len + step - 1) / (2 * step);
            sum = sum.saturating_add(plain(odd(w), h.div_ceil(2 * step)));
            sum = sum.saturating_add(plain(w.div_ceil(step), odd(h)));
        }
        sum
    }
}
