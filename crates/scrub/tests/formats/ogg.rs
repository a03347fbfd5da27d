//! Ogg: sound stays, comments and serial numbers go.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_ogg/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    for name in ["opus.ogg", "speex.ogg", "flac.ogg", "vorbis.ogg"] {
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Ogg | Kind::Opus), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("opus.ogg"));
}

#[test]
fn octets_between_pages_go() {
    let file = sample("opus.ogg");
    let clean = cleaned(&file).unwrap().1;
    let second = file
        .windows(4)
        .rposition(|window| window == b"OggS")
        .unwrap();
    let gap = [&file[..second], b"somebody was here", &file[second..]].concat();
    assert!(cleaned(&gap).unwrap().1 == clean);
    assert!(
        clean
            .windows(16)
            .any(|window| window == b"OpusTags\0\0\0\0\0\0\0\0")
    );
}

#[test]
fn headers_without_their_end_are_refused() {
    let file = sample("opus.ogg");
    let second = file[4..]
        .windows(4)
        .position(|window| window == b"OggS")
        .unwrap();
    assert!(matches!(
        cleaned(&file[..second + 4]),
        Err(Refusal::Damaged)
    ));
}
