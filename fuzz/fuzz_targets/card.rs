//! Cards: the input as a note, and as the text of a note that the root has signed.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use hamsa_core::{Card, RootKey};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

/// The root of the vectors: its seed is 32 times 0x07.
const ROOT: &str = "PRIVATE+KEY+hamsa-card+ee0ff8ac+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";

static KEY: LazyLock<(SigningKey, [u8; 4])> = LazyLock::new(|| {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key();
    let id = Sha256::digest([b"hamsa-card\n\x01".as_slice(), public.as_bytes()].concat());
    (key, *id.first_chunk().expect("32 octets"))
});

fn sign(text: &str) -> String {
    let (key, id) = &*KEY;
    let signature = key.sign(text.as_bytes()).to_bytes();
    let line = STANDARD.encode([id.as_slice(), &signature].concat());
    format!("{text}\n— hamsa-card {line}\n")
}

/// Issued once more, a card says the same, in the one spelling that reads back to itself.
fn issue_again(card: &Card) {
    let root = RootKey::parse(ROOT).expect("the root of the vectors");
    let keys: BTreeMap<_, _> = card
        .profile()
        .departments
        .iter()
        .map(|department| (department.id.clone(), card.keys(&department.id).to_vec()))
        .collect();
    let (issued, expires) = (card.issued(), card.expires());
    let again = Card::issue(&root, card.profile(), &keys, issued, expires, None);
    let again = again.expect("a card that was read can be issued");
    assert_eq!(again.profile(), card.profile());
    assert!(keys.iter().all(|(id, keys)| again.keys(id) == keys));
    let last = Card::issue(&root, again.profile(), &keys, issued, expires, None);
    assert_eq!(last.expect("and again").as_bytes(), again.as_bytes());
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(card) = Card::parse(bytes) {
        assert_eq!(card.as_bytes(), bytes);
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let note = sign(&format!("{text}\n"));
        if let Ok(card) = Card::parse(note.as_bytes()) {
            assert_eq!(card.as_bytes(), note.as_bytes());
            issue_again(&card);
        }
    }
});
