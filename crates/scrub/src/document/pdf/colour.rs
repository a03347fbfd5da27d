//! Colour spaces (ISO 32000-1, section 8.6).

use super::build::{Builder, Role, Want};
use super::object::{Dict, Name, Object};
use super::operators::DEVICE_SPACES;
use super::rename;
use crate::Refusal;
use crate::picture::icc;

/// Names of colorants that renderers know.
pub(super) const COLORANTS: &[&str] = &[
    "All", "Black", "Blue", "Cyan", "Green", "Magenta", "None", "Red", "Yellow",
];
/// Octets of the table of an indexed colour space: 256 colours of 32 components.
const MAX_TABLE: usize = 256 * 32;
/// Components of a colour.
const MAX_COMPONENTS: usize = 32;

/// A colour space of the new file.
#[derive(Clone)]
pub(super) struct Space {
    pub(super) object: Object,
    pub(super) components: usize,
}

impl Builder<'_, '_> {
    /// A colour space by name, array or reference. Nothing for one that readers would not understand either.
    pub(super) fn colour_space(
        &mut self,
        object: &Object,
        resources: &Dict,
    ) -> Result<Option<Space>, Refusal> {
        let resources = resources.clone();
        let built = self.once(Role::ColourSpace, object, |builder, object| {
            builder.space_of(&object, &resources)
        })?;
        let components = built.as_ref().and_then(|built| self.components(built));
        Ok(built
            .zip(components)
            .map(|(object, components)| Space { object, components }))
    }

    fn space_of(&mut self, object: &Object, resources: &Dict) -> Result<Option<Object>, Refusal> {
        let items = match object {
            Object::Name(name) => return self.named_space(name, resources),
            Object::Array(items) => items,
            _ => return Ok(None),
        };
        let mut items = items.iter().map(|item| self.document.resolve(item));
        let Some(Object::Name(family)) = items.next() else {
            return Ok(None);
        };
        let operands: Vec<Object> = match object.as_array().and_then(<[_]>::split_first) {
            Some((_, rest)) => rest.to_vec(),
            None => Vec::new(),
        };
        drop(items);
        match (family.as_slice(), operands.as_slice()) {
            (b"CalGray" | b"CalRGB" | b"Lab", [parameters, ..]) => {
                Ok(self.calibrated(&family, parameters))
            }
            (b"ICCBased", [profile, ..]) => self.icc_based(profile, resources),
            (b"Indexed" | b"I", [base, high, table, ..]) => {
                self.indexed(base, high, table, resources)
            }
            (b"Separation", [name, alternate, tint, ..]) => {
                let name = self.document.resolve(name);
                let Some(name) = name.as_name().map(|name| self.colorant(name)) else {
                    return Ok(None);
                };
                self.tinted("Separation", &name, alternate, tint, resources)
            }
            (b"DeviceN", [names, alternate, tint, ..]) => {
                let names = self.document.resolve(names);
                let names = names.as_array().unwrap_or_default();
                if names.is_empty() || names.len() > MAX_COMPONENTS {
                    return Ok(None);
                }
                let names = names.iter().map(|name| {
                    let name = self.document.resolve(name);
                    self.colorant(name.as_name().unwrap_or_default())
                });
                let names = Object::array(names.collect());
                self.tinted("DeviceN", &names, alternate, tint, resources)
            }
            (b"Pattern", [base, ..]) => {
                let base = self.colour_space(base, resources)?;
                Ok(base.map(|base| Object::array(vec![Object::name("Pattern"), base.object])))
            }
            (name, []) => self.named_space(name, resources),
            (_, _) => Ok(None),
        }
    }

    fn named_space(&mut self, name: &[u8], resources: &Dict) -> Result<Option<Object>, Refusal> {
        let name: &[u8] = match name {
            b"G" | b"CalGray" => b"DeviceGray",
            b"RGB" | b"CalRGB" => b"DeviceRGB",
            b"CMYK" | b"CalCMYK" => b"DeviceCMYK",
            other => other,
        };
        if DEVICE_SPACES.iter().any(|device| device.as_bytes() == name) {
            return Ok(Some(Object::Name(name.to_vec())));
        }
        let spaces = self.document.dict_at(resources, "ColorSpace");
        match spaces.as_ref().and_then(|spaces| spaces.named(name)) {
            Some(object) if object.as_name() != Some(name) => {
                let space = self.colour_space(object, &Dict::default())?;
                Ok(space.map(|space| space.object))
            }
            _ => Ok(None),
        }
    }

    fn calibrated(&mut self, family: &[u8], parameters: &Object) -> Option<Object> {
        let parameters = self.document.resolve(parameters);
        let source = parameters.as_dict()?;
        let gamma = if family == b"CalGray" {
            Want::Number
        } else {
            Want::Numbers
        };
        let mut dict = Dict::default();
        self.pick(
            source,
            &mut dict,
            &[
                ("WhitePoint", Want::Numbers),
                ("BlackPoint", Want::Numbers),
                ("Gamma", gamma),
                ("Matrix", Want::Numbers),
                ("Range", Want::Numbers),
            ],
        );
        Some(Object::array(vec![
            Object::Name(family.to_vec()),
            Object::Dict(dict),
        ]))
    }

    fn icc_based(&mut self, profile: &Object, resources: &Dict) -> Result<Option<Object>, Refusal> {
        if let Some(stream) = self.once(Role::Profile, profile, |builder, object| {
            builder.profile(&object)
        })? {
            return Ok(Some(Object::array(vec![Object::name("ICCBased"), stream])));
        }
        let resolved = self.document.resolve(profile);
        let Some(dict) = resolved.as_dict() else {
            return Ok(None);
        };
        if let Some(alternate) = dict.get("Alternate")
            && let Some(space) = self.colour_space(alternate, resources)?
        {
            return Ok(Some(space.object));
        }
        let device = match self.document.at(dict, "N").and_then(|n| n.as_int()) {
            Some(1) => "DeviceGray",
            Some(4) => "DeviceCMYK",
            _ => "DeviceRGB",
        };
        Ok(Some(Object::name(device)))
    }

    /// A colour profile without its texts. Nothing for a damaged one.
    pub(super) fn profile(&mut self, object: &Object) -> Result<Option<Object>, Refusal> {
        let Some(stream) = object.as_stream() else {
            return Ok(None);
        };
        self.note(&stream.dict, "colour profile", &["N", "Alternate", "Range"]);
        let Some(count @ (1 | 3 | 4)) =
            self.document.at(&stream.dict, "N").and_then(|n| n.as_int())
        else {
            return Ok(None);
        };
        let octets = self.octets(stream)?;
        match icc::canonical(&octets, "colour profile", self.job) {
            Some(clean) => {
                let dict = Dict::default().with("N", Object::Int(count));
                self.add_deflated(dict, &clean).map(Some)
            }
            None => Ok(None),
        }
    }

    fn indexed(
        &mut self,
        base: &Object,
        high: &Object,
        table: &Object,
        resources: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let Some(base) = self.colour_space(base, resources)? else {
            return Ok(None);
        };
        let high = self
            .document
            .resolve(high)
            .as_int()
            .unwrap_or(0)
            .clamp(0, 255);
        let mut table = match self.document.resolve(table) {
            Object::String(table) => table,
            Object::Stream(stream) => self.octets(&stream)?.to_vec(),
            _ => return Ok(None),
        };
        let colours = usize::try_from(high + 1).unwrap_or(1);
        table.truncate((colours * base.components).min(MAX_TABLE));
        Ok(Some(Object::array(vec![
            Object::name("Indexed"),
            base.object,
            Object::Int(high),
            Object::String(table),
        ])))
    }

    fn tinted(
        &mut self,
        family: &str,
        names: &Object,
        alternate: &Object,
        tint: &Object,
        resources: &Dict,
    ) -> Result<Option<Object>, Refusal> {
        let alternate = self.colour_space(alternate, resources)?;
        let tint = self.function(tint)?;
        let parts = alternate.zip(tint).map(|(alternate, tint)| {
            Object::array(vec![
                Object::name(family),
                names.clone(),
                alternate.object,
                tint,
            ])
        });
        parts.map(|parts| self.add(parts)).transpose()
    }

    /// A colorant's name: its own if renderers know it, else a number by its first use.
    fn colorant(&mut self, name: &[u8]) -> Object {
        if COLORANTS.iter().any(|known| known.as_bytes() == name) {
            return Object::Name(name.to_vec());
        }
        let next = self.spots.len();
        let number = *self.spots.entry(Name::from(name)).or_insert(next);
        rename::spot(number)
    }

    /// How many numbers a colour of this space has.
    fn components(&self, built: &Object) -> Option<usize> {
        let built = self.built(built);
        let (family, operands) = match &built {
            Object::Name(name) => (name.as_slice(), [].as_slice()),
            Object::Array(items) => {
                let (family, operands) = items.split_first()?;
                (family.as_name()?, operands)
            }
            _ => return None,
        };
        Some(match family {
            b"DeviceRGB" | b"CalRGB" | b"Lab" => 3,
            b"DeviceCMYK" => 4,
            b"DeviceN" => operands.first()?.as_array()?.len(),
            b"ICCBased" => {
                let profile = self.built(operands.first()?);
                usize::try_from(profile.as_dict()?.get("N")?.as_int()?).ok()?
            }
            _ => 1,
        })
    }
}
