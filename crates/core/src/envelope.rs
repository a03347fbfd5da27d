//! Sealing and opening: what the other modules make, put together.
//!
//! Format v1, section 5.

use std::{
    io::{self, BufRead, BufReader, Chain, Cursor, Read, Write},
    num::NonZeroUsize,
    sync::Arc,
};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    KeyRing, OpenError, OpenedTip, ReadAt, Recipients, SealError, Tip, WriteAt,
    age::{
        self, Opened, armor, header,
        header::Header,
        stream::{self, Chunks, NONCE_LEN, Stream},
    },
    at::Memory,
    frame::{self, Frame, Segment, Unframer, check_zeros},
    short, size, stack,
    tip::Attachment,
};

/// Payloads of fewer chunks are opened in order: finding the attachments first opens some chunks twice.
const WORTH_SHARING: u64 = 32;
/// The longest short envelope in its text form, with room for white space around it.
const MAX_SHORT_TEXT: u64 = 4096;

/// A sealed tip in memory, in its binary form.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope(Vec<u8>);

impl Envelope {
    /// The binary form.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The binary form, moved out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The text form: age's armor, or base64url (RFC 4648, section 5, no padding) for the short form.
    pub fn to_text(&self) -> String {
        if short::is_short(&self.0) {
            short::to_text(&self.0)
        } else {
            armor::to_text(&self.0)
        }
    }
}

/// Which kind of envelope a tip comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An age file whose stanzas are all of the hybrid type.
    PostQuantum,
    /// An age file with a stanza that a quantum computer could open: recorded today, it may be read one day.
    Classical,
    /// The one-message form, which is classical too.
    Short,
}

/// Octets of the envelope that `tip` makes.
///
/// # Errors
/// [`SealError::TooLong`].
pub fn sealed_len(tip: &Tip<'_>, to: &Recipients) -> Result<u64, SealError> {
    let payload = Chunks::of_plain(frame::padded_len(tip)?).sealed();
    Ok((to.header_len() + NONCE_LEN) as u64 + payload)
}

/// Seals a tip in memory.
///
/// # Errors
/// Any [`SealError`].
pub fn seal(tip: Tip<'_>, to: &Recipients) -> Result<Envelope, SealError> {
    let len = usize::try_from(sealed_len(&tip, to)?).map_err(|_| SealError::TooLong)?;
    let mut bytes = Vec::with_capacity(len);
    seal_stream(tip, to, &mut bytes)?;
    Ok(Envelope(bytes))
}

/// Seals a tip into a pipe, in order, in 70 KiB of memory; returns the octets written.
///
/// # Errors
/// Any [`SealError`]. What was written by then is not an envelope.
pub fn seal_stream(tip: Tip<'_>, to: &Recipients, out: &mut impl Write) -> Result<u64, SealError> {
    stack::wiped(|| {
        let mut frame = Frame::new(tip)?;
        let begun = age::begin(to)?;
        let chunks = Chunks::of_plain(frame.len());
        out.write_all(&begun.bytes)?;
        stream::seal_in_order(
            &begun.stream,
            chunks,
            |text| frame.fill(text),
            |sealed| Ok(out.write_all(sealed)?),
        )?;
        Ok(begun.bytes.len() as u64 + chunks.sealed())
    })
}

/// Seals a tip into a file with several workers, in about 1 MiB of memory each; returns the octets written.
///
/// # Errors
/// Any [`SealError`]. What was written by then is not an envelope.
pub fn seal_at(
    tip: Tip<'_>,
    to: &Recipients,
    out: &impl WriteAt,
    workers: NonZeroUsize,
) -> Result<u64, SealError> {
    stack::wiped(|| {
        let mut frame = Frame::new(tip)?;
        let begun = age::begin(to)?;
        let chunks = Chunks::of_plain(frame.len());
        let start = begun.bytes.len() as u64;
        out.write_all_at(&begun.bytes, 0)?;
        stream::seal_in_place(
            &begun.stream,
            chunks,
            workers,
            |text| frame.fill(text),
            |sealed, at| Ok(out.write_all_at(sealed, start + at)?),
        )?;
        Ok(start + chunks.sealed())
    })
}

/// Seals a text in the one-message form, for channels as narrow as an SMS.
///
/// It is classical: tell the sender that whoever records it may read it when quantum computers come.
///
/// # Errors
/// [`SealError::TextTooLong`] above 1,098 octets of text code; [`SealError::TextHasNul`];
/// [`SealError::NoShortKey`].
pub fn seal_short(text: &str, to: &Recipients) -> Result<Envelope, SealError> {
    let to = to.short()?;
    stack::wiped(|| short::seal(text, to).map(Envelope))
}

/// Where the attachments go while an envelope is being opened.
///
/// Nothing that arrives is known to be a whole tip before the call that opens returns `Ok`: keep it out of
/// sight until then, and throw it away otherwise.
pub trait Case {
    /// What an attachment is written to.
    type File: WriteAt;

    /// Makes room for the next attachment. Called once for each, in order; use [`Attachment::name`], and
    /// believe `len` only as far as there is room.
    ///
    /// # Errors
    /// Whatever the file system says; opening stops then.
    fn attachment(&mut self, about: &Attachment) -> io::Result<Self::File>;
}

/// The content of each attachment of a tip, in order, wiped when dropped.
pub type Contents = Vec<Zeroizing<Vec<u8>>>;

/// Opens an envelope of any form in memory, with its attachments.
///
/// # Errors
/// Any [`OpenError`].
pub fn open(envelope: &[u8], keys: &KeyRing) -> Result<(OpenedTip, Contents), OpenError> {
    struct InMemory {
        files: Vec<Arc<Memory>>,
        /// No attachment is longer than the envelope that it came in.
        room: u64,
    }

    struct Shared(Arc<Memory>);

    impl WriteAt for Shared {
        fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
            (&*self.0).write_all_at(bytes, offset)
        }
    }

    impl Case for InMemory {
        type File = Shared;

        fn attachment(&mut self, about: &Attachment) -> io::Result<Shared> {
            self.room = self
                .room
                .checked_sub(about.len)
                .ok_or(OpenError::BadFrame)?;
            let len = usize::try_from(about.len).map_err(|_| OpenError::BadFrame)?;
            let file = Arc::new(Memory::with_capacity(len));
            self.files.push(Arc::clone(&file));
            Ok(Shared(file))
        }
    }

    let mut case = InMemory {
        files: Vec::new(),
        room: envelope.len() as u64,
    };
    let tip = open_at(
        &envelope,
        envelope.len() as u64,
        keys,
        &mut case,
        NonZeroUsize::MIN,
    )?;
    let files = case.files.into_iter();
    Ok((
        tip,
        files
            .filter_map(|file| Arc::into_inner(file).map(Memory::into_inner))
            .collect(),
    ))
}

/// Opens an envelope of any form from a pipe, in order.
///
/// # Errors
/// Any [`OpenError`]; the caller then throws away what went into `case`.
pub fn open_stream(
    envelope: impl Read,
    keys: &KeyRing,
    case: &mut impl Case,
) -> Result<OpenedTip, OpenError> {
    stack::wiped(|| {
        let (recognised, envelope) = recognise(envelope)?;
        match recognised {
            Recognised::Age => open_in_order(envelope, keys, case),
            Recognised::Armor => open_in_order(armor::Reader::new(envelope), keys, case),
            Recognised::Other => open_short(&short_bytes(envelope)?, keys),
        }
    })
}

/// Opens an envelope of any form from a file of `len` octets, with several workers when it is large.
///
/// # Errors
/// Any [`OpenError`]; the caller then throws away what went into `case`.
pub fn open_at(
    envelope: &impl ReadAt,
    len: u64,
    keys: &KeyRing,
    case: &mut impl Case,
    workers: NonZeroUsize,
) -> Result<OpenedTip, OpenError> {
    stack::wiped(|| {
        let (recognised, mut from_start) = recognise(Sequential {
            of: envelope,
            at: 0,
            len,
        })?;
        if recognised != Recognised::Age {
            return open_stream(from_start, keys, case);
        }
        let (bytes, end) = age::read_header(&mut from_start)?;
        let (opened, file_key) =
            age::unwrap(&Header::parse(bytes.get(..end).unwrap_or_default())?, keys)?;
        let mut nonce = [0; NONCE_LEN];
        let start = (end + NONCE_LEN) as u64;
        let sealed = len.checked_sub(start).ok_or(OpenError::BadHeader)?;
        envelope.read_exact_at(&mut nonce, end as u64)?;
        let chunks = Chunks::of_sealed(sealed)?;
        let payload = Payload {
            envelope,
            start,
            chunks,
            stream: Stream::new(&file_key, &nonce),
        };
        // Most often such a length means that the file was cut short or something was added: then that is said.
        if !size::is_class(chunks.plain) {
            payload.check_end()?;
            return Err(OpenError::BadSize);
        }
        let shared = workers.get() > 1 && chunks.count() >= WORTH_SHARING;
        let workers = if shared { workers } else { NonZeroUsize::MIN };
        payload.open(case, workers, opened.form())
    })
}

impl Opened {
    fn form(&self) -> Form {
        if self.post_quantum {
            Form::PostQuantum
        } else {
            Form::Classical
        }
    }
}

/// Where the attachments lie, and from where on there must be zeros.
type Survey<F> = (Vec<Segment<F>>, u64);

/// A payload in a file.
struct Payload<'e, R: ?Sized> {
    envelope: &'e R,
    start: u64,
    chunks: Chunks,
    stream: Stream,
}

impl<R: ReadAt + ?Sized> Payload<'_, R> {
    fn open(
        &self,
        case: &mut impl Case,
        workers: NonZeroUsize,
        form: Form,
    ) -> Result<OpenedTip, OpenError> {
        // Before anything is written: a large file that was cut short is refused at once.
        if self.chunks.count() >= WORTH_SHARING {
            self.check_end()?;
        }
        let mut frame = Unframer::new(case);
        if workers.get() == 1 {
            let mut buffer = self.buffer();
            for index in 0..self.chunks.count() {
                frame.push(self.chunk(index, &mut buffer)?)?;
            }
            return frame.finish(self.chunks.plain, form);
        }
        // First the headers, one chunk at each; then everything at once, to where the headers say.
        let (segments, zeros_from) = self.survey(&mut frame)?;
        stream::open_in_place(
            &self.stream,
            self.chunks,
            workers,
            |buffer, at| Ok(self.envelope.read_exact_at(buffer, self.start + at)?),
            |text, at| {
                deliver(text, at, &segments)?;
                let zeros = text.get(offset_in(at, zeros_from)..).unwrap_or_default();
                check_zeros(zeros)
            },
        )?;
        // Last: an envelope that was cut short must be named damaged, not one of a wrong size.
        frame.finish(self.chunks.plain, form)
    }

    /// Reads everything but the content of the attachments and the zeros behind the archive; says where
    /// the attachments lie and from where on there must be zeros.
    fn survey<C: Case>(&self, frame: &mut Unframer<'_, C>) -> Result<Survey<C::File>, OpenError> {
        let mut segments = Vec::new();
        let mut buffer = self.buffer();
        while !frame.is_at_end() {
            let at = frame.at();
            if at >= self.chunks.plain {
                // Cut short, which the last chunk will show, or no frame, which `finish` will.
                break;
            }
            let index = at / stream::CHUNK as u64;
            let mut text = self.chunk(index, &mut buffer)?;
            text = text
                .get(offset_in(index * stream::CHUNK as u64, at)..)
                .unwrap_or_default();
            while !text.is_empty() && !frame.is_at_end() {
                // Block by block, so that the content of an attachment is seen when it begins.
                let block = text.len().min(512 - offset_in(0, frame.at() % 512));
                let (block, rest) = text.split_at(block);
                frame.push(block)?;
                text = rest;
                if let Some(segment) = frame.skip_file() {
                    segments.push(segment);
                    text = &[];
                }
            }
        }
        Ok((segments, frame.at()))
    }

    /// Opens the last chunk, which is authentic only where the payload ends.
    fn check_end(&self) -> Result<(), OpenError> {
        let last = self.chunks.count().saturating_sub(1);
        self.chunk(last, &mut self.buffer()).map(|_| ())
    }

    fn buffer(&self) -> Zeroizing<Vec<u8>> {
        vec![0; self.chunks.len(0) + stream::TAG_LEN].into()
    }

    fn chunk<'b>(&self, index: u64, buffer: &'b mut [u8]) -> Result<&'b [u8], OpenError> {
        let (sealed, _) = buffer.split_at_mut(self.chunks.len(index) + stream::TAG_LEN);
        let at = self.start + index * stream::SEALED_CHUNK as u64;
        self.envelope.read_exact_at(sealed, at)?;
        self.stream.open(index, self.chunks.place(index), sealed)
    }
}

/// Opens a payload without a header.
#[cfg(fuzzing)]
pub(crate) fn open_payload(
    sealed: &[u8],
    stream: Stream,
    case: &mut impl Case,
    workers: NonZeroUsize,
) -> Result<OpenedTip, OpenError> {
    let chunks = Chunks::of_sealed(sealed.len() as u64)?;
    let envelope = &sealed;
    let payload = Payload {
        envelope,
        start: 0,
        chunks,
        stream,
    };
    payload.open(case, workers, Form::PostQuantum)
}

/// Where `position` lies in something that begins at `start`, at least 0.
fn offset_in(start: u64, position: u64) -> usize {
    usize::try_from(position.saturating_sub(start)).unwrap_or(usize::MAX)
}

/// Writes the parts of `text`, which stands at `at` in the frame, that belong to attachments.
fn deliver<F: WriteAt>(text: &[u8], at: u64, segments: &[Segment<F>]) -> Result<(), OpenError> {
    let first = segments.partition_point(|segment| segment.start + segment.len <= at);
    for segment in segments.iter().skip(first) {
        if segment.start >= at + text.len() as u64 {
            break;
        }
        let from = offset_in(at, segment.start);
        let to = text.len().min(offset_in(at, segment.start + segment.len));
        if let Some(part) = text.get(from..to) {
            let offset = (at + from as u64).saturating_sub(segment.start);
            segment.file.write_all_at(part, offset)?;
        }
    }
    Ok(())
}

fn open_in_order(
    mut envelope: impl Read,
    keys: &KeyRing,
    case: &mut impl Case,
) -> Result<OpenedTip, OpenError> {
    let (opened, stream, rest) = age::open_header(&mut envelope, keys)?;
    let mut frame = Unframer::new(case);
    stream::open_in_order(&stream, rest.as_slice().chain(envelope), |text| {
        frame.push(text)
    })?;
    let len = frame.at();
    frame.finish(len, opened.form())
}

fn open_short(envelope: &[u8], keys: &KeyRing) -> Result<OpenedTip, OpenError> {
    let text = keys.find(|identity| match identity.x25519_secret() {
        Some(secret) => short::open(envelope, secret),
        None => Ok(None),
    })?;
    Ok(OpenedTip::short(text))
}

/// The binary form of a short envelope in either form.
fn short_bytes(envelope: impl Read) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    envelope.take(MAX_SHORT_TEXT + 1).read_to_end(&mut bytes)?;
    if short::is_short(&bytes) {
        return Ok(bytes);
    }
    str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.len() as u64 <= MAX_SHORT_TEXT)
        .and_then(short::from_text)
        .filter(|bytes| short::is_short(bytes))
        .ok_or(OpenError::NotAnEnvelope)
}

/// What the first octets say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recognised {
    Age,
    Armor,
    Other,
}

/// A reader from its start, although its first octets were taken from it.
type Whole<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// Octets that are looked at: the white space that armor may have before it, and its first line.
const LOOKED_AT: usize = armor::MAX_LEADING + armor::BEGIN.len();

/// Looks at the first octets; the reader that comes back gives them again.
pub(crate) fn recognise<R: Read>(mut reader: R) -> io::Result<(Recognised, Whole<R>)> {
    // Read in full, because a pipe may give its first octets one by one.
    let mut begin = Vec::with_capacity(LOOKED_AT);
    (&mut reader)
        .take(LOOKED_AT as u64)
        .read_to_end(&mut begin)?;
    // The first line up to its version: a later version is an age file too, whose header is then refused.
    let recognised = if begin.starts_with(b"age-encryption.org/") {
        Recognised::Age
    } else if begin.trim_ascii_start().starts_with(b"-----BEGIN") {
        Recognised::Armor
    } else {
        Recognised::Other
    };
    Ok((recognised, BufReader::new(Cursor::new(begin).chain(reader))))
}

/// What somebody without a key learns from an envelope, and all that he learns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outside {
    /// The kind of envelope.
    pub form: Form,
    /// Whether it is in its text form.
    pub is_text: bool,
    /// Octets of the binary form.
    pub len: u64,
    /// Octets of plaintext; `None` when it is not a length that a tip can have.
    pub class: Option<u64>,
    /// Recipient stanzas, real and dummy; 1 for the short form.
    pub stanzas: usize,
}

/// Says what somebody without a key learns. The envelope is read to its end and not checked beyond its shape.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn inspect(envelope: impl Read) -> Result<Outside, OpenError> {
    let (recognised, mut envelope) = recognise(envelope)?;
    match recognised {
        Recognised::Age => inspect_age(envelope, false),
        Recognised::Armor => inspect_age(armor::Reader::new(envelope), true),
        Recognised::Other => {
            let first = envelope.fill_buf()?.first().copied();
            let bytes = short_bytes(envelope)?;
            Ok(Outside {
                form: Form::Short,
                is_text: first != bytes.first().copied(),
                len: bytes.len() as u64,
                class: Some((bytes.len() - short::OVERHEAD) as u64),
                stanzas: 1,
            })
        }
    }
}

/// Names an envelope by what is unique to it: SHA-256 over its header and nonce, or over the whole of a
/// short one. The text form and the binary form of one envelope have the same name.
///
/// Only the beginning is read, so a damaged copy has the same name. The name covers the MAC, so nobody
/// without the file key can make another envelope of the same name that opens. Whoever has that key, the
/// writer or a recipient, can: the same name is no proof of the same contents.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn envelope_id(envelope: impl Read) -> Result<[u8; 32], OpenError> {
    let (recognised, envelope) = recognise(envelope)?;
    match recognised {
        Recognised::Age => age_id(envelope),
        Recognised::Armor => age_id(armor::Reader::new(envelope)),
        Recognised::Other => Ok(Sha256::digest(short_bytes(envelope)?).into()),
    }
}

fn age_id(mut envelope: impl Read) -> Result<[u8; 32], OpenError> {
    let (bytes, end) = age::read_header(&mut envelope)?;
    let (header, rest) = bytes.split_at_checked(end).unwrap_or_default();
    let mut nonce = [0; NONCE_LEN];
    if stream::read_full(&mut rest.chain(envelope), &mut nonce)? < NONCE_LEN {
        return Err(OpenError::BadHeader);
    }
    Ok(Sha256::new()
        .chain_update(header)
        .chain_update(nonce)
        .finalize()
        .into())
}

/// Says the same of a file of `len` octets, reading only the beginning of a binary one.
///
/// # Errors
/// Any [`OpenError`] of the outer layers.
pub fn inspect_at(envelope: &impl ReadAt, len: u64) -> Result<Outside, OpenError> {
    let (recognised, mut from_start) = recognise(Sequential {
        of: envelope,
        at: 0,
        len,
    })?;
    if recognised != Recognised::Age {
        return inspect(from_start);
    }
    let (bytes, end) = age::read_header(&mut from_start)?;
    outside(&bytes, end, len, false)
}

fn inspect_age(mut envelope: impl Read, is_text: bool) -> Result<Outside, OpenError> {
    let (bytes, end) = age::read_header(&mut envelope)?;
    let rest = io::copy(&mut envelope, &mut io::sink())?;
    outside(&bytes, end, bytes.len() as u64 + rest, is_text)
}

/// What shows of an age file of `len` octets that begins with `bytes` and whose header ends at `end`.
fn outside(bytes: &[u8], end: usize, len: u64, is_text: bool) -> Result<Outside, OpenError> {
    let header = Header::parse(bytes.get(..end).unwrap_or_default())?;
    let hybrid = |stanza: &header::Stanza<'_>| stanza.tag == age::hybrid::TAG;
    let payload = len
        .checked_sub((end + NONCE_LEN) as u64)
        .ok_or(OpenError::BadHeader)?;
    let plain = Chunks::of_sealed(payload)?.plain;
    Ok(Outside {
        form: if header.stanzas.iter().all(hybrid) {
            Form::PostQuantum
        } else {
            Form::Classical
        },
        is_text,
        len,
        class: size::is_class(plain).then_some(plain),
        stanzas: header.stanzas.len(),
    })
}

/// Reads something positioned from front to back.
struct Sequential<'e, R: ?Sized> {
    of: &'e R,
    at: u64,
    len: u64,
}

impl<R: ReadAt + ?Sized> Read for Sequential<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len - self.at).unwrap_or(usize::MAX);
        let (room, _) = out.split_at_mut(left.min(out.len()));
        self.of.read_exact_at(room, self.at)?;
        self.at += room.len() as u64;
        Ok(room.len())
    }
}
