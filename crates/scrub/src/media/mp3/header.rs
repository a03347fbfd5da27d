//! The header of an MPEG audio frame, and how long the frame is (ISO/IEC 11172-3 2.4.1.3, 13818-3).

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Mpeg1,
    Mpeg2,
    Mpeg25,
}

/// What four octets at the front of a frame say.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) version: Version,
    /// 1 to 3.
    pub(super) layer: u8,
    pub(super) has_crc: bool,
    /// In kbit/s; 0 is the free format, whose frames are as long as the distance between them.
    bitrate: u32,
    sample_rate: u32,
    padding: u32,
    pub(super) is_mono: bool,
}

/// kbit/s by version (1, then 2 and 2.5), layer and index.
const BITRATES: [[[u32; 15]; 3]; 2] = [
    [
        [
            0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        ],
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        ],
        [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
    ],
    [
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        ],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ],
];

impl Header {
    pub(super) fn parse(octets: [u8; 4]) -> Option<Self> {
        let [sync, second, third, fourth] = octets;
        if sync != 0xFF || second & 0xE0 != 0xE0 {
            return None;
        }
        let (version, divisor) = match second >> 3 & 3 {
            3 => (Version::Mpeg1, 1),
            2 => (Version::Mpeg2, 2),
            0 => (Version::Mpeg25, 4),
            _ => return None,
        };
        let layer = match second >> 1 & 3 {
            0 => return None,
            bits => 4 - bits,
        };
        let sample_rate = match third >> 2 & 3 {
            0 => 44_100,
            1 => 48_000,
            2 => 32_000,
            _ => return None,
        } / divisor;
        let rates = BITRATES.get(usize::from(version != Version::Mpeg1))?;
        let rates = rates.get(usize::from(layer) - 1)?;
        Some(Self {
            version,
            layer,
            has_crc: second & 1 == 0,
            bitrate: *rates.get(usize::from(third >> 4))?,
            sample_rate,
            padding: u32::from(third >> 1 & 1),
            is_mono: fourth >> 6 == 3,
        })
    }

    /// Whether frames of one stream may have both headers.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.version == other.version
            && self.layer == other.layer
            && self.sample_rate == other.sample_rate
            && (self.bitrate == 0) == (other.bitrate == 0)
    }

    /// Octets of the frame. `free` is the length of the stream's unpadded frames in the free format.
    pub(super) fn len(&self, free: Option<u32>) -> Option<u32> {
        let padding = self.padding * self.slot();
        if self.bitrate == 0 {
            return Some(free? + padding);
        }
        let slots = match (self.layer, self.version) {
            (1, _) => 12_000 * self.bitrate / self.sample_rate,
            (3, Version::Mpeg2 | Version::Mpeg25) => 72_000 * self.bitrate / self.sample_rate,
            _ => 144_000 * self.bitrate / self.sample_rate,
        };
        Some(slots * self.slot() + padding)
    }

    pub(super) fn is_free(&self) -> bool {
        self.bitrate == 0
    }

    /// The length of unpadded frames of the free format, from the distance to the next frame.
    pub(super) fn unpadded(&self, distance: u32) -> Option<u32> {
        distance.checked_sub(self.padding * self.slot())
    }

    fn slot(&self) -> u32 {
        if self.layer == 1 { 4 } else { 1 }
    }

    /// Octets of the side information of a layer III frame.
    pub(super) fn side_len(&self) -> usize {
        match (self.version, self.is_mono) {
            (Version::Mpeg1, false) => 32,
            (Version::Mpeg1, true) | (_, false) => 17,
            (_, true) => 9,
        }
    }

    /// Where the side information of a layer III frame begins.
    pub(super) fn side_at(&self) -> usize {
        if self.has_crc { 6 } else { 4 }
    }
}
