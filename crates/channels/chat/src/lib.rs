//! Chat and social networks: an envelope in messages of limited length.
//!
//! ```text
//! envelope ─► to_chat ─► messages ~~~► from_chat, from_telegram, from_whatsapp ─► Arrived ─► Collector
//!                                                          └► media ─► (fetch) ─► Sealed::parse
//! ```
//!
//! A message is a [`Part`] in its text form: letters, digits, `-` and `_`, and a space within each `--` and `__`, because
//! those two are what clients rewrite: phones turn the first into a dash, Telegram for Android takes pairs of the second
//! for emphasis and drops them. Parts come in any order, and nothing in them is about who sent them.
//!
//! An envelope may as well travel as a document, where a service has those. Then what comes in is a [`MediaReference`], which
//! the integrator fetches with the service's own interface and gives to [`hamsa_core::Sealed::parse`].
//!
//! ```
//! # use hamsa_core::{Collected, Identity, Recipients, Tip, seal};
//! use hamsa_channel_chat::{Limit, from_chat, to_chat};
//! use hamsa_core::Collector;
//!
//! # let analyst = Identity::generate()?;
//! # let to = Recipients::danger_bare(vec![analyst.recipient().unwrap()], None)?;
//! let envelope = seal(Tip::new("A whisper.".to_owned().into())?, &to)?;
//! let messages = to_chat(&envelope, Limit::TELEGRAM)?;
//!
//! let mut collector = Collector::new();
//! let mut whole = None;
//! for message in messages.iter().rev() {
//!     for sealed in from_chat(&format!("Ahmed, [12.03.2026 10:11]\n{message}")).sealed {
//!         if let Collected::Envelope(found) = collector.take(sealed) {
//!             whole = Some(found);
//!         }
//!     }
//! }
//! assert!(whole == Some(envelope));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![allow(clippy::doc_markdown, reason = "WhatsApp is a name and no code")]

mod inbound;
mod telegram;
mod whatsapp;

use hamsa_core::{Arrived, Envelope, Part, PartError, cut};

pub use self::inbound::{Inbound, MediaReference};
pub use self::telegram::{MAX_UPDATE, MAX_UPDATES, from_telegram};
pub use self::whatsapp::{MAX_WEBHOOK, from_whatsapp};

/// The longest message of a service, in characters.
///
/// Each service counts in a unit of its own: octets, UTF-16 code units, code points, weights. What is sent from here is ASCII,
/// of which each character is one of every such unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Limit(usize);

impl Limit {
    /// A Telegram message, in UTF-16 code units (core.telegram.org: Bot API, `sendMessage`; "Styled text with message
    /// entities", lengths of entities). Telegram's own apps cut longer texts.
    pub const TELEGRAM: Self = Self(4096);
    /// A message in WhatsApp's app, in characters (as its business partners document it; the app takes no more).
    pub const WHATSAPP: Self = Self(65_536);
    /// A message that a business sends through WhatsApp's Cloud API, in characters (developers.facebook.com: WhatsApp Cloud
    /// API, text messages, `body`).
    pub const WHATSAPP_BUSINESS: Self = Self(4096);
    /// A post on X, in weighted characters (docs.x.com: "Counting characters"). Everybody reads posts, and sees who wrote them.
    pub const X_POST: Self = Self(280);
    /// A direct message on X, in characters (help.x.com: "About direct messages").
    pub const X_MESSAGE: Self = Self(10_000);
    /// One SMS in the GSM 7-bit alphabet, in septets (3GPP TS 23.038, section 6.1.2.1: 140 octets).
    pub const SMS: Self = Self(160);

    /// Another service's limit, in whatever unit it counts ASCII characters as one.
    pub const fn new(characters: usize) -> Self {
        Self(characters)
    }
}

/// The messages that carry `envelope`, each at most as long as `limit`: a short envelope that fits as it is, else parts.
///
/// # Errors
/// Any [`PartError`] of [`cut`].
pub fn to_chat(envelope: &Envelope, limit: Limit) -> Result<Vec<String>, PartError> {
    let Limit(limit) = limit;
    if envelope.is_short() {
        let text = envelope.to_text();
        let loose = loosened(&text);
        // An SMS has no room for a space more.
        if let Some(text) = [loose, text].into_iter().find(|text| text.len() <= limit) {
            return Ok(vec![text]);
        }
    }
    let mut room = limit;
    loop {
        let parts = cut(envelope, Part::octets_in(room))?;
        let messages: Vec<String> = parts.iter().map(|part| loosened(&part.to_text())).collect();
        let longest = messages.iter().map(String::len).max().unwrap_or(0);
        match longest.checked_sub(limit) {
            None | Some(0) => return Ok(messages),
            // Spaces make a few of them longer than they were cut for.
            Some(over) => room = room.saturating_sub(over),
        }
    }
}

/// Takes what is sealed out of a message, as [`hamsa_channel_text::from_text`] does.
pub fn from_chat(message: &str) -> Arrived {
    hamsa_channel_text::from_text(message)
}

/// The text with a space within each `--` and `__`.
fn loosened(text: &str) -> String {
    let mut loose = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if matches!(letter, '-' | '_') && loose.ends_with(letter) {
            loose.push(' ');
        }
        loose.push(letter);
    }
    loose
}
