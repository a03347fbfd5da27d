//! Where the objects stand: tables, streams of them, and a search when they are damaged (ISO 32000-1, section 7.5.4).

use std::collections::{HashMap, HashSet};

use super::filter;
use super::lexer::{Lexer, Token, is_space};
use super::object::{Dict, Object};

/// Objects that a file may have.
const MAX_OBJECTS: usize = 1 << 21;
/// How far from the end `startxref` is looked for.
const TAIL: usize = 4096;

#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    Offset(usize),
    /// In the stream of objects of that number.
    Packed(u32),
}

#[derive(Default)]
pub(super) struct Xref {
    pub(super) entries: HashMap<u32, Entry>,
    pub(super) trailer: Dict,
    /// After a search: the streams of objects, the newest first.
    pub(super) packed_streams: Vec<u32>,
    /// Sections that replace entries of older ones.
    pub(super) sections: usize,
    free: HashSet<u32>,
}

impl Xref {
    fn enter(&mut self, number: u32, entry: Option<Entry>) -> Option<()> {
        if self.free.contains(&number) || self.entries.contains_key(&number) {
            return Some(());
        }
        if self.entries.len() + self.free.len() >= MAX_OBJECTS {
            return None;
        }
        match entry {
            Some(entry) => {
                self.entries.insert(number, entry);
            }
            None => {
                self.free.insert(number);
            }
        }
        Some(())
    }

    pub(super) fn offsets(self) -> HashMap<u32, usize> {
        let entries = self.entries.into_iter();
        let offsets = entries.filter_map(|(number, entry)| match entry {
            Entry::Offset(at) => Some((number, at)),
            Entry::Packed(_) => None,
        });
        offsets.collect()
    }
}

/// The position of `needle` in `bytes`.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, _) = needle.split_first()?;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|&b| b == first)?;
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

/// The positions of `needle` in `bytes`.
pub(super) fn find_all(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(next) = find(bytes.get(at..).unwrap_or_default(), needle) {
        all.push(at + next);
        at += next + 1;
    }
    all
}

/// `n g obj`.
pub(super) fn object_header(lexer: &mut Lexer<'_>) -> Option<(u32, u16)> {
    let Token::Number(Object::Int(number)) = lexer.token()? else {
        return None;
    };
    let Token::Number(Object::Int(generation)) = lexer.token()? else {
        return None;
    };
    lexer.skip_space();
    if !lexer.rest().starts_with(b"obj") {
        return None;
    }
    lexer.at += 3;
    Some((u32::try_from(number).ok()?, u16::try_from(generation).ok()?))
}

/// Follows the tables from the end of the file. Nothing when one is damaged.
pub(super) fn read(bytes: &[u8]) -> Option<Xref> {
    let tail = bytes.len().saturating_sub(TAIL);
    let last = *find_all(bytes.get(tail..)?, b"startxref").last()?;
    let mut lexer = Lexer::new(bytes, tail + last + 9);
    let Token::Number(at) = lexer.token()? else {
        return None;
    };
    let mut xref = Xref::default();
    let mut seen = HashSet::new();
    let mut next = Some(usize::try_from(at.as_int()?).ok()?);
    while let Some(at) = next.take() {
        if !seen.insert(at) {
            break;
        }
        let trailer = section(bytes, at, &mut xref)?;
        if let Some(previous) = trailer.get("Prev") {
            next = Some(usize::try_from(previous.as_int()?).ok()?);
        }
        xref.sections += 1;
        for (key, value) in trailer.iter() {
            if !xref.trailer.iter().any(|(k, _)| k == key) {
                xref.trailer.insert(key.clone(), value.clone());
            }
        }
    }
    Some(xref)
}

/// Reads one table or stream of entries: its trailer.
fn section(bytes: &[u8], at: usize, xref: &mut Xref) -> Option<Dict> {
    let mut lexer = Lexer::new(bytes, at);
    lexer.skip_space();
    if !lexer.rest().starts_with(b"xref") {
        return stream(bytes, at, xref);
    }
    lexer.at += 4;
    let mut late = Vec::new();
    loop {
        let first = match lexer.token()? {
            Token::Number(first) => u32::try_from(first.as_int()?).ok()?,
            Token::Word(b"trailer") => break,
            _ => return None,
        };
        let Token::Number(count) = lexer.token()? else {
            return None;
        };
        for index in 0..u32::try_from(count.as_int()?).ok()? {
            let Token::Number(at) = lexer.token()? else {
                return None;
            };
            let Token::Number(_) = lexer.token()? else {
                return None;
            };
            let number = first.checked_add(index)?;
            match lexer.token()? {
                Token::Word(b"n") => {
                    let at = usize::try_from(at.as_int()?).ok()?;
                    xref.enter(number, Some(Entry::Offset(at)))?;
                }
                Token::Word(b"f") => late.push(number),
                _ => return None,
            }
        }
    }
    let Some(Object::Dict(trailer)) = lexer.object(true) else {
        return None;
    };
    let also = trailer.get("XRefStm").and_then(Object::as_int);
    let also = also.and_then(|at| usize::try_from(at).ok());
    // Of a hybrid file the stream may still have what the table calls free.
    if let Some(also) = also {
        stream(bytes, also, xref)?;
    }
    for number in late {
        xref.enter(number, None)?;
    }
    Some(trailer)
}

/// Reads a stream of entries (section 7.5.8).
fn stream(bytes: &[u8], at: usize, xref: &mut Xref) -> Option<Dict> {
    let mut lexer = Lexer::new(bytes, at);
    object_header(&mut lexer)?;
    let Some(Object::Dict(dict)) = lexer.object(true) else {
        return None;
    };
    let data = filter::plain_stream(bytes, &mut lexer, &dict)?;
    let int = |object: &Object| object.as_int().and_then(|i| usize::try_from(i).ok());
    let widths: Vec<usize> = dict.get("W")?.as_array()?.iter().map_while(int).collect();
    let &[kind, second, third] = widths.as_slice() else {
        return None;
    };
    let width = kind.checked_add(second)?.checked_add(third)?;
    if width == 0 || width > 32 {
        return None;
    }
    let size = dict.get("Size").and_then(int)?;
    let index = dict.get("Index").and_then(Object::as_array);
    let index: Vec<usize> = index.map_or(vec![0, size], |i| i.iter().map_while(int).collect());
    let mut rows = data.chunks_exact(width);
    for pair in index.chunks_exact(2) {
        let &[first, count] = pair else { return None };
        for (number, row) in (first..first.checked_add(count)?).zip(rows.by_ref()) {
            let field = |from: usize, len: usize| {
                let octets = row.get(from..from + len).unwrap_or_default();
                octets.iter().fold(0_usize, |n, &b| n << 8 | usize::from(b))
            };
            let number = u32::try_from(number).ok()?;
            let value = field(kind, second);
            match if kind == 0 { 1 } else { field(0, kind) } {
                0 => xref.enter(number, None)?,
                1 => xref.enter(number, Some(Entry::Offset(value)))?,
                2 => xref.enter(number, Some(Entry::Packed(u32::try_from(value).ok()?)))?,
                _ => {}
            }
        }
    }
    Some(dict)
}

/// Whether a file ends before its last object was followed by a trailer.
pub(super) fn is_cut_short(bytes: &[u8]) -> bool {
    let last = |word: &[u8]| find_all(bytes, word).last().copied();
    last(b"startxref").unwrap_or(0) < last(b"endobj").unwrap_or(0)
}

/// Searches the file for objects and trailers; the last of each wins.
pub(super) fn search(bytes: &[u8]) -> Xref {
    let mut xref = Xref::default();
    for at in find_all(bytes, b"obj") {
        let Some(start) = header_before(bytes, at) else {
            continue;
        };
        let mut lexer = Lexer::new(bytes, start);
        let Some((number, _)) = object_header(&mut lexer) else {
            continue;
        };
        if xref.entries.len() >= MAX_OBJECTS {
            break;
        }
        xref.entries.insert(number, Entry::Offset(start));
        let front = bytes.get(lexer.at..).unwrap_or_default();
        let front = front.get(..front.len().min(512)).unwrap_or_default();
        let object = Lexer::new(front, 0).object(true);
        let dict = object.as_ref().and_then(Object::as_dict);
        match dict
            .and_then(|dict| dict.get("Type"))
            .and_then(Object::as_name)
        {
            Some(b"ObjStm") => {
                xref.packed_streams.retain(|&other| other != number);
                xref.packed_streams.insert(0, number);
            }
            Some(b"XRef") => adopt(&mut xref.trailer, dict),
            _ => {}
        }
        if xref.packed_streams.len() > 4096 {
            break;
        }
    }
    for at in find_all(bytes, b"trailer") {
        let end = bytes.len().min(at + (16 << 10));
        let front = bytes.get(..end).unwrap_or_default();
        let object = Lexer::new(front, at + 7).object(true);
        adopt(&mut xref.trailer, object.as_ref().and_then(Object::as_dict));
    }
    xref
}

fn adopt(trailer: &mut Dict, found: Option<&Dict>) {
    for key in ["Root", "Encrypt", "ID", "Info"] {
        if let Some(value) = found.and_then(|found| found.get(key)) {
            trailer.set(key, value.clone());
        }
    }
}

/// Where `n g ` in front of an `obj` begins.
fn header_before(bytes: &[u8], at: usize) -> Option<usize> {
    let mut start = at;
    for _ in 0..2 {
        let before = bytes.get(..start)?;
        let spaces = before
            .iter()
            .rev()
            .take(8)
            .take_while(|&&b| is_space(b))
            .count();
        let before = before.get(..before.len() - spaces)?;
        let digits = before
            .iter()
            .rev()
            .take(10)
            .take_while(|b| b.is_ascii_digit())
            .count();
        if spaces == 0 && start != at || digits == 0 {
            return None;
        }
        start -= spaces + digits;
    }
    Some(start)
}
