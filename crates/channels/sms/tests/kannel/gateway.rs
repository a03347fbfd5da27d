//! Kannel's two programs, started and stopped, with a hook behind them.

use std::{
    fs,
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::Receiver,
    thread::sleep,
    time::{Duration, Instant},
};

use hamsa_channel_sms::{Body, Inbound, Message};

use crate::http::{self, HOOK};

const SMSBOX: u16 = 13_001;
const SENDSMS: u16 = 13_013;
const START: Duration = Duration::from_secs(30);
const WAIT: Duration = Duration::from_secs(60);

/// What the gateway does with concatenated messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segments {
    Apart,
    Joined,
}

pub(crate) struct Gateway {
    _smsbox: Running,
    _bearerbox: Running,
    inbound: Receiver<Inbound>,
    _scratch: tempfile::TempDir,
}

/// A program that ends when this goes out of use.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Gateway {
    pub(crate) fn start(segments: Segments) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let configuration = scratch.path().join("kannel.conf");
        fs::write(&configuration, configured(segments, scratch.path())).unwrap();
        let inbound = http::serve_hook();
        let bearerbox = Running::start("bearerbox", &configuration, SMSBOX);
        let smsbox = Running::start("smsbox", &configuration, SENDSMS);
        Self {
            _smsbox: smsbox,
            _bearerbox: bearerbox,
            inbound,
            _scratch: scratch,
        }
    }

    /// What the hook got.
    pub(crate) fn received(&self, count: usize) -> Vec<Inbound> {
        let one = |_| {
            self.inbound
                .recv_timeout(WAIT)
                .expect("a message for the hook")
        };
        let received = (0..count).map(one).collect();
        let more = self.inbound.recv_timeout(Duration::from_millis(200));
        assert!(more.is_err(), "more came than was sent");
        received
    }

    /// Sends a message to a phone.
    #[allow(clippy::unused_self, reason = "only a gateway that runs can")]
    pub(crate) fn send(&self, number: u32, message: &Message) {
        let (coding, octets) = match &message.body {
            Body::Text(text) => (0, text.as_bytes()),
            Body::Octets(octets) => (1, octets.as_slice()),
        };
        let header = message.header.as_deref().map(http::percent);
        let header = header.map_or(String::new(), |header| format!("&udh={header}"));
        let text = http::percent(octets);
        let path = format!(
            "/cgi-bin/sendsms?username=u&password=p&from=900&to=2000{number:03}&coding={coding}{header}&text={text}"
        );
        assert_eq!(
            http::get(SENDSMS, &path),
            202,
            "what Kannel says to sendsms"
        );
    }
}

impl Running {
    /// Waits until the program listens at `port`.
    fn start(program: &str, configuration: &Path, port: u16) -> Self {
        // It lives where administrators' programs do, which is not on everybody's path.
        let installed = Path::new("/usr/sbin").join(program);
        let program = if installed.exists() {
            installed.as_path()
        } else {
            Path::new(program)
        };
        let child = Command::new(program)
            .args(["-v", "4"])
            .arg(configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("install Kannel (Debian: kannel)");
        let mut running = Self(child);
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                running.0.try_wait().unwrap().is_none(),
                "{} ended",
                program.display()
            );
            assert!(
                start.elapsed() < START,
                "{} does not listen",
                program.display()
            );
            sleep(Duration::from_millis(20));
        }
        running
    }
}

fn configured(segments: Segments, scratch: &Path) -> String {
    let (scratch, join) = (scratch.display(), segments == Segments::Joined);
    format!(
        r#"
group = core
admin-port = 13000
admin-interface = 127.0.0.1
admin-password = p
smsbox-port = {SMSBOX}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
sms-combine-concatenated-mo = {join}
sms-combine-concatenated-mo-timeout = 4
log-file = "{scratch}/bearerbox.log"

group = smsc
smsc = fake
smsc-id = fake
port = 10000
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {SENDSMS}
sendsms-interface = 127.0.0.1
log-file = "{scratch}/smsbox.log"

group = sendsms-user
username = u
password = p
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "http://127.0.0.1:{HOOK}/?line=%p&coding=%c&header=%u&body=%b"
max-messages = 0
catch-all = true
"#
    )
}
