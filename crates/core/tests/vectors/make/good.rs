//! Envelopes that open.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hamsa_core::{Identity, Recipients, age};

use crate::{
    age_file::{Stanza, analyst, file, fixed, header, identity, public, sealed, stanza, with_stanzas},
    archive::{frame, text_frame},
    file::{Vector, sha256},
};

const TEXT: &str = r#"{"version":1,"text":"A whisper."}"#;

pub fn vectors() -> Vec<Vector> {
    [texts(), attachments(), recipients(), armored()].concat()
}

/// An envelope that opens: sealed as `bytes`, with this `tip.json` and these attachments.
fn opens(name: &str, comment: &str, bytes: Vec<u8>, json: &str, files: &[(&str, &str, Vec<u8>)]) -> Vector {
    let named: Vec<_> = files.iter().map(|(name, _, content)| ((*name).to_owned(), content.clone())).collect();
    let plaintext = frame(json.as_bytes(), &named);
    let mut vector = Vector::new(name, "success", comment, bytes).with("tip", json).with("frame", &sha256(&plaintext)).with("class", &plaintext.len().to_string());
    for (name, role, content) in files {
        let line = format!("{name} {role} {} {}", content.len(), sha256(content));
        vector = vector.with("attachment", &line);
    }
    vector
}

/// The same for the one X25519 recipient of most vectors.
fn opens_classical(name: &str, comment: &str, json: &str, files: &[(&str, &str, Vec<u8>)]) -> Vector {
    let named: Vec<_> = files.iter().map(|(name, _, content)| ((*name).to_owned(), content.clone())).collect();
    let bytes = sealed(&frame(json.as_bytes(), &named));
    classical(opens(name, comment, bytes, json, files), 1)
}

fn classical(vector: Vector, stanzas: usize) -> Vector {
    vector.with("identity", &analyst()).with("form", "classical").with("stanzas", &stanzas.to_string())
}

fn texts() -> Vec<Vector> {
    let reply = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    let every_field = format!(
        r#"{{"version":1,"text":"رأيت شاحنة بيضاء.","language":"ar-AE","category":"extortion","caller_group":"citizen","reply_to":"{reply}","attachments":[{{"media_type":"image/jpeg","role":"clean"}},{{"media_type":"image/jpeg","role":"original"}},{{"media_type":"application/octet-stream","role":"unscrubbed"}}],"answers":{{"what":"A van.","where":"خلف المستودع"}}}}"#
    );
    let answers: String = (0..999).map(|n| format!(r#","{n:03}":"""#)).collect();
    let many_answers = format!(r#"{{"version":1,"text":"","answers":{{{}}}}}"#, answers.strip_prefix(',').unwrap());
    let described = r#",{"media_type":"text/csv","role":"clean"}"#.repeat(8);
    let many = format!(r#"{{"version":1,"text":"Many.","attachments":[{}]}}"#, described.strip_prefix(',').unwrap());
    let names: Vec<_> = (1..=8).map(|n| format!("{n}.csv")).collect();
    let empty: Vec<_> = names.iter().map(|name| (name.as_str(), "clean", Vec::new())).collect();
    vec![
        opens_classical("opens-text", "A text in English.", TEXT, &[]),
        opens_classical("opens-empty-text", "An empty text.", r#"{"version":1,"text":""}"#, &[]),
        opens_classical("opens-escapes", "Every character that JSON escapes, in the spelling that serde_json writes; the others as they are.", r#"{"version":1,"text":"\" \\ / \b\f\n\r\t \u0001 \u001f  é همسة 🌙 � ﻿"}"#, &[]),
        opens_classical("opens-every-field", "Every field, and each role of an attachment.", &every_field, &[("1.jpg", "clean", b"clean".to_vec()), ("2.jpg", "original", b"original".to_vec()), ("3.bin", "unscrubbed", b"unscrubbed".to_vec())]),
        opens_classical("opens-999-answers", "As many answers as a tip may have.", &many_answers, &[]),
        opens_classical("opens-empty-attachments", "Eight empty attachments: headers and nothing else.", &many, &empty),
        opens_classical(
            "opens-longest-fields",
            "A language tag of 35 characters and ids of 32.",
            r#"{"version":1,"text":"x","language":"de-Latn-DE-1996-a-b12345-x-y1234567","category":"abcdefghijklmnopqrstuvwxyz-01234","caller_group":"0123456789012345678901234567890-"}"#,
            &[],
        ),
    ]
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from((i * 31 + (i >> 8)) & 0xff).unwrap()).collect()
}

fn attachments() -> Vec<Vector> {
    let json = |types: &[&str]| {
        let described: Vec<_> = types.iter().map(|t| format!(r#"{{"media_type":"{t}","role":"unscrubbed"}}"#)).collect();
        format!(r#"{{"version":1,"text":"See the files.","language":"en","attachments":[{}]}}"#, described.join(","))
    };
    let fills_the_class = 8192 - 1024 - 512 - 512 - 512;
    vec![
        opens_classical(
            "opens-attachments",
            "Attachments of 0, 1, 511, 512 and 513 octets.",
            &json(&["image/png", "text/plain", "application/pdf", "video/mp4", "audio/ogg"]),
            &[("1.png", "unscrubbed", content(0)), ("2.txt", "unscrubbed", content(1)), ("3.pdf", "unscrubbed", content(511)), ("4.mp4", "unscrubbed", content(512)), ("5.ogg", "unscrubbed", content(513))],
        ),
        opens_classical("opens-full-class", "The archive with its two empty blocks is as long as the class: no padding.", &json(&["image/jpeg"]), &[("1.jpg", "unscrubbed", content(fills_the_class))]),
        opens_classical("opens-next-class", "One octet more than fits the class: the next one.", &json(&["image/jpeg"]), &[("1.jpg", "unscrubbed", content(fills_the_class + 1))]),
        opens_classical(
            "opens-two-chunks",
            "128 KiB of plaintext; an attachment lies across the end of the first chunk, an empty one before it.",
            &json(&["image/gif", "image/jpeg"]),
            &[("1.gif", "unscrubbed", content(0)), ("2.jpg", "unscrubbed", content(66_000))],
        ),
    ]
}

fn recipients() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for (count, stanzas) in [(1, 1), (2, 2), (3, 4), (8, 8)] {
        let seeds: Vec<_> = (0..count).map(|n| identity("AGE-SECRET-KEY-PQ-", &fixed(&format!("analyst {n} of {count}")))).collect();
        let full = seeds.iter().map(|seed| Identity::parse(seed).unwrap().recipient().unwrap());
        let to = Recipients::danger_bare(full.collect(), None).unwrap();
        let plaintext = text_frame();
        let mut bytes = Vec::new();
        age::seal(&mut plaintext.as_slice(), plaintext.len() as u64, &to, &mut bytes).unwrap();
        vectors.push(
            opens(&format!("opens-hybrid-{count}"), &format!("Post-quantum, to {count}: with dummies, {stanzas} stanzas. The last one's identity."), bytes, TEXT, &[])
                .with("identity", seeds.last().unwrap())
                .with("form", "post-quantum")
                .with("stanzas", &stanzas.to_string()),
        );
    }
    let other = Stanza::to(fixed("another analyst")).text();
    let own = stanza().text();
    let grease = "-> grease-\" !~ arguments\n\n";
    let full_lines = format!("-> unknown\n{}\n\n", "A".repeat(64));
    let many = grease.repeat(63);
    for (name, comment, stanzas, count) in [
        ("opens-second-stanza", "To another first; both stanzas are X25519.", [other.as_str(), &own].concat(), 2),
        ("opens-unknown-stanzas", "Stanzas of unknown types on both sides: one with an empty body, one whose body ends with an empty line.", [grease, &own, &full_lines].concat(), 3),
        ("opens-64-stanzas", "As many stanzas as are tried.", [many.as_str(), &own].concat(), 64),
    ] {
        let bytes = with_stanzas(&stanzas, &text_frame());
        vectors.push(classical(opens(name, comment, bytes, TEXT, &[]), count));
    }
    let share = public(fixed("ephemeral"));
    assert_eq!(stanza().share(), share);
    let second = opens("opens-second-identity", "The key ring's second identity fits.", sealed(&text_frame()), TEXT, &[]).with("identity", &identity("AGE-SECRET-KEY-", &fixed("another analyst")));
    vectors.push(classical(second, 1));
    vectors
}

/// The text form, in lines that end as given.
pub fn to_armor(binary: &[u8], end: &str) -> String {
    let base64 = BASE64_STANDARD.encode(binary);
    let mut text = format!("-----BEGIN AGE ENCRYPTED FILE-----{end}");
    for line in base64.as_bytes().chunks(64) {
        text.push_str(str::from_utf8(line).unwrap());
        text.push_str(end);
    }
    text + "-----END AGE ENCRYPTED FILE-----" + end
}

fn armored() -> Vec<Vector> {
    let binary = sealed(&text_frame());
    let text = to_armor(&binary, "\n");
    let full_last_line = file(&header(&format!("-> {}\n\n{}", "xxx", stanza().text())), &crate::age_file::chunks(&text_frame()));
    assert!(full_last_line.len().is_multiple_of(48));
    let spaces = " \t\r\n".repeat(256);
    vec![
        (1, "armor-opens", "The text form.", text.clone()),
        (1, "armor-opens-crlf", "Lines that end with CR LF.", to_armor(&binary, "\r\n")),
        (1, "armor-opens-without-last-newline", "The last line has no end.", text.trim_end().to_owned()),
        (1, "armor-opens-among-white-space", "1024 octets of white space before, 2048 behind.", format!("{spaces}{text}{spaces}{spaces}")),
        (2, "armor-opens-full-last-line", "The last line of base64 has 64 columns: END follows, no short line.", to_armor(&full_last_line, "\n")),
    ]
    .into_iter()
    .map(|(stanzas, name, comment, text)| classical(opens(name, comment, text.into_bytes(), TEXT, &[]), stanzas))
    .collect()
}
