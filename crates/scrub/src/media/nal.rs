//! AVC and HEVC: the messages that encoders hide between pictures, and what a player needs of them.
//!
//! ITU-T H.264 (7.3.1, 7.3.2.3, annex D), ITU-T H.265 (7.3.1, 7.3.2.4, annex D), ISO/IEC 14496-15 for the records.

use crate::job::Job;
use crate::report::What;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Avc,
    Hevc,
}

/// What becomes of one NAL unit.
pub(crate) enum Nal {
    Keep,
    Drop,
    /// A message unit, written again without the messages that tell something.
    Rewrite(Vec<u8>),
}

/// The longest unit that has to be shown to [`clean`], in octets. No honest message is longer.
pub(crate) const LONGEST: usize = 1 << 20;

/// What a unit is for, by its type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Slices and parameter sets.
    Picture,
    /// Supplemental enhancement information.
    Message,
    /// Access unit delimiter: an octet behind the header.
    Delimiter,
    /// End of sequence or stream: nothing behind the header.
    End,
    /// Octets of `FF` that only take up room.
    Filler,
    /// Reserved, or left to private use.
    Private,
}

impl Codec {
    fn header(self) -> usize {
        match self {
            Self::Avc => 1,
            Self::Hevc => 2,
        }
    }

    fn use_of(self, first: u8) -> Use {
        match self {
            // Table 7-1 of H.264.
            Self::Avc => match first & 0x1F {
                1..=5 | 7 | 8 | 13..=15 | 19..=21 => Use::Picture,
                6 => Use::Message,
                9 => Use::Delimiter,
                10 | 11 => Use::End,
                12 => Use::Filler,
                _ => Use::Private,
            },
            // Table 7-1 of H.265.
            Self::Hevc => match first >> 1 & 0x3F {
                0..=9 | 16..=21 | 32..=34 => Use::Picture,
                39 | 40 => Use::Message,
                35 => Use::Delimiter,
                36 | 37 => Use::End,
                38 => Use::Filler,
                _ => Use::Private,
            },
        }
    }
}

/// Whether the unit that begins with these octets has to be read whole and shown to [`clean`].
pub(crate) fn is_message(codec: Codec, header: [u8; 2]) -> bool {
    let [first, _] = header;
    codec.use_of(first) != Use::Picture
}

/// Says what becomes of a NAL unit (without its length or start code).
///
/// Of messages those stay that show the picture rightly: timing, recovery points, stereo packing, orientation, and the
/// measures of brightness. Everything that a program wrote about itself goes.
pub(crate) fn clean(codec: Codec, unit: &[u8]) -> Nal {
    let Some((header, payload)) = unit.split_at_checked(codec.header()) else {
        return Nal::Drop;
    };
    let first = header.first().copied().unwrap_or(0);
    if first & 0x80 != 0 {
        return Nal::Drop;
    }
    match codec.use_of(first) {
        Use::Picture => Nal::Keep,
        Use::Message => messages(codec, unit, header, payload),
        Use::Delimiter => keep_if(payload.len() == 1),
        Use::End => keep_if(payload.is_empty()),
        Use::Filler => keep_if(is_filler(payload)),
        Use::Private => Nal::Drop,
    }
}

fn keep_if(is_plain: bool) -> Nal {
    if is_plain { Nal::Keep } else { Nal::Drop }
}

fn is_filler(payload: &[u8]) -> bool {
    payload
        .split_last()
        .is_some_and(|(last, filler)| *last == 0x80 && filler.iter().all(|&octet| octet == 0xFF))
}

fn messages(codec: Codec, unit: &[u8], header: &[u8], payload: &[u8]) -> Nal {
    let rbsp = unescaped(payload);
    let mut kept = Vec::new();
    for message in Messages(&rbsp) {
        if shows_the_picture(codec, message.kind, message.payload) {
            put_number(&mut kept, message.kind);
            put_number(&mut kept, message.payload.len());
            kept.extend_from_slice(message.payload);
        }
    }
    if kept.is_empty() {
        return Nal::Drop;
    }
    kept.push(0x80);
    let mut written = match codec {
        // The reference indication of a message is 0 (H.264, 7.4.1).
        Codec::Avc => vec![6],
        Codec::Hevc => header.to_vec(),
    };
    escape(&kept, &mut written);
    if written == unit {
        Nal::Keep
    } else {
        Nal::Rewrite(written)
    }
}

/// The longest picture timing that has no room for the hour, minute and second of a clock.
const TIMING_WITHOUT_CLOCK: usize = 8;

/// Whether a player needs a message, and it is of the size that it has to be (annex D of both; ITU-T H.274).
fn shows_the_picture(codec: Codec, kind: usize, payload: &[u8]) -> bool {
    let len = payload.len();
    let fits = match kind {
        // Buffering period; picture timing, which in HEVC has no clock.
        1 if codec == Codec::Avc => (1..=TIMING_WITHOUT_CLOCK).contains(&len),
        0 | 1 => (1..=32).contains(&len),
        // Recovery point.
        6 => (1..=6).contains(&len),
        // Frame packing arrangement.
        45 => (1..=16).contains(&len),
        // Display orientation.
        47 => (1..=8).contains(&len),
        // Mastering display colour volume; content light level; alternative transfer characteristics; ambient viewing
        // environment. Their sizes are fixed.
        137 => len == 24,
        144 => len == 4,
        147 => len == 1,
        148 => len == 8,
        // Alpha channel information.
        165 => codec == Codec::Hevc && (1..=6).contains(&len),
        _ => false,
    };
    fits && !reads_as_text(payload)
}

/// Numbers that are packed by the bit hardly ever read as a word.
fn reads_as_text(payload: &[u8]) -> bool {
    payload
        .windows(6)
        .any(|run| run.iter().all(u8::is_ascii_alphanumeric))
}

/// One message.
struct Message<'a> {
    kind: usize,
    payload: &'a [u8],
}

/// The messages of a unit without emulation prevention. Ends at the trailing bits, or where the octets run out.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Message<'a>> {
        // What is left when only the trailing bits are: an octet of 0x80, perhaps with zeros behind it.
        if self.0.first() == Some(&0x80) && self.0.iter().skip(1).all(|&octet| octet == 0) {
            return None;
        }
        let (kind, rest) = take_number(self.0)?;
        let (len, rest) = take_number(rest)?;
        let (payload, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some(Message { kind, payload })
    }
}

/// A number as octets of 255 and a rest.
fn take_number(octets: &[u8]) -> Option<(usize, &[u8])> {
    let full = octets.iter().take_while(|&&octet| octet == 0xFF).count();
    let (last, rest) = octets.get(full..)?.split_first()?;
    Some((full * 255 + usize::from(*last), rest))
}

fn put_number(to: &mut Vec<u8>, number: usize) {
    to.resize(to.len() + number / 255, 0xFF);
    to.push(u8::try_from(number % 255).unwrap_or(0));
}

/// Takes out the octets that keep a payload from looking like a start code (7.4.1).
fn unescaped(payload: &[u8]) -> Vec<u8> {
    let mut rbsp = Vec::with_capacity(payload.len());
    let mut zeros = 0;
    for &octet in payload {
        if zeros >= 2 && octet == 3 {
            zeros = 0;
            continue;
        }
        zeros = if octet == 0 { zeros + 1 } else { 0 };
        rbsp.push(octet);
    }
    rbsp
}

fn escape(rbsp: &[u8], to: &mut Vec<u8>) {
    let mut zeros = 0;
    for &octet in rbsp {
        if zeros >= 2 && octet <= 3 {
            to.push(3);
            zeros = 0;
        }
        zeros = if octet == 0 { zeros + 1 } else { 0 };
        to.push(octet);
    }
}

/// Reports what the messages of a unit told that [`clean`] does not keep.
pub(crate) fn report(codec: Codec, unit: &[u8], place: &'static str, job: &mut Job) {
    let Some((header, payload)) = unit.split_at_checked(codec.header()) else {
        return;
    };
    if codec.use_of(header.first().copied().unwrap_or(0)) != Use::Message {
        job.found(What::Unknown, place, "");
        return;
    }
    let rbsp = unescaped(payload);
    let mut told = false;
    for message in Messages(&rbsp) {
        if shows_the_picture(codec, message.kind, message.payload) {
            continue;
        }
        told = true;
        match message.kind {
            // Registered: a country and a provider in front. Unregistered: a UUID of 16 octets in front.
            4 => job.found(What::Description, place, ""),
            5 => {
                let text = message.payload.get(16..).unwrap_or_default();
                job.found_octets(What::Software, place, text);
            }
            // Clocks: picture timing of AVC, time code of HEVC.
            1 | 136 => job.found(What::Time, place, ""),
            _ => job.found(What::Unknown, place, ""),
        }
    }
    if !told {
        job.found(What::Unknown, place, "");
    }
}

/// Writes an `avcC` or `hvcC` record again with parameter sets only. Nothing for a damaged one.
pub(crate) fn clean_record(codec: Codec, record: &[u8]) -> Option<Vec<u8>> {
    match codec {
        Codec::Avc => avc_record(record),
        Codec::Hevc => hevc_record(record),
    }
}

/// `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15, 5.3.3.1).
fn avc_record(record: &[u8]) -> Option<Vec<u8>> {
    let (&[version, profile, compatibility, level, lengths, sets], rest) =
        record.split_first_chunk::<6>()?;
    if version != 1 {
        return None;
    }
    let mut written = vec![1, profile, compatibility, level, lengths | 0xFC];
    let (sets, rest) = units(rest, usize::from(sets & 0x1F), is_avc_sequence_set)?;
    written.push(0xE0 | u8::try_from(sets.0).ok()?);
    written.extend_from_slice(&sets.1);
    let (count, rest) = rest.split_first()?;
    let (sets, rest) = units(rest, usize::from(*count), |first| first & 0x1F == 8)?;
    written.push(u8::try_from(sets.0).ok()?);
    written.extend_from_slice(&sets.1);
    // Baseline, Main and Extended have none.
    let has_extension = !matches!(profile, 66 | 77 | 88);
    let Some((&[chroma, luma_depth, chroma_depth, count], rest)) =
        rest.split_first_chunk::<4>().filter(|_| has_extension)
    else {
        return Some(written);
    };
    let (sets, _) = units(rest, usize::from(count), |first| first & 0x1F == 13)
        .unwrap_or_else(|| ((0, Vec::new()), &[]));
    written.extend_from_slice(&[chroma | 0xFC, luma_depth | 0xF8, chroma_depth | 0xF8]);
    written.push(u8::try_from(sets.0).ok()?);
    written.extend_from_slice(&sets.1);
    Some(written)
}

fn is_avc_sequence_set(first: u8) -> bool {
    matches!(first & 0x1F, 7 | 15)
}

/// How many units were taken, and they with their lengths.
type Units = (usize, Vec<u8>);

/// Takes `count` units with a length of two octets each; those of another kind are left out.
fn units(
    mut octets: &[u8],
    count: usize,
    is_wanted: impl Fn(u8) -> bool,
) -> Option<(Units, &[u8])> {
    let (mut taken, mut written) = (0, Vec::new());
    for _ in 0..count {
        let (len, rest) = octets.split_first_chunk::<2>()?;
        let (unit, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        if unit.first().is_some_and(|&first| is_wanted(first)) {
            taken += 1;
            written.extend_from_slice(len);
            written.extend_from_slice(unit);
        }
        octets = rest;
    }
    Some(((taken, written), octets))
}

/// `HEVCDecoderConfigurationRecord` (ISO/IEC 14496-15, 8.3.3.1). The arrays come in the order of their types.
fn hevc_record(record: &[u8]) -> Option<Vec<u8>> {
    let (front, mut rest) = record.split_first_chunk::<23>()?;
    let mut front = *front;
    let [version, .., count] = &mut front;
    if *version > 1 {
        return None;
    }
    *version = 1;
    let mut arrays = Vec::new();
    for _ in 0..*count {
        let (&[head, high, low], after) = rest.split_first_chunk::<3>()?;
        let kind = head & 0x3F;
        let listed = usize::from(u16::from_be_bytes([high, low]));
        let (sets, after) = units(after, listed, |first| first >> 1 & 0x3F == kind)?;
        rest = after;
        if matches!(kind, 32..=34) && sets.0 > 0 {
            arrays.push((kind, head & 0x80, sets));
        }
    }
    *count = u8::try_from(arrays.len()).ok()?;
    arrays.sort_by_key(|(kind, ..)| *kind);
    // Reserved bits are ones: before the segmentation, parallelism, chroma format and both depths.
    for (at, reserved) in [(13, 0xF0), (15, 0xFC), (16, 0xFC), (17, 0xF8), (18, 0xF8)] {
        *front.get_mut(at)? |= reserved;
    }
    let mut written = front.to_vec();
    for (kind, completeness, (taken, sets)) in arrays {
        written.push(completeness | kind);
        written.extend_from_slice(&u16::try_from(taken).ok()?.to_be_bytes());
        written.extend_from_slice(&sets);
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    fn unit(header: &[u8], messages: &[(usize, &[u8])]) -> Vec<u8> {
        let mut rbsp = Vec::new();
        for (kind, payload) in messages {
            put_number(&mut rbsp, *kind);
            put_number(&mut rbsp, payload.len());
            rbsp.extend_from_slice(payload);
        }
        rbsp.push(0x80);
        let mut unit = header.to_vec();
        escape(&rbsp, &mut unit);
        unit
    }

    fn rewritten(codec: Codec, octets: &[u8]) -> Vec<u8> {
        match clean(codec, octets) {
            Nal::Rewrite(written) => written,
            Nal::Keep => panic!("kept"),
            Nal::Drop => panic!("dropped"),
        }
    }

    #[test]
    fn user_data_goes_and_what_shows_the_picture_stays() {
        let text = [b'x'; 300];
        let light = [0, 0, 1, 0];
        for (codec, header) in [(Codec::Avc, &[6][..]), (Codec::Hevc, &[0x4E, 1])] {
            let mixed = unit(header, &[(5, &text), (144, &light), (4, b"captions")]);
            assert_eq!(rewritten(codec, &mixed), unit(header, &[(144, &light)]));
            let plain = unit(header, &[(144, &light)]);
            assert!(matches!(clean(codec, &plain), Nal::Keep));
            let user = unit(header, &[(5, &text)]);
            assert!(matches!(clean(codec, &user), Nal::Drop));
            let odd = unit(header, &[(144, b"\0\0\0\0\0")]);
            assert!(matches!(clean(codec, &odd), Nal::Drop));
        }
    }

    #[test]
    fn what_follows_the_trailing_bits_goes() {
        let plain = unit(&[6], &[(6, &[0x84])]);
        let mut long = plain.clone();
        long.extend_from_slice(b"behind");
        assert_eq!(rewritten(Codec::Avc, &long), plain);
    }

    #[test]
    fn delimiters_ends_and_fillers_carry_nothing() {
        assert!(matches!(clean(Codec::Avc, &[9, 0xF0]), Nal::Keep));
        assert!(matches!(clean(Codec::Avc, b"\x09\xF0secret"), Nal::Drop));
        assert!(matches!(clean(Codec::Avc, &[12, 0xFF, 0x80]), Nal::Keep));
        assert!(matches!(clean(Codec::Avc, b"\x0Csecret\x80"), Nal::Drop));
        assert!(matches!(clean(Codec::Avc, &[10]), Nal::Keep));
        assert!(matches!(clean(Codec::Avc, b"\x18private"), Nal::Drop));
        assert!(matches!(clean(Codec::Hevc, b"\x7C\x01private"), Nal::Drop));
        assert!(matches!(clean(Codec::Hevc, &[]), Nal::Drop));
    }

    #[test]
    fn a_clock_in_the_picture_timing_goes() {
        let timing = unit(&[6], &[(1, &[1; 14])]);
        assert!(matches!(clean(Codec::Avc, &timing), Nal::Drop));
    }

    #[test]
    fn records_keep_parameter_sets_only() {
        let avc =
            b"\x01\x64\0\x1F\x03\x01\0\x02\x67\x01\x02\0\x02\x68\x02\0\x02\x06\x05\x01\x08\x08\0tail";
        let clean = clean_record(Codec::Avc, avc).unwrap();
        let wanted = b"\x01\x64\0\x1F\xFF\xE1\0\x02\x67\x01\x01\0\x02\x68\x02\xFD\xF8\xF8\0";
        assert_eq!(clean, wanted);
        assert_eq!(clean_record(Codec::Avc, &clean).unwrap(), wanted);

        let mut hevc = vec![0; 22];
        hevc.push(3);
        hevc.extend_from_slice(b"\x22\0\x01\0\x02\x44\x01\xA0\0\x01\0\x02\x40\x01");
        hevc.extend_from_slice(b"\x27\0\x01\0\x06\x4E\x01x265");
        let clean = clean_record(Codec::Hevc, &hevc).unwrap();
        assert!(clean.ends_with(b"\x02\xA0\0\x01\0\x02\x40\x01\x22\0\x01\0\x02\x44\x01"));
        assert_eq!(clean_record(Codec::Hevc, &clean).unwrap(), clean);
    }
}
