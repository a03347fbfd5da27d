//! `hamsa seal`: what an informant writes becomes an envelope for the agency on the card.

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use hamsa_core::{
    Card, CleanFile, MediaType, Recipients, SealError, Tip, seal, seal_at, seal_short, seal_stream,
    sealed_len,
};
use indicatif::ProgressBar;
use zeroize::Zeroizing;

use crate::arguments::{FileArgs, SealArgs};
use crate::failure::{Exit, Failure};
use crate::output::Positioned;
use crate::progress::Counted;
use crate::scrubbing::{self, Method, Original};
use crate::terminal::{self, Reader, Terminal};
use crate::{batch, calendar, card_file, input, output, say, text_check};

/// The name of an envelope that says nothing about what is in it.
const NEUTRAL_NAME: &str = "tip.age";
/// The text form is made in memory and meant for mail and chat: longer attachments go as the binary form.
const MAX_ARMORED: u64 = 16 << 20;
/// Octets of a file from which its media type is told.
const MAGIC: usize = 8192;

/// Where the envelope goes.
enum Destination {
    StandardOutput,
    File(PathBuf),
}

/// Seals one tip. Everything that can be refused is refused before the person has typed anything.
pub(crate) fn run(args: &SealArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let card = card_file::read(&args.card, args.fingerprint.as_deref())?;
    let to = card.recipients(args.to.as_deref(), calendar::today()?)?;
    check_ids(args, &card)?;
    input::check_language(args.language.as_deref())?;
    if args.short {
        // Not every department has a key for it. What is sealed here goes nowhere.
        seal_short("-", &to)?;
    }
    let destination = destination(args, terminal)?;
    let attachments = attachments(&args.files, terminal)?;
    if args.fingerprint.is_none() {
        terminal.note(&say!(
            terminal.words(),
            "seal-compare",
            fingerprint = card.fingerprint().to_string()
        ));
    }
    let text = if args.as_it_is {
        input::read_text(terminal)?
    } else {
        text_check::read(terminal)?
    };
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Failure::new("text-empty", Exit::Input));
    }
    if args.short {
        return seal_message(&text, &to, &destination, terminal);
    }
    let tip = tip(args, text, attachments)?;
    let length = sealed_len(&tip, &to)?;
    let written = if args.armor {
        deliver_text(tip, &to, length, &destination)?
    } else {
        let bar = terminal.progress_of_octets(length);
        let delivered = deliver(tip, &to, &destination, &bar);
        bar.finish_and_clear();
        delivered?
    };
    if let Destination::File(path) = &destination {
        let words = terminal.words();
        let (path, size) = (crate::words::printable(path), words.size(written));
        terminal.note(&say!(words, "seal-done", path = path, size = size));
    }
    Ok(Exit::Done)
}

/// Holds the ids that the person gave against the card, so that a slip is found here and not by the analyst.
fn check_ids(args: &SealArgs, card: &Card) -> Result<(), Failure> {
    let profile = card.profile();
    let is_category = |id: &str| {
        profile
            .departments
            .iter()
            .any(|d| d.id == id || d.topics.iter().any(|t| t.id == id))
    };
    if args.category.as_deref().is_some_and(|id| !is_category(id)) {
        return Err(Failure::new("no-such-category", Exit::Refused));
    }
    let to = profile
        .departments
        .iter()
        .find(|d| Some(&d.id) == args.to.as_ref());
    if let (Some(to), Some(id)) = (to, &args.category)
        && to.id != *id
        && !to.topics.iter().any(|topic| topic.id == *id)
    {
        return Err(Failure::new("category-elsewhere", Exit::Refused));
    }
    let is_group = |id: &str| profile.caller_groups.iter().any(|group| group.id == id);
    if args.caller_group.as_deref().is_some_and(|id| !is_group(id)) {
        return Err(Failure::new("no-such-caller-group", Exit::Refused));
    }
    Ok(())
}

fn destination(args: &SealArgs, terminal: &Terminal) -> Result<Destination, Failure> {
    let chosen = match &args.output {
        Some(path) if path.as_os_str() == "-" => None,
        Some(path) => Some(path.clone()),
        None if args.short => None,
        None => Some(PathBuf::from(NEUTRAL_NAME)),
    };
    match chosen {
        Some(path) => {
            output::refuse_impossible(&path)?;
            Ok(Destination::File(path))
        }
        None if args.short || args.armor || terminal.reader() == Reader::Program => {
            Ok(Destination::StandardOutput)
        }
        None => Err(Failure::new("binary-to-terminal", Exit::Usage)),
    }
}

/// Cleans the files to attach and says what was in them, and opens those that are attached as they are.
fn attachments(args: &FileArgs, terminal: &Terminal) -> Result<Vec<CleanFile<'static>>, Failure> {
    let mut attachments = Vec::new();
    let method = Method::of(args.pixels);
    for path in &args.attach {
        let original = Original::open(path)?;
        let (length, untouched) = (original.len(), original.again());
        let clean = scrubbing::clean(original, method, path).map_err(offer_as_it_is)?;
        scrubbing::tell(path, &clean, terminal)?;
        let media_type = clean.kind().media_type();
        attachments.push(clean.into_attachment());
        if args.with_original {
            let untouched = untouched.map_err(|e| Failure::reading(&e, path))?;
            let untouched = CleanFile::danger_original(media_type, length, untouched.reader());
            attachments.push(untouched);
            let path = crate::words::printable(path);
            terminal.note(&say!(terminal.words(), "seal-original", path = path));
        }
    }
    if args.pixels && args.with_original {
        terminal.note(&say!(terminal.words(), "seal-original-pixels"));
    }
    for path in &args.unscrubbed {
        attachments.push(unscrubbed(path, terminal)?);
    }
    Ok(attachments)
}

/// A file that no other program makes cleanable can only be attached as it is, or not at all.
fn offer_as_it_is(failure: Failure) -> Failure {
    match failure.code() {
        "scrub-unknown-kind" | "scrub-unsupported" | "scrub-damaged" | "scrub-leak"
        | "scrub-unverified" => failure.or_else("seal-not-cleaned"),
        _ => failure,
    }
}

/// Opens a file to attach as it is, and says that everything stays inside it.
fn unscrubbed(path: &Path, terminal: &Terminal) -> Result<CleanFile<'static>, Failure> {
    let (file, length) = input::open_file(path)?;
    let media_type = media_type(&file, path)?;
    terminal.note(&say!(
        terminal.words(),
        "seal-unscrubbed",
        path = crate::words::printable(path)
    ));
    Ok(CleanFile::danger_unscrubbed(media_type, length, file))
}

/// Tells the media type from the first octets; the name of the file may say anything.
fn media_type(file: &std::fs::File, path: &Path) -> Result<MediaType, Failure> {
    use std::os::unix::fs::FileExt as _;
    let mut start = Zeroizing::new(vec![0_u8; MAGIC]);
    let read = file
        .read_at(&mut start, 0)
        .map_err(|e| Failure::reading(&e, path))?;
    let found = infer::get(start.get(..read).unwrap_or_default());
    Ok(MediaType::parse(
        found.map_or("application/octet-stream", |kind| kind.mime_type()),
    ))
}

fn tip(
    args: &SealArgs,
    text: Zeroizing<String>,
    attachments: Vec<CleanFile<'static>>,
) -> Result<Tip<'static>, SealError> {
    let mut tip = Tip::new(text)?;
    if let Some(tag) = &args.language {
        tip = tip.language(tag)?;
    }
    if let Some(id) = &args.category {
        tip = tip.category(id)?;
    }
    if let Some(id) = &args.caller_group {
        tip = tip.caller_group(id)?;
    }
    for file in attachments {
        tip = tip.attach(file)?;
    }
    Ok(tip)
}

/// Seals `tip` in the text form; how many octets that were. `length` is that of the binary envelope.
fn deliver_text(
    tip: Tip<'_>,
    to: &Recipients,
    length: u64,
    destination: &Destination,
) -> Result<u64, Failure> {
    if length > MAX_ARMORED {
        return Err(Failure::new("too-long-for-armor", Exit::Input));
    }
    let sealed = seal(tip, to).map_err(|e| sealing(e, Path::new("memory")))?;
    write_text(&sealed.to_text(), destination)
}

/// Seals `tip` to where it goes; how many octets went there.
fn deliver(
    tip: Tip<'_>,
    to: &Recipients,
    destination: &Destination,
    bar: &ProgressBar,
) -> Result<u64, Failure> {
    match destination {
        Destination::StandardOutput => {
            let stdout = Path::new("stdout");
            let out = terminal::standard_output().map_err(|e| Failure::writing(&e, stdout))?;
            let mut out = Counted { to: out, bar };
            let written = seal_stream(tip, to, &mut out).map_err(|e| sealing(e, stdout))?;
            out.flush().map_err(|e| Failure::writing(&e, stdout))?;
            Ok(written)
        }
        Destination::File(path) => {
            let length = sealed_len(&tip, to)?;
            if output::free_space(path).is_some_and(|free| free < length) {
                return Err(Failure::writing(&io::ErrorKind::StorageFull.into(), path));
            }
            output::create(path, |file: &Positioned| {
                let file = Counted { to: file, bar };
                let written = seal_at(tip, to, &file, workers_for(length));
                debug_assert!(
                    written.as_ref().map_or(true, |&n| n == length),
                    "the length that was announced"
                );
                written.map(drop).map_err(|e| sealing(e, path))
            })?;
            Ok(length)
        }
    }
}

/// A short tip is sealed before a second thread has started.
fn workers_for(length: u64) -> NonZeroUsize {
    if length < 1 << 20 {
        NonZeroUsize::MIN
    } else {
        batch::cores()
    }
}

/// What stopped the sealing, with the output's name when the disk did.
fn sealing(error: SealError, path: &Path) -> Failure {
    match error {
        SealError::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            Failure::new("file-changed", Exit::Input)
        }
        SealError::Io(e) => Failure::writing(&e, path),
        other => other.into(),
    }
}

/// Seals the text into one short message for SMS or a small QR code.
fn seal_message(
    text: &str,
    to: &Recipients,
    destination: &Destination,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let message = seal_short(text, to)?.to_text();
    write_text(&message, destination)?;
    terminal.note(&say!(
        terminal.words(),
        "seal-short-messages",
        count = messages(message.trim_end().len())
    ));
    terminal.note(&say!(terminal.words(), "seal-short-classical"));
    Ok(Exit::Done)
}

/// How many SMS carry `characters` of the basic alphabet.
fn messages(characters: usize) -> usize {
    if characters <= 160 {
        1
    } else {
        characters.div_ceil(153)
    }
}

/// Writes a text form with a newline at its end; how many octets that were.
fn write_text(text: &str, destination: &Destination) -> Result<u64, Failure> {
    let text = if text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    };
    match destination {
        Destination::File(path) => output::create_with(path, text.as_bytes())?,
        Destination::StandardOutput => {
            let stdout = Path::new("stdout");
            let written =
                terminal::standard_output().and_then(|mut out| out.write_all(text.as_bytes()));
            written.map_err(|e| Failure::writing(&e, stdout))?;
        }
    }
    Ok(text.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::messages;

    #[test]
    fn messages_are_counted_as_networks_do() {
        assert_eq!(
            (
                messages(95),
                messages(160),
                messages(161),
                messages(306),
                messages(307)
            ),
            (1, 1, 2, 2, 3)
        );
    }
}
