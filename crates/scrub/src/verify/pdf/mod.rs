//! PDF: the one form that scrubbing writes, each object and each stream held against what it is used as.

mod content;
mod fonts;
mod keys;
mod pictures;
mod streams;
mod syntax;

use std::collections::HashSet;
use std::fmt::Write;

use self::keys::Role;
use self::syntax::{Strict, Value};
use super::{Fault, Views};
use crate::job::MAX_IN_MEMORY;
use crate::source::Source;

const HEADER: &[u8] = b"%PDF-1.7\n";

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let octets = file.read(0..file.len(), MAX_IN_MEMORY)?;
    let file = File::read(&octets)?;
    let mut walk = Walk {
        file: &file,
        views,
        open: vec![(Role::Catalog, 1)],
        seen: HashSet::from([(Role::Catalog, 1)]),
    };
    while let Some((role, number)) = walk.open.pop() {
        walk.object(role, number)?;
    }
    let used: HashSet<usize> = walk.seen.iter().map(|(_, number)| *number).collect();
    if used.len() == file.objects.len() {
        Ok(())
    } else {
        Err(Fault("an object that nothing uses"))
    }
}

/// An object as it stands in the file.
struct Object<'a> {
    value: Value,
    data: Option<&'a [u8]>,
}

/// All objects, by their numbers less one.
struct File<'a> {
    objects: Vec<Object<'a>>,
}

impl<'a> File<'a> {
    /// Reads the file from its first octet to its last.
    fn read(octets: &'a [u8]) -> Result<Self, Fault> {
        let mut strict = Strict::new(octets);
        strict.expect(HEADER, "header")?;
        let mut objects = Vec::new();
        let mut offsets = Vec::new();
        let mut mentioned = 1;
        while !strict.starts(b"xref\n") {
            offsets.push(strict.at);
            let head = format!("{} 0 obj\n", objects.len() + 1);
            strict.expect(head.as_bytes(), "objects are not numbered in order")?;
            let object = Self::object(&mut strict)?;
            strict.expect(b"\nendobj\n", "octets behind an object")?;
            mentions(&object.value, &mut mentioned)?;
            objects.push(object);
        }
        if mentioned != objects.len() {
            return Err(Fault("an object that nothing mentions"));
        }
        let start = strict.at;
        let size = objects.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in offsets {
            let _ = writeln!(table, "{offset:010} 00000 n ");
        }
        let _ = write!(
            table,
            "trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{start}\n%%EOF\n"
        );
        if strict.rest() != table.as_bytes() {
            return Err(Fault("table, trailer or what follows it"));
        }
        Ok(Self { objects })
    }

    fn object(strict: &mut Strict<'a>) -> Result<Object<'a>, Fault> {
        let value = strict.value()?;
        let mut data = None;
        if strict.eat(b"\nstream\n") {
            let len = match value.get("Length") {
                Some(Value::Int(len)) => usize::try_from(*len).map_err(|_| Fault("length"))?,
                _ => return Err(Fault("stream without a length")),
            };
            data = Some(strict.take(len)?);
            strict.expect(b"\nendstream", "octets behind a stream")?;
        }
        Ok(Object { value, data })
    }
}

/// Objects have the numbers in which they are first mentioned.
fn mentions(value: &Value, last: &mut usize) -> Result<(), Fault> {
    match value {
        Value::Ref(number) if *number == *last + 1 => *last += 1,
        Value::Ref(number) if *number == 0 || *number > *last => {
            return Err(Fault("numbers out of order"));
        }
        Value::List(items) => {
            for item in items {
                mentions(item, last)?;
            }
        }
        Value::Dict(entries) => {
            for (_, value) in entries {
                mentions(value, last)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Goes from the catalogue to every object, by what it is used as.
struct Walk<'w, 'v, 'a> {
    file: &'w File<'a>,
    views: &'w mut Views<'v>,
    open: Vec<(Role, usize)>,
    seen: HashSet<(Role, usize)>,
}

impl<'w, 'a> Walk<'w, '_, 'a> {
    /// An object that is mentioned.
    fn at(&self, number: usize) -> Result<&'w Object<'a>, Fault> {
        let object = number
            .checked_sub(1)
            .and_then(|at| self.file.objects.get(at));
        object.ok_or(Fault("reference to nothing"))
    }

    /// Notes that an object is used in this role.
    fn used(&mut self, role: Role, value: &Value) -> Result<(), Fault> {
        let Value::Ref(number) = value else {
            return Err(Fault("an object that should stand by itself"));
        };
        if self.seen.insert((role, *number)) {
            self.open.push((role, *number));
        }
        Ok(())
    }

    fn object(&mut self, role: Role, number: usize) -> Result<(), Fault> {
        let object = self.at(number)?;
        if object.data.is_some() != role.is_stream(&object.value) {
            return Err(Fault("a stream where none belongs, or none where one does"));
        }
        self.keys(role, &object.value)?;
        match object.data {
            Some(data) => self.stream(role, &object.value, data),
            None => Ok(()),
        }
    }
}
