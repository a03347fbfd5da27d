//! Opens one envelope or half a million: workers on all cores, in bounded memory, one report for each envelope.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use hamsa_core::{Form, KeyRing, OpenError, OpenedTip};
use indicatif::ProgressBar;

use crate::cases::{Cases, NewCase};
use crate::compare::Verdict;
use crate::envelopes::{CaseId, CaseName, Found, Walk};
use crate::failure::Failure;
use crate::source::{Discard, Source};

/// One over this length waits for the others, then all cores work on it together.
const LARGE: u64 = 32 << 20;
/// Paths that may wait for a worker.
const QUEUE: usize = 1024;
/// Complete cases are brought to the disk together: the fewest calls to it, and little to do again when killed.
const TOGETHER: usize = 256;
/// Cases of one mark that are compared with an envelope at a time: so many files of each kind are open then.
const COMPARED: usize = 32;

/// Octets of the shortest short envelope, whose text form is as long as one SMS (format v1, section 6.2).
const SHORTEST_SHORT: u64 = 120;

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
    /// An earlier run opened it, as far as its case is still there: the analyst took parts of that away.
    Pruned,
    /// The same came up before in this run.
    Same,
    /// It did not open.
    Failed(Failure),
}

/// What became of the envelope at `path`.
pub(crate) struct Report<T> {
    pub(crate) path: PathBuf,
    pub(crate) case: Option<CaseName>,
    pub(crate) form: Option<Form>,
    pub(crate) outcome: Outcome<T>,
}

/// The keys, the place for cases, and what to keep of each tip for its report.
pub(crate) struct Batch<'a, T> {
    pub(crate) keys: &'a KeyRing,
    pub(crate) cases: Option<&'a Cases>,
    pub(crate) keep: fn(&OpenedTip) -> T,
    /// The marks that came up in this run.
    claimed: Mutex<HashSet<CaseId>>,
    /// The cases that came up in this run.
    met: Mutex<HashSet<CaseName>>,
    /// What was opened without a place for cases: digests of what each mark stood on.
    told: Mutex<HashMap<CaseId, Vec<u64>>>,
    /// Digests with a key of this run's own, so that nobody can make two tips that agree in them.
    digest: RandomState,
    /// Counts the octets of the one envelope that there is, if there is only one.
    bar: Option<ProgressBar>,
    stop: AtomicBool,
}

/// Copies, and other envelopes of one mark, must find each other's case complete and in sight. All but the first
/// therefore wait until everything else is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// All envelopes, at once. The first one of a mark is opened.
    First,
    /// The others, at once. What stands in a case already is done.
    Second,
    /// The rest, one after another.
    Alone,
}

/// What a worker hands back.
enum Done<T> {
    /// One envelope, with its case when that is still out of sight.
    Envelope(Opened<T>),
    /// One that is longer than one worker should keep to itself.
    Large(PathBuf),
    /// One whose turn comes later.
    Later(PathBuf),
}

type Opened<T> = (Option<NewCase>, Report<T>);

/// What a turn leaves to be done.
#[derive(Default)]
struct Left {
    large: Vec<PathBuf>,
    later: Vec<PathBuf>,
}

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
            claimed: Mutex::default(),
            met: Mutex::default(),
            told: Mutex::default(),
            digest: RandomState::new(),
            bar: None,
            stop: AtomicBool::new(false),
        }
    }

    /// The same batch for one envelope, whose octets are counted by `bar`.
    pub(crate) fn counted_by(mut self, bar: ProgressBar) -> Self {
        self.bar = Some(bar);
        self
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
        let first = self.all_at_once(walk.inspect(move |_| found()), Turn::First, &mut report)?;
        let others = first.later.into_iter().map(Ok);
        let second = self.all_at_once(others, Turn::Second, &mut report)?;
        [first.large, second.large, second.later]
            .into_iter()
            .flatten()
            .try_for_each(|path| report(self.run_one(&path)?))
    }

    fn all_at_once(
        &self,
        paths: impl Iterator<Item = Found> + Send,
        turn: Turn,
        report: &mut impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<Left, Failure> {
        let workers = cores().get();
        let (to_open, queue) = sync_channel(QUEUE);
        let (finished, done) = sync_channel(2 * workers);
        // Shared by the workers alone: when they are gone, the walk finds nobody there and ends.
        let queue = Arc::new(Mutex::new(queue));
        thread::scope(|scope| {
            scope.spawn(move || {
                for item in paths {
                    if to_open.send(item).is_err() {
                        break;
                    }
                }
            });
            for _ in 0..workers {
                let (queue, finished) = (Arc::clone(&queue), finished.clone());
                scope.spawn(move || self.work(&queue, &finished, turn));
            }
            drop((queue, finished));
            let left = self.collect(&done, report);
            if left.is_err() {
                self.stop.store(true, Ordering::Relaxed);
            }
            drop(done);
            left
        })
    }

    /// Opens one envelope with all cores. The case, if there is a place for it, is in sight when this returns.
    ///
    /// # Errors
    /// A disk that takes nothing more.
    pub(crate) fn run_one(&self, path: &Path) -> Result<Report<T>, Failure> {
        loop {
            let Done::Envelope((case, report)) = self.open(path.to_owned(), cores(), Turn::Alone)
            else {
                continue;
            };
            let (Some(case), Some(cases)) = (case, self.cases) else {
                return Ok(report);
            };
            // When another run took the name, what it put there is compared next.
            if cases.publish(&mut vec![case])?.contains(&true) {
                self.meet(report.case);
                return Ok(report);
            }
        }
    }

    fn work(&self, queue: &Mutex<Receiver<Found>>, finished: &SyncSender<Done<T>>, turn: Turn) {
        loop {
            let item = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let done = match item {
                Err(_) => return,
                Ok(_) if self.stop.load(Ordering::Relaxed) => return,
                Ok(Ok(path)) if fs::metadata(&path).is_ok_and(|about| about.len() > LARGE) => {
                    Done::Large(path)
                }
                Ok(Ok(path)) => self.open(path, NonZeroUsize::MIN, turn),
                Ok(Err((path, why))) => Done::Envelope((None, Report::failed(path, why))),
            };
            if finished.send(done).is_err() {
                return;
            }
        }
    }

    /// Takes what the workers hand over until they are gone.
    fn collect(
        &self,
        done: &Receiver<Done<T>>,
        report: &mut impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<Left, Failure> {
        let (mut left, mut cases, mut reports) = (Left::default(), Vec::new(), Vec::new());
        for item in done {
            match item {
                Done::Large(path) => left.large.push(path),
                Done::Later(path) => left.later.push(path),
                Done::Envelope((Some(case), about)) => {
                    cases.push(case);
                    reports.push(about);
                }
                Done::Envelope((None, about)) => {
                    let full = matches!(&about.outcome, Outcome::Failed(why) if why.is_full_disk());
                    report(about)?;
                    // Every other envelope would fail in the same way.
                    if full {
                        self.stop.store(true, Ordering::Relaxed);
                        break;
                    }
                }
            }
            if cases.len() >= TOGETHER {
                left.later
                    .extend(self.publish(&mut cases, &mut reports, report)?);
            }
        }
        left.later
            .extend(self.publish(&mut cases, &mut reports, report)?);
        Ok(left)
    }

    /// Brings cases into sight. The paths come back of those whose name another run took in the meantime.
    fn publish(
        &self,
        cases: &mut Vec<NewCase>,
        reports: &mut Vec<Report<T>>,
        report: &mut impl FnMut(Report<T>) -> Result<(), Failure>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let mut again = Vec::new();
        let Some(place) = self.cases else {
            return Ok(again);
        };
        for (placed, about) in place.publish(cases)?.into_iter().zip(reports.drain(..)) {
            if placed {
                self.meet(about.case);
                report(about)?;
            } else {
                again.push(about.path);
            }
        }
        Ok(again)
    }

    fn open(&self, path: PathBuf, workers: NonZeroUsize, turn: Turn) -> Done<T> {
        match self.try_open(&path, workers, turn) {
            Ok(Some((case, found))) => Done::Envelope((case, Report { path, ..found })),
            Ok(None) => Done::Later(path),
            Err(why) => Done::Envelope((None, Report::failed(path, why))),
        }
    }

    /// Opens the envelope at `path`, unless its turn comes later; the report that comes back has no path yet.
    fn try_open(
        &self,
        path: &Path,
        workers: NonZeroUsize,
        turn: Turn,
    ) -> Result<Option<Opened<T>>, Failure> {
        let source = Source::open(path)?.counted_by(self.bar.clone());
        let id = source.id().map_err(|e| opening(e, path))?;
        let Some(cases) = self.cases else {
            let tip = source.unseal(self.keys, &mut Discard, workers);
            let tip = tip.map_err(|e| unsealing(e, &source, path))?;
            return Ok(Some(self.tell(id, &tip)));
        };
        if turn == Turn::First && !locked(&self.claimed).insert(id) {
            return Ok(None);
        }
        let (there, free) = cases.of(id);
        for names in there.chunks(COMPARED) {
            let mut comparison = cases.compare(names);
            // One after another, one file of each case is open at a time.
            let workers = if names.len() > 1 {
                NonZeroUsize::MIN
            } else {
                workers
            };
            let tip = source.unseal(self.keys, &mut comparison, workers);
            let tip = tip.map_err(|e| unsealing(e, &source, path))?;
            let verdict = comparison.verdict(&tip);
            let (name, outcome) = match verdict.map_err(|e| Failure::reading(&e, path))? {
                Verdict::Same(name) if self.meet(Some(name)) => (name, Outcome::Already),
                Verdict::Same(name) => (name, Outcome::Same),
                Verdict::Pruned(name) => (name, Outcome::Pruned),
                Verdict::Other => continue,
            };
            return Ok(Some((None, Report::of(name, &tip, outcome))));
        }
        if turn == Turn::Second {
            return Ok(None);
        }
        let mut case = cases.begin()?;
        let tip = source
            .unseal(self.keys, &mut case, workers)
            .map_err(|e| unsealing(e, &source, path))?;
        case.finish(free, &tip)?;
        let outcome = Outcome::Opened((self.keep)(&tip));
        Ok(Some((Some(case), Report::of(free, &tip, outcome))))
    }

    /// The report of a tip that goes into no case.
    fn tell(&self, id: CaseId, tip: &OpenedTip) -> Opened<T> {
        let lengths: Vec<_> = tip.attachments().iter().map(|about| about.len).collect();
        let digest = self.digest.hash_one((tip.to_json().as_slice(), lengths));
        let mut told = locked(&self.told);
        let told = told.entry(id).or_default();
        let known = told.iter().position(|&other| other == digest);
        let at = known.unwrap_or(told.len());
        let outcome = if known.is_some() {
            Outcome::Same
        } else {
            told.push(digest);
            Outcome::Opened((self.keep)(tip))
        };
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        (None, Report::of(id.numbered(number), tip, outcome))
    }

    /// Notes that a case came up; whether for the first time in this run.
    fn meet(&self, case: Option<CaseName>) -> bool {
        case.is_some_and(|name| locked(&self.met).insert(name))
    }
}

/// A panic elsewhere is what the caller sees, not the lock that it left behind.
fn locked<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Report<T> {
    fn of(case: CaseName, tip: &OpenedTip, outcome: Outcome<T>) -> Self {
        Report {
            path: PathBuf::new(),
            case: Some(case),
            form: Some(tip.form()),
            outcome,
        }
    }

    /// Whether this is not the first that its mark stands for.
    pub(crate) fn differs(&self) -> bool {
        self.case.is_some_and(|name| name.number() > 1)
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

/// What stopped the opening of what looks like an envelope. The shortest that there is may be the front of a longer SMS.
fn unsealing(error: OpenError, source: &Source, path: &Path) -> Failure {
    let is_no_key = matches!(error, OpenError::WrongKey);
    let why = opening(error, path);
    match source.inspect() {
        Ok(about) if is_no_key && about.form == Form::Short && about.len == SHORTEST_SHORT => {
            why.or_else("open-first-piece")
        }
        _ => why,
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
