//! Recipients, identities and identity files.

use bech32::{Bech32, Bech32m, ByteIterExt as _, Fe32IterExt as _, Hrp};
use hamsa_core::Identity;

use crate::{
    age_file::{analyst, fixed, identity},
    file::Vector,
};

pub fn vectors() -> Vec<Vector> {
    [recipients(), identities(), files()].concat()
}

fn of(kind: &str, name: &str, expect: &str, comment: &str, text: &str) -> Vector {
    let name = format!("{}-{name}", kind.replace(' ', "-"));
    Vector::new(&name, expect, comment, text.as_bytes().to_vec()).with("kind", kind)
}

/// Bech32 without its limit of 90 characters.
fn encode(hrp: &str, octets: &[u8]) -> String {
    let hrp = Hrp::parse(hrp).unwrap();
    octets.iter().copied().bytes_to_fes().with_checksum::<Long>(&hrp).chars().collect()
}

enum Long {}

impl bech32::Checksum for Long {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = Bech32::TARGET_RESIDUE;
}

fn recipients() -> Vec<Vector> {
    let of = |name: &str, expect: &str, comment: &str, text: &str| of("recipient", name, expect, comment, text);
    let x25519 = Identity::parse(&analyst()).unwrap().recipient().unwrap().to_string();
    let hybrid = identity("AGE-SECRET-KEY-PQ-", &fixed("analyst"));
    let hybrid = Identity::parse(&hybrid).unwrap().recipient().unwrap().to_string();
    let octets: Vec<u8> = bech32::primitives::decode::CheckedHrpstring::new::<Long>(&hybrid).unwrap().byte_iter().collect();
    assert_eq!(encode("age1pq", &octets), hybrid);
    let changed = |at: usize, to: &[u8]| {
        let mut octets = octets.clone();
        octets[at..at + to.len()].copy_from_slice(to);
        encode("age1pq", &octets)
    };
    let mut p = [0xff; 32];
    (p[0], p[31]) = (0xed, 0x7f);
    let mut high = [9; 32];
    high[31] = 0x80;
    let hrp = Hrp::parse("age").unwrap();
    vec![
        of("x25519", "success", "Classical.", &x25519),
        of("hybrid", "success", "Post-quantum.", &hybrid),
        of("upper", "bad-recipient", "Upper case.", &x25519.to_uppercase()),
        of("mixed", "bad-recipient", "Mixed case.", &x25519.replacen('q', "Q", 1)),
        of("checksum", "bad-recipient", "The checksum does not fit.", &x25519.replacen('q', "p", 1)),
        of("bech32m", "bad-recipient", "The checksum of Bech32m.", &bech32::encode_lower::<Bech32m>(hrp, &[9; 32]).unwrap()),
        of("cut", "bad-recipient", "Cut.", &x25519[..40]),
        of("space", "bad-recipient", "A space behind it.", &format!("{x25519} ")),
        of("short", "bad-recipient", "31 octets.", &encode("age", &[9; 31])),
        of("long", "bad-recipient", "33 octets.", &encode("age", &[9; 33])),
        of("type", "bad-recipient", "Another type.", &encode("age1tag", &[9; 33])),
        of("ssh", "bad-recipient", "A key of SSH.", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN"),
        of("identity", "bad-recipient", "An identity.", &analyst()),
        of("high-bit", "bad-recipient", "Bit 255 is set: no secret gives this key.", &encode("age", &high)),
        of("over-p", "bad-recipient", "p, which is zero in another spelling.", &encode("age", &p)),
        of("zero", "weak-recipient", "Zero, of low order.", &encode("age", &[0; 32])),
        of(
            "low-order",
            "weak-recipient",
            "A point of order 8.",
            &encode("age", &[0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00]),
        ),
        of("hybrid-zero-share", "weak-recipient", "The X25519 half is zero.", &changed(1184, &[0; 32])),
        of("hybrid-over-p", "bad-recipient", "The X25519 half is p.", &changed(1184, &p)),
        of("hybrid-modulus", "bad-recipient", "A coefficient of the ML-KEM half is not reduced (FIPS 203, 7.2).", &changed(0, &[0xff, 0xff])),
        of("hybrid-short", "bad-recipient", "1215 octets.", &encode("age1pq", &octets[..1215])),
        of("hybrid-of-32", "bad-recipient", "A classical key under the hybrid name.", &encode("age1pq", &[9; 32])),
        of("classical-of-1216", "bad-recipient", "A hybrid key under the classical name.", &encode("age", &octets)),
    ]
}

fn identities() -> Vec<Vector> {
    let of = |name: &str, expect: &str, comment: &str, text: &str| of("identity", name, expect, comment, text);
    let hybrid = identity("AGE-SECRET-KEY-PQ-", &fixed("analyst"));
    vec![
        of("x25519", "success", "Classical.", &analyst()),
        of("hybrid", "success", "Post-quantum.", &hybrid),
        of("lower", "bad-identity", "Lower case.", &analyst().to_lowercase()),
        of("checksum", "bad-identity", "The checksum does not fit.", &format!("{}Q", &analyst()[..analyst().len() - 1])),
        of("short", "bad-identity", "31 octets.", &identity("AGE-SECRET-KEY-", &[9; 31])),
        of("long", "bad-identity", "33 octets.", &identity("AGE-SECRET-KEY-PQ-", &[9; 33])),
        of("type", "bad-identity", "Another type.", &identity("AGE-SECRET-KEY-XX-", &[9; 32])),
        of("newline", "bad-identity", "A newline behind it.", &format!("{hybrid}\n")),
        of("recipient", "bad-identity", "A recipient.", &encode("age", &[9; 32])),
    ]
}

fn files() -> Vec<Vector> {
    let hybrid = identity("AGE-SECRET-KEY-PQ-", &fixed("analyst"));
    let of = |name: &str, expect: &str, comment: &str, text: &str| of("identity file", name, expect, comment, text);
    let both = format!("# a department\r\n\n{hybrid}  \r\n{}", analyst());
    let mut vectors = vec![
        of("two", "success", "Two identities, a comment, an empty line, ends of both kinds.", &both).with("identity", &hybrid).with("identity", &analyst()),
        of("empty", "no-identity", "No octets.", ""),
        of("comments", "no-identity", "Comments only.", "# created: today\n\n#\n"),
        of("line", "bad-identity", "A line that is no identity.", &format!("{hybrid}\nA whisper.\n")),
        of("indented", "bad-identity", "A space before an identity.", &format!(" {hybrid}\n")),
        of("bom", "bad-identity", "A byte order mark.", &format!("\u{feff}{hybrid}\n")),
        of("recipient", "bad-identity", "A recipient instead of an identity.", &encode("age", &[9; 32])),
    ];
    vectors.push(Vector::new("identity-file-not-utf8", "bad-identity", "Not UTF-8.", b"# caf\xe9\n".to_vec()).with("kind", "identity file"));
    vectors.extend(protected(&hybrid));
    vectors
}

#[cfg(feature = "age")]
fn protected(identity: &str) -> Vec<Vector> {
    use std::io::Write as _;

    // Cheap: a vector need not withstand guessing.
    let mut recipient = age::scrypt::Recipient::new("open sesame".to_owned().into());
    recipient.set_work_factor(4);
    let recipient: &dyn age::Recipient = &recipient;
    let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient)).unwrap();
    let mut file = Vec::new();
    let mut writer = encryptor.wrap_output(&mut file).unwrap();
    writer.write_all(identity.as_bytes()).unwrap();
    writer.finish().unwrap();
    let mut changed = file.clone();
    *changed.last_mut().unwrap() ^= 1;
    let cut = file[..file.len() - 20].to_vec();
    let costly = String::from_utf8_lossy(&file).contains(" 4\n");
    assert!(costly);
    let at = file.windows(3).position(|w| w == b" 4\n").unwrap();
    let mut costs = file.clone();
    costs.splice(at..at + 3, *b" 23\n");
    let armored = super::good::to_armor(&file, "\n").into_bytes();
    let plugin = self::identity("AGE-PLUGIN-HAMSA-NO-SUCH-", &[1]).into_bytes();
    let of = |name: &str, expect: &str, comment: &str, bytes: Vec<u8>| Vector::new(&format!("identity-file-{name}"), expect, comment, bytes).with("kind", "identity file").with("needs", "feature age");
    let with = |vector: Vector| vector.with("passphrase", "open sesame");
    vec![
        with(of("protected", "success", "Protected with a passphrase.", file.clone())).with("identity", identity),
        with(of("protected-armored", "success", "Protected, in the text form.", armored)).with("identity", identity),
        of("needs-passphrase", "needs-passphrase", "Protected, and there is nobody to ask.", file.clone()),
        of("wrong-passphrase", "wrong-passphrase", "Another passphrase.", file).with("passphrase", "Open Sesame"),
        with(of("protected-changed", "wrong-passphrase", "The last bit was flipped.", changed)),
        with(of("protected-cut", "wrong-passphrase", "Cut.", cut)),
        with(of("protected-cost", "wrong-passphrase", "It costs more than is tried: 2^23.", costs)),
        of("plugin", "plugin-missing", "The identity of a plugin that is not there.", plugin),
    ]
}

#[cfg(not(feature = "age"))]
fn protected(_: &str) -> Vec<Vector> {
    Vec::new()
}
