//! Text that was made to be mistaken, or to take long.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod made;

use hamsa_channel_text::from_text;
use hamsa_core::{Sealed, Unreadable};
use made::{Random, short};

const ORDINARY: [&str; 13] = [
    "",
    "A",
    "Good morning. A white van stands behind the warehouse every night at two.",
    "After the long meeting About forty people left Around nine At the gate Again Ahmed saw a car And a van with no plate drive away very fast towards the old harbour road Ali told me",
    "AFTER THE MEETING ABOUT FORTY PEOPLE LEFT AROUND NINE AT THE GATE AGAIN 12345 AND A VAN WITH NO PLATE DROVE AWAY VERY FAST TOWARDS THE OLD HARBOUR ROAD 4711",
    "رأيت شاحنة بيضاء خلف المستودع كل ليلة عند الساعة الثانية، ورقمها ٤٧١١ دبي",
    "Ahmed: Agree\nAli: Aha\nAgatha: As you like\nAhmed: Are you at home? Aq 12",
    "https://example.org/AQ0h2gJxk1QbNwe7cGmXSwRz5tUyqP3LkVvBfD8sTjZ4oXn6iYpMlKjHgFdSaQwErTyUiOpAsDfGhJkLzXcVbNmQ1w2E3r4T5y6U7i8O9p0AaSbDcFdGeHfJgKhLiZjXkClVmBnNoMpQ/view?id=AgQbNwe7cGmXSwRz5tUyqP3LkVvBfD8sTjZ4oXn6iYpMlKjHgFdSaQwErTyUiOpAsDfGhJkLzXcVbNm",
    "https://l.example.org/l.php?u=https%3A%2F%2Fexample.org%2F&h=AT0h2gJxk1QbNwe7cGmXSwRz5tUyqP3LkVvBfD8sTjZ4oXn6iYpMlKjHgFdSaQwErTyUiOpAsDfGhJkLzXcVbNmQ1w2E3r4T5y6U7i8O9p0AaSbDcFdGeHfJgKhLiZjXkClVmBnNoMpQ",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPQ8mBf7cZ0V6kJ1xW2rT9nLsYdHgKqEuAiOoPpRtVwX name",
    "-----BEGIN PGP MESSAGE-----\n\nhQEMA9x0Av1mY3cKAQf/Ag0h2gJxk1QbNwe7cGmXSwRz5tUyqP3LkVvBfD8s+TjZ\n4oXn6iYpMlKjHgFdSaQwErTyUiOpAsDfGhJkLzXcVbNmQ1w2E3r4T5y6U7i8/O9p0\n=abcd\n-----END PGP MESSAGE-----",
    "Write to us: copy all from BEGIN AGE ENCRYPTED FILE to the end.",
];

#[test]
fn ordinary_text_is_nothing_sealed() {
    for text in ORDINARY {
        let arrived = from_text(text);
        assert!(arrived.sealed.is_empty(), "{text}");
        assert_eq!(arrived.unreadable, [Unreadable::NothingSealed], "{text}");
    }
}

/// Sentences without punctuation, by people who write so: many runs that are long enough.
#[test]
fn words_of_a_language_are_nothing_sealed() {
    let words = [
        "After", "At", "Ahmed", "All", "About", "Ali", "Agree", "the", "a", "van", "seen", "Dubai",
        "police", "2", "15", "we", "Saw", "Them", "I", "near", "Airport", "house", "of", "and",
    ];
    let mut random = Random(21);
    for _ in 0..3000 {
        let text: Vec<&str> = (0..10 + random.below(200))
            .map(|_| words[random.below(words.len())])
            .collect();
        let arrived = from_text(&text.join(" "));
        assert!(arrived.sealed.is_empty(), "{text:?}");
        assert_eq!(arrived.unreadable, [Unreadable::NothingSealed], "{text:?}");
    }
}

/// Such an address may hold as many letters as a short envelope does.
#[test]
fn a_short_envelope_on_the_line_behind_an_address_is_found() {
    let envelope = short(&mut Random(24), 71);
    for before in [
        "https://example.org/tips",
        "Content-Type: text/plain",
        "a=b",
        "x@example.org",
    ] {
        let text = format!("{before}\n{}\nhttps://example.org/", envelope.to_text());
        assert!(
            from_text(&text).sealed == [Sealed::Envelope(envelope.clone())],
            "{before}"
        );
    }
}

#[test]
fn a_token_in_an_address_is_no_short_envelope() {
    let token = short(&mut Random(22), 1).to_text();
    for address in [
        format!("https://example.org/{token}"),
        format!("https://example.org/?code={token}"),
        format!("https://example.org/?code=1&state={token}"),
        format!("data:image/png;base64,iVBOR/{token}"),
        format!("{token}/{token}"),
        format!("+{token}+"),
    ] {
        let arrived = from_text(&address);
        assert!(arrived.sealed.is_empty(), "{address}");
    }
}

/// What is long goes through in time that is proportional to it. A mistake that makes it quadratic takes hours here.
#[test]
fn hostile_text_takes_no_longer_than_other_text() {
    let long = 1 << 20;
    let mut random = Random(23);
    let part = "AgQbNwe7cGmXSwRz5tUyqP3LkVvBfD8sTjZ4oXn6iYpMlKjHgFdSaQwErTyUiOp";
    let of = |piece: &str| piece.repeat(long / piece.len() + 1);
    let random_words: String = (0..long / 5)
        .map(|_| ["AgAB ", "AQ1c ", "Ag\n", "x9_ ", "—A", "Aaaa "][random.below(6)])
        .collect();
    let texts = [
        of("Ag"),
        of("AQ "),
        of("AgAg "),
        of("Ag x "),
        of("A "),
        of("AgAAAAAAAAAAAAAAAgAA "),
        of("AgAAAAAAAAAAAAAAAgAA\n> "),
        of("AgAAAAAAAAAAAgABAAAA—"),
        of("AgB–AQB— "),
        of("AQx9Yz "),
        of("Ag_-Ag-_ "),
        of("__Ag "),
        of("_"),
        of("—"),
        of(" "),
        of("> "),
        of("\u{200e}"),
        of("<br"),
        of("<p "),
        of("<"),
        of("&g"),
        of("\\"),
        of(&format!("{part}\n")),
        of(&format!("{part} x ")),
        of(part),
        of("BEGIN "),
        of("BEGIN AGE ENCRYPTED FILE"),
        of("- BEGIN AGE ENCRYPTED FILE -"),
        "-----BEGIN AGE ENCRYPTED FILE-----\n".repeat(100_000),
        "-----END AGE ENCRYPTED FILE-----\n".repeat(100_000),
        "-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n"
            .repeat(30_000),
        random_words,
    ];
    for text in &texts {
        let began = std::time::Instant::now();
        let arrived = from_text(text);
        assert!(arrived.unreadable.len() <= text.len() / 20 + 1);
        let beginning: String = text.chars().take(30).collect();
        println!("{:>6} ms  {beginning:?}", began.elapsed().as_millis());
    }
}
