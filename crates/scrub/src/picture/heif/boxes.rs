//! Boxes and the numbers in them (ISO/IEC 14496-12, section 4.2).

use std::ops::Range;

use crate::Refusal;
use crate::source::Source;

/// Boxes that stand beside each other in one container: real files have some hundred at most.
const MAX_BOXES: usize = 1 << 16;

/// Where a box stands.
#[derive(Clone)]
pub(super) struct BoxAt {
    pub(super) name: [u8; 4],
    /// With its header.
    pub(super) whole: Range<u64>,
    pub(super) body: Range<u64>,
}

/// The boxes in `range`, and where what is no box begins: at the end of the range, unless something else follows.
pub(super) fn boxes(file: &Source<'_>, range: Range<u64>) -> Result<(Vec<BoxAt>, u64), Refusal> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(next) = box_at(file, at..range.end)? {
        at = next.whole.end;
        found.push(next);
        if found.len() > MAX_BOXES {
            return Err(Refusal::TooLarge);
        }
    }
    Ok((found, at))
}

/// The boxes that fill `range`.
pub(super) fn children(file: &Source<'_>, range: Range<u64>) -> Result<Vec<BoxAt>, Refusal> {
    let end = range.end;
    let (found, at) = boxes(file, range)?;
    if at == end {
        Ok(found)
    } else {
        Err(Refusal::Damaged)
    }
}

/// The box at the start of `range`, if what stands there is one.
fn box_at(file: &Source<'_>, range: Range<u64>) -> Result<Option<BoxAt>, Refusal> {
    let left = range.end.saturating_sub(range.start);
    if left < 8 {
        return Ok(None);
    }
    let [a, b, c, d, name @ ..] = file.array::<8>(range.start)?;
    let (header, len) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (8, left),
        1 if left >= 16 => (16, u64::from_be_bytes(file.array(range.start + 8)?)),
        len => (8, u64::from(len)),
    };
    if len < header || len > left {
        return Ok(None);
    }
    let end = range.start + len;
    Ok(Some(BoxAt {
        name,
        whole: range.start..end,
        body: range.start + header..end,
    }))
}

/// Reads the numbers of a box, all of them big-endian.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Refusal::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number of `len` octets, 0 to 8.
    pub(super) fn number(&mut self, len: usize) -> Result<u64, Refusal> {
        let octets = self.take(len)?;
        Ok(octets.iter().fold(0, |n, &b| n << 8 | u64::from(b)))
    }

    pub(super) fn u8(&mut self) -> Result<u8, Refusal> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, Refusal> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Refusal> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Refusal::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// The version and the flags of a full box.
    pub(super) fn version(&mut self) -> Result<(u8, u32), Refusal> {
        let word = self.u32()?;
        Ok((word.to_be_bytes()[0], word & 0x00FF_FFFF))
    }

    /// An item's id: wider in later versions.
    pub(super) fn id(&mut self, is_wide: bool) -> Result<u32, Refusal> {
        if is_wide {
            self.u32()
        } else {
            Ok(u32::from(self.u16()?))
        }
    }

    /// A text up to its zero, or to the end.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|&b| b == 0);
        let len = end.unwrap_or(self.0.len());
        let text = self.0.get(..len).unwrap_or_default();
        self.0 = self.0.get(len + 1..).unwrap_or_default();
        text
    }
}

/// Appends a box to `out`; the body is what `write` appends.
pub(super) fn put_box(out: &mut Vec<u8>, name: [u8; 4], write: impl FnOnce(&mut Vec<u8>)) {
    let mut body = Vec::new();
    write(&mut body);
    // No box that is made here comes near four gigabytes: the tables of one are read from at most 4 MiB.
    let len = u32::try_from(body.len() + 8).unwrap_or(u32::MAX);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&name);
    out.extend_from_slice(&body);
}
