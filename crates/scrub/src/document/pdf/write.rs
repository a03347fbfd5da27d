//! Writing objects and the file, each in one spelling.

use std::collections::HashMap;
use std::io::Write;

use zeroize::Zeroizing;

use super::lexer::is_regular;
use super::object::{Data, Dict, Object};
use super::rename::Renamed;

/// Writes an object. References are given numbers by `number`.
pub(super) fn object(out: &mut Vec<u8>, object: &Object, number: &impl Fn(u32) -> u32) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Bool(true) => out.extend_from_slice(b"true"),
        Object::Bool(false) => out.extend_from_slice(b"false"),
        Object::Int(value) => text(out, format_args!("{value}")),
        Object::Real(value) => out.extend_from_slice(value.as_bytes()),
        Object::Name(value) => name(out, value),
        Object::String(value) => string(out, value),
        Object::Ref(value) => text(out, format_args!("{} 0 R", number(*value))),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                self::object(out, item, number);
            }
            out.push(b']');
        }
        Object::Dict(value) => dict(out, value, number),
        Object::Stream(stream) => {
            let Data::Made(data) = &stream.data else {
                return;
            };
            let length = i64::try_from(data.len()).unwrap_or(0);
            let with_length = stream.dict.clone().with("Length", Object::Int(length));
            dict(out, &with_length, number);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream");
        }
    }
}

fn text(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = out.write_fmt(text);
}

fn dict(out: &mut Vec<u8>, dict: &Dict, number: &impl Fn(u32) -> u32) {
    out.extend_from_slice(b"<<");
    for (key, value) in dict.iter() {
        name(out, key);
        out.push(b' ');
        object(out, value, number);
    }
    out.extend_from_slice(b">>");
}

pub(super) fn name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &b in name {
        if is_regular(b) && b != b'#' && b.is_ascii_graphic() {
            out.push(b);
        } else {
            text(out, format_args!("#{b:02X}"));
        }
    }
}

pub(super) fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'(');
    for &b in text {
        match b {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(b),
        }
    }
    out.push(b')');
}

/// Writes the objects that can be reached from `root`, numbered from 1 in the order in which they are met.
pub(super) fn file(objects: &[Object], root: u32) -> Zeroizing<Vec<u8>> {
    let (order, numbers) = reached(objects, root);
    let number = |old: u32| numbers.get(&old).copied().unwrap_or(0);
    let mut out = Zeroizing::new(b"%PDF-1.7\n".to_vec());
    let mut offsets = Vec::with_capacity(order.len());
    let mut renamed = Renamed::default();
    for (index, old) in order.iter().enumerate() {
        offsets.push(out.len());
        text(&mut out, format_args!("{} 0 obj\n", index + 1));
        object(&mut out, &renamed.object(at(objects, *old)), &number);
        out.extend_from_slice(b"\nendobj\n");
    }
    let start = out.len();
    let size = order.len() + 1;
    text(
        &mut out,
        format_args!("xref\n0 {size}\n0000000000 65535 f \n"),
    );
    for offset in offsets {
        text(&mut out, format_args!("{offset:010} 00000 n \n"));
    }
    text(
        &mut out,
        format_args!("trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n"),
    );
    out
}

fn at(objects: &[Object], number: u32) -> &Object {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    objects.get(index).unwrap_or(&Object::Null)
}

/// The objects that can be reached, in the order of their first mention.
fn reached(objects: &[Object], root: u32) -> (Vec<u32>, HashMap<u32, u32>) {
    let mut order = vec![root];
    let mut numbers = HashMap::from([(root, 1)]);
    let mut next = 0;
    while let Some(&number) = order.get(next) {
        next += 1;
        mentions(at(objects, number), &mut |number| {
            let count = u32::try_from(order.len()).unwrap_or(u32::MAX);
            numbers.entry(number).or_insert_with(|| {
                order.push(number);
                count + 1
            });
        });
    }
    (order, numbers)
}

fn mentions(object: &Object, each: &mut impl FnMut(u32)) {
    match object {
        Object::Ref(number) => each(*number),
        Object::Array(items) => items.iter().for_each(|item| mentions(item, each)),
        Object::Dict(dict) => dict.iter().for_each(|(_, value)| mentions(value, each)),
        Object::Stream(stream) => {
            let entries = stream.dict.iter();
            entries.for_each(|(_, value)| mentions(value, each));
        }
        _ => {}
    }
}
