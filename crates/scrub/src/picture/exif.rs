//! EXIF: what it tells, and the one thing in it that the picture needs.

use crate::job::Job;

/// Reports each tag of an EXIF block (from its TIFF header on) that tells something, under `place`.
pub(crate) fn report(_exif: &[u8], _place: &str, _job: &mut Job) {}

/// The orientation, 2 to 8, when it is not upright.
pub(crate) fn orientation(_exif: &[u8]) -> Option<u8> {
    None
}

/// An EXIF block (from its TIFF header on) that holds an orientation and nothing else.
pub(crate) fn only_orientation(_orientation: u8) -> [u8; 26] {
    [0; 26]
}
