//! What is looked at of a folder: the envelopes that were carried into it, and the keys that open them.

use std::fs;

use crate::place::{Place, Ran};

const TEXT: &str = "A lorry without plates leaves the quarry at two.";

fn done(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

/// A folder `arrived` with one whole envelope, the mark of it, and parts of another that wait.
fn carried() -> Place {
    let place = Place::with_agency();
    for (text, name, lines) in [
        (TEXT, "whole.age", usize::MAX),
        ("the other", "half.age", 30),
    ] {
        place.seal(text, name);
        let sent = done(place.run(["carry", "to", "sms", name], b"")).text();
        let some: Vec<_> = sent.lines().take(lines).collect();
        place.run(["carry", "from", "sms"], some.join("\n").as_bytes());
    }
    // A tip of two SMS in octets twice: all of the first, one of the second.
    let seal = ["seal", "--short", "--card", "agency/agency.card", "-o"];
    for (name, lines) in [("joined", 2), ("waits", 1)] {
        done(place.run([&seal[..], &[name]].concat(), "long ".repeat(30).as_bytes()));
        let sent = done(place.run(["carry", "to", "sms", "--octets", name], b"")).text();
        let some: Vec<_> = sent.lines().take(lines).collect();
        assert_eq!(some.len(), lines);
        let from = ["carry", "from", "sms", "--octets"];
        place.run(from, some.join("\n").as_bytes());
    }
    fs::remove_file(place.path(&format!("arrived/{}", short_of(&place)))).expect("removed");
    let kept = place.names("arrived/parts");
    let of_kind = |kind| kept.iter().filter(|name| name.ends_with(kind)).count();
    let kinds = [".part", ".segment", ".whole"].map(of_kind);
    assert_eq!(kinds, [30, 1, 3]);
    place
}

/// The name of the one short envelope that arrived.
fn short_of(place: &Place) -> String {
    let names = place.names("arrived").into_iter();
    let mut short = names.filter(|name| {
        fs::metadata(place.path(&format!("arrived/{name}"))).is_ok_and(|it| it.len() < 1000)
            && name.strip_suffix(".age").is_some()
    });
    short.next().expect("a short envelope")
}

#[test]
fn what_carry_keeps_is_none_of_what_is_opened_or_inspected() {
    let place = carried();
    // A run that was killed leaves this; a run that lives is writing it.
    fs::create_dir(place.path("arrived/.partial-12-0")).expect("a folder");
    place.write("arrived/.partial-12-0/envelope", b"age-encryption.org/v1\n");
    let identity = place.identity("agency", "general");
    let open = ["open", "-i", &identity, "--json", "arrived"];
    let opened = done(place.run(open, b"")).text();
    assert_eq!(
        opened.lines().count(),
        2,
        "one envelope and the sum: {opened}"
    );
    assert!(
        opened.contains(TEXT) && opened.contains("\"failed\":0"),
        "{opened}"
    );
    let seen = done(place.run(["inspect", "--json", "arrived"], b"")).text();
    assert_eq!(seen.lines().count(), 1, "{seen}");
    let shown = done(place.run(["inspect", "arrived/parts"], b""));
    assert!(shown.err.contains("No file was found"), "{}", shown.err);
    done(place.run(["open", "-i", &identity, "--out", "cases", "arrived"], b""));
    assert_eq!(place.names("cases").len(), 1);
}

#[test]
fn what_only_looks_like_what_carry_keeps_is_told() {
    let place = carried();
    let parts = place.names("arrived/parts");
    let part = parts
        .iter()
        .find(|name| name.strip_suffix(".part").is_some());
    let part = place.read(&format!("arrived/parts/{}", part.expect("a part")));
    // No part, one under another name, a mark that says something, and a part elsewhere.
    for (name, octets) in [
        ("parts/notes.part", &b"where it came from"[..]),
        ("parts/0123456789abcdef-00081-00001.part", &part),
        ("parts/0123456789abcdef-00081.whole", b"said"),
        ("parts/tip.age", b"no envelope"),
        ("0123456789abcdef-00081.whole", b"said"),
    ] {
        place.write(&format!("arrived/{name}"), octets);
    }
    let identity = place.identity("agency", "general");
    let opened = place.run(["open", "-i", &identity, "--json", "arrived"], b"");
    assert_eq!(opened.code, 1, "{}", opened.err);
    assert!(opened.text().contains("\"failed\":5"), "{}", opened.text());
    let seen = place.run(["inspect", "--json", "arrived"], b"");
    assert_eq!(
        (seen.code, seen.text().lines().count()),
        (1, 6),
        "{}",
        seen.text()
    );
}

#[test]
fn inspect_looks_at_folders_to_the_bottom() {
    let place = Place::with_agency();
    fs::create_dir_all(place.path("in/deep")).expect("folders");
    place.seal("one", "in/1.age");
    place.seal("two", "in/deep/2.age");
    let seen = done(place.run(["inspect", "in"], b""));
    for path in ["in/1.age\n", "in/deep/2.age\n"] {
        assert!(seen.text().contains(path), "{}", seen.text());
    }
    // One bad file among good ones stops nothing.
    place.write("in/deep/notes", b"no envelope");
    let seen = place.run(["inspect", "in"], b"");
    assert_eq!(seen.code, 1, "{}", seen.err);
    assert!(
        seen.err.contains("in/deep/notes: ") && seen.text().contains("in/1.age"),
        "{}",
        seen.err
    );
}

#[test]
fn the_shortest_envelope_that_no_key_opens_may_be_the_front_of_a_longer_one() {
    let place = Place::with_agency();
    place.make_agency("other", &[]);
    let identity = place.identity("agency", "general");
    let hint = "the first piece of a longer SMS whose rest is missing";
    let seal = |text: &str| {
        let sealed = place.run(
            ["seal", "--card", "other/agency.card", "--short"],
            text.as_bytes(),
        );
        done(sealed).text().trim().to_owned()
    };
    let long = seal(&"A lorry leaves the quarry at night. ".repeat(8));
    assert!(long.len() > 160);
    fs::create_dir(place.path("in")).expect("a folder");
    // A text that a gateway cut at 160 characters, and a whole one: nobody can tell them apart.
    place.write("in/front", &long.as_bytes()[..160]);
    place.write("in/whole", seal("short").as_bytes());
    for path in ["in/front", "in/whole"] {
        let refused = place.run(["open", "-i", &identity, path], b"");
        assert_eq!(refused.code, 4, "{}", refused.err);
        let lines: Vec<_> = refused.err.lines().collect();
        assert_eq!(lines.len(), 3, "{}", refused.err);
        assert!(
            lines[0].contains("another key") && lines[2].contains(hint),
            "{}",
            refused.err
        );
    }
    let many = place.run(["open", "-i", &identity, "--out", "cases", "in"], b"");
    assert_eq!(many.err.matches(hint).count(), 2, "{}", many.err);
    let json = place.run(["open", "-i", &identity, "--json", "in"], b"");
    assert_eq!(
        json.text().matches("\"code\":\"wrong-key\"").count(),
        2,
        "{}",
        json.text()
    );
    // A longer one is no front of anything, and neither is a full one.
    place.write("long", long.as_bytes());
    let full = place.run(
        ["seal", "--card", "other/agency.card", "-o", "full"],
        b"a tip",
    );
    assert_eq!(full.code, 0, "{}", full.err);
    for path in ["long", "full"] {
        let refused = place.run(["open", "-i", &identity, path], b"");
        assert!(
            refused.failure().0.contains("another key"),
            "{}",
            refused.err
        );
    }
}

#[test]
fn an_agencys_folder_stands_for_the_keys_of_its_departments() {
    let place = Place::new();
    place.make_agency(
        "agency",
        &["--department", "fraud", "--department", "traffic"],
    );
    for department in ["fraud", "traffic"] {
        let seal = [
            "seal",
            "--card",
            "agency/agency.card",
            "--to",
            department,
            "-o",
            department,
        ];
        done(place.run(seal, department.as_bytes()));
    }
    for department in ["fraud", "traffic"] {
        let opened = done(place.run(["open", "-i", "agency", department], b""));
        assert_eq!(opened.text(), department);
    }
    // The root key is in a safe.
    fs::rename(
        place.path("agency/root.key"),
        place.path("agency/cards/root.key"),
    )
    .expect("moved");
    done(place.run(["open", "-i", "agency", "fraud"], b""));
    let safe = place.run(["open", "-i", "agency/cards", "fraud"], b"");
    assert_eq!(safe.code, 4, "{}", safe.err);
    assert!(
        safe.failure()
            .0
            .contains("no key file of a department in this folder: agency/cards"),
        "{}",
        safe.err
    );
    for department in ["fraud", "traffic"] {
        let key = place.identity("agency", department);
        fs::remove_file(place.path(&key)).expect("removed");
    }
    let none = place.run(["open", "-i", "agency", "fraud"], b"");
    assert_eq!(none.code, 4, "{}", none.err);
    let (what, advice) = none.failure();
    assert!(
        what.contains("without key files of departments: agency"),
        "{what}"
    );
    assert!(advice.contains("root.key signs cards"), "{advice}");
}

#[test]
fn keys_of_one_day_are_told_apart() {
    let place = Place::with_agency();
    done(place.run(["agency", "card", "agency", "--new-keys"], b""));
    let shown = done(place.run(["card", "show", "agency/agency.card"], b"")).text();
    let lines: Vec<_> = shown
        .lines()
        .filter(|line| line.contains("key …"))
        .collect();
    assert_eq!(lines.len(), 2, "{shown}");
    assert_ne!(lines[0], lines[1]);
    let json = done(place.run(["card", "show", "--json", "agency/agency.card"], b"")).text();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let folder = "agency/departments/general";
    let names = place.names(folder).into_iter();
    for name in names.filter(|name| name.strip_suffix(".pub").is_some()) {
        let text = String::from_utf8(place.read(&format!("{folder}/{name}"))).expect("text");
        let key = text.lines().next().expect("a key");
        let own = |end: &str| key.ends_with(end) && end.len() == 8;
        let keys = json["departments"][0]["keys"].as_array().expect("keys");
        let ends: Vec<_> = keys.iter().filter_map(|key| key["ends"].as_str()).collect();
        assert_eq!(ends.iter().filter(|end| own(end)).count(), 1, "{ends:?}");
        assert_eq!(
            lines
                .iter()
                .filter(|line| ends.iter().any(|end| own(end) && line.contains(end)))
                .count(),
            1
        );
    }
}

#[test]
fn the_text_form_has_two_lengths_and_both_are_named() {
    let place = Place::with_agency();
    let seal = [
        "seal",
        "--card",
        "agency/agency.card",
        "--armor",
        "-o",
        "tip.txt",
    ];
    done(place.run(seal, TEXT.as_bytes()));
    place.seal(TEXT, "tip.age");
    let lengths = ["tip.txt", "tip.age"].map(|name| place.read(name).len());
    let shown = done(place.run(["inspect", "tip.txt"], b"")).text();
    let line = |said: &str| {
        shown
            .lines()
            .find(|line| line.starts_with(said))
            .expect("a line")
    };
    assert!(
        line("In the text form").contains(&format!("({} octets)", lengths[0])),
        "{shown}"
    );
    assert!(
        line("Length in the binary form").contains(&format!("({} octets)", lengths[1])),
        "{shown}"
    );
    let json = done(place.run(["inspect", "--json", "tip.txt"], b"")).text();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json["file_length"], &json["length"]),
        (&lengths[0].into(), &lengths[1].into())
    );
}
