//! Office documents: only parts, names and relations that show content.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::archive::{nested, walk};
use super::markup::{Mark, Names, read};
use super::{Fault, Views};
use crate::source::Source;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The folders and names of parts; `#` is a number.
const PARTS: &[&str] = &[
    "document.xml",
    "workbook.xml",
    "presentation.xml",
    "styles.xml",
    "numbering.xml",
    "settings.xml",
    "fontTable.xml",
    "footnotes.xml",
    "endnotes.xml",
    "header#.xml",
    "footer#.xml",
    "sharedStrings.xml",
    "worksheets/sheet#.xml",
    "chartsheets/sheet#.xml",
    "tables/table#.xml",
    "drawings/drawing#.xml",
    "drawings/vmlDrawing#.xml",
    "drawings/vmlDrawing#.vml",
    "presProps.xml",
    "tableStyles.xml",
    "slideLayouts/slideLayout#.xml",
    "slideMasters/slideMaster#.xml",
    "notesSlides/notesSlide#.xml",
    "notesMasters/notesMaster#.xml",
    "slides/slide#.xml",
    "theme/theme#.xml",
    "charts/chart#.xml",
    "charts/drawing#.xml",
    "diagrams/data#.xml",
    "diagrams/layout#.xml",
    "diagrams/quickStyle#.xml",
    "diagrams/colors#.xml",
    "diagrams/drawing#.xml",
];

/// What tables show beyond the first edition of the format: conditional formats, validations, small charts.
const EXTENSIONS: &[&str] = &[
    "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
    "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",
    "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
    "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}",
];

/// What names the drawing of a diagram in its data.
const DIAGRAM: &str = "http://schemas.microsoft.com/office/drawing/2008/diagram";

/// Elements that may hold text.
const TEXTS: &[&str] = &[
    "a:t",
    "a:tableStyleId",
    "c:f",
    "c:v",
    "c:formatCode",
    "c:separator",
    "c:name",
    "cdr:x",
    "cdr:y",
    "m:t",
    "w:t",
    "w:instrText",
    "wp:align",
    "wp:posOffset",
    "wp14:pctWidth",
    "wp14:pctHeight",
    "wp14:pctPosHOffset",
    "wp14:pctPosVOffset",
    "p:attrName",
    "p:text",
    "t",
    "v",
    "f",
    "formula",
    "formula1",
    "formula2",
    "definedName",
    "oddHeader",
    "oddFooter",
    "evenHeader",
    "evenFooter",
    "firstHeader",
    "firstFooter",
    "calculatedColumnFormula",
    "totalsRowFormula",
    "x14:id",
    "xm:f",
    "xm:sqref",
    "xdr:col",
    "xdr:colOff",
    "xdr:row",
    "xdr:rowOff",
];

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| Names::from_list(include_str!("../document/names/ooxml.names"), "x"))
}

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let members = walk(file)?;
    let known: HashSet<&str> = members.iter().map(|m| m.name.as_str()).collect();
    let (types, parts) = members.split_first().ok_or(Fault("an empty package"))?;
    if types.name != "[Content_Types].xml" || !parts.is_sorted_by(|a, b| a.name < b.name) {
        return Err(Fault("the order of parts"));
    }
    content_types(&types.open(file)?, &known)?;
    for part in parts {
        let octets = part.open(file)?;
        let name = part.name.as_str();
        if name.contains("_rels/") {
            relations(name, &octets, &known, views)?;
        } else if is_part(name) {
            self::part(&octets, views)?;
        } else if name
            .split_once("/media/media")
            .is_some_and(|(folder, _)| is_folder(folder))
        {
            nested(&octets, views)?;
        } else {
            return Err(Fault("a part"));
        }
    }
    Ok(())
}

fn is_folder(folder: &str) -> bool {
    matches!(folder, "word" | "xl" | "ppt")
}

/// Whether the name is one of those that parts have.
fn is_part(name: &str) -> bool {
    let Some((folder, name)) = name.split_once('/') else {
        return false;
    };
    let fits = |pattern: &&'static str| match pattern.split_once('#') {
        None => *pattern == name,
        Some((front, end)) => {
            let number = name.strip_prefix(front).and_then(|n| n.strip_suffix(end));
            number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        }
    };
    is_folder(folder) && PARTS.iter().any(fits)
}

fn value<'a>(attributes: &'a [(&str, String)], name: &str) -> &'a str {
    let found = attributes.iter().find(|(key, _)| *key == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn content_types(octets: &[u8], known: &HashSet<&str>) -> Result<(), Fault> {
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open("Types", [("xmlns", _)]) | Mark::Close => Ok(()),
        Mark::Open("Default", [("Extension", e), ("ContentType", kind)])
            if e.len() <= 5 && is_type(kind) =>
        {
            Ok(())
        }
        Mark::Open("Override", [("PartName", name), ("ContentType", kind)])
            if is_type(kind) && known.contains(name.trim_start_matches('/')) =>
        {
            Ok(())
        }
        _ => Err(Fault("the list of content types")),
    })
}

fn is_type(kind: &str) -> bool {
    [
        "application/vnd.openxmlformats-",
        "image/",
        "video/",
        "audio/",
    ]
    .iter()
    .any(|front| kind.starts_with(front))
        || kind == "application/xml"
        || kind == "application/vnd.ms-office.drawingml.diagramDrawing+xml"
}

/// Relations lead to parts that are there, or to the web.
fn relations(
    list: &str,
    octets: &[u8],
    known: &HashSet<&str>,
    views: &mut Views<'_>,
) -> Result<(), Fault> {
    let (folder, from) = list
        .split_once("_rels/")
        .ok_or(Fault("a list of relations"))?;
    let from = from.strip_suffix(".rels").unwrap_or_default();
    if !from.is_empty() && !known.contains(format!("{folder}{from}").as_str()) {
        return Err(Fault("relations of a part that is not there"));
    }
    let mut count = 0;
    read(octets, HEAD, &mut |mark| {
        let Mark::Open("Relationship", attributes) = mark else {
            return match mark {
                Mark::Open("Relationships", [("xmlns", _)]) | Mark::Close => Ok(()),
                _ => Err(Fault("a list of relations")),
            };
        };
        count += 1;
        let kind = value(attributes, "Type");
        let is_own = kind
            .starts_with("http://schemas.openxmlformats.org/officeDocument/2006/relationships/")
            || kind == "http://schemas.microsoft.com/office/2007/relationships/media"
            || kind == "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing";
        let target = value(attributes, "Target");
        if value(attributes, "Id") != format!("rId{count}") || !is_own {
            return Err(Fault("a relation"));
        }
        match attributes.len() {
            3 if known.contains(resolved(folder, target).as_str()) => Ok(()),
            4 if value(attributes, "TargetMode") == "External" && kind.ends_with("/hyperlink") => {
                views.text(target);
                let front = target
                    .split(':')
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let is_web =
                    ["http", "https", "mailto", "ftp", "tel", "sms"].contains(&front.as_str());
                if is_web { Ok(()) } else { Err(Fault("a link")) }
            }
            _ => Err(Fault("a relation that leads nowhere")),
        }
    })
}

fn resolved(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for step in target.split('/') {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/")
}

fn part(octets: &[u8], views: &mut Views<'_>) -> Result<(), Fault> {
    let names = names();
    let mut is_root = true;
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open(name, attributes) => {
            match (*name, *attributes) {
                ("dgm:extLst" | "extLst", []) => return Ok(()),
                ("ext", [("uri", uri)]) if EXTENSIONS.contains(&uri.as_str()) => return Ok(()),
                // The root of the old drawing language has no namespace of its own.
                ("xml", _) if is_root => {}
                ("a:ext", [("uri", uri)]) if uri == DIAGRAM => return Ok(()),
                ("dsp:dataModelExt", [("relId", id)]) => {
                    return attribute(names, "dsp", "r:id", id, views);
                }
                _ if names.has_element(name) => {}
                _ => return Err(Fault("an element")),
            }
            let number = value(attributes, "val");
            if matches!(*name, "c:axId" | "c:crossAx")
                && (number.len() > 3 || number.starts_with('0'))
            {
                return Err(Fault("the number of an axis"));
            }
            let prefix = name.split_once(':').map_or("x", |(prefix, _)| prefix);
            for (key, value) in *attributes {
                let is_declaration =
                    *key == "xmlns" || key.starts_with("xmlns:") || *key == "mc:Ignorable";
                if is_declaration {
                    if !is_root || !is_space(key, value) {
                        return Err(Fault("a declaration"));
                    }
                    continue;
                }
                attribute(names, prefix, key, value, views)?;
            }
            is_root = false;
            Ok(())
        }
        Mark::Text(inside, text) => {
            views.text(text);
            if TEXTS.contains(inside) {
                Ok(())
            } else {
                Err(Fault("text that nobody sees"))
            }
        }
        Mark::Close => Ok(()),
    })
}

fn is_space(key: &str, value: &str) -> bool {
    let fronts = [
        "http://schemas.openxmlformats.org/",
        "http://schemas.microsoft.com/office/",
        "urn:schemas-microsoft-com:",
    ];
    key == "mc:Ignorable" && value.split(' ').all(|p| matches!(p, "w14" | "wp14"))
        || fronts.iter().any(|front| value.starts_with(front)) && !value.contains(' ')
}

fn attribute(
    names: &Names,
    prefix: &str,
    key: &str,
    value: &str,
    views: &mut Views<'_>,
) -> Result<(), Fault> {
    let is_space = key == "xml:space" && value == "preserve";
    let is_relation = key.starts_with("r:");
    if is_relation {
        let number = value.strip_prefix("rId").unwrap_or("x");
        return if value.is_empty() || number.bytes().all(|b| b.is_ascii_digit()) {
            Ok(())
        } else {
            Err(Fault("a reference"))
        };
    }
    match names.attribute(prefix, key) {
        Some(true) => views.text(value),
        Some(false) if value.len() <= 64 => views.hidden(value.as_bytes()),
        _ if is_space => {}
        _ => return Err(Fault("an attribute")),
    }
    let is_shape = matches!(prefix, "wp" | "pic" | "xdr" | "wps" | "wpg") && key == "name";
    if is_shape && !value.starts_with("Object ") {
        return Err(Fault("the name of a shape"));
    }
    Ok(())
}
