//! Directories: the numbered fields that describe a page (TIFF 6.0, section 2; `BigTIFF`).
#![allow(
    clippy::single_range_in_vec_init,
    reason = "one range is what is meant"
)]

use std::ops::Range;

use zeroize::Zeroizing;

use crate::Refusal;
use crate::source::Source;

/// Fields that one directory may have. Real ones have twenty to a hundred.
const MAX_FIELDS: u64 = 4096;

/// How a file writes its numbers.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub(super) is_little: bool,
    pub(super) is_big: bool,
}

/// A field of a directory.
pub(super) struct Field {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u64,
    /// Where its value stands.
    pub(super) value: Range<u64>,
}

/// A directory.
pub(super) struct Directory {
    pub(super) fields: Vec<Field>,
    /// Where the next one is, or 0.
    pub(super) next: u64,
    /// Where its numbers stand: the values within the fields do not count.
    pub(super) frame: Vec<Range<u64>>,
}

impl Dialect {
    /// Reads the header; also says where the first directory is.
    pub(super) fn read(file: &Source<'_>) -> Result<(Self, u64), Refusal> {
        let head = file.array::<8>(0)?;
        let is_little = match head.first_chunk::<2>() {
            Some(b"II") => true,
            Some(b"MM") => false,
            _ => return Err(Refusal::Damaged),
        };
        let mut dialect = Self {
            is_little,
            is_big: false,
        };
        let number =
            |at: usize, len: usize| dialect.number(head.get(at..at + len).unwrap_or_default());
        match (number(2, 2), number(4, 2), number(6, 2)) {
            (42, ..) => Ok((dialect, number(4, 4))),
            (43, 8, 0) => {
                let first = dialect.number(&file.array::<8>(8)?);
                dialect.is_big = true;
                Ok((dialect, first))
            }
            _ => Err(Refusal::Damaged),
        }
    }

    /// A number of up to eight octets.
    pub(super) fn number(self, octets: &[u8]) -> u64 {
        let add = |n: u64, b: &u8| n << 8 | u64::from(*b);
        if self.is_little {
            octets.iter().rev().fold(0, add)
        } else {
            octets.iter().fold(0, add)
        }
    }

    /// Octets of the number of fields, of a field, and of a position.
    fn sizes(self) -> (usize, usize, usize) {
        if self.is_big { (8, 20, 8) } else { (2, 12, 4) }
    }

    /// Reads the directory at that position.
    pub(super) fn directory(self, file: &Source<'_>, at: u64) -> Result<Directory, Refusal> {
        let (count_len, field_len, offset_len) = self.sizes();
        let fields = at.checked_add(count_len as u64).ok_or(Refusal::Damaged)?;
        let count = self.number(&file.read(at..fields, 8)?);
        if count > MAX_FIELDS {
            return Err(Refusal::Damaged);
        }
        let end = fields + count * field_len as u64;
        let table = file.read(fields..end, usize::MAX)?;
        let mut directory = Directory {
            fields: Vec::new(),
            next: 0,
            frame: Vec::from([at..fields]),
        };
        let mut position = fields;
        for field in table.chunks_exact(field_len) {
            let (head, slot) = field
                .split_at_checked(field_len - offset_len)
                .unwrap_or_default();
            let slot_at = position + head.len() as u64;
            directory.frame.push(position..slot_at);
            position += field_len as u64;
            if let Some(field) = self.field(file, head, (slot, slot_at)) {
                if field.value.start != slot_at {
                    directory.frame.push(slot_at..position);
                }
                directory.fields.push(field);
            }
        }
        // The last number is missing from some files that are cut right after the last field.
        let next = end.checked_add(offset_len as u64).ok_or(Refusal::Damaged)?;
        if next <= file.len() {
            directory.next = self.number(&file.read(end..next, 8)?);
            directory.frame.push(end..next);
        }
        Ok(directory)
    }

    /// A field, unless its type is unknown or its value is not in the file.
    fn field(self, file: &Source<'_>, head: &[u8], slot: (&[u8], u64)) -> Option<Field> {
        let tag = u16::try_from(self.number(head.get(..2)?)).ok()?;
        let kind = u16::try_from(self.number(head.get(2..4)?)).ok()?;
        let count = self.number(head.get(4..)?);
        let len = count.checked_mul(size_of_kind(kind)?)?;
        let start = if len <= slot.0.len() as u64 {
            slot.1
        } else {
            self.number(slot.0)
        };
        let end = start.checked_add(len)?;
        (end <= file.len()).then_some(Field {
            tag,
            kind,
            count,
            value: start..end,
        })
    }

    /// The numbers of a field that has whole numbers.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] for more than `most`.
    pub(super) fn numbers(
        self,
        file: &Source<'_>,
        field: &Field,
        most: u64,
    ) -> Result<Vec<u64>, Refusal> {
        if field.count > most {
            return Err(Refusal::TooLarge);
        }
        let size = match field.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Err(Refusal::Unsupported("the type of a field")),
        };
        let octets: Zeroizing<Vec<u8>> = file.read(field.value.clone(), usize::MAX)?;
        Ok(octets.chunks_exact(size).map(|n| self.number(n)).collect())
    }
}

/// Octets of one value of a type.
fn size_of_kind(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

impl Directory {
    /// The field with that tag: the first, if a file has it twice.
    pub(super) fn field(&self, tag: u16) -> Option<&Field> {
        self.fields.iter().find(|field| field.tag == tag)
    }
}
