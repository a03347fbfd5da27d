//! Refusals of the header: its form, its stanzas, its MAC.

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD as BASE64};
use hamsa_core::{Identity, Recipients, age};

use super::refused;
use crate::{
    age_file::{Stanza, VERSION, analyst, chunks, close, file, fixed, header, identity, public, sealed, stanza, with_stanzas},
    file::Vector,
};

/// What is sealed below a header that is refused: nothing gets that far.
const NOTHING: &[u8] = b"";

pub fn vectors() -> Vec<Vector> {
    [form(), stanzas(), macs(), keys(), hybrid()].concat()
}

/// A file with this header, whatever it is.
fn below(header: &str) -> Vec<u8> {
    file(header, &chunks(NOTHING))
}

fn bad(name: &str, comment: &str, bytes: Vec<u8>) -> Vector {
    refused(&format!("header-{name}"), "bad-header", comment, bytes)
}

fn form() -> Vec<Vector> {
    let own = stanza().text();
    let right = header(&own);
    let whole = below(&right);
    let version = |line: &str| below(&close(&format!("{line}{own}")));
    let mac = right.rsplit_once(' ').unwrap().1.trim_end().to_owned();
    let with_mac = |new: &str| below(&right.replace(&mac, new));
    let spare = format!("{}{}", &mac[..42], if mac.ends_with('A') { "B" } else { "/" });
    vec![
        bad("version-2", "A later version of age.", version("age-encryption.org/v2\n")),
        bad("version-10", "The version line goes on.", version("age-encryption.org/v10\n")),
        bad("version-space", "A space behind the version.", version("age-encryption.org/v1 \n")),
        bad("version-crlf", "The version line ends with CR LF.", version("age-encryption.org/v1\r\n")),
        bad("crlf", "Every line ends with CR LF.", below(&close(&format!("{VERSION}{own}").replace('\n', "\r\n")))),
        bad("only-version", "Nothing but the version line.", VERSION.as_bytes().to_vec()),
        bad("cut", "Cut in the middle of a stanza.", whole[..60].to_vec()),
        bad("cut-before-newline", "Cut before the newline of the MAC.", whole[..right.len() - 1].to_vec()),
        bad("cut-in-nonce", "Cut in the nonce behind the header.", whole[..right.len() + 15].to_vec()),
        bad("cut-before-nonce", "Nothing behind the header.", whole[..right.len()].to_vec()),
        bad("empty-line", "An empty line between version and stanza.", below(&close(&format!("{VERSION}\n{own}")))),
        bad("no-stanza", "A header without a stanza.", with_stanzas("", NOTHING)),
        bad("not-utf8", "An argument that is not UTF-8.", {
            let mut bytes = whole.clone();
            bytes[VERSION.len() + 4] = 0xff;
            bytes
        }),
        bad("mac-missing", "The last line has no MAC.", with_mac("")),
        bad("mac-short", "A MAC of 31 octets.", with_mac(&BASE64.encode([0; 31]))),
        bad("mac-long", "A MAC of 33 octets.", with_mac(&BASE64.encode([0; 33]))),
        bad("mac-padded", "The base64 of the MAC is padded.", with_mac(&format!("{mac}="))),
        bad("mac-spare-bits", "A spare bit of the MAC's base64 is set.", with_mac(&spare)),
        bad("mac-two-spaces", "Two spaces before the MAC.", with_mac(&format!(" {mac}"))),
        bad("mac-trailing-space", "A space behind the MAC.", with_mac(&format!("{mac} "))),
        bad("mac-four-dashes", "Four dashes.", below(&right.replace("--- ", "---- "))),
    ]
}

fn stanzas() -> Vec<Vector> {
    let own = stanza();
    let with = |stanza: &Stanza| with_stanzas(&stanza.text(), NOTHING);
    let args = |args: &str| with(&Stanza { args: args.to_owned(), ..own.clone() });
    let body = |body: &str| with(&Stanza { body: body.to_owned(), ..own.clone() });
    let of = |share: &[u8], body: &[u8]| with(&Stanza::of(share, body));
    let (share, key) = (own.share(), own.body_octets());
    let longer = [share.as_slice(), &[0]].concat();
    let other_spelling = |base64: &str| {
        let last = base64.chars().last().unwrap();
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let next = alphabet.find(last).unwrap() + 1;
        format!("{}{}", &base64[..base64.len() - 1], &alphabet[next..=next])
    };
    let share_text = own.args.strip_prefix("X25519 ").unwrap();
    let low_order = [
        ("zero", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("one", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("order-8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        ("order-8-other", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        ("p-minus-1", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("p-plus-1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ];
    let mut vectors = vec![
        bad("stanza-no-type", "A stanza without a type.", args("")),
        bad("stanza-no-share", "An X25519 stanza without a share.", args("X25519")),
        bad("stanza-two-shares", "An X25519 stanza with two arguments.", args(&format!("X25519 {share_text} {share_text}"))),
        bad("stanza-two-spaces", "Two spaces between type and share.", args(&format!("X25519  {share_text}"))),
        bad("stanza-trailing-space", "A space behind the share.", args(&format!("X25519 {share_text} "))),
        bad("stanza-tab", "A tab instead of a space.", args(&format!("X25519\t{share_text}"))),
        bad("stanza-not-ascii", "An argument that is not ASCII.", args("X25519 همسة")),
        bad("stanza-share-short", "A share of 31 octets.", of(&share[..31], &key)),
        bad("stanza-share-long", "A share of 33 octets.", of(&longer, &key)),
        bad("stanza-share-padded", "The share's base64 is padded.", args(&format!("X25519 {share_text}="))),
        bad("stanza-share-spare-bits", "A spare bit of the share's base64 is set.", args(&format!("X25519 {}", other_spelling(share_text)))),
        bad("stanza-share-url-alphabet", "A share in the alphabet of base64url.", args(&format!("X25519 {}-_", &share_text[..41]))),
        bad("stanza-body-short", "A body of 31 octets.", of(&share, &key[..31])),
        bad("stanza-body-long", "A body of 33 octets.", of(&share, &[key.as_slice(), &[0]].concat())),
        bad("stanza-body-empty", "An empty body.", body("")),
        bad("stanza-body-missing", "No body: the MAC follows.", with_stanzas(&format!("-> {}\n", own.args), NOTHING)),
        bad("stanza-body-padded", "The body's base64 is padded.", body(&format!("{}=", own.body))),
        bad("stanza-body-spare-bits", "A spare bit of the body's base64 is set.", body(&other_spelling(&own.body))),
        bad("stanza-body-wrapped", "The body in two lines where one would do.", body(&format!("{}\n{}", &own.body[..20], &own.body[20..]))),
        bad("stanza-body-space", "A space behind the body.", body(&format!("{} ", own.body))),
        bad("stanza-body-empty-line", "An empty line behind a short one.", body(&format!("{}\n", own.body))),
        bad("stanza-body-65-columns", "A line of 68 columns in an unknown stanza.", with_stanzas(&format!("-> unknown\n{}\n{}", "A".repeat(68), own.text()), NOTHING)),
        bad("stanza-body-no-short-line", "A body that ends with a full line.", with_stanzas(&format!("-> unknown\n{}\n{}", "A".repeat(64), own.text()), NOTHING)),
        bad("stanza-scrypt-beside", "A passphrase stanza beside another one.", with_stanzas(&format!("-> scrypt {} 1\n{}\n{}", BASE64.encode([0; 16]), own.body, own.text()), NOTHING)),
        bad("stanza-first-spoilt", "A spoilt stanza of a known type before the right one.", with_stanzas(&format!("-> X25519\n\n{}", own.text()), NOTHING)),
        refused("header-65-stanzas", "header-too-long", "More stanzas than are tried, the right one among them.", with_stanzas(&format!("{}{}", "-> x\n\n".repeat(64), own.text()), NOTHING)),
    ];
    for (name, point) in low_order {
        let point: Vec<_> = (0..32).map(|at| u8::from_str_radix(&point[at * 2..at * 2 + 2], 16).unwrap()).collect();
        let name = format!("stanza-low-order-{name}");
        vectors.push(bad(&name, "A share of low order.", of(&point, &key)));
    }
    vectors
}

fn macs() -> Vec<Vector> {
    let own = stanza().text();
    let other = Stanza::to(fixed("another analyst")).text();
    let right = header(&[own.as_str(), &other].concat());
    let bad = |name: &str, comment: &str, header: String| {
        assert_ne!(header, right, "{name}");
        refused(&format!("mac-{name}"), "bad-mac", comment, below(&header))
    };
    let mac = right.rsplit_once(' ').unwrap().1.trim_end().to_owned();
    let first = if mac.starts_with('A') { 'B' } else { 'A' };
    vec![
        bad("changed", "The MAC is another one.", right.replace(&mac, &format!("{first}{}", &mac[1..]))),
        bad("zeros", "The MAC is all zeros.", right.replace(&mac, &BASE64.encode([0; 32]))),
        bad("stanza-removed", "Another recipient's stanza was taken out.", right.replace(&other, "")),
        bad("stanza-added", "A stanza was added.", right.replace("---", "-> x\n\n---")),
        bad("stanzas-swapped", "Two stanzas changed places.", {
            let (_, mac) = right.rsplit_once("--- ").unwrap();
            format!("{VERSION}{other}{own}--- {mac}")
        }),
        bad("argument-added", "Another recipient's stanza has an argument more.", right.replace("-> X25519", "-> y X25519").replacen("-> y X25519", "-> X25519", 1)),
    ]
}

fn keys() -> Vec<Vector> {
    let own = stanza();
    let wrong = |name: &str, comment: &str, bytes: Vec<u8>| refused(&format!("key-{name}"), "wrong-key", comment, bytes);
    let mut body = own.body_octets();
    body[0] ^= 1;
    let mut tag = own.body_octets();
    tag[31] ^= 0x80;
    let mut share = own.share();
    share[31] ^= 0x80;
    let spoilt = |stanza: Stanza| with_stanzas(&stanza.text(), NOTHING);
    vec![
        wrong("other", "Sealed to somebody else.", with_stanzas(&Stanza::to(fixed("another analyst")).text(), NOTHING)),
        wrong("unknown-stanza", "Only a stanza of an unknown type.", with_stanzas("-> unknown\n\n", NOTHING)),
        wrong("type-in-lower-case", "The type is another one: x25519.", with_stanzas(&own.text().replace("X25519", "x25519"), NOTHING)),
        wrong("body-changed", "The wrapped file key was changed.", spoilt(Stanza::of(&own.share(), &body))),
        wrong("tag-changed", "Its tag was changed.", spoilt(Stanza::of(&own.share(), &tag))),
        wrong("share-high-bit", "Bit 255 of the share: X25519 ignores it, the key derivation does not.", spoilt(Stanza::of(&share, &own.body_octets()))),
        wrong("share-of-recipient", "The share is the recipient itself.", spoilt(Stanza::of(&public(fixed("analyst")), &own.body_octets()))),
        Vector::new("key-none", "wrong-key", "No identity at all.", sealed(NOTHING)),
        Vector::new("key-hybrid-for-classical", "wrong-key", "A hybrid identity for an X25519 stanza.", sealed(NOTHING)).with("identity", &identity("AGE-SECRET-KEY-PQ-", &fixed("analyst"))),
    ]
}

/// Made from one sealed file by spoiling its stanza. The MAC then fits no longer, but stanzas come first.
fn hybrid() -> Vec<Vector> {
    let secret = identity("AGE-SECRET-KEY-PQ-", &fixed("analyst"));
    let recipient = Identity::parse(&secret).unwrap().recipient().unwrap();
    let to = Recipients::danger_bare(vec![recipient], None).unwrap();
    let mut whole = Vec::new();
    age::seal(&mut &*NOTHING, 0, &to, &mut whole).unwrap();
    let head_len = whole.len() - 16 - 16;
    let (head, rest) = whole.split_at(head_len);
    let head = str::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let (_, stanza, body) = (lines.next(), lines.next().unwrap(), lines.next().unwrap());
    let enc_text = stanza.strip_prefix("-> mlkem768x25519 ").unwrap();
    let enc = BASE64.decode(enc_text).unwrap();
    let with_head = |head: String| [head.as_bytes(), rest].concat();
    let with_enc = |enc: &[u8]| with_head(head.replace(enc_text, &BASE64.encode(enc)));
    let with_share = |share: [u8; 32]| with_enc(&[&enc[..1088], &share].concat());
    let changed = |at: usize, bit: u8| {
        let mut enc = enc.clone();
        enc[at] ^= bit;
        with_enc(&enc)
    };
    let mut p = [0xff; 32];
    (p[0], p[31]) = (0xed, 0x7f);
    let mut body_octets = BASE64.decode(body).unwrap();
    body_octets[5] ^= 4;
    [
        ("share-zero", "bad-header", "The X25519 share is zero.", with_share([0; 32])),
        ("share-p", "bad-header", "The X25519 share is p, of low order.", with_share(p)),
        ("enc-short", "bad-header", "An encapsulation of 1119 octets.", with_enc(&enc[..1119])),
        ("enc-long", "bad-header", "An encapsulation of 1121 octets.", with_enc(&[enc.as_slice(), &[0]].concat())),
        ("enc-only-share", "bad-header", "An encapsulation of 32 octets.", with_enc(&enc[..32])),
        ("two-arguments", "bad-header", "Two arguments.", with_head(head.replace(enc_text, &format!("{enc_text} x")))),
        ("no-argument", "bad-header", "No argument.", with_head(head.replace(&format!(" {enc_text}"), ""))),
        ("body-short", "bad-header", "A body of 31 octets.", with_head(head.replace(body, &BASE64.encode(&body_octets[..31])))),
        ("ciphertext-changed", "wrong-key", "A bit of the ML-KEM ciphertext was flipped.", changed(700, 0x10)),
        ("share-changed", "wrong-key", "A bit of the X25519 share was flipped.", changed(1090, 1)),
        ("share-high-bit", "wrong-key", "Bit 255 of the share was flipped.", changed(1119, 0x80)),
        ("body-changed", "wrong-key", "A bit of the body was flipped.", with_head(head.replace(body, &BASE64.encode(&body_octets)))),
        ("version", "bad-header", "The version line says 2.", with_head(head.replace("/v1", "/v2"))),
        ("mac", "bad-mac", "A stanza of an unknown type was added.", with_head(head.replace("---", "-> x\n\n---"))),
    ]
    .into_iter()
    .map(|(name, expect, comment, bytes)| Vector::new(&format!("hybrid-{name}"), expect, comment, bytes).with("identity", &secret))
    .chain([Vector::new("hybrid-classical-identity", "wrong-key", "An X25519 identity for a hybrid stanza.", whole.clone()).with("identity", &analyst())])
    .collect()
}
