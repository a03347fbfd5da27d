//! Octets to a tree.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape_with};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use zeroize::Zeroizing;

use super::{Attribute, Element, Node, Space, UNKNOWN};
use crate::Refusal;

/// Elements within elements: more than any program writes, and few enough for every stack.
const MAX_DEPTH: usize = 256;

/// The octets of a document as UTF-8 text.
///
/// # Errors
/// [`Refusal::Damaged`]; [`Refusal::Unsupported`] for encodings other than UTF-8 and UTF-16.
pub(crate) fn decode(octets: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let units = match octets {
        [0xEF, 0xBB, 0xBF, text @ ..] => return utf8(text),
        [0xFE, 0xFF, units @ ..] => utf16(units, u16::from_be_bytes),
        [0xFF, 0xFE, units @ ..] => utf16(units, u16::from_le_bytes),
        [0, b'<', ..] => utf16(octets, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(octets, u16::from_le_bytes),
        _ => return utf8(octets),
    };
    let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    text.map(Cow::Owned).ok_or(Refusal::Damaged)
}

fn utf8(octets: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let text = str::from_utf8(octets);
    text.map(Cow::Borrowed)
        .map_err(|_| Refusal::Unsupported("XML that is not UTF-8"))
}

fn utf16(octets: &[u8], order: fn([u8; 2]) -> u16) -> impl Iterator<Item = u16> {
    let units = octets.chunks_exact(2);
    units.map(move |unit| order(unit.try_into().unwrap_or_default()))
}

/// Reads a document into a tree. Comments, processing instructions and the document type are left out; an entity
/// must be one of XML's or HTML's.
///
/// # Errors
/// [`Refusal::Damaged`] when it is not well-formed, [`Refusal::TooDeep`].
pub(crate) fn parse<'a>(text: &'a str, spaces: &'static [Space]) -> Result<Element<'a>, Refusal> {
    let mut reader = Reader::from_str(text);
    let mut parser = Parser {
        spaces,
        declared: vec![("xml", "xml", 0)],
        open: Vec::new(),
        root: None,
    };
    let mut at = 0;
    loop {
        let event = reader.read_event().map_err(|_| Refusal::Damaged)?;
        // An event borrows from the text, but does not say so: the piece is taken from the text again.
        let end = usize::try_from(reader.buffer_position()).map_err(|_| Refusal::Damaged)?;
        let piece = text.get(at..end).unwrap_or_default();
        at = end;
        match event {
            Event::Start(_) => parser.start(piece)?,
            Event::Empty(_) => {
                parser.start(piece)?;
                parser.end()?;
            }
            Event::End(_) => parser.end()?,
            Event::Text(text) => parser.text(text.html_content().map_err(|_| Refusal::Damaged)?),
            Event::CData(text) => parser.text(text.html_content().map_err(|_| Refusal::Damaged)?),
            Event::GeneralRef(reference) => parser.reference(&reference)?,
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if !parser.open.is_empty() {
        return Err(Refusal::Damaged);
    }
    parser.root.ok_or(Refusal::Damaged)
}

struct Parser<'a> {
    spaces: &'static [Space],
    /// Prefixes, what they are written as, and how deep they were declared.
    declared: Vec<(&'a str, &'static str, usize)>,
    open: Vec<Element<'a>>,
    root: Option<Element<'a>>,
}

impl<'a> Parser<'a> {
    fn start(&mut self, piece: &'a str) -> Result<(), Refusal> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        if self.root.is_some() {
            return Err(Refusal::Damaged);
        }
        let tag = piece.strip_prefix('<').ok_or(Refusal::Damaged)?;
        let tag = tag.strip_suffix('>').ok_or(Refusal::Damaged)?;
        let tag = tag.strip_suffix('/').unwrap_or(tag);
        let name_len = tag
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(tag.len());
        let (name, _) = tag.split_at_checked(name_len).ok_or(Refusal::Damaged)?;
        let depth = self.open.len() + 1;
        let mut plain = Vec::new();
        for attribute in Attributes::new(tag, name_len) {
            let attribute = attribute.map_err(|_| Refusal::Damaged)?;
            let key = str::from_utf8(attribute.key.into_inner()).map_err(|_| Refusal::Damaged)?;
            let value = value(attribute.value)?;
            match key.strip_prefix("xmlns") {
                Some("") => self.declared.push(("", self.known(&value), depth)),
                Some(rest) if rest.starts_with(':') => {
                    let prefix = rest.get(1..).unwrap_or_default();
                    self.declared.push((prefix, self.known(&value), depth));
                }
                _ => plain.push((key, value)),
            }
        }
        let (prefix, local) = self.resolve(name, true)?;
        let mut element = Element::new(prefix, local);
        element.attributes.reserve_exact(plain.len());
        for (key, value) in plain {
            let (prefix, local) = self.resolve(key, false)?;
            element.attributes.push(Attribute {
                prefix,
                local: Cow::Borrowed(local),
                value,
            });
        }
        self.open.push(element);
        Ok(())
    }

    /// What a namespace is written as.
    fn known(&self, name: &str) -> &'static str {
        let is_it = |space: &&Space| space.1.contains(&name);
        match self.spaces.iter().find(is_it) {
            Some(space) => space.0,
            None if name.is_empty() => "",
            None => UNKNOWN,
        }
    }

    /// A name without a prefix is in the default namespace when it is an element's, and in none otherwise.
    fn resolve(&self, name: &'a str, is_element: bool) -> Result<(&'static str, &'a str), Refusal> {
        let (prefix, local) = match name.split_once(':') {
            Some(("", _) | (_, "")) => return Err(Refusal::Damaged),
            Some(split) => split,
            None if !is_element => return Ok(("", name)),
            None => ("", name),
        };
        let declared = self.declared.iter().rev().find(|d| d.0 == prefix);
        match declared {
            Some(&(_, canonical, _)) => Ok((canonical, local)),
            None if prefix.is_empty() => Ok(("", local)),
            None => Ok((UNKNOWN, local)),
        }
    }

    fn end(&mut self) -> Result<(), Refusal> {
        let depth = self.open.len();
        while self.declared.last().is_some_and(|d| d.2 >= depth) {
            self.declared.pop();
        }
        let element = self.open.pop().ok_or(Refusal::Damaged)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Pieces of text that follow each other are one text.
    fn text(&mut self, text: Cow<'a, str>) {
        let Some(element) = self.open.last_mut() else {
            return;
        };
        if let Some(Node::Text(before)) = element.children.last_mut() {
            before.to_mut().push_str(&text);
        } else if !text.is_empty() {
            element.children.push(Node::Text(text));
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Refusal> {
        let character = reference.resolve_char_ref();
        if let Some(character) = character.map_err(|_| Refusal::Damaged)? {
            self.text(Cow::Owned(allowed(character)?.to_string()));
            return Ok(());
        }
        let name = reference.decode().map_err(|_| Refusal::Damaged)?;
        self.text(Cow::Borrowed(
            resolve_predefined_entity(&name).ok_or(Refusal::Damaged)?,
        ));
        Ok(())
    }
}

/// Characters that XML 1.0 has.
fn allowed(character: char) -> Result<char, Refusal> {
    let is_control = character < ' ' && !matches!(character, '\t' | '\n' | '\r');
    if is_control || matches!(character, '\u{FFFE}' | '\u{FFFF}') {
        return Err(Refusal::Damaged);
    }
    Ok(character)
}

/// The value of an attribute: white space in it is a space, unless it is written as a reference.
fn value(raw: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Refusal> {
    let Cow::Borrowed(raw) = raw else {
        return Err(Refusal::Damaged);
    };
    let raw = str::from_utf8(raw).map_err(|_| Refusal::Damaged)?;
    if !raw.contains(['&', '\t', '\r', '\n', '<']) {
        return Ok(Cow::Borrowed(raw));
    }
    let raw = Zeroizing::new(raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " "));
    let value = unescape_with(&raw, resolve_predefined_entity).map_err(|_| Refusal::Damaged)?;
    for character in value.chars() {
        allowed(character)?;
    }
    Ok(Cow::Owned(value.into_owned()))
}
