//! `hamsa desk` as an operator meets it: in a real terminal, with keys and a screen.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::place::{HAMSA, Place};

/// So long a screen may take to show something, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the program says when it asks to press the key again.
const AGAIN: &str = "Ctrl-S again";

/// A terminal with the desk in it, inside a tmux of its own.
pub(crate) struct Desk<'a> {
    place: &'a Place,
    socket: PathBuf,
}

impl<'a> Desk<'a> {
    /// Starts the program at a desk of 80 columns and 24 lines.
    pub(crate) fn start(place: &'a Place, arguments: &[&str]) -> Self {
        let mut line = format!("{HAMSA} desk --card agency/agency.card --spool spool");
        for argument in arguments {
            line = format!("{line} '{argument}'");
        }
        // Behind the program: its exit code, and whether the terminal is as it was.
        let shell = format!(
            "sh -c 'echo $$ >pid; exec {}'; echo \"ended $?\"; stty -a | grep -o '.icanon'; exec sleep 600",
            line.replace('\'', "'\\''")
        );
        let desk = Desk::start_shell(place, &shell);
        desk.wait("what the desk looks like", |screen| {
            screen.contains("Ctrl-S") || screen.contains("ended")
        });
        desk
    }

    /// Starts a terminal with this shell command in it.
    pub(crate) fn start_shell(place: &'a Place, shell: &str) -> Self {
        // One that has just ended may still hold its own.
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let socket = place.path(&format!("tmux-{number}"));
        let desk = Desk { place, socket };
        desk.tmux(&["new-session", "-d", "-x", "80", "-y", "24", shell]);
        desk
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        self.tmux_with(arguments, b"")
    }

    fn tmux_with(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = Command::new("tmux");
        command
            .args(["-u", "-f", "/dev/null", "-S"])
            .arg(&self.socket);
        command.args(arguments).current_dir(self.place.root());
        command.env_clear().env("LANG", "en_US.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.stderr(Stdio::piped()).spawn();
        let mut child = child.expect("tmux is needed: install the Debian package tmux");
        let mut stdin = child.stdin.take().expect("standard input");
        stdin.write_all(input).expect("written");
        drop(stdin);
        let ended = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "tmux {arguments:?}: {said}");
        String::from_utf8(ended.stdout).expect("text")
    }

    pub(crate) fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    /// Types a text key by key.
    fn write(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Pastes a text as a terminal does when a program has asked to be told of pasting.
    pub(crate) fn paste(&self, text: &str) {
        self.tmux_with(&["load-buffer", "-"], text.as_bytes());
        self.tmux(&["paste-buffer", "-p", "-d"]);
    }

    pub(crate) fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Everything that the terminal keeps, also what has scrolled away.
    fn history(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-J", "-S", "-", "-E", "-"])
    }

    /// Waits until the screen is as wanted; what it looks like then.
    pub(crate) fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < end, "{what} did not come:\n{screen}");
            sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Seals, past the warning if there is one; waits until so many tips are sealed.
    pub(crate) fn seal(&self, count: u32) -> String {
        let counter = format!("sealed in this sitting: {count}");
        self.keys(&["C-s"]);
        let screen = self.wait(&counter, |screen| {
            screen.contains(&counter) || screen.contains(AGAIN)
        });
        if screen.contains(&counter) {
            return screen;
        }
        self.keys(&["C-s"]);
        self.wait_for(&counter)
    }

    /// The process number of the program.
    fn process(&self) -> String {
        let process = String::from_utf8(self.place.read("pid")).expect("a number");
        process.trim().to_owned()
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.process()])
            .status();
        assert!(sent.expect("kill").success());
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        let tmux = |command: &str| {
            let mut tmux = Command::new("tmux");
            tmux.arg("-S").arg(&self.socket).arg(command);
            // It may be gone already.
            let _ = tmux.stdout(Stdio::null()).stderr(Stdio::null()).status();
        };
        tmux("kill-server");
    }
}

/// An agency with two departments, topics and caller groups.
pub(crate) fn place() -> Place {
    let place = Place::new();
    place.make_agency(
        "agency",
        &[
            "--department",
            "fraud",
            "--department",
            "traffic",
            "--name",
            "ar=خط البلاغات",
        ],
    );
    let profile = r#"{
      "agency": {"ar": "خط البلاغات", "en": "City Tip Line"},
      "departments": [
        {"id": "fraud", "names": {"en": "Fraud"}, "topics": [{"id": "online", "names": {"en": "On the internet"}}]},
        {"id": "traffic", "names": {"en": "Traffic"}}
      ],
      "caller_groups": [{"id": "visitor", "names": {"en": "Visitors"}}]
    }"#;
    place.write("agency/agency.json", profile.as_bytes());
    let issued = place.run(["agency", "card", "agency"], b"");
    assert_eq!(issued.code, 0, "{}", issued.err);
    place
}

/// The envelopes in the spool. Nothing else may be in sight there.
fn spooled(place: &Place) -> Vec<String> {
    let names = place.names("spool").into_iter();
    let names: Vec<_> = names
        .filter(|name| !name.starts_with(".partial-"))
        .collect();
    for name in &names {
        let id = name.strip_suffix(".age").expect("an envelope");
        assert!(
            id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()),
            "{name}"
        );
    }
    names
}

/// Opens what is in the spool; the texts, sorted.
fn opened(place: &Place, department: &str) -> Vec<String> {
    let identity = place.identity("agency", department);
    let names = spooled(place).into_iter();
    let mut texts: Vec<_> = names
        .map(|name| {
            let opened = place.run(["open", "-i", &identity, &format!("spool/{name}")], b"");
            assert_eq!(opened.code, 0, "{}", opened.err);
            opened.text()
        })
        .collect();
    texts.sort();
    texts
}

/// All that is on the disk, one file after the other.
fn on_disk(place: &Place) -> Vec<u8> {
    fn collect(folder: &std::path::Path, all: &mut Vec<u8>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, all);
            } else if path.is_file() {
                all.extend(fs::read(&path).expect("a file"));
            }
        }
    }
    let mut all = Vec::new();
    collect(place.root(), &mut all);
    all
}

/// What stands on a screen of which lines were broken at its edge.
fn joined(screen: &str) -> String {
    screen.replace('\n', "")
}

fn holds(all: &[u8], part: &str) -> bool {
    all.windows(part.len())
        .any(|octets| octets == part.as_bytes())
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn a_tip_is_sealed_and_gone_from_the_screen() {
    let place = place();
    let desk = Desk::start(&place, &[]);
    let first = desk.screen();
    assert!(first.contains("City Tip Line") && first.contains("sealed in this sitting: 0"));
    let card = hamsa_core::Card::parse(&place.read("agency/agency.card")).expect("the card");
    let fingerprint = card.fingerprint().to_string();
    let (_, group) = fingerprint.rsplit_once(' ').expect("groups");
    assert!(first.contains(group), "{first}");

    desk.write("A lorry leaves the quarry every night.");
    desk.keys(&["Enter"]);
    desk.write("It has no pates");
    desk.keys(&["Left", "Left", "Left", "Left"]);
    desk.write("l");
    desk.wait_for("It has no plates");
    // Nobody gets it before that is said.
    desk.keys(&["C-s"]);
    desk.wait_for("First choose the department");
    desk.keys(&["1"]);
    desk.wait_for("department: Fraud");
    desk.keys(&["F3"]);
    desk.wait_for("On the internet");
    desk.keys(&["Down", "Enter", "F4", "2", "F5", "1"]);
    desk.wait("all that was chosen", |screen| {
        ["Fraud", "On the internet", "English", "Visitors"]
            .iter()
            .all(|name| screen.contains(name))
    });
    let screen = desk.seal(1);
    assert!(
        screen.contains("Sealed.") && !screen.contains("quarry"),
        "{screen}"
    );
    assert!(
        !screen.contains("Visitors") && !screen.contains("On the internet"),
        "{screen}"
    );
    assert!(!desk.history().contains("lorry"), "{}", desk.history());

    let [name] = spooled(&place).try_into().expect("one envelope");
    let identity = place.identity("agency", "fraud");
    let path = format!("spool/{name}");
    let json = place
        .run(["open", "-i", &identity, "--json", &path], b"")
        .text();
    let first = json.lines().next().expect("a line");
    let json: serde_json::Value = serde_json::from_str(first).expect("JSON");
    let tip = &json["tip"];
    assert_eq!(
        tip["text"],
        "A lorry leaves the quarry every night.\nIt has no plates"
    );
    assert_eq!(
        (&tip["category"], &tip["language"]),
        (&"online".into(), &"en".into())
    );
    assert_eq!(tip["caller_group"], "visitor");

    desk.keys(&["C-q"]);
    let after = desk.wait_for("icanon");
    assert!(
        after.contains("1 tip was sealed") && after.contains("ended 0"),
        "{after}"
    );
    assert!(
        after.contains(" icanon"),
        "the terminal is as it was: {after}"
    );
    assert!(!desk.history().contains("lorry") && !holds(&on_disk(&place), "lorry"));
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn arabic_stands_as_it_is_read() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "traffic", "--lang", "ar"]);
    let first = desk.screen();
    // "Seal", joined and from right to left, and the key as it is on the keyboard.
    assert!(
        first.contains("\u{fee2}\u{fe98}\u{fea7}") && first.contains("Ctrl-S"),
        "{first}"
    );
    assert!(
        first
            .lines()
            .next()
            .expect("a title")
            .contains("\u{fe95}\u{fe8e}\u{fecf}\u{fefc}\u{fe92}\u{fedf}\u{fe8d}"),
        "{first}"
    );

    let text = "شاحنة 12 عند (lorry) البحر";
    desk.write(text);
    let seen = "\u{feae}\u{fea4}\u{fe92}\u{fedf}\u{fe8d} (lorry) \u{feaa}\u{fee8}\u{fecb} 12 \u{fe94}\u{fee8}\u{fea3}\u{fe8e}\u{feb7}";
    let screen = desk.wait_for(seen);
    let line = screen
        .lines()
        .find(|line| line.contains(seen))
        .expect("a line");
    assert_eq!(line.chars().count(), 80, "from the right edge: {line:?}");
    // The left arrow goes on in the text; letters are put in where the cursor is.
    desk.keys(&["Home", "Left"]);
    desk.write("ر");
    desk.wait_for("\u{fe94}\u{fee8}\u{fea3}\u{fe8d}\u{feae}\u{feb7}");
    desk.keys(&["BSpace"]);
    desk.wait_for(seen);
    desk.keys(&["C-s"]);
    desk.wait("an empty desk", |screen| !screen.contains("lorry"));
    assert!(!desk.history().contains("lorry"));
    assert_eq!(opened(&place, "traffic"), [text]);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn a_long_paste_is_taken_whole_and_scrolls() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    let mut text = String::new();
    for number in 0.. {
        text = format!("{text}paragraph {number} شاحنة at the gate\n");
        if text.chars().count() >= 10_000 {
            break;
        }
    }
    let text: String = text.chars().take(9_999).chain(['!']).collect();
    let pasted = text.replace("gate\n", "ga\u{200b}te\n");
    desk.paste(&pasted);
    let screen = desk.wait_for("unusual characters were taken out");
    assert!(!screen.contains("paragraph 0 "), "the end is in sight");
    desk.keys(&["PPage"]);
    desk.tmux(&["resize-window", "-x", "41", "-y", "14"]);
    desk.wait("the text in a small window", |screen| {
        screen
            .lines()
            .filter(|line| line.contains("paragraph"))
            .count()
            >= 2
            && screen.lines().all(|line| line.chars().count() <= 41)
    });
    desk.tmux(&["resize-window", "-x", "20", "-y", "5"]);
    desk.wait_for("larger");
    desk.tmux(&["resize-window", "-x", "120", "-y", "40"]);
    desk.wait("the text in a large window", |screen| {
        screen
            .lines()
            .filter(|line| line.contains("paragraph"))
            .count()
            > 20
    });
    let screen = desk.seal(1);
    assert!(!screen.contains("paragraph"));
    assert!(!desk.history().contains("paragraph"));
    assert_eq!(opened(&place, "fraud"), [text]);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn what_points_to_the_caller_is_said_once_and_sealed_on_request() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.write("Call me on 050 123 4567 about the lorry");
    desk.keys(&["C-s"]);
    let screen = desk.wait_for(AGAIN);
    let screen = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        screen.contains("a phone number (line 1)") && screen.contains("passages may tell"),
        "{screen}"
    );
    assert!(
        screen.contains("how to reach the caller") && !screen.contains("your"),
        "{screen}"
    );
    assert_eq!(spooled(&place), [""; 0]);
    // Another text is another question.
    desk.write("!");
    desk.wait("no message", |screen| !screen.contains(AGAIN));
    desk.keys(&["C-s"]);
    desk.wait_for(AGAIN);
    desk.keys(&["C-s"]);
    desk.wait_for("sealed in this sitting: 1");
    assert_eq!(
        opened(&place, "fraud"),
        ["Call me on 050 123 4567 about the lorry!"]
    );
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn a_text_is_discarded_only_after_asking() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.write("a slip of the tongue");
    desk.keys(&["C-q"]);
    desk.wait_for("not sealed yet");
    desk.keys(&["C-x"]);
    desk.wait_for("Discard this text?");
    desk.write("s");
    desk.wait_for("tongues");
    desk.keys(&["Escape"]);
    desk.wait_for("Discard this text?");
    desk.keys(&["Escape"]);
    let screen = desk.wait_for("Discarded.");
    assert!(!screen.contains("tongue") && !desk.history().contains("tongue"));
    desk.keys(&["C-q"]);
    desk.wait_for("Nothing was sealed in this sitting");
    assert!(!holds(&on_disk(&place), "tongue"));
    assert_eq!(spooled(&place), [""; 0]);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn told_to_end_it_seals_what_is_there() {
    for signal in ["-TERM", "-HUP"] {
        let place = place();
        let desk = Desk::start(&place, &["--to", "fraud"]);
        desk.write("half a sentence, my name is");
        desk.wait_for("half a sentence");
        desk.signal(signal);
        let after = desk.wait_for("icanon");
        assert!(
            after.contains("ended 0") && after.contains(" icanon"),
            "{after}"
        );
        assert!(
            joined(&after).contains("was sealed unasked") && after.contains("1 tip was sealed"),
            "{after}"
        );
        assert!(!desk.history().contains("half a sentence"), "{signal}");
        assert_eq!(opened(&place, "fraud"), ["half a sentence, my name is"]);
        assert!(
            place
                .names("spool")
                .iter()
                .all(|name| !name.starts_with('.'))
        );
    }
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn a_terminal_that_is_closed_loses_no_tip() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.write("the window was closed");
    desk.wait_for("was closed");
    drop(desk);
    let end = Instant::now() + PATIENCE;
    while spooled(&place).is_empty() {
        assert!(Instant::now() < end, "nothing was sealed");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(opened(&place, "fraud"), ["the window was closed"]);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn told_to_end_before_a_department_is_chosen_it_says_what_is_lost() {
    let place = place();
    let desk = Desk::start(&place, &[]);
    desk.write("for whom is this?");
    desk.wait_for("for whom");
    desk.signal("-TERM");
    let after = desk.wait_for("icanon");
    assert!(
        after.contains("ended 1") && after.contains("write that tip again"),
        "{after}"
    );
    assert!(!desk.history().contains("for whom") && !holds(&on_disk(&place), "for whom"));
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn told_to_end_with_nothing_to_seal_it_says_so() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.signal("-TERM");
    let after = desk.wait_for("icanon");
    assert!(
        after.contains("Nothing was being written") && after.contains("ended 0"),
        "{after}"
    );
    assert_eq!(spooled(&place), [""; 0]);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn told_to_end_without_a_place_for_the_tip_it_says_what_is_lost_and_why() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.write("the disk is gone");
    desk.wait_for("is gone");
    fs::remove_dir_all(place.path("spool")).expect("removed");
    desk.signal("-TERM");
    let after = desk.wait_for("icanon");
    assert!(
        joined(&after).contains("could not be sealed and is gone") && after.contains("ended 6"),
        "{after}"
    );
    assert!(after.contains("hamsa: there is no folder"), "{after}");
    assert!(!desk.history().contains("the disk is"));
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn the_keys_are_explained_on_a_page_of_their_own() {
    let place = place();
    let desk = Desk::start(&place, &["--to", "fraud"]);
    desk.write("half a word");
    desk.keys(&["F1"]);
    let page = desk.wait_for("F1 or Ctrl-G");
    assert!(
        page.contains("Ctrl-S or F10: seal") && !page.contains("half a word"),
        "{page}"
    );
    desk.keys(&["Space"]);
    desk.wait_for("half a word");
    desk.tmux(&["resize-window", "-x", "40", "-y", "12"]);
    desk.wait("the keys in a small window", |screen| {
        let last = screen.trim_end().lines().last().unwrap_or_default();
        ["Ctrl-S seal", "Ctrl-Q leave", "F1 help"]
            .iter()
            .all(|key| last.contains(key))
            && screen.contains("sealed: 0")
    });
    desk.keys(&["C-g"]);
    let first = desk.wait_for("F2: choose");
    assert!(!first.contains("Ctrl-G"), "{first}");
    desk.keys(&["End"]);
    desk.wait_for("F1 or Ctrl-G");
    desk.keys(&["Escape"]);
    desk.wait_for("half a word");
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn killed_at_any_moment_the_spool_is_whole_and_nothing_can_be_read() {
    let place = place();
    let mut sealed = 0;
    for round in 0..6_u64 {
        let desk = Desk::start(&place, &["--to", "fraud"]);
        assert_eq!(
            place
                .names("spool")
                .iter()
                .filter(|n| n.starts_with('.'))
                .count(),
            1,
            "leftovers are swept"
        );
        desk.write(&format!("a lorry at the harbour, round {round}"));
        desk.wait_for("harbour");
        desk.keys(&["C-s"]);
        // From at once to long after it was sealed.
        sleep(Duration::from_millis(round * round * 4));
        desk.signal("-KILL");
        desk.wait_for("ended 137");
        let now = spooled(&place).len();
        assert!(now == sealed || now == sealed + 1);
        sealed = now;
        assert!(!holds(&on_disk(&place), "harbour"));
    }
    let texts = opened(&place, "fraud");
    assert_eq!(texts.len(), sealed);
    assert!(
        texts
            .iter()
            .all(|text| text.starts_with("a lorry at the harbour, round "))
    );
    for name in spooled(&place) {
        use std::os::unix::fs::MetadataExt as _;
        let about = fs::metadata(place.path(&format!("spool/{name}"))).expect("there");
        assert_eq!((about.mode() & 0o7777, about.mtime()), (0o600, 315_532_800));
    }
}

#[test]
fn without_a_terminal_there_is_no_desk() {
    let place = Place::with_agency();
    let desk = ["desk", "--card", "agency/agency.card", "--spool", "spool"];
    let refused = place.run(desk, b"a tip");
    assert_eq!(refused.code, 2);
    assert!(refused.failure().0.contains("terminal"), "{}", refused.err);
    assert!(!place.path("spool").exists(), "and no folder");
    let wrong = [&desk[..], &["--to", "nobody"]].concat();
    assert_eq!(place.run(wrong, b"").code, 3);
}
