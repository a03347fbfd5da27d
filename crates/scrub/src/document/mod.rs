//! Documents and archives: text and pictures stay; a new file is built around them.

pub(crate) mod epub;
pub(crate) mod office;
pub(crate) mod opendocument;
pub(crate) mod pdf;
pub(crate) mod text;
pub(crate) mod zip;

pub(crate) use self::text::{is_utf16, text_kind};

use crate::source::Source;
use crate::{Kind, Refusal};

/// Which of the kinds that are ZIP archives it is.
///
/// # Errors
/// [`Refusal::Damaged`], [`Refusal::Encrypted`].
pub(crate) fn package_kind(_file: &Source<'_>) -> Result<Kind, Refusal> {
    Ok(Kind::Zip)
}
