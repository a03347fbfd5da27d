//! Refusals of `tip.json`: these bytes alone, the test puts a right envelope around them.

use crate::file::Vector;

pub fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<_> = [spelling(), texts(), fields(), limits()].concat().into_iter().map(|(name, comment, json)| of(name, "bad-tip", comment, json.as_bytes())).collect();
    vectors.extend([
        of("bad-utf8", "bad-tip", "The text is not UTF-8.", b"{\"version\":1,\"text\":\"caf\xe9\"}"),
        of("utf8-overlong", "bad-tip", "An overlong spelling in the text.", b"{\"version\":1,\"text\":\"\xc0\xaf\"}"),
        of("utf8-surrogate", "bad-tip", "A surrogate in UTF-8.", b"{\"version\":1,\"text\":\"\xed\xa0\x80\"}"),
        of("empty", "bad-tip", "A tip.json of no octets.", b""),
        of("version-2", "newer-version", "A later version.", br#"{"version":2,"text":"A whisper."}"#),
        of("version-2-otherwise", "newer-version", "A later version that looks quite different.", br#"{ "new": [{}], "version": 2 }"#),
    ]);
    vectors
}

fn of(name: &str, expect: &str, comment: &str, json: &[u8]) -> Vector {
    Vector::new(&format!("tip-{name}"), expect, comment, json.to_vec()).with("kind", "tip")
}

type Spoilt = (&'static str, &'static str, String);

fn spoilt(name: &'static str, comment: &'static str, json: &str) -> Spoilt {
    (name, comment, json.to_owned())
}

fn spelling() -> Vec<Spoilt> {
    vec![
        spoilt("space", "A space behind a colon.", r#"{"version": 1,"text":"x"}"#),
        spoilt("space-before", "A space before the object.", r#" {"version":1,"text":"x"}"#),
        spoilt("newline-behind", "A newline behind the object.", "{\"version\":1,\"text\":\"x\"}\n"),
        spoilt("nul-behind", "A NUL behind the object.", "{\"version\":1,\"text\":\"x\"}\0"),
        spoilt("bom", "A byte order mark.", "\u{feff}{\"version\":1,\"text\":\"x\"}"),
        spoilt("order", "The text before the version.", r#"{"text":"x","version":1}"#),
        spoilt("order-of-fields", "The category before the language.", r#"{"version":1,"text":"x","category":"a","language":"en"}"#),
        spoilt("unknown-field", "A field that version 1 does not have.", r#"{"version":1,"text":"x","time":"2026-11-22"}"#),
        spoilt("duplicate-field", "The text twice.", r#"{"version":1,"text":"x","text":"x"}"#),
        spoilt("duplicate-version", "The version twice.", r#"{"version":1,"version":1,"text":"x"}"#),
        spoilt("null", "A field that is null instead of absent.", r#"{"version":1,"text":"x","language":null}"#),
        spoilt("key-escaped", "An escape in the name of a field.", r#"{"version":1,"te\u0078t":"x"}"#),
        spoilt("second-object", "Something behind the object.", r#"{"version":1,"text":"x"}{}"#),
        spoilt("cut", "The closing brace is missing.", r#"{"version":1,"text":"x""#),
        spoilt("not-json", "Not JSON.", "A whisper."),
        spoilt("array", "An array.", r#"[1,"x"]"#),
        spoilt("no-fields", "An object without fields.", "{}"),
        spoilt("no-text", "No text.", r#"{"version":1}"#),
        spoilt("no-version", "No version.", r#"{"text":"x"}"#),
        spoilt("version-0", "Version 0.", r#"{"version":0,"text":"x"}"#),
        spoilt("version-text", "The version as a string.", r#"{"version":"1","text":"x"}"#),
        spoilt("version-fraction", "The version as a fraction.", r#"{"version":1.0,"text":"x"}"#),
        spoilt("version-leading-zero", "The version with a zero before it.", r#"{"version":01,"text":"x"}"#),
        spoilt("version-exponent", "The version with an exponent.", r#"{"version":1e0,"text":"x"}"#),
        spoilt("version-2-to-32", "A version that no program will ever have.", r#"{"version":4294967296,"text":"x"}"#),
        spoilt("version-negative", "A negative version.", r#"{"version":-1,"text":"x"}"#),
    ]
}

fn texts() -> Vec<Spoilt> {
    vec![
        spoilt("escape-letter", "A letter escaped.", r#"{"version":1,"text":"\u0041"}"#),
        spoilt("escape-slash", "A slash escaped.", r#"{"version":1,"text":"a\/b"}"#),
        spoilt("escape-newline", "A newline as a number.", r#"{"version":1,"text":"\u000a"}"#),
        spoilt("escape-upper-case", "An escape in upper case.", r#"{"version":1,"text":"\u001F"}"#),
        spoilt("escape-delete", "U+007F escaped.", r#"{"version":1,"text":"\u007f"}"#),
        spoilt("escape-arabic", "An Arabic letter escaped.", r#"{"version":1,"text":"\u0647"}"#),
        spoilt("escape-pair", "A character outside the first plane escaped.", r#"{"version":1,"text":"\ud83c\udf19"}"#),
        spoilt("escape-lone-surrogate", "Half of a pair of surrogates.", r#"{"version":1,"text":"\ud83c"}"#),
        spoilt("escape-sign", "A sign among the digits of an escape.", r#"{"version":1,"text":"\u+01f"}"#),
        spoilt("escape-unknown", "An escape that JSON does not have.", r#"{"version":1,"text":"\x41"}"#),
        spoilt("newline-in-text", "A newline that is not escaped.", "{\"version\":1,\"text\":\"a\nb\"}"),
        spoilt("nul-in-text", "U+0000 in the text.", r#"{"version":1,"text":"a\u0000b"}"#),
        spoilt("nul-in-answer", "U+0000 in an answer.", r#"{"version":1,"text":"x","answers":{"where":"\u0000"}}"#),
        spoilt("text-null", "The text is null.", r#"{"version":1,"text":null}"#),
        spoilt("text-number", "The text is a number.", r#"{"version":1,"text":1}"#),
    ]
}

fn fields() -> Vec<Spoilt> {
    let weak = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";
    let hrp = bech32::Hrp::parse("age").unwrap();
    let low_order = bech32::encode_lower::<bech32::Bech32>(hrp, &[0; 32]).unwrap();
    assert!(low_order.starts_with(weak));
    vec![
        spoilt("language-empty", "An empty language.", r#"{"version":1,"text":"x","language":""}"#),
        spoilt("language-form", "A language with an underscore.", r#"{"version":1,"text":"x","language":"ar_EG"}"#),
        spoilt("language-short", "A language of one letter.", r#"{"version":1,"text":"x","language":"a"}"#),
        spoilt("language-script", "A language in Arabic letters.", r#"{"version":1,"text":"x","language":"عربي"}"#),
        spoilt("language-long", "A language tag of 36 characters.", r#"{"version":1,"text":"x","language":"de-Latn-DE-1996-a-b12345-x-y12345678"}"#),
        spoilt("category-upper", "A category in upper case.", r#"{"version":1,"text":"x","category":"Fraud"}"#),
        spoilt("category-empty", "An empty category.", r#"{"version":1,"text":"x","category":""}"#),
        spoilt("category-path", "A category that is a path.", r#"{"version":1,"text":"x","category":"../fraud"}"#),
        spoilt("category-long", "A category of 33 characters.", r#"{"version":1,"text":"x","category":"abcdefghijklmnopqrstuvwxyz-012345"}"#),
        spoilt("caller-group-space", "A caller group with a space.", r#"{"version":1,"text":"x","caller_group":"a citizen"}"#),
        spoilt("reply-to-not-a-key", "A reply recipient that is none.", r#"{"version":1,"text":"x","reply_to":"age1reply"}"#),
        spoilt("reply-to-empty", "An empty reply recipient.", r#"{"version":1,"text":"x","reply_to":""}"#),
        ("reply-to-low-order", "A reply recipient of low order.", format!(r#"{{"version":1,"text":"x","reply_to":"{low_order}"}}"#)),
        ("reply-to-upper", "A reply recipient in upper case.", r#"{"version":1,"text":"x","reply_to":"AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ"}"#.to_owned()),
        spoilt("attachments-empty", "An empty list instead of none.", r#"{"version":1,"text":"x","attachments":[]}"#),
        spoilt("attachments-object", "An object instead of a list.", r#"{"version":1,"text":"x","attachments":{}}"#),
        spoilt("role-unknown", "A role that version 1 does not have.", r#"{"version":1,"text":"x","attachments":[{"media_type":"image/jpeg","role":"secret"}]}"#),
        spoilt("role-missing", "An attachment without a role.", r#"{"version":1,"text":"x","attachments":[{"media_type":"image/jpeg"}]}"#),
        spoilt("role-upper", "A role in upper case.", r#"{"version":1,"text":"x","attachments":[{"media_type":"image/jpeg","role":"Clean"}]}"#),
        spoilt("media-type-upper", "A media type in upper case.", r#"{"version":1,"text":"x","attachments":[{"media_type":"IMAGE/JPEG","role":"clean"}]}"#),
        spoilt("media-type-unknown", "A media type that the table does not have.", r#"{"version":1,"text":"x","attachments":[{"media_type":"image/x-own","role":"clean"}]}"#),
        spoilt("media-type-parameter", "A media type with a parameter.", r#"{"version":1,"text":"x","attachments":[{"media_type":"text/plain; charset=utf-8","role":"clean"}]}"#),
        spoilt("attachment-order", "The role before the media type.", r#"{"version":1,"text":"x","attachments":[{"role":"clean","media_type":"image/jpeg"}]}"#),
        spoilt("attachment-name", "An attachment with a name of its own.", r#"{"version":1,"text":"x","attachments":[{"media_type":"image/jpeg","role":"clean","name":"1.jpg"}]}"#),
        spoilt("attachment-as-list", "An attachment as a list of its values.", r#"{"version":1,"text":"x","attachments":[["image/jpeg","clean"]]}"#),
        spoilt("answers-empty", "No answers in an object instead of none.", r#"{"version":1,"text":"x","answers":{}}"#),
        spoilt("answers-order", "Answers in another order than that of their ids.", r#"{"version":1,"text":"x","answers":{"b":"1","a":"2"}}"#),
        spoilt("answers-duplicate", "Two answers to one question.", r#"{"version":1,"text":"x","answers":{"a":"1","a":"1"}}"#),
        spoilt("answers-id", "A question whose id has a capital letter.", r#"{"version":1,"text":"x","answers":{"Where":"1"}}"#),
        spoilt("answers-number", "An answer that is a number.", r#"{"version":1,"text":"x","answers":{"a":1}}"#),
    ]
}

/// Over a limit that fits a small vector; the others are in the test `hostile`.
fn limits() -> Vec<Spoilt> {
    let attachments = vec![r#"{"media_type":"text/csv","role":"clean"}"#; 1000].join(",");
    let answers: Vec<_> = (0..1000).map(|n| format!(r#""{n:03}":"""#)).collect();
    vec![
        ("1000-attachments", "One attachment too many is announced; none of them is there.", format!(r#"{{"version":1,"text":"x","attachments":[{attachments}]}}"#)),
        ("1000-answers", "One answer too many.", format!(r#"{{"version":1,"text":"x","answers":{{{}}}}}"#, answers.join(","))),
        ("deep", "A thousand lists in each other.", format!(r#"{{"version":1,"text":{}{}}}"#, "[".repeat(1000), "]".repeat(1000))),
    ]
}
