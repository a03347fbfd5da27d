//! What the fuzz targets begin with: small inputs, cut out of the vectors.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hamsa_core::{Identity, KeyRing, age};

use crate::{file::Vector, make::to_armor};

/// Larger inputs slow a fuzzer down more than they teach it.
const LONGEST: usize = 6 * 1024;

/// Target, name and input of each seed.
pub fn of(vectors: &[Vector]) -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for vector in vectors {
        for (target, input) in inputs(vector) {
            if input.len() <= LONGEST {
                seeds.push((target, vector.name.clone(), input));
            }
        }
    }
    seeds
}

fn inputs(vector: &Vector) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = &vector.bytes;
    let (layer, _) = vector.name.split_once('-').unwrap_or((&vector.name, ""));
    let mut inputs = Vec::new();
    if let Some(tip) = vector.get("tip") {
        inputs.push(("tip_json", tip.as_bytes().to_vec()));
    }
    match (vector.kind(), layer) {
        ("tip", _) => inputs.push(("tip_json", bytes.clone())),
        ("card", _) => inputs.push(("card", card(bytes))),
        ("recipient" | "identity" | "identity file" | "root key", _) => {
            inputs.push(("keys", bytes.clone()));
        }
        ("fingerprint" | "day", _) => inputs.push(("fingerprint", bytes.clone())),
        ("part" | "parts", _) => inputs.push(("parts", bytes.clone())),
        (_, "armor") => inputs.push(("armor", bytes.clone())),
        (_, "mac") => {
            inputs.push(("header", bytes.clone()));
            inputs.push(("armor", to_armor(bytes, "\n").into_bytes()));
        }
        (_, "header" | "key" | "hybrid") => inputs.push(("header", bytes.clone())),
        (_, "short") => inputs.push(("short", short(vector))),
        (_, "frame" | "size" | "opens") => inputs.push(("frame", frame(vector))),
        _ => {}
    }
    inputs
}

/// The text of a card, which the target signs; the whole note when it is none.
fn card(note: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(note)
        .ok()
        .and_then(|note| note.split_once("\n\n"));
    text.map_or_else(|| note.to_vec(), |(text, _)| text.as_bytes().to_vec())
}

/// How the target reads a frame, and the frame without the zeros at its end.
fn frame(vector: &Vector) -> Vec<u8> {
    let mut keys = KeyRing::new();
    for identity in vector.all("identity") {
        keys.add(Identity::parse(identity).unwrap());
    }
    let mut input = vec![0x49];
    age::open(vector.bytes.as_slice(), &keys, &mut input).unwrap();
    while input.last() == Some(&0) {
        input.pop();
    }
    input
}

/// The code without its fill, or the text form; before it an octet that says what else the target does.
fn short(vector: &Vector) -> Vec<u8> {
    let text = || BASE64_URL_SAFE_NO_PAD.encode(&vector.bytes).into_bytes();
    let input = vector.get("plaintext").map_or_else(text, |hex| {
        (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
            .take_while(|octet| *octet != 0)
            .collect()
    });
    [vec![0], input].concat()
}
