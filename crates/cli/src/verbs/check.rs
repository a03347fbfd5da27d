//! `hamsa check`: looks through a text for what identifies its writer. Nothing is sent, nothing is kept.

use std::path::Path;

use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments::CheckArgs;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::text_check::Checked;
use crate::{input, output, say};

/// Says what was found, line by line, and writes the text without its invisible marks where it is wanted.
pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(path) = &args.output {
        output::refuse_existing(path)?;
    }
    let text = match &args.path {
        Some(path) => read_file(path)?,
        None => input::read_text(terminal)?,
    };
    let checked = Checked::of(&text);
    if args.json {
        terminal.line(&as_json(&checked))?;
    } else {
        show(&checked, terminal)?;
    }
    if let Some(path) = &args.output {
        output::create_with(path, checked.text.as_bytes())?;
    }
    let found = !checked.hits.is_empty() || !checked.marks.is_empty();
    Ok(if found { Exit::Found } else { Exit::Done })
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = input::read_small_file(path)?;
    match str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Failure::new("text-not-utf8", Exit::Input)),
    }
}

fn show(checked: &Checked, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    for sentence in checked.sentences(terminal) {
        terminal.line(&sentence)?;
    }
    for marks in &checked.marks {
        let kind = words.plain(marks.what.code());
        let count = marks.count;
        terminal.line(&say!(words, "check-mark", kind = kind, count = count))?;
    }
    if checked.hits.is_empty() {
        terminal.line(&say!(words, "check-nothing"))?;
    }
    terminal.note(&say!(words, "check-limits"));
    Ok(())
}

/// Kinds and places, and no word of the text.
fn as_json(checked: &Checked) -> String {
    let hits = checked.hits.iter().map(|hit| {
        json!({
            "what": hit.what.code(),
            "certainty": hit.certainty.code(),
            "line": checked.line_of(hit),
            "from": hit.range.start,
            "to": hit.range.end,
        })
    });
    let marks = checked
        .marks
        .iter()
        .map(|marks| json!({ "what": marks.what.code(), "count": marks.count }));
    json!({ "hits": hits.collect::<Vec<_>>(), "marks": marks.collect::<Vec<_>>() }).to_string()
}
