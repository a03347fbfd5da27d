//! Sample entries of clean files: which codec, its fields, and its boxes in their one order.

use super::Fault;
use super::codec;
use super::fields::Left;
use super::nal::Flavour;

/// How samples are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    /// They may hold any octets.
    Any,
    /// NAL units behind lengths of so many octets.
    Units(Flavour, usize),
    StartCodes,
    Av1,
    Jpeg,
}

/// What the boxes of an entry told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) lengths: Option<(Flavour, usize)>,
    pub(super) object: Option<u8>,
    pub(super) is_av1: bool,
}

pub(super) fn list(mut stsd: Left<'_>, is_picture: bool) -> Result<Vec<Samples>, Fault> {
    stsd.zeros(4)?;
    let count = stsd.u32()?;
    let mut entries = Vec::new();
    while !stsd.0.is_empty() {
        let (name, body) = stsd.any()?;
        entries.push(if is_picture {
            picture(name, body)?
        } else {
            sound(name, body)?
        });
    }
    if entries.is_empty() || u32::try_from(entries.len()) != Ok(count) {
        return Err(Fault("another number of sample entries"));
    }
    Ok(entries)
}

fn picture(name: &[u8], mut body: Left<'_>) -> Result<Samples, Fault> {
    body.exactly(&[0, 0, 0, 0, 0, 0, 0, 1])?;
    body.zeros(16)?;
    // Width and height.
    body.take(4)?;
    body.exactly(&[0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1])?;
    body.zeros(32)?;
    // Depth.
    body.take(2)?;
    body.exactly(&[0xFF, 0xFF])?;
    let told = boxes(body, name)?;
    match name {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"hvc1" | b"hev1" => {
            let wanted = if name.starts_with(b"avc") {
                Flavour::Avc
            } else {
                Flavour::Hevc
            };
            let (flavour, lengths) = told.lengths.ok_or(Fault("units without a record"))?;
            if flavour != wanted {
                return Err(Fault("a record of the other codec"));
            }
            Ok(Samples::Units(flavour, lengths))
        }
        b"av01" if told.is_av1 => Ok(Samples::Av1),
        b"vp08" | b"vp09" | b"s263" | b"h263" | b"apcn" | b"apch" | b"apcs" | b"apco" | b"ap4h"
        | b"ap4x" => Ok(Samples::Any),
        b"jpeg" => Ok(Samples::Jpeg),
        b"mp4v" => match told.object {
            Some(0x6C) => Ok(Samples::Jpeg),
            Some(0x20 | 0x60..=0x65 | 0x6A) => Ok(Samples::StartCodes),
            _ => Err(Fault("a codec that is not known")),
        },
        _ => Err(Fault("a codec that is not known")),
    }
}

const SOUNDS: [&[u8]; 21] = [
    b"mp4a", b".mp3", b"ac-3", b"ec-3", b"alac", b"fLaC", b"Opus", b"samr", b"sawb", b"sowt",
    b"twos", b"lpcm", b"in24", b"in32", b"fl32", b"fl64", b"raw ", b"ulaw", b"alaw", b"ipcm",
    b"fpcm",
];

fn sound(name: &[u8], mut body: Left<'_>) -> Result<Samples, Fault> {
    if !SOUNDS.contains(&name) {
        return Err(Fault("a codec that is not known"));
    }
    body.exactly(&[0, 0, 0, 0, 0, 0, 0, 1])?;
    let version = body.number(2)?;
    body.zeros(6)?;
    // Channels and bits of each.
    body.take(4)?;
    if !matches!(body.number(2)?, 0 | 0xFFFE) {
        return Err(Fault("a field of a sound description"));
    }
    body.zeros(2)?;
    body.take(4)?;
    match version {
        0 => {}
        1 => {
            body.take(16)?;
        }
        2 => {
            body.exactly(&72_u32.to_be_bytes())?;
            body.take(8 + 4)?;
            body.exactly(&[0x7F, 0, 0, 0])?;
            body.take(16)?;
        }
        _ => return Err(Fault("a sound description of another version")),
    }
    if let Some(mut wave) = body.open_if(b"wave")? {
        let mut frma = wave.open(b"frma")?;
        frma.exactly(name)?;
        frma.end()?;
        wave.exactly(b"\0\0\0\x0Aenda\0\x01\0\0\0\x08\0\0\0\0")?;
        wave.end()?;
    }
    let told = boxes(body, name)?;
    if name == b"mp4a" && !matches!(told.object, Some(0x40 | 0x66..=0x69 | 0x6B)) {
        return Err(Fault("a codec that is not known"));
    }
    Ok(Samples::Any)
}

/// The boxes, each at most once and in this order.
const ORDER: [&[u8]; 27] = [
    b"avcC", b"hvcC", b"av1C", b"vpcC", b"d263", b"esds", b"dac3", b"dec3", b"alac", b"dOps",
    b"dfLa", b"damr", b"pcmC", b"chan", b"chnl", b"fiel", b"gama", b"colr", b"pasp", b"clap",
    b"mdcv", b"clli", b"SmDm", b"CoLL", b"amve", b"st3d", b"sv3d",
];

fn boxes(mut left: Left<'_>, _entry: &[u8]) -> Result<Told, Fault> {
    let (mut told, mut next) = (Told::default(), 0);
    while !left.0.is_empty() {
        let (name, body) = left.any()?;
        let place = ORDER.iter().position(|listed| *listed == name);
        let place = place.filter(|&place| place >= next);
        next = 1 + place.ok_or(Fault("a box of a sample entry out of order"))?;
        codec::check(name, body, &mut told)?;
    }
    Ok(told)
}
