//! Application segments: what they tell, and the four of them that a picture needs to look right.

use super::frame::Frame;
use crate::job::Job;
use crate::picture::{exif, icc, xmp};
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, Remark, What};

/// The longest profile that is held in memory.
const MAX_PROFILE: usize = 4 << 20;
/// The longest part of a profile in one segment.
const PROFILE_PART: usize = 65_519;
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

/// What of the application segments the picture needs.
#[derive(Default)]
pub(super) struct Application {
    /// The shape of a pixel, when there was a JFIF segment.
    jfif: Option<(u16, u16)>,
    /// The colour transform of an Adobe segment.
    adobe: Option<u8>,
    orientation: Option<u8>,
    has_exif: bool,
    /// Number, count and content of each part.
    profile: Vec<(u8, u8, Vec<u8>)>,
    clean_profile: Option<Vec<u8>>,
}

impl Application {
    /// Takes a segment. Only what stands before the first scan counts. Returns whether it holds numbers that come
    /// back in another spelling.
    pub(super) fn take(
        &mut self,
        marker: u8,
        content: &Source<'_>,
        is_header: bool,
        job: &mut Job,
    ) -> Result<bool, Refusal> {
        let octets = content.read(0..content.len(), usize::MAX)?;
        let octets = octets.as_slice();
        match marker {
            0xE0 if octets.starts_with(b"JFIF\0") && is_header => self.take_jfif(octets, job),
            0xE1 if octets.starts_with(b"Exif\0") && is_header => self.take_exif(octets, job),
            0xE2 if octets.starts_with(PROFILE) && is_header => {
                self.take_profile(octets)?;
                return Ok(true);
            }
            0xEE if octets.starts_with(b"Adobe") && is_header => self.take_adobe(octets, job),
            0xE1 if octets.starts_with(XMP) => {
                xmp::report(octets.get(XMP.len()..).unwrap_or_default(), "XMP", job);
            }
            _ => report(marker, octets, job),
        }
        Ok(false)
    }

    fn take_jfif(&mut self, octets: &[u8], job: &mut Job) {
        let Some(&[_, _, _, x1, x2, y1, y2]) = octets.get(5..12).and_then(<[u8]>::first_chunk)
        else {
            return;
        };
        if self.jfif.is_some() {
            return;
        }
        let (x, y) = (u16::from_be_bytes([x1, x2]), u16::from_be_bytes([y1, y2]));
        self.jfif = Some(shape(x, y));
        if octets.get(12..14).is_some_and(|size| size != [0, 0]) {
            job.found(What::Preview, "JFIF thumbnail", "");
        } else if octets.len() > 14 {
            job.found(What::Unknown, "JFIF padding", "");
        }
    }

    fn take_exif(&mut self, octets: &[u8], job: &mut Job) {
        let block = octets.get(EXIF.len()..).unwrap_or_default();
        let orientation = exif::orientation(block);
        if !self.has_exif {
            self.orientation = orientation;
            self.has_exif = true;
        }
        let is_clean = orientation.is_some_and(|o| exif::only_orientation(o) == block);
        if !is_clean {
            exif::report(block, "EXIF", job);
        }
    }

    fn take_profile(&mut self, octets: &[u8]) -> Result<(), Refusal> {
        let rest = octets.get(PROFILE.len()..).unwrap_or_default();
        let Some((&[number, count], part)) = rest.split_first_chunk() else {
            return Ok(());
        };
        let so_far: usize = self.profile.iter().map(|(_, _, part)| part.len()).sum();
        if so_far + part.len() > MAX_PROFILE {
            return Err(Refusal::TooLarge);
        }
        self.profile.push((number, count, part.to_vec()));
        Ok(())
    }

    fn take_adobe(&mut self, octets: &[u8], job: &mut Job) {
        if let Some(&transform) = octets.get(11)
            && self.adobe.is_none()
        {
            // Readers tell 0, 1, 2 and the rest apart; the rest is as good as 1.
            self.adobe = Some(if transform > 2 { 1 } else { transform });
        }
        if octets.len() > 12 {
            job.found(What::Unknown, "Adobe segment", "");
        }
    }

    /// Brings the parts of the profile together and cleans it. Called before the first scan.
    pub(super) fn finish(&mut self, job: &mut Job) {
        let mut parts = std::mem::take(&mut self.profile);
        parts.sort_by_key(|&(number, ..)| number);
        let count = u8::try_from(parts.len()).unwrap_or(0);
        let is_whole = (1..)
            .zip(&parts)
            .all(|(expected, &(number, of, _))| number == expected && of == count);
        if parts.is_empty() {
            return;
        }
        if !is_whole {
            job.found(What::ColourProfile, "ICC profile in pieces", "");
            return;
        }
        let profile: Vec<u8> = parts.into_iter().flat_map(|(_, _, part)| part).collect();
        self.clean_profile = icc::canonical(&profile, "ICC profile", job);
    }

    /// Writes the file's front, up to the tables.
    pub(super) fn write(&self, frame: &Frame, plan: &mut Plan) {
        plan.put(&[0xFF, 0xD8]);
        let (jfif, adobe) = self.colour_segments(frame);
        if jfif {
            let (x, y) = self.jfif.unwrap_or((1, 1));
            // Version 1.1, no unit: only the shape of a pixel.
            plan.put(b"\xFF\xE0\0\x10JFIF\0\x01\x01\0");
            plan.put(&x.to_be_bytes());
            plan.put(&y.to_be_bytes());
            plan.put(&[0, 0]);
        }
        if let Some(transform) = adobe {
            plan.put(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
            plan.put(&[transform]);
        }
        if let Some(orientation) = self.orientation {
            plan.put(b"\xFF\xE1\0\x22");
            plan.put(EXIF);
            plan.put(&exif::only_orientation(orientation));
        }
        let profile = self.clean_profile.as_deref().unwrap_or_default();
        let parts = profile.chunks(PROFILE_PART);
        let count = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        for (number, part) in (1_u8..).zip(parts) {
            let len = u16::try_from(part.len() + 16).unwrap_or(u16::MAX);
            plan.put(&[0xFF, 0xE2]);
            plan.put(&len.to_be_bytes());
            plan.put(PROFILE);
            plan.put(&[number, count]);
            plan.put(part);
        }
    }

    /// Whether to write a JFIF segment, and which transform in an Adobe segment.
    ///
    /// Readers tell the colour space by both and by the components' names, and they disagree on what goes first:
    /// libjpeg believes JFIF, then Adobe, then the names; ffmpeg believes Adobe and the names. As long as they agree,
    /// one segment says it for all of them; where they do not, both stay as they were.
    fn colour_segments(&self, frame: &Frame) -> (bool, Option<u8>) {
        let had = (self.jfif.is_some(), self.adobe);
        let has_shape = self.jfif.is_some_and(|shape| shape != (1, 1));
        if frame.is_lossless() {
            return had;
        }
        let names: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
        match names.as_slice() {
            [_] => (true, None),
            [_, _, _] => {
                let named_rgb = names == b"RGB";
                let for_ffmpeg = named_rgb || self.adobe == Some(0);
                let for_libjpeg = self.jfif.is_none()
                    && (self.adobe == Some(0) || (self.adobe.is_none() && named_rgb));
                match (for_libjpeg, for_ffmpeg) {
                    (false, false) => (true, None),
                    (true, true) => (false, Some(0)),
                    _ => had,
                }
            }
            _ => (has_shape, self.adobe),
        }
    }
}

/// The shape of a pixel in lowest terms.
fn shape(x: u16, y: u16) -> (u16, u16) {
    if x == 0 || y == 0 {
        return (1, 1);
    }
    let (mut a, mut b) = (x, y);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (x / a, y / a)
}

/// Reports a segment of which nothing is kept.
fn report(marker: u8, octets: &[u8], job: &mut Job) {
    let starts = |magic: &[u8]| octets.starts_with(magic);
    let (what, place) = match marker {
        0xFE => {
            job.found_octets(What::Description, "comment", octets);
            return;
        }
        0xE0 if starts(b"JFXX") => (What::Preview, "JFXX thumbnail"),
        0xE1 if starts(b"Exif") => (What::Unknown, "EXIF behind the picture's beginning"),
        0xE1 if starts(EXTENDED_XMP) => (What::Description, "extended XMP"),
        0xE2 if starts(b"MPF\0") => {
            job.remark(Remark::ExtraLayersLost);
            (What::Preview, "list of further pictures (MPF)")
        }
        0xE2 if starts(b"FPXR") => (What::Preview, "FlashPix"),
        0xE2 => (What::Unknown, "APP2"),
        0xEB => (What::Provenance, "signed record (JUMBF, C2PA)"),
        0xED => {
            report_photoshop(octets, job);
            return;
        }
        0xEC => (What::Software, "Ducky"),
        0xE3 => (What::Device, "APP3 of the maker"),
        0xE4..=0xEA => (What::Device, "application segment of the maker"),
        _ => (What::Unknown, "application segment"),
    };
    job.found(what, place, "");
}

/// The records of IPTC (IIM 4.2) that tell most.
const IPTC: [(u8, What, &str); 18] = [
    (5, What::Description, "title"),
    (25, What::Description, "keyword"),
    (40, What::Description, "instructions"),
    (55, What::Time, "date"),
    (60, What::Time, "time"),
    (62, What::Time, "digital date"),
    (65, What::Software, "program"),
    (80, What::Person, "by-line"),
    (85, What::Person, "by-line title"),
    (90, What::Place, "city"),
    (92, What::Place, "sub-location"),
    (95, What::Place, "state"),
    (101, What::Place, "country"),
    (105, What::Description, "headline"),
    (110, What::Person, "credit"),
    (116, What::Person, "copyright"),
    (120, What::Description, "caption"),
    (122, What::Person, "writer"),
];

/// Photoshop's resources, with IPTC among them. Data sets are looked for wherever they stand.
fn report_photoshop(octets: &[u8], job: &mut Job) {
    job.found(What::Software, "Photoshop resources", "");
    let mut rest = octets;
    while let Some(at) = rest.windows(2).position(|two| two == [0x1C, 2]) {
        rest = rest.get(at + 2..).unwrap_or_default();
        let Some((&[number, h, l], value)) = rest.split_first_chunk() else {
            return;
        };
        let len = usize::from(u16::from_be_bytes([h, l]));
        let known = IPTC.iter().find(|(known, ..)| *known == number);
        if let (Some((_, what, name)), Some(value)) = (known, value.get(..len)) {
            job.found_octets(*what, format!("IPTC {name}"), value);
            rest = value.get(len..).unwrap_or_default();
        }
    }
}

/// Reports what stands behind the end of the picture.
pub(super) fn report_tail(tail: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    if tail.len() == 0 {
        return Ok(());
    }
    let front = tail.read(0..tail.len().min(4096), usize::MAX)?;
    let end = tail.read(tail.len().saturating_sub(4096)..tail.len(), usize::MAX)?;
    let has = |octets: &[u8], magic: &[u8]| octets.windows(magic.len()).any(|w| w == magic);
    if has(&front, b"\xFF\xD8\xFF") {
        job.remark(Remark::ExtraLayersLost);
        job.found(What::Preview, "further pictures behind the end", "");
    }
    if has(&front, b"ftyp") || has(&end, b"MotionPhoto_Data") {
        job.found(What::Attachment, "video behind the end (motion photo)", "");
    }
    if has(&end, b"SEFT") {
        job.found(What::Device, "Samsung trailer", "");
    }
    if has(&front, b"CANON OPTIONAL DATA") || has(&end, b"CANON OPTIONAL DATA") {
        job.found(What::Device, "Canon trailer", "");
    }
    job.found(What::Unknown, "octets behind the end", "");
    Ok(())
}
