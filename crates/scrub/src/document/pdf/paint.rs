//! Forms, patterns, shadings and graphics states (ISO 32000-1, sections 8.4.5, 8.7 and 8.10).

use super::build::{Builder, Role, Want};
use super::content::{INTENTS, Writer};
use super::object::{Dict, Object, Stream};
use crate::Refusal;

/// The blend modes (Tables 136 and 137).
pub(super) const BLEND_MODES: &[&str] = &[
    "Color",
    "ColorBurn",
    "ColorDodge",
    "Compatible",
    "Darken",
    "Difference",
    "Exclusion",
    "HardLight",
    "Hue",
    "Lighten",
    "Luminosity",
    "Multiply",
    "Normal",
    "Overlay",
    "Saturation",
    "Screen",
    "SoftLight",
];

impl Builder<'_, '_> {
    /// A form, by reference. Without resources of its own it uses those of what it stands in.
    pub(super) fn form(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::Form, object, |builder, object| {
            let Some(stream) = object.as_stream() else {
                return Ok(None);
            };
            builder.form_of(stream, &outer).map(Some)
        })
    }

    fn form_of(&mut self, stream: &Stream, outer: &Dict) -> Result<Object, Refusal> {
        let source = &stream.dict;
        self.note(source, "form", &["BBox", "Matrix"]);
        let mut dict = Dict::default()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"));
        self.pick(
            source,
            &mut dict,
            &[("BBox", Want::Numbers), ("Matrix", Want::Numbers)],
        );
        if let Some(group) = self.group(source)? {
            dict.set("Group", group);
        }
        self.with_content(stream, dict, outer)
    }

    /// A stream of content with the resources that it uses.
    fn with_content(
        &mut self,
        stream: &Stream,
        mut dict: Dict,
        outer: &Dict,
    ) -> Result<Object, Refusal> {
        let resources = self.document.dict_at(&stream.dict, "Resources");
        let resources = resources.unwrap_or_else(|| outer.clone());
        let octets = self.octets(stream)?;
        let mut writer = Writer::new(self, resources);
        writer.content(&octets)?;
        let written = writer.finish()?;
        dict.set("Resources", Object::Dict(written.resources));
        self.add_deflated(dict, &written.octets)
    }

    /// A pattern, by reference.
    pub(super) fn pattern(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::Pattern, object, |builder, object| match &object {
            Object::Stream(stream) => {
                let source = &stream.dict;
                builder.note(source, "pattern", PATTERN);
                let mut dict = Dict::default()
                    .with("Type", Object::name("Pattern"))
                    .with("PatternType", Object::Int(1));
                builder.pick(
                    source,
                    &mut dict,
                    &[
                        ("BBox", Want::Numbers),
                        ("Matrix", Want::Numbers),
                        ("PaintType", Want::Int),
                        ("TilingType", Want::Int),
                        ("XStep", Want::Number),
                        ("YStep", Want::Number),
                    ],
                );
                builder.with_content(stream, dict, &outer).map(Some)
            }
            Object::Dict(source) => builder.shading_pattern(source, &outer),
            _ => Ok(None),
        })
    }

    fn shading_pattern(&mut self, source: &Dict, outer: &Dict) -> Result<Option<Object>, Refusal> {
        self.note(source, "pattern", PATTERN);
        let mut dict = Dict::default()
            .with("Type", Object::name("Pattern"))
            .with("PatternType", Object::Int(2));
        self.pick(source, &mut dict, &[("Matrix", Want::Numbers)]);
        let shading = source.get("Shading").cloned().unwrap_or(Object::Null);
        let Some(shading) = self.shading(&shading, outer)? else {
            return Ok(None);
        };
        dict.set("Shading", shading);
        if let Some(state) = source.get("ExtGState")
            && let Some(state) = self.graphics_state(&state.clone(), outer)?
        {
            dict.set("ExtGState", state);
        }
        self.add_dict(dict).map(Some)
    }

    /// A shading, by reference.
    pub(super) fn shading(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::Shading, object, |builder, object| {
            builder.shading_of(&object, &outer)
        })
    }

    fn shading_of(&mut self, object: &Object, outer: &Dict) -> Result<Option<Object>, Refusal> {
        let Some(source) = object.as_dict() else {
            return Ok(None);
        };
        self.note(source, "shading", SHADING);
        let mut dict = Dict::default();
        self.pick(
            source,
            &mut dict,
            &[
                ("AntiAlias", Want::Bool),
                ("BBox", Want::Numbers),
                ("Background", Want::Numbers),
                ("BitsPerComponent", Want::Int),
                ("BitsPerCoordinate", Want::Int),
                ("BitsPerFlag", Want::Int),
                ("Coords", Want::Numbers),
                ("Decode", Want::Numbers),
                ("Domain", Want::Numbers),
                ("Matrix", Want::Numbers),
                ("ShadingType", Want::Int),
                ("VerticesPerRow", Want::Int),
            ],
        );
        if let Some(Object::Array(extend)) = self.document.at(source, "Extend")
            && extend.iter().all(|end| matches!(end, Object::Bool(_)))
        {
            dict.set("Extend", Object::Array(extend));
        }
        let space = source.get("ColorSpace").cloned().unwrap_or(Object::Null);
        let Some(space) = self.colour_space(&space, outer)? else {
            return Ok(None);
        };
        dict.set("ColorSpace", space.object);
        if let Some(function) = source.get("Function") {
            let Some(function) = self.functions(&function.clone())? else {
                return Ok(None);
            };
            dict.set("Function", function);
        }
        match object {
            Object::Stream(stream) => {
                let octets = self.octets(stream)?;
                self.add_deflated(dict, &octets).map(Some)
            }
            _ => self.add_dict(dict).map(Some),
        }
    }

    /// A dictionary of graphics state parameters, by reference.
    pub(super) fn graphics_state(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::GraphicsState, object, |builder, object| {
            let Object::Dict(source) = &object else {
                return Ok(None);
            };
            let dict = builder.graphics_state_of(source, &outer)?;
            builder.add_dict(dict).map(Some)
        })
    }

    fn graphics_state_of(&mut self, source: &Dict, outer: &Dict) -> Result<Dict, Refusal> {
        self.note(source, "graphics state", GRAPHICS_STATE);
        let mut dict = Dict::default();
        self.pick(
            source,
            &mut dict,
            &[
                ("AIS", Want::Bool),
                ("CA", Want::Number),
                ("FL", Want::Number),
                ("LC", Want::Int),
                ("LJ", Want::Int),
                ("LW", Want::Number),
                ("ML", Want::Number),
                ("OP", Want::Bool),
                ("OPM", Want::Int),
                ("RI", Want::OneOf(INTENTS)),
                ("SA", Want::Bool),
                ("SM", Want::Number),
                ("TK", Want::Bool),
                ("ca", Want::Number),
                ("op", Want::Bool),
            ],
        );
        if let Some(Object::Array(dash)) = self.document.at(source, "D")
            && let [dashes, phase] = dash.as_slice()
            && let Some(dashes) = self.number_array(&self.document.resolve(dashes))
            && phase.is_number()
        {
            dict.set("D", Object::array(vec![dashes, phase.clone()]));
        }
        if let Some(Object::Array(font)) = self.document.at(source, "Font")
            && let [font, size] = font.as_slice()
            && size.is_number()
            && let Some(font) = self.font(font, outer)?
        {
            dict.set("Font", Object::array(vec![font, size.clone()]));
        }
        if let Some(mode) = self.blend_mode(source) {
            dict.set("BM", mode);
        }
        for key in ["TR", "TR2"] {
            match self.document.at(source, key) {
                Some(Object::Name(name)) if name == b"Identity" || name == b"Default" => {
                    dict.set(key, Object::Name(name));
                }
                Some(_) => {
                    let function = source.get(key).cloned().unwrap_or(Object::Null);
                    if let Some(function) = self.functions(&function)? {
                        dict.set(key, function);
                    }
                }
                None => {}
            }
        }
        match self.document.at(source, "SMask") {
            Some(Object::Dict(mask)) => {
                if let Some(mask) = self.soft_mask(&mask, outer)? {
                    dict.set("SMask", mask);
                }
            }
            Some(_) => dict.set("SMask", Object::name("None")),
            None => {}
        }
        Ok(dict)
    }

    fn blend_mode(&self, source: &Dict) -> Option<Object> {
        let mode = self.document.at(source, "BM")?;
        let modes = match &mode {
            Object::Array(modes) => modes.to_vec(),
            mode => vec![mode.clone()],
        };
        let known = |mode: &Object| {
            let name = mode.as_name().unwrap_or_default();
            BLEND_MODES.iter().any(|known| known.as_bytes() == name)
        };
        modes.into_iter().find(known)
    }

    fn soft_mask(&mut self, source: &Dict, outer: &Dict) -> Result<Option<Object>, Refusal> {
        let form = source.get("G").cloned().unwrap_or(Object::Null);
        let Some(form) = self.form(&form, outer)? else {
            return Ok(None);
        };
        let mut mask = Dict::default().with("G", form);
        self.pick(
            source,
            &mut mask,
            &[
                ("S", Want::OneOf(&["Alpha", "Luminosity"])),
                ("BC", Want::Numbers),
            ],
        );
        if let Some(function) = source.get("TR") {
            match self.function(&function.clone())? {
                Some(function) => mask.set("TR", function),
                None => mask.set("TR", Object::name("Identity")),
            }
        }
        Ok(Some(Object::Dict(mask)))
    }
}

const PATTERN: &[&str] = &[
    "BBox",
    "ExtGState",
    "Matrix",
    "PaintType",
    "PatternType",
    "Shading",
    "TilingType",
    "XStep",
    "YStep",
];
const SHADING: &[&str] = &[
    "AntiAlias",
    "BBox",
    "Background",
    "BitsPerComponent",
    "BitsPerCoordinate",
    "BitsPerFlag",
    "ColorSpace",
    "Coords",
    "Decode",
    "Domain",
    "Extend",
    "Function",
    "Matrix",
    "ShadingType",
    "VerticesPerRow",
];
const GRAPHICS_STATE: &[&str] = &[
    "AIS",
    "BG",
    "BG2",
    "BM",
    "CA",
    "D",
    "FL",
    "Font",
    "HT",
    "HTO",
    "HTP",
    "LC",
    "LJ",
    "LW",
    "ML",
    "OP",
    "OPM",
    "RI",
    "SA",
    "SM",
    "SMask",
    "TK",
    "TR",
    "TR2",
    "UCR",
    "UCR2",
    "UseBlackPtComp",
    "ca",
    "op",
];
