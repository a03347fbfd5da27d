//! What a track refers to: other tracks, and other files.

use super::boxes::{Atom, Fields, find};
use crate::Refusal;
use crate::source::Source;

/// The tracks that hold the chapters of a track.
pub(super) fn chapters(file: &Source<'_>, trak: &Atom) -> Result<Vec<u32>, Refusal> {
    let mut listed = Vec::new();
    let inner = trak.children(file, 0)?;
    for tref in inner.iter().filter(|atom| &atom.name == b"tref") {
        for chap in tref.children(file, 0)? {
            if &chap.name == b"chap" {
                let ids = chap.front(file, 1024)?;
                let four = ids.chunks_exact(4);
                listed.extend(four.filter_map(|id| Some(u32::from_be_bytes(id.try_into().ok()?))));
            }
        }
    }
    Ok(listed)
}

/// Whether any sample entry says that its samples are in another file.
pub(super) fn external(file: &Source<'_>, dinf: &[Atom], stsd: &Atom) -> Result<bool, Refusal> {
    let Some(dref) = find(dinf, b"dref") else {
        return Ok(false);
    };
    let mut is_external = Vec::new();
    for reference in dref.children(file, 8)? {
        let flags = reference.front(file, 4)?;
        is_external.push(flags.get(3).is_none_or(|flags| flags & 1 == 0));
    }
    for entry in stsd.children(file, 8)? {
        let front = entry.front(file, 8)?;
        let index = Fields(front.get(6..).unwrap_or_default()).u16()?;
        let reference = usize::from(index).checked_sub(1);
        if reference.is_some_and(|at| is_external.get(at) == Some(&true)) {
            return Ok(true);
        }
    }
    Ok(false)
}
