//! Files on their way through scrubbing: opened, cleaned, and what was found in them said to the person.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use hamsa_core::{CleanFile, ReadAt};
use hamsa_scrub::words::check::Clue;
use hamsa_scrub::{Kind, Redrawn, Refusal, Report, Scrubbed, What};
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::words::{Words, printable};
use crate::{input, say, text_check};

/// A file that somebody chose, read at any position. What is checked has to be what is sealed: as soon as somebody writes
/// to the file, reading it fails with [`io::ErrorKind::InvalidData`].
pub(crate) struct Original {
    file: File,
    length: u64,
    before: State,
}

/// Length and times, to the nanosecond.
#[derive(Clone, Copy, PartialEq)]
struct State([i64; 5]);

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let about = file.metadata()?;
        Ok(Self([
            about.size().cast_signed(),
            about.mtime(),
            about.mtime_nsec(),
            about.ctime(),
            about.ctime_nsec(),
        ]))
    }
}

impl Original {
    /// Opens a file and remembers how it stands.
    ///
    /// # Errors
    /// As [`input::open_file`]; an empty file.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let (file, length) = input::open_file(path)?;
        if length == 0 {
            return Err(Failure::new("file-empty", Exit::Input).about(path));
        }
        let before = State::of(&file).map_err(|e| Failure::reading(&e, path))?;
        Ok(Self {
            file,
            length,
            before,
        })
    }

    /// Octets.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// A second hold of the same file.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn again(&self) -> io::Result<Self> {
        let file = self.file.try_clone()?;
        Ok(Self { file, ..*self })
    }

    /// Reads the file as it is.
    pub(crate) fn reader(self) -> impl Read + Send {
        FromStart { file: self, at: 0 }
    }
}

impl ReadAt for Original {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)?;
        if State::of(&self.file)? == self.before {
            Ok(())
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }
}

/// Reads a file from its first octet on.
struct FromStart {
    file: Original,
    at: u64,
}

impl Read for FromStart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.file.length - self.at).unwrap_or(usize::MAX);
        let (room, _) = buffer.split_at_mut(left.min(buffer.len()));
        self.file.read_exact_at(room, self.at)?;
        self.at += room.len() as u64;
        Ok(room.len())
    }
}

/// How a picture is cleaned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// What is shown stays as it was.
    Keep,
    /// It is drawn again, a little smaller, when it can be; otherwise it is cleaned like any file.
    Redraw,
}

impl Method {
    /// The method that `--pixels` stands for.
    pub(crate) fn of(pixels: bool) -> Self {
        if pixels { Self::Redraw } else { Self::Keep }
    }
}

/// A file that was cleaned.
pub(crate) enum Clean {
    /// It is read from the original.
    Kept(Scrubbed<Original>),
    /// It is in memory, when it is a picture that could be drawn again.
    Redrawn(Scrubbed<Redrawn<Original>>),
}

impl Clean {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Kept(clean) => clean.kind(),
            Self::Redrawn(clean) => clean.kind(),
        }
    }

    /// Octets.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Kept(clean) => clean.len(),
            Self::Redrawn(clean) => clean.len(),
        }
    }

    pub(crate) fn report(&self) -> &Report {
        match self {
            Self::Kept(clean) => clean.report(),
            Self::Redrawn(clean) => clean.report(),
        }
    }

    /// What in a text file may identify somebody, by kind: its words stay as they are. Nothing for other files, and for a
    /// text that is too long to be looked through.
    ///
    /// # Errors
    /// What reading says.
    pub(crate) fn clues(&self) -> io::Result<Option<Vec<(Clue, usize)>>> {
        let is_text = matches!(self.kind(), Kind::Text | Kind::Csv);
        let len = usize::try_from(self.len()).unwrap_or(usize::MAX);
        if !is_text || len > input::MAX_CHECKED {
            return Ok(None);
        }
        let mut text = Zeroizing::new(Vec::with_capacity(len));
        self.write_to(&mut *text)?;
        Ok(str::from_utf8(&text).ok().map(text_check::count))
    }

    pub(crate) fn write_to(&self, out: impl Write) -> io::Result<u64> {
        match self {
            Self::Kept(clean) => clean.write_to(out),
            Self::Redrawn(clean) => clean.write_to(out),
        }
    }

    pub(crate) fn into_attachment(self) -> CleanFile<'static> {
        match self {
            Self::Kept(clean) => clean.into_attachment(),
            Self::Redrawn(clean) => clean.into_attachment(),
        }
    }
}

/// Cleans one file.
///
/// # Errors
/// A refusal, about `path`.
pub(crate) fn clean(original: Original, method: Method, path: &Path) -> Result<Clean, Failure> {
    let length = original.len();
    let cleaned = match method {
        Method::Keep => hamsa_scrub::scrub(original, length).map(Clean::Kept),
        Method::Redraw => hamsa_scrub::redraw(original, length).map(Clean::Redrawn),
    };
    cleaned.map_err(|refusal| refused(&refusal).about(path))
}

/// A refusal as the person gets to see it.
fn refused(refusal: &Refusal) -> Failure {
    let exit = match refusal {
        Refusal::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            return Failure::new("file-changed", Exit::Input);
        }
        Refusal::Io(_) => Exit::Io,
        _ => Exit::Input,
    };
    let failure = Failure::new(format!("error-{}", refusal.code()), exit);
    match refusal {
        Refusal::Member { number, .. } => failure.of_member(*number),
        _ => failure,
    }
}

/// What was taken out, in one line: `place 2, device 5`.
pub(crate) fn summary(report: &Report, words: &Words) -> String {
    let mut counts: BTreeMap<What, usize> = BTreeMap::new();
    for finding in report.findings() {
        *counts.entry(finding.what).or_default() += finding.count().unwrap_or(1);
    }
    if counts.is_empty() {
        return say!(words, "scrub-nothing");
    }
    let each = counts.iter().map(|(what, count)| {
        let name = named(words, "what", what.code());
        say!(words, "scrub-count", name = name, count = *count)
    });
    each.collect::<Vec<_>>().join(&say!(words, "list-comma"))
}

/// The word for a stable code of findings and remarks.
pub(crate) fn named(words: &Words, family: &str, code: &str) -> String {
    words.plain(&format!("{family}-{code}"))
}

/// What the person should know about a clean file, a sentence each.
///
/// # Errors
/// Reading the file for its words.
pub(crate) fn remarks(clean: &Clean, path: &Path, words: &Words) -> Result<Vec<String>, Failure> {
    let remarks = clean.report().remarks().iter();
    let mut all: Vec<String> = remarks
        .map(|it| named(words, "remark", it.code()))
        .collect();
    if matches!(clean.kind(), Kind::Text | Kind::Csv) {
        let clues = clean.clues().map_err(|e| Failure::reading(&e, path))?;
        all.push(match clues.as_deref() {
            None => say!(words, "text-file-unread"),
            Some([]) => say!(words, "text-file-nothing"),
            Some(clues) => {
                let each = clues.iter().map(|(what, count)| {
                    let name = words.plain(what.code());
                    say!(words, "scrub-count", name = name, count = *count)
                });
                let kinds = each.collect::<Vec<_>>().join(&say!(words, "list-comma"));
                let count: usize = clues.iter().map(|(_, count)| count).sum();
                say!(words, "text-file-found", count = count, kinds = kinds)
            }
        });
    }
    Ok(all)
}

/// Says in a few lines on standard error what was taken out of an attachment, and what the person should know.
///
/// # Errors
/// As for [`remarks`].
pub(crate) fn tell(path: &Path, clean: &Clean, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    terminal.note(&say!(
        words,
        "seal-scrubbed",
        path = printable(path),
        list = summary(clean.report(), words)
    ));
    for remark in remarks(clean, path, words)? {
        terminal.note(&remark);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_somebody_writes_to_is_read_no_further() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a");
        std::fs::write(&path, b"before").expect("written");
        let Ok(original) = Original::open(&path) else {
            panic!("the file opens");
        };
        assert!(original.read_exact_at(&mut [0; 6], 0).is_ok());
        std::fs::write(&path, b"after!").expect("written");
        let read = original.read_exact_at(&mut [0; 6], 0);
        assert!(read.is_err_and(|e| e.kind() == io::ErrorKind::InvalidData));
    }
}
