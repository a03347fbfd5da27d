//! PNG. The files in `data` were made for these tests with Pillow and `ImageMagick`.

use crate::{cleaned, holds};
use hamsa_scrub::{Kind, Refusal, What, scrub};

const PICTURE: &[u8] = include_bytes!("data/picture.png");
const INDEXED: &[u8] = include_bytes!("data/indexed.png");
const INTERLACED: &[u8] = include_bytes!("data/interlaced.png");
const ANIMATED: &[u8] = include_bytes!("data/animated.png");
const MARKER: &[u8] = b"ZQX7MARK";

type Chunk = ([u8; 4], Vec<u8>);

fn chunks(file: &[u8]) -> Vec<Chunk> {
    let (mut rest, mut chunks) = (&file[8..], Vec::new());
    while !rest.is_empty() {
        let len = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let name = rest[4..8].try_into().unwrap();
        chunks.push((name, rest[8..8 + len].to_vec()));
        rest = &rest[12 + len..];
    }
    chunks
}

fn file(chunks: &[Chunk]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, content) in chunks {
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let named = [&name[..], content].concat();
        file.extend(&named);
        file.extend(sum(&named).to_be_bytes());
    }
    file
}

/// CRC-32, bit by bit.
fn sum(octets: &[u8]) -> u32 {
    let shift = |sum: u32, _| sum >> 1 ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
    !octets.iter().fold(u32::MAX, |sum, &octet| {
        (0..8).fold(sum ^ u32::from(octet), shift)
    })
}

fn names(file: &[u8]) -> String {
    let names = chunks(file).into_iter().map(|(name, _)| name);
    String::from_utf8(names.flatten().collect()).unwrap()
}

#[test]
fn what_is_planted_goes_and_is_told() {
    let (kind, clean, report) = cleaned(PICTURE).unwrap();
    assert_eq!(kind, Kind::Png);
    assert!(!holds(&clean, "ZQX7MARK"));
    let told = |what: What, place: &str| {
        let mut findings = report.findings().iter();
        findings.any(|f| f.what == what && f.place == place && !f.value().is_empty())
    };
    assert!(told(What::Person, "text Author"));
    assert!(told(What::Person, "XMP creator"));
    assert!(told(What::Place, "EXIF GPSPosition"));
    assert!(told(What::ColourProfile, "ICC profile copyright"));
    assert_eq!(names(&clean), "IHDRiCCPpHYseXIfIDATIEND");
}

#[test]
fn an_orientation_stays_in_either_order_of_octets() {
    let little = b"II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x31\x01\x02\0\x09\0\0\0\x26\0\0\0\0\0\0\0ZQX7MARK\0";
    let big = b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x31\0\x02\0\0\0\x09\0\0\0\x26\0\0\0\0ZQX7MARK\0";
    let [one, other] = [little.as_slice(), big].map(|exif| {
        let mut chunks = chunks(INDEXED);
        chunks.retain(|(name, _)| name != b"eXIf");
        chunks.insert(1, (*b"eXIf", exif.to_vec()));
        cleaned(&file(&chunks)).unwrap().1
    });
    assert!(one == other && names(&one).contains("eXIf"));
}

#[test]
fn pixels_and_palettes_stay() {
    for source in [PICTURE, INDEXED, INTERLACED, ANIMATED] {
        let (_, clean, _) = cleaned(source).unwrap();
        for name in [b"IDAT", b"PLTE", b"tRNS"] as [&[u8; 4]; 3] {
            let content = |file: &[u8]| -> Vec<u8> {
                let chunks = chunks(file).into_iter().filter(|(n, _)| n == name);
                chunks.flat_map(|(_, content)| content).collect()
            };
            assert!(content(source) == content(&clean));
        }
    }
}

#[test]
fn the_end_of_the_rows_is_the_end_of_their_chunk() {
    let (_, clean, _) = cleaned(ANIMATED).unwrap();
    let mut whole = chunks(ANIMATED);
    for (name, content) in &mut whole {
        if matches!(&*name, b"IDAT" | b"fdAT") {
            content.extend(MARKER);
        }
    }
    let (_, again, _) = cleaned(&file(&whole)).unwrap();
    assert!(again == clean);
    // In many small chunks, and in one of its own.
    let at = whole.iter().position(|(name, _)| name == b"IDAT").unwrap();
    let (name, content) = whole.remove(at);
    for piece in content.chunks(7).rev() {
        whole.insert(at, (name, piece.to_vec()));
    }
    whole.insert(at, (name, Vec::new()));
    let (_, again, _) = cleaned(&file(&whole)).unwrap();
    assert!(again == clean);
}

#[test]
fn unknown_chunks_and_tails_make_no_difference() {
    let (_, clean, _) = cleaned(INDEXED).unwrap();
    let mut dirty = chunks(INDEXED);
    for name in [
        b"tIME", b"prVt", b"caBX", b"tEXt", b"zTXt", b"iTXt", b"sPLT", b"iDOT",
    ] {
        dirty.insert(1, (*name, MARKER.to_vec()));
        dirty.insert(dirty.len() - 1, (*name, MARKER.to_vec()));
    }
    let dirty = [file(&dirty), MARKER.to_vec()].concat();
    let (_, again, report) = cleaned(&dirty).unwrap();
    assert!(again == clean);
    // Of what is told twice in a row, the second time is left out.
    assert!(!report.is_empty());
}

#[test]
fn colours_stay_and_come_in_one_order() {
    let mut source = chunks(INDEXED);
    let colours: [(&[u8; 4], usize); 4] = [(b"gAMA", 4), (b"cHRM", 32), (b"cICP", 4), (b"sRGB", 1)];
    for (name, len) in colours {
        source.insert(1, (*name, vec![1; len]));
    }
    let (_, clean, report) = cleaned(&file(&source)).unwrap();
    assert_eq!(names(&clean), "IHDRcICPsRGBgAMAcHRMPLTEtRNSIDATIEND");
    assert!(report.is_empty());
}

#[test]
fn a_palette_beyond_its_indices_is_refused() {
    let mut source = chunks(INDEXED);
    let palette = source.iter_mut().find(|(name, _)| name == b"PLTE").unwrap();
    palette.1.resize(48, 0);
    palette.1.extend(MARKER.repeat(3));
    assert_eq!(refusal(&file(&source)), "scrub-damaged");
}

fn refusal(file: &[u8]) -> &'static str {
    cleaned(file).map_or_else(|refusal| refusal.code(), |_| "clean")
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let mut iphone = chunks(INDEXED);
    iphone.insert(0, (*b"CgBI", vec![0; 4]));
    assert_eq!(refusal(&file(&iphone)), "scrub-unsupported");
    let mut critical = chunks(INDEXED);
    critical.insert(1, (*b"NEWc", vec![0; 4]));
    assert_eq!(refusal(&file(&critical)), "scrub-unsupported");
    let mut higher = chunks(INDEXED);
    higher[0].1[7] += 1;
    assert_eq!(refusal(&file(&higher)), Refusal::Damaged.code());
    higher[0].1[7] -= 2;
    assert_eq!(refusal(&file(&higher)), "scrub-unsupported");
    let mut frames = chunks(ANIMATED);
    frames
        .iter_mut()
        .find(|(name, _)| name == b"acTL")
        .unwrap()
        .1[3] += 1;
    assert_eq!(refusal(&file(&frames)), Refusal::Damaged.code());
}

#[test]
fn hostile_files_hurt_nobody() {
    for source in [PICTURE, INDEXED, INTERLACED, ANIMATED] {
        for at in 0..source.len() {
            let cut = &source[..at];
            let _ = scrub(cut, cut.len() as u64).map(|_| cleaned(cut));
            let mut flipped = source.to_vec();
            flipped[at] ^= 0xFF;
            if scrub(&flipped[..], flipped.len() as u64).is_ok() {
                assert!(cleaned(&flipped).is_ok());
            }
        }
    }
}
