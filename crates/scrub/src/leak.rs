//! The safety net, second half: nothing that was dropped may occur in what is kept.
//!
//! From what a scrubber did not carry over, words are gathered, and short pieces of what is not text, such as small
//! pictures. They are looked for in the clean file as it stands and in everything that is unpacked from it. It costs one
//! reading of the clean file.

mod gather;
mod patterns;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;

use zeroize::Zeroizing;

use self::patterns::Patterns;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Kind, Refusal};

/// In a clean file that is longer than this, in octets, only long patterns are looked for everywhere; the short ones in
/// as much of its front and its end. Short words occur by chance in gigabytes of video.
const LONG_FILE: u64 = 16 << 20;
/// Octets that are looked through at a time.
const WINDOW: usize = 128 << 10;

/// Octets that one thread looks through before it takes the next: a multiple of [`WINDOW`].
const STRETCH: u64 = 4 << 20;
/// More threads than this gain nothing: the file is then read as fast as it can be.
const MOST_THREADS: usize = 8;

/// What was dropped, to be looked for in every view of the clean file.
pub(crate) struct Dropped(Gathered);

/// What was dropped can be recognised by.
struct Gathered {
    /// Text, which must not occur anywhere.
    words: Patterns,
    /// Short pieces of pictures, which must not occur in what a scrubber made. A range that it copied is not one that it
    /// dropped: when a picture stands twice in a file, one of them may stay.
    pieces: Patterns,
}

impl Gathered {
    fn new() -> Self {
        Self {
            words: Patterns::new(),
            pieces: Patterns::new(),
        }
    }

    fn seal(&mut self) {
        self.words.seal();
        self.pieces.seal();
    }

    fn occur_in(&self, octets: &[u8]) -> bool {
        self.words.occur_in(octets) || self.pieces.occur_in(octets)
    }
}

impl Dropped {
    /// Gathers what `plan` drops from `file`, and the values that the scrubber named.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub(crate) fn gather(
        kind: Kind,
        file: &Source<'_>,
        plan: &Plan,
        job: &Job,
    ) -> Result<Self, Refusal> {
        let mut gathered = Gathered::new();
        for secret in job.secrets() {
            gathered.words.add_text(secret);
        }
        if stands_as_it_is(kind) {
            for range in plan.dropped(file.len()) {
                gather::from_range(&file.part(range)?, &mut gathered)?;
            }
        }
        gathered.seal();
        Ok(Self(gathered))
    }
}

/// Whether a clean file of this kind keeps octets where the dropped ones stood between them, uncompressed. In a document
/// that is packed or written anew, the octets of the source say nothing; there the values count that the scrubber names.
pub(crate) fn stands_as_it_is(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Svg
            | Kind::Pdf
            | Kind::Docx
            | Kind::Xlsx
            | Kind::Pptx
            | Kind::Odt
            | Kind::Ods
            | Kind::Odp
            | Kind::Epub
            | Kind::Zip
            | Kind::Text
            | Kind::Csv
    )
}

/// Whether a word is one of those that formats consist of, which is not looked for.
#[cfg(test)]
pub(crate) fn is_of_formats(word: &[u8]) -> bool {
    str::from_utf8(word).is_ok_and(patterns::is_of_formats)
}

/// Looks at the clean file as its readers do.
pub(crate) struct Views<'a> {
    dropped: &'a Gathered,
    leaks: usize,
    named_in_text: bool,
}

impl<'a> Views<'a> {
    pub(crate) fn new(dropped: &'a Dropped) -> Self {
        Self {
            dropped: &dropped.0,
            leaks: 0,
            named_in_text: false,
        }
    }

    /// Shows octets of the clean file, or what some of them unpack to, that are not text which a reader sees. What
    /// was dropped must not be in them.
    pub(crate) fn hidden(&mut self, octets: &[u8]) {
        self.leaks += usize::from(self.dropped.occur_in(octets));
    }

    /// Shows text that a reader of the file sees. A name in it that was also in the properties is the writer's own
    /// choice: it is remarked, not refused.
    pub(crate) fn text(&mut self, text: &str) {
        self.named_in_text |= self.dropped.words.occur_in(text.as_bytes());
    }

    /// Shows what of the clean file a scrubber made itself.
    pub(crate) fn made(&mut self, octets: &[u8]) {
        self.leaks += usize::from(self.dropped.pieces.occur_in(octets));
    }

    /// Shows the whole clean file as it stands, in which no word of what was dropped must be.
    ///
    /// # Errors
    /// [`Refusal::Io`].
    pub(crate) fn raw(&mut self, file: &Source<'_>) -> Result<(), Refusal> {
        let words = &self.dropped.words;
        if words.is_empty() {
            return Ok(());
        }
        let stretches = file.len().div_ceil(STRETCH);
        let (next, is_found) = (AtomicU64::new(0), AtomicBool::new(false));
        let look = || {
            let mut window = Zeroizing::new(Vec::with_capacity(WINDOW + patterns::LONGEST));
            while !is_found.load(Relaxed) {
                let number = next.fetch_add(1, Relaxed);
                if number >= stretches {
                    break;
                }
                let start = number * STRETCH;
                let stretch = start..file.len().min(start + STRETCH);
                if occur_in_stretch(words, file, stretch, &mut window)? {
                    is_found.store(true, Relaxed);
                }
            }
            Ok(())
        };
        let helpers = if file.len() > LONG_FILE { helpers() } else { 0 };
        thread::scope(|scope| {
            // Where there are no threads to be had, this one looks at everything.
            let helpers: Vec<_> = (0..helpers)
                .map_while(|_| thread::Builder::new().spawn_scoped(scope, look).ok())
                .collect();
            let own = look();
            helpers.into_iter().fold(own, |all, helper| {
                let theirs = helper
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.and(theirs)
            })
        })?;
        self.leaks += usize::from(is_found.into_inner());
        Ok(())
    }

    pub(crate) fn leaks(&self) -> usize {
        self.leaks
    }

    pub(crate) fn named_in_text(&self) -> bool {
        self.named_in_text
    }
}

/// Threads that may look beside this one.
fn helpers() -> usize {
    let all = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    all.min(MOST_THREADS) - 1
}

/// Whether a word ends in this stretch of the file.
fn occur_in_stretch(
    words: &Patterns,
    file: &Source<'_>,
    stretch: Range<u64>,
    window: &mut Zeroizing<Vec<u8>>,
) -> Result<bool, Refusal> {
    // The end of what lies before stays in front: a pattern may lie across.
    let mut at = stretch.start.saturating_sub(patterns::LONGEST as u64);
    window.clear();
    while at < stretch.end {
        let left = usize::try_from(stretch.end - at).unwrap_or(WINDOW);
        let fresh = left.min(WINDOW);
        let carried = window.len().min(patterns::LONGEST);
        let from = window.len() - carried;
        window.copy_within(from.., 0);
        window.resize(carried + fresh, 0);
        file.fill(window.get_mut(carried..).unwrap_or_default(), at)?;
        at += fresh as u64;
        let is_inner = at > LONG_FILE && file.len() - at > LONG_FILE;
        let occurs = if is_inner {
            words.long_ones_occur_in(window)
        } else {
            words.occur_in(window)
        };
        if occurs {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]
    use std::io;

    use hamsa_core::ReadAt;

    use super::*;
    use crate::What;

    const NAME: &[u8] = b"Samira Example of the lighthouse";

    /// Many zeros, and a name among them.
    struct LongFile {
        name_at: u64,
    }

    impl ReadAt for LongFile {
        fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
            buffer.fill(0);
            for (place, octet) in (self.name_at..).zip(NAME) {
                let slot = place
                    .checked_sub(offset)
                    .and_then(|at| usize::try_from(at).ok());
                if let Some(slot) = slot.and_then(|at| buffer.get_mut(at)) {
                    *slot = *octet;
                }
            }
            Ok(())
        }
    }

    #[test]
    fn a_name_is_found_wherever_it_lies_in_a_long_file() {
        let mut job = Job::new();
        job.found(What::Person, "test", "Samira Example of the lighthouse");
        let nothing = Plan::new();
        let dropped = Dropped::gather(Kind::Mp4, &Source::memory(&[]), &nothing, &job);
        let dropped = dropped.expect("memory is read");
        let len = 2 * LONG_FILE + 3 * STRETCH + 5;
        let end = len - NAME.len() as u64;
        let across = [1, 9, 16, 31].map(|before| LONG_FILE + STRETCH - before);
        let windows = [0, STRETCH, LONG_FILE + WINDOW as u64 - 7, end];
        for name_at in across.into_iter().chain(windows).chain([len]) {
            let mut views = Views::new(&dropped);
            let file = LongFile { name_at };
            views.raw(&Source::file(&file, len)).expect("it is read");
            assert_eq!(views.leaks(), usize::from(name_at < len), "at {name_at}");
        }
    }
}
