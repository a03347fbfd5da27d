//! The header of an age file: version line, recipient stanzas, MAC.
//!
//! C2SP age specification, "Header". Read strictly: a header has one spelling, and any other is refused.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::FileKey;
use crate::OpenError;

/// The version line, which every binary age file begins with.
pub(crate) const VERSION_LINE: &str = "age-encryption.org/v1\n";
const MAC_PREFIX: &str = "---";
/// Columns of a full line of a stanza's body.
const COLUMNS: usize = 64;

/// The longest header that is read, in octets. Eight hybrid stanzas take 13 KiB.
pub(crate) const MAX_LEN: usize = 256 * 1024;
/// The most stanzas that are tried: each hybrid one costs a decapsulation.
pub(crate) const MAX_STANZAS: usize = 64;

/// One recipient stanza, as it stands in the header.
pub(crate) struct Stanza<'h> {
    pub(crate) tag: &'h str,
    pub(crate) args: Vec<&'h str>,
    pub(crate) body: Vec<u8>,
}

/// A header that is well formed; nothing in it is authentic before [`Header::check_mac`].
pub(crate) struct Header<'h> {
    pub(crate) stanzas: Vec<Stanza<'h>>,
    /// From the version line up to and with `---`.
    authenticated: &'h str,
    mac: [u8; 32],
}

impl<'h> Header<'h> {
    /// Reads a header that ends with the last octet of `bytes` (see [`end`]).
    pub(crate) fn parse(bytes: &'h [u8]) -> Result<Self, OpenError> {
        let text = str::from_utf8(bytes).map_err(|_| OpenError::BadHeader)?;
        parse(text).ok_or(OpenError::BadHeader).and_then(|header| {
            if header.stanzas.len() > MAX_STANZAS {
                return Err(OpenError::HeaderTooLong);
            }
            Ok(header)
        })
    }

    /// Checks that the header is the one that the holder of `file_key` wrote.
    pub(crate) fn check_mac(&self, file_key: &FileKey) -> Result<(), OpenError> {
        mac(file_key, self.authenticated)
            .verify_slice(&self.mac)
            .map_err(|_| OpenError::BadMac)
    }
}

#[cfg(fuzzing)]
impl Header<'_> {
    /// The one spelling of what was read.
    pub(crate) fn encode(&self) -> String {
        let mut header = VERSION_LINE.to_owned();
        for Stanza { tag, args, body } in &self.stanzas {
            header.push_str("-> ");
            header.push_str(tag);
            for arg in args {
                header.push(' ');
                header.push_str(arg);
            }
            header.push('\n');
            let mut lines = body.chunks_exact(COLUMNS / 4 * 3);
            for line in &mut lines {
                BASE64.encode_string(line, &mut header);
                header.push('\n');
            }
            BASE64.encode_string(lines.remainder(), &mut header);
            header.push('\n');
        }
        header.push_str(MAC_PREFIX);
        header.push(' ');
        BASE64.encode_string(self.mac, &mut header);
        header.push('\n');
        header
    }
}

/// Where the header that `bytes` begin with ends: after the newline of its MAC line.
///
/// `None` as long as that newline is not there.
pub(crate) fn end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        at += line.len();
        if line.starts_with(MAC_PREFIX.as_bytes()) {
            return line.ends_with(b"\n").then_some(at);
        }
    }
    None
}

/// Closes a header under construction with its MAC line.
pub(crate) fn close(header: &mut String, file_key: &FileKey) {
    header.push_str(MAC_PREFIX);
    let mac = mac(file_key, header).finalize().into_bytes();
    header.push(' ');
    BASE64.encode_string(mac, header);
    header.push('\n');
}

/// Appends a stanza of `tag`, one argument and a body of one line.
pub(crate) fn push_stanza(header: &mut String, tag: &str, arg: &[u8], body: &[u8; 32]) {
    header.push_str("-> ");
    header.push_str(tag);
    header.push(' ');
    BASE64.encode_string(arg, header);
    header.push('\n');
    BASE64.encode_string(body, header);
    header.push('\n');
}

fn mac(file_key: &FileKey, header: &str) -> Hmac<Sha256> {
    let mut key = Zeroizing::new([0; 32]);
    let done = Hkdf::<Sha256>::new(None, file_key.as_bytes()).expand(b"header", &mut *key);
    debug_assert!(done.is_ok(), "32 octets are within HKDF's limit");
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*padded_key(&key)).into());
    mac.update(header.as_bytes());
    mac
}

/// HMAC pads a short key with zeros to its block (RFC 2104, section 2).
fn padded_key(key: &[u8; 32]) -> Zeroizing<[u8; 64]> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
}

fn parse(text: &str) -> Option<Header<'_>> {
    let mut rest = text.strip_prefix(VERSION_LINE)?;
    let mut stanzas = Vec::new();
    while let Some(after) = rest.strip_prefix("-> ") {
        let (stanza, after) = parse_stanza(after)?;
        stanzas.push(stanza);
        rest = after;
    }
    // The specification wants one at least.
    if stanzas.is_empty() {
        return None;
    }
    let mac = rest.strip_prefix(MAC_PREFIX)?.strip_prefix(' ')?;
    let authenticated = text.get(..text.len() - mac.len() - 1)?;
    let mac = BASE64.decode(mac.strip_suffix('\n')?).ok()?;
    Some(Header {
        stanzas,
        authenticated,
        mac: mac.try_into().ok()?,
    })
}

fn parse_stanza(text: &str) -> Option<(Stanza<'_>, &str)> {
    let (line, mut rest) = text.split_once('\n')?;
    let mut args: Vec<&str> = line.split(' ').collect();
    if !args.iter().all(|arg| is_argument(arg)) {
        return None;
    }
    let tag = args.remove(0);
    let mut body = Vec::new();
    loop {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        if line.len() > COLUMNS {
            return None;
        }
        body.extend_from_slice(&BASE64.decode(line).ok()?);
        if line.len() < COLUMNS {
            return Some((Stanza { tag, args, body }, rest));
        }
    }
}

/// One or more visible ASCII characters.
fn is_argument(arg: &str) -> bool {
    !arg.is_empty() && arg.bytes().all(|b| b.is_ascii_graphic())
}
