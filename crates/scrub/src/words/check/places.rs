//! Number plates and positions.

use super::folded::{Folded, Token};
use super::keywords::{PLATE_WORD, VEHICLE};
use super::{Certainty, Clue, Found};

pub(super) fn scan(folded: &Folded, found: &mut Found) {
    for index in 0..folded.tokens.len() {
        emirate(folded, index, found);
        letters_and_digits(folded, index, found);
        named_plate(folded, index, found);
        decimal(folded, index, found);
        degrees(folded, index, found);
    }
    codes(folded, found);
}

const EMIRATES: &[&[&str]] = &[
    &["dubai"],
    &["abu", "dhabi"],
    &["abudhabi"],
    &["sharjah"],
    &["ajman"],
    &["fujairah"],
    &["rak"],
    &["uaq"],
    &["ras", "al", "khaimah"],
    &["umm", "al", "quwain"],
    &["auh"],
    &["dxb"],
    &["دبي"],
    &["ابوظبي"],
    &["ابو", "ظبي"],
    &["الشارقه"],
    &["شارقه"],
    &["عجمان"],
    &["الفجيره"],
    &["راس", "الخيمه"],
    &["ام", "القيوين"],
];
const PLATE: &[&str] = &[
    "plate",
    "plates",
    "registration",
    "لوحه",
    "لوحتها",
    "لوحته",
    "لوحات",
    "اللوحه",
    "نمره",
    "نمرتها",
    "نمرته",
    "نمر",
    "لوحتهم",
];

fn token(folded: &Folded, index: usize) -> Option<Token> {
    folded.tokens.get(index).copied()
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// Whether only spaces, strokes and a slash stand between two tokens.
fn are_close(folded: &Folded, a: Token, b: Token) -> bool {
    let gap = folded.get(a.end..b.start);
    gap.len() <= 3 && gap.chars().all(|c| matches!(c, ' ' | '-' | '/' | '|'))
}

/// An emirate, a code and a number; without a code only beside a word for a plate.
fn emirate(folded: &Folded, index: usize, found: &mut Found) {
    let fits = |names: &&&[&str]| {
        names.iter().enumerate().all(|(at, name)| {
            let word = folded.word(index + at);
            word == *name || at == 0 && super::folded::stems(word).any(|stem| stem == *name)
        })
    };
    let Some(names) = EMIRATES.iter().find(fits) else {
        return;
    };
    let code = index + names.len();
    let (Some(first), Some(a), Some(b)) = (
        token(folded, index),
        token(folded, code),
        token(folded, code + 1),
    ) else {
        plate_without_code(folded, index, code, found);
        return;
    };
    let Some(last) = token(folded, code - 1) else {
        return;
    };
    let code_word = folded.word(code);
    let is_code = if a.is_number {
        code_word.len() <= 2
    } else {
        letters(code_word) <= 2
            && !matches!(
                code_word,
                "in" | "on" | "at" | "to" | "is" | "by" | "في" | "عن" | "من" | "و"
            )
    };
    let digits = b.end - b.start;
    let is_first = are_close(folded, last, a) && are_close(folded, a, b);
    let is_named =
        folded.is_after(first.start, 5, PLATE_WORD) || folded.is_before(b.end, 2, PLATE_WORD);
    if is_code
        && b.is_number
        && is_first
        && (1..=5).contains(&digits)
        && (digits >= 3 || is_named)
        && (!a.is_number || is_named || digits >= 4)
    {
        found.push(
            Clue::Plate,
            first.start..b.end,
            if is_named {
                Certainty::Sure
            } else {
                Certainty::Likely
            },
        );
    } else {
        plate_without_code(folded, index, code, found);
    }
}

fn plate_without_code(folded: &Folded, index: usize, code: usize, found: &mut Found) {
    let (Some(first), Some(number)) = (token(folded, index), token(folded, code)) else {
        return;
    };
    let digits = number.end - number.start;
    if number.is_number && (2..=5).contains(&digits) && folded.is_after(first.start, 4, PLATE_WORD)
    {
        found.push(Clue::Plate, first.start..number.end, Certainty::Likely);
    }
}

/// Saudi and Egyptian plates: two or three letters apart from each other, and up to four digits. Arabic letters
/// stand alone; Latin ones are three together, and no word.
fn letters_and_digits(folded: &Folded, index: usize, found: &mut Found) {
    let Some(first) = token(folded, index) else {
        return;
    };
    let is_single = |at: usize| {
        let word = folded.word(at);
        letters(word) == 1 && matches!(word.chars().next(), Some('\u{621}'..='\u{64A}'))
    };
    let starts = index
        .checked_sub(1)
        .and_then(|before| token(folded, before))
        .is_none_or(|before| !is_single(index - 1) || !are_close(folded, before, first));
    if is_single(index) && starts {
        let count = (index..index + 4).take_while(|at| is_single(*at)).count();
        let Some(number) = token(folded, index + count) else {
            return;
        };
        let all = folded.tokens.get(index..=index + count).unwrap_or_default();
        let close = all
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if are_close(folded, *a, *b)));
        if (2..=3).contains(&count) && number.is_number && number.end - number.start <= 4 && close {
            found.push(Clue::Plate, first.start..number.end, Certainty::Likely);
        }
        return;
    }
    let Some(number) = token(folded, index + 1) else {
        return;
    };
    let is_saudi = !first.is_number
        && first.end - first.start == 3
        && folded
            .word(index)
            .bytes()
            .all(|b| b"abjdrsxtegklznhuv".contains(&b))
        && number.is_number
        && (3..=4).contains(&(number.end - number.start))
        && matches!(folded.get(first.end..number.start), " " | "-" | "");
    if is_saudi && folded.is_after(first.start, 6, VEHICLE) {
        found.push(Clue::Plate, first.start..number.end, Certainty::Likely);
    }
}

/// What stands behind a word for a plate.
fn named_plate(folded: &Folded, index: usize, found: &mut Found) {
    if !super::folded::stems(folded.word(index)).any(|word| PLATE.contains(&word)) {
        return;
    }
    let Some(word) = token(folded, index) else {
        return;
    };
    let links = [
        "number",
        "no",
        "is",
        "was",
        "its",
        "the",
        "رقمها",
        "رقم",
        "رقمه",
        "السياره",
        "سياره",
        "هي",
        "سيارته",
        "سيارتهم",
        "سيارتها",
        "عليها",
        "تبدا",
        "car",
        "code",
        "كود",
        "of",
        "with",
        "white",
    ];
    let mut next = index + 1;
    while next < index + 5 && links.contains(&folded.word(next)) {
        next += 1;
    }
    let Some(first) = token(folded, next) else {
        return;
    };
    if folded.get(word.end..first.start).contains(['.', '\n', '?']) {
        return;
    }
    let mut end = None;
    let mut last = first;
    for at in next..next + 5 {
        let Some(part) = token(folded, at) else { break };
        if at > next && !are_close(folded, last, part) {
            break;
        }
        if part.is_number {
            if part.end - part.start > 6 {
                break;
            }
            end = Some(part.end);
            // What follows the number is the sentence.
            if part.end - part.start > 2 {
                break;
            }
        } else if letters(folded.word(at)) > 3 || end.is_some() && letters(folded.word(at)) > 2 {
            break;
        }
        last = part;
    }
    if let Some(end) = end.filter(|end| end - first.start >= 3) {
        found.push(Clue::Plate, first.start..end, Certainty::Sure);
    }
}

/// Two decimal numbers that can be a latitude and a longitude.
fn decimal(folded: &Folded, index: usize, found: &mut Found) {
    let part = |at: usize| {
        let (a, b) = (token(folded, at)?, token(folded, at + 1)?);
        let is_decimal =
            a.is_number && b.is_number && folded.get(a.end..b.start) == "." && a.end - a.start <= 3;
        is_decimal.then_some((
            a.start,
            b.end,
            b.end - b.start,
            folded.word(at).parse::<u16>().ok()?,
        ))
    };
    let Some((start, middle, len, degrees)) = part(index) else {
        return;
    };
    if len < 3 || degrees > 180 {
        return;
    }
    // A letter for the side of the world may stand between them.
    let next = if matches!(folded.word(index + 2), "n" | "s" | "e" | "w") {
        index + 3
    } else {
        index + 2
    };
    let Some((second, end, second_len, other)) = part(next) else {
        return;
    };
    let gap = folded.get(middle..second);
    let is_pair = gap.len() <= 6
        && gap
            .chars()
            .all(|c| matches!(c, ' ' | ',' | ';' | '°' | '-' | '/' | 'n' | 's' | 'e' | 'w'));
    let fits = second_len >= 3 && other <= 180 && degrees.min(other) <= 90;
    if is_pair && fits && (len >= 4 || second_len >= 4 || gap.contains(['°', 'n'])) {
        found.push(Clue::Coordinates, start..end, Certainty::Sure);
    }
}

/// Degrees, minutes, seconds.
fn degrees(folded: &Folded, index: usize, found: &mut Found) {
    let (Some(a), Some(b)) = (token(folded, index), token(folded, index + 1)) else {
        return;
    };
    let gap = folded.get(a.end..b.start).trim();
    if !a.is_number || !b.is_number || !matches!(gap, "°" | "º") {
        return;
    }
    let rest = folded.get(b.end..folded.text.len());
    if !rest.trim_start().starts_with(['\'', '′', '.', '’']) {
        return;
    }
    // The other half stands close by: it is the same position.
    let end = rest
        .char_indices()
        .take(48)
        .take_while(|(_, c)| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    ' ' | '\''
                        | '"'
                        | '′'
                        | '″'
                        | '°'
                        | 'º'
                        | '.'
                        | ','
                        | 'n'
                        | 's'
                        | 'e'
                        | 'w'
                        | '”'
                )
        })
        .map(|(at, c)| at + c.len_utf8())
        .last()
        .unwrap_or(0);
    let end = b.end
        + rest
            .get(..end)
            .unwrap_or_default()
            .trim_end_matches([' ', ',', '.'])
            .len();
    found.push(Clue::Coordinates, a.start..end, Certainty::Sure);
}

/// Plus codes (`7HQ3+5V2`) and three words (`///these.three.words`).
fn codes(folded: &Folded, found: &mut Found) {
    let bytes = folded.text.as_bytes();
    let is_code = |b: u8| b"23456789cfghjmpqrvwx".contains(&b);
    for (at, b) in bytes.iter().enumerate() {
        if *b == b'+' {
            let before = bytes
                .get(..at)
                .unwrap_or_default()
                .iter()
                .rev()
                .take(9)
                .take_while(|b| is_code(**b))
                .count();
            let after = bytes
                .get(at + 1..)
                .unwrap_or_default()
                .iter()
                .take(4)
                .take_while(|b| is_code(**b))
                .count();
            let range = at - before..at + 1 + after;
            let text = folded.get(range.clone());
            let is_alone = |b: Option<&u8>| !b.is_some_and(u8::is_ascii_alphanumeric);
            let alone = is_alone(range.start.checked_sub(1).and_then(|at| bytes.get(at)))
                && is_alone(bytes.get(range.end));
            let fits = matches!(before, 4 | 6 | 8) && (2..=3).contains(&after);
            if fits
                && alone
                && text.bytes().any(|b| b.is_ascii_alphabetic())
                && text.bytes().any(|b| b.is_ascii_digit())
            {
                found.push(Clue::Coordinates, range, Certainty::Likely);
            }
        } else if *b == b'/' && bytes.get(at..at + 3) == Some(b"///") {
            let rest = folded.get(at + 3..folded.text.len());
            let end = rest
                .char_indices()
                .take(60)
                .find(|(_, c)| !c.is_alphabetic() && *c != '.')
                .map_or(rest.len().min(60), |(at, _)| at);
            let words = rest.get(..end).unwrap_or_default().trim_end_matches('.');
            let is_three =
                words.split('.').count() == 3 && words.split('.').all(|word| letters(word) >= 3);
            if is_three {
                found.push(Clue::Coordinates, at..at + 3 + words.len(), Certainty::Sure);
            }
        }
    }
}
