//! A network of its own for a test, in which there is only loopback, and a process table of its own.

use std::{
    env,
    os::unix::fs::MetadataExt as _,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const INSIDE: &str = "HAMSA_TEST_IN_OWN_NETWORK";
const LIMIT: Duration = Duration::from_secs(180);

/// Whether the test `name` runs in its own network. Outside, starts it there, and fails when it fails.
pub(crate) fn in_own_network(name: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut child = Command::new("unshare")
        .args(["--net", "--pid", "--fork", "--kill-child"])
        .args(if is_root {
            None
        } else {
            Some("--map-root-user")
        })
        .args(["sh", "-c", "ip link set lo up && exec \"$@\"", "sh"])
        .arg(env::current_exe().unwrap())
        .args(["--ignored", "--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        // What a failing test says goes to the other one.
        .stdout(Stdio::null())
        .spawn()
        .expect("install unshare (Debian: util-linux)");
    let start = Instant::now();
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
        }
        sleep(Duration::from_millis(20));
    };
    assert!(
        ended.success(),
        "{name} in its own network: {ended} (it takes unshare and ip: Debian's util-linux and iproute2)"
    );
    false
}
