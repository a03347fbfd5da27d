//! The header of an age file: what is read encodes to the octets that came in, and opening never panics.
#![no_main]

use std::sync::LazyLock;

use hamsa_core::{Identity, KeyRing, age, fuzzing, inspect, open};
use libfuzzer_sys::fuzz_target;

/// The identities that the vectors are sealed to.
static KEYS: LazyLock<KeyRing> = LazyLock::new(|| {
    let mut keys = KeyRing::new();
    for line in [
        "AGE-SECRET-KEY-13FE00CZRLUCH55Z5ZLZ84U7T0ZSCA76FUT3AFND3RZXVHAWDEVZSXF66ZE",
        "AGE-SECRET-KEY-PQ-13FE00CZRLUCH55Z5ZLZ84U7T0ZSCA76FUT3AFND3RZXVHAWDEVZSU86MV3",
    ] {
        keys.add(Identity::parse(line).expect("a key of the fuzzer"));
    }
    keys
});

fuzz_target!(|bytes: &[u8]| {
    if let Some(again) = fuzzing::header(bytes) {
        assert_eq!(again, bytes);
    }
    let _ = inspect(bytes);
    let opened = open(bytes, &KEYS).is_ok();
    let mut plaintext = Vec::new();
    let is_age = age::open(bytes, &KEYS, &mut plaintext).is_ok();
    // A tip is in an age file, or in a short envelope.
    assert!(!opened || is_age || !bytes.starts_with(b"age-"));
});
