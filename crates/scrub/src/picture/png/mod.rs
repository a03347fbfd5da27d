//! PNG and animated PNG: the chunks that pixels and colours need, in one order, and the compressed rows cut where
//! their stream ends.
//!
//! PNG, third edition (W3C, 2025).

mod chunks;
mod header;
mod rows;
mod told;

use self::chunks::{Chunk, Chunks, put};
use self::header::Header;
use self::rows::Rows;
use crate::job::Job;
use crate::picture::{exif, icc};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, What};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1A\n";
/// The longest content of a chunk that is held in memory.
const MAX_CHUNK: usize = 4 << 20;
/// What the profile of every clean picture is called.
const PROFILE_NAME: &[u8] = b"icc\0\0";
/// How hard profiles are packed.
const LEVEL: u8 = 9;

/// The chunks that are kept as they are when they have this length, in the order in which they are written.
const COLOURS: [(&[u8; 4], u64); 6] = [
    (b"cICP", 4),
    (b"mDCV", 24),
    (b"cLLI", 8),
    (b"sRGB", 1),
    (b"gAMA", 4),
    (b"cHRM", 32),
];

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    if file.array::<8>(0)? != SIGNATURE {
        return Err(Refusal::Damaged);
    }
    let mut png = Png::read(file, job)?;
    let mut plan = Plan::new();
    plan.put(&SIGNATURE);
    // Signature and header.
    plan.rewritten(0..33);
    png.write_front(&mut plan, job)?;
    png.write_rows(&mut plan)?;
    put(&mut plan, b"IEND", &[]);
    Ok(plan)
}

/// What a first reading of the chunks has found.
struct Png<'a, 'f> {
    file: &'f Source<'a>,
    header: Header,
    /// Kept as they are, each once.
    colours: Vec<Chunk>,
    palette: Option<Chunk>,
    transparency: Option<Chunk>,
    profile: Option<Chunk>,
    /// The shape of a pixel.
    shape: Option<(u32, u32)>,
    orientation: Option<u8>,
    has_exif: bool,
    /// A block that is one of ours.
    clean_exif: Option<Chunk>,
    /// Frames and times to play.
    animation: Option<[u8; 8]>,
    /// IDAT, and in an animation fcTL and fdAT, as they follow each other.
    image: Vec<Chunk>,
}

impl<'a, 'f> Png<'a, 'f> {
    fn read(file: &'f Source<'a>, job: &mut Job) -> Result<Self, Refusal> {
        let mut chunks = Chunks::new(file, 8);
        let first = chunks.next()?.ok_or(Refusal::Damaged)?;
        if &first.name == b"CgBI" {
            return Err(Refusal::Unsupported("PNG as packed for iPhones (CgBI)"));
        }
        if &first.name != b"IHDR" {
            return Err(Refusal::Damaged);
        }
        let mut png = Self {
            file,
            header: Header::parse(&first.read(file, 13)?)?,
            colours: Vec::new(),
            palette: None,
            transparency: None,
            profile: None,
            shape: None,
            orientation: None,
            has_exif: false,
            clean_exif: None,
            animation: None,
            image: Vec::new(),
        };
        while let Some(chunk) = chunks.next()? {
            if &chunk.name == b"IEND" {
                break;
            }
            png.take(chunk, job)?;
        }
        told::tail(&file.part(chunks.at..file.len())?, job)?;
        if png.animation.is_none() {
            png.image.retain(|chunk| &chunk.name == b"IDAT");
        }
        Ok(png)
    }

    fn take(&mut self, chunk: Chunk, job: &mut Job) -> Result<(), Refusal> {
        match &chunk.name {
            b"PLTE" => {
                let is_palette = chunk.len.is_multiple_of(3) && (3..=768).contains(&chunk.len);
                if self.palette.is_some() || !is_palette {
                    return Err(Refusal::Damaged);
                }
                self.palette = Some(chunk);
            }
            b"tRNS" => _ = self.transparency.get_or_insert(chunk),
            b"iCCP" if self.image.is_empty() => _ = self.profile.get_or_insert(chunk),
            b"pHYs" if chunk.len == 9 => self.take_shape(&chunk)?,
            b"eXIf" => {
                let octets = chunk.read(self.file, MAX_CHUNK)?;
                if self.take_exif(&octets, job) {
                    self.clean_exif = Some(chunk);
                }
            }
            b"acTL" if chunk.len == 8 && self.image.is_empty() => {
                self.animation = Some(self.file.array(chunk.at)?);
            }
            b"IDAT" => self.image.push(chunk),
            b"fcTL" if chunk.len == 26 => self.image.push(chunk),
            b"fdAT" if chunk.len >= 4 => self.image.push(chunk),
            b"IHDR" => return Err(Refusal::Damaged),
            name => {
                let kept = COLOURS.iter().any(|&(known, len)| {
                    known == name && len == chunk.len && self.image.is_empty()
                });
                let is_new = self.colours.iter().all(|other| other.name != *name);
                if kept && is_new {
                    self.colours.push(chunk);
                    return Ok(());
                }
                if name.first().is_some_and(u8::is_ascii_uppercase) {
                    return Err(Refusal::Unsupported("unknown critical chunk in PNG"));
                }
                let orientation = told::report(&chunk, self.file, job);
                if !self.has_exif && orientation.is_some() {
                    self.orientation = orientation;
                }
            }
        }
        Ok(())
    }

    fn take_shape(&mut self, chunk: &Chunk) -> Result<(), Refusal> {
        let [x1, x2, x3, x4, y1, y2, y3, y4, _] = self.file.array(chunk.at)?;
        let x = u32::from_be_bytes([x1, x2, x3, x4]);
        let y = u32::from_be_bytes([y1, y2, y3, y4]);
        let (mut a, mut b) = (x, y);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if x != y && x != 0 && y != 0 && self.shape.is_none() {
            self.shape = Some((x / a, y / a));
        }
        Ok(())
    }

    /// Whether the block is one of ours.
    fn take_exif(&mut self, octets: &[u8], job: &mut Job) -> bool {
        // Some programs write the name that the block has in JPEG.
        let block = octets.strip_prefix(b"Exif\0\0").unwrap_or(octets);
        let orientation = exif::orientation(block);
        if !self.has_exif {
            self.orientation = orientation;
            self.has_exif = true;
        }
        let is_clean = orientation.is_some_and(|o| exif::only_orientation(o) == octets);
        if !is_clean {
            exif::report(block, "EXIF", job);
        }
        is_clean
    }

    /// Everything up to the rows.
    fn write_front(&mut self, plan: &mut Plan, job: &mut Job) -> Result<(), Refusal> {
        put(plan, b"IHDR", &self.header.octets());
        if let Some(animation) = self.animation {
            let frames = self.image.iter().filter(|c| &c.name == b"fcTL").count();
            let told = animation.first_chunk().copied().map(u32::from_be_bytes);
            if told.map(u64::from) != Some(frames as u64) {
                return Err(Refusal::Damaged);
            }
            put(plan, b"acTL", &animation);
        }
        for (name, _) in COLOURS {
            if let Some(chunk) = self.colours.iter().find(|chunk| chunk.name == *name) {
                put(plan, name, &chunk.read(self.file, MAX_CHUNK)?);
                plan.rewritten(chunk.whole());
            }
        }
        self.write_profile(plan, job)?;
        if let Some((x, y)) = self.shape {
            let shape = [x.to_be_bytes(), y.to_be_bytes()].concat();
            put(plan, b"pHYs", &[shape.as_slice(), &[0]].concat());
        }
        if let Some(orientation) = self.orientation {
            put(plan, b"eXIf", &exif::only_orientation(orientation));
            if let Some(chunk) = &self.clean_exif {
                plan.rewritten(chunk.whole());
            }
        }
        self.write_palette(plan)
    }

    fn write_profile(&self, plan: &mut Plan, job: &mut Job) -> Result<(), Refusal> {
        let Some(chunk) = &self.profile else {
            return Ok(());
        };
        let octets = chunk.read(self.file, MAX_CHUNK)?;
        let Some(profile) = told::unpacked(&octets, MAX_CHUNK) else {
            job.found(What::ColourProfile, "ICC profile", "");
            return Ok(());
        };
        if !octets.starts_with(PROFILE_NAME) {
            let name = octets.split(|&octet| octet == 0).next();
            job.found_octets(
                What::ColourProfile,
                "ICC profile's name",
                name.unwrap_or_default(),
            );
        }
        if let Some(clean) = icc::canonical(&profile, "ICC profile", job) {
            let packed = miniz_oxide::deflate::compress_to_vec_zlib(&clean, LEVEL);
            put(plan, b"iCCP", &[PROFILE_NAME, &packed].concat());
            plan.rewritten(chunk.whole());
        }
        Ok(())
    }

    /// The palette, which indices reach to its end, and what is transparent.
    fn write_palette(&self, plan: &mut Plan) -> Result<(), Refusal> {
        let mut entries = 0;
        if let Some(chunk) = self.palette.as_ref().filter(|_| self.header.is_indexed()) {
            entries = chunk.len / 3;
            if entries > 1 << self.header.depth {
                return Err(Refusal::Damaged);
            }
            let range = chunk.at..chunk.at + entries * 3;
            put(plan, b"PLTE", &self.file.read(range.clone(), 768)?);
            plan.rewritten(chunk.front());
            plan.rewritten(range);
        } else if self.header.is_indexed() {
            return Err(Refusal::Damaged);
        }
        if let Some(chunk) = &self.transparency {
            let len = match self.header.colour {
                0 if chunk.len >= 2 => 2,
                2 if chunk.len >= 6 => 6,
                3 => chunk.len.min(entries),
                _ => 0,
            };
            if len > 0 {
                let range = chunk.at..chunk.at + len;
                put(plan, b"tRNS", &self.file.read(range.clone(), 256)?);
                plan.rewritten(chunk.front());
                plan.rewritten(range);
            }
        }
        Ok(())
    }

    /// The picture, and the further frames of an animation.
    fn write_rows(&mut self, plan: &mut Plan) -> Result<(), Refusal> {
        let mut sequence = 0_u32;
        let mut size = (self.header.width, self.header.height);
        let mut has_picture = false;
        let mut is_open = false;
        let mut chunks = self.image.iter().peekable();
        while let Some(chunk) = chunks.next() {
            if &chunk.name == b"fcTL" {
                let [_, _, _, _, control @ ..] = self.file.array::<26>(chunk.at)?;
                size = header::frame_size(&self.header, &control)?;
                put(
                    plan,
                    b"fcTL",
                    &[&sequence.to_be_bytes(), control.as_slice()].concat(),
                );
                plan.rewritten(chunk.whole());
                sequence += 1;
                is_open = true;
                continue;
            }
            let is_frame = &chunk.name == b"fdAT";
            plan.rewritten(chunk.front());
            if is_frame && (!is_open || !has_picture) {
                return Err(Refusal::Damaged);
            }
            if !is_frame && has_picture {
                // Rows behind the whole picture: readers stop before them.
                continue;
            }
            let number = is_frame.then_some(sequence);
            let mut rows = Rows::new(self.file, number, self.header.octets_of(size));
            rows.take(chunk)?;
            while let Some(more) = chunks.next_if(|next| next.name == chunk.name) {
                rows.take(more)?;
            }
            rows.write(plan)?;
            sequence += u32::from(is_frame);
            has_picture = true;
            is_open = false;
        }
        if has_picture && !is_open {
            return Ok(());
        }
        Err(Refusal::Damaged)
    }
}
