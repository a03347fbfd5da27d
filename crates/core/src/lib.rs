//! The path of a tip: what an informant writes is sealed where it is written, to a key that only the
//! agency's analysts hold, and carries nothing else.
//!
//! ```text
//! write ─► check ─► scrub ─► frame ─► pad ─► seal ─► carry ~~~► open ─► read
//!                           ╰──────── this crate ────────╯      ╰─ and this ─╯
//! ```
//!
//! | step | type | what it holds |
//! |---|---|---|
//! | write | [`Tip`] | text, topic, attachments as [`CleanFile`]s |
//! | to whom | [`Card`] → [`Recipients`] | the agency's signed keys, checked by [`Fingerprint`] and day |
//! | seal | [`Envelope`] | a standard age file, its length one of few |
//! | carry | [`cut`] → [`Part`] → [`Collector`] | numbered parts, where a message is too short for an envelope |
//! | open | [`KeyRing`] → [`OpenedTip`] | everything, or nothing |
//!
//! ```
//! use hamsa_core::{Identity, KeyRing, Recipients, Tip, open, seal};
//!
//! let analyst = Identity::generate()?;
//! let to = Recipients::danger_bare(vec![analyst.recipient().unwrap()], None)?; // in real life: from a card
//!
//! let tip = Tip::new("A whisper.".to_owned().into())?.language("en")?;
//! let envelope = seal(tip, &to)?;
//!
//! let mut keys = KeyRing::new();
//! keys.add(analyst);
//! let (tip, attachments) = open(envelope.as_bytes(), &keys)?;
//! assert_eq!(tip.text(), "A whisper.");
//! assert!(attachments.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate opens no socket and no file, and knows no clock: what is sealed depends on the tip, the card,
//! the day that the caller names, and the system's random numbers.
#![forbid(unsafe_code)]

mod tip;

mod frame;
mod size;

pub mod age;
mod envelope;
mod short;

mod arrived;
mod parts;

mod card;
mod key;

mod at;
mod error;
mod stack;

#[cfg(fuzzing)]
pub mod fuzzing;

pub use arrived::{Arrived, Sealed};
pub use at::{ReadAt, WriteAt};
pub use card::{
    Card, Channels, Date, DepartmentKey, DepartmentProfile, Fingerprint, Names, Profile, RootKey,
    Topic,
};
pub use envelope::{
    Case, Contents, Envelope, Form, Outside, envelope_id, inspect, inspect_at, open, open_at,
    open_stream, seal, seal_at, seal_short, seal_stream, sealed_len,
};
pub use error::{CardError, KeyError, OpenError, PartError, SealError, Unreadable};
pub use key::{Identity, KeyRing, Prompt, Recipient, Recipients};
#[cfg(feature = "age")]
pub use key::{protect, unprotect};
pub use parts::{Collected, Collector, OpenGroup, Part, cut};
pub use tip::{Attachment, CleanFile, MAX_ATTACHMENTS, MAX_TEXT, MediaType, OpenedTip, Role, Tip};
