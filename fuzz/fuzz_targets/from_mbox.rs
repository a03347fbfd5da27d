//! E-mail: a mailbox file, in buffers of any size.
#![no_main]

use std::io::BufReader;

use hamsa_channel_email::{from_email, from_mbox};
use hamsa_core::{Arrived, Sealed, Unreadable};
use libfuzzer_sys::fuzz_target;

fn read(mbox: &[u8], buffer: usize) -> Vec<(Vec<Sealed>, Vec<Unreadable>)> {
    let mut all = Vec::new();
    let mbox = BufReader::with_capacity(buffer, mbox);
    let each = |arrived: Arrived| all.push((arrived.sealed, arrived.unreadable));
    from_mbox(mbox, each).expect("memory can be read");
    all
}

/// As a program writes it, with `>` before whatever looks like a separator.
fn written(message: &[u8]) -> Vec<u8> {
    let mut mbox = b"From x\n".to_vec();
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        let marks = line.iter().take_while(|octet| **octet == b'>').count();
        if line[marks..].starts_with(b"From ") {
            mbox.push(b'>');
        }
        mbox.extend_from_slice(line);
    }
    mbox
}

fuzz_target!(|bytes: &[u8]| {
    let all = read(bytes, 1 << 16);
    assert!(all == read(bytes, 1 + bytes.len() % 7));
    assert!(all.len() <= 1 + bytes.len() / 5);
    for (sealed, unreadable) in &all {
        assert!(sealed.len() + unreadable.len() > 0);
    }
    // A message that is written to a mailbox is read as it was.
    let alone = from_email(bytes);
    let again = read(&written(bytes), 1 << 16);
    assert!(again == [(alone.sealed, alone.unreadable)]);
});
