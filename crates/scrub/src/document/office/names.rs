//! Namespaces and names of office documents.

use std::sync::OnceLock;

use crate::document::xml::{Space, Spelling, Vocabulary};

/// The names of ISO/IEC 29500 that show content, without those of comments, revisions, links to data and people.
static NAMES: &str = include_str!("../names/ooxml.names");

pub(super) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary::read(NAMES))
}

/// Namespaces by the prefixes that they are written with. The second name is the one of the strict variant.
pub(super) const SPACES: &[Space] = &[
    (
        "a",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://purl.oclc.org/ooxml/drawingml/main",
        ],
    ),
    (
        "a14",
        &["http://schemas.microsoft.com/office/drawing/2010/main"],
    ),
    (
        "c",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/chart",
            "http://purl.oclc.org/ooxml/drawingml/chart",
        ],
    ),
    (
        "cdr",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing",
            "http://purl.oclc.org/ooxml/drawingml/chartDrawing",
        ],
    ),
    (
        "dgm",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/diagram",
            "http://purl.oclc.org/ooxml/drawingml/diagram",
        ],
    ),
    (
        "dsp",
        &["http://schemas.microsoft.com/office/drawing/2008/diagram"],
    ),
    (
        "lc",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
            "http://purl.oclc.org/ooxml/drawingml/lockedCanvas",
        ],
    ),
    (
        "m",
        &[
            "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math",
        ],
    ),
    (
        "mc",
        &["http://schemas.openxmlformats.org/markup-compatibility/2006"],
    ),
    ("o", &["urn:schemas-microsoft-com:office:office"]),
    (
        "p",
        &[
            "http://schemas.openxmlformats.org/presentationml/2006/main",
            "http://purl.oclc.org/ooxml/presentationml/main",
        ],
    ),
    (
        "p14",
        &["http://schemas.microsoft.com/office/powerpoint/2010/main"],
    ),
    (
        "pic",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/picture",
            "http://purl.oclc.org/ooxml/drawingml/picture",
        ],
    ),
    (
        "r",
        &[
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ],
    ),
    ("v", &["urn:schemas-microsoft-com:vml"]),
    (
        "w",
        &[
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ],
    ),
    ("w10", &["urn:schemas-microsoft-com:office:word"]),
    (
        "w14",
        &["http://schemas.microsoft.com/office/word/2010/wordml"],
    ),
    (
        "wp",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
            "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        ],
    ),
    (
        "wp14",
        &["http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing"],
    ),
    (
        "wpc",
        &["http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas"],
    ),
    (
        "wpg",
        &["http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"],
    ),
    (
        "wps",
        &["http://schemas.microsoft.com/office/word/2010/wordprocessingShape"],
    ),
    (
        "x",
        &[
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ],
    ),
    (
        "x14",
        &["http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"],
    ),
    (
        "xdr",
        &[
            "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
            "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
        ],
    ),
    (
        "xm",
        &["http://schemas.microsoft.com/office/excel/2006/main"],
    ),
    ("xml", &["http://www.w3.org/XML/1998/namespace"]),
];

/// How parts are written. Cells of tables are the bulk of their documents, so their elements have no prefix.
pub(super) const SPELLING: Spelling = Spelling {
    spaces: SPACES,
    default: "x",
    ignorable: &["w14", "wp14"],
    in_values: &[],
    head: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
};

/// Namespaces for which there may be an alternative, and that are understood here.
pub(super) const REQUIRED: &[&str] = &["a14", "p14", "v", "wp14", "wpc", "wpg", "wps", "x14"];

/// Elements whose text is content. All other text is white space.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("a", "t"),
    ("a", "tableStyleId"),
    ("c", "f"),
    ("c", "v"),
    ("c", "formatCode"),
    ("c", "separator"),
    ("cdr", "x"),
    ("cdr", "y"),
    ("c", "name"),
    ("m", "t"),
    ("w", "t"),
    ("w", "instrText"),
    ("wp", "align"),
    ("wp", "posOffset"),
    ("wp14", "pctWidth"),
    ("wp14", "pctHeight"),
    ("wp14", "pctPosHOffset"),
    ("wp14", "pctPosVOffset"),
    ("p", "attrName"),
    ("p", "text"),
    ("x", "t"),
    ("x", "v"),
    ("x", "f"),
    ("x", "formula"),
    ("x", "formula1"),
    ("x", "formula2"),
    ("x", "definedName"),
    ("x", "oddHeader"),
    ("x", "oddFooter"),
    ("x", "evenHeader"),
    ("x", "evenFooter"),
    ("x", "firstHeader"),
    ("x", "firstFooter"),
    ("x", "calculatedColumnFormula"),
    ("x", "totalsRowFormula"),
    ("x14", "id"),
    ("xm", "f"),
    ("xm", "sqref"),
    ("xdr", "col"),
    ("xdr", "colOff"),
    ("xdr", "row"),
    ("xdr", "rowOff"),
];
