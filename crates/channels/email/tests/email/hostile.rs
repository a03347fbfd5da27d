//! Mails that nobody sends by mistake: no panic, no hang, and what is good in them is found all the same.
//!
//! That they end at all is the measure of time: with time in the square of the length none of these would.

use hamsa_channel_email::{MAX_MESSAGE, from_email};
use hamsa_core::{Envelope, Unreadable};

use crate::{assert_only, assert_unreadable, mail, random::Random};

const HEAD: &str = "From: omar@mail.example\nSubject: x\n";

fn one() -> Envelope {
    Random(41).envelope(3000)
}

/// The attachment of our own mail, with its head.
fn part(envelope: &Envelope) -> String {
    let mail = String::from_utf8(mail(envelope)).unwrap();
    let from = mail.find("Content-Type: application").unwrap();
    let to = mail.rfind("--").unwrap();
    let to = mail[..to - 2].rfind("--").unwrap();
    mail[from..to].to_owned()
}

#[test]
fn ten_thousand_parts_within_each_other_are_walked_through() {
    let envelope = one();
    let several: String = (0..10_000)
        .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"))
        .collect();
    let messages = "Content-Type: message/rfc822\n\nFrom: x\n".repeat(10_000);
    for nest in [
        &several,
        &messages,
        &format!("{several}{messages}{several}"),
    ] {
        let mail = format!("{HEAD}{nest}{}", part(&envelope));
        assert_only(&from_email(mail.as_bytes()), &[&envelope], "nested");
    }
    // With all their ends.
    let ends: String = (0..10_000)
        .rev()
        .map(|at| format!("\n--b{at}--\n"))
        .collect();
    let mail = format!("{HEAD}{several}{}{ends}", part(&envelope));
    assert_only(&from_email(mail.as_bytes()), &[&envelope], "with ends");
}

#[test]
fn a_million_tiny_parts_do_not_hide_one() {
    let envelope = one();
    let tiny = "--b\n\nx\n".repeat(500_000);
    let headed = "--b\nContent-Type: multipart/mixed; boundary=c\n\n".repeat(200_000);
    let nested = "--b\nContent-Type: message/rfc822\n\n".repeat(300_000);
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{tiny}{headed}{nested}--b\n{}\n{tiny}",
        part(&envelope)
    );
    assert_only(&from_email(mail.as_bytes()), &[&envelope], "tiny parts");
}

/// Each names a boundary that never comes: who looks for it to the end of the message each time looks for ever.
#[test]
fn boundaries_that_never_come_are_not_looked_for() {
    let envelope = one();
    let absent: String = (0..300_000)
        .map(|at| format!("--b\nContent-Type: multipart/mixed; boundary=absent{at}\n\n"))
        .collect();
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{absent}--b\n{}",
        part(&envelope)
    );
    assert_only(&from_email(mail.as_bytes()), &[&envelope], "absent");
    let dashes = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"{}\"\n\n{}",
        "-".repeat(200),
        "-".repeat(20_000_000)
    );
    assert_unreadable(
        &from_email(dashes.as_bytes()),
        Unreadable::NothingSealed,
        "dashes",
    );
}

#[test]
fn endless_heads_end() {
    let envelope = one();
    let part = part(&envelope);
    let long = "a".repeat(20_000_000);
    let many = "a:\n".repeat(5_000_000);
    let folded = format!("Content-Type: a/b;{}\n", "\n x=y;".repeat(2_000_000));
    let types = "Content-Type: a/b\n".repeat(500_000);
    let parameters: String = (0..400).map(|at| format!("a{at}*{at}=x;")).collect();
    let parameters = format!("--b\nContent-Type: a/b;{parameters}\n\n").repeat(2_000);
    for head in [
        format!("X-Long: {long}\n"),
        format!("{long}\n"),
        many,
        folded,
        types.clone(),
    ] {
        // A field that is too long to be looked at makes it a text, which is looked through too.
        let mail = format!(
            "{HEAD}{head}Content-Transfer-Encoding: 7bit\n\n{}",
            envelope.to_text()
        );
        assert_only(&from_email(mail.as_bytes()), &[&envelope], &head[..20]);
    }
    let mail =
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parameters}--b\n{part}");
    assert_only(&from_email(mail.as_bytes()), &[&envelope], "parameters");
    let endless = format!("{HEAD}X: {long}");
    assert_unreadable(
        &from_email(endless.as_bytes()),
        Unreadable::NothingSealed,
        "no body",
    );
}

#[test]
fn base64_without_end_or_sense_gives_nothing() {
    for (encoding, body) in [
        ("base64", "QUFB".repeat(5_000_000)),
        ("base64", "=\n".repeat(5_000_000)),
        ("base64", "\0".repeat(10_000_000)),
        ("base64", "A\n".repeat(5_000_000)),
        ("quoted-printable", "=\n".repeat(5_000_000)),
        ("quoted-printable", "=".repeat(10_000_000)),
        ("quoted-printable", "=41".repeat(3_000_000)),
        ("quoted-printable", " \t".repeat(5_000_000)),
    ] {
        for kind in [
            "a/b",
            "text/plain; charset=utf-16",
            "text/html",
            "message/rfc822",
        ] {
            let mail = format!(
                "{HEAD}Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n{body}"
            );
            assert_unreadable(
                &from_email(mail.as_bytes()),
                Unreadable::NothingSealed,
                kind,
            );
        }
    }
}

/// Each encodes the next: decoded to the end, that would take the square of its length.
#[test]
fn messages_that_encode_each_other_are_followed_for_a_while() {
    let one = one();
    let mut nested = mail(&one);
    for depth in 0..5 {
        let found = from_email(&nested);
        assert_eq!(found.sealed.len(), usize::from(depth <= 3), "{depth}");
        let encoded: String = nested
            .iter()
            .map(|octet| format!("={octet:02X}=\n"))
            .collect();
        nested = format!("{HEAD}Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n{encoded}")
            .into_bytes();
        if nested.len() > 10_000_000 {
            break;
        }
    }
    let endless = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
        .repeat(100_000);
    assert_unreadable(
        &from_email(endless.as_bytes()),
        Unreadable::NothingSealed,
        "endless",
    );
}

#[test]
fn pages_without_ends_are_read_once() {
    for body in [
        "<".repeat(5_000_000),
        "<a".repeat(3_000_000),
        "<!--".repeat(2_000_000),
        "&".repeat(5_000_000),
        "&#x".repeat(3_000_000),
        "&#99999999;&#xD800;&#;&;".repeat(300_000),
        "<div>".repeat(2_000_000),
        "</>< /a></ a><!><?>".repeat(300_000),
    ] {
        let mail = format!("{HEAD}Content-Type: text/html\n\n{body}");
        assert_unreadable(
            &from_email(mail.as_bytes()),
            Unreadable::NothingSealed,
            &body[..5],
        );
    }
}

#[test]
fn broken_boundaries_leave_what_can_be_found() {
    let envelope = one();
    let part = part(&envelope);
    for (boundary, line) in [
        ("b", "--b \t"),
        ("\"b \"", "--b"),
        ("b; boundary=c", "--b"),
        ("\"b", "--b"),
        ("b (a comment)", "--b"),
        ("\"--\"", "----"),
        ("b--", "--b--"),
    ] {
        let mail =
            format!("{HEAD}Content-Type: multipart/mixed; boundary={boundary}\n\n{line}\n{part}");
        assert_only(&from_email(mail.as_bytes()), &[&envelope], boundary);
    }
    // No boundary at all, or another one: what is left is text, and armor in it is found.
    for boundary in [
        "",
        "; boundary",
        "; boundary=",
        "; boundary=\"\"",
        "; boundary=x",
    ] {
        let text = envelope.to_text();
        let mail = format!(
            "{HEAD}Content-Type: multipart/mixed{boundary}\n\n--b\nContent-Type: text/plain;\n\n{text}\n--b--\n"
        );
        assert_only(&from_email(mail.as_bytes()), &[&envelope], boundary);
    }
}

#[test]
fn cut_or_changed_anywhere_it_does_not_panic() {
    let mut random = Random(42);
    let envelope = random.envelope(400);
    let whole = mail(&envelope);
    for end in 0..whole.len() {
        let arrived = from_email(&whole[..end]);
        assert!(arrived.sealed.len() + arrived.unreadable.len() == 1);
    }
    for at in 0..whole.len() {
        for octet in [0, b'\n', b'-', b'"', b'=', 0xff] {
            let mut changed = whole.clone();
            changed[at] = octet;
            let arrived = from_email(&changed);
            assert!(arrived.sealed.len() + arrived.unreadable.len() >= 1);
        }
    }
    for _ in 0..2000 {
        let len = random.below(300);
        from_email(&random.octets(len));
    }
}

#[test]
fn a_message_above_the_limit_is_not_looked_at() {
    let mut long = mail(&one());
    long.resize(MAX_MESSAGE + 1, b'\n');
    assert_unreadable(&from_email(&long), Unreadable::TooLong, "too long");
    long.pop();
    assert_only(&from_email(&long), &[&one()], "just as long as may be");
}
