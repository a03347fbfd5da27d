//! The payload of an age file: STREAM, chunks of 64 KiB at fixed offsets.
//!
//! C2SP age specification, "Payload".

use std::{
    io::{self, Read},
    num::NonZeroUsize,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use chacha20poly1305::{
    ChaCha20Poly1305, Nonce, Tag,
    aead::{AeadInOut, KeyInit},
};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::FileKey;
use crate::{OpenError, stack};

/// Octets of plaintext in every chunk but the last.
pub(crate) const CHUNK: usize = 64 * 1024;
/// Octets of the tag behind each chunk.
pub(crate) const TAG_LEN: usize = 16;
/// Octets of a sealed chunk.
pub(crate) const SEALED_CHUNK: usize = CHUNK + TAG_LEN;
/// Octets of the nonce that the payload begins with.
pub(crate) const NONCE_LEN: usize = 16;
/// Chunks that a worker takes at a time: enough that the system calls do not count, small in memory.
const BATCH: usize = 8;

/// Whether a chunk is the last one of its payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Inner,
    Last,
}

/// Seals and opens the chunks of one payload.
pub(crate) struct Stream(ChaCha20Poly1305);

impl Stream {
    pub(crate) fn new(file_key: &FileKey, nonce: &[u8; NONCE_LEN]) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        let done =
            Hkdf::<Sha256>::new(Some(nonce), file_key.as_bytes()).expand(b"payload", &mut *key);
        debug_assert!(done.is_ok(), "32 octets are within HKDF's limit");
        Self(ChaCha20Poly1305::new((&*key).into()))
    }

    /// Seals chunk `index` in place: `chunk` is the plaintext followed by room for the tag.
    pub(crate) fn seal(&self, index: u64, place: Place, chunk: &mut [u8]) {
        let Some((text, tag)) = chunk.split_last_chunk_mut::<TAG_LEN>() else {
            debug_assert!(false, "every caller leaves room for the tag");
            return;
        };
        if let Ok(sealed) = self
            .0
            .encrypt_inout_detached(&nonce(index, place), &[], text.into())
        {
            tag.copy_from_slice(&sealed);
        }
    }

    /// Opens chunk `index` in place and returns its plaintext.
    ///
    /// # Errors
    /// [`OpenError::BadPayload`] when the chunk is not authentic, or is empty without being the only one.
    pub(crate) fn open<'c>(
        &self,
        index: u64,
        place: Place,
        chunk: &'c mut [u8],
    ) -> Result<&'c [u8], OpenError> {
        let (text, tag) = chunk
            .split_last_chunk_mut::<TAG_LEN>()
            .ok_or(OpenError::BadPayload)?;
        if text.is_empty() && index != 0 {
            return Err(OpenError::BadPayload);
        }
        self.0
            .decrypt_inout_detached(
                &nonce(index, place),
                &[],
                (&mut *text).into(),
                &Tag::from(*tag),
            )
            .map_err(|_| OpenError::BadPayload)?;
        Ok(text)
    }
}

/// Eleven octets of counter, big-endian, and the flag of the last chunk.
fn nonce(index: u64, place: Place) -> Nonce {
    let mut nonce = [0; 12];
    if let Some((counter, flag)) = nonce.split_last_chunk_mut::<9>() {
        counter.fill(0);
        if let Some((count, last)) = flag.split_first_chunk_mut::<8>() {
            *count = index.to_be_bytes();
            last.fill(u8::from(place == Place::Last));
        }
    }
    nonce.into()
}

/// The chunks of a payload whose length is known.
#[derive(Clone, Copy)]
pub(crate) struct Chunks {
    /// Octets of plaintext.
    pub(crate) plain: u64,
    count: u64,
}

impl Chunks {
    /// The chunks that `plain` octets of plaintext make.
    pub(crate) fn of_plain(plain: u64) -> Self {
        let count = plain.div_ceil(CHUNK as u64).max(1);
        Self { plain, count }
    }

    /// The chunks in `sealed` octets of payload, the nonce not counted.
    pub(crate) fn of_sealed(sealed: u64) -> Result<Self, OpenError> {
        let count = sealed.div_ceil(SEALED_CHUNK as u64).max(1);
        let plain = sealed
            .checked_sub(count * TAG_LEN as u64)
            .ok_or(OpenError::BadPayload)?;
        let chunks = Self { plain, count };
        // An empty last chunk, or a tag cut in two.
        if count > 1 && chunks.plain <= (count - 1) * CHUNK as u64 {
            return Err(OpenError::BadPayload);
        }
        Ok(chunks)
    }

    /// Octets of the sealed payload, the nonce not counted.
    pub(crate) fn sealed(self) -> u64 {
        self.plain + self.count * TAG_LEN as u64
    }

    pub(crate) fn count(self) -> u64 {
        self.count
    }

    /// Octets of plaintext in chunk `index`.
    pub(crate) fn len(self, index: u64) -> usize {
        let left = self.plain.saturating_sub(index * CHUNK as u64);
        usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK))
    }

    /// Room for the sealed chunks that a worker takes at a time.
    fn batch_buffer(self) -> Zeroizing<Vec<u8>> {
        let batch = (BATCH * SEALED_CHUNK) as u64;
        vec![0; usize::try_from(self.sealed().min(batch)).unwrap_or_default()].into()
    }

    pub(crate) fn place(self, index: u64) -> Place {
        if index + 1 == self.count {
            Place::Last
        } else {
            Place::Inner
        }
    }
}

/// Seals what `fill` gives, chunk after chunk, on the calling thread.
///
/// `fill` fills the whole buffer that it is given; `write` takes sealed octets in order.
pub(crate) fn seal_in_order<E>(
    stream: &Stream,
    chunks: Chunks,
    mut fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut buffer = Zeroizing::new(vec![0; chunks.len(0) + TAG_LEN]);
    for index in 0..chunks.count() {
        let (chunk, _) = buffer.split_at_mut(chunks.len(index) + TAG_LEN);
        let (text, _) = chunk.split_at_mut(chunks.len(index));
        fill(text)?;
        stream.seal(index, chunks.place(index), chunk);
        write(chunk)?;
    }
    Ok(())
}

/// Seals what `fill` gives with several workers, each writing its chunks to their fixed offsets.
///
/// `fill` is called by one worker at a time, in order; `write` by all of them, with the octets' offset in
/// the payload after the nonce. Memory: [`BATCH`] chunks per worker.
pub(crate) fn seal_in_place<E: Send>(
    stream: &Stream,
    chunks: Chunks,
    workers: NonZeroUsize,
    fill: impl FnMut(&mut [u8]) -> Result<(), E> + Send,
    write: impl Fn(&[u8], u64) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let source = Mutex::new((0, fill));
    in_parallel(workers, || {
        let mut buffer = chunks.batch_buffer();
        loop {
            let first = {
                // A poisoned lock means that another worker panicked: that panic is what the caller sees.
                let Ok(mut source) = source.lock() else {
                    return Ok(());
                };
                let (next, fill) = &mut *source;
                let first = *next;
                *next += BATCH as u64;
                for (index, chunk) in (first..chunks.count()).zip(buffer.chunks_mut(SEALED_CHUNK)) {
                    let (text, _) = chunk.split_at_mut(chunks.len(index));
                    if let Err(e) = fill(text) {
                        // The others find nothing left to do.
                        *next = chunks.count();
                        return Err(e);
                    }
                }
                first
            };
            if first >= chunks.count() {
                return Ok(());
            }
            let mut filled = 0;
            for (index, chunk) in (first..chunks.count()).zip(buffer.chunks_mut(SEALED_CHUNK)) {
                let (chunk, _) = chunk.split_at_mut(chunks.len(index) + TAG_LEN);
                stream.seal(index, chunks.place(index), chunk);
                filled += chunk.len();
            }
            let (sealed, _) = buffer.split_at(filled);
            write(sealed, first * SEALED_CHUNK as u64)?;
        }
    })
}

/// Opens a payload with several workers.
///
/// `read` fills a buffer from an offset in the payload after the nonce; `take` gets each chunk's
/// plaintext with its offset, in any order, possibly after another chunk has already failed.
pub(crate) fn open_in_place(
    stream: &Stream,
    chunks: Chunks,
    workers: NonZeroUsize,
    read: impl Fn(&mut [u8], u64) -> Result<(), OpenError> + Sync,
    take: impl Fn(&[u8], u64) -> Result<(), OpenError> + Sync,
) -> Result<(), OpenError> {
    let next = AtomicU64::new(0);
    in_parallel(workers, || {
        let mut buffer = chunks.batch_buffer();
        loop {
            let first = next.fetch_add(BATCH as u64, Ordering::Relaxed);
            if first >= chunks.count() {
                return Ok(());
            }
            let indices = first..chunks.count().min(first + BATCH as u64);
            let len: usize = indices.clone().map(|i| chunks.len(i) + TAG_LEN).sum();
            let (sealed, _) = buffer.split_at_mut(len);
            let done = read(sealed, first * SEALED_CHUNK as u64).and_then(|()| {
                for (index, chunk) in indices.zip(sealed.chunks_mut(SEALED_CHUNK)) {
                    let text = stream.open(index, chunks.place(index), chunk)?;
                    take(text, index * CHUNK as u64)?;
                }
                Ok(())
            });
            if done.is_err() {
                next.store(chunks.count(), Ordering::Relaxed);
                return done;
            }
        }
    })
}

/// Runs `work` on `workers` threads and returns the first error. One worker is the calling thread itself.
fn in_parallel<E: Send>(
    workers: NonZeroUsize,
    work: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers.get())
            .map(|_| scope.spawn(|| stack::wiped(&work)))
            .collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(result) => done = done.and(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

/// Opens a payload of unknown length from a reader, chunk after chunk.
///
/// `take` gets the plaintext in order. What it got is authentic as far as it goes, and complete only when
/// this returns `Ok`.
pub(crate) fn open_in_order(
    stream: &Stream,
    mut payload: impl Read,
    mut take: impl FnMut(&[u8]) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    // One octet more than a chunk: whether there is one tells whether this chunk is the last.
    let mut buffer = Zeroizing::new(vec![0; SEALED_CHUNK + 1]);
    let mut kept = 0;
    for index in 0.. {
        let (_, room) = buffer.split_at_mut(kept);
        let have = kept + read_full(&mut payload, room)?;
        if have <= SEALED_CHUNK {
            let (chunk, _) = buffer.split_at_mut(have);
            return take(stream.open(index, Place::Last, chunk)?);
        }
        let (chunk, ahead) = buffer.split_at_mut(SEALED_CHUNK);
        let ahead = ahead.first().copied().unwrap_or_default();
        take(stream.open(index, Place::Inner, chunk)?)?;
        if let Some(first) = buffer.first_mut() {
            *first = ahead;
        }
        kept = 1;
    }
    Ok(())
}

/// Reads until `buffer` is full or the reader has no more, and says how much that was.
pub(crate) fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}
