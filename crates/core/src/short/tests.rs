use std::path::PathBuf;

use super::*;
use crate::{Identity, OpenError};

/// One vector: what comes of an envelope, and for most of them how it was made.
/// `vectors/v1/README.md` explains the grammar.
struct Vector {
    name: String,
    head: Vec<(String, String)>,
    envelope: Vec<u8>,
}

impl Vector {
    fn read(path: &std::path::Path) -> Self {
        let file = std::fs::read(path).unwrap();
        let end = file.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = str::from_utf8(&file[..end]).unwrap().lines();
        Self {
            name: path.display().to_string(),
            head: head
                .map(|line| line.split_once(": ").unwrap())
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            envelope: file[end + 2..].to_vec(),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        let found = self.head.iter().find(|(k, _)| k == key)?;
        Some(&found.1)
    }

    fn secret(&self) -> [u8; 32] {
        let identity = Identity::parse(self.get("identity").unwrap()).unwrap();
        *identity.x25519_secret().unwrap()
    }

    fn text(&self) -> Option<String> {
        let tip: serde_json::Value = serde_json::from_str(self.get("tip")?).unwrap();
        Some(tip["text"].as_str().unwrap().to_owned())
    }
}

/// Randomness that gives the same 32 octets, once.
struct Fixed(Option<[u8; 32]>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("HPKE draws octets")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("HPKE draws octets")
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        octets.copy_from_slice(&self.0.take().expect("drawn once"));
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

/// Small pseudo-random numbers (xorshift64), the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(super) fn pick(&mut self, alphabet: &[char]) -> char {
        alphabet[self.below(alphabet.len())]
    }

    /// A text of at most `longest` characters, from one alphabet or from several.
    pub(super) fn text(&mut self, longest: usize) -> String {
        let alphabets: Vec<Vec<char>> = [
            "دیروز ساعت ۱۰ شب، پشت انبار؛ گچ‌پژ ک‌ی",
            "رأيت شاحنة بيضاءَ تُفرغ صناديقَ ليلًا خلف المستودع رقم ٧، أرجو التحقّق؟ «نعم» ١٢٪",
            "پولیس کو بتائیں: گاڑی کا نمبر ۴۵۶ ہے۔ ٹھیک، ڈرائیور ںھہۂےۓ",
            "ڕۆژی هەینی لە بازاڕ، ڵێرە",
            "I saw a van, number 4471-K; they unload it at night.\n\t~\u{7f}\u{1}",
            "🔥🚗👮🏽‍♀️🕌",
            "é漢字한글ß€…—’\u{a0}\u{feff}\u{10ffff}\u{80}",
        ]
        .iter()
        .map(|alphabet| alphabet.chars().collect())
        .collect();
        let mixed = self.below(3) == 0;
        let mut alphabet = self.below(alphabets.len());
        let len = self.below(longest + 1);
        let mut text = String::new();
        for _ in 0..len {
            if mixed {
                alphabet = self.below(alphabets.len());
            }
            text.push(self.pick(&alphabets[alphabet]));
        }
        text
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn unhex32(hex: &str) -> [u8; 32] {
    unhex(hex).try_into().unwrap()
}

fn public(secret: &[u8; 32]) -> [u8; 32] {
    let secret = PrivateKey::from_bytes(secret).unwrap();
    X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into()
}

/// What came of opening, in the words of the vectors.
fn outcome(opened: &Result<Option<Zeroizing<String>>, OpenError>) -> &'static str {
    match opened {
        Ok(Some(_)) => "success",
        Ok(None) => "wrong-key",
        Err(error) => error.code(),
    }
}

const SECRET: [u8; 32] = [0x5A; 32];

/// The envelope of any plaintext, also of one that `fill` does not make.
fn envelope_of(plaintext: &[u8]) -> Vec<u8> {
    seal_plaintext(
        Zeroizing::new(plaintext.to_vec()),
        &public(&SECRET),
        &mut Fixed(Some([7; 32])),
    )
    .unwrap()
}

fn filled(code: &[u8], capacity: usize) -> Vec<u8> {
    let mut plaintext = code.to_vec();
    plaintext.resize(capacity, 0);
    plaintext
}

#[test]
fn every_vector_has_its_outcome() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/v1");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with("short-") {
            continue;
        }
        let vector = Vector::read(&entry.path());
        let (name, secret) = (&vector.name, vector.secret());
        let opened = open(&vector.envelope, &secret);
        assert_eq!(outcome(&opened), vector.get("expect").unwrap(), "{name}");
        let (text, expected) = (opened.ok().flatten(), vector.text());
        assert_eq!(text.as_deref(), expected.as_ref(), "{name}");
        let ephemeral = || Fixed(vector.get("ephemeral").map(unhex32));
        if let Some(plaintext) = vector.get("plaintext") {
            let plaintext = Zeroizing::new(unhex(plaintext));
            let again = seal_plaintext(plaintext, &public(&secret), &mut ephemeral()).unwrap();
            assert_eq!(again, vector.envelope, "{name}");
            if let Some(text) = expected {
                let again = seal_with(&text, &public(&secret), &mut ephemeral()).unwrap();
                assert_eq!(again, vector.envelope, "{name}");
            }
        }
        seen += 1;
    }
    assert!(seen >= 30, "only {seen} vectors");
}

#[test]
fn capacities_are_those_of_concatenated_messages() {
    for (index, capacity) in CAPACITIES.into_iter().enumerate() {
        let segments = index + 1;
        let characters = if segments == 1 { 160 } else { 153 * segments };
        assert_eq!(capacity + OVERHEAD, characters * 6 / 8);
        assert!(to_text(&vec![0; capacity + OVERHEAD]).len() <= characters);
        assert!(to_text(&vec![0; capacity + OVERHEAD + 1]).len() > characters);
    }
}

#[test]
fn arabic_letters_take_one_octet_each() {
    for (letters, segments) in [(70, 1), (160, 2), (300, 4)] {
        let text: String = "سيارةبيضاء".chars().cycle().take(letters).collect();
        let envelope = seal(&text, &public(&SECRET)).unwrap();
        assert_eq!(envelope.len(), CAPACITIES[segments - 1] + OVERHEAD);
    }
}

#[test]
fn a_sealed_text_opens() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let recipient = public(&SECRET);
    for _ in 0..600 {
        let text = dice.text(400);
        match seal(&text, &recipient) {
            Ok(envelope) => {
                assert!(is_short(&envelope));
                let carried = from_text(&to_text(&envelope)).unwrap();
                assert_eq!(carried, envelope);
                let opened = open(&carried, &SECRET).unwrap().unwrap();
                assert_eq!(*opened, text);
            }
            Err(SealError::TextTooLong) => assert!(Code::of(&text).len() > 1098),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn the_length_tells_only_the_number_of_segments() {
    let recipient = public(&SECRET);
    for (shorter, longer) in [(0, 71), (72, 180), (181, 295), (984, 1098)] {
        let lens = [shorter, longer].map(|len| seal(&"x".repeat(len), &recipient).unwrap().len());
        assert_eq!(lens[0], lens[1]);
    }
}

#[test]
fn the_plaintext_buffer_never_grows() {
    for text in ["", "short", "بلاغ سري 🔥", &"ب".repeat(1000)] {
        let plaintext = fill(&Code::of(text)).unwrap();
        assert_eq!(plaintext.capacity(), plaintext.len());
    }
}

#[test]
fn two_envelopes_of_one_text_have_nothing_in_common() {
    let recipient = public(&SECRET);
    let (one, two) = (
        seal("same", &recipient).unwrap(),
        seal("same", &recipient).unwrap(),
    );
    assert_ne!(one[1..33], two[1..33]);
    assert_ne!(one[33..], two[33..]);
}

#[test]
fn text_with_a_nul_is_refused() {
    for text in ["\0", "a\0b", "ب\0"] {
        assert!(matches!(
            seal(text, &public(&SECRET)),
            Err(SealError::TextHasNul)
        ));
    }
}

#[test]
fn text_past_the_largest_capacity_is_refused() {
    let recipient = public(&SECRET);
    for (character, most) in [("x", 1098), ("ب", 1097), ("🔥", 274)] {
        assert!(seal(&character.repeat(most), &recipient).is_ok());
        assert!(matches!(
            seal(&character.repeat(most + 1), &recipient),
            Err(SealError::TextTooLong)
        ));
    }
}

/// Every encoding of a point of small order: the vectors hold seven of them as shares.
fn low_order_points() -> Vec<[u8; 32]> {
    let mut points: Vec<[u8; 32]> = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ]
    .map(unhex32)
    .to_vec();
    let mut with_high_bit = points.clone();
    for point in &mut with_high_bit {
        point[31] |= 0x80;
    }
    points.append(&mut with_high_bit);
    points
}

#[test]
fn low_order_recipient_is_refused() {
    for point in low_order_points() {
        assert!(matches!(
            seal("text", &point),
            Err(SealError::BadRecipients)
        ));
    }
}

#[test]
fn low_order_share_is_refused() {
    for point in low_order_points() {
        let mut envelope = envelope_of(&filled(b"text", 71));
        envelope[1..33].copy_from_slice(&point);
        assert!(matches!(
            open(&envelope, &SECRET),
            Err(OpenError::BadHeader)
        ));
    }
}

#[test]
fn another_key_does_not_open() {
    let envelope = seal("text", &public(&SECRET)).unwrap();
    assert_eq!(outcome(&open(&envelope, &[0x33; 32])), "wrong-key");
}

#[test]
fn every_changed_bit_is_refused() {
    let envelope = seal("بلاغ سري", &public(&SECRET)).unwrap();
    for at in 0..envelope.len() {
        for bit in 0..8 {
            let mut changed = envelope.clone();
            changed[at] ^= 1 << bit;
            let expected = if at == 0 {
                "not-an-envelope"
            } else {
                "wrong-key"
            };
            assert_eq!(
                outcome(&open(&changed, &SECRET)),
                expected,
                "octet {at}, bit {bit}"
            );
        }
    }
}

#[test]
fn every_length_but_its_own_is_refused() {
    let envelope = seal(&"x".repeat(300), &public(&SECRET)).unwrap();
    for len in 0..envelope.len() {
        let expected = if [120, 229, 344].contains(&len) {
            "wrong-key"
        } else {
            "not-an-envelope"
        };
        assert_eq!(
            outcome(&open(&envelope[..len], &SECRET)),
            expected,
            "{len} octets"
        );
    }
    for more in 1..200 {
        let longer = filled(&envelope, envelope.len() + more);
        assert_ne!(
            outcome(&open(&longer, &SECRET)),
            "success",
            "{more} octets more"
        );
    }
}

#[test]
fn fill_that_is_not_nul_is_refused() {
    for at in 5..71 {
        let mut plaintext = filled(b"text", 71);
        plaintext[at] = b'x';
        assert!(matches!(
            open(&envelope_of(&plaintext), &SECRET),
            Err(OpenError::BadShort)
        ));
    }
}

#[test]
fn capacity_larger_than_needed_is_refused() {
    for capacity in &CAPACITIES[1..] {
        let envelope = envelope_of(&filled(b"text", *capacity));
        assert!(matches!(open(&envelope, &SECRET), Err(OpenError::BadShort)));
    }
}

#[test]
fn plaintext_that_is_no_code_is_refused() {
    let envelope = envelope_of(&filled(b"caf\xE9", 71));
    assert!(matches!(open(&envelope, &SECRET), Err(OpenError::BadShort)));
}

#[test]
fn a_plaintext_is_refused_or_is_the_only_one_of_its_text() {
    let mut dice = Dice(77);
    let mut read = 0;
    for _ in 0..20_000 {
        let text = dice.text(60);
        let Some(plaintext) = fill(&Code::of(&text)) else {
            continue;
        };
        let mut plaintext = plaintext.to_vec();
        for _ in 0..dice.below(3) {
            let at = dice.below(plaintext.len());
            plaintext[at] = u8::try_from(dice.below(256)).unwrap();
        }
        if let Some(text) = unfill(&plaintext) {
            assert_eq!(*fill(&Code::of(&text)).unwrap(), plaintext);
            read += 1;
        }
    }
    assert!(read > 5_000);
}

#[test]
fn white_space_around_the_text_form_is_ignored() {
    let envelope = envelope_of(&filled(b"text", 71));
    let text = to_text(&envelope);
    assert_eq!(text.len(), 160);
    assert_eq!(from_text(&format!(" \t\r\n{text}\n\n")), Some(envelope));
}

#[test]
fn other_spellings_of_the_text_form_are_refused() {
    // 229 octets: four bits of the last character are left over, and must be zero.
    let text = to_text(&envelope_of(&filled(&[b'x'; 100], 180)));
    let (start, last) = text.split_at(text.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let others = alphabet.chars().filter(|other| !last.contains(*other));
    let same_octets =
        others.filter(|other| from_text(&format!("{start}{other}")) == from_text(&text));
    assert_eq!(same_octets.count(), 0);
    for refused in [
        format!("{text}="),
        format!("{text}=="),
        format!("{start} {last}"),
        format!("{start}\n{last}"),
        format!("{start}+"),
        format!("{start}/"),
        format!("\u{a0}{text}"),
        start.to_owned(),
        String::new(),
    ] {
        assert_eq!(from_text(&refused), None);
    }
}

#[test]
fn the_text_form_of_other_bytes_is_refused() {
    let mut envelope = envelope_of(&filled(b"text", 71));
    assert_eq!(from_text(&to_text(&envelope[..119])), None);
    envelope[0] = 2;
    assert_eq!(from_text(&to_text(&envelope)), None);
}
