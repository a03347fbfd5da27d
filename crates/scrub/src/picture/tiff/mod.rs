//! TIFF and `BigTIFF` (TIFF 6.0; TIFF Technical Notes 1 and 2).
//!
//! A page is a directory of numbered fields, of which some thirty say how to show it; the rest tells about it. The
//! clean file has new directories with those fields, and strips or tiles that are copied as far as they are shown. Every
//! page stays. Photos that were never developed (DNG, NEF, ARW, ...) are TIFF files, too; they are refused.

mod codes;
mod jpeg;
mod layout;
mod lost;
mod page;
mod read;
mod write;

use std::collections::BTreeSet;
use std::ops::Range;

use self::page::Page;
use self::read::{Dialect, Directory};
use self::write::Strips;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;

/// Pages of one file.
const MAX_PAGES: usize = 1 << 14;

/// Plans the clean file.
pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let (dialect, first) = Dialect::read(file)?;
    let directories = directories(file, dialect, first)?;
    let mut strips = Strips::default();
    let mut pages = Vec::new();
    let header = 0..if dialect.is_big { 16 } else { 8 };
    let mut understood: Vec<Range<u64>> = Vec::from([header]);
    for (at, directory) in directories.iter().enumerate() {
        page::refuse_raw(file, dialect, directory)?;
        lost::report(file, dialect, directory, job)?;
        understood.extend(directory.frame.iter().cloned());
        let numbers = directory
            .fields
            .iter()
            .filter(|f| page::is_understood(f.tag));
        understood.extend(numbers.map(|field| field.value.clone()));
        if at > 0 && page::is_preview(file, dialect, directory)? {
            page::lost_preview(job);
            continue;
        }
        let page = Page::read(file, dialect, directory, job)?;
        strips.add(file, &page, job)?;
        pages.push(page);
    }
    lost::report_rest(file, &directories, &strips, job)?;
    let mut plan = write::plan(dialect.is_little, &pages, &strips)?;
    for range in understood {
        plan.rewritten(range);
    }
    Ok(plan)
}

/// How many pages the file has, without previews of them.
pub(crate) fn pages(file: &Source<'_>) -> Result<usize, Refusal> {
    let (dialect, first) = Dialect::read(file)?;
    let directories = directories(file, dialect, first)?;
    let mut pages = 0;
    for (at, directory) in directories.iter().enumerate() {
        pages += usize::from(at == 0 || !page::is_preview(file, dialect, directory)?);
    }
    Ok(pages)
}

/// The directories of the pages, in order.
fn directories(file: &Source<'_>, dialect: Dialect, first: u64) -> Result<Vec<Directory>, Refusal> {
    let mut found: Vec<Directory> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut at = first;
    while at != 0 {
        if !seen.insert(at) || found.len() == MAX_PAGES {
            return Err(Refusal::Damaged);
        }
        let directory = dialect.directory(file, at)?;
        at = directory.next;
        found.push(directory);
    }
    if found.is_empty() {
        return Err(Refusal::Damaged);
    }
    Ok(found)
}
