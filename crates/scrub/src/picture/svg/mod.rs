//! SVG: elements and attributes that draw, under new names (SVG 1.1 and 2).
//!
//! Ids and classes carry names that people gave, so they become `id1`, `c1` and so on, and those that nothing refers to
//! go. Text stays; so do the pictures in a drawing, each scrubbed by its own kind. Scripts, what is loaded from
//! elsewhere, and everything that editors write about themselves go.

mod css;
mod names;
mod read;
mod refs;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use zeroize::Zeroizing;

use self::names::{FEATURES, FILTER_INPUTS, NUMERIC, SVG, XLINK};
use self::read::Piece;
use self::refs::{Names, Value};
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;

/// Octets of a drawing. It is read whole.
const MAX_DRAWING: usize = 64 << 20;

/// How often a drawing is written again at most, until nothing changes.
const MAX_ROUNDS: usize = 4;

/// Plans the clean file.
pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let bytes = file.read(0..file.len(), MAX_DRAWING)?;
    let text = Zeroizing::new(decoded(&bytes)?);
    let mut clean = Zeroizing::new(written(&text, job)?);
    // A name may have been kept for a rule that then went: what is clean comes out of this as it went in.
    for _ in 0..MAX_ROUNDS {
        let again = Zeroizing::new(written(&clean, &mut Job::new())?);
        if again == clean {
            return Ok(Plan::made(std::mem::take(&mut *clean).into_bytes().into()));
        }
        clean = again;
    }
    Err(Refusal::Unsupported("names that name each other"))
}

/// The drawing in its one form.
fn written(text: &str, job: &mut Job) -> Result<String, Refusal> {
    let pieces = read::read(text, job)?;
    let mut names = Names::new(job);
    // First only to learn which ids something refers to.
    write(&pieces, &mut names, true)?;
    let ids = pieces.iter().filter_map(|piece| match piece {
        Piece::Open(_, attributes) => attributes.get("id").map(String::as_str),
        _ => None,
    });
    names.number(ids);
    write(&pieces, &mut names, false)
}

/// The text of a file in UTF-8 or UTF-16.
fn decoded(bytes: &[u8]) -> Result<String, Refusal> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units = bytes.get(2..).unwrap_or_default().chunks_exact(2);
        let units = units.filter_map(|pair| Some(order(pair.try_into().ok()?)));
        char::decode_utf16(units).collect::<Result<String, _>>()
    };
    let text = match bytes {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes).map_err(|_| Refusal::Damaged)?,
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes).map_err(|_| Refusal::Damaged)?,
        text => utf8(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text))?,
    };
    Ok(text)
}

fn utf8(text: &[u8]) -> Result<String, Refusal> {
    match str::from_utf8(text) {
        Ok(text) => Ok(text.to_owned()),
        // Latin-1, as old programs wrote it and said so.
        Err(_) if says_latin(text) => Ok(text.iter().map(|&b| char::from(b)).collect()),
        Err(_) => Err(Refusal::Unsupported("the encoding of a drawing")),
    }
}

fn says_latin(text: &[u8]) -> bool {
    let head = text
        .get(..100.min(text.len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    head.windows(10).any(|w| w == b"iso-8859-1")
}

/// Writes the drawing in its one form.
fn write(pieces: &[Piece], names: &mut Names<'_>, is_gathering: bool) -> Result<String, Refusal> {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut results: BTreeMap<String, String> = BTreeMap::new();
    // Style sheets name the classes that elements then have.
    let mut sheets = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if let (Piece::Open(name, _), Some(Piece::Text(text))) = (piece, pieces.get(at + 1))
            && name == "style"
        {
            sheets.push(names.sheet(text)?);
        }
    }
    let mut sheets = sheets.into_iter();
    let mut is_open_tag = false;
    for piece in pieces {
        match piece {
            Piece::Open(name, attributes) => {
                if is_open_tag {
                    out.push('>');
                }
                is_open_tag = true;
                out.push('<');
                out.push_str(name);
                if open.is_empty() {
                    let _ = write!(out, " xmlns=\"{SVG}\"");
                    if uses_xlink(pieces) {
                        let _ = write!(out, " xmlns:xlink=\"{XLINK}\"");
                    }
                }
                if name == "filter" {
                    results.clear();
                }
                for (attribute, value) in attributes {
                    let value =
                        rewritten(names, &mut results, (name, attributes), (attribute, value))?;
                    if let Some(value) = value.filter(|value| !is_gathering && !value.is_empty()) {
                        let _ = write!(out, " {attribute}=\"{}\"", escaped(&value, true));
                    }
                }
                open.push(name);
            }
            Piece::Text(text) => {
                let sheet =
                    (open.last() == Some(&"style")).then(|| sheets.next().unwrap_or_default());
                let text = sheet.as_ref().unwrap_or(text);
                if text.is_empty() {
                    continue;
                }
                if is_open_tag {
                    out.push('>');
                }
                is_open_tag = false;
                out.push_str(&escaped(text, false));
            }
            Piece::Close => {
                let name = open.pop().unwrap_or_default();
                if is_open_tag {
                    out.push_str("/>");
                } else {
                    let _ = write!(out, "</{name}>");
                }
                is_open_tag = false;
            }
        }
    }
    Ok(out)
}

fn uses_xlink(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| {
        matches!(piece, Piece::Open(_, attributes) if attributes.contains_key("xlink:href"))
    })
}

/// An attribute's value in its one form, or nothing when it does not stay.
fn rewritten(
    names: &mut Names<'_>,
    results: &mut BTreeMap<String, String>,
    (element, attributes): (&str, &BTreeMap<String, String>),
    (name, value): (&str, &str),
) -> Result<Option<String>, Refusal> {
    let animates_link = || {
        let animated = attributes.get("attributeName");
        animated.is_some_and(|name| name.ends_with("href"))
    };
    Ok(match name {
        "id" => names.known_id(value),
        "class" => {
            let classes = value
                .split_whitespace()
                .filter_map(|old| names.class(old, false));
            Some(classes.collect::<Vec<_>>().join(" ")).filter(|list| !list.is_empty())
        }
        "style" => {
            let (text, _) = css::without_comments(value);
            Some(names.declarations(&text)?).filter(|list| !list.is_empty())
        }
        "href" | "xlink:href" => names.link(element, value)?,
        "begin" | "end" => names.times(value),
        "from" | "to" | "by" | "values" if animates_link() => {
            let links = value.split(';').map(|link| names.link(element, link));
            let links = links.collect::<Result<Option<Vec<_>>, _>>()?;
            links.map(|links| links.join(";"))
        }
        "result" => Some(step(results, value)),
        "in" | "in2" if !FILTER_INPUTS.contains(&value) => Some(value)
            .filter(|v| results.contains_key(*v))
            .map(|v| step(results, v)),
        "d" | "path" => Some(path(value).to_owned()),
        "xml:space" => {
            Some(value.to_owned()).filter(|v| matches!(v.as_str(), "preserve" | "default"))
        }
        "version" => {
            Some(value.to_owned()).filter(|v| matches!(v.as_str(), "1.0" | "1.1" | "1.2" | "2.0"))
        }
        "type" if element == "style" => Some("text/css".to_owned()),
        "requiredFeatures" => Some(features(value)),
        "glyph-name" | "g1" | "g2" => None,
        _ if NUMERIC.contains(&name) => {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || " +-.,;()%".contains(c);
            match value.find(|c| !is_plain(c)) {
                None => Some(value.trim().to_owned()),
                Some(_) if value.contains("var(") || value.contains("calc(") => {
                    names.value(&Value::Attribute, value)?
                }
                Some(_) => None,
            }
        }
        _ => names.value(&Value::Attribute, value)?,
    })
}

/// The features of the standard that a drawing asks for.
fn features(value: &str) -> String {
    let is_standard = |feature: &&str| {
        let name = feature.strip_prefix("http://www.w3.org/TR/SVG11/feature#");
        name.is_some_and(|name| FEATURES.contains(&name))
    };
    let known = value.split_whitespace().filter(is_standard);
    known.collect::<Vec<_>>().join(" ")
}

/// The new name of a step of a filter.
fn step(results: &mut BTreeMap<String, String>, old: &str) -> String {
    let new = format!("r{}", results.len() + 1);
    results.entry(old.to_owned()).or_insert(new).clone()
}

/// A path up to where it breaks the rules: further it is not drawn (SVG 1.1, section F.2).
fn path(value: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_digit() || "MmZzLlHhVvCcSsQqTtAaEe+-., ".contains(c);
    let end = value.find(|c| !is_plain(c)).unwrap_or(value.len());
    value.get(..end).unwrap_or_default().trim()
}

fn escaped(text: &str, in_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' if in_attribute => {
                let _ = write!(out, "&#{};", u32::from(char));
            }
            _ => out.push(char),
        }
    }
    out
}
