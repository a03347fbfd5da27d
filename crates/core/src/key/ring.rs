//! The analysts' identities, and reading them from files.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use zeroize::Zeroizing;

use super::Identity;
use crate::{
    KeyError, OpenError,
    age::{FileKey, header::Stanza},
    stack,
};

/// The longest identity file that is read, in octets.
const MAX_FILE: usize = 1024 * 1024;

/// How the library asks the analyst while it opens identities. A program implements it for its screen.
pub trait Prompt: Send + Sync {
    /// The passphrase of the identity file that is being added; `None` when there is nobody to ask.
    fn passphrase(&self) -> Option<Zeroizing<String>>;

    /// A secret (PIN) that an age plugin asks for with its own words; `None` when there is nobody to ask.
    fn plugin_secret(&self, message: &str) -> Option<Zeroizing<String>> {
        let _ = message;
        None
    }

    /// Something that an age plugin wants the analyst to know, as "touch your key".
    fn plugin_message(&self, message: &str) {
        let _ = message;
    }
}

/// The identities that envelopes are tried with. The one that fitted last is tried first.
#[derive(Default)]
pub struct KeyRing {
    identities: Vec<Identity>,
    last_hit: AtomicUsize,
}

impl KeyRing {
    /// A ring without identities.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one identity.
    pub fn add(&mut self, identity: Identity) {
        self.identities.push(identity);
    }

    /// Adds the identities of a standard age identity file and says how many there were.
    ///
    /// With the feature `age` the file may be protected with a passphrase (binary or armored), and may
    /// name age plugins. Lines that begin with `#` and empty lines are read over.
    ///
    /// # Errors
    /// Any [`KeyError`]; the ring is unchanged then. [`KeyError::BadIdentity`] for a protected file
    /// without the feature `age`.
    pub fn add_file(&mut self, bytes: &[u8], prompt: &Arc<dyn Prompt>) -> Result<usize, KeyError> {
        stack::wiped(|| {
            if bytes.len() > MAX_FILE {
                return Err(KeyError::BadIdentity);
            }
            #[cfg(feature = "age")]
            if super::foreign::is_protected(bytes) {
                let passphrase = prompt.passphrase().ok_or(KeyError::NeedsPassphrase)?;
                let plain = super::unprotect(bytes, &passphrase)?;
                return self.add_lines(&plain, prompt);
            }
            self.add_lines(bytes, prompt)
        })
    }

    fn add_lines(&mut self, bytes: &[u8], prompt: &Arc<dyn Prompt>) -> Result<usize, KeyError> {
        let text = str::from_utf8(bytes).map_err(|_| KeyError::BadIdentity)?;
        let mut found = Vec::new();
        for line in text.lines().map(str::trim_end) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            found.push(parse_line(line, prompt)?);
        }
        if found.is_empty() {
            return Err(KeyError::NoIdentity);
        }
        let count = found.len();
        self.identities.append(&mut found);
        Ok(count)
    }

    /// The number of identities.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// Whether there are no identities.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// The file key in the first stanza that any identity opens.
    pub(crate) fn unwrap(&self, stanzas: &[Stanza<'_>]) -> Result<FileKey, OpenError> {
        self.find(|identity| identity.unwrap(stanzas))
    }

    /// What `open` gives for the first identity that fits.
    pub(crate) fn find<T>(
        &self,
        mut open: impl FnMut(&Identity) -> Result<Option<T>, OpenError>,
    ) -> Result<T, OpenError> {
        let hint = self.last_hit.load(Ordering::Relaxed);
        let (before, from) = self.identities.split_at_checked(hint).unwrap_or_default();
        let mut failed_plugin = None;
        for (offset, identity) in (hint..).zip(from).chain((0..).zip(before)) {
            match open(identity) {
                Ok(Some(found)) => {
                    if offset != hint {
                        self.last_hit.store(offset, Ordering::Relaxed);
                    }
                    return Ok(found);
                }
                Ok(None) => {}
                // Its hardware may not be there; another identity may still fit.
                Err(OpenError::Plugin) => failed_plugin = Some(OpenError::Plugin),
                // Whatever is wrong with the header is wrong for every identity.
                Err(e) => return Err(e),
            }
        }
        Err(failed_plugin.unwrap_or(OpenError::WrongKey))
    }
}

#[cfg(feature = "age")]
fn parse_line(line: &str, prompt: &Arc<dyn Prompt>) -> Result<Identity, KeyError> {
    if line.starts_with("AGE-PLUGIN-") {
        return super::foreign::Plugin::find(line, prompt);
    }
    Identity::parse(line)
}

#[cfg(not(feature = "age"))]
fn parse_line(line: &str, _: &Arc<dyn Prompt>) -> Result<Identity, KeyError> {
    Identity::parse(line)
}
