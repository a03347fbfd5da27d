//! A track of pictures or sound, read from its `trak` box.

use std::ops::Range;

use super::boxes::{Atom, Fields, find};
use super::entries::{self, Entry};
use super::tables::{self, Chunk, Runs, Sizes};
use super::{lost, references};
use crate::Refusal;
use crate::job::Job;
use crate::report::Remark;
use crate::source::Source;

/// What a track shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Handler {
    Picture,
    Sound,
}

/// A part of the media that is shown (`elst`).
#[derive(Clone, Copy)]
pub(super) struct Edit {
    pub(super) duration: u64,
    pub(super) time: i64,
    pub(super) rate: u32,
}

pub(super) struct Track {
    pub(super) id: u32,
    pub(super) handler: Handler,
    pub(super) header: Header,
    pub(super) timescale: u32,
    pub(super) media_duration: u64,
    pub(super) edits: Vec<Edit>,
    pub(super) entries: Vec<Entry>,
    pub(super) times: Runs,
    /// From decoding to showing. Signed numbers in 32 bits.
    pub(super) offsets: Option<Runs>,
    pub(super) sync: Option<Vec<u32>>,
    pub(super) partial_sync: Option<Vec<u32>>,
    pub(super) sizes: Sizes,
    pub(super) samples: u32,
    pub(super) chunks: Vec<Chunk>,
}

/// `tkhd`.
pub(super) struct Header {
    pub(super) is_enabled: bool,
    pub(super) duration: u64,
    pub(super) alternate_group: u16,
    pub(super) volume: u16,
    pub(super) matrix: [u8; 36],
    pub(super) width: u32,
    pub(super) height: u32,
}

/// What reading the tables of a file notes by the way.
pub(super) struct Reading<'a, 'j> {
    pub(super) file: &'a Source<'a>,
    pub(super) job: &'j mut Job,
    /// Numbers that are written again in another spelling.
    pub(super) rewritten: Vec<Range<u64>>,
    pub(super) is_quicktime: bool,
}

impl Reading<'_, '_> {
    pub(super) fn rewrites(&mut self, atom: &Atom) {
        self.rewritten.push(atom.whole());
    }

    /// Lengths and names of boxes come again in the clean file; together they may read as a word.
    pub(super) fn heads(&mut self, atoms: &[Atom]) {
        for atom in atoms {
            let fields = match &atom.name {
                // What it handles; not who wrote it, and not its name.
                b"hdlr" => 12,
                b"moov" | b"mvhd" | b"trak" | b"tkhd" | b"edts" | b"mdia" | b"mdhd" | b"minf"
                | b"stbl" | b"stsd" | b"vmhd" | b"smhd" | b"dinf" | b"mdat" => 0,
                _ => continue,
            };
            let end = atom.body.start.saturating_add(fields).min(atom.body.end);
            self.rewritten.push(atom.start..end);
        }
    }
}

/// What a `trak` box is.
pub(super) enum Found {
    Track(Box<Track>),
    /// Sound of a kind that is not known.
    UnknownSound,
    /// No picture and no sound.
    Other,
}

pub(super) fn read(
    trak: &Atom,
    chapters: &[u32],
    reading: &mut Reading<'_, '_>,
) -> Result<Found, Refusal> {
    let file = reading.file;
    let inner = trak.children(file, 0)?;
    let mdia = need(&inner, b"mdia")?.children(file, 0)?;
    let minf = find(&mdia, b"minf");
    let minf = minf
        .map(|minf| minf.children(file, 0))
        .transpose()?
        .unwrap_or_default();
    for level in [&inner, &mdia, &minf] {
        reading.heads(level);
    }
    let (id, header) = track_header(&need(&inner, b"tkhd")?.front(file, 128)?, reading.job)?;
    let hdlr = need(&mdia, b"hdlr")?.front(file, 12)?;
    let kind = hdlr.get(8..12).unwrap_or_default();
    let handler = match kind {
        b"vide" if !chapters.contains(&id) => Handler::Picture,
        b"soun" if !chapters.contains(&id) => Handler::Sound,
        _ => {
            lost::track(file, kind, trak, reading.job)?;
            return Ok(Found::Other);
        }
    };
    let stbl = need(&minf, b"stbl")?.children(file, 0)?;
    let dinf = find(&minf, b"dinf")
        .map(|dinf| dinf.children(file, 0))
        .transpose()?;
    let stsd = need(&stbl, b"stsd")?;
    reading.heads(&stbl);
    for entry in stsd.children(file, 8)? {
        reading.rewritten.push(entry.start..entry.body.start);
    }
    let external = references::external(file, dinf.as_deref().unwrap_or_default(), stsd)?;
    let Some(entries) = entries::read(handler, stsd, reading)? else {
        lost::track(file, b"????", trak, reading.job)?;
        return Ok(Found::UnknownSound);
    };
    if external {
        return Err(Refusal::Unsupported("media in another file"));
    }
    let (timescale, media_duration) =
        media_header(&need(&mdia, b"mdhd")?.front(file, 64)?, reading.job)?;
    let mut track = Track {
        id,
        handler,
        header,
        timescale,
        media_duration,
        edits: edits(&inner, reading)?,
        entries,
        times: Runs(Vec::new()),
        offsets: None,
        sync: None,
        partial_sync: None,
        sizes: Sizes::Each(Vec::new()),
        samples: 0,
        chunks: Vec::new(),
    };
    track.read_tables(&stbl, reading)?;
    lost::report_track(file, [&inner, &mdia, &minf, &stbl], reading.job)?;
    Ok(Found::Track(Box::new(track)))
}

fn need<'a>(atoms: &'a [Atom], name: &[u8; 4]) -> Result<&'a Atom, Refusal> {
    find(atoms, name).ok_or(Refusal::Damaged)
}

fn track_header(body: &[u8], job: &mut Job) -> Result<(u32, Header), Refusal> {
    let mut fields = Fields(body);
    let (version, flags) = fields.full()?;
    let times = [fields.wide(version)?, fields.wide(version)?];
    lost::times(job, "moov/trak/tkhd", times);
    let id = fields.u32()?;
    fields.u32()?;
    let duration = fields.wide(version)?;
    fields.take(8 + 2)?;
    let header = Header {
        is_enabled: flags & 1 != 0,
        duration: known(version, duration),
        alternate_group: fields.u16()?,
        volume: fields.u16()?,
        matrix: {
            fields.take(2)?;
            fields.array()?
        },
        width: fields.u32()?,
        height: fields.u32()?,
    };
    Ok((id, header))
}

/// A duration, or 0 when all bits say that it is not known.
pub(super) fn known(version: u8, duration: u64) -> u64 {
    let is_unknown = if version == 1 {
        duration == u64::MAX
    } else {
        duration == u64::from(u32::MAX)
    };
    if is_unknown { 0 } else { duration }
}

fn media_header(body: &[u8], job: &mut Job) -> Result<(u32, u64), Refusal> {
    let mut fields = Fields(body);
    let (version, _) = fields.full()?;
    let times = [fields.wide(version)?, fields.wide(version)?];
    lost::times(job, "moov/trak/mdia/mdhd", times);
    let timescale = fields.u32()?;
    let duration = fields.wide(version)?;
    lost::language(job, fields.u16().unwrap_or(0));
    if timescale == 0 {
        return Err(Refusal::Damaged);
    }
    Ok((timescale, known(version, duration)))
}

fn edits(inner: &[Atom], reading: &mut Reading<'_, '_>) -> Result<Vec<Edit>, Refusal> {
    let Some(edts) = find(inner, b"edts") else {
        return Ok(Vec::new());
    };
    let edts = edts.children(reading.file, 0)?;
    let Some(elst) = find(&edts, b"elst") else {
        return Ok(Vec::new());
    };
    let body = elst.read(reading.file)?;
    reading.rewrites(elst);
    let mut fields = Fields(&body);
    let (version, _) = fields.full()?;
    let count = fields.u32()?;
    let mut edits = Vec::new();
    for _ in 0..count {
        let duration = fields.wide(version)?;
        let time = fields.wide(version)?;
        let time = if version == 1 {
            time.cast_signed()
        } else {
            i64::from(u32::try_from(time).unwrap_or(0).cast_signed())
        };
        let rate = fields.u32()?;
        edits.push(Edit {
            duration,
            time,
            rate,
        });
    }
    Ok(edits)
}

impl Track {
    fn read_tables(&mut self, stbl: &[Atom], reading: &mut Reading<'_, '_>) -> Result<(), Refusal> {
        let file = reading.file;
        let mut table = |name: &[u8; 4]| -> Result<_, Refusal> {
            let Some(atom) = find(stbl, name) else {
                return Ok(None);
            };
            reading.rewritten.push(atom.whole());
            atom.read(file).map(Some)
        };
        let places = match (table(b"stco")?, table(b"co64")?) {
            (Some(stco), _) => tables::places(&stco)?,
            (None, Some(co64)) => tables::wide_places(&co64)?,
            (None, None) => return Err(Refusal::Damaged),
        };
        let groups = table(b"stsc")?.ok_or(Refusal::Damaged)?;
        self.chunks = tables::chunks(&groups, &places)?;
        let (sizes, listed) = match (table(b"stsz")?, table(b"stz2")?) {
            (Some(stsz), _) => tables::sizes(&stsz)?,
            (None, Some(stz2)) => tables::compact_sizes(&stz2)?,
            (None, None) => return Err(Refusal::Damaged),
        };
        self.sizes = sizes;
        self.samples = self.chunks.last().map_or(0, |last| last.first + last.count);
        if matches!(self.sizes, Sizes::Each(_)) && self.samples > listed {
            return Err(Refusal::Damaged);
        }
        if let Sizes::Each(sizes) = &mut self.sizes {
            sizes.truncate(self.samples as usize);
        }
        self.times = Runs::read(&table(b"stts")?.ok_or(Refusal::Damaged)?)?;
        self.offsets = table(b"ctts")?.map(|ctts| Runs::read(&ctts)).transpose()?;
        let samples = self.samples;
        let mut sync = |name| -> Result<_, Refusal> {
            let body = table(name)?;
            body.map(|body| tables::sync(&body, samples)).transpose()
        };
        self.sync = sync(b"stss")?;
        self.partial_sync = sync(b"stps")?;
        self.settle_sizes()
    }

    /// `QuickTime` says that a sample of plain sound has one octet; its sample entry knows better.
    fn settle_sizes(&mut self) -> Result<(), Refusal> {
        let frames: Vec<_> = self.entries.iter().map(|entry| entry.frame).collect();
        let Some(Some(frame)) = frames.first().copied() else {
            return Ok(());
        };
        if frames.iter().any(|other| *other != Some(frame)) {
            return Err(Refusal::Unsupported(
                "plain sound of two kinds in one track",
            ));
        }
        if matches!(self.sizes, Sizes::All(_)) {
            self.sizes = Sizes::All(frame);
        }
        Ok(())
    }

    /// Makes the tables agree with each other, and fills in durations that were left open.
    pub(super) fn settle(&mut self, movie_timescale: u32) {
        self.times.settle(self.samples, None);
        if let Some(offsets) = &mut self.offsets {
            offsets.settle(self.samples, Some(0));
            if offsets.0.iter().all(|&(_, offset)| offset == 0) {
                self.offsets = None;
            }
        }
        if self
            .sync
            .as_ref()
            .is_some_and(|sync| sync.len() == self.samples as usize)
        {
            self.sync = None;
        }
        let total = self.times.total();
        if self.media_duration == 0 {
            self.media_duration = total;
        }
        let shown_until = tables::shown_until(&self.times, self.offsets.as_ref());
        let in_movie = |time: u64| scaled(time, movie_timescale, self.timescale);
        for edit in &mut self.edits {
            if edit.duration == 0 && edit.time >= 0 {
                let from = u64::try_from(edit.time).unwrap_or(0);
                edit.duration = in_movie(shown_until.saturating_sub(from));
            }
        }
        if self.header.duration == 0 {
            self.header.duration = if self.edits.is_empty() {
                in_movie(self.media_duration)
            } else {
                let each = self.edits.iter().map(|edit| edit.duration);
                each.fold(0, u64::saturating_add)
            };
        }
    }

    /// Drops sample entries that no sample has.
    pub(super) fn forget_unused_entries(&mut self) -> Result<(), Refusal> {
        let mut places = vec![None; self.entries.len()];
        let mut count = 0;
        for chunk in &self.chunks {
            let place = places
                .get_mut(chunk.entry as usize)
                .ok_or(Refusal::Damaged)?;
            if place.is_none() {
                *place = Some(0);
                count += 1;
            }
        }
        if count == self.entries.len() {
            return Ok(());
        }
        for (next, place) in (0..).zip(places.iter_mut().flatten()) {
            *place = next;
        }
        let mut used = places.iter();
        self.entries
            .retain(|_| used.next().is_some_and(Option::is_some));
        for chunk in &mut self.chunks {
            let place = places.get(chunk.entry as usize).copied().flatten();
            chunk.entry = place.ok_or(Refusal::Damaged)?;
        }
        Ok(())
    }
}

/// `time` in another timescale, rounded up so that no sample is cut off.
fn scaled(time: u64, to: u32, from: u32) -> u64 {
    let scaled = (u128::from(time) * u128::from(to)).div_ceil(u128::from(from.max(1)));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// Remarks that a track is lost.
pub(super) fn remark_lost(job: &mut Job) {
    job.remark(Remark::TracksLost);
}
