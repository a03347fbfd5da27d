//! Namespaces and names of the documents in a book.

use std::sync::OnceLock;

use crate::document::xml::{Space, Spelling, Vocabulary};

static NAMES: &str = include_str!("../names/epub.names");

pub(super) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary::read(NAMES))
}

pub(super) const SPACES: &[Space] = &[
    (
        "container",
        &["urn:oasis:names:tc:opendocument:xmlns:container"],
    ),
    ("dc", &["http://purl.org/dc/elements/1.1/"]),
    ("enc", &["http://www.w3.org/2001/04/xmlenc#"]),
    ("epub", &["http://www.idpf.org/2007/ops"]),
    ("h", &["http://www.w3.org/1999/xhtml"]),
    ("math", &["http://www.w3.org/1998/Math/MathML"]),
    ("ncx", &["http://www.daisy.org/z3986/2005/ncx/"]),
    ("opf", &["http://www.idpf.org/2007/opf"]),
    ("svg", &["http://www.w3.org/2000/svg"]),
    ("xlink", &["http://www.w3.org/1999/xlink"]),
    ("xml", &["http://www.w3.org/XML/1998/namespace"]),
];

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(super) const fn spelling(default: &'static str) -> Spelling {
    Spelling {
        spaces: SPACES,
        default,
        ignorable: &[],
        in_values: &[],
        head: HEAD,
    }
}
