//! The page of the keys, which stands over the text until a key is pressed.

use super::choices::{Choices, Field};
use super::keys::{Input, Key};
use super::view;
use crate::say;
use crate::words::Words;

/// One message for each thing that keys do, behind what there is to choose.
const KEYS: [&str; 9] = [
    "desk-help-seal",
    "desk-help-discard",
    "desk-help-leave",
    "desk-help-list",
    "desk-help-arrows",
    "desk-help-words",
    "desk-help-ends",
    "desk-help-delete",
    "desk-help-help",
];

/// Which lines of the page are in sight.
pub(crate) struct Help {
    top: usize,
    height: usize,
    /// Lines of the whole page; none before it was drawn.
    count: usize,
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// Other lines are in sight, or the end was reached.
    Stay,
    /// The text is wanted again.
    Back,
}

impl Help {
    pub(crate) fn new() -> Self {
        Help {
            top: 0,
            height: 1,
            count: 0,
        }
    }

    /// Whether some lines are out of sight.
    pub(crate) fn scrolls(&self) -> bool {
        self.count > self.height
    }

    /// Takes one key. Those that move do so while there is more than is in sight; all others go back.
    pub(crate) fn take(&mut self, input: &Input<'_>) -> Turned {
        let Input::Key(key) = input else {
            return Turned::Back;
        };
        if !self.scrolls() {
            return Turned::Back;
        }
        let page = self.height.saturating_sub(1).max(1);
        self.top = match key {
            Key::Up => self.top.saturating_sub(1),
            Key::Down => self.top + 1,
            Key::PageUp => self.top.saturating_sub(page),
            Key::PageDown => self.top + page,
            Key::Home => 0,
            Key::End => self.count,
            _ => return Turned::Back,
        };
        self.top = self.top.min(self.count - self.height);
        Turned::Stay
    }

    /// Fits the page into so many lines; those that are in sight, and the number of the last of them.
    pub(crate) fn in_sight(&mut self, lines: Vec<String>, height: usize) -> (Vec<String>, usize) {
        (self.height, self.count) = (height.max(1), lines.len());
        self.top = self.top.min(self.count.saturating_sub(self.height));
        let seen: Vec<_> = lines.into_iter().skip(self.top).take(self.height).collect();
        let last = self.top + seen.len();
        (seen, last)
    }

    /// Lines of the whole page.
    pub(crate) fn len(&self) -> usize {
        self.count
    }
}

/// The page in lines of so many columns.
pub(crate) fn lines(choices: &Choices<'_>, words: &Words, width: usize) -> Vec<String> {
    let open = Field::ALL.into_iter().filter(|&it| choices.is_open(it));
    let choose = open.map(|field| {
        let (key, name) = (format!("F{}", field.function()), words.plain(field.key()));
        say!(words, "desk-help-choose", key = key, name = name)
    });
    let entries = choose.chain(KEYS.map(|key| words.plain(key)));
    let mut lines = Vec::new();
    for entry in entries {
        // What goes on in the next line stands a little further in.
        let broken = view::broken(&entry, width.saturating_sub(2));
        lines.extend((0..).zip(broken).map(|(number, line)| match number {
            0 => line,
            _ => format!("  {line}"),
        }));
    }
    lines
}
