//! An envelope as a file, read whole when it is small and by position when it is not.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use hamsa_core::{
    Attachment, Case, KeyRing, OpenError, OpenedTip, Outside, ReadAt, WriteAt, inspect_at, open_at,
};
use indicatif::ProgressBar;

use crate::envelopes::CaseId;
use crate::failure::{Exit, Failure};
use crate::input;

/// An envelope up to this length is read whole before it is opened.
const SMALL: u64 = 4 << 20;

/// An envelope that is being opened.
pub(crate) struct Source {
    octets: Octets,
    length: u64,
    /// Counts what is read.
    bar: Option<ProgressBar>,
}

enum Octets {
    Memory(Vec<u8>),
    File(File),
}

impl Source {
    /// Takes hold of the envelope at `path`.
    ///
    /// # Errors
    /// What is no file, cannot be read, or is empty.
    pub(crate) fn open(path: &Path) -> Result<Source, Failure> {
        let (file, length) = input::open_file(path)?;
        if length == 0 {
            return Err(Failure::new("file-empty", Exit::Input).about(path));
        }
        let read = || -> io::Result<Source> {
            if length > SMALL {
                return Ok(Source {
                    octets: Octets::File(file),
                    length,
                    bar: None,
                });
            }
            let mut octets = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            file.take(SMALL).read_to_end(&mut octets)?;
            let length = octets.len() as u64;
            Ok(Source {
                octets: Octets::Memory(octets),
                length,
                bar: None,
            })
        };
        read().map_err(|e| Failure::reading(&e, path))
    }

    /// The same, with `bar` counting the octets that are read of it.
    pub(crate) fn counted_by(self, bar: Option<ProgressBar>) -> Source {
        Source { bar, ..self }
    }

    /// The mark of this envelope.
    ///
    /// # Errors
    /// What is no envelope.
    pub(crate) fn id(&self) -> Result<CaseId, OpenError> {
        CaseId::of(FromStart {
            source: self,
            at: 0,
        })
    }

    /// What somebody without a key learns.
    ///
    /// # Errors
    /// What is no envelope.
    pub(crate) fn inspect(&self) -> Result<Outside, OpenError> {
        inspect_at(self, self.length)
    }

    /// Opens it; the attachments go into `case`.
    ///
    /// # Errors
    /// Any [`OpenError`].
    pub(crate) fn unseal(
        &self,
        keys: &KeyRing,
        case: &mut impl Case,
        workers: NonZeroUsize,
    ) -> Result<OpenedTip, OpenError> {
        // Looking at the beginning has moved it, or comparing with a case that was another one.
        if let Some(bar) = &self.bar {
            bar.set_position(0);
        }
        open_at(self, self.length, keys, case, workers)
    }
}

impl ReadAt for Source {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match &self.octets {
            Octets::Memory(octets) => ReadAt::read_exact_at(octets.as_slice(), buffer, offset),
            Octets::File(file) => file.read_exact_at(buffer, offset),
        }?;
        if let Some(bar) = &self.bar {
            bar.inc(buffer.len() as u64);
        }
        Ok(())
    }
}

/// Reads a source from its first octet on.
struct FromStart<'a> {
    source: &'a Source,
    at: u64,
}

impl Read for FromStart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.source.length - self.at).unwrap_or(usize::MAX);
        let (room, _) = buffer.split_at_mut(left.min(buffer.len()));
        self.source.read_exact_at(room, self.at)?;
        self.at += room.len() as u64;
        Ok(room.len())
    }
}

/// Where attachments go when there is no place for cases: they are authenticated and dropped.
pub(crate) struct Discard;

impl Case for Discard {
    type File = Discard;

    fn attachment(&mut self, _about: &Attachment) -> io::Result<Discard> {
        Ok(Discard)
    }
}

impl WriteAt for Discard {
    fn write_all_at(&self, _bytes: &[u8], _offset: u64) -> io::Result<()> {
        Ok(())
    }
}
