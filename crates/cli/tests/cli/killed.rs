//! What stays when the program is killed in the middle of its work.

use std::fs;
use std::process::Stdio;

use crate::place::Place;

const TIPS: usize = 600;

fn text_of(number: usize) -> String {
    format!("tip number {number}")
}

/// How many entries the folder has, also while somebody works in it.
fn count(place: &Place, folder: &str) -> usize {
    fs::read_dir(place.path(folder)).map_or(0, Iterator::count)
}

#[test]
fn killed_at_any_moment_every_case_is_complete_or_absent() {
    let place = Place::with_agency();
    fs::create_dir(place.path("in")).expect("a folder");
    let card = hamsa_core::Card::parse(&place.read("agency/agency.card")).expect("the card");
    let to = card.recipients(None, card.issued()).expect("recipients");
    for number in 0..TIPS {
        let tip = hamsa_core::Tip::new(text_of(number).into()).expect("a tip");
        place.write(
            &format!("in/{number}"),
            hamsa_core::seal(tip, &to).expect("sealed").as_bytes(),
        );
    }
    let identity = place.identity("agency", "general");
    let open = ["open", "-i", &identity, "--out", "cases", "in"];

    // The moments: as soon as so many cases are in sight or, between those steps, being written.
    for wanted in [0, 1, 30, 150, 300] {
        let mut child = place
            .command(open)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        while child.try_wait().expect("running").is_none() {
            let partial = place_partial(&place).map_or(0, |folder| count(&place, &folder));
            if count(&place, "cases") + partial > wanted {
                break;
            }
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        check_cases(&place);
    }

    let last = place.run(open, b"");
    assert_eq!(last.code, 0, "{}", last.err);
    assert_eq!(check_cases(&place), TIPS);
    assert!(
        place
            .names("cases")
            .iter()
            .all(|name| !name.starts_with('.')),
        "leftovers are removed"
    );
}

/// The folder that some run works in or was killed in.
fn place_partial(place: &Place) -> Option<String> {
    let names = fs::read_dir(place.path("cases"))
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.starts_with('.'))
        .map(|name| format!("cases/{name}"))
        .next()
}

/// Every case in sight is complete; how many there are.
fn check_cases(place: &Place) -> usize {
    let Ok(entries) = fs::read_dir(place.path("cases")) else {
        return 0;
    };
    let mut cases = 0;
    for entry in entries {
        let entry = entry.expect("an entry");
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let text = fs::read_to_string(entry.path().join("tip.txt")).expect("the text");
        let json = fs::read(entry.path().join("tip.json")).expect("the description");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("whole");
        assert_eq!(json["text"], text.as_str());
        let number = text
            .strip_prefix("tip number ")
            .and_then(|n| n.parse::<usize>().ok());
        assert!(number.is_some_and(|n| n < TIPS), "a whole text");
        cases += 1;
    }
    cases
}

#[test]
fn keys_that_a_killed_init_left_are_removed_by_the_next_one() {
    let place = Place::new();
    for folder in [
        ".agency.partial-1",
        ".agency.partial-2",
        ".agency.partial-mine",
        ".other.partial-1",
    ] {
        fs::create_dir(place.path(folder)).expect("a folder");
        place.write(&format!("{folder}/root.key"), b"of nobody");
    }
    // Its run is still alive.
    let alive = fs::File::open(place.path(".agency.partial-2")).expect("a folder");
    alive.lock().expect("locked");
    let arguments = [
        "agency",
        "init",
        "agency",
        "--name",
        "en=x",
        "--unprotected",
    ];
    let made = place.run(arguments, b"");
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        made.err.contains("removed") && made.err.contains(".agency.partial-1"),
        "{}",
        made.err
    );
    assert_eq!(
        place.names("."),
        [
            ".agency.partial-2",
            ".agency.partial-mine",
            ".other.partial-1",
            "agency"
        ]
    );
}

#[test]
fn init_killed_at_any_moment_leaves_an_agency_or_none() {
    let place = Place::new();
    let arguments = [
        "agency",
        "init",
        "agency",
        "--name",
        "en=x",
        "--unprotected",
    ];
    for wanted in 0..4 {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        while child.try_wait().expect("running").is_none() {
            let partial = place.names(".").into_iter().find(|n| n.starts_with('.'));
            if partial.is_some_and(|folder| count(&place, &folder) >= wanted) {
                break;
            }
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        if place.path("agency").exists() {
            fs::remove_dir_all(place.path("agency")).expect("removed");
        }
    }
    place.make_agency("agency", &[]);
    assert_eq!(place.names("."), ["agency"]);
    place.seal("a tip", "tip.age");
}
