//! The folder that opened tips go into. A case becomes visible there complete, in one step, or not at all.
//!
//! Each run of the program works in a folder `.partial-N` of its own inside the analyst's folder and holds a lock on it
//! while it lives. What a killed run left behind is therefore known by its free lock, and removed by the next one.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use hamsa_core::{Attachment, Case, OpenedTip};

use crate::compare::Comparison;
use crate::envelopes::{CaseId, CaseName};
use crate::failure::Failure;
use crate::leftovers;
use crate::output::{self, Positioned};

const PARTIAL: &str = ".partial-";
/// The folder of the attachments in a case.
pub(crate) const ATTACHMENTS: &str = "attachments";
/// The file in a case with everything that is not an attachment.
pub(crate) const TIP_JSON: &str = "tip.json";
/// Fewer cases than this are brought to the disk file by file, more with one call for the whole file system.
const MANY: usize = 8;

/// The analyst's folder, with a place to work inside it.
pub(crate) struct Cases {
    dir: PathBuf,
    work: PathBuf,
    begun: AtomicUsize,
    /// The highest number of each mark that more than one case bears.
    numbered: Mutex<HashMap<CaseId, u32>>,
    _lock: File,
}

impl Cases {
    /// Opens `dir`, or makes it; removes what killed runs left in it.
    ///
    /// # Errors
    /// A folder that cannot be made or written.
    pub(crate) fn at(dir: &Path) -> Result<Cases, Failure> {
        let prepare = || -> io::Result<Cases> {
            output::ensure_folder(dir)?;
            // One run at a time looks through the leftovers: a work folder must not be removed between being
            // made and being locked.
            let _whole = leftovers::lock(dir)?;
            let numbered = look_through(dir)?;
            let (work, lock) = leftovers::make_work_folder(dir, PARTIAL)?;
            Ok(Cases {
                dir: dir.to_owned(),
                work,
                begun: AtomicUsize::new(0),
                numbered: Mutex::new(numbered),
                _lock: lock,
            })
        };
        prepare().map_err(|e| Failure::writing(&e, dir))
    }

    /// The names of the cases of this mark that are in sight, and the first name that is free.
    pub(crate) fn of(&self, id: CaseId) -> (Vec<CaseName>, CaseName) {
        let numbered = self.numbered.lock().unwrap_or_else(PoisonError::into_inner);
        let highest = numbered.get(&id).copied().unwrap_or(1);
        drop(numbered);
        let (mut there, mut free) = (Vec::new(), None);
        for number in 1..u32::MAX {
            let name = id.numbered(number);
            // Also a link that leads nowhere: its name is taken, and its case was taken away.
            if fs::symlink_metadata(self.path(name)).is_ok() {
                there.push(name);
                continue;
            }
            free.get_or_insert(name);
            // Below the highest one there may be gaps, where cases were moved away.
            if number >= highest {
                break;
            }
        }
        (there, free.unwrap_or(id.numbered(u32::MAX)))
    }

    /// Begins to compare an envelope with these cases.
    pub(crate) fn compare(&self, names: &[CaseName]) -> Comparison {
        Comparison::with(names.iter().map(|&name| (name, self.path(name))))
    }

    fn path(&self, name: CaseName) -> PathBuf {
        self.dir.join(name.to_string())
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

    /// Brings complete cases to the disk and then into sight; says of each whether it came there. One does not when
    /// another run took its name in the meantime.
    ///
    /// # Errors
    /// A disk that failed: the cases that are not in sight by then are as good as never opened.
    pub(crate) fn publish(&self, cases: &mut Vec<NewCase>) -> Result<Vec<bool>, Failure> {
        let publish = |cases: &mut Vec<NewCase>| -> io::Result<Vec<bool>> {
            let folder = File::open(&self.dir)?;
            sync(&folder, cases)?;
            let shown = cases.drain(..).map(|case| self.show(case)).collect();
            folder.sync_all()?;
            shown
        };
        publish(cases).map_err(|e| Failure::writing(&e, &self.dir))
    }

    fn show(&self, mut case: NewCase) -> io::Result<bool> {
        let Stage::Complete(name) = case.stage else {
            return Ok(false);
        };
        let taken = |e: &io::Error| {
            use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, NotADirectory};
            matches!(e.kind(), AlreadyExists | DirectoryNotEmpty | NotADirectory)
        };
        let placed = match output::rename_folder_to_new(&case.folder, &self.path(name)) {
            Ok(()) => {
                case.stage = Stage::Published;
                true
            }
            Err(e) if taken(&e) => false,
            Err(e) => return Err(e),
        };
        if name.number() > 1 {
            let mut numbered = self.numbered.lock().unwrap_or_else(PoisonError::into_inner);
            let highest = numbered.entry(name.id()).or_default();
            *highest = name.number().max(*highest);
        }
        Ok(placed)
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
    Complete(CaseName),
    Published,
}

impl NewCase {
    /// Writes what is not an attachment. Only after this may the case be published.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn finish(&mut self, name: CaseName, tip: &OpenedTip) -> Result<(), Failure> {
        let write = |name: &str, bytes: &[u8]| -> io::Result<()> {
            let mut file = output::create_private(&self.folder.join(name))?;
            file.write_all(bytes)?;
            output::set_constant_time(&file)
        };
        write("tip.txt", tip.text().as_bytes())
            .and_then(|()| write(TIP_JSON, &tip.to_json()))
            .and_then(|()| {
                tip.attachments()
                    .iter()
                    .try_for_each(|about| self.set_time_of(about))
            })
            .map_err(|e| Failure::writing(&e, &self.folder))?;
        self.stage = Stage::Complete(name);
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

/// Removes what killed runs left, and finds the highest number of each mark that several cases bear.
fn look_through(dir: &Path) -> io::Result<HashMap<CaseId, u32>> {
    let mut numbered = HashMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if let Some(case) = CaseId::parse_numbered(&name) {
            let highest = numbered.entry(case.id()).or_default();
            *highest = case.number().max(*highest);
        } else if name.starts_with(PARTIAL) && entry.file_type()?.is_dir() {
            leftovers::remove(&entry.path())?;
        }
    }
    Ok(numbered)
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

#[cfg(test)]
mod tests {
    use super::*;
    use hamsa_core::{Identity, KeyRing, Recipients, Tip};

    #[test]
    fn a_name_that_another_run_took_is_not_written_over() {
        let analyst = Identity::generate_x25519().expect("an identity");
        let to = Recipients::danger_bare(analyst.recipient().into_iter().collect(), None);
        let tip = Tip::new("a whisper".to_owned().into()).expect("a tip");
        let envelope = hamsa_core::seal(tip, &to.expect("recipients")).expect("sealed");
        let mut keys = KeyRing::new();
        keys.add(analyst);
        let (tip, _) = hamsa_core::open(envelope.as_bytes(), &keys).expect("opened");
        let id = CaseId::of(envelope.as_bytes()).expect("a mark");

        let dir = tempfile::tempdir().expect("a folder");
        let run = || Cases::at(dir.path()).unwrap_or_else(|why| panic!("{}", why.key()));
        let written = |run: &Cases| {
            let (_, free) = run.of(id);
            let mut case = run.begin().ok().expect("begun");
            case.finish(free, &tip).ok().expect("written");
            case
        };
        let (one, other) = (run(), run());
        let (first, second) = (written(&one), written(&other));
        assert_eq!(one.publish(&mut vec![first]).ok(), Some(vec![true]));
        assert_eq!(other.publish(&mut vec![second]).ok(), Some(vec![false]));
        assert_eq!(other.of(id).0, [id.numbered(1)]);
        let third = written(&other);
        assert_eq!(other.publish(&mut vec![third]).ok(), Some(vec![true]));
        assert_eq!(one.of(id).1, id.numbered(3), "the other run's is seen");
    }
}
