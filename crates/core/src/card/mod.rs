//! The agency card: how an informant knows the keys to seal to.
//!
//! A card is a C2SP signed note whose text is one line of JSON. It names its own root key, so that a card alone
//! proves only that one hand wrote it; whose hand, the [`Fingerprint`] says, which people compare by another way.
//!
//! Format v1, section 7.

mod date;
mod fingerprint;
mod note;
mod profile;
mod root;
mod text;

use core::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::date::Date;
pub use self::fingerprint::Fingerprint;
pub use self::profile::{Channels, DepartmentProfile, Names, Profile, Topic};
pub use self::root::RootKey;

use self::note::Note;
use self::text::Text;
use crate::{CardError, Recipient, Recipients};

/// The key name in every card's signature line and verifier key.
const KEY_NAME: &str = "hamsa-card";

/// A department's sealing key, with the days on which tips are sealed to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentKey {
    /// The post-quantum recipient of full envelopes.
    pub full: Recipient,
    /// The X25519 recipient of short envelopes; without one, the department takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<Recipient>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// An agency card whose signature was checked against the root key that it names.
///
/// Whether that root is the agency's own, [`expect`](Card::expect) says for a first card and
/// [`check_follows`](Card::check_follows) for each later one.
#[derive(Clone, Debug)]
pub struct Card {
    note: Vec<u8>,
    digest: String,
    root: VerifyingKey,
    issue: u64,
    issued: Date,
    expires: Date,
    previous: Option<String>,
    profile: Profile,
    keys: BTreeMap<String, Vec<DepartmentKey>>,
}

impl Card {
    /// Reads a card: at most 1 MiB and 64 signatures.
    ///
    /// Signatures of other keys than the root are kept and otherwise ignored.
    ///
    /// # Errors
    /// [`CardError::NotACard`] if the form of the note is wrong; [`CardError::NewerVersion`] and
    /// [`CardError::BadCard`] if its text is; [`CardError::BadSignature`] if the root has not signed the text.
    pub fn parse(note: &[u8]) -> Result<Card, CardError> {
        let note = Note::parse(note)?;
        let line = note
            .text
            .strip_suffix('\n')
            .filter(|line| !line.contains('\n'))
            .ok_or(CardError::BadCard)?;
        let root = text::root(line)?;
        let signature = note.verify(KEY_NAME, &root)?;
        let digest = digest(&Note {
            text: note.text,
            signatures: vec![signature.clone()],
        });

        let Text {
            issue,
            issued,
            expires,
            previous,
            agency,
            departments,
            caller_groups,
            channels,
            ..
        } = Text::parse(line)?;
        let (departments, keys) = text::part(departments);
        let profile = Profile {
            agency,
            departments,
            caller_groups,
            channels,
        };
        profile.check()?;
        keys.values().try_for_each(|keys| check_keys(keys))?;
        Ok(Card {
            note: note.encode(),
            digest,
            root,
            issue,
            issued,
            expires,
            previous,
            profile,
            keys,
        })
    }

    /// The signed note, byte for byte as it was read.
    pub fn as_bytes(&self) -> &[u8] {
        &self.note
    }

    /// Makes the agency's next card, or its first one if there is no `previous`.
    ///
    /// `keys` are by department id. A department without keys may stand on the card, but takes no tips.
    ///
    /// # Errors
    /// [`CardError::BadRootKey`] if `previous` is of another root; [`CardError::NoSuchDepartment`] if there are keys
    /// for a department that the profile does not have; [`CardError::BadCard`] if the card would not be one that
    /// [`parse`](Card::parse) takes.
    pub fn issue(
        root: &RootKey,
        profile: &Profile,
        keys: &BTreeMap<String, Vec<DepartmentKey>>,
        issued: Date,
        expires: Date,
        previous: Option<&Card>,
    ) -> Result<Card, CardError> {
        if previous.is_some_and(|previous| previous.root != root.public()) {
            return Err(CardError::BadRootKey);
        }
        if !keys
            .keys()
            .all(|id| profile.departments.iter().any(|d| d.id == *id))
        {
            return Err(CardError::NoSuchDepartment);
        }
        let text = Text {
            version: text::VERSION,
            issue: previous
                .map_or(0, |card| card.issue)
                .checked_add(1)
                .ok_or(CardError::BadCard)?,
            issued,
            expires,
            previous: previous.map(|card| card.digest.clone()),
            root: root.verifier(),
            agency: profile.agency.clone(),
            departments: text::join(profile, keys),
            caller_groups: profile.caller_groups.clone(),
            channels: profile.channels.clone(),
        };
        // Reading it back applies every rule of a card, so that none is issued that readers would refuse.
        Card::parse(&root.sign(&text.to_line()?)).map_err(|_| CardError::BadCard)
    }

    /// The 40 digits of the root that signed this card.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.root)
    }

    /// Checks that the card is of the agency with this fingerprint.
    ///
    /// # Errors
    /// [`CardError::WrongFingerprint`] if it is not.
    pub fn expect(&self, fingerprint: &Fingerprint) -> Result<(), CardError> {
        if self.fingerprint() == *fingerprint {
            Ok(())
        } else {
            Err(CardError::WrongFingerprint)
        }
    }

    /// Checks that this card is `known` again, or a later one of the same agency.
    ///
    /// The direct successor must name the digest of `known`. If issues in between were missed, the root's signature
    /// alone holds the chain together.
    ///
    /// # Errors
    /// [`CardError::RolledBack`] if it is older; [`CardError::NotASuccessor`] if it is of another root, another card
    /// with the same number, or a successor of another card.
    pub fn check_follows(&self, known: &Card) -> Result<(), CardError> {
        if self.root != known.root {
            return Err(CardError::NotASuccessor);
        }
        let follows = match self.issue.cmp(&known.issue) {
            Ordering::Less => return Err(CardError::RolledBack),
            Ordering::Equal => self.digest == known.digest,
            Ordering::Greater if self.issue - known.issue == 1 => {
                self.previous.as_ref() == Some(&known.digest)
            }
            Ordering::Greater => true,
        };
        if follows {
            Ok(())
        } else {
            Err(CardError::NotASuccessor)
        }
    }

    /// Checks that the card holds on the day `today`: from the day of issue through the day of expiry.
    ///
    /// # Errors
    /// [`CardError::NotYetValid`] before, [`CardError::Expired`] after.
    pub fn check_valid_on(&self, today: Date) -> Result<(), CardError> {
        if today < self.issued {
            return Err(CardError::NotYetValid);
        }
        if today > self.expires {
            Err(CardError::Expired)
        } else {
            Ok(())
        }
    }

    /// Whom to seal a tip for the department to: all its keys of the day, and for the short form the one of them that
    /// began last. Without a department, the only one that there is.
    ///
    /// # Errors
    /// Those of [`check_valid_on`](Card::check_valid_on), and [`CardError::WhichDepartment`],
    /// [`CardError::NoSuchDepartment`] or [`CardError::NoCurrentKey`].
    pub fn recipients(
        &self,
        department: Option<&str>,
        today: Date,
    ) -> Result<Recipients, CardError> {
        self.check_valid_on(today)?;
        let id = match (department, self.profile.departments.as_slice()) {
            (Some(id), _) => id,
            (None, [only]) => &only.id,
            (None, []) => return Err(CardError::NoSuchDepartment),
            (None, _) => return Err(CardError::WhichDepartment),
        };
        recipients_on(self.keys.get(id).ok_or(CardError::NoSuchDepartment)?, today)
    }

    /// What the card tells about the agency.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The department's keys, past and future ones too; none if the card has no such department.
    pub fn keys(&self, department: &str) -> &[DepartmentKey] {
        self.keys.get(department).map_or(&[], Vec::as_slice)
    }

    /// The number of the card in the agency's series, from 1.
    pub fn issue_number(&self) -> u64 {
        self.issue
    }

    /// The first day on which the card holds.
    pub fn issued(&self) -> Date {
        self.issued
    }

    /// The last day on which the card holds.
    pub fn expires(&self) -> Date {
        self.expires
    }
}

/// SHA-256 of a note in lower-case hexadecimal, as the next card names it.
///
/// Taken over the note with the root's signature alone: otherwise anybody who passes a card on could add a
/// signature of his own, and the agency's next card would no longer continue what the reader has.
fn digest(note: &Note<'_>) -> String {
    Sha256::digest(note.encode())
        .iter()
        .fold(String::new(), |mut hex, octet| {
            // Writing to a string does not fail.
            let _ = write!(hex, "{octet:02x}");
            hex
        })
}

/// Checks a department's keys: of the right types, their days in order, and on every day such as can be sealed to.
fn check_keys(keys: &[DepartmentKey]) -> Result<(), CardError> {
    for key in keys {
        let short_fits = key
            .short
            .as_ref()
            .is_none_or(|short| !short.is_post_quantum());
        if !key.full.is_post_quantum() || !short_fits || key.from > key.until {
            return Err(CardError::BadCard);
        }
        // The keys of a day only become more on a day on which one of them begins.
        recipients_on(keys, key.from)?;
    }
    Ok(())
}

fn recipients_on(keys: &[DepartmentKey], day: Date) -> Result<Recipients, CardError> {
    let (full, short) = keys_on(keys, day);
    if full.is_empty() {
        return Err(CardError::NoCurrentKey);
    }
    Recipients::danger_bare(full, short).map_err(|_| CardError::BadCard)
}

fn keys_on(keys: &[DepartmentKey], day: Date) -> (Vec<Recipient>, Option<Recipient>) {
    let of_the_day = || {
        keys.iter()
            .filter(|key| (key.from..=key.until).contains(&day))
    };
    let full = of_the_day().map(|key| key.full.clone()).collect();
    let short = of_the_day()
        .filter(|key| key.short.is_some())
        .max_by_key(|key| key.from);
    (full, short.and_then(|key| key.short.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;

    fn key(short: bool, from: &str, until: &str) -> DepartmentKey {
        let recipient = |identity: Identity| identity.recipient().unwrap();
        DepartmentKey {
            full: recipient(Identity::generate().unwrap()),
            short: short.then(|| recipient(Identity::generate_x25519().unwrap())),
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    // `Recipients` does not tell whom it holds, so the choice is tested where it is made.
    #[test]
    fn all_keys_of_the_day_are_taken_and_the_short_one_that_began_last() {
        let keys = [
            key(true, "2026-11-01", "2026-11-20"),
            key(true, "2026-11-10", "2026-11-30"),
            key(false, "2026-11-15", "2026-11-30"),
        ];
        let [a, b, c] = &keys;
        let on = |day: &str| keys_on(&keys, day.parse().unwrap());
        let full =
            |keys: &[&DepartmentKey]| keys.iter().map(|key| key.full.clone()).collect::<Vec<_>>();
        assert_eq!(on("2026-10-31"), (vec![], None));
        assert_eq!(on("2026-11-01"), (full(&[a]), a.short.clone()));
        assert_eq!(on("2026-11-10"), (full(&[a, b]), b.short.clone()));
        assert_eq!(on("2026-11-20"), (full(&[a, b, c]), b.short.clone()));
        assert_eq!(on("2026-11-21"), (full(&[b, c]), b.short.clone()));
        assert_eq!(on("2026-12-01"), (vec![], None));
    }
}
