//! The clean file: `ftyp`, `meta`, `mdat`, each in one form.

use crate::job::Job;
use crate::picture::heif::boxes::{Fields, put_box};
use crate::picture::heif::data::{self, Data, Part};
use crate::picture::heif::items::{Kept, Making};
use crate::picture::heif::properties::{Properties, Property};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Kind, Refusal};

/// A kept item with everything that is written for it.
pub(super) struct Ready {
    pub(super) item: Kept,
    pub(super) properties: Properties,
    pub(super) body: Body,
}

/// An item's data.
pub(super) enum Body {
    /// Pixels: the position of the payload in the list of payloads.
    Payload(usize),
    /// How it is made of others.
    Recipe(Vec<u8>),
    None,
}

/// The data of the items that have pixels, each once.
#[derive(Default)]
pub(super) struct Payloads {
    list: Vec<(Data, Making, Vec<Part>)>,
}

impl Payloads {
    /// The position of an item's data.
    pub(super) fn add(
        &mut self,
        file: &Source<'_>,
        data: Data,
        (making, nal_length): (Making, u8),
        job: &mut Job,
    ) -> Result<usize, Refusal> {
        let same = |(other, how, _): &(Data, Making, Vec<Part>)| *other == data && *how == making;
        if let Some(at) = self.list.iter().position(same) {
            return Ok(at);
        }
        // Items share their data or have their own: together they have no more than the file.
        let before: u64 = self.list.iter().map(|(data, ..)| data.len()).sum();
        if before.saturating_add(data.len()) > file.len() {
            return Err(Refusal::Damaged);
        }
        let parts = match making {
            Making::Av1 => data.av1(file, job)?,
            _ => data.hevc(file, nal_length, job)?,
        };
        if data::len(&parts) == 0 {
            return Err(Refusal::Damaged);
        }
        self.list.push((data, making, parts));
        Ok(self.list.len() - 1)
    }
}

/// A recipe in the one length that it can have (ISO/IEC 23008-12, section 6.6.2).
pub(super) fn recipe(making: Making, octets: &[u8], inputs: usize) -> Result<Vec<u8>, Refusal> {
    let mut fields = Fields(octets);
    let [version, flags] = fields.array()?;
    let wide = if flags & 1 == 0 { 2 } else { 4 };
    if version != 0 {
        return Err(Refusal::Unsupported("the version of a grid or overlay"));
    }
    let len = match making {
        Making::Grid => {
            let [rows, columns] = fields.array()?;
            if (usize::from(rows) + 1) * (usize::from(columns) + 1) != inputs {
                return Err(Refusal::Damaged);
            }
            4 + 2 * wide
        }
        // The canvas' colour and size, and a place for each.
        _ => 2 + 8 + (1 + inputs) * 2 * wide,
    };
    let mut recipe = octets.get(..len).ok_or(Refusal::Damaged)?.to_vec();
    if let Some(slot) = recipe.get_mut(1) {
        *slot = flags & 1;
    }
    Ok(recipe)
}

/// Plans the clean file.
pub(super) fn plan(kind: Kind, items: &[Ready], payloads: &Payloads) -> Result<Plan, Refusal> {
    let lens: Vec<u64> = payloads.list.iter().map(|(.., p)| data::len(p)).collect();
    let total = lens.iter().sum::<u64>();
    let front = front(kind, items, &lens, 0)?;
    let start = front.len() as u64 + 8;
    let end = start + total;
    let len = u32::try_from(end)
        .ok()
        .and_then(|_| u32::try_from(total + 8).ok())
        .ok_or(Refusal::TooLarge)?;
    let mut plan = Plan::new();
    plan.put(&self::front(kind, items, &lens, start)?);
    plan.put(&len.to_be_bytes());
    plan.put(b"mdat");
    for part in payloads.list.iter().flat_map(|(.., parts)| parts) {
        match part {
            Part::Copy(range) => plan.copy(range.clone()),
            Part::Put(octets) => plan.put(octets),
        }
    }
    Ok(plan)
}

/// Everything before the pixels, which begin at `start`.
fn front(kind: Kind, items: &[Ready], lens: &[u64], start: u64) -> Result<Vec<u8>, Refusal> {
    let mut out = file_type(kind, items)?;
    let mut recipes = Vec::new();
    let locations = locations(items, lens, start, &mut recipes)?;
    let (container, associations) = properties(items)?;
    put_box(&mut out, *b"meta", |meta| {
        meta.extend_from_slice(&[0; 4]);
        put_box(meta, *b"hdlr", |hdlr| {
            hdlr.extend_from_slice(b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
        });
        put_box(meta, *b"pitm", |pitm| {
            pitm.extend_from_slice(&[0, 0, 0, 0, 0, 1]);
        });
        put_box(meta, *b"iloc", |iloc| iloc.extend_from_slice(&locations));
        put_box(meta, *b"iinf", |iinf| item_infos(iinf, items));
        if items.iter().any(|ready| has_references(&ready.item)) {
            put_box(meta, *b"iref", |iref| references(iref, items));
        }
        put_box(meta, *b"iprp", |iprp| {
            put_box(iprp, *b"ipco", |ipco| ipco.extend_from_slice(&container));
            put_box(iprp, *b"ipma", |ipma| ipma.extend_from_slice(&associations));
        });
        if !recipes.is_empty() {
            put_box(meta, *b"idat", |idat| idat.extend_from_slice(&recipes));
        }
    });
    Ok(out)
}

/// The brands say what a reader has to be able to decode.
fn file_type(kind: Kind, items: &[Ready]) -> Result<Vec<u8>, Refusal> {
    let making = |wanted| items.iter().any(|ready| ready.item.making == wanted);
    let brands: &[&[u8; 4]] = match (kind, making(Making::Hevc), making(Making::Av1)) {
        (Kind::Avif, false, true) => &[b"avif", b"mif1", b"avif", b"miaf"],
        (Kind::Heic, true, false) if items.iter().any(is_extended) => {
            &[b"heix", b"mif1", b"heix", b"miaf"]
        }
        (Kind::Heic, true, false) => &[b"heic", b"mif1", b"heic", b"miaf"],
        (Kind::Heic, false, true) => &[b"mif1", b"mif1", b"miaf"],
        _ => return Err(Refusal::Unsupported("brands that contradict the pictures")),
    };
    let mut out = Vec::new();
    put_box(&mut out, *b"ftyp", |ftyp| {
        for (at, brand) in brands.iter().enumerate() {
            ftyp.extend_from_slice(*brand);
            if at == 0 {
                ftyp.extend_from_slice(&[0; 4]);
            }
        }
    });
    Ok(out)
}

/// Whether an HEVC picture is of another profile than Main and Main Still Picture: more bits, or more colour.
fn is_extended(ready: &Ready) -> bool {
    let profile = |p: &Property| {
        let is_record = p.octets.get(4..8) == Some(b"hvcC");
        is_record.then(|| p.octets.get(9).map_or(0, |b| b & 0x1F))
    };
    let profile = ready.properties.list.iter().find_map(profile);
    profile.is_some_and(|profile| !matches!(profile, 1 | 3))
}

/// The body of `iloc`; appends what goes into `idat`.
fn locations(
    items: &[Ready],
    lens: &[u64],
    start: u64,
    recipes: &mut Vec<u8>,
) -> Result<Vec<u8>, Refusal> {
    let mut entries = Vec::new();
    let mut count = 0_u16;
    for (id, ready) in numbered(items) {
        let (method, offset, len) = match &ready.body {
            Body::Payload(at) => {
                let before = lens.iter().take(*at).sum::<u64>();
                let len = lens.get(*at).copied().unwrap_or(0);
                (0_u16, start + before, len)
            }
            Body::Recipe(recipe) => {
                let offset = recipes.len() as u64;
                recipes.extend_from_slice(recipe);
                (1, offset, recipe.len() as u64)
            }
            Body::None => continue,
        };
        let fit = |n: u64| u32::try_from(n).map_err(|_| Refusal::TooLarge);
        count += 1;
        entries.extend_from_slice(&id.to_be_bytes());
        entries.extend_from_slice(&method.to_be_bytes());
        entries.extend_from_slice(&[0, 0, 0, 1]);
        entries.extend_from_slice(&fit(offset)?.to_be_bytes());
        entries.extend_from_slice(&fit(len)?.to_be_bytes());
    }
    let mut out = vec![1, 0, 0, 0, 0x44, 0];
    out.extend_from_slice(&count.to_be_bytes());
    out.extend_from_slice(&entries);
    Ok(out)
}

/// Items with their ids. There are no more than 2^14.
fn numbered(items: &[Ready]) -> impl Iterator<Item = (u16, &Ready)> {
    (1_u16..).zip(items)
}

fn number(position: usize) -> [u8; 2] {
    u16::try_from(position + 1)
        .unwrap_or(u16::MAX)
        .to_be_bytes()
}

fn item_infos(out: &mut Vec<u8>, items: &[Ready]) {
    let count = u16::try_from(items.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&count.to_be_bytes());
    for (id, ready) in numbered(items) {
        put_box(out, *b"infe", |infe| {
            // All but the primary item are parts of it: hidden.
            infe.extend_from_slice(&[2, 0, 0, u8::from(id != 1)]);
            infe.extend_from_slice(&id.to_be_bytes());
            infe.extend_from_slice(&[0, 0]);
            infe.extend_from_slice(&ready.item.making.name());
            infe.push(0);
        });
    }
}

fn has_references(item: &Kept) -> bool {
    !item.inputs.is_empty() || !item.alpha_of.is_empty() || item.premultiplied.is_some()
}

fn references(out: &mut Vec<u8>, items: &[Ready]) {
    out.extend_from_slice(&[0; 4]);
    for (id, Ready { item, .. }) in numbered(items) {
        let premultiplied = item.premultiplied.as_slice();
        let lists = [
            (b"dimg", item.inputs.as_slice()),
            (b"auxl", &item.alpha_of),
            (b"prem", premultiplied),
        ];
        for (name, to) in lists {
            if to.is_empty() {
                continue;
            }
            put_box(out, *name, |entry| {
                entry.extend_from_slice(&id.to_be_bytes());
                let count = u16::try_from(to.len()).unwrap_or(u16::MAX);
                entry.extend_from_slice(&count.to_be_bytes());
                entry.extend(to.iter().flat_map(|&to| number(to)));
            });
        }
    }
}

/// The body of `ipco` and of `ipma`. Equal properties stand once, in the order of their first use.
fn properties(items: &[Ready]) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let mut list: Vec<&[u8]> = Vec::new();
    let mut entries = Vec::new();
    for (id, ready) in numbered(items) {
        let all = &ready.properties.list;
        let count = u8::try_from(all.len()).map_err(|_| Refusal::TooLarge)?;
        entries.extend_from_slice(&id.to_be_bytes());
        entries.push(count);
        for property in all {
            let at = list.iter().position(|p| *p == property.octets);
            let at = at.unwrap_or_else(|| {
                list.push(&property.octets);
                list.len() - 1
            });
            let index = u16::try_from(at + 1).ok().filter(|&index| index < 0x8000);
            let essential = if property.is_essential { 0x8000 } else { 0 };
            let index = index.ok_or(Refusal::TooLarge)? | essential;
            entries.extend_from_slice(&index.to_be_bytes());
        }
    }
    let mut associations = vec![0, 0, 0, 1];
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    associations.extend_from_slice(&count.to_be_bytes());
    associations.extend_from_slice(&entries);
    Ok((list.concat(), associations))
}
