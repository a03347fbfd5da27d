//! `hamsa desk`: what callers say is written down and sealed at once, tip after tip, on a screen that keeps nothing.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::{flag, low_level};

use crate::arguments::DeskArgs;
use crate::desk::choices::Choices;
use crate::desk::editor::Editor;
use crate::desk::keys::Keys;
use crate::desk::screen::{self, Screen};
use crate::desk::sitting::{Sitting, Unasked};
use crate::desk::view;
use crate::failure::{Exit, Failure};
use crate::spool::Spool;
use crate::terminal::{Terminal, standard_input};
use crate::words::printable;
use crate::{calendar, card_file, input, memory, say};

/// So long the rest of a key's sequence may take. What is longer is the Escape key.
const REST: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 60_000_000,
};

/// Sits at the desk until the operator leaves. Everything that can be refused is refused before the screen is taken.
pub(crate) fn run(args: &DeskArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let words = terminal.words();
    let card = card_file::read(&args.card, args.fingerprint.as_deref())?;
    check(args, &card)?;
    if !screen::is_there(terminal) {
        return Err(Failure::new("desk-needs-terminal", Exit::Usage));
    }
    let spool = Spool::at(&args.spool)?;
    let (editor, is_locked) = Editor::new();
    if !is_locked {
        terminal.detail(&say!(terminal.words(), "note-text-not-locked"));
    }
    let choices = Choices::new(&card, words, args.to.as_deref(), args.language.as_deref());
    let mut sitting = Sitting::new(&card, choices, &spool, words, editor);
    let ended = sit(&mut sitting, words.plain("desk-broke"));
    let rest = match ended {
        Ok(Ended::Left) => Ok(()),
        Ok(Ended::Told) => end_unasked(&mut sitting, terminal),
        Err(why) => end_unasked(&mut sitting, terminal).and(Err(why)),
    };
    let (count, path) = (sitting.sealed, printable(&args.spool));
    terminal.note(&say!(words, "desk-sum", count = count, path = path));
    drop(sitting);
    memory::clear_registers();
    rest.map(|()| Exit::Done)
}

/// Seals what is there, because the operator cannot press a key any more and a text that is lost is a tip that is lost;
/// says what became of it.
///
/// # Errors
/// A text that is gone: no department was chosen, or what stopped the sealing.
fn end_unasked(sitting: &mut Sitting<'_>, terminal: &Terminal) -> Result<(), Failure> {
    let words = terminal.words();
    let (said, ended) = match sitting.seal_at_the_end() {
        Ok(Unasked::Empty) => (say!(words, "desk-ended-empty"), Ok(())),
        Ok(Unasked::Sealed) => (say!(words, "desk-ended-sealed"), Ok(())),
        Ok(Unasked::ForNobody) => return Err(Failure::new("desk-lost", Exit::Incomplete)),
        Err(why) => (say!(words, "desk-ended-unsealed"), Err(why)),
    };
    terminal.note(&said);
    ended
}

/// Refuses what no tip could be sealed with.
fn check(args: &DeskArgs, card: &hamsa_core::Card) -> Result<(), Failure> {
    let today = calendar::today()?;
    card.check_valid_on(today)?;
    let departments = &card.profile().departments;
    if args.to.is_some() || departments.len() == 1 {
        card.recipients(args.to.as_deref(), today)?;
    }
    input::check_language(args.language.as_deref())
}

/// How a sitting ended.
enum Ended {
    /// The operator left.
    Left,
    /// The system told the program to end, or took the terminal away.
    Told,
}

/// What the system tells.
struct Signals {
    to_end: Arc<AtomicBool>,
    resized: Arc<AtomicBool>,
    wake: UnixStream,
}

impl Signals {
    fn watch() -> io::Result<Self> {
        let (wake, waker) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let signals = Signals {
            to_end: Arc::default(),
            resized: Arc::default(),
            wake,
        };
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            flag::register(signal, Arc::clone(&signals.to_end))?;
            low_level::pipe::register(signal, waker.try_clone()?)?;
        }
        flag::register(SIGWINCH, Arc::clone(&signals.resized))?;
        low_level::pipe::register(SIGWINCH, waker)?;
        Ok(signals)
    }
}

/// Draws and takes keys until the sitting ends. The screen is given back when this returns.
fn sit(sitting: &mut Sitting<'_>, broken: String) -> Result<Ended, Failure> {
    let failed = |e: io::Error| Failure::reading(&e, "terminal".as_ref());
    let signals = Signals::watch().map_err(failed)?;
    let mut input = standard_input().map_err(failed)?;
    let mut screen = Screen::enter(broken)?;
    let mut keys = Keys::new();
    loop {
        if signals.to_end.load(Ordering::Relaxed) {
            return Ok(Ended::Told);
        }
        if signals.resized.swap(false, Ordering::Relaxed) && screen.clear().is_err() {
            return Ok(Ended::Told);
        }
        let frame = view::draw(sitting, screen.size());
        if screen.show(&frame).is_err() {
            return Ok(Ended::Told);
        }
        drop(frame);
        memory::clear_registers();
        // Until nothing more is there, so that a long paste is drawn once.
        let mut patience = None;
        while wait(&input, &signals, patience.as_ref()).map_err(failed)? {
            if !matches!(keys.read(&mut input), Ok(true)) {
                return Ok(Ended::Told);
            }
            take_all(&mut keys, sitting, false);
            patience = Some(if keys.is_waiting() {
                REST
            } else {
                Timespec::default()
            });
        }
        take_all(&mut keys, sitting, true);
        if sitting.is_over() {
            return Ok(Ended::Left);
        }
    }
}

fn take_all(keys: &mut Keys, sitting: &mut Sitting<'_>, is_all: bool) {
    while !sitting.is_over()
        && let Some(input) = keys.next(is_all)
    {
        sitting.take(&input);
    }
    keys.wipe();
}

/// Waits for keys; whether some are there. Also returns when the system has something to tell.
fn wait(input: &std::fs::File, signals: &Signals, patience: Option<&Timespec>) -> io::Result<bool> {
    let mut both = [
        PollFd::new(input, PollFlags::IN),
        PollFd::new(&signals.wake, PollFlags::IN),
    ];
    match poll(&mut both, patience) {
        Ok(_) => {}
        Err(rustix::io::Errno::INTR) => return Ok(false),
        Err(e) => return Err(e.into()),
    }
    let [keys, woken] = both.map(|one| !one.revents().is_empty());
    if woken {
        let mut rest = [0; 64];
        while matches!(io::Read::read(&mut &signals.wake, &mut rest), Ok(1..)) {}
        return Ok(false);
    }
    Ok(keys)
}
