//! AVC and HEVC: units that are messages.

use std::ops::Range;

use super::{Edit, Part, next_start_code};
use crate::Refusal;
use crate::job::Job;
use crate::media::nal::{self, Codec, Nal};
use crate::media::window::{WINDOW, Window};

/// Units behind their lengths.
pub(super) fn lengths(
    codec: Codec,
    width: u8,
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    let mut edit = Edit::new(range.clone());
    let mut at = range.start;
    while at < range.end {
        let prefix = window.peek(at, usize::from(width))?;
        let len = prefix
            .iter()
            .fold(0, |len, &octet| len << 8 | u64::from(octet));
        let start = at + u64::from(width);
        let end = start.checked_add(len).filter(|&end| end <= range.end);
        let Some(end) = end else {
            // The last unit of a broken packet. What is no unit may hold anything.
            job.found(
                crate::report::What::Unknown,
                "behind the units of a packet",
                "",
            );
            edit.replace(at..range.end, None);
            break;
        };
        if let Some(unit) = message(codec, window, start..end)? {
            match nal::clean(codec, &unit) {
                Nal::Keep => {}
                Nal::Drop => {
                    nal::report(codec, &unit, "SEI message", job);
                    edit.replace(at..end, None);
                }
                Nal::Rewrite(bytes) => {
                    nal::report(codec, &unit, "SEI message", job);
                    let len = bytes.len().to_be_bytes();
                    let skip = len.len().saturating_sub(usize::from(width));
                    let mut made = len.get(skip..).unwrap_or_default().to_vec();
                    made.extend(bytes);
                    edit.replace(at..end, Some(Part::Made(made)));
                }
            }
        }
        at = end;
    }
    Ok(edit.finish())
}

/// Units behind start codes (ITU-T H.264 annex B).
pub(super) fn start_codes(
    codec: Codec,
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    let mut edit = Edit::new(range.clone());
    let mut found = next_start_code(window, range.start, range.end)?;
    while let Some(at) = found {
        let start = at + 3;
        let head = window.peek(start, 2)?.first_chunk().copied();
        let next = next_start_code(window, start, range.end)?;
        found = next;
        if !head.is_some_and(|head| nal::is_message(codec, head)) {
            continue;
        }
        let Some(mut unit) = message(codec, window, start..next.unwrap_or(range.end))? else {
            continue;
        };
        // Zeros before the next start code are part of it.
        let last = unit
            .iter()
            .rposition(|&b| b != 0)
            .map_or(0, |last| last + 1);
        unit.truncate(last);
        let end = start + last as u64;
        match nal::clean(codec, &unit) {
            Nal::Keep => {}
            Nal::Drop => {
                nal::report(codec, &unit, "SEI message", job);
                edit.replace(at..next.unwrap_or(range.end), None);
            }
            Nal::Rewrite(bytes) => {
                nal::report(codec, &unit, "SEI message", job);
                edit.replace(start..end, Some(Part::Made(bytes)));
            }
        }
    }
    Ok(edit.finish())
}

/// The unit, if it is a message.
fn message(
    codec: Codec,
    window: &mut Window<'_>,
    range: Range<u64>,
) -> Result<Option<Vec<u8>>, Refusal> {
    let head = window.peek(range.start, 2)?.first_chunk().copied();
    if range.end < range.start + 2 || !head.is_some_and(|head| nal::is_message(codec, head)) {
        return Ok(None);
    }
    let len = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
    if len > nal::LONGEST {
        return Err(Refusal::TooLarge);
    }
    let mut unit = Vec::with_capacity(len.min(WINDOW));
    window.each(range, |piece| unit.extend_from_slice(piece))?;
    Ok(Some(unit))
}
