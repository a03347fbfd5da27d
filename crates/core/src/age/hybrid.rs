//! The recipient type `mlkem768x25519` (MLKEM768-X25519, X-Wing): post-quantum and classical at once.
//!
//! C2SP age specification, "The hybrid post-quantum recipient type"; X-Wing: draft-connolly-cfrg-xwing-kem;
//! HPKE base mode: RFC 9180, section 5.1, with KEM 0x647a, KDF HKDF-SHA256 and AEAD ChaCha20-Poly1305.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, aead::KeyInit};
use hkdf::{Hkdf, HkdfExtract};
use libcrux_ml_kem::mlkem768;
use sha2::Sha256;
use sha3::{Digest, Sha3_256};
use shake::{
    Shake256,
    digest::{ExtendableOutput, Update, XofReader},
};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{FileKey, header::Stanza, open_file_key, x25519};
use crate::{KeyError, OpenError, SealError};

pub(crate) const TAG: &str = "mlkem768x25519";
/// Octets of a public key: ML-KEM-768 encapsulation key, X25519 share.
pub(crate) const PUBLIC_LEN: usize = ML_KEM_PUBLIC_LEN + 32;
const ML_KEM_PUBLIC_LEN: usize = 1184;
const ML_KEM_CIPHERTEXT_LEN: usize = 1088;
const ENC_LEN: usize = ML_KEM_CIPHERTEXT_LEN + 32;

const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// "HPKE", KEM 0x647a, KDF 0x0001, AEAD 0x0003.
const SUITE_ID: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
const XWING_LABEL: &[u8] = br"\.//^\";

/// A checked public key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Public(Box<[u8; PUBLIC_LEN]>);

impl Public {
    /// Refuses keys that fail the FIPS 203 modulus check and low-order X25519 shares.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: Box<[u8; PUBLIC_LEN]> = bytes
            .to_vec()
            .into_boxed_slice()
            .try_into()
            .map_err(|_| KeyError::BadRecipient)?;
        let (ml_kem, share) = split_public(&bytes);
        if !mlkem768::validate_public_key(&ml_kem.into()) {
            return Err(KeyError::BadRecipient);
        }
        x25519::check_share(share)?;
        Ok(Self(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; PUBLIC_LEN] {
        &self.0
    }

    /// Appends the stanza that gives `file_key` to the holder of this key.
    ///
    /// RFC 9180, section 6.1 (single-shot seal).
    pub(crate) fn wrap(&self, file_key: &FileKey, header: &mut String) -> Result<(), SealError> {
        let mut random = Zeroizing::new([0; 64]);
        getrandom::fill(&mut *random).map_err(|_| SealError::NoRandomness)?;
        let (enc, shared) = self.encapsulate(&random)?;
        let (aead, nonce) = key_schedule(&shared);
        super::seal_file_key(header, TAG, &enc, &aead, &nonce, file_key);
        Ok(())
    }

    /// The encapsulated key and the shared secret that `random` gives.
    ///
    /// X-Wing, section 5.4.1 (`EncapsulateDerand`).
    fn encapsulate(&self, random: &[u8; 64]) -> Result<(Vec<u8>, Zeroizing<[u8; 32]>), SealError> {
        let (ml_kem, share) = split_public(&self.0);
        let (for_ml_kem, for_x25519) = halves(random);

        let (ml_kem_ciphertext, ml_kem_shared) = mlkem768::encapsulate(&ml_kem.into(), for_ml_kem);
        let ml_kem_shared = Zeroizing::new(ml_kem_shared);
        let ephemeral = StaticSecret::from(for_x25519);
        let ephemeral_share = PublicKey::from(&ephemeral);
        let x25519_shared = ephemeral.diffie_hellman(&PublicKey::from(share));
        if !x25519_shared.was_contributory() {
            return Err(SealError::BadRecipients);
        }
        let shared = combine(
            &ml_kem_shared,
            x25519_shared.as_bytes(),
            ephemeral_share.as_bytes(),
            &share,
        );

        let mut enc = Vec::with_capacity(ENC_LEN);
        enc.extend_from_slice(ml_kem_ciphertext.as_ref());
        enc.extend_from_slice(ephemeral_share.as_bytes());
        Ok((enc, shared))
    }

    /// The public key of a fresh pair whose secret half is forgotten: for dummy stanzas.
    pub(crate) fn of_nobody() -> Result<Self, SealError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|_| SealError::NoRandomness)?;
        Ok(Secret::from_seed(&seed).public)
    }
}

/// A secret key, with everything that can be derived from its seed once.
pub(crate) struct Secret {
    seed: Zeroizing<[u8; 32]>,
    ml_kem: Expanded,
    x25519: StaticSecret,
    public: Public,
}

impl Secret {
    /// X-Wing, section 5.2 (expandDecapsulationKey).
    pub(crate) fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        let mut reader = {
            let mut shake = Shake256::default();
            shake.update(&**seed);
            shake.finalize_xof()
        };
        let mut for_ml_kem = Zeroizing::new([0; 64]);
        let mut for_x25519 = Zeroizing::new([0; 32]);
        reader.read(&mut *for_ml_kem);
        reader.read(&mut *for_x25519);

        let ml_kem = Expanded::generate(&for_ml_kem);
        let x25519 = StaticSecret::from(*for_x25519);
        let mut public = ml_kem.public().to_vec();
        public.extend_from_slice(PublicKey::from(&x25519).as_bytes());
        // The length is right by construction; a shorter one would be a different key, not a panic.
        let public = public
            .into_boxed_slice()
            .try_into()
            .unwrap_or_else(|_| Box::new([0; PUBLIC_LEN]));
        Self {
            seed: seed.clone(),
            ml_kem,
            x25519,
            public: Public(public),
        }
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(crate) fn public(&self) -> &Public {
        &self.public
    }

    /// The file key of `stanza`, or `None` when it was wrapped for another key.
    ///
    /// # Errors
    /// [`OpenError::BadHeader`] when the stanza is not of the form that the type has, or its X25519 share
    /// is of low order.
    pub(crate) fn unwrap(&self, stanza: &Stanza<'_>) -> Result<Option<FileKey>, OpenError> {
        let [enc] = stanza.args[..] else {
            return Err(OpenError::BadHeader);
        };
        let enc = BASE64.decode(enc).map_err(|_| OpenError::BadHeader)?;
        let Some((ciphertext, share)) = enc.split_first_chunk::<ML_KEM_CIPHERTEXT_LEN>() else {
            return Err(OpenError::BadHeader);
        };
        let share: [u8; 32] = share.try_into().map_err(|_| OpenError::BadHeader)?;
        let shared = self.decapsulate(ciphertext, share)?;
        let (aead, nonce) = key_schedule(&shared);
        open_file_key(&stanza.body, &aead, &nonce)
    }

    /// The shared secret; for what was encapsulated to another key, one that nobody else has.
    ///
    /// X-Wing, section 5.5 (Decapsulate).
    fn decapsulate(
        &self,
        ciphertext: &[u8; ML_KEM_CIPHERTEXT_LEN],
        share: [u8; 32],
    ) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        // Before anything is derived: a share of low order must fail whatever key it is for.
        let x25519_shared = self.x25519.diffie_hellman(&PublicKey::from(share));
        if !x25519_shared.was_contributory() {
            return Err(OpenError::BadHeader);
        }
        let ml_kem_shared = self.ml_kem.decapsulate(ciphertext);
        let (_, own_share) = split_public(&self.public.0);
        let x25519_shared = x25519_shared.as_bytes();
        Ok(combine(&ml_kem_shared, x25519_shared, &share, &own_share))
    }
}

/// X-Wing, section 5.3 (Combiner).
fn combine(
    ml_kem_shared: &[u8; 32],
    x25519_shared: &[u8; 32],
    x25519_ciphertext: &[u8; 32],
    x25519_public: &[u8; 32],
) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha3_256::new();
    for part in [
        &ml_kem_shared[..],
        x25519_shared,
        x25519_ciphertext,
        x25519_public,
        XWING_LABEL,
    ] {
        Digest::update(&mut hash, part);
    }
    Zeroizing::new(hash.finalize().into())
}

/// What [`INFO`] and the empty psk give under [`key_and_nonce`].
fn key_schedule(shared: &[u8; 32]) -> (ChaCha20Poly1305, Nonce) {
    // It depends on the suite and the info only, so it is computed once.
    static CONTEXT: LazyLock<Vec<u8>> = LazyLock::new(|| context(INFO));
    let (key, nonce) = key_and_nonce(shared, &CONTEXT);
    (ChaCha20Poly1305::new((&*key).into()), nonce.into())
}

/// RFC 9180, section 5.1 (`KeySchedule`): `key_schedule_context` of base mode.
fn context(info: &[u8]) -> Vec<u8> {
    let mut context = vec![0]; // mode_base
    context.extend_from_slice(&labeled_extract(&[], b"psk_id_hash", &[]).0);
    context.extend_from_slice(&labeled_extract(&[], b"info_hash", info).0);
    context
}

/// RFC 9180, section 5.1 (`KeySchedule`): `key` and `base_nonce`.
fn key_and_nonce(shared: &[u8; 32], context: &[u8]) -> (Zeroizing<[u8; 32]>, [u8; 12]) {
    let (_, secret) = labeled_extract(shared, b"secret", &[]);
    let mut key = Zeroizing::new([0; 32]);
    let mut nonce = [0; 12];
    labeled_expand(&secret, b"key", context, &mut *key);
    labeled_expand(&secret, b"base_nonce", context, &mut nonce);
    (key, nonce)
}

/// RFC 9180, section 4 (`LabeledExtract`).
fn labeled_extract(salt: &[u8], label: &[u8], ikm: &[u8]) -> ([u8; 32], Hkdf<Sha256>) {
    let mut extract = HkdfExtract::<Sha256>::new(Some(salt));
    for part in [b"HPKE-v1", SUITE_ID, label, ikm] {
        extract.input_ikm(part);
    }
    let (prk, hkdf) = extract.finalize();
    (prk.into(), hkdf)
}

/// RFC 9180, section 4 (`LabeledExpand`).
fn labeled_expand(prk: &Hkdf<Sha256>, label: &[u8], info: &[u8], out: &mut [u8]) {
    let len = [0, out.len().to_le_bytes()[0]];
    let parts: [&[u8]; 5] = [&len, b"HPKE-v1", SUITE_ID, label, info];
    // Fails only above 255 * 32 octets; the two callers ask for 32 and 12.
    let done = prk.expand_multi_info(&parts, out);
    debug_assert!(done.is_ok(), "32 octets at most");
}

fn split_public(public: &[u8; PUBLIC_LEN]) -> ([u8; ML_KEM_PUBLIC_LEN], [u8; 32]) {
    let mut ml_kem = [0; ML_KEM_PUBLIC_LEN];
    let mut share = [0; 32];
    let (front, back) = public.split_at(ML_KEM_PUBLIC_LEN);
    ml_kem.copy_from_slice(front);
    share.copy_from_slice(back);
    (ml_kem, share)
}

fn halves(random: &[u8; 64]) -> ([u8; 32], [u8; 32]) {
    let mut first = [0; 32];
    let mut second = [0; 32];
    let (front, back) = random.split_at(32);
    first.copy_from_slice(front);
    second.copy_from_slice(back);
    (first, second)
}

/// The expanded ML-KEM-768 key pair, in the layout of the fastest code that this processor runs.
///
/// Expanding takes longer than decapsulating, so it is done once per identity.
enum Expanded {
    Portable(Box<mlkem768::portable::unpacked::MlKem768KeyPairUnpacked>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Box<mlkem768::avx2::unpacked::MlKem768KeyPairUnpacked>),
}

impl Expanded {
    fn generate(randomness: &[u8; 64]) -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            use mlkem768::avx2::unpacked;
            let mut pair = Box::new(unpacked::init_key_pair());
            unpacked::generate_key_pair_mut(*randomness, &mut pair);
            return Self::Avx2(pair);
        }
        Self::generate_portable(randomness)
    }

    fn generate_portable(randomness: &[u8; 64]) -> Self {
        use mlkem768::portable::unpacked;
        let mut pair = Box::new(unpacked::init_key_pair());
        unpacked::generate_key_pair_mut(*randomness, &mut pair);
        Self::Portable(pair)
    }

    fn public(&self) -> [u8; ML_KEM_PUBLIC_LEN] {
        *match self {
            Self::Portable(pair) => {
                mlkem768::portable::unpacked::key_pair_serialized_public_key(pair)
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(pair) => mlkem768::avx2::unpacked::key_pair_serialized_public_key(pair),
        }
        .as_slice()
    }

    fn decapsulate(&self, ciphertext: &[u8; ML_KEM_CIPHERTEXT_LEN]) -> Zeroizing<[u8; 32]> {
        let ciphertext = (*ciphertext).into();
        Zeroizing::new(match self {
            Self::Portable(pair) => mlkem768::portable::unpacked::decapsulate(pair, &ciphertext),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(pair) => mlkem768::avx2::unpacked::decapsulate(pair, &ciphertext),
        })
    }
}

impl Drop for Expanded {
    /// The crate's key pairs know no zeroising: an empty pair is written over the secret one, and
    /// `black_box` keeps the compiler from leaving that out.
    fn drop(&mut self) {
        match self {
            Self::Portable(pair) => {
                **pair = mlkem768::portable::unpacked::init_key_pair();
                std::hint::black_box(&**pair);
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(pair) => {
                **pair = mlkem768::avx2::unpacked::init_key_pair();
                std::hint::black_box(&**pair);
            }
        }
    }
}

#[cfg(test)]
mod tests;
