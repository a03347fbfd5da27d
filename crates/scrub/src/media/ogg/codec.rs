//! The header packets of the codecs that Ogg carries.

use crate::Refusal;
use crate::job::Job;
use crate::media::tags;
use crate::report::What;

/// What a logical stream carries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Vorbis,
    Opus,
    Speex,
    Flac,
    /// Streams about the others: they are left out.
    Skeleton,
    /// Texts along the time: they are left out, and the person is told.
    Text,
}

impl Codec {
    /// Told by the first packet.
    pub(super) fn of(packet: &[u8]) -> Result<Self, Refusal> {
        if packet.starts_with(b"\x01vorbis") {
            Ok(Self::Vorbis)
        } else if packet.starts_with(b"OpusHead") {
            Ok(Self::Opus)
        } else if packet.starts_with(b"Speex   ") {
            Ok(Self::Speex)
        } else if packet.starts_with(b"\x7FFLAC") {
            Ok(Self::Flac)
        } else if packet.starts_with(b"fishead\0") {
            Ok(Self::Skeleton)
        } else if packet.starts_with(b"\x80kate\0\0\0") || packet.starts_with(b"CMML\0\0\0\0") {
            Ok(Self::Text)
        } else {
            Err(Refusal::Unsupported("Ogg with video or an unknown codec"))
        }
    }

    pub(super) fn is_kept(self) -> bool {
        !matches!(self, Self::Skeleton | Self::Text)
    }

    /// The first packet, written again.
    pub(super) fn first(self, packet: &[u8]) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Vorbis => Some(vorbis(packet)),
            Self::Opus => Some(opus(packet)),
            Self::Speex => Some(speex(packet)),
            Self::Flac => Some(flac(packet)),
            Self::Skeleton | Self::Text => None,
        }
        .flatten()
        .ok_or(Refusal::Damaged)
    }

    /// How many packets of headers follow the first one; FLAC's are over when one says so.
    pub(super) fn headers(self, first: &[u8]) -> u32 {
        match self {
            Self::Vorbis => 2,
            Self::Opus => 1,
            Self::Speex => {
                let extra = first.get(68..72).and_then(|e| e.first_chunk::<4>());
                1 + extra.map_or(0, |&e| u32::from_le_bytes(e)).min(100)
            }
            Self::Flac => u32::MAX,
            Self::Skeleton | Self::Text => 0,
        }
    }

    /// The packet of comments without any.
    pub(super) fn comments(self) -> &'static [u8] {
        match self {
            Self::Vorbis => b"\x03vorbis\0\0\0\0\0\0\0\0\x01",
            Self::Opus => b"OpusTags\0\0\0\0\0\0\0\0",
            Self::Speex => &[0; 8],
            Self::Flac => b"\x84\0\0\x08\0\0\0\0\0\0\0\0",
            Self::Skeleton | Self::Text => &[],
        }
    }

    /// Reports what stands in a packet of comments.
    pub(super) fn report(self, packet: &[u8], job: &mut Job) {
        if packet == self.comments() {
            return;
        }
        let (skip, place) = match self {
            Self::Vorbis => (7, "Vorbis comment"),
            Self::Opus => (8, "OpusTags"),
            Self::Speex => (0, "Speex comment"),
            Self::Flac => (4, "VORBIS_COMMENT"),
            Self::Skeleton | Self::Text => return,
        };
        if self == Self::Flac && packet.first().is_some_and(|kind| kind & 0x7F != 4) {
            let body = packet.get(4..).unwrap_or_default();
            match packet.first().map_or(0, |kind| kind & 0x7F) {
                3 => {}
                6 => job.found(What::Preview, "PICTURE", ""),
                _ => job.found_octets(What::Unknown, "FLAC block", body),
            }
            return;
        }
        tags::report_vorbis(packet.get(skip..).unwrap_or_default(), place, job);
    }
}

fn vorbis(packet: &[u8]) -> Option<Vec<u8>> {
    let packet = packet.get(..30)?;
    // Version 0, and the framing bit.
    let is_right = packet.get(7..11) == Some(&[0; 4]) && packet.get(29)? & 1 == 1;
    let mut out = packet.to_vec();
    *out.last_mut()? = 1;
    is_right.then_some(out)
}

fn opus(packet: &[u8]) -> Option<Vec<u8>> {
    let (version, channels, family) = (*packet.get(8)?, *packet.get(9)?, *packet.get(18)?);
    let len = if family == 0 {
        19
    } else {
        21 + usize::from(channels)
    };
    // Family 3 has a matrix instead of a map (RFC 8486).
    if version >> 4 != 0 || channels == 0 || family == 3 {
        return None;
    }
    Some(packet.get(..len)?.to_vec())
}

fn speex(packet: &[u8]) -> Option<Vec<u8>> {
    let mut out = packet.get(..80)?.to_vec();
    // The program's version as text; how many extra headers there are; reserved numbers.
    out.get_mut(8..28)?.fill(0);
    out.get_mut(68..80)?.fill(0);
    Some(out)
}

fn flac(packet: &[u8]) -> Option<Vec<u8>> {
    let info = packet.get(17..51)?;
    if packet.get(9..13)? != b"fLaC" || packet.get(5) != Some(&1) {
        return None;
    }
    let mut out = b"\x7FFLAC\x01\0\0\x01fLaC\0\0\0\x22".to_vec();
    out.extend_from_slice(info);
    Some(out)
}

/// The program's version in a Speex header.
pub(super) fn speex_version(packet: &[u8]) -> &[u8] {
    packet.get(8..28).unwrap_or_default()
}
