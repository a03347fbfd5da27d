//! What becomes of a vector's bytes.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hamsa_core::{
    Attachment, Card, CardError, Case, Collected, Collector, Date, Fingerprint, Form, Identity,
    KeyError, KeyRing, OpenError, OpenedTip, Part, PartError, Prompt, Recipient, RootKey, WriteAt,
    age, inspect, open, open_at, open_stream,
};
use zeroize::Zeroizing;

use crate::{
    age_file, archive,
    file::{Vector, hex, sha256},
};

/// For each way of using the bytes: its name, what came of it, and what should have.
pub fn outcomes(
    vector: &Vector,
    all: &BTreeMap<String, Vector>,
) -> Vec<(&'static str, String, String)> {
    let expect = vector.expect().to_owned();
    let text = || str::from_utf8(&vector.bytes).unwrap();
    let outcome = match vector.kind() {
        "envelope" => return envelope(vector),
        "tip" => return envelope(&around(vector)),
        "card" => code(card(vector, all).map_err(|e| e.code())),
        "identity file" => code(identity_file(vector).map_err(|e| e.code())),
        "identity" => {
            let written = Identity::parse(text()).map(|key| key.to_text().unwrap().to_string());
            code(same(text(), written).map_err(|e| e.code()))
        }
        "recipient" => {
            let written = text().parse().map(|key: Recipient| key.to_string());
            code(same(text(), written).map_err(|e| e.code()))
        }
        "root key" => {
            let written = RootKey::parse(text()).map(|key| key.to_text().to_string());
            code(same(text(), written).map_err(|e| e.code()))
        }
        "fingerprint" => code(
            text()
                .parse()
                .map(|read: Fingerprint| {
                    assert_eq!(Some(&*read.to_string()), vector.get("fingerprint"));
                })
                .map_err(|e: CardError| e.code()),
        ),
        "day" => code(
            text()
                .parse()
                .map(|read: Date| assert_eq!(read.to_string(), text()))
                .map_err(|e: CardError| e.code()),
        ),
        "part" => code(part(vector).map_err(|e| e.code())),
        "parts" => code(parts(vector)),
        other => panic!("{}: unknown kind {other}", vector.name),
    };
    vec![("the only way", outcome, expect)]
}

fn code(result: Result<(), &'static str>) -> String {
    result.err().unwrap_or("success").to_owned()
}

/// A text that was read is written in the same octets.
fn same<E>(text: &str, written: Result<String, E>) -> Result<(), E> {
    assert_eq!(written?, text);
    Ok(())
}

struct Answer(Option<String>);

impl Prompt for Answer {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        self.0.clone().map(Zeroizing::new)
    }
}

fn identity_file(vector: &Vector) -> Result<(), KeyError> {
    let passphrase = vector.get("passphrase").map(str::to_owned);
    let prompt: Arc<dyn Prompt> = Arc::new(Answer(passphrase));
    let count = KeyRing::new().add_file(&vector.bytes, &prompt)?;
    assert_eq!(count, vector.all("identity").count());
    Ok(())
}

fn card(vector: &Vector, all: &BTreeMap<String, Vector>) -> Result<(), CardError> {
    let card = Card::parse(&vector.bytes)?;
    assert_eq!(card.as_bytes(), vector.bytes, "{}", vector.name);
    if let Some(fingerprint) = vector.get("fingerprint") {
        card.expect(&fingerprint.parse().unwrap())?;
    }
    if let Some(known) = vector.get("known") {
        card.check_follows(&Card::parse(&all[known].bytes).unwrap())?;
    }
    if let Some(day) = vector.get("day") {
        card.recipients(vector.get("department"), day.parse().unwrap())?;
    }
    Ok(())
}

/// A part is read from its octets and from its text, and written again.
fn part(vector: &Vector) -> Result<(), PartError> {
    let text = BASE64_URL_SAFE_NO_PAD.encode(&vector.bytes);
    let part = Part::parse(&vector.bytes)?;
    assert!(Part::from_text(&text)? == part, "{}", vector.name);
    assert_eq!(part.to_text(), text, "{}", vector.name);
    let told = |key| vector.get(key).map(str::to_owned);
    assert_eq!(Some(part.count().to_string()), told("count"));
    assert_eq!(Some(part.number().to_string()), told("number"));
    assert_eq!(Some(hex(&part.as_bytes()[1..9])), told("group"));
    Ok(())
}

/// The parts, one a line, go into a collector in their order; with the last one it has the envelope.
fn parts(vector: &Vector) -> Result<(), &'static str> {
    let mut collector = Collector::new();
    let mut last = None;
    for line in str::from_utf8(&vector.bytes).unwrap().lines() {
        last = Some(collector.push(Part::from_text(line).map_err(|e| e.code())?));
    }
    match last {
        Some(Collected::Envelope(envelope)) => {
            let name = sha256(envelope.as_bytes());
            assert_eq!(Some(name.as_str()), vector.get("envelope"));
            Ok(())
        }
        _ => Err("parts-missing"),
    }
}

/// The envelope with nothing wrong in it but its `tip.json`, perhaps.
fn around(tip: &Vector) -> Vector {
    let mut envelope = tip.clone().with("identity", &age_file::analyst());
    envelope.bytes = age_file::sealed(&archive::frame(&tip.bytes, &[]));
    envelope
}

/// What was opened: the canonical `tip.json`, the form, and the attachments.
struct Opened {
    tip: OpenedTip,
    files: Vec<Vec<u8>>,
}

fn envelope(vector: &Vector) -> Vec<(&'static str, String, String)> {
    let mut keys = KeyRing::new();
    for identity in vector.all("identity") {
        keys.add(Identity::parse(identity).unwrap());
    }
    let bytes = vector.bytes.as_slice();
    let expect = vector.expect();
    let ways = [
        ("in memory", in_memory(bytes, &keys), expect),
        ("in place", in_place(bytes, &keys, 1), expect),
        ("with three workers", in_place(bytes, &keys, 3), expect),
        ("from a pipe", piped(bytes, &keys), expect),
        (
            "from a slow pipe",
            piped(Drops { of: bytes, turn: 0 }, &keys),
            expect,
        ),
    ];
    let mut outcomes: Vec<_> = ways
        .into_iter()
        .map(|(way, result, expected)| {
            if let Ok(opened) = &result {
                check_opened(vector, opened);
            }
            let code = code(result.map(|_| ()).map_err(|e| e.code()));
            (way, code, expected.to_owned())
        })
        .collect();
    outcomes.extend(age_layer(vector, &keys));
    if expect == "success" {
        check_outside(vector);
    }
    outcomes
}

/// What is wrong inside must not be wrong outside too: then the age layer alone opens it, to the frame named.
fn age_layer(vector: &Vector, keys: &KeyRing) -> Option<(&'static str, String, String)> {
    let frame = vector.get("frame")?;
    let mut plain = Vec::new();
    let result = age::open(vector.bytes.as_slice(), keys, &mut plain);
    assert_eq!(sha256(&plain), frame, "{}", vector.name);
    let code = code(result.map_err(|e| e.code()));
    Some(("as an age file", code, "success".to_owned()))
}

fn check_opened(vector: &Vector, opened: &Opened) {
    let name = &vector.name;
    let json = opened.tip.to_json();
    assert_eq!(str::from_utf8(&json).ok(), vector.get("tip"), "{name}");
    let form = match opened.tip.form() {
        Form::PostQuantum => "post-quantum",
        Form::Classical => "classical",
        Form::Short => "short",
    };
    assert_eq!(Some(form), vector.get("form"), "{name}");
    let about = opened.tip.attachments();
    let named: Vec<_> = about.iter().map(Attachment::name).collect();
    let files = about.iter().zip(&opened.files).map(|(about, content)| {
        assert_eq!(about.len, content.len() as u64, "{name}");
        let (file, role) = (about.name(), about.role.as_str());
        format!("{file} {role} {} {}", about.len, sha256(content))
    });
    assert!(files.eq(vector.all("attachment")), "{name}");
    // What was opened makes the frame that it came from: written by other code, too.
    if let Some(frame) = vector.get("frame") {
        let files: Vec<_> = named.into_iter().zip(opened.files.clone()).collect();
        assert_eq!(sha256(&archive::frame(&json, &files)), frame, "{name}");
    }
}

fn check_outside(vector: &Vector) {
    let outside = inspect(vector.bytes.as_slice()).unwrap();
    let number = |key| vector.get(key).map(|n: &str| n.parse::<u64>().unwrap());
    assert_eq!(outside.class, number("class"), "{}", vector.name);
    let stanzas = Some(outside.stanzas as u64);
    assert_eq!(stanzas, number("stanzas"), "{}", vector.name);
}

fn in_memory(bytes: &[u8], keys: &KeyRing) -> Result<Opened, OpenError> {
    let (tip, files) = open(bytes, keys)?;
    let files = files.into_iter().map(|file| file.to_vec()).collect();
    Ok(Opened { tip, files })
}

fn in_place(bytes: &[u8], keys: &KeyRing, workers: usize) -> Result<Opened, OpenError> {
    let workers = NonZeroUsize::new(workers).unwrap();
    let mut folder = Folder::default();
    let tip = open_at(&bytes, bytes.len() as u64, keys, &mut folder, workers)?;
    Ok(Opened {
        tip,
        files: folder.contents(),
    })
}

fn piped(bytes: impl Read, keys: &KeyRing) -> Result<Opened, OpenError> {
    let mut folder = Folder::default();
    let tip = open_stream(bytes, keys, &mut folder)?;
    Ok(Opened {
        tip,
        files: folder.contents(),
    })
}

/// A pipe that gives one octet, then two, and so on up to 600.
struct Drops<'b> {
    of: &'b [u8],
    turn: usize,
}

impl Read for Drops<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.turn = self.turn % 600 + 1;
        let n = self.turn.min(out.len());
        self.of.read(&mut out[..n])
    }
}

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

impl Folder {
    fn contents(&self) -> Vec<Vec<u8>> {
        let contents = self.0.iter().map(|file| file.0.lock().unwrap().clone());
        contents.collect()
    }
}

impl Case for Folder {
    type File = File;

    fn attachment(&mut self, _: &Attachment) -> io::Result<File> {
        self.0.push(File::default());
        Ok(self.0.last().unwrap().clone())
    }
}
