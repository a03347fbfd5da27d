//! What a channel brings: sealed octets, and nothing about who sent them.
//!
//! Every adapter gives an [`Arrived`]. No field of it can hold an address, a number, a name or a time, so none of those gets
//! out of an adapter, whatever the channel's messages say.

use crate::{Envelope, Part, PartError, Unreadable, parts};

/// An envelope, or a numbered part of one.
#[derive(Clone, PartialEq, Eq)]
pub enum Sealed {
    /// A whole envelope.
    Envelope(Envelope),
    /// A part, for a [`Collector`](crate::Collector).
    Part(Part),
}

/// What came of one or many messages of a channel.
#[derive(Default)]
pub struct Arrived {
    /// What was sealed, in the order in which it came.
    pub sealed: Vec<Sealed>,
    /// Why nothing was taken, once for each message that gave nothing.
    pub unreadable: Vec<Unreadable>,
}

impl Sealed {
    /// Takes exactly one envelope, binary or text, or exactly one part.
    ///
    /// # Errors
    /// [`Unreadable::Damaged`] for what begins like either and is not whole, else [`Unreadable::NothingSealed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.first() == Some(&parts::VERSION) {
            return match Part::parse(bytes) {
                Ok(part) => Ok(Self::Part(part)),
                Err(_) => Err(Unreadable::Damaged),
            };
        }
        if let Ok(envelope) = Envelope::parse(bytes) {
            return Ok(Self::Envelope(envelope));
        }
        let part = str::from_utf8(bytes).map_or(Err(PartError::NotAPart), Part::from_text);
        let text = bytes.trim_ascii_start();
        match part {
            Ok(part) => Ok(Self::Part(part)),
            Err(_) if text.starts_with(b"age-encryption.org/") => Err(Unreadable::Damaged),
            Err(_) if text.starts_with(b"-----BEGIN AGE") => Err(Unreadable::Damaged),
            Err(_) => Err(Unreadable::NothingSealed),
        }
    }
}

impl Arrived {
    /// Adds what came of one more message.
    pub fn push(&mut self, message: Result<Sealed, Unreadable>) {
        match message {
            Ok(sealed) => self.sealed.push(sealed),
            Err(why) => self.unreadable.push(why),
        }
    }
}

impl Extend<Arrived> for Arrived {
    fn extend<I: IntoIterator<Item = Arrived>>(&mut self, more: I) {
        for arrived in more {
            self.sealed.extend(arrived.sealed);
            self.unreadable.extend(arrived.unreadable);
        }
    }
}
