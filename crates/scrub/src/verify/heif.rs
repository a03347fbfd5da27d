//! HEIF: `ftyp`, `meta`, `mdat`, in this order and in the one form that scrubbing writes (ISO/IEC 14496-12;
//! ISO/IEC 23008-12; AV1 Image File Format).

mod pixels;
mod properties;

use std::collections::BTreeMap;

use self::properties::{Properties, Property};
use super::{Fault, Views};
use crate::source::Source;

/// The brands that a clean file may have, after the header of `ftyp`.
const BRANDS: [&[u8]; 4] = [
    b"heic\0\0\0\0mif1heicmiaf",
    b"heix\0\0\0\0mif1heixmiaf",
    b"avif\0\0\0\0mif1avifmiaf",
    b"mif1\0\0\0\0mif1miaf",
];

/// Octets of `meta` in memory.
const MAX_META: u64 = 64 << 20;

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let first = header(file, 0, *b"ftyp")?;
    let brands = octets(file, 8, first)?;
    if !BRANDS.contains(&brands.as_slice()) {
        return Err(Fault("brands that no clean file has"));
    }
    let second = header(file, first, *b"meta")?;
    let body = octets(file, first + 8, second)?;
    if header(file, second, *b"mdat")? != file.len() {
        return Err(Fault("something follows the pixels"));
    }
    let tables = Tables::read(&body)?;
    let mut at = second + 8;
    let mut seen = BTreeMap::new();
    for (id, item) in &tables.items {
        let properties = tables.properties_of(*id)?;
        if let Some((start, len)) = item.pixels {
            let end = start.checked_add(len).ok_or(Fault("pixels past the end"))?;
            if start == at {
                at = end;
                seen.insert((start, len), item.kind);
            } else if seen.get(&(start, len)) != Some(&item.kind) {
                return Err(Fault("pixels that do not follow each other"));
            }
            pixels::verify(file, start..end, item.kind, &properties)?;
        }
    }
    if at != file.len() {
        return Err(Fault("octets that are no item's"));
    }
    Ok(())
}

/// The end of the box at that position, which has that name.
fn header(file: &Source<'_>, at: u64, name: [u8; 4]) -> Result<u64, Fault> {
    let head = file.array::<8>(at)?;
    let (len, found) = head.split_at(4);
    let len = len.iter().fold(0, |n, &b| n << 8 | u64::from(b));
    if found != name.as_slice() || len < 8 || len > file.len() - at {
        return Err(Fault("a box that is not the one that comes here"));
    }
    Ok(at + len)
}

fn octets(file: &Source<'_>, from: u64, to: u64) -> Result<Vec<u8>, Fault> {
    if to - from > MAX_META {
        return Err(Fault("a large table"));
    }
    Ok(file.read(from..to, usize::MAX)?.to_vec())
}

/// Takes apart octets that have to be of one form.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        let split = self.0.split_at_checked(len);
        let (taken, rest) = split.ok_or(Fault("a table ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn expect(&mut self, octets: &[u8]) -> Result<(), Fault> {
        if self.take(octets.len())? == octets {
            Ok(())
        } else {
            Err(Fault("a field that is not what it has to be"))
        }
    }

    fn number(&mut self, octets: usize) -> Result<usize, Fault> {
        let taken = self.take(octets)?;
        Ok(taken.iter().fold(0, |n, &b| n << 8 | usize::from(b)))
    }

    /// The body of the box that comes next.
    fn inner(&mut self, name: [u8; 4]) -> Result<Rest<'a>, Fault> {
        let len = self.number(4)?;
        self.expect(&name)?;
        let len = len.checked_sub(8).ok_or(Fault("a box without a header"))?;
        Ok(Rest(self.take(len)?))
    }

    fn next_is(&self, name: [u8; 4]) -> bool {
        self.0.get(4..8) == Some(name.as_slice())
    }

    fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Fault("a box is longer than what it holds"))
        }
    }
}

/// What an item is.
struct Item {
    kind: [u8; 4],
    /// Where its pixels are and how many octets they have.
    pixels: Option<(u64, u64)>,
    recipe: Option<(usize, usize)>,
    inputs: usize,
    is_alpha: bool,
}

/// The tables in `meta`.
struct Tables<'a> {
    items: BTreeMap<usize, Item>,
    container: Vec<Property<'a>>,
    associations: BTreeMap<usize, Vec<(usize, bool)>>,
}

impl<'a> Tables<'a> {
    fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let mut rest = Rest(body);
        rest.expect(&[0; 4])?;
        rest.expect(b"\0\0\0\x21hdlr\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0")?;
        rest.expect(b"\0\0\0\x0Epitm\0\0\0\0\0\x01")?;
        let locations = rest.inner(*b"iloc")?;
        let mut tables = Self {
            items: items(rest.inner(*b"iinf")?)?,
            container: Vec::new(),
            associations: BTreeMap::new(),
        };
        tables.locations(locations)?;
        if rest.next_is(*b"iref") {
            tables.references(rest.inner(*b"iref")?)?;
        }
        let mut properties = rest.inner(*b"iprp")?;
        tables.container = properties::container(properties.inner(*b"ipco")?)?;
        tables.associate(properties.inner(*b"ipma")?)?;
        properties.end()?;
        let recipes = if rest.next_is(*b"idat") {
            rest.inner(*b"idat")?
        } else {
            Rest(&[])
        };
        rest.end()?;
        tables.recipes(recipes)?;
        tables.every_alpha_says_so()?;
        Ok(tables)
    }

    fn item(&mut self, id: usize) -> Result<&mut Item, Fault> {
        self.items.get_mut(&id).ok_or(Fault("no such item"))
    }

    /// `iloc`, version 1, with offsets and lengths of four octets and one extent each.
    fn locations(&mut self, mut rest: Rest<'_>) -> Result<(), Fault> {
        rest.expect(&[1, 0, 0, 0, 0x44, 0])?;
        let mut last = 0;
        for _ in 0..rest.number(2)? {
            let id = rest.number(2)?;
            let method = rest.number(2)?;
            rest.expect(&[0, 0, 0, 1])?;
            let (offset, len) = (rest.number(4)?, rest.number(4)?);
            if id <= last {
                return Err(Fault("items out of order"));
            }
            last = id;
            // None would mean all there is.
            if len == 0 {
                return Err(Fault("an item without data"));
            }
            let item = self.item(id)?;
            match (&item.kind, method) {
                (b"hvc1" | b"av01", 0) => item.pixels = Some((offset as u64, len as u64)),
                (b"grid" | b"iovl", 1) => item.recipe = Some((offset, len)),
                _ => return Err(Fault("an item whose data is not where it has to be")),
            }
        }
        rest.end()?;
        let has_data =
            |item: &Item| &item.kind == b"iden" || item.pixels.is_some() || item.recipe.is_some();
        if self.items.values().all(has_data) {
            Ok(())
        } else {
            Err(Fault("an item without data"))
        }
    }

    /// `iref`, version 0: what an item is made of, whose alpha plane it is, by what it is multiplied.
    fn references(&mut self, mut rest: Rest<'_>) -> Result<(), Fault> {
        const KINDS: [[u8; 4]; 3] = [*b"dimg", *b"auxl", *b"prem"];
        rest.expect(&[0; 4])?;
        let (mut last, mut referred) = ((0, 0), vec![1]);
        while !rest.0.is_empty() {
            let kind = KINDS.iter().position(|kind| rest.next_is(*kind));
            let kind = kind.ok_or(Fault("an unknown reference"))?;
            let mut entry = rest.inner(*KINDS.get(kind).ok_or(Fault("an unknown reference"))?)?;
            let from = entry.number(2)?;
            if (from, kind + 1) <= last {
                return Err(Fault("references out of order"));
            }
            last = (from, kind + 1);
            let count = entry.number(2)?;
            for _ in 0..count {
                let to = entry.number(2)?;
                self.item(to)?;
                // Parts come after the whole, alpha planes after their pictures.
                match kind {
                    0 if to > from => referred.push(to),
                    1 if to < from => referred.push(from),
                    2 => {}
                    _ => return Err(Fault("a reference in the wrong direction")),
                }
            }
            entry.end()?;
            let item = self.item(from)?;
            match kind {
                0 => item.inputs = count,
                1 => item.is_alpha = count > 0,
                _ if count != 1 => return Err(Fault("more than one alpha plane")),
                _ => {}
            }
        }
        referred.sort_unstable();
        referred.dedup();
        let is_used = |id| referred.binary_search(id).is_ok();
        if self.items.len() > 1 && !self.items.keys().all(is_used) {
            return Err(Fault("an item that nothing needs"));
        }
        Ok(())
    }

    /// `ipma`, version 0, with wide indices; each property is used, first uses in order.
    fn associate(&mut self, mut rest: Rest<'_>) -> Result<(), Fault> {
        rest.expect(&[0, 0, 0, 1])?;
        if rest.number(4)? != self.items.len() {
            return Err(Fault("properties of another number of items"));
        }
        let mut used = 0;
        for &id in self.items.keys() {
            if rest.number(2)? != id {
                return Err(Fault("properties out of order"));
            }
            let list = self.associations.entry(id).or_default();
            for _ in 0..rest.number(1)? {
                let word = rest.number(2)?;
                let (index, is_essential) = (word & 0x7FFF, word & 0x8000 != 0);
                if index == 0 || index > used + 1 || index > self.container.len() {
                    return Err(Fault("properties out of order"));
                }
                used = used.max(index);
                list.push((index - 1, is_essential));
            }
        }
        rest.end()?;
        if used == self.container.len() {
            Ok(())
        } else {
            Err(Fault("a property that no item has"))
        }
    }

    fn properties_of(&self, id: usize) -> Result<Properties<'_>, Fault> {
        let list = self.associations.get(&id).map(Vec::as_slice);
        let item = self.items.get(&id).ok_or(Fault("no such item"))?;
        let list = list.unwrap_or_default().iter().map(|&(at, is_essential)| {
            let property = self.container.get(at);
            property.map(|property| (property, is_essential))
        });
        let list = list.collect::<Option<Vec<_>>>();
        Properties::check(list.ok_or(Fault("no such property"))?, item.kind)
    }

    /// `idat`: grids and overlays, one after the other.
    fn recipes(&self, mut rest: Rest<'_>) -> Result<(), Fault> {
        let mut at = 0;
        for item in self.items.values() {
            let is_derived = matches!(&item.kind, b"grid" | b"iovl" | b"iden");
            if is_derived == (item.inputs == 0) || (&item.kind == b"iden" && item.inputs != 1) {
                return Err(Fault("a picture that is made of nothing"));
            }
            let Some((offset, len)) = item.recipe else {
                continue;
            };
            let mut recipe = Rest(rest.take(len)?);
            if offset != at {
                return Err(Fault("recipes that do not follow each other"));
            }
            at += len;
            recipe.expect(&[0])?;
            let wide = match recipe.number(1)? {
                0 => 2,
                1 => 4,
                _ => return Err(Fault("unknown flags")),
            };
            if &item.kind == b"grid" {
                let cells = (recipe.number(1)? + 1) * (recipe.number(1)? + 1);
                if cells != item.inputs {
                    return Err(Fault("a grid with too few tiles"));
                }
                recipe.take(2 * wide)?;
            } else {
                recipe.take(8 + (1 + item.inputs) * 2 * wide)?;
            }
            recipe.end()?;
        }
        rest.end()
    }

    /// Auxiliary items are alpha planes, and nothing else has an auxiliary type.
    fn every_alpha_says_so(&self) -> Result<(), Fault> {
        for (id, item) in &self.items {
            let says_so = self.properties_of(*id)?.has(*b"auxC");
            // A tile of an alpha plane may say that it is one, too.
            if item.is_alpha && !says_so {
                return Err(Fault("an auxiliary picture of an unknown kind"));
            }
        }
        Ok(())
    }
}

/// `iinf`: items counted from 1, without names; all but the first hidden.
fn items(mut rest: Rest<'_>) -> Result<BTreeMap<usize, Item>, Fault> {
    let mut items = BTreeMap::new();
    rest.expect(&[0; 4])?;
    for id in 1..=rest.number(2)? {
        let mut entry = rest.inner(*b"infe")?;
        entry.expect(&[2, 0, 0, u8::from(id != 1)])?;
        if entry.number(2)? != id {
            return Err(Fault("items out of order"));
        }
        entry.expect(&[0, 0])?;
        let kind = entry.take(4)?;
        let kind = kind.try_into().map_err(|_| Fault("no kind"))?;
        if !matches!(&kind, b"hvc1" | b"av01" | b"grid" | b"iovl" | b"iden") {
            return Err(Fault("an item that is no picture"));
        }
        entry.expect(&[0])?;
        entry.end()?;
        items.insert(
            id,
            Item {
                kind,
                pixels: None,
                recipe: None,
                inputs: 0,
                is_alpha: false,
            },
        );
    }
    rest.end()?;
    Ok(items)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::Kind;
    use crate::job::Job;
    use crate::leak::Dropped;
    use crate::plan::Plan;

    fn is_accepted(clean: &[u8]) -> bool {
        let (job, plan) = (Job::new(), Plan::new());
        let file = Source::memory(clean);
        let dropped = Dropped::gather(Kind::Avif, &file, &plan, &job).unwrap();
        verify(&file, &mut Views::new(&dropped)).is_ok()
    }

    const CLEAN: &[u8] = include_bytes!("../../../../fuzz/corpus/scrub_heif/clean");

    #[test]
    fn an_octet_more_or_less_is_seen_anywhere() {
        assert!(is_accepted(CLEAN));
        for at in 0..=CLEAN.len() {
            let mut longer = CLEAN.to_vec();
            longer.insert(at, b'Z');
            assert!(!is_accepted(&longer), "one more at {at}");
            assert!(
                !is_accepted(&CLEAN[..at]) || at == CLEAN.len(),
                "cut at {at}"
            );
        }
    }

    /// Only the numbers of the picture may be others: codec, sizes, colours, turns, indices that still fit.
    #[test]
    fn a_changed_field_is_seen_wherever_it_is_no_number_of_the_picture() {
        let pixels = CLEAN.windows(4).position(|w| w == b"mdat").unwrap() + 4;
        let properties = CLEAN.windows(4).position(|w| w == b"ipco").unwrap() + 4;
        let mut free = Vec::new();
        for at in 0..pixels {
            let mut changed = CLEAN.to_vec();
            changed[at] ^= 0x55;
            if is_accepted(&changed) {
                free.push(at);
            }
        }
        assert!(free.iter().all(|&at| at > properties), "{free:?}");
        assert!(free.len() < 40, "{free:?}");
    }

    #[test]
    fn units_that_no_decoder_needs_are_seen() {
        let pixels = CLEAN.windows(4).position(|w| w == b"mdat").unwrap() + 4;
        for kind in [0, 5, 8, 9, 15] {
            let mut changed = CLEAN.to_vec();
            changed[pixels] = kind << 3 | 2;
            assert!(!is_accepted(&changed), "{kind}");
        }
    }
}
