//! Mails as the programs of many people make them, with names, numbers and dates in every place that there is.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hamsa_channel_email::from_email;
use hamsa_core::{Arrived, Envelope, Unreadable};

use crate::{assert_only, assert_unreadable, octets, random::Random};

/// What must not come out, in every spelling in which the mails have it.
const PLANTED: [&str; 9] = [
    "Omar",
    "عمر حسن",
    "2LnZhdixINit2LPZhg",
    "971501234567",
    "omar.hassan@mail.example",
    "22 Nov 2026",
    "10:11",
    "192.0.2.44",
    "IMG_20261122",
];

/// Fields that servers add and programs write; every mail below has them.
const HEAD: &str = "Return-Path: <omar.hassan@mail.example>\r\n\
    Delivered-To: tips@agency.example\r\n\
    Received: from mail.example (mail.example [192.0.2.44])\r\n\tby mx.agency.example with ESMTPS id 4711\r\n\
    \tfor <tips@agency.example>; Sun, 22 Nov 2026 10:11:12 +0400 (GST)\r\n\
    DKIM-Signature: v=1; a=rsa-sha256; d=mail.example; h=from:date; b=AQIDBAUGBwgJ\r\n\
    From: =?UTF-8?B?2LnZhdixINit2LPZhg==?= <omar.hassan@mail.example>\r\n\
    Reply-To: \"Omar Hassan +971501234567\" <omar.hassan@mail.example>\r\n\
    To: Tips <tips@agency.example>\r\n\
    Subject: Omar, +971501234567, 22 Nov 2026\r\n\
    Date: Sun, 22 Nov 2026 10:11:12 +0400\r\n\
    Message-ID: <omar.hassan.971501234567@laptop-of-omar>\r\n\
    X-Originating-IP: [192.0.2.44]\r\n\
    X-Mailer: Omar's phone 10:11\r\n\
    MIME-Version: 1.0\r\n";

fn base64(octets: &[u8]) -> String {
    let lines = octets.chunks(57).map(|line| BASE64_STANDARD.encode(line));
    lines.map(|line| line + "\r\n").collect()
}

fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn quoted(text: &str, prefix: &str) -> String {
    text.lines()
        .map(|line| format!("{prefix}{line}\r\n"))
        .collect()
}

fn quoted_printable(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let mut column = 0;
        for octet in line.bytes() {
            if column >= 72 {
                lines.push_str("=\r\n");
                column = 0;
            }
            if octet == b'=' || !octet.is_ascii_graphic() && octet != b' ' {
                lines.push_str(&format!("={octet:02X}"));
                column += 3;
            } else {
                lines.push(char::from(octet));
                column += 1;
            }
        }
        lines.push_str("\r\n");
    }
    lines
}

/// Fails unless exactly `envelope` came, and nothing that names a sender did.
fn assert_clean(mail: &str, envelope: &Envelope, what: &str) {
    assert!(PLANTED.iter().any(|planted| mail.contains(planted)));
    for mail in [mail.to_owned(), mail.replace("\r\n", "\n")] {
        let arrived = from_email(mail.as_bytes());
        assert_only(&arrived, &[envelope], what);
        // There is no other field.
        let Arrived { sealed, unreadable } = arrived;
        assert!(unreadable.is_empty());
        for planted in PLANTED {
            let planted = planted.as_bytes();
            let octets = octets(&sealed[0]);
            assert!(!octets.windows(planted.len()).any(|found| found == planted));
        }
    }
}

fn gmail(envelope: &Envelope) -> String {
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"00000000000085a7f1061a2b3c4d\"\r\n\r\n\
         --00000000000085a7f1061a2b3c4d\r\n\
         Content-Type: multipart/alternative; boundary=\"00000000000085a7ef061a2b3c4b\"\r\n\r\n\
         --00000000000085a7ef061a2b3c4b\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\
         --00000000000085a7ef061a2b3c4b\r\nContent-Type: text/html; charset=\"UTF-8\"\r\n\r\n\
         <div dir=\"ltr\">Omar Hassan<br>+971501234567 &amp; 22 Nov 2026</div>\r\n\r\n\
         --00000000000085a7ef061a2b3c4b--\r\n\
         --00000000000085a7f1061a2b3c4d\r\n\
         Content-Type: application/pgp-encrypted; name=\"Omar 971501234567.age\"\r\n\
         Content-Disposition: attachment; filename=\"Omar 971501234567.age\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-ID: <f_omar.hassan@mail.example>\r\nX-Attachment-Id: f_omar\r\n\r\n{}\
         --00000000000085a7f1061a2b3c4d--\r\n",
        base64("عمر حسن, Omar Hassan, 10:11".as_bytes()),
        base64(envelope.as_bytes()),
    )
}

fn outlook(envelope: &Envelope) -> String {
    format!(
        "{HEAD}X-MS-Has-Attach: yes\r\nThread-Index: AQHomar10:11\r\n\
         Content-Type: multipart/mixed;\r\n\tboundary=\"_004_AM0PR04MB1234OMARprod_\"\r\n\r\n\
         --_004_AM0PR04MB1234OMARprod_\r\n\
         Content-Type: multipart/related;\r\n\tboundary=\"_003_AM0PR04MB1234OMARprod_\";\r\n\ttype=\"multipart/alternative\"\r\n\r\n\
         --_003_AM0PR04MB1234OMARprod_\r\n\
         Content-Type: multipart/alternative;\r\n\tboundary=\"_000_AM0PR04MB1234OMARprod_\"\r\n\r\n\
         --_000_AM0PR04MB1234OMARprod_\r\nContent-Type: text/plain; charset=\"windows-1256\"\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\nOmar =E3=CD=E3=CF +971501234567 =\r\n22 Nov 2026\r\n\r\n\
         --_000_AM0PR04MB1234OMARprod_\r\nContent-Type: text/html; charset=\"windows-1256\"\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         <html xmlns:o=3D\"urn:schemas-microsoft-com:office:office\"><head><style><!-- p.MsoNormal {{}} --></style></head>\r\n\
         <body><p class=3D\"MsoNormal\">Omar Hassan<o:p></o:p></p></body></html>\r\n\r\n\
         --_000_AM0PR04MB1234OMARprod_--\r\n\r\n\
         --_003_AM0PR04MB1234OMARprod_\r\nContent-Type: image/png; name=\"IMG_20261122.png\"\r\n\
         Content-ID: <image001.png@01DA.OMAR>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUg==\r\n\r\n\
         --_003_AM0PR04MB1234OMARprod_--\r\n\r\n\
         --_004_AM0PR04MB1234OMARprod_\r\n\
         Content-Type: application/octet-stream;\r\n\tname=\"=?utf-8?B?2LnZhdixINit2LPZhi5hZ2U=?=\"\r\n\
         Content-Description: =?utf-8?B?2LnZhdixINit2LPZhi5hZ2U=?=\r\n\
         Content-Disposition: attachment;\r\n\tfilename*0*=utf-8''%D8%B9%D9%85;\r\n\tfilename*1*=%D8%B1.age; size=4711;\r\n\
         \tcreation-date=\"Sun, 22 Nov 2026 10:11:12 GMT\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --_004_AM0PR04MB1234OMARprod_--\r\n",
        base64(envelope.as_bytes()),
    )
}

fn apple(envelope: &Envelope) -> String {
    format!(
        "{HEAD}Mime-Version: 1.0 (1.0)\r\n\
         Content-Type: multipart/mixed; boundary=Apple-Mail-8F0C2A11-OMAR\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         \r\n--Apple-Mail-8F0C2A11-OMAR\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n=D8=B9=D9=85=D8=B1 +971501234567\r\n\r\n\
         --Apple-Mail-8F0C2A11-OMAR\r\nContent-Type: application/octet-stream;\r\n\
         \tname=IMG_20261122.age;\r\n\tx-apple-part-url=OMAR-10:11\r\n\
         Content-Disposition: inline;\r\n\tfilename=IMG_20261122.age\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\
         --Apple-Mail-8F0C2A11-OMAR\r\nContent-Type: text/plain;\r\n\tcharset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         \r\n\r\nSent from Omar's iPhone\r\n--Apple-Mail-8F0C2A11-OMAR--\r\n",
        // One line for all of it, as some versions do.
        BASE64_STANDARD.encode(envelope.as_bytes()) + "\r\n",
    )
}

fn thunderbird(envelope: &Envelope) -> String {
    format!(
        "{HEAD}User-Agent: Omar's Mozilla Thunderbird\r\n\
         Content-Type: multipart/mixed; boundary=\"------------0wOMAR4711\"\r\n\r\n\
         This is a multi-part message in MIME format.\r\n\
         --------------0wOMAR4711\r\nContent-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         عمر حسن \r\n+971501234567\r\n\r\n-- \r\nOmar Hassan, 22 Nov 2026\r\n\r\n\
         --------------0wOMAR4711\r\nContent-Type: text/plain; charset=UTF-8; name=\"tip-of-omar.txt\"\r\n\
         Content-Disposition: attachment; filename=\"tip-of-omar.txt\"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{}\r\n\
         --------------0wOMAR4711--\r\n",
        crlf(&envelope.to_text()),
    )
}

/// A list program or a virus scanner appended to the base64 itself.
fn appended(envelope: &Envelope) -> String {
    format!(
        "{HEAD}Content-Type: application/octet-stream; name=\"omar.age\"\r\nContent-Transfer-Encoding: BASE64 (by Omar)\r\n\r\n\
         {}\r\n_______________________________________________\r\nScanned for Omar on 22 Nov 2026\r\n",
        base64(envelope.as_bytes()),
    )
}

/// Forwarded as an attachment, and that forwarded again by a program that encodes messages.
fn forwarded(envelope: &Envelope) -> String {
    let inner = gmail(envelope);
    let once = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=fwd\r\n\r\n--fwd\r\n\r\nFrom Omar, 10:11\r\n\
         --fwd\r\nContent-Type: message/rfc822; name=\"Omar.eml\"\r\nContent-Disposition: attachment\r\n\r\n{inner}\r\n--fwd--\r\n"
    );
    format!(
        "{HEAD}Content-Type: multipart/digest; boundary=\"digest of Omar\"\r\n\r\n--digest of Omar\r\n\r\n{HEAD}\r\nnothing here\r\n\
         --digest of Omar\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--digest of Omar--\r\n",
        base64(once.as_bytes())
    )
}

#[test]
fn attachments_of_many_programs_are_found() {
    let mut random = Random(11);
    for len in [300, 5000, 60_000] {
        let envelope = random.envelope(len);
        assert_clean(&gmail(&envelope), &envelope, "Gmail");
        assert_clean(&outlook(&envelope), &envelope, "Outlook");
        assert_clean(&apple(&envelope), &envelope, "Apple Mail");
        assert_clean(&thunderbird(&envelope), &envelope, "Thunderbird");
        assert_clean(&appended(&envelope), &envelope, "appended");
        assert_clean(&forwarded(&envelope), &envelope, "forwarded");
    }
}

/// Bodies into which somebody pasted the text form, as mails of one part.
fn pasted(text: &str) -> Vec<(&'static str, String)> {
    let one = |kind: &str, body: &str| format!("{HEAD}Content-Type: {kind}\r\n\r\n{}", crlf(body));
    let lines = |before: &str, after: &str| -> String {
        text.lines()
            .map(|line| format!("{before}{line}{after}\r\n"))
            .collect()
    };
    let escaped = text
        .replace('+', "&#43;")
        .replace('/', "&#x2F;")
        .replace('=', "&equals;")
        .replace('_', "&#95;");
    let utf16: Vec<u8> = format!("Omar\r\n{}", crlf(text))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let nested = quoted(text, "> ");
    vec![
        (
            "plain",
            one(
                "text/plain",
                &format!("Omar, 10:11\n\n{text}\nOmar Hassan\n"),
            ),
        ),
        (
            "quoted",
            one(
                "text/plain",
                &format!(
                    "On 22 Nov 2026 at 10:11, Omar wrote:\n{}",
                    quoted(text, "> ")
                ),
            ),
        ),
        (
            "quoted twice",
            one("text/plain", &format!("Omar:\n{}", quoted(&nested, ">"))),
        ),
        (
            "quoted-printable",
            format!(
                "{HEAD}Content-Type: text/plain\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\nOmar =ZZ, 10:11\r\n\r\n{}",
                quoted_printable(text)
            ),
        ),
        (
            "flowed",
            one(
                "text/plain; format=flowed; delsp=yes",
                &format!("Omar 10:11 \n\n{}", lines("", " ")),
            ),
        ),
        (
            "html br",
            one(
                "text/html; charset=utf-8",
                &format!("<p>Omar</p><div>{}</div>", lines("", "<br>")),
            ),
        ),
        (
            "html div",
            one(
                "text/html",
                &format!("<div>Omar</div>{}", lines("<div dir=\"ltr\">", "</div>")),
            ),
        ),
        (
            "html p",
            one(
                "text/html",
                &format!(
                    "Omar{}",
                    lines(
                        "<p class=MsoNormal><span lang=EN-US>",
                        "<o:p></o:p></span></p>"
                    )
                ),
            ),
        ),
        (
            "html pre",
            one("text/html", &format!("<!-- Omar --><pre>{text}</pre>")),
        ),
        (
            "html quote",
            one(
                "text/html",
                &format!(
                    "Omar 10:11<blockquote type=\"cite\">{}</blockquote>",
                    lines("", "<br/>")
                ),
            ),
        ),
        (
            "html entities",
            one(
                "text/html",
                &format!("<p>Omar &lt;10:11&gt;</p><pre>{escaped}</pre>"),
            ),
        ),
        (
            "utf-16",
            format!(
                "{HEAD}Content-Type: text/plain; charset=UTF-16LE\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                base64(&utf16)
            ),
        ),
        (
            "alternatives",
            format!(
                "{HEAD}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nOmar\r\n\r\n{}\r\n\
                 --b\r\nContent-Type: text/html\r\n\r\n<div>Omar</div>{}\r\n--b--\r\n",
                crlf(text),
                lines("<div>", "</div>"),
            ),
        ),
    ]
}

#[test]
fn text_that_was_pasted_is_found_once() {
    let mut random = Random(12);
    for round in 0..8 {
        let envelope = random.envelope(400 + 500 * round);
        for (what, mail) in pasted(&envelope.to_text()) {
            assert_clean(&mail, &envelope, what);
        }
    }
}

#[test]
fn the_same_in_text_html_and_attachment_comes_once_and_others_beside_it() {
    let mut random = Random(13);
    let (one, other) = (random.envelope(900), random.envelope(800));
    let text = crlf(&one.to_text());
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html\r\n\r\n<pre>{text}</pre>\r\n\
         --b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--",
        base64(other.as_bytes()),
        base64(one.as_bytes()),
    );
    assert_only(&from_email(mail.as_bytes()), &[&one, &other], "text first");
}

#[test]
fn what_is_no_envelope_gives_one_word() {
    let mut random = Random(14);
    let envelope = loop {
        let envelope = random.envelope(2000);
        if !envelope.is_short() {
            break envelope;
        }
    };
    let nothing = format!("{HEAD}\r\nOmar Hassan saw something at 10:11.\r\n");
    assert_unreadable(
        &from_email(nothing.as_bytes()),
        Unreadable::NothingSealed,
        "plain words",
    );
    let winmail = format!(
        "{HEAD}Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+IgEQAQaQCAAEAAAAAAAB\r\n"
    );
    assert_unreadable(
        &from_email(winmail.as_bytes()),
        Unreadable::NothingSealed,
        "TNEF",
    );
    for no_mail in ["", "\r\n\r\n", "Omar Hassan\r\n+971501234567\r\n", "\0\0\0"] {
        assert_unreadable(
            &from_email(no_mail.as_bytes()),
            Unreadable::NotAMessage,
            no_mail,
        );
    }
    // Only its head is left.
    let octets = &envelope.as_bytes()[..120];
    let cut = format!(
        "{HEAD}Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64(octets)
    );
    assert_unreadable(&from_email(cut.as_bytes()), Unreadable::Damaged, "cut");
    let text = crlf(&envelope.to_text());
    let cut = format!("{HEAD}\r\n{}", &text[..text.len() / 2]);
    assert_unreadable(&from_email(cut.as_bytes()), Unreadable::Damaged, "cut text");
}

#[test]
fn a_damaged_attachment_is_told_beside_a_good_one_and_a_damaged_quotation_is_not() {
    let mut random = Random(15);
    let (one, other) = (random.envelope(900), random.envelope(2000));
    let lost = "age-encryption.org/v1\n-> X25519 ";
    let whole = base64(one.as_bytes());
    let with = |kind: &str, body: &str| {
        format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {kind}\r\n\r\n{body}\r\n\
             --b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{whole}\r\n--b--"
        )
    };
    let arrived = from_email(with("application/octet-stream", lost).as_bytes());
    assert_eq!(
        (arrived.sealed.len(), arrived.unreadable),
        (1, vec![Unreadable::Damaged])
    );
    let text = other.to_text();
    let quotation = quoted(&text[..text.len() / 3], "> ");
    assert_only(
        &from_email(with("text/plain", &quotation).as_bytes()),
        &[&one],
        "quotation",
    );
}

#[test]
fn armor_alone_or_behind_a_mailbox_line_is_found_too() {
    let envelope = Random(16).envelope(700);
    let text = envelope.to_text();
    assert_only(&from_email(text.as_bytes()), &[&envelope], "no head at all");
    let mail = format!(
        "From omar.hassan@mail.example 22 Nov 2026\n{}",
        gmail(&envelope)
    );
    assert_only(&from_email(mail.as_bytes()), &[&envelope], "a mailbox line");
}
