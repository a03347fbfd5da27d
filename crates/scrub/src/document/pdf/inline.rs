//! Pictures within content streams (ISO 32000-1, section 8.9.7).

use zeroize::Zeroizing;

use super::build::Builder;
use super::file::{Document, MAX_STREAM};
use super::filter;
use super::lexer::{Lexer, Token, is_space};
use super::object::{Dict, Name, Object, Stream};

/// Octets after a would-be end of a picture that have to look like content.
const LOOK_AHEAD: usize = 12;

/// Reads a picture whose `BI` was read, to behind its `EI`. Its keys and values are spelled out.
pub(super) fn read(document: &Document<'_>, lexer: &mut Lexer<'_>, resources: &Dict) -> Stream {
    let mut dict = Dict::default();
    loop {
        let before = lexer.at;
        match lexer.token() {
            Some(Token::Name(key)) => {
                if let Some(value) = lexer.object(false) {
                    let key = full_key(key);
                    let value = full_value(&key, value, document, resources);
                    dict.insert(key, value);
                }
            }
            Some(Token::Word(b"ID")) | None => break,
            Some(Token::Word(b"EI")) => {
                lexer.at = before;
                break;
            }
            Some(_) => {}
        }
    }
    if lexer.peek().is_some_and(is_space) {
        lexer.at += 1;
    }
    let rest = lexer.rest();
    let len = exact(document, &dict, rest, resources).filter(|&len| ends_at(rest, len).is_some());
    let len = len.unwrap_or_else(|| search(rest));
    lexer.at += ends_at(rest, len).unwrap_or(rest.len());
    let data = rest.get(..len).unwrap_or_default().to_vec();
    Builder::made(dict, Zeroizing::new(data))
}

fn full_key(key: Name) -> Name {
    let full: &[u8] = match key.as_slice() {
        b"BPC" => b"BitsPerComponent",
        b"CS" => b"ColorSpace",
        b"D" => b"Decode",
        b"DP" => b"DecodeParms",
        b"F" => b"Filter",
        b"H" => b"Height",
        b"IM" => b"ImageMask",
        b"I" => b"Interpolate",
        b"W" => b"Width",
        _ => return key,
    };
    full.to_vec()
}

fn full_value(key: &[u8], value: Object, document: &Document<'_>, resources: &Dict) -> Object {
    if key != b"ColorSpace" {
        return value;
    }
    match value {
        Object::Name(name) => {
            let full = full_space(&name);
            let spaces = document.dict_at(resources, "ColorSpace");
            let own = spaces
                .as_ref()
                .and_then(|spaces| spaces.named(&name))
                .cloned();
            own.unwrap_or(Object::Name(full))
        }
        Object::Array(items) => {
            let spelled = items.iter().map(|item| match item {
                Object::Name(name) => Object::Name(full_space(name)),
                other => other.clone(),
            });
            Object::array(spelled.collect())
        }
        other => other,
    }
}

fn full_space(name: &[u8]) -> Name {
    let full: &[u8] = match name {
        b"G" => b"DeviceGray",
        b"RGB" => b"DeviceRGB",
        b"CMYK" => b"DeviceCMYK",
        b"I" => b"Indexed",
        other => other,
    };
    full.to_vec()
}

/// How long the picture is by what its dictionary says.
fn exact(document: &Document<'_>, dict: &Dict, rest: &[u8], resources: &Dict) -> Option<usize> {
    let filter = match dict.get("Filter") {
        None => return super::image::expected(document, dict, resources),
        Some(Object::Array(filters)) => match filters.first() {
            None => return super::image::expected(document, dict, resources),
            Some(filter) => filter.clone(),
        },
        Some(filter) => filter.clone(),
    };
    match filter.as_name()? {
        b"Fl" | b"FlateDecode" => filter::inflate(rest, MAX_STREAM).ok()?.1,
        b"A85" | b"ASCII85Decode" => Some(super::xref::find(rest, b"~>")? + 2),
        b"AHx" | b"ASCIIHexDecode" => Some(rest.iter().position(|&b| b == b'>')? + 1),
        _ => None,
    }
}

/// The position behind an `EI` that stands at `len`, maybe after white space and an end of data.
fn ends_at(rest: &[u8], len: usize) -> Option<usize> {
    let mut at = len;
    while at < len.saturating_add(8) {
        match rest.get(at..)? {
            [b'E', b'I'] => return Some(at + 2),
            [b'E', b'I', next, ..] if !next.is_ascii_alphanumeric() => return Some(at + 2),
            [space, ..] if is_space(*space) => at += 1,
            _ => return None,
        }
    }
    None
}

/// The length up to the first `EI` that stands between white space and before what looks like content.
fn search(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = super::xref::find(rest.get(at..).unwrap_or_default(), b"EI") {
        let found = at + next;
        let before = found.checked_sub(1).and_then(|at| rest.get(at)).copied();
        let after = rest.get(found + 2..).unwrap_or_default();
        let after = after.get(..after.len().min(LOOK_AHEAD)).unwrap_or_default();
        let separate = after.first().is_none_or(|&b| is_space(b));
        let is_content = |b: &u8| is_space(*b) && *b != 0 || (0x20..0x7f).contains(b);
        if before.is_none_or(is_space) && separate && after.iter().all(is_content) {
            return found.saturating_sub(1);
        }
        at = found + 2;
    }
    rest.len()
}
