//! What is sent, octet by octet, and what is refused.

use hamsa_channel_email::{Addresses, EmailError, to_email};
use hamsa_core::Envelope;
use mail_parser::{MessageParser, MimeHeaders as _};

use crate::{
    ADDRESSES, day,
    leak::masked,
    mail,
    random::{Random, head},
};

const MAIL: &str = "From: anonymous@example.org\r\n\
    To: tips@agency.example\r\n\
    Subject: Tip\r\n\
    Date: 22 Nov 2026 00:00:00 +0000\r\n\
    Message-ID: <RANDOM@agency.example>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"RANDOM\"\r\n\
    \r\n\
    --RANDOM\r\n\
    Content-Type: text/plain; charset=us-ascii\r\n\
    \r\n\
    \r\n\
    --RANDOM\r\n\
    Content-Type: application/octet-stream; name=\"tip.age\"\r\n\
    Content-Disposition: attachment; filename=\"tip.age\"\r\n\
    Content-Transfer-Encoding: base64\r\n\
    \r\n\
    SEALED\
    --RANDOM--\r\n";

#[test]
fn a_mail_says_this_and_nothing_else() {
    let mut random = Random(1);
    for len in [0, 200, 1000, 70_000] {
        assert_eq!(masked(&mail(&random.envelope(len))), MAIL);
    }
}

#[test]
fn lines_are_short_and_in_ascii() {
    let envelope = Random(2).envelope(10_000);
    let subject = "بلاغ ".repeat(25);
    let addresses = Addresses {
        subject: &subject,
        ..ADDRESSES
    };
    let mail = String::from_utf8(to_email(&envelope, &addresses, day()).unwrap()).unwrap();
    assert!(mail.is_ascii());
    assert!(mail.ends_with("\r\n"));
    for line in mail.split_terminator("\r\n") {
        assert!(line.len() <= 78, "{line}");
        assert!(!line.contains(['\r', '\n']));
    }
}

/// Read by a program that does not know how it was made.
#[test]
fn another_parser_sees_an_empty_text_and_an_attachment() {
    let mut random = Random(3);
    for subject in [
        "",
        "Tip",
        "a tip, with =?marks?= in it",
        " spaces ",
        "بلاغ عن مخالفة في السوق القديم بعد منتصف الليل",
        "a subject that is longer than a line of a mail should be, in plain English throughout",
        "🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫🤫",
    ] {
        let envelope = random.envelope(3000);
        let addresses = Addresses {
            subject,
            ..ADDRESSES
        };
        let mail = to_email(&envelope, &addresses, day()).unwrap();
        let mail = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(mail.subject().unwrap_or_default(), subject);
        assert_eq!(mail.body_text(0).unwrap(), "");
        assert_eq!(mail.attachment_count(), 1);
        let attachment = mail.attachment(0).unwrap();
        assert_eq!(attachment.attachment_name(), Some("tip.age"));
        assert!(attachment.contents() == envelope.as_bytes());
        let date = mail.date().unwrap().to_rfc3339();
        assert_eq!(date, "2026-11-22T00:00:00Z");
    }
}

#[test]
fn days_are_written_as_rfc_5322_has_them() {
    let envelope = Random(4).envelope(300);
    for (day, date) in [
        ("2026-01-01", "01 Jan 2026 00:00:00 +0000"),
        ("2028-02-29", "29 Feb 2028 00:00:00 +0000"),
        ("2031-12-31", "31 Dec 2031 00:00:00 +0000"),
    ] {
        let mail = to_email(&envelope, &ADDRESSES, day.parse().unwrap()).unwrap();
        let mail = String::from_utf8(mail).unwrap();
        assert!(mail.contains(&format!("\r\nDate: {date}\r\n")));
    }
}

fn refusal(addresses: &Addresses<'_>) -> Option<EmailError> {
    to_email(&Random(5).envelope(300), addresses, day()).err()
}

#[test]
fn what_is_no_address_is_refused() {
    let long = format!("{}@example.org", "a".repeat(65));
    let longer = format!("a@{}example.org", "label.".repeat(45));
    for address in [
        "",
        "tips",
        "@example.org",
        "tips@",
        "tips@example.org\r\nBcc: other@example.org",
        "tips@example.org\n",
        "tips@exam\rple.org",
        "Omar Hassan <tips@example.org>",
        "<tips@example.org>",
        "tips@example.org, other@example.org",
        "ti ps@example.org",
        "a@b@example.org",
        ".tips@example.org",
        "tips@-example.org",
        "tips@example..org",
        "tips@[127.0.0.1]",
        "بلاغ@example.org",
        "tips@وزارة.example",
        "tips\0@example.org",
        &long,
        &longer,
    ] {
        let from = Addresses {
            from: address,
            ..ADDRESSES
        };
        let to = Addresses {
            to: address,
            ..ADDRESSES
        };
        assert_eq!(refusal(&from), Some(EmailError::BadAddress), "{address:?}");
        assert_eq!(refusal(&to), Some(EmailError::BadAddress), "{address:?}");
    }
    for address in [
        "a@b",
        "first.last+tag@sub-domain.example",
        "'o%x=1@1.2.example",
    ] {
        let from = Addresses {
            from: address,
            ..ADDRESSES
        };
        assert_eq!(refusal(&from), None, "{address:?}");
    }
}

#[test]
fn a_subject_of_more_than_one_line_or_too_long_is_refused() {
    let long = "ب".repeat(128);
    for subject in [
        "Tip\r\nBcc: other@example.org",
        "Tip\n",
        "a\rb",
        "\0",
        "\u{85}",
        "\t",
        &long,
    ] {
        let addresses = Addresses {
            subject,
            ..ADDRESSES
        };
        assert_eq!(
            refusal(&addresses),
            Some(EmailError::BadSubject),
            "{subject:?}"
        );
    }
}

#[test]
fn a_mail_that_would_not_be_read_again_is_not_made() {
    let mut bytes = head();
    bytes.resize(72 << 20, 7);
    let envelope = Envelope::parse(&bytes).unwrap();
    let made = to_email(&envelope, &ADDRESSES, day());
    assert_eq!(made.err(), Some(EmailError::TooLong));
}

#[test]
fn every_refusal_has_its_words() {
    let all = [
        EmailError::BadAddress,
        EmailError::BadSubject,
        EmailError::TooLong,
        EmailError::NoRandomness,
    ];
    assert_eq!(all.map(|error| error.code()), EmailError::CODES);
    for error in all {
        assert!(!error.advice().is_empty() && !error.to_string().is_empty());
    }
}
