//! What is told about the elements that go.

use super::ebml::{self, Element};
use crate::Refusal;
use crate::job::Job;
use crate::media::window::Window;
use crate::report::What;

/// Elements within tags and attachments that are told one by one.
const MAX_TOLD: usize = 500;

/// Reports an element whose body is text.
pub(super) fn text(
    window: &mut Window<'_>,
    element: &Element,
    what: What,
    place: &'static str,
    job: &mut Job,
) -> Result<(), Refusal> {
    let len = usize::try_from(element.body.end - element.body.start).unwrap_or(usize::MAX);
    let value = window.peek(element.body.start, len.min(1024))?;
    job.found_octets(what, place, value);
    Ok(())
}

/// Reports an element that is not written again, and what is in it.
pub(super) fn other(
    window: &mut Window<'_>,
    element: &Element,
    job: &mut Job,
) -> Result<(), Refusal> {
    match element.id {
        // SeekHead, Cues, CRC-32: places and sums, which are made again.
        0x114D_9B74 | 0x1C53_BB6B | 0xBF => Ok(()),
        0xEC => {
            let len = usize::try_from(element.body.end - element.body.start).unwrap_or(usize::MAX);
            let front = window.peek(element.body.start, len.min(4096))?.to_vec();
            if front.iter().any(|&b| b != 0) {
                job.found_octets(What::Unknown, "Void", &front);
            }
            Ok(())
        }
        0x1254_C367 => {
            job.found(What::Description, "Tags", "");
            tags(window, element, 0, &mut 0, job)
        }
        0x1941_A469 => {
            job.found(What::Attachment, "Attachments", "");
            tags(window, element, 0, &mut 0, job)
        }
        0x1043_A770 => {
            job.found(What::Description, "Chapters", "");
            tags(window, element, 0, &mut 0, job)
        }
        _ => text(window, element, What::Unknown, "unknown element", job),
    }
}

/// Texts within tags, attachments and chapters, which nest.
fn tags(
    window: &mut Window<'_>,
    parent: &Element,
    depth: u8,
    told: &mut usize,
    job: &mut Job,
) -> Result<(), Refusal> {
    let mut at = parent.body.start;
    while let Some(child) = ebml::element(window, at, parent.body.end)? {
        at = child.body.end;
        *told += 1;
        if *told > MAX_TOLD {
            break;
        }
        match child.id {
            0x7373 | 0x67C8 | 0x61A7 | 0x45B9 | 0xB6 | 0x80 | 0x63C0 if depth < 6 => {
                tags(window, &child, depth + 1, told, job)?;
            }
            0x4487 => text(window, &child, What::Description, "tag TagString", job)?,
            0x466E => text(window, &child, What::Path, "attachment FileName", job)?,
            0x467E => text(
                window,
                &child,
                What::Description,
                "attachment FileDescription",
                job,
            )?,
            0x85 => text(window, &child, What::Description, "chapter ChapString", job)?,
            _ => {}
        }
    }
    Ok(())
}

/// Reports the children of Info that go.
pub(super) fn info(window: &mut Window<'_>, child: &Element, job: &mut Job) -> Result<(), Refusal> {
    let (what, place) = match child.id {
        0x7BA9 => (What::Description, "Title"),
        0x4461 => (What::Time, "DateUTC"),
        0x73A4 => (What::Identifier, "SegmentUUID"),
        0x7384 => (What::Path, "SegmentFilename"),
        0x3C_B923 | 0x3E_B923 | 0x4444 => (What::Identifier, "UUID of another segment"),
        0x3C_83AB | 0x3E_83BB => (What::Path, "name of another segment"),
        0x4D80 => (What::Software, "MuxingApp"),
        0x5741 => (What::Software, "WritingApp"),
        _ => return other(window, child, job),
    };
    let len = usize::try_from(child.body.end - child.body.start).unwrap_or(usize::MAX);
    let value = window.peek(child.body.start, len.min(1024))?.to_vec();
    if what == What::Software && value.is_empty() {
        return Ok(());
    }
    match what {
        What::Time | What::Identifier => job.found(what, place, ""),
        _ => job.found_octets(what, place, &value),
    }
    Ok(())
}
