//! Cleans a photo of what names its maker, and attaches it to a tip.
//!
//! Nothing is copied: the clean photo is read from the file while it is sealed, and no clean or dirty copy touches the disk.
//!
//! `cargo run -p hamsa-examples --example 06_scrub_and_attach`
#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use hamsa_core::{Identity, KeyRing, ReadAt, Recipients, Tip, open, seal};
use hamsa_scrub::scrub;

/// A photo that somebody chose.
struct Photo(File);

impl ReadAt for Photo {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/photo.jpg");
    let photo = File::open(path)?;
    let len = photo.metadata()?.len();

    let clean = scrub(Photo(photo), len)?;
    for finding in clean.report().findings() {
        // A value is shown whole only to the person whose photo it is, and only when asked.
        println!("{}: {}", finding.place, finding.masked());
    }
    assert!(
        !clean.report().is_empty(),
        "this photo has a place and a serial number in it"
    );

    let tip = Tip::new("This is the car.".to_owned().into())?.attach(clean.into_attachment())?;
    let identity = Identity::generate()?;
    let recipient = identity
        .recipient()
        .ok_or("an own identity has a recipient")?;
    let envelope = seal(tip, &Recipients::danger_bare(vec![recipient], None)?)?;

    let mut keys = KeyRing::new();
    keys.add(identity);
    let (tip, attachments) = open(envelope.as_bytes(), &keys)?;
    for (about, content) in tip.attachments().iter().zip(&attachments) {
        println!(
            "{}, {}: {} octets",
            about.name(),
            about.role.as_str(),
            content.len()
        );
    }
    Ok(())
}
