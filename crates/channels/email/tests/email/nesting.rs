//! Parts within parts, in any order and encoding, with what belongs to nobody in between.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hamsa_channel_email::from_email;
use hamsa_core::Envelope;

use crate::{assert_only, random::Random};

/// Writes trees of parts.
struct Writer {
    random: Random,
    boundaries: usize,
    envelopes: Vec<Envelope>,
}

impl Writer {
    /// A part with its head.
    fn part(&mut self, depth: usize) -> Vec<u8> {
        match self.random.below(if depth == 0 { 3 } else { 7 }) {
            0 => b"Content-Type: text/plain; charset=utf-8\r\n\r\nOmar said: nothing\r\n".to_vec(),
            1 | 2 => self.leaf(),
            3 => {
                let mut part =
                    b"Content-Type: Message/RFC822\r\n\r\nFrom: omar@mail.example\r\n".to_vec();
                part.extend(self.part(depth - 1));
                part
            }
            _ => self.several(depth - 1),
        }
    }

    fn several(&mut self, depth: usize) -> Vec<u8> {
        self.boundaries += 1;
        let kinds = ["mixed", "alternative", "related", "parallel", "digest"];
        let kind = kinds[self.random.below(5)];
        let boundary = format!("=_{}_{}", self.boundaries, self.random.below(1000));
        let mut part = format!(
            "Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\npreamble\r\n"
        )
        .into_bytes();
        for _ in 0..self.random.below(4) {
            part.extend(
                format!("\r\n--{boundary}{}\r\n", " ".repeat(self.random.below(3))).into_bytes(),
            );
            part.extend(self.part(depth));
        }
        // Somebody forgets the end now and then.
        if self.random.below(4) > 0 {
            part.extend(format!("\r\n--{boundary}--\r\nepilogue\r\n").into_bytes());
        }
        part
    }

    fn leaf(&mut self) -> Vec<u8> {
        let len = 200 + self.random.below(2000);
        let envelope = self.random.envelope(len);
        let octets = envelope.as_bytes();
        let text = envelope.to_text();
        let (encoding, body) = match self.random.below(6) {
            0 => ("8bit", text.into_bytes()),
            1 => ("x-unknown", text.replace('\n', "\r\n").into_bytes()),
            2 => ("binary", octets.to_vec()),
            3 => ("Quoted-Printable", quoted_printable(octets)),
            4 => ("BASE64", BASE64_STANDARD.encode(octets).into_bytes()),
            _ => ("base64", lines(&BASE64_STANDARD.encode(octets))),
        };
        self.envelopes.push(envelope);
        let kinds = [
            "application/octet-stream",
            "image/jpeg",
            "x-strange",
            "application/pgp-encrypted",
            "audio/x;name=a",
        ];
        let kind = kinds[self.random.below(5)];
        let mut part = format!("Content-Disposition: inline\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: {kind}\r\n\r\n").into_bytes();
        part.extend(body);
        part
    }
}

fn quoted_printable(octets: &[u8]) -> Vec<u8> {
    let lines = octets.chunks(25).map(|line| {
        let line: String = line.iter().map(|octet| format!("={octet:02X}")).collect();
        line + "=\r\n"
    });
    lines.collect::<String>().into_bytes()
}

fn lines(base64: &str) -> Vec<u8> {
    base64
        .as_bytes()
        .chunks(60)
        .flat_map(|line| [line, b"\r\n"].concat())
        .collect()
}

#[test]
fn every_envelope_of_every_tree_is_found_once_in_its_order() {
    let mut writer = Writer {
        random: Random(21),
        boundaries: 0,
        envelopes: Vec::new(),
    };
    let mut found = 0;
    for round in 0..1500 {
        let mut mail = b"From: omar@mail.example\r\nSubject: Omar\r\n".to_vec();
        mail.extend(writer.part(1 + round % 6));
        let arrived = from_email(&mail);
        let envelopes: Vec<&Envelope> = writer.envelopes.iter().collect();
        if envelopes.is_empty() {
            assert_eq!(arrived.sealed.len(), 0);
        } else {
            assert_only(&arrived, &envelopes, &String::from_utf8_lossy(&mail));
        }
        found += envelopes.len();
        writer.envelopes.clear();
    }
    assert!(found > 1000, "{found}");
}
