//! The eight kinds of objects of a PDF file (ISO 32000-1, section 7.3).

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::rc::Rc;

use zeroize::Zeroizing;

/// The key of a dictionary, or a name, without its slash and with its `#` escapes resolved.
pub(super) type Name = Vec<u8>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    /// A number that is no integer, as its shortest spelling: `-.5`.
    Real(Box<str>),
    Name(Name),
    String(Vec<u8>),
    Array(Rc<Vec<Object>>),
    Dict(Dict),
    Stream(Rc<Stream>),
    Ref(u32),
}

/// Keys and values, in the order of the keys; of a key that stands twice, the last. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Dict(Rc<BTreeMap<Name, Object>>);

/// A dictionary with octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stream {
    pub(super) dict: Dict,
    pub(super) data: Data,
}

/// The octets of a stream, still under its filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// In the file, maybe encrypted for this object.
    File {
        range: FileRange,
        number: u32,
        generation: u16,
    },
    Made(Zeroizing<Vec<u8>>),
}

impl Hash for Data {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::File { number, .. } => number.hash(state),
            Self::Made(octets) => octets.as_slice().hash(state),
        }
    }
}

/// A range of the file, by its start and end.
pub(super) type FileRange = (usize, usize);

pub(super) fn range(range: FileRange) -> Range<usize> {
    range.0..range.1
}

impl Object {
    pub(super) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    pub(super) fn array(items: Vec<Object>) -> Self {
        Self::Array(Rc::new(items))
    }

    /// A number, to six places.
    pub(super) fn real(value: f64) -> Self {
        if !value.is_finite() {
            return Self::Int(0);
        }
        number(format!("{value:.6}").as_bytes())
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "coordinates are small")]
            Self::Int(i) => Some(*i as f64),
            Self::Real(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            #[allow(clippy::cast_possible_truncation, reason = "a fraction is cut off")]
            Self::Real(text) => text.parse::<f64>().ok().map(|value| value as i64),
            _ => None,
        }
    }

    pub(super) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The dictionary, also of a stream.
    pub(super) fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub(super) fn as_stream(&self) -> Option<&Rc<Stream>> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Real(_))
    }
}

impl Dict {
    pub(super) fn get(&self, key: &str) -> Option<&Object> {
        self.0.get(key.as_bytes())
    }

    /// The value of a key that need not be text.
    pub(super) fn named(&self, key: &[u8]) -> Option<&Object> {
        self.0.get(key)
    }

    pub(super) fn set(&mut self, key: &str, value: Object) {
        self.insert(key.as_bytes().to_vec(), value);
    }

    pub(super) fn insert(&mut self, key: Name, value: Object) {
        Rc::make_mut(&mut self.0).insert(key, value);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, &Object)> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The dictionary with one more entry.
    pub(super) fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }
}

impl FromIterator<(Name, Object)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Name, Object)>>(entries: I) -> Self {
        Self(Rc::new(entries.into_iter().collect()))
    }
}

/// Digits behind the point that are kept: more than any renderer tells apart.
const FRACTION: usize = 10;
/// Digits before the point of a number that is no integer of 64 bits.
const WHOLE: usize = 18;

/// Reads a number as lenient readers do: signs in the middle and a second point end it.
pub(super) fn number(text: &[u8]) -> Object {
    let negative = text.first() == Some(&b'-');
    let mut digits = text.iter().skip_while(|b| matches!(b, b'+' | b'-'));
    let (mut whole, mut fraction) = (String::new(), String::new());
    let mut point = false;
    for &b in digits.by_ref() {
        match b {
            b'0'..=b'9' if !point => whole.push(char::from(b)),
            b'0'..=b'9' if fraction.len() < FRACTION => fraction.push(char::from(b)),
            b'0'..=b'9' => {}
            b'.' if !point => point = true,
            _ => break,
        }
    }
    let whole = whole.trim_start_matches('0');
    let whole = whole.get(..whole.len().min(WHOLE)).unwrap_or_default();
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        let value: i64 = whole.parse().unwrap_or(0);
        return Object::Int(if negative { -value } else { value });
    }
    let sign = if negative { "-" } else { "" };
    Object::Real(format!("{sign}{whole}.{fraction}").into())
}
