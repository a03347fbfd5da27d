//! What the program keeps for itself beside the envelopes in a folder, so that whoever opens the folder is not told of it.
//!
//! ```text
//! DIR/parts/GROUP-COUNT-NUMBER.part    a part that waits for the others, with `-2` … behind it when there are rivals
//! DIR/parts/GROUP-COUNT.whole          empty: this group became whole
//! DIR/parts/HEADER-N.segment           an SMS of a short tip that waits for the others
//! DIR/parts/HEADER-END.whole           empty: this SMS was joined with the others
//! DIR/.partial-PROCESS-ATTEMPT/        what is being written, or was when a run was killed
//! ```
//!
//! Only what has both such a name and such a content is left out: what somebody else put there is told like all else.

use std::fs;
use std::path::Path;

use hamsa_core::Part;

use crate::envelopes::hex;
use crate::input;

/// The folder of the parts, in the folder of the envelopes.
pub(crate) const PARTS: &str = "parts";
/// What the name of a part's file ends with.
pub(crate) const PART: &str = "part";
/// What the name of a short tip's SMS ends with.
pub(crate) const SEGMENT: &str = "segment";
/// What the name of the file ends with that says that an envelope is whole and its parts are gone.
pub(crate) const WHOLE: &str = "whole";

/// Whether a file is one that `carry` keeps until an envelope is whole, or the mark that one was.
pub(crate) fn is_kept(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    let name = path.file_name().and_then(|name| name.to_str());
    let (true, Some(name)) = (folder.is_some_and(|it| it == PARTS), name) else {
        return false;
    };
    match name.rsplit_once('.') {
        Some((name, PART)) => is_part_named(path, name),
        Some((name, SEGMENT)) => is_segment_named(path, name),
        Some((mark, WHOLE)) => {
            let is_empty = fs::metadata(path).is_ok_and(|about| about.len() == 0);
            is_empty && (is_group(mark) || is_joined(mark))
        }
        _ => false,
    }
}

/// Whether a folder is one that `carry`, `desk` or `open` writes in before anything is in sight.
pub(crate) fn is_work_folder(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let numbers = name.and_then(|name| name.strip_prefix(".partial-")?.split_once('-'));
    numbers.is_some_and(|(process, attempt)| is_number(process) && is_number(attempt))
}

/// Whether the file holds the part that its name says.
fn is_part_named(path: &Path, name: &str) -> bool {
    let Ok(octets) = input::read_small_file(path) else {
        return false;
    };
    let Ok(part) = Part::parse(&octets) else {
        return false;
    };
    let group = hex(part.as_bytes().get(1..9).unwrap_or_default());
    let own = format!("{group}-{:05}-{:05}", part.count(), part.number());
    let rival = name.strip_prefix(&own);
    rival.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
}

/// Whether the file begins with the header that its name says.
fn is_segment_named(path: &Path, name: &str) -> bool {
    let Ok(octets) = input::read_small_file(path) else {
        return false;
    };
    let header = octets.first().map_or(0, |&length| 1 + usize::from(length));
    let header = octets.get(..header).unwrap_or_default();
    let rival = name.strip_prefix(&hex(header));
    let is_ours = rival.is_some_and(|rest| rest.strip_prefix('-').is_some_and(is_number));
    !header.is_empty() && is_ours
}

/// A header whose first octet is its length, and eight octets, both in hexadecimal digits.
fn is_joined(name: &str) -> bool {
    let both = name.split_once('-');
    both.is_some_and(|(header, end)| {
        let length = header.get(..2).map(|it| usize::from_str_radix(it, 16));
        let is_whole =
            matches!(length, Some(Ok(length)) if length > 0 && 2 + 2 * length == header.len());
        is_whole && end.len() == 16 && is_hex(header) && is_hex(end)
    })
}

fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
}

/// Eight octets in hexadecimal digits, and how many parts there are.
fn is_group(name: &str) -> bool {
    let both = name.split_once('-');
    both.is_some_and(|(group, count)| {
        group.len() == 16 && is_hex(group) && count.len() == 5 && is_number(count)
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_program_gives_are_left_out() {
        for (name, is_ours) in [
            (".partial-12-0", true),
            (".partial-12", false),
            (".partial-12-0-1", false),
            (".partial-a-0", false),
            ("partial-12-0", false),
        ] {
            assert_eq!(
                is_work_folder(&Path::new("in").join(name)),
                is_ours,
                "{name}"
            );
        }
        for (name, is_ours) in [
            ("0123456789abcdef-00012", true),
            ("0123456789abcdef-12", false),
            ("0123456789ABCDEF-00012", false),
            ("0123456789abcdef-00012-00001", false),
            ("tip", false),
        ] {
            assert_eq!(is_group(name), is_ours, "{name}");
        }
        for (name, is_ours) in [
            ("0500032a0201-0123456789abcdef", true),
            ("0500032a02-0123456789abcdef", false),
            ("00-0123456789abcdef", false),
            ("0500032a0201-01234567", false),
            ("0123456789abcdef-00012", false),
        ] {
            assert_eq!(is_joined(name), is_ours, "{name}");
        }
    }
}
