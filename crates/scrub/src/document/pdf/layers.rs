//! Layers that are switched off (optional content; ISO 32000-1, section 8.11).

use std::collections::HashSet;

use super::file::Document;
use super::object::{Dict, Object};

/// Expressions of layers within each other are followed this far.
const MAX_DEPTH: u8 = 8;

/// The layers that are off when the document is opened.
#[derive(Default)]
pub(super) struct Layers {
    /// Without a list of layers nothing is one, and all of it is shown.
    has_any: bool,
    off: HashSet<u32>,
    /// Titles of them, for the report.
    pub(super) names: Vec<Vec<u8>>,
}

impl Layers {
    pub(super) fn read(document: &Document<'_>) -> Self {
        Self::of(document).unwrap_or_default()
    }

    fn of(document: &Document<'_>) -> Option<Self> {
        let root = document.dict_at(&document.xref.trailer, "Root")?;
        let properties = document.dict_at(&root, "OCProperties")?;
        let groups = |dict: &Dict, key| -> Vec<u32> {
            let array = document.at(dict, key);
            let items = array
                .as_ref()
                .and_then(Object::as_array)
                .unwrap_or_default();
            let refs = items.iter().filter_map(|item| match item {
                Object::Ref(number) => Some(*number),
                _ => None,
            });
            refs.collect()
        };
        let all = groups(&properties, "OCGs");
        let default = document.dict_at(&properties, "D").unwrap_or_default();
        let mut off: HashSet<u32> = HashSet::new();
        if default.get("BaseState") == Some(&Object::name("OFF")) {
            off.extend(&all);
        }
        for number in groups(&default, "ON") {
            off.remove(&number);
        }
        off.extend(groups(&default, "OFF"));
        let names = all.iter().filter_map(|number| {
            let group = document.resolve(&Object::Ref(*number));
            match document.at(group.as_dict()?, "Name")? {
                Object::String(name) => Some(name),
                _ => None,
            }
        });
        Some(Self {
            has_any: !all.is_empty(),
            off,
            names: names.collect(),
        })
    }

    /// Whether what carries this mark (an `OC` entry, or the properties of marked content) is not shown.
    pub(super) fn hide(&self, document: &Document<'_>, mark: &Object) -> bool {
        if !self.has_any {
            return false;
        }
        if let Object::Ref(number) = mark
            && self.off.contains(number)
        {
            return true;
        }
        let membership = document.resolve(mark);
        let Some(dict) = membership.as_dict() else {
            return false;
        };
        if dict.get("Type") != Some(&Object::name("OCMD")) {
            return false;
        }
        if let Some(expression) = dict.get("VE")
            && let Some(shown) = self.expression(document, expression, MAX_DEPTH)
        {
            return !shown;
        }
        let groups = match dict.get("OCGs") {
            None => return false,
            Some(Object::Ref(number)) if self.off.contains(number) => vec![Object::Ref(*number)],
            Some(groups) => match document.resolve(groups) {
                Object::Array(items) => items.to_vec(),
                _ => vec![groups.clone()],
            },
        };
        if groups.is_empty() {
            return false;
        }
        let is_off = |group: &Object| matches!(group, Object::Ref(n) if self.off.contains(n));
        let shown = match dict.get("P").and_then(Object::as_name) {
            Some(b"AllOn") => !groups.iter().any(is_off),
            Some(b"AnyOff") => groups.iter().any(is_off),
            Some(b"AllOff") => groups.iter().all(is_off),
            _ => !groups.iter().all(is_off),
        };
        !shown
    }

    fn expression(&self, document: &Document<'_>, object: &Object, depth: u8) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        if let Object::Ref(number) = object
            && self.off.contains(number)
        {
            return Some(false);
        }
        let resolved = document.resolve(object);
        let Some((operator, operands)) = resolved.as_array().and_then(<[Object]>::split_first)
        else {
            return Some(true);
        };
        let mut values = operands.iter().map(|o| self.expression(document, o, depth));
        match operator.as_name()? {
            b"Not" => values.next()?.map(|shown| !shown),
            b"And" => values.try_fold(true, |all, shown| Some(all && shown?)),
            b"Or" => values.try_fold(false, |any, shown| Some(any || shown?)),
            _ => None,
        }
    }
}
