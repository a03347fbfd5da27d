//! Against the vectors of others, and against another implementation of ML-KEM.

use ml_kem::{Decapsulate, DecapsulationKey, KeyExport, MlKem768, Seed};
use serde::{Deserialize, de::DeserializeOwned};

use super::*;

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

impl Hex {
    fn array<const N: usize>(&self) -> [u8; N] {
        self.0.as_slice().try_into().unwrap()
    }
}

fn vectors<T: DeserializeOwned>(name: &str) -> T {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/xwing");
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

fn decapsulate(secret: &Secret, enc: &[u8]) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let (ciphertext, share) = enc.split_first_chunk().unwrap();
    secret.decapsulate(ciphertext, share.try_into().unwrap())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_vectors_of_xwing() {
    #[derive(Deserialize)]
    struct Vector {
        seed: Hex,
        eseed: Hex,
        pk: Hex,
        ct: Hex,
        ss: Hex,
    }

    let vectors: Vec<Vector> = vectors("draft-connolly-cfrg-xwing-kem.json");
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let secret = Secret::from_seed(&vector.seed.array().into());
        assert_eq!(secret.public().as_bytes()[..], vector.pk.0);
        let public = Public::from_bytes(&vector.pk.0).unwrap();
        let (enc, shared) = public.encapsulate(&vector.eseed.array()).unwrap();
        assert_eq!(enc, vector.ct.0);
        assert_eq!(shared[..], vector.ss.0);
        assert_eq!(decapsulate(&secret, &enc).unwrap(), shared);
    }
}

#[test]
fn the_vector_of_hpke_pq() {
    #[derive(Deserialize)]
    #[allow(non_snake_case, reason = "the draft's names")]
    struct Vector {
        suite_id: Hex,
        info: Hex,
        ikmE: Hex,
        skRm: Hex,
        pkRm: Hex,
        enc: Hex,
        shared_secret: Hex,
        key: Hex,
        base_nonce: Hex,
        encryptions: Vec<Encryption>,
    }

    #[derive(Deserialize)]
    struct Encryption {
        aad: Hex,
        nonce: Hex,
        pt: Hex,
        ct: Hex,
    }

    let vector: Vector = vectors("hpke-pq-647a-0001-0003.json");
    assert_eq!(vector.suite_id.0, SUITE_ID);
    let secret = Secret::from_seed(&vector.skRm.array().into());
    assert_eq!(secret.public().as_bytes()[..], vector.pkRm.0);
    let (enc, shared) = secret.public().encapsulate(&vector.ikmE.array()).unwrap();
    assert_eq!(enc, vector.enc.0);
    assert_eq!(shared[..], vector.shared_secret.0);
    assert_eq!(decapsulate(&secret, &enc).unwrap(), shared);

    let (key, nonce) = key_and_nonce(&shared, &context(&vector.info.0));
    assert_eq!(key[..], vector.key.0);
    assert_eq!(nonce[..], vector.base_nonce.0);
    // One message is sealed per key, so the first nonce is the only one that an envelope uses.
    let first = vector.encryptions.first().unwrap();
    assert_eq!(first.nonce.0, nonce);
    let sealed = chacha20poly1305::aead::Aead::encrypt(
        &ChaCha20Poly1305::new((&*key).into()),
        &nonce.into(),
        chacha20poly1305::aead::Payload {
            msg: &first.pt.0,
            aad: &first.aad.0,
        },
    );
    assert_eq!(sealed.unwrap(), first.ct.0);
}

/// Every kind of expanded key that this processor runs.
fn expanded(seed: &[u8; 64]) -> Vec<Expanded> {
    let mut keys = vec![Expanded::generate_portable(seed)];
    let fastest = Expanded::generate(seed);
    if !matches!(fastest, Expanded::Portable(_)) {
        keys.push(fastest);
    }
    keys
}

/// The crate `ml-kem` shares no code with libcrux; implicit rejection is compared too, by changing one
/// bit of the ciphertext.
#[test]
fn expanded_keys_do_what_another_implementation_does() {
    for round in 0..200 {
        let seed: [u8; 64] = random();
        let oracle = DecapsulationKey::<MlKem768>::from_seed(Seed::from(seed));
        let public: [u8; ML_KEM_PUBLIC_LEN] = oracle.encapsulation_key().to_bytes().into();
        let message: [u8; 32] = random();
        let (theirs, their_shared) = oracle
            .encapsulation_key()
            .encapsulate_deterministic(&message.into());
        let theirs: [u8; ML_KEM_CIPHERTEXT_LEN] = theirs.into();
        let (ours, our_shared) = mlkem768::encapsulate(&public.into(), message);
        assert_eq!(ours.as_ref(), theirs);
        assert_eq!(our_shared[..], their_shared[..]);

        let mut rejected = theirs;
        let bit = round * 8 * ML_KEM_CIPHERTEXT_LEN / 200;
        rejected[bit / 8] ^= 1 << (bit % 8);
        let noise: [u8; ML_KEM_CIPHERTEXT_LEN] = random();
        for key in expanded(&seed) {
            assert_eq!(key.public(), public);
            assert_eq!(key.decapsulate(&theirs)[..], their_shared[..]);
            for refused in [rejected, noise] {
                let shared = key.decapsulate(&refused);
                assert_ne!(shared[..], their_shared[..]);
                assert_eq!(shared[..], oracle.decapsulate(&refused.into())[..]);
            }
        }
    }
}

#[test]
fn a_share_of_low_order_is_refused_on_both_sides() {
    let secret = Secret::from_seed(&random().into());
    let (mut enc, _) = secret.public().encapsulate(&random()).unwrap();
    let mut public = secret.public().as_bytes().to_vec();
    for low in [0, 1] {
        for (bytes, start) in [
            (&mut enc, ML_KEM_CIPHERTEXT_LEN),
            (&mut public, ML_KEM_PUBLIC_LEN),
        ] {
            bytes[start..].fill(0);
            bytes[start] = low;
        }
        assert!(matches!(
            decapsulate(&secret, &enc),
            Err(OpenError::BadHeader)
        ));
        assert!(matches!(
            Public::from_bytes(&public),
            Err(KeyError::WeakRecipient)
        ));
        let unchecked = Public(public.clone().into_boxed_slice().try_into().ok().unwrap());
        assert!(matches!(
            unchecked.encapsulate(&random()),
            Err(SealError::BadRecipients)
        ));
    }
}
