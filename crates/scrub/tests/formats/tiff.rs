//! TIFF: every page stays as it is shown; what tells about it goes.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the files of the tests are small"
)]

use hamsa_scrub::{Kind, Refusal, scrub};

use crate::{cleaned, holds};

const MARK: &str = "ZQX7MARK";

/// The value of a field.
#[derive(Clone)]
enum Value {
    Short(Vec<u16>),
    Long(Vec<u32>),
    Fraction(u32, u32),
    Text(&'static [u8]),
}

/// Fields and pixels.
type Page = (Vec<(u16, Value)>, Vec<u8>);

/// Writes a file of one or more pages with a strip of pixels each.
struct File {
    is_little: bool,
    is_big: bool,
    pages: Vec<Page>,
    /// Octets between the parts.
    gap: &'static [u8],
}

impl File {
    fn number(&self, n: u64, len: usize) -> Vec<u8> {
        let mut octets = n.to_be_bytes()[8 - len..].to_vec();
        if self.is_little {
            octets.reverse();
        }
        octets
    }

    fn value(&self, value: &Value) -> (u64, u64, Vec<u8>) {
        let list = |list: &mut dyn Iterator<Item = u64>, len| {
            list.flat_map(|n| self.number(n, len)).collect::<Vec<_>>()
        };
        match value {
            Value::Short(v) => (3, v.len() as u64, list(&mut v.iter().map(|&n| n.into()), 2)),
            Value::Long(v) => (4, v.len() as u64, list(&mut v.iter().map(|&n| n.into()), 4)),
            Value::Fraction(a, b) => (
                5,
                1,
                [self.number((*a).into(), 4), self.number((*b).into(), 4)].concat(),
            ),
            Value::Text(v) => (2, v.len() as u64, v.to_vec()),
        }
    }

    fn build(&self) -> Vec<u8> {
        let (offset, count, magic) = if self.is_big { (8, 8, 43) } else { (4, 2, 42) };
        let mut out = if self.is_little { b"II" } else { b"MM" }.to_vec();
        out.extend(self.number(magic, 2));
        if self.is_big {
            out.extend(self.number(8, 2));
            out.extend(self.number(0, 2));
        }
        let mut pointer = out.len();
        out.extend(vec![0; offset]);
        for (fields, pixels) in &self.pages {
            out.extend_from_slice(self.gap);
            let strip = out.len() as u32;
            out.extend_from_slice(pixels);
            out.extend_from_slice(self.gap);
            let mut fields = fields.clone();
            fields.push((273, Value::Long(vec![strip])));
            fields.push((279, Value::Long(vec![pixels.len() as u32])));
            fields.sort_by_key(|(tag, _)| *tag);
            let mut table = self.number(fields.len() as u64, count);
            for (tag, value) in fields {
                let (kind, count, octets) = self.value(&value);
                table.extend(self.number(tag.into(), 2));
                table.extend(self.number(kind, 2));
                table.extend(self.number(count, offset));
                if octets.len() <= offset {
                    table.extend([octets.clone(), vec![0; offset - octets.len()]].concat());
                } else {
                    table.extend(self.number(out.len() as u64, offset));
                    out.extend(octets);
                }
            }
            let here = self.number(out.len() as u64, offset);
            out[pointer..pointer + offset].copy_from_slice(&here);
            out.extend(table);
            pointer = out.len();
            out.extend(vec![0; offset]);
        }
        out.extend_from_slice(self.gap);
        out
    }
}

/// A grey page of 8 by 4 pixels.
fn page() -> Page {
    let fields = vec![
        (256, Value::Short(vec![8])),
        (257, Value::Short(vec![4])),
        (258, Value::Short(vec![8])),
        (259, Value::Short(vec![1])),
        (262, Value::Short(vec![1])),
        (277, Value::Short(vec![1])),
        (278, Value::Long(vec![4])),
    ];
    (fields, (0..32).collect())
}

fn file(pages: Vec<Page>) -> File {
    File {
        is_little: true,
        is_big: false,
        pages,
        gap: b"",
    }
}

fn marked() -> File {
    let mut first = page();
    for tag in [
        269, 270, 271, 272, 285, 305, 306, 315, 316, 337, 700, 33432, 65000,
    ] {
        first.0.push((tag, Value::Text(b"ZQX7MARK value\0")));
    }
    first.0.push((282, Value::Fraction(300, 1)));
    first.0.push((283, Value::Fraction(300, 1)));
    // A tail behind the pixels of the strip.
    first.1.extend_from_slice(b"ZQX7MARK");
    let mut second = page();
    second.0.push((270, Value::Text(b"ZQX7MARK second\0")));
    second.0.push((274, Value::Short(vec![6])));
    let mut file = file(vec![first, second]);
    file.gap = b"ZQX7MARK";
    file
}

#[test]
fn every_page_stays_and_what_tells_about_it_goes() {
    for (is_little, is_big) in [(true, false), (false, false), (true, true), (false, true)] {
        let file = File {
            is_little,
            is_big,
            ..marked()
        };
        let (kind, clean, report) = cleaned(&file.build()).unwrap();
        assert_eq!(kind, Kind::Tiff);
        assert!(!holds(&clean, MARK));
        assert!(!report.is_empty());
        let pixels: Vec<u8> = (0..32).collect();
        assert_eq!(clean.windows(32).filter(|w| *w == pixels).count(), 2);
    }
}

#[test]
fn two_files_with_the_same_pages_come_out_the_same() {
    let mut second = page();
    second.0.push((274, Value::Short(vec![6])));
    let bare = file(vec![page(), second]);
    let big = File {
        is_big: true,
        ..marked()
    };
    let (_, bare, report) = cleaned(&bare.build()).unwrap();
    assert!(report.is_empty());
    assert!(cleaned(&marked().build()).unwrap().1 == bare);
    assert!(cleaned(&big.build()).unwrap().1 == bare);
}

#[test]
fn the_shape_of_a_pixel_stays_without_the_resolution() {
    let fax = |x, y| {
        let mut page = page();
        page.0.push((282, Value::Fraction(x, 1)));
        page.0.push((283, Value::Fraction(y, 1)));
        cleaned(&file(vec![page]).build()).unwrap().1
    };
    let (square, plain) = (fax(72, 72), cleaned(&file(vec![page()]).build()).unwrap().1);
    assert!(square == plain);
    assert!(fax(204, 98) == fax(408, 196));
    assert!(fax(204, 98) != plain);
}

#[test]
fn a_smaller_copy_of_a_page_goes() {
    let mut preview = page();
    preview.0.push((254, Value::Long(vec![1])));
    preview.1 = vec![77; 32];
    let (_, clean, report) = cleaned(&file(vec![page(), preview]).build()).unwrap();
    assert!(clean == cleaned(&file(vec![page()]).build()).unwrap().1);
    assert_eq!(report.findings().len(), 1);
}

#[test]
fn what_stands_behind_packed_pixels_goes() {
    // PackBits: 32 literal octets. Deflate: stored. LZW: codes of nine bits, clear, pixels, end.
    let literal: Vec<u8> = std::iter::once(31).chain(0..32).collect();
    let stored = [
        &[0x78, 1, 1, 32, 0, 0xDF, 0xFF][..],
        &(0..32).collect::<Vec<u8>>(),
    ]
    .concat();
    let adler = (0..32_u32).fold((1, 0), |(a, b), n| (a + n, b + a + n));
    let stored = [stored, (adler.1 << 16 | adler.0).to_be_bytes().to_vec()].concat();
    let codes = [256_u32].into_iter().chain(0..32).chain([257]);
    let mut bits: Vec<bool> = codes
        .flat_map(|c| (0..9).rev().map(move |at| c >> at & 1 == 1))
        .collect();
    bits.resize(bits.len().next_multiple_of(8), false);
    let lzw: Vec<u8> = bits
        .chunks(8)
        .map(|bits| bits.iter().fold(0, |n, &bit| n << 1 | u8::from(bit)))
        .collect();
    for (compression, pixels) in [(32773, literal), (8, stored), (5, lzw)] {
        let with = |tail: &[u8]| {
            let mut page = page();
            page.0[3].1 = Value::Short(vec![compression]);
            page.1 = [&pixels, tail].concat();
            cleaned(&file(vec![page]).build()).unwrap()
        };
        let (_, clean, report) = with(b"ZQX7MARK");
        assert!(!holds(&clean, MARK), "{compression}");
        assert_eq!(report.findings().len(), 1, "{compression}");
        assert!(clean == with(b"").1, "{compression}");
        assert!(clean.ends_with(&pixels), "{compression}");
    }
}

#[test]
fn metadata_within_jpeg_strips_goes() {
    let segment = |code: u8, body: &[u8]| {
        let len = u16::try_from(body.len() + 2).unwrap();
        [&[0xFF, code], &len.to_be_bytes()[..], body].concat()
    };
    let frame = segment(0xC0, &[8, 0, 4, 0, 8, 1, 1, 0x11, 0]);
    let scan = [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![1, 2, 0xFF, 0, 3]].concat();
    let clean = [&[0xFF, 0xD8][..], &frame, &scan, &[0xFF, 0xD9]].concat();
    let dirty = [
        &[0xFF, 0xD8][..],
        &segment(0xE1, b"Exif\0\0ZQX7MARK"),
        &frame,
        &segment(0xFE, b"ZQX7MARK"),
        &scan,
        &[0xFF, 0xD9],
        b"ZQX7MARK",
    ]
    .concat();
    let mut page = page();
    page.0[3].1 = Value::Short(vec![7]);
    page.1 = dirty;
    let (_, out, _) = cleaned(&file(vec![page]).build()).unwrap();
    assert!(!holds(&out, MARK));
    assert!(out.ends_with(&clean));
}

fn refusal(file: &File) -> Refusal {
    let bytes = file.build();
    scrub(bytes.as_slice(), bytes.len() as u64)
        .err()
        .expect("it is refused")
}

#[test]
fn raw_photos_are_refused() {
    for (tag, value) in [
        (50706, Value::Long(vec![0x0104_0000])),
        (262, Value::Short(vec![32803])),
        (259, Value::Short(vec![34713])),
    ] {
        let mut page = page();
        page.0.retain(|(known, _)| *known != tag);
        page.0.push((tag, value));
        assert!(matches!(refusal(&file(vec![page])), Refusal::RawPhoto));
    }
}

#[test]
fn jpeg_of_the_old_form_and_unknown_compressions_are_refused() {
    for compression in [6, 34712, 50001] {
        let mut page = page();
        page.0[3].1 = Value::Short(vec![compression]);
        assert!(matches!(
            refusal(&file(vec![page])),
            Refusal::Unsupported(_)
        ));
    }
}

#[test]
fn a_page_that_comes_twice_is_refused() {
    let mut bytes = file(vec![page()]).build();
    let len = bytes.len();
    let first = bytes[4..8].to_vec();
    bytes[len - 4..].copy_from_slice(&first);
    let refused = scrub(bytes.as_slice(), bytes.len() as u64);
    assert!(matches!(refused, Err(Refusal::Damaged)));
}

#[test]
fn a_cut_or_changed_file_does_not_panic() {
    crate::hostile(&marked().build());
}
