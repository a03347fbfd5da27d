//! Entropy-coded octets: copied up to the next marker.

use crate::Refusal;
use crate::plan::Plan;
use crate::source::Source;

/// More interruptions than this, by fill octets, no encoder makes.
const MAX_CUTS: usize = 1 << 16;

/// Copies a scan that begins at `begin`. Returns where the marker behind it begins.
pub(super) fn copy(
    file: &Source<'_>,
    begin: u64,
    interval: u16,
    plan: &mut Plan,
) -> Result<u64, Refusal> {
    let mut cursor = file.cursor(begin);
    let mut from = begin;
    let mut cuts = 0;
    loop {
        let window = cursor.window()?;
        if window.is_empty() {
            plan.copy(from..file.len());
            return Ok(file.len());
        }
        let Some(before) = window.iter().position(|&octet| octet == 0xFF) else {
            let len = window.len() as u64;
            cursor.skip(len)?;
            continue;
        };
        cursor.skip(before as u64)?;
        let at = cursor.position();
        cursor.skip(1)?;
        let mut code = cursor.octet()?;
        let mut fill = 0;
        while code == Some(0xFF) {
            fill += 1;
            code = cursor.octet()?;
        }
        match code {
            Some(0) if fill == 0 => {}
            Some(0xD0..=0xD7) if interval > 0 => {
                if fill > 0 {
                    plan.copy(from..at);
                    from = at + fill;
                    cuts += 1;
                }
            }
            Some(0 | 0xD0..=0xD7) => return Err(Refusal::Damaged),
            _ => {
                plan.copy(from..at);
                return Ok(at);
            }
        }
        if cuts > MAX_CUTS {
            return Err(Refusal::Damaged);
        }
    }
}
