//! The tables of a track: each in its one form, and all of them for the same samples.

use super::Fault;
use super::entry::{self, Samples};
use super::fields::{Left, version};

/// What the samples are and where.
pub(super) struct Table<'a> {
    pub(super) entries: Vec<Samples>,
    /// Places of chunks, each of `place_width` octets.
    places: &'a [u8],
    place_width: usize,
    /// First chunk, samples in each, entry.
    rows: &'a [u8],
    /// Size of all, or 0.
    size: u32,
    sizes: &'a [u8],
}

/// A chunk: where it stands, which samples are in it, and which entry describes them.
pub(super) struct Chunk {
    pub(super) at: u64,
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) entry: Samples,
}

pub(super) fn read(mut stbl: Left<'_>, is_picture: bool) -> Result<Table<'_>, Fault> {
    let entries = entry::list(stbl.open(b"stsd")?, is_picture)?;
    let times = runs(stbl.open(b"stts")?, 0)?;
    let offsets = stbl
        .open_if(b"ctts")?
        .map(|ctts| runs(ctts, 1))
        .transpose()?;
    let sync = stbl.open_if(b"stss")?.map(numbers).transpose()?;
    let partial = stbl.open_if(b"stps")?.map(numbers).transpose()?;
    let mut stsc = stbl.open(b"stsc")?;
    version(&mut stsc, 0)?;
    let rows = counted(&mut stsc, 12)?;
    stsc.end()?;
    let mut stsz = stbl.open(b"stsz")?;
    version(&mut stsz, 0)?;
    let size = stsz.u32()?;
    let samples = Left(stsz.0).u32()?;
    let sizes = if size == 0 {
        counted(&mut stsz, 4)?
    } else {
        stsz.take(4)?.get(4..).unwrap_or_default()
    };
    stsz.end()?;
    let (place_width, mut stco) = match stbl.open_if(b"stco")? {
        Some(stco) => (4, stco),
        None => (8, stbl.open(b"co64")?),
    };
    version(&mut stco, 0)?;
    let places = counted(&mut stco, place_width)?;
    stco.end()?;
    stbl.end()?;
    let table = Table {
        entries,
        places,
        place_width,
        rows,
        size,
        sizes,
    };
    let held: usize = table
        .chunks()?
        .map(|chunk| chunk.map_or(0, |chunk| chunk.count))
        .sum();
    let samples = usize::try_from(samples).map_err(|_| Fault("too many samples"))?;
    let agree = held == samples
        && times == samples
        && offsets.is_none_or(|offsets| offsets == samples)
        && sync.is_none_or(|(count, last)| last <= samples && count != samples)
        && partial.is_none_or(|(_, last)| last <= samples);
    if !agree || samples == 0 || table.could_be_one_size() {
        return Err(Fault("tables that are not for the same samples"));
    }
    Ok(table)
}

/// So many rows of `width` octets as the box says.
fn counted<'a>(left: &mut Left<'a>, width: usize) -> Result<&'a [u8], Fault> {
    let count = usize::try_from(left.u32()?).map_err(|_| Fault("too many rows"))?;
    left.take(count.checked_mul(width).ok_or(Fault("too many rows"))?)
}

/// How many samples the runs of `stts` or `ctts` are for.
fn runs(mut left: Left<'_>, most: u64) -> Result<usize, Fault> {
    let is_signed = version(&mut left, most)? == 8;
    let (mut total, mut last, mut negative) = (0_usize, None, false);
    for row in counted(&mut left, 8)?.chunks_exact(8) {
        let mut row = Left(row);
        let (count, value) = (row.u32()?, row.u32()?);
        if count == 0 || (last == Some(value) && total < 1 << 31) {
            return Err(Fault("runs that could be shorter"));
        }
        total = total
            .checked_add(count as usize)
            .ok_or(Fault("too many samples"))?;
        negative |= value.cast_signed() < 0;
        last = Some(value);
    }
    // Only offsets have a sign, and only where one is negative.
    if most == 1 && is_signed != negative {
        return Err(Fault("signs of offsets"));
    }
    left.end()?;
    Ok(total)
}

/// Rising sample numbers: how many, and the last.
fn numbers(mut left: Left<'_>) -> Result<(usize, usize), Fault> {
    version(&mut left, 0)?;
    let (mut count, mut last) = (0, 0);
    for row in counted(&mut left, 4)?.chunks_exact(4) {
        let number = Left(row).u32()? as usize;
        if number <= last {
            return Err(Fault("sample numbers that do not rise"));
        }
        last = number;
        count += 1;
    }
    left.end()?;
    Ok((count, last))
}

impl Table<'_> {
    /// The chunks in order. The rows have to be the shortest that tell of them.
    pub(super) fn chunks(&self) -> Result<impl Iterator<Item = Result<Chunk, Fault>> + '_, Fault> {
        let count = self.places.len() / self.place_width;
        self.check_rows(count)?;
        let mut rows = self.rows.chunks_exact(12).peekable();
        let (mut now, mut first) = ((0, 0), 0);
        let places = self.places.chunks_exact(self.place_width);
        Ok((1..).zip(places).map(move |(number, place)| {
            if rows.peek().is_some_and(|row| Left(row).u32() == Ok(number)) {
                let mut row = Left(rows.next().unwrap_or_default());
                row.u32()?;
                now = (row.u32()? as usize, row.u32()? as usize);
            }
            let entry = now.1.checked_sub(1).and_then(|at| self.entries.get(at));
            let chunk = Chunk {
                at: Left(place).number(self.place_width)?,
                first,
                count: now.0,
                entry: *entry.ok_or(Fault("a chunk of no entry"))?,
            };
            first += now.0;
            Ok(chunk)
        }))
    }

    fn check_rows(&self, chunks: usize) -> Result<(), Fault> {
        let (mut number, mut last) = (0, None);
        let mut used = vec![false; self.entries.len()];
        for row in self.rows.chunks_exact(12) {
            let mut row = Left(row);
            let first = row.u32()? as usize;
            let now = (row.u32()?, row.u32()?);
            let follows = if number == 0 {
                first == 1
            } else {
                first > number
            };
            if !follows || first > chunks || now.0 == 0 || last == Some(now) {
                return Err(Fault("rows of chunks that could be shorter"));
            }
            if let Some(used) = (now.1 as usize)
                .checked_sub(1)
                .and_then(|at| used.get_mut(at))
            {
                *used = true;
            }
            (number, last) = (first, Some(now));
        }
        if used.contains(&false) || (self.rows.is_empty() && chunks > 0) {
            return Err(Fault("a sample entry of no sample"));
        }
        Ok(())
    }

    pub(super) fn size(&self, sample: usize) -> Result<u64, Fault> {
        if self.size != 0 {
            return Ok(u64::from(self.size));
        }
        let from = self
            .sizes
            .get(sample.saturating_mul(4)..)
            .unwrap_or_default();
        Left(from).u32().map(u64::from)
    }

    /// Octets of a chunk.
    pub(super) fn len(&self, chunk: &Chunk) -> Result<u64, Fault> {
        if self.size != 0 {
            return Ok(u64::from(self.size).saturating_mul(chunk.count as u64));
        }
        let start = chunk.first.saturating_mul(4);
        let sizes = self
            .sizes
            .get(start..start.saturating_add(chunk.count.saturating_mul(4)));
        let sizes = sizes.ok_or(Fault("a chunk of more samples than there are"))?;
        sizes
            .chunks_exact(4)
            .map(|size| Left(size).u32().map(u64::from))
            .sum()
    }

    fn could_be_one_size(&self) -> bool {
        let mut sizes = self.sizes.chunks_exact(4);
        let first = sizes.next();
        first.is_some_and(|first| first != [0; 4] && sizes.all(|size| size == first))
    }
}
