//! The numbered examples: each runs as it stands, `cargo run -p hamsa-examples --example NAME`.
