//! `cargo xtask bench-peers`: whole programs side by side, in turn, on the same files.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    peers,
    run::{Run, top},
};

/// How much is done.
#[derive(Clone, Copy)]
struct Size {
    /// The long attachment, in MiB.
    mebibytes: u64,
    rounds: usize,
    /// Rounds of the cold start, which is quick.
    starts: usize,
    /// The profile that hamsa is built with, and its folder.
    profile: (&'static str, &'static str),
}

const FULL: Size = Size {
    mebibytes: 1024,
    rounds: 5,
    starts: 60,
    profile: ("--release", "release"),
};
const SMOKE: Size = Size {
    mebibytes: 4,
    rounds: 1,
    starts: 1,
    profile: ("", "debug"),
};
const TEXT: &str = "They meet behind the old market on Thursdays.\n";
/// How often a running program's memory is looked at.
const LOOK: Duration = Duration::from_millis(5);

pub(crate) fn help() -> String {
    format!(
        "Seals and opens a file of {} MiB, and seals a short text as a whole process, with hamsa, rage and\n\
         Go age in turn, {} rounds ({} for the short text) after one that does not count; prints medians,\n\
         ratios and the highest memory. Works in /dev/shm when it has room, so that the disk does not\n\
         count, else in target. Fetches the peers when they are missing.\n",
        FULL.mebibytes, FULL.rounds, FULL.starts
    )
}

/// A contender's program and arguments, what it reads, and what it leaves behind.
struct Contender {
    name: &'static str,
    program: PathBuf,
    args: Vec<PathBuf>,
    stdin: &'static str,
    leaves: PathBuf,
}

/// What one run took.
#[derive(Clone, Copy)]
struct Took {
    time: Duration,
    /// The highest resident memory that was seen, in KiB.
    peak: u64,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(arg) = args.first() {
        return Err(format!(
            "`cargo xtask bench-peers` takes no argument, and `{arg}` was given"
        ));
    }
    measure(FULL)
}

/// Everything once and small, to see that it runs.
pub(crate) fn smoke() -> Result<(), String> {
    measure(SMOKE)
}

fn measure(size: Size) -> Result<(), String> {
    peers::fetch()?;
    Run::cargo(&format!("build {} -p hamsa-cli", size.profile.0)).show()?;
    let scratch = Scratch::new(size)?;
    println!("   works in {}", scratch.0.display());
    let programs = Programs::new(&scratch.0, size)?;
    let mebibytes = size.mebibytes;
    let sealing = programs.sealing(&scratch.0.join("big"));
    compare(
        &format!("Sealing a file of {mebibytes} MiB"),
        size.rounds,
        &sealing,
    )?;
    for contender in &sealing {
        once(contender)?;
    }
    compare(
        &format!("Opening a file of {mebibytes} MiB"),
        size.rounds,
        &programs.opening(),
    )?;
    for contender in &sealing {
        remove(&contender.leaves)?;
    }
    let text = "Sealing one line of text, as a whole process";
    compare(text, size.starts, &programs.sealing_text())
}

/// A folder of ours that goes away with us.
struct Scratch(PathBuf);

impl Scratch {
    fn new(size: Size) -> Result<Self, String> {
        // The file, its envelopes, and one that is open again.
        let parent = if room("/dev/shm") >= (8 * size.mebibytes) << 10 {
            PathBuf::from("/dev/shm")
        } else {
            top().join("target")
        };
        let folder = parent.join(format!("hamsa-bench-{}", std::process::id()));
        fs::create_dir(&folder)
            .map_err(|why| format!("cannot create {}: {why}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Free KiB below `folder`, 0 when nobody can tell.
fn room(folder: &str) -> u64 {
    let said = Run::new("df").args(["-k", "--output=avail", folder]).read();
    said.ok()
        .and_then(|said| said.output.lines().nth(1)?.trim().parse().ok())
        .unwrap_or(0)
}

/// The programs, their keys and the files that they work on.
struct Programs {
    scratch: PathBuf,
    hamsa: PathBuf,
    rage: PathBuf,
    age: PathBuf,
    rage_to: PathBuf,
    age_to: PathBuf,
    age_pq_to: PathBuf,
}

impl Programs {
    fn new(scratch: &Path, size: Size) -> Result<Self, String> {
        let peers = peers::folder()?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| top().join("target"), PathBuf::from);
        let hamsa = target.join(size.profile.1).join("hamsa");
        let age_keygen = peers.join("go-age/bin/age-keygen");
        Run::new(&hamsa)
            .args(["agency", "init", "--name", "en=Bench", "--unprotected"])
            .arg(scratch.join("agency"))
            .read()?;
        let recipient = |program: &Path, kind: &[&str], name: &str| {
            let key = scratch.join(format!("{name}.key"));
            Run::new(program).args(kind).arg("-o").arg(&key).read()?;
            let said = Run::new(program).arg("-y").arg(&key).read()?;
            Ok::<_, String>(PathBuf::from(said.output.trim()))
        };
        let mut big = fs::File::create(scratch.join("big")).map_err(|why| why.to_string())?;
        let random = fs::File::open("/dev/urandom").map_err(|why| why.to_string())?;
        io::copy(&mut random.take(size.mebibytes << 20), &mut big)
            .map_err(|why| why.to_string())?;
        Ok(Self {
            rage_to: recipient(&peers.join("rage/bin/rage-keygen"), &[], "rage")?,
            age_to: recipient(&age_keygen, &[], "age")?,
            age_pq_to: recipient(&age_keygen, &["-pq"], "age-pq")?,
            scratch: scratch.to_owned(),
            hamsa,
            rage: peers.join("rage/bin/rage"),
            age: peers.join("go-age/bin/age"),
        })
    }

    fn sealing(&self, big: &Path) -> Vec<Contender> {
        let encrypt = |name, program: &Path, to: &Path, leaves: &str| {
            let leaves = self.scratch.join(leaves);
            let args = [
                "-r".into(),
                to.to_owned(),
                "-o".into(),
                leaves.clone(),
                big.to_owned(),
            ];
            Contender {
                name,
                program: program.to_owned(),
                args: args.into(),
                stdin: "",
                leaves,
            }
        };
        vec![
            encrypt("rage", &self.rage, &self.rage_to, "rage.age"),
            encrypt("Go age", &self.age, &self.age_to, "go.age"),
            encrypt("Go age -pq", &self.age, &self.age_pq_to, "go-pq.age"),
            self.hamsa_seal(&["--danger-unscrubbed".into(), big.to_owned()], "hamsa.age"),
        ]
    }

    fn opening(&self) -> Vec<Contender> {
        let decrypt = |name, program: &Path, key: &str, sealed: &str| {
            let leaves = self.scratch.join("opened");
            let args = [
                "-d".into(),
                "-i".into(),
                self.scratch.join(key),
                "-o".into(),
                leaves.clone(),
                self.scratch.join(sealed),
            ];
            Contender {
                name,
                program: program.to_owned(),
                args: args.into(),
                stdin: "",
                leaves,
            }
        };
        let cases = self.scratch.join("cases");
        vec![
            decrypt("rage", &self.rage, "rage.key", "rage.age"),
            decrypt("Go age", &self.age, "age.key", "go.age"),
            decrypt("Go age -pq", &self.age, "age-pq.key", "go-pq.age"),
            Contender {
                name: "hamsa",
                program: self.hamsa.clone(),
                args: vec![
                    "open".into(),
                    "-i".into(),
                    self.identity(),
                    "--out".into(),
                    cases.clone(),
                    self.scratch.join("hamsa.age"),
                ],
                stdin: "",
                leaves: cases,
            },
        ]
    }

    fn sealing_text(&self) -> Vec<Contender> {
        let encrypt = |name, program: &Path, to: &Path| {
            let leaves = self.scratch.join("text.age");
            let args = ["-r".into(), to.to_owned(), "-o".into(), leaves.clone()];
            Contender {
                name,
                program: program.to_owned(),
                args: args.into(),
                stdin: TEXT,
                leaves,
            }
        };
        vec![
            encrypt("rage -r", &self.rage, &self.rage_to),
            encrypt("Go age -r", &self.age, &self.age_to),
            encrypt("Go age -r, post-quantum", &self.age, &self.age_pq_to),
            self.hamsa_seal(&[], "text-hamsa.age"),
        ]
    }

    fn hamsa_seal(&self, more: &[PathBuf], leaves: &str) -> Contender {
        let leaves = self.scratch.join(leaves);
        let card = self.scratch.join("agency/agency.card");
        let mut args = vec![
            "seal".into(),
            "--card".into(),
            card,
            "-o".into(),
            leaves.clone(),
        ];
        args.extend_from_slice(more);
        Contender {
            name: "hamsa",
            program: self.hamsa.clone(),
            args,
            stdin: TEXT,
            leaves,
        }
    }

    /// The key file of the agency's only department.
    fn identity(&self) -> PathBuf {
        let folder = self.scratch.join("agency/departments/general");
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .map(|file| file.path())
            .find(|path| path.extension().is_some_and(|end| end == "key"))
            .unwrap_or_default()
    }
}

/// Runs the contenders in turn and prints medians, ratios to the first, and the highest memory.
fn compare(title: &str, rounds: usize, contenders: &[Contender]) -> Result<(), String> {
    let mut rows: Vec<Vec<Took>> = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        for (took, contender) in rows.iter_mut().zip(contenders) {
            let one = once(contender)?;
            remove(&contender.leaves)?;
            if round > 0 {
                took.push(one);
            }
        }
    }
    println!("\n{title}: median of {rounds} rounds");
    let median = |took: &mut Vec<Took>| {
        took.sort_by_key(|one| one.time);
        took.get(took.len() / 2)
            .map_or(0.0, |one| one.time.as_secs_f64())
    };
    let first = rows.first_mut().map_or(0.0, median);
    for (took, contender) in rows.iter_mut().zip(contenders) {
        let time = median(took);
        let peak = took.iter().map(|one| one.peak).max().unwrap_or(0) / 1024;
        println!(
            "  {:<26} {:>9.1} ms   {:>5.2} times the speed of {}   {peak} MiB",
            contender.name,
            time * 1000.0,
            first / time,
            contenders.first().map_or("", |one| one.name),
        );
    }
    Ok(())
}

fn once(contender: &Contender) -> Result<Took, String> {
    let why = |what: &str| format!("{}: {what}", contender.name);
    let start = Instant::now();
    let mut child = Command::new(&contender.program)
        .args(&contender.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| why(&e.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read its input may have closed it.
        let _ = stdin.write_all(contender.stdin.as_bytes());
    }
    let id = child.id();
    let watch = thread::spawn(move || {
        let mut peak = 0;
        while let Some(now) = peak_of(id) {
            peak = peak.max(now);
            thread::sleep(LOOK);
        }
        peak
    });
    let status = child.wait().map_err(|e| why(&e.to_string()))?;
    let time = start.elapsed();
    let peak = watch.join().unwrap_or(0);
    if status.success() {
        Ok(Took { time, peak })
    } else {
        Err(why("failed; run `cargo xtask test` first"))
    }
}

/// The highest resident memory of a running process, in KiB; `None` when it has ended.
fn peak_of(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

fn remove(path: &Path) -> Result<(), String> {
    let gone = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    gone.map_err(|why| format!("cannot remove {}: {why}", path.display()))
}
