//! What channels bring: whole envelopes go into a folder, parts wait in it for the others, from one run to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hamsa_core::{Arrived, Collected, Collector, OpenGroup, Part, Sealed, Unreadable};

use crate::envelopes::hex;
use crate::failure::Failure;
use crate::output;
use crate::spool::{Put, Spool};

/// The folder of the parts, in the folder of the envelopes.
const PARTS: &str = "parts";
/// What the name of a part's file ends with.
const PART: &str = "part";
/// What the name of the file ends with that says that an envelope is whole and its parts are gone.
const WHOLE: &str = "whole";

/// What came of all that was read.
#[derive(Default)]
pub(crate) struct Sum {
    /// The files of envelopes that were not there before.
    pub(crate) new: Vec<PathBuf>,
    /// Envelopes and parts that had come before.
    pub(crate) repeated: u64,
    /// Envelopes of which parts are missing.
    pub(crate) waiting: Vec<OpenGroup>,
    /// How often nothing could be read, by the reason's code.
    pub(crate) unreadable: BTreeMap<String, u64>,
    /// Files that a chat service keeps, where an envelope may be in.
    pub(crate) media: u64,
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
    /// Groups whose envelopes became whole, in this run or before.
    whole: BTreeSet<String>,
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
        let mut parts = Vec::new();
        for entry in names {
            let path = entry.path();
            let kind = path.extension().and_then(|kind| kind.to_str());
            match (kind, path.file_stem().and_then(|name| name.to_str())) {
                (Some(WHOLE), Some(group)) => {
                    self.whole.insert(group.to_owned());
                }
                // What somebody else put there is left alone.
                (Some(PART), _) => {
                    let octets = fs::read(&path).map_err(failed)?;
                    parts.extend(Part::parse(&octets));
                }
                _ => {}
            }
        }
        for part in parts {
            let group = group_of(&part);
            self.stored.insert(group.clone());
            match self.collector.push(part) {
                // A run was killed between the two steps.
                Collected::Envelope(envelope) => self.keep(envelope.as_bytes(), Some(group))?,
                Collected::Damaged => self.forget(&group)?,
                Collected::Waiting | Collected::Repeated => {}
            }
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
                Sealed::Envelope(envelope) => self.keep(envelope.as_bytes(), None)?,
                Sealed::Part(part) => self.take_part(part)?,
            }
        }
        Ok(())
    }

    fn take_part(&mut self, part: Part) -> Result<(), Failure> {
        let group = group_of(&part);
        if self.whole.contains(&group) {
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
        *self.sum.unreadable.entry(code.to_owned()).or_default() += 1;
    }

    /// Counts files that have to be fetched.
    pub(crate) fn media(&mut self, count: usize) {
        self.sum.media += count as u64;
    }

    /// Puts an envelope into the folder, and removes the parts that it came in.
    fn keep(&mut self, envelope: &[u8], group: Option<String>) -> Result<(), Failure> {
        match self.spool.put(envelope)? {
            Put::New(path) => self.sum.new.push(path),
            Put::There => self.sum.repeated += 1,
        }
        if let Some(group) = group {
            // Only now: until the envelope is on the disk, its parts are all there is.
            self.mark_whole(&group)?;
            self.forget(&group)?;
            self.whole.insert(group);
        }
        Ok(())
    }

    /// Says for later runs that parts of this group are none to wait for.
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
                fs::remove_file(&path).map_err(|e| Failure::writing(&e, &self.parts))?;
            }
        }
        Ok(())
    }

    /// Brings the parts that still wait to the disk: whatever they came from may be gone after this.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
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

    /// What came of everything.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn finish(mut self) -> Result<Sum, Failure> {
        self.flush()?;
        self.sum.waiting = self.collector.open_groups().collect();
        Ok(self.sum)
    }
}

/// The name of the group of a part: its first octets behind the version, and how many parts there are (format v1,
/// section 9).
fn group_of(part: &Part) -> String {
    let group = part.as_bytes().get(1..9).unwrap_or_default();
    format!("{}-{:05}", hex(group), part.count())
}
