//! A writer of age files that does what it is told, also what is wrong. It shares no code with the library's.

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    ChaCha20Poly1305,
    aead::{Aead as _, KeyInit as _},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

pub const CHUNK: usize = 64 * 1024;
pub const VERSION: &str = "age-encryption.org/v1\n";

/// Octets that are the same in every run: a secret of the vectors is no secret.
pub fn fixed(what: &str) -> [u8; 32] {
    Sha256::digest(format!("hamsa vector {what}")).into()
}

fn file_key() -> [u8; 16] {
    *fixed("file key").first_chunk().unwrap()
}

fn nonce() -> [u8; 16] {
    *fixed("nonce").first_chunk().unwrap()
}

pub fn public(secret: [u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(secret)).to_bytes()
}

/// An identity's text; all of them are short enough for Bech32 with its limit.
pub fn identity(hrp: &str, secret: &[u8]) -> String {
    bech32::encode_upper::<bech32::Bech32>(bech32::Hrp::parse(hrp).unwrap(), secret).unwrap()
}

/// The identity that most vectors are sealed to.
pub fn analyst() -> String {
    identity("AGE-SECRET-KEY-", &fixed("analyst"))
}

fn expand(salt: Option<&[u8]>, ikm: &[u8], info: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(salt, ikm)
        .expand(info, &mut out)
        .unwrap();
    out
}

fn seal(key: [u8; 32], nonce: [u8; 12], text: &[u8]) -> Vec<u8> {
    ChaCha20Poly1305::new(&key.into())
        .encrypt(&nonce.into(), text)
        .unwrap()
}

/// A recipient stanza, taken apart so that each piece can be spoilt.
#[derive(Clone)]
pub struct Stanza {
    pub args: String,
    pub body: String,
}

impl Stanza {
    /// The stanza that gives the file key of the vectors to `secret`'s holder.
    pub fn to(secret: [u8; 32]) -> Self {
        let ephemeral = StaticSecret::from(fixed("ephemeral"));
        let share = PublicKey::from(&ephemeral).to_bytes();
        let recipient = public(secret);
        let shared = ephemeral.diffie_hellman(&PublicKey::from(recipient));
        let key = expand(
            Some(&[share, recipient].concat()),
            shared.as_bytes(),
            b"age-encryption.org/v1/X25519",
        );
        Self::of(&share, &seal(key, [0; 12], &file_key()))
    }

    pub fn of(share: &[u8], body: &[u8]) -> Self {
        Self {
            args: format!("X25519 {}", BASE64.encode(share)),
            body: BASE64.encode(body),
        }
    }

    pub fn text(&self) -> String {
        format!("-> {}\n{}\n", self.args, self.body)
    }

    pub fn share(&self) -> Vec<u8> {
        BASE64
            .decode(self.args.strip_prefix("X25519 ").unwrap())
            .unwrap()
    }

    pub fn body_octets(&self) -> Vec<u8> {
        BASE64.decode(&self.body).unwrap()
    }
}

/// The stanza to [`analyst`].
pub fn stanza() -> Stanza {
    Stanza::to(fixed("analyst"))
}

/// Puts the MAC under a header: it is right, whatever stands above it.
pub fn close(header: &str) -> String {
    let header = format!("{header}---");
    let key = expand(None, &file_key(), b"header");
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).unwrap();
    mac.update(header.as_bytes());
    format!("{header} {}\n", BASE64.encode(mac.finalize().into_bytes()))
}

/// The header with these stanzas.
pub fn header(stanzas: &str) -> String {
    close(&format!("{VERSION}{stanzas}"))
}

/// One sealed chunk.
pub fn chunk(index: u8, is_last: bool, text: &[u8]) -> Vec<u8> {
    let key = expand(Some(&nonce()), &file_key(), b"payload");
    let mut chunk_nonce = [0; 12];
    chunk_nonce[10] = index;
    chunk_nonce[11] = u8::from(is_last);
    seal(key, chunk_nonce, text)
}

/// The payload's chunks as they should be.
pub fn chunks(plaintext: &[u8]) -> Vec<Vec<u8>> {
    let count = plaintext.len().div_ceil(CHUNK).max(1);
    (0..count)
        .map(|i| {
            let text = &plaintext[i * CHUNK..plaintext.len().min((i + 1) * CHUNK)];
            chunk(u8::try_from(i).unwrap(), i + 1 == count, text)
        })
        .collect()
}

/// A file of this header and these chunks.
pub fn file(header: &str, chunks: &[Vec<u8>]) -> Vec<u8> {
    [header.as_bytes(), &nonce(), &chunks.concat()].concat()
}

/// The whole file, sealed to [`analyst`], with nothing wrong in it.
pub fn sealed(plaintext: &[u8]) -> Vec<u8> {
    file(&header(&stanza().text()), &chunks(plaintext))
}

/// The file with these stanzas.
pub fn with_stanzas(stanzas: &str, plaintext: &[u8]) -> Vec<u8> {
    file(&header(stanzas), &chunks(plaintext))
}

/// The file with these chunks.
pub fn with_chunks(chunks: &[Vec<u8>]) -> Vec<u8> {
    file(&header(&stanza().text()), chunks)
}
