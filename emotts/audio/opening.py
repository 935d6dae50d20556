"""Opening sound files: precise errors for what cannot be opened, and ffmpeg for what libsndfile does not read."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import soundfile

from emotts.audio.wav_header import data_chunk
from emotts.errors import AudioError

__all__ = ["FOREIGN_SUFFIXES", "SOUND_SUFFIXES", "LibsndfileError", "opened", "readable"]

LibsndfileError = soundfile.LibsndfileError

_NATIVE_SUFFIXES = frozenset(
    {".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".w64", ".rf64", ".caf"}
)
FOREIGN_SUFFIXES = frozenset({".m4a", ".mp4", ".m4b", ".aac", ".wma", ".webm", ".mka", ".amr", ".3gp", ".ac3"})
"""Kinds of files that need ffmpeg."""
SOUND_SUFFIXES = _NATIVE_SUFFIXES | FOREIGN_SUFFIXES
"""Endings (lower case) that are taken for sound files."""

_MIN_RATE_HZ = 1000

logger = logging.getLogger(__name__)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a sound file for reading as a :class:`soundfile.SoundFile`.

    Files of :data:`FOREIGN_SUFFIXES` are decoded into a temporary wave file first. To read one of them more than
    once, hold it open with :func:`readable`.

    Raises:
        AudioError: missing, a folder, empty, text, not sound, truncated, without samples, below 1 kHz, or in need
            of ffmpeg that is not installed.
    """
    with readable(path) as native:
        try:
            sound = soundfile.SoundFile(native)
        except (LibsndfileError, TypeError) as error:
            raise _unreadable(path, str(error)) from error
        with sound:
            _check_header(sound, native, path)
            yield sound


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """Yield a file with the sound of ``path`` that libsndfile reads: ``path`` itself, or a temporary decoded copy.

    Raises:
        AudioError: missing, a folder, empty, or in need of ffmpeg that is not installed or fails.
    """
    _check_file(path)
    if path.suffix.lower() not in FOREIGN_SUFFIXES:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="emotts-") as folder:
        decoded = Path(folder) / "decoded.wav"
        _decode(path, decoded)
        yield decoded


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise AudioError("is a folder, not a sound file", where=path)
    if not path.is_file():
        raise AudioError("sound file is missing", where=path, remedy="correct the path")
    if path.stat().st_size == 0:
        raise AudioError("sound file is empty (0 bytes)", where=path, remedy="copy or export the recording again")


def _check_header(sound: Any, native: Path, path: Path) -> None:
    chunk = data_chunk(native)
    if chunk is not None and chunk.is_truncated:
        raise AudioError(
            "sound file is truncated",
            where=path,
            found=f"{chunk.present} bytes of sound",
            wanted=f"{chunk.promised} bytes, as its header says",
            remedy="copy the recording again; if this is all there is, open it in an audio editor and save it anew",
        )
    if sound.frames <= 0:
        left = chunk.present if chunk is not None else 0
        raise AudioError(
            "sound file holds no samples",
            where=path,
            found=f"a header that says so, and {left} bytes after it; the recorder was interrupted" if left else None,
            remedy="open it in an audio editor as raw sound and save it anew" if left else "export the recording again",
        )
    if sound.samplerate < _MIN_RATE_HZ:
        raise AudioError(f"a sample rate of {sound.samplerate} Hz is not a sound recording", where=path)


def _unreadable(path: Path, reason: str) -> AudioError:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if _is_text(head):
        return AudioError(
            f"file is text, not sound, although it is called {path.suffix or path.name}",
            where=path,
            found=repr(head[:40].decode("utf-8", errors="replace")),
            remedy="put the recording itself in its place, or rename the file",
        )
    return AudioError(
        "file cannot be read as sound",
        where=path,
        found=reason,
        wanted="wav, flac, ogg or mp3 (or, with ffmpeg, m4a and others)",
        remedy="export the recording as wav",
    )


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    text = head.decode("utf-8", errors="ignore")
    return len(text.encode()) > 0.95 * len(head) and all(c.isprintable() or c in "\r\n\t\f\ufeff" for c in text)


def _decode(path: Path, target: Path) -> None:
    """Decode with the sample format that pydub would choose, without pydub's copy of the whole file in memory."""
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        raise AudioError(
            f"{path.suffix} files need ffmpeg, which is not installed",
            where=path,
            remedy="install it (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; "
            "Windows: winget install ffmpeg), or convert the file to wav or flac",
        )
    logger.info("decoding %s with ffmpeg", path)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(path.resolve()), "-vn", "-acodec"]
    command += [_codec(path), "-f", "wav", str(target)]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode != 0 or not target.is_file():
        raise AudioError(
            "ffmpeg cannot decode the file",
            where=path,
            found=result.stderr.decode(errors="replace").strip()[-300:],
            remedy="convert it to wav with another program",
        )


def _codec(path: Path) -> str:
    from pydub.utils import mediainfo_json  # seconds to import, and warns where ffmpeg is missing

    streams = [stream for stream in mediainfo_json(str(path)).get("streams", []) if stream["codec_type"] == "audio"]
    if not streams:
        raise AudioError("file has no sound track", where=path)
    is_lossy = streams[0].get("sample_fmt") == "fltp" and streams[0].get("codec_name") in {"mp3", "mp4", "aac", "webm"}
    bits = 16 if is_lossy else min(int(streams[0].get("bits_per_sample") or 16), 32)
    return "pcm_u8" if bits == 8 else f"pcm_s{bits}le"
