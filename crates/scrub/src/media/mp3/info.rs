//! The first frame of many files, which holds no sound but how much of it there is: Xing, Info or VBRI.
//!
//! Of what stands in it, the number of frames and of octets, the table for seeking and the samples to cut at both ends
//! are written again. The program's name, its settings, peaks, gains and the checksum of the sound are not.

use std::ops::Range;

use super::header::Header;

/// Octets from the tag's name to the end of the part that LAME added.
const FULL: usize = 8 + 4 + 4 + 100 + 4 + 36;
/// The same without the part that LAME added.
const SHORT: usize = FULL - 36;
/// Where the delays stand from the tag's name on.
const DELAYS: usize = SHORT + 21;

/// What such a frame says.
pub(super) struct Info {
    /// `Xing` for variable, `Info` for constant bit rates.
    name: [u8; 4],
    frames: Option<u32>,
    /// Samples to cut at the front and at the end, 12 bits each.
    delays: [u8; 3],
    /// Whether the program's name is one that makes decoders heed the delays.
    is_lame: bool,
    /// The program's name, when there is one that is not written again.
    pub(super) program: Option<Vec<u8>>,
    /// Where numbers stand in the frame, before and behind the program's name.
    pub(super) numbers: [Range<u64>; 2],
}

/// Reads the frame, if it is one of these.
pub(super) fn read(header: &Header, frame: &[u8]) -> Option<Info> {
    if header.layer != 3 {
        return None;
    }
    if frame.get(36..40) == Some(b"VBRI") {
        let frames = frame.get(50..54)?.first_chunk::<4>()?;
        return Some(Info {
            name: *b"Xing",
            frames: Some(u32::from_be_bytes(*frames)),
            delays: [0; 3],
            is_lame: false,
            program: Some(b"VBRI".to_vec()),
            numbers: [0..frame.len() as u64, 0..0],
        });
    }
    // Programs put it where the side information ends, and most forget the checksum in front of that.
    let (start, tag) = [4, 6].into_iter().find_map(|before| {
        let start = before + header.side_len();
        let tag = frame.get(start..)?;
        (tag.starts_with(b"Xing") || tag.starts_with(b"Info")).then_some((start, tag))
    })?;
    let name = *tag.first_chunk::<4>()?;
    let flags = u32::from_be_bytes(*tag.get(4..8)?.first_chunk()?);
    let has = |bit: u32| flags & bit != 0;
    let frames = if has(1) {
        tag.get(8..12)?.first_chunk::<4>()
    } else {
        None
    };
    let at = 8 + [(1, 4), (2, 4), (4, 100), (8, 4)]
        .into_iter()
        .filter(|&(bit, _)| has(bit))
        .map(|(_, len)| len)
        .sum::<usize>();
    let program = tag.get(at..at + 9).unwrap_or_default();
    let delays = tag.get(at + 21..at + 24).and_then(|d| d.first_chunk::<3>());
    let is_ours = program.iter().all(|&b| b == 0);
    let is_lame = is_ours || matches!(program.get(..4), Some(b"LAME" | b"Lavf" | b"Lavc"));
    Some(Info {
        name,
        frames: frames.map(|&frames| u32::from_be_bytes(frames)),
        delays: delays.copied().unwrap_or_default(),
        is_lame: is_lame && delays.is_some(),
        program: (!is_ours).then(|| program.to_vec()),
        numbers: {
            let (program, end) = ((start + at) as u64, frame.len().min(start + at + 36) as u64);
            [0..program, (program + 9).min(end)..end]
        },
    })
}

/// Writes the frame again, as long as it was: `frames` frames of sound follow it, `octets` is the length of the file
/// and `places` the seek table.
pub(super) fn write(
    info: &Info,
    frame: (Header, [u8; 4], usize),
    frames: u32,
    octets: u64,
    places: &[u8; 100],
) -> Vec<u8> {
    let (header, [sync, second, third, fourth], len) = frame;
    let mut out = vec![sync, second | 1, third, fourth];
    out.resize(4 + header.side_len(), 0);
    let tag = out.len();
    let room = len.saturating_sub(tag);
    // A file that was cut short, or glued to another one, is not cut at an end that it does not have. Some programs
    // count this frame, too.
    let is_whole = info.frames.is_some_and(|told| told.abs_diff(frames) <= 1);
    let told = info.frames.filter(|_| is_whole).unwrap_or(frames);
    let flags: u32 = if room >= SHORT { 15 } else { 3 };
    if room >= 16 {
        out.extend_from_slice(&info.name);
        out.extend_from_slice(&flags.to_be_bytes());
        out.extend_from_slice(&told.to_be_bytes());
        let octets = u32::try_from(octets).unwrap_or(u32::MAX);
        out.extend_from_slice(&octets.to_be_bytes());
    }
    if room >= SHORT {
        out.extend_from_slice(places);
        out.extend_from_slice(&[0; 4]);
    }
    let [a, b, c] = info.delays;
    let delays = if is_whole {
        [a, b, c]
    } else {
        [a, b & 0xF0, 0]
    };
    // The numbers by which a player cuts the silence that encoding adds stay. Their program is not named.
    if room >= FULL && info.is_lame && delays != [0; 3] {
        out.resize(tag + DELAYS, 0);
        out.extend_from_slice(&delays);
        out.resize(tag + FULL - 2, 0);
        let sum = out.iter().fold(0, |crc, &octet| crc16(crc, octet));
        out.extend_from_slice(&sum.to_be_bytes());
    }
    out.resize(len, 0);
    out
}

/// CRC-16 of the LAME tag, which goes over all octets of the frame before it.
fn crc16(crc: u16, octet: u8) -> u16 {
    (0..8).fold(crc ^ u16::from(octet), |crc, _| {
        if crc & 1 == 1 {
            crc >> 1 ^ 0xA001
        } else {
            crc >> 1
        }
    })
}
