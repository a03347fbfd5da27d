//! Which items make up the picture that is shown.

use std::collections::BTreeMap;

use crate::Refusal;
use crate::picture::heif::meta::{Item, Meta};
use crate::source::Source;

/// Items that one picture is made of. A phone's photo has about fifty tiles.
const MAX_ITEMS: usize = 1 << 14;

/// What stands in the auxiliary type of an alpha plane, in the first and in the later edition.
pub(super) const ALPHA: [&[u8]; 2] = [
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
];

/// How a kept item's pixels come about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Making {
    Hevc,
    Av1,
    Grid,
    Overlay,
    Identity,
}

impl Making {
    fn of(item: &Item) -> Option<Self> {
        Some(match &item.kind {
            b"hvc1" => Self::Hevc,
            b"av01" => Self::Av1,
            b"grid" => Self::Grid,
            b"iovl" => Self::Overlay,
            b"iden" => Self::Identity,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> [u8; 4] {
        *match self {
            Self::Hevc => b"hvc1",
            Self::Av1 => b"av01",
            Self::Grid => b"grid",
            Self::Overlay => b"iovl",
            Self::Identity => b"iden",
        }
    }

    /// Whether it is made of other items.
    pub(super) fn is_derived(self) -> bool {
        matches!(self, Self::Grid | Self::Overlay | Self::Identity)
    }
}

/// An item of the clean file. Its new id is its position in the list plus one.
pub(super) struct Kept {
    pub(super) old: u32,
    pub(super) making: Making,
    /// Positions of the items that it is made of.
    pub(super) inputs: Vec<usize>,
    /// Positions of the items that it is the alpha plane of.
    pub(super) alpha_of: Vec<usize>,
    /// The position of the alpha plane that its colours are multiplied with already.
    pub(super) premultiplied: Option<usize>,
}

/// The primary item, what it is made of, and the alpha planes of all of these: each after the items that need it.
pub(super) fn select(file: &Source<'_>, meta: &Meta) -> Result<Vec<Kept>, Refusal> {
    let primary = meta.primary.ok_or(Refusal::Unsupported(
        "a sequence of pictures without a still",
    ))?;
    let mut kept = Selection::default();
    kept.add(meta, primary)?;
    kept.follow(meta, 0)?;
    let pictures = kept.list.len();
    for at in 0..pictures {
        let Some(of) = kept.list.get(at).map(|item| item.old) else {
            break;
        };
        for &alpha in meta.referring(*b"auxl", of) {
            if is_alpha(file, meta, alpha)? {
                let first_new = kept.list.len();
                let alpha = kept.add(meta, alpha)?;
                kept.follow(meta, first_new)?;
                kept.alpha(alpha, at)?;
            }
        }
    }
    kept.premultiply(meta);
    Ok(kept.list)
}

/// Whether an auxiliary item is an alpha plane.
pub(super) fn is_alpha(file: &Source<'_>, meta: &Meta, id: u32) -> Result<bool, Refusal> {
    let kind = auxiliary_type(file, meta, id)?;
    Ok(kind.is_some_and(|kind| ALPHA.contains(&kind.as_slice())))
}

/// The auxiliary type of an item.
pub(super) fn auxiliary_type(
    file: &Source<'_>,
    meta: &Meta,
    id: u32,
) -> Result<Option<Vec<u8>>, Refusal> {
    for (property, _) in meta.properties_of(id) {
        if &property.name == b"auxC" {
            let body = file.read(property.body.clone(), 1 << 16)?;
            let text = body.get(4..).unwrap_or_default();
            let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
            return Ok(text.get(..end).map(<[u8]>::to_vec));
        }
    }
    Ok(None)
}

#[derive(Default)]
struct Selection {
    list: Vec<Kept>,
    positions: BTreeMap<u32, usize>,
    /// Inputs of all items together: a table of some octets must not name a million of them.
    inputs: usize,
}

impl Selection {
    /// The position of an item, which is added if it is new.
    fn add(&mut self, meta: &Meta, id: u32) -> Result<usize, Refusal> {
        if let Some(&at) = self.positions.get(&id) {
            return Ok(at);
        }
        let item = meta.item(id).ok_or(Refusal::Damaged)?;
        if item.is_protected {
            return Err(Refusal::Encrypted);
        }
        let making = Making::of(item).ok_or(Refusal::Unsupported("the kind of picture item"))?;
        let at = self.list.len();
        if at == MAX_ITEMS {
            return Err(Refusal::TooLarge);
        }
        self.positions.insert(id, at);
        self.list.push(Kept {
            old: id,
            making,
            inputs: Vec::new(),
            alpha_of: Vec::new(),
            premultiplied: None,
        });
        Ok(at)
    }

    /// Adds what the items from that position on are made of.
    fn follow(&mut self, meta: &Meta, from: usize) -> Result<(), Refusal> {
        let mut at = from;
        while let Some(item) = self.list.get(at) {
            let (old, is_derived) = (item.old, item.making.is_derived());
            let inputs = meta.referred(*b"dimg", old);
            if is_derived == inputs.is_empty() {
                return Err(Refusal::Unsupported("what a picture is made of"));
            }
            self.inputs += inputs.len();
            if self.inputs > 4 * MAX_ITEMS {
                return Err(Refusal::TooLarge);
            }
            let inputs = inputs.iter().map(|&id| self.add(meta, id));
            let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
            // A picture that is made of itself has no pixels.
            if inputs.iter().any(|&input| input <= at) {
                return Err(Refusal::Unsupported("a picture that is used on two levels"));
            }
            if let Some(item) = self.list.get_mut(at) {
                item.inputs = inputs;
            }
            at += 1;
        }
        Ok(())
    }

    fn alpha(&mut self, alpha: usize, of: usize) -> Result<(), Refusal> {
        let item = self.list.get_mut(alpha).ok_or(Refusal::Damaged)?;
        if alpha <= of {
            return Err(Refusal::Unsupported(
                "a picture that is its own alpha plane",
            ));
        }
        item.alpha_of.push(of);
        Ok(())
    }

    fn premultiply(&mut self, meta: &Meta) {
        for item in &mut self.list {
            let alpha = meta.referred(*b"prem", item.old).first();
            item.premultiplied = alpha.and_then(|id| self.positions.get(id).copied());
        }
    }
}
