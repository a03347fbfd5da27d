//! The path of a tip.
#![forbid(unsafe_code)]

mod error;

pub use error::{CardError, KeyError, OpenError, SealError};
