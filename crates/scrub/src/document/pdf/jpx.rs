//! JPEG 2000 (ISO 15444-1): the codestream without comments, in the boxes that colours need.

use zeroize::Zeroizing;

use super::filter::Octets;
use crate::Refusal;
use crate::job::Job;
use crate::picture::icc;
use crate::report::What;

const SIGNATURE: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";
const FILE_TYPE: &[u8] = b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 ";
/// Start of codestream.
const SOC: &[u8] = &[0xff, 0x4f];

/// Writes the picture again.
///
/// # Errors
/// [`Refusal::Damaged`].
pub(super) fn scrub(octets: &[u8], job: &mut Job) -> Result<Octets, Refusal> {
    if octets.starts_with(SOC) {
        return codestream(octets, job);
    }
    let mut header = None;
    for (kind, content) in boxes(octets) {
        match kind {
            b"jp2h" => header = Some(self::header(content, job)),
            b"jp2c" => {
                let stream = codestream(content, job)?;
                let Some(header) = header else {
                    return Ok(stream);
                };
                let mut out = Zeroizing::new(Vec::with_capacity(stream.len() + 256));
                out.extend_from_slice(SIGNATURE);
                out.extend_from_slice(FILE_TYPE);
                put(&mut out, *b"jp2h", &header);
                put(&mut out, *b"jp2c", &stream);
                return Ok(out);
            }
            b"jP  " | b"ftyp" => {}
            _ => job.found(What::Description, "picture: JPEG 2000 box", ""),
        }
    }
    Err(Refusal::Damaged)
}

fn put(out: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let len = u32::try_from(content.len() + 8).unwrap_or(0);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(content);
}

/// The boxes at one level; a last one that is cut short is taken as far as it goes.
fn boxes(octets: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = octets;
    std::iter::from_fn(move || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (head, len) = match u32::from_be_bytes(*len) {
            0 => (8, rest.len()),
            1 => {
                let (long, _) = after.split_first_chunk::<8>()?;
                (16, usize::try_from(u64::from_be_bytes(*long)).ok()?)
            }
            len => (8, usize::try_from(len).ok()?),
        };
        let content = rest.get(head..len.min(rest.len()))?;
        rest = rest.get(len.min(rest.len())..)?;
        Some((kind, content))
    })
}

/// What colours and channels need of the header box.
fn header(content: &[u8], job: &mut Job) -> Vec<u8> {
    let mut out = Vec::new();
    let mut has_colour = false;
    for (kind, content) in boxes(content) {
        match kind {
            b"ihdr" => put(&mut out, *kind, content.get(..14).unwrap_or(content)),
            b"bpcc" | b"cdef" | b"cmap" | b"pclr" => put(&mut out, *kind, content),
            b"colr" if !has_colour => {
                let colour = match content {
                    [1, _, _, space @ ..] => {
                        let space = space.get(..4).unwrap_or_default();
                        Some([&[1, 0, 0], space].concat())
                    }
                    [2, _, _, profile @ ..] => {
                        let clean = icc::canonical(profile, "picture: colour profile", job);
                        clean.map(|clean| [&[2, 0, 0], clean.as_slice()].concat())
                    }
                    _ => None,
                };
                if let Some(colour) = colour {
                    has_colour = true;
                    put(&mut out, *kind, &colour);
                }
            }
            b"colr" => {}
            _ => job.found(What::Description, "picture: JPEG 2000 box", ""),
        }
    }
    out
}

/// Copies markers but for comments; ends at the end of the codestream.
fn codestream(octets: &[u8], job: &mut Job) -> Result<Octets, Refusal> {
    let mut out = Zeroizing::new(Vec::with_capacity(octets.len()));
    let mut rest = octets.strip_prefix(SOC).ok_or(Refusal::Damaged)?;
    out.extend_from_slice(SOC);
    loop {
        match rest {
            [0xff, 0x90, ..] => rest = tile_part(rest, &mut out, job)?,
            [0xff, 0xd9, after @ ..] => {
                if !after.is_empty() {
                    job.found_octets(What::Unknown, "picture: after its end", after);
                }
                break;
            }
            [0xff, _, ..] => rest = segment(rest, &mut out, job)?,
            _ => break,
        }
    }
    out.extend_from_slice(&[0xff, 0xd9]);
    Ok(out)
}

/// Copies one marker segment unless it is a comment.
fn segment<'a>(octets: &'a [u8], out: &mut Vec<u8>, job: &mut Job) -> Result<&'a [u8], Refusal> {
    let (&[_, marker, high, low], _) = octets.split_first_chunk::<4>().ok_or(Refusal::Damaged)?;
    let len = 2 + usize::from(u16::from_be_bytes([high, low]));
    let (segment, rest) = octets.split_at_checked(len).ok_or(Refusal::Damaged)?;
    if marker == 0x64 {
        let text = segment.get(6..).unwrap_or_default();
        job.found_octets(What::Software, "picture: JPEG 2000 comment", text);
    } else {
        out.extend_from_slice(segment);
    }
    Ok(rest)
}

/// Copies a tile-part; its length changes when a comment goes.
fn tile_part<'a>(octets: &'a [u8], out: &mut Vec<u8>, job: &mut Job) -> Result<&'a [u8], Refusal> {
    let (head, _) = octets.split_first_chunk::<12>().ok_or(Refusal::Damaged)?;
    let &[_, _, _, _, _, _, l0, l1, l2, l3, ..] = head;
    let stated = usize::try_from(u32::from_be_bytes([l0, l1, l2, l3])).unwrap_or(0);
    let len = match stated {
        0 => octets
            .len()
            .saturating_sub(if octets.ends_with(&[0xff, 0xd9]) {
                2
            } else {
                0
            }),
        len => len.min(octets.len()),
    };
    let (part, after) = octets.split_at_checked(len).ok_or(Refusal::Damaged)?;
    let mut rest = part.get(12..).ok_or(Refusal::Damaged)?;
    let mut made = head.to_vec();
    while !rest.starts_with(&[0xff, 0x93]) {
        rest = segment(rest, &mut made, job)?;
    }
    made.extend_from_slice(rest);
    // A last tile-part that is cut short keeps its stated length less what was taken out of it.
    let dropped = part.len() - made.len();
    let length = match stated {
        0 => made.len(),
        stated => stated.saturating_sub(dropped),
    };
    let length = u32::try_from(length)
        .map_err(|_| Refusal::TooLarge)?
        .to_be_bytes();
    for (to, from) in made.iter_mut().skip(6).zip(length) {
        *to = from;
    }
    out.extend_from_slice(&made);
    Ok(after)
}
