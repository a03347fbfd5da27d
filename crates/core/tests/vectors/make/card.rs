//! Cards, and the questions that are asked of them; fingerprints, days and root keys.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use hamsa_core::{Identity, RootKey};
use sha2::{Digest as _, Sha256};

use crate::{
    age_file::{fixed, identity},
    file::{Vector, hex, sha256},
};

/// Signs a text as a C2SP note, with a key of its own: `7` stands for 32 times that octet.
fn sign(text: &str, seed: u8) -> String {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let signature = key.sign(text.as_bytes()).to_bytes();
    format!("{text}\n{}", line(&key_id(&key), &signature))
}

fn line(id: &[u8], signature: &[u8]) -> String {
    format!("— hamsa-card {}\n", STANDARD.encode([id, signature].concat()))
}

fn key_id(key: &SigningKey) -> [u8; 4] {
    let public = key.verifying_key();
    let id = Sha256::digest([b"hamsa-card\n\x01".as_slice(), public.as_bytes()].concat());
    *id.first_chunk().unwrap()
}

fn verifier(seed: u8) -> String {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let octets = [&[1], key.verifying_key().as_bytes().as_slice()].concat();
    format!("hamsa-card+{}+{}", hex(&key_id(&key)), STANDARD.encode(octets))
}

fn root_key(seed: u8) -> String {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let octets = [&[1], key.as_bytes().as_slice()].concat();
    format!("PRIVATE+KEY+hamsa-card+{}+{}", hex(&key_id(&key)), STANDARD.encode(octets))
}

fn recipient(hrp: &str, name: &str) -> String {
    let identity = Identity::parse(&identity(hrp, &fixed(name))).unwrap();
    identity.recipient().unwrap().to_string()
}

fn full(name: &str) -> String {
    recipient("AGE-SECRET-KEY-PQ-", name)
}

fn short(name: &str) -> String {
    recipient("AGE-SECRET-KEY-", name)
}

/// A department's key from one day through another.
fn key(name: &str, from: &str, until: &str) -> String {
    format!(r#"{{"full":"{}","short":"{}","from":"{from}","until":"{until}"}}"#, full(name), short(name))
}

/// The text of a card whose one department has these keys.
fn text(keys: &str) -> String {
    format!(
        r#"{{"version":1,"issue":1,"issued":"2026-11-01","expires":"2026-12-31","root":"{}","agency":{{"ar":"هيئة المثال","en":"Example Agency"}},"departments":[{{"id":"tips","names":{{"en":"Tips"}},"topics":[{{"id":"fraud","names":{{"ar":"احتيال","en":"Fraud"}}}}],"keys":[{keys}]}}],"caller_groups":[{{"id":"citizen","names":{{"en":"Citizens"}}}}],"channels":{{"phone":["800 4888"],"sms":[],"mail":[],"web":[],"onion":[]}}}}"#,
        verifier(7)
    ) + "\n"
}

fn november() -> String {
    key("november", "2026-11-01", "2026-11-30")
}

fn card(name: &str, expect: &str, comment: &str, note: &str) -> Vector {
    let name = format!("card-{name}");
    Vector::new(&name, expect, comment, note.as_bytes().to_vec()).with("kind", "card")
}

pub fn vectors() -> Vec<Vector> {
    [good(), notes(), contents(), keys(), questions(), texts()].concat()
}

/// The agency's second card, which names the digest of the first.
fn second(first: &str) -> String {
    let previous = sha256(first.as_bytes());
    let old = r#""issue":1,"issued":"2026-11-01","expires":"2026-12-31","#;
    let new = format!(r#""issue":2,"issued":"2026-11-20","expires":"2027-01-31","previous":"{previous}","#);
    sign(&text(&november()).replace(old, &new), 7)
}

fn third(second: &str) -> String {
    let previous = sha256(second.as_bytes());
    let old = r#""issue":1,"issued":"2026-11-01","expires":"2026-12-31","#;
    let new = format!(r#""issue":3,"issued":"2026-12-20","expires":"2027-02-28","previous":"{previous}","#);
    sign(&text(&november()).replace(old, &new), 7)
}

fn fingerprint(seed: u8) -> String {
    RootKey::parse(&root_key(seed)).unwrap().fingerprint().to_string()
}

fn good() -> Vec<Vector> {
    let first = sign(&text(&november()), 7);
    let second = second(&first);
    let least = format!(r#"{{"version":1,"issue":1,"issued":"2026-11-01","expires":"2026-11-01","root":"{}","agency":{{"en":"A"}},"departments":[]}}"#, verifier(7)) + "\n";
    let eight: Vec<_> = (0..8).map(|n| key(&format!("key {n}"), "2026-11-01", "2026-11-30")).collect();
    let day = |vector: Vector, day| vector.with("fingerprint", &fingerprint(7)).with("day", day);
    vec![
        day(card("first", "success", "A first card; on the last day of its key.", &first), "2026-11-30"),
        day(card("second", "success", "The second card; the first one is known.", &second).with("known", "card-first"), "2026-11-20"),
        card("third", "success", "The third card; the first is known and the second was missed.", &third(&second)).with("known", "card-first"),
        card("again", "success", "The known card again.", &first).with("known", "card-first"),
        card("least", "success", "As little as a card can say.", &sign(&least, 7)),
        card("unknown-fields", "success", "Fields that version 1 does not know are passed over.", &sign(&text("").replace(r#""issue""#, r#""later":{"a":[null]},"issue""#).replace(r#""id":"tips""#, r#""later":1,"id":"tips""#), 7)),
        card("other-signature", "success", "A signature of a key that nobody here knows.", &format!("{first}— carrier AAAAAAA=\n")),
        card("signed-twice", "success", "The root's signature twice.", &format!("{first}{}\n", first.lines().last().unwrap())),
        day(card("no-short", "success", "A key without one for short envelopes.", &sign(&text(&november().replace(&format!(r#""short":"{}","#, short("november")), "")), 7)), "2026-11-15"),
        day(card("eight-keys", "success", "Eight keys on one day.", &sign(&text(&eight.join(",")), 7)), "2026-11-15"),
    ]
}

/// The form of the note, and its signature.
fn notes() -> Vec<Vector> {
    let text = text("");
    let right = sign(&text, 7);
    let bad = |name: &str, comment: &str, note: &str| {
        assert_ne!(note, right, "{name}");
        card(name, "not-a-card", comment, note)
    };
    let signature = right.lines().last().unwrap();
    let octets = STANDARD.decode(signature.rsplit_once(' ').unwrap().1).unwrap();
    let forged = |name: &str, comment: &str, note: &str| {
        assert_ne!(note, right, "{name}");
        card(name, "bad-signature", comment, note)
    };
    let mut changed = octets.clone();
    changed[40] ^= 1;
    // The order of the group added to the second half: the same signature to a lenient reader.
    let order: [u8; 16] = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14];
    let mut malleable = octets.clone();
    let mut carry = 0_u16;
    for (at, octet) in malleable[36..].iter_mut().enumerate() {
        let add: u8 = order.get(at).copied().unwrap_or(if at == 31 { 0x10 } else { 0 });
        let sum = u16::from(*octet) + u16::from(add) + carry;
        (*octet, carry) = (u8::try_from(sum & 0xff).unwrap(), sum >> 8);
    }
    assert_eq!(carry, 0);
    vec![
        bad("empty", "No octets.", ""),
        bad("unsigned", "The text alone.", &text),
        bad("no-empty-line", "No empty line between text and signature.", &right.replace("\n\n", "\n")),
        bad("crlf", "Lines that end with CR LF.", &right.replace('\n', "\r\n")),
        bad("dash", "A hyphen instead of the dash.", &right.replace("— ", "- ")),
        bad("cut", "The last newline is missing.", right.trim_end()),
        bad("line-behind", "An empty line behind the signature.", &format!("{right}\n")),
        bad("signature-padding", "The signature's base64 lacks its padding.", right.trim_end_matches(['=', '\n'])),
        bad("signature-no-octets", "A signature line with a key id and nothing else.", &format!("{right}— a AAAAAA==\n")),
        bad("signature-spaces", "Two spaces before the signature.", &right.replace("hamsa-card A", "hamsa-card  A").replace("— hamsa-card ", "— hamsa-card  ")),
        bad("signature-name", "A plus sign in the name of a signature.", &format!("{right}— a+b AAAAAAA=\n")),
        bad("control", "A control character behind the note.", &format!("{right}\u{1}")),
        bad("tab", "A tab in the text.", &sign(&text.replace(":[]", ":\t[]"), 7)),
        bad("65-signatures", "More signatures than are read.", &format!("{right}{}", "— name AAAAAAA=\n".repeat(64))),
        forged("changed", "The telephone number was changed.", &right.replace("4888", "4889")),
        forged("signature-changed", "A bit of the signature was flipped.", &right.replace(signature, line(&changed[..4], &changed[4..]).trim_end())),
        forged("signature-short", "A signature of 63 octets.", &right.replace(signature, line(&octets[..4], &octets[4..67]).trim_end())),
        forged("signature-malleable", "The order of the group was added to the signature.", &right.replace(signature, line(&malleable[..4], &malleable[4..]).trim_end())),
        forged("signature-other-key", "Signed by another key than the root.", &sign(&text, 8)),
        forged("signature-key-id", "Another key id before the signature.", &right.replace(signature, line(&[0; 4], &octets[4..]).trim_end())),
        forged("signature-second-wrong", "A second signature of the root, which does not fit.", &format!("{right}{}", line(&changed[..4], &changed[4..]))),
        forged("root-other", "The text names another root.", &sign(&text.replace(&verifier(7), &verifier(8)), 7)),
        forged("root-low-order", "The root is the neutral element, under which every text has a signature.", &low_order(&text)),
        forged("space-added", "A space was added to the text.", &right.replace(":[]", ": []")),
    ]
}

fn low_order(text: &str) -> String {
    let mut key = [0; 33];
    key[..2].copy_from_slice(&[1, 1]);
    let id = Sha256::digest([b"hamsa-card\n".as_slice(), &key].concat());
    let root = format!("hamsa-card+{}+{}", hex(&id[..4]), STANDARD.encode(key));
    let mut signature = [0; 64];
    signature[0] = 1;
    let text = text.replace(&verifier(7), &root);
    format!("{text}\n{}", line(&id[..4], &signature))
}

/// Well signed, but not what a card may say.
fn contents() -> Vec<Vector> {
    let text = text("");
    let changes: [(&str, &str, &str, &str); 39] = [
        ("issue-0", "The number 0.", r#""issue":1"#, r#""issue":0"#),
        ("issue-2", "The second card without the digest of the first.", r#""issue":1"#, r#""issue":2"#),
        ("issue-fraction", "The number as a fraction.", r#""issue":1"#, r#""issue":1.0"#),
        ("issue-twice", "The number twice.", r#""issue":1"#, r#""issue":1,"issue":1"#),
        ("previous-in-first", "A first card with a digest.", r#""root""#, r#""previous":"0000000000000000000000000000000000000000000000000000000000000000","root""#),
        ("previous-short", "A digest of 63 digits.", r#""issue":1"#, r#""previous":"000000000000000000000000000000000000000000000000000000000000000","issue":2"#),
        ("previous-upper", "A digest in upper case.", r#""issue":1"#, r#""previous":"ABCDEF0000000000000000000000000000000000000000000000000000000000","issue":2"#),
        ("version-text", "The version as a string.", r#""version":1"#, r#""version":"1""#),
        ("version-twice", "The version twice.", r#""version":1"#, r#""version":1,"version":1"#),
        ("version-missing", "No version.", r#""version":1,"#, ""),
        ("days-swapped", "It expires before it is issued.", "2026-11-01", "2027-01-01"),
        ("day-of-no-month", "The 31st of November.", "2026-11-01", "2026-11-31"),
        ("day-with-time", "A day with a time.", "2026-11-01", "2026-11-01T00:00:00Z"),
        ("root-name", "The root has another name.", r#""root":"hamsa-card"#, r#""root":"hamsa-cart"#),
        ("root-key-id", "The root's key id does not fit.", "ee0ff8ac", "ee0ff8a0"),
        ("root-upper", "The root's key id in upper case.", "ee0ff8ac", "EE0FF8AC"),
        ("root-missing", "No root.", r#""root""#, r#""toor""#),
        ("root-type", "A root of another type of key.", "+AepK", "+BepK"),
        ("agency-twice", "Two names in one language.", r#""agency":{"#, r#""agency":{"en":"Another","#),
        ("agency-none", "No name.", r#""ar":"هيئة المثال","en":"Example Agency""#, ""),
        ("name-blank", "A name of a space.", "Example Agency", " "),
        ("name-newline", "A name of two lines.", "Example Agency", r"Example\nAgency"),
        ("name-next-line", "U+0085 in a name.", "Example Agency", "Example\\u0085Agency"),
        ("name-line-separator", "U+2028 in a name.", "Example Agency", "Example\u{2028}Agency"),
        ("name-override", "A name that turns the direction of writing.", "Example Agency", "Example \u{202e}ycnegA"),
        ("name-mark", "A name with an invisible mark.", "Example Agency", "\u{200f}Example Agency"),
        ("language", "A language that is none.", r#""en":"Example Agency""#, r#""en_GB":"Example Agency""#),
        ("id-empty", "An empty id.", r#""id":"tips""#, r#""id":"""#),
        ("id-upper", "An id with a capital letter.", r#""id":"tips""#, r#""id":"Tips""#),
        ("id-path", "An id that is a path.", r#""id":"tips""#, r#""id":"../tips""#),
        ("id-long", "An id of 33 characters.", r#""id":"tips""#, r#""id":"a23456789-123456789-123456789-123""#),
        ("id-twice", "Two departments of one id.", r#""departments":["#, r#""departments":[{"id":"tips","names":{"en":"T"},"keys":[]},"#),
        ("topic-twice", "Two topics of one id.", r#""topics":["#, r#""topics":[{"id":"fraud","names":{"en":"F"}},"#),
        ("caller-group", "A caller group whose id is none.", r#""id":"citizen""#, r#""id":"?""#),
        ("channel-empty", "An empty telephone number.", "800 4888", ""),
        ("channel-direction", "A telephone number that turns the direction of writing.", "800 4888", "\u{2066}800 4888"),
        ("keys-missing", "A department without a list of keys.", r#","keys":[]"#, ""),
        ("two-lines", "The text has two lines.", r#","issued""#, ",\n\"issued\""),
        ("something-behind", "Something behind the object.", "]}}\n", "]}} {}\n"),
    ];
    let mut vectors: Vec<_> = changes
        .into_iter()
        .map(|(name, comment, old, new)| {
            assert_eq!(text.matches(old).count(), 1, "{name}: {old}");
            card(name, "bad-card", comment, &sign(&text.replace(old, new), 7))
        })
        .collect();
    let version = text.replace(r#""version":1"#, r#""version":2"#);
    vectors.extend([
        card("not-json", "bad-card", "Signed, but not JSON.", &sign("A whisper.\n", 7)),
        card("version-2", "newer-card", "A later version.", &sign(&version, 7)),
        card("version-2-unsigned-root", "newer-card", "A later version whose root looks different.", &sign("{\"root\":[\"other\"],\"version\":2}\n", 7)),
    ]);
    vectors
}

/// Keys that nothing may be sealed to.
fn keys() -> Vec<Vector> {
    let right = november();
    let bad = |name: &str, comment: &str, keys: &str| card(&format!("key-{name}"), "bad-card", comment, &sign(&text(keys), 7));
    let with = |old: &str, new: &str| {
        assert_eq!(right.matches(old).count(), 1, "{old}");
        right.replace(old, new)
    };
    let (hybrid, x25519) = (full("november"), short("november"));
    let hrp = bech32::Hrp::parse("age").unwrap();
    let weak = bech32::encode_lower::<bech32::Bech32>(hrp, &[0; 32]).unwrap();
    let nine: Vec<_> = (0..9).map(|n| key(&format!("key {n}"), "2026-11-01", "2026-11-30")).collect();
    let again = format!("{right},{}", right.replace("2026-11-01", "2026-11-30"));
    vec![
        bad("days-swapped", "A key that ends before it begins.", &with("2026-11-01", "2026-12-01")),
        bad("classical", "A classical key for full envelopes.", &with(&hybrid, &short("another"))),
        bad("hybrid-short", "A hybrid key for short envelopes.", &with(&x25519, &full("another"))),
        bad("weak-short", "A key of low order for short envelopes.", &with(&x25519, &weak)),
        bad("checksum", "A key whose checksum does not fit.", &with(&x25519, &x25519.replace("age1", "age2"))),
        bad("twice", "One key twice on one day.", &again),
        bad("nine", "Nine keys on one day.", &nine.join(",")),
        bad("fields", "A key without its fields.", "{}"),
    ]
}

/// A card that is right, and a question to which it is not the answer.
fn questions() -> Vec<Vector> {
    let first = sign(&text(&november()), 7);
    let second = second(&first);
    let ask = |name: &str, expect: &str, comment: &str, note: &str| card(&format!("asked-{name}"), expect, comment, note);
    let on = |name: &str, expect: &str, comment: &str, day: &str| ask(name, expect, comment, &first).with("day", day);
    let two = text(&november()).replace(r#""departments":["#, r#""departments":[{"id":"traffic","names":{"en":"Traffic"},"keys":[]},"#);
    let two = sign(&two, 7);
    let fork = sign(&text(&november()).replace("800 4888", "800 4889"), 7);
    let none = text("").split(r#""departments""#).next().unwrap().to_owned() + "\"departments\":[]}\n";
    let stranger = sign(&text(&november()).replace(&verifier(7), &verifier(8)), 8);
    vec![
        on("expired", "expired", "The day after its last.", "2027-01-01"),
        on("not-yet-valid", "not-yet-valid", "The day before its first.", "2026-10-31"),
        on("no-current-key", "no-current-key", "A day on which the department has no key.", "2026-12-01"),
        on("no-such-department", "no-such-department", "A department that it does not have.", "2026-11-15").with("department", "traffic"),
        ask("no-departments", "no-such-department", "A card without departments.", &sign(&none, 7)).with("day", "2026-11-15"),
        ask("which-department", "which-department", "Two departments, and none is named.", &two).with("day", "2026-11-15"),
        ask("department-without-key", "no-current-key", "A department without keys.", &two).with("day", "2026-11-15").with("department", "traffic"),
        ask("wrong-fingerprint", "wrong-fingerprint", "Another agency's fingerprint.", &first).with("fingerprint", &fingerprint(8)),
        ask("rolled-back", "rolled-back", "The first card; the second is known.", &first).with("known", "card-second"),
        ask("another-first", "not-a-successor", "Another card of the same number.", &fork).with("known", "card-first"),
        ask("fork", "not-a-successor", "The second card after another first.", &self::second(&fork)).with("known", "card-first"),
        ask("stranger", "not-a-successor", "Another root's card.", &stranger).with("known", "card-first"),
        ask("two-questions", "rolled-back", "The series comes before the day.", &first).with("known", "card-second").with("day", "2027-06-01"),
    ]
    .into_iter()
    .chain([ask("second-on-last-day", "no-current-key", "The second card; its key has ended.", &second).with("known", "card-first").with("day", "2027-01-31")])
    .collect()
}

/// Fingerprints, days and root keys as people write them.
fn texts() -> Vec<Vector> {
    let digits = fingerprint(7);
    let in_script = |zero: u32| -> String {
        let digit = |c: char| c.to_digit(10).map_or(c, |d| char::from_u32(zero + d).unwrap());
        digits.chars().map(digit).collect()
    };
    let root = root_key(7);
    let of = |kind: &str, name: &str, expect: &str, comment: &str, text: &str| Vector::new(name, expect, comment, text.as_bytes().to_vec()).with("kind", kind);
    let mut vectors = Vec::new();
    for (name, comment, text) in [
        ("plain", "Eight groups of five digits.", digits.clone()),
        ("arabic-indic", "Arabic-Indic digits, isolated.", format!("\u{2067}{}\u{2069}", in_script(0x660))),
        ("extended", "Extended Arabic-Indic digits.", in_script(0x6F0)),
        ("dashes", "Dashes of several kinds between the groups, a newline behind.", digits.replacen(' ', "-", 3).replace(' ', "–") + "\n"),
    ] {
        vectors.push(of("fingerprint", &format!("fingerprint-{name}"), "success", comment, &text).with("fingerprint", &digits));
    }
    for (name, comment, text) in [
        ("39-digits", "One digit too few.", digits[1..].to_owned()),
        ("41-digits", "One digit too many.", format!("{digits}0")),
        ("letter", "A letter that looks like a zero.", digits.replacen('0', "O", 1)),
        ("slash", "Slashes between the groups.", digits.replace(' ', "/")),
        ("devanagari", "Digits of a script that is not read.", in_script(0x966)),
    ] {
        vectors.push(of("fingerprint", &format!("fingerprint-{name}"), "bad-fingerprint", comment, &text));
    }
    vectors.push(of("day", "day-leap", "success", "A day of a leap year.", "2000-02-29"));
    for (name, comment, text) in [
        ("no-leap", "1900 was no leap year.", "1900-02-29"),
        ("month-13", "A thirteenth month.", "2026-13-01"),
        ("year-0", "The year 0.", "0000-01-01"),
        ("sign", "A sign before the year.", "+026-11-22"),
        ("space", "A space before the year.", " 2026-11-22"),
        ("slashes", "Slashes.", "2026/11/22"),
        ("digits", "Arabic-Indic digits.", "٢٠٢٦-١١-٢٢"),
    ] {
        vectors.push(of("day", &format!("day-{name}"), "bad-date", comment, text));
    }
    vectors.push(of("root key", "root-key", "success", "A root key.", &root));
    for (name, comment, text) in [
        ("public", "A verifier key.", verifier(7)),
        ("name", "Another name.", root.replace("hamsa-card", "hamsa-cart")),
        ("key-id", "A key id that does not fit.", root.replace("ee0ff8ac", "ee0ff8a0")),
        ("type", "Another type of key.", root.replace("+AQcH", "+AgcH")),
        ("short", "Cut.", root[..root.len() - 4].to_owned()),
        ("padded", "A padding that does not belong there.", format!("{root}=")),
    ] {
        vectors.push(of("root key", &format!("root-key-{name}"), "bad-root-key", comment, &text));
    }
    vectors
}
