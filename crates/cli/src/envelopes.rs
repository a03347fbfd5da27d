//! Finds envelopes in what the analyst named, and tells copies of the same one.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use hamsa_core::{OpenError, envelope_id};

use crate::failure::{Exit, Failure};

/// Names a case: the first 128 bits of the envelope's own name, the same for the text form and the binary form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CaseId([u8; 16]);

impl CaseId {
    /// The case that this envelope is. Only its beginning is read: a damaged copy has the same name.
    ///
    /// # Errors
    /// What is no envelope.
    pub(crate) fn of(envelope: impl Read) -> Result<CaseId, OpenError> {
        let name = envelope_id(envelope)?;
        let (first, _) = name.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Ok(CaseId(*first))
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// Walks what the analyst named: a file is itself, a folder is every file below it. Links inside folders are not
/// followed, so that no loop is possible and nothing outside is read.
pub(crate) struct Walk {
    to_visit: Vec<Visit>,
    /// The folder that cases go into: what is in there was opened already.
    except: Option<PathBuf>,
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
                        Ok((path, kind)) if kind.is_dir() => self.enter(path),
                        Ok((path, kind)) if kind.is_file() => Some(Ok(path)),
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
