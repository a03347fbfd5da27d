//! Parts: one from its octets, and lines of them into a small collector.
#![no_main]

use hamsa_core::{Collected, Collector, Part, Sealed, cut};
use libfuzzer_sys::fuzz_target;

fn one(bytes: &[u8]) {
    if let Ok(part) = Part::parse(bytes) {
        assert_eq!(part.as_bytes(), bytes);
        assert!(part.number() >= 1 && part.number() <= part.count());
        assert!(Part::from_text(&part.to_text()).is_ok_and(|again| again == part));
    }
    if let Ok(Sealed::Envelope(envelope)) = Sealed::parse(bytes) {
        together(&envelope);
    }
}

/// What is cut, in parts whose length the envelope itself chooses, is joined backwards.
fn together(envelope: &hamsa_core::Envelope) {
    let last = envelope.as_bytes().last().copied().unwrap_or(0);
    let Ok(parts) = cut(envelope, 18 + usize::from(last)) else {
        return;
    };
    let mut collector = Collector::new();
    let mut joined = None;
    for part in parts.into_iter().rev() {
        if let Collected::Envelope(found) = collector.push(part) {
            joined = Some(found);
        }
    }
    assert!(joined.as_ref() == Some(envelope));
    assert_eq!(collector.open_groups().count(), 0);
}

fuzz_target!(|bytes: &[u8]| {
    one(bytes);
    let mut collector = Collector::with_limits(3, 4096);
    for line in bytes.split(|octet| *octet == b'\n') {
        one(line);
        if let Ok(sealed) = Sealed::parse(line) {
            collector.take(sealed);
            assert!(collector.open_groups().count() <= 3);
        }
    }
    for group in collector.open_groups() {
        let missing: usize = group.missing.into_iter().map(Iterator::count).sum();
        assert!(missing < usize::from(group.count), "a part of it has come");
    }
});
