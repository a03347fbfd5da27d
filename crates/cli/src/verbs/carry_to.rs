//! `hamsa carry to`: an envelope as the messages of a channel.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use hamsa_channel_chat::{Limit, to_chat};
use hamsa_channel_email::{Addresses, EmailError, to_email};
use hamsa_channel_qr::{Code, to_qr};
use hamsa_channel_sms::{Alphabet, Body, messages_needed, to_sms, to_text};
use hamsa_core::{Envelope, PartError, Unreadable};

use crate::arguments::carry::{ToChannel, ToChatArgs, ToEmailArgs, ToQrArgs, ToSmsArgs};
use crate::arrivals::is_cut;
use crate::envelopes::hex;
use crate::failure::{Exit, Failure};
use crate::terminal::{Terminal, standard_input};
use crate::words::printable;
use crate::{calendar, input, output, say};

/// The longest envelope that is read, in octets: no channel carries more than 64 MiB, and text takes a third more.
const MAX_ENVELOPE: u64 = 96 << 20;

/// Makes the messages of one envelope.
pub(crate) fn run(channel: &ToChannel, terminal: &Terminal) -> Result<Exit, Failure> {
    match channel {
        ToChannel::Sms(args) => sms(args, terminal),
        ToChannel::Email(args) => email(args, terminal),
        ToChannel::Chat(args) => chat(args, terminal),
        ToChannel::Qr(args) => qr(args, terminal),
    }
}

/// Reads the envelope from a file or from standard input, in any of its forms.
fn read(path: Option<&Path>) -> Result<Envelope, Failure> {
    let path = path.filter(|path| path.as_os_str() != "-");
    let name = path.unwrap_or(Path::new("stdin"));
    let file = match path {
        Some(path) => input::open_stream(path)?,
        None => standard_input().map_err(|e| Failure::reading(&e, name))?,
    };
    let mut octets = Vec::new();
    let read = file.take(MAX_ENVELOPE + 1).read_to_end(&mut octets);
    read.map_err(|e| Failure::reading(&e, name))?;
    if octets.len() as u64 > MAX_ENVELOPE {
        return Err(PartError::TooLong.into());
    }
    if octets.is_empty() {
        return Err(Failure::new("file-empty", Exit::Input).about(name));
    }
    if is_cut(&octets) {
        return Err(Failure::from(Unreadable::Damaged).about(name));
    }
    Ok(Envelope::parse(&octets)?)
}

/// Writes the messages into a file, or to standard output.
fn write(octets: &[u8], path: Option<&Path>, terminal: &Terminal) -> Result<Exit, Failure> {
    match path.filter(|path| path.as_os_str() != "-") {
        Some(path) => output::create_with(path, octets)?,
        None => terminal.result(octets)?,
    }
    Ok(Exit::Done)
}

fn sms(args: &ToSmsArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let envelope = read(args.envelope.as_deref())?;
    let alphabet = if args.octets {
        Alphabet::Octets
    } else {
        Alphabet::Gsm7
    };
    let count = messages_needed(&envelope, alphabet)?;
    terminal.note(&say!(
        terminal.words(),
        "seal-short-messages",
        count = count
    ));
    let lines: Vec<String> = if args.octets {
        let messages = to_sms(&envelope, alphabet)?.into_iter();
        let line = |message: hamsa_channel_sms::Message| {
            let header = message.header.map_or_else(|| "-".to_owned(), |h| hex(&h));
            let body = match message.body {
                Body::Octets(octets) => hex(&octets),
                Body::Text(text) => hex(text.as_bytes()),
            };
            format!("{header} {body}")
        };
        messages.map(line).collect()
    } else {
        to_text(&envelope)?
    };
    let text = lines.join("\n") + "\n";
    write(text.as_bytes(), args.output.as_deref(), terminal)
}

fn email(args: &ToEmailArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let day = match &args.day {
        Some(day) => day.parse().map_err(|_| {
            Failure::new("usage-bad-value", Exit::Usage).with("name", "--day <DAY>")
        })?,
        None => calendar::today()?,
    };
    let envelope = read(args.envelope.as_deref())?;
    let addresses = Addresses {
        from: &args.from,
        to: &args.to,
        subject: &args.subject,
    };
    let message = to_email(&envelope, &addresses, day)?;
    write(&message, args.output.as_deref(), terminal)
}

impl From<EmailError> for Failure {
    fn from(error: EmailError) -> Self {
        let exit = match error {
            EmailError::BadAddress | EmailError::BadSubject => Exit::Usage,
            EmailError::NoRandomness => Exit::Incomplete,
            _ => Exit::Input,
        };
        Failure::new(format!("error-{}", error.code()), exit)
    }
}

fn limit(name: &str) -> Result<Limit, Failure> {
    Ok(match name {
        "telegram" => Limit::TELEGRAM,
        "whatsapp" => Limit::WHATSAPP,
        "x" => Limit::X_POST,
        "x-message" => Limit::X_MESSAGE,
        number => {
            let refused = |_| Failure::new("carry-bad-limit", Exit::Usage);
            Limit::new(number.parse().map_err(refused)?)
        }
    })
}

/// The shortest messages that can carry an envelope, in characters.
fn least_limit(envelope: &Envelope) -> u64 {
    // The longest envelope has 64 MiB, and 65,535 parts.
    let (mut low, mut high) = (0, 2048);
    while low < high {
        let middle = usize::midpoint(low, high);
        match to_chat(envelope, Limit::new(middle)) {
            Err(PartError::TooShort) => low = middle + 1,
            _ => high = middle,
        }
    }
    low as u64
}

fn chat(args: &ToChatArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let limit = limit(&args.limit)?;
    let envelope = read(args.envelope.as_deref())?;
    let messages = to_chat(&envelope, limit).map_err(|why| match why {
        PartError::TooShort => {
            Failure::new("carry-limit-too-short", Exit::Input).with("least", least_limit(&envelope))
        }
        why => why.into(),
    })?;
    let text = if args.json {
        serde_json::json!(messages).to_string() + "\n"
    } else {
        messages.join("\n\n") + "\n"
    };
    write(text.as_bytes(), args.output.as_deref(), terminal)
}

fn qr(args: &ToQrArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(dir) = &args.output else {
        let codes = to_qr(&read(args.envelope.as_deref())?)?;
        for code in &codes {
            let (number, count) = (code.number(), code.count());
            if count > 1 {
                let name = say!(
                    terminal.words(),
                    "carry-qr-code",
                    number = number,
                    count = count
                );
                terminal.line(&name)?;
            }
            terminal.result(code.to_terminal().as_bytes())?;
        }
        return Ok(Exit::Done);
    };
    output::refuse_existing(dir)?;
    let codes = to_qr(&read(args.envelope.as_deref())?)?;
    output::create_folder(dir).map_err(|e| Failure::writing(&e, dir))?;
    if let Err(why) = draw(&codes, dir, args.svg) {
        // The folder is ours, and half a series is none.
        let _ = fs::remove_dir_all(dir);
        return Err(why);
    }
    let (count, path) = (codes.len(), printable(dir));
    terminal.note(&say!(
        terminal.words(),
        "carry-qr-done",
        count = count,
        path = path
    ));
    Ok(Exit::Done)
}

/// Writes each code as a picture, under its number.
fn draw(codes: &[Code], dir: &Path, as_svg: bool) -> Result<(), Failure> {
    for code in codes {
        let (picture, kind) = if as_svg {
            (code.to_svg().into_bytes(), "svg")
        } else {
            (code.to_png(), "png")
        };
        let path = dir.join(format!("{:05}.{kind}", code.number()));
        output::create_with(&path, &picture)?;
    }
    Ok(())
}
