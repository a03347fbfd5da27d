//! User data of MPEG video: the encoder's name in most files.

use std::ops::Range;

use super::{Edit, Part, next_start_code};
use crate::Refusal;
use crate::job::Job;
use crate::media::window::Window;
use crate::report::{Remark, What};

/// The code behind which user data stands, the same in all of them.
const USER_DATA: u8 = 0xB2;

/// MPEG-4 part 2. Decoders take from some programs' names how to decode: those are kept, reduced to the numbers.
pub(super) fn mpeg4(
    guessed: bool,
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    user_data(window, range, |text| {
        let kept = decoding_hint(text, guessed);
        if kept.as_deref() != Some(text) {
            job.found_octets(What::Software, "MPEG-4 user data", text);
        }
        kept
    })
}

/// MPEG-1 and MPEG-2: names of programs, and subtitles.
pub(super) fn mpeg2(
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    user_data(window, range, |text| {
        if text.starts_with(b"GA94") {
            job.remark(Remark::TracksLost);
        }
        job.found_octets(What::Software, "MPEG user data", text);
        None
    })
}

/// Shows each run of user data and writes what comes back.
fn user_data(
    window: &mut Window<'_>,
    range: Range<u64>,
    mut clean: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Result<Option<Vec<Part>>, Refusal> {
    let mut edit = Edit::new(range.clone());
    let mut found = next_start_code(window, range.start, range.end)?;
    while let Some(at) = found {
        let is_user = window.peek(at + 3, 1)? == [USER_DATA];
        found = next_start_code(window, at + 4, range.end)?;
        if !is_user {
            continue;
        }
        let end = found.unwrap_or(range.end);
        let len = usize::try_from(end - at - 4).unwrap_or(usize::MAX);
        let text = window.peek(at + 4, len.min(4096))?;
        let last = text
            .iter()
            .rposition(|&b| b != 0)
            .map_or(0, |last| last + 1);
        let text = text.get(..last).unwrap_or_default();
        let kept = clean(text);
        if kept.as_deref() == Some(text) && last == len {
            continue;
        }
        let made = kept.map(|kept| {
            let mut made = vec![0, 0, 1, USER_DATA];
            made.extend(kept);
            Part::Made(made)
        });
        edit.replace(at..end, made);
    }
    Ok(edit.finish())
}

/// What of an encoder's name decides how its streams are decoded: the errors of `XviD` and `DivX`, and whether packets hold
/// several pictures.
fn decoding_hint(text: &[u8], guessed: bool) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    if let Some(rest) = text.strip_prefix("XviD") {
        let build: String = rest
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        return (!build.is_empty()).then(|| format!("XviD{build}").into_bytes());
    }
    if let Some(rest) = text.strip_prefix("DivX") {
        let version: String = rest
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        let rest = rest.get(version.len()..)?;
        let rest = rest
            .strip_prefix("Build")
            .or_else(|| rest.strip_prefix('b'))?;
        let build: String = rest
            .chars()
            .take_while(char::is_ascii_digit)
            .take(5)
            .collect();
        let packed = if rest.get(build.len()..)?.starts_with('p') {
            "p"
        } else {
            ""
        };
        return Some(format!("DivX{version}b{build}{packed}").into_bytes());
    }
    // For some names of tracks a decoder would take another program's errors for granted.
    (guessed && text.starts_with("Lavc")).then(|| b"Lavc58.0.0".to_vec())
}
