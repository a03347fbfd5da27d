//! Media types and the extensions of the names that we give.
//!
//! Format v1, section 3.2.

/// The kind of an attachment's content. Types that the table does not have are `application/octet-stream`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType(usize);

/// Type and extension. The order is not part of the format; the pairs are, and a new one is a new version.
const TABLE: [(&str, &str); 44] = [
    ("application/octet-stream", "bin"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/tiff", "tif"),
    ("image/bmp", "bmp"),
    ("image/heic", "heic"),
    ("image/avif", "avif"),
    ("image/svg+xml", "svg"),
    ("image/emf", "emf"),
    ("image/wmf", "wmf"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
    ("video/3gpp", "3gp"),
    ("video/x-matroska", "mkv"),
    ("video/webm", "webm"),
    ("video/x-msvideo", "avi"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/wav", "wav"),
    ("audio/flac", "flac"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "opus"),
    ("audio/amr", "amr"),
    ("application/pdf", "pdf"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/epub+zip", "epub"),
    ("application/msword", "doc"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/rtf", "rtf"),
    ("application/zip", "zip"),
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("application/json", "json"),
    ("application/xml", "xml"),
    ("message/rfc822", "eml"),
];

impl MediaType {
    /// The type of that name, or `application/octet-stream` when the table does not have it.
    pub fn parse(name: &str) -> Self {
        Self::known(name).unwrap_or(Self(0))
    }

    pub(super) fn known(name: &str) -> Option<Self> {
        TABLE.iter().position(|(known, _)| *known == name).map(Self)
    }

    /// The type's name.
    pub fn as_str(self) -> &'static str {
        TABLE
            .get(self.0)
            .map_or("application/octet-stream", |(name, _)| name)
    }

    /// The extension of the attachment's name, without the dot.
    pub fn extension(self) -> &'static str {
        TABLE.get(self.0).map_or("bin", |(_, extension)| extension)
    }
}
