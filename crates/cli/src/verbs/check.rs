//! `hamsa check`: looks through a text for what identifies its writer. Nothing is sent, nothing is kept.

use serde_json::json;

use crate::arguments::CheckArgs;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::text_check::Checked;
use crate::{input, output, say};

/// Says what was found, line by line, and writes the text without its invisible marks where it is wanted.
pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(path) = &args.output {
        output::refuse_impossible(path)?;
    }
    let text = match &args.path {
        Some(path) if path.as_os_str() != "-" => input::read_text_file(path)?,
        _ => input::read_text(terminal)?,
    };
    let checked = Checked::of(&text);
    if args.json {
        terminal.line(&as_json(&checked))?;
    } else {
        show(&checked, args, terminal)?;
    }
    if let Some(path) = &args.output {
        output::create_with(path, checked.text.as_bytes())?;
    }
    let found = !checked.hits.is_empty() || !checked.marks.is_empty();
    Ok(if found { Exit::Found } else { Exit::Done })
}

fn show(checked: &Checked, args: &CheckArgs, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    let is_written = args.output.is_some();
    for sentence in checked.sentences(terminal) {
        terminal.line(&sentence)?;
    }
    for marks in &checked.marks {
        let kind = words.plain(marks.what.code());
        let count = marks.count;
        terminal.line(&if is_written {
            say!(words, "check-mark", kind = kind, count = count)
        } else {
            say!(words, "check-mark-stays", kind = kind, count = count)
        })?;
    }
    if !checked.marks.is_empty() && !is_written {
        terminal.line(&say!(words, "check-marks-stay"))?;
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
