//! The path of a tip.
#![forbid(unsafe_code)]

mod error;
#[allow(dead_code, reason = "nothing calls it before the public API does")]
mod short;

pub use error::{CardError, KeyError, OpenError, SealError};
