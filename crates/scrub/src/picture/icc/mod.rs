//! Colour profiles: the numbers that colours need, without a device's texts, dates and ids.
//!
//! Neither keeping nor dropping a profile will do: it names programs, displays with their serial numbers, and dates,
//! and without it the colours of every newer phone's photos shift. So it is written again, from its tables of numbers.
//!
//! ICC.1:2022 (version 4) and ICC.1:2001-04 (version 2).

mod tables;
mod texts;

use crate::job::Job;

/// What a tag of a kept name has to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// One colour.
    Xyz,
    /// Nine numbers.
    Matrix,
    Curve,
    /// From the device's channels to the three of the connection space.
    FromDevice,
    /// The other way round.
    ToDevice,
    /// Four code points (H.273).
    CodePoints,
}

/// The tags that colours depend on, in the order in which they are written.
const KEPT: [(&[u8; 4], Content); 18] = [
    (b"wtpt", Content::Xyz),
    (b"bkpt", Content::Xyz),
    (b"chad", Content::Matrix),
    (b"cicp", Content::CodePoints),
    (b"rXYZ", Content::Xyz),
    (b"gXYZ", Content::Xyz),
    (b"bXYZ", Content::Xyz),
    (b"rTRC", Content::Curve),
    (b"gTRC", Content::Curve),
    (b"bTRC", Content::Curve),
    (b"kTRC", Content::Curve),
    (b"A2B0", Content::FromDevice),
    (b"A2B1", Content::FromDevice),
    (b"A2B2", Content::FromDevice),
    (b"B2A0", Content::ToDevice),
    (b"B2A1", Content::ToDevice),
    (b"B2A2", Content::ToDevice),
    (b"gamt", Content::ToDevice),
];

/// More tags than this no reader takes.
const MAX_TAGS: usize = 100;
/// The connection space's white, D50.
const D50: [u8; 12] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];

/// Writes a profile again with its rendering tags only, a fixed header and fixed texts. Reports under `place` what was
/// in it besides. Nothing for a profile that is damaged.
///
/// The result depends on nothing but the kept numbers, and comes out of a second pass as it is. In the source of a
/// [`crate::plan::Plan`] the profile's range is `rewritten`: its numbers return, and what is text in it cannot, since
/// each kept table has a type and the exact length of that type.
pub(crate) fn canonical(profile: &[u8], place: &str, job: &mut Job) -> Option<Vec<u8>> {
    let header: &[u8; 128] = profile.first_chunk()?;
    let clean = rewrite(header, profile);
    if clean.as_deref() != Some(profile) {
        texts::report(header, profile, place, job);
    }
    clean
}

/// The tags that lie within the profile. Nothing when there are more than any reader takes.
fn entries(profile: &[u8]) -> Option<Vec<Entry<'_>>> {
    let (count, table) = profile.get(128..)?.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
    if count > MAX_TAGS {
        return None;
    }
    let (entries, _) = table.as_chunks::<12>();
    let entry = |entry: &[u8; 12]| {
        let [a, b, c, d, rest @ ..] = *entry;
        let (at, len) = (number(&rest, 0)?, number(&rest, 4)?);
        let data = profile.get(at..at.checked_add(len)?)?;
        Some(Entry {
            name: [a, b, c, d],
            data,
        })
    };
    Some(entries.iter().take(count).filter_map(entry).collect())
}

/// A tag that lies within the profile.
struct Entry<'a> {
    name: [u8; 4],
    data: &'a [u8],
}

fn rewrite(header: &[u8; 128], profile: &[u8]) -> Option<Vec<u8>> {
    let space = Space::of(header)?;
    let entries = entries(profile)?;
    let mut tags = vec![
        (*b"desc", texts::description(space.version)),
        (*b"cprt", texts::rights(space.version)),
    ];
    for (name, content) in KEPT {
        let Some(entry) = entries.iter().find(|entry| entry.name == *name) else {
            continue;
        };
        let data = match content {
            Content::Xyz => tables::xyz(entry.data),
            Content::Matrix => tables::matrix(entry.data),
            Content::CodePoints => tables::code_points(entry.data),
            Content::Curve => tables::curve(entry.data).map(|(curve, _)| curve),
            Content::FromDevice => tables::table(entry.data, space.channels, 3),
            Content::ToDevice if name == b"gamt" => tables::table(entry.data, 3, 1),
            Content::ToDevice => tables::table(entry.data, 3, space.channels),
        };
        tags.extend(data.map(|data| (*name, data)));
    }
    let has = |wanted: &[&[u8; 4]]| {
        wanted
            .iter()
            .all(|name| tags.iter().any(|(tag, _)| tag == *name))
    };
    let shows = match &space.device {
        b"RGB " => has(&[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"]),
        b"GRAY" => has(&[b"kTRC"]),
        _ => false,
    };
    if !shows && !has(&[b"A2B0"]) {
        return None;
    }
    Some(assemble(header, &space, &tags))
}

/// What the header says that colours depend on.
struct Space {
    version: u8,
    device: [u8; 4],
    channels: u8,
}

impl Space {
    fn of(header: &[u8; 128]) -> Option<Self> {
        let four = |at: usize| header.get(at..)?.first_chunk::<4>().copied();
        let version = header.get(8).copied().filter(|v| matches!(v, 2 | 4))?;
        if !matches!(&four(12)?, b"scnr" | b"mntr" | b"prtr" | b"spac")
            || !matches!(&four(20)?, b"XYZ " | b"Lab ")
            || &four(36)? != b"acsp"
        {
            return None;
        }
        let device = four(16)?;
        let channels = match &device {
            b"GRAY" => 1,
            b"RGB " | b"Lab " | b"XYZ " | b"YCbr" | b"CMY " | b"HSV " | b"3CLR" => 3,
            b"CMYK" | b"4CLR" => 4,
            b"2CLR" => 2,
            b"5CLR" => 5,
            b"6CLR" => 6,
            b"7CLR" => 7,
            b"8CLR" => 8,
            _ => return None,
        };
        Some(Self {
            version,
            device,
            channels,
        })
    }
}

/// Puts header, tag table and tags together. Equal tags share their octets.
fn assemble(header: &[u8; 128], space: &Space, tags: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut table = Vec::with_capacity(tags.len() * 12);
    let mut body: Vec<u8> = Vec::new();
    let start = 128 + 4 + tags.len() * 12;
    let mut placed: Vec<(&[u8], usize)> = Vec::new();
    for (name, data) in tags {
        let known = placed.iter().find(|(other, _)| other == data);
        let at = known.map_or(start + body.len(), |&(_, at)| at);
        if known.is_none() {
            placed.push((data, at));
            body.extend_from_slice(data);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        table.extend_from_slice(name);
        table.extend_from_slice(&be(at));
        table.extend_from_slice(&be(data.len()));
    }
    let mut clean = Vec::with_capacity(start + body.len());
    clean.extend_from_slice(&be(start + body.len()));
    clean.extend_from_slice(&[0; 4]);
    clean.extend_from_slice(&[space.version, 0x40, 0, 0]);
    clean.extend_from_slice(header.get(12..24).unwrap_or_default());
    clean.extend_from_slice(&[0; 12]);
    clean.extend_from_slice(b"acsp");
    clean.resize(64, 0);
    // The preferred rendering intent: 0 to 3.
    let intent = header
        .get(64..68)
        .filter(|intent| matches!(intent, [0, 0, 0, 0..=3]));
    clean.extend_from_slice(intent.unwrap_or(&[0; 4]));
    clean.extend_from_slice(&D50);
    clean.resize(128, 0);
    clean.extend_from_slice(&be(tags.len()));
    clean.extend_from_slice(&table);
    clean.extend_from_slice(&body);
    clean
}

/// The big-endian number of four octets at `at`.
fn number(octets: &[u8], at: usize) -> Option<usize> {
    let four = octets.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*four)).ok()
}

/// A length or position as four octets. No profile is that long that it would not fit.
fn be(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A profile of display class: header, then these tags.
    fn profile(version: u8, space: &[u8], tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut header = vec![0_u8; 128];
        header[4..8].copy_from_slice(b"appl");
        header[8] = version;
        header[12..16].copy_from_slice(b"mntr");
        header[16..20].copy_from_slice(space);
        header[20..24].copy_from_slice(b"XYZ ");
        header[24..36].copy_from_slice(&[7, 0xE4, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7]);
        header[36..40].copy_from_slice(b"acsp");
        header[48..56].copy_from_slice(b"MAKRMODL");
        header[84..128].copy_from_slice(b"0123456789abcdefa marker in reserved octets.");
        let (mut table, mut body) = (be(tags.len()).to_vec(), Vec::new());
        for (name, data) in tags {
            table.extend_from_slice(*name);
            table.extend_from_slice(&be(132 + tags.len() * 12 + body.len()));
            table.extend_from_slice(&be(data.len()));
            body.extend_from_slice(data);
        }
        [header, table, body].concat()
    }

    fn typed(kind: &[u8], content: &[u8]) -> Vec<u8> {
        [kind, b"rsvd", content].concat()
    }

    fn rgb(version: u8) -> Vec<u8> {
        let xyz = || typed(b"XYZ ", b"ABCDEFGHIJKLmarker behind");
        let curve = || typed(b"curv", b"\0\0\0\x01\x02\x33marker behind");
        let para = typed(b"para", &[&[0, 4, 8, 8], [1; 40].as_slice()].concat());
        profile(
            version,
            b"RGB ",
            &[
                (b"desc", typed(b"desc", b"\0\0\0\x08Display\0")),
                (b"mmod", typed(b"mmod", b"serial")),
                (b"zzzz", typed(b"text", b"a marker")),
                (b"bXYZ", xyz()),
                (b"gXYZ", xyz()),
                (b"rXYZ", xyz()),
                (b"rTRC", curve()),
                (b"gTRC", curve()),
                (b"bTRC", para),
            ],
        )
    }

    fn canonical_of(profile: &[u8]) -> Option<Vec<u8>> {
        canonical(profile, "ICC", &mut Job::new())
    }

    fn grey(table: Vec<u8>) -> Vec<u8> {
        profile(4, b"CMYK", &[(b"A2B0", table)])
    }

    fn tables() -> Vec<Vec<u8>> {
        let shape = [4, 3, 2, 9];
        let matrix = [3; 36];
        let eight = [shape.as_slice(), &matrix, &[5; 7 * 256 + 16 * 3]].concat();
        let counts = [0, 2, 0, 3];
        let sixteen = [shape.as_slice(), &matrix, &counts, &[5; (8 + 9 + 48) * 2]].concat();
        let curves = [typed(b"curv", &[0, 0, 0, 1, 2, 3]), b"xx".to_vec()].concat();
        let head = [4, 3, 7, 7, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 83];
        let head = [head.as_slice(), &[0, 0, 0, 83 + 68]].concat();
        let grid = [[2; 16].as_slice(), &[1, 6, 6, 6], &[8; 48]].concat();
        let stages = [head, curves.repeat(3), vec![9; 3], grid, curves.repeat(4)].concat();
        vec![
            typed(b"mft1", &eight),
            typed(b"mft2", &sixteen),
            typed(b"mAB ", &stages),
        ]
    }

    #[test]
    fn a_clean_profile_holds_no_text_and_comes_out_as_it_went_in() {
        for version in [2, 4] {
            let mut job = Job::new();
            let clean = canonical(&rgb(version), "ICC", &mut job).unwrap();
            assert!(!job.into_report().is_empty());
            for word in ["marker", "serial", "Display", "MAKR", "0123", "rsvd"] {
                let found = clean
                    .windows(word.len())
                    .any(|window| window == word.as_bytes());
                assert!(!found, "{word}");
            }
            let mut again = Job::new();
            assert!(canonical(&clean, "ICC", &mut again).unwrap() == clean);
            assert!(again.into_report().is_empty());
        }
    }

    #[test]
    fn tables_of_every_type_are_cut_to_their_length() {
        for table in tables() {
            let clean = canonical_of(&grey(table.clone())).unwrap();
            assert_eq!(canonical_of(&clean).unwrap(), clean);
            let tail = [table.clone(), b"a marker".to_vec()].concat();
            assert_eq!(canonical_of(&grey(tail)).unwrap(), clean);
            let short = table.get(..table.len() - 3).unwrap();
            assert!(canonical_of(&grey(short.to_vec())).is_none());
        }
    }

    #[test]
    fn damaged_profiles_are_nothing_and_hurt_nobody() {
        for whole in [rgb(2), rgb(4)]
            .into_iter()
            .chain(tables().into_iter().map(grey))
        {
            for len in 0..whole.len().min(700) {
                let _ = canonical_of(whole.get(..len).unwrap());
            }
            for at in 0..whole.len().min(700) {
                let mut flipped = whole.clone();
                flipped[at] ^= 0xFF;
                let _ = canonical_of(&flipped).map(|clean| {
                    assert_eq!(canonical_of(&clean).unwrap(), clean);
                    assert_eq!(crate::verify::icc_is_clean(&clean), Ok(()));
                });
            }
        }
    }

    #[test]
    fn the_verifier_takes_clean_profiles_only() {
        for whole in [rgb(2), rgb(4)]
            .into_iter()
            .chain(tables().into_iter().map(grey))
        {
            assert!(crate::verify::icc_is_clean(&whole).is_err());
            let clean = canonical_of(&whole).unwrap();
            assert_eq!(crate::verify::icc_is_clean(&clean), Ok(()));
            for at in 0..clean.len() {
                let mut longer = clean.clone();
                longer.insert(at, 0);
                assert!(crate::verify::icc_is_clean(&longer).is_err());
            }
            let tail = [clean.as_slice(), &[0; 4]].concat();
            assert!(crate::verify::icc_is_clean(&tail).is_err());
        }
    }
}
