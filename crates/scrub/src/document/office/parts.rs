//! Parts of an office document: which relations are followed, and what the parts behind them are called.

use std::collections::HashMap;

use crate::document::container::Container;
use crate::document::xml::{self, Space};
use crate::job::Job;
use crate::{Kind, Refusal};
use zeroize::Zeroizing;

const RELATIONS: &[Space] = &[(
    "rel",
    &["http://schemas.openxmlformats.org/package/2006/relationships"],
)];
pub(super) const OFFICE: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
const MICROSOFT: &str = "http://schemas.microsoft.com/office/2007/relationships/";

/// What a part is for.
#[derive(PartialEq, Eq)]
pub(super) struct Role {
    /// The last word of the relation's type.
    pub(super) relation: &'static str,
    /// Its content type.
    pub(super) content: &'static str,
    /// Its name within the document's folder; `#` is its number.
    pub(super) name: &'static str,
    /// Whether it belongs to the part although no element names it.
    pub(super) is_implied: bool,
}

const fn role(relation: &'static str, content: &'static str, name: &'static str) -> Role {
    Role {
        relation,
        content,
        name,
        is_implied: false,
    }
}

const fn implied(relation: &'static str, content: &'static str, name: &'static str) -> Role {
    Role {
        relation,
        content,
        name,
        is_implied: true,
    }
}

/// Parts that several kinds of documents have.
const SHARED: &[Role] = &[
    implied(
        "theme",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        "theme/theme#.xml",
    ),
    role(
        "chart",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "charts/chart#.xml",
    ),
    role(
        "chartUserShapes",
        "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml",
        "charts/drawing#.xml",
    ),
    role(
        "diagramData",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        "diagrams/data#.xml",
    ),
    role(
        "diagramLayout",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramLayout+xml",
        "diagrams/layout#.xml",
    ),
    role(
        "diagramQuickStyle",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramStyle+xml",
        "diagrams/quickStyle#.xml",
    ),
    role(
        "diagramColors",
        "application/vnd.openxmlformats-officedocument.drawingml.diagramColors+xml",
        "diagrams/colors#.xml",
    ),
    role(
        "diagramDrawing",
        "application/vnd.ms-office.drawingml.diagramDrawing+xml",
        "diagrams/drawing#.xml",
    ),
];

const WORD: &[Role] = &[
    implied(
        "styles",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
        "styles.xml",
    ),
    implied(
        "numbering",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
        "numbering.xml",
    ),
    implied(
        "settings",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml",
        "settings.xml",
    ),
    implied(
        "fontTable",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml",
        "fontTable.xml",
    ),
    implied(
        "footnotes",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        "footnotes.xml",
    ),
    implied(
        "endnotes",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml",
        "endnotes.xml",
    ),
    role(
        "header",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml",
        "header#.xml",
    ),
    role(
        "footer",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml",
        "footer#.xml",
    ),
];

const TABLE: &[Role] = &[
    implied(
        "styles",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
        "styles.xml",
    ),
    implied(
        "sharedStrings",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
        "sharedStrings.xml",
    ),
    role(
        "worksheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        "worksheets/sheet#.xml",
    ),
    role(
        "chartsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml",
        "chartsheets/sheet#.xml",
    ),
    role(
        "table",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml",
        "tables/table#.xml",
    ),
    role(
        "drawing",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
        "drawings/drawing#.xml",
    ),
    role(
        "vmlDrawing",
        "application/vnd.openxmlformats-officedocument.vmlDrawing",
        "drawings/vmlDrawing#.vml",
    ),
];

const SLIDES: &[Role] = &[
    implied(
        "presProps",
        "application/vnd.openxmlformats-officedocument.presentationml.presProps+xml",
        "presProps.xml",
    ),
    implied(
        "tableStyles",
        "application/vnd.openxmlformats-officedocument.presentationml.tableStyles+xml",
        "tableStyles.xml",
    ),
    implied(
        "slideLayout",
        "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml",
        "slideLayouts/slideLayout#.xml",
    ),
    implied(
        "slideMaster",
        "application/vnd.openxmlformats-officedocument.presentationml.slideMaster+xml",
        "slideMasters/slideMaster#.xml",
    ),
    implied(
        "notesSlide",
        "application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml",
        "notesSlides/notesSlide#.xml",
    ),
    implied(
        "notesMaster",
        "application/vnd.openxmlformats-officedocument.presentationml.notesMaster+xml",
        "notesMasters/notesMaster#.xml",
    ),
    implied(
        "slide",
        "application/vnd.openxmlformats-officedocument.presentationml.slide+xml",
        "slides/slide#.xml",
    ),
];

/// Pictures, sound and video.
pub(super) static MEDIA: Role = role("image", "", "media/media#");

/// The main part, by kind of document.
pub(super) static MAIN: [Role; 3] = [
    role(
        "officeDocument",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "document.xml",
    ),
    role(
        "officeDocument",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "workbook.xml",
    ),
    role(
        "officeDocument",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        "presentation.xml",
    ),
];

/// The folder of a kind of document, its main part and its other parts.
pub(super) fn family(kind: Kind) -> (&'static str, &'static Role, &'static [Role]) {
    let [word, table, slides] = &MAIN;
    match kind {
        Kind::Xlsx => ("xl/", table, TABLE),
        Kind::Pptx => ("ppt/", slides, SLIDES),
        _ => ("word/", word, WORD),
    }
}

/// The role of what a relation leads to, if it stays.
pub(super) fn role_of(kind: Kind, relation: &str) -> Option<&'static Role> {
    if matches!(relation, "image" | "video" | "audio" | "media") {
        return Some(&MEDIA);
    }
    let (_, _, own) = family(kind);
    let is_it = |role: &&Role| role.relation == relation;
    own.iter().find(is_it).or_else(|| SHARED.iter().find(is_it))
}

/// The full type of a relation.
pub(super) fn relation_type(relation: &str) -> String {
    let base = if matches!(relation, "media" | "diagramDrawing") {
        MICROSOFT
    } else {
        OFFICE
    };
    format!("{base}{relation}")
}

/// From one part to another, or out of the document.
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of its type; empty when the type is not one of the format's own.
    pub(super) kind: String,
    pub(super) target: String,
    pub(super) is_external: bool,
}

/// The document as it came: its members by name.
pub(super) struct Package<'a> {
    container: Container<'a>,
    /// Names are compared without regard to case.
    names: HashMap<String, usize>,
    /// The members that were not asked for.
    pub(super) unused: Vec<bool>,
}

impl<'a> Package<'a> {
    pub(super) fn new(mut container: Container<'a>) -> Result<Self, Refusal> {
        let mut names = HashMap::new();
        for index in 0..container.len() {
            let name = container
                .entry(index)?
                .name
                .replace('\\', "/")
                .to_lowercase();
            names.insert(name, index);
        }
        let unused = vec![true; container.len()];
        Ok(Self {
            container,
            names,
            unused,
        })
    }

    pub(super) fn read(
        &mut self,
        name: &str,
        job: &mut Job,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let index = self
            .names
            .get(&name.to_lowercase())
            .ok_or(Refusal::Damaged)?;
        if let Some(unused) = self.unused.get_mut(*index) {
            *unused = false;
        }
        self.container.read(*index, job)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&name.to_lowercase())
    }

    /// The names of the members that were not asked for, in order.
    pub(super) fn left(&self) -> Vec<String> {
        let is_unused = |index: usize| self.unused.get(index).is_some_and(|unused| *unused);
        let mut left: Vec<(&String, &usize)> =
            self.names.iter().filter(|n| is_unused(*n.1)).collect();
        left.sort_unstable_by_key(|(_, index)| **index);
        left.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// The relations of a part; of the package itself for an empty name.
    pub(super) fn relations(
        &mut self,
        part: &str,
        job: &mut Job,
    ) -> Result<Vec<Relation>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{slash}_rels/{file}.rels");
        if !self.has(&name) {
            return Ok(Vec::new());
        }
        let octets = self.read(&name, job)?;
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, RELATIONS)?;
        let relations = root.elements().filter(|e| e.is("rel", "Relationship"));
        Ok(relations
            .map(|e| {
                let get = |name| e.attribute("", name).unwrap_or_default();
                let kind = get("Type");
                let own = [OFFICE, STRICT, MICROSOFT]
                    .iter()
                    .find_map(|base| kind.strip_prefix(base));
                let is_external = get("TargetMode") == "External";
                let target = if is_external {
                    get("Target").to_owned()
                } else {
                    absolute(folder, get("Target"))
                };
                Relation {
                    id: get("Id").to_owned(),
                    kind: own.unwrap_or_default().to_owned(),
                    target,
                    is_external,
                }
            })
            .collect())
    }
}

/// The name of a member that stands in a relation of a part in `folder`.
fn absolute(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/").replace("%20", " ");
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// `target`, seen from a part called `from`.
pub(super) fn relative(from: &str, target: &str) -> String {
    let (folder, _) = from.rsplit_once('/').unwrap_or_default();
    let mut from = folder.split('/').filter(|p| !p.is_empty()).peekable();
    let mut to = target.split('/').peekable();
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let mut path: Vec<&str> = from.map(|_| "..").collect();
    path.extend(to);
    path.join("/")
}
