"""PNG, WebP, GIF, TIFF and BMP."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from content import other_picture, picture
from planting import Family, File, chunk, profile, run, tiff_block, directory


def make(family: Family) -> None:
    pngs(family)
    webps(family)
    gifs(family)
    tiffs(family)
    bmps(family)


# PNG ------------------------------------------------------------------------------------------------------------


def png(mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    picture(mode, options.pop("size", (160, 120)), options.pop("shift", 0)).save(out, "PNG", **options)
    return out.getvalue()


def before_pixels(octets: bytes, *chunks: bytes) -> bytes:
    at = 8 + 25
    return octets[:at] + b"".join(chunks) + octets[at:]


def before_end(octets: bytes, *chunks: bytes) -> bytes:
    return octets[:-12] + b"".join(chunks) + octets[-12:]


def texts(file: File) -> list[bytes]:
    """Every kind of text chunk; with what ImageMagick calls raw profiles."""
    raw = file.exif().hex().encode()
    raw = b"\nexif\n%8d\n" % (len(raw) // 2) + b"\n".join(raw[at:at + 72] for at in range(0, len(raw), 72)) + b"\n"
    return [
        chunk(b"tEXt", b"Author\0" + file.octets("tEXt Author")), chunk(b"tEXt", file.octets("tEXt keyword") + b"\0x"), chunk(b"zTXt", b"Comment\0\0" + zlib.compress(file.octets("zTXt Comment") * 20)),
        chunk(b"iTXt", b"Title\0\0\0en\0" + file.octets("iTXt translated keyword") + b"\0" + file.octets("iTXt Title")), chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(file.xmp())),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw)), chunk(b"eXIf", file.exif(orientation=0, thumbnail=b"")),
        chunk(b"tIME", struct.pack(">HBBBBB", *[int(part) for part in f"{file.values['day']}:{file.values['clock']}".split(":")])),
        chunk(b"prVt", file.octets("private chunk")), chunk(b"sPLT", file.octets("sPLT name") + b"\0\x08" + bytes([200, 30, 40, 255, 0, 9])), chunk(b"pCAL", file.octets("pCAL name") + bytes(11)),
        chunk(b"caBX", file.octets("caBX")), chunk(b"iDOT", file.octets("iDOT")), chunk(b"pHYs", struct.pack(">IIB", 5669, 5669, 1)), chunk(b"hIST", b"") if False else b"",
    ]


def pngs(family: Family) -> None:
    for name, mode in [("gray", "L"), ("gray-alpha", "LA"), ("rgb", "RGB"), ("rgba", "RGBA"), ("one-bit", "1"), ("gray-16", "I;16")]:
        with family.file(f"png-{name}.png", "png", compare="pixels") as file:
            file.write(before_pixels(png(mode), *texts(file)))
    with family.file("png-palette.png", "png", compare="pixels") as file:
        out = io.BytesIO()
        picture().quantize(32).save(out, "PNG", transparency=3)
        file.write(before_pixels(out.getvalue(), *texts(file)[:6]))
    for name, options in [("rgb-16", ("-depth", "16", "-define", "png:color-type=2", "-define", "png:bit-depth=16")), ("rgba-16-interlaced", ("-alpha", "set", "-depth", "16", "-define", "png:color-type=6", "-define", "png:bit-depth=16", "-interlace", "PNG")), ("interlaced", ("-interlace", "PNG"))]:
        with family.file(f"png-{name}.png", "png", compare="pixels") as file:
            source = family.base("rgba.png", lambda path: picture("RGBA" if "rgba" in name else "RGB").save(path))
            run("convert", source, *options, "-set", "comment", file.mark("comment"), "-set", "Author", file.mark("Author"), f"png:{file.path}")
            file.everything("PNG", "EXIF")
    with family.file("png-exiftool-everything.png", "png", compare="pixels") as file:
        file.write(png("RGBA"))
        file.everything("PNG", "EXIF", "IPTC", "XMP", skip=("Orientation",))
    with family.file("png-exif-orientation.png", "png", compare="pixels") as file:
        file.write(before_pixels(png(), chunk(b"eXIf", file.exif(orientation=6))))
    with family.file("png-icc-p3.png", "png", compare="pixels", colours="profile") as file:
        icc = profile(file, "p3", 4)
        file.write(before_pixels(png(), chunk(b"iCCP", file.octets("iCCP name") + b"\0\0" + zlib.compress(icc))))
    with family.file("png-gamma-cicp.png", "png", compare="pixels") as file:
        file.write(before_pixels(png(), chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)), chunk(b"cICP", bytes([12, 13, 0, 1])), chunk(b"tEXt", b"Software\0" + file.octets("Software"))))
    with family.file("png-not-square.png", "png", compare="pixels") as file:
        file.write(before_pixels(png(), chunk(b"pHYs", struct.pack(">IIB", 2, 1, 0)), chunk(b"tEXt", b"Source\0" + file.octets("Source"))))
    with family.file("png-tail.png", "png", compare="pixels") as file:
        # What cropping in place leaves: the rest of an older, larger picture.
        older = png("RGB", size=(200, 160), shift=20)
        file.write(png() + older[300:] + file.octets("after IEND"))
    with family.file("png-after-zlib-end.png", "png", compare="pixels") as file:
        octets = png()
        at = octets.find(b"IDAT") - 4
        size = struct.unpack(">I", octets[at:at + 4])[0]
        body = octets[at + 8:at + 8 + size]
        file.write(octets[:at] + chunk(b"IDAT", body + zlib.compress(file.octets("behind the zlib end")) + file.octets("behind the zlib end, bare")) + octets[at + 12 + size:])
    with family.file("png-many-idat.png", "png", compare="pixels") as file:
        octets = png()
        at = octets.find(b"IDAT") - 4
        size = struct.unpack(">I", octets[at:at + 4])[0]
        body = octets[at + 8:at + 8 + size]
        parts = b"".join(chunk(b"IDAT", body[n:n + 100]) for n in range(0, len(body), 100))
        file.write(before_end(octets[:at] + parts + octets[at + 12 + size:], *texts(file)[:5]))
    with family.file("png-animated.png", "png", compare="pixels") as file:
        frames = [picture(shift=n * 8) for n in range(4)]
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", file.mark("Author"))
        info.add_itxt("XML:com.adobe.xmp", file.xmp().decode())
        frames[0].save(file.path, save_all=True, append_images=frames[1:], duration=[100, 250, 80, 40], loop=3, pnginfo=info)
        file.write(before_end(file.path.read_bytes(), chunk(b"tEXt", b"Comment\0" + file.octets("Comment at the end"))) + file.octets("after IEND"))
    with family.file("png-nothing-to-clean.png", "png", compare="pixels") as file:
        file.write(png())


# WebP -----------------------------------------------------------------------------------------------------------


def riff(kind: bytes, *chunks: bytes) -> bytes:
    body = kind + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(name: bytes, octets: bytes) -> bytes:
    return name + struct.pack("<I", len(octets)) + octets + b"\0" * (len(octets) % 2)


def webp(mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    picture(mode).save(out, "WEBP", **options)
    return out.getvalue()


def webps(family: Family) -> None:
    for name, octets in [("lossy", webp(quality=70)), ("lossless", webp(lossless=True)), ("alpha", webp("RGBA", quality=70)), ("lossless-alpha", webp("RGBA", lossless=True))]:
        with family.file(f"webp-{name}.webp", "webp", compare="pixels") as file:
            file.write(octets)
            file.everything("EXIF", "XMP", skip=("Orientation",), most=None if name == "lossy" else 250)
            octets = file.path.read_bytes()
            more = riff_chunk(b"ABCD", file.octets("unknown chunk"))
            size = struct.unpack("<I", octets[4:8])[0] + len(more)
            file.write(b"RIFF" + struct.pack("<I", size) + octets[8:] + more + file.octets("after the end"))
    with family.file("webp-oriented-p3.webp", "webp", compare="pixels", colours="profile") as file:
        exif = b"Exif\0\0" + file.exif(orientation=8)
        file.write(webp(quality=80, exif=exif, xmp=file.xmp(), icc_profile=profile(file, "p3")))
    with family.file("webp-animated.webp", "webp", compare="pixels") as file:
        frames = [picture("RGBA", shift=n * 8) for n in range(4)]
        frames[0].save(file.path, save_all=True, append_images=frames[1:], duration=[100, 250, 80, 40], loop=2, exif=b"Exif\0\0" + file.exif(), xmp=file.xmp(), icc_profile=profile(file, "srgb"), quality=60, background=(0, 0, 0, 0))
        file.append(file.octets("after the end"))
    with family.file("webp-simple.webp", "webp", compare="pixels") as file:
        file.write(webp(quality=60))


# GIF ------------------------------------------------------------------------------------------------------------


def subblocks(octets: bytes) -> bytes:
    parts = [octets[at:at + 255] for at in range(0, len(octets), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def gifs(family: Family) -> None:
    def animated() -> bytes:
        frames = [picture(shift=n * 8).quantize(64) for n in range(4)]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=[100, 250, 80, 40], loop=0, disposal=2)
        return out.getvalue()

    def planted(file: File, octets: bytes) -> bytes:
        head = 13 + (3 << (octets[10] & 7) + 1 if octets[10] & 0x80 else 0)
        comment = b"\x21\xfe" + subblocks(file.octets("comment") * 30)
        xmp = b"\x21\xff\x0bXMP DataXMP" + file.xmp() + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
        other = b"\x21\xff\x0bMARKER  1.0" + subblocks(file.octets("application extension"))
        icc = b"\x21\xff\x0bICCRGBG1012" + subblocks(profile(file, "srgb"))
        plain = b"\x21\x01\x0c" + bytes(12) + subblocks(file.octets("plain text"))
        unknown = b"\x21\x99" + subblocks(file.octets("unknown extension"))
        return octets[:head] + comment + other + icc + unknown + octets[head:-1] + xmp + comment + (plain if "plain" in file.name else b"") + b";" + file.octets("after the trailer")

    for name, octets in [("animated", animated()), ("still", None), ("plain-text", None)]:
        if octets is None:
            out = io.BytesIO()
            picture().quantize(64).save(out, "GIF")
            octets = out.getvalue()
        with family.file(f"gif-{name}.gif", "gif", compare="pixels", **({"expect": "clean|refused:scrub-unsupported"} if "plain" in name else {})) as file:
            file.write(planted(file, octets))
    with family.file("gif-imagemagick.gif", "gif", compare="pixels") as file:
        source = family.base("gif-source.png", lambda path: picture("RGBA").save(path))
        run("convert", "-delay", "12", source, "(", "+clone", "-flop", ")", "-loop", "3", "-interlace", "GIF", "-set", "comment", file.mark("comment"), file.path)
        run("exiftool", "-q", "-overwrite_original", f"-XMP-dc:Creator={file.mark('XMP creator')}", file.path)


# TIFF -----------------------------------------------------------------------------------------------------------


def tiffs(family: Family) -> None:
    def source() -> "object":
        return family.base("tiff-source.tif", lambda path: picture().save(path, "TIFF"))

    plain = [("strips", ()), ("lzw", ("-c", "lzw:2")), ("deflate", ("-c", "zip:2")), ("packbits", ("-c", "packbits")), ("jpeg", ("-c", "jpeg:85", "-r", "16")), ("tiles", ("-t", "-w", "64", "-l", "64")), ("tiles-lzw", ("-t", "-w", "32", "-l", "32", "-c", "lzw")), ("big-endian", ("-B",)), ("bigtiff", ("-8",)), ("planar", ("-p", "separate"))]
    for name, options in plain:
        with family.file(f"tiff-{name}.tif", "tiff", compare="pixels") as file:
            run("tiffcp", *options, source(), file.path)
            file.everything("EXIF", "IPTC", "XMP", "Photoshop", skip=TIFF_STRUCTURE, most=None if name in ("strips", "bigtiff") else 250)
            file.append(file.octets("after the end"))
    with family.file("tiff-g4.tif", "tiff", compare="pixels") as file:
        picture("1").save(file.path, "TIFF", compression="group4", software=file.mark("Software"), artist=file.mark("Artist"))
        file.everything("EXIF", skip=TIFF_STRUCTURE)
    with family.file("tiff-multipage.tif", "tiff", compare="pixels") as file:
        pages = [picture(shift=n * 8) for n in range(3)]
        pages[0].save(file.path, "TIFF", save_all=True, append_images=pages[1:], description=file.mark("every page: ImageDescription"), artist=file.mark("every page: Artist"), compression="tiff_lzw")
        file.everything("EXIF", skip=TIFF_STRUCTURE)
    for name, mode in [("gray", "L"), ("rgba", "RGBA"), ("cmyk", "CMYK"), ("palette", "P"), ("gray-16", "I;16")]:
        with family.file(f"tiff-{name}.tif", "tiff", compare="pixels") as file:
            image = picture().quantize(48) if mode == "P" else picture(mode)
            image.save(file.path, "TIFF", compression="tiff_adobe_deflate", software=file.mark("Software"))
            file.everything("EXIF", most=200, skip=TIFF_STRUCTURE)
    with family.file("tiff-oriented-icc.tif", "tiff", compare="pixels", colours="profile") as file:
        picture().save(file.path, "TIFF", icc_profile=profile(file, "adobe"), tiffinfo={274: 6, 315: file.mark("Artist"), 65000: file.mark("private tag"), 33432: file.mark("Copyright")})
    with family.file("tiff-dng.dng", "raw", expect="refused:scrub-raw-photo") as file:
        pixels = picture("L").tobytes()
        entries = {0x0100: 160, 0x0101: 120, 0x0102: 8, 0x0103: 1, 0x0106: 32803, 0x010F: file.mark("Make"), 0x0111: [0], 0x0115: 1, 0x0116: 120, 0x0117: [len(pixels)], 0xC612: b"\x01\x04\0\0", 0xC614: file.mark("UniqueCameraModel"), 0x828D: 2}
        entries[0x0111] = [8 + len(directory(entries, 8))]
        file.write(b"II*\0" + struct.pack("<I", 8) + directory(entries, 8) + pixels)


TIFF_STRUCTURE = ("Orientation", "Compression", "PhotometricInterpretation", "SubfileType", "OldSubfileType", "DNGVersion", "DNGBackwardVersion", "UniqueCameraModel", "LocalizedCameraModel", "CameraSerialNumber", "CFAPattern", "TargetPrinter", "InkNames", "DNGPrivateData", "GDALNoData", "JPEGTables")


# BMP ------------------------------------------------------------------------------------------------------------


def bmps(family: Family) -> None:
    def versions(name: str):
        source = family.base("bmp-source.png", lambda path: picture().save(path))
        return run("convert", source, "-type", "TrueColor", f"{name}:-")

    def gap(file: File, octets: bytes) -> bytes:
        """Puts something between the headers and the pixels, and behind them."""
        at = struct.unpack("<I", octets[10:14])[0]
        extra = file.octets("gap before the pixels").ljust(32, b"\0")
        return octets[:10] + struct.pack("<I", at + len(extra)) + octets[14:at] + extra + octets[at:] + file.octets("after the pixels")

    for name in ("bmp3", "bmp"):
        with family.file(f"bmp-{'v3' if name == 'bmp3' else 'v5'}.bmp", "bmp", compare="pixels") as file:
            octets = gap(file, versions(name))
            # Fields that no program looks at.
            file.write(octets[:6] + b"HMSA" + octets[10:])
    with family.file("bmp-palette.bmp", "bmp", compare="pixels") as file:
        out = io.BytesIO()
        picture().quantize(64).save(out, "BMP")
        file.write(gap(file, out.getvalue()))
    with family.file("bmp-rle.bmp", "bmp", compare="pixels") as file:
        source = family.base("bmp-few.png", lambda path: picture().quantize(8).save(path))
        file.write(gap(file, run("convert", source, "-type", "Palette", "-compress", "RLE", "bmp3:-")))
    with family.file("bmp-one-bit.bmp", "bmp", compare="pixels") as file:
        out = io.BytesIO()
        picture("1").save(out, "BMP")
        file.write(gap(file, out.getvalue()))
    with family.file("bmp-v5-icc.bmp", "bmp", compare="pixels") as file:
        pixels, icc = picture().tobytes("raw", "BGR", 0, -1), profile(file, "p3")
        head = struct.pack("<IiiHHIIiiII", 124, 160, 120, 1, 24, 0, len(pixels), 2835, 2835, 0, 0) + bytes(16) + b"DEBM" + bytes(36 + 12) + struct.pack("<IIII", 4, 124 + len(pixels), len(icc), 0)
        file.write(b"BM" + struct.pack("<IHHI", 138 + len(pixels) + len(icc), 0, 0, 138) + head + pixels + icc)
    with family.file("bmp-v3-alpha.bmp", "bmp", compare="pixels") as file:
        # As Photoshop writes it: masks and alpha in a header of 56 octets.
        pixels = picture("RGBA").tobytes("raw", "BGRA", 0, -1)
        head = struct.pack("<IiiHHIIiiIIIIII", 56, 160, 120, 1, 32, 3, len(pixels), 2835, 2835, 0, 0, 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
        gapped = b"BM" + struct.pack("<IHHI", 70 + len(pixels), 0, 0, 70) + head + pixels
        file.write(gap(file, gapped))
    with family.file("bmp-v5-linked-profile.bmp", "bmp", compare="pixels") as file:
        pixels, link = picture().tobytes("raw", "BGR", 0, -1), b"C:\\Users\\" + file.octets("path of the linked profile") + b"\\p.icc\0"
        head = struct.pack("<IiiHHIIiiII", 124, 160, 120, 1, 24, 0, len(pixels), 2835, 2835, 0, 0) + bytes(16) + b"KNIL" + bytes(36 + 12) + struct.pack("<IIII", 4, 124 + len(pixels), len(link), 0)
        file.write(b"BM" + struct.pack("<IHHI", 138 + len(pixels) + len(link), 0, 0, 138) + head + pixels + link)


__all__ = ["make", "other_picture", "tiff_block", "Image"]
