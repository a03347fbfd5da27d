"""EPUB, ZIP and plain text."""

from __future__ import annotations

import io
import struct
import zipfile

from jpegs import app1_exif, jpeg, segment, with_segments
from offices import repacked
from planting import Family, File
from rasters import before_pixels, chunk, png


def make(family: Family) -> None:
    epubs(family)
    zips(family)
    texts(family)


def photo(file: File) -> bytes:
    return with_segments(jpeg(size=(96, 72)), app1_exif(file), segment(0xFE, file.octets("COM of a member")))


def packed(members: dict, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, octets in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2021, 3, 14, 15, 9, 26)), octets, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def epubs(family: Family) -> None:
    for version in ("3.0", "2.0"):
        with family.file(f"epub-{version[0]}.epub", "epub", compare="book", text=["Chapter one", "Visible words of the book", "Chapter two", "More words"]) as file:
            mark = file.mark
            page = lambda title, words, extra="": f'<?xml version="1.0" encoding="utf-8"?><!-- {mark("comment in a chapter")} --><html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title><meta name="generator" content="{mark("generator of a chapter")}"/><link rel="stylesheet" type="text/css" href="style.css"/></head><body data-id="{mark("data attribute")}"><h1>{title}</h1><p>{words}</p>{extra}</body></html>'
            metadata = "".join(f"<dc:{key}>{mark('OPF ' + key)}</dc:{key}>" for key in ("title", "creator", "contributor", "publisher", "rights", "source", "description", "subject", "relation", "coverage")) + f'<dc:identifier id="uid">urn:uuid:{mark("OPF identifier")}</dc:identifier><dc:language>en</dc:language><dc:date>{file.iso_day}</dc:date><meta name="calibre:user_metadata" content="{mark("calibre column")}"/><meta name="calibre:timestamp" content="{file.iso_day}"/>' + (f'<meta property="dcterms:modified">{file.iso_day}</meta>' if version == "3.0" else "")
            navigation = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>' if version == "3.0" else '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            opf = f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="uid"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{navigation}<item id="c1" href="c1.xhtml" media-type="application/xhtml+xml"/><item id="c2" href="c2.xhtml" media-type="application/xhtml+xml"/><item id="s" href="style.css" media-type="text/css"/><item id="p" href="photo.jpg" media-type="image/jpeg"/></manifest><spine{" toc=" + chr(34) + "ncx" + chr(34) if version == "2.0" else ""}><itemref idref="c1"/><itemref idref="c2"/></spine></package>'
            links = '<nav epub:type="toc" xmlns:epub="http://www.idpf.org/2007/ops"><ol><li><a href="c1.xhtml">Chapter one</a></li><li><a href="c2.xhtml">Chapter two</a></li></ol></nav>'
            ncx = f'<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head><meta name="dtb:uid" content="{mark("NCX uid")}"/></head><docTitle><text>{mark("NCX title")}</text></docTitle><navMap><navPoint id="n1" playOrder="1"><navLabel><text>Chapter one</text></navLabel><content src="c1.xhtml"/></navPoint></navMap></ncx>'
            members = {"mimetype": b"application/epub+zip", "META-INF/container.xml": b'<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>', "META-INF/calibre_bookmarks.txt": file.octets("calibre bookmarks"), "META-INF/com.apple.ibooks.display-options.xml": f"<a>{mark('display options')}</a>".encode(),
                       "OEBPS/content.opf": opf.encode(), "OEBPS/c1.xhtml": page("Chapter one", "Visible words of the book", '<img src="photo.jpg" alt="a picture"/>').encode(), "OEBPS/c2.xhtml": page("Chapter two", "More words").encode(), "OEBPS/style.css": f"/* {mark('CSS comment')} */ p {{ margin: 1em }}".encode(), "OEBPS/photo.jpg": photo(file), "iTunesMetadata.plist": file.octets("iTunesMetadata")}
            if version == "3.0":
                members["OEBPS/nav.xhtml"] = page("Contents", "", links).encode()
            else:
                members["OEBPS/toc.ncx"] = ncx.encode()
            whole = file.work("book.epub")
            whole.write_bytes(packed(members))
            repacked(whole, file, comment=True)


def zips(family: Family) -> None:
    def members(file: File) -> dict:
        return {"photos/first.jpg": photo(file), "picture.png": before_pixels(png(), chunk(b"tEXt", b"Author\0" + file.octets("tEXt of a member"))), "notes.txt": b"plain words\n", "table.csv": b"a,b\n1,2\n"}

    with family.file("zip-comments-extras.zip", "zip", compare="members") as file:
        whole = file.work("whole.zip")
        whole.write_bytes(packed(members(file)))
        repacked(whole, file, comment=True)
    with family.file("zip-nested.zip", "zip", compare="members") as file:
        inner = packed({"deep/second.jpg": photo(file), "words.txt": b"words inside\n"})
        file.write(packed({"inner.zip": inner, **members(file)}))
    with family.file("zip-gaps.zip", "zip", compare="members") as file:
        # Something in front, between the members and behind the directory.
        octets = packed(members(file))
        front = file.octets("in front of the archive")
        end = octets.rindex(b"PK\x05\x06")
        start = struct.unpack("<I", octets[end + 16:end + 20])[0]
        between = b"PK\x03\x04" + bytes(22) + struct.pack("<HH", 0, 0) + file.octets("member that the directory does not name")
        body, directory, at = octets[:start] + between, octets[start:end], 0
        # Offsets in the directory stay: nothing was put in front of a member.
        file.write(body + directory + octets[end:end + 16] + struct.pack("<I", len(body)) + octets[end + 20:-2] + struct.pack("<H", len(front)) + front)
    with family.file("zip-folders-utf8.zip", "zip", compare="members") as file:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.mkdir("übung")
            archive.writestr("übung/سؤال.txt", "words\n")
            archive.writestr("empty.txt", b"")
            archive.comment = file.octets("comment of the archive")
        file.write(out.getvalue())
    with family.file("zip-encrypted.zip", "zip", expect="refused:scrub-encrypted") as file:
        octets = bytearray(packed({"notes.txt": b"words that are not to be read\n"}))
        octets[6] |= 1
        octets[octets.index(b"PK\x01\x02") + 8] |= 1
        file.write(bytes(octets))
    with family.file("zip-with-program.zip", "zip", expect="refused:*", compare="members") as file:
        file.write(packed({"notes.txt": b"plain words\n", "tool.exe": b"MZ" + bytes(range(256)) * 8}))


def texts(family: Family) -> None:
    words = "Plain words.\nA second line with é, ع and 中.\n\n\tIndented, and trailing words\n"
    with family.file("text-plain.txt", "text", compare="text") as file:
        file.write(words.encode())
    with family.file("text-bom-windows.txt", "text", compare="text") as file:
        file.write(b"\xef\xbb\xbf" + words.replace("\n", "\r\n").encode())
    with family.file("text-invisible-marks.txt", "text", compare="text", invisible=True) as file:
        bits = "".join("\u200b\u200c"[int(bit)] for letter in file.octets("zero-width letters")[-6:] for bit in f"{letter:08b}")
        file.write(words.replace("words", "wo" + bits + "rds", 1).replace("second", "se\u2060co\ufeffnd\u180e\U000e0041").encode())
    with family.file("text-utf16.txt", "text", expect="clean|refused:scrub-unknown-kind|refused:scrub-unsupported", compare="text") as file:
        file.write(words.encode("utf-16"))
    with family.file("csv-plain.csv", "csv", compare="text") as file:
        file.write("name;amount\nsalt;12\nflour;30,5\n".encode())
    with family.file("csv-bom.csv", "csv", compare="text", invisible=True) as file:
        file.write("\ufeffname,amount\r\n\"salt\u200b, coarse\",12\r\n".encode())
