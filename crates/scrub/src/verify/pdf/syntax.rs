//! The one spelling of objects, read strictly.

use crate::verify::Fault;

/// Arrays and dictionaries within each other.
const MAX_DEPTH: u8 = 64;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Bool(bool),
    Int(i64),
    Real,
    Name(Vec<u8>),
    Text(Vec<u8>),
    List(Vec<Value>),
    Dict(Vec<(Vec<u8>, Value)>),
    Ref(usize),
}

impl Value {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Real)
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name.as_bytes())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Dict(entries) => entries
                .iter()
                .find(|(own, _)| own == key.as_bytes())
                .map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Reads octets that have to be what they are.
pub(super) struct Strict<'a> {
    octets: &'a [u8],
    pub(super) at: usize,
    with_references: bool,
}

impl<'a> Strict<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self {
            octets,
            at: 0,
            with_references: true,
        }
    }

    /// Content, in which `0 0 R` is the front of `0 0 RG`.
    pub(super) fn content(octets: &'a [u8]) -> Self {
        Self {
            with_references: false,
            ..Self::new(octets)
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    pub(super) fn starts(&self, with: &[u8]) -> bool {
        self.rest().starts_with(with)
    }

    /// Steps over octets if they stand here.
    pub(super) fn eat(&mut self, octets: &[u8]) -> bool {
        let stands = self.starts(octets);
        if stands {
            self.at += octets.len();
        }
        stands
    }

    pub(super) fn expect(&mut self, octets: &[u8], fault: &'static str) -> Result<(), Fault> {
        if self.eat(octets) {
            Ok(())
        } else {
            Err(Fault(fault))
        }
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        let taken = self.rest().get(..len).ok_or(Fault("octets are missing"))?;
        self.at += len;
        Ok(taken)
    }

    pub(super) fn take_while(&mut self, is: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let len = rest
            .iter()
            .position(|&octet| !is(octet))
            .unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// A whole number without a sign, in its shortest spelling.
    pub(super) fn count(&mut self) -> Result<usize, Fault> {
        let digits = self.take_while(|octet| octet.is_ascii_digit());
        if digits.len() > 1 && digits.starts_with(b"0") {
            return Err(Fault("number with leading zeros"));
        }
        let text = str::from_utf8(digits).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or(Fault("no number"))
    }

    pub(super) fn value(&mut self) -> Result<Value, Fault> {
        self.within(MAX_DEPTH)
    }

    fn within(&mut self, depth: u8) -> Result<Value, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault("too deep"))?;
        match self.rest() {
            [b'/', ..] => self.name().map(Value::Name),
            [b'(', ..] => self.text().map(Value::Text),
            [b'<', b'<', ..] => self.dict(depth),
            [b'[', ..] => self.list(depth),
            [b'0'..=b'9' | b'-' | b'.', ..] => self.number(),
            rest if rest.starts_with(b"true") => {
                self.at += 4;
                Ok(Value::Bool(true))
            }
            rest if rest.starts_with(b"false") => {
                self.at += 5;
                Ok(Value::Bool(false))
            }
            _ => Err(Fault("no object")),
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let negative = self.eat(b"-");
        let whole = self.take_while(|octet| octet.is_ascii_digit());
        if self.eat(b".") {
            let fraction = self.take_while(|octet| octet.is_ascii_digit());
            let is_short = !whole.starts_with(b"0") && !fraction.ends_with(b"0");
            if !is_short || fraction.is_empty() || fraction.len() > 10 || whole.len() > 18 {
                return Err(Fault("number in a longer spelling"));
            }
            return Ok(Value::Real);
        }
        if whole.len() > 18
            || whole.len() > 1 && whole.starts_with(b"0")
            || negative && whole == b"0"
        {
            return Err(Fault("number in a longer spelling"));
        }
        let text = str::from_utf8(whole).ok();
        let number: i64 = text
            .and_then(|t| t.parse().ok())
            .ok_or(Fault("no number"))?;
        if self.with_references && !negative && self.starts(b" 0 R") {
            self.at += 4;
            return usize::try_from(number)
                .map(Value::Ref)
                .map_err(|_| Fault("no reference"));
        }
        Ok(Value::Int(if negative { -number } else { number }))
    }

    fn name(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let raw = self
            .take_while(|octet| !octet.is_ascii_whitespace() && !b"()<>[]{}/%\0".contains(&octet));
        let mut name = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&octet, after)) = rest.split_first() {
            rest = after;
            if octet == b'#' {
                let (digits, after) = rest
                    .split_first_chunk::<2>()
                    .ok_or(Fault("escape cut short"))?;
                let text = str::from_utf8(digits).map_err(|_| Fault("escape"))?;
                let octet = u8::from_str_radix(text, 16).map_err(|_| Fault("escape"))?;
                let is_needed = !octet.is_ascii_graphic() || b"()<>[]{}/%#".contains(&octet);
                if !is_needed || text.bytes().any(|digit| digit.is_ascii_lowercase()) {
                    return Err(Fault("escape of what needs none"));
                }
                name.push(octet);
                rest = after;
            } else if octet.is_ascii_graphic() {
                name.push(octet);
            } else {
                return Err(Fault("octet in a name that needs an escape"));
            }
        }
        Ok(name)
    }

    fn text(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let mut text = Vec::new();
        loop {
            match self.take(1)? {
                b")" => return Ok(text),
                b"\\" => match self.take(1)? {
                    b"r" => text.push(b'\r'),
                    &[octet @ (b'(' | b')' | b'\\')] => text.push(octet),
                    _ => return Err(Fault("escape of what needs none")),
                },
                b"(" | b"\r" => return Err(Fault("octet in a string that needs an escape")),
                octets => text.extend_from_slice(octets),
            }
        }
    }

    fn list(&mut self, depth: u8) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.eat(b"]") {
            if !items.is_empty() {
                self.expect(b" ", "items not parted by one space")?;
            }
            items.push(self.within(depth)?);
        }
        Ok(Value::List(items))
    }

    fn dict(&mut self, depth: u8) -> Result<Value, Fault> {
        self.at += 2;
        let mut entries: Vec<(Vec<u8>, Value)> = Vec::new();
        while !self.eat(b">>") {
            if !self.starts(b"/") {
                return Err(Fault("no key"));
            }
            let key = self.name()?;
            if entries.last().is_some_and(|(last, _)| *last >= key) {
                return Err(Fault("keys out of order"));
            }
            self.expect(b" ", "no space behind a key")?;
            entries.push((key, self.within(depth)?));
        }
        Ok(Value::Dict(entries))
    }
}
