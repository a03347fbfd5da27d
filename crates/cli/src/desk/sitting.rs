//! A sitting at the desk: one tip after the other is written, sealed and forgotten.

use std::collections::VecDeque;

use hamsa_core::{Card, Tip, seal};
use hamsa_scrub::words::marks;
use zeroize::Zeroizing;

use super::choices::{Choices, Field};
use super::editor::{Editor, Taken, Toward};
use super::help::{Help, Turned};
use super::keys::{Input, Key};
use super::line::Side;
use super::list::{Answer, List};
use super::page::{Page, side_at};
use crate::failure::Failure;
use crate::spool::Spool;
use crate::text_check::Checked;
use crate::words::Words;
use crate::{calendar, input, memory, say};

/// What the keys mean at the moment.
pub(crate) enum Mode {
    Writing,
    Choosing(List),
    /// Discarding was asked for once.
    Discarding,
    /// The page of the keys stands over the text.
    Helping(Help),
}

/// What is said below the text.
pub(crate) struct Message {
    pub(crate) text: String,
    /// The same, less and less of it, for where there is not enough room.
    pub(crate) shorter: Vec<String>,
    pub(crate) about: About,
    /// Whether it stands on the screen: not before it was drawn, and not while the window is too small for it.
    pub(crate) is_seen: bool,
}

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// What was done.
    Done,
    /// What stands in the way.
    Trouble,
    /// That the text as it is now may tell who the caller is. Sealing again is the answer to it.
    Caller,
}

/// What became of the text when the desk was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// There was none.
    Empty,
    Sealed,
    /// No department was chosen, so it is gone.
    ForNobody,
}

/// What goes on at the desk. Holds the text of one tip at most.
pub(crate) struct Sitting<'a> {
    pub(crate) card: &'a Card,
    pub(crate) words: &'a Words,
    pub(crate) editor: Editor,
    pub(crate) page: Page,
    pub(crate) choices: Choices<'a>,
    pub(crate) mode: Mode,
    pub(crate) message: Option<Message>,
    pub(crate) sealed: u64,
    /// Whether the window is too small to show anything.
    pub(crate) is_blind: bool,
    spool: &'a Spool,
    /// Where a paste began.
    paste_from: Option<usize>,
    is_over: bool,
}

impl<'a> Sitting<'a> {
    pub(crate) fn new(
        card: &'a Card,
        choices: Choices<'a>,
        spool: &'a Spool,
        words: &'a Words,
        editor: Editor,
    ) -> Self {
        Sitting {
            card,
            words,
            editor,
            page: Page::new(),
            choices,
            mode: Mode::Writing,
            message: Some(Message {
                text: say!(words, "desk-start"),
                shorter: Vec::new(),
                about: About::Done,
                is_seen: false,
            }),
            sealed: 0,
            is_blind: false,
            spool,
            paste_from: None,
            is_over: false,
        }
    }

    /// Whether the operator has left.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The side that a paragraph of the text is written from.
    pub(crate) fn side(&self, paragraph: usize) -> Side {
        side_at(self.editor.text(), paragraph, self.own_side())
    }

    /// The side of the program's own words.
    pub(crate) fn own_side(&self) -> Side {
        if self.words.tag() == "ar" {
            Side::Right
        } else {
            Side::Left
        }
    }

    /// Takes what was typed.
    pub(crate) fn take(&mut self, input: &Input<'_>) {
        if self.is_blind && !self.goes_on_blind(input) {
            return;
        }
        match (&mut self.mode, input) {
            (_, Input::Key(Key::PasteBegin)) => {
                self.mode = Mode::Writing;
                self.message = None;
                self.paste_from = Some(self.editor.cursor());
            }
            (Mode::Choosing(_), input) => self.choose(input),
            (Mode::Helping(_), input) => self.turn_help(input),
            (Mode::Discarding, Input::Key(Key::Escape | Key::Control('x'))) => self.discard(),
            (Mode::Discarding, input) => {
                self.mode = Mode::Writing;
                self.message = None;
                self.write(input);
            }
            (Mode::Writing, input) => self.write(input),
        }
    }

    /// Takes what is written while nothing can be shown, and nothing that would seal, discard or choose unseen.
    fn goes_on_blind(&mut self, input: &Input<'_>) -> bool {
        let is_written = match input {
            Input::Text(_) => true,
            Input::Key(key) => matches!(
                key,
                Key::Enter
                    | Key::Tab
                    | Key::Backspace
                    | Key::Delete
                    | Key::PasteBegin
                    | Key::PasteEnd
            ),
        };
        if is_written {
            self.mode = Mode::Writing;
        }
        // An operator who has written nothing may leave.
        let leaves = matches!(input, Input::Key(Key::Control('q' | 'c')));
        is_written || leaves && self.editor.is_blank()
    }

    fn write(&mut self, input: &Input<'_>) {
        match input {
            Input::Text(text) => self.insert(text),
            Input::Key(Key::Enter) => self.insert("\n"),
            Input::Key(Key::Tab) => self.insert("\t"),
            Input::Key(Key::PasteEnd) => self.end_paste(),
            Input::Key(Key::Backspace) => self.edit(Editor::delete_before),
            Input::Key(Key::Delete) => self.edit(Editor::delete_behind),
            Input::Key(Key::Control('s') | Key::Function(10)) => self.seal_if_unwarned(),
            Input::Key(Key::Control('x') | Key::Escape) => self.ask_to_discard(),
            Input::Key(Key::Control('q' | 'c')) => self.leave(),
            Input::Key(Key::Function(1) | Key::Control('g')) => {
                self.mode = Mode::Helping(Help::new());
                self.message = None;
            }
            Input::Key(Key::Function(number)) => {
                let field = Field::ALL.into_iter().find(|f| f.function() == *number);
                if let Some(field) = field {
                    self.offer(field);
                }
            }
            Input::Key(key) => self.step(*key),
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut Editor)) {
        self.message = None;
        self.page.forget_column();
        change(&mut self.editor);
    }

    fn insert(&mut self, text: &str) {
        self.message = None;
        self.page.forget_column();
        let taken = self.editor.insert(text);
        self.tell_of_cut(taken);
    }

    fn tell_of_cut(&mut self, taken: Taken) {
        if taken == Taken::Cut {
            let size = self.words.size(input::MAX_TEXT as u64);
            self.warn(say!(self.words, "desk-full", size = size));
        }
    }

    /// Takes invisible marks out of what was pasted.
    fn end_paste(&mut self) {
        let Some(from) = self.paste_from.take() else {
            return;
        };
        let passage = from..self.editor.cursor();
        let pasted = self.editor.text().get(passage.clone()).unwrap_or_default();
        let cleaned = marks::clean(pasted);
        let count: usize = cleaned.marks().iter().map(|marks| marks.count).sum();
        if count == 0 {
            return;
        }
        let taken = self.editor.replace(passage, &cleaned.text);
        if self.message.is_none() {
            self.tell(say!(self.words, "check-marks", count = count));
        }
        self.tell_of_cut(taken);
    }

    fn step(&mut self, key: Key) {
        if !matches!(key, Key::Up | Key::Down | Key::PageUp | Key::PageDown) {
            self.page.forget_column();
        }
        // Left and right are what the operator sees, in the paragraph that the cursor is in.
        let before = self.editor.text().get(..self.editor.cursor());
        let before = before.unwrap_or_default();
        let paragraph = before.rfind('\n').map_or(0, |at| at + 1);
        let is_turned = self.side(paragraph) == Side::Right;
        let (editor, page) = (&mut self.editor, &mut self.page);
        let (left, right) = if is_turned {
            (Toward::End, Toward::Start)
        } else {
            (Toward::Start, Toward::End)
        };
        match key {
            Key::Left => editor.step(left),
            Key::Right => editor.step(right),
            Key::WordLeft => editor.step_word(left),
            Key::WordRight => editor.step_word(right),
            Key::Up => page.step_rows(editor, 1, Toward::Start),
            Key::Down => page.step_rows(editor, 1, Toward::End),
            Key::PageUp => page.step_page(editor, Toward::Start),
            Key::PageDown => page.step_page(editor, Toward::End),
            Key::Home => page.move_to_end_of_row(editor, Toward::Start),
            Key::End => page.move_to_end_of_row(editor, Toward::End),
            _ => {}
        }
    }

    fn offer(&mut self, field: Field) {
        if !self.choices.is_open(field) {
            let text = if field == Field::Department {
                say!(self.words, "desk-one-department")
            } else {
                say!(self.words, "desk-none-listed")
            };
            self.tell(text);
            return;
        }
        // A topic is one of a department.
        let field = match field {
            Field::Topic if self.choices.department().is_none() => Field::Department,
            other => other,
        };
        let offers = self.choices.offers(field);
        let chosen = self.choices.chosen(field);
        let at = offers.iter().position(|(id, _)| id.as_deref() == chosen);
        self.mode = Mode::Choosing(List {
            field,
            offers,
            at: at.unwrap_or(0),
        });
        self.message = None;
    }

    fn choose(&mut self, input: &Input<'_>) {
        let Mode::Choosing(list) = &mut self.mode else {
            return;
        };
        let (field, answer) = (list.field, list.take(input));
        match answer {
            Answer::Stay => return,
            Answer::Back => {}
            Answer::Chosen(id) => self.choices.choose(field, id),
        }
        self.mode = Mode::Writing;
        self.message = None;
    }

    /// Turns the page of the keys, or goes back to the text.
    fn turn_help(&mut self, input: &Input<'_>) {
        let Mode::Helping(help) = &mut self.mode else {
            return;
        };
        if help.take(input) == Turned::Stay {
            return;
        }
        self.mode = Mode::Writing;
        if let Input::Text(text) = input {
            // The first letter was the key that goes back; somebody who writes fast has sent more of them at once.
            let mut rest = text.chars();
            rest.next();
            self.insert(rest.as_str());
        }
    }

    /// Seals, unless something may identify the caller and the operator does not have the warning before them. Any change
    /// of the text takes the warning away, so one that is seen is about this text.
    fn seal_if_unwarned(&mut self) {
        if self.editor.is_blank() {
            self.tell(say!(self.words, "desk-empty"));
            return;
        }
        if self.choices.department().is_none() {
            self.offer(Field::Department);
            self.warn(say!(self.words, "desk-choose-department"));
            return;
        }
        let checked = Checked::of(self.editor.text());
        let shown = self.message.as_ref();
        let is_warned = shown.is_some_and(|it| it.about == About::Caller && it.is_seen);
        if !checked.hits.is_empty() && !is_warned {
            self.warn_of_caller(&checked);
            return;
        }
        if let Err(why) = self.seal(checked.text) {
            self.tell_of_failure(&why);
        }
    }

    /// Says what may identify the caller: every kind, or as many as there is room for.
    fn warn_of_caller(&mut self, checked: &Checked) {
        let words = self.words;
        let (count, kinds) = (checked.hits.len(), checked.kinds_for("desk-", words));
        let ways = (1..=kinds.len()).rev().map(|shown| {
            let left = kinds.len() - shown;
            let more = (left > 0).then(|| say!(words, "desk-found-more", count = left));
            let shown = kinds.iter().take(shown).cloned().chain(more);
            let kinds = shown.collect::<Vec<_>>().join(&say!(words, "list-comma"));
            say!(words, "desk-found", count = count, kinds = kinds)
        });
        let mut ways = ways.collect::<VecDeque<_>>();
        let text = ways.pop_front().unwrap_or_default();
        self.say(text, About::Caller);
        if let Some(message) = &mut self.message {
            message.shorter = ways.into();
        }
    }

    /// Seals what is there to the chosen department without asking, because nobody can be asked any more.
    ///
    /// # Errors
    /// What stopped the sealing.
    pub(crate) fn seal_at_the_end(&mut self) -> Result<Unasked, Failure> {
        if self.editor.is_blank() {
            return Ok(Unasked::Empty);
        }
        if self.choices.department().is_none() {
            return Ok(Unasked::ForNobody);
        }
        let cleaned = marks::clean(self.editor.text());
        self.seal(cleaned.text).map(|()| Unasked::Sealed)
    }

    /// Seals a text into the spool, and forgets it when it is on the disk.
    fn seal(&mut self, text: Zeroizing<String>) -> Result<(), Failure> {
        let department = self.choices.department();
        let to = self.card.recipients(department, calendar::today()?)?;
        let tip = self.choices.apply(Tip::new(text)?)?;
        let envelope = seal(tip, &to)?;
        self.spool.put(envelope.as_bytes())?;
        self.forget();
        self.choices.begin_anew();
        self.sealed += 1;
        self.tell(say!(self.words, "desk-sealed"));
        Ok(())
    }

    fn forget(&mut self) {
        self.editor.clear();
        self.page = Page::new();
        self.mode = Mode::Writing;
        self.paste_from = None;
        memory::clear_registers();
    }

    fn ask_to_discard(&mut self) {
        if self.editor.text().is_empty() {
            return;
        }
        self.mode = Mode::Discarding;
        self.warn(say!(self.words, "desk-ask-discard"));
    }

    fn discard(&mut self) {
        self.forget();
        self.choices.begin_anew();
        self.tell(say!(self.words, "desk-discarded"));
    }

    fn leave(&mut self) {
        if self.editor.is_blank() {
            self.is_over = true;
        } else {
            self.warn(say!(self.words, "desk-not-yet"));
        }
    }

    fn tell_of_failure(&mut self, why: &Failure) {
        let reason = self.words.message(why.key(), why.args());
        let advice = self.words.advice(why.key(), why.args()).unwrap_or_default();
        self.warn(say!(
            self.words,
            "desk-not-sealed",
            reason = reason,
            advice = advice
        ));
    }

    fn tell(&mut self, text: String) {
        self.say(text, About::Done);
    }

    fn warn(&mut self, text: String) {
        self.say(text, About::Trouble);
    }

    fn say(&mut self, text: String, about: About) {
        self.message = Some(Message {
            text,
            shorter: Vec::new(),
            about,
            is_seen: false,
        });
    }
}

#[cfg(test)]
#[path = "sitting_test.rs"]
mod tests;
