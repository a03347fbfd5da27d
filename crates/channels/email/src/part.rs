//! In: one message, whatever programs made of it.

use std::borrow::Cow;
use std::collections::HashSet;

use hamsa_channel_text::from_text;
use hamsa_core::{Arrived, Sealed, Unreadable};
use mail_parser::decoders::{
    base64::base64_decode_stream, charsets::map::charset_decoder,
    quoted_printable::quoted_printable_decode,
};

use crate::MAX_MESSAGE;
use crate::html;
use crate::walk::{Encoding, Kind, Part, walk};

/// How often a message within a message may be encoded, which RFC 2046, section 5.2.1 forbids and some servers do.
const MAX_ENCODED: usize = 3;

/// Takes every envelope and every part of one out of a mail: attachments of any name and type, text and HTML bodies,
/// forwarded messages.
///
/// What stands in it twice, as in the text and the HTML of one mail, is taken once. Gives one [`Unreadable`] when there is
/// nothing, or when an attachment was damaged beside good ones: [`NotAMessage`](Unreadable::NotAMessage) for octets that begin
/// with no header field, [`TooLong`](Unreadable::TooLong) above [`MAX_MESSAGE`]. No other field than those of MIME is looked
/// at. It takes time in proportion to the message and memory for a small multiple of its length, however its parts are nested.
pub fn from_email(message: &[u8]) -> Arrived {
    let mut found = Found::default();
    if message.len() > MAX_MESSAGE {
        return nothing(Unreadable::TooLong);
    }
    let is_message = found.message(message, MAX_ENCODED);
    let unreadable = match found {
        _ if found.lost_attachment => Some(Unreadable::Damaged),
        _ if !found.sealed.is_empty() => None,
        _ if found.lost_text => Some(Unreadable::Damaged),
        _ if is_message => Some(Unreadable::NothingSealed),
        _ => Some(Unreadable::NotAMessage),
    };
    Arrived {
        sealed: once(found.sealed),
        unreadable: unreadable.into_iter().collect(),
    }
}

pub(crate) fn nothing(why: Unreadable) -> Arrived {
    let mut arrived = Arrived::default();
    arrived.push(Err(why));
    arrived
}

#[derive(Default)]
struct Found {
    sealed: Vec<Sealed>,
    lost_attachment: bool,
    /// Told only when nothing was found: the same may stand in another form beside it.
    lost_text: bool,
}

impl Found {
    fn message(&mut self, message: &[u8], depth: usize) -> bool {
        walk(message, |part| self.part(&part, depth))
    }

    fn part(&mut self, part: &Part<'_>, depth: usize) {
        let content = decode(part.encoding, part.body);
        if part.kind == Kind::Message {
            if let Some(depth) = depth.checked_sub(1) {
                self.message(&content, depth);
            }
            return;
        }
        let why = match Sealed::parse(&content) {
            Ok(sealed) => return self.sealed.push(sealed),
            Err(why) => why,
        };
        let arrived = match text(part, &content) {
            Some(text) => from_text(&text),
            None => nothing(why),
        };
        self.sealed.extend(arrived.sealed);
        if arrived.unreadable.contains(&Unreadable::Damaged) {
            self.lost_attachment |= part.kind == Kind::Other;
            self.lost_text |= part.kind != Kind::Other;
        }
    }
}

/// Each thing once, in the order in which they came first.
fn once(mut sealed: Vec<Sealed>) -> Vec<Sealed> {
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = sealed
        .iter()
        .map(|one| {
            seen.insert(match one {
                Sealed::Envelope(envelope) => envelope.as_bytes(),
                Sealed::Part(part) => part.as_bytes(),
            })
        })
        .collect();
    let mut is_new = is_new.into_iter();
    sealed.retain(|_| is_new.next().unwrap_or_default());
    sealed
}

/// The text of a part; `None` for octets that are no text.
fn text<'c>(part: &Part<'_>, content: &'c [u8]) -> Option<Cow<'c, str>> {
    let is_utf16 = content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff");
    let charset = match &part.charset {
        _ if is_utf16 => Some("utf-16"),
        charset => charset.as_deref(),
    };
    // UTF-8 has no decoder there; charsets that have none hold ASCII as it is.
    let decoder = charset.and_then(|charset| charset_decoder(charset.as_bytes()));
    let text = match decoder {
        Some(decoder) if part.kind != Kind::Other || is_utf16 => decoder(content).into(),
        _ if part.kind == Kind::Other => str::from_utf8(content).ok()?.into(),
        _ => String::from_utf8_lossy(content),
    };
    match part.kind {
        Kind::Html => Some(html::text_of(&text).into()),
        _ => Some(text),
    }
}

fn decode(encoding: Encoding, body: &[u8]) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::AsItIs => body.into(),
        Encoding::Base64 => base64(body).into(),
        Encoding::QuotedPrintable => quoted_printable(body).into(),
    }
}

/// The octets of base64 up to its end: padding, or a line that is none, which a list or a virus scanner appended.
fn base64(body: &[u8]) -> Vec<u8> {
    let is_base64 =
        |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=');
    let letters = body
        .split(|&octet| octet == b'\n')
        .map(<[u8]>::trim_ascii)
        .take_while(|line| line.iter().all(is_base64))
        .flatten()
        .take_while(|&&octet| octet != b'=');
    base64_decode_stream(letters, body.len(), u8::MAX).unwrap_or_default()
}

/// Line by line, so that a line that is not well formed is left as it is and spoils no other.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&octet| octet == b'\n') {
        match quoted_printable_decode(line) {
            Some(octets) => decoded.extend_from_slice(&octets),
            None => decoded.extend_from_slice(line),
        }
    }
    decoded
}
