//! Keeps Latin words and numbers readable inside right-to-left text.
//!
//! A terminal orders `--to` or `tip.age` inside an Arabic sentence by the Unicode bidirectional algorithm, which
//! lets their punctuation drift to the wrong side. An isolate around each run holds it together.

const LEFT_TO_RIGHT_ISOLATE: char = '\u{2066}';
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// Puts an isolate around every run of Latin words, numbers and options in `text`.
///
/// A run that already stands inside an isolate (Fluent's placeables do) is left as it is.
pub(crate) fn isolate_latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match first {
            LEFT_TO_RIGHT_ISOLATE | FIRST_STRONG_ISOLATE => depth += 1,
            POP_ISOLATE => depth = depth.saturating_sub(1),
            _ => {}
        }
        let run = if depth == 0 && starts_run(first) {
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

fn starts_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '<' | '[' | '~' | '$')
}

/// Octets from the start of `text` to the end of the last Latin word that follows without anything else between,
/// or 0 when there is no letter or digit in it. Punctuation at the end belongs to the sentence around.
fn run_length(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() || (end > 0 && matches!(c, '>' | ']' | '/' | '%')) {
            end = at + 1;
        } else if !(c.is_ascii_graphic() || c == ' ') || matches!(c, '(' | ')' | '"') {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::isolate_latin;

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
