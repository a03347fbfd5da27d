//! Scrubbing through the public API, one module for each format: what is planted goes, what is content stays.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod amr;
mod avi;
mod bmp;
mod emf;
mod epub;
mod flac;
mod gif;
mod heif;
mod jpeg;
mod matroska;
mod mp3;
mod mp4;
mod office;
mod ogg;
mod opendocument;
mod package;
mod pdf;
mod png;
mod svg;
mod text;
mod tiff;
mod wav;
mod webp;
mod wmf;
mod zip;

use hamsa_scrub::{Kind, Refusal, Remark, Report, scrub};

/// Scrubs octets in memory, and holds against the result what holds for every clean file: scrubbing it again gives
/// the same octets and finds nothing.
#[allow(dead_code, reason = "not every format has its tests yet")]
fn cleaned(bytes: &[u8]) -> Result<(Kind, Vec<u8>, Report), Refusal> {
    let first = scrub(bytes, bytes.len() as u64)?;
    let (kind, clean) = (first.kind(), first.to_vec(usize::MAX)?.to_vec());
    let second = scrub(clean.as_slice(), clean.len() as u64).expect("a clean file is not refused");
    assert_eq!(second.kind(), kind);
    assert!(
        second.to_vec(usize::MAX)?.as_slice() == clean,
        "a clean file comes out as it went in"
    );
    assert!(
        second.report().is_empty(),
        "nothing is found in a clean file"
    );
    let is_document = matches!(
        kind,
        Kind::Pdf | Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::Odt | Kind::Ods | Kind::Odp
    );
    let is_other = matches!(kind, Kind::Epub | Kind::Zip | Kind::Text | Kind::Csv);
    assert!(
        is_document || is_other || first.report().remarks().contains(&Remark::ContentStays),
        "what is seen or heard stays, and that is said"
    );
    let mut read = Vec::new();
    std::io::Read::read_to_end(&mut first.reader(), &mut read).expect("memory is read");
    assert!(read == clean, "every way of reading gives the same octets");
    Ok((kind, clean, first.into_report()))
}

/// Whether `needle` stands anywhere in `haystack`, as ASCII or as UTF-16 of either order.
#[allow(dead_code, reason = "not every format has its tests yet")]
fn holds(haystack: &[u8], needle: &str) -> bool {
    let utf16 =
        |order: fn(u16) -> [u8; 2]| needle.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    [
        needle.as_bytes().to_vec(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ]
    .iter()
    .any(|needle| {
        haystack
            .windows(needle.len())
            .any(|window| window == needle)
    })
}

/// Cuts a file at every octet and flips every octet of it. Nothing panics, and what is not refused holds.
#[allow(dead_code, reason = "not every format has its tests yet")]
fn hostile(bytes: &[u8]) {
    for len in 0..bytes.len() {
        let _ = cleaned(&bytes[..len]);
    }
    for at in 0..bytes.len() {
        for flip in [0xFF, 0x01, 0x80] {
            let mut changed = bytes.to_vec();
            changed[at] ^= flip;
            let _ = cleaned(&changed);
        }
    }
}
