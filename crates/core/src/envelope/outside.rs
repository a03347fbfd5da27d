//! What shows from outside: which form an envelope has, what somebody without a key learns, its name.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use sha2::{Digest, Sha256};

use super::Form;
use crate::{
    OpenError, ReadAt,
    age::{
        self, armor, header,
        header::Header,
        stream::{self, Chunks, NONCE_LEN},
    },
    short, size,
};

/// The longest short envelope in its text form, with room for white space around it.
const MAX_SHORT_TEXT: u64 = 4096;

/// The binary form of a short envelope in either form.
pub(super) fn short_bytes(envelope: impl Read) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    envelope.take(MAX_SHORT_TEXT + 1).read_to_end(&mut bytes)?;
    if short::is_short(&bytes) {
        return Ok(bytes);
    }
    str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.len() as u64 <= MAX_SHORT_TEXT)
        .and_then(short::from_text)
        .filter(|bytes| short::is_short(bytes))
        .ok_or(OpenError::NotAnEnvelope)
}

/// What the first octets say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recognised {
    Age,
    Armor,
    Other,
}

/// A reader from its start, although its first octets were taken from it.
type Whole<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// Octets that are looked at: the white space that armor may have before it, and its first line.
const LOOKED_AT: usize = armor::MAX_LEADING + armor::BEGIN.len();

/// Looks at the first octets; the reader that comes back gives them again.
pub(crate) fn recognise<R: Read>(mut reader: R) -> io::Result<(Recognised, Whole<R>)> {
    // Read in full, because a pipe may give its first octets one by one.
    let mut begin = Vec::with_capacity(LOOKED_AT);
    (&mut reader)
        .take(LOOKED_AT as u64)
        .read_to_end(&mut begin)?;
    // The first line up to its version: a later version is an age file too, whose header is then refused.
    let recognised = if begin.starts_with(b"age-encryption.org/") {
        Recognised::Age
    } else if begin.trim_ascii_start().starts_with(b"-----BEGIN") {
        Recognised::Armor
    } else {
        Recognised::Other
    };
    Ok((recognised, BufReader::new(Cursor::new(begin).chain(reader))))
}

/// What somebody without a key learns from an envelope, and all that he learns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outside {
    /// The kind of envelope.
    pub form: Form,
    /// Whether it is in its text form.
    pub is_text: bool,
    /// Octets of the binary form.
    pub len: u64,
    /// Octets of plaintext; `None` when it is not a length that a tip can have.
    pub class: Option<u64>,
    /// Recipient stanzas, real and dummy; 1 for the short form.
    pub stanzas: usize,
}

/// Says what somebody without a key learns. The envelope is read to its end and not checked beyond its shape.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn inspect(envelope: impl Read) -> Result<Outside, OpenError> {
    let (recognised, mut envelope) = recognise(envelope)?;
    match recognised {
        Recognised::Age => inspect_age(envelope, false),
        Recognised::Armor => inspect_age(armor::Reader::new(envelope), true),
        Recognised::Other => {
            let first = envelope.fill_buf()?.first().copied();
            let bytes = short_bytes(envelope)?;
            Ok(Outside {
                form: Form::Short,
                is_text: first != bytes.first().copied(),
                len: bytes.len() as u64,
                class: Some((bytes.len() - short::OVERHEAD) as u64),
                stanzas: 1,
            })
        }
    }
}

/// Names an envelope by what is unique to it: SHA-256 over its header and nonce, or over the whole of a
/// short one. The text form and the binary form of one envelope have the same name.
///
/// Only the beginning is read, so a damaged copy has the same name. The name covers the MAC, so nobody
/// without the file key can make another envelope of the same name that opens. Whoever has that key, the
/// writer or a recipient, can: the same name is no proof of the same contents.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn envelope_id(envelope: impl Read) -> Result<[u8; 32], OpenError> {
    let (recognised, envelope) = recognise(envelope)?;
    match recognised {
        Recognised::Age => age_id(envelope),
        Recognised::Armor => age_id(armor::Reader::new(envelope)),
        Recognised::Other => Ok(Sha256::digest(short_bytes(envelope)?).into()),
    }
}

fn age_id(mut envelope: impl Read) -> Result<[u8; 32], OpenError> {
    let (bytes, end) = age::read_header(&mut envelope)?;
    let (header, rest) = bytes.split_at_checked(end).unwrap_or_default();
    let mut nonce = [0; NONCE_LEN];
    if stream::read_full(&mut rest.chain(envelope), &mut nonce)? < NONCE_LEN {
        return Err(OpenError::BadHeader);
    }
    Ok(Sha256::new()
        .chain_update(header)
        .chain_update(nonce)
        .finalize()
        .into())
}

/// Says the same of a file of `len` octets, reading only the beginning of a binary one.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn inspect_at(envelope: &impl ReadAt, len: u64) -> Result<Outside, OpenError> {
    let (recognised, mut from_start) = recognise(Sequential {
        of: envelope,
        at: 0,
        len,
    })?;
    if recognised != Recognised::Age {
        return inspect(from_start);
    }
    let (bytes, end) = age::read_header(&mut from_start)?;
    outside(&bytes, end, len, false)
}

fn inspect_age(mut envelope: impl Read, is_text: bool) -> Result<Outside, OpenError> {
    let (bytes, end) = age::read_header(&mut envelope)?;
    let rest = io::copy(&mut envelope, &mut io::sink())?;
    outside(&bytes, end, bytes.len() as u64 + rest, is_text)
}

/// What shows of an age file of `len` octets that begins with `bytes` and whose header ends at `end`.
fn outside(bytes: &[u8], end: usize, len: u64, is_text: bool) -> Result<Outside, OpenError> {
    let header = Header::parse(bytes.get(..end).unwrap_or_default())?;
    let hybrid = |stanza: &header::Stanza<'_>| stanza.tag == age::hybrid::TAG;
    let payload = len
        .checked_sub((end + NONCE_LEN) as u64)
        .ok_or(OpenError::BadHeader)?;
    let plain = Chunks::of_sealed(payload)?.plain;
    Ok(Outside {
        form: if header.stanzas.iter().all(hybrid) {
            Form::PostQuantum
        } else {
            Form::Classical
        },
        is_text,
        len,
        class: size::is_class(plain).then_some(plain),
        stanzas: header.stanzas.len(),
    })
}

/// Reads something positioned from front to back.
pub(super) struct Sequential<'e, R: ?Sized> {
    pub(super) of: &'e R,
    pub(super) at: u64,
    pub(super) len: u64,
}

impl<R: ReadAt + ?Sized> Read for Sequential<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len - self.at).unwrap_or(usize::MAX);
        let (room, _) = out.split_at_mut(left.min(out.len()));
        self.of.read_exact_at(room, self.at)?;
        self.at += room.len() as u64;
        Ok(room.len())
    }
}
