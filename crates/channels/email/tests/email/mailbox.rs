//! Mailbox files: any order, repetition and loss; what separates messages and what only looks so.

use std::io::{self, BufReader, Read};

use hamsa_channel_email::{MAX_MESSAGE, from_mbox, from_message_file};
use hamsa_core::{Arrived, Collected, Collector, Envelope, Unreadable, cut};

use crate::{assert_only, mail, octets, random::Random};

const FROM: &str = "From omar.hassan@mail.example Sun Nov 22 10:11:12 2026\n";

fn read(mbox: &[u8]) -> Vec<Arrived> {
    // A small buffer, so that lines fall apart in it.
    let mut all = Vec::new();
    from_mbox(BufReader::with_capacity(7, mbox), |arrived| {
        all.push(arrived);
    })
    .unwrap();
    all
}

/// As a program writes it (mboxrd): with `>` before lines that look like a separator.
fn write(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut mbox = Vec::new();
    for message in messages {
        mbox.extend_from_slice(FROM.as_bytes());
        for line in String::from_utf8(message.clone())
            .unwrap()
            .split_inclusive('\n')
        {
            if line.trim_start_matches('>').starts_with("From ") {
                mbox.push(b'>');
            }
            mbox.extend_from_slice(line.replace("\r\n", "\n").as_bytes());
        }
        mbox.extend_from_slice(b"\n");
    }
    mbox
}

#[test]
fn envelopes_of_a_thousand_tips_are_found_whatever_the_order_repetition_and_loss() {
    let mut random = Random(31);
    let envelopes: Vec<Envelope> = (0..1000).map(|_| random.envelope(700)).collect();
    let mut sent = Vec::new();
    for (at, envelope) in envelopes.iter().enumerate() {
        // None, one, two or three times.
        for _ in 0..random.below(4) {
            sent.push((at, mail(envelope)));
        }
    }
    random.shuffle(&mut sent);
    let mails: Vec<Vec<u8>> = sent.iter().map(|(_, mail)| mail.clone()).collect();
    let all = read(&write(&mails));
    assert_eq!(all.len(), sent.len());
    for ((at, _), arrived) in sent.iter().zip(&all) {
        assert_only(arrived, &[&envelopes[*at]], "in its place");
    }
}

#[test]
fn parts_of_a_thousand_tips_are_joined_or_named_as_missing() {
    let mut random = Random(32);
    let envelopes: Vec<Envelope> = (0..1000).map(|_| random.envelope(600)).collect();
    let mut lost = 0;
    let mut mails = Vec::new();
    for (at, envelope) in envelopes.iter().enumerate() {
        for part in cut(envelope, 300).unwrap() {
            if at % 10 == 0 && part.number() == 1 {
                lost += 1;
                continue;
            }
            let body = format!(
                "From: omar@mail.example\n\n{}\n\nOmar, 10:11\n",
                part.to_text()
            );
            mails.push(body.clone().into_bytes());
            if random.below(3) == 0 {
                mails.push(body.into_bytes());
            }
        }
    }
    random.shuffle(&mut mails);
    let mut collector = Collector::new();
    let mut whole = 0;
    for arrived in read(&write(&mails)) {
        assert!(arrived.unreadable.is_empty());
        for sealed in arrived.sealed {
            if let Collected::Envelope(envelope) = collector.take(sealed) {
                assert!(envelopes.contains(&envelope));
                whole += 1;
            }
        }
    }
    assert_eq!(lost, 100);
    assert_eq!(whole, 900);
    let missing = collector.open_groups().map(|group| group.missing);
    // The first of one part alone leaves nothing that could be named.
    assert!(missing.into_iter().all(|missing| missing == [1..=1]));
}

#[test]
fn only_a_line_behind_an_empty_one_separates() {
    let mut random = Random(33);
    let (one, other) = (random.envelope(900), random.envelope(900));
    let body = |envelope: &Envelope| {
        format!(
            "Subject: x\n\nOmar:\nFrom here on:\n>From me\n{}\n",
            envelope.to_text()
        )
    };
    let mbox = format!("{FROM}{}\n{FROM}{}", body(&one), body(&other));
    let all = read(mbox.as_bytes());
    assert_eq!(all.len(), 2);
    assert_only(&all[0], &[&one], "first");
    assert_only(&all[1], &[&other], "second");
    // With the line ends of another system.
    let all = read(mbox.replace('\n', "\r\n").as_bytes());
    assert_eq!(all.len(), 2);
    assert_only(&all[1], &[&other], "second");
}

#[test]
fn a_byte_order_mark_and_empty_lines_in_front_hide_no_message() {
    let mut random = Random(34);
    let envelopes: Vec<Envelope> = (0..3).map(|_| random.envelope(700)).collect();
    let mbox = write(&envelopes.iter().map(mail).collect::<Vec<_>>());
    for front in ["\u{feff}", "\n\r\n", "\u{feff}\n", ""] {
        let all = read(&[front.as_bytes(), &mbox].concat());
        let found = all.iter().zip(&envelopes);
        assert_eq!(all.len(), 3, "{front:?}");
        found.for_each(|(arrived, sent)| assert_only(arrived, &[sent], front));
    }
}

#[test]
fn messages_that_stand_one_behind_the_other_are_found() {
    let mut random = Random(35);
    let envelopes: Vec<Envelope> = (0..3).map(|_| random.envelope(700)).collect();
    let mails: Vec<Vec<u8>> = envelopes.iter().map(mail).collect();
    let all: Vec<&Envelope> = envelopes.iter().collect();
    let plain = "From: a@b.example\r\nTo: c@d.example\r\n\r\nNote: nothing sealed\r\nA friend\r\n";
    for between in [
        "",
        "\n",
        "\r\n\r\n",
        "a list's footer\n",
        "a footer\n\n",
        plain,
    ] {
        let file = mails.join(between.as_bytes());
        for front in ["", plain] {
            let file = [front.as_bytes(), &file].concat();
            let arrived = from_message_file(file.as_slice()).unwrap();
            assert_only(&arrived, &all, between);
        }
    }
    // One that was cut off takes nobody along.
    let cut = mails[1].get(..mails[1].len() - 300).unwrap();
    let file = [&mails[0], cut, b"\r\n", &mails[2]].concat();
    let arrived = from_message_file(file.as_slice()).unwrap();
    for whole in [&envelopes[0], &envelopes[2]] {
        assert!(holds(&arrived, whole));
    }
}

/// Whether this envelope came.
fn holds(arrived: &Arrived, envelope: &Envelope) -> bool {
    let mut sealed = arrived.sealed.iter();
    sealed.any(|sealed| octets(sealed) == envelope.as_bytes())
}

#[test]
fn a_separator_as_programs_write_it_needs_no_empty_line() {
    let mut random = Random(36);
    let envelopes: Vec<Envelope> = (0..2).map(|_| random.envelope(700)).collect();
    let first = mail(&envelopes[0]);
    let cut = first.get(..first.len() - 300).unwrap();
    let file = [
        FROM.as_bytes(),
        cut,
        b"\r\n",
        FROM.as_bytes(),
        &mail(&envelopes[1]),
    ]
    .concat();
    let [cut, whole] = read(&file).try_into().ok().unwrap();
    assert!(!holds(&cut, &envelopes[0]));
    assert_only(&whole, &[&envelopes[1]], "behind it");
    let words = "From Sara to Omar on a Sunday at ten in the year 2026\n";
    let text = [FROM, "Subject: x\n\nThe label said:\n", words, "No more.\n"].concat();
    assert_eq!(read(text.as_bytes()).len(), 1);
}

#[test]
fn a_quoted_separator_in_a_binary_part_loses_its_mark() {
    let mut bytes = crate::random::head();
    bytes.extend_from_slice(b"0123456789abcdef\nFrom x\n>From y\n0123456789abcdef");
    let envelope = Envelope::parse(&bytes).unwrap();
    let head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b\n\n";
    let message = [head, bytes.as_slice(), b"\n--b--\n"].concat();
    let all = read(&write(&[message]));
    assert_only(&all[0], &[&envelope], "octets as they were");
}

#[test]
fn a_file_of_one_message_or_of_none_is_read_too() {
    let envelope = Random(34).envelope(900);
    let all = read(&mail(&envelope));
    assert_eq!(all.len(), 1);
    assert_only(&all[0], &[&envelope], "no separator");
    assert!(read(b"").is_empty());
    assert!(read(b"\n\r\n\n").is_empty());
    let all = read(format!("{FROM}\n{FROM}").as_bytes());
    assert_eq!(all.len(), 2);
    assert!(
        all.iter()
            .all(|arrived| arrived.unreadable == [Unreadable::NotAMessage])
    );
}

#[test]
fn a_reader_that_fails_is_told_and_what_came_before_is_kept() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let mut random = Random(35);
    let mails = [mail(&random.envelope(500)), mail(&random.envelope(500))];
    let mbox = write(&mails);
    let mut count = 0;
    let read = from_mbox(BufReader::new(mbox.chain(Fails)), |_| count += 1);
    assert!(read.is_err());
    assert_eq!(count, 1);
    assert!(from_message_file(Fails).is_err());
}

#[test]
fn a_message_that_is_too_long_does_not_take_those_around_it_along() {
    let mut random = Random(36);
    let (one, other) = (random.envelope(900), random.envelope(900));
    let before = write(&[mail(&one)]);
    let after = write(&[mail(&other)]);
    let long = FROM
        .as_bytes()
        .chain(io::repeat(b'a').take(MAX_MESSAGE as u64 + 1))
        .chain(b"\n\n".as_slice());
    let mbox = before.chain(long).chain(after.as_slice());
    let mut all = Vec::new();
    from_mbox(BufReader::new(mbox), |arrived| all.push(arrived)).unwrap();
    assert_eq!(all.len(), 3);
    assert_only(&all[0], &[&one], "before");
    assert_eq!(all[1].unreadable, [Unreadable::TooLong]);
    assert_only(&all[2], &[&other], "after");
}
