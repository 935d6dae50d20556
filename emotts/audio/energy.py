"""The energy of a recording per millisecond, streamed and exact to the last bit.

The grid and the integers are pydub's: millisecond ``i`` begins at frame ``int(i * (rate / 1000))``, samples are the
signed integers that pydub holds, so that what is computed from them equals what pydub computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from emotts.audio.frames import check_finite, read_frames

__all__ = ["EnergyBlock", "EnergyReader"]

_BLOCK_MS = 5000
_EIGHT_BIT = frozenset({"PCM_U8", "PCM_S8"})
_INTEGER_32 = frozenset({"PCM_24", "PCM_32"})
_COMPRESSED_16 = frozenset({"MPEG_LAYER_I", "MPEG_LAYER_II", "MPEG_LAYER_III"})
_FLOATING = frozenset({"FLOAT", "DOUBLE", "VORBIS", "OPUS"})


@dataclass(frozen=True)
class EnergyBlock:
    """Sums of squares over all channels of consecutive milliseconds, each ``high * 2**32 + low`` exactly.

    ``high`` is all zero where samples have 16 bits or fewer.
    """

    start_ms: int
    high: NDArray[np.int64]
    low: NDArray[np.int64]


class EnergyReader:
    """Reads an open sound file as energies.

    Attributes:
        length_ms: length of the recording, rounded as pydub does.
        full_scale: the largest amplitude of its sample format, a power of two.
        channels: number of channels.
        sample_rate_hz: frames a second.
    """

    def __init__(self, sound: soundfile.SoundFile, path: Path) -> None:
        self._sound = sound
        self._path = path
        self.sample_rate_hz = int(sound.samplerate)
        self.channels = int(sound.channels)
        self.length_ms = round(1000 * (sound.frames / sound.samplerate))
        self.bits = _bits(sound)
        self.full_scale = 2 ** (self.bits - 1)

    def frames_at(self, times_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first frame of each millisecond."""
        return (times_ms * (self.sample_rate_hz / 1000.0)).astype(np.int64)

    def blocks(self, start_ms: int = 0, end_ms: int | None = None) -> Iterator[EnergyBlock]:
        """Yield the energies of a part, some seconds at a time."""
        stop = self.length_ms if end_ms is None else min(end_ms, self.length_ms)
        for begin in range(start_ms, stop, _BLOCK_MS):
            end = min(begin + _BLOCK_MS, stop)
            edges = self.frames_at(np.arange(begin, end + 1, dtype=np.int64))
            squares = self.squares(int(edges[0]), int(edges[-1]))
            starts = (edges[:-1] - edges[0]) * self.channels
            if self.bits <= 16:
                low = np.add.reduceat(squares, starts)
                yield EnergyBlock(begin, np.zeros_like(low), low)
            else:
                yield EnergyBlock(
                    begin, np.add.reduceat(squares >> 32, starts), np.add.reduceat(squares & 0xFFFFFFFF, starts)
                )

    def squares(self, first: int, stop: int) -> NDArray[np.int64]:
        """Return the squared integers of frames ``first`` to ``stop``, channels interleaved, zeros after the end."""
        if self._sound.tell() != min(first, self._sound.frames):
            self._sound.seek(min(first, self._sound.frames))
        values = self._integers(min(stop, self._sound.frames) - self._sound.tell())
        squares = np.zeros((stop - first) * self.channels, dtype=np.int64)
        np.square(values.reshape(-1), out=squares[: values.size], dtype=np.int64)
        return squares

    def _integers(self, n_frames: int) -> NDArray[np.signedinteger]:
        """Read frames as the signed integers that pydub holds for this format."""
        subtype = self._sound.subtype
        if subtype in _FLOATING or subtype in _COMPRESSED_16:
            block = read_frames(self._sound, self._path, n_frames, dtype="float64")
            check_finite(block, where=self._path, offset_s=self._sound.tell() / self.sample_rate_hz)
            limited = np.clip(np.rint(block * self.full_scale), -self.full_scale, self.full_scale - 1)
            widened: NDArray[np.int64] = limited.astype(np.int64)
            return widened
        block = read_frames(self._sound, self._path, n_frames, dtype="int32" if self.bits == 32 else "int16")
        if self.bits == 8:
            block >>= 8
        elif subtype == "PCM_24" and _is_wave(self._sound):
            # pydub widens 24-bit waves by a low byte of 0, or of 255 below zero
            block |= (block >> 31) & 0xFF
        return block


def _bits(sound: soundfile.SoundFile) -> int:
    if sound.subtype in _EIGHT_BIT and _is_wave(sound):
        return 8
    return 32 if sound.subtype in _INTEGER_32 | _FLOATING else 16


def _is_wave(sound: soundfile.SoundFile) -> bool:
    return sound.format in {"WAV", "WAVEX", "RF64"}
