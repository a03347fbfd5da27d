//! Maps of character codes (ISO 32000-1, sections 9.7.5 and 9.10.3): their entries, without comments and names.

use super::lexer::{Lexer, Token};
use super::object::Object;
use super::write;

/// Entries of one section, by the specification.
const SECTION: usize = 100;
/// Entries of one map: more than there are codes of two octets.
const MAX_ENTRIES: usize = 1 << 18;

/// Maps that renderers bring along (Table 118).
pub(super) const PREDEFINED: &[&str] = &[
    "83pv-RKSJ-H",
    "90ms-RKSJ-H",
    "90ms-RKSJ-V",
    "90msp-RKSJ-H",
    "90msp-RKSJ-V",
    "90pv-RKSJ-H",
    "Add-RKSJ-H",
    "Add-RKSJ-V",
    "Adobe-CNS1-UCS2",
    "Adobe-GB1-UCS2",
    "Adobe-Japan1-UCS2",
    "Adobe-Korea1-UCS2",
    "B5pc-H",
    "B5pc-V",
    "CNS-EUC-H",
    "CNS-EUC-V",
    "ETen-B5-H",
    "ETen-B5-V",
    "ETenms-B5-H",
    "ETenms-B5-V",
    "EUC-H",
    "EUC-V",
    "Ext-RKSJ-H",
    "Ext-RKSJ-V",
    "GB-EUC-H",
    "GB-EUC-V",
    "GBK-EUC-H",
    "GBK-EUC-V",
    "GBK2K-H",
    "GBK2K-V",
    "GBKp-EUC-H",
    "GBKp-EUC-V",
    "GBpc-EUC-H",
    "GBpc-EUC-V",
    "H",
    "HKscs-B5-H",
    "HKscs-B5-V",
    "Identity-H",
    "Identity-V",
    "KSC-EUC-H",
    "KSC-EUC-V",
    "KSCms-UHC-H",
    "KSCms-UHC-HW-H",
    "KSCms-UHC-HW-V",
    "KSCms-UHC-V",
    "KSCpc-EUC-H",
    "UniCNS-UCS2-H",
    "UniCNS-UCS2-V",
    "UniCNS-UTF16-H",
    "UniCNS-UTF16-V",
    "UniCNS-UTF32-H",
    "UniGB-UCS2-H",
    "UniGB-UCS2-V",
    "UniGB-UTF16-H",
    "UniGB-UTF16-V",
    "UniJIS-UCS2-H",
    "UniJIS-UCS2-HW-H",
    "UniJIS-UCS2-HW-V",
    "UniJIS-UCS2-V",
    "UniJIS-UTF16-H",
    "UniJIS-UTF16-V",
    "UniJIS2004-UTF16-H",
    "UniJIS2004-UTF16-V",
    "UniKS-UCS2-H",
    "UniKS-UCS2-V",
    "UniKS-UTF16-H",
    "UniKS-UTF16-V",
    "V",
];

pub(super) fn is_predefined(name: &[u8]) -> bool {
    PREDEFINED.iter().any(|known| known.as_bytes() == name)
}

/// A map, written again.
pub(super) struct Written {
    pub(super) octets: Vec<u8>,
    pub(super) base: Option<Vec<u8>>,
    pub(super) vertical: bool,
}

impl Written {
    /// Puts the map on top of a predefined one that its dictionary names.
    pub(super) fn use_base(&mut self, base: &[u8]) {
        if is_predefined(base) {
            let line = [b"/", base, b" usecmap\n"].concat();
            let at = BEGIN.len().min(self.octets.len());
            self.octets.splice(at..at, line);
            self.base = Some(base.to_vec());
        }
    }
}

pub(super) const BEGIN: &[u8] = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Custom def\n/CMapType 2 def\n";
pub(super) const END: &[u8] = b"endcmap\nend\nend\n";
pub(super) const VERTICAL: &[u8] = b"/WMode 1 def\n";

/// What an entry of a section is made of: this many codes, and then a target.
const SECTIONS: [(&str, usize, bool); 7] = [
    ("codespacerange", 2, false),
    ("bfchar", 1, true),
    ("bfrange", 2, true),
    ("cidchar", 1, true),
    ("cidrange", 2, true),
    ("notdefchar", 1, true),
    ("notdefrange", 2, true),
];

type Entry = Vec<Object>;

/// Reads a map and writes it again.
pub(super) fn written(octets: &[u8]) -> Written {
    let mut lexer = Lexer::new(octets, 0);
    let mut operands: Vec<Object> = Vec::new();
    let mut sections: Vec<(usize, Vec<Entry>)> = Vec::new();
    let (mut base, mut vertical) = (None, false);
    let mut count = 0;
    loop {
        if let Some(object) = lexer.object(false) {
            operands.push(object);
            continue;
        }
        let word = match lexer.token() {
            Some(Token::Word(word)) => word,
            Some(_) => continue,
            None => break,
        };
        if word == b"def" {
            if let [.., Object::Name(key), Object::Int(1)] = operands.as_slice() {
                vertical |= key == b"WMode";
            }
        } else if word == b"usecmap" {
            if let Some(Object::Name(name)) = operands.last() {
                base = Some(name.clone()).filter(|name| is_predefined(name));
            }
        } else if let Some(name) = word.strip_prefix(b"end") {
            let kind = SECTIONS
                .iter()
                .position(|(known, _, _)| known.as_bytes() == name);
            if let Some(kind) = kind {
                let entries = entries(kind, &operands);
                count += entries.len();
                match sections.last_mut() {
                    Some((before, list)) if *before == kind => list.extend(entries),
                    _ => sections.push((kind, entries)),
                }
            }
        }
        operands.clear();
        if count > MAX_ENTRIES {
            break;
        }
    }
    let mut octets = BEGIN.to_vec();
    if let Some(base) = &base {
        octets.extend_from_slice(&[b"/", base.as_slice(), b" usecmap\n"].concat());
    }
    if vertical {
        octets.extend_from_slice(VERTICAL);
    }
    for (kind, entries) in sections {
        put(&mut octets, kind, &entries);
    }
    octets.extend_from_slice(END);
    Written {
        octets,
        base,
        vertical,
    }
}

/// The well-formed entries of a section.
fn entries(kind: usize, operands: &[Object]) -> Vec<Entry> {
    let Some((name, codes, target)) = SECTIONS.get(kind) else {
        return Vec::new();
    };
    let maps_to_text = name.starts_with("bf");
    let is_code = |o: &Object| matches!(o, Object::String(text) if (1..=4).contains(&text.len()));
    let is_letters = |o: &Object| matches!(o, Object::String(text) if text.len() <= 512);
    let is_goal = |object: &Object| match object {
        Object::Int(cid) => !maps_to_text && (0..=65535).contains(cid),
        Object::Array(items) => maps_to_text && items.iter().all(is_letters),
        text => maps_to_text && is_letters(text),
    };
    let size = codes + usize::from(*target);
    let good = operands.chunks_exact(size).filter(|entry| {
        let (front, back) = entry.split_at_checked(*codes).unwrap_or_default();
        front.iter().all(is_code) && back.iter().all(is_goal)
    });
    good.map(<[Object]>::to_vec).collect()
}

fn put(out: &mut Vec<u8>, kind: usize, entries: &[Entry]) {
    let Some((name, _, _)) = SECTIONS.get(kind) else {
        return;
    };
    for section in entries.chunks(SECTION) {
        out.extend_from_slice(format!("{} begin{name}\n", section.len()).as_bytes());
        for entry in section {
            for (index, part) in entry.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                part_of(out, part);
            }
            out.push(b'\n');
        }
        out.extend_from_slice(format!("end{name}\n").as_bytes());
    }
}

fn part_of(out: &mut Vec<u8>, part: &Object) {
    match part {
        Object::String(text) => {
            out.push(b'<');
            out.extend(text.iter().flat_map(|b| format!("{b:02X}").into_bytes()));
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                part_of(out, item);
            }
            out.push(b']');
        }
        other => write::object(out, other, &|number| number),
    }
}
