//! Memory while a flood of segments comes that never become whole. One test, so that nothing else is measured.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use hamsa_channel_sms::{Body, Inbound, Message, from_sms};
use hamsa_core::Unreadable;

/// The most memory that this process had at once, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.unwrap().parse().unwrap()
}

/// Segments that all say 255 of 255, the longest that there are, each of another series.
fn flood(count: u64) -> impl Iterator<Item = Inbound> {
    (0..count).map(|at| {
        let [low, high, ..] = at.to_le_bytes();
        let header = vec![6, 8, 4, high, low, 255, 255];
        let message = Message {
            header: Some(header),
            body: Body::Text("\u{1F92B}".repeat(160)),
        };
        let line = at >> 16;
        Inbound { line, message }
    })
}

#[test]
fn a_million_series_that_never_become_whole_take_bounded_memory() {
    let before = peak();
    let arrived = from_sms(flood(1_000_000));
    let grown = peak() - before;
    assert!(arrived.sealed.is_empty());
    assert!(arrived.unreadable == vec![Unreadable::Damaged; 1_000_000]);
    assert!(grown < 128 << 10, "{grown} KiB");
}
