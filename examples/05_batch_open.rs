//! Opens many tips on all cores with one key ring; bad ones are counted and the rest goes on.
//!
//! `cargo run --release -p hamsa-examples --example 05_batch_open`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    collections::BTreeMap,
    error::Error,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    thread,
};

use hamsa_core::{Identity, KeyRing, OpenError, Recipients, Tip, open, seal};

const TIPS: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let identity = Identity::generate()?;
    let recipient = identity.recipient().ok_or("only plugins hide theirs")?;
    let envelopes = envelopes(&Recipients::danger_bare(vec![recipient], None)?)?;

    // One ring for all threads: the identity's expanded key is computed once.
    let mut keys = KeyRing::new();
    keys.add(identity);
    let queue = Mutex::new(envelopes.iter());
    let outcomes = Mutex::new(BTreeMap::<&str, usize>::new());
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(envelope) = next(&queue) {
                    let outcome = match open(envelope, &keys) {
                        Ok(_) => "opened",
                        // The code is for the analyst. It never goes back over the channel.
                        Err(why) => why.code(),
                    };
                    let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                    *outcomes.entry(outcome).or_default() += 1;
                }
            });
        }
    });

    let outcomes = outcomes.into_inner()?;
    println!("{outcomes:?}");
    let expected = [
        ("bad-payload", TIPS / 10),
        ("opened", TIPS * 8 / 10),
        ("wrong-key", TIPS / 10),
    ];
    assert_eq!(outcomes, BTreeMap::from(expected));
    Ok(())
}

/// Tips, of which every tenth was changed on the way and every tenth sealed to somebody else.
fn envelopes(to: &Recipients) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let other = Identity::generate()?.recipient().ok_or("no plugin")?;
    let other = Recipients::danger_bare(vec![other], None)?;
    let mut envelopes = Vec::with_capacity(TIPS);
    for number in 0..TIPS {
        let tip = Tip::new(format!("Tip number {number}").into())?;
        let to = if number % 10 == 1 { &other } else { to };
        let mut envelope = seal(tip, to)?.into_bytes();
        if number % 10 == 2 {
            let last = envelope.last_mut().ok_or(OpenError::BadPayload)?;
            *last ^= 1;
        }
        envelopes.push(envelope);
    }
    Ok(envelopes)
}

fn next<'e>(queue: &Mutex<std::slice::Iter<'e, Vec<u8>>>) -> Option<&'e Vec<u8>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).next()
}
