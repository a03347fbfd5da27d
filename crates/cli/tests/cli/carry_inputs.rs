//! `hamsa carry from`: what it is given, and what it says when that is not what it reads.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use crate::place::{Place, Ran};

const TEXT: &str = "A lorry without plates leaves the quarry at two, and it comes back at four with three men in it and no lights.";
/// Every way to read, with the options that change what is read.
const WAYS: [&[&str]; 7] = [
    &["sms"],
    &["sms", "--octets"],
    &["email"],
    &["chat"],
    &["chat", "--format", "telegram"],
    &["chat", "--format", "whatsapp"],
    &["qr"],
];

fn from(place: &Place, arguments: &[&str], input: &[u8]) -> Ran {
    place.run([&["carry", "from"], arguments].concat(), input)
}

/// The lines of what `carry to` makes of a new tip.
fn sent(place: &Place, arguments: &[&str], seal: &[&str]) -> Vec<String> {
    let path = "sent.age";
    let sealed = ["seal", "--card", "agency/agency.card", "-o", path];
    let sealed = place.run([&sealed, seal].concat(), TEXT.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    let made = place.run([&["carry", "to"], arguments, &[path]].concat(), b"");
    assert_eq!(made.code, 0, "{}", made.err);
    fs::remove_file(place.path(path)).expect("removed");
    made.text().lines().map(str::to_owned).collect()
}

/// The only envelope that arrived opens.
fn opens(place: &Place, folder: &str) {
    let names = place.names(folder).into_iter();
    let names: Vec<_> = names.filter(|name| name != "parts").collect();
    let [name] = names.try_into().expect("one envelope");
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, &format!("{folder}/{name}")], b"");
    assert_eq!(opened.text(), TEXT, "{}", opened.err);
}

#[test]
fn nothing_at_all_is_no_message_on_any_channel() {
    let place = Place::new();
    place.write("empty", b"");
    fs::create_dir(place.path("folder")).expect("made");
    place.write("folder/empty", b"\n \r\n");
    for way in WAYS {
        for input in [&b""[..], b"\n", b" \r\n\n"] {
            let came = from(&place, way, input);
            assert_eq!(came.code, 0, "{way:?} {input:?}: {}", came.err);
            assert_eq!(came.err, "No new envelope came.\n");
        }
        for path in ["empty", "folder", "/dev/fd/0"] {
            let came = from(&place, &[way, &[path]].concat(), b"");
            assert_eq!(came.code, 0, "{way:?} {path}: {}", came.err);
        }
    }
}

#[test]
fn noise_is_no_message_on_any_channel() {
    // Begins as a part does, and as a short envelope does.
    let noise: Vec<u8> = (0..2000_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2])
        .collect();
    let place = Place::new();
    for first in [1, 2, 0, 0xff] {
        let noise = [&[first], &noise[..]].concat();
        for way in WAYS {
            let came = from(&place, way, &noise);
            assert_eq!(came.code, 5, "{way:?}");
            let words = "it is not a message of this channel";
            assert!(came.err.contains(words), "{way:?}: {}", came.err);
            assert!(!came.err.contains("damaged"), "{way:?}: {}", came.err);
        }
    }
}

#[test]
fn a_named_pipe_is_read_and_a_device_is_named() {
    let place = Place::with_agency();
    let lines = sent(&place, &["sms"], &[]);
    let made = Command::new("mkfifo").arg(place.path("pipe")).status();
    assert!(made.expect("mkfifo").success());
    let (path, text) = (place.path("pipe"), lines.join("\n"));
    let writer = std::thread::spawn(move || fs::write(path, text).expect("written"));
    let came = from(&place, &["sms", "pipe"], b"");
    writer.join().expect("written");
    assert_eq!(came.code, 0, "{}", came.err);
    opens(&place, "arrived");
    let refused = from(&place, &["sms", "/dev/null"], b"");
    assert_eq!(refused.code, 5);
    assert!(
        refused
            .err
            .contains("a device or a socket, neither a file nor a pipe: /dev/null"),
        "{}",
        refused.err
    );
}

#[test]
fn what_cannot_be_read_is_named_as_it_was_named_and_no_file_in_a_folder_is() {
    let place = Place::new();
    place.write("one", b"hello");
    place.write("two", b"hello\nhello");
    fs::create_dir(place.path("mail")).expect("made");
    for name in ["1700000000.M1P1.layla", "1700000001.M1P1.layla"] {
        place.write(&format!("mail/{name}"), b"From: layla\n\nhello");
        std::os::unix::fs::symlink("nowhere", place.path(&format!("mail/{name}.link")))
            .expect("made");
    }
    let inputs = ["sms", "one", "nothing", "two", "mail", "-"];
    let came = from(&place, &inputs, b"hello");
    assert_eq!(came.code, 5);
    for line in [
        "hamsa: there is no such file or folder: nothing",
        "one: nothing sealed is in it",
        "two, 2 times: nothing sealed is in it",
        "mail, 4 times: nothing sealed is in it",
        "mail: 2 files in this folder could not be read",
        "stdin: nothing sealed is in it",
    ] {
        assert!(
            came.err.lines().any(|said| said == line),
            "{line}: {}",
            came.err
        );
    }
    assert_eq!(came.err.matches("look at the original").count(), 1, "once");
    assert!(!came.err.contains("layla") && !came.err.contains("1 times"));
    let json = from(&place, &[&inputs[..], &["--json"]].concat(), b"hello");
    assert_eq!(json.err, "");
    let line = r#"{"code":"nothing-sealed","count":2,"path":"two"}"#;
    assert!(
        json.text().lines().any(|said| said == line),
        "{}",
        json.text()
    );
    assert!(!json.text().contains("layla"));
    let arabic = from(&place, &["--lang", "ar", "sms", "one", "two"], b"");
    assert!(arabic.err.contains("مرتين"), "{}", arabic.err);
}

#[test]
fn what_another_way_reads_is_said_to_belong_there() {
    let place = Place::with_agency();
    let texts = sent(&place, &["sms"], &[]).join("\n");
    let octets = sent(&place, &["sms", "--octets"], &["--short"]).join("\n");
    let mail = ["email", "--from", "a@b.example", "--to", "c@d.example"];
    let mail = sent(&place, &mail, &[]).join("\r\n");
    let armor = sent(&place, &["chat", "--limit", "160"], &[]).join("\n");
    let picture = hamsa_channel_qr::code_of_text("12345")
        .expect("a code")
        .to_png();
    place.seal(TEXT, "tip.age");
    let envelope = place.read("tip.age");
    let large = claims_to_be_large(&picture);
    let update = br#"{"update_id":1,"message":{"document":{"file_id":"a"}}}"#;
    let call = br#"{"entry":[{"changes":[{"value":{"messages":[{"document":{"id":"a"}}]}}]}]}"#;
    for (way, input, hint) in [
        (
            &["sms", "--octets"][..],
            texts.as_bytes(),
            "leave out --octets",
        ),
        (&["sms"], octets.as_bytes(), "add --octets"),
        (&["sms"], mail.as_bytes(), "hamsa carry from email"),
        (&["sms"], &picture, "hamsa carry from qr"),
        (&["chat"], &picture, "hamsa carry from qr"),
        (&["sms"], &envelope, "hamsa open takes it"),
        (&["qr"], b"%PDF-1.7", "PNG, JPEG, WebP, GIF and BMP"),
        (&["qr"], &envelope, "hamsa open takes it"),
        (&["qr"], &large, "64 megapixels"),
        (&["email"], &picture, "hamsa carry from qr"),
        (&["email"], update, "--format telegram"),
        (&["sms"], call, "--format whatsapp"),
        (
            &["chat", "--format", "whatsapp"],
            &envelope,
            "hamsa open takes it",
        ),
        (
            &["chat", "--format", "whatsapp"],
            update,
            "--format telegram",
        ),
        (
            &["chat", "--format", "telegram"],
            mail.as_bytes(),
            "hamsa carry from email",
        ),
    ] {
        let came = from(&place, way, input);
        assert_eq!(came.code, 5, "{way:?} {hint}: {}", came.err);
        assert!(came.err.contains(hint), "{way:?} {hint}: {}", came.err);
    }
    for (way, input) in [
        (&["sms"][..], armor.as_bytes()),
        (&["sms"], b"BMW without plates seen at two"),
        (&["sms"], b"From: a friend\nhello"),
        (&["chat"], b"{\"hello\":1}"),
        (
            &["email"],
            b"From: a@b.example\nTo: c@d.example\nDate: today\n\nhello",
        ),
        (
            &["chat", "--format", "telegram"],
            br#"{"update_id":1,"message":{"text":"hello"}}"#,
        ),
    ] {
        let came = from(&place, way, input);
        for hint in ["carry from", "--octets", "--format"] {
            assert!(!came.err.contains(hint), "{way:?}: {}", came.err);
        }
    }
}

/// A PNG whose header tells of more pixels than are read.
fn claims_to_be_large(png: &[u8]) -> Vec<u8> {
    let mut large = png.to_vec();
    large[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    let check = crc32(&large[12..29]);
    large[29..33].copy_from_slice(&check.to_be_bytes());
    large
}

/// The check value of PNG (section 5.5).
fn crc32(octets: &[u8]) -> u32 {
    let step = |check: u32, octet: &u8| {
        (0..8).fold(check ^ u32::from(*octet), |check, _| {
            (check >> 1) ^ (0xedb8_8320 & (check & 1).wrapping_neg())
        })
    };
    !octets.iter().fold(!0, step)
}

#[test]
fn a_document_of_a_chat_is_named_fetched_and_read() {
    let place = Place::with_agency();
    let parts = sent(&place, &["chat", "--limit", "4096"], &[]);
    let parts: Vec<&String> = parts.iter().filter(|line| !line.is_empty()).collect();
    assert!(parts.len() > 1, "messages that carry parts");
    let texts = parts.iter().map(|part| {
        serde_json::json!({"from": "4917000", "id": "wamid.layla", "timestamp": "1", "type": "text", "text": {"body": part}})
    });
    let document = serde_json::json!({"from": "4917000", "id": "wamid.x", "timestamp": "2", "type": "document",
        "document": {"id": "1013859600285441", "filename": "layla.age", "mime_type": "application/octet-stream"}});
    let calls = texts.chain([document]).map(|message| {
        let value = serde_json::json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"},
            "contacts": [{"profile": {"name": "Layla"}, "wa_id": "4917000"}], "messages": [message]});
        serde_json::json!({"object": "whatsapp_business_account",
            "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}]})
    });
    let calls: Vec<String> = calls.map(|call| call.to_string()).collect();
    let calls = calls.join("\n");
    let way = ["chat", "--format", "whatsapp"];
    let came = from(&place, &way, calls.as_bytes());
    assert_eq!(came.code, 1, "a file has to be fetched: {}", came.err);
    assert_eq!(came.text(), "1013859600285441\t-\n");
    assert!(came.err.contains("1 new envelope") && came.err.contains("hamsa carry from chat"));
    let said = came.err.to_lowercase() + &came.text();
    assert!(
        !said.contains("layla") && !said.contains("4917000"),
        "{said}"
    );
    opens(&place, "arrived");
    let json = from(&place, &[&way[..], &["--json"]].concat(), calls.as_bytes()).text();
    let line = r#"{"media":{"id":"1013859600285441","length":null}}"#;
    assert!(json.lines().any(|said| said == line), "{json}");

    // What the service gives for that id, in each form that somebody may have sent.
    for (more, out) in [
        (&[][..], "binary"),
        (&["--armor"], "armor"),
        (&["--short"], "short"),
    ] {
        let seal = ["seal", "--card", "agency/agency.card", "-o", out];
        place.run([&seal[..], more].concat(), TEXT.as_bytes());
        let folder = format!("from-{out}");
        let came = from(&place, &["chat", "--out", &folder, out], b"");
        assert_eq!(came.code, 0, "{out}: {}", came.err);
        opens(&place, &folder);
    }
}

#[test]
fn octets_of_a_short_tip_are_joined_from_one_call_to_the_next() {
    let place = Place::with_agency();
    let way = ["sms", "--octets"];
    let one = sent(&place, &way, &["--short"]);
    let mut other = sent(&place, &way, &["--short"]);
    // One in 256 has the same reference: those are joined as well, but also crosswise.
    while other[0].starts_with(&one[0][..8]) {
        other = sent(&place, &way, &["--short"]);
    }
    assert!(one.len() == 2 && other.len() == 2);
    let first = from(&place, &way, one[1].as_bytes());
    assert_eq!(first.code, 1, "not all has come: {}", first.err);
    let waits = "An envelope of 2 parts still waits for 1: 1";
    assert!(first.err.contains(waits), "{}", first.err);
    let [kept] = place.names("arrived/parts").try_into().expect("one file");
    // The header and what is sealed, and no more.
    let octets = one[1].split_once(' ').expect("two columns");
    let octets = [octets.0, octets.1].concat();
    let hex: String = place
        .read(&format!("arrived/parts/{kept}"))
        .iter()
        .map(|o| format!("{o:02x}"))
        .collect();
    assert_eq!(hex, octets);
    for path in ["arrived/parts".to_owned(), format!("arrived/parts/{kept}")] {
        let about = fs::metadata(place.path(&path)).expect("there");
        assert_eq!(
            (about.mode() & 0o077, about.mtime()),
            (0, 315_532_800),
            "{path}"
        );
    }
    // The same once more changes nothing; another tip between them is another.
    assert_eq!(from(&place, &way, one[1].as_bytes()).code, 1);
    assert_eq!(from(&place, &way, other[0].as_bytes()).code, 1);
    assert_eq!(place.names("arrived/parts").len(), 2);
    let last = from(&place, &way, one[0].as_bytes());
    assert!(last.err.contains("1 new envelope"), "{}", last.err);
    opens(&place, "arrived");
    assert_eq!(from(&place, &way, other[1].as_bytes()).code, 0);
    let marks = place.names("arrived/parts");
    let is_mark = |name: &String| {
        let octets = place.read(&format!("arrived/parts/{name}"));
        name.strip_suffix(".whole").is_some() && octets.is_empty()
    };
    assert!(marks.len() == 4 && marks.iter().all(is_mark), "{marks:?}");
    // What comes once more is not waited for.
    let again = from(&place, &way, one[1].as_bytes());
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(place.names("arrived/parts"), marks);
    assert_eq!(place.names("arrived").len(), 3, "two envelopes");
    let about = fs::metadata(place.path("arrived/parts")).expect("there");
    assert_eq!(about.mtime(), 315_532_800, "also when it was emptied");
}

#[test]
fn octets_of_a_short_tip_are_joined_from_several_files() {
    let place = Place::with_agency();
    let lines = sent(&place, &["sms", "--octets"], &["--short"]);
    fs::create_dir(place.path("in")).expect("made");
    for (number, line) in lines.iter().enumerate() {
        place.write(&format!("in/{number}"), line.as_bytes());
    }
    let came = from(&place, &["sms", "--octets", "in"], b"");
    assert_eq!(came.code, 0, "{}", came.err);
    opens(&place, "arrived");
    // Runs that end at once each keep their own half, and the next one joins them.
    let way = ["sms", "--octets", "--out", "halves"];
    let keep = |line: &String| {
        assert_eq!(from(&place, &way, line.as_bytes()).code, 1);
        let [name] = place.names("halves/parts").try_into().expect("one file");
        let octets = place.read(&format!("halves/parts/{name}"));
        fs::remove_dir_all(place.path("halves")).expect("removed");
        (name, octets)
    };
    let halves: Vec<_> = lines.iter().map(keep).collect();
    fs::create_dir_all(place.path("halves/parts")).expect("made");
    for (name, octets) in halves {
        place.write(&format!("halves/parts/{name}"), &octets);
    }
    let joined = from(&place, &way, b"00");
    assert!(joined.err.contains("1 new envelope"), "{}", joined.err);
    opens(&place, "halves");
}

/// A web hook is called by several at once, and again when it did not answer in time.
#[test]
fn calls_at_once_keep_each_envelope_once_and_join_its_parts() {
    let place = Place::with_agency();
    let parts = sent(&place, &["chat", "--limit", "4096"], &[]);
    let parts: Vec<&String> = parts.iter().filter(|line| !line.is_empty()).collect();
    let octets = sent(&place, &["sms", "--octets"], &["--short"]);
    assert!(parts.len() > 1 && octets.len() > 1);
    let together = |way: &[&str], inputs: &[&String]| {
        std::thread::scope(|scope| {
            let calls = inputs.iter().map(|input| {
                let place = &place;
                scope.spawn(move || from(place, way, input.as_bytes()))
            });
            let calls: Vec<_> = calls.collect();
            for call in calls {
                let came = call.join().expect("ended");
                assert!(came.code <= 1, "{}", came.err);
            }
        });
    };
    let envelopes = |folder: &str| {
        let names = place.names(folder).into_iter();
        names
            .filter(|name| name.strip_suffix(".age").is_some())
            .count()
    };
    for round in 0..4 {
        let folder = format!("parts-{round}");
        together(&["chat", "--out", &folder], &parts);
        assert_eq!(envelopes(&folder), 1, "{folder}");
        opens(&place, &folder);
        let folder = format!("octets-{round}");
        let octets: Vec<&String> = octets.iter().collect();
        together(&["sms", "--octets", "--out", &folder], &octets);
        opens(&place, &folder);
        let whole = parts
            .iter()
            .map(|part| part.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let folder = format!("whole-{round}");
        together(&["chat", "--out", &folder], &[&whole; 6]);
        assert_eq!(envelopes(&folder), 1, "{folder}");
    }
}

#[test]
fn an_envelope_that_was_cut_is_damaged_and_not_new() {
    let place = Place::with_agency();
    place.seal(TEXT, "whole.age");
    let whole = place.read("whole.age");
    place.write("cut.age", &whole[..5000]);
    place.write("long.age", &[&whole[..], b"\n"].concat());
    for name in ["cut.age", "long.age"] {
        let came = from(&place, &["chat", name], b"");
        assert_eq!(came.code, 5, "{}", came.err);
        assert!(came.err.contains("damaged"), "{}", came.err);
        let refused = place.run(["carry", "to", "sms", name], b"");
        assert_eq!(refused.code, 5, "{}", refused.err);
    }
}

/// The other messages of the first way are not waited for.
#[test]
fn parts_of_an_envelope_that_came_another_way_are_not_waited_for() {
    let place = Place::with_agency();
    place.seal(TEXT, "one.age");
    let sms = place.run(["carry", "to", "sms", "one.age"], b"").text();
    let some: Vec<&str> = sms.lines().take(5).collect();
    let some = some.join("\n");
    assert_eq!(from(&place, &["sms"], some.as_bytes()).code, 1);
    let came = from(&place, &["chat", "one.age"], b"");
    assert_eq!(came.code, 0, "{}", came.err);
    assert_eq!(from(&place, &["sms"], some.as_bytes()).code, 0);
    let chat = place.run(["carry", "to", "chat", "one.age", "--limit", "4096"], b"");
    let first = chat.text();
    let first = first.lines().next().expect("a message");
    assert_eq!(from(&place, &["chat"], first.as_bytes()).code, 0);
}

#[test]
fn latin_1_is_read_where_a_gateway_takes_an_underscore_for_a_paragraph_sign() {
    let place = Place::with_agency();
    let mut tried = 0;
    while tried == 0 {
        let text = sent(&place, &["sms"], &["--short"]).join("\n");
        tried = text.matches('_').count();
        let octets: Vec<u8> = text
            .bytes()
            .map(|o| if o == b'_' { 0xA7 } else { o })
            .collect();
        let came = from(&place, &["sms"], &octets);
        assert_eq!(came.code, 0, "{}", came.err);
    }
}
