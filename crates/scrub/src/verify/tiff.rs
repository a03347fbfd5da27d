//! TIFF: directories one after the other with their values behind them, then the strips without gaps (TIFF 6.0).

mod strips;

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, Views, icc};
use crate::source::Source;

/// Octets of one value.
const MAX_VALUE: u64 = 16 << 20;

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let head = file.array::<8>(0)?;
    let numbers = match &head {
        b"II*\0\x08\0\0\0" => Numbers { is_little: true },
        b"MM\0*\0\0\0\x08" => Numbers { is_little: false },
        _ => return Err(Fault("a header that no clean file has")),
    };
    let mut at = 8;
    let mut pages = Vec::new();
    loop {
        let (page, end, next) = Page::read(file, numbers, at)?;
        pages.push(page);
        at = end;
        match next {
            0 => break,
            _ if next == end => {}
            _ => return Err(Fault("directories that do not follow each other")),
        }
    }
    let mut seen = BTreeSet::new();
    for page in &pages {
        for (index, &(start, len)) in (0..).zip(&page.strips()?) {
            if len == 0 && start == 0 {
                continue;
            }
            let end = start
                .checked_add(len)
                .ok_or(Fault("a strip past the end"))?;
            if start == at && len > 0 {
                at = end;
                seen.insert((start, len));
                strips::verify(&file.part(start..end)?, page, index)?;
            } else if !seen.contains(&(start, len)) {
                return Err(Fault("strips that do not follow each other"));
            }
        }
    }
    if at == file.len() {
        Ok(())
    } else {
        Err(Fault("octets behind the last strip"))
    }
}

#[derive(Clone, Copy)]
struct Numbers {
    is_little: bool,
}

impl Numbers {
    fn of(self, octets: &[u8]) -> u64 {
        let mut octets = octets.to_vec();
        if self.is_little {
            octets.reverse();
        }
        octets.iter().fold(0, |n, &b| n << 8 | u64::from(b))
    }
}

/// The fields of a page: whole numbers, by tag.
struct Page {
    numbers: BTreeMap<u64, Vec<u64>>,
}

/// Tags with the type and the greatest number of values that they may have (TIFF 6.0, appendix A).
const TAGS: &[(u64, u64, u64)] = &[
    (254, 4, 1),
    (256, 4, 1),
    (257, 4, 1),
    (258, 3, 1024),
    (259, 3, 1),
    (262, 3, 1),
    (266, 3, 1),
    (273, 4, 1 << 20),
    (274, 3, 1),
    (277, 3, 1),
    (278, 4, 1),
    (279, 4, 1 << 20),
    (280, 3, 1024),
    (281, 3, 1024),
    (282, 5, 1),
    (283, 5, 1),
    (284, 3, 1),
    (292, 4, 1),
    (293, 4, 1),
    (296, 3, 1),
    (317, 3, 1),
    (318, 5, 2),
    (319, 5, 6),
    (320, 3, 3 << 16),
    (322, 4, 1),
    (323, 4, 1),
    (324, 4, 1 << 20),
    (325, 4, 1 << 20),
    (332, 3, 1),
    (334, 3, 1),
    (336, 3, 2048),
    (338, 3, 1024),
    (339, 3, 1024),
    (347, 7, 1 << 16),
    (529, 5, 3),
    (530, 3, 2),
    (531, 3, 1),
    (532, 5, 6),
    (34675, 7, 4 << 20),
];

impl Page {
    /// Reads the directory at `at`; also says where it ends with its values, and where it says the next one is.
    fn read(file: &Source<'_>, numbers: Numbers, at: u64) -> Result<(Self, u64, u64), Fault> {
        let count = numbers.of(&file.array::<2>(at)?);
        let fields = file.read(at + 2..at + 2 + 12 * count, usize::MAX)?;
        let next = at + 2 + 12 * count;
        let mut behind = next + 4;
        let next = numbers.of(&file.array::<4>(next)?);
        let mut page = Self {
            numbers: BTreeMap::new(),
        };
        let mut last = 0;
        for field in fields.chunks_exact(12) {
            let part = |from: usize, to: usize| numbers.of(field.get(from..to).unwrap_or_default());
            let (tag, kind, count, slot) = (part(0, 2), part(2, 4), part(4, 8), part(8, 12));
            let known = TAGS.iter().find(|&&(known, ..)| known == tag);
            let &(_, wanted, most) = known.ok_or(Fault("an unknown field"))?;
            if tag <= last || kind != wanted || count == 0 || count > most {
                return Err(Fault("a field that is not as it has to be"));
            }
            last = tag;
            let size = match kind {
                3 => 2,
                4 => 4,
                5 => 8,
                _ => 1,
            };
            let len = size * count;
            let value = if len <= 4 {
                let (value, rest) = field
                    .get(8..)
                    .and_then(|slot| slot.split_at_checked(usize::try_from(len).ok()?))
                    .ok_or(Fault("a short field"))?;
                if rest.iter().any(|&b| b != 0) {
                    return Err(Fault("a field that is longer than its value"));
                }
                value.to_vec()
            } else {
                if slot != behind || len > MAX_VALUE {
                    return Err(Fault("a value that is not where it has to be"));
                }
                behind += len;
                let value = file.read(slot..behind, usize::MAX)?.to_vec();
                if len % 2 == 1 {
                    if file.array::<1>(behind)? != [0] {
                        return Err(Fault("filling that is not zero"));
                    }
                    behind += 1;
                }
                value
            };
            page.field(numbers, (tag, kind), &value)?;
        }
        page.check()?;
        Ok((page, behind, next))
    }

    fn field(
        &mut self,
        numbers: Numbers,
        (tag, kind): (u64, u64),
        value: &[u8],
    ) -> Result<(), Fault> {
        match kind {
            3 | 4 => {
                let size = if kind == 3 { 2 } else { 4 };
                let list = value.chunks_exact(size).map(|n| numbers.of(n)).collect();
                self.numbers.insert(tag, list);
            }
            5 => {
                let list = value.chunks_exact(4).map(|n| numbers.of(n)).collect();
                self.numbers.insert(tag, list);
            }
            _ if tag == 34675 => icc::verify(value)?,
            _ => strips::tables(value)?,
        }
        Ok(())
    }

    /// What has to be there, and what must not be there when it says nothing.
    fn check(&self) -> Result<(), Fault> {
        let one = |tag| self.number(tag, 0);
        let has = |tag| self.numbers.contains_key(&tag);
        let is_tiled = has(322);
        let places = if is_tiled { [324, 325] } else { [273, 279] };
        let others = if is_tiled { [273, 279] } else { [324, 325] };
        if !has(256)
            || !has(257)
            || !places.iter().all(|&t| has(t))
            || others.iter().any(|&t| has(t))
        {
            return Err(Fault("a page without pixels"));
        }
        if has(254) && one(254) != 4 || has(274) && !(2..=8).contains(&one(274)) {
            return Err(Fault("a field that says nothing"));
        }
        let shape = [282, 283, 296].map(has);
        if shape != [false; 3] {
            let is_ratio = [282, 283].iter().all(|tag| {
                let fraction = self.numbers.get(tag).map(Vec::as_slice);
                matches!(fraction, Some(&[over, 1]) if over > 0)
            });
            if shape != [true; 3] || !is_ratio || one(296) != 1 || one(282) == one(283) {
                return Err(Fault("a resolution that is more than the shape of a pixel"));
            }
        }
        for (tag, count) in [(318, 4), (319, 12), (529, 6), (532, 12)] {
            if self
                .numbers
                .get(&tag)
                .is_some_and(|list| list.len() != count)
            {
                return Err(Fault("fractions of another number"));
            }
        }
        Ok(())
    }

    fn number(&self, tag: u64, default: u64) -> u64 {
        let list = self.numbers.get(&tag);
        list.and_then(|list| list.first())
            .copied()
            .unwrap_or(default)
    }

    fn strips(&self) -> Result<Vec<(u64, u64)>, Fault> {
        let list = |tag| self.numbers.get(&tag);
        let places = list(324).or(list(273)).ok_or(Fault("no strips"))?;
        let lens = list(325).or(list(279)).ok_or(Fault("no strips"))?;
        if places.len() == lens.len() {
            Ok(places.iter().copied().zip(lens.iter().copied()).collect())
        } else {
            Err(Fault("strips without a length"))
        }
    }
}
