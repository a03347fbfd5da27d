//! XMP: what it tells.

use crate::job::Job;

/// Reports each property of an XMP packet that tells something, under `place`.
pub(crate) fn report(_xmp: &[u8], _place: &str, _job: &mut Job) {}
