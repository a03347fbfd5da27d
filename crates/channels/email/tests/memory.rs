//! Memory while a mail of a gibibyte comes, and a message of many small parts. One test, so that nothing else is measured.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{self, BufReader, Read};

use hamsa_channel_email::{MAX_MESSAGE, from_email, from_mbox, from_message_file};
use hamsa_core::Unreadable;

/// The most memory that this process had at once, in KiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.unwrap().parse().unwrap()
}

#[test]
fn a_mail_of_a_gibibyte_takes_what_the_longest_message_takes() {
    let before = peak();
    let head = b"From x\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\n";
    let huge = || head.chain(io::repeat(b'A').take(1 << 30));
    let mut all = Vec::new();
    from_mbox(BufReader::new(huge()), |arrived| all.push(arrived)).unwrap();
    assert_eq!(all.len(), 1);
    assert!(
        all.iter()
            .all(|arrived| arrived.unreadable == [Unreadable::TooLong])
    );
    let file = from_message_file(huge()).unwrap();
    assert_eq!(file.unreadable, [Unreadable::TooLong]);
    let grown = (peak() - before) << 10;
    // A buffer that grows holds its old self for a moment.
    assert!(grown < 3 * MAX_MESSAGE, "{grown} octets");

    let parts = "--b\nContent-Type:text/html\n\nx\n".repeat(300_000);
    let mail = format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}");
    let before = peak();
    assert_eq!(
        from_email(mail.as_bytes()).unreadable,
        [Unreadable::NothingSealed]
    );
    assert!((peak() - before) << 10 < 2 * mail.len());
}
