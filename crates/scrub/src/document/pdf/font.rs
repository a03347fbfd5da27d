//! Fonts (ISO 32000-1, section 9.5 to 9.7).

use super::build::{Builder, Role, Want};
use super::cmap;
use super::content::Writer;
use super::descriptor::Name;
use super::object::{Dict, Object};
use crate::Refusal;

/// Encodings of simple fonts.
const SIMPLE: &[&str] = &[
    "MacExpertEncoding",
    "MacRomanEncoding",
    "StandardEncoding",
    "WinAnsiEncoding",
];
/// Keys whose meaning is kept.
const KEPT: &[&str] = &[
    "BaseFont",
    "CIDSystemInfo",
    "CIDToGIDMap",
    "CharProcs",
    "DW",
    "DW2",
    "DescendantFonts",
    "Encoding",
    "FirstChar",
    "FontBBox",
    "FontDescriptor",
    "FontMatrix",
    "LastChar",
    "ToUnicode",
    "W",
    "W2",
    "WMode",
    "Widths",
];
/// Collections of characters that renderers know (section 9.7.3).
pub(super) const ORDERINGS: &[&str] = &[
    "CNS1", "GB1", "Identity", "Japan1", "Japan2", "KR", "Korea1", "Manga1", "UCS",
];
/// Codes of a simple font.
const MAX_CODES: usize = 256;
/// Entries of a table of differences.
const MAX_DIFFERENCES: usize = 1024;

impl Builder<'_, '_> {
    /// A font, by reference.
    pub(super) fn font(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::Font, object, |builder, object| {
            let Object::Dict(source) = &object else {
                return Ok(None);
            };
            builder.note(source, "font", KEPT);
            let subtype = builder.document.at(source, "Subtype");
            match subtype
                .as_ref()
                .and_then(Object::as_name)
                .unwrap_or_default()
            {
                b"Type0" => builder.composite(source),
                b"Type3" => builder.drawn(source, &outer),
                kind @ (b"MMType1" | b"TrueType") => builder.simple(source, kind),
                _ => builder.simple(source, b"Type1"),
            }
        })
    }

    fn simple(&mut self, source: &Dict, kind: &[u8]) -> Result<Option<Object>, Refusal> {
        let mut dict = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::Name(kind.to_vec()));
        let name = self.descriptor(source, &mut dict)?;
        dict.set("BaseFont", name.object());
        self.common(source, &mut dict)?;
        self.add_dict(dict).map(Some)
    }

    /// What simple fonts and those drawn by content have in common.
    fn common(&mut self, source: &Dict, dict: &mut Dict) -> Result<(), Refusal> {
        self.pick(
            source,
            dict,
            &[("FirstChar", Want::Int), ("LastChar", Want::Int)],
        );
        if let Some(Object::Array(widths)) = self.document.at(source, "Widths") {
            let widths = widths.iter().take(MAX_CODES).map(|width| {
                let width = self.document.resolve(width);
                if width.is_number() {
                    width
                } else {
                    Object::Int(0)
                }
            });
            dict.set("Widths", Object::array(widths.collect()));
        }
        if let Some(encoding) = self.encoding(source) {
            dict.set("Encoding", encoding);
        }
        self.letters(source, dict)
    }

    fn encoding(&self, source: &Dict) -> Option<Object> {
        let known = |name: &[u8]| SIMPLE.iter().any(|known| known.as_bytes() == name);
        match self.document.at(source, "Encoding")? {
            Object::Name(name) if known(&name) => Some(Object::Name(name)),
            Object::Dict(source) => {
                let mut dict = Dict::default();
                self.pick(&source, &mut dict, &[("BaseEncoding", Want::OneOf(SIMPLE))]);
                if let Some(Object::Array(items)) = self.document.at(&source, "Differences") {
                    let items = items.iter().take(MAX_DIFFERENCES);
                    let items = items.map(|item| self.document.resolve(item));
                    let kept = |item: &Object| matches!(item, Object::Name(_) | Object::Int(_));
                    dict.set("Differences", Object::array(items.filter(kept).collect()));
                }
                Some(Object::Dict(dict))
            }
            _ => None,
        }
    }

    fn letters(&mut self, source: &Dict, dict: &mut Dict) -> Result<(), Refusal> {
        let Some(object) = source.get("ToUnicode") else {
            return Ok(());
        };
        let built = self.once(Role::ToUnicode, object, |builder, object| match object {
            Object::Name(name) if name.starts_with(b"Identity-") && name.len() == 10 => {
                Ok(Some(Object::Name(name)))
            }
            Object::Stream(stream) => {
                let octets = builder.octets(&stream)?;
                let map = cmap::written(&octets);
                builder.add_deflated(Dict::default(), &map.octets).map(Some)
            }
            _ => Ok(None),
        })?;
        if let Some(built) = built {
            dict.set("ToUnicode", built);
        }
        Ok(())
    }

    /// A font whose glyphs are content streams.
    fn drawn(&mut self, source: &Dict, outer: &Dict) -> Result<Option<Object>, Refusal> {
        let mut dict = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type3"));
        self.pick(
            source,
            &mut dict,
            &[("FontBBox", Want::Numbers), ("FontMatrix", Want::Numbers)],
        );
        self.common(source, &mut dict)?;
        let glyphs = self
            .document
            .dict_at(source, "CharProcs")
            .unwrap_or_default();
        let resources = self.document.dict_at(source, "Resources");
        let resources = resources.unwrap_or_else(|| outer.clone());
        let names = dict.get("Encoding").and_then(Object::as_dict);
        let names = names.and_then(|dict| dict.get("Differences")).cloned();
        let names = names
            .as_ref()
            .and_then(Object::as_array)
            .unwrap_or_default();
        let document = self.document;
        let mut writer = Writer::new(self, resources);
        let mut built = Dict::default();
        for name in names.iter().filter_map(Object::as_name) {
            let glyph = glyphs.named(name).map(|glyph| document.resolve(glyph));
            if let Some(Object::Stream(stream)) = glyph
                && built.named(name).is_none()
            {
                let octets = writer.builder.octets(&stream)?;
                writer.content(&octets)?;
                let octets = writer.take();
                let glyph = writer.builder.add_deflated(Dict::default(), &octets)?;
                built.insert(name.to_vec(), glyph);
            }
        }
        dict.set("CharProcs", Object::Dict(built));
        dict.set("Resources", Object::Dict(writer.finish()?.resources));
        self.add_dict(dict).map(Some)
    }

    fn composite(&mut self, source: &Dict) -> Result<Option<Object>, Refusal> {
        let descendants = self.document.at(source, "DescendantFonts");
        let descendant = match descendants.as_ref() {
            Some(Object::Array(fonts)) => fonts.first().map(|font| self.document.resolve(font)),
            other => other.cloned(),
        };
        let Some(Object::Dict(descendant)) = descendant else {
            return Ok(None);
        };
        self.note(&descendant, "font", KEPT);
        let (descendant, name) = self.descendant(&descendant)?;
        let mut dict = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type0"))
            .with("BaseFont", name.object())
            .with("DescendantFonts", Object::array(vec![descendant]));
        let encoding = match self.document.at(source, "Encoding") {
            Some(Object::Name(name)) if cmap::is_predefined(&name) => Object::Name(name),
            Some(Object::Stream(stream)) => {
                let octets = self.octets(&stream)?;
                let own = Dict::default()
                    .with("Type", Object::name("CMap"))
                    .with("CMapName", Object::name("Custom"))
                    .with("CIDSystemInfo", system_info("Identity", 0));
                let mut map = cmap::written(&octets);
                if map.base.is_none()
                    && let Some(Object::Name(base)) = self.document.at(&stream.dict, "UseCMap")
                {
                    map.use_base(&base);
                }
                let vertical = self.document.at(&stream.dict, "WMode") == Some(Object::Int(1));
                let vertical = i64::from(map.vertical || vertical);
                let own = own.with("WMode", Object::Int(vertical));
                self.add_deflated(own, &map.octets)?
            }
            _ => Object::name("Identity-H"),
        };
        dict.set("Encoding", encoding);
        self.letters(source, &mut dict)?;
        self.add_dict(dict).map(Some)
    }

    fn descendant(&mut self, source: &Dict) -> Result<(Object, Name), Refusal> {
        let kind = match self
            .document
            .at(source, "Subtype")
            .as_ref()
            .and_then(Object::as_name)
        {
            Some(b"CIDFontType0") => "CIDFontType0",
            _ => "CIDFontType2",
        };
        let mut dict = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name(kind));
        let name = self.descriptor(source, &mut dict)?;
        dict.set("BaseFont", name.object());
        self.pick(
            source,
            &mut dict,
            &[("DW", Want::Number), ("DW2", Want::Numbers)],
        );
        for key in ["W", "W2"] {
            if let Some(Object::Array(items)) = self.document.at(source, key) {
                let items = items.iter().map(|item| self.document.resolve(item));
                let items = items.filter_map(|item| match item {
                    Object::Array(_) => self.number_array(&item),
                    item => item.is_number().then_some(item),
                });
                dict.set(key, Object::array(items.collect()));
            }
        }
        match self.document.at(source, "CIDToGIDMap") {
            Some(Object::Stream(stream)) => {
                let octets = self.octets(&stream)?;
                let map = self.add_deflated(Dict::default(), &octets)?;
                dict.set("CIDToGIDMap", map);
            }
            Some(Object::Name(name)) if name == b"Identity" => {
                dict.set("CIDToGIDMap", Object::Name(name));
            }
            _ => {}
        }
        let info = self
            .document
            .dict_at(source, "CIDSystemInfo")
            .unwrap_or_default();
        let ordering = ORDERINGS.iter().find(|known| {
            let own = self.document.at(&info, "Ordering");
            own == Some(Object::String(known.as_bytes().to_vec()))
        });
        let supplement = self
            .document
            .at(&info, "Supplement")
            .and_then(|s| s.as_int());
        let supplement = supplement.filter(|s| (0..=99).contains(s)).unwrap_or(0);
        let info = match ordering {
            Some(ordering) => system_info(ordering, supplement),
            None => system_info("Identity", 0),
        };
        dict.set("CIDSystemInfo", info);
        Ok((self.add_dict(dict)?, name))
    }
}

fn system_info(ordering: &str, supplement: i64) -> Object {
    let dict = Dict::default()
        .with("Registry", Object::String(b"Adobe".to_vec()))
        .with("Ordering", Object::String(ordering.as_bytes().to_vec()))
        .with("Supplement", Object::Int(supplement));
    Object::Dict(dict)
}
