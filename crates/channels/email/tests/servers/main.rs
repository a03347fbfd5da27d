//! E-mail over real servers: sent by SMTP to Postfix, which hands it to Dovecot by LMTP, fetched from there by IMAP.
//!
//! Both run here, on loopback, with configuration, queue and mailboxes in a folder of the test. Postfix starts as root alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../../text/tests/made/agency.rs"]
mod agency;
mod dovecot;
mod imap;
mod postfix;
mod running;

use std::{fs, process::Command, time::Duration};

use hamsa_channel_email::{Addresses, CAUTIOUS_LIMIT, from_email, from_message_file, to_email};
use hamsa_core::{Arrived, Envelope, Sealed};
use lettre::{SmtpTransport, Transport as _, address};

use crate::agency::{ARABIC, Agency, ENGLISH, text_of};
use crate::{dovecot::Dovecot, postfix::Postfix};

const ADDRESSES: Addresses<'static> = Addresses {
    from: "anonymous@source.test",
    to: "tips@tips.test",
    subject: "بلاغ",
};
const WAIT: Duration = Duration::from_secs(60);

struct Servers {
    postfix: Postfix,
    dovecot: Dovecot,
    // The last to go.
    _scratch: tempfile::TempDir,
}

impl Servers {
    fn start() -> Self {
        let scratch = running::scratch();
        let dovecot = Dovecot::start(scratch.path());
        let postfix = Postfix::start(scratch.path(), dovecot.lmtp);
        Self {
            postfix,
            dovecot,
            _scratch: scratch,
        }
    }

    fn send(&self, mail: &[u8]) {
        let transport = SmtpTransport::builder_dangerous("127.0.0.1")
            .port(self.postfix.smtp)
            .timeout(Some(WAIT))
            .build();
        let to = vec![ADDRESSES.to.parse().unwrap()];
        let from = Some(ADDRESSES.from.parse().unwrap());
        let envelope = address::Envelope::new(from, to).unwrap();
        transport.send_raw(&envelope, mail).unwrap();
    }

    /// The messages in the mailbox, when there are so many.
    fn fetch(&self, count: usize) -> Vec<Vec<u8>> {
        imap::fetch(self.dovecot.imap, ADDRESSES.to, count, WAIT)
    }
}

fn mail(envelope: &Envelope) -> Vec<u8> {
    to_email(envelope, &ADDRESSES, "2026-11-22".parse().unwrap()).unwrap()
}

fn envelopes(all: impl IntoIterator<Item = Arrived>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for arrived in all {
        assert!(arrived.unreadable.is_empty(), "{:?}", arrived.unreadable);
        assert_eq!(arrived.sealed.len(), 1);
        for sealed in arrived.sealed {
            let Sealed::Envelope(envelope) = sealed else {
                panic!("a whole envelope");
            };
            found.push(envelope.into_bytes());
        }
    }
    found.sort();
    found
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn tips_of_every_kind_go_through_postfix_and_dovecot_and_open() {
    let servers = Servers::start();
    let agency = Agency::new();
    let photo: Vec<u8> = (0..400_000_u32).map(|at| (at % 251) as u8).collect();
    let long: Vec<u8> = (0..10_u32 << 20).map(|at| (at % 241) as u8).collect();
    let mut tips = Vec::new();
    for sentence in [ARABIC, ENGLISH] {
        let text = text_of(sentence, 300);
        tips.push((agency.short(&text), text.clone(), vec![]));
        tips.push((agency.full(&text, None), text.clone(), vec![]));
        let envelope = agency.full(&text, Some(&photo));
        tips.push((envelope, text, vec![photo.clone()]));
    }
    tips.push((
        agency.full(ARABIC, Some(&long)),
        ARABIC.to_owned(),
        vec![long],
    ));
    for (envelope, _, _) in &tips {
        servers.send(&mail(envelope));
    }

    let fetched = servers.fetch(tips.len());
    for message in &fetched {
        let head = String::from_utf8_lossy(&message[..2000.min(message.len())]);
        for added in [
            "Return-Path: <anonymous@source.test>",
            "Delivered-To: ",
            "Received: ",
        ] {
            assert!(head.contains(added), "what the servers add is in the test");
        }
    }
    let sent: Vec<Vec<u8>> = tips
        .iter()
        .map(|(envelope, _, _)| envelope.as_bytes().to_vec())
        .collect();
    let mut expected = sent;
    expected.sort();
    let found = envelopes(fetched.iter().map(|message| from_email(message)));
    assert!(found == expected);
    for (envelope, text, attachments) in &tips {
        let found = found
            .iter()
            .find(|found| *found == envelope.as_bytes())
            .unwrap();
        let opened = agency.opens(&Envelope::parse(found).unwrap()).unwrap();
        assert!(opened == (text.clone(), attachments.clone()));
    }

    // The same from the files in which Dovecot keeps them.
    let files = servers.dovecot.files(ADDRESSES.to);
    assert_eq!(files.len(), tips.len());
    let files = files
        .iter()
        .map(|file| from_message_file(fs::File::open(file).unwrap()).unwrap());
    assert!(envelopes(files) == expected);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn text_that_somebody_pasted_goes_through_too() {
    let servers = Servers::start();
    let agency = Agency::new();
    let envelopes_sent = [agency.short(ARABIC), agency.full(ENGLISH, None)];
    for envelope in &envelopes_sent {
        // Lines that begin with a dot and with `From` are changed on the way by SMTP and by mailboxes.
        let text = envelope.to_text().replace('\n', "\r\n");
        let mail = format!(
            "From: {from}\r\nTo: {to}\r\nSubject: help\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\nFrom me:\r\n..\r\nعاجل\r\n\r\n{text}\r\n\r\n-- \r\nOmar\r\n",
            from = ADDRESSES.from,
            to = ADDRESSES.to,
        );
        servers.send(mail.as_bytes());
    }
    let fetched = servers.fetch(envelopes_sent.len());
    let found = envelopes(fetched.iter().map(|message| from_email(message)));
    let mut expected = envelopes_sent.map(Envelope::into_bytes).to_vec();
    expected.sort();
    assert!(found == expected);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn the_cautious_limit_is_what_postfix_takes_when_nobody_changed_it() {
    let said = Command::new(running::program("postconf", "postfix"))
        .args(["-d", "-h", "message_size_limit"])
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.trim().parse(), Ok(CAUTIOUS_LIMIT));
}
