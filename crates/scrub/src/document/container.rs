//! ZIP containers: read with bounds, written in one form only.
//!
//! What is written has no times, no owners, no comments, no extra fields and no gaps, and the same members in the same
//! order give the same octets on every machine.

use std::io::{self, Read, Seek, SeekFrom};

use zeroize::Zeroizing;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::Refusal;
use crate::job::{Job, MAX_IN_MEMORY};
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Members of one container.
const MAX_MEMBERS: usize = 60_000;
/// A container may unpack to that many octets whatever its size…
const FREE_TO_UNPACK: u64 = 64 << 20;
/// … and above that to so many times its size.
const MAX_RATIO: u64 = 250;
/// The level of compression. Its outcome is the same on every machine, because the compressor is plain Rust.
const LEVEL: u8 = 6;
/// 1 January 1980, the first day that the format knows.
const NO_DATE: u16 = 0x0021;

/// A container that is read.
pub(crate) struct Container<'a> {
    zip: ZipArchive<Positioned<'a>>,
    len: u64,
    unpacked: u64,
}

/// What a container's directory says of a member.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) is_folder: bool,
    pub(crate) is_link: bool,
}

impl<'a> Container<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when members overlap or share a name, [`Refusal::TooDeep`] with too many of them.
    pub(crate) fn open(file: &Source<'a>) -> Result<Self, Refusal> {
        let positioned = Positioned { file: *file, at: 0 };
        let mut zip = ZipArchive::new(positioned).map_err(refusal)?;
        if zip.len() > MAX_MEMBERS {
            return Err(Refusal::TooDeep);
        }
        if zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(refusal)? {
            return Err(Refusal::Damaged);
        }
        Ok(Self {
            zip,
            len: file.len(),
            unpacked: 0,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.zip.len()
    }

    pub(crate) fn entry(&mut self, index: usize) -> Result<Entry, Refusal> {
        let member = self.zip.by_index_raw(index).map_err(refusal)?;
        Ok(Entry {
            name: member.name().map_err(refusal)?.into_owned(),
            is_folder: member.is_dir(),
            is_link: member.is_symlink(),
        })
    }

    /// The member of that name, for a look at it before any job.
    pub(crate) fn peek(&mut self, name: &str, most: u64) -> Option<Zeroizing<Vec<u8>>> {
        let member = self.zip.by_name(name).ok()?;
        let mut octets = Zeroizing::new(Vec::new());
        member.take(most).read_to_end(&mut octets).ok()?;
        Some(octets)
    }

    /// Unpacks a member.
    ///
    /// # Errors
    /// [`Refusal::Encrypted`], [`Refusal::Damaged`], [`Refusal::TooLarge`], [`Refusal::TooDeep`].
    pub(crate) fn read(
        &mut self,
        index: usize,
        job: &mut Job,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut octets = Zeroizing::new(Vec::new());
        let raw = self.zip.by_index_raw(index).map_err(refusal)?;
        let is_known = matches!(
            raw.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        );
        if !is_known && !raw.encrypted() {
            return Err(Refusal::Unsupported("a way to compress"));
        }
        drop(raw);
        let mut member = self.zip.by_index(index).map_err(refusal)?;
        let mut window = Zeroizing::new(vec![0; 64 << 10]);
        loop {
            let read = member.read(&mut window).map_err(|e| match e.kind() {
                io::ErrorKind::Other => Refusal::Io(e),
                _ => Refusal::Damaged,
            })?;
            let now = window.get(..read).unwrap_or_default();
            if now.is_empty() {
                return Ok(octets);
            }
            self.unpacked += now.len() as u64;
            let most = FREE_TO_UNPACK.max(self.len.saturating_mul(MAX_RATIO));
            if self.unpacked > most {
                return Err(Refusal::TooDeep);
            }
            job.unpacked(now.len() as u64)?;
            if octets.len() + now.len() > MAX_IN_MEMORY {
                return Err(Refusal::TooLarge);
            }
            append(&mut octets, now);
        }
    }

    /// Reports what the container says beside its members.
    pub(crate) fn report(&mut self, job: &mut Job) -> Result<(), Refusal> {
        let comment = self.zip.comment().to_vec();
        if !comment.is_empty() {
            job.found_octets(What::Description, "archive comment", &comment);
        }
        if self.zip.offset() > 0 {
            job.found(What::Unknown, "octets before the archive", "");
        }
        for index in 0..self.zip.len() {
            let member = self.zip.by_index_raw(index).map_err(refusal)?;
            let comment = member.comment_raw();
            if !comment.is_empty() {
                let place = format!("member {}: comment", index + 1);
                job.found_octets(What::Description, place, comment);
            }
            let time = member
                .last_modified()
                .filter(|t| (t.datepart(), t.timepart()) != (NO_DATE, 0));
            if let Some(time) = time {
                let place = format!("member {}: time", index + 1);
                job.found(What::Time, place, &time.to_string());
            }
            if member.extra_data().is_some_and(|extra| !extra.is_empty()) {
                let place = format!("member {}: extra fields", index + 1);
                job.found(What::Unknown, place, "");
            }
        }
        Ok(())
    }
}

/// Appends without leaving an unwiped copy behind when the buffer grows.
fn append(buffer: &mut Zeroizing<Vec<u8>>, octets: &[u8]) {
    if buffer.capacity() - buffer.len() < octets.len() {
        let room = (buffer.len() + octets.len()).max(buffer.capacity() * 2);
        let mut larger = Zeroizing::new(Vec::with_capacity(room));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(octets);
}

fn refusal(error: ZipError) -> Refusal {
    match error {
        ZipError::Io(e) if e.kind() == io::ErrorKind::Other => Refusal::Io(e),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
        ZipError::UnsupportedArchive(_) => Refusal::Unsupported("a way to compress"),
        _ => Refusal::Damaged,
    }
}

/// A source, read by somebody who moves about in it.
struct Positioned<'a> {
    file: Source<'a>,
    at: u64,
}

impl Read for Positioned<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.file.len().saturating_sub(self.at);
        let len = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let now = buffer.get_mut(..len).unwrap_or_default();
        self.file
            .fill(now, self.at)
            .map_err(|refusal| match refusal {
                Refusal::Io(e) => io::Error::other(e),
                _ => io::ErrorKind::UnexpectedEof.into(),
            })?;
        self.at += len as u64;
        Ok(len)
    }
}

impl Seek for Positioned<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(to) => Some(to),
            SeekFrom::End(by) => self.file.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = to.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// How a member is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// As it is: it is compressed already, or a reader wants to see it.
    Stored,
    /// Compressed, when that makes it smaller.
    Deflated,
}

/// A container that is written.
pub(crate) struct Builder {
    plan: Plan,
    directory: Zeroizing<Vec<u8>>,
    members: u16,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            plan: Plan::new(),
            directory: Zeroizing::new(Vec::new()),
            members: 0,
        }
    }

    /// Adds a member. A name that ends with `/` is a folder's.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] when the format's numbers do not suffice.
    pub(crate) fn add(&mut self, name: &str, octets: &[u8], method: Method) -> Result<(), Refusal> {
        let packed = match method {
            Method::Deflated => miniz_oxide::deflate::compress_to_vec(octets, LEVEL),
            Method::Stored => Vec::new(),
        };
        let packed = Zeroizing::new(packed);
        let is_packed = method == Method::Deflated && packed.len() < octets.len();
        let kept: &[u8] = if is_packed { &packed } else { octets };
        let at = u32::try_from(self.plan.len()).map_err(|_| Refusal::TooLarge)?;
        let mut head = Vec::with_capacity(26);
        let flags: u16 = if name.is_ascii() { 0 } else { 1 << 11 };
        let method: u16 = if is_packed { 8 } else { 0 };
        for number in [20, flags, method, 0, NO_DATE] {
            head.extend_from_slice(&number.to_le_bytes());
        }
        let crc = crc32fast::hash(octets);
        let size = |len: usize| u32::try_from(len).map_err(|_| Refusal::TooLarge);
        for number in [crc, size(kept.len())?, size(octets.len())?] {
            head.extend_from_slice(&number.to_le_bytes());
        }
        let name_len = u16::try_from(name.len()).map_err(|_| Refusal::TooLarge)?;
        head.extend_from_slice(&name_len.to_le_bytes());
        head.extend_from_slice(&[0, 0]);
        self.plan.put(b"PK\x03\x04");
        self.plan.put(&head);
        self.plan.put(name.as_bytes());
        self.plan.put(kept);

        append(&mut self.directory, b"PK\x01\x02\x14\0");
        append(&mut self.directory, &head);
        let folder: u32 = if name.ends_with('/') { 0x10 } else { 0 };
        append(&mut self.directory, &[0; 6]);
        append(&mut self.directory, &folder.to_le_bytes());
        append(&mut self.directory, &at.to_le_bytes());
        append(&mut self.directory, name.as_bytes());
        self.members = self.members.checked_add(1).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// The finished container.
    ///
    /// # Errors
    /// As [`Builder::add`].
    pub(crate) fn finish(mut self) -> Result<Plan, Refusal> {
        let size = |len: u64| u32::try_from(len).map_err(|_| Refusal::TooLarge);
        let (at, len) = (size(self.plan.len())?, size(self.directory.len() as u64)?);
        self.plan.put(&self.directory);
        self.plan.put(b"PK\x05\x06\0\0\0\0");
        self.plan.put(&self.members.to_le_bytes());
        self.plan.put(&self.members.to_le_bytes());
        self.plan.put(&len.to_le_bytes());
        self.plan.put(&at.to_le_bytes());
        self.plan.put(&[0, 0]);
        Ok(self.plan)
    }
}
