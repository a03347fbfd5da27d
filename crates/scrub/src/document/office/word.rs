//! Text: tracked changes are accepted, comments go, controls and tags leave their text behind.

use std::collections::{HashMap, HashSet};

use super::field;
use super::filter::{Action, Filter};
use crate::document::xml::{Element, Node};
use crate::report::{Remark, What};

/// Longest piece of deleted text that is reported.
const LONGEST: usize = 200;

/// Prepares a part: fields and bookmarks run through paragraphs, so they are seen to before anything is dropped.
pub(super) fn before(filter: &mut Filter<'_>, root: &mut Element<'_>) {
    if root.prefix != "w" {
        return;
    }
    bookmarks(filter, root);
    field::rewrite(filter, root);
    if root.any(&|e| e.is("w", "vanish") && !matches!(e.attribute("w", "val"), Some("0" | "false")))
    {
        filter.hidden();
    }
}

pub(super) fn action(filter: &mut Filter<'_>, element: &mut Element<'_>) -> Option<Action> {
    if element.prefix == "m" && matches!(element.local.as_ref(), "ins" | "del") {
        return None;
    }
    if element.prefix != "w" {
        return None;
    }
    match element.local.as_ref() {
        "ins" | "moveTo" => {
            change(filter, element, "inserted text", "");
            Some(Action::Unwrap)
        }
        "del" | "moveFrom" => {
            let text = element.text(LONGEST);
            change(filter, element, "deleted text", &text);
            Some(Action::Drop)
        }
        "rPrChange" | "pPrChange" | "sectPrChange" | "tblPrChange" | "tcPrChange"
        | "trPrChange" | "tblGridChange" | "tblPrExChange" | "numberingChange" | "cellIns"
        | "cellDel" | "cellMerge" => {
            change(filter, element, "tracked change", "");
            Some(Action::Drop)
        }
        "sdt" | "sdtContent" | "smartTag" | "customXml" => Some(Action::Unwrap),
        "sdtPr" | "docVars" | "attachedTemplate" | "mailMerge" | "rsids" | "documentProtection"
        | "writeProtection" | "customXmlPr" | "smartTagPr" => {
            setting(filter, element);
            Some(Action::Drop)
        }
        "tr" if has(element, "trPr", &["del"]) => Some(Action::Drop),
        "tc" if has(element, "tcPr", &["cellDel"]) => Some(Action::Drop),
        "compatSetting" => {
            element.set(
                "w",
                "uri",
                "http://schemas.microsoft.com/office/word".to_owned(),
            );
            None
        }
        "fldSimple" => Some(field::simple(filter, element)),
        // With a relation, the anchor is a place in what that leads to.
        "hyperlink" if element.attribute("r", "id").is_none() => {
            let name = element.attribute("w", "anchor");
            let name = name.and_then(|name| filter.shared.bookmarks.get(name));
            let Some(name) = name.cloned() else {
                return Some(Action::Unwrap);
            };
            element.set("w", "anchor", name);
            None
        }
        "bookmarkStart" | "bookmarkEnd" => Some(bookmark(filter, element)),
        "style" | "pStyle" | "rStyle" | "tblStyle" | "basedOn" | "next" | "link"
        | "numStyleLink" | "styleLink" => {
            style(filter, element);
            None
        }
        _ => None,
    }
}

fn has(element: &Element<'_>, properties: &str, names: &[&str]) -> bool {
    let properties = element.child("w", properties);
    properties.is_some_and(|p| {
        p.elements()
            .any(|e| e.prefix == "w" && names.contains(&e.local.as_ref()))
    })
}

/// `text` is what goes: an insertion stays where it stands, without the mark that it is one.
fn change(filter: &mut Filter<'_>, element: &Element<'_>, place: &str, text: &str) {
    for (name, what) in [("author", What::Person), ("date", What::Time)] {
        if let Some(value) = element.attribute("w", name) {
            filter.found(what, &format!("{place}: {name}"), value);
        }
    }
    filter.found(What::History, place, text);
}

fn setting(filter: &mut Filter<'_>, element: &Element<'_>) {
    let place = element.local.clone();
    let mut values = Vec::new();
    element.visit(&mut |e| {
        let value = e.attribute("w", "val").or_else(|| e.attribute("r", "id"));
        values.extend(value.filter(|v| !v.is_empty()).map(str::to_owned));
    });
    let what = if place == "rsids" {
        What::Identifier
    } else {
        What::Description
    };
    if what == What::Identifier {
        values.clear();
    }
    if place != "sdtPr" && place != "documentProtection" && place != "writeProtection" {
        filter.found(what, &place, values.first().map_or("", String::as_str));
        return;
    }
    filter.found(What::Unknown, &place, "");
}

/// Whether the mark at the end of a paragraph is deleted, so that the next paragraph goes on with its text.
pub(super) fn mark_is_deleted(element: &Element<'_>) -> bool {
    let properties = element.child("w", "pPr").and_then(|p| p.child("w", "rPr"));
    element.is("w", "p")
        && properties.is_some_and(|p| {
            p.elements()
                .any(|e| e.is("w", "del") || e.is("w", "moveFrom"))
        })
}

/// Paragraphs whose ends are deleted, on their way into the next one.
#[derive(Default)]
pub(super) struct Merging<'a> {
    waiting: Option<Element<'a>>,
}

impl<'a> Merging<'a> {
    pub(super) fn push(
        &mut self,
        mut element: Element<'a>,
        is_merged: bool,
        kept: &mut Vec<Node<'a>>,
    ) {
        if element.is("w", "tbl") && element.child("w", "tr").is_none()
            || element.is("w", "tr") && element.child("w", "tc").is_none()
            || element.is("w", "r") && element.elements().all(|e| e.is("w", "rPr"))
        {
            return;
        }
        if element.is("w", "p") {
            if let Some(before) = self.waiting.take() {
                let at = usize::from(element.child("w", "pPr").is_some());
                let content = before.children.into_iter();
                let content = content.filter(|n| !n.element().is_some_and(|e| e.is("w", "pPr")));
                element.children.splice(at..at, content);
            }
            if is_merged {
                self.waiting = Some(element);
                return;
            }
        } else {
            self.flush(kept);
        }
        kept.push(Node::Element(element));
    }

    fn flush(&mut self, kept: &mut Vec<Node<'a>>) {
        let shows = |p: &Element<'_>| p.elements().any(|e| !e.is("w", "pPr"));
        kept.extend(self.waiting.take().filter(shows).map(Node::Element));
    }

    pub(super) fn finish(&mut self, kept: &mut Vec<Node<'a>>) {
        self.flush(kept);
    }
}

/// What must not be left empty.
pub(super) fn after(element: &mut Element<'_>) {
    let needs_paragraph = matches!(
        element.name(),
        (
            "w",
            "tc" | "txbxContent" | "hdr" | "ftr" | "footnote" | "endnote"
        )
    );
    let ends_well = element.elements().last().is_some_and(|e| e.is("w", "p"));
    if needs_paragraph && !ends_well {
        element.children.push(Node::Element(Element::new("w", "p")));
    }
}

/// Names of bookmarks tell when and by which program they were made. Those that something refers to are numbered.
fn bookmarks(filter: &mut Filter<'_>, root: &Element<'_>) {
    let mut wanted = HashSet::new();
    root.visit(&mut |e| match e.name() {
        ("w", "hyperlink") if e.attribute("r", "id").is_none() => {
            wanted.extend(e.attribute("w", "anchor").map(str::to_owned));
        }
        ("w", "instrText") => wanted.extend(field::words(&e.text(4096))),
        ("w", "fldSimple") => {
            wanted.extend(field::words(e.attribute("w", "instr").unwrap_or_default()));
        }
        _ => {}
    });
    let mut names = Vec::new();
    root.visit(&mut |e| {
        if let Some(name) = e
            .is("w", "bookmarkStart")
            .then(|| e.attribute("w", "name"))
            .flatten()
        {
            names.push(name.to_owned());
        }
    });
    for name in names {
        if wanted.contains(&name) {
            let known = &mut filter.shared.bookmarks;
            let next = format!("b{}", known.len() + 1);
            known.entry(name).or_insert(next);
        } else if name != "_GoBack" {
            filter.found(What::Description, "bookmark", &name);
        }
    }
    let mut ids = HashMap::new();
    let known = &filter.shared.bookmarks;
    root.visit(&mut |e| {
        if e.is("w", "bookmarkStart")
            && e.attribute("w", "name")
                .is_some_and(|n| known.contains_key(n))
        {
            let next = ids.len().to_string();
            ids.insert(e.attribute("w", "id").unwrap_or_default().to_owned(), next);
        }
    });
    filter.marks = ids;
}

fn bookmark(filter: &mut Filter<'_>, element: &mut Element<'_>) -> Action {
    let id = element
        .attribute("w", "id")
        .and_then(|id| filter.marks.get(id));
    let Some(id) = id.cloned() else {
        return Action::Drop;
    };
    element.set("w", "id", id);
    if element.local == "bookmarkEnd" {
        return Action::Keep;
    }
    let name = element
        .attribute("w", "name")
        .and_then(|name| filter.shared.bookmarks.get(name));
    match name.cloned() {
        Some(name) => element.set("w", "name", name),
        None => return Action::Drop,
    }
    Action::Keep
}

/// The names of custom styles may name an employer or a template.
pub(super) fn styles(filter: &mut Filter<'_>, root: &Element<'_>) {
    for style in root.elements().filter(|e| e.is("w", "style")) {
        if !matches!(
            style.attribute("w", "customStyle"),
            Some("1" | "true" | "on")
        ) {
            continue;
        }
        let next = format!("Style{}", filter.shared.styles.len() + 1);
        let id = style.attribute("w", "styleId").unwrap_or_default();
        filter.shared.styles.entry(id.to_owned()).or_insert(next);
        let name = style
            .child("w", "name")
            .and_then(|n| n.attribute("w", "val"))
            .unwrap_or_default();
        if !name.starts_with("Style ") {
            filter.found(What::Description, "style name", name);
        }
        filter.job.remark(Remark::Template);
    }
}

fn style(filter: &Filter<'_>, element: &mut Element<'_>) {
    let key = if element.local == "style" {
        "styleId"
    } else {
        "val"
    };
    let id = element.attribute("w", key).unwrap_or_default();
    let Some(id) = filter.shared.styles.get(id).cloned() else {
        return;
    };
    if element.local == "style" {
        let number = id.strip_prefix("Style").unwrap_or_default();
        let name = format!("Style {number}");
        if let Some(child) = element.child_mut("w", "name") {
            child.set("w", "val", name);
        }
        element
            .children
            .retain(|n| !n.element().is_some_and(|e| e.is("w", "aliases")));
    }
    element.set("w", key, id);
}
