//! Finds envelopes and their parts in text that people and programs have handled: quoted, wrapped, with names before
//! it, with dashes made long and marks of direction put in.
//!
//! Text is the one thing that every channel carries. What an envelope looks like as text stands in format v1: age's armor
//! (section 5.5), the short form in base64url (section 6.2), a part in base64url (section 9).
//!
//! ```text
//! text ─► clean ─► armor: from BEGIN to END ─────────────────────────► envelope
//!                └► tokens: whatever begins like a short envelope or
//!                   a part, taken by its length, or by its check ────► envelope or part
//! ```
//!
//! It takes time in proportion to the text, whatever the text is: a stretch of it without punctuation is given at most
//! 64 tries of its own length, and then counts as damaged.
#![forbid(unsafe_code)]

mod armor;
mod clean;
mod tokens;

use hamsa_core::{Arrived, Sealed};

/// Takes every envelope and every part out of `text`, in the order in which they stand there.
///
/// Gives one [`Unreadable`](hamsa_core::Unreadable) when there is none: `Damaged` for what looks sealed and is not whole,
/// else `NothingSealed`. Damaged ones beside good ones are told too, those that stand one behind the other as one.
pub fn from_text(text: &str) -> Arrived {
    let clean = clean::clean(text);
    let mut arrived = Arrived::default();
    let mut rest = clean.as_slice();
    while let Some(found) = armor::next(rest) {
        tokens::take(found.before, &mut arrived);
        arrived.push(found.envelope);
        rest = found.after;
    }
    tokens::take(rest, &mut arrived);
    if arrived.sealed.is_empty() && arrived.unreadable.is_empty() {
        // It knows the beginning of a binary envelope that was pasted as text.
        arrived.push(Sealed::parse(text.as_bytes()));
    }
    arrived
}
