//! Running the programs of others.

use std::{
    env, fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// The folder of the peers, and a scratch folder that vanishes.
pub(crate) struct Peers {
    folder: PathBuf,
    pub(crate) scratch: PathBuf,
}

impl Peers {
    pub(crate) fn new(test: &str) -> Self {
        let folder = env::var_os("HAMSA_PEERS").expect("cargo xtask test sets HAMSA_PEERS");
        let name = format!("hamsa-interop-{}-{test}", std::process::id());
        let scratch = env::temp_dir().join(name);
        fs::create_dir(&scratch).unwrap();
        Self {
            folder: folder.into(),
            scratch,
        }
    }

    /// A program of `go-age` or `rage`, with Go age's plugins on its PATH.
    pub(crate) fn program(&self, name: &str) -> Run {
        let of = if name.starts_with("rage") {
            "rage"
        } else {
            "go-age"
        };
        let mut run = Run::new(self.folder.join(of).join("bin").join(name));
        run.0.env("PATH", self.path_with_plugins());
        // rage would start a program with windows to ask for a passphrase.
        run.0.env("PINENTRY_PROGRAM", "");
        run
    }

    pub(crate) fn path_with_plugins(&self) -> std::ffi::OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let plugins = self.folder.join("go-age/bin");
        env::join_paths([plugins].into_iter().chain(env::split_paths(&path))).unwrap()
    }

    /// A script of ours for the npm packages.
    pub(crate) fn node(&self, script: &str) -> Run {
        let mut run = Run::new("node");
        run.0.current_dir(self.folder.join("npm"));
        run.args(["--input-type=module", "-e", script])
    }

    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.scratch.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs a program on a terminal, and types `passphrase` whenever it asks.
    pub(crate) fn typing(&self, passphrase: &str, program: &str) -> Run {
        let of = self.program(program);
        let mut run = Run::new("python3").args(["-c", TYPIST, passphrase]);
        run.0.arg(of.0.get_args().nth(1).unwrap());
        run.0.env("PINENTRY_PROGRAM", "");
        run
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

const TYPIST: &str = r"
import os, pty, select, sys
secret, command = sys.argv[1].encode(), sys.argv[2:]
pid, tty = pty.fork()
if pid == 0:
    os.execv(command[0], command)
said = b''
while True:
    try:
        more = os.read(tty, 4096)
    except OSError:
        break
    if not more:
        break
    said += more
    if said.rstrip().endswith(b':'):
        said = b''
        os.write(tty, secret + b'\n')
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

/// A program about to run, for a minute at most.
pub(crate) struct Run(pub(crate) Command);

impl Run {
    pub(crate) fn new(program: impl AsRef<Path>) -> Self {
        let mut command = Command::new("timeout");
        command.arg("60").arg(program.as_ref());
        Self(command)
    }

    pub(crate) fn args<A: AsRef<std::ffi::OsStr>>(
        mut self,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        self.0.args(args);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: &str) -> Self {
        self.0.env(key, value);
        self
    }

    /// Its standard output for this input; a failure is the test's.
    pub(crate) fn on(self, input: &[u8]) -> Vec<u8> {
        let shown = format!("{:?}", self.0);
        let output = self.run(input);
        assert!(
            output.status.success(),
            "{shown}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// As [`Run::on`], and it must not complain either.
    pub(crate) fn in_silence_on(self, input: &[u8]) -> Vec<u8> {
        let shown = format!("{:?}", self.0);
        let output = self.run(input);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.is_empty(),
            "{shown}: {said}"
        );
        output.stdout
    }

    fn run(mut self, input: &[u8]) -> Output {
        self.0
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.0.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || match stdin.write_all(input) {
                // Who has read enough may close; what it made of it is checked elsewhere.
                Err(e) if e.kind() != ErrorKind::BrokenPipe => panic!("{e}"),
                _ => {}
            });
            child.wait_with_output().unwrap()
        })
    }

    pub(crate) fn text(self) -> String {
        String::from_utf8(self.on(b"")).unwrap()
    }
}
