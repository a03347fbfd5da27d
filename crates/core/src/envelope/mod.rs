//! The envelope: sealing here, opening in [`open`], and what shows of it from outside in [`outside`].
//!
//! Format v1, section 5.

mod open;
mod outside;

use std::{
    io::{Read as _, Write},
    num::NonZeroUsize,
};

#[cfg(fuzzing)]
pub(crate) use self::open::open_payload;
pub(crate) use self::outside::{Recognised, recognise};
pub use self::{
    open::{Case, Contents, open, open_at, open_stream},
    outside::{Outside, envelope_id, inspect, inspect_at},
};
use crate::{
    OpenError, Recipients, SealError, Tip, WriteAt,
    age::{
        self, armor,
        stream::{self, Chunks, NONCE_LEN},
    },
    frame::{self, Frame},
    short, stack,
};

/// A sealed tip in memory, in its binary form.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope(Vec<u8>);

impl Envelope {
    /// Takes an envelope that somebody else sealed, in its binary or text form. Only its shape is checked: whether it opens,
    /// a [`KeyRing`](crate::KeyRing) tells.
    ///
    /// # Errors
    /// Any [`OpenError`] of the outer layers.
    pub fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        let outside = inspect(bytes)?;
        if !outside.is_text {
            return Ok(Self(bytes.to_vec()));
        }
        if outside.form == Form::Short {
            return outside::short_bytes(bytes).map(Self);
        }
        let mut binary = Vec::with_capacity(bytes.len() / 4 * 3);
        armor::Reader::new(bytes).read_to_end(&mut binary)?;
        Ok(Self(binary))
    }

    /// Whether it is of the one-message form.
    pub fn is_short(&self) -> bool {
        short::is_short(&self.0)
    }

    /// The binary form.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The binary form, moved out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The text form: age's armor, or base64url (RFC 4648, section 5, no padding) for the short form.
    pub fn to_text(&self) -> String {
        if self.is_short() {
            short::to_text(&self.0)
        } else {
            armor::to_text(&self.0)
        }
    }
}

/// Which kind of envelope a tip comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An age file whose stanzas are all of the hybrid type.
    PostQuantum,
    /// An age file with a stanza that a quantum computer could open: recorded today, it may be read one day.
    Classical,
    /// The one-message form, which is classical too.
    Short,
}

/// Octets of the envelope that `tip` makes.
///
/// # Errors
/// [`SealError::TooLong`].
pub fn sealed_len(tip: &Tip<'_>, to: &Recipients) -> Result<u64, SealError> {
    let payload = Chunks::of_plain(frame::padded_len(tip)?).sealed();
    Ok((to.header_len() + NONCE_LEN) as u64 + payload)
}

/// Seals a tip in memory.
///
/// # Errors
/// Any [`SealError`].
pub fn seal(tip: Tip<'_>, to: &Recipients) -> Result<Envelope, SealError> {
    let len = usize::try_from(sealed_len(&tip, to)?).map_err(|_| SealError::TooLong)?;
    let mut bytes = Vec::with_capacity(len);
    seal_stream(tip, to, &mut bytes)?;
    Ok(Envelope(bytes))
}

/// Seals a tip into a pipe, in order, in 70 KiB of memory; returns the octets written.
///
/// # Errors
/// Any [`SealError`]. What was written by then is not an envelope.
pub fn seal_stream(tip: Tip<'_>, to: &Recipients, out: &mut impl Write) -> Result<u64, SealError> {
    stack::wiped(|| {
        let mut frame = Frame::new(tip)?;
        let begun = age::begin(to)?;
        let chunks = Chunks::of_plain(frame.len());
        out.write_all(&begun.bytes)?;
        stream::seal_in_order(
            &begun.stream,
            chunks,
            |text| frame.fill(text),
            |sealed| Ok(out.write_all(sealed)?),
        )?;
        Ok(begun.bytes.len() as u64 + chunks.sealed())
    })
}

/// Seals a tip into a file with several workers, in about 1 MiB of memory each; returns the octets written.
///
/// # Errors
/// Any [`SealError`]. What was written by then is not an envelope.
pub fn seal_at(
    tip: Tip<'_>,
    to: &Recipients,
    out: &impl WriteAt,
    workers: NonZeroUsize,
) -> Result<u64, SealError> {
    stack::wiped(|| {
        let mut frame = Frame::new(tip)?;
        let begun = age::begin(to)?;
        let chunks = Chunks::of_plain(frame.len());
        let start = begun.bytes.len() as u64;
        out.write_all_at(&begun.bytes, 0)?;
        stream::seal_in_place(
            &begun.stream,
            chunks,
            workers,
            |text| frame.fill(text),
            |sealed, at| Ok(out.write_all_at(sealed, start + at)?),
        )?;
        Ok(start + chunks.sealed())
    })
}

/// Seals a text in the one-message form, for channels as narrow as an SMS.
///
/// It is classical: tell the sender that whoever records it may read it when quantum computers come.
///
/// # Errors
/// [`SealError::TextTooLong`] above 1,098 octets of text code; [`SealError::TextHasNul`];
/// [`SealError::NoShortKey`].
pub fn seal_short(text: &str, to: &Recipients) -> Result<Envelope, SealError> {
    let to = to.short()?;
    stack::wiped(|| short::seal(text, to).map(Envelope))
}
