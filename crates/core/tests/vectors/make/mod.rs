//! How the vectors were made: one function for each layer, from the outside in.
//!
//! What is described here makes new files only. A vector that exists is the truth, whatever stands here.

// Tables: one line for one vector reads better than a column of arguments.
#[rustfmt::skip]
mod armor;
#[rustfmt::skip]
mod card;
#[rustfmt::skip]
mod frame;
#[rustfmt::skip]
mod good;
#[rustfmt::skip]
mod header;
#[rustfmt::skip]
mod json;
#[rustfmt::skip]
mod key;
#[rustfmt::skip]
mod part;
#[rustfmt::skip]
mod payload;

pub use self::good::to_armor;
use crate::{
    age_file::{analyst, sealed},
    file::{Vector, sha256},
};

pub fn all() -> Vec<Vector> {
    [
        good::vectors(),
        armor::vectors(),
        header::vectors(),
        payload::vectors(),
        frame::vectors(),
        json::vectors(),
        card::vectors(),
        key::vectors(),
        part::vectors(),
    ]
    .concat()
}

/// An envelope that is refused, and the identity that it is tried with.
fn refused(name: &str, expect: &str, comment: &str, bytes: Vec<u8>) -> Vector {
    Vector::new(name, expect, comment, bytes).with("identity", &analyst())
}

/// An envelope in which only the plaintext is wrong.
fn refused_inside(name: &str, expect: &str, comment: &str, plaintext: &[u8]) -> Vector {
    refused(name, expect, comment, sealed(plaintext)).with("frame", &sha256(plaintext))
}
