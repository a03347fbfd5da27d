//! Joins the messages of concatenated series, in bounded memory.

use std::collections::{BTreeMap, HashMap};

use hamsa_core::{Arrived, Unreadable};

use crate::{
    Alphabet, Body, CHARACTERS, Inbound, Message,
    header::{Place, Reference},
};

/// Different messages with one number in one series. More than one come when two series share a reference.
const MAX_RIVALS: usize = 4;
/// Combinations of rivals that are tried.
const MAX_CHOICES: usize = 16;

/// Joins messages, and reads what it joined.
pub(crate) struct Joiner {
    most: usize,
    series: HashMap<Key, Series>,
    /// Who waits how long: the series by the number of its latest message.
    waiting: BTreeMap<u64, Key>,
    taken: u64,
    held: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    line: u64,
    reference: Reference,
    total: u8,
    is_text: bool,
}

#[derive(Default)]
struct Series {
    /// By number, the different messages that had it, in the order in which they came.
    segments: BTreeMap<u8, Vec<Vec<u8>>>,
    held: usize,
    latest: u64,
    /// Whether something came since it was taken up.
    is_new: bool,
}

impl Joiner {
    /// Holds so many messages at once.
    pub(crate) fn of(most: usize) -> Self {
        Self {
            most,
            series: HashMap::new(),
            waiting: BTreeMap::new(),
            taken: 0,
            held: 0,
        }
    }

    /// Keeps a message; reads the series that has waited longest when too many wait.
    pub(crate) fn take(&mut self, line: u64, place: Place, body: Body, arrived: &mut Arrived) {
        let (is_text, fits, segment) = match body {
            Body::Text(text) => (true, text.chars().count() <= CHARACTERS, text.into_bytes()),
            // Some gateways give text as octets, each of one septet.
            Body::Octets(octets) => (false, octets.len() <= CHARACTERS, octets),
        };
        if !fits {
            return arrived.push(Err(Unreadable::TooLong));
        }
        let Place {
            reference, total, ..
        } = place;
        let key = Key {
            line,
            reference,
            total,
            is_text,
        };
        let no_room = |series: &Series| series.has_no_room(place.number, &segment);
        if self.series.get(&key).is_some_and(no_room) {
            self.read(&key, arrived);
        }
        self.taken += 1;
        let series = self.series.entry(key).or_default();
        self.waiting.remove(&series.latest);
        series.latest = self.taken;
        self.waiting.insert(self.taken, key);
        let rivals = series.segments.entry(place.number).or_default();
        if !rivals.contains(&segment) {
            rivals.push(segment);
            series.is_new = true;
            series.held += 1;
            self.held += 1;
        }
        while self.held > self.most
            && let Some((_, &oldest)) = self.waiting.first_key_value()
        {
            self.read(&oldest, arrived);
        }
    }

    /// From here on, messages are new: a series that none of them belongs to was read before, as far as it can be.
    pub(crate) fn all_are_old(&mut self) {
        for series in self.series.values_mut() {
            series.is_new = false;
        }
    }

    /// Reads the series that are whole, and gives the messages of those that are not, the series that has waited longest first.
    ///
    /// Where two series share everything that they are known by, a message of the one may make the other whole. So one is read,
    /// and waits on, until there are equally many messages of each number.
    pub(crate) fn rest(mut self, arrived: &mut Arrived) -> Vec<Inbound> {
        let mut rest = Vec::new();
        for key in std::mem::take(&mut self.waiting).into_values() {
            let Some(series) = self.series.remove(&key) else {
                continue;
            };
            let (fewest, most) = series.rivals(&key);
            // What is whole comes out even if nothing is new: two calls at once may each have kept one half.
            if fewest > 0 && (series.is_new || fewest == most) {
                let mut read = Arrived::default();
                series.read(&key, &mut read);
                if fewest < most {
                    read.unreadable.clear();
                }
                arrived.extend([read]);
            }
            if fewest < most {
                rest.extend(series.into_messages(key));
            }
        }
        rest
    }

    /// Reads everything that waits.
    pub(crate) fn finish(mut self, arrived: &mut Arrived) {
        while let Some((_, &oldest)) = self.waiting.first_key_value() {
            self.read(&oldest, arrived);
        }
    }

    fn read(&mut self, key: &Key, arrived: &mut Arrived) {
        if let Some(series) = self.series.remove(key) {
            self.waiting.remove(&series.latest);
            self.held -= series.held;
            series.read(key, arrived);
        }
    }
}

impl Series {
    /// Whether this message is one too many with its number.
    fn has_no_room(&self, number: u8, segment: &Vec<u8>) -> bool {
        let rivals = self.segments.get(&number);
        rivals.is_some_and(|rivals| rivals.len() >= MAX_RIVALS && !rivals.contains(segment))
    }

    fn read(&self, key: &Key, arrived: &mut Arrived) {
        let rivals = self.segments.values().map(Vec::len);
        let (whole, most) = self.rivals(key);
        for _ in whole..most {
            arrived.push(Err(Unreadable::Damaged));
        }
        if whole == 0 {
            return;
        }
        let all = rivals.fold(1_usize, usize::saturating_mul);
        let mut read = Arrived::default();
        if all <= MAX_CHOICES {
            read.extend((0..all).map(|choice| self.join(choice, key).read()));
        } else {
            read.extend((0..most).map(|turn| self.join_in_turn(turn, key).read()));
        }
        if all > 1 {
            // What did not fit is a mixture, unless fewer fit than there are.
            let unread = whole.saturating_sub(read.sealed.len());
            read.unreadable.truncate(unread);
        }
        arrived.extend([read]);
    }

    /// How many messages there are of one number, at least and at most.
    fn rivals(&self, key: &Key) -> (usize, usize) {
        let rivals = self.segments.values().map(Vec::len);
        let is_whole = self.segments.len() == usize::from(key.total);
        let fewest = rivals.clone().min().filter(|_| is_whole);
        (fewest.unwrap_or(0), rivals.max().unwrap_or(0))
    }

    fn into_messages(self, key: Key) -> impl Iterator<Item = Inbound> {
        let alphabet = key.alphabet();
        let numbered = self.segments.into_iter();
        let each =
            numbered.flat_map(|(number, rivals)| rivals.into_iter().map(move |it| (number, it)));
        each.map(move |(number, segment)| {
            let Key {
                line,
                reference,
                total,
                ..
            } = key;
            let place = Place {
                reference,
                total,
                number,
            };
            let message = Message {
                header: Some(place.to_header()),
                body: Body::new(segment, alphabet),
            };
            Inbound { line, message }
        })
    }

    /// One of the combinations.
    fn join(&self, mut choice: usize, key: &Key) -> Body {
        let segments = self.segments.values().map(|rivals| {
            let at = choice % rivals.len().max(1);
            choice /= rivals.len().max(1);
            rivals.get(at)
        });
        key.body(segments)
    }

    /// The messages that came first in their places, or second, …
    fn join_in_turn(&self, turn: usize, key: &Key) -> Body {
        let rivals = self.segments.values();
        key.body(rivals.map(|rivals| rivals.get(turn).or(rivals.last())))
    }
}

impl Key {
    fn body<'a>(&self, segments: impl Iterator<Item = Option<&'a Vec<u8>>>) -> Body {
        Body::new(
            segments.flatten().flatten().copied().collect(),
            self.alphabet(),
        )
    }

    fn alphabet(&self) -> Alphabet {
        if self.is_text {
            Alphabet::Gsm7
        } else {
            Alphabet::Octets
        }
    }
}
