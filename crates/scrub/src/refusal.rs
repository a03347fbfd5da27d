//! Why a file was not scrubbed.

use core::fmt;
use std::io;

/// Declares the enum: variant, stable code, what happened, what to do.
macro_rules! refusals {
    ($($(#[$meta:meta])* $variant:ident $(($inner:ty))? = $code:literal, $what:literal, $advice:literal;)*) => {
        /// Why a file was not scrubbed. Nothing of it has been written when one of these comes back, and none of
        /// them carries anything that the file held.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum Refusal {
            $($(#[$meta])* $variant $(($inner))?,)*
            /// A member of an archive was refused. Code and sentences are those of what refused it.
            Member {
                /// Which one, counted from 1 in the order of the archive's list.
                number: usize,
                /// Why. Never a `Member` itself but of an archive within the archive.
                refusal: Box<Refusal>,
            },
        }

        impl Refusal {
            /// Every stable code, so that a front end can check that it has words for each.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable name of the refusal, for translation and scripts.
            pub fn code(&self) -> &'static str {
                match self {
                    $(refusals!(@pattern $variant $($inner)?) => $code,)*
                    Self::Member { refusal, .. } => refusal.code(),
                }
            }

            /// What the person can do about it, as an English sentence.
            pub fn advice(&self) -> &'static str {
                match self {
                    $(refusals!(@pattern $variant $($inner)?) => $advice,)*
                    Self::Member { refusal, .. } => refusal.advice(),
                }
            }
        }

        impl fmt::Display for Refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(refusals!(@pattern $variant $($inner)?) => $what,)*
                    Self::Member { number, refusal } => return write!(f, "member {number}: {refusal}"),
                })
            }
        }
    };
    (@pattern $variant:ident) => { Refusal::$variant };
    (@pattern $variant:ident $inner:ty) => { Refusal::$variant(_) };
}

refusals! {
    /// The content is of no kind that Hamsa knows.
    UnknownKind = "scrub-unknown-kind", "this kind of file cannot be cleaned", "save it as a JPEG, PNG, MP4, PDF or text file and try again";
    /// Rich Text Format.
    RichText = "scrub-rich-text", "RTF files cannot be cleaned", "save it as DOCX, ODT or PDF and try again";
    /// Word, Excel and `PowerPoint` files of before 2007 (OLE compound files).
    OldOffice = "scrub-old-office", "files of old office programs cannot be cleaned", "save it as DOCX, XLSX, PPTX or PDF and try again";
    /// A mail with its headers.
    Mail = "scrub-mail", "a mail names its sender and its way, so it cannot be cleaned", "copy its text into the tip and attach its files by themselves";
    /// A camera's raw photo (DNG, CR2, NEF, …).
    RawPhoto = "scrub-raw-photo", "raw photos cannot be cleaned", "export it as JPEG or TIFF and try again";
    /// An archive other than ZIP.
    OtherArchive = "scrub-other-archive", "this kind of archive cannot be cleaned", "unpack it and attach its files by themselves";
    /// A picture, sound or video of a kind that is not among the ones that are cleaned.
    OtherMedia = "scrub-other-media", "this kind of picture, sound or video cannot be cleaned", "save it as JPEG, PNG, MP4 or MP3 and try again";
    /// A web page.
    WebPage = "scrub-web-page", "web pages cannot be cleaned", "print it to a PDF, or copy its text into the tip";
    /// A text whose encoding cannot be told with certainty.
    TextEncoding = "scrub-text-encoding", "it cannot be told how the letters of this text are written", "save it as UTF-8 text and try again";
    /// The file is under a password or rights management.
    Encrypted = "scrub-encrypted", "the file is encrypted", "remove its password and try again";
    /// A known format that uses something that cannot be cleaned without changing the content. The words say what,
    /// for a developer.
    Unsupported(&'static str) = "scrub-unsupported", "the file uses a part of its format that cannot be cleaned", "save it again with another program and try once more";
    /// The file breaks the rules of its format, or is cut short.
    Damaged = "scrub-damaged", "the file is damaged or cut short", "open it in a program that can, save it again and try once more";
    /// Some part of it is longer than will be held in memory.
    TooLarge = "scrub-too-large", "a part of the file is too large to be cleaned", "split it or save it smaller, and try again";
    /// Archives within archives, deeper than will be followed, or one that unpacks to far more than it is.
    TooDeep = "scrub-too-deep", "the file unpacks to more than can be cleaned, or to files too deep within files", "unpack it and attach its files by themselves";
    /// Something that was taken out occurs in what was to be kept.
    Leak = "scrub-leak", "something that was taken out of the file was found again in what was to be kept, so nothing was kept", "save it again with another program, or copy the content by hand";
    /// The clean file did not pass the check that accounts for every octet of it.
    Unverified = "scrub-unverified", "the cleaned file did not pass its check, so it was not kept", "save it again with another program and try once more";
    /// Reading the file failed.
    Io(io::Error) = "scrub-io", "the file could not be read", "check the disk and the permissions, then try again";
}

impl std::error::Error for Refusal {}
