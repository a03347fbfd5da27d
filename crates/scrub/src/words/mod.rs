//! The tip's own words: what in them identifies the writer, and which invisible marks they carry.
//!
//! [`marks::clean`] takes out what nobody sees and a program can read; [`check::check`] points at what a reader can
//! trace to the writer. Neither asks a network, and neither keeps anything.

pub mod check;
pub mod marks;

use zeroize::Zeroizing;

/// The text that octets stand for: UTF-8, UTF-16 with its mark, and Windows-1252 and -1256 where they are plain to see.
/// Nothing when they are no text, or it cannot be told which.
pub fn decode(octets: Zeroizing<Vec<u8>>) -> Option<Zeroizing<String>> {
    crate::document::text::decode(octets)
}
