//! A position on the earth, put together from the four tags that hold it.

use super::Entry;

/// What has been read of a position so far.
#[derive(Default)]
pub(super) struct Position {
    latitude: Option<f64>,
    longitude: Option<f64>,
    south: bool,
    west: bool,
}

impl Position {
    /// Takes what one of the four tags says.
    pub(super) fn take(&mut self, entry: &Entry<'_>) {
        let first = entry.value.first().copied().unwrap_or(0);
        match entry.tag {
            1 => self.south = matches!(first, b'S' | b's'),
            2 => self.latitude = degrees(entry),
            3 => self.west = matches!(first, b'W' | b'w'),
            _ => self.longitude = degrees(entry),
        }
    }

    /// Decimal degrees, north and east positive.
    pub(super) fn text(&self) -> Option<String> {
        let signed = |value: Option<f64>, negative: bool| {
            let value = value?;
            Some(format!("{:.6}", if negative { -value } else { value }))
        };
        let latitude = signed(self.latitude, self.south);
        let longitude = signed(self.longitude, self.west);
        match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => Some(format!("{latitude}, {longitude}")),
            (one, other) => one.or(other),
        }
    }
}

/// Degrees, minutes and seconds as one number.
fn degrees(entry: &Entry<'_>) -> Option<f64> {
    let mut value = 0.0;
    let mut unit = 1.0;
    let mut any = false;
    for (numerator, denominator) in entry.fractions().take(3) {
        if denominator != 0 {
            value += f64::from(numerator) / f64::from(denominator) / unit;
            any = true;
        }
        unit *= 60.0;
    }
    any.then_some(value)
}
