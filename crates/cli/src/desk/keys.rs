//! What the terminal sends, as text and keys.
//!
//! Read here and not by a library, because what was typed is in these octets: the buffer is wiped after each reading, and
//! nothing else keeps them.

use std::io::{self, Read};

use zeroize::{Zeroize as _, Zeroizing};

/// Octets that are read at once.
const BUFFER: usize = 1 << 14;
/// The longest sequence of a key; what is longer is none.
const LONGEST: usize = 32;
const ESCAPE: u8 = 0x1b;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Input<'a> {
    /// Typed or pasted, without control characters below U+0020.
    Text(&'a str),
    Key(Key),
}

/// A key that is not a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Enter,
    Tab,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    WordLeft,
    WordRight,
    /// F1 to F12.
    Function(u16),
    /// A letter with Ctrl.
    Control(char),
    PasteBegin,
    PasteEnd,
}

/// The octets that the terminal sent and that were not taken yet.
pub(crate) struct Keys {
    buffer: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
    is_paste: bool,
    is_after_return: bool,
}

/// What stands at the beginning of the octets.
enum Next {
    /// A key of so many octets; none of ours when there is no key.
    Key(usize, Option<Key>),
    /// So many octets of text.
    Text(usize),
    /// Something that is not complete.
    Part,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Keys {
            buffer: Zeroizing::new(vec![0; BUFFER]),
            start: 0,
            end: 0,
            is_paste: false,
            is_after_return: false,
        }
    }

    /// Reads what is there, after all that was read before has been taken; whether there is a terminal left.
    ///
    /// # Errors
    /// A terminal that cannot be read.
    pub(crate) fn read(&mut self, terminal: &mut impl Read) -> io::Result<bool> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        self.wipe_rest();
        let Some(room) = self.buffer.get_mut(self.end..) else {
            return Ok(true);
        };
        let count = terminal.read(room)?;
        self.end += count;
        Ok(count > 0)
    }

    /// Whether something began and did not end: a sequence, or the Escape key.
    pub(crate) fn is_waiting(&self) -> bool {
        self.start < self.end
    }

    /// Takes the next thing. `is_all` when nothing more will come soon, so that what is not complete is as it is; a paste
    /// is only complete at its end.
    pub(crate) fn next(&mut self, is_all: bool) -> Option<Input<'_>> {
        loop {
            let octets = self.buffer.get(self.start..self.end)?;
            let octets = if octets.is_empty() {
                return None;
            } else {
                octets
            };
            let next = match self.look(octets) {
                Next::Part if (is_all && !self.is_paste) || octets.len() > LONGEST => {
                    let key = (octets == [ESCAPE]).then_some(Key::Escape);
                    Next::Key(octets.len().min(LONGEST), key)
                }
                next => next,
            };
            match next {
                Next::Part => return None,
                Next::Text(length) => {
                    self.is_after_return = false;
                    let from = self.start;
                    self.start += length;
                    let text = self.buffer.get(from..self.start).unwrap_or_default();
                    return Some(Input::Text(str::from_utf8(text).unwrap_or_default()));
                }
                Next::Key(length, key) => {
                    let was_return = self.buffer.get(self.start) == Some(&b'\r');
                    let is_second =
                        self.is_after_return && self.buffer.get(self.start) == Some(&b'\n');
                    self.start += length;
                    self.is_after_return = self.is_paste && was_return;
                    match key {
                        Some(Key::PasteBegin) => self.is_paste = true,
                        Some(Key::PasteEnd) => self.is_paste = false,
                        _ => {}
                    }
                    if let Some(key) = key.filter(|_| !is_second) {
                        return Some(Input::Key(key));
                    }
                }
            }
        }
    }

    /// Wipes what was taken.
    pub(crate) fn wipe(&mut self) {
        if let Some(taken) = self.buffer.get_mut(..self.start) {
            taken.zeroize();
        }
        self.wipe_rest();
    }

    fn wipe_rest(&mut self) {
        if let Some(rest) = self.buffer.get_mut(self.end..) {
            rest.zeroize();
        }
    }

    fn look(&self, octets: &[u8]) -> Next {
        let Some(&first) = octets.first() else {
            return Next::Part;
        };
        match first {
            ESCAPE => self.sequence(octets),
            b'\r' | b'\n' => Next::Key(1, Some(Key::Enter)),
            b'\t' => Next::Key(1, Some(Key::Tab)),
            // In a paste they are octets of somebody's file, no keys.
            0..0x20 | 0x7f if self.is_paste => Next::Key(1, None),
            0x7f | 0x08 => Next::Key(1, Some(Key::Backspace)),
            0x01..=0x1a => Next::Key(1, Some(Key::Control(char::from(first | 0x60)))),
            0..0x20 => Next::Key(1, None),
            _ => text(octets),
        }
    }

    fn sequence(&self, octets: &[u8]) -> Next {
        let next = match octets {
            [_, b'[', b'[', letter, ..] if !self.is_paste => Next::Key(
                4,
                (b'A'..=b'E')
                    .contains(letter)
                    .then(|| Key::Function(u16::from(letter - b'A') + 1)),
            ),
            [_, b'[', rest @ ..] => control_sequence(rest),
            [_, b'O', letter, ..] if !self.is_paste => Next::Key(3, letter_key(*letter, false)),
            [_, b'O'] | [_] => Next::Part,
            [_, ESCAPE, ..] => Next::Key(1, Some(Key::Escape)),
            // With Alt: a key that does nothing here.
            [_, 0x20..0x7f, ..] if !self.is_paste => Next::Key(2, None),
            _ => Next::Key(1, None),
        };
        match next {
            Next::Key(_, key) if self.is_paste && key != Some(Key::PasteEnd) => Next::Key(1, None),
            other => other,
        }
    }
}

/// What stands behind ESC [: numbers, then one letter.
fn control_sequence(rest: &[u8]) -> Next {
    let Some(length) = rest.iter().position(|octet| matches!(octet, 0x40..0x7f)) else {
        return Next::Part;
    };
    let (numbers, letter) = rest.split_at_checked(length).unwrap_or_default();
    let letter = letter.first().copied().unwrap_or_default();
    let mut numbers = numbers
        .split(|&octet| octet == b';')
        .map(|digits| str::from_utf8(digits).ok()?.parse::<u16>().ok());
    let first = numbers.next().flatten().unwrap_or(0);
    // The second number is one more than the bits of Shift (1), Alt (2) and Ctrl (4).
    let held = numbers.next().flatten().unwrap_or(1).saturating_sub(1);
    let key = match (letter, first) {
        (b'~', 1 | 7) => Some(Key::Home),
        (b'~', 4 | 8) => Some(Key::End),
        (b'~', 3) => Some(Key::Delete),
        (b'~', 5) => Some(Key::PageUp),
        (b'~', 6) => Some(Key::PageDown),
        (b'~', 11..=15) => Some(Key::Function(first - 10)),
        (b'~', 17..=21) => Some(Key::Function(first - 11)),
        (b'~', 23 | 24) => Some(Key::Function(first - 12)),
        (b'~', 200) => Some(Key::PasteBegin),
        (b'~', 201) => Some(Key::PasteEnd),
        _ => letter_key(letter, held & 6 != 0),
    };
    Next::Key(length + 3, key)
}

fn letter_key(letter: u8, is_by_words: bool) -> Option<Key> {
    Some(match letter {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' if is_by_words => Key::WordRight,
        b'D' if is_by_words => Key::WordLeft,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        b'P'..=b'S' => Key::Function(u16::from(letter - b'P') + 1),
        _ => return None,
    })
}

/// The longest front that is text; what is not UTF-8 is left out.
fn text(octets: &[u8]) -> Next {
    let is_text = |octet: &u8| !matches!(octet, 0..0x20 | 0x7f);
    let length = octets.iter().take_while(|octet| is_text(octet)).count();
    let run = octets.get(..length).unwrap_or_default();
    match str::from_utf8(run) {
        Ok(_) => Next::Text(length),
        Err(e) if e.valid_up_to() > 0 => Next::Text(e.valid_up_to()),
        Err(e) => match e.error_len() {
            Some(wrong) => Next::Key(wrong, None),
            None if length < octets.len() => Next::Key(length, None),
            None => Next::Part,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of these octets, sent in pieces.
    fn taken(pieces: &[&[u8]]) -> Vec<String> {
        let mut keys = Keys::new();
        let mut all: Vec<String> = Vec::new();
        for (number, &piece) in (1..).zip(pieces) {
            let mut piece = piece;
            keys.read(&mut piece).expect("read");
            while let Some(input) = keys.next(number == pieces.len()) {
                match (input, all.last_mut()) {
                    (Input::Text(text), Some(last)) if !last.starts_with('<') => {
                        last.push_str(text);
                    }
                    (Input::Text(text), _) => all.push(text.to_owned()),
                    (Input::Key(key), _) => all.push(format!("<{key:?}>")),
                }
            }
            keys.wipe();
        }
        assert!(keys.buffer.iter().all(|&octet| octet == 0), "wiped");
        all
    }

    #[test]
    fn text_and_keys_are_told_apart() {
        assert_eq!(
            taken(&["ab سلام\r\u{7f}\x1b[A\x1b[1;5D\x1bOP\x1b[21~\x13\x1b[3~z".as_bytes()]),
            [
                "ab سلام",
                "<Enter>",
                "<Backspace>",
                "<Up>",
                "<WordLeft>",
                "<Function(1)>",
                "<Function(10)>",
                "<Control('s')>",
                "<Delete>",
                "z"
            ]
        );
        assert_eq!(
            taken(&[b"\x1b[[B\x1b[15~\x1b[24~"]),
            ["<Function(2)>", "<Function(5)>", "<Function(12)>"]
        );
    }

    #[test]
    fn what_comes_in_pieces_is_put_together() {
        let whole = "سa\x1b[200~中\x1b[201~\x1b[H".as_bytes();
        let expected = ["سa", "<PasteBegin>", "中", "<PasteEnd>", "<Home>"];
        assert_eq!(taken(&[whole]), expected);
        let octets: Vec<_> = whole.chunks(1).collect();
        assert_eq!(taken(&octets), expected);
    }

    #[test]
    fn escape_alone_is_a_key_and_twice_is_two() {
        assert_eq!(taken(&[b"\x1b"]), ["<Escape>"]);
        assert_eq!(taken(&[b"\x1b\x1b"]), ["<Escape>", "<Escape>"]);
        assert_eq!(taken(&[b"\x1bxy"]), ["y"], "Alt and a letter is nothing");
    }

    #[test]
    fn a_paste_is_text_whatever_is_in_it() {
        assert_eq!(
            taken(&[b"\x1b[200~a\r\nb\n\nc\rd\te\x1b[31m\x13\x7f\x1bOP\x1b[201~\r"]),
            [
                "<PasteBegin>",
                "a",
                "<Enter>",
                "b",
                "<Enter>",
                "<Enter>",
                "c",
                "<Enter>",
                "d",
                "<Tab>",
                "e[31mOP",
                "<PasteEnd>",
                "<Enter>"
            ]
        );
    }

    #[test]
    fn what_is_nothing_is_left_out() {
        assert_eq!(taken(&[b"a\xff\xc3(b\xe4\xb8"]), ["a(b"]);
        let long = [b"\x1b[".as_slice(), &[b'1'; 100], b"z"].concat();
        assert_eq!(taken(&[&long]), [""; 0]);
        assert_eq!(taken(&[b"\x1b[?1;2c\x1b[I"]), [""; 0]);
    }
}
