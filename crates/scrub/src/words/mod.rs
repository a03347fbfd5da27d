//! The tip's own words: what in them identifies the writer, and which invisible marks they carry.
//!
//! [`marks::clean`] takes out what nobody sees and a program can read; [`check::check`] points at what a reader can
//! trace to the writer. Neither asks a network, and neither keeps anything.

pub mod check;
pub mod marks;
