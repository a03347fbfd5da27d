//! DOCX, XLSX and PPTX: a new package, built part by part from the main one.
//!
//! A part stays when an element that stays refers to it. It gets the name that its place in the document gives it, so
//! neither names nor order of the old package come through.

mod drawing;
mod field;
mod filter;
mod names;
mod parts;
mod report;
mod sheet;
mod word;

use std::collections::{BTreeMap, HashMap};

use zeroize::Zeroizing;

use self::filter::{Filter, Shared};
use self::parts::{MEDIA, Package, Relation, Role, family, relation_type, relative, role_of};
use super::container::{Builder, Container, Method};
use super::xml::{self, Element, Node};
use crate::job::Job;
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;
use crate::{Kind, Refusal};

/// Parts of one document.
const MAX_PARTS: usize = 20_000;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let kind = super::package::kind(file)?;
    let mut container = Container::open(file)?;
    container.report(job)?;
    let mut package = Package::new(container)?;
    let relations = package.relations("", job)?;
    let main = relations
        .iter()
        .find(|r| r.kind == "officeDocument" && !r.is_external);
    let main = main.ok_or(Refusal::Damaged)?.target.clone();
    let mut assembly = Assembly {
        kind,
        parts: Vec::new(),
        by_source: HashMap::new(),
        numbers: HashMap::new(),
        shared: Shared::default(),
        drawings: HashMap::new(),
    };
    assembly.add(&main, family(kind).1, "xml");
    assembly.styles(&mut package, job, &main)?;
    assembly.tables(&mut package, job, &main)?;
    let mut next = 0;
    while next < assembly.parts.len() {
        assembly.build(next, &mut package, job)?;
        next += 1;
        if assembly.parts.len() > MAX_PARTS {
            return Err(Refusal::TooDeep);
        }
    }
    report::left(&mut package, job);
    if kind != Kind::Xlsx {
        job.remark(Remark::Template);
    }
    assembly.write()
}

/// The new package while it grows.
struct Assembly {
    kind: Kind,
    parts: Vec<Part>,
    by_source: HashMap<String, usize>,
    numbers: HashMap<&'static str, usize>,
    shared: Shared,
    /// Data of diagrams, and the relation to the drawing of each in the part that shows it.
    drawings: HashMap<String, String>,
}

/// A part of the new package.
struct Part {
    source: String,
    name: String,
    role: &'static Role,
    octets: Zeroizing<Vec<u8>>,
    method: Method,
    /// Type, target and whether it leads out of the document; the place in the list is the number.
    relations: Vec<(String, String, bool)>,
}

impl Assembly {
    fn add(&mut self, source: &str, role: &'static Role, extension: &str) -> usize {
        if let Some(&index) = self.by_source.get(source) {
            return index;
        }
        let number = self.numbers.entry(role.name).or_insert(0);
        *number += 1;
        let (folder, ..) = family(self.kind);
        let mut name = format!("{folder}{}", role.name.replace('#', &number.to_string()));
        if role == &MEDIA {
            name = format!("{name}.{extension}");
        }
        self.parts.push(Part {
            source: source.to_owned(),
            name,
            role,
            octets: Zeroizing::new(Vec::new()),
            method: Method::Deflated,
            relations: Vec::new(),
        });
        self.by_source
            .insert(source.to_owned(), self.parts.len() - 1);
        self.parts.len() - 1
    }

    /// Looks at the styles first: every other part may name them.
    fn styles(
        &mut self,
        package: &mut Package<'_>,
        job: &mut Job,
        main: &str,
    ) -> Result<(), Refusal> {
        let relations = package.relations(main, job)?;
        let Some(styles) = relations.iter().find(|r| r.kind == "styles") else {
            return Ok(());
        };
        if self.kind != Kind::Docx || !package.has(&styles.target) {
            return Ok(());
        }
        let octets = package.read(&styles.target, job)?;
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, names::SPACES)?;
        word::styles(&mut Filter::new(job, &mut self.shared, "styles"), &root);
        Ok(())
    }

    /// Looks at the names of cells and tables first: formulas in every sheet may speak of them.
    fn tables(
        &mut self,
        package: &mut Package<'_>,
        job: &mut Job,
        main: &str,
    ) -> Result<(), Refusal> {
        if self.kind != Kind::Xlsx {
            return Ok(());
        }
        let octets = package.read(main, job)?;
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, names::SPACES)?;
        sheet::names(&mut Filter::new(job, &mut self.shared, "workbook"), &root);
        let sheets = package.relations(main, job)?;
        let mut ids = Vec::new();
        root.visit(&mut |e| {
            if e.is("x", "sheet") {
                ids.extend(e.attribute("r", "id").map(str::to_owned));
            }
        });
        for id in ids {
            let Some(sheet) = sheets.iter().find(|r| r.id == id && !r.is_external) else {
                continue;
            };
            let mut found = Vec::new();
            for table in package.relations(&sheet.target, job)? {
                if table.kind == "table" && !table.is_external && package.has(&table.target) {
                    let octets = package.read(&table.target, job)?;
                    let text = xml::decode(&octets)?;
                    let root = xml::parse(&text, names::SPACES)?;
                    let get = |key| root.attribute("", key).unwrap_or_default().to_owned();
                    found.push((get("ref"), get("displayName")));
                }
            }
            // In an order that the clean file has as well.
            found.sort();
            let mut filter = Filter::new(job, &mut self.shared, "workbook");
            for (_, name) in found {
                sheet::table(&mut filter, &name);
            }
        }
        Ok(())
    }

    /// Builds a part and takes note of those that it refers to.
    fn build(
        &mut self,
        index: usize,
        package: &mut Package<'_>,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let part = self.parts.get(index).ok_or(Refusal::Damaged)?;
        if part.role == &MEDIA {
            return Ok(());
        }
        let (source, place) = (part.source.clone(), place(part));
        let octets = package.read(&source, job)?;
        let text = xml::decode(&octets)?;
        let mut root = xml::parse(&text, names::SPACES)?;
        let mut filter = Filter::new(job, &mut self.shared, &place);
        filter.part(&mut root);
        sheet::empty_unused(&mut filter, &mut root);
        if let Some(id) = self.drawings.get(&source) {
            drawing::name_drawing(&mut root, id);
        }
        let relations = package.relations(&source, job)?;
        let mut linker = Linker {
            assembly: self,
            package,
            job,
            relations: &relations,
            made: Vec::new(),
            place: &place,
        };
        linker.element(&mut root)?;
        linker.implied(index)?;
        let made = std::mem::take(&mut linker.made);
        let part = self.parts.get_mut(index).ok_or(Refusal::Damaged)?;
        part.relations = made;
        part.octets = xml::write(&root, &names::SPELLING);
        Ok(())
    }

    fn write(self) -> Result<Plan, Refusal> {
        let mut members: BTreeMap<String, (Zeroizing<Vec<u8>>, Method)> = BTreeMap::new();
        let main = self.parts.first().ok_or(Refusal::Damaged)?;
        let package = [(relation_type("officeDocument"), main.name.clone(), false)];
        members.insert(
            "_rels/.rels".to_owned(),
            (relations("", &package), Method::Deflated),
        );
        let types = self.types();
        for part in self.parts {
            if !part.relations.is_empty() {
                let (folder, name) = part.name.rsplit_once('/').unwrap_or(("", &part.name));
                let relations = relations(&part.name, &part.relations);
                members.insert(
                    format!("{folder}/_rels/{name}.rels"),
                    (relations, Method::Deflated),
                );
            }
            members.insert(part.name, (part.octets, part.method));
        }
        let mut builder = Builder::new();
        builder.add("[Content_Types].xml", &types, Method::Deflated)?;
        for (name, (octets, method)) in &members {
            builder.add(name, octets, *method)?;
        }
        builder.finish()
    }

    /// The list of content types.
    fn types(&self) -> Zeroizing<Vec<u8>> {
        let mut defaults = BTreeMap::from([
            (
                "rels",
                "application/vnd.openxmlformats-package.relationships+xml",
            ),
            ("xml", "application/xml"),
        ]);
        let mut overrides = BTreeMap::new();
        for part in &self.parts {
            if part.role == &MEDIA {
                let extension = part.name.rsplit_once('.').map_or("", |(_, e)| e);
                let known = super::MEDIA.iter().find(|known| known.1 == extension);
                defaults.extend(known.map(|known| (known.1, known.2)));
            } else {
                overrides.insert(part.name.as_str(), part.role.content);
            }
        }
        let mut text = Zeroizing::new(String::from(names::SPELLING.head));
        text.push_str(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
        );
        for (extension, kind) in defaults {
            for piece in [
                "<Default Extension=\"",
                extension,
                "\" ContentType=\"",
                kind,
                "\"/>",
            ] {
                text.push_str(piece);
            }
        }
        for (name, kind) in overrides {
            for piece in [
                "<Override PartName=\"/",
                name,
                "\" ContentType=\"",
                kind,
                "\"/>",
            ] {
                text.push_str(piece);
            }
        }
        text.push_str("</Types>");
        Zeroizing::new(text.as_bytes().to_vec())
    }
}

fn place(part: &Part) -> String {
    let name = part
        .name
        .rsplit_once('/')
        .map_or(part.name.as_str(), |(_, name)| name);
    name.trim_end_matches(".xml").to_owned()
}

/// A list of relations of the part called `from`.
fn relations(from: &str, list: &[(String, String, bool)]) -> Zeroizing<Vec<u8>> {
    let mut root = Element::new("rel", "Relationships");
    for (at, (kind, target, is_external)) in list.iter().enumerate() {
        let target = if *is_external {
            target.clone()
        } else {
            relative(from, target)
        };
        let mut relation = Element::new("rel", "Relationship")
            .with("", "Id", &format!("rId{}", at + 1))
            .with("", "Type", kind)
            .with("", "Target", &target);
        if *is_external {
            relation = relation.with("", "TargetMode", "External");
        }
        root.children.push(Node::Element(relation));
    }
    xml::write(&root, &RELATIONS)
}

const RELATIONS: xml::Spelling = xml::Spelling {
    spaces: &[(
        "rel",
        &["http://schemas.openxmlformats.org/package/2006/relationships"],
    )],
    default: "rel",
    ignorable: &[],
    in_values: &[],
    head: names::SPELLING.head,
};

/// Follows the relations that the elements of a part name.
struct Linker<'l, 'p> {
    assembly: &'l mut Assembly,
    package: &'l mut Package<'p>,
    job: &'l mut Job,
    relations: &'l [Relation],
    made: Vec<(String, String, bool)>,
    place: &'l str,
}

impl Linker<'_, '_> {
    fn element(&mut self, element: &mut Element<'_>) -> Result<bool, Refusal> {
        let mut gone = Vec::new();
        let data = element
            .is("dgm", "relIds")
            .then(|| element.attribute("r", "dm"));
        let data = data.flatten().map(str::to_owned);
        for at in 0..element.attributes.len() {
            let Some(attribute) = element.attributes.get_mut(at).filter(|a| a.prefix == "r") else {
                continue;
            };
            match self.link(&attribute.value)? {
                Some(id) => attribute.value = id.into(),
                None => gone.push(attribute.local.clone().into_owned()),
            }
        }
        for name in &gone {
            element.unset("r", name);
        }
        if !gone.is_empty() && !stands_alone(element) {
            return Ok(false);
        }
        if let Some(data) = data {
            self.diagram(&data)?;
        }
        let mut kept = Vec::with_capacity(element.children.len());
        for node in std::mem::take(&mut element.children) {
            match node {
                Node::Text(_) => kept.push(node),
                Node::Element(mut child) => {
                    if self.element(&mut child)? {
                        kept.push(Node::Element(child));
                    } else if child.is("w", "hyperlink") {
                        self.unwrap(child, &mut kept)?;
                    }
                }
            }
        }
        element.children = kept;
        if element.is("x", "tableParts") {
            let count = element.children.len();
            element.set("", "count", count.to_string());
        }
        let names = [
            ("x", "hyperlinks"),
            ("x", "tableParts"),
            ("p", "ext"),
            ("p", "extLst"),
        ];
        Ok(!(element.children.is_empty() && names.contains(&element.name())))
    }

    /// Keeps the drawing of a diagram: readers that cannot lay one out show that. Its data name it by a relation of
    /// the part that shows the diagram.
    fn diagram(&mut self, id: &str) -> Result<(), Refusal> {
        let relations = self.relations;
        let Some(data) = relations.iter().find(|r| r.id == id && !r.is_external) else {
            return Ok(());
        };
        if !self.package.has(&data.target) {
            return Ok(());
        }
        let octets = self.package.read(&data.target, self.job)?;
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, names::SPACES)?;
        let Some(drawing) = drawing::named_drawing(&root) else {
            return Ok(());
        };
        let is_drawing = |r: &&Relation| r.id == drawing && r.kind == "diagramDrawing";
        if relations.iter().any(|r| is_drawing(&r))
            && let Some(id) = self.link(&drawing)?
        {
            self.assembly.drawings.insert(data.target.clone(), id);
        }
        Ok(())
    }

    /// The text of a link that leads nowhere stays.
    fn unwrap<'a>(&mut self, link: Element<'a>, kept: &mut Vec<Node<'a>>) -> Result<(), Refusal> {
        for node in link.children {
            if let Node::Element(mut inner) = node
                && self.element(&mut inner)?
            {
                kept.push(Node::Element(inner));
            }
        }
        Ok(())
    }

    /// The new number of a relation, if what it leads to stays.
    fn link(&mut self, id: &str) -> Result<Option<String>, Refusal> {
        let relations = self.relations;
        let Some(relation) = relations.iter().find(|r| r.id == id) else {
            return Ok(None);
        };
        if relation.is_external {
            if relation.kind == "hyperlink" && super::is_link(&relation.target) {
                return Ok(Some(self.number(
                    relation_type("hyperlink"),
                    relation.target.clone(),
                    true,
                )));
            }
            self.job.found(
                What::Path,
                format!("{}: link", self.place),
                &relation.target,
            );
            self.job.remark(Remark::LinksLost);
            return Ok(None);
        }
        let Some(role) = role_of(self.assembly.kind, &relation.kind) else {
            return Ok(None);
        };
        let Some(index) = self.part(role, &relation.target)? else {
            return Ok(None);
        };
        let name = self
            .assembly
            .parts
            .get(index)
            .map(|p| p.name.clone())
            .unwrap_or_default();
        Ok(Some(self.number(
            relation_type(&relation.kind),
            name,
            false,
        )))
    }

    fn number(&mut self, kind: String, target: String, is_external: bool) -> String {
        let wanted = (kind, target, is_external);
        let at = self.made.iter().position(|made| *made == wanted);
        let at = at.unwrap_or_else(|| {
            self.made.push(wanted);
            self.made.len() - 1
        });
        format!("rId{}", at + 1)
    }

    /// The part behind a relation. Media are scrubbed at once, because their kind is in their name.
    fn part(&mut self, role: &'static Role, source: &str) -> Result<Option<usize>, Refusal> {
        if let Some(&index) = self.assembly.by_source.get(source) {
            return Ok(Some(index));
        }
        if !self.package.has(source) {
            return Ok(None);
        }
        if role != &MEDIA {
            return Ok(Some(self.assembly.add(source, role, "xml")));
        }
        let octets = self.package.read(source, self.job)?;
        let next = self.assembly.numbers.get(MEDIA.name).map_or(1, |n| n + 1);
        let (kind, clean) = self.job.nested(&format!("media {next}"), &octets)?;
        let known = super::MEDIA.iter().find(|known| known.0 == kind);
        let known = known.ok_or(Refusal::Unsupported("media in a document"))?;
        let index = self.assembly.add(source, role, known.1);
        if let Some(part) = self.assembly.parts.get_mut(index) {
            part.octets = clean;
            part.method = super::zip::method(kind);
        }
        Ok(Some(index))
    }

    /// Adds the parts that belong to this one although no element names them.
    fn implied(&mut self, index: usize) -> Result<(), Refusal> {
        let relations = self.relations;
        let own = self
            .assembly
            .parts
            .get(index)
            .map_or("", |part| part.role.relation);
        let mut implied: Vec<(&'static Role, &Relation)> = relations
            .iter()
            .filter(|relation| !relation.is_external)
            .filter_map(|relation| Some((role_of(self.assembly.kind, &relation.kind)?, relation)))
            .filter(|(role, _)| role.is_implied && belongs(own, role.relation))
            .collect();
        implied.sort_by_key(|(role, _)| role.relation);
        for (role, relation) in implied {
            let kind = relation_type(role.relation);
            if self.made.iter().any(|made| made.0 == kind) {
                continue;
            }
            if let Some(part) = self.part(role, &relation.target)? {
                let name = self
                    .assembly
                    .parts
                    .get(part)
                    .map(|p| p.name.clone())
                    .unwrap_or_default();
                self.number(kind, name, false);
            }
        }
        Ok(())
    }
}

/// Which parts have which others without naming them.
fn belongs(to: &str, relation: &str) -> bool {
    match relation {
        "slideLayout" | "notesSlide" => to == "slide",
        "slideMaster" => to == "slideLayout",
        "slide" | "notesMaster" => to == "notesSlide",
        "theme" => matches!(to, "officeDocument" | "slideMaster" | "notesMaster"),
        _ => to == "officeDocument",
    }
}

/// Whether an element still means something when what it referred to is gone.
fn stands_alone(element: &Element<'_>) -> bool {
    match element.name() {
        ("x", "pageSetup") | ("a", "blip") => true,
        ("x", "hyperlink") => element.attribute("", "location").is_some(),
        _ => false,
    }
}
