//! Filters of streams (ISO 32000-1, section 7.4).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use zeroize::Zeroizing;

use super::file::Document;
use super::lexer::{Lexer, Token, is_space};
use super::object::{Data, Dict, Object, Stream};
use super::predictor;
use crate::Refusal;

pub(super) type Octets = Zeroizing<Vec<u8>>;

/// Filters that one stream may have one after the other.
const MAX_FILTERS: usize = 8;

/// What a stream unpacks to: everything, or a picture's own coding that is kept.
pub(super) struct Unpacked {
    pub(super) octets: Octets,
    /// The first filter that is a picture's own coding, with its parameters.
    pub(super) coding: Option<(Coding, Dict)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Dct,
    Jpx,
    CcittFax,
    Jbig2,
}

/// Takes off the filters that are not a picture's own coding.
///
/// # Errors
/// [`Refusal::TooLarge`] above `limit` octets; [`Refusal::Unsupported`] for an unknown filter.
pub(super) fn unpack(
    document: &Document<'_>,
    stream: &Stream,
    limit: usize,
) -> Result<Unpacked, Refusal> {
    let filters = listed(document, &stream.dict, ["Filter", "F"]);
    let parameters = listed(document, &stream.dict, ["DecodeParms", "DP"]);
    if filters.len() > MAX_FILTERS {
        return Err(Refusal::Damaged);
    }
    let mut octets = document.raw(stream);
    for (index, filter) in filters.iter().enumerate() {
        let parameters = match parameters.get(index) {
            Some(Object::Dict(dict)) => dict.clone(),
            _ => Dict::default(),
        };
        let coding = match filter.as_name().unwrap_or_default() {
            b"DCTDecode" | b"DCT" => Some(Coding::Dct),
            b"JPXDecode" => Some(Coding::Jpx),
            b"CCITTFaxDecode" | b"CCF" => Some(Coding::CcittFax),
            b"JBIG2Decode" => Some(Coding::Jbig2),
            _ => None,
        };
        if let Some(coding) = coding {
            let coding = Some((coding, parameters));
            return Ok(Unpacked { octets, coding });
        }
        octets = one(document, filter, &parameters, &octets, limit)?;
    }
    Ok(Unpacked {
        octets,
        coding: None,
    })
}

/// The octets of a stream that is no picture.
///
/// # Errors
/// As [`unpack`].
pub(super) fn whole(
    document: &Document<'_>,
    stream: &Stream,
    limit: usize,
) -> Result<Octets, Refusal> {
    let unpacked = unpack(document, stream, limit)?;
    match unpacked.coding {
        None => Ok(unpacked.octets),
        Some(_) => Err(Refusal::Damaged),
    }
}

fn listed(document: &Document<'_>, dict: &Dict, keys: [&str; 2]) -> Vec<Object> {
    let found = keys.iter().find_map(|key| document.at(dict, key));
    match found {
        None => Vec::new(),
        Some(Object::Array(items)) => items.iter().map(|item| document.resolve(item)).collect(),
        Some(one) => vec![one],
    }
}

fn one(
    document: &Document<'_>,
    filter: &Object,
    parameters: &Dict,
    octets: &[u8],
    limit: usize,
) -> Result<Octets, Refusal> {
    let int = |key: &str| document.at(parameters, key).and_then(|v| v.as_int());
    let raw = match filter.as_name().unwrap_or_default() {
        b"FlateDecode" | b"Fl" => inflate(octets, limit)?.0,
        b"LZWDecode" | b"LZW" => lzw(octets, int("EarlyChange") != Some(0), limit)?,
        b"ASCII85Decode" | b"A85" => return Ok(ascii85(octets)),
        b"ASCIIHexDecode" | b"AHx" => {
            let mut hex = b"<".to_vec();
            hex.extend_from_slice(octets);
            let Some(Token::String(text)) = Lexer::new(&hex, 0).token() else {
                return Ok(Octets::default());
            };
            return Ok(Zeroizing::new(text));
        }
        b"RunLengthDecode" | b"RL" => return run_length(octets, limit),
        b"Crypt" => return Ok(Zeroizing::new(octets.to_vec())),
        _ => return Err(Refusal::Unsupported("unknown filter")),
    };
    predictor::undo(raw, int)
}

/// A stream that is read before the objects are known: the entries of a cross-reference stream.
pub(super) fn plain_stream(bytes: &[u8], lexer: &mut Lexer<'_>, dict: &Dict) -> Option<Octets> {
    if lexer.token()? != Token::Word(b"stream") {
        return None;
    }
    match lexer.rest() {
        [b'\r', b'\n', ..] => lexer.at += 2,
        [b'\r' | b'\n', ..] => lexer.at += 1,
        _ => {}
    }
    let len = usize::try_from(dict.get("Length")?.as_int()?).ok()?;
    let octets = bytes.get(lexer.at..lexer.at.checked_add(len)?)?;
    let is_flate = |o: &Object| o.as_name() == Some(b"FlateDecode");
    let raw = match dict.get("Filter") {
        None => return Some(Zeroizing::new(octets.to_vec())),
        Some(Object::Array(one)) if one.len() == 1 && one.iter().all(is_flate) => octets,
        Some(filter) if is_flate(filter) => octets,
        Some(_) => return None,
    };
    let raw = inflate(raw, super::file::MAX_STREAM).ok()?.0;
    let parameters = match dict.get("DecodeParms") {
        Some(Object::Array(one)) => one.first().cloned(),
        other => other.cloned(),
    };
    let parameters = parameters.as_ref().and_then(Object::as_dict);
    predictor::undo(raw, |key| parameters?.get(key)?.as_int()).ok()
}

/// Inflates a zlib stream as far as it goes, and tells how many octets it was, if it ended properly.
///
/// # Errors
/// [`Refusal::TooLarge`] above `limit` octets.
pub(super) fn inflate(octets: &[u8], limit: usize) -> Result<(Octets, Option<usize>), Refusal> {
    let (out, used) = inflate_with(octets, limit, inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER)?;
    if out.is_empty() && used.is_none() && octets.len() > 2 {
        // A broken header does not keep readers from what follows it.
        let rest = octets.get(2..).unwrap_or_default();
        return inflate_with(rest, limit, 0).map(|(out, _)| (out, None));
    }
    Ok((out, used))
}

fn inflate_with(
    octets: &[u8],
    limit: usize,
    flags: u32,
) -> Result<(Octets, Option<usize>), Refusal> {
    let flags = flags
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
        | inflate_flags::TINFL_FLAG_IGNORE_ADLER32;
    let mut state = Box::<DecompressorOxide>::default();
    let first = octets.len().saturating_mul(4).clamp(1024, 1 << 20);
    let mut out = Zeroizing::new(vec![0; first]);
    let (mut used, mut made) = (0, 0);
    loop {
        let rest = octets.get(used..).unwrap_or_default();
        let (status, read, wrote) = decompress(&mut state, rest, &mut out, made, flags);
        used += read;
        made += wrote;
        if made > limit {
            return Err(Refusal::TooLarge);
        }
        match status {
            TINFLStatus::Done => {
                out.truncate(made);
                return Ok((out, Some(used)));
            }
            TINFLStatus::HasMoreOutput if out.len() <= limit => {
                let mut larger = Zeroizing::new(vec![0; out.len().saturating_mul(2)]);
                for (to, from) in larger.iter_mut().zip(out.iter()) {
                    *to = *from;
                }
                out = larger;
            }
            TINFLStatus::HasMoreOutput => return Err(Refusal::TooLarge),
            _ => {
                out.truncate(made);
                return Ok((out, None));
            }
        }
    }
}

/// Section 7.4.4.
fn lzw(octets: &[u8], early: bool, limit: usize) -> Result<Octets, Refusal> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let early = usize::from(early);
    let mut out = Zeroizing::new(Vec::new());
    // Each entry is a range of what was written: the text of a code stands there.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut width = 9;
    let mut last: Option<(usize, usize)> = None;
    for &octet in octets {
        bits = bits << 8 | u32::from(octet);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = usize::try_from(bits >> held & ((1 << width) - 1)).unwrap_or(END);
        bits &= (1 << held) - 1;
        match code {
            CLEAR => {
                table.clear();
                width = 9;
                last = None;
                continue;
            }
            END => break,
            _ => {}
        }
        let start = out.len();
        if code < 256 {
            out.push(u8::try_from(code).unwrap_or(0));
        } else {
            let known = table.get(code - 258).copied();
            let Some((from, to)) = known.or(last.map(|(from, to)| (from, to + 1))) else {
                break;
            };
            for at in from..to {
                let octet = out.get(at).copied().unwrap_or(0);
                out.push(octet);
            }
        }
        if out.len() > limit {
            return Err(Refusal::TooLarge);
        }
        if let Some((from, to)) = last
            && table.len() < 4096 - 258
        {
            // The text before and the first octet of this one, which follows it.
            table.push((from, to + 1));
        }
        last = Some((start, out.len()));
        width = match table.len() + 259 + early - 1 {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
    Ok(out)
}

fn ascii85(octets: &[u8]) -> Octets {
    let mut out = Zeroizing::new(Vec::with_capacity(octets.len() / 5 * 4 + 4));
    let (mut group, mut count) = (0_u32, 0_usize);
    let octets = octets.strip_prefix(b"<~").unwrap_or(octets);
    for &b in octets {
        match b {
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b if is_space(b) => {}
            _ => break,
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(count - 1));
    }
    out
}

fn run_length(octets: &[u8], limit: usize) -> Result<Octets, Refusal> {
    let mut out = Zeroizing::new(Vec::new());
    let mut rest = octets;
    while let Some((&len, after)) = rest.split_first() {
        rest = after;
        match len {
            0..=127 => {
                let len = (usize::from(len) + 1).min(rest.len());
                let (run, after) = rest.split_at_checked(len).unwrap_or_default();
                out.extend_from_slice(run);
                rest = after;
            }
            128 => break,
            129..=255 => {
                let Some((&octet, after)) = rest.split_first() else {
                    break;
                };
                out.extend(std::iter::repeat_n(octet, 257 - usize::from(len)));
                rest = after;
            }
        }
        if out.len() > limit {
            return Err(Refusal::TooLarge);
        }
    }
    Ok(out)
}

/// A stream that was made here, deflated.
pub(super) fn deflated(dict: Dict, octets: &[u8]) -> Stream {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(octets, 6);
    Stream {
        dict: dict.with("Filter", Object::name("FlateDecode")),
        data: Data::Made(Zeroizing::new(packed)),
    }
}
