//! The channel through its own interface.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../../text/tests/made/mod.rs"]
mod made;

mod camera;
mod hostile;
mod leak;
mod path;
mod photographs;

use hamsa_channel_qr::{Code, from_qr};
use hamsa_core::Arrived;
use image::GrayImage;

/// What comes of the codes' pictures, in their order.
fn read_all(codes: &[Code]) -> Arrived {
    let mut arrived = Arrived::default();
    arrived.extend(codes.iter().map(|code| from_qr(&code.to_png())));
    arrived
}

fn drawn(code: &Code) -> GrayImage {
    image::load_from_memory(&code.to_png())
        .unwrap()
        .into_luma8()
}

/// What a piece of work takes of a processor, on Linux.
fn cpu<T>(work: impl FnOnce() -> T) -> (T, std::time::Duration) {
    let spent = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        text.split(' ')
            .next()
            .unwrap_or_default()
            .parse()
            .unwrap_or(0)
    };
    let before: u64 = spent();
    let done = work();
    (done, std::time::Duration::from_nanos(spent() - before))
}
