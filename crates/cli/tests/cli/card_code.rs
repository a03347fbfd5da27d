//! `hamsa card show --svg`, `--png`: the code of a fingerprint, for a poster.

use hamsa_channel_qr::code_of_text;

use crate::place::Place;

#[test]
fn the_code_of_a_fingerprint_is_drawn_and_overwrites_nothing() {
    let place = Place::with_agency();
    let show = ["card", "show", "--json", "agency/agency.card"];
    let draw = [&show[..], &["--svg", "code.svg", "--png", "code.png"]].concat();
    let drawn = place.run(&draw, b"");
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    let card: serde_json::Value = serde_json::from_slice(&drawn.out).expect("JSON");
    let digits = card["fingerprint"].as_str().expect("text").replace(' ', "");
    let code = code_of_text(&digits).expect("a code");
    assert_eq!(digits.len(), 40);
    assert!(place.read("code.png") == code.to_png());
    assert!(place.read("code.svg") == code.to_svg().as_bytes());

    let again = [&show[..], &["--svg", "new.svg", "--png", "code.png"]].concat();
    assert_eq!(place.run(&again, b"").code, 6);
    assert!(!place.path("new.svg").exists(), "both or none");
}
