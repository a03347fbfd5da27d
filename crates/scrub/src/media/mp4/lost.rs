//! What is left out, told to the person.

use super::boxes::{Atom, Fields, find};
use super::track::remark_lost;
use crate::Refusal;
use crate::job::Job;
use crate::report::What;
use crate::source::Source;

/// Octets of a box that are looked at for its text.
const FRONT: u64 = 4096;
/// Boxes within boxes are followed this far.
const DEEPEST: u8 = 6;

/// Seconds from 1904, when these clocks begin, to 1970.
const EPOCH: u64 = 2_082_844_800;

/// Times of creation and modification.
pub(super) fn times(job: &mut Job, place: &'static str, times: [u64; 2]) {
    for time in times {
        if time != 0 {
            job.found(What::Time, place, &date(time));
        }
    }
}

/// Seconds since 1904 as a date (Howard Hinnant's `civil_from_days`).
fn date(time: u64) -> String {
    let Some(seconds) = time.checked_sub(EPOCH).filter(|&time| time < 1 << 40) else {
        return time.to_string();
    };
    let (days, clock) = (seconds / 86400, seconds % 86400);
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// The language of a track, packed into 15 bits.
pub(super) fn language(job: &mut Job, packed: u16) {
    // "und", and the value of English in old QuickTime that nearly every file has.
    if packed == 0x55C4 || packed == 0 {
        return;
    }
    let letter = |shift: u16| char::from(u8::try_from(packed >> shift & 31).unwrap_or(0) | 0x60);
    let name: String = [letter(10), letter(5), letter(0)].iter().collect();
    job.found(What::Place, "moov/trak/mdia/mdhd language", &name);
}

/// The vendor of a sample entry, and the name of the compressor in one of a picture.
pub(super) fn sample_entry(body: &[u8], job: &mut Job) {
    let vendor = body.get(12..16).unwrap_or_default();
    if vendor.iter().any(|&octet| octet != 0) {
        job.found_octets(What::Software, "stsd vendor", vendor);
    }
    // Sound descriptions are shorter than this.
    let name = body.get(42..74).filter(|_| body.len() >= 78);
    let Some((len, name)) = name.and_then(<[u8]>::split_first) else {
        return;
    };
    if *len != 0 || name.iter().any(|&octet| octet != 0) {
        let name = name.get(..usize::from(*len)).unwrap_or(name);
        job.found_octets(What::Software, "stsd compressorname", name);
    }
}

/// A box of a sample entry that is not written again.
pub(super) fn config(file: &Source<'_>, atom: &Atom, job: &mut Job) -> Result<(), Refusal> {
    if matches!(&atom.name, b"btrt" | b"free" | b"wide") && text(&atom.front(file, 64)?).is_empty()
    {
        return Ok(());
    }
    job.found(What::Unknown, "stsd box", &text(&atom.front(file, FRONT)?));
    Ok(())
}

/// A track that is left out.
pub(super) fn track(
    file: &Source<'_>,
    kind: &[u8],
    trak: &Atom,
    job: &mut Job,
) -> Result<(), Refusal> {
    let (what, place) = match kind {
        b"meta" | b"camm" => (What::Place, "track of timed metadata"),
        b"tmcd" => (What::Time, "track of time codes"),
        b"text" | b"sbtl" | b"subt" | b"clcp" => (What::Description, "track of text"),
        b"vide" => (What::Preview, "track of chapter pictures"),
        b"soun" => (What::Unknown, "track of sound for chapters"),
        b"hint" => (What::Unknown, "track of hints"),
        _ => (What::Unknown, "track of another kind"),
    };
    job.found(what, place, "");
    remark_lost(job);
    user_data(file, trak, "moov/trak", job)
}

/// What a kept track loses.
pub(super) fn report_track(
    file: &Source<'_>,
    levels: [&[Atom]; 4],
    job: &mut Job,
) -> Result<(), Refusal> {
    let [trak, mdia, minf, stbl] = levels;
    handler(file, mdia, "moov/trak/mdia/hdlr", job)?;
    handler(file, minf, "moov/trak/mdia/minf/hdlr", job)?;
    let known: &[&[u8; 4]] = &[
        b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load", b"mdhd", b"hdlr", b"minf", b"vmhd",
        b"smhd", b"dinf", b"stbl", b"gmhd", b"nmhd", b"stsd", b"stts", b"ctts", b"cslg", b"stss",
        b"stps", b"stsz", b"stz2", b"stsc", b"stco", b"co64", b"sdtp", b"sbgp", b"sgpd", b"stsh",
        b"elng",
    ];
    for atom in trak.iter().chain(mdia).chain(minf).chain(stbl) {
        if !known.contains(&&atom.name) {
            tree(file, atom, "moov/trak", DEEPEST, job)?;
        }
    }
    Ok(())
}

/// The name that a program gave to a handler.
fn handler(
    file: &Source<'_>,
    atoms: &[Atom],
    place: &'static str,
    job: &mut Job,
) -> Result<(), Refusal> {
    let Some(hdlr) = find(atoms, b"hdlr") else {
        return Ok(());
    };
    let body = hdlr.front(file, FRONT)?;
    let maker = body.get(12..24).unwrap_or_default();
    let name = text(body.get(24..).unwrap_or_default());
    let is_plain = matches!(name.as_str(), "" | "VideoHandler" | "SoundHandler");
    if !is_plain || maker.iter().any(|&octet| octet != 0) {
        job.found(What::Software, place, &name);
    }
    Ok(())
}

/// The `udta` and `meta` boxes of a movie or track.
pub(super) fn user_data(
    file: &Source<'_>,
    atom: &Atom,
    place: &'static str,
    job: &mut Job,
) -> Result<(), Refusal> {
    for child in atom.children(file, 0)? {
        if matches!(&child.name, b"udta" | b"meta" | b"uuid") {
            tree(file, &child, place, DEEPEST, job)?;
        }
    }
    Ok(())
}

/// A box that is left out, with what is in it.
pub(super) fn tree(
    file: &Source<'_>,
    atom: &Atom,
    place: &'static str,
    depth: u8,
    job: &mut Job,
) -> Result<(), Refusal> {
    let is_nest = matches!(&atom.name, b"udta" | b"meta" | b"ilst");
    let mut inner = Vec::new();
    if is_nest && depth > 0 {
        // `meta` is a full box in ISO files and a plain one in QuickTime's.
        inner = atom.children(file, 0)?;
        if inner.is_empty() {
            inner = atom.children(file, 4)?;
        }
    }
    if !inner.is_empty() {
        for child in inner {
            tree(file, &child, place, depth - 1, job)?;
        }
        return Ok(());
    }
    let octets = atom.front(file, FRONT)?;
    if octets.iter().all(|&octet| octet == 0) || matches!(&atom.name, b"hdlr" | b"iods" | b"keys") {
        return Ok(());
    }
    let (mut what, mut name) = meaning(atom.name);
    let value = match &atom.name {
        b"loci" => location(&octets),
        [0xA9, ..] => user_text(&octets),
        _ => None,
    };
    let value = value.unwrap_or_else(|| text(&octets));
    if is_position(&value) {
        (what, name) = (What::Place, "location");
    }
    job.found(what, format!("{place} {name}"), &value);
    Ok(())
}

/// Text behind its length and language, as `QuickTime` writes it.
fn user_text(octets: &[u8]) -> Option<String> {
    let (&[high, low, _, _], text) = octets.split_first_chunk::<4>()?;
    let text = text.get(..usize::from(u16::from_be_bytes([high, low])))?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// Latitude and longitude as ISO 6709 writes them: `+48.1234+011.5678/`.
fn is_position(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
    let signs = text.chars().filter(|c| matches!(c, '+' | '-')).count();
    text.ends_with('/')
        && text.starts_with(['+', '-'])
        && signs >= 2
        && text.trim_end_matches('/').chars().all(is_part)
}

/// What a box tells, and what it is called.
fn meaning(name: [u8; 4]) -> (What, &'static str) {
    match &name {
        b"\xA9xyz" | b"loci" => (What::Place, "location"),
        b"\xA9day" | b"\xA9TIM" | b"\xA9dat" | b"date" | b"yrrc" | b"purd" => (What::Time, "date"),
        b"\xA9too" | b"\xA9swr" | b"\xA9enc" | b"\xA9swf" => (What::Software, "software"),
        b"\xA9mod" | b"\xA9mak" | b"modl" | b"manu" | b"CNMN" | b"FIRM" | b"LENS" | b"CAME"
        | b"\xA9mdl" => (What::Device, "device"),
        b"\xA9ART" | b"\xA9aut" | b"\xA9wrt" | b"aART" | b"auth" | b"perf" | b"apID" | b"ownr"
        | b"\xA9own" | b"\xA9prd" | b"cprt" | b"\xA9cpy" => (What::Person, "person"),
        b"\xA9nam" | b"\xA9cmt" | b"\xA9des" | b"desc" | b"ldes" | b"titl" | b"dscp"
        | b"\xA9alb" | b"\xA9gen" | b"\xA9lyr" | b"\xA9inf" | b"gnre" | b"keyw" | b"chpl" => {
            (What::Description, "text")
        }
        b"covr" | b"thmb" | b"PICT" => (What::Preview, "picture"),
        b"uuid" => (What::Identifier, "uuid box"),
        b"XMP_" | b"keys" | b"----" => (What::Description, "item of a program's own"),
        b"free" | b"skip" | b"wide" => (What::Unknown, "free space"),
        _ => (What::Unknown, "box"),
    }
}

/// `loci`: a name, then longitude, latitude and altitude (3GPP TS 26.244, 8.7).
fn location(body: &[u8]) -> Option<String> {
    let rest = body.get(6..)?;
    let end = rest.iter().position(|&octet| octet == 0)?;
    let mut fields = Fields(rest.get(end + 2..)?);
    let mut next = || Some(f64::from(fields.u32().ok()?.cast_signed()) / 65536.0);
    let (longitude, latitude) = (next()?, next()?);
    Some(format!("{latitude:+.4}{longitude:+.4}"))
}

/// The longest run of letters in octets.
pub(super) fn text(octets: &[u8]) -> String {
    let runs = octets
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().split(char::is_control));
    let longest = runs.max_by_key(|text| text.len()).unwrap_or_default();
    if longest.len() < 4 {
        String::new()
    } else {
        longest.to_owned()
    }
}

/// Boxes beside the movie that are left out.
pub(super) fn beside(
    file: &Source<'_>,
    top: &[Atom],
    end: u64,
    job: &mut Job,
) -> Result<(), Refusal> {
    for atom in top {
        let known = matches!(
            &atom.name,
            b"ftyp" | b"styp" | b"moov" | b"mdat" | b"moof" | b"mfra" | b"sidx" | b"ssix" | b"wide"
        );
        if !known {
            tree(file, atom, "file", DEEPEST, job)?;
        }
    }
    if end < file.len() {
        let tail = file.read(end..file.len().min(end.saturating_add(FRONT)), 1 << 20)?;
        job.found(What::Unknown, "behind the last box", &text(&tail));
    }
    Ok(())
}
