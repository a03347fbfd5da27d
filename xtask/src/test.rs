//! `cargo xtask test`: every step that has to pass before a change lands.

use std::time::{Duration, Instant};

use crate::{fuzz, house, msrv, scrub_corpus, steps, wasm};

const OPTIONS: &str = "\
Options, as often as needed:
  --skip STEP  leave this one out (the last lines say so)
  --only STEP  run nothing else

HAMSA_PEERS names the folder of the peers when it is not target/peers.
";

/// How a step that did not fail came out.
pub(crate) enum Done {
    Ok,
    /// Passed, with something that belongs in the last lines.
    With(String),
    /// Passed, with this many tests run and ignored.
    Tests {
        passed: u64,
        ignored: u64,
    },
    /// There was nothing that it could do here, and why.
    NotRun(String),
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Done, String>,
}

/// In this order: what fails fast comes first.
const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "rustfmt, workspace and fuzz",
        run: steps::fmt,
    },
    Step {
        name: "house",
        about: "links in the documents, a reason for each dependency",
        run: house::check,
    },
    Step {
        name: "msrv",
        about: "no dependency of the libraries needs a newer Rust than we say",
        run: msrv::check,
    },
    Step {
        name: "deny",
        about: "licences, bans and sources, when cargo-deny is installed",
        run: steps::deny,
    },
    Step {
        name: "clippy",
        about: "lints: workspace, core with `age`, core without features",
        run: steps::clippy,
    },
    Step {
        name: "doc",
        about: "rustdoc without a warning",
        run: steps::doc,
    },
    Step {
        name: "wasm",
        about: "core and scrubbing compile for wasm32-unknown-unknown",
        run: wasm::check,
    },
    Step {
        name: "tests",
        about: "all tests and the examples in the documentation",
        run: steps::tests,
    },
    Step {
        name: "peers",
        about: "fetch other people's programs, as `cargo xtask peers` does",
        run: steps::peers,
    },
    Step {
        name: "interop",
        about: "the tests that talk to those programs",
        run: steps::interop,
    },
    Step {
        name: "scrub",
        about: "files that hide things everywhere come out clean and unchanged",
        run: scrub_corpus::step,
    },
    Step {
        name: "bench",
        about: "the benchmarks, small: they run, their figures mean nothing",
        run: steps::bench,
    },
    Step {
        name: "fuzz",
        about: "five seconds on each fuzz target",
        run: fuzz::smoke,
    },
];

pub(crate) fn help() -> String {
    let steps = STEPS.iter().map(|step| line(step.name, step.about));
    format!(
        "Stops at the first step that fails. Steps, in their order:\n\n{}\n{OPTIONS}",
        steps.collect::<String>()
    )
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let wanted = Wanted::parse(args)?;
    let started = Instant::now();
    let mut report = String::new();
    let mut tests = 0;
    for step in STEPS {
        if !wanted.has(step.name) {
            report += &line(step.name, "left out on request");
            continue;
        }
        let (result, outcome) = timed(step);
        report += &line(step.name, &result);
        match outcome {
            Ok(passed) => tests += passed,
            Err(why) => {
                println!("\nSteps so far:\n{report}");
                return Err(format!("step {} failed: {why}", step.name));
            }
        }
    }
    let took = clock(started.elapsed());
    println!("\nEvery step that ran passed, in {took}:\n{report}");
    println!("{tests} passed, 0 failed");
    Ok(())
}

/// Runs one step and says so; returns what the last lines tell about it, and how many tests passed in it.
fn timed(step: &Step) -> (String, Result<u64, String>) {
    println!("\n== {}: {}", step.name, step.about);
    let since = Instant::now();
    let outcome = (step.run)();
    let took = clock(since.elapsed());
    let (result, outcome) = match outcome {
        Ok(Done::Ok) => (format!("ok       {took}"), Ok(0)),
        Ok(Done::With(words)) => (format!("ok       {took}, {words}"), Ok(0)),
        Ok(Done::Tests { passed, ignored }) => (
            format!("ok       {took}, {passed} passed, {ignored} ignored"),
            Ok(passed),
        ),
        Ok(Done::NotRun(why)) => (format!("not run  {why}"), Ok(0)),
        Err(why) => (format!("FAILED   {took}"), Err(why)),
    };
    println!("== {}: {result}", step.name);
    (result, outcome)
}

fn line(name: &str, result: &str) -> String {
    format!("  {name:<9} {result}\n")
}

fn clock(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f32())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// Which steps to run.
#[derive(Debug, Default, PartialEq)]
struct Wanted {
    skip: Vec<String>,
    only: Vec<String>,
}

impl Wanted {
    fn parse(args: &[String]) -> Result<Self, String> {
        let mut wanted = Self::default();
        let mut args = args.iter().map(String::as_str);
        while let Some(arg) = args.next() {
            let (option, value) = match arg.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (arg, args.next()),
            };
            let names = match option {
                "--skip" => &mut wanted.skip,
                "--only" => &mut wanted.only,
                _ => {
                    return Err(format!(
                        "`{option}` is not an option of `cargo xtask test`; it has --skip STEP and --only STEP"
                    ));
                }
            };
            let name = value.ok_or_else(|| format!("{option} needs the name of a step"))?;
            if !STEPS.iter().any(|step| step.name == name) {
                return Err(format!(
                    "there is no step `{name}`; `cargo xtask help test` lists them"
                ));
            }
            names.push(name.to_owned());
        }
        Ok(wanted)
    }

    fn has(&self, name: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|other| other == name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &str) -> Result<Wanted, String> {
        let args: Vec<String> = args.split_whitespace().map(str::to_owned).collect();
        Wanted::parse(&args)
    }

    #[test]
    fn without_options_every_step_runs() {
        assert!(STEPS.iter().all(|step| parse("").unwrap().has(step.name)));
    }

    #[test]
    fn skip_and_only_can_be_repeated() {
        let wanted = parse("--skip wasm --skip=fuzz").unwrap();
        assert!(!wanted.has("wasm") && !wanted.has("fuzz") && wanted.has("tests"));
        let wanted = parse("--only fmt --only house --skip house").unwrap();
        assert!(wanted.has("fmt") && !wanted.has("house") && !wanted.has("tests"));
    }

    #[test]
    fn a_step_or_option_that_does_not_exist_is_refused() {
        assert!(
            parse("--skip lunch")
                .unwrap_err()
                .contains("no step `lunch`")
        );
        assert!(parse("--skip").unwrap_err().contains("needs the name"));
        assert!(parse("--fast fmt").unwrap_err().contains("not an option"));
    }
}
