use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentResource};
use hamsa_channel_email::EmailError;
use hamsa_core::{CardError, KeyError, OpenError, PartError, SealError, Unreadable};

use hamsa_scrub::words::check::{Certainty, Clue};
use hamsa_scrub::words::marks::Mark;
use hamsa_scrub::{Refusal, Remark, What};

use super::{ARABIC, ENGLISH, Words, printable};
use crate::arguments;

/// The keys of a Fluent file, with `.advice` for each message that has one.
fn keys(source: &str) -> BTreeSet<String> {
    assert!(
        FluentResource::try_new(source.to_owned()).is_ok(),
        "every entry can be parsed"
    );
    let mut keys = BTreeSet::new();
    let mut message = "";
    for line in source.lines() {
        if let Some(attribute) = line.strip_prefix("    .") {
            let name = attribute
                .split_once(" =")
                .expect("an attribute has a value")
                .0;
            keys.insert(format!("{message}.{name}"));
        } else if let Some((name, _)) = line
            .split_once(" =")
            .filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            message = name;
            assert!(keys.insert(name.to_owned()), "{name} stands there once");
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_keys() {
    assert_eq!(keys(ENGLISH), keys(ARABIC));
}

#[test]
fn both_languages_use_the_same_arguments() {
    let arguments = |source: &str, key: &str| -> BTreeSet<String> {
        let lines = source
            .lines()
            .skip_while(|line| !line.starts_with(&format!("{key} =")))
            .enumerate();
        let entry = lines
            .take_while(|(at, line)| *at == 0 || line.starts_with([' ', '}']))
            .map(|(_, line)| line);
        let names = entry.flat_map(|line| {
            line.split('$')
                .skip(1)
                .map(|rest| rest.split([' ', '}']).next().unwrap_or("").to_owned())
        });
        names.collect()
    };
    for key in keys(ENGLISH).iter().filter(|key| !key.contains('.')) {
        assert_eq!(arguments(ENGLISH, key), arguments(ARABIC, key), "{key}");
    }
}

#[test]
fn every_error_of_the_library_has_words_in_both_languages() {
    let codes = [
        SealError::CODES,
        OpenError::CODES,
        CardError::CODES,
        KeyError::CODES,
        PartError::CODES,
        Unreadable::CODES,
        Refusal::CODES,
        EmailError::CODES,
    ]
    .concat();
    for words in [Words::english(), Words::arabic()] {
        for code in &codes {
            let key = format!("error-{code}");
            assert!(words.has(&key), "{key} in {}", words.tag());
            assert!(
                words.advice(&key, &FluentArgs::new()).is_some(),
                "{key}.advice in {}",
                words.tag()
            );
        }
    }
}

#[test]
fn every_finding_and_remark_has_words_in_both_languages() {
    let whats = What::ALL.iter().map(|what| format!("what-{}", what.code()));
    let remarks = Remark::ALL.iter().map(|it| format!("remark-{}", it.code()));
    let mut keys: Vec<String> = whats.chain(remarks).collect();
    keys.extend(Clue::ALL.iter().map(|it| it.code().to_owned()));
    keys.extend(Certainty::ALL.iter().map(|it| it.code().to_owned()));
    keys.extend(Mark::ALL.iter().map(|it| it.code().to_owned()));
    for words in [Words::english(), Words::arabic()] {
        for key in &keys {
            assert!(words.has(key), "{key} in {}", words.tag());
        }
    }
}

/// Every string literal that follows `marker` in the sources, for which nothing but blanks stands between.
fn literals_after(marker: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in ["", "desk", "verbs"].map(|name| source.join(name)) {
        for entry in fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("a file").path();
            if path.is_dir() || path.ends_with("words_test.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source");
            for after in text.split(marker).skip(1) {
                let literal = after
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once('"'));
                found.extend(literal.map(|(literal, _)| literal.to_owned()));
            }
        }
    }
    found
}

#[test]
fn every_key_in_the_source_has_words() {
    let mut used = literals_after("say!(words,");
    used.extend(literals_after("say!(self.words,"));
    used.extend(literals_after("say!(terminal.words(),"));
    used.extend(literals_after("say!(sitting.words,"));
    used.extend(literals_after("say!(self,"));
    assert!(used.len() > 60, "the keys were found");
    let known = keys(ENGLISH);
    for key in &used {
        assert!(known.contains(key), "{key}");
    }
    let failures = literals_after("Failure::new(");
    assert!(failures.len() > 30, "the failures were found");
    for key in &failures {
        assert!(
            known.contains(key) && known.contains(&format!("{key}.advice")),
            "{key}"
        );
    }
}

#[test]
fn every_verb_and_option_has_help_in_both_languages() {
    fn check(command: &clap::Command, known: &BTreeSet<String>) {
        let about = command.get_about().expect("about").to_string();
        assert!(
            !about.is_empty() && !known.contains(&about) && !about.starts_with("about"),
            "{about}"
        );
        for arg in command.get_arguments() {
            let help = arg.get_help().expect("help").to_string();
            assert!(!help.starts_with("arg-"), "{help}");
        }
        command
            .get_subcommands()
            .for_each(|verb| check(verb, known));
    }
    for words in [Words::english(), Words::arabic()] {
        let mut command = arguments::command(&words);
        command.build();
        check(&command, &keys(ENGLISH));
    }
}

#[test]
fn the_locale_decides_and_an_unknown_one_is_english() {
    let from = |flag: Option<&str>, set: &[(&str, &str)]| {
        let variable = |name: &str| {
            set.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Words::choose(flag, variable).tag()
    };
    assert_eq!(from(None, &[]), "en");
    assert_eq!(from(None, &[("LANG", "ar_AE.UTF-8")]), "ar");
    assert_eq!(
        from(None, &[("LANG", "ar_EG"), ("LC_ALL", "en_GB.UTF-8")]),
        "en"
    );
    assert_eq!(from(None, &[("LC_ALL", ""), ("LC_MESSAGES", "ar")]), "ar");
    assert_eq!(from(Some("ar-SA"), &[("LC_ALL", "en_US.UTF-8")]), "ar");
    assert_eq!(from(Some("xx-nowhere"), &[("LANG", "ar_AE")]), "en");
    assert_eq!(from(None, &[("LANG", "C")]), "en");
}

#[test]
fn arabic_counts_as_arabic_does() {
    let words = Words::arabic();
    let opened = |count: u64| {
        let mut args = FluentArgs::new();
        args.set("count", count);
        words.message("open-sum-opened", &args)
    };
    assert_eq!(opened(0), "لم يُفتح أي بلاغ جديد.");
    assert_eq!(opened(1), "فُتح بلاغ واحد.");
    assert_eq!(opened(2), "فُتح بلاغان.");
    assert_eq!(opened(3), "فُتحت \u{2068}3\u{2069} بلاغات.");
    assert_eq!(opened(11), "فُتح \u{2068}11\u{2069} بلاغًا.");
    assert_eq!(opened(100), "فُتح \u{2068}100\u{2069} بلاغ.");
}

#[test]
fn english_has_no_invisible_marks_and_arabic_isolates_what_is_not_arabic() {
    let mut args = FluentArgs::new();
    args.set("path", "a/b.age");
    let (english, arabic) = (
        Words::english().message("io-folder", &args),
        Words::arabic().message("io-folder", &args),
    );
    assert_eq!(english, "this is a folder, not a file: a/b.age");
    assert!(arabic.contains("\u{2068}a/b.age\u{2069}"), "{arabic}");
    let advice = Words::arabic()
        .advice("error-which-department", &FluentArgs::new())
        .expect("advice");
    assert!(advice.contains("\u{2066}--to\u{2069}"), "{advice}");
}

#[test]
fn arabic_lines_begin_with_a_letter_or_mark_that_says_so() {
    // What stands within a line, what is only ever Latin, and what the desk puts in order itself.
    let parts = [
        "size",
        "scrub-count",
        "list-comma",
        "arg-completions-shell",
        "desk-choice",
        "size-exact",
    ];
    let is_arabic = |c: char| matches!(c, '\u{620}'..='\u{6d3}');
    for line in ARABIC.lines() {
        let Some((key, text)) = line.split_once(" = ") else {
            continue;
        };
        // Fluent puts what it fills in into isolates, and Latin words stand in isolates too: neither sets the direction.
        let mut depth = 0_usize;
        let own = text.chars().filter(|c| {
            depth = match c {
                '{' => depth + 1,
                '}' => depth.saturating_sub(1),
                _ => depth,
            };
            depth == 0 && is_arabic(*c)
        });
        let has_mark = text.contains("\\u200F") || text.contains('\u{200f}');
        let has_letter = own.count() > 0 || text.contains("$count ->");
        let is_known = parts.contains(&key) || key.trim_start().starts_with('.');
        assert!(has_letter || has_mark || is_known, "{key}");
    }
}

#[test]
fn sizes_are_short() {
    let words = Words::english();
    assert_eq!(words.size(1), "1 octet");
    assert_eq!(words.size(8192), "8 KiB");
    assert_eq!(words.size(10_500), "10.2 KiB");
    assert_eq!(words.size(3 << 20), "3 MiB");
    assert_eq!(words.size(5 << 30), "5 GiB");
}

#[test]
fn a_path_cannot_drive_the_terminal() {
    assert_eq!(
        printable(Path::new("a\u{1b}[2J\u{202e}b")),
        "a\u{fffd}[2J\u{fffd}b"
    );
}
