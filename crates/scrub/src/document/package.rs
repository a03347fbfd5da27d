//! Which of the kinds that are ZIP containers it is, by what it holds.

use super::container::Container;
use crate::source::Source;
use crate::{Kind, Refusal};

/// Octets of a list of parts that are looked at.
const LIST: u64 = 1 << 20;

/// The content types of the main parts of office documents: also of templates and of those with macros.
const MAIN_PARTS: &[(&str, Kind)] = &[
    ("wordprocessingml.document.main+xml", Kind::Docx),
    ("wordprocessingml.template.main+xml", Kind::Docx),
    ("ms-word.document.macroEnabled.main+xml", Kind::Docx),
    ("ms-word.template.macroEnabledTemplate.main+xml", Kind::Docx),
    ("spreadsheetml.sheet.main+xml", Kind::Xlsx),
    ("spreadsheetml.template.main+xml", Kind::Xlsx),
    ("ms-excel.sheet.macroEnabled.main+xml", Kind::Xlsx),
    ("ms-excel.template.macroEnabled.main+xml", Kind::Xlsx),
    ("presentationml.presentation.main+xml", Kind::Pptx),
    ("presentationml.slideshow.main+xml", Kind::Pptx),
    ("presentationml.template.main+xml", Kind::Pptx),
    (
        "ms-powerpoint.presentation.macroEnabled.main+xml",
        Kind::Pptx,
    ),
    ("ms-powerpoint.slideshow.macroEnabled.main+xml", Kind::Pptx),
    ("ms-powerpoint.template.macroEnabled.main+xml", Kind::Pptx),
];

pub(super) fn kind(file: &Source<'_>) -> Result<Kind, Refusal> {
    let mut container = Container::open(file)?;
    if let Some(media) = container.peek("mimetype", 256) {
        let media = str::from_utf8(&media).unwrap_or_default().trim();
        if let Some(kind) = by_media_type(media) {
            return kind;
        }
    }
    let Some(list) = container.peek("[Content_Types].xml", LIST) else {
        return Ok(Kind::Zip);
    };
    let list = super::xml::decode(&list)?;
    let main = MAIN_PARTS.iter().find(|main| list.contains(main.0));
    main.map(|main| main.1).ok_or(Refusal::UnknownKind)
}

/// Templates have types of their own, and are documents otherwise.
fn by_media_type(media: &str) -> Option<Result<Kind, Refusal>> {
    if media == "application/epub+zip" {
        return Some(Ok(Kind::Epub));
    }
    let opendocument = media.strip_prefix("application/vnd.oasis.opendocument.")?;
    Some(match opendocument {
        "text" | "text-template" | "text-web" => Ok(Kind::Odt),
        "spreadsheet" | "spreadsheet-template" => Ok(Kind::Ods),
        "presentation" | "presentation-template" => Ok(Kind::Odp),
        _ => Err(Refusal::UnknownKind),
    })
}
