//! What channels bring: whole envelopes go into a folder, parts wait in it for the others, from one run to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use hamsa_channel_chat::MediaReference;
use hamsa_channel_sms::Message;
use hamsa_core::{Arrived, Collected, Collector, Envelope, Part, Sealed, Unreadable, cut, inspect};

use crate::envelopes::hex;
use crate::failure::Failure;
use crate::kept::{PART, PARTS, SEGMENT, WHOLE};
use crate::segments::{self, Segments};
use crate::spool::{Put, Spool};
use crate::{leftovers, output};

/// What came of all that was read.
#[derive(Default)]
pub(crate) struct Sum {
    /// The files of envelopes that were not there before.
    pub(crate) new: Vec<PathBuf>,
    /// Envelopes and parts that had come before.
    pub(crate) repeated: u64,
    /// Envelopes of which parts are missing.
    pub(crate) waiting: Vec<Open>,
    /// How often nothing could be read, by the input as it was named and the reason's code.
    pub(crate) unreadable: BTreeMap<(PathBuf, String), u64>,
    /// What fits better than the reason's advice, for an input as it was named: a message's key.
    pub(crate) hints: BTreeMap<PathBuf, &'static str>,
    /// Files that a chat service keeps, where an envelope may be in.
    pub(crate) media: Vec<MediaReference>,
}

/// An envelope of which parts are missing.
pub(crate) struct Open {
    /// How many there are in all.
    pub(crate) count: u16,
    /// The numbers of the missing ones, from 1.
    pub(crate) missing: Vec<RangeInclusive<u16>>,
}

/// A folder that envelopes and parts come into.
pub(crate) struct Arrivals {
    spool: Spool,
    parts: PathBuf,
    collector: Collector,
    /// Parts that are in memory only, by the name of their group.
    fresh: BTreeMap<String, Vec<Part>>,
    /// Groups of which there are parts on the disk.
    stored: BTreeSet<String>,
    /// Groups whose envelopes became whole, in this run or before, and SMS that were joined.
    whole: BTreeSet<String>,
    segments: Segments,
    /// The input that is being read, as it was named.
    input: PathBuf,
    sum: Sum,
}

impl Arrivals {
    /// Opens `dir`, or makes it, and takes up the parts that wait in it.
    ///
    /// # Errors
    /// A folder that cannot be made, read or written.
    pub(crate) fn at(dir: &Path) -> Result<Self, Failure> {
        let spool = Spool::at(dir)?;
        let mut arrivals = Arrivals {
            spool,
            parts: dir.join(PARTS),
            collector: Collector::new(),
            fresh: BTreeMap::new(),
            stored: BTreeSet::new(),
            whole: BTreeSet::new(),
            segments: Segments::default(),
            input: PathBuf::new(),
            sum: Sum::default(),
        };
        arrivals.take_up()?;
        Ok(arrivals)
    }

    /// Reads the parts that are on the disk.
    fn take_up(&mut self) -> Result<(), Failure> {
        let failed = |e: io::Error| Failure::reading(&e, &self.parts);
        let mut names = match fs::read_dir(&self.parts) {
            Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(failed)?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(failed(e)),
        };
        names.sort_by_key(fs::DirEntry::file_name);
        let (mut parts, mut segments) = (Vec::new(), Vec::new());
        for entry in names {
            let path = entry.path();
            let kind = path.extension().and_then(|kind| kind.to_str());
            match (kind, path.file_stem().and_then(|name| name.to_str())) {
                (Some(WHOLE), Some(group)) => {
                    self.whole.insert(group.to_owned());
                }
                (Some(SEGMENT | PART), _) => match fs::read(&path) {
                    Ok(octets) if kind == Some(SEGMENT) => segments.push((path, octets)),
                    // What somebody else put there is left alone.
                    Ok(octets) => parts.extend(Part::parse(&octets)),
                    // Another run joined it.
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    Err(e) => return Err(failed(e)),
                },
                _ => {}
            }
        }
        for (path, octets) in segments {
            let known = self.segments.take_up(path, octets, &self.whole);
            known.map_err(failed)?;
        }
        for part in parts {
            let group = group_of(&part);
            self.stored.insert(group.clone());
            if self.is_whole(&group) {
                self.forget(&group)?;
                continue;
            }
            match self.collector.push(part) {
                // A run was killed between the two steps.
                Collected::Envelope(envelope) => self.keep(envelope.as_bytes(), Some(group))?,
                Collected::Damaged => self.forget(&group)?,
                Collected::Waiting | Collected::Repeated => {}
            }
        }
        Ok(())
    }

    /// Names the input that is read next, as the person named it.
    pub(crate) fn begin(&mut self, input: &Path) {
        input.clone_into(&mut self.input);
    }

    /// Takes SMS of which some may be concatenated, and joins them with those that wait.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn take_sms(&mut self, mut messages: Vec<Message>) -> Result<(), Failure> {
        let count = messages.len();
        let is_known =
            |message: &Message| segments::mark(message).is_some_and(|it| self.whole.contains(&it));
        messages.retain(|message| !is_known(message));
        self.sum.repeated += (count - messages.len()) as u64;
        let (arrived, joined) = self.segments.join(messages);
        self.take(arrived)?;
        for mark in joined {
            self.mark_whole(&mark)?;
            self.whole.insert(mark);
        }
        Ok(())
    }

    /// Takes what came of one or several messages.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn take(&mut self, arrived: Arrived) -> Result<(), Failure> {
        for why in arrived.unreadable {
            self.unreadable(why.code());
        }
        for sealed in arrived.sealed {
            match sealed {
                Sealed::Envelope(envelope) => {
                    self.keep(envelope.as_bytes(), None)?;
                    self.end_waiting(&envelope)?;
                }
                Sealed::Part(part) => self.take_part(part)?,
            }
        }
        Ok(())
    }

    /// Forgets the parts of an envelope that came whole while they waited.
    fn end_waiting(&mut self, envelope: &Envelope) -> Result<(), Failure> {
        let waiting = self.stored.iter().chain(self.fresh.keys());
        let waiting: BTreeSet<String> = waiting.cloned().collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let parts = cut(envelope, usize::MAX)?;
        let own = parts.first().map(group_of).unwrap_or_default();
        for group in waiting {
            if hash_in(&group) == hash_in(&own) {
                self.mark_whole(&group)?;
                self.forget(&group)?;
                self.whole.insert(group);
            }
        }
        Ok(())
    }

    /// Whether an envelope is whole that parts of this group are of, however many they are: the group is its hash.
    fn is_whole(&self, group: &str) -> bool {
        let hash = hash_in(group);
        let mut with_hash = self.whole.range(hash.to_owned()..);
        with_hash.next().is_some_and(|whole| hash_in(whole) == hash)
    }

    fn take_part(&mut self, part: Part) -> Result<(), Failure> {
        let group = group_of(&part);
        if self.is_whole(&group) {
            self.sum.repeated += 1;
            return Ok(());
        }
        match self.collector.push(part.clone()) {
            Collected::Envelope(envelope) => self.keep(envelope.as_bytes(), Some(group))?,
            Collected::Waiting => self.fresh.entry(group).or_default().push(part),
            Collected::Repeated => self.sum.repeated += 1,
            Collected::Damaged => {
                self.unreadable(Unreadable::Damaged.code());
                self.forget(&group)?;
            }
        }
        Ok(())
    }

    /// Counts something of which nothing could be read.
    pub(crate) fn unreadable(&mut self, code: &str) {
        let key = (self.input.clone(), code.to_owned());
        *self.sum.unreadable.entry(key).or_default() += 1;
    }

    /// Says what may help with the input that is being read.
    pub(crate) fn hint(&mut self, key: &'static str) {
        self.sum.hints.insert(self.input.clone(), key);
    }

    /// Takes what names files that have to be fetched.
    pub(crate) fn media(&mut self, media: Vec<MediaReference>) {
        self.sum.media.extend(media);
    }

    /// Puts an envelope into the folder, and removes the parts that it came in.
    fn keep(&mut self, envelope: &[u8], group: Option<String>) -> Result<(), Failure> {
        if is_cut(envelope) {
            self.unreadable(Unreadable::Damaged.code());
        } else {
            match self.spool.put(envelope)? {
                Put::New(path) => self.sum.new.push(path),
                Put::There => self.sum.repeated += 1,
            }
        }
        if let Some(group) = group {
            // Only now: until the envelope is on the disk, its parts are all there is.
            self.mark_whole(&group)?;
            self.forget(&group)?;
            self.whole.insert(group);
        }
        Ok(())
    }

    /// Says for later runs that parts of this group, or this SMS, are none to wait for.
    fn mark_whole(&self, group: &str) -> Result<(), Failure> {
        self.make_folder()?;
        let mark = self.parts.join(format!("{group}.{WHOLE}"));
        self.spool.write(&mark, b"").map(drop)
    }

    /// Removes the parts of a group.
    fn forget(&mut self, group: &str) -> Result<(), Failure> {
        self.fresh.remove(group);
        if !self.stored.remove(group) {
            return Ok(());
        }
        let failed = |e: io::Error| Failure::reading(&e, &self.parts);
        for entry in fs::read_dir(&self.parts).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let is_part = path.extension().is_some_and(|kind| kind == PART);
            if is_part && name.is_some_and(|name| name.starts_with(group)) {
                match fs::remove_file(&path) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => {
                        return Err(Failure::writing(&e, &self.parts));
                    }
                    _ => {}
                }
            }
        }
        self.hide_time();
        Ok(())
    }

    /// Otherwise the folder would tell when the last file was removed. Not every system can.
    fn hide_time(&self) {
        if let Ok(folder) = File::open(&self.parts) {
            let _ = output::set_constant_time(&folder);
        }
    }

    /// Brings the parts that still wait to the disk: whatever they came from may be gone after this.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if !self.segments.is_empty() {
            self.make_folder()?;
            self.segments.store(&self.parts, &self.spool)?;
            self.hide_time();
        }
        if self.fresh.is_empty() {
            return Ok(());
        }
        self.make_folder()?;
        for (group, parts) in std::mem::take(&mut self.fresh) {
            self.stored.insert(group.clone());
            for part in parts {
                let number = part.number();
                // Somebody may have sent a forged one of the same number.
                for rival in 1..=u8::MAX {
                    let rival = if rival == 1 {
                        String::new()
                    } else {
                        format!("-{rival}")
                    };
                    let name = format!("{group}-{number:05}{rival}.{PART}");
                    if self.spool.write(&self.parts.join(name), part.as_bytes())? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn make_folder(&self) -> Result<(), Failure> {
        match output::create_folder(&self.parts) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => {
                Err(Failure::writing(&e, &self.parts))
            }
            _ => Ok(()),
        }
    }

    /// Joins what other runs have kept in the meantime: of those that end at once, the last one sees all parts.
    fn meet_others(&mut self) -> Result<(), Failure> {
        let _alone = match leftovers::lock(&self.parts) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            locked => locked.map_err(|e| Failure::reading(&e, &self.parts))?,
        };
        self.collector = Collector::new();
        self.segments = Segments::default();
        self.stored.clear();
        self.whole.clear();
        self.take_up()?;
        self.take_sms(Vec::new())?;
        self.flush()
    }

    /// What came of everything.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn finish(mut self) -> Result<Sum, Failure> {
        self.flush()?;
        self.meet_others()?;
        let groups = self.collector.open_groups().map(|group| Open {
            count: group.count,
            missing: group.missing,
        });
        self.sum.waiting = groups.chain(self.segments.open()).collect();
        Ok(self.sum)
    }
}

/// The name of the group of a part: its first octets behind the version, and how many parts there are (format v1,
/// section 9).
fn group_of(part: &Part) -> String {
    let group = part.as_bytes().get(1..9).unwrap_or_default();
    format!("{}-{:05}", hex(group), part.count())
}

/// The hash of the envelope in the name of a group.
fn hash_in(group: &str) -> &str {
    group.split_once('-').map_or(group, |(hash, _)| hash)
}

/// Whether octets that begin like an envelope have a length that none has: cut, or with more behind them.
pub(crate) fn is_cut(envelope: &[u8]) -> bool {
    inspect(envelope).is_ok_and(|about| about.class.is_none())
}
