//! The tags that tell something about a person, a place or a device.

use super::Directory;
use crate::What;

/// A tag and what it tells.
pub(super) struct Tag {
    number: u16,
    pub(super) what: What,
    pub(super) name: &'static str,
}

const fn tag(number: u16, what: What, name: &'static str) -> Tag {
    Tag { number, what, name }
}

/// The tag of that number in that directory, when it is one that tells something.
pub(super) fn known(directory: Directory, number: u16) -> Option<&'static Tag> {
    let tags = match directory {
        Directory::Gps => GPS.as_slice(),
        Directory::Interoperability => &[],
        // Cameras and programs put the tags of either directory into the other one.
        _ => &GENERAL,
    };
    tags.iter().find(|tag| tag.number == number)
}

/// Whether a tag only says how the picture is laid out.
pub(super) fn is_structure(number: u16) -> bool {
    matches!(
        number,
        0x0001
            | 0x0002
            | 0x00FE
            | 0x0100..=0x0103
            | 0x0106
            | 0x0111
            | 0x0112
            | 0x0115..=0x0117
            | 0x011A..=0x011C
            | 0x0128
            | 0x0201
            | 0x0202
            | 0x0211..=0x0214
            | 0x8773
            | 0x9000
            | 0x9101
            | 0xA000..=0xA003
    )
}

/// Whether the text of a tag is UTF-16 in octets: the XP tags of Windows.
pub(super) fn is_wide(number: u16) -> bool {
    matches!(number, 0x9C9B..=0x9C9F)
}

/// Whether the text of a tag begins with the name of its encoding.
pub(super) fn has_encoding(number: u16) -> bool {
    matches!(number, 0x9286 | 0x001B | 0x001C)
}

const GENERAL: [Tag; 62] = [
    tag(0x010D, What::Path, "DocumentName"),
    tag(0x010E, What::Description, "ImageDescription"),
    tag(0x010F, What::Device, "Make"),
    tag(0x0110, What::Device, "Model"),
    tag(0x011D, What::Description, "PageName"),
    tag(0x0131, What::Software, "Software"),
    tag(0x0132, What::Time, "DateTime"),
    tag(0x013B, What::Person, "Artist"),
    tag(0x013C, What::Device, "HostComputer"),
    tag(0x02BC, What::Description, "XMP"),
    tag(0x4746, What::Description, "Rating"),
    tag(0x800D, What::Identifier, "ImageID"),
    tag(0x8298, What::Person, "Copyright"),
    tag(0x83BB, What::Description, "IPTC"),
    tag(0x8649, What::Description, "PhotoshopSettings"),
    tag(0x9003, What::Time, "DateTimeOriginal"),
    tag(0x9004, What::Time, "DateTimeDigitized"),
    tag(0x9010, What::Time, "OffsetTime"),
    tag(0x9011, What::Time, "OffsetTimeOriginal"),
    tag(0x9012, What::Time, "OffsetTimeDigitized"),
    tag(0x927C, What::Device, "MakerNote"),
    tag(0x9286, What::Description, "UserComment"),
    tag(0x9290, What::Time, "SubSecTime"),
    tag(0x9291, What::Time, "SubSecTimeOriginal"),
    tag(0x9292, What::Time, "SubSecTimeDigitized"),
    tag(0x9400, What::Place, "Temperature"),
    tag(0x9401, What::Place, "Humidity"),
    tag(0x9402, What::Place, "Pressure"),
    tag(0x9403, What::Place, "WaterDepth"),
    tag(0x9404, What::Place, "Acceleration"),
    tag(0x9405, What::Place, "CameraElevationAngle"),
    tag(0x9C9B, What::Description, "XPTitle"),
    tag(0x9C9C, What::Description, "XPComment"),
    tag(0x9C9D, What::Person, "XPAuthor"),
    tag(0x9C9E, What::Description, "XPKeywords"),
    tag(0x9C9F, What::Description, "XPSubject"),
    tag(0xA004, What::Path, "RelatedSoundFile"),
    tag(0xA40B, What::Device, "DeviceSettingDescription"),
    tag(0xA420, What::Identifier, "ImageUniqueID"),
    tag(0xA430, What::Person, "CameraOwnerName"),
    tag(0xA431, What::Identifier, "BodySerialNumber"),
    tag(0xA432, What::Device, "LensSpecification"),
    tag(0xA433, What::Device, "LensMake"),
    tag(0xA434, What::Device, "LensModel"),
    tag(0xA435, What::Identifier, "LensSerialNumber"),
    tag(0xA436, What::Description, "ImageTitle"),
    tag(0xA437, What::Person, "Photographer"),
    tag(0xA438, What::Person, "ImageEditor"),
    tag(0xA439, What::Software, "CameraFirmware"),
    tag(0xA43A, What::Software, "RAWDevelopingSoftware"),
    tag(0xA43B, What::Software, "ImageEditingSoftware"),
    tag(0xA43C, What::Software, "MetadataEditingSoftware"),
    tag(0xC4A5, What::Device, "PrintImageMatching"),
    tag(0xC614, What::Device, "UniqueCameraModel"),
    tag(0xC615, What::Device, "LocalizedCameraModel"),
    tag(0xC62F, What::Identifier, "CameraSerialNumber"),
    tag(0xC634, What::Device, "DNGPrivateData"),
    tag(0xC65D, What::Identifier, "RawDataUniqueID"),
    tag(0xC68B, What::Path, "OriginalRawFileName"),
    tag(0xC71B, What::Time, "PreviewDateTime"),
    tag(0xEA1C, What::Unknown, "Padding"),
    tag(0xFDE8, What::Person, "OwnerName"),
];

const GPS: [Tag; 23] = [
    tag(1, What::Place, "GPSLatitudeRef"),
    tag(2, What::Place, "GPSLatitude"),
    tag(3, What::Place, "GPSLongitudeRef"),
    tag(4, What::Place, "GPSLongitude"),
    tag(6, What::Place, "GPSAltitude"),
    tag(7, What::Time, "GPSTimeStamp"),
    tag(8, What::Place, "GPSSatellites"),
    tag(11, What::Place, "GPSDOP"),
    tag(13, What::Place, "GPSSpeed"),
    tag(15, What::Place, "GPSTrack"),
    tag(17, What::Place, "GPSImgDirection"),
    tag(18, What::Place, "GPSMapDatum"),
    tag(20, What::Place, "GPSDestLatitude"),
    tag(22, What::Place, "GPSDestLongitude"),
    tag(24, What::Place, "GPSDestBearing"),
    tag(26, What::Place, "GPSDestDistance"),
    tag(27, What::Place, "GPSProcessingMethod"),
    tag(28, What::Place, "GPSAreaInformation"),
    tag(29, What::Time, "GPSDateStamp"),
    tag(30, What::Place, "GPSDifferential"),
    tag(31, What::Place, "GPSHPositioningError"),
    tag(9, What::Place, "GPSStatus"),
    tag(10, What::Place, "GPSMeasureMode"),
];
