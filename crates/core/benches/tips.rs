//! Sealing and opening many text tips, and one long payload, beside the `age` crate and beside the speed of
//! the primitives themselves.
//!
//! Machines are noisy, ratios less so: the contenders run in turn, round after round, in one process, and
//! what counts is the median of the rounds. `cargo bench --bench tips`; `HAMSA_BENCH_TIPS`,
//! `HAMSA_BENCH_ROUNDS` and `HAMSA_BENCH_MEBIBYTES` change the size.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::semicolon_if_nothing_returned,
    clippy::needless_for_each,
    clippy::large_stack_arrays,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs
)]

use std::{
    env,
    io::{Read, Write},
    iter,
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use age::secrecy::ExposeSecret;
use chacha20poly1305::{
    ChaCha20Poly1305,
    aead::{AeadInOut, KeyInit},
};
use hamsa_core::{Identity, KeyRing, Recipients, Tip, open, seal};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use libcrux_ml_kem::mlkem768;
use zeroize::Zeroizing;

type XWing = hpke::kem::XWing;
type Aead = hpke::aead::ChaCha20Poly1305;
type Kdf = hpke::kdf::HkdfSha256;
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";

/// The hybrid recipient for the `age` crate, as an embedder without us would write it today: hpke's X-Wing.
struct Baseline {
    secret: <XWing as Kem>::PrivateKey,
    public: <XWing as Kem>::PublicKey,
}

impl Baseline {
    fn new() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let secret = <XWing as Kem>::PrivateKey::from_bytes(&seed).unwrap();
        let public = XWing::sk_to_pk(&secret);
        Self { secret, public }
    }
}

impl age::Recipient for Baseline {
    fn wrap_file_key(
        &self,
        file_key: &age_core::format::FileKey,
    ) -> Result<
        (
            Vec<age_core::format::Stanza>,
            std::collections::HashSet<String>,
        ),
        age::EncryptError,
    > {
        use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
        let (enc, body) = hpke::single_shot_seal::<Aead, Kdf, XWing>(
            &OpModeS::Base,
            &self.public,
            INFO,
            file_key.expose_secret(),
            &[],
        )
        .unwrap();
        let stanza = age_core::format::Stanza {
            tag: "mlkem768x25519".into(),
            args: vec![BASE64_STANDARD_NO_PAD.encode(enc.to_bytes())],
            body,
        };
        Ok((vec![stanza], iter::once("postquantum".to_owned()).collect()))
    }
}

impl age::Identity for Baseline {
    fn unwrap_stanza(
        &self,
        stanza: &age_core::format::Stanza,
    ) -> Option<Result<age_core::format::FileKey, age::DecryptError>> {
        use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
        if stanza.tag != "mlkem768x25519" {
            return None;
        }
        let enc = BASE64_STANDARD_NO_PAD.decode(&stanza.args[0]).unwrap();
        let enc = <XWing as Kem>::EncappedKey::from_bytes(&enc).unwrap();
        let key = hpke::single_shot_open::<Aead, Kdf, XWing>(
            &OpModeR::Base,
            &self.secret,
            &enc,
            INFO,
            &stanza.body,
            &[],
        )
        .ok()?;
        Some(Ok(age_core::format::FileKey::new(Box::new(
            key.try_into().unwrap(),
        ))))
    }
}

fn age_seal(recipient: &dyn age::Recipient, plain: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(plain.len() + 4096);
    let encryptor = age::Encryptor::with_recipients(iter::once(recipient)).unwrap();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap();
    sealed
}

fn age_open(identity: &dyn age::Identity, sealed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(sealed.len());
    let decryptor = age::Decryptor::new_buffered(sealed).unwrap();
    let mut reader = decryptor.decrypt(iter::once(identity)).unwrap();
    reader.read_to_end(&mut plain).unwrap();
    plain
}

/// What a program would hand to a bare encryptor: the same 8 KiB.
const PLAIN: [u8; 8192] = [b'a'; 8192];
const TEXT: &str = "They meet behind the old market on Thursdays. ";

fn tip() -> Tip<'static> {
    Tip::new(Zeroizing::new(TEXT.repeat(20)))
        .unwrap()
        .language("en")
        .unwrap()
}

fn setting(name: &str, default: usize) -> usize {
    env::var(name)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(default)
}

/// Runs `work` for each number below `count` on all cores.
fn on_all_cores(count: usize, work: impl Fn(usize) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count {
                        return;
                    }
                    work(i);
                }
            });
        }
    });
}

struct Contest {
    rows: Vec<(&'static str, Vec<Duration>)>,
}

impl Contest {
    /// Runs all contenders in turn, `rounds` times, after one round that does not count.
    fn run(rounds: usize, contenders: &[(&'static str, &dyn Fn())]) -> Self {
        let mut rows: Vec<_> = contenders
            .iter()
            .map(|(name, _)| (*name, Vec::new()))
            .collect();
        for round in 0..=rounds {
            for ((_, times), (_, contender)) in rows.iter_mut().zip(contenders) {
                let start = Instant::now();
                contender();
                if round > 0 {
                    times.push(start.elapsed());
                }
            }
        }
        for (_, times) in &mut rows {
            times.sort();
        }
        Self { rows }
    }

    /// One line a contender: median rate, and how many times the first one's it is.
    fn print(&self, title: &str, unit: &str, amount: f64) {
        println!("\n{title}");
        let median = |times: &[Duration]| times[times.len() / 2].as_secs_f64();
        let first = median(&self.rows[0].1);
        for (name, times) in &self.rows {
            let time = median(times);
            println!(
                "  {name:<58} {:>10.0} {unit}  x{:.2}",
                amount / time,
                first / time
            );
        }
    }
}

fn main() {
    let tips = setting("HAMSA_BENCH_TIPS", 20_000);
    let rounds = setting("HAMSA_BENCH_ROUNDS", 5);
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    println!("{tips} text tips, {rounds} rounds, {cores} cores");

    let analyst = Identity::generate().unwrap();
    let to = Recipients::danger_bare(vec![analyst.recipient().unwrap()], None).unwrap();
    let mut keys = KeyRing::new();
    keys.add(analyst);
    let baseline = Baseline::new();
    let classical = age::x25519::Identity::generate();
    let classical_to = classical.to_public();

    Contest::run(
        rounds,
        &[
            ("age crate + hpke X-Wing, one by one, one thread", &|| {
                (0..tips).for_each(|_| drop(age_seal(&baseline, &PLAIN)))
            }),
            ("age crate, X25519 only, one by one, one thread", &|| {
                (0..tips).for_each(|_| drop(age_seal(&classical_to, &PLAIN)))
            }),
            ("hamsa, post-quantum, one thread", &|| {
                (0..tips).for_each(|_| drop(seal(tip(), &to).unwrap()))
            }),
            ("hamsa, post-quantum, all cores", &|| {
                on_all_cores(tips, |_| drop(seal(tip(), &to).unwrap()))
            }),
        ],
    )
    .print(
        "Sealing text tips (8 KiB of plaintext)",
        "tips/s",
        tips as f64,
    );

    let ours: Vec<_> = (0..tips)
        .map(|_| seal(tip(), &to).unwrap().into_bytes())
        .collect();
    let theirs: Vec<_> = (0..tips).map(|_| age_seal(&baseline, &PLAIN)).collect();
    let theirs_classical: Vec<_> = (0..tips).map(|_| age_seal(&classical_to, &PLAIN)).collect();

    // The limit: only the two decapsulations and the AEAD over the payload, nothing else.
    let pair = mlkem768::generate_key_pair([7; 64]);
    let (ciphertext, _) = mlkem768::encapsulate(pair.public_key(), [8; 32]);
    let secret = x25519_dalek::StaticSecret::from([9; 32]);
    let share = x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from([10; 32]));
    let aead = ChaCha20Poly1305::new(&[1; 32].into());
    let kem = KemLimit::new(&ciphertext);
    let primitives = |_| {
        kem.decapsulate();
        std::hint::black_box(secret.diffie_hellman(&share));
        let mut payload = PLAIN;
        std::hint::black_box(
            aead.encrypt_inout_detached(&[0; 12].into(), &[], payload.as_mut_slice().into())
                .unwrap(),
        );
    };

    Contest::run(
        rounds,
        &[
            ("age crate + hpke X-Wing, one by one, one thread", &|| {
                theirs.iter().for_each(|e| drop(age_open(&baseline, e)))
            }),
            ("age crate, X25519 only, one by one, one thread", &|| {
                theirs_classical
                    .iter()
                    .for_each(|e| drop(age_open(&classical, e)))
            }),
            ("hamsa, post-quantum, one thread", &|| {
                ours.iter().for_each(|e| drop(open(e, &keys).unwrap()))
            }),
            ("hamsa, post-quantum, all cores", &|| {
                on_all_cores(tips, |i| drop(open(&ours[i], &keys).unwrap()))
            }),
            ("limit: ML-KEM + X25519 + AEAD alone, one thread", &|| {
                (0..tips).for_each(primitives)
            }),
            ("limit: ML-KEM + X25519 + AEAD alone, all cores", &|| {
                on_all_cores(tips, primitives)
            }),
        ],
    )
    .print(
        "Opening text tips (8 KiB of plaintext)",
        "tips/s",
        tips as f64,
    );

    payload(setting("HAMSA_BENCH_MEBIBYTES", 128), rounds, cores);
}

/// Decapsulation with a key that was expanded before.
enum KemLimit {
    Portable(
        Box<mlkem768::portable::unpacked::MlKem768KeyPairUnpacked>,
        mlkem768::MlKem768Ciphertext,
    ),
    #[cfg(target_arch = "x86_64")]
    Avx2(
        Box<mlkem768::avx2::unpacked::MlKem768KeyPairUnpacked>,
        mlkem768::MlKem768Ciphertext,
    ),
}

impl KemLimit {
    fn new(ciphertext: &mlkem768::MlKem768Ciphertext) -> Self {
        let ciphertext = ciphertext.as_slice().to_owned().into();
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return Self::Avx2(
                Box::new(mlkem768::avx2::unpacked::generate_key_pair([7; 64])),
                ciphertext,
            );
        }
        Self::Portable(
            Box::new(mlkem768::portable::unpacked::generate_key_pair([7; 64])),
            ciphertext,
        )
    }

    fn decapsulate(&self) {
        std::hint::black_box(match self {
            Self::Portable(pair, ciphertext) => {
                mlkem768::portable::unpacked::decapsulate(pair, ciphertext)
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(pair, ciphertext) => mlkem768::avx2::unpacked::decapsulate(pair, ciphertext),
        });
    }
}

/// One long payload in memory, beside the AEAD alone.
fn payload(mebibytes: usize, rounds: usize, cores: usize) {
    struct Sink;
    impl hamsa_core::WriteAt for Sink {
        fn write_all_at(&self, bytes: &[u8], _: u64) -> std::io::Result<()> {
            std::hint::black_box(bytes);
            Ok(())
        }
    }
    let len = mebibytes << 20;
    let analyst = Identity::generate().unwrap();
    let to = Recipients::danger_bare(vec![analyst.recipient().unwrap()], None).unwrap();
    let classical = age::x25519::Identity::generate().to_public();
    let plain = vec![0x5a; len];
    let seal_with = |workers: usize| {
        let kind = hamsa_core::MediaType::parse("video/mp4");
        let file = hamsa_core::CleanFile::danger_unscrubbed(kind, len as u64, plain.as_slice());
        let workers = NonZeroUsize::new(workers).unwrap();
        hamsa_core::seal_at(tip().attach(file).unwrap(), &to, &Sink, workers).unwrap();
    };
    let aead = ChaCha20Poly1305::new(&[1; 32].into());
    let chunks = |_| {
        let mut chunk = [0x5a; 65_536];
        std::hint::black_box(
            aead.encrypt_inout_detached(&[0; 12].into(), &[], chunk.as_mut_slice().into())
                .unwrap(),
        );
    };
    Contest::run(
        rounds,
        &[
            ("age crate, one thread", &|| {
                let recipient: &dyn age::Recipient = &classical;
                let encryptor = age::Encryptor::with_recipients(iter::once(recipient)).unwrap();
                let mut writer = encryptor.wrap_output(std::io::sink()).unwrap();
                writer.write_all(&plain).unwrap();
                writer.finish().unwrap();
            }),
            ("hamsa, one thread", &|| seal_with(1)),
            ("hamsa, all cores", &|| seal_with(cores)),
            ("limit: the AEAD alone, one thread", &|| {
                (0..len / 65_536).for_each(chunks)
            }),
            ("limit: the AEAD alone, all cores", &|| {
                on_all_cores(len / 65_536, chunks)
            }),
        ],
    )
    .print(
        &format!("Sealing one attachment of {mebibytes} MiB, memory to nowhere"),
        "MiB/s",
        mebibytes as f64,
    );
}
