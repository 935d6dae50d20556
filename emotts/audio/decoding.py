"""Decoding sound files into wave files: by libsndfile from the first sample to the last, or by ffmpeg."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import soundfile

from emotts.audio.content import Kind
from emotts.audio.ogg_pages import OggStreams
from emotts.errors import AudioError

__all__ = ["decode_by_ffmpeg", "decode_streams", "decode_to_damage", "decode_to_end", "has_ffmpeg"]

_BLOCK_FRAMES = 1 << 18
_INTEGERS = {"PCM_S8": "PCM_16", "PCM_U8": "PCM_16", "PCM_16": "PCM_16", "PCM_24": "PCM_24", "PCM_32": "PCM_32"}
"""Kinds of samples that a wave file holds as they are; everything else becomes floating-point numbers."""
_PROMISING = (Kind.MP4, Kind.MATROSKA)
"""Kinds of files that name their length; ffmpeg guesses that of others from their size."""
_NO_INDEX = "moov atom not found"
"""What ffmpeg says of an m4a file without its index, which most programs write behind the sound."""

logger = logging.getLogger(__name__)


def has_ffmpeg() -> bool:
    """Say whether ffmpeg is installed."""
    return shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def decode_to_end(parts: Sequence[Path], target: Path, *, where: Path) -> None:
    """Write what libsndfile reads of some files, one after the other, into a wave file, whatever their headers say.

    Args:
        parts: the files.
        target: the wave file.
        where: the recording, for messages.

    Raises:
        AudioError: if a part is damaged, or the parts differ in sample rate or channels.
    """
    with soundfile.SoundFile(os.fsencode(parts[0])) as first:
        rate, channels, kind = first.samplerate, first.channels, _INTEGERS.get(first.subtype, "FLOAT")
    with soundfile.SoundFile(os.fsencode(target), "w", rate, channels, kind, format="RF64") as writer:
        for part in parts:
            with soundfile.SoundFile(os.fsencode(part)) as reader:
                if (reader.samplerate, reader.channels) != (rate, channels):
                    raise AudioError(
                        "the parts of the file differ",
                        where=where,
                        found=f"{reader.samplerate} Hz and {reader.channels} channels",
                        wanted=f"{rate} Hz and {channels} channels, as at its beginning",
                        remedy="export each part as a file of its own",
                    )
                _copy(reader, writer, where=where)


def decode_to_damage(path: Path, target: Path, *, block_frames: int) -> float:
    """Write what libsndfile reads of a file up to the first block that it cannot read; return its length in seconds."""
    with soundfile.SoundFile(os.fsencode(path)) as reader:
        rate, channels, kind = reader.samplerate, reader.channels, _INTEGERS.get(reader.subtype, "FLOAT")
        dtype = "float32" if kind == "FLOAT" else "int32"
        with soundfile.SoundFile(os.fsencode(target), "w", rate, channels, kind, format="RF64") as writer:
            try:
                while len(block := reader.read(block_frames, dtype=dtype, always_2d=True)):
                    writer.write(block)
            except soundfile.LibsndfileError as error:
                logger.debug("%s: %s", path, error)
            return float(writer.frames / rate)


def decode_streams(path: Path, target: Path, streams: OggStreams) -> None:
    """Write the glued streams of an Ogg file into one wave file; raises as :func:`decode_to_end`."""
    ends = (*streams.starts[1:], path.stat().st_size)
    parts = []
    with path.open("rb") as reader:
        for number, (start, end) in enumerate(zip(streams.starts, ends, strict=True)):
            part = target.with_name(f"part{number}.ogg")
            reader.seek(start)
            part.write_bytes(reader.read(end - start))
            parts.append(part)
    decode_to_end(parts, target, where=path)
    for part in parts:
        part.unlink()


def _copy(reader: soundfile.SoundFile, writer: soundfile.SoundFile, *, where: Path) -> None:
    dtype = "float32" if writer.subtype == "FLOAT" else "int32"
    done = 0
    try:
        while len(block := reader.read(_BLOCK_FRAMES, dtype=dtype, always_2d=True)):
            writer.write(block)
            done += len(block)
    except soundfile.LibsndfileError as error:
        at_s = done / reader.samplerate
        raise AudioError(
            f"sound file is damaged at {at_s:.1f} s", where=where, found=str(error), remedy="copy it again"
        ) from error


def decode_by_ffmpeg(path: Path, target: Path, *, kind: Kind) -> float | None:
    """Decode with the sample format that pydub would choose, without pydub's copy of the whole file in memory.

    Returns:
        The length in seconds that the file names; None where its kind names none.

    Raises:
        AudioError: if ffmpeg is not installed, or cannot decode the file.
    """
    if not has_ffmpeg():
        named = kind.value if kind is not Kind.OTHER else path.suffix
        raise AudioError(
            f"{named} files need ffmpeg, which is not installed",
            where=path,
            remedy="install it (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; "
            "Windows: winget install ffmpeg), or convert the file to wav or flac",
        )
    logger.info("decoding %s with ffmpeg", path)
    about = _about(path)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(path.resolve()), "-vn", "-acodec"]
    command += [_codec(path, about), "-rf64", "auto", "-f", "wav", str(target)]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode != 0 or not target.is_file():
        raise _not_decoded(path, result.stderr.decode(errors="replace"))
    named = about.get("format", {}).get("duration")
    return float(named) if named is not None and kind in _PROMISING else None


def _about(path: Path) -> Mapping[str, Any]:
    """Return what ffprobe says of a file."""
    from pydub.utils import mediainfo_json  # seconds to import, and warns where ffmpeg is missing

    about: Mapping[str, Any] = mediainfo_json(str(path))
    return about


def _not_decoded(path: Path, said: str) -> AudioError:
    if _NO_INDEX in said:
        return AudioError(
            "sound file is truncated",
            where=path,
            found="its end is missing, with the index of its sound: nothing of it can be read",
            remedy="copy the recording again",
        )
    remedy = "convert it to wav with another program"
    return AudioError("ffmpeg cannot decode the file", where=path, found=said.strip()[-300:], remedy=remedy)


def _codec(path: Path, about: Mapping[str, Any]) -> str:
    found = about.get("streams", [])
    if not found:
        return "pcm_s16le"  # whatever it is, ffmpeg says why it cannot be read
    streams = [stream for stream in found if stream["codec_type"] == "audio"]
    if not streams:
        raise AudioError("file has no sound track", where=path)
    is_lossy = streams[0].get("sample_fmt") == "fltp" and streams[0].get("codec_name") in {"mp3", "mp4", "aac", "webm"}
    bits = 16 if is_lossy else min(int(streams[0].get("bits_per_sample") or 16), 32)
    return "pcm_u8" if bits == 8 else f"pcm_s{bits}le"
