//! Breaks scrubbers on purpose: whatever a faulty one lets through, one of the two checks has to stop it.
//!
//! The files are the ones that fuzzing begins with, some of each format.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::job::Job;
use crate::leak::{Dropped, Views};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Kind, Refusal, hold, kind, plan};

/// Places of one file at which a fault is tried.
const PLACES: usize = 24;

/// Every file that fuzzing begins with and that is scrubbed, with its kind and its plan.
fn files() -> Vec<(PathBuf, Vec<u8>, Kind, Plan)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let folders = fs::read_dir(corpus).expect("the corpus");
    let folders = folders.map(|entry| entry.expect("a folder").path());
    let is_ours = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("scrub_"))
    };
    let files = folders
        .filter(is_ours)
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut found = Vec::new();
    for path in files.map(|entry| entry.expect("a file").path()) {
        let bytes = fs::read(&path).expect("a file");
        let file = Source::memory(&bytes);
        let Ok(kind) = kind::recognise(&file) else {
            continue;
        };
        let mut job = Job::new();
        let Ok(plan) = plan(kind, &file, &mut job) else {
            continue;
        };
        if hold(kind, &file, &plan, &mut job).is_ok() {
            found.push((path, bytes, kind, plan));
        }
    }
    found
}

/// What a text says is content to the last letter: nothing added to it can be told from it.
fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Csv)
}

/// In front of coded pixels, an octet of any value shifts the codes and makes other pixels of them, which may well end
/// early, as those of a picture that was cut short do. Behind them it cannot.
fn is_pixels_of_jpeg(kind: Kind, bytes: &[u8], plan: &Plan, before: usize) -> bool {
    let is_inner = 0 < before && before < plan.pieces();
    if kind != Kind::Jpeg || !is_inner {
        return false;
    }
    let at = plan.begin_of(before);
    let front = plan.to_vec(bytes, usize::MAX).expect("small");
    let front = front.get(..at).unwrap_or_default();
    (1..=4_u8).any(|count| {
        let len = 6 + 2 * usize::from(count);
        let header = front
            .len()
            .checked_sub(len + 2)
            .and_then(|at| front.get(at..));
        header.is_some_and(|header| header.starts_with(&[0xFF, 0xDA, 0, 6 + 2 * count, count]))
    })
}

fn is_stopped(kind: Kind, bytes: &[u8], broken: &Plan) -> bool {
    let stopped = hold(kind, &Source::memory(bytes), broken, &mut Job::new());
    matches!(stopped, Err(Refusal::Unverified | Refusal::Leak))
}

#[test]
fn what_a_faulty_scrubber_adds_is_stopped() {
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let mut passed = Vec::new();
    for (path, bytes, kind, plan) in files().iter().filter(|file| !is_text(file.2)) {
        let dropped = plan.dropped(bytes.len() as u64);
        let pieces = dropped.iter().take(2).filter_map(|range| {
            let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
            bytes.get(range)
        });
        let extras = pieces.chain([b"\0".as_slice(), b"X", b"HIDDEN-MESSAGE"]);
        for extra in extras {
            let step = plan.pieces().div_ceil(PLACES).max(1);
            let inner = (0..plan.pieces()).step_by(step);
            for before in inner.chain([plan.pieces()]) {
                let broken = plan.with_fault(before, extra);
                if is_pixels_of_jpeg(*kind, bytes, plan, before) {
                    continue;
                }
                if !is_stopped(*kind, bytes, &broken) {
                    passed.push(format!(
                        "{}: {} octets before piece {before} of {}",
                        path.display(),
                        extra.len(),
                        plan.pieces()
                    ));
                }
                *tried.entry(format!("{kind:?}")).or_default() += 1;
            }
        }
    }
    println!("{tried:?}");
    assert!(passed.is_empty(), "not stopped: {passed:#?}");
    let missing: Vec<_> = Kind::ALL
        .iter()
        .filter(|kind| !is_text(**kind) && !tried.contains_key(&format!("{kind:?}")))
        .collect();
    assert!(missing.is_empty(), "no file of these kinds: {missing:?}");
}

/// The leak check by itself: as if a verifier took anything.
#[test]
fn what_was_dropped_is_found_without_a_verifier() {
    let mut tried = 0;
    for (path, bytes, kind, plan) in files() {
        let file = Source::memory(&bytes);
        let mut job = Job::new();
        let dropped = Dropped::gather(kind, &file, &plan, &job).expect("memory is read");
        for range in plan.dropped(bytes.len() as u64) {
            let range = usize::try_from(range.start).expect("small")
                ..usize::try_from(range.end).expect("small");
            let Some(word) = bytes.get(range).and_then(telling_word) else {
                continue;
            };
            let broken = plan.with_fault(plan.pieces(), word);
            let output = broken.over(&file);
            let output = Source::file(&output, broken.len());
            let mut views = Views::new(&dropped);
            views.raw(&output).expect("memory is read");
            views.made(broken.octets_made());
            if crate::leak::stands_as_it_is(kind) {
                assert!(views.leaks() > 0, "{}", path.display());
                tried += 1;
            }
        }
        job.found(crate::What::Person, "test", "Samira Example");
        let dropped = Dropped::gather(kind, &file, &plan, &job).expect("memory is read");
        let mut views = Views::new(&dropped);
        views.hidden(b"<owner>Samira Example</owner>");
        assert!(views.leaks() > 0, "a value that a scrubber named");
    }
    assert!(tried >= 20, "{tried} words were planted again");
}

/// A run of eight letters, which no format consists of.
fn telling_word(bytes: &[u8]) -> Option<&[u8]> {
    let words = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    let mut words = words.filter(|word| (8..=60).contains(&word.len()));
    words.find(|word| word.iter().any(u8::is_ascii_lowercase) && !crate::leak::is_of_formats(word))
}
