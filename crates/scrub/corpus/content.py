"""Pictures, sounds and clips without any mark: what has to stay as it is."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from planting import Family, run


def picture(mode: str = "RGB", size: tuple[int, int] = (160, 120), shift: int = 0) -> Image.Image:
    """A picture with ramps, edges and a text, the same each time."""
    across = Image.linear_gradient("L").resize(size).rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    round_ = Image.radial_gradient("L").resize(size)
    image = Image.merge("RGB", (across, down, round_))
    draw = ImageDraw.Draw(image)
    draw.rectangle((10 + shift, 10, 60 + shift, 50), fill=(200, 30, 40), outline=(255, 255, 255))
    draw.ellipse((70, 40 + shift, 150, 100 + shift), fill=(20, 120, 200))
    draw.line((0, 0, *size), fill=(255, 220, 0), width=3)
    draw.text((20, 90), f"content {shift}", fill=(255, 255, 255))
    if mode == "RGBA":
        image.putalpha(round_)
        return image
    if mode == "LA":
        return Image.merge("LA", (across, round_))
    if mode == "I;16":
        return down.convert("I").point(lambda value: value * 251 + 7).convert("I;16")
    return image.convert(mode)


def other_picture(size: tuple[int, int] = (96, 72)) -> Image.Image:
    """What a preview shows that the picture no longer does."""
    image = Image.new("RGB", size, (250, 250, 240))
    ImageDraw.Draw(image).text((4, 20), "uncropped scene", fill=(180, 0, 0))
    return image


def ffmpeg(path: Path, *words) -> None:
    """ffmpeg with output that does not differ from run to run."""
    run("ffmpeg", "-v", "error", "-nostdin", "-y", *words, "-fflags", "+bitexact", path)


VIDEO = ("-f", "lavfi", "-i", "testsrc2=size=128x96:rate=10:duration=1.2")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=1.2")

VIDEO_CODECS = {
    "h264": ("-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "6", "-pix_fmt", "yuv420p", "-threads", "1"),
    "h265": ("-c:v", "libx265", "-preset", "veryfast", "-x265-params", "log-level=none:pools=1:frame-threads=1:repeat-headers=0", "-pix_fmt", "yuv420p"),
    "av1": ("-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "40", "-pix_fmt", "yuv420p", "-threads", "1"),
    "mpeg4": ("-c:v", "mpeg4", "-q:v", "6", "-bf", "0", "-threads", "1"),
    "mjpeg": ("-c:v", "mjpeg", "-q:v", "6", "-pix_fmt", "yuvj420p", "-threads", "1"),
    "prores": ("-c:v", "prores_ks", "-profile:v", "0", "-threads", "1"),
    "vp8": ("-c:v", "libvpx", "-b:v", "150k", "-threads", "1"),
    "vp9": ("-c:v", "libvpx-vp9", "-b:v", "150k", "-cpu-used", "8", "-threads", "1"),
    "h263": ("-c:v", "h263", "-s", "128x96", "-q:v", "6", "-threads", "1"),
}

SOUND_CODECS = {
    "aac": ("-c:a", "aac", "-b:a", "64k"), "alac": ("-c:a", "alac"), "ac3": ("-c:a", "ac3", "-b:a", "96k"), "pcm": ("-c:a", "pcm_s16le"), "pcmbe": ("-c:a", "pcm_s16be"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "64k"), "vorbis": ("-c:a", "libvorbis"), "opus": ("-c:a", "libopus", "-ar", "48000"), "flac": ("-c:a", "flac"),
    "pcm24": ("-c:a", "pcm_s24le"), "float": ("-c:a", "pcm_f32le"),
}


def clip(family: Family, video: str = "", sound: str = "", *more) -> Path:
    """An encoded clip in a container that takes anything; files of the corpus copy its packets."""
    name = "clip-" + "-".join(part for part in (video, sound, *map(str, more)) if part).replace("/", "_").replace(":", "_").replace("=", "_")
    # Not every codec has a name in NUT.
    form = "mov" if {video, sound} & {"prores", "alac"} else "nut"
    name += f".{form}"

    def make(path: Path) -> None:
        # The name of the encoder and its settings stay in the packets: taking them out is part of the task.
        words = (VIDEO if video else ()) + (SOUND if sound else ()) + VIDEO_CODECS.get(video, ()) + SOUND_CODECS.get(sound, ()) + more
        run("ffmpeg", "-v", "error", "-nostdin", "-y", *words, "-f", form, path)

    return family.base(name, make)
