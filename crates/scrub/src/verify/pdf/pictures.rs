//! Pictures within the document, each in its own coding.

use super::Walk;
use super::keys::Role;
use super::streams::inflated;
use super::syntax::Value;
use crate::source::Source;
use crate::verify::{Fault, icc, jpeg};

pub(super) fn image(walk: &mut Walk<'_, '_, '_>, value: &Value, data: &[u8]) -> Result<(), Fault> {
    let parameters = match value.get("DecodeParms") {
        None => &[],
        Some(Value::Dict(entries)) => entries.as_slice(),
        Some(_) => return Err(Fault("parameters of a picture")),
    };
    let Some(Value::Name(filter)) = value.get("Filter") else {
        return Err(Fault("picture without a filter"));
    };
    for (key, value) in parameters {
        let fits = match (filter.as_slice(), key.as_slice()) {
            (b"FlateDecode", b"BitsPerComponent" | b"Colors" | b"Columns" | b"Predictor")
            | (b"DCTDecode", b"ColorTransform")
            | (b"CCITTFaxDecode", b"Columns" | b"DamagedRowsBeforeError" | b"K" | b"Rows") => {
                matches!(value, Value::Int(_))
            }
            (
                b"CCITTFaxDecode",
                b"BlackIs1" | b"EncodedByteAlign" | b"EndOfBlock" | b"EndOfLine",
            ) => {
                matches!(value, Value::Bool(_))
            }
            (b"JBIG2Decode", b"JBIG2Globals") => {
                walk.used(Role::JbigGlobals, value)?;
                true
            }
            _ => false,
        };
        if !fits {
            return Err(Fault("parameters of a picture"));
        }
    }
    match filter.as_slice() {
        b"FlateDecode" => samples(walk, value, &inflated(data)?),
        b"DCTDecode" => jpeg::verify(&Source::memory(data), walk.views),
        b"JPXDecode" => jpeg_2000(data),
        b"JBIG2Decode" => jbig(data),
        b"CCITTFaxDecode" => Ok(()),
        _ => Err(Fault("picture under another filter")),
    }
}

/// No octets behind the last row.
fn samples(walk: &mut Walk<'_, '_, '_>, value: &Value, octets: &[u8]) -> Result<(), Fault> {
    walk.views.hidden(octets);
    let int = |key| match value.get(key) {
        Some(Value::Int(number)) => usize::try_from(*number).ok(),
        _ => None,
    };
    let (Some(width), Some(height)) = (int("Width"), int("Height")) else {
        return Err(Fault("picture without its size"));
    };
    let is_mask = value.get("ImageMask") == Some(&Value::Bool(true));
    let bits = match int("BitsPerComponent") {
        _ if is_mask => 1,
        bits => bits.unwrap_or(8),
    };
    let components = match value.get("ColorSpace") {
        Some(space) if !is_mask => components(walk, space)?,
        _ => 1,
    };
    let row = width
        .checked_mul(bits)
        .and_then(|row| row.checked_mul(components));
    let row = row.ok_or(Fault("size of a picture"))?.div_ceil(8);
    let predictor = match value.get("DecodeParms").and_then(|p| p.get("Predictor")) {
        Some(Value::Int(predictor)) => *predictor,
        _ => 1,
    };
    let mut most = row.checked_mul(height).ok_or(Fault("size of a picture"))?;
    if predictor >= 10 {
        // Each row of the predictor has one octet more; its rows need not be the picture's.
        let int = |key, otherwise| match value.get("DecodeParms").and_then(|p| p.get(key)) {
            Some(Value::Int(number)) => usize::try_from(*number).ok(),
            _ => Some(otherwise),
        };
        let bits = int("Colors", 1)
            .zip(int("BitsPerComponent", 8))
            .and_then(|(c, b)| c.checked_mul(b));
        let row = bits
            .zip(int("Columns", 1))
            .and_then(|(bits, columns)| bits.checked_mul(columns));
        let row = row.ok_or(Fault("predictor"))?.div_ceil(8).max(1);
        most = most
            .checked_add(most.div_ceil(row))
            .ok_or(Fault("size of a picture"))?;
    }
    if octets.len() <= most || bits > 16 {
        Ok(())
    } else {
        Err(Fault("octets behind the last row of a picture"))
    }
}

fn components(walk: &Walk<'_, '_, '_>, space: &Value) -> Result<usize, Fault> {
    let items = match space {
        Value::Ref(number) => match &walk.at(*number)?.value {
            Value::List(items) => items,
            _ => return Err(Fault("colour space")),
        },
        Value::List(items) => items,
        name if name.is_name("DeviceRGB") => return Ok(3),
        name if name.is_name("DeviceCMYK") => return Ok(4),
        _ => return Ok(1),
    };
    Ok(match items.as_slice() {
        [family, ..] if family.is_name("CalRGB") || family.is_name("Lab") => 3,
        [family, Value::List(names), ..] if family.is_name("DeviceN") => names.len(),
        [family, Value::Ref(profile)] if family.is_name("ICCBased") => {
            match walk.at(*profile)?.value.get("N") {
                Some(Value::Int(count @ (1 | 3 | 4))) => usize::try_from(*count).unwrap_or(1),
                _ => return Err(Fault("components of a profile")),
            }
        }
        _ => 1,
    })
}

/// Segments one behind the other, none of them a comment.
pub(super) fn jbig(data: &[u8]) -> Result<(), Fault> {
    const FAULT: Fault = Fault("JBIG2 segment");
    let mut at = 0_usize;
    while at < data.len() {
        let rest = data.get(at..).ok_or(FAULT)?;
        let &[n0, n1, n2, n3, flags, counts, ..] = rest else {
            return Err(FAULT);
        };
        let number = u32::from_be_bytes([n0, n1, n2, n3]);
        if matches!(flags & 0x3f, 51 | 62) {
            return Err(Fault("JBIG2 comment"));
        }
        let (count, mut head) = match counts >> 5 {
            7 => {
                let &[_, _, _, _, _, c0, c1, c2, c3, ..] = rest else {
                    return Err(FAULT);
                };
                let count = u32::from_be_bytes([c0 & 0x1f, c1, c2, c3]);
                let count = usize::try_from(count).map_err(|_| FAULT)?;
                (count, 9 + (count + 8) / 8)
            }
            count => (usize::from(count), 6),
        };
        let width = if number <= 256 {
            1
        } else if number <= 65536 {
            2
        } else {
            4
        };
        head = count
            .checked_mul(width)
            .and_then(|len| len.checked_add(head))
            .ok_or(FAULT)?;
        head += if flags & 0x40 == 0 { 1 } else { 4 };
        let (len, _) = rest
            .get(head..)
            .and_then(|rest| rest.split_first_chunk::<4>())
            .ok_or(FAULT)?;
        let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| FAULT)?;
        at = at
            .checked_add(head + 4)
            .and_then(|at| at.checked_add(len))
            .ok_or(FAULT)?;
    }
    Ok(())
}

/// A codestream without comments, alone or in the boxes that colours need.
fn jpeg_2000(data: &[u8]) -> Result<(), Fault> {
    const FAULT: Fault = Fault("JPEG 2000 box");
    let front = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ";
    let Some(rest) = data.strip_prefix(front) else {
        return codestream(data);
    };
    let (kind, header, rest) = split_box(rest).ok_or(FAULT)?;
    if kind != b"jp2h" {
        return Err(FAULT);
    }
    let mut inner = header;
    while !inner.is_empty() {
        let (kind, content, after) = split_box(inner).ok_or(FAULT)?;
        match (kind, content) {
            (b"ihdr", content) if content.len() <= 14 => {}
            (b"bpcc" | b"cdef" | b"cmap" | b"pclr", _) => {}
            (b"colr", [1, 0, 0, space @ ..]) if space.len() <= 4 => {}
            (b"colr", [2, 0, 0, profile @ ..]) => icc::verify(profile)?,
            _ => return Err(FAULT),
        }
        inner = after;
    }
    match split_box(rest) {
        Some((b"jp2c", content, [])) => codestream(content),
        _ => Err(FAULT),
    }
}

fn split_box(octets: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (len, rest) = octets.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len))
        .ok()?
        .checked_sub(8)?;
    let (content, after) = rest.split_at_checked(len)?;
    Some((kind, content, after))
}

fn codestream(octets: &[u8]) -> Result<(), Fault> {
    const FAULT: Fault = Fault("JPEG 2000 codestream");
    let mut rest = octets.strip_prefix(&[0xff, 0x4f]).ok_or(FAULT)?;
    loop {
        match rest {
            [0xff, 0xd9] => return Ok(()),
            [0xff, 0x64, ..] => return Err(Fault("JPEG 2000 comment")),
            [0xff, 0x90, _, _, _, _, l0, l1, l2, l3, ..] => {
                let stated = u32::from_be_bytes([*l0, *l1, *l2, *l3]);
                let len = usize::try_from(stated).map_err(|_| FAULT)?;
                // The last part of a picture that is cut short.
                let len = len.min(rest.len().saturating_sub(2));
                let (part, after) = rest.split_at_checked(len).ok_or(FAULT)?;
                let mut head = part.get(12..).ok_or(FAULT)?;
                while !head.starts_with(&[0xff, 0x93]) {
                    head = segment(head).ok_or(FAULT)?;
                }
                rest = after;
            }
            _ => rest = segment(rest).ok_or(FAULT)?,
        }
    }
}

/// What follows a marker segment that is no comment.
fn segment(octets: &[u8]) -> Option<&[u8]> {
    match octets {
        [0xff, 0x64, ..] => None,
        [0xff, _, high, low, ..] => {
            octets.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)
        }
        _ => None,
    }
}
