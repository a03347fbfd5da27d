//! What was given to `hamsa carry from` by the wrong channel's name, where that can be told for certain.

use hamsa_channel_chat::{from_telegram, from_whatsapp};
use hamsa_channel_sms::{Body, Inbound, Message, from_sms};
use hamsa_core::Unreadable;

use super::carry_from::octets_message;
use crate::arguments::carry::{ChatFormat, FromChannel};

/// Octets at the beginning of an input that are looked at.
const LOOKED_AT: usize = 4096;
/// Lines that are tried as messages of another kind.
const TRIED: usize = 100;
/// Fields of which a mail has several.
const FIELDS: [&str; 11] = [
    "from",
    "to",
    "subject",
    "date",
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "content-type",
    "dkim-signature",
];

/// The key of a message that says what to do with an input that gave nothing.
pub(crate) fn hint(channel: &FromChannel, octets: &[u8]) -> Option<&'static str> {
    let start = octets.get(..LOOKED_AT).unwrap_or(octets);
    if is_envelope(start) {
        return Some("carry-hint-envelope");
    }
    if let FromChannel::Qr(_) = channel {
        let is_read = image_is_read(start);
        return (!is_read).then_some("carry-hint-pictures");
    }
    // Text that begins with BM would be a picture too.
    if is_noise(octets) && infer::is_image(start) {
        return Some("carry-hint-qr");
    }
    let text = str::from_utf8(octets).ok()?;
    let is_email = matches!(channel, FromChannel::Email(_));
    if is_mail(text) {
        return (!is_email).then_some("carry-hint-email");
    }
    match channel {
        FromChannel::Sms(args) if args.octets => {
            let mut lines = lines_of(text).take(TRIED);
            lines.any(is_sealed_text).then_some("carry-hint-text")
        }
        FromChannel::Sms(_) => {
            let are_octets = lines_of(text).all(|line| octets_message(line).is_some());
            if are_octets {
                Some("carry-hint-octets")
            } else {
                webhook(text)
            }
        }
        _ => webhook(text),
    }
}

fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Whether a line is a message that holds something sealed as text.
fn is_sealed_text(line: &str) -> bool {
    let body = Body::Text(line.to_owned());
    let message = Message { header: None, body };
    let arrived = from_sms([Inbound { line: 0, message }]);
    !arrived.sealed.is_empty()
}

/// What to do with text that is a call of a webhook.
fn webhook(text: &str) -> Option<&'static str> {
    match service_of(text)? {
        ChatFormat::Telegram => Some("carry-hint-telegram"),
        ChatFormat::Whatsapp => Some("carry-hint-whatsapp"),
        ChatFormat::Text => None,
    }
}

/// The service whose webhook's call a text is, or its first line.
pub(crate) fn service_of(text: &str) -> Option<ChatFormat> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let first = text.lines().next()?;
    let is_call = |read: fn(&[u8]) -> hamsa_channel_chat::Inbound| {
        let mut calls = [text, first].into_iter().map(|call| read(call.as_bytes()));
        calls.any(|call| !call.arrived.unreadable.contains(&Unreadable::NotAMessage))
    };
    if is_call(from_telegram) {
        Some(ChatFormat::Telegram)
    } else {
        is_call(from_whatsapp).then_some(ChatFormat::Whatsapp)
    }
}

/// Whether octets are no text in any encoding that a channel has. An envelope is none either, and known by its beginning.
pub(crate) fn is_noise(octets: &[u8]) -> bool {
    // 0x11 is the underscore of the GSM alphabet, 0x1B its escape.
    let is_of_text = |octet: &u8| matches!(octet, b'\t'..=b'\r' | 0x11 | 0x1b | b' '..);
    !is_envelope(octets) && !octets.iter().all(is_of_text)
}

fn is_envelope(octets: &[u8]) -> bool {
    let text = octets.trim_ascii_start();
    text.starts_with(b"age-encryption.org/") || text.starts_with(b"-----BEGIN AGE")
}

/// Whether a picture is of a kind in which codes are looked for.
fn image_is_read(start: &[u8]) -> bool {
    let kinds = [
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
        "image/bmp",
    ];
    infer::get(start).is_some_and(|kind| kinds.contains(&kind.mime_type()))
}

/// Whether a text begins with several fields of a mail.
fn is_mail(text: &str) -> bool {
    let lines = text.lines().take_while(|line| !line.is_empty());
    let is_field = |line: &str| {
        let name = line
            .split_once(':')
            .map(|(name, _)| name.to_ascii_lowercase());
        name.is_some_and(|name| FIELDS.contains(&name.as_str()))
    };
    lines.take(TRIED).filter(|line| is_field(line)).count() >= 3
}
