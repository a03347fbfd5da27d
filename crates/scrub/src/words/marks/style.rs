//! What the whole text is written in: one word alone does not tell a foreign letter from a planted one.

use super::fold;

/// Which scripts a text has.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each tells of one script")]
pub(super) struct Style {
    pub(super) has_han: bool,
    pub(super) has_mongolian: bool,
    /// Letters that look like Latin ones are folded everywhere: no letter proves that they are what they seem.
    pub(super) folds_cyrillic: bool,
    pub(super) folds_greek: bool,
    /// Farsi ye and kaf are planted in Arabic.
    pub(super) folds_farsi: bool,
}

impl Style {
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::default();
        }
        let mut style = Self::default();
        let (mut latin, mut cyrillic, mut greek) = (false, false, false);
        let (mut arabic, mut farsi, mut is_farsi) = (0_usize, 0_usize, false);
        for c in text.chars() {
            match c {
                'a'..='z'
                | 'A'..='Z'
                | '\u{FF21}'..='\u{FF3A}'
                | '\u{FF41}'..='\u{FF5A}'
                | '\u{1D400}'..='\u{1D6A3}' => latin = true,
                '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => {
                    greek |= fold::latin_of(c).is_none();
                }
                '\u{400}'..='\u{52F}' => cyrillic |= fold::latin_of(c).is_none(),
                'ي' | 'ك' => arabic += 1,
                'ی' | 'ک' => farsi += 1,
                'پ' | 'چ' | 'ژ' | 'گ' | 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ے' | 'ہ' | 'ھ' | 'ۆ' | 'ێ'
                | 'ە' => {
                    is_farsi = true;
                }
                '\u{1820}'..='\u{18AA}' => style.has_mongolian = true,
                '\u{2E80}'..='\u{2FDF}'
                | '\u{3001}'..='\u{30FF}'
                | '\u{3400}'..='\u{9FFF}'
                | '\u{AC00}'..='\u{D7A3}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{FF66}'..='\u{FF9F}'
                | '\u{20000}'..='\u{323AF}' => style.has_han = true,
                _ => {}
            }
        }
        style.folds_cyrillic = latin && !cyrillic;
        style.folds_greek = latin && !greek;
        style.folds_farsi = !is_farsi && farsi > 0 && farsi <= arabic;
        style
    }
}
