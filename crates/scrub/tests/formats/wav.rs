//! WAV: format and sound stay, chunks of text go.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "names of four octets come from the parser as references"
)]

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scrub_wav/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    for name in ["pcm.wav", "bext.wav", "adpcm.wav", "float.wav"] {
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Wav), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("pcm.wav"));
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_le_bytes();
    let pad = vec![0; body.len() % 2];
    [name.as_slice(), &len, body, &pad].concat()
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[b"WAVE".to_vec(), chunks.concat()].concat())
}

const FORMAT: &[u8] = &[1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0];

#[test]
fn files_that_differ_in_metadata_come_out_the_same() {
    let sound: Vec<u8> = (0..101).collect();
    let plain = riff(&[chunk(b"fmt ", FORMAT), chunk(b"data", &sound)]);
    let clean = cleaned(&plain).unwrap().1;
    assert!(clean == plain, "a plain file stays as it is");
    let mut tail = plain.clone();
    tail.extend_from_slice(b"behind everything");
    let longer = [FORMAT, &[0, 0]].concat();
    let full = riff(&[
        chunk(b"bext", &[b'x'; 700]),
        chunk(b"fmt ", &longer),
        chunk(b"iXML", b"<serial>H4nZx6</serial>"),
        chunk(b"data", &sound),
        chunk(b"id3 ", b"ID3"),
    ]);
    let mut streamed = plain.clone();
    streamed[40..44].fill(0xFF);
    for other in [tail, full] {
        assert!(cleaned(&other).unwrap().1 == clean);
    }
    // A length that was not known takes in what fills up the last octet.
    streamed.pop();
    assert!(cleaned(&streamed).unwrap().1 == clean);
}

#[test]
fn unknown_codecs_and_a_second_run_of_sound_are_refused() {
    let mut format = FORMAT.to_vec();
    format[0] = 0x99;
    let unknown = riff(&[chunk(b"fmt ", &format), chunk(b"data", &[0; 8])]);
    assert!(matches!(cleaned(&unknown), Err(Refusal::Unsupported(_))));
    let twice = riff(&[
        chunk(b"fmt ", FORMAT),
        chunk(b"data", &[0; 8]),
        chunk(b"data", &[1; 8]),
    ]);
    assert!(matches!(cleaned(&twice), Err(Refusal::Unsupported(_))));
    assert!(matches!(
        cleaned(&riff(&[chunk(b"fmt ", FORMAT)])),
        Err(Refusal::Damaged)
    ));
}
