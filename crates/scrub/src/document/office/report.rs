//! Tells what stood in the parts that do not stay.

use super::parts::Package;
use crate::Refusal;
use crate::document::xml::{self, Element};
use crate::job::Job;
use crate::report::{Remark, What};

/// Longest value that is reported.
const LONGEST: usize = 400;

/// Parts that do not stay, by how their names begin.
const KNOWN: &[(&str, What, &str)] = &[
    ("docprops/core", What::Description, "core properties"),
    ("docprops/app", What::Description, "application properties"),
    ("docprops/custom", What::Description, "custom property"),
    ("docprops/", What::Preview, "preview picture"),
    ("customxml/", What::Description, "custom XML"),
    ("docmetadata/", What::Identifier, "sensitivity label"),
];

/// Parts that do not stay, by a word in their names.
const WORDS: &[(&str, What, &str)] = &[
    ("vbaproject", What::Script, "macros"),
    ("activex", What::Script, "control"),
    ("comment", What::Person, "comments"),
    ("people", What::Person, "people"),
    ("persons/", What::Person, "people"),
    ("embeddings/", What::Attachment, "embedded file"),
    ("printersettings", What::Path, "printer settings"),
    ("externallinks/", What::Path, "link to another workbook"),
    ("connections", What::Path, "data connections"),
    ("querytable", What::Path, "query"),
    ("pivotcache", What::Attachment, "data of a pivot table"),
    ("revisions/", What::History, "revisions"),
    ("glossary/", What::Description, "building blocks"),
    ("signatures", What::Person, "signature"),
    ("fonts/", What::Identifier, "embedded font"),
    ("thumbnail", What::Preview, "preview picture"),
];

pub(super) fn left(package: &mut Package<'_>, job: &mut Job) -> Result<(), Refusal> {
    for name in package.left() {
        if name.ends_with('/') || name == "[content_types].xml" || name.ends_with(".rels") {
            continue;
        }
        let known = KNOWN.iter().find(|known| name.starts_with(known.0));
        let known = known.or_else(|| WORDS.iter().find(|known| name.contains(known.0)));
        let (what, place) = known.map_or((What::Unknown, "part without a use"), |known| {
            (known.1, known.2)
        });
        match what {
            What::Script => job.remark(Remark::ScriptsLost),
            What::Person if place == "signature" => job.remark(Remark::SignatureLost),
            _ => {}
        }
        if !name.ends_with(".xml") || !tells(&name) || !describe(package, job, &name, place) {
            job.found(what, place, "");
        }
    }
    Ok(())
}

fn tells(name: &str) -> bool {
    ["docprops/", "comment", "people", "persons/"]
        .iter()
        .any(|word| name.contains(word))
}

/// Reports the values of a part. Comes back with whether there were any.
fn describe(package: &mut Package<'_>, job: &mut Job, name: &str, place: &str) -> bool {
    let Ok(octets) = package.read(name, job) else {
        return false;
    };
    let Ok(text) = xml::decode(&octets) else {
        return false;
    };
    let Ok(root) = xml::parse(&text, &[]) else {
        return false;
    };
    let mut count = 0;
    let is_custom = place == "custom property";
    root.visit(&mut |element| {
        count += usize::from(is_custom && element.local == "property");
        values(element, &mut |local, value| {
            let place = if is_custom {
                format!("{place} {count}")
            } else {
                format!("{place}: {local}")
            };
            job.found(what(local), place, value);
        });
    });
    true
}

fn values(element: &Element<'_>, report: &mut dyn FnMut(&str, &str)) {
    for attribute in &element.attributes {
        if matches!(
            attribute.local.as_ref(),
            "author" | "initials" | "date" | "dT" | "displayName" | "userId" | "name"
        ) {
            report(&attribute.local, &attribute.value);
        }
    }
    if element.elements().next().is_none() {
        let text = element.text(LONGEST);
        if !text.trim().is_empty() {
            report(&element.local, &text);
        }
    }
}

/// What a property tells. Places are named with words of the format only.
fn what(local: &str) -> What {
    match local {
        "creator" | "lastModifiedBy" | "Manager" | "Company" | "author" | "initials"
        | "displayName" | "userId" => What::Person,
        "created" | "modified" | "lastPrinted" | "date" | "dT" | "TotalTime" => What::Time,
        "Application" | "AppVersion" => What::Software,
        "Template" | "HyperlinkBase" => What::Path,
        "identifier" | "revision" => What::Identifier,
        _ => What::Description,
    }
}
