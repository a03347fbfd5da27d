//! Names that elements refer to each other by, and what they refer to elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::job::Job;
use crate::{Kind, Refusal, Remark, What};

/// Old names and the new ones that stand for them.
pub(super) struct Names<'a> {
    job: &'a mut Job,
    ids: BTreeMap<String, String>,
    classes: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
    motions: BTreeMap<String, String>,
    /// Ids that something refers to.
    used: BTreeSet<String>,
    /// While true, references are only gathered.
    is_gathering: bool,
}

/// Where a value with references stands.
pub(super) enum Value {
    /// A presentation attribute.
    Attribute,
    /// A declaration.
    Css,
}

impl<'a> Names<'a> {
    pub(super) fn new(job: &'a mut Job) -> Self {
        Self {
            job,
            ids: BTreeMap::new(),
            classes: BTreeMap::new(),
            variables: BTreeMap::new(),
            motions: BTreeMap::new(),
            used: BTreeSet::new(),
            is_gathering: true,
        }
    }

    /// Gives new ids, in the order of the elements that have them, to those that something refers to.
    pub(super) fn number<'b>(&mut self, ids: impl Iterator<Item = &'b str>) {
        for id in ids {
            if self.used.contains(id) && !self.ids.contains_key(id) {
                let new = format!("id{}", self.ids.len() + 1);
                self.ids.insert(id.to_owned(), new);
            }
        }
        self.is_gathering = false;
    }

    /// The new name of an id, unless no element has it or nothing refers to it.
    pub(super) fn id(&mut self, old: &str) -> Option<String> {
        if self.is_gathering {
            self.used.insert(old.to_owned());
            return Some(String::new());
        }
        self.ids.get(old).cloned()
    }

    /// The new id of an element, if something refers to it.
    pub(super) fn known_id(&self, old: &str) -> Option<String> {
        self.ids.get(old).cloned()
    }

    /// The new name of a class. Style sheets name them; elements then have only those.
    pub(super) fn class(&mut self, old: &str, in_sheet: bool) -> Option<String> {
        if old.is_empty() {
            return None;
        }
        named(&mut self.classes, old, "c", in_sheet)
    }

    /// The new name of a variable.
    pub(super) fn variable(&mut self, old: &str) -> String {
        let new = named(&mut self.variables, old, "v", true).unwrap_or_default();
        format!("--{new}")
    }

    /// The new name of a motion in a style sheet.
    pub(super) fn motion(&mut self, old: &str) -> String {
        named(&mut self.motions, old, "m", true).unwrap_or_default()
    }

    /// A value of `animation` with new names.
    pub(super) fn motions(&mut self, value: &str) -> String {
        let words = value.split(' ').map(|word| {
            let (word, comma) = match word.strip_suffix(',') {
                Some(word) => (word, ","),
                None => (word, ""),
            };
            let is_own = is_motion_name(word);
            let new = if is_own {
                self.motion(word)
            } else {
                word.to_owned()
            };
            format!("{new}{comma}")
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// A value in which `url(#id)` and `var(--name)` have new names; nothing when it is loaded from elsewhere.
    pub(super) fn value(&mut self, place: &Value, value: &str) -> Result<Option<String>, Refusal> {
        let mut out = String::new();
        let mut rest = value;
        let lower = |text: &str| text.to_ascii_lowercase();
        while let Some(at) = lower(rest).find("url(") {
            let (before, call) = rest.split_at(at);
            out.push_str(before);
            let call = call.get(4..).unwrap_or_default();
            let (target, after) = call.split_once(')').ok_or(Refusal::Damaged)?;
            let target = target.trim().trim_matches(['"', '\'']).trim();
            rest = after;
            if let Some(id) = target.strip_prefix('#') {
                match self.id(id) {
                    Some(id) => {
                        let _ = write!(out, "url(#{id})");
                    }
                    // What does not exist is not drawn; the word keeps what stands behind it in its place.
                    None => out.push_str("none"),
                }
            } else if target.starts_with("data:") {
                return Err(Refusal::Unsupported("a picture within a style"));
            } else {
                self.elsewhere(target);
                return Ok(None);
            }
        }
        out.push_str(rest);
        let is_active = |word: &&&str| lower(&out).contains(**word);
        if let Some(word) = ACTIVE.iter().find(is_active) {
            self.elsewhere(word);
            return Ok(None);
        }
        let mut rest = std::mem::take(&mut out);
        while let Some((before, call)) = rest.split_once("var(--") {
            let end = call.find([')', ',', ' ']).unwrap_or(call.len());
            let (name, after) = call.split_at(end);
            let _ = write!(out, "{before}var({}", self.variable(name));
            rest = after.to_owned();
        }
        out.push_str(&rest);
        if matches!(place, Value::Css) && out.contains(['<', '{', '}', '\\']) {
            return Ok(None);
        }
        Ok(Some(out).filter(|out| !out.trim().is_empty()))
    }

    /// The target of a link: another element, or a picture that stands in it. Nothing for what is elsewhere.
    pub(super) fn link(&mut self, element: &str, target: &str) -> Result<Option<String>, Refusal> {
        let target = target.trim();
        if let Some(id) = target.strip_prefix('#') {
            return Ok(self.id(id).map(|id| format!("#{id}")));
        }
        let is_data = target
            .get(..5)
            .is_some_and(|t| t.eq_ignore_ascii_case("data:"));
        if is_data && matches!(element, "image" | "feImage" | "use") {
            if self.is_gathering {
                return Ok(Some(String::new()));
            }
            return self.picture(target.get(5..).unwrap_or_default()).map(Some);
        }
        self.elsewhere(target);
        Ok(None)
    }

    /// Reports once, in the second round.
    pub(super) fn found(&mut self, what: What, place: &'static str, value: &str) {
        if !self.is_gathering {
            self.job.found(what, place, value);
        }
    }

    /// What a link to elsewhere leaves behind.
    pub(super) fn lost_link(&mut self, place: &'static str, target: &str) {
        if !self.is_gathering {
            self.job.found(What::Path, place, target);
            self.job.remark(Remark::LinksLost);
        }
    }

    fn elsewhere(&mut self, target: &str) {
        if !target.is_empty() {
            self.lost_link("link to elsewhere", target);
        }
    }

    /// A picture that stands in the drawing, scrubbed.
    fn picture(&mut self, uri: &str) -> Result<String, Refusal> {
        let (head, body) = uri.split_once(',').ok_or(Refusal::Damaged)?;
        let bytes = if head.trim_end().ends_with("base64") {
            let packed: Vec<u8> = percent_decoded(body)
                .into_iter()
                .filter(|b| !b.is_ascii_whitespace() && *b != b'=')
                .collect();
            let lenient = base64::engine::GeneralPurposeConfig::new()
                .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true);
            let engine = base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
            engine.decode(packed).map_err(|_| Refusal::Damaged)?
        } else {
            percent_decoded(body)
        };
        self.job.unpacked(bytes.len() as u64)?;
        let (kind, clean) = self.job.nested("embedded picture", &bytes)?;
        let is_picture = matches!(
            kind,
            Kind::Jpeg
                | Kind::Png
                | Kind::Gif
                | Kind::WebP
                | Kind::Svg
                | Kind::Avif
                | Kind::Bmp
                | Kind::Tiff
                | Kind::Heic
        );
        if !is_picture {
            return Err(Refusal::Unsupported(
                "something in a drawing that is no picture",
            ));
        }
        let media = kind.media_type();
        Ok(format!(
            "data:{};base64,{}",
            media.as_str(),
            STANDARD.encode(&*clean)
        ))
    }

    /// Times of an animation, which may depend on others.
    pub(super) fn times(&mut self, value: &str) -> Option<String> {
        let mut kept = Vec::new();
        for time in value.split(';') {
            let time: String = time.split_whitespace().collect::<Vec<_>>().join(" ");
            let (front, event) = match time.split_once('.') {
                Some((id, event)) if id.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    (self.id(id).map(|new| format!("{new}.")), event)
                }
                _ => (Some(String::new()), time.as_str()),
            };
            let is_plain = event
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " +-.:()".contains(c));
            let word = event
                .split(|c: char| !c.is_ascii_alphabetic())
                .next()
                .unwrap_or_default();
            if let Some(front) =
                front.filter(|_| is_plain && (EVENTS.contains(&word) || word.is_empty()))
            {
                kept.push(format!("{front}{event}"));
            }
        }
        (!kept.is_empty()).then(|| kept.join(";"))
    }
}

/// What in a value loads or runs something, or is a comment.
const ACTIVE: &[&str] = &[
    "javascript:",
    "expression(",
    "http:",
    "https:",
    "file:",
    "data:",
    "/*",
];

/// What an animation may wait for.
const EVENTS: &[&str] = &[
    "begin",
    "end",
    "repeat",
    "indefinite",
    "click",
    "mousedown",
    "mouseup",
    "mouseover",
    "mouseout",
    "mousemove",
    "mouseenter",
    "mouseleave",
    "focusin",
    "focusout",
    "activate",
    "load",
    "s",
    "ms",
    "min",
    "h",
];

fn named(
    names: &mut BTreeMap<String, String>,
    old: &str,
    letter: &str,
    is_new: bool,
) -> Option<String> {
    if let Some(new) = names.get(old) {
        return Some(new.clone());
    }
    is_new.then(|| {
        let new = format!("{letter}{}", names.len() + 1);
        names.insert(old.to_owned(), new.clone());
        new
    })
}

/// Whether a word of `animation` is none of its keywords, times and functions.
fn is_motion_name(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "none",
        "infinite",
        "linear",
        "ease",
        "ease-in",
        "ease-out",
        "ease-in-out",
        "step-start",
        "step-end",
        "normal",
        "reverse",
        "alternate",
        "alternate-reverse",
        "forwards",
        "backwards",
        "both",
        "running",
        "paused",
        "initial",
        "inherit",
        "unset",
    ];
    word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '-'))
        && !word.contains(['(', ')'])
        && !WORDS.contains(&word)
        && word.parse::<f64>().is_err()
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.first_chunk::<2>().filter(|_| first == b'%');
        let octet = hex.and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        out.push(octet.unwrap_or(first));
        rest = if octet.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    out
}
