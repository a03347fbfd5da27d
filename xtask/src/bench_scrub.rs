//! `cargo xtask bench-scrub`: programs that clean files side by side, in turn, on the same files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    run::{Run, top},
    scrub_corpus::{self, Profile},
};

/// How much is done.
struct Size {
    /// As `bench_files.py` knows it.
    files: &'static str,
    rounds: usize,
    profile: Profile,
    /// Free KiB that the files and their copies need.
    room: u64,
}

const FULL: Size = Size {
    files: "full",
    rounds: 5,
    profile: Profile::Release,
    room: 10 << 20,
};
const USUAL: Size = Size {
    files: "usual",
    room: 1 << 20,
    ..FULL
};
const SMOKE: Size = Size {
    files: "tiny",
    rounds: 1,
    profile: Profile::Dev,
    room: 64 << 10,
};
/// How often a running program's memory is looked at.
const LOOK: Duration = Duration::from_millis(3);
const OTHERS: &[(&str, &str)] = &[
    ("mat2", "mat2"),
    ("exiftool", "libimage-exiftool-perl"),
    ("ffmpeg", "ffmpeg"),
];

pub(crate) fn help() -> String {
    format!(
        "Cleans a JPEG and a PNG of 12 megapixels, a film of 100 MB, a PDF of 100 pages, a DOCX of 2.5 MB and an\n\
         MP3 of 7 MB with hamsa, mat2, exiftool and ffmpeg in turn, {} rounds after one that does not count; prints\n\
         the median time and the highest memory of all processes of a program together. Works in /dev/shm when it\n\
         has room, so that the disk does not count, else in target.\n\n\
         Options:\n  --full  a film of 2 GB too\n",
        FULL.rounds
    )
}

/// A program, what it is given and where the clean file comes to be.
struct Contender {
    name: &'static str,
    command: Vec<PathBuf>,
    leaves: PathBuf,
}

/// What one run took; nothing when the program cannot clean the file.
type Took = Option<(Duration, u64)>;

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure(&USUAL),
        ["--full"] => measure(&FULL),
        _ => Err("`cargo xtask bench-scrub` takes --full and nothing else".into()),
    }
}

/// Everything once and small, to see that it runs.
pub(crate) fn smoke() -> Result<(), String> {
    measure(&SMOKE)
}

fn measure(size: &Size) -> Result<(), String> {
    let python = scrub_corpus::tools()?;
    scrub_corpus::install(OTHERS)?;
    let hamsa = scrub_corpus::build(size.profile)?;
    let scratch = Scratch::new(size)?;
    println!("   works in {}", scratch.0.display());
    Run::new(python)
        .arg(top().join("crates/scrub/corpus/bench_files.py"))
        .arg(&scratch.0)
        .arg(size.files)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .limit(Duration::from_secs(1800))
        .show()?;
    let mut files: Vec<PathBuf> = fs::read_dir(&scratch.0)
        .map_err(|why| why.to_string())?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    println!("\nMedian of {} rounds, highest memory:\n", size.rounds);
    println!("| file | MB | program | seconds | times as long as hamsa | MiB |");
    println!("|---|---|---|---|---|---|");
    for file in files {
        compare(&file, &contenders(&hamsa, &file, &scratch.0), size.rounds)?;
    }
    Ok(())
}

/// A folder of ours that goes away with us.
struct Scratch(PathBuf);

impl Scratch {
    fn new(size: &Size) -> Result<Self, String> {
        let shm = Path::new("/dev/shm");
        let parent = if room(shm) >= size.room {
            shm.to_owned()
        } else {
            scrub_corpus::target()
        };
        let folder = parent.join(format!("hamsa-bench-scrub-{}", std::process::id()));
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
fn room(folder: &Path) -> u64 {
    let said = Run::new("df")
        .args(["-k", "--output=avail"])
        .arg(folder)
        .read();
    said.ok()
        .and_then(|said| said.output.lines().nth(1)?.trim().parse().ok())
        .unwrap_or(0)
}

/// mat2 runs without its sandbox, which would only add to its time.
fn contenders(hamsa: &Path, file: &Path, scratch: &Path) -> Vec<Contender> {
    let end = file
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let words = |words: &[&str]| words.iter().map(PathBuf::from).collect::<Vec<_>>();
    let contender = |name, parts: [&[PathBuf]; 3], leaves: PathBuf| Contender {
        name,
        command: parts.concat(),
        leaves,
    };
    let folder = scratch.join("clean");
    let beside = file.with_extension(format!("cleaned.{end}"));
    let out = scratch.join(format!("out.{end}"));
    let own = [file.to_owned()];
    let mut all = vec![
        contender(
            "hamsa",
            [
                &[hamsa.to_owned(), "scrub".into()],
                &own,
                &["-o".into(), folder.clone()],
            ],
            folder,
        ),
        contender(
            "mat2",
            [
                &words(&["mat2", "--no-sandbox", "--unknown-members", "omit"]),
                &own,
                &[],
            ],
            beside,
        ),
        contender(
            "exiftool -all=",
            [
                &words(&["exiftool", "-q", "-m", "-all=", "-o"]),
                std::slice::from_ref(&out),
                &own,
            ],
            out.clone(),
        ),
    ];
    if matches!(end.as_str(), "mp4" | "mp3") {
        let copy = words(&["ffmpeg", "-v", "error", "-nostdin", "-y", "-i"]);
        let how = [
            &words(&["-map", "0", "-c", "copy", "-map_metadata", "-1"])[..],
            std::slice::from_ref(&out),
        ]
        .concat();
        all.push(contender(
            "ffmpeg -c copy",
            [&copy, &own, &how],
            out.clone(),
        ));
    }
    all
}

/// Runs the contenders in turn and prints a row for each.
fn compare(file: &Path, contenders: &[Contender], rounds: usize) -> Result<(), String> {
    let mut rows: Vec<Vec<Took>> = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        for (took, contender) in rows.iter_mut().zip(contenders) {
            // A program that cannot do it is not asked again.
            if took.first().is_some_and(Option::is_none) {
                continue;
            }
            let one = once(contender)?;
            if round > 0 || one.is_none() {
                took.push(one);
            }
        }
    }
    let median = |took: &Vec<Took>| {
        let mut times: Vec<Duration> = took.iter().flatten().map(|one| one.0).collect();
        times.sort_unstable();
        times.get(times.len() / 2).map(Duration::as_secs_f64)
    };
    let first = rows.first().and_then(median);
    let name = file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let length = fs::metadata(file).map_or(0, |about| about.len());
    #[allow(
        clippy::cast_precision_loss,
        reason = "a figure with one digit behind the point"
    )]
    let megabytes = length as f64 / 1e6;
    for (took, contender) in rows.iter().zip(contenders) {
        let peak = took.iter().flatten().map(|one| one.1).max().unwrap_or(0) / 1024;
        let figures = match (median(took), first) {
            (Some(time), Some(first)) => format!("{time:.3} | {:.1} | {peak}", time / first),
            (Some(time), None) => format!("{time:.3} | | {peak}"),
            (None, _) => "cannot clean it | | ".into(),
        };
        println!(
            "| {name} | {megabytes:.1} | {} | {figures} |",
            contender.name
        );
    }
    Ok(())
}

fn once(contender: &Contender) -> Result<Took, String> {
    let (program, args) = contender.command.split_first().ok_or("no command")?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|why| format!("{}: {why}", contender.name))?;
    let id = child.id();
    let watch = thread::spawn(move || {
        let mut peak = 0;
        while let Some(now) = memory_of(id) {
            peak = peak.max(now);
            thread::sleep(LOOK);
        }
        peak
    });
    let status = child
        .wait()
        .map_err(|why| format!("{}: {why}", contender.name))?;
    let time = start.elapsed();
    let peak = watch.join().unwrap_or(0);
    let made = status.success() && contender.leaves.exists();
    if contender.leaves.is_dir() {
        let _ = fs::remove_dir_all(&contender.leaves);
    } else {
        let _ = fs::remove_file(&contender.leaves);
    }
    Ok(made.then_some((time, peak)))
}

/// KiB that a running process and all below it hold; `None` when it has ended.
fn memory_of(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    };
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let below: u64 = children
        .split_whitespace()
        .filter_map(|child| memory_of(child.parse().ok()?))
        .sum();
    // A process without children has a mark of its own, which misses no moment.
    let own = field(if below == 0 { "VmHWM:" } else { "VmRSS:" })?;
    Some(own + below)
}
