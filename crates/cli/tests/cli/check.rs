//! A text is looked through, by itself and on its way into a tip.

use serde_json::Value;

use crate::place::Place;

const PHONE: &str = "050 123 4567";
const TELLING: &str = "My name is Samira Example.\nCall me on 050 123 4567.\n";
const CARD: [&str; 3] = ["seal", "--card", "agency/agency.card"];

#[test]
fn what_identifies_is_shown_with_its_line() {
    let place = Place::new();
    place.write("text", TELLING.as_bytes());
    let checked = place.run(["check", "text"], b"");
    assert_eq!(checked.code, 7, "{}", checked.err);
    let said = checked.text();
    assert!(said.contains("line 1: your name"), "{said}");
    assert!(
        said.contains("line 2: a phone number") && said.contains(PHONE),
        "{said}"
    );
    let piped = place.run(["check"], TELLING.as_bytes());
    assert_eq!((piped.code, piped.text()), (7, said));
    assert_eq!(place.names("."), ["text"]);
}

#[test]
fn arabic_is_looked_through_and_answered() {
    let place = Place::new();
    let text = "اسمي سميرة، رقمي ٠٥٠١٢٣٤٥٦٧\n";
    let checked = place.run(["--lang", "ar", "check"], text.as_bytes());
    assert_eq!(checked.code, 7, "{}", checked.err);
    let said = checked.text();
    assert!(said.contains("رقم هاتف") && said.contains("اسمك"), "{said}");
}

#[test]
fn json_says_where_and_not_what() {
    let place = Place::new();
    let checked = place.run(["check", "--json"], TELLING.as_bytes());
    let found: Value = serde_json::from_slice(&checked.out).expect("JSON");
    let whats: Vec<&str> = found["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .filter_map(|hit| hit["what"].as_str())
        .collect();
    assert!(
        whats.contains(&"check-phone") && whats.contains(&"check-name"),
        "{whats:?}"
    );
    assert!(!checked.text().contains("Samira") && !checked.text().contains("4567"));
}

#[test]
fn a_text_without_anything_is_said_to_be_so() {
    let place = Place::new();
    let checked = place.run(["check"], b"A lorry leaves the quarry every night.\n");
    assert_eq!(checked.code, 0, "{}{}", checked.text(), checked.err);
    assert!(
        checked.text().contains("nothing was found"),
        "{}",
        checked.text()
    );
}

#[test]
fn invisible_marks_go_from_the_copy_that_is_written() {
    let place = Place::new();
    let marked = "A lor\u{200b}ry le\u{2063}aves\u{00a0}the quarry.\n";
    let checked = place.run(["check", "-o", "clean.txt"], marked.as_bytes());
    assert_eq!(checked.code, 7, "{}", checked.err);
    assert_eq!(place.read("clean.txt"), b"A lorry leaves the quarry.\n");
    let again = place.run(["check", "-o", "clean.txt"], marked.as_bytes());
    assert_eq!(again.code, 6, "an existing file stays");
}

#[test]
fn sealing_warns_without_repeating_the_text_and_takes_marks_out() {
    let place = Place::with_agency();
    let marked = "Call me on 050 123 4567\u{200b}.\n";
    let sealed = place.run(CARD, marked.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(
        sealed.err.contains("a phone number (line 1)"),
        "{}",
        sealed.err
    );
    assert!(!sealed.err.contains("4567"), "{}", sealed.err);
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "tip.age"], b"");
    assert_eq!(opened.text(), "Call me on 050 123 4567.\n");
    let exact = place.run(
        CARD.into_iter().chain(["--as-it-is", "-o", "exact.age"]),
        marked.as_bytes(),
    );
    assert_eq!(exact.code, 0, "{}", exact.err);
    assert!(!exact.err.contains("phone"), "{}", exact.err);
    let opened = place.run(["open", "-i", &identity, "exact.age"], b"");
    assert_eq!(opened.text(), marked);
}

#[test]
fn check_shows_every_passage_and_sealing_the_strongest() {
    let place = Place::with_agency();
    let text: String = (10..40).map(|n| format!("Call 050 123 45{n}.\n")).collect();
    let checked = place.run(["check", "-"], text.as_bytes());
    assert_eq!(checked.code, 7, "{}", checked.err);
    assert!(checked.text().contains("line 30: a phone number"));
    let text = format!("I saw it.\n{text}My mail is a@example.org.\n");
    let sealed = place.run(CARD, text.as_bytes());
    let at = |words| sealed.err.find(words);
    assert!(
        at("a phone number (lines 2") < at("an e-mail address (line 32"),
        "in the order of the text: {}",
        sealed.err
    );
}

#[test]
fn marks_that_stay_are_not_said_to_be_taken_out() {
    let place = Place::new();
    let marked = "A lor\u{200b}ry.\n".as_bytes();
    let said = place.run(["check"], marked).text();
    assert!(
        said.contains("in the text: zero-width characters: 1") && said.contains("-o FILE"),
        "{said}"
    );
    let said = place.run(["check", "-o", "out"], marked).text();
    assert!(
        said.contains("taken out: zero-width characters: 1"),
        "{said}"
    );
}

#[test]
fn a_text_of_an_older_program_is_read_where_its_letters_are_plain_to_see() {
    let place = Place::new();
    let windows = b"\xC7\xE1\xE3\xCF\xED\xD1 \xED\xC3\xCE\xD0 \xC7\xE1\xE3\xC7\xE1 0501234567";
    place.write("arabic.txt", windows);
    let checked = place.run(["check", "arabic.txt"], b"");
    assert_eq!(checked.code, 7, "{}", checked.err);
    place.write("doubtful.txt", b"\x83e\x83X\x83g\x82\xC5\x82\xB7");
    let (_, advice) = place.run(["check", "doubtful.txt"], b"").failure();
    assert!(advice.contains("UTF-8"), "{advice}");
    let (_, advice) = place.run(["scrub", "doubtful.txt"], b"").failure();
    assert!(advice.contains("UTF-8"), "{advice}");
}
