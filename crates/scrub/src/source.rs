//! What a scrubber reads from: a bounded window of a file, at any position.

use std::io::{self, Read};
use std::ops::Range;

use hamsa_core::ReadAt;
use zeroize::Zeroizing;

use crate::Refusal;

/// Octets that a [`Cursor`] reads at a time.
const WINDOW: usize = 64 << 10;

/// A window of known length onto a file, or onto octets in memory. Copying it copies only the window.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    bytes: Bytes<'a>,
    start: u64,
    len: u64,
}

#[derive(Clone, Copy)]
enum Bytes<'a> {
    File(&'a dyn ReadAt),
    Memory(&'a [u8]),
}

impl<'a> Source<'a> {
    /// The first `len` octets of a file.
    pub(crate) fn file(file: &'a dyn ReadAt, len: u64) -> Self {
        Self {
            bytes: Bytes::File(file),
            start: 0,
            len,
        }
    }

    pub(crate) fn memory(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Bytes::Memory(bytes),
            start: 0,
            len: bytes.len() as u64,
        }
    }

    /// Octets in the window.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// A window within this one; positions in it count from its own start.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when it does not lie within this one.
    pub(crate) fn part(&self, range: Range<u64>) -> Result<Self, Refusal> {
        if range.start > range.end || range.end > self.len {
            return Err(Refusal::Damaged);
        }
        let start = self
            .start
            .checked_add(range.start)
            .ok_or(Refusal::Damaged)?;
        Ok(Self {
            bytes: self.bytes,
            start,
            len: range.end - range.start,
        })
    }

    /// Fills `buffer` with the octets from `at` on.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when there are not that many; [`Refusal::Io`].
    pub(crate) fn fill(&self, buffer: &mut [u8], at: u64) -> Result<(), Refusal> {
        let end = at
            .checked_add(buffer.len() as u64)
            .ok_or(Refusal::Damaged)?;
        if end > self.len {
            return Err(Refusal::Damaged);
        }
        let at = self.start.checked_add(at).ok_or(Refusal::Damaged)?;
        let read = match self.bytes {
            Bytes::File(file) => file.read_exact_at(buffer, at),
            Bytes::Memory(bytes) => bytes.read_exact_at(buffer, at),
        };
        read.map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => Refusal::Damaged,
            _ => Refusal::Io(e),
        })
    }

    /// `N` octets from `at` on.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(crate) fn array<const N: usize>(&self, at: u64) -> Result<[u8; N], Refusal> {
        let mut buffer = [0; N];
        self.fill(&mut buffer, at)?;
        Ok(buffer)
    }

    /// The octets of `range`, in memory. Nothing is allocated for octets that the file does not have.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] when it is longer than `most` octets; as [`Source::fill`].
    pub(crate) fn read(
        &self,
        range: Range<u64>,
        most: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let part = self.part(range)?;
        let len = usize::try_from(part.len)
            .ok()
            .filter(|&len| len <= most)
            .ok_or(Refusal::TooLarge)?;
        let mut buffer = Zeroizing::new(vec![0; len]);
        part.fill(&mut buffer, 0)?;
        Ok(buffer)
    }

    /// Reads forward from `at`.
    pub(crate) fn cursor(&self, at: u64) -> Cursor<'a> {
        Cursor {
            source: *self,
            at,
            window: Zeroizing::new(Vec::new()),
            used: 0,
        }
    }
}

impl ReadAt for Source<'_> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.fill(buffer, offset).map_err(|refusal| match refusal {
            Refusal::Io(e) => e,
            _ => io::ErrorKind::UnexpectedEof.into(),
        })
    }
}

/// Reads a [`Source`] forward through a small buffer.
pub(crate) struct Cursor<'a> {
    source: Source<'a>,
    /// The position of the end of `window`.
    at: u64,
    window: Zeroizing<Vec<u8>>,
    used: usize,
}

impl Cursor<'_> {
    /// The position of the next octet.
    pub(crate) fn position(&self) -> u64 {
        self.at - (self.window.len() - self.used) as u64
    }

    /// The octets that are at hand without another read: empty only at the end of the source.
    ///
    /// # Errors
    /// As [`Source::fill`].
    #[inline]
    pub(crate) fn window(&mut self) -> Result<&[u8], Refusal> {
        if self.used == self.window.len() {
            self.read_window()?;
        }
        Ok(self.window.get(self.used..).unwrap_or_default())
    }

    #[cold]
    fn read_window(&mut self) -> Result<(), Refusal> {
        let left = self.source.len.saturating_sub(self.at);
        let len = usize::try_from(left).unwrap_or(WINDOW).min(WINDOW);
        self.window.resize(len, 0);
        self.used = 0;
        self.source.fill(&mut self.window, self.at)?;
        self.at += len as u64;
        Ok(())
    }

    /// Steps over `count` of the octets that [`Cursor::window`] showed, or over any number of octets.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] past the end.
    #[inline]
    pub(crate) fn skip(&mut self, count: u64) -> Result<(), Refusal> {
        let at_hand = (self.window.len() - self.used) as u64;
        if count <= at_hand {
            self.used += usize::try_from(count).unwrap_or(0);
            return Ok(());
        }
        self.skip_far(count)
    }

    #[cold]
    fn skip_far(&mut self, count: u64) -> Result<(), Refusal> {
        let to = self.position().checked_add(count).ok_or(Refusal::Damaged)?;
        if to > self.source.len {
            return Err(Refusal::Damaged);
        }
        self.window.clear();
        self.used = 0;
        self.at = to;
        Ok(())
    }

    /// The next octet, or nothing at the end.
    ///
    /// # Errors
    /// As [`Source::fill`].
    #[inline]
    pub(crate) fn octet(&mut self) -> Result<Option<u8>, Refusal> {
        let first = self.window()?.first().copied();
        if first.is_some() {
            self.used += 1;
        }
        Ok(first)
    }

    /// The next `N` octets.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let array = self.source.array(self.position())?;
        self.skip(N as u64)?;
        Ok(array)
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let window = self.window().map_err(|refusal| match refusal {
            Refusal::Io(e) => e,
            _ => io::ErrorKind::InvalidData.into(),
        })?;
        let len = window.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..len), window.get(..len)) {
            to.copy_from_slice(from);
        }
        self.used += len;
        Ok(len)
    }
}
