//! Windows bitmaps: header, palette and pixels, without gaps.
//!
//! Microsoft's `BITMAPFILEHEADER`, `BITMAPINFOHEADER` and its successors, and OS/2's `BITMAPCOREHEADER`.

pub(super) mod dib;
mod rows;

use std::ops::Range;

use super::icc;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, What};

/// The fields in front of a bitmap.
const FILE_HEADER: u64 = 14;
/// The name of the colour space whose profile stands in the file.
const EMBEDDED: &[u8; 4] = b"DEBM";
/// Longer profiles are no profiles of pictures.
const MAX_PROFILE: usize = 8 << 20;
/// Colour spaces that are fixed and need no profile: sRGB, and the system's.
const FIXED_SPACES: [&[u8; 4]; 2] = [b"BGRs", b" niW"];

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let [b, m, _, _, _, _, _, _, _, _, offset @ ..] = file.array::<14>(0)?;
    if [b, m] != *b"BM" {
        return Err(Refusal::Damaged);
    }
    let offset = u64::from(u32::from_le_bytes(offset));
    let mut bitmap = Bitmap::read(file, offset)?;
    let pixels = bitmap.pixels(file, offset)?;
    bitmap.report(file, offset, pixels.end, job)?;
    bitmap.take_profile(file, job)?;
    let mut plan = Plan::new();
    bitmap.write(file, &pixels, &mut plan)?;
    Ok(plan)
}

/// What the header says that the picture needs.
struct Bitmap {
    /// Octets of the header, by which its version is told.
    size: u32,
    width: u32,
    /// As it stands: negative when the first row is the upper one.
    height: i32,
    depth: u16,
    compression: u32,
    /// The shape of a pixel.
    shape: (u32, u32),
    /// The masks of the channels, from wherever they stood.
    masks: Vec<u8>,
    /// The colour space: its name, and numbers when it is one that has some.
    space: [u8; 56],
    palette: Range<u64>,
    /// The colour profile, made anew, and where it stood.
    profile: Option<(Vec<u8>, Range<u64>)>,
}

impl Bitmap {
    fn read(file: &Source<'_>, offset: u64) -> Result<Self, Refusal> {
        let size = u32::from_le_bytes(file.array(FILE_HEADER)?);
        if size == 12 {
            return Self::core(file, offset);
        }
        if !matches!(size, 40 | 52 | 56 | 64 | 108 | 124) {
            return Err(Refusal::Unsupported("an unknown header of a bitmap"));
        }
        let header = file.read(FILE_HEADER..FILE_HEADER + u64::from(size), 124)?;
        let long = |at: usize| {
            let four = header.get(at..).and_then(<[u8]>::first_chunk);
            four.map_or(0, |&four| u32::from_le_bytes(four))
        };
        let height = long(8).cast_signed();
        let mut bitmap = Self {
            size,
            width: long(4),
            height,
            depth: u16::try_from(long(12) >> 16).unwrap_or(0),
            compression: long(16),
            shape: shape(long(24), long(28)),
            masks: Vec::new(),
            space: [0; 56],
            palette: 0..0,
            profile: None,
        };
        bitmap.check()?;
        let mut begin = FILE_HEADER + u64::from(size);
        let masks = match bitmap.compression {
            3 => 12,
            6 => 16,
            _ => 0,
        };
        if masks > 0 && size == 40 {
            bitmap.masks = file.read(begin..begin + masks, 16)?.to_vec();
            begin += masks;
        } else if masks > 0 {
            bitmap.masks = header
                .get(40..56.min(header.len()))
                .unwrap_or_default()
                .to_vec();
        }
        if size >= 108 {
            bitmap.space = space(header.get(56..).unwrap_or_default());
        }
        bitmap.take_palette(begin, offset, 4, long(32));
        Ok(bitmap)
    }

    /// The header of OS/2 and of Windows 2.
    fn core(file: &Source<'_>, offset: u64) -> Result<Self, Refusal> {
        let [w1, w2, h1, h2, _, _, d1, d2] = file.array(FILE_HEADER + 4)?;
        let mut bitmap = Self {
            size: 12,
            width: u16::from_le_bytes([w1, w2]).into(),
            height: u16::from_le_bytes([h1, h2]).into(),
            depth: u16::from_le_bytes([d1, d2]),
            compression: 0,
            shape: (0, 0),
            masks: Vec::new(),
            space: [0; 56],
            palette: 0..0,
            profile: None,
        };
        bitmap.check()?;
        bitmap.take_palette(FILE_HEADER + 12, offset, 3, 0);
        Ok(bitmap)
    }

    fn check(&self) -> Result<(), Refusal> {
        let is_sized = self.width > 0 && self.width < 1 << 30 && self.rows() > 0;
        if !is_sized || !matches!(self.depth, 1 | 2 | 4 | 8 | 16 | 24 | 32) {
            return Err(Refusal::Damaged);
        }
        match (self.compression, self.depth) {
            (0, _) | (1, 8) | (2, 4) => Ok(()),
            // The same number is Huffman coding in a header of OS/2.
            (3 | 6, 16 | 32) if self.size != 64 => Ok(()),
            (4, 24) | (3, 1) | (4 | 5, _) => Err(Refusal::Unsupported("a coded bitmap")),
            _ => Err(Refusal::Damaged),
        }
    }

    fn rows(&self) -> u32 {
        self.height.unsigned_abs()
    }

    /// The palette: as many entries as are told, as indices can reach, and as there is room for.
    fn take_palette(&mut self, begin: u64, offset: u64, entry: u64, told: u32) {
        if self.depth > 8 {
            return;
        }
        let reach = 1 << self.depth;
        let told = u64::from(told);
        let wanted = if told == 0 { reach } else { told.min(reach) };
        let room = offset.saturating_sub(begin) / entry;
        self.palette = begin..begin + wanted.min(room) * entry;
    }

    /// Where a header of version 5 says that its profile stands, and the name of the colour space.
    fn told_profile(&self, file: &Source<'_>) -> Result<([u8; 4], Range<u64>), Refusal> {
        if self.size < 124 {
            return Ok(([0; 4], 0..0));
        }
        let name = file.array(FILE_HEADER + 56)?;
        let [p1, p2, p3, p4, l1, l2, l3, l4] = file.array(FILE_HEADER + 112)?;
        let at = FILE_HEADER + u64::from(u32::from_le_bytes([p1, p2, p3, p4]));
        let end = at + u64::from(u32::from_le_bytes([l1, l2, l3, l4]));
        Ok((name, at..end.min(file.len()).max(at)))
    }

    /// The profile, when there is one in the file that can be made anew.
    fn take_profile(&mut self, file: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
        let (name, range) = self.told_profile(file)?;
        if name != *EMBEDDED || range.is_empty() || range.end - range.start > MAX_PROFILE as u64 {
            return Ok(());
        }
        let profile = file.read(range.clone(), MAX_PROFILE)?;
        if let Some(clean) = icc::canonical(&profile, "ICC profile", job) {
            self.space[..4].copy_from_slice(EMBEDDED);
            self.profile = Some((clean, range));
        }
        Ok(())
    }

    /// Octets of a row, and how many of its bits are pixels.
    fn row(&self) -> (u64, u64) {
        let bits = u64::from(self.width) * u64::from(self.depth);
        (bits.div_ceil(32) * 4, bits)
    }

    /// Where the pixels stand.
    fn pixels(&self, file: &Source<'_>, offset: u64) -> Result<Range<u64>, Refusal> {
        if offset < self.palette.end.max(FILE_HEADER + u64::from(self.size)) {
            return Err(Refusal::Damaged);
        }
        let end = if matches!(self.compression, 1 | 2) {
            rows::coded_end(file, offset, self.compression == 2)?
        } else {
            let (row, _) = self.row();
            // Below 2^32 octets a row and 2^31 rows.
            offset + row * u64::from(self.rows())
        };
        if end > file.len() {
            return Err(Refusal::Damaged);
        }
        Ok(offset..end)
    }

    fn report(
        &self,
        file: &Source<'_>,
        offset: u64,
        end: u64,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let masks = if self.size == 40 {
            self.masks.len() as u64
        } else {
            0
        };
        let header = FILE_HEADER + u64::from(self.size) + masks;
        if offset > self.palette.end.max(header) {
            job.found(What::Unknown, "octets before the pixels", "");
        }
        let (name, range) = self.told_profile(file)?;
        let is_profile = [EMBEDDED, b"KNIL"].contains(&&name) && range == (end..file.len());
        if end < file.len() && !is_profile {
            job.found(What::Unknown, "octets behind the pixels", "");
        }
        if &name == b"KNIL" {
            let path = file.read(range, 4096).unwrap_or_default();
            job.found_octets(What::Path, "linked ICC profile", &path);
        }
        Ok(())
    }

    fn write(
        &self,
        file: &Source<'_>,
        pixels: &Range<u64>,
        plan: &mut Plan,
    ) -> Result<(), Refusal> {
        let palette = self.clean_palette(file)?;
        let masks: &[u8] = if self.size == 40 { &self.masks } else { &[] };
        let offset = FILE_HEADER + u64::from(self.size) + (palette.len() + masks.len()) as u64;
        let len = pixels.end - pixels.start;
        let long = |number: u64| u32::try_from(number).map_err(|_| Refusal::TooLarge);
        plan.put(b"BM");
        let profile = self.profile.as_ref().map_or(&[][..], |(clean, _)| clean);
        plan.put(&long(offset + len + profile.len() as u64)?.to_le_bytes());
        plan.put(&[0; 4]);
        plan.put(&long(offset)?.to_le_bytes());
        plan.put(&self.header(long(len)?, palette.len()));
        plan.put(masks);
        plan.put(&palette);
        plan.rewritten(0..self.palette.end.max(FILE_HEADER + 40));
        if matches!(self.compression, 1 | 2) {
            plan.copy(pixels.clone());
        } else {
            let (row, bits) = self.row();
            rows::copy(file, pixels, row, bits, plan)?;
        }
        if let Some((clean, range)) = &self.profile {
            plan.put(clean);
            plan.rewritten(range.clone());
        }
        Ok(())
    }

    /// The palette without its spare octets.
    fn clean_palette(&self, file: &Source<'_>) -> Result<Vec<u8>, Refusal> {
        let mut palette = file.read(self.palette.clone(), 1024)?.to_vec();
        if self.size != 12 {
            let (entries, _) = palette.as_chunks_mut::<4>();
            for entry in entries {
                entry[3] = 0;
            }
        }
        Ok(palette)
    }

    fn header(&self, len: u32, palette: usize) -> Vec<u8> {
        let mut header = self.size.to_le_bytes().to_vec();
        let mut put = |octets: &[u8]| header.extend_from_slice(octets);
        if self.size == 12 {
            put(&u16::try_from(self.width).unwrap_or(0).to_le_bytes());
            put(&u16::try_from(self.height).unwrap_or(0).to_le_bytes());
            put(&[1, 0]);
            put(&self.depth.to_le_bytes());
            return header;
        }
        put(&self.width.to_le_bytes());
        put(&self.height.to_le_bytes());
        put(&[1, 0]);
        put(&self.depth.to_le_bytes());
        put(&self.compression.to_le_bytes());
        put(&len.to_le_bytes());
        put(&self.shape.0.to_le_bytes());
        put(&self.shape.1.to_le_bytes());
        put(&u32::try_from(palette / 4).unwrap_or(0).to_le_bytes());
        put(&[0; 4]);
        if self.size > 40 {
            let mut masks = self.masks.clone();
            masks.resize(16, 0);
            put(&masks);
            put(&self.space);
            if let Some((clean, _)) = &self.profile {
                let at = u64::from(self.size) + palette as u64 + u64::from(len);
                put(&u32::try_from(at).unwrap_or(0).to_le_bytes());
                put(&u32::try_from(clean.len()).unwrap_or(0).to_le_bytes());
            }
        }
        let size = usize::try_from(self.size).unwrap_or(0);
        header.resize(128, 0);
        header.truncate(size);
        header
    }
}

/// The shape of a pixel in lowest terms, or nothing when it is square.
fn shape(x: u32, y: u32) -> (u32, u32) {
    if x == y || x == 0 || y == 0 {
        return (0, 0);
    }
    let (mut a, mut b) = (x, y);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (x / a, y / a)
}

/// The colour space of a header of version 4 or 5: name, three end points, three gammas; then the intent of version
/// 5. A profile counts as sRGB until it is made anew.
fn space(fields: &[u8]) -> [u8; 56] {
    let mut space = [0; 56];
    let name = fields.get(..4).unwrap_or_default();
    if name == [0; 4] {
        // Given by numbers.
        for (to, from) in space.iter_mut().zip(fields.iter().take(52)) {
            *to = *from;
        }
    } else {
        let fixed = FIXED_SPACES.iter().find(|fixed| fixed.as_slice() == name);
        let fixed = fixed.unwrap_or(&FIXED_SPACES[0]);
        for (to, from) in space.iter_mut().zip(fixed.iter()) {
            *to = *from;
        }
    }
    let intent = fields.get(52..56).filter(|_| fields.len() >= 68);
    if let Some([intent @ (1 | 2 | 4 | 8), 0, 0, 0]) = intent {
        space[52] = *intent;
    }
    space
}
