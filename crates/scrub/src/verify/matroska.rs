//! Matroska: each element in its one place and in its shortest spelling, numbers that lead where they say, and blocks
//! of the tracks that were declared.

use std::ops::Range;

use super::{Fault, Views};
use crate::source::Source;

/// What the tracks say that blocks depend on.
struct Track {
    codec: Vec<u8>,
    private: Vec<u8>,
    has_alpha: bool,
}

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut at = head(file)?;
    let (id, segment) = element(file, at, file.len(), true)?;
    if id != 0x1853_8067 || segment.end != file.len() {
        return Err(Fault("the segment"));
    }
    at = segment.start;
    let places = seek_head(file, &mut at, segment.end)?;
    let found_info = at - segment.start;
    let (id, body) = element(file, at, segment.end, false)?;
    if id != 0x1549_A966 {
        return Err(Fault("Info"));
    }
    info(file, &body)?;
    let found_tracks = body.end - segment.start;
    let (id, body) = element(file, body.end, segment.end, false)?;
    if id != 0x1654_AE6B {
        return Err(Fault("Tracks"));
    }
    let tracks = tracks(file, &body)?;
    at = body.end;
    let mut clusters = Vec::new();
    loop {
        let (id, _) = name(file, at)?;
        if id != 0x1F43_B675 {
            break;
        }
        let (_, body) = element(file, at, segment.end, true)?;
        clusters.push(at - segment.start);
        cluster(file, &body, &tracks)?;
        at = body.end;
    }
    let found_cues = at - segment.start;
    let (id, body) = element(file, at, segment.end, false)?;
    if id != 0x1C53_BB6B
        || body.end != segment.end
        || places != [found_info, found_tracks, found_cues]
    {
        return Err(Fault("the index, or where things stand"));
    }
    cues(file, &body, &clusters, tracks.len() as u64)
}

fn head(file: &Source<'_>) -> Result<u64, Fault> {
    const FRONT: &[u8] =
        b"\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82";
    const BACK: &[u8] = b"\x42\x87\x81\x04\x42\x85\x81\x02";
    for name in [b"\x84webm".as_slice(), b"\x88matroska"] {
        let body = [FRONT, name, BACK].concat();
        let mut whole = b"\x1A\x45\xDF\xA3".to_vec();
        whole.push(0x80 | u8::try_from(body.len()).unwrap_or(0));
        whole.extend(body);
        let len = whole.len() as u64;
        if file.read(0..len, 256).is_ok_and(|front| *front == whole) {
            return Ok(len);
        }
    }
    Err(Fault("the EBML head"))
}

/// An element's name and how many octets it takes.
fn name(file: &Source<'_>, at: u64) -> Result<(u32, u64), Fault> {
    let [first] = file.array(at)?;
    let len = match first {
        0x80.. => 1,
        0x40.. => 2,
        0x20.. => 3,
        0x10.. => 4,
        _ => return Err(Fault("an element's name")),
    };
    let octets = file.read(at..at + len, 4)?;
    Ok((octets.iter().fold(0, |id, &b| id << 8 | u32::from(b)), len))
}

/// An element: its name, and where its body is. Lengths are written in eight octets where `wide`, otherwise in as few
/// as they need.
fn element(file: &Source<'_>, at: u64, end: u64, wide: bool) -> Result<(u32, Range<u64>), Fault> {
    const FAULT: Fault = Fault("an element's length");
    let (id, used) = name(file, at)?;
    let [first] = file.array(at + used)?;
    let width = u64::from(first.leading_zeros()) + 1;
    if width > 8 || wide && width != 8 {
        return Err(FAULT);
    }
    let octets = file.read(at + used..at + used + width, 8)?;
    let value = octets
        .iter()
        .fold(0_u64, |value, &b| value << 8 | u64::from(b))
        ^ 1 << (7 * width);
    let is_shortest = width == 1 || value >= (1 << (7 * (width - 1))) - 1;
    if value == (1 << (7 * width)) - 1 || !wide && !is_shortest {
        return Err(FAULT);
    }
    let start = at + used + width;
    let last = start
        .checked_add(value)
        .filter(|&last| last <= end)
        .ok_or(FAULT)?;
    Ok((id, start..last))
}

fn octets(file: &Source<'_>, body: &Range<u64>, most: usize) -> Result<Vec<u8>, Fault> {
    Ok(file.read(body.clone(), most)?.to_vec())
}

fn uint(file: &Source<'_>, body: &Range<u64>) -> Result<u64, Fault> {
    let octets = octets(file, body, 8)?;
    if octets.is_empty() || octets.len() > 1 && octets.first() == Some(&0) {
        return Err(Fault("a number's spelling"));
    }
    Ok(octets.iter().fold(0, |value, &b| value << 8 | u64::from(b)))
}

fn seek_head(file: &Source<'_>, at: &mut u64, end: u64) -> Result<[u64; 3], Fault> {
    let (id, body) = element(file, *at, end, false)?;
    let octets = octets(file, &body, 63)?;
    *at = body.end;
    let mut places = [0; 3];
    let names: [&[u8; 4]; 3] = [
        b"\x15\x49\xA9\x66",
        b"\x16\x54\xAE\x6B",
        b"\x1C\x53\xBB\x6B",
    ];
    let mut entries = octets.chunks_exact(21);
    for (place, name) in places.iter_mut().zip(names) {
        let (front, number) = entries
            .next()
            .and_then(|e| e.split_last_chunk::<8>())
            .ok_or(Fault("SeekHead"))?;
        if front
            != [
                b"\x4D\xBB\x92\x53\xAB\x84".as_slice(),
                name,
                b"\x53\xAC\x88",
            ]
            .concat()
        {
            return Err(Fault("SeekHead"));
        }
        *place = u64::from_be_bytes(*number);
    }
    if id != 0x114D_9B74 || octets.len() != 63 {
        return Err(Fault("SeekHead"));
    }
    Ok(places)
}

fn info(file: &Source<'_>, body: &Range<u64>) -> Result<(), Fault> {
    const FAULT: Fault = Fault("Info");
    let (id, scale) = element(file, body.start, body.end, false)?;
    uint(file, &scale)?;
    let rest = octets(file, &(scale.end..body.end), 64)?;
    let nobody = b"\x4D\x80\x80\x57\x41\x80";
    let rest = rest.strip_suffix(nobody).ok_or(FAULT)?;
    let is_duration = rest.is_empty() || rest.len() == 11 && rest.starts_with(b"\x44\x89\x88");
    if id == 0x2A_D7B1 && is_duration {
        Ok(())
    } else {
        Err(FAULT)
    }
}

/// What an element holds, for the tables below.
enum Holds {
    Number,
    Real,
    Binary(u64),
    Exactly(&'static [u8]),
    Inner(&'static [(u32, Holds)]),
}
use Holds::{Binary, Exactly, Inner, Number, Real};

/// The elements of a track, in their order.
const TRACK: &[(u32, Holds)] = &[
    (0xD7, Number),
    (0x73C5, Number),
    (0x83, Number),
    (0xB9, Number),
    (0x88, Number),
    (0x55AA, Number),
    (0x9C, Number),
    (0x55EE, Number),
    (0x23_E383, Number),
    (0x23_4E7A, Number),
    (0x23_314F, Real),
    (0x22_B59C, Exactly(b"und")),
    (0x86, Binary(32)),
    (0x63A2, Binary(1 << 20)),
    (0x56AA, Number),
    (0x56BB, Number),
    (0xE0, Inner(PICTURE)),
    (0xE1, Inner(SOUND)),
    (0x6D80, Inner(&[(0x6240, Inner(ENCODING))])),
];
const ENCODING: &[(u32, Holds)] = &[
    (0x5031, Exactly(&[0])),
    (0x5032, Exactly(&[1])),
    (0x5033, Exactly(&[0])),
    (0x5034, Inner(&[(0x4254, Number), (0x4255, Binary(64))])),
];
const PICTURE: &[(u32, Holds)] = &[
    (0x9A, Number),
    (0x9D, Number),
    (0x53B8, Number),
    (0x53C0, Number),
    (0xB0, Number),
    (0xBA, Number),
    (0x54AA, Number),
    (0x54BB, Number),
    (0x54CC, Number),
    (0x54DD, Number),
    (0x54B0, Number),
    (0x54BA, Number),
    (0x54B2, Number),
    (0x54B3, Number),
    (0x2E_B524, Binary(4)),
    (
        0x55B0,
        Inner(&[
            (0x55B1, Number),
            (0x55B2, Number),
            (0x55B3, Number),
            (0x55B4, Number),
            (0x55B5, Number),
            (0x55B6, Number),
            (0x55B7, Number),
            (0x55B8, Number),
            (0x55B9, Number),
            (0x55BA, Number),
            (0x55BB, Number),
            (0x55BC, Number),
            (0x55BD, Number),
            (
                0x55D0,
                Inner(&[
                    (0x55D1, Real),
                    (0x55D2, Real),
                    (0x55D3, Real),
                    (0x55D4, Real),
                    (0x55D5, Real),
                    (0x55D6, Real),
                    (0x55D7, Real),
                    (0x55D8, Real),
                    (0x55D9, Real),
                    (0x55DA, Real),
                ]),
            ),
        ]),
    ),
    (
        0x7670,
        Inner(&[
            (0x7671, Number),
            (0x7672, Binary(20)),
            (0x7673, Real),
            (0x7674, Real),
            (0x7675, Real),
        ]),
    ),
];
const SOUND: &[(u32, Holds)] = &[
    (0xB5, Real),
    (0x78B5, Real),
    (0x9F, Number),
    (0x6264, Number),
    (0x52F1, Number),
];

/// Checks that the children of `body` are those of the table, in order and each at most once.
fn table(file: &Source<'_>, body: &Range<u64>, table: &[(u32, Holds)]) -> Result<(), Fault> {
    let mut known = table.iter();
    let mut at = body.start;
    while at < body.end {
        let (id, inner) = element(file, at, body.end, false)?;
        let holds = known
            .find(|(known, _)| *known == id)
            .map(|(_, holds)| holds);
        let len = inner.end - inner.start;
        let right = match holds.ok_or(Fault("an element of a track"))? {
            Number => uint(file, &inner).is_ok(),
            Real => matches!(len, 4 | 8),
            Binary(most) => len <= *most,
            Exactly(value) => octets(file, &inner, 8)? == *value,
            Inner(children) => {
                self::table(file, &inner, children)?;
                true
            }
        };
        if !right {
            return Err(Fault("a value of a track"));
        }
        at = inner.end;
    }
    Ok(())
}

/// The first child with that name.
fn child(file: &Source<'_>, body: &Range<u64>, wanted: u32) -> Result<Option<Range<u64>>, Fault> {
    let mut at = body.start;
    while at < body.end {
        let (id, inner) = element(file, at, body.end, false)?;
        if id == wanted {
            return Ok(Some(inner));
        }
        at = inner.end;
    }
    Ok(None)
}

fn tracks(file: &Source<'_>, body: &Range<u64>) -> Result<Vec<Track>, Fault> {
    const FAULT: Fault = Fault("a track");
    let mut tracks = Vec::new();
    let mut at = body.start;
    while at < body.end {
        let (id, entry) = element(file, at, body.end, false)?;
        if id != 0xAE {
            return Err(FAULT);
        }
        table(file, &entry, TRACK)?;
        let number =
            |id: u32| -> Result<u64, Fault> { uint(file, &child(file, &entry, id)?.ok_or(FAULT)?) };
        let expected = tracks.len() as u64 + 1;
        let is_right = number(0xD7)? == expected && number(0x73C5)? == expected;
        if !is_right || !matches!(number(0x83)?, 1 | 2) || child(file, &entry, 0x22_B59C)?.is_none()
        {
            return Err(FAULT);
        }
        let codec = octets(file, &child(file, &entry, 0x86)?.ok_or(FAULT)?, 32)?;
        let private = match child(file, &entry, 0x63A2)? {
            Some(private) => octets(file, &private, 1 << 20)?,
            None => Vec::new(),
        };
        if !codec.iter().all(u8::is_ascii_graphic) || !private_is_clean(&codec, &private) {
            return Err(Fault("a codec's setup"));
        }
        let has_alpha = match child(file, &entry, 0xE0)? {
            Some(video) => match child(file, &video, 0x53C0)? {
                Some(alpha) => uint(file, &alpha)? == 1,
                None => false,
            },
            None => false,
        };
        tracks.push(Track {
            codec,
            private,
            has_alpha,
        });
        at = entry.end;
    }
    if tracks.is_empty() {
        Err(FAULT)
    } else {
        Ok(tracks)
    }
}

fn private_is_clean(codec: &[u8], private: &[u8]) -> bool {
    match codec {
        b"A_VORBIS" => private
            .windows(16)
            .position(|w| w == b"\x03vorbis\0\0\0\0\0\0\0\0\x01")
            .is_some_and(|at| at == 33 && private.starts_with(&[2, 30, 16, 1])),
        b"A_OPUS" => {
            let map = private.get(18).map_or(0, |&family| match family {
                0 => 0,
                _ => 2 + usize::from(private.get(9).copied().unwrap_or(0)),
            });
            private.starts_with(b"OpusHead") && private.len() == 19 + map
        }
        b"A_FLAC" => private.starts_with(b"fLaC\x80\0\0\x22") && private.len() == 42,
        b"A_AAC" => private.len() <= 64,
        b"A_ALAC" => private.len() <= 36,
        b"A_TTA1" => private.len() <= 22,
        b"A_WAVPACK4" => private.len() <= 2,
        b"V_FFV1" => private.len() <= 512,
        b"V_VP9" => private.len().is_multiple_of(3) && private.len() <= 12,
        b"V_VP8" | b"V_MJPEG" | b"V_UNCOMPRESSED" => private.is_empty(),
        b"V_THEORA" => private
            .windows(15)
            .any(|w| w == b"\x81theora\0\0\0\0\0\0\0\0"),
        b"V_MPEG4/ISO/AVC" | b"V_MPEGH/ISO/HEVC" => private.first() == Some(&1),
        b"V_MS/VFW/FOURCC" => private.len() >= 40,
        _ if codec.starts_with(b"A_") => private.len() <= 128,
        _ => true,
    }
}

fn cluster(file: &Source<'_>, body: &Range<u64>, tracks: &[Track]) -> Result<(), Fault> {
    let (id, stamp) = element(file, body.start, body.end, false)?;
    if id != 0xE7 {
        return Err(Fault("a cluster's time"));
    }
    uint(file, &stamp)?;
    let mut at = stamp.end;
    while at < body.end {
        let (id, inner) = element(file, at, body.end, false)?;
        match id {
            0xA3 => block(file, &inner, tracks, 0x8F)?,
            0xA0 => group(file, &inner, tracks)?,
            _ => return Err(Fault("an element of a cluster")),
        }
        at = inner.end;
    }
    if stamp.end == body.end {
        Err(Fault("an empty cluster"))
    } else {
        Ok(())
    }
}

fn block(file: &Source<'_>, body: &Range<u64>, tracks: &[Track], flags: u8) -> Result<(), Fault> {
    const FAULT: Fault = Fault("a block's head");
    let [first, second] = file.array(body.start)?;
    let (number, used) = match first {
        0x80.. => (usize::from(first & 0x7F), 1),
        0x40.. => (usize::from(first & 0x3F) << 8 | usize::from(second), 2),
        _ => return Err(FAULT),
    };
    let track = number
        .checked_sub(1)
        .and_then(|n| tracks.get(n))
        .ok_or(FAULT)?;
    let [told] = file.array(body.start + used + 2)?;
    let data = body.start + used + 3;
    if told & !flags != 0 || data >= body.end {
        return Err(FAULT);
    }
    let hevc = track.codec == b"V_MPEGH/ISO/HEVC";
    if hevc || track.codec == b"V_MPEG4/ISO/AVC" {
        let at = if hevc { 21 } else { 4 };
        let width = track.private.get(at).map_or(0, |b| b & 3) + 1;
        super::units::verify(file, &(data..body.end), u64::from(width), hevc)?;
    }
    Ok(())
}

fn group(file: &Source<'_>, body: &Range<u64>, tracks: &[Track]) -> Result<(), Fault> {
    const FAULT: Fault = Fault("a group of blocks");
    let (id, inner) = element(file, body.start, body.end, false)?;
    if id != 0xA1 {
        return Err(FAULT);
    }
    block(file, &inner, tracks, 0x0F)?;
    let mut at = inner.end;
    let mut has_additions = false;
    while at < body.end {
        let (id, inner) = element(file, at, body.end, false)?;
        let is_right = match id {
            0x9B => uint(file, &inner).is_ok(),
            0xFB | 0x75A2 => inner.end - inner.start <= 8,
            0x75A1 if !has_additions && tracks.iter().any(|track| track.has_alpha) => {
                has_additions = true;
                let (more, inside) = element(file, inner.start, inner.end, false)?;
                let (id, number) = element(file, inside.start, inside.end, false)?;
                let (data, rest) = element(file, number.end, inside.end, false)?;
                let is_whole = rest.end == inside.end && inside.end == inner.end;
                (more, id, data) == (0xA6, 0xEE, 0xA5) && is_whole && uint(file, &number)? == 1
            }
            _ => false,
        };
        if !is_right {
            return Err(FAULT);
        }
        at = inner.end;
    }
    Ok(())
}

fn cues(file: &Source<'_>, body: &Range<u64>, clusters: &[u64], tracks: u64) -> Result<(), Fault> {
    const FAULT: Fault = Fault("the index");
    let mut at = body.start;
    while at < body.end {
        let (point, inner) = element(file, at, body.end, false)?;
        let (time, value) = element(file, inner.start, inner.end, false)?;
        let (places, list) = element(file, value.end, inner.end, false)?;
        let (track, number) = element(file, list.start, list.end, false)?;
        let (place, cluster) = element(file, number.end, list.end, false)?;
        uint(file, &value)?;
        let leads = clusters.binary_search(&uint(file, &cluster)?).is_ok();
        let names = (point, time, places, track, place) == (0xBB, 0xB3, 0xB7, 0xF7, 0xF1);
        let ends = cluster.end == list.end && list.end == inner.end;
        if !leads || !names || !ends || !(1..=tracks).contains(&uint(file, &number)?) {
            return Err(FAULT);
        }
        at = inner.end;
    }
    Ok(())
}
