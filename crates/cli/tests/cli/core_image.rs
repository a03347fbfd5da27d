//! A core image, taken on purpose in the moment in which the program ends, holds no secret.
//!
//! Not even a fragment of sixteen octets of one, in whatever form it went through the program.

use std::collections::HashSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};

use crate::desk::{self, Desk};
use crate::place::{HAMSA, Place};

/// What must not be found, by the name that it has when it is.
type Secrets = Vec<(&'static str, Vec<u8>)>;

fn random(octets: usize) -> String {
    let mut random = vec![0; octets];
    getrandom::fill(&mut random).expect("random numbers");
    random.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A text that nobody has written before, with characters that JSON escapes.
fn text(octets: usize) -> String {
    let (begin, middle, tail) = (random(octets), random(octets), random(octets));
    format!("Lock {begin} \"closed\"\n\tعند الجسر {middle}\\ and last {tail}\n")
}

/// The text as it was written, and as it stands in `tip.json`.
fn of_text(text: &str) -> Secrets {
    let json = serde_json::to_vec(text).expect("a string");
    vec![
        ("text", text.into()),
        ("text in JSON", json[1..json.len() - 1].to_vec()),
    ]
}

/// The lines of an identity file, the octets in them, and what those expand to.
fn of_identities(file: &str) -> Secrets {
    let mut secrets = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let (kind, written) = line.rsplit_once('1').expect("Bech32");
        let (_, octets) = bech32::decode(line).expect("Bech32");
        secrets.push(("identity", written.into()));
        secrets.push(("identity's octets", octets.clone()));
        if kind.ends_with("-PQ-") {
            let mut expanded = [0; 96];
            let hash = Shake256::default().chain(octets);
            hash.finalize_xof().read(&mut expanded);
            for (name, part) in ["ML-KEM d", "ML-KEM z", "X25519 scalar"]
                .into_iter()
                .zip(expanded.chunks(32))
            {
                secrets.push((name, part.to_vec()));
            }
        }
    }
    assert_eq!(secrets.len(), 7, "a hybrid and a classical identity");
    secrets
}

/// The names of the secrets of which there is a fragment in `image`, and how many octets are not together.
fn found(image: &[u8], secrets: &Secrets) -> Vec<String> {
    const FRAGMENT: usize = 16;
    let mut names = Vec::new();
    for (name, secret) in secrets {
        let fragments: HashSet<&[u8]> = secret.windows(FRAGMENT).collect();
        assert!(!fragments.is_empty(), "{name} is long enough to be known");
        let mut begins = vec![false; 1 << 16];
        let begin = |at: &[u8]| usize::from(at[0]) << 8 | usize::from(at[1]);
        for fragment in &fragments {
            begins[begin(fragment)] = true;
        }
        let is_fragment = |at: &&[u8]| begins[begin(at)] && fragments.contains(at);
        let here: HashSet<&[u8]> = image.windows(FRAGMENT).filter(is_fragment).collect();
        if !here.is_empty() {
            names.push(format!("{name}: {} of {}", here.len(), fragments.len()));
        }
    }
    names
}

/// How gdb runs a program.
const SETTINGS: [&str; 5] = [
    "set pagination off",
    "set debuginfod enabled off",
    "set startup-with-shell off",
    // Everything, also what the program or the system would leave out of an image.
    "set use-coredump-filter off",
    "set dump-excluded-mappings on",
];

/// Runs a program under gdb up to its last system call; its memory and registers in that moment.
fn image_of(program: &Path, arguments: &[&str], input: &[u8], place: &Place) -> Vec<u8> {
    let core = place.path("core");
    let take = format!("gcore {}", core.display());
    let mut gdb = Command::new("timeout");
    gdb.args(["120", "gdb", "-nx", "-batch"]);
    for command in
        SETTINGS
            .into_iter()
            .chain(["catch syscall exit_group", "run", take.as_str(), "kill"])
    {
        gdb.args(["-ex", command]);
    }
    gdb.arg("--args").arg(program).args(arguments);
    gdb.current_dir(place.root())
        .env("LANG", "en_US.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = gdb.spawn().expect("gdb");
    let mut stdin = child.stdin.take().expect("standard input");
    stdin.write_all(input).expect("written");
    drop(stdin);
    let said = child.wait_with_output().expect("ended");
    let image = fs::read(&core).unwrap_or_else(|e| {
        let said = [said.stdout, said.stderr].concat();
        panic!("no image ({e}): {}", String::from_utf8_lossy(&said))
    });
    fs::remove_file(core).expect("removed");
    image
}

/// An agency whose keys are under a passphrase; the passphrase, and the secrets of its department.
fn protected_agency() -> (Place, Secrets) {
    let place = Place::new();
    let passphrase = format!("under {}", random(20));
    place.write("passphrase", passphrase.as_bytes());
    let made = place.run(
        [
            "agency",
            "init",
            "agency",
            "--name",
            "en=City Tip Line",
            "--passphrase-file",
            "passphrase",
        ],
        b"",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let file = place.read(&place.identity("agency", "general"));
    let file = hamsa_core::unprotect(&file, &passphrase.clone().into()).expect("opened");
    let mut secrets = of_identities(str::from_utf8(&file).expect("text"));
    secrets.push(("passphrase", passphrase.into()));
    (place, secrets)
}

const SEAL: [&str; 4] = ["seal", "--card", "agency/agency.card", "-o"];

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn an_image_after_sealing_holds_nothing_of_the_text() {
    let place = Place::with_agency();
    for (more, octets) in [(&[][..], 30), (&["--armor"], 2000), (&["--short"], 30)] {
        let text = text(octets);
        let arguments = [&SEAL[..], &["tip.age"], more].concat();
        let image = image_of(HAMSA.as_ref(), &arguments, text.as_bytes(), &place);
        assert!(place.read("tip.age").len() > 100, "it was sealed");
        fs::remove_file(place.path("tip.age")).expect("removed");
        assert_eq!(found(&image, &of_text(&text)), [""; 0], "{more:?}");
    }
}

/// Seals a new text, and says what of it must not be found.
fn sealed(place: &Place, name: &str, more: &[&str], octets: usize) -> Secrets {
    let text = text(octets);
    let arguments = [&SEAL[..], &[name], more].concat();
    let sealed = place.run(arguments, text.as_bytes());
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    of_text(&text)
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn an_image_after_opening_holds_no_text_no_key_and_no_passphrase() {
    let (place, mut secrets) = protected_agency();
    let identity = place.identity("agency", "general");
    fs::create_dir(place.path("inbox")).expect("created");
    for (name, more, octets) in [
        ("inbox/1.age", &[][..], 30),
        ("inbox/2.age", &["--armor"], 2000),
        ("inbox/3.age", &["--short"], 30),
        ("inbox/4.age", &["--short"], 100),
    ] {
        secrets.extend(sealed(&place, name, more, octets));
    }
    // One onto the standard output, one into a case, and all of them with several workers.
    let open = ["open", "-i", &identity, "--passphrase-file", "passphrase"];
    let single = ["inbox/1.age", "inbox/2.age", "inbox/3.age", "inbox/4.age"];
    let single = single.map(|path| vec![path]);
    let cases = ["one", "two", "three", "four"];
    let into_cases = single
        .iter()
        .zip(cases)
        .map(|(path, case)| [&path[..], &["--out", case]].concat());
    let together = [vec!["inbox", "--out", "all"]];
    for more in single.iter().cloned().chain(into_cases).chain(together) {
        let arguments = [&open[..], &more].concat();
        let image = image_of(HAMSA.as_ref(), &arguments, b"", &place);
        assert_eq!(found(&image, &secrets), [""; 0], "{more:?}");
    }
    let visible = |folder: &str| {
        place
            .names(folder)
            .into_iter()
            .filter(|n| !n.starts_with('.'))
            .count()
    };
    assert_eq!(cases.map(visible), [1; 4]);
    assert_eq!(visible("all"), 4);
}

/// The process that runs the program in this place.
fn process_in(place: &Place) -> String {
    let root = fs::canonicalize(place.root()).expect("a folder");
    let entries = fs::read_dir("/proc").expect("processes");
    let mut names = entries.map(|e| e.expect("a process").file_name());
    let ours = names.find(|name| {
        let about = Path::new("/proc").join(name);
        fs::read_link(about.join("exe")).is_ok_and(|exe| exe == Path::new(HAMSA))
            && fs::read_link(about.join("cwd")).is_ok_and(|cwd| cwd == root)
    });
    let ours = ours.expect("the program runs");
    ours.into_string().expect("a number")
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn an_image_at_the_desk_between_two_tips_holds_nothing_of_either() {
    let place = desk::place();
    let core = place.path("core");
    let take = format!("gcore {}", core.display());
    let mut shell = String::from("timeout 300 gdb -nx -batch");
    for command in SETTINGS.into_iter().chain([
        "handle SIGUSR1 stop print nopass",
        "run",
        take.as_str(),
        "kill",
    ]) {
        shell = format!("{shell} -ex '{command}'");
    }
    let card = "--card agency/agency.card --spool spool --to fraud";
    let shell = format!("{shell} --args {HAMSA} desk {card}; echo ended; exec sleep 600");
    let desk = Desk::start_shell(&place, &shell);
    desk.wait_for("Ctrl-X discard");
    let (short, long, gone, typed) = (text(30), text(2000), text(200), random(40));
    desk.paste(&short);
    desk.wait_for("Lock");
    desk.seal(1);
    desk.paste(&long);
    // Its end, which may be broken into two lines.
    let wait_for_end = |text: &str| {
        let end = &text.trim_end()[text.trim_end().len() - 10..];
        let joined = |screen: &str| screen.split_whitespace().collect::<String>();
        desk.wait(end, |screen| joined(screen).contains(end));
    };
    wait_for_end(&long);
    desk.seal(2);
    desk.keys(&["-l", &typed]);
    desk.wait_for(&typed[..60]);
    desk.seal(3);
    desk.paste(&gone);
    wait_for_end(&gone);
    desk.keys(&["C-x"]);
    desk.wait_for("Discard this text?");
    desk.keys(&["C-x"]);
    desk.wait_for("Discarded.");
    let sent = Command::new("kill")
        .args(["-USR1", &process_in(&place)])
        .status();
    assert!(sent.expect("kill").success());
    desk.wait_for("ended");
    let image = fs::read(&core).expect("an image");
    let secrets = [
        of_text(&short),
        of_text(&long),
        of_text(&gone),
        of_text(&typed),
    ]
    .concat();
    assert_eq!(found(&image, &secrets), [""; 0]);
    // What is no secret is found: the image is one of this program.
    assert_eq!(
        found(&image, &vec![("card", place.read("agency/agency.card"))]).len(),
        1
    );
}

/// Not a test of its own: the next one runs this program under gdb.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn keeps_what_it_reads() {
    if std::env::var_os("HAMSA_CORE_TEST_CHILD").is_some() {
        let mut read = Vec::new();
        std::io::stdin().read_to_end(&mut read).expect("read");
        std::mem::forget(read);
    }
}

/// A program that wipes nothing: the same way of looking finds every fragment of every secret.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn an_image_of_a_careless_program_holds_everything() {
    let (place, secrets) = protected_agency();
    let secrets = [of_text(&text(30)), secrets].concat();
    let input: Vec<_> = secrets
        .iter()
        .flat_map(|(_, secret)| secret)
        .copied()
        .collect();
    let program = std::env::current_exe().expect("this program");
    let child = ["--exact", "core_image::keeps_what_it_reads", "--ignored"];
    let env = "HAMSA_CORE_TEST_CHILD=1";
    let program = program.to_str().expect("a path");
    let image = image_of(
        "/usr/bin/env".as_ref(),
        &[&[env, program], &child[..]].concat(),
        &input,
        &place,
    );
    let all = secrets.iter().map(|(name, secret)| {
        let fragments: HashSet<&[u8]> = secret.windows(16).collect();
        format!("{name}: {0} of {0}", fragments.len())
    });
    assert_eq!(found(&image, &secrets), all.collect::<Vec<_>>());
}
