//! PDF.

use hamsa_scrub::{Kind, Refusal, Remark, What, scrub};

use crate::{cleaned, holds};

const MARK: &str = "ZQX7MARK";

/// Writes a file of these objects, numbered from 1; the first is the catalogue.
fn file(objects: &[String]) -> Vec<u8> {
    file_with(objects, "")
}

fn file_with(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(end.as_bytes());
    out
}

fn stream(dict: &str, data: &str) -> String {
    format!(
        "<<{dict}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
}

const TEXT: &str = "BT /F1 12 Tf 20 50 Td (Hello) Tj ET";

/// One page with a font: what else its page, catalogue and content have.
fn page(more: &str, catalog: &str, content: &str, others: &[String]) -> Vec<String> {
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>{more}"
        ) + if more.contains(">>") { ">>" } else { ">>>>" },
        stream("", content),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    objects.extend_from_slice(others);
    objects
}

fn plain() -> Vec<u8> {
    file(&page("", "", TEXT, &[]))
}

/// The content streams and other deflated streams of a clean file, inflated.
fn inflated(clean: &[u8]) -> Vec<u8> {
    let mut all = clean.to_vec();
    let mut at = 0;
    while let Some(next) = find(&clean[at..], b"\nstream\n") {
        let start = at + next + 8;
        let end = start + find(&clean[start..], b"\nendstream").unwrap();
        if let Ok(octets) = miniz_oxide::inflate::decompress_to_vec_zlib(&clean[start..end]) {
            all.extend_from_slice(&octets);
        }
        at = end;
    }
    all
}

fn find(octets: &[u8], needle: &[u8]) -> Option<usize> {
    octets
        .windows(needle.len())
        .position(|window| window == needle)
}

fn contains(octets: &[u8], needle: &str) -> bool {
    find(octets, needle.as_bytes()).is_some()
}

#[test]
fn what_is_planted_beside_the_pages_goes() {
    let marked = format!("({MARK})");
    let objects = page(
        &format!(
            ">>/PieceInfo<</App<</Private{marked}>>>>/LastModified{marked}/Metadata 6 0 R/AA<<>>"
        ),
        &format!(
            "/Metadata 6 0 R/Lang{marked}/OpenAction<</S/JavaScript/JS{marked}>>/Outlines 7 0 R/Names<<>>"
        ),
        &format!(
            "% {MARK}\n/Artifact <</Author {marked}>> BDC {TEXT} EMC /{MARK} MP /Span <</ActualText{marked}>> BDC EMC"
        ),
        &[
            stream("/Type/Metadata/Subtype/XML", &format!("<x>{MARK}</x>")),
            "<</First 8 0 R/Last 8 0 R>>".to_owned(),
            format!("<</Title{marked}/Parent 7 0 R>>"),
            format!("<</Author{marked}/Producer{marked}/Own{marked}/CreationDate(D:2020)>>"),
            stream("", MARK),
        ],
    );
    let mut bytes = file_with(&objects, &format!("/Info 9 0 R/ID[{marked}{marked}]"));
    bytes.extend_from_slice(MARK.as_bytes());
    let (kind, clean, report) = cleaned(&bytes).unwrap();
    assert_eq!(kind, Kind::Pdf);
    let all = inflated(&clean);
    assert!(!holds(&all, MARK));
    assert!(contains(&all, "(Hello) Tj"));
    for what in [
        What::Person,
        What::Software,
        What::Time,
        What::Identifier,
        What::Script,
        What::Unknown,
    ] {
        assert!(
            report.findings().iter().any(|finding| finding.what == what),
            "{what:?}"
        );
    }
    assert!(report.remarks().contains(&Remark::ScriptsLost));
    let (_, same, report) = cleaned(&plain()).unwrap();
    assert!(
        report.is_empty(),
        "an ordinary file has nothing to take out"
    );
    assert!(same == clean, "what is planted leaves no trace");
}

#[test]
fn names_of_resources_and_comments_are_written_anew() {
    let one = file(&page("", "", TEXT, &[]));
    let mut objects = page(
        "",
        "",
        "BT\n/Secret   12.0 Tf 20 050 Td <48656C6C6F> Tj % x\nET",
        &[],
    );
    objects[2] = objects[2].replace("/F1", "/Secret");
    assert!(cleaned(&one).unwrap().1 == cleaned(&file(&objects)).unwrap().1);
}

#[test]
fn a_colorant_that_is_not_used_after_all_leaves_no_gap_in_the_numbers() {
    let tint = "<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>";
    // The first picture's table is missing, so that its space is not written, though its colorant was met first.
    let spaces = "/ColorSpace<</A[/Indexed[/Separation/ZQX7MARK/DeviceGray 6 0 R]1 null]/B[/Separation/Mine/DeviceGray 6 0 R]>>>>";
    let objects = page(
        spaces,
        "",
        "/A cs /B cs 1 scn 0 0 9 9 re f",
        &[tint.to_owned()],
    );
    let clean = cleaned(&file(&objects)).unwrap().1;
    assert!(contains(&clean, "/Separation /Spot0") && !contains(&clean, "Spot1"));
}

#[test]
fn an_earlier_version_of_the_file_goes() {
    let mut bytes = file(&page("", "", "BT /F1 12 Tf (ZQX7MARK) Tj ET", &[]));
    let before = find(&bytes, b"startxref\n").unwrap();
    let previous = String::from_utf8(bytes[before + 10..].to_vec()).unwrap();
    let previous = previous.lines().next().unwrap().to_owned();
    let at = bytes.len();
    bytes.extend_from_slice(format!("4 0 obj\n{}\nendobj\n", stream("", TEXT)).as_bytes());
    let start = bytes.len();
    bytes.extend_from_slice(
        format!(
            "xref\n4 1\n{at:010} 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .as_bytes(),
    );
    let (_, clean, report) = cleaned(&bytes).unwrap();
    assert!(!holds(&inflated(&clean), MARK));
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.what == What::History)
    );
    assert!(clean == cleaned(&plain()).unwrap().1);
}

#[test]
fn what_stands_on_a_layer_that_is_off_goes() {
    let content = format!("{TEXT} /OC /P1 BDC BT /F1 12 Tf (ZQX7MARK) Tj ET 0 0 9 9 re f EMC");
    let objects = page(
        ">>/X<</",
        "/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>",
        &content,
        &["<</Type/OCG/Name(ZQX7MARK)>>".to_owned()],
    );
    let mut objects = objects;
    objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/Properties<</P1 6 0 R>>>>>>".to_owned();
    let (_, clean, report) = cleaned(&file(&objects)).unwrap();
    let all = inflated(&clean);
    assert!(!holds(&all, MARK) && contains(&all, "(Hello) Tj"));
    assert!(
        contains(&all, "0 0 9 9 re\nn\n"),
        "the path is there, but not painted"
    );
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.what == What::History)
    );
}

#[test]
fn what_shows_only_when_a_layer_is_off_goes_while_all_are_on() {
    let content = format!("{TEXT} /OC /P1 BDC BT /F1 12 Tf (ZQX7MARK) Tj ET EMC");
    let mut objects = page(
        ">>/X<</",
        "/OCProperties<</OCGs[6 0 R]/D<</ON[6 0 R]>>>>",
        &content,
        &[
            "<</Type/OCG/Name(ZQX7MARK)>>".to_owned(),
            "<</Type/OCMD/OCGs[6 0 R]/P/AllOff>>".to_owned(),
        ],
    );
    objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/Properties<</P1 7 0 R>>>>>>".to_owned();
    let (_, clean, _) = cleaned(&file(&objects)).unwrap();
    let all = inflated(&clean);
    assert!(!holds(&all, MARK) && contains(&all, "(Hello) Tj"));
    // Without a list of layers readers show it.
    objects[0] = "<</Type/Catalog/Pages 2 0 R>>".to_owned();
    let (_, clean, _) = cleaned(&file(&objects)).unwrap();
    assert!(holds(&inflated(&clean), MARK));
}

#[test]
fn what_annotations_show_becomes_part_of_the_page() {
    let mut objects = page("", "", TEXT, &[]);
    objects[2] = objects[2].replace("/Contents", "/Annots[6 0 R 8 0 R]/Contents");
    objects.push(
        "<</Type/Annot/Subtype/Stamp/Rect[10 10 110 60]/T(ZQX7MARK)/Contents(ZQX7MARK)/AP<</N 7 0 R>>>>".to_owned(),
    );
    objects.push(stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 50 50]/Matrix[1 0 0 1 5 5]",
        "1 0 0 rg 0 0 50 50 re f",
    ));
    objects.push(
        "<</Type/Annot/Subtype/Stamp/F 2/Rect[10 10 110 60]/T(ZQX7MARK)/AP<</N 7 0 R>>>>"
            .to_owned(),
    );
    let (_, clean, report) = cleaned(&file(&objects)).unwrap();
    let all = inflated(&clean);
    assert!(!holds(&all, MARK));
    assert!(contains(&all, "Q\nq\n2 0 0 1 0 5 cm\n/X0 Do\nQ\n"));
    // Behind the file as it stands: short streams are not packed, so they would count twice.
    let forms = all[clean.len()..].windows(6);
    let forms = forms.filter(|window| *window == b"/X0 Do");
    assert_eq!(forms.count(), 1, "the hidden one is not drawn");
    assert!(report.remarks().contains(&Remark::Flattened));
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.what == What::Person)
    );
}

#[test]
fn a_filled_field_without_an_appearance_is_drawn() {
    let mut objects = page(
        "",
        "/AcroForm<</NeedAppearances true/Fields[6 0 R]>>",
        TEXT,
        &[],
    );
    objects[2] = objects[2].replace("/Contents", "/Annots[6 0 R]/Contents");
    objects.push(
        "<</Subtype/Widget/FT/Tx/T(ZQX7MARK)/V(Filled in)/DA(/Helv 10 Tf 1 0 0 rg)/Rect[10 10 110 30]>>".to_owned(),
    );
    let all = inflated(&cleaned(&file(&objects)).unwrap().1);
    assert!(contains(
        &all,
        "1 0 0 rg\n/F1 10 Tf\n12 16.5 Td\n(Filled in) Tj"
    ));
    assert!(!holds(&all, MARK));
}

#[test]
fn the_border_of_a_field_without_an_appearance_is_drawn() {
    let mut objects = page("", "/AcroForm<</Fields[6 0 R]>>", TEXT, &[]);
    objects[2] = objects[2].replace("/Contents", "/Annots[6 0 R 7 0 R]/Contents");
    objects.push("<</Subtype/Widget/FT/Tx/T(ZQX7MARK)/MK<</BC[1 0 0]/BG[0.5]/CA(ZQX7MARK)>>/Rect[10 10 110 30]>>".to_owned());
    objects.push("<</Subtype/Widget/FT/Tx/T(ZQX7MARK)/Rect[20 10 110 30]>>".to_owned());
    let all = inflated(&cleaned(&file(&objects)).unwrap().1);
    assert!(contains(
        &all,
        "1 0 0 RG\n1 w\n.5 g\n10.5 10.5 99 19 re\nB\n"
    ));
    assert!(!contains(&all, "20.5 10.5") && !holds(&all, MARK));
}

#[test]
fn samples_end_with_the_last_row_of_a_picture() {
    let mut objects = page("", "", "/Im Do", &[]);
    objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</Im 6 0 R>>>>>>".to_owned();
    let dict =
        "/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB/Name/ZQX7MARK";
    objects.push(stream(dict, "abcdefZQX7MARK"));
    let all = inflated(&cleaned(&file(&objects)).unwrap().1);
    assert!(contains(&all, "abcdef") && !holds(&all, MARK));
}

#[test]
fn a_picture_within_content_becomes_one_beside_it() {
    let content = "q 9 0 0 9 0 0 cm BI /W 2 /H 1 /BPC 8 /CS /RGB ID abcEI f EI Q";
    let all = inflated(&cleaned(&file(&page("", "", content, &[]))).unwrap().1);
    assert!(contains(&all, "/X0 Do\nQ\n") && contains(&all, "abcEI "));
}

#[test]
fn notices_in_fonts_go() {
    let program = "%!PS-AdobeFont-1.0: Own\n% ZQX7MARK\n/Notice (ZQX7MARK (c)) def /FontName /ZQX7MARK def\ncurrentfile eexec\n....0000cleartomark";
    let descriptor = "<</Type/FontDescriptor/FontName/ABCDEF+ZQX7MARK/Flags 4/FontFile 7 0 R>>";
    let mut objects = page("", "", TEXT, &[descriptor.to_owned(), stream("", program)]);
    objects[4] = "<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+ZQX7MARK-Bold/FontDescriptor 6 0 R>>"
        .to_owned();
    let all = inflated(&cleaned(&file(&objects)).unwrap().1);
    assert!(!holds(&all, MARK));
    assert!(contains(
        &all,
        "/Notice () def /FontName /Font def\ncurrentfile eexec\n...."
    ));
    assert!(contains(&all, "/BaseFont /AAAAAA+Font-Bold"));
}

#[test]
fn a_damaged_table_is_searched_for_and_a_form_in_itself_ends() {
    let mut objects = page("", "", "/X Do", &[]);
    objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>".to_owned();
    objects.push(stream(
        "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>",
        "/X Do 0 0 5 5 re f",
    ));
    let good = file(&objects);
    let text = String::from_utf8(good.clone()).unwrap();
    let bad = text.replace("startxref\n", "startxref\n9").into_bytes();
    assert!(cleaned(&good).unwrap().1 == cleaned(&bad).unwrap().1);
    objects[1] = "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>".to_owned();
    assert!(cleaned(&file(&objects)).unwrap().1 == cleaned(&good).unwrap().1);
}

#[test]
fn a_password_is_refused_as_encrypted() {
    let encrypt = "/ID[(a)(b)]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)>>";
    let bytes = file_with(&page("", "", TEXT, &[]), encrypt);
    assert!(matches!(
        scrub(bytes.as_slice(), bytes.len() as u64),
        Err(Refusal::Encrypted)
    ));
}

#[test]
fn a_file_without_pages_or_cut_short_is_damaged() {
    let bytes = file(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Kids[]>>".to_owned(),
    ]);
    assert!(matches!(
        scrub(bytes.as_slice(), bytes.len() as u64),
        Err(Refusal::Damaged)
    ));
    let whole = plain();
    for len in 5..whole.len() {
        if let Ok((_, clean, _)) = cleaned(&whole[..len]) {
            assert!(contains(&inflated(&clean), "(Hello) Tj"), "cut at {len}");
        }
    }
}

#[test]
fn no_flipped_octet_gets_anything_past_the_check() {
    let bytes = plain();
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut flipped = bytes.clone();
            flipped[at] ^= bit;
            let _ = cleaned(&flipped);
        }
    }
}

/// Whether the checker accepts octets as a clean file: whether scrubbing gives them back.
fn comes_back(bytes: &[u8]) -> bool {
    let scrubbed = scrub(bytes, bytes.len() as u64);
    scrubbed.is_ok_and(|scrubbed| scrubbed.to_vec(usize::MAX).unwrap().as_slice() == bytes)
}

#[test]
fn a_clean_file_with_one_octet_more_anywhere_is_no_clean_file() {
    let (_, clean, _) = cleaned(&plain()).unwrap();
    assert!(comes_back(&clean));
    for at in 0..=clean.len() {
        let mut longer = clean.clone();
        longer.insert(at, b' ');
        assert!(!comes_back(&longer), "at {at}");
    }
}

#[test]
fn what_a_pop_up_note_says_goes_and_that_is_said() {
    let mut objects = page("", "", TEXT, &[]);
    objects[2] = objects[2].replace("/Contents", "/Annots[6 0 R]/Contents");
    objects.push("<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents(ZQX7MARK)>>".to_owned());
    let (_, clean, report) = cleaned(&file(&objects)).unwrap();
    assert!(!holds(&inflated(&clean), MARK));
    assert!(report.remarks().contains(&Remark::Flattened));
}
