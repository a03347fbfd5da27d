//! EPUB: numbered files in one folder, documents in one spelling, and properties that are constants.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::archive::{nested, walk};
use super::markup::{Mark, Names, read};
use super::{Fault, Views};
use crate::source::Source;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const CONTAINER: &str = "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
const IDENTIFIER: &str = "urn:uuid:00000000-0000-0000-0000-000000000000";

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let members = walk(file)?;
    let [media, container, package, items @ ..] = members.as_slice() else {
        return Err(Fault("an empty book"));
    };
    if media.name != "mimetype"
        || !media.is_stored
        || *media.open(file)? != *b"application/epub+zip"
    {
        return Err(Fault("the media type"));
    }
    let first = container.open(file)?;
    if container.name != "META-INF/container.xml"
        || first.strip_prefix(HEAD.as_bytes()) != Some(CONTAINER.as_bytes())
    {
        return Err(Fault("the container"));
    }
    if package.name != "EPUB/package.opf" {
        return Err(Fault("the package"));
    }
    let known: HashSet<&str> = items
        .iter()
        .filter_map(|m| m.name.strip_prefix("EPUB/"))
        .collect();
    if known.len() != items.len() {
        return Err(Fault("a file elsewhere"));
    }
    self::package(&package.open(file)?, &known)?;
    for item in items {
        let octets = item.open(file)?;
        let name = item.name.strip_prefix("EPUB/item").unwrap_or_default();
        let (number, extension) = name.split_once('.').ok_or(Fault("a name"))?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Fault("a name"));
        }
        match extension {
            "xhtml" => page(&octets, "h", &known, views)?,
            "ncx" => page(&octets, "ncx", &known, views)?,
            "css" => sheet(
                str::from_utf8(&octets).map_err(|_| Fault("not UTF-8"))?,
                &known,
                views,
            )?,
            _ => {
                nested(&octets, views)?;
            }
        }
    }
    Ok(())
}

fn package(octets: &[u8], known: &HashSet<&str>) -> Result<(), Fault> {
    let plain = |text: &str| {
        text.len() <= 64
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" -/+.".contains(&b))
    };
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Close => Ok(()),
        Mark::Open("item", attributes) => {
            let fine = attributes.iter().all(|(key, value)| match *key {
                "href" => known.contains(value.as_str()),
                "id" | "media-type" | "properties" => plain(value),
                _ => false,
            });
            if fine { Ok(()) } else { Err(Fault("an item")) }
        }
        Mark::Open(
            "package" | "metadata" | "manifest" | "spine" | "itemref" | "dc:identifier"
            | "dc:title" | "dc:language" | "meta",
            attributes,
        ) => {
            let fine = attributes.iter().all(|(key, value)| match *key {
                "xmlns" | "xmlns:dc" => {
                    value.starts_with("http://www.idpf.org/")
                        || value.starts_with("http://purl.org/dc/")
                }
                "property" => value == "dcterms:modified" || value.starts_with("rendition:"),
                "id"
                | "idref"
                | "toc"
                | "version"
                | "unique-identifier"
                | "linear"
                | "page-progression-direction" => plain(value),
                _ => false,
            });
            if fine {
                Ok(())
            } else {
                Err(Fault("a property"))
            }
        }
        Mark::Text("dc:identifier", text) if text == IDENTIFIER => Ok(()),
        Mark::Text("dc:title", text) if text == "Book" => Ok(()),
        Mark::Text("dc:language", text) if plain(text) => Ok(()),
        Mark::Text("meta", text) if text == "1980-01-01T00:00:00Z" || plain(text) => Ok(()),
        _ => Err(Fault("the package")),
    })
}

fn names(default: &str) -> &'static Names {
    static PAGES: OnceLock<Names> = OnceLock::new();
    static LISTS: OnceLock<Names> = OnceLock::new();
    let (names, default) = if default == "h" {
        (&PAGES, "h")
    } else {
        (&LISTS, "ncx")
    };
    names.get_or_init(|| Names::from_list(include_str!("../document/names/epub.names"), default))
}

fn page(
    octets: &[u8],
    default: &str,
    known: &HashSet<&str>,
    views: &mut Views<'_>,
) -> Result<(), Fault> {
    let names = names(default);
    let mut sheets = Vec::new();
    read(octets, HEAD, &mut |mark| match mark {
        Mark::Open(name, attributes) => {
            if !names.has_element(name) {
                return Err(Fault("an element"));
            }
            let prefix = name.split_once(':').map_or(default, |(prefix, _)| prefix);
            for (key, value) in *attributes {
                if *key == "xmlns" || key.starts_with("xmlns:") {
                    if !value.starts_with("http://www.") {
                        return Err(Fault("a declaration"));
                    }
                    continue;
                }
                if names.attribute(prefix, key).is_none()
                    && !matches!((prefix, *key), ("h" | "ncx", "name" | "content" | "id"))
                {
                    return Err(Fault("an attribute"));
                }
                match *key {
                    "href" | "src" | "poster" | "xlink:href" => link(value, known, views)?,
                    "alt" if !value.is_empty() => return Err(Fault("an alternative text")),
                    "style" => sheets.push(value.clone()),
                    "name"
                        if *name == "meta" && !matches!(value.as_str(), "viewport" | "dtb:uid") =>
                    {
                        return Err(Fault("a property"));
                    }
                    "id" | "name" if *name != "meta" && !is_ours(value) => {
                        return Err(Fault("the name of a place"));
                    }
                    _ => views.text(value),
                }
            }
            Ok(())
        }
        Mark::Text("title", text) if text != "Book" => Err(Fault("a title")),
        Mark::Text("style", text) => {
            sheets.push(text.clone());
            Ok(())
        }
        Mark::Text(_, text) => {
            views.text(text);
            Ok(())
        }
        Mark::Close => Ok(()),
    })?;
    sheets
        .iter()
        .try_for_each(|sheet| self::sheet(sheet, known, views))
}

fn is_ours(name: &str) -> bool {
    let number = name.strip_prefix(['p', 'n']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

fn link(target: &str, known: &HashSet<&str>, views: &mut Views<'_>) -> Result<(), Fault> {
    views.text(target);
    let (path, place) = target.split_once('#').unwrap_or((target, "p0"));
    let scheme = target
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_web = target.contains(':')
        && ["http", "https", "mailto", "ftp", "tel", "sms"].contains(&scheme.as_str());
    let is_within = (path.is_empty() || known.contains(path)) && is_ours(place);
    if is_web || is_within {
        Ok(())
    } else {
        Err(Fault("a link"))
    }
}

/// No comments, nothing that is loaded from elsewhere.
fn sheet(sheet: &str, known: &HashSet<&str>, views: &mut Views<'_>) -> Result<(), Fault> {
    views.text(sheet);
    let lower = sheet.to_ascii_lowercase();
    if ["/*", "@import", "@font-face", "@charset", "@namespace"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return Err(Fault("a rule"));
    }
    for (at, _) in lower.match_indices("url(") {
        let inner = sheet.get(at + 4..).unwrap_or_default();
        let address = inner.split(')').next().unwrap_or_default();
        if !known.contains(address.split('#').next().unwrap_or_default()) {
            return Err(Fault("an address"));
        }
    }
    Ok(())
}
