//! `hamsa card show`: what a card says, and the checks that tell whether to trust it.

use hamsa_channel_qr::code_of_text;
use hamsa_core::{Card, Channels, DepartmentKey, Fingerprint, Names};
use serde_json::{Value, json};

use crate::arguments::ShowArgs;
use crate::failure::{Exit, Failure};
use crate::terminal::{Reader, Terminal};
use crate::{calendar, card_file, output, say};

/// So many characters of a key's public text tell it from the others of its department.
const MARK: usize = 8;

/// Shows the card, after it has passed the checks that were asked for.
pub(crate) fn run(args: &ShowArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let card = card_file::read(&args.card, args.fingerprint.as_deref())?;
    if let Some(known) = &args.known {
        card.check_follows(&card_file::read(known, None)?)?;
    }
    if args.json {
        terminal.line(&as_json(&card).to_string())?;
    } else {
        show(&card, terminal)?;
    }
    // Shown all the same, so that a person sees whose card it is; the exit code and the last lines refuse it.
    card.check_valid_on(calendar::today()?)?;
    draw(&card.fingerprint(), args)?;
    Ok(Exit::Done)
}

/// Writes the code of the fingerprint into the files that were asked for.
fn draw(fingerprint: &Fingerprint, args: &ShowArgs) -> Result<(), Failure> {
    if args.svg.is_none() && args.png.is_none() {
        return Ok(());
    }
    for path in args.svg.iter().chain(&args.png) {
        output::refuse_existing(path)?;
    }
    let code = code_of_text(&digits(fingerprint))?;
    if let Some(path) = &args.svg {
        output::create_with(path, code.to_svg().as_bytes())?;
    }
    if let Some(path) = &args.png {
        output::create_with(path, &code.to_png())?;
    }
    Ok(())
}

fn digits(fingerprint: &Fingerprint) -> String {
    let text = fingerprint.to_string();
    text.chars().filter(char::is_ascii_digit).collect()
}

fn show(card: &Card, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    let profile = card.profile();
    for (tag, name) in profile.agency.iter() {
        terminal.line(&say!(words, "card-name", tag = tag, name = name))?;
    }
    terminal.line(&say!(words, "card-number", number = card.issue_number()))?;
    terminal.line(&say!(
        words,
        "card-valid",
        from = card.issued().to_string(),
        until = card.expires().to_string()
    ))?;
    terminal.line(&say!(
        words,
        "card-departments",
        count = profile.departments.len()
    ))?;
    let language = words.tag();
    for department in &profile.departments {
        let name = department.names.get(language);
        terminal.line(&say!(
            words,
            "card-item",
            id = department.id.as_str(),
            name = name
        ))?;
        for key in card.keys(&department.id) {
            terminal.line(&say!(
                words,
                "card-key",
                mark = mark(key),
                from = key.from.to_string(),
                until = key.until.to_string()
            ))?;
        }
        for topic in &department.topics {
            terminal.line(&say!(
                words,
                "card-topic",
                id = topic.id.as_str(),
                name = topic.names.get(language)
            ))?;
        }
    }
    if !profile.caller_groups.is_empty() {
        terminal.line(&say!(
            words,
            "card-caller-groups",
            count = profile.caller_groups.len()
        ))?;
        for group in &profile.caller_groups {
            terminal.line(&say!(
                words,
                "card-item",
                id = group.id.as_str(),
                name = group.names.get(language)
            ))?;
        }
    }
    show_channels(&profile.channels, terminal)?;
    show_fingerprint(&card.fingerprint(), terminal)
}

/// The end of a key's public text, by which it is found in the department's `.pub` and `.key` files: the last characters
/// of Bech32 depend on all others.
fn mark(key: &DepartmentKey) -> String {
    let text = key.full.to_string();
    let at = text.len().saturating_sub(MARK);
    text.get(at..).unwrap_or_default().to_owned()
}

fn show_channels(channels: &Channels, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    for (addresses, kind) in [
        (&channels.phone, say!(words, "channel-phone")),
        (&channels.sms, say!(words, "channel-sms")),
        (&channels.mail, say!(words, "channel-mail")),
        (&channels.web, say!(words, "channel-web")),
        (&channels.onion, say!(words, "channel-onion")),
    ] {
        for address in addresses {
            terminal.line(&say!(
                words,
                "card-channel",
                kind = kind.as_str(),
                address = address.as_str()
            ))?;
        }
    }
    Ok(())
}

fn show_fingerprint(fingerprint: &Fingerprint, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    terminal.line(&say!(
        words,
        "card-fingerprint",
        fingerprint = fingerprint.to_string()
    ))?;
    terminal.line(&say!(words, "card-compare"))?;
    match code_of_text(&digits(fingerprint)) {
        Ok(code) if terminal.reader() == Reader::Person => {
            terminal.result(code.to_terminal().as_bytes())
        }
        _ => Ok(()),
    }
}

fn as_json(card: &Card) -> Value {
    let names = |names: &Names| serde_json::to_value(names).unwrap_or_default();
    let departments: Vec<Value> = card
        .profile()
        .departments
        .iter()
        .map(|department| {
            let keys: Vec<Value> = card
                .keys(&department.id)
                .iter()
                .map(|key| json!({ "ends": mark(key), "from": key.from.to_string(), "until": key.until.to_string() }))
                .collect();
            let topics: Vec<Value> =
                department.topics.iter().map(|topic| json!({ "id": topic.id, "names": names(&topic.names) })).collect();
            json!({ "id": department.id, "names": names(&department.names), "topics": topics, "keys": keys })
        })
        .collect();
    json!({
        "agency": names(&card.profile().agency),
        "number": card.issue_number(),
        "issued": card.issued().to_string(),
        "expires": card.expires().to_string(),
        "fingerprint": card.fingerprint().to_string(),
        "departments": departments,
        "caller_groups": serde_json::to_value(&card.profile().caller_groups).unwrap_or_default(),
        "channels": serde_json::to_value(&card.profile().channels).unwrap_or_default(),
    })
}
