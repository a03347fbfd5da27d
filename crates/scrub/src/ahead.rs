//! Copies a long file: one thread reads while the other writes.

use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::thread;

use zeroize::Zeroizing;

/// Octets that are read at a time.
pub(crate) const BLOCK: usize = 256 << 10;
/// Blocks on their way. With two, one is written while the next is read; a third evens out their pace.
const BLOCKS: usize = 3;

/// Copies all that `reader` gives to `out`, and says how many octets that were. `None`, and nothing was read, where there
/// are no threads to be had.
///
/// # Errors
/// What reading or writing says.
pub(crate) fn copy(mut reader: impl Read + Send, mut out: impl Write) -> Option<io::Result<u64>> {
    let (to_writer, blocks) = mpsc::sync_channel(BLOCKS);
    let (to_reader, spare) = mpsc::sync_channel::<Zeroizing<Vec<u8>>>(BLOCKS);
    thread::scope(move |scope| {
        let reading = move || {
            // Ends with the file, with an error, or when the other side has ended.
            for mut block in spare {
                let read = read_block(&mut reader, &mut block);
                let is_last = !matches!(read, Ok(1..));
                if to_writer.send(read.map(|len| (block, len))).is_err() || is_last {
                    break;
                }
            }
        };
        thread::Builder::new().spawn_scoped(scope, reading).ok()?;
        for _ in 0..BLOCKS {
            let _ = to_reader.send(Zeroizing::new(vec![0; BLOCK]));
        }
        // The channel belongs to the loop: an error closes it, and the reader ends.
        let written = blocks.into_iter().try_fold(0, |written, read| {
            let (block, len) = read?;
            out.write_all(block.get(..len).unwrap_or_default())?;
            let _ = to_reader.send(block);
            Ok(written + len as u64)
        });
        drop(to_reader);
        Some(written)
    })
}

fn read_block(reader: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(block) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]
    use super::*;

    /// Gives `left` octets, each telling its place, in reads of many lengths, and then an error, if there is one.
    struct Counting {
        at: usize,
        left: usize,
        then: Option<io::ErrorKind>,
    }

    impl Read for Counting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = 1 + self.at * 7919 % BLOCK;
            let len = self.left.min(buffer.len()).min(most);
            for (slot, place) in buffer.iter_mut().zip(self.at..).take(len) {
                *slot = octet_at(place);
            }
            self.at += len;
            self.left -= len;
            match self.then {
                Some(kind) if len == 0 => Err(kind.into()),
                _ => Ok(len),
            }
        }
    }

    fn octet_at(place: usize) -> u8 {
        u8::try_from(place % 251).expect("it is small")
    }

    /// Takes `room` octets.
    struct Full {
        taken: Vec<u8>,
        room: usize,
    }

    impl Write for Full {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            if self.taken.len() + buffer.len() > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.taken.extend_from_slice(buffer);
            Ok(buffer.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn copied(left: usize, then: Option<io::ErrorKind>, room: usize) -> (io::Result<u64>, Vec<u8>) {
        let mut out = Full {
            taken: Vec::new(),
            room,
        };
        let result = copy(Counting { at: 0, left, then }, &mut out);
        (result.expect("there are threads"), out.taken)
    }

    #[test]
    fn all_octets_arrive_in_their_order() {
        for len in [0, 1, BLOCK, BLOCK + 1, 9 * BLOCK + 12_345] {
            let (result, taken) = copied(len, None, usize::MAX);
            assert_eq!(result.expect("nothing fails"), len as u64);
            assert!(taken.into_iter().eq((0..len).map(octet_at)), "{len}");
        }
    }

    #[test]
    fn an_error_of_either_side_ends_both() {
        let changed = Some(io::ErrorKind::InvalidData);
        let (result, _) = copied(5 * BLOCK, changed, usize::MAX);
        assert!(result.is_err_and(|e| e.kind() == io::ErrorKind::InvalidData));
        let (result, _) = copied(usize::MAX / 2, None, 3 * BLOCK);
        assert!(result.is_err_and(|e| e.kind() == io::ErrorKind::StorageFull));
    }
}
