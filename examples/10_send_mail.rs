//! Sends a tip by mail, through a mail server on this machine or in the same network.
//!
//! The mail itself names no program, host or time. The server that takes it learns the address from which it is sent, and whoever
//! wants to hide that reaches it over Tor. This example speaks SMTP in the clear; for a server elsewhere give `lettre` its
//! feature `rustls` and a `relay`.
//!
//! Without arguments it prints the mail that it would send.
//!
//! `cargo run -p hamsa-examples --example 10_send_mail -- HOST PORT FROM TO`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::time::Duration;

use hamsa_channel_email::{Addresses, COMMON_LIMIT, from_email, to_email};
use hamsa_core::{Date, Identity, Recipients, Sealed, Tip, seal};
use lettre::{SmtpTransport, Transport as _, address::Envelope};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (server, from, to) = match arguments.as_slice() {
        [] => (None, "anonymous@example.org", "tips@agency.example"),
        [host, port, from, to] => (Some((host, port.parse()?)), from.as_str(), to.as_str()),
        _ => return Err("give HOST PORT FROM TO, or nothing".into()),
    };

    // In real life: a tip that somebody writes, and the agency's keys from its card.
    let recipient = Identity::generate()?.recipient();
    let keys = Recipients::danger_bare(vec![recipient.ok_or("no plugin")?], None)?;
    let sealed = seal(
        Tip::new("A white van, each night at two.".to_owned().into())?,
        &keys,
    )?;

    // The same for every tip: who wants to tell them apart finds nothing here.
    let addresses = Addresses {
        from,
        to,
        subject: "Tip",
    };
    let mail = to_email(&sealed, &addresses, today()?)?;
    assert!(
        mail.len() <= COMMON_LIMIT,
        "a file this long goes by another channel"
    );
    assert!(from_email(&mail).sealed == [Sealed::Envelope(sealed)]);

    let Some((host, port)) = server else {
        let mail = String::from_utf8(mail)?;
        println!("{} octets:", mail.len());
        mail.lines().take(24).for_each(|line| println!("{line}"));
        println!("[...]");
        return Ok(());
    };
    // It greets as [127.0.0.1]: the name of this machine is not told.
    let transport = SmtpTransport::builder_dangerous(host)
        .port(port)
        .timeout(Some(Duration::from_secs(60)))
        .build();
    let envelope = Envelope::new(Some(from.parse()?), vec![to.parse()?])?;
    transport.send_raw(&envelope, &mail)?;
    println!("sent");
    Ok(())
}

/// Today in UTC: all the time that a mail has.
fn today() -> Result<Date, Box<dyn Error>> {
    let today = jiff::Timestamp::now().to_string();
    Ok(today.get(..10).ok_or("a date")?.parse()?)
}
