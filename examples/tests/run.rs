//! Every example runs and finds what it asserts.
// The allowances of clippy.toml end at the edge of a `#[test]`; the helper here is a test too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{env, fs, path::Path, process::Command};

/// Runs an example as cargo built it beside this test: `cargo test` builds examples, `cargo test --test run` does not.
fn run(name: &str) {
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("examples").join(name);
    let ended = Command::new(built.with_extension(env::consts::EXE_EXTENSION))
        .output()
        .expect("cargo test -p hamsa-examples builds the examples first");
    assert!(
        ended.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn every_example_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".rs").filter(|name| *name != "lib")?;
            Some(name.to_owned())
        })
        .collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        run(&name);
    }
}
