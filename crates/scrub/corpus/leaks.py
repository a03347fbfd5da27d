"""Looks for planted marks in a file in every way that we know of: as it is, in other encodings, inflated, unpacked."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib

import pikepdf

MARK = b"HMSAMARK"
_TAIL = rb"(TWIN)?(\d{6})?"
_PLAIN = re.compile(MARK + _TAIL, re.IGNORECASE)
_WIDE = re.compile(b"".join(bytes([letter]) + b"\0" for letter in MARK) + rb"((?:[A-Z0-9]\0){0,10})", re.IGNORECASE)
_HEX = re.compile(MARK.hex().encode() + rb"((?:[0-9a-f]{2}){0,10})", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX_STRING = re.compile(rb"<([0-9A-Fa-f\s]{12,})>")
_ENTITY = re.compile(rb"(?:&#x?[0-9A-Fa-f]+;){4,}")
DEPTH = 4
LARGEST = 32 << 20


def _base64_of_mark() -> list[re.Pattern]:
    """What any text with the mark in it looks like in base64: three ways, by where it begins."""
    found = []
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + MARK)
        first = (0, 2, 3)[shift]
        found.append(re.compile(re.escape(encoded[first:len(encoded) - 4])))
    return found


_IN_BASE64 = _base64_of_mark()


def marks(octets: bytes, name: str = "", depth: int = DEPTH) -> dict[str, str]:
    """Numbers of the marks in these octets, each with how it was found. A mark without a number counts as `?`."""
    found: dict[str, str] = {}
    _search(octets, "raw", depth, found)
    if octets[:1024].find(b"%PDF-") >= 0:
        _search_pdf(octets, found)
    return found


def _note(found: dict[str, str], number: bytes | None, how: str) -> None:
    found.setdefault((number or b"?").decode(), how)


def _search(octets: bytes, how: str, depth: int, found: dict[str, str]) -> None:
    for hit in _PLAIN.finditer(octets):
        _note(found, hit[2], how)
    for hit in _WIDE.finditer(octets):
        digits = re.sub(rb"\D", b"", hit[1].replace(b"\0", b""))
        _note(found, digits[:6] or None, how + ", UTF-16")
    for hit in _HEX.finditer(octets):
        digits = re.sub(rb"\D", b"", binascii.unhexlify(hit[1]))
        _note(found, digits[:6] or None, how + ", hex")
    for pattern in _IN_BASE64:
        if pattern.search(octets):
            _note(found, None, how + ", base64")
    for hit in _ENTITY.finditer(octets):
        letters = [int(part[2:], 16) if part[:1] in b"xX" else int(part) for part in re.findall(rb"&#(x?[0-9A-Fa-f]+);", hit[0]) if part.isdigit()]
        if MARK in bytes(letter & 255 for letter in letters):
            _note(found, None, how + ", entities")
    if depth == 0:
        return
    for inner, way in _unpacked(octets):
        _search(inner, f"{how}, {way}", depth - 1, found)


def _unpacked(octets: bytes):
    """Everything that can be opened in these octets."""
    for at in _places(octets, b"\x78"):
        if at + 2 <= len(octets) and (octets[at] << 8 | octets[at + 1]) % 31 == 0 and not octets[at + 1] & 0x20:
            inner = _inflate(octets[at:], 15)
            if len(inner) > 8:
                yield inner, f"zlib at {at}"
    for at in _places(octets, b"\x1f\x8b\x08"):
        inner = _inflate(octets[at:], 31)
        if inner:
            yield inner, f"gzip at {at}"
    for at in _places(octets, b"PK\x03\x04"):
        head = octets[at:at + 30]
        if len(head) == 30:
            method = int.from_bytes(head[8:10], "little")
            body = at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            inner = _inflate(octets[body:], -15) if method == 8 else b""
            if inner:
                yield inner, f"member at {at}"
    for hit in _BASE64.finditer(octets):
        text = hit[0].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        if len(text) >= 64:
            inner = base64.b64decode(text[:len(text) // 4 * 4])
            if inner[:2] in (b"\xff\xd8", b"\x89P", b"PK", b"\x1f\x8b", b"x\x9c", b"x\xda") or MARK in inner:
                yield inner, "base64"
    for hit in _HEX_STRING.finditer(octets):
        text = re.sub(rb"\s", b"", hit[1])
        yield binascii.unhexlify(text[:len(text) // 2 * 2]), "hex string"


def _places(octets: bytes, start: bytes):
    at = octets.find(start)
    while at >= 0:
        yield at
        at = octets.find(start, at + 1)


def _inflate(octets: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(octets, LARGEST)
    except zlib.error:
        return b""


def _search_pdf(octets: bytes, found: dict[str, str]) -> None:
    """Strings and streams as a PDF library reads them, so that no filter and no escape hides one."""
    try:
        pdf = pikepdf.open(io.BytesIO(octets))
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return
    with pdf:
        for thing in pdf.objects:
            _search_object(thing, found, 12)
        plain = io.BytesIO()
        pdf.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    _search(plain.getvalue(), "decoded PDF", 2, found)


def _search_object(thing, found: dict[str, str], depth: int) -> None:
    if depth == 0:
        return
    if isinstance(thing, pikepdf.Stream):
        for read in (thing.read_bytes, thing.read_raw_bytes):
            try:
                _search(read(), "PDF stream", 2, found)
            except (pikepdf.PdfError, NotImplementedError):
                continue
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, value in thing.items():
            _search(key.encode("utf-8", "surrogateescape"), "PDF name", 0, found)
            if not getattr(value, "is_indirect", False):
                _search_object(value, found, depth - 1)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not getattr(value, "is_indirect", False):
                _search_object(value, found, depth - 1)
    elif isinstance(thing, pikepdf.String):
        _search(bytes(thing), "PDF string", 1, found)
        _search(str(thing).encode("utf-8", "replace"), "PDF string", 0, found)
    elif isinstance(thing, pikepdf.Name):
        _search(str(thing).encode("utf-8", "surrogateescape"), "PDF name", 0, found)


# Names of programs ----------------------------------------------------------------------------------------------

PROGRAMS = (b"x264 - core", b"x265 (build", b"ImageMagick", b"xiftool", b"ExifTool", b"LibreOffice", b"pikepdf", b"openpyxl", b"python-docx", b"mkvmerge", b"libebml", b"libmatroska", b"Lavf5", b"Lavf6", b"reference libFLAC", b"libVorbis", b"libopus 1", b"opusenc", b"Adobe Photoshop", b"gd-jpeg", b"Inkscape", b"inkscape", b"calibre", b"Microsoft Office", b"python-pptx")
IN_CODED_SOUND = (b"Lavc", b"LAME3")


def programs(octets: bytes) -> list[str]:
    """Programs that the file names, outside of coded sound, in which nothing can be changed."""
    found = {name.decode() for name in PROGRAMS if name in octets}
    for inner, _ in _unpacked(octets):
        found |= {name.decode() for name in PROGRAMS if name in inner}
    return sorted(found)


def archive_traces(octets: bytes) -> list[str]:
    """Times, comments, owners and extra fields of a ZIP file."""
    traces = []
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        if archive.comment:
            traces.append("comment of the archive")
        days = {info.date_time for info in archive.infolist()}
        if days - {(1980, 1, 1, 0, 0, 0), (1980, 0, 0, 0, 0, 0)}:
            traces.append(f"times of members: {sorted(days)[:2]}")
        traces += [f"comment of member {number}" for number, info in enumerate(archive.infolist()) if info.comment]
        traces += [f"extra field of member {number}" for number, info in enumerate(archive.infolist()) if info.extra]
    return traces
