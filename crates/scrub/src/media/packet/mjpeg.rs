//! Motion JPEG: comments and application segments of each picture.

use std::ops::Range;

use super::{Edit, Part};
use crate::Refusal;
use crate::job::Job;
use crate::media::window::Window;
use crate::report::What;

/// Cuts what is not coded picture. A packet may hold two fields, one after the other, with nothing but filling between.
pub(super) fn packet(
    window: &mut Window<'_>,
    range: Range<u64>,
    job: &mut Job,
) -> Result<Option<Vec<Part>>, Refusal> {
    let mut edit = Edit::new(range.clone());
    let mut at = range.start;
    // Where the field that was read last ended, until the next begins.
    let mut ended = None;
    while at + 1 < range.end {
        let Some(&marker) = window.peek(at, 2)?.first_chunk() else {
            break;
        };
        match (marker, ended) {
            ([0xFF, 0xD8], _) => {
                ended = None;
                at += 2;
            }
            ([0, _] | [0xFF, 0xFF], Some(_)) | ([0xFF, 0 | 0xFF], None) => at += 1,
            (_, Some(_)) => break,
            ([0xFF, 0xD9], None) => {
                at += 2;
                ended = Some(at);
            }
            ([0xFF, 0x01 | 0xD0..=0xD7], None) => at += 2,
            ([0xFF, code], None) => at = segment(window, at, code, range.end, &mut edit, job)?,
            (_, None) => at = entropy(window, at, range.end)?,
        }
    }
    if let Some(ended) = ended.filter(|&ended| ended < range.end) {
        let rest = window.peek(ended, 64)?;
        if rest.iter().any(|&b| b != 0 && b != 0xFF) {
            job.found_octets(What::Unknown, "behind a picture", rest);
        }
        edit.replace(ended..range.end, None);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::source::Source;

    fn clean(octets: &[u8]) -> Vec<u8> {
        let mut window = Window::new(Source::memory(octets));
        let whole = 0..octets.len() as u64;
        let Some(parts) = packet(&mut window, whole, &mut Job::new()).unwrap() else {
            return octets.to_vec();
        };
        let mut clean = Vec::new();
        for part in parts {
            match part {
                Part::Made(made) => clean.extend(made),
                Part::Zeros(len) => clean.resize(clean.len() + usize::try_from(len).unwrap(), 0),
                Part::Copied(range) => clean.extend(
                    octets
                        .get(usize::try_from(range.start).unwrap()..)
                        .unwrap()
                        .iter()
                        .take(usize::try_from(range.end - range.start).unwrap()),
                ),
            }
        }
        clean
    }

    #[test]
    fn both_fields_of_an_interlaced_picture_stay_and_nothing_behind_them() {
        let field = b"\xff\xd8\xff\xda\0\x02coded\xff\0data\xff\xd9";
        let filled = [field.as_slice(), b"\0\0\xff", field].concat();
        assert_eq!(clean(&filled), filled);
        for behind in [b"\0\0\0".as_slice(), b"\0words", b"\xff\xfe\0\x04no"] {
            assert_eq!(clean(&[filled.as_slice(), behind].concat()), filled);
        }
    }

    /// Found by fuzzing: the end was forgotten at a segment, and remembered by the next scrubbing, when the segment was gone.
    #[test]
    fn what_follows_an_end_is_cut_whatever_it_is() {
        let octets = b"\xff\xd9\xff\xfe\0\x04no coded\xff\xd9";
        assert_eq!(clean(octets), b"\xff\xd9");
    }
}
