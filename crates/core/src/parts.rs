//! Numbered parts: an envelope over a channel whose messages are shorter than it is.
//!
//! ```text
//! part   = version (1 octet, 0x02) || group (8) || count (2) || number (2) || piece (1 or more) || check (4)
//! group  = the first 8 octets of SHA-256(envelope)
//! check  = the first 4 octets of SHA-256("hamsa part v1" || part without check)
//! ```
//!
//! Numbers are big-endian; the parts of an envelope have the numbers 0 to count - 1. Nothing in a part is about the
//! sender: the group is as random as the sealed octets that it is made from. Parts come in any order, more than once,
//! and mixed with those of others; the group tells them apart and says at the end whether the envelope is whole.
//!
//! Format v1, section 9.

mod collector;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

pub use self::collector::{Collected, Collector, OpenGroup};
use crate::{Envelope, error::PartError};

pub(crate) const VERSION: u8 = 0x02;
const GROUP_LEN: usize = 8;
const CHECK_LEN: usize = 4;
const CHECK_LABEL: &[u8] = b"hamsa part v1";
/// Octets of a part beside its piece.
const OVERHEAD: usize = 1 + GROUP_LEN + 2 + 2 + CHECK_LEN;
/// The longest part, in octets.
const MAX_PART: usize = 64 << 10;
/// The longest envelope that is cut, in octets; longer ones go as a file.
const MAX_ENVELOPE: usize = 64 << 20;

/// A numbered piece of an envelope.
///
/// ```
/// # use hamsa_core::{Identity, Recipients, Tip, seal};
/// use hamsa_core::{Collected, Collector, Part, cut};
///
/// # let analyst = Identity::generate()?;
/// # let to = Recipients::danger_bare(vec![analyst.recipient().unwrap()], None)?;
/// let envelope = seal(Tip::new("A whisper.".to_owned().into())?, &to)?;
/// let mut parts = cut(&envelope, 120)?;
/// parts.reverse();
/// let mut collector = Collector::new();
/// let mut whole = None;
/// for part in parts {
///     if let Collected::Envelope(found) = collector.push(Part::from_text(&part.to_text())?) {
///         whole = Some(found);
///     }
/// }
/// assert!(whole == Some(envelope));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    bytes: Vec<u8>,
    group: [u8; GROUP_LEN],
    count: u16,
    number: u16,
}

/// Cuts an envelope into parts of at most `most` octets each, as even as can be.
///
/// # Errors
/// [`PartError::TooShort`] when parts of `most` octets cannot hold it: at most 65,535 parts of 18 octets or more.
/// [`PartError::TooLong`] above 64 MiB.
///
/// Format v1, section 9.
pub fn cut(envelope: &Envelope, most: usize) -> Result<Vec<Part>, PartError> {
    let envelope = envelope.as_bytes();
    if envelope.is_empty() || envelope.len() > MAX_ENVELOPE {
        return Err(PartError::TooLong);
    }
    let room = most.min(MAX_PART).checked_sub(OVERHEAD);
    let room = room.filter(|&room| room > 0).ok_or(PartError::TooShort)?;
    let count = envelope.len().div_ceil(room);
    let count = u16::try_from(count).map_err(|_| PartError::TooShort)?;
    let group = group_of(envelope);
    let pieces = envelope.chunks(envelope.len().div_ceil(usize::from(count)));
    // Evenly cut, fewer parts may be enough.
    let count = u16::try_from(pieces.len()).map_err(|_| PartError::TooShort)?;
    Ok((0..count)
        .zip(pieces)
        .map(|(number, piece)| Part::new(group, count, number, piece))
        .collect())
}

/// What names the parts of one envelope.
fn group_of(envelope: &[u8]) -> [u8; GROUP_LEN] {
    first_of(Sha256::digest(envelope).into())
}

fn first_of<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    hash.first_chunk().copied().unwrap_or([0; N])
}

fn check_of(part: &[u8]) -> [u8; CHECK_LEN] {
    let hash = Sha256::new().chain_update(CHECK_LABEL).chain_update(part);
    first_of(hash.finalize().into())
}

impl Part {
    fn new(group: [u8; GROUP_LEN], count: u16, number: u16, piece: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(OVERHEAD + piece.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&group);
        bytes.extend_from_slice(&count.to_be_bytes());
        bytes.extend_from_slice(&number.to_be_bytes());
        bytes.extend_from_slice(piece);
        let check = check_of(&bytes);
        bytes.extend_from_slice(&check);
        Self {
            bytes,
            group,
            count,
            number,
        }
    }

    /// Reads a part from its octets.
    ///
    /// # Errors
    /// [`PartError::NotAPart`] for anything that is not exactly one whole part.
    pub fn parse(bytes: &[u8]) -> Result<Self, PartError> {
        if bytes.len() <= OVERHEAD || bytes.len() > MAX_PART {
            return Err(PartError::NotAPart);
        }
        let (head, check) = bytes
            .split_last_chunk::<CHECK_LEN>()
            .ok_or(PartError::NotAPart)?;
        let (&[version], rest) = head.split_first_chunk().ok_or(PartError::NotAPart)?;
        let (group, rest) = rest.split_first_chunk().ok_or(PartError::NotAPart)?;
        let (count, rest) = rest.split_first_chunk().ok_or(PartError::NotAPart)?;
        let (number, _) = rest.split_first_chunk().ok_or(PartError::NotAPart)?;
        let (count, number) = (u16::from_be_bytes(*count), u16::from_be_bytes(*number));
        if version != VERSION || number >= count || check_of(head) != *check {
            return Err(PartError::NotAPart);
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            group: *group,
            count,
            number,
        })
    }

    /// Reads a part from its text form, with white space around it.
    ///
    /// # Errors
    /// As [`Part::parse`].
    pub fn from_text(text: &str) -> Result<Self, PartError> {
        let text = text.trim_ascii();
        if text.len() > MAX_PART * 4 / 3 + 2 {
            return Err(PartError::NotAPart);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text);
        Self::parse(&bytes.map_err(|_| PartError::NotAPart)?)
    }

    /// The part's octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The part in base64url: letters, digits, `-` and `_`, which every channel carries and every alphabet of SMS has.
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.bytes)
    }

    /// How many parts the envelope has.
    pub fn count(&self) -> u16 {
        self.count
    }

    /// Which of them this is, from 1.
    pub fn number(&self) -> u16 {
        self.number + 1
    }

    /// The longest part, in octets, whose text form has at most `characters`.
    pub fn octets_in(characters: usize) -> usize {
        characters * 3 / 4
    }

    fn into_piece(self) -> Vec<u8> {
        let mut piece = self.bytes;
        piece.truncate(piece.len().saturating_sub(CHECK_LEN));
        piece.drain(..piece.len().min(OVERHEAD - CHECK_LEN));
        piece
    }
}
