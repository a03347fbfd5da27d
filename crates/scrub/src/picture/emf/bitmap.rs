//! Records that hold bitmaps: the numbers, then head and pixels of each bitmap, without gaps.

use super::{Metafile, Record, set, word};
use crate::Refusal;
use crate::picture::bmp::dib::{Dib, Entries};
use crate::plan::Plan;

/// Where a record says how a bitmap's colours are meant, and where the bitmap is.
struct Place {
    usage: u64,
    /// The first of four numbers: begin and length of the head, begin and length of the pixels.
    numbers: u64,
    /// Where it says how many rows there are, when they need not be all.
    rows: Option<u64>,
}

const fn place(usage: u64, numbers: u64) -> Place {
    Place {
        usage,
        numbers,
        rows: None,
    }
}

/// The octets in front of the bitmaps and where these are told, [MS-EMF] 2.3.1 and 2.3.7.
fn places(kind: u32) -> (u64, &'static [Place]) {
    match kind {
        76 => (100, const { &[place(80, 84)] }),
        78 => (128, const { &[place(80, 84), place(108, 112)] }),
        79 => (140, const { &[place(92, 96), place(120, 124)] }),
        80 => {
            let some = const {
                &[Place {
                    usage: 64,
                    numbers: 48,
                    rows: Some(72),
                }]
            };
            (76, some)
        }
        81 => (80, const { &[place(64, 48)] }),
        93 | 94 => (32, const { &[place(12, 16)] }),
        // Stretched, blended and transparent ones.
        _ => (108, const { &[place(80, 84)] }),
    }
}

impl Metafile {
    pub(super) fn bitmaps(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        if matches!(record.kind, 93 | 94) {
            self.object(record.long(8)?)?;
        }
        let (len, places) = places(record.kind);
        let mut front = record.front(len)?;
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, len)?);
        for place in places {
            bitmap(record, place, &mut front, &mut rest)?;
        }
        self.put(front, rest)
    }

    /// `EMR_EXTCREATEPEN`, [MS-EMF] 2.3.7.9: lengths of dashes stand before the bitmap of its pattern.
    pub(super) fn pen(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        self.object(record.long(8)?)?;
        let style = record.long(36)?;
        let dashes = u64::from(record.long(48)?);
        // Windows knows no more than 16.
        if dashes > 256 {
            return Err(Refusal::Damaged);
        }
        let len = 52 + dashes * 4;
        let mut front = record.front(len)?;
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, len)?);
        // Only hatched pens have a hatch.
        if style != 2 {
            set(&mut front, 44, 0);
        }
        let is_index = style == 5 && record.long(40)? == 1;
        let entries = if is_index {
            Entries::Indices
        } else {
            Entries::Colours
        };
        dib(record, (12, entries, None), &mut front, &mut rest)?;
        self.put(front, rest)
    }
}

fn bitmap(
    record: &Record<'_>,
    place: &Place,
    front: &mut [u8],
    rest: &mut Plan,
) -> Result<(), Refusal> {
    let usage = record.long(place.usage)?;
    let rows = place.rows.map(|rows| record.long(rows)).transpose()?;
    let is_there = record.long(place.numbers + 4)? > 0;
    if !is_there {
        set(front, index(place.usage), 0);
    }
    let entries = if is_there {
        Entries::of(usage)?
    } else {
        Entries::None
    };
    dib(record, (place.numbers, entries, rows), front, rest)
}

/// Writes a bitmap again, and in the front where it is.
fn dib(
    record: &Record<'_>,
    (numbers, entries, rows): (u64, Entries, Option<u32>),
    front: &mut [u8],
    rest: &mut Plan,
) -> Result<(), Refusal> {
    let long = |at: u64| record.long(numbers + at).map(u64::from);
    let (head, pixels) = ((long(0)?, long(4)?), (long(8)?, long(12)?));
    if head.1 == 0 {
        for at in [0, 4, 8, 12] {
            set(front, index(numbers) + at, 0);
        }
        return Ok(());
    }
    let dib = Dib::read(&record.file, record.range(head.0, head.1)?, entries)?;
    let pixels = record.range(pixels.0, pixels.1)?;
    let pixels = dib.pixels(&record.file, &pixels, rows)?;
    let clean = dib.clean(&pixels)?;
    let begin = front.len() as u64 + rest.len();
    let behind = (begin + clean.len() as u64).next_multiple_of(4);
    let told = [begin, clean.len() as u64, behind, pixels.end - pixels.start];
    for (at, number) in told.into_iter().enumerate() {
        set(front, index(numbers) + at * 4, word(number)?);
    }
    dib.write_head(&clean, rest);
    rest.zeros(behind - begin - clean.len() as u64);
    dib.write_pixels(&record.file, &pixels, rest)?;
    // The next bitmap of the record begins at a whole word.
    rest.zeros((4 - rest.len() % 4) % 4);
    Ok(())
}

fn index(at: u64) -> usize {
    usize::try_from(at).unwrap_or(0)
}
