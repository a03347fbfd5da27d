//! PDF (ISO 32000): a new file is built page by page from what a page needs to be drawn.
//!
//! Everything is reached from the pages: what no page uses, and what earlier versions of the file held, is never
//! looked at. Dictionaries keep the keys that renderers read; content streams are read to operators and written
//! again with the names that this module gives; what annotations and form fields show becomes part of the page.
//!
//! | step | module |
//! |---|---|
//! | objects out of octets | `lexer`, `object`, `xref`, `file`, `crypt`, `filter`, `predictor` |
//! | pages and what they use | `build`, `content`, `operators`, `inline`, `paint`, `colour`, `function`, `image`, `annotation`, `field`, `layers` |
//! | fonts | `font`, `cmap`, `sfnt`, `cff`, `type1` |
//! | pictures' own codings | `jpx`, `jbig2` |
//! | the file | `write` |

mod annotation;
mod build;
mod cff;
mod cmap;
mod colour;
mod content;
mod crypt;
mod descriptor;
mod drawing;
mod field;
mod file;
mod filter;
mod font;
mod function;
mod image;
mod inline;
mod jbig2;
mod jpx;
mod layers;
mod lexer;
mod object;
mod operators;
mod page;
mod paint;
mod predictor;
mod properties;
mod rename;
mod sfnt;
mod type1;
mod write;
mod xref;

use crate::Refusal;
use crate::job::{Job, MAX_IN_MEMORY};
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

use self::build::Builder;
use self::file::Document;

/// Octets that may stand before the header.
const MAX_BEFORE: usize = 1024;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let bytes = file.read(0..file.len(), MAX_IN_MEMORY)?;
    let front = bytes
        .get(..bytes.len().min(MAX_BEFORE + 5))
        .unwrap_or_default();
    let start = xref::find(front, b"%PDF-").ok_or(Refusal::Damaged)?;
    let (before, bytes) = bytes.split_at_checked(start).ok_or(Refusal::Damaged)?;
    if !before.is_empty() {
        job.found_octets(What::Unknown, "before the header", before);
    }
    let document = Document::open(bytes)?;
    properties::report(&document, job);
    let mut builder = Builder::new(&document, job);
    let root = builder.catalog()?;
    let clean = write::file(&builder.into_objects(), root);
    match document.untouched() {
        0 => {}
        count => job.found_many(What::Unknown, "objects that no page needs", count),
    }
    Ok(Plan::made(clean))
}
