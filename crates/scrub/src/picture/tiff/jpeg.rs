//! JPEG streams within strips: their tables may stand elsewhere, and they must not bring metadata (TIFF Technical
//! Note 2).
#![allow(
    clippy::single_range_in_vec_init,
    reason = "one range is what is meant"
)]

use std::ops::Range;

use crate::job::Job;
use crate::source::Source;
use crate::{Refusal, What};

/// The ranges of a stream that a decoder needs: everything but segments of programs and comments, up to the end of the
/// image.
pub(super) fn needed(stream: &Source<'_>, job: &mut Job) -> Result<Vec<Range<u64>>, Refusal> {
    if stream.array::<2>(0)? != [0xFF, 0xD8] {
        return Err(Refusal::Damaged);
    }
    let mut kept = Vec::from([0..2]);
    let mut at = 2;
    // Some programs leave the end of the image away.
    while at < stream.len() {
        let [mark, code] = stream.array::<2>(at)?;
        if mark != 0xFF {
            return Err(Refusal::Damaged);
        }
        match code {
            // Filling.
            0xFF => at += 1,
            0xD9 => {
                keep(&mut kept, at..at + 2);
                if at + 2 < stream.len() {
                    job.found(What::Unknown, "octets behind a strip", "");
                }
                return Ok(kept);
            }
            0xC0..=0xC3 | 0xC4..=0xC7 | 0xC9..=0xCF | 0xDA..=0xDE | 0xE0..=0xEF | 0xFE => {
                let [high, low] = stream.array::<2>(at + 2)?;
                let end = at + 2 + u64::from(u16::from_be_bytes([high, low]));
                if end < at + 4 || end > stream.len() {
                    return Err(Refusal::Damaged);
                }
                if is_needed(stream, code, at..end)? {
                    keep(&mut kept, at..end);
                } else {
                    let text = stream.read(at + 4..end.min(at + 204), usize::MAX)?;
                    job.found_octets(What::Unknown, "JPEG segment in a strip", &text);
                }
                at = end;
                if code == 0xDA {
                    at = scan(stream, at)?;
                    keep(&mut kept, end..at);
                }
            }
            _ => return Err(Refusal::Damaged),
        }
    }
    Ok(kept)
}

fn keep(kept: &mut Vec<Range<u64>>, range: Range<u64>) {
    match kept.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => kept.push(range),
    }
}

/// Of the segments of programs only Adobe's is needed, in the form that says nothing but the kind of colours.
fn is_needed(stream: &Source<'_>, code: u8, segment: Range<u64>) -> Result<bool, Refusal> {
    match code {
        0xEE if segment.end - segment.start == 16 => {
            let body = stream.array::<12>(segment.start + 4)?;
            Ok(body.starts_with(b"Adobe"))
        }
        0xE0..=0xEF | 0xFE => Ok(false),
        _ => Ok(true),
    }
}

/// The end of the coded pixels that begin at `at`.
fn scan(stream: &Source<'_>, at: u64) -> Result<u64, Refusal> {
    let mut cursor = stream.cursor(at);
    let mut after_mark = false;
    while let Some(octet) = cursor.octet()? {
        match octet {
            0xFF => after_mark = true,
            0 | 0xD0..=0xD7 => after_mark = false,
            _ if after_mark => return Ok(cursor.position() - 2),
            _ => {}
        }
    }
    Ok(stream.len())
}
