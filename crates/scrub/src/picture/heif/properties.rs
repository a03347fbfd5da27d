//! Item properties: those that the picture needs, each in one form (ISO/IEC 23008-12, section 6.5; AV1 Image File
//! Format, section 2).

use crate::job::Job;
use crate::media::nal::{Codec, clean_record};
use crate::picture::heif::boxes::{BoxAt, Fields, put_box};
use crate::picture::heif::items::{ALPHA, Making};
use crate::picture::heif::obu;
use crate::picture::icc;
use crate::source::Source;
use crate::{Refusal, What};

/// Octets of one property that are read: colour profiles are the largest.
const MAX_PROPERTY: usize = 4 << 20;

/// A property of the clean file.
pub(super) struct Property {
    pub(super) octets: Vec<u8>,
    pub(super) is_essential: bool,
    /// Its place among the properties of an item. Those that turn and cut stay in the order they had.
    rank: u8,
}

/// The properties of one kept item.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) list: Vec<Property>,
    /// How many octets the length of a NAL unit has.
    pub(super) nal_length: u8,
}

/// The place of each property among those of an item, and whether a reader must know it.
const RANKS: [(&[u8; 4], u8, bool); 14] = [
    (b"hvcC", 0, true),
    (b"av1C", 0, true),
    (b"ispe", 1, false),
    (b"pixi", 2, false),
    (b"colr", 3, false),
    (b"pasp", 5, false),
    (b"clli", 6, false),
    (b"mdcv", 7, false),
    (b"auxC", 8, false),
    (b"a1op", 9, true),
    (b"lsel", 10, true),
    (b"clap", TURN, true),
    (b"irot", TURN, true),
    (b"imir", TURN, true),
];
/// The rank of a profile, after that of the numbers of a standard: a picture may have both.
const PROFILE: u8 = 4;
/// The rank of what turns and cuts the picture.
const TURN: u8 = 11;

/// What the picture needs of the property, or nothing when it needs nothing.
fn rewrite(name: [u8; 4], body: &[u8], job: &mut Job) -> Result<Option<Property>, Refusal> {
    let Some(&(_, rank, is_essential)) = RANKS.iter().find(|(known, ..)| **known == name) else {
        return Ok(None);
    };
    let Some(out) = canonical(name, body, job)? else {
        return Ok(None);
    };
    let is_profile = &name == b"colr" && out.starts_with(b"prof");
    let mut octets = Vec::new();
    put_box(&mut octets, name, |body| body.extend_from_slice(&out));
    Ok(Some(Property {
        octets,
        is_essential,
        rank: if is_profile { PROFILE } else { rank },
    }))
}

/// The body of a property in its one form.
fn canonical(name: [u8; 4], body: &[u8], job: &mut Job) -> Result<Option<Vec<u8>>, Refusal> {
    let mut fields = Fields(body);
    let fixed = match &name {
        b"hvcC" => {
            let record = clean_record(Codec::Hevc, body).ok_or(Refusal::Damaged)?;
            return Ok(Some(record));
        }
        b"av1C" => return obu::clean_record(body).map(Some),
        b"colr" => return colour(body, job),
        b"ispe" => {
            fields.version()?;
            return Ok(Some([&[0; 4], fields.take(8)?].concat()));
        }
        b"pixi" => {
            fields.version()?;
            let count = fields.u8()?;
            let bits = fields.take(usize::from(count))?;
            return Ok(Some([&[0, 0, 0, 0, count], bits].concat()));
        }
        b"auxC" => {
            fields.version()?;
            let kind = fields.text();
            let is_alpha = ALPHA.contains(&kind);
            return Ok(is_alpha.then(|| [&[0; 4], kind, &[0]].concat()));
        }
        b"pasp" => {
            let is_square = fields.u32()? == fields.u32()?;
            return Ok((!is_square).then(|| body.get(..8).unwrap_or_default().to_vec()));
        }
        b"irot" => return Ok(Some(vec![fields.u8()? & 3])),
        b"imir" => return Ok(Some(vec![fields.u8()? & 1])),
        b"a1op" => 1,
        b"lsel" => 2,
        b"clli" => 4,
        b"mdcv" => 24,
        _ => 32,
    };
    Ok(Some(fields.take(fixed)?.to_vec()))
}

/// A `colr` box: numbers of a standard, or a profile written again.
fn colour(body: &[u8], job: &mut Job) -> Result<Option<Vec<u8>>, Refusal> {
    let mut fields = Fields(body);
    match &fields.array::<4>()? {
        b"nclx" => {
            let mut out = b"nclx".to_vec();
            out.extend_from_slice(fields.take(6)?);
            out.push(fields.u8()? & 0x80);
            Ok(Some(out))
        }
        b"prof" | b"rICC" => Ok(icc::canonical(fields.0, "colr", job).map(|profile| {
            let mut out = b"prof".to_vec();
            out.extend_from_slice(&profile);
            out
        })),
        _ => Ok(None),
    }
}

impl Properties {
    /// Reads those of an item, and reports what is dropped.
    pub(super) fn read<'a>(
        file: &Source<'_>,
        making: Making,
        of_item: impl Iterator<Item = (&'a BoxAt, bool)>,
        job: &mut Job,
    ) -> Result<Self, Refusal> {
        let mut out = Self::default();
        for (at, is_essential) in of_item {
            let body = file.read(at.body.clone(), MAX_PROPERTY)?;
            match rewrite(at.name, &body, job)? {
                Some(property) => out.add(property)?,
                // The order in which layers come is for showing a half-loaded picture.
                None if is_essential && &at.name != b"a1lx" => {
                    return Err(Refusal::Unsupported("a property that the picture needs"));
                }
                None => found(at.name, &body, job),
            }
            if &at.name == b"hvcC" {
                out.nal_length = body.get(21).map_or(0, |b| (b & 3) + 1);
            }
        }
        let needed: Option<&[u8; 4]> = match making {
            Making::Hevc => Some(b"hvcC"),
            Making::Av1 => Some(b"av1C"),
            _ => None,
        };
        let has = |name: &[u8; 4]| out.list.iter().any(|p| p.octets.get(4..8) == Some(name));
        if needed.is_some_and(|name| !has(name)) {
            return Err(Refusal::Damaged);
        }
        out.list.sort_by_key(|property| property.rank);
        Ok(out)
    }

    fn add(&mut self, property: Property) -> Result<(), Refusal> {
        let name = |p: &Property| p.octets.get(4..8).map(<[u8]>::to_vec);
        let is_second = |p: &&Property| p.rank == property.rank && name(p) == name(&property);
        match self.list.iter().find(is_second) {
            None => self.list.push(property),
            Some(first) if first.octets == property.octets && property.rank < TURN => {}
            // Of two profiles the first counts; two of anything else contradict each other.
            Some(_) if property.rank == PROFILE => {}
            Some(_) => return Err(Refusal::Unsupported("a property that stands twice")),
        }
        Ok(())
    }
}

/// Reports a property that is dropped, unless dropping it loses nothing.
fn found(name: [u8; 4], body: &[u8], job: &mut Job) {
    match &name {
        b"pasp" | b"a1lx" | b"free" | b"skip" => {}
        b"udes" => {
            for (text, what) in body.get(4..).unwrap_or_default().split(|&b| b == 0).zip([
                What::Unknown,
                What::Description,
                What::Description,
                What::Description,
            ]) {
                if !text.is_empty() && what != What::Unknown {
                    job.found_octets(what, "udes", text);
                }
            }
        }
        b"altt" => job.found_octets(What::Description, "altt", body.get(4..).unwrap_or_default()),
        b"crtt" | b"mdft" => job.found(What::Time, "crtt or mdft", ""),
        b"amve" => job.found(What::Unknown, "amve", ""),
        _ => job.found_octets(What::Unknown, "item property", body),
    }
}
