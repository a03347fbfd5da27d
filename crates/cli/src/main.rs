//! The `hamsa` program.
fn main() {}
