//! Phone numbers: with a country in front, and as people write them at home.
//!
//! Own tables instead of a library: what is needed is not whether a number is in service but whether a reader takes
//! it for one.

use super::Certainty;

/// How certainly a number is a phone number. `is_abroad` says that `+` stands before it, `is_named` that a word for
/// one stands near it.
pub(super) fn phone(digits: &[u8], is_abroad: bool, is_named: bool) -> Option<Certainty> {
    let len = digits.len();
    if is_abroad {
        let fits = (8..=15).contains(&len) && !digits.starts_with(b"0");
        return fits.then_some(Certainty::Sure);
    }
    let named = |certainty| if is_named { Certainty::Sure } else { certainty };
    if let Some(rest) = digits.strip_prefix(b"00") {
        return abroad(rest).then_some(Certainty::Sure);
    }
    if abroad(digits) {
        return Some(named(Certainty::Likely));
    }
    if domestic(digits) {
        return Some(named(Certainty::Likely));
    }
    // Eight digits in the smaller Gulf states, nine without the leading zero, short lines for customers: only
    // beside a word for a phone.
    let fits = match len {
        5 => digits.starts_with(b"1"),
        8 => !digits.starts_with(b"0"),
        9 => matches!(digits.first(), Some(b'5' | b'7' | b'9' | b'1' | b'0')),
        6 | 7 | 10..=12 => true,
        _ => false,
    };
    (fits && is_named).then_some(Certainty::Likely)
}

/// Countries from which tips come, and the digits that follow the country.
const COUNTRIES: &[(&[u8], usize, usize)] = &[
    (b"971", 8, 9),
    (b"966", 8, 9),
    (b"974", 8, 8),
    (b"965", 8, 8),
    (b"973", 8, 8),
    (b"968", 8, 8),
    (b"20", 9, 10),
    (b"962", 8, 9),
    (b"964", 9, 10),
    (b"961", 7, 8),
    (b"963", 9, 9),
    (b"967", 9, 9),
    (b"970", 9, 9),
    (b"249", 9, 9),
    (b"218", 9, 9),
    (b"216", 8, 8),
    (b"213", 9, 9),
    (b"212", 9, 9),
    (b"91", 10, 10),
    (b"92", 10, 10),
    (b"880", 10, 10),
    (b"977", 10, 10),
    (b"94", 9, 9),
    (b"63", 10, 10),
    (b"44", 10, 10),
    (b"90", 10, 10),
    (b"98", 10, 10),
];

fn abroad(digits: &[u8]) -> bool {
    COUNTRIES.iter().any(|(country, least, most)| {
        let rest = digits.strip_prefix(*country);
        rest.is_some_and(|rest| (*least..=*most).contains(&rest.len()) && !rest.starts_with(b"0"))
    })
}

/// As dialled within a country: the leading zero, and the lines for customers.
fn domestic(digits: &[u8]) -> bool {
    match (digits.len(), digits) {
        // Lines inland of the Emirates, Jordan and Lebanon: nine. Mobile in the Emirates, Saudi Arabia, Jordan, Syria,
        // Palestine, Sudan, inland in Saudi Arabia and Cairo: ten.
        (9 | 10, [b'0', b'2'..=b'9', ..]) | (10, [b'0', b'1', ..])
        // Mobile in Egypt, Iraq, Pakistan, the Philippines, Bangladesh, Britain.
        | (11, [b'0', b'1' | b'3' | b'7' | b'9', ..])
        | (9, [b'9', b'2', b'0', b'0', ..]) => true,
        _ => false,
    }
}
