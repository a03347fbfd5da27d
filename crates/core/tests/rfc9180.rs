//! The HPKE that the short form is built on gives the octets of RFC 9180, appendix A.2.1.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use core::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{
    Deserializable as _, HpkeError, Kem, OpModeR, OpModeS, Serializable as _, setup_receiver,
    setup_sender_with_rng,
};
use serde::Deserialize;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

#[derive(Deserialize)]
#[allow(non_snake_case, reason = "the RFC's names")]
struct Vector {
    info: Hex,
    ikmE: Hex,
    ikmR: Hex,
    pkRm: Hex,
    skRm: Hex,
    enc: Hex,
    pt: Hex,
    encryptions: Vec<Encryption>,
}

#[derive(Deserialize)]
struct Encryption {
    seq: usize,
    aad: Hex,
    ct: Hex,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = core::num::ParseIntError;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16))
            .collect::<Result<_, _>>()
            .map(Hex)
    }
}

/// Randomness that gives the sender's key material.
struct Fixed(Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("HPKE draws octets")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("HPKE draws octets")
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        octets.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

fn vector() -> Vector {
    serde_json::from_str(include_str!("../vectors/rfc9180/A.2.1-base.json")).unwrap()
}

#[test]
fn sender_and_recipient_agree_with_the_rfc() {
    let vector = vector();
    let recipient = PublicKey::from_bytes(&vector.pkRm.0).unwrap();
    let secret = PrivateKey::from_bytes(&vector.skRm.0).unwrap();
    let published = EncappedKey::from_bytes(&vector.enc.0).unwrap();
    let (enc, mut sender) =
        setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &recipient,
            &vector.info.0,
            &mut Fixed(vector.ikmE.0),
        )
        .unwrap();
    assert_eq!(enc.to_bytes().as_slice(), vector.enc.0);
    let mut receiver = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &published,
        &vector.info.0,
    )
    .unwrap();

    let mut published = vector.encryptions.iter().peekable();
    for seq in 0..=256 {
        let aad = format!("Count-{seq}");
        let made = sender.seal(&vector.pt.0, aad.as_bytes()).unwrap();
        if let Some(encryption) = published.next_if(|encryption| encryption.seq == seq) {
            assert_eq!(aad.as_bytes(), encryption.aad.0);
            assert_eq!(made, encryption.ct.0);
        }
        assert_eq!(receiver.open(&made, aad.as_bytes()).unwrap(), vector.pt.0);
    }
    assert!(published.next().is_none());
}

#[test]
fn the_recipient_key_derives_from_its_key_material() {
    let vector = vector();
    let (secret, public) = X25519HkdfSha256::derive_keypair(&vector.ikmR.0);
    assert_eq!(public.to_bytes().as_slice(), vector.pkRm.0);
    let published = PrivateKey::from_bytes(&vector.skRm.0).unwrap();
    assert!(secret == published);
}

#[test]
fn all_zero_shared_secret_is_refused_on_both_sides() {
    let vector = vector();
    let zero = PublicKey::from_bytes(&[0; 32]).unwrap();
    let sealed = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &zero,
        b"",
        &mut Fixed(vector.ikmE.0),
    );
    assert_eq!(sealed.err(), Some(HpkeError::EncapError));

    let secret = PrivateKey::from_bytes(&vector.skRm.0).unwrap();
    let zero = EncappedKey::from_bytes(&[0; 32]).unwrap();
    let opened = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &zero,
        b"",
    );
    assert_eq!(opened.err(), Some(HpkeError::DecapError));
}
