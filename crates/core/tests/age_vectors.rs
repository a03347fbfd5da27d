//! The C2SP age test vectors (<https://c2sp.org/CCTV/age>), each failing in the layer that it names.
//!
//! All vectors but the ones for passphrases, which the envelope does not use.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::format_collect
)]

use std::{env, fs, path::PathBuf};

use hamsa_core::{Identity, KeyRing, OpenError, age};
use sha2::{Digest, Sha256};

struct Vector {
    name: String,
    expect: String,
    payload: Option<String>,
    keys: KeyRing,
    needs_passphrase: bool,
    armored: bool,
    file: Vec<u8>,
}

fn vectors() -> Vec<Vector> {
    let folder = PathBuf::from(env::var("HAMSA_PEERS").expect("cargo xtask test sets HAMSA_PEERS"));
    let mut vectors: Vec<_> = fs::read_dir(folder.join("cctv"))
        .expect("cargo xtask peers fetches the vectors")
        .map(|entry| read(&entry.unwrap().path()))
        .collect();
    vectors.sort_by(|a, b| a.name.cmp(&b.name));
    vectors
}

fn read(path: &std::path::Path) -> Vector {
    let bytes = fs::read(path).unwrap();
    let end = bytes.windows(2).position(|w| w == b"\n\n").unwrap();
    let mut vector = Vector {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        expect: String::new(),
        payload: None,
        keys: KeyRing::new(),
        needs_passphrase: false,
        armored: false,
        file: bytes[end + 2..].to_vec(),
    };
    for line in str::from_utf8(&bytes[..end]).unwrap().lines() {
        let (key, value) = line.split_once(": ").unwrap();
        match key {
            "expect" => value.clone_into(&mut vector.expect),
            "payload" => vector.payload = Some(value.to_owned()),
            "identity" => vector.keys.add(Identity::parse(value).unwrap()),
            "passphrase" => vector.needs_passphrase = true,
            "armored" => vector.armored = value == "yes",
            "file key" | "comment" => {}
            other => panic!("{}: unknown key {other}", vector.name),
        }
    }
    vector
}

/// The layer, in the words of the vectors.
fn layer(error: &OpenError, armored: bool) -> &'static str {
    match error {
        OpenError::BadArmor => "armor failure",
        // A file that does not even begin as one is no envelope; the vectors name the first layer.
        OpenError::NotAnEnvelope if armored => "armor failure",
        OpenError::BadHeader | OpenError::NotAnEnvelope => "header failure",
        OpenError::WrongKey => "no match",
        OpenError::BadMac => "HMAC failure",
        OpenError::BadPayload => "payload failure",
        _ => "another failure",
    }
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn every_vector_ends_as_it_says() {
    let mut ran = 0;
    let mut released_less = Vec::new();
    for vector in vectors().into_iter().filter(|v| !v.needs_passphrase) {
        let mut plain = Vec::new();
        let outcome = match age::open(vector.file.as_slice(), &vector.keys, &mut plain) {
            Ok(()) => "success",
            Err(e) => layer(&e, vector.armored),
        };
        assert_eq!(outcome, vector.expect, "{}", vector.name);
        if let Some(payload) = &vector.payload {
            let hash: String = Sha256::digest(&plain)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            if &hash != payload {
                // What became authentic before the failure may be released; less is safer. Where a chunk's
                // own place in the file is wrong, that chunk is not released.
                assert_ne!(outcome, "success", "{}", vector.name);
                released_less.push(vector.name);
            }
        } else {
            assert!(plain.is_empty(), "{}", vector.name);
        }
        ran += 1;
    }
    assert_eq!(released_less, RELEASED_LESS);
    assert_eq!(ran, EXPECTED, "the package's vectors changed");
}

/// Vectors of the package in version 0.2.0, the ones for passphrases not counted.
const EXPECTED: usize = 117;
/// Where a chunk stands at the wrong place, this reader sees it before it opens the chunk, and releases less
/// than the vector allows.
const RELEASED_LESS: [&str; 8] = [
    "armor_garbage_encoded",
    "stream_no_final_full",
    "stream_no_final_two_chunks_full",
    "stream_trailing_garbage_long",
    "stream_trailing_garbage_short",
    "stream_two_final_chunks",
    "stream_two_final_chunks_full",
    "stream_two_final_chunks_second",
];
