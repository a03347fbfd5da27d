//! What can go wrong on the path, as small enums without strings.
//!
//! Each error says what happened (`Display`), what to do (`advice`) and has a stable name (`code`) by which
//! a front end finds its own words. None of them carries anything that a user wrote.

use core::fmt;
use std::io;

/// Declares one error enum: variant, stable code, what happened, what to do.
macro_rules! errors {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident $(($inner:ty))? = $code:literal, $what:literal, $advice:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vmeta])* $variant $(($inner))?,)* }

        impl $name {
            /// Every stable code of this enum, so that a front end can check that it has words for each.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable name of the error, for translation and scripts.
            pub fn code(&self) -> &'static str {
                match self { $(errors!(@pattern $name $variant $($inner)?) => $code,)* }
            }

            /// What the person can do about it, as an English sentence.
            pub fn advice(&self) -> &'static str {
                match self { $(errors!(@pattern $name $variant $($inner)?) => $advice,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(errors!(@pattern $name $variant $($inner)?) => $what,)* })
            }
        }

        impl std::error::Error for $name {}
    };
    (@pattern $name:ident $variant:ident) => { $name::$variant };
    (@pattern $name:ident $variant:ident $inner:ty) => { $name::$variant(_) };
}

errors! {
    /// Why a tip was not sealed. Nothing usable has been written when one of these comes back.
    SealError {
        /// The text is longer than the form allows: 1 MiB of UTF-8 in a full envelope, 1,098 octets in a short one.
        TextTooLong = "text-too-long", "the text is too long for this kind of envelope", "shorten it, or attach it as a file";
        /// The text holds U+0000, which no tip can carry.
        TextHasNul = "text-has-nul", "the text holds a NUL character", "take it out and seal again";
        /// A language tag, category, caller group or answer is not of the form that the format allows.
        BadField = "bad-field", "a field of the tip is not of the form that the format allows", "use a BCP 47 tag for the language, and ids from the card for the others";
        /// More attachments than a tip may carry (999).
        TooManyAttachments = "too-many-attachments", "a tip can carry at most 999 attachments", "seal the rest in a second tip";
        /// The attachments together are longer than any envelope (2^47 octets).
        TooLong = "too-long", "the attachments are too long for one envelope", "seal them in several tips";
        /// An attachment gave fewer or more octets than was announced.
        AttachmentChanged = "attachment-changed", "an attachment changed its length while it was being read", "close the program that writes to it and seal again";
        /// No recipient, more than eight, the same one twice, or types that must not be mixed.
        BadRecipients = "bad-recipients", "the recipients cannot be sealed to together", "give one to eight different recipients of the same type";
        /// The recipients have no X25519 key, which the short form needs.
        NoShortKey = "no-short-key", "this department does not take short envelopes", "seal a full envelope instead";
        /// The system gave no random numbers.
        NoRandomness = "no-randomness", "the system gave no random numbers", "seal on another device";
        /// Reading an attachment or writing the envelope failed.
        Io(io::Error) = "io", "reading or writing failed", "check the disk and the permissions, then seal again";
    }
}

errors! {
    /// Why an envelope was not opened. Never send one of these back over the channel that the envelope came by.
    OpenError {
        /// The bytes are of no kind that Hamsa knows.
        NotAnEnvelope = "not-an-envelope", "this is not a sealed tip", "check that the right file was chosen and that it arrived whole";
        /// The armor (text form) is damaged.
        BadArmor = "bad-armor", "the text form of the envelope is damaged", "copy it again, from the BEGIN line to the END line";
        /// The age header is not well formed, or holds a share that must be refused.
        BadHeader = "bad-header", "the envelope's header is damaged", "ask for the envelope again; this copy cannot be opened";
        /// The header is longer, or has more stanzas, than an envelope may have.
        HeaderTooLong = "header-too-long", "the envelope's header is longer than any that Hamsa makes", "do not open it; it was not made by a sealing program";
        /// No identity fits any stanza.
        WrongKey = "wrong-key", "this tip was sealed to another key than the ones you gave", "ask which key was in use when it came in, and open it with that one";
        /// The header was changed after sealing.
        BadMac = "bad-mac", "the envelope's header was changed after sealing", "ask for the envelope again; this copy cannot be opened";
        /// A chunk was changed, is missing, or something follows the last one.
        BadPayload = "bad-payload", "the envelope was changed, cut short or extended after sealing", "ask for the envelope again; this copy cannot be opened";
        /// The plaintext is not the one canonical archive that format v1 allows.
        BadFrame = "bad-frame", "the envelope opened, but what is inside is not a tip", "open it with an age program and look at it with care";
        /// The length of the plaintext is not a size class.
        BadSize = "bad-size", "the envelope opened, but its size is not one that a tip can have", "open it with an age program and look at it with care";
        /// `tip.json` is not the one canonical spelling that format v1 allows.
        BadTip = "bad-tip", "the envelope opened, but its description of the tip is not valid", "open it with an age program and look at it with care";
        /// `tip.json` says that it is of a later version.
        NewerVersion = "newer-version", "this tip was sealed by a newer version of Hamsa", "install the newest version and open it again";
        /// A short envelope opened to something that is not text padded to a whole segment.
        BadShort = "bad-short", "the short envelope opened, but what is inside is not text", "ask for the message again";
        /// An identity of an age plugin could not do its work.
        Plugin = "plugin", "the age plugin of one of your identities failed", "check that the plugin is installed and its hardware connected";
        /// Reading the envelope or writing what was in it failed.
        Io(io::Error) = "io", "reading or writing failed", "check the disk and the permissions, then open it again";
    }
}

errors! {
    /// Why an envelope was not cut into parts, or a part not taken.
    PartError {
        /// The octets or letters are not exactly one whole part.
        NotAPart = "not-a-part", "this is not a part of an envelope", "copy it again, from its first letter to its last";
        /// Messages of this length cannot hold the envelope in 65,535 parts.
        TooShort = "parts-too-short", "the messages are too short for this envelope", "use a channel with longer messages, or a shorter tip";
        /// The envelope is longer than is cut into parts (64 MiB).
        TooLong = "too-long-for-parts", "the envelope is too long to be cut into parts", "send it as a file";
    }
}

errors! {
    /// Why nothing was taken out of something that a channel brought. It never says who sent it, when, or what stood in it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    Unreadable {
        /// There is no envelope in it, and no part of one.
        NothingSealed = "nothing-sealed", "nothing sealed is in it", "look at the original: somebody may have written without sealing";
        /// There was an envelope or a part, and it was changed or cut short on its way.
        Damaged = "sealed-damaged", "what was sealed was damaged on its way", "ask for it again, whole, by the same channel or another";
        /// It is longer than the channel's adapter takes in.
        TooLong = "message-too-long", "it is longer than a message of this channel can be", "look at the original, and send large files by another channel";
        /// It is not a message of this channel.
        NotAMessage = "not-a-message", "it is not a message of this channel", "check that the right channel and file were chosen";
    }
}

errors! {
    /// Why a card was refused, or a card could not be made.
    CardError {
        /// The bytes are not a C2SP signed note in canonical form.
        NotACard = "not-a-card", "this is not an agency card", "get the card again from the agency";
        /// The text of the note is not a card of version 1.
        BadCard = "bad-card", "the card's contents are not valid", "get the card again from the agency";
        /// The card says that it is of a later version.
        NewerVersion = "newer-card", "this card was made by a newer version of Hamsa", "install the newest version and try again";
        /// The signature does not fit the text.
        BadSignature = "bad-signature", "the card was changed after it was signed", "do not use it; get the card again from the agency";
        /// The fingerprint is not the expected one.
        WrongFingerprint = "wrong-fingerprint", "this card belongs to another agency than the fingerprint says", "do not use it; compare the 40 digits with the ones that the agency publishes";
        /// What was given as a fingerprint is not 40 digits.
        BadFingerprint = "bad-fingerprint", "a fingerprint has 40 digits", "type all eight groups of five digits";
        /// What was given as a date is not a day in the form YYYY-MM-DD.
        BadDate = "bad-date", "this is not a date", "write the year, month and day like 2026-11-22";
        /// The day is past the card's last day.
        Expired = "expired", "this card has expired", "get the current card from the agency";
        /// The day is before the card's first day.
        NotYetValid = "not-yet-valid", "this card is not valid yet", "check this device's date, or wait for the day on the card";
        /// A card of the same agency with a higher issue number is known.
        RolledBack = "rolled-back", "this card is older than one that you already had", "use the newer one";
        /// The card does not continue the known one: other root, or other hash of its predecessor.
        NotASuccessor = "not-a-successor", "this card does not continue the one that you already had", "do not use it; ask the agency by another way";
        /// The card has no such department.
        NoSuchDepartment = "no-such-department", "the card has no such department", "choose one that `hamsa card show` lists";
        /// The card has several departments and none was named.
        WhichDepartment = "which-department", "the card has several departments", "name one with --to";
        /// The department has no key for this day.
        NoCurrentKey = "no-current-key", "the department has no key for today", "get the current card from the agency";
        /// The secret root key is not valid, or not the one of this card.
        BadRootKey = "bad-root-key", "the root key is not valid or not the one of this card", "use the root key that was made with the card";
        /// The system gave no random numbers.
        NoRandomness = "no-randomness-card", "the system gave no random numbers", "make the keys on another device";
    }
}

errors! {
    /// Why an identity or recipient was refused.
    KeyError {
        /// Not an identity that Hamsa knows.
        BadIdentity = "bad-identity", "this is not an age identity that Hamsa can use", "give a file with lines that begin AGE-SECRET-KEY-";
        /// Not a recipient that Hamsa knows.
        BadRecipient = "bad-recipient", "this is not an age recipient that Hamsa can use", "give one that begins with age1pq1 or age1";
        /// A recipient with a low-order share: nothing sealed to it would be secret.
        WeakRecipient = "weak-recipient", "nothing sealed to this recipient would be secret", "do not use it; ask for the key by another way";
        /// The identity file holds no identity.
        NoIdentity = "no-identity", "the file holds no identity", "give the analyst's key file";
        /// The identity file is protected and no passphrase was given.
        NeedsPassphrase = "needs-passphrase", "the identity file is protected with a passphrase", "give the passphrase";
        /// The passphrase is wrong, or the protected file damaged.
        WrongPassphrase = "wrong-passphrase", "the passphrase does not open this identity file", "type it again; upper and lower case differ";
        /// The plugin is not installed or its identity is not valid.
        Plugin = "plugin-missing", "the age plugin for one of the identities is not there", "install the program age-plugin-NAME, or leave that identity out";
        /// The system gave no random numbers.
        NoRandomness = "no-randomness-key", "the system gave no random numbers", "make the keys on another device";
    }
}

impl From<io::Error> for SealError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// An [`OpenError`] that travelled through a reader comes out as itself.
impl From<io::Error> for OpenError {
    fn from(e: io::Error) -> Self {
        e.downcast().unwrap_or_else(Self::Io)
    }
}

/// Lets an [`OpenError`] travel through a [`std::io::Read`].
impl From<OpenError> for io::Error {
    fn from(e: OpenError) -> Self {
        match e {
            OpenError::Io(e) => e,
            e => Self::new(io::ErrorKind::InvalidData, e),
        }
    }
}
