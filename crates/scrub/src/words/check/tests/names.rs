//! Names: where they end, and who says them.

use super::*;

#[track_caller]
fn names(text: &str, names: &[&str]) {
    let hits = found(text);
    let hits = hits.iter().filter(|(clue, _)| *clue == Clue::Name);
    let hits: Vec<&str> = hits.map(|(_, passage)| *passage).collect();
    assert_eq!(hits, names, "{text}");
}

#[test]
fn a_name_ends_at_the_comma() {
    names(
        "My name is Ahmed Ali, 0501234567",
        &["My name is Ahmed Ali"],
    );
    is(
        "My name is Ahmed Ali, 0501234567",
        Clue::Phone,
        "0501234567",
    );
    names("My name is Ahmed Ali, Sara Khan", &["My name is Ahmed Ali"]);
    names("My name is Ahmed Ali,Sara Khan", &["My name is Ahmed Ali"]);
    names("اسمي محمد علي، سارة", &["اسمي محمد علي"]);
    names("اسمي محمد، سارة خان", &["اسمي محمد"]);
    names("اسمي محمد، مديري معنا", &["اسمي محمد"]);
    is("اسمي محمد، مديري معنا", Clue::Work, "مديري");
    names("Best regards, Ahmed Ali", &["Best regards, Ahmed Ali"]);
    names(
        "My name is Ahmed Al-Ali (here)",
        &["My name is Ahmed Al-Ali"],
    );
    names("My name is Ahmed I work", &["My name is Ahmed"]);
}
