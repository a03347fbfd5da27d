#!/usr/bin/env python3
"""Makes the files that `cargo xtask bench-scrub` cleans.

    bench_files.py FOLDER tiny|usual|full
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import docx
import mutagen.id3
import pikepdf
from PIL import Image

from planting import run

PIXELS = {"tiny": (400, 300), "usual": (4000, 3000), "full": (4000, 3000)}
"""Twelve megapixels, as phones take."""
PAGES = {"tiny": 3, "usual": 100, "full": 100}
SECONDS = {"tiny": 5, "usual": 176, "full": 176}
"""Of sound at 320 kbit/s: 7 MB."""
FILMS = {"tiny": {"film": 1 << 20}, "usual": {"film-100MB": 100_000_000}, "full": {"film-100MB": 100_000_000, "film-2GB": 2_000_000_000}}
TAGS = ("-Artist=A person", "-Make=A maker", "-Model=A model", "-SerialNumber=12345678", "-GPSLatitude=48.85", "-GPSLatitudeRef=N", "-GPSLongitude=2.29", "-GPSLongitudeRef=E", "-XMP-dc:Creator=A person")


def ffmpeg(*words) -> None:
    run("ffmpeg", "-v", "error", "-nostdin", "-y", *words, limit=900)


def photos(folder: Path, width: int, height: int) -> None:
    source = ("-f", "lavfi", "-i", f"mandelbrot=size={width}x{height}:start_scale=1.2", "-frames:v", "1", "-vf", "noise=alls=6:all_seed=1")
    for name, words in (("photo.jpg", ("-q:v", "3", "-pix_fmt", "yuvj420p")), ("photo.png", ("-pix_fmt", "rgb24"))):
        ffmpeg(*source, *words, "-update", "1", folder / name)
        run("exiftool", "-q", "-overwrite_original", *TAGS, folder / name)


def films(folder: Path, sizes: dict[str, int], tiny: bool) -> None:
    clip = folder / "clip.mp4"
    shape, rate = ("320x240", "2M") if tiny else ("1920x1080", "20M")
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={shape}:rate=30:duration=4", "-f", "lavfi", "-i", "sine=frequency=300:duration=4", "-vf", "noise=alls=30:all_seed=1:allf=t",
           "-c:v", "libx264", "-preset", "ultrafast", "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-pix_fmt", "yuv420p", "-c:a", "aac", clip)
    for name, size in sizes.items():
        loops = max(round(size / clip.stat().st_size) - 1, 0)
        ffmpeg("-stream_loop", loops, "-i", clip, "-c", "copy", "-metadata", "title=A title", "-metadata", "artist=A person", "-metadata", "location=+48.8500+002.2900/", folder / f"{name}.mp4")
    clip.unlink()


def pdf(folder: Path, pages: int) -> None:
    document = pikepdf.new()
    font = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
    picture = io.BytesIO()
    Image.open(folder / "photo.jpg").resize((800, 600)).save(picture, "JPEG", quality=85, comment=b"a comment")
    for number in range(pages):
        document.add_blank_page(page_size=(595, 842))
        page = document.pages[-1]
        lines = b"".join(b"0 -14 Td (Page %d, line %d: a report of which every word has to stay as it was.) Tj\n" % (number, line) for line in range(45))
        image = document.make_stream(picture.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=800, Height=600, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font), XObject=pikepdf.Dictionary(I1=image) if number % 10 == 0 else pikepdf.Dictionary())
        page.Contents = document.make_stream(b"BT /F1 10 Tf 60 780 Td\n" + lines + b"ET\n" + (b"q 160 0 0 120 380 20 cm /I1 Do Q\n" if number % 10 == 0 else b""))
    document.docinfo["/Author"] = "A person"
    document.save(folder / "report.pdf")


def letter(folder: Path, pages: int) -> None:
    paper = docx.Document()
    paper.core_properties.author = "A person"
    picture = folder / "inner.jpg"
    with Image.open(folder / "photo.jpg") as photo:
        photo.resize((1600, 1200) if pages > 10 else (80, 60)).save(picture, quality=90)
    run("exiftool", "-q", "-overwrite_original", *TAGS, picture)
    copies = max(round(2_300_000 / picture.stat().st_size), 1) if pages > 10 else 1
    for number in range(pages * 6):
        paper.add_paragraph(f"Paragraph {number}: a letter of which every word has to stay as it was. " * 4)
        if number < copies:
            # Equal pictures would be stored once.
            with picture.open("ab") as file:
                file.write(bytes([number]))
            paper.add_picture(str(picture), width=docx.shared.Cm(12))
    paper.save(folder / "letter.docx")
    picture.unlink()


def sound(folder: Path, seconds: int) -> None:
    ffmpeg("-f", "lavfi", "-i", f"anoisesrc=duration={seconds}:seed=1:amplitude=0.3", "-c:a", "libmp3lame", "-b:a", "320k", "-ac", "2", folder / "sound.mp3")
    tags = mutagen.id3.ID3(folder / "sound.mp3")
    tags.add(mutagen.id3.TPE1(encoding=3, text=["A person"]))
    tags.save()


def main() -> int:
    folder, size = Path(sys.argv[1]), sys.argv[2]
    os.environ |= {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
    folder.mkdir(parents=True, exist_ok=True)
    photos(folder, *PIXELS[size])
    films(folder, FILMS[size], size == "tiny")
    pdf(folder, PAGES[size])
    letter(folder, PAGES[size])
    sound(folder, SECONDS[size])
    return 0


if __name__ == "__main__":
    sys.exit(main())
