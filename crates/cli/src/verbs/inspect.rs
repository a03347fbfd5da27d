//! `hamsa inspect`: what somebody without a key learns from an envelope.

use std::fs;
use std::path::Path;

use hamsa_core::{Form, Outside};
use serde_json::json;

use crate::arguments::InspectArgs;
use crate::envelopes::Walk;
use crate::failure::{Exit, Failure};
use crate::say;
use crate::source::Source;
use crate::terminal::Terminal;
use crate::words::printable;

/// Shows the outside of each envelope, of folders those that `open` would open; the rest goes on when one is none.
pub(crate) fn run(args: &InspectArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let (mut failures, mut count) = (Vec::new(), 0);
    let is_single = matches!(args.paths.as_slice(), [path] if !path.is_dir());
    for found in Walk::of_envelopes(&args.paths, None) {
        count += 1;
        let (path, looked) = match found {
            Ok(path) => {
                let looked = look_at(&path);
                (path, looked)
            }
            Err((path, why)) => (path, Err(why)),
        };
        match looked {
            Ok(seen) if args.json => terminal.line(&as_json(&path, &seen))?,
            Ok(seen) => show(&path, &seen, terminal)?,
            Err(why) if args.json => {
                let line = json!({ "path": path.to_string_lossy(), "code": why.code() });
                terminal.line(&line.to_string())?;
                failures.push(why.exit());
            }
            Err(why) if is_single => return Err(why),
            Err(why) => {
                let (path, reason) = (printable(&path), terminal.reason(&why));
                terminal.note(&say!(
                    terminal.words(),
                    "open-failed",
                    path = path,
                    reason = reason
                ));
                failures.push(why.exit());
            }
        }
    }
    if count == 0 {
        terminal.note(&say!(terminal.words(), "inspect-none"));
    }
    Ok(Exit::of_many(&failures, count))
}

/// What was seen of an envelope.
struct Seen {
    about: Outside,
    /// Octets of the file, which are more than those of the envelope when it is in its text form.
    file: u64,
}

fn look_at(path: &Path) -> Result<Seen, Failure> {
    let about = Source::open(path)?.inspect()?;
    let file = fs::metadata(path).map_err(|e| Failure::reading(&e, path))?;
    Ok(Seen {
        about,
        file: file.len(),
    })
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::PostQuantum => "post-quantum",
        Form::Classical => "classical",
        Form::Short => "short",
    }
}

fn as_json(path: &Path, Seen { about, file }: &Seen) -> String {
    json!({
        "path": path.to_string_lossy(),
        "form": form_name(about.form),
        "text_form": about.is_text,
        "length": about.len,
        "file_length": file,
        "class": about.class,
        "stanzas": about.stanzas,
    })
    .to_string()
}

fn show(path: &Path, Seen { about, file }: &Seen, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    terminal.line(&printable(path))?;
    terminal.line(&match about.form {
        Form::PostQuantum => say!(words, "inspect-post-quantum"),
        Form::Classical => say!(words, "inspect-classical"),
        Form::Short => say!(words, "inspect-short"),
    })?;
    let size = words.size_exactly(about.len);
    if about.is_text {
        let file_size = words.size_exactly(*file);
        terminal.line(&say!(words, "inspect-text-form", size = file_size))?;
        terminal.line(&say!(words, "inspect-length-binary", size = size))?;
    } else {
        terminal.line(&say!(words, "inspect-length", size = size))?;
    }
    if let Some(class) = about.class {
        terminal.line(&say!(words, "inspect-class", size = words.size(class)))?;
    }
    if about.form != Form::Short {
        terminal.line(&say!(words, "inspect-stanzas", count = about.stanzas))?;
    }
    terminal.line(&say!(words, "inspect-nothing-else"))
}
