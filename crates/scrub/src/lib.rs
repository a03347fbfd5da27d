//! Takes what identifies its maker out of a file, and keeps the content as it was.
//!
//! A scrubber parses a file to its structure and writes again only what is needed to show the content: an
//! allow-list. What it does not know is dropped, or, where the content depends on it, the file is refused with a
//! sentence. Pixels, sound and video packets stay bit for bit.
//!
//! | step | module |
//! |---|---|
//! | which kind is it, by content | `kind` |
//! | what to write again, and what was found | `picture`, `media`, `document` |
//! | the clean file as pieces of memory and of the source | `plan` |
//! | account for every octet of it | `verify` |
//! | nothing that was dropped may occur in it | `leak` |
//!
//! No file is opened here, nothing is written to a disk, and memory does not grow with the length of a video.

mod ahead;
mod document;
#[cfg(fuzzing)]
#[allow(missing_docs, clippy::expect_used, reason = "for the fuzz targets")]
pub mod fuzzing;
mod job;
mod kind;
mod leak;
mod media;
mod picture;
mod pixels;
mod plan;
mod refusal;
mod report;
#[cfg(test)]
mod safety_net_test;
mod source;
mod verify;
pub mod words;

use std::io::{self, Read, Write};

use hamsa_core::{CleanFile, ReadAt};
use zeroize::Zeroizing;

pub use self::kind::Kind;
pub use self::pixels::{Redrawn, redraw};
pub use self::refusal::Refusal;
pub use self::report::{Finding, Remark, Report, What};

use self::job::Job;
use self::leak::{Dropped, Views};
use self::plan::Plan;
use self::source::Source;

/// A clean file of more octets than this is read by one thread while another writes it.
const LONG: u64 = 16 << 20;

/// Takes out of a file of `len` octets what identifies its maker.
///
/// The clean file is not made at once: [`Scrubbed`] reads it from `source` when it is asked for, so `source` must
/// not change in between.
///
/// # Errors
/// A [`Refusal`] when the kind is not one that can be cleaned, the file is damaged, or the clean file did not pass
/// the two checks that follow every scrubbing.
pub fn scrub<S: ReadAt>(source: S, len: u64) -> Result<Scrubbed<S>, Refusal> {
    let mut job = Job::new();
    let (kind, plan) = clean(&Source::file(&source, len), &mut job)?;
    Ok(Scrubbed {
        kind,
        plan,
        source,
        report: job.into_report(),
    })
}

/// Tells the kind of a file of `len` octets, by its content.
///
/// # Errors
/// As for [`scrub`], as far as the front of the file tells.
pub fn recognise(source: &impl ReadAt, len: u64) -> Result<Kind, Refusal> {
    kind::recognise(&Source::file(source, len))
}

/// Plans the clean file and holds it against both checks.
fn clean(file: &Source<'_>, job: &mut Job) -> Result<(Kind, Plan), Refusal> {
    let kind = kind::recognise(file)?;
    let plan = plan(kind, file, job)?;
    remark_on_content(kind, job);
    hold(kind, file, &plan, job)?;
    Ok((kind, plan))
}

/// Notes that what is seen and heard stays. Documents say so themselves, when there are pictures in them.
fn remark_on_content(kind: Kind, job: &mut Job) {
    use self::Kind::{
        Amr, Avi, Avif, Bmp, Emf, Flac, Gif, Heic, Jpeg, M4a, Mkv, Mov, Mp3, Mp4, Ogg, Opus, Png,
        Svg, ThreeGp, Tiff, Wav, WebM, WebP, Wmf,
    };
    match kind {
        Jpeg | Png | WebP | Gif | Tiff | Bmp | Heic | Avif | Svg | Emf | Wmf | Mp4 | Mov
        | ThreeGp | M4a | Mkv | WebM | Avi | Mp3 | Wav | Flac | Ogg | Opus | Amr => {
            job.remark(Remark::ContentStays);
        }
        _ => {}
    }
    // Phones and cameras take these; of other kinds, most were never taken by one.
    let is_taken = matches!(kind, Jpeg | Mp4 | Mov | ThreeGp);
    let may_be_taken = matches!(kind, Heic | Avif | Tiff | WebP | Png | Mkv | WebM | Avi);
    if is_taken || may_be_taken && job.has_found(What::Device) {
        job.remark(Remark::SensorNoise);
    }
}

/// Holds a plan against both checks.
///
/// # Errors
/// [`Refusal::Unverified`], [`Refusal::Leak`], [`Refusal::Io`].
fn hold(kind: Kind, file: &Source<'_>, plan: &Plan, job: &mut Job) -> Result<(), Refusal> {
    let dropped = Dropped::gather(kind, file, plan, job)?;
    let output = plan.over(file);
    let output = Source::file(&output, plan.len());
    let mut views = Views::new(&dropped);
    verify::verify(kind, &output, &mut views).map_err(|_| Refusal::Unverified)?;
    // Much of a drawing is text that is seen or not: its verifier shows which.
    if !matches!(kind, Kind::Svg | Kind::Emf | Kind::Wmf) {
        views.raw(&output)?;
        views.made(plan.octets_made());
    }
    if views.leaks() > 0 {
        return Err(Refusal::Leak);
    }
    if views.named_in_text() {
        job.remark(Remark::NameInText);
    }
    Ok(())
}

fn plan(kind: Kind, file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    use self::document::{epub, office, opendocument, pdf, text, zip};
    use self::media::{amr, avi, flac, matroska, mp3, mp4, ogg, wav};
    use self::picture::{bmp, emf, gif, heif, jpeg, png, svg, tiff, webp, wmf};
    match kind {
        Kind::Jpeg => jpeg::scrub(file, job),
        Kind::Png => png::scrub(file, job),
        Kind::WebP => webp::scrub(file, job),
        Kind::Gif => gif::scrub(file, job),
        Kind::Tiff => tiff::scrub(file, job),
        Kind::Bmp => bmp::scrub(file, job),
        Kind::Heic | Kind::Avif => heif::scrub(file, job),
        Kind::Svg => svg::scrub(file, job),
        Kind::Emf => emf::scrub(file, job),
        Kind::Wmf => wmf::scrub(file, job),
        Kind::Mp4 | Kind::Mov | Kind::ThreeGp | Kind::M4a => mp4::scrub(file, job),
        Kind::Mkv | Kind::WebM => matroska::scrub(file, job),
        Kind::Avi => avi::scrub(file, job),
        Kind::Mp3 => mp3::scrub(file, job),
        Kind::Wav => wav::scrub(file, job),
        Kind::Flac => flac::scrub(file, job),
        Kind::Ogg | Kind::Opus => ogg::scrub(file, job),
        Kind::Amr => amr::scrub(file, job),
        Kind::Pdf => pdf::scrub(file, job),
        Kind::Docx | Kind::Xlsx | Kind::Pptx => office::scrub(file, job),
        Kind::Odt | Kind::Ods | Kind::Odp => opendocument::scrub(file, job),
        Kind::Epub => epub::scrub(file, job),
        Kind::Zip => zip::scrub(file, job),
        Kind::Text | Kind::Csv => text::scrub(file, job),
    }
}

/// A file that was cleaned and has passed both checks. Reads as the clean file.
pub struct Scrubbed<S> {
    kind: Kind,
    plan: Plan,
    source: S,
    report: Report,
}

impl<S: ReadAt> Scrubbed<S> {
    /// The kind of the clean file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What was taken out, and what the person should know about the rest.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The report alone.
    pub fn into_report(self) -> Report {
        self.report
    }

    /// Octets of the clean file.
    #[allow(clippy::len_without_is_empty, reason = "no clean file is empty")]
    pub fn len(&self) -> u64 {
        self.plan.len()
    }

    /// Reads the clean file from its front.
    pub fn reader(&self) -> impl Read + Send + '_ {
        Reader {
            len: self.len(),
            file: self,
            at: 0,
        }
    }

    /// Writes the clean file.
    ///
    /// # Errors
    /// What reading the source or writing says.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<u64> {
        if self.len() > LONG
            && let Some(written) = ahead::copy(self.reader(), &mut out)
        {
            return written;
        }
        let mut block = Zeroizing::new(vec![0; ahead::BLOCK]);
        let mut reader = self.reader();
        let mut written = 0;
        loop {
            let len = reader.read(&mut block)?;
            let read = block.get(..len).unwrap_or_default();
            if read.is_empty() {
                return Ok(written);
            }
            out.write_all(read)?;
            written += len as u64;
        }
    }

    /// The clean file in memory, at most `most` octets of it.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::Io`].
    pub fn to_vec(&self, most: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        self.plan.to_vec(&self.source, most)
    }

    /// The clean file as an attachment of a tip.
    pub fn into_attachment<'a>(self) -> CleanFile<'a>
    where
        S: Send + 'a,
    {
        let (media_type, len) = (self.kind.media_type(), self.len());
        CleanFile::danger_vouched(
            media_type,
            len,
            Reader {
                file: self,
                at: 0,
                len,
            },
        )
    }
}

impl<S: ReadAt> ReadAt for Scrubbed<S> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.plan.over(&self.source).read_exact_at(buffer, offset)
    }
}

/// Reads a clean file from its front.
struct Reader<F> {
    file: F,
    at: u64,
    len: u64,
}

impl<F: ReadAt> Read for Reader<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len - self.at).unwrap_or(usize::MAX);
        let len = left.min(buffer.len());
        let (now, _) = buffer
            .split_at_mut_checked(len)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        self.file.read_exact_at(now, self.at)?;
        self.at += len as u64;
        Ok(len)
    }
}
