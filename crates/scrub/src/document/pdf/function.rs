//! Functions (ISO 32000-1, section 7.10).

use super::build::{Builder, Role, Want};
use super::lexer::{Lexer, Token};
use super::object::{Dict, Object, Stream};
use super::write;
use crate::Refusal;

/// Functions that one combines.
const MAX_PARTS: usize = 4096;

/// The operators of a calculator function (section 7.10.5).
const CALCULATOR: &[&[u8]] = &[
    b"abs",
    b"add",
    b"and",
    b"atan",
    b"bitshift",
    b"ceiling",
    b"copy",
    b"cos",
    b"cvi",
    b"cvr",
    b"div",
    b"dup",
    b"eq",
    b"exch",
    b"exp",
    b"false",
    b"floor",
    b"ge",
    b"gt",
    b"idiv",
    b"if",
    b"ifelse",
    b"index",
    b"le",
    b"ln",
    b"log",
    b"lt",
    b"mod",
    b"mul",
    b"ne",
    b"neg",
    b"not",
    b"or",
    b"pop",
    b"roll",
    b"round",
    b"sin",
    b"sqrt",
    b"sub",
    b"true",
    b"truncate",
    b"xor",
];

impl Builder<'_, '_> {
    /// A function, by reference.
    pub(super) fn function(&mut self, object: &Object) -> Result<Option<Object>, Refusal> {
        self.once(Role::Function, object, |builder, object| match &object {
            Object::Dict(dict) => builder.formula(dict),
            Object::Stream(stream) => builder.table_or_calculator(stream),
            _ => Ok(None),
        })
    }

    /// A function, or one for each component.
    pub(super) fn functions(&mut self, object: &Object) -> Result<Option<Object>, Refusal> {
        let resolved = self.document.resolve(object);
        let Some(items) = resolved.as_array() else {
            return self.function(object);
        };
        let mut built = Vec::new();
        for item in items.iter().take(MAX_PARTS) {
            match self.function(item)? {
                Some(function) => built.push(function),
                None => return Ok(None),
            }
        }
        Ok(Some(Object::array(built)))
    }

    fn formula(&mut self, source: &Dict) -> Result<Option<Object>, Refusal> {
        let mut dict = Dict::default();
        self.pick(
            source,
            &mut dict,
            &[("Domain", Want::Numbers), ("Range", Want::Numbers)],
        );
        let kind = self
            .document
            .at(source, "FunctionType")
            .and_then(|kind| kind.as_int());
        match kind {
            Some(2) => {
                let own = [
                    ("C0", Want::Numbers),
                    ("C1", Want::Numbers),
                    ("N", Want::Number),
                ];
                self.pick(source, &mut dict, &own);
            }
            Some(3) => {
                self.pick(
                    source,
                    &mut dict,
                    &[("Bounds", Want::Numbers), ("Encode", Want::Numbers)],
                );
                let parts = source.get("Functions").cloned().unwrap_or(Object::Null);
                match self.functions(&parts)? {
                    Some(parts @ Object::Array(_)) => dict.set("Functions", parts),
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        }
        dict.set("FunctionType", Object::Int(kind.unwrap_or(2)));
        self.add_dict(dict).map(Some)
    }

    fn table_or_calculator(&mut self, stream: &Stream) -> Result<Option<Object>, Refusal> {
        let source = &stream.dict;
        let mut dict = Dict::default();
        self.pick(
            source,
            &mut dict,
            &[("Domain", Want::Numbers), ("Range", Want::Numbers)],
        );
        let octets = self.octets(stream)?;
        let kind = self
            .document
            .at(source, "FunctionType")
            .and_then(|kind| kind.as_int());
        dict.set("FunctionType", Object::Int(kind.unwrap_or(0)));
        match kind {
            Some(0) => {
                self.pick(
                    source,
                    &mut dict,
                    &[
                        ("BitsPerSample", Want::Int),
                        ("Decode", Want::Numbers),
                        ("Encode", Want::Numbers),
                        ("Order", Want::Int),
                        ("Size", Want::Numbers),
                    ],
                );
                let len = table_len(&dict).unwrap_or(octets.len()).min(octets.len());
                let table = octets.get(..len).unwrap_or_default();
                self.add_deflated(dict, table).map(Some)
            }
            Some(4) => {
                let code = calculator(&octets);
                self.add_deflated(dict, &code).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// Octets of a sampled function's table.
fn table_len(dict: &Dict) -> Option<usize> {
    let sizes = dict.get("Size")?.as_array()?;
    let outputs = dict.get("Range")?.as_array()?.len() / 2;
    let bits = usize::try_from(dict.get("BitsPerSample")?.as_int()?).ok()?;
    let mut samples = outputs;
    for size in sizes {
        samples = samples.checked_mul(usize::try_from(size.as_int()?).ok()?)?;
    }
    Some(samples.checked_mul(bits)?.div_ceil(8))
}

/// A calculator function's code without comments, its parts parted by one space.
fn calculator(code: &[u8]) -> Vec<u8> {
    let mut lexer = Lexer::new(code, 0);
    let mut out = Vec::new();
    let mut open = 0_usize;
    while let Some(token) = lexer.token() {
        let before = out.len();
        match token {
            Token::Number(number) => write::object(&mut out, &number, &|n| n),
            Token::BraceOpen => {
                open += 1;
                out.push(b'{');
            }
            Token::BraceClose => {
                open = open.saturating_sub(1);
                out.push(b'}');
            }
            Token::Word(word) if CALCULATOR.contains(&word) => out.extend_from_slice(word),
            _ => {}
        }
        if out.len() > before {
            out.push(b' ');
        }
        if open == 0 {
            break;
        }
    }
    out.pop();
    out
}
