//! `hamsa scrub`: takes out of files what identifies their maker, into new files with neutral names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hamsa_scrub::{Finding, Kind, What};
use serde_json::{Value, json};

use crate::arguments::{ReportForm, ScrubArgs};
use crate::failure::{Exit, Failure};
use crate::output::Positioned;
use crate::progress::Counted;
use crate::scrubbing::{self, Clean, Method, Original, named};
use crate::terminal::Terminal;
use crate::words::{Words, printable};
use crate::{output, say};

/// Of each kind of finding so many are shown; JSON has all, and so has who asks for the values.
const SHOWN: usize = 4;
/// More files of one kind than this are not numbered in one folder.
const MOST_NUMBERS: u32 = 100_000;

/// A file that was cleaned and written.
struct Done {
    path: PathBuf,
    length: u64,
    clean: Clean,
}

/// Cleans each file; the rest goes on when one is refused.
pub(crate) fn run(args: &ScrubArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if !args.out.is_dir() {
        if args.out.is_file() {
            return Err(Failure::new("io-not-a-folder", Exit::Io).about(&args.out));
        }
        output::create_folder(&args.out).map_err(|e| Failure::writing(&e, &args.out))?;
    }
    let mut failures = Vec::new();
    for path in &args.paths {
        match (scrub(path, args, terminal), args.report) {
            (Ok(done), Some(ReportForm::Json)) => {
                terminal.line(&as_json(path, &done, args.show_values)?)?;
            }
            (Ok(done), None) => show(path, &done, args.show_values, terminal)?,
            (Err(why), _) if why.is_full_disk() => return Err(why),
            (Err(why), Some(ReportForm::Json)) => {
                let mut line = json!({ "path": path.to_string_lossy(), "code": why.code() });
                if let (Some(fields), Some(number)) = (line.as_object_mut(), why.member()) {
                    fields.insert("member".to_owned(), number.into());
                }
                terminal.line(&line.to_string())?;
                failures.push(why.exit());
            }
            (Err(why), None) if args.paths.len() == 1 => return Err(why),
            (Err(why), None) => {
                terminal.fail(&why);
                failures.push(why.exit());
            }
        }
    }
    Ok(Exit::of_many(&failures, args.paths.len()))
}

fn scrub(path: &Path, args: &ScrubArgs, terminal: &Terminal) -> Result<Done, Failure> {
    let clean = scrubbing::clean(Original::open(path)?, Method::of(args.pixels), path)?;
    let to = free_name(&args.out, clean.kind())?;
    let length = clean.len();
    if output::free_space(&to).is_some_and(|free| free < length) {
        return Err(Failure::writing(
            &std::io::ErrorKind::StorageFull.into(),
            &to,
        ));
    }
    let bar = terminal.progress_of_octets(length);
    output::create(&to, |file: &Positioned| {
        let out = Counted {
            to: &file.0,
            bar: &bar,
        };
        clean.write_to(out).map(drop).map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidData => {
                Failure::new("file-changed", Exit::Input).about(path)
            }
            _ => Failure::writing(&e, &to),
        })
    })?;
    bar.finish_and_clear();
    Ok(Done {
        path: to,
        length,
        clean,
    })
}

/// The first name of this kind that is free: `photo-1.jpg`. Nothing in it is the person's.
fn free_name(folder: &Path, kind: Kind) -> Result<PathBuf, Failure> {
    let (name, extension) = (kind.neutral_name(), kind.media_type().extension());
    let mut names = (1..MOST_NUMBERS).map(|n| folder.join(format!("{name}-{n}.{extension}")));
    names
        .find(|path| path.symlink_metadata().is_err())
        .ok_or_else(|| Failure::new("io-exists", Exit::Io).about(folder))
}

fn value(finding: &Finding, in_full: bool) -> String {
    if in_full {
        finding.value().to_owned()
    } else {
        finding.masked()
    }
}

fn as_json(path: &Path, done: &Done, in_full: bool) -> Result<String, Failure> {
    let clues = done.clean.clues().map_err(|e| Failure::reading(&e, path))?;
    let findings = done.clean.report().findings().iter().map(|finding| {
        let (what, place) = (finding.what.code(), &finding.place);
        match finding.count() {
            Some(count) => json!({ "what": what, "place": place, "count": count }),
            None => json!({ "what": what, "place": place, "value": value(finding, in_full) }),
        }
    });
    let remarks = done
        .clean
        .report()
        .remarks()
        .iter()
        .map(|remark| remark.code());
    let mut line = json!({
        "path": path.to_string_lossy(),
        "output": done.path.to_string_lossy(),
        "media_type": done.clean.kind().media_type().as_str(),
        "length": done.length,
        "findings": findings.collect::<Vec<_>>(),
        "remarks": remarks.collect::<Vec<_>>(),
    });
    if let (Some(fields), Some(clues)) = (line.as_object_mut(), clues) {
        let clues = clues.iter();
        let clues = clues.map(|(what, count)| (what.code().to_owned(), (*count).into()));
        fields.insert("words".to_owned(), Value::Object(clues.collect()));
    }
    Ok(line.to_string())
}

/// One finding: `EXIF Model S••• (12)`, `zero-width characters: 3`.
fn told(finding: &Finding, in_full: bool, words: &Words) -> String {
    if let Some(count) = finding.count() {
        // In an archive: `member 2: mark-zero-width`.
        let (outer, code) = finding
            .place
            .rsplit_once(": ")
            .unwrap_or(("", &finding.place));
        let mut name = if words.has(code) {
            words.plain(code)
        } else {
            words.left_to_right(code)
        };
        if !outer.is_empty() {
            name = format!("{}: {name}", words.left_to_right(outer));
        }
        return say!(words, "scrub-counted", name = name, count = count);
    }
    let text = match value(finding, in_full) {
        value if value.is_empty() => finding.place.to_string(),
        value => format!("{} {value}", finding.place),
    };
    words.left_to_right(&crate::terminal::harmless_value(&text))
}

/// One line for the file, one for each kind of finding, one for each remark.
fn show(path: &Path, done: &Done, in_full: bool, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    terminal.line(&say!(
        words,
        "scrub-done",
        from = printable(path),
        to = printable(&done.path),
        size = words.size(done.length)
    ))?;
    let mut kinds: BTreeMap<What, Vec<&Finding>> = BTreeMap::new();
    for finding in done.clean.report().findings() {
        kinds.entry(finding.what).or_default().push(finding);
    }
    if kinds.is_empty() {
        terminal.line(&format!("   {}", say!(words, "scrub-nothing")))?;
    }
    for (what, findings) in kinds {
        let name = named(words, "what", what.code());
        let most = if in_full { usize::MAX } else { SHOWN };
        let shown = findings.iter().take(most);
        let shown = shown.map(|finding| told(finding, in_full, words));
        let mut list = shown.collect::<Vec<_>>().join(&say!(words, "list-comma"));
        if findings.len() > most {
            let count = findings.len() - most;
            list += &say!(words, "scrub-more", count = count);
        }
        terminal.line(&format!(
            "   {}",
            say!(words, "scrub-line", name = name, list = list)
        ))?;
    }
    for text in scrubbing::remarks(&done.clean, path, words)? {
        terminal.line(&format!("   {text}"))?;
    }
    Ok(())
}
