//! HTML bodies as text: what shows in a window, line by line.

/// Tags that neither begin nor end a line. Letters of an envelope on either side of them stood together.
const WITHIN_A_LINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "code", "del", "em", "font", "i", "ins", "mark", "o:p",
    "s", "small", "span", "strong", "sub", "tt", "u", "wbr",
];
/// Names for letters that stand in envelopes; the others are left as they are.
const ENTITIES: [(&str, char); 9] = [
    ("amp", '&'),
    ("equals", '='),
    ("gt", '>'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("plus", '+'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
];
/// The longest entity between `&` and `;`, in octets.
const MAX_ENTITY: usize = 10;

/// The text of a page. Styles and scripts are left in: they are read for envelopes, not by people.
///
/// It is not longer than the page, but for a line break at each tag.
pub(crate) fn text_of(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        if let Some((letter, after)) = entity(behind) {
            text.push(letter);
            rest = after;
        } else if let Some(inside) = behind.strip_prefix('<') {
            let end = if inside.starts_with("!--") {
                "-->"
            } else {
                ">"
            };
            // Without an end there is none further on either, and one search for it is enough.
            let Some((tag, after)) = inside.split_once(end) else {
                rest = inside;
                break;
            };
            if !is_within_a_line(tag) {
                text.push('\n');
            }
            rest = after;
        } else {
            text.push('&');
            rest = behind.get(1..).unwrap_or_default();
        }
    }
    text.push_str(rest);
    text
}

fn is_within_a_line(tag: &str) -> bool {
    if tag.starts_with('!') {
        return true;
    }
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let end = name.find(|letter: char| letter.is_ascii_whitespace() || letter == '/');
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    WITHIN_A_LINE
        .iter()
        .any(|within| within.eq_ignore_ascii_case(name))
}

/// The letter that an entity at the beginning of `text` stands for, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    let inside = text.strip_prefix('&')?;
    let end = inside
        .bytes()
        .take(MAX_ENTITY + 1)
        .position(|octet| octet == b';')?;
    let (name, after) = inside.split_at_checked(end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let number = match hexadecimal {
                Some(number) => u32::from_str_radix(number, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((letter, after.get(1..)?))
}
