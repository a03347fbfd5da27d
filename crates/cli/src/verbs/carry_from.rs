//! `hamsa carry from`: the envelopes in whatever a channel brought, and nothing of who sent it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use hamsa_channel_chat::{from_chat, from_telegram, from_whatsapp};
use hamsa_channel_email::{from_mbox, from_message_file};
use hamsa_channel_qr::from_qr;
use hamsa_channel_sms::{Body, Inbound, Message, from_sms};
use hamsa_core::{Arrived, Unreadable};
use serde_json::json;

use crate::arguments::carry::{ChatFormat, FromArgs, FromChannel};
use crate::arrivals::{Arrivals, Sum};
use crate::envelopes::Walk;
use crate::failure::{Exit, Failure};
use crate::terminal::{Terminal, standard_input};
use crate::words::printable;
use crate::{input, say};

/// Octets of one input that are read, mailboxes excepted, which are read message by message.
const MAX_INPUT: u64 = 256 << 20;
/// Numbers of missing parts that are named one by one, for each envelope.
const NAMED: usize = 20;

/// Reads all that was named, or standard input, and says what came of it.
pub(crate) fn run(channel: &FromChannel, terminal: &Terminal) -> Result<Exit, Failure> {
    let args = match channel {
        FromChannel::Sms(args) => &args.from,
        FromChannel::Email(args) => &args.from,
        FromChannel::Chat(args) => &args.from,
        FromChannel::Qr(args) => &args.from,
    };
    let mut arrivals = Arrivals::at(&args.out)?;
    if args.paths.is_empty() || args.paths.iter().all(|path| path.as_os_str() == "-") {
        let stdin = Path::new("stdin");
        let file = standard_input().map_err(|e| Failure::reading(&e, stdin))?;
        read_one(channel, file, stdin, 0, &mut arrivals)?;
    } else {
        read_all(channel, args, &mut arrivals)?;
    }
    let sum = arrivals.finish()?;
    tell(&sum, args, terminal)?;
    Ok(exit(&sum))
}

/// Reads files and folders of them. One that cannot be read is counted, and the rest goes on.
fn read_all(
    channel: &FromChannel,
    args: &FromArgs,
    arrivals: &mut Arrivals,
) -> Result<(), Failure> {
    for (line, found) in (1..).zip(Walk::new(&args.paths, Some(&args.out))) {
        let opened = match found {
            Ok(path) if is_no_mail(channel, args, &path) => continue,
            Ok(path) => input::open_file(&path).map(|(file, _)| (file, path)),
            Err((_, why)) => Err(why),
        };
        match opened {
            Ok((file, path)) => match read_one(channel, file, &path, line, arrivals) {
                Err(why) if why.key().starts_with("io-reading") => arrivals.unreadable(why.code()),
                done => done?,
            },
            Err(why) => arrivals.unreadable(why.code()),
        }
    }
    Ok(())
}

/// Whether a file is one that a mail server keeps beside the messages of a Maildir, or has not delivered yet.
fn is_no_mail(channel: &FromChannel, args: &FromArgs, path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    let has_both = |folder: &Path| folder.join("cur").is_dir() && folder.join("new").is_dir();
    let is_box = folder.ends_with("cur") || folder.ends_with("new");
    let is_inside = folder.ancestors().take(3).any(has_both);
    let is_named = args.paths.iter().any(|named| named == path);
    matches!(channel, FromChannel::Email(_)) && is_inside && !is_box && !is_named
}

/// Reads one input. What waits afterwards is on the disk, so the input may be gone.
fn read_one(
    channel: &FromChannel,
    file: File,
    path: &Path,
    line: u64,
    arrivals: &mut Arrivals,
) -> Result<(), Failure> {
    match channel {
        FromChannel::Email(_) => mail(file, path, arrivals)?,
        FromChannel::Sms(args) => {
            let octets = whole(file, path)?;
            arrivals.take(sms(&text(&octets), args.octets, line))?;
        }
        FromChannel::Qr(_) => arrivals.take(from_qr(&whole(file, path)?))?,
        FromChannel::Chat(args) => {
            let octets = whole(file, path)?;
            match args.format {
                ChatFormat::Text => arrivals.take(from_chat(&text(&octets)))?,
                ChatFormat::Telegram => webhooks(&octets, from_telegram, arrivals)?,
                ChatFormat::Whatsapp => webhooks(&octets, from_whatsapp, arrivals)?,
            }
        }
    }
    arrivals.flush()
}

fn whole(file: impl Read, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut octets = Vec::new();
    let read = file.take(MAX_INPUT).read_to_end(&mut octets);
    read.map_err(|e| Failure::reading(&e, path))?;
    Ok(octets)
}

fn text(octets: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(octets)
}

/// A mailbox file begins with a line `From `; anything else is one message.
fn mail(file: File, path: &Path, arrivals: &mut Arrivals) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::reading(&e, path);
    let mut file = BufReader::new(file);
    if !file.fill_buf().map_err(failed)?.starts_with(b"From ") {
        return arrivals.take(from_message_file(file).map_err(failed)?);
    }
    let mut taken = Ok(());
    from_mbox(file, |arrived| {
        if taken.is_ok() {
            taken = arrivals.take(arrived);
        }
    })
    .map_err(failed)?;
    taken
}

/// One message a line: text as it is; or, in hexadecimal digits, its user data header (`-` when there is none) and its octets.
fn sms(text: &str, is_octets: bool, line: u64) -> Arrived {
    let mut refused = Arrived::default();
    let lines = text.lines().map(str::trim).filter(|text| !text.is_empty());
    let mut messages = Vec::new();
    for text in lines {
        let message = if is_octets {
            octets_message(text)
        } else {
            let body = Body::Text(text.to_owned());
            Some(Message { header: None, body })
        };
        match message {
            Some(message) => messages.push(Inbound { line, message }),
            None => refused.push(Err(Unreadable::NotAMessage)),
        }
    }
    refused.extend([from_sms(messages)]);
    refused
}

fn octets_message(line: &str) -> Option<Message> {
    let (header, body) = line.split_once(' ')?;
    let header = if header == "-" {
        None
    } else {
        Some(from_hex(header)?)
    };
    let body = Body::Octets(from_hex(body.trim())?);
    Some(Message { header, body })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let octet = |pair: &[u8; 2]| {
        let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
        u8::try_from(high? << 4 | low?).ok()
    };
    pairs.iter().map(octet).collect()
}

/// One call of a webhook, or one a line.
fn webhooks(
    octets: &[u8],
    from: fn(&[u8]) -> hamsa_channel_chat::Inbound,
    arrivals: &mut Arrivals,
) -> Result<(), Failure> {
    let first = octets.split(|&octet| octet == b'\n').next();
    let is_by_lines =
        first.is_some_and(|line| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok());
    let calls: Vec<&[u8]> = if is_by_lines {
        let lines = octets.split(|&octet| octet == b'\n');
        lines.filter(|line| !line.trim_ascii().is_empty()).collect()
    } else {
        vec![octets]
    };
    for call in calls {
        let inbound = from(call);
        arrivals.media(inbound.media.len());
        arrivals.take(inbound.arrived)?;
    }
    Ok(())
}

/// Nothing came but what cannot be read: a refused input. Something is missing: not all was done.
fn exit(sum: &Sum) -> Exit {
    let has_gaps = !sum.waiting.is_empty() || sum.media > 0;
    let has_envelopes = !sum.new.is_empty() || sum.repeated > 0;
    match (sum.unreadable.is_empty(), has_gaps, has_envelopes) {
        (true, false, _) => Exit::Done,
        (false, false, false) => Exit::Input,
        _ => Exit::Incomplete,
    }
}

fn tell(sum: &Sum, args: &FromArgs, terminal: &Terminal) -> Result<(), Failure> {
    if args.json {
        return as_json(sum, terminal);
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
    for (code, &count) in &sum.unreadable {
        let key = format!("error-{code}");
        let reason = if words.has(&key) {
            words.plain(&key)
        } else {
            say!(words, "carry-unreadable-file")
        };
        terminal.note(&say!(
            words,
            "carry-sum-unreadable",
            count = count,
            reason = reason
        ));
    }
    if sum.media > 0 {
        let count = sum.media;
        terminal.note(&say!(words, "carry-sum-media", count = count));
    }
    Ok(())
}

fn as_json(sum: &Sum, terminal: &Terminal) -> Result<(), Failure> {
    for path in &sum.new {
        terminal.line(&json!({ "envelope": lossy(path) }).to_string())?;
    }
    let missing = |group: &hamsa_core::OpenGroup| -> Vec<[u16; 2]> {
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
        "unreadable": sum.unreadable,
        "media": sum.media,
    });
    terminal.line(&json!({ "summary": summary }).to_string())
}

fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
