//! What a text tells about its writer, said to the person: by line and kind, and in its own words only to somebody who
//! sits at the terminal.

use std::cmp::Reverse;

use hamsa_scrub::words::check::{Clue, Hit, check};
use hamsa_scrub::words::marks::{self, Marks};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::terminal::{self, Terminal};
use crate::words::Words;
use crate::{input, say};

/// So many passages are shown to somebody who only wants to seal, and so many lines of each kind are named.
const SHOWN: usize = 20;
/// Of a passage, so many characters are shown.
const EXCERPT: usize = 60;

/// A text without invisible marks, and what in it may identify.
pub(crate) struct Checked {
    pub(crate) text: Zeroizing<String>,
    pub(crate) marks: Vec<Marks>,
    pub(crate) hits: Vec<Hit>,
}

impl Checked {
    /// Takes the marks out of a text, and looks through what is left.
    pub(crate) fn of(text: &str) -> Self {
        let cleaned = marks::clean(text);
        Self {
            hits: check(&cleaned.text),
            marks: cleaned.marks().to_vec(),
            text: cleaned.text,
        }
    }

    /// Invisible marks that were taken out.
    pub(crate) fn mark_count(&self) -> usize {
        self.marks.iter().map(|marks| marks.count).sum()
    }

    /// The line of a passage, from 1.
    pub(crate) fn line_of(&self, hit: &Hit) -> usize {
        let before = self.text.get(..hit.range.start).unwrap_or_default();
        1 + before.matches('\n').count()
    }

    /// The front of a passage, as it may be shown.
    pub(crate) fn excerpt(&self, hit: &Hit) -> Zeroizing<String> {
        let passage = self.text.get(hit.range.clone()).unwrap_or_default();
        let front: Zeroizing<String> = Zeroizing::new(passage.chars().take(EXCERPT).collect());
        terminal::harmless_value(&front)
    }

    /// One sentence for each passage, in the order of the text.
    pub(crate) fn sentences(&self, terminal: &Terminal) -> Vec<Zeroizing<String>> {
        let words = terminal.words();
        let sentences = self.hits.iter().map(|hit| self.sentence(hit, words));
        sentences.collect()
    }

    /// Sentences for the passages that tell most, the most certain first, and how many there are in all.
    pub(crate) fn strongest(&self, terminal: &Terminal) -> Vec<Zeroizing<String>> {
        let words = terminal.words();
        let mut hits: Vec<&Hit> = self.hits.iter().collect();
        hits.sort_by_key(|hit| Reverse(hit.certainty));
        let shown = hits.iter().take(SHOWN);
        let mut sentences: Vec<_> = shown.map(|hit| self.sentence(hit, words)).collect();
        if hits.len() > SHOWN {
            let (count, all) = (hits.len() - SHOWN, hits.len());
            sentences.push(say!(words, "check-more", count = count, all = all).into());
        }
        sentences
    }

    fn sentence(&self, hit: &Hit, words: &Words) -> Zeroizing<String> {
        let kind = words.plain(hit.what.code());
        let certainty = words.plain(hit.certainty.code());
        let excerpt = self.excerpt(hit);
        Zeroizing::new(say!(
            words,
            "check-line",
            line = self.line_of(hit),
            kind = kind,
            excerpt = excerpt.as_str(),
            certainty = certainty
        ))
    }

    /// The kinds of passages in one line, without a word of the text: for a log that may be listening.
    pub(crate) fn kinds(&self, terminal: &Terminal) -> String {
        let words = terminal.words();
        self.kinds_for("", words).join(&say!(words, "list-comma"))
    }

    /// The same, each kind for itself, in the messages whose names begin with `prefix` where there are such: for somebody
    /// who writes down what another person says.
    pub(crate) fn kinds_for(&self, prefix: &str, words: &Words) -> Vec<String> {
        let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
        for hit in &self.hits {
            let (code, line) = (hit.what.code(), self.line_of(hit).to_string());
            match lines.iter_mut().find(|(known, _)| *known == code) {
                Some((_, known)) if known.last() != Some(&line) => known.push(line),
                Some(_) => {}
                None => lines.push((code, vec![line])),
            }
        }
        let comma = say!(words, "list-comma");
        let kinds = lines.into_iter().map(|(code, mut lines)| {
            let own = format!("{prefix}{code}");
            let kind = words.plain(if words.has(&own) { &own } else { code });
            let count = lines.len();
            if count > SHOWN {
                lines.truncate(SHOWN);
                lines.push("…".to_owned());
            }
            let lines = lines.join(&comma);
            say!(
                words,
                "check-kind",
                kind = kind,
                lines = lines,
                count = count
            )
        });
        kinds.collect()
    }
}

/// How many passages of each kind a text has that may identify somebody, the first in the text first.
pub(crate) fn count(text: &str) -> Vec<(Clue, usize)> {
    let mut counts: Vec<(Clue, usize)> = Vec::new();
    for hit in check(text) {
        match counts.iter_mut().find(|(what, _)| *what == hit.what) {
            Some((_, count)) => *count += 1,
            None => counts.push((hit.what, 1)),
        }
    }
    counts
}

/// Reads the text of a tip, takes invisible marks out of it, and says what in it may identify the writer. Somebody at a
/// terminal is asked whether it stays so, and may write it again.
///
/// # Errors
/// As [`input::read_text`].
pub(crate) fn read(terminal: &Terminal) -> Result<Zeroizing<String>, Failure> {
    loop {
        let text = input::read_text(terminal)?;
        let checked = Checked::of(&text);
        let words = terminal.words();
        if checked.mark_count() > 0 {
            let count = checked.mark_count();
            terminal.note(&say!(words, "check-marks", count = count));
        }
        if checked.hits.is_empty() {
            return Ok(checked.text);
        }
        if !terminal.can_ask() {
            let kinds = checked.kinds(terminal);
            terminal.note(&say!(words, "check-found", kinds = kinds));
            return Ok(checked.text);
        }
        terminal.note(&say!(words, "check-found-these"));
        for sentence in checked.strongest(terminal) {
            terminal.note(&format!("   {}", sentence.as_str()));
        }
        if terminal.ask_yes(&say!(words, "check-ask"))? {
            return Ok(checked.text);
        }
    }
}
