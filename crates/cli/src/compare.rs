//! Whether an envelope that bears the mark of a case holds what stands in that case.
//!
//! Whoever knows the file key of an envelope can make another one with the same mark, so the mark alone proves
//! nothing. What opens is held against the case while it opens, and written nowhere.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hamsa_core::{Attachment, Case, OpenedTip, WriteAt};
use zeroize::Zeroizing;

use crate::cases::{ATTACHMENTS, TIP_JSON};
use crate::envelopes::CaseName;
use crate::input;

/// What the comparison came to.
pub(crate) enum Verdict {
    /// This case holds the same, octet for octet.
    Same(CaseName),
    /// This case holds the same as far as it is still there: the analyst took parts of it away.
    Pruned(CaseName),
    /// No case holds it.
    Other,
}

/// The cases of one mark, and what an envelope showed about each of them so far.
pub(crate) struct Comparison {
    cases: Vec<Known>,
}

struct Known {
    name: CaseName,
    folder: PathBuf,
    found: Arc<Found>,
}

#[derive(Default)]
struct Found {
    differs: AtomicBool,
    missing: AtomicBool,
}

impl Comparison {
    /// Begins to compare with the cases in these folders.
    pub(crate) fn with(cases: impl IntoIterator<Item = (CaseName, PathBuf)>) -> Comparison {
        let cases = cases.into_iter().map(|(name, folder)| Known {
            name,
            folder,
            found: Arc::default(),
        });
        Comparison {
            cases: cases.collect(),
        }
    }

    /// Ends the comparison with what is not an attachment.
    ///
    /// `tip.txt` does not count: it says nothing that `tip.json` does not, and is where an analyst makes notes.
    ///
    /// # Errors
    /// A case that cannot be read.
    pub(crate) fn verdict(&self, tip: &OpenedTip) -> io::Result<Verdict> {
        let json = tip.to_json();
        for case in &self.cases {
            let file = case.open(Path::new(TIP_JSON), json.len() as u64)?;
            Compared(Vec::from_iter(file)).write_all_at(&json, 0)?;
        }
        let mut alike = self.cases.iter().filter(|case| !case.found.differs());
        let whole = alike.clone().find(|case| !case.found.is_missing());
        Ok(match (whole, alike.next()) {
            (Some(case), _) => Verdict::Same(case.name),
            (None, Some(case)) => Verdict::Pruned(case.name),
            (None, None) => Verdict::Other,
        })
    }
}

impl Case for Comparison {
    type File = Compared;

    fn attachment(&mut self, about: &Attachment) -> io::Result<Compared> {
        let path = Path::new(ATTACHMENTS).join(about.name());
        let files = self.cases.iter();
        let files = files.filter_map(|case| case.open(&path, about.len).transpose());
        files.collect::<io::Result<_>>().map(Compared)
    }
}

impl Known {
    /// The file of the case that must hold the same `len` octets; nothing when that is decided without reading it.
    fn open(&self, path: &Path, len: u64) -> io::Result<Option<(File, Arc<Found>)>> {
        match input::open_file(&self.folder.join(path)) {
            Ok((file, there)) if there == len => return Ok(Some((file, Arc::clone(&self.found)))),
            Err(why) if why.key() == "io-not-found" => {
                self.found.missing.store(true, Ordering::Relaxed);
            }
            Err(why) if why.key() == "io-reading" => return Err(io::ErrorKind::Other.into()),
            // Also what may not be read: better a case twice than a tip lost.
            _ => self.found.differs.store(true, Ordering::Relaxed),
        }
        Ok(None)
    }
}

impl Found {
    fn differs(&self) -> bool {
        self.differs.load(Ordering::Relaxed)
    }

    fn is_missing(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }
}

/// Takes what one file of each case should hold, and notes where it does not.
pub(crate) struct Compared(Vec<(File, Arc<Found>)>);

impl WriteAt for Compared {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut there = Zeroizing::new(Vec::new());
        for (file, found) in &self.0 {
            if found.differs() {
                continue;
            }
            there.resize(bytes.len(), 0);
            let same = match file.read_exact_at(&mut there, offset) {
                Ok(()) => there.as_slice() == bytes,
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => false,
                Err(e) => return Err(e),
            };
            if !same {
                found.differs.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}
