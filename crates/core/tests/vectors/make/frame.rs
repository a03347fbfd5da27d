//! Refusals of the frame: archive, padding and size class.

use super::refused_inside;
use crate::{
    archive::{Header, entry, frame, padded, text_frame},
    file::Vector,
};

const JSON: &[u8] = br#"{"version":1,"text":"A whisper."}"#;
const WITH_ONE: &[u8] = br#"{"version":1,"text":"See the file.","attachments":[{"media_type":"image/jpeg","role":"unscrubbed"}]}"#;
const WITH_TWO: &[u8] = br#"{"version":1,"text":"See the files.","attachments":[{"media_type":"image/jpeg","role":"unscrubbed"},{"media_type":"image/png","role":"unscrubbed"}]}"#;
const PICTURE: &[u8] = b"a picture";

pub fn vectors() -> Vec<Vector> {
    [header_fields(), entries(), padding(), sizes()].concat()
}

fn bad(name: &str, comment: &str, plaintext: &[u8]) -> Vector {
    assert_ne!(plaintext, text_frame(), "{name}");
    refused_inside(&format!("frame-{name}"), "bad-frame", comment, plaintext)
}

/// Each field of the header of `tip.json`, with a checksum that fits unless it is the field.
fn header_fields() -> Vec<Vector> {
    let right = Header::new("tip.json", JSON.len());
    let size = JSON.len();
    let mut sum = right.checksum().to_vec();
    sum[5] ^= 1;
    let spaces = right.checksum().iter().map(|&b| if b == b'0' { b' ' } else { b });
    let spaces: Vec<u8> = spaces.collect();
    let mut base_256 = [0; 12];
    base_256[0] = 0x80;
    base_256[11] = u8::try_from(size).unwrap();
    let fields: [(&str, &str, Header); 28] = [
        ("name-dot", "./tip.json", Header::new("./tip.json", size)),
        ("name-absolute", "/tip.json", Header::new("/tip.json", size)),
        ("name-parent", "../tip.json", Header::new("../tip.json", size)),
        ("name-folder", "attachments/tip.json", Header::new("attachments/tip.json", size)),
        ("name-rest", "Something behind the name's NUL.", right.clone().set(20, b"x")),
        ("mode-644", "Mode 0644.", right.clone().set(100, b"0000644\0")),
        ("uid", "A user id.", right.clone().set(108, b"0001750\0")),
        ("gid", "A group id.", right.clone().set(116, b"0001750\0")),
        ("mtime", "A modification time.", right.clone().set(136, b"15112345670\0")),
        ("mtime-base-256", "The modification time zero in base 256.", right.clone().set(136, b"\x80\0\0\0\0\0\0\0\0\0\0\0")),
        ("uname", "A user name.", right.clone().set(265, b"root")),
        ("gname", "A group name.", right.clone().set(297, b"root")),
        ("type-nul", "The type of an old regular file, NUL.", right.clone().set(156, b"\0")),
        ("type-hard-link", "A hard link.", right.clone().set(156, b"1/etc/passwd")),
        ("type-link", "A symbolic link.", right.clone().set(156, b"2/etc/passwd")),
        ("type-folder", "A folder.", right.clone().set(156, b"5")),
        ("link-name", "A link name although it is a file.", right.clone().set(157, b"x")),
        ("magic-gnu", "The magic number of GNU tar.", right.clone().set(257, b"ustar  \0")),
        ("magic-none", "No magic number, as in tar of version 7.", right.clone().set(257, &[0; 8])),
        ("device", "A device number.", right.clone().set(329, b"0000001\0")),
        ("device-empty", "The device numbers all NUL.", right.clone().set(329, &[0; 16])),
        ("prefix", "A prefix before the name.", right.clone().set(345, b"..")),
        ("last-octet", "Something in the unused octets at the end.", right.clone().set(511, b"\x01")),
        ("checksum", "The checksum does not fit.", right.clone().raw(148, &sum)),
        ("checksum-spaces", "The checksum with spaces instead of zeros.", right.clone().raw(148, &spaces)),
        ("size-spaces", "The size with spaces instead of zeros.", right.clone().set(124, format!("{size:>11o}\0").as_bytes())),
        ("size-twelve-digits", "The size in twelve digits without NUL.", right.clone().set(124, format!("{size:012o}").as_bytes())),
        ("size-base-256", "A small size in base 256.", right.clone().set(124, &base_256)),
    ];
    let mut vectors: Vec<_> = fields.into_iter().map(|(name, comment, header)| bad(name, comment, &padded(&[header.then(JSON)], 8192))).collect();
    let sizes: [(&str, &str, &[u8]); 6] = [
        ("size-sign", "The size with a plus sign.", b"+0000000041\0"),
        ("size-not-octal", "The size holds the digit 8.", b"00000000081\0"),
        ("size-empty", "The size all NUL.", &[0; 12]),
        ("size-negative", "A negative size in base 256.", &[0xff; 12]),
        ("size-largest", "A size of 2^64 - 1 in base 256.", b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("size-over-json-limit", "A tip.json of 7 MiB and one octet.", b"00034000001\0"),
    ];
    for (name, comment, size) in sizes {
        let header = right.clone().set(124, size);
        vectors.push(bad(name, comment, &padded(&[header.then(JSON)], 8192)));
    }
    vectors
}

/// Entries that are missing, too many, in another order or under another name.
fn entries() -> Vec<Vector> {
    let tip = |json: &[u8]| entry("tip.json", json);
    let file = |name: &str| entry(name, PICTURE);
    let of = |entries: &[Vec<u8>]| padded(entries, 8192);
    let pax = Header::new("PaxHeaders/tip.json", 20).set(156, b"x").then(b"20 comment=whispers\n");
    let global = Header::new("pax_global_header", 20).set(156, b"g").then(b"20 comment=whispers\n");
    let long_name = Header::new("././@LongLink", 9).set(156, b"L").then(b"tip.json\0");
    let picture = Header::new("attachments/1.jpg", PICTURE.len());
    let named = |name: &str| of(&[tip(WITH_ONE), file(name)]);
    let base_256 = b"\x80\0\0\0\0\0\0\0\0\0\0\x09";
    let frames = [
        ("empty", "Zeros and nothing else.", vec![0; 8192]),
        ("not-tar", "A line of text.", of(&[b"A whisper.\n".to_vec()])),
        ("pax", "A pax header before tip.json.", of(&[pax.clone(), tip(JSON)])),
        ("pax-global", "A global pax header before tip.json.", of(&[global, tip(JSON)])),
        ("pax-attachment", "A pax header before an attachment.", of(&[tip(WITH_ONE), pax, file("attachments/1.jpg")])),
        ("long-name", "A long name of GNU tar before tip.json.", of(&[long_name, tip(JSON)])),
        ("entry-before", "An attachment before tip.json.", of(&[file("attachments/1.jpg"), tip(WITH_ONE)])),
        ("entry-extra", "An attachment that tip.json does not announce.", of(&[tip(JSON), file("attachments/1.jpg")])),
        ("entry-one-more", "A second attachment where one is announced.", of(&[tip(WITH_ONE), file("attachments/1.jpg"), file("attachments/2.jpg")])),
        ("entry-missing", "The announced attachment is missing.", of(&[tip(WITH_ONE)])),
        ("entry-second-missing", "The second of two attachments is missing.", of(&[tip(WITH_TWO), file("attachments/1.jpg")])),
        ("entry-second-tip", "A second tip.json.", of(&[tip(JSON), tip(JSON)])),
        ("entry-folder", "An entry for the folder of the attachments.", of(&[tip(WITH_ONE), Header::new("attachments/", 0).set(156, b"5").then(b""), file("attachments/1.jpg")])),
        ("entry-order", "Two attachments in the wrong order.", of(&[tip(WITH_TWO), file("attachments/2.png"), file("attachments/1.jpg")])),
        ("entry-type", "The extension is not that of the media type.", named("attachments/1.png")),
        ("entry-number-01", "The number has a zero before it.", named("attachments/01.jpg")),
        ("entry-name", "A name of somebody's own.", named("attachments/IMG_2041.jpg")),
        ("entry-parent", "A name that leads out of the folder.", named("attachments/../1.jpg")),
        ("entry-parents", "A name that leads to the home folder.", named("../../.ssh/authorized_keys")),
        ("entry-absolute", "An absolute name.", named("/attachments/1.jpg")),
        ("entry-no-folder", "A name without its folder.", named("1.jpg")),
        ("entry-mode", "An attachment that can be executed.", of(&[tip(WITH_ONE), picture.clone().set(100, b"0000755\0").then(PICTURE)])),
        ("entry-link", "An attachment that is a symbolic link.", of(&[tip(WITH_ONE), picture.clone().set(156, b"2/etc/passwd").then(PICTURE)])),
        ("entry-size-base-256", "The small size of an attachment in base 256.", of(&[tip(WITH_ONE), picture.clone().set(124, base_256).then(PICTURE)])),
        ("entry-past-the-end", "An attachment longer than the frame.", of(&[tip(WITH_ONE), picture.clone().set(124, b"00000020000\0").then(PICTURE)])),
        ("entry-over-largest", "An attachment of 2^47 octets and one.", of(&[tip(WITH_ONE), picture.set(124, b"\x80\0\0\0\0\0\x80\0\0\0\0\x01").then(PICTURE)])),
        ("cut-in-header", "Cut in the header of an attachment.", {
            let mut frame = of(&[tip(WITH_ONE), file("attachments/1.jpg")]);
            frame[1024 + 300..].fill(0);
            frame
        }),
    ];
    frames.into_iter().map(|(name, comment, frame)| bad(name, comment, &frame)).collect()
}

/// What must be zero and is not.
fn padding() -> Vec<Vector> {
    let with = |at: usize| {
        let mut frame = text_frame();
        frame[at] = 1;
        frame
    };
    let with_file = |at: usize| {
        let mut frame = padded(&[entry("tip.json", WITH_ONE), entry("attachments/1.jpg", PICTURE)], 8192);
        frame[at] = 1;
        frame
    };
    let json = |name: &str, expect: &str, comment: &str, json: &[u8]| refused_inside(&format!("frame-{name}"), expect, comment, &frame(json, &[]));
    vec![
        json("tip-empty", "bad-tip", "A tip.json of no octets.", b""),
        json("tip-not-json", "bad-tip", "A tip.json that is a line of text.", b"A whisper."),
        json("tip-newline", "bad-tip", "A newline behind the object.", b"{\"version\":1,\"text\":\"x\"}\n"),
        json("tip-version-2", "newer-version", "A later version, in a frame as of version 1.", br#"{"version":2,"text":"A whisper."}"#),
        bad("padding-behind-json", "The octet behind tip.json is not zero.", &with(512 + JSON.len())),
        bad("padding-end-of-block", "The last octet of tip.json's block is not zero.", &with(1023)),
        bad("padding-behind-file", "The octet behind an attachment is not zero.", &with_file(1536 + PICTURE.len())),
        bad("padding-first-end-block", "The first octet of the end of the archive is not zero.", &with(1024)),
        bad("padding-second-end-block", "An octet in the second empty block is not zero.", &with(1024 + 700)),
        bad("padding-behind-end", "The first octet of the padding is not zero.", &with(2048)),
        bad("padding-last-octet", "The last octet of the padding is not zero.", &with(8191)),
    ]
}

fn sizes() -> Vec<Vector> {
    let bad = |name: &str, comment: &str, plaintext: &[u8]| refused_inside(&format!("size-{name}"), "bad-size", comment, plaintext);
    let whole = text_frame();
    let right = entry("tip.json", JSON);
    // Entries that end where the class ends leave no room for the two blocks behind them.
    let no_room = |blocks: usize| {
        let len = 8192 - 1536 - blocks * 512;
        padded(&[entry("tip.json", WITH_ONE), entry("attachments/1.jpg", &vec![1; len])], 8192)
    };
    vec![
        bad("not-padded", "The archive and its two empty blocks, not padded.", &whole[..2048]),
        bad("no-end", "The archive alone.", &right),
        bad("one-octet-more", "One octet more than a class.", &[whole.as_slice(), &[0]].concat()),
        bad("one-octet-less", "One octet less than a class.", &whole[..8191]),
        bad("one-block-more", "One block more than a class.", &[whole.as_slice(), &[0; 512]].concat()),
        bad("ten-kibibytes", "10 KiB, as tar programs pad.", &padded(std::slice::from_ref(&right), 10_240)),
        bad("class-too-large", "The next class although this one would do.", &padded(std::slice::from_ref(&right), 16_384)),
        bad("no-end-blocks", "No room for the two empty blocks: the next class is due.", &no_room(0)),
        bad("one-end-block", "Room for one of the two empty blocks.", &no_room(1)),
        bad("none", "No plaintext at all.", b""),
    ]
}
