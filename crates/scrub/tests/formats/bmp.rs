//! BMP. The files in `data` were made for these tests with Pillow and `ImageMagick`, `profile.bmp` by hand.

use crate::{cleaned, holds};
use hamsa_scrub::{What, scrub};

const INDEXED: &[u8] = include_bytes!("data/indexed.bmp");
const TRUE: &[u8] = include_bytes!("data/true.bmp");
const CODED: &[u8] = include_bytes!("data/coded.bmp");
const PROFILE: &[u8] = include_bytes!("data/profile.bmp");
const MARKER: &[u8] = b"ZQX7MARK";

/// The same pixels with a header of version 5 and that colour space, profile and tail.
fn version_5(space: &[u8], profile: &[u8]) -> Vec<u8> {
    let mut file = TRUE.to_vec();
    file.splice(14..18, 124_u32.to_le_bytes());
    file.splice(10..14, 138_u32.to_le_bytes());
    let mut more = vec![0; 84];
    more[16..20].copy_from_slice(space);
    let at = u32::try_from(124 + TRUE.len() - 54).unwrap();
    more[72..76].copy_from_slice(&at.to_le_bytes());
    more[76..80].copy_from_slice(&u32::try_from(profile.len()).unwrap().to_le_bytes());
    file.splice(54..54, more);
    file.extend(profile);
    file
}

fn long(file: &[u8], at: usize) -> usize {
    u32::from_le_bytes(*file[at..].first_chunk().unwrap()) as usize
}

#[test]
fn a_tail_a_gap_and_reserved_fields_make_no_difference() {
    for source in [INDEXED, TRUE, CODED] {
        let (_, clean, _) = cleaned(source).unwrap();
        let offset = source[10] as usize + 256 * source[11] as usize;
        let mut dirty = source.to_vec();
        dirty[6..10].copy_from_slice(b"ZQX7");
        dirty[50..54].copy_from_slice(&[9; 4]);
        dirty.splice(offset..offset, MARKER.iter().copied());
        dirty[10] += 8;
        dirty.extend(MARKER);
        let (_, again, report) = cleaned(&dirty).unwrap();
        assert!(again == clean);
        assert_eq!(report.findings().len(), 2);
    }
}

#[test]
fn padding_becomes_zeros() {
    // Five pixels of three octets: one octet is spare in each row.
    let (_, clean, _) = cleaned(TRUE).unwrap();
    let mut dirty = TRUE.to_vec();
    for row in 0..4 {
        dirty[54 + 16 * row + 15] = b'Z';
    }
    assert!(cleaned(&dirty).unwrap().1 == clean);
}

#[test]
fn the_path_of_a_linked_profile_goes_and_is_told() {
    let (_, clean, report) = cleaned(&version_5(b"KNIL", b"C:\\ZQX7MARK.icm\0")).unwrap();
    assert!(!holds(&clean, "ZQX7MARK"));
    let mut findings = report.findings().iter();
    assert!(findings.any(|f| f.what == What::Path && f.value() == "C:\\ZQX7MARK.icm"));
    let (_, embedded, _) = cleaned(&version_5(b"DEBM", MARKER)).unwrap();
    assert!(embedded == clean && clean == cleaned(&version_5(b"BGRs", b"")).unwrap().1);
}

#[test]
fn an_embedded_profile_keeps_its_numbers_only() {
    let mut profile = PROFILE[138 + 24..].to_vec();
    let dirty = version_5(b"DEBM", &profile);
    let (_, clean, _) = cleaned(&dirty).unwrap();
    let at = clean.len() - long(&clean, 130);
    assert_eq!(clean[70..74], *b"DEBM");
    assert_eq!((at, long(&clean, 2)), (14 + long(&clean, 126), clean.len()));
    assert_eq!(clean[138..at], TRUE[54..]);
    assert_eq!(clean[at + 36..at + 40], *b"acsp");
    let (_, again, report) = cleaned(&clean).unwrap();
    assert!(again == clean && report.findings().is_empty());
    // The date is one of the things that differ between copies.
    profile[25] ^= 1;
    assert!(cleaned(&version_5(b"DEBM", &profile)).unwrap().1 == clean);
}

#[test]
fn the_header_with_masks_and_alpha_is_kept() {
    let mut file =
        b"BM\x4E\0\0\0\0\0\0\0\x46\0\0\0\x38\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x20\0\x03\0\0\0"
            .to_vec();
    file.resize(54, 0);
    let masks = [0xFF_0000_u32, 0xFF00, 0xFF, 0xFF00_0000];
    file.extend(masks.iter().flat_map(|mask| mask.to_le_bytes()));
    file.extend([1, 2, 3, 4, 5, 6, 7, 8]);
    let (_, clean, _) = cleaned(&file).unwrap();
    assert_eq!(clean[54..], file[54..]);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let code = |file: &[u8]| cleaned(file).map_or_else(|refusal| refusal.code(), |_| "clean");
    let mut coded = TRUE.to_vec();
    coded[30] = 4;
    assert_eq!(code(&coded), "scrub-unsupported");
    let mut header = TRUE.to_vec();
    header[14] = 41;
    assert_eq!(code(&header), "scrub-unsupported");
    assert_eq!(code(&TRUE[..TRUE.len() - 1]), "scrub-damaged");
}

#[test]
fn hostile_files_hurt_nobody() {
    for file in [
        INDEXED,
        TRUE,
        CODED,
        PROFILE,
        &version_5(b"KNIL", b"C:\\path.icm"),
    ] {
        for at in 0..file.len() {
            let cut = &file[..at];
            let _ = scrub(cut, cut.len() as u64).map(|_| cleaned(cut));
            let mut flipped = file.to_vec();
            flipped[at] ^= 0xFF;
            if scrub(&flipped[..], flipped.len() as u64).is_ok() {
                assert!(cleaned(&flipped).is_ok());
            }
        }
    }
}
