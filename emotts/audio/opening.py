"""Opening sound files by their content: precise errors for what cannot be opened, whole sound for what can."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from emotts.audio import cut_off
from emotts.audio.chunks import sound_chunk
from emotts.audio.content import Kind, kind_of
from emotts.audio.decoding import decode_by_ffmpeg, decode_streams, decode_to_end, has_ffmpeg
from emotts.audio.flac_header import FlacHeader, copy_with_count, read_flac_header
from emotts.audio.mp3_frames import read_frames_of, with_count
from emotts.audio.ogg_pages import read_streams
from emotts.audio.wav_header import check_follower, copy_with_open_end, data_chunk
from emotts.errors import AudioError

__all__ = ["FOREIGN_SUFFIXES", "SOUND_SUFFIXES", "LibsndfileError", "check_name", "opened", "opened_as_is", "readable"]

LibsndfileError = soundfile.LibsndfileError

_NATIVE_SUFFIXES = frozenset(
    {".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".w64", ".rf64", ".caf"}
)
FOREIGN_SUFFIXES = frozenset({".m4a", ".mp4", ".m4b", ".aac", ".wma", ".webm", ".mka", ".amr", ".3gp", ".ac3"})
"""Endings of kinds of files that need ffmpeg."""
SOUND_SUFFIXES = _NATIVE_SUFFIXES | FOREIGN_SUFFIXES
"""Endings (lower case) that are taken for sound files."""

_MIN_RATE_HZ = 1000
_MAX_NAME_BYTES = 200
"""Segments are named after their recording, with emotion and number added; file systems take 255."""
_SEEKABLE = ("PCM_", "FLOAT", "DOUBLE", "ALAW", "ULAW", "VORBIS", "OPUS", "MPEG_", "ALAC_")
"""Kinds of samples that libsndfile finds any place in; others are decoded from their beginning."""
_PLAIN_CODINGS = frozenset({1, 3, 6, 7, 0xFFFE})
"""Of wave files: whole and floating-point numbers, A-law, mu-law, and what is named in an extension."""
_OURS = "emotts-sound-"

_Maker = Callable[[Path], cut_off.CutOff | None]
"""Writes a file with the sound, and returns how much of it is there, None for all of it."""


@contextmanager
def opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """Open a sound file for reading as a :class:`soundfile.SoundFile`, whose length is right.

    What libsndfile does not read, or not to its end, is decoded into a temporary wave file first. To read such a file
    more than once, hold it open with :func:`readable`.

    Raises:
        AudioError: missing, a folder, empty, text, not sound, truncated, without samples, below 1 kHz, or in need
            of ffmpeg that is not installed.
    """
    with opened_as_is(path) as (sound, missing):
        if missing is not None:
            raise missing.error(path)
        yield sound


@contextmanager
def opened_as_is(path: Path) -> Iterator[tuple[soundfile.SoundFile, cut_off.CutOff | None]]:
    """Open a sound file as :func:`opened`, or what there is of one that is cut off, with how much that is."""
    with _made(path) as (native, missing), _sound_file(native, path) as sound:
        if sound.frames <= 0:
            raise AudioError("sound file holds no samples", where=path, remedy="export the recording again")
        if sound.samplerate < _MIN_RATE_HZ:
            raise AudioError(f"a sample rate of {sound.samplerate} Hz is not a sound recording", where=path)
        yield sound, missing


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """Yield a file with the sound of ``path`` that libsndfile reads whole: ``path`` itself, or a temporary copy.

    Of a recording that is cut off, it is what there is.

    Raises:
        AudioError: as :func:`opened`, apart from what only the samples tell.
    """
    with _made(path) as (native, _):
        yield native


@contextmanager
def _made(path: Path) -> Iterator[tuple[Path, cut_off.CutOff | None]]:
    """Yield a file that libsndfile reads whole, and how much of the sound is there if that is not all of it."""
    _check_file(path)
    make = None if path.parent.name.startswith(_OURS) else _maker(path, kind_of(path))
    if make is None:
        yield path, None
        return
    with tempfile.TemporaryDirectory(prefix=_OURS) as folder:
        made = Path(folder) / "decoded.wav"
        missing = make(made)
        yield made, missing


def check_name(path: Path) -> None:
    """Raise AudioError where the name of a recording cannot be kept through the pipeline."""
    shown = os.fsencode(path).decode("utf-8", errors="backslashreplace")
    if shown != str(path):
        raise AudioError("the name of the file is not UTF-8", where=shown, remedy="rename it")
    size = len(os.fsencode(path.name))
    if size > _MAX_NAME_BYTES:
        raise AudioError(
            "the name of the file is too long",
            where=path,
            found=f"{size} bytes",
            wanted=f"at most {_MAX_NAME_BYTES}",
            remedy="rename it, and the text files beside it",
        )


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise AudioError("is a folder, not a sound file", where=path)
    if path.is_symlink() and not path.exists():
        raise AudioError("is a link to a file that is missing", where=path, remedy="copy the recording itself there")
    if path.exists() and not path.is_file():
        raise AudioError("is a pipe or device, not a sound file", where=path, remedy="remove it, or name a file")
    if not path.is_file():
        raise AudioError("sound file is missing", where=path, remedy="correct the path")
    if path.stat().st_size == 0:
        raise AudioError("sound file is empty (0 bytes)", where=path, remedy="copy or export the recording again")


def _maker(path: Path, kind: Kind) -> _Maker | None:
    """Return what makes a file of the sound; None where libsndfile reads the file itself whole."""
    if kind.needs_ffmpeg:
        return lambda target: cut_off.decode_foreign(path, target, kind)
    if kind is Kind.MP3:
        return _mp3_maker(path)
    if kind is Kind.FLAC:
        return _flac_maker(path)
    if kind is Kind.OGG:
        streams = read_streams(path)
        if streams.is_cut_off:
            return lambda target: cut_off.decode_ogg(path, target, streams)
        return (lambda target: decode_streams(path, target, streams)) if len(streams.starts) > 1 else None
    chunk = data_chunk(path) if kind is Kind.WAV else sound_chunk(path, kind)
    if chunk is not None:
        check_follower(chunk, path)
        if chunk.is_truncated:
            return lambda target: cut_off.decode_chunk(path, target, chunk=chunk, kind=kind)
        if chunk.uncounted:
            return lambda target: copy_with_open_end(path, target, chunk)
        if chunk.coding in _PLAIN_CODINGS:
            return None
    return _sequential_maker(path, kind)


def _flac_maker(path: Path) -> _Maker | None:
    header = read_flac_header(path)
    if header is None:
        return _sequential_maker(path, Kind.FLAC)
    if header.count == 0:
        return lambda target: _count_flac(path, target, header)
    return (lambda target: cut_off.decode_flac(path, target, header)) if cut_off.ends_early(path, header) else None


def _count_flac(path: Path, target: Path, header: FlacHeader) -> None:
    if not copy_with_count(path, target, header):
        raise AudioError("sound file holds no samples", where=path, remedy="export the recording again")


def _mp3_maker(path: Path) -> _Maker | None:
    """Return what gives an mp3 file the right number of frames in its header, without which readers guess.

    One that counts right is linked to, so that its frames are walked through only once.
    """
    frames = read_frames_of(path)
    if frames is None:
        return _sequential_maker(path, Kind.OTHER)
    if frames.is_cut_off or (frames.counted is not None and frames.counted > frames.count + 1):
        return lambda target: cut_off.decode_mp3(path, target, frames)
    if frames.counted is not None and abs(frames.counted - frames.count) <= 1:
        return lambda target: _link(path, target)
    return lambda target: with_count(path, target, frames)


def _link(path: Path, target: Path) -> None:
    try:
        target.symlink_to(path.resolve())
    except OSError:  # Windows lets not everybody make links
        shutil.copyfile(path, target)


def _sequential_maker(path: Path, kind: Kind) -> _Maker | None:
    """Return what decodes a file that has to be read from its beginning, or whose length is unknown."""
    try:
        with soundfile.SoundFile(os.fsencode(path)) as sound:
            is_plain = sound.seekable() and sound.subtype.startswith(_SEEKABLE)
            is_known = sound.frames <= 8 * path.stat().st_size * 1024
    except (LibsndfileError, TypeError) as error:
        reason = str(error)
        return (lambda target: _try_ffmpeg(path, target, reason=reason)) if kind is not Kind.TEXT else None
    return None if is_plain and is_known else lambda target: decode_to_end([path], target, where=path)


def _try_ffmpeg(path: Path, target: Path, *, reason: str) -> None:
    """Decode what libsndfile does not know, if ffmpeg is there and knows it."""
    if not has_ffmpeg():
        raise _unreadable(path, reason)
    try:
        decode_by_ffmpeg(path, target, kind=Kind.OTHER)
    except AudioError as error:
        raise _unreadable(path, reason) from error


def _sound_file(native: Path, path: Path) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(os.fsencode(native))
    except (LibsndfileError, TypeError) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, reason: str) -> AudioError:
    if kind_of(path) is Kind.TEXT:
        with path.open("rb") as stream:
            head = stream.read(40)
        return AudioError(
            f"file is text, not sound, although it is called {path.suffix or path.name}",
            where=path,
            found=repr(head.decode("utf-8", errors="replace")),
            remedy="put the recording itself in its place, or rename the file",
        )
    return AudioError(
        "file cannot be read as sound",
        where=path,
        found=reason,
        wanted="wav, flac, ogg or mp3 (or, with ffmpeg, m4a and others)",
        remedy="export the recording as wav",
    )
