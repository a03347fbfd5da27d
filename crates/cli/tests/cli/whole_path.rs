//! From the agency's keys to the opened tip.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use crate::place::Place;

const TEXT: &str = "The lorry without plates leaves at two.\nشاحنة بلا لوحات\n";

/// Enough for the type to be recognised.
fn photo() -> Vec<u8> {
    let mut photo = vec![0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F', 0];
    photo.extend((0..300_000_u32).map(|n| n.to_le_bytes()[0]));
    photo
}

#[test]
fn a_tip_with_a_photo_goes_the_whole_path() {
    let place = Place::new();
    place.write("passphrase", b"correct horse battery staple\n");
    let arguments = [
        "agency",
        "init",
        "agency",
        "--name",
        "en=City Tip Line",
        "--name",
        "ar=خط البلاغات",
    ];
    let made = place.run(
        arguments
            .into_iter()
            .chain(["--passphrase-file", "passphrase"]),
        b"",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        place
            .read("agency/root.key")
            .starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
    );

    let about = fs::metadata(place.path("agency/agency.card")).expect("the card");
    assert_eq!(about.mode() & 0o777, 0o644, "a card is published");

    let fingerprint = made
        .text()
        .lines()
        .find_map(|line| line.strip_prefix("Fingerprint: ").map(str::to_owned));
    let fingerprint = fingerprint.expect("the fingerprint is told");
    let shown = place.run(
        [
            "card",
            "show",
            "agency/agency.card",
            "--fingerprint",
            &fingerprint,
        ],
        b"",
    );
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.text().contains("City Tip Line") && shown.text().contains("خط البلاغات"));

    place.write("IMG_0001.bin", &photo());
    let seal = [
        "seal",
        "--card",
        "agency/agency.card",
        "--fingerprint",
        &fingerprint,
    ];
    let more = [
        "--to",
        "general",
        "--language",
        "ar",
        "--danger-unscrubbed",
        "IMG_0001.bin",
    ];
    let sealed = place.run(seal.into_iter().chain(more), TEXT.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(!sealed.err.contains("lorry") && sealed.out.is_empty());
    let about = fs::metadata(place.path("tip.age")).expect("the envelope");
    assert_eq!((about.mode() & 0o777, about.mtime()), (0o600, 315_532_800));

    let identity = place.identity("agency", "general");
    let open = [
        "open",
        "-i",
        &identity,
        "--passphrase-file",
        "passphrase",
        "--out",
        "cases",
        "tip.age",
    ];
    let opened = place.run(open, b"");
    assert_eq!((opened.code, opened.err.as_str()), (0, "1 tip opened.\n"));
    let cases = place.names("cases");
    assert_eq!(cases.len(), 1);
    let case = format!("cases/{}", cases[0]);
    assert_eq!(place.names(&case), ["attachments", "tip.json", "tip.txt"]);
    assert_eq!(place.read(&format!("{case}/tip.txt")), TEXT.as_bytes());
    assert_eq!(place.names(&format!("{case}/attachments")), ["1.jpg"]);
    assert_eq!(place.read(&format!("{case}/attachments/1.jpg")), photo());

    // Once more into the same folder: nothing changes.
    let before = fs::metadata(place.path(&case)).expect("the case").ino();
    let again = place.run(open, b"");
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("1 was opened before"), "{}", again.err);
    assert_eq!(place.names("cases"), cases);
    assert_eq!(
        fs::metadata(place.path(&case)).expect("the case").ino(),
        before
    );
}

#[test]
fn a_single_tip_is_shown_and_its_attachments_are_named() {
    let place = Place::with_agency();
    place.write("a", &photo());
    let seal = [
        "seal",
        "--card",
        "agency/agency.card",
        "--danger-unscrubbed",
        "a",
        "-o",
        "-",
    ];
    let sealed = place.run(seal, TEXT.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    place.write("t", &sealed.out);
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "t"], b"");
    assert_eq!((opened.code, opened.text().as_str()), (0, TEXT));
    assert!(
        opened.err.contains("1.jpg: image/jpeg, 292.9 KiB"),
        "{}",
        opened.err
    );
    assert_eq!(place.names("."), ["a", "agency", "t"]);
}

#[test]
fn without_a_fingerprint_the_person_is_told_to_compare_it() {
    let place = Place::with_agency();
    let sealed = place.run(["seal", "--card", "agency/agency.card"], TEXT.as_bytes());
    let shown = place.run(["card", "show", "--json", "agency/agency.card"], b"");
    let card: serde_json::Value = serde_json::from_slice(&shown.out).expect("JSON");
    let fingerprint = card["fingerprint"]
        .as_str()
        .expect("a fingerprint")
        .to_owned();
    assert!(sealed.err.contains(&fingerprint), "{}", sealed.err);
    let arabic = place.run(
        [
            "--lang",
            "ar",
            "seal",
            "--card",
            "agency/agency.card",
            "-o",
            "2",
        ],
        TEXT.as_bytes(),
    );
    assert!(
        arabic
            .err
            .contains(&format!("\u{2068}{fingerprint}\u{2069}")),
        "{}",
        arabic.err
    );
}

#[test]
fn the_short_form_is_one_line_and_opens_like_any_other() {
    let place = Place::with_agency();
    let sealed = place.run(
        ["seal", "--card", "agency/agency.card", "--short"],
        "نعم في الميناء".as_bytes(),
    );
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(
        sealed.err.contains("1 SMS") && sealed.err.contains("not safe against quantum computers")
    );
    assert!(
        sealed
            .text()
            .trim_end()
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    );
    place.write("sms", &sealed.out);
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "sms"], b"");
    assert_eq!((opened.code, opened.text().as_str()), (0, "نعم في الميناء"));
}

#[test]
fn the_text_form_says_its_own_size() {
    let place = Place::with_agency();
    let seal = [
        "seal",
        "--card",
        "agency/agency.card",
        "--armor",
        "-o",
        "tip.txt",
    ];
    let sealed = place.run(seal, TEXT.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    let tenths = place.read("tip.txt").len() * 10 / 1024;
    let size = format!("{}.{}", tenths / 10, tenths % 10);
    let size = format!("tip.txt, {} KiB.", size.trim_end_matches(".0"));
    assert!(sealed.err.contains(&size), "{size}: {}", sealed.err);
}

#[test]
fn a_folder_is_opened_whole_and_what_is_bad_is_listed() {
    let place = Place::with_agency();
    fs::create_dir_all(place.path("in/deep/er")).expect("folders");
    place.seal("one", "in/one.age");
    place.seal("two", "in/deep/two");
    let armored = place.run(
        [
            "seal",
            "--card",
            "agency/agency.card",
            "--armor",
            "-o",
            "in/deep/er/three",
        ],
        b"three",
    );
    assert_eq!(armored.code, 0, "{}", armored.err);
    fs::copy(place.path("in/one.age"), place.path("in/copy")).expect("a copy");
    place.write("in/notes.txt", b"not an envelope\n");
    place.write("in/notes-again.txt", b"not an envelope\n");
    place.write("in/empty", b"");
    let mut damaged = place.read("in/one.age");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    place.write("in/damaged", &damaged);
    std::os::unix::fs::symlink("..", place.path("in/deep/loop")).expect("a link");

    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "--out", "cases", "in"], b"");
    assert_eq!(opened.code, 1, "{}", opened.err);
    assert!(opened.err.contains("3 tips opened.\n"), "{}", opened.err);
    assert!(
        opened.err.contains("the same envelope again: in/"),
        "{}",
        opened.err
    );
    assert!(
        opened
            .err
            .contains("in/notes.txt: this is not a sealed tip\n"),
        "{}",
        opened.err
    );
    assert!(
        opened.err.contains("in/empty: the file is empty"),
        "{}",
        opened.err
    );
    assert!(
        opened.err.contains("in/damaged: the envelope was changed"),
        "{}",
        opened.err
    );
    assert!(
        opened.err.contains("in/deep/loop: this is a link"),
        "{}",
        opened.err
    );
    assert!(opened.err.contains("5 did not open."), "{}", opened.err);
    assert_eq!(place.names("cases").len(), 3);

    let arabic = place.run(
        [
            "open", "--lang", "ar", "-i", &identity, "--out", "cases", "in",
        ],
        b"",
    );
    assert!(
        arabic.err.contains("لم يُفتح أي بلاغ جديد."),
        "{}",
        arabic.err
    );
    assert!(
        arabic.err.contains("\u{2068}3\u{2069} بلاغات فُتحت من قبل"),
        "{}",
        arabic.err
    );
}

#[test]
fn the_text_form_is_the_same_case_as_the_binary_form() {
    let place = Place::with_agency();
    place.seal("twin", "binary");
    place.write("armored", armor(&place.read("binary")).as_bytes());
    let identity = place.identity("agency", "general");
    let first = place.run(["open", "-i", &identity, "--out", "cases", "binary"], b"");
    assert_eq!(first.code, 0, "{}", first.err);
    let second = place.run(
        ["open", "-v", "-i", &identity, "--out", "cases", "armored"],
        b"",
    );
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(
        second.err.contains("opened before: armored"),
        "{}",
        second.err
    );
}

/// age's armor.
fn armor(binary: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(binary);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).expect("ASCII"))
        .collect();
    format!(
        "-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n",
        lines.join("\n")
    )
}

#[test]
fn json_has_one_line_for_each_envelope_and_one_for_the_counts() {
    let place = Place::with_agency();
    place.seal("secret words", "a.age");
    place.write("b.age", b"nothing");
    let identity = place.identity("agency", "general");
    let lines = |out: Vec<u8>| -> Vec<serde_json::Value> {
        String::from_utf8(out)
            .expect("text")
            .lines()
            .map(|l| serde_json::from_str(l).expect("JSON"))
            .collect()
    };
    let read = place.run(["open", "--json", "-i", &identity, "a.age", "b.age"], b"");
    assert_eq!(read.code, 1);
    let read = lines(read.out);
    let of = |path: &str| {
        read.iter()
            .find(|line| line["path"] == path)
            .expect("a line")
            .clone()
    };
    assert_eq!(of("a.age")["outcome"], "opened");
    assert_eq!(of("a.age")["form"], "post-quantum");
    assert_eq!(of("a.age")["tip"]["text"], "secret words");
    assert_eq!(of("b.age")["code"], "not-an-envelope");
    assert_eq!(read.last().expect("counts")["summary"]["opened"], 1);

    let kept = place.run(
        ["open", "--json", "-i", &identity, "--out", "cases", "a.age"],
        b"",
    );
    let text = kept.text();
    assert!(
        !text.contains("secret words"),
        "the text stands in the case: {text}"
    );
    assert_eq!(lines(kept.out)[0]["case"].as_str().map(str::len), Some(32));
}

#[test]
fn a_new_card_follows_the_old_one_and_old_tips_still_open() {
    let place = Place::with_agency();
    place.seal("before", "old.age");
    fs::copy(place.path("agency/agency.card"), place.path("old.card")).expect("a copy");
    let reissued = place.run(["agency", "card", "agency"], b"");
    assert_eq!(reissued.code, 0, "{}", reissued.err);
    assert_eq!(place.names("agency/cards"), ["0001.card", "0002.card"]);
    assert_eq!(
        place.read("agency/agency.card"),
        place.read("agency/cards/0002.card")
    );
    let follows = place.run(
        ["card", "show", "agency/agency.card", "--known", "old.card"],
        b"",
    );
    assert_eq!(follows.code, 0, "{}", follows.err);
    let back = place.run(
        ["card", "show", "old.card", "--known", "agency/agency.card"],
        b"",
    );
    assert_eq!(back.code, 3);
    assert_eq!(
        back.failure().0,
        "this card is older than one that you already had"
    );
    place.seal("after", "new.age");
    let identity = place.identity("agency", "general");
    let opened = place.run(
        [
            "open", "-i", &identity, "--out", "cases", "old.age", "new.age",
        ],
        b"",
    );
    assert_eq!(opened.code, 0, "{}", opened.err);
}

#[test]
fn new_keys_can_be_made_more_than_once_a_day() {
    let place = Place::with_agency();
    place.seal("before", "1.age");
    for number in ["2", "3"] {
        let renewed = place.run(["agency", "card", "agency", "--new-keys"], b"");
        assert_eq!(renewed.code, 0, "{}", renewed.err);
        place.seal("after", &format!("{number}.age"));
    }
    let keys: Vec<_> = place
        .names("agency/departments/general")
        .into_iter()
        .filter(|name| name.strip_suffix(".key").is_some())
        .collect();
    let day = keys.iter().map(|name| name.trim_end_matches(".key")).min();
    let day = day.expect("the first key");
    let mut expected = [
        format!("{day}.key"),
        format!("{day}-2.key"),
        format!("{day}-3.key"),
    ];
    expected.sort();
    assert_eq!(keys, expected);

    // The newest key opens what was sealed since, and not what was sealed before.
    let opens = |key: &str, path: &str| {
        let identity = format!("agency/departments/general/{key}");
        place.run(["open", "-i", &identity, path], b"").code
    };
    let newest = format!("{day}-3.key");
    let opened = ["1.age", "2.age", "3.age"].map(|path| opens(&newest, path));
    assert_eq!(opened, [4, 4, 0]);
    let first = format!("{day}.key");
    let opened = ["1.age", "2.age", "3.age"].map(|path| opens(&first, path));
    assert_eq!(opened, [0, 0, 0]);

    // The card is one that a tip can be sealed to, up to the last key that there is room for.
    for _ in 4..=8 {
        let renewed = place.run(["agency", "card", "agency", "--new-keys"], b"");
        assert_eq!(renewed.code, 0, "{}", renewed.err);
    }
    let before = place.names("agency/departments/general");
    let refused = place.run(["agency", "card", "agency", "--new-keys"], b"");
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(
        refused
            .failure()
            .0
            .starts_with("a department has 8 keys in use already")
    );
    assert_eq!(place.names("agency/departments/general"), before);
    place.seal("at last", "8.age");
}

#[test]
fn an_edited_profile_brings_a_department_with_keys_of_its_own() {
    let place = Place::with_agency();
    let mut profile: serde_json::Value =
        serde_json::from_slice(&place.read("agency/agency.json")).expect("JSON");
    let fraud = serde_json::json!({ "id": "fraud", "names": { "en": "Fraud" }, "topics": [] });
    profile["departments"]
        .as_array_mut()
        .expect("departments")
        .push(fraud);
    place.write("agency/agency.json", profile.to_string().as_bytes());
    let reissued = place.run(["agency", "card", "agency"], b"");
    assert_eq!(reissued.code, 0, "{}", reissued.err);
    let seal = [
        "seal",
        "--card",
        "agency/agency.card",
        "--to",
        "fraud",
        "-o",
        "t",
        "--category",
        "fraud",
    ];
    assert_eq!(place.run(seal, b"x").code, 0);
    let own = place.run(["open", "-i", &place.identity("agency", "fraud"), "t"], b"");
    assert_eq!((own.code, own.out.as_slice()), (0, b"x".as_slice()));
    let other = place.run(
        ["open", "-i", &place.identity("agency", "general"), "t"],
        b"",
    );
    assert_eq!(other.code, 4);
    // What is about fraud does not go to others by a slip.
    let slip = seal.map(|word| if word == "t" { "u" } else { word });
    let to = slip.iter().position(|&word| word == "--to").expect("--to") + 1;
    let slip = slip.iter().enumerate();
    let slip = slip.map(|(at, word)| if at == to { "general" } else { word });
    let refused = place.run(slip.collect::<Vec<_>>(), b"x");
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("--to") && !place.path("u").exists());
}

/// Nobody writes a tip first and then hears that it cannot be put where it should go.
#[test]
fn the_place_of_an_output_is_tried_before_anything_is_read() {
    let place = Place::with_agency();
    let telling = b"My name is Sara Khan, call 050 123 4567.";
    for verb in [&["seal", "--card", "agency/agency.card"][..], &["check"]] {
        for out in ["nowhere/out", "agency"] {
            let ran = place.run([verb, &["-o", out]].concat(), telling);
            assert_eq!(ran.code, 6, "{out}: {}", ran.err);
            assert!(
                ran.err.contains(out) && !ran.err.contains("may tell"),
                "{}",
                ran.err
            );
        }
    }
    assert_eq!(place.names("."), ["agency"], "nothing of the trial is left");
}

#[test]
fn inspect_says_a_length_once() {
    let place = Place::with_agency();
    let seal = ["seal", "--card", "agency/agency.card", "--short", "-o", "s"];
    assert_eq!(place.run(seal, b"hello").code, 0);
    let seal = ["seal", "--card", "agency/agency.card", "-o", "f"];
    assert_eq!(place.run(seal, b"hello").code, 0);
    let short = place.run(["inspect", "s"], b"").text();
    let length = short.lines().find(|line| line.contains("binary form: "));
    let length = length.expect("its length");
    assert!(
        length.ends_with(" octets") && !length.contains('('),
        "{length}"
    );
    let full = place.run(["inspect", "f"], b"").text();
    let octets = std::fs::metadata(place.path("f")).expect("a file").len();
    assert!(full.contains(&format!("KiB ({octets} octets)")), "{full}");
}

#[test]
fn inspect_tells_the_size_class_and_nothing_else() {
    let place = Place::with_agency();
    place.seal("short", "a");
    place.seal(&"long ".repeat(500), "b");
    let (a, b) = (
        place.run(["inspect", "--json", "a"], b""),
        place.run(["inspect", "--json", "b"], b""),
    );
    assert_eq!((a.code, b.code), (0, 0));
    let (a, b) = (
        a.text().replace("\"a\"", "\"\""),
        b.text().replace("\"b\"", "\"\""),
    );
    assert_eq!(a, b, "two text tips look the same");
    assert!(
        a.contains("\"class\":8192") && a.contains("\"form\":\"post-quantum\""),
        "{a}"
    );
}

#[test]
fn the_demo_walks_the_whole_path_in_both_languages() {
    let place = Place::new();
    for language in ["en", "ar"] {
        let demo = place.run(["--lang", language, "demo"], b"");
        assert_eq!(demo.code, 0, "{}", demo.err);
        assert!(demo.text().contains("image/jpeg"));
    }
    assert!(place.names(".").is_empty(), "nothing is written");
}

#[test]
fn a_folder_of_keys_opens_tips_of_every_epoch_with_one_passphrase() {
    let place = Place::new();
    place.write("passphrase", b"correct horse battery\n");
    let with_passphrase = ["--passphrase-file", "passphrase"];
    let made = ["agency", "init", "agency", "--name", "en=City Tip Line"];
    let made = place.run(made.iter().chain(&with_passphrase), b"");
    assert_eq!(made.code, 0, "{}", made.err);
    place.seal("of the first epoch", "1.age");
    let renewed = ["agency", "card", "agency", "--new-keys"];
    let renewed = place.run(renewed.iter().chain(&with_passphrase), b"");
    assert_eq!(renewed.code, 0, "{}", renewed.err);
    place.seal("of the second epoch", "2.age");
    for (tip, text) in [
        ("1.age", "of the first epoch"),
        ("2.age", "of the second epoch"),
    ] {
        let open = ["open", "-i", "agency/departments/general", tip];
        let opened = place.run(open.iter().chain(&with_passphrase), b"");
        assert_eq!(
            (opened.code, opened.text().as_str()),
            (0, text),
            "{}",
            opened.err
        );
    }
}

#[test]
fn a_key_whose_public_file_was_taken_away_is_sealed_to_no_more() {
    let place = Place::with_agency();
    let old = place.identity("agency", "general");
    place.seal("before", "before.age");
    let public = old.replace(".key", ".pub");
    fs::rename(place.path(&public), place.path("withdrawn.pub")).expect("moved");
    let renewed = place.run(["agency", "card", "agency"], b"");
    assert_eq!(renewed.code, 0, "{}", renewed.err);
    assert!(
        renewed.err.contains("One key of the card before"),
        "{}",
        renewed.err
    );
    place.seal("after", "after.age");
    let refused = place.run(["open", "-i", &old, "after.age"], b"");
    assert_eq!(refused.code, 4, "{}", refused.err);
    for (tip, text) in [("before.age", "before"), ("after.age", "after")] {
        let opened = place.run(["open", "-i", "agency/departments/general", tip], b"");
        assert_eq!(opened.text(), text, "{}", opened.err);
    }
}

#[test]
fn an_id_that_no_card_may_have_is_told_of_the_profile() {
    let place = Place::with_agency();
    let profile = String::from_utf8(place.read("agency/agency.json")).expect("text");
    place.write(
        "agency/agency.json",
        profile.replace("general", "General").as_bytes(),
    );
    let refused = place.run(["agency", "card", "agency"], b"");
    assert_eq!(refused.code, 5, "{}", refused.err);
    assert!(refused.failure().0.contains("agency/agency.json"));
    assert_eq!(place.names("agency/departments"), ["general"]);
}

#[test]
fn a_reader_that_goes_away_is_not_told_about_disks() {
    let place = Place::with_agency();
    let mut show = place.command(["card", "show", "agency/agency.card"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let ran = show.stdout(writer).output().expect("ended");
    assert_eq!(
        (ran.status.code(), ran.stderr.as_slice()),
        (Some(6), b"".as_slice())
    );
}
