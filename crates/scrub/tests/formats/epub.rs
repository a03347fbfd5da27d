//! EPUB: the words of the book stay.

use hamsa_scrub::{Kind, Refusal};

use crate::package::{Member, pack, part, unpack};
use crate::{cleaned, holds};

const CONTAINER: &str = "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='O/ZQX7MARK.opf'/></rootfiles></container>";
const PACKAGE: &str = "<package xmlns='http://www.idpf.org/2007/opf' version='3.0' unique-identifier='u'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:identifier id='u'>ZQX7MARK</dc:identifier><dc:title>ZQX7MARK</dc:title><dc:creator>ZQX7MARK Ann</dc:creator><dc:language>fr</dc:language></metadata><manifest><item id='z' href='s.css' media-type='text/css'/><item id='p' href='ZQX7MARK.xhtml' media-type='application/xhtml+xml' properties='nav'/></manifest><spine><itemref idref='p'/></spine></package>";
const PAGE: &str = "<!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><head><title>ZQX7MARK</title><meta name='ZQX7MARK' content='ZQX7MARK'/><link rel='stylesheet' href='s.css'/><script>ZQX7MARK</script></head><body data-x='ZQX7MARK'><!--ZQX7MARK--><p id='ZQX7MARK'>one&nbsp;<a href='#ZQX7MARK'>two</a> <a href='https://example.org/'>web</a></p></body></html>";

fn book(extra: &[(&str, &str)]) -> Vec<u8> {
    let mut members = vec![
        Member::new("mimetype", b"application/epub+zip"),
        Member::new("META-INF/container.xml", CONTAINER.as_bytes()),
        Member::new("O/ZQX7MARK.opf", PACKAGE.as_bytes()),
        Member::new("O/ZQX7MARK.xhtml", PAGE.as_bytes()),
        Member::new(
            "O/s.css",
            b"/* ZQX7MARK */ p { color: red } @font-face { src: url(ZQX7MARK.ttf) }",
        ),
        Member::new("META-INF/calibre_bookmarks.txt", b"ZQX7MARK"),
    ];
    members.extend(
        extra
            .iter()
            .map(|(name, text)| Member::new(name, text.as_bytes())),
    );
    pack(&members, "")
}

#[test]
fn words_stay_and_properties_are_constant() {
    let (kind, clean, report) = cleaned(&book(&[])).unwrap();
    assert_eq!(kind, Kind::Epub);
    for (name, octets) in unpack(&clean) {
        assert!(
            !holds(&octets, "ZQX7MARK") && !name.contains("ZQX7MARK"),
            "{name}"
        );
    }
    let page = part(&clean, "EPUB/item1.xhtml");
    assert!(page.contains(
        "<p id=\"p1\">one\u{A0}<a href=\"#p1\">two</a> <a href=\"https://example.org/\">web</a></p>"
    ));
    assert_eq!(part(&clean, "EPUB/item2.css"), "p { color: red }");
    assert!(part(&clean, "EPUB/package.opf").contains("<dc:language>fr</dc:language>"));
    assert!(
        report
            .findings()
            .iter()
            .any(|f| f.value() == "ZQX7MARK Ann")
    );
}

#[test]
fn a_book_under_rights_management_is_refused() {
    let rights = book(&[("META-INF/rights.xml", "<x/>")]);
    assert!(matches!(cleaned(&rights), Err(Refusal::Encrypted)));
}

#[test]
fn no_flipped_octet_panics() {
    let dirty = book(&[]);
    for at in 0..dirty.len() {
        let mut flipped = dirty.clone();
        flipped[at] ^= 0x21;
        let _ = cleaned(&flipped);
    }
}
