//! How sealed bytes reach the disk: whole or not at all, never over something that is there, telling no time.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use hamsa_core::WriteAt;
use rustix::fs::{CWD, RenameFlags};

use crate::failure::{Exit, Failure};

/// 1 January 1980, the earliest day that every file system can hold.
const CONSTANT_TIME: Duration = Duration::from_secs(315_532_800);

/// A file into which workers write at their own places.
pub(crate) struct Positioned(pub(crate) File);

impl WriteAt for Positioned {
    fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(buf, offset)
    }
}

/// Refuses an output that is there already, before anybody has typed anything.
pub(crate) fn refuse_existing(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(Failure::new("io-exists", Exit::Io).about(path)),
        Err(_) => Ok(()),
    }
}

/// Refuses an output that is there already or cannot be made, before anybody has typed anything.
pub(crate) fn refuse_impossible(path: &Path) -> Result<(), Failure> {
    refuse_existing(path)?;
    let partial = Partial::beside(path).map_err(|e| Failure::writing(&e, path))?;
    drop(partial);
    Ok(())
}

/// Makes the file `path` with what `write` puts into it. Until that is complete and on the disk, only a temporary
/// name beside it exists, and nothing at all when `write` fails.
///
/// # Errors
/// What `write` returns; an existing `path`; a file system that refuses.
pub(crate) fn create(
    path: &Path,
    write: impl FnOnce(&Positioned) -> Result<(), Failure>,
) -> Result<(), Failure> {
    refuse_existing(path)?;
    let partial = Partial::beside(path).map_err(|e| Failure::writing(&e, path))?;
    write(&partial.file)?;
    partial
        .publish(path)
        .map_err(|e| Failure::writing(&e, path))
}

/// Makes the file `path` with these bytes, as [`create`] does.
pub(crate) fn create_with(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    create(path, |file| {
        file.write_all_at(bytes, 0)
            .map_err(|e| Failure::writing(&e, path))
    })
}

/// Puts these bytes, which are made to be published, in place of the file `path` in one step: a reader sees the old file
/// or the new one. Everybody who can reach it may read it, and so may a web server that it is copied to.
pub(crate) fn replace_public(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let replace = || -> io::Result<()> {
        let partial = Partial::beside(path)?;
        (&partial.file.0).write_all(bytes)?;
        partial
            .file
            .0
            .set_permissions(Permissions::from_mode(0o644))?;
        partial.complete()?;
        fs::rename(&partial.path, path)?;
        sync_folder_of(path)
    };
    replace().map_err(|e| Failure::writing(&e, path))
}

/// Makes a folder that only its owner may enter.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Makes a folder that only its owner may enter, unless it is there; another run may make it at the same moment.
pub(crate) fn ensure_folder(path: &Path) -> io::Result<()> {
    match create_folder(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a new file that only its owner may read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Sets the modification time that all our files have.
pub(crate) fn set_constant_time(file: &File) -> io::Result<()> {
    file.set_modified(SystemTime::UNIX_EPOCH + CONSTANT_TIME)
}

/// Brings the names in the folder of `path` to the disk.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Octets that can still be written where `path` will be; nothing when the system does not say.
pub(crate) fn free_space(path: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder_of(path)).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

/// The folder that `path` is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// A file that is being written under a temporary name, removed unless it is published.
struct Partial {
    path: PathBuf,
    file: Positioned,
}

impl Partial {
    fn beside(path: &Path) -> io::Result<Partial> {
        let partial = folder_of(path).join(format!(".hamsa-partial-{}", std::process::id()));
        // The same process number in an earlier life left it: it was never complete.
        let _ = fs::remove_file(&partial);
        let file = Positioned(create_private(&partial)?);
        Ok(Partial {
            path: partial,
            file,
        })
    }

    fn complete(&self) -> io::Result<()> {
        set_constant_time(&self.file.0)?;
        self.file.0.sync_all()
    }

    fn publish(self, path: &Path) -> io::Result<()> {
        self.complete()?;
        rename_to_new(&self.path, path)?;
        sync_folder_of(path)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already when it was published.
        let _ = fs::remove_file(&self.path);
    }
}

/// Renames the folder `from` to `to` in one step that fails when `to` exists.
pub(crate) fn rename_folder_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Where the file system knows no such step: this one fails too, unless `to` is an empty folder.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            fs::rename(from, to)
        }
        done => Ok(done?),
    }
}

/// Renames `from` to `to` in one step that fails when `to` exists.
pub(crate) fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems know no such step; a second name for the file does the same on most of them.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            fs::hard_link(from, to)
        }
        done => Ok(done?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn an_output_is_private_tells_no_time_and_leaves_no_second_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tip.age");
        assert!(create_with(&path, b"sealed").is_ok());
        let about = fs::metadata(&path).expect("the output");
        assert_eq!((about.mode() & 0o7777, about.mtime()), (0o600, 315_532_800));
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn an_existing_file_is_never_overwritten() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tip.age");
        fs::write(&path, "before").expect("written");
        assert_eq!(
            create_with(&path, b"sealed").map_err(|e| e.key().to_owned()),
            Err("io-exists".to_owned())
        );
        assert!(rename_to_new(&dir.path().join("tip.age"), &path).is_err());
        assert_eq!(fs::read(&path).expect("still there"), b"before");
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a folder");
        let failed = create(&dir.path().join("tip.age"), |_| {
            Err(Failure::new("io-full", Exit::Io))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 0);
    }
}
