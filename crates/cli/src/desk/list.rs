//! A list on the screen, from which one thing is chosen with one key.

use super::choices::{Field, Offer};
use super::keys::{Input, Key};

/// What is chosen from, and the place that is marked.
pub(crate) struct List {
    pub(crate) field: Field,
    pub(crate) offers: Vec<Offer>,
    pub(crate) at: usize,
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Something else is marked, or nothing happened.
    Stay,
    /// Nothing was chosen.
    Back,
    /// This id, or none of all.
    Chosen(Option<String>),
}

impl List {
    /// Takes one key.
    pub(crate) fn take(&mut self, input: &Input<'_>) -> Answer {
        let last = self.offers.len().saturating_sub(1);
        match input {
            Input::Key(Key::Up) => self.at = self.at.checked_sub(1).unwrap_or(last),
            Input::Key(Key::Down | Key::Tab) => {
                self.at = if self.at < last { self.at + 1 } else { 0 };
            }
            Input::Key(Key::Home | Key::PageUp) => self.at = 0,
            Input::Key(Key::End | Key::PageDown) => self.at = last,
            Input::Key(Key::Enter) => return self.chosen(self.at),
            Input::Key(_) => return Answer::Back,
            Input::Text(text) => {
                // The last one, when several keys came at once.
                let sign = text.chars().last().map(latin);
                let at = (0..=last).find(|&at| sign.is_some() && self.sign_of(at) == sign);
                return at.map_or(Answer::Stay, |at| self.chosen(at));
            }
        }
        Answer::Stay
    }

    fn chosen(&self, at: usize) -> Answer {
        let offer = self.offers.get(at);
        offer.map_or(Answer::Back, |(id, _)| Answer::Chosen(id.clone()))
    }

    /// The digit or letter in front of an offer. None of all is 0. After z there are no more.
    pub(crate) fn sign_of(&self, at: usize) -> Option<char> {
        let has_none = self.offers.first().is_some_and(|(id, _)| id.is_none());
        let number = u32::try_from(at + usize::from(!has_none)).ok()?;
        char::from_digit(number, 36)
    }
}

/// The digits of Arabic and Persian keyboards as ours.
fn latin(sign: char) -> char {
    let value = match sign {
        '\u{660}'..='\u{669}' => u32::from(sign) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(sign) - 0x6f0,
        other => return other.to_ascii_lowercase(),
    };
    char::from_digit(value, 10).unwrap_or(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(with_none: bool, count: usize) -> List {
        let named = (0..count).map(|n| (Some(format!("id-{n}")), String::new()));
        let none = with_none.then(|| (None, String::new()));
        List {
            field: Field::Topic,
            offers: none.into_iter().chain(named).collect(),
            at: 0,
        }
    }

    #[test]
    fn signs_choose_at_once_on_any_keyboard() {
        let second = Answer::Chosen(Some("id-1".into()));
        for sign in ["2", "٢", "۲", "x2"] {
            assert_eq!(list(false, 3).take(&Input::Text(sign)), second, "{sign}");
        }
        let none = list(true, 3).take(&Input::Text("0"));
        assert_eq!(none, Answer::Chosen(None));
        let tenth = list(true, 12).take(&Input::Text("A"));
        assert_eq!(tenth, Answer::Chosen(Some("id-9".into())));
        for sign in ["0", "4", "z"] {
            assert_eq!(list(false, 3).take(&Input::Text(sign)), Answer::Stay);
        }
        assert_eq!(list(false, 40).sign_of(39), None);
    }

    #[test]
    fn arrows_go_around() {
        let mut list = list(false, 3);
        for (key, at) in [(Key::Up, 2), (Key::Down, 0), (Key::End, 2), (Key::Home, 0)] {
            assert_eq!(list.take(&Input::Key(key)), Answer::Stay);
            assert_eq!(list.at, at);
        }
        assert_eq!(list.take(&Input::Key(Key::Escape)), Answer::Back);
        let first = Answer::Chosen(Some("id-0".into()));
        assert_eq!(list.take(&Input::Key(Key::Enter)), first);
    }
}
