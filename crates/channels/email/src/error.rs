//! Why a mail was not made.

use core::fmt;

/// Why an envelope was not made into a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailError {
    /// An address is not of the form `name@domain`, in ASCII and without a display name.
    BadAddress,
    /// The subject is longer than 255 octets or holds a control character.
    BadSubject,
    /// The message would be longer than [`MAX_MESSAGE`](crate::MAX_MESSAGE).
    TooLong,
    /// The system gave no random numbers.
    NoRandomness,
}

impl EmailError {
    /// Every stable code of this enum, so that a front end can check that it has words for each.
    pub const CODES: &'static [&'static str] = &[
        "bad-mail-address",
        "bad-mail-subject",
        "too-long-for-mail",
        "no-randomness-mail",
    ];

    /// The stable name of the error, for translation and scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress => "bad-mail-address",
            Self::BadSubject => "bad-mail-subject",
            Self::TooLong => "too-long-for-mail",
            Self::NoRandomness => "no-randomness-mail",
        }
    }

    /// What the person can do about it, as an English sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::BadAddress => "write it like tips@agency.example, without a name before it",
            Self::BadSubject => {
                "use a short subject of one line, the same for every tip, that says nothing"
            }
            Self::TooLong => "send the attachments in several tips, or by another channel",
            Self::NoRandomness => "make the mail on another device",
        }
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAddress => "this is not a mail address",
            Self::BadSubject => "this cannot be the subject of a mail",
            Self::TooLong => "the envelope is too long for a mail",
            Self::NoRandomness => "the system gave no random numbers",
        })
    }
}

impl std::error::Error for EmailError {}
