//! GIF: screen, loop, and frames whose codes end in their last octet.

use super::{Fault, Views};
use crate::source::{Cursor, Source};

pub(super) fn verify(file: &Source<'_>, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut cursor = file.cursor(0);
    if &cursor.array::<6>()? != b"GIF89a" {
        return Err(Fault("no GIF89a header"));
    }
    let screen: [u8; 7] = cursor.array()?;
    let [_, _, _, _, flags, background, _] = screen;
    if flags & 0x80 != 0 {
        cursor.skip(3 * (2 << (flags & 7)))?;
    } else if flags & 0x0F != 0 || background != 0 {
        return Err(Fault("a screen without a palette tells of one"));
    }
    let mut kind = octet(&mut cursor)?;
    // The loop stands before everything else, and begins like a control.
    if kind == 0x21 && file.array::<2>(cursor.position())? == [0xFF, 0x0B] {
        let told: [u8; 18] = cursor.array()?;
        if !told.starts_with(b"\xFF\x0BNETSCAPE2.0\x03\x01") || !told.ends_with(&[0]) {
            return Err(Fault("an extension that should not be there"));
        }
        kind = octet(&mut cursor)?;
    }
    let mut images = 0_u32;
    while kind != 0x3B || images == 0 {
        if kind == 0x21 {
            let [0xF9, 4, 0..=0x1F, _, _, _, 0] = cursor.array()? else {
                return Err(Fault("an extension that should not be there"));
            };
            kind = octet(&mut cursor)?;
        }
        if kind != 0x2C {
            return Err(Fault("no image where one has to be"));
        }
        image(&mut cursor)?;
        images = 1;
        kind = octet(&mut cursor)?;
    }
    if cursor.octet()?.is_some() {
        return Err(Fault("octets behind the end"));
    }
    Ok(())
}

fn octet(cursor: &mut Cursor<'_>) -> Result<u8, Fault> {
    cursor.octet()?.ok_or(Fault("the end comes too early"))
}

fn image(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let [_, _, _, _, w1, w2, h1, h2, flags] = cursor.array()?;
    let reserved = if flags & 0x80 == 0 { 0xBF } else { 0x18 };
    if flags & reserved & 0x7F != 0 {
        return Err(Fault("reserved bits of an image"));
    }
    if flags & 0x80 != 0 {
        cursor.skip(3 * (2 << (flags & 7)))?;
    }
    let size = octet(cursor)?;
    if !(1..=8).contains(&size) {
        return Err(Fault("no such width of codes"));
    }
    let (width, height) = (u16::from_le_bytes([w1, w2]), u16::from_le_bytes([h1, h2]));
    let mut decoder = Decoder::new(size, u64::from(width) * u64::from(height));
    let mut is_last = false;
    loop {
        let len = octet(cursor)?;
        if len == 0 {
            break;
        }
        if is_last {
            return Err(Fault("a block could be longer"));
        }
        is_last = len < 255;
        for _ in 0..len {
            decoder.push(octet(cursor)?)?;
        }
    }
    if decoder.ended && decoder.buffer == 0 {
        Ok(())
    } else {
        Err(Fault("codes do not end with an end code and zeros"))
    }
}

/// Follows the codes as far as their widths go and pixels are counted.
struct Decoder {
    size: u8,
    buffer: u64,
    available: u32,
    width: u32,
    /// How many pixels each entry of the table beyond the two special ones stands for.
    entries: Vec<u64>,
    previous: Option<u64>,
    pixels: u64,
    ended: bool,
}

impl Decoder {
    fn new(size: u8, pixels: u64) -> Self {
        Self {
            size,
            buffer: 0,
            available: 0,
            width: u32::from(size) + 1,
            entries: Vec::new(),
            previous: None,
            pixels,
            ended: false,
        }
    }

    fn push(&mut self, octet: u8) -> Result<(), Fault> {
        if self.ended {
            return Err(Fault("an octet behind the end code"));
        }
        self.buffer |= u64::from(octet) << self.available;
        self.available += 8;
        while self.available >= self.width && !self.ended {
            let code = self.buffer & ((1 << self.width) - 1);
            self.buffer >>= self.width;
            self.available -= self.width;
            self.code(code)?;
        }
        Ok(())
    }

    fn code(&mut self, code: u64) -> Result<(), Fault> {
        let clear = 1_u64 << self.size;
        if code == clear + 1 {
            self.ended = true;
            return Ok(());
        }
        if self.pixels == 0 {
            return Err(Fault("a code behind the last pixel"));
        }
        if code == clear {
            self.entries.clear();
            self.width = u32::from(self.size) + 1;
            self.previous = None;
            return Ok(());
        }
        let table = clear + 2 + self.entries.len() as u64;
        if let Some(previous) = self.previous.filter(|_| table < 4096) {
            self.entries.push(previous + 1);
            if (table + 1).is_power_of_two() && table + 1 < 4096 {
                self.width += 1;
            }
        }
        let count = if code < clear {
            1
        } else {
            let index = usize::try_from(code - clear - 2).unwrap_or(usize::MAX);
            let entry = self.entries.get(index).copied();
            entry.ok_or(Fault("a code that stands for nothing"))?
        };
        self.pixels = self.pixels.saturating_sub(count);
        self.previous = Some(count);
        Ok(())
    }
}
