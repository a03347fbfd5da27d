//! What the desk looks like.
//!
//! ```text
//! title: the agency, its fingerprint's last digits, the counter
//! choices: department, topic, language, caller group
//! ─────────
//! the text, or what is chosen from
//! ─────────
//! what there is to say
//! keys
//! ```

use std::io::Write as _;
use std::ops::Range;

use zeroize::Zeroizing;

use super::choices::Field;
use super::help::{self, Help};
use super::line::{Line, Paragraph, Side, columns};
use super::list::List;
use super::sitting::{About, Mode, Sitting};
use crate::say;
use crate::words::Words;

const PLAIN: &str = "0";
const BAR: &str = "7";
const WARNING: &str = "1;7";
const FAINT: &str = "2";

/// Fewer columns or lines than this show nothing but a sentence.
const SMALLEST: (usize, usize) = (40, 12);
/// Lines of one message, at most.
const MESSAGE: usize = 6;
/// Lines that are always there below the choices: both rules, the keys, and one line of the text.
const RULES_AND_MORE: usize = 4;
/// A name of the agency of fewer columns than this tells nobody anything.
const SHORTEST_NAME: usize = 6;

/// What the line of the keys says, the longest first. Those that seal and leave are in all of them.
const WRITE_KEYS: &[&str] = &["desk-keys", "desk-keys-small"];
const CHOOSE_KEYS: &[&str] = &["desk-keys-choose", "desk-keys-choose-small"];
const HELP_KEYS: &[&str] = &["desk-keys-more"];

/// Draws everything anew; what comes back goes to the terminal in one piece.
pub(crate) fn draw(sitting: &mut Sitting<'_>, size: (usize, usize)) -> Zeroizing<Vec<u8>> {
    let (width, height) = size;
    let mut frame = Frame {
        out: Zeroizing::new(Vec::with_capacity(16 * width * height)),
        width,
        own_side: sitting.own_side(),
    };
    // Shown when it is complete, where the terminal knows how; without the cursor until it is.
    frame.send("\x1b[?2026h\x1b[?25l");
    let is_small = width < SMALLEST.0 || height < SMALLEST.1;
    sitting.is_blind = is_small;
    if let Some(message) = &mut sitting.message {
        message.is_seen = !is_small;
    }
    if is_small {
        frame.send("\x1b[2J");
        let small = say!(sitting.words, "desk-small");
        for (number, line) in broken(&small, width).iter().enumerate().take(height) {
            frame.line(number, line, PLAIN);
        }
    } else if let Some((row, column)) = parts(&mut frame, sitting, height) {
        frame.go(row, column);
        frame.send("\x1b[?25h");
    }
    frame.send("\x1b[?2026l");
    frame.out
}

/// Draws the parts from top to bottom; where the cursor stands, when there is one.
fn parts(frame: &mut Frame, sitting: &mut Sitting<'_>, height: usize) -> Option<(usize, usize)> {
    frame.line(0, &title(sitting, frame.width), BAR);
    if let Mode::Helping(help) = &mut sitting.mode {
        let lines = help::lines(&sitting.choices, sitting.words, frame.width);
        let keys = help_page(frame, help, lines, height);
        let keys = fitting(keys, sitting.words, frame.width);
        frame.line(height - 1, &keys, BAR);
        return None;
    }
    let messages = message_lines(sitting, frame.width, MESSAGE);
    let mut choices = choice_lines(sitting, frame.width);
    // What is said goes before what was chosen, where there is no room for both.
    let others = 1 + RULES_AND_MORE + messages.len();
    if choices.len() + others > height {
        choices.clear();
    }
    for (number, line) in (1..).zip(&choices) {
        frame.line(number, line, PLAIN);
    }
    let top = 1 + choices.len();
    let room = height.saturating_sub(top + RULES_AND_MORE);
    let messages = message_lines(sitting, frame.width, MESSAGE.min(room).max(1));
    let bottom = height - 1 - messages.len();
    let place = (top + 1, (bottom - 1).saturating_sub(top + 1));
    frame.rule(top, "");
    let (cursor, keys, scrolled) = if let Mode::Choosing(list) = &sitting.mode {
        choose_from(frame, list, place);
        (None, CHOOSE_KEYS, String::new())
    } else {
        let cursor = text(frame, sitting, place);
        (Some(cursor), WRITE_KEYS, scrolled(sitting))
    };
    frame.rule(bottom - 1, &scrolled);
    let style = match &sitting.message {
        Some(message) if message.about != About::Done => WARNING,
        _ => PLAIN,
    };
    for (number, line) in (bottom..).zip(&messages) {
        frame.line(number, line, style);
    }
    frame.line(height - 1, &fitting(keys, sitting.words, frame.width), BAR);
    cursor
}

/// Draws the page of the keys over choices, text and message; the keys that it has itself.
fn help_page(
    frame: &mut Frame,
    help: &mut Help,
    lines: Vec<String>,
    height: usize,
) -> &'static [&'static str] {
    let (first, bottom) = (2, height - 2);
    let (lines, last) = help.in_sight(lines, bottom - first);
    frame.rule(1, "");
    let end = first + lines.len();
    for (row, line) in (first..).zip(&lines) {
        frame.line(row, line, PLAIN);
    }
    frame.clear(end..bottom);
    if help.scrolls() {
        frame.rule(bottom, &format!(" {last}/{} ", help.len()));
        HELP_KEYS
    } else {
        frame.rule(bottom, "");
        &["desk-keys-back"]
    }
}

/// The first of these messages that fits into so many columns, or the last one.
fn fitting(keys: &[&str], words: &Words, width: usize) -> String {
    let mut said = String::new();
    for key in keys {
        said = words.plain(key);
        if taken(&said) <= width {
            break;
        }
    }
    said
}

/// The columns that a line takes.
fn taken(line: &str) -> usize {
    line.chars().map(columns).sum()
}

/// The line that the cursor is in, of how many, when some are out of sight.
fn scrolled(sitting: &Sitting<'_>) -> String {
    if !sitting.page.scrolls() {
        return String::new();
    }
    let row = sitting.page.row_of(sitting.editor.cursor()) + 1;
    format!(" {row}/{} ", sitting.page.len())
}

/// The agency, the fingerprint's last digits and the counter. Where they do not fit, the agency's name is cut, then left
/// out: the counter is never.
fn title(sitting: &Sitting<'_>, width: usize) -> String {
    let agency = &sitting.card.profile().agency;
    let agency = agency.get(sitting.words.tag()).to_owned();
    let fingerprint = sitting.card.fingerprint().to_string();
    let group = fingerprint
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let (words, count) = (sitting.words, sitting.sealed);
    let titled = |agency: &str| {
        say!(
            words,
            "desk-title",
            agency = agency,
            group = group.as_str(),
            count = count
        )
    };
    let whole = titled(&agency);
    let Some(over) = taken(&whole).checked_sub(width + 1) else {
        return whole;
    };
    // One column over at least, and one for the sign that something is missing.
    let room = taken(&agency).saturating_sub(over + 2);
    if room < SHORTEST_NAME {
        return say!(words, "desk-title-small", group = group, count = count);
    }
    let mut column = 0;
    let kept = agency.chars().take_while(|&c| {
        column += columns(c);
        column <= room
    });
    titled(&format!("{}…", kept.collect::<String>().trim_end()))
}

/// What is chosen, as many on a line as there is room for.
fn choice_lines(sitting: &Sitting<'_>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for field in Field::ALL {
        if !sitting.choices.is_open(field) {
            continue;
        }
        let name = sitting.words.plain(field.key());
        let value = sitting.choices.name(field);
        let value = value.unwrap_or_else(|| sitting.words.plain("desk-none"));
        let key = format!("F{}", field.function());
        let choice = say!(
            sitting.words,
            "desk-choice",
            key = key,
            name = name,
            value = value
        );
        match lines.last_mut() {
            Some(last) if taken(last) + 3 + taken(&choice) <= width => {
                last.push_str("   ");
                last.push_str(&choice);
            }
            _ => lines.push(choice),
        }
    }
    lines
}

/// As much of the message as so many lines hold. Where even the least is too long, a sign says that something is missing.
fn message_lines(sitting: &Sitting<'_>, width: usize, most: usize) -> Vec<String> {
    let Some(message) = &sitting.message else {
        return vec![String::new()];
    };
    let ways = std::iter::once(&message.text).chain(&message.shorter);
    let mut lines = Vec::new();
    for text in ways {
        lines = broken(text, width);
        if lines.len() <= most {
            return lines;
        }
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while taken(last.trim_end()) + 2 > width {
            last.pop();
        }
        last.truncate(last.trim_end().len());
        last.push_str(" …");
    }
    lines
}

/// A sentence in lines of so many columns.
pub(super) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut column) = (String::new(), 0);
    for word in text.split_inclusive([' ', '\n']) {
        let own: usize = word.trim_end().chars().map(columns).sum();
        if column + own > width && column > 0 {
            lines.push(std::mem::take(&mut line));
            column = 0;
        }
        line.push_str(word.trim_end_matches('\n'));
        column += word.chars().map(columns).sum::<usize>();
    }
    lines.push(line);
    lines
}

/// Shows the part of the text that the cursor is in; where the cursor stands.
fn text(frame: &mut Frame, sitting: &mut Sitting<'_>, place: (usize, usize)) -> (usize, usize) {
    let (first, height) = place;
    // One column is left for the cursor behind the last letter.
    let room = frame.width - 1;
    sitting.page.lay_out(&sitting.editor, room, height);
    let cursor = sitting.editor.cursor();
    let cursor_row = sitting.page.row_of(cursor);
    let whole = sitting.editor.text();
    let mut at = (first, 0);
    let mut drawn = first;
    let mut known: Option<(usize, Paragraph<'_>)> = None;
    for (number, row) in sitting.page.in_sight() {
        let own = known.take().filter(|(from, _)| *from == row.paragraph);
        let (from, paragraph) = own.unwrap_or_else(|| {
            let rest = whole.get(row.paragraph..).unwrap_or_default();
            let own = rest.split('\n').next().unwrap_or_default();
            let side = sitting.side(row.paragraph);
            (row.paragraph, Paragraph::new(own, side))
        });
        let line = paragraph.line(row.start - from..row.end - from);
        if number == cursor_row {
            at = (drawn, frame.column_of(&line, cursor - from));
        }
        frame.begin(drawn, PLAIN);
        frame.blanks(frame.left_of(&line));
        line.write(room, &mut frame.out);
        frame.end();
        drawn += 1;
        known = Some((from, paragraph));
    }
    frame.clear(drawn..first + height);
    at
}

fn choose_from(frame: &mut Frame, list: &List, place: (usize, usize)) {
    let (first, height) = place;
    let top = (list.at + 1).saturating_sub(height);
    let in_sight = list.offers.iter().enumerate().skip(top).take(height);
    let mut drawn = first;
    for (number, (_, name)) in in_sight {
        let sign = list.sign_of(number).unwrap_or(' ');
        let style = if number == list.at { BAR } else { PLAIN };
        frame.line(drawn, &format!(" {sign}  {name}"), style);
        drawn += 1;
    }
    frame.clear(drawn..first + height);
}

/// What goes to the terminal. It may hold the text, so it is wiped.
struct Frame {
    out: Zeroizing<Vec<u8>>,
    width: usize,
    own_side: Side,
}

impl Frame {
    fn send(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Lines and columns from 0.
    fn go(&mut self, row: usize, column: usize) {
        // Writing to memory does not fail.
        let _ = write!(self.out, "\x1b[{};{}H", row + 1, column + 1);
    }

    /// Begins a line that is empty.
    fn begin(&mut self, row: usize, style: &str) {
        self.go(row, 0);
        // Before anything is written: behind the last column, clearing would take that away.
        let _ = write!(self.out, "\x1b[2K\x1b[{style}m");
    }

    fn end(&mut self) {
        self.send("\x1b[0m");
    }

    /// Where a line of the text begins from the left.
    fn left_of(&self, line: &Line<'_>) -> usize {
        match line.side() {
            Side::Left => 0,
            Side::Right => self.width - line.columns().min(self.width - 1),
        }
    }

    /// The column of the cursor before this octet of a line's paragraph.
    fn column_of(&self, line: &Line<'_>, octet: usize) -> usize {
        let left = self.left_of(line);
        // Blanks at the end of the line may be past the edge of the screen.
        let hidden = match line.side() {
            Side::Left => 0,
            Side::Right => line.columns().saturating_sub(self.width - 1),
        };
        let column = match (line.column_of(octet), line.side()) {
            (Some(column), _) => left + column.saturating_sub(hidden),
            (None, Side::Left) => line.columns(),
            (None, Side::Right) => left.saturating_sub(1),
        };
        column.min(self.width - 1)
    }

    fn clear(&mut self, rows: Range<usize>) {
        for row in rows {
            self.begin(row, PLAIN);
            self.end();
        }
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(b' ', count));
    }

    /// A line of the program's own words across the whole screen.
    fn line(&mut self, row: usize, words: &str, style: &str) {
        let side = self.own_side;
        let line = Paragraph::new(words, side).line(0..words.len());
        let columns = line.columns().min(self.width);
        let rest = self.width - columns;
        self.begin(row, style);
        if side == Side::Right {
            self.blanks(rest);
        }
        line.write(columns, &mut self.out);
        if side == Side::Left && style != PLAIN {
            self.blanks(rest);
        }
        self.end();
    }

    /// A line between two parts of the screen, with something to read in it.
    fn rule(&mut self, row: usize, words: &str) {
        self.begin(row, FAINT);
        let rest = self.width.saturating_sub(words.len());
        (0..rest).for_each(|_| self.send("─"));
        self.send(words);
        self.end();
    }
}
