//! `cargo xtask peers`: other people's programs, which the interop tests talk to.
//!
//! They land in one folder, laid out as the tests expect it:
//!
//! ```text
//! rage/bin/{rage,rage-keygen}
//! go-age/bin/{age,age-keygen,age-plugin-pq,age-plugin-batchpass}
//! npm/node_modules/{age-encryption,cctv-age}
//! cctv/NAME                                    (the vectors of cctv-age, one file each)
//! tools/bin/cargo-fuzz                         (the step fuzz puts it there)
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::debian;
use crate::metadata::text;
use crate::run::{Run, on_path, top};

const RAGE: &str = "0.12.1";
const GO_AGE_PROGRAMS: [&str; 4] = ["age", "age-keygen", "age-plugin-pq", "age-plugin-batchpass"];
const NPM: [(&str, &str); 2] = [("age-encryption", "0.3.1"), ("cctv-age", "0.2.0")];
/// The oldest that runs `age-encryption`.
const NODE: (u32, u32) = (20, 19);

const VECTORS: &str = "cctv";
/// A vector is lines of text, an empty line, and the file, which may be compressed. It is written inflated.
const EXPORT: &str = r"
import * as vectors from 'cctv-age';
import { mkdirSync, writeFileSync } from 'fs';
import { inflateSync } from 'zlib';
const folder = process.argv[1];
mkdirSync(folder);
for (const [name, bytes] of Object.entries(vectors)) {
  const vector = Buffer.from(bytes), end = vector.indexOf('\n\n');
  const lines = vector.toString('latin1', 0, end).split('\n');
  const told = lines.filter((line) => line != 'compressed: zlib');
  const rest = vector.subarray(end + 2);
  const file = told.length < lines.length ? inflateSync(rest) : rest;
  writeFileSync(`${folder}/${name}`, Buffer.concat([Buffer.from(told.join('\n') + '\n\n', 'latin1'), file]));
}
";

/// Something that the interop tests need.
struct Peer {
    name: &'static str,
    /// The version found below the folder of the peers, or on the machine.
    found: fn(&Path) -> Option<String>,
    fetch: fn(&Path) -> Result<(), String>,
    by_hand: &'static str,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "gdb",
        found: |_| version_of("gdb"),
        fetch: |_| debian::install(&["gdb"]),
        by_hand: "install gdb",
    },
    Peer {
        name: "tmux",
        found: |_| tmux(),
        fetch: |_| debian::install(&["tmux"]),
        by_hand: "install tmux",
    },
    Peer {
        name: "python3",
        found: |_| version_of("python3"),
        fetch: |_| debian::install(&["python3"]),
        by_hand: "install Python 3",
    },
    Peer {
        name: "tar",
        found: |_| version_of("tar"),
        fetch: |_| debian::install(&["tar"]),
        by_hand: "install tar",
    },
    Peer {
        name: "zbar",
        found: |_| version_of("zbarimg"),
        fetch: |_| debian::install(&["zbar-tools"]),
        by_hand: "install zbarimg, which Debian has in zbar-tools",
    },
    Peer {
        name: "qrencode",
        found: |_| version_of("qrencode"),
        fetch: |_| debian::install(&["qrencode"]),
        by_hand: "install qrencode",
    },
    Peer {
        name: "rsvg",
        found: |_| version_of("rsvg-convert"),
        fetch: |_| debian::install(&["librsvg2-bin"]),
        by_hand: "install rsvg-convert, which Debian has in librsvg2-bin",
    },
    Peer {
        name: "node",
        found: |_| node(),
        fetch: |_| debian::install(&["nodejs", "npm"]),
        by_hand: "install Node.js 20.19 or newer, with npm",
    },
    Peer {
        name: "npm packages",
        found: npm_packages,
        fetch: fetch_npm_packages,
        by_hand: "`npm install age-encryption@0.3.1 cctv-age@0.2.0` in the folder npm of the peers",
    },
    Peer {
        name: "age vectors",
        found: vectors,
        fetch: export_vectors,
        by_hand: "install Node.js and the npm packages, and run `cargo xtask peers` again",
    },
    Peer {
        name: "Go age",
        found: go_age,
        fetch: fetch_go_age,
        by_hand: "install age 1.3 or newer with age-plugin-pq and age-plugin-batchpass, from your system or from filippo.io/age, \
                  so that they are on PATH",
    },
    Peer {
        name: "rage",
        found: rage,
        fetch: |folder| cargo_install("rage", RAGE, &folder.join("rage")),
        by_hand: "`cargo install rage --version 0.12.1 --root rage` in the folder of the peers",
    },
    Peer {
        name: "Kannel",
        found: |_| kannel(),
        fetch: |_| debian::install(&["kannel", "iproute2"]),
        by_hand: "install Kannel 1.4 (bearerbox and smsbox), and ip and unshare, with which its test gets a network of its own",
    },
    Peer {
        name: "mail servers",
        found: |_| mail_servers(),
        fetch: |_| {
            let packages = ["postfix", "dovecot-imapd", "dovecot-lmtpd"];
            let at_rest = "postfix postfix/main_mailer_type select No configuration";
            debian::install_at_rest(&packages, at_rest)
        },
        by_hand: "install Postfix and Dovecot 2.3 with its servers for IMAP and LMTP; neither needs to be set up or to run",
    },
    Peer {
        name: "Prosody",
        // It tells no version: whatever the argument, it starts.
        found: |_| on_path("prosody").then(|| "installed".into()),
        fetch: |_| debian::install(&["prosody"]),
        by_hand: "install Prosody 0.12 or newer",
    },
    Peer {
        name: "slixmpp",
        found: |_| slixmpp(),
        fetch: |_| debian::install(&["python3-slixmpp"]),
        by_hand: "install slixmpp for Python 3",
    },
];

pub(crate) fn help() -> String {
    "Puts them into target/peers, or the folder that HAMSA_PEERS names, and takes what is there\n\
     already as it is. Nothing is installed on the machine, except Debian packages (gdb, tmux, python3,\n\
     tar, nodejs, npm, kannel, iproute2, postfix, dovecot, prosody, slixmpp, zbar-tools, qrencode, librsvg2-bin) when\n\
     they are missing and you are root. No server is set up or started. rage is compiled: minutes.\n"
        .into()
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(arg) = args.first() {
        return Err(format!(
            "`cargo xtask peers` takes no argument, and `{arg}` was given"
        ));
    }
    fetch()
}

/// Fetches what is missing; goes on after a failure, so that one sentence names all that is missing.
pub(crate) fn fetch() -> Result<(), String> {
    let folder = folder()?;
    fs::create_dir_all(&folder)
        .map_err(|why| format!("cannot create {}: {why}", folder.display()))?;
    println!("   peers live in {}", folder.display());
    let mut missing = Vec::new();
    for peer in PEERS {
        if let Some(version) = (peer.found)(&folder) {
            println!("   {:<13} {version}", peer.name);
            continue;
        }
        println!("   {:<13} is missing: fetching it", peer.name);
        let fetched = (peer.fetch)(&folder);
        if let Some(version) = (peer.found)(&folder) {
            println!("   {:<13} {version}", peer.name);
            continue;
        }
        println!(
            "   {:<13} {}",
            peer.name,
            fetched
                .err()
                .unwrap_or_else(|| "is still not there in the version that is needed".into())
        );
        missing.push(format!("{}: {}", peer.name, peer.by_hand));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "could not fetch everything that the interop tests need. By hand:\n  {}",
        missing.join("\n  ")
    ))
}

/// The folder of the peers, as an absolute path.
pub(crate) fn folder() -> Result<PathBuf, String> {
    let named = std::env::var_os("HAMSA_PEERS").filter(|named| !named.is_empty());
    let folder = named.map_or_else(|| top().join("target/peers"), PathBuf::from);
    std::path::absolute(&folder).map_err(|why| format!("HAMSA_PEERS is not a folder: {why}"))
}

/// Compiles a program from crates.io into `root`.
pub(crate) fn cargo_install(program: &str, version: &str, root: &Path) -> Result<(), String> {
    let install = |locked: &[&str]| {
        Run::cargo("install")
            .args([program, "--version", version])
            .args(locked)
            .arg("--root")
            .arg(root)
            .limit(Duration::from_secs(1800))
            .show()
    };
    // An index that is a little behind can lack a version that the lock file names.
    install(&["--locked"]).or_else(|why| {
        println!("   {why}; again without its lock file");
        install(&[])
    })
}

/// The first line that `program --version` says.
fn version_of(program: impl AsRef<std::ffi::OsStr>) -> Option<String> {
    let said = Run::new(program)
        .arg("--version")
        .limit(Duration::from_secs(30))
        .read()
        .ok()?;
    said.output.lines().next().map(str::to_owned)
}

fn tmux() -> Option<String> {
    let said = Run::new("tmux").arg("-V").limit(Duration::from_secs(30));
    said.read().ok()?.output.lines().next().map(str::to_owned)
}

fn node() -> Option<String> {
    let node = version_of("node").filter(|node| at_least(node, NODE))?;
    on_path("npm").then_some(node)
}

fn rage(folder: &Path) -> Option<String> {
    let programs = folder.join("rage/bin");
    version_of(programs.join("rage-keygen"))?;
    version_of(programs.join("rage")).filter(|version| version.ends_with(RAGE))
}

fn npm_packages(folder: &Path) -> Option<String> {
    let modules = folder.join("npm/node_modules");
    let installed = |(name, version): (&str, &str)| {
        let about = fs::read(modules.join(name).join("package.json")).ok()?;
        let about: Value = serde_json::from_slice(&about).ok()?;
        (text(&about, "version") == version).then(|| format!("{name} {version}"))
    };
    let found: Option<Vec<String>> = NPM.into_iter().map(installed).collect();
    found.map(|found| found.join(", "))
}

fn fetch_npm_packages(folder: &Path) -> Result<(), String> {
    // They may be of another version.
    let _ = fs::remove_dir_all(folder.join(VECTORS));
    let folder = folder.join("npm");
    let write = || {
        fs::create_dir_all(&folder)?;
        // Without it npm looks for a package further up, and installs there.
        fs::write(folder.join("package.json"), "{ \"private\": true }\n")
    };
    write().map_err(|why| format!("cannot write in {}: {why}", folder.display()))?;
    let npm = Run::new("npm").args([
        "install",
        "--save-exact",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]);
    let npm = npm.args(NPM.map(|(name, version)| format!("{name}@{version}")));
    npm.folder(&folder)
        .limit(Duration::from_secs(300))
        .read()
        .map(drop)
}

fn vectors(folder: &Path) -> Option<String> {
    let found = fs::read_dir(folder.join(VECTORS)).ok()?.count();
    (found > 0).then(|| format!("{found} files"))
}

/// Its programs live where administrators' do, which is not on everybody's path.
fn kannel() -> Option<String> {
    let program = |name| version_of(Path::new("/usr/sbin").join(name)).or_else(|| version_of(name));
    program("smsbox")?;
    program("bearerbox").filter(|_| on_path("ip") && on_path("unshare"))
}

/// The test starts them with a configuration of its own, which Dovecot 2.4 would not take.
fn mail_servers() -> Option<String> {
    let program = |name| Path::new("/usr/sbin").join(name);
    let dovecot = version_of(program("dovecot")).filter(|version| version.starts_with("2.3"))?;
    let servers = ["imap", "lmtp"].map(|name| Path::new("/usr/lib/dovecot").join(name));
    let postconf = Run::new(program("postconf")).args(["-d", "-h", "mail_version"]);
    let postfix = postconf.read().ok()?.output;
    let complete = servers.iter().all(|server| server.is_file());
    complete.then(|| format!("Postfix {}, Dovecot {dovecot}", postfix.trim()))
}

/// Debian's own Python knows Debian's packages, where another one stands before it.
fn slixmpp() -> Option<String> {
    let version = |python: &str| {
        let told = "import slixmpp; print(slixmpp.__version__)";
        let run = Run::new(python).args(["-c", told]);
        run.limit(Duration::from_secs(30)).read().ok()
    };
    let mut pythons = ["python3", "/usr/bin/python3"].into_iter();
    let said = pythons.find_map(version)?;
    said.output.lines().next().map(str::to_owned)
}

/// Writes them to a folder that gets its name when it is complete.
fn export_vectors(folder: &Path) -> Result<(), String> {
    let part = folder.join(format!("{VECTORS}.part"));
    let _ = fs::remove_dir_all(&part);
    Run::new("node")
        .args(["--input-type=module", "-e", EXPORT])
        .arg(&part)
        .folder(&folder.join("npm"))
        .limit(Duration::from_secs(60))
        .read()?;
    fs::rename(&part, folder.join(VECTORS))
        .map_err(|why| format!("cannot rename {}: {why}", part.display()))
}

fn go_age(folder: &Path) -> Option<String> {
    let programs = folder.join("go-age/bin");
    let complete = GO_AGE_PROGRAMS
        .iter()
        .all(|name| programs.join(name).is_file());
    version_of(programs.join("age")).filter(|version| complete && at_least(version, (1, 3)))
}

/// Takes the machine's own when it is new enough to know the post-quantum recipients.
fn fetch_go_age(folder: &Path) -> Result<(), String> {
    let folder = folder.join("go-age");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let complete = |folder: &PathBuf| {
        GO_AGE_PROGRAMS
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let new_enough = version_of("age").is_some_and(|version| at_least(&version, (1, 3)));
    let installed = std::env::split_paths(&path)
        .find(complete)
        .filter(|_| new_enough);
    let from = match installed {
        Some(from) => from,
        None => debian::unpack_from_unstable("age", &folder)?.join("usr/bin"),
    };
    let copy = || {
        fs::create_dir_all(folder.join("bin"))?;
        GO_AGE_PROGRAMS
            .iter()
            .try_for_each(|name| fs::copy(from.join(name), folder.join("bin").join(name)).map(drop))
    };
    copy().map_err(|why| {
        format!(
            "cannot copy from {} to {}: {why}",
            from.display(),
            folder.display()
        )
    })
}

/// Whether a text such as `v20.19.1` or `age 1.3.2` names this version or a newer one.
fn at_least(said: &str, least: (u32, u32)) -> bool {
    let numbers = said.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let mut numbers = numbers
        .split(|letter: char| !letter.is_ascii_digit())
        .map(str::parse);
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= least)
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn versions_compare_as_numbers() {
        for (said, least, expected) in [
            ("v20.19.0", (20, 19), true),
            ("v18.20.4", (20, 19), false),
            ("1.10.0", (1, 3), true),
            ("age 1.1.1", (1, 3), false),
            ("(devel)", (1, 3), false),
        ] {
            assert_eq!(at_least(said, least), expected, "{said}");
        }
    }
}
