//! `hamsa demo`: the whole path on a real photo, step by step, in memory.

use std::collections::BTreeMap;
use std::io::Read as _;

use hamsa_core::{
    Card, Channels, DepartmentKey, DepartmentProfile, Identity, KeyError, KeyRing, Names, Profile,
    Recipients, RootKey, Tip, inspect, open, seal,
};
use hamsa_scrub::{Finding, Scrubbed, What, scrub};
use zeroize::Zeroizing;

use crate::calendar;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::{say, scrubbing};

const PHOTO: &[u8] = include_bytes!("../../../../examples/data/photo.jpg");
const DEPARTMENT: &str = "traffic";

/// Walks the path of a tip. Nothing is asked, and nothing touches the disk.
pub(crate) fn run(terminal: &Terminal) -> Result<Exit, Failure> {
    let words = terminal.words();
    terminal.line(&say!(words, "demo-intro"))?;

    let (card, keys) = agency(terminal)?;
    let to = check_card(&card, terminal)?;
    let text = say!(words, "demo-tip-text");
    let (envelope, photo) = seal_tip(&text, &to, terminal)?;
    show_carrier(&envelope, &to, terminal)?;
    open_tip(&envelope, &keys, (&text, &photo), terminal)?;
    refuse(envelope, &keys, terminal)?;

    step(&say!(words, "demo-end"), terminal)?;
    Ok(Exit::Done)
}

fn not_as_it_must() -> Failure {
    Failure::new("demo-differs", Exit::Incomplete)
}

/// Begins a step, with an empty line before it.
fn step(title: &str, terminal: &Terminal) -> Result<(), Failure> {
    terminal.line("")?;
    terminal.line(title)
}

/// Prints one line under the title of a step.
fn under(line: &str, terminal: &Terminal) -> Result<(), Failure> {
    terminal.line(&format!("   {line}"))
}

/// Step 1: the agency makes its keys and its card.
fn agency(terminal: &Terminal) -> Result<(Card, KeyRing), Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-agency"), terminal)?;
    let names = |key: String| Names::new(BTreeMap::from([(words.tag().to_owned(), key)]));
    let root = RootKey::generate()?;
    let (full, short) = (Identity::generate()?, Identity::generate_x25519()?);
    let today = calendar::today()?;
    let until = calendar::last_of(today, 90)?;
    let profile = Profile {
        agency: names(say!(words, "demo-agency-name"))?,
        departments: vec![DepartmentProfile {
            id: DEPARTMENT.to_owned(),
            names: names(say!(words, "demo-department-name"))?,
            topics: Vec::new(),
        }],
        caller_groups: Vec::new(),
        channels: Channels::default(),
    };
    let key = DepartmentKey {
        full: full.recipient().ok_or(KeyError::BadIdentity)?,
        short: short.recipient(),
        from: today,
        until,
    };
    let listed = BTreeMap::from([(DEPARTMENT.to_owned(), vec![key])]);
    let card = Card::issue(&root, &profile, &listed, today, until, None)?;
    let mut keys = KeyRing::new();
    keys.add(full);
    keys.add(short);
    under(
        &say!(
            words,
            "demo-agency-done",
            size = words.size(card.as_bytes().len() as u64)
        ),
        terminal,
    )?;
    Ok((card, keys))
}

/// Step 2: the informant compares the card's fingerprint with the published one.
fn check_card(card: &Card, terminal: &Terminal) -> Result<Recipients, Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-card"), terminal)?;
    // As it comes over a channel: parsed anew, its signature checked.
    let received = Card::parse(card.as_bytes())?;
    received.expect(&card.fingerprint())?;
    under(
        &say!(
            words,
            "card-fingerprint",
            fingerprint = received.fingerprint().to_string()
        ),
        terminal,
    )?;
    Ok(received.recipients(Some(DEPARTMENT), calendar::today()?)?)
}

/// The photo is cleaned, and the place in it goes away before the reader's eyes.
fn scrub_photo(terminal: &Terminal) -> Result<Scrubbed<&'static [u8]>, Failure> {
    let words = terminal.words();
    let clean = scrub(PHOTO, PHOTO.len() as u64).map_err(|_| not_as_it_must())?;
    let place = |finding: &&Finding| finding.what == What::Place && !finding.value().is_empty();
    for finding in clean.report().findings().iter().filter(place) {
        let text = format!("{}: {}", finding.place, finding.value());
        let text = words.left_to_right(&text);
        under(&say!(words, "demo-place", place = text), terminal)?;
    }
    let list = scrubbing::summary(clean.report(), words);
    under(&say!(words, "demo-scrubbed", list = list), terminal)?;
    // As anybody would look for it who gets hold of the clean photo.
    let mut again = Vec::new();
    clean
        .reader()
        .read_to_end(&mut again)
        .map_err(|_| not_as_it_must())?;
    let found = scrub(again.as_slice(), again.len() as u64).map_err(|_| not_as_it_must())?;
    if !found.report().is_empty() || clean.report().is_empty() {
        return Err(not_as_it_must());
    }
    under(&say!(words, "demo-scrubbed-again"), terminal)?;
    Ok(clean)
}

/// Step 3: the informant seals a text and a photo. The envelope and the clean photo come back.
fn seal_tip(
    text: &str,
    to: &Recipients,
    terminal: &Terminal,
) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-seal"), terminal)?;
    under(&say!(words, "demo-tip", text = text), terminal)?;
    under(
        &say!(words, "demo-photo", size = words.size(PHOTO.len() as u64)),
        terminal,
    )?;
    let clean = scrub_photo(terminal)?;
    let photo = clean.to_vec(PHOTO.len()).map_err(|_| not_as_it_must())?;
    let tip = Tip::new(Zeroizing::new(text.to_owned()))?
        .language(words.tag())?
        .category(DEPARTMENT)?
        .attach(clean.into_attachment())?;
    let envelope = seal(tip, to)?.into_bytes();
    under(
        &say!(
            words,
            "demo-sealed",
            size = words.size(envelope.len() as u64)
        ),
        terminal,
    )?;
    Ok((envelope, photo))
}

/// Step 4: what a phone company, a mail host or a thief sees.
fn show_carrier(envelope: &[u8], to: &Recipients, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-carrier"), terminal)?;
    let about = inspect(envelope)?;
    if let Some(class) = about.class {
        under(
            &say!(words, "inspect-class", size = words.size(class)),
            terminal,
        )?;
    }
    under(
        &say!(words, "inspect-stanzas", count = about.stanzas),
        terminal,
    )?;
    let end = envelope.len().saturating_sub(16);
    let octets = envelope.get(end..).unwrap_or_default();
    let shown: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    under(
        &say!(words, "demo-octets", octets = shown.join(" ")),
        terminal,
    )?;
    let short = seal(Tip::new(say!(words, "demo-short-text").into())?, to)?;
    let long = seal(Tip::new(say!(words, "demo-long-text").into())?, to)?;
    let (short, long) = (short.as_bytes().len() as u64, long.as_bytes().len() as u64);
    under(
        &say!(
            words,
            "demo-same-size",
            short = words.size(short),
            long = words.size(long)
        ),
        terminal,
    )
}

/// Step 5: the analyst opens the envelope.
fn open_tip(
    envelope: &[u8],
    keys: &KeyRing,
    (text, photo): (&str, &[u8]),
    terminal: &Terminal,
) -> Result<(), Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-open"), terminal)?;
    let (tip, attachments) = open(envelope, keys)?;
    let same = tip.text() == text
        && attachments
            .first()
            .is_some_and(|opened| opened.as_slice() == photo);
    if !same {
        return Err(not_as_it_must());
    }
    under(&say!(words, "demo-tip", text = tip.text()), terminal)?;
    for about in tip.attachments() {
        let (name, kind, size) = (
            about.name(),
            about.media_type.as_str(),
            words.size(about.len),
        );
        under(
            &say!(
                words,
                "open-attachment",
                name = name,
                kind = kind,
                size = size
            ),
            terminal,
        )?;
    }
    under(&say!(words, "demo-same"), terminal)
}

/// Step 6: another key, and a single changed bit.
fn refuse(mut envelope: Vec<u8>, keys: &KeyRing, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    step(&say!(words, "demo-refuse"), terminal)?;
    let mut stranger = KeyRing::new();
    stranger.add(Identity::generate()?);
    let reason = terminal.reason(
        &open(&envelope, &stranger)
            .err()
            .ok_or_else(not_as_it_must)?
            .into(),
    );
    under(&say!(words, "demo-other-key", reason = reason), terminal)?;
    let middle = envelope.len() / 2;
    if let Some(octet) = envelope.get_mut(middle) {
        *octet ^= 1;
    }
    let reason = terminal.reason(
        &open(&envelope, keys)
            .err()
            .ok_or_else(not_as_it_must)?
            .into(),
    );
    under(&say!(words, "demo-changed-bit", reason = reason), terminal)
}
