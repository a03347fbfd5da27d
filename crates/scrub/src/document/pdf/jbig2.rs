//! JBIG2 as it is embedded in PDF (ITU-T T.88, section 7.2): segments without a file header.

use zeroize::Zeroizing;

use super::filter::Octets;
use crate::Refusal;
use crate::job::Job;
use crate::report::What;

/// Extension segments: comments.
const EXTENSION: u8 = 62;
/// Ends of page and file have no place in PDF.
const END_OF_FILE: u8 = 51;

/// Copies the segments but for extensions, and leaves behind what follows the last.
///
/// # Errors
/// [`Refusal::Damaged`]; [`Refusal::Unsupported`] for a segment of unknown length.
pub(super) fn scrub(octets: &[u8], job: &mut Job) -> Result<Octets, Refusal> {
    let mut out = Zeroizing::new(Vec::with_capacity(octets.len()));
    let mut rest = octets;
    while !rest.is_empty() {
        let Some((kind, head, len)) = header(rest) else {
            if !out.is_empty() {
                job.found_octets(What::Unknown, "picture: after the last segment", rest);
                break;
            }
            return Err(Refusal::Damaged);
        };
        let len = match len {
            u32::MAX => return Err(Refusal::Unsupported("JBIG2 segment of unknown length")),
            len => usize::try_from(len).map_err(|_| Refusal::Damaged)?,
        };
        // Readers take what there is of a last segment that is cut short.
        let end = head
            .checked_add(len)
            .ok_or(Refusal::Damaged)?
            .min(rest.len());
        let (segment, after) = rest.split_at_checked(end).ok_or(Refusal::Damaged)?;
        match kind {
            EXTENSION => job.found_octets(
                What::Description,
                "picture: JBIG2 comment",
                segment.get(head..).unwrap_or_default(),
            ),
            END_OF_FILE => {}
            _ => out.extend_from_slice(segment),
        }
        rest = after;
    }
    Ok(out)
}

/// The kind of a segment, the length of its header, and that of its data.
fn header(segment: &[u8]) -> Option<(u8, usize, u32)> {
    let (number, rest) = segment.split_first_chunk::<4>()?;
    let (&flags, rest) = rest.split_first()?;
    let &count = rest.first()?;
    let (count, counted) = if count >> 5 == 7 {
        let (long, _) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_be_bytes(*long) & 0x1fff_ffff).ok()?;
        (count, 4 + (count + 1).div_ceil(8))
    } else {
        (usize::from(count >> 5), 1)
    };
    let width = match u32::from_be_bytes(*number) {
        0..=256 => 1,
        257..=65536 => 2,
        _ => 4,
    };
    let page = if flags & 0x40 == 0 { 1 } else { 4 };
    let at = 5_usize
        .checked_add(counted)?
        .checked_add(count.checked_mul(width)?)?
        .checked_add(page)?;
    let (len, _) = segment.get(at..)?.split_first_chunk::<4>()?;
    Some((flags & 0x3f, at + 4, u32::from_be_bytes(*len)))
}
