//! The user data header of concatenated messages. 3GPP TS 23.040, sections 9.2.3.24, 9.2.3.24.1 and 9.2.3.24.8.

use hamsa_core::Unreadable;

/// The information element with a reference of 8 bits.
const CONCATENATED: u8 = 0x00;
/// The information element with a reference of 16 bits.
const CONCATENATED_WIDE: u8 = 0x08;

/// Where a message stands in its series.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) reference: Reference,
    pub(crate) total: u8,
    /// From 1.
    pub(crate) number: u8,
}

/// What the messages of one series have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reference {
    Narrow(u8),
    Wide(u16),
}

impl Place {
    pub(crate) fn new(reference: u8, total: u8, number: u8) -> Self {
        let reference = Reference::Narrow(reference);
        Self {
            reference,
            total,
            number,
        }
    }

    /// The header with its length octet: 6 octets, or 7 with a wide reference.
    pub(crate) fn to_header(self) -> Vec<u8> {
        match self.reference {
            Reference::Narrow(low) => vec![5, CONCATENATED, 3, low, self.total, self.number],
            Reference::Wide(reference) => {
                let [high, low] = reference.to_be_bytes();
                vec![6, CONCATENATED_WIDE, 4, high, low, self.total, self.number]
            }
        }
    }

    /// Reads a header. `None` if it says nothing about concatenation that can be meant: other elements are skipped, and so is,
    /// as the standard has it, one with the number 0 or past the total. Of several, the last counts.
    ///
    /// # Errors
    /// [`Unreadable::NotAMessage`] when a length is not that of what follows.
    pub(crate) fn of_header(header: &[u8]) -> Result<Option<Self>, Unreadable> {
        let Some((&len, mut elements)) = header.split_first() else {
            return Ok(None);
        };
        if usize::from(len) != elements.len() {
            return Err(Unreadable::NotAMessage);
        }
        let mut place = None;
        while let Some((&[element, len], rest)) = elements.split_first_chunk() {
            let data = rest.split_at_checked(usize::from(len));
            let (data, rest) = data.ok_or(Unreadable::NotAMessage)?;
            place = Self::of_element(element, data)?.or(place);
            elements = rest;
        }
        if elements.is_empty() {
            Ok(place)
        } else {
            Err(Unreadable::NotAMessage)
        }
    }

    fn of_element(element: u8, data: &[u8]) -> Result<Option<Self>, Unreadable> {
        let (reference, total, number) = match (element, data) {
            (CONCATENATED, &[low, total, number]) => (Reference::Narrow(low), total, number),
            (CONCATENATED_WIDE, &[high, low, total, number]) => {
                let reference = u16::from_be_bytes([high, low]);
                (Reference::Wide(reference), total, number)
            }
            (CONCATENATED | CONCATENATED_WIDE, _) => return Err(Unreadable::NotAMessage),
            _ => return Ok(None),
        };
        let place = Self {
            reference,
            total,
            number,
        };
        Ok((1..=total).contains(&number).then_some(place))
    }
}
