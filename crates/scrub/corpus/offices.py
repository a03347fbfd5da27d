"""Word, Excel, PowerPoint and OpenDocument files: of LibreOffice, of the Python libraries, and with what Office adds."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import docx
import openpyxl
import openpyxl.comments
import pptx
import pptx.util

from content import picture
from flat import document, office, sheet, slides
from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, File

LETTER = ["Visible heading", "First paragraph with a word", "Second paragraph", "one point", "another point", "cell one", "cell two", "Last words"]
TABLE = ["salt", "12", "flour", "30.5", "sum", "more", "7"]
SLIDES = ["Visible title", "Second slide words"]


def make(family: Family) -> None:
    libre(family)
    words(family)
    tables(family)
    shows(family)
    with family.file("docx-encrypted.docx", "docx", expect="refused:scrub-encrypted|refused:scrub-old-office") as file:
        # An encrypted DOCX is an OLE file with these two streams.
        file.write(compound([("EncryptionInfo", b"\x04\0\x04\0\x40\0\0\0<encryption/>".ljust(4096, b" ")), ("EncryptedPackage", bytes(range(256)) * 20)]))


def compound(streams: list[tuple[str, bytes]]) -> bytes:
    """A small OLE compound file."""
    sectors, table, entries = [], [], []
    def store(octets: bytes) -> int:
        first = len(sectors)
        parts = [octets[at:at + 512].ljust(512, b"\0") for at in range(0, len(octets), 512)]
        for number, part in enumerate(parts):
            sectors.append(part)
            table.append(first + number + 1 if number + 1 < len(parts) else 0xFFFFFFFE)
        return first
    def entry(name: str, kind: int, first: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
        wide = (name + "\0").encode("utf-16-le")
        return wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", first, size)
    placed = [(name, store(octets), len(octets)) for name, octets in streams]
    entries.append(entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1))
    for number, (name, first, size) in enumerate(placed, 1):
        entries.append(entry(name, 2, first, size, right=number + 1 if number < len(placed) else 0xFFFFFFFF))
    directory = store(b"".join(entries).ljust(512, b"\0"))
    table.append(0xFFFFFFFD)
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<I", len(sectors)) + b"\xff" * 432 + b"".join(sectors) + fat


def libre(family: Family) -> None:
    """The same sources in every format of LibreOffice, with its own times and ids."""
    plans = [
        ("letter", lambda file: document(file), ["odt", "docx"], dict(text=LETTER, changes=True)), ("letter-final", lambda file: document(file, changes=False), ["odt", "docx"], dict(text=LETTER)),
        ("table", sheet, ["ods", "xlsx"], dict(text=TABLE)), ("slides", slides, ["odp", "pptx"], dict(text=SLIDES)),
    ]
    endings = {"letter": "fodt", "letter-final": "fodt", "table": "fods", "slides": "fodp"}
    for name, source, forms, more in plans:
        for form in forms:
            with family.file(f"{form}-libreoffice-{name}.{form}", form, compare="document", **more) as file:
                flat = file.work(f"{form}-{name}.{endings[name]}")
                flat.write_text(source(file))
                repacked(office(family, form, flat), file, comment=True)


def photo(file: File) -> io.BytesIO:
    return io.BytesIO(with_segments(jpeg(size=(96, 72)), app1_exif(file, maker_note=True, thumbnail=jpeg(size=(24, 18))), segment(0xFE, file.octets("COM of a picture"))))


def repacked(path: Path, file: File, edits: dict | None = None, new: dict | None = None, comment: bool = False) -> None:
    """Packs an archive anew: members changed or added, with times, extra fields and comments that name things."""
    edits, day = edits or {}, [int(part) for part in f"{file.values['day']}:{file.values['clock']}".split(":")]
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(file.path, "w") as out:
        members = [(info.filename, info.compress_type, old.read(info)) for info in old.infolist() if info.filename not in (new or {})]
        members += [(name, zipfile.ZIP_DEFLATED, octets) for name, octets in (new or {}).items()]
        for name, kind, octets in members:
            for wanted, edit in edits.items():
                if name == wanted or wanted.endswith("*") and name.startswith(wanted[:-1]):
                    changed = edit(octets.decode()) if isinstance(octets, bytes) else octets
                    octets = changed.encode() if isinstance(changed, str) else changed
            info = zipfile.ZipInfo(name, (day[0], day[1], day[2], day[3], day[4], day[5] // 2 * 2))
            info.compress_type, info.external_attr, info.create_system = kind, 0o100640 << 16, 3
            if comment and name != "mimetype":
                info.extra = struct.pack("<HHBI", 0x5455, 5, 1, 1615734566) + struct.pack("<HHBBIBI", 0x7875, 11, 1, 4, 1042, 4, 1042) + struct.pack("<HH", 0x4D48, 24) + file.octets("extra field").ljust(24, b"\0")[:24]
                info.comment = file.octets(f"comment of {name}")
            out.writestr(info, octets)
        if comment:
            out.comment = file.octets("comment of the archive")


def core(properties, file: File) -> None:
    for key in ("author", "category", "comments", "content_status", "identifier", "keywords", "last_modified_by", "subject", "title", "version"):
        setattr(properties, key, file.mark(f"core {key}"))


CUSTOM = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{}"><vt:lpwstr>{}</vt:lpwstr></property></Properties>'
APP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Template>{}</Template><Manager>{}</Manager><Company>{}</Company><HyperlinkBase>{}</HyperlinkBase><Application>Microsoft Office Word</Application><AppVersion>16.0000</AppVersion><TotalTime>314</TotalTime></Properties>'
RELATION = '<Relationship Id="{}" Type="{}" Target="{}"{}/>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def properties(file: File) -> dict:
    return {"docProps/app.xml": lambda text: APP.format(*(file.mark(f"app {key}") for key in ("Template", "Manager", "Company", "HyperlinkBase")))}


def custom(file: File) -> dict:
    return {"docProps/custom.xml": CUSTOM.format(file.mark("name of a custom property"), file.mark("value of a custom property")).encode(),
            "customXml/item1.xml": f"<root xmlns='urn:x'>{file.mark('customXml')}</root>".encode(),
            "customXml/itemProps1.xml": f'<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" ds:itemID="{{{file.mark("customXml itemID")}}}"/>'.encode()}


def root_relations(text: str) -> str:
    return text.replace("</Relationships>", RELATION.format("rIdC", OFFICE + "custom-properties", "docProps/custom.xml", "") + "</Relationships>")


def types(*more: tuple[str, str]):
    def edit(text: str) -> str:
        lines = "".join(f'<Override PartName="{name}" ContentType="application/{kind}"/>' for name, kind in (("/docProps/custom.xml", "vnd.openxmlformats-officedocument.custom-properties+xml"), *more))
        for ending, kind in (("bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")):
            if f'Extension="{ending}"' not in text:
                lines += f'<Default Extension="{ending}" ContentType="{kind}"/>'
        return text.replace("</Types>", lines + "</Types>")
    return edit


def relations(*lines: str):
    return lambda text: text.replace("</Relationships>", "".join(lines) + "</Relationships>")


# Word -----------------------------------------------------------------------------------------------------------


def words(family: Family) -> None:
    def base(file: File, commented: bool) -> Path:
        paper = docx.Document()
        paper.add_heading("Visible heading", 1)
        first = paper.add_paragraph("First paragraph with ")
        run = first.add_run("a word")
        run.bold = True
        paper.add_paragraph("one point", style="List Bullet")
        paper.add_picture(photo(file), width=docx.shared.Cm(4))
        table = paper.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "cell one", "cell two"
        paper.add_paragraph("Last words ع é €.")
        paper.sections[0].header.paragraphs[0].text = "Words in the header"
        if commented:
            paper.add_comment(run, text=file.mark("comment"), author=file.mark("author of a comment"), initials=file.mark("initials of a comment"))
        core(paper.core_properties, file)
        path = file.work("base.docx")
        paper.save(path)
        return path

    visible = ["Visible heading", "First paragraph with a word", "one point", "cell one", "cell two", "Last words"]
    with family.file("docx-python.docx", "docx", compare="document", text=visible) as file:
        repacked(base(file, True), file, comment=True)
    with family.file("docx-word-everything.docx", "docx", compare="document", text=visible, changes=True) as file:
        mark = file.mark
        when = f'w:date="{file.iso_day}"'
        tracked = (f'<w:p w:rsidR="00A1B2C3" w:rsidRPr="00D4E5F6" w14:paraId="1A2B3C4D" w14:textId="77777777"><w:pPr><w:rPr><w:ins w:id="91" w:author="{mark("author of a paragraph mark")}" {when}/></w:rPr></w:pPr><w:ins w:id="92" w:author="{mark("author of an insertion")}" {when}><w:r w:rsidR="00A1B2C3"><w:t>inserted words</w:t></w:r></w:ins>'
                   f'<w:del w:id="93" w:author="{mark("author of a deletion")}" {when}><w:r><w:delText>{mark("deleted words")}</w:delText></w:r></w:del><w:moveFrom w:id="94" w:author="{mark("author of a move")}" {when}><w:r><w:t>{mark("moved words at the old place")}</w:t></w:r></w:moveFrom>'
                   f'<w:bookmarkStart w:id="95" w:name="{mark("bookmark")}"/><w:bookmarkEnd w:id="95"/><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:rPrChange w:id="96" w:author="{mark("author of a change of format")}" {when}><w:rPr/></w:rPrChange></w:rPr><w:t>formatted words</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve"></w:t></w:r></w:p>'
                   f'<w:sdt><w:sdtPr><w:alias w:val="{mark("alias of a control")}"/><w:tag w:val="{mark("tag of a control")}"/><w:id w:val="12345"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>words in a control</w:t></w:r></w:p></w:sdtContent></w:sdt><!-- {mark("XML comment")} -->')
        settings = (f'<w:attachedTemplate r:id="rIdT" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/><w:docVars><w:docVar w:name="{mark("docVar name")}" w:val="{mark("docVar value")}"/></w:docVars><w:rsids><w:rsidRoot w:val="00A1B2C3"/><w:rsid w:val="00D4E5F6"/></w:rsids>')
        def body(text: str) -> str:
            if 'xmlns:w14=' not in text:
                text = text.replace("<w:document ", '<w:document xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" ', 1)
            text = text.replace('name="Picture 1"', f'name="{mark("name of a picture")}" descr="C:\\Users\\{mark("alt text with a path")}\\p.jpg" title="{mark("title of a picture")}"', 1)
            at = text.index("<w:sectPr")
            return text[:at] + tracked + text[at:]
        template = RELATION.format("rIdT", OFFICE + "attachedTemplate", f"file:///C:\\Users\\{mark('path of the template')}\\t.dotm", ' TargetMode="External"')
        people = f'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="{mark("people author")}"><w15:presenceInfo w15:providerId="AD" w15:userId="{mark("people user id")}"/></w15:person></w15:people>'
        edits = {"word/document.xml": body, "word/settings.xml": lambda text: text.replace("</w:settings>", settings + "</w:settings>"), "_rels/.rels": root_relations, **properties(file),
                 "word/_rels/document.xml.rels": relations(RELATION.format("rIdP", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml", ""), RELATION.format("rIdX", OFFICE + "customXml", "../customXml/item1.xml", "")),
                 "[Content_Types].xml": types(("/word/people.xml", "vnd.openxmlformats-officedocument.wordprocessingml.people+xml"))}
        new = {"word/people.xml": people.encode(), "word/_rels/settings.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{template}</Relationships>'.encode(), "word/printerSettings1.bin": file.wide("printer settings"), "docProps/thumbnail.jpeg": photo(file).getvalue(), **custom(file)}
        repacked(base(file, True), file, edits, new, comment=True)
    with family.file("docx-embedded-workbook.docx", "docx", expect="clean|refused:scrub-unsupported", compare="document", text=visible) as file:
        book = openpyxl.Workbook()
        book.active["A1"] = file.mark("cell of the embedded workbook")
        book.properties.creator = file.mark("creator of the embedded workbook")
        inner = io.BytesIO()
        book.save(inner)
        edits = {"word/_rels/document.xml.rels": relations(RELATION.format("rIdE", OFFICE + "package", "embeddings/Microsoft_Excel_Sheet1.xlsx", "")), "[Content_Types].xml": types()}
        repacked(base(file, False), file, edits, {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": inner.getvalue()})
    with family.file("docx-macros.docm", "docx", expect="clean|refused:scrub-unsupported|refused:scrub-unknown-kind", compare="document", text=visible) as file:
        edits = {"[Content_Types].xml": lambda text: text.replace("wordprocessingml.document.main+xml", "X").replace("application/vnd.openxmlformats-officedocument.X", "application/vnd.ms-word.document.macroEnabled.main+xml").replace("</Types>", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'),
                 "word/_rels/document.xml.rels": relations(RELATION.format("rIdV", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", ""))}
        repacked(base(file, False), file, edits, {"word/vbaProject.bin": compound([("PROJECT", file.octets("macro project").ljust(4096, b" "))])})


# Excel ----------------------------------------------------------------------------------------------------------


def tables(family: Family) -> None:
    def base(file: File) -> Path:
        book = openpyxl.Workbook()
        page = book.active
        page.title = "Amounts"
        for row in (("salt", 12), ("flour", 30.5), ("sum", "=SUM(B1:B2)")):
            page.append(row)
        page["A1"].comment = openpyxl.comments.Comment(file.mark("comment"), file.mark("author of a comment"))
        second = book.create_sheet("Second")
        second.append(("more", 7))
        third = book.create_sheet("Kept aside")
        third.sheet_state = "hidden"
        third.append(("words on a hidden sheet", 1))
        page.column_dimensions["B"].hidden = False
        picture_file = openpyxl.drawing.image.Image(photo(file))
        page.add_image(picture_file, "D2")
        page.oddHeader.center.text = "Header of the table"
        for key in ("creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category", "identifier", "version", "contentStatus"):
            setattr(book.properties, key, file.mark(f"core {key}"))
        path = file.work("base.xlsx")
        book.save(path)
        return path

    visible = ["salt", "12", "flour", "30.5", "sum", "more", "7"]
    with family.file("xlsx-python.xlsx", "xlsx", compare="document", text=visible) as file:
        repacked(base(file), file, comment=True)
    with family.file("xlsx-excel-everything.xlsx", "xlsx", compare="document", text=visible) as file:
        mark = file.mark
        path = f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\{mark("absPath")}\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent><xr:revisionPtr revIDLastSave="0" documentId="{mark("revisionPtr")}" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"/>'
        def book(text: str) -> str:
            return text.replace("<bookViews>", path + "<bookViews>", 1).replace("<workbookPr", f'<fileVersion appName="xl" lastEdited="7" codeName="{mark("fileVersion codeName")}"/><fileSharing userName="{mark("fileSharing")}"/><workbookPr', 1)
        def page(text: str) -> str:
            return text.replace("<legacyDrawing", '<!-- ' + mark("XML comment") + ' --><legacyDrawing', 1) if "<pageSetup" in text else text.replace("<drawing ", f'<pageSetup paperSize="9" orientation="landscape" r:id="rIdS" xmlns:r="{OFFICE[:-1]}"/><drawing ', 1)
        edits = {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": page, "_rels/.rels": root_relations, **properties(file), "[Content_Types].xml": types(("/xl/connections.xml", "vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"), ("/xl/persons/person.xml", "vnd.ms-excel.person+xml")),
                 "xl/worksheets/_rels/sheet1.xml.rels": relations(RELATION.format("rIdS", OFFICE + "printerSettings", "../printerSettings/printerSettings1.bin", "")),
                 "xl/_rels/workbook.xml.rels": relations(RELATION.format("rIdN", OFFICE + "connections", "connections.xml", ""), RELATION.format("rIdQ", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml", ""))}
        connections = f'<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><connection id="1" name="{mark("name of a connection")}" type="1" refreshedVersion="6"><dbPr connection="DSN=x;UID={mark("user of a connection")}" command="select 1"/></connection></connections>'
        persons = f'<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="{mark("person")}" id="{{1}}" userId="{mark("person userId")}" providerId="AD"/></personList>'
        repacked(base(file), file, edits, {"xl/printerSettings/printerSettings1.bin": file.wide("name of the printer") * 4, "xl/connections.xml": connections.encode(), "xl/persons/person.xml": persons.encode(), **custom(file)}, comment=True)


# PowerPoint -----------------------------------------------------------------------------------------------------


def shows(family: Family) -> None:
    def base(file: File) -> Path:
        show = pptx.Presentation()
        first = show.slides.add_slide(show.slide_layouts[5])
        first.shapes.title.text = "Visible title"
        shown = first.shapes.add_picture(photo(file), pptx.util.Cm(2), pptx.util.Cm(6))
        shown._element.nvPicPr.cNvPr.set("descr", f"C:\\Users\\{file.mark('alt text with a path')}")
        shown._element.nvPicPr.cNvPr.set("name", file.mark("name of a picture"))
        second = show.slides.add_slide(show.slide_layouts[1])
        second.shapes.title.text, second.placeholders[1].text = "Second slide words", "a point of it"
        core(show.core_properties, file)
        path = file.work("base.pptx")
        show.save(path)
        return path

    visible = ["Visible title", "Second slide words", "a point of it"]
    with family.file("pptx-python.pptx", "pptx", compare="document", text=visible) as file:
        repacked(base(file), file, comment=True)
    with family.file("pptx-powerpoint-everything.pptx", "pptx", compare="document", text=visible) as file:
        mark = file.mark
        authors = f'<p:cmAuthorLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cmAuthor id="0" name="{mark("author of a comment")}" initials="{mark("initials")}" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>'
        comment = f'<p:cmLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cm authorId="0" dt="{file.iso_day[:-1]}" idx="1"><p:pos x="10" y="10"/><p:text>{mark("comment")}</p:text></p:cm></p:cmLst>'
        sections = f'<p:extLst><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="{mark("name of a section")}" id="{{6D9D2A55-0000-0000-0000-000000000001}}"><p14:sldIdLst/></p14:section></p14:sectionLst></p:ext></p:extLst>'
        tag = f'<p:tagLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:tag name="{mark("name of a tag")}" val="{mark("value of a tag")}"/></p:tagLst>'
        edits = {"ppt/presentation.xml": lambda text: text.replace("<p:extLst>", "<!-- " + mark("XML comment") + " --><p:extLst>", 1) if "<p:extLst>" in text else text.replace("</p:presentation>", sections + "</p:presentation>"), "_rels/.rels": root_relations, **properties(file),
                 "ppt/_rels/presentation.xml.rels": relations(RELATION.format("rIdA", OFFICE + "commentAuthors", "commentAuthors.xml", ""), RELATION.format("rIdG", OFFICE + "tags", "tags/tag1.xml", "")),
                 "ppt/slides/_rels/slide1.xml.rels": relations(RELATION.format("rIdM", OFFICE + "comments", "../comments/comment1.xml", "")),
                 "[Content_Types].xml": types(("/ppt/commentAuthors.xml", "vnd.openxmlformats-officedocument.presentationml.commentAuthors+xml"), ("/ppt/comments/comment1.xml", "vnd.openxmlformats-officedocument.presentationml.comments+xml"), ("/ppt/tags/tag1.xml", "vnd.openxmlformats-officedocument.presentationml.tags+xml"))}
        repacked(base(file), file, edits, {"ppt/commentAuthors.xml": authors.encode(), "ppt/comments/comment1.xml": comment.encode(), "ppt/tags/tag1.xml": tag.encode(), **custom(file)}, comment=True)


__all__ = ["make", "picture", "repacked", "compound"]
