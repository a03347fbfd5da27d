//! The one-message form: a text sealed into one SMS, or a few, or a small QR code.
//!
//! ```text
//! envelope   = version (1 octet, 0x01) || enc (32) || ciphertext (capacity) || tag (16)
//! plaintext  = text code || 0x00 …          up to the capacity of the fewest segments that hold the code
//! ```
//!
//! The seal is HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and `ChaCha20Poly1305`;
//! `info` is the 14 octets `hamsa short v1`, `aad` the version octet. It is classical: a quantum computer of
//! the future opens a recorded envelope. A channel that can carry the full envelope carries that one.
//!
//! Format v1, section 6.

use core::convert::Infallible;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{CryptoRng, TryCryptoRng, TryRng};
use hpke::{
    Deserializable as _, HpkeError, Kem, OpModeR, OpModeS, Serializable as _,
    single_shot_open_inout_detached, single_shot_seal_inout_detached_with_rng,
};
use zeroize::Zeroizing;

use crate::{OpenError, SealError};
use text_code::Code;

mod text_code;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;
type Tag = AeadTag<ChaCha20Poly1305>;

const VERSION: u8 = 0x01;
const INFO: &[u8] = b"hamsa short v1";
const SHARE_LEN: usize = 32;
const TAG_LEN: usize = 16;

/// What an envelope is longer than its plaintext, in octets.
pub(crate) const OVERHEAD: usize = 1 + SHARE_LEN + TAG_LEN;

/// The lengths that a plaintext can have, in octets: the most that fits, with [`OVERHEAD`], as base64url into
/// one to ten SMS of the GSM 7-bit alphabet, which hold 160 characters alone and 153 each when concatenated.
const CAPACITIES: [usize; 10] = [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098];

/// Seals `text` into a short envelope to an X25519 recipient: 120 to 1147 octets, by the capacity it needs.
///
/// # Errors
/// [`SealError::TextHasNul`] if the text holds U+0000. [`SealError::TextTooLong`] if its code is longer than the
/// largest capacity. [`SealError::BadRecipients`] if the recipient is of low order. [`SealError::NoRandomness`].
pub(crate) fn seal(text: &str, recipient: &[u8; 32]) -> Result<Vec<u8>, SealError> {
    let mut randomness = SystemRandomness::default();
    let envelope = seal_with(text, recipient, &mut randomness)?;
    if randomness.failed {
        return Err(SealError::NoRandomness);
    }
    Ok(envelope)
}

/// Opens a short envelope with an X25519 secret. `None` if it was sealed to another key, or changed since: the
/// two cannot be told apart.
///
/// # Errors
/// [`OpenError::NotAnEnvelope`] if [`is_short`] says no. [`OpenError::BadHeader`] if the sender's share is of low
/// order. [`OpenError::BadShort`] if the plaintext is not the one that `seal` makes of its text.
pub(crate) fn open(
    bytes: &[u8],
    secret: &[u8; 32],
) -> Result<Option<Zeroizing<String>>, OpenError> {
    let (enc, ciphertext, tag) = split(bytes).ok_or(OpenError::NotAnEnvelope)?;
    let secret = PrivateKey::from_bytes(secret).map_err(|_| OpenError::BadHeader)?;
    let enc = EncappedKey::from_bytes(enc).map_err(|_| OpenError::BadHeader)?;
    let tag = Tag::from_bytes(tag).map_err(|_| OpenError::BadHeader)?;
    // Decrypted where it lies, in a buffer that is wiped whether or not it opens.
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    let opened = single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &enc,
        INFO,
        InOutBuf::from(plaintext.as_mut_slice()),
        &[VERSION],
        &tag,
    );
    match opened {
        Ok(()) => unfill(&plaintext).map(Some).ok_or(OpenError::BadShort),
        Err(HpkeError::OpenError) => Ok(None),
        // RFC 9180 section 7.1.4: an all-zero result of X25519 must be refused.
        Err(_) => Err(OpenError::BadHeader),
    }
}

/// Whether the bytes have the version octet and one of the ten lengths of a short envelope.
pub(crate) fn is_short(bytes: &[u8]) -> bool {
    split(bytes).is_some()
}

/// The envelope in base64url without padding: 160 to 1530 characters, all in the GSM 7-bit alphabet.
pub(crate) fn to_text(envelope: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(envelope)
}

/// The short envelope that `text` holds between optional ASCII white space. `None` if there is anything else,
/// if the base64url is not the one spelling that [`to_text`] makes, or if it is of other bytes than a short envelope.
pub(crate) fn from_text(text: &str) -> Option<Vec<u8>> {
    let envelope = BASE64_URL_SAFE_NO_PAD.decode(text.trim_ascii()).ok()?;
    is_short(&envelope).then_some(envelope)
}

/// [`seal`] with the randomness given: 32 octets, from which HPKE derives the ephemeral key.
fn seal_with(
    text: &str,
    recipient: &[u8; 32],
    randomness: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealError> {
    if text.contains('\0') {
        return Err(SealError::TextHasNul);
    }
    let plaintext = fill(&Code::of(text)).ok_or(SealError::TextTooLong)?;
    seal_plaintext(plaintext, recipient, randomness)
}

/// Seals a plaintext where it lies, and puts the envelope together.
fn seal_plaintext(
    mut plaintext: Zeroizing<Vec<u8>>,
    recipient: &[u8; 32],
    randomness: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealError> {
    let recipient = PublicKey::from_bytes(recipient).map_err(|_| SealError::BadRecipients)?;
    // RFC 9180 section 7.1.4: Encap refuses an all-zero result of X25519. Nothing else can fail here.
    let (enc, tag) =
        single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &recipient,
            INFO,
            InOutBuf::from(plaintext.as_mut_slice()),
            &[VERSION],
            randomness,
        )
        .map_err(|_| SealError::BadRecipients)?;
    let ciphertext = plaintext;
    Ok([
        &[VERSION],
        enc.to_bytes().as_slice(),
        &ciphertext,
        tag.to_bytes().as_slice(),
    ]
    .concat())
}

/// The plaintext: the code, and NUL octets up to the smallest capacity. `None` if it is too long for any.
fn fill(code: &Code<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let capacity = capacity_for(code.len())?;
    let mut plaintext = Zeroizing::new(Vec::with_capacity(capacity));
    code.write(&mut plaintext);
    plaintext.resize(capacity, 0);
    Some(plaintext)
}

/// The text of a plaintext. `None` if it is not the plaintext that [`fill`] makes of its text.
fn unfill(plaintext: &[u8]) -> Option<Zeroizing<String>> {
    // No code holds a NUL octet, so the first one begins the fill.
    let end = plaintext
        .iter()
        .position(|octet| *octet == 0)
        .unwrap_or(plaintext.len());
    let (code, fill) = plaintext.split_at_checked(end)?;
    let canonical =
        capacity_for(code.len()) == Some(plaintext.len()) && fill.iter().all(|octet| *octet == 0);
    if canonical {
        text_code::decode(code)
    } else {
        None
    }
}

/// The text of a plaintext, and the plaintext that is made of it.
#[cfg(fuzzing)]
pub(crate) fn refill(plaintext: &[u8]) -> Option<(Zeroizing<String>, Option<Zeroizing<Vec<u8>>>)> {
    let text = unfill(plaintext)?;
    let again = fill(&Code::of(&text));
    Some((text, again))
}

/// The smallest capacity that holds so many octets.
fn capacity_for(len: usize) -> Option<usize> {
    CAPACITIES.into_iter().find(|capacity| len <= *capacity)
}

/// Cuts a short envelope into the share, the ciphertext and the tag.
fn split(bytes: &[u8]) -> Option<(&[u8; SHARE_LEN], &[u8], &[u8; TAG_LEN])> {
    let (&[VERSION], rest) = bytes.split_first_chunk()? else {
        return None;
    };
    let (enc, rest) = rest.split_first_chunk()?;
    let (ciphertext, tag) = rest.split_last_chunk()?;
    CAPACITIES
        .contains(&ciphertext.len())
        .then_some((enc, ciphertext, tag))
}

/// The system's random numbers for HPKE, whose generators cannot fail: this one remembers that it did, and what
/// was sealed with it is thrown away.
#[derive(Default)]
struct SystemRandomness {
    failed: bool,
}

impl TryRng for SystemRandomness {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        self.failed |= getrandom::fill(octets).is_err();
        Ok(())
    }
}

impl TryCryptoRng for SystemRandomness {}

#[cfg(test)]
mod tests;
