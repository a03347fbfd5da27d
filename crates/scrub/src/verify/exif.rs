//! EXIF blocks with an orientation and nothing else.

use super::Fault;

/// Holds an EXIF block (from its TIFF header on) against the one form that scrubbing writes.
pub(super) fn verify(_exif: &[u8]) -> Result<(), Fault> {
    Err(Fault("not written yet"))
}
