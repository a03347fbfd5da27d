//! An agency issues a card; an informant checks its fingerprint and seals to a department on it.
//!
//! `cargo run -p hamsa-examples --example 02_card`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::{collections::BTreeMap, error::Error};

use hamsa_core::{
    Card, CardError, Channels, Date, DepartmentKey, DepartmentProfile, Fingerprint, Identity,
    KeyRing, Names, Profile, RootKey, Tip, open, seal,
};

fn names(en: &str, ar: &str) -> Result<Names, CardError> {
    let names = [("en", en), ("ar", ar)].map(|(tag, name)| (tag.to_owned(), name.to_owned()));
    Names::new(names.into())
}

fn main() -> Result<(), Box<dyn Error>> {
    // The library knows no clock: whoever calls it says which day it is.
    let today: Date = "2026-11-22".parse()?;

    // The agency: a root key that signs cards, and a key pair for each department and epoch.
    let root = RootKey::generate()?;
    let identity = Identity::generate()?;
    let key = DepartmentKey {
        full: identity.recipient().ok_or("only plugins hide theirs")?,
        short: None,
        from: today,
        until: Date::from_ymd(2027, 2, 19)?,
    };
    let profile = Profile {
        agency: names("City Tip Line", "خط بلاغات المدينة")?,
        departments: vec![DepartmentProfile {
            id: "fraud".to_owned(),
            names: names("Fraud", "الاحتيال")?,
            topics: Vec::new(),
        }],
        caller_groups: Vec::new(),
        channels: Channels::default(),
    };
    let keys = BTreeMap::from([("fraud".to_owned(), vec![key])]);
    let expires = Date::from_ymd(2027, 11, 21)?;
    let published = Card::issue(&root, &profile, &keys, today, expires, None)?;
    println!("{}", String::from_utf8_lossy(published.as_bytes()));

    // The informant got the card by one way and the 40 digits by another, here in Arabic-Indic digits.
    let poster: String = root.fingerprint().to_string().chars().map(arabic).collect();
    println!("{poster}");
    let card = Card::parse(published.as_bytes())?;
    card.expect(&poster.parse::<Fingerprint>()?)?;
    assert_eq!(card.profile().agency.get("ar"), "خط بلاغات المدينة");

    let to = card.recipients(Some("fraud"), today)?;
    let envelope = seal(
        Tip::new("The invoices are paid twice.".to_owned().into())?,
        &to,
    )?;

    // A card of somebody else, with the same names on it, has another fingerprint.
    let forged = Card::issue(&RootKey::generate()?, &profile, &keys, today, expires, None)?;
    let refused = forged.expect(&root.fingerprint());
    assert!(matches!(refused, Err(CardError::WrongFingerprint)));

    // The department opens what was sealed to it.
    let mut ring = KeyRing::new();
    ring.add(identity);
    let (tip, _) = open(envelope.as_bytes(), &ring)?;
    assert_eq!(tip.text(), "The invoices are paid twice.");
    Ok(())
}

/// The Arabic-Indic digit for an ASCII one.
fn arabic(c: char) -> char {
    match c.to_digit(10) {
        Some(digit) => char::from_u32(0x660 + digit).unwrap_or(c),
        None => c,
    }
}
