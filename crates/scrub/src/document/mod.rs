//! Documents and archives: text and pictures stay; a new file is built around them.

mod container;
pub(crate) mod epub;
pub(crate) mod office;
pub(crate) mod opendocument;
mod package;
pub(crate) mod pdf;
pub(crate) mod text;
mod xml;
pub(crate) mod zip;

pub(crate) use self::text::{is_utf16, text_kind};

use crate::source::Source;
use crate::{Kind, Refusal};

/// Which of the kinds that are ZIP archives it is.
///
/// # Errors
/// [`Refusal::Damaged`], [`Refusal::Encrypted`].
pub(crate) fn package_kind(file: &Source<'_>) -> Result<Kind, Refusal> {
    package::kind(file)
}
