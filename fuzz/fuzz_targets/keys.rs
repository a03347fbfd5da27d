//! Recipients, identities and identity files: a text that is read is written in the same octets.
#![no_main]

use std::sync::Arc;

use hamsa_core::{Identity, KeyRing, Prompt, Recipient, RootKey};
use libfuzzer_sys::fuzz_target;

struct Nobody;

impl Prompt for Nobody {
    fn passphrase(&self) -> Option<zeroize::Zeroizing<String>> {
        None
    }
}

fuzz_target!(|bytes: &[u8]| {
    let prompt: Arc<dyn Prompt> = Arc::new(Nobody);
    let mut keys = KeyRing::new();
    match keys.add_file(bytes, &prompt) {
        Ok(count) => assert_eq!(keys.len(), count),
        Err(_) => assert!(keys.is_empty()),
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    if let Ok(recipient) = text.parse::<Recipient>() {
        assert_eq!(recipient.to_string(), text);
    }
    if let Ok(identity) = Identity::parse(text) {
        assert_eq!(identity.to_text().expect("a text").as_str(), text);
        let recipient = identity.recipient().expect("a recipient");
        let again: Recipient = recipient.to_string().parse().expect("its own text");
        assert!(again == recipient);
    }
    if let Ok(root) = RootKey::parse(text) {
        assert_eq!(root.to_text().as_str(), text.trim());
    }
});
