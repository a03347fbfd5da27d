//! Names behind words after which anything may stand: "I'm Ahmed", and not "I'm tired".

use std::collections::HashSet;
use std::sync::LazyLock;

use super::folded::Folded;
use super::keywords::{EMIRATE, NETWORK};
use super::{Certainty, Clue, Found, given};

type Words = LazyLock<HashSet<&'static str>>;

fn words(lists: &'static [&'static str]) -> HashSet<&'static str> {
    lists
        .iter()
        .flat_map(|list| list.split_whitespace())
        .collect()
}

static GIVEN: Words = LazyLock::new(|| words(given::GIVEN));
static ALSO_WORDS: Words = LazyLock::new(|| words(given::ALSO_WORDS));
static NO_NAMES: Words = LazyLock::new(|| words(given::NO_NAMES));
static TITLES: Words = LazyLock::new(|| words(given::TITLES));
static PARENTS: Words = LazyLock::new(|| words(given::PARENTS));
static JOINTS: Words = LazyLock::new(|| words(given::JOINTS));
static NO_FAMILIES: Words = LazyLock::new(|| words(given::NO_FAMILIES));

/// What a word may be, by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A given name.
    Given,
    /// A given name or an ordinary word.
    Either,
    /// In Latin letters with a capital, and on no list.
    Capital,
}

/// Whether a word is known as a given name.
pub(super) fn is_given(word: &str) -> bool {
    GIVEN.contains(word) || ALSO_WORDS.contains(word)
}

/// A name behind the words from `first` to `last`, if there is one.
pub(super) fn introduced(
    folded: &Folded,
    original: &str,
    first: usize,
    last: usize,
    found: &mut Found,
) {
    let gap = gap(folded, last + 1);
    let is_label = gap.trim() == ":";
    if !is_label && !matches!(gap.trim(), "" | "-" | "\"") || gap.len() > 4 || gap.contains('\n') {
        return;
    }
    let Some((at, is_titled)) = titles(folded, last + 1) else {
        return;
    };
    let Some(kind) = kind(folded, original, at) else {
        return;
    };
    let behind = family(folded, original, at);
    let (Some(start), Some(end)) = (folded.tokens.get(first), folded.tokens.get(behind)) else {
        return;
    };
    // "Caller: There is a man" is no name, "Caller: Nguyet" is one; and in a text of capitals they tell nothing.
    let rest = folded.get(end.end..folded.text.len());
    let is_field = is_label && (rest.is_empty() || rest.starts_with(['\n', ',', ';', '|']));
    let is_open = is_field || matches!(folded.word(last), "i'm" | "am" | "is");
    let is_sure = match kind {
        Kind::Given => true,
        Kind::Either => is_field || is_titled || behind > at,
        Kind::Capital => false,
    };
    if is_sure {
        found.push(Clue::Name, start.start..end.end, Certainty::Likely);
    } else if kind == Kind::Capital && is_open && !is_loud(folded, original, last) {
        found.push(Clue::Name, start.start..end.end, Certainty::Hint);
    }
}

/// What stands between a word and the one before it.
fn gap(folded: &Folded, index: usize) -> &str {
    let before = index.checked_sub(1).and_then(|at| folded.tokens.get(at));
    before
        .zip(folded.tokens.get(index))
        .map_or("\n", |(a, b)| folded.get(a.end..b.start))
}

/// Passes over titles: where the name begins, and whether it may be an ordinary word there. Nothing when "father of"
/// has no given name behind it.
fn titles(folded: &Folded, index: usize) -> Option<(usize, bool)> {
    let is_title =
        TITLES.contains(folded.word(index)) && matches!(gap(folded, index + 1), " " | ". " | ".");
    let at = index + usize::from(is_title);
    if PARENTS.contains(folded.word(at)) {
        let is_name = gap(folded, at + 1) == " " && is_given(folded.word(at + 1));
        return is_name.then_some((at + 1, true));
    }
    Some((at, is_title))
}

fn kind(folded: &Folded, original: &str, index: usize) -> Option<Kind> {
    let token = folded.tokens.get(index).filter(|token| !token.is_number)?;
    let word = folded.word(index);
    let word = word.strip_suffix("'s").unwrap_or(word);
    let written = original.get(folded.original(token.start..token.end))?;
    if GIVEN.contains(word) {
        // "I praise God" is written as "Ahmad" is.
        return (folded.word(index + 1) != "الله").then_some(Kind::Given);
    }
    if word == "عبد" {
        return folded
            .word(index + 1)
            .starts_with("ال")
            .then_some(Kind::Given);
    }
    if ALSO_WORDS.contains(word) {
        // "On" is written as "Ali" is, but for the dots.
        return (!written.ends_with('ى') || word != "علي").then_some(Kind::Either);
    }
    let is_capital =
        written.starts_with(char::is_uppercase) && written.contains(char::is_lowercase);
    let is_other = NO_NAMES.contains(word)
        || given::NO_NAMES_END.iter().any(|end| word.ends_with(end))
        || token.classes & (EMIRATE | NETWORK) != 0;
    (is_capital && !is_other && word.chars().nth(1).is_some()).then_some(Kind::Capital)
}

/// Whether the words before the name have capitals where a sentence has none.
fn is_loud(folded: &Folded, original: &str, index: usize) -> bool {
    let small_from = usize::from(!matches!(folded.word(index), "am" | "is"));
    let written = folded
        .tokens
        .get(index)
        .and_then(|token| original.get(folded.original(token.start..token.end)));
    written
        .unwrap_or_default()
        .chars()
        .skip(small_from)
        .any(char::is_uppercase)
}

/// The last word of the name that begins with the word at `first`.
fn family(folded: &Folded, original: &str, first: usize) -> usize {
    let mut last = first;
    for index in first + 1..first + 5 {
        if !matches!(gap(folded, index), " " | "-" | "  ") {
            break;
        }
        let word = folded.word(index);
        if JOINTS.contains(word) {
            continue;
        }
        let is_joined = matches!(folded.word(index - 1), "بن" | "ابن" | "بنت" | "ال" | "عبد");
        let is_family = word.starts_with("ال")
            && word.ends_with('ي')
            && word.chars().nth(4).is_some()
            && !NO_FAMILIES.contains(word);
        if !is_joined && !is_family && kind(folded, original, index).is_none() {
            break;
        }
        last = index;
    }
    last
}
