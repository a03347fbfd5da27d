"""HEIC and AVIF; the grid of a phone is put together by hand from tiles of a real encoder."""

from __future__ import annotations

import struct
from pathlib import Path

import pillow_heif

from content import other_picture, picture
from planting import Family, File, box, profile, run

TILE = 64


def make(family: Family) -> None:
    encoded(family)
    phone(family)
    avifs(family)


def png(family: Family, mode: str = "RGB", shift: int = 0, size=(160, 120)) -> Path:
    return family.base(f"source-{mode}-{shift}-{size[0]}.png", lambda path: picture(mode, size, shift).save(path))


def everything(file: File) -> None:
    file.everything("EXIF", "XMP", most=None if "plain" in file.name else 250, skip=("Orientation",))


def junk(file: File) -> None:
    """Boxes that nobody asked for, at the top level."""
    file.append(box(b"free", file.octets("free box")) + box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), file.octets("uuid box (C2PA)")) + box(b"jumb", file.octets("jumb box")))


def encoded(family: Family) -> None:
    def heif(name: str, *words) -> Path:
        def write(path: Path) -> None:
            run("heif-enc", *words, "-o", path)
        return family.base(name, write)

    cases = {
        "plain": heif("plain.heic", "-q", "60", png(family)), "alpha": heif("alpha.heic", "-q", "60", png(family, "RGBA")),
        "thumbnail": heif("thumb.heic", "-q", "60", "-t", "64", png(family)), "lossless": heif("lossless.heic", "-L", "-p", "chroma=444", "--matrix_coefficients=0", png(family)),
        "odd": heif("odd.heic", "-q", "60", png(family, size=(157, 113))),
    }
    for name, base in cases.items():
        with family.file(f"heic-{name}.heic", "heic", compare="pixels") as file:
            file.write(base.read_bytes())
            everything(file)
            junk(file)
    with family.file("heic-several-pictures.heic", "heic", compare="pixels", first_only=True) as file:
        file.write(heif("several.heic", "-q", "60", png(family), png(family, shift=15)).read_bytes())
        everything(file)
    with family.file("heic-pillow.heic", "heic", compare="pixels", colours="profile") as file:
        image = pillow_heif.from_pillow(picture())
        image.info["exif"], image.info["xmp"], image.info["icc_profile"] = b"Exif\0\0" + file.exif(), file.xmp(), profile(file, "p3", 4)
        image.save(file.path, quality=70)
    with family.file("heic-orientation-in-exif.heic", "heic", compare="pixels") as file:
        image = pillow_heif.from_pillow(picture())
        image.info["exif"] = b"Exif\0\0" + file.exif(orientation=6)
        image.save(file.path, quality=70)


# The grid of a phone --------------------------------------------------------------------------------------------


def boxes(octets: bytes, at: int = 0, end: int | None = None):
    end = len(octets) if end is None else end
    while at + 8 <= end:
        size, name = struct.unpack(">I4s", octets[at:at + 8])
        yield name, octets[at + 8:at + size]
        at += size


def tile(path: Path) -> tuple[bytes, bytes]:
    """The configuration and the coded picture of a HEIC with one item."""
    whole = path.read_bytes()
    parts = dict(boxes(whole))
    inner = dict(boxes(parts[b"meta"], 4))
    configuration = next(octets for name, octets in boxes(dict(boxes(inner[b"iprp"]))[b"ipco"]) if name == b"hvcC")
    location = inner[b"iloc"]
    version, sizes = location[0], struct.unpack(">H", location[4:6])[0]
    at = 8 + 2 + (2 if version else 0) + 2 + (sizes >> 4 & 15) + 2
    width, length = sizes >> 12, sizes >> 8 & 15
    base = int.from_bytes(location[at - 2 - (sizes >> 4 & 15):at - 2], "big")
    offset = int.from_bytes(location[at:at + width], "big") + base
    size = int.from_bytes(location[at + width:at + width + length], "big")
    return configuration, whole[offset:offset + size]


def phone(family: Family) -> None:
    def tiles() -> list[Path]:
        whole = picture(size=(TILE * 3, TILE * 2))
        made = []
        for row in range(2):
            for column in range(3):
                crop = whole.crop((column * TILE, row * TILE, column * TILE + TILE, row * TILE + TILE))
                source = family.base(f"tile-{row}-{column}.png", lambda path: crop.save(path))
                made.append(family.base(f"tile-{row}-{column}.heic", lambda path: run("heif-enc", "-q", "70", source, "-o", path)))
        return made

    def small() -> Path:
        source = family.base("uncropped.png", lambda path: other_picture((64, 64)).save(path))
        return family.base("uncropped.heic", lambda path: run("heif-enc", "-q", "50", source, "-o", path))

    for name, turned in [("grid-phone", 0), ("grid-phone-turned", 3)]:
        with family.file(f"heic-{name}.heic", "heic", compare="pixels", colours="profile", first_only=True) as file:
            file.write(grid(file, [tile(path) for path in tiles()], tile(small()), turned))


def grid(file: File, tiles: list, preview: tuple[bytes, bytes], turned: int) -> bytes:
    """Items 1 to 6 tiles, 7 grid, 8 thumbnail, 9 Exif, 10 XMP, 11 gain map, 12 depth, 13 an item that nothing names."""
    exif = struct.pack(">I", 6) + b"Exif\0\0" + file.exif(orientation=6 if turned else 1, maker_note=True)
    payloads = [data for _, data in tiles] + [struct.pack(">BBBBHH", 0, 0, 1, 2, TILE * 3 - 10, TILE * 2 - 20), preview[1], exif, file.xmp(), preview[1], preview[1], file.octets("item that nothing refers to")]
    kinds = [b"hvc1"] * 6 + [b"grid", b"hvc1", b"Exif", b"mime", b"hvc1", b"hvc1", b"mime"]
    infos = b""
    for number, kind in enumerate(kinds, 1):
        hidden = 1 if number not in (7,) else 0
        name = file.octets(f"infe name of item {number}") + b"\0" if number in (7, 8, 9) else b"\0"
        name += b"application/rdf+xml\0" + b"\0" if kind == b"mime" and number == 10 else b"text/plain\0" if kind == b"mime" else b""
        infos += box(b"infe", struct.pack(">B3s", 2, hidden.to_bytes(3, "big")), struct.pack(">HH4s", number, 0, kind), name)
    references = box(b"dimg", struct.pack(">HH6H", 7, 6, *range(1, 7))) + b"".join(box(kind, struct.pack(">HHH", number, 1, 7)) for kind, number in [(b"thmb", 8), (b"cdsc", 9), (b"cdsc", 10), (b"auxl", 11), (b"auxl", 12)])
    properties = [box(b"hvcC", tiles[0][0]), box(b"ispe", struct.pack(">III", 0, TILE, TILE)), box(b"colr", b"prof", profile(file, "p3", 4)), box(b"ispe", struct.pack(">III", 0, TILE * 3 - 10, TILE * 2 - 20)),
                  box(b"irot", bytes([turned])), box(b"pixi", struct.pack(">I", 0), bytes([3, 8, 8, 8])), box(b"hvcC", preview[0]), box(b"auxC", bytes(4), b"urn:com:apple:photo:2020:aux:hdrgainmap\0", file.octets("auxC subtype")),
                  box(b"auxC", bytes(4), b"urn:mpeg:hevc:2015:auxid:2\0"), box(b"udes", bytes(4), b"en\0", file.octets("udes name") + b"\0", file.octets("udes description") + b"\0\0"), box(b"uuid", bytes(16), file.octets("uuid property"))]
    shared = [0x81, 2, 3]
    wanted = {**{n: shared for n in range(1, 7)}, 7: [3, 4, 0x85, 6, 10, 11], 8: [0x87, 2], 11: [0x87, 2, 8], 12: [0x87, 2, 9]}
    associations = struct.pack(">II", 0, len(wanted)) + b"".join(struct.pack(">HB", number, len(names)) + bytes(names) for number, names in wanted.items())

    def meta(first: int) -> bytes:
        places, at = b"", first
        for number, octets in enumerate(payloads, 1):
            places += struct.pack(">HHHHII", number, 0, 0, 1, at, len(octets))
            at += len(octets)
        location = struct.pack(">IHH", 1 << 24, 0x4400, len(payloads)) + places
        return box(b"meta", bytes(4), box(b"hdlr", bytes(8), b"pict", bytes(12), file_name), box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\1"))), box(b"pitm", struct.pack(">IH", 0, 7)),
                   box(b"iinf", struct.pack(">IH", 0, len(kinds)), infos), box(b"iref", bytes(4), references), box(b"iprp", box(b"ipco", *properties), box(b"ipma", associations)), box(b"idat", hidden_data), box(b"iloc", location))

    file_name, hidden_data = file.octets("hdlr name") + b"\0", file.octets("idat that no item uses")
    front = box(b"ftyp", b"heic", bytes(4), b"mif1", b"MiHB", b"MiHE", b"MiPr", b"miaf", b"heic", b"tmap")
    gap = file.octets("gap in mdat")
    start = len(front) + len(meta(0)) + 8 + len(gap)
    return front + meta(start) + box(b"mdat", gap, *payloads) + box(b"free", file.octets("free"))


# AVIF -----------------------------------------------------------------------------------------------------------


def avifs(family: Family) -> None:
    def avif(name: str, *words) -> Path:
        return family.base(name, lambda path: run("avifenc", "-s", "10", "-j", "1", *words, path))

    cases = {
        "plain": avif("plain.avif", "--min", "20", "--max", "30", png(family)), "alpha": avif("alpha.avif", "--min", "20", "--max", "30", png(family, "RGBA")),
        "turned": avif("turned.avif", "--irot", "1", png(family)), "mirrored": avif("mirrored.avif", "--imir", "1", png(family)),
        "ten-bit": avif("ten.avif", "-d", "10", png(family)), "lossless": avif("lossless.avif", "--lossless", png(family)), "grid": avif("grid.avif", "--grid", "2x2", png(family, size=(256, 256))),
    }
    for name, base in cases.items():
        with family.file(f"avif-{name}.avif", "avif", compare="pixels") as file:
            file.write(base.read_bytes())
            everything(file)
            junk(file)
    with family.file("avif-exif-xmp-icc.avif", "avif", compare="pixels", colours="profile") as file:
        exif, xmp, icc = file.work("e.bin"), file.work("x.xml"), file.work("p.icc")
        exif.write_bytes(file.exif())
        xmp.write_bytes(file.xmp())
        icc.write_bytes(profile(file, "p3"))
        run("avifenc", "-s", "10", "-j", "1", "--exif", exif, "--xmp", xmp, "--icc", icc, png(family), file.path)
    with family.file("avif-sequence.avif", "avif", expect="clean|refused:scrub-unsupported", compare="pixels") as file:
        frames = [png(family, shift=n * 8) for n in range(3)]
        base = family.base("sequence.avif", lambda path: run("avifenc", "-s", "10", "-j", "1", *frames, path))
        file.write(base.read_bytes())
        junk(file)
