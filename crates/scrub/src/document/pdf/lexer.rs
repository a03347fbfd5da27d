//! Tokens and objects out of octets (ISO 32000-1, section 7.2).

use super::object::{Dict, Name, Object, number};

/// Arrays and dictionaries within each other are followed this far.
const MAX_DEPTH: u8 = 48;

/// Reads octets forward.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Number(Object),
    Name(Name),
    String(Vec<u8>),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
    BraceOpen,
    BraceClose,
    Word(&'a [u8]),
}

pub(super) fn is_space(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

pub(super) fn is_delimiter(b: u8) -> bool {
    matches!(
        b,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

pub(super) fn is_regular(b: u8) -> bool {
    !is_space(b) && !is_delimiter(b)
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Steps over white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(b) = self.peek() {
            if b == b'%' {
                while self.peek().is_some_and(|b| b != b'\r' && b != b'\n') {
                    self.at += 1;
                }
            } else if is_space(b) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn run(&mut self, of: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().position(|&b| !of(b)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// The next token, or nothing at the end.
    pub(super) fn token(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let first = self.peek()?;
        let token = match first {
            b'0'..=b'9' | b'+' | b'-' | b'.' => {
                let text = self.run(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.'));
                Token::Number(number(text))
            }
            b'/' => {
                self.at += 1;
                Token::Name(unescape(self.run(is_regular)))
            }
            b'(' => Token::String(self.literal()),
            b'<' if self.rest().starts_with(b"<<") => {
                self.at += 2;
                Token::DictOpen
            }
            b'<' => Token::String(self.hex()),
            b'>' if self.rest().starts_with(b">>") => {
                self.at += 2;
                Token::DictClose
            }
            b'[' | b']' | b'{' | b'}' | b'>' | b')' => {
                self.at += 1;
                match first {
                    b'[' => Token::ArrayOpen,
                    b']' => Token::ArrayClose,
                    b'{' => Token::BraceOpen,
                    b'}' => Token::BraceClose,
                    _ => self.stray(),
                }
            }
            _ => Token::Word(self.run(is_regular)),
        };
        Some(token)
    }

    /// A closing bracket that nothing opened is stepped over, as readers do.
    fn stray(&mut self) -> Token<'a> {
        while self.peek().is_some_and(|b| b == b'>' || b == b')') {
            self.at += 1;
        }
        Token::Word(b"")
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_u32;
        while let Some(b) = self.peek() {
            self.at += 1;
            match b {
                b'(' => open += 1,
                b')' if open == 1 => break,
                b')' => open -= 1,
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    text.push(b'\n');
                    continue;
                }
                _ => {}
            }
            text.push(b);
        }
        text
    }

    fn escape(&mut self) -> Option<u8> {
        let b = self.peek()?;
        self.at += 1;
        match b {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                None
            }
            b'0'..=b'7' => {
                let mut value = u32::from(b - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.at += 1;
                    value = value * 8 + u32::from(digit - b'0');
                }
                u8::try_from(value & 255).ok()
            }
            other => Some(other),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut high = None;
        while let Some(b) = self.peek() {
            self.at += 1;
            if b == b'>' {
                break;
            }
            let Some(digit) = hex_digit(b) else { continue };
            match high.take() {
                None => high = Some(digit << 4),
                Some(h) => text.push(h | digit),
            }
        }
        text.extend(high);
        text
    }

    /// The next object. `n g R` is a reference only `with_refs`; a word that is no object comes back as nothing, and
    /// stays unread.
    pub(super) fn object(&mut self, with_refs: bool) -> Option<Object> {
        self.object_within(with_refs, MAX_DEPTH)
    }

    fn object_within(&mut self, with_refs: bool, depth: u8) -> Option<Object> {
        let depth = depth.checked_sub(1)?;
        let before = self.at;
        match self.token()? {
            Token::Number(number) => Some(if with_refs {
                self.reference(&number).unwrap_or(number)
            } else {
                number
            }),
            Token::Name(name) => Some(Object::Name(name)),
            Token::String(text) => Some(Object::String(text)),
            Token::ArrayOpen => Some(Object::array(self.array(with_refs, depth))),
            Token::DictOpen => Some(Object::Dict(self.dict(with_refs, depth))),
            Token::Word(word) => {
                let object = match word {
                    b"true" => Some(Object::Bool(true)),
                    b"false" => Some(Object::Bool(false)),
                    b"null" => Some(Object::Null),
                    _ => None,
                };
                if object.is_none() {
                    self.at = before;
                }
                object
            }
            _ => {
                self.at = before;
                None
            }
        }
    }

    fn reference(&mut self, number: &Object) -> Option<Object> {
        let Object::Int(number) = number else {
            return None;
        };
        let number = u32::try_from(*number).ok()?;
        let mut ahead = self.clone();
        let Some(Token::Number(Object::Int(0..=65535))) = ahead.token() else {
            return None;
        };
        if ahead.token()? != Token::Word(b"R") {
            return None;
        }
        self.at = ahead.at;
        Some(Object::Ref(number))
    }

    fn array(&mut self, with_refs: bool, depth: u8) -> Vec<Object> {
        let mut items = Vec::new();
        loop {
            self.skip_space();
            let before = self.at;
            match self.object_within(with_refs, depth) {
                Some(item) => items.push(item),
                None => match self.token() {
                    Some(Token::ArrayClose) | None => return items,
                    Some(Token::DictClose | Token::Word(b"endobj" | b"stream" | b"endstream")) => {
                        self.at = before;
                        return items;
                    }
                    Some(_) => {}
                },
            }
        }
    }

    /// The entries of a dictionary whose opening brackets were read.
    pub(super) fn dict(&mut self, with_refs: bool, depth: u8) -> Dict {
        let mut dict = Dict::default();
        loop {
            let before = self.at;
            match self.token() {
                Some(Token::Name(key)) => {
                    let value = self.object_within(with_refs, depth);
                    if let Some(value) = value.filter(|value| *value != Object::Null) {
                        dict.insert(key, value);
                    }
                }
                Some(Token::DictClose) | None => break,
                Some(Token::Word(b"endobj" | b"stream" | b"endstream")) => {
                    self.at = before;
                    break;
                }
                Some(_) => {}
            }
        }
        dict
    }
}

pub(super) fn hex_digit(b: u8) -> Option<u8> {
    char::from(b)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

fn unescape(name: &[u8]) -> Name {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&b, after)) = rest.split_first() {
        rest = after;
        if b == b'#'
            && let Some((&[high, low], after)) = rest.split_first_chunk::<2>()
            && let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low))
        {
            out.push(high << 4 | low);
            rest = after;
        } else {
            out.push(b);
        }
    }
    out
}
