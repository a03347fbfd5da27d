//! Quantisers, codes and the restart interval: written again right before the scan that uses them, so that no table
//! stays that nothing uses.

use std::ops::Range;

use crate::Refusal;
use crate::plan::Plan;

/// Of previews, no more tables than this are looked for.
const MAX_PREVIEW_TABLES: usize = 64;

/// The tables as they are now, and as far as they have been written.
#[derive(Default)]
pub(super) struct Tables {
    quantisers: [Slot; 4],
    /// Four for the first coefficients, four for the others.
    codes: [Slot; 8],
    interval: u16,
    written_interval: u16,
}

#[derive(Default)]
struct Slot {
    /// The segment's content: class, number, values.
    table: Vec<u8>,
    /// The one that was written last, which readers still have.
    written: Vec<u8>,
}

impl Slot {
    fn set(&mut self, table: Vec<u8>) {
        self.table = table;
    }

    fn write(&mut self, marker: u8, plan: &mut Plan) {
        if self.table == self.written {
            return;
        }
        let len = u16::try_from(self.table.len() + 2).unwrap_or(u16::MAX);
        plan.put(&[0xFF, marker]);
        plan.put(&len.to_be_bytes());
        plan.put(&self.table);
        self.written.clone_from(&self.table);
    }
}

impl Tables {
    /// A DQT segment (T.81, B.2.4.1).
    pub(super) fn take_quantisers(&mut self, mut octets: &[u8]) -> Result<(), Refusal> {
        while let Some(&front) = octets.first() {
            let len = match front >> 4 {
                0 => 65,
                1 => 129,
                _ => return Err(Refusal::Damaged),
            };
            let (table, rest) = octets.split_at_checked(len).ok_or(Refusal::Damaged)?;
            let slot = self.quantisers.get_mut(usize::from(front & 15));
            slot.ok_or(Refusal::Damaged)?.set(table.to_vec());
            octets = rest;
        }
        Ok(())
    }

    /// A DHT segment (T.81, B.2.4.2).
    pub(super) fn take_codes(&mut self, mut octets: &[u8]) -> Result<(), Refusal> {
        while let Some(&front) = octets.first() {
            let counts = octets.get(1..17).ok_or(Refusal::Damaged)?;
            let symbols: usize = counts.iter().map(|&count| usize::from(count)).sum();
            if symbols > 256 || front >> 4 > 1 || front & 15 > 3 {
                return Err(Refusal::Damaged);
            }
            let (table, rest) = octets
                .split_at_checked(17 + symbols)
                .ok_or(Refusal::Damaged)?;
            if let Some(slot) = self.codes.get_mut(code_slot(front)) {
                slot.set(table.to_vec());
            }
            octets = rest;
        }
        Ok(())
    }

    /// A DRI segment (T.81, B.2.4.4).
    pub(super) fn take_restart_interval(&mut self, octets: &[u8]) -> Result<(), Refusal> {
        let octets = octets.try_into().map_err(|_| Refusal::Damaged)?;
        self.interval = u16::from_be_bytes(octets);
        Ok(())
    }

    /// The content of a code table of that class and number; empty when there is none.
    pub(super) fn codes(&self, front: u8) -> &[u8] {
        let slot = self.codes.get(code_slot(front));
        slot.map_or(&[], |slot| slot.table.as_slice())
    }

    pub(super) fn interval(&self) -> u16 {
        self.interval
    }

    /// Writes those of these tables that are new.
    pub(super) fn write_quantisers(&mut self, wanted: &[u8], plan: &mut Plan) {
        for (number, slot) in (0..).zip(&mut self.quantisers) {
            if wanted.contains(&number) {
                slot.write(0xDB, plan);
            }
        }
    }

    /// Writes those of these tables that are new.
    pub(super) fn write_codes(&mut self, wanted: &[u8], plan: &mut Plan) {
        for front in [0, 1, 2, 3, 0x10, 0x11, 0x12, 0x13] {
            if let Some(slot) = self.codes.get_mut(code_slot(front))
                && wanted.contains(&front)
            {
                slot.write(0xC4, plan);
            }
        }
    }

    pub(super) fn write_restart_interval(&mut self, plan: &mut Plan) {
        if self.interval != self.written_interval {
            plan.put(&[0xFF, 0xDD, 0, 4]);
            plan.put(&self.interval.to_be_bytes());
            self.written_interval = self.interval;
        }
    }
}

/// Where code tables of small pictures stand within `octets`, which begin at `at`.
///
/// Cameras code a picture and its previews with the same tables, so that those of a preview which goes return in the
/// picture which stays.
pub(super) fn within(octets: &[u8], at: u64) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = octets
        .get(from..)
        .filter(|_| found.len() < MAX_PREVIEW_TABLES)
    {
        let Some(next) = rest.windows(2).position(|pair| pair == [0xFF, 0xC4]) else {
            break;
        };
        from += next + 2;
        let Some((len, content)) = octets.get(from..).and_then(<[u8]>::split_first_chunk) else {
            break;
        };
        let len = usize::from(u16::from_be_bytes(*len));
        let content = len.checked_sub(2).and_then(|len| content.get(..len));
        if content.is_some_and(|content| Tables::default().take_codes(content).is_ok()) {
            let begin = at + from as u64;
            found.push(begin..begin + len as u64);
            from += len;
        }
    }
    found
}

/// Where a code table of that class and number is kept.
fn code_slot(front: u8) -> usize {
    usize::from(front >> 4) * 4 + usize::from(front & 3)
}
