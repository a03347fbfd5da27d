//! Takes tips out of a mailbox: a Maildir, as Dovecot keeps them, or an mbox file, as mail programs export them.
//!
//! Each whole envelope lands in a folder under the hash of itself, so that the same mail read twice is there once. Nothing
//! else of the mails is looked at or kept. Without arguments it reads a mailbox that it made itself.
//!
//! `cargo run -p hamsa-examples --example 08_mailbox_collector -- MAILBOX FOLDER`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use hamsa_channel_email::{Addresses, from_mbox, from_message_file, to_email};
use hamsa_core::{Arrived, Collected, Collector, Identity, Recipients, Tip};
use hamsa_core::{cut, envelope_id, seal, seal_short};

/// Joins what mails bring, and writes what is whole.
struct Inbox {
    folder: PathBuf,
    collector: Collector,
    written: usize,
    unreadable: BTreeMap<&'static str, usize>,
}

impl Inbox {
    fn take(&mut self, arrived: Arrived) -> io::Result<()> {
        for why in arrived.unreadable {
            // One word, which says nothing about the mail or who wrote it.
            *self.unreadable.entry(why.code()).or_default() += 1;
        }
        for sealed in arrived.sealed {
            let Collected::Envelope(envelope) = self.collector.take(sealed) else {
                continue;
            };
            let id = envelope_id(envelope.as_bytes())?;
            let name = id.map(|octet| format!("{octet:02x}")).concat();
            let path = self.folder.join(name + ".age");
            if !path.exists() {
                fs::write(path, envelope.as_bytes())?;
                self.written += 1;
            }
        }
        Ok(())
    }

    fn read(&mut self, mailbox: &Path) -> io::Result<()> {
        if !mailbox.is_dir() {
            let mut outcome = Ok(());
            from_mbox(BufReader::new(File::open(mailbox)?), |arrived| {
                if outcome.is_ok() {
                    outcome = self.take(arrived);
                }
            })?;
            return outcome;
        }
        for part in ["new", "cur"] {
            for message in fs::read_dir(mailbox.join(part))? {
                self.take(from_message_file(File::open(message?.path())?)?)?;
            }
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let sample = std::env::temp_dir().join(format!("hamsa-example-mail-{}", std::process::id()));
    let (mailbox, folder, is_sample) = match (arguments.next(), arguments.next()) {
        (Some(mailbox), Some(folder)) => (mailbox, folder, false),
        (None, _) => (sample.join("mbox"), sample.join("tips"), true),
        _ => return Err("give a Maildir or an mbox file, and a folder for the tips".into()),
    };
    fs::create_dir_all(&folder)?;
    if is_sample {
        fs::write(&mailbox, sample_mailbox()?)?;
    }
    let mut inbox = Inbox {
        folder,
        collector: Collector::new(),
        written: 0,
        unreadable: BTreeMap::new(),
    };
    inbox.read(&mailbox)?;
    println!("{} tips are new", inbox.written);
    println!("mails without a tip: {:?}", inbox.unreadable);
    println!(
        "tips with missing parts: {}",
        inbox.collector.open_groups().count()
    );
    if is_sample {
        assert_eq!(inbox.written, 3);
        assert_eq!(inbox.unreadable, BTreeMap::from([("nothing-sealed", 1)]));
        assert_eq!(inbox.collector.open_groups().count(), 0);
        fs::remove_dir_all(sample)?;
    }
    Ok(())
}

/// A tip as an attachment, twice; one pasted into an answer; one in parts, each in a mail; and a mail that nobody sealed.
fn sample_mailbox() -> Result<Vec<u8>, Box<dyn Error>> {
    let (full, short) = (Identity::generate()?, Identity::generate_x25519()?);
    let recipient = full.recipient().ok_or("only plugins hide theirs")?;
    let to = Recipients::danger_bare(vec![recipient], short.recipient())?;
    let tip = || Tip::new("شاحنة بيضاء خلف المستودع كل ليلة".to_owned().into());
    let addresses = Addresses {
        from: "anonymous@example.org",
        to: "tips@agency.example",
        subject: "Tip",
    };
    let attached = to_email(&seal(tip()?, &to)?, &addresses, "2026-11-22".parse()?)?;
    let attached = String::from_utf8(attached)?.replace("\r\n", "\n");
    let text = seal_short("A white van, each night at two.", &to)?.to_text();
    let answer = format!("Subject: Re: your call\n\nSomebody wrote:\n> {text}\n");
    let mut mails = vec![attached.clone(), answer, attached];
    for part in cut(&seal(tip()?, &to)?, 4000)? {
        mails.push(format!("Subject: part\n\n{}\n", part.to_text()));
    }
    mails.push("Subject: hello\n\nCall me back.\n".to_owned());
    let mails = mails
        .iter()
        .map(|mail| format!("From sender Sun Nov 22 00:00:00 2026\n{mail}\n"));
    Ok(mails.collect::<String>().into_bytes())
}
