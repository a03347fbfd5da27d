//! What Debian has ready: packages to install, and one to unpack without installing it.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::run::{Run, on_path};

const ARCHIVE: &str = "http://deb.debian.org/debian";

/// Installs packages of the Debian that runs here, which takes root.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let by_hand = || format!("install by hand: `apt-get install {}`", packages.join(" "));
    if !on_path("apt-get") || !is_root() {
        return Err(by_hand());
    }
    println!("   apt-get install {}", packages.join(" "));
    let apt = |words: &[&str]| {
        let run = Run::new("apt-get")
            .args(["-q", "-o", "DPkg::Lock::Timeout=120"])
            .args(words);
        run.env("DEBIAN_FRONTEND", "noninteractive")
            .limit(Duration::from_secs(900))
            .read()
    };
    // Lists that are a little old still install; lists that cannot be had may be there already.
    if let Err(why) = apt(&["update"]) {
        println!("   {why}");
    }
    let installed = apt(&[&["install", "-y", "--no-install-recommends"], packages].concat());
    installed
        .map(drop)
        .map_err(|why| format!("{why}\n{}", by_hand()))
}

/// Installs packages of servers, and leaves those servers at rest: nothing is asked, set up or started.
///
/// `answers` are what the packages would ask, as debconf-set-selections takes it.
pub(crate) fn install_at_rest(packages: &[&str], answers: &str) -> Result<(), String> {
    if on_path("debconf-set-selections") && is_root() {
        let pipe = "printf '%s\n' \"$1\" | debconf-set-selections";
        Run::new("sh").args(["-c", pipe, "sh", answers]).read()?;
    }
    let _policy = is_root().then(Policy::nothing_starts);
    install(packages)
}

/// Debian's word to its packages that no service is to be started, for as long as this lives.
struct Policy {
    is_ours: bool,
}

impl Policy {
    const FILE: &str = "/usr/sbin/policy-rc.d";

    fn nothing_starts() -> Self {
        // A machine that has a policy keeps it.
        let is_ours = File::create_new(Self::FILE).is_ok_and(|mut file| {
            let executable = fs::Permissions::from_mode(0o755);
            file.write_all(b"#!/bin/sh\nexit 101\n").is_ok()
                && file.set_permissions(executable).is_ok()
        });
        Self { is_ours }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = fs::remove_file(Self::FILE);
        }
    }
}

fn is_root() -> bool {
    Run::new("id")
        .arg("-u")
        .read()
        .is_ok_and(|uid| uid.output.trim() == "0")
}

/// Unpacks the newest `package` of Debian's unstable branch below `folder` and returns where.
///
/// Nothing is installed: apt gets lists and a cache of its own in `folder`, and only that one
/// package is opened. apt checks its signature with Debian's keys.
pub(crate) fn unpack_from_unstable(package: &str, folder: &Path) -> Result<PathBuf, String> {
    if !on_path("apt-get") || !on_path("dpkg") {
        return Err("this is not a Debian or a descendant of it".into());
    }
    let keyrings = keyrings();
    let mut why = "there is no keyring of Debian in /usr/share/keyrings (apt-get install debian-archive-keyring)".into();
    for keyring in keyrings.into_iter().take(3) {
        match download(package, &keyring, folder) {
            Ok(archive) => {
                let root = folder.join("root");
                Run::new("dpkg").arg("-x").arg(archive).arg(&root).read()?;
                return Ok(root);
            }
            Err(failed) => why = failed,
        }
    }
    Err(why)
}

/// The full keyring first; then single keys, the newest release first.
fn keyrings() -> Vec<PathBuf> {
    let folder = Path::new("/usr/share/keyrings");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut single: Vec<(String, PathBuf)> = entries
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .filter(|(name, _)| name.starts_with("debian-archive-") && name.ends_with("-automatic.gpg"))
        .collect();
    single.sort();
    let full = ["debian-archive-keyring.pgp", "debian-archive-keyring.gpg"];
    let full = full
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file());
    full.into_iter()
        .chain(single.into_iter().rev().map(|(_, path)| path))
        .collect()
}

fn download(package: &str, keyring: &Path, folder: &Path) -> Result<PathBuf, String> {
    let broken = |why: std::io::Error| format!("cannot write in {}: {why}", folder.display());
    // An older package from an earlier try must not be taken for the new one.
    let _ = fs::remove_dir_all(folder.join("download"));
    for part in ["lists/partial", "cache/archives/partial", "download"] {
        fs::create_dir_all(folder.join(part)).map_err(broken)?;
    }
    let sources = folder.join("sources.list");
    let line = format!("deb [signed-by={}] {ARCHIVE} sid main\n", keyring.display());
    fs::write(&sources, line).map_err(broken)?;
    let apt = |words: &[&str]| {
        Run::new("apt-get")
            .arg("-q")
            .args(["-o", &format!("Dir::Etc::sourcelist={}", sources.display())])
            .args(["-o", "Dir::Etc::sourceparts=/dev/null"])
            .args([
                "-o",
                &format!("Dir::State::lists={}", folder.join("lists").display()),
            ])
            .args([
                "-o",
                &format!("Dir::Cache={}", folder.join("cache").display()),
            ])
            .args([
                "-o",
                "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            ])
            .args(["-o", "Acquire::Languages=none"])
            .args(["-o", "APT::Sandbox::User=root"])
            .args(["-o", "APT::Update::Error-Mode=any"])
            .args(words)
            .folder(&folder.join("download"))
            .limit(Duration::from_secs(300))
            .read()
    };
    apt(&["update"])?;
    apt(&["download", package])?;
    let entries = fs::read_dir(folder.join("download"))
        .map_err(broken)?
        .flatten();
    let mut archives: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    archives.retain(|path| path.extension().is_some_and(|extension| extension == "deb"));
    archives.sort();
    archives
        .pop()
        .ok_or_else(|| format!("apt-get downloaded no package `{package}`"))
}
