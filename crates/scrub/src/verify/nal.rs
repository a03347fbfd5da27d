//! AVC and HEVC units in clean files: pictures and parameter sets, and of messages only those that show the picture.

use super::Fault;

/// Whether units are HEVC; otherwise they are AVC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Avc,
    Hevc,
}

/// What has to be seen of a unit beyond its first octets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing: a slice or a parameter set.
    Enough,
    /// All of it: show it to [`unit`].
    Whole,
}

/// The type in a unit's header (H.264 7.3.1, H.265 7.3.1.2).
fn kind(flavour: Flavour, first: u8) -> u8 {
    match flavour {
        Flavour::Avc => first & 31,
        Flavour::Hevc => (first & 0x7E) >> 1,
    }
}

/// Judges a unit by its first octet.
pub(super) fn head(flavour: Flavour, first: u8) -> Result<Look, Fault> {
    if first & 0x80 != 0 {
        return Err(Fault("the forbidden bit of a NAL unit"));
    }
    let kind = kind(flavour, first);
    let (pictures, others): (&[u8], &[u8]) = match flavour {
        Flavour::Avc => (
            &[1, 2, 3, 4, 5, 7, 8, 13, 14, 15, 19, 20, 21],
            &[6, 9, 10, 11, 12],
        ),
        Flavour::Hevc => (
            &[
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 21, 32, 33, 34,
            ],
            &[35, 36, 37, 38, 39, 40],
        ),
    };
    if pictures.contains(&kind) {
        Ok(Look::Enough)
    } else if others.contains(&kind) {
        Ok(Look::Whole)
    } else {
        Err(Fault("a NAL unit of a reserved or private type"))
    }
}

/// Judges a whole unit that [`head`] wanted to see.
pub(super) fn unit(flavour: Flavour, octets: &[u8]) -> Result<(), Fault> {
    let (first, rest) = octets.split_first().ok_or(Fault("an empty NAL unit"))?;
    let payload = match flavour {
        Flavour::Avc => rest,
        Flavour::Hevc => rest.get(1..).ok_or(Fault("a short NAL unit"))?,
    };
    let fine = match (flavour, kind(flavour, *first)) {
        (Flavour::Avc, 6) => *first == 6 && only_shown_messages(flavour, payload),
        (Flavour::Hevc, 39 | 40) => only_shown_messages(flavour, payload),
        (Flavour::Avc, 9) | (Flavour::Hevc, 35) => payload.len() == 1,
        (Flavour::Avc, 10 | 11) | (Flavour::Hevc, 36 | 37) => payload.is_empty(),
        (Flavour::Avc, 12) | (Flavour::Hevc, 38) => payload
            .strip_suffix(&[0x80])
            .is_some_and(|fill| fill.iter().all(|&o| o == 0xFF)),
        _ => true,
    };
    if fine {
        Ok(())
    } else {
        Err(Fault("a NAL unit that says more than it may"))
    }
}

/// Whether a parameter set of this type begins a unit.
pub(super) fn is_set(flavour: Flavour, first: u8, wanted: &[u8]) -> bool {
    first & 0x80 == 0 && wanted.contains(&kind(flavour, first))
}

fn only_shown_messages(flavour: Flavour, payload: &[u8]) -> bool {
    let Some(octets) = without_prevention(payload) else {
        return false;
    };
    let mut left = octets.as_slice();
    let mut count = 0;
    while left != [0x80] {
        let Some((kind, after)) = ff_number(left) else {
            return false;
        };
        let Some((len, after)) = ff_number(after) else {
            return false;
        };
        if after.len() < len || !may_stay(flavour, kind, after.get(..len).unwrap_or_default()) {
            return false;
        }
        left = after.get(len..).unwrap_or_default();
        count += 1;
    }
    count > 0
}

/// Payload types and their sizes (annex D of H.264 and of H.265).
fn may_stay(flavour: Flavour, kind: usize, payload: &[u8]) -> bool {
    let most_of_timing = if flavour == Flavour::Avc { 8 } else { 32 };
    let (least, most) = match kind {
        0 => (1, 32),
        1 => (1, most_of_timing),
        6 => (1, 6),
        45 => (1, 16),
        47 => (1, 8),
        137 => (24, 24),
        144 => (4, 4),
        147 => (1, 1),
        148 => (8, 8),
        165 if flavour == Flavour::Hevc => (1, 6),
        _ => return false,
    };
    let mut run = 0;
    for octet in payload {
        run = if octet.is_ascii_alphanumeric() {
            run + 1
        } else {
            0
        };
        if run >= 6 {
            return false;
        }
    }
    (least..=most).contains(&payload.len())
}

fn ff_number(mut octets: &[u8]) -> Option<(usize, &[u8])> {
    let mut sum = 0;
    loop {
        let (first, rest) = octets.split_first()?;
        sum += usize::from(*first);
        octets = rest;
        if *first != 0xFF {
            return Some((sum, octets));
        }
    }
}

/// Undoes the emulation prevention. Nothing when it is not done as it has to be.
fn without_prevention(payload: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(payload.len());
    let mut octets = payload.iter().copied().peekable();
    let mut zeros = 0_u32;
    while let Some(octet) = octets.next() {
        match (zeros, octet) {
            (2.., 3) => {
                if octets.peek().is_some_and(|&next| next > 3) {
                    return None;
                }
                zeros = 0;
            }
            (2.., 0..=2) => return None,
            _ => {
                zeros = if octet == 0 { zeros + 1 } else { 0 };
                plain.push(octet);
            }
        }
    }
    Some(plain)
}
