//! Seals a photo from one file into another, and opens it with several workers.
//!
//! Neither side holds the whole in memory: what works here for a photo works for a video of many gigabytes.
//!
//! `cargo run -p hamsa-examples --example 03_attach_and_stream`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::{
    error::Error,
    fs::{self, File},
    io,
    num::NonZeroUsize,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use hamsa_core::{
    Attachment, Case, CleanFile, Identity, KeyRing, MediaType, ReadAt, Recipients, Tip, WriteAt,
    open_at, seal_at, sealed_len,
};

/// The library opens no files: a program lends it its own, in a few lines.
struct OnDisk(File);

impl ReadAt for OnDisk {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }
}

impl WriteAt for OnDisk {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }
}

/// Where attachments go while an envelope is being opened. The names are ours, never the informant's.
struct Folder(PathBuf);

impl Case for Folder {
    type File = OnDisk;

    fn attachment(&mut self, about: &Attachment) -> io::Result<OnDisk> {
        File::create_new(self.0.join(about.name())).map(OnDisk)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("hamsa-example-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let done = seal_and_open(&folder);
    fs::remove_dir_all(&folder)?;
    done
}

fn seal_and_open(folder: &Path) -> Result<(), Box<dyn Error>> {
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let identity = Identity::generate()?;
    let recipient = identity.recipient().ok_or("only plugins hide theirs")?;
    let to = Recipients::danger_bare(vec![recipient], None)?;

    // Unscrubbed, and so the place and the serial number in this photo reach the analyst.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/photo.jpg");
    let photo = File::open(&path)?;
    let len = photo.metadata()?.len();
    let photo = CleanFile::danger_unscrubbed(MediaType::parse("image/jpeg"), len, photo);
    let tip = Tip::new("This is the car.".to_owned().into())?.attach(photo)?;

    // The length is known before anything is sealed, so that there is time to look for room.
    let expected = sealed_len(&tip, &to)?;
    let sealed = folder.join("tip.age");
    let written = seal_at(tip, &to, &OnDisk(File::create_new(&sealed)?), workers)?;
    assert_eq!(written, expected);
    println!("photo: {len} octets, envelope: {written}");

    // The analyst. Until open_at returns Ok, nothing in the folder counts: on an error it is thrown away.
    let mut keys = KeyRing::new();
    keys.add(identity);
    let mut case = Folder(folder.to_owned());
    let envelope = OnDisk(File::open(&sealed)?);
    let tip = open_at(&envelope, written, &keys, &mut case, workers)?;
    assert_eq!(tip.text(), "This is the car.");
    assert!(fs::read(folder.join("1.jpg"))? == fs::read(path)?);
    println!("opened: 1.jpg, octet for octet the same");
    Ok(())
}
