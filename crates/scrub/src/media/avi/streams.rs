//! The headers of an AVI's streams, written again.

use std::ops::Range;

use super::{Chunk, chunk};
use crate::Refusal;
use crate::job::Job;
use crate::media::packet::Filter;
use crate::media::window::Window;
use crate::media::{setup, wav};
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;

/// A stream that stays.
pub(super) struct Stream {
    /// Its number in the source.
    pub(super) number: usize,
    pub(super) filter: Filter,
    /// Octets of a sample, when all samples have as many; 0 when each chunk counts as one.
    pub(super) sample: u32,
    header: Vec<u8>,
    format: Vec<u8>,
    shape: Vec<u8>,
}

impl Stream {
    /// The list of the stream's headers. `index` has the room for places of its indexes.
    pub(super) fn put(&self, to: &mut Vec<u8>, room: Option<usize>) -> Option<usize> {
        let mut list = b"strl".to_vec();
        chunk(&mut list, b"strh", &self.header);
        chunk(&mut list, b"strf", &self.format);
        let mut place = None;
        if let Some(room) = room {
            place = Some(to.len() + 8 + list.len() + 8);
            chunk(&mut list, b"indx", &vec![0; room]);
        }
        if !self.shape.is_empty() {
            chunk(&mut list, b"vprp", &self.shape);
        }
        chunk(to, b"LIST", &list);
        place
    }
}

/// Reads one `strl`. Nothing for a stream that goes.
pub(super) fn read(
    window: &mut Window<'_>,
    file: &Source<'_>,
    list: Range<u64>,
    number: usize,
    plan: &mut Plan,
    job: &mut Job,
) -> Result<Option<Stream>, Refusal> {
    let (mut header, mut format, mut shape) = (None, None, Vec::new());
    let mut at = list.start;
    while let Some(found) = Chunk::read(window, at, list.end)? {
        at = found.next();
        let body = found.body.clone();
        plan.rewritten(found.start..body.start);
        match &found.id {
            b"strh" if header.is_none() => {
                plan.rewritten(body.clone());
                header = Some(body);
            }
            b"strf" if format.is_none() => format = Some(body),
            b"vprp" => {
                shape = properties(window, &body)?;
                plan.rewritten(body.start..body.start + shape.len() as u64);
            }
            // Places, which are found again.
            b"indx" => plan.rewritten(body),
            b"strn" => super::report(window, &found, What::Description, "strn", job)?,
            b"strd" => super::report(window, &found, What::Device, "strd", job)?,
            _ => super::report(
                window,
                &found,
                What::Unknown,
                "chunk of a stream's headers",
                job,
            )?,
        }
    }
    let header = header.ok_or(Refusal::Damaged)?;
    let format = format.ok_or(Refusal::Damaged)?;
    let told = file.read(header.start..header.end.min(header.start + 64), 64)?;
    let setup = file.read(format.clone(), 1 << 20)?;
    plan.rewritten(format);
    let is_video = match told.get(..4) {
        Some(b"vids") => true,
        Some(b"auds") => false,
        Some(b"iavs") => return Err(Refusal::Unsupported("DV video")),
        _ => {
            job.remark(Remark::TracksLost);
            job.found(What::Description, "stream of another kind", "");
            return Ok(None);
        }
    };
    let (format, filter) = if is_video {
        setup::bitmap_header(&setup, job)?
    } else {
        let known =
            wav::format(&setup).ok_or(Refusal::Unsupported("AVI with a codec that is not known"));
        let format = known??;
        (format, Filter::None)
    };
    let header = rewrite(&told, is_video, &format, job)?;
    let sample = header.get(44..48).and_then(|s| s.first_chunk::<4>());
    let sample = sample.map_or(0, |&s| u32::from_le_bytes(s));
    Ok(Some(Stream {
        number,
        filter,
        sample,
        header,
        format,
        shape,
    }))
}

/// `AVIStreamHeader` with its times and sizes. Priority, language, quality and the place on a screen are written as
/// nobody set them.
fn rewrite(told: &[u8], is_video: bool, format: &[u8], job: &mut Job) -> Result<Vec<u8>, Refusal> {
    let field = |range: Range<usize>| told.get(range).ok_or(Refusal::Damaged);
    let mut out = field(0..4)?.to_vec();
    out.extend(if is_video {
        format.get(16..20).unwrap_or_default()
    } else {
        &[0; 4]
    });
    if field(14..16)? != [0, 0] {
        job.found(What::Description, "wLanguage", "");
    }
    // Of the flags: disabled, and changes of the palette.
    out.extend([field(8..9)?.first().map_or(0, |b| b & 1), 0]);
    out.extend([field(10..11)?.first().map_or(0, |b| b & 1), 0]);
    out.extend([0; 4]);
    out.extend_from_slice(field(16..36)?);
    // The longest chunk may have been one that had more in it.
    out.extend([0; 4]);
    out.extend([0xFF; 4]);
    out.extend_from_slice(field(44..48)?);
    out.extend([0; 4]);
    if is_video {
        for at in [4, 8] {
            out.extend_from_slice(format.get(at..at + 2).unwrap_or(&[0; 2]));
        }
    } else {
        out.extend([0; 4]);
    }
    Ok(out)
}

/// `vprp` of `OpenDML`: the shape of the picture, and of its fields.
fn properties(window: &mut Window<'_>, body: &Range<u64>) -> Result<Vec<u8>, Refusal> {
    let len = usize::try_from(body.end - body.start).unwrap_or(usize::MAX);
    let octets = window.peek(body.start, len.min(128))?;
    let fields = octets.get(32..36).and_then(|f| f.first_chunk::<4>());
    let fields = fields.map_or(0, |&f| u32::from_le_bytes(f)).min(2);
    let kept = octets.get(..36 + 32 * usize::try_from(fields).unwrap_or(0));
    Ok(kept.unwrap_or_default().to_vec())
}
