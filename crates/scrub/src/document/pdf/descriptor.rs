//! What a font is called, what it looks like, and its program (ISO 32000-1, sections 9.8 and 9.9).

use super::build::{Builder, Role, Want};
use super::object::{Dict, Object};
use super::{cff, rename, sfnt, type1};
use crate::Refusal;

/// A font's name in the new file.
#[derive(Clone)]
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn object(&self) -> Object {
        Object::Name(self.0.clone())
    }
}

/// Octets of a font's name.
const MAX_NAME: usize = 127;

const KEPT: &[&str] = &[
    "Ascent",
    "AvgWidth",
    "CIDSet",
    "CapHeight",
    "CharSet",
    "Descent",
    "FD",
    "Flags",
    "FontBBox",
    "FontFamily",
    "FontFile",
    "FontFile2",
    "FontFile3",
    "FontName",
    "FontStretch",
    "FontWeight",
    "ItalicAngle",
    "Lang",
    "Leading",
    "MaxWidth",
    "MissingWidth",
    "StemH",
    "StemV",
    "Style",
    "XHeight",
];

pub(super) const STRETCHES: &[&str] = &[
    "Condensed",
    "Expanded",
    "ExtraCondensed",
    "ExtraExpanded",
    "Normal",
    "SemiCondensed",
    "SemiExpanded",
    "UltraCondensed",
    "UltraExpanded",
];

/// Lengths of the parts of a program.
const LENGTHS: &[&str] = &["Length1", "Length2", "Length3"];

impl Builder<'_, '_> {
    /// Builds the descriptor of the font `source` into `font`. Comes back with the font's name: by it a font that is
    /// not in the file is chosen, one that is gets a neutral one.
    pub(super) fn descriptor(&mut self, source: &Dict, font: &mut Dict) -> Result<Name, Refusal> {
        let own = self.document.at(source, "BaseFont");
        let own = own
            .as_ref()
            .and_then(Object::as_name)
            .unwrap_or(b"Helvetica")
            .to_vec();
        let Some(descriptor) = self.document.dict_at(source, "FontDescriptor") else {
            return Ok(outer_name(own));
        };
        self.note(&descriptor, "font descriptor", KEPT);
        let mut dict = Dict::default().with("Type", Object::name("FontDescriptor"));
        self.pick(
            &descriptor,
            &mut dict,
            &[
                ("Ascent", Want::Number),
                ("AvgWidth", Want::Number),
                ("CapHeight", Want::Number),
                ("Descent", Want::Number),
                ("Flags", Want::Int),
                ("FontBBox", Want::Numbers),
                ("FontStretch", Want::OneOf(STRETCHES)),
                ("FontWeight", Want::Number),
                ("ItalicAngle", Want::Number),
                ("Leading", Want::Number),
                ("MaxWidth", Want::Number),
                ("MissingWidth", Want::Number),
                ("StemH", Want::Number),
                ("StemV", Want::Number),
                ("XHeight", Want::Number),
            ],
        );
        let mut name = outer_name(own.clone());
        for key in ["FontFile", "FontFile2", "FontFile3"] {
            let Some(program) = descriptor.get(key) else {
                continue;
            };
            let program = self.once(Role::Program, program, |builder, object| {
                builder.program(key, &object)
            })?;
            if let Some(program) = program {
                name = self.inner_name(&own, &program);
                dict.set(key, program);
                break;
            }
        }
        if name.0 == own
            && let Some(Object::String(family)) = self.document.at(&descriptor, "FontFamily")
        {
            let joined: Vec<u8> = family.iter().copied().filter(|b| *b != b' ').collect();
            if own.starts_with(&joined) {
                dict.set("FontFamily", Object::String(family));
            }
        }
        dict.set("FontName", name.object());
        let dict = self.add_dict(dict)?;
        font.set("FontDescriptor", dict);
        Ok(name)
    }

    /// The name of a font whose program is in the file: its number, and what kind of face it is.
    fn inner_name(&mut self, own: &[u8], program: &Object) -> Name {
        let next = self.programs.len();
        let number = *self.programs.entry(program.clone()).or_insert(next);
        let mut name = rename::tag(number).to_vec();
        name.extend_from_slice(b"+Font");
        let own = own.to_ascii_lowercase();
        let is = |word: &[u8]| own.windows(word.len()).any(|window| window == word);
        match (is(b"bold"), is(b"italic") || is(b"oblique")) {
            (true, true) => name.extend_from_slice(b"-BoldItalic"),
            (true, false) => name.extend_from_slice(b"-Bold"),
            (false, true) => name.extend_from_slice(b"-Italic"),
            (false, false) => {}
        }
        Name(name)
    }

    /// A font's program, told by its own front as renderers do.
    fn program(&mut self, key: &str, object: &Object) -> Result<Option<Object>, Refusal> {
        let Some(stream) = object.as_stream() else {
            return Ok(None);
        };
        self.note(&stream.dict, "font program", LENGTHS);
        let octets = self.octets(stream)?;
        let mut dict = Dict::default();
        if key == "FontFile3" {
            let kinds = Want::OneOf(&["CIDFontType0C", "OpenType", "Type1C"]);
            self.pick(&stream.dict, &mut dict, &[("Subtype", kinds)]);
        }
        let clean = match octets.as_slice() {
            [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] | [b'O', b'T', b'T', b'O', ..] => {
                sfnt::scrub(&octets)
            }
            [b'%', b'!', ..] | [0x80, 1, ..] => {
                let Some((clean, lengths)) = type1::scrub(&octets) else {
                    return Ok(None);
                };
                for (key, length) in LENGTHS.iter().zip(lengths) {
                    let length = i64::try_from(length).map_err(|_| Refusal::TooLarge)?;
                    dict.set(key, Object::Int(length));
                }
                return self.add_deflated(dict, &clean).map(Some);
            }
            [1, _, _, _, ..] => cff::scrub(&octets),
            _ => None,
        };
        let Some(clean) = clean else { return Ok(None) };
        if key == "FontFile2" {
            let length = i64::try_from(clean.len()).map_err(|_| Refusal::TooLarge)?;
            dict.set("Length1", Object::Int(length));
        }
        self.add_deflated(dict, &clean).map(Some)
    }
}

/// The name of a font that is not in the file.
fn outer_name(mut own: Vec<u8>) -> Name {
    own.truncate(MAX_NAME);
    Name(own)
}
