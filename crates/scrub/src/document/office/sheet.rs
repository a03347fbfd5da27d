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
            if element.local == "sheet" {
                count(filter, element, "sheetId");
            }
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
        "tableStyles" => {
            table_styles(filter, element);
            None
        }
        "tableStyleInfo" => {
            table_style(filter, element, "name");
            None
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

/// Takes note of the names of cells.
pub(super) fn names(filter: &mut Filter<'_>, workbook: &Element<'_>) {
    let Some(names) = workbook.child("x", "definedNames") else {
        return;
    };
    for element in names.elements().filter(|name| !goes(name)) {
        let name = element.attribute("", "name").unwrap_or_default();
        if !name.starts_with("_xlnm.") {
            filter.shared.names.add(name);
            if !name.starts_with("Range_") {
                filter.found(What::Description, "defined name: name", name);
            }
        }
    }
}

/// Gives a table its new name and number.
pub(super) fn before(filter: &mut Filter<'_>, root: &mut Element<'_>) {
    if !root.is("x", "table") {
        return;
    }
    let name = root.attribute("", "displayName").unwrap_or_default();
    if let Some(name) = filter.shared.names.get(name).cloned() {
        root.set("", "name", name.clone());
        root.set("", "displayName", name);
    }
    count(filter, root, "id");
}

/// Calls the named cells by their new names, wherever a formula stands.
pub(super) fn renamed(filter: &Filter<'_>, root: &mut Element<'_>) {
    let names = &filter.shared.names;
    root.visit_mut(&mut |element| {
        let is_formula = matches!(
            element.name(),
            (
                "x",
                "f" | "formula"
                    | "formula1"
                    | "formula2"
                    | "definedName"
                    | "calculatedColumnFormula"
                    | "totalsRowFormula"
            ) | ("xm" | "c", "f")
        );
        if is_formula {
            for node in &mut element.children {
                if let Node::Text(text) = node
                    && let Some(new) = names.rewrite(text)
                {
                    *node = Node::Text(new.into());
                }
            }
        }
        let key = match element.name() {
            ("x", "definedName") => "name",
            ("x", "hyperlink") => "location",
            ("x", "cfvo") => "val",
            _ => return,
        };
        let new = element
            .attribute("", key)
            .and_then(|old| names.get(old))
            .cloned();
        if let Some(new) = new {
            element.set("", key, new);
        }
    });
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
    if goes(element) {
        filter.found(What::Path, "defined name", &element.text(LONGEST));
        return Action::Drop;
    }
    Action::Keep
}

fn goes(name: &Element<'_>) -> bool {
    let is_hidden = matches!(name.attribute("", "hidden"), Some("1" | "true"));
    let is_built_in = name
        .attribute("", "name")
        .is_some_and(|name| name.starts_with("_xlnm."));
    leads_out(&name.text(LONGEST)) || (is_hidden && !is_built_in)
}

/// Takes note of the name of a table, which formulas may speak of as they do of names of cells.
pub(super) fn table(filter: &mut Filter<'_>, name: &str) {
    filter.shared.names.add(name);
    if !name.starts_with("Range_") {
        filter.found(What::Description, "table: name", name);
    }
}

/// Numbers that tell what there was before.
fn count(filter: &mut Filter<'_>, element: &mut Element<'_>, key: &'static str) {
    filter.shared.counted += 1;
    element.set("", key, filter.shared.counted.to_string());
}

/// Styles of tables that a person or a template made are numbered.
fn table_styles(filter: &mut Filter<'_>, styles: &mut Element<'_>) {
    for style in styles.elements_mut() {
        let name = style.attribute("", "name").unwrap_or_default().to_owned();
        let next = format!("Style {}", filter.shared.tables.len() + 1);
        if name != next {
            filter.found(What::Description, "table style: name", &name);
        }
        style.set("", "name", next.clone());
        filter.shared.tables.insert(name, next);
    }
    table_style(filter, styles, "defaultTableStyle");
    table_style(filter, styles, "defaultPivotStyle");
}

/// Which style a table has: one of the program's own, or one of those that were numbered.
fn table_style(filter: &Filter<'_>, element: &mut Element<'_>, key: &'static str) {
    let Some(name) = element.attribute("", key) else {
        return;
    };
    let number = ["TableStyle", "PivotStyle"]
        .iter()
        .find_map(|front| name.strip_prefix(front))
        .and_then(|rest| {
            let rank = ["Light", "Medium", "Dark"];
            rank.iter().find_map(|rank| rest.strip_prefix(rank))
        });
    if number.is_some_and(|n| n.len() < 3 && n.bytes().all(|b| b.is_ascii_digit())) {
        return;
    }
    match filter.shared.tables.get(name).cloned() {
        Some(name) => element.set("", key, name),
        None => element.unset("", key),
    }
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
