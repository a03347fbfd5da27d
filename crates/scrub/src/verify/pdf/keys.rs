//! What stands under the keys of each dictionary.

use super::Walk;
use super::allowed::{
    CALIBRATED, CATALOG, CHARACTER_MAP, DESCENDANT, DESCRIPTOR, ENCODINGS, FONT, FORM, FUNCTION,
    GRAPHICS_STATE, GROUP, IMAGE, Keys, May, Own, PAGE, PAGES, PATTERN, PROFILE, PROGRAM, Role,
    SHADING, SOFT_MASK,
};
use super::syntax::Value;
use crate::verify::Fault;

impl Walk<'_, '_, '_> {
    /// Holds an object's keys against those of its role.
    pub(super) fn keys(&mut self, role: Role, value: &Value) -> Result<(), Fault> {
        let keys = match role {
            Role::Catalog => CATALOG,
            Role::CharacterMap => CHARACTER_MAP,
            Role::Charset | Role::Content | Role::Glyph | Role::JbigGlobals | Role::ToUnicode => {
                &[]
            }
            Role::Descendant => DESCENDANT,
            Role::Descriptor => DESCRIPTOR,
            Role::Font => FONT,
            Role::Form => FORM,
            Role::Function => FUNCTION,
            Role::GraphicsState => GRAPHICS_STATE,
            Role::Image => IMAGE,
            Role::Page => PAGE,
            Role::Pages => PAGES,
            Role::Pattern => PATTERN,
            Role::Profile => PROFILE,
            Role::ProgramCompact | Role::ProgramTrueType | Role::ProgramType1 => PROGRAM,
            Role::Shading => SHADING,
            Role::Space => return self.space(value),
        };
        self.dict(value, keys, role.is_stream(value))
    }

    fn dict(&mut self, value: &Value, keys: Keys, is_stream: bool) -> Result<(), Fault> {
        let Value::Dict(entries) = value else {
            return Err(Fault("no dictionary"));
        };
        for (key, value) in entries {
            if is_stream && matches!(key.as_slice(), b"Filter" | b"Length") {
                continue;
            }
            let known = keys.iter().find(|(known, _)| known.as_bytes() == key);
            let (_, may) = known.ok_or(Fault("a key that does not belong there"))?;
            self.may(value, *may)?;
        }
        Ok(())
    }

    fn may(&mut self, value: &Value, may: May) -> Result<(), Fault> {
        let fits = match may {
            May::Bool => matches!(value, Value::Bool(_)),
            May::Int => matches!(value, Value::Int(_)),
            May::Number => value.is_number(),
            May::Numbers => is_list(value, Value::is_number),
            May::Bools => is_list(value, |item| matches!(item, Value::Bool(_))),
            May::Widths => is_list(value, |item| {
                item.is_number() || is_list(item, Value::is_number)
            }),
            May::Name(names) => names.iter().any(|name| value.is_name(name)),
            // Held against its form where the stream is read, or harmless: numbers.
            May::Any => !matches!(value, Value::Text(_) | Value::Name(_)),
            May::Be(role) => return self.used(role, value),
            May::Space => return self.space(value),
            May::Functions => return self.functions(value),
            May::Own(own) => return self.own(value, own),
        };
        if fits {
            Ok(())
        } else {
            Err(Fault("a value of another kind"))
        }
    }

    fn functions(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::List(items) => {
                for item in items {
                    self.used(Role::Function, item)?;
                }
                Ok(())
            }
            one => self.used(Role::Function, one),
        }
    }

    fn own(&mut self, value: &Value, own: Own) -> Result<(), Fault> {
        match (own, value) {
            (Own::BaseFont, Value::Name(name)) if name.len() <= 127 => Ok(()),
            (Own::Family, Value::Text(name)) if name.len() <= 127 => Ok(()),
            (Own::CidToGid, Value::Name(name)) if name == b"Identity" => Ok(()),
            (Own::CidToGid, map) => self.used(Role::Charset, map),
            (Own::Dash, Value::List(items)) => match items.as_slice() {
                [dashes, phase] if is_list(dashes, Value::is_number) && phase.is_number() => Ok(()),
                _ => Err(Fault("dashes")),
            },
            (Own::Descendants, Value::List(items)) => match items.as_slice() {
                [one] => self.used(Role::Descendant, one),
                _ => Err(Fault("descendants")),
            },
            (Own::Encoding, encoding) => self.encoding(encoding),
            (Own::Group, group) => self.dict(group, GROUP, false),
            (Own::Intents, Value::List(items)) => match items.as_slice() {
                [Value::Dict(entries)] => self.intent(entries),
                _ => Err(Fault("output intents")),
            },
            (Own::Kids, Value::List(items)) => items
                .iter()
                .try_for_each(|item| self.used(Role::Page, item)),
            (Own::Mask, Value::List(_)) if is_list(value, Value::is_number) => Ok(()),
            (Own::Mask, image) => self.used(Role::Image, image),
            (Own::Procs, Value::Dict(entries)) => entries
                .iter()
                .try_for_each(|(_, glyph)| self.used(Role::Glyph, glyph)),
            (Own::Resources, resources) => self.resources(resources),
            (Own::SoftMask, Value::Name(name)) if name == b"None" => Ok(()),
            (Own::SoftMask, mask) => self.dict(mask, SOFT_MASK, false),
            (Own::StateFont, Value::List(items)) => match items.as_slice() {
                [font, size] if size.is_number() => self.used(Role::Font, font),
                _ => Err(Fault("font of a graphics state")),
            },
            (Own::SystemInfo, Value::Dict(entries)) => system_info(entries),
            (Own::ToUnicode, Value::Name(name))
                if name == b"Identity-H" || name == b"Identity-V" =>
            {
                Ok(())
            }
            (Own::ToUnicode, map) => self.used(Role::ToUnicode, map),
            (Own::Transfer, Value::Name(name)) if name == b"Identity" || name == b"Default" => {
                Ok(())
            }
            (Own::Transfer, functions) => self.functions(functions),
            _ => Err(Fault("a value of another form")),
        }
    }

    fn intent(&mut self, entries: &[(Vec<u8>, Value)]) -> Result<(), Fault> {
        for (key, value) in entries {
            match (key.as_slice(), value) {
                (b"DestOutputProfile", profile) => self.used(Role::Profile, profile)?,
                (b"OutputConditionIdentifier", Value::Text(text)) if text == b"Custom" => {}
                (b"S", Value::Name(name)) if name == b"GTS_PDFA1" => {}
                (b"Type", Value::Name(name)) if name == b"OutputIntent" => {}
                _ => return Err(Fault("output intent")),
            }
        }
        Ok(())
    }

    fn encoding(&mut self, value: &Value) -> Result<(), Fault> {
        let entries = match value {
            Value::Name(name) => {
                let text = str::from_utf8(name).unwrap_or_default();
                let is_map = super::streams::is_predefined(text);
                let fits = ENCODINGS.contains(&text) || is_map;
                return if fits {
                    Ok(())
                } else {
                    Err(Fault("an encoding of its own"))
                };
            }
            Value::Ref(_) => return self.used(Role::CharacterMap, value),
            Value::Dict(entries) => entries,
            _ => return Err(Fault("encoding")),
        };
        for (key, value) in entries {
            let is_item = |item: &Value| matches!(item, Value::Int(_) | Value::Name(_));
            match key.as_slice() {
                b"BaseEncoding" if ENCODINGS.iter().any(|name| value.is_name(name)) => {}
                b"Differences" if is_list(value, is_item) => {}
                _ => return Err(Fault("encoding")),
            }
        }
        Ok(())
    }

    /// Resources: categories of names that are a letter and a number.
    fn resources(&mut self, value: &Value) -> Result<(), Fault> {
        let Value::Dict(categories) = value else {
            return Err(Fault("resources"));
        };
        for (category, entries) in categories {
            let Value::Dict(entries) = entries else {
                return Err(Fault("resources"));
            };
            let letter = match category.as_slice() {
                b"ColorSpace" => "C",
                b"ExtGState" => "G",
                b"Font" => "F",
                b"Pattern" => "P",
                b"Shading" => "S",
                b"XObject" => "X",
                _ => return Err(Fault("resources of another category")),
            };
            let mut named = 0;
            for (name, value) in entries {
                let text = str::from_utf8(name).map_err(|_| Fault("name of a resource"))?;
                let is_default = matches!(text, "DefaultCMYK" | "DefaultGray" | "DefaultRGB");
                if !(letter == "C" && is_default) {
                    named += 1;
                    let number = text.strip_prefix(letter).unwrap_or_default();
                    let number: usize = number.parse().map_err(|_| Fault("name of a resource"))?;
                    if text != format!("{letter}{number}") || number >= entries.len() {
                        return Err(Fault("name of a resource"));
                    }
                }
                self.resource(letter, value)?;
            }
            if named > entries.len() {
                return Err(Fault("resources"));
            }
        }
        Ok(())
    }

    fn resource(&mut self, letter: &str, value: &Value) -> Result<(), Fault> {
        let role = match letter {
            "C" => return self.space(value),
            "F" => Role::Font,
            "G" => Role::GraphicsState,
            "P" => Role::Pattern,
            "S" => Role::Shading,
            _ => {
                let Value::Ref(number) = value else {
                    return Err(Fault("resources"));
                };
                match self.at(*number)?.value.get("Subtype") {
                    Some(kind) if kind.is_name("Image") => Role::Image,
                    _ => Role::Form,
                }
            }
        };
        self.used(role, value)
    }

    /// A colour space, by name, array or reference.
    fn space(&mut self, value: &Value) -> Result<(), Fault> {
        let items = match value {
            Value::Name(_) => {
                let devices = ["DeviceCMYK", "DeviceGray", "DeviceRGB", "Pattern"];
                let fits = devices.iter().any(|name| value.is_name(name));
                return if fits {
                    Ok(())
                } else {
                    Err(Fault("colour space"))
                };
            }
            Value::Ref(_) => return self.used(Role::Space, value),
            Value::List(items) => items,
            _ => return Err(Fault("colour space")),
        };
        match items.as_slice() {
            [family, dict]
                if ["CalGray", "CalRGB", "Lab"]
                    .iter()
                    .any(|f| family.is_name(f)) =>
            {
                self.dict(dict, CALIBRATED, false)
            }
            [family, profile] if family.is_name("ICCBased") => self.used(Role::Profile, profile),
            [family, base] if family.is_name("Pattern") => self.space(base),
            [family, base, Value::Int(0..=255), Value::Text(table)]
                if family.is_name("Indexed") && table.len() <= 256 * 32 =>
            {
                self.views.hidden(table);
                self.space(base)
            }
            [family, name, alternate, tint] if family.is_name("Separation") => {
                colorant(name)?;
                self.space(alternate)?;
                self.used(Role::Function, tint)
            }
            [family, Value::List(names), alternate, tint] if family.is_name("DeviceN") => {
                names.iter().try_for_each(colorant)?;
                self.space(alternate)?;
                self.used(Role::Function, tint)
            }
            _ => Err(Fault("colour space")),
        }
    }
}

fn is_list(value: &Value, is: impl Fn(&Value) -> bool) -> bool {
    matches!(value, Value::List(items) if items.iter().all(is))
}

fn colorant(name: &Value) -> Result<(), Fault> {
    let Value::Name(name) = name else {
        return Err(Fault("colorant"));
    };
    let known = [
        "All", "Black", "Blue", "Cyan", "Green", "Magenta", "None", "Red", "Yellow",
    ];
    let spot = name.strip_prefix(b"Spot").unwrap_or_default();
    let is_spot = !spot.is_empty() && spot.len() < 7 && spot.iter().all(u8::is_ascii_digit);
    if is_spot || known.iter().any(|known| known.as_bytes() == name) {
        Ok(())
    } else {
        Err(Fault("colorant with a name of its own"))
    }
}

fn system_info(entries: &[(Vec<u8>, Value)]) -> Result<(), Fault> {
    let orderings: &[&[u8]] = &[
        b"CNS1",
        b"GB1",
        b"Identity",
        b"Japan1",
        b"Japan2",
        b"KR",
        b"Korea1",
        b"Manga1",
        b"UCS",
    ];
    for (key, value) in entries {
        match (key.as_slice(), value) {
            (b"Registry", Value::Text(text)) if text == b"Adobe" => {}
            (b"Ordering", Value::Text(text)) if orderings.contains(&text.as_slice()) => {}
            (b"Supplement", Value::Int(0..=99)) => {}
            _ => return Err(Fault("character collection")),
        }
    }
    Ok(())
}
