use std::collections::BTreeMap;

use hamsa_core::{DepartmentKey, Identity, Profile, RootKey};

use super::*;
use crate::desk::view;

const TWO: &str = r#"{
    "agency": {"en": "City Tip Line", "ar": "خط البلاغات"},
    "departments": [
        {"id": "fraud", "names": {"en": "Fraud"}, "topics": [{"id": "online", "names": {"en": "On the internet"}}]},
        {"id": "traffic", "names": {"en": "Traffic"}}
    ],
    "caller_groups": [{"id": "visitor", "names": {"en": "Visitors"}}]
}"#;
const TELLING: &str = "Call me on 050 123 4567";

fn card(profile: &str) -> Card {
    let profile: Profile = serde_json::from_str(profile).expect("a profile");
    let today = calendar::today().ok().expect("a day");
    let until = calendar::last_of(today, 90).ok().expect("a day");
    let full = Identity::generate().expect("an identity");
    let key = DepartmentKey {
        full: full.recipient().expect("a recipient"),
        short: None,
        from: today,
        until,
    };
    let ids = profile.departments.iter().map(|own| own.id.clone());
    let keys: BTreeMap<_, _> = ids.map(|id| (id, vec![key.clone()])).collect();
    let root = RootKey::generate().expect("a root");
    Card::issue(&root, &profile, &keys, today, until, None).expect("a card")
}

/// Sits at a desk with this card, from which the department is chosen that is named.
fn at_desk(profile: &str, to: Option<&str>, words: &Words, test: impl FnOnce(&mut Sitting<'_>)) {
    let place = tempfile::tempdir().expect("a folder");
    let spool = Spool::at(place.path()).ok().expect("a spool");
    let card = card(profile);
    let choices = Choices::new(&card, words, to, None);
    test(&mut Sitting::new(
        &card,
        choices,
        &spool,
        words,
        Editor::new().0,
    ));
}

fn press(sitting: &mut Sitting<'_>, keys: &[Key]) {
    for key in keys {
        sitting.take(&Input::Key(*key));
    }
}

/// What a terminal of this size shows, line by line.
fn screen(sitting: &mut Sitting<'_>, size: (usize, usize)) -> Vec<String> {
    let frame = view::draw(sitting, size);
    let frame = str::from_utf8(&frame).expect("text");
    let mut lines = vec![String::new(); size.1];
    let mut row = 0;
    let mut parts = frame.split("\u{1b}[");
    lines[0].push_str(parts.next().expect("a part"));
    for part in parts {
        let end = part
            .find(|c: char| c.is_ascii_alphabetic())
            .expect("the end of a sequence");
        let (numbers, rest) = part.split_at(end);
        match rest.chars().next() {
            Some('H') => {
                let number = numbers.split(';').next().expect("a row");
                row = number.parse::<usize>().expect("a number") - 1;
            }
            Some('J') => lines.iter_mut().for_each(String::clear),
            Some('K') => lines[row].clear(),
            _ => {}
        }
        lines[row].push_str(&rest[1..]);
    }
    lines
}

const USUAL: (usize, usize) = (80, 24);
const SMALLEST: (usize, usize) = (40, 12);
const SEAL: Key = Key::Control('s');

#[test]
fn only_a_warning_that_is_seen_is_answered_by_sealing() {
    let words = Words::english();
    let away: [&[Key]; 6] = [
        // Before the warning could be drawn: one key that was held too long.
        &[],
        &[Key::Control('q')],
        &[Key::Function(2), Key::Escape],
        &[Key::Function(4), Key::Enter],
        &[Key::Control('x'), Key::Left],
        &[Key::PasteBegin, Key::PasteEnd],
    ];
    at_desk(TWO, Some("fraud"), &words, |sitting| {
        sitting.take(&Input::Text(TELLING));
        press(sitting, &[SEAL]);
        for keys in away {
            if !keys.is_empty() {
                screen(sitting, USUAL);
            }
            press(sitting, keys);
            if !keys.is_empty() {
                let shown = screen(sitting, USUAL).join(" ");
                assert!(!shown.contains("Ctrl-S again"), "{keys:?}: {shown}");
            }
            press(sitting, &[SEAL]);
            assert_eq!(sitting.sealed, 0, "{keys:?}");
        }
        // In a window that is too small for anything, it is not seen either.
        screen(sitting, (20, 5));
        press(sitting, &[SEAL]);
        assert_eq!(sitting.sealed, 0);
        // Looking at the text leaves it where it is.
        assert!(screen(sitting, USUAL).join(" ").contains("Ctrl-S again"));
        press(sitting, &[Key::Up, Key::Home]);
        screen(sitting, USUAL);
        press(sitting, &[SEAL]);
        assert_eq!(sitting.sealed, 1);
    });
}

#[test]
fn the_warning_says_what_to_do_before_what_was_found() {
    let words = Words::english();
    at_desk(TWO, Some("fraud"), &words, |sitting| {
        sitting.take(&Input::Text(TELLING));
        press(sitting, &[SEAL]);
        for size in [USUAL, SMALLEST] {
            let shown = screen(sitting, size).join(" ");
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            let places = [
                "Take them out, or ask the caller",
                "press Ctrl-S again",
                "a phone number (line 1)",
            ];
            let places = places.map(|said| {
                shown
                    .find(said)
                    .unwrap_or_else(|| panic!("{said}: {shown}"))
            });
            assert!(places.is_sorted(), "{shown}");
        }
    });
}
