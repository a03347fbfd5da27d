//! One line as it stands on the screen: letters in the order in which they are seen.
//!
//! Most terminals show what they are sent from left to right, whatever the script. So the order of letters, their joined
//! forms and the side that a line begins on are worked out here (Unicode Standard Annex 9), and the terminal is asked to
//! leave them alone.

use std::ops::Range;

use unicode_bidi::{Direction, Level, ParagraphBidiInfo, get_base_direction};
use unicode_width::UnicodeWidthChar as _;
use zeroize::Zeroizing;

use super::shape;

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// The side that a paragraph begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Side {
    /// The side of a paragraph by its first letter; `otherwise` when it has none.
    pub(crate) fn of(paragraph: &str, otherwise: Side) -> Side {
        match get_base_direction(paragraph) {
            Direction::Ltr => Side::Left,
            Direction::Rtl => Side::Right,
            Direction::Mixed => otherwise,
        }
    }

    fn level(self) -> Level {
        match self {
            Side::Left => Level::ltr(),
            Side::Right => Level::rtl(),
        }
    }
}

/// Columns that a character takes. One that has none of its own stands with the one before it.
pub(crate) fn columns(c: char) -> usize {
    if c == '\t' { 1 } else { c.width().unwrap_or(0) }
}

/// A letter with its marks in one place of the screen.
struct Cell {
    /// Where it stands in the paragraph, in octets.
    octets: Range<usize>,
    glyph: char,
    columns: usize,
    is_ligature: bool,
}

/// A part of a paragraph that fits into one line of the screen.
pub(crate) struct Line<'a> {
    paragraph: &'a str,
    /// From left to right.
    cells: Vec<Cell>,
    side: Side,
}

/// The order of the letters of a paragraph, from which its lines are made.
pub(crate) struct Paragraph<'a> {
    text: &'a str,
    order: ParagraphBidiInfo<'a>,
    side: Side,
}

impl<'a> Paragraph<'a> {
    /// Works out the order of the letters of one paragraph, in which there is no end of a line.
    pub(crate) fn new(text: &'a str, side: Side) -> Self {
        Paragraph {
            text,
            order: ParagraphBidiInfo::new(text, Some(side.level())),
            side,
        }
    }

    /// The line that these octets of the paragraph make.
    pub(crate) fn line(&self, octets: Range<usize>) -> Line<'a> {
        let logical = cells(self.text, octets.clone());
        let mut cells = Vec::with_capacity(logical.len());
        if !octets.is_empty() {
            let (levels, runs) = self.order.visual_runs(octets);
            for run in runs {
                let is_turned = levels.get(run.start).is_some_and(Level::is_rtl);
                let from = logical.partition_point(|cell| cell.octets.start < run.start);
                let to = logical.partition_point(|cell| cell.octets.start < run.end);
                let part = logical.get(from..to).unwrap_or_default();
                if is_turned {
                    cells.extend(part.iter().rev().map(|cell| Cell {
                        octets: cell.octets.clone(),
                        glyph: shape::mirrored(cell.glyph),
                        ..*cell
                    }));
                } else {
                    cells.extend(part.iter().map(|cell| Cell {
                        octets: cell.octets.clone(),
                        ..*cell
                    }));
                }
            }
        }
        Line {
            paragraph: self.text,
            cells,
            side: self.side,
        }
    }
}

impl Line<'_> {
    /// The side that the line begins on.
    pub(crate) fn side(&self) -> Side {
        self.side
    }

    /// The columns that it takes.
    pub(crate) fn columns(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns).sum()
    }

    /// The column, counted from the line's left end, of the letter that begins at or encloses this octet of the paragraph;
    /// nothing when it is none of this line.
    pub(crate) fn column_of(&self, octet: usize) -> Option<usize> {
        let mut column = 0;
        for cell in &self.cells {
            if cell.octets.contains(&octet) {
                return Some(column);
            }
            column += cell.columns;
        }
        None
    }

    /// Appends what a terminal shows as this line, at most `columns` of it: from its left end, or for a line that
    /// begins on the right from its right end.
    pub(crate) fn write(&self, columns: usize, out: &mut Zeroizing<Vec<u8>>) {
        let mut to_skip = match self.side {
            Side::Left => 0,
            Side::Right => self.columns().saturating_sub(columns),
        };
        let mut left = columns;
        for cell in &self.cells {
            if to_skip > 0 {
                to_skip = to_skip.saturating_sub(cell.columns);
                continue;
            }
            let Some(rest) = left.checked_sub(cell.columns) else {
                break;
            };
            left = rest;
            self.write_cell(cell, out);
        }
    }

    fn write_cell(&self, cell: &Cell, out: &mut Zeroizing<Vec<u8>>) {
        let mut push = |c: char| {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        push(cell.glyph);
        let own = 1 + usize::from(cell.is_ligature);
        let cluster = self.paragraph.get(cell.octets.clone()).unwrap_or_default();
        let letters = |c: &char| columns(*c) > 0;
        let marks = cluster.chars().filter(|c| !letters(c));
        debug_assert!(cluster.chars().filter(letters).count() <= own, "one letter");
        marks.filter(|&c| is_seen(c)).for_each(&mut push);
    }
}

/// Whether a character without columns is a mark that is seen, and nothing that a terminal may stumble over.
fn is_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        && !matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Letters with their marks, in the order of the text, in their joined forms.
fn cells(paragraph: &str, octets: Range<usize>) -> Vec<Cell> {
    let text = paragraph.get(octets.clone()).unwrap_or_default();
    let mut cells: Vec<Cell> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let at = octets.start + at;
        let end = at + c.len_utf8();
        let width = columns(c);
        let last = cells.last_mut();
        if let (Some(last), 0) = (last, width) {
            last.octets.end = end;
        } else if width > 0 {
            if let Some(last) = cells.last_mut()
                && let Some(both) = shape::lam_and(last.glyph, c)
                && joined(paragraph, last) == Joined::AsWritten
            {
                last.glyph = both;
                last.octets.end = end;
                last.is_ligature = true;
                continue;
            }
            cells.push(Cell {
                octets: at..end,
                glyph: if c == '\t' { ' ' } else { c },
                columns: width,
                is_ligature: false,
            });
        }
    }
    join(paragraph, &mut cells);
    cells
}

/// What a joiner behind a letter does to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined {
    AsWritten,
    Never,
    Always,
}

fn joined(paragraph: &str, cell: &Cell) -> Joined {
    let cluster = paragraph.get(cell.octets.clone()).unwrap_or_default();
    match cluster.chars().last() {
        Some(ZERO_WIDTH_NON_JOINER) => Joined::Never,
        Some(ZERO_WIDTH_JOINER) => Joined::Always,
        _ => Joined::AsWritten,
    }
}

fn join(paragraph: &str, cells: &mut [Cell]) {
    // The letter before, if it holds on to what comes.
    let mut is_held = false;
    let mut rest = cells;
    while let Some((cell, behind)) = rest.split_first_mut() {
        let held_before = is_held;
        let how = joined(paragraph, cell);
        let next = behind.first().map(|next| {
            if next.is_ligature {
                '\u{644}'
            } else {
                next.glyph
            }
        });
        let is_held_behind = match how {
            Joined::Never => false,
            Joined::Always => true,
            Joined::AsWritten => next.is_some_and(shape::joins_back),
        };
        if cell.is_ligature {
            cell.glyph = shape::ligature(cell.glyph, held_before);
            is_held = false;
        } else {
            is_held = how != Joined::Never && shape::joins_on(cell.glyph);
            cell.glyph = shape::form(cell.glyph, held_before, is_held_behind);
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, side: Side) -> String {
        let mut out = Zeroizing::new(Vec::new());
        let line = Paragraph::new(text, side).line(0..text.len());
        line.write(line.columns(), &mut out);
        String::from_utf8(out.to_vec()).expect("text")
    }

    #[test]
    fn arabic_stands_from_right_to_left_and_joined() {
        // Seen from left to right: meem alone behind the alef of lam-alef, lam-alef held by seen, seen.
        assert_eq!(shown("سلام", Side::Right), "\u{fee1}\u{fefc}\u{feb3}");
        assert_eq!(shown("بيت", Side::Right), "\u{fe96}\u{fef4}\u{fe91}");
        // Marks stay with their letter.
        assert_eq!(shown("بَب", Side::Right), "\u{fe90}\u{fe91}\u{64e}");
    }

    #[test]
    fn numbers_and_latin_keep_their_order_inside_arabic() {
        assert_eq!(
            shown("من 12 إلى ab", Side::Right),
            "ab \u{fef0}\u{fedf}\u{fe87} 12 \u{fee6}\u{fee3}"
        );
        assert_eq!(shown("ab بي", Side::Left), "ab \u{fef2}\u{fe91}");
        assert_eq!(shown("(بي)", Side::Right), "(\u{fef2}\u{fe91})");
    }

    #[test]
    fn joiners_work_and_are_not_sent() {
        assert_eq!(shown("ب\u{200c}ب", Side::Right), "\u{fe8f}\u{fe8f}");
        assert_eq!(shown("ه\u{200d}", Side::Right), "\u{feeb}");
        assert_eq!(shown("a\u{202e}b\u{2066}c\u{200b}", Side::Left).len(), 3);
    }

    #[test]
    fn the_side_is_that_of_the_first_letter() {
        assert_eq!(Side::of("1. abc", Side::Right), Side::Left);
        assert_eq!(Side::of("1. سلام abc", Side::Left), Side::Right);
        assert_eq!(Side::of("12", Side::Right), Side::Right);
    }

    #[test]
    fn the_cursor_stands_on_the_letter_that_it_is_before() {
        let text = "ab بيت";
        let line = Paragraph::new(text, Side::Left).line(0..text.len());
        let columns: Vec<_> = text
            .char_indices()
            .map(|(at, _)| line.column_of(at))
            .collect();
        assert_eq!(columns, [0, 1, 2, 5, 4, 3].map(Some));
        assert_eq!(line.column_of(text.len()), None);
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_where_it_ends() {
        let mut out = Zeroizing::new(Vec::new());
        let text = "بيت abc";
        Paragraph::new(text, Side::Right)
            .line(0..text.len())
            .write(4, &mut out);
        assert_eq!(
            String::from_utf8(out.to_vec()).expect("text"),
            " \u{fe96}\u{fef4}\u{fe91}"
        );
    }
}
