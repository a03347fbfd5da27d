//! Refusals of the text form, and of what is no envelope.

use super::{good::to_armor, refused};
use crate::{age_file::sealed, file::Vector};

pub fn vectors() -> Vec<Vector> {
    let text = to_armor(&sealed(b"Nothing gets that far"), "\n");
    let mut vectors = spoilt(&text);
    for (name, comment, bytes) in [
        ("not-empty", "No octets.", &b""[..]),
        ("not-a-line", "A line of text.", b"A whisper.\n"),
        ("not-a-zip", "The first octets of a ZIP file.", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("not-zeros", "120 octets of zeros: the length of a short envelope.", &[0; 120]),
        ("not-age", "The version line of age, cut.", b"age-encryption.org"),
        ("not-after-bom", "A byte order mark before the version line.", b"\xef\xbb\xbfage-encryption.org/v1\n"),
    ] {
        vectors.push(refused(name, "not-an-envelope", comment, bytes.to_vec()));
    }
    vectors
}

fn spoilt(text: &str) -> Vec<Vector> {
    let begin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
    let end = "-----END AGE ENCRYPTED FILE-----\n";
    let body = text.strip_prefix(begin).unwrap().strip_suffix(end).unwrap();
    let lines: Vec<_> = body.lines().collect();
    let (last, full) = lines.split_last().unwrap();
    let full = full.join("\n");
    assert!(last.len() < 64 && last.ends_with('='));
    // The last character before the padding has spare bits; the next one in the alphabet sets one of them.
    let unpadded = last.trim_end_matches('=');
    let (front, spare) = unpadded.split_at(unpadded.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let next = alphabet.find(spare).unwrap() + 1;
    let padding = &last[unpadded.len()..];
    let spelled = format!("{front}{}{padding}", &alphabet[next..=next]);
    [
        ("begin", "Another label.", text.replace("BEGIN AGE", "BEGIN PGP")),
        ("begin-indented", "A space inside the BEGIN line.", text.replace("BEGIN AGE", "BEGIN  AGE")),
        ("begin-trailing-space", "A space behind the BEGIN line.", text.replace(begin, &begin.replace('\n', " \n"))),
        ("end", "Another label at the end.", text.replace("END AGE", "END PGP")),
        ("no-end", "No END line.", text.replace(end, "")),
        ("cut-end", "The END line lacks its last character.", text.replace("FILE-----\n", "FILE----\n").replacen("FILE----\n", "FILE-----\n", 1)),
        ("headers", "A header as PEM had.", text.replace(begin, &format!("{begin}Comment: none\n\n"))),
        ("long-line", "A line of 65 characters, or of 68.", text.replacen(&format!("{}\n", lines[0]), lines[0], 1)),
        ("short-line", "A short line that is not the last.", text.replacen(&lines[0][..60], &format!("{}\n", &lines[0][..60]), 1)),
        ("empty-line", "An empty line between two others.", text.replacen(lines[1], &format!("\n{}", lines[1]), 1)),
        ("empty-last-line", "An empty line before END.", text.replace(end, &format!("\n{end}"))),
        ("space-in-line", "A space behind a line.", text.replacen(lines[0], &format!("{} ", lines[0]), 1)),
        ("cr", "Lines that end with CR alone.", text.replace('\n', "\r")),
        ("cr-cr-lf", "Lines that end with CR CR LF.", text.replace('\n', "\r\r\n")),
        ("no-padding", "The last line lacks its padding.", text.replace(last, unpadded)),
        ("spare-bits", "A spare bit of the last line is set.", text.replace(last, &spelled)),
        ("url-alphabet", "The alphabet of base64url.", text.replace('/', "_").replace('+', "-")),
        ("padding-inside", "A line that ends with padding, and another behind it.", format!("{begin}{full}\n{last}\n{last}\n{end}")),
        ("text-before", "Text before the BEGIN line.", format!("\n-----BEGIN\n{text}")),
        ("text-behind", "Text behind the END line.", format!("{text}\nx")),
        ("second-envelope", "Two envelopes.", format!("{text}{text}")),
        ("white-space", "1025 octets of white space before.", format!("{}{text}", " ".repeat(1025))),
    ]
    .into_iter()
    .map(|(name, comment, spoilt)| {
        assert_ne!(spoilt, text, "{name}");
        refused(&format!("armor-{name}"), "bad-armor", comment, spoilt.into_bytes())
    })
    .collect()
}
