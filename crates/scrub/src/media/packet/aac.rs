//! AAC: the fill element in front of some packets, in which encoders write their names (ISO/IEC 14496-3, 4.4.2.7).

use std::ops::Range;

use super::{Edit, Part};
use crate::Refusal;
use crate::job::Job;
use crate::media::window::Window;
use crate::report::What;

/// Elements in front of the sound that are looked at.
const MAX_ELEMENTS: usize = 8;
/// Octets that those take at most.
const FRONT: usize = 1100;

/// Puts zeros into fill elements and data elements that stand before the sound.
pub(super) fn packet(
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    let len = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
    let front = window.peek(range.start, len.min(FRONT))?;
    let mut edit = Edit::new(range.clone());
    let mut at = 0;
    for _ in 0..MAX_ELEMENTS {
        let Some((fill, next)) = element(front, at) else {
            break;
        };
        at = next;
        let Some(octets) = front.get(fill.clone()) else {
            break;
        };
        if octets.iter().any(|&b| b != 0) {
            job.found_octets(What::Software, "AAC fill element", octets);
            let start = range.start + fill.start as u64;
            edit.replace(
                start..range.start + fill.end as u64,
                Some(Part::Zeros(octets.len() as u64)),
            );
        }
    }
    Ok(edit.finish())
}

/// The whole octets of the fill or data element at bit `at` that no decoder reads, and the bit behind it.
fn element(front: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    match bits(front, at, 3)? {
        6 => {
            let mut count = bits(front, at + 3, 4)?;
            let mut body = at + 7;
            if count == 15 {
                count += bits(front, body, 8)?.checked_sub(1)?;
                body += 8;
            }
            let end = body + count * 8;
            // Other kinds of extensions are sound: spectral bands, dynamic range.
            if count == 0 || bits(front, body, 4)? > 1 {
                return None;
            }
            // The kind of fill that has a fixed pattern is left as it is.
            let start = if bits(front, body, 4)? == 0 {
                (body + 4).div_ceil(8)
            } else {
                end / 8
            };
            Some((start..end / 8, end))
        }
        4 => {
            let is_aligned = bits(front, at + 7, 1)? == 1;
            let mut count = bits(front, at + 8, 8)?;
            let mut body = at + 16;
            if count == 255 {
                count += bits(front, body, 8)?;
                body += 8;
            }
            if is_aligned {
                body = body.div_ceil(8) * 8;
            }
            let end = body + count * 8;
            Some((body.div_ceil(8)..end / 8, end))
        }
        _ => None,
    }
}

fn bits(octets: &[u8], at: usize, count: usize) -> Option<usize> {
    (at..at + count).try_fold(0, |value, at| {
        let octet = octets.get(at / 8)?;
        Some(value << 1 | usize::from(octet >> (7 - at % 8) & 1))
    })
}
