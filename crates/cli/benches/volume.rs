//! Half a year of a call centre through the channels: 393,000 tips from the desk, 96,610 by mail, 53,076 by chat (the figures that
//! the 901 centre of Dubai Police published), each sealed, carried as its channel carries it, and collected.
//!
//! The counts have to come out exact. `cargo bench -p hamsa-cli --bench volume`; `HAMSA_BENCH_SHARE=1000` takes a thousandth.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs
)]

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use hamsa_channel_chat::{Limit, from_chat, to_chat};
use hamsa_channel_email::{Addresses, from_email, to_email};
use hamsa_core::{
    Collected, Collector, Date, Envelope, Identity, KeyRing, Recipients, Sealed, Tip, envelope_id,
    open, seal,
};

const DESK: usize = 393_000;
const EMAIL: usize = 96_610;
const CHAT: usize = 53_076;
/// Tips whose messages are on their way together.
const BATCH: usize = 200;

/// Carries a batch of envelopes and gives what is collected at the other end.
type Carry = fn(&[Envelope], &Path, &mut Collector) -> Vec<Envelope>;

fn main() {
    let share = env::var("HAMSA_BENCH_SHARE").map_or(1, |share| share.parse().unwrap());
    let identity = Identity::generate().unwrap();
    let to = Recipients::danger_bare(vec![identity.recipient().unwrap()], None).unwrap();
    let mut keys = KeyRing::new();
    keys.add(identity);
    println!("channel     tips   sealed in   carried and collected in     tips/s");
    let channels: [(&str, usize, Carry); 3] = [
        ("desk", DESK, desk),
        ("e-mail", EMAIL, email),
        ("chat", CHAT, chat),
    ];
    for (name, tips, carry) in channels {
        let tips = tips.div_ceil(share);
        let (sealing, carrying) = run(tips, &to, &keys, carry);
        let rate = tips as f64 / carrying.as_secs_f64();
        println!(
            "{name:8} {tips:7} {:9.1} s {:24.1} s {rate:12.0}",
            sealing.as_secs_f64(),
            carrying.as_secs_f64()
        );
    }
    println!("peak memory {} MiB", peak());
}

/// Seals, carries and collects `tips` tips on all cores. The times are those of a core, divided by the cores.
///
/// # Panics
/// When what is collected is not, tip for tip, what was sealed.
fn run(tips: usize, to: &Recipients, keys: &KeyRing, carry: Carry) -> (Duration, Duration) {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let sent = Mutex::new(HashSet::new());
    let collected = Mutex::new(HashSet::new());
    let times = Mutex::new((Duration::ZERO, Duration::ZERO));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let folder = tempfile::tempdir().unwrap();
                let mut collector = Collector::new();
                loop {
                    let from = next.fetch_add(BATCH, Ordering::Relaxed);
                    if from >= tips {
                        break;
                    }
                    let since = Instant::now();
                    let batch: Vec<_> = (from..(from + BATCH).min(tips))
                        .map(|n| sealed(n, to))
                        .collect();
                    let sealing = since.elapsed();
                    sent.lock().unwrap().extend(batch.iter().map(name));
                    let since = Instant::now();
                    let arrived = carry(&batch, folder.path(), &mut collector);
                    let carrying = since.elapsed();
                    let (tip, _) = open(arrived[0].as_bytes(), keys).unwrap();
                    assert!(tip.text().starts_with("Tip number "));
                    let mut collected = collected.lock().unwrap();
                    for envelope in &arrived {
                        assert!(collected.insert(name(envelope)), "none comes twice");
                    }
                    let mut times = times.lock().unwrap();
                    times.0 += sealing;
                    times.1 += carrying;
                }
                assert_eq!(collector.open_groups().count(), 0);
            });
        }
    });
    let (sent, collected) = (sent.into_inner().unwrap(), collected.into_inner().unwrap());
    assert_eq!(collected.len(), tips);
    assert!(sent == collected, "every tip arrived");
    let (sealing, carrying) = times.into_inner().unwrap();
    let workers = u32::try_from(workers).unwrap();
    (sealing / workers, carrying / workers)
}

fn sealed(number: usize, to: &Recipients) -> Envelope {
    let text =
        format!("Tip number {number}. A white van stands in front of the warehouse every night.");
    seal(Tip::new(text.into()).unwrap().language("en").unwrap(), to).unwrap()
}

fn name(envelope: &Envelope) -> [u8; 32] {
    envelope_id(envelope.as_bytes()).unwrap()
}

fn take(sealed: impl IntoIterator<Item = Sealed>, collector: &mut Collector) -> Vec<Envelope> {
    let sealed = sealed.into_iter();
    sealed
        .filter_map(|sealed| match collector.take(sealed) {
            Collected::Envelope(envelope) => Some(envelope),
            _ => None,
        })
        .collect()
}

/// A file for each tip in a folder, read back.
fn desk(batch: &[Envelope], folder: &Path, collector: &mut Collector) -> Vec<Envelope> {
    for (number, envelope) in batch.iter().enumerate() {
        fs::write(folder.join(number.to_string()), envelope.as_bytes()).unwrap();
    }
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let sealed: Vec<_> = files
        .map(|path| {
            let sealed = Sealed::parse(&fs::read(&path).unwrap()).unwrap();
            fs::remove_file(path).unwrap();
            sealed
        })
        .collect();
    take(sealed, collector)
}

/// A mail for each tip, written and read.
fn email(batch: &[Envelope], _: &Path, collector: &mut Collector) -> Vec<Envelope> {
    let addresses = Addresses {
        from: "anonymous@example.org",
        to: "tips@example.org",
        subject: "Tip",
    };
    let day: Date = "2026-11-22".parse().unwrap();
    let mails = batch
        .iter()
        .map(|envelope| to_email(envelope, &addresses, day).unwrap());
    let sealed: Vec<_> = mails.flat_map(|mail| from_email(&mail).sealed).collect();
    take(sealed, collector)
}

/// The messages of all tips of the batch, mixed.
fn chat(batch: &[Envelope], _: &Path, collector: &mut Collector) -> Vec<Envelope> {
    let messages = batch
        .iter()
        .map(|envelope| to_chat(envelope, Limit::TELEGRAM).unwrap());
    let mut messages: Vec<_> = messages.flatten().collect();
    let len = messages.len();
    for at in 0..len {
        // A step that shares no factor with most lengths takes neighbours apart.
        messages.swap(at, at * 7919 % len);
    }
    let sealed: Vec<_> = messages
        .iter()
        .flat_map(|message| from_chat(message).sealed)
        .collect();
    take(sealed, collector)
}

/// The most memory that this process had, in MiB. 0 where the system does not tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1024
}
