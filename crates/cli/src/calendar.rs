//! Today, in the one time zone that cards are written in.

use hamsa_core::Date;
use jiff::{Span, Timestamp, civil, tz::TimeZone};

use crate::failure::{Exit, Failure};

/// Today in UTC.
pub(crate) fn today() -> Result<Date, Failure> {
    to_date(Timestamp::now().to_zoned(TimeZone::UTC).date())
}

/// The last of `days` days that begin with `first`.
///
/// # Errors
/// No days at all, or more than the calendar has.
pub(crate) fn last_of(first: Date, days: u32) -> Result<Date, Failure> {
    let first: civil::Date = first.to_string().parse().map_err(|_| out_of_range())?;
    let more = days.checked_sub(1).ok_or_else(out_of_range)?;
    let span = Span::new()
        .try_days(i64::from(more))
        .map_err(|_| out_of_range())?;
    to_date(first.checked_add(span).map_err(|_| out_of_range())?)
}

fn to_date(day: civil::Date) -> Result<Date, Failure> {
    day.to_string().parse().map_err(|_| out_of_range())
}

fn out_of_range() -> Failure {
    Failure::new("days-out-of-range", Exit::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_counts() {
        let first: Date = "2026-11-22".parse().expect("a day");
        assert_eq!(
            last_of(first, 1).map(|d| d.to_string()).ok().as_deref(),
            Some("2026-11-22")
        );
        assert_eq!(
            last_of(first, 365).map(|d| d.to_string()).ok().as_deref(),
            Some("2027-11-21")
        );
        assert!(last_of(first, 0).is_err() && last_of(first, u32::MAX).is_err());
    }
}
