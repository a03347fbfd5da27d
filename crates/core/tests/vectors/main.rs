//! The vectors of format v1: every one ends as it says, in every way of opening.
//!
//! `vectors/v1/README.md` explains their grammar, and how a new one is made.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::too_many_lines,
    unreachable_pub,
    reason = "all of this program is a test, and half of it tables"
)]

mod age_file;
mod archive;
mod file;
mod make;
mod run;
mod seeds;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use hamsa_core::{CardError, KeyError, OpenError, PartError};

use self::file::{Vector, manifest, names, sha256};

/// Whether this build can do what the vector needs.
fn can_run(vector: &Vector) -> bool {
    match vector.get("needs") {
        None => true,
        Some("feature age") => cfg!(feature = "age"),
        Some(other) => panic!("{}: needs {other}", vector.name),
    }
}

#[test]
fn every_vector_ends_as_it_says() {
    let vectors: BTreeMap<_, _> = file::all()
        .into_iter()
        .map(|vector| (vector.name.clone(), vector))
        .collect();
    let mut wrong = Vec::new();
    for vector in vectors.values().filter(|vector| can_run(vector)) {
        for (way, outcome, expected) in run::outcomes(vector, &vectors) {
            if outcome != expected {
                wrong.push(format!(
                    "{} ({way}): {outcome}, not {expected}",
                    vector.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Codes that no bytes can cause, and why.
const NOT_BY_BYTES: [(&str, &str); 6] = [
    ("plugin", "needs the program of an age plugin"),
    ("io", "comes from the disk"),
    (
        "no-randomness-card",
        "comes from the system, when keys are made",
    ),
    (
        "no-randomness-key",
        "comes from the system, when keys are made",
    ),
    ("parts-too-short", "comes when an envelope is cut"),
    ("too-long-for-parts", "comes when an envelope is cut"),
];

#[test]
fn every_error_that_bytes_can_cause_has_a_vector() {
    let vectors = file::all();
    let seen: BTreeSet<_> = vectors.iter().map(Vector::expect).collect();
    let without: Vec<_> = [
        OpenError::CODES,
        CardError::CODES,
        KeyError::CODES,
        PartError::CODES,
    ]
    .concat()
    .into_iter()
    .filter(|code| !seen.contains(code))
    .collect();
    assert_eq!(without, NOT_BY_BYTES.map(|(code, _)| code));
    let refusals = vectors.iter().filter(|v| v.expect() != "success").count();
    assert!(refusals >= 60, "only {refusals} refusals");
}

#[test]
fn vectors_are_frozen() {
    let manifest = fs::read_to_string(manifest()).unwrap();
    let frozen: BTreeMap<_, _> = manifest
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, name)| (name.to_owned(), sum.to_owned()))
        .collect();
    let found: BTreeMap<_, _> = names()
        .into_iter()
        .map(|name| {
            let sum = sha256(&fs::read(file::folder().join(&name)).unwrap());
            (name, sum)
        })
        .collect();
    assert_eq!(found, frozen, "a vector is never changed, only added");
}

#[test]
fn vectors_are_in_their_one_spelling() {
    for name in names() {
        let file = fs::read(file::folder().join(&name)).unwrap();
        assert!(file.len() <= 140_000, "{name} is too large for a vector");
        assert_eq!(Vector::parse(&name, &file).encode(), file, "{name}");
    }
}

/// Adds the vectors that `make` describes and the folder does not have yet; never touches one that is there.
#[test]
#[ignore = "writes into the source tree: HAMSA_MAKE=vectors cargo test -p hamsa-core --all-features --test vectors -- --ignored"]
fn make_missing_vectors() {
    if std::env::var("HAMSA_MAKE").as_deref() != Ok("vectors") {
        return;
    }
    let there: BTreeSet<_> = names().into_iter().collect();
    let mut sums = fs::read_to_string(manifest()).unwrap_or_default();
    let listed = |sums: &str, name: &str| {
        sums.lines()
            .any(|line| line.ends_with(&format!("  {name}")))
    };
    for vector in make::all() {
        if !there.contains(&vector.name) {
            fs::write(file::folder().join(&vector.name), vector.encode()).unwrap();
        }
    }
    for name in names() {
        if !listed(&sums, &name) {
            let sum = sha256(&fs::read(file::folder().join(&name)).unwrap());
            sums.push_str(&format!("{sum}  {name}\n"));
        }
    }
    let mut lines: Vec<_> = sums.lines().collect();
    lines.sort_by_key(|line| line.split_once("  ").map(|(_, name)| name));
    fs::write(manifest(), lines.join("\n") + "\n").unwrap();
}

/// Adds the seeds of the fuzz targets that are not there yet.
#[test]
#[ignore = "writes into the source tree: HAMSA_MAKE=seeds cargo test -p hamsa-core --all-features --test vectors -- --ignored"]
fn make_missing_seeds() {
    if std::env::var("HAMSA_MAKE").as_deref() != Ok("seeds") {
        return;
    }
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (target, name, input) in seeds::of(&file::all()) {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder).unwrap();
        if !folder.join(&name).exists() {
            fs::write(folder.join(&name), input).unwrap();
        }
    }
}
