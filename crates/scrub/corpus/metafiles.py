"""EMF and WMF, alone and in documents, and documents with charts."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pptx
import pptx.chart.data
import pptx.enum.chart
import pptx.util

from flat import NAMES, office
from offices import compound, repacked
from planting import Family, File

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect x="10" y="10" width="100" height="60" fill="#c33" stroke="#000"/><circle cx="200" cy="100" r="50" fill="#3c3"/>
<path d="M10 150 C 40 100 65 100 95 150 S 150 190 180 150" stroke="blue" fill="none" stroke-width="4"/><text x="20" y="120" font-family="DejaVu Sans" font-size="18">Drawn words</text></svg>"""
WORDS = ["Drawn words"]
R, P = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/package/2006"


def make(family: Family) -> None:
    with family.file("emf-libreoffice.emf", "emf", compare="metafile", text=WORDS) as file:
        file.write(emf(family, file))
    with family.file("wmf-libreoffice.wmf", "wmf", compare="metafile") as file:
        file.write(wmf(family, file))
    with family.file("docx-emf.docx", "docx", compare="document", text=["Words before", *WORDS]) as file:
        word_with_picture(family, file)
    with family.file("odt-wmf.odt", "odt", compare="document", text=["Words before"]) as file:
        picture = "<draw:image xlink:href='Pictures/{name}' xlink:type='simple'/>".format(name=(name := file.mark("name of the picture")))
        text_with(file, picture, {f"Pictures/{name}": wmf(family, file)})
    charts(family)


def drawing(family: Family, form: str) -> bytes:
    """A drawing of LibreOffice, without the records that say it once more in another form."""
    def convert(path: Path) -> None:
        source = path.with_name(f"drawing-{form}.svg")
        source.write_text(SVG)
        office(family, form, source).rename(path)
    return family.base(f"drawing.{form}", convert).read_bytes()


def emf(family: Family, file: File) -> bytes:
    octets, records, at = drawing(family, "emf"), [], 0
    while at < len(octets):
        kind, size = struct.unpack_from("<II", octets, at)
        records.append((kind, octets[at + 8:at + size]))
        at += size
    packed = lambda kind, body: struct.pack("<II", kind, 8 + (len(body) + 3) // 4 * 4) + body.ljust((len(body) + 3) // 4 * 4, b"\0")
    description = (file.mark("header: program") + "\0" + file.mark("header: title") + "\0\0").encode("utf-16-le")
    out = []
    for kind, body in records[1:]:
        if kind == 70:
            continue
        if kind == 82:
            name = body[32:96].split(b"\0\0\0")[0] + b"\0\0\0"
            body = body[:32] + (name + file.octets("behind the name of a font")).ljust(64, b"\0")[:64] + file.wide("full name of a font").ljust(128, b"\0") + file.wide("style of a font").ljust(64, b"\0") + body[288:]
        if kind == 14:
            body = struct.pack("<II", 8, 16) + file.octets("palette at the end").ljust(32, b"\0")
            body += struct.pack("<I", 8 + len(body) + 4)
            for data in (file.octets("comment"), b"GDIC" + struct.pack("<I", 2) + bytes(16) + file.wide("name of a group")):
                out.append(packed(70, struct.pack("<I", len(data)) + data))
            path = file.wide("path of a profile")
            out.append(packed(113, struct.pack("<III", 0, len(path), 0) + path))
            out.append(packed(110, struct.pack("<III", 1, 8, 20) + file.wide("name of a driver")))
            out.append(packed(104, file.octets("pixel format").ljust(40, b"\0")))
        out.append(packed(kind, body))
    head = bytearray(records[0][1][:100] + description)
    struct.pack_into("<IIHHII", head, 40, 0, len(out) + 1, struct.unpack_from("<H", head, 48)[0], 0x4D48, len(description) // 2, 108)
    whole = bytearray(packed(1, bytes(head)) + b"".join(out) + file.octets("behind the end"))
    struct.pack_into("<I", whole, 48, len(whole))
    return bytes(whole)


def wmf(family: Family, file: File) -> bytes:
    octets, records, at = drawing(family, "wmf"), [], 40
    while at < len(octets):
        size, function = struct.unpack_from("<IH", octets, at)
        records.append((function, octets[at + 6:at + size * 2]))
        at += size * 2
    out = []
    for function, body in records:
        if function == 0x626:
            continue
        if function == 0x2FB:
            name = body[18:50].split(b"\0")[0] + b"\0"
            body = body[:18] + (name + file.octets("behind the name of a font")).ljust(32, b"\0")[:32]
        if function == 0:
            for data in (file.octets("comment"), b"WMFC" + file.octets("enhanced metafile"), b"AppsMFCC" + file.octets("a program's own data")):
                data = data.ljust((len(data) + 1) // 2 * 2, b"\0")
                out.append(struct.pack("<IHHH", 5 + len(data) // 2, 0x626, 15, len(data)) + data)
        out.append(struct.pack("<IH", 3 + len(body) // 2, function) + body)
    body = b"".join(out)
    head = octets[:4] + b"HM" + octets[6:16] + b"HMSA"
    sum_ = 0
    for word in struct.unpack("<10H", head):
        sum_ ^= word
    header = struct.pack("<HHHIHIH", 1, 9, 0x300, 9 + len(body) // 2, struct.unpack_from("<H", octets, 32)[0], max(len(record) for record in out) // 2, 0x4D48)
    return head + struct.pack("<H", sum_) + header + body + file.octets("behind the end")


def word_with_picture(family: Family, file: File) -> None:
    """An EMF in Word, as old versions of it place a picture, and beside it an object of another program that nobody shows."""
    path = file.work("object.docx")
    inner = compound([("Contents", file.octets("words of the object").ljust(4096, b" "))])
    names = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    body = (f'<w:document {names}><w:body><w:p><w:r><w:t>Words before</w:t></w:r></w:p><w:p><w:r><w:pict><v:shape id="{file.mark("id of a shape")}" style="width:225pt;height:150pt" alt="{file.mark("alt text")}"><v:imagedata r:id="rId5" o:title="{file.mark("title of a picture")}"/></v:shape>'
            '</w:pict></w:r></w:p></w:body></w:document>')
    relation = lambda number, kind, target: f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}"/>'
    relations = lambda *lines: f'<Relationships xmlns="{P}/relationships">{"".join(lines)}</Relationships>'
    with zipfile.ZipFile(path, "w") as out:
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        out.writestr("[Content_Types].xml", f'<Types xmlns="{P}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="emf" ContentType="image/x-emf"/><Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/><Override PartName="/word/document.xml" ContentType="{main}.main+xml"/></Types>')
        out.writestr("_rels/.rels", relations(relation(1, "officeDocument", "word/document.xml")))
        out.writestr("word/document.xml", body)
        out.writestr("word/_rels/document.xml.rels", relations(relation(5, "image", "media/image1.emf"), relation(6, "oleObject", "embeddings/oleObject1.bin")))
        out.writestr("word/media/image1.emf", emf(family, file))
        out.writestr("word/embeddings/oleObject1.bin", inner)
    repacked(path, file, comment=True)


def text_with(file: File, frame: str, members: dict[str, bytes], types: str = "") -> None:
    """An ODT with one frame."""
    kind, path = "application/vnd.oasis.opendocument.text", file.work("text.odt")
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{"text/xml" if name.endswith(".xml") else ""}"/>' for name in ("content.xml", *members))
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", kind)
        out.writestr("content.xml", f'<office:document-content {NAMES}><office:body><office:text><text:p>Words before</text:p><text:p><draw:frame draw:name="{file.mark("name of a frame")}" text:anchor-type="as-char" svg:width="9cm" svg:height="6cm">{frame}<svg:desc>{file.mark("alt text")}</svg:desc></draw:frame></text:p></office:text></office:body></office:document-content>')
        for name, octets in members.items():
            out.writestr(name, octets)
        out.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>{entries}{types}</manifest:manifest>')
    repacked(path, file, comment=True)


def charts(family: Family) -> None:
    def show(path: Path) -> None:
        slides = pptx.Presentation()
        page = slides.slides.add_slide(slides.slide_layouts[5])
        page.shapes.title.text = "Sales figures"
        data = pptx.chart.data.CategoryChartData()
        data.categories = ["East", "West", "North"]
        data.add_series("Spring", (19, 21, 16))
        data.add_series("Autumn", (9, 11, 26))
        page.shapes.add_chart(pptx.enum.chart.XL_CHART_TYPE.COLUMN_CLUSTERED, pptx.util.Inches(1), pptx.util.Inches(2), pptx.util.Inches(6), pptx.util.Inches(4), data)
        slides.save(path)
    base = family.base("chart.pptx", show)
    with family.file("pptx-chart.pptx", "pptx", compare="document", text=["Sales figures", "East"]) as file:
        repacked(base, file, comment=True)
    libre = family.base("chart.odp", lambda path: office(family, "odp", base).rename(path))
    for form in ("odt", "docx"):
        with family.file(f"{form}-chart.{form}", form, compare="document", text=["Words before"]) as file:
            with zipfile.ZipFile(libre) as archive:
                members = {name: archive.read(name) for name in archive.namelist() if name.startswith("Object")}
            folder = next(name for name in members if name.endswith("/content.xml")).split("/")[0]
            members[f"{folder}/meta.xml"] = f'<office:document-meta {NAMES}><office:meta><dc:creator>{file.mark("creator of the chart")}</dc:creator></office:meta></office:document-meta>'.encode()
            links = f"<draw:object xlink:href='./{folder}' xlink:type='simple'/><draw:image xlink:href='./ObjectReplacements/{folder}' xlink:type='simple'/>"
            entry = f'<manifest:file-entry manifest:full-path="{folder}/" manifest:media-type="application/vnd.oasis.opendocument.chart"/>'
            text_with(file, links, members, entry)
            if form == "docx":
                text = file.work("chart.odt")
                text.write_bytes(file.path.read_bytes())
                repacked(office(family, "docx", text), file, comment=True)
