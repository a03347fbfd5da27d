//! The frame in the hands of GNU tar and Python's tarfile.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use hamsa_core::{CleanFile, MediaType, Recipients, SealError, Tip, age, seal_stream};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    identity,
    peers::{Peers, Run},
    ring,
};

/// Names, lengths and hashes of the members, and whatever of them could tell of a person or a machine.
const LIST: &str = r"
import hashlib, json, sys, tarfile
source = {'name': sys.argv[1], 'mode': 'r:'} if sys.argv[1:] else {'fileobj': sys.stdin.buffer, 'mode': 'r|'}
members = []
with tarfile.open(errorlevel=2, **source) as archive:
    for m in archive:
        content = hashlib.sha256(archive.extractfile(m).read()).hexdigest() if m.size < 1 << 30 else None
        members.append([m.name, m.size, content, m.isreg(), oct(m.mode), m.mtime, m.uid, m.gid, m.uname, m.gname, m.linkname, m.pax_headers])
print(json.dumps(members))
";

fn member(name: &str, len: u64, content: Option<&[u8]>) -> Value {
    let hash = content.map(|content| -> String {
        let hash = Sha256::digest(content);
        hash.iter().map(|b| format!("{b:02x}")).collect()
    });
    json!([name, len, hash, true, "0o600", 0, 0, 0, "", "", "", {}])
}

/// Checks that both give back `tip.json` and the attachments from a frame that arrives through a pipe.
pub(crate) fn check(frame: &[u8], tip_json: &[u8], files: &[Vec<u8>], peers: &Peers) {
    let names = [
        "tip.json",
        "attachments/1.jpg",
        "attachments/2.txt",
        "attachments/3.mp4",
    ];
    let contents: Vec<&[u8]> = [tip_json]
        .into_iter()
        .chain(files.iter().map(Vec::as_slice))
        .collect();

    let mut listing = Vec::new();
    for (name, content) in names.iter().zip(&contents) {
        let taken = Run::new("tar")
            .args(["xOf", "-", name])
            .in_silence_on(frame);
        assert!(taken == *content, "{name}");
        let len = content.len();
        listing.push(format!("-rw------- 0/0 {len} 1970-01-01 00:00 {name}"));
    }
    let tar = Run::new("tar")
        .args(["tvf", "-"])
        .env("TZ", "UTC")
        .env("LC_ALL", "C");
    let listed = String::from_utf8(tar.in_silence_on(frame)).unwrap();
    let squeezed = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(listed.lines().map(squeezed).collect::<Vec<_>>(), listing);

    // Extracted for real, as an analyst would.
    let folder = peers.scratch.join("extracted");
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.to_str().unwrap();
    Run::new("tar")
        .args(["xf", "-", "-C", folder])
        .in_silence_on(frame);
    for (name, content) in names.iter().zip(&contents) {
        assert!(
            std::fs::read(format!("{folder}/{name}")).unwrap() == *content,
            "{name}"
        );
    }

    let members = Run::new("python3").args(["-c", LIST]).in_silence_on(frame);
    let expected = names.iter().zip(&contents);
    let expected: Vec<_> = expected
        .map(|(name, content)| member(name, content.len() as u64, Some(content)))
        .collect();
    assert_eq!(
        serde_json::from_slice::<Value>(&members).unwrap(),
        json!(expected)
    );
}

/// Keeps the first octets and then fails, as a full disk does.
struct Full(Vec<u8>);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() > 200_000 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A length that needs base 256 is read by both. The frame's beginning is made the real way; the zeros that
/// follow are a hole in a file.
#[test]
#[ignore = "needs peers: cargo xtask test"]
fn a_length_over_eight_gibibytes_is_read() {
    const LEN: u64 = 9 << 30;
    let peers = Peers::new("long");
    let (secret, recipient) = identity(true);
    let to = Recipients::danger_bare(vec![recipient], None).unwrap();
    let zeros =
        CleanFile::danger_unscrubbed(MediaType::parse("video/mp4"), LEN, io::repeat(0).take(LEN));
    let tip = Tip::new("طويل".to_owned().into())
        .unwrap()
        .attach(zeros)
        .unwrap();
    let mut begun = Full(Vec::new());
    assert!(matches!(
        seal_stream(tip, &to, &mut begun),
        Err(SealError::Io(_))
    ));
    let mut frame = Vec::new();
    age::open(begun.0.as_slice(), &ring(&secret), &mut frame).unwrap_err();
    assert!(frame.len() >= 65_536);

    let path = peers.file("frame.tar", &frame);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(1536 + LEN + 1024)
        .unwrap();
    let path = path.to_str().unwrap();
    let listed = String::from_utf8(Run::new("tar").args(["tvf", path]).in_silence_on(b"")).unwrap();
    assert!(listed.contains(" 9663676416 1970-01-01 "), "{listed}");
    let members = Run::new("python3")
        .args(["-c", LIST, path])
        .in_silence_on(b"");
    let members: Value = serde_json::from_slice(&members).unwrap();
    assert_eq!(members[1], member("attachments/1.mp4", LEN, None));
    assert_eq!(members.as_array().unwrap().len(), 2);
}
