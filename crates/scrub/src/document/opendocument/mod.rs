//! ODT, ODS and ODP: content and styles stay, through a filter; pictures are scrubbed by themselves.

mod filter;
mod names;

use std::collections::{BTreeMap, HashMap};

use zeroize::Zeroizing;

use self::filter::{Filter, Given};
use super::container::{Builder, Container, Method};
use super::xml::{self, Element, Node, Space};
use crate::job::Job;
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;
use crate::{Kind, Refusal};

/// Objects within a document, such as charts.
const MAX_OBJECTS: usize = 1000;
const MANIFEST: &[Space] = &[(
    "manifest",
    &["urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"],
)];

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let kind = super::package::kind(file)?;
    let mut container = Container::open(file)?;
    container.report(job)?;
    let mut package = Package::new(container)?;
    let manifest = package
        .read("META-INF/manifest.xml", job)?
        .ok_or(Refusal::Damaged)?;
    let text = xml::decode(&manifest)?;
    let manifest = xml::parse(&text, MANIFEST)?;
    if manifest.any(&|e| e.is("manifest", "encryption-data")) {
        return Err(Refusal::Encrypted);
    }
    let mut types = HashMap::new();
    for entry in manifest.elements() {
        let get = |name| {
            entry
                .attribute("manifest", name)
                .unwrap_or_default()
                .to_owned()
        };
        types.insert(get("full-path"), get("media-type"));
    }
    let mut document = Document {
        package,
        types,
        members: BTreeMap::new(),
        moved: HashMap::new(),
        pictures: 0,
        objects: Vec::new(),
    };
    document.folder("", "", kind == Kind::Ods, job)?;
    let mut next = 0;
    while let Some((from, to)) = document.objects.get(next).cloned() {
        document.folder(&from, &to, false, job)?;
        next += 1;
        if next > MAX_OBJECTS {
            return Err(Refusal::TooDeep);
        }
    }
    document.settings(job)?;
    document.report(job)?;
    job.remark(Remark::Template);
    document.write(kind)
}

/// The document as it came.
struct Package<'a> {
    container: Container<'a>,
    names: HashMap<String, usize>,
    unused: BTreeMap<usize, String>,
}

impl<'a> Package<'a> {
    fn new(mut container: Container<'a>) -> Result<Self, Refusal> {
        let mut names = HashMap::new();
        let mut unused = BTreeMap::new();
        for index in 0..container.len() {
            let name = container.entry(index)?.name;
            unused.insert(index, name.clone());
            names.insert(name, index);
        }
        Ok(Self {
            container,
            names,
            unused,
        })
    }

    fn read(&mut self, name: &str, job: &mut Job) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let Some(&index) = self.names.get(name) else {
            return Ok(None);
        };
        self.unused.remove(&index);
        self.container.read(index, job).map(Some)
    }
}

/// The new document while it grows.
struct Document<'a> {
    package: Package<'a>,
    /// What the old list of parts says of their types.
    types: HashMap<String, String>,
    /// Parts by name, with type and content.
    members: BTreeMap<String, (String, Zeroizing<Vec<u8>>, Method)>,
    /// Where pictures and objects went.
    moved: HashMap<String, Option<String>>,
    pictures: usize,
    /// Folders of objects, old and new, with `/` at the end.
    objects: Vec<(String, String)>,
}

impl Document<'_> {
    /// Content and styles of the document, or of an object in it.
    fn folder(
        &mut self,
        from: &str,
        to: &str,
        is_table: bool,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let mut octets = Vec::new();
        for name in ["styles.xml", "content.xml"] {
            if let Some(part) = self.package.read(&format!("{from}{name}"), job)? {
                octets.push((name, part));
            }
        }
        let mut parts = Vec::new();
        for (name, part) in &octets {
            parts.push((*name, xml::decode(part)?));
        }
        let mut given = Given::default();
        let mut roots = Vec::new();
        for (name, text) in &parts {
            roots.push((*name, xml::parse(text, names::SPACES)?));
        }
        let mut filter = Filter::new(job, &mut given, is_table);
        for (_, root) in &roots {
            filter.names(root);
        }
        for (name, root) in &mut roots {
            let mut filter = Filter::new(job, &mut given, is_table);
            filter.part(root);
            self.links(root, from, to, job)?;
            let octets = xml::write(root, &names::SPELLING);
            self.members.insert(
                format!("{to}{name}"),
                ("text/xml".to_owned(), octets, Method::Deflated),
            );
        }
        if roots.is_empty() {
            Err(Refusal::Damaged)
        } else {
            Ok(())
        }
    }

    /// Follows what elements refer to within the package.
    fn links(
        &mut self,
        element: &mut Element<'_>,
        from: &str,
        to: &str,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let mut kept = Vec::with_capacity(element.children.len());
        let mut has_object = false;
        for node in std::mem::take(&mut element.children) {
            let Node::Element(mut child) = node else {
                kept.push(node);
                continue;
            };
            let target = child.attribute("xlink", "href").map(str::to_owned);
            if let Some(target) = target {
                // A second picture of an object or table, which every program draws anew. Of an object that does not
                // stay it is all there is.
                let is_replacement = target.contains("ObjectReplacements/") && has_object;
                if is_replacement || target.contains("TablePreview") {
                    continue;
                }
                match self.link(&child, &target, from, to, job)? {
                    Some(target) => child.set("xlink", "href", target),
                    None => continue,
                }
                has_object |= child.is("draw", "object");
            }
            self.links(&mut child, from, to, job)?;
            let is_empty = child.is("draw", "frame") && child.children.is_empty();
            if !is_empty {
                kept.push(Node::Element(child));
            }
        }
        element.children = kept;
        Ok(())
    }

    /// The new place of what an element refers to; nothing when the element goes with it.
    fn link(
        &mut self,
        element: &Element<'_>,
        target: &str,
        from: &str,
        to: &str,
        job: &mut Job,
    ) -> Result<Option<String>, Refusal> {
        match element.name() {
            ("text" | "draw", "a") => return Ok(Some(target.to_owned())),
            ("chart", "chart") => {
                return Ok((target == "..")
                    .then(|| target.to_owned())
                    .or(Some("..".to_owned())));
            }
            _ => {}
        }
        let path = format!("{from}{}", target.trim_start_matches("./"));
        if target.contains(':') || !self.has(&path) {
            if target.contains(':') || target.starts_with("../") {
                job.found(What::Path, "link", target);
                job.remark(Remark::LinksLost);
            }
            return Ok(None);
        }
        let up = "../".repeat(to.matches('/').count());
        if let Some(moved) = self.moved.get(&path) {
            return Ok(moved.as_ref().map(|moved| format!("{up}{moved}")));
        }
        let moved = if element.is("draw", "object") {
            self.object(&path, job)
        } else {
            self.media(&path, job)?
        };
        self.moved.insert(path, moved.clone());
        Ok(moved.map(|moved| format!("{up}{moved}")))
    }

    fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/content.xml");
        self.package.names.contains_key(path) || self.package.names.contains_key(&folder)
    }

    /// Charts, formulas and other documents within the document.
    fn object(&mut self, path: &str, job: &mut Job) -> Option<String> {
        let kind = self
            .types
            .get(&format!("{path}/"))
            .cloned()
            .unwrap_or_default();
        let known = [
            "chart",
            "formula",
            "text",
            "spreadsheet",
            "graphics",
            "presentation",
        ];
        let Some(known) = known
            .iter()
            .find(|k| kind.ends_with(&format!("opendocument.{k}")))
        else {
            job.found(What::Attachment, "embedded object", "");
            return None;
        };
        let next = format!("Object {}", self.objects.len() + 1);
        self.objects.push((format!("{path}/"), format!("{next}/")));
        let kind = format!("application/vnd.oasis.opendocument.{known}");
        self.members.insert(
            format!("{next}/"),
            (kind, Zeroizing::new(Vec::new()), Method::Stored),
        );
        Some(next)
    }

    fn media(&mut self, path: &str, job: &mut Job) -> Result<Option<String>, Refusal> {
        let Some(octets) = self.package.read(path, job)? else {
            return Ok(None);
        };
        // A program that could not draw an object leaves nothing in place of its picture.
        if octets.is_empty() {
            return Ok(None);
        }
        let next = self.pictures + 1;
        let (kind, clean) = job.nested(&format!("media {next}"), &octets)?;
        self.pictures = next;
        let known = super::MEDIA.iter().find(|known| known.0 == kind);
        let known = known.ok_or(Refusal::Unsupported("media in a document"))?;
        let name = format!("Pictures/{next}.{}", known.1);
        self.members.insert(
            name.clone(),
            (known.2.to_owned(), clean, super::zip::method(kind)),
        );
        Ok(Some(name))
    }

    /// Settings that change how lines and pages break.
    fn settings(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let Some(octets) = self.package.read("settings.xml", job)? else {
            return Ok(());
        };
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, names::SPACES)?;
        let mut kept = BTreeMap::new();
        let mut others = false;
        root.visit(&mut |e| {
            if !e.is("config", "config-item") {
                return;
            }
            let name = e.attribute("config", "name").unwrap_or_default();
            let value = e.text(8);
            let known = names::SETTINGS.iter().find(|known| **known == name);
            match known.filter(|_| matches!(value.as_str(), "true" | "false")) {
                Some(known) => {
                    kept.insert(*known, value);
                }
                None => others = true,
            }
            if matches!(
                name,
                "PrinterName" | "CurrentDatabaseDataSource" | "Rsid" | "PrinterSetup"
            ) {
                let value = e.text(200);
                let what = if name == "Rsid" {
                    What::Identifier
                } else {
                    What::Path
                };
                if !value.is_empty() {
                    job.found(what, format!("settings: {name}"), &value);
                }
            }
        });
        if others {
            job.found(What::Software, "settings of view and printer", "");
        }
        if kept.is_empty() {
            return Ok(());
        }
        let mut set = Element::new("config", "config-item-set").with(
            "config",
            "name",
            "ooo:configuration-settings",
        );
        for (name, value) in kept {
            let mut item = Element::new("config", "config-item")
                .with("config", "name", name)
                .with("config", "type", "boolean");
            item.children.push(Node::Text(value.into()));
            set.children.push(Node::Element(item));
        }
        // Something in the namespace of the set's name has to be said, so that the prefix is declared.
        let mut settings = Element::new("office", "settings");
        settings.children.push(Node::Element(set));
        let mut root = Element::new("office", "document-settings").with("office", "version", "1.3");
        root.children.push(Node::Element(settings));
        let spelling = xml::Spelling {
            in_values: &["ooo"],
            ..names::SPELLING
        };
        let octets = xml::write(&root, &spelling);
        self.members.insert(
            "settings.xml".to_owned(),
            ("text/xml".to_owned(), octets, Method::Deflated),
        );
        Ok(())
    }

    /// Tells what does not stay.
    fn report(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let meta = self.package.read("meta.xml", job)?;
        if let Some(octets) = meta
            && let Ok(text) = xml::decode(&octets)
            && let Ok(root) = xml::parse(&text, &[])
        {
            for (what, place, value) in properties(&root) {
                job.found(what, place, &value);
            }
        }
        for name in self.package.unused.values() {
            let (what, place) = match name.as_str() {
                "mimetype" => continue,
                name if name.ends_with('/') => continue,
                name if name.starts_with("Thumbnails/") => (What::Preview, "preview picture"),
                name if name.starts_with("Basic/")
                    || name.starts_with("Scripts/")
                    || name.starts_with("Dialogs/") =>
                {
                    job.remark(Remark::ScriptsLost);
                    (What::Script, "scripts")
                }
                name if name.starts_with("ObjectReplacements/") => {
                    (What::Preview, "picture of an object")
                }
                name if name.starts_with("Versions/") || name == "VersionList.xml" => {
                    (What::History, "older versions")
                }
                name if name.contains("signatures") => {
                    job.remark(Remark::SignatureLost);
                    (What::Person, "signature")
                }
                name if name.starts_with("Fonts/") => (What::Identifier, "embedded font"),
                name if name.starts_with("Configurations") => (What::Software, "configuration"),
                "manifest.rdf" => (What::Description, "RDF"),
                _ => (What::Unknown, "part without a use"),
            };
            job.found(what, place, "");
        }
        Ok(())
    }

    fn write(self, kind: Kind) -> Result<Plan, Refusal> {
        let media = kind.media_type().as_str().to_owned();
        let mut root = Element::new("manifest", "manifest").with("manifest", "version", "1.3");
        let mut entry = |path: &str, kind: &str| {
            let entry = Element::new("manifest", "file-entry");
            let entry =
                entry
                    .with("manifest", "full-path", path)
                    .with("manifest", "media-type", kind);
            root.children.push(Node::Element(entry));
        };
        entry("/", &media);
        let mut builder = Builder::new();
        builder.add("mimetype", media.as_bytes(), Method::Stored)?;
        for (name, (kind, octets, method)) in &self.members {
            entry(name, kind);
            if !name.ends_with('/') {
                builder.add(name, octets, *method)?;
            }
        }
        let spelling = xml::Spelling {
            spaces: MANIFEST,
            in_values: &[],
            ..names::SPELLING
        };
        builder.add(
            "META-INF/manifest.xml",
            &xml::write(&root, &spelling),
            Method::Deflated,
        )?;
        builder.finish()
    }
}

/// The properties of a document, as far as they are text.
fn properties(root: &Element<'_>) -> Vec<(What, String, String)> {
    let mut all = Vec::new();
    let mut own = 0;
    root.visit(&mut |e| {
        if e.local == "user-defined" {
            own += 1;
            all.push((
                What::Description,
                format!("property of its own {own}"),
                e.text(400),
            ));
            return;
        }
        let value = e
            .attribute(xml::UNKNOWN, "href")
            .map_or_else(|| e.text(400), str::to_owned);
        if e.elements().next().is_some() || value.trim().is_empty() {
            return;
        }
        let what = match e.local.as_ref() {
            "creator" | "initial-creator" | "printed-by" | "contributor" | "publisher" => {
                What::Person
            }
            "date" | "creation-date" | "print-date" | "editing-duration" => What::Time,
            "generator" => What::Software,
            "template" | "auto-reload" => What::Path,
            "editing-cycles" | "identifier" => What::Identifier,
            _ => What::Description,
        };
        all.push((what, format!("meta.xml: {}", e.local), value));
    });
    all
}
