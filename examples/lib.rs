//! The numbered examples: each runs as it stands, `cargo run -p hamsa-examples --example 01_seal_and_open`.
//!
//! They assert what they show, and `tests/run.rs` runs them all.

/// The code in the embedder's page compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedder.md")]
mod embedder {}
