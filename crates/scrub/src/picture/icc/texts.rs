//! What a profile tells in words: reported, and replaced by two words of ours.

use super::{Entry, entries, number};
use crate::What;
use crate::job::Job;

/// The description of every clean profile. Shorter than what a search for dropped words looks for.
const DESCRIPTION: &str = "ICC";
/// Its rights.
const RIGHTS: &str = "CC0";

/// Tags that are known and not kept, and what they tell.
const DROPPED: [(&[u8; 4], What, &str); 16] = [
    (b"desc", What::ColourProfile, "description"),
    (b"cprt", What::ColourProfile, "copyright"),
    (b"dmnd", What::ColourProfile, "manufacturer"),
    (b"dmdd", What::ColourProfile, "model"),
    (b"mmod", What::Identifier, "display's serial number"),
    (b"dscm", What::ColourProfile, "descriptions"),
    (b"vued", What::ColourProfile, "viewing conditions"),
    (b"view", What::ColourProfile, "viewing conditions"),
    (b"meas", What::ColourProfile, "measurement"),
    (b"tech", What::ColourProfile, "technology"),
    (b"lumi", What::ColourProfile, "luminance"),
    (b"targ", What::ColourProfile, "characterisation"),
    (b"calt", What::Time, "calibration time"),
    (b"vcgt", What::ColourProfile, "display's calibration"),
    (b"meta", What::Identifier, "dictionary"),
    (b"psid", What::Identifier, "sequence identifiers"),
];

/// `desc`, fixed.
pub(super) fn description(version: u8) -> Vec<u8> {
    if version == 4 {
        return localised(DESCRIPTION);
    }
    // textDescriptionType: the text and its length, then nothing in Unicode and nothing in a Macintosh script.
    let len = u8::try_from(DESCRIPTION.len() + 1).unwrap_or(0);
    let mut tag = [b"desc", [0; 7].as_slice(), &[len], DESCRIPTION.as_bytes()].concat();
    tag.resize(tag.len() + 1 + 8 + 3 + 67, 0);
    tag
}

/// `cprt`, fixed.
pub(super) fn rights(version: u8) -> Vec<u8> {
    if version == 4 {
        return localised(RIGHTS);
    }
    [b"text", [0; 4].as_slice(), RIGHTS.as_bytes(), &[0]].concat()
}

/// `multiLocalizedUnicodeType` with one English text.
fn localised(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let len = super::be(utf16.len());
    let records = [0, 0, 0, 1, 0, 0, 0, 12];
    [
        b"mluc",
        [0; 4].as_slice(),
        &records,
        b"enUS",
        &len,
        &super::be(28),
        &utf16,
    ]
    .concat()
}

/// Reports what a profile tells besides its colours.
pub(super) fn report(header: &[u8; 128], profile: &[u8], place: &str, job: &mut Job) {
    let entries = entries(profile).unwrap_or_default();
    let about = entries.iter().find(|entry| entry.name == *b"desc");
    let about = about.and_then(|entry| text(entry.data)).unwrap_or_default();
    job.found(What::ColourProfile, place.to_owned(), &about);
    for entry in &entries {
        report_tag(entry, place, job);
    }
    let known = header.get(24..36).and_then(date);
    if let Some(date) = known {
        job.found(What::Time, format!("{place} date"), &date);
    }
    let told = |range: std::ops::Range<usize>| {
        let octets = header.get(range).unwrap_or_default();
        octets.iter().any(|&octet| octet != 0).then_some(octets)
    };
    if let Some(device) = told(48..56) {
        job.found_octets(
            What::Device,
            format!("{place} manufacturer and model"),
            device,
        );
    }
    if let Some(creator) = told(80..84) {
        job.found_octets(What::Software, format!("{place} creator"), creator);
    }
    if told(84..100).is_some() {
        job.found(What::Identifier, format!("{place} ID"), "");
    }
}

fn report_tag(entry: &Entry<'_>, place: &str, job: &mut Job) {
    let known = DROPPED.iter().find(|(name, ..)| **name == entry.name);
    let Some((_, what, name)) = known else {
        return;
    };
    let value = text(entry.data).unwrap_or_default();
    let is_ours = (*name == "description" && value == DESCRIPTION)
        || (*name == "copyright" && value == RIGHTS);
    if !is_ours && *name != "description" {
        job.found(*what, format!("{place} {name}"), &value);
    }
}

/// The text of a tag, when it is of a type of text.
fn text(data: &[u8]) -> Option<String> {
    let from = data.get(8..)?;
    let until_zero = |octets: &[u8]| {
        let end = octets.iter().position(|&octet| octet == 0);
        let octets = octets.get(..end.unwrap_or(octets.len()))?;
        Some(String::from_utf8_lossy(octets).into_owned())
    };
    match data.get(..4)? {
        b"text" => until_zero(from),
        b"desc" => until_zero(from.get(4..)?.get(..number(data, 8)?.min(from.len() - 4))?),
        b"mluc" => {
            let (len, at) = (number(data, 20)?, number(data, 24)?);
            let (units, _) = data.get(at..at.checked_add(len)?)?.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            Some(
                char::decode_utf16(units)
                    .map(|c| c.unwrap_or('\u{FFFD}'))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// `dateTimeNumber`, unless it is zero.
fn date(octets: &[u8]) -> Option<String> {
    let (numbers, _) = octets.as_chunks::<2>();
    let numbers: Vec<u16> = numbers.iter().map(|n| u16::from_be_bytes(*n)).collect();
    let [year, month, day, hour, minute, second] = numbers.as_slice() else {
        return None;
    };
    (*year != 0).then(|| format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
}
