//! What the `age` crate does for us: passphrases and plugins.

use std::{
    io::{Read, Write},
    iter,
    sync::Arc,
};

use age::secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{Identity, Prompt, Secret};
use crate::{
    KeyError, OpenError,
    age::{FileKey, armor, header, header::Stanza},
    stack,
};

/// scrypt's cost for new files: 2^18, about a second of one core and 256 MiB. Go age uses the same.
const WORK_FACTOR: u8 = 18;
/// The highest cost that is tried: four times as much again as Go age accepts by default would take minutes.
const MAX_WORK_FACTOR: u8 = 22;
/// The longest identity file in a protected one, in octets.
const MAX_PLAIN: u64 = 1024 * 1024;

/// Protects an identity file (or any small secret file) with a passphrase, as an armored age file.
///
/// `age -i` takes the result. Costs about a second and 256 MiB.
///
/// # Errors
/// [`KeyError::NoRandomness`].
pub fn protect(identity_file: &[u8], passphrase: &Zeroizing<String>) -> Result<Vec<u8>, KeyError> {
    stack::wiped(|| {
        let mut recipient = age::scrypt::Recipient::new(secret(passphrase));
        recipient.set_work_factor(WORK_FACTOR);
        let recipient: &dyn age::Recipient = &recipient;
        let encryptor = age::Encryptor::with_recipients(iter::once(recipient))
            .map_err(|_| KeyError::NoRandomness)?;
        let sealed = (|| {
            let mut sealed = Vec::new();
            let mut writer = encryptor.wrap_output(&mut sealed)?;
            writer.write_all(identity_file)?;
            writer.finish()?;
            Ok::<_, std::io::Error>(sealed)
        })();
        let sealed = sealed.map_err(|_| KeyError::NoRandomness)?;
        Ok(armor::to_text(&sealed).into_bytes())
    })
}

/// Opens what [`protect`], `age -p` or `rage -p` made, up to 1 MiB.
///
/// # Errors
/// [`KeyError::WrongPassphrase`], also for a file that is damaged, longer, or costs more than 2^22.
pub fn unprotect(
    file: &[u8],
    passphrase: &Zeroizing<String>,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    stack::wiped(|| {
        let mut identity = age::scrypt::Identity::new(secret(passphrase));
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        let identity: &dyn age::Identity = &identity;
        let reader = age::Decryptor::new_buffered(age::armor::ArmoredReader::new(file))
            .and_then(|decryptor| decryptor.decrypt(iter::once(identity)))
            .map_err(|_| KeyError::WrongPassphrase)?;
        // One allocation for everything: a grown buffer leaves a copy behind.
        let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
        reader
            .take(MAX_PLAIN + 1)
            .read_to_end(&mut plain)
            .map_err(|_| KeyError::WrongPassphrase)?;
        // Not cut: what is cut may look whole, and its end was not checked.
        if plain.len() as u64 > MAX_PLAIN {
            return Err(KeyError::WrongPassphrase);
        }
        Ok(plain)
    })
}

/// Whether a file is an age file (protected identities) and not lines of text.
pub(super) fn is_protected(bytes: &[u8]) -> bool {
    bytes.starts_with(header::VERSION_LINE.as_bytes())
        || bytes
            .trim_ascii_start()
            .starts_with(armor::BEGIN.as_bytes())
}

fn secret(passphrase: &Zeroizing<String>) -> SecretString {
    // SecretString takes a boxed str, and wipes it.
    SecretString::from(passphrase.as_str())
}

/// An identity that the program `age-plugin-NAME` holds.
pub(super) struct Plugin(age::plugin::IdentityPluginV1<Callbacks>);

impl Plugin {
    pub(super) fn find(line: &str, prompt: &Arc<dyn Prompt>) -> Result<Identity, KeyError> {
        let identity: age::plugin::Identity = line.parse().map_err(|_| KeyError::BadIdentity)?;
        let name = identity.plugin().to_owned();
        let callbacks = Callbacks(Arc::clone(prompt));
        age::plugin::IdentityPluginV1::new(&name, &[identity], callbacks)
            .map(|plugin| Identity(Secret::Plugin(Self(plugin))))
            .map_err(|_| KeyError::Plugin)
    }

    pub(super) fn unwrap(&self, stanzas: &[Stanza<'_>]) -> Result<Option<FileKey>, OpenError> {
        let stanzas: Vec<_> = stanzas
            .iter()
            .map(|stanza| age_core::format::Stanza {
                tag: stanza.tag.to_owned(),
                args: stanza.args.iter().map(|&arg| arg.to_owned()).collect(),
                body: stanza.body.clone(),
            })
            .collect();
        match age::Identity::unwrap_stanzas(&self.0, &stanzas) {
            None => Ok(None),
            Some(Ok(key)) => Ok(Some(FileKey::from_bytes(key.expose_secret()))),
            Some(Err(_)) => Err(OpenError::Plugin),
        }
    }
}

#[derive(Clone)]
struct Callbacks(Arc<dyn Prompt>);

impl age::Callbacks for Callbacks {
    fn display_message(&self, message: &str) {
        self.0.plugin_message(message);
    }

    fn confirm(&self, message: &str, _: &str, _: Option<&str>) -> Option<bool> {
        self.0.plugin_message(message);
        None
    }

    fn request_public_string(&self, description: &str) -> Option<String> {
        self.0
            .plugin_secret(description)
            .map(|text| text.as_str().to_owned())
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        self.0
            .plugin_secret(description)
            .map(|answer| secret(&answer))
    }
}
