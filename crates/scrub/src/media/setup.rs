//! Setups of codecs as Matroska and AVI carry them, without what encoders say about themselves.

use super::nal::{self, Codec};
use super::packet::Filter;
use super::tags;
use crate::Refusal;
use crate::job::Job;
use crate::report::What;

/// `BITMAPINFOHEADER` with what the codec needs behind it.
pub(super) fn bitmap_header(told: &[u8], job: &mut Job) -> Result<(Vec<u8>, Filter), Refusal> {
    const UNKNOWN: Refusal = Refusal::Unsupported("video with a codec that is not known");
    let (head, extra) = told.split_at_checked(40).ok_or(Refusal::Damaged)?;
    let field = |at: usize| {
        let octets = head.get(at..at + 4).and_then(|f| f.first_chunk::<4>());
        octets.map_or(0, |&f| u32::from_le_bytes(f))
    };
    let size = usize::try_from(field(0)).unwrap_or(usize::MAX);
    // Some programs count the extra octets, some do not.
    let extra = extra
        .get(..size.saturating_sub(40).max(extra.len()))
        .unwrap_or(extra);
    let name: [u8; 4] = field(16).to_le_bytes();
    let depth = head.get(14).copied().unwrap_or(0);
    let palette = if depth <= 8 { 4 << depth } else { 0 };
    let colours = usize::try_from(field(32)).unwrap_or(usize::MAX);
    let palette = if colours > 0 {
        palette.min(colours.saturating_mul(4))
    } else {
        palette
    };
    let (kept, filter) = match name.to_ascii_uppercase().as_slice() {
        b"\0\0\0\0" | b"DIB " | b"RGB " | b"\x01\0\0\0" | b"MRLE" | b"MSVC" | b"CRAM" | b"CVID" => {
            (extra.get(..palette).unwrap_or(extra).to_vec(), Filter::None)
        }
        b"\x03\0\0\0" => (extra.get(..12).unwrap_or(extra).to_vec(), Filter::None),
        b"XVID" | b"XVIX" | b"RMP4" | b"ZMP4" | b"SIPP" | b"DIVX" => {
            let filter = Filter::Mpeg4 { guessed: true };
            (filter.octets(extra, job)?, filter)
        }
        b"DX50" | b"FMP4" | b"MP4V" | b"MP4S" | b"M4S2" | b"3IVX" | b"3IV2" | b"UMP4" | b"DIV1"
        | b"BLZ0" | b"WV1F" | b"HDX4" | b"LMP4" | b"NDIG" | b"PM4V" | b"SEDG" | b"EM4A"
        | b"EPHV" => {
            let filter = Filter::Mpeg4 { guessed: false };
            (filter.octets(extra, job)?, filter)
        }
        b"MPG1" | b"MPG2" | b"MPEG" | b"PIM1" | b"\x02\0\0\x10" | b"\x01\0\0\x10" => {
            (Filter::Mpeg2.octets(extra, job)?, Filter::Mpeg2)
        }
        b"MJPG" | b"AVRN" | b"LJPG" | b"JPGL" | b"AVDJ" | b"MJLS" | b"IJPG" | b"ACDV" => {
            (Vec::new(), Filter::Mjpeg)
        }
        b"H264" | b"X264" | b"AVC1" | b"DAVC" | b"VSSH" => avc(extra, Codec::Avc, job)?,
        b"HEVC" | b"H265" | b"HVC1" => avc(extra, Codec::Hevc, job)?,
        b"HFYU" | b"FFVH" | b"FFV1" => {
            if extra.len() > 4096 {
                return Err(UNKNOWN);
            }
            (extra.to_vec(), Filter::None)
        }
        b"ULRG" | b"ULRA" | b"ULY0" | b"ULY2" | b"ULY4" | b"ULH0" | b"ULH2" | b"ULH4" | b"UMRG"
        | b"UMY2" | b"UMY4" | b"UMH2" | b"UMH4" => {
            (extra.get(..16).unwrap_or(extra).to_vec(), Filter::None)
        }
        b"LAGS" | b"CFHD" | b"VP80" | b"VP90" | b"AV01" | b"VP60" | b"VP61" | b"VP62" | b"VP6F"
        | b"VP31" | b"DIV3" | b"DIV4" | b"DIV5" | b"DIV6" | b"MP41" | b"MP42" | b"MP43"
        | b"MPG3" | b"MPG4" | b"AP41" | b"COL0" | b"COL1" | b"WMV1" | b"WMV2" | b"H263"
        | b"I263" | b"U263" | b"FLV1" | b"S263" | b"YUY2" | b"UYVY" | b"YV12" | b"I420"
        | b"IYUV" | b"NV12" | b"Y800" | b"Y8  " | b"Y422" | b"YUNV" | b"2VUY" | b"HDYC"
        | b"V210" | b"IV31" | b"IV32" | b"IV41" | b"IV50" | b"ASV1" | b"ASV2" | b"CLJR"
        | b"CYUV" | b"SNOW" | b"DRAC" | b"PNG " | b"MPNG" | b"ZLIB" | b"MSZH" | b"TSCC"
        | b"TSC2" | b"CSCD" | b"FPS1" | b"QPEG" | b"RT21" | b"YVU9" | b"YUV9" | b"Y41P"
        | b"APCN" | b"MAGY" | b"M8RG" => (extra.get(..8).unwrap_or(extra).to_vec(), Filter::None),
        // Each frame has the recording's date and time in it.
        b"DVSD" | b"DVHD" | b"DVSL" | b"DV25" | b"DV50" | b"CDVC" => {
            return Err(Refusal::Unsupported("DV video"));
        }
        _ => return Err(UNKNOWN),
    };
    let len = 40 + kept.len();
    let mut out = u32::try_from(len)
        .map_err(|_| Refusal::Damaged)?
        .to_le_bytes()
        .to_vec();
    out.extend_from_slice(head.get(4..24).unwrap_or_default());
    // Pixels in a metre say nothing here; of the palette, how many colours there are is needed.
    out.extend([0; 8]);
    out.extend_from_slice(head.get(32..36).unwrap_or_default());
    out.extend([0; 4]);
    out.extend(kept);
    Ok((out, filter))
}

/// AVC or HEVC behind a bitmap's header: with start codes, or as the record of MP4.
fn avc(extra: &[u8], codec: Codec, job: &mut Job) -> Result<(Vec<u8>, Filter), Refusal> {
    if extra.first() == Some(&1) {
        let record = nal::clean_record(codec, extra).ok_or(Refusal::Damaged)?;
        let at = if codec == Codec::Avc { 4 } else { 21 };
        let width = record.get(at).map_or(3, |b| b & 3) + 1;
        return Ok((record, Filter::Lengths(codec, width)));
    }
    let filter = Filter::StartCodes(codec);
    let is_units = extra.starts_with(&[0, 0, 1]) || extra.starts_with(&[0, 0, 0, 1]);
    let kept = if is_units {
        filter.octets(extra, job)?
    } else {
        Vec::new()
    };
    Ok((kept, filter))
}

/// Three packets behind their count and lengths (Xiph lacing).
fn xiph(octets: &[u8]) -> Option<[&[u8]; 3]> {
    let (&2, mut rest) = octets.split_first()? else {
        return None;
    };
    let mut lengths = [0_usize; 2];
    for length in &mut lengths {
        loop {
            let (&first, after) = rest.split_first()?;
            rest = after;
            *length += usize::from(first);
            if first < 255 {
                break;
            }
        }
    }
    let [first, second] = lengths;
    let (first, rest) = rest.split_at_checked(first)?;
    let (second, third) = rest.split_at_checked(second)?;
    Some([first, second, third])
}

fn put_xiph([first, second, third]: [&[u8]; 3]) -> Vec<u8> {
    let mut out = vec![2];
    for packet in [first, second] {
        let mut left = packet.len();
        while left >= 255 {
            out.push(255);
            left -= 255;
        }
        out.push(u8::try_from(left).unwrap_or(0));
    }
    for packet in [first, second, third] {
        out.extend_from_slice(packet);
    }
    out
}

pub(super) fn vorbis(octets: &[u8], job: &mut Job) -> Option<Vec<u8>> {
    const COMMENTS: &[u8] = b"\x03vorbis\0\0\0\0\0\0\0\0\x01";
    let [first, comments, setup] = xiph(octets)?;
    if !first.starts_with(b"\x01vorbis") || !setup.starts_with(b"\x05vorbis") {
        return None;
    }
    if comments != COMMENTS {
        tags::report_vorbis(comments.get(7..)?, "Vorbis comment", job);
    }
    Some(put_xiph([first.get(..30)?, COMMENTS, setup]))
}

pub(super) fn theora(octets: &[u8], job: &mut Job) -> Option<Vec<u8>> {
    const COMMENTS: &[u8] = b"\x81theora\0\0\0\0\0\0\0\0";
    let [first, comments, setup] = xiph(octets)?;
    if !first.starts_with(b"\x80theora") || !setup.starts_with(b"\x82theora") {
        return None;
    }
    if comments != COMMENTS {
        tags::report_vorbis(comments.get(7..)?, "Theora comment", job);
    }
    Some(put_xiph([first.get(..42)?, COMMENTS, setup]))
}

pub(super) fn opus(octets: &[u8]) -> Option<Vec<u8>> {
    let (channels, family) = (*octets.get(9)?, *octets.get(18)?);
    let len = if family == 0 {
        19
    } else {
        21 + usize::from(channels)
    };
    let head = octets.get(..len)?;
    (head.starts_with(b"OpusHead") && family != 3).then(|| head.to_vec())
}

/// `STREAMINFO` alone.
pub(super) fn flac(octets: &[u8], job: &mut Job) -> Option<Vec<u8>> {
    let info = octets.get(8..42)?;
    if !octets.starts_with(b"fLaC") || octets.get(4)? & 0x7F != 0 {
        return None;
    }
    let rest = octets.get(42..).unwrap_or_default();
    if rest.first().is_some_and(|kind| kind & 0x7F == 4) {
        tags::report_vorbis(rest.get(4..)?, "VORBIS_COMMENT", job);
    } else if !rest.is_empty() {
        job.found_octets(What::Unknown, "FLAC blocks", rest);
    }
    let mut out = b"fLaC\x80\0\0\x22".to_vec();
    out.extend_from_slice(info);
    Some(out)
}

/// `AudioSpecificConfig`: the plain part, and the signs of spectral bands and parametric stereo behind it.
pub(super) fn aac(octets: &[u8]) -> Option<Vec<u8>> {
    let kept = octets.get(..octets.len().min(64))?;
    (!kept.is_empty()).then(|| kept.to_vec())
}

/// `av1C` with the sequence header alone.
pub(super) fn av1(octets: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = octets.split_at_checked(4)?;
    let mut out = head.to_vec();
    while let Some(&first) = rest.first() {
        let has_extension = first & 4 != 0;
        let at = if has_extension { 2 } else { 1 };
        // Without a length of its own the unit goes to the end.
        let mut len = rest.len().checked_sub(at)?;
        let mut start = at;
        if first & 2 != 0 {
            let (mut value, mut shift) = (0_usize, 0);
            loop {
                let octet = *rest.get(start)?;
                start += 1;
                value |= usize::from(octet & 0x7F) << shift;
                shift += 7;
                if octet & 0x80 == 0 {
                    break;
                }
                if shift > 21 {
                    return None;
                }
            }
            len = value;
        }
        let (unit, after) = rest.split_at_checked(start.checked_add(len)?)?;
        if first >> 3 & 15 == 1 {
            out.extend_from_slice(unit);
        }
        rest = after;
    }
    Some(out)
}

/// Features of VP9: a name, a length of one and a value each.
pub(super) fn vp9(octets: &[u8]) -> Option<Vec<u8>> {
    let is_feature = |f: &&[u8]| matches!(f, [1..=4, 1, _]);
    let kept: Vec<u8> = octets
        .chunks(3)
        .take(4)
        .take_while(is_feature)
        .flatten()
        .copied()
        .collect();
    (!kept.is_empty()).then_some(kept)
}
