//! Addresses of mail, of the web, of machines; names in networks; folders.

use std::ops::Range;

use super::folded::Folded;
use super::keywords::VERSION;
use super::{Certainty, Clue, Found};

/// Longer ones are no addresses.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

pub(super) fn scan(folded: &Folded, found: &mut Found) {
    let mut end = 0;
    for (at, c) in folded.text.char_indices() {
        if at < end {
            continue;
        }
        let hit = match c {
            '@' => at_sign(folded, at),
            '.' => web(folded, at),
            ':' => machine(folded, at).or_else(|| windows_path(folded, at)),
            '/' | '\\' => path(folded, at),
            _ => None,
        };
        if let Some((what, range, certainty)) = hit {
            end = range.end.max(at + 1);
            found.push(what, range, certainty);
        }
    }
    for index in 0..folded.tokens.len() {
        spelled(folded, index, found);
        account(folded, index, found);
        ip_v4(folded, index, found);
    }
}

type Found1 = Option<(Clue, Range<usize>, Certainty)>;

fn back(folded: &Folded, at: usize, most: usize, is: impl Fn(u8) -> bool) -> usize {
    let before = folded.text.as_bytes().get(..at).unwrap_or_default();
    at - before
        .iter()
        .rev()
        .take(most)
        .take_while(|b| is(**b))
        .count()
}

fn ahead(folded: &Folded, at: usize, most: usize, is: impl Fn(u8) -> bool) -> usize {
    let after = folded.text.as_bytes().get(at..).unwrap_or_default();
    at + after.iter().take(most).take_while(|b| is(**b)).count()
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')
}

/// A mail address, or a name in a network.
fn at_sign(folded: &Folded, at: usize) -> Found1 {
    let start = back(folded, at, MAX_LOCAL, |b| {
        is_name(b) || b == b'+' || b == b'%'
    });
    let start = start
        + folded
            .get(start..at)
            .bytes()
            .take_while(|b| *b == b'.')
            .count();
    let end = ahead(folded, at + 1, MAX_DOMAIN, is_name);
    let name = folded.get(at + 1..end).trim_end_matches(['.', '-']);
    let range = start..at + 1 + name.len();
    if start < at {
        let is_domain = name.rsplit_once('.').is_some_and(|(host, top)| {
            !host.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase())
        });
        return is_domain.then_some((Clue::Email, range, Certainty::Sure));
    }
    let is_account =
        (3..=30).contains(&name.len()) && name.bytes().any(|b| b.is_ascii_alphabetic());
    is_account.then_some((Clue::Account, range, Certainty::Sure))
}

/// Tops of names on the web that are no words.
const TOPS: &[&str] = &[
    "com", "net", "org", "info", "gov", "edu", "ae", "sa", "eg", "qa", "kw", "bh", "jo", "iq",
    "lb", "io", "app", "dev", "uk", "ly", "pk", "ph", "biz", "online", "site", "xyz",
];
/// Where the path is somebody's name.
const NETWORKS: &[&str] = &[
    "t.me",
    "telegram.me",
    "wa.me",
    "instagram.com",
    "facebook.com",
    "fb.com",
    "m.facebook.com",
    "twitter.com",
    "x.com",
    "tiktok.com",
    "snapchat.com",
    "linkedin.com",
    "youtube.com",
    "threads.net",
    "github.com",
];
const MAPS: &[&str] = &[
    "maps.app.goo.gl",
    "goo.gl",
    "maps.google.com",
    "maps.apple.com",
    "waze.com",
    "openstreetmap.org",
    "what3words.com",
    "w3w.co",
];

fn web(folded: &Folded, dot: usize) -> Found1 {
    let start = back(folded, dot, MAX_DOMAIN, |b| {
        b.is_ascii_alphanumeric() || b == b'-'
    });
    let host_end = ahead(folded, dot, MAX_DOMAIN, is_name);
    let host = folded.get(start..host_end).trim_end_matches(['.', '-']);
    let host_end = start + host.len();
    let has_scheme = folded.get(0..start).ends_with("://");
    let path_end = if folded
        .get(host_end..folded.text.len())
        .starts_with(['/', '?', ':'])
    {
        let is_path =
            |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'(' | b')' | b',');
        let end = ahead(folded, host_end, 2048, is_path);
        host_end
            + folded
                .get(host_end..end)
                .trim_end_matches(['.', '?', ':', ';', '!', '\''])
                .len()
    } else {
        host_end
    };
    let path = folded.get(host_end..path_end);
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let (name, top) = bare.rsplit_once('.')?;
    let is_host = name.len() >= 2
        && !name.starts_with('.')
        && TOPS.contains(&top)
        && name.bytes().any(|b| b.is_ascii_alphabetic());
    let is_known = NETWORKS.contains(&bare) || MAPS.contains(&bare);
    if !(is_host || is_known || has_scheme || bare.len() < host.len()) || dot == start {
        return None;
    }
    let start = if has_scheme {
        start.saturating_sub(if folded.get(0..start).ends_with("https://") {
            8
        } else {
            7
        })
    } else {
        start
    };
    let what = if MAPS.contains(&bare) || bare.starts_with("google.") && path.starts_with("/maps") {
        Clue::Coordinates
    } else if NETWORKS.contains(&bare) && path.len() > 2 {
        Clue::Account
    } else {
        Clue::Web
    };
    let start = if folded.text.is_char_boundary(start) {
        start
    } else {
        host_end - host.len()
    };
    let certainty = if what == Clue::Web && !has_scheme {
        Certainty::Likely
    } else {
        Certainty::Sure
    };
    Some((what, start..path_end, certainty))
}

/// A number of a network card, or an address of version 6 of the internet protocol. Called at each colon; looks at
/// both only when the colon is the first.
fn machine(folded: &Folded, colon: usize) -> Found1 {
    let is_part = |b: u8| b.is_ascii_hexdigit() || b == b':';
    let start = back(folded, colon, 5, |b| b.is_ascii_hexdigit());
    let end = ahead(folded, colon, 64, is_part);
    let text = folded.get(start..end);
    if back(folded, start, 1, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b':' | b'_')
    }) < start
    {
        return None;
    }
    let parts: Vec<&str> = text.split(':').collect();
    let follows = ahead(folded, end, 1, |b| b.is_ascii_alphanumeric()) > end;
    if parts.len() == 6 && parts.iter().all(|part| part.len() == 2) && !follows {
        return Some((Clue::MacAddress, start..end, Certainty::Sure));
    }
    let short = parts.iter().all(|part| part.len() <= 4);
    let empty = text.matches("::").count();
    let filled = parts.iter().filter(|part| !part.is_empty()).count();
    let is_v6 = short
        && !follows
        && (parts.len() == 8 && empty == 0 || empty == 1 && filled >= 3 && parts.len() <= 8);
    is_v6.then_some((Clue::IpAddress, start..end, Certainty::Sure))
}

fn ip_v4(folded: &Folded, index: usize, found: &mut Found) {
    let tokens = folded.tokens.get(index..).unwrap_or_default();
    let Some(four) = tokens.get(..4) else { return };
    let (Some(first), Some(last)) = (four.first(), four.last()) else {
        return;
    };
    let joined = |pair: &[super::folded::Token]| match pair {
        [a, b] => folded.get(a.end..b.start) == ".",
        _ => false,
    };
    let is_octet =
        |text: &str| text.len() <= 3 && text.parse::<u16>().is_ok_and(|value| value <= 255);
    let around = folded.get(0..first.start).ends_with('.')
        || folded
            .get(last.end..folded.text.len())
            .starts_with(|c: char| c.is_alphanumeric());
    let is_five =
        tokens.get(3..5).is_some_and(joined) && tokens.get(4).is_some_and(|token| token.is_number);
    if four.windows(2).all(joined)
        && four
            .iter()
            .all(|token| token.is_number && is_octet(folded.get(token.start..token.end)))
        && !around
        && !is_five
        && !folded.is_after(first.start, 1, VERSION)
    {
        found.push(Clue::IpAddress, first.start..last.end, Certainty::Sure);
    }
    // A network card's number with strokes.
    let end = first.start + 17;
    let text = folded.get(first.start..end);
    let is_mac = text.len() == 17
        && text.split('-').count() == 6
        && text
            .split('-')
            .all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_mac && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        found.push(Clue::MacAddress, first.start..end, Certainty::Likely);
    }
}

fn is_path_char(b: u8) -> bool {
    !b.is_ascii_control()
        && !matches!(
            b,
            b' ' | b'"' | b'<' | b'>' | b'|' | b'?' | b'*' | b',' | b';'
        )
}

/// `C:\Users\…` and other folders on a drive.
fn windows_path(folded: &Folded, colon: usize) -> Found1 {
    let start = colon.checked_sub(1)?;
    let letter = folded.text.as_bytes().get(start)?;
    let rest = folded.get(colon + 1..folded.text.len());
    if !letter.is_ascii_lowercase() || !rest.starts_with(['\\', '/']) || rest.starts_with("//") {
        return None;
    }
    let end = ahead(folded, colon + 1, 1024, is_path_char);
    let has_user = ["\\users\\", "/users/", "\\documents and settings\\"]
        .iter()
        .any(|users| rest.starts_with(users));
    let certainty = if has_user {
        Certainty::Sure
    } else {
        Certainty::Likely
    };
    (end > colon + 3).then_some((Clue::Path, start..end, certainty))
}

fn path(folded: &Folded, at: usize) -> Found1 {
    let rest = folded.get(at..folded.text.len());
    let is_first = back(folded, at, 1, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'\\' | b':' | b'/')
    }) == at;
    let homes = [
        "/home/",
        "/users/",
        "\\\\",
        "/storage/emulated/",
        "/sdcard/",
        "/var/mobile/",
    ];
    let home = homes.iter().find(|home| rest.starts_with(**home))?;
    let end = ahead(folded, at, 1024, is_path_char);
    let range = at..at
        + folded
            .get(at..end)
            .trim_end_matches(['.', ':', ')', '\''])
            .len();
    (is_first && range.len() > home.len() + 1).then_some((Clue::Path, range, Certainty::Sure))
}

/// `name at gmail dot com`, with or without brackets, in both languages.
fn spelled(folded: &Folded, index: usize, found: &mut Found) {
    if !matches!(folded.word(index), "at" | "ات" | "ايت") {
        return;
    }
    let Some(name_at) = index.checked_sub(1) else {
        return;
    };
    let Some(first) = folded.tokens.get(name_at) else {
        return;
    };
    let is_dot = |word: &str| matches!(word, "dot" | "دوت" | "نقطه");
    let is_top = |word: &str| TOPS.contains(&word) || matches!(word, "كوم" | "نت");
    if let Some(last) = folded.tokens.get(index + 3)
        && is_dot(folded.word(index + 2))
        && is_top(folded.word(index + 3))
        && last.end - first.start < 120
        && !folded.get(first.start..last.end).contains('\n')
    {
        let start = back(folded, first.start, MAX_LOCAL, is_name);
        found.push(Clue::Email, start..last.end, Certainty::Sure);
        return;
    }
    let (Some(host), Some(top)) = (folded.tokens.get(index + 1), folded.tokens.get(index + 2))
    else {
        return;
    };
    // "name (at) gmail.com"
    if folded.get(host.end..top.start) == "." && TOPS.contains(&folded.get(top.start..top.end)) {
        let start = back(folded, first.start, MAX_LOCAL, is_name);
        let bracketed = folded.get(first.end..host.start).contains(['(', '[', '{']);
        let known = [
            "gmail",
            "hotmail",
            "yahoo",
            "outlook",
            "icloud",
            "proton",
            "protonmail",
        ];
        if bracketed || known.contains(&folded.get(host.start..host.end)) {
            found.push(Clue::Email, start..top.end, Certainty::Sure);
        }
    }
}

const NETWORK_WORDS: &[&str] = &[
    "instagram",
    "insta",
    "telegram",
    "snap",
    "snapchat",
    "twitter",
    "tiktok",
    "facebook",
    "username",
    "handle",
    "discord",
    "signal",
    "wechat",
    "threema",
    "linkedin",
    "ig",
    "انستا",
    "انستقرام",
    "انستغرام",
    "انستجرام",
    "تويتر",
    "تلجرام",
    "تلغرام",
    "تيليجرام",
    "تليجرام",
    "تليغرام",
    "تلقرام",
    "سناب",
    "سنابي",
    "فيسبوك",
    "تيكتوك",
    "يوزر",
    "يوزري",
    "ديسكورد",
    "حسابي",
];
const LINKS: &[&str] = &[
    "is",
    "my",
    "account",
    "name",
    "id",
    "handle",
    "under",
    "as",
    "user",
    "username",
    "on",
    "me",
    "page",
    "profile",
    "called",
    "اسمه",
    "اسمي",
    "حسابي",
    "حساب",
    "باسم",
    "على",
    "علي",
    "هو",
    "يوزر",
    "يوزري",
    "الحساب",
    "صفحتي",
    "عنده",
    "اسم",
    "المستخدم",
];

/// Arabic writes "his" and "my" onto the end of a word.
fn is_network(word: &str) -> bool {
    super::folded::stems(word).any(|word| {
        let is_one = |network: &&str| {
            let rest = word.strip_prefix(*network);
            rest.is_some_and(|rest| {
                rest.is_empty() || !rest.is_ascii() && rest.chars().count() <= 3
            })
        };
        NETWORK_WORDS.iter().any(is_one)
    })
}

/// A name in Latin letters behind the name of a network.
fn account(folded: &Folded, index: usize, found: &mut Found) {
    if !is_network(folded.word(index)) {
        return;
    }
    let mut next = index + 1;
    let mut is_linked = false;
    while next < index + 5 && LINKS.contains(&folded.word(next)) {
        is_linked = true;
        next += 1;
    }
    let (Some(network), Some(token)) = (folded.tokens.get(index), folded.tokens.get(next)) else {
        return;
    };
    let gap = folded.get(network.end..token.start);
    let is_marked = gap.contains([':', '"', '=', '«', '“']);
    if gap.contains(['\n', '.', '@', '?', '!']) || gap.len() > 40 {
        return;
    }
    let end = ahead(folded, token.start, 30, is_name);
    let name = folded.get(token.start..end).trim_end_matches(['.', '-']);
    let has_shape = name
        .bytes()
        .any(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.'))
        && name.bytes().any(|b| b.is_ascii_alphabetic());
    let arabic_around = !folded.word(index).is_ascii();
    let is_latin = name.len() >= 4 && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if is_latin && (has_shape || is_marked || arabic_around && is_linked) {
        found.push(
            Clue::Account,
            token.start..token.start + name.len(),
            Certainty::Likely,
        );
    }
}
