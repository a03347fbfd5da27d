//! The filter that every part goes through: known names stay, everything else goes.

use std::collections::{HashMap, HashSet};

use super::names::{PERSONAL, STYLES, TEXTS, UNWRAPPED, vocabulary};
use crate::document::naming::Naming;
use crate::document::xml::{Element, Node, Vocabulary};
use crate::job::Job;
use crate::report::{Remark, What};

/// Longest text that is looked at.
const LONGEST: usize = 400;

/// Names that were given in a document, and what stands for them.
#[derive(Default)]
pub(super) struct Given {
    styles: HashMap<String, String>,
    masters: HashMap<String, String>,
    bookmarks: HashMap<String, String>,
    /// Names by which parts of a document find a footer or a rule for cells.
    others: HashMap<String, String>,
    /// Names of cells, and what they are called now.
    names: Naming,
    autos: usize,
    reported: HashSet<(What, String, String)>,
}

pub(super) struct Filter<'f> {
    pub(super) job: &'f mut Job,
    pub(super) given: &'f mut Given,
    pub(super) is_table: bool,
    vocabulary: &'static Vocabulary,
    objects: u32,
    pages: u32,
    tables: u32,
}

impl<'f> Filter<'f> {
    pub(super) fn new(job: &'f mut Job, given: &'f mut Given, is_table: bool) -> Self {
        Self {
            job,
            given,
            is_table,
            vocabulary: vocabulary(),
            objects: 0,
            pages: 0,
            tables: 0,
        }
    }

    fn found(&mut self, what: What, place: &str, value: &str) {
        if self
            .given
            .reported
            .insert((what, place.to_owned(), value.to_owned()))
        {
            self.job.found(what, place.to_owned(), value);
        }
    }

    /// Takes note of the styles, master pages and bookmarks that a part names.
    pub(super) fn names(&mut self, root: &Element<'_>) {
        let mut wanted = HashSet::new();
        let (mut styles, mut masters, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let (mut autos, mut ranges) = (Vec::new(), Vec::new());
        root.visit(&mut |e| {
            let name = || e.attribute("style", "name").unwrap_or_default().to_owned();
            let mark = || e.attribute("text", "name").unwrap_or_default().to_owned();
            match e.name() {
                ("office", "styles") => styles.extend(
                    e.elements()
                        .filter(|s| s.is("style", "style"))
                        .filter_map(|s| s.attribute("style", "name"))
                        .map(str::to_owned),
                ),
                ("office", "automatic-styles") => autos.extend(
                    e.elements()
                        .filter(|s| s.is("style", "style"))
                        .filter_map(|s| s.attribute("style", "name"))
                        .map(str::to_owned),
                ),
                ("table", "named-range" | "named-expression" | "database-range")
                    if !range_leads_out(e) =>
                {
                    ranges.extend(e.attribute("table", "name").map(str::to_owned));
                }
                ("style", "master-page") => masters.push(name()),
                ("text", "bookmark" | "bookmark-start") => marks.push(mark()),
                ("text", "bookmark-ref") => {
                    wanted.extend(e.attribute("text", "ref-name").map(str::to_owned));
                }
                ("draw", "page") => {
                    marks.push(e.attribute("draw", "name").unwrap_or_default().to_owned());
                }
                _ => {
                    let target = e
                        .attribute("xlink", "href")
                        .and_then(|h| h.strip_prefix('#'));
                    wanted.extend(target.map(str::to_owned));
                }
            }
        });
        for name in masters.into_iter().filter(|name| !is_built_in(name)) {
            let next = format!("Master{}", self.given.masters.len() + 1);
            if !name.starts_with("Master") {
                self.found(What::Description, "master page: name", &name);
            }
            self.given.masters.entry(name).or_insert(next);
        }
        for name in styles
            .into_iter()
            .filter(|name| !is_built_in(name) && !name.contains('-'))
        {
            let next = format!("Style{}", self.given.styles.len() + 1);
            if !name.starts_with("Style") {
                self.found(What::Description, "style: name", &name);
            }
            self.given.styles.entry(name).or_insert(next);
        }
        self.automatic(autos);
        for name in ranges.iter().filter(|name| !name.starts_with("__")) {
            self.given.names.add(name);
            if !name.starts_with("Range_") {
                self.found(What::Description, "named range: name", name);
            }
        }
        for name in marks {
            if wanted.contains(&name) {
                let next = format!("b{}", self.given.bookmarks.len() + 1);
                self.given.bookmarks.entry(name).or_insert(next);
            }
        }
    }

    /// Programs name some styles after the table that they are for.
    fn automatic(&mut self, names: Vec<String>) {
        for name in names.into_iter().filter(|name| !is_numbered(name)) {
            if !self.given.styles.contains_key(&name) {
                self.given.autos += 1;
                let next = format!("Auto{}", self.given.autos);
                self.given.styles.insert(name, next);
            }
        }
    }

    /// Filters a whole part.
    pub(super) fn part(&mut self, root: &mut Element<'_>) {
        self.attributes(root);
        self.children(root);
    }

    fn children(&mut self, element: &mut Element<'_>) {
        let mut kept = Vec::with_capacity(element.children.len());
        let name = (element.prefix, element.local.clone().into_owned());
        for node in std::mem::take(&mut element.children) {
            self.node((name.0, &name.1), node, &mut kept);
        }
        element.children = kept;
    }

    fn node<'a>(&mut self, parent: (&str, &str), node: Node<'a>, kept: &mut Vec<Node<'a>>) {
        let mut child = match node {
            Node::Text(text) => {
                if TEXTS.contains(&parent) {
                    put_text(text.into_owned(), kept);
                }
                return;
            }
            Node::Element(child) => child,
        };
        if self.is_dropped(&child) {
            return;
        }
        if self.is_unwrapped(&mut child) {
            for inner in std::mem::take(&mut child.children) {
                self.node(parent, inner, kept);
            }
            return;
        }
        if !self.vocabulary.has_element(child.prefix, &child.local) {
            return;
        }
        self.rename(&mut child);
        self.attributes(&mut child);
        self.children(&mut child);
        let is_empty_frame = child.is("draw", "frame") && child.children.is_empty();
        if !is_empty_frame {
            kept.push(Node::Element(child));
        }
    }

    fn is_dropped(&mut self, element: &Element<'_>) -> bool {
        let (prefix, local) = element.name();
        match (prefix, local) {
            ("office", "annotation") => {
                for child in element.elements() {
                    let what = match child.local.as_ref() {
                        "creator" | "creator-initials" | "sender-initials" => What::Person,
                        "date" => What::Time,
                        _ => What::Description,
                    };
                    let place = format!("note: {}", child.local);
                    self.found(what, &place, &child.text(LONGEST));
                }
                self.found(What::Description, "note", "");
                true
            }
            ("text" | "table", "tracked-changes") => {
                let mut said = Vec::new();
                element.visit(&mut |e| match e.local.as_ref() {
                    "creator" => {
                        said.push((What::Person, "tracked change: creator", e.text(LONGEST)));
                    }
                    "date" => said.push((What::Time, "tracked change: date", e.text(LONGEST))),
                    "deletion" => said.push((What::History, "deleted text", e.text(LONGEST))),
                    _ => {}
                });
                for (what, place, value) in said {
                    self.found(what, place, &value);
                }
                self.found(What::History, "tracked changes", "");
                true
            }
            ("text", local) if PERSONAL.contains(&local) || local.starts_with("sender-") => {
                self.found(What::Person, "field", &element.text(LONGEST));
                true
            }
            ("office", "scripts" | "event-listeners") if element.elements().next().is_some() => {
                self.job.remark(Remark::ScriptsLost);
                self.found(What::Script, local, "");
                true
            }
            ("office", "forms") | ("draw", "control") => {
                if prefix == "draw" {
                    self.job.remark(Remark::Flattened);
                    self.found(What::Unknown, "form control", "");
                }
                true
            }
            ("svg", "title" | "desc") => {
                self.found(What::Description, "text of a shape", &element.text(LONGEST));
                true
            }
            ("text", "bookmark" | "bookmark-start" | "bookmark-end") => {
                let name = element.attribute("text", "name").unwrap_or_default();
                let is_known = self.given.bookmarks.contains_key(name);
                if !is_known && local != "bookmark-end" {
                    let name = name.to_owned();
                    self.found(What::Description, "bookmark", &name);
                }
                !is_known
            }
            ("table", "data-pilot-tables") => {
                self.job.remark(Remark::Flattened);
                self.found(What::Path, "pivot tables", "");
                true
            }
            ("table", "named-range" | "named-expression" | "database-range") => {
                let out = range_leads_out(element);
                if out {
                    self.found(What::Path, "named range", "");
                }
                out
            }
            // What another file held when it was last looked at.
            ("table", "table")
                if element
                    .attribute("table", "name")
                    .is_some_and(|name| name.contains("'#")) =>
            {
                self.found(What::Path, "table of another file", "");
                true
            }
            ("presentation", "settings") => true,
            ("draw", "object-ole" | "applet" | "floating-frame") => {
                self.found(What::Attachment, "embedded object", "");
                true
            }
            _ => false,
        }
    }

    /// Whether only what is in an element stays.
    fn is_unwrapped(&mut self, element: &mut Element<'_>) -> bool {
        match element.name() {
            ("text" | "draw", "a") => !self.link(element),
            ("text", "bookmark-ref") => {
                let name = element.attribute("text", "ref-name").unwrap_or_default();
                !self.given.bookmarks.contains_key(name)
            }
            name => UNWRAPPED.contains(&name),
        }
    }

    /// Whether a link leads to the web or to a place in the document.
    fn link(&mut self, element: &mut Element<'_>) -> bool {
        let target = element
            .attribute("xlink", "href")
            .unwrap_or_default()
            .to_owned();
        if let Some(name) = target.strip_prefix('#') {
            let Some(name) = self.given.bookmarks.get(name).cloned() else {
                return false;
            };
            element.set("xlink", "href", format!("#{name}"));
            return true;
        }
        if crate::document::is_link(&target) {
            return true;
        }
        self.found(What::Path, "link", &target);
        self.job.remark(Remark::LinksLost);
        false
    }

    /// Neutral names for what a reader does not see the name of.
    fn rename(&mut self, element: &mut Element<'_>) {
        match element.name() {
            ("draw", "page") => {
                self.pages += 1;
                let name = element.attribute("draw", "name").unwrap_or_default();
                let name = self.given.bookmarks.get(name).cloned();
                element.set(
                    "draw",
                    "name",
                    name.unwrap_or_else(|| format!("page{}", self.pages)),
                );
            }
            (
                "draw",
                "fill-image" | "gradient" | "hatch" | "marker" | "opacity" | "stroke-dash"
                | "layer",
            )
            | ("svg", "linearGradient" | "radialGradient") => {
                element.unset("draw", "display-name");
            }
            // The formulas of a shape call each other by the numbered names that programs give them.
            ("draw", "equation") if element.attribute("draw", "name").is_some_and(is_numbered) => {}
            ("draw", _) if element.attribute("draw", "name").is_some() => {
                self.objects += 1;
                element.set("draw", "name", format!("Object {}", self.objects));
            }
            ("text", "bookmark" | "bookmark-start" | "bookmark-end") => {
                self.mapped(element, "name");
            }
            ("text", "bookmark-ref") => self.mapped(element, "ref-name"),
            ("text", "section") => {
                self.objects += 1;
                element.set("text", "name", format!("Section {}", self.objects));
            }
            ("presentation", "footer-decl" | "header-decl" | "date-time-decl") => {
                self.numbered(element, "presentation", "decl");
            }
            ("table", "content-validation") => self.numbered(element, "table", "val"),
            ("table", "table") if !self.is_table => {
                self.tables += 1;
                if element.attribute("table", "name").is_some() {
                    element.set("table", "name", format!("Table{}", self.tables));
                }
            }
            _ => {}
        }
    }

    /// A name that stands in front of all that refer to it.
    fn numbered(&mut self, element: &mut Element<'_>, prefix: &'static str, front: &str) {
        let name = element.attribute(prefix, "name").unwrap_or_default();
        let next = format!("{front}{}", self.given.others.len() + 1);
        self.given.others.insert(name.to_owned(), next.clone());
        element.set(prefix, "name", next);
    }

    fn mapped(&self, element: &mut Element<'_>, key: &'static str) {
        let name = element
            .attribute("text", key)
            .and_then(|name| self.given.bookmarks.get(name));
        if let Some(name) = name.cloned() {
            element.set("text", key, name);
        }
    }

    fn attributes(&mut self, element: &mut Element<'_>) {
        let vocabulary = self.vocabulary;
        let prefix = element.prefix;
        let is_hidden = |name: &str, value: &str| {
            matches!(
                (name, value),
                ("display", "none" | "false") | ("visibility", "collapse" | "hidden")
            )
        };
        if element
            .attributes
            .iter()
            .any(|a| is_hidden(&a.local, &a.value))
        {
            self.job.remark(Remark::HiddenContent);
        }
        let mut led_out = false;
        element.attributes.retain(|attribute| {
            let name = if attribute.prefix.is_empty() {
                attribute.local.to_string()
            } else {
                format!("{}:{}", attribute.prefix, attribute.local)
            };
            let is_out = attribute.local == "formula" && leads_out(&attribute.value);
            led_out |= is_out;
            !is_out && vocabulary.has_attribute(prefix, &name, &attribute.value)
        });
        if led_out {
            self.found(What::Path, "formula", "");
        }
        self.ranges(element);
        if matches!(element.name(), ("style", "master-page" | "style")) {
            self.style_name(element);
        }
        for attribute in &mut element.attributes {
            let refers = matches!(
                attribute.local.as_ref(),
                "use-footer-name"
                    | "use-header-name"
                    | "use-date-time-name"
                    | "content-validation-name"
            );
            if refers && let Some(name) = self.given.others.get(attribute.value.as_ref()) {
                attribute.value = name.clone().into();
            }
            let names_style =
                attribute.local.ends_with("style-name") || attribute.local == "master-page-name";
            if names_style {
                let is_master = attribute.local == "master-page-name";
                if let Some(name) = self.style(&attribute.value, is_master) {
                    attribute.value = name.into();
                }
            }
        }
    }

    /// Calls the named cells by their new names.
    fn ranges(&self, element: &mut Element<'_>) {
        let is_range = matches!(
            element.name(),
            (
                "table",
                "named-range" | "named-expression" | "database-range"
            )
        );
        for attribute in &mut element.attributes {
            let new = match attribute.local.as_ref() {
                "formula" | "expression" | "condition" => {
                    self.given.names.rewrite(&attribute.value)
                }
                "name" if is_range => self.given.names.get(&attribute.value).cloned(),
                _ => None,
            };
            if let Some(new) = new {
                attribute.value = new.into();
            }
        }
    }

    fn style_name(&self, element: &mut Element<'_>) {
        let name = element.attribute("style", "name").unwrap_or_default();
        let new = self.style(name, element.local == "master-page");
        if let Some(new) = new {
            element.unset("style", "display-name");
            element.set("style", "name", new);
        }
    }

    /// What stands for the name of a style. Those of slides begin with the name of their master page.
    fn style(&self, name: &str, is_master: bool) -> Option<String> {
        if is_master {
            return self.given.masters.get(name).cloned();
        }
        if let Some(new) = self.given.styles.get(name) {
            return Some(new.clone());
        }
        let (master, rest) = name.rsplit_once('-')?;
        let master = self.given.masters.get(master)?;
        Some(format!("{master}-{rest}"))
    }
}

/// Texts that follow each other are one text, as they will be when they are read again.
fn put_text(text: String, kept: &mut Vec<Node<'_>>) {
    if let Some(Node::Text(before)) = kept.last_mut() {
        before.to_mut().push_str(&text);
    } else if !text.is_empty() {
        kept.push(Node::Text(text.into()));
    }
}

/// Whether a style comes with the program, or is one that it numbers itself.
fn is_built_in(name: &str) -> bool {
    let first = name.split("_20_").next().unwrap_or_default();
    let first = first.split([' ', '-']).next().unwrap_or_default();
    STYLES.contains(&first) || is_numbered(first)
}

/// Whether it is one of the short names that programs number: `P1`, `T12`, `Auto3`.
fn is_numbered(name: &str) -> bool {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    letters.len() <= 4
        && letters.len() < name.len()
        && letters.bytes().all(|b| b.is_ascii_alphabetic())
}

fn range_leads_out(range: &Element<'_>) -> bool {
    ["cell-range-address", "expression", "base-cell-address"]
        .iter()
        .any(|name| range.attribute("table", name).is_some_and(leads_out))
}

fn leads_out(value: &str) -> bool {
    let value = value.to_lowercase();
    value.contains("file:")
        || value.contains(":\\")
        || value.contains("\\\\")
        || value.contains("'#$")
}
