//! Text that was handled: what is found, sent again in handled text and as messages of a chat, is found again.
#![no_main]

use hamsa_channel_chat::{Limit, from_chat, to_chat};
use hamsa_channel_text::from_text;
use hamsa_core::{Collected, Collector, Envelope, Sealed};
use libfuzzer_sys::fuzz_target;

fn text_of(sealed: &Sealed) -> String {
    match sealed {
        Sealed::Envelope(envelope) => envelope.to_text(),
        Sealed::Part(part) => part.to_text(),
    }
}

fn octets_of(sealed: &Sealed) -> usize {
    match sealed {
        Sealed::Envelope(envelope) => envelope.as_bytes().len(),
        Sealed::Part(part) => part.as_bytes().len(),
    }
}

/// Alone on its lines it is found, whatever stood around it before.
fn again(sealed: &Sealed) {
    let text = text_of(sealed);
    let quoted = text.replace('\n', "\r\n> ");
    for handled in [format!("Ahmed: {text}"), format!("> {quoted}\u{200f} ")] {
        let arrived = from_text(&handled);
        assert!(arrived.unreadable.is_empty());
        assert!(arrived.sealed == std::slice::from_ref(sealed));
    }
}

/// Cut into messages whose length the envelope itself chooses, it is joined backwards.
fn in_messages(envelope: &Envelope) {
    let last = envelope.as_bytes().last().copied().unwrap_or(0);
    let Ok(messages) = to_chat(envelope, Limit::new(64 + usize::from(last))) else {
        return;
    };
    let mut collector = Collector::new();
    let mut joined = None;
    for message in messages.iter().rev() {
        assert!(message.len() <= 64 + usize::from(last));
        for sealed in from_chat(message).sealed {
            if let Collected::Envelope(found) = collector.take(sealed) {
                joined = Some(found);
            }
        }
    }
    assert!(joined.as_ref() == Some(envelope));
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let arrived = from_text(&text);
    let found = arrived.sealed.len() + arrived.unreadable.len();
    assert!(found > 0 && found <= 1 + text.len() / 18);
    // A dash of three octets stands for three letters at most.
    let octets: usize = arrived.sealed.iter().map(octets_of).sum();
    assert!(octets <= text.len());
    for sealed in &arrived.sealed {
        again(sealed);
        if let Sealed::Envelope(envelope) = sealed {
            in_messages(envelope);
        }
    }
});
