//! The command line as a value. Nothing is read or written here, and no word for the person stands here: `localise`
//! puts them in from the Fluent files.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{
    ArgAction, Args, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
    ValueEnum,
};
use clap_complete::Shell;

use crate::failure::{Exit, Failure};
use crate::say;
use crate::words::Words;

pub(crate) mod carry;

#[derive(Parser)]
#[command(
    name = "hamsa",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Line {
    #[arg(long, global = true, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    #[arg(short, long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    #[command(subcommand)]
    Agency(AgencyVerb),
    #[command(subcommand)]
    Card(CardVerb),
    Seal(SealArgs),
    Desk(DeskArgs),
    #[command(subcommand)]
    Carry(carry::CarryVerb),
    Open(OpenArgs),
    Inspect(InspectArgs),
    Scrub(ScrubArgs),
    Check(CheckArgs),
    Demo,
    Completions {
        #[arg(value_name = "SHELL", hide_possible_values = true)]
        shell: Shell,
    },
    Man {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum AgencyVerb {
    Init(InitArgs),
    Card(ReissueArgs),
}

#[derive(Subcommand)]
pub(crate) enum CardVerb {
    Show(ShowArgs),
}

/// How secret keys are protected.
#[derive(Args)]
pub(crate) struct Protection {
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// How long a card and new keys hold.
#[derive(Args)]
pub(crate) struct Days {
    #[arg(
        long,
        value_name = "N",
        default_value_t = 365,
        hide_default_value = true
    )]
    pub(crate) valid_days: u32,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 90,
        hide_default_value = true
    )]
    pub(crate) epoch_days: u32,
}

#[derive(Args)]
pub(crate) struct InitArgs {
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    #[arg(long = "name", value_name = "TAG=NAME", required = true)]
    pub(crate) names: Vec<String>,
    #[arg(long = "department", value_name = "ID")]
    pub(crate) departments: Vec<String>,
    #[command(flatten)]
    pub(crate) days: Days,
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) unprotected: bool,
    #[command(flatten)]
    pub(crate) protection: Protection,
}

#[derive(Args)]
pub(crate) struct ReissueArgs {
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) days: Days,
    #[arg(long)]
    pub(crate) new_keys: bool,
    #[command(flatten)]
    pub(crate) protection: Protection,
}

#[derive(Args)]
pub(crate) struct ShowArgs {
    #[arg(value_name = "FILE")]
    pub(crate) card: PathBuf,
    #[arg(long, value_name = "DIGITS")]
    pub(crate) fingerprint: Option<String>,
    #[arg(long, value_name = "OLDCARD")]
    pub(crate) known: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is attached to a tip, and how it is cleaned.
#[derive(Args)]
pub(crate) struct FileArgs {
    #[arg(short, long = "attach", value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    #[arg(long, requires = "attach")]
    pub(crate) pixels: bool,
    #[arg(long, requires = "attach")]
    pub(crate) with_original: bool,
    #[arg(long = "danger-unscrubbed", value_name = "FILE")]
    pub(crate) unscrubbed: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct SealArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) card: PathBuf,
    #[arg(long, value_name = "DIGITS")]
    pub(crate) fingerprint: Option<String>,
    #[arg(long, value_name = "DEPARTMENT")]
    pub(crate) to: Option<String>,
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) category: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) caller_group: Option<String>,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[arg(long)]
    pub(crate) as_it_is: bool,
    #[arg(long, conflicts_with_all = ["armor", "attach", "unscrubbed", "language", "category", "caller_group"])]
    pub(crate) short: bool,
    #[arg(long)]
    pub(crate) armor: bool,
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct DeskArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) card: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) spool: PathBuf,
    #[arg(long, value_name = "DIGITS")]
    pub(crate) fingerprint: Option<String>,
    #[arg(long, value_name = "DEPARTMENT")]
    pub(crate) to: Option<String>,
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
}

#[derive(Args)]
pub(crate) struct OpenArgs {
    #[arg(short, long = "identity", value_name = "IDENTITY", required = true)]
    pub(crate) identities: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) protection: Protection,
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct InspectArgs {
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
}

/// How `scrub` tells what it found.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// One object for each file.
    Json,
}

#[derive(Args)]
pub(crate) struct ScrubArgs {
    #[arg(
        short,
        long = "output",
        value_name = "DIR",
        default_value = "clean",
        hide_default_value = true
    )]
    pub(crate) out: PathBuf,
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) report: Option<ReportForm>,
    #[arg(long)]
    pub(crate) show_values: bool,
    #[arg(long)]
    pub(crate) pixels: bool,
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    #[arg(value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

/// What the command line asks for.
pub(crate) enum Asked {
    /// A verb to carry out.
    Work(Box<Line>),
    /// Help or the version, to be printed as the result.
    Help(String),
}

/// The value of `--lang`, found before anything else is parsed, because even a refusal is said in that language.
pub(crate) fn language_flag(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments
        .iter()
        .skip(1)
        .filter_map(|a| a.to_str())
        .take_while(|&a| a != "--");
    while let Some(word) = words.next() {
        if word == "--lang" {
            return words.next().map(str::to_owned);
        }
        if let Some(tag) = word.strip_prefix("--lang=") {
            return Some(tag.to_owned());
        }
    }
    None
}

/// Parses the command line.
///
/// # Errors
/// A sentence about what is wrong that never repeats a value from the command line: it may be somebody's tip.
pub(crate) fn parse(arguments: &[OsString], words: &Words) -> Result<Asked, Failure> {
    let matches = command(words).try_get_matches_from(arguments);
    match matches.and_then(|found| Line::from_arg_matches(&found)) {
        Ok(line) => Ok(Asked::Work(Box::new(line))),
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            Ok(Asked::Help(e.render().to_string()))
        }
        Err(e) => Err(refusal(&e)),
    }
}

/// The whole command line with its help in the person's language.
pub(crate) fn command(words: &Words) -> Command {
    localise(Line::command(), words, "")
}

/// Sets every text of `command` and of the verbs below it. `path` is the verbs down to here, joined with `-`.
fn localise(command: Command, words: &Words, path: &str) -> Command {
    let help = |id: &str| {
        let args = fluent_bundle::FluentArgs::new();
        let own = format!("arg{path}-{}", id.replace('_', "-"));
        let common = format!("arg-{}", id.replace('_', "-"));
        words.message(if words.has(&own) { &own } else { &common }, &args)
    };
    let about = words.message(&format!("about{path}"), &fluent_bundle::FluentArgs::new());
    let template = format!(
        "{{about-with-newline}}\n{} {}\n\n{{all-args}}{{after-help}}",
        say!(words, "help-usage"),
        words.left_to_right("{usage}")
    );
    let command = command
        .about(about)
        .help_template(template)
        .subcommand_help_heading(say!(words, "help-verbs"))
        .subcommand_value_name("VERB")
        .mut_args(|arg| {
            let heading = if arg.is_positional() {
                say!(words, "help-arguments")
            } else {
                say!(words, "help-options")
            };
            let text = help(arg.get_id().as_str());
            // What every verb takes stands after what this one takes.
            let arg = if arg.is_global_set() {
                arg.display_order(900)
            } else {
                arg
            };
            arg.help(text).help_heading(heading)
        });
    let command = if path.is_empty() {
        command.after_help(say!(words, "help-after"))
    } else {
        command
    };
    command.mut_subcommands(|verb| {
        let path = format!("{path}-{}", verb.get_name());
        localise(verb, words, &path)
    })
}

/// clap's refusal in our words. Names of options that the program knows may appear, values never.
fn refusal(error: &clap::Error) -> Failure {
    let ours = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(name)) => Some(name.clone()),
        Some(ContextValue::Strings(names)) => Some(names.join(" ")),
        _ => None,
    };
    match error.kind() {
        ErrorKind::UnknownArgument => match ours(ContextKind::SuggestedArg) {
            Some(meant) => Failure::new("usage-did-you-mean", Exit::Usage).with("name", meant),
            None => Failure::new("usage-unknown-argument", Exit::Usage),
        },
        ErrorKind::InvalidSubcommand => match ours(ContextKind::SuggestedSubcommand) {
            Some(meant) => Failure::new("usage-did-you-mean", Exit::Usage).with("name", meant),
            None => Failure::new("usage-unknown-verb", Exit::Usage),
        },
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::new("usage-no-verb", Exit::Usage)
        }
        ErrorKind::MissingRequiredArgument => Failure::new("usage-missing", Exit::Usage)
            .with("name", ours(ContextKind::InvalidArg).unwrap_or_default()),
        ErrorKind::ArgumentConflict => {
            let both = [ContextKind::PriorArg, ContextKind::InvalidArg].map(ours);
            let both: Vec<String> = both.into_iter().flatten().collect();
            Failure::new("usage-conflict", Exit::Usage).with("name", both.join(", "))
        }
        ErrorKind::InvalidValue
            if !ours(ContextKind::ValidValue).unwrap_or_default().is_empty() =>
        {
            Failure::new("usage-bad-choice", Exit::Usage)
                .with("name", ours(ContextKind::InvalidArg).unwrap_or_default())
                .with("values", ours(ContextKind::ValidValue).unwrap_or_default())
        }
        ErrorKind::InvalidValue
        | ErrorKind::ValueValidation
        | ErrorKind::NoEquals
        | ErrorKind::WrongNumberOfValues => Failure::new("usage-bad-value", Exit::Usage)
            .with("name", ours(ContextKind::InvalidArg).unwrap_or_default()),
        _ => Failure::new("usage-other", Exit::Usage),
    }
}
