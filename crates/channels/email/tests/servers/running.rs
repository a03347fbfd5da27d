//! Programs that run as long as a test does.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(10);
const BEAT: Duration = Duration::from_millis(50);

/// A program in the foreground that is told to end when this goes out of use, so that it ends its children.
pub(crate) struct Running {
    child: Child,
    /// Where the number of the process stands that has to be told, when it is not the child itself.
    pid_file: Option<PathBuf>,
}

impl Running {
    /// Waits until it listens at `port`.
    pub(crate) fn start(
        command: &mut Command,
        pid_file: Option<PathBuf>,
        port: u16,
        log: &Path,
    ) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self { child, pid_file };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = running.child.try_wait().unwrap().is_some();
            if ended || start.elapsed() > START {
                let said = fs::read_to_string(log).unwrap_or_default();
                panic!("{command:?} does not listen at {port}; its log says:\n{said}");
            }
            sleep(BEAT);
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let named = self
            .pid_file
            .as_ref()
            .and_then(|file| fs::read_to_string(file).ok());
        let pid = named.map_or(self.child.id().to_string(), |pid| pid.trim().to_owned());
        let _ = Command::new("kill").arg(pid).status();
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > STOP {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
            sleep(BEAT);
        }
    }
}

/// A folder into which the servers' own users may look.
pub(crate) fn scratch() -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755)).unwrap();
    scratch
}

/// Where a program is: administrators' programs are not on everybody's path.
pub(crate) fn program(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("install {name} (Debian: {package}), or run `cargo xtask peers`"))
}

/// Makes a folder that belongs to a user of the machine.
pub(crate) fn folder_of(user: &str, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let done = Command::new("chown").arg(user).arg(folder).status();
    assert!(done.unwrap().success(), "only root can start these servers");
}

/// A port of loopback that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
