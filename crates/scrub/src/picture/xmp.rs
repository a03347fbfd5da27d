//! XMP: what it tells.
//!
//! Nothing of a packet is ever kept, so this is for the report only: a packet that is broken is told as far as it reads.
//! ISO 16684-1.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::What;
use crate::job::Job;

/// More properties than this in one packet are not told.
const MAX_PROPERTIES: usize = 500;
/// Of a value, no more octets than this are read.
const MAX_VALUE: usize = 4096;

/// Reports each property of an XMP packet that tells something, under `place`.
pub(crate) fn report(xmp: &[u8], place: &str, job: &mut Job) {
    let text = decoded(xmp);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    let mut told = 0;
    // The innermost element that is a property; lists stand within it.
    let mut open: Vec<Option<&'static Property>> = Vec::new();
    while told < MAX_PROPERTIES {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                told += attributes(&element, place, job);
                let outer = open.last().copied().flatten();
                open.push(known(element.local_name().as_ref()).or(outer));
            }
            Ok(Event::Empty(element)) => told += attributes(&element, place, job),
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::Text(text)) => {
                told += tell(open.last().copied().flatten(), &text, place, job);
            }
            Ok(Event::CData(text)) => {
                told += tell(open.last().copied().flatten(), &text, place, job);
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if told == 0 {
        job.found(What::Description, place.to_owned(), "");
    }
}

/// Reports the properties that are written as attributes.
fn attributes(element: &BytesStart<'_>, place: &str, job: &mut Job) -> usize {
    let mut told = 0;
    for attribute in element.attributes().with_checks(false).flatten() {
        let property = known(attribute.key.local_name().as_ref());
        told += tell(property, &attribute.value, place, job);
    }
    told
}

fn tell(property: Option<&'static Property>, value: &[u8], place: &str, job: &mut Job) -> usize {
    let value = value.get(..MAX_VALUE).unwrap_or(value).trim_ascii();
    let Some(Property(name, what)) = property.filter(|_| !value.is_empty()) else {
        return 0;
    };
    let value = String::from_utf8_lossy(value);
    let plain = quick_xml::escape::unescape(&value).unwrap_or(Cow::Borrowed(&value));
    job.found(*what, format!("{place} {name}"), &plain);
    1
}

/// The packet as UTF-8. It may be UTF-16 of either order.
fn decoded(xmp: &[u8]) -> Cow<'_, str> {
    let order: fn([u8; 2]) -> u16 = match xmp.get(..2) {
        Some([0xFE, 0xFF] | [0, b'<']) => u16::from_be_bytes,
        Some([0xFF, 0xFE] | [b'<', 0]) => u16::from_le_bytes,
        _ => return String::from_utf8_lossy(xmp),
    };
    let (units, _) = xmp.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|&unit| order(unit)));
    text.map(|c| c.unwrap_or('\u{FFFD}'))
        .collect::<String>()
        .into()
}

/// A property by its local name, and what it tells.
struct Property(&'static str, What);

fn known(local_name: &[u8]) -> Option<&'static Property> {
    PROPERTIES
        .iter()
        .find(|Property(name, _)| name.as_bytes() == local_name)
}

const PROPERTIES: [Property; 76] = [
    Property("about", What::Identifier),
    Property("CreatorTool", What::Software),
    Property("Toolkit", What::Software),
    Property("xmptk", What::Software),
    Property("Producer", What::Software),
    Property("Software", What::Software),
    Property("softwareAgent", What::Software),
    Property("creator", What::Person),
    Property("Creator", What::Person),
    Property("Author", What::Person),
    Property("Artist", What::Person),
    Property("contributor", What::Person),
    Property("publisher", What::Person),
    Property("rights", What::Person),
    Property("Owner", What::Person),
    Property("OwnerName", What::Person),
    Property("CameraOwnerName", What::Person),
    Property("Copyright", What::Person),
    Property("Credit", What::Person),
    Property("CaptionWriter", What::Person),
    Property("AuthorsPosition", What::Person),
    Property("CiEmailWork", What::Person),
    Property("CiTelWork", What::Person),
    Property("CiUrlWork", What::Person),
    Property("CiAdrExtadr", What::Place),
    Property("CiAdrCity", What::Place),
    Property("CiAdrCtry", What::Place),
    Property("CiAdrPcode", What::Place),
    Property("PersonInImage", What::Person),
    Property("PersonDisplayName", What::Person),
    Property("description", What::Description),
    Property("title", What::Description),
    Property("subject", What::Description),
    Property("Headline", What::Description),
    Property("Instructions", What::Description),
    Property("Source", What::Description),
    Property("Label", What::Description),
    Property("Rating", What::Description),
    Property("Keywords", What::Description),
    Property("hierarchicalSubject", What::Description),
    Property("UserComment", What::Description),
    Property("ImageDescription", What::Description),
    Property("AltTextAccessibility", What::Description),
    Property("City", What::Place),
    Property("State", What::Place),
    Property("Country", What::Place),
    Property("CountryCode", What::Place),
    Property("Location", What::Place),
    Property("Sublocation", What::Place),
    Property("GPSLatitude", What::Place),
    Property("GPSLongitude", What::Place),
    Property("GPSAltitude", What::Place),
    Property("GPSImgDirection", What::Place),
    Property("GPSMapDatum", What::Place),
    Property("Make", What::Device),
    Property("Model", What::Device),
    Property("Lens", What::Device),
    Property("LensModel", What::Device),
    Property("SerialNumber", What::Identifier),
    Property("BodySerialNumber", What::Identifier),
    Property("LensSerialNumber", What::Identifier),
    Property("ImageUniqueID", What::Identifier),
    Property("DocumentID", What::Identifier),
    Property("InstanceID", What::Identifier),
    Property("instanceID", What::Identifier),
    Property("documentID", What::Identifier),
    Property("OriginalDocumentID", What::Identifier),
    Property("CreateDate", What::Time),
    Property("ModifyDate", What::Time),
    Property("MetadataDate", What::Time),
    Property("DateCreated", What::Time),
    Property("DateTimeOriginal", What::Time),
    Property("when", What::Time),
    Property("RawFileName", What::Path),
    Property("filePath", What::Path),
    Property("image", What::Preview),
];
