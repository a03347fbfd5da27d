//! Many short octet strings, looked for at once.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use zeroize::Zeroizing;

/// The shortest pattern, in octets: shorter ones occur by chance.
pub(super) const SHORTEST: usize = 6;
/// Of longer patterns the front counts.
pub(super) const LONGEST: usize = 64;
/// More patterns than this are not remembered, so that memory and chance hits stay small.
const MOST: usize = 60_000;
/// Patterns from this length on are looked for in steps of [`STEP`].
const LONG: usize = KEY + STEP - 1;
/// Octets of a pattern that are hashed when only every fourth place is looked at.
const KEY: usize = 8;
const STEP: usize = 4;
/// Bits of the filter that spares most lookups, as powers of two: some for each key, from 4 KiB, which stay in the
/// processor's nearest cache, to 128 KiB.
const FILTER: std::ops::RangeInclusive<u32> = 15..=20;
/// Bits of the filter for each key, as a power of two.
const BITS_OF_KEY: u32 = 7;

/// Words that formats themselves consist of, and the code tables that nearly every JPEG has. They tell nothing.
const VOCABULARY: &[&str] = &[
    "%&'()*456789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz",
    "&'()*56789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz",
    "ICC_PROFILE",
    "mntrRGB XYZ scnrRGB XYZ prtrCMYKLab prtrCMYKXYZ mntrGRAYXYZ spacRGB XYZ mntrRGB Lab prtrRGB Lab",
    "acspAPPL acspMSFT acspSGI  acspSUNW",
    "NETSCAPE2.0",
    "matroska",
    "WAVEFORMATEXTENSIBLE_CHANNEL_MASK",
    "vorbis VORBIS OpusHead OpusTags Speex",
    "isomiso2iso4iso5iso6avc1mp41mp42 isommp42 mp42isom qt  M4A M4V 3gp43gp53gp6 mif1heicmiafMiHB avifmif1miafMA1B",
    "VideoHandler SoundHandler",
    "colrnclx colrprof urn:mpeg:mpegB:cicp:systems:auxiliary:alpha urn:mpeg:hevc:2015:auxid:1",
    "gfidat",
];

/// Names of boxes, chunks and their brands. Two of them side by side, or one beside the length or content of another, make
/// a word that every file of its kind has.
const NAMES: &[&str] = &[
    "avih", "strh", "strf", "hdrl", "strl", "movi", "idx1", "vids", "auds", "LIST", "JUNK", "00dc",
    "00db", "01wb", "00wb", "01dc", "02wb", "MJPG", "H264", "XVID", "DIVX", "DX50", "FMP4", "mp4v",
    "RIFF", "WAVE", "fmt", "fact", "WEBP", "VP8X", "VP8L", "VP8", "ALPH", "ANIM", "ANMF", "ICCP",
    "EXIF", "Exif", "JFIF", "GIF8", "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB",
    "iCCP", "icc", "eXIf", "acTL", "fcTL", "fdAT", "pHYs", "cICP", "ftyp", "moov", "mvhd", "trak",
    "tkhd", "mdia", "mdhd", "hdlr", "mhlr", "dhlr", "vide", "soun", "minf", "vmhd", "smhd", "dinf",
    "dref", "url", "stbl", "stsd", "stts", "stss", "stsc", "stsz", "stco", "co64", "ctts", "elst",
    "edts", "mdat", "meta", "pict", "pitm", "iloc", "iinf", "infe", "iref", "iprp", "ipco", "ipma",
    "dimg", "auxl", "colr", "nclx", "prof", "pixi", "ispe", "hvcC", "hvc1", "hev1", "avcC", "avc1",
    "av1C", "av01", "mp4a", "esds", "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso8", "mp41",
    "mp42", "3gp4", "3gp5", "3gp6", "3gp7", "3gp8", "3gp9", "M4A", "M4B", "M4V", "qt", "heic",
    "heix", "hevc", "heim", "mif1", "msf1", "miaf", "MA1B", "MA1A", "avif", "avis", "dash", "mmp4",
    "fLaC", "OggS", "webm", "matroska", "II", "MM",
];

/// Programs that write their names both beside the sound and into its packets, which stay bit for bit.
const ENCODERS: &[&str] = &["Lavc", "Lavf", "LAME"];

/// Whether formats themselves consist of this word, or packets that stay are signed with it.
pub(super) fn is_of_formats(text: &str) -> bool {
    let is_encoder = ENCODERS.iter().any(|name| text.starts_with(name));
    is_encoder || VOCABULARY.iter().any(|words| words.contains(text)) || is_of_names(text)
}

/// Whether the word is names of boxes and hardly anything else: one octet before them, two behind.
fn is_of_names(text: &str) -> bool {
    let strip = |rest: &str| {
        NAMES
            .iter()
            .find_map(|name| rest.strip_prefix(name))
            .map(str::to_owned)
    };
    let behind_first = text
        .char_indices()
        .nth(1)
        .and_then(|(at, _)| text.get(at..));
    [Some(text), behind_first]
        .into_iter()
        .flatten()
        .any(|rest| {
            let mut rest = rest.to_owned();
            let before = rest.len();
            while let Some(shorter) = strip(&rest) {
                rest = shorter;
            }
            rest.len() < before && rest.chars().count() <= 2
        })
}

/// The patterns, first gathered, then sealed, then looked for.
pub(super) struct Patterns {
    pool: Zeroizing<Vec<u8>>,
    /// What was added, while it is gathered.
    seen: HashSet<u64>,
    /// First six octets, place in the pool, length.
    short: Index,
    /// Each long pattern under the eight octets at its first [`STEP`] places.
    long: Index,
}

#[derive(Default)]
struct Index {
    entries: Vec<Entry>,
    filter: Vec<u64>,
    /// How far a key's hash is shifted down, so that it is a place in the filter.
    shift: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u64,
    start: u32,
    len: u16,
    /// Octets of the pattern before the key.
    before: u16,
}

impl Patterns {
    pub(super) fn new() -> Self {
        Self {
            pool: Zeroizing::new(Vec::new()),
            seen: HashSet::new(),
            short: Index::default(),
            long: Index::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.short.entries.is_empty()
    }

    /// Whether no more patterns are taken.
    pub(super) fn is_full(&self) -> bool {
        self.short.entries.len() >= MOST
    }

    /// Adds a text as UTF-8 and as UTF-16 of both orders.
    pub(super) fn add_text(&mut self, text: &str) {
        if text.len() < SHORTEST || is_of_formats(text) {
            return;
        }
        self.add(text.as_bytes());
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let octets: Zeroizing<Vec<u8>> =
                Zeroizing::new(text.encode_utf16().flat_map(order).collect());
            self.add(&octets);
        }
    }

    /// Adds octets as they are. Too short ones, and ones of hardly any variety, are left out: they occur by chance.
    pub(super) fn add(&mut self, octets: &[u8]) {
        let octets = octets.get(..LONGEST).unwrap_or(octets);
        if octets.len() < SHORTEST || self.is_full() || !is_varied(octets) {
            return;
        }
        let mut hasher = DefaultHasher::new();
        octets.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        let (Ok(start), Ok(len)) = (u32::try_from(self.pool.len()), u16::try_from(octets.len()))
        else {
            return;
        };
        if self.pool.capacity() - self.pool.len() < octets.len() {
            let mut larger = Zeroizing::new(Vec::with_capacity((self.pool.len() + LONGEST) * 2));
            larger.extend_from_slice(&self.pool);
            self.pool = larger;
        }
        self.pool.extend_from_slice(octets);
        if let Some(key) = six(octets) {
            self.short.entries.push(Entry {
                key,
                start,
                len,
                before: 0,
            });
        }
        if octets.len() >= LONG {
            for (before, key) in (0_u16..).zip(octets.windows(KEY).take(STEP)) {
                let key = eight(key);
                self.long.entries.push(Entry {
                    key,
                    start,
                    len,
                    before,
                });
            }
        }
    }

    /// Ends the gathering.
    pub(super) fn seal(&mut self) {
        self.seen = HashSet::new();
        self.short.seal();
        self.long.seal();
    }

    /// Whether any pattern occurs in `octets`.
    pub(super) fn occur_in(&self, octets: &[u8]) -> bool {
        if self.is_empty() {
            return false;
        }
        let inner = octets
            .windows(KEY)
            .enumerate()
            .any(|(at, window)| self.hits(&self.short, eight(window) & SIX, octets, at));
        // The last places, where fewer than eight octets are left.
        let tail = octets.len().saturating_sub(KEY - 1);
        inner
            || (tail..octets.len()).any(|at| {
                let rest = octets.get(at..).unwrap_or_default();
                six(rest).is_some_and(|key| self.hits(&self.short, key, octets, at))
            })
    }

    /// Whether any long pattern occurs in `octets`, at a quarter of the price.
    pub(super) fn long_ones_occur_in(&self, octets: &[u8]) -> bool {
        if self.long.entries.is_empty() {
            return false;
        }
        octets
            .windows(KEY)
            .enumerate()
            .step_by(STEP)
            .any(|(at, window)| self.hits(&self.long, eight(window), octets, at))
    }

    #[inline]
    fn hits(&self, index: &Index, key: u64, octets: &[u8], at: usize) -> bool {
        index.may_have(key) && self.compare(index, key, octets, at)
    }

    #[cold]
    fn compare(&self, index: &Index, key: u64, octets: &[u8], at: usize) -> bool {
        let first = index.entries.partition_point(|entry| entry.key < key);
        let candidates = index.entries.get(first..).unwrap_or_default();
        candidates
            .iter()
            .take_while(|entry| entry.key == key)
            .any(|entry| {
                let start = entry.start as usize;
                let pattern = self.pool.get(start..start + usize::from(entry.len));
                let begin = at.checked_sub(usize::from(entry.before));
                let found = begin.and_then(|begin| octets.get(begin..));
                pattern
                    .zip(found)
                    .is_some_and(|(pattern, found)| found.starts_with(pattern))
            })
    }
}

impl Index {
    fn seal(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup();
        let wanted = self.entries.len().max(1).ilog2() + BITS_OF_KEY;
        let bits = wanted.clamp(*FILTER.start(), *FILTER.end());
        self.shift = 64 - bits;
        self.filter = vec![0; 1 << (bits - 6)];
        for entry in &self.entries {
            let (word, bit) = place(entry.key, self.shift);
            if let Some(word) = self.filter.get_mut(word) {
                *word |= bit;
            }
        }
    }

    #[inline]
    fn may_have(&self, key: u64) -> bool {
        let (word, bit) = place(key, self.shift);
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// Where a key stands in the filter.
#[inline]
fn place(key: u64, shift: u32) -> (usize, u64) {
    // Fibonacci hashing: the high bits of the product depend on every bit of the key.
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift.min(63);
    let word = usize::try_from(hash >> 6).unwrap_or(0);
    (word, 1 << (hash & 63))
}

/// The six low octets of a little-endian number.
const SIX: u64 = 0x0000_FFFF_FFFF_FFFF;

#[inline]
fn eight(window: &[u8]) -> u64 {
    window
        .first_chunk()
        .map_or(0, |&octets| u64::from_le_bytes(octets))
}

fn six(octets: &[u8]) -> Option<u64> {
    let octets = octets.get(..6)?;
    let number = octets.iter().rev();
    Some(number.fold(0, |number, &octet| number << 8 | u64::from(octet)))
}

/// At least four different octets other than zero: `000000`, a ruler of dashes or a counter prove nothing.
fn is_varied(octets: &[u8]) -> bool {
    let mut seen = [0_u8; 4];
    let mut count = 0;
    for &octet in octets {
        if octet != 0 && !seen.get(..count).unwrap_or_default().contains(&octet) {
            let Some(slot) = seen.get_mut(count) else {
                return true;
            };
            *slot = octet;
            count += 1;
        }
    }
    count == seen.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> Patterns {
        let mut patterns = Patterns::new();
        for text in texts {
            patterns.add_text(text);
        }
        patterns.seal();
        patterns
    }

    #[test]
    fn a_pattern_is_found_at_every_place_and_in_both_widths() {
        let patterns = patterns(&["serial-number-1337", "Sample"]);
        for before in 0..40 {
            let mut octets = vec![b'.'; before];
            octets.extend_from_slice(b"Sample");
            assert!(patterns.occur_in(&octets));
            octets.truncate(before + 5);
            assert!(!patterns.occur_in(&octets));
            let mut octets = vec![b'.'; before];
            octets.extend_from_slice(b"serial-number-1337");
            assert!(patterns.long_ones_occur_in(&octets) && patterns.occur_in(&octets));
            octets.extend_from_slice(&[b'.'; 20]);
            assert!(patterns.long_ones_occur_in(&octets));
        }
        assert!(patterns.occur_in(b"..S\0a\0m\0p\0l\0e\0.."));
        assert!(patterns.occur_in(b"..\0S\0a\0m\0p\0l\0e.."));
        assert!(!patterns.occur_in(b"serial-number-1338, sample"));
    }

    #[test]
    fn what_proves_nothing_is_not_looked_for() {
        let patterns = patterns(&["short", "000000", "CDEFGHIJ", "aabbaabb"]);
        assert!(patterns.is_empty());
    }
}
