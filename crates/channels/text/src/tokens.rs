//! Short envelopes and parts: whatever begins like one, tried at the ends that it can have.
//!
//! A part says nothing of its length; its check tells whether an end was the right one. A short envelope has no check:
//! it is known by its first octet and its length, which is one of ten.

use std::ops::RangeInclusive;

use hamsa_core::{Arrived, Envelope, Part, Sealed, Unreadable};

use crate::clean::{EM_DASH, EN_DASH, is_dash, is_letter, is_white};

/// How long a short envelope is in base64url, in letters (format v1, section 6.2).
const SHORT: [usize; 10] = [160, 306, 459, 612, 764, 918, 1071, 1224, 1376, 1530];
/// How long a part is in base64url, in letters (format v1, section 9): 18 octets to 64 KiB.
const PART: RangeInclusive<usize> = 24..=87_382;
/// Letters that are tried in a run, for each letter of the run, and more in a short one. This bounds the time.
const WORK: usize = 64;
const WORK_AT_LEAST: usize = 16 << 10;
/// Of what is left, one beginning uses up a fourth at most, so that a false one leaves something to those behind it.
const WORK_AT_ONE: (usize, usize) = (4, 1 << 20);
/// Fewer letters than these are called nothing rather than damaged, and more are not looked at for that.
const TELLING: RangeInclusive<usize> = 40..=160;
/// No word of a language is longer. What is damaged begins with one that is.
const LONGEST_WORD: usize = 24;

/// What an en dash and an em dash were before a client made them longer. A client does it by one rule.
const DASHES: [(&[u8], &[u8]); 6] = [
    (b"-", b"--"),
    (b"--", b"--"),
    (b"--", b"---"),
    (b"-", b"-"),
    (b"-", b"---"),
    (b"--", b"-"),
];

/// Letters of base64url between two other symbols, with white space taken out.
struct Run {
    letters: Vec<u8>,
    /// Where white space was: word `n` lies between the marks `n` and `n + 1`.
    marks: Vec<usize>,
    /// For each word, the first one behind it that is of another length than the last but one before it. Lines are of one
    /// length, or by turns of two when they were wrapped twice.
    changes: Vec<usize>,
    /// Whether its first word, and its last one, stand in an address of the web or in other base64.
    linked: (bool, bool),
    work: usize,
}

/// A word that begins like something sealed.
#[derive(Clone, Copy)]
struct Beginning {
    word: usize,
    /// Where it begins in the letters.
    at: usize,
    /// Marks of emphasis before it, which may stand behind it too: `_AQ…_`.
    emphasis: usize,
    is_part: bool,
}

type Found = (Sealed, usize);

/// Takes the short envelopes and parts of a cleaned text that has no armor.
pub(crate) fn take(text: &[u8], arrived: &mut Arrived) {
    let mut rest = text;
    let mut before = None;
    loop {
        let ends = rest
            .iter()
            .position(|symbol| !is_letter(*symbol) && !is_white(*symbol));
        let (run, behind) = rest
            .split_at_checked(ends.unwrap_or(rest.len()))
            .unwrap_or_default();
        if run.len() >= *PART.start() {
            take_run(run, before, behind.first(), arrived);
        }
        let Some((symbol, behind)) = behind.split_first() else {
            return;
        };
        before = Some(symbol);
        rest = behind;
    }
}

/// Takes what is in one run, by the rule for dashes that gives most.
fn take_run(run: &[u8], before: Option<&u8>, behind: Option<&u8>, arrived: &mut Arrived) {
    let touches = |symbol: Option<&u8>| symbol.is_some_and(|symbol| is_letter(*symbol));
    let stands = |symbol: Option<&u8>, among: &[u8]| symbol.is_some_and(|it| among.contains(it));
    let linked = (
        touches(run.first()) && stands(before, b"/=?&%#@+~"),
        touches(run.last()) && stands(behind, b"/%+"),
    );
    let is_long = |symbol: &u8| is_dash(*symbol) && *symbol != b'-';
    let has_long = run.iter().any(is_long);
    let rules = if has_long { DASHES.len() } else { 1 };
    let sealed = |found: &[Result<_, _>]| found.iter().filter(|one| one.is_ok()).count();
    let mut best = Vec::new();
    for (number, rule) in DASHES.iter().take(rules).enumerate() {
        let mut run = Run::new(run, *rule);
        run.linked = linked;
        // A dash in the words around it says nothing of what is sealed: the first rule finds that as if there were none.
        run.work = run.work / if number == 0 { 1 } else { 2 } + WORK_AT_LEAST;
        let found = run.search();
        if best.is_empty() || sealed(&found) > sealed(&best) {
            best = found;
        }
    }
    for found in best {
        arrived.push(found);
    }
}

impl Run {
    fn new(run: &[u8], (shorter, longer): (&[u8], &[u8])) -> Self {
        let mut letters = Vec::with_capacity(run.len() * 2);
        let mut marks = vec![0];
        for symbol in run {
            match *symbol {
                EN_DASH => letters.extend_from_slice(shorter),
                EM_DASH => letters.extend_from_slice(longer),
                symbol if is_white(symbol) => marks.push(letters.len()),
                symbol => letters.push(symbol),
            }
        }
        marks.push(letters.len());
        marks.dedup();
        let work = letters.len() * WORK;
        let mut run = Self {
            letters,
            marks,
            changes: Vec::new(),
            linked: (false, false),
            work,
        };
        run.changes = run.changes();
        run
    }

    fn changes(&self) -> Vec<usize> {
        let mut changes = vec![0; self.words()];
        let mut change = self.words();
        for (word, slot) in changes.iter_mut().enumerate().rev() {
            if self.word(word).len() != self.word(word + 2).len() {
                change = word + 2;
            }
            *slot = change;
        }
        changes
    }

    fn words(&self) -> usize {
        self.marks.len().saturating_sub(1)
    }

    fn mark(&self, word: usize) -> usize {
        self.marks.get(word).copied().unwrap_or(self.letters.len())
    }

    fn word(&self, word: usize) -> &[u8] {
        let place = self.mark(word)..self.mark(word + 1);
        self.letters.get(place).unwrap_or_default()
    }

    /// Whether a word begins like something sealed: first octet 0x01 or 0x02.
    fn beginning(&self, word: usize) -> Option<Beginning> {
        let letters = self.word(word);
        let emphasis = letters
            .iter()
            .take_while(|letter| matches!(letter, b'_' | b'-'))
            .count();
        let at = self.mark(word) + emphasis;
        // The two letters may be two words.
        let is_part = match self.letters.get(at..)? {
            [b'A', b'Q'..=b'Z' | b'a'..=b'f', ..] => false,
            [b'A', b'g'..=b'v', ..] => true,
            _ => return None,
        };
        Some(Beginning {
            word,
            at,
            emphasis,
            is_part,
        })
    }

    /// What is in the run, and one `Damaged` for what looks sealed and is not whole, until something is.
    fn search(mut self) -> Vec<Result<Sealed, Unreadable>> {
        let mut all = Vec::new();
        let mut word = 0;
        while word < self.words() && self.work > 0 {
            let Some(beginning) = self.beginning(word) else {
                word += 1;
                continue;
            };
            let found = if beginning.is_part {
                self.part(beginning)
            } else {
                self.short(beginning)
            };
            if let Some((sealed, behind)) = found {
                all.push(Ok(sealed));
                word = behind;
                continue;
            }
            let is_long = self.word(word).len() > LONGEST_WORD;
            if is_long && self.looks_sealed(beginning) && !matches!(all.last(), Some(Err(_))) {
                all.push(Err(Unreadable::Damaged));
            }
            word += 1;
        }
        all
    }

    /// The part that begins here, and the word behind it.
    fn part(&mut self, beginning: Beginning) -> Option<Found> {
        let (divisor, limit) = WORK_AT_ONE;
        let most = self.work.div_ceil(divisor).min(limit);
        let mut left = most;
        let found = self.ends(beginning.word).find_map(|end| {
            left = left.checked_sub(1)?;
            let behind = [0, beginning.emphasis];
            let behind = behind.get(..=usize::from(beginning.emphasis > 0))?;
            behind.iter().find_map(|behind| {
                let text = self.canonical(beginning.at, self.mark(end).checked_sub(*behind)?)?;
                left = left.checked_sub(text.len())?;
                let part = Part::from_text(text).ok()?;
                Some((Sealed::Part(part), end))
            })
        });
        self.work -= most - left;
        found
    }

    /// The ends that a part can have, the likely ones first: unbroken or nearly so; regular lines and a last one that is
    /// shorter; all of the run; up to where another begins; any.
    fn ends(&self, word: usize) -> impl Iterator<Item = usize> + '_ {
        let last = self.words();
        let change = |word: usize| self.changes.get(word).copied().unwrap_or(last);
        let lines = change(word + 1);
        let others = (word + 1..last).filter(|other| self.beginning(*other).is_some());
        let at = self.mark(word);
        let any = (word + 5..last).take_while(move |end| self.mark(*end) - at <= *PART.end());
        (word + 1..=word + 4)
            .chain([lines, lines + 1, last])
            .chain(others.take(4))
            .chain(any)
            .filter(move |end| *end <= last)
    }

    /// The letters from `at` to `end`, if base64 can have so many and end like that.
    fn canonical(&self, at: usize, end: usize) -> Option<&str> {
        let letters = self.letters.get(at..end)?;
        let last = letters.last()?;
        let is_whole = match letters.len() % 4 {
            0 => true,
            2 => b"AQgw".contains(last),
            3 => b"AEIMQUYcgkosw048".contains(last),
            _ => false,
        };
        let is_whole = is_whole && PART.contains(&letters.len());
        is_whole.then(|| str::from_utf8(letters).ok()).flatten()
    }

    /// The short envelope that begins here, and the word behind it.
    ///
    /// Two that stand one behind the other can together be as long as a third kind: where another begins, this one ends.
    fn short(&mut self, beginning: Beginning) -> Option<Found> {
        let mut found = None;
        for len in SHORT {
            for behind in [0, beginning.emphasis] {
                let Ok(end) = self.marks.binary_search(&(beginning.at + len + behind)) else {
                    continue;
                };
                self.work = self.work.checked_sub(len)?;
                let Some(envelope) = self.read_short(beginning, len, end) else {
                    continue;
                };
                found = Some((Sealed::Envelope(envelope), end));
                if self.beginning(end).is_some() {
                    return found;
                }
            }
        }
        found
    }

    fn read_short(&self, beginning: Beginning, len: usize, end: usize) -> Option<Envelope> {
        // Words of a language are short, so one that is long enough needs no second look.
        let is_one_word = end == beginning.word + 1;
        if self.is_linked(beginning.word, end) || !(is_one_word || self.looks_sealed(beginning)) {
            return None;
        }
        let letters = self.letters.get(beginning.at..beginning.at + len)?;
        Envelope::parse(letters).ok().filter(Envelope::is_short)
    }

    /// Whether the words from `word` to `end` stand in an address of the web, or in other base64.
    fn is_linked(&self, word: usize, end: usize) -> bool {
        word == 0 && self.linked.0 || end == self.words() && self.linked.1
    }

    /// Whether the first letters are as mixed as base64 of random octets is (of 160: 90 capitals and digits, 25 of them
    /// digits), and as no language is. One short envelope in a million that is wrapped does not look like it.
    fn looks_sealed(&self, beginning: Beginning) -> bool {
        let letters = self.letters.get(beginning.at..).unwrap_or_default();
        let letters = letters.get(..*TELLING.end()).unwrap_or(letters);
        let count = |is: fn(&u8) -> bool| letters.iter().filter(|letter| is(letter)).count();
        let (capitals, digits) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_digit));
        !self.is_linked(beginning.word, beginning.word + 1)
            && letters.len() >= *TELLING.start()
            && capitals + digits >= letters.len() * 3 / 8
            && digits >= letters.len() / 40
            && count(u8::is_ascii_lowercase) >= letters.len() / 5
    }
}
