//! Finds envelopes in what the analyst named, and tells copies of the same one.

use std::fmt::{self, Write as _};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use hamsa_core::{OpenError, envelope_id};

use crate::failure::{Exit, Failure};
use crate::kept;

/// The mark that an envelope bears: the first 128 bits of its own name, the same for the text form and the binary form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CaseId([u8; 16]);

impl CaseId {
    /// The mark of this envelope. Only its beginning is read: a damaged copy bears the same one.
    ///
    /// # Errors
    /// What is no envelope.
    pub(crate) fn of(envelope: impl Read) -> Result<CaseId, OpenError> {
        let name = envelope_id(envelope)?;
        let (first, _) = name.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Ok(CaseId(*first))
    }

    /// Reads a mark, and the number behind it, from the name of a folder.
    pub(crate) fn parse_numbered(name: &str) -> Option<CaseName> {
        let (id, number) = name.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let id = Some(id).filter(|id| id.len() == 32 && digits(id))?;
        let id = CaseId(u128::from_str_radix(id, 16).ok()?.to_be_bytes());
        let name = id.numbered(number.parse().ok()?);
        (name.number > 1).then_some(name)
    }

    /// The name of the case that is the `number`th of this mark, from 1.
    pub(crate) fn numbered(self, number: u32) -> CaseName {
        CaseName { id: self, number }
    }
}

/// Names a case: by the mark of its envelope, and by a number from 2 on when other cases bear the same mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CaseName {
    id: CaseId,
    number: u32,
}

impl CaseName {
    /// The mark.
    pub(crate) fn id(self) -> CaseId {
        self.id
    }

    /// Which one of its mark this is, from 1.
    pub(crate) fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => self.id.fmt(f),
            number => write!(f, "{}-{number}", self.id),
        }
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// Octets as hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing to memory does not fail.
        let _ = write!(text, "{octet:02x}");
        text
    })
}

/// Walks what the analyst named: a file is itself, a folder is every file below it. Links inside folders are not
/// followed, so that no loop is possible and nothing outside is read.
pub(crate) struct Walk {
    to_visit: Vec<Visit>,
    /// The folder that cases go into: what is in there was opened already.
    except: Option<PathBuf>,
    /// Whether what the program keeps beside envelopes is none of what is looked for.
    leaves_out_kept: bool,
}

enum Visit {
    Path(PathBuf),
    Folder(fs::ReadDir, PathBuf),
}

/// One thing that was found: a path to open, or one that cannot be opened and why.
pub(crate) type Found = Result<PathBuf, (PathBuf, Failure)>;

impl Walk {
    /// Starts at `paths`, in their order; `except` is a folder to stay out of.
    pub(crate) fn new(paths: &[PathBuf], except: Option<&Path>) -> Self {
        let except = except.and_then(|path| fs::canonicalize(path).ok());
        Walk {
            to_visit: paths.iter().rev().cloned().map(Visit::Path).collect(),
            except,
            leaves_out_kept: false,
        }
    }

    /// The same for envelopes: without what `carry` and `desk` keep for themselves in the folders that they write. What
    /// was named is always looked at.
    pub(crate) fn of_envelopes(paths: &[PathBuf], except: Option<&Path>) -> Self {
        Walk {
            leaves_out_kept: true,
            ..Walk::new(paths, except)
        }
    }

    fn enter(&mut self, folder: PathBuf) -> Option<Found> {
        if self.except.is_some() && fs::canonicalize(&folder).ok() == self.except {
            return None;
        }
        match fs::read_dir(&folder) {
            Ok(entries) => {
                self.to_visit.push(Visit::Folder(entries, folder));
                None
            }
            Err(e) => Some(Err((folder.clone(), Failure::reading(&e, &folder)))),
        }
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            match self.to_visit.pop()? {
                // What the analyst named may be a link: they chose it.
                Visit::Path(path) if path.is_dir() => {
                    if let Some(found) = self.enter(path) {
                        return Some(found);
                    }
                }
                Visit::Path(path) => return Some(Ok(path)),
                Visit::Folder(mut entries, folder) => {
                    let Some(entry) = entries.next() else {
                        continue;
                    };
                    self.to_visit.push(Visit::Folder(entries, folder.clone()));
                    let found = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))
                    {
                        Ok((path, kind)) if kind.is_dir() => {
                            if self.leaves_out_kept && kept::is_work_folder(&path) {
                                continue;
                            }
                            self.enter(path)
                        }
                        Ok((path, kind)) if kind.is_file() => {
                            if self.leaves_out_kept && kept::is_kept(&path) {
                                continue;
                            }
                            Some(Ok(path))
                        }
                        Ok((path, _)) => {
                            let why = Failure::new("not-a-file", Exit::Input).about(&path);
                            Some(Err((path, why)))
                        }
                        Err(e) => Some(Err((folder.clone(), Failure::reading(&e, &folder)))),
                    };
                    if let Some(found) = found {
                        return Some(found);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CaseId;

    #[test]
    fn the_name_of_a_case_says_its_mark_and_number() {
        let id = "efe925d094798337029a47aeed6efc23";
        let second = CaseId::parse_numbered(&format!("{id}-2")).expect("a name");
        assert_eq!(second.number(), 2);
        assert_eq!(second.id().numbered(1).to_string(), id);
        assert_eq!(second.to_string(), format!("{id}-2"));
        for other in [id, "-2", "2-2", &format!("{id}-1"), &format!("{id}-x")] {
            assert!(CaseId::parse_numbered(other).is_none(), "{other}");
        }
    }
}
