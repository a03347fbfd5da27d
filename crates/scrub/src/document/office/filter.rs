//! The filter that every XML part goes through: known names stay, everything else goes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::names::{REQUIRED, TEXTS, vocabulary};
use super::{drawing, sheet, word};
use crate::document::naming::Naming;
use crate::document::xml::{Element, Node, Vocabulary};
use crate::job::Job;
use crate::report::{Remark, What};

/// What the parts of one document share.
#[derive(Default)]
pub(super) struct Shared {
    /// Random identifiers, and what stands for them.
    pub(super) guids: HashMap<String, String>,
    /// Bookmarks that something refers to, and what they are called now.
    pub(super) bookmarks: HashMap<String, String>,
    /// Custom styles, and what they are called now.
    pub(super) styles: HashMap<String, String>,
    /// Names of cells, and what they are called now.
    pub(super) names: Naming,
    /// Styles of tables, and what they are called now.
    pub(super) tables: HashMap<String, String>,
    /// Sheets and tables so far.
    pub(super) counted: u32,
    /// Shared strings that a cell shows.
    pub(super) strings: HashSet<usize>,
    pub(super) reported: BTreeSet<(What, String)>,
}

pub(super) struct Filter<'f> {
    pub(super) job: &'f mut Job,
    pub(super) shared: &'f mut Shared,
    /// The part, in the words of the format.
    pub(super) place: &'f str,
    pub(super) vocabulary: &'static Vocabulary,
    /// Shapes so far, in this part.
    pub(super) shapes: u32,
    /// Random numbers of a chart's axes, and their new ones.
    pub(super) axes: HashMap<String, String>,
    /// Numbers of the bookmarks that stay, and their new ones.
    pub(super) marks: HashMap<String, String>,
}

/// What happens to an element.
pub(super) enum Action {
    Keep,
    Drop,
    /// Its children take its place.
    Unwrap,
}

impl<'f> Filter<'f> {
    pub(super) fn new(job: &'f mut Job, shared: &'f mut Shared, place: &'f str) -> Self {
        Self {
            job,
            shared,
            place,
            vocabulary: vocabulary(),
            shapes: 0,
            axes: HashMap::new(),
            marks: HashMap::new(),
        }
    }

    /// Filters a whole part.
    pub(super) fn part(&mut self, root: &mut Element<'_>) {
        word::before(self, root);
        sheet::before(self, root);
        self.attributes(root);
        self.children(root);
        sheet::renamed(self, root);
    }

    /// Reports something once, however often it stands in the document.
    pub(super) fn found(&mut self, what: What, place: &str, value: &str) {
        if self
            .shared
            .reported
            .insert((what, format!("{place}\0{value}")))
        {
            self.job
                .found(what, format!("{}: {place}", self.place), value);
        }
    }

    fn children(&mut self, element: &mut Element<'_>) {
        let keeps_text = TEXTS.contains(&element.name());
        let mut kept = Vec::with_capacity(element.children.len());
        let mut merging = word::Merging::default();
        for node in std::mem::take(&mut element.children) {
            match node {
                Node::Text(text) if keeps_text => kept.push(Node::Text(text)),
                Node::Text(_) => {}
                Node::Element(child) => self.child(element, child, &mut kept, &mut merging),
            }
        }
        merging.finish(&mut kept);
        element.children = kept;
        word::after(element);
    }

    fn child<'a>(
        &mut self,
        parent: &Element<'a>,
        mut child: Element<'a>,
        kept: &mut Vec<Node<'a>>,
        merging: &mut word::Merging<'a>,
    ) {
        if child.is("mc", "AlternateContent") {
            self.alternatives(parent, child, kept, merging);
            return;
        }
        let action = drawing::action(self, &mut child)
            .or_else(|| word::action(self, &mut child))
            .or_else(|| sheet::action(self, parent, &mut child))
            .unwrap_or_else(|| self.action(&child));
        match action {
            Action::Drop => {}
            Action::Unwrap => {
                for node in std::mem::take(&mut child.children) {
                    if let Node::Element(inner) = node {
                        self.child(parent, inner, kept, merging);
                    }
                }
            }
            Action::Keep => {
                let is_merged = word::mark_is_deleted(&child);
                self.attributes(&mut child);
                self.children(&mut child);
                if !is_pointless(&child) {
                    merging.push(child, is_merged, kept);
                }
            }
        }
    }

    fn action(&mut self, element: &Element<'_>) -> Action {
        let (prefix, local) = element.name();
        if self.vocabulary.has_element(prefix, local) {
            Action::Keep
        } else {
            Action::Drop
        }
    }

    /// Of alternatives for readers of different age, those that are understood here stay; without any, what is meant
    /// for all other readers takes their place.
    fn alternatives<'a>(
        &mut self,
        parent: &Element<'a>,
        mut element: Element<'a>,
        kept: &mut Vec<Node<'a>>,
        merging: &mut word::Merging<'a>,
    ) {
        let is_known = |choice: &Element<'_>| {
            let required = choice.attribute("", "Requires").unwrap_or_default();
            choice.is("mc", "Choice")
                && required
                    .split_ascii_whitespace()
                    .all(|r| REQUIRED.contains(&r))
        };
        element.attributes.clear();
        let nodes = std::mem::take(&mut element.children);
        let branches: Vec<Element<'a>> = nodes
            .into_iter()
            .filter_map(|node| match node {
                Node::Element(branch) => Some(branch),
                Node::Text(_) => None,
            })
            .collect();
        let has_choice = branches.iter().any(is_known);
        for mut branch in branches {
            let is_fallback = branch.is("mc", "Fallback");
            if !is_fallback && !is_known(&branch) {
                continue;
            }
            if !has_choice {
                for node in branch.children {
                    if let Node::Element(inner) = node {
                        self.child(parent, inner, kept, merging);
                    }
                }
                continue;
            }
            if is_fallback {
                branch.attributes.clear();
            }
            self.children(&mut branch);
            element.children.push(Node::Element(branch));
        }
        let shows = |branch: &Element<'_>| !branch.children.is_empty();
        if has_choice && element.elements().any(shows) {
            merging.push(element, false, kept);
        }
    }

    pub(super) fn attributes(&mut self, element: &mut Element<'_>) {
        let prefix = element.prefix;
        for attribute in &element.attributes {
            let what = match attribute.local.as_ref() {
                "author" | "initials" | "userName" => What::Person,
                "descr" | "title" | "alt" | "tooltip" | "altText"
                    if !attribute.value.is_empty() =>
                {
                    What::Description
                }
                "rsid" | "rsidR" | "rsidRDefault" | "rsidRPr" | "rsidP" | "rsidTr" | "rsidSect"
                | "rsidDel" | "paraId" | "textId" | "uid" => What::Identifier,
                _ => continue,
            };
            let (name, value) = (attribute.local.clone(), attribute.value.clone());
            let value = if what == What::Identifier { "" } else { &value };
            self.found(what, &name, value);
        }
        let vocabulary = self.vocabulary;
        element.attributes.retain(|attribute| {
            if attribute.prefix.is_empty() {
                return vocabulary.has_attribute(prefix, &attribute.local, &attribute.value);
            }
            let name = format!("{}:{}", attribute.prefix, attribute.local);
            let is_space = attribute.prefix == "xml" && attribute.local == "space";
            (is_space && attribute.value == "preserve")
                || attribute.prefix == "r"
                || vocabulary.has_attribute(prefix, &name, &attribute.value)
        });
        // They are written in this order, and what they name is numbered in it: a clean file comes out the same.
        element
            .attributes
            .sort_by(|a, b| (a.prefix, &a.local).cmp(&(b.prefix, &b.local)));
        for attribute in &mut element.attributes {
            if is_guid(&attribute.value)
                && !matches!(attribute.local.as_ref(), "uri" | "styleId" | "def")
            {
                attribute.value = Cow::Owned(self.guid(&attribute.value));
            }
        }
    }

    /// What stands for a random identifier.
    pub(super) fn guid(&mut self, guid: &str) -> String {
        let next = self.shared.guids.len() + 1;
        let made = || format!("{{00000000-0000-0000-0000-{next:012X}}}");
        self.shared
            .guids
            .entry(guid.to_uppercase())
            .or_insert_with(made)
            .clone()
    }

    pub(super) fn hidden(&mut self) {
        self.job.remark(Remark::HiddenContent);
    }
}

fn is_guid(value: &str) -> bool {
    let Some(inner) = value.strip_prefix('{').and_then(|v| v.strip_suffix('}')) else {
        return false;
    };
    let lengths = inner.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && inner.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Containers of which readers want at least one thing in them, or that show nothing when they are empty.
fn is_pointless(element: &Element<'_>) -> bool {
    let names = [
        ("x", "hyperlinks"),
        ("x", "tableParts"),
        ("x", "definedNames"),
        ("x", "extLst"),
        ("x", "ext"),
        ("p", "extLst"),
        ("p", "ext"),
        ("x", "dataValidations"),
        ("x", "conditionalFormatting"),
        ("w", "smartTag"),
        ("x", "customFilters"),
    ];
    element.children.is_empty() && names.contains(&element.name())
}
