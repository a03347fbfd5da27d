//! Files that are cleaned: by themselves, and on their way into a tip.

use serde_json::Value;

use crate::place::Place;

/// A photo with a place, an owner and a serial number in it.
const PHOTO: &[u8] = include_bytes!("../../../../examples/data/photo.jpg");
const SECRETS: [&str; 2] = ["EX7-0042-1337", "Sample Owner"];
const CARD: [&str; 3] = ["seal", "--card", "agency/agency.card"];

/// A ZIP archive of `a.txt` and `secret.rtf`.
const ARCHIVE: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\n/\xFB\x17\x07\0\0\0\x07\0\0\0\x05\0\0\0a.txta line\nPK\x03\x04\x14\
    \0\0\0\0\0\0\0!\0z\x12\xC4&\x10\0\0\0\x10\0\0\0\n\0\0\0secret.rtf{\\rtf1 Dear all}PK\x01\x02\x14\x03\
    \x14\0\0\0\0\0\0\0!\0\n/\xFB\x17\x07\0\0\0\x07\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\x80\x01\0\0\0\0a.txtP\
    K\x01\x02\x14\x03\x14\0\0\0\0\0\0\0!\0z\x12\xC4&\x10\0\0\0\x10\0\0\0\n\0\0\0\0\0\0\0\0\0\0\0\x80\x01\
    *\0\0\0secret.rtfPK\x05\x06\0\0\0\0\x02\0\x02\0k\0\0\0b\0\0\0\0\0";

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn a_clean_copy_has_a_neutral_name_and_the_original_stays() {
    let place = Place::new();
    place.write("Ahmed at home.JPG", PHOTO);
    let scrubbed = place.run(["scrub", "Ahmed at home.JPG"], b"");
    assert_eq!(scrubbed.code, 0, "{}", scrubbed.err);
    assert_eq!(place.names("clean"), ["photo-1.jpg"]);
    let clean = place.read("clean/photo-1.jpg");
    for secret in SECRETS {
        assert!(holds(PHOTO, secret) && !holds(&clean, secret), "{secret}");
        assert!(!scrubbed.text().contains(secret), "values are masked");
    }
    assert!(
        scrubbed.text().contains("GPSPosition"),
        "{}",
        scrubbed.text()
    );
    assert_eq!(place.read("Ahmed at home.JPG"), PHOTO);

    // A clean file comes out as it went in, under the next number, and says so.
    let again = place.run(["scrub", "clean/photo-1.jpg"], b"");
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(
        again.text().contains("nothing to take out"),
        "{}",
        again.text()
    );
    assert_eq!(place.names("clean"), ["photo-1.jpg", "photo-2.jpg"]);
    assert_eq!(place.read("clean/photo-2.jpg"), clean);
}

#[test]
fn values_are_shown_only_on_request() {
    let place = Place::new();
    place.write("a", PHOTO);
    let shown = place.run(["scrub", "--show-values", "--report", "json", "a"], b"");
    assert_eq!(shown.code, 0, "{}", shown.err);
    let report: Value = serde_json::from_slice(&shown.out).expect("JSON");
    assert_eq!(report["media_type"], "image/jpeg");
    assert_eq!(report["output"], "clean/photo-1.jpg");
    let values: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["value"].as_str())
        .collect();
    for secret in SECRETS {
        assert!(values.contains(&secret), "{values:?}");
    }
    let masked = place.run(["scrub", "--report", "json", "a"], b"");
    assert!(SECRETS.iter().all(|secret| !masked.text().contains(secret)));
}

#[test]
fn a_picture_that_is_drawn_again_is_another_file_without_secrets() {
    let place = Place::with_agency();
    place.write("a", PHOTO);
    let drawn = place.run(["scrub", "--pixels", "a"], b"");
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert!(drawn.text().contains("drawn again"), "{}", drawn.text());
    assert_eq!(place.run(["scrub", "a"], b"").code, 0);
    let (drawn, kept) = (
        place.read("clean/photo-1.jpg"),
        place.read("clean/photo-2.jpg"),
    );
    assert!(drawn != kept && !holds(&drawn, SECRETS[0]));
    let sealed = place.run(
        CARD.into_iter().chain(["--attach", "a", "--pixels"]),
        b"text",
    );
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    place.write("words", b"Nothing to draw here.\n");
    let cleaned = place.run(["scrub", "--pixels", "words"], b"");
    assert_eq!(cleaned.code, 0, "{}", cleaned.err);
    let said = cleaned.text();
    assert!(said.contains("cleaned, not drawn again"), "{said}");
    let sealed = place.run(
        CARD.into_iter()
            .chain(["--attach", "words", "--pixels", "-o", "words.age"]),
        b"text",
    );
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(sealed.err.contains("not drawn again"), "{}", sealed.err);
}

#[test]
fn what_cannot_be_cleaned_is_refused_and_the_rest_goes_on() {
    let place = Place::new();
    place.write("letter.txt", b"{\\rtf1 Dear all}");
    place.write("photo", PHOTO);
    let alone = place.run(["scrub", "letter.txt"], b"");
    assert_eq!((alone.code, place.names("clean").len()), (5, 0));
    let (what, advice) = alone.failure();
    assert!(
        what.contains("RTF") && advice.contains("DOCX"),
        "{}",
        alone.err
    );
    let both = place.run(["scrub", "--report", "json", "letter.txt", "photo"], b"");
    assert_eq!((both.code, place.names("clean").len()), (1, 1));
    let first = both.text().lines().next().unwrap_or_default().to_owned();
    let first: Value = serde_json::from_str(&first).expect("JSON");
    assert_eq!(first["code"], "scrub-rich-text");
    let arabic = place.run(["--lang", "ar", "scrub", "letter.txt"], b"");
    assert!(arabic.err.contains("لا يمكن تنظيفها"), "{}", arabic.err);
}

#[test]
fn a_tip_carries_the_clean_copy_and_the_original_when_asked() {
    let place = Place::with_agency();
    place.write("IMG_0001.JPG", PHOTO);
    assert_eq!(place.run(["scrub", "IMG_0001.JPG"], b"").code, 0);
    let clean = place.read("clean/photo-1.jpg");
    let files = ["--attach", "IMG_0001.JPG", "--with-original"];
    let sealed = place.run(CARD.into_iter().chain(files), b"This is the car.");
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(sealed.err.contains("Taken out"), "{}", sealed.err);
    assert!(
        sealed.err.contains("the original stay inside"),
        "{}",
        sealed.err
    );
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "--out", "cases", "tip.age"], b"");
    assert_eq!(opened.code, 0, "{}", opened.err);
    let case = format!("cases/{}", place.names("cases")[0]);
    assert_eq!(place.read(&format!("{case}/attachments/1.jpg")), clean);
    assert_eq!(place.read(&format!("{case}/attachments/2.jpg")), PHOTO);
    let tip: Value =
        serde_json::from_slice(&place.read(&format!("{case}/tip.json"))).expect("JSON");
    let roles: Vec<&str> = tip["attachments"]
        .as_array()
        .expect("attachments")
        .iter()
        .filter_map(|about| about["role"].as_str())
        .collect();
    assert_eq!(roles, ["clean", "original"]);
}

#[test]
fn a_file_that_cannot_be_cleaned_is_not_sealed() {
    let place = Place::with_agency();
    place.write("letter.doc", b"{\\rtf1 Dear all}");
    let refused = place.run(CARD.into_iter().chain(["--attach", "letter.doc"]), b"text");
    assert_eq!(refused.code, 5, "{}", refused.err);
    let (_, advice) = refused.failure();
    assert!(advice.contains("DOCX"), "it can be cleaned otherwise");
    place.write("data.bin", &[0x9A, 0, 1, 2, 3, 0, 0xFF, 7]);
    let unknown = place.run(CARD.into_iter().chain(["--attach", "data.bin"]), b"text");
    assert_eq!(unknown.code, 5, "{}", unknown.err);
    let lines: Vec<&str> = unknown.err.lines().collect();
    let at = |words| lines.iter().position(|line| line.contains(words));
    assert!(
        at("cannot be cleaned") < at("--danger-unscrubbed") && at("--danger-unscrubbed").is_some(),
        "below the error: {}",
        unknown.err
    );
    assert_eq!(place.names("."), ["agency", "data.bin", "letter.doc"]);
    let as_it_is = place.run(
        CARD.into_iter()
            .chain(["--danger-unscrubbed", "letter.doc"]),
        b"text",
    );
    assert_eq!(as_it_is.code, 0, "{}", as_it_is.err);
}

#[test]
fn a_text_file_is_looked_through_as_the_tip_is() {
    let place = Place::with_agency();
    let text = "Name;Phone\nSamira\u{200b};050 123 4567\nOmar;050 765 4321\n";
    place.write("list.csv", text.as_bytes());
    let sealed = place.run(CARD.into_iter().chain(["--attach", "list.csv"]), b"text");
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(
        sealed.err.contains("2 places") && sealed.err.contains("a phone number 2"),
        "{}",
        sealed.err
    );
    assert!(!sealed.err.contains("4567"), "{}", sealed.err);
    let scrubbed = place.run(["scrub", "list.csv"], b"").text();
    assert!(
        scrubbed.contains("hamsa check FILE")
            && scrubbed.contains("invisible or unusual characters: zero-width characters: 1"),
        "{scrubbed}"
    );
    let json = place.run(["scrub", "--report", "json", "list.csv"], b"");
    let report: Value = serde_json::from_slice(&json.out).expect("JSON");
    assert_eq!(report["words"]["check-phone"], 2);
    assert_eq!(report["findings"][0]["what"], "mark");
    assert_eq!(report["findings"][0]["count"], 1);
    assert!(report["findings"][0]["value"].is_null());
}

#[test]
fn who_may_be_named_by_an_attachment_is_said_on_opening() {
    let place = Place::with_agency();
    place.write("photo", PHOTO);
    let files = ["-a", "photo", "--with-original", "--pixels"];
    let as_it_is = ["--danger-unscrubbed", "photo"];
    let sealed = place.run(CARD.into_iter().chain(files).chain(as_it_is), b"This.");
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(sealed.err.contains("noise pattern"), "{}", sealed.err);
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "tip.age"], b"");
    assert!(
        opened.err.contains("2.jpg is the untouched original")
            && opened.err.contains("3.jpg was not cleaned"),
        "{}",
        opened.err
    );
    assert_eq!(opened.err.matches("name its sender").count(), 2);
}

#[test]
fn slips_on_the_command_line_are_named() {
    let place = Place::with_agency();
    place.write("photo", PHOTO);
    let (_, advice) = place
        .run(["scrub", "--report", "xml", "photo"], b"")
        .failure();
    assert!(advice.contains("json"), "{advice}");
    let (what, _) = place.run(["scrub", "-o", "photo", "photo"], b"").failure();
    assert!(what.contains("not a folder"), "{what}");
    let (what, _) = place
        .run(CARD.into_iter().chain(["--short", "-a", "photo"]), b"x")
        .failure();
    assert!(
        what.contains("--short") && what.contains("--attach"),
        "{what}"
    );
}

#[test]
fn the_member_of_an_archive_that_is_refused_is_named_by_its_number() {
    let place = Place::with_agency();
    place.write("a.zip", ARCHIVE);
    let refused = place.run(["scrub", "a.zip"], b"");
    assert_eq!(refused.code, 5, "{}", refused.err);
    let (what, advice) = refused.failure();
    assert!(what.contains("member 2 of the archive: RTF"), "{what}");
    assert!(advice.contains("DOCX") && !refused.err.contains("secret"));
}
