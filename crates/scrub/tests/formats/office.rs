//! DOCX, XLSX and PPTX: text stays, and with it what shows it.

use hamsa_scrub::{Kind, Refusal, Remark};

use crate::package::{Member, pack, part, unpack};
use crate::{cleaned, holds};

const TYPES: &str = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/m.xml' ContentType='application/vnd.openxmlformats-officedocument.";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(list: &[(&str, &str, &str)]) -> String {
    let mut xml = format!("<Relationships xmlns='{PACKAGE}'>");
    for (id, kind, target) in list {
        let mode = if target.contains(':') {
            " TargetMode='External'"
        } else {
            ""
        };
        let one =
            format!("<Relationship Id='{id}' Type='{OFFICE}/{kind}' Target='{target}'{mode}/>");
        xml.push_str(&one);
    }
    xml + "</Relationships>"
}

/// A package around a main part with these relations, and other members.
fn document(
    kind: &str,
    main: &str,
    list: &[(&str, &str, &str)],
    others: &[(&str, &str)],
) -> Vec<u8> {
    let types = format!("{TYPES}{kind}'/></Types>");
    let root = relations(&[("a", "officeDocument", "m.xml")]);
    let own = relations(list);
    let mut members = vec![
        Member::new("[Content_Types].xml", types.as_bytes()),
        Member::new("_rels/.rels", root.as_bytes()),
        Member::new("m.xml", main.as_bytes()),
        Member::new("_rels/m.xml.rels", own.as_bytes()),
    ];
    members.extend(
        others
            .iter()
            .map(|(name, text)| Member::new(name, text.as_bytes())),
    );
    pack(&members, "")
}

fn word(body: &str) -> Vec<u8> {
    word_with(body, &[], &[])
}

fn word_with(body: &str, list: &[(&str, &str, &str)], others: &[(&str, &str)]) -> Vec<u8> {
    let main = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:r='{OFFICE}' xmlns:y='urn:ZQX7MARK'><!--ZQX7MARK--><?ZQX7MARK x?><w:body>{body}</w:body></w:document>"
    );
    document("wordprocessingml.document.main+xml", &main, list, others)
}

fn body(dirty: &[u8]) -> String {
    let (kind, clean, _) = cleaned(dirty).unwrap();
    assert_eq!(kind, Kind::Docx);
    for (name, octets) in unpack(&clean) {
        assert!(!holds(&octets, "ZQX7MARK"), "{name}");
        assert!(!name.contains("ZQX7MARK"));
    }
    let document = part(&clean, "word/document.xml");
    let (_, body) = document.split_once("<w:body>").unwrap();
    body.trim_end_matches("</w:body></w:document>").to_owned()
}

#[test]
fn tracked_changes_are_accepted() {
    let who = "w:id='1' w:author='ZQX7MARK Ann' w:date='2020-01-01T00:00:00Z'";
    let dirty = word(&format!(
        "<w:p w:rsidR='00ZQX7MARK'><w:ins {who}><w:r><w:t>new</w:t></w:r></w:ins><w:del {who}><w:r><w:delText>ZQX7MARK</w:delText></w:r></w:del>\
         <w:moveFrom {who}><w:r><w:t>ZQX7MARK</w:t></w:r></w:moveFrom><w:r><w:rPr><w:b/><w:rPrChange {who}><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t></w:r></w:p>"
    ));
    assert_eq!(
        body(&dirty),
        "<w:p><w:r><w:t>new</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>x</w:t></w:r></w:p>"
    );
}

#[test]
fn a_paragraph_whose_end_is_deleted_goes_on_in_the_next() {
    let mark = "<w:pPr><w:rPr><w:del w:id='1' w:author='ZQX7MARK'/></w:rPr></w:pPr>";
    let dirty = word(&format!(
        "<w:p>{mark}<w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p><w:p>{mark}<w:del w:id='2'><w:r><w:delText>c</w:delText></w:r></w:del></w:p><w:p/>"
    ));
    assert_eq!(
        body(&dirty),
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p><w:p/>"
    );
}

#[test]
fn deleted_rows_and_cells_go() {
    let dirty = word(
        "<w:tbl><w:tr><w:trPr><w:del w:id='1' w:author='ZQX7MARK'/></w:trPr><w:tc><w:p><w:r><w:t>ZQX7MARK</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    );
    assert_eq!(
        body(&dirty),
        "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    );
}

#[test]
fn fields_that_name_a_person_go_and_others_leave_their_result() {
    let field = |instruction: &str, result: &str| {
        let mark = |kind| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
        format!(
            "{}<w:r><w:instrText>{instruction}</w:instrText></w:r>{}<w:r><w:t>{result}</w:t></w:r>{}",
            mark("begin"),
            mark("separate"),
            mark("end")
        )
    };
    let dirty = word(&format!(
        "<w:p>{}{}{}</w:p>",
        field(" AUTHOR ", "ZQX7MARK"),
        field(" INCLUDETEXT \"C:\\\\ZQX7MARK\" ", "kept"),
        field(" PAGE  \\* MERGEFORMAT ", "7")
    ));
    let body = body(&dirty);
    assert!(
        body.contains("<w:t>kept</w:t>") && body.contains("> PAGE \\* MERGEFORMAT </w:instrText>")
    );
    assert_eq!(body.matches("fldChar ").count(), 3);
}

#[test]
fn comments_controls_tags_and_alternatives_leave_their_text() {
    let dirty = word_with(
        "<w:sdt><w:sdtPr><w:alias w:val='ZQX7MARK'/></w:sdtPr><w:sdtContent><w:p><w:commentRangeStart w:id='0'/><w:r><w:t>text</w:t></w:r><w:commentRangeEnd w:id='0'/><w:r><w:commentReference w:id='0'/></w:r>\
         <w:bookmarkStart w:id='9' w:name='ZQX7MARK'/><w:bookmarkEnd w:id='9'/><y:z y:a='1'>ZQX7MARK</y:z><w:hyperlink r:id='h'><w:r><w:t>link</w:t></w:r></w:hyperlink><w:hyperlink r:id='f'><w:r><w:t>gone</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>",
        &[
            ("h", "hyperlink", "https://example.org/"),
            ("f", "hyperlink", "file:///C:/ZQX7MARK"),
            ("c", "comments", "ZQX7MARK.xml"),
        ],
        &[
            (
                "ZQX7MARK.xml",
                "<w:comments xmlns:w='x'>ZQX7MARK</w:comments>",
            ),
            ("customXml/item1.xml", "<ZQX7MARK/>"),
        ],
    );
    assert_eq!(
        body(&dirty),
        "<w:p><w:r><w:t>text</w:t></w:r><w:hyperlink r:id=\"rId1\"><w:r><w:t>link</w:t></w:r></w:hyperlink><w:r><w:t>gone</w:t></w:r></w:p>"
    );
}

#[test]
fn properties_and_macros_go_and_are_told() {
    let core =
        "<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>ZQX7MARK Ann</dc:creator></c>";
    let dirty = word_with(
        "<w:p/>",
        &[],
        &[
            ("docProps/core.xml", core),
            ("word/vbaProject.bin", "ZQX7MARK"),
        ],
    );
    let (_, clean, report) = cleaned(&dirty).unwrap();
    assert_eq!(unpack(&clean).len(), 3);
    assert!(
        report
            .findings()
            .iter()
            .any(|f| f.value() == "ZQX7MARK Ann")
    );
    assert!(report.remarks().contains(&Remark::ScriptsLost));
    // The same text of somebody else is the same file.
    assert!(cleaned(&word("<w:p w:rsidR='00112233'/>")).unwrap().1 == clean);
}

#[test]
fn a_page_setup_loses_its_printer_only() {
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let main = format!(
        "<workbook xmlns='{space}' xmlns:r='{OFFICE}'><fileVersion appName='ZQX7MARK'/><sheets><sheet name='S' sheetId='1' r:id='s'/></sheets><definedNames><definedName name='ZQX7MARK'>S!$A$1</definedName></definedNames></workbook>"
    );
    let sheet = format!(
        "<worksheet xmlns='{space}' xmlns:r='{OFFICE}'><sheetData><row r='1'><c r='A1'><f>ZQX7MARK+[1]S!B1</f><v>4</v></c><c r='B1'><f>zqx7mark+1</f><v>5</v></c></row></sheetData><pageSetup paperSize='9' r:id='p'/></worksheet>"
    );
    let own = relations(&[("p", "printerSettings", "ZQX7MARK.bin")]);
    let dirty = document(
        "spreadsheetml.sheet.main+xml",
        &main,
        &[("s", "worksheet", "s.xml")],
        &[
            ("s.xml", &sheet),
            ("_rels/s.xml.rels", &own),
            ("ZQX7MARK.bin", "ZQX7MARK"),
        ],
    );
    let (kind, clean, _) = cleaned(&dirty).unwrap();
    assert_eq!(kind, Kind::Xlsx);
    let sheet = part(&clean, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<pageSetup paperSize=\"9\"/>"));
    assert!(sheet.contains("<c r=\"A1\"><v>4</v></c><c r=\"B1\"><f>Range_1+1</f>"));
    assert!(unpack(&clean).iter().all(|m| !holds(&m.1, "ZQX7MARK")));
}

#[test]
fn metafiles_are_cleaned_and_stay() {
    let pictures = [
        ("emf", "wmf/image1.bin", crate::emf::marked()),
        ("wmf", "image2.emf", crate::wmf::marked()),
    ];
    for (kind, name, picture) in pictures {
        let main = format!(
            "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:r='{OFFICE}' xmlns:v='urn:schemas-microsoft-com:vml'><w:body><w:p><w:r><w:pict><v:shape style='width:9pt;height:9pt'><v:imagedata r:id='i'/></v:shape></w:pict></w:r></w:p></w:body></w:document>"
        );
        let types = format!("{TYPES}wordprocessingml.document.main+xml'/></Types>");
        let root = relations(&[("a", "officeDocument", "m.xml")]);
        let own = relations(&[("i", "image", name)]);
        let dirty = pack(
            &[
                Member::new("[Content_Types].xml", types.as_bytes()),
                Member::new("_rels/.rels", root.as_bytes()),
                Member::new("m.xml", main.as_bytes()),
                Member::new("_rels/m.xml.rels", own.as_bytes()),
                Member::new(name, &picture),
            ],
            "",
        );
        let (_, clean, _) = cleaned(&dirty).unwrap();
        let members = unpack(&clean);
        let wanted = format!("word/media/media1.{kind}");
        let kept = members.iter().find(|m| m.0 == wanted).unwrap();
        assert!(kept.1 == cleaned(&picture).unwrap().1);
        assert!(members.iter().all(|m| !holds(&m.1, "ZQX7MARK")));
        assert!(part(&clean, "[Content_Types].xml").contains(&format!("image/x-{kind}")));
    }
}

#[test]
fn axes_of_a_chart_are_counted_anew() {
    let chart = |one: u32, other: u32| {
        format!(
            "<c:chartSpace xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'><c:chart><c:plotArea><c:barChart><c:axId val='{one}'/><c:axId val='{other}'/></c:barChart><c:catAx><c:axId val='{one}'/><c:crossAx val='{other}'/></c:catAx></c:plotArea></c:chart></c:chartSpace>"
        )
    };
    let with = |chart: &str| {
        let body = "<w:p><w:r><w:drawing><wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'><a:graphic xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/chart'><c:chart xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' r:id='c'/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
        word_with(body, &[("c", "chart", "c.xml")], &[("c.xml", chart)])
    };
    let (_, clean, _) = cleaned(&with(&chart(49_236_985, 99_114_796))).unwrap();
    let kept = part(&clean, "word/charts/chart1.xml");
    assert!(kept.contains("<c:catAx><c:axId val=\"1\"/><c:crossAx val=\"2\"/></c:catAx>"));
    assert!(cleaned(&with(&chart(7, 5))).unwrap().1 == clean);
}

#[test]
fn other_packages_are_refused_for_what_they_are() {
    let drawing = document("x", "<x/>", &[], &[]);
    assert!(matches!(cleaned(&drawing), Err(Refusal::UnknownKind)));
    assert!(matches!(cleaned(&word("<w:p>")), Err(Refusal::Damaged)));
    let deep = format!("{}{}", "<w:p>".repeat(400), "</w:p>".repeat(400));
    assert!(matches!(cleaned(&word(&deep)), Err(Refusal::TooDeep)));
}

#[test]
fn no_flipped_octet_panics() {
    let dirty = word("<w:p><w:r><w:t>text</w:t></w:r></w:p>");
    for at in 0..dirty.len() {
        let mut flipped = dirty.clone();
        flipped[at] ^= 0x21;
        let _ = cleaned(&flipped);
        let _ = cleaned(&dirty[..at]);
    }
}

#[test]
fn an_accepted_insertion_is_not_told_as_if_it_were_gone() {
    let dirty = word(
        "<w:p><w:ins w:id='1' w:author='A'><w:r><w:t>stays</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>goes</w:delText></w:r></w:del></w:p>",
    );
    let (_, _, report) = cleaned(&dirty).unwrap();
    let values: Vec<&str> = report
        .findings()
        .iter()
        .map(hamsa_scrub::Finding::value)
        .collect();
    assert!(values.contains(&"goes") && !values.contains(&"stays"));
}

#[test]
fn a_link_to_a_bookmark_follows_its_new_name() {
    let body = body(&word(
        "<w:p><w:bookmarkStart w:id='4' w:name='_TocZQX7MARK'/><w:r><w:t>place</w:t></w:r><w:bookmarkEnd w:id='4'/></w:p>\
         <w:p><w:hyperlink w:anchor='_TocZQX7MARK'><w:r><w:t>there</w:t></w:r></w:hyperlink>\
         <w:hyperlink w:anchor='_TocZQX7MARKgone'><w:r><w:t>nowhere</w:t></w:r></w:hyperlink></w:p>",
    ));
    assert!(body.contains("w:name=\"b1\"") && body.contains("w:anchor=\"b1\""));
    assert!(body.contains("nowhere") && body.matches("<w:hyperlink").count() == 1);
}

#[test]
fn numbers_that_an_editor_draws_for_shapes_go() {
    let body = body(&word(
        "<w:p><w:r><w:pict xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml' w14:anchorId='ZQX7MARK'>\
         <v:rect xmlns:v='urn:schemas-microsoft-com:vml' style='width:9pt;height:9pt' w14:anchorId='ZQX7MARK'/></w:pict></w:r></w:p>",
    ));
    assert!(body.contains("<v:rect"));
}

#[test]
fn the_drawing_of_a_diagram_stays_and_is_found_by_its_data() {
    let space = "http://schemas.openxmlformats.org/drawingml/2006/diagram";
    let drawing = "http://schemas.microsoft.com/office/drawing/2008/diagram";
    let a = "http://schemas.openxmlformats.org/drawingml/2006/main";
    let data = format!(
        "<dgm:dataModel xmlns:dgm='{space}' xmlns:a='{a}'><dgm:ptLst>\
         <dgm:pt modelId='{{12345678-9ABC-DEF0-1234-56789ABCDEF0}}' cxnId='{{22345678-9ABC-DEF0-1234-56789ABCDEF0}}'/></dgm:ptLst>\
         <dgm:extLst><a:ext uri='{drawing}'><dsp:dataModelExt xmlns:dsp='{drawing}' relId='e' minVer='ZQX7MARK'/></a:ext></dgm:extLst>\
         </dgm:dataModel>"
    );
    let shown = format!(
        "<dsp:drawing xmlns:dsp='{drawing}' xmlns:a='{a}'><dsp:spTree><dsp:sp modelId='{{12345678-9ABC-DEF0-1234-56789ABCDEF0}}'>\
         <dsp:nvSpPr><dsp:cNvPr id='0' name='ZQX7MARK'/></dsp:nvSpPr><dsp:txBody><a:p><a:r><a:t>node</a:t></a:r></a:p></dsp:txBody>\
         </dsp:sp></dsp:spTree></dsp:drawing>"
    );
    let other = format!("<dgm:layoutDef xmlns:dgm='{space}'/>");
    let mut own = relations(&[
        ("a", "diagramData", "data.xml"),
        ("b", "diagramLayout", "layout.xml"),
    ]);
    let last = "<Relationship Id='e' Type='http://schemas.microsoft.com/office/2007/relationships/diagramDrawing' Target='shown.xml'/></Relationships>";
    own = own.replace("</Relationships>", last);
    let main = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:r='{OFFICE}'><w:body><w:p><w:r>\
         <w:drawing><dgm:relIds xmlns:dgm='{space}' r:lo='b' r:dm='a'/></w:drawing></w:r></w:p></w:body></w:document>"
    );
    let types = format!("{TYPES}wordprocessingml.document.main+xml'/></Types>");
    let root = relations(&[("a", "officeDocument", "m.xml")]);
    let members = [
        Member::new("[Content_Types].xml", types.as_bytes()),
        Member::new("_rels/.rels", root.as_bytes()),
        Member::new("m.xml", main.as_bytes()),
        Member::new("_rels/m.xml.rels", own.as_bytes()),
        Member::new("data.xml", data.as_bytes()),
        Member::new("layout.xml", other.as_bytes()),
        Member::new("shown.xml", shown.as_bytes()),
    ];
    let (_, clean, _) = cleaned(&pack(&members, "")).unwrap();
    assert!(part(&clean, "word/diagrams/drawing1.xml").contains("<a:t>node</a:t>"));
    assert!(part(&clean, "word/diagrams/data1.xml").contains("relId=\"rId3\""));
    assert!(
        part(&clean, "word/_rels/document.xml.rels")
            .contains("Id=\"rId3\" Target=\"diagrams/drawing1.xml\"")
    );
    for (name, octets) in unpack(&clean) {
        assert!(!holds(&octets, "ZQX7MARK"), "{name}");
    }
}

#[test]
fn names_of_tables_and_their_styles_are_numbered_and_small_charts_stay() {
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let more = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main";
    let main = format!(
        "<workbook xmlns='{space}' xmlns:r='{OFFICE}'><sheets><sheet name='S' sheetId='77' r:id='s'/></sheets>\
         <definedNames><definedName name='out'>'C:\\ZQX7MARK'!A1</definedName><definedName name='rate'>S!$A$1</definedName></definedNames></workbook>"
    );
    let sheet = format!(
        "<worksheet xmlns='{space}' xmlns:r='{OFFICE}'><sheetData><row r='1'><c r='A1'><f>SUM(ZQX7MARK[n])+Rate</f><v>4</v></c></row></sheetData>\
         <hyperlinks><hyperlink ref='A1' location='S!A1' display='ZQX7MARK'/></hyperlinks><legacyDrawingHF r:id='v'/>\
         <tableParts count='1'><tablePart r:id='t'/></tableParts><extLst><ext uri='{{05c60535-1f16-4fd2-b633-f4f36f0b64e0}}'>\
         <x14:sparklineGroups xmlns:x14='{more}'><x14:sparklineGroup/></x14:sparklineGroups></ext>\
         <ext uri='{{ZQX7MARK}}'><x14:sparklineGroups xmlns:x14='{more}'/></ext></extLst></worksheet>"
    );
    let table = format!(
        "<table xmlns='{space}' id='812' name='zqx7mark' displayName='ZQX7MARK' ref='B1:B2'><tableColumns count='1'>\
         <tableColumn id='1' name='n' uniqueName='ZQX7MARK'/></tableColumns><tableStyleInfo name='ZQX7MARK house'/></table>"
    );
    let styles = format!(
        "<styleSheet xmlns='{space}'><tableStyles count='1' defaultTableStyle='TableStyleMedium2'>\
         <tableStyle name='ZQX7MARK house' count='0'/></tableStyles></styleSheet>"
    );
    let drawing = "<xml xmlns:v='urn:schemas-microsoft-com:vml'><v:shape id='ZQX7MARK' style='width:9pt'/></xml>";
    let own = relations(&[("t", "table", "t.xml"), ("v", "vmlDrawing", "v.vml")]);
    let dirty = document(
        "spreadsheetml.sheet.main+xml",
        &main,
        &[("s", "worksheet", "s.xml"), ("y", "styles", "y.xml")],
        &[
            ("s.xml", &sheet),
            ("_rels/s.xml.rels", &own),
            ("t.xml", &table),
            ("v.vml", drawing),
            ("y.xml", &styles),
        ],
    );
    let (_, clean, _) = cleaned(&dirty).unwrap();
    for (name, octets) in unpack(&clean) {
        assert!(!holds(&octets, "ZQX7MARK"), "{name}");
        assert!(!holds(&octets, "zqx7mark"), "{name}");
    }
    assert!(part(&clean, "xl/workbook.xml").contains("sheetId=\"1\""));
    let sheet = part(&clean, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<f>SUM(Range_2[n])+Range_1</f>"));
    assert!(
        sheet.contains("<ext uri=\"{05C60535-1F16-4fd2-B633-F4F36F0B64E0}\"><x14:sparklineGroups>")
    );
    let table = part(&clean, "xl/tables/table1.xml");
    assert!(table.contains("displayName=\"Range_2\"") && table.contains("name=\"Style 1\""));
    assert!(part(&clean, "xl/styles.xml").contains("name=\"Style 1\""));
    assert!(part(&clean, "xl/drawings/vmlDrawing1.vml").contains("<v:shape"));
}
