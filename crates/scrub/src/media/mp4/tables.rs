//! Sample tables: when each sample is shown, how long it is, and where it stands.
//!
//! Held as runs and plain numbers: an hour of video has some 400,000 samples.

use crate::Refusal;

use super::boxes::Fields;

/// Samples that stand side by side in the file.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) at: u64,
    pub(super) first: u32,
    pub(super) count: u32,
    /// Which sample entry describes them, from 0.
    pub(super) entry: u32,
}

/// More samples than this of one size, with each looked at, are in no honest file: each takes up octets of it.
const MOST_SPREAD: u32 = 1 << 22;

/// Octets of each sample.
pub(super) enum Sizes {
    All(u32),
    Each(Vec<u32>),
}

impl Sizes {
    pub(super) fn of(&self, sample: u32) -> Result<u32, Refusal> {
        match self {
            Self::All(size) => Ok(*size),
            Self::Each(sizes) => {
                let size = sizes.get(sample as usize);
                size.copied().ok_or(Refusal::Damaged)
            }
        }
    }

    /// Octets of `count` samples.
    pub(super) fn sum(&self, first: u32, count: u32) -> Result<u64, Refusal> {
        match self {
            Self::All(size) => Ok(u64::from(*size) * u64::from(count)),
            Self::Each(sizes) => {
                let sizes = sizes.get(first as usize..).unwrap_or_default();
                let sizes = sizes.get(..count as usize).ok_or(Refusal::Damaged)?;
                Ok(sizes.iter().map(|&size| u64::from(size)).sum())
            }
        }
    }

    /// Gives a sample another size.
    pub(super) fn set(&mut self, sample: u32, size: u32) -> Result<(), Refusal> {
        match self {
            Self::All(_) => Err(Refusal::Damaged),
            Self::Each(sizes) => {
                let place = sizes.get_mut(sample as usize).ok_or(Refusal::Damaged)?;
                *place = size;
                Ok(())
            }
        }
    }

    /// One number for each of `samples` samples.
    pub(super) fn spread(self, samples: u32) -> Result<Self, Refusal> {
        match self {
            Self::All(_) if samples > MOST_SPREAD => Err(Refusal::TooLarge),
            Self::All(size) => Ok(Self::Each(vec![size; samples as usize])),
            each @ Self::Each(_) => Ok(each),
        }
    }

    /// As one number when all are equal.
    pub(super) fn settle(self) -> Self {
        match self {
            Self::Each(sizes) => match sizes.split_first() {
                Some((&first, rest)) if first != 0 && rest.iter().all(|&size| size == first) => {
                    Self::All(first)
                }
                _ => Self::Each(sizes),
            },
            all @ Self::All(_) => all,
        }
    }
}

/// `stsz`: the size and the count.
pub(super) fn sizes(body: &[u8]) -> Result<(Sizes, u32), Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let (size, count) = (fields.u32()?, fields.u32()?);
    if size != 0 {
        return Ok((Sizes::All(size), count));
    }
    let sizes: Vec<u32> = numbers(fields.0, count)?;
    Ok((Sizes::Each(sizes), count))
}

/// `stz2`: sizes of 4, 8 or 16 bits.
pub(super) fn compact_sizes(body: &[u8]) -> Result<(Sizes, u32), Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let [_, _, _, bits] = fields.array()?;
    let count = fields.u32()?;
    let samples = usize::try_from(count).map_err(|_| Refusal::Damaged)?;
    let octets = match bits {
        4 => samples.div_ceil(2),
        8 => samples,
        16 => samples.checked_mul(2).ok_or(Refusal::Damaged)?,
        _ => return Err(Refusal::Damaged),
    };
    let octets = fields.take(octets)?;
    let sizes = match bits {
        4 => octets
            .iter()
            .flat_map(|octet| [u32::from(octet >> 4), u32::from(octet & 15)])
            .take(samples)
            .collect(),
        8 => octets.iter().map(|&octet| u32::from(octet)).collect(),
        _ => octets
            .chunks_exact(2)
            .filter_map(|pair| Some(u32::from(u16::from_be_bytes(pair.try_into().ok()?))))
            .collect(),
    };
    Ok((Sizes::Each(sizes), count))
}

/// `count` numbers of four octets.
fn numbers(octets: &[u8], count: u32) -> Result<Vec<u32>, Refusal> {
    let len = (count as usize).checked_mul(4).ok_or(Refusal::Damaged)?;
    let octets = octets.get(..len).ok_or(Refusal::Damaged)?;
    let four = octets.chunks_exact(4);
    Ok(four
        .filter_map(|four| Some(u32::from_be_bytes(four.try_into().ok()?)))
        .collect())
}

/// `stss`, `stps`: sample numbers in rising order.
pub(super) fn sync(body: &[u8], samples: u32) -> Result<Vec<u32>, Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let count = fields.u32()?;
    let mut listed = numbers(fields.0, count)?;
    listed.sort_unstable();
    listed.dedup();
    listed.retain(|&sample| sample > 0 && sample <= samples);
    Ok(listed)
}

/// Runs of equal numbers: how many samples, and what holds for each.
pub(super) struct Runs(pub(super) Vec<(u32, u32)>);

impl Runs {
    /// `stts`, `ctts`.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let mut fields = Fields(body);
        fields.full()?;
        let count = fields.u32()?;
        let len = (count as usize).checked_mul(8).ok_or(Refusal::Damaged)?;
        let mut runs = Self(Vec::new());
        for pair in fields.take(len)?.chunks_exact(8) {
            let mut pair = Fields(pair);
            runs.push(pair.u32()?, pair.u32()?);
        }
        Ok(runs)
    }

    pub(super) fn push(&mut self, count: u32, value: u32) {
        match self.0.last_mut() {
            Some(last) if last.1 == value && last.0.checked_add(count).is_some() => last.0 += count,
            _ if count > 0 => self.0.push((count, value)),
            _ => {}
        }
    }

    /// Makes them hold for exactly `samples` samples: the last one goes on, or `rest` does.
    pub(super) fn settle(&mut self, samples: u32, rest: Option<u32>) {
        let mut left = samples;
        self.0.retain_mut(|run| {
            run.0 = run.0.min(left);
            left -= run.0;
            run.0 > 0
        });
        let last = self.0.last().map_or(0, |run| run.1);
        self.push(left, rest.unwrap_or(last));
    }

    /// The sum over all samples.
    pub(super) fn total(&self) -> u64 {
        let each = |&(count, value): &(u32, u32)| u64::from(count) * u64::from(value);
        self.0.iter().map(each).fold(0, u64::saturating_add)
    }

    /// Adds to what holds for the last sample.
    pub(super) fn stretch_last(&mut self, more: u32) {
        let Some(last) = self.0.last_mut() else {
            return;
        };
        let longer = last.1.saturating_add(more);
        last.0 -= 1;
        if last.0 == 0 {
            self.0.pop();
        }
        self.push(1, longer);
    }
}

/// `stsc` with `stco` or `co64`.
pub(super) fn chunks(groups: &[u8], places: &[u64]) -> Result<Vec<Chunk>, Refusal> {
    let mut fields = Fields(groups);
    fields.full()?;
    let count = fields.u32()?;
    let len = (count as usize).checked_mul(12).ok_or(Refusal::Damaged)?;
    let mut groups = fields.take(len)?.chunks_exact(12).map(|group| {
        let mut group = Fields(group);
        Ok::<_, Refusal>((group.u32()?, group.u32()?, group.u32()?))
    });
    let mut chunks = Vec::new();
    let mut next = groups.next().transpose()?;
    let (mut now, mut first) = ((0, 0), 0_u32);
    for (number, &at) in (1_u32..).zip(places) {
        // A later group that begins here, or should have begun before, takes over.
        while let Some((_, samples, entry)) = next.filter(|group| group.0 <= number) {
            now = (samples, entry);
            next = groups.next().transpose()?;
        }
        let (count, entry) = now;
        if count == 0 {
            continue;
        }
        chunks.push(Chunk {
            at,
            first,
            count,
            entry: entry.checked_sub(1).ok_or(Refusal::Damaged)?,
        });
        first = first.checked_add(count).ok_or(Refusal::Damaged)?;
    }
    Ok(chunks)
}

/// `stco`.
pub(super) fn places(body: &[u8]) -> Result<Vec<u64>, Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let count = fields.u32()?;
    Ok(numbers(fields.0, count)?
        .into_iter()
        .map(u64::from)
        .collect())
}

/// `co64`.
pub(super) fn wide_places(body: &[u8]) -> Result<Vec<u64>, Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let len = (fields.u32()? as usize)
        .checked_mul(8)
        .ok_or(Refusal::Damaged)?;
    let eight = fields.take(len)?.chunks_exact(8);
    Ok(eight
        .filter_map(|eight| Some(u64::from_be_bytes(eight.try_into().ok()?)))
        .collect())
}

/// When the last sample has been shown: samples that are decoded early are shown later.
pub(super) fn shown_until(times: &Runs, offsets: Option<&Runs>) -> u64 {
    let mut offsets = offsets
        .map(|offsets| offsets.0.as_slice())
        .unwrap_or_default()
        .iter();
    let (mut now, mut until) = (0_i64, 0_i64);
    let (mut left, mut offset) = (0_u32, 0_i64);
    for &(count, delta) in &times.0 {
        let mut samples = count;
        while samples > 0 {
            if left == 0 {
                (left, offset) = offsets.next().map_or((u32::MAX, 0), |&(count, offset)| {
                    (count, i64::from(offset.cast_signed()))
                });
            }
            let taken = samples.min(left).max(1);
            samples -= taken;
            left = left.saturating_sub(taken);
            now = now.saturating_add(i64::from(taken).saturating_mul(i64::from(delta)));
            until = until.max(now.saturating_add(offset));
        }
    }
    u64::try_from(until).unwrap_or(0)
}
