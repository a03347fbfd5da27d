//! What an observer sees of an envelope: its shape, and the octets in it. Read by hand from the text of the
//! specification, so that a fault of the library's own parser cannot hide here.

use std::{collections::HashSet, sync::LazyLock};

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};

use crate::distinguisher::Field;

/// All that is not random in an envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    len: usize,
    /// Tag, length of each argument, length of each line of the body.
    stanzas: Vec<(String, Vec<usize>, Vec<usize>)>,
    mac_line: usize,
}

/// A stanza, decoded.
pub(crate) struct Stanza {
    /// As it stands in the header.
    pub(crate) text: String,
    pub(crate) enc: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

impl Stanza {
    pub(crate) fn into_fields(self) -> Vec<Field> {
        let enc = self.enc;
        // In a hybrid stanza the ML-KEM ciphertext comes first; the share is the last 32 octets in both.
        let (ciphertext, share) = enc.split_at(enc.len() - 32);
        vec![
            field("ML-KEM ciphertext", ciphertext, false),
            field("ML-KEM rounding", &[roundings(ciphertext)], false),
            field("share", share, false),
            field("body", &self.body, true),
        ]
    }
}

/// An envelope, taken apart without a key.
pub(crate) struct Outside {
    pub(crate) shape: Shape,
    pub(crate) stanzas: Vec<Stanza>,
    pub(crate) mac: Vec<u8>,
    pub(crate) nonce: Vec<u8>,
    pub(crate) payload: Vec<u8>,
}

impl Outside {
    pub(crate) fn of(envelope: &[u8]) -> Self {
        let mut at = 0;
        let mut line = || {
            let len = envelope[at..].iter().position(|&b| b == b'\n').unwrap();
            let line = str::from_utf8(&envelope[at..at + len]).unwrap();
            at += len + 1;
            line
        };
        let mut shape = Shape {
            len: envelope.len(),
            ..Shape::default()
        };
        let mut stanzas = Vec::new();
        assert_eq!(line(), "age-encryption.org/v1");
        let mac = loop {
            let first = line();
            if let Some(mac) = first.strip_prefix("--- ") {
                shape.mac_line = first.len();
                break BASE64.decode(mac).unwrap();
            }
            let (tag, enc) = first.strip_prefix("-> ").unwrap().split_once(' ').unwrap();
            let body = line();
            assert!(body.len() < 64, "one line of body");
            let args = enc.split(' ').map(str::len).collect();
            shape.stanzas.push((tag.to_owned(), args, vec![body.len()]));
            stanzas.push(Stanza {
                text: format!("{first}\n{body}\n"),
                enc: BASE64.decode(enc).unwrap(),
                body: BASE64.decode(body).unwrap(),
            });
        };
        let (nonce, payload) = envelope[at..].split_at(16);
        Self {
            shape,
            stanzas,
            mac,
            nonce: nonce.to_vec(),
            payload: payload.to_vec(),
        }
    }

    pub(crate) fn into_fields(self) -> Vec<Field> {
        let stanzas = self.stanzas.into_iter().flat_map(Stanza::into_fields);
        let rest = [
            field("MAC", &self.mac, true),
            field("nonce", &self.nonce, true),
            field("payload", &self.payload, true),
        ];
        stanzas.chain(rest).collect()
    }
}

pub(crate) fn field(name: &'static str, octets: &[u8], fair: bool) -> Field {
    Field {
        name,
        octets: octets.to_vec(),
        fair,
    }
}

/// How many coefficients of a ciphertext have a value that four numbers modulo 3,329 are rounded to, not
/// three: of 768 about 237, and of as many random ones about 193. Divided by four to fit an octet.
fn roundings(ciphertext: &[u8]) -> u8 {
    static OF_FOUR: LazyLock<[bool; 1024]> = LazyLock::new(|| {
        let mut rounded = [0_u8; 1024];
        for x in 0..3329 {
            // FIPS 203, section 4.2.1: Compress with d = 10.
            rounded[(x * 1024 + 1664) / 3329 % 1024] += 1;
        }
        rounded.map(|count| count == 4)
    });
    let coefficients = ciphertext.iter().take(960).copied().collect::<Vec<_>>();
    let found = coefficients.chunks_exact(5).flat_map(|five| {
        let bits = five
            .iter()
            .rev()
            .fold(0, |bits, octet| bits << 8 | u64::from(*octet));
        (0..4).map(move |n| OF_FOUR[(bits >> (10 * n)) as usize % 1024])
    });
    (found.filter(|of_four| *of_four).count() / 4) as u8
}

/// What holds for every envelope alone: no 16 octets come twice, which two random ones never do, and a share
/// has its one encoding.
#[derive(Default)]
pub(crate) struct Once(HashSet<[u8; 16]>);

impl Once {
    /// Looks at the beginning of each field.
    pub(crate) fn check(&mut self, sample: &[Field]) -> Result<(), String> {
        for field in sample {
            if field.name == "share" && field.octets[31] & 0x80 != 0 {
                return Err("share: the high bit is set".to_owned());
            }
            if let Some(begin) = field.octets.first_chunk()
                && !self.0.insert(*begin)
            {
                return Err(format!("{}: the same octets twice", field.name));
            }
        }
        Ok(())
    }
}
