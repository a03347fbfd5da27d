//! How far one long envelope has come, in octets.

use std::io::{self, Write};

use hamsa_core::WriteAt;
use indicatif::ProgressBar;

/// Below this length in octets, sealing and opening are over before anybody wonders.
pub(crate) const LONG: u64 = 64 << 20;

/// Passes on what is written, and counts it.
pub(crate) struct Counted<'a, W> {
    pub(crate) to: W,
    pub(crate) bar: &'a ProgressBar,
}

impl<W: WriteAt> WriteAt for Counted<'_, W> {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.to.write_all_at(bytes, offset)?;
        self.bar.inc(bytes.len() as u64);
        Ok(())
    }
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bar.inc(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_counted_and_passed_on() {
        let bar = ProgressBar::hidden();
        let mut out = Vec::new();
        let mut counted = Counted {
            to: &mut out,
            bar: &bar,
        };
        assert!(counted.write_all(&[7; 1000]).is_ok() && counted.flush().is_ok());
        assert_eq!((bar.position(), out.len()), (1000, 1000));
    }
}
