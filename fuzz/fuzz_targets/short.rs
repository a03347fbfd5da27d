//! The short form: text form, plaintext, and opening with a fixed secret.
#![no_main]

use std::sync::LazyLock;

use hamsa_core::{Identity, KeyRing, OpenError, Recipients, fuzzing, open, seal_short};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<(KeyRing, Recipients)> = LazyLock::new(|| {
    let identity = Identity::generate_x25519().expect("random numbers");
    let recipient = identity.recipient().expect("a recipient");
    let to = Recipients::danger_bare(vec![recipient.clone()], Some(recipient));
    let mut keys = KeyRing::new();
    keys.add(identity);
    (keys, to.expect("one recipient"))
});

const CAPACITIES: [usize; 10] = [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098];

fn plaintext(code: &[u8]) {
    let mut plaintext = code.to_vec();
    if let Some(capacity) = CAPACITIES.into_iter().find(|c| code.len() <= *c) {
        plaintext.resize(capacity, 0);
    }
    if let Some((text, again)) = fuzzing::short_plaintext(&plaintext) {
        assert_eq!(again.as_deref(), Some(plaintext.as_slice()));
        assert!(!text.contains('\0'));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else {
        return;
    };
    plaintext(rest);
    let (keys, to) = &*KEYS;
    if let Ok(text) = str::from_utf8(rest) {
        if let Some((binary, again)) = fuzzing::short_text(text) {
            assert_eq!(again, text.trim_ascii());
            assert!(!matches!(
                open(&binary, keys),
                Err(OpenError::NotAnEnvelope)
            ));
        }
        // Not every time: sealing takes far longer than the rest.
        if first.is_multiple_of(16)
            && let Ok(envelope) = seal_short(text, to)
        {
            let (opened, _) = open(envelope.as_bytes(), keys).expect("what was sealed");
            assert_eq!(opened.text(), text);
        }
    }
    if first.is_multiple_of(16) {
        let _ = open(rest, keys);
    }
});
