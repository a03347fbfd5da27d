//! The text that is being written, in memory that never moves.

use std::ops::Range;

use zeroize::{Zeroize as _, Zeroizing};

use super::line::columns;
use crate::input::MAX_TEXT;
use crate::memory;

/// A text with a cursor in it. Its buffer holds the longest text from the start, so that no copy is left behind where
/// it grew; it is locked where the system allows it, and wiped when it is cleared or dropped.
pub(crate) struct Editor {
    text: Zeroizing<String>,
    /// In octets, always between two characters.
    cursor: usize,
}

/// Whether all of a text was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Whole,
    /// The text has reached [`MAX_TEXT`].
    Cut,
}

/// A direction in the order of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    Start,
    End,
}

impl Editor {
    /// An empty text; whether the system let its memory be locked comes with it.
    pub(crate) fn new() -> (Self, bool) {
        let mut buffer = vec![0; MAX_TEXT];
        let is_locked = memory::lock_for_good(&buffer);
        buffer.clear();
        let editor = Editor {
            text: Zeroizing::new(String::from_utf8(buffer).unwrap_or_default()),
            cursor: 0,
        };
        (editor, is_locked)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor stands, in octets.
    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether there is nothing but blanks.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Puts in a text at the cursor, without its control characters other than line ends and tabs.
    pub(crate) fn insert(&mut self, text: &str) -> Taken {
        let is_dropped = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        for piece in text.split(is_dropped) {
            let room = MAX_TEXT - self.text.len();
            let fits = piece.get(..floor(piece, room)).unwrap_or_default();
            self.text.insert_str(self.cursor, fits);
            self.cursor += fits.len();
            if fits.len() < piece.len() {
                return Taken::Cut;
            }
        }
        Taken::Whole
    }

    /// Takes out a passage and puts another text in its place; the cursor stands behind that.
    pub(crate) fn replace(&mut self, passage: Range<usize>, text: &str) -> Taken {
        self.cursor = passage.start;
        drop(self.text.drain(passage));
        self.insert(text)
    }

    /// Takes out the character before the cursor. Marks go one by one, as they came.
    pub(crate) fn delete_before(&mut self) {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        if let Some(c) = before.chars().next_back() {
            self.cursor -= c.len_utf8();
            self.text.remove(self.cursor);
        }
    }

    /// Takes out the letter behind the cursor with its marks.
    pub(crate) fn delete_behind(&mut self) {
        let passage = self.cursor..self.letter_end();
        drop(self.text.drain(passage));
    }

    /// Moves the cursor by one letter.
    pub(crate) fn step(&mut self, toward: Toward) {
        self.cursor = match toward {
            Toward::Start => self.letter_start(),
            Toward::End => self.letter_end(),
        };
    }

    /// Moves the cursor to the next beginning of a word.
    pub(crate) fn step_word(&mut self, toward: Toward) {
        let mut is_in_word = false;
        loop {
            let at = self.cursor;
            let (before, behind) = self.text.split_at_checked(at).unwrap_or_default();
            let next = match toward {
                Toward::Start => before.chars().next_back(),
                Toward::End => behind.chars().next(),
            };
            let Some(next) = next else { break };
            let is_word = !next.is_whitespace();
            // Back to the beginning of a word, and on past its end and the blanks behind.
            let is_there = match toward {
                Toward::Start => is_in_word && !is_word,
                Toward::End => is_in_word && is_word && before.ends_with(char::is_whitespace),
            };
            if is_there {
                break;
            }
            is_in_word |= is_word || toward == Toward::End;
            self.step(toward);
        }
    }

    /// Moves the cursor to an octet between two characters; anywhere else, to the next one before.
    pub(crate) fn move_to(&mut self, octet: usize) {
        self.cursor = floor(&self.text, octet);
    }

    /// Wipes the text.
    pub(crate) fn clear(&mut self) {
        // All of the buffer, also where a longer text once reached.
        self.text.zeroize();
        self.cursor = 0;
    }

    fn letter_start(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let letter = before.char_indices().rev().find(|&(_, c)| is_own(c));
        letter.map_or(0, |(at, _)| at)
    }

    fn letter_end(&self) -> usize {
        let behind = self.text.get(self.cursor..).unwrap_or_default();
        let next = behind.char_indices().skip(1).find(|&(_, c)| is_own(c));
        next.map_or(self.text.len(), |(at, _)| self.cursor + at)
    }
}

/// The nearest octet at or before this one that is between two characters.
fn floor(text: &str, octet: usize) -> usize {
    let octet = octet.min(text.len());
    let mut before = (0..=octet).rev();
    before.find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Whether a character has a place of its own.
fn is_own(c: char) -> bool {
    c == '\n' || columns(c) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(text: &str) -> Editor {
        let (mut editor, _) = Editor::new();
        assert_eq!(editor.insert(text), Taken::Whole);
        editor
    }

    #[test]
    fn writing_and_deleting_follow_the_order_of_the_text() {
        let mut editor = editor("abc");
        editor.step(Toward::Start);
        editor.insert("سلام");
        assert_eq!(editor.text(), "abسلامc");
        editor.delete_before();
        editor.delete_behind();
        assert_eq!((editor.text(), editor.cursor()), ("abسلا", 8));
        editor.delete_behind();
        editor.move_to(0);
        editor.delete_before();
        assert_eq!(editor.text(), "abسلا");
        editor.move_to(3);
        assert_eq!(editor.cursor(), 2, "never inside a character");
    }

    #[test]
    fn a_letter_goes_with_its_marks_and_marks_go_one_by_one() {
        let mut editor = editor("بَّت");
        editor.move_to(0);
        editor.step(Toward::End);
        assert_eq!(editor.cursor(), "بَّ".len());
        editor.delete_before();
        assert_eq!(editor.text(), "بَت");
        editor.move_to(0);
        editor.delete_behind();
        assert_eq!(editor.text(), "ت");
    }

    #[test]
    fn words_are_stepped_over() {
        let mut editor = editor("one two\nثلاثة");
        let mut stops = Vec::new();
        for toward in [Toward::Start; 3].into_iter().chain([Toward::End; 3]) {
            editor.step_word(toward);
            stops.push(editor.cursor());
        }
        assert_eq!(stops, [8, 4, 0, 4, 8, 18]);
    }

    #[test]
    fn control_characters_are_left_out() {
        assert_eq!(editor("a\u{1b}b\0c\u{9b}d\n\te\r").text(), "abcd\n\te");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters_and_said() {
        let mut editor = editor(&"x".repeat(MAX_TEXT - 3));
        let before = editor.text().as_ptr();
        assert_eq!(editor.insert("سلا"), Taken::Cut);
        assert_eq!(editor.text().len(), MAX_TEXT - 1);
        assert_eq!(editor.insert("y"), Taken::Whole);
        assert_eq!(editor.insert("y"), Taken::Cut);
        assert_eq!(editor.text().as_ptr(), before, "the buffer has not moved");
    }

    #[test]
    fn replacing_and_clearing_leave_the_buffer_where_it_is() {
        let mut editor = editor("one two three");
        let before = editor.text().as_ptr();
        assert_eq!(editor.replace(4..7, "2"), Taken::Whole);
        assert_eq!((editor.text(), editor.cursor()), ("one 2 three", 5));
        editor.clear();
        assert!(editor.is_blank());
        editor.insert("x");
        assert_eq!(editor.text().as_ptr(), before);
    }
}
