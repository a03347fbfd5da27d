//! What the webhook of a service brings, without whoever sent it.

use std::fmt;

use hamsa_core::{Arrived, Unreadable};
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use crate::from_chat;

/// What came with one call of a webhook. No field of it can hold a name, a number, a time, a file's name or a text.
#[derive(Default)]
pub struct Inbound {
    /// What was sealed in the texts, and why nothing was taken from the others.
    pub arrived: Arrived,
    /// Files that came along. An envelope may be in them; whether one is, shows once they are fetched.
    pub media: Vec<MediaReference>,
}

/// A file on the service's servers.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaReference {
    /// What the service calls it; opaque.
    pub id: String,
    /// Its length in octets, where the service tells. It may be wrong: limit what you fetch.
    pub length: Option<u64>,
}

impl Inbound {
    /// A call of which nothing could be read.
    pub(crate) fn unreadable(why: Unreadable) -> Self {
        let mut inbound = Self::default();
        inbound.arrived.push(Err(why));
        inbound
    }

    /// Takes one message: its texts, and the files that came with it.
    ///
    /// A text beside a file or beside something sealed may say anything; `NothingSealed` is for a message that has
    /// neither, and said once.
    pub(crate) fn take(&mut self, texts: &[&str], media: impl IntoIterator<Item = MediaReference>) {
        let before = self.media.len();
        self.media.extend(media);
        let mut message = Arrived::default();
        message.extend(texts.iter().map(|text| from_chat(text)));
        message
            .unreadable
            .retain(|why| *why != Unreadable::NothingSealed);
        let gave = message.sealed.len() + message.unreadable.len() + self.media.len() - before;
        if gave == 0 {
            message.unreadable.push(Unreadable::NothingSealed);
        }
        self.arrived.extend([message]);
    }
}

/// Reads an array of JSON and takes each element when it is read: a call can hold very many that are empty.
pub(crate) fn each<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    array: D,
    take: fn(T, &mut Inbound),
) -> Result<Inbound, D::Error> {
    struct Each<T>(fn(T, &mut Inbound));
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<T> {
        type Value = Inbound;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Inbound, A::Error> {
            let mut inbound = Inbound::default();
            while let Some(one) = all.next_element()? {
                (self.0)(one, &mut inbound);
            }
            Ok(inbound)
        }
    }
    array.deserialize_seq(Each(take))
}
