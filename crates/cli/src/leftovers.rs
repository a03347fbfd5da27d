//! Folders that a run works in before anything is in sight. Each run holds a lock on its own while it lives, so a folder
//! whose lock is free was left by a killed one.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

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
