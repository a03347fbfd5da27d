//! In: mailbox files and single files, from front to back, in bounded memory.

use std::io::{self, BufRead, Read};

use hamsa_core::{Arrived, Unreadable};

use crate::MAX_MESSAGE;
use crate::part::{from_email, nothing};

/// Octets that are read of a line at once.
const PIECE: u64 = 64 << 10;
/// The byte order mark that some editors put in front of a file.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// Room that is kept from message to message.
const ROOM: usize = 1 << 20;

/// Reads a mailbox file (mbox, RFC 4155) and gives what came of each message, in its order.
///
/// A line `From …` begins a message when it is the first of the file, behind a byte order mark or not, follows an empty one, or bears
/// a day and time as programs write them. `>From` at the beginning
/// of a line, with any number of `>`, loses one of them (mboxrd). What stands before the first such line counts as a message
/// too, so that a file of one message is read as well. A message longer than [`MAX_MESSAGE`] is read over and
/// gives [`Unreadable::TooLong`]. It holds one message at a time.
///
/// # Errors
/// Whatever reading gives. Messages before that place were given.
pub fn from_mbox(mut mbox: impl BufRead, mut each: impl FnMut(Arrived)) -> io::Result<()> {
    let mut message = Message::default();
    let mut piece = Vec::new();
    let mut is_first = true;
    let mut begins_line = true;
    let mut follows_empty = true;
    let mut is_separator = false;
    loop {
        piece.clear();
        (&mut mbox).take(PIECE).read_until(b'\n', &mut piece)?;
        if piece.is_empty() {
            break;
        }
        if std::mem::take(&mut is_first) && piece.starts_with(MARK) {
            piece.drain(..MARK.len());
        }
        if begins_line {
            is_separator = piece.starts_with(b"From ") && (follows_empty || is_dated(&piece));
            follows_empty = piece.trim_ascii().is_empty();
            if is_separator {
                message.end(&mut each);
                message.has_begun = true;
            }
        }
        if !is_separator {
            let is_quoted = begins_line && is_quoted(&piece);
            message.push(piece.get(usize::from(is_quoted)..).unwrap_or_default());
        }
        begins_line = piece.ends_with(b"\n");
    }
    message.end(&mut each);
    Ok(())
}

/// Reads a file that holds one message, as a Maildir keeps them. Nothing is read above [`MAX_MESSAGE`].
///
/// # Errors
/// Whatever reading gives.
pub fn from_message_file(file: impl Read) -> io::Result<Arrived> {
    let mut message = Vec::new();
    file.take(MAX_MESSAGE as u64 + 1)
        .read_to_end(&mut message)?;
    Ok(from_email(&message))
}

/// Whether a line bears a day and time as separators do (RFC 4155, appendix A): `Sun Nov 22 10:11:12 2026`.
fn is_dated(line: &[u8]) -> bool {
    const DAYS: &[u8] = b"Mon Tue Wed Thu Fri Sat Sun";
    const MONTHS: &[u8] = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    let is_one_of =
        |names: &[u8], word: &[u8]| names.split(|&c| c == b' ').any(|name| name == word);
    let is_number = |word: &[u8]| word.iter().all(u8::is_ascii_digit);
    let is_time = |word: &[u8]| word.contains(&b':') && word.split(|&c| c == b':').all(is_number);
    let words = line.trim_ascii().split(|&octet| octet == b' ');
    let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
    words.windows(4).any(|four| {
        matches!(four, [day, month, number, time]
            if is_one_of(DAYS, day) && is_one_of(MONTHS, month) && is_number(number) && is_time(time))
    })
}

/// Whether a line is `From ` behind one or more `>`.
fn is_quoted(line: &[u8]) -> bool {
    let depth = line.iter().take_while(|&&octet| octet == b'>').count();
    depth > 0 && line.get(depth..).unwrap_or_default().starts_with(b"From ")
}

/// What has come of a message so far.
#[derive(Default)]
struct Message {
    bytes: Vec<u8>,
    has_begun: bool,
    is_too_long: bool,
}

impl Message {
    fn push(&mut self, piece: &[u8]) {
        self.has_begun |= !piece.trim_ascii().is_empty();
        self.is_too_long |= self.bytes.len() + piece.len() > MAX_MESSAGE;
        if self.is_too_long {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn end(&mut self, each: &mut impl FnMut(Arrived)) {
        if self.is_too_long {
            each(nothing(Unreadable::TooLong));
        } else if self.has_begun {
            each(from_email(&self.bytes));
        }
        self.bytes.clear();
        self.bytes.shrink_to(ROOM);
        self.has_begun = false;
        self.is_too_long = false;
    }
}
