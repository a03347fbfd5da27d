//! Programs that others wrote open what we seal, and we open what they seal: rage, Go age, typage, GNU tar and
//! Python's tarfile.
//!
//! `cargo xtask peers` fetches them.

// The allowances of clippy.toml end at the edge of a `#[test]`; the helpers here are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::format_collect
)]

mod archives;
mod identities;
mod peers;

use std::sync::Arc;

use hamsa_core::{
    CleanFile, Identity, KeyRing, MediaType, Prompt, Recipient, Recipients, Tip, age, open, seal,
};
use zeroize::Zeroizing;

use self::peers::{Peers, Run};

const TEXT: &str = "رأيت الشاحنات قرب الميناء القديم، Pier 7, \"ليلًا\".\n";
const OPEN_WITH_TYPAGE: &str = r"
import { Decrypter, armor } from 'age-encryption';
import { readFileSync } from 'fs';
let file = readFileSync(0);
if (file.toString('latin1', 0, 5) == '-----') file = armor.decode(file.toString());
const decrypter = new Decrypter();
decrypter.addIdentity(process.argv[1]);
process.stdout.write(await decrypter.decrypt(file, 'uint8array'));
";
const SEAL_WITH_TYPAGE: &str = r"
import { Encrypter, armor } from 'age-encryption';
import { readFileSync } from 'fs';
const encrypter = new Encrypter();
const [form, ...recipients] = process.argv.slice(1);
for (const recipient of recipients) encrypter.addRecipient(recipient);
const file = await encrypter.encrypt(readFileSync(0));
process.stdout.write(form == 'armor' ? armor.encode(file) : file);
";

/// Nobody to ask.
struct Nobody;

impl Prompt for Nobody {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }
}

fn ring(identity_file: &str) -> KeyRing {
    let mut keys = KeyRing::new();
    let nobody: Arc<dyn Prompt> = Arc::new(Nobody);
    keys.add_file(identity_file.as_bytes(), &nobody).unwrap();
    keys
}

/// A new identity: its text and its recipient.
fn identity(post_quantum: bool) -> (Zeroizing<String>, Recipient) {
    let identity = if post_quantum {
        Identity::generate().unwrap()
    } else {
        Identity::generate_x25519().unwrap()
    };
    (identity.to_text().unwrap(), identity.recipient().unwrap())
}

/// Octets that do not repeat.
fn some_bytes(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn attached(files: &[Vec<u8>]) -> Tip<'_> {
    let tip = Tip::new(TEXT.to_owned().into())
        .unwrap()
        .language("ar")
        .unwrap();
    let kinds = ["image/jpeg", "text/plain", "video/mp4"];
    files.iter().zip(kinds).fold(tip, |tip, (file, kind)| {
        let kind = MediaType::parse(kind);
        tip.attach(CleanFile::danger_unscrubbed(
            kind,
            file.len() as u64,
            file.as_slice(),
        ))
        .unwrap()
    })
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn others_open_our_envelopes() {
    let peers = Peers::new("open");
    let files = [vec![], vec![0x7f], some_bytes(3_000_000)];
    let mut opened = 0;
    for (post_quantum, recipients) in [(false, 1), (false, 3), (true, 1), (true, 3)] {
        let (secret, recipient) = identity(post_quantum);
        let others = (1..recipients).map(|_| identity(post_quantum).1);
        let all = [recipient].into_iter().chain(others).collect();
        let to = Recipients::danger_bare(all, None).unwrap();
        let envelope = seal(attached(&files), &to).unwrap();
        let (tip, _) = open(envelope.as_bytes(), &ring(&secret)).unwrap();

        let key_file = peers.file("key", secret.as_bytes());
        let key_file = key_file.to_str().unwrap();
        let plugin = peers.program("age-plugin-pq").args(["-identity"]);
        let plugin_file = if post_quantum {
            peers.file("plugin", &plugin.on(secret.as_bytes()))
        } else {
            key_file.into()
        };
        for form in [envelope.as_bytes(), envelope.to_text().as_bytes()] {
            // rage knows the post-quantum type through Go age's plugin.
            let rage = peers
                .program("rage")
                .args(["-d", "-i"])
                .args([&plugin_file]);
            let go_age = peers.program("age").args(["-d", "-i", key_file]);
            let typage = peers.node(OPEN_WITH_TYPAGE).args([secret.as_str()]);
            for peer in [rage, go_age, typage] {
                archives::check(&peer.on(form), &tip.to_json(), &files, &peers);
                opened += 1;
            }
        }
    }
    assert_eq!(opened, 24);
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn we_open_what_others_seal() {
    let peers = Peers::new("seal");
    let mut opened = 0;
    for post_quantum in [false, true] {
        let (secret, ours) = identity(post_quantum);
        let [ours, second, third] =
            [ours, identity(post_quantum).1, identity(post_quantum).1].map(|r| r.to_string());
        let keys = ring(&secret);
        for recipients in [&[&ours][..], &[&second, &ours, &third]] {
            for len in [0, 1, 65_535, 65_536, 65_537, 3_000_000] {
                let plain = some_bytes(len);
                for armored in [false, true] {
                    let of = recipients.iter().flat_map(|recipient| ["-r", recipient]);
                    let words: Vec<&str> = if armored { vec!["-a"] } else { vec![] };
                    let words = || words.iter().copied().chain(of.clone());
                    let form = if armored { "armor" } else { "binary" };
                    for peer in [
                        peers.program("rage").args(words()),
                        peers.program("age").args(words()),
                        peers
                            .node(SEAL_WITH_TYPAGE)
                            .args([form])
                            .args(recipients.iter()),
                    ] {
                        let sealed = peer.on(&plain);
                        assert_eq!(sealed.starts_with(b"-----BEGIN AGE"), armored);
                        let mut got = Vec::new();
                        age::open(sealed.as_slice(), &keys, &mut got).unwrap();
                        assert!(got == plain);
                        opened += 1;
                    }
                }
            }
        }
    }
    assert_eq!(opened, 144);
}

/// Not a test of its own: `plugins_open_our_envelopes` runs this program again, with the plugins on its PATH.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn opens_with_a_plugin_for_the_process_that_started_it() {
    let Ok(order) = std::env::var("HAMSA_INTEROP_TEST_CHILD") else {
        return;
    };
    let (envelope, identity) = order.split_once(' ').unwrap();
    let envelope = std::fs::read(envelope).unwrap();
    let identity = std::fs::read_to_string(identity).unwrap();
    let (tip, files) = open(&envelope, &ring(&identity)).unwrap();
    assert_eq!((tip.text(), files.len()), (TEXT, 1));
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn plugins_open_our_envelopes() {
    let peers = Peers::new("plugin");
    let (secret, recipient) = identity(true);
    let (_, other) = identity(true);
    let plugin = peers
        .program("age-plugin-pq")
        .args(["-identity"])
        .on(secret.as_bytes());
    assert!(plugin.windows(15).any(|text| text == b"AGE-PLUGIN-PQ-1"));
    let to = Recipients::danger_bare(vec![other, recipient], None).unwrap();
    let envelope = seal(attached(&[vec![1, 2, 3]]), &to).unwrap();
    let envelope = peers.file("tip.age", envelope.as_bytes());
    let identity = peers.file("identity", &plugin);
    let order = format!("{} {}", envelope.display(), identity.display());
    let mut again = Run::new(std::env::current_exe().unwrap());
    again.0.env("PATH", peers.path_with_plugins());
    let said = again
        .args([
            "--exact",
            "opens_with_a_plugin_for_the_process_that_started_it",
            "--ignored",
        ])
        .env("HAMSA_INTEROP_TEST_CHILD", &order)
        .text();
    assert!(said.contains("1 passed"), "{said}");
}
