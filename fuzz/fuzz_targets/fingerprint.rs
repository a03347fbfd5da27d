//! Fingerprints and days: what is read is written in its one spelling, which reads the same.
#![no_main]

use hamsa_core::{Date, Fingerprint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(fingerprint) = text.parse::<Fingerprint>() {
        let written = fingerprint.to_string();
        assert_eq!(written.len(), 47);
        assert!(written.parse::<Fingerprint>().expect("its own text") == fingerprint);
    }
    if let Ok(day) = text.parse::<Date>() {
        assert_eq!(day.to_string(), text);
    }
});
