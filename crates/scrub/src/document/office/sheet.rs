//! Workbooks: formulas, names, cells and views.

use super::filter::{Action, Filter};
use crate::document::xml::{Element, Node};
use crate::report::{Remark, What};

/// Longest text of a formula or name that is looked at.
const LONGEST: usize = 16 << 10;

pub(super) fn action<'a>(
    filter: &mut Filter<'_>,
    parent: &Element<'a>,
    element: &mut Element<'a>,
) -> Option<Action> {
    if element.prefix != "x" {
        return None;
    }
    match element.local.as_ref() {
        "f" if parent.is("x", "c") && leads_out(&element.text(LONGEST)) => {
            filter.found(What::Path, "formula", &element.text(LONGEST));
            Some(Action::Drop)
        }
        "c" => {
            string(filter, element);
            None
        }
        "definedName" => Some(name(filter, element)),
        "sheet" | "row" | "col" => {
            let state = element.attribute("", "state").unwrap_or_default();
            let hidden = element.attribute("", "hidden").unwrap_or_default();
            if state.contains("idden") || matches!(hidden, "1" | "true") {
                filter.hidden();
            }
            None
        }
        "pivotCaches" | "externalReferences" | "oleObjects" | "sheetProtection"
        | "workbookProtection" | "fileSharing" | "fileVersion" | "scenarios"
        | "protectedRanges" | "customSheetViews" => {
            let place = element.local.clone().into_owned();
            let what = match place.as_str() {
                "oleObjects" | "pivotCaches" => What::Attachment,
                "externalReferences" => What::Path,
                "fileVersion" => What::Software,
                _ => What::Identifier,
            };
            if place == "pivotCaches" {
                filter.job.remark(Remark::Flattened);
            }
            filter.found(what, &place, "");
            Some(Action::Drop)
        }
        "cellStyle" => {
            if element.attribute("", "builtinId").is_none() {
                filter.shapes += 1;
                element.set("", "name", format!("Style {}", filter.shapes));
            }
            None
        }
        _ => None,
    }
}

/// Which shared string a cell shows.
fn string(filter: &mut Filter<'_>, cell: &Element<'_>) {
    if cell.attribute("", "t") == Some("s") {
        let index = cell.child("x", "v").map(|v| v.text(32));
        if let Some(Ok(index)) = index.map(|v| v.trim().parse()) {
            filter.shared.strings.insert(index);
        }
    }
}

/// Names for ranges stay; those that lead to other files, and hidden ones that programs leave for themselves, go.
fn name(filter: &mut Filter<'_>, element: &Element<'_>) -> Action {
    let is_hidden = matches!(element.attribute("", "hidden"), Some("1" | "true"));
    let name = element.attribute("", "name").unwrap_or_default();
    let text = element.text(LONGEST);
    if leads_out(&text) || (is_hidden && !name.starts_with("_xlnm.")) {
        filter.found(What::Path, "defined name", &text);
        return Action::Drop;
    }
    Action::Keep
}

/// Whether a formula speaks of another workbook or of a path.
fn leads_out(formula: &str) -> bool {
    let mut outside = String::with_capacity(formula.len());
    let mut in_text = false;
    for c in formula.chars() {
        in_text ^= c == '"';
        if !in_text {
            outside.push(c);
        }
    }
    let after = |at: usize| outside.get(at + 1..).unwrap_or_default();
    let names_workbook = outside.match_indices('[').any(|(at, _)| {
        let inner = after(at).split(']').next().unwrap_or_default();
        let follows = after(at).split_once(']').map_or("", |(_, rest)| rest);
        let is_number = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
        (is_number || inner.contains(".xls")) && !follows.is_empty()
    });
    let lower = formula.to_lowercase();
    names_workbook || lower.contains("file:") || lower.contains(":\\") || lower.contains("\\\\")
}

/// Strings that no cell shows any more are emptied; they keep their place, because cells count them.
pub(super) fn empty_unused(filter: &mut Filter<'_>, root: &mut Element<'_>) {
    if !root.is("x", "sst") {
        return;
    }
    let strings = std::mem::take(&mut filter.shared.strings);
    let mut emptied = false;
    for (index, string) in root.elements_mut().enumerate() {
        if !strings.contains(&index) && string.is("x", "si") {
            let is_empty = string.text(1).is_empty();
            emptied |= !is_empty;
            string.children = vec![Node::Element(Element::new("x", "t"))];
        }
    }
    if emptied {
        filter.found(What::History, "strings that no cell shows", "");
    }
}
