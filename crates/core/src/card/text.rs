//! The text of a card: one line of JSON.
//!
//! Format v1, section 7.2.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use super::profile::{Channels, DepartmentProfile, Names, Profile, Topic};
use super::{Date, DepartmentKey, KEY_NAME, note};
use crate::CardError;

pub(super) const VERSION: u64 = 1;

/// The fields in the order in which a card is written. Unknown ones are passed over: the signature covers them, and a
/// later program may know them.
#[derive(Serialize, Deserialize)]
pub(super) struct Text {
    pub(super) version: u64,
    pub(super) issue: u64,
    pub(super) issued: Date,
    pub(super) expires: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<String>,
    pub(super) root: String,
    pub(super) agency: Names,
    pub(super) departments: Vec<Department>,
    #[serde(default)]
    pub(super) caller_groups: Vec<Topic>,
    #[serde(default)]
    pub(super) channels: Channels,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Department {
    id: String,
    names: Names,
    #[serde(default)]
    topics: Vec<Topic>,
    keys: Vec<DepartmentKey>,
}

/// The root key that the text names. Nothing else of a text is to be read before its signature was checked.
pub(super) fn root(line: &str) -> Result<VerifyingKey, CardError> {
    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }
    #[derive(Deserialize)]
    struct Root {
        root: String,
    }

    // The version alone first: a later one may have another kind of root.
    let Version { version } = serde_json::from_str(line).map_err(|_| CardError::BadCard)?;
    if version != VERSION {
        return Err(CardError::NewerVersion);
    }
    let Root { root } = serde_json::from_str(line).map_err(|_| CardError::BadCard)?;
    note::parse_verifier(KEY_NAME, &root).ok_or(CardError::BadCard)
}

impl Text {
    /// Reads one line, which is signed.
    pub(super) fn parse(line: &str) -> Result<Text, CardError> {
        let text: Text = serde_json::from_str(line).map_err(|_| CardError::BadCard)?;
        let first = text.issue == 1;
        let fit = text.issue >= 1
            && text.issued <= text.expires
            && text.previous.is_none() == first
            && text.previous.as_deref().is_none_or(is_digest);
        if fit {
            Ok(text)
        } else {
            Err(CardError::BadCard)
        }
    }

    /// Writes the line, with its newline.
    pub(super) fn to_line(&self) -> Result<String, CardError> {
        let mut line = serde_json::to_string(self).map_err(|_| CardError::BadCard)?;
        line.push('\n');
        Ok(line)
    }
}

/// Whether it is a SHA-256 digest in lower-case hexadecimal.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Puts each department's keys beside it.
pub(super) fn join(
    profile: &Profile,
    keys: &BTreeMap<String, Vec<DepartmentKey>>,
) -> Vec<Department> {
    let with_keys = |DepartmentProfile { id, names, topics }: DepartmentProfile| {
        let keys = keys.get(&id).cloned().unwrap_or_default();
        Department {
            id,
            names,
            topics,
            keys,
        }
    };
    profile.departments.iter().cloned().map(with_keys).collect()
}

/// Takes what [`join`] put together apart: the departments as people see them, and the keys by department id.
pub(super) fn part(
    departments: Vec<Department>,
) -> (Vec<DepartmentProfile>, BTreeMap<String, Vec<DepartmentKey>>) {
    let mut by_id = BTreeMap::new();
    let without_keys = |Department {
                            id,
                            names,
                            topics,
                            keys,
                        }| {
        by_id.insert(id.clone(), keys);
        DepartmentProfile { id, names, topics }
    };
    (departments.into_iter().map(without_keys).collect(), by_id)
}
