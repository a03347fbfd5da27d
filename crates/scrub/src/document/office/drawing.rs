//! Shapes, pictures and their alternative texts; objects of other programs become their pictures.

use super::filter::{Action, Filter};
use super::names::SPACES;
use crate::document::xml::{Element, Node};
use crate::report::What;

/// Extensions that show content: media in slides; conditional formats, validations and small charts in tables.
const EXTENSIONS: &[&str] = &[
    "{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}",
    "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
    "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",
    "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
    "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}",
];

/// What a table in a slide is called.
const TABLE: &str = "http://schemas.openxmlformats.org/drawingml/2006/table";

pub(super) fn action(filter: &mut Filter<'_>, element: &mut Element<'_>) -> Option<Action> {
    match element.name() {
        ("wp" | "p" | "pic" | "xdr" | "wps" | "wpg" | "a" | "cdr" | "dsp", "docPr" | "cNvPr") => {
            properties(filter, element);
            Some(Action::Keep)
        }
        ("a", "theme" | "clrScheme" | "fontScheme" | "fmtScheme" | "objectDefaults") => {
            if element.attribute("", "name").is_some() {
                element.set("", "name", "Theme".to_owned());
            }
            Some(Action::Keep)
        }
        ("p" | "x", "extLst") => Some(Action::Keep),
        ("p" | "x", "ext") if element.attribute("", "uri").is_some() => {
            let uri = element.attribute("", "uri").unwrap_or_default();
            let known = EXTENSIONS
                .iter()
                .find(|known| known.eq_ignore_ascii_case(uri))?;
            element.set("", "uri", (*known).to_owned());
            Some(Action::Keep)
        }
        ("x14", "id") => {
            let text = element.text(64);
            element.children = vec![Node::Text(filter.guid(text.trim()).into())];
            Some(Action::Keep)
        }
        ("a", "graphicData") => {
            let uri = element.attribute("", "uri").unwrap_or_default();
            if uri == TABLE {
                return Some(Action::Keep);
            }
            let known = SPACES.iter().find(|space| space.1.contains(&uri));
            match known.and_then(|space| space.1.first()) {
                Some(uri) => element.set("", "uri", (*uri).to_owned()),
                None => element.unset("", "uri"),
            }
            Some(Action::Keep)
        }
        ("p", "graphicFrame") => slide_object(filter, element),
        ("w", "object") => {
            filter.found(What::Attachment, "embedded object", "");
            "pict".clone_into(element.local.to_mut());
            element.attributes.clear();
            Some(Action::Keep)
        }
        ("v", _) => {
            vml(element);
            None
        }
        ("p", "custShow") => {
            filter.shapes += 1;
            let name = format!("Show {}", filter.shapes);
            if element.attribute("", "name") != Some(&name) {
                filter.found(What::Description, "custom show: name", "");
            }
            element.set("", "name", name);
            Some(Action::Keep)
        }
        ("p", "cSld") => {
            element.unset("", "name");
            Some(Action::Keep)
        }
        ("c", "axId" | "crossAx") => {
            axis(filter, element);
            Some(Action::Keep)
        }
        ("c", "externalData") => {
            filter.found(What::Attachment, "workbook of a chart", "");
            Some(Action::Drop)
        }
        ("dgm", "title" | "desc" | "cat" | "catLst") => Some(Action::Drop),
        _ => None,
    }
}

/// Programs draw the numbers of axes by lot; they are counted anew.
fn axis(filter: &mut Filter<'_>, element: &mut Element<'_>) {
    let old = element.attribute("", "val").unwrap_or_default().to_owned();
    let next = (filter.axes.len() + 1).to_string();
    let new = filter.axes.entry(old.clone()).or_insert(next).clone();
    if new != old {
        filter.found(What::Identifier, "number of an axis", "");
        element.set("", "val", new);
    }
}

/// A shape's number and name. Names and alternative texts often carry the name or path of the picture's file.
fn properties(filter: &mut Filter<'_>, element: &mut Element<'_>) {
    filter.shapes += 1;
    for name in ["descr", "title", "name"] {
        let value = element.attribute("", name).unwrap_or_default().to_owned();
        let is_ours = name == "name" && value.starts_with("Object ");
        if !value.is_empty() && !is_ours {
            filter.found(What::Description, &format!("{name} of a shape"), &value);
        }
        element.unset("", name);
    }
    if element
        .attribute("", "hidden")
        .is_some_and(|h| matches!(h, "1" | "true"))
    {
        filter.hidden();
    }
    // Animations and connectors refer to the numbers of shapes in slides and tables, but to none in texts.
    if matches!(element.name(), ("wp", "docPr") | ("pic", "cNvPr")) {
        element.set("", "id", filter.shapes.to_string());
    }
    element.set("", "name", format!("Object {}", filter.shapes));
}

/// An object of another program in a slide: its picture stays.
fn slide_object(filter: &mut Filter<'_>, element: &mut Element<'_>) -> Option<Action> {
    if !element.any(&|e| e.is("p", "oleObj")) {
        return None;
    }
    filter.found(What::Attachment, "embedded object", "");
    let picture = take(element, &|e| e.is("p", "pic"))?;
    *element = picture;
    Some(Action::Keep)
}

/// Takes the first element that fits out of the tree.
fn take<'a>(element: &mut Element<'a>, fits: &dyn Fn(&Element<'_>) -> bool) -> Option<Element<'a>> {
    let is_it = |node: &Node<'_>| node.element().is_some_and(fits);
    if let Some(at) = element.children.iter().position(is_it) {
        return match element.children.remove(at) {
            Node::Element(found) => Some(found),
            Node::Text(_) => None,
        };
    }
    element.elements_mut().find_map(|child| take(child, fits))
}

/// Identifiers of the old drawing language: those of the built-in types of shapes stay.
fn vml(element: &mut Element<'_>) {
    let id = element.attribute("", "id").unwrap_or_default();
    let number = id.strip_prefix("_x0000_t").unwrap_or_default();
    let is_built_in = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if element.local != "shapetype" || !is_built_in {
        element.unset("", "id");
    }
    let kind = element.attribute("", "type").unwrap_or_default();
    let number = kind.strip_prefix("#_x0000_t").unwrap_or_default();
    let is_reference = kind.starts_with('#');
    if is_reference && (number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit())) {
        element.unset("", "type");
    }
}

/// What the data of a diagram call the drawing of it.
const DIAGRAM: &str = "http://schemas.microsoft.com/office/drawing/2008/diagram";

/// The relation that the data of a diagram name as that of its drawing.
pub(super) fn named_drawing(data: &Element<'_>) -> Option<String> {
    let mut id = None;
    data.visit(&mut |e| {
        if e.is("dsp", "dataModelExt") {
            id = e.attribute("", "relId").map(str::to_owned);
        }
    });
    id
}

/// Names the drawing in the data of its diagram.
pub(super) fn name_drawing(data: &mut Element<'_>, id: &str) {
    let mut extension = Element::new("a", "ext").with("", "uri", DIAGRAM);
    let name = Element::new("dsp", "dataModelExt").with("", "relId", id);
    extension.children.push(Node::Element(name));
    let mut list = Element::new("dgm", "extLst");
    list.children.push(Node::Element(extension));
    data.children.push(Node::Element(list));
}
