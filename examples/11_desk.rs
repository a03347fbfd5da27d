//! A desk in thirty lines: what is written line by line is sealed into a folder, tip after tip.
//!
//! `cargo run -p hamsa-examples --example 11_desk`, then write; an empty line seals. `hamsa desk` is the same with a screen.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, Write as _};
use std::path::{Path, PathBuf};

use hamsa_core::{Identity, KeyRing, Recipients, Tip, envelope_id, open, seal};

/// Seals what is written up to each empty line into `spool`; the paths of the envelopes.
fn desk(
    written: impl BufRead,
    to: &Recipients,
    spool: &Path,
) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut sealed = Vec::new();
    let mut text = String::new();
    for line in written.lines().chain([Ok(String::new())]) {
        let line = line?;
        if !line.is_empty() {
            text.push_str(&line);
            text.push('\n');
        } else if !text.is_empty() {
            // Taking it leaves an empty text; the tip wipes what it was given.
            let envelope = seal(Tip::new(std::mem::take(&mut text).into())?, to)?;
            // A name that says nothing: the envelope's own, which is random.
            let name = envelope_id(envelope.as_bytes())?;
            let (name, _) = name.split_first_chunk().ok_or("a name has 32 octets")?;
            let name = format!("{:032x}", u128::from_be_bytes(*name));
            let (partial, path) = (
                spool.join("partial"),
                spool.join(name).with_extension("age"),
            );
            let mut file = File::create(&partial)?;
            file.write_all(envelope.as_bytes())?;
            file.sync_all()?;
            fs::rename(&partial, &path)?;
            println!("sealed: {}", sealed.len() + 1);
            sealed.push(path);
        }
    }
    Ok(sealed)
}

fn main() -> Result<(), Box<dyn Error>> {
    let analyst = Identity::generate()?;
    // In real life: from the agency's card, see 02_card.
    let recipient = analyst.recipient().ok_or("only plugins hide theirs")?;
    let to = Recipients::danger_bare(vec![recipient], None)?;
    let spool = std::env::temp_dir().join(format!("hamsa-desk-{}", std::process::id()));
    fs::create_dir(&spool)?;

    let spoken = "A lorry without plates\nleaves at two.\n\nرأيت شاحنة بيضاء عند الجسر.\n";
    let sealed = desk(spoken.as_bytes(), &to, &spool)?;
    let more = desk(io::stdin().lock(), &to, &spool)?;

    let mut keys = KeyRing::new();
    keys.add(analyst);
    let mut texts = Vec::new();
    for path in &sealed {
        let (tip, _) = open(&fs::read(path)?, &keys)?;
        texts.push(tip.text().to_owned());
    }
    assert_eq!(
        texts,
        [
            "A lorry without plates\nleaves at two.\n",
            "رأيت شاحنة بيضاء عند الجسر.\n"
        ]
    );
    let there = fs::read_dir(&spool)?.count();
    assert_eq!(
        there,
        sealed.len() + more.len(),
        "nothing half-written is left"
    );
    fs::remove_dir_all(spool)?;
    Ok(())
}
