//! Gives one word the letters that it seems to have.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

use super::style::Style;
use super::{Mark, append};

pub(super) fn fold(
    word: &str,
    style: &Style,
    mut mark: impl FnMut(Mark, usize),
) -> Zeroizing<String> {
    let mut folded = Zeroizing::new(String::with_capacity(word.len()));
    let mut at = 0;
    for run in runs(word) {
        let scripts = Scripts::of(run, style);
        let mut chars = run.char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            if let Some(plain) = scripts.plain(c, next, style) {
                mark(Mark::LookAlike, at + offset);
                append(&mut folded, plain.encode_utf8(&mut [0; 4]));
            } else if is_fixed_shape(c) {
                mark(Mark::FixedShape, at + offset);
                for part in c.nfkc().filter(|c| !matches!(c, ' ' | '\u{640}')) {
                    append(&mut folded, part.encode_utf8(&mut [0; 4]));
                }
            } else {
                append(&mut folded, c.encode_utf8(&mut [0; 4]));
            }
        }
        at += run.len();
    }
    if is_nfc(&folded) {
        return folded;
    }
    mark(Mark::Decomposed, 0);
    let mut composed = Zeroizing::new(String::with_capacity(folded.len() * 3));
    composed.extend(folded.nfc());
    composed
}

/// Cuts a word into runs of letters and digits and what stands between them.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let is_letter = rest.chars().next()?.is_alphanumeric();
        let end = rest
            .find(|c: char| c.is_alphanumeric() != is_letter)
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(run)
    })
}

/// Which scripts one run mixes, and which of them gives way.
#[allow(clippy::struct_excessive_bools, reason = "each tells of one script")]
struct Scripts {
    to_latin: bool,
    to_cyrillic: bool,
    /// The zero of the digits that all are to be, when a run mixes kinds of them.
    to_zero: Option<char>,
}

/// The zeros of the digits that people write numbers with here: Latin, Arabic, Farsi.
const ZEROS: [char; 3] = ['0', '\u{660}', '\u{6F0}'];

/// The zero of a digit's kind.
fn zero_of(c: char) -> Option<char> {
    let is_of = |zero: char| {
        u32::from(c)
            .checked_sub(u32::from(zero))
            .is_some_and(|n| n < 10)
    };
    ZEROS.into_iter().find(|zero| is_of(*zero))
}

impl Scripts {
    fn of(run: &str, style: &Style) -> Self {
        let (mut latin, mut other, mut cyrillic_alone, mut latin_alone) = (0, 0, false, false);
        let mut greek = false;
        let mut zeros = run.chars().filter_map(zero_of);
        let first = zeros.next();
        for c in run.chars() {
            match c {
                'a'..='z' | 'A'..='Z' => {
                    latin += 1;
                    latin_alone |= cyrillic_of(c).is_none();
                }
                '\u{400}'..='\u{52F}' => {
                    other += 1;
                    cyrillic_alone |= latin_of(c).is_none();
                }
                '\u{370}'..='\u{3FF}' => {
                    other += 1;
                    greek = true;
                    cyrillic_alone |= latin_of(c).is_none();
                }
                _ => {}
            }
        }
        let is_mixed = latin > 0 && other > 0;
        let to_latin = is_mixed && !cyrillic_alone && (latin_alone || latin >= other);
        let folds = if greek {
            style.folds_greek
        } else {
            style.folds_cyrillic
        };
        Self {
            to_latin: to_latin || other > 0 && !cyrillic_alone && folds,
            to_cyrillic: is_mixed && !to_latin && !latin_alone && !greek && !style.folds_cyrillic,
            to_zero: first.filter(|first| zeros.any(|zero| zero != *first)),
        }
    }

    /// What a planted character is to be, or nothing when it stays.
    fn plain(&self, c: char, next: Option<char>, style: &Style) -> Option<char> {
        match c {
            'ک' if style.folds_farsi => Some('ك'),
            // At the end of a word the Farsi ye has no dots.
            'ی' if style.folds_farsi => Some(if next.is_some_and(char::is_alphabetic) {
                'ي'
            } else {
                'ى'
            }),
            '\u{370}'..='\u{52F}' if self.to_latin => latin_of(c),
            'a'..='z' | 'A'..='Z' if self.to_cyrillic => cyrillic_of(c),
            '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' => {
                let (from, to) = (zero_of(c)?, self.to_zero?);
                (from != to).then(|| shifted(c, from, to))?
            }
            '\u{FF01}'..='\u{FF5E}' if !style.has_han => shifted(c, '\u{FF01}', '!'),
            '\u{1D400}'..='\u{1D7FF}' => c.nfkc().next().filter(|plain| *plain != c),
            '\u{2010}' | '\u{2011}' => Some('-'),
            '\u{2024}' | '\u{FE52}' => Some('.'),
            '\u{2236}' | '\u{A789}' => Some(':'),
            _ => None,
        }
    }
}

fn shifted(c: char, from: char, to: char) -> Option<char> {
    char::from_u32(u32::from(c) - u32::from(from) + u32::from(to))
}

/// Letters that are fixed to one shape: Arabic presentation forms, Latin ligatures. The honorifics and names that
/// are written as one sign (ﷺ) are words of their own.
fn is_fixed_shape(c: char) -> bool {
    matches!(c, '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDC7}'
        | '\u{FE70}'..='\u{FEFC}')
        && !matches!(c, '\u{FD40}'..='\u{FD4F}' | '\u{FDCF}')
        && c.nfkc().next().is_some_and(|first| first != c)
}

const LATIN: &str = "aceopxyijshABCEHIKMOPTXYSJaeoABEZHIKMNOPTYXo";
const ALIKE: &str = "асеорхуіјѕһАВСЕНІКМОРТХУЅЈаеоΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";

/// The Latin letter that a Cyrillic or Greek one looks like in every font.
pub(super) fn latin_of(c: char) -> Option<char> {
    let at = ALIKE.chars().position(|alike| alike == c)?;
    LATIN.chars().nth(at)
}

fn cyrillic_of(c: char) -> Option<char> {
    let at = LATIN.chars().position(|latin| latin == c)?;
    ALIKE
        .chars()
        .nth(at)
        .filter(|c| *c < '\u{530}' && *c >= '\u{400}')
}
