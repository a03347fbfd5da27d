//! The first step: every letter of a text becomes one octet, and what clients add becomes nothing.

/// Any letter that stands in no envelope: it ends what stood before it.
const OTHER: u8 = 0;
/// An en dash, which was one hyphen or two.
pub(crate) const EN_DASH: u8 = 1;
/// An em dash, which was two hyphens, one or three.
pub(crate) const EM_DASH: u8 = 2;

/// What is left of HTML entities in text that a program made of a page.
const ENTITIES: [(&str, char); 9] = [
    ("&gt;", '>'),
    ("&lt;", '<'),
    ("&amp;", '&'),
    ("&nbsp;", ' '),
    ("&shy;", '\u{ad}'),
    ("&lrm;", '\u{200e}'),
    ("&rlm;", '\u{200f}'),
    ("&ndash;", '–'),
    ("&mdash;", '—'),
];
/// Tags that begin or end a line, and tags that do neither.
const BREAKING: [&str; 6] = ["br", "p", "div", "pre", "li", "blockquote"];
const INLINE: [&str; 4] = ["wbr", "span", "code", "font"];
/// The longest tag that is taken for one, in octets.
const MAX_TAG: usize = 64;

/// The text in one octet for each letter: ASCII as it is, [`EN_DASH`], [`EM_DASH`], and `OTHER` for the rest.
///
/// Invisible characters and quoting marks at the beginning of a line are gone; white space is one space or, if
/// there was a line break in it, one newline.
pub(crate) fn clean(text: &str) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut begins_line = true;
    let mut rest = text;
    while let Some((letter, len)) = next(rest) {
        rest = rest.get(len..).unwrap_or_default();
        let Some(symbol) = symbol(letter) else {
            continue;
        };
        match symbol {
            b' ' | b'\n' => {
                begins_line |= symbol == b'\n';
                break_off(&mut clean, symbol);
            }
            _ if begins_line && is_quoting(letter) => {}
            _ => {
                begins_line = false;
                clean.push(symbol);
            }
        }
    }
    clean
}

fn break_off(clean: &mut Vec<u8>, space: u8) {
    match clean.last_mut() {
        Some(last @ (b' ' | b'\n')) => *last = space.min(*last),
        _ => clean.push(space),
    }
}

/// The letter with which `rest` begins, and how many octets it takes, when it is spelled as markup too.
fn next(rest: &str) -> Option<(char, usize)> {
    let letter = rest.chars().next()?;
    let spelled = match letter {
        '&' => ENTITIES
            .iter()
            .find(|(entity, _)| rest.starts_with(entity))
            .map(|(entity, meant)| (*meant, entity.len())),
        '<' => tag(rest),
        // `\_` is Markdown's, `\n` JSON's.
        '\\' if rest.starts_with("\\n") || rest.starts_with("\\r") => Some(('\n', 2)),
        '\\' => Some(('\u{200b}', 1)),
        _ => None,
    };
    Some(spelled.unwrap_or((letter, letter.len_utf8())))
}

/// An HTML tag that may stand within what was wrapped, as the white space that it means.
fn tag(rest: &str) -> Option<(char, usize)> {
    let inside = rest.get(1..)?.trim_start_matches('/');
    let name_ends = inside.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let name = inside.get(..name_ends)?;
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let meant = match () {
        () if BREAKING.iter().any(|name| is(name)) => '\n',
        () if INLINE.iter().any(|name| is(name)) => '\u{200b}',
        () => return None,
    };
    let end = rest.bytes().take(MAX_TAG).position(|octet| octet == b'>')?;
    Some((meant, end + 1))
}

/// `None` for what nobody sees.
fn symbol(letter: char) -> Option<u8> {
    match letter {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(b'\n'),
        _ if letter.is_whitespace() => Some(b' '),
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => Some(b'-'),
        '\u{2012}' | '\u{2013}' => Some(EN_DASH),
        '\u{2014}' | '\u{2015}' | '\u{fe58}' => Some(EM_DASH),
        _ if letter.is_control() || is_invisible(letter) => None,
        _ => Some(
            u8::try_from(letter)
                .ok()
                .filter(u8::is_ascii)
                .unwrap_or(OTHER),
        ),
    }
}

/// Marks of direction, joiners, variation selectors, tags, and characters of no width.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

fn is_quoting(letter: char) -> bool {
    matches!(letter, '>' | '|' | '›' | '»' | '│' | '┃' | '▌')
}

pub(crate) fn is_white(symbol: u8) -> bool {
    matches!(symbol, b' ' | b'\n')
}

pub(crate) fn is_dash(symbol: u8) -> bool {
    matches!(symbol, b'-' | EN_DASH | EM_DASH)
}

/// The letters of base64url, and dashes that may have been its hyphens.
pub(crate) fn is_letter(symbol: u8) -> bool {
    symbol.is_ascii_alphanumeric() || symbol == b'_' || is_dash(symbol)
}
