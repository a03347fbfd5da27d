//! A card from a file, with the checks that a person asked for.

use std::path::Path;

use hamsa_core::{Card, Fingerprint};

use crate::failure::Failure;
use crate::input;

/// Reads the card at `path` and holds it against the 40 digits that the person has, if they gave any.
///
/// # Errors
/// A file that cannot be read or is no card; a fingerprint that is none, or another one.
pub(crate) fn read(path: &Path, fingerprint: Option<&str>) -> Result<Card, Failure> {
    let expected: Option<Fingerprint> = fingerprint.map(str::parse).transpose()?;
    let card =
        Card::parse(&input::read_small_file(path)?).map_err(|e| Failure::from(e).about(path))?;
    if let Some(expected) = expected {
        card.expect(&expected)?;
    }
    Ok(card)
}
