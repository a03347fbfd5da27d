//! Scrubbing Emf: no panic, no hang, bounded memory, and a clean file comes out of a second scrubbing as it went in.
#![no_main]

use hamsa_scrub::{Kind, fuzzing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzzing::scrub(Kind::Emf, bytes));
