//! AV1's units of a picture: what is needed to decode it, and what only talks about it (AV1 specification, section 5).

use std::ops::Range;

use crate::Refusal;
use crate::picture::heif::boxes::Fields;

/// What stands in front of a unit's payload.
pub(super) struct Header {
    /// Octets of the header and the size.
    pub(super) len: u64,
    kind: u8,
    /// Octets of the payload; up to the end when the unit doesn't say.
    pub(super) payload: Option<u64>,
}

/// Octets of the longest header: two of flags and eight of size.
pub(super) const MAX_HEADER: usize = 10;

/// Reads the header of the unit that `octets` begins with.
pub(super) fn header(octets: &[u8]) -> Result<Header, Refusal> {
    let mut fields = Fields(octets);
    let flags = fields.u8()?;
    if flags & 0x81 != 0 {
        return Err(Refusal::Damaged);
    }
    if flags & 4 != 0 {
        fields.u8()?;
    }
    let payload = if flags & 2 == 0 {
        None
    } else {
        Some(leb128(&mut fields)?)
    };
    Ok(Header {
        len: (octets.len() - fields.0.len()) as u64,
        kind: flags >> 3 & 0xF,
        payload,
    })
}

/// A number of seven bits in each octet, the lowest first (section 4.10.5).
fn leb128(fields: &mut Fields<'_>) -> Result<u64, Refusal> {
    let mut number = 0;
    for at in 0..8 {
        let octet = fields.u8()?;
        number |= u64::from(octet & 0x7F) << (7 * at);
        if octet & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Refusal::Damaged)
}

impl Header {
    /// Whether it has to be looked into before it is known whether it is needed.
    pub(super) fn is_metadata(&self) -> bool {
        self.kind == 5
    }

    /// Whether the unit is needed: headers, tiles, frames, and the light levels that HDR pictures are shown by.
    /// `metadata` is the payload of a unit of metadata.
    pub(super) fn is_needed(&self, metadata: &[u8]) -> bool {
        match self.kind {
            1 | 3 | 4 | 6 | 7 => true,
            // A temporal delimiter is empty.
            2 => self.payload == Some(0),
            5 => {
                let len = match metadata.first() {
                    Some(1) => 6,
                    Some(2) => 26,
                    _ => return false,
                };
                // After the numbers comes the bit that ends the unit.
                self.payload == Some(len) && metadata.last() == Some(&0x80)
            }
            _ => false,
        }
    }

    fn is_sequence_header(&self) -> bool {
        self.kind == 1
    }
}

/// Writes an `av1C` record again with sequence headers only (AV1 in ISOBMFF, section 2.3).
pub(super) fn clean_record(record: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(record);
    let [_, profile, format, _] = fields.array()?;
    let mut out = vec![0x81, profile, format, 0];
    let mut units = fields.0;
    while !units.is_empty() {
        let header = header(units)?;
        let (range, rest) = whole(&header, units)?;
        if header.is_sequence_header() {
            out.extend_from_slice(units.get(range).unwrap_or_default());
        }
        units = rest;
    }
    Ok(out)
}

fn whole<'a>(header: &Header, units: &'a [u8]) -> Result<(Range<usize>, &'a [u8]), Refusal> {
    let len = match header.payload {
        Some(payload) => header.len.checked_add(payload).ok_or(Refusal::Damaged)?,
        None => units.len() as u64,
    };
    let len = usize::try_from(len).map_err(|_| Refusal::Damaged)?;
    let rest = units.get(len..).ok_or(Refusal::Damaged)?;
    Ok((0..len, rest))
}
