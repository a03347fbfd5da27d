//! `hamsa man DIR`: manual pages, one per verb.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::words::Words;
use crate::{arguments, output, say};

/// Writes `hamsa.1`, `hamsa-seal.1`, … into `dir`, which is made when it is missing.
pub(crate) fn run(dir: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    fs::create_dir_all(dir).map_err(|e| Failure::writing(&e, dir))?;
    let mut command = arguments::command(terminal.words()).disable_help_subcommand(true);
    command.build();
    let pages = write_pages(&command, "hamsa", dir, terminal.words())?;
    terminal.note(&say!(
        terminal.words(),
        "man-written",
        count = pages,
        path = crate::words::printable(dir)
    ));
    Ok(Exit::Done)
}

/// Writes the page of `command` and of the verbs below it; how many pages that were.
fn write_pages(command: &Command, name: &str, dir: &Path, words: &Words) -> Result<usize, Failure> {
    let path = dir.join(format!("{name}.1"));
    let page = page(command, name, words).map_err(|e| Failure::writing(&e, &path))?;
    output::create_with(&path, &page)?;
    let mut pages = 1;
    for verb in command.get_subcommands() {
        pages += write_pages(verb, &format!("{name}-{}", verb.get_name()), dir, words)?;
    }
    Ok(pages)
}

fn page(command: &Command, name: &str, words: &Words) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man = Man::new(command.clone().display_name(name.to_owned())).title(name.to_uppercase());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    page.extend_from_slice(exit_status(words).as_bytes());
    Ok(page)
}

/// The section about exit codes, which every page has.
fn exit_status(words: &Words) -> String {
    let lines = say!(words, "help-after");
    let mut section = format!(".SH \"{}\"\n.nf\n", say!(words, "help-exit-codes"));
    for line in lines.lines() {
        // A line that begins with a dot would be a request to the formatter.
        section.push_str("\\&");
        section.push_str(&line.replace('\\', "\\e").replace('-', "\\-"));
        section.push('\n');
    }
    section.push_str(".fi\n");
    section
}
