"""What every family of the corpus shares: marked values, one file at a time, and the tools that write into it."""

from __future__ import annotations

import base64
import contextlib
import functools
import os
import struct
import subprocess
import zlib
from pathlib import Path

MARK = "HMSAMARK"
"""Every planted text starts with it. The number behind it names the field."""

TWINS = {
    "a": {"sign": "", "day": "2021:03:14", "clock": "15:09:26", "lat": 48.858370, "lon": 2.294481, "alt": 330.25},
    "b": {"sign": "TWIN", "day": "2023:11:30", "clock": "04:44:51", "lat": -33.856784, "lon": 151.215297, "alt": 12.5},
}
"""Two sets of values: the same files are made with either, so that clean copies can be held against each other."""


def run(*words, data: bytes | None = None, folder: Path | None = None, limit: int = 120, fails: bool = False) -> bytes:
    """Runs a program and returns what it wrote; a failure carries the end of what it said."""
    said = subprocess.run([str(word) for word in words], input=data, capture_output=True, cwd=folder, timeout=limit)
    if said.returncode != 0 and not fails:
        last = (said.stdout + said.stderr)[-600:].decode("utf-8", "replace")
        raise RuntimeError(f"{words[0]} failed: {last}")
    return said.stdout


@functools.cache
def writable(group: str) -> tuple[str, ...]:
    """The names of all tags of a group that exiftool can write."""
    said = run("exiftool", f"-listw", f"-{group}:All").decode()
    return tuple(word for line in said.splitlines()[1:] for word in line.split())


class Family:
    """Makes the files of one family, with material that is made once and used for both twins."""

    def __init__(self, name: str, number: int, out: Path, material: Path, twin: str):
        self.name, self.number, self.out, self.material = name, number, out, material
        self.twin, self.values = twin, TWINS[twin]
        self.entries: list[dict] = []
        self.failed: list[str] = []
        self._next = 0
        material.mkdir(parents=True, exist_ok=True)
        out.mkdir(parents=True, exist_ok=True)

    def base(self, name: str, make) -> Path:
        """A piece of content without any mark; `make(path)` writes it when it is not there yet."""
        path = self.material / name
        if not path.exists():
            part = path.with_name("part-" + path.name)
            part.unlink(missing_ok=True)
            make(part)
            part.rename(path)
        return path

    @contextlib.contextmanager
    def file(self, name: str, kind: str, expect: str = "clean", compare: str = "", **more):
        """One file of the corpus. What goes wrong inside is noted, and the other files are made all the same."""
        file = File(self, name)
        try:
            yield file
            if not file.path.exists():
                raise RuntimeError("nothing was written")
        except Exception as why:
            self.failed.append(f"{name}: {type(why).__name__}: {why}")
            file.path.unlink(missing_ok=True)
            return
        entry = {"file": name, "kind": kind, "expect": expect, "compare": compare, "fields": file.fields, **more}
        self.entries.append(entry)

    def number_of(self) -> str:
        self._next += 1
        return f"{self.number}{self._next:05}"


class File:
    """One file that is being made, with the names of the fields that were planted in it."""

    def __init__(self, family: Family, name: str):
        self.family, self.name, self.path = family, name, family.out / name
        self.fields: dict[str, str] = {}
        self.values = family.values
        self.part = family.material / f"work-{family.name}"
        self.part.mkdir(exist_ok=True)
        self.path.unlink(missing_ok=True)

    def mark(self, field: str) -> str:
        """A text of its own for this field."""
        number = self.family.number_of()
        self.fields[number] = field
        return f"{MARK}{self.values['sign']}{number}"

    def octets(self, field: str) -> bytes:
        return self.mark(field).encode()

    def wide(self, field: str) -> bytes:
        """The same as UTF-16, as Windows and QuickTime write it."""
        return self.mark(field).encode("utf-16-le")

    def work(self, name: str) -> Path:
        path = self.part / name
        path.unlink(missing_ok=True)
        return path

    @property
    def day(self) -> str:
        return f"{self.values['day']} {self.values['clock']}"

    @property
    def iso_day(self) -> str:
        return f"{self.values['day'].replace(':', '-')}T{self.values['clock']}Z"

    def write(self, octets: bytes) -> None:
        self.path.write_bytes(octets)

    def append(self, octets: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(octets)

    def everything(self, *groups: str, path: Path | None = None, most: int | None = None, skip: tuple[str, ...] = ()) -> None:
        """Lets exiftool plant a mark in every text tag of these groups, and true values in places, dates and numbers."""
        path, lines = path or self.path, {}
        for group in groups:
            tags = [tag for tag in writable(group)[:most] if tag not in skip and tag not in NEVER]
            lines[group] = [f"-{group}:{tag}={self.mark(f'{group}:{tag}')}" for tag in tags] + self.numbers(group)
        # Tags that take no text are refused one by one, with a warning; the others are written. When the whole
        # is refused, each group is tried alone.
        if not self.tags(path, [line for some in lines.values() for line in some]):
            for some in lines.values():
                self.tags(path, some)

    def tags(self, path: Path, lines: list[str]) -> bool:
        said = run("exiftool", "-m", "-overwrite_original", "-F", "-@", "-", path, data="\n".join(lines).encode(), fails=True)
        return b"1 image files updated" in said

    def numbers(self, group: str) -> list[str]:
        """Values that are no texts: they have to go as well."""
        value = self.values
        if group == "EXIF":
            return [
                f"-EXIF:GPSLatitude={abs(value['lat'])}", f"-EXIF:GPSLatitudeRef={'N' if value['lat'] > 0 else 'S'}",
                f"-EXIF:GPSLongitude={value['lon']}", "-EXIF:GPSLongitudeRef=E", f"-EXIF:GPSAltitude={value['alt']}",
                "-EXIF:GPSAltitudeRef#=0", f"-EXIF:GPSDateStamp={value['day']}", f"-EXIF:GPSTimeStamp={value['clock']}",
                f"-EXIF:GPSImgDirection={value['alt'] % 360}", f"-EXIF:ModifyDate={self.day}", f"-EXIF:CreateDate={self.day}",
                f"-EXIF:DateTimeOriginal={self.day}", "-EXIF:OffsetTimeOriginal=+03:30", "-EXIF:SubSecTimeOriginal=427",
                "-EXIF:ExposureTime=1/1234", "-EXIF:FNumber=1.78", "-EXIF:ISO=1234", "-EXIF:FocalLength=5.7", "-EXIF:LensInfo=5.7 5.7 1.78 1.78",
                "-EXIF:ImageNumber=48211", "-EXIF:AmbientTemperature=21.3", "-EXIF:Humidity=44.1", "-EXIF:Pressure=1011.2",
            ]
        if group == "XMP":
            return [
                f"-XMP-exif:GPSLatitude={value['lat']}", f"-XMP-exif:GPSLongitude={value['lon']}", f"-XMP-exif:GPSAltitude={value['alt']}",
                f"-XMP-xmp:CreateDate={self.day}", f"-XMP-xmp:MetadataDate={self.day}", f"-XMP-photoshop:DateCreated={self.day}",
                "-XMP-mwg-rs:RegionName=" + self.mark("XMP face name"), "-XMP-mwg-rs:RegionType=Face",
            ]
        if group == "IPTC":
            return [f"-IPTC:DateCreated={value['day']}", f"-IPTC:TimeCreated={value['clock']}+03:30", "-CodedCharacterSet=UTF8"]
        if group in ("ItemList", "UserData", "Keys"):
            return [
                f"-{group}:GPSCoordinates={value['lat']}, {value['lon']}, {value['alt']}", f"-{group}:CreationDate={self.day}",
                f"-{group}:DateTimeOriginal={self.day}", f"-{group}:LocationInformation=Lat={value['lat']} Lon={value['lon']}",
            ]
        if group == "QuickTime":
            return [f"-QuickTime:{tag}={self.day}" for tag in ("CreateDate", "ModifyDate", "TrackCreateDate", "TrackModifyDate", "MediaCreateDate", "MediaModifyDate")]
        return []

    def xmp(self, note: str = "") -> bytes:
        """An XMP packet with padding, as cameras and editors write it."""
        fields = {"dc:creator": "", "xmp:CreatorTool": "", "photoshop:City": "", "xmpMM:DocumentID": "", "xmpMM:OriginalDocumentID": "", "aux:SerialNumber": "", "aux:OwnerName": ""}
        lines = "".join(f"<{tag}>{self.mark(f'XMP {note}{tag}')}</{tag}>" for tag in fields)
        names = "".join(f' xmlns:{short}="{long}"' for short, long in NAMESPACES.items())
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="' + self.mark(f"XMP {note}toolkit") + '">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="' + self.mark(f"XMP {note}about") + f'"{names} xmp:CreateDate="{self.iso_day}">'
            + lines + "</rdf:Description></rdf:RDF></x:xmpmeta>" + (" " * 99 + "\n") * 4 + '<?xpacket end="w"?>'
        ).encode()

    def exif(self, orientation: int = 0, thumbnail: bytes = b"", maker_note: bool = False) -> bytes:
        """An EXIF block made by hand (little endian), with what exiftool does not make anew: MakerNotes, XP texts, gaps."""
        first = {0x010F: "Canon" if maker_note else self.mark("EXIF Make"), 0x0110: self.mark("EXIF Model"), 0x0131: self.mark("EXIF Software"), 0x0132: self.day,
                 0x013B: self.mark("EXIF Artist"), 0x8298: self.mark("EXIF Copyright"), 0x9C9B: self.wide("EXIF XPTitle"), 0x9C9D: self.wide("EXIF XPAuthor"),
                 0x9C9E: self.wide("EXIF XPKeywords"), 0xC4A5: b"PrintIM\x000300\x00\x00" + self.octets("EXIF PrintIM")}
        if orientation:
            first[0x0112] = orientation
        exif = {0x9003: self.day, 0x9004: self.day, 0x9286: b"UNICODE\0" + self.wide("EXIF UserComment"), 0xA420: self.mark("EXIF ImageUniqueID"),
                0xA430: self.mark("EXIF CameraOwnerName"), 0xA431: self.mark("EXIF BodySerialNumber"), 0xA434: self.mark("EXIF LensModel"), 0xA435: self.mark("EXIF LensSerialNumber"), 0x9291: "427"}
        if maker_note:
            exif[0x927C] = canon(self)
        lat, lon = (degrees(self.values[key]) for key in ("lat", "lon"))
        gps = {1: "N" if self.values["lat"] > 0 else "S", 2: lat, 3: "E", 4: lon, 0x1B: b"ASCII\0\0\0" + self.octets("GPS ProcessingMethod"), 0x1C: b"UNICODE\0" + self.wide("GPS AreaInformation"), 0x1D: self.values["day"]}
        return tiff_block(first, exif, gps, thumbnail, gap=self.octets("EXIF gap between directories"))


NEVER = {"FileName", "Directory", "HardLink", "SymLink", "FilePermissions", "FileUserID", "FileGroupID", "FileModifyDate", "FileCreateDate", "Geotag", "Geosync", "Geotime", "ApplicationNotes", "IPTC-NAA", "PhotoshopSettings", "XMP", "IPTC", "EXIF", "Photoshop", "ICC_Profile"}

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/", "xmp": "http://ns.adobe.com/xap/1.0/", "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/", "aux": "http://ns.adobe.com/exif/1.0/aux/",
}


def degrees(value: float) -> tuple:
    value = abs(value)
    minutes = value % 1 * 60
    return ((int(value), 1), (int(minutes), 1), (int(minutes % 1 * 60000), 1000))


def entry_of(value) -> tuple[int, int, bytes]:
    """Type, count and octets of a TIFF value."""
    if isinstance(value, str):
        octets = value.encode() + b"\0"
        return 2, len(octets), octets
    if isinstance(value, bytes):
        return 7, len(value), value
    if isinstance(value, tuple):
        return 5, len(value), b"".join(struct.pack("<II", *pair) for pair in value)
    if isinstance(value, list):
        return 4, len(value), struct.pack(f"<{len(value)}I", *value)
    return 3, 1, struct.pack("<H", value)


def directory(entries: dict, at: int, following: int = 0) -> bytes:
    """One TIFF directory that stands at offset `at`, with its values behind it."""
    head, tail = struct.pack("<H", len(entries)), b""
    values_at = at + 2 + 12 * len(entries) + 4
    for tag, value in sorted(entries.items()):
        kind, count, octets = entry_of(value)
        if len(octets) > 4:
            place = struct.pack("<I", values_at + len(tail))
            tail += octets + b"\0" * (len(octets) % 2)
        else:
            place = octets.ljust(4, b"\0")
        head += struct.pack("<HHI", tag, kind, count) + place
    return head + struct.pack("<I", following) + tail


def tiff_block(first: dict, exif: dict, gps: dict, thumbnail: bytes, gap: bytes = b"") -> bytes:
    first = {**first, 0x8769: [0], 0x8825: [0]}
    exif_at = 8 + len(directory(first, 8)) + len(gap)
    gps_at = exif_at + len(directory(exif, exif_at))
    thumb_at = gps_at + len(directory(gps, gps_at))
    first |= {0x8769: [exif_at], 0x8825: [gps_at]}
    block = b"II*\0" + struct.pack("<I", 8) + directory(first, 8, thumb_at if thumbnail else 0) + gap
    block += directory(exif, exif_at) + directory(gps, gps_at)
    if thumbnail:
        entries = {0x0103: 6, 0x0201: [0], 0x0202: [len(thumbnail)]}
        entries[0x0201] = [thumb_at + len(directory(entries, thumb_at))]
        block += directory(entries, thumb_at) + thumbnail
    return block


def canon(file: File) -> bytes:
    """A MakerNote laid out as Canon's; its offsets are its own."""
    return directory({0x0006: file.mark("MakerNote ImageType"), 0x0007: file.mark("MakerNote Firmware"), 0x0009: file.mark("MakerNote OwnerName"), 0x000C: [0x12345678], 0x0095: file.mark("MakerNote LensModel")}, 0)


# Colour profiles ------------------------------------------------------------------------------------------------

COLOURS = {
    "p3": ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407), 2.4),
    "adobe": ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 2.19921875),
    "srgb": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141), 2.2),
}


def fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))


def profile(file: File, colours: str = "p3", version: int = 2, note: str = "") -> bytes:
    """A matrix profile with marks in its texts, header and a private tag; `gray` gives one curve only."""
    def text(field: str) -> bytes:
        value = file.octets(f"ICC {note}{field}")
        if version == 4:
            wide = value.decode().encode("utf-16-be")
            return b"mluc" + bytes(4) + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(wide), 28) + wide
        return b"desc" + bytes(4) + struct.pack(">I", len(value) + 1) + value + bytes(1 + 8 + 3 + 67)

    tags = {b"desc": text("description"), b"cprt": text("copyright") if version == 4 else b"text" + bytes(4) + file.octets(f"ICC {note}copyright") + b"\0",
            b"dmnd": text("manufacturer"), b"dmdd": text("model"), b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642) + fixed(1) + fixed(0.8249),
            b"zzzz": b"text" + bytes(4) + file.octets(f"ICC {note}private tag") + b"\0"}
    if colours == "gray":
        tags[b"kTRC"] = b"curv" + bytes(4) + struct.pack(">IH", 1, round(1.8 * 256)) + bytes(2)
    else:
        *primaries, gamma = COLOURS[colours]
        for name, xyz in zip((b"r", b"g", b"b"), primaries):
            tags[name + b"XYZ"] = b"XYZ " + bytes(4) + b"".join(fixed(part) for part in xyz)
            tags[name + b"TRC"] = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    return assemble(file, tags, b"GRAY" if colours == "gray" else b"RGB ", b"mntr", b"XYZ ", version)


def printer_profile(file: File) -> bytes:
    """A table profile for CMYK with two points for each ink."""
    table = b""
    for c in (0, 1):
        for m in (0, 1):
            for y in (0, 1):
                for k in (0, 1):
                    light = 0 if k else 255 - 60 * (c + m) - 20 * y
                    table += bytes([max(light, 0), 128 if k else 128 - 50 * c + 60 * m, 128 if k else 128 - 40 * c + 80 * y])
    ramp = bytes(range(256))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + b"".join(fixed(int(i in (0, 4, 8))) for i in range(9)) + ramp * 4 + table + ramp * 3
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 24) + file.octets("ICC CMYK description").ljust(24, b"\0") + bytes(78),
            b"cprt": b"text" + bytes(4) + file.octets("ICC CMYK copyright") + b"\0", b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642) + fixed(1) + fixed(0.8249), b"A2B0": lut}
    return assemble(file, tags, b"CMYK", b"prtr", b"Lab ", 2)


def assemble(file: File, tags: dict, space: bytes, use: bytes, connection: bytes, version: int) -> bytes:
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, octets in tags.items():
        octets += b"\0" * (-len(octets) % 4)
        table += name + struct.pack(">II", at + len(body), len(octets))
        body += octets
    day = [int(part) for part in f"{file.values['day']}:{file.values['clock']}".split(":")]
    head = struct.pack(">I4sI4s4s4s6H", at + len(body), b"MARK", version << 24, use, space, connection, *day) + b"acspMSFT" + bytes(4) + b"HMSA" + b"MODL" + bytes(8) + bytes(4)
    head += fixed(0.9642) + fixed(1) + fixed(0.8249) + b"MAKR"
    return head + bytes.fromhex("00112233445566778899aabbccddeeff") + bytes(28) + table + body


def chunk(name: bytes, octets: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(octets)) + name + octets + struct.pack(">I", zlib.crc32(name + octets))


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an MP4 or HEIF file."""
    octets = b"".join(parts)
    return struct.pack(">I", 8 + len(octets)) + name + octets


def data_uri(media: str, octets: bytes) -> str:
    return f"data:{media};base64,{base64.b64encode(octets).decode()}"


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
