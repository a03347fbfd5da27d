//! `docs/format-v1.md` says what the library does: its tables and examples are read and compared.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::io;

use hamsa_core::{
    CardError, CleanFile, Collected, Collector, Envelope, Identity, KeyRing, MediaType, OpenError,
    Part, Recipients, Role, RootKey, SealError, Tip, age, cut, open, seal, seal_short, sealed_len,
};
use hpke::{
    Deserializable as _, Kem as _, OpModeR, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256, single_shot_open,
};
use sha2::{Digest as _, Sha256};

const DOCUMENT: &str = include_str!("../../../docs/format-v1.md");
const SMALLEST: u64 = 8192;

/// The text between the heading of section `number` and the next heading.
fn section(number: &str) -> &'static str {
    let heading = format!("## {number} ");
    let (_, rest) = DOCUMENT.split_once(&heading).expect("the section is there");
    rest.split("\n## ")
        .next()
        .and_then(|rest| rest.split("\n### ").next())
        .expect("a text")
}

/// The cells of the section's table, without its head and without the backticks.
fn table(number: &str) -> Vec<Vec<String>> {
    let lines = section(number).lines().filter(|line| line.starts_with('|'));
    let rows: Vec<_> = lines
        .skip(2)
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells
                .map(|cell| cell.trim().trim_matches('`').to_owned())
                .collect()
        })
        .collect();
    assert!(!rows.is_empty(), "section {number} has a table");
    rows
}

/// The values of the section's example block by their names; folded ones put together.
fn example(number: &str, name: &str) -> String {
    let mut lines = section(number).lines();
    let first = lines
        .by_ref()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .expect("the example has that name");
    let folded = lines.take_while(|line| line.starts_with("     "));
    [first]
        .into_iter()
        .chain(folded)
        .map(str::trim)
        .collect::<Vec<_>>()
        .concat()
}

fn number(cell: &str) -> u64 {
    cell.parse().expect("a number")
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.split_whitespace().collect();
    let digits = digits.concat();
    (0..digits.len() / 2)
        .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

fn hex(octets: &[u8]) -> String {
    octets
        .iter()
        .fold(String::new(), |hex, octet| hex + &format!("{octet:02x}"))
}

fn pair() -> (KeyRing, Recipients) {
    let identity = Identity::generate().unwrap();
    let to = Recipients::danger_bare(vec![identity.recipient().unwrap()], None).unwrap();
    let mut keys = KeyRing::new();
    keys.add(identity);
    (keys, to)
}

fn to(stanzas: usize) -> Recipients {
    let full = (0..stanzas).map(|_| Identity::generate().unwrap().recipient().unwrap());
    Recipients::danger_bare(full.collect(), None).unwrap()
}

fn tip(text: &str) -> Tip<'static> {
    Tip::new(text.to_owned().into()).unwrap()
}

/// A tip whose frame has `content` octets before it is padded: a `tip.json` of one block and one attachment.
fn tip_of(content: u64) -> Tip<'static> {
    let file = CleanFile::danger_unscrubbed(MediaType::parse(""), content - 2560, io::empty());
    tip("").attach(file).unwrap()
}

/// The example of section 3.5, as a tip.
fn small_tip() -> Tip<'static> {
    let file =
        CleanFile::danger_unscrubbed(MediaType::parse("text/plain"), 6, b"hello\n".as_slice());
    tip("A whisper.")
        .language("en")
        .unwrap()
        .attach(file)
        .unwrap()
}

fn frame(tip: Tip<'_>) -> Vec<u8> {
    let (keys, to) = pair();
    let mut plain = Vec::new();
    age::open(seal(tip, &to).unwrap().as_bytes(), &keys, &mut plain).unwrap();
    plain
}

#[test]
fn the_header_table_makes_the_header() {
    let frame = frame(small_tip());
    for (start, name, size) in [(0, "tip.json", 113), (1024, "attachments/1.txt", 6)] {
        let mut block = vec![0_u8; 512];
        let mut end = 0;
        for row in table("3.1") {
            let (offset, len) = (number(&row[1]), number(&row[2]));
            assert_eq!(offset, end, "the fields leave no gap");
            end = offset + len;
            let value = match row[0].as_str() {
                "name" => name.to_owned(),
                "size" => format!("{size:011o}\0"),
                "chksum" => " ".repeat(8),
                _ if row[3] == "zeros" => String::new(),
                _ => row[3].replace("\\0", "\0"),
            };
            let offset = usize::try_from(offset).unwrap();
            block[offset..offset + value.len()].copy_from_slice(value.as_bytes());
        }
        assert_eq!(end, 512);
        let sum: u32 = block.iter().map(|&octet| u32::from(octet)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert_eq!(frame[start..start + 512], block);
    }
}

#[test]
fn the_media_types_are_the_known_ones() {
    let rows = table("3.2");
    for row in &rows {
        let media_type = MediaType::parse(&row[0]);
        assert_eq!(
            (media_type.as_str(), media_type.extension()),
            (row[0].as_str(), row[1].as_str())
        );
    }
    assert_eq!(MediaType::parse("x/unheard-of").as_str(), rows[0][0]);
    // The API does not list the types, so the source tells whether the document lacks one.
    let source = include_str!("../src/tip/media.rs");
    let count = source.split_once("[(&str, &str); ").unwrap().1;
    assert!(count.starts_with(&format!("{}]", rows.len())));
}

#[test]
fn the_size_classes_are_the_ones_of_the_table() {
    let one = to(1);
    for row in table("3.3") {
        let (content, class) = (number(&row[0]), number(&row[1]));
        let envelope = sealed_len(&tip_of(content), &one).unwrap();
        assert_eq!(envelope, 1627 + 16 + class + 16 * class.div_ceil(65536));
        let added = row[2].trim_end_matches(" %").parse::<f64>().unwrap();
        #[allow(clippy::cast_precision_loss, reason = "a percentage with one decimal")]
        let exact = (class - content) as f64 * 100.0 / content as f64;
        assert!((added - exact).abs() < 0.6, "{content}: {exact}");
    }
    let largest = number(&table("3.3").last().unwrap()[0]);
    assert!(matches!(
        sealed_len(&tip_of(largest + 512), &one),
        Err(SealError::TooLong)
    ));
    let room = |octets: usize| sealed_len(&tip(&"a".repeat(octets - 23)), &one).unwrap();
    assert!(room(6656) == room(23) && room(6657) > room(6656));
}

#[test]
fn the_example_frame_is_the_one_that_is_sealed() {
    let mut expected = vec![0_u8; usize::try_from(SMALLEST).unwrap()];
    for line in section("3.5")
        .lines()
        .filter(|line| line.get(4..6) == Some("  "))
    {
        let at = usize::from_str_radix(&line[..4], 16).unwrap();
        let octets = unhex(&line[6..53]);
        expected[at..at + octets.len()].copy_from_slice(&octets);
    }
    let frame = frame(small_tip());
    assert!(frame == expected);
    assert!(section("3.5").contains(&hex(&Sha256::digest(&frame))));
}

#[test]
fn strings_are_escaped_as_the_table_says() {
    let (keys, to) = pair();
    for row in table("4.2") {
        let code = u32::from_str_radix(row[0].strip_prefix("U+").unwrap(), 16).unwrap();
        let text = char::from_u32(code).unwrap().to_string();
        let (opened, _) = open(seal(tip(&text), &to).unwrap().as_bytes(), &keys).unwrap();
        let json = format!("{{\"version\":1,\"text\":\"{}\"}}", row[1]);
        assert_eq!(str::from_utf8(&opened.to_json()).unwrap(), json);
    }
    let plain = "/\u{7f}\u{2028}\u{1f525}";
    let (opened, _) = open(seal(tip(plain), &to).unwrap().as_bytes(), &keys).unwrap();
    assert!(str::from_utf8(&opened.to_json()).unwrap().contains(plain));
}

#[test]
fn the_fields_stand_in_the_order_of_the_table() {
    let (keys, to) = pair();
    let full = small_tip()
        .category("c")
        .unwrap()
        .caller_group("g")
        .unwrap()
        .answer("q", "a".to_owned().into())
        .unwrap()
        .reply_to(Identity::generate().unwrap().recipient().unwrap());
    let (opened, _) = open(seal(full, &to).unwrap().as_bytes(), &keys).unwrap();
    let json = opened.to_json();
    let mut rest = str::from_utf8(&json).unwrap();
    for row in table("4.1") {
        let field = format!("\"{}\":", row[0]);
        rest = rest.split_once(&field).expect("the field comes next").1;
    }
}

#[test]
fn the_roles_are_the_ones_of_the_table() {
    let known = [Role::Clean, Role::Unscrubbed, Role::Original].map(Role::as_str);
    let documented: Vec<_> = table("4.4").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(documented, known);
}

#[test]
fn envelopes_have_the_lengths_of_the_table() {
    for (column, stanzas) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
        // One recipient less than there are stanzas, where a dummy fills up.
        let some = to(if stanzas > 2 { stanzas - 1 } else { stanzas });
        for row in table("5.3") {
            let sealed = sealed_len(&tip_of(number(&row[0])), &some).unwrap();
            assert_eq!(sealed, number(&row[column]));
        }
    }
}

#[test]
fn the_codes_are_the_library_s() {
    let documented: Vec<_> = table("5.4").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(documented, OpenError::CODES);
    for row in table("7.3") {
        assert!(CardError::CODES.contains(&row[0].as_str()), "{}", row[0]);
    }
}

/// An X25519 recipient with its secret octets, and a ring that holds it.
fn short_pair() -> (Vec<u8>, Recipients, KeyRing) {
    let (full, short) = (
        Identity::generate().unwrap(),
        Identity::generate_x25519().unwrap(),
    );
    let to = Recipients::danger_bare(vec![full.recipient().unwrap()], short.recipient()).unwrap();
    let (_, secret) = bech32::decode(&short.to_text().unwrap()).unwrap();
    let mut keys = KeyRing::new();
    keys.add(short);
    (secret, to, keys)
}

/// The plaintext of a short envelope, as another implementation would get it from section 6.1.
fn short_plaintext(envelope: &[u8], secret: &[u8]) -> Vec<u8> {
    let secret = <X25519HkdfSha256 as hpke::Kem>::PrivateKey::from_bytes(secret).unwrap();
    let enc = <X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(&envelope[1..33]).unwrap();
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &enc,
        b"hamsa short v1",
        &envelope[33..],
        &envelope[..1],
    )
    .unwrap()
}

#[test]
fn short_envelopes_have_the_capacities_of_the_table() {
    let (_, to, _) = short_pair();
    let lengths = |octets: u64| {
        let text = "a".repeat(usize::try_from(octets).unwrap());
        let envelope = seal_short(&text, &to)?;
        Ok::<_, SealError>([envelope.as_bytes().len(), envelope.to_text().len()])
    };
    let rows = table("6.2");
    for (row, k) in rows.iter().zip(1..) {
        let characters = if k == 1 { 160 } else { 153 * k };
        let capacity = number(&row[2]);
        assert_eq!([number(&row[0]), number(&row[1])], [k, characters]);
        assert_eq!(capacity, characters * 6 / 8 - 49);
        let documented = [&row[3], &row[4]].map(|cell| usize::try_from(number(cell)).unwrap());
        assert_eq!(lengths(capacity).unwrap(), documented);
        assert!(lengths(capacity + 1).map_or(true, |longer| longer > documented));
    }
    assert!(lengths(number(&rows[9][2]) + 1).is_err());
}

#[test]
fn the_text_code_is_the_one_of_the_table() {
    let parse = |text: &str| u32::from_str_radix(text.trim_start_matches("U+"), 16).unwrap();
    let range = |cell: &str| {
        let (first, last) = cell.split_once(" to ").unwrap_or((cell, cell));
        parse(first)..=parse(last)
    };
    let (mut octets, mut text) = (vec![0xFF], String::new());
    for row in table("6.3") {
        octets.extend(range(&row[0]).map(|octet| u8::try_from(octet).unwrap()));
        text.extend(range(&row[1]).map(|code| char::from_u32(code).unwrap()));
    }
    assert_eq!(octets[1..], (0x81..=0xF2).collect::<Vec<u8>>());
    let (secret, to, _) = short_pair();
    let plaintext = short_plaintext(seal_short(&text, &to).unwrap().as_bytes(), &secret);
    assert!(plaintext.starts_with(&octets));
    assert!(plaintext[octets.len()..].iter().all(|&octet| octet == 0));
}

#[test]
fn the_example_of_a_short_envelope_holds() {
    let text = section("6.5").split('`').nth(1).unwrap();
    let code = unhex(&example("6.5", "code"));
    let envelope = unhex(&example("6.5", "envelope"));
    let secret = unhex(&example("6.5", "secret"));
    assert!(short_plaintext(&envelope, &secret).starts_with(&code));

    let (own, to, _) = short_pair();
    let plaintext = short_plaintext(seal_short(text, &to).unwrap().as_bytes(), &own);
    assert_eq!(plaintext, short_plaintext(&envelope, &secret));

    let (_, public) = X25519HkdfSha256::derive_keypair(&unhex(&example("6.5", "ikmE")));
    assert_eq!(hpke::Serializable::to_bytes(&public)[..], envelope[1..33]);

    let hrp = bech32::Hrp::parse("AGE-SECRET-KEY-").unwrap();
    let line = bech32::encode_upper::<bech32::Bech32>(hrp, &secret).unwrap();
    let identity = Identity::parse(&line).unwrap();
    let (_, public) = bech32::decode(&identity.recipient().unwrap().to_string()).unwrap();
    assert_eq!(public, unhex(&example("6.5", "public")));
    let mut keys = KeyRing::new();
    keys.add(identity);
    for form in [envelope, example("6.5", "text").into_bytes()] {
        assert_eq!(open(&form, &keys).unwrap().0.text(), text);
    }
}

#[test]
fn the_example_of_a_fingerprint_holds() {
    let root = RootKey::parse(&example("7.4", "secret")).unwrap();
    assert_eq!(root.verifier(), example("7.4", "root"));
    assert_eq!(root.fingerprint().to_string(), example("7.4", "digits"));
    let digest = sha2::Sha512::new()
        .chain_update(b"hamsa card fingerprint v1\0")
        .chain_update(unhex(&example("7.4", "public")))
        .finalize();
    let (digits, numbers) = (example("7.4", "digest"), example("7.4", "numbers"));
    let groups = digits
        .trim_end_matches(" …")
        .split(' ')
        .zip(numbers.split(' '));
    let mut count = 0;
    for (i, (octets, value)) in groups.enumerate() {
        assert_eq!(octets, hex(&digest[5 * i..5 * i + 5]));
        assert_eq!(u64::from_str_radix(octets, 16).unwrap(), number(value));
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn the_keys_have_the_lengths_of_the_tables() {
    for (section, identity) in [
        ("2.1", Identity::generate().unwrap()),
        ("2.2", Identity::generate_x25519().unwrap()),
    ] {
        let rows = table(section);
        let texts = [
            identity.to_text().unwrap().to_string(),
            identity.recipient().unwrap().to_string(),
        ];
        for (row, text) in rows.iter().zip(&texts) {
            assert_eq!(text.len() as u64, number(&row[3]));
            assert!(text.starts_with(row[2].trim_end_matches('…')));
        }
    }
}

#[test]
fn the_sections_that_the_source_cites_exist() {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut cited = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for rest in source.split("Format v1, section ").skip(1) {
                let number = rest.split([':', '\n']).next().unwrap();
                section(number.trim_end_matches('.'));
                cited += 1;
            }
            assert!(
                source.matches("Format v1").count()
                    == source.matches("Format v1, section ").count(),
                "{} cites the format without a section",
                path.display()
            );
        }
    }
    assert!(cited > 10, "{cited}");
}

#[test]
fn the_example_of_parts_is_what_cutting_makes() {
    let envelope = Envelope::parse(&unhex(&example("6.5", "envelope"))).unwrap();
    let parts = cut(&envelope, 77).unwrap();
    let hexes: Vec<_> = parts.iter().map(|part| hex(part.as_bytes())).collect();
    assert_eq!(hexes, [example("9.3", "first"), example("9.3", "second")]);
    let texts: Vec<_> = parts.iter().map(Part::to_text).collect();
    assert_eq!(texts, [example("9.3", "text1"), example("9.3", "text2")]);
    let mut collector = Collector::new();
    let [first, second] = <[Part; 2]>::try_from(parts).ok().unwrap();
    assert!(collector.push(second) == Collected::Waiting);
    assert!(collector.push(first) == Collected::Envelope(envelope));
}

#[test]
fn the_layout_of_a_part_is_that_of_the_table() {
    let envelope = Envelope::parse(&unhex(&example("6.5", "envelope"))).unwrap();
    let parts = cut(&envelope, 77).unwrap();
    let part = parts[1].as_bytes();
    let mut rest = part;
    for row in table("9.1") {
        let len = match row[0].as_str() {
            "piece" => rest.len() - 4,
            _ => usize::try_from(number(&row[1])).unwrap(),
        };
        let (field, after) = rest.split_at(len);
        let expected = match row[0].as_str() {
            "version" => vec![2],
            "group" => Sha256::digest(envelope.as_bytes())[..8].to_vec(),
            "count" => vec![0, 2],
            "number" => vec![0, 1],
            "piece" => envelope.as_bytes()[60..].to_vec(),
            "check" => {
                let before = &part[..part.len() - 4];
                Sha256::digest([b"hamsa part v1", before].concat())[..4].to_vec()
            }
            other => panic!("unknown field {other}"),
        };
        assert_eq!(field, expected, "{}", row[0]);
        rest = after;
    }
    assert!(rest.is_empty());
}
