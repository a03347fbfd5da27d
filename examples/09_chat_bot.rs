//! Takes tips out of what Telegram's and WhatsApp's webhooks bring: one body a line on standard input, whole envelopes as
//! files in a folder.
//!
//! A web server that those services call writes each body, without its line breaks, to this program. Names, numbers and times
//! in a body reach no variable here: `Inbound` has no room for them. Without input it takes a sample of its own.
//!
//! `cargo run -p hamsa-examples --example 09_chat_bot [FOLDER]`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]
#![allow(clippy::doc_markdown, reason = "WhatsApp is a name and no code")]

use std::io::{self, BufRead, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use hamsa_channel_chat::{Inbound, Limit, MAX_WEBHOOK, from_telegram, from_whatsapp, to_chat};
use hamsa_core::{Collected, Collector, Envelope, Identity, Recipients, Tip, Unreadable};
use hamsa_core::{envelope_id, seal};

/// What came so far.
#[derive(Default)]
struct Taken {
    bodies: usize,
    envelopes: usize,
    /// Files that came along, which are fetched with the service's own interface and given to `Sealed::parse`.
    files: usize,
    unreadable: usize,
    missing: usize,
}

/// Takes the bodies of `input` and writes each envelope that becomes whole to `folder`.
fn take(mut input: impl BufRead, folder: &Path) -> Result<Taken, Box<dyn Error>> {
    let mut taken = Taken::default();
    let mut collector = Collector::new();
    let mut body = Vec::new();
    // A line that is longer than any body comes in pieces, of which none can be read.
    let most = MAX_WEBHOOK as u64 + 1;
    while {
        body.clear();
        (&mut input).take(most).read_until(b'\n', &mut body)? > 0
    } {
        let inbound = read(&body);
        taken.bodies += 1;
        taken.files += inbound.media.len();
        taken.unreadable += inbound.arrived.unreadable.len();
        for sealed in inbound.arrived.sealed {
            if let Collected::Envelope(envelope) = collector.take(sealed) {
                write(folder, &envelope)?;
                taken.envelopes += 1;
            }
        }
    }
    for group in collector.open_groups() {
        let missing: usize = group.missing.iter().map(|run| run.clone().count()).sum();
        println!(
            "{missing} of {} parts of an envelope are missing",
            group.count
        );
        taken.missing += missing;
    }
    Ok(taken)
}

/// The two services' bodies are not alike: what is none of the first is tried as one of the other.
fn read(body: &[u8]) -> Inbound {
    let inbound = from_telegram(body);
    match inbound.arrived.unreadable.first() {
        Some(Unreadable::NotAMessage | Unreadable::TooLong) => from_whatsapp(body),
        _ => inbound,
    }
}

/// Its name is a hash of it: one that comes again is there already.
fn write(folder: &Path, envelope: &Envelope) -> Result<(), Box<dyn Error>> {
    let id = envelope_id(envelope.as_bytes())?;
    let name = id.map(|octet| format!("{octet:02x}")).concat();
    Ok(fs::write(folder.join(name), envelope.as_bytes())?)
}

/// A tip in Telegram messages, the last one missing, and one in WhatsApp messages, as their webhooks bring them.
fn sample() -> Result<String, Box<dyn Error>> {
    let recipient = Identity::generate()?.recipient();
    let to = Recipients::danger_bare(vec![recipient.ok_or("only plugins hide theirs")?], None)?;
    let tip = |text: &str| seal(Tip::new(text.to_owned().into())?, &to);
    let mut telegram = to_chat(&tip("Cut short.")?, Limit::TELEGRAM)?;
    telegram.pop();
    let telegram = telegram.iter().map(|text| {
        format!(r#"{{"update_id":7,"message":{{"from":{{"id":9,"first_name":"Ahmed"}},"date":1773310299,"text":"{text}"}}}}"#)
    });
    let whatsapp = to_chat(&tip("Whole.")?, Limit::WHATSAPP_BUSINESS)?;
    let whatsapp = whatsapp.iter().rev().map(|text| {
        let message = format!(r#"{{"from":"971501234567","timestamp":"1773310299","type":"text","text":{{"body":"{text}"}}}}"#);
        format!(r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"messages":[{message}]}}}}]}}]}}"#)
    });
    let bodies: Vec<String> = telegram.chain(whatsapp).collect();
    Ok(bodies.join("\n"))
}

fn main() -> Result<(), Box<dyn Error>> {
    let own = env::temp_dir().join(format!("hamsa-example-{}", std::process::id()));
    let given = env::args_os().nth(1).map(PathBuf::from);
    let folder = given.as_ref().unwrap_or(&own);
    fs::create_dir_all(folder)?;
    let mut taken = Taken::default();
    if !io::stdin().is_terminal() {
        taken = take(io::stdin().lock(), folder)?;
    }
    if taken.bodies == 0 {
        taken = take(sample()?.as_bytes(), folder)?;
        assert_eq!((taken.envelopes, taken.missing), (1, 1));
    }
    let (envelopes, files, unreadable) = (taken.envelopes, taken.files, taken.unreadable);
    println!("{envelopes} envelopes; {files} files to fetch; {unreadable} messages without");
    if given.is_none() {
        // Nobody named a place to keep them in.
        fs::remove_dir_all(&own)?;
    }
    Ok(())
}
