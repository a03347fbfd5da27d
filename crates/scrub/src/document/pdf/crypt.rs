//! Files that are encrypted, but open without a password (ISO 32000-2, section 7.6).
//!
//! Many programs "protect" a file against printing or copying: it is encrypted under a key that anybody can make.

use std::rc::Rc;

use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::object::{Dict, Object};

/// What fills up a password to 32 octets; of the empty one it is all.
const PAD: [u8; 32] = *b"\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\
\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A";

#[derive(Clone, Copy, PartialEq)]
enum Cipher {
    None,
    Rc4,
    /// AES-128 with a key for each object.
    Aes128,
    /// AES-256 with one key.
    Aes256,
}

/// The file's key, made from the empty password.
pub(super) struct Crypt {
    key: Zeroizing<Vec<u8>>,
    streams: Cipher,
    strings: Cipher,
    /// The metadata stream is not encrypted.
    metadata_is_clear: bool,
}

impl Crypt {
    /// Nothing when the empty password does not open the file.
    pub(super) fn open(encrypt: &Dict, id: &[u8]) -> Option<Self> {
        if encrypt.get("Filter").and_then(Object::as_name) != Some(b"Standard") {
            return None;
        }
        let int = |key| encrypt.get(key).and_then(Object::as_int);
        let (version, revision) = (int("V").unwrap_or(0), int("R")?);
        let metadata_is_clear = encrypt.get("EncryptMetadata") == Some(&Object::Bool(false));
        let (streams, strings) = match version {
            1..=3 => (Cipher::Rc4, Cipher::Rc4),
            4 | 5 => (method(encrypt, "StmF")?, method(encrypt, "StrF")?),
            _ => return None,
        };
        let key = if revision >= 5 {
            key_of_revision_6(encrypt, revision)?
        } else {
            let bits = if version == 1 {
                40
            } else {
                int("Length").unwrap_or(40)
            };
            let bits = if version == 4 { 128 } else { bits };
            let len = usize::try_from(bits / 8)
                .ok()
                .filter(|len| (5..=16).contains(len))?;
            key_of_revision_4(encrypt, id, revision, len, metadata_is_clear)?
        };
        Some(Self {
            key,
            streams,
            strings,
            metadata_is_clear,
        })
    }

    /// An object with its strings decrypted. Objects are not deep: the lexer saw to it.
    pub(super) fn strings(&self, object: Object, number: u32, generation: u16) -> Object {
        match object {
            Object::String(text) => Object::String(
                self.decrypt(self.strings, &text, number, generation)
                    .to_vec(),
            ),
            Object::Array(items) => {
                let items = items.iter().cloned();
                Object::array(
                    items
                        .map(|item| self.strings(item, number, generation))
                        .collect(),
                )
            }
            Object::Dict(dict) => Object::Dict(self.dict(&dict, number, generation)),
            Object::Stream(stream) => {
                let mut stream = Rc::unwrap_or_clone(stream);
                stream.dict = self.dict(&stream.dict, number, generation);
                Object::Stream(Rc::new(stream))
            }
            other => other,
        }
    }

    fn dict(&self, dict: &Dict, number: u32, generation: u16) -> Dict {
        let entries = dict.iter();
        entries
            .map(|(key, value)| (key.clone(), self.strings(value.clone(), number, generation)))
            .collect()
    }

    /// The octets of a stream, decrypted unless its own filter says that they are not encrypted.
    pub(super) fn stream(
        &self,
        dict: &Dict,
        bytes: &[u8],
        number: u32,
        generation: u16,
    ) -> Zeroizing<Vec<u8>> {
        let is = |key: &str, name: &[u8]| dict.get(key).and_then(Object::as_name) == Some(name);
        let own_filter = match dict.get("Filter") {
            Some(Object::Array(filters)) => filters.first().cloned(),
            other => other.cloned(),
        };
        let clear = is("Type", b"Metadata") && self.metadata_is_clear
            || own_filter.as_ref().and_then(Object::as_name) == Some(b"Crypt");
        let cipher = if clear { Cipher::None } else { self.streams };
        self.decrypt(cipher, bytes, number, generation)
    }

    fn decrypt(
        &self,
        cipher: Cipher,
        bytes: &[u8],
        number: u32,
        generation: u16,
    ) -> Zeroizing<Vec<u8>> {
        match cipher {
            Cipher::None => Zeroizing::new(bytes.to_vec()),
            Cipher::Rc4 => rc4(&self.object_key(number, generation, b""), bytes),
            Cipher::Aes128 => {
                let key = self.object_key(number, generation, b"sAlT");
                unpadded(Aes128::new_from_slice(&key).ok().as_ref(), bytes)
            }
            Cipher::Aes256 => unpadded(Aes256::new_from_slice(&self.key).ok().as_ref(), bytes),
        }
    }

    /// Algorithm 1.
    fn object_key(&self, number: u32, generation: u16, salt: &[u8]) -> Zeroizing<Vec<u8>> {
        let [a, b, c, _] = number.to_le_bytes();
        let digest = Md5::new()
            .chain_update(&self.key)
            .chain_update([a, b, c])
            .chain_update(generation.to_le_bytes())
            .chain_update(salt)
            .finalize();
        let len = (self.key.len() + 5).min(16);
        Zeroizing::new(digest.iter().copied().take(len).collect())
    }
}

/// The cipher that a crypt filter names.
fn method(encrypt: &Dict, which: &str) -> Option<Cipher> {
    let Some(name) = encrypt.get(which).and_then(Object::as_name) else {
        return Some(Cipher::None);
    };
    if name == b"Identity" {
        return Some(Cipher::None);
    }
    let filters = encrypt.get("CF")?.as_dict()?;
    let filter = filters.get(str::from_utf8(name).ok()?)?.as_dict()?;
    match filter.get("CFM").and_then(Object::as_name) {
        Some(b"V2") => Some(Cipher::Rc4),
        Some(b"AESV2") => Some(Cipher::Aes128),
        Some(b"AESV3") => Some(Cipher::Aes256),
        None | Some(b"None") => Some(Cipher::None),
        _ => None,
    }
}

fn string<'a>(encrypt: &'a Dict, key: &str) -> Option<&'a [u8]> {
    match encrypt.get(key)? {
        Object::String(text) => Some(text),
        _ => None,
    }
}

/// Algorithms 2 and 6.
fn key_of_revision_4(
    encrypt: &Dict,
    id: &[u8],
    revision: i64,
    len: usize,
    metadata_is_clear: bool,
) -> Option<Zeroizing<Vec<u8>>> {
    let owner = string(encrypt, "O")?.get(..32)?;
    let permissions = encrypt.get("P")?.as_int()?;
    let [p0, p1, p2, p3, ..] = permissions.to_le_bytes();
    let mut digest = Md5::new()
        .chain_update(PAD)
        .chain_update(owner)
        .chain_update([p0, p1, p2, p3])
        .chain_update(id);
    if revision >= 4 && metadata_is_clear {
        digest.update([0xff; 4]);
    }
    let mut key = Zeroizing::new(digest.finalize().to_vec());
    key.truncate(len);
    if revision >= 3 {
        for _ in 0..50 {
            let next = Md5::digest(&key);
            key.clear();
            key.extend(next.iter().take(len));
        }
    }
    let user = string(encrypt, "U")?;
    let fits = if revision == 2 {
        rc4(&key, &PAD).as_slice() == user.get(..32)?
    } else {
        let digest = Md5::new().chain_update(PAD).chain_update(id).finalize();
        let mut check = Zeroizing::new(digest.to_vec());
        for round in 0..20_u8 {
            let key: Vec<u8> = key.iter().map(|b| b ^ round).collect();
            check = rc4(&key, &check);
        }
        check.as_slice() == user.get(..16)?
    };
    fits.then_some(key)
}

/// Algorithm 2.A.
fn key_of_revision_6(encrypt: &Dict, revision: i64) -> Option<Zeroizing<Vec<u8>>> {
    let user = string(encrypt, "U")?;
    let hash = |salt: &[u8]| match revision {
        5 => Zeroizing::new(Sha256::digest(salt).to_vec()),
        _ => hardened(salt),
    };
    if hash(user.get(32..40)?).as_slice() != user.get(..32)? {
        return None;
    }
    let cipher = Aes256::new_from_slice(&hash(user.get(40..48)?)).ok()?;
    Some(cbc_decrypt(
        &cipher,
        &[0; 16],
        string(encrypt, "UE")?.get(..32)?,
    ))
}

/// Algorithm 2.B for the empty password.
fn hardened(salt: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Sha256::digest(salt).to_vec());
    for round in 0..4096_usize {
        let input = key.repeat(64);
        let (Some(Ok(cipher)), Some(iv)) =
            (key.get(..16).map(Aes128::new_from_slice), key.get(16..32))
        else {
            return key;
        };
        let mixed = cbc_encrypt(&cipher, iv, &input);
        let sum: u32 = mixed.iter().take(16).map(|&b| u32::from(b)).sum();
        key = Zeroizing::new(match sum % 3 {
            0 => Sha256::digest(&mixed).to_vec(),
            1 => Sha384::digest(&mixed).to_vec(),
            _ => Sha512::digest(&mixed).to_vec(),
        });
        let last = mixed.last().copied().unwrap_or(0);
        if round >= 63 && usize::from(last) <= round - 31 {
            break;
        }
    }
    key.truncate(32);
    key
}

fn cbc_encrypt<C: BlockCipherEncrypt>(cipher: &C, iv: &[u8], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut last = iv.to_vec();
    for chunk in bytes.chunks_exact(16) {
        let mixed: Vec<u8> = chunk.iter().zip(&last).map(|(a, b)| a ^ b).collect();
        let Ok(mut block) = Block::<C>::try_from(mixed.as_slice()) else {
            break;
        };
        cipher.encrypt_block(&mut block);
        out.extend_from_slice(&block);
        last = block.to_vec();
    }
    out
}

fn cbc_decrypt<C: BlockCipherDecrypt>(cipher: &C, iv: &[u8], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut last = iv;
    for chunk in bytes.chunks_exact(16) {
        let Ok(mut block) = Block::<C>::try_from(chunk) else {
            break;
        };
        cipher.decrypt_block(&mut block);
        out.extend(block.iter().zip(last).map(|(a, b)| a ^ b));
        last = chunk;
    }
    out
}

/// AES in CBC mode with the vector in front and PKCS #5 padding at the end.
fn unpadded<C: BlockCipherDecrypt>(cipher: Option<&C>, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let (Some(cipher), Some((iv, rest))) = (cipher, bytes.split_at_checked(16)) else {
        return Zeroizing::default();
    };
    let mut clear = cbc_decrypt(cipher, iv, rest);
    if let Some(&padding @ 1..=16) = clear.last() {
        let len = clear.len().saturating_sub(usize::from(padding));
        clear.truncate(len);
    }
    clear
}

#[allow(
    clippy::indexing_slicing,
    reason = "an octet is an index of 256 places"
)]
fn rc4(key: &[u8], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut state: [u8; 256] = std::array::from_fn(|i| u8::try_from(i).unwrap_or(0));
    let mut j = 0_u8;
    for (i, &k) in (0..256).zip(key.iter().cycle()) {
        j = j.wrapping_add(state[i]).wrapping_add(k);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let stream = bytes.iter().map(|b| {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        b ^ state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
    });
    Zeroizing::new(stream.collect())
}
