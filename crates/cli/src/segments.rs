//! The concatenated SMS of short tips that wait for the others, from one run to the next: sealed octets and the header that says
//! where they belong, without whom they came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hamsa_channel_sms::{Body, Inbound, Message, from_sms_with};
use hamsa_core::Arrived;

use crate::arrivals::Open;
use crate::envelopes::hex;
use crate::failure::Failure;
use crate::kept::SEGMENT;
use crate::spool::Spool;

/// The one line that all have: whose they are is not known. Reference and total tell series apart.
const LINE: u64 = 0;

/// The messages that wait.
#[derive(Default)]
pub(crate) struct Segments {
    waiting: Vec<Inbound>,
    /// Those that are on the disk, by what is in the file: the header with its length octet, then the octets.
    stored: BTreeMap<Vec<u8>, PathBuf>,
}

impl Segments {
    /// Takes up a file, or removes it when `whole` has its mark. What is none of ours is left alone.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub(crate) fn take_up(
        &mut self,
        path: PathBuf,
        octets: Vec<u8>,
        whole: &BTreeSet<String>,
    ) -> io::Result<()> {
        let header = octets.first().map_or(0, |&length| 1 + usize::from(length));
        if let Some((header, body)) = octets.split_at_checked(header) {
            let message = Message {
                header: Some(header.to_vec()),
                body: Body::Octets(body.to_vec()),
            };
            if mark(&message).is_some_and(|mark| whole.contains(&mark)) {
                return gone(fs::remove_file(path));
            }
            self.waiting.push(Inbound {
                line: LINE,
                message,
            });
            self.stored.insert(octets, path);
        }
        Ok(())
    }

    /// What came of messages together with those that wait, and the marks of those that are none to wait for any more. There
    /// are no marks where something was unreadable: that may be a series which was given up, and its messages may come again.
    pub(crate) fn join(&mut self, messages: Vec<Message>) -> (Arrived, BTreeSet<String>) {
        let before = std::mem::take(&mut self.waiting);
        let known = before.iter().map(|inbound| &inbound.message);
        let mut joined: BTreeSet<String> = known.chain(&messages).filter_map(mark).collect();
        let inbound = messages.into_iter().map(|message| Inbound {
            line: LINE,
            message,
        });
        let (arrived, waiting) = from_sms_with(before, inbound);
        for waits in waiting.iter().filter_map(|inbound| mark(&inbound.message)) {
            joined.remove(&waits);
        }
        self.waiting = waiting;
        if !arrived.unreadable.is_empty() {
            joined.clear();
        }
        (arrived, joined)
    }

    /// Brings those that wait to the disk, and removes the others from it.
    ///
    /// # Errors
    /// A disk that is full or failed.
    pub(crate) fn store(&mut self, folder: &Path, spool: &Spool) -> Result<(), Failure> {
        let mut before = std::mem::take(&mut self.stored);
        for Inbound { message, .. } in &self.waiting {
            let header = message.header.as_deref().unwrap_or_default();
            let Body::Octets(body) = &message.body else {
                continue;
            };
            let octets = [header, body].concat();
            let path = match before.remove(&octets) {
                Some(path) => path,
                None => write(&hex(header), &octets, folder, spool)?,
            };
            self.stored.insert(octets, path);
        }
        for path in before.values() {
            gone(fs::remove_file(path)).map_err(|e| Failure::writing(&e, folder))?;
        }
        Ok(())
    }

    /// Whether nothing waits, and nothing is on the disk.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.stored.is_empty()
    }

    /// The series of which messages are missing.
    pub(crate) fn open(&self) -> Vec<Open> {
        let mut series = BTreeMap::<(&[u8], u8), BTreeMap<u8, usize>>::new();
        for Inbound { message, .. } in &self.waiting {
            let header = message.header.as_deref().unwrap_or_default();
            if let [reference @ .., total, number] = header {
                let numbers = series.entry((reference, *total)).or_default();
                *numbers.entry(*number).or_default() += 1;
            }
        }
        let open = |((_, total), numbers): ((&[u8], u8), BTreeMap<u8, usize>)| {
            // Of two series that share their reference, there are two of each.
            let most = numbers.values().max().copied().unwrap_or(0);
            let is_missing = |number: &u8| numbers.get(number).is_none_or(|&have| have < most);
            let missing = (1..=total).filter(is_missing).map(|n| n.into()..=n.into());
            Open {
                count: total.into(),
                missing: missing.collect(),
            }
        };
        series.into_iter().map(open).collect()
    }
}

/// What tells a concatenated message from all others: its header and its last octets, which are sealed ones.
pub(crate) fn mark(message: &Message) -> Option<String> {
    let header = message
        .header
        .as_deref()
        .filter(|header| header.len() > 1)?;
    let Body::Octets(body) = &message.body else {
        return None;
    };
    let end = body.last_chunk::<8>()?;
    Some(format!("{}-{}", hex(header), hex(end)))
}

/// That another run removed it first is no failure.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes one message under the first name that is free, and gives its path.
fn write(name: &str, octets: &[u8], folder: &Path, spool: &Spool) -> Result<PathBuf, Failure> {
    let mut rival = 1;
    loop {
        let path = folder.join(format!("{name}-{rival}.{SEGMENT}"));
        if spool.write(&path, octets)? {
            return Ok(path);
        }
        rival += 1;
    }
}
