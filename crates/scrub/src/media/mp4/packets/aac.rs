//! AAC: what stands in front of the sound in a frame, where encoders sign.

use std::ops::Range;

/// Octets of a frame that are looked at.
pub(super) const FRONT: u64 = 600;

/// Data stream element, fill element (ISO/IEC 14496-3, table 4.85).
const DSE: u32 = 4;
const FIL: u32 = 6;

/// Where the filling in front of a frame carries something, and that range with zeros for it. Nothing when it does not.
pub(super) fn without_filling(frame: &[u8]) -> Option<(Range<usize>, Vec<u8>)> {
    let mut clean = frame.to_vec();
    let mut bits = Bits {
        octets: frame,
        at: 0,
    };
    let mut changed: Option<Range<usize>> = None;
    while let Some(filling) = next_filling(&mut bits) {
        let mut is_plain = true;
        for at in filling.clone() {
            is_plain &= clear(&mut clean, at);
        }
        if !is_plain {
            let range = filling.start / 8..filling.end.div_ceil(8);
            let start = changed.map_or(range.start, |changed| changed.start);
            changed = Some(start..range.end);
        }
    }
    let changed = changed?;
    let written = clean.get(changed.clone())?.to_vec();
    Some((changed, written))
}

/// Clears a bit. Says whether it was clear.
fn clear(octets: &mut [u8], at: usize) -> bool {
    let Some(octet) = octets.get_mut(at / 8) else {
        return true;
    };
    let mask = 0x80 >> (at % 8);
    let was_clear = *octet & mask == 0;
    *octet &= !mask;
    was_clear
}

/// The bits that the next element carries, if it is one that carries no sound; steps over it.
fn next_filling(bits: &mut Bits<'_>) -> Option<Range<usize>> {
    match bits.take(3)? {
        FIL => {
            let count = match bits.take(4)? {
                15 => 14 + bits.take(8)?,
                count => count,
            };
            let start = bits.at;
            let end = start + 8 * count as usize;
            if end > bits.octets.len() * 8 {
                return None;
            }
            let kind = if count > 0 { bits.take(4)? } else { 0 };
            bits.at = start + 4;
            let is_even = (1..count).all(|_| bits.take(8) == Some(0xA5) || kind != 1);
            bits.at = end;
            // Plain filling is of type 1 with 1010 0101 in it; from 11 on it is loudness and the upper half of the sound.
            let is_sound = kind >= 11 || (kind == 1 && is_even);
            Some(if is_sound { end..end } else { start..end })
        }
        DSE => {
            bits.take(4)?;
            let is_aligned = bits.take(1)? == 1;
            let count = match bits.take(8)? {
                255 => 255 + bits.take(8)?,
                count => count,
            };
            if is_aligned {
                bits.at = bits.at.next_multiple_of(8);
            }
            let start = bits.at;
            bits.at += 8 * count as usize;
            (bits.at <= bits.octets.len() * 8).then_some(start..bits.at)
        }
        _ => None,
    }
}

struct Bits<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            let octet = self.octets.get(self.at / 8)?;
            number = number << 1 | u32::from(octet >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(number)
    }
}
