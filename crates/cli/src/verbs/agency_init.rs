//! `hamsa agency init`: an agency's root key, its departments' first keys, and its first card.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use hamsa_core::{Card, CardError, Channels, Date, DepartmentProfile, Names, Profile, RootKey};

use crate::agency::Agency;
use crate::arguments::InitArgs;
use crate::calendar;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::words::printable;
use crate::{keys, leftovers, output, say};

/// The department of an agency that names none.
const ONLY_DEPARTMENT: &str = "general";

/// Makes a new agency. It appears complete, or not at all.
pub(crate) fn run(args: &InitArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    refuse_occupied(&args.dir)?;
    let profile = profile(args)?;
    let days = Days::of(args)?;
    let words = terminal.words();
    let passphrase = if args.unprotected {
        terminal.note(&say!(words, "init-unprotected"));
        None
    } else {
        Some(keys::new_passphrase(
            args.protection.passphrase_file.as_deref(),
            terminal,
        )?)
    };
    if passphrase.is_some() {
        let count = profile.departments.len() + 1;
        terminal.note(&say!(words, "init-working", count = count));
    }

    let (partial, _lock) = begin(&args.dir, terminal)?;
    let made = build(&Agency::at(&partial), days, &profile, passphrase.as_ref());
    let placed = made.and_then(|card| {
        fs::rename(&partial, &args.dir).map_err(|e| Failure::writing(&e, &args.dir))?;
        output::sync_folder_of(&args.dir).map_err(|e| Failure::writing(&e, &args.dir))?;
        Ok(card)
    });
    if placed.is_err() {
        // What is left over is under a name of its own, and the failure is told.
        let _ = fs::remove_dir_all(&partial);
    }
    report(&placed?, &args.dir, terminal)
}

/// A folder with something in it may hold somebody's only root key.
fn refuse_occupied(dir: &Path) -> Result<(), Failure> {
    let occupied = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => fs::symlink_metadata(dir).is_ok(),
    };
    if occupied {
        Err(Failure::new("agency-exists", Exit::Io).about(dir))
    } else {
        Ok(())
    }
}

/// Makes a folder beside `dir` for the time until everything is there, and locks it; removes what killed runs left.
fn begin(dir: &Path, terminal: &Terminal) -> Result<(PathBuf, File), Failure> {
    let name = dir
        .file_name()
        .ok_or_else(|| Failure::new("agency-needs-name", Exit::Usage))?;
    let prefix = format!(".{}.partial-", name.to_string_lossy());
    let partial = dir.with_file_name(format!("{prefix}{}", std::process::id()));
    // One run at a time: a folder must not be removed between being made and being locked.
    let around = leftovers::lock(output::folder_of(dir));
    let _around = around.map_err(|e| Failure::writing(&e, dir))?;
    remove_leftovers(output::folder_of(dir), &prefix, terminal);
    let lock = output::create_folder(&partial).and_then(|()| leftovers::lock(&partial));
    Ok((
        partial.clone(),
        lock.map_err(|e| Failure::writing(&e, &partial))?,
    ))
}

/// Removes the keys of agencies that never came into sight: no card names them, so nothing was sealed to them.
fn remove_leftovers(folder: &Path, prefix: &str, terminal: &Terminal) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Nothing but the number of a process: a folder of the person's own may look alike.
        let number = name.strip_prefix(prefix).map(str::parse::<u32>);
        let is_left =
            matches!(number, Some(Ok(_))) && entry.file_type().is_ok_and(|kind| kind.is_dir());
        // What cannot be removed hinders nobody, and stays for the person to see.
        if is_left && leftovers::remove(&entry.path()).unwrap_or(false) {
            let path = printable(&entry.path());
            terminal.note(&say!(terminal.words(), "init-leftover", path = path));
        }
    }
}

fn profile(args: &InitArgs) -> Result<Profile, Failure> {
    let mut names = BTreeMap::new();
    for name in &args.names {
        let (tag, name) = name
            .split_once('=')
            .ok_or_else(|| Failure::new("bad-name", Exit::Usage))?;
        names.insert(tag.to_owned(), name.to_owned());
    }
    let bad_name = |_: CardError| Failure::new("bad-name", Exit::Usage);
    let departments = if args.departments.is_empty() {
        let names =
            [("en", "General"), ("ar", "عام")].map(|(tag, name)| (tag.to_owned(), name.to_owned()));
        vec![department(ONLY_DEPARTMENT, names.into()).map_err(bad_name)?]
    } else {
        let named_by_id =
            |id: &String| department(id, BTreeMap::from([("en".to_owned(), id.clone())]));
        args.departments
            .iter()
            .map(named_by_id)
            .collect::<Result<_, _>>()
            .map_err(|_| bad_department())?
    };
    let is_id = |id: &str| {
        (1..=32).contains(&id.len())
            && id
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    let mut ids: Vec<_> = departments.iter().map(|d| d.id.as_str()).collect();
    ids.sort_unstable();
    if !ids.iter().all(|id| is_id(id)) || ids.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(bad_department());
    }
    let agency = Names::new(names).map_err(bad_name)?;
    Ok(Profile {
        agency,
        departments,
        caller_groups: Vec::new(),
        channels: Channels::default(),
    })
}

fn department(id: &str, names: BTreeMap<String, String>) -> Result<DepartmentProfile, CardError> {
    Ok(DepartmentProfile {
        id: id.to_owned(),
        names: Names::new(names)?,
        topics: Vec::new(),
    })
}

fn bad_department() -> Failure {
    Failure::new("bad-department", Exit::Usage)
}

/// The days that the first keys and the first card stand for.
#[derive(Clone, Copy)]
struct Days {
    today: Date,
    /// The last day of the keys.
    until: Date,
    /// The last day of the card.
    expires: Date,
}

impl Days {
    fn of(args: &InitArgs) -> Result<Days, Failure> {
        let today = calendar::today()?;
        Ok(Days {
            today,
            until: calendar::last_of(today, args.days.epoch_days)?,
            expires: calendar::last_of(today, args.days.valid_days)?,
        })
    }
}

fn build(
    agency: &Agency,
    Days {
        today,
        until,
        expires,
    }: Days,
    profile: &Profile,
    passphrase: Option<&zeroize::Zeroizing<String>>,
) -> Result<Card, Failure> {
    agency.create_folders()?;
    let root = RootKey::generate()?;
    agency.write_root(&root, passphrase)?;
    let mut keys = BTreeMap::new();
    for department in &profile.departments {
        let key = agency.make_key(&department.id, (today, until), passphrase)?;
        keys.insert(department.id.clone(), vec![key]);
    }
    let mut json = serde_json::to_vec_pretty(profile)
        .map_err(|_| Failure::new("error-bad-card", Exit::Refused))?;
    json.push(b'\n');
    output::create_with(&agency.profile(), &json)?;
    let card = Card::issue(&root, profile, &keys, today, expires, None)?;
    agency.write_card(&card)?;
    Ok(card)
}

fn report(card: &Card, dir: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    let words = terminal.words();
    terminal.line(&say!(words, "init-done", path = printable(dir)))?;
    terminal.line(&say!(
        words,
        "card-fingerprint",
        fingerprint = card.fingerprint().to_string()
    ))?;
    terminal.line(&say!(
        words,
        "init-next-publish",
        path = printable(&Agency::at(dir).card())
    ))?;
    terminal.line(&say!(
        words,
        "init-next-root",
        path = printable(&Agency::at(dir).root_key())
    ))?;
    terminal.line(&say!(
        words,
        "init-next-keys",
        path = printable(&dir.join("departments"))
    ))?;
    terminal.line(&say!(
        words,
        "init-next-edit",
        path = printable(&Agency::at(dir).profile()),
        dir = printable(dir)
    ))?;
    Ok(Exit::Done)
}
