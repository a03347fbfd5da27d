//! The documents of a book: pages, tables of contents, style sheets.

use std::collections::{BTreeMap, HashSet};

use zeroize::Zeroizing;

use super::names::{SPACES, spelling, vocabulary};
use super::{Book, css, resolved};
use crate::Refusal;
use crate::document::xml::{self, Element, Node, Vocabulary};
use crate::job::Job;
use crate::report::{Remark, What};

/// Attributes that lead somewhere.
const LINKS: &[&str] = &["href", "src", "poster"];

/// Takes note of the places within documents that something leads to, and names them anew.
pub(super) fn wanted(
    book: &mut Book<'_>,
    sources: &BTreeMap<usize, Zeroizing<Vec<u8>>>,
) -> Result<(), Refusal> {
    let mut wanted = HashSet::new();
    let mut given = Vec::new();
    for (at, octets) in sources {
        let Some(item) = book.items.get(*at).filter(|item| item.kind != "text/css") else {
            continue;
        };
        let text = xml::decode(octets)?;
        let root = xml::parse(&text, SPACES)?;
        root.visit(&mut |e| {
            for attribute in e
                .attributes
                .iter()
                .filter(|a| LINKS.contains(&a.local.as_ref()))
            {
                if let (path, Some(fragment)) = resolved(&item.path, &attribute.value) {
                    let path = if path.is_empty() {
                        item.path.clone()
                    } else {
                        path
                    };
                    wanted.insert((path, fragment));
                }
            }
            let id = e
                .attribute("", "id")
                .or_else(|| e.attribute("", "name").filter(|_| e.is("h", "a")));
            given.extend(id.map(|id| (*at, item.path.clone(), id.to_owned())));
        });
    }
    for (at, path, id) in given {
        if wanted.contains(&(path, id.clone())) {
            let next = format!("p{}", book.wanted.len() + 1);
            book.wanted.entry((at, id)).or_insert(next);
        }
    }
    Ok(())
}

/// A document of the book, cleaned.
pub(super) fn build(
    book: &Book<'_>,
    at: usize,
    octets: &[u8],
    job: &mut Job,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let item = book.items.get(at).ok_or(Refusal::Damaged)?;
    let text = xml::decode(octets)?;
    if item.kind == "text/css" {
        let sheet = css::clean(&text, &mut |target| book.place(&item.path, target));
        if text.contains("/*") {
            job.found(What::Description, format!("item {}: comments", at + 1), "");
        }
        return Ok(Zeroizing::new(sheet.into_bytes()));
    }
    if text.contains("<!--") {
        job.found(What::Description, format!("item {}: comments", at + 1), "");
    }
    let mut root = xml::parse(&text, SPACES)?;
    let mut page = Page {
        book,
        at,
        path: &item.path,
        vocabulary: vocabulary(),
        job,
        points: 0,
    };
    page.attributes(&mut root);
    page.children(&mut root);
    let default = if root.prefix == "ncx" { "ncx" } else { "h" };
    Ok(xml::write(&root, &spelling(default)))
}

struct Page<'p, 'b> {
    book: &'p Book<'b>,
    at: usize,
    path: &'p str,
    vocabulary: &'static Vocabulary,
    job: &'p mut Job,
    points: u32,
}

impl Page<'_, '_> {
    fn children(&mut self, element: &mut Element<'_>) {
        let has_text = match element.prefix {
            "h" => !matches!(
                element.local.as_ref(),
                "html" | "head" | "table" | "tbody" | "thead" | "tr" | "ul" | "ol" | "dl"
            ),
            "ncx" => element.local == "text",
            "math" => matches!(element.local.as_ref(), "mi" | "mo" | "mn" | "mtext" | "ms"),
            _ => matches!(element.local.as_ref(), "text" | "tspan" | "textPath" | "a"),
        };
        let mut kept: Vec<Node<'_>> = Vec::with_capacity(element.children.len());
        for node in std::mem::take(&mut element.children) {
            match node {
                Node::Text(text) if has_text => match kept.last_mut() {
                    Some(Node::Text(before)) => before.to_mut().push_str(&text),
                    _ => kept.push(Node::Text(text)),
                },
                Node::Text(_) => {}
                Node::Element(mut child) => {
                    if self.keeps(&mut child) {
                        kept.push(Node::Element(child));
                    }
                }
            }
        }
        element.children = kept;
    }

    fn keeps(&mut self, child: &mut Element<'_>) -> bool {
        if !self.vocabulary.has_element(child.prefix, &child.local) {
            if child.local == "script" {
                self.job.remark(Remark::ScriptsLost);
                self.job
                    .found(What::Script, format!("item {}: script", self.at + 1), "");
            }
            return false;
        }
        match child.name() {
            ("h", "meta") => return self.viewport(child),
            ("h", "title") => {
                self.constant(child, "Book");
                return true;
            }
            ("ncx", "docTitle") => {
                if let Some(text) = child.child_mut("ncx", "text") {
                    self.constant(text, "Book");
                }
                child.attributes.clear();
                return true;
            }
            ("ncx", "head") => {
                let meta = Element::new("ncx", "meta").with("", "name", "dtb:uid");
                let meta = meta.with(
                    "",
                    "content",
                    "urn:uuid:00000000-0000-0000-0000-000000000000",
                );
                child.children = vec![Node::Element(meta)];
                return true;
            }
            ("h", "style") => {
                let sheet = child.text(usize::MAX);
                let sheet = css::clean(&sheet, &mut |target| self.book.place(self.path, target));
                child.children = vec![Node::Text(sheet.into())];
                child.attributes.clear();
                return true;
            }
            _ => {}
        }
        let was_leading = child
            .attributes
            .iter()
            .any(|a| LINKS.contains(&a.local.as_ref()));
        self.attributes(child);
        let leads = child
            .attributes
            .iter()
            .any(|a| LINKS.contains(&a.local.as_ref()));
        let needs = matches!(
            child.name(),
            ("h", "link" | "img" | "source") | ("svg", "image" | "use") | ("ncx", "content")
        );
        if needs && (was_leading && !leads) {
            return false;
        }
        self.children(child);
        true
    }

    fn constant(&mut self, element: &mut Element<'_>, value: &'static str) {
        let old = element.text(200);
        if old != value && !old.trim().is_empty() {
            self.job.found(
                What::Description,
                format!("item {}: title", self.at + 1),
                &old,
            );
        }
        element.attributes.clear();
        element.children = vec![Node::Text(value.into())];
    }

    /// Pages of fixed size say their size.
    fn viewport(&mut self, meta: &mut Element<'_>) -> bool {
        let content = meta.attribute("", "content").unwrap_or_default().to_owned();
        let is_plain = content
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b" ,=.-".contains(&b))
            && content.len() < 64;
        let is_size = meta.attribute("", "name") == Some("viewport")
            && is_plain
            && content.contains("width=");
        if is_size {
            meta.attributes
                .retain(|a| a.prefix.is_empty() && matches!(a.local.as_ref(), "name" | "content"));
            meta.children.clear();
        } else if meta.attribute("", "charset").is_none()
            && meta.attribute("", "http-equiv").is_none()
        {
            self.job.found(
                What::Description,
                format!("item {}: meta", self.at + 1),
                &content,
            );
        }
        is_size
    }

    fn attributes(&mut self, element: &mut Element<'_>) {
        let (prefix, vocabulary) = (element.prefix, self.vocabulary);
        let is_point = element.is("ncx", "navPoint")
            || element.is("ncx", "pageTarget")
            || element.is("ncx", "navTarget");
        let old = std::mem::take(&mut element.attributes);
        for mut attribute in old {
            let name = if attribute.prefix.is_empty() {
                attribute.local.to_string()
            } else {
                format!("{}:{}", attribute.prefix, attribute.local)
            };
            if !vocabulary.has_attribute(prefix, &name, &attribute.value) {
                continue;
            }
            let value = match attribute.local.as_ref() {
                "alt" => Some(String::new()),
                "id" | "name" if prefix != "ncx" => self
                    .book
                    .wanted
                    .get(&(self.at, attribute.value.to_string()))
                    .cloned(),
                "id" => None,
                "style" => Some(css::clean(&attribute.value, &mut |target| {
                    self.book.place(self.path, target)
                })),
                local if LINKS.contains(&local) => self.link(prefix, &attribute.value),
                _ => Some(attribute.value.to_string()),
            };
            if attribute.local == "alt" && !attribute.value.is_empty() {
                self.job.found(
                    What::Description,
                    format!("item {}: alternative text", self.at + 1),
                    &attribute.value,
                );
            }
            if let Some(value) = value {
                attribute.value = value.into();
                element.attributes.push(attribute);
            }
        }
        if is_point {
            self.points += 1;
            element.set("", "id", format!("n{}", self.points));
        }
    }

    fn link(&mut self, prefix: &str, target: &str) -> Option<String> {
        if prefix == "h" && crate::document::is_link(target) {
            return Some(target.to_owned());
        }
        let place = self.book.place(self.path, target);
        if place.is_none() {
            self.job
                .found(What::Path, format!("item {}: link", self.at + 1), target);
            self.job.remark(Remark::LinksLost);
        }
        place
    }
}
