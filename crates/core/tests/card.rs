//! Agency cards: what is issued can be read, and everything else is refused by name.
// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hamsa_core::{
    Card, CardError, Channels, Date, DepartmentKey, DepartmentProfile, Envelope, Fingerprint,
    Identity, KeyRing, Names, Profile, Recipient, RootKey, Tip, Topic, open, seal, seal_short,
};
use sha2::{Digest as _, Sha256};

/// The root of these tests: its seed is 32 times 0x07.
const ROOT: &str = "PRIVATE+KEY+hamsa-card+ee0ff8ac+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
const VERIFIER: &str = "hamsa-card+ee0ff8ac+";

fn root() -> RootKey {
    RootKey::parse(ROOT).unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn names(names: &[(&str, &str)]) -> Names {
    Names::new(
        names
            .iter()
            .map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned()))
            .collect(),
    )
    .unwrap()
}

fn full() -> Recipient {
    Identity::generate().unwrap().recipient().unwrap()
}

fn short() -> Recipient {
    Identity::generate_x25519().unwrap().recipient().unwrap()
}

fn key(from: &str, until: &str) -> DepartmentKey {
    DepartmentKey {
        full: full(),
        short: Some(short()),
        from: date(from),
        until: date(until),
    }
}

fn department(id: &str) -> DepartmentProfile {
    let topics = vec![Topic {
        id: "fraud".to_owned(),
        names: names(&[("en", "Fraud"), ("ar", "احتيال")]),
    }];
    DepartmentProfile {
        id: id.to_owned(),
        names: names(&[("en", "Tips")]),
        topics,
    }
}

fn profile(departments: &[&str]) -> Profile {
    Profile {
        agency: names(&[("en", "Example Agency"), ("ar", "هيئة المثال")]),
        departments: departments.iter().map(|id| department(id)).collect(),
        caller_groups: vec![Topic {
            id: "citizen".to_owned(),
            names: names(&[("en", "Citizens")]),
        }],
        channels: Channels {
            phone: vec!["800 4888".to_owned()],
            ..Channels::default()
        },
    }
}

type Keys = BTreeMap<String, Vec<DepartmentKey>>;

fn keys() -> Keys {
    BTreeMap::from([("tips".to_owned(), vec![key("2026-11-01", "2026-11-30")])])
}

fn issue(previous: Option<&Card>) -> Card {
    let (from, until) = (date("2026-11-01"), date("2026-12-31"));
    Card::issue(&root(), &profile(&["tips"]), &keys(), from, until, previous).unwrap()
}

fn issue_keys(keys: Vec<DepartmentKey>) -> Result<Card, CardError> {
    let keys = BTreeMap::from([("tips".to_owned(), keys)]);
    Card::issue(
        &root(),
        &profile(&["tips"]),
        &keys,
        date("2026-11-01"),
        date("2026-12-31"),
        None,
    )
}

fn refusal<T>(result: Result<T, CardError>) -> &'static str {
    result.err().expect("a refusal").code()
}

fn hex(octets: &[u8]) -> String {
    octets
        .iter()
        .fold(String::new(), |hex, octet| hex + &format!("{octet:02x}"))
}

/// The text of a small card without keys, to be changed and signed again.
fn small() -> String {
    let agency = Profile {
        caller_groups: vec![],
        channels: Channels::default(),
        ..profile(&["tips"])
    };
    let card = Card::issue(
        &root(),
        &agency,
        &BTreeMap::new(),
        date("2026-11-01"),
        date("2026-12-31"),
        None,
    )
    .unwrap();
    let note = String::from_utf8(card.as_bytes().to_vec()).unwrap();
    note.split_once("\n\n").unwrap().0.to_owned()
}

/// Signs a text as the root of these tests, without `Card`.
fn sign(text: &str) -> Vec<u8> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let id = Sha256::digest(
        [
            b"hamsa-card\n\x01".as_slice(),
            key.verifying_key().as_bytes(),
        ]
        .concat(),
    );
    let signature = STANDARD.encode(
        [
            &id[..4],
            &key.sign(format!("{text}\n").as_bytes()).to_bytes(),
        ]
        .concat(),
    );
    format!("{text}\n\n— hamsa-card {signature}\n").into_bytes()
}

/// What becomes of the small card when a part of its text is replaced before it is signed.
fn parse_with(old: &str, new: &str) -> Result<Card, CardError> {
    let text = small();
    assert_eq!(text.matches(old).count(), 1, "{old} in {text}");
    Card::parse(&sign(&text.replace(old, new)))
}

#[test]
fn what_is_issued_can_be_read_again() {
    let keys = keys();
    let card = Card::issue(
        &root(),
        &profile(&["tips"]),
        &keys,
        date("2026-11-01"),
        date("2026-12-31"),
        None,
    )
    .unwrap();
    let read = Card::parse(card.as_bytes()).unwrap();
    assert_eq!(read.as_bytes(), card.as_bytes());
    assert_eq!(*read.profile(), profile(&["tips"]));
    assert_eq!(read.keys("tips"), keys["tips"]);
    assert!(read.keys("other").is_empty());
    assert_eq!(
        (read.issue_number(), read.issued(), read.expires()),
        (1, date("2026-11-01"), date("2026-12-31"))
    );
    assert_eq!(read.fingerprint(), root().fingerprint());
    read.expect(&root().fingerprint()).unwrap();
}

#[test]
fn the_text_of_a_card_is_the_one_that_the_format_shows() {
    let public = SigningKey::from_bytes(&[7; 32]).verifying_key();
    let verifier = format!(
        "{VERIFIER}{}",
        STANDARD.encode([&[1], public.as_bytes().as_slice()].concat())
    );
    assert_eq!(root().verifier(), verifier);
    let expected = [
        r#"{"version":1,"issue":1,"issued":"2026-11-01","expires":"2026-12-31","root":""#,
        &verifier,
        r#"","agency":{"ar":"هيئة المثال","en":"Example Agency"},"departments":[{"id":"tips","names":{"en":"Tips"},"#,
        r#""topics":[{"id":"fraud","names":{"ar":"احتيال","en":"Fraud"}}],"keys":[]}],"caller_groups":[],"#,
        r#""channels":{"phone":[],"sms":[],"mail":[],"web":[],"onion":[]}}"#,
    ];
    assert_eq!(small(), expected.concat());
}

#[test]
fn a_note_signed_by_other_means_is_read() {
    let card = Card::parse(&sign(&small())).unwrap();
    assert_eq!(card.fingerprint(), root().fingerprint());
}

#[test]
fn unknown_fields_are_passed_over() {
    parse_with(r#"{"version":1,"#, r#"{"later":{"a":[null]},"version":1,"#).unwrap();
    parse_with(r#""id":"tips","#, r#""id":"tips","later":1,"#).unwrap();
}

#[test]
fn an_agency_file_reads_back_as_the_profile() {
    let json = serde_json::to_string(&profile(&["tips", "traffic"])).unwrap();
    assert_eq!(
        serde_json::from_str::<Profile>(&json).unwrap(),
        profile(&["tips", "traffic"])
    );
    let least = r#"{"agency":{"en":"A"},"departments":[{"id":"a","names":{"en":"A"}}]}"#;
    serde_json::from_str::<Profile>(least).unwrap();
    let slip = r#"{"agency":{"en":"A"},"departments":[],"caler_groups":[]}"#;
    serde_json::from_str::<Profile>(slip).unwrap_err();
}

// One test per refusal.

#[test]
fn what_is_no_note_is_refused() {
    let note = String::from_utf8(issue(None).as_bytes().to_vec()).unwrap();
    for bad in [
        String::new(),
        "\n\n".to_owned(),
        small(),
        note.replace("\n\n", "\n"),
        note.replace('\n', "\r\n"),
        note.replace("— ", "- "),
        format!("\u{feff}{note}\u{1}"),
        format!("{note}\n"),
        format!("{note}— name AAAA\n"),
    ] {
        assert_eq!(refusal(Card::parse(bad.as_bytes())), "not-a-card", "{bad}");
    }
    assert_eq!(
        refusal(Card::parse(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n")),
        "not-a-card"
    );
}

#[test]
fn more_than_64_signatures_are_refused() {
    let note = String::from_utf8(issue(None).as_bytes().to_vec()).unwrap();
    let with = |others: usize| format!("{note}{}", "— name AAAAAAA=\n".repeat(others));
    let card = Card::parse(with(63).as_bytes()).unwrap();
    assert_eq!(card.as_bytes(), with(63).as_bytes());
    assert_eq!(refusal(Card::parse(with(64).as_bytes())), "not-a-card");
}

#[test]
fn more_than_a_mebibyte_is_refused() {
    let with = |filler: usize| sign(&format!("{}{}", small(), " ".repeat(filler)));
    let room = (1 << 20) - with(0).len();
    assert_eq!(Card::parse(&with(room)).unwrap().as_bytes().len(), 1 << 20);
    assert_eq!(refusal(Card::parse(&with(room + 1))), "not-a-card");
}

#[test]
fn contents_that_break_a_rule_are_refused() {
    let changes = [
        ("\"issue\":1", "\"issue\":0"),
        ("\"issue\":1", "\"issue\":2"),
        ("\"issue\":1", "\"issue\":1.0"),
        ("\"issue\":1", "\"issue\":1,\"issue\":1"),
        ("\"version\":1", "\"version\":\"1\""),
        ("\"version\":1", "\"version\":1,\"version\":1"),
        ("\"version\":1,", ""),
        ("\"issued\":\"2026-11-01\"", "\"issued\":\"2027-01-01\""),
        ("\"issued\":\"2026-11-01\"", "\"issued\":\"2026-11-31\""),
        ("\"root\":\"hamsa-card", "\"root\":\"hamsa-cart"),
        ("ee0ff8ac", "ee0ff8a0"),
        ("ee0ff8ac", "EE0FF8AC"),
        ("\"root\"", "\"toor\""),
        ("\"agency\":{", "\"agency\":{\"en\":\"Another\","),
        ("\"ar\":\"هيئة المثال\",\"en\":\"Example Agency\"", ""),
        ("Example Agency", " "),
        ("Example Agency", "Example\\nAgency"),
        ("Example Agency", "Example \\u0085"),
        ("Example Agency", "Example \u{202e}ycnegA"),
        ("Example Agency", "\u{200f}Example"),
        ("Example Agency", "Example\u{2029}Agency"),
        ("\"en\":\"Example Agency\"", "\"e\":\"Example Agency\""),
        ("\"en\":\"Example Agency\"", "\"en_GB\":\"Example Agency\""),
        ("\"en\":\"Example Agency\"", "\"en-\":\"Example Agency\""),
        ("\"id\":\"tips\"", "\"id\":\"\""),
        ("\"id\":\"tips\"", "\"id\":\"Tips\""),
        ("\"id\":\"tips\"", "\"id\":\"../tips\""),
        (
            "\"id\":\"tips\"",
            "\"id\":\"a23456789-123456789-123456789-123\"",
        ),
        ("\"id\":\"fraud\"", "\"id\":\"fräud\""),
        (
            "\"topics\":[",
            "\"topics\":[{\"id\":\"fraud\",\"names\":{\"en\":\"F\"}},",
        ),
        (
            "\"departments\":[",
            "\"departments\":[{\"id\":\"tips\",\"names\":{\"en\":\"T\"},\"keys\":[]},",
        ),
        (
            "\"caller_groups\":[]",
            "\"caller_groups\":[{\"id\":\"?\",\"names\":{\"en\":\"T\"}}]",
        ),
        ("\"phone\":[]", "\"phone\":[\"\"]"),
        ("\"phone\":[]", "\"phone\":[\"\u{2066}999\"]"),
        (",\"keys\":[]", ""),
        ("\"keys\":[]", "\"keys\":[{}]"),
        ("\"onion\":[]}}", "\"onion\":[]}} {}"),
        ("\"onion\":[]}}", "\"onion\":[]}"),
        ("{\"version\"", "[{\"version\""),
        (",\"issued\"", "\n,\"issued\""),
    ];
    for (old, new) in changes {
        assert_eq!(refusal(parse_with(old, new)), "bad-card", "{old} -> {new}");
    }
}

#[test]
fn the_digest_of_the_previous_card_stands_in_every_card_but_the_first() {
    let digest = "0123456789abcdef".repeat(4);
    let with = |issue: u64, previous: &str| {
        parse_with(
            "\"issue\":1,",
            &format!("\"issue\":{issue},\"previous\":\"{previous}\","),
        )
    };
    assert_eq!(with(2, &digest).unwrap().issue_number(), 2);
    assert_eq!(refusal(with(1, &digest)), "bad-card");
    assert_eq!(refusal(with(2, "")), "bad-card");
    assert_eq!(refusal(with(2, &digest.to_uppercase())), "bad-card");
    assert_eq!(refusal(with(2, &digest[1..])), "bad-card");
}

#[test]
fn keys_that_cannot_be_sealed_to_are_refused() {
    let good = key("2026-11-01", "2026-11-30");
    let mut late = good.clone();
    late.from = date("2026-12-01");
    let mut swapped = good.clone();
    swapped.short = Some(full());
    let mut classical = good.clone();
    classical.full = short();
    let mut again = key("2026-11-30", "2026-12-30");
    again.full = good.full.clone();
    for keys in [
        vec![late],
        vec![swapped],
        vec![classical],
        vec![good.clone(), again.clone()],
    ] {
        assert_eq!(refusal(issue_keys(keys)), "bad-card");
    }
    again.from = date("2026-12-01");
    issue_keys(vec![good.clone(), again]).unwrap();
    let text = format!("\"keys\":[{}]", serde_json::to_string(&good).unwrap());
    parse_with("\"keys\":[]", &text).unwrap();
    assert_eq!(
        refusal(parse_with("\"keys\":[]", &text.replace("age1", "age2"))),
        "bad-card"
    );
}

#[test]
fn more_than_eight_keys_on_one_day_are_refused() {
    let mut keys: Vec<_> = (0..8).map(|_| key("2026-11-01", "2026-11-15")).collect();
    keys.extend((0..8).map(|_| key("2026-11-16", "2026-11-30")));
    issue_keys(keys.clone()).unwrap();
    keys[0].until = date("2026-11-16");
    assert_eq!(refusal(issue_keys(keys)), "bad-card");
}

#[test]
fn another_version_is_refused_before_anything_else_is_read() {
    assert_eq!(
        refusal(parse_with("\"version\":1", "\"version\":2")),
        "newer-card"
    );
    assert_eq!(
        refusal(Card::parse(&sign(r#"{"root":["other"],"version":2}"#))),
        "newer-card"
    );
}

#[test]
fn a_signature_of_another_key_is_refused() {
    let other = RootKey::generate().unwrap();
    let forged = small().replace(&root().verifier(), &other.verifier());
    assert_eq!(refusal(Card::parse(&sign(&forged))), "bad-signature");
}

#[test]
fn a_changed_text_is_refused() {
    let note = String::from_utf8(issue(None).as_bytes().to_vec()).unwrap();
    assert_eq!(
        refusal(Card::parse(note.replace("800 4888", "800 4889").as_bytes())),
        "bad-signature"
    );
}

#[test]
fn a_signature_that_is_too_short_is_refused() {
    let note = String::from_utf8(sign(&small())).unwrap();
    let (text, line) = note.rsplit_once("— hamsa-card ").unwrap();
    let octets = STANDARD.decode(line.trim_end()).unwrap();
    let cut = format!(
        "{text}— hamsa-card {}\n",
        STANDARD.encode(&octets[..octets.len() - 1])
    );
    assert_eq!(refusal(Card::parse(cut.as_bytes())), "bad-signature");
}

#[test]
fn a_low_order_root_is_refused() {
    // The neutral element: without the strict check every text has a signature under it.
    let mut key = [0; 33];
    key[..2].copy_from_slice(&[1, 1]);
    let id = Sha256::digest([b"hamsa-card\n".as_slice(), &key].concat());
    let hex = hex(&id[..4]);
    let text = small().replace(
        &root().verifier(),
        &format!("hamsa-card+{hex}+{}", STANDARD.encode(key)),
    );
    let mut signature = id[..4].to_vec();
    signature.extend_from_slice(&key[1..]);
    signature.extend_from_slice(&[0; 32]);
    let note = format!("{text}\n\n— hamsa-card {}\n", STANDARD.encode(signature));
    assert_eq!(refusal(Card::parse(note.as_bytes())), "bad-signature");
}

#[test]
fn another_fingerprint_is_refused() {
    let other = RootKey::generate().unwrap().fingerprint();
    assert_eq!(refusal(issue(None).expect(&other)), "wrong-fingerprint");
}

#[test]
fn a_fingerprint_that_is_not_40_digits_is_refused() {
    let digits = root().fingerprint().to_string();
    for bad in [
        String::new(),
        digits[1..].to_owned(),
        format!("{digits}0"),
        digits.replace(' ', "/"),
        digits.replace('0', "O"),
        digits.replace('1', "١.").replace('2', "२"),
    ] {
        assert_eq!(
            refusal(bad.parse::<Fingerprint>()),
            "bad-fingerprint",
            "{bad}"
        );
    }
}

#[test]
fn what_is_no_day_is_refused() {
    for bad in [
        "",
        "2026",
        "2026-11",
        "2026-11-22-",
        "2026-1-22",
        "26-11-22",
        "2026-11-2",
        "+026-11-22",
        "2026-+1-22",
        "2026-00-01",
        "2026-13-01",
        "2026-11-00",
        "2026-11-31",
        "2026-02-29",
        "1900-02-29",
        "0000-01-01",
        "2026/11/22",
        " 2026-11-22",
        "٢٠٢٦-11-22",
        "2026--1-22",
    ] {
        assert_eq!(refusal(bad.parse::<Date>()), "bad-date", "{bad}");
    }
    assert_eq!(refusal(Date::from_ymd(10_000, 1, 1)), "bad-date");
}

#[test]
fn a_card_is_refused_after_its_last_day_and_before_its_first() {
    let card = issue(None);
    card.check_valid_on(date("2026-11-01")).unwrap();
    card.check_valid_on(date("2026-12-31")).unwrap();
    assert_eq!(refusal(card.check_valid_on(date("2027-01-01"))), "expired");
    assert_eq!(
        refusal(card.check_valid_on(date("2026-10-31"))),
        "not-yet-valid"
    );
    assert_eq!(
        refusal(card.recipients(None, date("2027-01-01"))),
        "expired"
    );
    assert_eq!(
        refusal(card.recipients(None, date("2026-10-31"))),
        "not-yet-valid"
    );
}

#[test]
fn an_older_card_is_refused() {
    let first = issue(None);
    let second = issue(Some(&first));
    assert_eq!(refusal(first.check_follows(&second)), "rolled-back");
}

#[test]
fn the_same_card_and_its_successors_follow() {
    let first = issue(None);
    let second = issue(Some(&first));
    let third = issue(Some(&second));
    assert_eq!(third.issue_number(), 3);
    for (card, known) in [
        (&first, &first),
        (&second, &first),
        (&third, &second),
        (&third, &first),
    ] {
        card.check_follows(known).unwrap();
    }
    assert_eq!(second.fingerprint(), first.fingerprint());
}

#[test]
fn a_card_that_does_not_continue_the_known_one_is_refused() {
    let first = issue(None);
    let fork = issue(None);
    assert_ne!(fork.as_bytes(), first.as_bytes());
    assert_eq!(refusal(fork.check_follows(&first)), "not-a-successor");
    assert_eq!(
        refusal(issue(Some(&fork)).check_follows(&first)),
        "not-a-successor"
    );

    let other = RootKey::generate().unwrap();
    let (from, until) = (date("2026-11-01"), date("2026-12-31"));
    let stranger = Card::issue(&other, &profile(&["tips"]), &keys(), from, until, None).unwrap();
    assert_eq!(refusal(stranger.check_follows(&first)), "not-a-successor");
}

#[test]
fn a_signature_added_on_the_way_does_not_break_the_chain() {
    let first = issue(None);
    let second = issue(Some(&first));
    let known = [first.as_bytes(), "— carrier AAAAAAA=\n".as_bytes()].concat();
    let known = Card::parse(&known).unwrap();
    first.check_follows(&known).unwrap();
    second.check_follows(&known).unwrap();
}

#[test]
fn the_successor_names_the_hash_of_the_published_file() {
    let first = issue(None);
    let hash = hex(&Sha256::digest(first.as_bytes()));
    let second = String::from_utf8(issue(Some(&first)).as_bytes().to_vec()).unwrap();
    assert!(second.contains(&format!(
        "\"issue\":2,\"issued\":\"2026-11-01\",\"expires\":\"2026-12-31\",\"previous\":\"{hash}\""
    )));
}

#[test]
fn an_unknown_department_is_refused() {
    let card = issue(None);
    assert_eq!(
        refusal(card.recipients(Some("traffic"), date("2026-11-22"))),
        "no-such-department"
    );
    card.recipients(Some("tips"), date("2026-11-22")).unwrap();
    card.recipients(None, date("2026-11-22")).unwrap();
    let (from, until) = (date("2026-11-01"), date("2026-12-31"));
    let keys_of_nobody = Card::issue(&root(), &profile(&["traffic"]), &keys(), from, until, None);
    assert_eq!(refusal(keys_of_nobody), "no-such-department");
    let empty = Card::issue(&root(), &profile(&[]), &BTreeMap::new(), from, until, None).unwrap();
    assert_eq!(refusal(empty.recipients(None, from)), "no-such-department");
}

#[test]
fn with_several_departments_none_is_chosen_for_the_caller() {
    let (from, until) = (date("2026-11-01"), date("2026-12-31"));
    let card = Card::issue(
        &root(),
        &profile(&["tips", "traffic"]),
        &keys(),
        from,
        until,
        None,
    )
    .unwrap();
    assert_eq!(
        refusal(card.recipients(None, date("2026-11-22"))),
        "which-department"
    );
    card.recipients(Some("tips"), date("2026-11-22")).unwrap();
    assert_eq!(
        refusal(card.recipients(Some("traffic"), date("2026-11-22"))),
        "no-current-key"
    );
}

#[test]
fn a_day_without_a_key_is_refused() {
    let card = issue(None);
    card.recipients(None, date("2026-11-01")).unwrap();
    card.recipients(None, date("2026-11-30")).unwrap();
    assert_eq!(
        refusal(card.recipients(None, date("2026-12-01"))),
        "no-current-key"
    );
}

#[test]
fn a_root_key_that_is_not_valid_or_not_of_the_card_is_refused() {
    for bad in [
        String::new(),
        ROOT.replace("PRIVATE", "PUBLIC"),
        ROOT.replace("hamsa-card", "other"),
        ROOT.replace("ee0ff8ac", "ee0ff8a0"),
        ROOT.replace("+AQcH", "+AgcH"),
        ROOT.replace("cHBwcH", "cHBwcI"),
        format!("{ROOT}="),
        format!("{ROOT}AAAA"),
        ROOT[..ROOT.len() - 4].to_owned(),
        root().verifier(),
    ] {
        assert_eq!(refusal(RootKey::parse(&bad)), "bad-root-key", "{bad}");
    }
    let (other, (from, until)) = (
        RootKey::generate().unwrap(),
        (date("2026-11-01"), date("2026-12-31")),
    );
    let stolen = Card::issue(
        &other,
        &profile(&["tips"]),
        &keys(),
        from,
        until,
        Some(&issue(None)),
    );
    assert_eq!(refusal(stolen), "bad-root-key");
}

#[test]
fn a_root_key_reads_back_from_its_text() {
    assert_eq!(*root().to_text(), ROOT);
    let made = RootKey::generate().unwrap();
    let read = RootKey::parse(&format!("{}\n", *made.to_text())).unwrap();
    assert_eq!(
        (read.verifier(), read.fingerprint()),
        (made.verifier(), made.fingerprint())
    );
}

#[test]
fn a_fingerprint_reads_back_from_every_script() {
    let fingerprint = root().fingerprint();
    let digits = fingerprint.to_string();
    assert_eq!(digits.len(), 47);
    assert!(digits.split(' ').all(|group| group.len() == 5));
    let in_script = |zero: u32| -> String {
        digits
            .chars()
            .map(|c| {
                c.to_digit(10)
                    .map_or(c, |d| char::from_u32(zero + d).unwrap())
            })
            .collect()
    };
    for text in [
        digits.clone(),
        in_script(0x660),
        in_script(0x6F0),
        digits.replace(' ', ""),
        digits.replace(' ', "-"),
        digits.replace(' ', "\u{a0}–\n"),
        format!("\u{200f}\u{2066}{}\u{2069}\u{61c}", in_script(0x660)),
        format!(
            "{}{}",
            &digits[..24],
            &in_script(0x6F0).chars().skip(24).collect::<String>()
        ),
    ] {
        assert_eq!(text.parse::<Fingerprint>().unwrap(), fingerprint, "{text}");
    }
}

#[test]
fn the_fingerprint_is_the_published_one() {
    // Computed by another program from the definition in the format.
    assert_eq!(
        root().fingerprint().to_string(),
        "64099 13920 28656 23619 05514 57917 33147 07069"
    );
}

#[test]
fn dates_read_back_and_keep_the_calendars_order() {
    let days = [
        "0001-01-01",
        "1999-12-31",
        "2000-02-29",
        "2000-03-01",
        "2026-11-22",
        "9999-12-31",
    ];
    for (day, next) in days.iter().zip(&days[1..]) {
        assert_eq!(date(day).to_string(), *day);
        assert!(date(day) < date(next));
    }
    assert_eq!(Date::from_ymd(2026, 11, 22).unwrap(), date("2026-11-22"));
}

#[test]
fn the_name_that_fits_a_language_best_is_given() {
    let names = names(&[("ar-AE", "a"), ("de", "d"), ("en", "e"), ("zh-Hant", "z")]);
    for (language, name) in [
        ("de", "d"),
        ("DE", "d"),
        ("de-CH-1996", "d"),
        ("ar-ae", "a"),
        ("ar", "a"),
        ("ar-EG", "a"),
        ("zh-Hant-TW", "z"),
        ("fr", "e"),
        ("", "e"),
    ] {
        assert_eq!(names.get(language), name, "{language}");
    }
    assert_eq!(
        self::names(&[("ur", "u"), ("ru", "r")]).get("fr"),
        "r",
        "the first when there is no English"
    );
}

#[test]
fn what_is_sealed_to_a_card_opens_with_the_departments_keys_of_the_day() {
    let made = || {
        (
            Identity::generate().unwrap(),
            Identity::generate_x25519().unwrap(),
        )
    };
    let days = [
        ("2026-11-01", "2026-11-20"),
        ("2026-11-15", "2026-11-30"),
        ("2026-12-01", "2026-12-31"),
    ];
    let epochs = days.map(|days| (made(), days));
    let of = |identity: &Identity| identity.recipient().unwrap();
    let keys = epochs
        .iter()
        .map(|((full, short), (from, until))| DepartmentKey {
            full: of(full),
            short: Some(of(short)),
            from: date(from),
            until: date(until),
        });
    let to = issue_keys(keys.collect())
        .unwrap()
        .recipients(Some("tips"), date("2026-11-15"))
        .unwrap();
    let full = seal(Tip::new("A whisper.".to_owned().into()).unwrap(), &to).unwrap();
    let short = seal_short("A whisper.", &to).unwrap();
    let opened = epochs.map(|((full_key, short_key), _)| {
        let opens = |envelope: &Envelope, key| {
            let mut ring = KeyRing::new();
            ring.add(key);
            open(envelope.as_bytes(), &ring).is_ok()
        };
        (opens(&full, full_key), opens(&short, short_key))
    });
    assert_eq!(opened, [(true, false), (true, true), (false, false)]);
}

// Properties.

#[test]
fn every_changed_bit_is_refused() {
    let good = sign(&small());
    let mut note = good.clone();
    for at in 0..note.len() {
        for bit in 0..8 {
            note[at] ^= 1 << bit;
            assert!(Card::parse(&note).is_err(), "bit {bit} of octet {at}");
            note[at] ^= 1 << bit;
        }
    }
    assert_eq!(note, good);
}

#[test]
fn every_truncation_and_every_missing_octet_is_refused() {
    let good = issue(None).as_bytes().to_vec();
    for at in 0..good.len() {
        assert!(Card::parse(&good[..at]).is_err(), "cut at {at}");
    }
    let good = sign(&small());
    for at in 0..good.len() {
        let mut note = good.clone();
        note.remove(at);
        assert!(Card::parse(&note).is_err(), "octet {at} taken out");
        note.insert(at, good[at]);
        note.insert(at, b' ');
        assert!(Card::parse(&note).is_err(), "space before octet {at}");
    }
}
