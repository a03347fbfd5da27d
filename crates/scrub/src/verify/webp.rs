//! WebP: the known chunks in one order, and a header that tells of what is there.

use super::{Fault, Views, exif, icc};
use crate::source::Source;

/// The largest profile.
const PROFILE: usize = 8 << 20;

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let head: [u8; 12] = file.array(0)?;
    let told = word(&head, 4)?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") || told + 8 != file.len() {
        return Err(Fault("no RIFF header of that length"));
    }
    let mut walk = Walk {
        file,
        at: 12,
        end: file.len(),
    };
    if walk.name()? == *b"VP8X" {
        return extended(&mut walk);
    }
    walk.picture(false)?;
    walk.ends()
}

fn extended(walk: &mut Walk<'_, '_>) -> Result<(), Fault> {
    let chunk = walk.chunk(b"VP8X")?;
    let [flags, 0, 0, 0, _, _, _, _, _, _] = walk.file.array::<10>(chunk.0)? else {
        return Err(Fault("reserved octets in VP8X"));
    };
    if chunk.1 != 10 || flags & 0b1100_0101 != 0 {
        return Err(Fault("VP8X is not of the one form"));
    }
    if flags & 0x20 != 0 {
        let (at, len) = walk.chunk(b"ICCP")?;
        icc::verify(&walk.file.read(at..at + len, PROFILE)?)?;
    }
    let animated = flags & 2 != 0;
    let mut needed = flags & 0x2A != 0;
    if animated {
        if walk.chunk(b"ANIM")?.1 != 6 {
            return Err(Fault("ANIM is not of its length"));
        }
        frame(walk)?;
        while walk.at < walk.end && walk.name()? == *b"ANMF" {
            frame(walk)?;
        }
    } else {
        // Needed when transparency is told in another way than the picture itself tells it.
        let (has_alph, in_picture) = walk.picture(true)?;
        needed |= has_alph || in_picture != (flags & 0x10 != 0);
    }
    if flags & 8 != 0 {
        let (at, _) = walk.chunk(b"EXIF")?;
        exif::verify(&walk.file.array::<26>(at)?)?;
        if walk.at != at + 26 {
            return Err(Fault("EXIF is not of its length"));
        }
    }
    if !needed {
        return Err(Fault("VP8X is not needed"));
    }
    walk.ends()
}

fn frame(walk: &mut Walk<'_, '_>) -> Result<(), Fault> {
    let (at, len) = walk.chunk(b"ANMF")?;
    let header: [u8; 16] = walk.file.array(at)?;
    if header.last().is_none_or(|flags| flags & 0xFC != 0) {
        return Err(Fault("reserved bits in a frame"));
    }
    let mut inner = Walk {
        file: walk.file,
        at: at + 16,
        end: at + len,
    };
    inner.picture(true)?;
    inner.ends()
}

struct Walk<'a, 'f> {
    file: &'f Source<'a>,
    at: u64,
    end: u64,
}

impl Walk<'_, '_> {
    fn name(&self) -> Result<[u8; 4], Fault> {
        Ok(self.file.array(self.at)?)
    }

    /// Steps over a chunk of that name. Returns where its content begins, and its length.
    fn chunk(&mut self, name: &[u8; 4]) -> Result<(u64, u64), Fault> {
        let head: [u8; 8] = self.file.array(self.at)?;
        let len = word(&head, 4)?;
        let (at, end) = (self.at + 8, self.at + 8 + len);
        if !head.starts_with(name) || end > self.end {
            return Err(Fault("a chunk that should not be there"));
        }
        if len % 2 == 1 && (end >= self.end || self.file.array::<1>(end)? != [0]) {
            return Err(Fault("a chunk is not filled up with a zero"));
        }
        self.at = end + len % 2;
        Ok((at, len))
    }

    /// A picture. Returns whether it has an ALPH chunk, and whether it is transparent.
    fn picture(&mut self, may_have_alph: bool) -> Result<(bool, bool), Fault> {
        let has_alph = may_have_alph && self.name()? == *b"ALPH";
        if has_alph {
            self.chunk(b"ALPH")?;
        }
        if !has_alph && self.name()? == *b"VP8L" {
            let (at, _) = self.chunk(b"VP8L")?;
            let [_, _, _, _, last] = self.file.array(at)?;
            return Ok((false, last & 0x10 != 0));
        }
        self.chunk(b"VP8 ")?;
        Ok((has_alph, has_alph))
    }

    fn ends(&self) -> Result<(), Fault> {
        if self.at == self.end {
            Ok(())
        } else {
            Err(Fault("octets behind the end"))
        }
    }
}

fn word(octets: &[u8], at: usize) -> Result<u64, Fault> {
    let four = octets.get(at..).and_then(<[u8]>::first_chunk);
    let four = four.ok_or(Fault("cut short"))?;
    Ok(u32::from_le_bytes(*four).into())
}
