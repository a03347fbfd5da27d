//! Help, completions and manual pages.

use crate::place::Place;

#[test]
fn completions_exist_for_every_shell() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = place.run(["completions", shell], b"");
        assert_eq!(script.code, 0, "{}", script.err);
        assert!(script.text().contains("danger-unscrubbed"), "{shell}");
    }
    let unknown = place.run(["completions", "tcsh"], b"");
    assert_eq!(unknown.code, 2);
    assert!(!unknown.err.contains("tcsh"));
}

#[test]
fn every_verb_has_a_manual_page_with_the_exit_codes() {
    let place = Place::new();
    for (language, exit_codes) in [("en", "EXIT STATUS"), ("ar", "رموز الخروج")] {
        let written = place.run(["--lang", language, "man", language], b"");
        assert_eq!(written.code, 0, "{}", written.err);
        let pages = place.names(language);
        for verb in [
            "",
            "-agency-init",
            "-agency-card",
            "-card-show",
            "-seal",
            "-desk",
            "-carry-to-sms",
            "-carry-from-email",
            "-open",
            "-inspect",
            "-demo",
        ] {
            let name = format!("hamsa{verb}.1");
            assert!(pages.contains(&name), "{name}");
            let page = String::from_utf8(place.read(&format!("{language}/{name}"))).expect("text");
            assert!(
                page.contains(".SH NAME") && page.contains(exit_codes),
                "{name}"
            );
        }
    }
    let again = place.run(["man", "en"], b"");
    assert_eq!(again.code, 6, "nothing is overwritten");
}

#[test]
fn help_is_in_the_language_of_the_locale() {
    let place = Place::new();
    let mut command = place.command(["seal", "--help"]);
    command.env("LC_ALL", "ar_AE.UTF-8");
    let arabic = crate::place::run(command, b"");
    assert_eq!(arabic.code, 0);
    assert!(
        arabic.text().contains("ختم بلاغ") && !arabic.text().contains("Seal"),
        "{}",
        arabic.text()
    );
    let english = place.run(["--help"], b"");
    assert!(english.text().is_ascii(), "{}", english.text());
    assert!(english.text().contains("Exit codes:"));
}
