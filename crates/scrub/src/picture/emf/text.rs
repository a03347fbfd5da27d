//! Texts and fonts.

use super::{HEAD, Metafile, Record, set, word};
use crate::Refusal;
use crate::plan::Plan;

/// Octets of `LogFont` and where its name is in a record, [MS-EMF] 2.2.13.
const FONT: u64 = 104;
const NAME: usize = 40;
/// The record with the further names and figures that programs write and none is to look at.
const WHOLE_FONT: usize = 332;
/// `ETO_PDY`: each letter has two distances.
const TWO_DISTANCES: u32 = 0x2000;
/// `ETO_NO_RECT` and `ETO_SMALL_CHARS`.
const NO_BOUNDS: u32 = 0x100;
const OCTETS: u32 = 0x200;

impl Metafile {
    /// `EMR_EXTCREATEFONTINDIRECTW`, [MS-EMF] 2.3.7.8: behind the name in `LogFont` everything is zero.
    pub(super) fn font(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.object(record.long(8)?)?;
        let mut front = record.front(FONT)?;
        let name = front.get_mut(NAME..).unwrap_or_default();
        let (letters, _) = name.as_chunks_mut::<2>();
        let mut is_over = false;
        for letter in letters {
            is_over |= *letter == [0, 0];
            if is_over {
                *letter = [0, 0];
            }
        }
        front.resize(WHOLE_FONT, 0);
        // What stood behind the name is mostly the end of another font's name.
        self.body.rewritten(record.range(0, record.len)?);
        self.put(front, Plan::new())
    }

    /// `EMR_EXTTEXTOUTA` and `W`, [MS-EMF] 2.3.5.7 and 2.2.5: the text and its distances stand behind the numbers.
    pub(super) fn text(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let mut front = record.front(76)?;
        let letters = u64::from(record.long(44)?);
        let (at, options) = (u64::from(record.long(48)?), record.long(52)?);
        let distances = u64::from(record.long(72)?);
        let len = if record.kind == 84 {
            letters * 2
        } else {
            letters
        };
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, 76)?);
        set(&mut front, 48, 76);
        set(&mut front, 72, 0);
        if letters > 0 {
            rest.copy(record.range(at, len)?);
            rest.zeros(len.next_multiple_of(4) - len);
        }
        if letters > 0 && distances > 0 {
            set(&mut front, 72, word(76 + len.next_multiple_of(4))?);
            let each = if options & TWO_DISTANCES == 0 { 4 } else { 8 };
            rest.copy(record.range(distances, letters * each)?);
        }
        self.put(front, rest)
    }

    /// `EMR_SMALLTEXTOUT`, [MS-EMF] 2.3.5.37.
    pub(super) fn small_text(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let (letters, options) = (u64::from(record.long(16)?), record.long(20)?);
        let letter = if options & OCTETS == 0 { 2 } else { 1 };
        let bounds = if options & NO_BOUNDS == 0 { 16 } else { 0 };
        self.keep(record, 28 + HEAD + bounds + letters * letter)
    }
}
