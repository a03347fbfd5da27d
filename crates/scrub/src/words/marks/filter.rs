//! Takes out of one word the characters that show nothing.

use unicode_normalization::char::canonical_combining_class;
use zeroize::Zeroizing;

use super::joiners::{JOINER, NON_JOINER};
use super::{Mark, emoji, joiners};

/// How far is looked past invisible characters for the next that shows.
const REACH: usize = 4;
/// No writing has more accents on one letter.
const MAX_ACCENTS: usize = 8;

pub(super) fn filter(word: &str, mut mark: impl FnMut(Mark, usize, usize)) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(word.len()));
    let mut accents = 0;
    let mut flag_end = 0;
    for (at, c) in word.char_indices() {
        let after = at + c.len_utf8();
        let rest = word.get(after..).unwrap_or_default();
        if at < flag_end {
            kept.push(c);
            continue;
        }
        if canonical_combining_class(c) == 0 {
            accents = 0;
        } else {
            accents += 1;
            if kept.ends_with(c) || accents > MAX_ACCENTS {
                mark(Mark::StackedAccents, at, c.len_utf8());
                continue;
            }
        }
        match verdict(c, &kept, rest) {
            None => kept.push(c),
            Some(what) => mark(what, at, c.len_utf8()),
        }
        if c == '\u{1F3F4}' {
            let flag = emoji::FLAGS.iter().find(|flag| rest.starts_with(**flag));
            flag_end = after + flag.map_or(0, |flag| flag.len());
        }
    }
    kept
}

/// As which mark a character goes, or nothing when it stays.
fn verdict(c: char, before: &str, rest: &str) -> Option<Mark> {
    let last = before.chars().next_back();
    match c {
        '\t' => None,
        c if c.is_control() => Some(Mark::Control),
        c if c.is_ascii() => None,
        JOINER | NON_JOINER => {
            let next = rest.chars().take(REACH).find(|c| !is_invisible(*c));
            (!joiners::is_needed(c, before, next)).then_some(Mark::ZeroWidth)
        }
        '\u{34F}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' => Some(Mark::ZeroWidth),
        '\u{180E}' => (!last.is_some_and(is_mongolian)).then_some(Mark::ZeroWidth),
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some(Mark::Direction)
        }
        '\u{E0100}'..='\u{E01EF}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{180B}'..='\u{180D}'
        | '\u{180F}' => {
            let next = rest.chars().next();
            (!last.is_some_and(|base| is_variant(base, c, next))).then_some(Mark::Variation)
        }
        '\u{AD}' => Some(Mark::SoftHyphen),
        '\u{2061}'..='\u{2064}'
        | '\u{206A}'..='\u{206F}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' => Some(Mark::Invisible),
        '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2800}' | '\u{3164}'
        | '\u{FFA0}' => Some(Mark::Filler),
        // Never shown, and the last planes, which mean nothing outside one company's font.
        '\u{2065}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{FFFE}'
        | '\u{FFFF}'
        | '\u{FDD0}'..='\u{FDEF}'
        | '\u{E0000}'..='\u{10FFFF}' => Some(Mark::Tag),
        '\u{640}' => (!is_tatweel_needed(last, rest)).then_some(Mark::Tatweel),
        _ => None,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether the selector chooses a variant that the base really has.
fn is_variant(base: char, selector: char, next: Option<char>) -> bool {
    let is_han = matches!(base, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}');
    match selector {
        '\u{FE0F}' if base.is_ascii() => next == Some('\u{20E3}') && emoji::has_text_form(base),
        '\u{FE0F}' => emoji::has_text_form(base),
        '\u{FE0E}' => emoji::has_picture_form(base),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => is_mongolian(base),
        '\u{FE00}' => is_han || matches!(base, '\u{1000}'..='\u{109F}' | '\u{A840}'..='\u{A877}'),
        '\u{FE01}' | '\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => is_han,
        _ => false,
    }
}

fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18AA}')
}

/// A tatweel stays, alone, at an end of a word: the year 1447 هـ, a prefix before a number. Within a word it only
/// draws the letters out.
fn is_tatweel_needed(last: Option<char>, rest: &str) -> bool {
    let is_letter = |c: char| matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}'..='\u{6D3}');
    let next = rest
        .chars()
        .take(REACH)
        .find(|c| !is_invisible(*c) && canonical_combining_class(*c) == 0);
    let follows = next.is_some_and(|c| is_letter(c) || c == '\u{640}');
    // Far tatweels and accents may hide what follows: then it goes.
    let is_end = !follows && (next.is_some() || rest.chars().take(REACH).count() < REACH);
    let starts = last.is_none_or(|c| !is_letter(c) && c != '\u{640}');
    is_end && last.is_some_and(is_letter) || starts && next.is_some_and(is_letter) && last.is_none()
}
