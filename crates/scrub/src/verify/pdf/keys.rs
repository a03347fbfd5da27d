//! Which keys each dictionary may have, and what may stand under them.

use super::Walk;
use super::syntax::Value;
use crate::verify::Fault;

/// What an object is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Catalog,
    CharacterMap,
    Charset,
    Content,
    Descendant,
    Descriptor,
    Font,
    Form,
    Function,
    Glyph,
    GraphicsState,
    Image,
    JbigGlobals,
    Page,
    Pages,
    Pattern,
    Profile,
    ProgramCompact,
    ProgramTrueType,
    ProgramType1,
    Shading,
    Space,
    ToUnicode,
}

impl Role {
    /// Whether an object in this role has octets.
    pub(super) fn is_stream(self, value: &Value) -> bool {
        match self {
            Self::Catalog
            | Self::Descendant
            | Self::Descriptor
            | Self::Font
            | Self::GraphicsState
            | Self::Page
            | Self::Pages
            | Self::Space => false,
            Self::Function => {
                matches!(value.get("FunctionType"), Some(Value::Int(0 | 4)))
            }
            Self::Pattern => matches!(value.get("PatternType"), Some(Value::Int(1))),
            Self::Shading => matches!(value.get("ShadingType"), Some(Value::Int(4..=7))),
            _ => true,
        }
    }
}

/// What may stand under a key.
#[derive(Clone, Copy)]
enum May {
    Bool,
    Bools,
    Int,
    Number,
    Numbers,
    /// Numbers and arrays of numbers.
    Widths,
    Name(&'static [&'static str]),
    Any,
    Be(Role),
    Space,
    Functions,
    Own(Own),
}

/// Values with a form of their own.
#[derive(Clone, Copy)]
enum Own {
    BaseFont,
    CidToGid,
    Dash,
    Descendants,
    Encoding,
    Family,
    Group,
    Intents,
    Kids,
    Mask,
    Procs,
    Resources,
    SoftMask,
    StateFont,
    SystemInfo,
    ToUnicode,
    Transfer,
}

type Keys = &'static [(&'static str, May)];

const INTENTS: &[&str] = &[
    "AbsoluteColorimetric",
    "Perceptual",
    "RelativeColorimetric",
    "Saturation",
];
const BLENDS: &[&str] = &[
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
const ENCODINGS: &[&str] = &[
    "MacExpertEncoding",
    "MacRomanEncoding",
    "StandardEncoding",
    "WinAnsiEncoding",
];
const STRETCHES: &[&str] = &[
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
const CATALOG: Keys = &[
    ("OutputIntents", May::Own(Own::Intents)),
    ("Pages", May::Be(Role::Pages)),
    ("Type", May::Name(&["Catalog"])),
];
const PAGES: Keys = &[
    ("Count", May::Int),
    ("Kids", May::Own(Own::Kids)),
    ("Type", May::Name(&["Pages"])),
];
const PAGE: Keys = &[
    ("Contents", May::Be(Role::Content)),
    ("CropBox", May::Numbers),
    ("Group", May::Own(Own::Group)),
    ("MediaBox", May::Numbers),
    ("Parent", May::Be(Role::Pages)),
    ("Resources", May::Own(Own::Resources)),
    ("Rotate", May::Int),
    ("Type", May::Name(&["Page"])),
    ("UserUnit", May::Number),
];
const FORM: Keys = &[
    ("BBox", May::Numbers),
    ("Group", May::Own(Own::Group)),
    ("Matrix", May::Numbers),
    ("Resources", May::Own(Own::Resources)),
    ("Subtype", May::Name(&["Form"])),
    ("Type", May::Name(&["XObject"])),
];
const IMAGE: Keys = &[
    ("BitsPerComponent", May::Int),
    ("ColorSpace", May::Space),
    ("Decode", May::Numbers),
    ("DecodeParms", May::Any),
    ("Height", May::Int),
    ("ImageMask", May::Bool),
    ("Intent", May::Name(INTENTS)),
    ("Interpolate", May::Bool),
    ("Mask", May::Own(Own::Mask)),
    ("Matte", May::Numbers),
    ("SMask", May::Own(Own::Mask)),
    ("SMaskInData", May::Int),
    ("Subtype", May::Name(&["Image"])),
    ("Type", May::Name(&["XObject"])),
    ("Width", May::Int),
];
const PATTERN: Keys = &[
    ("BBox", May::Numbers),
    ("ExtGState", May::Be(Role::GraphicsState)),
    ("Matrix", May::Numbers),
    ("PaintType", May::Int),
    ("PatternType", May::Int),
    ("Resources", May::Own(Own::Resources)),
    ("Shading", May::Be(Role::Shading)),
    ("TilingType", May::Int),
    ("Type", May::Name(&["Pattern"])),
    ("XStep", May::Number),
    ("YStep", May::Number),
];
const SHADING: Keys = &[
    ("AntiAlias", May::Bool),
    ("BBox", May::Numbers),
    ("Background", May::Numbers),
    ("BitsPerComponent", May::Int),
    ("BitsPerCoordinate", May::Int),
    ("BitsPerFlag", May::Int),
    ("ColorSpace", May::Space),
    ("Coords", May::Numbers),
    ("Decode", May::Numbers),
    ("Domain", May::Numbers),
    ("Extend", May::Bools),
    ("Function", May::Functions),
    ("Matrix", May::Numbers),
    ("ShadingType", May::Int),
    ("VerticesPerRow", May::Int),
];
const FUNCTION: Keys = &[
    ("BitsPerSample", May::Int),
    ("Bounds", May::Numbers),
    ("C0", May::Numbers),
    ("C1", May::Numbers),
    ("Decode", May::Numbers),
    ("Domain", May::Numbers),
    ("Encode", May::Numbers),
    ("FunctionType", May::Int),
    ("Functions", May::Functions),
    ("N", May::Number),
    ("Order", May::Int),
    ("Range", May::Numbers),
    ("Size", May::Numbers),
];
const GRAPHICS_STATE: Keys = &[
    ("AIS", May::Bool),
    ("BM", May::Name(BLENDS)),
    ("CA", May::Number),
    ("D", May::Own(Own::Dash)),
    ("FL", May::Number),
    ("Font", May::Own(Own::StateFont)),
    ("LC", May::Int),
    ("LJ", May::Int),
    ("LW", May::Number),
    ("ML", May::Number),
    ("OP", May::Bool),
    ("OPM", May::Int),
    ("RI", May::Name(INTENTS)),
    ("SA", May::Bool),
    ("SM", May::Number),
    ("SMask", May::Own(Own::SoftMask)),
    ("TK", May::Bool),
    ("TR", May::Own(Own::Transfer)),
    ("TR2", May::Own(Own::Transfer)),
    ("ca", May::Number),
    ("op", May::Bool),
];
const FONT: Keys = &[
    ("BaseFont", May::Own(Own::BaseFont)),
    ("CharProcs", May::Own(Own::Procs)),
    ("DescendantFonts", May::Own(Own::Descendants)),
    ("Encoding", May::Own(Own::Encoding)),
    ("FirstChar", May::Int),
    ("FontBBox", May::Numbers),
    ("FontDescriptor", May::Be(Role::Descriptor)),
    ("FontMatrix", May::Numbers),
    ("LastChar", May::Int),
    ("Resources", May::Own(Own::Resources)),
    (
        "Subtype",
        May::Name(&["MMType1", "TrueType", "Type0", "Type1", "Type3"]),
    ),
    ("ToUnicode", May::Own(Own::ToUnicode)),
    ("Type", May::Name(&["Font"])),
    ("Widths", May::Numbers),
];
const DESCENDANT: Keys = &[
    ("BaseFont", May::Own(Own::BaseFont)),
    ("CIDSystemInfo", May::Own(Own::SystemInfo)),
    ("CIDToGIDMap", May::Own(Own::CidToGid)),
    ("DW", May::Number),
    ("DW2", May::Numbers),
    ("FontDescriptor", May::Be(Role::Descriptor)),
    ("Subtype", May::Name(&["CIDFontType0", "CIDFontType2"])),
    ("Type", May::Name(&["Font"])),
    ("W", May::Widths),
    ("W2", May::Widths),
];
const DESCRIPTOR: Keys = &[
    ("Ascent", May::Number),
    ("AvgWidth", May::Number),
    ("CapHeight", May::Number),
    ("Descent", May::Number),
    ("Flags", May::Int),
    ("FontBBox", May::Numbers),
    ("FontFamily", May::Own(Own::Family)),
    ("FontFile", May::Be(Role::ProgramType1)),
    ("FontFile2", May::Be(Role::ProgramTrueType)),
    ("FontFile3", May::Be(Role::ProgramCompact)),
    ("FontName", May::Own(Own::BaseFont)),
    ("FontStretch", May::Name(STRETCHES)),
    ("FontWeight", May::Number),
    ("ItalicAngle", May::Number),
    ("Leading", May::Number),
    ("MaxWidth", May::Number),
    ("MissingWidth", May::Number),
    ("StemH", May::Number),
    ("StemV", May::Number),
    ("Type", May::Name(&["FontDescriptor"])),
    ("XHeight", May::Number),
];
const CHARACTER_MAP: Keys = &[
    ("CIDSystemInfo", May::Own(Own::SystemInfo)),
    ("CMapName", May::Name(&["Custom"])),
    ("Type", May::Name(&["CMap"])),
    ("WMode", May::Int),
];
const PROGRAM: Keys = &[
    ("Length1", May::Int),
    ("Length2", May::Int),
    ("Length3", May::Int),
    (
        "Subtype",
        May::Name(&["CIDFontType0C", "OpenType", "Type1C"]),
    ),
];
const PROFILE: Keys = &[("N", May::Int)];
const GROUP: Keys = &[
    ("CS", May::Space),
    ("I", May::Bool),
    ("K", May::Bool),
    ("S", May::Name(&["Transparency"])),
];
const SOFT_MASK: Keys = &[
    ("BC", May::Numbers),
    ("G", May::Be(Role::Form)),
    ("S", May::Name(&["Alpha", "Luminosity"])),
    ("TR", May::Own(Own::Transfer)),
];
const CALIBRATED: Keys = &[
    ("BlackPoint", May::Numbers),
    ("Gamma", May::Any),
    ("Matrix", May::Numbers),
    ("Range", May::Numbers),
    ("WhitePoint", May::Numbers),
];

impl Walk<'_, '_, '_> {
    /// Holds an object's keys against those of its role.
    pub(super) fn keys(&mut self, role: Role, value: &Value) -> Result<(), Fault> {
        let keys = match role {
            Role::Catalog => CATALOG,
            Role::CharacterMap => CHARACTER_MAP,
            Role::Charset | Role::Content | Role::Glyph | Role::JbigGlobals | Role::ToUnicode => {
                &[]
            }
            Role::Descendant => DESCENDANT,
            Role::Descriptor => DESCRIPTOR,
            Role::Font => FONT,
            Role::Form => FORM,
            Role::Function => FUNCTION,
            Role::GraphicsState => GRAPHICS_STATE,
            Role::Image => IMAGE,
            Role::Page => PAGE,
            Role::Pages => PAGES,
            Role::Pattern => PATTERN,
            Role::Profile => PROFILE,
            Role::ProgramCompact | Role::ProgramTrueType | Role::ProgramType1 => PROGRAM,
            Role::Shading => SHADING,
            Role::Space => return self.space(value),
        };
        self.dict(value, keys, role.is_stream(value))
    }

    fn dict(&mut self, value: &Value, keys: Keys, is_stream: bool) -> Result<(), Fault> {
        let Value::Dict(entries) = value else {
            return Err(Fault("no dictionary"));
        };
        for (key, value) in entries {
            if is_stream && matches!(key.as_slice(), b"Filter" | b"Length") {
                continue;
            }
            let known = keys.iter().find(|(known, _)| known.as_bytes() == key);
            let (_, may) = known.ok_or(Fault("a key that does not belong there"))?;
            self.may(value, *may)?;
        }
        Ok(())
    }

    fn may(&mut self, value: &Value, may: May) -> Result<(), Fault> {
        let fits = match may {
            May::Bool => matches!(value, Value::Bool(_)),
            May::Int => matches!(value, Value::Int(_)),
            May::Number => value.is_number(),
            May::Numbers => is_list(value, Value::is_number),
            May::Bools => is_list(value, |item| matches!(item, Value::Bool(_))),
            May::Widths => is_list(value, |item| {
                item.is_number() || is_list(item, Value::is_number)
            }),
            May::Name(names) => names.iter().any(|name| value.is_name(name)),
            // Held against its form where the stream is read, or harmless: numbers.
            May::Any => !matches!(value, Value::Text(_) | Value::Name(_)),
            May::Be(role) => return self.used(role, value),
            May::Space => return self.space(value),
            May::Functions => return self.functions(value),
            May::Own(own) => return self.own(value, own),
        };
        if fits {
            Ok(())
        } else {
            Err(Fault("a value of another kind"))
        }
    }

    fn functions(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::List(items) => {
                for item in items {
                    self.used(Role::Function, item)?;
                }
                Ok(())
            }
            one => self.used(Role::Function, one),
        }
    }

    fn own(&mut self, value: &Value, own: Own) -> Result<(), Fault> {
        match (own, value) {
            (Own::BaseFont, Value::Name(name)) if name.len() <= 127 => Ok(()),
            (Own::Family, Value::Text(name)) if name.len() <= 127 => Ok(()),
            (Own::CidToGid, Value::Name(name)) if name == b"Identity" => Ok(()),
            (Own::CidToGid, map) => self.used(Role::Charset, map),
            (Own::Dash, Value::List(items)) => match items.as_slice() {
                [dashes, phase] if is_list(dashes, Value::is_number) && phase.is_number() => Ok(()),
                _ => Err(Fault("dashes")),
            },
            (Own::Descendants, Value::List(items)) => match items.as_slice() {
                [one] => self.used(Role::Descendant, one),
                _ => Err(Fault("descendants")),
            },
            (Own::Encoding, encoding) => self.encoding(encoding),
            (Own::Group, group) => self.dict(group, GROUP, false),
            (Own::Intents, Value::List(items)) => match items.as_slice() {
                [Value::Dict(entries)] => self.intent(entries),
                _ => Err(Fault("output intents")),
            },
            (Own::Kids, Value::List(items)) => items
                .iter()
                .try_for_each(|item| self.used(Role::Page, item)),
            (Own::Mask, Value::List(_)) if is_list(value, Value::is_number) => Ok(()),
            (Own::Mask, image) => self.used(Role::Image, image),
            (Own::Procs, Value::Dict(entries)) => entries
                .iter()
                .try_for_each(|(_, glyph)| self.used(Role::Glyph, glyph)),
            (Own::Resources, resources) => self.resources(resources),
            (Own::SoftMask, Value::Name(name)) if name == b"None" => Ok(()),
            (Own::SoftMask, mask) => self.dict(mask, SOFT_MASK, false),
            (Own::StateFont, Value::List(items)) => match items.as_slice() {
                [font, size] if size.is_number() => self.used(Role::Font, font),
                _ => Err(Fault("font of a graphics state")),
            },
            (Own::SystemInfo, Value::Dict(entries)) => system_info(entries),
            (Own::ToUnicode, Value::Name(name))
                if name == b"Identity-H" || name == b"Identity-V" =>
            {
                Ok(())
            }
            (Own::ToUnicode, map) => self.used(Role::ToUnicode, map),
            (Own::Transfer, Value::Name(name)) if name == b"Identity" || name == b"Default" => {
                Ok(())
            }
            (Own::Transfer, functions) => self.functions(functions),
            _ => Err(Fault("a value of another form")),
        }
    }

    fn intent(&mut self, entries: &[(Vec<u8>, Value)]) -> Result<(), Fault> {
        for (key, value) in entries {
            match (key.as_slice(), value) {
                (b"DestOutputProfile", profile) => self.used(Role::Profile, profile)?,
                (b"OutputConditionIdentifier", Value::Text(text)) if text == b"Custom" => {}
                (b"S", Value::Name(name)) if name == b"GTS_PDFA1" => {}
                (b"Type", Value::Name(name)) if name == b"OutputIntent" => {}
                _ => return Err(Fault("output intent")),
            }
        }
        Ok(())
    }

    fn encoding(&mut self, value: &Value) -> Result<(), Fault> {
        let entries = match value {
            Value::Name(name) => {
                let text = str::from_utf8(name).unwrap_or_default();
                let is_map = super::streams::is_predefined(text);
                let fits = ENCODINGS.contains(&text) || is_map;
                return if fits {
                    Ok(())
                } else {
                    Err(Fault("an encoding of its own"))
                };
            }
            Value::Ref(_) => return self.used(Role::CharacterMap, value),
            Value::Dict(entries) => entries,
            _ => return Err(Fault("encoding")),
        };
        for (key, value) in entries {
            let is_item = |item: &Value| matches!(item, Value::Int(_) | Value::Name(_));
            match key.as_slice() {
                b"BaseEncoding" if ENCODINGS.iter().any(|name| value.is_name(name)) => {}
                b"Differences" if is_list(value, is_item) => {}
                _ => return Err(Fault("encoding")),
            }
        }
        Ok(())
    }

    /// Resources: categories of names that are a letter and a number.
    fn resources(&mut self, value: &Value) -> Result<(), Fault> {
        let Value::Dict(categories) = value else {
            return Err(Fault("resources"));
        };
        for (category, entries) in categories {
            let Value::Dict(entries) = entries else {
                return Err(Fault("resources"));
            };
            let letter = match category.as_slice() {
                b"ColorSpace" => "C",
                b"ExtGState" => "G",
                b"Font" => "F",
                b"Pattern" => "P",
                b"Shading" => "S",
                b"XObject" => "X",
                _ => return Err(Fault("resources of another category")),
            };
            let mut named = 0;
            for (name, value) in entries {
                let text = str::from_utf8(name).map_err(|_| Fault("name of a resource"))?;
                let is_default = matches!(text, "DefaultCMYK" | "DefaultGray" | "DefaultRGB");
                if !(letter == "C" && is_default) {
                    named += 1;
                    let number = text.strip_prefix(letter).unwrap_or_default();
                    let number: usize = number.parse().map_err(|_| Fault("name of a resource"))?;
                    if text != format!("{letter}{number}") || number >= entries.len() {
                        return Err(Fault("name of a resource"));
                    }
                }
                self.resource(letter, value)?;
            }
            if named > entries.len() {
                return Err(Fault("resources"));
            }
        }
        Ok(())
    }

    fn resource(&mut self, letter: &str, value: &Value) -> Result<(), Fault> {
        let role = match letter {
            "C" => return self.space(value),
            "F" => Role::Font,
            "G" => Role::GraphicsState,
            "P" => Role::Pattern,
            "S" => Role::Shading,
            _ => {
                let Value::Ref(number) = value else {
                    return Err(Fault("resources"));
                };
                match self.at(*number)?.value.get("Subtype") {
                    Some(kind) if kind.is_name("Image") => Role::Image,
                    _ => Role::Form,
                }
            }
        };
        self.used(role, value)
    }

    /// A colour space, by name, array or reference.
    fn space(&mut self, value: &Value) -> Result<(), Fault> {
        let items = match value {
            Value::Name(_) => {
                let devices = ["DeviceCMYK", "DeviceGray", "DeviceRGB", "Pattern"];
                let fits = devices.iter().any(|name| value.is_name(name));
                return if fits {
                    Ok(())
                } else {
                    Err(Fault("colour space"))
                };
            }
            Value::Ref(_) => return self.used(Role::Space, value),
            Value::List(items) => items,
            _ => return Err(Fault("colour space")),
        };
        match items.as_slice() {
            [family, dict]
                if ["CalGray", "CalRGB", "Lab"]
                    .iter()
                    .any(|f| family.is_name(f)) =>
            {
                self.dict(dict, CALIBRATED, false)
            }
            [family, profile] if family.is_name("ICCBased") => self.used(Role::Profile, profile),
            [family, base] if family.is_name("Pattern") => self.space(base),
            [family, base, Value::Int(0..=255), Value::Text(table)]
                if family.is_name("Indexed") && table.len() <= 256 * 32 =>
            {
                self.views.hidden(table);
                self.space(base)
            }
            [family, name, alternate, tint] if family.is_name("Separation") => {
                colorant(name)?;
                self.space(alternate)?;
                self.used(Role::Function, tint)
            }
            [family, Value::List(names), alternate, tint] if family.is_name("DeviceN") => {
                names.iter().try_for_each(colorant)?;
                self.space(alternate)?;
                self.used(Role::Function, tint)
            }
            _ => Err(Fault("colour space")),
        }
    }
}

fn is_list(value: &Value, is: impl Fn(&Value) -> bool) -> bool {
    matches!(value, Value::List(items) if items.iter().all(is))
}

fn colorant(name: &Value) -> Result<(), Fault> {
    let Value::Name(name) = name else {
        return Err(Fault("colorant"));
    };
    let known = [
        "All", "Black", "Blue", "Cyan", "Green", "Magenta", "None", "Red", "Yellow",
    ];
    let spot = name.strip_prefix(b"Spot").unwrap_or_default();
    let is_spot = !spot.is_empty() && spot.len() < 7 && spot.iter().all(u8::is_ascii_digit);
    if is_spot || known.iter().any(|known| known.as_bytes() == name) {
        Ok(())
    } else {
        Err(Fault("colorant with a name of its own"))
    }
}

fn system_info(entries: &[(Vec<u8>, Value)]) -> Result<(), Fault> {
    let orderings: &[&[u8]] = &[
        b"CNS1",
        b"GB1",
        b"Identity",
        b"Japan1",
        b"Japan2",
        b"KR",
        b"Korea1",
        b"Manga1",
        b"UCS",
    ];
    for (key, value) in entries {
        match (key.as_slice(), value) {
            (b"Registry", Value::Text(text)) if text == b"Adobe" => {}
            (b"Ordering", Value::Text(text)) if orderings.contains(&text.as_slice()) => {}
            (b"Supplement", Value::Int(0..=99)) => {}
            _ => return Err(Fault("character collection")),
        }
    }
    Ok(())
}
