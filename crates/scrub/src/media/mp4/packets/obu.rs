//! AV1: open bitstream units (AV1 specification, 5.3 and 5.8).

use std::ops::Range;

const SEQUENCE_HEADER: u8 = 1;
const TEMPORAL_DELIMITER: u8 = 2;
const METADATA: u8 = 5;

/// The units that stay, in order: in a record the sequence header and what tells of brightness; in a sample the picture
/// too. Nothing when they do not fill the octets.
pub(in crate::media::mp4) fn kept(octets: &[u8], in_record: bool) -> Option<Vec<Range<usize>>> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(&header) = octets.get(at) {
        let has_size = header & 2 != 0;
        let body = at + 1 + usize::from(header >> 2 & 1);
        let (size, body) = if has_size {
            number(octets, body)?
        } else {
            (octets.len().checked_sub(body)?, body)
        };
        let end = body.checked_add(size)?;
        let payload = octets.get(body..end)?;
        let stays = match header >> 3 & 15 {
            SEQUENCE_HEADER => true,
            TEMPORAL_DELIMITER => !in_record && size == 0,
            // Frame header, tile group, frame, frame header once more.
            3 | 4 | 6 | 7 => !in_record,
            METADATA => is_brightness(payload),
            _ => false,
        };
        if stays && header & 0x81 == 0 {
            kept.push(at..end);
        }
        at = end;
    }
    Some(kept)
}

/// Content light level or mastering display, and nothing behind it.
fn is_brightness(payload: &[u8]) -> bool {
    payload.last() == Some(&0x80)
        && matches!(
            (payload.first(), payload.len()),
            (Some(1), 6) | (Some(2), 26)
        )
}

/// `leb128`: the number, and where it ends.
fn number(octets: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut number = 0_u64;
    for shift in (0..56).step_by(7) {
        let octet = *octets.get(at)?;
        at += 1;
        number |= u64::from(octet & 0x7F) << shift;
        if octet & 0x80 == 0 {
            return Some((usize::try_from(number).ok()?, at));
        }
    }
    None
}
