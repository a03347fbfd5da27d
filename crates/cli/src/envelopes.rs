//! Finds envelopes in what the analyst named, and tells two copies of the same one by their sealed bytes.

use std::fmt;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::failure::{Exit, Failure};

/// Names a case: the first 128 bits of the SHA-256 of the sealed bytes, the same for the text form and the binary form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CaseId([u8; 16]);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// How the octets of a file spell an envelope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As they were sealed.
    Binary,
    /// age's armor.
    Armor,
    /// Something else, which is either the short form or no envelope.
    Short,
}

impl Spelling {
    /// Tells it from the first octets. Whether they are followed by an envelope is found when it is opened.
    pub(crate) fn of(first: &[u8]) -> Spelling {
        if first.starts_with(b"age-encryption.org/") {
            Spelling::Binary
        } else if first.trim_ascii_start().starts_with(b"-----BEGIN") {
            Spelling::Armor
        } else {
            Spelling::Short
        }
    }
}

/// The case that this envelope is.
///
/// A damaged text form gives some id or other: it will not open, so that no case is ever made of it.
pub(crate) fn case_id(envelope: impl Read, spelling: Spelling) -> io::Result<CaseId> {
    let mut hash = Sha256::new();
    match spelling {
        Spelling::Binary => hash_all(envelope, &mut hash)?,
        Spelling::Armor => hash_armor(envelope, &mut hash)?,
        Spelling::Short => hash_short(envelope, &mut hash)?,
    }
    let digest: [u8; 32] = hash.finalize().into();
    let (id, _) = digest.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    Ok(CaseId(*id))
}

fn hash_all(mut envelope: impl Read, hash: &mut Sha256) -> io::Result<()> {
    let mut buffer = vec![0_u8; 1 << 16];
    loop {
        match envelope.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => hash.update(buffer.get(..n).unwrap_or_default()),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

fn hash_short(envelope: impl Read, hash: &mut Sha256) -> io::Result<()> {
    // Ten segments have fewer characters.
    const LONGEST: u64 = 1 << 14;
    let mut octets = Vec::new();
    envelope.take(LONGEST).read_to_end(&mut octets)?;
    let decoded = URL_SAFE_NO_PAD.decode(octets.trim_ascii());
    hash.update(decoded.as_ref().unwrap_or(&octets));
    Ok(())
}

fn hash_armor(envelope: impl Read, hash: &mut Sha256) -> io::Result<()> {
    // A line of armor has 64 characters.
    const LINE: u64 = 80;
    let mut lines = BufReader::with_capacity(1 << 16, envelope);
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = line.trim_ascii();
        if !text.starts_with(b"-----") {
            let unpadded = text
                .strip_suffix(b"==")
                .or_else(|| text.strip_suffix(b"="))
                .unwrap_or(text);
            let Ok(octets) = STANDARD_NO_PAD.decode(unpadded) else {
                return Ok(());
            };
            hash.update(octets);
        }
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
