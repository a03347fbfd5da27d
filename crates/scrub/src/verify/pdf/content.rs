//! Content streams: one operator on each line, with just the operands that it takes.

use super::syntax::{Strict, Value};
use crate::leak::Views;
use crate::verify::Fault;

pub(super) fn check(octets: &[u8], views: &mut Views<'_>) -> Result<(), Fault> {
    let mut strict = Strict::content(octets);
    let mut operands = Vec::new();
    let (mut saved, mut marks) = (0_usize, 0_usize);
    while !strict.is_at_end() {
        if let [b'/' | b'(' | b'[' | b'<' | b'0'..=b'9' | b'-' | b'.', ..] = strict.rest() {
            operands.push(strict.value()?);
            strict.expect(b" ", "no space behind an operand")?;
            continue;
        }
        let operator = strict.take_while(|octet| octet != b'\n');
        strict.expect(b"\n", "line of content cut short")?;
        match operator {
            b"q" => saved += 1,
            b"Q" => saved = saved.checked_sub(1).ok_or(Fault("Q without q"))?,
            b"BDC" => marks += 1,
            b"EMC" => marks = marks.checked_sub(1).ok_or(Fault("EMC without BDC"))?,
            _ => {}
        }
        if !fits(operator, &operands) {
            return Err(Fault("operator of content, or its operands"));
        }
        show(operator, &operands, views);
        operands.clear();
    }
    if saved == 0 && marks == 0 && operands.is_empty() {
        Ok(())
    } else {
        Err(Fault("content that is left open"))
    }
}

fn fits(operator: &[u8], operands: &[Value]) -> bool {
    let numbers = |count: usize| operands.len() == count && operands.iter().all(Value::is_number);
    match operator {
        b"q" | b"Q" | b"h" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*"
        | b"n" | b"W" | b"W*" | b"BT" | b"ET" | b"T*" | b"EMC" => numbers(0),
        b"w" | b"J" | b"j" | b"M" | b"i" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tr" | b"Ts" | b"g"
        | b"G" => numbers(1),
        b"m" | b"l" | b"Td" | b"TD" | b"d0" => numbers(2),
        b"rg" | b"RG" => numbers(3),
        b"v" | b"y" | b"re" | b"k" | b"K" => numbers(4),
        b"c" | b"cm" | b"Tm" | b"d1" => numbers(6),
        b"sc" | b"SC" => operands.len() <= 40 && operands.iter().all(Value::is_number),
        b"scn" | b"SCN" => match operands {
            [front @ .., Value::Name(name)] => {
                front.iter().all(Value::is_number) && is_resource(name, b'P')
            }
            all => all.len() <= 40 && all.iter().all(Value::is_number),
        },
        b"d" => match operands {
            [Value::List(dashes), phase] => {
                dashes.iter().all(Value::is_number) && phase.is_number()
            }
            _ => false,
        },
        b"ri" => {
            let intents = [
                "AbsoluteColorimetric",
                "Perceptual",
                "RelativeColorimetric",
                "Saturation",
            ];
            matches!(operands, [name] if intents.iter().any(|intent| name.is_name(intent)))
        }
        b"cs" | b"CS" => {
            let devices = ["DeviceCMYK", "DeviceGray", "DeviceRGB", "Pattern"];
            match operands {
                [name] if devices.iter().any(|device| name.is_name(device)) => true,
                [Value::Name(name)] => is_resource(name, b'C'),
                _ => false,
            }
        }
        b"gs" => matches!(operands, [Value::Name(name)] if is_resource(name, b'G')),
        b"Do" => matches!(operands, [Value::Name(name)] if is_resource(name, b'X')),
        b"sh" => matches!(operands, [Value::Name(name)] if is_resource(name, b'S')),
        b"Tf" => {
            matches!(operands, [Value::Name(name), size] if is_resource(name, b'F') && size.is_number())
        }
        b"Tj" | b"'" => matches!(operands, [Value::Text(_)]),
        b"TJ" => {
            let shown = |item: &Value| item.is_number() || matches!(item, Value::Text(_));
            matches!(operands, [Value::List(items)] if items.iter().all(shown))
        }
        b"\"" => {
            matches!(operands, [w, c, Value::Text(_)] if w.is_number() && c.is_number())
        }
        b"BDC" => match operands {
            [tag, Value::Dict(entries)] => tag.is_name("Span") && is_spoken(entries),
            _ => false,
        },
        _ => false,
    }
}

/// The text that glyphs stand for, where a font cannot tell: a few letters.
fn is_spoken(entries: &[(Vec<u8>, Value)]) -> bool {
    match entries {
        [(key, Value::Text(text))] if key == b"ActualText" => {
            text.starts_with(&[0xfe, 0xff]) && text.len() <= 2 + 2 * 16
        }
        _ => false,
    }
}

fn is_resource(name: &[u8], letter: u8) -> bool {
    match name {
        [first, digits @ ..] => {
            *first == letter
                && (1..=7).contains(&digits.len())
                && digits.iter().all(u8::is_ascii_digit)
                && (digits.len() == 1 || !digits.starts_with(b"0"))
        }
        [] => false,
    }
}

/// Shows the strings of text operators, octet by octet: what letters they stand for is up to the font.
fn show(operator: &[u8], operands: &[Value], views: &mut Views<'_>) {
    let mut text = String::new();
    let mut add = |octets: &[u8]| text.extend(octets.iter().map(|&octet| char::from(octet)));
    match (operator, operands) {
        (b"Tj" | b"'" | b"\"", [.., Value::Text(octets)]) => add(octets),
        (b"TJ", [Value::List(items)]) => {
            for item in items {
                if let Value::Text(octets) = item {
                    add(octets);
                }
            }
        }
        _ => return,
    }
    views.text(&text);
}
