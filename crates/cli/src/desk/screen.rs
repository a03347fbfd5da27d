//! The whole screen of a terminal, given back as it was however the program ends.

use std::fs::File;
use std::io::{self, Write as _};
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use crate::failure::{Exit, Failure};
use crate::terminal::{self, Terminal};

/// In this order: the other screen, which has no scroll-back; empty; pasted text is marked; no line goes on at the next one;
/// letters stay where they are put (the terminal's own bidirectional order off: ECMA-48 BDSM, then lines from left to right,
/// then no swapping of arrow keys); a cursor as wide as a letter.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?7l\x1b[8l\x1b[1 k\x1b[?1243l\x1b[2 q";
/// The same undone. Where there is no other screen, clearing takes the text away, and from the scroll-back too.
const LEAVE: &[u8] = b"\x1b[0m\x1b[H\x1b[2J\x1b[0 q\x1b[?1243h\x1b[0 k\x1b[8h\x1b[?7h\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[3J";

/// How the terminal was set before; nothing while it is as it was.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal while it is ours.
pub(crate) struct Screen {
    out: File,
}

impl Screen {
    /// Takes the terminal. `broken` is said when the program breaks down.
    ///
    /// # Errors
    /// Standard input or output that is no terminal.
    pub(crate) fn enter(broken: String) -> Result<Screen, Failure> {
        let gone = |_| Failure::new("desk-needs-terminal", Exit::Usage);
        let input = terminal::standard_input().map_err(gone)?;
        let mut out = terminal::standard_output().map_err(gone)?;
        let none = |_| Failure::new("desk-needs-terminal", Exit::Usage);
        tcgetwinsize(&out).map_err(none)?;
        let before = tcgetattr(&input).map_err(none)?;
        let mut raw = before.clone();
        raw.make_raw();
        panic::set_hook(Box::new(move |_| {
            leave();
            // And nothing of what the library has to say: it may quote the text.
            terminal::note(&broken);
        }));
        tcsetattr(&input, OptionalActions::Now, &raw).map_err(none)?;
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        // What cannot be shown now will not be shown later either: the loop finds that out.
        let _ = out.write_all(ENTER);
        Ok(Screen { out })
    }

    /// Columns and lines; those of an old terminal when it does not say.
    pub(crate) fn size(&self) -> (usize, usize) {
        match tcgetwinsize(&self.out) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
                (usize::from(size.ws_col), usize::from(size.ws_row))
            }
            _ => (80, 24),
        }
    }

    /// Clears everything, because the terminal may have moved what it shows.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.show(b"\x1b[2J")
    }

    /// Shows what was drawn.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(crate) fn show(&mut self, frame: &[u8]) -> io::Result<()> {
        self.out.write_all(frame)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
        // A thread that is breaking down may not change what it does then; trying would abort it.
        if !thread::panicking() {
            drop(panic::take_hook());
        }
    }
}

/// Gives the terminal back, once.
fn leave() {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(before) = before else { return };
    // Nothing can be done for a terminal that is gone.
    if let Ok(mut out) = terminal::standard_output() {
        let _ = out.write_all(LEAVE);
    }
    if let Ok(input) = terminal::standard_input() {
        // What was typed and not read yet is not for the shell.
        let _ = tcsetattr(&input, OptionalActions::Flush, &before);
    }
}

/// Whether both standard input and output are a person's terminal.
pub(crate) fn is_there(terminal: &Terminal) -> bool {
    terminal.can_ask() && terminal.reader() == terminal::Reader::Person
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use std::process::{Command, Stdio};

    /// Set in a run of this test that has a terminal of its own.
    const INSIDE: &str = "HAMSA_TEST_TERMINAL";
    const BROKEN: &str = "The desk broke down.";
    const TEXT: &str = "what the caller said";

    fn break_down() {
        let input = terminal::standard_input().expect("a terminal");
        let settings = || format!("{:?}", tcgetattr(&input).expect("its settings"));
        let before = settings();
        let broken = panic::catch_unwind(|| {
            let _screen = Screen::enter(BROKEN.to_owned()).ok().expect("a screen");
            assert_ne!(settings(), before, "it was taken");
            panic!("{TEXT}");
        });
        assert!(broken.is_err());
        assert_eq!(settings(), before);
        println!("given back");
    }

    #[test]
    fn a_breakdown_gives_the_terminal_back_and_tells_nothing_of_the_text() {
        if env::var_os(INSIDE).is_some() {
            return break_down();
        }
        let this = env::current_exe().expect("this program");
        let name = "desk::screen::tests::a_breakdown_gives_the_terminal_back_and_tells_nothing_of_the_text";
        // The program `script` of util-linux runs it in a terminal and hands on what that shows.
        let run = format!("'{}' --exact {name} --nocapture", this.display());
        let mut script = Command::new("script");
        script.args(["-qec", &run, "/dev/null"]).env(INSIDE, "1");
        let ended = script.stdin(Stdio::null()).output();
        let ended = ended.expect("script is needed: install the Debian package bsdutils");
        let shown = String::from_utf8_lossy(&ended.stdout);
        assert!(ended.status.success(), "{shown}");
        let order = ["\u{1b}[?1049h", "\u{1b}[?1049l", BROKEN, "given back"];
        let order = order.map(|said| {
            shown
                .find(said)
                .unwrap_or_else(|| panic!("{said:?}: {shown}"))
        });
        assert!(order.is_sorted(), "{shown}");
        assert!(!shown.contains(TEXT), "{shown}");
    }
}
