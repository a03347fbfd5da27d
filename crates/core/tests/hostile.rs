//! Hostile bytes: every octet changed, every cut, many extensions, and what is too long to be a vector.
//!
//! Each is refused in every way of opening, without a panic, and nothing comes out as if it were whole.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    dead_code,
    reason = "all of this program is a test, and it uses a part of the vectors' writers"
)]

#[path = "vectors/age_file.rs"]
mod age_file;
#[path = "vectors/archive.rs"]
mod archive;

use std::{
    io,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use hamsa_core::{
    Attachment, Case, Identity, KeyRing, MAX_TEXT, OpenError, OpenedTip, Recipients, Tip, WriteAt,
    age, open, open_at, open_stream, seal, seal_short,
};

use self::archive::{Header, entry, padded};

fn keys(identity: Identity) -> (KeyRing, Recipients) {
    let recipient = identity.recipient().unwrap();
    let short = Some(recipient.clone()).filter(|recipient| !recipient.is_post_quantum());
    let to = Recipients::danger_bare(vec![recipient], short).unwrap();
    let mut keys = KeyRing::new();
    keys.add(identity);
    (keys, to)
}

fn classical() -> (KeyRing, Recipients) {
    keys(Identity::generate_x25519().unwrap())
}

fn sealed(to: &Recipients) -> Vec<u8> {
    let tip = Tip::new("A whisper.".to_owned().into()).unwrap();
    seal(tip, to).unwrap().into_bytes()
}

/// Small pseudo-random numbers (xorshift64), the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| u8::try_from(self.below(256)).unwrap())
            .collect()
    }
}

/// Tips have no attachments here, so a file that is asked for is wrong already.
struct NoCase;

struct NoFile;

impl WriteAt for NoFile {
    fn write_all_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        panic!("there is no attachment")
    }
}

impl Case for NoCase {
    type File = NoFile;

    fn attachment(&mut self, _: &Attachment) -> io::Result<NoFile> {
        panic!("there is no attachment")
    }
}

fn assert_refused(bytes: &[u8], keys: &KeyRing, what: &str) {
    assert!(open(bytes, keys).is_err(), "{what}: open");
    let piped = open_stream(bytes, keys, &mut NoCase);
    assert!(piped.is_err(), "{what}: open_stream");
    let plain = age::open(bytes, keys, &mut io::sink());
    assert!(plain.is_err(), "{what}: age::open");
}

/// Each octet with its lowest and with its highest bit flipped.
fn assert_every_change_is_refused(envelope: &[u8], upto: usize, keys: &KeyRing) {
    let mut bytes = envelope.to_vec();
    for at in 0..upto {
        for flip in [0x01, 0x80] {
            bytes[at] ^= flip;
            assert_refused(&bytes, keys, &format!("octet {at}, {flip:#x}"));
            bytes[at] ^= flip;
        }
    }
    assert_eq!(bytes, envelope);
}

fn assert_every_cut_is_refused(envelope: &[u8], longest: usize, keys: &KeyRing) {
    for len in 0..=longest {
        assert_refused(&envelope[..len], keys, &format!("cut to {len}"));
    }
}

fn assert_extensions_are_refused(envelope: &[u8], keys: &KeyRing, allowed: fn(&[u8]) -> bool) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for turn in 0..1000 {
        let len = match turn % 4 {
            0 => 1 + dice.below(16),
            1 => 1 + dice.below(400),
            2 => 16,
            _ => 1 + dice.below(9000),
        };
        let more = match turn % 3 {
            0 => vec![0; len],
            1 => envelope[envelope.len() - len.min(envelope.len())..].to_vec(),
            _ => dice.octets(len),
        };
        if !allowed(&more) {
            let bytes = [envelope, &more].concat();
            assert_refused(&bytes, keys, &format!("turn {turn}, {len} octets more"));
        }
    }
}

fn white_space(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

#[test]
fn every_changed_octet_of_an_envelope_is_refused() {
    let (keys, to) = classical();
    let envelope = sealed(&to);
    assert_eq!(envelope.len(), 8392);
    assert_every_change_is_refused(&envelope, envelope.len(), &keys);
}

#[test]
fn every_cut_of_an_envelope_is_refused() {
    let (keys, to) = classical();
    let envelope = sealed(&to);
    assert_every_cut_is_refused(&envelope, envelope.len() - 1, &keys);
}

#[test]
fn extensions_of_an_envelope_are_refused() {
    let (keys, to) = classical();
    assert_extensions_are_refused(&sealed(&to), &keys, |_| false);
}

#[test]
fn every_changed_octet_and_every_cut_of_a_hybrid_header_is_refused() {
    let (keys, to) = keys(Identity::generate().unwrap());
    let envelope = sealed(&to);
    let header = envelope.len() - 8192 - 16;
    assert_every_change_is_refused(&envelope, header, &keys);
    assert_every_cut_is_refused(&envelope, header, &keys);
}

#[test]
fn an_armored_envelope_is_refused_when_anything_is_changed() {
    let (keys, to) = classical();
    let tip = Tip::new("A whisper.".to_owned().into()).unwrap();
    let text = seal(tip, &to).unwrap().to_text().into_bytes();
    assert_every_change_is_refused(&text, text.len(), &keys);
    // The newline behind the last line may be missing, and white space may follow: the same envelope.
    assert_every_cut_is_refused(&text, text.len() - 2, &keys);
    assert!(open(&text[..text.len() - 1], &keys).is_ok());
    assert_extensions_are_refused(&text, &keys, white_space);
}

#[test]
fn a_short_envelope_is_refused_when_anything_is_changed() {
    let (keys, to) = classical();
    for text in ["A whisper.", &"بلاغ ".repeat(60)] {
        let envelope = seal_short(text, &to).unwrap();
        let bytes = envelope.as_bytes();
        assert_every_change_is_refused(bytes, bytes.len(), &keys);
        assert_every_cut_is_refused(bytes, bytes.len() - 1, &keys);
        assert_extensions_are_refused(bytes, &keys, |_| false);
        let text = envelope.to_text().into_bytes();
        assert_every_change_is_refused(&text, text.len(), &keys);
        assert_every_cut_is_refused(&text, text.len() - 1, &keys);
        assert_extensions_are_refused(&text, &keys, white_space);
    }
}

// What is larger than a vector may be: sealed with workers' chunks, opened in place by several of them.

#[derive(Clone, Default)]
struct File(Arc<Mutex<Vec<u8>>>);

impl WriteAt for File {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut content = self.0.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        let end = start + bytes.len();
        if content.len() < end {
            content.resize(end, 0);
        }
        content[start..end].copy_from_slice(bytes);
        Ok(())
    }
}

#[derive(Default)]
struct Folder(Vec<File>);

impl Case for Folder {
    type File = File;

    fn attachment(&mut self, _: &Attachment) -> io::Result<File> {
        self.0.push(File::default());
        Ok(self.0.last().unwrap().clone())
    }
}

type Ways = [Result<OpenedTip, OpenError>; 4];

fn open_in_every_way(bytes: &[u8]) -> Ways {
    let mut keys = KeyRing::new();
    keys.add(Identity::parse(&age_file::analyst()).unwrap());
    let in_place = |workers| {
        let workers = NonZeroUsize::new(workers).unwrap();
        open_at(
            &bytes,
            bytes.len() as u64,
            &keys,
            &mut Folder::default(),
            workers,
        )
    };
    [
        open(bytes, &keys).map(|(tip, _)| tip),
        open_stream(bytes, &keys, &mut Folder::default()),
        in_place(1),
        in_place(3),
    ]
}

/// Everybody refuses, with one of these codes: where several things are wrong, the first one met has its say.
fn assert_large_refused(name: &str, codes: &[&str], bytes: &[u8]) {
    for result in open_in_every_way(bytes) {
        let code = result.map_or_else(|e| e.code(), |_| "success");
        assert!(codes.contains(&code), "{name}: {code}, not {codes:?}");
    }
}

const TWO: &[u8] = br#"{"version":1,"text":"Large.","attachments":[{"media_type":"image/jpeg","role":"unscrubbed"},{"media_type":"image/png","role":"unscrubbed"}]}"#;
/// A class of 33 chunks: from 32 on, the work is shared.
const CLASS: usize = 33 * 64 * 1024;

/// An archive of two attachments in a large class, the first over most of it.
fn large() -> Vec<Vec<u8>> {
    vec![
        entry("tip.json", TWO),
        entry("attachments/1.jpg", &vec![1; 1_500_001]),
        entry("attachments/2.png", &vec![2; 600_000]),
    ]
}

#[test]
fn a_large_envelope_opens_with_several_workers() {
    let frame = padded(&large(), CLASS);
    for opened in open_in_every_way(&age_file::sealed(&frame)) {
        assert_eq!(opened.unwrap().text(), "Large.");
    }
}

#[test]
fn a_large_envelope_with_a_wrong_frame_is_refused_in_every_way() {
    let right = padded(&large(), CLASS);
    let first_ends = 1024 + 512 + 1_500_001_usize;
    let second_ends = 1024 + 512 + 1_500_001_usize.next_multiple_of(512) + 512 + 600_000;
    let with = |at: usize| {
        let mut frame = right.clone();
        frame[at] ^= 1;
        frame
    };
    for (name, at) in [
        ("filler behind tip.json", 1023),
        ("header of the first", 1024 + 200),
        ("filler behind the first", first_ends),
        ("end of that filler", first_ends.next_multiple_of(512) - 1),
        (
            "header of the second",
            first_ends.next_multiple_of(512) + 300,
        ),
        ("filler behind the second", second_ends),
        ("first octet of the end", second_ends.next_multiple_of(512)),
        ("padding", CLASS - 30_000),
        ("last octet", CLASS - 1),
    ] {
        assert_large_refused(name, &["bad-frame"], &age_file::sealed(&with(at)));
    }
    let entries = large();
    let swapped = [entries[0].clone(), entries[2].clone(), entries[1].clone()];
    let missing = [entries[0].clone(), entries[1].clone()];
    let mut extra = large();
    extra.push(entry("attachments/3.png", b"x"));
    let past_the_end = [
        entries[0].clone(),
        entries[1].clone(),
        Header::new("attachments/2.png", 900_000).then(&vec![2; 600_000]),
    ];
    for (name, entries) in [
        ("order", swapped.as_slice()),
        ("missing", &missing),
        ("extra", &extra),
    ] {
        let sealed = age_file::sealed(&padded(entries, CLASS));
        assert_large_refused(name, &["bad-frame"], &sealed);
    }
    // With several workers, the sum of the lengths is compared first; else the frame ends too early.
    let sealed = age_file::sealed(&padded(&past_the_end, CLASS));
    assert_large_refused("past the end", &["bad-frame", "bad-size"], &sealed);
    for class in [34, 40, 64] {
        let sealed = age_file::sealed(&padded(&large(), class * 64 * 1024));
        assert_large_refused("class", &["bad-size"], &sealed);
    }
}

#[test]
fn a_large_envelope_with_a_wrong_chunk_is_refused_in_every_way() {
    let frame = padded(&large(), CLASS);
    let right = age_file::chunks(&frame);
    let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut chunks = right.clone();
        change(&mut chunks);
        age_file::with_chunks(&chunks)
    };
    for at in 0..right.len() {
        let flipped = with(&|chunks| chunks[at][at * 1000] ^= 1);
        assert_large_refused("flipped", &["bad-payload"], &flipped);
    }
    for (a, b) in [(0, 1), (3, 20), (31, 32)] {
        let swapped = with(&|chunks| chunks.swap(a, b));
        assert_large_refused("swapped", &["bad-payload"], &swapped);
    }
    let not_last = with(&|chunks| chunks[32] = age_file::chunk(32, false, &frame[32 * 65_536..]));
    assert_large_refused("not last", &["bad-payload"], &not_last);
    let last_early = with(&|chunks| chunks[9] = age_file::chunk(9, true, &frame[..65_536]));
    assert_large_refused("last early", &["bad-payload"], &last_early);
    let repeated = with(&|chunks| chunks[5] = chunks[4].clone());
    assert_large_refused("repeated", &["bad-payload"], &repeated);
    // What is left has the length of a class: 32 chunks, none of which is the last.
    let cut = with(&|chunks| chunks.truncate(32));
    assert_large_refused("cut", &["bad-payload"], &cut);
}

#[test]
fn texts_over_the_limit_are_refused() {
    let text = "a".repeat(MAX_TEXT);
    let padded_well = |json: String| {
        // Above 1 MiB the classes are finer than powers of two.
        let len = json.len() + 2048;
        let mask = (1 << (len.ilog2() - 5)) - 1;
        padded(&[entry("tip.json", json.as_bytes())], (len + mask) & !mask)
    };
    let most = format!(r#"{{"version":1,"text":"{text}"}}"#);
    for opened in open_in_every_way(&age_file::sealed(&padded_well(most))) {
        assert_eq!(opened.unwrap().text().len(), MAX_TEXT);
    }
    for json in [
        format!(r#"{{"version":1,"text":"{text}a"}}"#),
        format!(r#"{{"version":1,"text":"{text}","answers":{{"a":"a"}}}}"#),
    ] {
        let sealed = age_file::sealed(&padded_well(json));
        assert_large_refused("text over the limit", &["bad-tip"], &sealed);
    }
}

#[cfg(feature = "age")]
#[test]
fn a_protected_file_over_the_limit_is_refused_and_not_cut() {
    use std::io::Write as _;

    let passphrase = || "open sesame".to_owned();
    let protected = |len: usize| {
        let mut recipient = ::age::scrypt::Recipient::new(passphrase().into());
        recipient.set_work_factor(4);
        let recipient: &dyn ::age::Recipient = &recipient;
        let encryptor = ::age::Encryptor::with_recipients(std::iter::once(recipient)).unwrap();
        let mut file = Vec::new();
        let mut writer = encryptor.wrap_output(&mut file).unwrap();
        writer.write_all(&vec![b'#'; len]).unwrap();
        writer.finish().unwrap();
        file
    };
    let unprotect = |len| hamsa_core::unprotect(&protected(len), &passphrase().into());
    assert_eq!(unprotect(1 << 20).unwrap().len(), 1 << 20);
    assert!(unprotect((1 << 20) + 1).is_err());
}
