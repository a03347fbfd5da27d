//! The frame: one canonical archive of a tip and its attachments, padded to a size class.
//!
//! A POSIX ustar archive (IEEE Std 1003.1, `pax`, "ustar Interchange Format") in which everything that
//! could differ between two people is a constant. A tip has exactly one frame; reading refuses any other.
//!
//! Format v1, section 3.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

use zeroize::Zeroizing;

use crate::{
    Attachment, Case, OpenError, OpenedTip, SealError, Tip, WriteAt,
    envelope::Form,
    size,
    tip::{Body, MAX_JSON},
};

const BLOCK: usize = 512;
const TIP_JSON: &str = "tip.json";
/// The longest file whose length fits the eleven octal digits of the `size` field; longer ones are written
/// in base 256 as GNU tar, bsdtar and Python do.
const MAX_OCTAL: u64 = (1 << 33) - 1;
const SIZE_FIELD: std::ops::Range<usize> = 124..136;

/// The frame of a tip, read from front to back.
pub(crate) struct Frame<'a> {
    parts: VecDeque<Part<'a>>,
    len: u64,
}

enum Part<'a> {
    Bytes(Zeroizing<Vec<u8>>, usize),
    File(Box<dyn Read + Send + 'a>, u64),
    Zeros(u64),
}

impl<'a> Frame<'a> {
    pub(crate) fn new(tip: Tip<'a>) -> Result<Self, SealError> {
        let json = tip.body().to_json();
        let len = padded(json.len() as u64, tip.files().iter().map(|file| file.len))?;
        let mut parts = VecDeque::with_capacity(2 + 3 * tip.files().len());
        let attachments = described(tip.body(), tip.files().iter().map(|file| file.len));

        let mut head = Zeroizing::new(Vec::with_capacity(BLOCK + json.len() + BLOCK));
        head.extend_from_slice(&entry(TIP_JSON, json.len() as u64));
        head.extend_from_slice(&json);
        let blocks = head.len().next_multiple_of(BLOCK);
        head.resize(blocks, 0);
        let mut written = head.len() as u64;
        parts.push_back(Part::Bytes(head, 0));
        for (about, file) in attachments.iter().zip(tip.into_files()) {
            parts.push_back(Part::Bytes(
                entry(&path(about), file.len).to_vec().into(),
                0,
            ));
            parts.push_back(Part::File(file.content, file.len));
            parts.push_back(Part::Zeros(filler(file.len)));
            written += BLOCK as u64 + file.len + filler(file.len);
        }
        parts.push_back(Part::Zeros(len - written));
        Ok(Self { parts, len })
    }

    /// Octets, padding included: a size class.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Fills `out` with the next octets.
    ///
    /// # Errors
    /// [`SealError::AttachmentChanged`] when a file is shorter or longer than it said.
    pub(crate) fn fill(&mut self, mut out: &mut [u8]) -> Result<(), SealError> {
        while !out.is_empty() {
            let Some(part) = self.parts.front_mut() else {
                debug_assert!(false, "asked for more octets than the frame has");
                return Err(SealError::AttachmentChanged);
            };
            let n = part.fill(out)?;
            let (_, rest) = out.split_at_mut(n);
            out = rest;
            if part.is_spent()? {
                self.parts.pop_front();
            }
        }
        Ok(())
    }
}

impl Part<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<usize, SealError> {
        match self {
            Part::Bytes(bytes, at) => {
                let ready = bytes.get(*at..).unwrap_or_default();
                let n = ready.len().min(out.len());
                for (to, from) in out.iter_mut().zip(ready) {
                    *to = *from;
                }
                *at += n;
                Ok(n)
            }
            Part::File(file, left) => {
                let (room, _) = out.split_at_mut(at_most(*left, out.len()));
                file.read_exact(room).map_err(|e| match e.kind() {
                    io::ErrorKind::UnexpectedEof => SealError::AttachmentChanged,
                    _ => e.into(),
                })?;
                *left -= room.len() as u64;
                Ok(room.len())
            }
            Part::Zeros(left) => {
                let (room, _) = out.split_at_mut(at_most(*left, out.len()));
                room.fill(0);
                *left -= room.len() as u64;
                Ok(room.len())
            }
        }
    }

    fn is_spent(&mut self) -> Result<bool, SealError> {
        match self {
            Part::Bytes(bytes, at) => Ok(*at == bytes.len()),
            Part::Zeros(left) => Ok(*left == 0),
            Part::File(_, left) if *left > 0 => Ok(false),
            Part::File(file, _) => match file.read(&mut [0]) {
                Ok(0) => Ok(true),
                Ok(_) => Err(SealError::AttachmentChanged),
                Err(e) => Err(e.into()),
            },
        }
    }
}

/// Octets of the frame of `tip`, padding included.
pub(crate) fn padded_len(tip: &Tip<'_>) -> Result<u64, SealError> {
    padded(
        tip.body().json_len() as u64,
        tip.files().iter().map(|file| file.len),
    )
}

fn padded(json: u64, files: impl Iterator<Item = u64>) -> Result<u64, SealError> {
    let content = archive_len(files.chain([json])).ok_or(SealError::TooLong)?;
    size::class(content).ok_or(SealError::TooLong)
}

/// Octets of an archive of files of these lengths, the two blocks that end it included.
fn archive_len(files: impl Iterator<Item = u64>) -> Option<u64> {
    files.into_iter().try_fold(2 * BLOCK as u64, |sum, len| {
        sum.checked_add(BLOCK as u64)?
            .checked_add(len.checked_next_multiple_of(BLOCK as u64)?)
            .filter(|&sum| sum <= size::LARGEST)
    })
}

/// Zeros between a file and the next block.
fn filler(len: u64) -> u64 {
    len.next_multiple_of(BLOCK as u64) - len
}

fn at_most(left: u64, len: usize) -> usize {
    usize::try_from(left).map_or(len, |left| left.min(len))
}

fn described(body: &Body, lens: impl Iterator<Item = u64>) -> Vec<Attachment> {
    (1..)
        .zip(body.attachments.iter().zip(lens))
        .map(|(number, (&(media_type, role), len))| Attachment {
            number,
            media_type,
            role,
            len,
        })
        .collect()
}

fn path(about: &Attachment) -> String {
    format!("attachments/{}", about.name())
}

/// The one header that an entry of this name and length has.
fn entry(name: &str, len: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        for (to, from) in block.iter_mut().skip(at).zip(bytes) {
            *to = *from;
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000600\0"); // mode
    put(108, b"0000000\0"); // uid
    put(116, b"0000000\0"); // gid
    put(SIZE_FIELD.start, &size_field(len));
    put(136, b"00000000000\0"); // mtime
    put(148, b"        "); // checksum, counted as spaces
    put(156, b"0"); // a regular file
    put(257, b"ustar\x0000");
    put(329, b"0000000\0"); // devmajor
    put(337, b"0000000\0"); // devminor
    let sum: u32 = block.iter().map(|&b| u32::from(b)).sum();
    let sum = format!("{sum:06o}\0 ");
    for (to, from) in block.iter_mut().skip(148).zip(sum.as_bytes()) {
        *to = *from;
    }
    block
}

fn size_field(len: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if len <= MAX_OCTAL {
        for (to, from) in field.iter_mut().zip(format!("{len:011o}").as_bytes()) {
            *to = *from;
        }
    } else {
        let (front, number) = field.split_at_mut(4);
        number.copy_from_slice(&len.to_be_bytes());
        front.fill(0);
        if let Some(first) = front.first_mut() {
            *first = 0x80;
        }
    }
    field
}

/// The length in an entry's header, which [`entry`] must then give back byte for byte.
fn entry_len(block: &[u8; BLOCK]) -> Option<u64> {
    let field = block.get(SIZE_FIELD)?;
    if let Some(number) = field.strip_prefix(&[0x80, 0, 0, 0]) {
        return Some(u64::from_be_bytes(number.try_into().ok()?));
    }
    let digits = str::from_utf8(field.strip_suffix(&[0])?).ok()?;
    u64::from_str_radix(digits, 8).ok()
}

/// Takes a frame apart: the octets are pushed in, attachments come out into a [`Case`].
pub(crate) struct Unframer<'c, C: Case> {
    case: &'c mut C,
    state: State<C::File>,
    /// Octets of the frame that have been pushed or skipped.
    at: u64,
    /// The tip, and the octets of its `tip.json`.
    body: Option<(Body, u64)>,
    attachments: Vec<Attachment>,
}

enum State<F> {
    Header(Box<[u8; BLOCK]>, usize),
    Json(Zeroizing<Vec<u8>>, usize),
    Filler(u64),
    File {
        file: F,
        done: u64,
        len: u64,
    },
    /// The end of the archive and the padding: zeros only.
    End,
}

/// A file's content that was skipped: where it lies in the frame and where it goes.
pub(crate) struct Segment<F> {
    pub(crate) start: u64,
    pub(crate) len: u64,
    pub(crate) file: F,
}

impl<'c, C: Case> Unframer<'c, C> {
    pub(crate) fn new(case: &'c mut C) -> Self {
        Self {
            case,
            state: State::Header(Box::new([0; BLOCK]), 0),
            at: 0,
            body: None,
            attachments: Vec::new(),
        }
    }

    /// Takes the next octets of the frame.
    ///
    /// # Errors
    /// [`OpenError::BadFrame`], [`OpenError::BadTip`], [`OpenError::NewerVersion`], [`OpenError::Io`].
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> Result<(), OpenError> {
        while !bytes.is_empty() {
            let n = self.take(bytes)?;
            self.at += n as u64;
            bytes = bytes.get(n..).unwrap_or_default();
        }
        Ok(())
    }

    /// How many octets have been pushed or skipped.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Whether only zeros may follow.
    pub(crate) fn is_at_end(&self) -> bool {
        matches!(self.state, State::End)
    }

    /// Skips what is left of the attachment that stands here, if one does.
    pub(crate) fn skip_file(&mut self) -> Option<Segment<C::File>> {
        if !matches!(self.state, State::File { .. }) {
            return None;
        }
        let State::File { file, done, len } = std::mem::replace(&mut self.state, State::End) else {
            return None;
        };
        let start = self.at - done;
        self.at = start + len;
        self.state = self.after_content(len);
        Some(Segment { start, len, file })
    }

    /// The tip, when `len` octets of plaintext were a whole frame.
    ///
    /// # Errors
    /// [`OpenError::BadFrame`] when something is missing; [`OpenError::BadSize`] when `len` is not the
    /// class of the frame's content.
    pub(crate) fn finish(self, len: u64, form: Form) -> Result<OpenedTip, OpenError> {
        // First, as in a file whose length is known before it is opened.
        if !size::is_class(len) {
            return Err(OpenError::BadSize);
        }
        let (Some((body, json)), State::End) = (self.body, self.state) else {
            return Err(OpenError::BadFrame);
        };
        let files = self.attachments.iter().map(|about| about.len);
        let content = archive_len(files.chain([json])).ok_or(OpenError::BadFrame)?;
        if size::class(content) != Some(len) {
            return Err(OpenError::BadSize);
        }
        Ok(OpenedTip::new(body, self.attachments, form))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<usize, OpenError> {
        match &mut self.state {
            State::Header(block, filled) => {
                let mut n = 0;
                for (to, from) in block.iter_mut().skip(*filled).zip(bytes) {
                    *to = *from;
                    n += 1;
                }
                *filled += n;
                if *filled == BLOCK {
                    let block = block.clone();
                    self.state = self.begin_entry(&block)?;
                }
                Ok(n)
            }
            State::Json(json, len) => {
                let n = bytes.len().min(*len - json.len());
                json.extend(bytes.iter().take(n));
                if json.len() == *len {
                    let body = Body::from_json(json)?;
                    let len = *len as u64;
                    self.body = Some((body, len));
                    self.state = self.after_content(len);
                }
                Ok(n)
            }
            State::Filler(left) => {
                let (filler, _) = bytes.split_at(at_most(*left, bytes.len()));
                check_zeros(filler)?;
                *left -= filler.len() as u64;
                if *left == 0 {
                    self.state = self.next_entry();
                }
                Ok(filler.len())
            }
            State::File { file, done, len } => {
                let (part, _) = bytes.split_at(at_most(*len - *done, bytes.len()));
                file.write_all_at(part, *done)?;
                *done += part.len() as u64;
                if done == len {
                    let len = *len;
                    self.state = self.after_content(len);
                }
                Ok(part.len())
            }
            State::End => {
                check_zeros(bytes)?;
                Ok(bytes.len())
            }
        }
    }

    fn begin_entry(&mut self, block: &[u8; BLOCK]) -> Result<State<C::File>, OpenError> {
        let len = entry_len(block)
            .filter(|&len| len <= size::LARGEST)
            .ok_or(OpenError::BadFrame)?;
        let Some((body, _)) = &self.body else {
            if *block != entry(TIP_JSON, len) || len > MAX_JSON {
                return Err(OpenError::BadFrame);
            }
            let len = usize::try_from(len).map_err(|_| OpenError::BadFrame)?;
            return match len {
                0 => Err(OpenError::BadTip),
                // The length is the sender's word, but it is bounded, and authentic with its chunk.
                _ => Ok(State::Json(Vec::with_capacity(len).into(), len)),
            };
        };
        let number = self.attachments.len() + 1;
        let &(media_type, role) = body
            .attachments
            .get(number - 1)
            .ok_or(OpenError::BadFrame)?;
        let about = Attachment {
            number,
            media_type,
            role,
            len,
        };
        if *block != entry(&path(&about), len) {
            return Err(OpenError::BadFrame);
        }
        let file = self.case.attachment(&about)?;
        self.attachments.push(about);
        Ok(match len {
            0 => self.next_entry(),
            _ => State::File { file, done: 0, len },
        })
    }

    fn after_content(&self, len: u64) -> State<C::File> {
        match filler(len) {
            0 => self.next_entry(),
            left => State::Filler(left),
        }
    }

    fn next_entry(&self) -> State<C::File> {
        let announced = self
            .body
            .as_ref()
            .map_or(0, |(body, _)| body.attachments.len());
        if self.attachments.len() < announced {
            State::Header(Box::new([0; BLOCK]), 0)
        } else {
            State::End
        }
    }
}

/// Refuses anything but zeros: nothing may hide behind the archive.
pub(crate) fn check_zeros(bytes: &[u8]) -> Result<(), OpenError> {
    if bytes.iter().all(|&b| b == 0) {
        Ok(())
    } else {
        Err(OpenError::BadFrame)
    }
}
