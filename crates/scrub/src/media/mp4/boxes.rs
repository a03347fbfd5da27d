//! Boxes: a length, a name, and what is in them (ISO/IEC 14496-12, 4.2; `QuickTime` calls them atoms).

use std::ops::Range;

use zeroize::Zeroizing;

use crate::Refusal;
use crate::source::Source;

/// More boxes than this do not stand side by side in any honest file.
const MOST_BOXES: usize = 1 << 20;
/// Octets of a box that are held in memory at once.
const MOST_OCTETS: usize = 24 << 20;

/// Where a box stands in the file.
#[derive(Clone)]
pub(super) struct Atom {
    pub(super) name: [u8; 4],
    pub(super) start: u64,
    pub(super) body: Range<u64>,
}

impl Atom {
    pub(super) fn whole(&self) -> Range<u64> {
        self.start..self.body.end
    }

    pub(super) fn read(&self, file: &Source<'_>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        file.read(self.body.clone(), MOST_OCTETS)
    }

    /// The octets of a small box; the rest of a longer one is not looked at.
    pub(super) fn front(
        &self,
        file: &Source<'_>,
        most: u64,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let end = self.body.end.min(self.body.start.saturating_add(most));
        file.read(self.body.start..end, MOST_OCTETS)
    }

    /// The boxes in it, behind `skip` octets.
    pub(super) fn children(&self, file: &Source<'_>, skip: u64) -> Result<Vec<Self>, Refusal> {
        let start = self.body.start.saturating_add(skip).min(self.body.end);
        Ok(atoms(file, start..self.body.end)?.0)
    }
}

/// The boxes that stand side by side in `within`, and where they end: what follows is no box.
///
/// A box that says it is longer than what holds it is cut to that; without a length it reaches to the end.
pub(super) fn atoms(file: &Source<'_>, within: Range<u64>) -> Result<(Vec<Atom>, u64), Refusal> {
    let (mut found, mut at) = (Vec::new(), within.start);
    while within.end.saturating_sub(at) >= 8 {
        let head = file.array::<8>(at)?;
        let [a, b, c, d, name @ ..] = head;
        let (len, header) = match u32::from_be_bytes([a, b, c, d]) {
            0 if name == *b"mdat" => (within.end - at, 8),
            1 if within.end - at >= 16 => (u64::from_be_bytes(file.array(at + 8)?), 16),
            len => (u64::from(len), 8),
        };
        let is_cut = len > within.end - at;
        if len < header || (is_cut && name != *b"mdat") {
            break;
        }
        let end = at + len.min(within.end - at);
        found.push(Atom {
            name,
            start: at,
            body: at + header..end,
        });
        if found.len() > MOST_BOXES {
            return Err(Refusal::Damaged);
        }
        at = end;
    }
    Ok((found, at))
}

/// The first box of that name.
pub(super) fn find<'a>(atoms: &'a [Atom], name: &[u8; 4]) -> Option<&'a Atom> {
    atoms.iter().find(|atom| &atom.name == name)
}

/// Reads the fields of a box from its front.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Refusal::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Refusal::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Refusal> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Refusal> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Refusal> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Refusal> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number of four octets, or of eight in a box of version 1.
    pub(super) fn wide(&mut self, version: u8) -> Result<u64, Refusal> {
        if version == 1 {
            self.u64()
        } else {
            self.u32().map(u64::from)
        }
    }

    /// Version and flags.
    pub(super) fn full(&mut self) -> Result<(u8, u32), Refusal> {
        let [version, a, b, c] = self.array()?;
        Ok((version, u32::from_be_bytes([0, a, b, c])))
    }
}

/// Writes a box.
pub(super) fn put(to: &mut Vec<u8>, name: &[u8; 4], parts: &[&[u8]]) {
    let len: usize = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    to.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
    to.extend_from_slice(name);
    for part in parts {
        to.extend_from_slice(part);
    }
}

/// A box in memory.
pub(super) fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let mut written = Vec::new();
    put(&mut written, name, parts);
    written
}
