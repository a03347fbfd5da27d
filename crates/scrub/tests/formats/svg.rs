//! SVG: what is drawn stays; names, comments, scripts and what editors write about themselves go.

use hamsa_scrub::{Kind, Refusal, Remark, scrub};

use crate::{cleaned, holds};

const MARK: &str = "ZQX7MARK";
const XMLNS: &str = r#"xmlns="http://www.w3.org/2000/svg""#;

/// Scrubs what stands in an `svg` element and gives what stands in it then.
fn inner(content: &str) -> String {
    let (kind, clean, _) = cleaned(format!("<svg {XMLNS}>{content}</svg>").as_bytes()).unwrap();
    assert_eq!(kind, Kind::Svg);
    let clean = String::from_utf8(clean).unwrap();
    assert!(!clean.contains(MARK), "{clean}");
    let front = clean.find('>').unwrap() + 1;
    clean[front..]
        .strip_suffix("</svg>")
        .unwrap_or_default()
        .to_owned()
}

fn refusal(drawing: &str) -> Refusal {
    scrub(drawing.as_bytes(), drawing.len() as u64)
        .err()
        .expect("it is refused")
}

#[test]
fn what_editors_write_about_themselves_goes() {
    let drawing = format!(
        r#"<?xml version="1.0"?><!-- {MARK} --><?{MARK} x?>
        <svg {XMLNS} xmlns:e="http://{MARK}/" e:docname="/home/{MARK}/a.svg" data-x="{MARK}" id="{MARK}" width="9">
        <title>{MARK}</title><desc>{MARK}</desc><metadata><e:creator>{MARK}</e:creator></metadata>
        <e:view label="{MARK}"/><g e:label="{MARK}" id="a{MARK}" class="{MARK}"><path d="M0 0h9" id="b{MARK}"/></g></svg>"#
    );
    let (_, clean, report) = cleaned(drawing.as_bytes()).unwrap();
    assert!(!holds(&clean, MARK));
    let expected = format!(r#"<svg {XMLNS} width="9"><g><path d="M0 0h9"/></g></svg>"#);
    assert_eq!(String::from_utf8(clean).unwrap(), expected);
    assert!(!report.is_empty());
}

#[test]
fn names_that_are_referred_to_get_new_ones_everywhere() {
    let clean = inner(
        r##"<linearGradient id="ZQX7MARK"/><rect fill="url('#ZQX7MARK') red" style="stroke: url( #ZQX7MARK )"/>
        <use href="#rZQX7MARK"/><g id="rZQX7MARK"><animate id="tZQX7MARK" begin="click; tZQX7MARK.end + 1s"/></g>"##,
    );
    assert_eq!(
        clean,
        r##"<linearGradient id="id1"/><rect fill="url(#id1) red" style="stroke:url(#id1)"/><use href="#id2"/><g id="id2"><animate begin="click;id3.end + 1s" id="id3"/></g>"##
    );
}

#[test]
fn style_sheets_stay_without_comments_and_names() {
    let clean = inner(
        "<style><![CDATA[/* ZQX7MARK */ @import 'ZQX7MARK'; .ZQX7MARK > rect, #ZQX7MARK:hover { fill : red; /* ZQX7MARK */ }
        @keyframes ZQX7MARK { from { opacity: 0 } } .b { animation: ZQX7MARK 1s; --ZQX7MARK: 1px; stroke-width: var(--ZQX7MARK) }
        ]]></style><g class='ZQX7MARK other'><rect id='ZQX7MARK' class='b'/></g>",
    );
    assert_eq!(
        clean,
        "<style>.c1 &gt; rect,#id1:hover{fill:red}@keyframes m1{from{opacity:0}}.c2{animation:m1 1s;--v1:1px;stroke-width:var(--v1)}</style><g class=\"c1\"><rect class=\"c2\" id=\"id1\"/></g>"
    );
}

#[test]
fn text_of_a_style_sheet_goes_since_a_drawing_does_not_show_it() {
    let drawing = r#"<style>text::before{content:"ZQX7MARK";fill:red}g{quotes:"ZQX7MARK"}</style><text style="list-style:'ZQX7MARK';fill:red">a</text>"#;
    let clean = inner(drawing);
    assert!(!clean.contains("ZQX7MARK") && clean.contains(r#"<text style="fill:red">a</text>"#));
}

#[test]
fn scripts_and_links_go_and_are_remarked() {
    let drawing = format!(
        r#"<svg {XMLNS} xmlns:x="http://www.w3.org/1999/xlink" onload="{MARK}"><script>{MARK}</script>
        <a x:href="http://{MARK}/"><path d="M0 0" onclick="{MARK}" fill="url(http://{MARK}/)"/></a>
        <image href="http://{MARK}/"/><set attributeName="href" to="javascript:{MARK}"/></svg>"#
    );
    let (_, clean, report) = cleaned(drawing.as_bytes()).unwrap();
    assert!(!holds(&clean, MARK));
    assert!(!holds(&clean, "javascript"));
    assert!(report.remarks().contains(&Remark::ScriptsLost));
    assert!(report.remarks().contains(&Remark::LinksLost));
}

#[test]
fn text_stays_to_the_blank() {
    let text = "<text x=\"1\" xml:space=\"preserve\">a  <tspan>b &amp; c</tspan>\n d</text>";
    assert_eq!(inner(text), text);
}

#[test]
fn what_is_not_shown_goes() {
    assert_eq!(
        inner("ZQX7MARK<g>ZQX7MARK<path d='M0 0ZQX7MARK'/></g>"),
        "<g><path d=\"M0 0ZQ\"/></g>"
    );
}

#[test]
fn entities_are_put_in_and_not_unfolded() {
    let simple = format!("<!DOCTYPE svg [<!ENTITY n 'M0 0h9'>]><svg {XMLNS}><path d='&n;'/></svg>");
    let (_, clean, _) = cleaned(simple.as_bytes()).unwrap();
    assert!(holds(&clean, "M0 0h9"));
    let laughs = format!(
        "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><svg {XMLNS}><text>&b;</text></svg>"
    );
    assert!(matches!(refusal(&laughs), Refusal::Unsupported(_)));
}

#[test]
fn a_web_page_within_a_drawing_is_refused_unless_there_is_another_form_of_it() {
    let page = "<foreignObject><p>text</p></foreignObject>";
    assert!(matches!(
        refusal(&format!("<svg {XMLNS}>{page}</svg>")),
        Refusal::Unsupported(_)
    ));
    let switch = inner(&format!("<switch>{page}<text>text</text></switch>"));
    assert_eq!(switch, "<switch><text>text</text></switch>");
}

#[test]
fn pictures_in_a_drawing_are_scrubbed() {
    // A GIF of one pixel with a comment.
    let gif = "R0lGODlhAQABAIAAAAAAAP///yH+CFpRWDdNQVJLACwAAAAAAQABAAACAUQAOw==";
    let clean = inner(&format!("<image href='data:image/gif;base64,{gif}'/>"));
    assert!(
        clean.starts_with("<image href=\"data:image/gif;base64,R0lGODlhAQABA"),
        "{clean}"
    );
    assert!(!clean.contains("UVg3TUFSS"), "{clean}");
}

#[test]
fn depth_is_bounded() {
    let deep = format!(
        "<svg {XMLNS}>{}{}</svg>",
        "<g>".repeat(9999),
        "</g>".repeat(9999)
    );
    assert!(matches!(refusal(&deep), Refusal::TooDeep));
}

#[test]
fn a_cut_or_changed_drawing_does_not_panic() {
    let drawing = format!(
        r#"<!DOCTYPE svg [<!ENTITY n "9">]><svg {XMLNS}><!--x--><style>.a{{fill:url(#b)}}@media x{{#b{{r:1}}}}</style><g id="b" class="a"
        fill="url(#b)"/><text>a&n;&#65;<tspan>b</tspan></text><animate begin="b.end;1s"/></svg>"#
    );
    crate::hostile(drawing.as_bytes());
}
