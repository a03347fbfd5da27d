//! Makes and reads ZIP containers for the tests of documents.

use std::io::{Cursor, Read};

/// A member as some program may write it.
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) octets: &'a [u8],
    pub(crate) comment: &'a str,
    pub(crate) extra: &'a [u8],
    pub(crate) time: u16,
}

impl<'a> Member<'a> {
    pub(crate) fn new(name: &'a str, octets: &'a [u8]) -> Self {
        Self {
            name,
            octets,
            comment: "",
            extra: b"",
            time: 0,
        }
    }
}

/// A container with stored members.
pub(crate) fn pack(members: &[Member<'_>], comment: &str) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    for member in members {
        let at = out.len();
        let mut head = vec![20, 0, 0, 0, 0, 0];
        head.extend(member.time.to_le_bytes());
        head.extend([0x21, 0]);
        head.extend(crc(member.octets).to_le_bytes());
        head.extend(long(member.octets.len()));
        head.extend(long(member.octets.len()));
        head.extend(short(member.name.len()));
        head.extend(short(member.extra.len()));
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(member.name.as_bytes());
        out.extend(member.extra);
        out.extend(member.octets);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&head);
        directory.extend(short(member.comment.len()));
        directory.extend([0; 8]);
        directory.extend(long(at));
        directory.extend(member.name.as_bytes());
        directory.extend(member.extra);
        directory.extend(member.comment.as_bytes());
    }
    let (at, len) = (out.len(), directory.len());
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(short(members.len()));
    out.extend(short(members.len()));
    out.extend(long(len));
    out.extend(long(at));
    out.extend(short(comment.len()));
    out.extend(comment.as_bytes());
    out
}

fn crc(octets: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for octet in octets {
        crc ^= u32::from(*octet);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

/// Names and contents, in order.
pub(crate) fn unpack(container: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(container)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let mut octets = Vec::new();
            member.read_to_end(&mut octets).unwrap();
            (member.name().unwrap().into_owned(), octets)
        })
        .collect()
}

/// A part of a document, as text.
pub(crate) fn part(container: &[u8], name: &str) -> String {
    let found = unpack(container)
        .into_iter()
        .find(|member| member.0 == name);
    String::from_utf8(found.expect("the part is there").1).unwrap()
}
