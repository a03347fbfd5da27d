//! Where and when a tip is sealed: another machine's environment, another day, other names on the disk.

use std::{
    env, fs,
    fs::{File, FileTimes},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hamsa_core::{
    CleanFile, Identity, KeyRing, MediaType, OpenError, Recipients, Tip, age, open, seal,
};
use sha2::{Digest, Sha256};

use crate::{SAMPLES, compare, compare_samples, distinguisher::coins, outside::Outside, recipient};

/// SHA-256 of the frame of [`fixed`], computed on 22 November 2026. A clock, a name of this machine or
/// anything else of its surroundings in the frame would change it.
const FRAME: &str = "7b31bfa0c4b95097a1dc19d7d42fc2e5bcfc0db5c7885cbcb96530cbe12c3749";
const LEN: usize = 8 * 1024;
const CONTENT: &[u8] = &[0xd8; 5000];

/// A tip in which every field is used, with an attachment.
fn fixed<'a>(file: impl std::io::Read + Send + 'a) -> Tip<'a> {
    let reply = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    let image = MediaType::parse("image/jpeg");
    Tip::new("نص \"مع\" رموز\n".to_owned().into())
        .and_then(|tip| {
            tip.language("ar")?
                .category("extortion")?
                .caller_group("citizen")
        })
        .and_then(|tip| tip.answer("where", "near the old port".to_owned().into()))
        .map(|tip| tip.reply_to(reply.parse().unwrap()))
        .and_then(|tip| {
            tip.attach(CleanFile::danger_unscrubbed(
                image,
                CONTENT.len() as u64,
                file,
            ))
        })
        .unwrap()
}

fn pair() -> (KeyRing, Recipients) {
    let identity = Identity::generate().unwrap();
    let to = Recipients::danger_bare(vec![recipient(&identity)], None).unwrap();
    let mut keys = KeyRing::new();
    keys.add(identity);
    (keys, to)
}

fn sealed(tip: Tip<'_>, to: &Recipients) -> Vec<u8> {
    seal(tip, to).unwrap().into_bytes()
}

/// The plaintext, padding included, as the layer under the tip gives it.
fn frame(envelope: &[u8], keys: &KeyRing) -> Vec<u8> {
    let mut frame = Vec::new();
    age::open(envelope, keys, &mut frame).unwrap();
    frame
}

/// Whether a frame is the one that [`fixed`] has always had.
fn check_frame(frame: &[u8]) -> Result<(), String> {
    let hash: String = Sha256::digest(frame)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    if frame.len() == LEN && hash == FRAME {
        Ok(())
    } else {
        Err(format!(
            "a frame of {} octets with the hash {hash}",
            frame.len()
        ))
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// A folder that vanishes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("hamsa-leak-{}-{name}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_frame_is_the_same_on_every_day_and_every_machine() {
    let (keys, to) = pair();
    check_frame(&frame(&sealed(fixed(CONTENT), &to), &keys)).unwrap();
}

/// Two files of the same content that nobody would mistake for each other.
fn two_files(folder: &Path) -> [PathBuf; 2] {
    let day = Duration::from_secs(24 * 60 * 60);
    [("IMG_20260101_Layla.jpg", 9000), ("b", 20_000)].map(|(name, days)| {
        let path = folder.join(name);
        fs::write(&path, CONTENT).unwrap();
        let time = UNIX_EPOCH + days * day;
        let times = FileTimes::new().set_modified(time).set_accessed(time);
        let file = File::options().write(true).open(&path).unwrap();
        file.set_times(times).unwrap();
        path
    })
}

#[test]
fn names_and_dates_of_files_do_not_show() {
    let folder = Folder::new("files");
    let [a, b] = two_files(&folder.0);
    let (keys, to) = pair();
    let from = |path: &Path| sealed(fixed(File::open(path).unwrap()), &to);
    for path in [&a, &b] {
        check_frame(&frame(&from(path), &keys)).unwrap();
    }
    compare(|| from(&a), || from(&b)).unwrap();
}

const CHILD: &str = "HAMSA_LEAK_TEST_CHILD";

/// Not a test of its own: this program runs itself in other surroundings, and then this seals into the file
/// that the variable names.
#[test]
fn seals_for_the_process_that_started_it() {
    let Ok(order) = env::var(CHILD) else {
        return;
    };
    let (to, out) = order.split_once(' ').unwrap();
    let to = Recipients::danger_bare(vec![to.parse().unwrap()], None).unwrap();
    let sealed: Vec<_> = (0..SAMPLES).map(|_| sealed(fixed(CONTENT), &to)).collect();
    fs::write(out, sealed.concat()).unwrap();
}

/// Runs this program again, in a shell that sets the surroundings.
fn elsewhere(shell: &str, to: &str, out: &Path) -> Vec<u8> {
    let program = env::current_exe().unwrap();
    let status = Command::new("sh")
        .args(["-c", &format!("{shell}; exec \"$0\" \"$@\"")])
        .arg(program)
        .args([
            "--exact",
            "surroundings::seals_for_the_process_that_started_it",
        ])
        .arg("--quiet")
        .env(CHILD, format!("{to} {}", out.display()))
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.unwrap().success());
    fs::read(out).unwrap()
}

#[test]
fn the_machine_and_its_user_do_not_show() {
    let folder = Folder::new("machines");
    let (keys, _) = pair();
    let identity = Identity::generate().unwrap();
    let to = recipient(&identity).to_string();
    let mut keys = keys;
    keys.add(identity);
    let here = "export HOSTNAME=laylas-laptop USER=layla LOGNAME=layla HOME=/home/layla \
                TZ=Asia/Baghdad LANG=ar_IQ.UTF-8 LC_ALL=ar_IQ.UTF-8; umask 077; cd /";
    let there = format!(
        "export HOSTNAME=srv02 USER=root LOGNAME=root HOME=/root TZ=America/New_York LANG=C LC_ALL=C \
         SOURCE_DATE_EPOCH=1; umask 000; cd '{}'",
        folder.0.display()
    );
    let runs = [(here, "a"), (&there, "b")]
        .map(|(shell, name)| elsewhere(shell, &to, &folder.0.join(name)));
    assert_eq!(runs[0].len(), runs[1].len());
    let len = runs[0].len() / SAMPLES;
    let of = |run: usize, n: usize| &runs[run][n * len..(n + 1) * len];
    for run in [0, 1] {
        for n in (0..SAMPLES).step_by(100) {
            check_frame(&frame(of(run, n), &keys)).unwrap();
        }
    }
    let coins = coins(SAMPLES).into_iter().enumerate();
    compare_samples(coins.map(|(n, coin)| (coin, Outside::of(of(usize::from(coin), n))))).unwrap();
}

// From here on: planted leaks.

/// What somebody's "improvement" would do: the frame is changed before it is sealed.
fn improved(plant: impl Fn(&mut [u8]), to: &Recipients, keys: &KeyRing) -> Vec<u8> {
    let mut frame = frame(&sealed(fixed(CONTENT), to), keys);
    // tip.json takes one block: the attachment's header is the third.
    let header = &mut frame[2 * 512..3 * 512];
    assert!(header.starts_with(b"attachments/1.jpg\0"));
    plant(header);
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&b| u32::from(b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut envelope = Vec::new();
    age::seal(&mut frame.as_slice(), frame.len() as u64, to, &mut envelope).unwrap();
    envelope
}

#[test]
fn planted_name_or_date_in_the_frame_is_found() {
    let (keys, to) = pair();
    let name = |header: &mut [u8]| {
        header[..100].fill(0);
        header[..34].copy_from_slice(b"attachments/IMG_20260101_Layla.jpg");
    };
    let date = |header: &mut [u8]| {
        header[136..147].copy_from_slice(format!("{:011o}", now()).as_bytes());
    };
    let nothing = |_: &mut [u8]| {};
    for (plant, is_found) in [
        (&name as &dyn Fn(&mut [u8]), true),
        (&date, true),
        (&nothing, false),
    ] {
        let envelope = improved(plant, &to, &keys);
        // From outside nothing is to be seen: that is why frames are looked at.
        let honest = Outside::of(&sealed(fixed(CONTENT), &to));
        assert_eq!(Outside::of(&envelope).shape, honest.shape);
        assert_eq!(check_frame(&frame(&envelope, &keys)).is_err(), is_found);
        // Nor would an analyst's program take it.
        let refused = matches!(open(&envelope, &keys), Err(OpenError::BadFrame));
        assert_eq!(refused, is_found);
    }
}

#[test]
fn planted_length_of_a_name_is_found() {
    let (_, to) = pair();
    // A name that is long enough takes the tip to another class, and then it shows from outside.
    let honest = || sealed(fixed(CONTENT), &to);
    let named = || {
        let tip = fixed(CONTENT).answer("file", "x".repeat(12_000).into());
        sealed(tip.unwrap(), &to)
    };
    assert!(compare(honest, named).unwrap_err().contains("len: "));
}
