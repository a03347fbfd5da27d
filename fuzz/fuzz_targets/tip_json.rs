//! `tip.json`: what is read encodes to the octets that came in.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(again) = hamsa_core::fuzzing::tip_json(bytes) {
        assert_eq!(again, bytes);
    }
});
