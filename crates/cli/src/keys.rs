//! The analysts' identities and the passphrases that protect them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hamsa_core::{KeyError, KeyRing, Prompt};
use zeroize::Zeroizing;

use crate::agency::{self, Agency};
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Terminal};
use crate::words::printable;
use crate::{input, say};

/// The shortest passphrase that is taken for new keys, in characters.
const SHORTEST: usize = 8;
/// How often a new passphrase may be mistyped.
const TRIES: u32 = 3;
/// The alphabet of suggested passphrases: 32 characters that cannot be taken for each other.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Reads identity files before anything is opened. A folder stands for the `.key` files in it, newest first, and an
/// agency's folder for those of its departments. A
/// passphrase that was typed for one file is tried on the next before it is asked for again.
///
/// # Errors
/// A file that cannot be read or holds no identity; a passphrase that is missing or wrong.
pub(crate) fn unlock(
    named: &[PathBuf],
    passphrase_file: Option<&Path>,
    terminal: &Terminal,
) -> Result<KeyRing, Failure> {
    let given = passphrase_file.map(input::read_passphrase).transpose()?;
    let mut typed = None;
    let mut keys = KeyRing::new();
    for path in key_files(named)? {
        let file = input::read_small_file(&path)?;
        let question = say!(terminal.words(), "ask-passphrase", path = printable(&path));
        let mut add = |known: Option<Zeroizing<String>>| {
            let ask = Arc::new(Ask {
                known,
                question: question.clone(),
                typed: Mutex::default(),
            });
            let prompt: Arc<dyn Prompt> = ask.clone();
            keys.add_file(&file, &prompt)
                .map(|_| ask.typed.lock().ok().and_then(|mut typed| typed.take()))
        };
        let known = given.clone().or_else(|| typed.clone());
        let added = match add(known.clone()) {
            Err(KeyError::WrongPassphrase) if given.is_none() && known.is_some() => add(None),
            done => done,
        };
        let now_typed = added.map_err(|e| Failure::from(e).about(&path))?;
        typed = now_typed.or(typed);
    }
    Ok(keys)
}

/// The files that were named, and those in the folders that were: of an agency's folder, the keys of all departments.
fn key_files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let agency = Agency::at(path);
        let (inside, none) = if agency.is_there() {
            (agency.department_keys()?, "no-department-keys")
        } else {
            (keys_in(path)?, "no-keys-in-folder")
        };
        if inside.is_empty() {
            return Err(Failure::new(none, Exit::NoKey).about(path));
        }
        files.extend(inside);
    }
    Ok(files)
}

/// The `.key` files in a folder, newest first. The agency's root key opens nothing.
pub(crate) fn keys_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |e| Failure::reading(&e, folder);
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_root = path
            .file_name()
            .is_some_and(|name| name == agency::ROOT_KEY);
        if path.extension().is_some_and(|end| end == "key") && !is_root {
            inside.push(path);
        }
    }
    // Their names are days.
    inside.sort();
    inside.reverse();
    Ok(inside)
}

/// Asks on the terminal, unless a passphrase is known.
struct Ask {
    known: Option<Zeroizing<String>>,
    question: String,
    typed: Mutex<Option<Zeroizing<String>>>,
}

impl Prompt for Ask {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        if let Some(known) = &self.known {
            return Some(known.clone());
        }
        let answer = terminal::ask_hidden(&self.question)?;
        if let Ok(mut typed) = self.typed.lock() {
            *typed = Some(answer.clone());
        }
        Some(answer)
    }

    fn plugin_secret(&self, message: &str) -> Option<Zeroizing<String>> {
        terminal::ask_hidden(&format!("{} ", terminal::harmless(message).trim_end()))
    }

    fn plugin_message(&self, message: &str) {
        terminal::note(terminal::harmless(message).trim_end());
    }
}

/// The passphrase of keys that exist: from the file, or asked for once.
///
/// # Errors
/// A file that cannot be read; nobody to ask.
pub(crate) fn known_passphrase(
    file: Option<&Path>,
    about: &Path,
    terminal: &Terminal,
) -> Result<Zeroizing<String>, Failure> {
    if let Some(file) = file {
        return input::read_passphrase(file);
    }
    terminal::ask_hidden(&say!(
        terminal.words(),
        "ask-passphrase",
        path = printable(about)
    ))
    .ok_or_else(|| Failure::new("error-needs-passphrase", Exit::NoKey).about(about))
}

/// The passphrase for new keys: from the file, or asked for twice after one was suggested.
///
/// # Errors
/// One that is too short, two that differ, nobody to ask.
pub(crate) fn new_passphrase(
    file: Option<&Path>,
    terminal: &Terminal,
) -> Result<Zeroizing<String>, Failure> {
    match file {
        Some(file) => long_enough(input::read_passphrase(file)?),
        None => ask_twice(terminal),
    }
}

fn long_enough(passphrase: Zeroizing<String>) -> Result<Zeroizing<String>, Failure> {
    if passphrase.chars().count() < SHORTEST {
        return Err(Failure::new("passphrase-too-short", Exit::Input).with("count", SHORTEST));
    }
    Ok(passphrase)
}

fn ask_twice(terminal: &Terminal) -> Result<Zeroizing<String>, Failure> {
    let words = terminal.words();
    if terminal.can_ask() {
        let suggestion = suggestion()?;
        terminal.note(&say!(
            words,
            "passphrase-new",
            count = SHORTEST,
            suggestion = suggestion.as_str()
        ));
    }
    let ask = |question: &str| {
        terminal::ask_hidden_even_nothing(question)
            .ok_or_else(|| Failure::new("passphrase-nobody-to-ask", Exit::Usage))
    };
    let ask_for_both = || {
        let first = long_enough(ask(&say!(words, "ask-new-passphrase"))?)?;
        let second = ask(&say!(words, "ask-passphrase-again"))?;
        if first == second {
            Ok(first)
        } else {
            Err(Failure::new("passphrases-differ", Exit::Input))
        }
    };
    let mut tries = 1;
    loop {
        match ask_for_both() {
            Err(slip) if slip.exit() == Exit::Input && tries < TRIES => terminal.fail(&slip),
            ended => return ended,
        }
        tries += 1;
    }
}

/// A passphrase of 100 random bits in groups of four characters.
fn suggestion() -> Result<Zeroizing<String>, Failure> {
    let mut random = Zeroizing::new([0_u8; 20]);
    getrandom::fill(random.as_mut_slice())
        .map_err(|_| Failure::new("error-no-randomness-key", Exit::Incomplete))?;
    let mut text = Zeroizing::new(String::with_capacity(24));
    for (at, octet) in random.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(
            ALPHABET
                .get(usize::from(octet % 32))
                .copied()
                .unwrap_or(b'a'),
        ));
    }
    Ok(text)
}
