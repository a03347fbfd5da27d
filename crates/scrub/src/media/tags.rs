//! The tags that several kinds of sound files carry, read for the report only: none of them is written again.

use crate::Refusal;
use crate::job::Job;
use crate::report::What;
use crate::source::Source;

/// Frames or comments of one tag that are told one by one.
const MAX_TOLD: usize = 200;
/// Octets of a tag's text that are read.
const MAX_TEXT: u64 = 4096;

/// Octets of an `ID3v2` tag whose header is at `at`: header, frames and footer. Nothing when there is none.
pub(super) fn id3v2_len(header: &[u8]) -> Option<u64> {
    let (magic, rest) = header.split_at_checked(3)?;
    let &[major, minor, flags, a, b, c, d] = rest.first_chunk()?;
    let synchsafe = [a, b, c, d].iter().all(|octet| octet & 0x80 == 0);
    if !matches!(magic, b"ID3" | b"3DI") || major == 0xFF || minor == 0xFF || !synchsafe {
        return None;
    }
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    Some(10 + seven_bits([a, b, c, d]) + footer)
}

fn seven_bits(octets: [u8; 4]) -> u64 {
    octets
        .iter()
        .fold(0, |size, &octet| size << 7 | u64::from(octet & 0x7F))
}

/// Reports the frames of an `ID3v2` tag. `tag` may be cut short or damaged: the report says then what can be read.
pub(super) fn report_id3v2(tag: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    job.found(What::Unknown, "ID3v2 tag", "");
    let Ok(head) = tag.array::<10>(0) else {
        return Ok(());
    };
    let [_, _, _, major, _, _, ..] = head;
    let (id_len, head_len) = if major <= 2 { (3, 6) } else { (4, 10) };
    let mut at = 10;
    for _ in 0..MAX_TOLD {
        if at + head_len >= tag.len() {
            break;
        }
        let head = tag.read(at..at + head_len, 16)?;
        let (Some(id), Some(size)) = (head.get(..id_len), head.get(id_len..id_len * 2)) else {
            break;
        };
        if !id
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        {
            break;
        }
        let size = match (major, size.first_chunk::<4>()) {
            (4.., Some(&size)) => seven_bits(size),
            _ => size.iter().fold(0, |size, &b| size << 8 | u64::from(b)),
        };
        at += head_len;
        let end = at.saturating_add(size).min(tag.len());
        let body = tag.read(at..end.min(at + MAX_TEXT), usize::MAX)?;
        let (what, name) = id3_frame(id);
        job.found(what, name, &id3_text(id, &body));
        at = end;
    }
    Ok(())
}

fn id3_frame(id: &[u8]) -> (What, &'static str) {
    match id {
        b"TPE1" | b"TP1" => (What::Person, "ID3v2 TPE1"),
        b"TPE2" | b"TP2" => (What::Person, "ID3v2 TPE2"),
        b"TPE3" | b"TPE4" | b"TP3" | b"TP4" => (What::Person, "ID3v2 TPE3"),
        b"TCOM" | b"TCM" => (What::Person, "ID3v2 TCOM"),
        b"TENC" | b"TEN" => (What::Person, "ID3v2 TENC"),
        b"TEXT" | b"TOPE" | b"TOLY" | b"TOWN" | b"TPUB" | b"TMCL" | b"TIPL" | b"TCOP" | b"OWNE" => {
            (What::Person, "ID3v2 person")
        }
        b"TSSE" | b"TSS" => (What::Software, "ID3v2 TSSE"),
        b"TDRC" | b"TYER" | b"TDAT" | b"TIME" | b"TDEN" | b"TDTG" | b"TORY" | b"TDOR" | b"TDRL"
        | b"TRDA" | b"TYE" | b"TDA" | b"TIM" => (What::Time, "ID3v2 date"),
        b"APIC" | b"PIC" => (What::Preview, "ID3v2 APIC"),
        b"GEOB" | b"GEO" => (What::Attachment, "ID3v2 GEOB"),
        b"PRIV" | b"UFID" | b"UFI" | b"MCDI" | b"TSRC" | b"POPM" => {
            (What::Identifier, "ID3v2 identifier")
        }
        [b'W', ..] => (What::Path, "ID3v2 link"),
        b"COMM" | b"COM" => (What::Description, "ID3v2 COMM"),
        b"TXXX" | b"TXX" => (What::Description, "ID3v2 TXXX"),
        b"TIT2" | b"TT2" => (What::Description, "ID3v2 TIT2"),
        b"TALB" | b"TAL" => (What::Description, "ID3v2 TALB"),
        b"CHAP" | b"CTOC" => (What::Description, "ID3v2 chapters"),
        _ => (What::Description, "ID3v2 frame"),
    }
}

/// The text of a frame, decoded by its encoding octet; nothing for frames that are not text.
fn id3_text(id: &[u8], body: &[u8]) -> String {
    match (id.first(), body.split_first()) {
        (Some(b'W'), _) if !id.starts_with(b"WX") => latin1(body),
        (Some(b'T'), Some((&encoding, text))) => encoded(encoding, text),
        (Some(b'C'), Some((&encoding, text))) if id.starts_with(b"COM") => {
            encoded(encoding, text.get(3..).unwrap_or_default())
        }
        (Some(b'P' | b'U' | b'O'), _) if !id.starts_with(b"PI") => latin1(body),
        _ => String::new(),
    }
}

fn encoded(encoding: u8, text: &[u8]) -> String {
    match encoding {
        1 | 2 => {
            let big = encoding == 2 || text.starts_with(&[0xFE, 0xFF]);
            let units = text.chunks_exact(2).filter_map(|pair| {
                let &[a, b] = pair.first_chunk()?;
                Some(if big {
                    u16::from_be_bytes([a, b])
                } else {
                    u16::from_le_bytes([a, b])
                })
            });
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(' '))
                .filter(|&c| c != '\u{FEFF}')
                .collect()
        }
        3 => String::from_utf8_lossy(text).into_owned(),
        _ => latin1(text),
    }
}

fn latin1(text: &[u8]) -> String {
    text.iter().map(|&octet| char::from(octet)).collect()
}

/// Reports the 128 octets of an `ID3v1` tag.
pub(super) fn report_id3v1(tag: &[u8], job: &mut Job) {
    let fields = [
        (3..33, What::Description, "ID3v1 title"),
        (33..63, What::Person, "ID3v1 artist"),
        (63..93, What::Description, "ID3v1 album"),
        (93..97, What::Time, "ID3v1 year"),
        (97..127, What::Description, "ID3v1 comment"),
    ];
    job.found(What::Unknown, "ID3v1 tag", "");
    for (range, what, place) in fields {
        let value = tag.get(range).unwrap_or_default();
        let end = value.iter().position(|&b| b == 0).unwrap_or(value.len());
        let value = value.get(..end).unwrap_or_default().trim_ascii();
        if !value.is_empty() {
            job.found(what, place, &latin1(value));
        }
    }
}

/// Octets of the APE tag of which a header or footer is at hand, without the header.
pub(super) fn ape_len(head: &[u8]) -> Option<u64> {
    let rest = head.strip_prefix(b"APETAGEX")?;
    let size = rest.get(4..8)?.first_chunk()?;
    Some(u64::from(u32::from_le_bytes(*size)))
}

/// Reports the items of an APE tag; `items` stands behind its header.
pub(super) fn report_ape(items: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    job.found(What::Unknown, "APE tag", "");
    let mut at = 0;
    for _ in 0..MAX_TOLD {
        if at + 10 > items.len() {
            break;
        }
        let [a, b, c, d, ..] = items.array::<8>(at)?;
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        let rest = items.read(at + 8..(at + 8 + MAX_TEXT).min(items.len()), usize::MAX)?;
        let Some(end) = rest.iter().take(256).position(|&b| b == 0) else {
            break;
        };
        let key = rest.get(..end).unwrap_or_default().to_ascii_uppercase();
        let len = usize::try_from(size).unwrap_or(usize::MAX);
        let value = rest.get(end + 1..).unwrap_or_default();
        report_key(&key, value.get(..len).unwrap_or(value), "APE item", job);
        at = at.saturating_add(9 + end as u64).saturating_add(size);
    }
    Ok(())
}

/// Reports a Vorbis comment packet from its vendor's length on, and gives back the value of the one comment that
/// says how sound is heard: the channel mask.
pub(super) fn report_vorbis(comments: &[u8], place: &'static str, job: &mut Job) -> Option<u32> {
    let mut mask = None;
    let mut rest = comments;
    let vendor = counted(&mut rest)?;
    if !vendor.is_empty() {
        job.found_octets(What::Software, place, vendor);
    }
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    for told in 0..u32::from_le_bytes(*count) {
        let comment = counted(&mut rest)?;
        let at = comment.iter().position(|&b| b == b'=');
        let (key, value) = comment.split_at_checked(at.unwrap_or(0))?;
        let value = value.strip_prefix(b"=").unwrap_or(value);
        let key = key.to_ascii_uppercase();
        if key == b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK" {
            let digits = str::from_utf8(value)
                .ok()
                .and_then(|v| v.strip_prefix("0x"));
            mask = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if mask.is_some() {
                continue;
            }
        }
        if told < 1000 {
            report_key(&key, value, place, job);
        }
    }
    if !rest.iter().all(|&b| b == 0 || b == 1) {
        job.found_octets(What::Unknown, place, rest);
    }
    mask
}

/// A run of octets behind its length.
fn counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let (octets, after) = after.split_at_checked(len)?;
    *rest = after;
    Some(octets)
}

/// Reports one value under a name that the maker chose: the name decides only what it tells.
pub(super) fn report_key(key: &[u8], value: &[u8], place: &'static str, job: &mut Job) {
    let has = |words: &[&[u8]]| {
        words
            .iter()
            .any(|word| key.windows(word.len()).any(|part| part == *word))
    };
    let what = if has(&[b"PICTURE", b"COVER"]) {
        job.found(What::Preview, place, "");
        return;
    } else if has(&[b"GPS", b"LOCATION", b"COORD", b"COUNTRY", b"CITY"]) {
        What::Place
    } else if has(&[b"DATE", b"YEAR", b"TIME"]) {
        What::Time
    } else if has(&[
        b"ENCODER",
        b"SOFTWARE",
        b"TOOL",
        b"ENCODING_SETTINGS",
        b"ENCODED_WITH",
    ]) {
        What::Software
    } else if has(&[
        b"ARTIST",
        b"AUTHOR",
        b"COMPOSER",
        b"PERFORM",
        b"COPYRIGHT",
        b"CONTACT",
    ]) || has(&[
        b"ORGANI",
        b"ENCODED",
        b"PUBLISHER",
        b"LYRICIST",
        b"DIRECTOR",
        b"EMAIL",
    ]) {
        What::Person
    } else if has(&[b"ISRC", b"SERIAL", b"MUSICBRAINZ", b"UUID", b"BARCODE"]) {
        What::Identifier
    } else if has(&[b"URL", b"PATH", b"FILE", b"WWW"]) {
        What::Path
    } else {
        What::Description
    };
    job.found_octets(what, place, value);
}
