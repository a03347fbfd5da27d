//! Reading and writing at a position, which several workers can do at once.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use zeroize::Zeroizing;

/// Something of known length that can be read at any position: a file, or octets in memory.
///
/// The core opens no files; a program implements this for its own
/// (`std::os::unix::fs::FileExt::read_exact_at`).
pub trait ReadAt: Sync {
    /// Fills `buffer` with the octets from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when there are not that many.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
}

/// Something that can be written at any position.
pub trait WriteAt: Sync {
    /// Writes all of `bytes` from `offset` on. Calls come from several threads, for parts that do not overlap.
    ///
    /// # Errors
    /// Whatever the file system says.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
}

impl ReadAt for [u8] {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let from = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.get(offset..)?.get(..buffer.len()))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(from);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.as_slice().read_exact_at(buffer, offset)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        (**self).read_exact_at(buffer, offset)
    }
}

impl<T: WriteAt + ?Sized> WriteAt for &T {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        (**self).write_all_at(bytes, offset)
    }
}

/// A file's content in memory, allocated once at its full length and wiped when dropped.
pub(crate) struct Memory(Mutex<Zeroizing<Vec<u8>>>);

impl Memory {
    pub(crate) fn with_capacity(len: usize) -> Self {
        Self(Mutex::new(Vec::with_capacity(len).into()))
    }

    pub(crate) fn into_inner(self) -> Zeroizing<Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes must come in order, as they do with one worker.
impl WriteAt for &Memory {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        debug_assert_eq!(content.len() as u64, offset, "one worker writes in order");
        if content.capacity() - content.len() < bytes.len() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        content.extend_from_slice(bytes);
        Ok(())
    }
}
