//! What cargo knows about the workspace and its dependencies.

use serde_json::Value;

use crate::run::Run;

/// Returns the answer to `cargo metadata` with these further words.
pub(crate) fn read(words: &str) -> Result<Value, String> {
    let run = Run::new("cargo").args(["metadata", "--quiet", "--format-version=1"]);
    let said = run.args(words.split_whitespace()).read()?;
    serde_json::from_str(&said.output).map_err(|why| format!("cargo metadata gave no JSON: {why}"))
}

/// The entries of the list `key`; none when it is missing.
pub(crate) fn list<'a>(from: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    from.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The text at `key`; empty when it is missing.
pub(crate) fn text<'a>(from: &'a Value, key: &str) -> &'a str {
    from.get(key).and_then(Value::as_str).unwrap_or_default()
}
