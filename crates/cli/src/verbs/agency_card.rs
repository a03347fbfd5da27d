//! `hamsa agency card`: the next card of an agency, after its profile was edited or its keys were renewed.

use std::collections::BTreeMap;

use hamsa_core::{Card, Date, DepartmentKey, Profile};
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
    for department in &profile.departments {
        let keys = known_keys(&agency, &department.id, &previous, epoch)?;
        if args.new_keys && keys.len() >= MOST_KEYS {
            return Err(Failure::new("too-many-keys", Exit::Incomplete)
                .with("count", MOST_KEYS)
                .about(&args.dir));
        }
        departments.insert(department.id.clone(), keys);
    }
    // Only now: what was refused must leave no keys behind.
    for (id, keys) in &mut departments {
        let covered = keys
            .iter()
            .any(|key| (key.from..=key.until).contains(&today));
        if args.new_keys || !covered {
            keys.push(new_key(&agency, id, epoch, passphrase.as_ref())?);
        }
    }
    let card = Card::issue(
        &root,
        &profile,
        &departments,
        today,
        expires,
        Some(&previous),
    )?;
    agency.write_card(&card)?;
    let words = terminal.words();
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

/// The keys that a card of today still lists: those of the card before, and those whose `.pub` was put there since.
fn known_keys(
    agency: &Agency,
    id: &str,
    previous: &Card,
    epoch: Epoch,
) -> Result<Vec<DepartmentKey>, Failure> {
    let mut keys = previous.keys(id).to_vec();
    for (from, full, short) in agency.epochs(id)? {
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
    Ok(keys)
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
