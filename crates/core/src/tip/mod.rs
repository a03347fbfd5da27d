//! What the informant wrote, and what the analyst reads.
//!
//! Format v1, section 4.

mod json;
mod media;

use std::{collections::BTreeMap, io::Read};

use zeroize::Zeroizing;

pub(crate) use self::json::MAX_JSON;
pub use self::media::MediaType;
use crate::{OpenError, Recipient, SealError, envelope::Form};

/// The longest text of a tip, answers included, in octets of UTF-8.
pub const MAX_TEXT: usize = 1024 * 1024;
/// The most attachments that a tip carries.
pub const MAX_ATTACHMENTS: usize = 999;
/// The most answers that a tip carries.
const MAX_ANSWERS: usize = 999;

/// A tip that is about to be sealed: what the informant wrote.
///
/// Its text is wiped when it is dropped, and it has no `Debug`, so that it cannot slip into a log:
///
/// ```compile_fail
/// let tip = hamsa_core::Tip::new("…".to_owned().into()).unwrap();
/// println!("{tip:?}");
/// ```
pub struct Tip<'a> {
    body: Body,
    files: Vec<CleanFile<'a>>,
}

impl<'a> Tip<'a> {
    /// A tip with nothing but a text, which is moved in and wiped later.
    ///
    /// # Errors
    /// [`SealError::TextTooLong`] above [`MAX_TEXT`] octets; [`SealError::TextHasNul`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, SealError> {
        let mut tip = Self {
            body: Body::default(),
            files: Vec::new(),
        };
        tip.body.text = checked(text, MAX_TEXT)?;
        Ok(tip)
    }

    /// Says which language the text is in, as a BCP 47 tag: `ar`, `en-GB`.
    ///
    /// # Errors
    /// [`SealError::BadField`] when the tag is not well formed.
    pub fn language(mut self, tag: &str) -> Result<Self, SealError> {
        self.body.language = Some(field(tag, is_language)?);
        Ok(self)
    }

    /// Names a department's topic, by its id on the card.
    ///
    /// # Errors
    /// [`SealError::BadField`] when it is not an id: 1 to 32 of `a`–`z`, `0`–`9` and `-`.
    pub fn category(mut self, id: &str) -> Result<Self, SealError> {
        self.body.category = Some(field(id, is_id)?);
        Ok(self)
    }

    /// Names the group that the informant counts himself to, by its id on the card.
    ///
    /// # Errors
    /// [`SealError::BadField`] as for [`Tip::category`].
    pub fn caller_group(mut self, id: &str) -> Result<Self, SealError> {
        self.body.caller_group = Some(field(id, is_id)?);
        Ok(self)
    }

    /// Says to which recipient a reply is to be sealed.
    #[must_use]
    pub fn reply_to(mut self, recipient: Recipient) -> Self {
        self.body.reply_to = Some(recipient);
        self
    }

    /// Answers a question of a form. `question` is an id; a second answer to it replaces the first.
    ///
    /// # Errors
    /// [`SealError::BadField`] for a bad id or the thousandth answer; [`SealError::TextTooLong`] when
    /// text and answers together are above [`MAX_TEXT`]; [`SealError::TextHasNul`].
    pub fn answer(mut self, question: &str, answer: Zeroizing<String>) -> Result<Self, SealError> {
        let question = field(question, is_id)?;
        let room = MAX_TEXT.saturating_sub(self.body.text_len());
        let answer = checked(answer, room)?;
        self.body.answers.insert(question, answer);
        if self.body.answers.len() > MAX_ANSWERS {
            return Err(SealError::BadField);
        }
        Ok(self)
    }

    /// Adds a file. Attachments are sealed in the order in which they were added.
    ///
    /// # Errors
    /// [`SealError::TooManyAttachments`].
    pub fn attach(mut self, file: CleanFile<'a>) -> Result<Self, SealError> {
        if self.files.len() == MAX_ATTACHMENTS {
            return Err(SealError::TooManyAttachments);
        }
        self.body.attachments.push((file.media_type, file.role));
        self.files.push(file);
        Ok(self)
    }

    pub(crate) fn files(&self) -> &[CleanFile<'a>] {
        &self.files
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn into_files(self) -> Vec<CleanFile<'a>> {
        self.files
    }
}

#[cfg(fuzzing)]
impl<'a> Tip<'a> {
    /// The tip that was opened, to be sealed again.
    pub(crate) fn again(opened: OpenedTip, contents: impl Iterator<Item = &'a [u8]>) -> Self {
        let files = opened.attachments.iter().zip(contents);
        let files = files.map(|(about, content)| CleanFile {
            media_type: about.media_type,
            role: about.role,
            len: about.len,
            content: Box::new(content),
        });
        Self {
            files: files.collect(),
            body: opened.body,
        }
    }
}

/// A file that may be attached: what scrubbing made, or what somebody vouched for by a name with `danger`.
pub struct CleanFile<'a> {
    media_type: MediaType,
    role: Role,
    pub(crate) len: u64,
    pub(crate) content: Box<dyn Read + Send + 'a>,
}

impl<'a> CleanFile<'a> {
    /// A file as it is, with whatever in it identifies its maker.
    ///
    /// `len` is its exact length in octets; sealing fails when the reader gives more or fewer.
    pub fn danger_unscrubbed(
        media_type: MediaType,
        len: u64,
        content: impl Read + Send + 'a,
    ) -> Self {
        Self::new(media_type, Role::Unscrubbed, len, content)
    }

    /// The untouched original of the clean copy that was attached before it, for evidence: with whatever in it
    /// identifies its maker.
    pub fn danger_original(
        media_type: MediaType,
        len: u64,
        content: impl Read + Send + 'a,
    ) -> Self {
        Self::new(media_type, Role::Original, len, content)
    }

    /// A file that the caller vouches for: everything that identifies its maker was taken out of it. `hamsa-scrub`
    /// makes these; whoever cleans by other means answers for them.
    pub fn danger_vouched(media_type: MediaType, len: u64, content: impl Read + Send + 'a) -> Self {
        Self::new(media_type, Role::Clean, len, content)
    }

    fn new(media_type: MediaType, role: Role, len: u64, content: impl Read + Send + 'a) -> Self {
        Self {
            media_type,
            role,
            len,
            content: Box::new(content),
        }
    }
}

/// What an attachment is to the tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A copy from which everything was taken that identifies its maker.
    Clean,
    /// A file as it was: handle it as something that may name the informant.
    Unscrubbed,
    /// The untouched original of the clean copy before it, for evidence.
    Original,
}

impl Role {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Clean, "clean"),
        (Self::Unscrubbed, "unscrubbed"),
        (Self::Original, "original"),
    ];

    /// The word in `tip.json`.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, _)| *role == self)
            .map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        let (role, _) = Self::ALL.iter().find(|(_, w)| *w == word)?;
        Some(*role)
    }
}

/// A tip that was opened: what the analyst reads.
///
/// It is wiped when dropped, and has no `Debug`:
///
/// ```compile_fail
/// fn log(tip: &hamsa_core::OpenedTip) { println!("{tip:?}"); }
/// ```
pub struct OpenedTip {
    body: Body,
    attachments: Vec<Attachment>,
    form: Form,
}

impl OpenedTip {
    pub(crate) fn new(body: Body, attachments: Vec<Attachment>, form: Form) -> Self {
        Self {
            body,
            attachments,
            form,
        }
    }

    /// A tip that came in the short form, which has a text and nothing else.
    pub(crate) fn short(text: Zeroizing<String>) -> Self {
        let body = Body {
            text,
            ..Body::default()
        };
        Self::new(body, Vec::new(), Form::Short)
    }

    /// What the informant wrote. It may hold any character but NUL: show it as text, never as markup.
    pub fn text(&self) -> &str {
        &self.body.text
    }

    /// The language of the text, a BCP 47 tag, as the informant's program gave it.
    pub fn language(&self) -> Option<&str> {
        self.body.language.as_deref()
    }

    /// The topic's id on the card.
    pub fn category(&self) -> Option<&str> {
        self.body.category.as_deref()
    }

    /// The caller group's id on the card. It is what the informant says of himself.
    pub fn caller_group(&self) -> Option<&str> {
        self.body.caller_group.as_deref()
    }

    /// To whom a reply is to be sealed, when the informant took a receipt.
    pub fn reply_to(&self) -> Option<&Recipient> {
        self.body.reply_to.as_ref()
    }

    /// The answers to the questions of a form, by the questions' ids.
    pub fn answers(&self) -> &BTreeMap<String, Zeroizing<String>> {
        &self.body.answers
    }

    /// The attachments, in the order in which they were sealed.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// Which kind of envelope the tip came in.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The tip as `tip.json`, byte for byte as it stood in the envelope (for the short form: as it would).
    pub fn to_json(&self) -> Zeroizing<Vec<u8>> {
        self.body.to_json()
    }
}

/// What is known of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// The place in the tip, from 1.
    pub number: usize,
    /// The kind of content, as the informant's program gave it. It has not been checked.
    pub media_type: MediaType,
    /// What the file is to the tip.
    pub role: Role,
    /// Octets.
    pub len: u64,
}

impl Attachment {
    /// The file's name: its number and the extension of its media type, `1.jpg`. Nothing of it is the
    /// informant's.
    pub fn name(&self) -> String {
        format!("{}.{}", self.number, self.media_type.extension())
    }
}

/// The fields of `tip.json`.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) text: Zeroizing<String>,
    language: Option<String>,
    category: Option<String>,
    caller_group: Option<String>,
    reply_to: Option<Recipient>,
    pub(crate) attachments: Vec<(MediaType, Role)>,
    answers: BTreeMap<String, Zeroizing<String>>,
}

impl Body {
    fn text_len(&self) -> usize {
        self.text.len()
            + self
                .answers
                .values()
                .map(|answer| answer.len())
                .sum::<usize>()
    }

    /// Reads `tip.json`, in its one spelling.
    ///
    /// # Errors
    /// [`OpenError::BadTip`], [`OpenError::NewerVersion`].
    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, OpenError> {
        json::read(bytes)
    }

    /// Writes `tip.json`.
    pub(crate) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        json::write(self)
    }

    /// Octets of `tip.json`.
    pub(crate) fn json_len(&self) -> usize {
        json::len(self)
    }

    /// The limits that hold on both sides.
    fn is_within_limits(&self) -> bool {
        let texts = || self.answers.values().chain([&self.text]);
        self.text_len() <= MAX_TEXT
            && texts().all(|text| !text.contains('\0'))
            && self.attachments.len() <= MAX_ATTACHMENTS
            && self.answers.len() <= MAX_ANSWERS
            && self.answers.keys().all(|id| is_id(id))
            && self.language.as_deref().is_none_or(is_language)
            && self.category.as_deref().is_none_or(is_id)
            && self.caller_group.as_deref().is_none_or(is_id)
    }
}

/// Whether `text` is an id of a department, topic, caller group or question: 1 to 32 of `a`–`z`, `0`–`9`, `-`.
pub(crate) fn is_id(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(allowed)
}

/// Whether `text` has the form of a language tag (RFC 5646, section 2.1): subtags of 1 to 8 letters and digits.
pub(crate) fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let primary = subtags.next().unwrap_or_default();
    (2..=8).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && text.len() <= 35
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

fn field(text: &str, is_allowed: fn(&str) -> bool) -> Result<String, SealError> {
    if is_allowed(text) {
        Ok(text.to_owned())
    } else {
        Err(SealError::BadField)
    }
}

fn checked(text: Zeroizing<String>, room: usize) -> Result<Zeroizing<String>, SealError> {
    if text.len() > room {
        Err(SealError::TextTooLong)
    } else if text.contains('\0') {
        Err(SealError::TextHasNul)
    } else {
        Ok(text)
    }
}
