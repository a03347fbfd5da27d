//! `hamsa agency card`: the next card of an agency, after its profile was edited or its keys were renewed.

use std::collections::BTreeMap;

use hamsa_core::{Card, CardError, Date, DepartmentKey, Profile};
use zeroize::Zeroizing;

use crate::agency::Agency;
use crate::arguments::ReissueArgs;
use crate::calendar;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;
use crate::words::printable;
use crate::{input, keys, say};

/// How many keys a tip can be sealed to.
const MOST_KEYS: usize = 8;

/// Issues the next card. Departments without a key for today get one.
pub(crate) fn run(args: &ReissueArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let agency = Agency::at(&args.dir);
    let profile = read_profile(&agency)?;
    let previous = agency.newest_card()?;
    let today = calendar::today()?;
    let expires = calendar::last_of(today, args.days.valid_days)?;
    let epoch = Epoch {
        today,
        days: args.days.epoch_days,
    };
    calendar::last_of(today, epoch.days)?;
    let passphrase_file = args.protection.passphrase_file.as_deref();
    let (root, passphrase) = agency
        .read_root(|| keys::known_passphrase(passphrase_file, &agency.root_key(), terminal))?;
    if root.fingerprint() != previous.fingerprint() {
        return Err(Failure::new("error-bad-root-key", Exit::Refused).about(&agency.root_key()));
    }
    let mut departments = BTreeMap::new();
    let mut withdrawn = 0;
    for department in &profile.departments {
        let (keys, gone) = known_keys(&agency, &department.id, &previous, epoch)?;
        withdrawn += gone;
        if args.new_keys && keys.len() >= MOST_KEYS {
            return Err(Failure::new("too-many-keys", Exit::Incomplete)
                .with("count", MOST_KEYS)
                .about(&args.dir));
        }
        departments.insert(department.id.clone(), keys);
    }
    let issue = |departments: &BTreeMap<String, Vec<DepartmentKey>>| {
        let card = Card::issue(
            &root,
            &profile,
            departments,
            today,
            expires,
            Some(&previous),
        );
        card.map_err(|e| match e {
            // Everything else in it is ours: the profile has an id or a name that no card may have.
            CardError::BadCard => {
                Failure::new("profile-not-for-a-card", Exit::Input).about(&agency.profile())
            }
            e => e.into(),
        })
    };
    // Once without the new keys: what is refused must leave none behind.
    issue(&departments)?;
    for (id, keys) in &mut departments {
        let covered = keys
            .iter()
            .any(|key| (key.from..=key.until).contains(&today));
        if args.new_keys || !covered {
            keys.push(new_key(&agency, id, epoch, passphrase.as_ref())?);
        }
    }
    let card = issue(&departments)?;
    agency.write_card(&card)?;
    report(&card, withdrawn, &agency, terminal)
}

/// Says what the new card is.
fn report(
    card: &Card,
    withdrawn: usize,
    agency: &Agency,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let words = terminal.words();
    if withdrawn > 0 {
        terminal.note(&say!(words, "reissue-withdrawn", count = withdrawn));
    }
    terminal.line(&say!(
        words,
        "reissue-done",
        number = card.issue_number(),
        path = printable(&agency.card())
    ))?;
    terminal.line(&say!(
        words,
        "card-valid",
        from = card.issued().to_string(),
        until = card.expires().to_string()
    ))?;
    terminal.line(&say!(
        words,
        "card-fingerprint",
        fingerprint = card.fingerprint().to_string()
    ))?;
    Ok(Exit::Done)
}

fn read_profile(agency: &Agency) -> Result<Profile, Failure> {
    let path = agency.profile();
    let bytes = input::read_small_file(&path)?;
    serde_json::from_slice(&bytes).map_err(|e| {
        Failure::new("bad-profile", Exit::Input)
            .about(&path)
            .with("line", e.line())
            .with("column", e.column())
    })
}

/// The day of the new card, and for how many days a key is used.
#[derive(Clone, Copy)]
struct Epoch {
    today: Date,
    days: u32,
}

/// The keys that a card of today lists: those whose `.pub` is in the department's folder. The card before tells their
/// last days. One whose `.pub` was taken away since is withdrawn; how many were comes second.
fn known_keys(
    agency: &Agency,
    id: &str,
    previous: &Card,
    epoch: Epoch,
) -> Result<(Vec<DepartmentKey>, usize), Failure> {
    let epochs = agency.epochs(id)?;
    let mut keys = previous.keys(id).to_vec();
    keys.retain(|key| key.until >= epoch.today);
    let before = keys.len();
    keys.retain(|key| epochs.iter().any(|(_, full, _)| *full == key.full));
    let withdrawn = before - keys.len();
    for (from, full, short) in epochs {
        if !keys.iter().any(|key| key.full == full) {
            keys.push(DepartmentKey {
                full,
                short,
                from,
                until: calendar::last_of(from, epoch.days)?,
            });
        }
    }
    keys.retain(|key| key.until >= epoch.today);
    Ok((keys, withdrawn))
}

fn new_key(
    agency: &Agency,
    id: &str,
    epoch: Epoch,
    passphrase: Option<&Zeroizing<String>>,
) -> Result<DepartmentKey, Failure> {
    agency.make_key(
        id,
        (epoch.today, calendar::last_of(epoch.today, epoch.days)?),
        passphrase,
    )
}
