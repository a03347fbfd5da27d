//! Motion JPEG: comments and application segments of each picture.

use std::ops::Range;

use super::{Edit, Part};
use crate::Refusal;
use crate::job::Job;
use crate::media::window::Window;
use crate::report::What;

/// Cuts what is not coded picture. A packet may hold two fields, one after the other.
pub(super) fn packet(
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    let mut edit = Edit::new(range.clone());
    let mut at = range.start;
    let mut has_ended = false;
    while at + 1 < range.end {
        let Some(&[first, code]) = window.peek(at, 2)?.first_chunk() else {
            break;
        };
        if first != 0xFF {
            if has_ended {
                break;
            }
            at = entropy(window, at, range.end)?;
            continue;
        }
        has_ended = code == 0xD9 || has_ended && code == 0xFF;
        match code {
            0xD8 | 0xD9 | 0x01 | 0xD0..=0xD7 => at += 2,
            0xFF | 0 => at += 1,
            _ => at = segment(window, at, code, range.end, &mut edit, job)?,
        }
    }
    if has_ended && at < range.end {
        let rest = window.peek(at, 64)?;
        if rest.iter().any(|&b| b != 0 && b != 0xFF) {
            job.found_octets(What::Unknown, "behind a picture", rest);
        }
        edit.replace(at..range.end, None);
    }
    Ok(edit.finish())
}

fn segment(
    window: &mut Window<'_>,
    at: u64,
    code: u8,
    last: u64,
    edit: &mut Edit,
    job: &mut Job,
) -> Result<u64, Refusal> {
    let [high, low] = window.array(at + 2)?;
    let len = u64::from(u16::from_be_bytes([high, low]));
    let end = at + 2 + len;
    if len < 2 || end > last {
        return Err(Refusal::Damaged);
    }
    if matches!(code, 0xE0..=0xEF | 0xFE) {
        let body = window.peek(at + 4, usize::try_from(len - 2).unwrap_or(0))?;
        let kept = application(code, body);
        if kept.as_deref() != Some(body) {
            let what = if code == 0xFE {
                What::Software
            } else {
                What::Unknown
            };
            job.found_octets(what, "segment of a picture", body);
            let made = kept.map(|kept| {
                let len = u16::try_from(kept.len() + 2).unwrap_or(2).to_be_bytes();
                let mut made = vec![0xFF, code];
                made.extend(len);
                made.extend(kept);
                Part::Made(made)
            });
            edit.replace(at..end, made);
        }
    }
    Ok(end)
}

/// What decoders need of application segments: fields of AVI, the shape of pixels, the colours' transform.
fn application(code: u8, body: &[u8]) -> Option<Vec<u8>> {
    match code {
        0xE0 if body.starts_with(b"AVI1") => {
            let mut kept = b"AVI1".to_vec();
            kept.push(*body.get(4)?);
            kept.resize(14, 0);
            Some(kept)
        }
        0xE0 if body.starts_with(b"JFIF\0") => {
            let mut kept = body.get(..12)?.to_vec();
            kept.extend([0; 2]);
            Some(kept)
        }
        0xEE if body.starts_with(b"Adobe") => {
            let transform = *body.get(11)?;
            let mut kept = b"Adobe\0\x64\0\0\0\0".to_vec();
            kept.push(transform);
            Some(kept)
        }
        _ => None,
    }
}

/// The next marker behind coded data.
fn entropy(window: &mut Window<'_>, at: u64, end: u64) -> Result<u64, Refusal> {
    let mut from = at;
    while from < end {
        let count = usize::try_from(end - from).unwrap_or(usize::MAX);
        let octets = window.peek(from, count.min(crate::media::window::WINDOW))?;
        let marker = octets
            .windows(2)
            .position(|w| matches!(w, [0xFF, 1..=0xCF | 0xD8..=0xFE]));
        if let Some(marker) = marker {
            return Ok(from + marker as u64);
        }
        from += (octets.len() as u64).saturating_sub(1).max(1);
    }
    Ok(end)
}
