//! The folder of an agency: its root key, its departments' keys by epoch, its cards.
//!
//! ```text
//! DIR/agency.json                      what the card says, for people to edit
//! DIR/agency.card                      the newest card, to be published
//! DIR/root.key                         signs cards
//! DIR/cards/0001.card …                every card that was issued
//! DIR/departments/ID/EPOCH.key, .pub   the department's identity of one epoch, and its recipients
//!
//! An epoch is named by its first day, and a second one of the same day `2026-11-22-2`.
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hamsa_core::{
    Card, Date, DepartmentKey, Identity, KeyError, Recipient, RootKey, protect, unprotect,
};
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::{input, keys, output};

/// The name of the file with the root key.
pub(crate) const ROOT_KEY: &str = "root.key";

/// The paths of one agency.
pub(crate) struct Agency {
    dir: PathBuf,
}

impl Agency {
    /// The agency in `dir`, whether it is there already or not.
    pub(crate) fn at(dir: &Path) -> Self {
        Agency {
            dir: dir.to_owned(),
        }
    }

    /// What people edit.
    pub(crate) fn profile(&self) -> PathBuf {
        self.dir.join("agency.json")
    }

    /// The newest card.
    pub(crate) fn card(&self) -> PathBuf {
        self.dir.join("agency.card")
    }

    /// The key that signs cards.
    pub(crate) fn root_key(&self) -> PathBuf {
        self.dir.join(ROOT_KEY)
    }

    fn cards(&self) -> PathBuf {
        self.dir.join("cards")
    }

    fn departments(&self) -> PathBuf {
        self.dir.join("departments")
    }

    /// Whether there is an agency. Its root key may be in a safe.
    pub(crate) fn is_there(&self) -> bool {
        let files = [self.profile(), self.card(), self.root_key()];
        self.departments().is_dir() && files.iter().any(|file| file.is_file())
    }

    /// The key files of all departments, by department, newest first.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub(crate) fn department_keys(&self) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.departments();
        let failed = |e| Failure::reading(&e, &folder);
        let mut folders = Vec::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        let keys: Result<Vec<_>, _> = folders.iter().map(|it| keys::keys_in(it)).collect();
        Ok(keys?.concat())
    }

    fn department(&self, id: &str) -> PathBuf {
        self.departments().join(id)
    }

    /// Makes the folders that every agency has in its own.
    pub(crate) fn create_folders(&self) -> Result<(), Failure> {
        for folder in [self.cards(), self.departments()] {
            output::create_folder(&folder).map_err(|e| Failure::writing(&e, &folder))?;
        }
        Ok(())
    }

    /// Writes the root key, protected when there is a passphrase.
    pub(crate) fn write_root(
        &self,
        root: &RootKey,
        passphrase: Option<&Zeroizing<String>>,
    ) -> Result<(), Failure> {
        output::create_with(
            &self.root_key(),
            &sealed_by(root.to_text().as_bytes(), passphrase)?,
        )
    }

    /// Reads the root key; `ask` gives the passphrase when it is protected, and it comes back for further keys.
    pub(crate) fn read_root(
        &self,
        ask: impl FnOnce() -> Result<Zeroizing<String>, Failure>,
    ) -> Result<(RootKey, Option<Zeroizing<String>>), Failure> {
        let path = self.root_key();
        let bytes = input::read_small_file(&path)?;
        let (plain, passphrase) = if bytes.starts_with(b"PRIVATE+KEY+") {
            (bytes, None)
        } else {
            let passphrase = ask()?;
            let plain =
                unprotect(&bytes, &passphrase).map_err(|e| Failure::from(e).about(&path))?;
            (plain, Some(passphrase))
        };
        let refused = || Failure::new("error-bad-root-key", Exit::Refused).about(&path);
        let text = str::from_utf8(&plain).map_err(|_| refused())?;
        Ok((RootKey::parse(text.trim_end())?, passphrase))
    }

    /// Makes a department's keys for the epoch that begins on `from`, beside those of that day that are there already.
    ///
    /// # Errors
    /// A disk that failed.
    pub(crate) fn make_key(
        &self,
        id: &str,
        (from, until): (Date, Date),
        passphrase: Option<&Zeroizing<String>>,
    ) -> Result<DepartmentKey, Failure> {
        let folder = self.department(id);
        if !folder.is_dir() {
            output::create_folder(&folder).map_err(|e| Failure::writing(&e, &folder))?;
        }
        let epoch = free_epoch(&folder, from);
        let (full, short) = (Identity::generate()?, Identity::generate_x25519()?);
        let (full_line, full_to) = lines_of(&full)?;
        let (short_line, short_to) = lines_of(&short)?;
        let mut file = Zeroizing::new(Vec::with_capacity(8192));
        for line in [
            format!("# public key: {full_to}\n").as_bytes(),
            full_line.as_bytes(),
            format!("\n# public key: {short_to}\n").as_bytes(),
            short_line.as_bytes(),
            b"\n",
        ] {
            file.extend_from_slice(line);
        }
        output::create_with(
            &folder.join(format!("{epoch}.key")),
            &sealed_by(&file, passphrase)?,
        )?;
        output::create_with(
            &folder.join(format!("{epoch}.pub")),
            format!("{full_to}\n{short_to}\n").as_bytes(),
        )?;
        Ok(DepartmentKey {
            full: full_to,
            short: Some(short_to),
            from,
            until,
        })
    }

    /// The recipients of all epochs of a department, with their first days, oldest first.
    pub(crate) fn epochs(
        &self,
        id: &str,
    ) -> Result<Vec<(Date, Recipient, Option<Recipient>)>, Failure> {
        let folder = self.department(id);
        let entries = match fs::read_dir(&folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|e| Failure::reading(&e, &folder))?,
        };
        let mut epochs = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| Failure::reading(&e, &folder))?.path();
            let epoch = path
                .file_name()
                .and_then(|name| parse_epoch(name.to_str()?.strip_suffix(".pub")?));
            let Some(epoch) = epoch else { continue };
            let bytes = input::read_small_file(&path)?;
            let refused = || Failure::new("error-bad-recipient", Exit::NoKey).about(&path);
            let text = str::from_utf8(&bytes).map_err(|_| refused())?;
            let mut lines = text
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'));
            let full = lines
                .next()
                .ok_or_else(refused)?
                .parse()
                .map_err(|e: KeyError| Failure::from(e).about(&path))?;
            let short = lines
                .next()
                .map(str::parse)
                .transpose()
                .map_err(|e: KeyError| Failure::from(e).about(&path))?;
            epochs.push((epoch, full, short));
        }
        epochs.sort_by_key(|(epoch, ..)| *epoch);
        let keys = epochs.into_iter();
        Ok(keys
            .map(|((from, _), full, short)| (from, full, short))
            .collect())
    }

    /// Keeps `card` among the issued ones and makes it the newest.
    pub(crate) fn write_card(&self, card: &Card) -> Result<(), Failure> {
        let kept = self
            .cards()
            .join(format!("{:04}.card", card.issue_number()));
        output::create_with(&kept, card.as_bytes())?;
        output::replace_public(&self.card(), card.as_bytes())
    }

    /// The card with the highest number among the issued ones. `agency.card` is not asked: when the program was
    /// stopped between writing the two, it is the older one.
    pub(crate) fn newest_card(&self) -> Result<Card, Failure> {
        let folder = self.cards();
        let entries = fs::read_dir(&folder).map_err(|e| Failure::reading(&e, &folder))?;
        let number = |path: &Path| {
            path.file_name()?
                .to_str()?
                .strip_suffix(".card")?
                .parse::<u64>()
                .ok()
        };
        let newest = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .max_by_key(|path| number(path));
        let path = newest
            .filter(|path| number(path).is_some())
            .unwrap_or_else(|| self.card());
        Card::parse(&input::read_small_file(&path)?).map_err(|e| Failure::from(e).about(&path))
    }
}

/// The first name in `folder` that no key of the day `from` has.
fn free_epoch(folder: &Path, from: Date) -> String {
    let taken = |epoch: &String| {
        [".key", ".pub"]
            .iter()
            .any(|kind| fs::symlink_metadata(folder.join(format!("{epoch}{kind}"))).is_ok())
    };
    let mut epoch = from.to_string();
    let mut number = 1_u32;
    while taken(&epoch) {
        number += 1;
        epoch = format!("{from}-{number}");
    }
    epoch
}

/// The first day of an epoch, and which one of that day it is.
fn parse_epoch(name: &str) -> Option<(Date, u32)> {
    if let Ok(from) = name.parse() {
        return Some((from, 1));
    }
    let (from, number) = name.rsplit_once('-')?;
    Some((from.parse().ok()?, number.parse().ok()?))
}

/// The secret line of an identity, and its recipient.
fn lines_of(identity: &Identity) -> Result<(Zeroizing<String>, Recipient), Failure> {
    // Only identities of plugins lack either, and none was made here.
    let both = identity.to_text().zip(identity.recipient());
    both.ok_or_else(|| Failure::new("error-bad-identity", Exit::NoKey))
}

fn sealed_by(
    secret: &[u8],
    passphrase: Option<&Zeroizing<String>>,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    Ok(Zeroizing::new(match passphrase {
        Some(passphrase) => protect(secret, passphrase)?,
        None => secret.to_vec(),
    }))
}
