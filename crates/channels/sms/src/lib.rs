//! SMS: an envelope in text messages or binary ones.
//!
//! ```text
//! short envelope   one message, or a few concatenated ones         base64url in GSM 7-bit, or octets
//! full envelope    numbered parts, each in a message of its own    no order, no sender's number needed
//! ```
//!
//! The adapter builds and reads what a gateway takes and gives: the text or octets of a message, and its user data header.
//! Numbers, times and the gateway's own ids stay outside. The network and the gateway know who sent an SMS, whatever
//! is in it: tell the sender.
//!
//! ```
//! # use hamsa_core::{Identity, Recipients, Sealed, seal_short};
//! use hamsa_channel_sms::{Alphabet, Inbound, from_sms, to_sms};
//!
//! # let identity = Identity::generate_x25519()?;
//! # let to = Recipients::danger_bare(vec![identity.recipient().unwrap()], identity.recipient())?;
//! let envelope = seal_short(&"A longer whisper. ".repeat(9), &to)?;
//! let mut messages = to_sms(&envelope, Alphabet::Gsm7)?;
//! assert_eq!(messages.len(), 2);
//!
//! messages.reverse(); // as they may come
//! let arrived = from_sms(messages.into_iter().map(|message| Inbound { line: 1, message }));
//! assert!(arrived.sealed == [Sealed::Envelope(envelope)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod header;
mod joiner;

use hamsa_channel_text::from_text;
use hamsa_core::{Arrived, Envelope, Part, PartError, Sealed, cut};

use crate::{header::Place, joiner::Joiner};

/// Characters of a message that stands alone, in the GSM 7-bit default alphabet. 3GPP TS 23.040, section 9.2.3.16.
pub const CHARACTERS: usize = 160;
/// Characters of a concatenated message, in the GSM 7-bit default alphabet. 3GPP TS 23.040, section 9.2.3.24.1.
pub const CHARACTERS_CONCATENATED: usize = 153;
/// Octets of a message that stands alone, in 8-bit data. 3GPP TS 23.040, section 9.2.3.16.
pub const OCTETS: usize = 140;
/// Octets of a concatenated message, in 8-bit data. 3GPP TS 23.040, section 9.2.3.24.1.
pub const OCTETS_CONCATENATED: usize = 134;

/// Messages that wait at once while a batch is read, in all series: 257 series of the longest kind.
const MAX_IN_A_BATCH: usize = 65_536;
/// Messages that wait from one batch to the next, in all series.
pub const MAX_WAITING: usize = 4096;

/// How a message is coded on the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Text in the GSM 7-bit default alphabet (3GPP TS 23.038, section 6.2.1): any phone writes it.
    Gsm7,
    /// 8-bit data: fewer messages; takes an app or a gateway.
    Octets,
}

/// A message, without anything about who sends it, to whom and when.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The user data header with its length octet (3GPP TS 23.040, section 9.2.3.24). An empty one is as none.
    pub header: Option<Vec<u8>>,
    /// What follows the header.
    pub body: Body,
}

/// The text or octets of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// Text, in whichever alphabet it came.
    Text(String),
    /// 8-bit data.
    Octets(Vec<u8>),
}

/// A message that came in.
pub struct Inbound {
    /// Tells senders apart while concatenated messages are joined; it never comes out. Take a number of your own, such as a hash
    /// of the sender's address under a key that is forgotten with the batch.
    pub line: u64,
    /// What was sent.
    pub message: Message,
}

/// The number of messages that [`to_sms`] makes: what the sender is told, and pays, beforehand.
///
/// # Errors
/// As [`to_sms`].
pub fn messages_needed(envelope: &Envelope, alphabet: Alphabet) -> Result<usize, PartError> {
    to_sms(envelope, alphabet).map(|messages| messages.len())
}

/// The messages that carry an envelope.
///
/// A short one goes as one message when it fits, else as concatenated ones: 2 to 10 of text, 2 to 9 of octets. Their reference is
/// the envelope's last octet: as random as the seal, and the same when the messages are made again because one was lost. A full
/// envelope goes as numbered parts, each in a message of its own without header.
///
/// # Errors
/// [`PartError::TooShort`] for full envelopes of more than 65,535 parts: about 6 MiB as text, 8 MB as octets.
/// [`PartError::TooLong`] as in [`cut`].
pub fn to_sms(envelope: &Envelope, alphabet: Alphabet) -> Result<Vec<Message>, PartError> {
    if !envelope.is_short() {
        let parts = cut(envelope, octets_in(alphabet))?;
        return Ok(parts.iter().map(|part| alone(part, alphabet)).collect());
    }
    let (octets, alone, concatenated) = match alphabet {
        Alphabet::Gsm7 => (
            envelope.to_text().into_bytes(),
            CHARACTERS,
            CHARACTERS_CONCATENATED,
        ),
        Alphabet::Octets => (envelope.as_bytes().to_vec(), OCTETS, OCTETS_CONCATENATED),
    };
    if octets.len() <= alone {
        let body = Body::new(octets, alphabet);
        return Ok(vec![Message { header: None, body }]);
    }
    let reference = envelope.as_bytes().last().copied().unwrap_or_default();
    let segments = octets.chunks(concatenated);
    let total = u8::try_from(segments.len()).map_err(|_| PartError::TooLong)?;
    let message = |(number, segment): (u8, &[u8])| Message {
        header: Some(Place::new(reference, total, number).to_header()),
        body: Body::new(segment.to_vec(), alphabet),
    };
    Ok((1..=total).zip(segments).map(message).collect())
}

/// The texts that carry an envelope, for phones and gateways that cut long texts themselves: a short one as one text of 160 to 1,530
/// characters, a full one as the texts of its parts, of at most 160 characters each.
///
/// # Errors
/// As [`to_sms`].
pub fn to_text(envelope: &Envelope) -> Result<Vec<String>, PartError> {
    if envelope.is_short() {
        return Ok(vec![envelope.to_text()]);
    }
    let parts = cut(envelope, octets_in(Alphabet::Gsm7))?;
    Ok(parts.iter().map(Part::to_text).collect())
}

/// What a batch of messages brings: joins concatenated ones, in any order and repeated, then reads text and octets.
///
/// Gives [`Unreadable::Damaged`](hamsa_core::Unreadable) once for each series of concatenated messages of which one is missing,
/// `NotAMessage` for a malformed header, `TooLong` for a concatenated message longer than an SMS. At most 65,536 concatenated
/// messages wait at once; beyond, the series that has waited longest for one is read as it is.
///
/// A series is known by its line, reference, length and alphabet. Where several of one line share all four, each combination that is of
/// an envelope's shape comes out, up to 16: those that mix two tips do not open. Beyond 16 the order of arrival decides.
///
/// Segments whose header the gateway has taken away are not joined: put them together into one text first.
pub fn from_sms(messages: impl IntoIterator<Item = Inbound>) -> Arrived {
    let mut arrived = Arrived::default();
    let mut joiner = Joiner::of(MAX_IN_A_BATCH);
    take_all(messages, &mut joiner, &mut arrived);
    joiner.finish(&mut arrived);
    arrived
}

/// What a batch brings together with the messages that `waiting` holds from earlier ones, and those that wait now: for a gateway that
/// hands over one message at a time. Keep them, and give them to the next call; there is nothing in them but sealed octets and headers, and
/// the line.
///
/// Reads as [`from_sms`] does, with two differences. What is not whole waits, and is no [`Unreadable`](hamsa_core::Unreadable). At most
/// [`MAX_WAITING`] concatenated messages wait; beyond, the series that has waited longest is read as it is, which gives `Damaged`.
///
/// Where several of one line share reference, length and alphabet, an envelope may come out more than once.
pub fn from_sms_with(
    waiting: Vec<Inbound>,
    messages: impl IntoIterator<Item = Inbound>,
) -> (Arrived, Vec<Inbound>) {
    let mut arrived = Arrived::default();
    let mut joiner = Joiner::of(MAX_WAITING);
    take_all(waiting, &mut joiner, &mut arrived);
    joiner.all_are_old();
    take_all(messages, &mut joiner, &mut arrived);
    let waiting = joiner.rest(&mut arrived);
    (arrived, waiting)
}

fn take_all(
    messages: impl IntoIterator<Item = Inbound>,
    joiner: &mut Joiner,
    arrived: &mut Arrived,
) {
    for Inbound { line, message } in messages {
        match Place::of_header(message.header.as_deref().unwrap_or_default()) {
            Ok(Some(place)) => joiner.take(line, place, message.body, arrived),
            Ok(None) => arrived.extend([message.body.read()]),
            Err(why) => arrived.push(Err(why)),
        }
    }
}

/// The longest part that fits into a message of its own, in octets.
fn octets_in(alphabet: Alphabet) -> usize {
    match alphabet {
        Alphabet::Gsm7 => Part::octets_in(CHARACTERS),
        Alphabet::Octets => OCTETS,
    }
}

fn alone(part: &Part, alphabet: Alphabet) -> Message {
    let body = match alphabet {
        Alphabet::Gsm7 => Body::Text(part.to_text()),
        Alphabet::Octets => Body::Octets(part.as_bytes().to_vec()),
    };
    Message { header: None, body }
}

impl Body {
    fn new(octets: Vec<u8>, alphabet: Alphabet) -> Self {
        match alphabet {
            Alphabet::Gsm7 => Self::Text(String::from_utf8_lossy(&octets).into_owned()),
            Alphabet::Octets => Self::Octets(octets),
        }
    }

    fn read(self) -> Arrived {
        match self {
            // The underscore is 0x11 in the GSM alphabet and 0x5F in Latin-1, where the former has a paragraph sign: gateways and
            // networks that take one for the other leave these.
            Self::Text(text) => from_text(&text.replace(['§', '\u{11}'], "_")),
            Self::Octets(octets) => {
                let mut arrived = Arrived::default();
                arrived.push(Sealed::parse(&octets));
                arrived
            }
        }
    }
}
