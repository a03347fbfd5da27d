//! Content streams: read to operators with their operands, and written again (ISO 32000-1, section 7.8.2).
//!
//! Comments, marked content and unknown operators are left behind, and what stands on a layer that is off. Resources
//! get names by the order in which they are used, and only those that are used are built.

use std::collections::HashMap;

use super::build::Builder;
use super::lexer::{Lexer, Token};
use super::object::{Dict, Name, Object};
use super::{inline, write};
use crate::Refusal;
use crate::report::What;

/// Operands that are remembered for an operator: more than any takes.
const MAX_OPERANDS: usize = 40;
/// `q` within each other, beyond which no reader follows.
const MAX_SAVED: usize = 10_000;

/// What stands in front of an operator.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    Numbers(usize),
    /// A name of a resource of this category, after that many numbers and before so many.
    Resource(&'static str, usize),
    Intent,
    Dash,
    Text,
    Texts,
    /// Two numbers and a string.
    SpacedText,
    Space,
    Colour,
    ColourOrPattern,
}

/// The operators that paint, show or set something (Annex A).
pub(super) fn takes(operator: &[u8]) -> Option<Takes> {
    Some(match operator {
        b"q" | b"Q" | b"h" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*"
        | b"n" | b"W" | b"W*" | b"BT" | b"ET" | b"T*" => Takes::Numbers(0),
        b"w" | b"J" | b"j" | b"M" | b"i" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tr" | b"Ts" | b"g"
        | b"G" => Takes::Numbers(1),
        b"m" | b"l" | b"Td" | b"TD" | b"d0" => Takes::Numbers(2),
        b"rg" | b"RG" => Takes::Numbers(3),
        b"v" | b"y" | b"re" | b"k" | b"K" => Takes::Numbers(4),
        b"c" | b"cm" | b"Tm" | b"d1" => Takes::Numbers(6),
        b"d" => Takes::Dash,
        b"ri" => Takes::Intent,
        b"gs" => Takes::Resource("ExtGState", 0),
        b"Do" => Takes::Resource("XObject", 0),
        b"sh" => Takes::Resource("Shading", 0),
        b"Tf" => Takes::Resource("Font", 1),
        b"cs" | b"CS" => Takes::Space,
        b"sc" | b"SC" => Takes::Colour,
        b"scn" | b"SCN" => Takes::ColourOrPattern,
        b"Tj" | b"'" => Takes::Text,
        b"TJ" => Takes::Texts,
        b"\"" => Takes::SpacedText,
        _ => return None,
    })
}

/// The categories of resources, and the first letters of the names that are given.
const CATEGORIES: [(&str, &str); 6] = [
    ("ColorSpace", "C"),
    ("ExtGState", "G"),
    ("Font", "F"),
    ("Pattern", "P"),
    ("Shading", "S"),
    ("XObject", "X"),
];
/// Colour spaces that stand in for the device's ones wherever those are used.
const DEFAULTS: [&str; 3] = ["DefaultCMYK", "DefaultGray", "DefaultRGB"];

/// Marked content that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Dropped,
    /// Its content stands on a layer that is off.
    Hides,
    /// It tells which letters its glyphs stand for.
    Kept,
}

/// Octets of a content stream, written again, and the resources that they use.
pub(super) struct Written {
    pub(super) octets: Vec<u8>,
    pub(super) resources: Dict,
}

/// Writes content streams again, with common resources.
pub(super) struct Writer<'b, 'd, 'j> {
    pub(super) builder: &'b mut Builder<'d, 'j>,
    /// The resources of the file that names are looked up in.
    source: Dict,
    out: Vec<u8>,
    operands: Vec<Object>,
    names: HashMap<(&'static str, Name), Option<Name>>,
    used: HashMap<&'static str, Vec<Object>>,
    saved: usize,
    in_text: bool,
    marks: Vec<Mark>,
    hidden: usize,
    has_hidden: bool,
}

impl<'b, 'd, 'j> Writer<'b, 'd, 'j> {
    pub(super) fn new(builder: &'b mut Builder<'d, 'j>, source: Dict) -> Self {
        Self {
            builder,
            source,
            out: Vec::new(),
            operands: Vec::new(),
            names: HashMap::new(),
            used: HashMap::new(),
            saved: 0,
            in_text: false,
            marks: Vec::new(),
            hidden: 0,
            has_hidden: false,
        }
    }

    /// Appends content.
    pub(super) fn content(&mut self, octets: &[u8]) -> Result<(), Refusal> {
        let mut lexer = Lexer::new(octets, 0);
        loop {
            if let Some(object) = lexer.object(false) {
                if self.operands.len() >= MAX_OPERANDS {
                    self.operands.remove(0);
                }
                self.operands.push(object);
                continue;
            }
            match lexer.token() {
                Some(Token::Word(b"BI")) => self.inline_image(&mut lexer)?,
                Some(Token::Word(operator)) => self.operator(operator)?,
                Some(_) => {}
                None => break,
            }
            self.operands.clear();
        }
        self.close();
        Ok(())
    }

    /// Ends text, marks and saved states that the content left open.
    fn close(&mut self) {
        if std::mem::take(&mut self.in_text) {
            self.out.extend_from_slice(b"ET\n");
        }
        for _ in 0..std::mem::take(&mut self.saved) {
            self.out.extend_from_slice(b"Q\n");
        }
        for mark in std::mem::take(&mut self.marks) {
            if mark == Mark::Kept {
                self.out.extend_from_slice(b"EMC\n");
            }
        }
        self.hidden = 0;
        self.operands.clear();
    }

    /// Puts what was written so far between `q` and `Q`, so that what follows begins anew.
    pub(super) fn enclose(&mut self) {
        if self.out.is_empty() {
            return;
        }
        self.out.splice(..0, *b"q\n");
        self.out.extend_from_slice(b"Q\n");
    }

    /// Appends content that was made here.
    pub(super) fn made(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    /// What was written so far; what follows has the same names.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// The name that a built resource has here.
    pub(super) fn name_of(&mut self, category: &'static str, built: Object) -> Name {
        let used = self.used.entry(category).or_default();
        let index = used.iter().position(|other| *other == built);
        let index = index.unwrap_or_else(|| {
            used.push(built);
            used.len() - 1
        });
        let letter = CATEGORIES.iter().find(|(name, _)| *name == category);
        let letter = letter.map_or("", |(_, letter)| letter);
        format!("{letter}{index}").into_bytes()
    }

    pub(super) fn finish(mut self) -> Result<Written, Refusal> {
        if self.has_hidden {
            let layers = "content of layers that are off";
            self.builder.job.found(What::History, layers, "");
        }
        let mut resources = Dict::default();
        let spaces = self.builder.document.dict_at(&self.source, "ColorSpace");
        let mut colour_spaces = Dict::default();
        for default in DEFAULTS {
            let space = spaces.as_ref().and_then(|spaces| spaces.get(default));
            if let Some(space) = space
                && let Some(built) = self.builder.colour_space(space, &Dict::default())?
            {
                colour_spaces.set(default, built.object);
            }
        }
        for (category, letter) in CATEGORIES {
            let mut dict = Dict::default();
            let used = self.used.remove(category).unwrap_or_default();
            for (index, object) in used.into_iter().enumerate() {
                dict.set(&format!("{letter}{index}"), object);
            }
            if category == "ColorSpace" {
                for (name, object) in colour_spaces.iter() {
                    dict.insert(name.clone(), object.clone());
                }
            }
            if !dict.is_empty() {
                resources.set(category, Object::Dict(dict));
            }
        }
        Ok(Written {
            octets: self.out,
            resources,
        })
    }

    fn operator(&mut self, operator: &[u8]) -> Result<(), Refusal> {
        match operator {
            b"BMC" => self.marks.push(Mark::Dropped),
            b"BDC" => self.open_mark(),
            b"EMC" => match self.marks.pop() {
                Some(Mark::Hides) => self.hidden -= 1,
                Some(Mark::Kept) => self.out.extend_from_slice(b"EMC\n"),
                Some(Mark::Dropped) | None => {}
            },
            _ => {
                if let Some(takes) = takes(operator) {
                    self.known(operator, takes)?;
                }
            }
        }
        Ok(())
    }

    fn open_mark(&mut self) {
        let document = self.builder.document;
        let properties = match self.operands.last() {
            Some(Object::Name(name)) => {
                let all = document.dict_at(&self.source, "Properties");
                all.as_ref().and_then(|all| all.named(name)).cloned()
            }
            other => other.cloned(),
        };
        let is_layer =
            matches!(self.operands.as_slice(), [.., Object::Name(tag), _] if tag == b"OC");
        let mark = match properties {
            Some(layer) if is_layer && self.builder.layers.hide(document, &layer) => {
                self.hidden += 1;
                Mark::Hides
            }
            Some(properties) => self.spoken(&properties),
            None => Mark::Dropped,
        };
        self.marks.push(mark);
    }

    /// Keeps the letters that glyphs stand for, if they are few: fonts cannot tell them for some scripts and for what
    /// a font has no glyph for.
    fn spoken(&mut self, properties: &Object) -> Mark {
        let document = self.builder.document;
        let properties = document.resolve(properties);
        let Some(dict) = properties.as_dict() else {
            return Mark::Dropped;
        };
        let Some(text @ Object::String(_)) = document.at(dict, "ActualText") else {
            return Mark::Dropped;
        };
        let text = super::properties::text_of(&text);
        if self.hidden > 0 || !is_letters(&text) {
            let place = "content: ActualText";
            self.builder.job.found(What::Description, place, &text);
            return Mark::Dropped;
        }
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        let text: Vec<u8> = [0xfe, 0xff].into_iter().chain(units).collect();
        self.out.extend_from_slice(b"/Span ");
        let dict = Dict::default().with("ActualText", Object::String(text));
        write::object(&mut self.out, &Object::Dict(dict), &|number| number);
        self.out.extend_from_slice(b" BDC\n");
        Mark::Kept
    }

    fn known(&mut self, operator: &[u8], takes: Takes) -> Result<(), Refusal> {
        match operator {
            b"q" if self.saved >= MAX_SAVED => return Err(Refusal::TooDeep),
            b"q" => self.saved += 1,
            b"Q" if self.saved == 0 => return Ok(()),
            b"Q" => self.saved -= 1,
            b"BT" => self.in_text = true,
            b"ET" => self.in_text = false,
            _ => {}
        }
        if self.hidden > 0
            && let Some(instead) = instead(operator)
        {
            self.has_hidden = true;
            self.out.extend_from_slice(instead);
            return Ok(());
        }
        let Some(operands) = self.checked(takes)? else {
            return Ok(());
        };
        for operand in operands {
            write::object(&mut self.out, &operand, &|number| number);
            self.out.push(b' ');
        }
        self.out.extend_from_slice(operator);
        self.out.push(b'\n');
        Ok(())
    }

    /// The operands of an operator, as it takes them. Nothing when they are missing or of another kind; readers then
    /// ignore the operator.
    fn checked(&mut self, takes: Takes) -> Result<Option<Vec<Object>>, Refusal> {
        let operands = std::mem::take(&mut self.operands);
        let last = |count: usize| {
            operands
                .len()
                .checked_sub(count)
                .and_then(|at| operands.get(at..))
        };
        let numbers =
            |items: &[Object]| items.iter().all(Object::is_number).then(|| items.to_vec());
        Ok(match takes {
            Takes::Numbers(count) => last(count).and_then(numbers),
            Takes::Text => match operands.last() {
                Some(text @ Object::String(_)) => Some(vec![text.clone()]),
                _ => None,
            },
            Takes::SpacedText => match last(3) {
                Some([w, c, text @ Object::String(_)]) if w.is_number() && c.is_number() => {
                    Some(vec![w.clone(), c.clone(), text.clone()])
                }
                _ => None,
            },
            Takes::Texts => match operands.last() {
                Some(Object::Array(items)) => {
                    let shown =
                        |item: &&Object| item.is_number() || matches!(item, Object::String(_));
                    Some(vec![Object::array(
                        items.iter().filter(shown).cloned().collect(),
                    )])
                }
                _ => None,
            },
            Takes::Dash => match last(2) {
                Some([Object::Array(dashes), phase]) if phase.is_number() => {
                    let dashes = dashes.iter().filter(|dash| dash.is_number()).cloned();
                    Some(vec![Object::array(dashes.collect()), phase.clone()])
                }
                _ => None,
            },
            Takes::Intent => match operands.last() {
                Some(Object::Name(name)) if INTENTS.iter().any(|i| i.as_bytes() == name) => {
                    Some(vec![Object::Name(name.clone())])
                }
                _ => None,
            },
            Takes::Colour => Some(operands.into_iter().filter(Object::is_number).collect()),
            Takes::Space => match operands.last() {
                Some(Object::Name(name)) => self.space(name)?.map(|name| vec![name]),
                _ => None,
            },
            Takes::ColourOrPattern => self.colour(&operands)?,
            Takes::Resource(category, after) => {
                match last(1 + after).and_then(<[_]>::split_first) {
                    Some((Object::Name(name), after)) if after.iter().all(Object::is_number) => {
                        let name = self.resource(category, name)?;
                        name.map(|name| [&[Object::Name(name)], after].concat())
                    }
                    _ => None,
                }
            }
        })
    }

    fn colour(&mut self, operands: &[Object]) -> Result<Option<Vec<Object>>, Refusal> {
        let numbers = operands.iter().filter(|operand| operand.is_number());
        let mut colour: Vec<Object> = numbers.cloned().collect();
        if let Some(Object::Name(name)) = operands.last() {
            let Some(name) = self.resource("Pattern", name)? else {
                return Ok(None);
            };
            colour.push(Object::Name(name));
        }
        Ok(Some(colour))
    }

    fn space(&mut self, name: &Name) -> Result<Option<Object>, Refusal> {
        if DEVICE_SPACES.iter().any(|device| device.as_bytes() == name) {
            return Ok(Some(Object::Name(name.clone())));
        }
        let name = self.resource("ColorSpace", name)?;
        Ok(name.map(Object::Name))
    }

    /// The name of a resource of the file, as it is here.
    fn resource(&mut self, category: &'static str, name: &Name) -> Result<Option<Name>, Refusal> {
        let key = (category, name.clone());
        if let Some(known) = self.names.get(&key) {
            return Ok(known.clone());
        }
        let found = self.builder.document.dict_at(&self.source, category);
        let built = match found.as_ref().and_then(|dict| dict.named(name)) {
            Some(object) => self.build(category, object)?,
            None => None,
        };
        let name = built.map(|built| self.name_of(category, built));
        self.names.insert(key, name.clone());
        Ok(name)
    }

    fn build(&mut self, category: &str, object: &Object) -> Result<Option<Object>, Refusal> {
        match category {
            "ColorSpace" => {
                let space = self.builder.colour_space(object, &self.source)?;
                Ok(space.map(|space| space.object))
            }
            "ExtGState" => self.builder.graphics_state(object, &self.source),
            "Font" => self.builder.font(object, &self.source),
            "Pattern" => self.builder.pattern(object, &self.source),
            "Shading" => self.builder.shading(object, &self.source),
            _ => self.x_object(object),
        }
    }

    /// A form or picture, unless it stands on a layer that is off.
    fn x_object(&mut self, object: &Object) -> Result<Option<Object>, Refusal> {
        let resolved = self.builder.document.resolve(object);
        let Some(stream) = resolved.as_stream() else {
            return Ok(None);
        };
        if let Some(mark) = stream.dict.get("OC")
            && self.builder.layers.hide(self.builder.document, mark)
        {
            self.has_hidden = true;
            return Ok(None);
        }
        match self
            .builder
            .document
            .at(&stream.dict, "Subtype")
            .as_ref()
            .and_then(Object::as_name)
        {
            Some(b"Image") => self.builder.image(object, &self.source),
            Some(b"Form") => self.builder.form(object, &self.source),
            _ => Ok(None),
        }
    }

    /// A picture within the content becomes one beside it.
    fn inline_image(&mut self, lexer: &mut Lexer<'_>) -> Result<(), Refusal> {
        let stream = inline::read(self.builder.document, lexer, &self.source);
        if self.hidden > 0 {
            self.has_hidden = true;
            return Ok(());
        }
        let object = Object::Stream(std::rc::Rc::new(stream));
        if let Some(built) = self.builder.image(&object, &self.source)? {
            let name = self.name_of("XObject", built);
            write::name(&mut self.out, &name);
            self.out.extend_from_slice(b" Do\n");
        }
        Ok(())
    }
}

/// What stands for an operator on a layer that is off: the state goes on, nothing is drawn.
fn instead(operator: &[u8]) -> Option<&'static [u8]> {
    match operator {
        b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => Some(b"n\n"),
        b"'" | b"\"" => Some(b"T*\n"),
        b"Tj" | b"TJ" | b"Do" | b"sh" => Some(b""),
        _ => None,
    }
}

/// Whether a text is what one glyph or one shaped word stands for: up to three letters, or a few more beyond Latin.
fn is_letters(text: &str) -> bool {
    let count = text.encode_utf16().count();
    let beyond = text.chars().any(|c| c >= '\u{300}');
    let plain = text.chars().any(|c| c.is_ascii_alphanumeric());
    count <= 3 || beyond && !plain && count <= 16
}

/// Colour spaces that need no resource.
pub(super) const DEVICE_SPACES: [&str; 4] = ["DeviceCMYK", "DeviceGray", "DeviceRGB", "Pattern"];
/// Rendering intents.
pub(super) const INTENTS: &[&str] = &[
    "AbsoluteColorimetric",
    "Perceptual",
    "RelativeColorimetric",
    "Saturation",
];
