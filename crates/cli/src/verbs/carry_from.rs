//! `hamsa carry from`: the envelopes in whatever a channel brought, and nothing of who sent it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use hamsa_channel_chat::{from_chat, from_telegram, from_whatsapp};
use hamsa_channel_email::{from_mbox, from_message_file};
use hamsa_channel_qr::from_qr;
use hamsa_channel_sms::{Body, Inbound, Message, from_sms};
use hamsa_core::{Arrived, Sealed, Unreadable};
use indicatif::ProgressBar;

use crate::arguments::carry::{ChatFormat, FromArgs, FromChannel};
use crate::arrivals::{Arrivals, Sum};
use crate::envelopes::Walk;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, standard_input};
use crate::verbs::carry_told::tell;
use crate::verbs::carry_wrong as wrong;

/// Octets of one input that are read, mailboxes excepted, which are read message by message.
const MAX_INPUT: u64 = 256 << 20;
/// Octets by which a mail is told from a mailbox, and either from nothing.
const HEAD: u64 = 8192;

/// Reads all that was named, or standard input, and says what came of it.
pub(crate) fn run(channel: &FromChannel, terminal: &Terminal) -> Result<Exit, Failure> {
    let args = match channel {
        FromChannel::Sms(args) => &args.from,
        FromChannel::Email(args) => &args.from,
        FromChannel::Chat(args) => &args.from,
        FromChannel::Qr(args) => &args.from,
    };
    let mut arrivals = Arrivals::at(&args.out)?;
    if args.paths.is_empty() {
        read_stdin(channel, &mut arrivals)?;
    }
    let bar = progress(args, terminal);
    for root in &args.paths {
        if root.as_os_str() == "-" {
            read_stdin(channel, &mut arrivals)?;
        } else {
            read_all(channel, args, root, &mut arrivals, (&bar, terminal))?;
        }
    }
    bar.finish_and_clear();
    let sum = arrivals.finish()?;
    tell(&sum, args, terminal)?;
    Ok(exit(&sum))
}

/// The progress over all files, when there are several.
fn progress(args: &FromArgs, terminal: &Terminal) -> ProgressBar {
    let files = |root| Walk::new(std::slice::from_ref(root), Some(&args.out)).count() as u64;
    match args.paths.iter().map(files).sum() {
        0 | 1 => ProgressBar::hidden(),
        count => terminal.progress(count),
    }
}

fn read_stdin(channel: &FromChannel, arrivals: &mut Arrivals) -> Result<(), Failure> {
    let stdin = Path::new("stdin");
    arrivals.begin(stdin);
    let file = standard_input().map_err(|e| Failure::reading(&e, stdin))?;
    read_one(channel, file, stdin, arrivals)
}

/// Reads a file, or a folder of them. One that cannot be read is counted, and the rest goes on.
fn read_all(
    channel: &FromChannel,
    args: &FromArgs,
    root: &Path,
    arrivals: &mut Arrivals,
    (bar, terminal): (&ProgressBar, &Terminal),
) -> Result<(), Failure> {
    arrivals.begin(root);
    let is_folder = root.is_dir();
    for found in Walk::new(&[root.to_owned()], Some(&args.out)) {
        bar.inc(1);
        let opened = match found {
            Ok(path) if is_folder && is_no_mail(channel, &path) => continue,
            Ok(path) if is_folder => input::open_file(&path).map(|(file, _)| (file, path)),
            Ok(path) => input::open_stream(&path).map(|file| (file, path)),
            Err((_, why)) => Err(why),
        };
        let why = match opened {
            Ok((file, path)) => match read_one(channel, file, &path, arrivals) {
                Err(why) if why.key().starts_with("io-reading") => why,
                done => {
                    done?;
                    continue;
                }
            },
            Err(why) => why,
        };
        arrivals.unreadable(why.code());
        // The name of a file in a folder may say who sent it and when.
        if !is_folder && !args.json {
            bar.suspend(|| terminal.fail(&why));
        }
    }
    Ok(())
}

/// Whether a file is one that a mail server keeps beside the messages of a Maildir, or has not delivered yet.
fn is_no_mail(channel: &FromChannel, path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    let has_both = |folder: &Path| folder.join("cur").is_dir() && folder.join("new").is_dir();
    let is_box = folder.ends_with("cur") || folder.ends_with("new");
    let is_inside = folder.ancestors().take(3).any(has_both);
    matches!(channel, FromChannel::Email(_)) && is_inside && !is_box
}

/// Reads one input. What waits afterwards is on the disk, so the input may be gone. An empty one holds no message.
fn read_one(
    channel: &FromChannel,
    file: File,
    path: &Path,
    arrivals: &mut Arrivals,
) -> Result<(), Failure> {
    if let FromChannel::Email(_) = channel {
        mail(channel, file, path, arrivals)?;
        return arrivals.flush();
    }
    let Some(octets) = whole(file, path)? else {
        arrivals.unreadable(Unreadable::TooLong.code());
        return Ok(());
    };
    if octets.trim_ascii().is_empty() {
        return Ok(());
    }
    let format = match channel {
        FromChannel::Chat(args) => Some(format_of(args.format, &octets)),
        _ => None,
    };
    let gave_nothing = match channel {
        FromChannel::Sms(args) if args.octets => {
            let messages = octets_messages(&text(&octets), arrivals);
            let gave_nothing = messages.is_empty();
            arrivals.take_sms(messages)?;
            gave_nothing
        }
        FromChannel::Chat(_) if format != Some(ChatFormat::Text) => {
            let read = match format {
                Some(ChatFormat::Whatsapp) => from_whatsapp,
                _ => from_telegram,
            };
            !webhooks(&octets, read, arrivals)?
        }
        _ => {
            let arrived = match channel {
                FromChannel::Qr(_) => from_qr(&octets),
                FromChannel::Chat(_) => chat(&octets),
                _ => sms(&octets),
            };
            let gave_nothing = arrived.sealed.is_empty();
            let is_too_long = arrived.unreadable.contains(&Unreadable::TooLong);
            if is_too_long && matches!(channel, FromChannel::Qr(_)) {
                arrivals.hint("carry-hint-large-picture");
            }
            arrivals.take(arrived)?;
            gave_nothing && !is_too_long
        }
    };
    if gave_nothing && let Some(hint) = wrong::hint(channel, &octets) {
        arrivals.hint(hint);
    }
    arrivals.flush()
}

/// The whole of an input, or nothing when it is too long.
fn whole(file: impl Read, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let mut octets = Vec::new();
    let read = file.take(MAX_INPUT + 1).read_to_end(&mut octets);
    read.map_err(|e| Failure::reading(&e, path))?;
    Ok(Some(octets).filter(|octets| octets.len() as u64 <= MAX_INPUT))
}

/// Octets as UTF-8 or, when they are none, as Latin-1, in which some gateways hand on what they take for it.
fn text(octets: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => octets.iter().copied().map(char::from).collect(),
    }
}

/// A mailbox file begins with a line `From `, which empty lines and a byte order mark may precede; anything else is one
/// message.
fn mail(
    channel: &FromChannel,
    file: File,
    path: &Path,
    arrivals: &mut Arrivals,
) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::reading(&e, path);
    let mut head = Vec::new();
    (&file).take(HEAD).read_to_end(&mut head).map_err(failed)?;
    if (head.len() as u64) < HEAD && head.trim_ascii().is_empty() {
        return Ok(());
    }
    let begun = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&head);
    let is_mbox = begun.trim_ascii_start().starts_with(b"From ");
    let whole = head.as_slice().chain(file);
    if !is_mbox {
        let mut arrived = from_message_file(whole).map_err(failed)?;
        if arrived.sealed.is_empty() {
            if wrong::is_noise(&head) {
                arrived.unreadable = vec![Unreadable::NotAMessage];
            }
            if let Some(hint) = wrong::hint(channel, &head) {
                arrivals.hint(hint);
            }
        }
        return arrivals.take(arrived);
    }
    let mut taken = Ok(());
    from_mbox(BufReader::new(whole), |arrived| {
        if taken.is_ok() {
            taken = arrivals.take(arrived);
        }
    })
    .map_err(failed)?;
    taken
}

/// The format that was named. A call of a webhook is read as one also when none was: there may be documents in it.
fn format_of(named: ChatFormat, octets: &[u8]) -> ChatFormat {
    let text = str::from_utf8(octets).ok();
    let told = text.filter(|_| named == ChatFormat::Text);
    told.and_then(wrong::service_of).unwrap_or(named)
}

/// Text in which messages stand, or a document that was fetched, whatever its form.
fn chat(octets: &[u8]) -> Arrived {
    let mut arrived = Arrived::default();
    match Sealed::parse(octets) {
        Ok(sealed) => arrived.push(Ok(sealed)),
        Err(_) => arrived = text_or_noise(octets, from_chat(&text(octets))),
    }
    arrived
}

/// One message a line.
fn sms(octets: &[u8]) -> Arrived {
    let text = text(octets);
    let lines = text.lines().map(str::trim).filter(|text| !text.is_empty());
    let inbound = lines.map(|text| {
        let body = Body::Text(text.to_owned());
        let message = Message { header: None, body };
        Inbound { line: 0, message }
    });
    text_or_noise(octets, from_sms(inbound))
}

/// What was read of octets as text. What looks sealed by chance, in something that is no text, is not called damaged.
fn text_or_noise(octets: &[u8], mut arrived: Arrived) -> Arrived {
    if arrived.sealed.is_empty() && wrong::is_noise(octets) {
        arrived.unreadable = vec![Unreadable::NotAMessage];
    }
    arrived
}

/// One message a line, in hexadecimal digits: its user data header (`-` when there is none) and its octets.
fn octets_messages(text: &str, arrivals: &mut Arrivals) -> Vec<Message> {
    let lines = text.lines().map(str::trim).filter(|text| !text.is_empty());
    let mut messages = Vec::new();
    for line in lines {
        match octets_message(line) {
            Some(message) => messages.push(message),
            None => arrivals.unreadable(Unreadable::NotAMessage.code()),
        }
    }
    messages
}

pub(super) fn octets_message(line: &str) -> Option<Message> {
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

/// One call of a webhook, or one a line; whether any of them was one.
fn webhooks(
    octets: &[u8],
    from: fn(&[u8]) -> hamsa_channel_chat::Inbound,
    arrivals: &mut Arrivals,
) -> Result<bool, Failure> {
    let first = octets.split(|&octet| octet == b'\n').next();
    let is_by_lines =
        first.is_some_and(|line| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok());
    let calls: Vec<&[u8]> = if is_by_lines {
        let lines = octets.split(|&octet| octet == b'\n');
        lines.filter(|line| !line.trim_ascii().is_empty()).collect()
    } else {
        vec![octets]
    };
    let mut is_any = false;
    for call in calls {
        let inbound = from(call);
        is_any |= inbound.arrived.unreadable != [Unreadable::NotAMessage];
        arrivals.media(inbound.media);
        arrivals.take(inbound.arrived)?;
    }
    Ok(is_any)
}

/// Nothing came but what cannot be read: a refused input. Something is missing: not all was done.
fn exit(sum: &Sum) -> Exit {
    let has_gaps = !sum.waiting.is_empty() || !sum.media.is_empty();
    let has_envelopes = !sum.new.is_empty() || sum.repeated > 0;
    match (sum.unreadable.is_empty(), has_gaps, has_envelopes) {
        (true, false, _) => Exit::Done,
        (false, false, false) => Exit::Input,
        _ => Exit::Incomplete,
    }
}
