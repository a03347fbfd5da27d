//! Numbers in groups: which of them are phones, cards, identity cards, and which are nobody's.

use std::ops::Range;

use super::folded::Folded;
use super::keywords::{AFTER_PHONE, CARD, ID, IMEI, MONEY, NOBODYS, PHONE, PHONE_ONLY, REFERENCE};
use super::{Certainty, Clue, Found, identity, phones};

/// No number that identifies has more groups, or more digits.
const MAX_GROUPS: usize = 8;
const MAX_DIGITS: usize = 19;

/// A run of digits, and how it hangs together with the run before it.
struct Group {
    start: usize,
    end: usize,
    is_joined: bool,
}

pub(super) fn scan(folded: &Folded, found: &mut Found) {
    let groups = groups(folded);
    let mut at = 0;
    while at < groups.len() {
        let chain = 1 + groups
            .iter()
            .skip(at + 1)
            .take(MAX_GROUPS - 1)
            .take_while(|group| group.is_joined)
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
    groups
}

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
        let lens: Vec<usize> = groups.iter().map(|group| group.end - group.start).collect();
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
        let (start, end) = (self.range.start, self.range.end);
        if self.is_glued || self.is_date() {
            return None;
        }
        let digits = self.digits.as_slice();
        let len = digits.len();
        if len < 5 && !folded.is_after(start, 4, REFERENCE) {
            return None;
        }
        // A number has one currency, a phone none.
        let is_amount = !self.is_abroad
            && (folded.is_before(end, 1, MONEY)
                || folded.is_after(start, 1, MONEY)
                || folded
                    .get(end..folded.text.len())
                    .starts_with(['%', '$', '€', '£'])
                || folded.get(0..start).ends_with(['$', '€', '£', ','])
                    && !folded.get(0..start).ends_with(", "));
        if is_amount {
            return None;
        }
        let is_id = folded.is_after(start, 5, ID);
        if (13..=19).contains(&len) && self.is_even() {
            if identity::is_card(digits) {
                return Some((Clue::Card, Certainty::Sure));
            }
            if len == 16 && folded.is_after(start, 5, CARD) {
                return Some((Clue::Card, Certainty::Likely));
            }
        }
        let is_device = folded.is_after(start, 5, IMEI);
        if len == 15 && !digits.starts_with(b"784") {
            let is_common = [b"35", b"86", b"01", b"99"]
                .iter()
                .any(|front| digits.starts_with(*front));
            if is_device || is_common && identity::is_luhn(digits) {
                return Some((
                    Clue::Imei,
                    if is_device {
                        Certainty::Sure
                    } else {
                        Certainty::Likely
                    },
                ));
            }
        }
        let is_phone = folded.is_after(start, 6, PHONE) || folded.is_before(end, 2, AFTER_PHONE);
        if folded.is_after(start, 4, REFERENCE)
            && !folded.is_after(start, 2, PHONE_ONLY)
            && (3..=15).contains(&len)
        {
            return Some((Clue::Reference, Certainty::Likely));
        }
        if !self.is_abroad
            && self.lens.len() <= 4
            && let Some(certainty) = identity::national_id(digits, is_id)
            && (!is_phone || is_id)
        {
            let is_nobodys = folded.is_after(start, 3, NOBODYS);
            if !is_nobodys {
                return Some((Clue::NationalId, certainty));
            }
        }
        if !self.is_abroad && folded.is_after(start, 3, NOBODYS) || len < 5 || self.is_broken() {
            return None;
        }
        phones::phone(digits, self.is_abroad, is_phone).map(|certainty| (Clue::Phone, certainty))
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
