//! The step `fuzz`: a few seconds on each target, enough to see that it still runs and
//! that nothing lies on the surface.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::metadata::{self, list, text};
use crate::peers;
use crate::run::{Run, top};
use crate::test::Done;

const VERSION: &str = "0.13.2";
const SECONDS: u64 = 5;
const MEGABYTES: u32 = 2048;

pub(crate) fn smoke() -> Result<Done, String> {
    let fuzz = top().join("fuzz");
    if !fuzz.join("Cargo.toml").is_file() {
        return Err("there is no fuzz/Cargo.toml".into());
    }
    Run::cargo("+nightly --version").read().map_err(|_| {
        "fuzzing needs a nightly compiler: `rustup toolchain install nightly --profile minimal`; \
         `--skip fuzz` leaves this step out"
    })?;
    let path = path_with_cargo_fuzz()?;
    let cargo_fuzz = |words: &str| {
        Run::cargo("+nightly fuzz")
            .args(words.split_whitespace())
            .env("PATH", &path)
    };
    cargo_fuzz("build --fuzz-dir fuzz").show()?;
    let targets = targets()?;
    for target in &targets {
        // The fuzzer writes what it finds into the first folder: not into the corpus that we keep.
        let found = top().join("target/fuzz-smoke").join(target);
        fs::create_dir_all(&found)
            .map_err(|why| format!("cannot create {}: {why}", found.display()))?;
        let corpus = fuzz.join("corpus").join(target);
        let said = cargo_fuzz("run --fuzz-dir fuzz")
            .arg(target)
            .arg(&found)
            .args(Some(&corpus).filter(|corpus| corpus.is_dir()))
            .args([
                "--".to_owned(),
                format!("-max_total_time={SECONDS}"),
                format!("-rss_limit_mb={MEGABYTES}"),
            ])
            .limit(Duration::from_secs(SECONDS + 600))
            .read()?;
        println!("   {target}: {}", last_words(&said.errors));
    }
    Ok(Done::With(format!(
        "{SECONDS} s on each of {}",
        targets.len()
    )))
}

fn targets() -> Result<Vec<String>, String> {
    let metadata = metadata::read("--no-deps --manifest-path fuzz/Cargo.toml")?;
    let targets = list(&metadata, "packages").flat_map(|package| list(package, "targets"));
    let programs = targets.filter(|target| list(target, "kind").any(|kind| kind == "bin"));
    let names: Vec<String> = programs
        .map(|target| text(target, "name").to_owned())
        .collect();
    if names.is_empty() {
        return Err("fuzz/Cargo.toml names no target".into());
    }
    Ok(names)
}

/// Where cargo finds cargo-fuzz: as installed by the developer, else in the folder of the peers.
fn path_with_cargo_fuzz() -> Result<OsString, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if is_there(&path) {
        return Ok(path);
    }
    let tools = peers::folder()?.join("tools");
    let folders = std::iter::once(tools.join("bin")).chain(std::env::split_paths(&path));
    let with_ours =
        std::env::join_paths(folders).map_err(|why| format!("PATH cannot be read: {why}"))?;
    if !is_there(&with_ours) {
        install(&tools)?;
    }
    Ok(with_ours)
}

fn is_there(path: &OsString) -> bool {
    let found = Run::cargo("fuzz --version").env("PATH", path).read();
    found.is_ok_and(|found| found.output.contains(VERSION))
}

fn install(tools: &Path) -> Result<(), String> {
    peers::cargo_install("cargo-fuzz", VERSION, tools)
}

/// The fuzzer ends with `Done 123456 runs in 11 second(s)`.
fn last_words(said: &str) -> &str {
    said.lines()
        .rfind(|line| line.starts_with("Done "))
        .unwrap_or("done")
}
