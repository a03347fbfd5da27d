//! A folder of sealed envelopes under names that say nothing: neither when they came, nor in which order.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::envelopes::CaseId;
use crate::failure::{Exit, Failure};
use crate::{leftovers, output};

/// What the names of the folders begin with in which envelopes are written before they are in sight.
const PARTIAL: &str = ".partial-";

/// A folder that whole envelopes go into. Each is named by the mark that it bears.
pub(crate) struct Spool {
    dir: PathBuf,
    work: PathBuf,
    /// The work folder, open and locked.
    lock: File,
}

/// What became of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It is in the folder, on the disk, under this name.
    New(PathBuf),
    /// The same one was there already.
    There,
}

impl Spool {
    /// Opens `dir`, or makes it; removes what killed runs left in it.
    ///
    /// # Errors
    /// What is no folder; one that cannot be made or written.
    pub(crate) fn at(dir: &Path) -> Result<Spool, Failure> {
        if dir.exists() && !dir.is_dir() {
            return Err(Failure::new("io-not-a-folder", Exit::Io).about(dir));
        }
        let prepare = || -> io::Result<Spool> {
            output::ensure_folder(dir)?;
            let _whole = leftovers::lock(dir)?;
            leftovers::sweep(dir, PARTIAL)?;
            let (work, lock) = leftovers::make_work_folder(dir, PARTIAL)?;
            Ok(Spool {
                dir: dir.to_owned(),
                work,
                lock,
            })
        };
        prepare().map_err(|e| Failure::writing(&e, dir))
    }

    /// Puts an envelope into the folder. When this returns, it is on the disk; at any moment before, it is there whole or
    /// not at all.
    ///
    /// # Errors
    /// What is no envelope; a disk that is full or failed.
    pub(crate) fn put(&self, envelope: &[u8]) -> Result<Put, Failure> {
        let id = CaseId::of(envelope)?;
        let failed = |e| Failure::writing(&e, &self.dir);
        // Its writer can make another envelope that bears the same mark: both are kept.
        for number in 1..u32::MAX {
            let path = self.dir.join(format!("{}.age", id.numbered(number)));
            if holds(&path, envelope).map_err(failed)? {
                return Ok(Put::There);
            }
            match self.place(&path, envelope) {
                Ok(()) => return Ok(Put::New(path)),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(failed(e)),
            }
            // Another run may have put the same one there in between.
            if holds(&path, envelope).map_err(failed)? {
                return Ok(Put::There);
            }
        }
        Err(failed(io::ErrorKind::AlreadyExists.into()))
    }

    /// Puts a file of any name into a folder of the same file system; whether it is there with these octets, and not with
    /// others.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn write(&self, path: &Path, octets: &[u8]) -> Result<bool, Failure> {
        let failed = |e| Failure::writing(&e, path);
        match self.place(path, octets) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                holds(path, octets).map_err(failed)
            }
            Err(e) => Err(failed(e)),
        }
    }

    fn place(&self, path: &Path, octets: &[u8]) -> io::Result<()> {
        let partial = self.work.join("envelope");
        // One that could not be given its name.
        let _ = fs::remove_file(&partial);
        let mut file = output::create_private(&partial)?;
        file.write_all(octets)?;
        output::set_constant_time(&file)?;
        file.sync_all()?;
        output::rename_to_new(&partial, path)?;
        let folder = File::open(output::folder_of(path))?;
        // Otherwise the folders would tell when the last one came. Not every system can.
        let _ = output::set_constant_time(&self.lock);
        let _ = output::set_constant_time(&folder);
        folder.sync_all()
    }
}

/// Whether there is a file at `path` with these octets.
fn holds(path: &Path, octets: &[u8]) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_file() && about.len() == octets.len() as u64 => {
            Ok(fs::read(path)? == octets)
        }
        Ok(_) => Ok(false),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Left over at worst, for the next run to remove.
        let _ = fs::remove_dir_all(&self.work);
        if let Ok(folder) = File::open(&self.dir) {
            let _ = output::set_constant_time(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    use hamsa_core::{Identity, Recipients, Tip};

    fn sealed() -> Vec<u8> {
        let analyst = Identity::generate_x25519().expect("an identity");
        let to = Recipients::danger_bare(analyst.recipient().into_iter().collect(), None);
        let tip = Tip::new("a whisper".to_owned().into()).expect("a tip");
        let envelope = hamsa_core::seal(tip, &to.expect("recipients")).expect("sealed");
        envelope.into_bytes()
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("the folder");
        let names = entries.map(|e| e.expect("an entry").file_name().into_string());
        let mut names: Vec<_> = names.map(|name| name.expect("text")).collect();
        names.sort();
        names
    }

    #[test]
    fn an_envelope_is_there_once_and_tells_no_time() {
        let place = tempfile::tempdir().expect("a folder");
        let dir = place.path().join("spool");
        let envelope = sealed();
        {
            let spool = Spool::at(&dir).ok().expect("a spool");
            assert!(matches!(spool.put(&envelope), Ok(Put::New(_))));
            assert_eq!(spool.put(&envelope).ok(), Some(Put::There));
        }
        let [name] = names(&dir).try_into().expect("one file");
        assert_eq!(
            name,
            format!("{}.age", CaseId::of(envelope.as_slice()).expect("a mark"))
        );
        for path in [dir.join(name), dir] {
            let about = fs::metadata(&path).expect("there");
            assert_eq!((about.mode() & 0o077, about.mtime()), (0, 315_532_800));
        }
    }

    #[test]
    fn another_envelope_of_the_same_mark_is_kept_beside_it() {
        let place = tempfile::tempdir().expect("a folder");
        let spool = Spool::at(place.path()).ok().expect("a spool");
        let one = sealed();
        let mut other = one.clone();
        *other.last_mut().expect("octets") ^= 1;
        for envelope in [&one, &other] {
            assert!(matches!(spool.put(envelope), Ok(Put::New(_))));
        }
        for envelope in [&one, &other] {
            assert_eq!(spool.put(envelope).ok(), Some(Put::There));
        }
        assert_eq!(
            spool.put(b"no envelope").map_err(|e| e.code().to_owned()),
            Err("not-an-envelope".to_owned())
        );
    }

    #[test]
    fn what_killed_runs_left_is_removed_and_what_lives_stays() {
        let place = tempfile::tempdir().expect("a folder");
        for name in [".partial-1-0", ".partial-2-0"] {
            fs::create_dir(place.path().join(name)).expect("made");
        }
        let alive = leftovers::lock(&place.path().join(".partial-2-0")).expect("locked");
        drop(Spool::at(place.path()).ok().expect("a spool"));
        assert_eq!(names(place.path()), [".partial-2-0"]);
        drop(alive);
    }
}
