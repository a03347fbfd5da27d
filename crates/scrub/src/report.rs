//! What was found and taken out.

use std::borrow::Cow;

use zeroize::Zeroizing;

/// What was found in one file. It has no `Debug`: it holds what identifies somebody.
#[derive(Default)]
pub struct Report {
    findings: Vec<Finding>,
    remarks: Vec<Remark>,
}

/// More findings than this in one file are only counted.
const MAX_FINDINGS: usize = 1000;
/// Among so many of the last findings the same one is not told again.
const SAME: usize = 8;
/// Of a value, no more than this many characters are remembered.
const MAX_VALUE: usize = 200;

impl Report {
    /// Each thing that was taken out, in the order in which it stood; the first 1,000.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What the person should know about what is left, each once.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Whether there was nothing to take out.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        // Encoders write their names into every picture of a video: once is enough.
        let mut last = self.findings.iter().rev().take(SAME);
        let is_same = |other: &Finding| {
            (other.what, &other.place, other.value(), other.count)
                == (finding.what, &finding.place, finding.value(), finding.count)
        };
        if self.findings.len() < MAX_FINDINGS && !last.any(is_same) {
            self.findings.push(finding);
        }
    }

    pub(crate) fn take_back(&mut self, remark: Remark) {
        self.remarks.retain(|known| *known != remark);
    }

    pub(crate) fn remark(&mut self, remark: Remark) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// One thing that was taken out.
pub struct Finding {
    /// What it tells about whom.
    pub what: What,
    /// Where it stood, in the words of the format: `EXIF GPSLatitude`, `moov/udta/©xyz`, `member 3: docProps/core.xml
    /// creator`. Never a name or value that the file's maker chose.
    pub place: Cow<'static, str>,
    value: Zeroizing<String>,
    count: Option<usize>,
}

impl Finding {
    /// `value` may be empty when it is not text. Control characters become spaces, and the end of a long one is cut.
    pub(crate) fn new(what: What, place: impl Into<Cow<'static, str>>, value: &str) -> Self {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let shown = value.chars().take(MAX_VALUE);
        let mut kept = Zeroizing::new(String::with_capacity(value.len().min(MAX_VALUE * 4)));
        kept.extend(shown.map(|c| if c.is_control() { ' ' } else { c }));
        Self {
            what,
            place: place.into(),
            value: kept,
            count: None,
        }
    }

    /// So many of one kind, which have no value to show.
    pub(crate) fn counted(what: What, place: impl Into<Cow<'static, str>>, count: usize) -> Self {
        Self {
            count: Some(count),
            ..Self::new(what, place, "")
        }
    }

    /// The same, in a file within the file.
    pub(crate) fn within(&self, outer: &str) -> Self {
        Self {
            what: self.what,
            place: format!("{outer}: {}", self.place).into(),
            value: self.value.clone(),
            count: self.count,
        }
    }

    /// How many there were of this kind, where they were counted and have no value.
    pub fn count(&self) -> Option<usize> {
        self.count
    }

    /// The value that stood there, as far as it was text: the first 200 characters. Show it only to the person whose
    /// file it is, and only when asked.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value with everything but its first character hidden, and its length: `S••• (12)`. Empty when the value
    /// was not text.
    pub fn masked(&self) -> String {
        let Some(first) = self.value.chars().next() else {
            return String::new();
        };
        let first = if first.is_alphanumeric() {
            first
        } else {
            '•'
        };
        format!("{first}••• ({})", self.value.chars().count())
    }
}

/// Declares an enum of plain variants with a stable code each.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vmeta])* $variant,)* }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name, for translation and scripts.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// What a finding tells.
    What {
        /// Where: coordinates, place names, country codes.
        Place = "place";
        /// Who: authors, owners, account names, e-mail addresses.
        Person = "person";
        /// Which device: make, model, serial numbers, lens.
        Device = "device";
        /// When: dates and times.
        Time = "time";
        /// With what: names and versions of programs.
        Software = "software";
        /// Numbers that are made for one file, device or person.
        Identifier = "identifier";
        /// Paths, host names, printers, links to other files.
        Path = "path";
        /// A second, often older or uncropped, picture.
        Preview = "preview";
        /// Titles, comments, descriptions, keywords.
        Description = "description";
        /// Earlier states: revisions, tracked changes, deleted text.
        History = "history";
        /// Files within the file.
        Attachment = "attachment";
        /// Scripts and actions.
        Script = "script";
        /// Signed records of where the file came from (C2PA and others).
        Provenance = "provenance";
        /// A colour profile's own texts, dates and ids.
        ColourProfile = "colour-profile";
        /// Characters of a text that show nothing or look like others, spaces and line ends of unusual kinds: they can
        /// number a copy. The place is the code of a [`crate::words::marks::Mark`].
        Mark = "mark";
        /// Octets that the format gives no meaning: gaps, padding, what follows the end.
        Unknown = "unknown";
    }
}

codes! {
    /// What the person should know about a clean file.
    Remark {
        /// What can be seen or heard may identify: faces, voices, places, screens.
        ContentStays = "content-stays";
        /// The device's noise pattern stays in a photo or video.
        SensorNoise = "sensor-noise";
        /// A phone's extra brightness or depth layer is gone.
        ExtraLayersLost = "extra-layers-lost";
        /// Only the first of several pictures in the file was kept.
        PicturesLost = "pictures-lost";
        /// Something was hidden in the document and is still there: sheets, slides, rows, text.
        HiddenContent = "hidden-content";
        /// A name that was taken out of the properties also stands in the text.
        NameInText = "name-in-text";
        /// Names of files in an archive may identify.
        MemberNames = "member-names";
        /// Words of text files in an archive stay, and nobody has looked through them.
        MembersUnread = "members-unread";
        /// Fonts, styles and the language of a document may point to a template.
        Template = "template";
        /// Form fields and notes are now part of the page.
        Flattened = "flattened";
        /// Signatures are gone.
        SignatureLost = "signature-lost";
        /// Things that a page loaded from elsewhere are gone.
        LinksLost = "links-lost";
        /// Tracks other than picture and sound are gone: subtitles, chapters, positions.
        TracksLost = "tracks-lost";
        /// Invisible characters were taken out of the text.
        MarksLost = "marks-lost";
        /// The picture was drawn again: a little smaller, and harder to match with the camera.
        Redrawn = "redrawn";
        /// Drawing again was asked for, and the file was only cleaned: it is no picture of a kind that can be drawn
        /// again, or has several pages or frames.
        NotRedrawn = "not-redrawn";
        /// A picture or film ends without its end: it may be cut short.
        CutShort = "cut-short";
        /// Scripts and macros are gone.
        ScriptsLost = "scripts-lost";
        /// A drawing's second, richer copy of itself is gone; programs show the plain one.
        RicherDrawingLost = "richer-drawing-lost";
    }
}
