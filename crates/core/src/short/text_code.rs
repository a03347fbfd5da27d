//! The text code of the short form: how a text becomes octets.
//!
//! A text is its UTF-8 or, when that is strictly shorter, the octet 0xFF followed by the compact code, which
//! has one octet for each character of the Arabic, Persian, Urdu and Kurdish keyboards. UTF-8 never holds the
//! octet 0xFF, so the first octet says which one it is. Neither spelling ever holds the octet 0x00: it is left
//! for the fill behind the text.
//!
//! Format v1, section 6.3.

use zeroize::Zeroizing;

/// The first octet of a text in compact code.
const COMPACT: u8 = 0xFF;

/// The octet before a character that has none of its own; the character follows in UTF-8.
const ESCAPE: u8 = 0x80;

/// The octet of the first character of [`TABLE`].
const FIRST: u8 = 0x81;

/// The characters of the octets from 0x81 on, by code point. The octets 0xF3 to 0xFE have none.
#[rustfmt::skip]
const TABLE: [char; 114] = [
    // No-break space and guillemets.
    '\u{00A0}', '\u{00AB}', '\u{00BB}',
    // Arabic comma, semicolon and question mark.
    '\u{060C}', '\u{061B}', '\u{061F}',
    // Letters from hamza to ghain.
    '\u{0621}', '\u{0622}', '\u{0623}', '\u{0624}', '\u{0625}', '\u{0626}', '\u{0627}', '\u{0628}', '\u{0629}',
    '\u{062A}', '\u{062B}', '\u{062C}', '\u{062D}', '\u{062E}', '\u{062F}', '\u{0630}', '\u{0631}', '\u{0632}',
    '\u{0633}', '\u{0634}', '\u{0635}', '\u{0636}', '\u{0637}', '\u{0638}', '\u{0639}', '\u{063A}',
    // Tatweel, and letters from feh to yeh.
    '\u{0640}', '\u{0641}', '\u{0642}', '\u{0643}', '\u{0644}', '\u{0645}', '\u{0646}', '\u{0647}', '\u{0648}',
    '\u{0649}', '\u{064A}',
    // Vowel signs, from fathatan to sukun.
    '\u{064B}', '\u{064C}', '\u{064D}', '\u{064E}', '\u{064F}', '\u{0650}', '\u{0651}', '\u{0652}',
    // Arabic-Indic digits; percent sign, decimal and thousands separators.
    '\u{0660}', '\u{0661}', '\u{0662}', '\u{0663}', '\u{0664}', '\u{0665}', '\u{0666}', '\u{0667}', '\u{0668}',
    '\u{0669}', '\u{066A}', '\u{066B}', '\u{066C}',
    // Superscript alef, alef wasla; letters of Persian, Urdu and Kurdish.
    '\u{0670}', '\u{0671}', '\u{0679}', '\u{067E}', '\u{0686}', '\u{0688}', '\u{0691}', '\u{0695}', '\u{0698}',
    '\u{06A4}', '\u{06A8}', '\u{06A9}', '\u{06AD}', '\u{06AF}', '\u{06B5}', '\u{06BA}', '\u{06BE}', '\u{06C0}',
    '\u{06C1}', '\u{06C2}', '\u{06C6}', '\u{06CC}', '\u{06CE}', '\u{06D2}', '\u{06D3}', '\u{06D4}', '\u{06D5}',
    // Extended Arabic-Indic digits.
    '\u{06F0}', '\u{06F1}', '\u{06F2}', '\u{06F3}', '\u{06F4}', '\u{06F5}', '\u{06F6}', '\u{06F7}', '\u{06F8}',
    '\u{06F9}',
    // Zero-width non-joiner and joiner, left-to-right and right-to-left marks.
    '\u{200C}', '\u{200D}', '\u{200E}', '\u{200F}',
    // Dashes, quotation marks, bullet, ellipsis, euro sign.
    '\u{2013}', '\u{2014}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2026}', '\u{20AC}',
];

/// A text and the spelling that it has in a short envelope. It is measured before it is written, so that the
/// buffer of the plaintext need not grow and leave copies behind.
pub(super) struct Code<'a> {
    text: &'a str,
    spelling: Spelling,
    len: usize,
}

enum Spelling {
    Utf8,
    Compact,
}

impl<'a> Code<'a> {
    /// Chooses the spelling of `text`: the compact one only if it is strictly shorter than UTF-8.
    pub(super) fn of(text: &'a str) -> Self {
        let compact = 1 + text.chars().map(compact_len).sum::<usize>();
        if compact < text.len() {
            Self {
                text,
                spelling: Spelling::Compact,
                len: compact,
            }
        } else {
            Self {
                text,
                spelling: Spelling::Utf8,
                len: text.len(),
            }
        }
    }

    /// The length of the code in octets.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends the code to `out`: as many octets as [`Self::len`] says.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self.spelling {
            Spelling::Utf8 => out.extend_from_slice(self.text.as_bytes()),
            Spelling::Compact => {
                out.push(COMPACT);
                for character in self.text.chars() {
                    write_compact(character, out);
                }
            }
        }
    }
}

/// Reads a text from its code, the fill behind it already taken away.
///
/// `None` if the octets are not the one code that a text has: not valid, the longer one of the two spellings,
/// a character escaped that has an octet of its own, or U+0000 in the text.
pub(super) fn decode(code: &[u8]) -> Option<Zeroizing<String>> {
    let text = match code.split_first() {
        Some((&COMPACT, compact)) => expand(compact)?,
        _ => Zeroizing::new(str::from_utf8(code).ok()?.to_owned()),
    };
    let canonical = Code::of(&text);
    let mut again = Zeroizing::new(Vec::with_capacity(canonical.len()));
    canonical.write(&mut again);
    (again.as_slice() == code && !text.contains('\0')).then_some(text)
}

/// Turns compact code into text, whether or not another spelling of the text would be shorter.
fn expand(mut compact: &[u8]) -> Option<Zeroizing<String>> {
    // No octet stands for more than three octets of UTF-8, so the buffer never grows.
    let mut text = Zeroizing::new(String::with_capacity(3 * compact.len()));
    while let Some((&octet, rest)) = compact.split_first() {
        let character;
        (character, compact) = match octet {
            ESCAPE => {
                let character = first_character(rest)?;
                (character, rest.get(character.len_utf8()..)?)
            }
            FIRST.. => (*TABLE.get(usize::from(octet - FIRST))?, rest),
            _ => (char::from(octet), rest),
        };
        text.push(character);
    }
    Some(text)
}

/// The character whose UTF-8 the octets begin with.
fn first_character(octets: &[u8]) -> Option<char> {
    (1..=4).find_map(|len| str::from_utf8(octets.get(..len)?).ok()?.chars().next())
}

/// The number of octets that a character takes in compact code.
fn compact_len(character: char) -> usize {
    match own_octet(character) {
        Some(_) => 1,
        None => 1 + character.len_utf8(),
    }
}

/// Appends one character in compact code.
fn write_compact(character: char, out: &mut Vec<u8>) {
    if let Some(octet) = own_octet(character) {
        out.push(octet);
    } else {
        out.push(ESCAPE);
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// The octet that stands for a character in compact code, if it has one.
fn own_octet(character: char) -> Option<u8> {
    if character.is_ascii() {
        return u8::try_from(character).ok();
    }
    let slot = TABLE.binary_search(&character).ok()?;
    Some(FIRST + u8::try_from(slot).ok()?)
}

#[cfg(test)]
mod tests;
