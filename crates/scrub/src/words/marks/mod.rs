//! Invisible marks: characters that show nothing, or look like others, and can number the copies of a text.
//!
//! What a script really needs stays: joiners within Persian and Indic words, families and flags of emoji, variants
//! of Han and Mongolian letters. Directional marks go although they can help a line of mixed scripts to stand in the
//! right order: they are the easiest bits to hide, and the words stay the same.

mod emoji;
mod filter;
mod fold;
mod joiners;
mod style;

use zeroize::Zeroizing;

use self::style::Style;
use crate::report::codes;

codes! {
    /// The kinds of marks that are taken out of a text.
    Mark {
        /// Zero-width spaces and joiners that join nothing.
        ZeroWidth = "mark-zero-width";
        /// Marks that turn the direction of writing.
        Direction = "mark-direction";
        /// Tag characters that belong to no flag, and other characters that are never shown.
        Tag = "mark-tag";
        /// Variation selectors after characters that have no variants.
        Variation = "mark-variation";
        /// Hyphens that show only at the end of a line.
        SoftHyphen = "mark-soft-hyphen";
        /// Invisible signs of formulas, of music and of annotations.
        Invisible = "mark-invisible";
        /// Letters that show nothing: Hangul fillers, the empty Braille pattern.
        Filler = "mark-filler";
        /// Spaces other than the usual one.
        Space = "mark-space";
        /// Spaces and tabs at the ends of lines.
        LineEndSpace = "mark-line-end-space";
        /// Line ends other than the usual one.
        LineEnd = "mark-line-end";
        /// Control characters.
        Control = "mark-control";
        /// Letters and digits that look like those of the word in which they stand.
        LookAlike = "mark-look-alike";
        /// Arabic letters that are fixed to one shape, and joined Latin letters.
        FixedShape = "mark-fixed-shape";
        /// The same accent twice on one letter, or a heap of accents.
        StackedAccents = "mark-stacked-accents";
        /// Letters whose accents stand apart from them, or in an unusual order.
        Decomposed = "mark-decomposed";
        /// Arabic letters drawn out.
        Tatweel = "mark-tatweel";
    }
}

/// Of each kind of mark, so many positions are remembered.
const MAX_POSITIONS: usize = 100;
/// One pass can lay bare what the next one takes out; honest text needs one.
const MAX_PASSES: usize = 8;

/// A text without its marks, and which there were.
pub struct Cleaned {
    /// The text as it reads, wiped when it goes out of use.
    pub text: Zeroizing<String>,
    marks: Vec<Marks>,
}

impl Cleaned {
    /// What was taken out, one entry for each kind that occurred.
    pub fn marks(&self) -> &[Marks] {
        &self.marks
    }
}

/// The marks of one kind in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The kind.
    pub what: Mark,
    /// How many there were.
    pub count: usize,
    /// Where the first 100 stood: octets from the start of the text as it was given.
    pub positions: Vec<usize>,
}

/// Takes the invisible marks out of a text. Cleaning a clean text gives the same text and no marks.
///
/// Lines end with `\n` afterwards, without spaces before it; characters are composed (Unicode NFC). Takes time linear
/// in the length of the text.
pub fn clean(text: &str) -> Cleaned {
    let mut cleaner = Cleaner {
        text: Zeroizing::new(String::with_capacity(text.len() + text.len() / 8)),
        marks: Vec::new(),
        pass: 0,
    };
    cleaner.run(text);
    while cleaner.pass < MAX_PASSES && !cleaner.marks.is_empty() {
        let before = std::mem::take(&mut cleaner.text);
        cleaner.text = Zeroizing::new(String::with_capacity(before.len()));
        cleaner.run(&before);
        if *cleaner.text == *before {
            break;
        }
    }
    Cleaned {
        text: cleaner.text,
        marks: cleaner.marks,
    }
}

/// Writes the clean text and keeps count.
struct Cleaner {
    text: Zeroizing<String>,
    marks: Vec<Marks>,
    pass: usize,
}

impl Cleaner {
    fn run(&mut self, text: &str) {
        self.pass += 1;
        let style = Style::of(text);
        let mut at = 0;
        while let Some((next, c)) = text.get(at..).and_then(|rest| {
            let c = rest.chars().next()?;
            Some((at + c.len_utf8(), c))
        }) {
            at = if c == '\r' && text.as_bytes().get(next) == Some(&b'\n') {
                self.mark(Mark::LineEnd, at);
                next
            } else if is_line_end(c) {
                self.line_end(c, at);
                next
            } else if let Some(space) = space(c, &style) {
                if space != c {
                    self.mark(Mark::Space, at);
                }
                self.push(space.encode_utf8(&mut [0; 4]));
                next
            } else {
                let rest = text.get(at..).unwrap_or_default();
                let end = rest
                    .find(|c| is_line_end(c) || space(c, &style).is_some())
                    .unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                self.word(word, at, &style);
                at + end
            };
        }
        self.trim_line(text.len());
    }

    fn line_end(&mut self, c: char, at: usize) {
        if c != '\n' {
            self.mark(Mark::LineEnd, at);
        }
        self.trim_line(at);
        self.push("\n");
    }

    fn trim_line(&mut self, at: usize) {
        let kept = self
            .text
            .trim_end_matches([' ', '\t', IDEOGRAPHIC_SPACE, NARROW_SPACE])
            .len();
        if kept < self.text.len() {
            self.text.truncate(kept);
            self.mark(Mark::LineEndSpace, at);
        }
    }

    fn word(&mut self, word: &str, at: usize, style: &Style) {
        if word.bytes().all(|b| b.is_ascii_graphic()) {
            self.push(word);
            return;
        }
        // Where in the word something was taken out, and how many octets of it: what follows stood that much later.
        let mut gone: Vec<(usize, usize)> = Vec::new();
        let kept = filter::filter(word, |mark, offset, len| {
            gone.push((offset, len));
            self.mark(mark, at + offset);
        });
        let mut gone = gone.into_iter().peekable();
        let mut shift = 0;
        let folded = fold::fold(&kept, style, |mark, offset| {
            // Of a whole word, and told last.
            if mark == Mark::Decomposed {
                self.mark(mark, at);
                return;
            }
            while let Some((_, len)) = gone.next_if(|(start, _)| *start <= offset + shift) {
                shift += len;
            }
            self.mark(mark, at + offset + shift);
        });
        self.push(&folded);
    }

    fn mark(&mut self, what: Mark, at: usize) {
        let known = self.marks.iter().position(|marks| marks.what == what);
        let index = known.unwrap_or_else(|| {
            self.marks.push(Marks {
                what,
                count: 0,
                positions: Vec::new(),
            });
            self.marks.len() - 1
        });
        if let Some(marks) = self.marks.get_mut(index) {
            marks.count += 1;
            // Later passes count from another start.
            if self.pass == 1 && marks.positions.len() < MAX_POSITIONS {
                marks.positions.push(at);
            }
        }
    }

    fn push(&mut self, text: &str) {
        append(&mut self.text, text);
    }
}

/// Appends without leaving an unwiped copy behind when the buffer grows.
fn append(buffer: &mut Zeroizing<String>, text: &str) {
    let needed = buffer.len() + text.len();
    if buffer.capacity() < needed {
        let mut larger = Zeroizing::new(String::with_capacity(needed.max(buffer.capacity() * 2)));
        larger.push_str(buffer);
        *buffer = larger;
    }
    buffer.push_str(text);
}

const IDEOGRAPHIC_SPACE: char = '\u{3000}';
const NARROW_SPACE: char = '\u{202F}';

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Which space a space becomes. The wide one is kept where Chinese or Japanese stands, the narrow one where it is
/// part of Mongolian words.
fn space(c: char, style: &Style) -> Option<char> {
    match c {
        ' ' | '\t' => Some(c),
        IDEOGRAPHIC_SPACE if style.has_han => Some(c),
        NARROW_SPACE if style.has_mongolian => Some(c),
        '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | NARROW_SPACE
        | '\u{205F}'
        | IDEOGRAPHIC_SPACE => Some(' '),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
