//! GIF: screen, palettes, frames and the loop.
//!
//! `GIF89a`, 1990.

mod codes;

use self::codes::Codes;
use crate::job::Job;
use crate::picture::xmp;
use crate::plan::Plan;
use crate::source::{Cursor, Source};
use crate::{Refusal, What};

/// The extensions that say how often to play.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];
/// Of the data of an extension, no more than this is read for the report.
const MAX_TOLD: usize = 64 << 10;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut gif = Gif {
        file,
        cursor: file.cursor(0),
        plan: Plan::new(),
        loops: None,
        control: None,
        images: 0,
    };
    gif.front()?;
    gif.blocks(job)?;
    if gif.images == 0 {
        return Err(Refusal::Damaged);
    }
    let behind = file.len() - gif.cursor.position();
    if behind > 0 {
        job.found(What::Unknown, "octets behind the end", "");
    }
    gif.plan.put(&[0x3B]);
    Ok(gif.plan)
}

struct Gif<'a, 'f> {
    file: &'f Source<'a>,
    cursor: Cursor<'a>,
    plan: Plan,
    /// How often to play, as it stands in the extension.
    loops: Option<[u8; 2]>,
    /// The control of the frame that comes next.
    control: Option<[u8; 4]>,
    images: u64,
}

impl Gif<'_, '_> {
    /// Header, screen and its palette.
    fn front(&mut self) -> Result<(), Refusal> {
        let header: [u8; 6] = self.cursor.array()?;
        if !matches!(&header, b"GIF87a" | b"GIF89a") {
            return Err(Refusal::Damaged);
        }
        let [w1, w2, h1, h2, flags, background, aspect] = self.cursor.array()?;
        let palette = palette_len(flags);
        // Without a palette, its size and the index of the background say nothing.
        let (flags, background) = if palette == 0 {
            (flags & 0x70, 0)
        } else {
            (flags, background)
        };
        self.plan.put(b"GIF89a");
        self.plan.put(&[w1, w2, h1, h2, flags, background, aspect]);
        self.cursor.skip(palette)?;
        self.plan.rewritten(0..13);
        self.plan.copy(13..13 + palette);
        Ok(())
    }

    fn octet(&mut self) -> Result<u8, Refusal> {
        self.cursor.octet()?.ok_or(Refusal::Damaged)
    }

    /// Every block up to the trailer, or to the end of the file when it is missing.
    fn blocks(&mut self, job: &mut Job) -> Result<(), Refusal> {
        loop {
            match self.cursor.octet()? {
                Some(0x21) => self.extension(job)?,
                Some(0x2C) => self.image()?,
                Some(0x3B) | None => return Ok(()),
                // Some encoders end blocks twice.
                Some(0) => {}
                Some(_) => return Err(Refusal::Damaged),
            }
        }
    }

    fn extension(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let begin = self.cursor.position() - 1;
        let label = self.octet()?;
        let mut data = zeroize::Zeroizing::new(Vec::new());
        loop {
            let len = self.octet()?;
            if len == 0 {
                break;
            }
            let at = self.cursor.position();
            if data.len() < MAX_TOLD {
                data.extend_from_slice(&self.file.read(at..at + u64::from(len), 255)?);
            }
            self.cursor.skip(len.into())?;
        }
        let end = self.cursor.position();
        let data = data.as_slice();
        match (label, data) {
            (0xF9, [flags, d1, d2, transparent, ..]) => {
                self.control = Some([flags & 0x1F, *d1, *d2, *transparent]);
                self.plan.rewritten(begin..end);
            }
            (0xFF, [name @ .., 1, l1, l2]) if LOOPS.contains(&name) => {
                self.loops.get_or_insert([*l1, *l2]);
                self.plan.rewritten(begin..end);
            }
            (0xFE, comment) => job.found_octets(What::Description, "comment", comment),
            (0x01, text) => {
                let text = text.get(12..).unwrap_or_default();
                job.found_octets(What::Description, "text drawn by the reader", text);
            }
            (0xFF, data) => report_application(data, job),
            _ => job.found(What::Unknown, "extension without a meaning", ""),
        }
        Ok(())
    }

    fn image(&mut self) -> Result<(), Refusal> {
        let begin = self.cursor.position() - 1;
        let [x1, x2, y1, y2, w1, w2, h1, h2, flags] = self.cursor.array()?;
        if let Some(times) = self.loops.filter(|_| self.images == 0) {
            self.plan.put(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01");
            self.plan.put(&[times[0], times[1], 0]);
        }
        if let Some([flags, d1, d2, transparent]) = self.control.take() {
            self.plan
                .put(&[0x21, 0xF9, 4, flags, d1, d2, transparent, 0]);
        }
        self.plan.put(&[0x2C, x1, x2, y1, y2, w1, w2, h1, h2]);
        // The reserved bits, and without a palette its size too, say nothing.
        let flags = if flags & 0x80 == 0 {
            flags & 0x40
        } else {
            flags & 0xE7
        };
        self.plan.put(&[flags]);
        let palette = palette_len(flags);
        let at = self.cursor.position();
        self.cursor.skip(palette)?;
        self.plan.rewritten(begin..at);
        self.plan.copy(at..at + palette);
        let width = self.octet()?;
        let pixels =
            u64::from(u16::from_le_bytes([w1, w2])) * u64::from(u16::from_le_bytes([h1, h2]));
        self.plan.put(&[width]);
        let codes = Codes::new(width, pixels)?;
        codes.copy(&mut self.cursor, &mut self.plan)?;
        self.images += 1;
        Ok(())
    }
}

/// Octets of the palette that the flags of a screen or an image tell of.
fn palette_len(flags: u8) -> u64 {
    if flags & 0x80 == 0 {
        return 0;
    }
    3 << ((flags & 7) + 1)
}

fn report_application(data: &[u8], job: &mut Job) {
    let rest = data.get(11..).unwrap_or_default();
    match data.get(..11) {
        Some(b"XMP DataXMP") => {
            // The packet stands outside of sub-blocks, so that the lengths read here are octets of its text.
            xmp::report(rest, "XMP", job);
        }
        Some(b"ICCRGBG1012") => job.found(What::ColourProfile, "ICC profile", ""),
        Some(b"C2PA_GIF\x01\0\0") => job.found(What::Provenance, "signed record (C2PA)", ""),
        _ => job.found(What::Unknown, "application extension", ""),
    }
}
