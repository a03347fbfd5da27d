//! EBML elements: read from a source, and written in one form (RFC 8794).

use std::ops::Range;

use crate::Refusal;
use crate::media::window::Window;

/// An element of the source.
#[derive(Clone)]
pub(super) struct Element {
    pub(super) id: u32,
    /// Where it begins, and where its body stands.
    pub(super) start: u64,
    pub(super) body: Range<u64>,
    /// A live recording does not know how long the element will be: the body goes to the parent's end.
    pub(super) is_open: bool,
}

/// Reads the element at `at` of a parent that ends at `end`. Nothing when none that fits is there.
pub(super) fn element(
    window: &mut Window<'_>,
    at: u64,
    end: u64,
) -> Result<Option<Element>, Refusal> {
    let head = window.peek(at, 12)?;
    let Some((id, id_len)) = head.first().and_then(|first| {
        let len = first.leading_zeros() as usize + 1;
        let octets = head.get(..len).filter(|_| len <= 4)?;
        Some((octets.iter().fold(0, |id, &b| id << 8 | u32::from(b)), len))
    }) else {
        return Ok(None);
    };
    let Some((size, size_len)) = number(head.get(id_len..).unwrap_or_default()) else {
        return Ok(None);
    };
    let body = at + (id_len + size_len) as u64;
    let is_open = size + 1 == 1 << (7 * size_len);
    let last = if is_open {
        Some(end)
    } else {
        body.checked_add(size)
    };
    Ok(last
        .filter(|&last| body <= last && last <= end)
        .map(|last| Element {
            id,
            start: at,
            body: body..last,
            is_open,
        }))
}

/// A number behind its length marker, and how many octets it takes.
pub(super) fn number(octets: &[u8]) -> Option<(u64, usize)> {
    let first = *octets.first()?;
    let len = first.leading_zeros() as usize + 1;
    let octets = octets.get(..len).filter(|_| len <= 8)?;
    let value = octets
        .iter()
        .fold(0_u64, |value, &b| value << 8 | u64::from(b));
    Some((value & ((1 << (7 * len)) - 1), len))
}

/// Writes a number in as few octets as it needs; all ones are kept for unknown lengths.
pub(super) fn put_number(to: &mut Vec<u8>, value: u64) {
    let len = (1..8).find(|len| value < (1 << (7 * len)) - 1).unwrap_or(8);
    let octets = (value | 1 << (7 * len)).to_be_bytes();
    to.extend(octets.iter().skip(8 - len));
}

/// Writes an element's name.
pub(super) fn put_id(to: &mut Vec<u8>, id: u32) {
    let skip = id.leading_zeros() as usize / 8;
    to.extend(id.to_be_bytes().iter().skip(skip));
}

/// Writes a whole element.
pub(super) fn put(to: &mut Vec<u8>, id: u32, body: &[u8]) {
    put_id(to, id);
    put_number(to, body.len() as u64);
    to.extend_from_slice(body);
}

/// Writes a number in an element.
pub(super) fn put_uint(to: &mut Vec<u8>, id: u32, value: u64) {
    let skip = (value.leading_zeros() as usize / 8).min(7);
    put(to, id, value.to_be_bytes().get(skip..).unwrap_or_default());
}

/// A number from an element's body.
pub(super) fn uint(body: &[u8]) -> u64 {
    body.iter().fold(0, |value, &b| value << 8 | u64::from(b))
}
