//! The whole path through messages, their lengths, and what clients do to them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod made;

use hamsa_channel_chat::{Limit, from_chat, to_chat};
use hamsa_core::{Collected, Collector, Envelope, PartError, Sealed, open};
use made::{Random, Tips, envelope, short};

const LIMITS: [(Limit, usize); 6] = [
    (Limit::TELEGRAM, 4096),
    (Limit::WHATSAPP, 65_536),
    (Limit::X_POST, 280),
    (Limit::X_MESSAGE, 10_000),
    (Limit::SMS, 160),
    (Limit::new(48), 48),
];

/// What joins of these messages, and how many parts are missing.
fn collected<'m>(messages: impl IntoIterator<Item = &'m String>) -> (Vec<Envelope>, usize) {
    let mut collector = Collector::new();
    let mut whole = Vec::new();
    for message in messages {
        let arrived = from_chat(message);
        assert!(arrived.unreadable.is_empty());
        for sealed in arrived.sealed {
            if let Collected::Envelope(envelope) = collector.take(sealed) {
                whole.push(envelope);
            }
        }
    }
    let missing = collector
        .open_groups()
        .flat_map(|group| group.missing)
        .flatten();
    (whole, missing.count())
}

#[test]
fn every_kind_of_tip_goes_the_whole_way() {
    let tips = Tips::new();
    for (sent, check) in tips.all() {
        for (limit, most) in LIMITS {
            let messages = to_chat(&sent, limit).unwrap();
            assert!(
                messages
                    .iter()
                    .all(|message| message.len() <= most && message.is_ascii())
            );
            let (whole, missing) = collected(&messages);
            assert!(whole == [sent.clone()] && missing == 0);
            let (tip, files) = open(whole[0].as_bytes(), &tips.keys).unwrap();
            check(&tip, &files);
        }
    }
}

#[test]
fn a_short_envelope_that_fits_is_one_message() {
    let mut random = Random(1);
    for holds in [1, 180, 1098] {
        let envelope = short(&mut random, holds);
        for (limit, most) in LIMITS {
            let messages = to_chat(&envelope, limit).unwrap();
            let fits = envelope.to_text().len() <= most;
            assert_eq!(messages.len() == 1, fits);
            if fits {
                assert_eq!(messages[0].replace(' ', ""), envelope.to_text());
            }
        }
    }
}

#[test]
fn a_limit_that_holds_no_part_is_refused() {
    let envelope = envelope(&mut Random(2), 500);
    for limit in [0, 1, 20, 23] {
        let refused = to_chat(&envelope, Limit::new(limit));
        assert!(matches!(refused, Err(PartError::TooShort)));
    }
    assert!(to_chat(&envelope, Limit::new(40)).is_ok());
}

/// What clients rewrite without being asked.
#[test]
fn messages_survive_their_clients() {
    let mut random = Random(3);
    for round in 0..60 {
        let sent = if round % 2 == 0 {
            envelope(&mut random, 10_907)
        } else {
            short(&mut random, 500)
        };
        for (limit, _) in LIMITS {
            let messages = to_chat(&sent, limit).unwrap();
            // A short envelope that is as long as an SMS has no room for spaces.
            let is_exact = messages.len() == 1 && !messages[0].contains(' ');
            for message in messages.iter().filter(|_| !is_exact) {
                // Telegram for Android: `__(.+?)__` is emphasis.
                assert!(!message.contains("__"));
                // Smart punctuation: `--` is a dash.
                assert!(!message.contains("--"));
                assert_eq!(message.trim(), message);
            }
            let handled: Vec<String> = messages
                .iter()
                .map(|message| format!("[12/03/2026, 10:11] +971 50 123 4567: {message}\r\n"))
                .map(|message| message.replace("--", "—").replace(' ', "\u{a0}"))
                .collect();
            assert!(collected(&handled).0 == std::slice::from_ref(&sent));
            assert!(collected([&handled.concat()]).0 == std::slice::from_ref(&sent));
        }
    }
}

#[test]
fn messages_of_a_thousand_tips_in_any_order_and_repeated_are_joined() {
    let mut random = Random(4);
    let mut sent: Vec<Vec<u8>> = Vec::new();
    let mut messages = Vec::new();
    for _ in 0..1000 {
        let len = 300 + random.below(2000);
        let envelope = envelope(&mut random, len);
        let limit = Limit::new(100 + random.below(400));
        for message in to_chat(&envelope, limit).unwrap() {
            for _ in 0..=random.below(2) {
                messages.push(message.clone());
            }
        }
        sent.push(envelope.into_bytes());
    }
    random.shuffle(&mut messages);
    let (whole, missing) = collected(&messages);
    let mut whole: Vec<Vec<u8>> = whole.into_iter().map(Envelope::into_bytes).collect();
    whole.sort();
    sent.sort();
    assert!(whole == sent && missing == 0);
}

#[test]
fn lost_messages_are_counted() {
    let mut random = Random(5);
    for _ in 0..100 {
        let messages = to_chat(&envelope(&mut random, 3000), Limit::X_POST).unwrap();
        let kept: Vec<&String> = messages.iter().filter(|_| random.below(4) > 0).collect();
        let lost = messages.len() - kept.len();
        let (whole, missing) = collected(kept.iter().copied());
        assert_eq!((whole.len(), missing), (usize::from(lost == 0), lost));
    }
}

/// A message with everything that is sealed or random taken out of it. What is left must be the same for every tip.
fn masked(message: &str) -> Vec<u8> {
    let Some(Sealed::Part(part)) = from_chat(message).sealed.into_iter().next() else {
        return message.as_bytes().to_vec();
    };
    // Version, and count and number behind the group of 8 octets; the length of the piece.
    let bytes = part.as_bytes();
    let len = u16::try_from(bytes.len()).unwrap();
    let around = message.replace(' ', "").replace(&part.to_text(), "");
    [
        &bytes[..1],
        &bytes[9..13],
        &len.to_be_bytes(),
        around.as_bytes(),
    ]
    .concat()
}

#[test]
fn messages_of_different_tips_differ_in_sealed_octets_alone() {
    let tips = Tips::new();
    for (limit, _) in LIMITS {
        let series = |text: &str| -> Vec<Vec<u8>> {
            let messages = to_chat(&tips.seal(text), limit).unwrap();
            messages.iter().map(|message| masked(message)).collect()
        };
        let one = series("A whisper.");
        // Spaces may take one message more.
        let is_alike = |other: &[Vec<u8>]| other.len() != one.len() || other == one;
        assert!(is_alike(&series("شاهدت سيارة بيضاء بجانب المستودع")));
        assert!(is_alike(&series(&"long ".repeat(900))));
    }
    let messages = to_chat(&tips.seal("A whisper."), Limit::TELEGRAM).unwrap();
    let planted = format!("{} (Ahmed)", messages[0]);
    assert_ne!(
        masked(&planted),
        masked(&messages[0]),
        "a planted difference is found"
    );
}
