//! Joins parts again, in whatever order they come, in bounded memory.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::RangeInclusive;

use super::{GROUP_LEN, Part, group_of};
use crate::{Envelope, Sealed};

/// Groups that are open at once.
const MAX_GROUPS: usize = 4096;
/// Octets that wait in all groups together, with [`PIECE_COST`] for each piece.
const MAX_OCTETS: usize = 256 << 20;
/// What a piece costs beside its octets: a sender may make pieces of one octet.
const PIECE_COST: usize = 96;
/// Groups that are remembered after they became whole.
const MAX_WHOLE: usize = 65_536;
/// Differing pieces of one number that are kept in one group. Somebody may send a forged one.
const MAX_RIVALS: usize = 4;

type Key = ([u8; GROUP_LEN], u16);

/// Takes parts in any order, repeated, mixed between envelopes, and gives whole envelopes.
///
/// It holds at most 4,096 open groups and 256 MiB of pieces. When a part more would be too many, the group that
/// has waited longest for a part is forgotten.
pub struct Collector {
    groups: HashMap<Key, Group>,
    /// Who waits how long: the group by the number of its latest part.
    waiting: BTreeMap<u64, Key>,
    whole: HashSet<Key>,
    whole_in_order: VecDeque<Key>,
    pushed: u64,
    octets: usize,
    limits: (usize, usize),
}

/// What came of a part.
#[derive(PartialEq, Eq)]
pub enum Collected {
    /// With this part the envelope is whole.
    Envelope(Envelope),
    /// Other parts of it are missing.
    Waiting,
    /// This part had come before, or its envelope was whole before.
    Repeated,
    /// All parts have come, and together they are not the envelope that their group names, or no envelope at all: some of
    /// them were forged. The group is forgotten.
    Damaged,
}

/// An envelope of which parts are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenGroup {
    /// What names it: random, the same in all of its parts.
    pub group: [u8; GROUP_LEN],
    /// How many parts it has in all.
    pub count: u16,
    /// The numbers of the missing ones, from 1. None is when all have come, and one of them was forged or damaged.
    pub missing: Vec<RangeInclusive<u16>>,
}

#[derive(Default)]
struct Group {
    pieces: BTreeMap<u16, Vec<u8>>,
    rivals: Vec<(u16, Vec<u8>)>,
    octets: usize,
    latest: u64,
}

impl Default for Collector {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector {
    /// An empty collector.
    pub fn new() -> Self {
        Self::with_limits(MAX_GROUPS, MAX_OCTETS)
    }

    /// An empty collector that holds at most so many open groups, and so many octets in them.
    pub fn with_limits(groups: usize, octets: usize) -> Self {
        Self {
            groups: HashMap::new(),
            waiting: BTreeMap::new(),
            whole: HashSet::new(),
            whole_in_order: VecDeque::new(),
            pushed: 0,
            octets: 0,
            limits: (groups, octets),
        }
    }

    /// Takes what came: an envelope comes back as it is, a part waits for the others.
    pub fn take(&mut self, sealed: Sealed) -> Collected {
        match sealed {
            Sealed::Envelope(envelope) => Collected::Envelope(envelope),
            Sealed::Part(part) => self.push(part),
        }
    }

    /// Takes one part.
    pub fn push(&mut self, part: Part) -> Collected {
        let key = (part.group, part.count);
        if self.whole.contains(&key) {
            return Collected::Repeated;
        }
        self.pushed += 1;
        let group = self.groups.entry(key).or_default();
        self.waiting.remove(&group.latest);
        group.latest = self.pushed;
        self.waiting.insert(self.pushed, key);
        let before = group.octets;
        let (number, count) = (part.number, part.count);
        let is_new = group.take(number, part.into_piece());
        self.octets += group.octets - before;
        if is_new && group.pieces.len() == usize::from(count) {
            if let Some(envelope) = group.join(key.0) {
                self.forget(&key);
                self.remember(key);
                return Collected::Envelope(envelope);
            }
            // The true piece may still come, until as many false ones have.
            if group.rivals.len() >= MAX_RIVALS {
                self.forget(&key);
                return Collected::Damaged;
            }
        }
        self.make_room();
        if is_new {
            Collected::Waiting
        } else {
            Collected::Repeated
        }
    }

    /// The envelopes of which parts are missing, the one that has waited longest first.
    pub fn open_groups(&self) -> impl Iterator<Item = OpenGroup> + '_ {
        self.waiting.values().filter_map(|key| {
            let (group, count) = *key;
            let missing = missing(&self.groups.get(key)?.pieces, count);
            Some(OpenGroup {
                group,
                count,
                missing,
            })
        })
    }

    fn make_room(&mut self) {
        let (groups, octets) = self.limits;
        while self.groups.len() > groups || self.octets > octets {
            let Some((_, &oldest)) = self.waiting.first_key_value() else {
                return;
            };
            self.forget(&oldest);
        }
    }

    fn forget(&mut self, key: &Key) {
        if let Some(group) = self.groups.remove(key) {
            self.waiting.remove(&group.latest);
            self.octets -= group.octets;
        }
    }

    fn remember(&mut self, key: Key) {
        self.whole.insert(key);
        self.whole_in_order.push_back(key);
        if self.whole_in_order.len() > MAX_WHOLE
            && let Some(oldest) = self.whole_in_order.pop_front()
        {
            self.whole.remove(&oldest);
        }
    }
}

impl Group {
    /// Keeps a piece; whether it is one that had not come before.
    fn take(&mut self, number: u16, piece: Vec<u8>) -> bool {
        let octets = piece.len() + PIECE_COST;
        match self.pieces.get(&number) {
            None => _ = self.pieces.insert(number, piece),
            Some(known) if *known == piece => return false,
            Some(_) => {
                let is_known = |(at, rival): &(u16, Vec<u8>)| *at == number && *rival == piece;
                if self.rivals.len() >= MAX_RIVALS || self.rivals.iter().any(is_known) {
                    return false;
                }
                self.rivals.push((number, piece));
            }
        }
        self.octets += octets;
        true
    }

    /// The envelope that `group` names, of the pieces and, where they do not fit, of their rivals.
    fn join(&self, group: [u8; GROUP_LEN]) -> Option<Envelope> {
        (0..1_u32 << self.rivals.len()).find_map(|choice| {
            let mut chosen: BTreeMap<u16, &[u8]> = BTreeMap::new();
            chosen.extend(
                self.pieces
                    .iter()
                    .map(|(at, piece)| (*at, piece.as_slice())),
            );
            for (bit, (at, rival)) in self.rivals.iter().enumerate() {
                if choice >> bit & 1 == 1 {
                    chosen.insert(*at, rival);
                }
            }
            let envelope: Vec<u8> = chosen.into_values().flatten().copied().collect();
            (group_of(&envelope) == group).then(|| Envelope::parse(&envelope).ok())?
        })
    }
}

/// The numbers, from 1, that are not among `pieces`, in runs.
fn missing(pieces: &BTreeMap<u16, Vec<u8>>, count: u16) -> Vec<RangeInclusive<u16>> {
    let mut missing = Vec::new();
    let mut next = 0;
    for &number in pieces.keys().chain([&count]) {
        if number > next {
            missing.push(next + 1..=number);
        }
        next = number.saturating_add(1);
    }
    missing
}
