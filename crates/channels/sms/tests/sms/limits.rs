//! What fits into a message.

use hamsa_channel_sms::{
    Alphabet, Body, CHARACTERS, CHARACTERS_CONCATENATED, Message, OCTETS, OCTETS_CONCATENATED,
    messages_needed, to_sms, to_text,
};
use hamsa_core::PartError;

use crate::random::Random;

/// The GSM 7-bit default alphabet by code, the escape to its extension as a space. 3GPP TS 23.038, section 6.2.1.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn each_character_that_is_sent_is_one_septet() {
    let alphabet: Vec<char> = GSM7.chars().collect();
    assert_eq!(alphabet.len(), 128);
    assert_eq!((alphabet[0x11], alphabet[0x2D]), ('_', '-'));
    assert_eq!(BASE64URL.len(), 64);
    assert!(BASE64URL.chars().all(|letter| alphabet.contains(&letter)));

    let mut random = Random(1);
    for envelope in [random.short(1, 0), random.short(10, 0), random.full(5000)] {
        for text in to_text(&envelope).unwrap() {
            assert!(text.chars().all(|letter| BASE64URL.contains(letter)));
        }
    }
}

fn len(message: &Message, alphabet: Alphabet) -> usize {
    match (&message.body, alphabet) {
        (Body::Text(text), Alphabet::Gsm7) => text.len(),
        (Body::Octets(octets), Alphabet::Octets) => octets.len(),
        _ => panic!("the other alphabet"),
    }
}

#[test]
fn short_envelopes_take_one_to_ten_messages() {
    let needed = |alphabet| {
        (1..=10).map(move |messages| {
            let envelope = Random(2).short(messages, 9);
            messages_needed(&envelope, alphabet).unwrap()
        })
    };
    assert!(needed(Alphabet::Gsm7).eq(1..=10));
    assert!(needed(Alphabet::Octets).eq([1, 2, 3, 4, 5, 6, 6, 7, 8, 9]));
}

#[test]
fn no_message_is_longer_than_its_limit() {
    let mut random = Random(3);
    let limits = [
        (Alphabet::Gsm7, CHARACTERS, CHARACTERS_CONCATENATED),
        (Alphabet::Octets, OCTETS, OCTETS_CONCATENATED),
    ];
    for (alphabet, alone, concatenated) in limits {
        for messages in 1..=10 {
            let envelope = random.short(messages, 200);
            let messages = to_sms(&envelope, alphabet).unwrap();
            let total = u8::try_from(messages.len()).unwrap();
            for (number, message) in (1..).zip(&messages) {
                let header = message.header.as_deref();
                if total == 1 {
                    assert!(header.is_none() && len(message, alphabet) <= alone);
                } else {
                    assert_eq!(header, Some([5, 0, 3, 200, total, number].as_slice()));
                    assert!(len(message, alphabet) <= concatenated);
                    // 140 octets are all that the air has.
                    let octets = 6 * 8 + 1 + 7 * CHARACTERS_CONCATENATED;
                    assert!(octets <= 8 * OCTETS && 6 + OCTETS_CONCATENATED <= OCTETS);
                }
            }
        }
        let parts = to_sms(&random.full(9000), alphabet).unwrap();
        assert!(parts.iter().all(|part| part.header.is_none()));
        assert!(parts.iter().all(|part| len(part, alphabet) <= alone));
    }
}

#[test]
fn an_envelope_of_more_than_65535_parts_is_refused() {
    let envelope = Random(4).full(65_536 * 123);
    for alphabet in [Alphabet::Gsm7, Alphabet::Octets] {
        let refused = messages_needed(&envelope, alphabet);
        assert!(matches!(refused, Err(PartError::TooShort)));
        assert!(matches!(
            to_sms(&envelope, alphabet),
            Err(PartError::TooShort)
        ));
    }
    assert!(matches!(to_text(&envelope), Err(PartError::TooShort)));
}
