//! Identities and recipients, plain and under a passphrase.

use std::{fs, sync::Arc};

use hamsa_core::{Identity, KeyRing, Prompt, Recipient, Recipients, age, protect, unprotect};
use zeroize::Zeroizing;

use crate::{identity, peers::Peers, ring};

const PASSPHRASE: &str = "كلمة سر and seven words more";

struct Knows;

impl Prompt for Knows {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        Some(PASSPHRASE.to_owned().into())
    }
}

fn line(file: &str, begins: &str) -> String {
    let line = file.lines().find(|line| line.starts_with(begins));
    line.unwrap().to_owned()
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn we_read_identities_that_others_generate() {
    let peers = Peers::new("keygen");
    let typage = |generate: &str| {
        peers.node(&format!(
            "import {{ {generate}, identityToRecipient }} from 'age-encryption'; const i = await {generate}(); \
             console.log('# public key: ' + await identityToRecipient(i)); console.log(i)"
        ))
    };
    for (made, post_quantum) in [
        (peers.program("age-keygen").args(["-pq"]), true),
        (peers.program("age-keygen"), false),
        (peers.program("rage-keygen"), false),
        (typage("generateHybridIdentity"), true),
        (typage("generateX25519Identity"), false),
    ] {
        let file = made.text();
        let theirs = line(&file, "# public key: ");
        let recipient: Recipient = theirs["# public key: ".len()..].parse().unwrap();
        assert_eq!(recipient.is_post_quantum(), post_quantum);
        let ours = Identity::parse(&line(&file, "AGE-SECRET-KEY-")).unwrap();
        assert_eq!(ours.recipient().unwrap(), recipient);
        assert_eq!(ring(&file).len(), 1);
    }
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn others_read_identities_that_we_generate() {
    let peers = Peers::new("convert");
    for post_quantum in [true, false] {
        let (secret, recipient) = identity(post_quantum);
        let recipient = format!("{recipient}\n");
        let go_age = peers
            .program("age-keygen")
            .args(["-y"])
            .on(secret.as_bytes());
        assert_eq!(String::from_utf8(go_age).unwrap(), recipient);
        let typage = peers.node(
            "import { identityToRecipient } from 'age-encryption'; \
             console.log(await identityToRecipient(process.argv[1]))",
        );
        assert_eq!(typage.args([secret.as_str()]).text(), recipient);
    }
    let (secret, recipient) = identity(false);
    let rage = peers
        .program("rage-keygen")
        .args(["-y"])
        .on(secret.as_bytes());
    assert_eq!(String::from_utf8(rage).unwrap(), format!("{recipient}\n"));
}

/// An identity file as a department has it, and the same under a passphrase.
fn protected() -> (String, Vec<u8>) {
    let ((full, _), (short, _)) = (identity(true), identity(false));
    let file = format!("# department\n{}\n{}\n", *full, *short);
    let passphrase = PASSPHRASE.to_owned().into();
    let protected = protect(file.as_bytes(), &passphrase).unwrap();
    (file, protected)
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn others_open_our_protected_identity_files() {
    let peers = Peers::new("protected");
    let (file, protected) = protected();
    let path = peers.file("identity.age", &protected);
    let path = path.to_str().unwrap();

    // The file itself, with the passphrase from the environment and typed on a terminal.
    let batch = peers.program("age").args(["-d", "-j", "batchpass"]);
    assert_eq!(
        batch.env("AGE_PASSPHRASE", PASSPHRASE).on(&protected),
        file.as_bytes()
    );
    for program in ["age", "rage"] {
        let plain = peers.scratch.join(program);
        let words = ["-d", "-o", plain.to_str().unwrap(), path];
        peers.typing(PASSPHRASE, program).args(words).text();
        assert_eq!(fs::read_to_string(plain).unwrap(), file);
    }

    // As an identity file: both lines, and a file for either.
    for line in file.lines().skip(1) {
        let recipient = Identity::parse(line).unwrap().recipient().unwrap();
        let to = Recipients::danger_bare(vec![recipient], None).unwrap();
        let mut sealed = Vec::new();
        age::seal(&mut &b"for the department"[..], 18, &to, &mut sealed).unwrap();
        let sealed = peers.file("sealed.age", &sealed);
        let plain = peers.scratch.join("plain");
        let words = ["-d", "-i", path, "-o", plain.to_str().unwrap()];
        let age = peers.typing(PASSPHRASE, "age").args(words).args([&sealed]);
        age.text();
        assert_eq!(fs::read(&plain).unwrap(), b"for the department");
        fs::remove_file(plain).unwrap();
    }
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn we_open_identity_files_that_others_protect() {
    let peers = Peers::new("protecting");
    let file = format!("{}\n", *identity(true).0);
    let path = peers.file("identity", file.as_bytes());
    let path = path.to_str().unwrap();
    for (program, form) in [
        ("age", "-p"),
        ("age", "-pa"),
        ("rage", "-p"),
        ("rage", "-pa"),
    ] {
        let out = peers.scratch.join(format!("{program}{form}"));
        let mut words = vec!["-p", "-o", out.to_str().unwrap(), path];
        if form == "-pa" {
            words.insert(0, "-a");
        }
        peers.typing(PASSPHRASE, program).args(words).text();
        let protected = fs::read(out).unwrap();
        assert_eq!(protected.starts_with(b"-----BEGIN AGE"), form == "-pa");
        let plain = unprotect(&protected, &PASSPHRASE.to_owned().into()).unwrap();
        assert_eq!(*plain, file.as_bytes());

        let mut keys = KeyRing::new();
        let knows: Arc<dyn Prompt> = Arc::new(Knows);
        assert_eq!(keys.add_file(&protected, &knows).unwrap(), 1);
    }
}
