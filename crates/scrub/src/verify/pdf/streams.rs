//! Streams other than pictures: inflated to their last octet, and read by what they are used as.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use zeroize::Zeroizing;

use super::keys::Role;
use super::syntax::{Strict, Value};
use super::{Walk, content, fonts, pictures};
use crate::job::MAX_IN_MEMORY;
use crate::verify::{Fault, icc};

/// Inflates octets that are one zlib stream and nothing else.
pub(super) fn inflated(octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
        | inflate_flags::TINFL_FLAG_COMPUTE_ADLER32
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = Zeroizing::new(vec![0; octets.len().saturating_mul(3).max(512)]);
    let (mut used, mut made) = (0, 0);
    loop {
        let rest = octets.get(used..).unwrap_or_default();
        let (status, read, wrote) = decompress(&mut state, rest, &mut out, made, flags);
        used += read;
        made += wrote;
        match status {
            TINFLStatus::Done if used == octets.len() => {
                out.truncate(made);
                return Ok(out);
            }
            TINFLStatus::HasMoreOutput if out.len() < MAX_IN_MEMORY => {
                let mut larger = Zeroizing::new(vec![0; out.len() * 2]);
                larger
                    .iter_mut()
                    .zip(out.iter())
                    .for_each(|(to, from)| *to = *from);
                out = larger;
            }
            _ => return Err(Fault("deflated stream")),
        }
    }
}

impl Walk<'_, '_, '_> {
    pub(super) fn stream(&mut self, role: Role, value: &Value, data: &[u8]) -> Result<(), Fault> {
        if role == Role::Image {
            return pictures::image(self, value, data);
        }
        if !value
            .get("Filter")
            .is_some_and(|filter| filter.is_name("FlateDecode"))
        {
            return Err(Fault("stream that is not deflated"));
        }
        let octets = inflated(data)?;
        match role {
            Role::Content | Role::Form | Role::Glyph | Role::Pattern => {
                return content::check(&octets, self.views);
            }
            Role::ToUnicode | Role::CharacterMap => character_map(&octets)?,
            Role::Function if matches!(value.get("FunctionType"), Some(Value::Int(4))) => {
                calculator(&octets)?;
            }
            Role::JbigGlobals => pictures::jbig(&octets)?,
            Role::Profile => icc::verify(&octets)?,
            Role::ProgramCompact | Role::ProgramTrueType | Role::ProgramType1 => {
                fonts::program(value, &octets)?;
            }
            _ => {}
        }
        self.views.hidden(&octets);
        Ok(())
    }
}

fn calculator(code: &[u8]) -> Result<(), Fault> {
    let words = [
        "abs", "add", "and", "atan", "bitshift", "ceiling", "copy", "cos", "cvi", "cvr", "div",
        "dup", "eq", "exch", "exp", "false", "floor", "ge", "gt", "idiv", "if", "ifelse", "index",
        "le", "ln", "log", "lt", "mod", "mul", "ne", "neg", "not", "or", "pop", "roll", "round",
        "sin", "sqrt", "sub", "true", "truncate", "xor", "{", "}",
    ];
    if code.is_empty() {
        return Ok(());
    }
    for part in code.split(|&octet| octet == b' ') {
        let is_word = words.iter().any(|word| word.as_bytes() == part);
        let mut number = Strict::new(part);
        let is_number = || number.value().is_ok_and(|n| n.is_number()) && number.is_at_end();
        if !is_word && !{ is_number }() {
            return Err(Fault("calculator function"));
        }
    }
    Ok(())
}

/// A map of character codes: its fixed lines, and sections of at most 100 entries.
fn character_map(map: &[u8]) -> Result<(), Fault> {
    const FAULT: &str = "map of character codes";
    let mut strict = Strict::new(map);
    strict.expect(
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Custom def\n/CMapType 2 def\n",
        FAULT,
    )?;
    if strict.eat(b"/") {
        let name = strict.take_while(|octet| octet != b' ');
        strict.expect(b" usecmap\n", FAULT).or_else(|fault| {
            let is_mode = name == b"WMode";
            if is_mode {
                strict.expect(b" 1 def\n", FAULT)
            } else {
                Err(fault)
            }
        })?;
        if name != b"WMode" && !is_predefined(str::from_utf8(name).unwrap_or_default()) {
            return Err(Fault(FAULT));
        }
    }
    strict.eat(b"/WMode 1 def\n");
    while !strict.starts(b"endcmap\n") {
        let count = strict.count()?;
        strict.expect(b" begin", FAULT)?;
        let name = strict.take_while(|octet| octet != b'\n').to_vec();
        let (codes, to_text) = match name.as_slice() {
            b"codespacerange" => (2, None),
            b"bfchar" => (1, Some(true)),
            b"bfrange" => (2, Some(true)),
            b"cidchar" | b"notdefchar" => (1, Some(false)),
            b"cidrange" | b"notdefrange" => (2, Some(false)),
            _ => return Err(Fault(FAULT)),
        };
        strict.expect(b"\n", FAULT)?;
        if !(1..=100).contains(&count) {
            return Err(Fault(FAULT));
        }
        for _ in 0..count {
            entry(&mut strict, codes, to_text)?;
        }
        strict.expect(b"end", FAULT)?;
        strict.expect(&name, FAULT)?;
        strict.expect(b"\n", FAULT)?;
    }
    strict.expect(b"endcmap\nend\nend\n", FAULT)?;
    if strict.is_at_end() {
        Ok(())
    } else {
        Err(Fault(FAULT))
    }
}

fn entry(strict: &mut Strict<'_>, codes: usize, to_text: Option<bool>) -> Result<(), Fault> {
    for index in 0..codes {
        if index > 0 {
            strict.expect(b" ", "map of character codes")?;
        }
        hex(strict, 1..=4)?;
    }
    if to_text.is_some() {
        strict.expect(b" ", "map of character codes")?;
    }
    match to_text {
        Some(false) => {
            strict.count()?;
        }
        Some(true) if strict.eat(b"[") => {
            let mut first = true;
            while !strict.eat(b"]") {
                if !std::mem::take(&mut first) {
                    strict.expect(b" ", "map of character codes")?;
                }
                hex(strict, 0..=512)?;
            }
        }
        Some(true) => hex(strict, 0..=512)?,
        None => {}
    }
    strict.expect(b"\n", "map of character codes")
}

fn hex(strict: &mut Strict<'_>, octets: std::ops::RangeInclusive<usize>) -> Result<(), Fault> {
    strict.expect(b"<", "map of character codes")?;
    let digits = strict.take_while(|octet| matches!(octet, b'0'..=b'9' | b'A'..=b'F'));
    if !digits.len().is_multiple_of(2) || !octets.contains(&(digits.len() / 2)) {
        return Err(Fault("map of character codes"));
    }
    strict.expect(b">", "map of character codes")
}

/// Maps that come with every reader: names of an encoding, a script and a direction, without the maker's words.
pub(super) fn is_predefined(name: &str) -> bool {
    const FAMILIES: &[&str] = &[
        "",
        "83pv-RKSJ",
        "90ms-RKSJ",
        "90msp-RKSJ",
        "90pv-RKSJ",
        "Add-RKSJ",
        "B5pc",
        "CNS-EUC",
        "ETen-B5",
        "ETenms-B5",
        "EUC",
        "Ext-RKSJ",
        "GB-EUC",
        "GBK-EUC",
        "GBK2K",
        "GBKp-EUC",
        "GBpc-EUC",
        "HKscs-B5",
        "Identity",
        "KSC-EUC",
        "KSCms-UHC",
        "KSCms-UHC-HW",
        "KSCpc-EUC",
        "UniCNS-UCS2",
        "UniCNS-UTF16",
        "UniCNS-UTF32",
        "UniGB-UCS2",
        "UniGB-UTF16",
        "UniJIS-UCS2",
        "UniJIS-UCS2-HW",
        "UniJIS-UTF16",
        "UniJIS2004-UTF16",
        "UniKS-UCS2",
        "UniKS-UTF16",
    ];
    const TO_UNICODE: &[&str] = &[
        "Adobe-CNS1-UCS2",
        "Adobe-GB1-UCS2",
        "Adobe-Japan1-UCS2",
        "Adobe-Korea1-UCS2",
    ];
    if TO_UNICODE.contains(&name) || name == "H" || name == "V" {
        return true;
    }
    let family = name.strip_suffix("-H").or_else(|| name.strip_suffix("-V"));
    family.is_some_and(|family| !family.is_empty() && FAMILIES.contains(&family))
}
