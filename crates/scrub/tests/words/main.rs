//! How much of what identifies a writer is found in tips as people write them, and how much else is pointed at.
//!
//! `cargo test -p hamsa-scrub --test words -- --nocapture` prints the tables that stand in docs/check.md.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::ops::Range;

use hamsa_scrub::words::check::{Clue, check};
use hamsa_scrub::words::marks;

const ENGLISH: &str = include_str!("tips.en.txt");
const ARABIC: &str = include_str!("tips.ar.txt");

struct Tip {
    text: String,
    expected: Vec<(Clue, Range<usize>)>,
    part: usize,
}

fn tips(file: &str) -> Vec<Tip> {
    let mut part = 0;
    let mut tips = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with("====") {
            part += 1;
        } else if !line.is_empty() {
            tips.push(tip(line, part));
        }
    }
    tips
}

/// Reads `⟦kind:passage⟧`.
fn tip(line: &str, part: usize) -> Tip {
    let (mut text, mut expected) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        let (marked, after) = after.split_once('⟧').unwrap();
        let (kind, passage) = marked.split_once(':').unwrap();
        let code = format!("check-{kind}");
        let clue = Clue::ALL.iter().find(|clue| clue.code() == code);
        let start = text.len();
        text.push_str(passage);
        expected.push((*clue.unwrap_or_else(|| panic!("{kind}")), start..text.len()));
        rest = after;
    }
    text.push_str(rest);
    Tip {
        text,
        expected,
        part,
    }
}

#[derive(Default, Clone, Copy)]
struct Score {
    expected: usize,
    recalled: usize,
    hits: usize,
    right: usize,
}

impl Score {
    fn recall(self) -> f64 {
        self.recalled as f64 / self.expected.max(1) as f64
    }

    fn precision(self) -> f64 {
        if self.hits == 0 {
            1.0
        } else {
            self.right as f64 / self.hits as f64
        }
    }

    fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.recalled += other.recalled;
        self.hits += other.hits;
        self.right += other.right;
    }
}

/// A hit is right when a passage of its kind is marked where it stands.
fn scores(tips: &[&Tip], is_shown: bool) -> BTreeMap<Clue, Score> {
    let mut scores: BTreeMap<Clue, Score> = BTreeMap::new();
    for tip in tips {
        let hits = check(&tip.text);
        let meet = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        for (clue, range) in &tip.expected {
            let score = scores.entry(*clue).or_default();
            score.expected += 1;
            let is_found = hits
                .iter()
                .any(|hit| hit.what == *clue && meet(&hit.range, range));
            score.recalled += usize::from(is_found);
            if is_shown && !is_found {
                println!(
                    "missed {} ⟦{}⟧ in: {}",
                    clue.code(),
                    &tip.text[range.clone()],
                    tip.text
                );
            }
        }
        for hit in &hits {
            let score = scores.entry(hit.what).or_default();
            score.hits += 1;
            let is_right = tip
                .expected
                .iter()
                .any(|(clue, range)| *clue == hit.what && meet(&hit.range, range));
            score.right += usize::from(is_right);
            if is_shown && !is_right {
                println!(
                    "wrong {} ⟦{}⟧ in: {}",
                    hit.what.code(),
                    &tip.text[hit.range.clone()],
                    tip.text
                );
            }
        }
    }
    scores
}

fn total(scores: &BTreeMap<Clue, Score>) -> Score {
    let mut total = Score::default();
    for score in scores.values() {
        total.add(*score);
    }
    total
}

fn print(name: &str, tips: usize, scores: &BTreeMap<Clue, Score>) {
    println!(
        "\n{name}, {tips} tips\n| kind | marked | found | hits | right | recall | precision |\n|---|---|---|---|---|---|---|"
    );
    let rows = scores
        .iter()
        .map(|(clue, score)| (clue.code().trim_start_matches("check-"), *score));
    for (kind, s) in rows.chain([("all", total(scores))]) {
        println!(
            "| {kind} | {} | {} | {} | {} | {:.2} | {:.2} |",
            s.expected,
            s.recalled,
            s.hits,
            s.right,
            s.recall(),
            s.precision()
        );
    }
}

/// The parts of a file of tips.
const PARTS: [&str; 3] = ["at hand", "held out", "hard"];

/// Floors a little below what was measured: recall and precision of each part.
fn measure(name: &str, file: &str, floors: [(f64, f64); 3]) {
    let tips = tips(file);
    assert!(tips.len() >= 220, "{}", tips.len());
    for (index, (part, floors)) in PARTS.iter().zip(floors).enumerate() {
        let chosen: Vec<&Tip> = tips.iter().filter(|tip| tip.part == index).collect();
        // What was missed in the other parts is not shown: who has seen it tunes to it.
        let scores = scores(&chosen, index == 0);
        print(&format!("{name}, {part}"), chosen.len(), &scores);
        let all = total(&scores);
        assert!(
            all.recall() >= floors.0,
            "{name}, {part}: recall {:.3}",
            all.recall()
        );
        assert!(
            all.precision() >= floors.1,
            "{name}, {part}: precision {:.3}",
            all.precision()
        );
    }
}

#[test]
fn english_tips() {
    measure(
        "English",
        ENGLISH,
        [(0.97, 0.96), (0.97, 0.94), (0.26, 0.85)],
    );
}

#[test]
fn arabic_tips() {
    measure("Arabic", ARABIC, [(0.97, 0.97), (0.94, 0.88), (0.36, 0.88)]);
}

#[test]
fn tips_as_people_write_them_have_no_marks() {
    for tip in tips(ENGLISH).iter().chain(&tips(ARABIC)) {
        let cleaned = marks::clean(&tip.text);
        assert_eq!(*cleaned.text, tip.text);
        assert_eq!(cleaned.marks(), []);
    }
}
