//! Opens one envelope or half a million: workers on all cores, in bounded memory, one report for each envelope.

use std::collections::HashMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use hamsa_core::{Form, KeyRing, OpenError, OpenedTip};

use crate::cases::{Cases, NewCase};
use crate::envelopes::{CaseId, Found, Walk};
use crate::failure::Failure;
use crate::source::Source;

/// One over this length waits for the others, then all cores work on it together.
const LARGE: u64 = 32 << 20;
/// Paths that may wait for a worker.
const QUEUE: usize = 1024;
/// Complete cases are brought to the disk together: the fewest calls to it, and little to do again when killed.
const TOGETHER: usize = 256;

/// How many workers this machine has use for.
pub(crate) fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// What became of one envelope.
pub(crate) enum Outcome<T> {
    /// It opened. With cases it is on the disk and in sight.
    Opened(T),
    /// An earlier run opened it.
    Already,
    /// The same envelope came up before in this run.
    Same,
    /// It did not open.
    Failed(Failure),
}

/// What became of the envelope at `path`.
pub(crate) struct Report<T> {
    pub(crate) path: PathBuf,
    pub(crate) case: Option<CaseId>,
    pub(crate) form: Option<Form>,
    pub(crate) outcome: Outcome<T>,
}

/// The keys, the place for cases, and what to keep of each tip for its report.
pub(crate) struct Batch<'a, T> {
    pub(crate) keys: &'a KeyRing,
    pub(crate) cases: Option<&'a Cases>,
    pub(crate) keep: fn(&OpenedTip) -> T,
    seen: Mutex<HashMap<CaseId, Seen>>,
    ended: Condvar,
    stop: AtomicBool,
}

/// How far an envelope has come in this run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    BeingOpened,
    Opened,
}

/// What a worker hands back.
enum Done<T> {
    /// One envelope, with its case when that is still out of sight.
    Envelope(Opened<T>),
    /// Longer than one worker should keep to itself.
    Large(PathBuf),
}

type Opened<T> = (Option<NewCase>, Report<T>);

impl<'a, T: Send> Batch<'a, T> {
    /// A batch that has opened nothing yet.
    pub(crate) fn new(
        keys: &'a KeyRing,
        cases: Option<&'a Cases>,
        keep: fn(&OpenedTip) -> T,
    ) -> Self {
        Batch {
            keys,
            cases,
            keep,
            seen: Mutex::default(),
            ended: Condvar::new(),
            stop: AtomicBool::new(false),
        }
    }

    /// Opens everything that `walk` finds. `found` is told of each path when it is found, `report` when it is done.
    ///
    /// # Errors
    /// What `report` returns, and a disk that takes nothing more. What is in sight by then stays.
    pub(crate) fn run(
        &self,
        walk: Walk,
        found: impl Fn() + Send,
        mut report: impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let workers = cores().get();
        let (to_open, queue) = sync_channel(QUEUE);
        let (finished, done) = sync_channel(2 * workers);
        // Shared by the workers alone: when they are gone, the walk finds nobody there and ends.
        let queue = Arc::new(Mutex::new(queue));
        let large = thread::scope(|scope| {
            scope.spawn(move || {
                for item in walk {
                    found();
                    if to_open.send(item).is_err() {
                        break;
                    }
                }
            });
            for _ in 0..workers {
                let (queue, finished) = (Arc::clone(&queue), finished.clone());
                scope.spawn(move || self.work(&queue, &finished));
            }
            drop((queue, finished));
            let large = self.collect(&done, &mut report);
            self.stop.store(true, Ordering::Relaxed);
            drop(done);
            large
        })?;
        large
            .into_iter()
            .try_for_each(|path| report(self.run_one(path)?))
    }

    /// Opens one envelope with all cores. The case, if there is a place for it, is in sight when this returns.
    ///
    /// # Errors
    /// A disk that takes nothing more.
    pub(crate) fn run_one(&self, path: PathBuf) -> Result<Report<T>, Failure> {
        let (case, report) = self.open(path, cores());
        if let (Some(case), Some(cases)) = (case, self.cases) {
            cases.publish(&mut vec![case])?;
        }
        Ok(report)
    }

    fn work(&self, queue: &Mutex<Receiver<Found>>, finished: &SyncSender<Done<T>>) {
        loop {
            let item = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let done = match item {
                Err(_) => return,
                Ok(_) if self.stop.load(Ordering::Relaxed) => return,
                Ok(Ok(path)) if fs::metadata(&path).is_ok_and(|about| about.len() > LARGE) => {
                    Done::Large(path)
                }
                Ok(Ok(path)) => Done::Envelope(self.open(path, NonZeroUsize::MIN)),
                Ok(Err((path, why))) => Done::Envelope((None, Report::failed(path, why))),
            };
            if finished.send(done).is_err() {
                return;
            }
        }
    }

    /// Takes what the workers hand over until they are gone; the large envelopes come back unopened.
    fn collect(
        &self,
        done: &Receiver<Done<T>>,
        report: &mut impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let (mut large, mut cases, mut reports) = (Vec::new(), Vec::new(), Vec::new());
        for item in done {
            match item {
                Done::Large(path) => large.push(path),
                Done::Envelope((Some(case), about)) => {
                    cases.push(case);
                    reports.push(about);
                }
                Done::Envelope((None, about)) => {
                    let full = matches!(&about.outcome, Outcome::Failed(why) if why.is_full_disk());
                    report(about)?;
                    // Every other envelope would fail in the same way.
                    if full {
                        break;
                    }
                }
            }
            if cases.len() >= TOGETHER {
                self.publish(&mut cases, &mut reports, report)?;
            }
        }
        self.publish(&mut cases, &mut reports, report)?;
        Ok(large)
    }

    fn publish(
        &self,
        cases: &mut Vec<NewCase>,
        reports: &mut Vec<Report<T>>,
        report: &mut impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(place) = self.cases {
            place.publish(cases)?;
        }
        reports.drain(..).try_for_each(report)
    }

    fn open(&self, path: PathBuf, workers: NonZeroUsize) -> Opened<T> {
        match self.try_open(&path, workers) {
            Ok((case, found)) => (case, Report { path, ..found }),
            Err(why) => (None, Report::failed(path, why)),
        }
    }

    /// Opens the envelope at `path`; the report that comes back has no path yet.
    ///
    /// One that is known already is opened all the same, and written nowhere: a damaged copy has the same name.
    fn try_open(&self, path: &Path, workers: NonZeroUsize) -> Result<Opened<T>, Failure> {
        let source = Source::open(path)?;
        let id = source.id().map_err(|e| opening(e, path))?;
        let opened = match self.seen_before(id) {
            // Nobody waits for this one: what it is the same as was opened.
            Some(Outcome::Same) => return self.open_known(id, Outcome::Same, &source, path),
            Some(outcome) => self.open_known(id, outcome, &source, path),
            None => self.open_new(id, &source, path, workers),
        };
        // After a failure the next copy gets its own chance, and its own reason.
        self.tell_others(id, opened.is_ok());
        opened
    }

    fn open_known(
        &self,
        id: CaseId,
        outcome: Outcome<T>,
        source: &Source,
        path: &Path,
    ) -> Result<Opened<T>, Failure> {
        let tip = source
            .unseal(self.keys, None, cores())
            .map_err(|e| opening(e, path))?;
        Ok((None, Report::of(id, &tip, outcome)))
    }

    fn open_new(
        &self,
        id: CaseId,
        source: &Source,
        path: &Path,
        workers: NonZeroUsize,
    ) -> Result<Opened<T>, Failure> {
        let mut case = self.cases.map(Cases::begin).transpose()?;
        let tip = source
            .unseal(self.keys, case.as_mut(), workers)
            .map_err(|e| opening(e, path))?;
        if let Some(case) = &mut case {
            case.finish(id, &tip)?;
        }
        let outcome = Outcome::Opened((self.keep)(&tip));
        Ok((case, Report::of(id, &tip, outcome)))
    }

    /// Whether this envelope came up before. If not, this worker is now the one that opens it. While another worker
    /// opens a copy, its end is waited for: only if that opens is this one the same.
    fn seen_before(&self, id: CaseId) -> Option<Outcome<T>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        while seen.get(&id) == Some(&Seen::BeingOpened) {
            seen = self
                .ended
                .wait(seen)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if seen.contains_key(&id) {
            return Some(Outcome::Same);
        }
        seen.insert(id, Seen::BeingOpened);
        let before = self.cases.is_some_and(|cases| cases.has(id));
        before.then_some(Outcome::Already)
    }

    /// Lets the workers go on that wait for how opening this envelope ends.
    fn tell_others(&self, id: CaseId, opened: bool) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if opened {
            seen.insert(id, Seen::Opened);
        } else {
            seen.remove(&id);
        }
        self.ended.notify_all();
    }
}

impl<T> Report<T> {
    fn of(id: CaseId, tip: &OpenedTip, outcome: Outcome<T>) -> Self {
        Report {
            path: PathBuf::new(),
            case: Some(id),
            form: Some(tip.form()),
            outcome,
        }
    }

    fn failed(path: PathBuf, why: Failure) -> Self {
        Report {
            path,
            case: None,
            form: None,
            outcome: Outcome::Failed(why),
        }
    }
}

/// What stopped the opening. A full disk is told apart, because it is the analyst's and not the envelope's.
fn opening(error: OpenError, path: &Path) -> Failure {
    match error {
        OpenError::Io(e) => {
            let writing = Failure::writing(&e, path);
            if writing.is_full_disk() {
                writing
            } else {
                Failure::reading(&e, path)
            }
        }
        other => other.into(),
    }
}
