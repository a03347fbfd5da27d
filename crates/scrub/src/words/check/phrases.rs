//! Turns of phrase that tell who writes: a name, a post, a family, that only few can know.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::folded::{Folded, fold, fronts};
use super::{Certainty, Clue, Found, arabic, english, names};

/// A phrase of one or more words; `*` stands for any one word. Without a clue it says nothing about the writer, and
/// keeps shorter phrases from being found in it.
struct Phrase {
    words: Vec<String>,
    clue: Option<Clue>,
    /// A name may stand behind it, and much else.
    is_introduction: bool,
}

/// The phrases by their first word, the longest first.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut by_word: HashMap<String, Vec<Phrase>> = HashMap::new();
    let introductions = [english::INTRODUCTIONS, arabic::INTRODUCTIONS].concat();
    let told = english::PHRASES.iter().chain(arabic::PHRASES);
    for (clue, phrases) in told.chain([&(None, introductions.as_slice())]) {
        for phrase in *phrases {
            let words: Vec<String> = phrase
                .split(' ')
                .map(|word| word.chars().filter_map(fold).collect())
                .collect();
            if let Some(first) = words.first() {
                let phrase = Phrase {
                    words: words.clone(),
                    clue: *clue,
                    is_introduction: introductions.contains(phrase),
                };
                by_word.entry(first.clone()).or_default().push(phrase);
            }
        }
    }
    for phrases in by_word.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    by_word
});

pub(super) fn scan(folded: &Folded, original: &str, found: &mut Found) {
    let mut index = 0;
    while index < folded.tokens.len() {
        let is_word = folded
            .tokens
            .get(index)
            .is_some_and(|token| !token.is_number);
        let Some(phrase) = is_word.then(|| phrase_at(folded, index)).flatten() else {
            index += 1;
            continue;
        };
        let last = index + phrase.words.len() - 1;
        if phrase.is_introduction {
            names::introduced(folded, original, index, last, found);
        }
        if let (Some(clue), Some(start), Some(end)) = (
            phrase.clue,
            folded.tokens.get(index),
            folded.tokens.get(last),
        ) {
            match clue {
                Clue::Name => name(folded, original, index, last, found),
                Clue::Birth => birth(folded, index, last, found),
                Clue::Witness => found.push(clue, start.start..end.end, Certainty::Hint),
                _ => found.push(clue, start.start..end.end, Certainty::Likely),
            }
        }
        index = last + 1;
    }
}

/// The longest phrase that begins with this word.
fn phrase_at(folded: &Folded, index: usize) -> Option<&'static Phrase> {
    fronts(folded.word(index)).find_map(|first| {
        PHRASES.get(first)?.iter().find(|phrase| {
            let rest = phrase.words.iter().enumerate().skip(1);
            rest.clone()
                .all(|(at, word)| word == "*" || folded.word(index + at) == word)
                && rest.clone().all(|(at, _)| is_near(folded, index + at))
        })
    })
}

/// Whether a word stands in the same sentence as the one before it.
fn is_near(folded: &Folded, index: usize) -> bool {
    let pair = index
        .checked_sub(1)
        .and_then(|before| folded.tokens.get(before))
        .zip(folded.tokens.get(index));
    pair.is_some_and(|(a, b)| {
        let gap = folded.get(a.end..b.start);
        gap.len() <= 3 && !gap.contains(['.', '\n', '?', '!', ';'])
    })
}

/// The name itself belongs to the hit: the words that follow, in English those with a capital letter.
fn name(folded: &Folded, original: &str, first: usize, last: usize, found: &mut Found) {
    let Some(start) = folded.tokens.get(first) else {
        return;
    };
    let mut end = folded.tokens.get(last).map_or(start.end, |token| token.end);
    let mut count = 0;
    for index in last + 1..last + 4 {
        let Some(token) = folded.tokens.get(index).filter(|token| !token.is_number) else {
            break;
        };
        let gap = folded.get(end..token.start);
        let colon = count == 0 && gap.trim() == ":";
        // Behind a comma stands the next name, or what else is told.
        let is_next = count > 0 && gap.contains([',', '(', ')', '/', '"']);
        if is_next || !colon && !is_near(folded, index) {
            break;
        }
        let from = folded.original(token.start..token.end);
        let c = original.get(from).and_then(|word| word.chars().next());
        let is_name = c.is_some_and(char::is_uppercase)
            || names::is_given(folded.word(index))
            || !folded.word(index).is_ascii() && count < 2;
        if !is_name
            || STOPS.contains(&folded.word(index))
            || count > 0 && is_and(folded.word(index))
        {
            break;
        }
        end = token.end;
        count += 1;
    }
    // "My name is" says it all, in small letters too; the other phrases need a name behind them.
    let is_told = folded.word(first) == "my" || folded.word(first) == "name's";
    if count > 0 || is_told {
        let certainty = if count > 0 {
            Certainty::Sure
        } else {
            Certainty::Likely
        };
        found.push(Clue::Name, start.start..end, certainty);
    }
}

/// Whether a word is "and" with the next word, and no name.
fn is_and(word: &str) -> bool {
    word.starts_with('و') && !names::is_given(word)
}

/// Words that follow a name.
const STOPS: &[&str] = &[
    "i",
    "i'm",
    "i've",
    "في",
    "من",
    "و",
    "وانا",
    "اعمل",
    "موظف",
    "على",
    "علي_",
    "عن",
    "مش",
    "ما",
    "لا",
    "لن",
    "لم",
    "مهم",
    "غير",
    "ليس",
    "مو",
    "هو",
    "اللي",
    "انا",
    "ولا",
    "مقيم",
    "اشتغل",
    "وعمري",
    "واعمل",
    "وشغال",
    "مجهول",
    "مجهوله",
    "معروف",
    "محفوظ",
    "سري",
    "مخفي",
];

/// A day, a year or a number of years belongs to the hit; without one there is none, unless the phrase says it all.
fn birth(folded: &Folded, first: usize, last: usize, found: &mut Found) {
    let Some(start) = folded.tokens.get(first) else {
        return;
    };
    let Some(end) = folded.tokens.get(last) else {
        return;
    };
    let number = (last + 1..last + 6)
        .filter_map(|index| folded.tokens.get(index))
        .take_while(|token| {
            let gap = folded.get(end.end..token.start);
            gap.len() < 32 && !gap.contains(['\n', '?', '!'])
        });
    let mut to = None;
    for token in number {
        let word = folded.get(token.start..token.end);
        if token.is_number && word.len() <= 4 {
            to = Some(token.end);
        } else if to.is_some() && AGES.contains(&word) {
            to = Some(token.end);
            break;
        } else if to.is_some() && !MONTHS.iter().any(|month| word.starts_with(month)) {
            break;
        }
    }
    if let Some(to) = to {
        found.push(Clue::Birth, start.start..to, Certainty::Likely);
    }
}

const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "يناير",
    "فبراير",
    "مارس",
    "ابريل",
    "مايو",
    "يونيو",
    "يوليو",
    "اغسطس",
    "سبتمبر",
    "اكتوبر",
    "نوفمبر",
    "ديسمبر",
    "شهر",
    "كانون",
    "شباط",
    "اذار",
    "نيسان",
    "ايار",
    "حزيران",
    "تموز",
    "اب",
    "ايلول",
    "تشرين",
];
const AGES: &[&str] = &[
    "years",
    "year",
    "old",
    "سنه",
    "عام",
    "عاما",
    "سنوات",
    "سنين",
];
