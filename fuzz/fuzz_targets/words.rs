//! The tip's own words: no panic, hits on whole characters and in order, and a text without marks stays as it is.
#![no_main]

use hamsa_scrub::words::{check::check, marks::clean};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for hit in check(text) {
        assert!(
            hit.range.start >= end,
            "hits are in order and do not overlap"
        );
        assert!(
            text.get(hit.range.clone())
                .is_some_and(|passage| !passage.is_empty()),
            "a hit is of whole characters"
        );
        end = hit.range.end;
    }
    let first = clean(text);
    let second = clean(&first.text);
    assert!(*second.text == *first.text, "a clean text stays as it is");
    assert!(second.marks().is_empty(), "a clean text has no marks");
    for marks in first.marks() {
        assert!(marks.positions.iter().all(|at| text.is_char_boundary(*at)));
    }
});
