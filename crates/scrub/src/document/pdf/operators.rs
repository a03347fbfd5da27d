//! The operators of content streams and their operands (ISO 32000-1, Annex A).

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
pub(super) const CATEGORIES: [(&str, &str); 6] = [
    ("ColorSpace", "C"),
    ("ExtGState", "G"),
    ("Font", "F"),
    ("Pattern", "P"),
    ("Shading", "S"),
    ("XObject", "X"),
];
/// Colour spaces that stand in for the device's ones wherever those are used.
pub(super) const DEFAULTS: [&str; 3] = ["DefaultCMYK", "DefaultGray", "DefaultRGB"];

/// What stands for an operator on a layer that is off: the state goes on, nothing is drawn.
pub(super) fn instead(operator: &[u8]) -> Option<&'static [u8]> {
    match operator {
        b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => Some(b"n\n"),
        b"'" | b"\"" => Some(b"T*\n"),
        b"Tj" | b"TJ" | b"Do" | b"sh" => Some(b""),
        _ => None,
    }
}

/// Whether a text is what one glyph or one shaped word stands for: up to three letters, or a few more beyond Latin.
pub(super) fn is_letters(text: &str) -> bool {
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
