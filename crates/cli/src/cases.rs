//! The folder that opened tips go into. A case becomes visible there complete, in one step, or not at all.
//!
//! Each run of the program works in a folder `.partial-N` of its own inside the analyst's folder and holds a lock on it
//! while it lives. What a killed run left behind is therefore known by its free lock, and removed by the next one.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use hamsa_core::{Attachment, Case, OpenedTip};
use rustix::fs::{FlockOperation, flock};

use crate::envelopes::CaseId;
use crate::failure::Failure;
use crate::output::{self, Positioned};

const PARTIAL: &str = ".partial-";
const ATTACHMENTS: &str = "attachments";
/// Fewer cases than this are brought to the disk file by file, more with one call for the whole file system.
const MANY: usize = 8;

/// The analyst's folder, with a place to work inside it.
pub(crate) struct Cases {
    dir: PathBuf,
    work: PathBuf,
    begun: AtomicUsize,
    _lock: File,
}

impl Cases {
    /// Opens `dir`, or makes it; removes what killed runs left in it.
    ///
    /// # Errors
    /// A folder that cannot be made or written.
    pub(crate) fn at(dir: &Path) -> Result<Cases, Failure> {
        let prepare = || -> io::Result<Cases> {
            if !dir.is_dir() {
                output::create_folder(dir)?;
            }
            // One run at a time looks through the leftovers: a work folder must not be removed between being
            // made and being locked.
            let whole = File::open(dir)?;
            flock(&whole, FlockOperation::LockExclusive)?;
            remove_leftovers(dir)?;
            let (work, lock) = make_work_folder(dir)?;
            Ok(Cases {
                dir: dir.to_owned(),
                work,
                begun: AtomicUsize::new(0),
                _lock: lock,
            })
        };
        prepare().map_err(|e| Failure::writing(&e, dir))
    }

    /// Whether this case was opened already, in this run or an earlier one.
    pub(crate) fn has(&self, id: CaseId) -> bool {
        self.dir.join(id.to_string()).is_dir()
    }

    /// Starts a case out of sight.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn begin(&self) -> Result<NewCase, Failure> {
        let folder = self
            .work
            .join(self.begun.fetch_add(1, Ordering::Relaxed).to_string());
        output::create_folder(&folder).map_err(|e| Failure::writing(&e, &self.dir))?;
        Ok(NewCase {
            folder,
            stage: Stage::Begun,
        })
    }

    /// Brings complete cases to the disk and then into sight.
    ///
    /// # Errors
    /// A disk that failed: the cases that are not in sight by then are as good as never opened.
    pub(crate) fn publish(&self, cases: &mut Vec<NewCase>) -> Result<(), Failure> {
        let publish = |cases: &mut Vec<NewCase>| -> io::Result<()> {
            let folder = File::open(&self.dir)?;
            sync(&folder, cases)?;
            cases.drain(..).try_for_each(|case| self.show(case))?;
            folder.sync_all()
        };
        publish(cases).map_err(|e| Failure::writing(&e, &self.dir))
    }

    fn show(&self, mut case: NewCase) -> io::Result<()> {
        let Stage::Complete(id) = case.stage else {
            return Ok(());
        };
        match fs::rename(&case.folder, self.dir.join(id.to_string())) {
            Ok(()) => case.stage = Stage::Published,
            // Another run opened the same envelope in the meantime; this copy goes.
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists
                ) => {}
            Err(e) => return Err(e),
        }
        Ok(())
    }
}

impl Drop for Cases {
    fn drop(&mut self) {
        // Left over at worst, for the next run to remove.
        let _ = fs::remove_dir_all(&self.work);
    }
}

/// A case that is being written. It is removed when it is dropped before it was published.
pub(crate) struct NewCase {
    folder: PathBuf,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begun,
    Complete(CaseId),
    Published,
}

impl NewCase {
    /// Writes what is not an attachment. Only after this may the case be published.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn finish(&mut self, id: CaseId, tip: &OpenedTip) -> Result<(), Failure> {
        let write = |name: &str, bytes: &[u8]| -> io::Result<()> {
            let mut file = output::create_private(&self.folder.join(name))?;
            file.write_all(bytes)?;
            output::set_constant_time(&file)
        };
        write("tip.txt", tip.text().as_bytes())
            .and_then(|()| write("tip.json", &tip.to_json()))
            .and_then(|()| {
                tip.attachments()
                    .iter()
                    .try_for_each(|about| self.set_time_of(about))
            })
            .map_err(|e| Failure::writing(&e, &self.folder))?;
        self.stage = Stage::Complete(id);
        Ok(())
    }

    fn set_time_of(&self, about: &Attachment) -> io::Result<()> {
        output::set_constant_time(&File::open(
            self.folder.join(ATTACHMENTS).join(about.name()),
        )?)
    }
}

impl Case for NewCase {
    type File = Positioned;

    fn attachment(&mut self, about: &Attachment) -> io::Result<Positioned> {
        let folder = self.folder.join(ATTACHMENTS);
        if !folder.is_dir() {
            output::create_folder(&folder)?;
        }
        Ok(Positioned(output::create_private(
            &folder.join(about.name()),
        )?))
    }
}

impl Drop for NewCase {
    fn drop(&mut self) {
        if self.stage != Stage::Published {
            // Left over at worst, in the work folder.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn remove_leftovers(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PARTIAL) || !entry.file_type()?.is_dir()
        {
            continue;
        }
        let path = entry.path();
        if flock(
            &File::open(&path)?,
            FlockOperation::NonBlockingLockExclusive,
        )
        .is_ok()
        {
            fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}

fn make_work_folder(dir: &Path) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    // Another machine, or a container, may be working in the same folder under the same process number.
    for attempt in 0..100_u32 {
        let work = dir.join(format!("{PARTIAL}{process}-{attempt}"));
        match output::create_folder(&work) {
            Ok(()) => {
                let lock = File::open(&work)?;
                flock(&lock, FlockOperation::LockExclusive)?;
                return Ok((work, lock));
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn sync(folder: &File, cases: &[NewCase]) -> io::Result<()> {
    debug_assert!(
        cases
            .iter()
            .all(|case| matches!(case.stage, Stage::Complete(_))),
        "only complete cases are published"
    );
    #[cfg(target_os = "linux")]
    if cases.len() >= MANY {
        return Ok(rustix::fs::syncfs(folder)?);
    }
    let _ = folder;
    cases.iter().try_for_each(|case| sync_below(&case.folder))
}

fn sync_below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_below(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    File::open(folder)?.sync_all()
}
