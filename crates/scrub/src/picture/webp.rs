//! WebP: the chunks that hold pictures, frames and colours.
//!
//! RFC 9649.

use std::ops::Range;

use crate::job::Job;
use crate::picture::{exif, icc, xmp};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, What};

/// The longest profile or EXIF block that is held in memory.
const MAX_CHUNK: usize = 4 << 20;
/// More chunks than this no encoder makes.
const MAX_CHUNKS: usize = 1 << 18;
/// The flags of VP8X.
const PROFILE: u8 = 0x20;
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const ANIMATION: u8 = 0x02;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let len = file.array::<4>(4)?;
    if &file.array::<4>(0)? != b"RIFF" || &file.array::<4>(8)? != b"WEBP" {
        return Err(Refusal::Damaged);
    }
    let end = (u64::from(u32::from_le_bytes(len)) + 8).min(file.len());
    let mut webp = WebP {
        file,
        extended: None,
        profile: None,
        told: 0,
        orientation: None,
        rewritten: Vec::new(),
        animation: None,
        images: Vec::new(),
        frames: Vec::new(),
    };
    webp.rewritten.push(0..12);
    let mut at = 12;
    let mut count = 0;
    while at + 8 <= end {
        let chunk = Chunk::read(file, at, end)?;
        at = chunk.next;
        count += 1;
        if count > MAX_CHUNKS {
            return Err(Refusal::Damaged);
        }
        webp.take(chunk, job)?;
    }
    if at.max(end) < file.len() || at < end {
        job.found(What::Unknown, "octets behind the end", "");
    }
    webp.plan(job)
}

/// A chunk, where it stands.
struct Chunk {
    name: [u8; 4],
    /// Its content.
    range: Range<u64>,
    next: u64,
}

impl Chunk {
    fn read(file: &Source<'_>, at: u64, end: u64) -> Result<Self, Refusal> {
        let [a, b, c, d, len @ ..] = file.array::<8>(at)?;
        let begin = at + 8;
        let len = u64::from(u32::from_le_bytes(len));
        let range = begin..begin + len;
        if range.end > end {
            return Err(Refusal::Damaged);
        }
        // The octet that makes the length even may be missing at the end.
        let next = (range.end + len % 2).min(end);
        Ok(Self {
            name: [a, b, c, d],
            range,
            next,
        })
    }

    fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// With its name and length.
    fn whole(&self) -> Range<u64> {
        self.range.start - 8..self.range.end
    }

    /// Octets of the chunk as it is written.
    fn written_len(&self) -> u64 {
        8 + self.len() + self.len() % 2
    }

    fn copy(self, plan: &mut Plan) {
        // The front comes from the source too: name and length of the content are its own.
        let is_odd = self.len() % 2 == 1;
        plan.copy(self.range.start - 8..self.range.end);
        if is_odd {
            plan.put(&[0]);
        }
    }
}

/// What the chunks hold.
struct WebP<'a, 'f> {
    file: &'f Source<'a>,
    /// Whether the extended header tells of transparency, and the size of the canvas.
    extended: Option<(bool, [u8; 6])>,
    /// The flags of VP8X: readers pass over a profile or an orientation that is not told there.
    told: u8,
    profile: Option<Range<u64>>,
    orientation: Option<u8>,
    /// Headers and chunks that come back in the one form.
    rewritten: Vec<Range<u64>>,
    /// Background and number of times to play.
    animation: Option<[u8; 6]>,
    /// ALPH, and VP8 or VP8L, of a still picture.
    images: Vec<Chunk>,
    frames: Vec<Frame>,
}

struct Frame {
    header: [u8; 16],
    images: Vec<Chunk>,
    range: Range<u64>,
}

impl WebP<'_, '_> {
    fn take(&mut self, chunk: Chunk, job: &mut Job) -> Result<(), Refusal> {
        match &chunk.name {
            b"VP8X" if chunk.len() == 10 && self.extended.is_none() => {
                let [flags, _, _, _, canvas @ ..] = self.file.array::<10>(chunk.range.start)?;
                self.told = flags;
                self.extended = Some((flags & ALPHA != 0, canvas));
                self.rewritten.push(chunk.whole());
                if flags & ANIMATION != 0 {
                    self.animation = Some([0; 6]);
                }
            }
            b"ICCP" if self.profile.is_none() && self.told & PROFILE != 0 => {
                self.rewritten.push(chunk.whole());
                self.profile = Some(chunk.range);
            }
            b"ANIM" if chunk.len() == 6 => {
                let told = self.file.array(chunk.range.start)?;
                self.rewritten.push(chunk.whole());
                self.animation = self.animation.map(|_| told);
            }
            b"ALPH" | b"VP8 " | b"VP8L" => {
                keep_image(chunk, &mut self.images);
            }
            b"ANMF" => {
                let frame = self.frame(&chunk, job)?;
                self.frames.push(frame);
            }
            b"EXIF" => self.take_exif(&chunk, job)?,
            b"XMP " => match self.file.read(chunk.range, MAX_CHUNK) {
                Ok(octets) => xmp::report(&octets, "XMP", job),
                Err(_) => job.found(What::Description, "XMP", ""),
            },
            b"C2PA" => job.found(What::Provenance, "signed record (C2PA)", ""),
            _ => job.found(What::Unknown, "chunk without a meaning", ""),
        }
        Ok(())
    }

    fn take_exif(&mut self, chunk: &Chunk, job: &mut Job) -> Result<(), Refusal> {
        let octets = self.file.read(chunk.range.clone(), MAX_CHUNK)?;
        let block = octets
            .strip_prefix(b"Exif\0\0")
            .unwrap_or(octets.as_slice());
        let orientation = exif::orientation(block);
        if self.orientation.is_none() && self.told & EXIF != 0 {
            self.orientation = orientation;
        }
        if orientation.is_some_and(|o| exif::only_orientation(o) == octets.as_slice()) {
            self.rewritten.push(chunk.whole());
        } else {
            exif::report(block, "EXIF", job);
        }
        Ok(())
    }

    fn frame(&self, chunk: &Chunk, job: &mut Job) -> Result<Frame, Refusal> {
        let mut header: [u8; 16] = self.file.array(chunk.range.start)?;
        header[15] &= 3;
        let mut images = Vec::new();
        let mut at = chunk.range.start + 16;
        while at + 8 <= chunk.range.end && images.len() < 3 {
            let inner = Chunk::read(self.file, at, chunk.range.end)?;
            at = inner.next;
            if matches!(&inner.name, b"ALPH" | b"VP8 " | b"VP8L") {
                keep_image(inner, &mut images);
            } else {
                job.found(What::Unknown, "chunk within a frame", "");
            }
        }
        Ok(Frame {
            header,
            images,
            range: chunk.range.clone(),
        })
    }

    fn plan(mut self, job: &mut Job) -> Result<Plan, Refusal> {
        // Without the extended header, readers take nothing but the one picture.
        if self.extended.is_none() {
            (self.profile, self.orientation, self.animation) = (None, None, None);
            self.images.retain(|chunk| &chunk.name != b"ALPH");
        }
        let profile = self.clean_profile(job)?;
        let mut flags = profile.as_ref().map_or(0, |_| PROFILE);
        let frames = std::mem::take(&mut self.frames);
        let mut plan = Plan::new();
        let parts = if let Some(animation) = self.animation {
            flags |= ANIMATION;
            if frames.is_empty() {
                return Err(Refusal::Damaged);
            }
            Parts::Animation(animation, frames)
        } else {
            Parts::Still(std::mem::take(&mut self.images))
        };
        flags |= self.orientation.map_or(0, |_| EXIF);
        let extended = self.extended(&parts, flags)?;
        let len = parts.written_len()?
            + profile
                .as_ref()
                .map_or(0, |profile| 8 + profile.len().next_multiple_of(2) as u64)
            + extended.map_or(0, |_| 18)
            + self.orientation.map_or(0, |_| 34);
        let len = u32::try_from(len + 4).map_err(|_| Refusal::TooLarge)?;
        plan.put(b"RIFF");
        plan.put(&len.to_le_bytes());
        plan.put(b"WEBP");
        if let Some(extended) = extended {
            put(&mut plan, b"VP8X", &extended);
        }
        if let Some(profile) = &profile {
            put(&mut plan, b"ICCP", profile);
        }
        parts.write(&mut plan);
        for range in self.rewritten {
            plan.rewritten(range);
        }
        if let Some(orientation) = self.orientation {
            put(&mut plan, b"EXIF", &exif::only_orientation(orientation));
        }
        Ok(plan)
    }

    fn clean_profile(&self, job: &mut Job) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(range) = self.profile.clone() else {
            return Ok(None);
        };
        let octets = self.file.read(range, MAX_CHUNK)?;
        Ok(icc::canonical(&octets, "ICC profile", job))
    }

    /// The extended header, when something in the file needs one.
    fn extended(&self, parts: &Parts, flags: u8) -> Result<Option<[u8; 10]>, Refusal> {
        let Some((alpha, [w1, w2, w3, h1, h2, h3])) = self.extended else {
            return Ok(None);
        };
        let (natural, has_alph) = parts.transparency(self.file)?;
        if flags == 0 && !has_alph && alpha == natural {
            return Ok(None);
        }
        let flags = flags | if alpha { ALPHA } else { 0 };
        Ok(Some([flags, 0, 0, 0, w1, w2, w3, h1, h2, h3]))
    }
}

/// Keeps the picture itself, once, and what makes it transparent, before it.
fn keep_image(chunk: Chunk, images: &mut Vec<Chunk>) {
    let is_done = images.iter().any(|image| &image.name != b"ALPH");
    let is_second = images.iter().any(|image| image.name == chunk.name);
    if !is_done && !is_second {
        if &chunk.name == b"VP8L" {
            images.clear();
        }
        images.push(chunk);
    }
}

/// The pictures of a file.
enum Parts {
    Still(Vec<Chunk>),
    Animation([u8; 6], Vec<Frame>),
}

impl Parts {
    /// Octets of all that is written of them. Fails when a picture is missing.
    fn written_len(&self) -> Result<u64, Refusal> {
        let of_images = |images: &[Chunk]| {
            let is_whole = images.last().is_some_and(|image| &image.name != b"ALPH");
            is_whole
                .then(|| images.iter().map(Chunk::written_len).sum::<u64>())
                .ok_or(Refusal::Damaged)
        };
        match self {
            Self::Still(images) => of_images(images),
            Self::Animation(_, frames) => frames
                .iter()
                .try_fold(14, |sum, frame| Ok(sum + 24 + of_images(&frame.images)?)),
        }
    }

    /// Whether a still picture is transparent by itself, and whether it has an ALPH chunk.
    fn transparency(&self, file: &Source<'_>) -> Result<(bool, bool), Refusal> {
        let Self::Still(images) = self else {
            return Ok((false, false));
        };
        let has_alph = images.len() > 1;
        let lossless = images.iter().find(|image| &image.name == b"VP8L");
        let natural = match lossless {
            // One octet of signature, 14 bits each for width and height, one for transparency.
            Some(image) => file.array::<5>(image.range.start)?[4] & 0x10 != 0,
            None => has_alph,
        };
        Ok((natural, has_alph))
    }

    fn write(self, plan: &mut Plan) {
        match self {
            Self::Still(images) => images.into_iter().for_each(|image| image.copy(plan)),
            Self::Animation(told, frames) => {
                put(plan, b"ANIM", &told);
                for frame in frames {
                    let len: u64 = frame.images.iter().map(Chunk::written_len).sum();
                    plan.put(b"ANMF");
                    plan.put(&u32::try_from(len + 16).unwrap_or(0).to_le_bytes());
                    plan.put(&frame.header);
                    plan.rewritten(frame.range.start - 8..frame.range.start + 16);
                    frame.images.into_iter().for_each(|image| image.copy(plan));
                }
            }
        }
    }
}

/// Writes a chunk.
fn put(plan: &mut Plan, name: &[u8], content: &[u8]) {
    let len = u32::try_from(content.len()).unwrap_or(0);
    plan.put(name);
    plan.put(&len.to_le_bytes());
    plan.put(content);
    if content.len() % 2 == 1 {
        plan.put(&[0]);
    }
}
