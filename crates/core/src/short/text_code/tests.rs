use super::super::tests::Dice;
use super::*;

fn encode(text: &str) -> Vec<u8> {
    let code = Code::of(text);
    let mut octets = Vec::new();
    code.write(&mut octets);
    assert_eq!(octets.len(), code.len());
    octets
}

/// `octets` behind enough Arabic that compact code is the shorter spelling, whatever they are.
fn compact(octets: &[u8]) -> Vec<u8> {
    [encode("بلاغ عاجل وسري جدا").as_slice(), octets].concat()
}

#[test]
fn the_table_is_the_one_of_the_format() {
    // First octet, first and last character: docs/format-v1.md, "Text code".
    let runs = [
        (0x81, 0xA0..=0xA0),
        (0x82, 0xAB..=0xAB),
        (0x83, 0xBB..=0xBB),
        (0x84, 0x60C..=0x60C),
        (0x85, 0x61B..=0x61B),
        (0x86, 0x61F..=0x61F),
        (0x87, 0x621..=0x63A),
        (0xA1, 0x640..=0x652),
        (0xB4, 0x660..=0x66C),
        (0xC1, 0x670..=0x671),
        (0xC3, 0x679..=0x679),
        (0xC4, 0x67E..=0x67E),
        (0xC5, 0x686..=0x686),
        (0xC6, 0x688..=0x688),
        (0xC7, 0x691..=0x691),
        (0xC8, 0x695..=0x695),
        (0xC9, 0x698..=0x698),
        (0xCA, 0x6A4..=0x6A4),
        (0xCB, 0x6A8..=0x6A9),
        (0xCD, 0x6AD..=0x6AD),
        (0xCE, 0x6AF..=0x6AF),
        (0xCF, 0x6B5..=0x6B5),
        (0xD0, 0x6BA..=0x6BA),
        (0xD1, 0x6BE..=0x6BE),
        (0xD2, 0x6C0..=0x6C2),
        (0xD5, 0x6C6..=0x6C6),
        (0xD6, 0x6CC..=0x6CC),
        (0xD7, 0x6CE..=0x6CE),
        (0xD8, 0x6D2..=0x6D5),
        (0xDC, 0x6F0..=0x6F9),
        (0xE6, 0x200C..=0x200F),
        (0xEA, 0x2013..=0x2014),
        (0xEC, 0x2018..=0x2019),
        (0xEE, 0x201C..=0x201D),
        (0xF0, 0x2022..=0x2022),
        (0xF1, 0x2026..=0x2026),
        (0xF2, 0x20AC..=0x20AC),
    ];
    let mut octet = FIRST;
    for (first, run) in runs {
        assert_eq!(octet, first);
        for point in run {
            assert_eq!(own_octet(char::from_u32(point).unwrap()), Some(octet));
            octet += 1;
        }
    }
    assert_eq!(octet, 0xF3);
    assert!(TABLE.is_sorted());
    assert_eq!(
        (1..=0x10_FFFF)
            .filter_map(char::from_u32)
            .filter_map(own_octet)
            .count(),
        127 + 114
    );
}

#[test]
fn every_character_survives() {
    for character in
        ('\u{1}'..=char::MAX).filter(|c| u32::from(*c) < 0x3000 || u32::from(*c) % 251 == 0)
    {
        for text in [String::from(character), format!("بلاغ عاجل{character}جدا")] {
            assert_eq!(*decode(&encode(&text)).unwrap(), text);
        }
    }
}

#[test]
fn the_shorter_spelling_is_taken() {
    for (text, spelling) in [
        ("", &b""[..]),
        ("plain", b"plain"),
        ("ب", "ب".as_bytes()),
        ("بب", b"\xFF\x8E\x8E"),
        ("ب\u{e9}", "ب\u{e9}".as_bytes()),
        ("ببب\u{e9}", b"\xFF\x8E\x8E\x8E\x80\xC3\xA9"),
        ("—", b"\xFF\xEB"),
    ] {
        assert_eq!(encode(text), spelling);
    }
}

#[test]
fn decoding_never_grows_its_buffer() {
    // Three octets of UTF-8 for one of code, the most there is.
    let text = "\u{200C}".repeat(500);
    let code = encode(&text);
    let expanded = expand(&code[1..]).unwrap();
    assert_eq!(expanded.capacity(), 3 * (code.len() - 1));
}

#[test]
fn any_octets_are_refused_or_are_the_only_code_of_their_text() {
    let mut dice = Dice(42);
    let mut read = 0;
    for _ in 0..100_000 {
        let mut code = encode(&dice.text(40));
        for _ in 0..dice.below(3) {
            let at = dice.below(code.len() + 1);
            code.insert(at, u8::try_from(dice.below(256)).unwrap());
        }
        if let Some(text) = decode(&code) {
            assert_eq!(encode(&text), code);
            assert!(!code.contains(&0));
            read += 1;
        }
    }
    assert!(read > 20_000);
}

#[test]
fn nul_in_either_spelling_is_refused() {
    assert!(decode(b"a\0b").is_none());
    assert!(decode(&compact(b"\0")).is_none());
    assert!(decode(&compact(b"\x80\0")).is_none());
}

#[test]
fn the_longer_spelling_is_refused() {
    assert!(decode("بلاغ".as_bytes()).is_none());
    assert!(decode(b"\xFF").is_none());
    assert!(decode(b"\xFFplain").is_none());
    assert!(decode(b"\xFF\x8E").is_none());
}

#[test]
fn escape_of_a_character_that_has_an_octet_is_refused() {
    for character in (1..0x80).map(char::from).chain(TABLE) {
        let escaped = [&[ESCAPE], character.encode_utf8(&mut [0; 4]).as_bytes()].concat();
        assert!(decode(&compact(&escaped)).is_none());
    }
}

#[test]
fn octet_without_a_character_is_refused() {
    for octet in 0xF3..=0xFF {
        assert!(decode(&compact(&[octet])).is_none());
    }
}

#[test]
fn invalid_utf8_is_refused() {
    for octets in [
        &b"\xC3"[..],
        b"\xA9",
        b"\xE0\x83\xA9",
        b"\xED\xA0\x80",
        b"\xF0\x9F\x94",
        b"\xF4\x90\x80\x80",
        b"\xFE",
    ] {
        assert!(decode(octets).is_none());
        assert!(decode(&compact(&[&[ESCAPE], octets].concat())).is_none());
    }
    assert!(decode(&compact(&[ESCAPE])).is_none());
}
