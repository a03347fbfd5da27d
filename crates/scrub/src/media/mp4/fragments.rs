//! Movie fragments (ISO/IEC 14496-12, 8.8): their samples are added to the tables of the movie.

use super::boxes::{Atom, Fields, atoms, find};
use super::tables::{Chunk, Runs, Sizes};
use super::track::Track;
use crate::Refusal;
use crate::source::Source;

/// What holds for the samples of a track unless a fragment says otherwise.
#[derive(Clone, Copy, Default)]
struct Defaults {
    entry: u32,
    duration: u32,
    size: u32,
    flags: u32,
}

/// What a track knows between fragments.
struct State {
    defaults: Defaults,
    /// Where the next sample begins in time.
    next: u64,
    /// The time of the first sample of all.
    first: Option<u64>,
    sync: Vec<u32>,
    all_sync: bool,
}

/// Adds the samples of every fragment. Comes back with the ranges that were read.
pub(super) fn add(
    file: &Source<'_>,
    top: &[Atom],
    mvex: &Atom,
    tracks: &mut [Track],
) -> Result<Vec<std::ops::Range<u64>>, Refusal> {
    let mut states = Vec::new();
    for track in tracks.iter_mut() {
        states.push(State {
            defaults: trex(file, mvex, track.id)?,
            next: track.times.total(),
            first: None,
            sync: track.sync.take().unwrap_or_default(),
            all_sync: true,
        });
        let samples = track.samples;
        track.times.settle(samples, None);
        if let Some(offsets) = &mut track.offsets {
            offsets.settle(samples, Some(0));
        }
        if !matches!(track.sizes, Sizes::Each(_)) && samples > 0 {
            return Err(Refusal::Unsupported("fragments behind a table of one size"));
        }
        if !matches!(track.sizes, Sizes::Each(_)) {
            track.sizes = Sizes::Each(Vec::new());
        }
    }
    let mut read = Vec::new();
    for moof in top.iter().filter(|atom| &atom.name == b"moof") {
        fragment(file, moof, tracks, &mut states)?;
        read.push(moof.whole());
    }
    for (track, state) in tracks.iter_mut().zip(states) {
        if !state.all_sync {
            track.sync = Some(state.sync);
        }
        track.media_duration = 0;
        track.header.duration = 0;
    }
    Ok(read)
}

fn trex(file: &Source<'_>, mvex: &Atom, id: u32) -> Result<Defaults, Refusal> {
    for trex in mvex.children(file, 0)? {
        if &trex.name != b"trex" {
            continue;
        }
        let body = trex.front(file, 24)?;
        let mut fields = Fields(&body);
        fields.full()?;
        if fields.u32()? == id {
            return Ok(Defaults {
                entry: fields.u32()?,
                duration: fields.u32()?,
                size: fields.u32()?,
                flags: fields.u32()?,
            });
        }
    }
    Ok(Defaults {
        entry: 1,
        ..Defaults::default()
    })
}

fn fragment(
    file: &Source<'_>,
    moof: &Atom,
    tracks: &mut [Track],
    states: &mut [State],
) -> Result<(), Refusal> {
    let mut data_end = moof.start;
    for traf in moof.children(file, 0)? {
        if &traf.name != b"traf" {
            continue;
        }
        let inner = traf.children(file, 0)?;
        if find(&inner, b"senc").is_some() {
            return Err(Refusal::Encrypted);
        }
        let tfhd = find(&inner, b"tfhd")
            .ok_or(Refusal::Damaged)?
            .front(file, 64)?;
        let (id, base, overriding) = track_fragment_header(&tfhd)?;
        let known = tracks.iter_mut().zip(states.iter_mut());
        let mut known = known.filter(|(track, _)| track.id == id);
        let Some((track, state)) = known.next() else {
            // Another track's: only where its data ends may count, and that is told by the next base.
            continue;
        };
        let base = base.unwrap_or(if overriding.moof_is_base {
            moof.start
        } else {
            data_end
        });
        let defaults = overriding.over(state.defaults);
        if let Some(tfdt) = find(&inner, b"tfdt") {
            time(&tfdt.front(file, 12)?, track, state)?;
        }
        data_end = base;
        let mut run_at = base;
        for trun in inner.iter().filter(|atom| &atom.name == b"trun") {
            let body = trun.read(file)?;
            run_at = run(&body, base, run_at, defaults, track, state)?;
            data_end = run_at;
        }
    }
    Ok(())
}

/// What a `tfhd` puts in the place of the defaults.
struct Overriding {
    moof_is_base: bool,
    entry: Option<u32>,
    duration: Option<u32>,
    size: Option<u32>,
    flags: Option<u32>,
}

impl Overriding {
    fn over(&self, defaults: Defaults) -> Defaults {
        Defaults {
            entry: self.entry.unwrap_or(defaults.entry),
            duration: self.duration.unwrap_or(defaults.duration),
            size: self.size.unwrap_or(defaults.size),
            flags: self.flags.unwrap_or(defaults.flags),
        }
    }
}

fn track_fragment_header(body: &[u8]) -> Result<(u32, Option<u64>, Overriding), Refusal> {
    let mut fields = Fields(body);
    let (_, flags) = fields.full()?;
    let id = fields.u32()?;
    let base = if flags & 1 != 0 {
        Some(fields.u64()?)
    } else {
        None
    };
    let mut number = |flag| -> Result<Option<u32>, Refusal> {
        if flags & flag == 0 {
            return Ok(None);
        }
        fields.u32().map(Some)
    };
    let overriding = Overriding {
        entry: number(2)?,
        duration: number(8)?,
        size: number(0x10)?,
        flags: number(0x20)?,
        moof_is_base: flags & 0x2_0000 != 0,
    };
    Ok((id, base, overriding))
}

/// `tfdt`: where the fragment begins in time. A gap makes the sample before it longer.
fn time(body: &[u8], track: &mut Track, state: &mut State) -> Result<(), Refusal> {
    let mut fields = Fields(body);
    let (version, _) = fields.full()?;
    let time = fields.wide(version)?;
    let first = *state.first.get_or_insert(time.saturating_sub(state.next));
    let time = time.saturating_sub(first);
    if let Some(gap) = time.checked_sub(state.next).filter(|&gap| gap > 0) {
        if let Ok(gap) = u32::try_from(gap) {
            track.times.stretch_last(gap);
        }
        state.next = time;
    }
    Ok(())
}

/// `trun`: comes back with where its data ends.
fn run(
    body: &[u8],
    base: u64,
    follows: u64,
    defaults: Defaults,
    track: &mut Track,
    state: &mut State,
) -> Result<u64, Refusal> {
    let mut fields = Fields(body);
    let (_, flags) = fields.full()?;
    let count = fields.u32()?;
    let at = if flags & 1 != 0 {
        let offset = i64::from(fields.u32()?.cast_signed());
        base.checked_add_signed(offset).ok_or(Refusal::Damaged)?
    } else {
        follows
    };
    let first_flags = if flags & 4 != 0 {
        Some(fields.u32()?)
    } else {
        None
    };
    let per_sample = [0x100, 0x200, 0x400, 0x800];
    let has_none = per_sample.iter().all(|flag| flags & flag == 0);
    // Without a field for each sample, a count could ask for any number of them.
    if has_none && (defaults.size == 0 || count > 1 << 22) {
        return if count == 0 {
            Ok(at)
        } else {
            Err(Refusal::Damaged)
        };
    }
    let first = track.samples;
    let mut end = at;
    for sample in 0..count {
        let mut field = |flag| -> Result<Option<u32>, Refusal> {
            if flags & flag == 0 {
                return Ok(None);
            }
            fields.u32().map(Some)
        };
        let duration = field(0x100)?.unwrap_or(defaults.duration);
        let size = field(0x200)?.unwrap_or(defaults.size);
        let own = field(0x400)?;
        let offset = field(0x800)?;
        let own = own.or(first_flags.filter(|_| sample == 0));
        let is_sync = own.unwrap_or(defaults.flags) & 0x1_0000 == 0;
        end = end.checked_add(u64::from(size)).ok_or(Refusal::Damaged)?;
        state.next = state.next.saturating_add(u64::from(duration));
        track.add(size, duration, offset)?;
        if is_sync {
            state.sync.push(track.samples);
        } else {
            state.all_sync = false;
        }
    }
    let entry = defaults.entry.checked_sub(1).ok_or(Refusal::Damaged)?;
    if count > 0 {
        track.chunks.push(Chunk {
            at,
            first,
            count,
            entry,
        });
    }
    Ok(end)
}

impl Track {
    fn add(&mut self, size: u32, duration: u32, offset: Option<u32>) -> Result<(), Refusal> {
        if let Sizes::Each(sizes) = &mut self.sizes {
            sizes.push(size);
        }
        self.times.push(1, duration);
        if offset.is_some_and(|offset| offset != 0) && self.offsets.is_none() {
            let mut before = Runs(Vec::new());
            before.push(self.samples, 0);
            self.offsets = Some(before);
        }
        if let Some(offsets) = &mut self.offsets {
            offsets.push(1, offset.unwrap_or(0));
        }
        self.samples = self.samples.checked_add(1).ok_or(Refusal::Damaged)?;
        Ok(())
    }
}

/// Whether a file keeps its samples in fragments.
pub(super) fn are_in(
    file: &Source<'_>,
    top: &[Atom],
    moov: &Atom,
) -> Result<Option<Atom>, Refusal> {
    if find(top, b"moof").is_none() {
        return Ok(None);
    }
    let (inner, _) = atoms(file, moov.body.clone())?;
    Ok(find(&inner, b"mvex").cloned())
}
