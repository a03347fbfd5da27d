//! `ipco`: properties that say how to show pixels, each in one form.

use super::{Fault, Rest};
use crate::verify::icc;

const ALPHA: [&[u8]; 2] = [
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0",
    b"urn:mpeg:hevc:2015:auxid:1\0",
];

/// A box in `ipco`.
pub(super) struct Property<'a> {
    name: &'a [u8],
    pub(super) body: &'a [u8],
}

/// The boxes of `ipco`, all different.
pub(super) fn container<'a>(mut rest: Rest<'a>) -> Result<Vec<Property<'a>>, Fault> {
    let mut list: Vec<Property<'a>> = Vec::new();
    while !rest.0.is_empty() {
        let name = rest.0.get(4..8).ok_or(Fault("a box without a name"))?;
        let known = name.try_into().map_err(|_| Fault("a box without a name"))?;
        let body = rest.inner(known)?;
        form(name, body)?;
        let is_new = |p: &Property<'_>| p.name != name || p.body != body.0;
        if !list.iter().all(is_new) {
            return Err(Fault("a property that stands twice"));
        }
        list.push(Property { name, body: body.0 });
    }
    Ok(list)
}

/// Holds the body of a property against its form.
fn form(name: &[u8], mut body: Rest<'_>) -> Result<(), Fault> {
    match name {
        b"hvcC" => return hevc_record(body),
        b"av1C" => {
            body.expect(&[0x81])?;
            body.take(2)?;
            body.expect(&[0])?;
            while !body.0.is_empty() {
                sequence_header(&mut body)?;
            }
        }
        b"ispe" => {
            body.expect(&[0; 4])?;
            body.take(8)?;
        }
        b"pixi" => {
            body.expect(&[0; 4])?;
            let channels = body.number(1)?;
            body.take(channels)?;
        }
        b"colr" => match body.take(4)? {
            b"nclx" => {
                body.take(6)?;
                if body.number(1)? & 0x7F != 0 {
                    return Err(Fault("reserved bits of a colr box"));
                }
            }
            b"prof" => return icc::verify(body.0),
            _ => return Err(Fault("an unknown kind of colour")),
        },
        b"auxC" => {
            body.expect(&[0; 4])?;
            if !ALPHA.contains(&body.0) {
                return Err(Fault("an auxiliary picture of an unknown kind"));
            }
            return Ok(());
        }
        b"pasp" => {
            if body.number(4)? == body.number(4)? {
                return Err(Fault("a square pixel that is said to be one"));
            }
        }
        b"irot" if body.number(1)? > 3 => return Err(Fault("an unknown turn")),
        b"imir" if body.number(1)? > 1 => return Err(Fault("an unknown mirror")),
        b"irot" | b"imir" => {}
        b"a1op" => drop(body.take(1)?),
        b"lsel" => drop(body.take(2)?),
        b"clli" => drop(body.take(4)?),
        b"mdcv" => drop(body.take(24)?),
        b"clap" => drop(body.take(32)?),
        _ => return Err(Fault("an unknown property")),
    }
    body.end()
}

/// A unit of AV1 that is a sequence header and says its size (AV1 specification, section 5.3).
fn sequence_header(body: &mut Rest<'_>) -> Result<(), Fault> {
    body.expect(&[0x0A])?;
    let len = body.number(1)?;
    if len > 0x7F {
        return Err(Fault("a long sequence header"));
    }
    body.take(len)?;
    Ok(())
}

/// An HEVC configuration with parameter sets and nothing else (ISO/IEC 14496-15, section 8.3.3).
fn hevc_record(mut body: Rest<'_>) -> Result<(), Fault> {
    body.expect(&[1])?;
    body.take(21)?;
    for _ in 0..body.number(1)? {
        let kind = body.number(1)? & 0x3F;
        if !(32..=34).contains(&kind) {
            return Err(Fault("a unit that is no parameter set"));
        }
        for _ in 0..body.number(2)? {
            let len = body.number(2)?;
            let unit = body.take(len)?;
            let found = unit.first().map(|head| usize::from(head >> 1 & 0x3F));
            if found != Some(kind) {
                return Err(Fault("a unit of another kind than its array's"));
            }
        }
    }
    body.end()
}

/// The properties of one item.
pub(super) struct Properties<'a>(Vec<&'a Property<'a>>);

impl<'a> Properties<'a> {
    /// In their order, those that a reader must know marked, and with what the pixels need.
    pub(super) fn check(list: Vec<(&'a Property<'a>, bool)>, kind: [u8; 4]) -> Result<Self, Fault> {
        let mut before = 0;
        for (property, is_essential) in &list {
            let (rank, must) = rank(property);
            let is_ordered = rank > before || (rank == TURN && before == TURN);
            if !is_ordered || must != *is_essential {
                return Err(Fault("properties that are out of order or marked wrongly"));
            }
            before = rank;
        }
        let list = Self(list.into_iter().map(|(property, _)| property).collect());
        let needed = match &kind {
            b"hvc1" => list.has(*b"hvcC") && !list.has(*b"av1C"),
            b"av01" => list.has(*b"av1C") && !list.has(*b"hvcC"),
            _ => !list.has(*b"av1C") && !list.has(*b"hvcC"),
        };
        if needed {
            Ok(list)
        } else {
            Err(Fault("a configuration that does not fit the item"))
        }
    }

    pub(super) fn has(&self, name: [u8; 4]) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn get(&self, name: [u8; 4]) -> Option<&'a [u8]> {
        let property = self.0.iter().find(|p| p.name == name)?;
        Some(property.body)
    }
}

const TURN: u8 = 12;

/// Where a property stands among those of an item, and whether a reader must know it.
fn rank(property: &Property<'_>) -> (u8, bool) {
    match property.name {
        b"hvcC" | b"av1C" => (1, true),
        b"ispe" => (2, false),
        b"pixi" => (3, false),
        b"colr" if property.body.starts_with(b"nclx") => (4, false),
        b"colr" => (5, false),
        b"pasp" => (6, false),
        b"clli" => (7, false),
        b"mdcv" => (8, false),
        b"auxC" => (9, false),
        b"a1op" => (10, true),
        b"lsel" => (11, true),
        _ => (TURN, true),
    }
}
