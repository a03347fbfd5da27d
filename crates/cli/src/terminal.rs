//! The one place where the program speaks to a person: it prints, asks and shows progress here.
//!
//! Notes and errors go to standard error, results to standard output. Results may be plaintext, so they are
//! written straight to the file descriptor: the standard library's buffers would keep a copy.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Stderr, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::words::Words;
use crate::{bidi, progress, say};

/// Octets of an answer that are read.
const LONGEST_ANSWER: usize = 64;

/// Where the program's words go, and the language they are in.
pub(crate) struct Terminal {
    words: Words,
    verbose: bool,
    input_is_person: bool,
    reader: Reader,
    results: Option<File>,
    notes: Stderr,
}

/// Who may read what goes to standard output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person at a terminal.
    Person,
    /// A file or another program.
    Program,
}

impl Terminal {
    /// Speaks with `words`; notes about the program's own working are shown when `verbose`.
    pub(crate) fn new(words: Words, verbose: bool) -> Self {
        let reader = if io::stdout().is_terminal() {
            Reader::Person
        } else {
            Reader::Program
        };
        let (input_is_person, results) = (io::stdin().is_terminal(), standard_output().ok());
        Terminal {
            words,
            verbose,
            input_is_person,
            reader,
            results,
            notes: io::stderr(),
        }
    }

    /// The messages of the person's language.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// Who reads standard output.
    pub(crate) fn reader(&self) -> Reader {
        self.reader
    }

    /// Prints one line that is not a result to standard error.
    pub(crate) fn note(&self, line: &str) {
        // Nobody is left to tell when standard error does not take it.
        let _ = writeln!(self.notes.lock(), "{line}");
    }

    /// Prints one line about the program's own working, when it was asked to be verbose.
    pub(crate) fn detail(&self, line: &str) {
        if self.verbose {
            self.note(line);
        }
    }

    /// Prints a failure as two lines: what happened, and what to do; and a third where there is more to say.
    pub(crate) fn fail(&self, failure: &Failure) {
        // Whoever read the results, `head` for instance, has had enough: the exit code is all there is to say.
        if failure.key() == "io-nobody-reads" && !self.verbose {
            return;
        }
        let what = self.reason(failure);
        self.note(&say!(self.words, "error-line", text = what));
        if let Some(advice) = self.words.advice(failure.key(), failure.args()) {
            self.note(&say!(self.words, "error-line", text = advice));
        }
        if let Some(key) = failure.way_round() {
            let text = self.words.plain(key);
            self.note(&say!(self.words, "error-line", text = text));
        }
    }

    /// What happened, as one line without the program's name.
    pub(crate) fn reason(&self, failure: &Failure) -> String {
        let what = self.words.message(failure.key(), failure.args());
        match failure.member() {
            Some(number) => say!(self.words, "error-in-member", number = number, text = what),
            None => what,
        }
    }

    /// Prints one line of the result to standard output.
    pub(crate) fn line(&self, line: &str) -> Result<(), Failure> {
        self.result(&Zeroizing::new(format!("{line}\n").into_bytes()))
    }

    /// Writes a result to standard output as it is, without a buffer.
    pub(crate) fn result(&self, bytes: &[u8]) -> Result<(), Failure> {
        let gone = || io::ErrorKind::BrokenPipe.into();
        let written = self
            .results
            .as_ref()
            .ok_or_else(gone)
            .and_then(|mut out| out.write_all(bytes));
        written.map_err(|e| Failure::writing(&e, Path::new("stdout")))
    }

    /// Whether a person can be asked on standard input.
    pub(crate) fn can_ask(&self) -> bool {
        self.input_is_person
    }

    /// Asks a question that is answered with yes or no, on standard input. Anything but a yes is a no.
    ///
    /// # Errors
    /// Standard input that cannot be read.
    pub(crate) fn ask_yes(&self, question: &str) -> Result<bool, Failure> {
        let _ = write!(self.notes.lock(), "{question} ");
        let failed = |e: io::Error| Failure::reading(&e, Path::new("stdin"));
        let mut input = standard_input().map_err(failed)?;
        let mut answer = Zeroizing::new(Vec::with_capacity(LONGEST_ANSWER));
        let mut octet = [0];
        while answer.len() < LONGEST_ANSWER && input.read(&mut octet).map_err(failed)? == 1 {
            match octet {
                [b'\n'] => break,
                [octet] => answer.push(octet),
            }
        }
        let answer = String::from_utf8_lossy(&answer);
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "ن" | "نعم"
        ))
    }

    /// A progress bar over `steps` on a terminal, nothing elsewhere.
    pub(crate) fn progress(&self, steps: u64) -> ProgressBar {
        // On standard output a person may be reading results.
        if self.verbose && self.reader == Reader::Person {
            return ProgressBar::hidden();
        }
        self.bar(steps, "{bar:40} {pos}/{len}  {eta}")
    }

    /// A progress bar over the octets of one envelope on a terminal, when it is a long one; nothing elsewhere.
    pub(crate) fn progress_of_octets(&self, octets: u64) -> ProgressBar {
        if octets < progress::LONG {
            return ProgressBar::hidden();
        }
        self.bar(
            octets,
            "{bar:40} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta}",
        )
    }

    fn bar(&self, steps: u64, template: &str) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(style) = ProgressStyle::with_template(&self.words.left_to_right(template)) {
            bar.set_style(style);
        }
        bar
    }
}

/// Prints one line to standard error, for callers that a library calls.
pub(crate) fn note(line: &str) {
    // Nobody is left to tell when standard error does not take it.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Asks for a secret without showing it. Nothing when there is no terminal to ask on, or nothing was typed.
pub(crate) fn ask_hidden(question: &str) -> Option<Zeroizing<String>> {
    ask_hidden_even_nothing(question).filter(|answer| !answer.is_empty())
}

/// Asks for a secret without showing it. Nothing only when there is no terminal to ask on.
pub(crate) fn ask_hidden_even_nothing(question: &str) -> Option<Zeroizing<String>> {
    rpassword::prompt_password(question)
        .ok()
        .map(Zeroizing::new)
}

/// Standard output without the standard library's buffer.
pub(crate) fn standard_output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Standard input without the standard library's buffer.
pub(crate) fn standard_input() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// Text of a stranger as it may go to a terminal, in lines of its own: what could drive the terminal is replaced, and so
/// is what could turn around more than the line that it stands in.
pub(crate) fn harmless(text: &str) -> Zeroizing<String> {
    let breaks_line = |c| matches!(c, '\u{2028}' | '\u{2029}');
    let drives = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let text = text.replace("\r\n", "\n").replace(breaks_line, "\n");
    let text = Zeroizing::new(text.replace(drives, "\u{fffd}"));
    let mut shown = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |l| (l, "\n"));
        shown.push_str(&bidi::balanced(line));
        shown.push_str(end);
    }
    shown
}

/// The same inside a sentence of ours: its order ends where it ends, and none of its lines can be taken for one of ours.
pub(crate) fn harmless_value(text: &str) -> Zeroizing<String> {
    let text = harmless(text.trim_end());
    let lines: Vec<_> = text.lines().map(bidi::isolate).collect();
    Zeroizing::new(lines.join("\n    "))
}

#[cfg(test)]
mod tests {
    use super::{harmless, harmless_value};

    #[test]
    fn escape_sequences_in_a_tip_do_not_reach_the_terminal() {
        assert_eq!(
            *harmless("a\u{1b}[2Jb\u{9b}c\r\nd\te\n"),
            "a\u{fffd}[2Jb\u{fffd}c\nd\te\n"
        );
        assert_eq!(*harmless("a\u{2028}b\u{2029}c"), "a\nb\nc");
    }

    #[test]
    fn a_tip_cannot_turn_around_the_lines_of_the_program() {
        assert_eq!(
            *harmless("\u{2067}a\nb\u{2069}"),
            "\u{2067}a\u{2069}\nb\u{fffd}"
        );
        let name = "سلام\u{200c}ها \u{200f}x";
        assert_eq!(*harmless(name), name);
        assert_eq!(*harmless_value("plain"), "plain");
        assert_eq!(
            *harmless_value("\u{202e}سلام\nb"),
            "\u{2068}\u{fffd}سلام\u{2069}\n    b"
        );
    }
}
