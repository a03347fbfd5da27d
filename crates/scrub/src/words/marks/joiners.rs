//! Where the zero-width joiner and non-joiner change how a word is written.

use unicode_normalization::char::is_combining_mark;

use super::emoji;

pub(super) const NON_JOINER: char = '\u{200C}';
pub(super) const JOINER: char = '\u{200D}';
/// How far is looked for a letter past accents.
const REACH: usize = 8;

/// Whether a joiner or non-joiner stands where the script needs it: `before` is the clean text up to it, `next` the
/// next character that is not invisible.
pub(super) fn is_needed(c: char, before: &str, next: Option<char>) -> bool {
    let Some(last) = before.chars().next_back() else {
        return false;
    };
    if is_virama(last) {
        return next.is_some_and(is_indic) || c == JOINER;
    }
    if is_indic(last) && next.is_some_and(is_virama) {
        return true;
    }
    let letter = before
        .chars()
        .rev()
        .take(REACH)
        .find(|c| !is_combining_mark(*c));
    if letter.is_some_and(joins_next) {
        let joins = next.is_some_and(is_joined);
        return if c == NON_JOINER { joins } else { !joins };
    }
    let skipped = |c: &char| *c == '\u{FE0F}' || emoji::is_skin_tone(*c);
    let base = before.chars().rev().take(3).find(|c| !skipped(c));
    c == JOINER && base.zip(next).is_some_and(|(l, r)| emoji::join(l, r))
}

/// The signs that join an Indic consonant to the next.
pub(super) fn is_virama(c: char) -> bool {
    matches!(
        c,
        '\u{94D}'
            | '\u{9CD}'
            | '\u{A4D}'
            | '\u{ACD}'
            | '\u{B4D}'
            | '\u{BCD}'
            | '\u{C4D}'
            | '\u{CCD}'
            | '\u{D4D}'
            | '\u{DCA}'
    )
}

fn is_indic(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{DFF}')
}

/// Letters of the Arabic script (and Syriac, Mandaic, N'Ko) that are joined to the one that follows.
fn joins_next(c: char) -> bool {
    let is_letter = matches!(c, '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D3}' | '\u{6D5}' | '\u{6EE}'..='\u{6FF}'
        | '\u{710}'..='\u{72F}' | '\u{74D}'..='\u{77F}' | '\u{7CA}'..='\u{7EA}' | '\u{840}'..='\u{858}'
        | '\u{8A0}'..='\u{8C7}');
    let ends = matches!(c, '\u{621}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62F}'..='\u{632}' | '\u{640}' | '\u{648}'
        | '\u{671}'..='\u{677}' | '\u{688}'..='\u{699}' | '\u{6C0}' | '\u{6C3}'..='\u{6CB}' | '\u{6CD}' | '\u{6CF}'
        | '\u{6D2}' | '\u{6D3}' | '\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{6F0}'..='\u{6F9}' | '\u{6FD}' | '\u{6FE}'
        | '\u{710}' | '\u{715}'..='\u{719}' | '\u{71E}' | '\u{728}' | '\u{72A}' | '\u{72C}' | '\u{72F}'
        | '\u{759}'..='\u{75B}' | '\u{76B}' | '\u{76C}' | '\u{771}' | '\u{773}' | '\u{774}' | '\u{778}' | '\u{779}'
        | '\u{8AA}'..='\u{8AE}' | '\u{8B1}' | '\u{8B2}' | '\u{8B9}');
    is_letter && !ends
}

/// Letters of these scripts that are joined to the one before.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{620}' | '\u{622}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}'..='\u{673}'
        | '\u{675}'..='\u{6D3}' | '\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{6FA}'..='\u{6FC}' | '\u{6FF}'
        | '\u{710}'..='\u{72F}' | '\u{74D}'..='\u{77F}' | '\u{7CA}'..='\u{7EA}' | '\u{840}'..='\u{858}'
        | '\u{8A0}'..='\u{8AC}' | '\u{8AE}'..='\u{8C7}')
}
