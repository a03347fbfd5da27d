//! `hamsa`: seals anonymous tips where they are written, opens them offline.
//!
//! Every word that a person sees stands in `locales`; every way to speak to them is in [`terminal`]; each verb has a
//! file of its own in [`verbs`].
#![forbid(unsafe_code)]

mod agency;
mod arguments;
mod arrivals;
mod batch;
mod bidi;
mod calendar;
mod card_file;
mod cases;
mod compare;
mod desk;
mod envelopes;
mod failure;
mod input;
mod kept;
mod keys;
mod leftovers;
mod memory;
mod output;
mod progress;
mod scrubbing;
mod segments;
mod source;
mod spool;
mod terminal;
mod text_check;
mod verbs;
mod words;

#[cfg(test)]
mod documents_test;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use arguments::carry::CarryVerb;
use arguments::{AgencyVerb, Asked, CardVerb, Line, Verb};
use failure::{Exit, Failure};
use terminal::Terminal;
use words::Words;

fn main() -> ExitCode {
    let hardening = memory::harden();
    let arguments: Vec<OsString> = env::args_os().collect();
    let words = Words::choose(arguments::language_flag(&arguments).as_deref(), |name| {
        env::var(name).ok()
    });
    let asked = arguments::parse(&arguments, &words);
    let verbose = matches!(&asked, Ok(Asked::Work(line)) if line.verbose);
    let terminal = Terminal::new(words, verbose);
    if !hardening.no_core {
        terminal.detail(&say!(terminal.words(), "note-core-not-off"));
    }
    if !hardening.all_locked {
        terminal.detail(&say!(terminal.words(), "note-memory-not-locked"));
    }
    let ended = match asked {
        Ok(Asked::Work(line)) => carry_out(*line, &terminal),
        Ok(Asked::Help(text)) => terminal.result(text.as_bytes()).map(|()| Exit::Done),
        Err(failure) => Err(failure),
    };
    let exit = ended.unwrap_or_else(|failure| {
        terminal.fail(&failure);
        failure.exit()
    });
    memory::clear_registers();
    exit.into()
}

fn carry_out(line: Line, terminal: &Terminal) -> Result<Exit, Failure> {
    match line.verb {
        Verb::Agency(AgencyVerb::Init(args)) => verbs::agency_init::run(&args, terminal),
        Verb::Agency(AgencyVerb::Card(args)) => verbs::agency_card::run(&args, terminal),
        Verb::Card(CardVerb::Show(args)) => verbs::card_show::run(&args, terminal),
        Verb::Seal(args) => verbs::seal::run(&args, terminal),
        Verb::Desk(args) => verbs::desk::run(&args, terminal),
        Verb::Carry(CarryVerb::To(channel)) => verbs::carry_to::run(&channel, terminal),
        Verb::Carry(CarryVerb::From(channel)) => verbs::carry_from::run(&channel, terminal),
        Verb::Open(args) => verbs::open::run(&args, terminal),
        Verb::Inspect(args) => verbs::inspect::run(&args, terminal),
        Verb::Check(args) => verbs::check::run(&args, terminal),
        Verb::Scrub(args) => verbs::scrub::run(&args, terminal),
        Verb::Demo => verbs::demo::run(terminal),
        Verb::Completions { shell } => verbs::completions::run(shell, terminal),
        Verb::Man { dir } => verbs::man::run(&dir, terminal),
    }
}
