//! Seals a text into one SMS.
//!
//! `cargo run -p hamsa-examples --example 04_short_message`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use hamsa_core::{Form, Identity, KeyRing, Recipients, open, seal_short};

fn main() -> Result<(), Box<dyn Error>> {
    // A department has two identities: the post-quantum one, and a classical one for short messages alone.
    let (full, short) = (Identity::generate()?, Identity::generate_x25519()?);
    let recipient = full.recipient().ok_or("only plugins hide theirs")?;
    let to = Recipients::danger_bare(vec![recipient], short.recipient())?;

    // Its 44 letters and spaces take 45 octets, where UTF-8 takes 81 and would need a second message.
    let text = "شاحنة بيضاء خلف المستودع كل ليلة عند الثانية";
    let message = seal_short(text, &to)?.to_text();
    println!("{message}");
    assert_eq!(message.len(), 160, "one SMS");

    // Every text that fits into one SMS makes exactly as long a message.
    assert_eq!(seal_short("Yes.", &to)?.to_text().len(), 160);

    // The analyst opens it like any other envelope. Its form says that it was not post-quantum.
    let mut keys = KeyRing::new();
    keys.add(full);
    keys.add(short);
    let (tip, _) = open(message.as_bytes(), &keys)?;
    assert_eq!(tip.text(), text);
    assert_eq!(tip.form(), Form::Short);
    Ok(())
}
