//! Recordings that broke off: they are written in fragments so that what is there plays.

use std::ops::Range;

use super::tables::{Runs, Sizes};
use super::track::Track;
use crate::Refusal;

/// Drops the samples that the file ends within or before, and those behind them in their track. Comes back with what is
/// left of the first of each track: a piece of a picture, which may well look like others.
pub(super) fn shorten(tracks: &mut [Track], file_len: u64) -> Result<Vec<Range<u64>>, Refusal> {
    let mut pieces = Vec::new();
    for track in tracks.iter_mut() {
        if let Some((samples, start)) = there(track, file_len)? {
            track.keep(samples);
            pieces.push(start.min(file_len)..file_len);
        }
    }
    Ok(pieces)
}

/// How many samples from the first on are there, when not all are, and where the next would have begun.
fn there(track: &Track, file_len: u64) -> Result<Option<(u32, u64)>, Refusal> {
    for chunk in &track.chunks {
        if chunk
            .at
            .saturating_add(track.sizes.sum(chunk.first, chunk.count)?)
            <= file_len
        {
            continue;
        }
        let mut end = chunk.at;
        for sample in chunk.first..chunk.first.saturating_add(chunk.count) {
            let start = end;
            end = start.saturating_add(u64::from(track.sizes.of(sample)?));
            if end > file_len {
                return Ok(Some((sample, start)));
            }
        }
    }
    Ok(None)
}

impl Track {
    /// The first samples only.
    fn keep(&mut self, samples: u32) {
        self.samples = samples;
        self.chunks.retain_mut(|chunk| {
            chunk.count = chunk.count.min(samples.saturating_sub(chunk.first));
            chunk.count > 0
        });
        if let Sizes::Each(sizes) = &mut self.sizes {
            sizes.truncate(samples as usize);
        }
        self.times.settle(samples, None);
        if let Some(offsets) = &mut self.offsets {
            Runs::settle(offsets, samples, Some(0));
        }
        for listed in [&mut self.sync, &mut self.partial_sync]
            .into_iter()
            .flatten()
        {
            listed.retain(|&sample| sample <= samples);
        }
        self.media_duration = 0;
    }
}
