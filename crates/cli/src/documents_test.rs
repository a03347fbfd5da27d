//! The commands in the documents are ones that the program takes.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::{self, Asked};
use crate::words::Words;

/// What stands for the program at the beginning of a line.
const NAMES: [&str; 3] = ["hamsa ", "$ hamsa ", "cargo run --release -- "];

/// The pages that people read.
fn documents() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let entries = fs::read_dir(top.join("docs")).expect("the documents");
    let pages = entries
        .map(|entry| entry.expect("a page").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let mut all: Vec<_> = pages.chain([top.join("README.md")]).collect();
    all.sort();
    all
}

/// The commands in the `sh` and `console` blocks of a page, with their line numbers.
fn commands(page: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_shell = false;
    for (number, line) in (1..).zip(page.lines()) {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            in_shell = !in_shell && matches!(kind.trim(), "sh" | "console" | "shell" | "bash");
        } else if in_shell {
            let ours = NAMES
                .iter()
                .find_map(|name| line.trim_start().strip_prefix(name));
            found.extend(ours.map(|command| (number, command)));
        }
    }
    found
}

/// Splits a line as a shell does, as far as our documents need it: quotes, comments, and the end of the command.
fn words(line: &str) -> Vec<OsString> {
    let (mut all, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | '>' | '<' | ';' | '&') => break,
            (None, ' ' | '\t') => all.extend(word.take().map(OsString::from)),
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "a quote without an end: {line}");
    all.extend(word.map(OsString::from));
    all
}

#[test]
fn every_command_in_the_documents_is_one_that_the_program_takes() {
    let mut count = 0;
    for path in documents() {
        let page = fs::read_to_string(&path).expect("a page");
        for (number, command) in commands(&page) {
            let mut line = vec![OsString::from("hamsa")];
            line.extend(words(command));
            let taken = arguments::parse(&line, &Words::english());
            let place = format!("{}:{number}: {command}", path.display());
            match taken {
                Ok(Asked::Work(_) | Asked::Help(_)) => count += 1,
                Err(why) => panic!("{place}: {}", why.key()),
            }
        }
    }
    assert!(count > 15, "the commands were found: {count}");
}

#[test]
fn a_line_is_split_as_a_shell_does() {
    let split = words("open -i 'a b' --name en=\"City # Line\" x.age  # the analyst | x");
    let split: Vec<_> = split.iter().filter_map(|word| word.to_str()).collect();
    assert_eq!(
        split,
        ["open", "-i", "a b", "--name", "en=City # Line", "x.age"]
    );
    assert_eq!(words("seal --card c < text").len(), 3);
    let page = "```sh\nhamsa demo\n```\nhamsa no\n```rust\nhamsa no\n```\n";
    assert_eq!(commands(page), [(2, "demo")]);
}
