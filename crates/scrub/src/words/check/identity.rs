//! Numbers with a check digit: bank accounts, cards, identity cards; and passports, which have none.

use super::folded::Folded;
use super::keywords::{IBAN, PASSPORT};
use super::{Certainty, Clue, Found};

/// Looks for bank accounts and passports: the numbers that have letters in them.
pub(super) fn scan(folded: &Folded, found: &mut Found) {
    let bytes = folded.text.as_bytes();
    for (index, token) in folded.tokens.iter().enumerate() {
        let word = folded.word(index);
        if !word.is_ascii() || token.is_number {
            continue;
        }
        if word.len() == 2 && bytes.get(token.end).is_some_and(u8::is_ascii_digit) {
            iban(folded, token.start, found);
        }
        if word.len() <= 2 && starts_alone(bytes, token.start) {
            passport(folded, index, found);
        }
    }
    for (index, token) in folded.tokens.iter().enumerate() {
        let digits = folded.word(index).len();
        let is_passport = token.is_number
            && (7..=9).contains(&digits)
            && folded.is_after(token.start, 6, PASSPORT)
            && !bytes
                .get(token.start.wrapping_sub(1))
                .is_some_and(u8::is_ascii_alphanumeric);
        if is_passport {
            found.push(Clue::Passport, token.start..token.end, Certainty::Likely);
        }
    }
}

fn starts_alone(bytes: &[u8], at: usize) -> bool {
    !at.checked_sub(1)
        .and_then(|before| bytes.get(before))
        .is_some_and(u8::is_ascii_alphanumeric)
}

/// One or two letters and six to nine digits, beside the word.
fn passport(folded: &Folded, index: usize, found: &mut Found) {
    let (Some(letters), Some(number)) = (folded.tokens.get(index), folded.tokens.get(index + 1))
    else {
        return;
    };
    let len = number.end - number.start;
    let gap = folded.get(letters.end..number.start);
    if number.is_number
        && matches!(gap, "" | " " | "-")
        && (6..=9).contains(&len)
        && folded.is_after(letters.start, 8, PASSPORT)
    {
        found.push(Clue::Passport, letters.start..number.end, Certainty::Sure);
    }
}

/// Longest account number there is.
const MAX_IBAN: usize = 34;

/// ISO 13616: country, check digits, up to thirty letters and digits, in groups or not.
fn iban(folded: &Folded, start: usize, found: &mut Found) {
    let mut compact = Vec::with_capacity(MAX_IBAN);
    let mut ends = Vec::with_capacity(MAX_IBAN);
    let bytes = folded.text.as_bytes();
    if !starts_alone(bytes, start) {
        return;
    }
    for (at, b) in bytes.iter().enumerate().skip(start).take(MAX_IBAN * 2) {
        if b.is_ascii_alphanumeric() {
            compact.push(*b);
            ends.push(at + 1);
        } else if !matches!(b, b' ' | b'-') {
            break;
        }
        if compact.len() == MAX_IBAN {
            break;
        }
    }
    let known = match compact.get(..2) {
        Some(b"ae" | b"iq" | b"om") => 23,
        Some(b"sa" | b"tn" | b"pk") => 24,
        Some(b"eg" | b"qa" | b"ps") => 29,
        Some(b"kw" | b"jo") => 30,
        Some(b"bh" | b"gb" | b"de") => 22,
        Some(b"lb") => 28,
        Some(b"tr") => 26,
        Some(b"fr") => 27,
        _ => 0,
    };
    let is_iban = |len: usize| {
        let number = compact.get(..len)?;
        let digits = number.get(2..4)?;
        (digits.iter().all(u8::is_ascii_digit) && is_mod_97(number)).then_some(())
    };
    let fits = if known > 0 {
        is_iban(known).map(|()| known)
    } else {
        (15..=MAX_IBAN).rev().find(|len| is_iban(*len).is_some())
    };
    if let Some(end) = fits.and_then(|len| ends.get(len - 1)) {
        found.push(Clue::Iban, start..*end, Certainty::Sure);
    } else if known > 0
        && folded.is_after(start, 4, IBAN)
        && compact
            .iter()
            .take(known)
            .skip(4)
            .filter(|b| b.is_ascii_digit())
            .count()
            >= 12
        && let Some(end) = ends.get(known.min(ends.len()).saturating_sub(1))
    {
        // A digit is wrong, or one is missing.
        found.push(Clue::Iban, start..*end, Certainty::Likely);
    }
}

fn is_mod_97(number: &[u8]) -> bool {
    let (front, rest) = number.split_at_checked(4).unwrap_or((number, &[]));
    let rest = rest.iter().chain(front);
    let remainder = rest.fold(0_u32, |sum, b| match b {
        b'0'..=b'9' => (sum * 10 + u32::from(b - b'0')) % 97,
        _ => (sum * 100 + u32::from(b.wrapping_sub(b'a')) + 10) % 97,
    });
    remainder == 1
}

/// The check digit of cards, phones and several identity cards.
pub(super) fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0');
            if at % 2 == 0 {
                value
            } else {
                value * 2 - if value > 4 { 9 } else { 0 }
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the first digits are those of a card: Visa, Mastercard, American Express, Discover, `UnionPay`,
/// Maestro, mada and Meeza.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let front = |len: usize| value(digits.get(..len).unwrap_or_default());
    let fits = match (front(1), front(2), front(4)) {
        (4, ..) => matches!(digits.len(), 13 | 16 | 19),
        (_, 51..=55, _) | (.., 2221..=2720) => digits.len() == 16,
        (_, 34 | 37, _) => digits.len() == 15,
        (_, 50 | 56..=69, _) => digits.len() >= 16,
        _ => false,
    };
    fits && is_luhn(digits)
}

pub(super) fn value(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}

/// Whether the digits are a year, a month and a day, the year of two digits.
fn is_date(digits: &[u8]) -> bool {
    let part = |from: usize| value(digits.get(from..from + 2).unwrap_or_default());
    (1..=12).contains(&part(2)) && (1..=31).contains(&part(4))
}

/// Whether the digits are an Emirates ID, by the check digit or by the groups in which it is printed.
pub(super) fn is_emirates_id(digits: &[u8], lens: &[usize]) -> bool {
    let is_whole = digits.len() == 15 && national_id(digits, false).is_some();
    is_whole && (is_luhn(digits) || lens == [3, 4, 7, 1])
}

/// Whether the form is that of an identity card and of no phone, whatever word stands before it.
pub(super) fn has_form(digits: &[u8], lens: &[usize]) -> bool {
    match digits.len() {
        14 | 15 => true,
        // Phones abroad have as many digits, but people write those in groups.
        10 => lens.len() == 1 && is_luhn(digits),
        _ => false,
    }
}

/// How certainly a number is that of an identity card. `is_named` says that a word for one stands before it.
pub(super) fn national_id(digits: &[u8], is_named: bool) -> Option<Certainty> {
    let named = |certainty| if is_named { Certainty::Sure } else { certainty };
    let year = |from: usize| value(digits.get(from..from + 4).unwrap_or_default());
    match digits.len() {
        // Emirates: 784, year of birth, seven digits, check digit.
        15 if digits.starts_with(b"784") && (1900..2040).contains(&year(3)) => {
            Some(if is_luhn(digits) {
                Certainty::Sure
            } else {
                Certainty::Likely
            })
        }
        // Egypt: century, birthday, governorate, four digits, check digit.
        14 if matches!(digits.first(), Some(b'2' | b'3')) => {
            let governorate = value(digits.get(7..9).unwrap_or_default());
            let fits =
                is_date(digits.get(1..7).unwrap_or_default()) && matches!(governorate, 1..=35 | 88);
            fits.then(|| named(Certainty::Likely))
        }
        // Kuwait: century, birthday, four digits, check digit.
        12 if matches!(digits.first(), Some(b'2' | b'3')) => {
            let fits = is_date(digits.get(1..7).unwrap_or_default()) && is_kuwaiti(digits);
            fits.then(|| named(Certainty::Likely))
        }
        // Qatar: century, year, nationality, five digits.
        11 if matches!(digits.first(), Some(b'2' | b'3')) => {
            let nationality = value(digits.get(3..6).unwrap_or_default());
            let is_known = matches!(
                nationality,
                4 | 50
                    | 144
                    | 275
                    | 356
                    | 364
                    | 368
                    | 400
                    | 404
                    | 422
                    | 504
                    | 524
                    | 566
                    | 586
                    | 608
                    | 634
                    | 682
                    | 706
                    | 729
                    | 736
                    | 760
                    | 784
                    | 788
                    | 792
                    | 800
                    | 818
                    | 826
                    | 840
                    | 887
            );
            (is_known || is_named).then(|| named(Certainty::Likely))
        }
        // Saudi Arabia: 1 for citizens, 2 for residents, check digit.
        10 if matches!(digits.first(), Some(b'1' | b'2')) && is_luhn(digits) => {
            Some(named(Certainty::Hint))
        }
        // Bahrain: year and month of birth, four digits, check digit; and all the others, by name alone.
        6..=15 if is_named => Some(Certainty::Likely),
        _ => None,
    }
}

fn is_kuwaiti(digits: &[u8]) -> bool {
    let weights = [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u64 = digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| u64::from(digit - b'0') * weight)
        .sum();
    11 - sum % 11 == value(digits.get(11..).unwrap_or_default())
}
