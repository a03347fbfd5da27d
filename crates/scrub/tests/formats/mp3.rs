//! MP3: frames stay, tags and what encoders write into padding go.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_mp3/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    for name in ["lame.mp3", "id3.mp3", "ape.mp3"] {
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Mp3), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("lame.mp3"));
}

/// A frame of silence: MPEG-1 layer III, 32 kbit/s, 44.1 kHz, one channel.
fn frame(filler: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xFB, 0x10, 0xC0];
    frame.resize(21, 0);
    frame.extend_from_slice(filler);
    frame.resize(104, 0);
    frame
}

#[test]
fn tags_go_wherever_they_stand() {
    let silence = frame(&[]);
    let plain = silence.repeat(6);
    assert!(cleaned(&plain).unwrap().1 == plain);
    let tag = b"ID3\x04\0\0\0\0\0\x13TPE1\0\0\0\x09\0\0\x03Somebody";
    let mut old = b"TAG".to_vec();
    old.resize(128, b'n');
    let front = [tag.as_slice(), tag, &plain, &old].concat();
    let middle = [silence.repeat(3), tag.to_vec(), silence.repeat(3)].concat();
    for other in [front, middle] {
        let (kind, clean, report) = cleaned(&other).unwrap();
        assert!(kind == Kind::Mp3 && clean == plain);
        assert!(!report.is_empty());
    }
}

#[test]
fn a_tag_without_sound_is_refused() {
    let file = [b"ID3\x04\0\0\0\0\0\x04".as_slice(), &[0; 200]].concat();
    assert!(matches!(cleaned(&file), Err(Refusal::OtherMedia)));
}

/// Found by fuzzing: behind a dropped tag, frames of the free format lie at other distances than before.
#[test]
fn noise_that_is_not_found_again_is_refused() {
    for name in ["noise-1.mp3", "noise-2.mp3"] {
        assert!(
            matches!(cleaned(&sample(name)), Err(Refusal::Damaged)),
            "{name}"
        );
    }
}
