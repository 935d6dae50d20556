"""Sound files of every kind, whole and damaged, made by code."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from emotts.audio.mp3_frames import read_frames_of

__all__ = [
    "RATE_HZ",
    "by_ffmpeg",
    "encoded",
    "mp3_without_count",
    "patched",
    "speech",
    "wave_with",
]

RATE_HZ = 16000


def speech(seconds: float = 2.0, *, channels: int = 1) -> NDArray[np.float64]:
    """Return noise that is quiet in its first half and loud in its second, (sample,) or (sample, channel)."""
    generator = np.random.default_rng(7)
    count = round(seconds * RATE_HZ)
    loudness = np.where(np.arange(count) < count // 2, 0.002, 0.2)[:, None]
    samples = loudness * generator.standard_normal((count, channels)).clip(-3, 3)
    return samples[:, 0] if channels == 1 else samples


def encoded(folder: Path, name: str, samples: Any = None, **options: Any) -> bytes:
    """Return a sound file as libsndfile writes it, of :func:`speech` unless other samples are given."""
    path = folder / f"encoded-{name}"
    soundfile.write(path, speech() if samples is None else samples, RATE_HZ, **options)
    content = path.read_bytes()
    path.unlink()
    return content


def mp3_without_count(folder: Path, seconds: float = 4.0) -> bytes:
    """Return an mp3 file of variable bit rate without its first frame, which would count the others."""
    path = folder / "whole.mp3"
    soundfile.write(path, speech(seconds), RATE_HZ, bitrate_mode="VARIABLE", compression_level=0.5)
    frames = read_frames_of(path)
    content = path.read_bytes()
    path.unlink()
    if frames is None or not frames.has_header:
        return content
    following = content.find(content[frames.start : frames.start + 2], frames.start + 4)
    return content[following:]


def patched(content: bytes, place: int, form: str, value: int) -> bytes:
    """Return bytes with a number written over them."""
    size = struct.calcsize(form)
    return content[:place] + struct.pack(form, value) + content[place + size :]


def wave_with(content: bytes, *, size: int | None = None, rest: bytes = b"") -> bytes:
    """Return a wave file of 44 bytes of header with another size of its sound, and something behind it."""
    return (content if size is None else patched(content, 40, "<I", size)) + rest


def by_ffmpeg(path: Path, samples: Any, *options: str) -> Path:
    """Encode samples by ffmpeg into a file of the kind that its name says."""
    source = path.with_name(f"{path.name}.source.wav")
    soundfile.write(source, samples, RATE_HZ)
    command = [shutil.which("ffmpeg") or "ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), *options]
    subprocess.run([*command, str(path)], check=True)
    source.unlink()
    return path


Maker = Callable[[Path], bytes]
