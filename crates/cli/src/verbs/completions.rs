//! `hamsa completions SHELL`: a completion script on standard output.

use clap_complete::Shell;

use crate::arguments;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Prints the completion script for `shell`, its descriptions in the person's language.
pub(crate) fn run(shell: Shell, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut arguments::command(terminal.words()),
        "hamsa",
        &mut script,
    );
    terminal.result(&script)?;
    Ok(Exit::Done)
}
