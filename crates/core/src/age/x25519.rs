//! The recipient type `X25519`: classical.
//!
//! C2SP age specification, "The X25519 recipient type".

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, aead::KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

use super::{FileKey, header::Stanza, open_file_key, seal_file_key};
use crate::{KeyError, OpenError, SealError};

pub(crate) const TAG: &str = "X25519";
const INFO: &[u8] = b"age-encryption.org/v1/X25519";

/// A checked public key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Public([u8; 32]);

impl Public {
    /// Refuses shares of low order, to which nothing sealed is secret, and encodings that no secret key
    /// gives, to which nothing sealed would open.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let share = bytes.try_into().map_err(|_| KeyError::BadRecipient)?;
        check_share(share)?;
        Ok(Self(share))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Appends the stanza that gives `file_key` to the holder of this key.
    pub(crate) fn wrap(&self, file_key: &FileKey, header: &mut String) -> Result<(), SealError> {
        let ephemeral = random_secret().ok_or(SealError::NoRandomness)?;
        let share = PublicKey::from(&ephemeral);
        let shared = ephemeral.diffie_hellman(&PublicKey::from(self.0));
        let aead = wrap_key(&shared, share.as_bytes(), &self.0).ok_or(SealError::BadRecipients)?;
        seal_file_key(
            header,
            TAG,
            share.as_bytes(),
            &aead,
            &Nonce::default(),
            file_key,
        );
        Ok(())
    }

    /// The public key of a fresh pair whose secret half is forgotten: for dummy stanzas.
    pub(crate) fn of_nobody() -> Result<Self, SealError> {
        let secret = random_secret().ok_or(SealError::NoRandomness)?;
        Ok(Self(PublicKey::from(&secret).to_bytes()))
    }
}

/// A secret key and its public half.
pub(crate) struct Secret {
    secret: StaticSecret,
    public: Public,
}

impl Secret {
    pub(crate) fn from_bytes(bytes: &Zeroizing<[u8; 32]>) -> Self {
        let secret = StaticSecret::from(**bytes);
        let public = Public(PublicKey::from(&secret).to_bytes());
        Self { secret, public }
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        self.secret.as_bytes()
    }

    pub(crate) fn public(&self) -> &Public {
        &self.public
    }

    /// The file key of `stanza`, or `None` when it was wrapped for another key.
    ///
    /// # Errors
    /// [`OpenError::BadHeader`] when the stanza is not of the form that the type has, or its share is of
    /// low order.
    pub(crate) fn unwrap(&self, stanza: &Stanza<'_>) -> Result<Option<FileKey>, OpenError> {
        let [share] = stanza.args[..] else {
            return Err(OpenError::BadHeader);
        };
        let share = BASE64.decode(share).map_err(|_| OpenError::BadHeader)?;
        let share: [u8; 32] = share.try_into().map_err(|_| OpenError::BadHeader)?;
        let shared = self.secret.diffie_hellman(&PublicKey::from(share));
        let aead = wrap_key(&shared, &share, &self.public.0).ok_or(OpenError::BadHeader)?;
        open_file_key(&stanza.body, &aead, &Nonce::default())
    }
}

/// The cipher under the wrap key, or `None` when the shared secret is all zero.
fn wrap_key(
    shared: &SharedSecret,
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Option<ChaCha20Poly1305> {
    if !shared.was_contributory() {
        return None;
    }
    let mut salt = [0; 64];
    let (front, back) = salt.split_at_mut(32);
    front.copy_from_slice(share);
    back.copy_from_slice(recipient);
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(&salt), shared.as_bytes())
        .expand(INFO, &mut *key)
        .ok()?;
    Some(ChaCha20Poly1305::new((&*key).into()))
}

/// Refuses the share of a recipient that is of low order, or not in its one encoding (RFC 7748, section 5).
///
/// Every clamped scalar is 0 modulo 8 and not 0 modulo the group's order, so one multiplication by any
/// of them tells, and no secret is needed.
pub(crate) fn check_share(share: [u8; 32]) -> Result<(), KeyError> {
    // 2^255 - 19 and above, little-endian.
    let [low, middle @ .., high] = share;
    if high > 0x7f || (high == 0x7f && middle == [0xff; 30] && low >= 0xed) {
        return Err(KeyError::BadRecipient);
    }
    if x25519_dalek::x25519([7; 32], share) == [0; 32] {
        return Err(KeyError::WeakRecipient);
    }
    Ok(())
}

fn random_secret() -> Option<StaticSecret> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).ok()?;
    Some(StaticSecret::from(*bytes))
}
