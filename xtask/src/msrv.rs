//! The step `msrv`: what the libraries depend on builds with the Rust that the workspace promises.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::metadata::{self, list, text};
use crate::test::Done;

/// What others embed.
const LIBRARIES: [&str; 7] = [
    "hamsa-core",
    "hamsa-scrub",
    "hamsa-channel-chat",
    "hamsa-channel-email",
    "hamsa-channel-qr",
    "hamsa-channel-sms",
    "hamsa-channel-text",
];

pub(crate) fn check() -> Result<Done, String> {
    let metadata = metadata::read("--all-features")?;
    for library in LIBRARIES {
        check_library(&metadata, library)?;
    }
    Ok(Done::Ok)
}

fn check_library(metadata: &Value, library: &str) -> Result<(), String> {
    let (promised, newer, seen) = newer_than_promised(metadata, library)?;
    if !newer.is_empty() {
        return Err(format!(
            "these need a newer Rust than {promised}, which the workspace promises: {}; \
             take an older version of them, or raise rust-version in Cargo.toml",
            newer.join(", ")
        ));
    }
    println!(
        "   {seen} dependencies of {library}, none of which asks for more than Rust {promised}"
    );
    Ok(())
}

/// The promised Rust, who asks for more, and how many dependencies were looked at.
fn newer_than_promised(
    metadata: &Value,
    package: &str,
) -> Result<(String, Vec<String>, usize), String> {
    let packages: BTreeMap<&str, &Value> = list(metadata, "packages")
        .map(|package| (text(package, "id"), package))
        .collect();
    let root = packages
        .values()
        .find(|found| text(found, "name") == package);
    let root = root.ok_or_else(|| format!("the workspace has no package {package}"))?;
    let promised = text(root, "rust_version");
    let limit = version(promised).ok_or_else(|| format!("{package} states no rust-version"))?;
    let reached = reached(metadata, text(root, "id"));
    let asks_more = |package: &&Value| {
        version(text(package, "rust_version")).is_some_and(|asked| asked > limit)
    };
    let newer = reached
        .iter()
        .filter_map(|id| packages.get(id).copied())
        .filter(asks_more)
        .map(|package| {
            format!(
                "{} {} ({})",
                text(package, "name"),
                text(package, "version"),
                text(package, "rust_version")
            )
        });
    Ok((promised.to_owned(), newer.collect(), reached.len() - 1))
}

/// Everything that building `root` builds, `root` included; what only its tests need is left out.
fn reached<'a>(metadata: &'a Value, root: &'a str) -> BTreeSet<&'a str> {
    let nodes = metadata.get("resolve").unwrap_or(&Value::Null);
    let nodes: BTreeMap<&str, &Value> = list(nodes, "nodes")
        .map(|node| (text(node, "id"), node))
        .collect();
    let mut reached = BTreeSet::from([root]);
    let mut next = vec![root];
    while let Some(node) = next.pop().and_then(|id| nodes.get(id)) {
        for dependency in list(node, "deps") {
            let built = list(dependency, "dep_kinds").any(|kind| text(kind, "kind") != "dev");
            let id = text(dependency, "pkg");
            if built && reached.insert(id) {
                next.push(id);
            }
        }
    }
    reached
}

/// Parses `1.89` or `1.89.0`.
fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text.split('.').map(|number| number.parse::<u32>().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    Some((major, minor, numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn metadata(deep: &str) -> Value {
        let dependency =
            |id: &str, kind: Option<&str>| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        json!({
            "packages": [
                { "id": "core", "name": "core", "version": "0.1.0", "rust_version": "1.89" },
                { "id": "near", "name": "near", "version": "1.0.0", "rust_version": null },
                { "id": "deep", "name": "deep", "version": "2.0.0", "rust_version": deep },
                { "id": "only-tests", "name": "only-tests", "version": "3.0.0", "rust_version": "1.99" },
            ],
            "resolve": { "nodes": [
                { "id": "core", "deps": [dependency("near", None), dependency("only-tests", Some("dev"))] },
                { "id": "near", "deps": [dependency("deep", Some("build"))] },
                { "id": "deep", "deps": [] },
                { "id": "only-tests", "deps": [] },
            ]},
        })
    }

    #[test]
    fn a_newer_rust_far_down_is_found() {
        let (promised, newer, seen) = newer_than_promised(&metadata("1.89.1"), "core").unwrap();
        assert_eq!(
            (promised.as_str(), newer, seen),
            ("1.89", vec!["deep 2.0.0 (1.89.1)".to_owned()], 2)
        );
    }

    #[test]
    fn the_promised_rust_itself_passes() {
        assert!(
            newer_than_promised(&metadata("1.89.0"), "core")
                .unwrap()
                .1
                .is_empty()
        );
    }
}
