//! `OpenDocument`: only parts and names that show content, and nothing that leads out but links to the web.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::archive::{nested, walk};
use super::markup::{Mark, Names, read};
use super::{Fault, Views};
use crate::source::Source;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Elements that may hold text.
const TEXTS: &[&str] = &[
    "text:a",
    "text:bookmark-ref",
    "text:chapter",
    "text:h",
    "text:index-entry-span",
    "text:index-title-template",
    "text:note-citation",
    "text:note-continuation-notice-backward",
    "text:note-continuation-notice-forward",
    "text:number",
    "text:object-count",
    "text:p",
    "text:page-continuation",
    "text:page-number",
    "text:page-variable-get",
    "text:ruby-base",
    "text:ruby-text",
    "text:sequence",
    "text:sheet-name",
    "text:span",
    "text:page-count",
    "number:currency-symbol",
    "number:embedded-text",
    "number:fill-character",
    "loext:fill-character",
    "number:text",
    "presentation:date-time-decl",
    "presentation:footer-decl",
    "presentation:header-decl",
    "math:mi",
    "math:mo",
    "math:mn",
    "math:mtext",
    "math:ms",
    "math:annotation",
];

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| Names::from_list(include_str!("../document/names/odf.names"), ""))
}

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let members = walk(file)?;
    let known: HashSet<&str> = members.iter().map(|m| m.name.as_str()).collect();
    let [media, parts @ .., manifest] = members.as_slice() else {
        return Err(Fault("an empty package"));
    };
    if media.name != "mimetype" || !media.is_stored || manifest.name != "META-INF/manifest.xml" {
        return Err(Fault("the first and last part"));
    }
    let kind = media.open(file)?;
    let kind = str::from_utf8(&kind).unwrap_or_default();
    let front = "application/vnd.oasis.opendocument.";
    if !matches!(
        kind.strip_prefix(front),
        Some("text" | "spreadsheet" | "presentation")
    ) {
        return Err(Fault("a media type"));
    }
    if !parts.is_sorted_by(|a, b| a.name < b.name) {
        return Err(Fault("the order of parts"));
    }
    list(&manifest.open(file)?, &known, front)?;
    for part in parts {
        let octets = part.open(file)?;
        let name = part.name.as_str();
        let (folder, own) = name.rsplit_once('/').unwrap_or(("", name));
        match own {
            "settings.xml" if folder.is_empty() => settings(&octets)?,
            "content.xml" | "styles.xml" if folder.is_empty() || is_numbered(folder, "Object ") => {
                content(&octets, views)?;
            }
            _ if folder == "Pictures"
                && own.split('.').next().is_some_and(|n| is_numbered(n, "")) =>
            {
                nested(&octets, views)?;
            }
            _ => return Err(Fault("a part")),
        }
    }
    Ok(())
}

fn is_numbered(name: &str, front: &str) -> bool {
    let number = name.strip_prefix(front).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

fn list(octets: &[u8], known: &HashSet<&str>, front: &str) -> Result<(), Fault> {
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open("manifest:manifest", [("xmlns:manifest", _), ("manifest:version", version)])
            if version == "1.3" =>
        {
            Ok(())
        }
        Mark::Open(
            "manifest:file-entry",
            [("manifest:full-path", path), ("manifest:media-type", kind)],
        ) => {
            let is_folder = path == "/"
                || path
                    .strip_suffix('/')
                    .is_some_and(|p| is_numbered(p, "Object "));
            let is_type = kind == "text/xml"
                || kind.starts_with(front)
                || ["image/", "video/", "audio/"]
                    .iter()
                    .any(|f| kind.starts_with(f));
            if (is_folder || known.contains(path.as_str())) && is_type {
                Ok(())
            } else {
                Err(Fault("the list of parts"))
            }
        }
        Mark::Close => Ok(()),
        _ => Err(Fault("the list of parts")),
    })
}

fn settings(octets: &[u8]) -> Result<(), Fault> {
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open(
            "office:document-settings" | "office:settings" | "config:config-item-set",
            _,
        )
        | Mark::Close => Ok(()),
        Mark::Open("config:config-item", [("config:name", name), ("config:type", kind)])
            if kind == "boolean"
                && name.len() < 50
                && name.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            Ok(())
        }
        Mark::Text("config:config-item", text) if matches!(text.as_str(), "true" | "false") => {
            Ok(())
        }
        _ => Err(Fault("a setting")),
    })
}

fn content(octets: &[u8], views: &mut Views<'_>) -> Result<(), Fault> {
    let names = names();
    let mut is_root = true;
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open(name, attributes) => {
            let (prefix, _) = name.split_once(':').ok_or(Fault("an element"))?;
            let is_outermost = is_root
                && matches!(
                    *name,
                    "office:document-content" | "office:document-styles" | "math:math"
                );
            if !is_outermost && !names.has_element(name) {
                return Err(Fault("an element"));
            }
            for (key, value) in *attributes {
                if key.starts_with("xmlns:") {
                    let is_space = value.starts_with("urn:o")
                        || value.starts_with("http://www.w3.org/")
                        || value.starts_with("http://openoffice.org/2004/")
                        || value == "http://schemas.microsoft.com/office/excel/formula";
                    if !is_root || !is_space {
                        return Err(Fault("a declaration"));
                    }
                } else {
                    attribute(names, prefix, name, key, value, views)?;
                }
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

fn attribute(
    names: &Names,
    prefix: &str,
    element: &str,
    key: &str,
    value: &str,
    views: &mut Views<'_>,
) -> Result<(), Fault> {
    match names.attribute(prefix, key) {
        Some(true) => views.text(value),
        Some(false) if value.len() <= 64 => views.hidden(value.as_bytes()),
        _ => return Err(Fault("an attribute")),
    }
    if key == "xlink:href" {
        let is_within = |path: &str| {
            let path = path.trim_start_matches("../");
            path.starts_with("Pictures/")
                || is_numbered(path, "Object ")
                || path.is_empty()
                || path == ".."
        };
        let front = value
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_web = value.contains(':')
            && ["http", "https", "mailto", "ftp", "tel", "sms"].contains(&front.as_str());
        let is_link = matches!(element, "text:a" | "draw:a") && (is_web || value.starts_with('#'));
        if !is_link && !is_within(value) {
            return Err(Fault("a link"));
        }
    }
    if key == "draw:name"
        && matches!(element, "draw:frame" | "draw:custom-shape")
        && !value.starts_with("Object ")
    {
        return Err(Fault("the name of a shape"));
    }
    Ok(())
}
