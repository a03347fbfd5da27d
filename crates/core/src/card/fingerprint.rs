//! The 40 digits by which people know an agency's card.

use core::fmt;
use core::str::FromStr;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha512};

use super::profile::is_bidi_control;
use crate::CardError;

const GROUPS: usize = 8;
const DIGITS_IN_GROUP: usize = 5;

/// Forty decimal digits that stand for an agency's root key, the same on every card of the agency.
///
/// Digits and not letters, so that a poster, a phone call, a cash machine and every script carry them alike.
/// `Display` gives eight groups of five ASCII digits with a space between; in a right-to-left text the caller
/// isolates it, or the groups change their order on the screen.
///
/// `FromStr` takes the 40 digits in ASCII, Arabic-Indic (٠ to ٩) or Extended Arabic-Indic (۰ to ۹), in any
/// grouping: white space, dashes and bidirectional marks are passed over. Anything else is
/// [`CardError::BadFingerprint`].
///
/// Format v1, section 7.4: SHA-512 over `"hamsa card fingerprint v1\0"` and the 32 octets of the Ed25519 key; each of the first
/// eight runs of five octets, big-endian, modulo 100000, is one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u32; GROUPS]);

impl Fingerprint {
    pub(super) fn of(root: &VerifyingKey) -> Fingerprint {
        let digest = Sha512::new()
            .chain_update(b"hamsa card fingerprint v1\0")
            .chain_update(root.as_bytes())
            .finalize();
        let mut groups = [0; GROUPS];
        let (runs, _) = digest.as_slice().as_chunks::<5>();
        for (group, run) in groups.iter_mut().zip(runs) {
            // The remainder may be taken at each octet: (256 × 99999 + 255) fits easily.
            *group = run
                .iter()
                .fold(0, |sum, &octet| (sum * 256 + u32::from(octet)) % 100_000);
        }
        Fingerprint(groups)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for group in &self.0 {
            write!(f, "{space}{group:05}")?;
            space = " ";
        }
        Ok(())
    }
}

impl FromStr for Fingerprint {
    type Err = CardError;

    fn from_str(text: &str) -> Result<Fingerprint, CardError> {
        let mut groups = [0; GROUPS];
        let mut digits = 0;
        for c in text
            .chars()
            .filter(|&c| !(c.is_whitespace() || is_dash(c) || is_bidi_control(c)))
        {
            let digit = digit(c).ok_or(CardError::BadFingerprint)?;
            let group = groups
                .get_mut(digits / DIGITS_IN_GROUP)
                .ok_or(CardError::BadFingerprint)?;
            *group = *group * 10 + digit;
            digits += 1;
        }
        if digits == GROUPS * DIGITS_IN_GROUP {
            Ok(Fingerprint(groups))
        } else {
            Err(CardError::BadFingerprint)
        }
    }
}

fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

/// Hyphens, dashes and the minus sign: what keyboards and word processors put between groups.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}
