//! What decoders need before the first packet, cleaned codec by codec.

use crate::Refusal;
use crate::job::Job;
use crate::media::nal::{self, Codec};
use crate::media::packet::Filter;
use crate::media::{setup, wav};
use crate::report::What;

/// Setups that are numbers through and through are no longer than this, in octets.
const NUMBERS: usize = 64;

/// Gives the setup as it is written, and what has to be looked at in the packets.
pub(super) fn clean(
    codec: &[u8],
    private: Option<&[u8]>,
    job: &mut Job,
) -> Result<(Option<Vec<u8>>, Filter), Refusal> {
    const UNKNOWN: Refusal = Refusal::Unsupported("Matroska with a codec that is not known");
    let damaged = || Refusal::Damaged;
    let octets = private.unwrap_or_default();
    let none = |filter| Ok((None, filter));
    let short = |most: usize| {
        let kept = octets.get(..most).unwrap_or(octets);
        Ok(((!kept.is_empty()).then(|| kept.to_vec()), Filter::None))
    };
    match codec {
        b"V_MPEG4/ISO/AVC" | b"V_MPEGH/ISO/HEVC" => {
            let kind = if codec == b"V_MPEG4/ISO/AVC" {
                Codec::Avc
            } else {
                Codec::Hevc
            };
            let record = nal::clean_record(kind, octets).ok_or_else(damaged)?;
            if kind == Codec::Hevc && record.len() < octets.len() {
                job.found(What::Software, "CodecPrivate", "");
            }
            let at = if kind == Codec::Avc { 4 } else { 21 };
            let width = record.get(at).map_or(3, |b| b & 3) + 1;
            Ok((Some(record), Filter::Lengths(kind, width)))
        }
        b"V_MPEG4/ISO/ASP" | b"V_MPEG4/ISO/SP" | b"V_MPEG4/ISO/AP" => {
            let filter = Filter::Mpeg4 { guessed: false };
            Ok((private.map(|p| filter.octets(p, job)).transpose()?, filter))
        }
        b"V_MPEG1" | b"V_MPEG2" => {
            let filter = Filter::Mpeg2;
            Ok((private.map(|p| filter.octets(p, job)).transpose()?, filter))
        }
        b"V_MJPEG" => none(Filter::Mjpeg),
        b"V_MS/VFW/FOURCC" => {
            let (header, filter) = setup::bitmap_header(octets, job)?;
            Ok((Some(header), filter))
        }
        b"V_THEORA" => Ok((
            Some(setup::theora(octets, job).ok_or_else(damaged)?),
            Filter::None,
        )),
        b"V_AV1" => Ok((Some(setup::av1(octets).ok_or_else(damaged)?), Filter::None)),
        b"V_VP9" => Ok((setup::vp9(octets), Filter::None)),
        b"V_FFV1" => short(512),
        b"V_PRORES" => short(4),
        b"V_VP8" | b"V_UNCOMPRESSED" | b"V_DIRAC" | b"V_SNOW" => none(Filter::None),
        b"A_VORBIS" => Ok((
            Some(setup::vorbis(octets, job).ok_or_else(damaged)?),
            Filter::None,
        )),
        b"A_OPUS" => Ok((Some(setup::opus(octets).ok_or_else(damaged)?), Filter::None)),
        b"A_FLAC" => Ok((
            Some(setup::flac(octets, job).ok_or_else(damaged)?),
            Filter::None,
        )),
        b"A_AAC" => {
            if octets.len() > NUMBERS {
                return Err(UNKNOWN);
            }
            Ok((setup::aac(octets), Filter::None))
        }
        b"A_ALAC" => short(36),
        b"A_TTA1" => short(22),
        b"A_WAVPACK4" => short(2),
        b"A_MS/ACM" => {
            let format = wav::format(octets).ok_or(UNKNOWN)??;
            Ok((Some(format), Filter::None))
        }
        b"A_MPEG/L1" | b"A_MPEG/L2" | b"A_MPEG/L3" | b"A_AC3" | b"A_AC3/BSID9"
        | b"A_AC3/BSID10" | b"A_EAC3" | b"A_DTS" | b"A_DTS/EXPRESS" | b"A_DTS/LOSSLESS"
        | b"A_TRUEHD" | b"A_MLP" | b"A_PCM/INT/LIT" | b"A_PCM/INT/BIG" | b"A_PCM/FLOAT/IEEE" => {
            none(Filter::None)
        }
        _ if codec.starts_with(b"A_AAC/") => Ok((setup::aac(octets), Filter::None)),
        _ => Err(UNKNOWN),
    }
}
