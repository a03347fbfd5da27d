//! Text and tables: the words stay, in UTF-8 with plain line ends and without invisible marks.

mod encoding;
mod kind;

use zeroize::Zeroizing;

use self::encoding::Encoding;
use crate::job::{Job, MAX_IN_MEMORY};
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;
use crate::words::marks::{self, Mark, Marks};
use crate::{Kind, Refusal};

pub(crate) use self::encoding::is_utf16;

/// Octets from which a drawing is told.
const FRONT: u64 = 64 << 10;
/// A text has no control characters, in no encoding: so many octets of its front show it.
const CONTROLS_IN: usize = 64 << 10;

/// Which of the kinds that are text it is: told from the clean text, so that a clean file is of the same kind.
///
/// # Errors
/// [`Refusal::Mail`], [`Refusal::WebPage`], [`Refusal::TextEncoding`], [`Refusal::UnknownKind`] when it is no text at all.
pub(crate) fn text_kind(file: &Source<'_>, front: &[u8]) -> Result<Kind, Refusal> {
    if front.contains(&0) && !is_utf16(front) {
        return Err(Refusal::UnknownKind);
    }
    let front = file.read(0..file.len().min(FRONT), usize::MAX)?;
    if kind::is_svg(String::from_utf8_lossy(&front).trim_start_matches('\u{FEFF}')) {
        return Ok(Kind::Svg);
    }
    Ok(Text::read(file)?.kind)
}

/// Plans the clean text.
///
/// # Errors
/// As [`text_kind`]; [`Refusal::TooLarge`].
pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let text = Text::read(file)?;
    match text.encoding {
        Encoding::Utf8 => {}
        Encoding::Utf8Marked => job.found(What::Software, "byte order mark", ""),
        Encoding::Utf16 => job.found(What::Software, "encoding UTF-16", ""),
        Encoding::Windows1252 => job.found(What::Software, "encoding Windows-1252", ""),
        Encoding::Windows1256 => job.found(What::Software, "encoding Windows-1256", ""),
    }
    for marks in &text.marks {
        job.found_many(What::Mark, marks.what.code(), marks.count);
        if marks.what != Mark::LineEnd {
            job.remark(Remark::MarksLost);
        }
    }
    let mut plan = Plan::made(text.clean.into_bytes());
    // The words stay where they are not marks, so all of the source is in the clean file in another spelling.
    plan.rewritten(0..file.len());
    Ok(plan)
}

/// The text that octets stand for, when that can be told and it is one.
pub(crate) fn decode(octets: Zeroizing<Vec<u8>>) -> Option<Zeroizing<String>> {
    let (text, _) = encoding::decode(octets)?;
    encoding::is_readable(&text).then_some(text)
}

/// A text file, read and cleaned.
struct Text {
    clean: Clean,
    kind: Kind,
    encoding: Encoding,
    marks: Vec<Marks>,
}

/// The clean text.
struct Clean(Zeroizing<String>);

impl Clean {
    fn into_bytes(mut self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(std::mem::take(&mut *self.0).into_bytes())
    }
}

impl Text {
    fn read(file: &Source<'_>) -> Result<Self, Refusal> {
        let bytes = file.read(0..file.len(), MAX_IN_MEMORY)?;
        let has_controls = bytes.iter().take(CONTROLS_IN).any(|octet| {
            let is_of_text = matches!(octet, b'\t'..=b'\r' | 0x1A | b' '..);
            !is_of_text
        });
        let (text, encoding) = encoding::decode(bytes).ok_or(if has_controls {
            Refusal::UnknownKind
        } else {
            Refusal::TextEncoding
        })?;
        if !encoding::is_readable(&text) {
            return Err(Refusal::UnknownKind);
        }
        let cleaned = marks::clean(&text);
        let mut marks = cleaned.marks().to_vec();
        let mut clean = cleaned.text;
        if clean.trim().is_empty() {
            return Err(Refusal::UnknownKind);
        }
        let kind = kind::kind(&clean)?;
        if kind == Kind::Csv
            && let Some(tabs) = kind::tabs(&clean)
        {
            clean = padded(&clean, tabs);
            // The tabs of empty last fields were none.
            let is_spaced = |line: &str| line.trim_end_matches(['\t', '\r']).ends_with(' ');
            let has_spaces = text.split('\n').any(is_spaced);
            marks.retain(|marks| marks.what != Mark::LineEndSpace || has_spaces);
        }
        // Without its marks a text could begin as a picture does, and a second look would take it for one.
        if crate::kind::by_magic(&Source::memory(clean.as_bytes()))?.is_some() {
            return Err(Refusal::UnknownKind);
        }
        Ok(Self {
            clean: Clean(clean),
            kind,
            encoding,
            marks,
        })
    }
}

/// Gives the rows back the tabs of their empty last fields.
fn padded(text: &str, tabs: usize) -> Zeroizing<String> {
    let missing = |row: &str| match row {
        "" => 0,
        row => tabs.saturating_sub(row.bytes().filter(|b| *b == b'\t').count()),
    };
    let more: usize = text.split('\n').map(missing).sum();
    let mut padded = Zeroizing::new(String::with_capacity(text.len() + more));
    for row in text.split_inclusive('\n') {
        let (row, end) = row.strip_suffix('\n').map_or((row, ""), |row| (row, "\n"));
        padded.push_str(row);
        padded.extend(std::iter::repeat_n('\t', missing(row)));
        padded.push_str(end);
    }
    padded
}
