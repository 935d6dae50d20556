"""Sound files that end before their sound does, as a copy that broke off: what is there is decoded, and compared.

A file that is damaged within its sound is another matter, and refused.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import soundfile

from emotts.audio.content import Kind
from emotts.audio.decoding import decode_by_ffmpeg, decode_streams, decode_to_damage, decode_to_end, has_ffmpeg
from emotts.audio.flac_header import FlacHeader, last_frame_end
from emotts.audio.mp3_frames import Mp3Frames, with_count
from emotts.audio.ogg_pages import OggStreams
from emotts.audio.wav_header import DataChunk
from emotts.errors import AudioError

__all__ = ["CutOff", "decode_chunk", "decode_flac", "decode_foreign", "decode_mp3", "decode_ogg", "ends_early"]

_REMEDY = (
    "copy the recording again; if this is all there is, open it in an audio editor and save it anew "
    "(or: ffmpeg -i OLD NEW.wav), and take the text of what is cut off out of its transcript"
)
_FOREIGN_SLACK_S = 0.5
"""What encoders add in front and behind differs by less from file to file."""


@dataclass(frozen=True)
class CutOff:
    """How much of a sound is there.

    Attributes:
        found_s: length of what can be decoded.
        promised_s: length that the file names; None where its kind names none.
    """

    found_s: float
    promised_s: float | None

    def error(self, where: Path) -> AudioError:
        """Return what refuses such a file."""
        return AudioError("sound file is truncated", where=where, found=self, remedy=_REMEDY)

    def __str__(self) -> str:
        if self.promised_s is None:
            return f"{self.found_s:.2f} s are there; its kind of file does not say of how many"
        return f"{self.found_s:.2f} s of {self.promised_s:.2f} s are there"


def decode_chunk(path: Path, target: Path, *, chunk: DataChunk, kind: Kind) -> CutOff:
    """Decode a file of chunks (wave, AIFF, W64, CAF) whose sound is shorter than its header says.

    libsndfile reads such files but CAF, which ffmpeg reads.

    Raises:
        AudioError: as the functions that decode.
    """
    if kind is Kind.CAF and has_ffmpeg():
        decode_by_ffmpeg(path, target, kind=kind)
    else:
        decode_to_end([path], target, where=path)
    found_s = _length_s(target)
    promised = chunk.promised or 0
    return CutOff(found_s, found_s * promised / chunk.present if chunk.present else None)


def decode_mp3(path: Path, target: Path, frames: Mp3Frames) -> CutOff:
    """Decode the whole frames of an mp3 file; its header, if it has one, says what the encoder added in front."""
    if frames.counted is None:
        with_count(path, target, frames)
    else:
        decode_to_end([path], target, where=path)
    found_s = _length_s(target)
    more = frames.counted if frames.counted is not None and frames.counted > frames.count else None
    return CutOff(found_s, None if more is None else found_s * more / max(1, frames.count))


def decode_ogg(path: Path, target: Path, streams: OggStreams) -> CutOff:
    """Decode the whole pages of an Ogg file, which names no length."""
    decode_streams(path, target, streams)
    return CutOff(_length_s(target), None)


def ends_early(path: Path, header: FlacHeader) -> bool:
    """Say whether the last sample that a FLAC file counts is not in it."""
    try:
        with soundfile.SoundFile(os.fsencode(path)) as sound:
            sound.seek(header.count - 1)
            return len(sound.read(1, always_2d=True)) == 0
    except soundfile.LibsndfileError:
        return True


def decode_flac(path: Path, target: Path, header: FlacHeader) -> CutOff | None:
    """Decode a FLAC file up to its last whole frame; None where that is all of it, and only its end cannot be sought.

    Raises:
        AudioError: if it is damaged before that.
    """
    found_s = decode_to_damage(path, target, block_frames=max(1, header.block_samples))
    rate = soundfile.info(os.fsencode(path)).samplerate
    if round(found_s * rate) >= header.count:
        return None
    end = last_frame_end(path, header)
    if end is not None and found_s < (end - 2 * header.block_samples) / rate:
        what = f"sound file is damaged at {found_s:.1f} s"
        raise AudioError(what, where=path, found=f"sound up to {end / rate:.1f} s", remedy="copy it again")
    return CutOff(found_s, header.count / rate)


def decode_foreign(path: Path, target: Path, kind: Kind) -> CutOff | None:
    """Decode by ffmpeg; None where all is there that the file promises, or where it promises nothing.

    Raises:
        AudioError: as :func:`emotts.audio.decoding.decode_by_ffmpeg`.
    """
    promised_s = decode_by_ffmpeg(path, target, kind=kind)
    found_s = _length_s(target)
    if promised_s is None or found_s >= promised_s - _FOREIGN_SLACK_S:
        return None
    return CutOff(found_s, promised_s)


def _length_s(path: Path) -> float:
    return float(soundfile.info(os.fsencode(path)).duration)
