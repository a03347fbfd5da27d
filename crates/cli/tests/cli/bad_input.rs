//! One test for each kind of bad input: a clear sentence in the person's language, a documented exit code, and
//! nothing half-written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use hamsa_core::{Card, Date, DepartmentKey, Identity, Names, Profile, RootKey};

use crate::place::{HAMSA, Place, run};

/// Runs in both languages; checks the exit code, the English sentence, and that the Arabic one is Arabic and repeats
/// nothing of the input. Nothing may have appeared in the folder.
fn refused(place: &Place, arguments: &[&str], input: &[u8], code: i32, sentence: &str) {
    let before = place.names(".");
    let english = place.run(["--lang", "en"].iter().chain(arguments), input);
    assert_eq!(english.code, code, "{}", english.err);
    let said = last_two_lines(&english.err);
    assert_eq!(said.0, format!("hamsa: {sentence}"));
    assert!(said.1.starts_with("hamsa: "), "{}", said.1);
    let arabic = place.run(["--lang", "ar"].iter().chain(arguments), input);
    assert_eq!(arabic.code, code, "{}", arabic.err);
    let said = last_two_lines(&arabic.err);
    for line in [said.0, said.1] {
        assert!(
            line.starts_with("\u{200f}\u{2066}hamsa\u{2069}: "),
            "{line}"
        );
        assert!(
            line.chars().any(|c| ('\u{621}'..='\u{64a}').contains(&c)),
            "{line}"
        );
        assert!(!line.contains("SECRET"), "{line}");
    }
    assert!(!english.err.contains("SECRET"), "{}", english.err);
    assert_eq!(place.names("."), before, "nothing half-written");
}

fn last_two_lines(text: &str) -> (String, String) {
    let mut lines = text.lines().rev();
    let advice = lines.next().unwrap_or_default().to_owned();
    (lines.next().unwrap_or_default().to_owned(), advice)
}

const SEAL: [&str; 3] = ["seal", "--card", "agency/agency.card"];

fn seal_with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SEAL.iter().chain(more).copied().collect()
}

/// A card that was valid in January 2020.
fn expired_card() -> Vec<u8> {
    let day = |text: &str| text.parse::<Date>().expect("a day");
    let names = |name: &str| {
        Names::new(BTreeMap::from([("en".to_owned(), name.to_owned())])).expect("names")
    };
    let profile = serde_json::json!({ "agency": { "en": "Old" }, "departments": [{ "id": "general", "names": names("General") }] });
    let profile: Profile = serde_json::from_value(profile).expect("a profile");
    let (from, until) = (day("2020-01-01"), day("2020-01-31"));
    let full = Identity::generate()
        .expect("a key")
        .recipient()
        .expect("a recipient");
    let keys = BTreeMap::from([(
        "general".to_owned(),
        vec![DepartmentKey {
            full,
            short: None,
            from,
            until,
        }],
    )]);
    let root = RootKey::generate().expect("a root key");
    Card::issue(&root, &profile, &keys, from, until, None)
        .expect("a card")
        .as_bytes()
        .to_vec()
}

#[test]
fn a_card_that_is_none_is_refused() {
    let place = Place::with_agency();
    place.write("x.card", b"SECRET: this is no card\n");
    refused(
        &place,
        &["seal", "--card", "x.card"],
        b"SECRET",
        3,
        "this is not an agency card",
    );
    let mut changed = place.read("agency/agency.card");
    let at = changed
        .windows(4)
        .position(|w| w == b"City")
        .expect("the name");
    changed[at] = b'K';
    place.write("x.card", &changed);
    refused(
        &place,
        &["card", "show", "x.card"],
        b"",
        3,
        "the card was changed after it was signed",
    );
}

#[test]
fn an_expired_card_is_refused() {
    let place = Place::new();
    place.write("old.card", &expired_card());
    refused(
        &place,
        &["seal", "--card", "old.card"],
        b"SECRET",
        3,
        "this card has expired",
    );
    refused(
        &place,
        &["card", "show", "old.card"],
        b"",
        3,
        "this card has expired",
    );
}

#[test]
fn a_card_of_another_agency_is_refused() {
    let place = Place::with_agency();
    place.make_agency("other", &[]);
    let shown = place.run(["card", "show", "--json", "other/agency.card"], b"");
    let other: serde_json::Value = serde_json::from_slice(&shown.out).expect("JSON");
    let digits = other["fingerprint"].as_str().expect("digits");
    let sentence = "this card belongs to another agency than the fingerprint says";
    refused(
        &place,
        &seal_with(&["--fingerprint", digits]),
        b"SECRET",
        3,
        sentence,
    );
    // As a person may type it from an Arabic poster.
    let arabic: String = digits
        .chars()
        .map(|c| {
            c.to_digit(10)
                .map_or(c, |d| char::from_u32(0x660 + d).unwrap_or(c))
        })
        .collect();
    refused(
        &place,
        &seal_with(&["--fingerprint", &arabic]),
        b"SECRET",
        3,
        sentence,
    );
    refused(
        &place,
        &seal_with(&["--fingerprint", "12345"]),
        b"SECRET",
        3,
        "a fingerprint has 40 digits",
    );
    let known = [
        "card",
        "show",
        "other/agency.card",
        "--known",
        "agency/agency.card",
    ];
    refused(
        &place,
        &known,
        b"",
        3,
        "this card does not continue the one that you already had",
    );
}

#[test]
fn an_identity_of_another_department_does_not_open() {
    let place = Place::new();
    place.make_agency(
        "agency",
        &["--department", "traffic", "--department", "fraud"],
    );
    assert_eq!(
        place.run(seal_with(&["--to", "traffic"]), b"SECRET").code,
        0
    );
    let fraud = place.identity("agency", "fraud");
    let sentence = "this tip was sealed to another key than the ones you gave";
    refused(&place, &["open", "-i", &fraud, "tip.age"], b"", 4, sentence);
    let batch = place.run(["open", "-i", &fraud, "--out", "cases", "tip.age"], b"");
    assert_eq!(batch.code, 4, "{}", batch.err);
    assert!(place.names("cases").is_empty());
    refused(
        &place,
        &SEAL,
        b"SECRET",
        3,
        "the card has several departments",
    );
    refused(
        &place,
        &seal_with(&["--to", "vice"]),
        b"SECRET",
        3,
        "the card has no such department",
    );
}

/// Before the text is read: nobody writes it first and then loses it.
#[test]
fn what_is_no_language_is_refused_before_the_text_is_read() {
    let place = Place::with_agency();
    let sentence = "this is not the tag of a language: --language";
    for tag in ["english please", "ar_AE"] {
        let seal = seal_with(&["--language", tag]);
        let telling = b"SECRET of Sara, call 050 123 4567";
        refused(&place, &seal, telling, 5, sentence);
    }
}

#[test]
fn an_empty_path_is_a_value_that_is_missing() {
    let place = Place::with_agency();
    let sentence = "the value is missing or not one that can be used: --out <DIR>";
    refused(
        &place,
        &["carry", "from", "chat", "--out", ""],
        b"SECRET",
        2,
        sentence,
    );
}

#[test]
fn a_file_in_place_of_a_folder_is_refused() {
    let place = Place::with_agency();
    refused(
        &place,
        &["carry", "from", "chat", "--out", "agency/agency.card"],
        b"SECRET",
        6,
        "this is a file, not a folder: agency/agency.card",
    );
}

#[test]
fn a_folder_in_place_of_a_file_is_refused() {
    let place = Place::with_agency();
    let sentence = "this is a folder, not a file: agency";
    refused(
        &place,
        &["seal", "--card", "agency"],
        b"SECRET",
        5,
        sentence,
    );
    // As an identity a folder stands for the keys in it; here there are none.
    refused(
        &place,
        &["open", "-i", "agency/cards", "agency/agency.card"],
        b"",
        4,
        "there is no key file of a department in this folder: agency/cards",
    );
    refused(
        &place,
        &seal_with(&["--danger-unscrubbed", "agency"]),
        b"SECRET",
        5,
        sentence,
    );
    refused(
        &place,
        &seal_with(&["-o", "agency"]),
        b"SECRET",
        6,
        "this exists already, and nothing is ever overwritten: agency",
    );
}

#[test]
fn a_missing_file_is_refused() {
    let place = Place::with_agency();
    let sentence = "there is no such file or folder: gone";
    refused(&place, &["seal", "--card", "gone"], b"SECRET", 5, sentence);
    refused(&place, &["open", "-i", "gone", "gone"], b"", 5, sentence);
    refused(
        &place,
        &seal_with(&["-o", "gone/tip.age"]),
        b"SECRET",
        6,
        "there is no folder to write this into: gone/tip.age",
    );
}

#[test]
fn an_unreadable_file_is_refused() {
    let place = Place::with_agency();
    fs::set_permissions(
        place.path("agency/agency.card"),
        std::os::unix::fs::PermissionsExt::from_mode(0o000),
    )
    .expect("mode");
    let mut command = place.command(["card", "show", "agency/agency.card"]);
    if rustix::process::getuid().is_root() {
        // Nothing is unreadable to root: another user runs a copy of the program that it can reach.
        fs::set_permissions(
            place.root(),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )
        .expect("mode");
        fs::set_permissions(
            place.path("agency"),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )
        .expect("mode");
        // By a program of its own: a test that starts one at this moment would inherit the open copy, and an open file cannot
        // be run.
        let copied = Command::new("cp")
            .arg(HAMSA)
            .arg(place.path("hamsa"))
            .status();
        assert!(copied.is_ok_and(|status| status.success()));
        let mut other = Command::new(place.path("hamsa"));
        other
            .args(command.get_args())
            .current_dir(place.root())
            .env_clear()
            .uid(65534)
            .gid(65534);
        command = other;
    }
    let ran = run(command, b"");
    assert_eq!(
        (ran.code, ran.failure().0.as_str()),
        (5, "this may not be read: agency/agency.card")
    );
}

#[test]
fn devices_and_pipes_are_refused_without_waiting() {
    let place = Place::with_agency();
    let made = Command::new("mkfifo").arg(place.path("pipe")).status();
    let paths: &[&str] = if made.is_ok_and(|status| status.success()) {
        &["pipe", "/dev/zero"]
    } else {
        &["/dev/zero"]
    };
    for path in paths {
        let sentence = match *path {
            "pipe" => "this is a pipe, and only a file can be read here: pipe".to_owned(),
            _ => format!("this is a link, a socket or a device, not a file: {path}"),
        };
        refused(&place, &["seal", "--card", path], b"SECRET", 5, &sentence);
        refused(
            &place,
            &["open", "-i", &place.identity("agency", "general"), path],
            b"",
            5,
            &sentence,
        );
        refused(
            &place,
            &seal_with(&["--danger-unscrubbed", path]),
            b"SECRET",
            5,
            &sentence,
        );
    }
}

#[test]
fn a_full_standard_output_is_told() {
    let place = Place::with_agency();
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        println!("skipped: this system has no /dev/full");
        return;
    };
    let mut command = place.command(seal_with(&["-o", "-"]));
    place.write("text", b"SECRET");
    command
        .stdin(File::open(place.path("text")).expect("the text"))
        .stdout(full)
        .stderr(Stdio::piped());
    let ran = command
        .spawn()
        .expect("started")
        .wait_with_output()
        .expect("ended");
    let err = String::from_utf8(ran.stderr).expect("text");
    assert_eq!(ran.status.code(), Some(6), "{err}");
    assert!(
        err.contains("there is no room left to write this: stdout"),
        "{err}"
    );
}

#[test]
fn a_full_disk_is_told_and_nothing_stays() {
    let place = Place::with_agency();
    fs::create_dir(place.path("disk")).expect("a folder");
    let mount = ["-t", "tmpfs", "-o", "size=256k", "tmpfs"];
    let mounted = Command::new("mount")
        .args(mount)
        .arg(place.path("disk"))
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("skipped: a small disk cannot be mounted here (needs root)");
        return;
    }
    let disk = Mounted(place.path("disk"));
    place.write("big", &vec![7; 1 << 20]);
    let seal = seal_with(&["--danger-unscrubbed", "big", "-o", "disk/tip.age"]);
    refused(
        &place,
        &seal,
        b"SECRET",
        6,
        "there is no room left to write this: disk/tip.age",
    );
    assert!(place.names("disk").is_empty());

    assert_eq!(
        place
            .run(seal_with(&["--danger-unscrubbed", "big"]), b"SECRET")
            .code,
        0
    );
    let opened = place.run(
        [
            "open",
            "-i",
            &place.identity("agency", "general"),
            "--out",
            "disk/cases",
            "tip.age",
        ],
        b"",
    );
    assert_eq!(opened.code, 6, "{}", opened.err);
    assert!(
        opened.err.contains("there is no room left to write this"),
        "{}",
        opened.err
    );
    assert!(place.names("disk/cases").is_empty(), "nothing half-written");
    drop(disk);
}

/// A disk that is taken off again.
struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn an_empty_file_is_refused() {
    let place = Place::with_agency();
    place.write("empty", b"");
    let identity = place.identity("agency", "general");
    refused(
        &place,
        &["open", "-i", &identity, "empty"],
        b"",
        5,
        "the file is empty: empty",
    );
    refused(
        &place,
        &["inspect", "empty"],
        b"",
        5,
        "the file is empty: empty",
    );
    refused(
        &place,
        &["seal", "--card", "empty"],
        b"SECRET",
        3,
        "this is not an agency card",
    );
    refused(
        &place,
        &["open", "-i", "empty", "empty"],
        b"",
        4,
        "the file holds no identity",
    );
    refused(&place, &SEAL, b"", 5, "there is no text and no attachment");
}

#[test]
fn a_sparse_file_of_300_gb_is_refused_at_once() {
    let place = Place::with_agency();
    let sparse = File::create(place.path("sparse")).expect("a file");
    if let Err(e) = sparse.set_len(300_000_000_000) {
        println!("skipped: this file system has no sparse files ({e})");
        return;
    }
    let identity = place.identity("agency", "general");
    refused(
        &place,
        &["open", "-i", &identity, "sparse"],
        b"",
        5,
        "this is not a sealed tip",
    );
    refused(
        &place,
        &["inspect", "sparse"],
        b"",
        5,
        "this is not a sealed tip",
    );
    let too_long = "the file is too long for a card or a key: sparse";
    refused(
        &place,
        &["seal", "--card", "sparse"],
        b"SECRET",
        5,
        too_long,
    );
    refused(
        &place,
        &["open", "-i", "sparse", "sparse"],
        b"",
        5,
        too_long,
    );

    // An envelope that somebody extended to that length.
    place.seal("SECRET", "tip.age");
    let extended = File::options()
        .write(true)
        .open(place.path("tip.age"))
        .expect("the envelope");
    extended.set_len(300_000_000_000).expect("longer");
    let opened = place.run(["open", "-i", &identity, "--out", "cases", "tip.age"], b"");
    assert_eq!(opened.code, 5, "{}", opened.err);
    assert!(place.names("cases").is_empty());
}

#[test]
fn a_sparse_attachment_of_300_gb_is_refused_for_want_of_room() {
    let place = Place::with_agency();
    let sparse = File::create(place.path("sparse")).expect("a file");
    let free = rustix::fs::statvfs(place.root()).map_or(0, |about| about.f_bavail * about.f_frsize);
    if sparse.set_len(300_000_000_000).is_err() || free > 300_000_000_000 {
        println!("skipped: there is room for it here, or no sparse files");
        return;
    }
    let seal = seal_with(&["--danger-unscrubbed", "sparse", "-o", "t"]);
    refused(
        &place,
        &seal,
        b"SECRET",
        6,
        "there is no room left to write this: t",
    );
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let place = Place::with_agency();
    refused(
        &place,
        &SEAL,
        b"SECRET \xff\xfe",
        5,
        "the text is not UTF-8, so nobody could read it",
    );
}

#[test]
fn text_of_10_mb_is_refused() {
    let place = Place::with_agency();
    let text = b"SECRET ".repeat(1_500_000);
    refused(
        &place,
        &SEAL,
        &text,
        5,
        "the text is too long for this kind of envelope",
    );
    refused(
        &place,
        &seal_with(&["--short"]),
        &text,
        5,
        "the text is too long for this kind of envelope",
    );
}

#[test]
fn a_locale_that_does_not_exist_is_english() {
    let place = Place::with_agency();
    let mut command = place.command(["card", "show", "gone"]);
    command.env("LC_ALL", "xx_NOWHERE.UTF-99");
    let ran = run(command, b"");
    assert_eq!(
        (ran.code, ran.failure().0.as_str()),
        (5, "there is no such file or folder: gone")
    );
    let ran = place.run(["--lang", "tlh", "card", "show", "gone"], b"");
    assert_eq!(
        (ran.code, ran.failure().0.as_str()),
        (5, "there is no such file or folder: gone")
    );
}

#[test]
fn a_tip_as_an_argument_is_refused_and_not_repeated() {
    let place = Place::with_agency();
    let sentence = "there is an argument that hamsa does not know";
    refused(&place, &seal_with(&["SECRET words"]), b"", 2, sentence);
    refused(&place, &seal_with(&["--text", "SECRET"]), b"", 2, sentence);
    refused(&place, &["SECRET"], b"", 2, "there is no such verb");
    refused(
        &place,
        &["seal"],
        b"SECRET",
        2,
        "something is missing: --card <FILE>",
    );
}

#[test]
fn days_out_of_the_calendar_are_refused_before_a_passphrase_is_asked_for() {
    let place = Place::with_agency();
    let sentence = "the number of days leads out of the calendar";
    for days in ["--valid-days", "--epoch-days"] {
        // There is no terminal to ask on: that refusal would come first.
        let init = ["agency", "init", "new", "--name", "en=x", days, "0"];
        refused(&place, &init, b"", 2, sentence);
        let card = ["agency", "card", "agency", days, "0", "--new-keys"];
        refused(&place, &card, b"", 2, sentence);
    }
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::with_agency();
    place.write("tip.age", b"mine");
    let sentence = "this exists already, and nothing is ever overwritten: tip.age";
    refused(&place, &SEAL, b"SECRET", 6, sentence);
    assert_eq!(place.read("tip.age"), b"mine");
    let init = [
        "agency",
        "init",
        "agency",
        "--name",
        "en=Mine",
        "--unprotected",
    ];
    let sentence =
        "there is something in this place already, which may be an agency's only key: agency";
    refused(&place, &init, b"", 6, sentence);
}

#[test]
fn a_passphrase_that_is_wrong_missing_or_short_is_refused() {
    let place = Place::new();
    place.write("good", b"correct horse\n");
    place.write("wrong", b"another horse\n");
    place.write("short", b"horse\n");
    let init = |file| {
        [
            "agency",
            "init",
            "agency",
            "--name",
            "en=A",
            "--passphrase-file",
            file,
        ]
    };
    refused(
        &place,
        &init("short"),
        b"",
        5,
        "the passphrase is too short",
    );
    assert_eq!(place.run(init("good"), b"").code, 0);
    let card = ["agency", "card", "agency", "--passphrase-file", "wrong"];
    refused(
        &place,
        &card,
        b"",
        4,
        "the passphrase does not open this identity file",
    );
    place.seal("x", "tip.age");
    let identity = place.identity("agency", "general");
    let open = [
        "open",
        "-i",
        &identity,
        "--passphrase-file",
        "wrong",
        "tip.age",
    ];
    refused(
        &place,
        &open,
        b"",
        4,
        "the passphrase does not open this identity file",
    );
}
