//! The frame: every way of reading comes to the same, and what is read encodes to the octets that came in.
#![no_main]

use std::num::NonZeroUsize;

use hamsa_core::fuzzing;
use libfuzzer_sys::fuzz_target;

/// Zeros that the input need not hold: up to the class that would be right for what it does hold.
fn padded(bytes: &[u8]) -> Vec<u8> {
    let len = (bytes.len() + 1024).next_power_of_two().max(8192);
    let mut frame = bytes.to_vec();
    frame.resize(len, 0);
    frame
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else {
        return;
    };
    let piece = NonZeroUsize::MIN.saturating_add(usize::from(first) * 7);
    for frame in [padded(rest), rest.to_vec()] {
        if let Some(again) = fuzzing::frame(&frame, piece) {
            assert!(again == frame);
        }
    }
});
