//! Tips through Kannel, a gateway of real networks, in both directions: its own fake network stands for the air, and the test is the phones.
//!
//! Kannel's fake network listens on all addresses at a port that cannot be chosen. So each test starts itself again with a network and
//! a process table of its own, where it meets nobody and leaves nothing behind.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../text/tests/made/agency.rs"]
mod agency;
#[path = "kannel/gateway.rs"]
mod gateway;
#[path = "kannel/http.rs"]
mod http;
#[path = "kannel/own_network.rs"]
mod own_network;
#[path = "kannel/phones.rs"]
mod phones;

use hamsa_channel_sms::{Alphabet, Body, Inbound, Message, from_sms, to_sms, to_text};
use hamsa_core::{Arrived, Collected, Collector, Envelope, Unreadable};

use agency::{ARABIC, Agency, ENGLISH, text_of};
use gateway::{Gateway, Segments};
use own_network::in_own_network;
use phones::{Phones, shuffle};

const ALPHABETS: [Alphabet; 2] = [Alphabet::Gsm7, Alphabet::Octets];

/// A tip on its way.
struct Sent {
    text: String,
    attachments: Vec<Vec<u8>>,
    envelope: Envelope,
    messages: Vec<Message>,
}

/// Short tips of one, two and three messages, in both languages and alphabets.
fn short_tips(agency: &Agency) -> Vec<Sent> {
    let mut sent = Vec::new();
    for (sentence, alphabet) in [ARABIC, ENGLISH]
        .into_iter()
        .flat_map(|s| ALPHABETS.map(|a| (s, a)))
    {
        for (at, characters) in (1..).zip([70, 170, 280]) {
            let text = text_of(sentence, characters);
            let envelope = agency.short(&text);
            let messages = to_sms(&envelope, alphabet).unwrap();
            assert_eq!(messages.len(), at);
            let attachments = Vec::new();
            sent.push(Sent {
                text,
                attachments,
                envelope,
                messages,
            });
        }
    }
    sent
}

/// Full tips in both languages and alphabets, one of them with an attachment.
fn full_tips(agency: &Agency) -> Vec<Sent> {
    let picture: Vec<u8> = (0..9_000_u32).map(|at| (at % 251) as u8).collect();
    let ways = [
        (ARABIC, Alphabet::Gsm7, None),
        (ARABIC, Alphabet::Octets, Some(picture)),
        (ENGLISH, Alphabet::Gsm7, None),
        (ENGLISH, Alphabet::Octets, None),
    ];
    let one = |(sentence, alphabet, picture): (&str, Alphabet, Option<Vec<u8>>)| {
        let text = text_of(sentence, 1500);
        let envelope = agency.full(&text, picture.as_deref());
        let messages = to_sms(&envelope, alphabet).unwrap();
        assert!(messages.len() > 80);
        let attachments = picture.into_iter().collect();
        Sent {
            text,
            attachments,
            envelope,
            messages,
        }
    };
    ways.into_iter().map(one).collect()
}

/// Fails unless exactly these came, and each opens as what was written.
fn assert_all_open(agency: &Agency, arrived: Arrived, sent: &[Sent]) {
    let mut collector = Collector::new();
    let mut whole: Vec<Envelope> = Vec::new();
    for sealed in arrived.sealed {
        if let Collected::Envelope(envelope) = collector.take(sealed)
            && !whole.contains(&envelope)
        {
            whole.push(envelope);
        }
    }
    assert_eq!(whole.len(), sent.len());
    for sent in sent {
        assert!(whole.contains(&sent.envelope));
        let opened = agency.opens(&sent.envelope).unwrap();
        assert_eq!(opened, (sent.text.clone(), sent.attachments.clone()));
    }
}

/// From phones to the agency, through a gateway that gives on each message as it comes.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn tips_come_in_lost_repeated_and_in_any_order() {
    if !in_own_network("tips_come_in_lost_repeated_and_in_any_order") {
        return;
    }
    let agency = Agency::new();
    let gateway = Gateway::start(Segments::Apart);
    let mut phones = Phones::connect();
    let mut sent = short_tips(&agency);
    sent.extend(full_tips(&agency));
    let mut on_air = Vec::new();
    for (number, sent) in (0..).zip(&sent) {
        on_air.extend(
            sent.messages
                .iter()
                .map(|message| (number, message.clone())),
        );
        // Every third message once more.
        let again = sent.messages.iter().step_by(3);
        on_air.extend(again.map(|message| (number, message.clone())));
    }
    // Two that lose a message: a short one and a full one.
    let lost = [
        agency.short(&text_of(ARABIC, 280)),
        agency.full(ENGLISH, None),
    ];
    for (number, lost) in (900..).zip(&lost) {
        let messages = to_sms(lost, Alphabet::Gsm7).unwrap();
        on_air.extend(
            messages
                .into_iter()
                .skip(1)
                .map(|message| (number, message)),
        );
    }
    shuffle(&mut on_air);
    for (number, message) in &on_air {
        phones.send(*number, message);
    }
    let inbound = gateway.received(on_air.len());
    let arrived = from_sms(inbound);
    assert_eq!(
        arrived.unreadable,
        [Unreadable::Damaged],
        "the short one that lost a message"
    );
    assert_all_open(&agency, arrived, &sent);
}

/// From phones to the agency, through a gateway that joins concatenated messages itself.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn tips_come_in_joined_by_the_gateway() {
    if !in_own_network("tips_come_in_joined_by_the_gateway") {
        return;
    }
    let agency = Agency::new();
    let gateway = Gateway::start(Segments::Joined);
    let mut phones = Phones::connect();
    let sent = short_tips(&agency);
    let mut on_air = Vec::new();
    for (number, sent) in (0..).zip(&sent) {
        on_air.extend(
            sent.messages
                .iter()
                .map(|message| (number, message.clone())),
        );
    }
    shuffle(&mut on_air);
    // One message of two never comes: the gateway gives up waiting and hands on the other.
    let lost = to_sms(&agency.short(&text_of(ENGLISH, 170)), Alphabet::Gsm7).unwrap();
    on_air.push((900, lost[1].clone()));
    for (number, message) in &on_air {
        phones.send(*number, message);
    }
    let inbound = gateway.received(sent.len() + 1);
    let with_header = inbound
        .iter()
        .filter(|inbound| inbound.message.header.is_some());
    assert_eq!(with_header.count(), 1, "the one that was left alone");
    let arrived = from_sms(inbound);
    assert_eq!(arrived.unreadable, [Unreadable::Damaged]);
    assert_all_open(&agency, arrived, &sent);
}

/// From the agency's side to phones: replies, and tips that a desk sends on.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn envelopes_go_out() {
    if !in_own_network("envelopes_go_out") {
        return;
    }
    let agency = Agency::new();
    let gateway = Gateway::start(Segments::Apart);
    let mut phones = Phones::connect();
    let mut sent = short_tips(&agency);
    sent.extend(full_tips(&agency));
    let mut count = 0;
    for (number, sent) in (0..).zip(&sent) {
        count += sent.messages.len();
        for message in &sent.messages {
            gateway.send(number, message);
        }
    }
    let arrived = from_sms(phones.received(count));
    assert!(arrived.unreadable.is_empty());
    assert_all_open(&agency, arrived, &sent);

    // The gateway cuts long texts itself.
    let mut count = 0;
    for (number, sent) in (0..).zip(&sent) {
        for text in to_text(&sent.envelope).unwrap() {
            count += if text.len() > 160 {
                text.len().div_ceil(153)
            } else {
                1
            };
            let body = Body::Text(text);
            gateway.send(number, &Message { header: None, body });
        }
    }
    let mut inbound: Vec<Inbound> = phones.received(count);
    shuffle(&mut inbound);
    let arrived = from_sms(inbound);
    assert!(arrived.unreadable.is_empty());
    assert_all_open(&agency, arrived, &sent);
}
