//! Pictures (ISO 32000-1, section 8.9): their samples stay as they are, in their own coding.

use zeroize::Zeroizing;

use super::build::{Builder, Role, Want};
use super::colour::Space;
use super::file::Document;
use super::filter::{self, Coding, Octets};
use super::object::{Dict, Object, Stream};
use super::operators::INTENTS;
use super::{jbig2, jpx};
use crate::job::MAX_IN_MEMORY;
use crate::{Kind, Refusal, Remark};

/// Keys of a picture that are kept or whose meaning is kept.
const KEPT: &[&str] = &[
    "BitsPerComponent",
    "ColorSpace",
    "Decode",
    "Height",
    "ImageMask",
    "Intent",
    "Interpolate",
    "Mask",
    "Matte",
    "SMask",
    "SMaskInData",
    "Width",
];
/// The largest side of a picture.
const MAX_SIDE: i64 = 1 << 20;

impl Builder<'_, '_> {
    /// A picture, by reference.
    pub(super) fn image(
        &mut self,
        object: &Object,
        outer: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let outer = outer.clone();
        self.once(Role::Image, object, |builder, object| {
            match object.as_stream() {
                Some(stream) => builder.image_of(stream, &outer),
                None => Ok(None),
            }
        })
    }

    fn image_of(&mut self, stream: &Stream, outer: &Dict) -> Result<Option<Object>, Refusal> {
        let source = &stream.dict;
        self.job.remark(Remark::ContentStays);
        self.note(source, "picture", KEPT);
        let mut dict = Dict::default()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Image"));
        self.pick(
            source,
            &mut dict,
            &[
                ("BitsPerComponent", Want::Int),
                ("Decode", Want::Numbers),
                ("Height", Want::Int),
                ("ImageMask", Want::Bool),
                ("Intent", Want::OneOf(INTENTS)),
                ("Interpolate", Want::Bool),
                ("Matte", Want::Numbers),
                ("SMaskInData", Want::Int),
                ("Width", Want::Int),
            ],
        );
        let side = |key| {
            dict.get(key)
                .and_then(Object::as_int)
                .filter(|s| (1..=MAX_SIDE).contains(s))
        };
        if side("Width").is_none() || side("Height").is_none() {
            return Ok(None);
        }
        let is_mask = dict.get("ImageMask") == Some(&Object::Bool(true));
        let space = match source.get("ColorSpace") {
            Some(space) if !is_mask => self.colour_space(&space.clone(), outer)?,
            _ => None,
        };
        if let Some(space) = &space {
            dict.set("ColorSpace", space.object.clone());
        }
        self.masks(source, &mut dict, outer)?;
        let unpacked = filter::unpack(self.document, stream, MAX_IN_MEMORY)?;
        self.job.unpacked(unpacked.octets.len() as u64)?;
        match unpacked.coding {
            None => self
                .samples(stream, dict, space.as_ref(), unpacked.octets)
                .map(Some),
            Some((coding, parameters)) => self
                .coded(coding, &parameters, dict, unpacked.octets)
                .map(Some),
        }
    }

    fn masks(&mut self, source: &Dict, dict: &mut Dict, outer: &Dict) -> Result<(), Refusal> {
        for key in ["SMask", "Mask"] {
            match self.document.at(source, key) {
                Some(Object::Array(colours)) => {
                    if let Some(colours) = self.number_array(&Object::Array(colours)) {
                        dict.set(key, colours);
                    }
                }
                Some(Object::Stream(_)) => {
                    let mask = source.get(key).cloned().unwrap_or(Object::Null);
                    if let Some(mask) = self.image(&mask, outer)? {
                        dict.set(key, mask);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Samples in no coding of their own. What follows the last row is left behind.
    fn samples(
        &mut self,
        stream: &Stream,
        mut dict: Dict,
        space: Option<&Space>,
        mut octets: Octets,
    ) -> Result<Object, Refusal> {
        let bits = sample_bits(&dict, space.map_or(1, |space| space.components));
        let expected = rows(&dict, bits);
        if let Some(expected) = expected {
            octets.truncate(expected);
        }
        // A predictor is worth keeping: photos pack a third smaller under it.
        if let Some(kept) = self.as_it_stands(stream, octets.len())? {
            for key in ["DecodeParms", "Filter"] {
                if let Some(value) = kept.dict.get(key) {
                    dict.set(key, value.clone());
                }
            }
            let data = kept.data;
            return self.add_stream(Stream { dict, data });
        }
        self.add_deflated(dict, &octets)
    }

    /// The stream as it is, if it is one Flate stream of just these octets.
    fn as_it_stands(&self, stream: &Stream, len: usize) -> Result<Option<Stream>, Refusal> {
        let only = |key: &str| match self.document.at(&stream.dict, key) {
            Some(Object::Array(items)) if items.len() == 1 => {
                items.first().map(|item| self.document.resolve(item))
            }
            other => other,
        };
        if only("Filter") != Some(Object::name("FlateDecode")) {
            return Ok(None);
        }
        let raw = self.document.raw(stream);
        let (inflated, used) = filter::inflate(&raw, MAX_IN_MEMORY)?;
        let Some(used) = used.filter(|&used| has_sum(&raw, used, &inflated)) else {
            return Ok(None);
        };
        let mut dict = Dict::default().with("Filter", Object::name("FlateDecode"));
        let exact = match only("DecodeParms") {
            Some(Object::Dict(parameters)) => {
                let mut kept = Dict::default();
                let keys = ["BitsPerComponent", "Colors", "Columns", "Predictor"];
                let keys = keys.map(|key| (key, Want::Int));
                self.pick(&parameters, &mut kept, &keys);
                let int = |key: &str| kept.get(key).and_then(Object::as_int);
                match int("Predictor") {
                    None | Some(1) => inflated.len() == len,
                    predictor => {
                        let rows = super::predictor::packed_len(len, predictor, int);
                        dict.set("DecodeParms", Object::Dict(kept));
                        rows == Some(inflated.len())
                    }
                }
            }
            _ => inflated.len() == len,
        };
        let front = raw.get(..used).unwrap_or_default();
        Ok(exact.then(|| Self::made(dict, Zeroizing::new(front.to_vec()))))
    }

    fn coded(
        &mut self,
        coding: Coding,
        parameters: &Dict,
        mut dict: Dict,
        octets: Octets,
    ) -> Result<Object, Refusal> {
        let mut kept = Dict::default();
        let (filter, octets) = match coding {
            Coding::Dct => {
                self.pick(parameters, &mut kept, &[("ColorTransform", Want::Int)]);
                ("DCTDecode", self.dct(&octets)?)
            }
            Coding::Jpx => ("JPXDecode", jpx::scrub(&octets, self.job)?),
            Coding::CcittFax => {
                self.pick(
                    parameters,
                    &mut kept,
                    &[
                        ("BlackIs1", Want::Bool),
                        ("Columns", Want::Int),
                        ("DamagedRowsBeforeError", Want::Int),
                        ("EncodedByteAlign", Want::Bool),
                        ("EndOfBlock", Want::Bool),
                        ("EndOfLine", Want::Bool),
                        ("K", Want::Int),
                        ("Rows", Want::Int),
                    ],
                );
                ("CCITTFaxDecode", fax(&kept, octets))
            }
            Coding::Jbig2 => {
                if let Some(Object::Stream(globals)) = self.document.at(parameters, "JBIG2Globals")
                {
                    let globals = jbig2::scrub(&self.octets(&globals)?, self.job)?;
                    let globals = self.add_deflated(Dict::default(), &globals)?;
                    kept.set("JBIG2Globals", globals);
                }
                ("JBIG2Decode", jbig2::scrub(&octets, self.job)?)
            }
        };
        if !kept.is_empty() {
            dict.set("DecodeParms", Object::Dict(kept));
        }
        dict.set("Filter", Object::name(filter));
        self.add_stream(Self::made(dict, octets))
    }

    fn dct(&mut self, octets: &[u8]) -> Result<Octets, Refusal> {
        match self.job.nested("picture", octets)? {
            (Kind::Jpeg, clean) => Ok(clean),
            _ => Err(Refusal::Unsupported("DCT stream that is no JPEG")),
        }
    }
}

/// Octets behind the end of a picture that is coded in two dimensions are left behind: it ends with two marks that
/// stand nowhere else.
fn fax(parameters: &Dict, mut octets: Octets) -> Octets {
    let two_dimensions = parameters
        .get("K")
        .and_then(Object::as_int)
        .is_some_and(|k| k < 0);
    let has_end = parameters.get("EndOfBlock") != Some(&Object::Bool(false));
    let aligned = parameters.get("EncodedByteAlign") == Some(&Object::Bool(true));
    if two_dimensions && has_end && !aligned {
        let mut window = 0_u32;
        for (index, &octet) in octets.iter().enumerate() {
            window = window << 8 | u32::from(octet);
            let found = (0..8).any(|shift| window >> shift & 0xff_ffff == 0x00_1001);
            if index >= 2 && found {
                octets.truncate(index + 1);
                break;
            }
        }
    }
    octets
}

/// Whether a zlib stream ends with the sum of its content, and not with four octets of anything.
fn has_sum(raw: &[u8], used: usize, inflated: &[u8]) -> bool {
    let stated = used.checked_sub(4).and_then(|at| raw.get(at..used));
    let (mut a, mut b) = (1_u32, 0_u32);
    // The longest run after which the sums do not overflow.
    for run in inflated.chunks(5552) {
        for &octet in run {
            a += u32::from(octet);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    stated == Some((b << 16 | a).to_be_bytes().as_slice())
}

fn sample_bits(dict: &Dict, components: usize) -> Option<usize> {
    if dict.get("ImageMask") == Some(&Object::Bool(true)) {
        return Some(1);
    }
    let bits = dict
        .get("BitsPerComponent")
        .and_then(Object::as_int)
        .unwrap_or(8);
    let bits = usize::try_from(bits)
        .ok()
        .filter(|bits| (1..=16).contains(bits))?;
    bits.checked_mul(components)
}

/// Octets of all rows.
fn rows(dict: &Dict, bits: Option<usize>) -> Option<usize> {
    let side = |key| {
        dict.get(key)
            .and_then(Object::as_int)
            .and_then(|s| usize::try_from(s).ok())
    };
    let row = side("Width")?.checked_mul(bits?)?.div_ceil(8);
    row.checked_mul(side("Height")?)
}

/// Octets of a picture under no filter, as far as its dictionary tells before anything is built.
pub(super) fn expected(document: &Document<'_>, dict: &Dict, resources: &Dict) -> Option<usize> {
    let components = match dict.get("ColorSpace") {
        None => 1,
        Some(space) => components(document, space, resources)?,
    };
    rows(dict, sample_bits(dict, components))
}

fn components(document: &Document<'_>, space: &Object, resources: &Dict) -> Option<usize> {
    let space = document.resolve(space);
    let (family, first) = match &space {
        Object::Name(name) => (name.clone(), None),
        Object::Array(items) => match document.resolve(items.first()?) {
            Object::Name(name) => (name, items.get(1).cloned()),
            _ => return None,
        },
        _ => return None,
    };
    match family.as_slice() {
        b"DeviceGray" | b"CalGray" | b"Indexed" | b"Separation" => Some(1),
        b"DeviceRGB" | b"CalRGB" | b"Lab" => Some(3),
        b"DeviceCMYK" => Some(4),
        b"ICCBased" => {
            let profile = document.resolve(&first?);
            usize::try_from(document.at(profile.as_dict()?, "N")?.as_int()?).ok()
        }
        b"DeviceN" => Some(document.resolve(&first?).as_array()?.len()),
        name => {
            let spaces = document.dict_at(resources, "ColorSpace")?;
            let named = spaces.named(name)?;
            match named {
                Object::Name(again) if again == name => None,
                _ => components(document, named, &Dict::default()),
            }
        }
    }
}
