//! What the fuzz targets need. Compiled under `--cfg fuzzing` only, so it is no part of the API.

use zeroize::Zeroizing;

use crate::job::{Job, MAX_IN_MEMORY};
use crate::source::Source;
use crate::{Kind, clean, plan};

/// Scrubs octets as if they were of that kind, whatever their front says, and then, if the front says so too, with
/// both checks. The clean file has to come out of a second scrubbing as it went in, or not at all: of octets that no
/// program ever wrote, the leak check may find some twice by chance.
///
/// # Panics
/// When it does not.
pub fn scrub(kind: Kind, bytes: &[u8]) {
    let file = Source::memory(bytes);
    let _ = plan(kind, &file, &mut Job::new());
    let Some((found, first)) = once(bytes) else {
        return;
    };
    // What little is left of octets that no program wrote may begin like another kind.
    if let Some((again_kind, again)) = once(&first)
        && again_kind == found
    {
        assert!(again == first, "a clean file comes out as it went in");
    }
}

fn once(bytes: &[u8]) -> Option<(Kind, Zeroizing<Vec<u8>>)> {
    let (kind, plan) = clean(&Source::memory(bytes), &mut Job::new()).ok()?;
    Some((kind, plan.to_vec(bytes, MAX_IN_MEMORY).ok()?))
}
