//! The program as a person or a script meets it: its arguments, its words, its exit codes, what it leaves on the disk.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::expect_used,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod alike;
mod bad_input;
mod card_code;
mod carry;
mod carry_inputs;
mod check;
mod core_image;
mod desk;
mod folders;
mod killed;
mod memory;
mod place;
mod scrub;
mod whole_path;
mod written_pages;
