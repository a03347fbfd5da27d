"""MP4, MOV, 3GP, Matroska, WebM and AVI, with what ffmpeg, mkvmerge, exiftool and phones write into them."""

from __future__ import annotations

import struct
from pathlib import Path

from content import clip, ffmpeg
from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, File, box, run
from sounds import amr, riff_chunk

KEYS = ("title", "artist", "album", "comment", "description", "synopsis", "copyright", "encoder", "encoded_by", "date", "location", "make", "model", "keywords", "show", "episode_id", "network", "lyrics", "grouping", "composer", "author", "com.apple.quicktime.location.ISO6709", "com.apple.quicktime.software", "com.apple.quicktime.content.identifier", "com.android.version", "com.android.manufacturer")


def make(family: Family) -> None:
    mp4s(family)
    by_hand(family)
    matroskas(family)
    avis(family)


def described(file: File, *more: str) -> list[str]:
    """What `ffmpeg -metadata` plants, on the file and on its streams."""
    words = ["-metadata", f"creation_time={file.iso_day}"]
    for key in (*KEYS, *more):
        value = f"{file.values['lat']:+.4f}{file.values['lon']:+.4f}/" if key in ("location", "com.apple.quicktime.location.ISO6709") else file.mark(key)
        words += ["-metadata", f"{key}={value}"]
    for stream in ("v:0", "a:0"):
        for key in ("handler_name", "title", "vendor_id", "encoder", "comment"):
            value = "HMSA" if key == "vendor_id" else file.mark(f"stream {stream} {key}")
            words += [f"-metadata:s:{stream}", f"{key}={value}"]
    return words + ["-metadata:s:a:0", "language=fas"]


def mux(file: File, *inputs: Path, flags: str = "", more: tuple = (), form: str = "", maps: tuple = ()) -> None:
    if form in ("", "mov") and any("h265" in path.name for path in inputs):
        more = ("-tag:v", "hvc1", *more)
    words = [part for path in inputs for part in ("-i", path)]
    words += [part for number in range(len(inputs)) for part in ("-map", str(number))] if not maps else [part for one in maps for part in ("-map", one)]
    flags = "use_metadata_tags" + flags if form not in ("matroska", "webm", "avi") else ""
    run("ffmpeg", "-v", "error", "-nostdin", "-y", *words, "-c", "copy", *described(file), *(("-movflags", flags) if flags else ()), *more, *(("-f", form) if form else ()), file.path)


def chapters(file: File) -> Path:
    path = file.work("chapters.txt")
    path.write_text(";FFMETADATA1\n" + "".join(f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={n * 400}\nEND={n * 400 + 400}\ntitle={file.mark(f'chapter {n}')}\n" for n in range(3)))
    return path


def subtitles(file: File) -> Path:
    path = file.work("lines.srt")
    path.write_text(f"1\n00:00:00,000 --> 00:00:00,500\n{file.mark('subtitle: GPS of a drone')}\n\n2\n00:00:00,500 --> 00:00:01,000\nF/2.8, {file.mark('subtitle 2')}\n")
    return path


def cover(file: File) -> Path:
    path = file.work("cover.jpg")
    path.write_bytes(with_segments(jpeg(), app1_exif(file), segment(0xFE, file.octets("COM of the cover"))))
    return path


# MP4 and MOV ----------------------------------------------------------------------------------------------------


def mp4s(family: Family) -> None:
    kinds = [("h264-aac", "mp4", "h264", "aac", {}), ("h264-mp3", "mp4", "h264", "mp3", {}), ("h265-aac", "mp4", "h265", "aac", {}), ("av1-opus", "mp4", "av1", "opus", {}), ("mpeg4-ac3", "mp4", "mpeg4", "ac3", {}),
             ("vp9-flac", "mp4", "vp9", "flac", {"more": ("-strict", "-2")}), ("h264-only", "m4v", "h264", "", {})]
    for name, ending, video, sound, options in kinds:
        with family.file(f"mp4-{name}.{ending}", "mp4", compare="streams", sei=True) as file:
            mux(file, *[clip(family, *pair) for pair in ((video, ""), ("", sound)) if any(pair)], **options)
            file.everything("QuickTime", "ItemList", "UserData", "Keys", "XMP", most=400)
    for name, video, sound in [("h264-aac", "h264", "aac"), ("h265-pcm", "h265", "pcm"), ("mjpeg-pcmbe", "mjpeg", "pcmbe"), ("prores-pcm24", "prores", "pcm24"), ("mpeg4-alac", "mpeg4", "alac")]:
        with family.file(f"mov-{name}.mov", "mov", compare="streams", sei=True) as file:
            mux(file, clip(family, video), clip(family, "", sound), form="mov")
            file.everything("QuickTime", "ItemList", "UserData", "Keys", "XMP", most=400)
    shapes = {"faststart": "+faststart", "fragmented": "+frag_keyframe+empty_moov+default_base_moof", "fragmented-parts": "+frag_keyframe+separate_moof+omit_tfhd_offset", "fragmented-sidx": "+frag_keyframe+global_sidx+skip_trailer" , "hybrid": "+frag_keyframe", "negative-offsets": "+negative_cts_offsets"}
    for name, flags in shapes.items():
        with family.file(f"mp4-{name}.mp4", "mp4", compare="streams", sei=True) as file:
            mux(file, clip(family, "h264"), clip(family, "", "aac"), flags=flags)
            file.append(box(b"free", file.octets("free at the end")))
    with family.file("mp4-fragmented-h265.mp4", "mp4", compare="streams", sei=True) as file:
        mux(file, clip(family, "h265"), clip(family, "", "aac"), flags="+frag_keyframe+empty_moov+cmaf")
    for turn in (90, 180, 270):
        with family.file(f"mp4-rotated-{turn}.mp4", "mp4", compare="streams", sei=True) as file:
            mux(file, clip(family, "h264"), clip(family, "", "aac"), more=("-metadata:s:v:0", f"rotate={turn}"))
    with family.file("mp4-cut-with-edit-list.mp4", "mp4", compare="streams", sei=True) as file:
        whole = file.work("whole.mp4")
        ffmpeg(whole, "-i", clip(family, "h264"), "-i", clip(family, "", "aac"), "-map", "0", "-map", "1", "-c", "copy")
        run("ffmpeg", "-v", "error", "-nostdin", "-y", "-ss", "0.35", "-i", whole, "-c", "copy", *described(file), "-movflags", "use_metadata_tags", file.path)
    with family.file("mp4-chapters-subtitles-cover.mp4", "mp4", compare="streams", sei=True) as file:
        run("ffmpeg", "-v", "error", "-nostdin", "-y", "-i", clip(family, "h264"), "-i", clip(family, "", "aac"), "-i", subtitles(file), "-i", chapters(file), "-i", cover(file), "-map", "0", "-map", "1", "-map", "2", "-map", "4", "-map_metadata", "3",
            "-c", "copy", "-c:s", "mov_text", "-disposition:v:1", "attached_pic", *described(file), "-metadata:s:s:0", f"handler_name={file.mark('handler of the subtitles')}", file.path)
    with family.file("mov-timecode.mov", "mov", compare="streams", sei=True) as file:
        mux(file, clip(family, "h264"), clip(family, "", "pcm"), more=("-timecode", "09:15:23:04", "-metadata", f"reel_name={file.mark('reel name')}"), form="mov")
    for name, video in (("amr", "h263"), ("aac", "h264")):
        with family.file(f"3gp-{name}.3gp", "3gp", compare="streams", sei=True) as file:
            sound = clip(family, "", "aac")
            if name == "amr":
                sound = file.work("voice.amr")
                sound.write_bytes(amr())
            mux(file, clip(family, video), sound, form="3gp", more=("-metadata", f"location={file.values['lat']:+.4f}{file.values['lon']:+.4f}/"))
            file.everything("UserData", "XMP", most=200)
    with family.file("mp4-two-sounds.mp4", "mp4", compare="streams", sei=True) as file:
        mux(file, clip(family, "h264"), clip(family, "", "aac"), clip(family, "", "ac3"), more=("-metadata:s:a:1", f"handler_name={file.mark('handler of the second sound')}", "-disposition:a:1", "0"))


def top_boxes(octets: bytes):
    at = 0
    while at < len(octets):
        size, name = struct.unpack(">I4s", octets[at:at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", octets[at + 8:at + 16])[0], 16
        yield name, octets[at + head:at + size]
        at += size


def moved(moov: bytes, by: int) -> bytes:
    """Chunk offsets changed by as many octets as were put in front of them."""
    out, at = bytearray(moov), 0
    while (at := moov.find(b"stco", at)) >= 0:
        count = struct.unpack(">I", moov[at + 8:at + 12])[0]
        for n in range(count):
            place = at + 12 + 4 * n
            struct.pack_into(">I", out, place, struct.unpack(">I", moov[place:place + 4])[0] + by)
        at += 4
    return bytes(out)


def wider(moov: bytes) -> bytes:
    """stco as co64, all the way up."""
    def walk(octets: bytes) -> bytes:
        out, at = b"", 0
        while at + 8 <= len(octets):
            size, name = struct.unpack(">I4s", octets[at:at + 8])
            inner = octets[at + 8:at + size]
            if name in (b"trak", b"mdia", b"minf", b"stbl"):
                inner = walk(inner)
            if name == b"stco":
                count = struct.unpack(">I", inner[4:8])[0]
                name, inner = b"co64", inner[:8] + b"".join(struct.pack(">Q", number) for number in struct.unpack(f">{count}I", inner[8:8 + 4 * count]))
            out += box(name, inner)
            at += size
        return out
    return walk(moov)


def by_hand(family: Family) -> None:
    def base() -> bytes:
        return family.base("plain.mp4", lambda path: ffmpeg(path, "-i", clip(family, "h264"), "-i", clip(family, "", "aac"), "-map", "0", "-map", "1", "-c", "copy")).read_bytes()

    with family.file("mp4-phone-boxes.mp4", "mp4", compare="streams", sei=True) as file:
        parts = list(top_boxes(base()))
        moov, mdat = (next(octets for name, octets in parts if name == wanted) for wanted in (b"moov", b"mdat"))
        place = f"{file.values['lat']:+.4f}{file.values['lon']:+.4f}/".encode()
        text = struct.pack(">HH", 28, 0x15C7)
        meta = box(b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(13)), box(b"keys", struct.pack(">II", 0, 2), *[struct.pack(">I4s", 8 + len(key), b"mdta") + key for key in (b"com.apple.quicktime.location.ISO6709", file.octets("name of a key"))]),
                   box(b"ilst", *[box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0), value)) for n, value in ((1, place), (2, file.octets("value of a key")))]))
        udta = box(b"udta", box(b"\xa9xyz", text, place), box(b"\xa9mak", text, file.octets("©mak")), box(b"\xa9mod", text, file.octets("©mod")), box(b"SDLN", file.octets("SDLN")), box(b"smta", bytes(4), file.octets("smta")), box(b"auth", bytes(4), b"\x15\xc7", file.octets("auth"), b"\0"),
                   box(b"loci", bytes(4), b"\x15\xc7", file.octets("loci name"), b"\0\0", bytes(12), b"earth\0\0"), box(b"XMP_", file.xmp()), box(b"thmb", cover(file).read_bytes()), bytes(4))
        moov += udta + meta + box(b"free", file.octets("free in moov")) + box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), file.xmp()) + box(b"abcd", file.octets("unknown box in moov"))
        front = box(b"ftyp", b"mp42", bytes(4), b"isom", b"mp42") + box(b"uuid", b"PROF!\xd2O\xce\xbb\x88i\\\xfa\xc9\xc7@", file.octets("uuid PROF")) + box(b"free", file.octets("free in front")) + box(b"wide", b"")
        gap = file.octets("gap at the front of mdat")
        old = sum(8 + len(octets) for name, octets in parts[:[name for name, _ in parts].index(b"mdat")]) + 8
        file.write(front + box(b"mdat", gap, mdat, file.octets("gap at the end of mdat")) + box(b"moov", moved(moov, len(front) + 8 + len(gap) - old)) + box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), file.octets("uuid C2PA")) + box(b"skip", file.octets("skip")) + box(b"emsg", bytes(4), file.octets("emsg")) + box(b"prft", bytes(4), file.octets("prft")))
    with family.file("mp4-wide-64-bit.mp4", "mp4", compare="streams", sei=True) as file:
        parts = dict(top_boxes(base()))
        front = box(b"ftyp", parts[b"ftyp"])
        old = 8 + len(parts[b"ftyp"]) + 8 + len(parts.get(b"free", b"")) + 8
        mdat = struct.pack(">I4sQ", 1, b"mdat", 16 + len(parts[b"mdat"])) + parts[b"mdat"]
        file.write(front + mdat + box(b"moov", wider(moved(parts[b"moov"], len(front) + 16 - old)), box(b"udta", box(b"\xa9nam", struct.pack(">HH", 14, 0), file.octets("©nam")))))
        file.append(file.octets("behind the last box, shorter than a header")[:7])
    with family.file("mp4-nothing-to-clean.mp4", "mp4", compare="streams", sei=True) as file:
        file.write(base())
    with family.file("mov-old-quicktime.mov", "mov", compare="streams", sei=True) as file:
        whole = family.base("old.mov", lambda path: ffmpeg(path, "-i", clip(family, "mjpeg"), "-i", clip(family, "", "pcmbe"), "-map", "0", "-map", "1", "-c", "copy", "-f", "mov"))
        parts = dict(top_boxes(whole.read_bytes()))
        pnot = box(b"pnot", bytes(12)) + box(b"PICT", file.octets("PICT preview"))
        # Without a file type, as cameras of the year 2000.
        old = 8 + len(parts[b"ftyp"]) + 8 + (8 if b"wide" in parts else 0)
        file.write(pnot + box(b"mdat", parts[b"mdat"]) + box(b"moov", moved(parts[b"moov"], len(pnot) + 8 - old), box(b"udta", box(b"\xa9fmt", struct.pack(">HH", 14, 0), file.octets("©fmt")), box(b"NCDT", file.octets("NCDT")))))
    with family.file("mp4-cut-short.mp4", "mp4", expect="refused:scrub-damaged") as file:
        file.write(base()[:6000])


# Matroska and AVI -----------------------------------------------------------------------------------------------


def matroskas(family: Family) -> None:
    kinds = [("h264-aac", "mkv", "h264", "aac"), ("h265-flac", "mkv", "h265", "flac"), ("mpeg4-mp3", "mkv", "mpeg4", "mp3"), ("vp8-vorbis", "webm", "vp8", "vorbis"), ("vp9-opus", "webm", "vp9", "opus"), ("av1-opus", "webm", "av1", "opus")]
    for name, ending, video, sound in kinds:
        with family.file(f"{ending}-{name}.{ending}", ending, compare="streams", sei=True) as file:
            more = ("-attach", cover(file), "-metadata:s:t", "mimetype=image/jpeg", "-metadata:s:t", f"filename={file.mark('name of the attachment')}.jpg") if ending == "mkv" else ()
            mux(file, clip(family, video), clip(family, "", sound), form="webm" if ending == "webm" else "matroska", more=more)
    with family.file("mkv-filler.mkv", "mkv", compare="streams", sei=True) as file:
        # A constant rate, as recorders of the screen write it.
        def constant(path: Path) -> None:
            ffmpeg(path, "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-b:v", "600k", "-minrate", "600k", "-maxrate", "600k", "-bufsize", "300k", "-x264-params", "nal-hrd=cbr:threads=1")
        mux(file, family.base("constant.mp4", constant), form="matroska")
    with family.file("webm-live.webm", "webm", compare="streams", sei=True) as file:
        # As a browser records: sizes unknown, no index.
        mux(file, clip(family, "vp8"), clip(family, "", "opus"), form="webm", more=("-live", "1", "-cluster_time_limit", "400"))
    with family.file("mkv-mkvmerge.mkv", "mkv", compare="streams", sei=True, twin=False) as file:
        whole = file.work("whole.mkv")
        ffmpeg(whole, "-i", clip(family, "h264"), "-i", clip(family, "", "vorbis"), "-map", "0", "-map", "1", "-c", "copy")
        tags, names = file.work("tags.xml"), file.work("chapters.txt")
        tags.write_text(f"<Tags><Tag><Targets/><Simple><Name>{file.mark('tag name')}</Name><String>{file.mark('tag value')}</String></Simple></Tag></Tags>")
        names.write_text(f"CHAPTER01=00:00:00.000\nCHAPTER01NAME={file.mark('chapter name')}\n")
        run("mkvmerge", "-q", "-o", file.path, "--title", file.mark("title"), "--global-tags", tags, "--chapters", names, "--attachment-name", file.mark("attachment name"), "--attachment-description", file.mark("attachment description"), "--attach-file", cover(file),
            "--track-name", f"0:{file.mark('track name')}", "--language", "1:fa", whole, "--track-name", f"0:{file.mark('name of the subtitles')}", subtitles(file))
        run("mkvpropedit", "-q", file.path, "--edit", "info", "--set", f"muxing-application={file.mark('muxing application')}", "--set", f"writing-application={file.mark('writing application')}", "--set", f"segment-filename={file.mark('segment filename')}", "--set", f"prev-filename={file.mark('previous filename')}")
    with family.file("mkv-zlib-tracks.mkv", "mkv", expect="clean|refused:scrub-unsupported", compare="streams", sei=True, twin=False) as file:
        whole = file.work("whole.mkv")
        ffmpeg(whole, "-i", clip(family, "mpeg4"), "-i", clip(family, "", "pcm"), "-map", "0", "-map", "1", "-c", "copy")
        run("mkvmerge", "-q", "-o", file.path, "--title", file.mark("title"), "--compression", "0:zlib", "--compression", "1:zlib", whole)
    with family.file("mkv-void-and-tail.mkv", "mkv", compare="streams", sei=True) as file:
        whole = family.base("void.mkv", lambda path: ffmpeg(path, "-i", clip(family, "mpeg4"), "-i", clip(family, "", "mp3"), "-map", "0", "-map", "1", "-c", "copy")).read_bytes()
        at, size = whole.find(b"\xec"), 0
        void = file.octets("Void")
        at = whole.find(b"\xec\x01\0\0\0\0\0\0")
        size = int.from_bytes(whole[at + 2:at + 9], "big")
        file.write(whole[:at + 9] + void.ljust(size, b"\0")[:size] + whole[at + 9 + size:] + b"\xec" + bytes([0x80 | len(void)]) + void)


def avis(family: Family) -> None:
    for name, video, sound in [("mpeg4-mp3", "mpeg4", "mp3"), ("mjpeg-pcm", "mjpeg", "pcm"), ("h264-ac3", "h264", "ac3")]:
        with family.file(f"avi-{name}.avi", "avi", compare="streams", sei=True) as file:
            mux(file, clip(family, video), clip(family, "", sound), form="avi")
            octets = file.path.read_bytes()
            at = octets.find(b"movi") - 8
            # What cameras write between the headers and the pictures.
            extra = riff_chunk(b"IDIT", f"SUN MAR 14 {file.values['clock']} 2021\n".encode()) + riff_chunk(b"JUNK", file.octets("JUNK").ljust(64, b"\0")) + riff_chunk(b"LIST", b"exif" + riff_chunk(b"emdl", file.octets("exif emdl")) + riff_chunk(b"ecor", file.octets("exif ecor"))) + riff_chunk(b"LIST", b"INFO" + b"".join(riff_chunk(key, file.octets(f"INFO {key.decode()}") + b"\0") for key in (b"IART", b"ICMT", b"ISFT", b"ILOC", b"IPRD"))) + riff_chunk(b"abcd", file.octets("unknown chunk"))
            octets = octets[:at] + extra + octets[at:] + riff_chunk(b"_PMX", file.xmp())
            file.write(octets[:4] + struct.pack("<I", len(octets) - 8) + octets[8:] + file.octets("after the end"))
    with family.file("avi-stream-names.avi", "avi", compare="streams", sei=True) as file:
        whole = family.base("names.avi", lambda path: ffmpeg(path, "-i", clip(family, "mjpeg"), "-i", clip(family, "", "mp3"), "-map", "0", "-map", "1", "-c", "copy")).read_bytes()
        at = whole.find(b"strf")
        end = at + 8 + struct.unpack("<I", whole[at + 4:at + 8])[0]
        extra = riff_chunk(b"strn", file.octets("strn") + b"\0") + riff_chunk(b"strd", file.octets("strd")) + riff_chunk(b"JUNK", file.octets("JUNK in strl"))
        out = whole[:end] + extra + whole[end:]
        for name in (b"hdrl", b"strl"):
            place = out.find(name) - 4
            out = out[:place] + struct.pack("<I", struct.unpack("<I", out[place:place + 4])[0] + len(extra)) + out[place + 4:]
        file.write(out[:4] + struct.pack("<I", len(out) - 8) + out[8:])
