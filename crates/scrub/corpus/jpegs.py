"""JPEG in all the shapes that cameras, phones and editors give it."""

from __future__ import annotations

import io
import struct

from content import clip, ffmpeg, other_picture, picture
from planting import Family, File, printer_profile, profile, run


def jpeg(mode: str = "RGB", shift: int = 0, size=(160, 120), **options) -> bytes:
    out = io.BytesIO()
    picture(mode, size, shift).save(out, "JPEG", quality=options.pop("quality", 88), **options)
    return out.getvalue()


def segment(marker: int, *parts: bytes) -> bytes:
    octets = b"".join(parts)
    return bytes([0xFF, marker]) + struct.pack(">H", len(octets) + 2) + octets


def with_segments(octets: bytes, *segments: bytes) -> bytes:
    """Puts segments behind the first one."""
    at = 2
    if octets[2:4] == b"\xff\xe0":
        at = 4 + struct.unpack(">H", octets[4:6])[0]
    return octets[:at] + b"".join(segments) + octets[at:]


def app1_exif(file: File, **more) -> bytes:
    return segment(0xE1, b"Exif\0\0", file.exif(**more))


def icc_segments(octets: bytes, pieces: int = 1) -> bytes:
    size = -(-len(octets) // pieces)
    parts = [octets[at:at + size] for at in range(0, len(octets), size)]
    return b"".join(segment(0xE2, b"ICC_PROFILE\0", bytes([number, len(parts)]), part) for number, part in enumerate(parts, 1))


def without_headers(octets: bytes, *markers: int) -> bytes:
    """Takes out whole segments of these markers before the first scan."""
    out, at = octets[:2], 2
    while octets[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", octets[at + 2:at + 4])[0]
        if octets[at + 1] not in markers:
            out += octets[at:end]
        at = end
    return out + octets[at:]


def thumbnail() -> bytes:
    out = io.BytesIO()
    other_picture().save(out, "JPEG", quality=60)
    return out.getvalue()


def extended_xmp(file: File) -> bytes:
    """An XMP packet that is too long for one segment: a short one names the rest by its digest."""
    import hashlib
    long = file.xmp("extended ") + b"<!-- " + b"x" * 70000 + b" " + file.octets("XMP extended tail") + b" -->"
    digest = hashlib.md5(long).hexdigest().upper().encode()
    short = file.xmp("main ").replace(b"<rdf:Description", b'<rdf:Description xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="' + digest + b'"', 1)
    out = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0", short)
    for at in range(0, len(long), 60000):
        out += segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0", digest, struct.pack(">II", len(long), at), long[at:at + 60000])
    return out


def photoshop(file: File) -> bytes:
    """Image resources: IPTC, a caption digest, a URL, a thumbnail, layer names, a path name."""
    def resource(number: int, octets: bytes, name: bytes = b"") -> bytes:
        name = bytes([len(name)]) + name
        name += b"\0" * (len(name) % 2)
        return b"8BIM" + struct.pack(">H", number) + name + struct.pack(">I", len(octets)) + octets + b"\0" * (len(octets) % 2)

    def dataset(number: int, field: str) -> bytes:
        value = file.octets(f"IPTC {field}")
        return struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value

    iptc = b"\x1c\x01\x5a\0\x03\x1b%G" + dataset(80, "By-line") + dataset(90, "City") + dataset(120, "Caption") + dataset(25, "Keywords") + dataset(116, "Copyright")
    small = thumbnail()
    return segment(0xED, b"Photoshop 3.0\0", resource(0x0404, iptc), resource(0x040B, file.octets("8BIM URL")), resource(0x040C, struct.pack(">IIIIIIHH", 1, 96, 72, 288, 0, len(small), 24, 1) + small),
                   resource(0x07D0, bytes(26), file.octets("8BIM path name")), resource(0x0BB7, b"", file.octets("8BIM clipping path")), resource(0x0422, file.exif()))


def mpf(file: File, main: bytes, second: bytes) -> bytes:
    """A multi-picture file: an index in APP2, the second picture behind the end of the first."""
    def index(offset: int, size: int) -> bytes:
        entries = struct.pack("<IIIHH", 0x20030000, size, 0, 0, 0) + struct.pack("<IIIHH", 0, len(second), offset, 0, 0)
        head = b"II*\0" + struct.pack("<IH", 8, 3)
        head += struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, 2) + struct.pack("<HHII", 0xB002, 7, 32, 50) + struct.pack("<I", 0)
        return segment(0xE2, b"MPF\0", head, entries)
    # Offsets count from the index' own header.
    place = with_segments(main, app1_exif(file))
    at = 2 + (4 + struct.unpack(">H", place[4:6])[0] - 2 if place[2:4] == b"\xff\xe0" else 0)
    size = len(place) + len(index(0, 0))
    whole = place[:at] + index(size - (at + 8), size) + place[at:]
    return whole + second


def c2pa(file: File) -> bytes:
    """A JUMBF box in APP11, laid out as a C2PA manifest store."""
    label = file.octets("C2PA label")
    description = struct.pack(">I4s", 8 + 16 + 1 + len(label) + 1, b"jumd") + bytes.fromhex("63327061001100108000 00aa00389b71".replace(" ", "")) + b"\x03" + label + b"\0"
    claim = file.octets("C2PA claim generator")
    content = struct.pack(">I4s", 8 + len(claim), b"cbor") + claim
    store = struct.pack(">I4s", 8 + len(description) + len(content), b"jumb") + description + content
    return segment(0xEB, b"JP\0\x01", struct.pack(">I", 1), store)


def samsung_trailer(file: File) -> bytes:
    """What Samsung phones write behind the picture: blocks, a directory, and SEFT at the very end."""
    blocks, directory = b"", b""
    items = [(0x0A01, b"Image_UTC_Data", b"1615734566" + file.octets("SEFT UTC")), (0x0AA1, b"MCC_Data", file.octets("SEFT MCC")), (0x0C61, b"Camera_Capture_Mode_Info", file.octets("SEFT mode"))]
    for kind, name, value in items:
        block = struct.pack("<HHI", 0, kind, len(name)) + name + value
        blocks += block
    behind = len(blocks)
    for kind, name, value in items:
        size = 8 + len(name) + len(value)
        directory += struct.pack("<HHII", 0, kind, behind, size)
        behind -= size
    head = b"SEFH" + struct.pack("<II", 106, len(items)) + directory
    return blocks + head + struct.pack("<I", len(head)) + b"SEFT"


def between_scans(octets: bytes, extra: bytes) -> bytes:
    """Puts a segment between the scans of a progressive picture."""
    at = octets.find(b"\xff\xda") + 2
    while True:
        at = octets.find(b"\xff", at)
        if octets[at + 1] not in (0, *range(0xD0, 0xD8)):
            return octets[:at] + extra + octets[at:]
        at += 2


def make(family: Family) -> None:
    plain(family)
    planted(family)
    trailers(family)
    colours(family)
    for orientation in range(1, 9):
        with family.file(f"jpeg-orientation-{orientation}.jpg", "jpeg", compare="pixels") as file:
            body = jpeg(size=(152, 120))
            # Some writers put EXIF first and leave JFIF away.
            body = without_headers(body, 0xE0) if orientation % 2 else body
            file.write(with_segments(body, app1_exif(file, orientation=orientation, thumbnail=thumbnail())))


def plain(family: Family) -> None:
    """Shapes of the coded picture; each carries EXIF and a comment."""
    shapes = {
        "baseline": jpeg(), "progressive": jpeg(progressive=True), "444": jpeg(subsampling=0), "422": jpeg(subsampling=1), "gray": jpeg("L"), "optimized": jpeg(optimize=True),
        "restart": jpeg(restart_marker_blocks=4), "restart-progressive": jpeg(progressive=True, restart_marker_rows=1), "one-pixel": jpeg(size=(1, 1)), "odd": jpeg(size=(157, 113)), "q100": jpeg(quality=100, subsampling=0),
    }
    for name, octets in shapes.items():
        with family.file(f"jpeg-{name}.jpg", "jpeg", compare="pixels") as file:
            file.write(with_segments(octets, app1_exif(file), segment(0xFE, file.octets("COM"))))
    with family.file("jpeg-nothing-to-clean.jpg", "jpeg", compare="pixels") as file:
        file.write(jpeg(quality=75))
    with family.file("jpeg-fill-octets.jpg", "jpeg", compare="pixels") as file:
        octets = with_segments(jpeg(), segment(0xFE, file.octets("COM")))
        file.write(octets.replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1))
    with family.file("jpeg-arithmetic.jpg", "jpeg", expect="clean|refused:scrub-unsupported", compare="pixels") as file:
        whole = with_segments(jpeg(), segment(0xFE, file.octets("COM")))
        file.write(run("jpegtran", "-arithmetic", "-copy", "all", data=whole))
    with family.file("jpeg-cut-short.jpg", "jpeg", expect="clean|refused:scrub-damaged") as file:
        file.write(jpeg()[:1500])


def planted(family: Family) -> None:
    with family.file("jpeg-exiftool-everything.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(jpeg(), app1_exif(file, maker_note=True, thumbnail=thumbnail())))
        file.everything("EXIF", "IPTC", "Photoshop", "XMP", "MakerNotes", skip=("Orientation",))
    with family.file("jpeg-exiftool-other.jpg", "jpeg", compare="pixels") as file:
        file.write(jpeg())
        file.everything("EXIF", "JFIF", "Ducky", "PhotoMechanic", "MIE", "Canon", "CanonVRD", "FotoStation", "AFCP")
        run("exiftool", "-q", "-overwrite_original", f"-Comment={file.mark('COM')}", file.path)
    with family.file("jpeg-extended-xmp.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(jpeg(), app1_exif(file), extended_xmp(file)))
    with family.file("jpeg-photoshop.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(jpeg(progressive=True), photoshop(file), segment(0xEC, b"Ducky\0\x02", struct.pack(">HHI", 1, 4, 60), file.octets("Ducky"))))
    with family.file("jpeg-c2pa.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(jpeg(), app1_exif(file), c2pa(file)))
    with family.file("jpeg-thumbnail-makernote.jpg", "jpeg", compare="pixels") as file:
        small = with_segments(thumbnail(), segment(0xFE, file.octets("COM of the thumbnail")))
        file.write(with_segments(jpeg(), app1_exif(file, orientation=6, thumbnail=small, maker_note=True)))
    with family.file("jpeg-jfxx.jpg", "jpeg", compare="pixels") as file:
        small = with_segments(thumbnail(), segment(0xFE, file.octets("COM of the JFXX thumbnail")))
        file.write(with_segments(jpeg(), segment(0xE0, b"JFXX\0\x10", small)))
    with family.file("jpeg-all-segments.jpg", "jpeg", compare="pixels") as file:
        others = [segment(0xE0 + n, file.octets(f"APP{n}"), b"\0") for n in (*range(3, 14), 15)]
        file.write(with_segments(jpeg(), *others, segment(0xFE, file.wide("COM UTF-16"))))
    with family.file("jpeg-comment-between-scans.jpg", "jpeg", compare="pixels") as file:
        extra = segment(0xFE, file.octets("COM between scans")) + segment(0xEA, file.octets("APP10 between scans"))
        file.write(between_scans(jpeg(progressive=True), extra))
    with family.file("jpeg-imagemagick.jpg", "jpeg", compare="pixels") as file:
        source = family.base("magick.png", lambda path: picture().save(path))
        run("convert", source, "-quality", "85", "-set", "comment", file.mark("COM"), "-set", "exif:Artist", file.mark("Artist"), "-interlace", "JPEG", file.path)
        file.everything("EXIF", "IPTC")
    with family.file("jpeg-ffmpeg.jpg", "jpeg", compare="pixels") as file:
        ffmpeg(file.path, "-i", clip(family, "mjpeg"), "-frames:v", "1", "-c", "copy", "-f", "image2", "-update", "1")
        file.everything("EXIF", "XMP", most=400)


def trailers(family: Family) -> None:
    with family.file("jpeg-mpf.jpg", "jpeg", compare="pixels", first_only=True) as file:
        second = with_segments(jpeg(shift=15), app1_exif(file), segment(0xFE, file.octets("COM of the second picture")))
        file.write(mpf(file, jpeg(), second))
    with family.file("jpeg-motion-photo.jpg", "jpeg", compare="pixels") as file:
        film = file.work("motion.mp4")
        ffmpeg(film, "-i", clip(family, "h264"), "-c", "copy", "-metadata", f"comment={file.mark('motion photo comment')}", "-metadata", f"location={file.values['lat']:+.4f}{file.values['lon']:+.4f}/")
        micro = file.xmp().replace(b"<rdf:Description", b'<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MicroVideo="1" GCamera:MicroVideoOffset="%d"' % film.stat().st_size, 1)
        file.write(with_segments(jpeg(), app1_exif(file), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0", micro)) + film.read_bytes())
    with family.file("jpeg-samsung.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(jpeg(), app1_exif(file)) + samsung_trailer(file))
    with family.file("jpeg-tail.jpg", "jpeg", compare="pixels") as file:
        file.write(jpeg() + b"\0" * 512 + file.octets("after EOI") + file.wide("after EOI, UTF-16") + jpeg(shift=9))


def colours(family: Family) -> None:
    for name, colour, version, pieces in [("p3", "p3", 4, 1), ("adobergb", "adobe", 2, 1), ("srgb-two-pieces", "srgb", 2, 2)]:
        with family.file(f"jpeg-icc-{name}.jpg", "jpeg", compare="pixels", colours="profile") as file:
            file.write(with_segments(jpeg(), app1_exif(file), icc_segments(profile(file, colour, version), pieces)))
    with family.file("jpeg-icc-gray.jpg", "jpeg", compare="pixels", colours="profile") as file:
        file.write(with_segments(jpeg("L"), icc_segments(profile(file, "gray"))))
    cmyk = jpeg("CMYK")
    with family.file("jpeg-cmyk.jpg", "jpeg", compare="pixels") as file:
        file.write(with_segments(cmyk, app1_exif(file), segment(0xFE, file.octets("COM"))))
    with family.file("jpeg-cmyk-icc.jpg", "jpeg", compare="pixels", colours="profile") as file:
        file.write(with_segments(cmyk, icc_segments(printer_profile(file)), app1_exif(file)))
    with family.file("jpeg-ycck.jpg", "jpeg", compare="pixels") as file:
        at = cmyk.find(b"Adobe")
        whole = cmyk[:at + 11] + b"\x02" + cmyk[at + 12:]
        # Version and flags of the Adobe segment hold numbers of the writer.
        file.write(with_segments(whole, segment(0xFE, file.octets("COM"))))
    with family.file("jpeg-rgb-adobe.jpg", "jpeg", compare="pixels") as file:
        rgb = jpeg(keep_rgb=True, subsampling=0)
        file.write(with_segments(rgb, app1_exif(file)))
