//! Scrubs one file and prints what was found: `cargo run -p hamsa-scrub --example scrub_file IN OUT`.
#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use hamsa_core::ReadAt;

/// A file, read at any position.
struct Positioned(File);

impl ReadAt for Positioned {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("give a file to read and one to write".into());
    };
    let file = File::open(from)?;
    let len = file.metadata()?.len();
    let clean = hamsa_scrub::scrub(Positioned(file), len)
        .map_err(|refusal| format!("{}: {refusal:?}", refusal.code()))?;
    clean.write_to(File::create_new(to)?)?;
    println!("{}", clean.kind().media_type().as_str());
    for finding in clean.report().findings() {
        println!(
            "{:15} {} {}",
            finding.what.code(),
            finding.place,
            finding.masked()
        );
    }
    for remark in clean.report().remarks() {
        println!("note: {}", remark.code());
    }
    Ok(())
}
