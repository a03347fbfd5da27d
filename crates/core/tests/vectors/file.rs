//! The grammar of a vector: a head of `key: value` lines, an empty line, and the bytes.

use std::{fs, path::PathBuf};

use sha2::{Digest, Sha256};

/// Every key that a head may have, in the order in which they are written. `vectors/v1/README.md` explains them.
const KEYS: [&str; 21] = [
    "comment",
    "kind",
    "needs",
    "expect",
    "identity",
    "passphrase",
    "form",
    "class",
    "stanzas",
    "tip",
    "attachment",
    "frame",
    "ephemeral",
    "plaintext",
    "fingerprint",
    "known",
    "department",
    "group",
    "count",
    "number",
    "envelope",
];
/// The last key; a card's question has it after the department.
const DAY: &str = "day";

/// One outcome.
#[derive(Clone)]
pub struct Vector {
    pub name: String,
    head: Vec<(String, String)>,
    pub bytes: Vec<u8>,
}

impl Vector {
    pub fn new(name: &str, expect: &str, comment: &str, bytes: Vec<u8>) -> Self {
        let vector = Self {
            name: name.to_owned(),
            head: Vec::new(),
            bytes,
        };
        vector.with("comment", comment).with("expect", expect)
    }

    /// Adds a line to the head.
    pub fn with(mut self, key: &str, value: &str) -> Self {
        assert!(place(key).is_some(), "{}: unknown key {key}", self.name);
        assert!(!value.contains('\n'), "{}: {key} is one line", self.name);
        self.head.push((key.to_owned(), value.to_owned()));
        self
    }

    /// The value of a key that stands once at most.
    pub fn get(&self, key: &str) -> Option<&str> {
        assert!(
            self.all(key).count() <= 1,
            "{}: {key} stands twice",
            self.name
        );
        self.all(key).next()
    }

    pub fn all<'v>(&'v self, key: &str) -> impl Iterator<Item = &'v str> {
        let key = key.to_owned();
        let of_key = self.head.iter().filter(move |(k, _)| *k == key);
        of_key.map(|(_, value)| value.as_str())
    }

    pub fn kind(&self) -> &str {
        self.get("kind").unwrap_or("envelope")
    }

    pub fn expect(&self) -> &str {
        self.get("expect").expect("every vector expects something")
    }

    pub fn parse(name: &str, file: &[u8]) -> Self {
        let end = file
            .windows(2)
            .position(|w| w == b"\n\n")
            .unwrap_or_else(|| panic!("{name}: no empty line"));
        let mut vector = Self {
            name: name.to_owned(),
            head: Vec::new(),
            bytes: file[end + 2..].to_vec(),
        };
        for line in str::from_utf8(&file[..end]).unwrap().lines() {
            let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{name}"));
            vector = vector.with(key, value);
        }
        vector
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut head = self.head.clone();
        head.sort_by_key(|(key, _)| place(key));
        let lines = head.iter().map(|(key, value)| format!("{key}: {value}\n"));
        let mut file = lines.collect::<String>().into_bytes();
        file.push(b'\n');
        file.extend_from_slice(&self.bytes);
        file
    }
}

fn place(key: &str) -> Option<usize> {
    let last = (key == DAY).then_some(KEYS.len());
    KEYS.iter().position(|known| *known == key).or(last)
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/v1")
}

/// Every vector, by name.
pub fn all() -> Vec<Vector> {
    names()
        .into_iter()
        .map(|name| Vector::parse(&name, &fs::read(folder().join(&name)).unwrap()))
        .collect()
}

/// The names of the vectors: every file but the two that are about them.
pub fn names() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md" && name != "SHA256SUMS")
        .collect();
    names.sort();
    names
}

pub fn hex(octets: &[u8]) -> String {
    octets
        .iter()
        .fold(String::new(), |hex, octet| hex + &format!("{octet:02x}"))
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The manifest, in the form that `sha256sum -c` reads.
pub fn manifest() -> PathBuf {
    folder().join("SHA256SUMS")
}
