//! Numbers in groups: which of them are phones, cards, identity cards, and which are nobody's.

use std::ops::Range;

use super::folded::Folded;
use super::keywords::{
    AFTER_PHONE, CARD, IBAN, ID, IMEI, MONEY, NOBODYS, PHONE, PHONE_ONLY, REFERENCE,
};
use super::{Certainty, Clue, Found, identity, phones};

/// No number that identifies has more groups, or more digits.
const MAX_GROUPS: usize = 8;
const MAX_DIGITS: usize = 19;

/// A run of digits, and how it hangs together with the run before it.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    is_joined: bool,
}

pub(super) fn scan(folded: &Folded, found: &mut Found) {
    spelled(folded, found);
    let groups = groups(folded);
    let mut at = 0;
    while at < groups.len() {
        let chain = 1 + groups
            .iter()
            .enumerate()
            .skip(at + 1)
            .take(MAX_GROUPS - 1)
            .take_while(|(next, group)| group.is_joined && !is_emirates_id(folded, &groups, *next))
            .count();
        let longest = (1..=chain).rev().find_map(|count| {
            let number = Number::of(folded, groups.get(at..at + count)?)?;
            let (what, certainty) = number.what(folded)?;
            Some((number, what, certainty, count))
        });
        at += match longest {
            Some((number, what, certainty, count)) => {
                found.push(what, number.range, certainty);
                count
            }
            None => 1,
        };
    }
}

/// Whether an Emirates ID in its four groups begins here: no number before it takes a part of it.
fn is_emirates_id(folded: &Folded, groups: &[Group], at: usize) -> bool {
    let Some(four @ [first, ..]) = groups.get(at..at + 4) else {
        return false;
    };
    folded.get(first.start..first.end) == "784"
        && four.iter().skip(1).all(|group| group.is_joined)
        && Number::of(folded, four)
            .is_some_and(|number| identity::is_emirates_id(&number.digits, &number.lens))
}

fn groups(folded: &Folded) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for token in folded.tokens.iter().filter(|token| token.is_number) {
        let is_joined = groups.last().is_some_and(|last| {
            let gap = folded.get(last.end..token.start);
            matches!(
                gap,
                " " | "-" | "." | "/" | ") " | ")" | "(" | " (" | ")-" | " - "
            )
        });
        groups.push(Group {
            start: token.start,
            end: token.end,
            is_joined,
        });
    }
    spread(&groups).unwrap_or(groups)
}

/// Takes seven and more single digits in a row for one number: `0 5 0 1 2 …`. Nothing when there are none.
fn spread(groups: &[Group]) -> Option<Vec<Group>> {
    let is_single = |group: &Group| group.end - group.start == 1;
    let mut all: Vec<Group> = Vec::with_capacity(groups.len());
    let mut at = 0;
    let mut is_changed = false;
    while let Some(first) = groups.get(at) {
        let more = groups.get(at + 1..).unwrap_or_default();
        let count = 1 + more
            .iter()
            .take_while(|group| group.is_joined && is_single(group))
            .count();
        let is_spread = is_single(first) && (SPREAD..=MAX_DIGITS).contains(&count);
        // What goes on too long is a list of single digits: none of them begins a number.
        let step = if is_spread || is_single(first) {
            count
        } else {
            1
        };
        if is_spread {
            is_changed = true;
            all.push(Group {
                start: first.start,
                end: groups
                    .get(at + count - 1)
                    .map_or(first.end, |last| last.end),
                is_joined: false,
            });
        } else {
            let as_they_are = groups.iter().skip(at).take(step);
            all.extend(as_they_are.copied());
        }
        at += step;
    }
    is_changed.then_some(all)
}

/// So many digits that stand apart, or are written as words, make a phone number.
const SPREAD: usize = 7;

/// Digits that are written as words: `zero five zero …`.
fn spelled(folded: &Folded, found: &mut Found) {
    let mut run: Option<(usize, usize, usize)> = None;
    for (index, token) in folded.tokens.iter().enumerate() {
        let is_digit = !token.is_number && DIGITS.contains(&folded.word(index));
        run = match run {
            Some((start, end, count)) if is_digit && token.start - end <= 3 => {
                Some((start, token.end, count + 1))
            }
            before => {
                report(before, found);
                is_digit.then_some((token.start, token.end, 1))
            }
        };
    }
    report(run, found);
}

fn report(run: Option<(usize, usize, usize)>, found: &mut Found) {
    if let Some((start, end, count)) = run
        && (SPREAD..=MAX_DIGITS).contains(&count)
    {
        found.push(Clue::Phone, start..end, Certainty::Likely);
    }
}

const DIGITS: &[&str] = &[
    "zero",
    "oh",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "double",
    "triple",
    "صفر",
    "واحد",
    "اثنان",
    "اثنين",
    "اتنين",
    "تنين",
    "ثلاثه",
    "تلاته",
    "اربعه",
    "خمسه",
    "سته",
    "سبعه",
    "ثمانيه",
    "تمانيه",
    "تسعه",
];

/// One or more groups, taken as one number.
struct Number {
    digits: Vec<u8>,
    lens: Vec<usize>,
    gaps: String,
    range: Range<usize>,
    is_abroad: bool,
    is_glued: bool,
}

impl Number {
    fn of(folded: &Folded, groups: &[Group]) -> Option<Self> {
        let (first, last) = (groups.first()?, groups.last()?);
        // Single digits in a row are a list, a score, a sum.
        let singles = groups.iter().filter(|group| group.end - group.start == 1);
        if singles.count() > 2 {
            return None;
        }
        let digits = |group: &Group| {
            let text = folded.get(group.start..group.end);
            text.bytes().filter(u8::is_ascii_digit).count()
        };
        let lens: Vec<usize> = groups.iter().map(digits).collect();
        if lens.iter().sum::<usize>() > MAX_DIGITS {
            return None;
        }
        let text = folded.get(first.start..last.end);
        let before = folded.get(0..first.start);
        let open = before.strip_suffix('(').unwrap_or(before);
        let is_abroad = open.ends_with('+') || before.ends_with("+ ");
        let around = [
            before.chars().next_back(),
            folded.get(last.end..folded.text.len()).chars().next(),
        ];
        let is_glued = around
            .iter()
            .flatten()
            .any(|c| c.is_alphabetic() && c.is_ascii() || *c == '_');
        let start = if is_abroad {
            open.trim_end_matches([' ', '+']).len()
        } else {
            first.start
        };
        let start = if is_abroad {
            folded
                .get(start..first.start)
                .find('+')
                .map_or(first.start, |at| start + at)
        } else {
            start
        };
        Some(Self {
            digits: text.bytes().filter(u8::is_ascii_digit).collect(),
            gaps: text.chars().filter(|c| !c.is_ascii_digit()).collect(),
            range: start..last.end,
            lens,
            is_abroad,
            is_glued,
        })
    }

    fn what(&self, folded: &Folded) -> Option<(Clue, Certainty)> {
        let start = self.range.start;
        let len = self.digits.len();
        let is_named = len >= 5 || folded.is_after(start, 4, REFERENCE);
        if self.is_glued || !is_named || self.is_date() || self.is_amount(folded) {
            return None;
        }
        if !self.is_abroad && identity::is_emirates_id(&self.digits, &self.lens) {
            return identity::national_id(&self.digits, true).map(|how| (Clue::NationalId, how));
        }
        if let Some(device_or_card) = self.device(folded).or_else(|| self.card(folded)) {
            return Some(device_or_card);
        }
        if folded.is_after(start, 4, REFERENCE)
            && !folded.is_after(start, 2, PHONE_ONLY)
            && (3..=15).contains(&len)
        {
            return Some((Clue::Reference, Certainty::Likely));
        }
        self.national_id(folded).or_else(|| self.phone(folded))
    }

    /// A number has one currency, a phone none; and the end of `1,000,000` is no number of its own.
    fn is_amount(&self, folded: &Folded) -> bool {
        let (start, end) = (self.range.start, self.range.end);
        let before = folded.get(0..start);
        let after = folded.get(end..folded.text.len());
        let rest = before.strip_suffix(',').unwrap_or_default();
        let is_thousands = rest.ends_with(|c: char| c.is_ascii_digit()) && self.digits.len() <= 6;
        let is_money = is_thousands
            || folded.has_beside(self.range.clone(), MONEY)
            || before.ends_with(['$', '€', '£'])
            || after.starts_with(['%', '$', '€', '£']);
        is_money && !self.is_abroad
    }

    /// The number of a device, by its word or by its check digit.
    fn device(&self, folded: &Folded) -> Option<(Clue, Certainty)> {
        let (start, digits) = (self.range.start, self.digits.as_slice());
        let is_named = folded.is_after(start, 5, IMEI) && !folded.is_after(start, 2, CARD);
        let is_common = ["35", "86", "01", "99"]
            .iter()
            .any(|front| digits.starts_with(front.as_bytes()));
        let certainty = match (is_named, identity::is_luhn(digits)) {
            (true, true) => Certainty::Sure,
            (true, false) => Certainty::Likely,
            (false, true) if is_common && !self.is_nobodys(folded) => Certainty::Likely,
            _ => return None,
        };
        (digits.len() == 15).then_some((Clue::Imei, certainty))
    }

    fn card(&self, folded: &Folded) -> Option<(Clue, Certainty)> {
        let len = self.digits.len();
        if !(13..=19).contains(&len) || !self.is_even() {
            None
        } else if identity::is_card(&self.digits) {
            Some((Clue::Card, Certainty::Sure))
        } else {
            let is_named = len == 16 && folded.is_after(self.range.start, 5, CARD);
            is_named.then_some((Clue::Card, Certainty::Likely))
        }
    }

    /// A check digit counts more than a word for a phone or an account: people write "number" of everything.
    fn national_id(&self, folded: &Folded) -> Option<(Clue, Certainty)> {
        let start = self.range.start;
        if self.is_abroad || self.lens.len() > 4 {
            return None;
        }
        let is_id = folded.is_after(start, 5, ID);
        let is_account = folded.is_after(start, 4, IBAN);
        let is_other = self.is_phone(folded) || is_account;
        if is_other && !is_id && !identity::has_form(&self.digits, &self.lens)
            || self.is_nobodys(folded) && !is_account
        {
            return None;
        }
        identity::national_id(&self.digits, is_id).map(|certainty| {
            (
                Clue::NationalId,
                if is_other {
                    certainty.max(Certainty::Likely)
                } else {
                    certainty
                },
            )
        })
    }

    fn phone(&self, folded: &Folded) -> Option<(Clue, Certainty)> {
        let is_nobodys = !self.is_abroad && self.is_nobodys(folded);
        if is_nobodys || self.digits.len() < 5 || self.is_broken() {
            return None;
        }
        phones::phone(&self.digits, self.is_abroad, self.is_phone(folded))
            .map(|certainty| (Clue::Phone, certainty))
    }

    /// Whether a word for a phone stands near.
    fn is_phone(&self, folded: &Folded) -> bool {
        folded.is_after(self.range.start, 6, PHONE)
            || folded.is_before(self.range.end, 2, AFTER_PHONE)
    }

    /// Whether it is the number of a thing. What begins the field of a list has left the words before it behind.
    fn is_nobodys(&self, folded: &Folded) -> bool {
        let before = folded.get(0..self.range.start).trim_end_matches([' ', '"']);
        !before.ends_with([',', ';']) && folded.is_after(self.range.start, 3, NOBODYS)
    }

    /// A day, written in one of the ways in which days are written; two years; a time.
    fn is_date(&self) -> bool {
        let value = |text: &[u8]| identity::value(text);
        let mut parts = Vec::new();
        let mut rest = self.digits.as_slice();
        for len in &self.lens {
            let (part, after) = rest.split_at_checked(*len).unwrap_or((rest, &[]));
            parts.push((*len, value(part)));
            rest = after;
        }
        let is_year =
            |part: &(usize, u64)| part.0 == 4 && matches!(part.1, 1400..1500 | 1900..2100);
        let is_day = |part: &(usize, u64)| part.0 <= 2 && (1..=31).contains(&part.1);
        match parts.as_slice() {
            [a, b, c] => {
                let is_full = is_year(a) && is_day(b) && is_day(c)
                    || is_day(a) && is_day(b) && (is_year(c) || c.0 == 2);
                is_full && !self.gaps.contains('(')
            }
            [a, b] => is_year(a) && is_year(b),
            [a] if a.0 == 8 => {
                let day = |at: usize| value(self.digits.get(at..at + 2).unwrap_or_default());
                let year = value(self.digits.get(..4).unwrap_or_default());
                (1950..2040).contains(&year)
                    && (1..=12).contains(&day(4))
                    && (1..=31).contains(&day(6))
            }
            _ => false,
        }
    }

    /// Groups as cards have them.
    fn is_even(&self) -> bool {
        self.lens.len() == 1
            || self.lens.iter().rev().skip(1).all(|len| *len >= 3) && self.lens.len() <= 5
    }

    /// Points and strokes part numbers.
    fn is_broken(&self) -> bool {
        let is_mixed = self.gaps.contains('/') || self.gaps.contains('.') && self.lens.len() < 3;
        is_mixed && !self.is_abroad
    }
}
