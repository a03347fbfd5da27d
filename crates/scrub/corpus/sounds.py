"""MP3, WAV, FLAC, Ogg, Opus, AMR and M4A, with tags of mutagen, ffmpeg, the encoders and by hand."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import mutagen.apev2
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.oggopus
import mutagen.oggvorbis

from content import SOUND, clip, ffmpeg
from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, File, run



def cover(file: File) -> bytes:
    return with_segments(jpeg(), app1_exif(file), segment(0xFE, file.octets("COM of the cover")))


def make(family: Family) -> None:
    mp3s(family)
    waves(family)
    flacs(family)
    oggs(family)
    amrs(family)
    m4as(family)


def wave(family: Family, *more) -> Path:
    name = "wave" + "".join(str(part).replace("-", "").replace(":", "") for part in more) + ".wav"
    return family.base(name, lambda path: ffmpeg(path, *SOUND, *(more or ("-c:a", "pcm_s16le"))))


# MP3 ------------------------------------------------------------------------------------------------------------


def mp3(family: Family, *options) -> bytes:
    name = "lame" + "".join(options).replace("-", "").replace(" ", "") + ".mp3"
    return family.base(name, lambda path: run("lame", "--quiet", "-t" if "bare" in options else "-T", *[o for o in options if o != "bare"], wave(family), path)).read_bytes()


def id3(file: File, version: int) -> mutagen.id3.ID3:
    """Every frame of the version that takes a text, and the pictures and private frames."""
    tags = mutagen.id3.ID3()
    for name, frame in sorted({**mutagen.id3.Frames, **mutagen.id3.Frames_2_2}.items()):
        if len(name) == 3 or name in ("RVAD", "RVA2", "EQU2", "RGAD", "ASPI", "TIPL", "TMCL", "IPLS", "SYLT"):
            continue
        for words in ({"text": [file.mark(f"{name}")]}, {"url": file.mark(f"{name}")}):
            try:
                tags.add(frame(encoding=1 if version == 3 else 3, **words))
                break
            except Exception:
                continue
    mark = file.mark
    tags.add(mutagen.id3.TXXX(encoding=3, desc=mark("TXXX description"), text=[mark("TXXX")]))
    tags.add(mutagen.id3.COMM(encoding=3, lang="eng", desc=mark("COMM description"), text=[mark("COMM")]))
    tags.add(mutagen.id3.USLT(encoding=3, lang="eng", desc="", text=mark("USLT")))
    tags.add(mutagen.id3.PRIV(owner=mark("PRIV owner"), data=file.octets("PRIV data")))
    tags.add(mutagen.id3.UFID(owner=mark("UFID owner"), data=file.octets("UFID data")))
    tags.add(mutagen.id3.GEOB(encoding=3, mime="image/jpeg", filename=mark("GEOB file name"), desc=mark("GEOB description"), data=file.octets("GEOB data")))
    tags.add(mutagen.id3.APIC(encoding=3, mime="image/jpeg", type=3, desc=mark("APIC description"), data=cover(file)))
    tags.add(mutagen.id3.TIPL(encoding=3, people=[[mark("TIPL role"), mark("TIPL name")]]))
    tags.add(mutagen.id3.POPM(email=mark("POPM"), rating=128, count=7))
    return tags


def id3_v22(file: File) -> bytes:
    def frame(name: bytes, octets: bytes) -> bytes:
        return name + len(octets).to_bytes(3, "big") + octets
    frames = b"".join(frame(name, b"\0" + file.octets(name.decode())) for name in (b"TT2", b"TP1", b"TAL", b"TCM", b"TEN", b"TSS", b"TCR")) + frame(b"COM", b"\0eng\0" + file.octets("COM")) + frame(b"PIC", b"\0JPG\x03\0" + cover(file))
    size = len(frames)
    return b"ID3\x02\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + frames


def id3_v1(file: File) -> bytes:
    return b"TAG" + file.octets("ID3v1 title").ljust(30, b"\0")[:30] + file.octets("ID3v1 artist").ljust(30, b"\0")[:30] + file.octets("ID3v1 album").ljust(30, b"\0")[:30] + b"2021" + file.octets("ID3v1 comment").ljust(28, b"\0")[:28] + b"\0\x07\x11"


def lyrics3(file: File) -> bytes:
    body = b"LYRICSBEGININD00002" + b"10"
    text = file.octets("Lyrics3")
    body += b"LYR%05d" % len(text) + text
    return body + b"%06dLYRICS200" % len(body)


def mp3s(family: Family) -> None:
    for version in (3, 4):
        with family.file(f"mp3-id3v2{version}-everything.mp3", "mp3", compare="streams") as file:
            file.write(mp3(family, "-V", "5"))
            id3(file, version).save(file.path, v2_version=version, v1=2)
    with family.file("mp3-id3v22-id3v1.mp3", "mp3", compare="streams") as file:
        file.write(id3_v22(file) + mp3(family, "-b", "64") + id3_v1(file))
    with family.file("mp3-ape-lyrics3-id3v1.mp3", "mp3", compare="streams") as file:
        file.write(mp3(family, "-b", "64"))
        ape = mutagen.apev2.APEv2()
        for name in ("Title", "Artist", "Comment", "Tool Name", "Related"):
            ape[name] = file.mark(f"APE {name}")
        ape["Cover Art (Front)"] = mutagen.apev2.APEValue(b"c.jpg\0" + cover(file), mutagen.apev2.BINARY)
        ape.save(file.path)
        file.append(lyrics3(file) + id3_v1(file))
    with family.file("mp3-lame-tag.mp3", "mp3", compare="streams") as file:
        octets = mp3(family, "bare", "-V", "4")
        # The name of the encoder stands twice: in the first frame and in the padding of others.
        file.write(octets.replace(b"LAME3.", b"HMSA3.", 1) + file.octets("after the last frame"))
    with family.file("mp3-tag-in-the-middle.mp3", "mp3", compare="streams", reference="material/sounds/lamebareb64cbr.mp3") as file:
        octets = mp3(family, "bare", "-b", "64", "--cbr")
        size = 144 * 64000 // 44100
        at = octets.find(b"\xff\xfb", len(octets) // 2 - size)
        file.write(octets[:at] + id3_v22(file) + octets[at:] + id3_v1(file) + id3_v1(file))
    with family.file("mp3-ffmpeg.mp3", "mp3", compare="streams") as file:
        ffmpeg(file.path, "-i", clip(family, "", "mp3"), "-c", "copy", *[part for key in ("title", "artist", "comment", "TSSE", "encoded_by", "publisher", "lyrics") for part in ("-metadata", f"{key}={file.mark(key)}")], "-id3v2_version", "3", "-write_id3v1", "1")
    with family.file("mp3-mono-joint-crc.mp3", "mp3", compare="streams") as file:
        file.write(mp3(family, "-m", "m", "-p", "-b", "48") + file.octets("tail"))
    with family.file("mp3-nothing-to-clean.mp3", "mp3", compare="streams") as file:
        file.write(mp3(family, "bare", "-b", "96"))


# WAV ------------------------------------------------------------------------------------------------------------


def riff_chunk(name: bytes, octets: bytes) -> bytes:
    return name + struct.pack("<I", len(octets)) + octets + b"\0" * (len(octets) % 2)


def wave_with(octets: bytes, before: bytes, behind: bytes) -> bytes:
    body = octets[12:]
    at = body.find(b"data")
    body = body[:at] + before + body[at:] + (b"\0" if len(body) % 2 else b"") + behind
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def waves(family: Family) -> None:
    def info(file: File) -> bytes:
        names = (b"INAM", b"IART", b"ICMT", b"ISFT", b"ICRD", b"IENG", b"ICOP", b"ITCH", b"ISRC", b"IPRD", b"IKEY", b"IGNR", b"ISBJ", b"ILOC")
        return riff_chunk(b"LIST", b"INFO" + b"".join(riff_chunk(name, file.octets(f"INFO {name.decode()}") + b"\0") for name in names))

    def bext(file: File) -> bytes:
        return riff_chunk(b"bext", file.octets("bext description").ljust(256, b"\0") + file.octets("bext originator").ljust(32, b"\0") + file.octets("bext reference").ljust(32, b"\0") + file.iso_day[:10].encode() + b"15:09:26" + bytes(8) + b"\x01\0" + file.octets("bext UMID").ljust(64, b"\0") + bytes(190) + file.octets("bext coding history"))

    def others(file: File) -> bytes:
        ixml = f"<?xml version='1.0'?><BWFXML><PROJECT>{file.mark('iXML project')}</PROJECT><TAPE>{file.mark('iXML tape')}</TAPE></BWFXML>".encode()
        labels = riff_chunk(b"LIST", b"adtl" + riff_chunk(b"labl", struct.pack("<I", 1) + file.octets("cue label") + b"\0") + riff_chunk(b"note", struct.pack("<I", 1) + file.octets("cue note") + b"\0"))
        return riff_chunk(b"iXML", ixml) + riff_chunk(b"id3 ", id3_v22(file)) + riff_chunk(b"_PMX", file.xmp()) + riff_chunk(b"cue ", struct.pack("<IIIIIII", 1, 1, 0, 0x61746164, 0, 0, 100)) + labels + riff_chunk(b"PAD ", file.octets("PAD").ljust(64, b"\0")) + riff_chunk(b"DISP", b"\1\0\0\0" + file.octets("DISP")) + riff_chunk(b"axml", file.octets("axml")) + riff_chunk(b"umid", file.octets("umid")) + riff_chunk(b"LGWV", file.octets("LGWV"))

    for name, options in [("pcm16", ()), ("pcm24", ("-c:a", "pcm_s24le")), ("float", ("-c:a", "pcm_f32le")), ("stereo", ("-ac", "2")), ("u8", ("-c:a", "pcm_u8")), ("adpcm", ("-c:a", "adpcm_ms")), ("mulaw", ("-c:a", "pcm_mulaw"))]:
        with family.file(f"wav-{name}.wav", "wav", compare="streams") as file:
            octets = wave(family, *options).read_bytes()
            file.write(wave_with(octets, bext(file) + info(file), others(file)) + file.octets("after the end"))
    with family.file("wav-ffmpeg.wav", "wav", compare="streams") as file:
        ffmpeg(file.path, "-i", wave(family), "-c", "copy", "-write_bext", "1", *[part for key in ("description", "originator", "originator_reference", "title", "artist", "comment", "ISFT", "coding_history") for part in ("-metadata", f"{key}={file.mark(key)}")])
    with family.file("wav-rf64.wav", "wav", compare="streams") as file:
        ffmpeg(file.path, "-i", wave(family), "-c", "copy", "-rf64", "always", "-metadata", f"title={file.mark('title')}")
        file.append(file.octets("after the end"))


# FLAC, Ogg, AMR, M4A --------------------------------------------------------------------------------------------


COMMENTS = ("TITLE", "ARTIST", "COMMENT", "ENCODER", "LOCATION", "CONTACT", "ISRC", "DESCRIPTION", "ORGANIZATION", "METADATA_X")


def comment_picture(file: File) -> mutagen.flac.Picture:
    picture = mutagen.flac.Picture()
    picture.type, picture.mime, picture.desc, picture.data = 3, "image/jpeg", file.mark("PICTURE description"), cover(file)
    return picture


def flacs(family: Family) -> None:
    def application(octets: bytes, file: File) -> bytes:
        """Blocks of kinds that only a few programs write, behind the first."""
        data = b"HMSA" + file.octets("APPLICATION")
        padding = file.octets("PADDING").ljust(100, b"\0")
        return octets[:42] + b"\x02" + len(data).to_bytes(3, "big") + data + b"\x01" + len(padding).to_bytes(3, "big") + padding + octets[42:]

    for name, options in [("plain", ("-5",)), ("fast-seektable", ("-0", "-S", "10x")), ("best", ("-8", "--no-padding"))]:
        with family.file(f"flac-{name}.flac", "flac", compare="streams", reference=f"material/sounds/{name}.flac") as file:
            base = family.base(f"{name}.flac", lambda path: run("flac", "-s", "--no-seektable" if "10x" not in options else "--padding=128", *options, "-o", path, wave(family)))
            file.write(base.read_bytes())
            tags = mutagen.flac.FLAC(file.path)
            for key in COMMENTS:
                tags[key] = file.mark(key)
            tags.add_picture(comment_picture(file))
            tags.save()
            file.write(application(file.path.read_bytes(), file) + (b"" if name == "plain" else id3_v1(file)))
    with family.file("flac-id3-in-front.flac", "flac", compare="streams") as file:
        file.write(id3_v22(file) + family.base("plain.flac", lambda path: run("flac", "-s", "-5", "-o", path, wave(family))).read_bytes())
    with family.file("flac-cuesheet.flac", "flac", compare="streams") as file:
        sheet = file.work("c.cue")
        sheet.write_text(f'CATALOG 1234567890123\nFILE "{file.mark("cue file")}" WAVE\n  TRACK 01 AUDIO\n    ISRC USABC0100001\n    INDEX 01 00:00:00\n')
        run("flac", "-s", "--cuesheet", sheet, "--picture", f"3|image/jpeg|{file.mark('PICTURE')}||{picture_file(file)}", "-T", f"ARTIST={file.mark('ARTIST')}", "-o", file.path, wave(family))


def picture_file(file: File) -> Path:
    path = file.work("cover.jpg")
    path.write_bytes(cover(file))
    return path


def oggs(family: Family) -> None:
    import base64
    for name, kind, sound, reader, ending in [("vorbis", "ogg", "vorbis", mutagen.oggvorbis.OggVorbis, "ogg"), ("opus", "opus", "opus", mutagen.oggopus.OggOpus, "opus")]:
        with family.file(f"ogg-{name}.{ending}", kind, compare="streams") as file:
            ffmpeg(file.path, "-i", clip(family, "", sound), "-c", "copy", "-serial_offset", str(77 if family.twin == "a" else 991))
            tags = reader(file.path)
            for key in COMMENTS:
                tags[key] = file.mark(key)
            tags["METADATA_BLOCK_PICTURE"] = base64.b64encode(comment_picture(file).write()).decode()
            tags.save()
            file.append(file.octets("after the last page"))
    with family.file("ogg-opusenc.opus", "opus", compare="streams", twin=False) as file:
        run("opusenc", "--quiet", "--title", file.mark("title"), "--comment", f"X={file.mark('comment')}", "--picture", f"3||{file.mark('picture description')}||{picture_file(file)}", "--padding", "600", "--serial", "4711", wave(family), file.path)
    with family.file("ogg-oggenc.ogg", "ogg", compare="streams", twin=False) as file:
        run("oggenc", "-Q", "-s", "1234", "-t", file.mark("title"), "-a", file.mark("artist"), "-c", f"LOCATION={file.mark('LOCATION')}", "-o", file.path, wave(family))
    with family.file("ogg-flac.oga", "ogg", compare="streams") as file:
        ffmpeg(file.path, "-i", clip(family, "", "flac"), "-c", "copy", "-metadata", f"title={file.mark('title')}", "-f", "ogg")


def amr(frames: int = 60) -> bytes:
    chance = random.Random(7)
    return b"#!AMR\n" + b"".join(b"\x3c" + bytes(chance.randrange(256) for _ in range(30)) + bytes([chance.randrange(16) << 4]) for _ in range(frames))


def amrs(family: Family) -> None:
    with family.file("amr-tail.amr", "amr", compare="streams", reference="material/sounds/plain.amr") as file:
        family.base("plain.amr", lambda path: path.write_bytes(amr()))
        # The mark's octets are no frame: the first names a mode that does not exist.
        file.write(amr() + b"\xff" + file.octets("after the last frame"))
    with family.file("amr-plain.amr", "amr", compare="streams") as file:
        file.write(amr())


def m4as(family: Family) -> None:
    for sound in ("aac", "alac"):
        with family.file(f"m4a-{sound}.m4a", "m4a", compare="streams") as file:
            ffmpeg(file.path, "-i", clip(family, "", sound), "-c", "copy", "-f", "ipod")
            tags = mutagen.mp4.MP4(file.path)
            if tags.tags is None:
                tags.add_tags()
            for key in ("\xa9nam", "\xa9ART", "\xa9alb", "\xa9cmt", "\xa9day", "\xa9too", "\xa9lyr", "aART", "desc", "ldes", "apID", "purd", "purl", "egid", "cprt", "soal", "tven", "catg", "keyw", "\xa9wrt", "\xa9grp"):
                tags[key] = file.mark(key)
            tags["----:com.apple.iTunes:" + file.mark("freeform name")] = file.octets("freeform value")
            tags["covr"] = [mutagen.mp4.MP4Cover(cover(file), mutagen.mp4.MP4Cover.FORMAT_JPEG)]
            tags.save()
            file.everything("ItemList", "UserData", "Keys", "XMP", most=300)
