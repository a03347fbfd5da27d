//! The agency's secret root key: what signs its cards, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::note::{self, ED25519};
use super::{Fingerprint, KEY_NAME};
use crate::{CardError, stack};

const SECRET_PREFIX: &str = "PRIVATE+KEY+";
/// Type octet and seed.
const SECRET_LEN: usize = 33;
/// The same in base64, which has no padding at this length.
const SECRET_BASE64_LEN: usize = 44;

/// The secret Ed25519 key that signs an agency's cards. Whoever holds it is the agency.
///
/// Wiped from memory on drop. It cannot be shown, copied or compared by accident:
///
/// ```compile_fail,E0277
/// let root = hamsa_core::RootKey::generate().unwrap();
/// println!("{root:?}");
/// ```
// `SigningKey` wipes itself (feature `zeroize`).
pub struct RootKey(SigningKey);

impl RootKey {
    /// Makes a new root key.
    ///
    /// # Errors
    /// [`CardError::NoRandomness`] if the system gives no random numbers.
    pub fn generate() -> Result<RootKey, CardError> {
        stack::wiped(|| {
            let mut seed = Zeroizing::new([0; 32]);
            getrandom::fill(seed.as_mut_slice()).map_err(|_| CardError::NoRandomness)?;
            Ok(RootKey(SigningKey::from_bytes(&seed)))
        })
    }

    /// Reads the text form `PRIVATE+KEY+hamsa-card+id+base64`; white space around it is passed over.
    ///
    /// # Errors
    /// [`CardError::BadRootKey`] if it is not of that form, or if key and key id do not belong together.
    pub fn parse(text: &str) -> Result<RootKey, CardError> {
        stack::wiped(|| Self::parse_text(text))
    }

    fn parse_text(text: &str) -> Result<RootKey, CardError> {
        let key = text
            .trim()
            .strip_prefix(SECRET_PREFIX)
            .ok_or(CardError::BadRootKey)?;
        let (id, base64) = note::split_key(KEY_NAME, key).ok_or(CardError::BadRootKey)?;
        let mut secret = Zeroizing::new([0; SECRET_LEN]);
        if base64.len() != SECRET_BASE64_LEN
            || STANDARD.decode_slice(base64, secret.as_mut_slice()) != Ok(SECRET_LEN)
        {
            return Err(CardError::BadRootKey);
        }
        let Some((&ED25519, seed)) = secret.split_first() else {
            return Err(CardError::BadRootKey);
        };
        let root = RootKey(SigningKey::from_bytes(
            seed.try_into().map_err(|_| CardError::BadRootKey)?,
        ));
        if id == note::key_id_text(KEY_NAME, &root.public()) {
            Ok(root)
        } else {
            Err(CardError::BadRootKey)
        }
    }

    /// The text form that [`parse`](RootKey::parse) reads, without a newline. Store it protected.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut secret = Zeroizing::new([ED25519; SECRET_LEN]);
        for (to, from) in secret.iter_mut().skip(1).zip(self.0.as_bytes()) {
            *to = *from;
        }
        let mut base64 = Zeroizing::new([0; SECRET_BASE64_LEN]);
        // The lengths fit, so it cannot fail; if it did, the text would be one that `parse` refuses.
        let _ = STANDARD.encode_slice(secret.as_slice(), base64.as_mut_slice());
        // Room enough from the start: growing would leave a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(128));
        for part in [
            SECRET_PREFIX,
            KEY_NAME,
            "+",
            &note::key_id_text(KEY_NAME, &self.public()),
            "+",
        ] {
            text.push_str(part);
        }
        text.extend(base64.iter().copied().map(char::from));
        text
    }

    /// The public half as a C2SP verifier key, as it stands in every card of the agency.
    pub fn verifier(&self) -> String {
        note::verifier(KEY_NAME, &self.public())
    }

    /// The 40 digits that the agency publishes.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.public())
    }

    pub(super) fn public(&self) -> VerifyingKey {
        self.0.verifying_key()
    }

    /// Signs one line of text as a note.
    pub(super) fn sign(&self, text: &str) -> Vec<u8> {
        stack::wiped(|| note::sign(text, KEY_NAME, &self.0))
    }
}
