//! One day of the calendar: all the time that a card knows.

use core::fmt;
use core::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

use crate::CardError;

/// One day in UTC, from 0001-01-01 to 9999-12-31.
///
/// A card counts in days because its reader's clock is often wrong by hours and because an hour would say when
/// the agency's people work. The text form is `2026-11-22`, and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// The decimal number yyyymmdd, so that the derived order is the calendar's.
pub struct Date(u32);

impl Date {
    /// The day with this year, month (1 to 12) and day of the month.
    ///
    /// # Errors
    /// [`CardError::BadDate`] if the Gregorian calendar has no such day, or the year is 0 or above 9999.
    pub fn from_ymd(year: u16, month: u8, day: u8) -> Result<Date, CardError> {
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap(year) => 29,
            2 => 28,
            _ => return Err(CardError::BadDate),
        };
        if !(1..=9999).contains(&year) || !(1..=last).contains(&day) {
            return Err(CardError::BadDate);
        }
        Ok(Date(
            u32::from(year) * 10_000 + u32::from(month) * 100 + u32::from(day),
        ))
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date(ymd) = self;
        write!(
            f,
            "{:04}-{:02}-{:02}",
            ymd / 10_000,
            ymd / 100 % 100,
            ymd % 100
        )
    }
}

impl FromStr for Date {
    type Err = CardError;

    fn from_str(text: &str) -> Result<Date, CardError> {
        let mut fields = text.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(CardError::BadDate);
        };
        let month = u8::try_from(number(month, 2)?).map_err(|_| CardError::BadDate)?;
        let day = u8::try_from(number(day, 2)?).map_err(|_| CardError::BadDate)?;
        Date::from_ymd(number(year, 4)?, month, day)
    }
}

/// Reads exactly `width` ASCII digits; `u16::from_str` alone would take a sign and any width.
fn number(digits: &str, width: usize) -> Result<u16, CardError> {
    if digits.len() != width || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CardError::BadDate);
    }
    digits.parse().map_err(|_| CardError::BadDate)
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
