//! Numbers the names that were made for colorants and fonts by the order in which the file has them.
//!
//! While the file is built, something may get a number and then not be used after all. Such gaps would tell what was
//! there, and a second scrubbing would close them.

use std::collections::HashMap;
use std::rc::Rc;

use super::object::{Dict, Name, Object};

/// What stands before a colorant's number.
const SPOT: &[u8] = b"Spot";
/// Letters of a font's number, in base 26.
const TAG: usize = 6;

/// New names by old ones, of colorants and of fonts.
#[derive(Default)]
pub(super) struct Renamed {
    spots: HashMap<Name, usize>,
    tags: HashMap<Name, usize>,
}

impl Renamed {
    /// The object with its made names numbered anew. Only whole objects hold such names, never parts of them.
    pub(super) fn object(&mut self, object: &Object) -> Object {
        match object {
            Object::Array(items) => self.space(items),
            Object::Dict(dict) => self.font(dict),
            other => other.clone(),
        }
    }

    fn space(&mut self, items: &Rc<Vec<Object>>) -> Object {
        let family = items.first().and_then(Object::as_name);
        if !matches!(family, Some(b"Separation" | b"DeviceN")) {
            return Object::Array(Rc::clone(items));
        }
        let mut items = items.to_vec();
        if let Some(names) = items.get_mut(1) {
            *names = match &*names {
                Object::Array(names) => {
                    Object::array(names.iter().map(|name| self.colorant(name)).collect())
                }
                name => self.colorant(name),
            };
        }
        Object::array(items)
    }

    fn colorant(&mut self, name: &Object) -> Object {
        match name.as_name() {
            Some(old) if is_spot(old) => {
                let next = self.spots.len();
                let number = *self.spots.entry(old.to_vec()).or_insert(next);
                spot(number)
            }
            _ => name.clone(),
        }
    }

    fn font(&mut self, dict: &Dict) -> Object {
        let mut dict = dict.clone();
        for key in ["BaseFont", "FontName"] {
            if let Some(name) = dict.get(key).and_then(|name| self.font_name(name)) {
                dict = dict.with(key, name);
            }
        }
        Object::Dict(dict)
    }

    fn font_name(&mut self, name: &Object) -> Option<Object> {
        let (old, rest) = name.as_name()?.split_at_checked(TAG)?;
        if !rest.starts_with(b"+Font") {
            return None;
        }
        let next = self.tags.len();
        let number = *self.tags.entry(old.to_vec()).or_insert(next);
        Some(Object::Name([&tag(number), rest].concat()))
    }
}

fn is_spot(name: &[u8]) -> bool {
    let digits = name.strip_prefix(SPOT).unwrap_or_default();
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// The name of the colorant of that number.
pub(super) fn spot(number: usize) -> Object {
    Object::name(&format!("Spot{number}"))
}

/// The letters that number a font.
pub(super) fn tag(mut number: usize) -> [u8; TAG] {
    let mut tag = [b'A'; TAG];
    for letter in tag.iter_mut().rev() {
        *letter = b'A' + u8::try_from(number % 26).unwrap_or(0);
        number /= 26;
    }
    tag
}
