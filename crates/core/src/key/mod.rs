//! Recipients and identities, in the standard texts of age.
//!
//! Format v1, section 2.

#[cfg(feature = "age")]
mod foreign;
mod ring;

use core::{fmt, str::FromStr};

use bech32::{Checksum, Hrp, primitives::decode::CheckedHrpstring};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

#[cfg(feature = "age")]
pub use self::foreign::{protect, unprotect};
pub use self::ring::{KeyRing, Prompt};
use crate::{
    KeyError, OpenError, SealError,
    age::{FileKey, header::Stanza, hybrid, x25519},
    stack,
};

const HYBRID_RECIPIENT: &str = "age1pq";
const HYBRID_IDENTITY: &str = "AGE-SECRET-KEY-PQ-";
const X25519_RECIPIENT: &str = "age";
const X25519_IDENTITY: &str = "AGE-SECRET-KEY-";

/// A public key that tips are sealed to: `age1pq1…` (post-quantum) or `age1…` (classical).
///
/// ```
/// let recipient: hamsa_core::Recipient =
///     "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".parse()?;
/// assert!(!recipient.is_post_quantum());
/// # Ok::<(), hamsa_core::KeyError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(pub(crate) Public);

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Public {
    Hybrid(hybrid::Public),
    X25519(x25519::Public),
}

impl Recipient {
    /// Whether the type is `mlkem768x25519`, which resists quantum computers as far as is known.
    pub fn is_post_quantum(&self) -> bool {
        matches!(self.0, Public::Hybrid(_))
    }
}

/// Reads the Bech32 text.
///
/// # Errors
/// [`KeyError::BadRecipient`] for another type, a wrong checksum or upper case;
/// [`KeyError::WeakRecipient`] for a share of low order.
impl FromStr for Recipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (hrp, bytes) = decode(text).ok_or(KeyError::BadRecipient)?;
        let public = match hrp.as_str() {
            HYBRID_RECIPIENT => Public::Hybrid(hybrid::Public::from_bytes(&bytes)?),
            X25519_RECIPIENT => Public::X25519(x25519::Public::from_bytes(&bytes)?),
            _ => return Err(KeyError::BadRecipient),
        };
        let recipient = Self(public);
        // One spelling: this refuses upper case and set bits in the filler.
        if recipient.to_string() == text {
            Ok(recipient)
        } else {
            Err(KeyError::BadRecipient)
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hrp, bytes): (_, &[u8]) = match &self.0 {
            Public::Hybrid(public) => (HYBRID_RECIPIENT, public.as_bytes()),
            Public::X25519(public) => (X25519_RECIPIENT, public.as_bytes()),
        };
        let hrp = Hrp::parse(hrp).map_err(|_| fmt::Error)?;
        bech32::encode_lower_to_fmt::<LongBech32, _>(f, hrp, bytes).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A secret key that tips are opened with. It is wiped when dropped, and has no `Debug`:
///
/// ```compile_fail
/// let identity = hamsa_core::Identity::generate().unwrap();
/// println!("{identity:?}");
/// ```
///
/// ```compile_fail
/// let identity = hamsa_core::Identity::generate().unwrap();
/// let copy = identity.clone();
/// ```
pub struct Identity(Secret);

enum Secret {
    // Boxed: the expanded key is thousands of octets, and a move would leave a copy behind.
    Hybrid(Box<hybrid::Secret>),
    X25519(Box<x25519::Secret>),
    #[cfg(feature = "age")]
    Plugin(foreign::Plugin),
}

impl Identity {
    /// A new post-quantum identity.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate() -> Result<Self, KeyError> {
        stack::wiped(|| {
            Ok(Self(Secret::Hybrid(Box::new(hybrid::Secret::from_seed(
                &random()?,
            )))))
        })
    }

    /// A new classical identity, for the short form and for programs that know no other.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate_x25519() -> Result<Self, KeyError> {
        stack::wiped(|| {
            Ok(Self(Secret::X25519(Box::new(x25519::Secret::from_bytes(
                &random()?,
            )))))
        })
    }

    /// Reads one line of an identity file: `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// [`KeyError::BadIdentity`].
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        stack::wiped(|| {
            let (hrp, bytes) = decode(line).ok_or(KeyError::BadIdentity)?;
            let mut secret = Zeroizing::new([0; 32]);
            if bytes.len() != secret.len() {
                return Err(KeyError::BadIdentity);
            }
            secret.copy_from_slice(&bytes);
            let identity = Self(match hrp.as_str() {
                HYBRID_IDENTITY => Secret::Hybrid(Box::new(hybrid::Secret::from_seed(&secret))),
                X25519_IDENTITY => Secret::X25519(Box::new(x25519::Secret::from_bytes(&secret))),
                _ => return Err(KeyError::BadIdentity),
            });
            match identity.to_text() {
                Some(text) if *text == line => Ok(identity),
                _ => Err(KeyError::BadIdentity),
            }
        })
    }

    /// The line of an identity file, or `None` for an identity that an age plugin holds.
    pub fn to_text(&self) -> Option<Zeroizing<String>> {
        stack::wiped(|| {
            let (hrp, bytes) = match &self.0 {
                Secret::Hybrid(secret) => (HYBRID_IDENTITY, secret.seed()),
                Secret::X25519(secret) => (X25519_IDENTITY, secret.as_bytes()),
                #[cfg(feature = "age")]
                Secret::Plugin(_) => return None,
            };
            let mut text = Zeroizing::new(String::with_capacity(80));
            bech32::encode_upper_to_fmt::<LongBech32, _>(&mut *text, Hrp::parse(hrp).ok()?, bytes)
                .ok()?;
            Some(text)
        })
    }

    /// The public half, or `None` for an identity that an age plugin holds.
    pub fn recipient(&self) -> Option<Recipient> {
        match &self.0 {
            Secret::Hybrid(secret) => Some(Recipient(Public::Hybrid(secret.public().clone()))),
            Secret::X25519(secret) => Some(Recipient(Public::X25519(secret.public().clone()))),
            #[cfg(feature = "age")]
            Secret::Plugin(_) => None,
        }
    }

    /// The file key in the first of `stanzas` that this identity opens.
    fn unwrap(&self, stanzas: &[Stanza<'_>]) -> Result<Option<FileKey>, OpenError> {
        let of = |tag| stanzas.iter().filter(move |stanza| stanza.tag == tag);
        match &self.0 {
            Secret::Hybrid(secret) => first(of(hybrid::TAG), |stanza| secret.unwrap(stanza)),
            Secret::X25519(secret) => first(of(x25519::TAG), |stanza| secret.unwrap(stanza)),
            #[cfg(feature = "age")]
            Secret::Plugin(plugin) => plugin.unwrap(stanzas),
        }
    }

    /// The 32 octets of an X25519 identity.
    pub(crate) fn x25519_secret(&self) -> Option<&[u8; 32]> {
        match &self.0 {
            Secret::X25519(secret) => Some(secret.as_bytes()),
            Secret::Hybrid(_) => None,
            #[cfg(feature = "age")]
            Secret::Plugin(_) => None,
        }
    }
}

fn first<T>(
    mut stanzas: impl Iterator<Item = T>,
    mut unwrap: impl FnMut(T) -> Result<Option<FileKey>, OpenError>,
) -> Result<Option<FileKey>, OpenError> {
    stanzas
        .find_map(|stanza| unwrap(stanza).transpose())
        .transpose()
}

/// Who one tip is sealed to.
///
/// It comes from [`Card::recipients`](crate::Card::recipients). An observer of the envelope learns only
/// whether there are 1, 2, 3–4 or 5–8 of them.
#[derive(Clone)]
pub struct Recipients {
    full: Vec<Public>,
    short: Option<x25519::Public>,
}

/// One place among the stanzas.
pub(crate) enum Sealing<'r> {
    To(&'r Public),
    Dummy,
}

impl Recipients {
    /// Recipients that no card vouches for. Whoever gave the keys can read what is sealed to them.
    ///
    /// `full` are one to eight different recipients of one type; `short` is the X25519 recipient of the
    /// short form.
    ///
    /// # Errors
    /// [`SealError::BadRecipients`].
    pub fn danger_bare(full: Vec<Recipient>, short: Option<Recipient>) -> Result<Self, SealError> {
        let one_type = full.windows(2).all(|pair| match pair {
            [a, b] => a.is_post_quantum() == b.is_post_quantum(),
            _ => true,
        });
        let mut rest = full.as_slice();
        while let Some((one, others)) = rest.split_first() {
            if others.contains(one) {
                return Err(SealError::BadRecipients);
            }
            rest = others;
        }
        let short = match short.map(|recipient| recipient.0) {
            Some(Public::X25519(public)) => Some(public),
            Some(Public::Hybrid(_)) => return Err(SealError::BadRecipients),
            None => None,
        };
        if !(1..=8).contains(&full.len()) || !one_type {
            return Err(SealError::BadRecipients);
        }
        Ok(Self {
            full: full.into_iter().map(|recipient| recipient.0).collect(),
            short,
        })
    }

    /// The number of stanzas: 1, 2, 4 or 8.
    pub(crate) fn stanzas(&self) -> usize {
        self.full.len().next_power_of_two()
    }

    /// Octets of the header that [`crate::age::begin`] writes, nonce not counted.
    pub(crate) fn header_len(&self) -> usize {
        // Version and MAC lines; per stanza "-> ", tag, space, argument, body and two newlines.
        const FIXED: usize = 22 + 48;
        const HYBRID: usize = 3 + 14 + 1 + 1494 + 1 + 43 + 1;
        const X25519: usize = 3 + 6 + 1 + 43 + 1 + 43 + 1;
        let stanza = match self.full.first() {
            Some(Public::Hybrid(_)) => HYBRID,
            _ => X25519,
        };
        FIXED + self.stanzas() * stanza
    }

    /// The recipients and as many dummies as fill their class, in random order.
    pub(crate) fn shuffled(&self) -> Result<Vec<Sealing<'_>>, SealError> {
        let mut places: Vec<_> = self.full.iter().map(Sealing::To).collect();
        places.resize_with(self.stanzas(), || Sealing::Dummy);
        // Fisher and Yates; of 64 random bits, modulo at most 8, the bias is below 2^-60.
        for i in (1..places.len()).rev() {
            let random = getrandom::u64().map_err(|_| SealError::NoRandomness)?;
            let j = random % (i as u64 + 1);
            places.swap(i, usize::try_from(j).unwrap_or_default());
        }
        Ok(places)
    }

    /// A public key of the recipients' type that nobody holds the secret of.
    pub(crate) fn of_nobody(&self) -> Result<Public, SealError> {
        Ok(match self.full.first() {
            Some(Public::Hybrid(_)) => Public::Hybrid(hybrid::Public::of_nobody()?),
            _ => Public::X25519(x25519::Public::of_nobody()?),
        })
    }

    /// The recipient of the short form.
    pub(crate) fn short(&self) -> Result<&[u8; 32], SealError> {
        let public = self.short.as_ref().ok_or(SealError::NoShortKey)?;
        Ok(public.as_bytes())
    }
}

/// Bech32 (BIP 173) without its limit of 90 characters, as age uses it.
enum LongBech32 {}

impl Checksum for LongBech32 {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = bech32::Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = bech32::Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = bech32::Bech32::TARGET_RESIDUE;
}

/// Longer texts are not even looked at.
const MAX_BECH32: usize = 4096;

fn decode(text: &str) -> Option<(Hrp, Zeroizing<Vec<u8>>)> {
    if text.len() > MAX_BECH32 {
        return None;
    }
    let checked = CheckedHrpstring::new::<LongBech32>(text).ok()?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(checked.byte_iter());
    Some((checked.hrp(), bytes))
}

fn random() -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}
