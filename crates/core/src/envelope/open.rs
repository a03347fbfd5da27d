//! Opening, from memory, from a pipe, and from a file with several workers.

use std::{
    io::{self, Read},
    num::NonZeroUsize,
    sync::Arc,
};

use zeroize::Zeroizing;

use super::{
    Form,
    outside::{Recognised, Sequential, recognise, short_bytes},
};
use crate::{
    KeyRing, OpenError, OpenedTip, ReadAt, WriteAt,
    age::{
        self, Opened, armor,
        stream::{self, Chunks, Stream},
    },
    at::Memory,
    frame::{Segment, Unframer, check_zeros},
    short, size, stack,
    tip::Attachment,
};

/// Payloads of fewer chunks are opened in order: finding the attachments first opens some chunks twice.
const WORTH_SHARING: u64 = 32;

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
        let opened = age::open_header(&mut from_start, keys)?;
        let form = opened.form();
        let sealed = len.checked_sub(opened.start).ok_or(OpenError::BadHeader)?;
        let chunks = Chunks::of_sealed(sealed)?;
        let payload = Payload {
            envelope,
            start: opened.start,
            chunks,
            stream: opened.stream,
        };
        // Most often such a length means that the file was cut short or something was added: then that is said.
        if !size::is_class(chunks.plain) {
            payload.check_end()?;
            return Err(OpenError::BadSize);
        }
        let shared = workers.get() > 1 && chunks.count() >= WORTH_SHARING;
        let workers = if shared { workers } else { NonZeroUsize::MIN };
        payload.open(case, workers, form)
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
    let opened = age::open_header(&mut envelope, keys)?;
    let mut frame = Unframer::new(case);
    let payload = opened.rest.as_slice().chain(envelope);
    stream::open_in_order(&opened.stream, payload, |text| frame.push(text))?;
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
