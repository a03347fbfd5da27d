//! Finds envelopes and their parts in text that people and programs have handled: quoted, wrapped, with names before
//! it, with dashes made long and marks of direction put in.
//!
//! Text is the one thing that every channel carries. What an envelope looks like as text stands in format v1: age's armor
//! (section 5.5), the short form in base64url (section 6.2), a part in base64url (section 9).
#![forbid(unsafe_code)]

use hamsa_core::Arrived;

/// Takes every envelope and every part out of `text`, in the order in which they stand there.
///
/// Gives one [`Unreadable`](hamsa_core::Unreadable) when there is none, and one for each that is damaged.
pub fn from_text(text: &str) -> Arrived {
    let mut arrived = Arrived::default();
    arrived.push(hamsa_core::Sealed::parse(text.as_bytes()));
    arrived
}
