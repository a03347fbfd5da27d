//! What developers and continuous integration run: `cargo xtask`.
//!
//! One file for each command; a new command is a file with a `run` function and a line in
//! [`COMMANDS`].
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "telling a developer what happens is what this program is for"
)]

mod bench_peers;
mod bench_scrub;
mod debian;
mod fuzz;
mod house;
mod metadata;
mod msrv;
mod peers;
mod run;
mod scrub_corpus;
mod steps;
mod test;
mod wasm;

use std::process::ExitCode;

/// One word after `cargo xtask`.
struct Command {
    name: &'static str,
    about: &'static str,
    /// What `cargo xtask NAME --help` adds to `about`.
    details: fn() -> String,
    /// Gets the arguments after the name; fails with a sentence for the person who ran it.
    run: fn(&[String]) -> Result<(), String>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        about: "everything that has to pass before a change lands, step by step",
        details: test::help,
        run: test::run,
    },
    Command {
        name: "peers",
        about: "fetches the other people's programs that the interop tests talk to",
        details: peers::help,
        run: peers::run,
    },
    Command {
        name: "bench-peers",
        about: "seals and opens long and short with hamsa, rage and Go age in turn",
        details: bench_peers::help,
        run: bench_peers::run,
    },
    Command {
        name: "scrub-corpus",
        about: "makes files that hide things everywhere, cleans them and judges the result",
        details: scrub_corpus::help,
        run: scrub_corpus::run,
    },
    Command {
        name: "bench-scrub",
        about: "cleans photos, films and documents with hamsa, mat2, exiftool and ffmpeg in turn",
        details: bench_scrub::help,
        run: bench_scrub::run,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<(), String> {
    let Some((name, rest)) = args.split_first() else {
        print!("{}", help());
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!(
            "{}",
            rest.first()
                .and_then(|name| find(name))
                .map_or_else(help, help_for)
        );
        return Ok(());
    }
    let command = find(name)
        .ok_or_else(|| format!("there is no command `{name}`; `cargo xtask help` lists them"))?;
    if rest
        .iter()
        .any(|arg| matches!(arg.as_str(), "--help" | "-h"))
    {
        print!("{}", help_for(command));
        return Ok(());
    }
    (command.run)(rest)
}

fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn help() -> String {
    let line = |command: &Command| format!("  {:<13} {}\n", command.name, command.about);
    let lines: String = COMMANDS.iter().map(line).collect();
    format!("cargo xtask COMMAND [OPTIONS]\n\n{lines}\n`cargo xtask help COMMAND` tells more.\n")
}

fn help_for(command: &Command) -> String {
    format!(
        "cargo xtask {}: {}\n\n{}",
        command.name,
        command.about,
        (command.details)()
    )
}
