//! Joins the messages of concatenated series, in bounded memory.

use std::collections::{BTreeMap, HashMap};

use hamsa_core::{Arrived, Unreadable};

use crate::{
    Alphabet, Body, CHARACTERS,
    header::{Place, Reference},
};

/// Messages that wait at once, in all series: 257 series of the longest kind.
const MAX_WAITING: usize = 65_536;
/// Different messages with one number in one series. More than one come when two series share a reference.
const MAX_RIVALS: usize = 4;
/// Combinations of rivals that are tried.
const MAX_CHOICES: usize = 16;

/// Joins messages, and reads what it joined.
#[derive(Default)]
pub(crate) struct Joiner {
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
}

impl Joiner {
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
            series.held += 1;
            self.held += 1;
        }
        while self.held > MAX_WAITING
            && let Some((_, &oldest)) = self.waiting.first_key_value()
        {
            self.read(&oldest, arrived);
        }
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
        let most = rivals.clone().max().unwrap_or(0);
        let is_whole = self.segments.len() == usize::from(key.total);
        let whole = rivals.clone().min().filter(|_| is_whole).unwrap_or(0);
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
        let alphabet = if self.is_text {
            Alphabet::Gsm7
        } else {
            Alphabet::Octets
        };
        Body::new(segments.flatten().flatten().copied().collect(), alphabet)
    }
}
