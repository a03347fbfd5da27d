//! What decoders have to know: each record in its one form.

use super::entry::Told;
use super::fields::Left;
use super::nal::{self, Flavour};
use super::{Fault, samples};

pub(super) fn check(name: &[u8], mut body: Left<'_>, told: &mut Told) -> Result<(), Fault> {
    let plain = match name {
        b"avcC" => return avc(body, told),
        b"hvcC" => return hevc(body, told),
        b"esds" => return descriptors(body, told),
        b"av1C" => {
            told.is_av1 = true;
            body.take(4)?;
            return samples::open_units(body.0, true);
        }
        b"colr" => return colour(body),
        b"dec3" => return enhanced_ac3(body),
        b"dOps" => return opus(body),
        b"chan" => {
            body.zeros(4)?;
            body.take(8)?;
            let count = usize::try_from(body.u32()?).unwrap_or(usize::MAX);
            body.take(count.saturating_mul(20))?;
            return body.end();
        }
        b"chnl" => return layout(body),
        b"sv3d" => return spherical(body),
        b"vpcC" => {
            body.exactly(&[1, 0, 0, 0])?;
            body.take(6)?;
            body.zeros(2)?;
            return body.end();
        }
        b"dfLa" => {
            body.exactly(&[0, 0, 0, 0, 0x80, 0, 0, 34])?;
            34
        }
        // Version and flags, or a vendor and a version, that are zero; then numbers.
        b"d263" => zeros_then(&mut body, 5, 2)?,
        b"damr" => zeros_then(&mut body, 5, 4)?,
        b"alac" | b"SmDm" => zeros_then(&mut body, 4, 24)?,
        b"pcmC" => zeros_then(&mut body, 4, 2)?,
        b"CoLL" => zeros_then(&mut body, 4, 4)?,
        b"st3d" => zeros_then(&mut body, 4, 1)?,
        b"dac3" => 3,
        b"fiel" => 2,
        b"gama" | b"clli" => 4,
        b"pasp" | b"amve" => 8,
        b"clap" => 32,
        b"mdcv" => 24,
        _ => return Err(Fault("a box that is not known")),
    };
    body.take(plain)?;
    body.end()
}

fn zeros_then(body: &mut Left<'_>, zeros: usize, plain: usize) -> Result<usize, Fault> {
    body.zeros(zeros)?;
    Ok(plain)
}

/// Parameter sets behind their lengths.
fn sets(body: &mut Left<'_>, flavour: Flavour, count: u64, kinds: &[u8]) -> Result<(), Fault> {
    for _ in 0..count {
        let len = usize::try_from(body.number(2)?).unwrap_or(0);
        let set = body.take(len)?;
        let first = *set.first().ok_or(Fault("an empty parameter set"))?;
        if !nal::is_set(flavour, first, kinds) {
            return Err(Fault("a record with something other than parameter sets"));
        }
    }
    Ok(())
}

/// All of these bits are ones.
fn ones(octet: u64, bits: u64) -> Result<u64, Fault> {
    if octet & bits == bits {
        Ok(octet & !bits)
    } else {
        Err(Fault("reserved bits that are not ones"))
    }
}

fn avc(mut body: Left<'_>, told: &mut Told) -> Result<(), Fault> {
    body.exactly(&[1])?;
    let profile = body.number(1)?;
    body.take(2)?;
    let lengths = ones(body.number(1)?, 0xFC)?;
    told.lengths = Some((Flavour::Avc, usize::try_from(lengths).unwrap_or(3) + 1));
    let count = ones(body.number(1)?, 0xE0)?;
    sets(&mut body, Flavour::Avc, count, &[7, 15])?;
    let count = body.number(1)?;
    sets(&mut body, Flavour::Avc, count, &[8])?;
    if !body.0.is_empty() && !matches!(profile, 66 | 77 | 88) {
        ones(body.number(1)?, 0xFC)?;
        ones(body.number(1)?, 0xF8)?;
        ones(body.number(1)?, 0xF8)?;
        let count = body.number(1)?;
        sets(&mut body, Flavour::Avc, count, &[13])?;
    }
    body.end()
}

fn hevc(mut body: Left<'_>, told: &mut Told) -> Result<(), Fault> {
    body.exactly(&[1])?;
    body.take(12)?;
    ones(body.number(1)?, 0xF0)?;
    body.take(1)?;
    for reserved in [0xFC, 0xFC, 0xF8, 0xF8] {
        ones(body.number(1)?, reserved)?;
    }
    body.take(2)?;
    let lengths = body.number(1)? & 3;
    told.lengths = Some((Flavour::Hevc, usize::try_from(lengths).unwrap_or(3) + 1));
    let mut last = 0;
    for _ in 0..body.number(1)? {
        let kind = body.number(1)? & 0x7F;
        let count = body.number(2)?;
        if kind < last || !matches!(kind, 32..=34) || count == 0 {
            return Err(Fault("an array of a record"));
        }
        let wanted = u8::try_from(kind).unwrap_or(0);
        sets(&mut body, Flavour::Hevc, count, &[wanted])?;
        last = kind;
    }
    body.end()
}

/// A descriptor with a length of four octets.
fn descriptor<'a>(body: &mut Left<'a>, tag: u8) -> Result<Left<'a>, Fault> {
    body.exactly(&[tag])?;
    let mut len = 0;
    for at in 0..4 {
        let octet = body.number(1)?;
        if (octet & 0x80 != 0) != (at < 3) {
            return Err(Fault("a length of a descriptor"));
        }
        len = len << 7 | octet & 0x7F;
    }
    body.take(usize::try_from(len).unwrap_or(usize::MAX))
        .map(Left)
}

fn descriptors(mut body: Left<'_>, told: &mut Told) -> Result<(), Fault> {
    body.zeros(4)?;
    let mut stream = descriptor(&mut body, 3)?;
    body.end()?;
    stream.zeros(3)?;
    let mut config = descriptor(&mut stream, 4)?;
    let mut sync = descriptor(&mut stream, 6)?;
    sync.exactly(&[2])?;
    sync.end()?;
    stream.end()?;
    let object = u8::try_from(config.number(1)?).unwrap_or(0);
    told.object = Some(object);
    if config.number(1)? & 1 == 0 {
        return Err(Fault("a reserved bit of a descriptor"));
    }
    // A picture's rates tell of what stood in its packets.
    if matches!(object, 0x20 | 0x60..=0x65 | 0x6A | 0x6C) {
        config.zeros(11)?;
    } else {
        config.take(11)?;
    }
    if config.0.is_empty() {
        return Ok(());
    }
    let specific = descriptor(&mut config, 5)?;
    config.end()?;
    match object {
        0x40 | 0x66..=0x68 if (1..=64).contains(&specific.0.len()) => Ok(()),
        0x20 | 0x60..=0x65 | 0x6A => samples::start_codes(specific.0),
        _ => Err(Fault("what a decoder has to know of an unknown codec")),
    }
}

fn colour(mut body: Left<'_>) -> Result<(), Fault> {
    match body.take(4)? {
        b"nclx" => {
            body.take(6)?;
            if body.number(1)? & 0x7F != 0 {
                return Err(Fault("reserved bits of a colour box"));
            }
            body.end()
        }
        b"nclc" => {
            body.take(6)?;
            body.end()
        }
        b"prof" => super::super::icc::verify(body.0),
        _ => Err(Fault("a colour box of another kind")),
    }
}

/// ETSI TS 102 366, F.6.
fn enhanced_ac3(mut body: Left<'_>) -> Result<(), Fault> {
    let streams = body.number(2)? & 7;
    for _ in 0..=streams {
        let stream = body.number(3)?;
        if stream >> 1 & 15 != 0 {
            body.take(1)?;
        }
    }
    if !body.0.is_empty() {
        body.take(2)?;
    }
    body.end()
}

fn opus(mut body: Left<'_>) -> Result<(), Fault> {
    body.zeros(1)?;
    let channels = body.number(1)?;
    body.take(2 + 4 + 2)?;
    if body.number(1)? != 0 {
        body.take(2 + usize::try_from(channels).unwrap_or(0))?;
    }
    body.end()
}

fn layout(mut body: Left<'_>) -> Result<(), Fault> {
    body.zeros(4)?;
    let structure = body.number(1)?;
    if structure > 3 {
        return Err(Fault("a channel layout"));
    }
    if structure & 1 != 0 {
        if body.number(1)? == 0 {
            return Err(Fault("a channel layout of its own"));
        }
        body.take(8)?;
    }
    if structure & 2 != 0 {
        body.take(1)?;
    }
    body.end()
}

fn spherical(mut body: Left<'_>) -> Result<(), Fault> {
    let mut svhd = body.open(b"svhd")?;
    svhd.zeros(5)?;
    svhd.end()?;
    let mut proj = body.open(b"proj")?;
    body.end()?;
    let mut pose = proj.open(b"prhd")?;
    pose.zeros(4)?;
    pose.take(12)?;
    pose.end()?;
    let (name, mut wrapping) = proj.any()?;
    wrapping.zeros(4)?;
    wrapping.take(match name {
        b"equi" => 16,
        b"cbmp" => 8,
        _ => return Err(Fault("a projection")),
    })?;
    wrapping.end()?;
    proj.end()
}
