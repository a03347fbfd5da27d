//! What the operator chooses beside the text: department, topic, language, caller group.

use hamsa_core::{Card, Names, SealError, Tip, Topic};

use crate::words::Words;

/// Languages that callers speak, beside those in which the card has names. Each has a message `language-TAG`.
const LANGUAGES: [&str; 12] = [
    "ar", "en", "ur", "hi", "bn", "fa", "ps", "ml", "fil", "fr", "ru", "zh",
];

/// One of the four things to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Department,
    Topic,
    Language,
    CallerGroup,
}

impl Field {
    pub(crate) const ALL: [Field; 4] = [
        Field::Department,
        Field::Topic,
        Field::Language,
        Field::CallerGroup,
    ];

    /// The message with its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Field::Department => "desk-department",
            Field::Topic => "desk-topic",
            Field::Language => "desk-language",
            Field::CallerGroup => "desk-caller-group",
        }
    }

    /// The function key that chooses it. F1 and F10 belong to some terminals.
    pub(crate) fn function(self) -> u16 {
        match self {
            Field::Department => 2,
            Field::Topic => 3,
            Field::Language => 4,
            Field::CallerGroup => 5,
        }
    }
}

/// What is chosen, as ids of the card and a language tag.
#[derive(Clone, Default)]
struct Chosen {
    department: Option<String>,
    topic: Option<String>,
    language: Option<String>,
    caller_group: Option<String>,
}

/// What can be chosen, what is, and what every tip begins with.
pub(crate) struct Choices<'a> {
    card: &'a Card,
    words: &'a Words,
    chosen: Chosen,
    at_first: Chosen,
}

/// An id, or none, and the name that is shown.
pub(crate) type Offer = (Option<String>, String);

impl<'a> Choices<'a> {
    /// Begins with what the command line says, and with the department of a card that has only one.
    pub(crate) fn new(
        card: &'a Card,
        words: &'a Words,
        department: Option<&str>,
        language: Option<&str>,
    ) -> Self {
        let only = match card.profile().departments.as_slice() {
            [only] => Some(only.id.as_str()),
            _ => None,
        };
        let at_first = Chosen {
            department: department.or(only).map(str::to_owned),
            language: language.map(str::to_owned),
            ..Chosen::default()
        };
        Choices {
            card,
            words,
            chosen: at_first.clone(),
            at_first,
        }
    }

    /// The next tip begins as the first one did: nothing of a caller stays for the next one.
    pub(crate) fn begin_anew(&mut self) {
        self.chosen = self.at_first.clone();
    }

    /// The id of the department.
    pub(crate) fn department(&self) -> Option<&str> {
        self.chosen.department.as_deref()
    }

    /// What is chosen of this.
    pub(crate) fn chosen(&self, field: Field) -> Option<&str> {
        match field {
            Field::Department => self.chosen.department.as_deref(),
            Field::Topic => self.chosen.topic.as_deref(),
            Field::Language => self.chosen.language.as_deref(),
            Field::CallerGroup => self.chosen.caller_group.as_deref(),
        }
    }

    /// The name of what is chosen.
    pub(crate) fn name(&self, field: Field) -> Option<String> {
        let id = self.chosen(field)?;
        let mut offers = self.offers(field).into_iter();
        let offer = offers.find(|(offered, _)| offered.as_deref() == Some(id));
        // A language that the command line named and that is not on the list.
        Some(offer.map_or_else(|| id.to_owned(), |(_, name)| name))
    }

    pub(crate) fn choose(&mut self, field: Field, id: Option<String>) {
        match field {
            Field::Department => {
                if self.chosen.department != id {
                    self.chosen.topic = None;
                }
                self.chosen.department = id;
            }
            Field::Topic => self.chosen.topic = id,
            Field::Language => self.chosen.language = id,
            Field::CallerGroup => self.chosen.caller_group = id,
        }
    }

    /// Whether there is something to choose: more than the one department, or than nothing at all. Topics are those of
    /// the chosen department, or of any of them while none is chosen.
    pub(crate) fn is_open(&self, field: Field) -> bool {
        let departments = &self.card.profile().departments;
        match field {
            Field::Department => departments.len() > 1,
            Field::Topic if self.chosen.department.is_none() => {
                departments.iter().any(|own| !own.topics.is_empty())
            }
            _ => !self.offers(field).is_empty(),
        }
    }

    /// What there is to choose from; empty when the card has none of this.
    pub(crate) fn offers(&self, field: Field) -> Vec<Offer> {
        let profile = self.card.profile();
        let shown = |names: &Names| names.get(self.words.tag()).to_owned();
        let topics = |topics: &[Topic]| -> Vec<Offer> {
            let offers = topics.iter().map(|t| (Some(t.id.clone()), shown(&t.names)));
            offers.collect()
        };
        let mut offers = match field {
            Field::Department => {
                let departments = profile.departments.iter();
                return departments
                    .map(|d| (Some(d.id.clone()), shown(&d.names)))
                    .collect();
            }
            Field::Topic => {
                let mut departments = profile.departments.iter();
                let own = departments.find(|d| Some(d.id.as_str()) == self.department());
                own.map_or_else(Vec::new, |own| topics(&own.topics))
            }
            Field::Language => self.languages(),
            Field::CallerGroup => topics(&profile.caller_groups),
        };
        if !offers.is_empty() {
            offers.insert(0, (None, self.words.plain("desk-none")));
        }
        offers
    }

    fn languages(&self) -> Vec<Offer> {
        let of_card = self.card.profile().agency.iter().map(|(tag, _)| tag);
        let mut tags: Vec<&str> = Vec::new();
        for tag in of_card.chain(LANGUAGES) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let offers = tags.into_iter().map(|tag| {
            let key = format!("language-{tag}");
            let name = if self.words.has(&key) {
                self.words.plain(&key)
            } else {
                tag.to_owned()
            };
            (Some(tag.to_owned()), name)
        });
        offers.collect()
    }

    /// Writes what is chosen into a tip.
    ///
    /// # Errors
    /// A language from the command line that is no tag.
    pub(crate) fn apply<'t>(&self, mut tip: Tip<'t>) -> Result<Tip<'t>, SealError> {
        if let Some(tag) = &self.chosen.language {
            tip = tip.language(tag)?;
        }
        if let Some(id) = &self.chosen.topic {
            tip = tip.category(id)?;
        }
        if let Some(id) = &self.chosen.caller_group {
            tip = tip.caller_group(id)?;
        }
        Ok(tip)
    }
}
