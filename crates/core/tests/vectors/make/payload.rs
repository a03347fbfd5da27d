//! Refusals of the payload: chunks that were changed, moved, cut off or added.

use super::refused;
use crate::{
    age_file::{CHUNK, chunk, chunks, sealed, with_chunks},
    archive::{frame, text_frame},
    file::Vector,
};

pub fn vectors() -> Vec<Vector> {
    [one_chunk(), several_chunks()].concat()
}

fn bad(name: &str, comment: &str, bytes: Vec<u8>) -> Vector {
    refused(&format!("payload-{name}"), "bad-payload", comment, bytes)
}

fn one_chunk() -> Vec<Vector> {
    let whole = sealed(&text_frame());
    let start = whole.len() - 8192 - 16;
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cut = |len: usize| whole[..len].to_vec();
    let longer = |more: &[u8]| [whole.as_slice(), more].concat();
    vec![
        bad("nonce-flipped", "A bit of the nonce was flipped.", flipped(start - 1)),
        bad("first-octet-flipped", "A bit of the first octet was flipped.", flipped(start)),
        bad("last-octet-flipped", "A bit of the last octet of the text was flipped.", flipped(start + 8191)),
        bad("tag-flipped", "A bit of the tag was flipped.", flipped(whole.len() - 1)),
        bad("missing", "Nothing behind the nonce.", cut(start)),
        bad("cut-in-tag", "Eight octets behind the nonce: less than a tag.", cut(start + 8)),
        bad("only-tag", "An authentic chunk without text has another tag than this.", {
            let mut bytes = with_chunks(&[chunk(0, true, b"")]);
            *bytes.last_mut().unwrap() ^= 1;
            bytes
        }),
        bad("one-octet-short", "The last octet is missing.", cut(whole.len() - 1)),
        bad("one-octet-long", "A zero behind the end.", longer(&[0])),
        bad("twice", "The chunk stands there twice.", longer(&whole[start..])),
        bad("not-last", "The only chunk is not marked as the last.", with_chunks(&[chunk(0, false, &text_frame())])),
        bad("second-index", "The only chunk was sealed as the second.", with_chunks(&[chunk(1, true, &text_frame())])),
    ]
}

fn several_chunks() -> Vec<Vector> {
    let json = r#"{"version":1,"text":"Long.","attachments":[{"media_type":"image/jpeg","role":"unscrubbed"}]}"#;
    let long = |len| frame(json.as_bytes(), &[("1.jpg".to_owned(), vec![7; len])]);
    let full = long(50_000);
    assert_eq!(full.len(), CHUNK);
    let two = long(100_000);
    assert_eq!(two.len(), 2 * CHUNK);
    let swapped: Vec<_> = chunks(&two).into_iter().rev().collect();
    vec![
        bad("swapped", "Two chunks changed places.", with_chunks(&swapped)),
        bad("last-chunk-missing", "The second and last chunk is missing; what is left has the length of a class.", with_chunks(&chunks(&two)[..1])),
        bad("empty-last-chunk", "A full chunk, and an empty one behind it.", with_chunks(&[chunk(0, false, &full), chunk(1, true, b"")])),
    ]
}
