//! AVI: pictures and sound stay, texts and gaps go.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_avi/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    for name in ["mjpeg.avi", "mpeg4.avi", "avc.avi", "raw.avi"] {
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Avi), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("mjpeg.avi"));
}

#[test]
fn what_hangs_behind_the_lists_goes() {
    let file = sample("raw.avi");
    let clean = cleaned(&file).unwrap().1;
    let tail = [file.as_slice(), b"somebody was here"].concat();
    assert!(cleaned(&tail).unwrap().1 == clean);
}

#[test]
fn video_of_digital_camcorders_is_refused() {
    let mut file = sample("mjpeg.avi");
    let at = file
        .windows(4)
        .rposition(|window| window == b"MJPG")
        .unwrap();
    file[at..at + 4].copy_from_slice(b"dvsd");
    assert!(matches!(cleaned(&file), Err(Refusal::Unsupported(_))));
}

/// Rates and the longest chunk differ between copies whose packets had different names in them.
#[test]
fn sizes_that_are_only_told_make_no_difference() {
    let file = sample("mjpeg.avi");
    let place = |name: &[u8]| file.windows(4).position(|window| window == name).unwrap() + 8;
    let (main, stream) = (place(b"avih"), place(b"strh"));
    let clean = cleaned(&file).unwrap().1;
    for at in [main + 4, main + 28, stream + 36] {
        let mut told = file.clone();
        told[at] ^= 0x55;
        assert!(cleaned(&told).unwrap().1 == clean, "{at}");
    }
}

/// Found by fuzzing: indexes were only completed by a second scrubbing.
#[test]
fn a_long_film_without_an_index_gets_a_whole_one() {
    let (_, clean, _) = cleaned(&sample("no-index.avi")).unwrap();
    assert!(holds(&clean, "idx1") && holds(&clean, "ix00"));
}
