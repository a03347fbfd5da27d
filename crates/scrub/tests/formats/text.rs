use hamsa_scrub::{Kind, Refusal, What, recognise, scrub};

use super::{cleaned, holds};

fn kind(text: impl AsRef<[u8]>) -> Result<Kind, Refusal> {
    let bytes = text.as_ref();
    recognise(&bytes, bytes.len() as u64)
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let marked = format!("\u{FEFF}{text}");
    marked.encode_utf16().flat_map(order).collect()
}

#[test]
fn plain_text_stays_as_it_is() {
    for text in [
        "The manager took 500 AED.\n\nHe said nothing.",
        "المدير أخذ المبلغ",
        "The wide road to Jebel Ali\n",
        "BMW X5, white, parked behind the store every night",
        "RIFF raff",
        "FORM 12 was never signed",
        "GIF89a is a word here",
        "ID3 tags",
        "MAC address list",
        "G 188",
        "PK is his nickname",
        "x",
        "{\"a\": 1}",
        "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n",
        "Note: the boss\nTo: nobody\n",
        "<note>this</note>",
        "a < b and c > d",
    ] {
        let (kind, clean, report) = cleaned(text.as_bytes()).unwrap();
        assert_eq!((kind, clean.as_slice()), (Kind::Text, text.as_bytes()));
        assert!(report.is_empty());
    }
}

#[test]
fn tables_are_told_and_keep_every_cell() {
    for table in [
        "name,sum\nA,1\nB,2\n",
        "a;b;c\n1;2;\"x;y\nz\"\n",
        "a\tb\tc\n1\t\t\n2\t3\t\n",
        "الاسم,المبلغ\nأ,١\n",
        "a,b\n\"say \"\"hi\"\"\",2\n",
    ] {
        let (kind, clean, report) = cleaned(table.as_bytes()).unwrap();
        assert_eq!((kind, clean.as_slice()), (Kind::Csv, table.as_bytes()));
        assert!(report.is_empty());
    }
    assert_eq!(kind("Hello, you\nBye, me\n").unwrap(), Kind::Text);
    assert_eq!(kind("a,b,c\n1,2\n").unwrap(), Kind::Text);
}

#[test]
fn every_way_of_writing_it_down_gives_the_same_octets() {
    let text = "The manager took it\nالمدير أخذ المبلغ كله\n😀 end";
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        utf16(text, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', " \t\n").into_bytes(),
        text.replace('m', "m\u{200B}").into_bytes(),
    ] {
        let (kind, clean, report) = cleaned(&bytes).unwrap();
        assert_eq!((kind, clean.as_slice()), (Kind::Text, text.as_bytes()));
        assert_eq!(report.is_empty(), bytes == text.as_bytes());
    }
    let long = "مرحبا 😀 abc\n".repeat(1000);
    let (_, clean, _) = cleaned(&utf16(&long, u16::to_le_bytes)).unwrap();
    assert_eq!(clean, long.as_bytes());
}

#[test]
fn windows_code_pages_are_read_only_when_they_are_plain_to_see() {
    let arabic = "المدير يأخذ المال";
    let windows = b"\xC7\xE1\xE3\xCF\xED\xD1 \xED\xC3\xCE\xD0 \xC7\xE1\xE3\xC7\xE1";
    let (_, clean, report) = cleaned(windows).unwrap();
    assert_eq!(clean, arabic.as_bytes());
    assert_eq!(report.findings()[0].what, What::Software);
    let (_, clean, _) = cleaned(b"Le caf\xE9 \x93d'en face\x94 est ferm\xE9").unwrap();
    assert_eq!(clean, "Le café “d'en face” est fermé".as_bytes());
    for doubtful in [
        b"\xCD\xE0\xF7\xE0\xEB\xFC\xED\xE8\xEA \xF1\xEA\xEB\xE0\xE4\xE0".as_slice(), // Russian, Windows-1251
        b"\x83e\x83X\x83g\x82\xC5\x82\xB7", // Japanese, Shift JIS
        b"za\xBF\xF3\xB3\xE6 g\xEA\x9Cl\xB9 ja\x9F\xF1", // Polish, Windows-1250
        b"\xEB\xC1\xCB \xC4\xC5\xCC\xC1 \xDA\xC4\xC5\xD3\xD8", // Russian, KOI8-R
    ] {
        assert!(matches!(kind(doubtful), Err(Refusal::TextEncoding)));
    }
}

#[test]
fn what_only_looks_like_text_is_refused_for_what_it_is() {
    for mail in [
        "Received: from a by b\nFrom: a@b.c\nTo: d@e.f\n\nhi",
        "From: A <a@b.c>\nTo: d@e.f\nSubject: x\nDate: Mon, 1 Jan 2024 10:00:00 +0400\n\nhi",
        "From: A <a@b.c>\r\nSubject: x\r\n\r\nhi",
        "Message-ID: <1@x>\r\nMIME-Version: 1.0\r\n\r\nhi",
        "From a@b.c Mon Jan  1 10:00:00 2024\nReturn-Path: <a@b.c>\nFrom: a@b.c\nSubject: x\n\nhi",
        "Return-Path:\n <a@b.c>\nDate: today\n\nhi",
    ] {
        assert!(matches!(kind(mail), Err(Refusal::Mail)), "{mail}");
    }
    for page in [
        "<!DOCTYPE html><html></html>",
        "<html><body>x",
        "  <?xml version=\"1.0\"?>\n<!-- c --><html xmlns=\"x\">",
        "\u{FEFF}<HTML>",
        "<!-- saved -->\n<head><title>x</title>",
    ] {
        assert!(matches!(kind(page), Err(Refusal::WebPage)), "{page}");
    }
    assert!(matches!(
        kind("<?xml version=\"1.0\"?><office:document xmlns:office=\"x\"/>"),
        Err(Refusal::OldOffice)
    ));
    assert!(matches!(
        kind("P3\n# CREATOR: me\n1 1 255 0 0 0\n"),
        Err(Refusal::OtherMedia)
    ));
    assert!(matches!(
        kind("%!PS-Adobe-3.0\n%%For: me\n"),
        Err(Refusal::UnknownKind)
    ));
    assert!(matches!(kind("{\\rtf1 hi}"), Err(Refusal::RichText)));
    for nothing in [
        b"".as_slice(),
        b" \r\n\t",
        b"a\0b",
        b"\x01\x02\x03\x04\x05\x06",
        b"\xFF\xFE\x00",
        b"\xFE\xFF\xD8\x00",
    ] {
        assert!(
            matches!(kind(nothing), Err(Refusal::UnknownKind)),
            "{nothing:?}"
        );
    }
}

#[test]
fn drawings_are_told_past_their_prolog() {
    for drawing in [
        "<svg/>",
        "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- made by x -->\n<!DOCTYPE svg PUBLIC \"a\" \"b\" [ <!ENTITY c \"d\"> ]>\n<svg:svg xmlns:svg=\"x\">",
    ] {
        assert_eq!(kind(drawing).unwrap(), Kind::Svg);
    }
}

#[test]
fn marks_and_what_they_spell_are_gone() {
    let tagged: String = "ZQX7MARK"
        .chars()
        .map(|c| char::from_u32(0xE0000 + c as u32).unwrap())
        .collect();
    let text = format!("The\u{A0}boss{tagged} took\u{200B}\u{200C} it \t \u{AD}\r\nThe еnd\u{7}");
    let (_, clean, report) = cleaned(text.as_bytes()).unwrap();
    assert_eq!(clean, b"The boss took it\nThe end");
    assert!(!holds(&clean, "ZQX7MARK"));
    let places: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| finding.place.as_ref())
        .collect();
    for place in [
        "mark-tag",
        "mark-zero-width",
        "mark-space",
        "mark-soft-hyphen",
        "mark-look-alike",
    ] {
        assert!(places.contains(&place), "{places:?}");
    }
}

#[test]
fn changed_and_cut_texts_do_not_break_it() {
    let text = "a\u{FEFF}b \u{200B}نص\u{200C}\r\n\"x,y\",é1️⃣";
    for bytes in [text.as_bytes().to_vec(), utf16(text, u16::to_le_bytes)] {
        for at in 0..bytes.len() {
            let _ = cleaned(&bytes[..at]);
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let _ = cleaned(&changed);
            }
        }
    }
    let large = "x".repeat(3 << 20);
    assert!(scrub(large.as_bytes(), large.len() as u64).is_ok());
}

#[test]
fn marks_are_counted_and_not_told_as_values() {
    let marked = "a\u{200B}b\u{200B}c\u{200B}d  \r\nwords\n";
    let (_, _, report) = cleaned(marked.as_bytes()).unwrap();
    let told: Vec<_> = report
        .findings()
        .iter()
        .map(|f| (f.what, f.place.as_ref(), f.count(), f.value()))
        .collect();
    let mark = |place, count| (What::Mark, place, Some(count), "");
    assert!(told.contains(&mark("mark-zero-width", 3)), "{told:?}");
    assert!(told.contains(&mark("mark-line-end", 1)), "{told:?}");
    assert!(told.contains(&mark("mark-line-end-space", 1)), "{told:?}");
}
