//! Windows metafiles: the records that draw, each in one form, behind headers that are computed anew.
//!
//! [MS-WMF]. Escape records go: comments, printers' commands, and whole other files that programs hide there.

mod records;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, What};

/// Length in words and function, in front of each record.
const HEAD: u64 = 6;
const PLACEABLE: [u8; 4] = *b"\xD7\xCD\xC6\x9A";

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut plan = Plan::new();
    let mut at = 0;
    if file.array(0)? == PLACEABLE {
        placeable(file, &mut plan)?;
        at = 22;
    }
    let [k1, k2, h1, h2, v1, v2, ..] = file.array::<18>(at)?;
    if !matches!([k1, k2], [1 | 2, 0]) || [h1, h2] != [9, 0] || !matches!([v1, v2], [0, 1 | 3]) {
        return Err(Refusal::Damaged);
    }
    plan.rewritten(at..at + 18);
    at += 18;
    let mut metafile = Metafile {
        body: Plan::new(),
        longest: 3,
        slots: 0,
        free: BTreeSet::new(),
    };
    loop {
        let record = Record::at(file, at)?;
        at += record.len;
        if record.function == 0 {
            break;
        }
        metafile.record(&record, job)?;
    }
    if at < file.len() {
        job.found(What::Unknown, "octets behind the end", "");
    }
    metafile.body.put(&[3, 0, 0, 0, 0, 0]);
    metafile.write(&mut plan)?;
    Ok(plan)
}

/// `META_PLACEABLE`, [MS-WMF] 2.3.2.3: the frame and its unit; the rest is fixed.
fn placeable(file: &Source<'_>, plan: &mut Plan) -> Result<(), Refusal> {
    let mut header = PLACEABLE.to_vec();
    header.extend_from_slice(&[0; 2]);
    header.extend_from_slice(&file.array::<10>(6)?);
    header.extend_from_slice(&[0; 4]);
    let (words, _) = header.as_chunks::<2>();
    let sum = words
        .iter()
        .fold(0, |sum, word| sum ^ u16::from_le_bytes(*word));
    header.extend_from_slice(&sum.to_le_bytes());
    plan.put(&header);
    plan.rewritten(0..22);
    Ok(())
}

/// A record of the source.
struct Record<'a> {
    file: Source<'a>,
    function: u16,
    at: u64,
    len: u64,
}

impl<'a> Record<'a> {
    fn at(file: &Source<'a>, at: u64) -> Result<Self, Refusal> {
        let [l1, l2, l3, l4, f1, f2] = file.array(at)?;
        let len = u64::from(u32::from_le_bytes([l1, l2, l3, l4])) * 2;
        if len < HEAD || at + len > file.len() {
            return Err(Refusal::Damaged);
        }
        Ok(Self {
            file: *file,
            function: u16::from_le_bytes([f1, f2]),
            at,
            len,
        })
    }

    /// The number at `place` of the record.
    fn short(&self, place: u64) -> Result<u16, Refusal> {
        let range = self.range(place, 2)?;
        Ok(u16::from_le_bytes(self.file.array(range.start)?))
    }

    /// Where in the source so many octets of the record are.
    fn range(&self, place: u64, len: u64) -> Result<Range<u64>, Refusal> {
        let end = place.checked_add(len).ok_or(Refusal::Damaged)?;
        if end > self.len {
            return Err(Refusal::Damaged);
        }
        Ok(self.at + place..self.at + end)
    }

    /// Octets of the record's front, in memory.
    fn front(&self, len: u64) -> Result<Vec<u8>, Refusal> {
        Ok(self.file.read(self.range(0, len)?, 1 << 20)?.to_vec())
    }
}

/// The clean records.
struct Metafile {
    body: Plan,
    /// The longest record in words.
    longest: u32,
    /// How many numbers of objects there are, and which of them are free. A new object takes the lowest free one.
    slots: u16,
    free: BTreeSet<u16>,
}

impl Metafile {
    /// Adds a record that consists of the first `len` octets of that of the source.
    fn keep(&mut self, record: &Record<'_>, len: u64) -> Result<(), Refusal> {
        if len == record.len {
            self.body.copy(record.range(0, len)?);
            return self.count(len);
        }
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, HEAD)?);
        let octets = len.checked_sub(HEAD).ok_or(Refusal::Damaged)?;
        rest.copy(record.range(HEAD, octets)?);
        self.put(record.front(HEAD)?, rest)
    }

    /// Adds a record that was made anew: its front, whose length is set, and what follows it.
    fn put(&mut self, mut front: Vec<u8>, rest: Plan) -> Result<(), Refusal> {
        let len = front.len() as u64 + rest.len();
        let whole = len.next_multiple_of(2);
        let words = u32::try_from(whole / 2).map_err(|_| Refusal::TooLarge)?;
        if let Some(told) = front.get_mut(..4) {
            told.copy_from_slice(&words.to_le_bytes());
        }
        self.body.put(&front);
        self.body.append(rest);
        self.body.zeros(whole - len);
        self.count(whole)
    }

    fn count(&mut self, len: u64) -> Result<(), Refusal> {
        let words = u32::try_from(len / 2).map_err(|_| Refusal::TooLarge)?;
        self.longest = self.longest.max(words);
        Ok(())
    }

    /// Takes note of an object that a record creates.
    fn create(&mut self) -> Result<(), Refusal> {
        if self.free.pop_first().is_none() {
            self.slots = self.slots.checked_add(1).ok_or(Refusal::Damaged)?;
        }
        Ok(())
    }

    fn delete(&mut self, number: u16) {
        if number < self.slots {
            self.free.insert(number);
        }
    }

    /// `META_HEADER`, [MS-WMF] 2.3.2.2, and the records.
    fn write(self, plan: &mut Plan) -> Result<(), Refusal> {
        let words = u32::try_from(9 + self.body.len() / 2).map_err(|_| Refusal::TooLarge)?;
        plan.put(&[1, 0, 9, 0, 0, 3]);
        plan.put(&words.to_le_bytes());
        plan.put(&self.slots.to_le_bytes());
        plan.put(&self.longest.to_le_bytes());
        plan.put(&[0; 2]);
        plan.append(self.body);
        Ok(())
    }
}
