//! An `Update` of Telegram's Bot API: what is found, sent again in one that says nothing else, is found again.
#![no_main]

use hamsa_channel_chat::{Inbound, from_telegram};
use hamsa_core::Sealed;
use libfuzzer_sys::fuzz_target;

fn again(sealed: &Sealed) {
    let text = match sealed {
        Sealed::Envelope(envelope) => envelope.to_text(),
        Sealed::Part(part) => part.to_text(),
    };
    let text = text.replace('\n', "\\n");
    let body = format!("{{\"update_id\":1,\"message\":{{\"text\":\"{text}\"}}}}");
    let Inbound { arrived, media } = from_telegram(body.as_bytes());
    assert!(media.is_empty() && arrived.unreadable.is_empty());
    assert!(arrived.sealed == std::slice::from_ref(sealed));
}

fuzz_target!(|body: &[u8]| {
    let Inbound { arrived, media } = from_telegram(body);
    let ids: usize = media.iter().map(|media| media.id.len()).sum();
    assert!(ids + media.len() + arrived.unreadable.len() <= body.len().max(1));
    for sealed in &arrived.sealed {
        again(sealed);
    }
});
