//! A folder with an agency in it, and the program run in there.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The program that is tested.
pub(crate) const HAMSA: &str = env!("CARGO_BIN_EXE_hamsa");

/// A temporary folder; paths given to the program are relative to it.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a run of the program left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("text")
    }

    /// The two lines of a failure: what happened, and what to do.
    pub(crate) fn failure(&self) -> (String, String) {
        let lines: Vec<_> = self
            .err
            .lines()
            .filter_map(|line| line.strip_prefix("hamsa: "))
            .collect();
        assert_eq!(lines.len(), 2, "what happened and what to do: {}", self.err);
        (lines[0].to_owned(), lines[1].to_owned())
    }
}

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Place {
        Place {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A folder with the unprotected agency `agency` of one department in it.
    pub(crate) fn with_agency() -> Place {
        let place = Place::new();
        place.make_agency("agency", &[]);
        place
    }

    pub(crate) fn make_agency(&self, dir: &str, more: &[&str]) {
        let mut arguments = vec![
            "agency",
            "init",
            dir,
            "--name",
            "en=City Tip Line",
            "--unprotected",
        ];
        arguments.extend(more);
        let made = self.run(arguments, b"");
        assert_eq!(made.code, 0, "{}", made.err);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file")
    }

    /// The identity of a department of `agency`.
    pub(crate) fn identity(&self, agency: &str, department: &str) -> String {
        let folder = format!("{agency}/departments/{department}");
        let names = fs::read_dir(self.path(&folder))
            .expect("keys")
            .map(|e| e.expect("a key").file_name());
        let key = names
            .map(|name| name.into_string().expect("a name"))
            .find(|name| name.strip_suffix(".key").is_some());
        format!("{folder}/{}", key.expect("a key"))
    }

    /// The program with an English locale and no standard input.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(HAMSA);
        command
            .args(arguments)
            .current_dir(self.root())
            .env_clear()
            .env("LANG", "en_US.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        input: &[u8],
    ) -> Ran {
        run(self.command(arguments), input)
    }

    /// Seals `text` to the agency's card into `name`.
    pub(crate) fn seal(&self, text: &str, name: &str) {
        let sealed = self.run(
            ["seal", "--card", "agency/agency.card", "-o", name],
            text.as_bytes(),
        );
        assert_eq!(sealed.code, 0, "{}", sealed.err);
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|e| {
                e.expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .collect();
        names.sort();
        names
    }
}

/// Runs `command` with `input` as its standard input.
pub(crate) fn run(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut pipe = child.stdin.take().expect("standard input");
    let input = input.to_vec();
    // The program may stop reading before the end.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("ended");
    writer.join().expect("written");
    Ran {
        code: status.code().expect("not killed"),
        out: stdout,
        err: String::from_utf8(stderr).expect("text"),
    }
}
