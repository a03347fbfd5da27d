//! A text as the scanners read it: one kind of digits, small letters, Arabic without the marks and shapes in which
//! people differ.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::keywords::{Class, classes};

/// The folded text, and where each of its octets comes from.
pub(super) struct Folded {
    pub(super) text: Zeroizing<String>,
    /// For each octet of the folded text, the first octet of the character that it comes from, and the text's end.
    from: Vec<usize>,
    pub(super) tokens: Vec<Token>,
}

/// A run of letters, or of digits.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_number: bool,
    pub(super) classes: Class,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        // Room for all of it: nothing folds to more octets than it had, presentation forms included but for few.
        let mut folded = Zeroizing::new(String::with_capacity(text.len() + text.len() / 2));
        let mut from = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            let mut push = |c: char| {
                if let Some(c) = fold(c) {
                    if folded.capacity() - folded.len() < 4 {
                        let mut larger =
                            Zeroizing::new(String::with_capacity(folded.capacity() * 2 + 16));
                        larger.push_str(&folded);
                        folded = larger;
                    }
                    folded.push(c);
                    from.resize(folded.len(), at);
                }
            };
            if matches!(c, '\u{FB50}'..='\u{FDCF}' | '\u{FE70}'..='\u{FEFC}' | '\u{1D400}'..='\u{1D7FF}')
            {
                c.nfkc().for_each(&mut push);
            } else {
                push(c);
            }
        }
        from.push(text.len());
        let tokens = tokens(&folded);
        Self {
            text: folded,
            from,
            tokens,
        }
    }

    /// The octets of the original text that a range was folded from, without white space at its ends.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let at = |index: usize| {
            self.from
                .get(index)
                .or(self.from.last())
                .copied()
                .unwrap_or(0)
        };
        at(range.start)..at(range.end)
    }

    pub(super) fn get(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .map_or("", |token| self.get(token.start..token.end))
    }

    /// The index of the first token that begins at or after `at`.
    pub(super) fn token_at(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| token.start < at)
    }

    /// Whether one of the `count` words before `at`, in the same sentence, is of a class.
    pub(super) fn is_after(&self, at: usize, count: usize, class: Class) -> bool {
        let end = self.token_at(at);
        let first = end.saturating_sub(count);
        let tokens = self.tokens.get(first..end).unwrap_or_default();
        // The farthest one may be in another sentence; then the nearer ones have to do.
        let near = tokens.iter().rev().find(|token| token.classes & class != 0);
        near.is_some_and(|token| !self.get(token.end..at).contains(['\n', '?', '!']))
    }

    /// Whether one of the `count` words from `at` on is of a class.
    pub(super) fn is_before(&self, at: usize, count: usize, class: Class) -> bool {
        let first = self.token_at(at);
        let tokens = self
            .tokens
            .get(first..(first + count).min(self.tokens.len()));
        tokens
            .unwrap_or_default()
            .iter()
            .any(|token| token.classes & class != 0)
    }

    /// Whether the word before a number or the one after it, in the same field and line, is of a class.
    pub(super) fn has_beside(&self, number: Range<usize>, class: Class) -> bool {
        let is_of = |token: &&Token| token.classes & class != 0;
        let is_apart = |gap: Range<usize>| self.get(gap).contains([',', ';', '\n', '?', '!']);
        let index = self.token_at(number.start);
        let before = index.checked_sub(1).and_then(|at| self.tokens.get(at));
        let after = self.tokens.get(self.token_at(number.end));
        before
            .filter(is_of)
            .is_some_and(|token| !is_apart(token.end..number.start))
            || after
                .filter(is_of)
                .is_some_and(|token| !is_apart(number.end..token.start))
    }
}

/// A word as it is, and without the particles that Arabic writes onto its front.
pub(super) fn fronts(word: &str) -> impl Iterator<Item = &str> + Clone {
    let one = without(word, &['و', 'ف', 'ب', 'ل', 'ك', 'ع', 'ه']);
    let two = one.and_then(|word| without(word, &['ب', 'ل', 'ك']));
    [Some(word), one, two].into_iter().flatten()
}

fn without<'a>(word: &'a str, front: &[char]) -> Option<&'a str> {
    word.strip_prefix(front)
        .filter(|rest| rest.chars().take(3).count() == 3)
}

/// As [`fronts`], and without the article.
pub(super) fn stems(word: &str) -> impl Iterator<Item = &str> {
    let article = |word: &str| {
        let at = word.len()
            - word
                .strip_prefix("ال")
                .or_else(|| word.strip_prefix("لل"))?
                .len();
        (word.get(at..)?.chars().take(2).count() == 2).then_some(at)
    };
    let bare = fronts(word).filter_map(move |word| word.get(article(word)?..));
    fronts(word).chain(bare)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let is_number = c.is_ascii_digit();
        if !is_number && !c.is_alphabetic() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            // The apostrophe of "I'm" and "don't" belongs to the word.
            let goes_on = if is_number {
                next.is_ascii_digit()
            } else {
                next.is_alphabetic() || next == '\''
            };
            if !goes_on {
                break;
            }
            chars.next();
            end = at + next.len_utf8();
        }
        let word = text.get(start..end).unwrap_or_default();
        tokens.push(Token {
            start,
            end,
            is_number,
            classes: if is_number { 0 } else { classes(word) },
        });
    }
    tokens
}

/// One character, or nothing for what people write or leave out as they like.
pub(super) fn fold(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' | '0'..='9' | ' ' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6F0}'..='\u{6F9}' => digit(c, '\u{6F0}'),
        '\u{FF01}'..='\u{FF5E}' => {
            let plain = char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c);
            plain.to_ascii_lowercase()
        }
        '\u{640}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{AD}'
        | '\u{61C}' => return None,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' | 'ی' => 'ي',
        'ؤ' => 'و',
        'ة' => 'ه',
        'ک' | 'گ' => 'ك',
        '،' | '٬' => ',',
        '؛' => ';',
        '؟' => '?',
        '٫' => '.',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2BC}' | '`' | '´' => '\'',
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' | '\t' => ' ',
        '\r' => '\n',
        c => c.to_lowercase().next().unwrap_or(c),
    })
}

fn digit(c: char, zero: char) -> char {
    u32::from(c)
        .checked_sub(u32::from(zero))
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(c)
}
