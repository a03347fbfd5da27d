//! Motion JPEG: each sample is a picture, or one picture for each field.

use std::ops::Range;

/// What a decoder needs of the pictures of a sample, in order (ITU-T T.81, annex B). Nothing for a damaged one.
pub(super) fn kept(octets: &[u8]) -> Option<Vec<Range<usize>>> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(start) = next_picture(octets, at) {
        at = picture(octets, start, &mut kept)?;
    }
    // A sample without a picture is damaged, and one without octets repeats the picture before.
    (octets.is_empty() || !kept.is_empty()).then_some(kept)
}

fn next_picture(octets: &[u8], from: usize) -> Option<usize> {
    let rest = octets.get(from..)?;
    let at = rest.windows(3).position(|three| three == b"\xFF\xD8\xFF")?;
    Some(from + at)
}

/// Comes back with where the picture ends.
fn picture(octets: &[u8], start: usize, kept: &mut Vec<Range<usize>>) -> Option<usize> {
    kept.push(start..start + 2);
    let mut at = start + 2;
    loop {
        let &[fill, marker] = octets.get(at..)?.first_chunk()?;
        if fill != 0xFF {
            return None;
        }
        match marker {
            // Fill octets in front of a marker.
            0xFF => at += 1,
            0xD9 => {
                kept.push(at..at + 2);
                return Some(at + 2);
            }
            _ => {
                let len = octets.get(at + 2..)?.first_chunk::<2>()?;
                let len = usize::from(u16::from_be_bytes(*len)).max(2);
                let end = at + 2 + len;
                let segment = octets.get(at + 4..end)?;
                if stays(marker, segment) {
                    kept.push(at..end);
                }
                at = end;
                if marker == 0xDA {
                    let scan = scan(octets.get(at..)?);
                    kept.push(at..at + scan);
                    at += scan;
                    if at >= octets.len() {
                        // Cameras leave the last marker out.
                        return Some(at);
                    }
                }
            }
        }
    }
}

/// Frames, tables and scans; of applications only what says how colours are stored.
fn stays(marker: u8, segment: &[u8]) -> bool {
    match marker {
        0xC0..=0xC7 | 0xC9..=0xCF | 0xDA..=0xDD => true,
        0xEE => segment.len() == 12 && segment.starts_with(b"Adobe"),
        _ => false,
    }
}

/// Octets up to the next marker that is no restart.
fn scan(octets: &[u8]) -> usize {
    let marker = octets.windows(2).position(
        |pair| matches!(pair, [0xFF, marker] if !matches!(marker, 0 | 0xD0..=0xD7 | 0xFF)),
    );
    marker.unwrap_or(octets.len())
}
