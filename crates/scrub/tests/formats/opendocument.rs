//! ODT, ODS and ODP: text stays, and with it what shows it.

use hamsa_scrub::{Kind, Refusal};

use crate::package::{Member, pack, part, unpack};
use crate::{cleaned, holds};

const SPACES: &str = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:o='http://openoffice.org/2009/office'";
const MANIFEST: &str = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>";

fn text(body: &str, entry: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content {SPACES}><office:scripts/><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let manifest = format!("{MANIFEST}{entry}</m:manifest>");
    pack(
        &[
            Member::new("mimetype", b"application/vnd.oasis.opendocument.text"),
            Member::new("content.xml", content.as_bytes()),
            Member::new("meta.xml", b"<m><creator>ZQX7MARK</creator></m>"),
            Member::new("Thumbnails/thumbnail.png", b"ZQX7MARK"),
            Member::new("META-INF/manifest.xml", manifest.as_bytes()),
        ],
        "",
    )
}

#[test]
fn changes_notes_and_fields_of_persons_go() {
    let dirty = text(
        "<text:tracked-changes><text:changed-region><text:deletion><dc:creator>ZQX7MARK</dc:creator><text:p>ZQX7MARK</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:p o:rsid='ZQX7MARK'>one <text:change text:change-id='x'/><office:annotation><dc:creator>ZQX7MARK</dc:creator><text:p>ZQX7MARK</text:p></office:annotation><text:author-name>ZQX7MARK</text:author-name>\
         <text:date>today</text:date> <text:a xlink:href='file:///ZQX7MARK'>here</text:a></text:p>",
        "",
    );
    let (kind, clean, _) = cleaned(&dirty).unwrap();
    assert_eq!(kind, Kind::Odt);
    assert!(unpack(&clean).iter().all(|m| !holds(&m.1, "ZQX7MARK")));
    let content = part(&clean, "content.xml");
    let (_, paragraph) = content.split_once("<text:p>").unwrap();
    assert_eq!(
        paragraph.split_whitespace().collect::<Vec<_>>().join(" "),
        "one today here</text:p></office:text></office:body></office:document-content>"
    );
    assert_eq!(unpack(&clean)[0].0, "mimetype");
}

/// A document with a frame of these elements, and these members.
fn framed(frame: &str, members: &[(&str, &[u8])]) -> Vec<u8> {
    let content = format!(
        "<office:document-content {SPACES} xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'><office:body><office:text><text:p><draw:frame>{frame}</draw:frame></text:p></office:text></office:body></office:document-content>"
    );
    let manifest = format!(
        "{MANIFEST}<m:file-entry m:full-path='Object 1/' m:media-type='application/vnd.oasis.opendocument.chart'/></m:manifest>"
    );
    let mut all = vec![
        Member::new("mimetype", b"application/vnd.oasis.opendocument.text"),
        Member::new("content.xml", content.as_bytes()),
        Member::new("META-INF/manifest.xml", manifest.as_bytes()),
    ];
    all.extend(members.iter().map(|m| Member::new(m.0, m.1)));
    pack(&all, "")
}

#[test]
fn metafiles_are_cleaned_and_stay() {
    let (emf, wmf) = (crate::emf::marked(), crate::wmf::marked());
    for (kind, picture) in [("emf", &emf), ("wmf", &wmf)] {
        let dirty = framed(
            "<draw:image xlink:href='Pictures/ZQX7MARK'/>",
            &[("Pictures/ZQX7MARK", picture)],
        );
        let (_, clean, _) = cleaned(&dirty).unwrap();
        let members = unpack(&clean);
        assert!(members.iter().all(|m| !holds(&m.1, "ZQX7MARK")));
        let wanted = format!("Pictures/1.{kind}");
        assert!(members.iter().any(|m| m.0 == wanted));
        assert!(part(&clean, "content.xml").contains(&wanted));
    }
}

#[test]
fn the_second_picture_of_an_object_goes_only_when_the_object_stays() {
    let second = "<draw:image xlink:href='./ObjectReplacements/Object 1'/>";
    let emf = crate::emf::marked();
    let chart = format!(
        "<office:document-content {SPACES} xmlns:chart='urn:oasis:names:tc:opendocument:xmlns:chart:1.0'><office:body><office:chart><chart:chart chart:class='chart:bar'/></office:chart></office:body></office:document-content>"
    );
    let kept = framed(
        &format!("<draw:object xlink:href='./Object 1'/>{second}"),
        &[
            ("Object 1/content.xml", chart.as_bytes()),
            ("ObjectReplacements/Object 1", b"VCLMTF ZQX7MARK"),
        ],
    );
    let names = |dirty: &[u8]| {
        let members = unpack(&cleaned(dirty).unwrap().1);
        members.into_iter().map(|m| m.0).collect::<Vec<_>>()
    };
    assert!(names(&kept).contains(&"Object 1/content.xml".to_owned()));
    assert!(names(&kept).iter().all(|name| !name.contains("Pictures")));
    let embedded = |picture: &[u8]| {
        framed(
            &format!("<draw:object-ole xlink:href='./Object 1'/>{second}"),
            &[
                ("Object 1", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1ZQX7MARK"),
                ("ObjectReplacements/Object 1", picture),
            ],
        )
    };
    assert!(names(&embedded(&emf)).contains(&"Pictures/1.emf".to_owned()));
    // Nothing is shown of it otherwise.
    assert!(cleaned(&embedded(b"VCLMTF\x01\0ZQX7MARK")).is_err());
}

#[test]
fn an_encrypted_document_is_refused() {
    let entry = "<m:file-entry><m:encryption-data/></m:file-entry>";
    assert!(matches!(
        cleaned(&text("<text:p/>", entry)),
        Err(Refusal::Encrypted)
    ));
}

#[test]
fn no_flipped_octet_panics() {
    let dirty = text("<text:p>words</text:p>", "");
    for at in 0..dirty.len() {
        let mut flipped = dirty.clone();
        flipped[at] ^= 0x21;
        let _ = cleaned(&flipped);
    }
}

#[test]
fn what_stands_in_a_content_control_stays() {
    let dirty = text(
        "<text:p>a<l:content-control xmlns:l='urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0' l:alias='ZQX7MARK'>b</l:content-control></text:p>",
        "",
    );
    let (_, clean, _) = cleaned(&dirty).unwrap();
    assert!(part(&clean, "content.xml").contains("<text:p>ab</text:p>"));
    assert!(unpack(&clean).iter().all(|m| !holds(&m.1, "ZQX7MARK")));
}

#[test]
fn names_for_rules_and_for_other_files_of_a_table_go() {
    let content = format!(
        "<office:document-content {SPACES}><office:body><office:spreadsheet><table:content-validations>\
         <table:content-validation table:name='ZQX7MARK' table:condition='of:cell-content()=1'/></table:content-validations>\
         <table:table table:name='S'><table:table-row><table:table-cell table:content-validation-name='ZQX7MARK' table:formula='of:=Rate'>\
         <text:p>1</text:p></table:table-cell></table:table-row></table:table><table:table table:name=\"'file:///ZQX7MARK'#S\"/>\
         <table:named-expressions><table:named-range table:name='Out' table:cell-range-address=\"'file:///ZQX7MARK'#$S.A1\"/>\
         <table:named-range table:name='Rate' table:cell-range-address='$S.$A$1'/></table:named-expressions>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = format!("{MANIFEST}</m:manifest>");
    let members = [
        Member::new(
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        Member::new("content.xml", content.as_bytes()),
        Member::new("META-INF/manifest.xml", manifest.as_bytes()),
    ];
    let (_, clean, _) = cleaned(&pack(&members, "")).unwrap();
    let content = part(&clean, "content.xml");
    assert!(!holds(content.as_bytes(), "ZQX7MARK"));
    assert!(
        content.contains("table:name=\"val1\"") && content.contains("validation-name=\"val1\"")
    );
    assert!(content.contains("of:=Range_1\""));
}

#[test]
fn formulas_of_a_shape_keep_the_names_that_they_call_each_other_by() {
    let dirty = text(
        "<d:custom-shape xmlns:d='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' d:name='ZQX7MARK'><d:enhanced-geometry>\
         <d:equation d:name='f0' d:formula='1+2'/><d:equation d:name='ZQX7MARK' d:formula='?f0 '/></d:enhanced-geometry></d:custom-shape>",
        "",
    );
    let (_, clean, _) = cleaned(&dirty).unwrap();
    let content = part(&clean, "content.xml");
    assert!(content.contains("draw:name=\"f0\"") && !holds(content.as_bytes(), "ZQX7MARK"));
}
