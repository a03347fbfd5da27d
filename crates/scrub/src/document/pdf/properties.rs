//! What a file tells about itself beside its pages.

use std::collections::HashSet;
use std::fmt::Write;

use super::file::{Document, MAX_STREAM};
use super::filter;
use super::object::{Dict, Object};
use super::xref::find_all;
use crate::job::Job;
use crate::picture::xmp;
use crate::report::{Remark, What};

/// Bookmarks and files that are reported.
const MAX_REPORTED: usize = 200;

/// Entries of the catalogue, what they tell, and what they are called.
const CATALOG: &[(&str, What, &str)] = &[
    ("AF", What::Attachment, "associated files"),
    ("Collection", What::Attachment, "collection of files"),
    ("DSS", What::Provenance, "signatures' certificates"),
    ("Dests", What::Description, "names of places"),
    ("Lang", What::Description, "language"),
    ("Legal", What::Provenance, "legal attestation"),
    ("MarkInfo", What::Software, "mark of tags"),
    ("PageLabels", What::Description, "page labels"),
    ("Perms", What::Provenance, "permissions"),
    ("PieceInfo", What::Software, "private data of a program"),
    (
        "StructTreeRoot",
        What::Description,
        "tags and alternative texts",
    ),
    ("Threads", What::Description, "article threads"),
    ("URI", What::Path, "base address"),
    ("ViewerPreferences", What::Software, "viewer preferences"),
];

/// Reports the properties, what hangs on the catalogue, and earlier versions of the file.
pub(super) fn report(document: &Document<'_>, job: &mut Job) {
    let trailer = &document.xref.trailer;
    if let Some(info) = document.dict_at(trailer, "Info") {
        report_info(document, &info, job);
    }
    if let Some(Object::Array(ids)) = document.at(trailer, "ID") {
        for id in ids.iter().take(2) {
            if let Object::String(id) = document.resolve(id) {
                let mut hex = String::new();
                for octet in id {
                    let _ = write!(hex, "{octet:02X}");
                }
                job.found(What::Identifier, "trailer: ID", &hex);
            }
        }
    }
    let own = [
        "Encrypt", "ID", "Info", "Prev", "Root", "Size", "XRefStm", "Type", "W", "Index", "Length",
        "Filter",
    ];
    for (key, value) in trailer.iter() {
        let is_own = |own: &&str| own.as_bytes() == key.as_slice() || key == b"DecodeParms";
        if !own.iter().any(is_own) {
            let value = document.resolve(value);
            job.found(What::Unknown, "trailer: own key", &text_of(&value));
        }
    }
    let ends = find_all(document.bytes, b"%%EOF");
    if let Some(last) = ends.last() {
        let tail = document.bytes.get(last + 5..).unwrap_or_default();
        if !tail.iter().all(|&b| super::lexer::is_space(b)) {
            job.found_octets(What::Unknown, "after the end", tail);
        }
    }
    let front = document
        .bytes
        .get(..document.bytes.len().min(2048))
        .unwrap_or_default();
    let is_linear = super::xref::find(front, b"/Linearized").is_some();
    if document.xref.sections > 1 + usize::from(is_linear) {
        job.found(What::History, "earlier versions of the file", "");
    }
    let Some(root) = document.dict_at(trailer, "Root") else {
        return;
    };
    report_catalog(document, &root, job);
}

fn report_info(document: &Document<'_>, info: &Dict, job: &mut Job) {
    let mut own = 0;
    for (key, value) in info.iter() {
        let value = document.resolve(value);
        let what = match key.as_slice() {
            b"Author" => What::Person,
            b"CreationDate" | b"ModDate" => What::Time,
            b"Creator" | b"Producer" => What::Software,
            b"Title" | b"Subject" | b"Keywords" => What::Description,
            b"Trapped" => continue,
            _ => {
                own += 1;
                let place = format!("Info: custom property {own}");
                job.found(What::Description, place, &text_of(&value));
                continue;
            }
        };
        let place = format!("Info: {}", String::from_utf8_lossy(key));
        job.found(what, place, &text_of(&value));
    }
}

fn report_catalog(document: &Document<'_>, root: &Dict, job: &mut Job) {
    if let Some(Object::Stream(stream)) = document.at(root, "Metadata") {
        job.found(What::Description, "XMP", "");
        if let Ok(octets) = filter::whole(document, &stream, MAX_STREAM) {
            xmp::report(&octets, "XMP", job);
        }
    }
    for (key, what, place) in CATALOG {
        if let Some(value) = document.at(root, key) {
            job.found(*what, *place, &text_of(&value));
        }
    }
    let names = document.dict_at(root, "Names").unwrap_or_default();
    let has_script = names.get("JavaScript").is_some() || root.get("AA").is_some();
    if has_script || document.dict_at(root, "OpenAction").is_some() {
        job.found(What::Script, "action of the document", "");
        job.remark(Remark::ScriptsLost);
    }
    if let Some(Object::Dict(files)) = document.at(&names, "EmbeddedFiles") {
        report_files(document, files, job);
    }
    if let Some(form) = document.dict_at(root, "AcroForm") {
        job.found(What::Description, "form", "");
        let flags = document
            .at(&form, "SigFlags")
            .and_then(|flags| flags.as_int());
        if flags.unwrap_or(0) & 1 != 0 {
            job.remark(Remark::SignatureLost);
        }
        if form.get("XFA").is_some() {
            job.found(What::Description, "form: XFA", "");
        }
    }
    if root.get("Outlines").is_some() {
        report_bookmarks(document, root, job);
    }
    let layers = super::layers::Layers::read(document);
    for name in layers.names {
        job.found(What::Description, "layer", &text_of(&Object::String(name)));
    }
}

fn report_files(document: &Document<'_>, files: Dict, job: &mut Job) {
    let mut open = vec![files];
    let mut nodes = 0;
    while let Some(node) = open.pop() {
        nodes += 1;
        if nodes > MAX_REPORTED {
            break;
        }
        let list = |key| match document.at(&node, key) {
            Some(Object::Array(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        for kid in list("Kids").iter().take(MAX_REPORTED) {
            if let Object::Dict(kid) = document.resolve(kid) {
                open.push(kid);
            }
        }
        for file in list("Names").iter().skip(1).step_by(2).take(MAX_REPORTED) {
            let file = document.resolve(file);
            let dict = file.as_dict().cloned().unwrap_or_default();
            let name = document.at(&dict, "UF").or_else(|| document.at(&dict, "F"));
            let name = name.map(|name| text_of(&name)).unwrap_or_default();
            job.found(What::Attachment, "attached file", &name);
        }
    }
}

fn report_bookmarks(document: &Document<'_>, root: &Dict, job: &mut Job) {
    job.remark(Remark::LinksLost);
    let mut open = vec![root.get("Outlines").cloned().unwrap_or(Object::Null)];
    let mut seen = HashSet::new();
    while let Some(object) = open.pop() {
        if seen.len() > MAX_REPORTED || !seen.insert(object.clone()) {
            continue;
        }
        let Object::Dict(node) = document.resolve(&object) else {
            continue;
        };
        if let Some(title) = document.at(&node, "Title") {
            job.found(What::Description, "bookmark", &text_of(&title));
        }
        open.extend(
            ["Next", "First"]
                .iter()
                .filter_map(|key| node.get(key).cloned()),
        );
    }
}

/// The text of a string (section 7.9.2) or name. Nothing for other objects.
pub(super) fn text_of(object: &Object) -> String {
    match object {
        Object::String(text) => match text.as_slice() {
            [0xfe, 0xff, rest @ ..] => {
                let units = rest.chunks_exact(2);
                let units = units.filter_map(|unit| unit.first_chunk::<2>());
                let units: Vec<u16> = units.map(|unit| u16::from_be_bytes(*unit)).collect();
                String::from_utf16_lossy(&units)
            }
            [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            latin => latin.iter().map(|&b| char::from(b)).collect(),
        },
        Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
        _ => String::new(),
    }
}
