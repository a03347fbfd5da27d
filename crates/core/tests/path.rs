//! The whole path: what goes in comes out, in every way of sealing and of opening.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::format_collect
)]

use std::{
    io::{self, Read},
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use hamsa_core::{
    Attachment, Case, CleanFile, Form, Identity, KeyRing, MediaType, OpenError, OpenedTip,
    Recipient, Recipients, Role, SealError, Tip, WriteAt, envelope_id, inspect, inspect_at, open,
    open_at, open_stream, seal, seal_at, seal_short, seal_stream, sealed_len,
};
use zeroize::Zeroizing;

/// A file in memory that any thread may write anywhere.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl WriteAt for Shared {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut content = self.0.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        if content.len() < start + bytes.len() {
            content.resize(start + bytes.len(), 0);
        }
        content[start..start + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }
}

#[derive(Default)]
struct Folder(Vec<(Attachment, Shared)>);

impl Case for Folder {
    type File = Shared;

    fn attachment(&mut self, about: &Attachment) -> io::Result<Shared> {
        let file = Shared::default();
        self.0.push((about.clone(), file.clone()));
        Ok(file)
    }
}

fn pair() -> (KeyRing, Recipients) {
    let (full, short) = (
        Identity::generate().unwrap(),
        Identity::generate_x25519().unwrap(),
    );
    let to = Recipients::danger_bare(vec![full.recipient().unwrap()], short.recipient()).unwrap();
    let mut keys = KeyRing::new();
    keys.add(full);
    keys.add(short);
    (keys, to)
}

fn tip(text: &str) -> Tip<'static> {
    Tip::new(Zeroizing::new(text.to_owned())).unwrap()
}

fn some_bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len)
        .map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed) ^ (i >> 8) as u8)
        .collect()
}

fn workers(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

fn with_files(files: &[Vec<u8>]) -> Tip<'_> {
    let mut tip = tip("نص \"مع\" \\ رموز\n\u{1} 🌙").language("ar").unwrap();
    for (file, kind) in files
        .iter()
        .zip(["image/jpeg", "video/mp4", "x/unheard-of"].iter().cycle())
    {
        let file = CleanFile::danger_unscrubbed(
            MediaType::parse(kind),
            file.len() as u64,
            file.as_slice(),
        );
        tip = tip.attach(file).unwrap();
    }
    tip
}

fn assert_same(opened: &OpenedTip, case: &Folder, files: &[Vec<u8>]) {
    assert_eq!(opened.text(), "نص \"مع\" \\ رموز\n\u{1} 🌙");
    assert_eq!(opened.language(), Some("ar"));
    assert_eq!(opened.form(), Form::PostQuantum);
    assert_eq!(case.0.len(), files.len());
    for (((about, written), file), given) in case.0.iter().zip(files).zip(opened.attachments()) {
        assert_eq!(about, given);
        assert_eq!(about.role, Role::Unscrubbed);
        assert_eq!(about.len, file.len() as u64);
        assert_eq!(&written.bytes(), file);
    }
}

#[test]
fn every_field_comes_back() {
    let (keys, to) = pair();
    let reply = Identity::generate().unwrap().recipient().unwrap();
    let sent = tip("text")
        .language("en-GB")
        .unwrap()
        .category("extortion")
        .unwrap()
        .caller_group("citizen")
        .unwrap()
        .answer("where", "near the old port".to_owned().into())
        .unwrap()
        .reply_to(reply.clone());
    let (got, files) = open(seal(sent, &to).unwrap().as_bytes(), &keys).unwrap();
    assert!(files.is_empty());
    assert_eq!(got.text(), "text");
    assert_eq!(got.language(), Some("en-GB"));
    assert_eq!(got.category(), Some("extortion"));
    assert_eq!(got.caller_group(), Some("citizen"));
    assert_eq!(got.reply_to(), Some(&reply));
    assert_eq!(got.answers()["where"].as_str(), "near the old port");
}

#[test]
fn every_way_of_sealing_opens_in_every_way() {
    let (keys, to) = pair();
    let sizes: [&[usize]; 8] = [
        &[],
        &[0],
        &[1],
        &[512, 511, 513],
        &[65_536 - 512, 0, 0],
        &[700_000, 3, 1_500_000],
        &[3_000_000],
        &[0, 2_200_000, 0, 65_536 * 3, 0],
    ];
    for sizes in sizes {
        let files: Vec<_> = sizes.iter().map(|&n| some_bytes(n, n as u8)).collect();
        let expected_len = sealed_len(&with_files(&files), &to).unwrap();
        let mut piped = Vec::new();
        seal_stream(with_files(&files), &to, &mut piped).unwrap();
        let in_place = Shared::default();
        seal_at(with_files(&files), &to, &in_place, workers(3)).unwrap();
        let whole = seal(with_files(&files), &to).unwrap();
        let armored = whole.to_text().into_bytes();
        for bytes in [piped, in_place.bytes(), whole.as_bytes().to_vec(), armored] {
            if !bytes.starts_with(b"-----") {
                assert_eq!(bytes.len() as u64, expected_len);
            }
            for n in [1, 3] {
                let mut case = Folder::default();
                let opened = open_at(
                    &bytes.as_slice(),
                    bytes.len() as u64,
                    &keys,
                    &mut case,
                    workers(n),
                )
                .unwrap();
                assert_same(&opened, &case, &files);
            }
            let mut case = Folder::default();
            let opened = open_stream(bytes.as_slice(), &keys, &mut case).unwrap();
            assert_same(&opened, &case, &files);
            let (_, in_memory) = open(&bytes, &keys).unwrap();
            assert!(in_memory.iter().map(|f| &***f).eq(files.iter()));
        }
    }
}

#[test]
fn the_short_form_carries_text_and_is_recognised() {
    let (keys, to) = pair();
    let envelope = seal_short("مرحبا", &to).unwrap();
    assert_eq!(envelope.as_bytes().len(), 71 + 49);
    for bytes in [
        envelope.as_bytes().to_vec(),
        envelope.to_text().into_bytes(),
        format!(" {}\r\n", envelope.to_text()).into_bytes(),
    ] {
        let (tip, files) = open(&bytes, &keys).unwrap();
        assert_eq!(
            (tip.text(), tip.form(), files.len()),
            ("مرحبا", Form::Short, 0)
        );
        let outside = inspect(bytes.as_slice()).unwrap();
        assert_eq!(
            (outside.form, outside.len, outside.class),
            (Form::Short, 120, Some(71))
        );
    }
}

/// A pipe whose writer takes its time.
struct OctetByOctet<'b>(&'b [u8]);

impl Read for OctetByOctet<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = out.len().min(1);
        self.0.read(&mut out[..n])
    }
}

#[test]
fn an_envelope_is_recognised_in_a_pipe_that_gives_octet_by_octet() {
    let (keys, to) = pair();
    let (full, short) = (
        seal(tip("slow"), &to).unwrap(),
        seal_short("slow", &to).unwrap(),
    );
    for bytes in [
        full.as_bytes().to_vec(),
        full.to_text().into_bytes(),
        format!("\n \n{}", full.to_text()).into_bytes(),
        short.as_bytes().to_vec(),
        format!("\n{}\n", short.to_text()).into_bytes(),
    ] {
        let slow = || OctetByOctet(&bytes);
        let opened = open_stream(slow(), &keys, &mut Folder::default()).unwrap();
        assert_eq!(opened.text(), "slow");
        assert_eq!(inspect(slow()).unwrap(), inspect(bytes.as_slice()).unwrap());
    }
}

/// A pipe that is interrupted by a signal before each read.
struct Interrupted<R>(R, bool);

impl<R: Read> Read for Interrupted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.0.read(out)
    }
}

#[test]
fn an_interrupted_read_changes_nothing() {
    let (keys, to) = pair();
    let text = seal(tip("x"), &to).unwrap().to_text();
    let open = |text: &str| {
        // Behind the text, what follows comes with a read of its own.
        let pipe = text.as_bytes().chain(b" \n".as_slice());
        open_stream(Interrupted(pipe, false), &keys, &mut Folder::default())
    };
    open(&text).unwrap();
    open(&format!(" {text}")).unwrap();
    let far_behind = format!("{text}{}x", "\n".repeat(20_000));
    assert!(matches!(open(&far_behind), Err(OpenError::BadArmor)));
}

#[test]
fn an_envelope_has_one_name_in_both_forms_and_no_other_has_it() {
    let (_, to) = pair();
    let mut names = std::collections::BTreeSet::new();
    for envelope in [
        seal(tip("x"), &to).unwrap(),
        seal(tip("x"), &to).unwrap(),
        seal_short("x", &to).unwrap(),
    ] {
        let name = envelope_id(envelope.as_bytes()).unwrap();
        assert_eq!(envelope_id(envelope.to_text().as_bytes()).unwrap(), name);
        assert!(names.insert(name));
        assert!(envelope_id(&envelope.as_bytes()[..100]).is_err());
    }
}

#[test]
fn looking_at_a_file_and_at_a_pipe_shows_the_same() {
    let (_, to) = pair();
    for envelope in [seal(tip("x"), &to).unwrap(), seal_short("x", &to).unwrap()] {
        for bytes in [envelope.as_bytes(), envelope.to_text().as_bytes()] {
            let at = inspect_at(&bytes, bytes.len() as u64).unwrap();
            assert_eq!(at, inspect(bytes).unwrap());
        }
    }
    assert!(matches!(
        inspect_at(&b"x".as_slice(), 1),
        Err(OpenError::NotAnEnvelope)
    ));
}

#[test]
fn recipients_are_filled_up_and_each_one_opens() {
    for count in 1..=8 {
        let identities: Vec<_> = (0..count).map(|_| Identity::generate().unwrap()).collect();
        let all = identities.iter().map(|i| i.recipient().unwrap()).collect();
        let to = Recipients::danger_bare(all, None).unwrap();
        let envelope = seal(tip("to several"), &to).unwrap();
        let outside = inspect(envelope.as_bytes()).unwrap();
        assert_eq!(outside.stanzas, [0, 1, 2, 4, 4, 8, 8, 8, 8][count]);
        assert_eq!(outside.form, Form::PostQuantum);
        assert_eq!(outside.class, Some(8192));
        for identity in identities {
            let mut keys = KeyRing::new();
            keys.add(Identity::generate().unwrap());
            keys.add(identity);
            assert_eq!(
                open(envelope.as_bytes(), &keys).unwrap().0.text(),
                "to several"
            );
        }
    }
}

#[test]
fn an_envelope_to_a_classical_recipient_says_so() {
    let identity = Identity::generate_x25519().unwrap();
    let to = Recipients::danger_bare(vec![identity.recipient().unwrap()], None).unwrap();
    let envelope = seal(tip("classical"), &to).unwrap();
    // The size that Go age's writer gives: header 168, nonce 16, one tag of 16.
    assert_eq!(envelope.as_bytes().len(), 200 + 8192);
    let mut keys = KeyRing::new();
    keys.add(identity);
    assert_eq!(
        open(envelope.as_bytes(), &keys).unwrap().0.form(),
        Form::Classical
    );
}

#[test]
fn a_hybrid_envelope_has_the_shape_that_go_age_writes() {
    let (_, to) = pair();
    assert_eq!(seal(tip("x"), &to).unwrap().as_bytes().len(), 1659 + 8192);
}

#[test]
fn an_envelope_cut_short_is_refused_as_cut_short_in_every_way() {
    let (keys, to) = pair();
    let files = [some_bytes(3_000_000, 1)];
    let envelope = seal(with_files(&files), &to).unwrap().into_bytes();
    for len in [envelope.len() - 1, envelope.len() / 2, 60_000] {
        let cut = &envelope[..len];
        assert!(matches!(open(cut, &keys), Err(OpenError::BadPayload)));
        let mut case = Folder::default();
        let piped = open_stream(cut, &keys, &mut case);
        assert!(matches!(piped, Err(OpenError::BadPayload)));
        for n in [1, 3] {
            let mut case = Folder::default();
            let in_place = open_at(&cut, len as u64, &keys, &mut case, workers(n));
            assert!(matches!(in_place, Err(OpenError::BadPayload)));
            assert!(case.0.is_empty(), "nothing was written");
        }
    }
}

#[test]
fn another_key_does_not_open() {
    let (_, to) = pair();
    let (other, _) = pair();
    for envelope in [seal(tip("x"), &to).unwrap(), seal_short("x", &to).unwrap()] {
        assert!(matches!(
            open(envelope.as_bytes(), &other),
            Err(OpenError::WrongKey)
        ));
        assert!(matches!(
            open(envelope.as_bytes(), &KeyRing::new()),
            Err(OpenError::WrongKey)
        ));
    }
}

#[test]
fn recipients_that_must_not_be_together_are_refused() {
    let hybrid = || Identity::generate().unwrap().recipient().unwrap();
    let x25519 = || Identity::generate_x25519().unwrap().recipient().unwrap();
    let one = hybrid();
    let refused: [(Vec<Recipient>, Option<Recipient>); 5] = [
        (vec![], None),
        (vec![one.clone(), hybrid(), one], None),
        (vec![hybrid(), x25519()], None),
        ((0..9).map(|_| hybrid()).collect(), None),
        (vec![hybrid()], Some(hybrid())),
    ];
    for (full, short) in refused {
        assert!(matches!(
            Recipients::danger_bare(full, short),
            Err(SealError::BadRecipients)
        ));
    }
}

#[test]
fn a_short_envelope_needs_a_short_key() {
    let to = Recipients::danger_bare(
        vec![Identity::generate().unwrap().recipient().unwrap()],
        None,
    )
    .unwrap();
    assert!(matches!(seal_short("x", &to), Err(SealError::NoShortKey)));
}

#[test]
fn a_file_that_is_not_as_long_as_it_said_is_refused() {
    let (_, to) = pair();
    for announced in [9, 11, 100_000] {
        let content = [7_u8; 10];
        let file = CleanFile::danger_unscrubbed(
            MediaType::parse("text/plain"),
            announced,
            content.as_slice(),
        );
        let sealed = seal(tip("x").attach(file).unwrap(), &to);
        assert!(
            matches!(sealed, Err(SealError::AttachmentChanged)),
            "{announced}"
        );
    }
}

#[test]
fn limits_of_a_tip_are_refused_by_name() {
    let long = "a".repeat(hamsa_core::MAX_TEXT + 1);
    assert!(matches!(Tip::new(long.into()), Err(SealError::TextTooLong)));
    assert!(matches!(
        Tip::new("a\0b".to_owned().into()),
        Err(SealError::TextHasNul)
    ));
    for bad in ["", "a", "toolonglanguage", "ar_EG", "ar-", "12"] {
        assert!(
            matches!(tip("x").language(bad), Err(SealError::BadField)),
            "{bad}"
        );
    }
    for bad in ["", "Upper", "with space", "عربي", &"a".repeat(33)] {
        assert!(
            matches!(tip("x").category(bad), Err(SealError::BadField)),
            "{bad}"
        );
        assert!(
            matches!(tip("x").caller_group(bad), Err(SealError::BadField)),
            "{bad}"
        );
        assert!(
            matches!(
                tip("x").answer(bad, String::new().into()),
                Err(SealError::BadField)
            ),
            "{bad}"
        );
    }
    let mut many = tip("x");
    for _ in 0..999 {
        many = many
            .attach(CleanFile::danger_unscrubbed(
                MediaType::parse(""),
                0,
                io::empty(),
            ))
            .unwrap();
    }
    let (keys, to) = pair();
    let one_more = CleanFile::danger_unscrubbed(MediaType::parse(""), 0, io::empty());
    let envelope = seal(many, &to).unwrap();
    assert_eq!(open(envelope.as_bytes(), &keys).unwrap().1.len(), 999);
    let full = (0..999).fold(tip("x"), |tip, _| {
        tip.attach(CleanFile::danger_unscrubbed(
            MediaType::parse(""),
            0,
            io::empty(),
        ))
        .unwrap()
    });
    assert!(matches!(
        full.attach(one_more),
        Err(SealError::TooManyAttachments)
    ));
}

#[test]
fn attachments_over_the_largest_class_are_refused() {
    let (_, to) = pair();
    for len in [1 << 47, u64::MAX, u64::MAX - 511] {
        let file = CleanFile::danger_unscrubbed(MediaType::parse(""), len, io::repeat(0));
        assert!(matches!(
            sealed_len(&tip("x").attach(file).unwrap(), &to),
            Err(SealError::TooLong)
        ));
    }
}

#[test]
fn a_text_of_the_greatest_length_goes_through() {
    let (keys, to) = pair();
    for fill in ["a", "\u{1}", "ب"] {
        let text = fill.repeat(hamsa_core::MAX_TEXT / fill.len());
        let envelope = seal(tip(&text), &to).unwrap();
        assert_eq!(open(envelope.as_bytes(), &keys).unwrap().0.text(), text);
    }
}

#[test]
fn an_envelope_that_was_cut_between_chunks_is_called_damaged_in_every_way() {
    let (keys, to) = pair();
    let files = [some_bytes(2_000_000, 1), some_bytes(2_000_000, 2)];
    let envelope = seal(with_files(&files), &to).unwrap().into_bytes();
    let header = envelope.len() as u64 - 4_063_232 - 62 * 16;
    for chunks in [61, 40, 1] {
        let cut = &envelope[..header as usize + chunks * (65_536 + 16)];
        let len = cut.len() as u64;
        let outcomes = [
            open_at(&cut, len, &keys, &mut Folder::default(), workers(1)),
            open_at(&cut, len, &keys, &mut Folder::default(), workers(3)),
            open_stream(cut, &keys, &mut Folder::default()),
        ];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(OpenError::BadPayload)), "{chunks}");
        }
    }
}

/// A sink that counts and checks, for attachments too long to keep.
struct Checker {
    seen: Arc<Mutex<u64>>,
}

impl WriteAt for Checker {
    fn write_all_at(&self, bytes: &[u8], _: u64) -> io::Result<()> {
        assert!(bytes.iter().all(|&b| b == 0x5a));
        *self.seen.lock().unwrap() += bytes.len() as u64;
        Ok(())
    }
}

#[test]
#[ignore = "seals and opens 9 GiB: cargo xtask test runs it"]
fn an_attachment_over_eight_gibibytes_streams_through() {
    const LEN: u64 = 9 << 30;
    struct Only(Arc<Mutex<u64>>);
    impl Case for Only {
        type File = Checker;
        fn attachment(&mut self, about: &Attachment) -> io::Result<Checker> {
            assert_eq!(about.len, LEN);
            Ok(Checker {
                seen: Arc::clone(&self.0),
            })
        }
    }
    let (keys, to) = pair();
    let (reader, mut writer) = io::pipe().unwrap();
    let sealing = std::thread::spawn(move || {
        let file = CleanFile::danger_unscrubbed(
            MediaType::parse("video/mp4"),
            LEN,
            io::repeat(0x5a).take(LEN),
        );
        seal_stream(tip("long").attach(file).unwrap(), &to, &mut writer).unwrap();
    });
    let seen = Arc::new(Mutex::new(0));
    let opened = open_stream(reader, &keys, &mut Only(Arc::clone(&seen))).unwrap();
    sealing.join().unwrap();
    assert_eq!((opened.text(), *seen.lock().unwrap()), ("long", LEN));
}
