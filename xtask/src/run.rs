//! Running other programs: each has a time limit, and a sentence when it fails.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The top folder of the repository.
///
/// Cargo names our folder when it runs us. What it named when it compiled us comes second: two
/// checkouts that share a target folder share this program.
pub(crate) fn top() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// What a program wrote.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// A program that is about to run, in the top folder unless told otherwise, without standard input.
pub(crate) struct Run {
    command: Command,
    limit: Duration,
}

impl Run {
    /// Prepares `program` with a limit of ten minutes.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(top()).stdin(Stdio::null());
        Self {
            command,
            limit: Duration::from_secs(600),
        }
    }

    /// Prepares `cargo` with these words, of the toolchain that runs now unless the first is `+name`.
    ///
    /// An hour is enough for the slowest machine that we know; a test that hangs ends sooner than the night.
    pub(crate) fn cargo(words: &str) -> Self {
        Self::new("cargo")
            .args(words.split_whitespace())
            .limit(Duration::from_secs(3600))
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it with its output going where ours goes.
    pub(crate) fn show(mut self) -> Result<(), String> {
        println!("   $ {}", self.shown());
        let child = self.spawn()?;
        let status = self.wait(child, None, &mut |_| {})?;
        self.verdict(status)
    }

    /// Runs it like [`Run::show`] and hands each line of its standard output to `each` too.
    pub(crate) fn show_lines(mut self, mut each: impl FnMut(&str)) -> Result<(), String> {
        println!("   $ {}", self.shown());
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        let lines = child.stdout.take().map(lines_of);
        let status = self.wait(child, lines, &mut |line| {
            println!("{line}");
            each(line);
        })?;
        self.verdict(status)
    }

    /// Runs it in silence and returns what it said; on failure the sentence carries the end of that.
    pub(crate) fn read(mut self) -> Result<Said, String> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.spawn()?;
        let lines = child.stdout.take().map(lines_of);
        let complaints = child.stderr.take().map(lines_of);
        let mut output = String::new();
        let status = self.wait(child, lines, &mut |line| {
            output.push_str(line);
            output.push('\n');
        })?;
        // The program has ended. A second is for the last of its words: a child of its own
        // may hold the pipe open for ever.
        let grace = Instant::now() + Duration::from_secs(1);
        let mut said = String::new();
        while let Some(line) = complaints.as_ref().and_then(|from| {
            from.recv_timeout(grace.saturating_duration_since(Instant::now()))
                .ok()
        }) {
            said.push_str(&line);
            said.push('\n');
        }
        self.verdict(status)
            .map_err(|why| format!("{why}\n{}", last_lines(&output, &said)))?;
        Ok(Said {
            output,
            errors: said,
        })
    }

    fn shown(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        words
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn spawn(&mut self) -> Result<Child, String> {
        self.command
            .spawn()
            .map_err(|why| format!("cannot run `{}`: {why}", self.shown()))
    }

    /// Waits for the end of the child and of its lines, and stops it at the limit.
    fn wait(
        &self,
        mut child: Child,
        mut lines: Option<Receiver<String>>,
        each: &mut dyn FnMut(&str),
    ) -> Result<ExitStatus, String> {
        const BEAT: Duration = Duration::from_millis(50);
        let end = Instant::now() + self.limit;
        loop {
            match lines.as_ref().map(|lines| lines.recv_timeout(BEAT)) {
                Some(Ok(line)) => each(&line),
                Some(Err(RecvTimeoutError::Timeout)) => {}
                Some(Err(RecvTimeoutError::Disconnected)) => lines = None,
                None => match child.try_wait() {
                    Ok(Some(status)) => return Ok(status),
                    Ok(None) => thread::sleep(BEAT),
                    Err(why) => return Err(format!("lost sight of `{}`: {why}", self.shown())),
                },
            }
            if Instant::now() >= end {
                stop(&mut child);
                let limit = self.limit.as_secs();
                return Err(format!(
                    "`{}` did not end within {limit} seconds",
                    self.shown()
                ));
            }
        }
    }

    fn verdict(&self, status: ExitStatus) -> Result<(), String> {
        if status.success() {
            return Ok(());
        }
        Err(format!("`{}` failed ({status})", self.shown()))
    }
}

/// Whether `program` can be found and started.
pub(crate) fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Reads lines on a thread of its own, so that whoever waits for them can stop waiting.
fn lines_of(from: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|len| len > 0) {
            let text = String::from_utf8_lossy(&line);
            if send
                .send(text.trim_end_matches(['\r', '\n']).to_owned())
                .is_err()
            {
                return;
            }
            line.clear();
        }
    });
    receive
}

/// Stops the child and everything that it started: a test that hangs is a grandchild of ours.
fn stop(child: &mut Child) {
    let table = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output();
    let table = table.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let below = descendants(child.id(), &table.unwrap_or_default());
    // Each may have ended on its own by now, which is as good.
    let _ = child.kill();
    let _ = child.wait();
    if !below.is_empty() {
        let pids = below.iter().map(u32::to_string);
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(pids)
            .stderr(Stdio::null())
            .status();
    }
}

/// The processes below `top`, read from lines of `pid ppid`.
fn descendants(top: u32, table: &str) -> Vec<u32> {
    let rows: Vec<(u32, u32)> = table
        .lines()
        .filter_map(|line| {
            let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
            Some((pid.parse().ok()?, parent.trim().parse().ok()?))
        })
        .collect();
    let mut found: Vec<u32> = Vec::new();
    let mut next = vec![top];
    while let Some(parent) = next.pop() {
        let children = rows
            .iter()
            .filter(|row| row.1 == parent && !found.contains(&row.0));
        let children: Vec<u32> = children.map(|row| row.0).collect();
        next.extend(&children);
        found.extend(children);
    }
    found
}

fn last_lines(output: &str, said: &str) -> String {
    const SHOWN: usize = 60;
    let lines: Vec<&str> = output.lines().chain(said.lines()).collect();
    lines
        .get(lines.len().saturating_sub(SHOWN)..)
        .unwrap_or_default()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_over_its_limit_is_stopped() {
        let hangs = Run::new("sh").args(["-c", "sleep 97 & sleep 98"]);
        let why = hangs.limit(Duration::from_millis(200)).read().unwrap_err();
        assert!(why.contains("did not end"), "{why}");
    }

    #[test]
    fn a_failure_carries_the_last_words() {
        let why = Run::new("sh")
            .args(["-c", "echo out; echo err >&2; exit 3"])
            .read()
            .unwrap_err();
        assert!(
            why.contains("out\nerr") && why.contains("exit status: 3"),
            "{why}"
        );
    }

    #[test]
    fn grandchildren_are_found() {
        assert_eq!(descendants(10, " 10 1\n 11 10\n 12 11\n 13 1\n"), [11, 12]);
    }
}
