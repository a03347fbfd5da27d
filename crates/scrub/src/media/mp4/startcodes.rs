//! MPEG-1, MPEG-2 and MPEG-4 visual: what stands between start codes.

/// The start code of user data.
const USER_DATA: u8 = 0xB2;

/// The ranges of `octets` without user data, in order.
///
/// ISO/IEC 14496-2, 6.2.2.1; ISO/IEC 13818-2, 6.2.2.2.2. User data lasts to the next start code.
pub(super) fn kept(octets: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut kept = Vec::new();
    let (mut from, mut is_dropped) = (0, false);
    let mut at = 0;
    while let Some(found) = next_code(octets, at) {
        let is_user_data = octets.get(found + 3) == Some(&USER_DATA);
        if is_user_data != is_dropped {
            if is_user_data {
                kept.push(from..found);
            }
            from = found;
            is_dropped = is_user_data;
        }
        at = found + 3;
    }
    if !is_dropped {
        kept.push(from..octets.len());
    }
    kept.retain(|range| !range.is_empty());
    kept
}

/// Where the next `00 00 01` begins.
fn next_code(octets: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let &[first, second, third] = octets.get(at..)?.first_chunk()?;
        match (first, second, third) {
            (0, 0, 1) => return Some(at),
            (_, _, 2..) => at += 3,
            _ => at += 1,
        }
    }
}

pub(super) fn without_user_data(octets: &[u8]) -> Vec<u8> {
    let kept = kept(octets).into_iter();
    kept.filter_map(|range| octets.get(range))
        .flatten()
        .copied()
        .collect()
}
