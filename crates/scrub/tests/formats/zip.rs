//! ZIP archives: members are cleaned as the files that they are.

use hamsa_scrub::{Kind, Refusal, Remark, What};

use crate::package::{Member, pack, unpack};
use crate::{cleaned, holds};

const TEXT: &[u8] = b"a line of text\n";

#[test]
fn what_stands_beside_the_members_goes() {
    let mut members = [Member::new("b.txt", TEXT), Member::new("a/c.txt", TEXT)];
    for member in &mut members {
        member.comment = "ZQX7MARK member";
        member.extra = b"UT\x09\0\x03ZQX7MARK";
        member.time = 0x5A21;
    }
    let dirty = pack(&members, "ZQX7MARK archive");
    let (kind, clean, report) = cleaned(&dirty).unwrap();
    assert_eq!(kind, Kind::Zip);
    assert!(!holds(&clean, "ZQX7MARK"));
    assert!(report.findings().iter().any(|f| f.what == What::Time));
    assert!(report.remarks().contains(&Remark::MembersUnread));
    let names: Vec<String> = unpack(&clean).into_iter().map(|m| m.0).collect();
    assert_eq!(names, ["a/c.txt", "b.txt"]);
    // Another time, order and no comments: the same archive.
    let other = pack(
        &[Member::new("a/c.txt", TEXT), Member::new("b.txt", TEXT)],
        "",
    );
    assert!(cleaned(&other).unwrap().1 == clean);
}

#[test]
fn files_of_the_system_are_left_out_and_names_stay_within() {
    let members = [
        Member::new("../../etc/x.txt", TEXT),
        Member::new("__MACOSX/._x.txt", b"ZQX7MARK"),
        Member::new(".DS_Store", b"ZQX7MARK"),
        Member::new("empty.txt", b""),
    ];
    let (_, clean, _) = cleaned(&pack(&members, "")).unwrap();
    let names: Vec<String> = unpack(&clean).into_iter().map(|m| m.0).collect();
    assert_eq!(names, ["empty.txt", "x.txt"]);
    // The folders of the computer that it was packed on say whose it is.
    let members = [
        Member::new("C:/Users/ZQX7MARK/x.txt", TEXT),
        Member::new("/home/ZQX7MARK/x.txt", b""),
        Member::new("\\\\server\\ZQX7MARK\\y.txt", b""),
        Member::new("..\\ZQX7MARK\\z.txt", b""),
        Member::new("C:/Users/ZQX7MARK/", b""),
        Member::new("x.txt", b""),
        Member::new("own/x.txt", b""),
    ];
    let (_, clean, _) = cleaned(&pack(&members, "")).unwrap();
    let names: Vec<String> = unpack(&clean).into_iter().map(|m| m.0).collect();
    let expected = ["2/x.txt", "3/x.txt", "own/x.txt", "x.txt", "y.txt", "z.txt"];
    assert_eq!(names, expected);
    assert!(cleaned(&clean).unwrap().1 == clean);
}

#[test]
fn a_member_that_cannot_be_cleaned_refuses_the_archive() {
    let program = [b"\x7FELF\x02\x01\x01\0".as_slice(), &[0; 64]].concat();
    let members = [Member::new("a.txt", TEXT), Member::new("program", &program)];
    let refused = cleaned(&pack(&members, "")).err().unwrap();
    assert_eq!(refused.code(), Refusal::UnknownKind.code());
    assert_eq!(
        refused.to_string(),
        "member 2: this kind of file cannot be cleaned"
    );
}

#[test]
fn a_way_to_compress_that_is_not_known_is_not_called_damage() {
    let mut dirty = pack(&[Member::new("a.txt", b"words")], "");
    let central = dirty.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    dirty[8] = 12;
    dirty[central + 10] = 12;
    let refusal = cleaned(&dirty).err().unwrap();
    assert_eq!(refusal.code(), "scrub-unsupported");
}

#[test]
fn archives_in_archives_end_somewhere() {
    let mut inner = pack(&[Member::new("a.txt", TEXT)], "");
    for _ in 0..8 {
        inner = pack(&[Member::new("a.zip", &inner)], "");
    }
    let refused = cleaned(&inner).err().unwrap();
    assert_eq!(refused.code(), Refusal::TooDeep.code());
}

#[test]
fn no_truncation_or_flipped_octet_panics() {
    let dirty = pack(
        &[Member::new("a.txt", TEXT), Member::new("b.txt", TEXT)],
        "note",
    );
    for end in 0..dirty.len() {
        let _ = cleaned(&dirty[..end]);
    }
    for at in 0..dirty.len() {
        let mut flipped = dirty.clone();
        flipped[at] ^= 0x41;
        let _ = cleaned(&flipped);
    }
}
