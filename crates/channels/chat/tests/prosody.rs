//! Messages through a real XMPP server, Prosody, between two clients of slixmpp.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod made;

use std::{
    fs,
    io::Write as _,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use hamsa_channel_chat::{Limit, from_chat, to_chat};
use hamsa_core::{Collected, Collector, open};
use made::Tips;
use tempfile::TempDir;

const HOST: &str = "tips.test";
const WAIT: Duration = Duration::from_secs(30);

/// A server on loopback with two accounts, which ends with the test.
struct Prosody {
    server: Child,
    port: u16,
    /// Its configuration and data, removed after it ended.
    _folder: TempDir,
}

impl Prosody {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let config = folder.path().join("prosody.cfg.lua");
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::write(&config, configuration(folder.path(), port)).unwrap();
        if is_root() {
            run(Command::new("chown")
                .args(["-R", "prosody:prosody"])
                .arg(folder.path()));
        }
        for user in ["informant", "analyst"] {
            let mut register = as_prosody("prosodyctl");
            register.arg("--config").arg(&config);
            run(register.args(["register", user, HOST, "password"]));
        }
        let mut server = as_prosody("prosody");
        server.arg("-F").arg("--config").arg(&config);
        server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = server
            .spawn()
            .expect("Prosody starts (apt-get install prosody)");
        let prosody = Self {
            server,
            port,
            _folder: folder,
        };
        prosody.wait();
        prosody
    }

    fn wait(&self) {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(began.elapsed() < WAIT, "Prosody does not listen");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends messages from one account to the other, and gives the bodies of the stanzas that arrive there, in order.
    fn carry(&self, from: &str, to: &str, messages: &[String]) -> Vec<String> {
        let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/xmpp.py");
        let mut peer = Command::new(python())
            .arg(peer)
            .args([&self.port.to_string(), HOST, from, to, "password"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = serde_json::to_vec(messages).unwrap();
        peer.stdin.take().unwrap().write_all(&lines).unwrap();
        // It ends by itself after a minute.
        let ended = peer.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "the clients failed: {said}");
        serde_json::from_slice(&ended.stdout).unwrap()
    }
}

impl Drop for Prosody {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// No encryption and no other servers: it is all on loopback.
fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        r#"data_path = "{folder}/data"
pidfile = "{folder}/prosody.pid"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{ }}
s2s_ports = {{ }}
c2s_require_encryption = false
modules_enabled = {{ "roster", "saslauth", "disco", "offline" }}
modules_disabled = {{ "s2s", "tls" }}
authentication = "internal_hashed"
storage = "internal"
log = {{ error = "{folder}/log" }}
VirtualHost "{HOST}"
"#
    )
}

/// A Python that knows slixmpp: Debian's own, where another one stands before it.
fn python() -> &'static str {
    let knows = |python: &&str| {
        let mut import = Command::new(python);
        import.args(["-c", "import slixmpp"]).stderr(Stdio::null());
        import.status().is_ok_and(|ended| ended.success())
    };
    let found = ["python3", "/usr/bin/python3"].into_iter().find(knows);
    found.expect("apt-get install python3-slixmpp")
}

/// The server runs as root nowhere.
fn as_prosody(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=prosody",
        "--regid=prosody",
        "--clear-groups",
        program,
    ]);
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

fn run(command: &mut Command) {
    let ended = command.output().expect("apt-get install prosody");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "apt-get install prosody: {said}");
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn tips_go_through_an_xmpp_server_both_ways() {
    let prosody = Prosody::start();
    let tips = Tips::new();
    for (sent, check) in tips.all() {
        for limit in [Limit::TELEGRAM, Limit::WHATSAPP] {
            let messages = to_chat(&sent, limit).unwrap();
            for (from, to) in [("informant", "analyst"), ("analyst", "informant")] {
                let arrived = prosody.carry(from, to, &messages);
                assert!(arrived == messages, "what arrives is what was sent");
                let mut collector = Collector::new();
                let mut whole = Vec::new();
                for sealed in arrived.iter().flat_map(|body| from_chat(body).sealed) {
                    if let Collected::Envelope(envelope) = collector.take(sealed) {
                        whole.push(envelope);
                    }
                }
                assert!(whole == std::slice::from_ref(&sent));
                let (tip, files) = open(whole[0].as_bytes(), &tips.keys).unwrap();
                check(&tip, &files);
            }
        }
    }
}
