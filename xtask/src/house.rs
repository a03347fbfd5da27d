//! The step `house`: conventions of this repository that no other tool checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::metadata::{self, list, text};
use crate::run::top;
use crate::test::Done;

/// Folders without anything that we wrote.
const NOT_OURS: &[&str] = &["target", "node_modules", ".git"];
/// Past this many lines a source file most likely holds a second idea.
const LONG: usize = 600;
const REASONS: &str = "docs/decisions/dependencies.md";

pub(crate) fn check() -> Result<Done, String> {
    let mut files = Vec::new();
    walk(&top(), &mut files).map_err(|why| format!("cannot read the repository: {why}"))?;
    warn_of_long_files(&files);
    let mut wrong = broken_links(&files)?;
    wrong.extend(dependencies_without_reason()?);
    if wrong.is_empty() {
        Ok(Done::Ok)
    } else {
        Err(format!(
            "the house is not in order:\n  {}",
            wrong.join("\n  ")
        ))
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_file() {
            files.push(entry.path());
        } else if kind.is_dir() && !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            walk(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn warn_of_long_files(files: &[PathBuf]) {
    let sources = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    for path in sources.filter(|path| path.components().any(|part| part.as_os_str() == "src")) {
        let lines = fs::read_to_string(path).map_or(0, |text| text.lines().count());
        if lines > LONG {
            println!(
                "   warning: {} has {lines} lines; look for the second idea in it",
                path.display()
            );
        }
    }
}

/// Relative links in our documents that lead nowhere.
fn broken_links(files: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut broken = Vec::new();
    for path in files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
    {
        let document = fs::read_to_string(path)
            .map_err(|why| format!("cannot read {}: {why}", path.display()))?;
        let folder = path.parent().unwrap_or(path);
        for (number, link) in links(&document) {
            let found = match link.strip_prefix('/') {
                Some(from_top) => top().join(from_top).exists(),
                None => folder.join(&link).exists(),
            };
            if !found {
                broken.push(format!(
                    "{}:{number}: the link to {link} leads nowhere",
                    path.display()
                ));
            }
        }
    }
    Ok(broken)
}

/// The links of a Markdown document to files, with their line numbers; code is not searched.
fn links(document: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in (1..).zip(document.lines()) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            // Every second piece stands between two backticks.
            let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
            let inline = prose
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            let defined = prose
                .strip_prefix('[')
                .and_then(|rest| rest.split_once("]: "))
                .map(|(_, target)| target);
            found.extend(
                inline
                    .chain(defined)
                    .filter_map(file_of)
                    .map(|file| (number, file)),
            );
        }
    }
    found
}

/// The file that a link's target names; nothing for another site or a place in the same document.
fn file_of(target: &str) -> Option<String> {
    let target = target
        .split_whitespace()
        .next()?
        .trim_start_matches('<')
        .trim_end_matches('>');
    let file = target.split(['#', '?']).next()?;
    let elsewhere = file.split('/').next()?.contains(':');
    (!file.is_empty() && !elsewhere).then(|| file.to_owned())
}

/// Direct dependencies of the workspace for which nobody wrote down what they save.
fn dependencies_without_reason() -> Result<Vec<String>, String> {
    let reasons = fs::read_to_string(top().join(REASONS))
        .map_err(|why| format!("cannot read {REASONS}: {why}"))?;
    let metadata = metadata::read("--no-deps")?;
    let names: BTreeSet<&str> = list(&metadata, "packages")
        .flat_map(|package| list(package, "dependencies"))
        .filter(|dependency| !text(dependency, "source").is_empty())
        .map(|dependency| text(dependency, "name"))
        .collect();
    let silent = names
        .into_iter()
        .filter(|name| !reasons.contains(&format!("`{name}`")));
    Ok(silent
        .map(|name| format!("{REASONS} has no line for the dependency `{name}`"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(document: &str) -> Vec<String> {
        links(document).into_iter().map(|(_, link)| link).collect()
    }

    #[test]
    fn links_to_files_are_found() {
        assert_eq!(
            files("See [a](docs/a.md), ![b](<b.png>) and [c](c.md#part \"title\")."),
            ["docs/a.md", "b.png", "c.md"]
        );
        assert_eq!(files("[later]: docs/later.md"), ["docs/later.md"]);
        assert_eq!(files("[`code`](src/lib.rs)"), ["src/lib.rs"]);
    }

    #[test]
    fn other_sites_places_and_code_are_left_alone() {
        assert!(
            files("[a](https://example.org/a) [b](#part) [c](mailto:c@example.org)").is_empty()
        );
        assert!(files("`[a](a.md)`\n```md\n[b](b.md)\n```\n").is_empty());
    }
}
