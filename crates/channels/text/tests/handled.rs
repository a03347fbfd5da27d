//! Envelopes and parts in text that people and clients have handled.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod made;

use hamsa_channel_text::from_text;
use hamsa_core::{Sealed, Unreadable, cut};
use made::{Random, envelope, short};

fn text_of(sealed: &Sealed) -> String {
    match sealed {
        Sealed::Envelope(envelope) => envelope.to_text(),
        Sealed::Part(part) => part.to_text(),
    }
}

/// Checks that exactly these are found, and nothing is called damaged.
fn finds(text: &str, expected: &[Sealed], handling: &str) {
    let arrived = from_text(text);
    assert!(
        arrived.sealed == expected,
        "{handling}: {} found, {} expected, {:?}, in:\n{:.600}",
        arrived.sealed.len(),
        expected.len(),
        arrived.unreadable,
        text
    );
    if !expected.is_empty() {
        assert!(
            arrived.unreadable.is_empty(),
            "{handling}: {:?}\n{:.600}",
            arrived.unreadable,
            text
        );
    }
}

/// One of each: armored, short ones of several lengths, parts of several lengths.
fn kinds(random: &mut Random) -> Vec<Sealed> {
    let full = envelope(random, 10_907);
    let mut kinds = vec![Sealed::Envelope(full.clone())];
    for len in [1, 100, 250, 500, 1090] {
        kinds.push(Sealed::Envelope(short(random, len)));
    }
    for most in [18, 120, 153, 370, 3072, 8190] {
        let parts = cut(&full, most).unwrap();
        let at = random.below(parts.len());
        kinds.push(Sealed::Part(parts[at].clone()));
    }
    kinds
}

type Handling = (&'static str, fn(&str, &mut Random) -> String);

fn wrap(text: &str, columns: usize, end: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .flat_map(|line| {
            let letters: Vec<char> = line.chars().collect();
            let lines: Vec<String> = letters.chunks(columns).map(String::from_iter).collect();
            lines
        })
        .collect();
    lines.join(end)
}

fn before_each_line(text: &str, mark: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{mark}{line}")).collect();
    lines.join("\n")
}

/// Puts one of `marks` at about every `every`th place.
fn strew(text: &str, marks: &[&str], every: usize, random: &mut Random) -> String {
    let mut strewn = String::new();
    for letter in text.chars() {
        if random.below(every) == 0 {
            strewn.push_str(marks[random.below(marks.len())]);
        }
        strewn.push(letter);
    }
    strewn
}

const INVISIBLE: [&str; 14] = [
    "\u{200e}", "\u{200f}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202e}", "\u{2066}", "\u{2068}",
    "\u{2069}", "\u{feff}", "\u{200b}", "\u{ad}", "\u{2060}", "\u{61c}",
];

/// Whole lines, so that the BEGIN line of armor stays one.
const LINES: [Handling; 24] = [
    ("as it is", |text, _| text.to_owned()),
    ("CRLF", |text, _| text.replace('\n', "\r\n")),
    ("empty lines between", |text, _| text.replace('\n', "\n\n")),
    ("quoted", |text, _| before_each_line(text, "> ")),
    ("quoted twice", |text, _| before_each_line(text, ">> ")),
    ("quoted apart", |text, _| before_each_line(text, " > > ")),
    ("quoted with bars", |text, _| before_each_line(text, "| ")),
    ("quoted, as HTML", |text, _| before_each_line(text, "&gt; ")),
    ("indented", |text, _| before_each_line(text, "\t    ")),
    ("no-break spaces", |text, _| {
        before_each_line(text, "\u{a0}\u{202f}")
    }),
    ("trailing spaces", |text, _| text.replace('\n', "  \n")),
    ("a name", |text, _| format!("Ahmed: {text}")),
    ("a name and a time", |text, _| {
        format!("[12/03/2026, 10:11:59] \u{200e}+971 50 123 4567: {text}")
    }),
    ("a name and a time, in Arabic", |text, _| {
        format!("[١٢/٠٣/٢٠٢٦، ١٠:١١ م] أحمد: {text}")
    }),
    ("a name and a time, with a dash", |text, _| {
        format!("12/03/2026, 10:11 - Ahmed Ali: {text}")
    }),
    ("a heading", |text, _| {
        format!("Ahmed Ali, [12.03.2026 10:11]\n{text}\n\n")
    }),
    ("Arabic around", |text, _| {
        format!("شاهدت هذا {text} والسلام عليكم")
    }),
    ("English around", |text, _| {
        format!("Dear Sir or Madam, As agreed:\n{text}\nThank you. Ahmed")
    }),
    ("English words around", |text, _| {
        format!("At last Aggie sends\n{text}\nthanks a lot")
    }),
    ("smart quotes", |text, _| format!("“{text}”")),
    ("angle brackets", |text, _| format!("<{text}>")),
    ("a code block", |text, _| format!("```\n{text}\n```")),
    ("a full stop", |text, _| format!("{text}.")),
    ("HTML lines", |text, _| {
        text.replace('\n', "<br>\n")
            .replace("<br>\n-----END", "<br/>-----END")
    }),
];

/// For what is one word. Spaces stand for lines where a client takes those away.
const WORDS: [Handling; 16] = [
    ("wrapped", |text, _| wrap(text, 64, "\n")),
    ("wrapped at 76", |text, _| wrap(text, 76, "\r\n")),
    ("wrapped and quoted", |text, _| {
        before_each_line(&wrap(text, 70, "\n"), "> ")
    }),
    ("wrapped by spaces", |text, _| wrap(text, 40, " ")),
    ("wrapped, with words around", |text, _| {
        format!(
            "Look at this\n{}\nand tell me what it is",
            wrap(text, 72, "\n")
        )
    }),
    ("wrapped twice", |text, _| {
        wrap(&wrap(text, 78, "\n"), 72, "\n")
    }),
    ("wrapped at CRLF and breaks", |text, _| {
        wrap(text, 60, "<br />\r\n")
    }),
    ("broken anywhere", |text, random| {
        let every = text.len() / 9 + 1;
        strew(
            text,
            &["\n", " ", "\u{a0}", "\t", "\r\n", "\n > "],
            every,
            random,
        )
    }),
    ("marks of direction", |text, random| {
        strew(text, &INVISIBLE, 9, random)
    }),
    ("long dashes", |text, _| text.replace("--", "—")),
    ("middle dashes", |text, _| text.replace("--", "–")),
    ("every hyphen", |text, _| text.replace('-', "–")),
    ("minus signs", |text, _| text.replace('-', "−")),
    ("three hyphens", |text, _| {
        text.replace("---", "—").replace("--", "–")
    }),
    ("a link", |text, _| {
        format!("[{text}](https://example.org/{})", &text[..18])
    }),
    ("Markdown escapes", |text, _| {
        text.replace('_', "\\_").replace('-', "\\-")
    }),
];

#[test]
fn everything_is_found_however_it_was_handled() {
    let mut random = Random(11);
    for _ in 0..4 {
        for sealed in kinds(&mut random) {
            let text = text_of(&sealed);
            let expected = [sealed];
            for (by_lines, lines) in LINES {
                finds(&lines(&text, &mut random), &expected, by_lines);
                let is_armor = text.starts_with('-');
                for (by_words, words) in WORDS.iter().take(if is_armor { 0 } else { 99 }) {
                    let handled = lines(&words(&text, &mut random), &mut random);
                    finds(&handled, &expected, &format!("{by_words}, then {by_lines}"));
                }
            }
        }
    }
}

#[test]
fn armor_is_found_with_other_columns_and_dashes() {
    let mut random = Random(12);
    let sealed = Sealed::Envelope(envelope(&mut random, 10_907));
    let text = text_of(&sealed);
    let expected = [sealed];
    for columns in [40, 48, 70, 76, 2000] {
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let body = wrap(&body, columns, "\n");
        let armor =
            format!("-----BEGIN AGE ENCRYPTED FILE-----\n{body}\n-----END AGE ENCRYPTED FILE-----");
        finds(&armor, &expected, "other columns");
        finds(
            &before_each_line(&armor, "> "),
            &expected,
            "other columns, quoted",
        );
    }
    for (dashes, begin) in [
        ("——-", "BEGIN AGE ENCRYPTED FILE"),
        ("—–", "BEGIN  AGE\u{a0}ENCRYPTED FILE"),
        ("-- - --", " BEGIN AGE ENCRYPTED FILE "),
        ("−−−−−", "BEGIN AGE\n> ENCRYPTED FILE"),
        ("-", "\u{200e}BEGIN AGE ENC\u{200b}RYPTED FILE"),
    ] {
        let handled = text
            .replace("BEGIN AGE ENCRYPTED FILE", begin)
            .replace("-----", dashes);
        finds(&handled, &expected, begin);
    }
    finds(&text.replace('\n', " "), &expected, "one line");
    finds(&text.replace('=', ""), &expected, "without padding");
    finds(
        &strew(&text, &INVISIBLE, 7, &mut random),
        &expected,
        "invisible",
    );
}

/// A client that cuts long messages: each piece comes with a name and a time of its own.
#[test]
fn armor_in_several_messages_of_an_export_is_found() {
    let sealed = Sealed::Envelope(envelope(&mut Random(13), 10_907));
    let text = text_of(&sealed);
    let lines: Vec<&str> = text.lines().collect();
    for prefix in [
        "[12/03/2026, 10:11:59] Ahmed Ali: ",
        "12/03/2026, 10:11 - +971 50 123 4567: ",
        "Ahmed Ali, [12.03.2026 10:11]\n",
        "Ahmed Ali  10:11 AM\n",
    ] {
        let messages: Vec<String> = lines
            .chunks(62)
            .map(|lines| format!("{prefix}{}\n", lines.join("\n")))
            .collect();
        finds(&messages.concat(), std::slice::from_ref(&sealed), prefix);
    }
}

#[test]
fn many_things_in_one_text_are_found_in_order() {
    let mut random = Random(14);
    for _ in 0..20 {
        let mut all = kinds(&mut random);
        all.extend(kinds(&mut random));
        random.shuffle(&mut all);
        for (between, columns) in [
            ("\n", 9999),
            (" ", 9999),
            ("\n\n", 64),
            ("\nAhmed: ", 70),
            (" و ", 9999),
            (". Also ", 77),
        ] {
            let texts: Vec<String> = all
                .iter()
                .map(|sealed| match sealed {
                    Sealed::Envelope(envelope) if !envelope.is_short() => envelope.to_text(),
                    sealed => wrap(&text_of(sealed), columns, "\n"),
                })
                .collect();
            finds(&texts.join(between), &all, between);
        }
    }
}

#[test]
fn a_series_of_parts_is_found_whole() {
    let mut random = Random(15);
    let full = envelope(&mut random, 10_907);
    for most in [30, 105, 370, 2048, 3072] {
        let parts: Vec<Sealed> = cut(&full, most)
            .unwrap()
            .into_iter()
            .map(Sealed::Part)
            .collect();
        for columns in [9999, 40, 64, 72] {
            for between in ["\n", "\n\n", "\r\n> "] {
                let texts: Vec<String> = parts
                    .iter()
                    .map(|part| wrap(&text_of(part), columns, "\n"))
                    .collect();
                finds(
                    &texts.join(between),
                    &parts,
                    &format!("{most} {columns} {between:?}"),
                );
            }
        }
    }
}

#[test]
fn two_short_ones_are_not_one_long_one() {
    let mut random = Random(16);
    // 306 and 306 letters are 612, which is a length too.
    for (len, times) in [(100, 2), (250, 2), (250, 4), (100, 5), (1, 9)] {
        let all: Vec<Sealed> = (0..times)
            .map(|_| Sealed::Envelope(short(&mut random, len)))
            .collect();
        for columns in [9999, 160, 153, 64] {
            let texts: Vec<String> = all
                .iter()
                .map(|one| wrap(&text_of(one), columns, "\n"))
                .collect();
            finds(&texts.join("\n"), &all, &format!("{len} {columns}"));
        }
    }
}

#[test]
fn what_looks_sealed_and_is_not_whole_is_damaged() {
    let mut random = Random(17);
    for sealed in kinds(&mut random)
        .into_iter()
        .filter(|one| text_of(one).len() > 100)
    {
        let text = text_of(&sealed);
        let cut_short = text[..text.len() * 2 / 3].to_owned();
        let at = text.len() / 2;
        let lost = format!("{}{}", &text[..at], &text[at + 3..]);
        let ellipsis = format!("Ahmed: {}…", &text[..90]);
        for damaged in [cut_short, lost, ellipsis] {
            for handled in [damaged.clone(), before_each_line(&damaged, "> ")] {
                let arrived = from_text(&handled);
                assert!(arrived.sealed.is_empty(), "{handled}");
                assert_eq!(arrived.unreadable, [Unreadable::Damaged], "{handled}");
            }
        }
    }
    let changed = |text: String, at: usize| {
        let other = if text.as_bytes()[at] == b'x' {
            "y"
        } else {
            "x"
        };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    };
    let part = cut(&envelope(&mut random, 9000), 200).unwrap().remove(3);
    let handled = format!("Ahmed: {} ", changed(part.to_text(), 77));
    let arrived = from_text(&handled);
    assert!(arrived.sealed.is_empty());
    assert_eq!(arrived.unreadable, [Unreadable::Damaged]);
}

#[test]
fn a_damaged_one_does_not_hide_the_next() {
    let mut random = Random(18);
    let full = envelope(&mut random, 10_907);
    let good: Vec<Sealed> = cut(&full, 300)
        .unwrap()
        .into_iter()
        .map(Sealed::Part)
        .collect();
    for columns in [9999, 64] {
        let texts: Vec<String> = good
            .iter()
            .map(|part| wrap(&text_of(part), columns, "\n"))
            .collect();
        let broken = format!("{}\n{}", &texts[0][..200], texts[1..].join("\n"));
        let arrived = from_text(&broken);
        assert!(
            arrived.sealed == good[1..],
            "{} of {}",
            arrived.sealed.len(),
            good.len() - 1
        );
        assert_eq!(arrived.unreadable, [Unreadable::Damaged]);
    }
    let begun = text_of(&Sealed::Envelope(full.clone()))[..3000].to_owned();
    let arrived = from_text(&format!(
        "{begun}\n{}",
        text_of(&Sealed::Envelope(full.clone()))
    ));
    assert!(arrived.sealed == [Sealed::Envelope(full)]);
    assert_eq!(arrived.unreadable, [Unreadable::Damaged]);
}

/// In the words around a long part, a long dash made every rule for dashes be tried, and none had enough work left.
#[test]
fn a_dash_in_the_words_around_a_long_part_is_none_of_its_own() {
    let mut random = Random(77);
    for most in [4096, 8190, 40_000, 65_000] {
        let full = envelope(&mut random, most - 200);
        let part = cut(&full, most).unwrap().swap_remove(0);
        let text = part.to_text();
        for width in [7, 70, 2731, usize::MAX] {
            let letters: Vec<char> = text.chars().collect();
            let lines = letters.chunks(width.min(letters.len()));
            let wrapped = lines.map(|line| line.iter().collect::<String>());
            let wrapped = wrapped.collect::<Vec<_>>().join(" ");
            for around in [["", "\n— Sent from my phone"], ["Ahmad — hi\n", "\n– so"]] {
                let said = around.join(&wrapped);
                finds(&said, &[Sealed::Part(part.clone())], "a dash beside it");
            }
        }
    }
}
