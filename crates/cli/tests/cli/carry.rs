//! `hamsa carry`: an envelope into the messages of a channel and out of them again.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use crate::place::{Place, Ran};

const ENGLISH: &str = "A lorry without plates leaves the quarry at two.";
const ARABIC: &str = "شاحنة بلا لوحات تغادر المحجر عند الثانية ليلًا.";

/// A tip, by what it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Short,
    Full,
    WithPhoto,
}

/// The smallest PNG file that a picture program would make.
fn photo() -> Vec<u8> {
    let codes = hamsa_channel_qr::code_of_text("12345").expect("a code");
    codes.to_png()
}

fn seal(place: &Place, text: &str, kind: Kind, name: &str) {
    place.write("photo.png", &photo());
    let more: &[&str] = match kind {
        Kind::Short => &["--short"],
        Kind::Full => &["--language", "ar"],
        Kind::WithPhoto => &["--attach", "photo.png"],
    };
    let seal = ["seal", "--card", "agency/agency.card", "-o", name];
    let sealed = place.run([&seal[..], more].concat(), text.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
}

fn done(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

/// The envelopes that arrived. Nothing else may be there but the parts.
fn arrived(place: &Place, folder: &str) -> Vec<String> {
    let names = place.names(folder).into_iter();
    let names: Vec<_> = names.filter(|name| name != "parts").collect();
    for name in &names {
        let path = place.path(&format!("{folder}/{name}"));
        let about = fs::metadata(path).expect("there");
        assert_eq!((about.mode() & 0o7777, about.mtime()), (0o600, 315_532_800));
        assert!(
            name.len() == 36 && name.strip_suffix(".age").is_some(),
            "{name}"
        );
    }
    names
}

/// What waits in a folder. Marks of groups that are whole do not.
fn parts(place: &Place, folder: &str) -> usize {
    let parts = place.path(&format!("{folder}/parts"));
    let names = fs::read_dir(parts).map_or(Vec::new(), |e| {
        e.map(|e| e.expect("an entry").path()).collect()
    });
    names
        .iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "part"))
        .count()
}

fn opens(place: &Place, name: &str, text: &str, kind: Kind) {
    let identity = place.identity("agency", "general");
    let opened = done(place.run(["open", "-i", &identity, name], b""));
    assert_eq!(opened.text(), text);
    assert_eq!(
        opened.err.contains("1.png"),
        kind == Kind::WithPhoto,
        "{}",
        opened.err
    );
}

#[test]
fn every_channel_carries_every_tip() {
    // The options out, and in; pictures go by a folder, the others by a pipe.
    let ways: [(&[&str], &[&str]); 7] = [
        (&["sms"], &["sms"]),
        (&["sms", "--octets"], &["sms", "--octets"]),
        (
            &[
                "email",
                "--from",
                "desk@city.example",
                "--to",
                "tips@agency.example",
                "--day",
                "2026-11-22",
            ],
            &["email"],
        ),
        (&["chat", "--limit", "telegram"], &["chat"]),
        (&["chat", "--limit", "x"], &["chat", "--format", "text"]),
        (&["chat", "--limit", "160"], &["chat"]),
        (&["qr", "-o", "codes"], &["qr"]),
    ];
    let place = Place::with_agency();
    for (text, kind) in [Kind::Short, Kind::Full, Kind::WithPhoto]
        .into_iter()
        .flat_map(|kind| [(ARABIC, kind), (ENGLISH, kind)])
    {
        seal(&place, text, kind, "tip.age");
        let envelope = place.read("tip.age");
        for (to, from) in &ways {
            let about = format!("{to:?} {kind:?}");
            let sent = done(place.run([&["carry", "to"], *to, &["-"]].concat(), &envelope));
            let from = [&["carry", "from"], *from].concat();
            let came = if to.contains(&"codes") {
                let came = place.run([&from[..], &["codes"]].concat(), b"");
                fs::remove_dir_all(place.path("codes")).expect("removed");
                came
            } else {
                assert!(sent.out.is_ascii(), "{about}");
                place.run(from, &sent.out)
            };
            assert_eq!(came.code, 0, "{about}: {}", came.err);
            assert!(came.err.contains("1 new envelope"), "{about}: {}", came.err);
            let [name] = arrived(&place, "arrived").try_into().expect("one envelope");
            opens(&place, &format!("arrived/{name}"), text, kind);
            assert_eq!(parts(&place, "arrived"), 0, "{about}");
            fs::remove_dir_all(place.path("arrived")).expect("removed");
        }
        fs::remove_file(place.path("tip.age")).expect("removed");
    }
}

#[test]
fn parts_wait_from_one_call_to_the_next_and_are_gone_when_all_came() {
    let place = Place::with_agency();
    seal(&place, ENGLISH, Kind::Full, "tip.age");
    let sent = done(place.run(["carry", "to", "sms", "tip.age"], b""));
    assert!(
        sent.err.contains("SMS"),
        "how many it takes is said: {}",
        sent.err
    );
    let text = sent.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 50 && lines.iter().all(|line| line.len() <= 160));
    let (first, rest) = lines.split_at(30);
    let from = ["carry", "from", "sms"];
    let half = place.run(from, first.join("\n").as_bytes());
    assert_eq!(half.code, 1);
    let expected = format!(
        "An envelope of {} parts still waits for {}: 31, 32",
        lines.len(),
        rest.len()
    );
    assert!(half.err.contains(&expected), "{}", half.err);
    assert_eq!(parts(&place, "arrived"), 30);
    assert_eq!(arrived(&place, "arrived"), [""; 0]);
    // Some of them again, the rest in another order, and what nobody sealed between them.
    let more: Vec<&str> = rest.iter().rev().chain(&first[..5]).copied().collect();
    let whole = place.run(from, format!("hello\n{}", more.join("\n")).as_bytes());
    assert_eq!(whole.code, 1, "something could not be read");
    assert!(
        whole.err.contains("1 new envelope") && whole.err.contains("stdin: nothing sealed"),
        "{}",
        whole.err
    );
    assert!(
        whole.err.contains("5 envelopes or parts had come before"),
        "{}",
        whole.err
    );
    assert_eq!(
        (arrived(&place, "arrived").len(), parts(&place, "arrived")),
        (1, 0)
    );
    // A straggler in a later call is no envelope to wait for.
    let late = done(place.run([&from[..], &["--json"]].concat(), lines[7].as_bytes()));
    let summary = r#"{"summary":{"media":0,"new":0,"repeated":1,"unreadable":{},"waiting":[]}}"#;
    assert_eq!(late.text(), format!("{summary}\n"));
    assert_eq!(parts(&place, "arrived"), 0);
}

#[test]
fn the_same_envelope_by_two_channels_is_one_file() {
    let place = Place::with_agency();
    seal(&place, ARABIC, Kind::Full, "tip.age");
    let mail = [
        "carry",
        "to",
        "email",
        "--from",
        "a@b.example",
        "--to",
        "c@d.example",
        "-o",
        "tip.eml",
    ];
    done(place.run([&mail[..], &["tip.age"]].concat(), b""));
    let chat = done(place.run(
        [
            "carry",
            "to",
            "chat",
            "--limit",
            "x-message",
            "--json",
            "tip.age",
        ],
        b"",
    ));
    let messages: Vec<String> = serde_json::from_slice(&chat.out).expect("JSON");
    assert!(messages.len() > 1);
    let json = done(place.run(["carry", "from", "email", "--json", "tip.eml"], b"")).text();
    let first: serde_json::Value =
        serde_json::from_str(json.lines().next().expect("a line")).expect("JSON");
    let [name] = arrived(&place, "arrived").try_into().expect("one");
    assert_eq!(first["envelope"], format!("arrived/{name}"));
    let again = done(place.run(["carry", "from", "chat"], messages.join("\n\n").as_bytes()));
    assert!(
        again.err.contains("1 envelope or part had come before"),
        "{}",
        again.err
    );
    assert_eq!(arrived(&place, "arrived"), [name]);
}

#[test]
fn mailboxes_and_maildirs_are_read() {
    let place = Place::with_agency();
    let mut mbox = Vec::new();
    for folder in ["mail", "mail/cur", "mail/new", "mail/tmp"] {
        fs::create_dir(place.path(folder)).expect("made");
    }
    for number in 0..3 {
        seal(
            &place,
            &format!("tip {number}"),
            Kind::Full,
            &format!("{number}.age"),
        );
        let mail = [
            "carry",
            "to",
            "email",
            "--from",
            "a@b.example",
            "--to",
            "c@d.example",
        ];
        let mail = done(place.run([&mail[..], &[&format!("{number}.age")]].concat(), b"")).out;
        mbox.extend_from_slice(b"From a@b.example Sun Nov 22 10:00:00 2026\n");
        mbox.extend_from_slice(&mail);
        mbox.extend_from_slice(b"\n");
        let folder = ["cur", "new", "tmp"][number];
        place.write(&format!("mail/{folder}/1700000000.M1P1.host"), &mail);
    }
    place.write("mail/dovecot-uidlist", b"3 V1 N4\n");
    place.write("box", &mbox);
    let came = done(place.run(["carry", "from", "email", "mail"], b""));
    assert!(
        came.err.contains("2 new envelopes"),
        "not the one that is not delivered yet: {}",
        came.err
    );
    let came = done(place.run(["carry", "from", "email", "--out", "other", "box"], b""));
    assert!(came.err.contains("3 new envelopes"), "{}", came.err);
    // As an editor may have saved it.
    let marked = ["\u{feff}\r\n\n".as_bytes(), &mbox].concat();
    let piped = done(place.run(["carry", "from", "email", "--out", "third"], &marked));
    assert!(piped.err.contains("3 new envelopes"), "{}", piped.err);
}

#[test]
fn webhooks_are_read_one_or_many() {
    let place = Place::with_agency();
    seal(&place, ENGLISH, Kind::Short, "tip.age");
    let text = String::from_utf8(place.read("tip.age")).expect("text");
    let update = serde_json::json!({
        "update_id": 7,
        "message": {
            "message_id": 1, "date": 1_700_000_000,
            "from": {"id": 42, "is_bot": false, "first_name": "Layla", "username": "layla_m"},
            "chat": {"id": 42, "type": "private", "first_name": "Layla"},
            "text": text.trim(),
        }
    });
    let file = serde_json::json!({
        "update_id": 8,
        "message": {"message_id": 2, "date": 1, "chat": {"id": 42, "type": "private"},
            "document": {"file_id": "abc", "file_unique_id": "d", "file_size": 9000, "file_name": "layla.age"}}
    });
    let from = ["carry", "from", "chat", "--format", "telegram"];
    let pretty = serde_json::to_string_pretty(&update).expect("JSON");
    done(place.run(from, pretty.as_bytes()));
    let lines = format!("{update}\n{file}\n\n");
    // Without a format the documents of a call are no less there.
    let unnamed = place.run(&from[..3], lines.as_bytes());
    assert!(
        unnamed.code == 1 && unnamed.err.contains("1 file is with the chat service"),
        "{}",
        unnamed.err
    );
    let both = place.run(from, lines.as_bytes());
    assert_eq!(both.code, 1, "a file has to be fetched: {}", both.err);
    assert!(
        both.err.contains("1 file is with the chat service"),
        "{}",
        both.err
    );
    assert_eq!(both.text(), "abc\t9000\n");
    assert!(!both.err.to_lowercase().contains("layla"));
    assert_eq!(arrived(&place, "arrived").len(), 1);
}

#[test]
fn what_cannot_be_carried_is_refused_in_words() {
    let place = Place::with_agency();
    seal(&place, ENGLISH, Kind::Full, "tip.age");
    for (arguments, input, code) in [
        (&["carry", "to", "sms", "nothing.age"][..], &b""[..], 5),
        (&["carry", "to", "sms"], b"my secret tip", 5),
        (&["carry", "to", "sms"], b"", 5),
        (
            &["carry", "to", "chat", "--limit", "many", "tip.age"],
            b"",
            2,
        ),
        (&["carry", "to", "chat", "--limit", "20", "tip.age"], b"", 5),
        (
            &[
                "carry",
                "to",
                "email",
                "--from",
                "x",
                "--to",
                "a@b.example",
                "tip.age",
            ],
            b"",
            2,
        ),
        (
            &[
                "carry",
                "to",
                "email",
                "--from",
                "a@b.example",
                "--to",
                "a@b.example",
                "--day",
                "today",
                "tip.age",
            ],
            b"",
            2,
        ),
        (&["carry", "to", "qr", "-o", "agency", "tip.age"], b"", 6),
        (&["carry", "to", "sms", "-o", "tip.age", "tip.age"], b"", 6),
    ] {
        let refused = place.run(arguments, input);
        assert_eq!(refused.code, code, "{arguments:?}: {}", refused.err);
        assert!(!refused.err.contains("secret"), "{}", refused.err);
    }
    for (channel, input) in [
        ("sms", &b"my secret tip"[..]),
        ("email", b"From: layla\n\nmy secret tip"),
        ("chat", b"my secret tip"),
        ("qr", b"my secret picture"),
    ] {
        let refused = place.run(["carry", "from", channel], input);
        assert_eq!(refused.code, 5, "{channel}: {}", refused.err);
        assert!(
            refused.err.contains("stdin: ") && !refused.err.contains("secret"),
            "{}",
            refused.err
        );
    }
    let missing = place.run(["carry", "from", "sms", "nowhere"], b"");
    assert_eq!(missing.code, 5, "{}", missing.err);
}

#[test]
fn a_refused_limit_says_which_ones_can_be_used() {
    let place = Place::with_agency();
    seal(&place, ENGLISH, Kind::Full, "tip.age");
    let to = |limit: &str| place.run(["carry", "to", "chat", "--limit", limit, "tip.age"], b"");
    let (_, advice) = to("many").failure();
    assert!(
        advice.contains("telegram, whatsapp, x or x-message"),
        "{advice}"
    );
    let (_, advice) = to("20").failure();
    let least = advice
        .split(' ')
        .find_map(|word| word.parse::<usize>().ok());
    let least = least.expect("a number");
    assert!(advice.contains("telegram"), "{advice}");
    // The least is one that works, and none below it does.
    assert_eq!(to(&least.to_string()).code, 0);
    assert_eq!(to(&(least - 1).to_string()).code, 5);
}

#[test]
fn codes_are_shown_on_the_terminal_and_as_svg() {
    let place = Place::with_agency();
    seal(&place, ENGLISH, Kind::Short, "tip.age");
    let shown = done(place.run(["carry", "to", "qr", "tip.age"], b"")).text();
    assert!(
        shown.contains('█') && !shown.contains("Code"),
        "one code needs no number"
    );
    done(place.run(
        ["carry", "to", "qr", "--svg", "-o", "codes", "tip.age"],
        b"",
    ));
    assert_eq!(place.names("codes"), ["00001.svg"]);
    assert!(place.read("codes/00001.svg").starts_with(b"<"));
    let refused = place.run(["carry", "from", "qr", "codes/00001.svg"], b"");
    assert_eq!(refused.code, 5);
    assert!(
        refused.err.contains("PNG, JPEG, WebP, GIF and BMP"),
        "{}",
        refused.err
    );
}
