//! `tip.json`: written in one spelling, read in that one only.
//!
//! Format v1, section 4.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Body, MAX_TEXT, MediaType, Role};
use crate::{OpenError, Recipient};

const VERSION: u32 = 1;
/// The longest `tip.json` that is read, in octets: every character of the text escaped, and the rest.
pub(crate) const MAX_JSON: u64 = 7 * MAX_TEXT as u64;

/// The fields in the order in which they are written. Absent ones are left out.
#[derive(Serialize)]
struct Written<'t> {
    version: u32,
    text: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_group: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'t Recipient>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Described<'t>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    answers: BTreeMap<&'t str, &'t str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Described<'t> {
    media_type: &'t str,
    role: &'t str,
}

/// The fields as they are read. What may be secret stays as it stands in the input: serde would unescape it
/// into buffers that nobody wipes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'t> {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(borrow)]
    text: &'t RawValue,
    #[serde(default)]
    language: Option<&'t str>,
    #[serde(default)]
    category: Option<&'t str>,
    #[serde(default)]
    caller_group: Option<&'t str>,
    #[serde(default)]
    reply_to: Option<Recipient>,
    #[serde(default, borrow)]
    attachments: Vec<Described<'t>>,
    #[serde(default, borrow)]
    answers: BTreeMap<&'t str, &'t RawValue>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Octets that [`write`] gives.
pub(super) fn len(body: &Body) -> usize {
    counted(&described(body))
}

fn counted(written: &Written<'_>) -> usize {
    let mut len = Count(0);
    let done = serde_json::to_writer(&mut len, written);
    debug_assert!(
        done.is_ok(),
        "strings and maps with string keys always serialise"
    );
    len.0
}

fn described(body: &Body) -> Written<'_> {
    Written {
        version: VERSION,
        text: &body.text,
        language: body.language.as_deref(),
        category: body.category.as_deref(),
        caller_group: body.caller_group.as_deref(),
        reply_to: body.reply_to.as_ref(),
        attachments: body
            .attachments
            .iter()
            .map(|(media_type, role)| Described {
                media_type: media_type.as_str(),
                role: role.as_str(),
            })
            .collect(),
        answers: body
            .answers
            .iter()
            .map(|(question, answer)| (question.as_str(), answer.as_str()))
            .collect(),
    }
}

pub(super) fn write(body: &Body) -> Zeroizing<Vec<u8>> {
    let written = described(body);
    // Measured first: a buffer that grows leaves copies of the text behind.
    let mut json = Zeroizing::new(Vec::with_capacity(counted(&written)));
    let done = serde_json::to_writer(&mut *json, &written);
    debug_assert!(
        done.is_ok(),
        "strings and maps with string keys always serialise"
    );
    json
}

pub(super) fn read(bytes: &[u8]) -> Result<Body, OpenError> {
    let Version { version } = serde_json::from_slice(bytes).map_err(|_| OpenError::BadTip)?;
    match version {
        VERSION => {}
        0 => return Err(OpenError::BadTip),
        _ => return Err(OpenError::NewerVersion),
    }
    let body = fields(bytes).ok_or(OpenError::BadTip)?;
    // Order, white space, escapes, nulls, repeated keys: whatever is not our spelling fails here.
    if body.is_within_limits() && *body.to_json() == bytes {
        Ok(body)
    } else {
        Err(OpenError::BadTip)
    }
}

fn fields(bytes: &[u8]) -> Option<Body> {
    let read: Read<'_> = serde_json::from_slice(bytes).ok()?;
    Some(Body {
        text: unescape(read.text)?,
        language: read.language.map(str::to_owned),
        category: read.category.map(str::to_owned),
        caller_group: read.caller_group.map(str::to_owned),
        reply_to: read.reply_to,
        attachments: read
            .attachments
            .into_iter()
            .map(|d| Some((MediaType::known(d.media_type)?, Role::parse(d.role)?)))
            .collect::<Option<_>>()?,
        answers: read
            .answers
            .into_iter()
            .map(|(question, answer)| Some((question.to_owned(), unescape(answer)?)))
            .collect::<Option<_>>()?,
    })
}

/// The string that a JSON string stands for, in one allocation that is wiped. `None` for an escape that
/// `serde_json` does not write.
fn unescape(raw: &RawValue) -> Option<Zeroizing<String>> {
    let mut rest = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    let mut text = Zeroizing::new(String::with_capacity(rest.len()));
    while let Some((plain, after)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut chars = after.chars();
        let (c, len) = match chars.next()? {
            '"' => ('"', 1),
            '\\' => ('\\', 1),
            'b' => ('\u{8}', 1),
            'f' => ('\u{c}', 1),
            'n' => ('\n', 1),
            'r' => ('\r', 1),
            't' => ('\t', 1),
            'u' => (
                char::from_u32(u32::from_str_radix(after.get(1..5)?, 16).ok()?)?,
                5,
            ),
            _ => return None,
        };
        text.push(c);
        rest = after.get(len..)?;
    }
    text.push_str(rest);
    Some(text)
}

/// Counts what is written to it.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
