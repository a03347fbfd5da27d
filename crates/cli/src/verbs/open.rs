//! `hamsa open`: the analyst opens one tip or folders full of them, offline.

use std::fs;
use std::path::{Path, PathBuf};

use hamsa_core::{Attachment, Form, KeyRing, OpenedTip, Role};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::arguments::OpenArgs;
use crate::batch::{Batch, Outcome, Report};
use crate::cases::Cases;
use crate::envelopes::Walk;
use crate::failure::{Exit, Failure};
use crate::terminal::{Reader, Terminal, harmless, harmless_value};
use crate::words::printable;
use crate::{keys, say};

/// Opens what was named, into cases, as JSON lines, or, for a single tip, onto the terminal.
pub(crate) fn run(args: &OpenArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let single = single(args);
    if args.out.is_none() && !args.json && single.is_none() {
        return Err(Failure::new("open-needs-out", Exit::Usage));
    }
    let keys = keys::unlock(
        &args.identities,
        args.protection.passphrase_file.as_deref(),
        terminal,
    )?;
    let cases = args.out.as_deref().map(Cases::at).transpose()?;
    match (single, &cases, args.json) {
        (Some(path), None, false) => read_one(&path, &keys, terminal),
        (_, None, _) => open_many(args, Batch::new(&keys, None, whole_tip), terminal),
        (_, Some(cases), true) => open_many(
            args,
            Batch::new(&keys, Some(cases), tip_without_words),
            terminal,
        ),
        (_, Some(cases), false) => {
            open_many(args, Batch::new(&keys, Some(cases), nothing), terminal)
        }
    }
}

/// The one file that was named, if it is one and not a folder.
fn single(args: &OpenArgs) -> Option<PathBuf> {
    match args.paths.as_slice() {
        [path] if !path.is_dir() => Some(path.clone()),
        _ => None,
    }
}

fn nothing(_tip: &OpenedTip) {}

fn whole_tip(tip: &OpenedTip) -> Value {
    serde_json::from_slice(&tip.to_json()).unwrap_or_default()
}

/// The tip without what its writer put in words: that stands in the case.
fn tip_without_words(tip: &OpenedTip) -> Value {
    let mut value = whole_tip(tip);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("text");
        fields.remove("answers");
    }
    value
}

/// What a person reads of a single tip.
struct Page {
    text: Zeroizing<String>,
    /// What the informant said beside the text, as name and value.
    fields: Vec<(Field, Zeroizing<String>)>,
    attachments: Vec<Attachment>,
}

enum Field {
    Language,
    Category,
    CallerGroup,
    Answer(String),
}

impl Page {
    fn of(tip: &OpenedTip) -> Page {
        let told = [
            (Field::Language, tip.language()),
            (Field::Category, tip.category()),
            (Field::CallerGroup, tip.caller_group()),
        ];
        let told = told
            .into_iter()
            .filter_map(|(field, value)| Some((field, harmless_value(value?))));
        let answers = tip
            .answers()
            .iter()
            .map(|(name, value)| (Field::Answer(name.clone()), harmless_value(value)));
        Page {
            text: Zeroizing::new(tip.text().to_owned()),
            fields: told.chain(answers).collect(),
            attachments: tip.attachments().to_vec(),
        }
    }

    fn show(&self, terminal: &Terminal) -> Result<(), Failure> {
        if terminal.reader() == Reader::Program {
            terminal.result(self.text.as_bytes())?;
        } else {
            terminal.result(harmless(&self.text).as_bytes())?;
            if !self.text.ends_with('\n') {
                terminal.result(b"\n")?;
            }
        }
        let words = terminal.words();
        for (field, value) in &self.fields {
            let value = value.as_str();
            let line = Zeroizing::new(match field {
                Field::Language => say!(words, "open-language", value = value),
                Field::Category => say!(words, "open-category", value = value),
                Field::CallerGroup => say!(words, "open-caller-group", value = value),
                Field::Answer(name) => {
                    say!(words, "open-answer", name = name.as_str(), value = value)
                }
            });
            terminal.note(&line);
        }
        for about in &self.attachments {
            let (name, kind, size) = (
                about.name(),
                about.media_type.as_str(),
                words.size(about.len),
            );
            terminal.note(&say!(
                words,
                "open-attachment",
                name = name.as_str(),
                kind = kind,
                size = size
            ));
            match about.role {
                Role::Unscrubbed => {
                    terminal.note(&say!(words, "open-attachment-unscrubbed", name = name));
                }
                Role::Original => {
                    terminal.note(&say!(words, "open-attachment-original", name = name));
                }
                Role::Clean => {}
            }
        }
        if !self.attachments.is_empty() {
            let count = self.attachments.len();
            terminal.note(&say!(words, "open-attachments-stay", count = count));
        }
        Ok(())
    }
}

/// Prints the text of a single tip; its attachments are named, and stay sealed.
fn read_one(path: &Path, keys: &KeyRing, terminal: &Terminal) -> Result<Exit, Failure> {
    let bar = progress_of(path, terminal);
    let batch = Batch::new(keys, None, Page::of).counted_by(bar.clone());
    let report = batch.run_one(path);
    bar.finish_and_clear();
    let report = report?;
    match report.outcome {
        Outcome::Failed(why) => return Err(why),
        Outcome::Already | Outcome::Pruned | Outcome::Same => {}
        Outcome::Opened(page) => page.show(terminal)?,
    }
    Ok(Exit::Done)
}

/// The progress of the one envelope at `path`.
fn progress_of(path: &Path, terminal: &Terminal) -> ProgressBar {
    terminal.progress_of_octets(fs::metadata(path).map_or(0, |about| about.len()))
}

/// How many envelopes came to which end.
#[derive(Default)]
struct Counts {
    opened: usize,
    already: usize,
    same: usize,
    failed: usize,
    /// The exit code of the failures as long as they all have the same one.
    common: Option<Exit>,
}

impl Counts {
    fn add<T>(&mut self, report: &Report<T>) {
        match &report.outcome {
            Outcome::Opened(_) => self.opened += 1,
            Outcome::Already | Outcome::Pruned => self.already += 1,
            Outcome::Same => self.same += 1,
            Outcome::Failed(why) => {
                let agrees = self.failed == 0 || self.common == Some(why.exit());
                self.common = agrees.then_some(why.exit());
                self.failed += 1;
            }
        }
    }

    /// When nothing opened and all for one kind of reason, the exit code names it.
    fn exit(&self) -> Exit {
        match (self.failed, self.opened + self.already) {
            (0, _) => Exit::Done,
            (_, 0) => self.common.unwrap_or(Exit::Incomplete),
            _ => Exit::Incomplete,
        }
    }
}

/// What of a tip goes into its JSON line.
trait Line {
    fn fields(self) -> Option<Value>;
}

impl Line for () {
    fn fields(self) -> Option<Value> {
        None
    }
}

impl Line for Value {
    fn fields(self) -> Option<Value> {
        Some(self)
    }
}

fn open_many<T: Line + Send>(
    args: &OpenArgs,
    batch: Batch<'_, T>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut counts = Counts::default();
    let single = single(args);
    let bar = match &single {
        Some(path) => progress_of(path, terminal),
        None => terminal.progress(0),
    };
    let walk_bar = bar.clone();
    let counts_octets = single.is_some();
    let mut report = |report: Report<T>| {
        counts.add(&report);
        if !counts_octets {
            bar.inc(1);
        }
        if args.json {
            return bar.suspend(|| terminal.line(&json_line(report)));
        }
        bar.suspend(|| tell(&report, terminal));
        Ok(())
    };
    let ended = match single {
        Some(path) => {
            let batch = batch.counted_by(bar.clone());
            batch.run_one(&path).and_then(&mut report)
        }
        None => batch.run(
            Walk::of_envelopes(&args.paths, args.out.as_deref()),
            move || walk_bar.inc_length(1),
            &mut report,
        ),
    };
    bar.finish_and_clear();
    summary(&counts, args, terminal)?;
    ended.map(|()| counts.exit())
}

/// One line for whatever did not simply open; for the others too when the program was asked to be verbose.
fn tell<T>(report: &Report<T>, terminal: &Terminal) {
    let words = terminal.words();
    let path = printable(&report.path);
    let case = report.case.map(|name| name.to_string()).unwrap_or_default();
    match &report.outcome {
        Outcome::Opened(_) if report.differs() => {
            terminal.note(&say!(words, "open-differs", path = path, case = case));
        }
        Outcome::Pruned => terminal.note(&say!(words, "open-pruned", path = path, case = case)),
        Outcome::Opened(_) => {
            terminal.detail(&say!(words, "open-opened", path = path, case = case));
        }
        Outcome::Already => terminal.detail(&say!(words, "open-already", path = path, case = case)),
        Outcome::Same => terminal.note(&say!(words, "open-same", path = path, case = case)),
        Outcome::Failed(why) => {
            terminal.note(&say!(
                words,
                "open-failed",
                path = path.as_str(),
                reason = terminal.reason(why)
            ));
            if let Some(key) = why.way_round() {
                let reason = words.plain(key);
                terminal.note(&say!(words, "open-failed", path = path, reason = reason));
            }
        }
    }
}

fn json_line<T: Line>(report: Report<T>) -> String {
    let form = report.form.map(|form| match form {
        Form::PostQuantum => "post-quantum",
        Form::Classical => "classical",
        Form::Short => "short",
    });
    let note = match &report.outcome {
        Outcome::Opened(_) if report.differs() => Some("differs"),
        Outcome::Pruned => Some("not-compared"),
        _ => None,
    };
    let (outcome, code, tip) = match report.outcome {
        Outcome::Opened(tip) => ("opened", None, tip.fields()),
        Outcome::Already | Outcome::Pruned => ("already-opened", None, None),
        Outcome::Same => ("same", None, None),
        Outcome::Failed(why) => ("failed", Some(why.code().to_owned()), None),
    };
    let case = report.case.map(|name| name.to_string());
    let mut line = json!({ "path": report.path.to_string_lossy(), "outcome": outcome });
    if let Some(fields) = line.as_object_mut() {
        let optional = [
            ("code", code.map(Value::from)),
            ("case", case.map(Value::from)),
            ("form", form.map(Value::from)),
            ("note", note.map(Value::from)),
            ("tip", tip),
        ];
        fields.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        );
    }
    line.to_string()
}

fn summary(counts: &Counts, args: &OpenArgs, terminal: &Terminal) -> Result<(), Failure> {
    let Counts {
        opened,
        already,
        same,
        failed,
        ..
    } = counts;
    if args.json {
        let line = json!({ "summary": { "opened": opened, "already_opened": already, "same": same, "failed": failed } });
        return terminal.line(&line.to_string());
    }
    let words = terminal.words();
    terminal.note(&say!(words, "open-sum-opened", count = *opened));
    for (count, text) in [
        (*already, say!(words, "open-sum-already", count = *already)),
        (*same, say!(words, "open-sum-same", count = *same)),
        (*failed, say!(words, "open-sum-failed", count = *failed)),
    ] {
        if count > 0 {
            terminal.note(&text);
        }
    }
    Ok(())
}
