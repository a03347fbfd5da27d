//! EXIF blocks with an orientation and nothing else.

use super::Fault;

/// Holds an EXIF block (from its TIFF header on) against the one form that scrubbing writes.
pub(super) fn verify(exif: &[u8]) -> Result<(), Fault> {
    // TIFF header; one entry: tag 0x0112, SHORT, one value; no further directory.
    let [
        b'I',
        b'I',
        42,
        0,
        8,
        0,
        0,
        0,
        1,
        0,
        0x12,
        1,
        3,
        0,
        1,
        0,
        0,
        0,
        2..=8,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ] = exif
    else {
        return Err(Fault("an EXIF block holds more than an orientation"));
    };
    Ok(())
}
