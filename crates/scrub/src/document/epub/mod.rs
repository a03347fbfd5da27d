//! EPUB: the documents of the book in their order, their style sheets and pictures; its properties are constants.

mod css;
mod names;
mod page;

use std::collections::{BTreeMap, HashMap, HashSet};

use zeroize::Zeroizing;

use self::names::{SPACES, spelling};
use super::container::{Builder, Container, Method};
use super::xml::{self, Element, Node};
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;

/// Ways to hide fonts, which are no encryption of the book.
const FONT_MANGLING: &[&str] = &[
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
];

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut container = Container::open(file)?;
    container.report(job)?;
    let mut names = HashMap::new();
    for index in 0..container.len() {
        names.insert(container.entry(index)?.name, index);
    }
    let mut book = Book {
        container,
        names,
        used: HashSet::new(),
        items: Vec::new(),
        by_path: HashMap::new(),
        wanted: HashMap::new(),
    };
    book.refuse_encrypted(job)?;
    let octets = book.need("META-INF/container.xml", job)?;
    let text = xml::decode(&octets)?;
    let root = xml::parse(&text, SPACES)?;
    let mut path = None;
    root.visit(&mut |e| {
        if e.is("container", "rootfile") && path.is_none() {
            path = e.attribute("", "full-path").map(str::to_owned);
        }
    });
    let path = path.ok_or(Refusal::Damaged)?;
    let octets = book.need(&path, job)?;
    let text = xml::decode(&octets)?;
    let package = xml::parse(&text, SPACES)?;
    report(&package, job);
    book.list(&package, &path)?;
    book.build(job)?;
    let opf = book.package(&package);
    book.left(job);
    book.write(&opf)
}

/// The book as it came, and what is known of it.
struct Book<'a> {
    container: Container<'a>,
    names: HashMap<String, usize>,
    used: HashSet<usize>,
    items: Vec<Item>,
    by_path: HashMap<String, usize>,
    /// Places within documents that something leads to, by document and name.
    wanted: HashMap<(usize, String), String>,
}

/// A file of the book.
struct Item {
    id: String,
    path: String,
    kind: String,
    properties: String,
    /// Its place in the order of reading, and whether it is part of the main text.
    linear: Option<bool>,
    name: String,
    octets: Option<Zeroizing<Vec<u8>>>,
    method: Method,
}

impl Book<'_> {
    fn need(&mut self, name: &str, job: &mut Job) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let index = *self.names.get(name).ok_or(Refusal::Damaged)?;
        self.used.insert(index);
        self.container.read(index, job)
    }

    fn refuse_encrypted(&mut self, job: &mut Job) -> Result<(), Refusal> {
        if self.names.contains_key("META-INF/rights.xml") {
            return Err(Refusal::Encrypted);
        }
        if !self.names.contains_key("META-INF/encryption.xml") {
            return Ok(());
        }
        let octets = self.need("META-INF/encryption.xml", job)?;
        let text = xml::decode(&octets)?;
        let root = xml::parse(&text, SPACES)?;
        let is_other = |e: &Element<'_>| {
            e.is("enc", "EncryptionMethod")
                && !e
                    .attribute("", "Algorithm")
                    .is_some_and(|a| FONT_MANGLING.contains(&a))
        };
        if root.any(&is_other) {
            Err(Refusal::Encrypted)
        } else {
            Ok(())
        }
    }

    /// The files that the package names, those that are read first in front.
    fn list(&mut self, package: &Element<'_>, path: &str) -> Result<(), Refusal> {
        let manifest = package.child("opf", "manifest").ok_or(Refusal::Damaged)?;
        let spine = package.child("opf", "spine").ok_or(Refusal::Damaged)?;
        let mut items: Vec<Item> = manifest
            .elements()
            .map(|e| {
                let get = |name| e.attribute("", name).unwrap_or_default().to_owned();
                let (path, _) = resolved(path, &get("href"));
                Item {
                    id: get("id"),
                    path,
                    kind: get("media-type"),
                    properties: get("properties"),
                    linear: None,
                    name: String::new(),
                    octets: None,
                    method: Method::Deflated,
                }
            })
            .collect();
        let mut order: Vec<usize> = Vec::new();
        for reference in spine.elements() {
            let id = reference.attribute("", "idref").unwrap_or_default();
            let at = items
                .iter()
                .position(|item| item.id == id)
                .ok_or(Refusal::Damaged)?;
            if let Some(item) = items.get_mut(at).filter(|_| !order.contains(&at)) {
                item.linear = Some(reference.attribute("", "linear") != Some("no"));
                order.push(at);
            }
        }
        let mut rank: Vec<usize> = vec![usize::MAX; items.len()];
        for (place, at) in order.into_iter().enumerate() {
            if let Some(rank) = rank.get_mut(at) {
                *rank = place;
            }
        }
        let mut ranked: Vec<(usize, Item)> = rank.into_iter().zip(items).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let known = ranked
            .into_iter()
            .map(|(_, item)| item)
            .filter(|item| self.names.contains_key(&item.path));
        self.items = known.collect();
        for (at, item) in self.items.iter().enumerate() {
            self.by_path.entry(item.path.clone()).or_insert(at);
        }
        Ok(())
    }

    /// Media first, because their kinds are in their names; then what refers to them.
    fn build(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let mut sources = BTreeMap::new();
        for at in 0..self.items.len() {
            let Some((path, kind)) = self
                .items
                .get(at)
                .map(|item| (item.path.clone(), item.kind.clone()))
            else {
                continue;
            };
            let extension = match kind.as_str() {
                "application/xhtml+xml" => "xhtml",
                "text/css" => "css",
                "application/x-dtbncx+xml" => "ncx",
                _ if kind.contains("font") || kind.contains("opentype") => {
                    job.found(What::Identifier, "embedded font", "");
                    job.remark(Remark::Template);
                    continue;
                }
                _ if kind.starts_with("image/")
                    || kind.starts_with("audio/")
                    || kind.starts_with("video/") =>
                {
                    let octets = self.need(&path, job)?;
                    self.media(at, &octets, job)?;
                    continue;
                }
                _ if kind.contains("javascript") => {
                    job.remark(Remark::ScriptsLost);
                    job.found(What::Script, "script", "");
                    continue;
                }
                _ => {
                    job.found(What::Unknown, "part without a use", "");
                    continue;
                }
            };
            let octets = self.need(&path, job)?;
            sources.insert(at, octets);
            self.name(at, extension);
        }
        page::wanted(self, &sources)?;
        for (at, octets) in &sources {
            let made = page::build(self, *at, octets, job)?;
            if let Some(item) = self.items.get_mut(*at) {
                item.octets = Some(made);
            }
        }
        Ok(())
    }

    fn name(&mut self, at: usize, extension: &str) {
        if let Some(item) = self.items.get_mut(at) {
            item.name = format!("item{}.{extension}", at + 1);
        }
    }

    fn media(&mut self, at: usize, octets: &[u8], job: &mut Job) -> Result<(), Refusal> {
        let (kind, clean) = job.nested(&format!("item {}", at + 1), octets)?;
        let known = super::MEDIA.iter().find(|known| known.0 == kind);
        let known = known.ok_or(Refusal::Unsupported("media in a book"))?;
        self.name(at, known.1);
        if let Some(item) = self.items.get_mut(at) {
            known.2.clone_into(&mut item.kind);
            item.octets = Some(clean);
            item.method = super::zip::method(kind);
        }
        Ok(())
    }

    /// The new address of what a document at `from` refers to.
    fn place(&self, from: &str, target: &str) -> Option<String> {
        let (path, fragment) = resolved(from, target);
        let path = if path.is_empty() { from } else { &path };
        let &at = self.by_path.get(path)?;
        let name = self
            .items
            .get(at)
            .map(|item| item.name.as_str())
            .filter(|name| !name.is_empty())?;
        let is_same = target.starts_with('#');
        let mark = fragment
            .and_then(|f| self.wanted.get(&(at, f)))
            .map(|f| format!("#{f}"))
            .unwrap_or_default();
        Some(if is_same && !mark.is_empty() {
            mark
        } else {
            format!("{name}{mark}")
        })
    }

    /// The package document: everything in it that is not order is constant.
    fn package(&self, old: &Element<'_>) -> Element<'static> {
        let version = if old
            .attribute("", "version")
            .is_some_and(|v| v.starts_with('3'))
        {
            "3.0"
        } else {
            "2.0"
        };
        let mut language = "und".to_owned();
        let mut layouts = Vec::new();
        old.visit(&mut |e| {
            if e.is("dc", "language") && language == "und" {
                language = e.text(16).trim().to_owned();
            }
            let property = e.attribute("", "property").unwrap_or_default();
            let value = e.text(32).trim().to_owned();
            let known = [
                "rendition:layout",
                "rendition:orientation",
                "rendition:spread",
                "rendition:flow",
            ];
            if let Some(known) = known
                .iter()
                .find(|k| **k == property)
                .filter(|_| value.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            {
                layouts.push((*known, value));
            }
        });
        if !language
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            "und".clone_into(&mut language);
        }
        let text = |name: &'static str, text: &str| {
            let mut element = Element::new("dc", name);
            element.children.push(Node::Text(text.to_owned().into()));
            element
        };
        let mut metadata = Element::new("opf", "metadata");
        let mut put = |element| metadata.children.push(Node::Element(element));
        put(text(
            "identifier",
            "urn:uuid:00000000-0000-0000-0000-000000000000",
        )
        .with("", "id", "book"));
        put(text("title", "Book"));
        put(text("language", &language));
        let meta = |property: &str, value: &str| {
            let mut meta = Element::new("opf", "meta").with("", "property", property);
            meta.children.push(Node::Text(value.to_owned().into()));
            meta
        };
        if version == "3.0" {
            put(meta("dcterms:modified", "1980-01-01T00:00:00Z"));
            for (property, value) in &layouts {
                put(meta(property, value));
            }
        }
        let mut manifest = Element::new("opf", "manifest");
        let mut spine = Element::new("opf", "spine");
        for (at, item) in self
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.octets.is_some())
        {
            let id = format!("item{}", at + 1);
            let mut entry = Element::new("opf", "item")
                .with("", "id", &id)
                .with("", "href", &item.name)
                .with("", "media-type", &item.kind);
            let known = |p: &&str| matches!(*p, "nav" | "cover-image" | "svg" | "mathml");
            let properties: Vec<&str> = item
                .properties
                .split_ascii_whitespace()
                .filter(known)
                .collect();
            if !properties.is_empty() {
                entry = entry.with("", "properties", &properties.join(" "));
            }
            manifest.children.push(Node::Element(entry));
            if item.kind == "application/x-dtbncx+xml" && spine.attribute("", "toc").is_none() {
                spine.set("", "toc", id.clone());
            }
            if let Some(linear) = item.linear {
                let mut reference = Element::new("opf", "itemref").with("", "idref", &id);
                if !linear {
                    reference = reference.with("", "linear", "no");
                }
                spine.children.push(Node::Element(reference));
            }
        }
        let old_spine = old
            .child("opf", "spine")
            .and_then(|s| s.attribute("", "page-progression-direction"));
        if let Some(direction) = old_spine.filter(|d| matches!(*d, "ltr" | "rtl")) {
            spine.set("", "page-progression-direction", direction.to_owned());
        }
        let mut package = Element::new("opf", "package")
            .with("", "version", version)
            .with("", "unique-identifier", "book");
        package
            .children
            .extend([metadata, manifest, spine].map(Node::Element));
        package
    }

    fn left(&self, job: &mut Job) {
        let mut left: Vec<(&usize, &String)> = self
            .names
            .iter()
            .filter(|n| !self.used.contains(n.1))
            .map(|(n, i)| (i, n))
            .collect();
        left.sort_unstable();
        for (_, name) in left {
            if name != "mimetype" && !name.ends_with('/') {
                job.found(What::Unknown, "part without a use", "");
            }
        }
    }

    fn write(self, package: &Element<'_>) -> Result<Plan, Refusal> {
        let mut builder = Builder::new();
        builder.add("mimetype", b"application/epub+zip", Method::Stored)?;
        builder.add(
            "META-INF/container.xml",
            CONTAINER.as_bytes(),
            Method::Deflated,
        )?;
        builder.add(
            "EPUB/package.opf",
            &xml::write(package, &spelling("opf")),
            Method::Deflated,
        )?;
        for item in &self.items {
            if let Some(octets) = &item.octets {
                builder.add(&format!("EPUB/{}", item.name), octets, item.method)?;
            }
        }
        builder.finish()
    }
}

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

/// The path and the place in it of what a document at `from` refers to.
fn resolved(from: &str, target: &str) -> (String, Option<String>) {
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_owned())),
        None => (target, None),
    };
    if path.is_empty() {
        return (String::new(), fragment);
    }
    let (folder, _) = from.rsplit_once('/').unwrap_or_default();
    let path = unescaped(path);
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    (parts.join("/"), fragment)
}

/// Addresses write some characters as `%20`.
fn unescaped(path: &str) -> String {
    let mut octets = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|c| str::from_utf8(c).ok())
            .and_then(|c| u8::from_str_radix(c, 16).ok());
        if let (b'%', Some(code)) = (first, code) {
            octets.push(code);
            rest = after.get(2..).unwrap_or_default();
        } else {
            octets.push(first);
            rest = after;
        }
    }
    String::from_utf8(octets).unwrap_or_else(|_| path.to_owned())
}

/// Tells the book's properties.
fn report(package: &Element<'_>, job: &mut Job) {
    let Some(metadata) = package.child("opf", "metadata") else {
        return;
    };
    for e in metadata.elements() {
        let value = e
            .attribute("", "content")
            .map_or_else(|| e.text(400), str::to_owned);
        let what = match e.local.as_ref() {
            "creator" | "contributor" | "publisher" => What::Person,
            "date" => What::Time,
            "identifier" if value != "urn:uuid:00000000-0000-0000-0000-000000000000" => {
                What::Identifier
            }
            "identifier" | "language" => continue,
            "title" if value == "Book" => continue,
            "meta"
                if value == "1980-01-01T00:00:00Z"
                    || e.attribute("", "property")
                        .is_some_and(|p| p.starts_with("rendition:")) =>
            {
                continue;
            }
            _ => What::Description,
        };
        let place = if e.prefix == "dc" {
            format!("metadata {}", e.local)
        } else {
            "metadata".to_owned()
        };
        job.found(what, place, &value);
    }
}
