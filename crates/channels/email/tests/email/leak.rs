//! What a mail tells beside what is sealed, and what comes out of a mail beside it.

use std::collections::HashSet;

use hamsa_channel_email::{Addresses, to_email};

use crate::{
    ADDRESSES,
    agency::{ARABIC, Agency, ENGLISH, text_of},
    day, mail,
};

/// A mail with the random number and the sealed octets taken out.
pub(crate) fn masked(mail: &[u8]) -> String {
    let mail = str::from_utf8(mail).unwrap();
    let id = id(mail);
    let mail = mail.replace(id, "RANDOM");
    let (head, rest) = mail.rsplit_once("base64\r\n\r\n").unwrap();
    let (sealed, end) = rest.split_at(rest.find("--RANDOM").unwrap());
    assert!(sealed.split_terminator("\r\n").all(is_base64));
    format!("{head}base64\r\n\r\nSEALED{end}")
}

fn is_base64(line: &str) -> bool {
    line.len() <= 76
        && line
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"+/=".contains(&octet))
}

fn id(mail: &str) -> &str {
    let (_, id) = mail.split_once("Message-ID: <").unwrap();
    let (id, _) = id.split_once('@').unwrap();
    assert_eq!(id.len(), 32);
    assert!(id.bytes().all(|octet| b"0123456789abcdef".contains(&octet)));
    id
}

#[test]
fn mails_of_different_tips_differ_in_sealed_octets_and_a_random_number_alone() {
    let agency = Agency::new();
    let (arabic, english) = (text_of(ARABIC, 250), text_of(ENGLISH, 250));
    for pair in [
        [agency.short(&arabic), agency.short(&english)],
        [agency.full(&arabic, None), agency.full(&english, None)],
    ] {
        let [first, second] = pair.map(|envelope| mail(&envelope));
        assert_eq!(first.len(), second.len());
        assert_eq!(masked(&first), masked(&second));
        assert_ne!(first, second);
    }
}

#[test]
fn a_planted_difference_is_found() {
    let agency = Agency::new();
    let plain = mail(&agency.short(ENGLISH));
    let plain = str::from_utf8(&plain).unwrap();
    for (of, into) in [
        ("Date: 22 Nov 2026 00:00:00", "Date: 22 Nov 2026 10:11:12"),
        ("Subject: Tip", "Subject: Tip 2"),
        (
            "MIME-Version: 1.0\r\n",
            "MIME-Version: 1.0\r\nX-Mailer: x\r\n",
        ),
        ("@agency.example>", "@laptop.local>"),
        ("filename=\"tip.age\"", "filename=\"tip2.age\""),
        ("us-ascii\r\n\r\n\r\n", "us-ascii\r\n\r\nhello\r\n"),
    ] {
        let planted = plain.replace(of, into);
        assert_ne!(planted, plain, "{of}");
        assert_ne!(masked(planted.as_bytes()), masked(plain.as_bytes()), "{of}");
    }
    // A random number that is another one is none.
    let other = plain.replace(id(plain), &"0".repeat(32));
    assert_eq!(masked(other.as_bytes()), masked(plain.as_bytes()));
}

#[test]
fn random_numbers_do_not_repeat_and_differ_in_every_digit() {
    let envelope = Agency::new().short(ENGLISH);
    let mut seen = HashSet::new();
    let mut digits = vec![HashSet::new(); 32];
    for _ in 0..300 {
        let mail = mail(&envelope);
        let id = id(str::from_utf8(&mail).unwrap()).to_owned();
        for (digits, digit) in digits.iter_mut().zip(id.chars()) {
            digits.insert(digit);
        }
        assert!(seen.insert(id));
    }
    assert!(digits.iter().all(|digits| digits.len() > 12));
}

#[test]
fn nothing_but_what_the_caller_gave_depends_on_the_caller() {
    let envelope = Agency::new().short(ENGLISH);
    let addresses = Addresses {
        from: "other@elsewhere.example",
        ..ADDRESSES
    };
    let other = to_email(&envelope, &addresses, day()).unwrap();
    let other = masked(&other).replace("other@elsewhere.example", ADDRESSES.from);
    assert_eq!(other, masked(&mail(&envelope)));
}
