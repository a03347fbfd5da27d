//! The steps that are little more than one cargo command.

use crate::bench_peers;
use crate::bench_scrub;
use crate::peers;
use crate::run::{Run, top};
use crate::test::Done;

pub(crate) fn fmt() -> Result<Done, String> {
    Run::cargo("fmt --all --check").show()?;
    if top().join("fuzz/Cargo.toml").is_file() {
        Run::cargo("fmt --manifest-path fuzz/Cargo.toml --check").show()?;
    }
    Ok(Done::Ok)
}

/// The advisories are not asked here: they change with the day, not with the change under test.
pub(crate) fn deny() -> Result<Done, String> {
    if Run::cargo("deny --version").read().is_err() {
        return Ok(Done::NotRun(
            "cargo-deny is not installed (cargo install --locked cargo-deny)".into(),
        ));
    }
    Run::cargo("deny --log-level error check licenses bans sources").show()?;
    Ok(Done::Ok)
}

pub(crate) fn clippy() -> Result<Done, String> {
    for selection in [
        "--workspace",
        "-p hamsa-core --features age",
        "-p hamsa-core --no-default-features",
    ] {
        Run::cargo(&format!("clippy {selection} --all-targets -- -D warnings")).show()?;
    }
    Ok(Done::Ok)
}

pub(crate) fn doc() -> Result<Done, String> {
    Run::cargo("doc --workspace --all-features --no-deps")
        .env("RUSTDOCFLAGS", "-D warnings")
        .show()?;
    Ok(Done::Ok)
}

pub(crate) fn tests() -> Result<Done, String> {
    let mut counts = Counts::default();
    Run::cargo("test --workspace --all-features").show_lines(|line| counts.add(line))?;
    let Counts { passed, ignored } = counts;
    Ok(Done::Tests { passed, ignored })
}

pub(crate) fn peers() -> Result<Done, String> {
    peers::fetch()?;
    Ok(Done::Ok)
}

/// Runs the tests marked `#[ignore = "needs peers: cargo xtask test"]`.
///
/// `--tests` leaves out the doctests: there `ignore` means that an example does not compile.
pub(crate) fn interop() -> Result<Done, String> {
    let mut counts = Counts::default();
    Run::cargo("test --workspace --all-features --tests -- --ignored")
        .env("HAMSA_PEERS", peers::folder()?)
        .show_lines(|line| counts.add(line))?;
    if counts.passed == 0 {
        return Err("no test is marked as one that needs peers".into());
    }
    let Counts { passed, ignored } = counts;
    Ok(Done::Tests { passed, ignored })
}

/// A few tips, a short file and a few messages through the benchmarks, so that they still run when somebody wants figures.
pub(crate) fn bench() -> Result<Done, String> {
    Run::cargo("test -p hamsa-core --features age --bench tips")
        .env("HAMSA_BENCH_TIPS", "20")
        .env("HAMSA_BENCH_ROUNDS", "1")
        .env("HAMSA_BENCH_MEBIBYTES", "4")
        .show()?;
    Run::cargo("test -p hamsa-cli --bench volume")
        .env("HAMSA_BENCH_SHARE", "2000")
        .show()?;
    bench_peers::smoke()?;
    bench_scrub::smoke()?;
    Ok(Done::Ok)
}

/// Sums over the runner's lines `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    passed: u64,
    ignored: u64,
}

impl Counts {
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = result.split([' ', ';']).collect();
        for pair in words.windows(2) {
            match *pair {
                [number, "passed"] => self.passed += number.parse::<u64>().unwrap_or(0),
                [number, "ignored"] => self.ignored += number.parse::<u64>().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_runners_lines_are_summed() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 1.00s",
        ] {
            counts.add(line);
        }
        assert_eq!(
            counts,
            Counts {
                passed: 43,
                ignored: 1
            }
        );
    }
}
