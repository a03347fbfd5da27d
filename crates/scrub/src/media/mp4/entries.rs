//! Sample entries: which codec, and what its decoder has to know. Written again field by field.

use super::boxes::{Atom, Fields, atoms, boxed, put};
use super::config;
use super::esds;
use super::track::{Handler, Reading};
use crate::Refusal;
use crate::media::nal::Codec;

/// What is done with the samples of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// They stay as they are.
    None,
    /// NAL units behind lengths of so many octets.
    Nal(Codec, usize),
    /// MPEG-1, MPEG-2 and MPEG-4 visual: user data behind a start code.
    UserData,
    Av1,
    Jpeg,
}

/// A sample entry, written again.
pub(super) struct Entry {
    pub(super) written: Vec<u8>,
    pub(super) filter: Filter,
    /// Octets of a sample of plain sound, over all channels.
    pub(super) frame: Option<u32>,
}

/// What the boxes in a sample entry come to.
#[derive(Default)]
pub(super) struct Parts {
    /// The boxes, written again, in a fixed order.
    boxes: Vec<(u8, Vec<u8>)>,
    pub(super) lengths: Option<usize>,
    pub(super) object: Option<u8>,
    pub(super) is_little_endian: bool,
}

impl Parts {
    pub(super) fn add(&mut self, name: &[u8; 4], body: &[u8]) {
        let place = config::ORDER.iter().position(|listed| *listed == name);
        let place = place
            .and_then(|at| u8::try_from(at).ok())
            .unwrap_or(u8::MAX);
        // Of two of a kind the first counts.
        if self.boxes.iter().all(|(other, _)| *other != place) {
            self.boxes.push((place, boxed(name, &[body])));
        }
    }

    fn written(mut self) -> Vec<u8> {
        self.boxes.sort_by_key(|(place, _)| *place);
        self.boxes
            .into_iter()
            .flat_map(|(_, octets)| octets)
            .collect()
    }

    fn has(&self, name: &[u8; 4]) -> bool {
        let place = config::ORDER.iter().position(|listed| *listed == name);
        self.boxes
            .iter()
            .any(|(other, _)| Some(usize::from(*other)) == place)
    }
}

/// Reads `stsd`. Nothing when it describes a sound of a kind that is not known: another track may do without.
pub(super) fn read(
    handler: Handler,
    stsd: &Atom,
    reading: &mut Reading<'_, '_>,
) -> Result<Option<Vec<Entry>>, Refusal> {
    let version = stsd.front(reading.file, 1)?.first().copied().unwrap_or(0);
    let mut entries = Vec::new();
    for atom in stsd.children(reading.file, 8)? {
        let entry = match handler {
            Handler::Picture => Some(picture(&atom, reading)?),
            Handler::Sound => sound(&atom, version, reading)?,
        };
        let Some(entry) = entry else {
            return Ok(None);
        };
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(Refusal::Damaged);
    }
    Ok(Some(entries))
}

/// `VisualSampleEntry` (ISO/IEC 14496-12, 12.1.3).
fn picture(atom: &Atom, reading: &mut Reading<'_, '_>) -> Result<Entry, Refusal> {
    let body = atom.front(reading.file, 78)?;
    let mut fields = Fields(&body);
    fields.take(8 + 16)?;
    let size: [u8; 4] = fields.array()?;
    fields.take(4 + 4 + 4 + 2 + 32)?;
    let depth: [u8; 2] = fields.array()?;
    let table = fields.u16()?;
    if table == 0 {
        return Err(Refusal::Unsupported("a table of colours in a sample entry"));
    }
    let parts = config::parts(atom, 78, reading)?;
    let filter = picture_filter(&atom.name, &parts)?;
    super::lost::sample_entry(&body, reading.job);
    let written = boxed(
        &atom.name,
        &[
            &[0, 0, 0, 0, 0, 0, 0, 1],
            &[0; 16],
            &size,
            &[0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0; 32],
            &depth,
            &[0xFF, 0xFF],
            &parts.written(),
        ],
    );
    Ok(Entry {
        written,
        filter,
        frame: None,
    })
}

fn picture_filter(name: &[u8; 4], parts: &Parts) -> Result<Filter, Refusal> {
    let lengths = || parts.lengths.ok_or(Refusal::Damaged);
    let with = |config: &[u8; 4], filter| {
        if parts.has(config) {
            Ok(filter)
        } else {
            Err(Refusal::Damaged)
        }
    };
    match name {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" => with(b"avcC", Filter::Nal(Codec::Avc, lengths()?)),
        b"hvc1" | b"hev1" => with(b"hvcC", Filter::Nal(Codec::Hevc, lengths()?)),
        b"av01" => with(b"av1C", Filter::Av1),
        b"vp08" | b"vp09" | b"s263" | b"h263" | b"apcn" | b"apch" | b"apcs" | b"apco" | b"ap4h"
        | b"ap4x" => Ok(Filter::None),
        b"jpeg" => Ok(Filter::Jpeg),
        b"mp4v" => match parts.object {
            // MPEG-4 visual; MPEG-2 of six profiles; MPEG-1.
            Some(0x20 | 0x60..=0x65 | 0x6A) => Ok(Filter::UserData),
            Some(0x6C) => Ok(Filter::Jpeg),
            Some(_) => Err(Refusal::Unsupported("a codec of pictures")),
            None => Err(Refusal::Damaged),
        },
        b"encv" | b"drmi" => Err(Refusal::Encrypted),
        _ => Err(Refusal::Unsupported("a codec of pictures")),
    }
}

/// The fields of a sound description that stay.
struct Sound {
    version: u16,
    channels: u16,
    bits: u16,
    compression: u16,
    rate: u32,
    /// What versions 1 and 2 of `QuickTime` add.
    more: Vec<u8>,
    frame: Option<u32>,
    /// Octets up to the boxes.
    len: u64,
}

/// `AudioSampleEntry` (ISO/IEC 14496-12, 12.2.3) and `QuickTime`'s sound descriptions.
fn sound(
    atom: &Atom,
    version: u8,
    reading: &mut Reading<'_, '_>,
) -> Result<Option<Entry>, Refusal> {
    if matches!(&atom.name, b"enca" | b"drms") {
        return Err(Refusal::Encrypted);
    }
    if !is_known_sound(&atom.name) {
        return Ok(None);
    }
    let body = atom.front(reading.file, 64)?;
    let sound = sound_fields(&body, version, reading.is_quicktime)?;
    let parts = config::parts(atom, sound.len, reading)?;
    let filter = match (&atom.name, parts.object) {
        (b"mp4a", Some(0x40 | 0x66..=0x69 | 0x6B)) => Filter::None,
        (b"mp4a", Some(_)) => return Err(Refusal::Unsupported("a codec of sound")),
        (b"mp4a", None) => return Err(Refusal::Damaged),
        _ => Filter::None,
    };
    super::lost::sample_entry(&body, reading.job);
    let mut written = Vec::new();
    let little = parts.is_little_endian;
    put(
        &mut written,
        &atom.name,
        &[
            &[0, 0, 0, 0, 0, 0, 0, 1],
            &sound.version.to_be_bytes(),
            &[0; 6],
            &sound.channels.to_be_bytes(),
            &sound.bits.to_be_bytes(),
            &sound.compression.to_be_bytes(),
            &[0; 2],
            &sound.rate.to_be_bytes(),
            &sound.more,
            &wave(&atom.name, little),
            &parts.written(),
        ],
    );
    Ok(Some(Entry {
        written,
        filter,
        frame: plain_frame(&atom.name, &sound),
    }))
}

fn is_known_sound(name: &[u8; 4]) -> bool {
    esds::is_plain(name)
        || matches!(
            name,
            b"mp4a" | b".mp3" | b"ac-3" | b"ec-3" | b"alac" | b"fLaC" | b"Opus" | b"samr" | b"sawb"
        )
}

/// The byte order of plain sound stands in a `wave` box.
fn wave(name: &[u8; 4], is_little_endian: bool) -> Vec<u8> {
    if !is_little_endian {
        return Vec::new();
    }
    let frma = boxed(b"frma", &[name]);
    boxed(
        b"wave",
        &[
            &frma,
            &boxed(b"enda", &[&[0, 1]]),
            &[0, 0, 0, 8, 0, 0, 0, 0],
        ],
    )
}

fn sound_fields(body: &[u8], stsd: u8, is_quicktime: bool) -> Result<Sound, Refusal> {
    let mut fields = Fields(body);
    fields.take(8)?;
    let version = fields.u16()?;
    fields.take(6)?;
    let (channels, bits, compression) = (fields.u16()?, fields.u16()?, fields.u16()?);
    fields.take(2)?;
    let rate = fields.u32()?;
    let mut sound = Sound {
        version,
        channels,
        bits,
        // -2 says that packets differ in length.
        compression: if compression == 0xFFFE {
            compression
        } else {
            0
        },
        rate,
        more: Vec::new(),
        frame: None,
        len: 28,
    };
    // ISO's version 1 has no further fields; it stands in an stsd of version 1.
    if version == 0 || (version == 1 && stsd == 1 && !is_quicktime) {
        sound.version = 0;
        return Ok(sound);
    }
    match version {
        1 => {
            let [_, _, frame, _] = [fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?];
            sound.more = body.get(28..44).unwrap_or_default().to_vec();
            sound.frame = Some(frame);
            sound.len = 44;
        }
        2 => {
            fields.u32()?;
            let rate: [u8; 8] = fields.array()?;
            let channels: [u8; 4] = fields.array()?;
            fields.u32()?;
            let (bits, flags) = (fields.array::<4>()?, fields.array::<4>()?);
            let (frame, samples) = (fields.array::<4>()?, fields.array::<4>()?);
            sound.more = [
                &72_u32.to_be_bytes(),
                &rate[..],
                &channels,
                &[0x7F, 0, 0, 0],
                &bits,
                &flags,
                &frame,
                &samples,
            ]
            .concat();
            (sound.channels, sound.bits, sound.rate) = (3, 16, 0x0001_0000);
            sound.compression = 0xFFFE;
            sound.frame = Some(u32::from_be_bytes(frame));
            sound.len = 64;
        }
        _ => {
            return Err(Refusal::Unsupported(
                "a sound description of an unknown version",
            ));
        }
    }
    Ok(sound)
}

/// Octets of a frame of plain sound.
fn plain_frame(name: &[u8; 4], sound: &Sound) -> Option<u32> {
    if !esds::is_plain(name) {
        return None;
    }
    if sound.version == 2 {
        return sound.frame;
    }
    let octets = match name {
        b"ulaw" | b"alaw" => 1,
        b"in24" => 3,
        b"in32" | b"fl32" => 4,
        b"fl64" => 8,
        _ => u32::from(sound.bits.div_ceil(8)),
    };
    Some(octets * u32::from(sound.channels)).filter(|&frame| frame > 0)
}

/// The boxes of a sample entry behind `skip` octets of fields.
pub(super) fn inner(
    atom: &Atom,
    skip: u64,
    reading: &Reading<'_, '_>,
) -> Result<Vec<Atom>, Refusal> {
    let start = atom.body.start.saturating_add(skip).min(atom.body.end);
    Ok(atoms(reading.file, start..atom.body.end)?.0)
}
