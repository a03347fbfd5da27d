//! What `hamsa carry from` says at the end: what came, what is missing, and what could not be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::FluentArgs;
use serde_json::json;

use crate::arguments::carry::FromArgs;
use crate::arrivals::{Open, Sum};
use crate::failure::Failure;
use crate::say;
use crate::terminal::Terminal;
use crate::words::printable;

/// Numbers of missing parts that are named one by one, for each envelope.
const NAMED: usize = 20;

/// Says what came of everything that was read.
pub(crate) fn tell(sum: &Sum, args: &FromArgs, terminal: &Terminal) -> Result<(), Failure> {
    if args.json {
        return as_json(sum, terminal);
    }
    for media in &sum.media {
        let is_plain = |c: char| c.is_ascii_graphic();
        let id = media.id.replace(|c| !is_plain(c), "\u{fffd}");
        let length = media.length.map_or("-".to_owned(), |n| n.to_string());
        terminal.line(&format!("{id}\t{length}"))?;
    }
    let words = terminal.words();
    let (count, path) = (sum.new.len(), printable(&args.out));
    terminal.note(&say!(words, "carry-sum-new", count = count, path = path));
    if sum.repeated > 0 {
        let count = sum.repeated;
        terminal.note(&say!(words, "carry-sum-repeated", count = count));
    }
    for group in &sum.waiting {
        let all = group.missing.iter().cloned().flatten();
        let count = all.clone().count();
        let mut numbers: Vec<String> = all.take(NAMED).map(|n| n.to_string()).collect();
        if count > NAMED {
            numbers.push("…".to_owned());
        }
        let numbers = numbers.join(&say!(words, "list-comma"));
        let parts = group.count;
        terminal.note(&say!(
            words,
            "carry-sum-waiting",
            count = count,
            parts = parts,
            numbers = numbers
        ));
    }
    tell_unreadable(sum, terminal);
    if !sum.media.is_empty() {
        let count = sum.media.len();
        terminal.note(&say!(words, "carry-sum-media", count = count));
    }
    Ok(())
}

/// What could not be read, by input and reason, and what to do about it.
fn tell_unreadable(sum: &Sum, terminal: &Terminal) {
    let words = terminal.words();
    let mut advice = Vec::new();
    for ((input, code), &count) in &sum.unreadable {
        let (path, key) = (printable(input), format!("error-{code}"));
        if words.has(&key) {
            let reason = words.plain(&key);
            let line = say!(
                words,
                "carry-sum-unreadable",
                count = count,
                path = path,
                reason = reason
            );
            terminal.note(&line);
            advice.extend(match sum.hints.get(input) {
                Some(hint) => Some(words.plain(hint)),
                None => words.advice(&key, &FluentArgs::new()),
            });
        } else if input.is_dir() {
            terminal.note(&say!(
                words,
                "carry-sum-unreadable-files",
                count = count,
                path = path
            ));
        }
    }
    let mut said = BTreeSet::new();
    for text in advice {
        if said.insert(text.clone()) {
            terminal.note(&say!(words, "error-line", text = text));
        }
    }
}

fn as_json(sum: &Sum, terminal: &Terminal) -> Result<(), Failure> {
    for path in &sum.new {
        terminal.line(&json!({ "envelope": lossy(path) }).to_string())?;
    }
    for media in &sum.media {
        let media = json!({ "id": media.id, "length": media.length });
        terminal.line(&json!({ "media": media }).to_string())?;
    }
    let mut unreadable = BTreeMap::<&str, u64>::new();
    for ((input, code), &count) in &sum.unreadable {
        *unreadable.entry(code).or_default() += count;
        let one = json!({ "code": code, "count": count, "path": lossy(input) });
        terminal.line(&one.to_string())?;
    }
    let missing = |group: &Open| -> Vec<[u16; 2]> {
        let runs = group.missing.iter();
        runs.map(|run| [*run.start(), *run.end()]).collect()
    };
    let waiting = sum
        .waiting
        .iter()
        .map(|group| json!({ "parts": group.count, "missing": missing(group) }));
    let summary = json!({
        "new": sum.new.len(),
        "repeated": sum.repeated,
        "waiting": waiting.collect::<Vec<_>>(),
        "unreadable": unreadable,
        "media": sum.media.len(),
    });
    terminal.line(&json!({ "summary": summary }).to_string())
}

fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
