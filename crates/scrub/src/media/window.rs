//! Reads a source at positions that mostly go forward, through one small buffer.

use zeroize::Zeroizing;

use crate::Refusal;
use crate::source::Source;

/// Octets that are read at a time, and the most that [`Window::peek`] shows.
pub(super) const WINDOW: usize = 64 << 10;

/// The octets around the place where a parser stands.
pub(super) struct Window<'a> {
    source: Source<'a>,
    start: u64,
    octets: Zeroizing<Vec<u8>>,
}

impl<'a> Window<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            source,
            start: 0,
            octets: Zeroizing::new(Vec::new()),
        }
    }

    /// Octets of the source.
    pub(super) fn len(&self) -> u64 {
        self.source.len()
    }

    /// The `count` octets from `at` on, fewer at the end of the source.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub(super) fn peek(&mut self, at: u64, count: usize) -> Result<&[u8], Refusal> {
        let left = self.source.len().saturating_sub(at);
        let count = usize::try_from(left)
            .unwrap_or(count)
            .min(count)
            .min(WINDOW);
        let held = at
            .checked_sub(self.start)
            .and_then(|skip| usize::try_from(skip).ok())
            .filter(|skip| skip + count <= self.octets.len());
        let skip = if let Some(skip) = held {
            skip
        } else {
            let len = usize::try_from(left).unwrap_or(WINDOW).min(WINDOW);
            self.octets.resize(len, 0);
            self.start = at;
            self.source.fill(&mut self.octets, at)?;
            0
        };
        Ok(self.octets.get(skip..skip + count).unwrap_or_default())
    }

    /// `N` octets from `at` on.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when there are fewer; [`Refusal::Io`].
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], Refusal> {
        self.peek(at, N)?
            .first_chunk()
            .copied()
            .ok_or(Refusal::Damaged)
    }

    /// Shows the octets of `range` in pieces.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] past the end; [`Refusal::Io`].
    pub(super) fn each(
        &mut self,
        range: std::ops::Range<u64>,
        mut see: impl FnMut(&[u8]),
    ) -> Result<(), Refusal> {
        let mut at = range.start;
        while at < range.end {
            let count = usize::try_from(range.end - at)
                .unwrap_or(WINDOW)
                .min(WINDOW);
            let piece = self.peek(at, count)?;
            if piece.is_empty() {
                return Err(Refusal::Damaged);
            }
            at += piece.len() as u64;
            see(piece);
        }
        Ok(())
    }
}
