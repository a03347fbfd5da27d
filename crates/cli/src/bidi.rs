//! Keeps Latin words and numbers readable inside right-to-left text, and a stranger's text to itself.
//!
//! A terminal orders `--to` or `tip.age` inside an Arabic sentence by the Unicode bidirectional algorithm, which
//! lets their punctuation drift to the wrong side. An isolate around each run holds it together.

const LEFT_TO_RIGHT_ISOLATE: char = '\u{2066}';
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const RIGHT_TO_LEFT_ISOLATE: char = '\u{2067}';
const POP_ISOLATE: char = '\u{2069}';
const POP_DIRECTION: char = '\u{202c}';
const REPLACED: char = '\u{fffd}';

/// Puts an isolate around every run of Latin words, numbers and options in `text`.
///
/// A run that already stands inside an isolate (Fluent's placeables do) is left as it is.
pub(crate) fn isolate_latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            LEFT_TO_RIGHT_ISOLATE | RIGHT_TO_LEFT_ISOLATE | FIRST_STRONG_ISOLATE => depth += 1,
            POP_ISOLATE => depth = depth.saturating_sub(1),
            _ => {}
        }
        let run = if depth == 0 && starts_run(rest) {
            run_length(rest)
        } else {
            0
        };
        let (piece, after) = rest
            .split_at_checked(run.max(first.len_utf8()))
            .unwrap_or((rest, ""));
        if run > 0 {
            out.push(LEFT_TO_RIGHT_ISOLATE);
            out.push_str(piece);
            out.push(POP_ISOLATE);
        } else {
            out.push_str(piece);
        }
        rest = after;
    }
    out
}

/// What a line has opened and not closed yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Isolate,
    Embedding,
    Override,
}

/// One line of a stranger's text whose explicit directions all end in it (Unicode Standard Annex 9, section 2).
///
/// Overrides are replaced: they make a line read otherwise than it is written, and no language needs them. So is what
/// closes nothing. Marks (U+200E, U+200F, U+061C) and joiners stay.
pub(crate) fn balanced(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut open = Vec::new();
    for c in line.chars() {
        let (now_open, shown) = match c {
            LEFT_TO_RIGHT_ISOLATE | RIGHT_TO_LEFT_ISOLATE | FIRST_STRONG_ISOLATE => {
                (Some(Open::Isolate), c)
            }
            '\u{202a}' | '\u{202b}' => (Some(Open::Embedding), c),
            '\u{202d}' | '\u{202e}' => (Some(Open::Override), REPLACED),
            POP_DIRECTION => {
                let closes = open.pop_if(|last| *last != Open::Isolate);
                (
                    None,
                    if closes == Some(Open::Embedding) {
                        c
                    } else {
                        REPLACED
                    },
                )
            }
            POP_ISOLATE => match open.iter().rposition(|&it| it == Open::Isolate) {
                Some(at) => {
                    open.truncate(at);
                    (None, c)
                }
                None => (None, REPLACED),
            },
            _ => (None, c),
        };
        open.extend(now_open);
        out.push(shown);
    }
    out.extend(open.iter().rev().filter_map(|it| match it {
        Open::Isolate => Some(POP_ISOLATE),
        Open::Embedding => Some(POP_DIRECTION),
        Open::Override => None,
    }));
    out
}

/// A text that reads from left to right wherever it stands.
pub(crate) fn left_to_right(text: &str) -> String {
    format!("{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}")
}

/// A line as a part of another one, whose order it leaves alone.
pub(crate) fn isolate(line: &str) -> String {
    if line.is_ascii() {
        line.to_owned()
    } else {
        format!("{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}")
    }
}

fn starts_run(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        // As in `.key`; the dot behind a sentence is followed by a space.
        Some('.') => chars.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '<' | '[' | '~' | '$'),
        None => false,
    }
}

/// Octets from the start of `text` to the end of the last Latin word that follows without anything else between,
/// or 0 when there is no letter or digit in it. Punctuation at the end belongs to the sentence around.
fn run_length(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let so_far = text.get(..at).unwrap_or_default();
        let closes = match c {
            '/' | '%' => true,
            // A bracket that the sentence opened is the sentence's.
            '>' => so_far.contains('<'),
            ']' => so_far.contains('['),
            _ => false,
        };
        if c.is_ascii_alphanumeric() || (end > 0 && closes) {
            end = at + 1;
        } else if !(c.is_ascii_graphic() || c == ' ') || matches!(c, '(' | ')' | '"') {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{balanced, isolate_latin};

    #[test]
    fn what_a_line_opens_ends_in_that_line() {
        for (line, shown) in [
            ("\u{2067}ab", "\u{2067}ab\u{2069}"),
            ("\u{202b}ab", "\u{202b}ab\u{202c}"),
            ("\u{2066}\u{202a}ab", "\u{2066}\u{202a}ab\u{202c}\u{2069}"),
            // An isolate's end closes the embeddings in it.
            ("\u{2066}\u{202a}a\u{2069}b", "\u{2066}\u{202a}a\u{2069}b"),
            ("a\u{2069}b\u{202c}c", "a\u{fffd}b\u{fffd}c"),
            // An embedding's end reaches no embedding around an isolate.
            (
                "\u{202a}\u{2066}a\u{202c}b",
                "\u{202a}\u{2066}a\u{fffd}b\u{2069}\u{202c}",
            ),
        ] {
            assert_eq!(balanced(line), shown);
        }
    }

    #[test]
    fn overrides_are_taken_out_and_what_arabic_needs_stays() {
        assert_eq!(
            balanced("a\u{202e}gpj.exe\u{202c}b"),
            "a\u{fffd}gpj.exe\u{fffd}b"
        );
        assert_eq!(balanced("\u{202d}a"), "\u{fffd}a");
        let arabic = "\u{200f}می\u{200c}خواهم\u{61c} (\u{200e}C++\u{200e}) ه\u{200d}";
        assert_eq!(balanced(arabic), arabic);
        let quoted = "قال \u{2068}hello\u{2069} و\u{202a}bye\u{202c}";
        assert_eq!(balanced(quoted), quoted);
    }

    #[test]
    fn latin_runs_are_isolated_and_the_sentence_keeps_its_punctuation() {
        assert_eq!(
            isolate_latin("استعمل --to ID."),
            "استعمل \u{2066}--to ID\u{2069}."
        );
        assert_eq!(isolate_latin("40 رقمًا"), "\u{2066}40\u{2069} رقمًا");
        assert_eq!(
            isolate_latin("hamsa seal <FILE>: نص"),
            "\u{2066}hamsa seal <FILE>\u{2069}: نص"
        );
        assert_eq!(
            isolate_latin("[المبدئي: clean]"),
            "[المبدئي: \u{2066}clean\u{2069}]"
        );
    }

    #[test]
    fn a_dot_belongs_to_the_name_that_it_begins_and_to_no_sentence_after_it() {
        assert_eq!(
            isolate_latin("ملفات .key هنا. hamsa"),
            "ملفات \u{2066}.key\u{2069} هنا. \u{2066}hamsa\u{2069}"
        );
    }

    #[test]
    fn what_is_isolated_already_stays_as_it_is() {
        assert_eq!(
            isolate_latin("في \u{2068}a/b.age\u{2069} شيء"),
            "في \u{2068}a/b.age\u{2069} شيء"
        );
    }

    #[test]
    fn text_without_latin_stays_as_it_is() {
        assert_eq!(isolate_latin("همسة - حماية"), "همسة - حماية");
    }
}
