//! The `meta` box of a picture: which items there are, where their data lies, what they refer to and their
//! properties (ISO/IEC 14496-12, section 8.11; ISO/IEC 23008-12).

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Refusal;
use crate::picture::heif::boxes::{BoxAt, Fields, children};
use crate::source::Source;

/// Octets of one table that are read.
const MAX_TABLE: usize = 4 << 20;

/// What `meta` says.
#[derive(Default)]
pub(super) struct Meta {
    pub(super) primary: Option<u32>,
    /// In the order of `iinf`.
    pub(super) items: Vec<Item>,
    index: BTreeMap<u32, usize>,
    pub(super) places: BTreeMap<u32, Place>,
    /// What an item refers to in some way, and what refers to it.
    referred: BTreeMap<([u8; 4], u32), Vec<u32>>,
    referring: BTreeMap<([u8; 4], u32), Vec<u32>>,
    pub(super) properties: Vec<BoxAt>,
    /// Which properties an item has, counted from 1, and whether it cannot be shown without knowing them.
    pub(super) associations: BTreeMap<u32, Vec<Association>>,
    pub(super) idat: Option<Range<u64>>,
    /// Ranges of the source that are written again from their meaning.
    pub(super) understood: Vec<Range<u64>>,
    /// The name of the handler, and boxes that are not for showing the picture.
    pub(super) handler_name: Option<Range<u64>>,
    pub(super) others: Vec<BoxAt>,
}

pub(super) struct Item {
    pub(super) id: u32,
    pub(super) kind: [u8; 4],
    pub(super) is_protected: bool,
    pub(super) content_type: Vec<u8>,
    pub(super) name: Vec<u8>,
}

/// Where an item's data lies.
#[derive(Default)]
pub(super) struct Place {
    pub(super) method: u8,
    pub(super) is_external: bool,
    /// Offset from the start of the file or of `idat`, and length; a length of 0 is all there is.
    pub(super) extents: Vec<(u64, u64)>,
}

#[derive(Clone, Copy)]
pub(super) struct Association {
    pub(super) index: u16,
    pub(super) is_essential: bool,
}

/// Reads a `meta` box.
pub(super) fn read(file: &Source<'_>, meta: &BoxAt) -> Result<Meta, Refusal> {
    let mut out = Meta::default();
    let body = full_body(&meta.body)?;
    out.understood.push(meta.whole.start..body.start);
    for child in children(file, body)? {
        match &child.name {
            b"hdlr" => out.handler(file, &child)?,
            b"pitm" => {
                let table = out.table(file, &child)?;
                let mut fields = Fields(&table);
                let (version, _) = fields.version()?;
                out.primary = Some(fields.id(version > 0)?);
            }
            b"iloc" => {
                let table = out.table(file, &child)?;
                out.places = places(Fields(&table))?;
            }
            b"iinf" => out.item_infos(file, &child)?,
            b"iref" => out.item_references(file, &child)?,
            b"iprp" => out.item_properties(file, &child)?,
            b"idat" => {
                out.understood.push(child.whole.start..child.body.start);
                out.idat = Some(child.body);
            }
            // Where `iloc` may point to besides this file, which is refused for what is kept.
            b"dinf" => {}
            b"ipro" => return Err(Refusal::Encrypted),
            _ => out.others.push(child),
        }
    }
    Ok(out)
}

/// What follows version and flags.
fn full_body(body: &Range<u64>) -> Result<Range<u64>, Refusal> {
    let start = body.start + 4;
    (start <= body.end)
        .then_some(start..body.end)
        .ok_or(Refusal::Damaged)
}

impl Meta {
    /// The body of a table whose every number is written again.
    fn table(&mut self, file: &Source<'_>, at: &BoxAt) -> Result<Vec<u8>, Refusal> {
        self.understood.push(at.whole.clone());
        Ok(file.read(at.body.clone(), MAX_TABLE)?.to_vec())
    }

    fn handler(&mut self, file: &Source<'_>, at: &BoxAt) -> Result<(), Refusal> {
        // Version and flags, predefined, type, reserved: 24 octets. The rest is a name.
        let name = at.body.start + 24;
        if name > at.body.end || &file.array::<4>(at.body.start + 8)? != b"pict" {
            return Err(Refusal::Unsupported("a meta box that is not for a picture"));
        }
        self.understood.push(at.whole.start..name);
        self.handler_name = Some(name..at.body.end);
        Ok(())
    }

    fn item_infos(&mut self, file: &Source<'_>, at: &BoxAt) -> Result<(), Refusal> {
        if at.body.end - at.body.start > MAX_TABLE as u64 {
            return Err(Refusal::TooLarge);
        }
        let [version, ..] = file.array::<4>(at.body.start)?;
        let count = if version == 0 { 2 } else { 4 };
        let body = full_body(&at.body)?;
        let start = body.start + count;
        if start > body.end {
            return Err(Refusal::Damaged);
        }
        self.understood.push(at.whole.start..start);
        for entry in children(file, start..body.end)? {
            if &entry.name != b"infe" {
                return Err(Refusal::Damaged);
            }
            let table = file.read(entry.body.clone(), MAX_TABLE)?;
            let (item, numbers) = item_info(&table)?;
            self.understood
                .push(entry.whole.start..entry.body.start + numbers);
            let is_new = self.index.insert(item.id, self.items.len()).is_none();
            if !is_new {
                return Err(Refusal::Damaged);
            }
            self.items.push(item);
        }
        Ok(())
    }

    fn item_references(&mut self, file: &Source<'_>, at: &BoxAt) -> Result<(), Refusal> {
        let [version, ..] = file.array::<4>(at.body.start)?;
        let body = full_body(&at.body)?;
        self.understood.push(at.whole.start..body.start);
        for entry in children(file, body)? {
            let table = self.table(file, &entry)?;
            let mut fields = Fields(&table);
            let from = fields.id(version > 0)?;
            let count = fields.u16()?;
            let to = (0..count).map(|_| fields.id(version > 0));
            let to = to.collect::<Result<Vec<_>, _>>()?;
            for &to in &to {
                self.referring
                    .entry((entry.name, to))
                    .or_default()
                    .push(from);
            }
            self.referred
                .entry((entry.name, from))
                .or_default()
                .extend(to);
        }
        Ok(())
    }

    fn item_properties(&mut self, file: &Source<'_>, at: &BoxAt) -> Result<(), Refusal> {
        self.understood.push(at.whole.start..at.body.start);
        for child in children(file, at.body.clone())? {
            match &child.name {
                b"ipco" => {
                    self.understood.push(child.whole.start..child.body.start);
                    self.properties.extend(children(file, child.body)?);
                }
                b"ipma" => {
                    let table = self.table(file, &child)?;
                    self.associate(Fields(&table))?;
                }
                _ => self.others.push(child),
            }
        }
        Ok(())
    }

    fn associate(&mut self, mut fields: Fields<'_>) -> Result<(), Refusal> {
        let (version, flags) = fields.version()?;
        for _ in 0..fields.u32()? {
            let id = fields.id(version > 0)?;
            let count = fields.u8()?;
            let list = self.associations.entry(id).or_default();
            for _ in 0..count {
                let (index, is_essential) = if flags & 1 == 0 {
                    let octet = fields.u8()?;
                    (u16::from(octet & 0x7F), octet & 0x80 != 0)
                } else {
                    let word = fields.u16()?;
                    (word & 0x7FFF, word & 0x8000 != 0)
                };
                list.push(Association {
                    index,
                    is_essential,
                });
            }
        }
        Ok(())
    }

    pub(super) fn item(&self, id: u32) -> Option<&Item> {
        self.items.get(*self.index.get(&id)?)
    }

    /// The items that `from` refers to in that way, in order.
    pub(super) fn referred(&self, kind: [u8; 4], from: u32) -> &[u32] {
        let list = self.referred.get(&(kind, from));
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// The items that refer to `to` in that way.
    pub(super) fn referring(&self, kind: [u8; 4], to: u32) -> &[u32] {
        let list = self.referring.get(&(kind, to));
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// The properties of an item, in order.
    pub(super) fn properties_of(&self, id: u32) -> impl Iterator<Item = (&BoxAt, bool)> {
        let list = self.associations.get(&id);
        list.into_iter().flatten().filter_map(|association| {
            let index = usize::from(association.index).checked_sub(1)?;
            Some((self.properties.get(index)?, association.is_essential))
        })
    }
}

/// One `infe` box, and how many of its octets stand before the item's name.
fn item_info(table: &[u8]) -> Result<(Item, u64), Refusal> {
    let mut fields = Fields(table);
    let (version, _) = fields.version()?;
    let id = fields.id(version > 2)?;
    let is_protected = fields.u16()? != 0;
    // Before version 2 there were no types, only media types: such an item is never the picture.
    let kind = if version < 2 {
        *b"mime"
    } else {
        fields.array()?
    };
    let numbers = table.len() - fields.0.len();
    let name = fields.text().to_vec();
    let content_type = fields.text().to_vec();
    let item = Item {
        id,
        kind,
        is_protected,
        content_type,
        name,
    };
    Ok((item, numbers as u64))
}

/// The `iloc` box.
fn places(mut fields: Fields<'_>) -> Result<BTreeMap<u32, Place>, Refusal> {
    let (version, _) = fields.version()?;
    let sizes = fields.u16()?;
    let size = |shift: u16| usize::from(sizes >> shift & 0xF);
    let (offset, length, base) = (size(12), size(8), size(4));
    let index = if version == 0 { 0 } else { size(0) };
    if version > 2 || [offset, length, base, index].iter().any(|&size| size > 8) {
        return Err(Refusal::Damaged);
    }
    let count = fields.id(version > 1)?;
    let mut places = BTreeMap::new();
    for _ in 0..count {
        let id = fields.id(version > 1)?;
        let method = if version == 0 { 0 } else { fields.u16()? & 0xF };
        let is_external = fields.u16()? != 0;
        let base = fields.number(base)?;
        let extents = fields.u16()?;
        // Extents of no octets in the table could be any number.
        if offset + length + index == 0 && extents > 1 {
            return Err(Refusal::Damaged);
        }
        let mut place = Place {
            method: u8::try_from(method).unwrap_or(u8::MAX),
            is_external,
            extents: Vec::new(),
        };
        for _ in 0..extents {
            fields.number(index)?;
            let start = base.checked_add(fields.number(offset)?);
            let start = start.ok_or(Refusal::Damaged)?;
            place.extents.push((start, fields.number(length)?));
        }
        if places.insert(id, place).is_some() {
            return Err(Refusal::Damaged);
        }
    }
    Ok(places)
}
