//! What webhooks bring: everything sealed, every file, and nobody.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod made;

use hamsa_channel_chat::{
    Inbound, Limit, MAX_UPDATE, MAX_UPDATES, MAX_WEBHOOK, from_telegram, from_whatsapp, to_chat,
};
use hamsa_core::{Collected, Collector, Envelope, Sealed, Unreadable, open};
use made::{Random, Tips, envelope, short};
use serde_json::{Value, json};

/// What stands in every field of the fixtures that tells who, when, where or with what.
const IDENTIFYING: [&str; 22] = [
    "Ahmed",
    "Al Mansouri",
    "ahmed_m",
    "+971501234567",
    "971501234567",
    "123456789",
    "1773310299",
    "20260312",
    "wamid.HBgMOTcxNTAxMjM0NTY3FQIAEhgg",
    "tip-from-ahmed.age",
    "Marina",
    "25.0771",
    "55.1396",
    "en-AE",
    "Layla",
    "16505551111",
    "106540352242922",
    "Dubai",
    "81d3bd8a8db4868c9520ed47186e8b7c",
    "conn-Ahmed",
    "application/octet-stream",
    "Hello",
];

fn telegram(kind: &str, content: &Value) -> Vec<u8> {
    let user = json!({"id": 123_456_789, "is_bot": false, "first_name": "Ahmed", "last_name": "Al Mansouri",
        "username": "ahmed_m", "language_code": "en-AE", "is_premium": true});
    let chat = json!({"id": 123_456_789, "first_name": "Ahmed", "last_name": "Al Mansouri",
        "username": "ahmed_m", "type": "private"});
    let mut message = json!({
        "message_id": 20_260_312, "message_thread_id": 20_260_312, "from": user, "sender_chat": chat, "chat": chat,
        "date": 1_773_310_299, "edit_date": 1_773_310_299, "business_connection_id": "conn-Ahmed",
        "author_signature": "Ahmed Al Mansouri", "media_group_id": "123456789",
        "forward_origin": {"type": "user", "date": 1_773_310_299, "sender_user": user},
        "via_bot": user, "has_protected_content": true,
        "reply_to_message": {"message_id": 2025, "from": user, "chat": chat, "date": 1_773_310_299,
            "text": "Hello Ahmed, write from Dubai"},
        "quote": {"text": "Hello Ahmed", "position": 0},
        "contact": {"phone_number": "+971501234567", "first_name": "Ahmed", "user_id": 123_456_789,
            "vcard": "BEGIN:VCARD\nFN:Ahmed Al Mansouri\nEND:VCARD"},
        "location": {"latitude": 25.0771, "longitude": 55.1396},
        "venue": {"location": {"latitude": 25.0771, "longitude": 55.1396}, "title": "Marina", "address": "Dubai"},
        "new_chat_members": [user], "entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": user}],
    });
    for (name, value) in content.as_object().unwrap() {
        message[name] = value.clone();
    }
    serde_json::to_vec_pretty(&json!({"update_id": 123_456_789, kind: message})).unwrap()
}

fn whatsapp(messages: &[Value]) -> Vec<u8> {
    let messages: Vec<Value> = messages
        .iter()
        .map(|content| {
            let mut message = json!({
                "from": "971501234567", "id": "wamid.HBgMOTcxNTAxMjM0NTY3FQIAEhgg", "timestamp": "1773310299",
                "from_user_id": "AE.971501234567", "group_id": "Layla 20260312",
                "context": {"from": "16505551111", "id": "wamid.HBgMOTcxNTAxMjM0NTY3FQIAEhgg", "forwarded": true},
                "identity": {"acknowledged": true, "created_timestamp": 1_773_310_299, "hash": "Ahmed"},
                "referral": {"source_url": "https://example.org/Ahmed", "headline": "Hello Dubai"},
                "location": {"latitude": 25.0771, "longitude": 55.1396, "name": "Marina", "address": "Dubai"},
                "contacts": [{"name": {"formatted_name": "Layla"}, "phones": [{"phone": "+971501234567"}]}],
                "errors": [{"code": 131_051, "title": "Hello Ahmed"}],
            });
            for (name, value) in content.as_object().unwrap() {
                message[name] = value.clone();
            }
            message
        })
        .collect();
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "16505551111", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Ahmed Al Mansouri"}, "wa_id": "971501234567"}],
        "messages": messages,
    });
    let entry = json!({"id": "106540352242922", "time": 1_773_310_299,
        "changes": [{"value": value, "field": "messages"}]});
    serde_json::to_vec(&json!({"object": "whatsapp_business_account", "entry": [entry]})).unwrap()
}

/// Every octet that came in. The patterns name every field, so one more would not compile.
fn everything(inbound: &Inbound) -> Vec<u8> {
    let Inbound { arrived, media } = inbound;
    let hamsa_core::Arrived { sealed, unreadable } = arrived;
    let mut all = Vec::new();
    for sealed in sealed {
        match sealed {
            Sealed::Envelope(envelope) => all.extend_from_slice(envelope.as_bytes()),
            Sealed::Part(part) => all.extend_from_slice(part.as_bytes()),
        }
    }
    for why in unreadable {
        all.extend_from_slice(format!("{why:?} {why}").as_bytes());
    }
    for hamsa_channel_chat::MediaReference { id, length } in media {
        all.extend_from_slice(format!(" {id} {length:?} ").as_bytes());
    }
    all
}

fn holds(all: &[u8], word: &str) -> bool {
    all.windows(word.len())
        .any(|window| window == word.as_bytes())
}

fn is_anonymous(body: &[u8], inbound: &Inbound) {
    let all = everything(inbound);
    for word in IDENTIFYING {
        assert!(!holds(&all, word), "{word} came through");
    }
    assert!(IDENTIFYING.iter().filter(|word| holds(body, word)).count() > 12);
}

fn file(id: &str) -> Value {
    json!({"file_id": id, "file_unique_id": "Ahmed", "file_name": "tip-from-ahmed.age",
        "mime_type": "application/octet-stream", "file_size": 10907, "performer": "Ahmed", "width": 90, "height": 90,
        "duration": 2, "thumbnail": {"file_id": "thumb", "file_unique_id": "x", "file_size": 90, "width": 1, "height": 1}})
}

#[test]
fn a_tip_in_telegram_messages_goes_the_whole_way_without_its_sender() {
    let tips = Tips::new();
    let kinds = [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_message",
        "edited_business_message",
    ];
    for (sent, check) in tips.all() {
        let mut collector = Collector::new();
        let mut whole = None;
        let messages = to_chat(&sent, Limit::TELEGRAM).unwrap();
        for (at, message) in messages.iter().enumerate().rev() {
            let field = if at % 2 == 0 { "text" } else { "caption" };
            let said = format!("Hello from Ahmed, Dubai:\n{message}\nAhmed");
            let body = telegram(kinds[at % kinds.len()], &json!({field: said}));
            let inbound = from_telegram(&body);
            is_anonymous(&body, &inbound);
            assert!(inbound.media.is_empty() && inbound.arrived.unreadable.is_empty());
            for sealed in inbound.arrived.sealed {
                if let Collected::Envelope(envelope) = collector.take(sealed) {
                    whole = Some(envelope);
                }
            }
        }
        assert!(whole.as_ref() == Some(&sent));
        let (tip, files) = open(whole.unwrap().as_bytes(), &tips.keys).unwrap();
        check(&tip, &files);
    }
}

#[test]
fn a_tip_in_whatsapp_messages_goes_the_whole_way_without_its_sender() {
    let tips = Tips::new();
    for (sent, check) in tips.all() {
        let messages = to_chat(&sent, Limit::WHATSAPP_BUSINESS).unwrap();
        let said = messages.iter().enumerate().map(|(at, message)| match at % 4 {
            0 => json!({"type": "text", "text": {"body": format!("Hello\n{message}")}}),
            1 => json!({"type": "document", "document": {"id": "1", "caption": message, "filename": "tip-from-ahmed.age"}}),
            2 => json!({"type": "button", "button": {"text": message, "payload": "Ahmed"}}),
            _ => json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow",
                "body": "Sent", "response_json": json!({"name": "Ahmed", "tip": message}).to_string()}}}),
        });
        let body = whatsapp(&said.collect::<Vec<_>>());
        let inbound = from_whatsapp(&body);
        is_anonymous(&body, &inbound);
        assert!(inbound.arrived.unreadable.is_empty());
        let mut collector = Collector::new();
        let whole: Vec<Envelope> = inbound
            .arrived
            .sealed
            .into_iter()
            .filter_map(|sealed| match collector.take(sealed) {
                Collected::Envelope(envelope) => Some(envelope),
                _ => None,
            })
            .collect();
        assert!(whole == [sent]);
        let (tip, files) = open(whole[0].as_bytes(), &tips.keys).unwrap();
        check(&tip, &files);
    }
}

#[test]
fn files_come_as_references() {
    let body = telegram(
        "message",
        &json!({"caption": "Hello", "document": file("BQAC-document"), "voice": file("AwAC-voice"),
            "video": file("BAAC-video"), "audio": file("CQAC-audio"), "video_note": file("DQAC-note"),
            "photo": [{"file_id": "small", "file_unique_id": "s", "file_size": 90, "width": 1, "height": 1},
                {"file_id": "AgAC-photo", "file_unique_id": "l", "file_size": 9000, "width": 9, "height": 9}]}),
    );
    let inbound = from_telegram(&body);
    is_anonymous(&body, &inbound);
    let ids: Vec<(&str, Option<u64>)> = inbound
        .media
        .iter()
        .map(|media| (media.id.as_str(), media.length))
        .collect();
    let expected = [
        ("BQAC-document", Some(10907)),
        ("AgAC-photo", Some(9000)),
        ("BAAC-video", Some(10907)),
        ("DQAC-note", Some(10907)),
        ("CQAC-audio", Some(10907)),
        ("AwAC-voice", Some(10907)),
    ];
    assert_eq!(ids, expected);
    assert!(inbound.arrived.sealed.is_empty() && inbound.arrived.unreadable.is_empty());

    let media = |kind: &str, id: &str| {
        json!({"type": kind, kind: {"id": id, "mime_type": "application/octet-stream", "caption": "Hello",
            "filename": "tip-from-ahmed.age", "voice": true, "sha256": "81d3bd8a8db4868c9520ed47186e8b7c",
            "url": "https://example.org/Ahmed"}})
    };
    let body = whatsapp(&[
        media("document", "21"),
        media("image", "22"),
        media("video", "23"),
        media("audio", "24"),
    ]);
    let inbound = from_whatsapp(&body);
    is_anonymous(&body, &inbound);
    let ids: Vec<&str> = inbound
        .media
        .iter()
        .map(|media| media.id.as_str())
        .collect();
    assert_eq!(ids, ["21", "22", "23", "24"]);
    assert!(inbound.media.iter().all(|media| media.length.is_none()));
    assert!(inbound.arrived.unreadable.is_empty());
}

#[test]
fn a_text_that_is_not_sealed_says_so_once() {
    let nothing = [Unreadable::NothingSealed];
    let body = telegram("message", &json!({"text": "Hello, Ahmed saw it"}));
    assert_eq!(from_telegram(&body).arrived.unreadable, nothing);
    let body = telegram("message", &json!({}));
    assert_eq!(from_telegram(&body).arrived.unreadable, nothing);
    let button = json!({"type": "interactive", "interactive": {"type": "button_reply",
        "button_reply": {"id": "Ahmed", "title": "Yes"}}});
    let row = json!({"type": "interactive", "interactive": {"type": "list_reply",
        "list_reply": {"id": "Ahmed", "title": "Traffic", "description": "Dubai"}}});
    let reaction = json!({"type": "reaction", "reaction": {"message_id": "Ahmed", "emoji": "x"}});
    let body = whatsapp(&[button, row, reaction]);
    let inbound = from_whatsapp(&body);
    is_anonymous(&body, &inbound);
    assert_eq!(inbound.arrived.unreadable, [Unreadable::NothingSealed; 3]);
    let part = to_chat(&short(&mut Random(1), 500), Limit::SMS)
        .unwrap()
        .remove(0);
    let body = telegram("message", &json!({"text": &part[..part.len() - 9]}));
    assert_eq!(
        from_telegram(&body).arrived.unreadable,
        [Unreadable::Damaged]
    );
}

#[test]
fn a_call_without_messages_gives_nothing() {
    let poll = json!({"update_id": 1, "poll_answer": {"poll_id": "1", "user": {"first_name": "Ahmed"}, "option_ids": [0]}});
    let status = json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages",
        "value": {"statuses": [{"id": "wamid", "status": "read", "recipient_id": "971501234567"}]}}]}]});
    for inbound in [
        from_telegram(poll.to_string().as_bytes()),
        from_whatsapp(status.to_string().as_bytes()),
    ] {
        assert!(everything(&inbound).is_empty());
    }
}

#[test]
fn what_is_no_call_of_the_webhook_is_refused() {
    let nested = [
        b"{\"update_id\":1,\"message\":{\"chat\":".to_vec(),
        b"[".repeat(900_000),
    ]
    .concat();
    let nested_entry = [b"{\"entry\":".to_vec(), b"[".repeat(900_000)].concat();
    let wrong = [
        &b""[..],
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"AgQb",
        b"{\"update_id\":1,\"message\":5}",
        b"{\"update_id\":1,\"message\":{\"text\":[]}}",
        b"{\"update_id\":1,\"message\":{\"document\":{}}}",
        b"{\"entry\":[{}]}",
        b"{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[5]}}]}]}",
        &nested,
        &nested_entry,
    ];
    for body in wrong {
        for inbound in [from_telegram(body), from_whatsapp(body)] {
            assert_eq!(inbound.arrived.unreadable, [Unreadable::NotAMessage]);
            assert!(inbound.arrived.sealed.is_empty() && inbound.media.is_empty());
        }
    }
    let inbound = from_telegram(&vec![b' '; MAX_UPDATE + 1]);
    assert_eq!(inbound.arrived.unreadable, [Unreadable::TooLong]);
    let inbound = from_telegram(&vec![b' '; MAX_UPDATES + 1]);
    assert_eq!(inbound.arrived.unreadable, [Unreadable::TooLong]);
    let inbound = from_whatsapp(&vec![b' '; MAX_WEBHOOK + 1]);
    assert_eq!(inbound.arrived.unreadable, [Unreadable::TooLong]);
}

#[test]
fn an_answer_to_get_updates_is_read_update_by_update() {
    let sent = envelope(&mut Random(8), 900);
    let text = to_chat(&sent, Limit::TELEGRAM).unwrap().remove(0);
    let update = |content: &Value| -> Value {
        serde_json::from_slice(&telegram("message", content)).unwrap()
    };
    let odd = [json!(-1), json!(1.5), json!("9"), json!([[]]), Value::Null];
    let odd = odd.map(|size| update(&json!({"document": {"file_id": "a", "file_size": size}})));
    let mut updates = vec![update(&json!({"text": text})), json!({"no": "update"})];
    updates.extend(odd);
    let body = json!({"ok": true, "result": updates}).to_string();
    let inbound = from_telegram(body.as_bytes());
    is_anonymous(body.as_bytes(), &inbound);
    assert_eq!(inbound.arrived.sealed.len(), 1);
    assert_eq!(inbound.arrived.unreadable, [Unreadable::NotAMessage]);
    // A length that is none does not take the file along.
    let lengths: Vec<_> = inbound.media.iter().map(|media| media.length).collect();
    assert_eq!(lengths, [None; 5]);
    let none = from_telegram(b"{\"ok\":true,\"result\":[]}");
    assert!(none.arrived.sealed.is_empty() && none.arrived.unreadable.is_empty());
    let long = "x".repeat(MAX_UPDATE);
    let body = json!({"ok": true, "result": [update(&json!({"text": long}))]}).to_string();
    let inbound = from_telegram(body.as_bytes());
    assert_eq!(inbound.arrived.unreadable, [Unreadable::TooLong]);
}

/// Many messages that say nothing, and letters that JSON spells as escapes.
#[test]
fn calls_that_are_as_long_as_can_be_are_read() {
    let all = "{},".repeat(900_000);
    let body = format!(
        "{{\"entry\":[{{\"changes\":[{{\"value\":{{\"messages\":[{}]}}}}]}}]}}",
        all.trim_end_matches(',')
    );
    let inbound = from_whatsapp(body.as_bytes());
    assert_eq!(inbound.arrived.unreadable.len(), 900_000);
    let sent = envelope(&mut Random(7), 10_000);
    let text = to_chat(&sent, Limit::WHATSAPP).unwrap().remove(0);
    let escaped: Vec<String> = text
        .bytes()
        .map(|letter| format!("\\u{letter:04x}"))
        .collect();
    let escaped = escaped.concat();
    let body = format!("{{\"update_id\":1,\"message\":{{\"text\":\"{escaped}\"}}}}");
    assert_eq!(from_telegram(body.as_bytes()).arrived.sealed.len(), 1);
}
