//! Armored envelopes: whatever stands between a BEGIN line and the END line that follows, wrapped anew.

use hamsa_core::{Envelope, Sealed, Unreadable};

use crate::clean::{is_dash, is_white};

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const END: &str = "-----END AGE ENCRYPTED FILE-----\n";
const COLUMNS: usize = 64;

/// The first armored envelope of a text, and what stands before and behind it.
pub(crate) struct Found<'t> {
    pub(crate) before: &'t [u8],
    pub(crate) envelope: Result<Sealed, Unreadable>,
    pub(crate) after: &'t [u8],
}

/// A text cut at the first line of the kind that was looked for.
struct Cut<'t> {
    before: &'t [u8],
    is_end: bool,
    after: &'t [u8],
}

/// The first armored envelope of `text`. Each letter is looked at a few times at most.
pub(crate) fn next(text: &[u8]) -> Option<Found<'_>> {
    let begin = cut(text, &[b"BEGIN"])?;
    let (envelope, after) = match cut(begin.after, &[b"BEGIN", b"END"]) {
        Some(end) if end.is_end => (read(end.before), end.after),
        // Without an END it was cut short, and what follows is looked at for itself.
        _ => (Err(Unreadable::Damaged), begin.after),
    };
    Some(Found {
        before: begin.before,
        envelope,
        after,
    })
}

/// Cuts at the first line `-----WORD AGE ENCRYPTED FILE-----`, however long its dashes and spaces are.
fn cut<'t>(text: &'t [u8], words: &[&[u8]]) -> Option<Cut<'t>> {
    (0..text.len()).find_map(|at| {
        let (before, rest) = text.split_at_checked(at)?;
        let word = words.iter().find(|word| rest.starts_with(word))?;
        let before = without_dashes(before)?;
        let mut rest = rest.strip_prefix(*word)?;
        for word in [b"AGE".as_slice(), b"ENCRYPTED", b"FILE"] {
            rest = rest.trim_ascii_start().strip_prefix(word)?;
        }
        let dashes = rest
            .iter()
            .take_while(|symbol| is_dash(**symbol) || **symbol == b' ');
        let (dashes, after) = rest.split_at_checked(dashes.count())?;
        dashes.iter().any(|symbol| is_dash(*symbol)).then_some(Cut {
            before,
            is_end: *word == b"END",
            after,
        })
    })
}

/// What stands before dashes at the end; `None` if there are none.
fn without_dashes(text: &[u8]) -> Option<&[u8]> {
    let dashes = text
        .iter()
        .rev()
        .take_while(|symbol| is_dash(**symbol) || **symbol == b' ');
    let (before, dashes) = text.split_at_checked(text.len() - dashes.count())?;
    dashes
        .iter()
        .any(|symbol| is_dash(*symbol))
        .then_some(before)
}

/// The envelope between the two lines.
fn read(body: &[u8]) -> Result<Sealed, Unreadable> {
    let mut letters: Vec<u8> = body
        .split(|symbol| *symbol == b'\n')
        .flat_map(without_prefix)
        .copied()
        .filter(|symbol| !is_white(*symbol))
        .collect();
    // Some clients take away what looks superfluous.
    letters.resize(letters.len().next_multiple_of(4), b'=');
    let mut armored = Vec::with_capacity(letters.len() / COLUMNS * (COLUMNS + 1) + 256);
    armored.extend_from_slice(BEGIN.as_bytes());
    for line in letters.chunks(COLUMNS) {
        armored.extend_from_slice(line);
        armored.push(b'\n');
    }
    armored.extend_from_slice(END.as_bytes());
    let envelope = Envelope::parse(&armored);
    envelope.map_or(Err(Unreadable::Damaged), |found| {
        Ok(Sealed::Envelope(found))
    })
}

/// What stands behind a name and a time, as in `[12/03/2026, 10:11] Ahmed: AAAA`; nothing in `Ahmed, 10:11 AM`.
fn without_prefix(line: &[u8]) -> &[u8] {
    let is_foreign = |symbol: &u8| {
        !symbol.is_ascii_alphanumeric() && !matches!(symbol, b'+' | b'/' | b'=' | b' ')
    };
    let Some(last) = line.iter().rposition(is_foreign) else {
        return line;
    };
    let behind = line.get(last + 1..).unwrap_or_default();
    behind.strip_prefix(b" ").unwrap_or_default()
}
