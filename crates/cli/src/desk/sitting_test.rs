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
const ONE: &str = r#"{
    "agency": {"en": "The City's Confidential Line for Everybody who Saw Something", "ar": "الخط السري لكل من رأى شيئا في المدينة وضواحيها"},
    "departments": [{"id": "general", "names": {"en": "General"}}]
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
    let away: [&[Key]; 7] = [
        // Before the warning could be drawn: one key that was held too long.
        &[],
        &[Key::Control('q')],
        &[Key::Function(2), Key::Escape],
        &[Key::Function(4), Key::Enter],
        &[Key::Function(1), Key::Escape],
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

#[test]
fn a_warning_that_is_too_long_names_as_many_kinds_as_fit_and_counts_the_rest() {
    let telling = "My name is Sara Khan\nCall 050 123 4567\nwrite to sara@example.com\nhttps://example.com/sara\n\
                   784-1985-1234567-3\nAE070331234567890123456\n4111 1111 1111 1111\nserver 192.168.1.17\n\
                   C:\\Users\\sara\\photo.jpg\n25.276987, 55.296249\nI am the only one who knows";
    for (words, more) in [(Words::english(), "and "), (Words::arabic(), "خرى")] {
        at_desk(TWO, Some("fraud"), &words, |sitting| {
            sitting.take(&Input::Text(telling));
            press(sitting, &[SEAL]);
            let kinds = sitting.message.as_ref().expect("a warning").shorter.len();
            assert!(kinds > 4, "{kinds}");
            let whole = |sitting: &mut Sitting<'_>, size| {
                let lines = screen(sitting, size);
                let rule = |line: &String| line.contains('─');
                let from = lines.iter().rposition(rule).expect("a rule");
                lines[from + 1..lines.len() - 1].join(" ")
            };
            for width in [40, 60, 80] {
                let shown = whole(sitting, (width, 12));
                assert!(shown.contains(more) || words.tag() == "ar", "{shown}");
                assert!(!shown.contains('…'), "{shown}");
                assert!(sitting.message.as_ref().is_some_and(|it| it.is_seen));
            }
            let shown = whole(sitting, (400, 40));
            assert!(!shown.contains("more"), "{shown}");
        });
    }
}

#[test]
fn a_window_that_shows_nothing_takes_text_and_nothing_else() {
    let words = Words::english();
    at_desk(TWO, Some("fraud"), &words, |sitting| {
        screen(sitting, (39, 12));
        sitting.take(&Input::Text("a"));
        let unseen = [
            SEAL,
            SEAL,
            Key::Control('x'),
            Key::Escape,
            Key::Escape,
            Key::Control('q'),
            Key::Function(2),
            Key::Down,
        ];
        for key in unseen {
            press(sitting, &[key]);
            sitting.take(&Input::Text("b"));
        }
        assert_eq!(sitting.editor.text(), "abbbbbbbb");
        assert_eq!(sitting.choices.department(), Some("fraud"));
        assert!(sitting.sealed == 0 && !sitting.is_over());
        // What stood over the text when the window became small makes room for it.
        for key in [Key::Function(2), Key::Function(1), Key::Control('x')] {
            screen(sitting, USUAL);
            press(sitting, &[key]);
            screen(sitting, (80, 11));
            press(sitting, &[Key::Escape]);
            sitting.take(&Input::Text("2"));
        }
        assert_eq!(sitting.editor.text(), "abbbbbbbb222");
        assert_eq!(sitting.choices.department(), Some("fraud"));
        screen(sitting, USUAL);
        press(sitting, &[SEAL]);
        assert_eq!(sitting.sealed, 1);
        screen(sitting, (10, 3));
        press(sitting, &[Key::Control('q')]);
        assert!(sitting.is_over(), "with nothing written one may leave");
    });
}

#[test]
fn the_counter_and_the_keys_to_seal_and_leave_are_never_cut() {
    for words in [Words::english(), Words::arabic()] {
        for profile in [ONE, TWO] {
            at_desk(profile, None, &words, |sitting| {
                sitting.sealed = 12_345;
                let group = sitting.card.fingerprint().to_string();
                let group = group.rsplit(' ').next().expect("digits").to_owned();
                for width in 40..100 {
                    let lines = screen(sitting, (width, 12));
                    let title = &lines[0];
                    assert!(
                        title.contains("12345") && title.contains(&group),
                        "{width}: {title}"
                    );
                    let keys = &lines[11];
                    for key in ["Ctrl-S", "Ctrl-Q", "F1"] {
                        assert!(keys.contains(key), "{width}: {keys}");
                    }
                    for line in lines {
                        assert!(
                            line.chars().map(super::super::line::columns).sum::<usize>() <= width,
                            "{line}"
                        );
                    }
                }
            });
        }
    }
    let words = Words::english();
    at_desk(ONE, None, &words, |sitting| {
        let shown = screen(sitting, USUAL);
        assert!(
            shown[0].starts_with("The City's Confidential L"),
            "{}",
            shown[0]
        );
        assert!(
            shown[0].contains("…, fingerprint …") && shown[0].contains("sealed in this sitting: 0")
        );
        sitting.take(&Input::Text("a word"));
        press(sitting, &[Key::Function(4)]);
        assert!(screen(sitting, SMALLEST)[11].contains("Esc back"));
    });
}

#[test]
fn only_what_can_be_chosen_has_a_key() {
    let words = Words::english();
    let keys_on = |sitting: &mut Sitting<'_>| {
        let shown = screen(sitting, USUAL).join("\n");
        ["F2 ", "F3 ", "F4 ", "F5 "].map(|key| shown.contains(key))
    };
    at_desk(ONE, None, &words, |sitting| {
        assert_eq!(keys_on(sitting), [false, false, true, false]);
        press(sitting, &[Key::Function(2)]);
        assert!(
            screen(sitting, USUAL)
                .join(" ")
                .contains("one department only")
        );
        press(sitting, &[Key::Function(3)]);
        assert!(
            screen(sitting, USUAL)
                .join(" ")
                .contains("none to choose from")
        );
        press(sitting, &[Key::Function(1)]);
        let shown = screen(sitting, USUAL).join("\n");
        assert!(
            shown.contains("F4: choose the language") && !shown.contains("F3"),
            "{shown}"
        );
    });
    at_desk(TWO, None, &words, |sitting| {
        assert_eq!(keys_on(sitting), [true; 4], "one of them has topics");
        press(sitting, &[Key::Function(2)]);
        sitting.take(&Input::Text("2"));
        assert_eq!(sitting.choices.department(), Some("traffic"));
        assert_eq!(keys_on(sitting), [true, false, true, true]);
    });
}

#[test]
fn the_page_of_the_keys_leaves_the_text_as_it_was() {
    let words = Words::english();
    at_desk(TWO, Some("fraud"), &words, |sitting| {
        sitting.take(&Input::Text("the text"));
        for key in [Key::Function(1), Key::Control('g')] {
            press(sitting, &[key]);
            let shown = screen(sitting, USUAL).join("\n");
            for said in [
                "F2: choose the department",
                "Ctrl-S or F10: seal",
                "F1 or Ctrl-G",
                "any key: back",
            ] {
                assert!(shown.contains(said), "{said}: {shown}");
            }
            assert!(!shown.contains("the text\n"), "{shown}");
            sitting.take(&Input::Text("x"));
            assert!(screen(sitting, USUAL).join("\n").contains("the text"));
        }
        // Only one letter went to the page.
        press(sitting, &[Key::Function(1)]);
        screen(sitting, USUAL);
        sitting.take(&Input::Text("x and more"));
        assert_eq!(sitting.editor.text(), "the text and more");
        // What seals and discards elsewhere goes back here.
        for key in [
            SEAL,
            Key::Control('x'),
            Key::Control('q'),
            Key::Enter,
            Key::Down,
        ] {
            press(sitting, &[Key::Function(1)]);
            screen(sitting, USUAL);
            press(sitting, &[key]);
            assert!(
                matches!(sitting.mode, Mode::Writing) && sitting.sealed == 0 && !sitting.is_over()
            );
        }
        // A paste belongs to the text.
        press(sitting, &[Key::Function(1), Key::PasteBegin]);
        sitting.take(&Input::Text("!"));
        press(sitting, &[Key::PasteEnd]);
        assert_eq!(sitting.editor.text(), "the text and more!");
    });
}

#[test]
fn the_page_of_the_keys_scrolls_where_it_does_not_fit() {
    for words in [Words::english(), Words::arabic()] {
        at_desk(TWO, None, &words, |sitting| {
            press(sitting, &[Key::Function(1)]);
            let first = screen(sitting, SMALLEST).join("\n");
            assert!(first.contains("F2") && !first.contains("Ctrl-G"), "{first}");
            let mut seen = Vec::new();
            for _ in 0..50 {
                seen.extend(screen(sitting, SMALLEST));
                press(sitting, &[Key::Down]);
            }
            let last = screen(sitting, SMALLEST).join("\n");
            assert!(last.contains("Ctrl-G") && !last.contains("F2"), "{last}");
            let seen = seen.join("\n");
            for key in [
                "F2",
                "F3",
                "F4",
                "F5",
                "Ctrl-S",
                "Ctrl-X",
                "Ctrl-Q",
                "Backspace",
                "Home",
            ] {
                assert!(seen.contains(key), "{key}");
            }
            assert!(!seen.contains("desk-"), "every message is there: {seen}");
            press(sitting, &[Key::Home]);
            assert_eq!(screen(sitting, SMALLEST).join("\n"), first);
            press(sitting, &[Key::Escape]);
            assert!(matches!(sitting.mode, Mode::Writing));
        });
    }
}

#[test]
fn the_page_of_the_keys_stands_on_the_side_of_its_language() {
    let words = Words::arabic();
    at_desk(TWO, None, &words, |sitting| {
        press(sitting, &[Key::Function(1)]);
        let shown = screen(sitting, USUAL);
        let line = shown.iter().find(|line| line.contains("Ctrl-G"));
        let line = line.expect("the last line");
        // The key comes first, at the right edge; its first part is the rightmost.
        assert!(
            line.starts_with("     ") && line.trim_end().ends_with("F1"),
            "{line:?}"
        );
    });
}
