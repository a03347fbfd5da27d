//! An `Update` of Telegram's Bot API, as its webhook brings it (core.telegram.org/bots/api#update).
//!
//! Of its fields only texts and files are read; `from`, `chat`, `date`, `forward_origin`, `contact`, `file_name` and all others
//! are skipped by the parser and reach no type. What is quoted in a reply is not read: it came before.

use std::borrow::Cow;

use hamsa_core::Unreadable;
use serde::{Deserialize, de::IgnoredAny};

use crate::{Inbound, MediaReference};

/// The longest `Update` that is read, in octets. Telegram names no limit; with 4,096 characters of text, each of which JSON
/// may spell in 12 octets, and a message that it replies to, it stays far below this one.
pub const MAX_UPDATE: usize = 1 << 20;

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
    file_size: Option<u64>,
}

/// Takes what is sealed, and references to files, out of the body of a call of the webhook.
///
/// An update without a message in it, such as a vote or a member's leaving, gives nothing. What is no update gives
/// [`Unreadable::NotAMessage`], and more than [`MAX_UPDATE`] octets [`Unreadable::TooLong`].
pub fn from_telegram(update: &[u8]) -> Inbound {
    if update.len() > MAX_UPDATE {
        return Inbound::unreadable(Unreadable::TooLong);
    }
    let Ok(update) = serde_json::from_slice::<Update<'_>>(update) else {
        return Inbound::unreadable(Unreadable::NotAMessage);
    };
    let mut inbound = Inbound::default();
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
    inbound
}

impl File {
    fn reference(self) -> MediaReference {
        MediaReference {
            id: self.file_id,
            length: self.file_size,
        }
    }
}
