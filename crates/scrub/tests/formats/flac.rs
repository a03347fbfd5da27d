//! FLAC: STREAMINFO and frames stay.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_flac/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    {
        let name = "blocks.flac";
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Flac), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("blocks.flac"));
}

#[test]
fn blocks_in_front_do_not_change_what_comes_out() {
    let file = sample("blocks.flac");
    let clean = cleaned(&file).unwrap().1;
    let mut more = file[..42].to_vec();
    more.extend_from_slice(b"\x02\0\0\x0CABCDotherapp");
    more.extend_from_slice(&file[42..]);
    assert!(cleaned(&more).unwrap().1 == clean);
    assert!(clean.starts_with(b"fLaC\x80\0\0\x22"));
}

#[test]
fn a_file_without_frames_is_refused() {
    let clean = cleaned(&sample("blocks.flac")).unwrap().1;
    assert!(matches!(cleaned(&clean[..42]), Err(Refusal::Damaged)));
}
