//! JPEG. The files in `data` were made for these tests with Pillow; `ZQX7MARK` stands in each field of theirs.

use crate::{cleaned, holds};
use hamsa_scrub::{Refusal, What, scrub};

const PHOTO: &[u8] = include_bytes!("data/photo.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("data/progressive.jpg");
const RESTARTS: &[u8] = include_bytes!("data/restarts.jpg");
const CMYK: &[u8] = include_bytes!("data/cmyk.jpg");
const MARKER: &str = "ZQX7MARK";

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &len[..], content].concat()
}

fn with(file: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&file[..at], more, &file[at..]].concat()
}

fn find(file: &[u8], marker: u8) -> Vec<usize> {
    let pairs = file.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| **pair == [0xFF, marker])
        .map(|(at, _)| at)
        .collect()
}

/// A grey picture of eight by eight pixels: one code in each table.
fn grey(kind: u8) -> Vec<u8> {
    let code = |front: u8| segment(0xC4, &[&[front, 1][..], &[0; 15], &[0]].concat());
    [
        vec![0xFF, 0xD8],
        segment(0xDB, &[0; 65]),
        segment(kind, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        code(0),
        code(0x10),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![0x3F, 0xFF, 0xD9],
    ]
    .concat()
}

#[test]
fn what_is_planted_goes_and_is_told() {
    let (_, clean, report) = cleaned(PHOTO).unwrap();
    assert!(!holds(&clean, MARKER));
    let value = |what: What, place: &str| {
        let mut findings = report.findings().iter();
        findings.any(|f| f.what == what && f.place == place && !f.value().is_empty())
    };
    assert!(value(What::Place, "EXIF GPSPosition"));
    assert!(value(What::Device, "EXIF Make"));
    assert!(value(What::Identifier, "EXIF BodySerialNumber"));
    assert!(value(What::Person, "EXIF Artist"));
    assert!(value(What::Time, "EXIF DateTime"));
    assert!(value(What::Person, "XMP creator"));
    assert!(value(What::Description, "comment"));
    // Orientation and profile stay.
    assert_eq!(find(&clean, 0xE1).len(), 1);
    assert_eq!(clean[clean.len() - 2..], [0xFF, 0xD9]);
    assert!(holds(&clean, "ICC_PROFILE"));
}

#[test]
fn scans_stay_octet_by_octet() {
    for file in [PHOTO, PROGRESSIVE, RESTARTS, CMYK] {
        let (_, clean, _) = cleaned(file).unwrap();
        let (a, b) = (find(file, 0xDA), find(&clean, 0xDA));
        assert_eq!(a.len(), b.len());
        assert_eq!(file[*a.last().unwrap()..], clean[*b.last().unwrap()..]);
    }
}

#[test]
fn whatever_is_put_between_segments_makes_no_difference() {
    for file in [PROGRESSIVE, RESTARTS, PHOTO] {
        let (_, clean, _) = cleaned(file).unwrap();
        let marker = MARKER.as_bytes();
        let mut junk = segment(0xFE, marker);
        for app in [0xE3, 0xE4, 0xEB, 0xEC, 0xED, 0xEF, 0xF3] {
            junk.extend(segment(app, marker));
        }
        junk.extend(segment(0xE0, b"JFXX\0\x10\xFF\xD8ZQX7MARK"));
        junk.extend(segment(0xE2, b"MPF\0ZQX7MARK"));
        junk.extend(segment(0xDB, &[&[3], &marker.repeat(8)[..]].concat()));
        junk.extend(marker);
        let mut dirty = file.to_vec();
        for &at in find(file, 0xDA).iter().rev() {
            dirty = with(&dirty, at, &junk);
        }
        dirty.extend(marker);
        let (_, again, report) = cleaned(&dirty).unwrap();
        assert!(again == clean);
        assert!(!report.is_empty());
    }
}

#[test]
fn nothing_rides_behind_the_last_block() {
    for file in [PHOTO, PROGRESSIVE, RESTARTS] {
        let (_, clean, _) = cleaned(file).unwrap();
        let mut ends = find(file, 0xD9);
        // Behind the first scan's header no end of a scan comes before.
        let scans = find(file, 0xDA);
        ends.retain(|&end| end > scans[0]);
        ends.extend(&scans[1..]);
        for restart in 0xD0..=0xD7 {
            ends.extend(find(file, restart).iter().filter(|&&at| at > scans[0]));
        }
        for at in ends {
            // Not where a table stands before the scan.
            let before = if file == PROGRESSIVE {
                find(file, 0xC4)
                    .into_iter()
                    .rfind(|&table| table < at && table > scans[0])
            } else {
                None
            };
            let at = before.filter(|_| file[at + 1] == 0xDA).unwrap_or(at);
            let (_, again, _) = cleaned(&with(file, at, MARKER.as_bytes())).unwrap();
            assert!(again == clean);
        }
    }
}

#[test]
fn colours_are_told_as_before() {
    let adobe = |t: u8| segment(0xEE, &[b"Adobe\0\x64\x80\0\0\0", &[t][..]].concat());
    let bare = &PROGRESSIVE[20..];
    assert!(bare.starts_with(&[0xFF, 0xE1]));
    let front = |segments: &[Vec<u8>]| [&[0xFF, 0xD8], &segments.concat()[..], bare].concat();
    let jfif = PROGRESSIVE[2..20].to_vec();
    let clean = |file: &[u8]| cleaned(file).unwrap().1;
    let plain = clean(PROGRESSIVE);
    // All of these say YCbCr to every reader.
    for same in [
        front(&[]),
        front(&[adobe(1)]),
        front(&[adobe(2)]),
        front(&[jfif.clone(), adobe(1)]),
    ] {
        assert!(clean(&same) == plain);
    }
    // RGB stays RGB, and what readers disagree on stays as it was.
    let rgb = clean(&front(&[adobe(0)]));
    assert!(find(&rgb, 0xE0).is_empty() && holds(&rgb, "Adobe"));
    let both = clean(&front(&[jfif, adobe(0)]));
    assert!(!find(&both, 0xE0).is_empty() && holds(&both, "Adobe"));
    let inverted = clean(CMYK);
    assert!(holds(&inverted, "Adobe"));
}

#[test]
fn the_shape_of_a_pixel_stays_and_its_size_goes() {
    let density = |unit: u8, x: u16, y: u16| {
        let mut file = RESTARTS.to_vec();
        file[13] = unit;
        file[14..16].copy_from_slice(&x.to_be_bytes());
        file[16..18].copy_from_slice(&y.to_be_bytes());
        cleaned(&file).unwrap().1
    };
    assert!(density(1, 300, 300) == density(2, 118, 118));
    assert_eq!(density(1, 300, 150)[13..18], [0, 0, 2, 0, 1]);
}

#[test]
fn a_grey_picture_gets_the_one_front() {
    let (_, clean, _) = cleaned(&grey(0xC0)).unwrap();
    assert!(clean[2..].starts_with(b"\xFF\xE0\0\x10JFIF"));
    let (_, extended, _) = cleaned(&grey(0xC1)).unwrap();
    assert_eq!(clean.len(), extended.len());
}

#[test]
fn an_unused_code_table_goes() {
    let table = segment(
        0xC4,
        &[&[0x13, 0, 0, 0, 8][..], &[0; 12], MARKER.as_bytes()].concat(),
    );
    let (_, clean, _) = cleaned(&with(&grey(0xC0), 2, &table)).unwrap();
    assert!(clean == cleaned(&grey(0xC0)).unwrap().1);
}

#[test]
fn a_code_table_that_readers_still_have_is_not_written_again() {
    // Between two scans a table is set to something else, and set back before anything uses it.
    let (_, clean, _) = cleaned(include_bytes!("data/table-set-back.jpg")).unwrap();
    assert_eq!(find(&clean, 0xC4).len(), 8);
}

#[test]
fn a_missing_end_is_made() {
    let (_, clean, _) = cleaned(&PHOTO[..PHOTO.len() - 2]).unwrap();
    assert!(clean == cleaned(PHOTO).unwrap().1);
}

fn refusal(file: &[u8]) -> &'static str {
    cleaned(file).map_or_else(|refusal| refusal.code(), |_| "clean")
}

#[test]
fn arithmetic_and_hierarchical_coding_are_refused() {
    for kind in [0xC5, 0xC9, 0xCA, 0xCB, 0xCD, 0xDE, 0xF7] {
        assert_eq!(refusal(&grey(kind)), "scrub-unsupported");
    }
}

#[test]
fn a_file_without_a_scan_is_refused() {
    let file = grey(0xC0);
    let scan = find(&file, 0xDA)[0];
    let cut = [&file[..scan], &[0xFF, 0xD9]].concat();
    assert_eq!(refusal(&cut), Refusal::Damaged.code());
}

#[test]
fn a_second_frame_is_refused() {
    let frame = segment(0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    let file = with(&grey(0xC0), 2, &frame);
    assert_eq!(refusal(&file), Refusal::Damaged.code());
}

#[test]
fn hostile_files_hurt_nobody() {
    for file in [PHOTO, PROGRESSIVE, RESTARTS, CMYK, &grey(0xC3)] {
        for at in 0..file.len() {
            let cut = &file[..at];
            let _ = scrub(cut, cut.len() as u64).map(|_| cleaned(cut));
            for mask in [0xFF, 1] {
                let mut flipped = file.to_vec();
                flipped[at] ^= mask;
                if scrub(&flipped[..], flipped.len() as u64).is_ok() {
                    assert!(cleaned(&flipped).is_ok());
                }
            }
        }
    }
}

#[test]
fn a_picture_without_its_end_is_said_to_be_so() {
    let says = |bytes: &[u8]| {
        let (_, _, report) = cleaned(bytes).unwrap();
        report.remarks().contains(&hamsa_scrub::Remark::CutShort)
    };
    assert!(!says(PHOTO));
    assert!(says(&PHOTO[..PHOTO.len() - 20]));
}
