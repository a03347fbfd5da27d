//! Which keys each dictionary may have.

use super::syntax::Value;

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
pub(super) enum May {
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
pub(super) enum Own {
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

pub(super) type Keys = &'static [(&'static str, May)];

pub(super) const INTENTS: &[&str] = &[
    "AbsoluteColorimetric",
    "Perceptual",
    "RelativeColorimetric",
    "Saturation",
];
pub(super) const BLENDS: &[&str] = &[
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
pub(super) const ENCODINGS: &[&str] = &[
    "MacExpertEncoding",
    "MacRomanEncoding",
    "StandardEncoding",
    "WinAnsiEncoding",
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
pub(super) const CATALOG: Keys = &[
    ("OutputIntents", May::Own(Own::Intents)),
    ("Pages", May::Be(Role::Pages)),
    ("Type", May::Name(&["Catalog"])),
];
pub(super) const PAGES: Keys = &[
    ("Count", May::Int),
    ("Kids", May::Own(Own::Kids)),
    ("Type", May::Name(&["Pages"])),
];
pub(super) const PAGE: Keys = &[
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
pub(super) const FORM: Keys = &[
    ("BBox", May::Numbers),
    ("Group", May::Own(Own::Group)),
    ("Matrix", May::Numbers),
    ("Resources", May::Own(Own::Resources)),
    ("Subtype", May::Name(&["Form"])),
    ("Type", May::Name(&["XObject"])),
];
pub(super) const IMAGE: Keys = &[
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
pub(super) const PATTERN: Keys = &[
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
pub(super) const SHADING: Keys = &[
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
pub(super) const FUNCTION: Keys = &[
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
pub(super) const GRAPHICS_STATE: Keys = &[
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
pub(super) const FONT: Keys = &[
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
pub(super) const DESCENDANT: Keys = &[
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
pub(super) const DESCRIPTOR: Keys = &[
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
pub(super) const CHARACTER_MAP: Keys = &[
    ("CIDSystemInfo", May::Own(Own::SystemInfo)),
    ("CMapName", May::Name(&["Custom"])),
    ("Type", May::Name(&["CMap"])),
    ("WMode", May::Int),
];
pub(super) const PROGRAM: Keys = &[
    ("Length1", May::Int),
    ("Length2", May::Int),
    ("Length3", May::Int),
    (
        "Subtype",
        May::Name(&["CIDFontType0C", "OpenType", "Type1C"]),
    ),
];
pub(super) const PROFILE: Keys = &[("N", May::Int)];
pub(super) const GROUP: Keys = &[
    ("CS", May::Space),
    ("I", May::Bool),
    ("K", May::Bool),
    ("S", May::Name(&["Transparency"])),
];
pub(super) const SOFT_MASK: Keys = &[
    ("BC", May::Numbers),
    ("G", May::Be(Role::Form)),
    ("S", May::Name(&["Alpha", "Luminosity"])),
    ("TR", May::Own(Own::Transfer)),
];
pub(super) const CALIBRATED: Keys = &[
    ("BlackPoint", May::Numbers),
    ("Gamma", May::Any),
    ("Matrix", May::Numbers),
    ("Range", May::Numbers),
    ("WhitePoint", May::Numbers),
];
