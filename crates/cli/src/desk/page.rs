//! Where the text is broken into lines, and which of them are in sight.

use super::editor::{Editor, Toward};
use super::line::{Side, columns};

/// A line of the screen: from one octet of the text to another, without the line end behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where the paragraph begins that it is a part of.
    pub(crate) paragraph: usize,
}

/// The lines of a text at one width of the screen, and the first of them that is in sight.
pub(crate) struct Page {
    rows: Vec<Row>,
    width: usize,
    height: usize,
    top: usize,
    /// The column, along the line, that moving up and down keeps to.
    goal: Option<usize>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Page {
            rows: Vec::new(),
            width: 1,
            height: 1,
            top: 0,
            goal: None,
        }
    }

    /// Breaks the text anew, and moves what is in sight so that the cursor is in it.
    pub(crate) fn lay_out(&mut self, editor: &Editor, width: usize, height: usize) {
        self.width = width.max(1);
        self.height = height.max(1);
        self.rows.clear();
        wrap(editor.text(), self.width, &mut self.rows);
        let at = self.row_of(editor.cursor());
        // No empty lines below the text while some of it is out of sight above.
        let top = self.top.min(self.rows.len().saturating_sub(self.height));
        self.top = top.clamp((at + 1).saturating_sub(self.height), at);
    }

    /// The lines that are in sight.
    pub(crate) fn in_sight(&self) -> impl Iterator<Item = (usize, Row)> {
        let rows = self.rows.iter().copied().enumerate();
        rows.skip(self.top).take(self.height)
    }

    /// The number of the line that an octet of the text is in, from 0.
    pub(crate) fn row_of(&self, octet: usize) -> usize {
        let behind = self.rows.partition_point(|row| row.start <= octet);
        behind.saturating_sub(1)
    }

    /// How many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether some lines are out of sight.
    pub(crate) fn scrolls(&self) -> bool {
        self.rows.len() > self.height
    }

    /// Moves the cursor by so many lines.
    pub(crate) fn step_rows(&mut self, editor: &mut Editor, rows: usize, toward: Toward) {
        let at = self.row_of(editor.cursor());
        let to = match toward {
            Toward::Start => at.saturating_sub(rows),
            Toward::End => (at + rows).min(self.rows.len().saturating_sub(1)),
        };
        let (Some(from), Some(to)) = (self.rows.get(at), self.rows.get(to)) else {
            return;
        };
        let before = editor.text().get(from.start..editor.cursor());
        let here: usize = before.unwrap_or_default().chars().map(columns).sum();
        let goal = *self.goal.get_or_insert(here);
        let mut column = 0;
        let line = editor.text().get(to.start..to.end).unwrap_or_default();
        let stop = line.char_indices().find(|&(_, c)| {
            column += columns(c);
            column > goal
        });
        let at = to.start + stop.map_or(line.len(), |(at, _)| at);
        editor.move_to(self.last_place(*to, line).min(at));
    }

    /// Moves the cursor by nearly as many lines as are in sight.
    pub(crate) fn step_page(&mut self, editor: &mut Editor, toward: Toward) {
        self.step_rows(editor, self.height.saturating_sub(1).max(1), toward);
    }

    /// Moves the cursor to the beginning or the end of its line.
    pub(crate) fn move_to_end_of_row(&mut self, editor: &mut Editor, toward: Toward) {
        if let Some(row) = self.rows.get(self.row_of(editor.cursor())).copied() {
            let line = editor.text().get(row.start..row.end).unwrap_or_default();
            editor.move_to(match toward {
                Toward::Start => row.start,
                Toward::End => self.last_place(row, line),
            });
        }
    }

    /// Forgets the column that moving up and down keeps to: the cursor was moved otherwise.
    pub(crate) fn forget_column(&mut self) {
        self.goal = None;
    }

    /// The last place of the cursor in this line: the end of one that the text goes on behind is the next one's start.
    fn last_place(&self, row: Row, line: &str) -> usize {
        let goes_on = self.rows.get(self.row_of(row.start) + 1);
        let last = line.chars().next_back().map_or(0, char::len_utf8);
        match goes_on {
            Some(next) if next.start == row.end => row.end - last,
            _ => row.end,
        }
    }
}

/// The side that the paragraph of an octet begins on. A paragraph without letters follows the one before it.
pub(crate) fn side_at(text: &str, paragraph: usize, otherwise: Side) -> Side {
    let before = text.get(..paragraph).unwrap_or_default();
    let own = text
        .get(paragraph..)
        .and_then(|text| text.split('\n').next());
    let own = own.unwrap_or_default();
    // Some paragraphs back are enough: a page of empty lines has no side.
    let sides = [own].into_iter().chain(before.rsplit('\n').skip(1).take(8));
    let mut found = sides.map(|text| (Side::of(text, Side::Left), Side::of(text, Side::Right)));
    found
        .find(|(one, other)| one == other)
        .map_or(otherwise, |(side, _)| side)
}

fn wrap(text: &str, width: usize, rows: &mut Vec<Row>) {
    let mut paragraph = 0;
    for line in text.split('\n') {
        wrap_paragraph(line, paragraph, width, rows);
        paragraph += line.len() + 1;
    }
}

/// Breaks behind blanks, or anywhere when there is none. Blanks at the end of a line may stand past its end.
fn wrap_paragraph(line: &str, paragraph: usize, width: usize, rows: &mut Vec<Row>) {
    let (mut start, mut column) = (0, 0);
    // Behind the last blank, and the column there.
    let (mut after_blank, mut blank_column) = (0, 0);
    for (at, c) in line.char_indices() {
        let own = columns(c);
        if c == ' ' || c == '\t' {
            column += own;
            (after_blank, blank_column) = (at + 1, column);
            continue;
        }
        if column + own > width && at > start {
            let (end, gone) = if after_blank > start {
                (after_blank, blank_column)
            } else {
                (at, column)
            };
            rows.push(Row {
                start: paragraph + start,
                end: paragraph + end,
                paragraph,
            });
            (start, column) = (end, column - gone);
        }
        column += own;
    }
    rows.push(Row {
        start: paragraph + start,
        end: paragraph + line.len(),
        paragraph,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        let mut rows = Vec::new();
        wrap(text, width, &mut rows);
        rows.iter().map(|row| &text[row.start..row.end]).collect()
    }

    #[test]
    fn lines_break_behind_blanks_and_long_words_anywhere() {
        assert_eq!(lines("", 5), [""]);
        assert_eq!(lines("one two three\n", 8), ["one two ", "three", ""]);
        assert_eq!(lines("abcdefgh ij", 3), ["abc", "def", "gh ", "ij"]);
        assert_eq!(lines("ab      cd", 3), ["ab      ", "cd"]);
        assert_eq!(lines("中文字", 4), ["中文", "字"]);
        assert_eq!(lines("\n\na", 4), ["", "", "a"]);
        assert_eq!(lines("中", 1), ["中"], "one that never fits is not lost");
    }

    #[test]
    fn every_octet_is_in_one_line() {
        let text = "من الجسر إلى السوق with a lorry\n\n  and بَّعد ذلك then home".repeat(20);
        for width in 1..40 {
            let mut rows = Vec::new();
            wrap(&text, width, &mut rows);
            let mut at = 0;
            for row in rows {
                assert!(row.start == at || (row.start == at + 1 && text[at..].starts_with('\n')));
                assert!(row.paragraph <= row.start);
                at = row.end;
            }
            assert_eq!(at, text.len());
        }
    }

    fn page(text: &str, width: usize, height: usize) -> (Page, Editor) {
        let (mut editor, _) = Editor::new();
        editor.insert(text);
        let mut page = Page::new();
        page.lay_out(&editor, width, height);
        (page, editor)
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        let text = "line\n".repeat(50);
        let (mut page, mut editor) = page(&text, 10, 5);
        assert_eq!(
            page.in_sight().map(|(at, _)| at).collect::<Vec<_>>(),
            [46, 47, 48, 49, 50]
        );
        for _ in 0..9 {
            page.step_page(&mut editor, Toward::Start);
            page.lay_out(&editor, 10, 5);
        }
        assert_eq!(page.row_of(editor.cursor()), 14);
        assert_eq!(page.in_sight().next().map(|(at, _)| at), Some(14));
        assert!(page.scrolls());
    }

    #[test]
    fn up_and_down_keep_to_their_column() {
        let (mut page, mut editor) = page("long line\nx\nlong line", 20, 5);
        editor.move_to(7);
        let mut places = Vec::new();
        for toward in [Toward::End, Toward::End, Toward::Start, Toward::Start] {
            page.step_rows(&mut editor, 1, toward);
            places.push(editor.cursor());
        }
        assert_eq!(places, [11, 19, 11, 7]);
    }

    #[test]
    fn the_end_of_a_broken_line_is_in_that_line() {
        let (mut page, mut editor) = page("one two three", 8, 5);
        editor.move_to(1);
        page.move_to_end_of_row(&mut editor, Toward::End);
        assert_eq!(editor.cursor(), 7);
        assert_eq!(page.row_of(editor.cursor()), 0);
        page.move_to_end_of_row(&mut editor, Toward::Start);
        assert_eq!(editor.cursor(), 0);
    }

    #[test]
    fn a_paragraph_without_letters_follows_the_one_before() {
        let text = "سلام\n\n12\nabc";
        let sides = [0, 9, 10, 13].map(|at| side_at(text, at, Side::Left));
        assert_eq!(sides, [Side::Right, Side::Right, Side::Right, Side::Left]);
        assert_eq!(side_at("", 0, Side::Right), Side::Right);
    }
}
