"""What exiftool and ffprobe still read in a cleaned file, against a list of what is mere structure."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

ANYWHERE = r"ExifTool:.*|System:.*|File:(?!Comment|CurrentIPTCDigest).*|Composite:(?!GPS|SubSec|DateTime|Lens|Digital|RunTime).*|SourceFile:.*"
"""Groups that hold nothing of the file, or only what its kind, size and shape say."""

STRUCTURE = {
    "jpeg": r"JFIF:.*|Adobe:(DCTEncodeVersion|APP14Flags.|ColorTransform)|IFD0:(Orientation|YCbCrPositioning|XResolution|YResolution|ResolutionUnit)",
    "png": r"PNG(-pHYs|-cHRM|-cICP)?:(ImageWidth|ImageHeight|BitDepth|ColorType|Compression|Filter|Interlace|Palette|Transparency|BackgroundColor|Gamma|SRGBRendering|WhitePoint.|(Red|Green|Blue).|PixelsPerUnit.|PixelUnits|AnimationFrames|AnimationPlays|ProfileName|SignificantBits|ColorPrimaries|TransferCharacteristics|MatrixCoefficients|VideoFullRangeFlag|MasteringDisplay.*|ContentLightLevel.*)|IFD0:Orientation",
    "webp": r"RIFF:(ImageWidth|ImageHeight|VP8Version|HorizontalScale|VerticalScale|WebP_Flags|AlphaIsUsed|AlphaPreprocessing|AlphaFiltering|AlphaCompression|BackgroundColor|AnimationLoopCount|FrameCount|Duration)|IFD0:Orientation",
    "gif": r"GIF:(GIFVersion|ImageWidth|ImageHeight|HasColorMap|ColorResolutionDepth|BitsPerPixel|BackgroundColor|AnimationIterations|FrameCount|Duration|TransparentColor|PixelAspectRatio)",
    "tiff": r"(Sub)?IFD\d*:(ImageWidth|ImageHeight|BitsPerSample|Compression|PhotometricInterpretation|FillOrder|StripOffsets|Orientation|SamplesPerPixel|RowsPerStrip|StripByteCounts|XResolution|YResolution|PlanarConfiguration|ResolutionUnit|Predictor|WhitePoint|PrimaryChromaticities|ColorMap|TileWidth|TileLength|TileOffsets|TileByteCounts|ExtraSamples|SampleFormat|JPEGTables|YCbCr.*|ReferenceBlackWhite|T[46]Options|SubfileType|OldSubfileType|PageNumber|InkSet|TransferFunction|ImageHeight|GrayResponse.*|PreviewImage(Start|Length)?)|JFIF:.*|Adobe:.*",
    "bmp": r"File:.*|BMP:.*",
    "emf": r"File:.*",
    "wmf": r"File:.*",
    "svg": r"SVG:(Xmlns|ImageWidth|ImageHeight|SVGVersion|ViewBox|Svg.*|PreserveAspectRatio)",
    "heic": r"(QuickTime|Meta|Track\d+):(General.*|Seq(Profile|LevelIdx0|Tier0)|HighBitDepth|TwelveBit|InitialDelay.*|MajorBrand|MinorVersion|CompatibleBrands|HandlerType|PrimaryItemReference|MetaImageSize|ExifByteOrder|HEVC.*|GeneralProfile.*|GenProfile.*|ConstraintIndicatorFlags|GeneralLevelIDC|MinSpatialSegmentationIDC|ParallelismType|ChromaFormat|BitDepth.*|AverageFrameRate|ConstantFrameRate|NumTemporalLayers|TemporalIDNested|ImageWidth|ImageHeight|ImageSpatialExtent|ImagePixelDepth|Rotation|Mirroring|ColorProfiles|ColorPrimaries|TransferCharacteristics|MatrixCoefficients|VideoFullRangeFlag|AuxiliaryImageType|AV1.*|ChromaSamplePosition|PixelAspectRatio|CleanAperture|MediaData.*|Track.*|Media(TimeScale|Duration|HeaderVersion)|TimeScale|Duration|MovieHeaderVersion|Preferred.*|Matrix.*|Next.*|Preview.*|Poster.*|Selection.*|CurrentTime|HandlerDescription|CompressorID|SourceImage.*|.Resolution|GraphicsMode|OpColor|CreateDate|ModifyDate|VideoFrameRate|.*ConfigurationVersion|BitDepth|Op[cC]olor|Unknown_i(rot|mir))|IFD0:Orientation",
    "video": r"(QuickTime|Track\d+):(MajorBrand|MinorVersion|CompatibleBrands|MediaData(Size|Offset)?|MovieHeaderVersion|TimeScale|Duration|Preferred(Rate|Volume)|MatrixStructure|Preview(Time|Duration)|PosterTime|Selection(Time|Duration)|CurrentTime|NextTrackID|Track(HeaderVersion|ID|Duration|Layer|Volume)|ImageWidth|ImageHeight|MediaHeaderVersion|MediaTimeScale|MediaDuration|MediaLanguageCode|HandlerType|HandlerClass|GraphicsMode|OpColor|CompressorID|SourceImage(Width|Height)|.Resolution|BitDepth|PixelAspectRatio|VideoFrameRate|Balance|Audio(Format|Channels|BitsPerSample|SampleRate)|ColorProfiles|ColorPrimaries|TransferCharacteristics|MatrixCoefficients|VideoFullRangeFlag|.*(Create|Modify)Date|BufferSize|MaxBitrate|AverageBitrate|ChannelLayout|PurchaseFileFormat|CleanAperture.*|ProductionAperture.*|EncodedPixels.*|MovieFragmentSequence|(Unknown_)?(avcC|hvcC|av1C|vpcC|dOps|dfLa|esds|dac3|damr|d263|alac|stts|ctts|stsc|stsz|stco|co64|stss|btrt|pasp|colr|chan|wave|dec3|fiel|sgpd|sbgp)|.*Configuration.*|SampleSizes|ChunkOffset.*|SyncSample.*|SampleToChunk|TimeToSample.*|TrackProperty|EditListVersion|HintTrackInfo|Matrix.*|GenMediaVersion|GenFlags|GenGraphicsMode|GenOpColor|GenBalance|OtherFormat|TextFont|Unknown_edts|CompositionTimeToSample|LayoutFlags|Endianness|VideoFieldOrder)",
    "matroska": r"(Matroska|Info|Track\d+|Chapter\d*|Video|Audio):(EBMLVersion|EBMLReadVersion|EBMLMax.*|DocType.*|TimecodeScale|TimestampScale|Duration|Track(Number|UID|Type|Used|Default|Forced|TimecodeScale|Lacing.*)|CodecID|CodecPrivate|VideoCodecID|AudioCodecID|ImageWidth|ImageHeight|Display(Width|Height|Unit)|Video(FrameRate|ScanType|Interlaced|FieldOrder)|Audio(SampleRate|Channels|BitsPerSample)|DefaultDuration|Seek.*|Cue.*|Colour.*|MatrixCoefficients|ColourPrimaries|TransferCharacteristics|Range|ChromaSiting.*|BitsPerChannel|CodecDelay|SeekPreRoll|OutputSamplingFrequency|MinCache|MaxBlockAdditionID|Lacing|TrackLanguage|FlagLacing|MuxingApp|WritingApp|(Color|Min|Max|White|Primary).*|Matroska_0x(15b0|16bb))",
    "avi": r"RIFF:(FrameRate|MaxDataRate|FrameCount|StreamCount|StreamType|VideoCodec|VideoFrame(Rate|Count)|Quality|SampleSize|AudioCodec|AudioCodecRate|AudioSample(Count|Rate)|Encoding|NumChannels|SampleRate|AvgBytesPerSec|BitsPerSample|ImageWidth|ImageHeight|Planes|BitDepth|Compression|ImageLength|Duration|TotalFrameCount|PixelsPerMeter.|NumColors|NumImportantColors|BMPVersion|Unknown_vprp)|File:.*",
    "wav": r"RIFF:(Encoding|NumChannels|SampleRate|AvgBytesPerSec|BitsPerSample|NumberOfSamples|NumSamples|Duration|RIFFSize64|DataSize64|NumberOfSamples64|DataSize)",
    "mp3": r"MPEG:(?!Encoder|LameMethod$).*",
    "flac": r"FLAC:(BlockSize(Min|Max)|FrameSize(Min|Max)|SampleRate|Channels|BitsPerSample|TotalSamples|MD5Signature)|Vorbis:Vendor",
    "ogg": r"Vorbis:(VorbisVersion|AudioChannels|SampleRate|MaximumBitrate|NominalBitrate|MinimumBitrate|Vendor)|Opus:(OpusVersion|AudioChannels|SampleRate|OutputGain)|FLAC:.*|Theora:.*",
    "pdf": r"PDF:(PDFVersion|Linearized|PageCount|PageMode|PageLayout)",
    "epub": r"ZIP:.*|XML:(Manifest.*|Spine.*|MetaProperty|Package.*|Guide.*)",
    "archive": r"ZIP:(Zip(RequiredVersion|BitFlag|Compression|CRC|CompressedSize|UncompressedSize|ModifyDate|FileName))",
}
ROOMS = {"avif": "heic", "mp4": "video", "mov": "video", "3gp": "video", "m4a": "video", "mkv": "matroska", "webm": "matroska", "opus": "ogg", "zip": "archive", "docx": "archive", "xlsx": "archive", "pptx": "archive", "odt": "archive", "ods": "archive", "odp": "archive"}
EMPTY = {"", "und", "0", "0000:00:00 00:00:00", "0000:00:00", "1904:01:01 00:00:00", "1980:01:01 00:00:00", "1980:00:00 00:00:00", "0 0 0 0", "none", "None"}
PROFILE = r"ICC-.*|ICC_Profile:.*"
PROFILE_TEXTS = re.compile(r".*:(ProfileDateTime|ProfileCreator|DeviceManufacturer|DeviceModel|ProfileID|ProfileCMMType|ProfileDescription.*|ProfileCopyright|PrimaryPlatform|DeviceMfgDesc.*|DeviceModelDesc.*)")
BRANDS = {"VideoHandler", "SoundHandler", "", "und"}


def dump(folder: Path) -> dict[str, dict[str, object]]:
    """All tags of all files below a folder, by name: `{file: {"Group:Tag": value}}`."""
    said = subprocess.run(["exiftool", "-a", "-u", "-G1", "-j", "-ee", "-api", "largefilesupport=1", "-q", "-q", str(folder)], capture_output=True, timeout=300)
    listed = json.loads(said.stdout or b"[]")
    return {Path(one["SourceFile"]).name: one for one in listed}


CONSTANT = {"XML-dc:IdentifierId": "book", "XML-dc:Identifier": "urn:uuid:00000000-0000-0000-0000-000000000000", "XML-dc:Title": "Book", "XML-dc:Language": "en", "XML:Meta": "1980:01:01 00:00:00Z"}
"""What a book has to have, the same in every clean one."""


def left(kind: str, tags: dict[str, object]) -> list[str]:
    """Tags that no structure needs, as `Group:Tag = value`."""
    allowed = re.compile(f"(?:{ANYWHERE}|{PROFILE}|SourceFile|{STRUCTURE.get(ROOMS.get(kind, kind), '(?!)')})$")
    dated = re.compile(r".*(Date|Time)$")
    found = []
    for tag, value in tags.items():
        text = str(value)
        if CONSTANT.get(tag) == text:
            continue
        if tag in ("ExifTool:Error", "ExifTool:Warning") and tag == "ExifTool:Error":
            found.append(f"{tag} = {text[:80]}")
        elif not allowed.match(tag) and text not in EMPTY:
            found.append(f"{tag} = {text[:80]}")
        elif dated.match(tag) and re.match(r"\d{4}:\d\d:\d\d", text) and text not in EMPTY and not tag.startswith(("System:", "File:", "ICC")):
            found.append(f"{tag} = {text[:80]}")
        elif tag.endswith((":MuxingApp", ":WritingApp", ":Vendor", ":HandlerDescription")) and len(text) > 12:
            found.append(f"{tag} = {text[:80]}")
    return found


def profile_texts(tags: dict[str, object]) -> dict[str, str]:
    """Texts, dates and ids of a colour profile: all rewritten profiles have to say the same."""
    return {tag: str(value) for tag, value in tags.items() if tag.startswith("ICC") and PROFILE_TEXTS.match(tag)}


def probed(path: Path) -> dict:
    said = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", str(path)], capture_output=True, timeout=60)
    return json.loads(said.stdout or b"{}")


STREAM_TAGS = {"language": {"und"}, "handler_name": BRANDS, "vendor_id": {"[0][0][0][0]", "\0\0\0\0"}, "DURATION": None, "encoder": {""}, "rotate": None, "major_brand": None, "minor_version": None, "compatible_brands": None}


def probe_left(about: dict) -> list[str]:
    """Tags, chapters and tracks that ffprobe sees and that are neither picture nor sound."""
    found = []
    for place, tags in [("file", about.get("format", {}).get("tags", {})), *((f"stream {stream['index']}", stream.get("tags", {})) for stream in about.get("streams", []))]:
        for key, value in tags.items():
            allowed = STREAM_TAGS.get(key, set())
            if allowed is not None and value not in allowed:
                found.append(f"{place} tag {key} = {value[:60]}")
    found += [f"chapter {number}" for number, _ in enumerate(about.get("chapters", []))]
    for stream in about.get("streams", []):
        if stream["codec_type"] not in ("video", "audio") or stream.get("disposition", {}).get("attached_pic"):
            found.append(f"track {stream['index']} ({stream['codec_type']} {stream.get('codec_name', '')})")
    return found
