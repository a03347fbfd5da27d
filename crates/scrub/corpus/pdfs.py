"""PDF as office programs, qpdf and editors write it, and by hand what they hide in it."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from content import other_picture, picture
from flat import document, office
from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, File, profile, run

WORDS = ["First line of the page", "Second line stays selectable"]
PAGE = b"BT /F1 14 Tf 40 700 Td (First line of the page) Tj 0 -24 Td (Second line stays selectable) Tj ET 0.8 0.2 0.1 rg 40 560 120 60 re f 2 w 40 540 m 300 520 l S\n"


def make(family: Family) -> None:
    by_office(family)
    by_qpdf(family)
    hidden(family)
    pictures(family)
    pages(family)
    with family.file("pdf-password.pdf", "pdf", expect="refused:scrub-encrypted") as file:
        run("qpdf", "--encrypt", "secret", "owner", "256", "--", plain(family), file.path)
    with family.file("pdf-cut-short.pdf", "pdf", expect="clean|refused:scrub-damaged") as file:
        file.write(plain(family).read_bytes()[:500])


def new(content: bytes = PAGE, pages: int = 1) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding))
    for number in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[-1]
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = pdf.make_stream(content.replace(b"First line", b"First line" if not number else b"Page %d line" % (number + 1)))
    return pdf


def plain(family: Family) -> Path:
    def write(path: Path) -> None:
        with new(pages=3) as pdf:
            pdf.save(path, static_id=True)
    return family.base("plain.pdf", write)


def properties(pdf: pikepdf.Pdf, file: File) -> None:
    for key in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "SourceModified", "Company"):
        pdf.docinfo["/" + key] = file.mark(f"Info {key}")
    pdf.docinfo["/CreationDate"] = f"D:{file.values['day'].replace(':', '')}{file.values['clock'].replace(':', '')}+03'30'"
    pdf.docinfo["/" + file.mark("Info name of a key")] = String(file.mark("Info UTF-16 ع"))
    pdf.Root.Metadata = pdf.make_stream(file.xmp("document "), Type=Name.Metadata, Subtype=Name.XML)


def save(pdf: pikepdf.Pdf, file: File, **options) -> None:
    pdf.save(file.path, static_id=True, **options)


def by_office(family: Family) -> None:
    for name, words in [("writer", "pdf"), ("writer-tagged-forms", 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportNotes":{"type":"boolean","value":"true"},"ExportFormFields":{"type":"boolean","value":"true"}}'), ("writer-pdfa", 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}')]:
        with family.file(f"pdf-{name}.pdf", "pdf", compare="pdf", text=["Visible heading", "Second paragraph"], forms=True, twin=False) as file:
            source = file.work(f"{name}.fodt")
            source.write_text(document(file, changes=False))
            office(family, words, source).rename(file.path)
    with family.file("pdf-calc-exiftool.pdf", "pdf", compare="pdf", text=["Visible heading"], twin=False) as file:
        source = file.work("exiftool.fodt")
        source.write_text(document(file, changes=False))
        office(family, "pdf", source).rename(file.path)
        # Exiftool writes an update behind the end: the old values stay in the file.
        file.everything("PDF", "XMP", most=300)


def by_qpdf(family: Family) -> None:
    options = {"linearized": ("--linearize",), "object-streams": ("--object-streams=generate", "--compress-streams=y"), "owner-password": ("--encrypt", "", "owner", "256", "--"), "owner-password-rc4": ("--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"), "uncompressed": ("--qdf",), "recompressed": ("--recompress-flate", "--compression-level=9", "--object-streams=generate", "--linearize")}
    for name, words in options.items():
        with family.file(f"pdf-{name}.pdf", "pdf", compare="pdf", text=WORDS) as file:
            source = file.work("source.pdf")
            with new(pages=2) as pdf:
                properties(pdf, file)
                pdf.save(source, static_id=True)
            run("qpdf", "--no-warn", "--static-id", *words, source, file.path)
    with family.file("pdf-attachment.pdf", "pdf", compare="pdf", text=WORDS) as file:
        secret = file.work(f"{file.mark('name of the attachment')}.txt")
        secret.write_bytes(file.octets("attachment") * 5)
        run("qpdf", plain(family), "--add-attachment", secret, f"--description={file.mark('description of the attachment')}", "--", file.path)


def hidden(family: Family) -> None:
    with family.file("pdf-earlier-state.pdf", "pdf", compare="pdf", text=WORDS) as file:
        # First a page with words that were blacked out later; then an update that replaces the page.
        with new(b"BT /F1 14 Tf 40 700 Td (" + file.octets("older page") + b") Tj ET\n") as pdf:
            save(pdf, file, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        old = file.path.read_bytes()
        with pikepdf.open(file.path) as pdf:
            number = pdf.pages[0].Contents.objgen[0]
            root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
        at = len(old)
        body = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, len(PAGE)) + PAGE + b"endstream\nendobj\n"
        info = b"%d 0 obj\n<< /Author (" % size + file.octets("Info of the update") + b") >>\nendobj\n"
        start = int(old[old.rindex(b"startxref") + 9:].split()[0])
        table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (number, at, size, at + len(body))
        file.append(body + info + table + b"trailer << /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size + 1, root, size, start, at + len(body) + len(info)))
    with family.file("pdf-properties-scripts.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new(pages=2) as pdf:
            properties(pdf, file)
            mark = file.mark
            script = lambda field: Dictionary(S=Name.JavaScript, JS=String(f"var a = '{mark(field)}';"))
            pdf.Root.OpenAction = script("OpenAction")
            pdf.Root.AA = Dictionary(WC=script("AA of the document"))
            pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(mark("name of a script")), script("JavaScript of the names")])), Dests=Dictionary(Names=Array([String(mark("name of a destination")), Array([pdf.pages[0].obj, Name.Fit])])))
            pdf.Root.URI = Dictionary(Base=String(f"file:///home/{mark('URI base')}/"))
            pdf.Root.PieceInfo = Dictionary(Illustrator=Dictionary(LastModified=String("D:20210314150926Z"), Private=Dictionary(A=String(mark("PieceInfo")))))
            pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(mark("prefix of page labels")), S=Name.D)]))
            pdf.Root.Lang = String(mark("Lang"))
            pdf.Root.Collection = Dictionary(Type=Name.Collection, Schema=Dictionary(A=Dictionary(Subtype=Name.S, N=String(mark("Collection field")))))
            pdf.Root["/" + mark("key in the catalog")] = String(mark("value in the catalog"))
            page = pdf.pages[0]
            page.AA = Dictionary(O=script("AA of the page"))
            page.LastModified = String("D:20210314150926Z")
            page.PieceInfo = Dictionary(X=Dictionary(Private=String(mark("PieceInfo of the page"))))
            page.Metadata = pdf.make_stream(file.xmp("page "), Type=Name.Metadata, Subtype=Name.XML)
            small = io.BytesIO()
            other_picture().save(small, "JPEG")
            page.Thumb = pdf.make_stream(with_segments(small.getvalue(), segment(0xFE, file.octets("COM of the Thumb"))), Width=96, Height=72, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)
            page["/" + mark("key in the page")] = String(mark("value in the page"))
            with pdf.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem(mark("bookmark"), 0))
            pdf.make_indirect(Dictionary(Kept=String(mark("object that nothing refers to"))))
            save(pdf, file)
        file.append(b"% " + file.octets("after EOF") + b"\n" + zlib.compress(file.octets("after EOF, deflated") * 9))
    with family.file("pdf-annotations.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            mark, page = file.mark, pdf.pages[0]
            def note(kind: str, **more):
                return pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array([400, 600, 420, 620]), T=String(mark(f"author of {kind}")), Contents=String(mark(f"words of {kind}")), NM=String(mark(f"NM of {kind}")), M=String("D:20210314150926Z"), CreationDate=String("D:20210314150926Z"), Subj=String(mark(f"subject of {kind}")), RC=String(f"<body>{mark(f'rich words of {kind}')}</body>"), **more))
            page.Annots = Array([note("Text", Name=Name.Note, F=28), note("Popup", Open=False), note("FileAttachment", FS=Dictionary(Type=Name.Filespec, F=String(mark("file name")), EF=Dictionary(F=pdf.make_stream(file.octets("attached by a note"))))),
                                 note("Link", A=Dictionary(S=Name.URI, URI=String(f"https://example.org/{mark('link with an id')}"))), note("Link", A=Dictionary(S=Name.Launch, F=String(f"C:\\Users\\{mark('launch path')}")))])
            save(pdf, file)
    with family.file("pdf-visible-notes.pdf", "pdf", compare="pdf", text=[*WORDS, "Stamped words"], forms=True) as file:
        # A stamp and a filled form field are on the page: they have to stay to be seen.
        with new() as pdf:
            page, font = pdf.pages[0], pdf.pages[0].Resources.Font.F1
            def look(words: bytes):
                return pdf.make_stream(b"/Tx BMC q 0.9 g 0 0 200 30 re f 0 g BT /F1 12 Tf 5 10 Td (" + words + b") Tj ET Q EMC", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 30]), Resources=Dictionary(Font=Dictionary(F1=font)))
            stamp = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([300, 600, 500, 630]), F=4, T=String(file.mark("author of the stamp")), NM=String(file.mark("NM of the stamp")), AP=Dictionary(N=look(b"Stamped words"))))
            field = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=Array([300, 500, 500, 530]), F=4, T=String(file.mark("name of the field")), TU=String(file.mark("tooltip of the field")), V=String("Filled in"), DV=String(file.mark("default value")), AP=Dictionary(N=look(b"Filled in"))))
            page.Annots = Array([stamp, field])
            pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=Dictionary(Font=Dictionary(F1=font)), DA=String("/F1 12 Tf 0 g"), XFA=Array([String("template"), pdf.make_stream(f"<t>{file.mark('XFA')}</t>".encode())]))
            save(pdf, file)
    with family.file("pdf-content-streams.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            o = file.octets
            pdf.pages[0].Contents = pdf.make_stream(b"% " + o("comment in the content") + b"\n/Artifact <</Subtype /Header /Author (" + o("BDC property") + b")>> BDC\n" + PAGE + b"EMC\n/Span <</ActualText <" + o("ActualText as hex").hex().encode() + b">>> BDC EMC\n/" + o("tag of a MP") + b" MP\n/Tag /P0 DP\n"
                b"BX (" + o("operand of an unknown operator") + b") xyz EX\nq 1 0 0 1 0 0 cm BT 3 Tr /F1 1 Tf ET Q\n")
            pdf.pages[0].Resources.Properties = Dictionary(P0=Dictionary(Note=String(file.mark("property list"))))
            save(pdf, file)
    with family.file("pdf-hidden-layer.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            layers = [pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(file.mark(f"name of layer {n}")), Usage=Dictionary(CreatorInfo=Dictionary(Creator=String(file.mark(f"creator of layer {n}")))))) for n in (1, 2)]
            pdf.Root.OCProperties = Dictionary(OCGs=Array(layers), D=Dictionary(Order=Array(layers), ON=Array([layers[0]]), OFF=Array([layers[1]]), Name=String(file.mark("layer configuration"))))
            hex_words = file.octets("text on the hidden layer, as hex").hex().encode()
            pdf.pages[0].Resources.Properties = Dictionary(L1=layers[0], L2=layers[1])
            pdf.pages[0].Contents = pdf.make_stream(b"/OC /L1 BDC\n" + PAGE + b"EMC\n/OC /L2 BDC BT /F1 14 Tf 40 400 Td <" + hex_words + b"> Tj ET EMC\n")
            save(pdf, file)
    with family.file("pdf-names-of-resources.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            page, name = pdf.pages[0], file.mark("name of a font resource")
            font = page.Resources.Font.F1
            page.Resources = Dictionary(Font=Dictionary({"/" + name: font}), ExtGState=Dictionary({"/" + file.mark("unused graphics state"): Dictionary(ca=0.5)}), XObject=Dictionary({"/" + file.mark("unused form"): pdf.make_stream(file.octets("unused form"), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))}))
            page.Contents = pdf.make_stream(PAGE.replace(b"/F1", b"/" + name.encode()))
            font["/" + file.mark("key in a font")] = String(file.mark("value in a font"))
            font.Name = Name("/" + file.mark("name in a font"))
            save(pdf, file)
    with family.file("pdf-structure-tree.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new(b"/P <</MCID 0>> BDC\n" + PAGE + b"EMC\n") as pdf:
            element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, Alt=String(file.mark("alternative text")), T=String(file.mark("title of an element")), ID=String(file.mark("id of an element")), Pg=pdf.pages[0].obj, K=0))
            pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([element]), RoleMap=Dictionary({"/" + file.mark("role"): Name.P})))
            pdf.Root.MarkInfo = Dictionary(Marked=True)
            save(pdf, file)


def pictures(family: Family) -> None:
    def place(pdf: pikepdf.Pdf, images: dict) -> None:
        content, at = PAGE, 40
        for name in images:
            content += b"q 120 0 0 90 %d 300 cm /%s Do Q\n" % (at, name.encode())
            at += 130
        pdf.pages[0].Contents = pdf.make_stream(content)
        pdf.pages[0].Resources.XObject = Dictionary({"/" + name: image for name, image in images.items()})

    with family.file("pdf-pictures.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            photo = with_segments(jpeg(), app1_exif(file, thumbnail=jpeg(size=(32, 24))), segment(0xFE, file.octets("COM of a photo")))
            dct = pdf.make_stream(photo, Type=Name.XObject, Subtype=Name.Image, Width=160, Height=120, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode, Metadata=pdf.make_stream(file.xmp("picture "), Type=Name.Metadata, Subtype=Name.XML))
            rgba = picture("RGBA")
            mask = pdf.make_stream(zlib.compress(rgba.getchannel("A").tobytes()) + file.octets("behind the end of the deflated mask"), Type=Name.XObject, Subtype=Name.Image, Width=160, Height=120, ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.FlateDecode)
            icc = pdf.make_stream(profile(file, "p3"), N=3, Alternate=Name.DeviceRGB)
            raw = pdf.make_stream(zlib.compress(rgba.convert("RGB").tobytes()), Type=Name.XObject, Subtype=Name.Image, Width=160, Height=120, ColorSpace=Array([Name.ICCBased, icc]), BitsPerComponent=8, Filter=Name.FlateDecode, SMask=mask, PieceInfo=Dictionary(P=Dictionary(Private=String(file.mark("PieceInfo of a picture")))), Alternates=Array([]), OPI=Dictionary(V=Dictionary(F=String(file.mark("OPI file name")))))
            mono = pdf.make_stream(picture("1").tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=160, Height=120, ImageMask=True, BitsPerComponent=1)
            place(pdf, {"I1": dct, "I2": raw, "I3": mono})
            save(pdf, file)
    with family.file("pdf-inline-picture.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            pixels = picture("L", (32, 24)).tobytes()
            pdf.pages[0].Contents = pdf.make_stream(PAGE + b"q 120 0 0 90 40 300 cm BI /W 32 /H 24 /CS /G /BPC 8 /" + file.octets("key in an inline picture") + b" (" + file.octets("value in an inline picture") + b") ID " + pixels + b" EI Q\n")
            save(pdf, file)
    with family.file("pdf-pillow.pdf", "pdf", compare="pdf", text=[]) as file:
        picture().save(file.path, "PDF", title=file.mark("title"), author=file.mark("author"), producer=file.mark("producer"), resolution=96)


def pages(family: Family) -> None:
    with family.file("pdf-boxes-rotation.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new(pages=4) as pdf:
            for number, page in enumerate(pdf.pages):
                page.Rotate = 90 * number
                page.CropBox = Array([20, 20, 560, 800])
                page.UserUnit = 1
            properties(pdf, file)
            save(pdf, file)
    with family.file("pdf-shading-pattern.pdf", "pdf", compare="pdf", text=WORDS) as file:
        with new() as pdf:
            page = pdf.pages[0]
            function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
            page.Resources.Shading = Dictionary(S1=Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([40, 0, 300, 0]), Function=function, Extend=Array([True, True])))
            tile = pdf.make_stream(b"0 0.6 0 rg 0 0 5 5 re f % " + file.octets("comment in a pattern"), Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 10, 10]), XStep=10, YStep=10, Resources=Dictionary())
            page.Resources.Pattern = Dictionary(P1=tile)
            page.Resources.ColorSpace = Dictionary(C1=Array([Name.Separation, Name("/" + file.mark("name of an ink")), Name.DeviceCMYK, Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 1, 0.5, 0]), N=1)]))
            inner = pdf.make_stream(b"0.2 0.3 0.9 rg 0 0 40 40 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 40, 40]), Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB), LastModified=String("D:20210314150926Z"), PieceInfo=Dictionary(Q=Dictionary(Private=String(file.mark("PieceInfo of a form")))))
            page.Resources.XObject = Dictionary(X1=inner)
            page.Resources.ExtGState = Dictionary(G1=Dictionary(ca=0.5, BM=Name.Multiply))
            page.Contents = pdf.make_stream(PAGE + b"q 40 200 260 60 re W n /S1 sh Q\n/Pattern cs /P1 scn 40 100 80 80 re f\n/C1 cs 0.7 scn 140 100 80 80 re f\nq /G1 gs 1 0 0 1 180 120 cm /X1 Do Q\n")
            save(pdf, file)
    with family.file("pdf-junk-in-front.pdf", "pdf", compare="pdf", text=WORDS) as file:
        file.write(b"\n" + file.octets("in front of the header") + b"\n" + plain(family).read_bytes())
