//! Why a verb stopped: a message by its key, what it names, and the exit code that scripts see.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use fluent_bundle::{FluentArgs, FluentValue};
use hamsa_core::{CardError, KeyError, OpenError, PartError, SealError, Unreadable};

use crate::words::printable;

/// How the program ends. The numbers are documented in `docs/commands.md` and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done.
    Done,
    /// Something could not be done, for instance some of many envelopes did not open.
    Incomplete,
    /// The command line is not one that the program knows.
    Usage,
    /// The card or its fingerprint was refused.
    Refused,
    /// No key fits, or the key could not be used.
    NoKey,
    /// What was given to seal, open or show was refused.
    Input,
    /// Reading or writing failed.
    Io,
    /// `check` found something that may identify.
    Found,
}

impl Exit {
    /// How a verb over many things ends: like the failures when nothing else happened and all are of one kind.
    pub(crate) fn of_many(failures: &[Exit], all: usize) -> Exit {
        match failures {
            [] => Exit::Done,
            [first, rest @ ..]
                if failures.len() == all && rest.iter().all(|exit| exit == first) =>
            {
                *first
            }
            _ => Exit::Incomplete,
        }
    }

    /// The number that the shell sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Incomplete => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::NoKey => 4,
            Exit::Input => 5,
            Exit::Io => 6,
            Exit::Found => 7,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.number())
    }
}

/// What happened and what to do about it, as a key of the Fluent files with its arguments.
///
/// It may name a path that was given on the command line, and never holds anything else that a user wrote.
pub(crate) struct Failure {
    key: String,
    args: FluentArgs<'static>,
    exit: Exit,
    way_round: Option<&'static str>,
    member: Option<usize>,
}

impl Failure {
    /// A failure with the message `key`, which also has an `.advice`.
    pub(crate) fn new(key: impl Into<String>, exit: Exit) -> Self {
        Failure {
            key: key.into(),
            args: FluentArgs::new(),
            exit,
            way_round: None,
            member: None,
        }
    }

    /// The same failure with one message more: what else the person could do at their own risk, or what else it may be.
    pub(crate) fn or_else(mut self, key: &'static str) -> Self {
        self.way_round = Some(key);
        self
    }

    /// The same failure, of one member of an archive by its number: its name may identify.
    pub(crate) fn of_member(mut self, number: usize) -> Self {
        self.member = Some(number);
        self
    }

    /// The same failure with one argument more for its message.
    pub(crate) fn with(
        mut self,
        name: &'static str,
        value: impl Into<FluentValue<'static>>,
    ) -> Self {
        self.args.set(name, value);
        self
    }

    /// Names the path that the failure is about.
    pub(crate) fn about(self, path: &Path) -> Self {
        self.with("path", printable(path))
    }

    /// `path` could not be read. A missing or unreadable input is a refused input, a failing disk is not.
    pub(crate) fn reading(error: &io::Error, path: &Path) -> Self {
        let (key, exit) = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ("io-not-found", Exit::Input),
            io::ErrorKind::PermissionDenied => ("io-unreadable", Exit::Input),
            io::ErrorKind::IsADirectory => ("io-folder", Exit::Input),
            _ => ("io-reading", Exit::Io),
        };
        Failure::new(key, exit)
            .about(path)
            .with("number", system_number(error))
    }

    /// `path` could not be written.
    pub(crate) fn writing(error: &io::Error, path: &Path) -> Self {
        let key = match error.kind() {
            io::ErrorKind::AlreadyExists => "io-exists",
            io::ErrorKind::BrokenPipe => "io-nobody-reads",
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "io-no-folder",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "io-unwritable",
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => "io-full",
            _ => "io-writing",
        };
        Failure::new(key, Exit::Io)
            .about(path)
            .with("number", system_number(error))
    }

    /// The key of the message in the Fluent files.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The name of the failure for scripts: the key without its family.
    pub(crate) fn code(&self) -> &str {
        self.key.strip_prefix("error-").unwrap_or(&self.key)
    }

    /// The message about what else the person could do, or what else it may be.
    pub(crate) fn way_round(&self) -> Option<&str> {
        self.way_round
    }

    /// The number of the archive's member that the failure is about.
    pub(crate) fn member(&self) -> Option<usize> {
        self.member
    }

    /// What the message names.
    pub(crate) fn args(&self) -> &FluentArgs<'static> {
        &self.args
    }

    /// The exit code that fits.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether writing has become impossible, so that going on with more of the same makes no sense.
    pub(crate) fn is_full_disk(&self) -> bool {
        matches!(self.key.as_str(), "io-full" | "io-unwritable")
    }
}

/// The system's own number of the error: tells a helper more than a sentence in the wrong language.
fn system_number(error: &io::Error) -> i64 {
    i64::from(error.raw_os_error().unwrap_or(0))
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        let exit = match &error {
            SealError::BadRecipients | SealError::NoShortKey => Exit::Refused,
            SealError::NoRandomness => Exit::Incomplete,
            SealError::Io(_) => Exit::Io,
            _ => Exit::Input,
        };
        Failure::new(format!("error-{}", error.code()), exit)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let exit = match &error {
            OpenError::WrongKey | OpenError::Plugin => Exit::NoKey,
            OpenError::Io(_) => Exit::Io,
            _ => Exit::Input,
        };
        Failure::new(format!("error-{}", error.code()), exit)
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        let exit = if matches!(error, CardError::NoRandomness) {
            Exit::Incomplete
        } else {
            Exit::Refused
        };
        Failure::new(format!("error-{}", error.code()), exit)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let exit = if matches!(error, KeyError::NoRandomness) {
            Exit::Incomplete
        } else {
            Exit::NoKey
        };
        Failure::new(format!("error-{}", error.code()), exit)
    }
}

impl From<PartError> for Failure {
    fn from(error: PartError) -> Self {
        Failure::new(format!("error-{}", error.code()), Exit::Input)
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Failure::new(format!("error-{}", error.code()), Exit::Input)
    }
}
