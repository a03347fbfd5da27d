//! Text and tables: UTF-8 in composed form, lines that end with one octet, nothing that does not show.

use std::ops::RangeInclusive;

use super::{Fault, Views};
use crate::job::MAX_IN_MEMORY;
use crate::source::Source;

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let octets = file.read(0..file.len(), MAX_IN_MEMORY)?;
    let text = str::from_utf8(&octets).map_err(|_| Fault("text that is not UTF-8"))?;
    if text.is_empty() {
        return Err(Fault("text without words"));
    }
    let mut before = Before::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        if is_never(c) {
            return Err(Fault("a character that does not show"));
        }
        if c == ' ' && matches!(after, None | Some('\n')) {
            return Err(Fault("a space at the end of a line"));
        }
        if is_at_times(c) && !before.allows(c, after) {
            return Err(Fault("an invisible character where no script needs it"));
        }
        before.step(c);
    }
    if !unicode_normalization::is_nfc(text) {
        return Err(Fault("text that is not composed"));
    }
    views.text(text);
    Ok(())
}

/// What shows nothing or has no place in a text: controls but tab and line end, other spaces and line ends,
/// directions, fillers, hyphens, formats, fixed shapes.
const NEVER: &[RangeInclusive<u32>] = &[
    0x00..=0x08,
    0x0B..=0x1F,
    0x7F..=0xA0,
    0xAD..=0xAD,
    0x34F..=0x34F,
    0x61C..=0x61C,
    0x115F..=0x1160,
    0x1680..=0x1680,
    0x17B4..=0x17B5,
    0x2000..=0x200B,
    0x200E..=0x200F,
    0x2010..=0x2011,
    0x2024..=0x2024,
    0x2028..=0x202E,
    0x205F..=0x206F,
    0x2800..=0x2800,
    0x3164..=0x3164,
    0xFB00..=0xFB06,
    0xFDD0..=0xFDEF,
    0xFE03..=0xFE0D,
    0xFE70..=0xFE70,
    0xFE80..=0xFEFC,
    0xFEFF..=0xFEFF,
    0xFFA0..=0xFFA0,
    0xFFF0..=0xFFFB,
    0xFFFE..=0xFFFF,
    0x1BCA0..=0x1BCA3,
    0x1D173..=0x1D17A,
    0xE0000..=0xE001F,
    0xE0080..=0xE00FF,
    0xE01F0..=0x10_FFFF,
];

fn is_never(c: char) -> bool {
    within(c, NEVER)
}

fn within(c: char, ranges: &[RangeInclusive<u32>]) -> bool {
    ranges.iter().any(|range| range.contains(&u32::from(c)))
}

/// Characters that show nothing and still belong to some writing.
fn is_at_times(c: char) -> bool {
    within(
        c,
        &[
            0x640..=0x640,
            0x180B..=0x180F,
            0x200C..=0x200D,
            0x202F..=0x202F,
            0xFE00..=0xFE0F,
            0xE0020..=0xE007F,
            0xE0100..=0xE01EF,
        ],
    )
}

/// The writing up to a character, as far as an invisible one depends on it.
#[derive(Default)]
struct Before {
    last: Option<char>,
    /// The last character that is no accent and no selector.
    base: Option<char>,
}

impl Before {
    fn step(&mut self, c: char) {
        let is_attached = unicode_normalization::char::is_combining_mark(c)
            || within(c, &[0xFE00..=0xFE0F, 0x1F3FB..=0x1F3FF]);
        if !is_attached {
            self.base = Some(c);
        }
        self.last = Some(c);
    }

    fn allows(&self, c: char, after: Option<char>) -> bool {
        let (Some(last), Some(base)) = (self.last, self.base) else {
            // A word can begin with a drawn-out stroke, and with nothing else.
            return c == '\u{640}';
        };
        let after_in = |ranges: &[RangeInclusive<u32>]| after.is_some_and(|c| within(c, ranges));
        match u32::from(c) {
            0x640 => last != c && !(within(last, ARABIC) && after_in(ARABIC)),
            0x180B..=0x180F | 0x202F => within(last, &[0x1800..=0x18AA]) || c == '\u{202F}',
            0x200C => within(last, INDIC) || within(base, ARABIC) && after_in(ARABIC),
            0x200D => {
                within(last, INDIC)
                    || within(base, ARABIC) && !after_in(ARABIC)
                    || within(base, PICTURES) && after_in(PICTURES)
            }
            0xFE00..=0xFE02 => {
                within(last, HAN) || within(last, &[0x1000..=0x109F, 0xA840..=0xA877])
            }
            0xFE0E => within(last, PICTURES) && !last.is_ascii(),
            0xFE0F => within(last, PICTURES) && (!last.is_ascii() || after == Some('\u{20E3}')),
            0xE0100..=0xE01EF => within(last, HAN),
            _ => last == '\u{1F3F4}' || within(last, &[0xE0061..=0xE007A]),
        }
    }
}

const ARABIC: &[RangeInclusive<u32>] = &[
    0x620..=0x63F,
    0x641..=0x64A,
    0x66E..=0x6D3,
    0x6D5..=0x6D5,
    0x6EE..=0x6EF,
    0x6FA..=0x6FF,
    0x710..=0x7EA,
    0x840..=0x858,
    0x8A0..=0x8C7,
];
const INDIC: &[RangeInclusive<u32>] = &[0x900..=0xDFF];
const HAN: &[RangeInclusive<u32>] = &[0x3400..=0x9FFF, 0xF900..=0xFAFF, 0x20000..=0x323AF];
const PICTURES: &[RangeInclusive<u32>] = &[
    0x23..=0x23,
    0x2A..=0x2A,
    0x30..=0x39,
    0xA9..=0xA9,
    0xAE..=0xAE,
    0x203C..=0x203C,
    0x2049..=0x2049,
    0x2122..=0x2BFF,
    0x3030..=0x303D,
    0x3297..=0x3299,
    0x1F000..=0x1FAFF,
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::Kind;
    use crate::job::Job;
    use crate::leak::{Dropped, Views};
    use crate::plan::Plan;

    fn is_accepted(text: &[u8]) -> bool {
        let (job, plan) = (Job::new(), Plan::new());
        let file = Source::memory(text);
        let dropped = Dropped::gather(Kind::Text, &file, &plan, &job).unwrap();
        verify(&file, &mut Views::new(&dropped)).is_ok()
    }

    #[test]
    fn what_does_not_show_is_accepted_nowhere() {
        let text = "The boss می\u{200C}خواهم क्\u{200D}ष ❤\u{FE0F} 中\u{E0100}\n\tسنة هـ end";
        assert!(is_accepted(text.as_bytes()));
        let bad = [
            "\u{200B}",
            "\u{200C}",
            "\u{200D}",
            "\u{FEFF}",
            "\u{202E}",
            "\u{200F}",
            "\r",
            "\0",
            "\u{1B}",
            "\u{A0}",
            "\u{AD}",
            "\u{2009}",
            "\u{FE0F}",
            "\u{E0041}",
            "\u{E0101}",
            "\u{2063}",
            "\u{3164}",
            "\u{FFF9}",
            " \n",
            "e\u{301}",
            "\u{85}",
            "\u{2028}",
            "\u{10FFFD}",
            "\u{180E}",
            "\u{FEDF}",
            "\u{640}\u{640}",
        ];
        for (at, _) in text.char_indices() {
            for bad in bad {
                let (before, after) = text.split_at(at);
                let needed = matches!(bad, "\u{200C}" | "\u{200D}" | "\u{FE0F}" | "\u{E0101}");
                let marked = [before, bad, after].concat();
                assert!(needed || !is_accepted(marked.as_bytes()), "{marked:?}");
            }
        }
        for bad in [
            b"".as_slice(),
            b"a ",
            b"\xFF",
            b"\xEF\xBB\xBFa",
            b"a\0",
            "a\u{200C}b".as_bytes(),
            "b\u{FE0F}".as_bytes(),
        ] {
            assert!(!is_accepted(bad), "{bad:?}");
        }
    }
}
