//! What a frame and a scan header say about the codes of a scan.
#![allow(
    clippy::type_complexity,
    clippy::match_same_arms,
    reason = "one line for each kind of scan"
)]

use super::bits::Codes;
use super::entropy::{Coding, Tables};

/// Blocks of a progressive component of which the coefficients are remembered. Larger ones are not followed.
const MAX_BLOCKS: u64 = 3 << 20;

pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) no_height: bool,
    pub(super) width: u64,
    pub(super) height: u64,
    /// Name, sampling and quantiser.
    pub(super) components: Vec<[u8; 3]>,
}

impl Frame {
    /// Blocks of one component, or units of all (A.2).
    fn units(&self, single: Option<(u64, u64)>) -> u64 {
        let all = self.components.iter().map(|&[_, s, _]| sampling(s));
        let (h_most, v_most) = all.fold((1, 1), |(h, v), own| (h.max(own.0), v.max(own.1)));
        let (h, v) = single.unwrap_or((1, 1));
        (self.width * h).div_ceil(8 * h_most) * (self.height * v).div_ceil(8 * v_most)
    }
}

fn sampling(octet: u8) -> (u64, u64) {
    ((octet >> 4).into(), (octet & 15).into())
}

/// What of a scan's header its codes depend on.
pub(super) struct Header {
    /// Index and tables of each component.
    pub(super) chosen: Vec<(usize, u8)>,
    pub(super) band: (u8, u8),
    pub(super) approximation: u8,
}

/// What a scan has, when its codes can be followed: units, coding, and the tables of each block of a unit. Without
/// loss, without a height, without its tables, or too large, they cannot.
pub(super) fn followed<'k>(
    frame: &Frame,
    header: &Header,
    codes: &'k [Option<Codes>; 8],
) -> Option<(u64, Coding, Vec<Tables<'k>>)> {
    let is_single = header.chosen.len() == 1;
    let coding = match (frame.kind, header.band, header.approximation >> 4) {
        (0xC3, ..) => return None,
        (0xC2, (0, 0), 0) => Coding::FirstDc,
        (0xC2, (0, 0), _) => Coding::RefinedDc,
        (0xC2, (1.., _), 0) if is_single => Coding::FirstAc,
        (0xC2, (1.., _), _) if is_single => Coding::RefinedAc,
        (0xC2, ..) => return None,
        _ => Coding::Sequential,
    };
    let (needs_first, needs_others) = match coding {
        Coding::Sequential => (true, true),
        Coding::FirstDc => (true, false),
        Coding::RefinedDc => (false, false),
        Coding::FirstAc | Coding::RefinedAc => (false, true),
    };
    let mut blocks = Vec::new();
    let mut single = None;
    for &(index, tables) in &header.chosen {
        let (h, v) = sampling(frame.components.get(index)?[1]);
        let (dc, ac) = (usize::from(tables >> 4), 4 + usize::from(tables & 15));
        let table = |place: usize| codes.get(place).and_then(Option::as_ref);
        let tables = Tables {
            first: table(dc),
            others: table(ac),
        };
        if needs_first && tables.first.is_none() || needs_others && tables.others.is_none() {
            return None;
        }
        single = is_single.then_some((h, v));
        let count = if is_single { 1 } else { h * v };
        blocks.extend(std::iter::repeat_n(tables, usize::try_from(count).ok()?));
    }
    let units = frame.units(single);
    let is_remembered = matches!(coding, Coding::FirstAc | Coding::RefinedAc);
    let is_too_large = frame.height == 0 || (is_remembered && units > MAX_BLOCKS);
    (!is_too_large).then_some((units, coding, blocks))
}
