//! Walks over a message and gives its parts, however deeply they are nested, in one pass.
//!
//! Which part stands in which does not matter here, so no tree is built: every boundary that a field has named is kept,
//! and a line that is one of them ends the part before it. So a missing end, wrong nesting or a million parts cost nothing,
//! and of all the fields of a message only two are looked at: `Content-Type` and `Content-Transfer-Encoding`.

use std::collections::HashMap;

use mail_parser::{ContentType, HeaderValue, parsers::MessageStream};

/// The longest field that is looked at, in octets.
///
/// It bounds the time that parsing takes, which grows with the square of the number of parameters.
const MAX_FIELD: usize = 4 << 10;
/// The longest boundary. RFC 2046, section 5.1.1 allows 70 octets, and not everybody counts.
const MAX_BOUNDARY: usize = 250;

/// A part that holds no other parts.
#[derive(Default)]
pub(crate) struct Part<'m> {
    pub(crate) kind: Kind,
    /// The name of the charset, if the part names one.
    pub(crate) charset: Option<String>,
    pub(crate) encoding: Encoding,
    /// As it stands in the message.
    pub(crate) body: &'m [u8],
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text of any kind but HTML.
    #[default]
    Text,
    Html,
    /// A message that has to be decoded before one can walk over it.
    Message,
    Other,
}

/// RFC 2045, section 6.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// 7bit, 8bit, binary, and whatever nobody knows.
    #[default]
    AsItIs,
    Base64,
    QuotedPrintable,
}

/// Boundaries, and whether the parts between them are messages when they don't say otherwise (RFC 2046, section 5.1.5).
type Boundaries = HashMap<Vec<u8>, bool>;

/// Where the walk is.
enum At<'m> {
    Head(Head<'m>),
    /// A part, from there on, and the fields that the last lines look like: of several messages that somebody put one behind
    /// the other into a file, each begins in the body, or behind the end, of the one before.
    Body(Part<'m>, usize, Head<'m>),
}

/// The two fields that matter, from their colon on.
#[derive(Default)]
struct Head<'m> {
    content_type: Option<&'m [u8]>,
    encoding: Option<&'m [u8]>,
    open: Option<Field>,
    is_in_digest: bool,
}

#[derive(Clone, Copy)]
enum Field {
    ContentType,
    Encoding,
}

/// Gives each part of `message`; says whether it began with a field at all.
pub(crate) fn walk<'m>(message: &'m [u8], mut each: impl FnMut(Part<'m>)) -> bool {
    let mut boundaries = Boundaries::new();
    let mut at = At::Head(Head::default());
    let mut is_message = false;
    let mut start = 0;
    for line in message.split_inclusive(|&octet| octet == b'\n') {
        let end = start + line.len();
        if let Some(next) = boundary(line, end, &boundaries) {
            finish(at, message, start, &mut each);
            at = next;
        } else if let At::Body(_, _, head) = &mut at {
            let is_empty = line.trim_ascii().is_empty();
            if is_empty && head.content_type.is_some() {
                let next = head.end(end, &mut boundaries);
                finish(at, message, start, &mut each);
                at = next;
            } else if is_empty || !head.line(message, start, end) {
                *head = Head::default();
            }
        } else if let At::Head(head) = &mut at {
            let is_empty = line.trim_ascii().is_empty();
            if is_empty && is_message {
                at = head.end(end, &mut boundaries);
            } else if !is_empty && !head.line(message, start, end) && !is_message {
                // A mailbox file's separator may have been left; anything else is text without a head.
                if !line.starts_with(b"From ") {
                    at = At::body(Part::default(), start);
                }
            } else {
                is_message |= !is_empty;
            }
        }
        start = end;
    }
    finish(at, message, start, &mut each);
    is_message
}

/// What follows when `line` is a boundary; the next line begins at `next`.
fn boundary<'m>(line: &[u8], next: usize, boundaries: &Boundaries) -> Option<At<'m>> {
    let line = line.strip_prefix(b"--")?;
    // An end has two dashes more, and spaces may follow.
    if boundaries.is_empty() || line.len() > MAX_BOUNDARY + 80 {
        return None;
    }
    let line = line.trim_ascii_end();
    if let Some(&is_in_digest) = boundaries.get(line) {
        return Some(At::Head(Head {
            is_in_digest,
            ..Head::default()
        }));
    }
    let ended = line.strip_suffix(b"--")?.trim_ascii_end();
    let is_end = boundaries.contains_key(ended);
    // What follows belongs to no part: a list's footer, perhaps.
    is_end.then(|| At::body(Part::default(), next))
}

fn finish<'m>(at: At<'m>, message: &'m [u8], end: usize, each: &mut impl FnMut(Part<'m>)) {
    if let At::Body(part, start, _) = at {
        let mut body = message.get(start..end).unwrap_or_default();
        // The line end before a boundary belongs to the boundary.
        if end < message.len() {
            body = body.strip_suffix(b"\n").unwrap_or(body);
            body = body.strip_suffix(b"\r").unwrap_or(body);
        }
        if !body.is_empty() {
            each(Part { body, ..part });
        }
    }
}

impl<'m> At<'m> {
    fn body(part: Part<'m>, start: usize) -> Self {
        At::Body(part, start, Head::default())
    }
}

impl<'m> Head<'m> {
    /// Takes one line of a head; whether it is, or goes on with, a field.
    fn line(&mut self, message: &'m [u8], start: usize, end: usize) -> bool {
        let line = message.get(start..end).unwrap_or_default();
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            let field = match self.open {
                Some(Field::ContentType) => &mut self.content_type,
                Some(Field::Encoding) => &mut self.encoding,
                None => return false,
            };
            // A field's lines follow each other in the message.
            if let Some(value) = field {
                let from = start.saturating_sub(value.len());
                *value = message.get(from..end).unwrap_or_default();
            }
            return true;
        }
        self.open = None;
        let Some(colon) = line.iter().position(|&octet| octet == b':') else {
            return false;
        };
        let (name, value) = line.split_at(colon);
        let name = name.trim_ascii_end();
        let value = value.get(1..).unwrap_or_default();
        if self.content_type.is_none() && name.eq_ignore_ascii_case(b"content-type") {
            self.content_type = Some(value);
            self.open = Some(Field::ContentType);
        } else if self.encoding.is_none() && name.eq_ignore_ascii_case(b"content-transfer-encoding")
        {
            self.encoding = Some(value);
            self.open = Some(Field::Encoding);
        }
        !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
    }

    /// What follows the empty line after a head.
    fn end(&self, body: usize, boundaries: &mut Boundaries) -> At<'m> {
        let encoding = encoding(self.encoding.unwrap_or_default());
        let value = self.content_type.filter(|value| value.len() <= MAX_FIELD);
        let value = value.map(|value| MessageStream::new(value).parse_content_type());
        let content_type = match &value {
            Some(HeaderValue::ContentType(content_type)) => Some(content_type),
            _ => None,
        };
        let kind = match content_type {
            None if self.is_in_digest => Kind::Message,
            None => Kind::Text,
            Some(content_type) => kind(content_type),
        };
        if let Some(content_type) = content_type
            && content_type.ctype().eq_ignore_ascii_case("multipart")
            && let Some(boundary) = content_type.attribute("boundary")
        {
            let boundary = boundary.trim_end().as_bytes().to_vec();
            if (1..=MAX_BOUNDARY).contains(&boundary.len()) {
                boundaries.insert(boundary, has_subtype(content_type, &["digest"]));
            }
        }
        if kind == Kind::Message && encoding == Encoding::AsItIs {
            return At::Head(Self::default());
        }
        let charset = content_type.and_then(|content_type| content_type.attribute("charset"));
        let part = Part {
            kind,
            charset: charset.map(str::to_owned),
            encoding,
            body: &[],
        };
        At::body(part, body)
    }
}

fn kind(content_type: &ContentType<'_>) -> Kind {
    match content_type.ctype().to_ascii_lowercase().as_str() {
        "text" if has_subtype(content_type, &["html"]) => Kind::Html,
        // What stands before the first part, or, when no boundary comes, everything.
        "text" | "multipart" => Kind::Text,
        "message" if has_subtype(content_type, &["rfc822", "global"]) => Kind::Message,
        _ => Kind::Other,
    }
}

fn has_subtype(content_type: &ContentType<'_>, among: &[&str]) -> bool {
    let subtype = content_type.subtype().unwrap_or_default();
    among.iter().any(|name| subtype.eq_ignore_ascii_case(name))
}

fn encoding(value: &[u8]) -> Encoding {
    let value = value.trim_ascii();
    let end = value
        .iter()
        .position(|octet| b" \t\r\n;(".contains(octet))
        .unwrap_or(value.len());
    let name = value.get(..end).unwrap_or_default();
    if name.eq_ignore_ascii_case(b"base64") {
        Encoding::Base64
    } else if name.eq_ignore_ascii_case(b"quoted-printable") {
        Encoding::QuotedPrintable
    } else {
        Encoding::AsItIs
    }
}
