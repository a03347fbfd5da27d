"""Whether a cleaned file shows, plays and says what the original did."""

from __future__ import annotations

import hashlib
import html.parser
import io
import re
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageSequence, ImageStat

from traces import probed

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]")
MARKED = re.compile(r"\S*HMSAMARK\S*")


def changes(entry: dict, old: Path, new: Path, rendered: dict) -> list[str]:
    """What differs, in words; nothing when the content is the same."""
    compare = COMPARE.get(entry["compare"])
    if compare is None:
        return []
    try:
        return compare(entry, old, new, rendered)
    except Exception as why:
        return [f"cannot be read: {type(why).__name__}: {str(why)[:160]}"]


def said(*words, limit: int = 60) -> tuple[str, str]:
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=limit)
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


# Pictures -------------------------------------------------------------------------------------------------------


def pixels(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    found = frames_differ(Image.open(old), Image.open(new), entry.get("first_only", False))
    if entry["kind"] in ("png", "tiff", "bmp"):
        # Sixteen bits a channel, which the other way of reading rounds away.
        before, after = (hashlib.sha256(deep(path)).hexdigest() for path in (old, new))
        if before != after:
            found.append("samples differ at 16 bits")
    if entry["kind"] == "png":
        found += png_kept(old.read_bytes(), new.read_bytes())
    before, after = (decode_errors(path) for path in (old, new))
    if after and not before:
        found.append(f"decoding warns: {after[:120]}")
    return found


def deep(path: Path) -> bytes:
    return subprocess.run(["convert", "-quiet", str(path), "-auto-orient", "-depth", "16", "RGBA:-"], capture_output=True, timeout=60).stdout


def frames_differ(old: Image.Image, new: Image.Image, first_only: bool) -> list[str]:
    counts = [getattr(image, "n_frames", 1) for image in (old, new)]
    if counts[0] != counts[1] and not first_only:
        return [f"{counts[1]} pictures instead of {counts[0]}"]
    found = []
    if first_only:
        return frame_differs(old, new, "the picture")
    for number, (before, after) in enumerate(zip(ImageSequence.Iterator(old), ImageSequence.Iterator(new))):
        found += frame_differs(before, after, f"picture {number}")
        for key in ("duration", "blend", "disposal"):
            if before.info.get(key) != after.info.get(key):
                found.append(f"{key} of picture {number}: {after.info.get(key)} instead of {before.info.get(key)}")
    if old.info.get("loop") != new.info.get("loop"):
        found.append(f"loops {new.info.get('loop')} instead of {old.info.get('loop')}")
    return found


def frame_differs(old: Image.Image, new: Image.Image, name: str) -> list[str]:
    profiles = old.info.get("icc_profile"), new.info.get("icc_profile")
    turned = ImageOps.exif_transpose(old), ImageOps.exif_transpose(new)
    if turned[0].size != turned[1].size:
        return [f"{name}: {turned[1].size} instead of {turned[0].size}"]
    if turned[0].mode != turned[1].mode:
        return [f"{name}: mode {turned[1].mode} instead of {turned[0].mode}"]
    found = []
    raw = [image.convert("RGBA") if image.mode in ("P", "PA", "LA", "1") else image for image in turned]
    if raw[0].tobytes() != raw[1].tobytes():
        found.append(f"{name}: pixels differ")
    if profiles[0] and not profiles[1]:
        found.append(f"{name}: the colour profile is gone")
    elif profiles[0]:
        seen = [shown(image, octets) for image, octets in zip(turned, profiles)]
        most = max(high for low, high in channels(ImageChops.difference(*seen)))
        if most > 2:
            found.append(f"{name}: colours differ by {most} of 255 under the new profile")
    return found


def channels(image: Image.Image) -> list[tuple[int, int]]:
    extremes = image.getextrema()
    return list(extremes) if isinstance(extremes[0], tuple) else [extremes]


def shown(image: Image.Image, octets: bytes) -> Image.Image:
    """The picture as a screen shows it."""
    flat = image.convert("RGB") if image.mode not in ("L", "CMYK", "RGB") else image
    return ImageCms.profileToProfile(flat, io.BytesIO(octets), ImageCms.createProfile("sRGB"), outputMode="RGB")


def png_kept(old: bytes, new: bytes) -> list[str]:
    """Chunks that change what is shown have to stay as they were."""
    def chunks(octets: bytes) -> dict[bytes, bytes]:
        at, found = 8, {}
        while at + 12 <= len(octets):
            size = int.from_bytes(octets[at:at + 4], "big")
            found.setdefault(octets[at + 4:at + 8], octets[at + 8:at + 8 + size])
            if octets[at + 4:at + 8] == b"IEND":
                break
            at += 12 + size
        return found
    before, after = chunks(old), chunks(new)
    wanted = [name for name in (b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"tRNS", b"PLTE") if name in before]
    found = [f"chunk {name.decode()} changed" for name in wanted if before[name] != after.get(name)]
    density = before.get(b"pHYs", b"")
    if density and density[:4] != density[4:8] and ratio(density) != ratio(after.get(b"pHYs", b"\0\0\0\1\0\0\0\1")):
        found.append("shape of the pixels changed")
    return found


def ratio(density: bytes) -> Fraction:
    return Fraction(int.from_bytes(density[:4], "big"), int.from_bytes(density[4:8], "big") or 1)


def decode_errors(path: Path) -> str:
    if path.suffix in (".svg", ".heic", ".avif"):
        return ""
    return re.sub(r"0x[0-9a-f]+", "", said("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-f", "null", "-")[1]).strip()


def drawing(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    found = []
    pictures = []
    for path in (old, new):
        raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgba", "-"], capture_output=True, timeout=60)
        pictures.append(raw.stdout)
    if not pictures[1] or pictures[0] != pictures[1]:
        found.append("is drawn differently")
    words = re.sub(r"<[^>]*>", " ", new.read_text("utf-8", "replace"))
    return found + missing(entry["text"], words)


# Sound and video ------------------------------------------------------------------------------------------------


KEPT = ("codec_name", "profile", "width", "height", "sample_aspect_ratio", "pix_fmt", "color_range", "color_space", "color_transfer", "color_primaries", "chroma_location", "field_order", "sample_rate", "channels", "channel_layout", "sample_fmt", "bits_per_raw_sample", "avg_frame_rate", "level", "has_b_frames")


def streams(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    if "reference" in entry:
        old = old.parent.parent / entry["reference"]
    about = [probed(path) for path in (old, new)]
    kinds = [[stream for stream in one.get("streams", []) if stream["codec_type"] in ("video", "audio") and not stream.get("disposition", {}).get("attached_pic")] for one in about]
    names = [[stream["codec_type"] for stream in some] for some in kinds]
    if names[0] != names[1]:
        return [f"streams {names[1]} instead of {names[0]}"]
    found = []
    for before, after in zip(*kinds):
        for key in KEPT:
            if before.get(key) != after.get(key):
                found.append(f"stream {before['index']}: {key} is {after.get(key)} instead of {before.get(key)}")
        if turn(before) != turn(after):
            found.append(f"stream {before['index']}: turned {turn(after)} instead of {turn(before)}")
        if before["codec_type"] == "video" and float(before.get("duration", 0) or 0) and abs(float(before["duration"]) - float(after.get("duration", 0) or 0)) > 0.06:
            found.append(f"stream {before['index']}: lasts {after.get('duration')} instead of {before.get('duration')}")
        found += packets_differ(entry, (old, before), (new, after))
    before, after = (decode_errors(path) for path in (old, new))
    if after and not before:
        found.append(f"decoding warns: {after[:160]}")
    return found


def turn(stream: dict) -> str:
    return next((" ".join(side["displaymatrix"].split()) for side in stream.get("side_data_list", []) if "displaymatrix" in side), "not")


def packets_differ(entry: dict, old: tuple[Path, dict], new: tuple[Path, dict]) -> list[str]:
    name = f"stream {old[1]['index']}"
    hashes = [said("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", f"0:{stream['index']}", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "-")[0].split("=")[-1] for path, stream in (old, new)]
    found = []
    if hashes[0] != hashes[1]:
        if not entry.get("sei") or old[1]["codec_type"] != "video":
            return [f"{name}: packets differ"]
        shown_ = [decoded(path, stream["index"]) for path, stream in (old, new)]
        if shown_[0] != shown_[1]:
            return [f"{name}: decoded pictures differ"]
    times = [packet_times(path, stream["index"]) for path, stream in (old, new)]
    if len(times[0]) != len(times[1]):
        found.append(f"{name}: {len(times[1])} packets instead of {len(times[0])}")
    else:
        away = [abs(float(a - b)) for one, two in zip(*times) for a, b in zip(one, two)]
        if away and max(away) > 0.0011:
            found.append(f"{name}: times are off by up to {max(away):.4f} s")
    return found


def decoded(path: Path, index: int) -> list[str]:
    lines = said("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", f"0:{index}", "-fps_mode", "passthrough", "-f", "framemd5", "-")[0].splitlines()
    return [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]


def packet_times(path: Path, index: int) -> list[tuple[Fraction, Fraction]]:
    lines = said("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", f"0:{index}", "-c", "copy", "-copyts", "-f", "framecrc", "-")[0].splitlines()
    base, times = Fraction(1), []
    for line in lines:
        if line.startswith("#tb"):
            base = Fraction(line.split(":")[1].strip())
        elif not line.startswith("#"):
            _, dts, pts, *_ = (part.strip() for part in line.split(","))
            times.append((int(dts) * base, int(pts) * base))
    return times


# Documents ------------------------------------------------------------------------------------------------------


def pdf(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    found = []
    _, wrong = said("qpdf", "--check", new)
    if wrong.strip():
        found.append(f"qpdf: {wrong.strip().splitlines()[0][:120]}")
    words = [said("pdftotext", "-layout", path, "-")[0] for path in (old, new)]
    plain = [" ".join(MARKED.sub("", text).split()) for text in words]
    if plain[0] != plain[1]:
        found.append(f"text differs: {first_difference(*plain)}")
    found += missing(entry.get("text", []), words[1])
    hide = ["-hide-annotations"] if "annotations" in entry["file"] else []
    pages = [rendering(path, hide if path == old else []) for path in (old, new)]
    return found + pages_differ(*pages)


def rendering(path: Path, more: list[str]) -> list[Image.Image]:
    out = subprocess.run(["pdftoppm", "-r", "50", *more, str(path)], capture_output=True, timeout=120).stdout
    pages, at = [], 0
    while at < len(out):
        head = out[at:at + 40].split(b"\n", 3)
        width, height = (int(part) for part in head[1].split())
        start = at + sum(len(part) + 1 for part in head[:3])
        pages.append(Image.frombytes("RGB", (width, height), out[start:start + width * height * 3]))
        at = start + width * height * 3
    return pages


def pages_differ(old: list[Image.Image], new: list[Image.Image]) -> list[str]:
    if len(old) != len(new) or not new:
        return [f"{len(new)} pages instead of {len(old)}"]
    found = []
    for number, (before, after) in enumerate(zip(old, new), 1):
        if before.size != after.size:
            found.append(f"page {number}: {after.size} instead of {before.size}")
            continue
        difference = ImageChops.difference(before, after).convert("L")
        strong = sum(difference.histogram()[40:]) / (difference.width * difference.height)
        if strong > 0.001 or ImageStat.Stat(difference).mean[0] > 0.4:
            found.append(f"page {number}: looks different ({strong:.2%} of it)")
    return found


def document(entry: dict, old: Path, new: Path, rendered: dict) -> list[str]:
    """Office files are held against each other as LibreOffice prints them."""
    before, after = rendered.get(("old", old.name)), rendered.get(("new", new.name))
    if after is None:
        return ["LibreOffice does not open it"]
    words = [said("pdftotext", "-layout", path, "-")[0] if path else "" for path in (before, after)]
    found = missing(entry.get("text", []), words[1])
    if entry.get("changes"):
        return found + ([] if "inserted words" in words[1] or entry["kind"] not in ("docx", "odt") else ["an inserted text is gone"])
    if " ".join(words[0].split()) != " ".join(words[1].split()):
        found.append(f"text differs: {first_difference(*(' '.join(text.split()) for text in words))}")
    found += pages_differ(rendering(before, []), rendering(after, []))
    with zipfile.ZipFile(old) as one, zipfile.ZipFile(new) as two:
        pictures = [sum(name.lower().endswith((".jpg", ".jpeg", ".png")) and "thumbnail" not in name.lower() for name in archive.namelist()) for archive in (one, two)]
    return found + ([f"{pictures[1]} pictures instead of {pictures[0]}"] if pictures[0] != pictures[1] else [])


def metafile(entry: dict, old: Path, new: Path, rendered: dict) -> list[str]:
    """Drawings are held against each other as LibreOffice prints them."""
    before, after = rendered.get(("old", old.name)), rendered.get(("new", new.name))
    if after is None:
        return ["LibreOffice does not open it"]
    return missing(entry.get("text", []), said("pdftotext", "-layout", after, "-")[0]) + pages_differ(rendering(before, []), rendering(after, []))


def missing(wanted: list[str], words: str) -> list[str]:
    """Texts that are not there, or not in their order."""
    words, at, found = " ".join(words.split()), 0, []
    for text in wanted:
        place = words.find(text, at)
        if place < 0:
            found.append(f"the words “{text}” are gone" if text not in words else f"the words “{text}” are out of order")
        else:
            at = place + len(text)
    return found


def first_difference(old: str, new: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    return f"“{old[max(at - 12, 0):at + 24]}” became “{new[max(at - 12, 0):at + 24]}”"


class Words(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.quiet = [], 0

    def handle_starttag(self, tag, attrs) -> None:
        self.quiet += tag in ("head", "script", "style")

    def handle_endtag(self, tag) -> None:
        self.quiet -= tag in ("head", "script", "style")

    def handle_data(self, data) -> None:
        if not self.quiet:
            self.words.append(data)


def book(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    found, words = [], []
    with zipfile.ZipFile(new) as archive, zipfile.ZipFile(old) as before:
        first = archive.infolist()[0]
        if (first.filename, first.compress_type, archive.read(first)) != ("mimetype", 0, b"application/epub+zip"):
            found.append("the first member is not its type, stored")
        chapters = [name for name in archive.namelist() if name.endswith("html") and "nav" not in name]
        for name in sorted(chapters):
            reader = Words()
            reader.feed(archive.read(name).decode())
            words += reader.words
        for name in before.namelist():
            if name.endswith(".jpg"):
                match = next((other for other in archive.namelist() if other.endswith((".jpg", ".jpeg"))), None)
                found += frames_differ(Image.open(io.BytesIO(before.read(name))), Image.open(io.BytesIO(archive.read(match))), False) if match else ["its picture is gone"]
            if name.endswith(".css") and not any(other.endswith(".css") for other in archive.namelist()):
                found.append("its style sheet is gone")
    return found + missing(entry["text"], " ".join(words))


def members(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    return archives_differ(old.read_bytes(), new.read_bytes())


def archives_differ(old: bytes, new: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(old)) as one, zipfile.ZipFile(io.BytesIO(new)) as two:
        names = [sorted(name for name in archive.namelist() if not name.endswith("/")) for archive in (one, two)]
        if names[0] != names[1]:
            return [f"members {names[1]} instead of {names[0]}"]
        found = [f"member {two.testzip()} is damaged"] if two.testzip() else []
        for name in names[0]:
            before, after = one.read(name), two.read(name)
            if name.endswith(".zip"):
                found += archives_differ(before, after)
            elif name.endswith((".jpg", ".png")):
                found += [f"{name}: {what}" for what in frames_differ(Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after)), False)]
            elif INVISIBLE.sub("", before.decode("utf-8", "replace")) != after.decode("utf-8", "replace"):
                found.append(f"{name}: text differs")
    return found


def text(entry: dict, old: Path, new: Path, _rendered: dict) -> list[str]:
    def read(path: Path) -> str:
        octets = path.read_bytes()
        return octets.decode("utf-16" if octets[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8").replace("\r\n", "\n")
    before, after = read(old), read(new)
    found = ["invisible marks are still there"] if INVISIBLE.search(after.removeprefix("\ufeff")) else []
    if INVISIBLE.sub("", before) != after.removeprefix("\ufeff"):
        found.append(f"text differs: {first_difference(INVISIBLE.sub('', before), after)}")
    return found


COMPARE = {"pixels": pixels, "drawing": drawing, "streams": streams, "pdf": pdf, "document": document, "metafile": metafile, "book": book, "members": members, "text": text}


def print_all(files: list[tuple[str, Path]], folder: Path) -> dict:
    """Lets LibreOffice print office files, all in one go; `{(side, name): PDF}`."""
    if not files:
        return {}
    inputs, outputs = folder / "in", folder / "out"
    for place in (inputs, outputs):
        place.mkdir(parents=True, exist_ok=True)
    named = {}
    for number, (side, path) in enumerate(files):
        copy = inputs / f"{number}{path.suffix}"
        copy.write_bytes(path.read_bytes())
        named[(side, path.name)] = outputs / f"{number}.pdf"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder / 'home'}", "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(outputs), *map(str, sorted(inputs.iterdir()))], capture_output=True, timeout=400)
    return {key: path for key, path in named.items() if path.exists()}
