//! AMR: frames stay, what hangs behind them goes.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_amr/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    {
        let name = "nb.amr";
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Amr), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("nb.amr"));
}

#[test]
fn several_channels_are_refused() {
    let file = b"#!AMR_MC1.0\n\0\0\0\x02";
    assert!(matches!(cleaned(file), Err(Refusal::Unsupported(_))));
}

#[test]
fn spare_bits_are_cleared() {
    let mut file = b"#!AMR\n\x04".to_vec();
    file.extend([0; 11]);
    file.push(1);
    assert_eq!(cleaned(&file).unwrap().1.last(), Some(&0));
}
