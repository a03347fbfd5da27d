"""What has to be refused, each with its own reason."""

from __future__ import annotations

import gzip
import io
import tarfile

from content import clip, ffmpeg, picture
from flat import document, office, sheet, slides
from planting import Family


def make(family: Family) -> None:
    for form, source, ending in [("doc", document, "fodt"), ("xls", sheet, "fods"), ("ppt", slides, "fodp"), ("rtf", document, "fodt")]:
        code = "scrub-rich-text" if form == "rtf" else "scrub-old-office"
        with family.file(f"refused-{form}.{form}", form, expect=f"refused:{code}") as file:
            flat = file.work(f"old-{form}.{ending}")
            flat.write_text(source(file))
            office(family, form, flat).rename(file.path)
    with family.file("refused-mail.eml", "eml", expect="refused:scrub-mail") as file:
        file.write(f"Received: from {file.mark('host')} (unknown [198.51.100.7])\r\n\tby mx.example.org; Sun, 14 Mar 2021 15:09:26 +0000\r\nFrom: {file.mark('From')} <a@example.org>\r\nTo: b@example.org\r\nSubject: x\r\nMessage-ID: <{file.mark('Message-ID')}@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWords.\r\n".encode())
    with family.file("refused-page.html", "html", expect="refused:scrub-web-page") as file:
        file.write(f'<!DOCTYPE html>\n<html><head><meta name="author" content="{file.mark("author")}"><title>x</title></head><body><p>Words.</p></body></html>\n'.encode())
    with family.file("refused-archive.tar.gz", "archive", expect="refused:scrub-other-archive") as file:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            info = tarfile.TarInfo("notes.txt")
            info.uname, info.size = file.mark("owner of a member"), 6
            archive.addfile(info, io.BytesIO(b"words\n"))
        file.write(gzip.compress(out.getvalue(), mtime=0))
    with family.file("refused-archive.tar", "archive", expect="refused:scrub-other-archive") as file:
        with tarfile.open(file.path, "w") as archive:
            info = tarfile.TarInfo("notes.txt")
            info.uname, info.size = file.mark("owner of a member")[:30], 6
            archive.addfile(info, io.BytesIO(b"words\n"))
    for name, magic in [("7z", b"7z\xbc\xaf\x27\x1c\0\4"), ("rar", b"Rar!\x1a\x07\x01\0"), ("zst", b"\x28\xb5\x2f\xfd"), ("psd", b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\1\0\0\0\1\0\x08\0\3")]:
        with family.file(f"refused-{name}.{name}", name, expect="refused:scrub-other-media" if name == "psd" else "refused:scrub-other-archive") as file:
            file.write(magic + bytes(60) + file.octets("inside"))
    with family.file("refused-film.wmv", "wmv", expect="refused:scrub-other-media") as file:
        ffmpeg(file.path, "-i", clip(family, "mpeg4"), "-c:v", "wmv2", "-metadata", f"title={file.mark('title')}")
    with family.file("refused-sound.aac", "aac", expect="refused:scrub-other-media") as file:
        ffmpeg(file.path, "-i", clip(family, "", "aac"), "-c", "copy", "-f", "adts")
    with family.file("refused-film.ts", "ts", expect="refused:scrub-other-media") as file:
        ffmpeg(file.path, "-i", clip(family, "h264"), "-c", "copy", "-metadata", f"service_name={file.mark('service name')}", "-f", "mpegts")
    with family.file("refused-picture.jp2", "jp2", expect="refused:scrub-other-media") as file:
        out = io.BytesIO()
        picture().save(out, "JPEG2000")
        file.write(out.getvalue())
    with family.file("refused-program.bin", "unknown", expect="refused:scrub-unknown-kind") as file:
        file.write(b"\x7fELF" + bytes(range(256)) * 4 + file.octets("inside"))
    with family.file("refused-nothing.txt", "unknown", expect="refused:*") as file:
        file.write(b"")
