//! Reads XML in the one spelling that is written, octet by octet, and accepts no other.
//!
//! Tags, attributes in quotation marks and text with five references: that is all there is. A comment, a processing
//! instruction, a second space or an entity is a fault.

use std::collections::HashSet;

use super::Fault;

/// What the reader shows while it reads.
pub(super) enum Mark<'a> {
    /// An element begins, with its attributes in order.
    Open(&'a str, &'a [(&'a str, String)]),
    Text(&'a str, String),
    Close,
}

/// Elements within elements.
const DEEPEST: usize = 256;

/// Reads a document that begins with `head`.
pub(super) fn read(
    octets: &[u8],
    head: &str,
    show: &mut dyn FnMut(&Mark<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let text = str::from_utf8(octets).map_err(|_| Fault("not UTF-8"))?;
    let mut rest = text
        .strip_prefix(head)
        .ok_or(Fault("the head of a document"))?;
    let mut open: Vec<&str> = Vec::new();
    loop {
        let Some(after) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (now, later) = rest.split_at(end);
            let Some(inside) = open.last() else {
                return if rest.is_empty() {
                    Ok(())
                } else {
                    Err(Fault("text outside"))
                };
            };
            show(&Mark::Text(inside, plain(now, false)?))?;
            rest = later;
            if rest.is_empty() {
                return Err(Fault("an end that is missing"));
            }
            continue;
        };
        let end = after.find('>').ok_or(Fault("a tag"))?;
        let (tag, later) = after.split_at(end);
        rest = later.get(1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(Fault("an end tag"));
            }
            show(&Mark::Close)?;
        } else {
            let (tag, is_empty) = tag
                .strip_suffix('/')
                .map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = attributes(tag)?;
            show(&Mark::Open(name, &attributes))?;
            if is_empty {
                show(&Mark::Close)?;
            } else {
                open.push(name);
            }
            if open.len() > DEEPEST {
                return Err(Fault("too deep"));
            }
        }
        if open.is_empty() {
            return if rest.is_empty() {
                Ok(())
            } else {
                Err(Fault("octets after the document"))
            };
        }
    }
}

fn attributes(tag: &str) -> Result<(&str, Vec<(&str, String)>), Fault> {
    let end = tag.find(' ').unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    if !is_name(name) {
        return Err(Fault("a name"));
    }
    let mut attributes: Vec<(&str, String)> = Vec::new();
    while !rest.is_empty() {
        let after = rest.strip_prefix(' ').ok_or(Fault("a space"))?;
        let (key, after) = after.split_once("=\"").ok_or(Fault("an attribute"))?;
        let (value, after) = after.split_once('"').ok_or(Fault("an attribute"))?;
        if !is_name(key) || attributes.iter().any(|(known, _)| *known == key) {
            return Err(Fault("an attribute"));
        }
        attributes.push((key, plain(value, true)?));
        rest = after;
    }
    Ok((name, attributes))
}

fn is_name(name: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-' | b'.');
    !name.is_empty() && name.bytes().all(is_letter)
}

/// The text behind an escaped one.
fn plain(escaped: &str, in_value: bool) -> Result<String, Fault> {
    let mut plain = String::with_capacity(escaped.len());
    let mut pieces = escaped.split('&');
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (reference, after) = piece.split_once(';').ok_or(Fault("a reference"))?;
        plain.push(match reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" if in_value => '"',
            "#9" if in_value => '\t',
            "#10" if in_value => '\n',
            "#13" => '\r',
            _ => return Err(Fault("a reference")),
        });
        plain.push_str(after);
    }
    let is_raw = |c: char| c < ' ' && !matches!(c, '\t' | '\n') || c == '>';
    if escaped.contains(is_raw) || (in_value && escaped.contains(['\t', '\n'])) {
        return Err(Fault("a character"));
    }
    Ok(plain)
}

/// The names that a family of documents may use: of elements, of attributes, and of those that are free text.
pub(super) struct Names {
    elements: HashSet<String>,
    attributes: HashSet<String>,
    texts: HashSet<String>,
}

impl Names {
    /// Reads them from the list of the family. `default` is the prefix that elements are written without.
    pub(super) fn from_list(list: &str, default: &str) -> Self {
        let mut names = Self {
            elements: HashSet::new(),
            attributes: HashSet::new(),
            texts: HashSet::new(),
        };
        let mut heading = (String::new(), "");
        for line in list.lines() {
            if let Some(indented) = line.strip_prefix(' ') {
                for word in indented.split_whitespace() {
                    let key = format!("{} {word}", heading.0);
                    match heading.1 {
                        "elements" if heading.0 == default => {
                            names.elements.insert(word.to_owned())
                        }
                        "elements" => names.elements.insert(format!("{}:{word}", heading.0)),
                        "texts" => names.texts.insert(key),
                        _ => names.attributes.insert(key),
                    };
                }
            } else if let Some((prefix, what)) = line.split_once(' ') {
                heading = (prefix.to_owned(), what.trim());
            }
        }
        names
    }

    pub(super) fn has_element(&self, name: &str) -> bool {
        self.elements.contains(name)
    }

    /// Whether an element of that prefix may have the attribute, and whether its value is free text.
    pub(super) fn attribute(&self, prefix: &str, name: &str) -> Option<bool> {
        let key = format!("{prefix} {name}");
        if self.texts.contains(&key) {
            return Some(true);
        }
        self.attributes.contains(&key).then_some(false)
    }
}
