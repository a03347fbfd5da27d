//! E-mail: an envelope as the attachment of a mail that says nothing else, and whatever mail brings read back.
//!
//! [`to_email`] makes a whole message: the sender's mail program, or a library such as `lettre`, hands it to a mail server as it
//! is. [`from_email`] takes one message, [`from_mbox`] a mailbox file, [`from_message_file`] one file of a Maildir. What comes back
//! has no room for who wrote, when, or anything else that stands in a mail.
//!
//! Not read: `winmail.dat` (TNEF), uuencode and yEnc. No mail program of today makes them unasked, except Outlook, which its
//! users can tell to send HTML instead.
#![forbid(unsafe_code)]

mod error;
mod html;
mod mbox;
mod out;
mod part;
mod walk;

pub use error::EmailError;
pub use mbox::{from_mbox, from_message_file};
pub use out::{Addresses, to_email};
pub use part::from_email;

/// The longest message that is made or read, in octets: 64 MiB as base64 with its line ends (87.6 MiB), and room for a head and
/// text. Ours: mail sets no limit (RFC 5321, section 4.5.3.1.7), servers do.
pub const MAX_MESSAGE: usize = 96 << 20;

/// What most providers take, in octets: the 25 MB that Gmail names (`support.google.com/mail/answer/6584`), taken for the whole
/// message as it is sent, base64 included, because not every server counts as generously. That is 18 MB of envelope.
pub const COMMON_LIMIT: usize = 25_000_000;

/// What a mail server takes when nobody changed it, in octets of the whole message: Postfix, `message_size_limit`
/// (`postfix.org/postconf.5.html`). That is 7 MB of envelope.
pub const CAUTIOUS_LIMIT: usize = 10_240_000;
