//! Text of form fields and notes that have no appearance, or one that readers draw anew (ISO 32000-1, section 12.7.3.3).

use super::content::Writer;
use super::drawing::{self, Rect};
use super::lexer::{Lexer, Token};
use super::object::{Dict, Object};
use super::properties::text_of;
use super::write;
use crate::Refusal;

/// Fields above a field.
const MAX_PARENTS: usize = 16;
/// Characters of a field.
const MAX_TEXT: usize = 10_000;
/// The flag of a field of several lines.
const MULTILINE: i64 = 1 << 12;
/// Space between a field's border and its text.
const MARGIN: f64 = 2.0;
/// The largest size of text whose size is to be chosen.
const AUTO_SIZE: f64 = 12.0;

impl Writer<'_, '_, '_> {
    /// An entry of a field or of the fields above it.
    pub(super) fn inherited(&self, field: &Dict, key: &str) -> Option<Object> {
        let document = self.builder.document;
        let mut node = field.clone();
        for _ in 0..MAX_PARENTS {
            if let Some(value) = document.at(&node, key) {
                return Some(value);
            }
            node = document.dict_at(&node, "Parent")?;
        }
        None
    }

    fn form(&self) -> Dict {
        let document = self.builder.document;
        let root = document.dict_at(&document.xref.trailer, "Root");
        root.and_then(|root| document.dict_at(&root, "AcroForm"))
            .unwrap_or_default()
    }

    /// The text that a reader writes into a field or note by itself. A field that has an appearance has one only if
    /// the form says that appearances are out of date.
    pub(super) fn own_text(&self, dict: &Dict) -> Option<String> {
        let document = self.builder.document;
        let has_appearance = document
            .dict_at(dict, "AP")
            .is_some_and(|ap| ap.get("N").is_some());
        let subtype = document.at(dict, "Subtype");
        let text = match subtype.as_ref().and_then(Object::as_name)? {
            b"FreeText" if !has_appearance => document.at(dict, "Contents")?,
            b"Widget" => {
                let stale =
                    document.at(&self.form(), "NeedAppearances") == Some(Object::Bool(true));
                let kind = self.inherited(dict, "FT");
                let kind = kind.as_ref().and_then(Object::as_name)?;
                if has_appearance && !stale || !matches!(kind, b"Tx" | b"Ch") {
                    return None;
                }
                self.inherited(dict, "V")?
            }
            _ => return None,
        };
        let text: String = text_of(&text).chars().take(MAX_TEXT).collect();
        (!text.trim().is_empty()).then_some(text)
    }

    /// Draws text into a rectangle, in the size and colour that its default appearance names.
    pub(super) fn drawn_text(
        &mut self,
        dict: &Dict,
        rect: Rect,
        text: &str,
    ) -> Result<Vec<u8>, Refusal> {
        let default = self.inherited(dict, "DA");
        let default = default.or_else(|| self.builder.document.at(&self.form(), "DA"));
        let style = Style::read(default.as_ref());
        let flags = self
            .inherited(dict, "Ff")
            .and_then(|flags| flags.as_int())
            .unwrap_or(0);
        let (width, height) = (rect.right - rect.left, rect.top - rect.bottom);
        let lines: Vec<&str> = text.split(['\r', '\n']).collect();
        let is_block = flags & MULTILINE != 0 || lines.len() > 1;
        let fitting = if is_block {
            AUTO_SIZE
        } else {
            (height * 0.67).min(AUTO_SIZE)
        };
        let size = if style.size > 0.0 {
            style.size
        } else {
            fitting
        };
        let first = if is_block {
            height - MARGIN - size
        } else {
            height / 2.0 - size * 0.35
        };
        let font = Dict::default()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type1"))
            .with("BaseFont", Object::name("Helvetica"))
            .with("Encoding", Object::name("WinAnsiEncoding"));
        let font = self.builder.add_dict(font)?;
        let name = self.name_of("Font", font);
        let mut out = Vec::new();
        drawing::numbers(&mut out, &[rect.left, rect.bottom, width, height]);
        out.extend_from_slice(b"re\nW\nn\nBT\n");
        out.extend_from_slice(&style.colour);
        write::name(&mut out, &name);
        out.push(b' ');
        drawing::numbers(&mut out, &[size]);
        out.extend_from_slice(b"Tf\n");
        let mut down = rect.bottom + first;
        let mut right = rect.left + MARGIN;
        for line in lines {
            drawing::numbers(&mut out, &[right, down]);
            out.extend_from_slice(b"Td\n");
            let octets: Vec<u8> = line.chars().map(win_ansi).collect();
            write::string(&mut out, &octets);
            out.extend_from_slice(b" Tj\n");
            (right, down) = (0.0, -size * 1.2);
        }
        out.extend_from_slice(b"ET\n");
        Ok(out)
    }
}

/// What a default appearance says.
struct Style {
    size: f64,
    /// An operator with its operands.
    colour: Vec<u8>,
}

impl Style {
    fn read(default: Option<&Object>) -> Self {
        let mut style = Self {
            size: 0.0,
            colour: b"0 g\n".to_vec(),
        };
        let Some(Object::String(code)) = default else {
            return style;
        };
        let mut lexer = Lexer::new(code, 0);
        let mut numbers = Vec::new();
        while let Some(token) = lexer.token() {
            match token {
                Token::Number(number) => numbers.extend(number.as_f64()),
                Token::Word(b"Tf") => {
                    style.size = numbers.last().copied().unwrap_or(0.0).abs();
                    numbers.clear();
                }
                Token::Word(operator @ (b"g" | b"rg" | b"k")) => {
                    let count = match operator {
                        b"g" => 1,
                        b"rg" => 3,
                        _ => 4,
                    };
                    let start = numbers.len().checked_sub(count);
                    if let Some(colour) = start.and_then(|start| numbers.get(start..)) {
                        style.colour.clear();
                        drawing::numbers(&mut style.colour, colour);
                        style.colour.extend_from_slice(operator);
                        style.colour.push(b'\n');
                    }
                    numbers.clear();
                }
                Token::Word(_) => numbers.clear(),
                _ => {}
            }
        }
        style
    }
}

/// The code of a character in the encoding of western Windows (Annex D.2).
fn win_ansi(c: char) -> u8 {
    const MARKS: &[(char, u8)] = &[
        ('€', 0x80),
        ('‚', 0x82),
        ('„', 0x84),
        ('…', 0x85),
        ('Š', 0x8a),
        ('Œ', 0x8c),
        ('Ž', 0x8e),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('™', 0x99),
        ('š', 0x9a),
        ('œ', 0x9c),
        ('ž', 0x9e),
        ('Ÿ', 0x9f),
    ];
    match u32::from(c) {
        code @ (0x20..=0x7e | 0xa0..=0xff) => u8::try_from(code).unwrap_or(b'?'),
        _ => MARKS
            .iter()
            .find(|(mark, _)| *mark == c)
            .map_or(b'?', |(_, code)| *code),
    }
}
