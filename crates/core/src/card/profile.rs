//! What a card tells people about the agency: everything but keys and dates.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

use crate::CardError;
use crate::tip::{is_id, is_language};

/// What the agency writes about itself. It becomes part of a card when [`Card::issue`](super::Card::issue) signs it.
///
/// In JSON the caller groups, topics and channels may be left out. A field that is not known here is refused, because
/// in a file that people edit it is a slip of the pen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The agency's names.
    pub agency: Names,
    /// The departments that take tips. Their ids are unique.
    pub departments: Vec<DepartmentProfile>,
    /// The groups of callers that the agency counts by. Their ids are unique.
    #[serde(default)]
    pub caller_groups: Vec<Topic>,
    /// How to reach the agency.
    #[serde(default)]
    pub channels: Channels,
}

/// One department of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentProfile {
    /// 1 to 32 of the characters a to z, 0 to 9 and `-`.
    pub id: String,
    /// The department's names.
    pub names: Names,
    /// What the department takes tips about. Their ids are unique within the department.
    #[serde(default)]
    pub topics: Vec<Topic>,
}

/// Something with an id to write into a tip and names to show: a topic, or a group of callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
pub struct Topic {
    /// 1 to 32 of the characters a to z, 0 to 9 and `-`.
    pub id: String,
    /// Its names.
    pub names: Names,
}

/// How to reach the agency, for people to read. No entry is empty or holds control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
pub struct Channels {
    /// Telephone numbers.
    #[serde(default)]
    pub phone: Vec<String>,
    /// Numbers and short codes for text messages.
    #[serde(default)]
    pub sms: Vec<String>,
    /// Mail addresses.
    #[serde(default)]
    pub mail: Vec<String>,
    /// Addresses on the web.
    #[serde(default)]
    pub web: Vec<String>,
    /// Addresses of onion services.
    #[serde(default)]
    pub onion: Vec<String>,
}

impl Channels {
    fn all(&self) -> impl Iterator<Item = &String> {
        [&self.phone, &self.sms, &self.mail, &self.web, &self.onion]
            .into_iter()
            .flatten()
    }
}

impl Profile {
    /// Checks what the types alone do not hold: ids, and channels fit to be shown. Names were checked when they were made.
    pub(super) fn check(&self) -> Result<(), CardError> {
        let ids_fit = ids_fit(self.departments.iter().map(|d| &d.id))
            && self
                .departments
                .iter()
                .all(|d| ids_fit(d.topics.iter().map(|t| &t.id)))
            && ids_fit(self.caller_groups.iter().map(|g| &g.id));
        if ids_fit && self.channels.all().all(|c| is_showable(c)) {
            Ok(())
        } else {
            Err(CardError::BadCard)
        }
    }
}

/// Whether the ids are of the right form and each stands only once.
fn ids_fit<'a>(mut ids: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = BTreeSet::new();
    ids.all(|id| is_id(id) && seen.insert(id))
}

/// Names of one thing by language; at least one.
///
/// Each name is one line that can be shown as it is: not blank, without control characters and without the
/// invisible ones that turn the direction of writing, with which one name can be made to look like another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Takes names by BCP 47 language tag.
    ///
    /// # Errors
    /// [`CardError::BadCard`] if there is none, or a tag or name is not of the form that a card allows.
    pub fn new(names: BTreeMap<String, String>) -> Result<Names, CardError> {
        let fit = !names.is_empty()
            && names
                .iter()
                .all(|(tag, name)| is_language(tag) && is_showable(name));
        if fit {
            Ok(Names(names))
        } else {
            Err(CardError::BadCard)
        }
    }

    /// The name that fits the language best.
    ///
    /// In this order: the tag itself, the tag with subtags taken off its end, another variety of the same language,
    /// English, the first.
    pub fn get(&self, language: &str) -> &str {
        let mut tag = language;
        loop {
            if let Some(name) = self.find(|known| known.eq_ignore_ascii_case(tag)) {
                return name;
            }
            let Some((shorter, _)) = tag.rsplit_once('-') else {
                break;
            };
            tag = shorter;
        }
        self.find(|known| primary(known).eq_ignore_ascii_case(tag))
            .or_else(|| self.find(|known| primary(known).eq_ignore_ascii_case("en")))
            .or_else(|| self.find(|_| true))
            .unwrap_or_default()
    }

    /// All language tags and names, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(tag, name)| (tag.as_str(), name.as_str()))
    }

    fn find(&self, fits: impl Fn(&str) -> bool) -> Option<&str> {
        self.iter().find(|(tag, _)| fits(tag)).map(|(_, name)| name)
    }
}

fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(primary, _)| primary)
}

/// Whether the text can stand on a screen as one line and mean what it looks like.
fn is_showable(text: &str) -> bool {
    let breaks_line = |c| matches!(c, '\u{2028}' | '\u{2029}');
    !text.trim().is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() || is_bidi_control(c) || breaks_line(c))
}

/// The characters with the Unicode property `Bidi_Control`.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Names, D::Error> {
        struct ByLanguage;

        impl<'de> Visitor<'de> for ByLanguage {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names by language tag")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = BTreeMap::new();
                while let Some((tag, name)) = map.next_entry::<String, String>()? {
                    // A map read by serde itself would keep the last of two without a word.
                    if names.insert(tag, name).is_some() {
                        return Err(A::Error::custom("two names for one language"));
                    }
                }
                Names::new(names).map_err(A::Error::custom)
            }
        }

        deserializer.deserialize_map(ByLanguage)
    }
}
