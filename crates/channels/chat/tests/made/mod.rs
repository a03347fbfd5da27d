//! Tips that open, and envelopes of any length that do not but are the same in every run.
#![allow(dead_code, reason = "no test needs all of it")]

use hamsa_core::{
    CleanFile, Contents, Envelope, Identity, KeyRing, MediaType, OpenedTip, Recipients, Tip, seal,
    seal_short,
};

pub(crate) const ARABIC: &str = "شاحنة بيضاء خلف المستودع كل ليلة عند الثانية";
pub(crate) const ENGLISH: &str = "A white van behind the warehouse, every night at two.";

/// Somebody's keys.
pub(crate) struct Tips {
    pub(crate) keys: KeyRing,
    to: Recipients,
}

type Check = fn(&OpenedTip, &Contents);

impl Tips {
    pub(crate) fn new() -> Self {
        let (full, short) = (
            Identity::generate().unwrap(),
            Identity::generate_x25519().unwrap(),
        );
        let to = Recipients::danger_bare(vec![full.recipient().unwrap()], short.recipient());
        let mut keys = KeyRing::new();
        keys.add(full);
        keys.add(short);
        Self {
            keys,
            to: to.unwrap(),
        }
    }

    pub(crate) fn seal(&self, text: &str) -> Envelope {
        seal(Tip::new(text.to_owned().into()).unwrap(), &self.to).unwrap()
    }

    /// A short one, a full one, and one with an attachment, in Arabic and in English; and what must be in them.
    pub(crate) fn all(&self) -> Vec<(Envelope, Check)> {
        let file = CleanFile::danger_unscrubbed(MediaType::parse("x/y"), 20_000, PICTURE);
        let tip = Tip::new(ARABIC.to_owned().into()).unwrap();
        let tip = tip.language("ar").unwrap().attach(file).unwrap();
        vec![
            (seal_short(ARABIC, &self.to).unwrap(), |tip, _| {
                assert_eq!(tip.text(), ARABIC);
            }),
            (seal_short(ENGLISH, &self.to).unwrap(), |tip, _| {
                assert_eq!(tip.text(), ENGLISH);
            }),
            (self.seal(ARABIC), |tip, _| assert_eq!(tip.text(), ARABIC)),
            (self.seal(ENGLISH), |tip, _| assert_eq!(tip.text(), ENGLISH)),
            (seal(tip, &self.to).unwrap(), |tip, files| {
                assert_eq!((tip.text(), tip.language()), (ARABIC, Some("ar")));
                assert_eq!((files.len(), files[0].as_slice()), (1, PICTURE));
            }),
        ]
    }
}

const PICTURE: &[u8] = &[7; 20_000];

#[path = "../../../text/tests/made/random.rs"]
mod random;

pub(crate) use random::Random;

/// The header of an age file, and random octets.
pub(crate) fn envelope(random: &mut Random, len: usize) -> Envelope {
    let share = "A".repeat(43);
    let header = format!("age-encryption.org/v1\n-> X25519 {share}\n{share}\n--- {share}\n");
    let mut bytes = header.into_bytes();
    bytes.extend(random.octets(len - bytes.len()));
    Envelope::parse(&bytes).unwrap()
}

/// A short envelope that holds so many octets.
pub(crate) fn short(random: &mut Random, holds: usize) -> Envelope {
    let capacities = [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098];
    let capacity = capacities.into_iter().find(|capacity| holds <= *capacity);
    let mut bytes = vec![1];
    bytes.extend(random.octets(48 + capacity.unwrap()));
    Envelope::parse(&bytes).unwrap()
}
