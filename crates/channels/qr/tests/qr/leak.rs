//! What a series tells about the tip: how long its envelope is, and nothing else.

use hamsa_channel_qr::{Code, to_qr};
use hamsa_core::{Part, cut};

use crate::drawn;
use crate::made::{Random, envelope, short};

/// All that shows of a code, except for its modules.
fn outside(code: &Code) -> (u16, u16, usize, Vec<u8>) {
    let png = code.to_png();
    let lines = code.to_terminal().lines().count();
    // Up to the end of the header: size, depth, colours.
    (code.number(), code.count(), lines, png[..33].to_vec())
}

fn series(seed: u64, len: usize) -> Vec<(u16, u16, usize, Vec<u8>)> {
    let envelope = envelope(&mut Random(seed), len);
    to_qr(&envelope).unwrap().iter().map(outside).collect()
}

#[test]
fn series_of_different_tips_have_equal_numbers_and_sizes() {
    for len in [900, 5000, 9530] {
        let first = series(1, len);
        for seed in 2..12 {
            assert_eq!(series(seed, len), first);
        }
        let sizes: Vec<&Vec<u8>> = first.iter().map(|code| &code.3).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] == pair[1]));
    }
    // The test would see a difference.
    assert_ne!(series(1, 5000), series(1, 9530));
    assert_ne!(series(1, 900), series(1, 200));
}

#[test]
fn short_envelopes_of_one_length_have_codes_of_one_size() {
    for holds in [71, 524, 1098] {
        let size = |seed| outside(&to_qr(&short(&mut Random(seed), holds)).unwrap()[0]);
        let first = size(1);
        assert!((2..12).all(|seed| size(seed) == first));
    }
}

/// Parts that begin with many digits or capitals would come out smaller in a mixture of modes.
#[test]
fn letters_do_not_change_the_size() {
    let size = |text: &str| {
        let code = hamsa_channel_qr::code_of_text(text).unwrap();
        code.to_terminal().lines().count()
    };
    let part = cut(&envelope(&mut Random(3), 2000), Part::octets_in(900)).unwrap()[0].to_text();
    let digits = format!("{}-", "1".repeat(part.len() - 1));
    assert_eq!(size(&part), size(&digits));
}

#[test]
fn a_png_has_three_chunks_and_one_bit_a_pixel() {
    let png = to_qr(&short(&mut Random(1), 71)).unwrap()[0].to_png();
    let mut names = Vec::new();
    let mut rest = &png[8..];
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        names.push(String::from_utf8(after[..4].to_vec()).unwrap());
        rest = &after[4 + u32::from_be_bytes(*len) as usize + 4..];
    }
    assert_eq!(names, ["IHDR", "IDAT", "IEND"]);
    assert_eq!(png[24..29], [1, 0, 0, 0, 0]);
}

#[test]
fn what_stands_below_a_code_depends_on_nothing_but_its_number() {
    let below = |seed| {
        let codes = to_qr(&envelope(&mut Random(seed), 5000)).unwrap();
        let cut = |code: &Code| {
            let picture = drawn(code);
            let (width, height) = picture.dimensions();
            assert!(height > width, "there is something below it");
            let part = image::imageops::crop_imm(&picture, 0, width, width, height - width);
            part.to_image().into_raw()
        };
        codes.iter().map(cut).collect::<Vec<_>>()
    };
    let first = below(1);
    assert!((2..6).all(|seed| below(seed) == first));
    assert!(first.windows(2).all(|pair| pair[0] != pair[1]));
}
