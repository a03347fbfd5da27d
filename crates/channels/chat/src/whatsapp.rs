//! A call of the webhook of WhatsApp's Cloud API (developers.facebook.com: WhatsApp Business Platform, "Webhooks", object
//! `whatsapp_business_account`, field `messages`).
//!
//! Of its fields only texts and files are read; `contacts`, `from`, `wa_id`, `profile`, `timestamp`, `filename`, `context` and
//! all others are skipped by the parser and reach no type.

use std::borrow::Cow;

use hamsa_core::Unreadable;
use serde::{Deserialize, Deserializer};

use crate::inbound::each;
use crate::{Inbound, MediaReference};

/// The longest call that is read, in octets: 3 MB, as long as the Cloud API makes one (same page, "Payload size").
pub const MAX_WEBHOOK: usize = 3_000_000;

#[derive(Deserialize)]
struct Webhook {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    value: Value,
}

#[derive(Deserialize)]
struct Value {
    #[serde(default)]
    messages: Messages,
}

#[derive(Default)]
struct Messages(Inbound);

#[derive(Deserialize)]
struct Message<'j> {
    #[serde(borrow)]
    text: Option<Said<'j>>,
    #[serde(borrow)]
    document: Option<Media<'j>>,
    #[serde(borrow)]
    image: Option<Media<'j>>,
    #[serde(borrow)]
    video: Option<Media<'j>>,
    #[serde(borrow)]
    audio: Option<Media<'j>>,
    #[serde(borrow)]
    button: Option<Said<'j>>,
    #[serde(borrow)]
    interactive: Option<Reply<'j>>,
}

#[derive(Deserialize)]
struct Media<'j> {
    id: String,
    #[serde(borrow)]
    caption: Option<Cow<'j, str>>,
}

#[derive(Deserialize)]
struct Reply<'j> {
    #[serde(borrow, rename = "button_reply")]
    button: Option<Said<'j>>,
    #[serde(borrow, rename = "list_reply")]
    row: Option<Said<'j>>,
    #[serde(borrow, rename = "nfm_reply")]
    form: Option<Said<'j>>,
}

/// What a person wrote, or chose from what was offered.
#[derive(Deserialize)]
struct Said<'j> {
    #[serde(borrow)]
    body: Option<Cow<'j, str>>,
    #[serde(borrow)]
    text: Option<Cow<'j, str>>,
    #[serde(borrow)]
    payload: Option<Cow<'j, str>>,
    #[serde(borrow)]
    title: Option<Cow<'j, str>>,
    #[serde(borrow)]
    description: Option<Cow<'j, str>>,
    /// The answers of a form, as JSON within a string: an envelope can stand in one of them.
    #[serde(borrow)]
    response_json: Option<Cow<'j, str>>,
}

/// Takes what is sealed, and references to files, out of the body of a call of the webhook.
///
/// A call without messages, such as a status, gives nothing. What is no call of this webhook gives
/// [`Unreadable::NotAMessage`], and more than [`MAX_WEBHOOK`] octets [`Unreadable::TooLong`]. The service does not announce
/// lengths of files.
pub fn from_whatsapp(webhook: &[u8]) -> Inbound {
    if webhook.len() > MAX_WEBHOOK {
        return Inbound::unreadable(Unreadable::TooLong);
    }
    let Ok(webhook) = serde_json::from_slice::<Webhook>(webhook) else {
        return Inbound::unreadable(Unreadable::NotAMessage);
    };
    let mut inbound = Inbound::default();
    for change in webhook.entry.into_iter().flat_map(|entry| entry.changes) {
        let Messages(messages) = change.value.messages;
        inbound.arrived.extend([messages.arrived]);
        inbound.media.extend(messages.media);
    }
    inbound
}

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        each(from, Message::put_into).map(Messages)
    }
}

impl Message<'_> {
    fn put_into(self, inbound: &mut Inbound) {
        let reply = self.interactive.as_ref();
        let said = [
            self.text.as_ref(),
            self.button.as_ref(),
            reply.and_then(|reply| reply.button.as_ref()),
            reply.and_then(|reply| reply.row.as_ref()),
            reply.and_then(|reply| reply.form.as_ref()),
        ];
        let media = [&self.document, &self.image, &self.video, &self.audio];
        let captions = media.into_iter().flatten().map(|media| &media.caption);
        let texts = said.into_iter().flatten().flat_map(Said::texts);
        let texts: Vec<&str> = texts.chain(captions).filter_map(Option::as_deref).collect();
        let references = media.into_iter().flatten().map(|media| MediaReference {
            id: media.id.clone(),
            length: None,
        });
        inbound.take(&texts, references);
    }
}

impl<'j> Said<'j> {
    fn texts(&self) -> [&Option<Cow<'j, str>>; 6] {
        [
            &self.body,
            &self.text,
            &self.payload,
            &self.title,
            &self.description,
            &self.response_json,
        ]
    }
}
