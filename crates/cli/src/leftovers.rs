//! Folders that a run works in before anything is in sight. Each run holds a lock on its own while it lives, so a folder
//! whose lock is free was left by a killed one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::output;

/// Locks a folder until the file that comes back is dropped; waits for whoever has it.
///
/// # Errors
/// A folder that is not there, a file system without locks.
pub(crate) fn lock(folder: &Path) -> io::Result<File> {
    let file = File::open(folder)?;
    flock(&file, FlockOperation::LockExclusive)?;
    Ok(file)
}

/// Removes a folder unless its run is alive; whether it did.
///
/// # Errors
/// What cannot be opened or removed.
pub(crate) fn remove(folder: &Path) -> io::Result<bool> {
    let file = File::open(folder)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(false);
    }
    fs::remove_dir_all(folder)?;
    Ok(true)
}

/// Removes the folders in `dir` whose names begin with `prefix` and whose runs are gone.
///
/// # Errors
/// What cannot be listed or removed.
pub(crate) fn sweep(dir: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(prefix);
        let swept = match entry.file_type() {
            Ok(kind) if is_ours && kind.is_dir() => remove(&entry.path()).map(drop),
            other => other.map(drop),
        };
        // A run that ends removes its own.
        if let Err(e) = swept
            && e.kind() != io::ErrorKind::NotFound
        {
            return Err(e);
        }
    }
    Ok(())
}

/// Makes a folder of this run in `dir` under a name that begins with `prefix`; its lock comes with it.
///
/// # Errors
/// A folder that cannot be written.
pub(crate) fn make_work_folder(dir: &Path, prefix: &str) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    // Another machine, or a container, may be working in the same folder under the same process number.
    for attempt in 0..100_u32 {
        let work = dir.join(format!("{prefix}{process}-{attempt}"));
        match output::create_folder(&work) {
            Ok(()) => {
                let lock = lock(&work)?;
                return Ok((work, lock));
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
