//! Which records stay, and how long each is.

use super::{HEAD, Metafile, Record, set};
use crate::job::Job;
use crate::plan::Plan;
use crate::{Refusal, What};

/// How much of a record stays.
enum Form {
    /// So many octets.
    Fixed(u64),
    /// Points of so many octets behind a count at place 24, and so many octets more for each of them.
    Points(u64, u64),
    /// Several lists of points of so many octets.
    Lists(u64),
    /// A region at the second place, whose length stands at the first.
    Region(u64, u64),
    /// One of the longer kinds.
    Other,
    /// It does not draw.
    Dropped(What, &'static str),
    Refused(&'static str),
}

/// The records of [MS-EMF] 2.1.1.
#[rustfmt::skip]
fn form(kind: u32) -> Form {
    match kind {
        28 | 33 | 52 | 59 | 60 | 61 | 65 | 66 | 68 => Form::Fixed(HEAD),
        16..=22 | 24 | 25 | 34 | 37 | 40 | 48 | 57 | 58 | 67 | 115 => Form::Fixed(12),
        9..=13 | 26 | 27 | 51 | 54 | 120 => Form::Fixed(16),
        15 => Form::Fixed(20),
        29..=32 | 42 | 43 | 53 | 62..=64 => Form::Fixed(24),
        41 => Form::Fixed(28),
        23 | 35 | 44 => Form::Fixed(32),
        36 => Form::Fixed(36),
        45..=47 | 55 => Form::Fixed(40),
        2..=6 => Form::Points(8, 0),
        85..=89 => Form::Points(4, 0),
        56 => Form::Points(8, 1),
        92 => Form::Points(4, 1),
        7 | 8 => Form::Lists(8),
        90 | 91 => Form::Lists(4),
        71 => Form::Region(24, 32),
        72 => Form::Region(24, 40),
        73 | 74 => Form::Region(24, 28),
        75 => Form::Region(8, 16),
        38 | 39 | 49 | 50 | 76..=84 | 93..=95 | 108 | 114 | 116 | 118 => Form::Other,
        // What printers' drivers alone understand.
        105 | 106 | 110 => Form::Dropped(What::Software, "escape record"),
        104 => Form::Dropped(What::Device, "pixel format"),
        // Checksums of the fonts of the maker's system.
        109 | 119 => Form::Dropped(What::Identifier, "checksum of a font"),
        98 | 99 | 100 | 101 | 111 | 112 | 113 | 121 | 122 => Form::Dropped(What::ColourProfile, "colour space"),
        102 | 103 => Form::Refused("OpenGL records in a metafile"),
        96 | 97 => Form::Refused("lists of texts in a metafile"),
        _ => Form::Refused("an unknown record in a metafile"),
    }
}

impl Metafile {
    /// Writes a record again, or leaves it out.
    pub(super) fn record(&mut self, record: &Record<'_>, job: &mut Job) -> Result<(), Refusal> {
        let kept = match form(record.kind) {
            Form::Fixed(len) => len,
            Form::Points(point, more) => 28 + u64::from(record.long(24)?) * (point + more),
            Form::Lists(point) => lists(record, point)?,
            Form::Region(len, at) => return self.region(record, len, at),
            Form::Other => return self.other(record),
            Form::Dropped(what, place) => {
                job.found(what, place, "");
                return Ok(());
            }
            Form::Refused(why) => return Err(Refusal::Unsupported(why)),
        };
        self.keep(record, kept)
    }

    fn other(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        match record.kind {
            38 => self.simple(record, 28, 20),
            39 => self.brush(record),
            49 => self.palette(record, 16, 12),
            50 => self.palette(record, 20, 16),
            82 => self.font(record),
            83 | 84 => self.text(record),
            108 => self.small_text(record),
            95 => self.pen(record),
            118 => self.gradient(record),
            _ => self.bitmaps(record),
        }
    }

    /// An object of `len` octets, of which the four at `spare` have no meaning.
    fn simple(&mut self, record: &Record<'_>, len: u64, spare: usize) -> Result<(), Refusal> {
        self.object(record.long(8)?)?;
        let mut front = record.front(len)?;
        set(&mut front, spare, 0);
        self.body.rewritten(record.range(0, len)?);
        self.put(front, Plan::new())
    }

    /// Only hatched brushes have a hatch.
    fn brush(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        if record.long(12)? != 2 {
            return self.simple(record, 24, 20);
        }
        self.object(record.long(8)?)?;
        self.keep(record, 24)
    }

    /// Entries of a palette begin at `begin`; their number stands in front of them, in 16 bits when a version does so
    /// too. The fourth octet of an entry has no meaning.
    fn palette(&mut self, record: &Record<'_>, begin: u64, count: u64) -> Result<(), Refusal> {
        let mut number = u64::from(record.long(count)?);
        if record.kind == 49 {
            self.object(record.long(8)?)?;
            number >>= 16;
        }
        if number > 1 << 16 {
            return Err(Refusal::Damaged);
        }
        let len = begin + number * 4;
        let mut octets = record.file.read(record.range(0, len)?, 1 << 20)?.to_vec();
        let (entries, _) = octets
            .get_mut(usize::try_from(begin).unwrap_or(0)..)
            .unwrap_or_default()
            .as_chunks_mut::<4>();
        for entry in entries {
            entry[3] = 0;
        }
        self.body.rewritten(record.range(0, len)?);
        self.put(octets, Plan::new())
    }

    /// `RegionData`, [MS-EMF] 2.2.24: rectangles behind a header that counts them.
    fn region(&mut self, record: &Record<'_>, told: u64, at: u64) -> Result<(), Refusal> {
        let len = u64::from(record.long(told)?);
        if len == 0 {
            return self.keep(record, at);
        }
        let (size, kind) = (record.long(at)?, record.long(at + 4)?);
        let count = record.long(at + 8)?;
        let octets = 32 + u64::from(count) * 16;
        if (size, kind) != (32, 1) || octets > len {
            return Err(Refusal::Damaged);
        }
        let mut front = record.front(at + 32)?;
        let place = |at: u64| usize::try_from(at).unwrap_or(0);
        set(&mut front, place(told), super::word(octets)?);
        set(&mut front, place(at + 12), super::word(octets - 32)?);
        self.body.rewritten(record.range(0, at + 32)?);
        let mut rectangles = Plan::new();
        rectangles.copy(record.range(at + 32, octets - 32)?);
        self.put(front, rectangles)
    }

    /// `EMR_GRADIENTFILL`, [MS-EMF] 2.3.5.12. Behind rectangles stand four octets for each that nobody reads.
    fn gradient(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
        let (vertices, shapes) = (record.long(24)?, record.long(28)?);
        let begin = 36 + u64::from(vertices) * 16;
        let (shape, spare) = match record.long(32)? {
            0 | 1 => (8, 4),
            2 => (12, 0),
            _ => return Err(Refusal::Damaged),
        };
        let len = u64::from(shapes) * shape;
        let front = record.front(HEAD)?;
        let mut rest = Plan::new();
        rest.rewritten(record.range(0, HEAD)?);
        rest.copy(record.range(HEAD, begin - HEAD)?);
        rest.copy(record.range(begin, len)?);
        rest.zeros(u64::from(shapes) * spare);
        self.put(front, rest)
    }
}

/// The length of a record with several lists of points, whose sum has to be as it says.
fn lists(record: &Record<'_>, point: u64) -> Result<u64, Refusal> {
    let (lists, points) = (u64::from(record.long(24)?), record.long(28)?);
    let counts = record.range(32, lists * 4)?;
    let mut cursor = record.file.cursor(counts.start);
    let mut sum = 0_u64;
    for _ in 0..lists {
        sum += u64::from(u32::from_le_bytes(cursor.array()?));
    }
    if sum != u64::from(points) {
        return Err(Refusal::Damaged);
    }
    Ok(32 + lists * 4 + sum * point)
}
