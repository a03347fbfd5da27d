//! Seals a text to one analyst's key and opens it again.
//!
//! `cargo run -p hamsa-examples --example 01_seal_and_open`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use hamsa_core::{Identity, KeyRing, OpenError, Recipients, Tip, open, seal};

fn main() -> Result<(), Box<dyn Error>> {
    // The analyst makes a key pair once, and keeps the identity.
    let identity = Identity::generate()?;
    let recipient = identity.recipient().ok_or("only plugins hide theirs")?;

    // The informant seals to the recipient. No card vouches for it here, which is why the name says danger;
    // 02_card shows the right way.
    let to = Recipients::danger_bare(vec![recipient], None)?;
    let tip = Tip::new("The scales at gate 4 are set.".to_owned().into())?.language("en")?;
    let envelope = seal(tip, &to)?;
    println!("sealed: {} octets", envelope.as_bytes().len());

    // A tip of one word has the same length.
    let shorter = seal(Tip::new("Yes.".to_owned().into())?, &to)?;
    assert_eq!(envelope.as_bytes().len(), shorter.as_bytes().len());

    // The analyst opens it, in the binary form or in the text form for mail and chat.
    let mut keys = KeyRing::new();
    keys.add(identity);
    for form in [envelope.as_bytes(), envelope.to_text().as_bytes()] {
        let (tip, attachments) = open(form, &keys)?;
        assert_eq!(tip.text(), "The scales at gate 4 are set.");
        assert_eq!(tip.language(), Some("en"));
        assert!(attachments.is_empty());
    }

    // Nobody else does.
    let mut others = KeyRing::new();
    others.add(Identity::generate()?);
    assert!(matches!(
        open(envelope.as_bytes(), &others),
        Err(OpenError::WrongKey)
    ));
    println!("opened with the analyst's key, refused with another one");
    Ok(())
}
