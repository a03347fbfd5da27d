//! An `Update` of Telegram's Bot API, as its webhook brings it (core.telegram.org/bots/api#update).
//!
//! Of its fields only texts and files are read; `from`, `chat`, `date`, `forward_origin`, `contact`, `file_name` and all others
//! are skipped by the parser and reach no type. What is quoted in a reply is not read: it came before.

use std::borrow::Cow;

use hamsa_core::Unreadable;
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::inbound::each;
use crate::{Inbound, MediaReference};

/// The longest `Update` that is read, in octets. Telegram names no limit; with 4,096 characters of text, each of which JSON
/// may spell in 12 octets, and a message that it replies to, it stays far below this one.
pub const MAX_UPDATE: usize = 1 << 20;
/// The longest answer to `getUpdates` that is read, in octets. It holds at most 100 updates, says the same page.
pub const MAX_UPDATES: usize = 100 * MAX_UPDATE;

/// The answer to `getUpdates`, for bots that ask instead of being called.
#[derive(Deserialize)]
struct Updates {
    #[serde(deserialize_with = "updates")]
    result: Inbound,
}

fn updates<'de, D: Deserializer<'de>>(from: D) -> Result<Inbound, D::Error> {
    each(from, |update: &RawValue, inbound| {
        take(update.get().as_bytes(), inbound);
    })
}

#[derive(Deserialize)]
struct Update<'j> {
    #[serde(rename = "update_id")]
    _number: IgnoredAny,
    #[serde(borrow)]
    message: Option<Message<'j>>,
    #[serde(borrow)]
    edited_message: Option<Message<'j>>,
    #[serde(borrow)]
    channel_post: Option<Message<'j>>,
    #[serde(borrow)]
    edited_channel_post: Option<Message<'j>>,
    #[serde(borrow)]
    business_message: Option<Message<'j>>,
    #[serde(borrow)]
    edited_business_message: Option<Message<'j>>,
}

#[derive(Deserialize)]
struct Message<'j> {
    #[serde(borrow)]
    text: Option<Cow<'j, str>>,
    #[serde(borrow)]
    caption: Option<Cow<'j, str>>,
    document: Option<File>,
    /// The same picture in several sizes.
    #[serde(default)]
    photo: Vec<File>,
    video: Option<File>,
    video_note: Option<File>,
    audio: Option<File>,
    voice: Option<File>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    #[serde(default, deserialize_with = "length")]
    file_size: Option<u64>,
}

/// A number of octets; nothing when it is none, so that the rest of the message is read all the same.
fn length<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    serde_json::Value::deserialize(from).map(|value| value.as_u64())
}

/// Takes what is sealed, and references to files, out of the body of a call of the webhook, or of an answer to `getUpdates`.
///
/// An update without a message in it, such as a vote or a member's leaving, gives nothing. What is no update gives
/// [`Unreadable::NotAMessage`], and more than [`MAX_UPDATE`] octets, of an answer [`MAX_UPDATES`], [`Unreadable::TooLong`].
pub fn from_telegram(update: &[u8]) -> Inbound {
    if update.len() > MAX_UPDATES {
        return Inbound::unreadable(Unreadable::TooLong);
    }
    if let Ok(Updates { result }) = serde_json::from_slice(update) {
        return result;
    }
    let mut inbound = Inbound::default();
    take(update, &mut inbound);
    inbound
}

/// Takes one update.
fn take(update: &[u8], inbound: &mut Inbound) {
    if update.len() > MAX_UPDATE {
        inbound.arrived.push(Err(Unreadable::TooLong));
        return;
    }
    let Ok(update) = serde_json::from_slice::<Update<'_>>(update) else {
        inbound.arrived.push(Err(Unreadable::NotAMessage));
        return;
    };
    let messages = [
        update.message,
        update.edited_message,
        update.channel_post,
        update.edited_channel_post,
        update.business_message,
        update.edited_business_message,
    ];
    for message in messages.into_iter().flatten() {
        let texts = [&message.text, &message.caption];
        let texts: Vec<&str> = texts.into_iter().filter_map(Option::as_deref).collect();
        let photo = message
            .photo
            .into_iter()
            .max_by_key(|photo| photo.file_size);
        let files = [
            message.document,
            photo,
            message.video,
            message.video_note,
            message.audio,
            message.voice,
        ];
        inbound.take(&texts, files.into_iter().flatten().map(File::reference));
    }
}

impl File {
    fn reference(self) -> MediaReference {
        MediaReference {
            id: self.file_id,
            length: self.file_size,
        }
    }
}
